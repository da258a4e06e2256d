"""A table of facts: a CSV whose row 1 holds field names of fields.csv, one record a row (workbooks: table_sheets.py).

Beside a date stands, if known, its kind in the column `<field>.kind`. Lists are joined by `; `, and so are the items of
a group (`arms.label` = `Exosome; Saline`): the first filled column of a group says how many items a row has, and the
other columns of the group have as many parts, blank ones included. With several items, the members of a list inside
one are joined by `, `. An empty set is written `[]`. A heading that is no field name refuses the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice

from reviewkit.documents import LINE, Document
from reviewkit.errors import Problem
from reviewkit.model import Place, Record
from reviewkit.sources.table_columns import Column, columns_of, is_name
from reviewkit.sources.table_row import FIELDS as FIELDS
from reviewkit.sources.table_row import KIND as KIND
from reviewkit.sources.table_row import NAME as NAME
from reviewkit.sources.table_row import record_of

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
LONGEST_HEADER = 100_000  # characters of row 1; all our field names together have 6,000
ROWS_LOOKED_AT = 10  # to tell a table from prose


def recognise(document: Document) -> str | None:
    """What row 1 holds: field names, or headings that are none (which `read` refuses); None if this is no table."""
    delimiter = _delimiter(document.text)
    if delimiter is None:
        return None
    headings = _header(document.text, delimiter)
    names = [heading for heading in headings if is_name(heading)]
    if not names:
        return f"rows of {len(headings)} cells each, separated by a {DELIMITERS[delimiter]}"
    return f"field names in row 1, separated by a {DELIMITERS[delimiter]}: {', '.join(names[:3])}"


def _delimiter(text: str) -> str | None:
    """The delimiter under which row 1 holds most field names, else under which the text is plainly a table."""
    headers = {delimiter: _header(text, delimiter) for delimiter in DELIMITERS}
    known = {delimiter: sum(map(is_name, cells)) for delimiter, cells in headers.items()}
    best = max(
        known, key=lambda delimiter: (known[delimiter], known[delimiter] and _rows_of_one_width(text, delimiter))
    )
    # A single plain word such as "objective" may open a text; a dotted name does not.
    if known[best] > 1 or any("." in cell for cell in headers[best] if is_name(cell)):
        return best
    return next((delimiter for delimiter in DELIMITERS if _is_plainly_a_table(text, delimiter)), None)


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


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a row, streamed; ReviewError if a heading is no field name, is private, or stands twice."""
    delimiter = _delimiter(document.text) or ","
    columns = columns_of(document, _header(document.text, delimiter), partial(_heading, document.name))
    return _records(document, recognised_by, columns, delimiter)


def _heading(name: str, number: int, heading: str) -> Place:
    return Place(name, row=1, column=heading or str(number))


def _cell(name: str, row: int, heading: str) -> Place:
    return Place(name, row=row, column=heading)


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
        place = partial(_cell, document.name, row)
        yield record_of(document, recognised_by, row - 1, columns, cells, place)
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
