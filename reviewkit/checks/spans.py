"""Dates of a record as spans of days: which kind to trust, and how far apart two spans lie."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from reviewkit.checks.wording import kind_of
from reviewkit.dates import first_day, last_day
from reviewkit.model import Record, Value
from reviewkit.versions import certain

KINDS = ("ACTUAL", "ANTICIPATED", "UNKNOWN")  # what happened outweighs a plan, a plan what nobody says


class Span(NamedTuple):
    """All days that one or more dates can mean, both ends included."""

    first: date
    last: date


def span(values: Iterable[Value]) -> Span:
    """The days that these dates together can mean: a month is its days, two differing dates all between them."""
    dates = [certain(value) for value in values]
    return Span(min(map(first_day, dates)), max(map(last_day, dates)))


def days_between(later: Span, earlier: Span) -> tuple[int, int]:
    """Least and greatest number of days from `earlier` to `later`; negative where `later` comes first."""
    return (later.first - earlier.last).days, (later.last - earlier.first).days


def of_kind(record: Record, field: str, kind: str) -> list[Value]:
    """The dates of one field and kind that the record gives."""
    return [value for value in record.known(field) if kind_of(value) == kind]


def weightiest(record: Record, field: str) -> tuple[str, list[Value]]:
    """The weightiest kind of date the record gives for a field, and its dates; ("UNKNOWN", []) if it gives none."""
    for kind in KINDS:
        if values := of_kind(record, field, kind):
            return kind, values
    return "UNKNOWN", []
