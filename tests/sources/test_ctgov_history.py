"""The history of registry entries: the registry's own JSON, single versions, and tables with a version a row.

The studies here are made up (NCT0999…); the tests marked real compare the reader with an independent reading.
"""

from __future__ import annotations

import contextlib
import copy
import csv
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit import sources
from reviewkit.documents import Document
from reviewkit.errors import ReviewError
from reviewkit.sources import ctgov, ctgov_history

STUDY = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT09990001", "briefTitle": "Kites &amp; Knees"},
        "statusModule": {
            "overallStatus": "COMPLETED",
            "startDateStruct": {"date": "2020-07-01", "type": "ACTUAL"},
            "studyFirstSubmitDate": "2020-01-05",
            "lastUpdateSubmitDate": "2021-04-20",
        },
        "designModule": {"enrollmentInfo": {"count": 241, "type": "ACTUAL"}},
        "eligibilityModule": {
            "eligibilityCriteria": "<p>Inclusion Criteria:</p><ul><li><p>Age &gt;18</p></li></ul>"
            "<p>Exclusion Criteria:</p><ul><li>Storm</li></ul>"
        },
    },
    "hasResults": False,
}
HISTORY = {
    "changes": [
        {"version": 0, "date": "2020-01-05", "status": "NOT_YET_RECRUITING", "moduleLabels": []},
        {"version": 1, "date": "2020-08-02", "status": "RECRUITING", "moduleLabels": ["Study Status"]},
        {"version": 2, "date": "2021-04-20", "status": "COMPLETED", "moduleLabels": ["Study Status", "Study Design"]},
    ],
    "originalData": {"enrollmentInfo": {"count": 220, "type": "ESTIMATED"}},
    "lastUpdateVersions": {"enrollmentInfo": 2},
}
WHOLE = {"study": STUDY, "topics": {}, "history": HISTORY}
C = "/history/changes/"
HISTORY_VALUES = [  # field, item, value, state, quote, pointer
    ("registration.versions.n", 1, 0, "REPORTED", "0", C + "0/version"),
    ("registration.versions.date", 1, "2020-01-05", "REPORTED", "2020-01-05", C + "0/date"),
    ("registration.versions.status", 1, "NOT_YET_RECRUITING", "REPORTED", "NOT_YET_RECRUITING", C + "0/status"),
    ("registration.versions.changed", 1, None, "EMPTY_IN_SOURCE", "moduleLabels", C + "0/moduleLabels"),
    ("registration.versions.n", 2, 1, "REPORTED", "1", C + "1/version"),
    ("registration.versions.date", 2, "2020-08-02", "REPORTED", "2020-08-02", C + "1/date"),
    ("registration.versions.status", 2, "RECRUITING", "REPORTED", "RECRUITING", C + "1/status"),
    ("registration.versions.changed", 2, ["Study Status"], "REPORTED", "Study Status", C + "1/moduleLabels"),
    ("registration.versions.n", 3, 2, "REPORTED", "2", C + "2/version"),
    ("registration.versions.date", 3, "2021-04-20", "REPORTED", "2021-04-20", C + "2/date"),
    ("registration.versions.status", 3, "COMPLETED", "REPORTED", "COMPLETED", C + "2/status"),
    (
        *("registration.versions.changed", 3, ["Study Status", "Study Design"], "REPORTED"),
        *("Study Status, Study Design", C + "2/moduleLabels"),
    ),
    ("source.version", None, "2", "REPORTED", "2", C + "2/version"),
    ("source.version_date", None, "2021-04-20", "REPORTED", "2021-04-20", C + "2/date"),
    (
        *("registration.changes.label", 1, "enrollmentInfo", "DERIVED", "220"),
        "/history/originalData/enrollmentInfo/count",
    ),
    ("registration.changes.old", 1, "220", "REPORTED", "220", "/history/originalData/enrollmentInfo/count"),
    ("registration.changes.version", 1, 3, "DERIVED", "2", "/history/lastUpdateVersions/enrollmentInfo"),
    ("registration.changes.date", 1, "2021-04-20", "REPORTED", "2021-04-20", C + "2/date"),
]
OF_HISTORY = ("registration.versions.", "registration.changes.", "source.version")


def read(content, name="history.json"):
    """The records of one document through all sources, and its problems."""
    problems: list = []
    raw = (
        content
        if isinstance(content, bytes)
        else (content if isinstance(content, str) else json.dumps(content)).encode()
    )
    return list(sources.read(Document(name, raw, problems.append))), problems


def read_here(raw):
    """Read damaged bytes by this source, or by the one that says what is wrong with JSON; a refusal is well."""
    document = Document("damaged", raw, lambda problem: None)
    with contextlib.suppress(ReviewError):
        for source in (ctgov_history, ctgov):
            if recognised_by := source.recognise(document):
                return [*source.read(document, recognised_by)]
    return []


def rows(record, *prefixes):
    return [
        (v.field, v.item, v.value, str(v.state), v.quote, v.place.pointer)
        for v in record.reported
        if not prefixes or v.field.startswith(prefixes)
    ]


def said(record, field):
    return [(v.value, str(v.state), v.quote) for v in record.all(field)]


# The registry's JSON.


def test_a_history_gives_the_study_as_it_stands_and_the_list_of_its_versions():
    (record,), problems = read(WHOLE)
    assert problems == []
    assert (record.source, record.kind, record.recognised_by) == (
        "ctgov-history",
        "registry",
        "key history beside study",
    )
    assert rows(record, *OF_HISTORY) == HISTORY_VALUES


def test_what_the_study_says_is_read_as_ctgov_reads_it_below_its_own_pointer():
    plain = json.loads(json.dumps(STUDY).replace("&amp;", "and"))
    del plain["protocolSection"]["eligibilityModule"]
    (here,), _ = read({**WHOLE, "study": plain})
    (there,), _ = read(plain)
    assert there.source == "ctgov"
    told = [row for row in rows(here) if not row[0].startswith(OF_HISTORY)]
    assert told == [(*row[:5], "/study" + row[5]) for row in rows(there)]


def test_the_markup_of_a_page_is_taken_from_the_value_and_stays_in_the_quote():
    (record,), _ = read(WHOLE)
    assert said(record, "title.public") == [("Kites & Knees", "REPORTED", "Kites &amp; Knees")]
    assert said(record, "eligibility.inclusion") == [("* Age >18", "REPORTED", "* Age >18")]
    assert said(record, "eligibility.exclusion") == [("* Storm", "REPORTED", "* Storm")]


@pytest.mark.parametrize(
    ("first", "now", "changes"),
    [
        ((220, "ESTIMATED"), (300, "ESTIMATED"), [("old", "220"), ("new", "300")]),
        ((220, "ESTIMATED"), (220, "ACTUAL"), [("old", "220")]),  # planned and enrolled are two facts
        ((220, "ESTIMATED"), (220, "ESTIMATED"), []),
        ((220, "ACTUAL"), (230, "ACTUAL"), []),  # what was enrolled is no plan
    ],
)
def test_the_size_at_first_is_told_where_it_is_not_that_of_today(first, now, changes):
    whole = copy.deepcopy(WHOLE)
    whole["history"]["originalData"]["enrollmentInfo"] = dict(zip(("count", "type"), first, strict=True))
    whole["study"]["protocolSection"]["designModule"]["enrollmentInfo"] = dict(zip(("count", "type"), now, strict=True))
    (record,), _ = read(whole)
    found = [(v.field.rpartition(".")[2], v.value) for v in record.reported if v.field.endswith((".old", ".new"))]
    assert found == changes


def test_outcomes_that_were_others_at_first_are_told_with_the_version_that_last_changed_them():
    whole = copy.deepcopy(WHOLE)
    whole["history"]["originalData"] = {"primaryOutcomesSame": False, "secondaryOutcomesSame": True}
    whole["history"]["lastUpdateVersions"] = {"primaryOutcomes": 1}
    (record,), _ = read(whole)
    assert rows(record, "registration.changes.") == [
        (
            *("registration.changes.label", 1, "primaryOutcomes", "DERIVED", "false"),
            "/history/originalData/primaryOutcomesSame",
        ),
        ("registration.changes.version", 1, 2, "DERIVED", "1", "/history/lastUpdateVersions/primaryOutcomes"),
        ("registration.changes.date", 1, "2020-08-02", "REPORTED", "2020-08-02", C + "1/date"),
    ]


def test_a_study_updated_after_the_list_of_versions_is_none_of_them():
    whole = copy.deepcopy(WHOLE)
    whole["study"]["protocolSection"]["statusModule"]["lastUpdateSubmitDate"] = "2021-05-01"
    (record,), _ = read(whole)
    assert record.all("source.version") == record.all("source.version_date") == []


@pytest.mark.parametrize(
    ("beside", "version", "day"),
    [
        ({}, [], [("2021-04-20", "DERIVED", "2021-04-20")]),
        ({"version": 3}, [("3", "REPORTED", "3")], [("2021-04-20", "DERIVED", "2021-04-20")]),
        (
            {"studyVersion": 0, "date": "2020-01-05"},
            [("0", "REPORTED", "0")],
            [("2020-01-05", "REPORTED", "2020-01-05")],
        ),
        (
            {"versionNumber": "4", "versionDate": "2020-02"},
            [("4", "REPORTED", "4")],
            [("2020-02", "REPORTED", "2020-02")],
        ),
    ],
)
def test_a_single_version_is_a_record_with_its_number_and_its_day(beside, version, day):
    (record,), problems = read({"study": STUDY, **beside})
    assert problems == []
    assert record.recognised_by == "a study within one of its versions"
    assert said(record, "source.version") == version
    assert said(record, "source.version_date") == day


def test_versions_in_a_list_are_records_each_with_its_pointer():
    records, _ = read([{"study": STUDY, "version": n} for n in (0, 1)])
    assert [(r.record, r.first("source.version").value, r.first("ids.primary").place.pointer) for r in records] == [
        (1, "0", "/0/study/protocolSection/identificationModule/nctId"),
        (2, "1", "/1/study/protocolSection/identificationModule/nctId"),
    ]


def test_a_version_that_stands_beside_its_number_is_known_too():
    (record,), _ = read({**STUDY, "history_version": {"version_number": 5, "version_date": "2020-03-04"}})
    assert said(record, "source.version") == [("5", "REPORTED", "5")]
    assert said(record, "source.version_date") == [("2020-03-04", "REPORTED", "2020-03-04")]


def test_a_plain_study_and_a_search_page_are_still_ctgovs():
    for content in (STUDY, [STUDY, STUDY], {"studies": [STUDY]}):
        records, _ = read(content)
        assert {record.source for record in records} == {"ctgov"}


@pytest.mark.parametrize("history", [{}, {"changes": None}, {"changes": []}])
def test_a_history_that_is_not_available_is_a_blank(history):
    (record,), problems = read({"study": STUDY, "history": history})
    assert problems == []
    assert said(record, "registration.versions.n") == [(None, "EMPTY_IN_SOURCE", "changes")]
    assert record.first("source.version_date") is None


@pytest.mark.parametrize(
    ("history", "problem"),
    [
        ([], "[]"),
        ({"changes": "many"}, "'many'"),
        ({"changes": [7]}, "'7'"),
        ({"changes": [{"version": -1}]}, "'-1'"),
        ({"changes": [{"version": 0, "date": "soon"}]}, "'soon'"),
        ({"changes": [{"version": 0, "status": "ASLEEP"}]}, "'ASLEEP'"),
    ],
)
def test_an_odd_history_leaves_the_study_readable_and_is_told(history, problem):
    (record,), problems = read({"study": STUDY, "history": history})
    assert record.first("ids.primary").value == "NCT09990001"
    assert record.first("source.version") is None
    assert [p.severity for p in problems] == ["notice"] * len(problems)
    assert problem in [p.found for p in problems] or history == []


def test_a_million_brackets_and_a_cut_file_are_refused():
    text = json.dumps(WHOLE)
    deep = '{"study": {"protocolSection": {"a": ' + "[" * 1_000_000 + "]" * 1_000_000 + "}}}"
    for broken in (text[:400], deep, text + "}"):
        with pytest.raises(ReviewError):
            read(broken)


@settings(max_examples=150)
@given(st.integers(0, 1200), st.integers(0, 60), st.binary(max_size=6))
def test_whatever_is_damaged_in_a_history_there_are_records_or_a_review_error(at, length, bytes_):
    raw = json.dumps(WHOLE).encode()
    read_here(raw[:at] + bytes_ + raw[at + length :])


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["changes", "version", "date", "status", "moduleLabels", "originalData", "enrollmentInfo", "count", "type"]
    ), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=150)
@given(JSONISH, JSONISH)
def test_a_history_of_any_types_is_read_or_refused(history, module):
    study = {"protocolSection": {"identificationModule": {"nctId": "NCT09990001"}, "designModule": module}}
    (record,), _ = read({"study": study, "history": history})
    assert {v.field for v in record.reported} <= {name for name, _ in record.fields}


# Tables.

HEADINGS = [
    *("nctid", "version_number", "total_versions", "version_date", "overall_status", "study_start_date"),
    *("primary_completion_date", "primary_completion_date_type", "enrolment", "enrolment_type", "min_age", "max_age"),
    *("sex", "gender_based", "accepts_healthy_volunteers", "criteria", "outcome_measures", "contacts"),
    "sponsor_collaborators",
]
OUTCOMES = [
    {
        "section": "Primary Outcome Measures:",
        "label": "1.",
        "content": "Knee pain\n[ Time Frame: 6 weeks ]\n\nOn a scale",
    },
    {"section": "Other Outcome Measures:", "label": "1.", "content": "Joy"},
]
SPONSORS = [
    {"label": "Sponsor:", "content": "Windy Hill"},
    {"label": "Responsible Party:", "content": "Nobody Atall"},
    {"label": "Collaborators:", "content": "String Makers\nTail Makers"},
]
ROW = {
    "nctid": "NCT09990001",
    "version_number": "2",
    "total_versions": "2",
    "version_date": "2020-08-02",
    "overall_status": "Unknown status ",
    "study_start_date": "2020-07-01",
    "primary_completion_date": "2021-04-20",
    "primary_completion_date_type": "Anticipated",
    "enrolment": "60",
    "enrolment_type": "Anticipated",
    "min_age": "18",
    "max_age": "NA",
    "sex": "All",
    "gender_based": "NA",
    "accepts_healthy_volunteers": "No",
    "criteria": json.dumps(["Inclusion Criteria:\n\nTwo knees\n\nExclusion Criteria:\n\nStorm"]),
    "outcome_measures": json.dumps(OUTCOMES),
    "contacts": json.dumps([{"name": "Somebody Else", "phone": "555-0100"}]),
    "sponsor_collaborators": json.dumps(SPONSORS),
}
ROW_VALUES = [  # field, item, value, state, quote, column
    ("ids.primary", None, "NCT09990001", "REPORTED", "NCT09990001", "nctid"),
    ("ids.registry", None, "CTGOV", "DERIVED", "NCT09990001", "nctid"),
    ("source.version", None, "2", "REPORTED", "2", "version_number"),
    ("source.version_date", None, "2020-08-02", "REPORTED", "2020-08-02", "version_date"),
    ("status.recruitment", None, "UNKNOWN", "REPORTED", "Unknown status", "overall_status"),
    ("eligibility.age_min", None, 18, "UNCLEAR", "18", "min_age"),
    ("eligibility.age_max", None, None, "EMPTY_IN_SOURCE", "NA", "max_age"),
    ("eligibility.sex", None, "ALL", "REPORTED", "All", "sex"),
    ("eligibility.gender_based", None, None, "EMPTY_IN_SOURCE", "NA", "gender_based"),
    ("eligibility.healthy_volunteers", None, False, "REPORTED", "No", "accepts_healthy_volunteers"),
    ("date.first_enrolment", None, "2020-07-01", "REPORTED", "2020-07-01", "study_start_date"),
    ("date.primary_completion", None, "2021-04-20", "REPORTED", "2021-04-20", "primary_completion_date"),
    ("enrolment.target", None, 60, "REPORTED", "60", "enrolment"),
    ("eligibility.inclusion", None, "Two knees", "REPORTED", "Two knees", "criteria"),
    ("eligibility.exclusion", None, "Storm", "REPORTED", "Storm", "criteria"),
    ("outcomes.measure", 1, "Knee pain", "REPORTED", "Knee pain", "outcome_measures"),
    ("outcomes.description", 1, "On a scale", "REPORTED", "On a scale", "outcome_measures"),
    ("outcomes.timepoint", 1, "6 weeks", "REPORTED", "6 weeks", "outcome_measures"),
    ("outcomes.type", 1, "PRIMARY", "DERIVED", "Knee pain", "outcome_measures"),
    ("outcomes.measure", 2, "Joy", "REPORTED", "Joy", "outcome_measures"),
    ("outcomes.type", 2, "OTHER", "DERIVED", "Joy", "outcome_measures"),
    ("sponsor.primary", None, "Windy Hill", "REPORTED", "Windy Hill", "sponsor_collaborators"),
    ("sponsor.secondary", 1, "String Makers", "REPORTED", "String Makers", "sponsor_collaborators"),
    ("sponsor.secondary", 2, "Tail Makers", "REPORTED", "Tail Makers", "sponsor_collaborators"),
]


def table(*changes, headings=HEADINGS):
    """A CSV of rows, each ROW with some cells changed."""
    lines = [headings, *([{**ROW, **change}.get(heading, "") for heading in headings] for change in changes)]
    return "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines) + "\n"


def test_a_row_of_a_table_is_a_version_with_row_and_column():
    (record,), problems = read(table({}), "versions.csv")
    assert problems == []
    assert record.recognised_by == "headings nctid, version_number and version_date"
    assert {v.place.row for v in record.reported} == {2}
    assert [(v.field, v.item, v.value, str(v.state), v.quote, v.place.column) for v in record.reported] == ROW_VALUES


def test_nothing_of_the_contacts_of_a_table_is_read():
    (record,), _ = read(table({}))
    assert not [v for v in record.reported if "Somebody" in str(v.value) or "Nobody" in str(v.value)]


def test_a_first_of_a_month_may_be_the_month_unless_the_table_says_what_it_is():
    headings = [*HEADINGS, "study_start_date_precision"]
    for precision, value, detail in [
        ("", "2020-07-01", {"day": "UNCERTAIN"}),
        ("day", "2020-07-01", {}),
        ("month", "2020-07", {}),
    ]:
        (record,), _ = read(table({"study_start_date_precision": precision}, headings=headings))
        start = record.first("date.first_enrolment")
        assert (start.value, start.quote) == (value, "2020-07-01")
        assert {key: start.detail[key] for key in start.detail if key == "day"} == detail


def test_the_day_of_the_first_version_is_the_registration_date_however_versions_are_numbered():
    from_one, _ = read(table({"version_number": "1", "version_date": "2020-01-05"}, {}))
    from_nought, _ = read(table({"version_number": "0", "version_date": "2020-01-05"}, {"version_number": "1"}))
    for first, second in (from_one, from_nought):
        assert said(first, "registration.date") == [("2020-01-05", "DERIVED", "2020-01-05")]
        assert said(second, "registration.date") == []
    (alone,), _ = read(table({"version_number": "1", "total_versions": "9"}))
    assert said(alone, "registration.date") == []
    assert [r.first("source.version").detail for r in (*from_one, *from_nought, alone)] == [
        {"first": True}, {}, {"first": True}, {}, {},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "kind", "found"),
    [
        ("60", "Actual", ("enrolment.actual", 60, "REPORTED")),
        ("60", "Estimated", ("enrolment.target", 60, "REPORTED")),
        ("60", "Planned", ("enrolment.target", 60, "REPORTED")),
        ("60", "NA", ("enrolment.target", 60, "UNCLEAR")),
        ("NA", "NA", ("enrolment.target", None, "EMPTY_IN_SOURCE")),
        ("sixty-ish", "Actual", ("enrolment.actual", None, "UNCLEAR")),
    ],
)
def test_the_size_of_a_version_has_the_role_its_type_says(words, kind, found):
    (record,), _ = read(table({"enrolment": words, "enrolment_type": kind}))
    assert [(v.field, v.value, str(v.state)) for v in record.reported if v.field.startswith("enrolment")] == [found]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("[See Results Section.]", (None, "EMPTY_IN_SOURCE", "[See Results Section.]")),
        ("[]", (None, "EMPTY_IN_SOURCE", "[]")),
        ("a sentence", (None, "UNCLEAR", "a sentence")),
        ("7", (None, "UNCLEAR", "7")),
    ],
)
def test_outcomes_that_are_no_list_are_blank_or_unclear(words, found):
    (record,), _ = read(table({"outcome_measures": words}))
    assert said(record, "outcomes.measure") == [found]


def test_later_tables_write_codes_texts_and_a_column_for_each_kind_of_sponsor():
    headings = [*HEADINGS[:18], "lead_sponsor", "collaborators"]
    outcomes = {
        "primaryOutcomes": [{"measure": "Knee pain", "timeFrame": "6 weeks", "description": "On a scale"}],
        "otherOutcomes": [{"measure": "Joy"}],
    }
    row = {
        "overall_status": "ACTIVE_NOT_RECRUITING",
        "enrolment_type": "ESTIMATED",
        "min_age": "6 Months",
        "sex": "ALL",
        "accepts_healthy_volunteers": "FALSE",
        "criteria": "Inclusion Criteria:\n\n* Two knees\n\nExclusion Criteria:\n\n* Storm",
        "outcome_measures": json.dumps(outcomes),
        "lead_sponsor": '{"name":"Windy Hill","class":"OTHER"}',
        "collaborators": '[{"name":"String Makers"},{"name":"Tail Makers"}]',
    }
    (record,), problems = read(table(row, headings=headings))
    assert problems == []
    told = {field: [v.value for v in record.known(field)] for field in (
        "status.recruitment", "enrolment.target", "eligibility.age_min", "eligibility.sex",
        "eligibility.healthy_volunteers", "eligibility.inclusion", "outcomes.measure", "outcomes.type",
        "outcomes.timepoint", "sponsor.primary", "sponsor.secondary",
    )}  # fmt: skip
    assert told == {
        "status.recruitment": ["ACTIVE_NOT_RECRUITING"],
        "enrolment.target": [60],
        "eligibility.age_min": [6],
        "eligibility.sex": ["ALL"],
        "eligibility.healthy_volunteers": [False],
        "eligibility.inclusion": ["* Two knees"],
        "outcomes.measure": ["Knee pain", "Joy"],
        "outcomes.type": ["PRIMARY", "OTHER"],
        "outcomes.timepoint": ["6 weeks"],
        "sponsor.primary": ["Windy Hill"],
        "sponsor.secondary": ["String Makers", "Tail Makers"],
    }


def test_the_german_registers_versions_have_their_own_columns():
    headings = ["drksid", "version_number", "total_versions", "version_date", "recruitment_status", "start_date",
                "closing_date", "enrolment", "enrolment_type", "min_age", "max_age", "gender", "inclusion_criteria",
                "exclusion_criteria", "primary_outcomes", "secondary_outcomes"]  # fmt: skip
    row = {
        "drksid": "DRKS00099999",
        "version_number": "1",
        "recruitment_status": "Recruiting complete, follow-up complete",
        "start_date": "2020-07-01",
        "closing_date": "2021-01-02",
        "min_age": "18 Years",
        "max_age": "no maximum age",
        "gender": "Both, male and female",
        "inclusion_criteria": '["Additional Inclusion Criteria","- Two knees"]',
        "exclusion_criteria": '["Exclusion Criteria","Storm\\n\\nRain"]',
        "primary_outcomes": '["\\nKnee pain"]',
        "secondary_outcomes": "NA",
    }
    (record,), problems = read(table(row, headings=headings))
    assert problems == []
    assert [(v.field, v.value) for v in record.reported] == [
        ("ids.primary", "DRKS00099999"),
        ("ids.registry", "DRKS"),
        ("source.version", "1"),
        ("source.version_date", "2020-08-02"),
        ("status.recruitment", "COMPLETED"),
        ("eligibility.age_min", 18),
        ("eligibility.age_max", None),
        ("eligibility.sex", "ALL"),
        ("date.first_enrolment", "2020-07-01"),
        ("date.completion", "2021-01-02"),
        ("enrolment.target", 60),
        ("eligibility.inclusion", "- Two knees"),
        ("eligibility.exclusion", "Storm\n\nRain"),
        ("outcomes.measure", "Knee pain"),
        ("outcomes.type", "PRIMARY"),
    ]
    assert "day" not in record.first("date.first_enrolment").detail


def test_a_row_of_another_width_is_told_with_its_number_and_the_others_are_read():
    text = table({}, {}) + "NCT09990002,1\n"
    records, problems = read(text, "versions.csv")
    assert [r.record for r in records] == [1, 2]
    assert [(str(p.place), p.found, p.severity) for p in problems] == [("versions.csv, row 4", "2 cells", "error")]


def test_semicolons_tabs_a_mark_and_windows_line_ends_make_no_difference():
    headings = HEADINGS[:4]
    lines = [headings, [ROW[heading] for heading in headings]]
    for delimiter, ending, mark in ((";", "\r\n", "\ufeff"), ("\t", "\r", ""), (",", "\n", "\ufeff")):
        text = mark + ending.join(delimiter.join(line) for line in lines)
        (record,), problems = read(text)
        assert problems == []
        assert said(record, "source.version_date") == [("2020-08-02", "REPORTED", "2020-08-02")]


def test_a_table_of_headings_alone_and_a_quote_that_never_closes_are_told():
    for text in (table(), table() + '"NCT09990001,1,2'):
        records, problems = read(text)
        assert records == []
        assert problems


def test_other_tables_of_trials_are_refused_with_their_headings():
    with pytest.raises(ReviewError, match="stop_date"):
        read("nctid,stop_date,stop_status\nNCT09990001,2020-01-01,Terminated\n")


@settings(max_examples=150)
@given(st.integers(0, 900), st.integers(0, 60), st.text(max_size=6))
def test_whatever_is_damaged_in_a_table_there_are_records_or_a_review_error(at, length, words):
    text = table({}, {"version_number": "1"})
    damaged = (text[:at] + words + text[at + length :]).encode("utf-8", "surrogatepass")
    read_here(damaged)


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(HEADINGS), WORDS | JSONISH.map(json.dumps), max_size=6))
def test_a_row_of_any_words_is_read(change):
    records, _ = read(table(change))
    for record in records:
        assert {v.field for v in record.reported} <= {name for name, _ in record.fields}


@pytest.mark.parametrize("heading", ["criteria", "outcome_measures", "sponsor_collaborators", "enrolment", "min_age"])
@pytest.mark.parametrize(
    "words", ["[" * 200_000, '["' + "a\\n" * 300_000 + '"]', "9" * 300_000, "[ Time Frame: " * 50_000]
)
def test_a_monstrous_cell_is_read_or_unclear(heading, words):
    (record,), _ = read(table({heading: words}))
    assert record.first("source.version").value == "2"


# The real files.


@pytest.mark.real
def test_the_real_history_agrees_with_its_own_json(shared):
    file = shared / "records/ctgov-history/api/NCT05901831.history.json"
    (record,), problems = read(file.read_bytes(), file.name)
    assert problems == []
    whole = json.loads(file.read_text())
    changes = whole["history"]["changes"]
    assert [v.value for v in record.known("registration.versions.n")] == [c["version"] for c in changes]
    assert [v.value for v in record.known("registration.versions.date")] == [c["date"] for c in changes]
    assert [v.value for v in record.known("registration.versions.status")] == [c["status"] for c in changes]
    labels = {v.item: v.value for v in record.known("registration.versions.changed")}
    assert labels == {n: c["moduleLabels"] for n, c in enumerate(changes, 1) if c["moduleLabels"]}
    (plain,), _ = read(json.dumps(whole["study"]))
    assert plain.source == "ctgov"
    mine = [
        (v.field, v.item, v.quote) for v in record.reported if not v.field.startswith((*OF_HISTORY, "eligibility.i"))
    ]
    theirs = [(v.field, v.item, v.quote) for v in plain.reported if not v.field.startswith("eligibility.i")]
    assert [row for row in mine if row[0] != "eligibility.exclusion"] == theirs
    assert not [v for v in record.reported if isinstance(v.value, str) and ("<p>" in v.value or "&#x" in v.value)]


def csv_rows(file):
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


TYPES = {"Actual": "ACTUAL", "Anticipated": "ANTICIPATED", "Planned": "ANTICIPATED"}


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "number", "status", "start"),
    [
        ("ctgov-history/historical-ctgov.csv", "nctid", "overall_status", "study_start_date"),
        ("drks/historical-drks.csv", "drksid", "recruitment_status", "start_date"),
    ],
)
def test_every_row_of_a_real_table_agrees_with_its_cells(shared, name, number, status, start):
    file = shared / "records" / name
    records, problems = read(file.read_bytes(), file.name)
    assert problems == []
    wanted = csv_rows(file)
    assert len(records) == len(wanted) > 50
    for record, row in zip(records, wanted, strict=True):
        assert record.first("ids.primary").value == row[number]
        assert record.first("source.version").value == row["version_number"]
        assert record.first("source.version_date").value == row["version_date"]
        assert [v.quote for v in record.all("status.recruitment")] == [row[status].strip()]
        assert [v.value for v in record.known("date.first_enrolment")] == [row[start]]
        sizes = [(v.value, v.field) for v in record.reported if v.field.startswith("enrolment.")]
        actual = row["enrolment_type"] == "Actual"
        assert sizes == [(int(row["enrolment"]), "enrolment.actual" if actual else "enrolment.target")]
        if "primary_completion_date" in row:
            dates = [(v.value, v.detail["kind"]) for v in record.known("date.primary_completion")]
            assert dates == [(row["primary_completion_date"], TYPES[row["primary_completion_date_type"]])]


@pytest.mark.real
def test_outcomes_and_criteria_of_the_real_table_are_those_of_its_json(shared):
    file = shared / "records/ctgov-history/historical-ctgov.csv"
    records, _ = read(file.read_bytes(), file.name)
    for record, row in zip(records, csv_rows(file), strict=True):
        outcomes = json.loads(row["outcome_measures"]) if row["outcome_measures"] != "[See Results Section.]" else []
        assert [v.value for v in record.known("outcomes.measure")] == [
            outcome["content"].split("[ Time Frame")[0].strip() for outcome in outcomes
        ]
        assert [v.value for v in record.known("outcomes.type")] == [
            outcome["section"].split()[0].upper() for outcome in outcomes
        ]
        (criteria,) = json.loads(row["criteria"])
        parts = [v.value for v in (*record.known("eligibility.inclusion"), *record.known("eligibility.exclusion"))]
        assert len(parts) == 2
        assert without_headings("\n".join(parts)) == without_headings(criteria)


def without_headings(text):
    """The words of all lines but the headings of the two parts."""
    lines = [line for line in text.splitlines() if not re.match(r"(?i)\s*(?:in|ex)clusion criteria\b.*:\s*$", line)]
    return " ".join(" ".join(lines).split())


def test_a_study_as_it_stands_is_not_taken_for_a_version_nor_a_version_for_it():
    study = {"protocolSection": {"identificationModule": {"nctId": "NCT09900001"}}}
    told = {"studyVersion": 3, **study}
    for content, name in ((study, "ctgov"), (told, "ctgov-history"), ([study], "ctgov"), ([told], "ctgov-history")):
        made = Document("study.json", json.dumps(content).encode(), lambda problem: None)
        assert [record.source for record in sources.read(made)] == [name], content
