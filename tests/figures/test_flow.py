"""F1: what is drawn, what its words say, and that nothing overlaps or leaves the page."""

from __future__ import annotations

import csv
from itertools import combinations, pairwise
from xml.etree import ElementTree

import matplotlib
import pytest

from reviewkit import figures
from reviewkit.errors import ReviewError
from reviewkit.figures import flow

NOTE = {"review_id": "demo", "snapshot_date": "2024-05-31", "version": "0.1.0"}
SEARCHED = {
    "db": (("MEDLINE", 1100), ("Embase", 62)),
    "reg": (("A register", 72),),
    "dup": 95,
    "auto": 0,
    "oth": 0,
    "scr": 1139,
    "scr_ex": 1025,
    "sought": 114,
    "not_ret": 4,
    "assessed": 110,
    "ex": (("other", 30), ("Wrong design", 28), ("Wrong population", 30)),
    "ex_total": 88,
    "new_studies": 19,
    "new_reports": 22,
}
OTHER = {
    "web": 3,
    "org": 0,
    "cit": 5,
    "o_not_sought": 0,
    "o_sought": 8,
    "o_not_ret": 1,
    "o_assessed": 7,
    "o_ex": (("No outcome of interest", 5),),
    "o_ex_total": 5,
}
FULL = {**SEARCHED, **OTHER, "new_studies": 20, "new_reports": 24}
WAITING = {"wait_scr": 12, "wait_sought": 3, "wait_retrieved": 1, "wait_assessed": 2, "wait_included": 1}
DECLARED = {"scr_ex_human": 1000, "scr_ex_auto": 25, "overlap": 1, "o_not_sought": 2}
LATER = {"d_ongoing": 2, "d_awaiting": 1, "ma_studies": 12, "ma_reports": 14}
DRAFT = FULL | WAITING | {"o_wait_sought": 2} | DECLARED | LATER
ZERO = {
    name: 0 if isinstance(value, int) else () if "ex" in name else tuple((source, 0) for source, _ in value)
    for name, value in FULL.items()
}
LONG = {
    **FULL,
    "db": tuple(
        (f"Number {n} of the databases whose names are long enough to go over a line", 1234567) for n in range(6)
    ),
    "scr": 1234567,
    "ex": (
        ("The people who took part were younger than eighteen years, or were not people at all but cells", 1234567),
        ("دلیل حذف این گزارش از بررسی", 12),
        ("Awordwithoutanyblankthatiswiderthanthewholeboxinwhichithastostand", 3),
        ("costs $5 to $9 & <b>", 1),
    ),
    "ex_total": None,
    "other_src": (("Letters to authors of trials and to makers of devices", 4), ("کتابخانه ملی", 2)),
    "o_ex": tuple((f"Reason number {n} in some words", n) for n in range(1, 14)),
    "o_ex_total": None,
}
MANY = {
    **FULL,
    "ex": tuple((f"Reason number {n} in a few more words than that", n) for n in range(1, 40)),
    "ex_total": None,
}
ONLY_OTHER = {**OTHER, "new_studies": 2, "new_reports": 2}
FLOWS = {
    "full": (FULL, "new_v2", False),
    "searched": (SEARCHED, "new_v2", False),
    "first template": (SEARCHED, "new_v1", False),
    "draft": (DRAFT, "new_v2", True),
    "zero": (ZERO, "new_v2", False),
    "long": (LONG, "new_v2", False),
    "many": (MANY, "new_v2", False),
    "only other methods": (ONLY_OTHER, "new_v2", False),
    "one box": ({"scr": 3}, "new_v1", False),
}


def draw(name):
    counts, template, draft = FLOWS[name]
    return flow.draw_flow(counts, template, draft=draft)


def words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_the_words_tell_every_count():
    assert flow.alt_text(FULL) == (
        "PRISMA 2020 flow diagram. Databases and registers: Records identified from*: Databases (n = 1\u2009162); "
        "Registers (n = 72). Records removed before screening: Duplicate records (n = 95); "
        "Records marked as ineligible by automation tools (n = 0); Records removed for other reasons (n = 0). "
        "Records screened (n = 1\u2009139). Records excluded (n = 1\u2009025). Reports sought for retrieval (n = 114). "
        "Reports not retrieved (n = 4). Reports assessed for eligibility (n = 110). Reports excluded (n = 88): "
        "Wrong population (n = 30); Wrong design (n = 28); other (n = 30). "
        "Other methods: Records identified from: Websites (n = 3); Organisations (n = 0); Citation searching (n = 5). "
        "Reports sought for retrieval (n = 8). Reports not retrieved (n = 1). "
        "Reports assessed for eligibility (n = 7). Reports excluded (n = 5): No outcome of interest (n = 5). "
        "Included: Studies included in review (n = 20); Reports of included studies (n = 24). "
        "* Databases: MEDLINE (n = 1\u2009100), Embase (n = 62). Registers: A register (n = 72). "
        "Flow diagram after PRISMA 2020 (Page et al., BMJ 2021;372:n71), CC BY 4.0"
    )


def test_a_draft_says_so_and_what_waits():
    waiting = (
        "21 citations wait for a decision (12 not yet screened; 3 screened, not yet decided; 1 not yet retrieved; "
        "2 retrieved, not yet assessed; 1 assessed, not yet decided; 2 not yet decided)"
    )
    assert flow.pending_text(DRAFT) == waiting
    assert flow.alt_text(DRAFT, draft=True).startswith(f"DRAFT: {waiting}. PRISMA 2020 flow diagram.")
    drawn = words(draw("draft"))
    assert drawn[0] == "DRAFT"
    assert " ".join(drawn[1:3]) == waiting
    assert "DRAFT" not in words(draw("full"))


def test_the_footnotes_explain_what_no_box_shows():
    assert flow.footnotes(DRAFT, {"P9": "two records were known already."}) == [
        "* Databases: MEDLINE (n = 1\u2009100), Embase (n = 62). Registers: A register (n = 72).",
        "** Excluded by a person (n = 1\u2009000), by automation tools (n = 25).",
        "Records found by other methods whose reports were not sought, as duplicates or on their title: n = 2.",
        "Included reports found more than once and counted once: n = 1.",
        "Note on P9: two records were known already.",
        "Flow diagram after PRISMA 2020 (Page et al., BMJ 2021;372:n71), CC BY 4.0",
    ]


def test_totals_without_names_need_no_footnote():
    counts = {"db": (("Databases", 5),), "reg": (("Registers", 0),), "scr": 5}
    assert flow.footnotes(counts, {}) == [flow.ATTRIBUTION]
    assert flow.alt_text(counts).startswith(
        "PRISMA 2020 flow diagram. Databases and registers: "
        "Records identified from: Databases (n = 5); Registers (n = 0)."
    )


def test_a_blank_box_is_left_out_and_a_zero_is_printed():
    drawn = words(flow.draw_flow({"db": (("A", 3),), "dup": 0, "scr": 3, "sought": None}))
    assert {"Duplicate records (n = 0)", "Records screened (n = 3)"} <= set(drawn)
    assert not any(line.startswith(("Registers", "Reports", "Screening")) for line in set(drawn) - {"Screening"})


def test_without_other_methods_their_column_is_left_out_and_the_boxes_are_wider():
    one, two = draw("searched").axes[0], draw("full").axes[0]
    assert "Identification of new studies via other methods" in words(two.figure)
    assert "Identification of new studies via other methods" not in words(one.figure)
    assert [sorted({round(box.get_width(), 1) for box in white(axes)}) for axes in (one, two)] == [[84.0], [38.0]]


def white(axes):
    return [box for box in rectangles(axes) if matplotlib.colors.to_hex(box.get_facecolor()) == "#ffffff"]


def rectangles(axes):
    return [patch for patch in axes.patches if isinstance(patch, matplotlib.patches.Rectangle)]


def test_bars_and_labels_have_the_colours_of_the_published_template():
    colours = [matplotlib.colors.to_hex(box.get_facecolor()).upper() for box in rectangles(draw("full").axes[0])]
    assert {colour: colours.count(colour) for colour in colours} == {
        "#FFC125": 1,
        "#DCDCDC": 1,
        "#BCD2EE": 3,
        "#FFFFFF": 14,
    }
    assert {box.get_linewidth() for box in rectangles(draw("full").axes[0])} == {0.75}


def test_the_page_is_a4_and_longer_only_for_very_many_reasons():
    sizes = {name: [round(25.4 * inches) for inches in draw(name).get_size_inches()] for name in FLOWS}
    longer = sizes.pop("many")
    assert set(map(tuple, sizes.values())) == {(210, 297)}
    assert (longer[0], longer[1] > 297) == (210, True)


@pytest.mark.parametrize("name", FLOWS)
def test_no_text_overlaps_another_or_leaves_its_box_or_the_page(name):
    figure = draw(name)
    with figures.style():
        figure.set_dpi(300)  # as fine as print: on a coarse screen letters are set wider than they are
        figure.draw_without_rendering()
        boxes = {(n, text.get_text()): text.get_window_extent() for n, text in enumerate(figure.axes[0].texts)}
        frames = [patch.get_window_extent() for patch in rectangles(figure.axes[0])]
    page = figure.bbox
    assert [key for key, box in boxes.items() if box.x0 < 0 or box.y0 < 0 or box.x1 > page.x1 or box.y1 > page.y1] == []
    assert [(a, b) for a, b in combinations(boxes, 2) if covers(boxes[a], boxes[b])] == []
    assert [(a, b) for a, b in combinations(range(len(frames)), 2) if frames[a].overlaps(frames[b])] == []
    crossing = [
        key for key, box in boxes.items() for frame in frames if covers(box, frame) and not is_inside(box, frame)
    ]
    assert crossing == []


def covers(one, other):
    """Do two rectangles share more than the room between two lines?"""
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    return wide > 1 and high > 6


def is_inside(box, frame):
    return frame.x0 <= box.x0 and frame.y0 <= box.y0 and box.x1 <= frame.x1 and box.y1 <= frame.y1


@pytest.mark.parametrize("name", FLOWS)
def test_no_arrow_crosses_a_box(name):
    counts, template, _ = FLOWS[name]
    drawn = flow._drawn(counts, template)
    placed = flow._placed(drawn, 40, 30)
    for path in flow.arrows(placed, flow._columns(drawn) or [flow.SEARCHED]):
        for (x0, y0), (x1, y1) in pairwise(path):
            for box in placed:
                inside_x = max(min(x0, x1), box.left + 0.1) < min(max(x0, x1) + 0.01, box.left + box.width - 0.1)
                inside_y = max(min(y0, y1), box.top + 0.1) < min(max(y0, y1) + 0.01, box.bottom - 0.1)
                assert not (inside_x and inside_y), (path, box)


@pytest.mark.parametrize("name", FLOWS)
def test_letters_are_eight_points_and_never_below_seven(name):
    sizes = {text.get_fontsize() for text in draw(name).axes[0].texts}
    assert sizes <= {7, 8, 14} and 8 in sizes


def test_a_count_stays_on_one_line_with_thin_spaces():
    drawn = words(draw("long"))
    assert any("(n = 1\u2009234\u2009567)" in line for line in drawn)
    assert [line for line in drawn if line.count("(n =") != line.count(")") and "(n =" in line] == []


def test_persian_words_stand_before_their_count():
    (line,) = [line for line in words(draw("long")) if "کتابخانه" in line]
    assert line == "\u200eکتابخانه ملی (n = 2)"


@pytest.mark.parametrize(
    "counts, template, message",
    [
        (
            FULL,
            "new-v2",
            "template\n  found     'new-v2'\n  expected  one of new_v1, new_v2\n  fix       did you mean new_v2?",
        ),
        (
            FULL,
            "new_v1",
            "template new_v1\n  found     counts of other methods, such as 'Websites (n = 3)'\n"
            "  expected  databases and registers only\n  fix       draw the template new_v2",
        ),
        (
            {**SEARCHED, "prev_studies": 4, "total_studies": 23},
            "new_v2",
            "template new_v2\n"
            "  found     counts of an earlier version of the review: prev_studies, total_studies\n"
            "  expected  the flow of a new review\n  fix       leave these counts blank",
        ),
    ],
)
def test_a_template_that_has_no_place_for_a_count_is_refused(counts, template, message):
    with pytest.raises(ReviewError) as error:
        flow.draw_flow(counts, template)
    assert str(error.value) == message


def test_nothing_to_count_is_said_in_words(tmp_path):
    assert (flow.draw_flow({}), flow.alt_text({}), flow.plotted({})) == (None, flow.NOTHING, [])
    paths = figures.write(None, [], tmp_path, "f1", alt=flow.alt_text({}), note=NOTE, title=flow.TITLE)
    assert [path.name for path in paths] == ["f1.txt"]


def test_the_figure_is_written_with_its_counts_and_words(tmp_path):
    def write(folder):
        figure = flow.draw_flow(FULL)
        rows = flow.plotted(FULL)
        return figures.write(figure, rows, folder, "f1", alt=flow.alt_text(FULL), note=NOTE, title=flow.TITLE)

    once, twice = write(tmp_path / "once"), write(tmp_path / "twice")
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in twice]
    svg = ElementTree.fromstring(once[0].read_text(encoding="utf-8"))
    told = {child.tag.rpartition("}")[2]: child.text for child in svg}
    assert (told["title"], told["desc"]) == (flow.TITLE, flow.alt_text(FULL))
    assert "Records screened" in [text.text for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    with once[3].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == flow.COLUMNS
    assert {(row["box"], row["name"], row["n"]) for row in rows} >= {
        ("db", "", "1162"),
        ("db", "MEDLINE", "1100"),
        ("ex_total", "", "88"),
        ("ex", "Wrong design", "28"),
        ("org", "", "0"),
        ("new_reports", "", "24"),
    }


def test_drawing_leaves_the_settings_of_the_caller_alone():
    before = dict(matplotlib.rcParams)
    draw("full")
    assert dict(matplotlib.rcParams) == before
