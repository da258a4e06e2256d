"""A table of facts in a workbook: every sheet whose row 1 holds field names, one record a row."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from reviewkit.documents import Document
from reviewkit.errors import Problem
from reviewkit.model import Place, Record
from reviewkit.sources.sheets import Formula, first_rows, is_workbook, place_of, sheets_of
from reviewkit.sources.table_columns import columns_of, is_name
from reviewkit.sources.table_row import FIELDS as FIELDS
from reviewkit.sources.table_row import KIND as KIND
from reviewkit.sources.table_row import NAME as NAME
from reviewkit.sources.table_row import record_of


def recognise(document: Document) -> str | None:
    """By the field names in row 1 of its first sheet that has any; a workbook without them is read to be refused."""
    if not is_workbook(document):
        return None
    named = [(title, headings) for title, _, headings in first_rows(document) if any(map(is_name, headings))]
    if not named:
        return "a workbook"
    title, headings = named[0]
    names = [heading for heading in headings if is_name(heading)]
    return f"field names in row 1 of sheet {title!r}: {', '.join(names[:3])}"


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a row over all sheets with field names, streamed; sheets of other content are passed, and told.

    ReviewError if no sheet has a field name in row 1, or a heading is none, is private, or stands twice.
    """
    known = [title for title, _, headings in first_rows(document) if any(map(is_name, headings))]
    number = 0
    for sheet in sheets_of(document):
        row, headings = next(sheet.rows, (1, []))
        if known and sheet.title not in known:
            if headings:
                _report_passed(document, sheet.title)
            continue
        if not headings:
            continue
        headings = _without_blank_end(headings)
        columns = columns_of(document, headings, partial(_heading, document, sheet.title, row))
        places = {heading: index for index, heading in enumerate(headings)}
        for row, cells in sheet.rows:
            number += 1
            cells = [*cells, *[""] * (len(headings) - len(cells))]
            yield record_of(
                document,
                recognised_by,
                number,
                columns,
                _without_formulas(document, sheet.title, row, headings, cells),
                partial(_cell, document, sheet.title, row, places),
            )
    if not number:
        document.report(
            Problem(
                document.name,
                Place(document.name),
                "headings without a row below",
                "one row for each record",
                "add the rows, or remove the file",
            )
        )


def _without_blank_end(headings: list[str]) -> list[str]:
    last = max(index for index, heading in enumerate(headings) if heading)
    return headings[: last + 1]


def _without_formulas(document: Document, sheet: str, row: int, headings: list[str], cells: list[str]) -> list[str]:
    """The cells with formulas left blank, each told: what a formula comes to is known to the program alone."""
    for index, cell in enumerate(cells[: len(headings)]):
        if isinstance(cell, Formula):
            document.notice(
                place_of(document, sheet, row, index),
                found=cell,
                expected="a value, not a formula",
                fix="copy the cell and paste it as a value; it was left blank",
            )
            cells[index] = ""
    return cells


def _heading(document: Document, sheet: str, row: int, number: int, heading: str) -> Place:
    return place_of(document, sheet, row, number - 1)


def _cell(document: Document, sheet: str, row: int, places: dict[str, int], heading: str) -> Place:
    return place_of(document, sheet, row, places[heading])


def _report_passed(document: Document, sheet: str) -> None:
    document.notice(
        Place(document.name, sheet=sheet),
        found=f"a sheet {sheet!r} without field names in row 1",
        expected="field names of fields.csv in row 1, such as ids.primary",
        fix="none needed if the sheet holds something else; it was passed",
    )
