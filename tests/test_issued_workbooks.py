"""What review.db keeps of the workbooks given out."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from reviewkit.errors import ReviewError
from reviewkit.store import IssuedWorkbooks

WORKBOOK = {
    "workbook_uuid": "u-1",
    "review_id": "exosomes",
    "form_version": "1",
    "schema_hash": "0" * 64,
    "extractor": "AB",
    "mode": "independent",
    "number": 1,
    "issued_at": "2026-11-01",
    "file": "exosomes__1__AB.xlsx",
    "columns": {"studies": ["study_id", "design"]},
}
CELLS = [
    ("studies", "S0001", "study_id", "S0001"),
    ("studies", "S0001", "n_arms", 2),
    ("arms", "S0001-A1", "dose", 0.5),
]


@pytest.fixture
def issued(tmp_path) -> IssuedWorkbooks:
    return IssuedWorkbooks(tmp_path / "review.db")


def test_a_workbook_and_its_cells_are_kept_as_they_were_issued(issued, tmp_path):
    issued.add(WORKBOOK, CELLS)
    again = IssuedWorkbooks(tmp_path / "review.db")
    assert (again.get("u-1"), again.all(), again.find("ab", "1")) == (WORKBOOK, [WORKBOOK], [WORKBOOK])
    assert [tuple(cell) for cell in again.cells("u-1")] == sorted(CELLS)
    assert (again.get("u-2"), again.find("AB", "2"), again.cells("u-2")) == (None, [], [])


def test_an_extractor_gets_one_workbook_of_a_form(issued):
    issued.add(WORKBOOK, CELLS)
    with pytest.raises(ReviewError) as raised:
        issued.add({**WORKBOOK, "workbook_uuid": "u-2", "extractor": "ab"}, CELLS)
    assert str(raised.value) == (
        f"{issued.path}\n  found     workbook 1 of ab, form 1, has been issued\n"
        "  expected  one workbook an extractor and form\n"
        "  fix       use the one issued, or raise version_added in the codebook's new rows"
    )
    issued.add({**WORKBOOK, "workbook_uuid": "u-3", "form_version": "2"}, [])


def test_a_workbook_whose_cells_cannot_be_kept_is_not_kept_either(issued):
    with pytest.raises((ReviewError, sqlite3.IntegrityError)):
        issued.add(WORKBOOK, [*CELLS, CELLS[0]])
    assert issued.all() == []


def test_a_report_keeps_its_id_and_no_id_is_given_twice(issued):
    assert issued.report_ids(["a.txt#1", "b.txt#1", "a.txt#1"]) == {"a.txt#1": "R0001", "b.txt#1": "R0002"}
    assert issued.report_ids(["c.txt#1", "a.txt#1"]) == {"c.txt#1": "R0003", "a.txt#1": "R0001"}


@pytest.mark.parametrize("table", ["workbooks", "issued_cells", "report_keys"])
@pytest.mark.parametrize(
    "change", ["DELETE FROM {0}", "UPDATE {0} SET rowid_free = 1", "INSERT OR REPLACE INTO {0} SELECT * FROM {0}"]
)
def test_the_database_itself_refuses_to_change_or_remove_a_row(issued, table, change):
    issued.add(WORKBOOK, CELLS)
    issued.report_ids(["a.txt#1"])
    column = {"workbooks": "mode", "issued_cells": "value", "report_keys": "report_id"}[table]
    with closing(sqlite3.connect(issued.path)) as database:
        before = database.execute(f"SELECT * FROM {table}").fetchall()
        with pytest.raises(sqlite3.IntegrityError, match=f"rows of {table} are kept as they are"):
            database.execute(change.format(table).replace("rowid_free", column))
        assert database.execute(f"SELECT * FROM {table}").fetchall() == before
