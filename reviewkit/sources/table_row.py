"""One row of a table of facts: its cells become values, each with its place.

Lists are joined by `; `, and so are the items of a group; with several items the members of a list inside one are
joined by `, `. An empty set is written `[]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, partial

from reviewkit import kinds
from reviewkit.documents import Document, unreadable
from reviewkit.errors import shown
from reviewkit.fields import Field, catalogue, first_of_group, sayable
from reviewkit.identifiers import UTN, read_trial_id
from reviewkit.kinds import Reading
from reviewkit.model import Place, Record, Value
from reviewkit.sources.collect import Collector, Reader, derive_nobody_masked, derive_registry
from reviewkit.sources.table_columns import Column
from reviewkit.words import Actuality, State, members, nearest

NAME = "table"
KIND = "registry"
FIELDS = sayable(["*"])

JOINT = re.compile(r";(?:\s+|$)")
INNER_JOINT = re.compile(r",\s*")
EMPTY_SET = "[]"
MANY_REFS = frozenset({"interventions.arms"})  # an intervention goes to several arms; every other ref names one item
PERSONS = ("enrolment.", "arms.n_", "results.")  # what counts persons; other counts have no unit

PlaceOf = Callable[[str], Place]  # heading of a column -> where its cell stands


def record_of(
    document: Document, recognised_by: str, number: int, columns: list[Column], cells: list[str], place: PlaceOf
) -> Record:
    """The record of one row; `place` tells where the cell below a heading stands."""
    collector = Collector(document, NAME, KIND, FIELDS)
    by_group: dict[str, list[Column]] = {}
    for column in columns:
        by_group.setdefault(column.field.group, []).append(column)
    reader = _Row(collector, cells, place)
    for group, those in by_group.items():
        if group:
            reader.take_group(group, those)
        else:
            for column in those:
                reader.take(column)
    if collector.known("ids.registry") is None:
        derive_registry(collector)
    derive_nobody_masked(collector)
    return collector.record(recognised_by, number)


class _Row:
    """One row being read: its cells become values at their place."""

    def __init__(self, collector: Collector, cells: list[str], place: PlaceOf):
        self.collector, self.document, self.cells, self.place_of = collector, collector.document, cells, place

    def cell(self, column: Column) -> str:
        return self.cells[column.number].strip()

    def place(self, column: Column) -> Place:
        return self.place_of(column.heading)

    def take(self, column: Column) -> None:
        """Read a cell of a field outside groups."""
        cell = self.cell(column)
        if not cell:
            self.add_empty(column, column.field.name, None, self.kinds_of_date(column, 1)[0])
        elif column.field.kind == "date":
            parts = JOINT.split(cell)
            for part, kind in zip(parts, self.kinds_of_date(column, len(parts)), strict=True):
                self.read(column, part, None, partial(kinds.date, kind=kind))
        else:
            self.read(column, cell, None, _reader(column.field.name, JOINT))

    def take_group(self, group: str, columns: list[Column]) -> None:
        """Read the cells of one group: as many items as the first filled column that is no list has parts."""
        filled = [column for column in columns if self.cell(column)]
        if not filled:
            self.add_empty(columns[0], first_of_group(group), None, "")
            return
        single = sorted((c for c in filled if not _holds_lists(c.field)), key=_catalogue_order)
        number = len(JOINT.split(self.cell(single[0]))) if single else 1
        for column in columns:
            if column in filled:
                self.take_items(column, number, (single or filled)[0])
            else:
                self.add_empty(column, column.field.name, None, "")

    def take_items(self, column: Column, number: int, lead: Column) -> None:
        cell = self.cell(column)
        parts = JOINT.split(cell) if number > 1 else [cell]
        if len(parts) != number:
            expected = f"{number} parts joined by '; ', one for each item of {lead.heading}"
            self.add_unclear(column, cell, None, expected, f"write {number} parts, blank ones included")
            return
        joint = INNER_JOINT if number > 1 else JOINT
        dated = self.kinds_of_date(column, number)
        for item, (part, kind) in enumerate(zip(parts, dated, strict=True), 1):
            if not part.strip():
                self.add_empty(column, column.field.name, item, kind)
            elif column.field.kind == "date":
                self.read(column, part, item, partial(kinds.date, kind=kind))
            else:
                self.read(column, part, item, _reader(column.field.name, joint))

    def kinds_of_date(self, column: Column, number: int) -> list[str]:
        """The kind of each of `number` dates of a cell: one for all, or one each; UNKNOWN where none stands."""
        if column.kind_index is None:
            return ["UNKNOWN" if column.field.kind == "date" else ""] * number
        written = self.cells[column.kind_index].strip()
        parts = [part.strip() for part in JOINT.split(written)] if written else ["UNKNOWN"]
        parts = parts * number if len(parts) == 1 else parts
        if len(parts) != number or any(part.upper() not in members("Actuality") for part in parts):
            self.document.notice(
                self.place_of(f"{column.heading}.kind"),
                found=shown(written),
                expected=_members_in_words("Actuality") + (f", {number} times" if number > 1 else ""),
                fix="write the kind of the date; it was taken as UNKNOWN",
            )
            return [str(Actuality.UNKNOWN)] * number
        return [part.upper() for part in parts]

    def read(self, column: Column, words: str, item: int | None, read: Reader) -> None:
        quote = words.strip()
        try:
            value, detail, state = read(quote)
        except ValueError as error:
            self.add_unclear(column, quote, item, str(error), _nearest_member(column.field, quote))
            return
        self.add(column.field.name, item, value, state, quote, column, detail)

    def add_unclear(self, column: Column, quote: str, item: int | None, expected: str, fix: str | None) -> None:
        """Keep words that could not be read, and say so once."""
        place = self.place(column)
        if fix is None:
            unreadable(self.document, quote, place, expected)
        else:
            fix += "; the value is kept as UNCLEAR with its quote"
            self.document.notice(place, found=shown(quote), expected=expected, fix=fix)
        self.add(column.field.name, item, None, State.UNCLEAR, quote, column, {})

    def add_empty(self, column: Column, field: str, item: int | None, kind: str) -> None:
        detail = {"kind": kind} if kind else {}
        self.add(field, item, None, State.EMPTY_IN_SOURCE, column.heading, column, detail)

    def add(
        self, field: str, item: int | None, value: object, state: State, quote: str, column: Column, detail: dict
    ) -> None:
        method = self.collector.method("column")
        self.collector.add(Value(field, item, value, state, quote, self.place(column), method, detail))


def _catalogue_order(column: Column) -> int:
    return list(catalogue()).index(column.field.name)


def _holds_lists(field: Field) -> bool:
    return field.kind in ("list", "choices") or field.name in MANY_REFS


@cache
def _reader(name: str, joint: re.Pattern[str]) -> Reader:
    """The reader of one field's cells; a list's members are split at `joint`."""
    field = catalogue()[name]
    if name in MANY_REFS or field.kind == "list":
        return partial(_list, read_one=_item_number if field.kind == "ref" else kinds.text, joint=joint)
    if field.kind == "choices":
        return partial(_choices, vocabulary=field.vocabulary, joint=joint)
    if field.kind == "choice":
        return partial(_choice, vocabulary=field.vocabulary)
    if field.kind == "id":
        return _own_number if name == "ids.primary" else _number_or_text if name.startswith("ids.") else kinds.text
    if field.kind == "count":
        return partial(kinds.count, unit="persons" if name.startswith(PERSONS) else None)
    return {
        "age": kinds.age,
        "decimal": _decimal,
        "flag": kinds.flag,
        "ref": _item_number,
        "text": kinds.text,
        "url": kinds.text,
    }[field.kind]


def _list(words: str, read_one: Reader, joint: re.Pattern[str]) -> Reading:
    return Reading([read_one(part.strip()).value for part in _parts(words, joint)], {})


def _parts(words: str, joint: re.Pattern[str]) -> Iterable[str]:
    return [] if words == EMPTY_SET else [part for part in joint.split(words) if part.strip()]


def _choices(words: str, vocabulary: str, joint: re.Pattern[str]) -> Reading:
    return kinds.choices(partial(_choice, vocabulary=vocabulary), _parts(words, joint), words)


def _choice(words: str, vocabulary: str) -> Reading:
    try:
        return kinds.choice(vocabulary)(words)
    except ValueError as error:
        raise ValueError(_members_in_words(vocabulary)) from error


def _members_in_words(vocabulary: str) -> str:
    return "one of " + ", ".join(members(vocabulary))


def _nearest_member(field: Field, words: str) -> str | None:
    """What to write in place of an unknown code; None if the field has no codes or nothing is close."""
    if not field.vocabulary:
        return None
    legal = members(field.vocabulary)
    unknown = [part for part in re.split(r"[;,]\s*", words) if part.strip() and part.strip().upper() not in legal]
    near = [(part.strip(), found) for part in unknown if (found := nearest(part.strip(), legal))]
    return "; ".join(f"write {found} for {part!r}" for part, found in near) or None


def _own_number(words: str) -> Reading:
    number = read_trial_id(words)
    if number.registry == UTN:
        raise ValueError("the number of a registry; a universal trial number belongs into ids.secondary.id")
    return Reading(number.value, {})


def _number_or_text(words: str) -> Reading:
    """A registration number in its normal form; any other number as it is written."""
    try:
        return kinds.trial_id(words)
    except ValueError:
        return kinds.text(words)


def _item_number(words: str) -> Reading:
    number = kinds.whole_number(words)
    if number == 0:
        raise ValueError("the number of an item, from 1")
    return Reading(number, {})


def _decimal(words: str) -> Reading:
    return Reading(kinds.decimal(words), {})
