"""How a sheet looks: fills, font, widths, the comment on a heading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reviewkit.codebook import CODED, NUMBERS, Column

FONT, SIZE, SMALL = "Arial", 10, 8
FILLS = {"key": "D9D9D9", "prefilled": "DDEBF7", "required": "FFF2CC", "optional": "FFFFFF", "derived": "EDEDED"}
BLANK_FILL = "FCE4D6"
GREY, LINK, LINE = "808080", "0563C1", "BFBFBF"
NARROWEST, WIDEST = 10, 40
CHARACTERS = 1.02  # of running text for one of width, which counts digits; a broken line wastes some
LINE_HEIGHT, HIGHEST = 12.75, 409.5  # points: a line of Arial 10, and the highest row there is
WRAPPED = frozenset({"definition", "support", "quote", "notes"})
LONGEST_COMMENT = 300


def role_of(column: Column, *, assisted: bool) -> str:
    """What a column is to the person who fills it in: a key of FILLS."""
    if column.is_key:
        return "key"
    if column.required == "locked":
        return "derived"
    if assisted and column.filling is not None:
        return "prefilled"
    return "required" if column.required == "yes" else "optional"


def comment_of(column: Column) -> str:
    """The comment on a heading: definition, unit and codes, at most 300 characters."""
    parts = [column.definition]
    if column.unit:
        parts.append(f"Unit: {column.unit}.")
    if column.type == "date":
        parts.append("Date: 2020, 2020-07 or 2020-07-31.")
    if column.rule:
        parts.append(column.rule)
    codes = [f"{code} = {label}" for code, label in column.codes] + list(column.missing)
    if column.codes:
        parts.append("Codes: " + "; ".join(codes))
    elif column.missing:
        parts.append("Or: " + ", ".join(column.missing))
    text = "\n".join(part for part in parts if part)
    return text if len(text) <= LONGEST_COMMENT else text[: LONGEST_COMMENT - 1] + "…"


def width_of(label: str, field: str, cells: Iterable[Any]) -> float:
    """A column's width in characters: wide enough for its headings, and for its cells up to the widest allowed.

    Arial 10 bold is wider than the digits that widths are counted in; the arrow of the filter stands in row 2.
    """
    longest = max((len(line) for cell in cells if cell is not None for line in str(cell).split("\n")), default=0)
    return min(WIDEST, max(NARROWEST, len(label) * 1.2 + 1, len(field) + 4, longest * 1.1 + 1))


def height_of(texts: Iterable[tuple[Any, float]]) -> float | None:
    """The height of a row in points, for its wrapped cells: (text, width of the column); None if one line is enough.

    LibreOffice does not fit the rows of a file it opens, so the file has to say it.
    """
    lines = 1
    for text, width in texts:
        if isinstance(text, str) and (len(text) > width or "\n" in text):
            lines = max(lines, sum(-(-len(line) // int(width * CHARACTERS)) or 1 for line in text.split("\n")))
    return None if lines == 1 else min(HIGHEST, lines * LINE_HEIGHT + 2)


def number_format(column: Column) -> str:
    """Text for everything but numbers, so that no program turns 1:1 into a time or 00123 into 123."""
    return "General" if column.type in NUMBERS else "@"


class Looks:
    """The cell styles of one workbook, each made once: to make one for every cell is slow.

    `of(...)` gives a style to copy to a cell's `_style`.
    """

    def __init__(self, sheet: Any):
        from openpyxl.cell import WriteOnlyCell

        self._sheet = sheet  # any sheet of the workbook: styles belong to the workbook
        self._new = WriteOnlyCell
        self._made: dict[tuple, Any] = {}

    def of(
        self,
        *,
        fill: str = "",
        bold: bool = False,
        size: int = SIZE,
        colour: str = "",
        underline: bool = False,
        format: str = "General",
        locked: bool = True,
        wrap: bool = False,
        quoted: bool = False,
        edge: bool = False,
    ) -> Any:
        """One style: fill and font colour as RRGGBB, `quoted` for text that must never become a formula."""
        key = (fill, bold, size, colour, underline, format, locked, wrap, quoted, edge)
        if key not in self._made:
            self._made[key] = self._make(*key)
        return self._made[key]

    def _make(
        self,
        fill: str,
        bold: bool,
        size: int,
        colour: str,
        underline: bool,
        format: str,
        locked: bool,
        wrap: bool,
        quoted: bool,
        edge: bool,
    ) -> Any:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

        cell = self._new(self._sheet)
        line = {"underline": "single"} if underline else {}
        cell.font = Font(name=FONT, size=size, bold=bold, color="FF" + (colour or "000000"), **line)
        if fill:
            cell.fill = PatternFill("solid", start_color="FF" + fill, end_color="FF" + fill)
        if edge:
            side = Side(style="thin", color="FF" + LINE)
            cell.border = Border(left=side, right=side, top=side, bottom=side)
        cell.number_format = format
        cell.alignment = Alignment(vertical="top", wrap_text=wrap or None)
        cell.protection = Protection(locked=locked)
        if quoted:
            cell.quotePrefix = True
        return cell._style

    def answer(self, column: Column, *, locked: bool | None = None, quoted: bool = False, link: bool = False) -> Any:
        """The style of a column's data cells."""
        return self.of(
            format=number_format(column),
            locked=column.is_locked if locked is None else locked,
            wrap=column.field in WRAPPED,
            quoted=quoted,
            colour=LINK if link else "",
            underline=link,
        )


def codes_in_words(column: Column) -> str | None:
    """A column's codes for the codebook sheet: `yes = Yes; no = No`."""
    return "; ".join(f"{code} = {label}" for code, label in column.codes) if column.type in CODED else None
