"""Proportions with Wilson intervals, type-7 quantiles, the one way our numbers are printed, and the lint of tables.

A proportion is `n` of `N`, two whole numbers; percents run from 0 to 100. Below 50 observations a percent carries no
decimals, for a tenth of a percent would claim more than one study in a thousand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from statistics import NormalDist
from typing import NamedTuple

FEW = 50  # below this N a percent and its interval are printed without decimals
SHARE = re.compile(
    r"(?P<n>\d+)/(?P<N>\d+)\s\("  # 12/113 (
    r"(?:(?P<percent>\d+(?:\.\d)?)%|-)"  # 10.6% or, of nothing, -
)


class LintError(ValueError):
    """A number of a table or figure contradicts another one; the output must not be written."""

    def __init__(self, table: str, row: str, *, found: str, expected: str):
        super().__init__(f"{table}, row {row!r}\n  found     {found}\n  expected  {expected}")


class Interval(NamedTuple):
    """Two limits, lower first."""

    low: float
    high: float


class Quartiles(NamedTuple):
    """The median and the first and third quartile."""

    median: float
    q1: float
    q3: float


def wilson(n: int, N: int, level: float = 0.95) -> Interval:
    """The score interval of the proportion n/N, as proportions; two-sided, no continuity correction.

    Source: Wilson EB. J Am Stat Assoc 1927;22:209-12. ValueError without observations, or if n is not in 0..N.

    >>> low, high = wilson(12, 113)
    >>> round(100 * low, 1), round(100 * high, 1)
    (6.2, 17.6)
    """
    if not 0 <= n <= N or N == 0:
        raise ValueError(f"an interval needs 0 <= n <= N and N > 0, not n = {n} and N = {N}")
    z = NormalDist().inv_cdf((1 + level) / 2)
    p = n / N
    centre = p + z**2 / (2 * N)
    reach = z * (p * (1 - p) / N + z**2 / (4 * N**2)) ** 0.5
    scale = 1 + z**2 / N
    # At 0 and at N the limit is the proportion itself; rounding errors must not push it past.
    low = 0.0 if n == 0 else (centre - reach) / scale
    high = 1.0 if n == N else (centre + reach) / scale
    return Interval(low, high)


def quantile(values: Iterable[float], p: float) -> float:
    """The p-quantile (0 <= p <= 1) by linear interpolation of the order statistics: type 7 of Hyndman and Fan.

    Source: Hyndman RJ, Fan Y. Am Stat 1996;50:361-5. ValueError without values.
    """
    ordered = sorted(values)
    if not ordered or not 0 <= p <= 1:
        raise ValueError("a quantile needs at least one value and a p from 0 to 1")
    place = p * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def median_iqr(values: Iterable[float]) -> Quartiles:
    """Median, first and third quartile (type 7); ValueError without values."""
    ordered = sorted(values)
    return Quartiles(quantile(ordered, 0.5), quantile(ordered, 0.25), quantile(ordered, 0.75))


def decimals(N: int) -> int:
    """How many decimals a percent of N observations carries."""
    return 0 if N < FEW else 1


def rounded(number: float | Decimal, places: int) -> Decimal:
    """`number` rounded half up, as readers do it by hand."""
    exact = number if isinstance(number, Decimal) else Decimal(repr(float(number)))
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def percent_text(n: int, N: int) -> str:
    """n of N in percent: `10.6%`; `-` where N is 0.

    >>> percent_text(12, 113), percent_text(1, 8), percent_text(0, 0)
    ('10.6%', '13%', '-')
    """
    return f"{rounded(Decimal(100 * n) / Decimal(N), decimals(N))}%" if N else "-"


def share_text(n: int, N: int) -> str:
    """n of N with its percent.

    >>> share_text(12, 113), share_text(0, 0)
    ('12/113 (10.6%)', '0/0 (-)')
    """
    return f"{n}/{N} ({percent_text(n, N)})"


def interval_percents(n: int, N: int, level: float = 0.95) -> tuple[Decimal, Decimal]:
    """The Wilson limits of n/N in percent, rounded like the percent they stand beside; ValueError if N is 0."""
    low, high = wilson(n, N, level)
    return rounded(100 * low, decimals(N)), rounded(100 * high, decimals(N))


def share_with_interval(n: int, N: int, level: float = 0.95) -> str:
    """n of N with its percent and Wilson interval.

    >>> share_with_interval(12, 113), share_with_interval(0, 20)
    ('12/113 (10.6%; 95% CI 6.2 to 17.6)', '0/20 (0%; 95% CI 0 to 16)')
    """
    if not N:
        return share_text(n, N)
    low, high = interval_percents(n, N, level)
    return f"{n}/{N} ({percent_text(n, N)}; {100 * level:g}% CI {low} to {high})"


def number_text(number: float) -> str:
    """A number with at most one decimal; a whole one has none.

    >>> number_text(117.0), number_text(60.25)
    ('117', '60.3')
    """
    shown = rounded(number, 1)
    return str(rounded(number, 0) if shown == shown.to_integral_value() else shown)


def median_text(values: Sequence[float]) -> str:
    """Median with quartiles and how many values they rest on; `-` for none.

    >>> median_text([10, 20, 40])
    '20 (IQR 15 to 30), n = 3'
    """
    if not values:
        return "-, n = 0"
    median, q1, q3 = map(number_text, median_iqr(values))
    return f"{median} (IQR {q1} to {q3}), n = {len(values)}"


def lint_share(text: str, n: int, N: int, *, table: str, row: str) -> None:
    """n is at most N, and `text` (it holds `n/N (p%`) says the same n, N and percent; LintError if not."""
    if not 0 <= n <= N:
        raise LintError(table, row, found=f"n = {n} and N = {N}", expected="n from 0 to N")
    match = SHARE.match(text)
    if not match or (int(match["n"]), int(match["N"])) != (n, N):
        raise LintError(table, row, found=f"the text {text!r}", expected=f"a text that begins with {n}/{N}")
    said = f"{match['percent']}%" if match["percent"] else "-"
    if said != percent_text(n, N):
        raise LintError(
            table, row, found=f"{said} in {text!r}", expected=f"{percent_text(n, N)}, which is {n}/{N} rounded"
        )


def lint_parts(parts: Mapping[str, int], whole: int, *, table: str, row: str) -> None:
    """The parts sum to the whole, and none is negative; LintError names both sides if not."""
    shown = " + ".join(f"{count} ({name})" for name, count in parts.items()) or "0 (no parts)"
    if sum(parts.values()) != whole or any(count < 0 for count in parts.values()):
        raise LintError(
            table, row, found=f"{shown} = {sum(parts.values())}", expected=f"parts of 0 or more that sum to {whole}"
        )


def lint_chain(steps: Mapping[str, int], *, table: str) -> None:
    """Each step of a chain of denominators is part of the one before; LintError names the step that is not."""
    for (before, larger), (step, smaller) in pairwise(steps.items()):
        if not 0 <= smaller <= larger:
            raise LintError(table, step, found=f"{smaller} ({step})", expected=f"at most {larger} ({before})")
