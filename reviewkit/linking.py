"""Records into studies: what carries the same registration number is one trial.

Holds numbers and positions only, never records, so that 200,000 records need little memory. Titles, DOIs and numbers in
reference lists do not link.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

from reviewkit.model import Record

Position = TypeVar("Position", bound=Hashable)

LINKING_FIELDS = ("ids.primary", "ids.aliases")
BY_CONTENT = "sha256:"


def keys_of(record: Record) -> list[str]:
    """What names the trial of a record: its registration numbers; without any, the record's own content."""
    numbers = [str(value.value) for field in LINKING_FIELDS for value in record.known(field)]
    return list(dict.fromkeys(numbers)) or [f"{BY_CONTENT}{record.sha256}#{record.record}"]


def file_key(record: Record) -> str:
    """What names a record by its file; it links nothing, for another trial may be told of in a file of that name."""
    return f"{record.document}#{record.record}"


def is_numbered(keys: Iterable[str]) -> bool:
    """Does a study of these keys have a registration number?"""
    return not all(key.startswith(BY_CONTENT) for key in keys)


class Links(Generic[Position]):
    """Groups positions of records by the keys they share (union-find); groups keep the order of their first record."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._positions: list[tuple[Position, str]] = []

    def add(self, position: Position, keys: Iterable[str]) -> None:
        """One record: where it is kept, and the keys that name its trial (at least one)."""
        first, *others = keys
        root = self._root(first)
        for key in others:
            self._parent[self._root(key)] = root
        self._positions.append((position, first))

    def groups(self) -> list[tuple[list[str], list[Position]]]:
        """Each study as (its keys, the positions of its records), in order of first appearance."""
        positions: dict[str, list[Position]] = {}
        for position, key in self._positions:
            positions.setdefault(self._root(key), []).append(position)
        keys: dict[str, list[str]] = {}
        for key in self._parent:
            keys.setdefault(self._root(key), []).append(key)
        return [(keys[root], members) for root, members in positions.items()]

    def _root(self, key: str) -> str:
        parent = self._parent.setdefault(key, key)
        while parent != self._parent[parent]:
            parent = self._parent[parent]
        self._parent[key] = parent
        return parent


def study_name(records: list[Record]) -> str:
    """A study's name outside a review: its registration number, else the document's name (with the record's number
    where the document holds several)."""
    numbered = next((value for record in records if (value := record.first("ids.primary"))), None)
    if numbered is not None:
        return str(numbered.value)
    first = records[0]
    return first.document if first.record == 1 else f"{first.document}#{first.record}"
