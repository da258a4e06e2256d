"""A record as a tree of parts: paths, places and words are the same from XML and from JSON."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from reviewkit.documents import Document
from reviewkit.errors import Problem
from reviewkit.sources.branch import JsonBranch, Legal, XmlBranch, stream_xml
from reviewkit.sources.branch_entry import BranchEntry, day_first
from reviewkit.sources.xml_entry import ILLEGAL

PROBLEMS: list[Problem] = []


def document(content: str | bytes = "x") -> Document:
    PROBLEMS.clear()
    return Document("a.xml", content.encode() if isinstance(content, str) else content, PROBLEMS.append)


def of_json(content) -> JsonBranch:
    return JsonBranch(document(json.dumps(content)), "", content, "")


def of_xml(text: str) -> XmlBranch:
    node = etree.fromstring(text)
    return XmlBranch(document(text), node, f"/{node.tag}")


def test_one_path_leads_to_the_parts_of_both_forms():
    xml = of_xml("<t><a><b>1</b><b>2</b></a><a><b/></a></t>")
    content = of_json({"a": [{"b": ["1", "2"]}, {"b": ""}]})
    for branch in (xml, content):
        assert [part.words for part in branch.all("a/b")] == ["1", "2", ""]
        assert branch.first("a/b").words == "1"
        assert branch.said("a/b") == "1"
        assert branch.all("a/c") == [] and branch.first("c", "d") is None and branch.said("x/y") == ""
        assert [part.says for part in branch.all("a")] == [True, False]
    assert [part.place.xpath for part in xml.all("a/b")] == ["/t/a[1]/b[1]", "/t/a[1]/b[2]", "/t/a[2]/b"]
    assert [part.place.pointer for part in content.all("a/b")] == ["/a/0/b/0", "/a/0/b/1", "/a/1/b"]


def test_a_single_member_may_stand_without_its_list():
    assert of_json({"a": {"b": "1"}}).first("a/b").place.pointer == "/a/b"


@pytest.mark.parametrize(
    "text",
    [
        '<t xmlns:n="urn:n"><n:a>1</n:a><a>2</a><n:a k="3" n:k="4">5</n:a></t>',
        '<t xmlns="urn:n"><a>1</a><a>2</a><a k="3">5</a></t>',
        '<t xmlns:n="urn:n"><a>1</a><a>2</a><a n:k="4">5</a></t>',
    ],
)
def test_every_xpath_leads_to_its_element_whatever_the_namespaces(text):
    root = etree.fromstring(text)
    top = "/*[local-name()='t']" if root.tag.startswith("{") else "/t"
    branch = XmlBranch(document(text), root, top)
    parts = branch.all("a")
    assert [part.words for part in parts] == ["1", "2", "5"]
    for part in [*parts, *(found for one in parts for found in one.all("@k"))]:
        (found,) = root.xpath(part.place.xpath)
        assert ("".join(found.itertext()) if hasattr(found, "itertext") else str(found)) == part.words


def test_keys_with_slashes_and_tildes_stand_escaped_in_a_pointer():
    assert of_json({"a/b~c": "1"}).parts["a/b~c"][0].place.pointer == "/a~1b~0c"


def test_words_of_an_element_that_json_gave_a_key_of_its_own():
    branch = of_json({"a": {"@unit": "years", "#text": "18"}})
    assert (branch.first("a").words, branch.first("a").nested) == ("18", False)
    assert branch.first("a/@unit").words == "years"
    assert branch.first("a").place.pointer == "/a/#text"


def test_words_where_parts_should_be_are_told_once():
    branch = of_json({"a": "story"})
    assert branch.all("a/b") == [] and branch.all("a/c") == [] and branch.all("a/@d") == []
    assert [(p.found, p.place.pointer, p.severity) for p in PROBLEMS] == [("'story'", "/a", "notice")]


def test_lines_are_kept_and_the_quote_is_folded_in_xml_and_verbatim_in_json():
    xml = of_xml("<t>\n  one   two\n  three\n</t>")
    assert (xml.lines, xml.quote) == ("one two\nthree", "one two three")
    content = JsonBranch(document(), "a", "one  two\nthree ", "/a")
    assert (content.lines, content.quote) == ("one  two\nthree ", "one  two\nthree ")


def test_records_below_several_parents_have_paths_of_their_own():
    text = "<all><page><r>1</r><r>2</r></page><page><x/><r>3</r><r><r>4</r></r></page></all>"
    root = etree.fromstring(text)
    found = [(branch.words, branch.place.xpath) for branch in stream_xml(document(text), lambda name: name == "r", "r")]
    assert [words for words, _ in found] == ["1", "2", "3", "4"]
    assert [root.xpath(path)[0].xpath("string()") for _, path in found] == ["1", "2", "3", "4"]


@given(st.binary(max_size=200), st.integers(1, 40), st.lists(st.sampled_from([b"&#x1;", b"&#2", b";", b"&", b"&amp;"])))
def test_a_stream_of_legal_characters_is_the_same_in_pieces_of_any_size(junk, size, marks):
    raw = b"<a>" + b"y".join([junk, *marks, junk])
    stream = Legal(io.BytesIO(raw))
    pieces = iter(lambda: stream.read(size), b"")
    assert b"".join(pieces) == ILLEGAL.sub(b"", raw)


@pytest.mark.parametrize(
    "words, value",
    [("3/4/2020", "2020-04-03"), ("31/12/1999", "1999-12-31"), ("2020-04-03", "2020-04-03"), ("May 2020", "2020-05")],
)
def test_days_before_months(words, value):
    read = day_first(words, "ACTUAL")
    assert (read.value, read.detail["as_written"], read.detail["kind"]) == (value, words, "ACTUAL")


def test_a_group_of_blank_members_is_one_blank_and_words_for_nothing_count_as_blank():
    entry = BranchEntry(document(), "s", "registry", (), frozenset({"", "nil"}))
    branch = of_json({"c": [{"d": "Nil."}, {"d": ""}], "e": [{"d": "Nil"}, {"d": "Gout"}]})
    entry.every(branch.all("c"), "conditions", {"d": "conditions"})
    assert [(v.item, v.value, str(v.state)) for v in entry.values] == [(None, None, "EMPTY_IN_SOURCE")]
    entry.values.clear()
    entry.every(branch.all("e"), "conditions", {"d": "conditions"})
    assert [(v.item, v.value, v.quote) for v in entry.values] == [(1, "Gout", "Gout")]
