"""Citations as tagged lines: MEDLINE (`PMID- 123`), RIS (`TY  - JOUR`) and EndNote's `%0 Journal Article`.

A tag that stands several times is a list; a line that goes on begins with blanks, or in RIS with no tag at all. Places are
lines and spans of the file; the abstract is read as prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.model import Record
from reviewkit.sources import article
from reviewkit.sources.flow import Piece

MEDLINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9]{1,3}) {0,2}- ?(?P<words>[^\r\n]*)")
RIS = re.compile(r"\ufeff?(?P<tag>[A-Z][A-Z0-9]) {1,3}-(?: (?P<words>[^\r\n]*))?[ \t]*")
ENDNOTE = re.compile(r"(?P<tag>%[A-Z0-9@+]) (?P<words>[^\r\n]*)")
LINE = re.compile(r"[^\r\n]+")


class Tagged(NamedTuple):
    """One tag of a citation: its words on one line, and where they stand in the text."""

    tag: str
    words: str
    start: int
    end: int


class Form(NamedTuple):
    """A dialect: its line pattern, the tags that open and end a citation, and what the tags mean."""

    line: re.Pattern[str]
    opens: frozenset[str]
    ends: frozenset[str]
    fields: dict[str, str]
    titles: tuple[str, ...]
    abstracts: tuple[str, ...]
    numbers: tuple[str, ...]
    dates: tuple[str, ...]
    ids: tuple[str, ...]


def citations(document: Document, form: Form) -> Iterator[list[Tagged]]:
    """The tags of each citation, streamed."""
    found: list[Tagged] = []
    for line in LINE.finditer(document.text):
        match = form.line.fullmatch(line[0].rstrip())
        if match:
            tag = match["tag"]
            if tag in form.opens and found:
                yield found
                found = []
            words = match["words"] or ""
            start = line.start() + (match.start("words") if match["words"] is not None else len(line[0]))
            if tag in form.ends:
                if found:
                    yield found
                found = []
                continue
            found.append(Tagged(tag, words.strip(), start, start + len(words.rstrip())))
        elif found and line[0].strip():
            last = found[-1]
            going_on = f"{last.words} {line[0].strip()}".strip()
            found[-1] = last._replace(words=going_on, end=line.end())
    if found:
        yield found


def record(document: Document, source: str, form: Form, tags: list[Tagged], recognised_by: str, number: int) -> Record:
    """One citation as a record."""

    def piece(tagged: Tagged) -> Piece:
        # As long as the text it stands for, so that spans are the same: line breaks become blanks.
        words = re.sub(r"[\r\n]", " ", document.text[tagged.start : tagged.end])
        return Piece(words, lambda start, end: document.place(tagged.start + start, tagged.start + end))

    title = next((one for tag in form.titles for one in tags if one.tag == tag and one.words), None)
    abstract = next((one for tag in form.abstracts for one in tags if one.tag == tag and one.words), None)
    citation = article.Citation(
        document, source, piece(title) if title else None, [piece(abstract)] if abstract else []
    )
    if title:
        citation.tell("report.title", kinds.text, title.words, document.place(title.start, title.end))
    for one in tags:
        field = form.fields.get(one.tag)
        if field and citation.entry.known(field) is None:
            citation.tell(field, READERS.get(field, kinds.text), one.words, document.place(one.start, one.end))
    _dates(document, citation, form, tags)
    _ids(document, citation, form, tags)
    citation.numbers((one.words, document.place(one.start, one.end)) for one in tags if one.tag in form.numbers)
    return citation.close().record(recognised_by, number)


READERS = {"report.pmid": article.pmid, "report.pmcid": article.pmcid}


def _dates(document: Document, citation: article.Citation, form: Form, tags: list[Tagged]) -> None:
    """The best of the dates that can be read: the first tag of the form's order."""
    for tag in form.dates:
        for one in tags:
            if one.tag == tag and one.words.strip(" /"):
                try:
                    article.published(one.words)
                except ValueError:
                    continue
                citation.tell("report.date", article.published, one.words, document.place(one.start, one.end))
                return


def _ids(document: Document, citation: article.Citation, form: Form, tags: list[Tagged]) -> None:
    """The DOI wherever it stands among the tags that may hold it, and the PubMed Central number."""
    for tag in form.ids:
        for one in tags:
            if one.tag != tag:
                continue
            match = article.DOI.search(one.words)
            if match and citation.entry.known("report.doi") is None and "[pii]" not in one.words:
                place = document.place(one.start, one.end)
                citation.tell("report.doi", article.doi, match[0], place)
            if (pmc := re.search(r"\bPMC\d+\b", one.words)) and citation.entry.known("report.pmcid") is None:
                citation.tell("report.pmcid", article.pmcid, pmc[0], document.place(one.start, one.end))
