"""Tables as Word documents, read back with python-docx: what a reader of the report opens."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from hypothesis import given
from hypothesis import strategies as st

from reviewkit import tables

NOTE = {"review_id": "kites", "snapshot_date": "2026-11-01", "version": "0.1.0"}
ORIGIN = "Review: kites · Snapshot date: 2026-11-01 · Software version: 0.1.0"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def made(rows: list[dict[str, Any]], columns: dict[str, str], **more: Any) -> Any:
    """The document of a table, as python-docx reads it."""
    return Document(io.BytesIO(tables.word_bytes(rows, columns, note=NOTE, **more)))


def cells_of(document: Any) -> list[list[str]]:
    (table,) = document.tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_a_table_is_a_real_table_under_its_title_with_its_notes_below():
    rows = [{"study": "S0001", "n": 8, "late": None}, {"study": "S0002", "n": -31, "late": True}]
    document = made(rows, {"study": "Study", "n": "Days", "late": "Late"}, title="Kites", footnotes=["S0001: line 3"])
    assert cells_of(document) == [["Study", "Days", "Late"], ["S0001", "8", ""], ["S0002", "−31", "yes"]]
    assert [(p.style.name, p.text) for p in document.paragraphs] == [
        ("Table title", "Kites"),
        ("Table note", "S0001: line 3"),
        ("Table note", ORIGIN),
    ]


def test_the_header_row_is_repeated_on_every_page_and_no_line_is_vertical():
    document = made([{"a": "x"}], {"a": "A"})
    (table,) = document.tables
    assert [row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in table.rows] == [True, False]
    assert table.style.name == "Review table"
    borders = table.style.element.find(f"{W}tblPr/{W}tblBorders")
    assert [border.tag.removeprefix(W) for border in borders] == ["top", "bottom", "insideH"]
    assert document.styles["Table cell"].font.size.pt == 8


@pytest.mark.parametrize(("number", "orientation"), [(7, WD_ORIENT.PORTRAIT), (8, WD_ORIENT.LANDSCAPE)])
def test_over_seven_columns_the_page_is_turned(number: int, orientation: WD_ORIENT):
    columns = {f"c{i}": f"Column {i}" for i in range(number)}
    document = made([dict.fromkeys(columns, "words")], columns)
    page = document.sections[0]
    assert page.orientation == orientation
    assert (page.page_width > page.page_height) == (orientation == WD_ORIENT.LANDSCAPE)


def test_no_column_is_narrower_than_its_longest_word_and_all_fit_the_page():
    columns = {"study": "Study", "notes": "Notes"}
    document = made([{"study": "S0001", "notes": "long " * 400}], columns)
    widths = [int(column.width) for column in document.tables[0].columns]
    page = document.sections[0]
    assert sum(widths) <= page.page_width - page.left_margin - page.right_margin
    arial = {"S": 667, "0": 556, "1": 556}  # thousandths of the letter size, as the font's own tables give them
    points = sum(arial[letter] for letter in "S0001") * 8 / 1000
    assert widths[0] >= (points + 2 + 4) * 12700  # and the 2 and 4 pt a cell keeps free, in English Metric Units
    assert widths[1] > 4 * widths[0]


def test_persian_cells_are_set_from_the_right_and_others_are_not():
    document = made([{"a": "کارآزمایی تصادفی"}, {"a": "10 نفر"}, {"a": "arm A"}, {"a": "۸"}], {"a": "A"})
    paragraphs = [row.cells[0].paragraphs[0]._p for row in document.tables[0].rows[1:]]
    assert [p.find(f"{W}pPr/{W}bidi") is not None for p in paragraphs] == [True, True, False, False]


def test_a_section_is_named_in_its_first_row_only():
    rows = [{"section": "S1", "x": 1}, {"section": "S1", "x": 2}, {"section": "S2", "x": 3}]
    assert cells_of(made(rows, {"section": "Study", "x": "X"}))[1:] == [["S1", "1"], ["", "2"], ["S2", "3"]]


def test_a_table_without_rows_says_so():
    assert cells_of(made([], {"a": "A", "b": "B"})) == [["A", "B"], ["No rows.", ""]]


def test_the_same_table_gives_the_same_bytes_dated_by_the_snapshot():
    rows, columns = [{"a": "x"}], {"a": "A"}
    once, again = (tables.word_bytes(rows, columns, note=NOTE, title="T") for _ in range(2))
    assert once == again
    properties = Document(io.BytesIO(once)).core_properties
    assert (properties.created.isoformat()[:10], properties.author, properties.title) == (
        "2026-11-01",
        "reviewkit 0.1.0",
        "T",
    )


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_whatever_a_cell_holds_comes_back_as_text_and_acts_nowhere(texts: list[str]):
    document = made([{"a": text} for text in [*texts, "=HYPERLINK(1)", "<w:p>&amp;</w:p>"]], {"a": "A"})
    told = [row[0] for row in cells_of(document)[1:]]

    def as_kept(text: str) -> str:  # XML has one line break, and python-docx reads both marks alike
        return tables.UNPRINTABLE.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")

    assert [as_kept(cell) for cell in told] == [*map(as_kept, texts), "=HYPERLINK(1)", "<w:p>&amp;</w:p>"]
    assert b"w:instrText" not in tables.word_bytes([{"a": "=1"}], {"a": "A"}, note=NOTE)


def test_every_table_is_written_in_every_form(tmp_path: Path):
    paths = tables.write([{"a": 1}], {"a": "A"}, tmp_path, "t9", note=NOTE)
    assert [path.name for path in paths] == ["t9.csv", "t9.csv-metadata.json", "t9.xlsx", "t9.html", "t9.docx"]
    assert all(path.stat().st_size for path in paths)


def test_where_the_page_is_too_narrow_long_words_break_and_keys_stay_whole():
    columns = {"study": "Study", **{f"c{i}": f"Column {i}" for i in range(12)}}
    document = made([{"study": "S0001", **{f"c{i}": "incomprehensibilities" for i in range(12)}}], columns)
    widths = [int(column.width) for column in document.tables[0].columns]
    page = document.sections[0]
    assert sum(widths) <= page.page_width - page.left_margin - page.right_margin
    arial = {"S": 667, "0": 556, "1": 556}  # thousandths of the letter size, as the font's own tables give them
    points = sum(arial[letter] for letter in "S0001") * 8 / 1000
    assert widths[0] >= (points + 2 + 4) * 12700  # and the 2 and 4 pt a cell keeps free, in English Metric Units
    assert len(set(widths[1:])) <= 2
