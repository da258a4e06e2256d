"""Workbooks (.xlsx) as rows of words, read one row at a time: the cells of tables that people and portals keep there.

A formula is no fact: its cell is given as its formula, never as the number that some program left there.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple

from reviewkit.documents import Document
from reviewkit.errors import ReviewError
from reviewkit.model import Place

ZIP = b"PK\x03\x04"
MAIN = "xl/workbook.xml"
MOST_UNPACKED = 200 * 1024 * 1024
MOST_SHEETS = 40
HEAD = 4096  # bytes of a part in which a DOCTYPE would stand
# What zipfile and openpyxl raise for archives that are damaged, encrypted or no workbook.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError),
    *(AttributeError, LookupError, RuntimeError, TypeError, ValueError),
)


class Formula(str):
    """A cell that holds a formula: its words are the formula, not what it comes to."""


class Sheet(NamedTuple):
    """One sheet: its name, and its rows with their numbers from 1, each a list of words."""

    title: str
    rows: Iterator[tuple[int, list[str]]]


def is_workbook(document: Document) -> bool:
    """Is it a zip archive with the main part of a workbook?"""
    return document.raw.startswith(ZIP) and MAIN in _parts(document)


@lru_cache(maxsize=1)
def _parts(document: Document) -> frozenset[str]:
    """The names of the parts of an archive; none if it is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(document.raw)) as archive:
            return frozenset(archive.namelist())
    except BROKEN:
        return frozenset()


def first_rows(document: Document) -> list[tuple[str, int, list[str]]]:
    """Name, number and words of the first row that is not blank, for every sheet that has one."""
    return [(sheet.title, *first) for sheet in sheets_of(document) if (first := next(sheet.rows, None))]


def sheets_of(document: Document) -> Iterator[Sheet]:
    """Every sheet in order, to be read before the next is taken.

    ReviewError if the workbook is broken, declares a document type, or is too large unpacked (200 MB, 40 sheets).
    """
    from openpyxl import load_workbook

    with _faults_told(document):
        found = _oddity(document)
    if found:
        raise _refused(document, found)
    with _faults_told(document):
        book = load_workbook(io.BytesIO(document.raw), read_only=True)
    if len(book.worksheets) > MOST_SHEETS:
        raise _refused(document, f"a workbook of {len(book.worksheets)} sheets, more than {MOST_SHEETS}")
    for sheet in book.worksheets:
        yield Sheet(str(sheet.title), _rows(document, sheet))


def _oddity(document: Document) -> str | None:
    """What no office program writes, told before anything is unpacked whole."""
    with zipfile.ZipFile(io.BytesIO(document.raw)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > MOST_UNPACKED:
            return "a workbook of over 200 MB unpacked"
        for member in members:
            if member.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.open(member).read(HEAD):
                return f"a document type declaration in {member.filename}"
    return None


@contextmanager
def _faults_told(document: Document) -> Iterator[None]:
    """Tells what a damaged archive makes its readers raise as a broken workbook."""
    from lxml.etree import LxmlError
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        yield
    except (*BROKEN, SyntaxError, InvalidFileException, LxmlError) as error:
        raise _refused(document, f"a broken workbook ({type(error).__name__}: {error})") from error


def _refused(document: Document, found: str) -> ReviewError:
    return document.refuse(
        found=found,
        expected="a workbook as Excel or LibreOffice saves it",
        fix="open it there and save it again as .xlsx, or export the sheet as CSV",
    )


def _rows(document: Document, sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet as words; what the file says of its own size is not believed."""
    with _faults_told(document):
        sheet.reset_dimensions()
        rows = iter(sheet.iter_rows())
    for number in count(1):
        with _faults_told(document):
            row = next(rows, None)
        if row is None:
            return
        cells = [Formula(cell.value) if cell.data_type == "f" else words_of(cell.value) for cell in row]
        if any(cells):
            yield number, cells


def words_of(cell: Any) -> str:
    """A cell as its words: whole numbers without a point, days without a time.

    >>> words_of(8.0), words_of(datetime(2020, 3, 1)), words_of(True), words_of(None)
    ('8', '2020-03-01', 'true', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, (date, datetime, time)):
        return cell.isoformat()
    return str(cell).strip()


def place_of(document: Document, sheet: str, row: int, number: int) -> Place:
    """The place of a cell; `number` counts columns from 0."""
    from openpyxl.utils import get_column_letter

    return Place(document.name, sheet=sheet, cell=f"{get_column_letter(number + 1)}{row}")
