"""A table as a Word document: a real table, its header row repeated on every page, its footnotes below.

Fonts, sizes and margins are those of templates/table.docx, whose styles a review team may edit in Word: `Table title`,
`Table head`, `Table cell`, `Table note`, and the table style `Review table`.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from xml.sax.saxutils import escape

from reviewkit.shipping import shipped

TEMPLATE = ("templates", "table.docx")
LANDSCAPE_OVER = 7  # columns
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LETTER, MARGINS = 100, 130  # twentieths of a point: a capital or digit of 8 pt in bold, and what a cell keeps free
LONGEST_WORD = 16  # characters of a word that may ask for room; longer ones are broken
LONG_TEXT = 300  # characters; texts beyond it get no more of the page
RIGHT_TO_LEFT = {"R", "AL"}

Rows = Sequence[Mapping[str, Any]]
Plain = Callable[[Any], "str | int | float"]


def document_bytes(
    rows: Rows,
    columns: Mapping[str, str],
    *,
    plain: Plain,
    day: str,
    author: str,
    title: str = "",
    footnotes: Sequence[str] = (),
) -> bytes:
    """The rows as a Word document. `plain` makes a value text or a number, `day` (YYYY-MM-DD) dates the file.

    A `section` is named in its first row only. Over seven columns the page is turned. Equal arguments give equal bytes.
    """
    from docx import Document
    from docx.oxml import parse_xml

    document = Document(str(shipped(*TEMPLATE)))
    for paragraph in list(document.paragraphs):
        paragraph._element.getparent().remove(paragraph._element)
    page = document.sections[0]
    if len(columns) > LANDSCAPE_OVER:
        _turn(page)
    document.add_paragraph(str(plain(title)), style="Table title")
    cells = [[plain(row[name]) for name in columns] for row in rows]
    width = page.page_width - page.left_margin - page.right_margin
    table = parse_xml(_table(list(columns.values()), _without_repeats(cells, list(columns)), int(width) // 635))
    document.element.body.insert(1, table)
    for footnote in footnotes:
        document.add_paragraph(str(plain(footnote)), style="Table note")
    document.core_properties.title = str(plain(title))
    document.core_properties.author = document.core_properties.last_modified_by = author
    document.core_properties.created = document.core_properties.modified = datetime.combine(
        date.fromisoformat(day), time()
    )
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _turn(page: Any) -> None:
    from docx.enum.section import WD_ORIENT

    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width


def _without_repeats(cells: list[list[Any]], names: list[str]) -> list[list[Any]]:
    """The cells with the name of a section in its first row only."""
    if "section" not in names:
        return cells
    column, before, told = names.index("section"), None, []
    for row in cells:
        told.append([*row[:column], "" if row[column] == before else row[column], *row[column + 1 :]])
        before = row[column]
    return told


def _table(headings: list[str], cells: list[list[Any]], width: int) -> str:
    """The table as WordprocessingML; `width` in twentieths of a point. Built as text: python-docx needs minutes."""
    widths = _widths(headings, cells, width)
    numbers = [any(isinstance(row[i], int | float) for row in cells) for i in range(len(headings))]
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    head = "".join(
        _cell(text, one, "TableHead", right) for text, one, right in zip(headings, widths, numbers, strict=True)
    )
    body = [_row(row, widths) for row in cells] or [_row(["No rows.", *[""] * (len(headings) - 1)], widths)]
    return (
        f'<w:tbl xmlns:w="{WORD}"><w:tblPr><w:tblStyle w:val="ReviewTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{''.join(body)}</w:tbl>"
    )


def _row(cells: list[Any], widths: list[int]) -> str:
    told = (
        _cell(value, one, "TableCell", isinstance(value, int | float)) for value, one in zip(cells, widths, strict=True)
    )
    return f"<w:tr>{''.join(told)}</w:tr>"


def _cell(value: Any, width: int, style: str, right: bool) -> str:
    text = str(value).replace("-", "\u2212") if isinstance(value, int | float) else str(value)
    marks = '<w:jc w:val="right"/>' if right else ""
    direction, run = ("<w:bidi/>", "<w:rPr><w:rtl/></w:rPr>") if _reads_from_right(text) else ("", "")
    words = f'<w:r>{run}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{direction}{marks}</w:pPr>{words}</w:p></w:tc>'
    )


def _reads_from_right(text: str) -> bool:
    """Does the first letter belong to a script that is written from right to left?"""
    strong = (way for way in map(unicodedata.bidirectional, text[:200]) if way in {"L", *RIGHT_TO_LEFT})
    return next(strong, "L") in RIGHT_TO_LEFT


def _widths(headings: list[str], cells: list[list[Any]], width: int) -> list[int]:
    """The page's width shared out by how much the columns hold; none gets less than its longest word needs."""
    needs, shares = [], []
    for number, heading in enumerate(headings):
        texts = [str(row[number]) for row in cells]
        words = (len(word) for text in [heading, *texts] for word in text.split())
        mean = sum(map(len, texts)) / max(len(texts), 1)
        needs.append(min(max(words, default=0), LONGEST_WORD) * LETTER + MARGINS)
        shares.append(min(mean, LONG_TEXT))
    rest = width - sum(needs)
    if rest < 0:  # more columns than the page can hold in whole words
        return _capped(needs, width)
    whole = sum(shares) or 1
    return [need + int(rest * share / whole) for need, share in zip(needs, shares, strict=True)]


def _capped(needs: list[int], width: int) -> list[int]:
    """The widths with the greatest cut to one that fits: short keys stay whole, long words break."""
    left, given = width, {}
    for told, number in enumerate(sorted(range(len(needs)), key=needs.__getitem__)):
        given[number] = max(1, min(needs[number], left // (len(needs) - told)))
        left -= given[number]
    return [given[number] for number in range(len(needs))]
