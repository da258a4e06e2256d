"""A trial's entries in several registries beside each other: sizes, start and completion, design, phase and masking.

Source: WHO Trial Registration Data Set 1.3.1, item 3 (secondary identifying numbers); Fleminger and Goldacre, PLoS ONE
2018;13:e0193088, on entries of one trial that differ. Entries are made and updated apart: a difference asks for a look.
"""

from __future__ import annotations

from typing import Any

from reviewkit.checks.spans import days_between, span
from reviewkit.checks.wording import dated, in_words, kind_of, listed, once, title
from reviewkit.model import Finding, Record, Study, Value
from reviewkit.versions import current
from reviewkit.words import Verdict

NAME = "between-registries"
CODED = ("design.phase", "design.allocation", "design.model", "masking.label")
SIZES = ("enrolment.target", "enrolment.actual")
DATES = ("date.first_enrolment", "date.completion")

Entries = dict[str, list[Record]]  # registration number -> its records, of several member states in the EU register


def between_registries(study: Study) -> list[Finding]:
    """Do the entries say the same? One finding over every field that two of them speak of; a plan is no achievement.

    Source: WHO Trial Registration Data Set 1.3.1, item 3; Fleminger and Goldacre, PLoS ONE 2018;13:e0193088.
    ATTENTION where they differ, CONSISTENT where they agree; none for a trial with one number, or nothing in common.
    """
    entries: Entries = {}
    for record in current(study.of_kind("registry")):
        if number := record.first("ids.primary"):
            entries.setdefault(str(number.value), []).append(record)
    if len(entries) < 2:
        return []
    compared = [found for field in (*SIZES, *DATES, *CODED) for found in _sides(entries, field)]
    differing = [sides for sides in compared if _differ(sides)]
    if not compared:
        return []
    values = once([value for sides in differing or compared for said in sides.values() for value in said])
    if not differing:
        fields = listed(dict.fromkeys(title(next(iter(sides.values()))[0]) for sides in compared))
        return [Finding(NAME, Verdict.CONSISTENT, f"The entries {listed(entries)} agree on {fields}.", values)]
    parts = "; ".join(_side_by_side(sides) for sides in differing)
    return [Finding(NAME, Verdict.ATTENTION, f"The entries differ on {parts}.", values)]


Sides = dict[str, list[Value]]  # registration number -> what its records say of one field


def _sides(entries: Entries, field: str) -> list[Sides]:
    """What each entry says of a field, kind of date by kind; only where two entries speak of it."""
    by_kind: dict[str, Sides] = {}
    for number, records in entries.items():
        for value in (value for record in records for value in record.known(field)):
            by_kind.setdefault(_kind(value), {}).setdefault(number, []).append(value)
    return [sides for sides in by_kind.values() if len(sides) > 1]


def _kind(value: Value) -> str:
    """What may stand beside each other: dates of one kind, counts of one unit."""
    return kind_of(value) if value.field in DATES else str(value.detail.get("unit") or "")


def _differ(sides: Sides) -> bool:
    """Is there an entry that shares no value with another?"""
    told = list(sides.values())
    same = _may_be_one_day if told[0][0].field in DATES else _equal
    return any(
        not any(same(a, b) for a in one for b in other) for index, one in enumerate(told) for other in told[index + 1 :]
    )


def _may_be_one_day(one: Value, other: Value) -> bool:
    least, greatest = days_between(span([one]), span([other]))
    return least <= 0 <= greatest


def _equal(one: Value, other: Value) -> bool:
    return _plain(one.value) == _plain(other.value)


def _plain(value: Any) -> Any:
    return frozenset(value) if isinstance(value, list) else value


def _side_by_side(sides: Sides) -> str:
    first = next(iter(sides.values()))[0]
    name = dated(first).rpartition(" (")[0].removeprefix("the ") if first.field in DATES else title(first)
    told = (f"{listed(dict.fromkeys(map(_words, said)))} in {number}" for number, said in sides.items())
    return f"{name}: {', '.join(told)}"


def _words(value: Value) -> str:
    if isinstance(value.value, list):
        return listed(map(in_words, value.value)) if value.value else "none"
    return f"{value.value:,}" if isinstance(value.value, int) else _date_or_code(value)


def _date_or_code(value: Value) -> str:
    return str(value.value) if value.field in DATES else in_words(str(value.value))
