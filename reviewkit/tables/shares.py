"""A table of rates: one row a share or a note, and the lint that lets none of its numbers out wrong.

Every such table has the columns NUMBERS behind the labels of its own; percents run from 0 to 100.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reviewkit import stats

NUMBERS = {
    "n": "n",
    "N": "N",
    "share": "Share",
    "ci_low": "95% CI, lower (%)",
    "ci_high": "95% CI, upper (%)",
    "text": "As printed",
}

Row = dict[str, Any]


def share_row(labels: Mapping[str, Any], n: int, N: int, *, interval: bool = True) -> Row:
    """One printed share; a chain of denominators has no interval, for it is a count and no estimate."""
    low, high = _limits(n, N) if interval and N else (None, None)
    return {
        **labels,
        "n": n,
        "N": N,
        "share": stats.percent_text(n, N) if N else None,
        "ci_low": low,
        "ci_high": high,
        "text": stats.share_with_interval(n, N) if interval else stats.share_text(n, N),
    }


def note_row(labels: Mapping[str, Any], text: str, *, n: int | None = None) -> Row:
    """One row without a share: a median, or why there is nothing to count."""
    return {**labels, "n": n, **dict.fromkeys(("N", "share", "ci_low", "ci_high")), "text": text}


def _limits(n: int, N: int) -> tuple[float, float]:
    low, high = (int(limit) if N < stats.FEW else float(limit) for limit in stats.interval_percents(n, N))
    return low, high


def lint_rates(made: Sequence[Row], again: Sequence[Row], *, table: str) -> None:
    """Every row of `made` agrees with itself and with `again`, the rows made anew from what the rates are of.

    A share, its interval and its text follow from n and N; n, N and every note from the rows below them. LintError
    names the table, the row and both sides.
    """
    for row in made:
        _lint_itself(row, table)
    if len(made) != len(again):
        raise stats.LintError(table, "all", found=f"{len(made)} rows", expected=f"{len(again)} rows")
    for row, other in zip(made, again, strict=True):
        _lint_same(row, other, table)


def _lint_itself(row: Row, table: str) -> None:
    n, N = row["n"], row["N"]
    if N is None:
        return
    if type(n) is not int or type(N) is not int:
        raise stats.LintError(table, _name(row), found=f"n = {n!r} and N = {N!r}", expected="two whole numbers")
    stats.lint_share(row["text"], n, N, table=table, row=_name(row))
    interval = row["ci_low"] is not None or row["ci_high"] is not None or "CI" in row["text"]
    _lint_same(row, share_row(_labels(row), n, N, interval=interval), table)


def _lint_same(row: Row, other: Row, table: str) -> None:
    for key in [*other, *(key for key in row if key not in other)]:
        # As printed: 30 and 30.0 are equal, and look different in a cell.
        if repr(row.get(key)) != repr(other.get(key)):
            raise stats.LintError(
                table, _name(other), found=f"{key} = {row.get(key)!r}", expected=f"{key} = {other.get(key)!r}"
            )


def _labels(row: Row) -> Row:
    return {key: value for key, value in row.items() if key not in NUMBERS}


def _name(row: Row) -> str:
    return f"{row['section']}: {row['row']}"
