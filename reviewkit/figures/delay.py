"""F5, registration delay: a histogram of the days from start to registration, and their cumulative shares beside it.

The axis is linear within 30 days of the start and logarithmic beyond, for delays run from a day to decades. Bars hold
the verdict of the rule strict; a start that was only planned is drawn lighter than one that happened. Where a date is
coarse the bar takes the day nearest to the start, and the cumulative shares show both ends.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from reviewkit import figures, stats

TITLE = "Days from start of enrolment to registration"
COLUMNS = ("study_id", "basis", "verdict", "days_min", "days_max", "days_drawn")
NOTHING = "Figure not drawn: no study has both dates, of registration and of start of enrolment."

LINEAR = 30  # days on each side of the start that are drawn to a linear scale
BLUE, VERMILION, GREY, BLACK = "#0072B2", "#D55E00", "#999999", "#000000"
LIGHT = {"prospective": "#D6E8F3", "retrospective": "#FBE3D3", "indeterminate": "#FFFFFF"}
FULL = {"prospective": BLUE, "retrospective": VERMILION, "indeterminate": GREY}
ACTUAL = "actual_start"
BASES = {True: "Actual start", False: "Planned or untyped start"}
TICKS = (30, 90, 365, 1000, 3650, 10_000)
MANY = 40  # more intervals than this touch each other at 0.5 pt, and are drawn as one shape

# Millimetres: the page of the figure and its parts.
WIDTH, LEFT, RIGHT, GAP = 175.0, 13.0, 5.0, 17.0
TOP, PLOT, AXIS, LINE = 7.0, 56.0, 12.5, 5.0
STRIP = 9.0  # height of the strip of intervals, where there are any


class Drawn(NamedTuple):
    """One study of the figure: days from start to registration, negative before the start."""

    study_id: str
    basis: str
    verdict: str
    least: int
    most: int

    @property
    def is_actual(self) -> bool:
        """Is the start date one that happened?"""
        return self.basis == ACTUAL

    @property
    def days(self) -> int:
        """The possible day nearest to the start: what the bar is drawn at."""
        return self.least if self.verdict == "retrospective" else self.most


def drawn(rows: Iterable[Mapping[str, Any]]) -> list[Drawn]:
    """The studies that table T7b counts, from the rows of T7a: both dates known, a registry record loaded."""
    found = [
        Drawn(row["study_id"], row["basis"], row["strict"], *_bounds(row))
        for row in rows
        if row["strict"] in FULL and row["resolved"] == "yes"
    ]
    return sorted(found)


def _bounds(row: Mapping[str, Any]) -> tuple[int, int]:
    return (row["days"], row["days"]) if row["days"] is not None else (row["days_min"], row["days_max"])


def plotted(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The plotted data, one row a study, under COLUMNS; an indeterminate study is drawn as its interval."""
    return [
        dict(
            zip(
                COLUMNS,
                (
                    study.study_id,
                    study.basis,
                    study.verdict,
                    study.least,
                    study.most,
                    "" if study.verdict == "indeterminate" else study.days,
                ),
                strict=True,
            )
        )
        for study in drawn(rows)
    ]


def alt_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """All the figure shows in words: how many studies of which verdict, against which start, and how late."""
    studies = drawn(rows)
    if not studies:
        return NOTHING
    said = [f"Histogram and cumulative shares of the days from start to registration of {_studies(len(studies))}."]
    for is_actual, words in BASES.items():
        some = [study for study in studies if study.is_actual is is_actual]
        if not some:
            continue
        counts = {verdict: sum(study.verdict == verdict for study in some) for verdict in FULL}
        stats.lint_parts(counts, len(some), table="F5", row=words)
        shares = ", ".join(f"{verdict} {stats.share_text(n, len(some))}" for verdict, n in counts.items())
        late = [study.days for study in some if study.verdict == "retrospective"]
        delay = f"; days late of the retrospective, median {stats.median_text(late)}" if late else ""
        said.append(f"{words}: {shares}{delay}.")
    least, most = min(study.least for study in studies), max(study.most for study in studies)
    said.append(f"Registration ranges from {_days(least)} to {_days(most)}.")
    return " ".join(said)


def _studies(n: int) -> str:
    return "1 study" if n == 1 else f"{n} studies"


def _days(days: int) -> str:
    if days == 0:
        return "the day of the start"
    return f"{abs(days)} day{'' if abs(days) == 1 else 's'} {'before' if days < 0 else 'after'} the start"


def draw_delay(rows: Iterable[Mapping[str, Any]]) -> Any:
    """The figure of the rows of table T7a, as a matplotlib Figure; None where no study has both dates."""
    studies = drawn(rows)
    if not studies:
        return None
    with figures.style():
        return _figure(studies)


def _figure(studies: Sequence[Drawn]) -> Any:
    from matplotlib.figure import Figure

    groups = [words for is_actual, words in BASES.items() if any(study.is_actual is is_actual for study in studies)]
    unsure = [study for study in studies if study.verdict == "indeterminate"]
    strip = STRIP + 1.5 if unsure else 0.0
    legend = LINE * len(groups) + 1.5
    height = TOP + PLOT + AXIS + legend
    figure = Figure(figsize=(WIDTH * figures.MM, height * figures.MM))

    def axes(left: float, bottom: float, width: float, tall: float) -> Any:
        return figure.add_axes((left / WIDTH, bottom / height, width / WIDTH, tall / height))

    wide = (WIDTH - LEFT - GAP - RIGHT) * 0.62
    narrow = WIDTH - LEFT - GAP - RIGHT - wide
    foot = legend + AXIS
    bars = axes(LEFT, foot + strip, wide, PLOT - strip)
    shares = axes(LEFT + wide + GAP, foot, narrow, PLOT)
    edges = bin_edges(studies)
    span = _span(edges)
    _draw_bars(bars, studies, edges)
    if unsure:
        intervals = axes(LEFT, foot, wide, STRIP)
        _draw_intervals(intervals, unsure)
    _draw_shares(shares, studies, span)
    for part in figure.axes:
        _scale(part, span, narrow if part is shares else wide)
        part.axvline(0, color=BLACK, linewidth=0.8, zorder=4)
    lowest = intervals if unsure else bars
    if unsure:
        bars.tick_params(axis="x", which="both", bottom=False, labelbottom=False)
        bars.spines["bottom"].set_linewidth(0.5)
    lowest.set_xlabel("Days from start of enrolment to registration\n(linear within ±30 days, logarithmic beyond)")
    shares.set_xlabel("Days from start to registration\n(same scale)")
    for part, letter in ((bars, "a"), (shares, "b")):
        part.annotate(
            letter, (0, 1), xycoords="axes fraction", xytext=(-LEFT * 2.4, 8), textcoords="offset points", weight="bold"
        )
    _draw_legend(axes(0, 0, WIDTH, legend), studies, groups)
    return figure


def stretched(days: float) -> float:
    """The place of a day on the axis, in units of 30 linear days or one decade.

    >>> stretched(15), stretched(-300)
    (0.5, -2.0)
    """
    if abs(days) <= LINEAR:
        return days / LINEAR
    return math.copysign(1 + math.log10(abs(days) / LINEAR), days)


def unstretched(place: float) -> float:
    """The day at a place of the axis."""
    return place * LINEAR if abs(place) <= 1 else math.copysign(LINEAR * 10 ** (abs(place) - 1), place)


def bin_edges(studies: Sequence[Drawn]) -> list[float]:
    """Edges of bars equally wide on the axis, one of them 0; 10 linear days each, or 5 where studies are many."""
    per_unit = 3 if len(studies) < 100 else 6
    low = min(stretched(study.least) for study in studies)
    high = max(stretched(study.most) for study in studies)
    # A bin holds its upper edge: a day on an edge needs the bin below it, and no bin above.
    first = min(-per_unit, math.floor(low * per_unit - 1e-9))
    last = max(per_unit, math.ceil(high * per_unit - 1e-9))
    return [unstretched(step / per_unit) for step in range(first, last + 1)]


def _span(edges: Sequence[float]) -> tuple[float, float]:
    """The ends of the axis: a little beyond the outermost bars, so that none stands on the frame."""
    margin = 0.02 * (stretched(edges[-1]) - stretched(edges[0]))
    return unstretched(stretched(edges[0]) - margin), unstretched(stretched(edges[-1]) + margin)


def counted(studies: Iterable[Drawn], edges: Sequence[float]) -> list[int]:
    """Studies in each bin; a bin holds its upper edge, so that registration on the day of the start is before 0."""
    from bisect import bisect_left

    counts = [0] * (len(edges) - 1)
    for study in studies:
        # The edges come out of logarithms: a whole day on an edge must not fall past it.
        counts[bisect_left(edges, study.days - 1e-6) - 1] += 1
    return counts


def _draw_bars(axes: Any, studies: Sequence[Drawn], edges: Sequence[float]) -> None:
    from matplotlib.ticker import MaxNLocator

    base = [0] * (len(edges) - 1)
    for is_actual in BASES:
        for verdict in ("prospective", "retrospective"):
            chosen = [study for study in studies if study.is_actual is is_actual and study.verdict == verdict]
            counts = counted(chosen, edges)
            filled = [i for i, count in enumerate(counts) if count]
            axes.bar(
                [edges[i] for i in filled],
                [counts[i] for i in filled],
                [edges[i + 1] - edges[i] for i in filled],
                [base[i] for i in filled],
                align="edge",
                **_fill(verdict, is_actual),
            )
            base = [below + count for below, count in zip(base, counts, strict=True)]
    tallest = max(base)
    axes.set_ylim(0, max(tallest * 1.06, 4))  # one study must not look like a tower
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True, min_n_ticks=2))
    axes.set_ylabel("Studies")
    for words, side, aside in (("registered by the start", "right", -5), ("after the start", "left", 5)):
        axes.annotate(
            words,
            (0, 1),
            xycoords=("data", "axes fraction"),
            xytext=(aside, 3),
            textcoords="offset points",
            ha=side,
            fontsize=figures.SMALL_LETTERS,
        )


def _fill(verdict: str, is_actual: bool) -> dict[str, Any]:
    """How a bar and its sample in the legend look: full for an actual start, outlined for another; late is hatched."""
    hatch = "/////" if verdict == "retrospective" else None
    if is_actual:
        return {"facecolor": FULL[verdict], "edgecolor": "#FFFFFF", "linewidth": 0.5, "hatch": hatch}
    return {"facecolor": LIGHT[verdict], "edgecolor": FULL[verdict], "linewidth": 0.7, "hatch": hatch}


def _draw_intervals(axes: Any, unsure: Sequence[Drawn]) -> None:
    """Each indeterminate study as a line from its first to its last possible day; many as one shape."""
    # Dates known to the month first, then those known to the year, so that many make a smooth shape.
    ordered = sorted(unsure, key=lambda study: (not study.is_actual, study.most - study.least > 62, study.least))
    axes.set_ylim(len(ordered) - 0.5 + 0.4, -0.5 - 0.4)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    many = len(ordered) > MANY
    for is_actual in BASES:
        some = [(place, study) for place, study in enumerate(ordered) if study.is_actual is is_actual]
        if some and many:
            tops = [place - 0.5 for place, _ in some] + [some[-1][0] + 0.5]
            lows = [study.least for _, study in some] + [some[-1][1].least]
            highs = [study.most for _, study in some] + [some[-1][1].most]
            looks = {"facecolor": GREY if is_actual else "#E0E0E0", "edgecolor": GREY, "linewidth": 0.5}
            axes.fill_betweenx(tops, lows, highs, step="post", **looks)
        elif some:
            axes.hlines(
                [place for place, _ in some],
                [study.least for _, study in some],
                [study.most for _, study in some],
                colors=GREY,
                linewidth=1.0,
                linestyles="solid" if is_actual else (0, (2, 1)),
            )
            ends = [(day, place) for place, study in some for day in (study.least, study.most)]
            tick = min(5.0, 0.7 * STRIP / figures.MM / 25.4 * 2.83 / len(ordered))
            axes.plot(*zip(*ends, strict=True), "|", color=GREY, markersize=max(tick, 1.5), markeredgewidth=0.8)


def _draw_shares(axes: Any, studies: Sequence[Drawn], span: tuple[float, float]) -> None:
    """Cumulative shares of all studies with both dates; a band where coarse dates leave the day open."""
    for is_actual in BASES:
        some = [study for study in studies if study.is_actual is is_actual]
        if some:
            _draw_steps(axes, some, span)
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 25, 50, 75, 100])
    axes.set_ylabel("Cumulative share of studies (%)")


def _draw_steps(axes: Any, some: Sequence[Drawn], span: tuple[float, float]) -> None:
    """The steps of studies of one kind of start, from one end of the axis to the other."""
    is_actual = some[0].is_actual
    early, late = sorted(study.least for study in some), sorted(study.most for study in some)
    days = [span[0], *sorted({*early, *late}), span[1]]
    upper, lower = ([_share_up_to(values, day) for day in days] for values in (early, late))
    if early != late:
        axes.fill_between(
            days, lower, upper, step="post", facecolor=GREY, alpha=0.45 if is_actual else 0.2, linewidth=0, zorder=1
        )
    for line in (upper,) if early == late else (upper, lower):
        axes.step(days, line, where="post", clip_on=False, zorder=3 if is_actual else 2, **_line(is_actual))


def _line(is_actual: bool) -> dict[str, Any]:
    """How the cumulative line of one kind of start looks."""
    if is_actual:
        return {"color": BLACK, "linewidth": 1.0, "linestyle": "solid"}
    return {"color": "#666666", "linewidth": 0.9, "linestyle": (0, (3, 1.2))}


def _share_up_to(ordered: Sequence[int], day: float) -> float:
    from bisect import bisect_right

    return 100 * bisect_right(ordered, day) / len(ordered)


def _scale(axes: Any, span: tuple[float, float], width: float) -> None:
    """The symmetric logarithmic axis with as many labelled ticks as fit into `width` millimetres."""
    from matplotlib.ticker import FixedFormatter, FixedLocator

    # This linscale makes 30 linear days as wide as one decade, which is what `stretched` says too.
    axes.set_xscale("symlog", linthresh=LINEAR, linscale=1 - 1 / 10)
    low, high = span
    axes.set_xlim(low, high)
    ticks = labelled_ticks(low, high, width)
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_major_formatter(FixedFormatter([f"{tick}".replace("-", "\u2212") for tick in ticks]))
    is_roomy = width / (stretched(high) - stretched(low)) > 12  # millimetres a decade
    unlabelled = [-20, -10, 10, 20, *(_decades() if is_roomy else [sign * day for day in TICKS for sign in (-1, 1)])]
    minor = [day for day in unlabelled if low <= day <= high and day not in ticks]
    axes.xaxis.set_minor_locator(FixedLocator(minor))
    axes.xaxis.set_minor_formatter(FixedFormatter([""] * len(minor)))


def _decades() -> list[int]:
    days = [step * 10**power for power in (1, 2, 3, 4) for step in range(1, 10) if step * 10**power > LINEAR]
    return [sign * day for day in days for sign in (-1, 1)]


def labelled_ticks(low: float, high: float, width: float) -> list[int]:
    """The ticks that get a label: 0 and, outwards alike on both sides, each that leaves room for its neighbour."""
    scale = width / (stretched(high) - stretched(low))  # millimetres to a unit of the axis
    ticks, taken = [0], 0
    for day in TICKS:
        letters = (len(f"-{day}") + len(f"-{taken}")) / 2
        if scale * (stretched(day) - stretched(taken)) >= letters * 1.6 + 1:  # a digit of 7 pt is 1.6 mm wide
            ticks += [sign * day for sign in (-1, 1) if low <= sign * day <= high]
            taken = day
    return sorted(ticks)


def _draw_legend(axes: Any, studies: Sequence[Drawn], groups: Sequence[str]) -> None:
    """One line a kind of start: its line in panel b, then each verdict with its sample and count; in millimetres."""
    from matplotlib.patches import Rectangle

    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(0, LINE * len(groups) + 1.5)
    for line, words in enumerate(groups):
        is_actual = words == BASES[True]
        middle = LINE * (len(groups) - line) - LINE / 2 + 1
        axes.plot([2, 9], [middle, middle], **_line(is_actual))
        axes.text(11, middle, words, va="center_baseline", fontsize=figures.SMALL_LETTERS)
        for column, verdict in enumerate(FULL):
            n = sum(study.verdict == verdict for study in studies if study.is_actual is is_actual)
            left = 54 + 41 * column
            if verdict == "indeterminate":
                looks = {"color": GREY, "linewidth": 1.0}
                axes.plot([left, left + 6], [middle] * 2, linestyle="solid" if is_actual else (0, (2, 1)), **looks)
                axes.plot([left, left + 6], [middle] * 2, "|", color=GREY, markersize=5, markeredgewidth=0.8)
            else:
                axes.add_patch(Rectangle((left, middle - 1.4), 6, 2.8, **_fill(verdict, is_actual)))
            axes.text(left + 8, middle, f"{verdict}, n = {n}", va="center_baseline", fontsize=figures.SMALL_LETTERS)
