"""Europe PMC's answers: pages of results, full and short ones, single articles; tags in strings, odd types."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_of_publications import facts, is_read_or_refused, misplaced, read, value_of

RESULT = {
    "id": "99000001",
    "source": "MED",
    "pmid": "99000001",
    "pmcid": "PMC9900001",
    "doi": "10.9999/Kites.1",
    "title": "Kites &amp; 10<sup>8</sup> cells: a randomised trial.",
    "authorString": "Windham AM, Stringer B, Kite Study Group.",
    "authorList": {
        "author": [
            {"fullName": "Windham AM", "lastName": "Windham", "authorId": {"type": "ORCID", "value": "0000"}},
            {"fullName": "Stringer B"},
            {"collectiveName": "Kite Study Group"},
        ]
    },
    "journalInfo": {"issue": "3", "volume": "12", "journal": {"title": "Journal of kites"}, "yearOfPublication": 2020},
    "pubYear": "2020",
    "pageInfo": "323-30",
    "abstractText": "<h4>Methods</h4>We gave 2 × 10<sup>8</sup> cells and randomly assigned 60 adults to a kite"
    "<sup>1</sup> or to no kite (<i>P</i> &lt; 0.05, x <3). <h4>Trial registration</h4>NCT09990001. "
    "<h4>Funding</h4>Windy Hill Hospital.",
    "language": "eng",
    "pubTypeList": {"pubType": ["Randomized Controlled Trial", "research-article", "Journal Article"]},
    "keywordList": {"keyword": ["wind", "string"]},
    "meshHeadingList": {"meshHeading": [{"descriptorName": "Adult"}, {"descriptorName": "Knee"}]},
    "firstPublicationDate": "2020-03-05",
    "isOpenAccess": "Y",
}  # fmt: skip
SHORT = {
    "id": "99000002",
    "source": "MED",
    "pmid": "99000002",
    "title": "More kites.",
    "authorString": "Windham AM, Stringer B.",
    "journalTitle": "J Kites",
    "issue": "4",
    "journalVolume": "12",
    "pubYear": "2021",
    "pageInfo": "400-2",
    "pubType": "research support, non-u.s. gov't; journal article",
}


def page(*results) -> str:
    return json.dumps({"version": "6.9", "hitCount": len(results), "resultList": {"result": list(results)}})


def told(record) -> list[tuple]:
    return [(field, value) for field, _, value, _, _ in facts(record, "report.*")]


def one(content: str):
    """The only record; every quote stands at its place."""
    ((record,), _) = read(content)
    assert misplaced(content.encode(), [record]) == []
    return record


TOLD = [
    ("report.title", "Kites & 108 cells: a randomised trial."),
    (
        "report.abstract",
        "Methods We gave 2 × 108 cells and randomly assigned 60 adults to a kite1 or to no kite (P < 0.05, x <3). "
        "Trial registration NCT09990001. Funding Windy Hill Hospital.",
    ),
    ("report.pmid", "99000001"),
    ("report.pmcid", "PMC9900001"),
    ("report.doi", "10.9999/kites.1"),
    ("report.journal", "Journal of kites"),
    ("report.volume", "12"),
    ("report.issue", "3"),
    ("report.pages", "323-30"),
    ("report.date", "2020-03-05"),
    ("report.language", "en"),
    ("report.authors", ["Windham AM", "Stringer B", "Kite Study Group"]),
    ("report.keywords", ["Adult", "Knee"]),
    ("report.keywords", ["wind", "string"]),
    ("report.kind", "JOURNAL_ARTICLE"),
]


def test_each_fact_of_a_full_result_is_read():
    assert told(one(page(RESULT))) == TOLD


def test_words_are_read_as_prose_without_tags():
    record = one(page(RESULT))
    assert (value_of(record, "enrolment.randomised"), value_of(record, "ids.primary")) == (60, "NCT09990001")
    assert value_of(record, "statement.funding") == "Windy Hill Hospital."


def test_each_fact_of_a_short_result_is_read():
    assert told(one(page(SHORT))) == [
        ("report.title", "More kites."),
        ("report.pmid", "99000002"),
        ("report.journal", "J Kites"),
        ("report.volume", "12"),
        ("report.issue", "4"),
        ("report.pages", "400-2"),
        ("report.date", "2021"),
        ("report.authors", ["Windham AM", "Stringer B"]),
        ("report.kind", "JOURNAL_ARTICLE"),
    ]


@pytest.mark.parametrize(
    "content", [RESULT, {"version": "6.9", "hitCount": 1, "result": RESULT}], ids=["bare", "in result"]
)
def test_one_article_alone_is_read(content):
    assert told(one(json.dumps(content))) == TOLD


def test_every_result_is_a_record_with_its_own_pointer():
    records, _ = read(page(RESULT, "no result", SHORT))
    assert [(record.record, record.first("report.pmid").place.pointer) for record in records] == [
        (1, "/resultList/result/0/pmid"),
        (2, "/resultList/result/2/pmid"),
    ]


@pytest.mark.parametrize(
    "change, kind",
    [
        ({"source": "PPR"}, "PREPRINT"),
        ({"pubTypeList": {"pubType": ["Published Erratum"]}}, "CORRECTION"),
        ({"pubTypeList": {"pubType": ["Letter"]}}, None),
        ({"pubTypeList": None}, None),
    ],
)
def test_the_kind_of_report_is_that_of_its_types_or_its_source(change, kind):
    assert value_of(one(page({**RESULT, **change})), "report.kind") == kind


def test_a_retracted_article_is_marked():
    types = {"pubTypeList": {"pubType": ["Journal Article", "Retracted Publication"]}}
    assert facts(one(page({**RESULT, **types})), "report.retracted") == [
        ("report.retracted", None, True, "REPORTED", "Retracted Publication")
    ]


def test_no_result_is_no_record_and_no_error():
    assert read(page()) == ([], [])


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(sorted(RESULT)), ODD, max_size=6))
def test_wrong_types_give_records_all_the_same(changed):
    assert is_read_or_refused(page({**RESULT, **changed}))
