"""The rows of a CSV file whose columns are fixed: what a team writes in a table of ours, cell by cell."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from reviewkit.documents import LINE, Document
from reviewkit.errors import shown
from reviewkit.model import Place
from reviewkit.words import nearest

DELIMITERS = (",", ";", "\t")  # office programs write their country's own
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # text that begins so carries an apostrophe in a CSV of ours


def rows_of(document: Document, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that is not blank, as column -> cell, with its number; row 1 holds the names of the columns.

    Comma, semicolon or tab may stand between cells. ReviewError for a column that is unknown, missing or there twice,
    for a row of another length, and for broken quotation marks.
    """
    delimiter = max(DELIMITERS, key=lambda mark: len(set(_header(document, mark)) & set(columns)))
    header = _header(document, delimiter)
    _refuse_columns(document, header, columns)
    try:
        for row, cells in enumerate(_cells(document, delimiter), 1):
            if row == 1 or not any(cells):
                continue
            if len(cells) != len(header):
                raise document.refuse(
                    place=Place(document.name, row=row),
                    found=f"{len(cells)} cells",
                    expected=f"{len(header)} cells, as in row 1",
                    fix="put a cell that holds the delimiter between quotation marks, or add what is missing",
                )
            yield row, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise document.refuse(
            found=f"broken quotation marks ({error})",
            expected="a CSV file",
            fix="save the table again as CSV in UTF-8",
        ) from error


def _header(document: Document, delimiter: str) -> list[str]:
    try:
        return next(_cells(document, delimiter), [])
    except csv.Error:
        return []


def _cells(document: Document, delimiter: str) -> Iterator[list[str]]:
    lines = (match[0] for match in LINE.finditer(document.text) if match[0])
    for cells in csv.reader(lines, delimiter=delimiter, strict=True):
        yield [_without_apostrophe(cell.strip()) for cell in cells]


def _without_apostrophe(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def _refuse_columns(document: Document, header: list[str], columns: Sequence[str]) -> None:
    """ReviewError for a column that is unknown, missing, or there twice."""
    expected = "the columns " + ", ".join(columns)
    for number, column in enumerate(header, 1):
        if column not in columns or column in header[: number - 1]:
            free = [name for name in columns if name not in header]
            raise document.refuse(
                place=Place(document.name, row=1, column=column),
                found=f"the column {shown(column)}" + (" a second time" if column in columns else ""),
                expected=expected,
                fix=did_you_mean(column, free) if free else "remove the column",
            )
    if missing := [name for name in columns if name not in header]:
        raise document.refuse(
            place=Place(document.name, row=1),
            found="no column " + ", ".join(missing),
            expected=expected,
            fix="add the column; its cells may be blank where there is nothing to say",
        )


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    close = nearest(word, choices)
    return f"did you mean {close!r}?" if close else "write one of the words expected"
