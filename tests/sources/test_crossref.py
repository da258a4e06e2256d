"""Crossref's works: one or a list, their numbers of trials, kinds and notices."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_europepmc import ODD
from tests_of_publications import facts, is_read_or_refused, misplaced, read, value_of

WORK = {
    "DOI": "10.9999/Kites.1",
    "type": "journal-article",
    "publisher": "Windy Press",
    "title": ["Kites for <i>sore</i> knees &amp; elbows"],
    "container-title": ["Journal of kites"],
    "volume": "12",
    "issue": "3",
    "page": "323-330",
    "language": "en",
    "author": [
        {"given": "Ana Maria", "family": "Windham", "sequence": "first", "affiliation": [{"name": "Windy Hill"}]},
        {"given": "Bo", "family": "Stringer", "suffix": "Jr"},
        {"name": "Kite Study Group"},
    ],
    "published-print": {"date-parts": [[2020, 4]]},
    "published-online": {"date-parts": [[2020, 3, 5]]},
    "abstract": "<jats:title>Abstract</jats:title><jats:sec><jats:title>Methods</jats:title><jats:p>We randomly "
    "assigned 60 adults to a kite<jats:sup>1</jats:sup> or to no kite.</jats:p></jats:sec>",
    "clinical-trial-number": [
        {"clinical-trial-number": "nct09990001", "registry": "10.18810/clinical-trials-gov", "type": "preResults"},
        {"clinical-trial-number": "ISRCTN10000009", "registry": "10.18810/isrctn"},
        {"clinical-trial-number": "no number", "registry": "10.18810/isrctn"},
    ],
    "reference": [{"DOI": "10.9999/other", "article-title": "Trial NCT09990003"}],
}  # fmt: skip


def work(**changes) -> str:
    return json.dumps({"status": "ok", "message-type": "work", "message": {**WORK, **changes}})


def told(record) -> list[tuple]:
    return [(field, value) for field, _, value, _, _ in facts(record, "report.*")]


def one(content: str):
    """The only record; every quote stands at its place."""
    ((record,), _) = read(content)
    assert misplaced(content.encode(), [record]) == []
    return record


TOLD = [
    ("report.title", "Kites for sore knees & elbows"),
    ("report.abstract", "Abstract Methods We randomly assigned 60 adults to a kite1 or to no kite."),
    ("report.doi", "10.9999/kites.1"),
    ("report.journal", "Journal of kites"),
    ("report.volume", "12"),
    ("report.issue", "3"),
    ("report.pages", "323-330"),
    ("report.language", "en"),
    ("report.authors", ["Windham AM", "Stringer B Jr", "Kite Study Group"]),
    ("report.date", "2020-03-05"),
    ("report.kind", "JOURNAL_ARTICLE"),
]


def test_each_fact_of_a_work_is_read():
    record = one(work())
    assert told(record) == TOLD
    assert value_of(record, "enrolment.randomised") == 60


def test_trial_numbers_are_the_articles_own_the_first_its_primary_and_references_give_none():
    assert facts(one(work()), "ids.*") == [
        ("ids.primary", None, "NCT09990001", "REPORTED", "nct09990001"),
        ("ids.secondary.id", 1, "ISRCTN10000009", "REPORTED", "ISRCTN10000009"),
        ("ids.secondary.type", 1, "REGISTRY", "DERIVED", "ISRCTN10000009"),
        ("ids.registry", None, "CTGOV", "DERIVED", "nct09990001"),
    ]


def test_a_list_of_works_gives_a_record_each():
    content = json.dumps({"message-type": "work-list", "message": {"items": [WORK, 7, {"DOI": "10.9999/Kites.2"}]}})
    records, _ = read(content)
    assert [(record.record, record.first("report.doi").place.pointer) for record in records] == [
        (1, "/message/items/0/DOI"),
        (2, "/message/items/2/DOI"),
    ]
    assert misplaced(content.encode(), records) == []


def test_a_work_alone_is_read():
    assert told(one(json.dumps(WORK))) == TOLD


@pytest.mark.parametrize(
    "parts, date, quote",
    [([[2020]], "2020", "2020"), ([[2020, 4]], "2020-04", "2020, 4"), ([[2020, 4, 9]], "2020-04-09", "2020, 4, 9")],
)
def test_a_date_is_as_precise_as_its_parts(parts, date, quote):
    record = one(work(**{"published-online": {"date-parts": parts}}))
    assert facts(record, "report.date") == [("report.date", None, date, "REPORTED", quote)]


def test_parts_of_a_date_that_are_none_say_nothing():
    assert value_of(one(work(**{"published-online": {"date-parts": [[None]]}})), "report.date") == "2020-04"


@pytest.mark.parametrize(
    "changes, kind, quote",
    [
        ({"type": "posted-content", "subtype": "preprint"}, "PREPRINT", "preprint"),
        ({"type": "posted-content"}, None, None),
        ({"type": "dataset"}, "DATASET", "dataset"),
        ({"type": "book-chapter"}, "OTHER", "book-chapter"),
        ({"update-to": [{"type": "retraction", "DOI": "10.9999/kites.0"}]}, "RETRACTION", "retraction"),
        ({"update-to": [{"type": "correction", "DOI": "10.9999/kites.0"}]}, "CORRECTION", "correction"),
        ({"update-to": [{"type": "new_version", "DOI": "10.9999/kites.0"}]}, "JOURNAL_ARTICLE", "journal-article"),
    ],
)
def test_the_kind_of_report_is_that_of_its_type_or_of_what_it_updates(changes, kind, quote):
    found = one(work(**changes)).first("report.kind")
    assert (found and found.value, found and found.quote) == (kind, quote)


@pytest.mark.parametrize(
    "changes, quote",
    [
        ({"updated-by": [{"type": "retraction", "DOI": "10.9999/kites.9"}]}, "retraction"),
        ({"title": ["RETRACTED: Kites for sore knees"]}, "RETRACTED"),
    ],
)
def test_a_retracted_article_is_marked(changes, quote):
    assert facts(one(work(**changes)), "report.retracted") == [("report.retracted", None, True, "REPORTED", quote)]


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(sorted(WORK)), ODD, max_size=6))
def test_wrong_types_give_records_all_the_same(changed):
    assert is_read_or_refused(json.dumps({"message-type": "work", "message": {**WORK, **changed}}))
