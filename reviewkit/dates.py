"""Dates as trial documents write them: read strictly, kept as coarse as they are, compared as intervals.

A date is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; a missing month or day is never filled in. Solar Hijri (Jalali)
dates are converted by persiantools. What could be read two ways (03/04/2020), and what cannot be
(31 February, the year 2641), is refused with a ValueError that says what was wanted.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from reviewkit.words import Calendar

EARLIEST, LATEST = 1900, 2100  # the first controlled trials are of the 1940s; a plan does not reach past 2100
JALALI_YEARS = range(1279, 1479)  # the Solar Hijri years of 1900-2100
EXPECTED = "a date such as 2020-07-31, 2020-07, 31 July 2020 or 1399/05/10"

MONTHS = {
    name[:length].lower(): number
    for number, name in enumerate(
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        1,
    )
    for length in (3, len(name))
} | {"sept": 9}


class PartialDate(NamedTuple):
    """One date as written: its Gregorian value, the calendar it was written in, and its Solar Hijri twin, if any."""

    value: str
    calendar: Calendar
    twin: str | None = None


ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
SLASHED = re.compile(r"(\d{4})/(\d{1,2})(?:/(\d{1,2}))?")
DAY_FIRST_OR_MONTH_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
DAY_NAME_YEAR = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[ .\-]+(?:of )?)?([A-Za-z]+)\.?,?[ \-]+(\d{4})")
NAME_DAY_YEAR = re.compile(r"([A-Za-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
YEAR_NAME_DAY = re.compile(r"(\d{4})[ \-]([A-Za-z]+)\.?(?:[ \-](\d{1,2}))?")
TIME_OF_DAY = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?Z|[+\-]\d{2}:?\d{2})?$")


@lru_cache(maxsize=4096)
def read_date(text: str) -> PartialDate:
    """Read one date, or IRCT's pair `2021-04-01, 1400/01/12` (Gregorian, Solar Hijri).

    Raises ValueError for anything else, for impossible dates and for those with two readings.

    >>> read_date("July 2020").value
    '2020-07'
    >>> read_date("1400/01/12")
    PartialDate(value='2021-04-01', calendar=<Calendar.JALALI: 'JALALI'>, twin='1400-01-12')
    """
    plain = " ".join(latin_digits(text).split())
    first, comma, second = plain.partition(",")
    if comma and SLASHED.fullmatch(second.strip()) and ISO.fullmatch(first.strip()):
        return _read_pair(first.strip(), second.strip())
    return _read_single(TIME_OF_DAY.sub("", plain))


def latin_digits(text: str) -> str:
    """`text` with Persian, Arabic-Indic, full-width and other decimal digits as 0-9; same length."""
    if text.isascii():
        return text
    return text.translate(DIGITS)


class _Digits(dict[int, "int | str"]):
    """A table for `str.translate` that learns: a decimal digit of any script as 0-9, another character as it is."""

    def __missing__(self, code: int) -> int | str:
        character = chr(code)
        self[code] = str(int(character)) if character.isdecimal() else code
        return self[code]


DIGITS = _Digits()


def _read_pair(gregorian: str, jalali: str) -> PartialDate:
    first = _read_single(gregorian)
    year, month, day = SLASHED.fullmatch(jalali).groups()  # type: ignore[union-attr]
    if first.calendar is not Calendar.GREGORIAN or int(year) not in JALALI_YEARS:
        raise ValueError("a Gregorian date, then the same day in the Solar Hijri calendar")
    # The twin is kept even if no such day exists: that the halves disagree is for a check to say.
    return PartialDate(first.value, Calendar.GREGORIAN, _joined(int(year), _number(month), _number(day)))


def _read_single(text: str) -> PartialDate:
    if match := ISO.fullmatch(text) or SLASHED.fullmatch(text):
        year, month, day = match.groups()
        return _dated(int(year), _number(month), _number(day))
    if match := NAME_DAY_YEAR.fullmatch(text):
        name, day, year = match.groups()
        return _dated(int(year), _month(name), int(day))
    if match := DAY_NAME_YEAR.fullmatch(text):
        day, name, year = match.groups()
        return _dated(int(year), _month(name), _number(day))
    if match := YEAR_NAME_DAY.fullmatch(text):
        year, name, day = match.groups()
        return _dated(int(year), _month(name), _number(day))
    if match := DAY_FIRST_OR_MONTH_FIRST.fullmatch(text):
        return _day_or_month_first(*map(int, match.groups()))
    raise ValueError(EXPECTED)


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _month(name: str) -> int:
    if name.lower() not in MONTHS:
        raise ValueError(EXPECTED)
    return MONTHS[name.lower()]


def _day_or_month_first(one: int, two: int, year: int) -> PartialDate:
    if one == two <= 12:
        return _dated(year, one, two)
    if one > 12 >= two:
        return _dated(year, two, one)
    if two > 12 >= one:
        return _dated(year, one, two)
    raise ValueError("a date with one reading: write 2020-04-03, not 03/04/2020")


def _dated(year: int, month: int | None, day: int | None) -> PartialDate:
    if year in JALALI_YEARS:
        return _from_jalali(year, month, day)
    if not EARLIEST <= year <= LATEST:
        raise ValueError(f"a year from {EARLIEST} to {LATEST}")
    if month is not None and not 1 <= month <= 12:
        raise ValueError("a month from 1 to 12")
    if day is not None and not 1 <= day <= monthrange(year, month or 1)[1]:
        raise ValueError(f"a day that {year}-{month:02} has")
    return PartialDate(_joined(year, month, day), Calendar.GREGORIAN)


def _from_jalali(year: int, month: int | None, day: int | None) -> PartialDate:
    from persiantools.jdatetime import JalaliDate

    if month is None or day is None:  # a Solar Hijri month spans two Gregorian ones: no partial value would be true
        raise ValueError("a Solar Hijri date with year, month and day")
    if not JalaliDate.check_date(year, month, day):
        raise ValueError("a day that exists in the Solar Hijri calendar")
    gregorian = JalaliDate(year, month, day).to_gregorian()
    return PartialDate(gregorian.isoformat(), Calendar.JALALI, _joined(year, month, day))


def _joined(year: int, month: int | None, day: int | None) -> str:
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if month and day else "")


def twin_agrees(value: str, twin: str) -> bool:
    """Does the Solar Hijri `twin` (YYYY-MM-DD) name the same day as the Gregorian `value`?"""
    try:
        year, month, day = map(int, twin.split("-"))
        return _from_jalali(year, month, day).value == value
    except ValueError:
        return False  # no such day in the Solar Hijri calendar


def first_day(value: str) -> date:
    """The earliest day that `YYYY`, `YYYY-MM` or `YYYY-MM-DD` can mean."""
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    return date(year, month, day)


def last_day(value: str) -> date:
    """The latest day that `YYYY`, `YYYY-MM` or `YYYY-MM-DD` can mean."""
    parts = [int(part) for part in value.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return date(year, month, parts[2] if len(parts) > 2 else monthrange(year, month)[1])


def days_apart(later: str, earlier: str) -> tuple[int, int]:
    """Least and greatest number of days from `earlier` to `later`, given how coarse both are.

    >>> days_apart("2020-07-10", "2020-07")
    (-21, 9)
    """
    return (first_day(later) - last_day(earlier)).days, (last_day(later) - first_day(earlier)).days
