"""Dates of one record: both calendars, status, order, ethics approval, late updates."""

from __future__ import annotations

import pytest

from reviewkit.checks.dates import calendar_agreement, date_order, ethics_timing, late_update, status_and_dates


def pair(value, gregorian, jalali, field="registration.date"):
    return value(field, gregorian, kind="ACTUAL", calendar="GREGORIAN", as_written=f"{gregorian}, {jalali}")


def test_pairs_of_one_day_agree(value, record, told):
    dates = [pair(value, "2021-04-01", "1400/01/12"), pair(value, "2020-12-05", "۱۳۹۹/۰۹/۱۵", "date.first_enrolment")]
    finding = calendar_agreement(record(*dates))
    assert told(finding) == ("CONSISTENT", "2 dates written in two calendars: both halves name the same day.")
    assert finding.because == dates


def test_every_pair_that_disagrees_is_named(value, record, told):
    right = pair(value, "2021-04-01", "1400/01/12")
    wrong = pair(value, "2021-04-01", "1400/01/13", "registration.last_update")
    impossible = pair(value, "2021-04-01", "1400/13/01", "ethics.date")
    finding = calendar_agreement(record(right, wrong, impossible))
    assert told(finding) == (
        "INCONSISTENT",
        "Last update of the entry: 2021-04-01 stands beside the Solar Hijri date 1400/01/13, which is 2021-04-02. "
        "Date of ethics decision: 2021-04-01 stands beside the Solar Hijri date 1400/13/01, "
        "a day that calendar does not have.",
    )
    assert finding.because == [wrong, impossible]


@pytest.mark.parametrize("written", ["2021-04-01", "1400/01/12", "April 1, 2021", "2021-04, 1400/01"])
def test_a_date_in_one_calendar_or_without_a_day_is_no_pair(value, record, written):
    assert calendar_agreement(record(value("registration.date", "2021-04-01", as_written=written))) is None


def start(value, date, kind="ACTUAL"):
    return value("date.first_enrolment", date, kind=kind)


def end(value, date, kind="ACTUAL", field="date.recruitment_end"):
    return value(field, date, kind=kind)


def test_a_complete_recruitment_with_blank_actual_dates_wants_a_look(value, record, told, because):
    status = value("status.recruitment", "RECRUITMENT_COMPLETE")
    planned = [start(value, "2020-12-05", "ANTICIPATED"), end(value, "2021-03-05", "ANTICIPATED")]
    blank = [start(value, None), end(value, None), end(value, None, field="date.completion")]
    finding = status_and_dates(record(status, *planned, *blank))
    assert told(finding) == (
        "ATTENTION",
        "The status is recruitment complete, but the record gives no actual first enrolment or actual end of "
        "recruitment; only planned dates stand there (first enrolment 2020-12-05, end of recruitment 2021-03-05).",
    )
    assert finding.because == [status, planned[0], blank[0], planned[1], blank[1]]


@pytest.mark.parametrize(
    "status, dates, enrolled, verdict",
    [
        ("RECRUITMENT_COMPLETE", [("date.first_enrolment", "ACTUAL"), ("date.recruitment_end", "ACTUAL")],
         None, "CONSISTENT"),
        ("RECRUITMENT_COMPLETE", [("date.first_enrolment", "ANTICIPATED")], None, "ATTENTION"),
        ("COMPLETED", [("date.first_enrolment", "ACTUAL"), ("date.completion", "ANTICIPATED")], None, "ATTENTION"),
        ("COMPLETED", [("date.first_enrolment", "ACTUAL"), ("date.completion", "ACTUAL")], None, "CONSISTENT"),
        ("COMPLETED", [("date.first_enrolment", "UNKNOWN"), ("date.completion", "UNKNOWN")], None, None),
        ("NOT_YET_RECRUITING", [("date.first_enrolment", "ACTUAL")], None, "ATTENTION"),
        ("NOT_YET_RECRUITING", [("date.first_enrolment", "ANTICIPATED")], None, "CONSISTENT"),
        ("WITHDRAWN", [("date.first_enrolment", "ACTUAL")], None, "ATTENTION"),
        ("WITHDRAWN", [("date.first_enrolment", "ANTICIPATED")], 0, "CONSISTENT"),
        ("WITHDRAWN", [], 3, "ATTENTION"),
        ("RECRUITING", [("date.first_enrolment", "ACTUAL"), ("date.completion", "ANTICIPATED")], None, "CONSISTENT"),
        ("RECRUITING", [("date.first_enrolment", "ACTUAL"), ("date.primary_completion", "ACTUAL")], None, "ATTENTION"),
        ("ACTIVE_NOT_RECRUITING", [("date.first_enrolment", "ACTUAL"), ("date.completion", "ACTUAL")],
         None, "ATTENTION"),
        ("UNKNOWN", [("date.first_enrolment", "ANTICIPATED")], None, None),
        ("COMPLETED", [], None, None),
    ],
)  # fmt: skip
def test_a_status_is_held_against_what_it_says_has_happened(value, record, status, dates, enrolled, verdict):
    values = [value(field, "2020-01-01", kind=kind) for field, kind in dates]
    values += [value("enrolment.actual", enrolled)] if enrolled is not None else []
    finding = status_and_dates(record(value("status.recruitment", status), *values))
    assert (finding and finding.verdict) == verdict


def test_a_completion_before_the_start_is_a_contradiction(value, record, told):
    first, last = start(value, "2020-03-01"), end(value, "2020-01-05", field="date.completion")
    finding = date_order(record(first, last))
    assert told(finding) == (
        "INCONSISTENT",
        "The actual completion (2020-01-05) lies 56 days before the actual first enrolment (2020-03-01).",
    )
    assert finding.because == [first, last]


@pytest.mark.parametrize(
    "dates, verdict",
    [
        ([("date.first_enrolment", "2020-03", "ACTUAL"), ("date.completion", "2020-03-01", "ACTUAL")], "CONSISTENT"),
        ([("date.first_enrolment", "2020-04", "ACTUAL"), ("date.completion", "2020-03", "ACTUAL")], "INCONSISTENT"),
        ([("date.primary_completion", "2021", "ACTUAL"), ("date.completion", "2020", "ACTUAL")], "INCONSISTENT"),
        # A trial that slipped: the first plan of the end stands beside an actual start.
        (
            [
                ("date.first_enrolment", "2020-01-01", "ANTICIPATED"),
                ("date.recruitment_end", "2020-06-01", "ANTICIPATED"),
                ("date.first_enrolment", "2020-08-01", "ACTUAL"),
            ],
            "CONSISTENT",
        ),
        # A running trial whose planned end was never moved.
        ([("date.first_enrolment", "2020-08-01", "ACTUAL"), ("date.completion", "2020-06-01", "ANTICIPATED")],
         "INCONSISTENT"),
        ([("date.first_enrolment", "2020-08-01", "ACTUAL")], None),
    ],
)  # fmt: skip
def test_dates_are_compared_with_their_like(value, record, dates, verdict):
    finding = date_order(record(*(value(field, date, kind=kind) for field, date, kind in dates)))
    assert (finding and finding.verdict) == verdict


@pytest.mark.parametrize(
    "approved, kind, verdict, message",
    [
        ("2020-02-20", "ACTUAL", "CONSISTENT",
         "The ethics decision (2020-02-20) came no later than the actual first enrolment (2020-03-01)."),
        ("2020-03-11", "ACTUAL", "INCONSISTENT",
         "The ethics decision (2020-03-11) came 10 days after the actual first enrolment (2020-03-01)."),
        ("2020-03-11", "ANTICIPATED", "ATTENTION",
         "The ethics decision (2020-03-11) came 10 days after the planned first enrolment (2020-03-01). "
         "Whether participants were enrolled without approval depends on the actual start."),
        ("2020-03", "ACTUAL", "NOT_ASSESSABLE",
         "The ethics decision (2020-03) and the actual first enrolment (2020-03-01) "
         "are too coarse to tell which came first."),
    ],
)  # fmt: skip
def test_ethics_approval_comes_before_the_start(value, record, told, approved, kind, verdict, message):
    finding = ethics_timing(record(value("ethics.date", approved, item=1), start(value, "2020-03-01", kind)))
    assert told(finding) == (verdict, message)


def test_the_first_approval_counts_and_a_refusal_is_none(value, record):
    dates = [value("ethics.date", "2020-01-01", item=1), value("ethics.date", "2020-05-01", item=2)]
    refused = value("ethics.status", "NOT_APPROVED", item=1)
    assert ethics_timing(record(*dates, start(value, "2020-03-01"))).verdict == "CONSISTENT"
    assert ethics_timing(record(*dates, refused, start(value, "2020-03-01"))).verdict == "INCONSISTENT"
    assert ethics_timing(record(*dates)) is None


def updated(value, date, *, count=None, registered="2021-04-19"):
    values = [value("registration.date", registered), value("registration.last_update", date)]
    return values + ([value("registration.update_count", count)] if count is not None else [])


def test_an_update_long_after_the_planned_end_wants_a_look(value, record, told, because):
    finding = late_update(record(*updated(value, "2025-08-30", count=1), end(value, "2021-09-22", "ANTICIPATED")))
    assert told(finding) == (
        "ATTENTION",
        "The entry was last updated on 2025-08-30, 1,438 days after the planned end of recruitment (2021-09-22). "
        "Its text may have been written with hindsight.",
    )
    assert because(finding) == ["registration.last_update", "date.recruitment_end", "registration.update_count"]


@pytest.mark.parametrize(
    "date, count, finish, verdict",
    [
        ("2021-08-30", 1, "2021-09-22", "CONSISTENT"),
        ("2021-09-22", 2, "2021-09", "NOT_ASSESSABLE"),
        ("2021-04-19", None, "2021-03-05", "CONSISTENT"),
        ("2025-08-30", 0, "2021-03-05", "CONSISTENT"),
        ("2025-08-30", 1, None, None),
    ],
)
def test_an_update_is_late_only_after_the_end(value, record, date, count, finish, verdict):
    dates = [end(value, finish)] if finish else []
    finding = late_update(record(*updated(value, date, count=count), *dates))
    assert (finding and finding.verdict) == verdict


def test_only_registry_records_are_updated(value, record):
    values = [*updated(value, "2025-08-30", count=1), end(value, "2021-09-22")]
    assert late_update(record(*values, kind="mirror")) is None
