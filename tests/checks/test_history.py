"""What changed between versions of a registry entry, and that superseded versions contradict nothing.

The trials are made up; the tests marked real compute every change of the sample size from the files themselves.
"""

from __future__ import annotations

import csv
import re
from itertools import pairwise

import pytest
from lxml import etree

import reviewkit as rk
from reviewkit import checks
from reviewkit.checks.history import (
    history_dates,
    history_eligibility,
    history_masking,
    history_outcomes,
    history_size,
)
from reviewkit.model import Record, Study
from reviewkit.tables.size_history import registered_sizes

NUMBER = "NCT09990001"


@pytest.fixture
def version(value):
    """A version of an entry: its day, then (field, value, detail) facts."""

    def make(day, *facts, n=None, number=NUMBER, source="ctgov-history"):
        values = [value("source.version_date", day)] if day else []
        values += [value("ids.primary", number)] if number else []
        values += [value("source.version", n)] if n else []
        values += [value(field, fact, **detail) for field, fact, detail in facts]
        return Record(f"{day}.xml", 1, "0" * 64, source, "by hand", "registry", values)

    return make


def size(number, actual=False):
    return ("enrolment.actual" if actual else "enrolment.target", number, {"unit": "persons"})


def start(day, kind="ACTUAL"):
    return ("date.first_enrolment", day, {"kind": kind})


def end(day, kind="ACTUAL"):
    return ("date.completion", day, {"kind": kind})


def outcome(item, measure, kind="PRIMARY", time=None):
    facts = [("outcomes.measure", measure, {"item": item}), ("outcomes.type", kind, {"item": item})]
    return [*facts, ("outcomes.timepoint", time, {"item": item})] if time else facts


def told(findings):
    return [(str(finding.verdict), finding.message) for finding in findings]


def because(findings):
    return [[value.value for value in finding.because] for finding in findings]


# Size.


def test_each_change_of_the_size_is_told_with_its_versions_its_roles_and_its_side_of_start_and_end(version):
    study = Study("S1", [
        version("2021-09-01", size(54, actual=True), start("2020-07-01"), end("2021-06-30"), n="3"),
        version("2020-01-05", size(40), n="0"),
        version("2020-05-01", size(60), n="1"),
        version("2020-08-01", size(60), n="2"),
    ])  # fmt: skip
    found = history_size(study)
    assert told(found) == [
        (
            "ATTENTION",
            "The sample size was changed from 40 planned to 60 planned, between the versions of 2020-01-05 (no. 0) "
            "and 2020-05-01 (no. 1), before the actual start (2020-07-01).",
        ),
        (
            "ATTENTION",
            "The sample size was changed from 60 planned to 54 enrolled, between the versions of 2020-08-01 (no. 2) "
            "and 2021-09-01 (no. 3), after the actual start (2020-07-01) and after the actual completion (2021-06-30).",
        ),
    ]
    assert because(found) == [[40, 60], [60, 54]]


def test_versions_that_agree_are_consistent_and_one_alone_says_nothing(version):
    one, other = version("2020-01-05", size(40)), version("2020-05-01", size(40))
    assert told(history_size(Study("S1", [one, other]))) == [
        (
            "CONSISTENT",
            "The 2 versions loaded, from 2020-01-05 to 2020-05-01, give the sample size without a change.",
        )
    ]
    assert because(history_size(Study("S1", [one, other]))) == [[40, 40]]
    assert history_size(Study("S1", [one])) == []
    assert history_size(Study("S1", [one, version("2020-05-01")])) == []  # which says nothing of a size


def test_as_many_enrolled_as_were_planned_is_no_change(version):
    study = Study("S1", [version("2020-01-05", size(40)), version("2021-05-01", size(40, actual=True))])
    assert [str(finding.verdict) for finding in history_size(study)] == ["CONSISTENT"]


def test_a_version_without_a_size_does_not_hide_a_change_over_it(version):
    study = Study("S1", [version("2020-01-05", size(40)), version("2020-02-05"), version("2020-03-05", size(50))])
    (found,) = history_size(study)
    assert "between the versions of 2020-01-05 and 2020-03-05" in found.message


def test_versions_of_two_entries_are_not_compared_with_each_other(version):
    study = Study("S1", [
        version("2020-01-05", size(40)),
        version("2020-02-05", size(50), number="NCT09990002"),
    ])  # fmt: skip
    assert history_size(study) == []


def test_a_finding_names_the_entry_where_a_study_has_several(version):
    study = Study("S1", [
        version("2020-01-05", size(40)), version("2020-02-05", size(41)), version("2020-01-05", number="NCT09990002"),
    ])  # fmt: skip
    assert [finding.registration for finding in history_size(study)] == [NUMBER]


def test_of_a_withdrawn_trial_no_start_is_named(version):
    study = Study("S1", [
        version("2020-01-05", size(40)),
        version("2020-05-01", size(0, actual=True), start("2020-03"), ("status.recruitment", "WITHDRAWN", {})),
    ])  # fmt: skip
    (found,) = history_size(study)
    assert found.message.endswith("between the versions of 2020-01-05 and 2020-05-01.")


def test_the_size_at_first_is_told_from_the_registrys_own_list(value):
    facts = [
        value("ids.primary", NUMBER), value("source.version_date", "2025-10-19"),
        value("registration.changes.old", "220", item=1), value("registration.changes.date", "2025-10-19", item=1),
        value("enrolment.actual", 241),
    ]  # fmt: skip
    label = value("registration.changes.label", "enrollmentInfo", item=1)
    record = Record("h.json", 1, "0" * 64, "ctgov-history", "by hand", "registry", [*facts, label])
    assert history_size(Study("S1", [record])) == []  # an entry of a list is a change; this is not one at first
    derived = type(label)(*(getattr(label, name) for name in label.__struct_fields__[:6]), "rule:ctgov-original-data")
    record.reported[-1] = derived
    assert told(history_size(Study("S1", [record]))) == [
        (
            "ATTENTION",
            "The sample size was changed from 220 planned at first to 241 enrolled; "
            "last changed by the version of 2025-10-19.",
        )
    ]


def test_outcomes_that_the_registry_says_were_others_at_first_are_told(value):
    label = value("registration.changes.label", "primaryOutcomes", item=1)
    derived = type(label)(*(getattr(label, name) for name in label.__struct_fields__[:6]), "rule:ctgov-original-data")
    facts = [
        value("ids.primary", NUMBER),
        value("registration.changes.date", "2020-08-02", item=1),
        value("outcomes.measure", "Knee pain", item=1),
        value("outcomes.type", "PRIMARY", item=1),
    ]
    record = Record("h.json", 1, "0" * 64, "ctgov-history", "by hand", "registry", [*facts, derived])
    found = history_outcomes(Study("S1", [record]))
    assert told(found) == [
        (
            "ATTENTION",
            "The primary outcomes are not those of the first version; last changed by the version of 2020-08-02.",
        )
    ]
    assert because(found) == [["primaryOutcomes", "Knee pain"]]


# Dates.


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (
            ("2020-07-01", "ANTICIPATED"),
            ("2020-07-31", "ANTICIPATED"),
            "(planned) to 2020-07-31 (planned), 30 days later",
        ),
        (("2020-07-02", "ANTICIPATED"), ("2020-07-01", "ACTUAL"), "(planned) to 2020-07-01 (actual), 1 day earlier"),
        (("2020-07", "UNKNOWN"), ("2020-09", "UNKNOWN"), "to 2020-09, 32 to 91 days later"),
        (("2020-07", "ANTICIPATED"), ("2020-07-15", "ACTUAL"), None),  # told more finely
        (("2020-07-15", "ANTICIPATED"), ("2020-07-15", "ACTUAL"), None),  # came true
    ],
)
def test_a_start_that_was_moved_is_told_with_both_dates_and_the_days_between(version, before, after, words):
    study = Study("S1", [version("2020-01-05", start(*before)), version("2020-10-01", start(*after))])
    (found,) = history_dates(study)
    if words is None:
        assert str(found.verdict) == "CONSISTENT"
    else:
        assert found.message.startswith(f"The first enrolment was moved from {before[0]} ")
        assert f"{words}, between the versions of 2020-01-05 and 2020-10-01, after the" in found.message
        assert because([found]) == [[before[0], after[0]]]


def test_a_first_of_a_month_that_may_be_the_month_was_not_moved_within_it(version):
    padded = ("date.first_enrolment", "2020-07-01", {"kind": "UNKNOWN", "day": "UNCERTAIN"})
    study = Study("S1", [version("2020-01-05", padded), version("2020-10-01", start("2020-07-20", "UNKNOWN"))])
    assert [str(finding.verdict) for finding in history_dates(study)] == ["CONSISTENT"]


# Outcomes.


def changes_of(version, before, after):
    study = Study("S1", [version("2020-01-05", *before), version("2020-05-01", *after)])
    tail = ", between the versions of 2020-01-05 and 2020-05-01."
    return [finding.message.removesuffix(tail) for finding in history_outcomes(study) if finding.verdict == "ATTENTION"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([("Knee pain",)], [("Knee pain",), ("Falls",)], ["The primary outcomes were changed: new 'Falls'"]),
        ([("Knee pain",), ("Falls",)], [("Falls",)], ["The primary outcomes were changed: gone 'Knee pain'"]),
        ([("Knee pain",)], [("Joy",)], ["The primary outcomes were changed: gone 'Knee pain'; new 'Joy'"]),
        ([("Pain",)], [("Pain", "SECONDARY")], ["The outcome 'Pain' was changed from primary to secondary"]),
        (
            [("Pain", "PRIMARY", "6 weeks")],
            [("Pain", "PRIMARY", "1 year")],
            ["The time of the primary outcome 'Pain' was changed from '6 weeks' to '1 year'"],
        ),
        ([("1. Pain (VAS).",)], [("1 pain vas",)], []),  # marks and case tell nothing
        ([("Pain ≥ 3",)], [("Pain > 3",)], ["The primary outcomes were changed: gone 'Pain ≥ 3'; new 'Pain > 3'"]),
        ([("Pain",), ("Pain",)], [("Pain",)], ["The primary outcomes were changed: gone 'Pain'"]),
        ([("Joy", "OTHER")], [("Grief", "OTHER")], []),
    ],
)
def test_outcomes_that_came_went_or_changed_their_place_are_told(version, before, after, expected):
    sides = [[fact for n, of in enumerate(side, 1) for fact in outcome(n, *of)] for side in (before, after)]
    assert changes_of(version, *sides) == expected


# Masking and eligibility.


def test_a_changed_label_and_changed_roles_are_told_each(version):
    study = Study("S1", [
        version("2020-01-05", ("masking.label", "DOUBLE", {}), ("masking.roles", ["PARTICIPANT", "INVESTIGATOR"], {})),
        version("2020-05-01", ("masking.label", "NONE", {}), ("masking.roles", [], {})),
    ])  # fmt: skip
    assert [finding.message.partition(", between")[0] for finding in history_masking(study)] == [
        "The masking was changed from double to none",
        "Those masked were changed from participant and investigator to nobody",
    ]


@pytest.mark.parametrize(
    ("field", "before", "after", "expected"),
    [
        (
            "eligibility.inclusion",
            "* Age 50-80\n* Two knees",
            "- Age 50-90\n- Two  knees.",
            "The inclusion criteria were changed: gone '* Age 50-80'; new '- Age 50-90'",
        ),
        ("eligibility.inclusion", "* Two knees\n\n* Storm", "1) Two knees 2) storm", None),
        ("eligibility.sex", "ALL", "FEMALE", "The limit 'sex' was changed from all to female"),
    ],
)
def test_criteria_and_limits_that_were_changed_are_told(version, field, before, after, expected):
    study = Study("S1", [version("2020-01-05", (field, before, {})), version("2020-05-01", (field, after, {}))])
    (found,) = history_eligibility(study)
    if expected is None:
        assert found.verdict == "CONSISTENT" or "1) Two" in found.message
    else:
        assert found.message == f"{expected}, between the versions of 2020-01-05 and 2020-05-01."


# A superseded version contradicts nothing.


def test_versions_of_one_number_give_one_registration_timing_by_first_registration_and_latest_start(version):
    def registered(day):
        return ("registration.date", day, {"kind": "ACTUAL"})

    study = Study("S1", [
        version("2020-01-05", registered("2020-01-05"), start("2020-01-01")),
        version("2020-05-01", registered("2020-01-05"), start("2020-02-01", "ANTICIPATED")),
        version("2020-06-01", registered("2020-01-07"), start("2020-03-01", "ANTICIPATED")),
    ])  # fmt: skip
    found = [finding for finding in checks.check(study) if finding.check == "registration-timing"]
    assert [(str(f.verdict), f.basis, f.days) for f in found] == [("PROSPECTIVE", "anticipated_start", -56)]


def test_the_paper_is_laid_beside_the_latest_version_only(version, value):
    paper = Record("paper.txt", 1, "1" * 64, "text", "by hand", "publication", [
        value("ids.primary", NUMBER), value("enrolment.target", 60), value("masking.label", "DOUBLE"),
        value("design.phase", ["PHASE2"]),
    ])  # fmt: skip
    old = version("2020-01-05", size(40), ("masking.label", "NONE", {}), ("design.phase", ["PHASE3"], {}))
    new = version("2020-05-01", size(60), ("masking.label", "DOUBLE", {}), ("design.phase", ["PHASE2"], {}))
    found = {f.check: str(f.verdict) for f in checks.check(Study("S1", [old, paper, new]))}
    assert {name: verdict for name, verdict in found.items() if name.startswith("registry-and")} == {
        "registry-and-paper-size": "CONSISTENT",
        "registry-and-paper-phase": "CONSISTENT",
        "registry-and-paper-masking": "CONSISTENT",
    }


def test_an_old_version_that_contradicts_itself_is_no_finding(version):
    old = version("2020-01-05", start("2020-07-01"), end("2019-01-01"), ("registration.last_update", "2022-01-01", {}))
    new = version("2020-05-01", start("2020-07-01"), end("2021-01-01"), ("registration.last_update", "2020-05-01", {}))
    verdicts = {(f.check, str(f.verdict)) for f in checks.check(Study("S1", [old, new]))}
    assert ("date-order", "CONSISTENT") in verdicts
    assert ("date-order", "INCONSISTENT") not in verdicts
    assert [v for name, v in verdicts if name == "late-update"] == ["CONSISTENT"]


# The real files.


def studies(*paths):
    problems: list = []
    found = {}
    for record in rk.read(*paths, problems=problems):
        number = record.first("ids.primary")
        found.setdefault(number.value if number else record.document, []).append(record)
    return {name: Study(name, records) for name, records in found.items()}


SIZE_CHANGE = re.compile(
    r"from ([\d,]+) (?:planned|enrolled|not said to be planned or enrolled) to ([\d,]+) .*? "
    r"between the versions of (\S+)(?: \(no\. \d+\))? and (\S+?)(?: \(no\. \d+\))?[,.]"
)


def changes_told(found):
    """(from, to, day before, day after) of every finding on the size."""
    matches = [SIZE_CHANGE.search(finding.message) for finding in found if finding.verdict == "ATTENTION"]
    return [(int(m[1].replace(",", "")), int(m[2].replace(",", "")), m[3], m[4].rstrip(".")) for m in matches]


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "number", "at_least"),
    [("ctgov-history/historical-ctgov.csv", "nctid", 14), ("drks/historical-drks.csv", "drksid", 0)],
)
def test_every_change_of_the_size_in_a_real_table_is_found_with_its_dates_and_numbers(shared, name, number, at_least):
    with (shared / "records" / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted: dict[str, list] = {}
    for trial in dict.fromkeys(row[number] for row in rows):
        own = sorted((row for row in rows if row[number] == trial), key=lambda row: int(row["version_number"]))
        wanted[trial] = [
            (int(a["enrolment"]), int(b["enrolment"]), a["version_date"], b["version_date"])
            for a, b in pairwise(own)
            if a["enrolment"] != b["enrolment"]
        ]
    mine = {trial: changes_told(history_size(study)) for trial, study in studies(shared / "records" / name).items()}
    assert mine == wanted
    assert sum(map(len, wanted.values())) >= at_least


@pytest.mark.real
def test_every_change_of_the_size_between_real_dated_files_is_found(shared):
    folder = shared / "records/ctgov-history/versions"
    states: dict[str, dict[str, int]] = {}
    for file in folder.rglob("*.xml"):
        root = etree.parse(file).getroot()
        trial, day, enrolled = (
            "".join(root.xpath(f"string({path})")).strip()
            for path in ("study_id/nct_id", "last_release_date", "(enrollment|eligibility/expected_enrollment)[1]")
        )
        if trial and day and enrolled:
            states.setdefault(trial, {})[day] = int(enrolled)
    wanted = {}
    for trial, by_day in states.items():
        days = sorted(by_day)
        wanted[trial] = [(by_day[a], by_day[b], a, b) for a, b in pairwise(days) if by_day[a] != by_day[b]]
    mine = {trial: changes_told(history_size(study)) for trial, study in studies(folder).items() if trial in wanted}
    assert mine == wanted
    assert sum(map(len, wanted.values())) >= 4


@pytest.mark.real
def test_every_real_trial_with_versions_has_one_registration_timing_and_no_finding_on_old_versions(shared):
    for study in studies(shared / "records/ctgov-history", shared / "records/drks/historical-drks.csv").values():
        found = checks.check(study)
        assert len([f for f in found if f.check == "registration-timing"]) == 1
        for name in ("date-order", "status-and-dates", "masking-and-roles", "model-arms-allocation", "late-update"):
            assert len([f for f in found if f.check == name]) <= 1, (study.study, name)


@pytest.mark.real
def test_sizes_of_the_real_table_have_the_roles_their_versions_give(shared):
    file = shared / "records/ctgov-history/historical-ctgov.csv"
    with file.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for trial, study in studies(file).items():
        own = sorted((row for row in rows if row["nctid"] == trial), key=lambda row: int(row["version_number"]))
        history = registered_sizes(study)
        first, last = own[0], own[-1]
        assert [v.value for v in history.first] == [int(first["enrolment"])] * (
            first["enrolment_type"] == "Anticipated"
        )
        actual = last["enrolment_type"] == "Actual"
        assert [v.value for v in history.actual] == [int(last["enrolment"])] * actual
        assert [v.value for v in history.current] == [int(last["enrolment"])] * (not actual)
        month = last["study_start_date"][:7] if last["study_start_date"].endswith("-01") else None
        begin = f"{month}-01" if month else last["study_start_date"]
        early = [row for row in own if row["version_date"] <= begin]
        later = [row for row in own if row["version_date"][:7] > begin[:7]]
        begun = last["overall_status"].strip() not in {"Not yet recruiting", "Withdrawn", "Unknown status"}
        known = bool(early and later) and begun and len(early) + len(later) == len(own)
        stood = [row for row in early[-1:] if known and row["enrolment_type"] == "Anticipated"]
        assert [v.value for v in history.before_start] == [int(row["enrolment"]) for row in stood], trial


@pytest.mark.real
def test_the_real_list_of_versions_tells_the_size_at_first_and_before_the_start(shared):
    (study,) = studies(shared / "records/ctgov-history/api").values()
    history = registered_sizes(study)
    assert [v.value for v in history.first] == [v.value for v in history.before_start] == [220]
    assert [v.value for v in history.actual] == [241]
