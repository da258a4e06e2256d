"""Tables of facts as workbooks: the same rows as in a CSV, each value with its sheet and cell."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from reviewkit.documents import Document
from reviewkit.errors import Problem, ReviewError
from reviewkit.model import Place, Record
from reviewkit.sources import read as read_document

ROWS = [
    ["ids.primary", "registration.date", "enrolment.target", "masking.roles", "title.public"],
    ["nct 0427 6987", datetime(2020, 3, 19), 1200, "PARTICIPANT; INVESTIGATOR", "=A trial of mist"],
    ["IRCT20130812014333N164", "2021-04-01, 1400/01/12", 30.0, "[]", None],
]


def workbook(**sheets: list[list[object]]) -> bytes:
    """A workbook with these sheets; a text that begins with `=` is written as text."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, 1):
            for column, words in enumerate(row, 1):
                cell = sheet.cell(number, column, words)
                if isinstance(words, str) and words.startswith("="):
                    cell.data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(raw: bytes, problems: list[Problem] | None = None) -> list[Record]:
    return list(read_document(Document("trials.xlsx", raw, (problems if problems is not None else []).append)))


def facts(record: Record) -> list[tuple]:
    return [(v.field, v.value, v.quote, v.place.sheet, v.place.cell) for v in record.reported]


def test_a_workbook_gives_one_record_a_row_each_value_with_its_cell():
    first, second = read(workbook(Trials=ROWS))
    assert (first.source, first.kind, first.record, second.record) == ("table", "registry", 1, 2)
    assert first.recognised_by == (
        "field names in row 1 of sheet 'Trials': ids.primary, registration.date, enrolment.target"
    )
    assert facts(first) == [
        ("ids.primary", "NCT04276987", "nct 0427 6987", "Trials", "A2"),
        ("registration.date", "2020-03-19", "2020-03-19", "Trials", "B2"),
        ("enrolment.target", 1200, "1200", "Trials", "C2"),
        ("masking.roles", ["PARTICIPANT", "INVESTIGATOR"], "PARTICIPANT; INVESTIGATOR", "Trials", "D2"),
        ("title.public", "=A trial of mist", "=A trial of mist", "Trials", "E2"),
        ("ids.registry", "CTGOV", "nct 0427 6987", "Trials", "A2"),
    ]
    assert facts(second)[2:5] == [
        ("enrolment.target", 30, "30", "Trials", "C3"),
        ("masking.roles", [], "[]", "Trials", "D3"),
        ("title.public", None, "title.public", "Trials", "E3"),
    ]


def test_a_formula_is_left_blank_and_told():
    book = Workbook()
    book.active.append(["ids.primary", "enrolment.target"])
    book.active.append(["NCT04276987", "=10+20"])
    stream = io.BytesIO()
    book.save(stream)
    problems: list[Problem] = []
    (record,) = read(stream.getvalue(), problems)
    assert [(v.field, str(v.state), v.place.cell) for v in record.all("enrolment.target")] == [
        ("enrolment.target", "EMPTY_IN_SOURCE", "B2")
    ]
    assert problems == [
        Problem(
            "trials.xlsx",
            Place("trials.xlsx", sheet="Sheet", cell="B2"),
            "=10+20",
            "a value, not a formula",
            "copy the cell and paste it as a value; it was left blank",
            "notice",
        )
    ]


def test_sheets_of_other_content_are_passed_and_told():
    problems: list[Problem] = []
    records = read(workbook(Notes=[["What is this?"], ["A list"]], Trials=ROWS, More=ROWS[:2]), problems)
    assert [(record.record, record.first("ids.primary").place.sheet) for record in records] == [
        (1, "Trials"),
        (2, "Trials"),
        (3, "More"),
    ]
    assert [(problem.place, problem.found, problem.severity) for problem in problems] == [
        (
            Place("trials.xlsx", sheet="Notes"),
            "a sheet 'Notes' without field names in row 1",
            "notice",
        )
    ]


def test_headings_that_are_no_field_names_refuse_the_workbook():
    with pytest.raises(ReviewError) as told:
        read(workbook(Sheet1=[["ids.primary", "enrolment.targt"], ["NCT04276987", 30]]))
    assert told.value.problem == Problem(
        "trials.xlsx",
        Place("trials.xlsx", sheet="Sheet1", cell="B1"),
        "the heading 'enrolment.targt'",
        "field names of fields.csv, each once, such as ids.primary; <field>.kind for the kind of a date",
        "'enrolment.targt' (column 2): write enrolment.target, or remove the column",
    )
    with pytest.raises(ReviewError, match="the headings 'Study', 'Events', 'Total'"):
        read(workbook(Sheet1=[["Study", "Events", "Total"], ["A 2020", 3, 40]]))


def damaged(raw: bytes, **parts: bytes) -> bytes:
    """The workbook with some of its parts replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name.rpartition("/")[2].partition(".")[0], old.read(name)))
    return stream.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'
HOSTILE = {
    "a document type": (
        damaged(workbook(A=ROWS), sheet1=BOMB),
        "a document type declaration in xl/worksheets/sheet1.xml",
    ),
    "too large": (damaged(workbook(A=ROWS), sheet1=b" " * (201 << 20)), "a workbook of over 200 MB unpacked"),
    "too many sheets": (
        workbook(**{f"S{number}": ROWS for number in range(41)}),
        "a workbook of 41 sheets, more than 40",
    ),
    "cut off": (workbook(A=ROWS)[:-30], None),
    "no XML": (damaged(workbook(A=ROWS), sheet1=b"<worksheet><sheetData><row>"), None),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_broken_or_hostile_workbook_is_refused(case: str):
    raw, found = HOSTILE[case]
    with pytest.raises(ReviewError) as told:
        read(raw)
    assert found is None or told.value.problem.found == found


CELLS = st.one_of(
    st.none(),
    st.integers(0, 10_000),
    st.booleans(),
    st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20),
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6))
def test_whatever_the_cells_hold_each_row_with_words_is_a_record(rows: list[tuple]):
    headings = ["title.public", "enrolment.target", "registration.date"]
    records = read(workbook(Trials=[headings, *map(list, rows)]))
    kept = [row for row in rows if any(str(cell).strip() for cell in row if cell is not None)]
    assert len(records) == len(kept)
    for record in records:
        for value in record.reported:
            assert value.quote and value.place.sheet == "Trials" and value.place.cell


WHOLE = workbook(Trials=ROWS)


@given(st.lists(st.tuples(st.integers(4, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=5))
def test_a_damaged_workbook_gives_records_or_a_clear_error(changes: list[tuple[int, int]]):
    raw = bytearray(WHOLE)
    for index, byte in changes:
        raw[index] = byte
    try:
        read(bytes(raw))
    except ReviewError as error:
        assert error.problem.fix
