"""The rows of every sheet before any file is written: keys, prefilled cells, the links beside them, and the evidence.

Which rows a sheet has follows from its keys: a row a study, a report, a registration, a member of the arms or outcomes.
Sheets with other keys have none: people write them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from reviewkit.codebook import Codebook, Column
from reviewkit.filling import Cell, Filled, Scope, Source, Spoken, as_written, fill, spoken
from reviewkit.model import Place, Study
from reviewkit.words import Kind
from reviewkit.workbook.texts import cell_text

SPARE_ROWS = 5  # empty rows a study on the sheets of arms and outcomes
GROUP_OF_KEY = {"arm_id": ("arms", "{study}-A{number}"), "outcome_row_id": ("outcomes", "{study}-Q{number:02}")}
ASSISTED, INDEPENDENT = "assisted", "independent"
Link = Callable[[Place], str | None]


class Row(msgspec.Struct):
    """One row of a sheet: its key cells joined by a slash, the cell of each column, and where cells link to.

    `links` holds (address, words to show under the pointer) by column index.
    """

    key: str
    cells: list[Cell]
    links: dict[int, tuple[str, str]] = {}
    spare: bool = False


class Sheet(msgspec.Struct):
    """One sheet: its columns and rows. People may add rows below the last one where the sheet is `open`."""

    name: str
    columns: list[Column]
    rows: list[Row]
    is_open: bool

    @property
    def keys(self) -> int:
        """How many of the first columns name the row."""
        return sum(column.is_key for column in self.columns)


class Target(NamedTuple):
    """One row to be filled: its sheet, its key cells, the records that may speak, and the member it stands for."""

    sheet: str
    keys: dict[str, str]
    records: list[Spoken]
    scope: Scope | None
    place: Place | None
    spare: bool = False


class Difference(NamedTuple):
    """A cell left blank because the records differ."""

    sheet: str
    row: str
    field: str
    message: str


def report_key(document: str, record: int) -> str:
    """What names a report for ever: its document and the record's number in it."""
    return f"{document}#{record}"


def number_reports(studies: Iterable[Study]) -> dict[str, str]:
    """A report id for every record, in the order of the studies: report key -> R0001."""
    keys = [report_key(record.document, record.record) for study in studies for record in study.records]
    return {key: f"R{number:04}" for number, key in enumerate(dict.fromkeys(keys), 1)}


class Layout:
    """Lays out the sheets of one workbook from its codebook, study after study."""

    def __init__(self, codebook: Codebook, mode: str, report_ids: Mapping[str, str], link: Link):
        self.codebook, self.report_ids, self.link = codebook, report_ids, link
        self.assisted = mode == ASSISTED
        self.rows: dict[str, list[Row]] = {sheet: [] for sheet in codebook.sheets}
        self.evidence: list[Row] = []
        self.differences: list[Difference] = []
        self._targets = {sheet: targets for sheet in codebook.sheets if (targets := _targets_of(codebook, sheet))}

    def add(self, study: Study) -> None:
        """Add the rows of one study to every sheet that has rows of its own."""
        records = spoken(study.records)
        for sheet, targets in self._targets.items():
            for target in targets(self, study.study, records):
                self.rows[sheet].append(self._row(target))

    def sheets(self, asked_on: str) -> list[Sheet]:
        """Every sheet of the codebook in its order; `asked_on` (YYYY-MM-DD) dates the software's own questions."""
        self.rows["evidence"] = self.evidence
        if "queries" in self.rows:
            self.rows["queries"] = list(self._questions(asked_on))
        for rows in self.rows.values():
            for row in rows:  # what is kept of the issue is what the file holds, to the letter
                row.cells = [cell_text(cell) if isinstance(cell, str) else cell for cell in row.cells]
        return [
            Sheet(name, columns, self.rows[name], name not in self._targets and name != "evidence")
            for name, columns in self.codebook.sheets.items()
        ]

    def _row(self, target: Target) -> Row:
        columns = self.codebook.sheets[target.sheet]
        cells: list[Cell] = [target.keys.get(column.field) for column in columns]
        key = "/".join(target.keys[field] for field in self.codebook.row_key(target.sheet))
        row = Row(key, cells, {}, target.spare)
        if target.place is not None and (address := self.link(target.place)):
            row.links[0] = (address, str(target.place))
        if self.assisted and not target.spare:
            self._fill(row, target, columns)
        return row

    def _fill(self, row: Row, target: Target, columns: list[Column]) -> None:
        """Write what the records propose into the row's cells, and the proof of it on the evidence sheet."""
        index = {column.field: position for position, column in enumerate(columns)}
        for position, column in enumerate(columns):
            if column.filling is None or column.is_key:
                continue
            filled = fill(column, target.records, scope=target.scope)
            if not filled.sources:
                continue
            row.cells[position] = filled.value
            self.evidence += self._evidence(target.sheet, row.key, column, filled)
            if filled.disagreement:
                self.differences.append(Difference(target.sheet, row.key, column.field, filled.disagreement))
            elif (place := index.get(f"{column.field}_src")) is not None:
                source = filled.sources[0]
                row.cells[place] = _place_in_words(source)
                if address := self.link(source.value.place):
                    row.links[place] = (address, str(source.value.place))

    def _evidence(self, sheet: str, key: str, column: Column, filled: Filled) -> Iterator[Row]:
        fields = [column.field for column in self.codebook.sheets["evidence"]]
        for source in filled.sources:
            record = report_key(source.record.document, source.record.record)
            place = source.value.place
            page, section = where(place)
            told: dict[str, Cell] = {
                "sheet": sheet,
                "row_key": key,
                "field": column.field,
                "record": record,
                "item": source.item,
                "value": _as_text(source.proposed),
                "as_written": as_written(source.value),
                "quote": source.value.quote,
                "page": page,
                "section": section,
                "report_id": self.report_ids.get(record),
                "method": source.value.method,
            }
            parts = (sheet, key, column.field, record, "" if source.item is None else str(source.item))
            linked = "page" if page else "section"
            address = self.link(place) if linked in fields else None
            links = {fields.index(linked): (address, str(place))} if address else {}
            yield Row("/".join(parts), [told.get(field) for field in fields], links)

    def _questions(self, asked_on: str) -> Iterator[Row]:
        """A question for every cell that was left blank because the records differ."""
        fields = [column.field for column in self.codebook.sheets["queries"]]
        for number, difference in enumerate(self.differences, 1):
            told = {
                "query_id": f"Q{number:03}",
                "sheet": difference.sheet,
                "row_key": difference.row,
                "field": difference.field,
                "question": f"The records differ: {difference.message}. Which is right?",
                "asked_by": "reviewkit",
                "asked_at": asked_on,
                "state": "open",
            }
            yield Row(told["query_id"], [told.get(field) for field in fields])


def where(place: Place) -> tuple[str | None, str | None]:
    """A place as the evidence sheet tells it: page or line, and section (path, column or cell)."""
    parts = [f"{word} {number}" for word in ("page", "line", "row") if (number := getattr(place, word)) is not None]
    section = place.pointer or place.xpath or place.column
    if place.cell is not None:
        section = f"{place.sheet}, {place.cell}" if place.sheet else place.cell
    return ", ".join(parts) or None, section


def _place_in_words(source: Source) -> str:
    """What stands beside a prefilled value; that it comes from a mirror is never hidden."""
    retold = " (a page that retells a registry)" if source.record.kind == Kind.MIRROR else ""
    return str(source.value.place) + retold


def _as_text(cell: Cell) -> str | None:
    return f"{cell:g}" if isinstance(cell, float) else None if cell is None else str(cell)


Targets = Callable[[Layout, str, list[Spoken]], Iterator[Target]]


def _targets_of(codebook: Codebook, sheet: str) -> Targets | None:
    """The function that gives a sheet's rows for one study, chosen by its keys; None for a sheet that people write."""
    keys = codebook.keys(sheet)
    names = [key.field for key in keys]
    if names == ["study_id"]:
        return lambda layout, study, records: _study_rows(sheet, study, records)
    if names == ["report_id", "study_id"]:
        return lambda layout, study, records: _report_rows(sheet, study, records, layout.report_ids)
    if set(names) in ({"arm_id", "study_id"}, {"outcome_row_id", "study_id"}):
        return lambda layout, study, records: _member_rows(codebook, sheet, study, records)
    filled = [key for key in keys if key.filling and not key.filling.group]
    if len(keys) == 2 and len(filled) == 1 and "study_id" in names:
        return lambda layout, study, records: _value_rows(sheet, filled[0], study, records)
    return None


def _study_rows(sheet: str, study: str, records: list[Spoken]) -> Iterator[Target]:
    """One row a study; its key links to the first document that tells of it."""
    yield Target(sheet, {"study_id": study}, records, None, Place(records[0].record.document) if records else None)


def _report_rows(sheet: str, study: str, records: list[Spoken], ids: Mapping[str, str]) -> Iterator[Target]:
    """One row a record."""
    for one in records:
        keys = {"report_id": ids[report_key(*one.key)], "study_id": study}
        yield Target(sheet, keys, [one], None, Place(one.record.document))


def _value_rows(sheet: str, key: Column, study: str, records: list[Spoken]) -> Iterator[Target]:
    """One row for each value that fills the second key, such as a registration number; registry entries speak only
    on the row of their own number, papers on all."""
    assert key.filling is not None
    named: dict[str, Place] = {}
    for one in records:
        for source in fill(key, [one]).sources:
            named.setdefault(str(source.proposed), source.value.place)
    for text, place in named.items():
        own = [
            one
            for one in records
            if one.record.kind == Kind.PUBLICATION or any(s.proposed == text for s in fill(key, [one]).sources)
        ]
        yield Target(sheet, {"study_id": study, key.field: text}, own, None, place)


def _member_rows(codebook: Codebook, sheet: str, study: str, records: list[Spoken]) -> Iterator[Target]:
    """One row for each member of a group (arms, outcomes), then spare rows whose keys go on from the last."""
    names = [key.field for key in codebook.keys(sheet)]
    (own,) = [name for name in names if name in GROUP_OF_KEY]
    group, pattern = GROUP_OF_KEY[own]
    members = _members(group, _precedence(codebook, sheet, group), records)

    def keys(number: int) -> dict[str, str]:
        of = {own: pattern.format(study=study, number=number), "study_id": study}
        return {name: of[name] for name in names}

    for number, (items, place) in members.items():
        yield Target(sheet, keys(number), records, Scope(group, items), place)
    last = max(members, default=0)
    for number in range(last + 1, last + 1 + SPARE_ROWS):
        yield Target(sheet, keys(number), [], None, None, spare=True)


def _precedence(codebook: Codebook, sheet: str, group: str) -> tuple[str, ...]:
    """The kinds of record that give the rows: those that the sheet's first column filled from the group names."""
    for column in codebook.sheets[sheet]:
        if column.filling and column.filling.group == group:
            return column.filling.precedence
    return (Kind.PUBLICATION, Kind.REGISTRY)


Member = tuple[dict[tuple[str, int], int], Place]


def _members(group: str, kinds: tuple[str, ...], records: list[Spoken]) -> dict[int, Member]:
    """The members of a group as the first record that has any numbers them, each with its number in the other records.

    Members of two records are the same only where both call them the same; by position nothing is matched.
    """
    telling = [one for kind in kinds for one in records if one.record.kind == kind and one.items.get(group)]
    if not telling:
        return {}
    first, others = telling[0], telling[1:]
    called = [(one, _names(group, one)) for one in others]
    members: dict[int, Member] = {}
    own_names = {item: name for name, item in _names(group, first).items()}
    for item, value in sorted(first.items[group].items()):
        items = {first.key: item}
        items |= {one.key: names[own_names[item]] for one, names in called if own_names.get(item) in names}
        members[item] = (items, value.place)
    return members


def _names(group: str, one: Spoken) -> dict[str, int]:
    """Item numbers by name (the group's first field), leaving out names that stand twice."""
    from reviewkit.fields import first_of_group

    found: dict[str, list[int]] = {}
    for value in one.by_field.get(first_of_group(group), ()):
        if value.item is not None:
            found.setdefault(" ".join(str(value.value).casefold().split()), []).append(value.item)
    return {name: items[0] for name, items in found.items() if len(items) == 1}
