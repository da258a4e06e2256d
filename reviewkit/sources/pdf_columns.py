"""The lines of a PDF's page in reading order.

Most PDFs hold their text in reading order. Some mix two columns of prose line by line; that shows in the rectangles of
the lines, and then the columns are taken apart at the white strip between them. Rows of a table are left as they stand:
cells are short, and lines of prose fill their column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

LINE = re.compile(r"[^\r\n\ufffe]*\ufffe?")
FEWEST = 8  # lines of a column
FULL, MOSTLY = 0.8, 0.4  # of a column's width that a line of prose fills, and of its lines that do
NARROWEST = 0.25  # of the text's width: what is less is no column of prose
MOST_ACROSS = 0.4  # of the lines: headings, tables and figures may run over both columns
MOST_RECTANGLES = 3_000  # a page with more is a drawing


POWER = re.compile(r"[×xX*·][ \u00a0\u2009]?(?P<ten>10)[ \u00a0\u2009]?(?P<power>[-\u2212]?\d{1,2})(?!\d)")
RAISED = 0.2  # of the height of a digit


class Box(NamedTuple):
    """Where something stands on a page, in points from its left and bottom edge."""

    left: float
    bottom: float
    right: float
    top: float


class Segment(NamedTuple):
    """A part of a line in the page's text, and its box."""

    start: int
    end: int
    box: Box


class TextLine(NamedTuple):
    """A line's span in the text of its page, and how far down the page it stands (None: not known)."""

    start: int
    end: int
    height: float | None


def text_in_order(textpage: PdfTextPage) -> tuple[str, list[TextLine]]:
    """The text of a page, and its lines in reading order; blank ones left out.

    The text is that of pypdfium2; where it mixes columns, it is its lines in order, joined by CR LF.
    """
    text = textpage.get_text_range()
    spans = _lines(text)
    if len(text) != textpage.count_chars():  # a box may be that of another letter
        return text, [TextLine(*span, None) for span in spans]
    gutter = _mixed_at(textpage)
    if gutter is None:
        return text, [TextLine(*span, _height(textpage, text, span)) for span in spans]
    segments = [segment for span in spans for segment in _segments(textpage, text, span, gutter)]
    in_order = list(_in_columns(segments, gutter))
    ordered = "\r\n".join(text[segment.start : segment.end] for segment in in_order)
    heights = [_height(textpage, text, (segment.start, segment.end)) for segment in in_order]
    spans = _lines(ordered)
    return ordered, [
        TextLine(*span, height if len(heights) == len(spans) else None)
        for span, height in zip(spans, heights or [None] * len(spans), strict=False)
    ]


def _height(textpage: PdfTextPage, text: str, span: tuple[int, int]) -> float | None:
    """Where the type of a line stands on the page, whatever its first letter."""
    import pypdfium2

    index = next((index for index in range(*span) if not text[index].isspace()), span[0])
    try:
        return float(textpage.get_charbox(index, loose=True)[1])
    except pypdfium2.PdfiumError:
        return None


def raised_powers(textpage: PdfTextPage, text: str) -> dict[int, int]:
    """Where digits after a 10 are raised, or smaller: from where what stands between is no blank to the first of them.

    The registries' and journals' `5 × 10⁸` comes out of a PDF as `5 × 108` or `5 × 10 8`.
    """
    found = list(POWER.finditer(text))
    if not found or len(text) != textpage.count_chars() or text != textpage.get_text_range():
        return {}
    return {
        match.end("ten"): match.start("power")
        for match in found
        if _is_raised(_box(textpage, match.end("ten") - 1), _box(textpage, match.start("power")))
    }


def _is_raised(zero: Box | None, digit: Box | None) -> bool:
    """Does a digit stand higher than the 0 before it, by its lower edge?"""
    return bool(zero and digit and digit.bottom - zero.bottom > RAISED * (zero.top - zero.bottom))


def _lines(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in LINE.finditer(text) if match[0].strip()]


def _mixed_at(textpage: PdfTextPage) -> float | None:
    """Where the white strip between two columns is that the text mixes; None if it mixes none."""
    number = textpage.count_rects()
    if not 2 * FEWEST <= number <= MOST_RECTANGLES:
        return None
    boxes = [Box(*textpage.get_rect(index)) for index in range(number)]
    gutter = _gutter(boxes)
    if gutter is None:
        return None
    sides = [side for box in boxes if (side := _side(box, gutter))]
    changes = sum(one != other for one, other in pairwise(sides))
    lefts = [index for index, side in enumerate(sides) if side == "left"]
    rights = [index for index, side in enumerate(sides) if side == "right"]
    mixed = changes > 0.5 * min(len(lefts), len(rights)) or median(lefts) > median(rights)
    return gutter if mixed else None


def _side(box: Box, gutter: float) -> str:
    """On which side of the strip a box stands; "" if it runs over it."""
    return "left" if box.right <= gutter else "right" if box.left >= gutter else ""


def _gutter(boxes: list[Box]) -> float | None:
    """The place between two columns of prose that fewest lines run over."""
    left, right = min(box.left for box in boxes), max(box.right for box in boxes)
    width = right - left
    if width <= 0:
        return None
    candidates = [left + width * share / 100 for share in range(30, 71)]
    across = {at: sum(box.left < at < box.right for box in boxes) for at in candidates}
    fewest = min(across.values())
    if fewest > MOST_ACROSS * len(boxes):
        return None
    best = [at for at in candidates if across[at] == fewest]
    gutter = best[len(best) // 2]
    columns = [[box for box in boxes if _side(box, gutter) == side] for side in ("left", "right")]
    return gutter if all(_is_prose(column, width) for column in columns) else None


def _is_prose(column: list[Box], width: float) -> bool:
    """Do most lines of a column fill its width, and is it wide enough?"""
    if len(column) < FEWEST:
        return False
    widths = sorted(box.right - box.left for box in column)
    widest = widths[int(0.9 * (len(widths) - 1))]
    full = sum(one >= FULL * widest for one in widths)
    return widest >= NARROWEST * width and full >= MOSTLY * len(widths)


def _segments(textpage: PdfTextPage, text: str, span: tuple[int, int], gutter: float) -> Iterator[Segment]:
    """A line, or its two parts on either side of the strip."""
    start, end = span
    boxes = [
        (index, box) for index in range(start, end) if not text[index].isspace() and (box := _box(textpage, index))
    ]
    if not boxes:
        return
    cut = next(
        (
            index
            for (_, before), (index, box) in pairwise(boxes)
            if before.right <= gutter + 1 and box.left >= gutter - 1
        ),
        None,
    )
    for first, last in [(start, end)] if cut is None else [(start, cut), (cut, end)]:
        inside = [box for index, box in boxes if first <= index < last]
        if inside:
            yield Segment(first, _without_blanks(text, first, last), _around(inside))


def _without_blanks(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _box(textpage: PdfTextPage, index: int) -> Box | None:
    import pypdfium2

    try:
        return Box(*textpage.get_charbox(index))
    except pypdfium2.PdfiumError:
        return None


def _around(boxes: list[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.bottom for box in boxes),
        max(box.right for box in boxes),
        max(box.top for box in boxes),
    )


def _in_columns(segments: list[Segment], gutter: float) -> Iterator[Segment]:
    """From the top: what stands on both sides of the strip, the left before the right; what runs over it parts them."""
    waiting: dict[str, list[Segment]] = {"left": [], "right": []}
    for segment in sorted(segments, key=lambda one: (-one.box.top, one.box.left)):
        side = _side(segment.box, gutter)
        if side:
            waiting[side].append(segment)
            continue
        yield from (*waiting["left"], *waiting["right"])
        waiting = {"left": [], "right": []}
        yield segment
    yield from (*waiting["left"], *waiting["right"])
