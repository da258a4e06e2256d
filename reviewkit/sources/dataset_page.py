"""A page of a data repository that holds a publication's abstract (`ABSTRACT:`, `PROVIDER:`, `REPOSITORIES:`).

The abstract is a publication of the trial; the truncated second copy and the list of similar data sets are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.language.sections import Part, sections
from reviewkit.language.sentences import Span
from reviewkit.model import Record
from reviewkit.sources import prose
from reviewkit.sources.collect import Collector, derive_nobody_masked, derive_registry

NAME = "dataset-page"
KIND = "publication"
LONGEST_NAME = 6  # words of one author's name
FIELDS = sayable(prose.SILENCE)

LINE_START = r"(?:(?<=\n)|(?<=\r)|\A)[^\S\r\n]*"
MARKS = {
    name: re.compile(LINE_START + pattern + r"[^\S\r\n]*", re.IGNORECASE)
    for name, pattern in {
        "Dataset Information": r"dataset information(?=[^\S\r\n]*(?:[\r\n]|\Z))",
        "ABSTRACT": r"abstract[^\S\r\n]?:",
        "SUBMITTER": r"submitter[^\S\r\n]?:",
        "PROVIDER": r"provider[^\S\r\n]?:",
        "REPOSITORIES": r"repositories[^\S\r\n]?:",
        "Publications": r"publications(?=[^\S\r\n]*(?:[\r\n]|\Z))",
        "Similar Datasets": r"similar datasets(?=[^\S\r\n]*(?:[\r\n]|\Z))",
    }.items()
}
PROVIDER = re.compile(
    r"(?P<accession>[\w\-.]+)\s*\|\s*(?P<repository>[\w\-.]+)(?:\s*\|\s*(?P<date>\d{4}(?:\s+[A-Za-z]{3,9})?))?"
)
JOURNAL = re.compile(
    r"(?P<journal>\S[^\r\n]*?)\s+(?P<date>(?:19|20)\d{2}[01]\d[0-3]\d)(?:\s+(?P<issue>[\w\-./() ]{1,20}))?"
)
EUROPE_PMC = re.compile(r"S-EPMC(\d+)")


def recognise(document: Document) -> str | None:
    """By three of the page's own labels, the abstract's among them."""
    found = [name for name, pattern in MARKS.items() if pattern.search(document.text)]
    if "ABSTRACT" in found and len(found) >= 3:
        return "the labels " + ", ".join(found) + " of a dataset page"
    return None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The one record of a page."""
    collector = Collector(document, NAME, KIND, FIELDS)
    blocks = _blocks(document.text)
    title = _title_span(document.text, blocks["ABSTRACT"].start)
    if title:
        collector.take("report.title", kinds.text, title, method="title")
    _read_abstract(collector, blocks["ABSTRACT"], [Span(*title)] if title else [])
    _read_provider(collector, blocks.get("PROVIDER"))
    _read_repositories(collector, blocks.get("REPOSITORIES"))
    _read_publication(collector, blocks.get("Publications"))
    derive_registry(collector)
    derive_nobody_masked(collector)
    yield collector.record(recognised_by)


def _blocks(text: str) -> dict[str, Part]:
    """Each labelled block: from after its label to the next label."""
    marks = sorted(
        (match.start(), match.end(), name) for name, pattern in MARKS.items() if (match := pattern.search(text))
    )
    ends = [start for start, _, _ in marks[1:]] + [len(text)]
    return {name: Part(name, after, end) for (_, after, name), end in zip(marks, ends, strict=True)}


def _title_span(text: str, before: int) -> tuple[int, int] | None:
    """The last line before the abstract that has words in it (counters stand above)."""
    head = text[:before]
    lines = [match for match in re.finditer(r"[^\r\n]*\S", head) if re.search(r"[^\W\d_]{3}", match[0])]
    lines = [
        match
        for match in lines
        if not any(pattern.search(head[match.start() : match.end()]) for pattern in MARKS.values())
    ]
    if not lines:
        return None
    start = lines[-1].start() + len(lines[-1][0]) - len(lines[-1][0].lstrip())
    return start, lines[-1].end()


def _read_abstract(collector: Collector, block: Part, title: list[Span]) -> None:
    text = collector.document.text
    body = text[block.start : block.end]
    if not body.strip():
        return
    start = block.start + len(body) - len(body.lstrip())
    collector.take("report.abstract", kinds.text, (start, block.start + len(body.rstrip())), method="abstract")
    parts = [part._replace(start=block.start + part.start, end=block.start + part.end) for part in sections(body)]
    prose.take_prose(collector, title + prose.own_spans(text, parts))
    for part in parts:
        if part.name == "registration":
            inner = text[part.start : part.end]
            left = part.start + len(inner) - len(inner.lstrip())
            collector.take(
                "statement.registration", kinds.text, (left, part.start + len(inner.rstrip())), method="registration"
            )
    prose.take_numbers(collector, parts)


def _read_provider(collector: Collector, block: Part | None) -> None:
    match = PROVIDER.match(collector.document.text, block.start, block.end) if block else None
    if not match:
        return
    collector.take("report.accession", kinds.text, match.span("accession"), method="provider")
    collector.take("report.repository", kinds.text, match.span("repository"), method="provider")
    if match["date"]:
        collector.take("report.date", kinds.date, match.span("date"), method="provider")
    if number := EUROPE_PMC.fullmatch(match["accession"]):
        collector.derive("report.pmcid", f"PMC{number[1]}", "accession-of-europe-pmc", match.span("accession"))


def _read_repositories(collector: Collector, block: Part | None) -> None:
    match = re.compile(r"[^\r\n]*[^\r\n\s]").match(collector.document.text, block.start, block.end) if block else None
    if match:
        collector.take("report.repository", kinds.text, match.span(), method="repositories")


def _read_publication(collector: Collector, block: Part | None) -> None:
    """Below `Publications`: the title again, the authors, then journal, day (yyyymmdd) and issue."""
    if block is None:
        return
    text = collector.document.text
    lines = list(re.compile(r"[^\r\n]*\S").finditer(text, block.start, block.end))
    journal = next((index for index, line in enumerate(lines) if JOURNAL.fullmatch(line[0].strip())), None)
    if journal is None:
        return
    match = JOURNAL.match(text, lines[journal].start() + len(lines[journal][0]) - len(lines[journal][0].lstrip()))
    assert match is not None
    collector.take("report.journal", kinds.text, match.span("journal"), method="publications")
    collector.take("report.date", _compact_date, match.span("date"), method="publications")
    if match["issue"]:
        collector.take("report.issue", kinds.text, match.span("issue"), method="publications")
    if journal >= 2:
        line = lines[journal - 1]
        left = line.start() + len(line[0]) - len(line[0].lstrip())
        names = _names(text[left : line.end()].strip())
        collector.take(
            "report.authors",
            lambda _: _authors(names),
            (left, line.end()),
            method="publications",
        )


def _names(words: str) -> list[str]:
    """The names of a line: between them stand more blanks than inside one.

    >>> _names("Zhao Li L  Roe Ann A"), _names("Zhao  Li  L    Roe  Ann  A"), _names("Roe Ann A")
    (['Zhao Li L', 'Roe Ann A'], ['Zhao  Li  L', 'Roe  Ann  A'], ['Roe Ann A'])
    """
    blanks = {len(gap) for gap in re.findall(r"\s+", words)}
    inside = min(blanks, default=1) if len(blanks) > 1 else 1
    return re.split(rf"\s{{{inside + 1},}}", words)


def _authors(names: list[str]) -> kinds.Reading:
    """Surname and initials of each; refused where several names cannot be told apart (a copy that folded blanks)."""
    if len(names) == 1 and len(names[0].split()) > LONGEST_NAME:
        raise ValueError("names with more blanks between them than inside")
    return kinds.Reading([_author(name) for name in names], {})


def _author(name: str) -> str:
    """`Zhu Ying-Gang YG` as `Zhu YG`: surname and initials."""
    words = name.split()
    return f"{words[0]} {words[-1]}" if len(words) > 1 else name


def _compact_date(words: str) -> kinds.Reading:
    value, detail, state = kinds.date(f"{words[:4]}-{words[4:6]}-{words[6:]}")
    return kinds.Reading(value, {**detail, "as_written": words}, state)
