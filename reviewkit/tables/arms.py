"""Two cells of T1: what the arms under study received, and what they were compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from reviewkit.model import Record, Study
from reviewkit.tables.cells import Places, shortened, silence
from reviewkit.tables.facts import Items, Said, beside, each, items, joined, members

COMPARATORS = frozenset({"ACTIVE_COMPARATOR", "PLACEBO_COMPARATOR", "SHAM_COMPARATOR", "NO_INTERVENTION"})
ROLE_WORDS = {
    "ACTIVE_COMPARATOR": "active",
    "PLACEBO_COMPARATOR": "placebo",
    "SHAM_COMPARATOR": "sham",
    "NO_INTERVENTION": "no intervention",
}
# How an entry without roles names the two sides in the text of the arm itself.
OWN_WORDS = re.compile(
    r"(?i)\s*(?:the\s+)?(?:(?P<under_study>intervention|experimental|treatment)"  # Intervention group: 2 ml of gel
    r"|(?P<comparator>control|comparison|placebo))\b"  # Control group: the carrier gel
)
NOTHING_GIVEN = re.compile(r"(?i)(?:placebo|sham|no (?:intervention|treatment))\b")
SCHEDULE = ("dose_text", "route", "frequency", "duration")
# The fields that a cell is made of, so that it is marked with no other place.
NAMED = frozenset(
    ["arms.label", "arms.description", "interventions.name", *(f"interventions.{part}" for part in SCHEDULE)]
)


class Arm(NamedTuple):
    """One arm: its number, those of the interventions it receives, is it a comparator (None where nothing says)?"""

    number: int | None
    items: tuple[int | None, ...]
    is_comparator: bool | None
    text: str


def interventions(study: Study, places: Places) -> str:
    """The arms under study with their interventions; an arm without a role is told here, and said to have none."""
    return _cell(study, places, is_comparator=False) or silence(study, "interventions.name", "arms.label")


def comparators(study: Study, places: Places) -> str:
    """The arms that are compared with; the kind of control where no such arm is described; none in a single group."""
    if told := _cell(study, places, is_comparator=True):
        return told
    control = beside(study, "design.control", places, word=lambda code: code.lower().replace("_", " "))
    if control:
        return f"{control} as the kind of control"
    if single := joined(each(study, _single_group), places):
        return single
    return silence(study, "design.control", "arms.role")


def _single_group(record: Record) -> Said:
    single = [value for value in record.known("design.model") if value.value == "SINGLE_GROUP"]
    return ("none: a single group" if single else ""), single


def _cell(study: Study, places: Places, *, is_comparator: bool) -> str:
    def say(record: Record) -> Said:
        described, received = members(record, "arms"), members(record, "interventions")
        chosen = [
            arm
            for arm in _arms(items(described, "arms"), items(received, "interventions"))
            if bool(arm.is_comparator) is is_comparator and arm.text
        ]
        numbers = {arm.number for arm in chosen}, {item for arm in chosen for item in arm.items}
        values = [v for v in described if v.item in numbers[0] and v.field in NAMED]
        values += [v for v in received if v.item in numbers[1] and v.field in NAMED]
        return "; ".join(dict.fromkeys(arm.text for arm in chosen)), values

    return joined(each(study, say), places)


def _arms(arms: Items, received: Items) -> Iterator[Arm]:
    """Every arm with what it receives, then the interventions that no arm receives."""
    linked = {number: _numbers(item.get("arms")) for number, item in received.items()}
    for number, arm in arms.items():
        yield _arm(number, arm, {i: item for i, item in received.items() if number in linked[i]})
    for number, item in received.items():
        if not linked[number] and (words := _intervention(item)):
            yield Arm(None, (number,), NOTHING_GIVEN.match(words) is not None, words)


def _numbers(arms: Any) -> list[int]:
    return arms if isinstance(arms, list) else [] if arms is None else [arms]


def _arm(number: int | None, arm: dict[str, Any], received: Items) -> Arm:
    role = arm.get("role")
    label = shortened(str(arm.get("label") or arm.get("description") or ""))
    own = OWN_WORDS.match(label)
    if role in COMPARATORS or role == "EXPERIMENTAL":
        is_comparator: bool | None = role in COMPARATORS
    else:
        is_comparator = own["comparator"] is not None if own else None
    note = ROLE_WORDS.get(role or "", "") or ("" if role or own else "role not stated")
    given = ", ".join(dict.fromkeys(words for item in received.values() if (words := _intervention(item))))
    words = f"{label}: {given}" if label and given else label or given
    return Arm(number, tuple(received), is_comparator, f"{words} ({note})" if words and note else words)


def _intervention(item: dict[str, Any]) -> str:
    """An intervention with its dose, route, frequency and duration, as far as they are given."""
    name = item.get("name") or item.get("description") or ""
    schedule = [str(item[part]) for part in SCHEDULE if item.get(part)]
    return shortened(", ".join(part for part in (str(name), *schedule) if part))
