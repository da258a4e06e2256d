"""The dates of one record against each other: calendars, status, order, ethics approval and late updates."""

from __future__ import annotations

from itertools import combinations

from reviewkit.checks.spans import days_between, of_kind, span, weightiest
from reviewkit.checks.wording import KIND_WORDS, counted, dated, in_words, kind_of, listed, once, title
from reviewkit.dates import last_day, read_date, twin_agrees
from reviewkit.fields import catalogue
from reviewkit.model import Finding, Record, Value
from reviewkit.words import Calendar, State, Verdict

START, RECRUITED = "date.first_enrolment", "date.recruitment_end"
PRIMARY, COMPLETED = "date.primary_completion", "date.completion"
COURSE = (START, RECRUITED, PRIMARY, COMPLETED)  # in the order in which a trial comes to them

NOT_BEGUN = {"NOT_YET_RECRUITING", "WITHDRAWN"}
# What a status says has happened, and what it says has not.
HAPPENED = {
    "RECRUITMENT_COMPLETE": (START, RECRUITED),
    "COMPLETED": COURSE,
    "TERMINATED": COURSE,
    "ACTIVE_NOT_RECRUITING": (START, RECRUITED),
    "RECRUITING": (START,),
    "ENROLLING_BY_INVITATION": (START,),
}
NOT_HAPPENED = {
    "NOT_YET_RECRUITING": COURSE,
    "WITHDRAWN": (START,),
    "RECRUITING": (RECRUITED, PRIMARY, COMPLETED),
    "ENROLLING_BY_INVITATION": (RECRUITED, PRIMARY, COMPLETED),
    "ACTIVE_NOT_RECRUITING": (COMPLETED,),
}


def calendar_agreement(record: Record) -> Finding | None:
    """Do the two halves of every date written in both calendars name the same day?

    Source: the Solar Hijri calendar as persiantools converts it; the Iranian registry prints both. Pairs of whole
    days only: a Solar Hijri month has no Gregorian month of its own.
    """
    pairs = [(value, twin) for value in record.reported if (twin := _twin(value))]
    if not pairs:
        return None
    apart = [(value, twin) for value, twin in pairs if not twin_agrees(value.value, twin)]
    if apart:
        message = " ".join(_apart_message(value, twin) for value, twin in apart)
        return Finding("calendar-agreement", Verdict.INCONSISTENT, message, [value for value, _ in apart])
    message = f"{counted(len(pairs), 'date')} written in two calendars: both halves name the same day."
    return Finding("calendar-agreement", Verdict.CONSISTENT, message, [value for value, _ in pairs])


def _twin(value: Value) -> str | None:
    """The Solar Hijri half of a date written as a pair of whole days, or None."""
    written = value.detail.get("as_written")
    if value.value is None or catalogue()[value.field].kind != "date" or "," not in (written or ""):
        return None
    try:
        pair = read_date(written)
    except ValueError:
        return None  # words beside the date: it was read from a part of them, and that part is no pair
    both = pair.calendar is Calendar.GREGORIAN and pair.twin is not None
    return pair.twin if both and len(pair.value) == len(pair.twin or "") == len("YYYY-MM-DD") else None


def _apart_message(value: Value, twin: str) -> str:
    jalali = twin.replace("-", "/")
    try:
        meant = f"which is {read_date(jalali).value}"
    except ValueError:
        meant = "a day that calendar does not have"
    name = title(value)
    return f"{name[0].upper() + name[1:]}: {value.value} stands beside the Solar Hijri date {jalali}, {meant}."


def status_and_dates(record: Record) -> Finding | None:
    """Does the recruitment status fit the dates and numbers said to be actual? No clock is read.

    Source: WHO Trial Registration Data Set 1.3.1, items 16, 18 and 22. Dates not said to be actual or planned prove
    nothing; a blank label is a gap only where the status says that the thing has happened.
    """
    status = record.first("status.recruitment")
    if status is None:
        return None
    missing = [gap for field in HAPPENED.get(status.value, ()) if (gap := _planned_only(record, field))]
    early = [v for field in NOT_HAPPENED.get(status.value, ()) for v in of_kind(record, field, "ACTUAL")]
    enrolled = [v for v in record.known("enrolment.actual") if v.value > 0 and status.value in NOT_BEGUN]
    if missing or early or enrolled:
        because = once([status, *(value for gap in missing for value in gap), *early, *enrolled])
        return Finding(
            "status-and-dates", Verdict.ATTENTION, _status_message(status, missing, [*early, *enrolled]), because
        )
    typed = [v for field in COURSE for v in record.known(field) if kind_of(v) != "UNKNOWN"]
    if not typed or status.value not in {*HAPPENED, *NOT_HAPPENED}:
        return None
    message = f"The status, {in_words(status.value)}, fits the dates said to be actual or planned."
    return Finding("status-and-dates", Verdict.CONSISTENT, message, [status, *typed])


def _planned_only(record: Record, field: str) -> list[Value]:
    """The planned dates and blank labels of a field without an actual date; [] if it has one or is not spoken of.

    A date that could not be read may be the actual one, so it leaves no gap.
    """
    values = record.all(field)
    if any(value.state is State.UNCLEAR for value in values):
        return []
    if any(value.value is not None and kind_of(value) != "ANTICIPATED" for value in values):
        return []
    return [v for v in values if v.value is not None or v.state is State.EMPTY_IN_SOURCE]


def _status_message(status: Value, missing: list[list[Value]], against: list[Value]) -> str:
    sentences = []
    if missing:
        names = listed((f"actual {title(gap[0])}" for gap in missing), "or")
        planned = [f"{title(v)} {v.value}" for gap in missing for v in gap if v.value is not None]
        only = f"only planned dates stand there ({', '.join(planned)})" if planned else "the labels are blank"
        sentences.append(f"The status is {in_words(status.value)}, but the record gives no {names}; {only}.")
    if against:
        facts = [
            f"{counted(v.value, 'participant')} enrolled" if v.field == "enrolment.actual" else dated(v)
            for v in against
        ]
        sentences.append(f"The status is {in_words(status.value)}, yet the record gives {listed(facts)}.")
    return " ".join(sentences)


def date_order(record: Record) -> Finding | None:
    """Do start, end of recruitment, primary completion and completion follow each other?

    Source: WHO Trial Registration Data Set 1.3.1, items 16 and 22; CONSORT 2010 item 14a (2025: 23a). Dates are
    compared within one kind; across kinds only where the two steps have none in common, for an entry that keeps its
    first plan beside what happened (IRCT) does not contradict itself when the trial slipped. Only what no reading
    of coarse dates can mend is a contradiction.
    """
    pairs = [pair for fields in combinations(COURSE, 2) for pair in _comparable(record, *fields)]
    if not pairs:
        return None
    wrong = [(a, b) for a, b in pairs if days_between(span([b]), span([a]))[1] < 0]
    if wrong:
        message = " ".join(_order_message(earlier, later) for earlier, later in wrong)
        return Finding("date-order", Verdict.INCONSISTENT, message, once([v for pair in wrong for v in pair]))
    compared = once([v for pair in pairs for v in pair])
    return Finding(
        "date-order", Verdict.CONSISTENT, f"The {len(compared)} dates follow each other as they should.", compared
    )


def _comparable(record: Record, earlier: str, later: str) -> list[tuple[Value, Value]]:
    firsts, seconds = record.known(earlier), record.known(later)
    shared = {kind_of(value) for value in firsts} & {kind_of(value) for value in seconds}
    return [
        (one, two)
        for one in firsts
        for two in seconds
        if not shared or (kind_of(one) == kind_of(two) and kind_of(one) in shared)
    ]


def _order_message(earlier: Value, later: Value) -> str:
    least, greatest = days_between(span([earlier]), span([later]))
    gap = counted(least, "day") if least == greatest else f"at least {counted(least, 'day')}"
    sentence = f"{dated(later)} lies {gap} before {dated(earlier)}."
    return sentence[0].upper() + sentence[1:]


def ethics_timing(record: Record) -> Finding | None:
    """Did the first favourable ethics decision come before the start?

    Source: Declaration of Helsinki, paragraph on research ethics committees; WHO Trial Registration Data Set 1.3.1,
    item 21; INSPECT-SR 2.1. After a planned start the trial may simply have slipped, so a person should look. Of
    several committees the earliest counts, for centres join later. Dates that overlap decide nothing.
    """
    refused = {v.item for v in record.known("ethics.status") if v.value == "NOT_APPROVED"}
    decisions = [v for v in record.known("ethics.date") if v.item not in refused]
    kind, starts = weightiest(record, START)
    if not decisions or not starts:
        return None
    first = min(decisions, key=lambda value: (last_day(value.value), -len(value.value)))
    least, greatest = days_between(span([first]), span(starts))
    because, start = [first, *starts], f"{dated(starts[0])}"
    if greatest <= 0:
        message = f"The ethics decision ({first.value}) came no later than {start}."
        return Finding("ethics-timing", Verdict.CONSISTENT, message, because)
    if least <= 0:
        message = f"The ethics decision ({first.value}) and {start} are too coarse to tell which came first."
        return Finding("ethics-timing", Verdict.NOT_ASSESSABLE, message, because)
    gap = counted(least, "day") if least == greatest else f"at least {counted(least, 'day')}"
    message = f"The ethics decision ({first.value}) came {gap} after {start}."
    if kind == "ACTUAL":
        return Finding("ethics-timing", Verdict.INCONSISTENT, message, because)
    message += " Whether participants were enrolled without approval depends on the actual start."
    return Finding("ethics-timing", Verdict.ATTENTION, message, because)


def late_update(record: Record) -> Finding | None:
    """Was the entry last changed after the trial's end, so that its text may have been written with hindsight?

    Source: CONSORT 2010 items 3b and 6b (2025: 10); registered methods count as planned only if they were there
    before the end. Registry records only; the end is that of recruitment, else completion, actual before planned.
    """
    if record.kind != "registry":
        return None
    updated, count = record.first("registration.last_update"), record.first("registration.update_count")
    registered = record.first("registration.date")
    if count is not None and count.value == 0:
        because = [count, *([updated] if updated else [])]
        return Finding(
            "late-update", Verdict.CONSISTENT, "The entry was never updated after its registration.", because
        )
    if updated is None:
        return None
    if registered is not None and registered.value == updated.value:
        message = f"The last update is of the day of registration ({updated.value})."
        return Finding("late-update", Verdict.CONSISTENT, message, [updated, registered])
    end = next((found for field in (RECRUITED, COMPLETED, PRIMARY) if (found := weightiest(record, field)[1])), None)
    return _late_finding(updated, end, count) if end else None


def _late_finding(updated: Value, end: list[Value], count: Value | None) -> Finding:
    least, greatest = days_between(span([updated]), span(end))
    because = [updated, *end, *([count] if count else [])]
    kind = KIND_WORDS[kind_of(end[0])] + " " if kind_of(end[0]) != "UNKNOWN" else ""
    named = f"the {kind}{title(end[0])} ({end[0].value})"
    if greatest <= 0:
        message = f"The last update ({updated.value}) came no later than {named}."
        return Finding("late-update", Verdict.CONSISTENT, message, because)
    if least <= 0:
        message = f"The last update ({updated.value}) and {named} are too coarse to tell which came first."
        return Finding("late-update", Verdict.NOT_ASSESSABLE, message, because)
    gap = counted(least, "day") if least == greatest else f"at least {counted(least, 'day')}"
    message = f"The entry was last updated on {updated.value}, {gap} after {named}."
    message += " Its text may have been written with hindsight."
    return Finding("late-update", Verdict.ATTENTION, message, because)
