"""What a review asks: its codebook.csv, one row a column of the extraction sheets.

Everything that speaks of a column (headings, drop-downs, rules, what is filled in) is read from its row here. All that
is wrong with the file is found in one reading; `docs/add-a-question.md` says what each column may hold.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec

from reviewkit import fields
from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.filled_from import Filling, read_filling
from reviewkit.model import Place
from reviewkit.words import members, nearest, vocabularies

HEADINGS = (
    *("sheet", "field", "label", "definition", "type", "unit", "codes", "min", "max", "required"),
    *("missing_allowed", "rule", "example", "filled_from", "table", "version_added"),
)
NEEDED_HEADINGS = ("sheet", "field", "label", "type")
TYPES = ("id", "text", "count", "decimal", "date", "choice", "choices")
CODED, NUMBERS = ("choice", "choices"), ("count", "decimal")
REQUIRED = ("yes", "no", "key", "locked")
OWN_SHEETS = ("readme", "codebook", "_lists", "_meta")  # the workbook's own, which no team's sheet may be called
NEEDED_ROWS = (
    ("studies", "study_id"),
    *(("evidence", field) for field in ("sheet", "row_key", "field", "record", "item", "value")),
)
MAX_SHEETS, MAX_COLUMNS = 30, 250  # a returned file may have 40 sheets and 300 columns; people add some
YES_NO = (("yes", "Yes"), ("no", "No"))

NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")  # also a sheet's name in the workbook, of at most 31 characters
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,59}")
RENAMING = re.compile(r"(?<![\w.\-])(?P<from>[A-Z][A-Z0-9_]*)=(?P<to>[A-Za-z0-9][A-Za-z0-9_\-]*)")
TABLE = re.compile(r"T\d{1,2}[a-z]?:\d{1,2}")
LIMIT = re.compile(r"(?P<strict>[<>]?)(?P<number>-?\d+(?:\.\d+)?)")

COLUMN_TYPES = {  # what a column may be, by the kind of its field; the first is taken if none is given
    "text": ("text",),
    "url": ("text",),
    "id": ("id", "text"),
    "count": ("count", "decimal", "text"),
    "decimal": ("decimal", "text"),
    "date": ("date", "text"),
    "age": ("text",),
    "flag": ("choice", "text"),
    "choice": ("choice", "choices", "text"),
    "choices": ("choices", "text"),
    "list": ("text",),
    "ref": ("text",),
}


class Limit(NamedTuple):
    """A bound: a `number` or another column of the sheet (`field`); `strict` leaves the bound itself out."""

    number: float | None
    field: str
    strict: bool


class Column(NamedTuple):
    """One row of the codebook.

    `codes` are (code, label) pairs in order; `renamed` says which code a member of the field's vocabulary becomes;
    `tables` are (table, position) pairs; `required` is one of yes, no, key, locked.
    """

    sheet: str
    field: str
    label: str
    definition: str
    type: str
    unit: str
    codes: tuple[tuple[str, str], ...]
    min: Limit | None
    max: Limit | None
    required: str
    missing: tuple[str, ...]
    rule: str
    example: str
    filling: Filling | None
    renamed: dict[str, str]
    tables: tuple[tuple[str, int], ...]
    version: int

    @property
    def is_key(self) -> bool:
        """Is this one of the columns that name the row?"""
        return self.required == "key"

    @property
    def is_locked(self) -> bool:
        """May only the software write here?"""
        return self.required in ("key", "locked")


class Codebook(msgspec.Struct, dict=True):
    """The columns of a review's sheets, in the order of the file; `cells` holds every row as written."""

    columns: list[Column]
    cells: list[list[str]]

    @cached_property
    def sheets(self) -> dict[str, list[Column]]:
        """The columns of each sheet: sheet -> columns, both in the order of the file."""
        sheets: dict[str, list[Column]] = {}
        for column in self.columns:
            sheets.setdefault(column.sheet, []).append(column)
        return sheets

    def keys(self, sheet: str) -> list[Column]:
        """The columns that name a row of one sheet."""
        return [column for column in self.sheets.get(sheet, ()) if column.is_key]

    def row_key(self, sheet: str) -> list[str]:
        """The fields that, joined by a slash, name a row of one sheet: its keys, without a study_id that stands behind
        the row's own id and only says whose row it is."""
        names = [column.field for column in self.keys(sheet)]
        return [name for position, name in enumerate(names) if position == 0 or name != "study_id"]

    @property
    def form_version(self) -> str:
        """The newest `version_added`: raise it in the rows you add, and the sheets count as a new form."""
        return str(max((column.version for column in self.columns), default=1))

    @property
    def schema_hash(self) -> str:
        """SHA-256 of everything the codebook says: two forms are the same if this is."""
        return hashlib.sha256(msgspec.json.encode(self.cells)).hexdigest()

    def in_table(self, table: str) -> list[Column]:
        """The columns that a table shows, by their position in it."""
        placed = [(position, column) for column in self.columns for name, position in column.tables if name == table]
        return [column for _, column in sorted(placed, key=lambda pair: pair[0])]


def load_codebook(path: Path, name: str = "codebook.csv") -> Codebook:
    """The codebook in a file; ReviewError with the first problem if there is any (`read_codebook` gives all)."""
    codebook, problems = read_codebook(path.read_bytes(), name)
    if problems:
        raise ReviewError(problems[0])
    return codebook


def read_codebook(content: bytes, name: str = "codebook.csv") -> tuple[Codebook, list[Problem]]:
    """The codebook in the bytes of a CSV file, and everything that is wrong with it, row by row.

    A row with a problem is left out of the codebook.
    """
    rows, problems = _rows(content, name)
    if problems:
        return Codebook([], []), problems
    reading = _Reading(name, rows)
    for row in rows:
        reading.read(row)
    reading.check_whole()
    return Codebook(reading.columns, [row.written for row in rows]), sorted(reading.problems, key=_row_of)


class _Row(NamedTuple):
    """One row of the file: its number (the headings are row 1), its cells by heading, and all of them as written."""

    number: int
    cells: dict[str, str]
    written: list[str]


def _row_of(problem: Problem) -> int:
    return problem.place.row or 0


def _rows(content: bytes, name: str) -> tuple[list[_Row], list[Problem]]:
    """The rows that hold anything; a problem with the file as a whole ends the reading."""

    def problem(found: str, expected: str, fix: str, row: int = 1, column: str | None = None) -> Problem:
        return Problem(name, Place(name, row=row, column=column), found, expected, fix)

    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fix = "save it as “CSV UTF-8” in the spreadsheet program"
        return [], [problem(f"a byte that is not UTF-8 at offset {error.start}", "text in UTF-8", fix)]
    table = [(n, cells) for n, cells in enumerate(csv.reader(io.StringIO(text, newline="")), 1) if any(cells)]
    if not table:
        return [], [problem("an empty file", "a row of headings", "start from the codebook.csv of a new review")]
    headings = [heading.strip() for heading in table[0][1]]
    if len(headings) == 1 and re.search(r"[;\t]", headings[0]):
        return [], [problem(shown(headings[0]), "cells parted by commas", "save it again as CSV with commas")]
    problems = []
    for heading in headings:
        if heading not in HEADINGS:
            hint = nearest(heading, HEADINGS)
            fix = f"did you mean {hint!r}?" if hint else "remove the column; notes belong in `rule`"
            problems.append(problem(shown(heading), "a heading of a codebook: " + ", ".join(HEADINGS), fix, 1, heading))
    for heading in NEEDED_HEADINGS:
        if heading not in headings:
            expected = "the headings " + ", ".join(NEEDED_HEADINGS)
            problems.append(problem(f"no column {heading!r}", expected, f"add the column {heading!r}"))
    if len(set(headings)) < len(headings):
        problems.append(problem("a heading that stands twice", "each heading once", "remove one of the two columns"))
    rows = []
    for number, cells in table[1:]:
        if len(cells) > len(headings):
            fix = 'put a cell that holds a comma in quotes: "one, two"'
            problems.append(problem(f"{len(cells)} cells", f"{len(headings)} cells, one a heading", fix, number))
        padded = [cell.strip() for cell in cells] + [""] * (len(headings) - len(cells))
        named = {**dict.fromkeys(HEADINGS, ""), **dict(zip(headings, padded, strict=False))}
        rows.append(_Row(number, named, [named[heading] for heading in HEADINGS]))
    return rows, problems


class _Reading:
    """Reads the rows of one codebook one after the other and gathers what is wrong with them."""

    def __init__(self, name: str, rows: list[_Row]):
        self.name = name
        self.problems: list[Problem] = []
        self.columns: list[Column] = []
        self.types: dict[tuple[str, str], str] = {}  # every column's type, for limits that name another column
        self.first_rows: dict[str, int] = {}
        for row in rows:
            self.types.setdefault((row.cells["sheet"], row.cells["field"]), row.cells["type"])
            self.first_rows.setdefault(row.cells["sheet"], row.number)
        self.seen: set[tuple[str, str]] = set()
        self.row: _Row = _Row(1, {}, [])

    def tell(self, column: str, expected: str, fix: str, *, found: str | None = None, row: int | None = None) -> None:
        """Note one problem with a cell of the present row."""
        place = Place(self.name, row=row or self.row.number, column=column)
        found = shown(self.row.cells[column]) if found is None else found
        self.problems.append(Problem(self.name, place, found, expected, fix))

    def read(self, row: _Row) -> None:
        """Read one row into a column; with a problem it is left out."""
        self.row, before, cells = row, len(self.problems), row.cells
        self._check_names()
        filling = self._part("filled_from", read_filling, None)
        field = _field_of(filling)
        type_ = self._type(filling, field)
        codes = self._codes(type_, field)
        required = self._choice("required", REQUIRED, "no")
        column = Column(
            sheet=cells["sheet"],
            field=cells["field"],
            label=cells["label"],
            definition=cells["definition"],
            type=type_,
            unit=cells["unit"],
            codes=codes,
            min=self._limit("min", type_),
            max=self._limit("max", type_),
            required=required,
            missing=self._missing(required),
            rule=cells["rule"],
            example=cells["example"],
            filling=filling,
            renamed=self._renamed(type_, codes, field),
            tables=self._part("table", _read_tables, ()),
            version=self._part("version_added", _read_version, 1),
        )
        self._check_limits(column)
        if len(self.problems) == before:
            self.columns.append(column)

    def _part(self, column: str, read: Callable, otherwise):
        """Read one cell with a small reader whose ValueError says what was wanted."""
        text = self.row.cells[column]
        if not text:
            return otherwise
        try:
            return read(text)
        except ValueError as error:
            self.tell(column, str(error), "correct it, or leave the cell empty")
            return otherwise

    def _choice(self, column: str, choices: tuple[str, ...], otherwise: str) -> str:
        text = self.row.cells[column]
        if text and text not in choices:
            close = nearest(text, choices)
            fix = f"did you mean {close!r}?" if close else "choose one of them"
            self.tell(column, "one of " + ", ".join(choices), fix)
        return text if text in choices else otherwise

    def _check_names(self) -> None:
        sheet, field = self.row.cells["sheet"], self.row.cells["field"]
        for column, text in (("sheet", sheet), ("field", field)):
            if not NAME.fullmatch(text):
                better = re.sub(r"[^a-z0-9_]+", "_", text.casefold()).strip("_0123456789")[:30]
                fix = f"write {better!r}" if NAME.fullmatch(better) else "give it a short name in lower case"
                self.tell(column, "at most 30 lower-case letters, digits and _, beginning with a letter", fix)
        if sheet in OWN_SHEETS:
            self.tell("sheet", "a name that the workbook does not use itself", f"call it {'team_' + sheet!r}")
        if (sheet, field) in self.seen:
            self.tell("field", f"each field once on the sheet {sheet!r}", "give one of the two another name")
        self.seen.add((sheet, field))
        if not self.row.cells["label"]:
            self.tell("label", "a heading that people read", "write one")
        if field.endswith("_src") and (sheet, field.removesuffix("_src")) not in self.types:
            wanted = f"a column {field.removesuffix('_src')!r} on the sheet {sheet!r}, whose place this column gives"
            others = [name for of, name in self.types if of == sheet and name != field]
            close = nearest(field.removesuffix("_src"), others)
            self.tell("field", wanted, f"did you mean {close + '_src'!r}?" if close else "add that column")

    def _type(self, filling: Filling | None, field: fields.Field | None) -> str:
        written = self._choice("type", TYPES, "")
        if filling is None:
            if not self.row.cells["type"]:
                fix = "write one; only a filled column may leave it to its field"
                self.tell("type", "one of " + ", ".join(TYPES), fix)
            return written or "text"
        allowed = _types_for(filling, field)
        if written and written not in allowed:
            source = f"{filling.name} ({field.kind if field else 'a group, counted'})"
            fix = f"write {allowed[0]!r}, or fill it from another field"
            self.tell("type", f"{' or '.join(allowed)}, to hold {source}", fix)
        return written or allowed[0]

    def _codes(self, type_: str, field: fields.Field | None) -> tuple[tuple[str, str], ...]:
        text = self.row.cells["codes"]
        if type_ not in CODED:
            if text:
                self.tell("codes", f"nothing, for a column of type {type_!r}", "make it a choice, or empty the cell")
            return ()
        if not text:
            return self._codes_of_field(field)
        if text.startswith("@"):
            return self._codes_of_vocabulary(text[1:])
        return tuple(self._own_codes(text))

    def _codes_of_field(self, field: fields.Field | None) -> tuple[tuple[str, str], ...]:
        if field is not None and field.kind == "flag":
            return YES_NO
        if field is not None and field.vocabulary:
            return tuple(vocabularies()[field.vocabulary].items())
        self.tell("codes", "codes such as yes=Yes|no=No, or a vocabulary such as @Phase", "write them", found="nothing")
        return ()

    def _codes_of_vocabulary(self, name: str) -> tuple[tuple[str, str], ...]:
        if name not in vocabularies():
            close = nearest(name, vocabularies())
            fix = f"did you mean {'@' + close!r}?" if close else "list the codes"
            self.tell("codes", "@ and a vocabulary of vocabularies.csv", fix)
            return ()
        return tuple(vocabularies()[name].items())

    def _own_codes(self, text: str) -> Iterator[tuple[str, str]]:
        allowed = self.row.cells["missing_allowed"].casefold().split("|")
        taken = {code.casefold() for code in members("MissingCode") if code.casefold() in allowed}
        for part in text.split("|"):
            code, equals, label = (piece.strip() for piece in part.partition("="))
            if not CODE.fullmatch(code) or not equals or not label:
                self.tell("codes", "code=Label, parted by |, e.g. yes=Yes|no=No", "mend this one", found=shown(part))
            elif code.casefold() in taken or code in members("MissingCode"):
                expected = "each code once, and none of the missing codes"
                self.tell("codes", expected, "rename or remove it", found=shown(code))
            else:
                taken.add(code.casefold())
                yield code, label

    def _renamed(self, type_: str, codes: tuple[tuple[str, str], ...], field: fields.Field | None) -> dict[str, str]:
        """FROM=TO pairs of `rule`, and every member of the field's vocabulary that is a code as it stands."""
        own = [code for code, _ in codes]
        source = _members_of(field)
        if type_ not in CODED or not source or not codes:
            return {}
        renamed = {member: member for member in source if member in own}
        if own == [code for code, _ in YES_NO] and not self.row.cells["codes"]:
            renamed = {"TRUE": "yes", "FALSE": "no"}
        for match in RENAMING.finditer(self.row.cells["rule"]):
            if match["from"] not in source:
                self._tell_pair(match[0], "a member the field can have before =", match["from"], source)
            elif match["to"] not in own:
                self._tell_pair(match[0], "a code of this column after =", match["to"], own)
            else:
                renamed[match["from"]] = match["to"]
        if left := [member for member in source if member not in renamed]:
            fix = "; ".join(f"{member}=…" for member in left[:4])
            expected = f"a code for every member of {field.name if field else ''}"
            self.tell("rule", expected, f"write {fix}", found=f"none for {', '.join(left)}")
        return renamed

    def _tell_pair(self, pair: str, expected: str, found: str, choices: list[str]) -> None:
        close = nearest(found, choices)
        fix = f"did you mean {close!r}?" if close else "one of " + ", ".join(choices[:12])
        self.tell("rule", expected, fix, found=shown(pair))

    def _limit(self, name: str, type_: str) -> Limit | None:
        text = self.row.cells[name]
        if not text:
            return None
        sheet, field = self.row.cells["sheet"], self.row.cells["field"]
        if type_ not in NUMBERS:
            self.tell(name, f"nothing, for a column of type {type_!r}", "empty the cell")
        elif match := LIMIT.fullmatch(text):
            if match["strict"] != ("<" if name == "min" else ">"):
                return Limit(float(match["number"]), "", bool(match["strict"]))
            self.tell(name, f"a number, {'>' if name == 'min' else '<'} and a number, or a column", "turn the sign")
        elif text == field or self.types.get((sheet, text)) not in NUMBERS:
            numbers = [other for (of, other), kind in self.types.items() if of == sheet and kind in NUMBERS]
            close = nearest(text, [other for other in numbers if other != field])
            expected = f"a number, or another column of numbers on the sheet {sheet!r}"
            self.tell(name, expected, f"did you mean {close!r}?" if close else "write a number")
        else:
            return Limit(None, text, False)
        return None

    def _check_limits(self, column: Column) -> None:
        low, high = column.min, column.max
        if low and high and low.number is not None and high.number is not None and low.number > high.number:
            self.tell("max", f"at least the min, {low.number:g}", "exchange the two, or correct one")

    def _missing(self, required: str) -> tuple[str, ...]:
        text = self.row.cells["missing_allowed"]
        codes = tuple(part.strip() for part in text.split("|")) if text else ()
        if codes and required == "key":
            self.tell("missing_allowed", "nothing, for a key is never missing", "empty the cell")
        for code in codes:
            if code not in members("MissingCode"):
                close = nearest(code, members("MissingCode"))
                expected = "missing codes parted by |: " + ", ".join(members("MissingCode"))
                fix = f"did you mean {close!r}?" if close else "remove it"
                self.tell("missing_allowed", expected, fix, found=shown(code))
        return tuple(code for code in codes if code in members("MissingCode"))

    def check_whole(self) -> None:
        """What can only be said of the sheets together: keys, sizes, and the rows every workbook needs."""
        sheets: dict[str, list[str]] = {}
        for sheet, field in self.types:
            sheets.setdefault(sheet, []).append(field)
        read = {(column.sheet, column.field): column for column in self.columns}
        for sheet, names in sheets.items():
            if len(names) > MAX_COLUMNS:
                self._tell_sheet(sheet, "field", f"{len(names)} columns", f"at most {MAX_COLUMNS}", "use two sheets")
            if all((sheet, name) in read for name in names):  # else the row left out may have been the key
                self._check_keys(sheet, [read[sheet, name].is_key for name in names])
        if len(sheets) > MAX_SHEETS:
            self._tell_sheet(next(iter(sheets)), "sheet", f"{len(sheets)} sheets", f"at most {MAX_SHEETS}", "join some")
        for needed in NEEDED_ROWS:
            if needed not in self.types:
                self._tell_missing(*needed)

    def _check_keys(self, sheet: str, keys: list[bool]) -> None:
        if not any(keys):
            fix = "mark the column that names the row, e.g. study_id"
            self._tell_sheet(sheet, "required", "no key", "a column with required = key", fix)
        elif keys != sorted(keys, reverse=True):
            fix = "move its row up in the file"
            self._tell_sheet(sheet, "required", "a key after other columns", "key columns first", fix)

    def _tell_sheet(self, sheet: str, column: str, found: str, expected: str, fix: str) -> None:
        place = Place(self.name, row=self.first_rows[sheet], column=column)
        self.problems.append(Problem(self.name, place, f"{found} on the sheet {sheet!r}", expected, fix))

    def _tell_missing(self, sheet: str, field: str) -> None:
        place = Place(self.name, row=self.first_rows.get(sheet, 1), column="field")
        expected = f"a row {sheet}, {field}, which workbooks cannot do without"
        fix = "copy that row from the codebook.csv of a new review"
        self.problems.append(Problem(self.name, place, "no such row", expected, fix))


def _field_of(filling: Filling | None) -> fields.Field | None:
    """The field a column is filled from; None for a count and for a column that is not filled."""
    return None if filling is None or filling.function == "count" else fields.catalogue()[filling.name]


def _members_of(field: fields.Field | None) -> list[str]:
    """The values a coded field can have, as FROM=TO names them; empty for a field of another kind."""
    if field is None:
        return []
    return ["TRUE", "FALSE"] if field.kind == "flag" else list(members(field.vocabulary)) if field.vocabulary else []


def _types_for(filling: Filling, field: fields.Field | None) -> tuple[str, ...]:
    if field is None:
        return ("count", "decimal", "text")
    if filling.function == "join":  # several codes make a list, several of anything else a text
        return ("choices", "text") if field.vocabulary else ("text",)
    return COLUMN_TYPES[field.kind]


def _read_tables(text: str) -> tuple[tuple[str, int], ...]:
    parts = [part.strip() for part in text.split(";")]
    if not all(TABLE.fullmatch(part) for part in parts):
        raise ValueError("a table and a position in it, e.g. T1:7, several parted by ;")
    return tuple((part.split(":")[0], int(part.split(":")[1])) for part in parts)


def _read_version(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,5}", text):
        raise ValueError("the number of the form in which the row was added, e.g. 2")
    return int(text)
