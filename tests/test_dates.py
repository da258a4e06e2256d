"""Dates: as coarse as written, in two calendars, never guessed, compared as intervals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.dates import EXPECTED, days_apart, first_day, last_day, latin_digits, read_date, twin_agrees


@pytest.mark.parametrize(
    "written, value, calendar",
    [
        ("2020", "2020", "GREGORIAN"),
        ("2020-07", "2020-07", "GREGORIAN"),
        ("2020-07-31", "2020-07-31", "GREGORIAN"),
        ("2020/7/31", "2020-07-31", "GREGORIAN"),
        ("2020/07", "2020-07", "GREGORIAN"),
        ("July 2020", "2020-07", "GREGORIAN"),
        ("Jul 2020", "2020-07", "GREGORIAN"),
        ("Sept. 2020", "2020-09", "GREGORIAN"),
        ("31 July 2020", "2020-07-31", "GREGORIAN"),
        ("31st of July 2020", "2020-07-31", "GREGORIAN"),
        ("July 31, 2020", "2020-07-31", "GREGORIAN"),
        ("JULY 31 2020", "2020-07-31", "GREGORIAN"),
        ("31-Jul-2020", "2020-07-31", "GREGORIAN"),
        ("2020 Jul 31", "2020-07-31", "GREGORIAN"),
        ("2022 May", "2022-05", "GREGORIAN"),
        ("31/07/2020", "2020-07-31", "GREGORIAN"),
        ("07/31/2020", "2020-07-31", "GREGORIAN"),
        ("31.07.2020", "2020-07-31", "GREGORIAN"),
        ("05/05/2020", "2020-05-05", "GREGORIAN"),
        ("2025-11-01T00:00:00.000Z", "2025-11-01", "GREGORIAN"),
        ("2020-07-31 14:05", "2020-07-31", "GREGORIAN"),
        ("  31  July\u00a02020 ", "2020-07-31", "GREGORIAN"),
        ("29 February 2020", "2020-02-29", "GREGORIAN"),
        ("1400/01/12", "2021-04-01", "JALALI"),
        ("1400-01-12", "2021-04-01", "JALALI"),
        ("۱۴۰۰/۰۱/۱۲", "2021-04-01", "JALALI"),
        ("1399/12/30", "2021-03-20", "JALALI"),
        ("٣١ July ٢٠٢٠", "2020-07-31", "GREGORIAN"),
        ("2021-04-01, 1400/01/12", "2021-04-01", "GREGORIAN"),
        ("۲۰۲۱-۰۴-۰۱, ۱۴۰۰/۰۱/۱۲", "2021-04-01", "GREGORIAN"),
    ],
)
def test_a_date_is_read_as_coarse_as_it_is_written(written, value, calendar):
    read = read_date(written)
    assert (read.value, str(read.calendar)) == (value, calendar)


@pytest.mark.parametrize(
    "written, message",
    [
        ("03/04/2020", "a date with one reading: write 2020-04-03, not 03/04/2020"),
        ("13/13/2020", "a date with one reading: write 2020-04-03, not 03/04/2020"),
        ("2641-06-14", "a year from 1900 to 2100"),
        ("0020-06-14", "a year from 1900 to 2100"),
        ("2021-02-29", "a day that 2021-02 has"),
        ("31 April 2020", "a day that 2020-04 has"),
        ("2020-00-10", "a month from 1 to 12"),
        ("2020-13", "a month from 1 to 12"),
        ("1400/13/01", "a day that exists in the Solar Hijri calendar"),
        ("1400/12/30", "a day that exists in the Solar Hijri calendar"),
        ("1400/01", "a Solar Hijri date with year, month and day"),
        ("1400", "a Solar Hijri date with year, month and day"),
        ("", EXPECTED),
        ("soon", EXPECTED),
        ("empty", EXPECTED),
        ("10 Foo 2020", EXPECTED),
        ("July 31", EXPECTED),
        ("20200731", EXPECTED),
        ("2020-7-31T", EXPECTED),
        ("2020-07-31 to 2020-08-31", EXPECTED),
        ("Q3 2020", EXPECTED),
    ],
)
def test_what_is_no_date_or_two_dates_is_refused_with_what_was_wanted(written, message):
    with pytest.raises(ValueError) as error:
        read_date(written)
    assert str(error.value) == message


@pytest.mark.parametrize(
    "pair, agrees",
    [
        ("2021-04-01, 1400/01/12", True),
        ("2020-12-05, 1399/09/15", True),
        ("2021-09-22, 1400/06/31", True),
        ("2021-04-02, 1400/01/12", False),
        ("2021-03-20, 1399/12/31", False),  # no such day
    ],
)
def test_the_two_halves_of_a_pair_are_kept_and_compared(pair, agrees):
    read = read_date(pair)
    assert read.value == pair[:10]
    assert read.twin == pair[12:].replace("/", "-")
    assert twin_agrees(read.value, read.twin) is agrees


@pytest.mark.parametrize(
    "written, first, last",
    [
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2021-02", date(2021, 2, 1), date(2021, 2, 28)),
        ("2020-02-10", date(2020, 2, 10), date(2020, 2, 10)),
    ],
)
def test_a_date_is_the_interval_of_the_days_it_can_mean(written, first, last):
    assert (first_day(written), last_day(written)) == (first, last)


def days_of(written: str) -> list[date]:
    days = [date(2018, 1, 1) + timedelta(days=n) for n in range(2200)]
    return [day for day in days if day.isoformat().startswith(written)]


coarse = st.dates(date(2018, 1, 1), date(2023, 12, 31)).flatmap(
    lambda day: st.sampled_from([day.isoformat()[:n] for n in (4, 7, 10)])
)


@given(coarse, coarse)
def test_days_apart_are_those_of_the_nearest_and_the_farthest_days(later, earlier):
    differences = {
        (one - other).days
        for one in (days_of(later)[0], days_of(later)[-1])
        for other in (days_of(earlier)[0], days_of(earlier)[-1])
    }
    assert days_apart(later, earlier) == (min(differences), max(differences))


@given(st.dates(date(1901, 1, 1), date(2099, 12, 31)))
def test_every_day_survives_the_way_through_the_solar_hijri_calendar(day):
    from persiantools.jdatetime import JalaliDate

    assert read_date(JalaliDate(day).strftime("%Y/%m/%d")).value == day.isoformat()


@given(st.text(max_size=40))
def test_any_other_text_is_a_value_error(text):
    try:
        read = read_date(text)
    except ValueError:
        return
    assert first_day(read.value) <= last_day(read.value)


@given(st.text())
def test_digits_of_any_script_become_latin_one_for_one(text):
    plain = latin_digits(text)
    assert len(plain) == len(text)
    assert all(
        one == other or (one.isdecimal() and int(one) == int(other)) for one, other in zip(text, plain, strict=True)
    )
