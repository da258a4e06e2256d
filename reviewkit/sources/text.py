"""Plain prose of a publication: registration numbers, design statements and sizes of its own trial.

Takes what no other source recognises, unless it is markup or a bibliographic export that needs a reader of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewkit import kinds
from reviewkit.documents import READABLE, Document
from reviewkit.fields import sayable
from reviewkit.language.sections import sections
from reviewkit.model import Record
from reviewkit.sources import prose
from reviewkit.sources.collect import Collector, derive_nobody_masked, derive_registry

NAME = "text"
KIND = "publication"
FIELDS = sayable(prose.SILENCE)

# Forms that begin like this are no prose; each waits for a reader of its own.
OTHER_FORMS = [
    (re.compile(r"\s*(?:<\?xml|<!DOCTYPE|<!--|<[A-Za-z][\w:.\-]*[\s/>])", re.IGNORECASE), "an XML or HTML file"),
    (re.compile(r"\s*@\w+\s*\{"), "a BibTeX export"),
]
SENTENCE = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]{2,}+[^\w\r\n]{1,3}){3}[^\W\d_]{2}")  # four words in a row

# A line by which pages of data sets are known; a file cut in the middle may hold nothing else of theirs.
PAGE = re.compile(r"(?:\A|[\r\n])[^\S\r\n]*dataset information[^\S\r\n]*(?:[\r\n]|\Z)", re.IGNORECASE)
# The parts whose first paragraph is a statement of its own.
STATEMENTS = {
    "registration": "statement.registration",
    "funding": "statement.funding",
    "ethics": "statement.ethics",
    "consent": "statement.consent",
    "coi": "statement.coi",
    "data": "statement.data",
}


def recognise(document: Document) -> str | None:
    """By being prose: words in a row, and no sign of another form. ReviewError names the form of what is none."""
    head = document.text[:5000]
    for pattern, what in OTHER_FORMS:
        if pattern.match(head):
            raise document.refuse(
                found=what,
                expected=READABLE,
                fix="save the article or the record as plain text; this version does not read the form itself",
            )
    return "prose without markup" if SENTENCE.search(document.text) else None


def read(document: Document, recognised_by: str, source: str = NAME) -> Iterator[Record]:
    """The one record of a report; `source` names what carried its text, if that was another."""
    from reviewkit.sources.own_doi import take_own_doi  # it reads DOIs as `article` does, which reads prose as we do

    collector = Collector(document, source, KIND, FIELDS)
    read_article(collector)
    take_own_doi(collector)
    derive_registry(collector)
    derive_nobody_masked(collector)
    yield collector.record(recognised_by)


def read_article(collector: Collector) -> None:
    """Everything that the text of an article says of its own trial: for every source whose words are prose."""
    text = collector.document.text
    parts = sections(text)
    for part in parts:
        if part.name == "title":
            _take_title(collector, (part.start, part.end))
        if field := STATEMENTS.get(part.name):
            _take_statement(collector, field, (part.start, part.end))
    spans = prose.own_spans(text, parts)
    if PAGE.search(text):
        prose.take_prose(collector, spans)  # what is left of a page is read as the page is
    else:
        prose.take_report(collector, spans, parts)
    prose.take_numbers(collector, parts)


def _take_title(collector: Collector, span: tuple[int, int]) -> None:
    text = collector.document.text[slice(*span)]
    line = re.search(r"\S[^\r\n]*\S", text)
    if line:
        collector.take("report.title", kinds.text, (span[0] + line.start(), span[0] + line.end()), method="title")


def _take_statement(collector: Collector, field: str, span: tuple[int, int]) -> None:
    paragraph = re.search(r"\S(?:[^\r\n]|\r?\n(?!\s*[\r\n]))*", collector.document.text[slice(*span)])
    if paragraph:
        end = span[0] + paragraph.start() + len(paragraph[0].rstrip())
        method = field.removeprefix("statement.")
        collector.take(field, kinds.text, (span[0] + paragraph.start(), end), method=method)
