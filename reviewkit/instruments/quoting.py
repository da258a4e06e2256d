"""Statements as values, so that every proposal rests on quotes with places, and each quote is shown once."""

from __future__ import annotations

from collections.abc import Iterable

from reviewkit.model import Place, Record, Statement, Value
from reviewkit.words import State

# Free text about how a trial was done; a statement read inside one of these is told under its name.
TEXTS = ("random.", "masking.description", "design.other", "summary.design", "summary.setting")


def statement_value(record: Record, statement: Statement, field: str) -> Value:
    """A statement as a value: its quote and place, under the free-text field it was read in, else under `field`."""
    around = [v for v in record.reported if v.field.startswith(TEXTS) and _inside(statement.place, v.place)]
    named = min(around, key=_length).field if around else field
    return Value(named, None, statement.quote, State.REPORTED, statement.quote, statement.place, statement.rule)


def _inside(inner: Place, outer: Place) -> bool:
    if inner.document != outer.document:
        return False
    if inner.start is not None and inner.end is not None and outer.start is not None and outer.end is not None:
        return outer.start <= inner.start and inner.end <= outer.end
    return inner.pointer is not None and inner.pointer == outer.pointer


def _length(value: Value) -> int:
    return len(value.quote or "")


def once(values: Iterable[Value]) -> list[Value]:
    """Each quote once, in order: two values that rest on the same words at the same place are shown as the first."""
    kept: dict[tuple[Place, str | None], Value] = {}
    for value in values:
        kept.setdefault((value.place, value.quote), value)
    return list(kept.values())
