"""Versions of registry entries: which records are one entry's, in which order, and which of them stood when.

An entry is what one registry's own exports say of one registration number: copies that other registries keep of it
are entries of their own. A record is a version where it says its date (`source.version_date`); a record that does not
is the entry as it stood on the day of its last update. A version that a later one has superseded is history: it
contradicts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from reviewkit.dates import days_apart, first_day, last_day
from reviewkit.model import Record, Study, Value
from reviewkit.words import Actuality, Kind

NOT_BEGUN = {"NOT_YET_RECRUITING", "WITHDRAWN", "UNKNOWN"}  # statuses that do not show that anybody was enrolled
BY_WEIGHT = (Actuality.ACTUAL, Actuality.ANTICIPATED, Actuality.UNKNOWN)


def entries(records: Iterable[Record]) -> list[list[Record]]:
    """The registry records by entry, each entry from its oldest version to the one of today.

    A version without a number (a first version may not have one yet) belongs to the one entry of its registry that the
    records hold, if they hold one.
    """
    grouped: dict[tuple[str, str, str], list[Record]] = {}
    unnumbered: list[Record] = []
    for record in records:
        if record.kind == Kind.REGISTRY:
            number = record.first("ids.primary")
            if number is None:
                unnumbered.append(record)
            else:
                grouped.setdefault((_family(record), str(number.value), _state(record)), []).append(record)
    for record in unnumbered:
        own = [key for key in grouped if key[0] == _family(record) and key[1]]
        key = own[0] if len(own) == 1 else (_family(record), "", "")
        grouped.setdefault(key, []).append(record)
    return [sorted(members, key=_order) for members in grouped.values()]


def _family(record: Record) -> str:
    """The registry's own exports are one family: `ctgov`, `ctgov-xml`, `ctgov-history`."""
    return record.source.split("-")[0]


def _state(record: Record) -> str:
    """The EU register has an entry of a trial for each member state, which the address tells."""
    registry, address = record.first("ids.registry"), record.first("source.url")
    return str(address.value) if registry and address and registry.value == "EUCTR" else ""


def _order(record: Record) -> tuple[date, int]:
    """Versions by their day, then by their number; a record that cannot be dated stands first."""
    day, number = day_of(record), number_of(record)
    return first_day(day) if day else date.min, -1 if number is None else number


def day_of(record: Record) -> str | None:
    """The day from which the record's words stood in the registry; None if it does not say."""
    for field in ("source.version_date", "registration.last_update"):
        if (known := record.first(field)) is not None:
            return known.value
    updates, registered = record.first("registration.update_count"), record.first("registration.date")
    return registered.value if registered and updates and updates.value == 0 else None


def number_of(record: Record) -> int | None:
    """The number of the version, where the registry numbers them."""
    number = record.first("source.version")
    return int(number.value) if number is not None and str(number.value).isdecimal() else None


def current(records: Sequence[Record]) -> list[Record]:
    """The records without the superseded versions of registry entries, in their order."""
    if sum(record.kind == Kind.REGISTRY for record in records) < 2:  # as of most studies, which is worth no search
        return list(records)
    old = {id(record) for versions in entries(records) for record in superseded(versions)}
    return [record for record in records if id(record) not in old]


def superseded(versions: Sequence[Record]) -> list[Record]:
    """The versions of one entry that a later one has certainly replaced.

    Where its history is loaded a version without a day is history too. Copies of which not all tell their day are told
    apart by the days of their export; one without any is not known to be older.
    """
    if len(versions) < 2:
        return []
    days = [day_of(record) for record in versions]
    is_history = any(record.first("source.version_date") for record in versions)
    if not is_history and None in days:
        days = [str(known.value) if (known := record.first("source.export_date")) else None for record in versions]
    newest = max((first_day(day) for day in days if day), default=date.min)
    lasting = [record for record, day in zip(versions, days, strict=True) if day and last_day(day) >= newest]
    highest = max((number for record in lasting if (number := number_of(record)) is not None), default=-1)
    kept = [record for record in lasting if (number := number_of(record)) is None or number >= highest]
    if is_history:
        kept = _told_best(kept)
    else:
        kept += [record for record, day in zip(versions, days, strict=True) if day is None]
    ids = {id(record) for record in kept}
    return [record for record in versions if id(record) not in ids]


def _told_best(records: Sequence[Record]) -> list[Record]:
    """Of several records of one day, which tell one state of the entry, the one that tells most of it."""
    best: dict[str | None, Record] = {}
    for record in sorted(records, key=lambda record: len(record.reported)):
        best[day_of(record)] = record
    return list(best.values())


def of_today(study: Study) -> Study:
    """The study without superseded versions."""
    return Study(study.study, current(study.records), study.links)


def latest(versions: Sequence[Record]) -> Record:
    """The version of today, of the versions of one entry in their order."""
    return versions[-1]


def first(versions: Sequence[Record]) -> Record | None:
    """The version that was registered; None if it is not certain that it is loaded."""
    return next((record for record in versions if is_first(record)), None)


def is_first(record: Record) -> bool:
    """Is this the entry as first registered: the first number, never updated, or no younger than the registration?

    Versions are numbered from 0, unless a table shows that it counts from 1 (`detail.first`).
    """
    number, updates = record.first("source.version"), record.first("registration.update_count")
    if number is not None and (number_of(record) == 0 or number.detail.get("first")):
        return True
    if updates is not None and record.first("source.version_date") is None:
        return updates.value == 0
    registered, since = record.first("registration.date"), day_of(record)
    return registered is not None and since is not None and days_apart(since, registered.value)[1] <= 0


def at_start(versions: Sequence[Record], start: str | None) -> Record | None:
    """The last version dated on or before the start; None where a version between may be missing."""
    if start is None:
        return None
    early = [record for record in versions if (day := day_of(record)) and days_apart(day, start)[1] <= 0]
    if not early:
        return None
    chosen = early[-1]
    later = versions[versions.index(chosen) + 1 :]
    if not later:
        return chosen if chosen.first("source.version_date") is None or is_last(chosen) else None
    after = day_of(later[0])
    follows = after is not None and _follows(chosen, later[0], versions) and days_apart(after, start)[0] > 0
    return chosen if follows else None


def is_last(record: Record) -> bool:
    """Does a version show that it is the last one: it stands last in its own list of versions?"""
    listed, day = record.known("registration.versions.date"), day_of(record)
    return bool(listed) and max(value.value for value in listed) == day


def _follows(one: Record, other: Record, versions: Sequence[Record]) -> bool:
    """Was there no version between these two: by their numbers, or by the registry's list of versions?"""
    first_number, second_number = number_of(one), number_of(other)
    if first_number is not None and second_number is not None:
        return second_number - first_number == 1
    listed = sorted({value.value for record in versions for value in record.known("registration.versions.date")})
    return any([*pair] == [day_of(one), day_of(other)] for pair in pairwise(listed))


def starts_of(versions: Sequence[Record]) -> list[Value]:
    """The start, as the latest version tells it that tells any: an actual one, else a planned one, else an untyped."""
    for record in reversed(versions):
        known = record.known("date.first_enrolment")
        for kind in BY_WEIGHT:
            if found := [value for value in known if (value.detail.get("kind") or Actuality.UNKNOWN) == kind]:
                return found
    return []


def has_begun(record: Record, start: Value) -> bool:
    """Is an untyped start of a version one that has happened: it was past, and the status shows a trial under way?"""
    status, day = record.first("status.recruitment"), day_of(record)
    past = day is not None and days_apart(certain(start), day)[1] <= 0
    return past and status is not None and status.value not in NOT_BEGUN


def certain(value: Value) -> str:
    """A date as far as it is certain: the month, where its source writes a month as its first day."""
    text = str(value.value)
    return text[:7] if value.detail.get("day") == "UNCERTAIN" else text
