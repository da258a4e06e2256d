"""A document as a page: every line, JSON member, row or element has an id, and the words of its values are marked.

Pages are given in pieces, to be written one after the other: a large document never stands in memory twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reviewkit.model import Passage, Place
from reviewkit.report.json_page import json_rows
from reviewkit.report.markup import counted, escaped, head
from reviewkit.report.passage_page import Quoted, passage_rows
from reviewkit.report.table_page import table_rows
from reviewkit.report.text_page import text_rows


def document_page(document: str, text: str, places: Iterable[Place], *, css: str) -> Iterator[str]:
    """The page of one document, in pieces: its text as read, with the words at `places` marked.

    The places say what the document is: pointers make it JSON, rows and columns a table, all else is text.
    `text` is the decoded text without a byte order mark, as offsets count it.
    """
    places = [place for place in places if place.document == document]
    note, rows = _rows(text, places)
    yield from _page(document, note, rows, css)


def passage_page(
    document: str, note: str, passages: Iterable[Passage], values: Iterable[Quoted], *, css: str
) -> Iterator[str]:
    """The page of a document that is shown as passages, in pieces; `values` are places of values, with their quotes."""
    values = [(place, quote) for place, quote in values if place.document == document]
    yield from _page(document, note, passage_rows(passages, values), css)


def _page(document: str, note: str, rows: Iterator[str], css: str) -> Iterator[str]:
    yield head(document, css)
    yield (
        '<body class="rk page">\n<header class="top"><p class="number"><a href="../report.html">Report</a></p>\n'
        f'<h1 dir="auto">{escaped(document)}</h1>\n<p class="note">{note} '
        "The words that values were read from are marked.</p></header>\n<main>\n"
    )
    yield from rows
    yield "</main>\n</body>\n</html>\n"


def _rows(text: str, places: list[Place]) -> tuple[str, Iterator[str]]:
    """What the page is, in a sentence, and its pieces."""
    if any(place.pointer is not None for place in places):
        pointers = {place.pointer for place in places if place.pointer is not None}
        return "JSON, indented; line breaks inside texts are shown as such.", json_rows(text, pointers)
    cells = {(place.row, place.column or "") for place in places if place.row is not None}
    if cells:
        return "A table; rows are numbered as in the file, the headings being row 1.", table_rows(text, cells)
    spans = [(place.start, place.end) for place in places if place.start is not None and place.end is not None]
    return f"Text of {counted(len(text), 'character', 'characters')}.", text_rows(text, spans)
