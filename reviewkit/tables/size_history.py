"""What a registry entry said of its size, and when: first, last before the start, now.

The history of an entry is known where its versions are loaded (records with `source.version_date`), where the entry was
never updated, or where it was last updated before the trial began. One that logs its changes tells the first size
through the value before the earliest change. Nothing is inferred from a current entry with an unknown past.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from reviewkit import dates, kinds
from reviewkit.model import Record, Study, Value
from reviewkit.words import Actuality, Kind, State

TARGET = "enrolment.target"
# How registries name the sample size in their lists of changes.
SIZE_ENTRY = re.compile(
    r"(?i)sample[ _-]?size"
    r"|(?:target|planned|anticipated|estimated)\b.*\b(?:enrol?ment|number|size)"
    r"|number of (?:participants|subjects|patients)"
    r"|^enrol?lment(?: count)?$"
)


class History(NamedTuple):
    """The sizes an entry has registered, by when; a list is empty where that is not known."""

    first: list[Value]
    before_start: list[Value]
    current: list[Value]
    actual: list[Value]
    is_loaded: bool  # is there a registry record at all?


def registered_sizes(study: Study) -> History:
    """The sizes of all registry entries of a study; two entries of one study may each give their own."""
    entries = list(_entries(study).values())
    start = _start(study)
    return History(
        first=[value for versions in entries for value in _first(versions)],
        before_start=[value for versions in entries for value in _before_start(versions, start)],
        current=[value for versions in entries for value in _now(versions, TARGET)],
        actual=[value for versions in entries for value in _now(versions, "enrolment.actual")],
        is_loaded=bool(entries),
    )


def _entries(study: Study) -> dict[str, list[Record]]:
    """The registry records by registration number, each entry's versions from the oldest to the one of today."""
    entries: dict[str, list[Record]] = {}
    for record in study.of_kind(Kind.REGISTRY):
        number = record.first("ids.primary")
        entries.setdefault(str(number.value) if number else record.document, []).append(record)
    return {number: sorted(records, key=_age) for number, records in entries.items()}


def _age(record: Record) -> tuple[bool, str]:
    """Versions by their date; a record without one is the entry as it stands."""
    version = record.first("source.version_date")
    return version is None, _in_force_since(record) or ""


def _now(versions: Sequence[Record], field: str) -> list[Value]:
    """What the entry says now: every record that is no version says so, else the latest version."""
    current = [record for record in versions if record.first("source.version_date") is None] or versions[-1:]
    return [value for record in current for value in record.known(field)]


def _first(versions: Sequence[Record]) -> list[Value]:
    """What the entry said when it was registered."""
    if _is_first(versions[0]):
        return versions[0].known(TARGET)
    return next((found for record in reversed(versions) if (found := _before_changes(record))), [])


def _is_first(record: Record) -> bool:
    """Is this the entry as first registered: version 0, never updated, or no younger than the registration?"""
    number, updates = record.first("source.version"), record.first("registration.update_count")
    if number is not None and str(number.value) == "0":
        return True
    if updates is not None and record.first("source.version_date") is None:
        return updates.value == 0
    registered, since = record.first("registration.date"), _in_force_since(record)
    return registered is not None and since is not None and dates.days_apart(since, registered.value)[1] <= 0


def _before_changes(record: Record) -> list[Value]:
    """The size before the earliest change that the entry logs; none where a change has no number or no date."""
    changes: dict[int | None, dict[str, Value]] = {}
    for value in record.reported:
        if value.field.startswith("registration.changes.") and value.value is not None:
            changes.setdefault(value.item, {})[value.field.rsplit(".", 1)[1]] = value
    sizes = [c for c in changes.values() if "old" in c and "label" in c and SIZE_ENTRY.search(str(c["label"].value))]
    if not sizes or (len(sizes) > 1 and any("date" not in change for change in sizes)):
        return []
    old = min(sizes, key=_day_of_change)["old"] if len(sizes) > 1 else sizes[0]["old"]
    try:
        read = kinds.count(str(old.value))
    except ValueError:
        return []
    method = "rule:size-before-first-change"
    return [Value(TARGET, None, read.value, State.DERIVED, old.quote, old.place, method, read.detail)]


def _day_of_change(change: dict[str, Value]) -> date:
    return dates.first_day(change["date"].value)


def _start(study: Study) -> str | None:
    """The day the trial began, as the registry or else a paper says; a plan is no start."""
    registered = [
        v for v in study.known("date.first_enrolment", Kind.REGISTRY) if v.detail.get("kind") == Actuality.ACTUAL
    ]
    reported = [
        v
        for v in study.known("date.first_enrolment", Kind.PUBLICATION)
        if v.detail.get("kind") != Actuality.ANTICIPATED
    ]
    return min((value.value for value in registered or reported), key=dates.first_day, default=None)


def _before_start(versions: Sequence[Record], start: str | None) -> list[Value]:
    """What the entry last said before the start; none where a version between may be missing."""
    if start is None:
        return []
    since = {id(record): _in_force_since(record) for record in versions}
    early = [r for r in versions if (day := since[id(r)]) is not None and dates.days_apart(day, start)[1] <= 0]
    if not early:
        return []
    chosen = early[-1]
    later = versions[versions.index(chosen) + 1 :]
    if chosen is versions[-1] and chosen.first("source.version_date") is None:
        return chosen.known(TARGET)
    if later and _follows(chosen, later[0], versions) and dates.days_apart(since[id(later[0])] or start, start)[0] > 0:
        return chosen.known(TARGET)
    return []


def _in_force_since(record: Record) -> str | None:
    """The day from which the record's words stood in the registry."""
    for field in ("source.version_date", "registration.last_update"):
        if (known := record.first(field)) is not None:
            return known.value
    updates, registered = record.first("registration.update_count"), record.first("registration.date")
    return registered.value if registered and updates and updates.value == 0 else None


def _follows(one: Record, other: Record, versions: Sequence[Record]) -> bool:
    """Was there no version between these two: by their numbers, or by the registry's list of versions?"""
    numbers = [record.first("source.version") for record in (one, other)]
    if all(number is not None and str(number.value).isdecimal() for number in numbers):
        return int(str(numbers[1].value)) - int(str(numbers[0].value)) == 1  # type: ignore[union-attr]
    listed = sorted({value.value for record in versions for value in record.known("registration.versions.date")})
    days = [_in_force_since(record) for record in (one, other)]
    return any([*pair] == days for pair in pairwise(listed))
