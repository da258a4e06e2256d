"""The workbook after LibreOffice has opened and saved it: what a co-reviewer without Excel gets, and sends back."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture
def saved(issued, tmp_path):
    """(the workbook as issued, the same after LibreOffice), both as openpyxl reads them."""
    if PROGRAM is None:
        message = "LibreOffice is not installed (libreoffice-calc)"
        if os.environ.get("REVIEWKIT_REAL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    *_, before, path = issued()
    converted(path, "xlsx:Calc MS Excel 2007 XML", tmp_path / "saved")
    return before, load_workbook(tmp_path / "saved" / path.name)


def converted(path: Path, kind: str, folder: Path) -> None:
    """Let LibreOffice open a file and save it as another kind, with a profile of its own."""
    profile = f"-env:UserInstallation=file://{folder.parent / 'profile'}"
    command = [str(PROGRAM), profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)


def rows(sheet) -> list[tuple]:
    """Every row with a value, without the blank cells behind its last one."""
    cut = [tuple(cell for cell in row) for row in sheet.iter_rows(values_only=True)]
    width = max((n + 1 for row in cut for n, cell in enumerate(row) if cell is not None), default=0)
    return [row[:width] for row in cut if any(cell is not None for cell in row)]


def rules(sheet) -> set[tuple]:
    """Every rule as (first cell, kind, style, formula without spaces and quotes around sheet names)."""
    found = set()
    for rule in sheet.data_validations.dataValidation:
        formula = (rule.formula1 or "").replace(" ", "").replace("$_lists.", "")
        for cells in str(rule.sqref).split():
            found.add((cells.split(":")[0], rule.type, rule.errorStyle or "stop", formula))
    return found


def names(book) -> dict[str, str]:
    """What each defined name stands for."""
    defined = {name: one.attr_text.replace("'", "") for name, one in book.defined_names.items()}
    return {name: target for name, target in defined.items() if not name.startswith("_")}


def is_locked(sheet, cell) -> bool:
    """A cell that the file does not hold has the lock of its column, which may stand for a run of columns."""
    if cell.has_style:
        return cell.protection.locked
    for columns in sheet.column_dimensions.values():
        if columns.min <= cell.column <= columns.max:
            return columns.protection.locked
    return True


def links(sheet) -> dict[str, str]:
    """The page and line each linked cell leads to; LibreOffice keeps the line apart, and moves folders."""
    found = {}
    for cell in (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink):
        line = f"#{cell.hyperlink.location}" if cell.hyperlink.location else ""
        found[cell.coordinate] = (cell.hyperlink.target + line).rpartition("pages/")[2]
    return found


def test_everything_that_a_co_reviewer_relies_on_survives_libreoffice(saved, codebook):
    before, after = saved
    assert after.sheetnames == before.sheetnames
    for name in before.sheetnames:
        assert rows(after[name]) == rows(before[name]), name
    for name, columns in codebook.sheets.items():
        one, two = before[name], after[name]
        assert rules(two) == rules(one), name
        assert two.protection.sheet is True
        assert (two.protection.insertRows, two.protection.autoFilter) == (False, False), name
        for asked, mine, theirs in zip(columns, one.iter_cols(min_row=3), two.iter_cols(min_row=3), strict=False):
            if one.max_row > 2:
                assert {is_locked(two, cell) for cell in theirs[: len(mine)]} == {asked.is_locked}, (
                    name,
                    asked.field,
                )
        assert links(two) == links(one), name
    assert {
        name: defined.attr_text.replace("'", "") for name, defined in after.defined_names.items() if name[0] != "_"
    } == {name: defined.attr_text.replace("'", "") for name, defined in before.defined_names.items()}
    assert [after[name].sheet_state != "visible" for name in ("_lists", "_meta")] == [True, True]


def test_cells_for_new_rows_stay_unlocked_but_for_what_only_the_software_writes(saved, codebook):
    _, after = saved
    for name in ("baseline", "results_dich", "rob_answers"):
        empty = [after[name].cell(3, number) for number, _ in enumerate(codebook.sheets[name], 1)]
        expected = [column.required == "locked" for column in codebook.sheets[name]]
        assert [is_locked(after[name], cell) for cell in empty] == expected
