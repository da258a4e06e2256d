"""What a registry entry said of its size, and when: first, last before the start, now.

The history of an entry is known where its versions are loaded (records with `source.version_date`), where the entry was
never updated, or where it was last updated before the trial began. One that logs its changes tells the first size
through the value before the earliest change. Nothing is inferred from a current entry with an unknown past.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from reviewkit import dates, kinds, versions
from reviewkit.model import Record, Study, Value
from reviewkit.words import Actuality, Kind, State

TARGET = "enrolment.target"
# How registries name the sample size in their lists of changes.
SIZE_ENTRY = re.compile(
    r"(?i)sample[ _-]?size"
    r"|(?:target|planned|anticipated|estimated)\b.*\b(?:enrol?ment|number|size)"
    r"|number of (?:participants|subjects|patients)"
    r"|^enrol?lment(?: ?count| ?info)?$"
)
PART_WITH_SIZE = "Study Design"  # as ClinicalTrials.gov names it in its list of versions


class History(NamedTuple):
    """The sizes an entry has registered, by when; a list is empty where that is not known."""

    first: list[Value]
    before_start: list[Value]
    current: list[Value]
    actual: list[Value]
    is_loaded: bool  # is there a registry record at all?


def registered_sizes(study: Study) -> History:
    """The sizes of all registry entries of a study; two entries of one study may each give their own."""
    entries = versions.entries(study.records)
    start = _start(study)
    return History(
        first=[value for entry in entries for value in _first(entry)],
        before_start=[value for entry in entries for value in _before_start(entry, start)],
        current=[value for entry in entries for value in _now(entry, TARGET)],
        actual=[value for entry in entries for value in _now(entry, "enrolment.actual")],
        is_loaded=bool(entries),
    )


def _now(entry: Sequence[Record], field: str) -> list[Value]:
    """What the entry says now: every record of it that no later one has superseded says so."""
    return [value for record in versions.current(entry) for value in record.known(field)]


def _first(entry: Sequence[Record]) -> list[Value]:
    """What the entry said when it was registered."""
    registered = versions.first(entry)
    if registered is not None:
        return registered.known(TARGET)
    return next((found for record in reversed(entry) if (found := _before_changes(record))), [])


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
    entries = [record for record in versions.current(study.records) if record.kind == Kind.REGISTRY]
    registered = [
        start for record in entries for start in record.known("date.first_enrolment") if _is_start(record, start)
    ]
    reported = [
        v
        for v in study.known("date.first_enrolment", Kind.PUBLICATION)
        if v.detail.get("kind") != Actuality.ANTICIPATED
    ]
    return min(map(versions.certain, registered or reported), key=dates.first_day, default=None)


def _is_start(record: Record, start: Value) -> bool:
    """Did it happen: the entry says so, or says of an untyped start nothing else while the trial is under way."""
    kind = start.detail.get("kind") or Actuality.UNKNOWN
    is_version = record.first("source.version_date") is not None
    return kind == Actuality.ACTUAL or (kind == Actuality.UNKNOWN and is_version and versions.has_begun(record, start))


def _before_start(entry: Sequence[Record], start: str | None) -> list[Value]:
    """What the entry last said before the start; none where a version between may be missing."""
    stood = versions.at_start(entry, start)
    if stood is not None:
        return stood.known(TARGET)
    untouched = [record for record in entry if start is not None and _is_untouched(record, start)]
    return next((found for record in untouched if (found := _before_changes(record))), [])


def _is_untouched(record: Record, start: str) -> bool:
    """Does the entry's list of versions show that the part with the size was not changed up to the start?"""
    labels = {value.item: value.value for value in record.known("registration.versions.changed")}
    listed = record.known("registration.versions.date")
    early = [value for value in listed if dates.days_apart(value.value, start)[0] <= 0]
    return bool(early) and not any(PART_WITH_SIZE in labels.get(value.item, ()) for value in early)
