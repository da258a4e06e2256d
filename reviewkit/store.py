"""What a review keeps: `review.db` with the study keys, and the cache of extracted records.

Extracted values can be made again, so they live in files that may be deleted; a study's id is given once and for ever,
so it lives in the database.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import struct
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec

from reviewkit.errors import Problem, ReviewError
from reviewkit.model import Place, Record

LENGTH = struct.Struct("<Q")
SCHEMA = """
CREATE TABLE IF NOT EXISTS study_keys (
  key      TEXT PRIMARY KEY,   -- a registration number; for a record without one: its content, and its file
  study_id TEXT NOT NULL       -- S0001, given once
);
CREATE TRIGGER IF NOT EXISTS study_keys_stay BEFORE DELETE ON study_keys
  BEGIN SELECT RAISE(ABORT, 'a study key is kept for ever'); END;
CREATE TRIGGER IF NOT EXISTS study_ids_stay BEFORE UPDATE ON study_keys
  BEGIN SELECT RAISE(ABORT, 'a study key keeps its study'); END;
"""


class Position(NamedTuple):
    """Where a record is kept: a file of the cache and the byte offset in it."""

    file: str
    offset: int


class Tail(msgspec.Struct):
    """What ends the file of one document: how many records stand before, and the problems, told again at every run."""

    records: int
    problems: list[Problem]


class RecordCache:
    """Records in files, one a document and reader version, written and read back one at a time.

    A file is blocks of msgpack with their lengths: the records, the tail, and last the tail's offset. `fields_of` gives
    a source's field list, which is not stored with every record.
    """

    def __init__(self, folder: Path, reader_version: str, fields_of: Callable[[str], Any]):
        self.folder, self.version, self.fields_of = folder, reader_version, fields_of
        self.encoder = msgspec.msgpack.Encoder()
        self.record_decoder = msgspec.msgpack.Decoder(Record)
        self.tail_decoder = msgspec.msgpack.Decoder(Tail)
        folder.mkdir(parents=True, exist_ok=True)

    def name(self, document: str, sha256: str) -> str:
        """The file of one document: its content, its name (places speak of it) and the reader's version name it."""
        named = hashlib.sha256(f"{document}\0{sha256}\0{self.version}".encode("utf-8", "surrogatepass")).hexdigest()
        return f"{named[:40]}.msgpack"

    def problems(self, name: str) -> list[Problem] | None:
        """The problems met when the document was read, or None if it is not in the cache, or damaged there."""
        try:
            with (self.folder / name).open("rb") as file:
                return list(map(_with_place, self._tail(file).problems))
        except (OSError, ValueError, struct.error, zlib.error):
            return None

    def read(self, name: str) -> Iterator[tuple[Position, Record]]:
        """The records of a document that is in the cache."""
        with (self.folder / name).open("rb") as file:
            kept = self._tail(file).records
            file.seek(0)
            for _ in range(kept):
                yield Position(name, file.tell()), self._record(file)

    def write(self, name: str, records: Iterable[Record], problems: list[Problem]) -> Iterator[tuple[Position, Record]]:
        """Keep a document's records as they come; the file gets its name when the last has been written, so a run that
        was broken off leaves no half document. `problems` is read at the end."""
        descriptor, temporary = tempfile.mkstemp(dir=self.folder, suffix=".part")
        written = 0
        try:
            with os.fdopen(descriptor, "wb") as file:
                for record in records:
                    position = Position(name, file.tell())
                    _write_block(file, self.encoder.encode(msgspec.structs.replace(record, fields=())))
                    written += 1
                    yield position, record
                offset = file.tell()
                _write_block(file, self.encoder.encode(Tail(written, problems)))
                file.write(LENGTH.pack(offset))
            Path(temporary).replace(self.folder / name)
        finally:
            Path(temporary).unlink(missing_ok=True)

    def load(self, position: Position) -> Record:
        """One record by its position."""
        with (self.folder / position.file).open("rb") as file:
            file.seek(position.offset)
            return self._record(file)

    def _record(self, file: BinaryIO) -> Record:
        record = self.record_decoder.decode(_read_block(file))
        record.fields = self.fields_of(record.source)
        return record

    def _tail(self, file: BinaryIO) -> Tail:
        end = file.seek(-LENGTH.size, os.SEEK_END)
        (start,) = LENGTH.unpack(file.read(LENGTH.size))
        if start > end - LENGTH.size:
            raise ValueError("no tail where the end says that it begins")
        file.seek(start)
        (length,) = LENGTH.unpack(file.read(LENGTH.size))
        if start + LENGTH.size + length != end:
            raise ValueError("a tail of another length than it says")
        return self.tail_decoder.decode(zlib.decompress(file.read(length)))


def _with_place(problem: Problem) -> Problem:
    """A problem as it was: in the file its place is a mere mapping."""
    return msgspec.structs.replace(problem, place=msgspec.convert(problem.place, Place | None))


def _write_block(file: BinaryIO, block: bytes) -> None:
    packed = zlib.compress(block, level=1)  # a record repeats its field names; packed it takes a tenth
    file.write(LENGTH.pack(len(packed)))
    file.write(packed)


def _read_block(file: BinaryIO) -> bytes:
    return zlib.decompress(file.read(LENGTH.unpack(file.read(LENGTH.size))[0]))


class StudyKeys(NamedTuple):
    """What a study may be known by: the registration numbers of its records (`numbered`) or else the content of its one
    record; and the files it is told of in, which count where the content has changed."""

    keys: list[str]
    files: list[str]
    numbered: bool


class ReviewDatabase:
    """`review.db`: which study each key belongs to. Rows are added, never changed or removed."""

    def __init__(self, path: Path):
        self.path = path
        with self._open() as database:
            database.executescript(SCHEMA)

    def study_ids(self, studies: Sequence[StudyKeys]) -> list[str]:
        """The id of each study: the oldest that it has the best claim to, else the next free one."""
        with self._open() as database, database:
            known: dict[str, str] = dict(database.execute("SELECT key, study_id FROM study_keys ORDER BY rowid"))
            found = _given(studies, known)
            rows = {
                key: study_id
                for study, study_id in zip(studies, found, strict=True)
                for key in (study.keys if study.numbered else [*study.keys, *study.files])
            }
            new = [(key, study_id) for key, study_id in rows.items() if key not in known]
            database.executemany("INSERT INTO study_keys (key, study_id) VALUES (?, ?)", new)
        return found

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path)) as database:
                database.execute("PRAGMA journal_mode = WAL")
                yield database
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # our own mistake, not the file's
        except sqlite3.DatabaseError as error:
            restore = "restore it from a backup; the ids of the studies are in it"
            fix = "close the other program that uses it" if "locked" in str(error) else restore
            expected = "the database of a review"
            raise ReviewError(Problem(str(self.path), Place(str(self.path)), str(error), expected, fix)) from error


def _given(studies: Sequence[StudyKeys], known: dict[str, str]) -> list[str]:
    """The id of each study: of the ids it has the best claim to, the oldest; without any, a new one."""
    first_keys = {study_id: key for key, study_id in reversed(known.items())}
    best: dict[str, tuple[int, int]] = {}  # id -> strength of the claim (0 is best), index of the study
    for index, study in enumerate(studies):
        for study_id, strength in _claims(study, known, first_keys):
            best[study_id] = min(best.get(study_id, (strength, index)), (strength, index))
    won: dict[int, int] = {}
    for study_id, (_, index) in best.items():
        won[index] = min(won.get(index, _number(study_id)), _number(study_id))
    free = count(max(map(_number, known.values()), default=0) + 1)
    return [f"S{won[index] if index in won else next(free):04}" for index in range(len(studies))]


def _claims(study: StudyKeys, known: dict[str, str], first_keys: dict[str, str]) -> Iterator[tuple[str, int]]:
    """The ids a study has a claim to: first by the key an id was given for, then by its other keys, then by a file's
    name, unless the content itself is known."""
    own = [key for key in study.keys if key in known]
    for key in own:
        yield known[key], 0 if first_keys[known[key]] == key else 1
    if study.numbered or not own:
        for file in study.files:
            if file in known:
                yield known[file], 2


def _number(study_id: str) -> int:
    return int(study_id[1:])


ISSUED_SCHEMA = """
CREATE TABLE IF NOT EXISTS report_keys (
  key       TEXT PRIMARY KEY,  -- document#record
  report_id TEXT NOT NULL      -- R0001, given once
);
CREATE TABLE IF NOT EXISTS workbooks (
  workbook_uuid TEXT PRIMARY KEY,
  review_id     TEXT NOT NULL,
  form_version  TEXT NOT NULL,
  schema_hash   TEXT NOT NULL,
  extractor     TEXT NOT NULL,
  mode          TEXT NOT NULL,  -- independent or assisted
  number        INTEGER NOT NULL,
  issued_at     TEXT NOT NULL,  -- the snapshot date
  file          TEXT NOT NULL,
  columns       TEXT NOT NULL   -- JSON: sheet -> fields in order
);
CREATE TABLE IF NOT EXISTS issued_cells (
  workbook_uuid TEXT NOT NULL REFERENCES workbooks (workbook_uuid),
  sheet         TEXT NOT NULL,
  row           TEXT NOT NULL,  -- the row's keys joined by /
  field         TEXT NOT NULL,
  value         TEXT NOT NULL,  -- JSON; blank cells have no row here
  PRIMARY KEY (workbook_uuid, sheet, row, field)
) WITHOUT ROWID;
"""
APPEND_ONLY = {  # table -> its key; INSERT OR REPLACE removes a row without asking the trigger on DELETE
    "report_keys": "key = NEW.key",
    "workbooks": "workbook_uuid = NEW.workbook_uuid",
    "issued_cells": "workbook_uuid = NEW.workbook_uuid AND sheet = NEW.sheet AND row = NEW.row AND field = NEW.field",
}
REFUSALS = "".join(
    f"CREATE TRIGGER IF NOT EXISTS {table}_no_{action.lower()} BEFORE {action} ON {table} {condition} "
    f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are kept as they are'); END;\n"
    for table, same in APPEND_ONLY.items()
    for action, condition in (
        ("UPDATE", ""),
        ("DELETE", ""),
        ("INSERT", f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"),
    )
)


class IssuedCell(NamedTuple):
    """One cell of a workbook as it was issued: the baseline when the workbook comes back."""

    sheet: str
    row: str
    field: str
    value: str | int | float


class IssuedWorkbooks(ReviewDatabase):
    """The workbooks a review has given out, in `review.db`. Rows are added, never changed or removed."""

    COLUMNS = (
        *("workbook_uuid", "review_id", "form_version", "schema_hash", "extractor"),
        *("mode", "number", "issued_at", "file", "columns"),
    )

    def __init__(self, path: Path):
        super().__init__(path)
        with self._open() as database:
            database.executescript(ISSUED_SCHEMA + REFUSALS)

    def report_ids(self, keys: Iterable[str]) -> dict[str, str]:
        """The id of each report, named `document#record`: the one it has, else the next free one."""
        wanted = list(dict.fromkeys(keys))
        with self._open() as database, database:
            known: dict[str, str] = dict(database.execute("SELECT key, report_id FROM report_keys"))
            last = max(map(_number, known.values()), default=0)
            new = {key: f"R{number:04}" for number, key in enumerate((k for k in wanted if k not in known), last + 1)}
            database.executemany("INSERT INTO report_keys (key, report_id) VALUES (?, ?)", new.items())
        return {key: (known | new)[key] for key in wanted}

    def find(self, extractor: str, form_version: str) -> list[dict[str, Any]]:
        """The workbooks of one extractor and form, in order of issue; letters may be in either case."""
        question = "SELECT * FROM workbooks WHERE extractor = ? COLLATE NOCASE AND form_version = ? ORDER BY number"
        return self._workbooks(question, (extractor, form_version))

    def get(self, workbook_uuid: str) -> dict[str, Any] | None:
        """One workbook by its uuid, or None if this review never issued it."""
        return next(iter(self._workbooks("SELECT * FROM workbooks WHERE workbook_uuid = ?", (workbook_uuid,))), None)

    def all(self) -> list[dict[str, Any]]:
        """Every workbook issued, by extractor, form version and number."""
        return self._workbooks("SELECT * FROM workbooks ORDER BY extractor, form_version, number", ())

    def add(self, workbook: dict[str, Any], cells: Iterable[tuple[str, str, str, Any]]) -> None:
        """Keep one workbook and its cells (sheet, row, field, value), or nothing of it.

        `workbook` has the keys of COLUMNS, `columns` as sheet -> fields. Raises ReviewError if this extractor already
        has a workbook of this form and number.
        """
        extractor, version, number = (workbook[name] for name in ("extractor", "form_version", "number"))
        if any(issued["number"] == number for issued in self.find(extractor, version)):
            found = f"workbook {number} of {extractor}, form {version}, has been issued"
            fix = "use the one issued, or raise version_added in the codebook's new rows"
            raise ReviewError(Problem(str(self.path), None, found, "one workbook an extractor and form", fix))
        values = [workbook[name] for name in self.COLUMNS[:-1]] + [msgspec.json.encode(workbook["columns"]).decode()]
        marks = ", ".join("?" * len(self.COLUMNS))
        rows = (
            (workbook["workbook_uuid"], sheet, row, field, msgspec.json.encode(value).decode())
            for sheet, row, field, value in cells
        )
        with self._open() as database, database:
            database.execute(f"INSERT INTO workbooks ({', '.join(self.COLUMNS)}) VALUES ({marks})", values)
            database.executemany("INSERT INTO issued_cells VALUES (?, ?, ?, ?, ?)", rows)

    def cells(self, workbook_uuid: str) -> list[IssuedCell]:
        """Every cell of one workbook as issued, in order of sheet, row and field; blank cells are not listed."""
        question = (
            "SELECT sheet, row, field, value FROM issued_cells WHERE workbook_uuid = ? ORDER BY sheet, row, field"
        )
        with self._open() as database:
            found = database.execute(question, (workbook_uuid,)).fetchall()
        return [IssuedCell(sheet, row, field, msgspec.json.decode(value)) for sheet, row, field, value in found]

    def _workbooks(self, question: str, values: tuple[str, ...]) -> list[dict[str, Any]]:
        with self._open() as database:
            found = database.execute(question, values).fetchall()
        workbooks = [dict(zip(self.COLUMNS, row, strict=True)) for row in found]
        return [{**workbook, "columns": msgspec.json.decode(workbook["columns"])} for workbook in workbooks]
