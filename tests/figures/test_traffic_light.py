"""F2: what is drawn of which judgements, what it looks like, and that nothing lies over anything else."""

from __future__ import annotations

from itertools import combinations

import pytest

from reviewkit import figures
from reviewkit.errors import ReviewError
from reviewkit.figures import traffic_light
from reviewkit.figures.traffic_light_page import CIRCLE, LIGHTS, PALETTES, SYMBOLS
from reviewkit.judgements import Judgement, level_titles, tools
from reviewkit.model import Place

NOTE = {"review_id": "demo", "snapshot_date": "2024-05-31", "version": "0.1.0"}
LONG = "An Unusually Long Name of a Collaborative Group for the Study of Vesicles in Worn Joints 2021 (LONGNAME-1)"
PERSIAN = "مطالعهٔ نمونه دربارهٔ آرتروز زانو ۱۴۰۱"


def judged(study, finals, *, tool="rob2", outcome="Pain", result=None, algorithm=None):
    """The final judgements of one result, domain by domain; None is not yet judged."""
    domains = [*tools()[tool].domains, "overall"]
    result = result or f"{study}-R"
    return [
        Judgement(result, study, outcome, tool, domain, algorithm or final, final, None, "AB", Place("j.csv", row=2))
        for domain, final in zip(domains, finals, strict=True)
    ]


LOW, SOME, HIGH = "low", "some_concerns", "high"
ONE = judged("S0001", [LOW, SOME, LOW, HIGH, LOW, HIGH])


def many(n, tool="rob2", **more):
    levels = tools()[tool].levels
    size = len(tools()[tool].domains) + 1
    return [
        j
        for i in range(n)
        for j in judged(f"S{i:04}", [levels[(i + k) % len(levels)] for k in range(size)], tool=tool, **more)
    ]


def test_without_judgements_nothing_is_drawn_and_that_is_said():
    assert traffic_light.draw_traffic_light([], "rob2") is None
    assert traffic_light.NOTHING == "Figure not drawn: risk of bias is not yet judged."


def test_what_an_algorithm_gives_is_never_drawn_as_a_judgement():
    proposed = judged("S0001", [None] * 6, algorithm=LOW)
    assert traffic_light.draw_traffic_light(proposed, "rob2") is None


def test_the_plotted_data_are_the_judgements_with_symbol_and_colour():
    (sheet,) = traffic_light.draw_traffic_light(ONE, "rob2", names={"S0001": "Example 2021"})
    assert (sheet.name, sheet.outcome, sheet.page, sheet.pages) == ("f2", "Pain", 1, 1)
    assert [tuple(row.values()) for row in sheet.rows] == [
        ("Pain", "S0001", "Example 2021", "S0001-R", "D1", "low", "+", "#02C100"),
        ("Pain", "S0001", "Example 2021", "S0001-R", "D2", "some_concerns", "?", "#E2DF07"),
        ("Pain", "S0001", "Example 2021", "S0001-R", "D3", "low", "+", "#02C100"),
        ("Pain", "S0001", "Example 2021", "S0001-R", "D4", "high", "\u2212", "#BF0000"),
        ("Pain", "S0001", "Example 2021", "S0001-R", "D5", "low", "+", "#02C100"),
        ("Pain", "S0001", "Example 2021", "S0001-R", "overall", "high", "\u2212", "#BF0000"),
    ]


def test_the_alt_text_tells_every_light():
    (sheet,) = traffic_light.draw_traffic_light(ONE + judged("S0002", [LOW, LOW, None, LOW, LOW, None]), "rob2")
    assert sheet.alt == (
        "Traffic light of the judgements with RoB 2 for Pain. Overall: high 1/2 (50%), not yet judged 1/2 (50%). "
        "S0001: D1 low, D2 some concerns, D3 low, D4 high, D5 low, overall high. "
        "S0002: D1 low, D2 low, D3 not yet judged, D4 low, D5 low, overall not yet judged."
    )


def test_a_tool_that_judges_results_has_a_figure_an_outcome():
    rows = ONE + judged("S0001", [LOW] * 6, outcome="Adverse events", result="S0001-R2")
    sheets = traffic_light.draw_traffic_light(rows, "rob2")
    assert [(sheet.name, sheet.outcome, len(sheet.rows)) for sheet in sheets] == [
        ("f2-1", "Adverse events", 6),
        ("f2-2", "Pain", 6),
    ]


def test_a_tool_that_judges_studies_has_one_figure():
    rows = judged("S0001", [LOW] * 8, tool="rob1", outcome="a") + judged("S0002", [LOW] * 8, tool="rob1", outcome="b")
    (sheet,) = traffic_light.draw_traffic_light(rows, "rob1")
    assert (sheet.outcome, len(sheet.rows)) == ("", 16)


def test_a_study_that_stands_twice_in_one_figure_shows_its_results():
    rows = ONE + judged("S0001", [LOW] * 6, result="S0001-R2")
    (sheet,) = traffic_light.draw_traffic_light(rows, "rob2")
    assert "S0001 (S0001-R):" in sheet.alt and "S0001 (S0001-R2):" in sheet.alt


@pytest.mark.parametrize("n, pages", [(1, [1]), (40, [40]), (41, [20, 21]), (45, [22, 23]), (81, [27, 27, 27])])
def test_over_forty_results_are_drawn_on_pages_of_nearly_equal_length(n, pages):
    sheets = traffic_light.draw_traffic_light(many(n), "rob2")
    assert [len(sheet.rows) // 6 for sheet in sheets] == pages
    studies = [row["study_id"] for sheet in sheets for row in sheet.rows[::6]]
    assert studies == sorted(f"S{i:04}" for i in range(n))


@pytest.mark.parametrize(
    "n, tool, inches", [(1, "rob2", 2.4), (6, "rob2", 4.4), (6, "rob1", 4.4), (6, "robins_i", 4.9)]
)
def test_the_height_is_two_inches_and_two_fifths_a_result_more_for_four_levels(n, tool, inches):
    (sheet,) = traffic_light.draw_traffic_light(many(n, tool), tool)
    width, height = sheet.figure.get_size_inches()
    assert (round(width * 25.4), round(height, 6)) == (175, inches)


@pytest.mark.parametrize(
    "more, message",
    [
        (
            {"tool": "rob3"},
            "tool\n  found     'rob3'\n  expected  one of rob2, rob2_cluster, robins_i, rob1\n"
            "  fix       did you mean 'rob2'?",
        ),
        (
            {"tool": "rob2", "palette": "clasic"},
            "palette\n  found     'clasic'\n  expected  one of classic, safe\n  fix       did you mean 'classic'?",
        ),
        (
            {"tool": "rob2", "symbols": "rob"},
            "symbols\n  found     'rob'\n  expected  one of cochrane, robvis\n  fix       did you mean 'robvis'?",
        ),
    ],
)
def test_an_unknown_word_is_refused_with_the_nearest(more, message):
    with pytest.raises(ReviewError) as error:
        traffic_light.draw_traffic_light(ONE, **more)
    assert str(error.value) == message


def test_every_level_of_every_tool_has_a_light_and_a_title():
    for tool in tools().values():
        lights = [LIGHTS[level] for level in tool.levels]
        assert len(set(lights)) == len(lights) and set(tool.levels) <= set(level_titles())


@pytest.mark.parametrize("symbols", SYMBOLS)
def test_no_two_lights_share_a_symbol_so_that_colour_is_never_alone(symbols):
    assert len(set(SYMBOLS[symbols])) == len(SYMBOLS[symbols])


@pytest.mark.parametrize("palette", PALETTES)
def test_no_two_lights_share_a_colour(palette):
    assert len(set(PALETTES[palette])) == len(PALETTES[palette])


# Looks, measured


NAMES = {"S0000": LONG, "S0001": PERSIAN, "S0002": "Q" * 80, "S0003": "Example-With-Hyphens-Everywhere et al. 2020"}


def drawn(n, tool, palette, symbols):
    rows = many(n, tool)
    if n > 3:
        rows[2] = judged("S0000", ["NAP"] * (len(tools()[tool].domains) + 1), tool=tool)[2]
        rows = [row for row in rows if (row.study_id, row.domain) != ("S0001", rows[1].domain)]
    (sheet,) = traffic_light.draw_traffic_light(rows, tool, palette, symbols, names=NAMES)
    return sheet


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("symbols", SYMBOLS)
@pytest.mark.parametrize("tool", tools())
@pytest.mark.parametrize("n", [1, 6])
def test_no_text_overlaps_another_or_leaves_the_page(n, tool, symbols, palette):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = drawn(n, tool, palette, symbols).figure
    with figures.style():
        renderer = FigureCanvasAgg(figure).get_renderer()
        (axes,) = figure.axes
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in axes.texts]
    for words, box in boxes:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1, words
    for (one, first), (other, second) in combinations(boxes, 2):
        apart = first.x1 <= second.x0 or second.x1 <= first.x0 or first.y1 <= second.y0 or second.y1 <= first.y0
        assert apart, (one, other)


@pytest.mark.parametrize("tool", tools())
@pytest.mark.parametrize("symbols", SYMBOLS)
def test_symbols_stand_in_the_middle_of_circles_of_the_size_asked_for(tool, symbols):
    from matplotlib.patches import Circle

    (axes,) = drawn(6, tool, "classic", symbols).figure.axes
    circles = [patch for patch in axes.patches if isinstance(patch, Circle)]
    in_cells = [circle for circle in circles if round(2 * circle.radius, 6) == CIRCLE]
    assert len(in_cells) == 6 * (len(tools()[tool].domains) + 1) - 1
    assert {circle.get_linewidth() for circle in circles} == {0.5}
    assert {circle.get_edgecolor()[:3] for circle in circles} == {(0, 0, 0)}


def test_equal_judgements_give_equal_svg_with_text_kept_as_text(tmp_path):
    texts = []
    for name in ("one", "two"):
        sheet = drawn(6, "rob2", "classic", "cochrane")
        figures.write(sheet.figure, sheet.rows, tmp_path / name, sheet.name, alt=sheet.alt, note=NOTE)
        texts.append((tmp_path / name / "f2.svg").read_bytes())
    assert texts[0] == texts[1]
    assert PERSIAN in texts[0].decode() and "Randomisation process" in texts[0].decode()


def test_a_name_with_dollar_signs_is_no_formula():
    (sheet,) = traffic_light.draw_traffic_light(ONE, "rob2", names={"S0001": "Cost in $ and $x_1$"})
    assert "Cost in $ and $x_1$" in figures.svg_text(sheet.figure, alt=sheet.alt, note=NOTE)
