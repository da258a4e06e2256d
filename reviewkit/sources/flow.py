"""A text put together out of pieces of a document, each of which knows where it stands.

Prose is read over paragraphs, abstracts and table cells alike; a flow joins them to one text with headings, and brings
a span of it back to its piece. What runs over two pieces has the place of the first.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

from reviewkit.documents import Document
from reviewkit.model import Place

PlaceOf = Callable[[int, int], Place]  # start and end within the piece -> where that stands in the document


class Piece(NamedTuple):
    """Some words of a document, and what tells the place of a part of them."""

    text: str
    place: PlaceOf


class Flow(Document):
    """The joined text of pieces, to be read as a document's text is; name, hash and notices are the document's."""

    def __init__(self, document: Document, pieces: list[Piece]):
        self.name, self.raw, self.report, self.sha256 = document.name, document.raw, document.report, document.sha256
        self.pieces = pieces
        self.starts: list[int] = []
        text: list[str] = []
        length = 0
        for piece in pieces:
            self.starts.append(length)
            text.append(piece.text)
            length += len(piece.text)
        self.__dict__["text"] = "".join(text)

    def place(self, start: int, end: int) -> Place:
        """The place of `text[start:end]` in the document."""
        index = max(0, bisect_right(self.starts, start) - 1)
        piece, before = self.pieces[index], self.starts[index]
        return piece.place(start - before, min(end - before, len(piece.text)))


def fixed(place: Place) -> PlaceOf:
    """Every part of the piece has the place of the whole: an element, a JSON string."""
    return lambda start, end: place


def glue(document: Document, text: str) -> Piece:
    """Words that stand nowhere: line breaks between pieces."""
    return Piece(text, fixed(Place(document.name)))
