"""F5: what is drawn, where it stands on the axis, and the files it is written to."""

from __future__ import annotations

import csv
import re
from itertools import combinations
from xml.etree import ElementTree

import matplotlib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit import dates, figures
from reviewkit.figures import delay

NOTE = {"review_id": "demo", "snapshot_date": "2024-05-31", "version": "0.1.0"}
LATE = "retrospective"


def a_row(study_id, least, most=None, basis="actual_start"):
    """A row of T7a as far as the figure reads it."""
    most = least if most is None else most
    verdict = "prospective" if most <= 0 else LATE if least > 0 else "indeterminate"
    days = {"days": least if least == most else None, "days_min": least, "days_max": most}
    return {"study_id": study_id, "basis": basis, "strict": verdict, "resolved": "yes", **days}


def silent_row(study_id):
    return {**a_row(study_id, 0), "basis": None, "strict": "no_start", "days": None, "days_min": None, "days_max": None}


FEW = [
    a_row("S0002", -31, basis="anticipated_start"),
    a_row("S0001", 117, basis="anticipated_start"),
    silent_row("S0003"),
]
SOME = [
    a_row("S0001", 117),
    a_row("S0002", -31),
    a_row("S0003", 0),
    a_row("S0004", -9, 21),
    a_row("S0005", 31, 61, "unknown_start"),
    a_row("S0006", -400, -370),
    a_row("S0007", -30, 335, "anticipated_start"),
    a_row("S0008", 6251),
]
MANY = [
    a_row(f"S{i:04}", sign * round(10 ** (i % 37 / 10)), basis=basis)
    for i, (sign, basis) in enumerate([(1, "actual_start"), (-1, "actual_start"), (1, "unknown_start")] * 60)
] + [a_row(f"T{i:04}", -(i % 30), 30 - i % 30, "anticipated_start" if i % 3 else "actual_start") for i in range(90)]
SIZES = {"one": [a_row("S0001", 0)], "unsure": [a_row("S0001", -9, 21)], "few": FEW, "some": SOME, "many": MANY}


def test_the_plotted_data_are_the_studies_with_both_dates():
    assert [tuple(row.values()) for row in delay.plotted(FEW + SOME[3:6])] == [
        ("S0001", "anticipated_start", LATE, 117, 117, 117),
        ("S0002", "anticipated_start", "prospective", -31, -31, -31),
        ("S0004", "actual_start", "indeterminate", -9, 21, ""),
        ("S0005", "unknown_start", LATE, 31, 61, 31),
        ("S0006", "actual_start", "prospective", -400, -370, -370),
    ]


def test_a_study_whose_dates_come_from_a_paper_alone_is_not_drawn():
    assert delay.draw_delay([{**a_row("S0001", 5), "resolved": "no"}]) is None


def test_the_alt_text_tells_counts_and_delays_of_each_kind_of_start():
    assert delay.alt_text(SOME) == (
        "Histogram and cumulative shares of the days from start to registration of 8 studies. "
        "Actual start: prospective 3/6 (50%), retrospective 2/6 (33%), indeterminate 1/6 (17%); "
        "days late of the retrospective, median 3184 (IQR 1650.5 to 4717.5), n = 2. "
        "Planned or untyped start: prospective 0/2 (0%), retrospective 1/2 (50%), indeterminate 1/2 (50%); "
        "days late of the retrospective, median 31 (IQR 31 to 31), n = 1. "
        "Registration ranges from 400 days before the start to 6251 days after the start."
    )


@given(st.lists(st.tuples(st.integers(-9000, 9000), st.integers(0, 400)), min_size=1, max_size=130))
def test_every_bar_holds_whole_bins_on_its_side_of_the_start(given_days):
    studies = delay.drawn(a_row(f"S{i:04}", least, least + width) for i, (least, width) in enumerate(given_days))
    edges = delay.bin_edges(studies)
    assert 0 in edges and edges == sorted(edges)
    for verdict in ("prospective", LATE):
        chosen = [study for study in studies if study.verdict == verdict]
        counts = delay.counted(chosen, edges)
        assert sum(counts) == len(chosen)
        wrong_side = [n for n, left in zip(counts, edges, strict=False) if (left >= 0) != (verdict == LATE)]
        assert not any(wrong_side)


def test_a_bin_holds_its_upper_edge_so_that_the_day_of_the_start_is_in_time():
    studies = delay.drawn([a_row("S0001", 0), a_row("S0002", 1), a_row("S0003", -10), a_row("S0004", 30)])
    edges = delay.bin_edges(studies)
    assert [round(edge, 6) for edge in edges] == [-30, -20, -10, 0, 10, 20, 30]
    assert delay.counted(studies, edges) == [0, 1, 1, 1, 0, 1]


@given(st.floats(-20000, 20000))
def test_the_axis_can_be_read_back(days):
    assert delay.unstretched(delay.stretched(days)) == pytest.approx(days)


def test_the_drawn_axis_is_the_one_we_count_on():
    axes = delay.draw_delay(SOME).axes[0]
    places = axes.transData.transform([(day, 0) for day in (0, 15, 30, 300, 3000)])[:, 0]
    steps = [round(step / (places[2] - places[0]), 6) for step in places - places[0]]
    assert steps == [delay.stretched(day) for day in (0, 15, 30, 300, 3000)]


@pytest.mark.parametrize("name", SIZES)
def test_no_text_overlaps_another_or_leaves_the_page(name):
    with figures.style():
        figure = delay.draw_delay(SIZES[name])
        figure.draw_without_rendering()
        boxes = {
            (number, text.get_text(), tuple(text.get_position())): text.get_window_extent()
            for number, axes in enumerate(figure.axes)
            for text in [
                *axes.texts,
                *axes.get_xticklabels(),
                *axes.get_yticklabels(),
                axes.xaxis.label,
                axes.yaxis.label,
            ]
            if text.get_text() and text.get_visible() and _is_in_view(axes, text)
        }
    assert len(boxes) > 10
    page = figure.bbox
    outside = [
        key
        for key, box in boxes.items()
        if not (box.x0 >= 0 and box.y0 >= 0 and box.x1 <= page.x1 and box.y1 <= page.y1)
    ]
    assert outside == []
    assert [(a, b) for a, b in combinations(boxes, 2) if boxes[a].overlaps(boxes[b])] == []


def _is_in_view(axes, text):
    """A tick label beyond the axis is not drawn, nor one of an axis whose labels are switched off."""
    if text not in axes.texts and not axes.axison:
        return False
    if text in axes.get_xticklabels():
        low, high = axes.get_xlim()
        return axes.xaxis.get_tick_params()["labelbottom"] and low <= text.get_position()[0] <= high
    if text in axes.get_yticklabels():
        low, high = sorted(axes.get_ylim())
        return low <= text.get_position()[1] <= high
    return True


@pytest.mark.parametrize("name", SIZES)
def test_the_figure_has_the_width_of_a_page_and_legible_letters(name):
    figure = delay.draw_delay(SIZES[name])
    width, height = (round(25.4 * inches, 3) for inches in figure.get_size_inches())
    assert (width, height <= 225) == (175, True)
    sizes = {
        text.get_fontsize() for axes in figure.axes for text in [*axes.texts, axes.xaxis.label, *axes.get_xticklabels()]
    }
    assert sizes <= {7, 8}


def test_planned_starts_look_different_from_actual_ones():
    bars = (
        delay.draw_delay([a_row("S0001", 9), a_row("S0002", 9, basis="unknown_start"), a_row("S0003", -9)])
        .axes[0]
        .patches
    )
    looks = [(matplotlib.colors.to_hex(bar.get_facecolor()).upper(), bar.get_hatch(), bar.get_height()) for bar in bars]
    assert looks == [("#0072B2", None, 1), ("#D55E00", "/////", 1), ("#FBE3D3", "/////", 1)]


def test_the_cumulative_line_ends_at_one_hundred_percent_and_coarse_dates_make_a_band():
    exact, coarse = (delay.draw_delay(rows).axes[-2] for rows in (FEW, SOME))
    assert [line.get_ydata()[-1] for line in exact.lines[:1]] == [100]
    assert (len(exact.collections), len(coarse.collections)) == (0, 2)


def test_drawing_leaves_the_settings_of_the_caller_alone():
    before = dict(matplotlib.rcParams)
    delay.draw_delay(SOME)
    assert dict(matplotlib.rcParams) == before


def write(rows, folder, note=NOTE):
    figure = delay.draw_delay(rows)
    return figures.write(
        figure, delay.plotted(rows), folder, "f5", alt=delay.alt_text(rows), note=note, title=delay.TITLE
    )


def test_a_figure_is_written_as_drawing_data_and_words(tmp_path):
    paths = write(SOME, tmp_path)
    assert [path.name for path in paths] == ["f5.svg", "f5.pdf", "f5.png", "f5.csv"]
    svg = ElementTree.fromstring(paths[0].read_text(encoding="utf-8"))
    named = {child.tag.rpartition("}")[2]: child.text for child in svg}
    assert (named["title"], named["desc"], svg.get("role")) == (delay.TITLE, delay.alt_text(SOME), "img")
    words = [element.text for element in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Studies", "prospective, n = 3", "registered by the start", "6251"} - set(words) == {"6251"}
    assert "review demo, snapshot date 2024-05-31, reviewkit 0.1.0" in paths[0].read_text(encoding="utf-8")
    assert paths[1].read_bytes().startswith(b"%PDF")
    with paths[3].open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.DictReader(file))
    assert read == [{key: str(value) for key, value in row.items()} for row in delay.plotted(SOME)]


def test_the_png_has_600_dots_an_inch_and_says_where_it_comes_from(tmp_path):
    from matplotlib.image import imread

    path = write(FEW, tmp_path)[2]
    assert imread(path).shape[1] == int(175 / 25.4 * 600)
    assert b"review demo, snapshot date 2024-05-31, reviewkit 0.1.0" in path.read_bytes()


def test_equal_rows_give_equal_bytes(tmp_path):
    once, twice = write(MANY, tmp_path / "once"), write(MANY, tmp_path / "twice")
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in twice]


def test_names_in_a_figure_are_escaped_and_no_cell_acts(tmp_path):
    hostile = {**NOTE, "review_id": "</desc><script>alert(1)</script>"}
    svg, *_, data = write([a_row("=1+1", 5)], tmp_path, hostile)
    text = svg.read_text(encoding="utf-8")
    ElementTree.fromstring(text)
    assert "<script" not in text
    assert data.read_text(encoding="utf-8-sig").splitlines()[1] == "'=1+1,actual_start,retrospective,5,5,5"


def test_text_in_the_svg_keeps_its_blanks_without_the_help_of_runs_of_spaces(tmp_path):
    text = write(SOME, tmp_path)[0].read_text(encoding="utf-8")
    shown = re.findall(r"<text[^>]*>([^<]*)</text>", text)
    assert [words for words in shown if words != words.strip() or "  " in words] == []


def test_without_dates_a_note_stands_in_place_of_the_figure(tmp_path):
    write(FEW, tmp_path)
    paths = write([silent_row("S0001")], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["f5.txt"]
    assert paths[0].read_text(encoding="utf-8") == (
        "Figure not drawn: no study has both dates, of registration and of start of enrolment.\n"
        "review demo, snapshot date 2024-05-31, reviewkit 0.1.0\n"
    )
    write(FEW, tmp_path)
    assert not paths[0].exists()


@pytest.mark.parametrize(
    "low, high, width, ticks",
    [
        (-30, 30, 90, [-30, 0, 30]),
        (-65, 140, 90, [-30, 0, 30, 90]),
        (-4000, 7000, 88, [-3650, -365, -90, -30, 0, 30, 90, 365, 3650]),
        (-4000, 7000, 30, [-3650, -90, 0, 90, 3650]),
    ],
)
def test_ticks_are_labelled_where_there_is_room(low, high, width, ticks):
    assert delay.labelled_ticks(low, high, width) == ticks


def test_days_are_those_of_the_two_dates():
    least, most = dates.days_apart("2020-07-10", "2020-07")
    (study,) = delay.drawn([a_row("S0001", least, most)])
    assert (study.least, study.most, study.verdict) == (-21, 9, "indeterminate")
