"""A table of facts: a CSV whose row 1 holds field names of fields.csv, one record a row.

Beside a date stands, if known, its kind in the column `<field>.kind`. Lists are joined by `; `, and so are the items of
a group (`arms.label` = `Exosome; Saline`): the first filled column of a group says how many items a row has, and the
other columns of the group have as many parts, blank ones included. With several items, the members of a list inside
one are joined by `, `. An empty set is written `[]`. A heading that is no field name refuses the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import islice
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.documents import LINE, Document, unreadable
from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.fields import Field, catalogue, first_of_group, sayable
from reviewkit.identifiers import UTN, read_trial_id
from reviewkit.kinds import Reading
from reviewkit.model import Place, Record, Value
from reviewkit.sources.collect import Collector, Reader, derive_nobody_masked, derive_registry
from reviewkit.words import Actuality, State, members, nearest

NAME = "table"
KIND = "registry"
FIELDS = sayable(["*"])

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
LONGEST_HEADER = 100_000  # characters of row 1; all our field names together have 6,000
ROWS_LOOKED_AT = 10  # to tell a table from prose
JOINT = re.compile(r";(?:\s+|$)")
INNER_JOINT = re.compile(r",\s*")
EMPTY_SET = "[]"
MANY_REFS = frozenset({"interventions.arms"})  # an intervention goes to several arms; every other ref names one item
PERSONS = ("enrolment.", "arms.n_", "results.")  # what counts persons; other counts have no unit


class Column(NamedTuple):
    """One column: heading, number from 0, field, and the number of the column that holds its date's kind, if any."""

    heading: str
    number: int
    field: Field
    kind_index: int | None


# ---- is it a table?


def recognise(document: Document) -> str | None:
    """What row 1 holds: field names, or headings that are none (which `read` refuses); None if this is no table."""
    delimiter = _delimiter(document.text)
    if delimiter is None:
        return None
    headings = _header(document.text, delimiter)
    names = [heading for heading in headings if _is_name(heading)]
    if not names:
        return f"rows of {len(headings)} cells each, separated by a {DELIMITERS[delimiter]}"
    return f"field names in row 1, separated by a {DELIMITERS[delimiter]}: {', '.join(names[:3])}"


def _delimiter(text: str) -> str | None:
    """The delimiter under which row 1 holds most field names, else under which the text is plainly a table."""
    headers = {delimiter: _header(text, delimiter) for delimiter in DELIMITERS}
    known = {delimiter: sum(map(_is_name, cells)) for delimiter, cells in headers.items()}
    best = max(
        known, key=lambda delimiter: (known[delimiter], known[delimiter] and _rows_of_one_width(text, delimiter))
    )
    # A single plain word such as "objective" may open a text; a dotted name does not.
    if known[best] > 1 or any("." in cell for cell in headers[best] if _is_name(cell)):
        return best
    return next((delimiter for delimiter in DELIMITERS if _is_plainly_a_table(text, delimiter)), None)


def _is_name(heading: str) -> bool:
    return heading in catalogue() or heading in _date_kinds()


@cache
def _date_kinds() -> dict[str, str]:
    """Heading of the kind of a date -> the date's field."""
    return {f"{name}.kind": name for name, field in catalogue().items() if field.kind == "date"}


def _header(text: str, delimiter: str) -> list[str]:
    """The cells of row 1 without the blanks around them; none if it is too long or its quotation marks are broken."""
    if len(LINE.match(text)[0]) > LONGEST_HEADER:  # type: ignore[index]
        return []
    try:
        return [cell.strip() for cell in next(csv.reader(_lines(text), delimiter=delimiter, strict=True), [])]
    except csv.Error:
        return []


def _lines(text: str) -> Iterator[str]:
    """The lines with their breaks, as the csv module wants them."""
    return (match[0] for match in LINE.finditer(text) if match[0])


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    """The first rows that are not blank; none if their quotation marks are broken."""
    try:
        reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
        return [row for row in islice(reader, ROWS_LOOKED_AT) if row]
    except csv.Error:
        return []


def _rows_of_one_width(text: str, delimiter: str) -> int:
    """How many of the first rows are as wide as row 1: this settles the delimiter below a single heading."""
    rows = _first_rows(text, delimiter)
    return sum(len(row) == len(rows[0]) for row in rows)


NAME_OF_A_COLUMN = re.compile(r"[^\s!?][^!?]{0,59}")


def _is_plainly_a_table(text: str, delimiter: str) -> bool:
    """Rows of equally many cells under short headings without sentences; prose has a blank after its commas."""
    if delimiter not in LINE.match(text)[0][:LONGEST_HEADER]:  # type: ignore[index]
        return False
    rows = _first_rows(text, delimiter)
    if len(rows) < 2 or {len(row) for row in rows} != {len(rows[0])} or len(rows[0]) < 2:
        return False
    first = next((cell for cell in rows[0] if cell), "")  # exports may leave the heading of row names blank
    return first[:1].isalpha() and rows[0].count("") <= 1 and all(map(_is_like_a_heading, rows[0]))


def _is_like_a_heading(cell: str) -> bool:
    a_sentence = cell.endswith((".", ":", ";")) or ". " in cell or len(cell.split()) > 8
    thousands = re.match(r"\d{3}\b", cell)
    return cell == "" or (NAME_OF_A_COLUMN.fullmatch(cell) is not None and not a_sentence and not thousands)


# ---- headings


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a row, streamed; ReviewError if a heading is no field name, is private, or stands twice."""
    delimiter = _delimiter(document.text) or ","
    columns = _columns(document, _header(document.text, delimiter))
    return _records(document, recognised_by, columns, delimiter)


def _columns(document: Document, headings: list[str]) -> list[Column]:
    """The columns of values; the columns of dates' kinds are tied to their dates."""
    wrong = [
        (n, heading, reason) for n, heading in enumerate(headings, 1) if (reason := _refusal(heading, headings, n))
    ]
    if wrong:
        raise _refuse_headings(document, wrong)
    places = {heading: index for index, heading in enumerate(headings)}
    return [
        Column(heading, index, catalogue()[heading], places.get(f"{heading}.kind"))
        for heading, index in places.items()
        if heading in catalogue()
    ]


def _refusal(heading: str, headings: list[str], number: int) -> str | None:
    """What to do about a heading that cannot stand; None if it can."""
    field = catalogue().get(heading)
    if heading in headings[: number - 1]:
        return "keep one of the two columns"
    if field is not None and field.private:
        return "remove the column: it holds private data, which are read only if the codebook asks for them"
    if field is not None:
        return None
    if heading in _date_kinds():
        date = _date_kinds()[heading]
        return None if date in headings else f"add the column {date}, whose kind it is"
    near = nearest(heading, _headings_that_can_stand())
    return f"write {near}, or remove the column" if near else "write the field's name, or remove the column"


@cache
def _headings_that_can_stand() -> tuple[str, ...]:
    return (*(name for name, field in catalogue().items() if not field.private), *_date_kinds())


SHOWN_HEADINGS = 5


def _refuse_headings(document: Document, wrong: list[tuple[int, str, str]]) -> ReviewError:
    """One error for the file, at its first wrong heading, with what to do about each."""
    number, heading, _ = wrong[0]
    rest = f", and {len(wrong) - SHOWN_HEADINGS} more" if len(wrong) > SHOWN_HEADINGS else ""
    found = ", ".join(repr(name) for _, name, _ in wrong[:SHOWN_HEADINGS])
    fixes = "; ".join(f"{name!r} (column {n}): {fix}" for n, name, fix in wrong[:SHOWN_HEADINGS])
    return document.refuse(
        place=Place(document.name, row=1, column=heading or str(number)),
        found=f"the heading{'s' if len(wrong) > 1 else ''} {found}{rest}",
        expected="field names of fields.csv, each once, such as ids.primary; <field>.kind for the kind of a date",
        fix=fixes + rest,
    )


# ---- rows


def _records(document: Document, recognised_by: str, columns: list[Column], delimiter: str) -> Iterator[Record]:
    width = len(_header(document.text, delimiter))
    found = False
    for row, cells in _rows(document, delimiter):
        if not any(cell.strip() for cell in cells):
            continue
        found = True
        if len(cells) != width:
            _report_width(document, row, len(cells), width)
            continue
        yield _record(document, recognised_by, columns, row, cells)
    if not found:
        document.report(
            Problem(
                document.name,
                Place(document.name, row=1),
                "headings without a row below",
                "one row for each record",
                "add the rows, or remove the file",
            )
        )


def _rows(document: Document, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header, each with its number (the header is 1; a cell may go over several lines)."""
    reader = csv.reader(_lines(document.text), delimiter=delimiter, strict=True)
    row = 0
    while True:
        row += 1
        try:
            cells = _next_row(reader, len(document.text))
        except csv.Error as error:
            _report_broken(document, row, str(error))
            continue
        if cells is None:
            return
        if row > 1:
            yield row, cells


def _next_row(reader: Iterator[list[str]], longest: int) -> list[str] | None:
    """The next row, None at the end. The csv module's limit on a cell is its own again afterwards."""
    limit = csv.field_size_limit(max(longest, 1))
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(limit)


def _report_width(document: Document, row: int, cells: int, width: int) -> None:
    document.report(
        Problem(
            document.name,
            Place(document.name, row=row),
            f"{cells} cell{'s' if cells != 1 else ''}",
            f"{width} cells, one for each heading",
            "put a cell that holds the delimiter between quotation marks, or add what is missing; the row was left out",
        )
    )


def _report_broken(document: Document, row: int, reason: str) -> None:
    open_mark = "unexpected end of data" in reason
    document.report(
        Problem(
            document.name,
            Place(document.name, row=row),
            "a quotation mark that is never closed" if open_mark else "text outside the quotation marks of a cell",
            "cells between quotation marks, with each mark inside a cell doubled",
            "close or double the quotation mark; the row was left out",
        )
    )


def _record(document: Document, recognised_by: str, columns: list[Column], row: int, cells: list[str]) -> Record:
    collector = Collector(document, NAME, KIND, FIELDS)
    by_group: dict[str, list[Column]] = {}
    for column in columns:
        by_group.setdefault(column.field.group, []).append(column)
    for group, those in by_group.items():
        reader = _Row(collector, row, cells)
        if group:
            reader.take_group(group, those)
        else:
            for column in those:
                reader.take(column)
    if collector.known("ids.registry") is None:
        derive_registry(collector)
    derive_nobody_masked(collector)
    return collector.record(recognised_by, row - 1)


class _Row:
    """One row being read: its cells become values at their row and column."""

    def __init__(self, collector: Collector, row: int, cells: list[str]):
        self.collector, self.document, self.row, self.cells = collector, collector.document, row, cells

    def cell(self, column: Column) -> str:
        return self.cells[column.number].strip()

    def place(self, column: Column) -> Place:
        return Place(self.document.name, row=self.row, column=column.heading)

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
                Place(self.document.name, row=self.row, column=f"{column.heading}.kind"),
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


# ---- cells


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
