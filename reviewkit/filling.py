"""What the records of a study propose for one column of the codebook: a value with its sources, or why there is none.

A cell gets a value only where every record asked says the same; where they differ it stays blank and each value is
kept as a source. A missing code is never proposed: that a source is silent is for people to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import msgspec

from reviewkit import fields, versions
from reviewkit.codebook import CODED, Column
from reviewkit.filled_from import Filling
from reviewkit.model import Record, Value
from reviewkit.words import Actuality, Kind, State

Cell = str | int | float | None
COUNTED = "rule:count"
CERTAIN = (State.REPORTED, State.DERIVED)  # a number whose role is unclear is no proposal


class Source(NamedTuple):
    """One value that a proposal rests on; `proposed` is the cell it would give by itself, `item` its number, if any."""

    record: Record
    value: Value
    proposed: Cell
    item: int | None


class Filled(NamedTuple):
    """What a cell is filled with: None where no record says it, or where they differ (`disagreement` says how)."""

    value: Cell
    as_written: str | None
    sources: tuple[Source, ...]
    disagreement: str | None


NOTHING = Filled(None, None, (), None)


class Scope(NamedTuple):
    """The row that is filled: the members of `group` that it stands for, by (document, record) of each record."""

    group: str
    items: Mapping[tuple[str, int], int]


class Spoken:
    """The certain values of one record by field and by group, so that sixty columns do not search it sixty times."""

    def __init__(self, record: Record):
        self.record = record
        self.key = (record.document, record.record)
        self.by_field: dict[str, list[Value]] = {}
        self.items: dict[str, dict[int, Value]] = {}  # group -> item -> its first value
        catalogue = fields.catalogue()
        for value in record.reported:
            if value.state not in CERTAIN or (value.value is None and not value.detail.get("no_limit")):
                continue
            self.by_field.setdefault(value.field, []).append(value)
            if value.item is not None and (group := catalogue[value.field].group):
                self.items.setdefault(group, {}).setdefault(value.item, value)


class _Said(NamedTuple):
    """What one record proposes: its sources, and the cell; `differing` if it contradicts itself."""

    spoken: Spoken
    cell: Cell
    sources: list[Source]
    differing: bool


def spoken(records: Iterable[Record]) -> list[Spoken]:
    """The records of a study, ready to be asked for many columns."""
    return [Spoken(record) for record in records]


def fill(column: Column, records: Sequence[Spoken], *, scope: Scope | None = None) -> Filled:
    """What `records` propose for one cell of `column`, on a row of the study or of one member of a group (`scope`).

    Outside groups `join`, `first` and `last` work over the records, in order of precedence; inside a group over the
    members one record names. A mirror is asked only where no other kind that is named says anything.
    """
    filling = column.filling
    if filling is None:
        return NOTHING
    asked = [one for kind in filling.precedence for one in records if one.record.kind == kind]
    said = [_said(column, one, scope) for one in _of_version(filling.version, asked)]
    said = [one for one in said if one.sources]
    if any(one.spoken.record.kind != Kind.MIRROR for one in said):
        said = [one for one in said if one.spoken.record.kind != Kind.MIRROR]
    if not said:
        return NOTHING
    if filling.function in ("join", "first", "last") and not filling.group:
        return _over_records(column, said)
    if any(one.differing for one in said) or not all(_agree(column, one.cell, said[0].cell) for one in said):
        return Filled(None, None, _each(said), _difference(said))
    # Of 2020-07 and 2020 the finer says both.
    # Of 2020-07 and 2020 the finer says both.
    best = max(said, key=lambda one: len(str(one.cell))) if column.type == "date" else said[0]
    return Filled(best.cell, _as_written(best.sources), _each([best, *(one for one in said if one is not best)]), None)


def _said(column: Column, one: Spoken, scope: Scope | None) -> _Said:
    """What one record says for the column: the filter, the function and the codes applied."""
    filling = column.filling
    assert filling is not None
    if filling.function == "count":
        return _counted(filling, one, scope)
    values = _settled(_picked(filling, one, scope))
    if filling.function == "first" and filling.group:
        values = values[:1]
    if filling.function == "last" and filling.group:
        values = values[-1:]
    sources = [Source(one.record, value, cell_of(column, value), value.item) for value in values]
    sources = [source for source in sources if source.proposed is not None]
    cells = list(dict.fromkeys(source.proposed for source in sources))
    if filling.function:
        cell = _joined(cells) if filling.function == "join" else (cells[0] if cells else None)
        return _Said(one, cell, sources, False)
    differing = any(not _agree(column, cell, cells[0]) for cell in cells)
    numbered = _numbered(sources) if len(sources) > 1 else sources
    return _Said(one, cells[0] if cells else None, numbered, differing)


def _counted(filling: Filling, one: Spoken, scope: Scope | None) -> _Said:
    members = one.items.get(filling.name, {})
    items = [item for item in sorted(members) if item in _items(filling, filling.name, one, scope, members)]
    if not items:
        return _Said(one, None, [], False)
    first = members[items[0]]
    total = msgspec.structs.replace(first, item=None, value=len(items), state=State.DERIVED, method=COUNTED)
    return _Said(one, len(items), [Source(one.record, total, len(items), None)], False)


def _picked(filling: Filling, one: Spoken, scope: Scope | None) -> list[Value]:
    """The values of the field that belong to the row and pass the filter, in the order of their items."""
    values = one.by_field.get(filling.name, [])
    if not filling.group or not values:
        return values
    wanted = _items(filling, filling.group, one, scope, {value.item for value in values if value.item is not None})
    return sorted((value for value in values if value.item in wanted), key=lambda value: value.item or 0)


def _items(filling: Filling, group: str, one: Spoken, scope: Scope | None, items: Iterable[int]) -> set[int]:
    """Which of a group's items the row and the filter leave."""
    wanted = set(items)
    if scope is not None:
        own = scope.items.get(one.key)
        if group == scope.group:
            wanted &= {own} if own is not None else set()
        elif link := link_to(group, scope.group):
            linked = {
                value.item for value in one.by_field.get(link, ()) if own is not None and own in _list(value.value)
            }
            wanted &= {item for item in linked if item is not None}
    if filling.member:
        member = f"{group}.{filling.member}"
        wanted &= {v.item for v in one.by_field.get(member, ()) if v.item is not None and _is(v, filling.value)}
    return wanted


@cache
def link_to(group: str, other: str) -> str:
    """The field of `group` that names members of the group `other`, such as interventions.arms; "" if there is none."""
    last = other.rpartition(".")[2].rstrip("s")
    for name, field in fields.catalogue().items():
        if field.group == group and field.kind == "ref" and name.rpartition(".")[2].rstrip("s") == last:
            return name
    return ""


def _list(value: object) -> list:
    return value if isinstance(value, list) else [value]


def _is(value: Value, wanted: str) -> bool:
    return any(_member(part).casefold() == wanted.casefold() for part in _list(value.value))


def _member(value: object) -> str:
    return str(value).upper() if isinstance(value, bool) else str(value)


def _settled(values: list[Value]) -> list[Value]:
    """Of several dates of one event the actual one: planned and achieved are two facts, and the row asks when it was.

    A coarser date that a finer one agrees with says nothing more: the finer stands.
    """
    if len(values) < 2 or fields.catalogue()[values[0].field].kind != "date" or values[0].item is not None:
        return values
    actual = [value for value in values if value.detail.get("kind") == Actuality.ACTUAL]
    values = actual or values
    days = {value.value for value in values}
    finest = [v for v in values if not any(day != v.value and day.startswith(v.value) for day in days)]
    return list({value.value: value for value in reversed(finest)}.values())[::-1]


def _numbered(sources: list[Source]) -> list[Source]:
    """Several values of one field outside groups get numbers, so that each has a row of its own."""
    if any(source.item is not None for source in sources):
        return sources
    return [source._replace(item=number) for number, source in enumerate(sources, 1)]


def cell_of(column: Column, value: Value) -> Cell:
    """One value as the column's cells hold it: a code, a number, a date or words; None if the column cannot."""
    if column.type in CODED:
        codes = [column.renamed.get(_member(part)) for part in _list(value.value)]
        return _joined([code for code in codes if code]) if all(codes) else None
    if column.type in ("count", "decimal"):
        number = value.value
        return None if isinstance(number, bool) or not isinstance(number, int | float) else number
    return _words(value)


def _words(value: Value) -> str | None:
    if value.value is None:
        return "no limit" if value.detail.get("no_limit") else None
    if isinstance(value.value, bool):
        return "yes" if value.value else "no"
    if isinstance(value.value, list):
        return "; ".join(map(str, value.value)) or "none"
    if isinstance(value.value, float):
        return f"{value.value:g}"
    unit = value.detail.get("unit")
    if unit and fields.catalogue()[value.field].kind == "age":
        return f"{value.value} {unit.lower()}" + ("" if value.value == 1 else "s")
    return str(value.value)


def _joined(cells: Sequence[Cell]) -> str | None:
    parts = dict.fromkeys(part for cell in cells if cell is not None for part in str(cell).split("; "))
    return "; ".join(parts) or None


def _agree(column: Column, one: Cell, other: Cell) -> bool:
    """Do two proposals say the same? Words in any case and spacing; a coarse date and a finer one that fits it."""
    if column.type == "date" and one and other:
        return str(one).startswith(str(other)) or str(other).startswith(str(one))
    if isinstance(one, str) and isinstance(other, str):
        return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
    return one == other


def _over_records(column: Column, said: list[_Said]) -> Filled:
    """`join`, `first` or `last` of a field outside groups: over the records, in order of precedence."""
    function = column.filling.function if column.filling else ""
    if function == "join":
        cell = _joined(
            [one.cell if len(one.sources) == 1 else _joined([s.proposed for s in one.sources]) for one in said]
        )
        return Filled(cell, _as_written([source for one in said for source in one.sources]), _each(said), None)
    chosen = said[0] if function == "first" else said[-1]
    source = chosen.sources[0 if function == "first" else -1]
    return Filled(source.proposed, _as_written([source]), (source,), None)


def _each(said: Iterable[_Said]) -> tuple[Source, ...]:
    return tuple(source for one in said for source in one.sources)


def _as_written(sources: Sequence[Source]) -> str | None:
    return "; ".join(dict.fromkeys(word for source in sources if (word := as_written(source.value)))) or None


def as_written(value: Value) -> str | None:
    """The value in the source's own characters; None for a number of members, which nobody wrote."""
    return None if value.method == COUNTED else value.detail.get("as_written") or value.quote


def _difference(said: list[_Said]) -> str:
    """How the records differ, in a sentence a person can act on."""
    parts = []
    for one in said:
        cells = dict.fromkeys(str(source.proposed) for source in one.sources)
        words = " and ".join(cells) if one.differing else str(one.cell)
        parts.append(f"{one.spoken.record.kind} {one.spoken.record.document} says {_short(words)}")
    return "; ".join(parts)


def _short(words: str, limit: int = 120) -> str:
    line = " ".join(words.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _of_version(version: str, records: list[Spoken]) -> list[Spoken]:
    """The records that are of the version asked for; other kinds than registry have none and stay.

    Where none is asked for, a version that is history says nothing, and two copies of an entry may still differ.
    Without its history only an entry that was never updated is known to be the first version, and one whose last
    update came no later than the first possible day of enrolment is the version that stood then.
    """
    entries = [one.record for one in records if one.record.kind == Kind.REGISTRY]
    if not version and len(entries) < 2:
        return records
    if not version:
        today = {id(record) for record in versions.current(entries)}
        return [one for one in records if id(one.record) in today or not _is_version(one.record)]
    kept = {id(record) for record in _versions(version, entries)}
    return [one for one in records if one.record.kind != Kind.REGISTRY or id(one.record) in kept]


def _is_version(record: Record) -> bool:
    return record.kind == Kind.REGISTRY and record.first("source.version_date") is not None


def _versions(version: str, records: list[Record]) -> list[Record]:
    if version == "latest":
        return versions.current(records)
    chosen = versions.first if version == "first" else _at_start
    return [record for entry in versions.entries(records) if (record := chosen(entry)) is not None]


def _at_start(entry: Sequence[Record]) -> Record | None:
    """The version that stood when the trial began, or is to begin; none where the entry gives two such days."""
    starts = {versions.certain(value) for value in versions.starts_of(entry)}
    return versions.at_start(entry, starts.pop()) if len(starts) == 1 else None
