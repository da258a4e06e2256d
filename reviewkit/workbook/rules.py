"""What a cell of a column accepts, as spreadsheet rules: drop-downs through defined names, and formulas that warn.

A rule is written for the first cell of the column; the programs move it down. Formulas use IF, never OR around a part
that can fail: in a spreadsheet an error inside OR spoils the whole. 1 and 0 stand for true and false, which
LibreOffice would write in another way.
"""

from __future__ import annotations

from typing import NamedTuple

from reviewkit.codebook import CODED, NUMBERS, Codebook, Column, Limit
from reviewkit.words import vocabularies

MISSING_CODES = "missing_codes"
STOP, WARNING = "stop", "warning"
LONGEST_MESSAGE = 255  # of a rule's message, in Excel


class CodeList(NamedTuple):
    """One list of the hidden sheet `_lists`: its defined name and its (code, label) pairs."""

    name: str
    codes: list[tuple[str, str]]


class Rule(NamedTuple):
    """One input rule: its kind ("list" or "custom"), its formula, its style, and what it says when broken."""

    type: str
    formula: str
    style: str
    message: str


def list_name(column: Column) -> str:
    """The defined name of a column's drop-down."""
    return f"codes_{column.sheet}_{column.field}"


def code_lists(codebook: Codebook) -> list[CodeList]:
    """The missing codes, then a list for every column with codes: its own, and the missing codes it allows."""
    meanings = vocabularies()["MissingCode"]
    lists = [CodeList(MISSING_CODES, list(meanings.items()))]
    for column in codebook.columns:
        if column.type in CODED:
            allowed = [(code, meanings[code]) for code in column.missing]
            lists.append(CodeList(list_name(column), [*column.codes, *allowed]))
    return lists


def rule_of(column: Column, letters: dict[str, str], row: int, siblings: list[Column]) -> Rule | None:
    """The rule of one column, written for the cell in `row`; None where any text is fine.

    `letters` gives the column letter of every field of the sheet; `siblings` are the sheet's columns, whose limits may
    name this one.
    """
    if column.type in CODED:
        style = STOP if column.type == "choice" else WARNING  # several codes in one cell are in no list
        return Rule("list", list_name(column), style, _message(column, "choose one from the list"))
    cell = f"{letters[column.field]}{row}"
    if column.type == "date":
        return Rule("custom", _date(cell, column), WARNING, _message(column, "2020, 2020-07 or 2020-07-31"))
    if column.type in NUMBERS:
        limits = _limits(column, siblings)
        tests = [_compared(cell, sign, limit, letters, row) for sign, limit in limits]
        if column.type == "count":
            tests.append(f"{cell}=INT({cell})")
        number = f"AND({','.join(tests)})" if len(tests) > 1 else tests[0] if tests else "1"
        missing = f"COUNTIF({MISSING_CODES},{cell})>0" if column.missing else "0"
        kind = "a whole number" if column.type == "count" else "a number"
        said = [_said(sign, limit, siblings) for sign, limit in limits]
        return Rule(
            "custom", f"IF(ISNUMBER({cell}),{number},{missing})", WARNING, _message(column, " ".join([kind, *said]))
        )
    return None


def _date(cell: str, column: Column) -> str:
    """A year, a month or a day as ISO text, or a missing code."""
    tests = [
        f"AND(LEN({cell})=4,ISNUMBER(--{cell}))",
        f'AND(LEN({cell})=7,ISNUMBER(DATEVALUE({cell}&"-01")))',
        f'AND(LEN({cell})=10,MID({cell},5,1)="-",ISNUMBER(DATEVALUE({cell})))',
    ]
    missing = [f"COUNTIF({MISSING_CODES},{cell})>0"] if column.missing else []
    return f"OR({','.join(missing + tests)})"


def _limits(column: Column, siblings: list[Column]) -> list[tuple[str, Limit]]:
    """What the column is compared with: its own bounds, those of its kind, and columns that name it as theirs."""
    low, high = column.min, column.max
    if low is None and (column.type == "count" or column.unit == "percent"):
        low = Limit(0, "", False)
    if high is None and column.unit == "percent":
        high = Limit(100, "", False)
    found = [(">" if low.strict else ">=", low)] if low else []
    found += [("<" if high.strict else "<=", high)] if high else []
    for other in siblings:
        if other.max and other.max.field == column.field:
            found.append((">=", Limit(None, other.field, False)))
        if other.min and other.min.field == column.field:
            found.append(("<=", Limit(None, other.field, False)))
    return list(dict.fromkeys(found))


def _compared(cell: str, sign: str, limit: Limit, letters: dict[str, str], row: int) -> str:
    if limit.number is not None:
        return f"{cell}{sign}{limit.number:g}"
    other = f"{letters[limit.field]}{row}"
    return f"IF(ISNUMBER({other}),{cell}{sign}{other},1)"


def _said(sign: str, limit: Limit, siblings: list[Column]) -> str:
    labels = {column.field: column.label for column in siblings}
    words = {">": "above", ">=": "from", "<": "below", "<=": "up to"}[sign]
    return f"{words} {limit.number:g}" if limit.number is not None else f"{words} “{labels[limit.field]}”"


def _message(column: Column, wanted: str) -> str:
    missing = f", or {', '.join(column.missing)}" if column.missing and column.type not in CODED else ""
    text = f"{column.label}: {wanted}{missing}. Leave it blank if you have not looked yet."
    if column.type == "choices":
        text += " Several: join them with ; and keep what you typed."
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"


def required_but_blank(sheet_has_spare_rows: bool, letter: str, first: str, last: str, row: int) -> str:
    """The condition that colours a required cell: it is blank, and the row is in use.

    `first` and `last` are the letters of the sheet's first and last answer columns. An issued row is in use from the
    start; a spare row, or one that people add, once anything stands in it.
    """
    in_use = f"COUNTA(${first}{row}:${last}{row})>0" if sheet_has_spare_rows else f"LEN($A{row})>0"
    return f"AND(LEN(TRIM({letter}{row}))=0,{in_use})"
