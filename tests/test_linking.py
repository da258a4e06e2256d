"""Linking: what carries one registration number is one trial; nothing else links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.linking import Links, file_key, is_numbered, keys_of, study_name
from reviewkit.model import Place, Record, Value
from reviewkit.words import State


def record(
    document: str, numbers: tuple[str, ...] = (), *, aliases: tuple[str, ...] = (), number: int = 1, **said: str
):
    """A record that says these numbers, and fields given as `title_public=`."""
    facts = [("ids.primary", n) for n in numbers] + [("ids.aliases", n) for n in aliases]
    facts += [(field.replace("_", ".", 1), words) for field, words in said.items()]
    values = [Value(f, None, words, State.REPORTED, words, Place(document), "test:said") for f, words in facts]
    return Record(document, number, f"hash of {document}", "test", "a test", "registry", values)


def linked(*records: Record) -> list[list[str]]:
    """The studies as the names of their documents."""
    links: Links[str] = Links()
    for one in records:
        links.add(one.document, keys_of(one))
    return [documents for _, documents in links.groups()]


def test_records_with_one_registration_number_are_one_study():
    assert linked(record("a", ("NCT1",)), record("b", ("NCT2",)), record("c", ("NCT1",))) == [["a", "c"], ["b"]]


def test_a_number_that_the_registry_calls_an_alias_links_too():
    assert linked(record("a", ("NCT1",)), record("b", ("NCT2",), aliases=("NCT1",))) == [["a", "b"]]


def test_two_studies_become_one_when_a_later_record_names_both_numbers():
    assert linked(record("a", ("NCT1",)), record("b", ("NCT2",)), record("c", ("NCT1",), aliases=("NCT2",))) == [
        ["a", "b", "c"]
    ]


@pytest.mark.parametrize("field", ["title_public", "ids_secondary.id", "publications_pmid"])
def test_titles_secondary_numbers_and_references_do_not_link(field: str):
    said = {field: "the same words"}
    assert linked(record("a", ("NCT1",), **said), record("b", ("NCT2",), **said)) == [["a"], ["b"]]


def test_records_without_a_number_are_studies_of_their_own():
    assert linked(record("a"), record("b"), record("c", number=2)) == [["a"], ["b"], ["c"]]


def test_a_record_without_a_number_is_known_by_its_content_and_by_its_file():
    one = record("a.txt", number=2)
    assert (keys_of(one), file_key(one)) == (["sha256:hash of a.txt#2"], "a.txt#2")
    assert (is_numbered(keys_of(one)), is_numbered(["NCT1"]), is_numbered(["sha256:x#1", "NCT1"])) == (
        False,
        True,
        True,
    )


def test_a_study_is_named_by_its_first_registration_number():
    assert study_name([record("a"), record("b", ("NCT2",)), record("c", ("NCT1",))]) == "NCT2"


def test_a_study_without_a_number_is_named_by_its_document():
    assert study_name([record("sub/a.txt")]) == "sub/a.txt"
    assert study_name([record("a.csv", number=3)]) == "a.csv#3"


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=3), max_size=20))
def test_groups_are_the_connected_parts_in_order_of_first_appearance(records: list[list[str]]):
    links: Links[int] = Links()
    for position, keys in enumerate(records):
        links.add(position, keys)
    groups = links.groups()
    assert sorted(position for _, members in groups for position in members) == list(range(len(records)))
    assert [members[0] for _, members in groups] == sorted(members[0] for _, members in groups)
    for keys, members in groups:
        assert members == sorted(members)
        assert set(keys) == {key for position in members for key in records[position]}
    every = [key for keys, _ in groups for key in keys]
    assert len(every) == len(set(every))
