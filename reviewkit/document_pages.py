"""A document shown: introduces the sources, which know its forms, to the report, which makes pages of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from reviewkit.documents import Document, Line
from reviewkit.errors import ReviewError
from reviewkit.model import Passage, Place

Quoted = tuple[Place, str | None]  # where a value was read, and its words


def page_of(document: Document, values: Iterable[Quoted], *, css: str) -> Iterator[str]:
    """The page of one document, in pieces: every value's place has its id there, and its words are marked.

    A document that cannot be shown, or not whole, is shown as far as it goes, with the words of all values.
    """
    from reviewkit.report import document_page, passage_page, wanted_parts
    from reviewkit.sources.passages import View, passages_of

    values = list(values)
    places = [place for place, _ in values]
    try:
        view = passages_of(document, wanted_parts(places))
        text = document.text if view is None else ""
    except ReviewError as error:
        view, text = View(_not_shown(error), iter(())), ""
    if view is None:
        yield from document_page(document.name, text, places, css=css)
    else:
        yield from passage_page(document.name, view.note, _as_far_as_it_goes(document, view.passages), values, css=css)


def _as_far_as_it_goes(document: Document, passages: Iterator[Passage]) -> Iterator[Passage]:
    try:
        yield from passages
    except ReviewError as error:
        yield Passage(Place(document.name), "", _not_shown(error))


def _not_shown(error: ReviewError) -> str:
    return f"The document cannot be shown whole: {error.problem.found}."


def line_of(document: Document, place: Place) -> Line | None:
    """The line a place in running text begins in; None for places of other kinds, and where there is no such line."""
    if place.line is None or place.start is None:
        return None
    return _lines(document).get((place.page, place.line)) if _is_archive(document) else _text_line(document, place.line)


def _is_archive(document: Document) -> bool:
    return document.head.startswith((b"PK\x03\x04", b"%PDF")) or b"%PDF" in document.head[:1024]


def _text_line(document: Document, number: int) -> Line:
    starts = document.line_starts
    start = starts[number - 1]
    end = starts[number] if number < len(starts) else len(document.text)
    return Line(number, document.text[start:end].rstrip("\r\n"), start)


@lru_cache(maxsize=2)
def _lines(document: Document) -> dict[tuple[int | None, int], Line]:
    """The lines of a PDF or Word document by page and number."""
    from reviewkit.sources.passages import passages_of

    view = passages_of(document, set())
    return {
        (passage.place.page, passage.place.line): Line(passage.place.line, passage.text, passage.place.start)
        for passage in (view.passages if view else ())
        if passage.place.line is not None and passage.place.start is not None
    }
