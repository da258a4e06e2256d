"""What the sources of publications share: the facts of a citation, and the words of title and abstract as prose."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.identifiers import find_ids
from reviewkit.kinds import Reading
from reviewkit.model import NO_DETAIL, Place, Value
from reviewkit.sources import prose
from reviewkit.sources.collect import Collector, derive_nobody_masked, derive_registry
from reviewkit.sources.flow import Flow, Piece, fixed, glue
from reviewkit.sources.text import read_article
from reviewkit.words import State

KIND = "publication"
FIELDS = sayable(prose.SILENCE)
DOI = re.compile(r"10\.\d{4,9}/\S+")
PMID = re.compile(r"\d{1,8}")
PMCID = re.compile(r"(?:PMC)?(?P<number>\d{1,9})", re.IGNORECASE)
YEAR = re.compile(r"(?:18|19|20)\d{2}")


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
    """A date as citations print it: `2019 Nov-Dec` is known by its year only, `2020/03/01/` and `2014 Mar 5` to the day."""
    told = words.strip(" /")
    for attempt in (told, told.replace("/", "-"), " ".join(told.split()[:3])):
        try:
            return kinds.date(attempt, "ACTUAL")._replace()
        except ValueError:
            continue
    match = YEAR.match(told)
    if not match:
        raise ValueError("a date, e.g. 2020 Mar 5, or a year")
    return kinds.date(match[0], "ACTUAL")


class Citation:
    """One citation as it is read: its text as a flow of title and abstract, and its facts."""

    def __init__(self, document: Document, source: str, title: Piece | None, abstract: list[Piece]):
        pieces: list[Piece] = []
        if title:
            pieces += [title, glue(document, "\n\n")]
        for piece in abstract:
            pieces += [piece, glue(document, "\n")]
        self.entry = Collector(Flow(document, pieces), source, KIND, FIELDS)
        self.has_words = bool(abstract or title)

    def tell(self, field: str, read: kinds.Callable, words: str, place: Place, item: int | None = None) -> None:
        """One fact of the citation; blank words say nothing."""
        words = " ".join(words.split())
        if words:
            self.entry.take_words(field, read, words, place, item=item, method="field")

    def numbers(self, found: Iterable[tuple[str, Place]]) -> None:
        """Registration numbers that the database holds as the article's own: the first is primary."""
        for words, place in found:
            for number in find_ids(words):
                own = self.entry.known("ids.primary")
                if own is None:
                    method = self.entry.method("registration-number")
                    value = Value("ids.primary", None, number.value, State.REPORTED, words, place, method, NO_DETAIL)
                    self.entry.add(value)
                elif own.value != number.value:
                    item = 1 + sum(value.field == "ids.secondary.id" for value in self.entry.values)
                    method = self.entry.method("registration-number")
                    said = {value.value for value in self.entry.values if value.field == "ids.secondary.id"}
                    if number.value not in said:
                        value = Value("ids.secondary.id", item, number.value, State.REPORTED, words, place, method, {})
                        self.entry.add(value)

    def close(self) -> Collector:
        """Read the words as prose; a number that prose finds beside those of the database stays in its rank."""
        if self.has_words:
            own = self.entry.known("ids.primary")
            read_article(self.entry)
            if own is not None:
                self.entry.values = [
                    value for value in self.entry.values if value.field != "ids.primary" or value is own
                ]
        derive_registry(self.entry)
        derive_nobody_masked(self.entry)
        return self.entry


def piece_of(document: Document, words: str, place: Place, heading: str = "") -> Piece:
    """Words at one place; a heading goes before them as a line of its own."""
    return Piece(f"{heading}\n{words}" if heading else words, fixed(place))
