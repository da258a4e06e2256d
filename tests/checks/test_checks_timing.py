"""Registration timing: spans of days against a day-by-day enumeration, kinds of start, several numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.checks.timing import declared_timing, registration_timing
from reviewkit.dates import first_day, last_day
from reviewkit.model import Place, Record, Study, Value
from reviewkit.words import State

NUMBER = "NCT04276987"


def entry(value, record, registered, start=None, kind="ACTUAL", *extra, number=NUMBER):
    values = [value("ids.primary", number)] if number else []
    values += [value("registration.date", registered, kind="ACTUAL")] if registered else []
    values += [value("date.first_enrolment", start, kind=kind)] if start else []
    return record(*values, *extra)


@pytest.mark.parametrize(
    "registered, start, kind, verdict, days, message",
    [
        (
            "2021-04-01", "2020-12-05", "ANTICIPATED", "RETROSPECTIVE", (117, None, None),
            "Registered on 2021-04-01, 117 days after the planned start (2020-12-05). No actual start is given.",
        ),
        (
            "2021-04-19", "2021-05-20", "ACTUAL", "PROSPECTIVE", (-31, None, None),
            "Registered on 2021-04-19, 31 days before the actual start (2021-05-20).",
        ),
        (
            "2021-05-20", "2021-05-20", "ACTUAL", "PROSPECTIVE", (0, None, None),
            "Registered on 2021-05-20, on the same day as the actual start (2021-05-20).",
        ),
        (
            "2021-05-21", "2021-05-20", "UNKNOWN", "RETROSPECTIVE", (1, None, None),
            "Registered on 2021-05-21, 1 day after a start not said to be actual or planned (2021-05-20)."
            " A lag of one day may come from time zones.",
        ),
        (
            "2020-07-15", "2020-07", "ACTUAL", "INDETERMINATE", (None, -16, 14),
            "Registered on 2020-07-15, between 16 days before and 14 days after the actual start (2020-07).",
        ),
        (
            "2020-07-01", "2020-07", "ACTUAL", "PROSPECTIVE", (None, -30, 0),
            "Registered on 2020-07-01, between 30 days before and the very day of the actual start (2020-07).",
        ),
        (
            "2020-08-01", "2020-07", "ACTUAL", "RETROSPECTIVE", (None, 1, 31),
            "Registered on 2020-08-01, 1 to 31 days after the actual start (2020-07).",
        ),
        (
            "2020-06", "2020-08", "ACTUAL", "PROSPECTIVE", (None, -91, -32),
            "Registered on 2020-06, 32 to 91 days before the actual start (2020-08).",
        ),
    ],
)  # fmt: skip
def test_the_verdict_follows_the_dates_as_written(
    value, record, study, registered, start, kind, verdict, days, message
):
    (finding,) = registration_timing(study(entry(value, record, registered, start, kind)))
    assert (finding.verdict, finding.message) == (verdict, message)
    assert (finding.days, finding.days_min, finding.days_max) == days
    assert (finding.rule, finding.registration) == ("strict", None)
    assert [v.field for v in finding.because] == ["registration.date", "date.first_enrolment"]


def written(day, digits):
    return day.isoformat()[:digits]


dates_written = st.builds(
    written, st.dates(first_day("2019-01-01"), last_day("2021-12-31")), st.sampled_from([4, 7, 10])
)


def days_of(text):
    first, last = first_day(text), last_day(text)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@given(dates_written, dates_written)
def test_a_verdict_holds_for_every_day_the_two_dates_can_mean(registered, start):
    place = Place("a.txt")
    values = [
        Value(field, None, date, State.REPORTED, date, place, "hand:made", {"kind": "ACTUAL"})
        for field, date in (("registration.date", registered), ("date.first_enrolment", start))
    ]
    (finding,) = registration_timing(Study("S1", [Record("a.txt", 1, "", "hand", "", "registry", values)]))
    lags = {(r - s).days for r in (min(days_of(registered)), max(days_of(registered))) for s in days_of(start)}
    late = {(r > s) for r in days_of(registered)[:: max(1, len(days_of(registered)) - 1)] for s in days_of(start)}
    expected = "INDETERMINATE" if len(late) == 2 else "RETROSPECTIVE" if late == {True} else "PROSPECTIVE"
    assert finding.verdict == expected
    assert {finding.days} - {None} or {finding.days_min, finding.days_max} == {min(lags), max(lags)}


def test_an_actual_start_outweighs_a_planned_one(value, record, study):
    planned = value("date.first_enrolment", "2021-05-20", kind="ANTICIPATED")
    (finding,) = registration_timing(study(entry(value, record, "2021-06-01", "2021-06-10", "ACTUAL", planned)))
    assert (finding.verdict, finding.basis, finding.days) == ("PROSPECTIVE", "actual_start", -9)


def test_of_two_records_of_one_number_the_earlier_registration_and_the_later_start_count(value, record, study):
    old = entry(value, record, "2020-01-10", "2020-03-01", "ACTUAL", value("registration.last_update", "2020-02-01"))
    new = entry(value, record, "2020-01-20", "2020-04-01", "ACTUAL", value("registration.last_update", "2021-02-01"))
    for order in ((old, new), (new, old)):
        (finding,) = registration_timing(study(*order))
        assert [v.value for v in finding.because] == ["2020-01-10", "2020-04-01"]


def test_each_registration_number_has_its_finding(value, record, study):
    one = entry(value, record, "2020-01-10", "2020-03-01")
    two = entry(value, record, "2020-05-10", "2020-03-01", number="ISRCTN02452400")
    found = registration_timing(study(one, two))
    assert [(f.registration, f.verdict) for f in found] == [
        (NUMBER, "PROSPECTIVE"),
        ("ISRCTN02452400", "RETROSPECTIVE"),
    ]


@pytest.mark.parametrize(
    "registered, start, message",
    [
        (None, None, f"The registry record of {NUMBER} gives no registration date and no start of recruitment."),
        (None, "2020-01-01", f"The registry record of {NUMBER} gives no registration date."),
        ("2020-01-01", None, f"The registry record of {NUMBER} gives no start of recruitment."),
    ],
)
def test_a_missing_date_is_named_and_never_guessed(value, record, study, registered, start, message):
    (finding,) = registration_timing(study(entry(value, record, registered, start)))
    assert (finding.verdict, finding.message, finding.basis, finding.days) == ("NOT_ASSESSABLE", message, None, None)


def test_a_paper_or_a_mirror_gives_no_registration_date(value, record, study):
    paper = record(value("ids.primary", NUMBER), value("registration.date", "2020-01-01"), kind="publication")
    (finding,) = registration_timing(study(paper))
    assert finding.message == f"No registry record of {NUMBER} is loaded, so the date of registration is not known."
    assert [v.field for v in finding.because] == ["ids.primary"]
    (finding,) = registration_timing(study(record(kind="mirror")))
    assert finding.message == "The study gives no registration number, and no registry record of it is loaded."


@pytest.mark.parametrize(
    "declared, registered, verdict",
    [
        ("PROSPECTIVE", "2020-02-28", "CONSISTENT"),
        ("PROSPECTIVE", "2020-03-02", "INCONSISTENT"),
        ("RETROSPECTIVE", "2020-03-02", "CONSISTENT"),
        ("RETROSPECTIVE", "2020-02-28", "INCONSISTENT"),
        ("REGISTERED_WHILE_RECRUITING", "2020-02-28", "INCONSISTENT"),
        ("REGISTERED_WHILE_RECRUITING", "2020-03-01", "CONSISTENT"),
        ("REGISTERED_WHILE_RECRUITING", "2020-05-01", "CONSISTENT"),
        ("REGISTERED_WHILE_RECRUITING", "2020-09-01", "INCONSISTENT"),
        ("PROSPECTIVE", "2020-03", "NOT_ASSESSABLE"),
    ],
)
def test_declared_timing_is_held_against_the_dates(value, record, study, declared, registered, verdict):
    declaration = value("registration.timing_declared", declared)
    end = value("date.recruitment_end", "2020-08-01", kind="ACTUAL")
    (finding,) = declared_timing(study(entry(value, record, registered, "2020-03-01", "ACTUAL", declaration, end)))
    assert finding.verdict == verdict


def test_declared_timing_says_what_the_dates_say(value, record, study):
    declaration = value("registration.timing_declared", "PROSPECTIVE")
    (finding,) = declared_timing(study(entry(value, record, "2020-03-05", "2020-03-01", "ACTUAL", declaration)))
    assert finding.message == (
        "The entry declares prospective registration; by the dates it came 4 days after the actual start (2020-03-01)."
    )
    assert declared_timing(study(entry(value, record, None, "2020-03-01", "ACTUAL", declaration))) == []


def test_an_entry_that_was_moved_from_another_register_is_not_called_late(value, record, study, told, because):
    moved = record(
        value("ids.primary", "2024-510663-34-00"), value("ids.registry", "CTIS"),
        value("ids.aliases", "2019-001234-56", item=1), value("registration.date", "2024-05-06"),
        value("date.first_enrolment", "2020-03-01", kind="ACTUAL"),
    )  # fmt: skip
    (finding,) = registration_timing(study(moved))
    assert told(finding) == (
        "NOT_ASSESSABLE",
        "The trial was registered before as 2019-001234-56; the date of this entry (2024-05-06) says nothing of when.",
    )
    assert because(finding) == ["registration.date", "ids.aliases", "date.first_enrolment"]
    early = record(
        value("ids.primary", "2024-510663-34-00"), value("ids.registry", "CTIS"),
        value("ids.aliases", "2019-001234-56", item=1), value("registration.date", "2024-05-06"),
        value("date.first_enrolment", "2024-09-01", kind="ANTICIPATED"),
    )  # fmt: skip
    (finding,) = registration_timing(study(early))
    assert finding.verdict == "PROSPECTIVE"
