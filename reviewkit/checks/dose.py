"""A total dose against the dose a day or an occasion, and how often it was given."""

from __future__ import annotations

import re
from typing import NamedTuple

from reviewkit.checks.wording import amount, counted, once
from reviewkit.dates import latin_digits
from reviewkit.kinds import number_in_words
from reviewkit.model import Finding, Record, Value
from reviewkit.words import Verdict

DAYS_IN = {"day": 1, "week": 7, "month": 30}  # a month of treatment, where it is not told in days
DURATION = re.compile(r"(?P<number>\d+|[a-z]+)[ -](?:consecutive )?(?P<unit>day|week|month)s?\b", re.IGNORECASE)
# How many doses a day, as people write it; the first that matches counts.
PER_DAY = (
    (re.compile(r"\b(?:four times|4 times|4x|q\.?i\.?d)\b", re.I), 4.0),
    (re.compile(r"\b(?:three times|thrice|3 times|3x|t\.?i\.?d)\b", re.I), 3.0),
    (re.compile(r"\b(?:twice|two times|2 times|2x|b\.?i\.?d)\b(?!.*\bweek)", re.I), 2.0),
    (re.compile(r"\b(?:every other|every second|alternate) day\b", re.I), 1 / 2),
    (re.compile(r"\b(?:weekly|once a week|every week)\b", re.I), 1 / 7),
    (re.compile(r"\b(?:daily|once|every day|each day|per day|a day|q\.?d|/day)\b", re.I), 1.0),
)
EVERY = re.compile(r"\bevery (\d+|[a-z]+) (hour|day|week)s?\b", re.I)
WRITTEN_NUMBER = re.compile(r"\d+(?:[.,](?P<decimals>\d+))?")


class Course(NamedTuple):
    """How often a dose was given: the number of times, and the values that say so."""

    times: int
    because: list[Value]
    words: str


def dose_total(record: Record) -> Finding | None:
    """Does the dose times the number of times make the total that is claimed? Needs all three.

    Source: CONSORT 2010 item 5 and TIDieR item 8 (2025: 13): dose and schedule told so that they can be repeated;
    INSPECT-SR 4.10. Tolerance is what rounding to the digits written allows; a whole dose is taken as exact.
    """
    totals = [v for v in record.known("interventions.dose") if v.detail.get("basis") == "total"]
    judged = [finding for total in totals if (finding := _judge(record, total))]
    return next((f for f in judged if f.verdict == Verdict.INCONSISTENT), judged[0] if judged else None)


def _judge(record: Record, total: Value) -> Finding | None:
    dose = _single_dose(record, total)
    courses = _courses(record, dose) if dose else []
    if dose is None or not courses:
        return None
    fitting = [course for course in courses if _fits(dose, course.times, total)]
    course = (fitting or courses)[0]
    basis = " a day" if dose.detail.get("basis") == "day" else ""
    product = f"{course.words} of {amount(dose.value)}{basis} make {amount(dose.value * course.times)}"
    because = once([dose, *course.because, total])
    if fitting:
        message = f"{product}, which agrees with the total of {amount(total.value)}."
        return Finding("dose-total", Verdict.CONSISTENT, message, because)
    message = f"{product}, but the text gives a total of {amount(total.value)}."
    return Finding("dose-total", Verdict.INCONSISTENT, message, because)


def _single_dose(record: Record, total: Value) -> Value | None:
    """The dose of the same intervention, or the only one of the record; None where several could be meant."""
    doses = [v for v in record.known("interventions.dose") if v.detail.get("basis") != "total"]
    own = [v for v in doses if v.item == total.item] or doses
    return own[0] if len({v.value for v in own}) == 1 and _same_unit(own[0], total) else None


def _same_unit(one: Value, other: Value) -> bool:
    units = {v.detail["unit"].casefold() for v in (one, other) if v.detail.get("unit")}
    return len(units) < 2


def _courses(record: Record, dose: Value) -> list[Course]:
    """Every reading of how often the dose was given: as counted, and as duration and frequency make it."""
    about = {
        part: _of_item(record, f"interventions.{part}", dose.item) for part in ("n_doses", "duration", "frequency")
    }
    number, duration, frequency = about["n_doses"], about["duration"], about["frequency"]
    days = _days(duration.value) if duration else None
    basis = dose.detail.get("basis")
    found = []
    if duration and days and basis in ("day", None):
        found.append(Course(days, [duration], counted(days, "day")))
    if number:
        found.append(Course(number.value, [number], counted(number.value, "dose")))
    if duration and days and basis != "day" and frequency and (rate := _per_day(frequency.value)):
        times = max(1, round(days * rate + 0.25)) if rate < 1 else round(days * rate)
        found.append(Course(times, [duration, frequency], counted(times, "dose")))
    if basis == "day" and duration and days:
        return found[:1]  # so many a day are in the daily dose already
    return found


def _of_item(record: Record, field: str, item: int | None) -> Value | None:
    values = record.known(field)
    return next((v for v in values if v.item == item), values[0] if len(values) == 1 else None)


def _days(text: str) -> int | None:
    match = DURATION.search(latin_digits(text))
    number = _number(match["number"]) if match else None
    return number * DAYS_IN[match["unit"].lower()] if match and number else None


def _per_day(text: str) -> float | None:
    plain = latin_digits(text)
    if match := EVERY.search(plain):
        number = _number(match[1])
        if number:
            return 24 / number if match[2].lower() == "hour" else 1 / (number * DAYS_IN[match[2].lower()])
    return next((rate for pattern, rate in PER_DAY if pattern.search(plain)), None)


def _number(word: str) -> int | None:
    if word.isdecimal():
        return int(word)
    try:
        return number_in_words(word)
    except ValueError:
        return None  # `several days`: no number to count with


def _fits(dose: Value, times: int, total: Value) -> bool:
    """Can `times` doses make the total, given how both are rounded?"""
    slack = times * _rounding(dose, whole_is_exact=True) + _rounding(total, whole_is_exact=False)
    return abs(times * dose.value - total.value) <= slack * (1 + 1e-9)


def _rounding(value: Value, *, whole_is_exact: bool) -> float:
    """Half a unit of the last digit written, in the unit of the value: 0.05 × 10⁸ for `2.0 × 10⁸`."""
    match = WRITTEN_NUMBER.search(latin_digits(value.quote or ""))
    if match is None or (whole_is_exact and match["decimals"] is None):
        return 0.0
    written = float(match[0].replace(",", "."))
    scale = value.value / written if written else 1.0
    return 0.5 * scale * 10.0 ** -len(match["decimals"] or "")
