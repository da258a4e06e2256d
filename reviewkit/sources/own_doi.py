"""The DOI that an article prints of itself: the only one at its head, marked as a DOI.

Registrations have DOIs too (ISRCTN), and so have data; none of these is the article's.
"""

from __future__ import annotations

import re

from reviewkit.sources import article
from reviewkit.sources.collect import Collector

HEAD = 4_000  # characters in which an article prints its own
PRINTED = re.compile(
    r"(?:\bdoi[ \t]*[:.]?[ \t]*(?:https?://(?:dx\.)?doi\.org/)?|\bdoi\.org/)(?P<doi>10\.\d{4,9}/[^\s,;<>\"]+)",
    re.IGNORECASE,
)
OTHERS = re.compile(r"10\.(?:5281|5061|6084|17605|7910)/|10\.1186/isrctn", re.IGNORECASE)  # data, registrations
REFERENCES = re.compile(
    r"^[ \t]*(?:\d+\.?[ \t]*)?(?:references|bibliography|literature cited)[ \t]*:?[ \t]*$", re.IGNORECASE | re.MULTILINE
)


def take_own_doi(collector: Collector) -> None:
    """Add `report.doi` if the head of the article names one DOI, and not two."""
    text = collector.document.text[:HEAD]
    references = REFERENCES.search(text)
    head = text[: references.start()] if references else text
    found = [match for match in PRINTED.finditer(head) if not OTHERS.match(match["doi"])]
    spans = [(match.start("doi"), match.end("doi") - len(match["doi"]) + len(_bare(match["doi"]))) for match in found]
    if len({text[start:end].casefold() for start, end in spans}) == 1:
        collector.take("report.doi", article.doi, spans[0], method="doi")


def _bare(words: str) -> str:
    """A DOI without what a sentence puts behind it.

    >>> _bare("10.1000/x(1)."), _bare("10.1000/x)")
    ('10.1000/x(1)', '10.1000/x')
    """
    words = words.rstrip(".:'’”]")
    return words[:-1] if words.endswith(")") and words.count("(") < words.count(")") else words
