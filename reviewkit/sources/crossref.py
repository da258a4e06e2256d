"""Crossref's answers (JSON): one work, or a list of works. Trial numbers stand in `clinical-trial-number`, where publishers
send them; their absence says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.model import Place, Record
from reviewkit.sources import article
from reviewkit.sources.europepmc import MARKUP
from reviewkit.sources.flow import Piece, fixed
from reviewkit.sources.json_fields import at, content_of

NAME = "crossref"
KIND = article.KIND
FIELDS = article.FIELDS
TITLE = re.compile(r"<jats:title>\s*(.*?)\s*</jats:title>", re.IGNORECASE)


def recognise(document: Document) -> str | None:
    """By a message of type work or work-list."""
    content = content_of(document)
    kind = at(content, "/message-type")
    if kind in {"work", "work-list"}:
        return f"message-type {kind} of Crossref"
    return "keys DOI and publisher of a Crossref work" if at(content, "/DOI") and at(content, "/publisher") else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a work."""
    content = content_of(document)
    items = at(content, "/message/items")
    if isinstance(items, list):
        works = [(f"/message/items/{index}", item) for index, item in enumerate(items)]
    else:
        works = [("/message", at(content, "/message"))] if at(content, "/message") else [("", content)]
    for number, (base, work) in enumerate(works, 1):
        if isinstance(work, dict):
            yield _citation(document, work, base).record(recognised_by, number)


def _citation(document: Document, work: dict[str, Any], base: str):
    def words(pointer: str) -> str:
        found = at(work, pointer)
        return " ".join(MARKUP.sub("", str(found)).split()) if isinstance(found, (str, int)) else ""

    def place(pointer: str) -> Place:
        return Place(document.name, base + pointer)

    abstract = TITLE.sub(lambda match: f"\n{match[1]}\n", str(at(work, "/abstract") or ""))
    abstract = re.sub(r"</?[a-z:]+[^<>]{0,60}>", " ", abstract).strip()
    title = words("/title/0")
    citation = article.Citation(
        document,
        NAME,
        Piece(title, fixed(place("/title/0"))) if title else None,
        [Piece(abstract, fixed(place("/abstract")))] if abstract else [],
    )
    for pointer, field, read_words in (
        ("/DOI", "report.doi", article.doi),
        ("/title/0", "report.title", kinds.text),
        ("/container-title/0", "report.journal", kinds.text),
        ("/volume", "report.volume", kinds.text),
        ("/issue", "report.issue", kinds.text),
        ("/page", "report.pages", kinds.text),
        ("/language", "report.language", kinds.text),
    ):
        if words(pointer):
            citation.tell(field, read_words, words(pointer), place(pointer))
    for key in ("published-online", "published-print", "published", "issued"):
        parts = at(work, f"/{key}/date-parts/0")
        if isinstance(parts, list) and parts and all(isinstance(part, int) for part in parts):
            told = "-".join(f"{part:02}" for part in parts)
            citation.tell("report.date", article.published, told, place(f"/{key}/date-parts/0"))
            break
    numbers = at(work, "/clinical-trial-number")
    pointers = [
        f"/clinical-trial-number/{index}/clinical-trial-number"
        for index in range(len(numbers) if isinstance(numbers, list) else 0)
    ]
    citation.numbers((words(pointer), place(pointer)) for pointer in pointers if words(pointer))
    return citation.close()
