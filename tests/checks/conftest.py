"""A small factory of studies: values by hand, so that a check is tested without any source."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from reviewkit.model import Finding, Place, Record, Study, Value
from reviewkit.words import State

LINES = count(1)


def make_value(field: str, value: Any, *, item: int | None = None, quote: str | None = None, **detail: Any) -> Value:
    """A reported value, or a blank label where `value` is None; every one on a line of its own."""
    state = State.EMPTY_IN_SOURCE if value is None else State.REPORTED
    words = quote if quote is not None else "empty" if value is None else str(value)
    return Value(
        field, item, value, state, words, Place("a.txt", line=next(LINES), start=0, end=1), "hand:made", detail
    )


def make_record(*values: Value, kind: str = "registry", document: str = "a.txt") -> Record:
    return Record(document, 1, "0" * 64, "hand", "by hand", kind, list(values))


@pytest.fixture
def value() -> Callable[..., Value]:
    return make_value


@pytest.fixture
def record() -> Callable[..., Record]:
    return make_record


@pytest.fixture
def study() -> Callable[..., Study]:
    def make(*records: Record) -> Study:
        return Study("S1", list(records))

    return make


@pytest.fixture
def told() -> Callable[[Finding | None], tuple[str, str] | None]:
    """Verdict and message of a finding, or None."""
    return lambda finding: finding and (str(finding.verdict), finding.message)


@pytest.fixture
def because() -> Callable[[Finding], list[str]]:
    """The fields a finding rests on, in its order."""

    def fields(finding: Finding) -> list[str]:
        return [value.field for value in finding.because]

    return fields
