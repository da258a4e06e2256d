"""MEDLINE text, as PubMed saves it (.nbib, .txt): `PMID- `, `TI  - `, continued lines indented by six blanks.

Fields: https://www.nlm.nih.gov/bsd/mms/medlineelements.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.model import Record
from reviewkit.sources import article, tagged
from reviewkit.sources.trial_banks import TRIAL_BANK

NAME = "medline"
KIND = article.KIND
FIELDS = sayable([name for name, _ in article.CITATION_FIELDS] + ["report.pmid", "report.pmcid"])
START = re.compile(r"\s*PMID *- ?\d", re.IGNORECASE)


def history(words: str) -> kinds.Reading:
    """`2018/09/17 00:00 [received]` as the day."""
    return kinds.date(words.partition(" ")[0].strip(), "ACTUAL")


FORM = tagged.Form(
    # Four places for the tag, a hyphen, a blank; a file that lost its blanks is read too.
    line=re.compile(
        r"(?P<tag>[A-Za-z][A-Za-z0-9]{1,3})(?:(?<=\w{4})|(?<=\w{3}) |(?<=\w{2})  )-"
        r"(?: |(?<=PMID-)|$)(?P<words>.*)"
    ),
    opens="PMID",
    titles=("TI", "BTI", "CTI"),
    abstracts=("AB",),
    authors=frozenset({"AU", "CN"}),
    beside_authors=frozenset({"FAU", "AUID"}),
    keywords=("MH", "OT"),
    facts=(
        ("report.pmid", article.pmid, ("PMID",)),
        ("report.volume", kinds.text, ("VI",)),
        ("report.issue", kinds.text, ("IP",)),
        ("report.language", article.language, ("LA",)),
        ("report.citation", kinds.text, ("SO",)),
        ("statement.coi", kinds.text, ("COIS",)),
        ("report.retracted", lambda _: kinds.Reading(True, {}), ("RIN",)),  # "Retraction in"
    ),
    journals=("JT", "TA"),
    pages=("PG",),
    dates=("DP", "DEP"),
    types=("PT",),
    dois=(tagged.Found(("LID", "AID"), re.compile(r"(?P<it>10\.\S+)\s+\[doi\]")),),
    pmcids=(tagged.Found(("PMC",), re.compile(r"PMC\d+")),),
    numbers=tagged.Found(("SI",), TRIAL_BANK),
)
# The same with a single blank, for files whose tags lost their padding.
BARE = FORM._replace(line=re.compile(r"(?P<tag>[A-Z][A-Z0-9]{1,3}) ?-(?: |(?<=PMID-)|$)(?P<words>.*)"))
PADDED = re.compile(r"[\r\n][A-Z]{2}  - ")


def recognise(document: Document) -> str | None:
    """By a first line `PMID- ` and a number."""
    return "lines tagged PMID, TI and so on" if START.match(document.text) else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a citation."""
    form = FORM if PADDED.search(document.text, 0, 20_000) else BARE
    for number, tags in enumerate(tagged.citations(document, form), 1):
        yield tagged.record(document, NAME, form, tags, recognised_by, number, more=_history)


def _history(citation: article.Citation, citing: tagged.Citing) -> None:
    """When the journal received and accepted the article."""
    for one in citing.of(["PHST"]):
        words = citing.words(one)
        for mark, field in (("[received]", "report.received"), ("[accepted]", "report.accepted")):
            if words.endswith(mark):
                citation.tell(field, history, words, citing.place(one))
