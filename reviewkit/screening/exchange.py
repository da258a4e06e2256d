"""The CSV in which PRISMA flow tools exchange counts: a row a box, named in `data`, with its count in `n`.

Sources and reasons are written `Name, 12; Name, 3`. Blank and NA are *not applicable*. exchange.csv holds the rows of
the common format; boxes it does not know are rows of their own, under our names.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from reviewkit.documents import Document
from reviewkit.errors import shown
from reviewkit.kinds import whole_number
from reviewkit.screening.flow import LISTS, Counts, Flow
from reviewkit.screening.log import read_table, report_cell
from reviewkit.words import nearest

TABLE = Path(__file__).with_name("exchange.csv")
HEADINGS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
NOT_APPLICABLE = ("", "NA")
# Where only the total of all databases or registers is known, it stands under this name.
TOTALS = {"db": "Databases", "reg": "Registers"}
PART = re.compile(r"(?P<name>.*\S)\s*,\s*(?P<n>[^,;]*)")
OPEN_TO_TWO_READINGS = re.compile(r".*,\s*\d{1,3}")  # "Name, 1" before ",200": a name, or the thousands of a count


class Row(NamedTuple):
    """One row of the common format; `ours` is the box of `Flow`, `sum of` a list, or "" for a title."""

    data: str
    node: str
    box: str
    text: str
    ours: str


@cache
def common_rows() -> tuple[Row, ...]:
    """The rows of the common format, in its order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Row(**row) for row in csv.DictReader(file))


def read_exchange(document: Document) -> Flow:
    """The flow of an exchange CSV; ReviewError if it is none.

    A count that cannot be read is reported to the document with its row, and its box is blank.
    """
    headings, rows = read_table(document, ("data", "n"))
    ours = {row.data: row.ours for row in common_rows()}
    known = {**{name: name for name in Flow.__struct_fields__}, **ours}
    boxes: dict[str, Any] = {}
    for number, cells in rows:
        cell = dict(zip(headings, cells, strict=False))
        name, n = cell.get("data", ""), cell.get("n", "")
        if name not in known and name not in NOT_APPLICABLE:
            near = nearest(name, known)
            fix = f"did you mean {near}?" if near else "remove the row, or name a box"
            report_cell(document, number, "data", found=shown(name), expected="the name of a box", fix=fix)
        elif known.get(name) and n not in NOT_APPLICABLE:
            boxes[known[name]] = _read(document, number, known[name], n)
    for box, name in TOTALS.items():
        total = boxes.pop(f"sum of {box}", None)
        if total is not None:
            boxes[box] = _with_total(document, boxes.get(box), total, name)
    return Flow(**boxes)


def _read(document: Document, row: int, box: str, n: str) -> Any:
    if box in LISTS:
        if n.strip().isdecimal():  # a total without its parts
            total = whole_number(n)
            return (("All reasons" if box.endswith("ex") else "All sources", total),) if total else ()
        parts = [_read_part(document, row, part) for part in n.split(";") if part.strip()]
        return None if None in parts else tuple(parts)
    return _read_count(document, row, n, n)


def _read_count(document: Document, row: int, n: str, as_written: str) -> int | None:
    try:
        return whole_number(n)
    except ValueError as error:
        report_cell(
            document,
            row,
            "n",
            found=shown(as_written),
            expected=str(error),
            fix="type digits, or NA if it is not applicable",
        )
        return None


def _read_part(document: Document, row: int, part: str) -> tuple[str, int] | None:
    """One `Name, 12` of a list; `Name, 1,200` is a question, for a name may end in a number."""
    match = PART.fullmatch(part.strip())
    if match is None or (OPEN_TO_TWO_READINGS.fullmatch(match["name"]) and re.fullmatch(r"\d{3}", match["n"])):
        expected = "a name, a comma and a count without thousands mark, e.g. Wrong design, 12"
        report_cell(
            document, row, "n", found=shown(part.strip()), expected=expected, fix="write it so; parts are joined by ';'"
        )
        return None
    count = _read_count(document, row, match["n"], part.strip())
    return None if count is None else (match["name"], count)


def _with_total(document: Document, parts: Counts | None, total: int, name: str) -> Counts:
    """The parts if they sum to the total; the total alone where there are none, or they do not."""
    found = sum(count for _, count in parts or ())
    if parts and found == total:
        return parts
    if parts:
        document.notice(
            None,
            found=f"{name.lower()} of {found} records by name, {total} in all",
            expected="parts that sum to their total",
            fix="mend one of the two; the total was taken",
        )
    return ((name, total),)


def exchange_csv(flow: Flow) -> str:
    """The flow as exchange CSV; `read_exchange` gives it back equal.

    A `;` inside a name becomes a comma, for the format has no other way to write it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    boxes = flow.boxes()
    for row in common_rows():
        writer.writerow([row.data, row.node, row.box, row.text, row.text, row.text, "", _written(row, boxes)])
    told = {row.ours for row in common_rows()}
    for name, value in boxes.items():
        if name not in told and value is not None:
            writer.writerow([name, "NA", "NA", "", "", "NA", "", _joined(value)])
    return text.getvalue()


def _written(row: Row, boxes: Mapping[str, Any]) -> str:
    if row.ours.startswith("sum of "):
        value = boxes[row.ours.removeprefix("sum of ")]
        return "NA" if value is None else str(sum(count for _, count in value))
    value = boxes.get(row.ours)
    names = [name for name, _ in value] if row.ours in TOTALS and value else []
    return "NA" if names == [TOTALS.get(row.ours)] else _joined(value)


def _joined(value: Any) -> str:
    """A box as the column `n` holds it."""
    if value is None:
        return "NA"
    if isinstance(value, int):
        return str(value)
    if not value:
        return "0"
    return "; ".join(f"{name.replace(';', ',')}, {count}" for name, count in value)
