"""links.csv of a review: what a named person decided about records that may be one trial."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from reviewkit.documents import open_document
from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.model import Place
from reviewkit.rows import rows_of

NAME = "links.csv"
COLUMNS = ("first", "second", "same_trial", "decided_by", "reason")
ANSWERS = {"yes": True, "no": False}
FIX = "write the document's name as the report gives it, with #2 for its second record"


class Decision(NamedTuple):
    """Two records (`document`, or `document#2` for its second record), and whether they are one trial."""

    first: str
    second: str
    same: bool
    decided_by: str
    reason: str
    row: int


def read_decisions(path: Path, report: Callable[[Problem], None]) -> list[Decision]:
    """The decisions in links.csv; no file holds none. A row with any fault is left out and told."""
    if not path.exists():
        return []
    decisions: list[Decision] = []
    try:
        for row, cells in rows_of(open_document(path, NAME, report), COLUMNS):
            fault = _fault(cells)
            if fault:
                column, expected = fault
                place, found = Place(NAME, row=row, column=column), shown(cells[column]) or "a blank cell"
                report(Problem(NAME, place, found, expected, "fill it in; the row is left out until then"))
                continue
            same = ANSWERS[cells["same_trial"].lower()]
            decisions.append(Decision(cells["first"], cells["second"], same, cells["decided_by"], cells["reason"], row))
    except ReviewError as error:
        report(error.problem)
    return decisions


def unknown(decision: Decision, name: str, column: str) -> Problem:
    """What to say of a decision about a record that is not there."""
    place = Place(NAME, row=decision.row, column=column)
    return Problem(NAME, place, shown(name), "a record of this review", FIX)


def _fault(cells: dict[str, str]) -> tuple[str, str] | None:
    """The first column of a row that is wrong, and what belongs there."""
    for column, expected in (("first", "a record"), ("second", "another record"), ("decided_by", "who decided")):
        if not cells[column]:
            return column, expected
    if cells["first"] == cells["second"]:
        return "second", "another record"
    return ("same_trial", "yes or no") if cells["same_trial"].lower() not in ANSWERS else None
