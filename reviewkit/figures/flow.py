"""F1, the PRISMA 2020 flow diagram on a page of A4, drawn from the counts of its boxes.

A box or column whose counts are None is left out; 0 is printed as 0. Layout and words after Page et al., BMJ
2021;372:n71. All lengths are in millimetres, measured from the top left corner of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from reviewkit import figures
from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.words import nearest

TITLE = "PRISMA 2020 flow diagram"
COLUMNS = ("box", "name", "text", "n")
TEMPLATES = ("new_v1", "new_v2")
ATTRIBUTION = "Flow diagram after PRISMA 2020 (Page et al., BMJ 2021;372:n71), CC BY 4.0"
NOTHING = "Figure not drawn: there are no counts of records, reports or studies."

SEARCHED, OTHER, BOTH = "databases and registers", "other methods", "included"
BARS = {
    SEARCHED: ("Identification of new studies via databases and registers", "#FFC125"),
    OTHER: ("Identification of new studies via other methods", "#DCDCDC"),
}
LABELS = {"Identification": (0,), "Screening": (1, 2, 3), "Included": (4, 5)}
LABEL_COLOUR = "#BCD2EE"
FULL_HEIGHT = (0, 4, 5)  # rows in which every box is as high as the row
OTHER_REASON = ("other", "other reason", "other reasons")  # stands last whatever its count

# The page and its parts.
PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0
MARGIN = 12.0
LABEL_WIDTH, LABEL_GAP = 7.0, 3.0
COLUMN, COLUMN_GAP = 84.0, 8.0
LEFT = MARGIN + LABEL_WIDTH + LABEL_GAP
PADDING, LEAST_BOX, INDENT = 2.0, 11.0, 3.0
DRAFT_WIDTH = 24.0  # of the word, before what waits
GAPS = (6.0, 13.0)  # between two rows: the least, and the most where the page has room
LINE_HEIGHT = 1.28  # of the size of the letters
POINT = 25.4 / 72
OUTLINE = 0.75  # points


class Box(NamedTuple):
    """One box of the diagram: column, row, and whether it stands beside the flow; its heading and what that counts.

    `parts` are lines below the heading, as (box, words); those of `ONLY_IF_ANY` stand only where they are not 0.
    """

    column: str
    row: int
    is_aside: bool
    words: str
    counts: str
    parts: tuple[tuple[str, str], ...] = ()


NOT_RETRIEVED = (("wait_retrieved", "not yet retrieved"), ("wait_assessed", "retrieved, not yet assessed"))
LEFT_LATER = (("ongoing", "Reports of ongoing studies"), ("awaiting", "Reports awaiting classification"))
REMOVED = (
    ("dup", "Duplicate records"),
    ("auto", "Records marked as ineligible by automation tools"),
    ("oth", "Records removed for other reasons"),
)
NOT_SCREENED = (("wait_scr", "not yet screened"), ("wait_sought", "screened, not yet decided"))
FOUND_OTHERWISE = (("web", "Websites"), ("org", "Organisations"), ("cit", "Citation searching"), ("other_src", ""))


def _reports(column: str, prefix: str, left_later: str) -> tuple[Box, ...]:
    """The boxes from retrieval on, which both columns have; `prefix` begins the names of what they count."""

    def parts(pairs: Iterable[tuple[str, str]], start: str = prefix) -> tuple[tuple[str, str], ...]:
        return tuple((start + box, words) for box, words in pairs)

    undecided = (("wait_included", "assessed, not yet decided"),)
    return (
        Box(column, 2, False, "Reports sought for retrieval", f"{prefix}sought", parts(NOT_RETRIEVED)),
        Box(column, 2, True, "Reports not retrieved", f"{prefix}not_ret"),
        Box(column, 3, False, "Reports assessed for eligibility", f"{prefix}assessed", parts(undecided)),
        Box(column, 3, True, "Reports excluded", f"{prefix}ex", parts(LEFT_LATER, left_later)),
    )


BOXES = (
    Box(SEARCHED, 0, False, "Records identified from", "", (("db", "Databases"), ("reg", "Registers"))),
    Box(SEARCHED, 0, True, "Records removed before screening", "", REMOVED),
    Box(SEARCHED, 1, False, "Records screened", "scr", NOT_SCREENED),
    Box(SEARCHED, 1, True, "Records excluded", "scr_ex"),
    *_reports(SEARCHED, "", "d_"),
    Box(OTHER, 0, False, "Records identified from", "", (*FOUND_OTHERWISE, ("o_wait_sought", "not yet decided"))),
    *_reports(OTHER, "o_", "o_"),
    Box(BOTH, 4, False, "Studies included in review", "new_studies", (("new_reports", "Reports of included studies"),)),
    Box(
        BOTH,
        5,
        False,
        "Studies included in meta-analysis",
        "ma_studies",
        (("ma_reports", "Reports of studies in meta-analysis"),),
    ),
)
ONLY_IF_ANY = re.compile(r"(o_)?wait_|[do]_(ongoing|awaiting)")
# Lines that are no part of what the heading above them counts.
FLUSH = re.compile(r"(new|ma)_reports|[do]_(ongoing|awaiting)")


class Line(NamedTuple):
    """A line of a box before it is broken: its words, count, mark of a footnote, the box it counts, and its indent."""

    words: str
    n: int | None
    box: str
    name: str = ""
    mark: str = ""
    is_indented: bool = False
    opens: bool = False  # a list of parts follows

    @property
    def text(self) -> str:
        """The line as printed: `Records screened (n = 1 234)`, with a thin space before each three digits."""
        count = "" if self.n is None else f" (n = {number_text(self.n)})"
        return f"{self.words}{self.mark}{count}{':' if self.opens else ''}"


Drawn = Sequence[tuple[Box, list[Line]]]


def number_text(n: int) -> str:
    """A count with a thin space before each three digits.

    >>> number_text(1234567) == "1\\u2009234\\u2009567"
    True
    """
    return f"{n:,}".replace(",", "\u2009")


# ---- what is said


def box_lines(box: Box, counts: Mapping[str, Any]) -> list[Line]:
    """The lines of a box, its heading first; none where nothing of it applies."""
    parts = [line for name, words in box.parts for line in _part_lines(name, words, counts)]
    if not box.counts:
        mark = "*" if box.words.startswith("Records identified") and _sources(box.column, counts) else ""
        return [Line(box.words, None, "", mark=mark, opens=True), *parts] if any(p.n is not None for p in parts) else []
    if counts.get(box.counts) is None and counts.get(f"{box.counts}_total") is None:
        return []
    if box.counts in ("ex", "o_ex"):
        reasons = [Line(name, n, box.counts, name, is_indented=True) for name, n in _reasons(counts.get(box.counts))]
        total = counts.get(f"{box.counts}_total")
        n = sum(line.n or 0 for line in reasons) if total is None else total
        return [Line(box.words, n, f"{box.counts}_total", opens=bool(reasons)), *reasons, *parts]
    mark = "**" if box.counts == "scr_ex" and counts.get("scr_ex_auto") is not None else ""
    return [Line(box.words, counts[box.counts], box.counts, mark=mark), *parts]


def _part_lines(box: str, words: str, counts: Mapping[str, Any]) -> Iterator[Line]:
    value = counts.get(box)
    if value is None or (ONLY_IF_ANY.match(box) and value == 0):
        return
    if box == "other_src":
        yield from (Line(name, n, box, name, is_indented=True) for name, n in value)
    elif box in ("db", "reg"):
        yield Line(words, sum(n for _, n in value), box, is_indented=True)
    else:
        yield Line(words, value, box, is_indented=FLUSH.fullmatch(box) is None)


def _reasons(pairs: Sequence[tuple[str, int]] | None) -> list[tuple[str, int]]:
    """Reasons with most reports first, `other` last."""
    return sorted(pairs or (), key=lambda pair: (_is_other(pair[0]), -pair[1], pair[0]))


def _is_other(reason: str) -> bool:
    """Is it the reason that gives none: `other`, `Other, see notes`?"""
    return reason.partition(",")[0].strip().casefold() in OTHER_REASON


def _sources(column: str, counts: Mapping[str, Any]) -> str:
    """Databases and registers by name: `Databases: A (n = 3), B (n = 2).`; empty where only totals are known."""
    if column != SEARCHED:
        return ""
    said = []
    for box, words in (("db", "Databases"), ("reg", "Registers")):
        pairs = counts.get(box) or ()
        if pairs and [name for name, _ in pairs] != [words]:
            said.append(f"{words}: " + ", ".join(f"{name} (n = {number_text(n)})" for name, n in pairs) + ".")
    return " ".join(said)


def footnotes(counts: Mapping[str, Any], notes: Mapping[str, str]) -> list[str]:
    """The lines below the diagram: sources, who excluded, what is counted otherwise, written notes, attribution."""
    said = [f"* {sources}"] if (sources := _sources(SEARCHED, counts)) else []
    if counts.get("scr_ex_auto") is not None:
        human, tool = (number_text(counts.get(name) or 0) for name in ("scr_ex_human", "scr_ex_auto"))
        said.append(f"** Excluded by a person (n = {human}), by automation tools (n = {tool}).")
    for box, words in (
        (
            "o_not_sought",
            "Records found by other methods whose reports were not sought, as duplicates or on their title",
        ),
        ("overlap", "Included reports found more than once and counted once"),
        ("extra_reports", "Further reports to which a record led"),
    ):
        if counts.get(box):
            said.append(f"{words}: n = {number_text(counts[box])}.")
    return [*said, *(f"Note on {name}: {text}" for name, text in sorted(notes.items()) if text.strip()), ATTRIBUTION]


def pending_text(counts: Mapping[str, Any]) -> str:
    """How many citations wait, and for what: `12 citations wait: 3 not yet screened, …`; empty where none does."""
    waiting = [line for box in BOXES for line in box_lines(box, counts) if "wait_" in line.box and line.n]
    by_words: dict[str, int] = {}
    for line in waiting:
        by_words[line.words] = by_words.get(line.words, 0) + (line.n or 0)
    total = sum(by_words.values())
    if not total:
        return ""
    said = "; ".join(f"{number_text(n)} {words}" for words, n in by_words.items())
    return f"{number_text(total)} {'citation waits' if total == 1 else 'citations wait'} for a decision ({said})"


def alt_text(
    counts: Mapping[str, Any], template: str = "new_v2", *, draft: bool = False, notes: Mapping[str, str] | None = None
) -> str:
    """Every count of the diagram in words, column by column."""
    drawn = _drawn(counts, template)
    if not drawn:
        return NOTHING
    said = [_draft_text(counts) + "."] if draft else []
    said.append("PRISMA 2020 flow diagram.")
    for column in (SEARCHED, OTHER, BOTH):
        boxes = ["; ".join(line.text for line in lines) for box, lines in drawn if box.column == column]
        said += [f"{column.capitalize()}: {'. '.join(boxes)}."] if boxes else []
    return " ".join([*said, *footnotes(counts, notes or {})]).replace(":;", ":")


def plotted(counts: Mapping[str, Any], template: str = "new_v2") -> list[dict[str, Any]]:
    """The counts as drawn, one row each, under COLUMNS; sources by name, as the footnote has them."""
    rows = [
        {"box": line.box, "name": line.name, "text": line.words, "n": line.n}
        for _, lines in _drawn(counts, template)
        for line in lines
        if line.n is not None
    ]
    named = [
        {"box": box, "name": name, "text": name, "n": n} for box in ("db", "reg") for name, n in counts.get(box) or ()
    ]
    beside = ("scr_ex_human", "scr_ex_auto", "o_not_sought", "overlap", "extra_reports")
    told = [{"box": box, "name": "", "text": "", "n": counts[box]} for box in beside if counts.get(box) is not None]
    return [*rows, *named, *told]


def _draft_text(counts: Mapping[str, Any]) -> str:
    waiting = pending_text(counts)
    return f"DRAFT: {waiting}" if waiting else "DRAFT"


def _drawn(counts: Mapping[str, Any], template: str) -> list[tuple[Box, list[Line]]]:
    """The boxes to draw with their lines; ReviewError for a template that is none, or that has no place for a count."""
    if template not in TEMPLATES:
        near = nearest(template, TEMPLATES) or TEMPLATES[-1]
        raise _refused("template", shown(template), "one of " + ", ".join(TEMPLATES), f"did you mean {near}?")
    both = [(box, lines) for box in BOXES if (lines := box_lines(box, counts))]
    other = [line for box, lines in both for line in lines if box.column == OTHER]
    if template == "new_v1" and any(line.n for line in other):
        n = next(line for line in other if line.n)
        found = f"counts of other methods, such as {n.text!r}"
        raise _refused("template new_v1", found, "databases and registers only", "draw the template new_v2")
    earlier = [name for name, value in counts.items() if name.startswith(("prev_", "total_")) and value]
    if earlier:
        found = f"counts of an earlier version of the review: {', '.join(earlier)}"
        raise _refused(f"template {template}", found, "the flow of a new review", "leave these counts blank")
    return [(box, lines) for box, lines in both if template == "new_v2" or box.column != OTHER]


def _refused(place: str, found: str, expected: str, fix: str) -> ReviewError:
    return ReviewError(Problem(place, None, found, expected, fix))


# ---- how lines are broken


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """The width of a text in millimetres."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=figures.FONT, size=size, weight="bold" if bold else "normal")
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] * POINT


def broken(text: str, width: float, size: float, *, bold: bool = False, hang: float = 0.0) -> list[str]:
    """The text in lines of at most `width` millimetres, less `hang` from the second on.

    `(n = 12)` stays whole; a word wider than a line is cut.
    """
    lines = [""]
    for word in text.replace("(n = ", "(n\u00a0=\u00a0").split(" "):
        joined = f"{lines[-1]} {word}".strip(" ")
        if text_width(joined, size, bold) <= width - hang * (len(lines) > 1):
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        *whole, lines[-1] = _cut(word, width - hang, size, bold)
        lines[-1:-1] = whole
    return [_from_the_left(line.replace("\u00a0", " ")) for line in lines]


RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
LEFT_TO_RIGHT_MARK = "\u200e"


def _from_the_left(line: str) -> str:
    """A line with Persian, Arabic or Hebrew words, marked so that its count still stands to the right of them."""
    return LEFT_TO_RIGHT_MARK + line if RIGHT_TO_LEFT.search(line) else line


def _cut(word: str, width: float, size: float, bold: bool) -> list[str]:
    """A word in pieces that fit."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_width(pieces[-1] + letter, size, bold) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


# ---- where everything stands


class Placed(NamedTuple):
    """A box on the page: left and top edge, width and height, and its printed lines, each with its indent,
    and the size of their letters in points."""

    box: Box
    left: float
    top: float
    width: float
    height: float
    lines: list[tuple[str, float]]
    size: float

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height


def _line_step(size: float) -> float:
    return size * LINE_HEIGHT * POINT


def _width_of(column: str, columns: Sequence[str]) -> float:
    """How wide a box is: where two columns share the page, each holds a box and the one beside it."""
    return (COLUMN - COLUMN_GAP) / 2 if len(columns) == 2 else COLUMN


def _left_of(box: Box, columns: Sequence[str]) -> float:
    column = columns.index(box.column) if box.column in columns else 0
    aside = (_width_of(box.column, columns) + COLUMN_GAP) if box.is_aside else 0.0
    return LEFT + column * (COLUMN + COLUMN_GAP) + aside


def _printed(lines: Sequence[Line], width: float, size: float) -> list[tuple[str, float]]:
    """The lines broken to the width of their box; what goes on in a second line is indented."""
    printed = []
    for line in lines:
        indent = INDENT if line.is_indented else 0.0
        hang = indent + (INDENT / 2 if line.is_indented else 0.0)
        parts = broken(line.text, width - 2 * PADDING - indent, size, hang=hang - indent)
        printed += [(part, hang if i else indent) for i, part in enumerate(parts)]
    return printed


def _placed(drawn: Drawn, top: float, foot: float) -> list[Placed]:
    """The boxes on the page, from `top` on, with `foot` kept free below; in smaller letters where they need it."""
    for size in (figures.LETTERS, figures.SMALL_LETTERS):
        columns = _columns(drawn)
        printed = {box: _printed(lines, _width_of(box.column, columns), size) for box, lines in drawn}
        own = {box: max(len(lines) * _line_step(size) + 2 * PADDING, LEAST_BOX) for box, lines in printed.items()}
        heights = _row_heights(own)
        free = PAGE_HEIGHT - top - foot - sum(heights.values())
        gap = min(max(free / max(len(heights) - 1, 1), GAPS[0]), GAPS[1])
        if free >= gap * (len(heights) - 1):
            break
    tops, y = {}, top
    for row, height in heights.items():
        tops[row] = y
        y += height + gap
    found = []
    for box, lines in printed.items():
        height = heights[box.row] if box.row in FULL_HEIGHT else own[box]
        place = (_left_of(box, columns), tops[box.row], _width_of(box.column, columns), height)
        found.append(Placed(box, *place, lines, size))
    return found


def _row_heights(own: Mapping[Box, float]) -> dict[int, float]:
    """The height of every row, from the top: its highest box, or more where a label needs it."""
    heights = {row: max(own[box] for box in own if box.row == row) for row in sorted({box.row for box in own})}
    for label, rows in LABELS.items():
        there = [row for row in rows if row in heights]
        spanned = sum(heights[row] for row in there) + GAPS[0] * (len(there) - 1)
        if there:
            heights[there[-1]] += max(_label_length(label) - spanned, 0.0)
    return heights


def _label_length(label: str) -> float:
    """The room that a label needs along its column."""
    return text_width(label, figures.LETTERS, True) + 3.0


def _columns(drawn: Drawn) -> list[str]:
    """The columns that have a box, in their order on the page."""
    return [column for column in (SEARCHED, OTHER) if any(box.column == column for box, _ in drawn)]


# ---- the drawing


def draw_flow(
    counts: Mapping[str, Any], template: str = "new_v2", *, draft: bool = False, notes: Mapping[str, str] | None = None
) -> Any:
    """The diagram as a matplotlib Figure; None where nothing is counted.

    `counts` holds boxes by name: whole numbers, or pairs of name and count for sources and reasons. `notes` are
    written notes by identity, printed below. The page is A4, longer only where the boxes need it. ReviewError for an
    unknown template, or one that has no place for a count that is there.
    """
    drawn = _drawn(counts, template)
    if not drawn:
        return None
    with figures.style():
        return _figure(drawn, counts, footnotes(counts, notes or {}), draft)


def _figure(drawn: Drawn, counts: Mapping[str, Any], below: Sequence[str], draft: bool) -> Any:
    from matplotlib.figure import Figure

    columns = _columns(drawn) or [SEARCHED]
    width = PAGE_WIDTH - 2 * MARGIN
    small = _line_step(figures.SMALL_LETTERS)
    foot_lines = [line for text in below for line in broken(text, width, figures.SMALL_LETTERS)]
    foot = len(foot_lines) * small + 8.0 + MARGIN
    waiting = pending_text(counts)
    banner = broken(waiting, width - DRAFT_WIDTH, figures.LETTERS) if draft and waiting else []
    banner_height = max(len(banner) * _line_step(figures.LETTERS), 6.0) + 4.0 if draft else 0.0
    bars = {
        column: broken(BARS[column][0], _bar_width(columns) - 2 * PADDING, figures.LETTERS, bold=True)
        for column in columns
    }
    bar_height = max(map(len, bars.values())) * _line_step(figures.LETTERS) + 2 * PADDING
    top = MARGIN + banner_height + bar_height + 5.0
    placed = _placed(drawn, top, foot)
    end = max(*(box.bottom for box in placed), *(bottom for _, bottom in _label_frames(placed).values()))
    height = max(PAGE_HEIGHT, end + foot)

    figure = Figure(figsize=(PAGE_WIDTH * figures.MM, height * figures.MM))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, PAGE_WIDTH)
    axes.set_ylim(height, 0)
    if draft:
        _text(axes, MARGIN, MARGIN, "DRAFT", 14, bold=True)
        _draw_lines(axes, [(line, 0.0) for line in banner], MARGIN + DRAFT_WIDTH, MARGIN + 1.0, figures.LETTERS)
    for number, column in enumerate(columns):
        left = LEFT + number * (COLUMN + COLUMN_GAP)
        frame = (left, MARGIN + banner_height, _bar_width(columns), bar_height)
        _draw_bar(axes, frame, bars[column], BARS[column][1])
    _draw_labels(axes, placed)
    for box in placed:
        _draw_box(axes, box)
    for path in arrows(placed, columns):
        _draw_arrow(axes, path)
    _draw_lines(axes, [(line, 0.0) for line in foot_lines], MARGIN, end + 6.0, figures.SMALL_LETTERS)
    return figure


def _bar_width(columns: Sequence[str]) -> float:
    return COLUMN if len(columns) == 2 else 2 * COLUMN + COLUMN_GAP


def arrows(placed: Sequence[Placed], columns: Sequence[str]) -> list[list[tuple[float, float]]]:
    """The arrows as corners from start to head: down the flow, aside, and across to what is included."""
    paths = []
    ends = [box for box in placed if box.box.column == BOTH]
    for column in columns:
        flow = [box for box in placed if box.box.column == column and not box.box.is_aside]
        chain = [*flow, *ends] if column == columns[0] else flow
        for upper, lower in pairwise(chain):
            middle = upper.left + upper.width / 2
            paths.append([(middle, upper.bottom), (middle, lower.top)])
        if column != columns[0] and flow and ends:
            middle, level = flow[-1].left + flow[-1].width / 2, ends[0].top + ends[0].height / 2
            paths.append([(middle, flow[-1].bottom), (middle, level), (ends[0].left + ends[0].width, level)])
    for aside in (box for box in placed if box.box.is_aside):
        beside = [box for box in placed if box.box[:2] == aside.box[:2] and not box.box.is_aside]
        for main in beside:
            level = main.top + min(main.height, aside.height) / 2
            paths.append([(main.left + main.width, level), (aside.left, level)])
    return paths


def _draw_bar(axes: Any, frame: tuple[float, float, float, float], lines: Sequence[str], colour: str) -> None:
    from matplotlib.patches import Rectangle

    left, top, width, height = frame
    axes.add_patch(Rectangle((left, top), width, height, facecolor=colour, edgecolor="black", linewidth=OUTLINE))
    first = top + (height - len(lines) * _line_step(figures.LETTERS)) / 2
    for number, line in enumerate(lines):
        _text(
            axes,
            left + width / 2,
            first + number * _line_step(figures.LETTERS),
            line,
            figures.LETTERS,
            bold=True,
            ha="center",
        )


def _label_frames(placed: Sequence[Placed]) -> dict[str, tuple[float, float]]:
    """The top and the bottom of every label that has a box beside it."""
    frames = {}
    for label, rows in LABELS.items():
        there = [box for box in placed if box.box.row in rows]
        if there:
            top = min(box.top for box in there)
            frames[label] = (top, max(*(box.bottom for box in there), top + _label_length(label)))
    return frames


def _draw_labels(axes: Any, placed: Sequence[Placed]) -> None:
    from matplotlib.patches import Rectangle

    for label, (top, bottom) in _label_frames(placed).items():
        shape = Rectangle(
            (MARGIN, top), LABEL_WIDTH, bottom - top, facecolor=LABEL_COLOUR, edgecolor="black", linewidth=OUTLINE
        )
        axes.add_patch(shape)
        middle = (MARGIN + LABEL_WIDTH / 2, (top + bottom) / 2)
        axes.text(*middle, label, rotation=90, ha="center", va="center", weight="bold", fontsize=figures.LETTERS)


def _draw_box(axes: Any, box: Placed) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle((box.left, box.top), box.width, box.height, facecolor="white", edgecolor="black", linewidth=OUTLINE)
    )
    first = box.top + (box.height - len(box.lines) * _line_step(box.size)) / 2
    _draw_lines(axes, box.lines, box.left + PADDING, first, box.size)


def _draw_lines(axes: Any, lines: Sequence[tuple[str, float]], left: float, top: float, size: float) -> None:
    for number, (line, indent) in enumerate(lines):
        _text(axes, left + indent, top + number * _line_step(size), line, size)


def _text(axes: Any, x: float, top: float, text: str, size: float, *, bold: bool = False, ha: str = "left") -> None:
    """A line of text whose room on the page begins at `top`; a dollar sign is a dollar sign."""
    baseline = top + _line_step(size) * 0.76  # letters hang below it by the rest of the line
    weight = "bold" if bold else "normal"
    axes.text(x, baseline, text, ha=ha, va="baseline", fontsize=size, weight=weight, parse_math=False)


def _draw_arrow(axes: Any, corners: Sequence[tuple[float, float]]) -> None:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    axes.add_patch(
        FancyArrowPatch(
            path=Path(list(corners)),
            arrowstyle="-|>,head_length=0.5,head_width=0.22",
            mutation_scale=9,
            linewidth=OUTLINE,
            color="black",
            joinstyle="miter",
            capstyle="butt",
        )
    )
