"""One page of the traffic light: a line a result, a circle a domain, the domains and the judgements explained below.

Everything stands on one set of axes in inches, counted from the lower left corner of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from reviewkit import figures
from reviewkit.judgements import NOT_APPLICABLE, NOT_YET, Tool, level_titles

# Which light a level is: first the ladder from low to the worst, then no information and not applicable.
LIGHTS = {
    "low": 0,
    "some_concerns": 1,
    "unclear": 1,
    "moderate": 1,
    "high": 2,
    "serious": 2,
    "critical": 3,
    "very_high": 3,
    "no_information": 4,
    NOT_APPLICABLE: 5,
}
PALETTES = {
    "classic": ("#02C100", "#E2DF07", "#BF0000", "#820000", "#4EA1F7", "#CCCCCC"),
    "safe": ("#FED98E", "#FE9929", "#D95F0E", "#993404", "#FFFFFF", "#CCCCCC"),
}
SYMBOLS = {
    "cochrane": ("+", "?", "\u2212", "!", "\u2022", ""),
    "robvis": ("+", "\u2212", "x", "!", "?", ""),
}
BLACK, WHITE, HEAD, SHADE, RULE = "#000000", "#FFFFFF", "#A9A9A9", "#D3D3D3", "#BFBFBF"

# Inches: the page and its parts.
WIDTH, ROW, CIRCLE = 175 / 25.4, 0.4, 0.28
BASE, BASE_FOUR = 2.0, 2.5  # height without lines; the second for tools of four levels or more
WIDEST_CELL, NARROWEST_NAMES = 0.62, 1.9
LEGEND_LINE, SAMPLE, LEGEND_TOP = 0.19, 0.16, 0.12
PAD = 0.07
SYMBOL_TO_CIRCLE = 0.56  # height of a + against the diameter of its circle


class Look(NamedTuple):
    """How the lights look: the colour and the symbol of each."""

    colours: tuple[str, ...]
    symbols: tuple[str, ...]

    def of(self, level: str) -> tuple[str, str]:
        """The colour and the symbol of a level."""
        return self.colours[LIGHTS[level]], self.symbols[LIGHTS[level]]


class Line(NamedTuple):
    """One line: its label, and the level of every domain in order, overall last; None is not yet judged."""

    label: str
    levels: list[str | None]


class Layout(NamedTuple):
    """Where things stand: width of the labels and of a cell, height of the page, foot of the lowest line."""

    names: float
    cell: float
    height: float
    foot: float


def draw_page(lines: Sequence[Line], tool: Tool, look: Look, heading: str) -> Any:
    """The page as a matplotlib Figure; `heading` says what was assessed, above the labels."""
    from matplotlib.figure import Figure

    layout = _layout(len(lines), tool)
    with figures.style():
        figure = Figure(figsize=(WIDTH, layout.height))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, WIDTH)
        axes.set_ylim(0, layout.height)
        _draw_head(axes, heading, [*tool.domains, "Overall"], layout)
        for number, line in enumerate(lines, 1):
            _draw_line(axes, line, layout.height - ROW * number, layout, look)
        _draw_domains(axes, tool, layout.foot)
        _draw_levels(axes, lines, tool, (layout.names, layout.foot), look)
    return figure


def _layout(lines: int, tool: Tool) -> Layout:
    ladder = [level for level in tool.levels if LIGHTS[level] < LIGHTS["no_information"]]
    base = BASE if len(ladder) < 4 else BASE_FOUR
    columns = len(tool.domains) + 1
    cell = min(WIDEST_CELL, (WIDTH - NARROWEST_NAMES) / columns)
    return Layout(WIDTH - cell * columns, cell, base + ROW * lines, base - ROW)


def _draw_head(axes: Any, heading: str, columns: Sequence[str], layout: Layout) -> None:
    """The row of headings, and the shaded column of the overall judgement below it."""
    from matplotlib.patches import Rectangle

    top = layout.height - ROW
    axes.add_patch(Rectangle((0, top), WIDTH, ROW, facecolor=HEAD, linewidth=0))
    shade = (WIDTH - layout.cell, layout.foot)
    axes.add_patch(Rectangle(shade, layout.cell, top - layout.foot, facecolor=SHADE, linewidth=0))
    axes.plot([0, WIDTH], [layout.foot] * 2, color=BLACK, linewidth=0.6)
    _fit(axes, heading or "Study", (PAD, top + ROW / 2), layout.names - 2 * PAD, weight="bold")
    for place, words in enumerate(columns):
        left = layout.names + layout.cell * place
        centre = (left + layout.cell / 2, top + ROW / 2)
        axes.text(*centre, words, ha="center", va="center_baseline", weight="bold", fontsize=figures.LETTERS)
        axes.plot([left, left], [top, layout.height], color=WHITE, linewidth=0.8)


def _draw_line(axes: Any, line: Line, top: float, layout: Layout, look: Look) -> None:
    """The label and the circles of one line; `top` is the upper edge of the line."""
    middle, low = top - ROW / 2, top - ROW
    _fit(axes, line.label, (PAD, middle), layout.names - 2 * PAD)
    if low > layout.foot + ROW / 2:
        axes.plot([0, WIDTH], [low, low], color=RULE, linewidth=0.5)
    for place, level in enumerate(line.levels):
        if level is not None:
            _draw_light(axes, (layout.names + layout.cell * (place + 0.5), middle), CIRCLE, look.of(level))


def _draw_light(axes: Any, centre: tuple[float, float], diameter: float, light: tuple[str, str]) -> None:
    """A circle with its symbol in the middle, as black bold text."""
    from matplotlib.patches import Circle

    colour, symbol = light
    axes.add_patch(Circle(centre, diameter / 2, facecolor=colour, edgecolor=BLACK, linewidth=0.5, zorder=3))
    if symbol:
        size = SYMBOL_TO_CIRCLE * diameter * 72 / 0.63  # the + of the font is 0.63 of its size high
        across, up = _middle_of(symbol, size)
        place = (centre[0] - across, centre[1] - up)
        # A symbol can be `$` to no one: it is drawn as it is, never as mathematics.
        axes.text(*place, symbol, fontsize=size, weight="bold", color=BLACK, zorder=4, parse_math=False)


@lru_cache(maxsize=64)
def _middle_of(symbol: str, size: float) -> tuple[float, float]:
    """Where the ink of a bold symbol has its middle, in inches from its origin; baselines centre no `?` or `−`."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    ink = TextPath((0, 0), symbol, size=size, prop=FontProperties(family=figures.FONT, weight="bold")).get_extents()
    return (ink.x0 + ink.x1) / 2 / 72, (ink.y0 + ink.y1) / 2 / 72


# Words


def _fit(axes: Any, words: str, place: tuple[float, float], width: float, weight: str = "normal") -> None:
    """Text in one or two lines of at most `width` inches, centred on the height of `place`; longer is cut with `…`."""
    lines = _wrapped(" ".join(words.split()), width, weight)
    looks = {"fontsize": figures.LETTERS, "weight": weight, "linespacing": 1.15, "parse_math": False}
    axes.text(*place, "\n".join(lines), va="center" if len(lines) > 1 else "center_baseline", **looks)


def _wrapped(words: str, width: float, weight: str) -> list[str]:
    """The words in at most two lines no wider than `width` inches, broken at blanks and hyphens, else anywhere."""
    first, rest = _split(words, width, weight)
    if not rest:
        return [first]
    second, left_over = _split(rest, width, weight)
    return [first, f"{_split(rest, width - _wide('…', weight), weight, is_cut=True)[0]}…" if left_over else second]


def _split(words: str, width: float, weight: str, *, is_cut: bool = False) -> tuple[str, str]:
    """The part of the words that fits a line, and the rest."""
    if _wide(words, weight) <= width:
        return words, ""
    fitting = next(n for n in range(len(words), 0, -1) if n == 1 or _wide(words[:n].rstrip(), weight) <= width)
    blank = max(words.rfind(" ", 0, fitting + 1), words.rfind("-", 0, fitting) + 1)
    at = blank if blank > 0 and not is_cut else fitting
    return words[:at].rstrip(), words[at:].lstrip()


@lru_cache(maxsize=65536)
def _wide(words: str, weight: str) -> float:
    """The width of words in inches at the size of our letters."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    prop = FontProperties(family=figures.FONT, weight=weight, size=figures.LETTERS)
    return float(TextToPath().get_text_width_height_descent(words, prop, ismath=False)[0]) / 72


# Legends


def _draw_domains(axes: Any, tool: Tool, foot: float) -> None:
    """What the letters above the columns stand for."""
    top = foot - LEGEND_TOP
    _legend_text(axes, (PAD, top), f"Domains ({tool.name})", weight="bold")
    for number, (domain, title) in enumerate(tool.domains.items(), 1):
        _legend_text(axes, (PAD, top - LEGEND_LINE * number), domain, weight="bold")
        _legend_text(axes, (PAD + 0.42, top - LEGEND_LINE * number), title)


def _draw_levels(axes: Any, lines: Sequence[Line], tool: Tool, corner: tuple[float, float], look: Look) -> None:
    """What colours and symbols stand for: every level of the tool, and what else the page shows."""
    left, top = max(corner[0], WIDTH / 2) + 0.45, corner[1] - LEGEND_TOP
    _legend_text(axes, (left, top), "Judgement", weight="bold")
    used = {level for line in lines for level in line.levels}
    levels = [*tool.levels, *([NOT_APPLICABLE] if NOT_APPLICABLE in used else [])]
    for number, level in enumerate(levels, 1):
        middle = top - LEGEND_LINE * number
        _draw_light(axes, (left + SAMPLE / 2, middle), SAMPLE, look.of(level))
        _legend_text(axes, (left + 0.28, middle), level_titles()[level])
    if None in used:
        _legend_text(axes, (left, top - LEGEND_LINE * (len(levels) + 1)), f"Blank: {NOT_YET}")


def _legend_text(axes: Any, place: tuple[float, float], words: str, weight: str = "normal") -> None:
    axes.text(*place, words, va="center_baseline", fontsize=figures.SMALL_LETTERS, weight=weight)
