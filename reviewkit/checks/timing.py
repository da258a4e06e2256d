"""Was the trial registered before its first participant, and does the entry say so of itself?

Sources: ICMJE Recommendations, section on clinical trial registration (at or before the time of first enrolment);
WHO Trial Registration Data Set 1.3.1, items 2 and 16; INSPECT-SR 2.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from reviewkit.checks.spans import KINDS, days_between, of_kind, span
from reviewkit.checks.wording import KIND_WORDS, counted, in_words, listed, once
from reviewkit.dates import last_day
from reviewkit.model import Finding, Record, Study, Value
from reviewkit.versions import certain, current
from reviewkit.words import State, Timing, Verdict

RULE = "strict"
BASIS = {"ACTUAL": "actual_start", "ANTICIPATED": "anticipated_start", "UNKNOWN": "unknown_start"}
START = {
    "ACTUAL": "the actual start",
    "ANTICIPATED": "the planned start",
    "UNKNOWN": "a start not said to be actual or planned",
}


class Timed(NamedTuple):
    """What the dates of one registration say: the verdict, the dates it rests on, the start's kind, and the days
    from start to registration (least, greatest); days are None where a date is missing."""

    verdict: Timing
    registered: list[Value]
    started: list[Value]
    kind: str
    days: tuple[int, int] | None


def registration_timing(study: Study) -> list[Finding]:
    """Registered at or before first enrolment? One finding a registration number, one if the study has none.

    Source: ICMJE Recommendations, clinical trial registration. A coarse date is all its days: PROSPECTIVE if the last
    possible day of registration is no later than the first possible start, RETROSPECTIVE if its first possible day
    is later than the last possible start, else INDETERMINATE. Only registry records give dates.
    """
    numbers: list[str | None] = [*study.numbers()]
    return [_timing_finding(study, number, several=len(numbers) > 1) for number in numbers or [None]]


def declared_timing(study: Study) -> list[Finding]:
    """Does the timing that a record declares agree with the dates? No finding where a date is missing.

    Source: WHO Trial Registration Data Set 1.3.1, items 2 and 16. `registered while recruiting` is retrospective by
    the ICMJE rule, and wrong too where registration came after the end of recruitment.
    """
    found = []
    for record in current(study.records):
        declared = record.first("registration.timing_declared")
        number = record.first("ids.primary")
        timed = judge_timing(_registry_records(study, number.value if number else None))
        if declared is not None and timed.days is not None:
            found.append(_declared_finding(study, declared, timed))
    return found


def judge_timing(records: list[Record]) -> Timed:
    """The timing by the dates of these registry records: the earliest registration, the latest record's start."""
    registered = _earliest([value for record in records for value in record.known("registration.date")])
    kind, started = _start(current(records))
    if not started:
        kind, started = _start(records)
    if not registered or not started:
        return Timed(Timing.NOT_ASSESSABLE, registered, started, kind, None)
    least, greatest = days_between(span(registered), span(started))
    verdict = Timing.PROSPECTIVE if greatest <= 0 else Timing.RETROSPECTIVE if least > 0 else Timing.INDETERMINATE
    return Timed(verdict, registered, started, kind, (least, greatest))


def _earliest(dates: list[Value]) -> list[Value]:
    """The date that ends first, the more precise of two that end together; none for none."""
    return sorted(dates, key=lambda value: (last_day(value.value), -len(value.value)))[:1]


def _start(records: list[Record]) -> tuple[str, list[Value]]:
    """The start of the latest record that has one, an actual one before a planned one before an untyped one."""
    newest_first = sorted(records, key=_as_of)[::-1]
    for kind in KINDS:
        for record in newest_first:
            if values := of_kind(record, "date.first_enrolment", kind):
                return kind, values
    return "UNKNOWN", []


def _as_of(record: Record) -> str:
    """The day whose state of the entry a record shows, as far as it says; "" if it does not."""
    for field in ("source.version_date", "registration.last_update", "source.export_date"):
        if value := record.first(field):
            return value.value
    return ""


def _registry_records(study: Study, number: str | None) -> list[Record]:
    """The registry records of one registration number; of a study without numbers, all of them."""
    records = study.of_kind("registry")
    if number is None:
        return records
    return [record for record in records if number in {value.value for value in record.known("ids.primary")}]


def _timing_finding(study: Study, number: str | None, *, several: bool) -> Finding:
    records = _registry_records(study, number)
    timed = judge_timing(records)
    registration = number if several else None
    if timed.days is None:
        because = _gaps(study, records, number)
        message = _what_is_missing(records, timed, number)
        return Finding("registration-timing", timed.verdict, message, because, rule=RULE, registration=registration)
    if timed.verdict != Timing.PROSPECTIVE and (former := _former_number(records)):
        message = (
            f"The trial was registered before as {former.value}; the date of this entry "
            f"({_dates(timed.registered)}) says nothing of when."
        )
        because = [*timed.registered, former, *timed.started]
        return Finding(
            "registration-timing", Timing.NOT_ASSESSABLE, message, because, rule=RULE, registration=registration
        )
    least, greatest = timed.days
    exact = least == greatest
    return Finding(
        "registration-timing",
        timed.verdict,
        _timing_message(timed),
        [*timed.registered, *timed.started],
        rule=RULE,
        basis=BASIS[timed.kind],
        days=least if exact else None,
        days_min=None if exact else least,
        days_max=None if exact else greatest,
        registration=registration,
    )


def _former_number(records: list[Record]) -> Value | None:
    """The number that an entry of CTIS had in the EU register, from which its trial was moved."""
    moved = [record for record in records if (issuer := record.first("ids.registry")) and issuer.value == "CTIS"]
    return next((alias for record in moved for alias in record.known("ids.aliases")), None)


def _timing_message(timed: Timed) -> str:
    assert timed.days is not None
    least, greatest = timed.days
    start = f"{START[timed.kind]} ({_dates(timed.started)})"
    sentence = f"Registered on {_dates(timed.registered)}, {_lag(least, greatest)} {start}."
    if timed.kind == "ANTICIPATED":
        sentence += " No actual start is given."
    if least == greatest and abs(least) == 1:
        sentence += " A lag of one day may come from time zones."
    return sentence


def _lag(least: int, greatest: int) -> str:
    """The days from start to registration as words that go before the start."""
    if least == greatest:
        return "on the same day as" if least == 0 else f"{counted(abs(least), 'day')} {_side(least)}"
    if (least < 0) == (greatest < 0) and 0 not in (least, greatest):
        nearer, farther = sorted((abs(least), abs(greatest)))
        return f"{nearer:,} to {counted(farther, 'day')} {_side(least)}"
    return f"between {_end(least)} and {_end(greatest)}"


def _end(days: int) -> str:
    return "the very day of" if days == 0 else f"{counted(abs(days), 'day')} {_side(days)}"


def _side(days: int) -> str:
    return "after" if days > 0 else "before"


def _dates(values: list[Value]) -> str:
    return listed(dict.fromkeys(map(certain, values)), "or")


def _what_is_missing(records: list[Record], timed: Timed, number: str | None) -> str:
    if not records and number:
        return f"No registry record of {number} is loaded, so the date of registration is not known."
    if not records:
        return "The study gives no registration number, and no registry record of it is loaded."
    gaps = []
    if not timed.registered:
        gaps.append("registration date" + _unreadable(records, "registration.date"))
    if not timed.started:
        gaps.append("start of recruitment" + _unreadable(records, "date.first_enrolment"))
    return f"The registry record{' of ' + number if number else ''} gives no {listed(gaps, 'and no')}."


def _unreadable(records: list[Record], field: str) -> str:
    unclear = [v for record in records for v in record.all(field) if v.state is State.UNCLEAR]
    return f" that can be read ({listed(repr(value.quote) for value in unclear)})" if unclear else ""


def _gaps(study: Study, records: list[Record], number: str | None) -> list[Value]:
    """What there is, blanks included, of the dates that are not complete; else where the number stands."""
    registered = [value for record in records for value in record.all("registration.date")]
    found = registered + [value for record in current(records) for value in record.all("date.first_enrolment")]
    return found or [value for value in study.known("ids.primary") if value.value == number][:1]


def _declared_finding(study: Study, declared: Value, timed: Timed) -> Finding:
    verdict, why, end = _weigh_declared(declared.value, timed, _recruitment_ends(study, timed.kind))
    message = f"The entry declares {in_words(declared.value)} registration; {why}."
    return Finding("declared-timing", verdict, message, once([declared, *timed.registered, *timed.started, *end]))


def _recruitment_ends(study: Study, kind: str) -> list[Value]:
    records = current(study.of_kind("registry"))
    return [value for record in records for value in of_kind(record, "date.recruitment_end", kind)]


def _weigh_declared(word: str, timed: Timed, ends: list[Value]) -> tuple[Verdict, str, Iterable[Value]]:
    """The verdict on one declared word, the reason in words, and the end of recruitment if it was needed."""
    assert timed.days is not None
    least, greatest = timed.days
    by_dates = f"by the dates it came {_lag(least, greatest)} {START[timed.kind]} ({_dates(timed.started)})"
    if word == "REGISTERED_WHILE_RECRUITING":
        if ends and days_between(span(timed.registered), span(ends))[0] > 0:
            late = days_between(span(timed.registered), span(ends))[0]
            why = f"by the dates it came {counted(late, 'day')} after the {KIND_WORDS[timed.kind]} end of recruitment"
            return Verdict.INCONSISTENT, f"{why} ({_dates(ends)})", ends
        # On the day of the first enrolment both words are true.
        wanted, against = greatest >= 0 and least >= 0, greatest < 0
    else:
        wanted, against = timed.verdict == word, timed.verdict not in (word, Timing.INDETERMINATE)
    if wanted:
        return Verdict.CONSISTENT, f"this agrees: {by_dates}", ()
    return (
        (Verdict.INCONSISTENT, by_dates, ())
        if against
        else (Verdict.NOT_ASSESSABLE, f"{by_dates}, too coarse to tell", ())
    )
