"""What the sources of publications share: the facts of a citation, and the words of title and abstract as prose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from reviewkit import kinds
from reviewkit.documents import Document, fold
from reviewkit.fields import sayable
from reviewkit.identifiers import UTN, TrialId, find_ids
from reviewkit.kinds import Reading
from reviewkit.language.sections import sections
from reviewkit.model import NO_DETAIL, Place, Value
from reviewkit.sources import prose
from reviewkit.sources.citation_facts import language_code
from reviewkit.sources.collect import Collector, derive_nobody_masked, derive_registry
from reviewkit.sources.flow import Flow, Piece, fixed, glue
from reviewkit.sources.text import read_article
from reviewkit.words import State

if TYPE_CHECKING:
    from reviewkit.sources.aligned import Aligned

KIND = "publication"
FIELDS = sayable(prose.SILENCE)
# What every bibliographic form has a place for, so that its silence means something.
CITATION_FIELDS = sayable(
    [
        *prose.SILENCE, "report.title", "report.authors", "report.journal", "report.date", "report.volume",
        "report.issue", "report.pages", "report.abstract", "report.keywords", "report.language", "report.doi",
    ]
)  # fmt: skip
NUMBER_FIELDS = {"ids.primary", "ids.secondary.id", "ids.secondary.type"}
# What journals print after the last section of an abstract.
COPYRIGHT = re.compile(r"\s*(?:\(PsycINFO|\[Author Abstract|Copyright\b|©|\(c\) ?\d{4}).*", re.IGNORECASE | re.DOTALL)
DOI = re.compile(r"10\.\d{4,9}/\S+")
PMID = re.compile(r"\d{1,8}")
PMCID = re.compile(r"(?:PMC)?(?P<number>\d{1,9})", re.IGNORECASE)
YEAR = re.compile(r"(?:18|19|20)\d{2}(?!\d)")
YEARS = re.compile(r"(?<!\d)(?:18|19|20)\d{2}(?!\d)")
COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
IN_NUMBERS = re.compile(r"\d{4} \d{1,2}(?: \d{1,2})?")
PUBLISHED = "a date, e.g. 2020 Mar 5, 2020 Mar-Apr or 2020"


def doi(words: str) -> Reading:
    """A DOI in small letters, without the address before it.

    >>> doi("https://doi.org/10.1000/ABC").value
    '10.1000/abc'
    """
    match = DOI.search(words)
    if not match:
        raise ValueError("a DOI, e.g. 10.1000/abc")
    return Reading(match[0].rstrip(".,;").lower(), NO_DETAIL)


def pmid(words: str) -> Reading:
    """A PubMed number."""
    if not PMID.fullmatch(words):
        raise ValueError("a PubMed number, e.g. 12345678")
    return Reading(words, NO_DETAIL)


def pmcid(words: str) -> Reading:
    """A PubMed Central number with its letters."""
    match = PMCID.fullmatch(words.split(".")[0])
    if not match:
        raise ValueError("a PubMed Central number, e.g. PMC1234567")
    return Reading(f"PMC{match['number']}", NO_DETAIL)


def published(words: str) -> Reading:
    """A date as citations print it; of a range or a season the year is known, of a range over two years nothing.

    >>> [published(words).value for words in ("2014 Mar 5", "2021/04/21/", "2019///", "2019 Nov-Dec")]
    ['2014-03-05', '2021-04-21', '2019', '2019']
    """
    told = COMPACT.sub(r"\1-\2-\3", re.sub(r"//.*", "", words.strip()).strip(" /"))
    if IN_NUMBERS.fullmatch(told):
        told = "-".join(part.zfill(2) for part in told.split())
    for attempt in (told, told.replace("/", "-")):
        try:
            value, detail, state = kinds.date(attempt, "ACTUAL")
            return Reading(value, {**detail, "as_written": words}, state)
        except ValueError:
            continue
    years = set(YEARS.findall(told))
    if len(years) != 1 or not YEAR.match(told):
        raise ValueError(PUBLISHED)
    value, detail, state = kinds.date(years.pop(), "ACTUAL")
    return Reading(value, {**detail, "as_written": words}, state)


def language(words: str) -> Reading:
    """The first language named, as its ISO 639 code."""
    return Reading(language_code(re.split(r"[;,/(]", words)[0]), {"as_written": words})


def told(value: object) -> Callable[[str], Reading]:
    """A reader that gives what was worked out before, whatever the words."""
    return lambda words: Reading(value, {"as_written": words})


class CitationFlow(Flow):
    """Title and abstract as one text, which keeps for each piece what stands in the document."""

    def __init__(self, document: Document, pieces: list[Piece]):
        super().__init__(document, pieces)
        self.document = document
        self.aligned: dict[str, Aligned] = {}  # XPath or pointer -> the words there
        nowhere = Place(document.name)
        self.glued = [piece.place(0, 0) == nowhere for piece in pieces]

    def place(self, start: int, end: int) -> Place:
        """As in a flow; what begins in glue (a heading that stands nowhere) has the place of what follows."""
        from bisect import bisect_right

        index = max(0, bisect_right(self.starts, start) - 1)
        while self.glued and self.glued[index] and index + 1 < len(self.pieces) and self.starts[index + 1] < end:
            index += 1
            start = self.starts[index]
        piece, before = self.pieces[index], self.starts[index]
        return piece.place(start - before, min(end - before, len(piece.text)))

    def settled(self, place: Place, quote: str | None) -> tuple[Place, str | None]:
        """Place and quote as the document has them: the words that stand at the place."""
        if place.line is not None and place.page is None and place.start is not None:
            return place, fold(self.document.text[place.start : place.end])
        aligned = self.aligned.get(place.xpath or place.pointer or "")
        if aligned is None or place.start is None or place.end is None:
            return place, quote
        bare = Place(self.name, xpath=place.xpath, pointer=place.pointer)
        return bare, fold(aligned.source_of(place.start, place.end))


class Citation:
    """One citation as it is read: its text as a flow of title and abstract, and its facts."""

    def __init__(
        self, document: Document, source: str, title: Piece | None, abstract: list[Piece], fields: tuple = FIELDS
    ):
        pieces: list[Piece] = []
        if title:
            pieces += [title, glue(document, "\n\n")]
        for piece in abstract:
            pieces += [piece, glue(document, "\n")]
        self.document = document
        self.flow = CitationFlow(document, pieces)
        self.entry = Collector(self.flow, source, KIND, fields)
        self.has_words = bool(abstract or title)
        self.own: dict[str, tuple[TrialId, str, Place]] = {}  # numbers that the database holds as the article's

    def align(self, words: Aligned, place: Place) -> None:
        """Keep the words that stand at a place, for the quotes of what is read there."""
        self.flow.aligned[place.xpath or place.pointer or ""] = words

    def tell(self, field: str, read: Callable, words: str, place: Place, item: int | None = None) -> None:
        """One fact of the citation; blank words say nothing."""
        words = fold(words)
        if words:
            self.entry.take_words(field, read, words, place, item=item, method="field")

    def tell_list(self, field: str, members: list[str], quotes: list[str] | str, place: Place) -> None:
        """A fact that is a list; its quote, unless given whole, is the members as they stand, joined by commas."""
        if members:
            quote = quotes if isinstance(quotes, str) else ", ".join(map(fold, quotes))
            method = self.entry.method("field")
            self.entry.add(Value(field, None, members, State.REPORTED, fold(quote), place, method, NO_DETAIL))

    def numbers(self, found: Iterable[tuple[str, Place]]) -> None:
        """Registration numbers that the database holds as the article's own: the first is primary."""
        for words, place in found:
            for number in find_ids(words):
                quote, at = words[number.start : number.end], place
                if place.line is not None and place.start is not None:
                    at = self.document.place(place.start + number.start, place.start + number.end)
                self.own.setdefault(number.value, (number, quote, at))

    def close(self) -> Collector:
        """Read the words as prose; numbers of the database go before those that prose finds beside them."""
        if self.has_words:
            read_article(self.entry)
            self._take_statements()
        self._settle()
        self._rank_numbers()
        derive_registry(self.entry)
        derive_nobody_masked(self.entry)
        return self.entry

    def _take_statements(self) -> None:
        """The parts of an abstract that are statements: Funding, Ethics."""
        text = self.flow.text
        for part in sections(text):
            field = {"funding": "statement.funding", "ethics": "statement.ethics"}.get(part.name)
            words = COPYRIGHT.sub("", text[part.start : part.end]).rstrip() if field else ""
            if field and words.strip() and "\n" not in words.strip():
                start = part.start + len(words) - len(words.lstrip())
                self.entry.take(field, kinds.text, (start, part.start + len(words)), method="section")

    def _settle(self) -> None:
        """Places and quotes as the document has them; what rests on words of ours alone (a heading) is dropped."""
        import msgspec

        kept: list[Value] = []
        for value in self.entry.values:
            place, quote = self.flow.settled(value.place, value.quote)
            if quote:
                kept.append(msgspec.structs.replace(value, place=place, quote=quote))
        self.entry.values = kept
        self.entry.statements = [
            msgspec.structs.replace(statement, place=place, quote=quote)
            for statement in self.entry.statements
            for place, quote in [self.flow.settled(statement.place, statement.quote)]
            if quote
        ]

    def _rank_numbers(self) -> None:
        """The database's numbers first, then those that prose names as the article's own in another registry."""
        if not self.own:
            return
        read = [value for value in self.entry.values if value.field in NUMBER_FIELDS and value.value is not None]
        self.entry.values = [value for value in self.entry.values if value.field not in NUMBER_FIELDS]
        ranked = [
            *(one for one in self.own.values() if one[0].registry != UTN),
            *(one for one in self.own.values() if one[0].registry == UTN),
        ]
        registries = {number.registry for number, _, _ in ranked}
        known = {number.value for number, _, _ in ranked}
        for value in read:
            number = next(iter(find_ids(str(value.value))), None)
            if number and number.value not in known and number.registry not in registries:
                ranked.append((number, value.quote or "", value.place))
        self._add_numbers(ranked)

    def _add_numbers(self, ranked: list[tuple[TrialId, str, Place]]) -> None:
        # Added as they are: prose may have read the same number before, in a rank that is no longer its own.
        add = self.entry.values.append
        method = self.entry.method("registration-number")
        if ranked[0][0].registry != UTN:
            number, quote, place = ranked.pop(0)
            add(Value("ids.primary", None, number.value, State.REPORTED, quote, place, method, NO_DETAIL))
        for item, (number, quote, place) in enumerate(ranked, 1):
            add(Value("ids.secondary.id", item, number.value, State.REPORTED, quote, place, method, NO_DETAIL))
            kind = {"EUCTR": "EUDRACT", UTN: "UTN"}.get(number.registry, "REGISTRY")
            rule = "rule:type-of-number"
            add(Value("ids.secondary.type", item, kind, State.DERIVED, quote, place, rule, NO_DETAIL))


def piece_of(document: Document, words: str, place: Place, heading: str = "") -> Piece:
    """Words at one place; a heading goes before them as a line of its own."""
    return Piece(f"{heading}\n{words}" if heading else words, fixed(place))


def aligned_piece(words: Aligned, place: Place) -> Piece:
    """Words of an element or string, each part of which tells its own span until the citation is closed."""
    import msgspec

    return Piece(words.reading, lambda start, end: msgspec.structs.replace(place, start=start, end=end))


def headed(document: Document, heading: str, piece: Piece) -> list[Piece]:
    """A piece under a heading that stands nowhere (a label in an attribute)."""
    return [glue(document, f"{heading}\n"), piece]
