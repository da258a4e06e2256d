"""A document as a page: every place has its id there, every quote is marked, and any document can be shown."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.model import Place
from reviewkit.report import document_page, page_href, page_name
from reviewkit.report.json_page import members
from reviewkit.report.markup import merged
from reviewkit.report.table_page import read_rows


def page_of(name: str, text: str, *places: Place) -> str:
    return "".join(document_page(name, text, places, css=""))


NAMES = [
    "a b.txt",
    "a_b.txt",
    "sub/a.txt",
    "sub_a.txt",
    "100%.txt",
    "a#L1.txt",
    "what?.txt",
    'it\'s "q".txt',
    "کارآزمایی.txt",
    "CON.txt",
    "..",
    "-x",
    "a" * 300,
]


@pytest.mark.parametrize("name", NAMES)
def test_the_address_of_a_page_is_safe_and_leads_to_its_file(name):
    address = urlsplit(page_href(Place(name, line=3)))
    assert unquote(address.path) == "pages/" + page_name(name) and address.fragment == "L3" and not address.query
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,139}\.html", page_name(name))


def test_a_plain_name_is_kept_so_that_people_can_type_it():
    assert page_href(Place("IRCT20990101000001N1.txt", line=125)) == "pages/IRCT20990101000001N1.txt.html#L125"


def test_two_documents_never_share_a_page():
    names = [*NAMES, *(page_name(name).removesuffix(".html") for name in NAMES)]
    assert len({page_name(name) for name in names}) == len(set(names))


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(min_size=1), st.text(min_size=1))
def test_two_names_of_any_kind_never_share_a_page(one, other):
    assert (page_name(one) == page_name(other)) == (one == other)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_are_numbered_as_places_count_them_whatever_ends_them(line_end, seen):
    text = line_end.join(["one", "", "three", ""])
    page = seen(page_of("a.txt", text))
    assert page.values("id") == ["L1", "L2", "L3"]


def test_quotes_are_marked_where_they_stand_also_when_they_overlap_or_run_on(seen):
    text = "first line\nsecond line\nthird"
    page = seen(
        page_of(
            "a.txt", text, *(Place("a.txt", line=1, start=s, end=e) for s, e in [(0, 5), (3, 8), (6, 17), (25, 99)])
        )
    )
    assert page.marks == ["first line", "second", "ird"]


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.text(alphabet="ab<>&\"'\r\n*‏ا", max_size=60),
    st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=6),
)
def test_any_spans_of_any_text_give_whole_html_and_leave_the_text_as_it_was(seen, text, spans):
    page = seen(page_of("a.txt", text, *(Place("a.txt", line=1, start=s, end=e) for s, e in spans)))
    inside = "".join(text[start:end] for start, end in merged((s, min(e, len(text))) for s, e in spans))
    assert "".join(page.marks) == re.sub(r"[\r\n]", "", inside)


def test_places_of_other_documents_mark_nothing(seen):
    assert seen(page_of("a.txt", "some text", Place("b.txt", line=1, start=0, end=4))).marks == []


STUDY = {
    "id": "X1", "n": 30, "yes": True, "none": None, "deep": {"a/b": {"c~d": ["p", "q"]}},
    "list": [{"x": "<b>\nline two"}, []], "": 1,
}  # fmt: skip


def pointers(node, at=""):
    """Every JSON pointer of a document, read apart from the code under test."""
    yield at
    if isinstance(node, dict):
        for key, below in node.items():
            yield from pointers(below, at + "/" + key.replace("~", "~0").replace("/", "~1"))
    elif isinstance(node, list):
        for index, below in enumerate(node):
            yield from pointers(below, f"{at}/{index}")


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=12,
    ),
    st.sampled_from([None, 2]),
)
def test_every_pointer_of_a_json_document_lands_on_one_line(node, indent):
    text = json.dumps(node, indent=indent)
    found = [member.pointer for member in members(text) if member.pointer is not None]
    assert found == list(pointers(node))


def test_links_to_pointers_land_on_their_line_and_mark_the_scalar(seen):
    places = [Place("a.json", pointer=p) for p in ("/n", "/deep/a~1b/c~0d", "/list/0/x", "/")]
    page = seen(page_of("a.json", json.dumps(STUDY), *places))
    assert page.marks == ["30", "p", "q", "<b>\nline two", "1"]
    for place in places:
        assert page_href(place).partition("#")[2] in page.values("id")
    assert len(set(page.values("id"))) == len(page.values("id"))


def test_a_key_that_stands_twice_is_marked_where_every_reader_reads_it(seen):
    html = page_of("a.json", '{"n": 1, "n": 2}', Place("a.json", pointer="/n"))
    assert 'id="J/n"' in html and html.index(">1<") < html.index('id="J/n"') < html.index(">2<")


def test_numbers_stay_as_they_are_written(seen):
    assert '"n": 1.10'.replace('"', "") in seen(page_of("a.json", '{"n": 1.10}', Place("a.json", pointer="/n"))).text


def test_the_cells_of_a_table_are_marked_in_their_row(seen):
    text = 'ids.primary;enrolment.target\r\nX1;8\r\nX2;"9; or\nten"\r\n'
    places = [Place("t.csv", row=3, column="enrolment.target"), Place("t.csv", row=2, column="ids.primary")]
    page = seen(page_of("t.csv", text, *places))
    assert page.marks == ["X1", "9; or\nten"]
    assert page.table("file") == [["1", "ids.primary", "enrolment.target"], ["2", "X1", "8"], ["3", "X2", "9; or ten"]]
    assert page.values("id") == ["L1", "L2", "L3"]


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(st.lists(st.text(alphabet='ab,;"\r\n\t ', max_size=5), min_size=1, max_size=4), min_size=1, max_size=5))
def test_a_table_is_read_as_the_standard_library_reads_it(rows):
    import csv
    import io

    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    assert list(read_rows(file.getvalue(), ",")) == rows


@pytest.mark.parametrize(
    "name, text, place",
    [
        ("a.txt", "word " * 1_000_000, Place("a.txt", line=1, start=4_000_000, end=4_000_004)),
        ("a.txt", "word\n" * 60_000, Place("a.txt", line=40_001, start=200_000, end=200_004)),
        ("a.json", '{"a": "' + "word " * 1_000_000 + '"}', Place("a.json", pointer="/a")),
        ("a.csv", "a,b\n1," + "word " * 1_000_000, Place("a.csv", row=2, column="b")),
    ],
)
def test_a_large_document_is_shown_whole(name, text, place):
    html = page_of(name, text, place)
    assert html.count("word") >= 60_000 and html.count("<mark>") == 1


def test_a_control_character_is_shown_by_its_picture(seen):
    assert "bell ␇" in seen(page_of("a.txt", "bell \x07")).text


@pytest.mark.real
def test_every_real_text_is_shown_line_by_line_and_left_as_it_was(shared, seen):
    texts = [path.read_text("utf-8") for path in sorted((shared / "seeds").glob("*.txt"))]
    assert texts
    for text in texts:
        whole = Place("a.txt", line=1, start=0, end=len(text))
        page = seen(page_of("a.txt", text, whole))
        assert "".join(page.marks) == re.sub(r"[\r\n]", "", text)
        assert page.values("id") == [f"L{number}" for number in range(1, len(text.splitlines()) + 1)]


@pytest.mark.real
def test_every_pointer_of_a_real_study_has_its_one_id(shared, seen):
    paths = sorted((shared / "records" / "ctgov-v2").glob("NCT*.json"))[::10]
    assert paths
    for path in paths:
        text = path.read_text("utf-8")
        places = [Place("a.json", pointer=pointer) for pointer in pointers(json.loads(text))]
        ids = seen(page_of("a.json", text, *places)).values("id")
        assert ids == [page_href(place).partition("#")[2] for place in places]
