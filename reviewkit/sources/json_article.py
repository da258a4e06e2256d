"""What the JSON sources of publications share: the words of a citation's object, tags taken out, and their pointers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from reviewkit import kinds
from reviewkit.documents import Document, fold
from reviewkit.model import Place
from reviewkit.sources import article
from reviewkit.sources.aligned import of_string
from reviewkit.sources.json_fields import at

Fact = tuple[str, Callable, str]  # field, its reader, the pointer


class Answer:
    """One object of a JSON document and its pointer: words and places of what stands in it."""

    def __init__(self, document: Document, content: dict[str, Any], base: str):
        self.document, self.content, self.base = document, content, base

    def words(self, pointer: str) -> str:
        """The scalar at a pointer as words on one line, tags taken out; "" if there is none."""
        found = at(self.content, pointer)
        if isinstance(found, str):
            return of_string(found).source.strip() if "<" in found or "&" in found else fold(found)
        return str(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else ""

    def place(self, pointer: str) -> Place:
        """The place of what stands at a pointer."""
        return Place(self.document.name, self.base + pointer)

    def list(self, pointer: str) -> list[Any]:
        """The list at a pointer; an empty one if there is none."""
        found = at(self.content, pointer)
        return found if isinstance(found, list) else []


def citation_of(answer: Answer, source: str, title: str, abstract: str, fields: tuple) -> article.Citation:
    """A citation whose title and abstract are the strings at two pointers."""
    pieces: dict[str, article.Piece] = {}
    aligned = {}
    for pointer in (title, abstract):
        found = at(answer.content, pointer)
        if isinstance(found, str) and found.strip():
            aligned[pointer] = of_string(found)
            pieces[pointer] = article.aligned_piece(aligned[pointer], answer.place(pointer))
    citation = article.Citation(
        answer.document, source, pieces.get(title), [pieces[abstract]] if abstract in pieces else [], fields
    )
    for pointer, words in aligned.items():
        citation.align(words, answer.place(pointer))
    for field, pointer in (("report.title", title), ("report.abstract", abstract)):
        citation.tell(field, kinds.text, answer.words(pointer), answer.place(pointer))
    return citation


def tell_facts(citation: article.Citation, answer: Answer, facts: Iterable[Fact]) -> None:
    """The scalars of a table of facts; of several pointers for one field the first that is filled counts."""
    for field, read, pointer in facts:
        words = answer.words(pointer)
        if words and all(value.field != field for value in citation.entry.values):
            citation.tell(field, read, words, answer.place(pointer))
