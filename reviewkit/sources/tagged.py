"""Citations as tagged lines: MEDLINE (`PMID- 123`), RIS (`TY  - JOUR`), EndNote (`%0 …`), Web of Science (`PT J`).

A tag that stands several times is a list; a line without a tag goes on with the one before it, whether it is indented
or not, and blank lines part nothing. Places are lines and spans of the file; title and abstract are read as prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.documents import Document, fold
from reviewkit.model import Place, Record, Value
from reviewkit.sources import article
from reviewkit.sources.citation_facts import author, is_retracted, report_kind
from reviewkit.sources.flow import Piece
from reviewkit.words import State

LINE = re.compile(r"[^\r\n]+")
MONTH_ONLY = re.compile(r"[A-Za-z]{3,9}\.?(?:[ \-]\d{1,2})?")  # Web of Science's "SEP", "JUN 19"; the year is elsewhere
HELD_BY = re.compile(r"pubmed|medline|\bNLM\b", re.IGNORECASE)


class Tagged(NamedTuple):
    """One tag of a citation: the span of its words over all its lines, and the span of each line."""

    tag: str
    start: int
    end: int
    lines: list[tuple[int, int]]


class Found(NamedTuple):
    """Where a number may stand: the tags, and the pattern whose group `it` (or the whole) is the number."""

    tags: tuple[str, ...]
    pattern: re.Pattern[str]


class Form(NamedTuple):
    """A dialect: its line pattern, the tags that open and end a citation, and what the tags mean, the best first."""

    line: re.Pattern[str]
    opens: str
    ends: frozenset[str] = frozenset()
    titles: tuple[str, ...] = ()
    abstracts: tuple[str, ...] = ()
    authors: frozenset[str] = frozenset()
    beside_authors: frozenset[str] = frozenset()  # tags that stand among the authors and hold nothing private
    keywords: tuple[str, ...] = ()
    listed: frozenset[str] = frozenset()  # tags each line of which is a member of its own
    facts: tuple[tuple[str, Callable, tuple[str, ...]], ...] = ()  # field, its reader, its tags
    journals: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()  # one tag, or that of the first page and that of the last
    dates: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    dois: tuple[Found, ...] = ()
    pmids: tuple[Found, ...] = ()
    pmcids: tuple[Found, ...] = ()
    numbers: Found | None = None  # registration numbers that the database holds as the article's
    entry_numbers: tuple[str, ...] = ()  # tags that hold the number where the citation is a registry's entry
    held_by: tuple[str, ...] = ()  # tags that name the database
    accessions: tuple[str, ...] = ()  # tags that hold a PMID if that database is PubMed's


class Citing:
    """The tags of one citation, in order, and the document they stand in."""

    def __init__(self, document: Document, tags: list[Tagged]):
        self.document, self.tags = document, tags

    def raw(self, one: Tagged) -> str:
        """The words of a tag as they stand."""
        return self.document.text[one.start : one.end]

    def words(self, one: Tagged) -> str:
        """The words of a tag on one line."""
        return fold(self.raw(one))

    def members(self, one: Tagged, form: Form) -> list[str]:
        """The words of a tag line by line where each line is a member, else all together."""
        if one.tag not in form.listed:
            return [self.words(one)]
        return [fold(self.document.text[slice(*line)]) for line in one.lines]

    def place(self, one: Tagged) -> Place:
        """Where the words of a tag stand."""
        return self.document.place(one.start, one.end)

    def of(self, tags: Iterable[str]) -> Iterator[Tagged]:
        """Every filled tag of those named, the best name first."""
        for tag in tags:
            yield from (one for one in self.tags if one.tag == tag and one.end > one.start)

    def first(self, tags: Iterable[str]) -> Tagged | None:
        """The first filled tag of those named."""
        return next(self.of(tags), None)

    def stretch(self, chosen: list[Tagged], among: frozenset[str]) -> tuple[int, int]:
        """The span of some tags if only they and tags `among` stand between them, else that of the first."""
        start, end = chosen[0].start, chosen[-1].end
        own = {one.start for one in chosen}
        if all(one.start in own or one.tag in among for one in self.tags if start <= one.start < end):
            return start, end
        return chosen[0].start, chosen[0].end


def citations(document: Document, form: Form) -> Iterator[list[Tagged]]:
    """The tags of each citation, streamed. Tags that follow an end and open nothing are a citation if they name one."""
    found: list[Tagged] = []
    for line in LINE.finditer(document.text):
        start, end = _trimmed(line)
        match = form.line.match(document.text, start, end)
        tag = match["tag"].upper() if match else ""
        if tag in form.ends:
            if is_citation(found, form):
                yield found
            found = []
        elif match:
            words = _stripped(document.text, *match.span("words"))
            if tag == form.opens and found and not _is_repeated(document, found, words):
                if is_citation(found, form):
                    yield found
                found = []
            found.append(Tagged(tag, *words, [words]))
        elif found and start < end:
            found[-1] = _with_line(found[-1], (start, end))
    if is_citation(found, form):
        yield found


def is_citation(tags: list[Tagged], form: Form) -> bool:
    """Do some tags make a citation: one that is opened, or has a title, an abstract or authors?"""
    telling = {form.opens, *form.titles, *form.abstracts, *form.authors}
    return any(one.tag in telling for one in tags)


def _is_repeated(document: Document, found: list[Tagged], words: tuple[int, int]) -> bool:
    """Is an opening tag no more than the one before it once again?"""
    return len(found) == 1 and document.text[found[0].start : found[0].end] == document.text[slice(*words)]


def _trimmed(line: re.Match[str]) -> tuple[int, int]:
    """The span of a line without a byte order mark at its start and blanks at its end."""
    start = line.start() + (1 if line[0].startswith("\ufeff") else 0)
    return start, line.start() + len(line[0].rstrip())


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    left = start + len(words) - len(words.lstrip())
    return (left, start + len(words.rstrip())) if left < end else (start, start)


def _with_line(one: Tagged, line: tuple[int, int]) -> Tagged:
    """A tag that goes on; a blank one begins here."""
    if one.end == one.start:
        return one._replace(start=line[0], end=line[1], lines=[line])
    one.lines.append(line)
    return one._replace(end=line[1])


def record(
    document: Document,
    source: str,
    form: Form,
    tags: list[Tagged],
    recognised_by: str,
    number: int,
    *,
    more: Callable[[article.Citation, Citing], None] | None = None,
) -> Record:
    """One citation as a record; `more` reads what only one dialect has."""
    citing = Citing(document, tags)
    title, abstract = citing.first(form.titles), citing.first(form.abstracts)
    citation = article.Citation(
        document,
        source,
        _piece(document, title) if title else None,
        [_piece(document, abstract)] if abstract else [],
        article.CITATION_FIELDS,
    )
    for field, one in (("report.title", title), ("report.abstract", abstract)):
        if one:
            citation.tell(field, kinds.text, citing.words(one), citing.place(one))
    _authors(citation, citing, form)
    _keywords(citation, citing, form)
    for field, read, names in form.facts:
        one = citing.first(names)
        if one:
            citation.tell(field, read, citing.words(one), citing.place(one))
    _journal(citation, citing, form)
    _pages(citation, citing, form)
    _date(citation, citing, form)
    is_entry = _kind(citation, citing, form, title)
    _identity(citation, citing, form)
    citation.numbers(_numbers(citing, form, is_entry=is_entry))
    if more:
        more(citation, citing)
    return citation.close().record(recognised_by, number)


def _piece(document: Document, one: Tagged) -> Piece:
    # As long as the text it stands for, so that spans are the same: line breaks become blanks.
    words = re.sub(r"[\r\n]", " ", document.text[one.start : one.end])
    return Piece(words, lambda start, end: document.place(one.start + start, one.start + end))


def _authors(citation: article.Citation, citing: Citing, form: Form) -> None:
    """Every author in the order printed."""
    chosen = [one for one in citing.tags if one.tag in form.authors and one.end > one.start]
    names = [name for one in chosen for name in citing.members(one, form) if name.strip(" ,;.")]
    if names:
        among = form.authors | form.beside_authors
        _tell_span(citation, citing, "report.authors", [author(name) for name in names], citing.stretch(chosen, among))


def _keywords(citation: article.Citation, citing: Citing, form: Form) -> None:
    """One list for each tag that holds keywords; a mark for major topics is no part of one."""
    for tag in form.keywords:
        chosen = list(citing.of([tag]))
        members = [member for one in chosen for member in citing.members(one, form)]
        words = [fold(part.replace("*", "")) for member in members for part in member.split(";")]
        words = list(dict.fromkeys(word for word in words if word))
        if words:
            _tell_span(citation, citing, "report.keywords", words, citing.stretch(chosen, frozenset({tag})))


def _tell_span(
    citation: article.Citation, citing: Citing, field: str, members: list[str], span: tuple[int, int]
) -> None:
    citation.tell_list(field, members, citing.document.text[slice(*span)], citing.document.place(*span))


BOOKS = {"BOOK", "CHAP", "EBOOK", "ECHAP", "THES", "RPRT", "EDBOOK", "Book", "Book Section", "Thesis", "Report"}


def _journal(citation: article.Citation, citing: Citing, form: Form) -> None:
    opened = citing.first([form.opens])
    one = citing.first(form.journals)
    if one and not (opened and citing.words(opened) in BOOKS):
        citation.tell("report.journal", kinds.text, citing.words(one), citing.place(one))


def _pages(citation: article.Citation, citing: Citing, form: Form) -> None:
    """`152` and `160` as `152-160`, on two lines in a row; a first page that is a range already stands alone."""
    first = citing.first(form.pages[:1])
    if first is None or not re.search(r"\d", citing.raw(first)):
        return
    last, words = citing.first(form.pages[1:]), citing.words(first)
    if last is None or re.search(r"[\-\u2013]", words) or citing.words(last) == words:
        citation.tell("report.pages", kinds.text, words, citing.place(first))
        return
    start, end = citing.stretch([first, last], frozenset())
    quote, place = fold(citing.document.text[start:end]), citing.document.place(start, end)
    citation.tell("report.pages", lambda _: kinds.Reading(f"{words}-{citing.words(last)}", {}), quote, place)


def _date(citation: article.Citation, citing: Citing, form: Form) -> None:
    """The first date that can be read, in the form's order; a month that stands beside its year is joined to it."""
    dates = list(citing.of(form.dates))
    for one in dates:
        words = citing.words(one)
        if MONTH_ONLY.fullmatch(words) and _month_and_year(citation, citing, one, dates):
            return
        try:
            article.published(words)
        except ValueError:
            continue
        citation.tell("report.date", article.published, words, citing.place(one))
        return
    if dates:
        citation.tell("report.date", article.published, citing.words(dates[0]), citing.place(dates[0]))


def _month_and_year(citation: article.Citation, citing: Citing, month: Tagged, dates: list[Tagged]) -> bool:
    """`DA  - SEP` and, on the next line, `PY  - 2018`: 2018-09, worked out of both."""
    year = next((one for one in dates if article.YEAR.fullmatch(citing.words(one))), None)
    if year is None:
        return False
    both = sorted((month, year), key=lambda one: one.start)
    start, end = citing.stretch(both, frozenset())
    try:
        value, detail, _ = article.published(f"{citing.words(year)} {citing.words(month).replace('-', ' ')}")
    except ValueError:
        return False
    if end != both[1].end or value == citing.words(year):
        return False
    text, place = citing.document.text[start:end], citing.document.place(start, end)
    detail = {**detail, "as_written": citing.words(month)}
    citation.entry.add(
        Value("report.date", None, value, State.DERIVED, fold(text), place, "rule:month-and-year", detail)
    )
    return True


def _kind(citation: article.Citation, citing: Citing, form: Form, title: Tagged | None) -> bool:
    """Kind of report and retraction, from the publication types; True for the entry of a trial registry."""
    types: dict[str, Place] = {}
    for one in citing.of(form.types):
        for match in re.finditer(r"[^;]*[^;\s]", citing.raw(one)):
            start, end = _stripped(citing.document.text, one.start + match.start(), one.start + match.end())
            types.setdefault(fold(citing.document.text[start:end]), citing.document.place(start, end))
    known = report_kind(types)
    if known:
        member, words = known
        citation.tell("report.kind", article.told(member), words, types[words])
    marked = next((words for words in types if is_retracted(words)), None)
    if marked:
        citation.tell("report.retracted", lambda _: kinds.Reading(True, {}), marked, types[marked])
    elif title and is_retracted(citing.words(title)):
        end = title.start + citing.raw(title).index(":")
        words, place = fold(citing.document.text[title.start : end]), citing.document.place(title.start, end)
        citation.tell("report.retracted", lambda _: kinds.Reading(True, {}), words, place)
    return known is not None and known[0] == "REGISTRY_ENTRY"


def _identity(citation: article.Citation, citing: Citing, form: Form) -> None:
    """DOI, PMID and PMCID, wherever the dialect has a place for them."""
    pmids = form.pmids
    if any(HELD_BY.search(citing.raw(one)) for one in citing.of(form.held_by)):
        pmids = (*pmids, Found(form.accessions, re.compile(r"^\d{5,8}$")))
    for field, read, places in (
        ("report.doi", article.doi, form.dois),
        ("report.pmid", article.pmid, pmids),
        ("report.pmcid", article.pmcid, form.pmcids),
    ):
        span = next(_spans(citing, places), None)
        if span:
            words = citing.document.text[slice(*span)]
            citation.tell(field, read, words, citing.document.place(*span))


def _spans(citing: Citing, places: Iterable[Found]) -> Iterator[tuple[int, int]]:
    for tags, pattern in places:
        for one in citing.of(tags):
            match = pattern.search(citing.raw(one))
            if match:
                left, right = match.span("it" if "it" in pattern.groupindex else 0)
                yield one.start + left, one.start + right


def _numbers(citing: Citing, form: Form, *, is_entry: bool) -> Iterator[tuple[str, Place]]:
    tags, pattern = form.numbers or Found((), re.compile(""))
    for one in citing.of(tags):
        if pattern.search(citing.raw(one)):
            yield citing.raw(one), citing.place(one)
    for one in citing.of(form.entry_numbers) if is_entry else ():
        yield citing.raw(one), citing.place(one)
