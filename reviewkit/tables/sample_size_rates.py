"""Sample size, T8b: the chain of denominators, then for each pair of sizes its classes, median ratio and outliers.

N is always the number of studies whose two sizes can be compared; intervals are Wilson's. Made from the rows of T8a
alone. A current target whose history is not known is listed, and counts in no class.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reviewkit import stats
from reviewkit.tables import shares
from reviewkit.tables.sample_size import (
    NO_REGISTRY,
    PAIRS,
    REASONS,
    ROLES,
    Row,
    difference_text,
    percent_difference,
)
from reviewkit.tables.shares import note_row, share_row

TITLE = "Sample size: rates"
TOLERANCES = (10, 20, 50)  # percent
LARGEST = 10  # how many of the largest differences are named

COLUMNS = {"section": "Part", "row": "Row", "pair": "Pair", "tolerance_pct": "Tolerance (%)", **shares.NUMBERS}
PAGE_COLUMNS = {"section": "Part", "row": "Row", "text": "n/N (%; 95% CI)"}

# The columns of T8a that hold the two sizes of each pair.
SIZES = {
    "main": ("registered", "randomised"),
    "planned": ("registered", "published_planned_n"),
    "actual": ("actual_n", "randomised"),
}
BASES = {"before_start": "Registered before the start", "first": "Registered first"}


def rates(table: Sequence[Row], tolerances: Iterable[int] = TOLERANCES) -> list[Row]:
    """T8b from the rows of T8a. LintError if any count contradicts another; ValueError for a bad tolerance."""
    limits = tuple(map(_tolerance, tolerances))
    made = [*_chain(table)]
    for pair in PAIRS:
        made += [*_pair(table, pair, limits)]
    return made


def check(made: Sequence[Row], table: Sequence[Row], tolerances: Iterable[int] = TOLERANCES) -> None:
    """LintError if any number of T8b is not the one that the rows of T8a give: counts, shares, intervals, medians."""
    shares.lint_rates(made, rates(table, tolerances), table="T8b")


def size_class(first: int, second: int, tolerance: int) -> str:
    """`lower`, `within` or `higher`: second against first, with a tolerance in percent of first that counts as within.

    >>> size_class(100, 90, 10), size_class(100, 89, 10), size_class(3, 4, 20)
    ('within', 'lower', 'higher')
    """
    # In whole numbers, so that exactly 10% is within 10%.
    apart, allowed = 100 * (second - first), tolerance * first
    if apart < -allowed:
        return "lower"
    return "higher" if apart > allowed else "within"


def ratio_text(ratios: Sequence[float]) -> str:
    """The median of some ratios with its quartiles, to two decimals.

    >>> ratio_text([0.5, 1, 2])
    '1.00 (IQR 0.75 to 1.50), n = 3'
    """
    median, q1, q3 = (stats.rounded(ratio, 2) for ratio in stats.median_iqr(ratios))
    return f"{median} (IQR {q1} to {q3}), n = {len(ratios)}"


def _tolerance(percent: Any) -> int:
    if isinstance(percent, bool) or not isinstance(percent, int) or not 1 <= percent <= 100:
        raise ValueError(f"tolerance_pct holds {percent!r}; a tolerance is a whole percent from 1 to 100")
    return percent


def _labels(section: str, row: str, pair: str = "", tolerance: int | None = None) -> Row:
    return {"section": section, "row": row, "pair": pair, "tolerance_pct": tolerance}


# The denominators


def _chain(table: Sequence[Row]) -> Iterator[Row]:
    section, whole = "Denominators", len(table)
    loaded = [row for row in table if row["main_why_not"] != NO_REGISTRY]
    registered = [row for row in loaded if row["registered"] is not None]
    steps = {
        "Studies included": whole,
        "With a registry record loaded": len(loaded),
        "With a size registered first or before the start": len(registered),
        "With a number randomised to compare it with": sum(row["main_why_not"] is None for row in registered),
    }
    stats.lint_chain(steps, table="T8b")
    for step, n in steps.items():
        yield share_row(_labels(section, step), n, whole, interval=False)
    for role, heading in ROLES.items():
        n = sum(row[role] is not None for row in table)
        yield share_row(_labels(section, f"With this size: {heading}"), n, whole, interval=False)
    listed = sum(row["standing"] == "current, history unknown" for row in table)
    yield share_row(
        _labels(section, "Listed, not compared: current target, history unknown"), listed, whole, interval=False
    )


# One pair


def _pair(table: Sequence[Row], pair: str, limits: Sequence[int]) -> Iterator[Row]:
    section = PAIRS[pair]
    compared = [row for row in table if row[f"{pair}_why_not"] is None]
    for row in compared:
        _lint_difference(row, pair)
    yield from _left_out(table, pair, len(compared))
    if not compared:
        yield note_row(_labels(section, "Comparison", pair), "not assessable: no two sizes can be compared")
        return
    if pair != "actual":
        yield from _bases(compared, pair)
    yield from _classes(compared, pair, limits)
    ratios = [second / first for first, second in (_two_sizes(row, pair) for row in compared)]
    yield note_row(
        _labels(section, "Second size divided by the first, median", pair), ratio_text(ratios), n=len(ratios)
    )
    yield from _largest(compared, pair)


def _two_sizes(row: Row, pair: str) -> tuple[int, int]:
    first, second = (row[column] for column in SIZES[pair])
    return first, second


def _lint_difference(row: Row, pair: str) -> None:
    """A pair that is compared has two numbers, the difference that stands beside them, and none below -100%."""
    first, second = _two_sizes(row, pair)
    said = row[f"{pair}_difference_pct"]
    is_whole = all(isinstance(size, int) and size >= 0 for size in (first, second))
    expected = percent_difference(first, second) if is_whole and first else None
    if said is None or said != expected:
        raise stats.LintError(
            "T8a", row["study_id"], found=f"{said}% from {first} to {second}", expected=f"{expected}%"
        )


def _left_out(table: Sequence[Row], pair: str, compared: int) -> Iterator[Row]:
    """Why the other studies are not compared; with the compared ones they are all that were included."""
    section, whole = PAIRS[pair], len(table)
    reasons = Counter(row[f"{pair}_why_not"] for row in table)
    parts = {reason: reasons[reason] for reason in REASONS if reasons[reason]}
    stats.lint_parts({"compared": compared, **parts}, whole, table="T8b", row=section)
    yield share_row(_labels(section, "Compared", pair), compared, whole, interval=False)
    yield share_row(_labels(section, "Not comparable", pair), sum(parts.values()), whole, interval=False)
    for reason, n in parts.items():
        yield share_row(_labels(section, f"Not comparable: {reason}", pair), n, whole, interval=False)


def _bases(compared: Sequence[Row], pair: str) -> Iterator[Row]:
    """Which of the two registered sizes the comparisons rest on."""
    bases = Counter(_basis(row) for row in compared)
    parts = {basis: bases[basis] for basis in BASES}
    stats.lint_parts(parts, len(compared), table="T8b", row=PAIRS[pair])
    for basis, n in parts.items():
        words = f"Of those compared: {BASES[basis].lower()}"
        yield share_row(_labels(PAIRS[pair], words, pair), n, len(compared), interval=False)


def _basis(row: Row) -> str:
    return "before_start" if row["target_before_start"] is not None else "first"


def _classes(compared: Sequence[Row], pair: str, limits: Sequence[int]) -> Iterator[Row]:
    section, whole = PAIRS[pair], len(compared)
    exact = sum(first == second for first, second in (_two_sizes(row, pair) for row in compared))
    yield share_row(_labels(section, "Exactly equal", pair, 0), exact, whole)
    for limit in limits:
        classes = Counter(size_class(*_two_sizes(row, pair), limit) for row in compared)
        parts = {name: classes[name] for name in ("within", "lower", "higher")}
        stats.lint_parts(parts, whole, table="T8b", row=f"{section}, {limit}%")
        stats.lint_chain({"within": parts["within"], "exactly equal": exact}, table="T8b")
        for name, words in {
            "within": f"Within {limit}%, equal ones included",
            "lower": f"Lower by more than {limit}%",
            "higher": f"Higher by more than {limit}%",
        }.items():
            yield share_row(_labels(section, words, pair, limit), parts[name], whole)


def _largest(compared: Sequence[Row], pair: str) -> Iterator[Row]:
    """The studies with the largest differences, largest first, with both sizes."""
    section = f"{PAIRS[pair]}: largest differences"
    differing = [row for row in compared if row[f"{pair}_difference_pct"]]
    ordered = sorted(differing, key=lambda row: (-abs(row[f"{pair}_difference_pct"]), row["study_id"]))
    for row in ordered[:LARGEST]:
        first, second = _two_sizes(row, pair)
        words = f"{first} → {second} ({difference_text(first, second)}){_quoted(row, pair)}"
        yield note_row(_labels(section, row["study_id"], pair), words)


def _quoted(row: Row, pair: str) -> str:
    """Both sizes in the words of their sources, where the main pair has them."""
    quotes = [row["registered_quote"], row["randomised_quote"]] if pair == "main" else []
    words = " → ".join(f"“{quote}”" for quote in quotes if quote)
    return f": {words}" if words else ""
