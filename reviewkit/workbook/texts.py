"""Text that is safe in a cell: never a formula, never what XML cannot hold, never longer than a cell."""

from __future__ import annotations

import re

# What spreadsheet programs may take for the start of a formula, the last two once a leading mark is stripped.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
LONGEST_CELL = 32_767  # characters a cell holds, in Excel and in the file format
CUT = " … (cut here: a cell holds no more; the whole text stands at the source)"
UNFIT = re.compile(
    r"\r\n?"  # line breaks other than LF
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f]"  # control characters, which XML 1.0 has no way to write
    r"|[\ud800-\udfff\ufffe\uffff]"  # halves of characters, and two that are none
)


def is_like_formula(text: str) -> bool:
    """Would a spreadsheet program take this text for a formula if a person typed it?"""
    return text.startswith(FORMULA_STARTS)


def cell_text(text: str) -> str:
    """`text` as a cell can hold it: line breaks as LF, control characters as their pictures, at most 32,767 characters.

    >>> cell_text("one\\r\\ntwo\\x07")
    'one\\ntwo␇'
    """
    if UNFIT.search(text):
        text = UNFIT.sub(_fit, text)
    if len(text) * 2 > LONGEST_CELL and len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
        text = text.encode("utf-16-le")[: 2 * (LONGEST_CELL - len(CUT))].decode("utf-16-le", "ignore") + CUT
    return text


def _fit(match: re.Match) -> str:
    character = match[0]
    if character[0] == "\r":
        return "\n"
    return chr(0x2400 + ord(character)) if character < " " else "\ufffd"
