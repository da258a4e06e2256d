"""A small factory of studies: values and statements by hand, so that a proposal is tested without any source."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from reviewkit.model import Place, Record, Statement, Study, Value
from reviewkit.words import State

LINES = count(1)


def make_value(field: str, value: Any, quote: str | None = None, **detail: Any) -> Value:
    """A reported value, every one on a line of its own."""
    words = str(value) if quote is None else quote
    return Value(field, None, value, State.REPORTED, words, make_place(), "hand:made", detail)


def make_place(document: str = "a.txt") -> Place:
    line = next(LINES)
    return Place(document, line=line, start=line * 1000, end=line * 1000 + 999)


def make_statement(concept: str, label: str, quote: str, rule: str = "some-cue") -> Statement:
    return Statement(concept, label, quote, make_place(), rule)


def make_record(*said: Value | Statement, kind: str = "registry", source: str = "hand") -> Record:
    values = [one for one in said if isinstance(one, Value)]
    statements = [one for one in said if isinstance(one, Statement)]
    return Record("a.txt", 1, "0" * 64, source, "by hand", kind, values, statements)


@pytest.fixture
def value() -> Callable[..., Value]:
    return make_value


@pytest.fixture
def statement() -> Callable[..., Statement]:
    return make_statement


@pytest.fixture
def record() -> Callable[..., Record]:
    return make_record


@pytest.fixture
def study() -> Callable[..., Study]:
    def make(*records: Record) -> Study:
        return Study("S1", list(records))

    return make
