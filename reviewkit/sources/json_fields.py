"""What the JSON sources that need no table walk share: pointers, and values at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import msgspec

from reviewkit.documents import Document
from reviewkit.kinds import Reading, text
from reviewkit.model import NO_DETAIL, Place, Value
from reviewkit.sources.collect import Gathering
from reviewkit.words import State

UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)
BLANK = ("", "nil known", "not provided at time of registration", "not applicable", "nil", "n/a", "not available")


@lru_cache(maxsize=1)
def content_of(document: Document) -> Any:
    """The decoded JSON; None if the document is none, or broken (ctgov.py says what is wrong with broken JSON).

    None too for studies of ClinicalTrials.gov, which have readers of their own.
    """
    head = document.raw[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    # A page of a thousand studies must not be decoded by those who cannot read it: it needs ten times its size.
    if not head.startswith((b"{", b"[")) or b'"protocolSection"' in document.raw:
        return None
    try:
        return msgspec.json.decode(document.raw.removeprefix(b"\xef\xbb\xbf"))
    except UNDECODABLE:
        return None


def at(found: Any, pointer: str) -> Any:
    """What stands at a pointer (`/a/0/b`) below a JSON value; None if nothing does."""
    for step in pointer.split("/")[1:]:
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def members(found: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """Pointer and member of a list; a single member may stand without its list, as XML turned into JSON has it."""
    inner = at(found, pointer)
    if isinstance(inner, list):
        yield from ((f"{pointer}/{index}", member) for index, member in enumerate(inner))
    elif inner not in (None, ""):
        yield pointer, inner


class JsonEntry(Gathering):
    """Gathers from a JSON document: `content` is the record's own part, `base` its pointer."""

    def __init__(self, document: Document, source: str, kind: str, fields: tuple, content: Any, base: str = ""):
        super().__init__(document, source, kind, fields)
        self.content, self.base = content, base

    def place(self, pointer: str) -> Place:
        """The place of what stands at a pointer of this record."""
        return Place(self.document.name, self.base + pointer)

    def take(
        self,
        field: str,
        pointer: str,
        read: Callable[[str], Reading] = text,
        *,
        item: int | None = None,
        blank: tuple[str, ...] = BLANK,
    ) -> Value | None:
        """Read the scalar at a pointer; an absent key says nothing, a blank (and words for none) is EMPTY_IN_SOURCE."""
        found = at(self.content, pointer)
        if isinstance(found, (dict, list)) or found is None:
            return None
        words = str(found).lower() if isinstance(found, bool) else " ".join(str(found).split())
        place = self.place(pointer)
        if words.casefold().strip(" .") in blank:
            quote = words or pointer.rpartition("/")[2]
            method = self.method("path")
            return self.add(Value(field, item, None, State.EMPTY_IN_SOURCE, quote, place, method, NO_DETAIL))
        return self.take_words(field, read, words, place, item=item, method="path")

    def derive(self, field: str, value: Any, rule: str, pointer: str, *, item: int | None = None) -> None:
        """Add what a rule makes of the scalar at a pointer."""
        words = " ".join(str(at(self.content, pointer)).split())
        self.add(Value(field, item, value, State.DERIVED, words, self.place(pointer), f"rule:{rule}", NO_DETAIL))
