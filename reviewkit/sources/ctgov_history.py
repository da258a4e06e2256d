"""The history of registry entries: ClinicalTrials.gov's JSON of it, and tables that hold one version a row.

`/api/int/studies/NCT…?history=true` gives the study as it stands and the list of its versions; `…/history/3` one
version as a study, which is a record with its own `source.version_date`. What a study says is read with the tables of
ctgov.py. The registry does not document this form. Tables are read by history_table.py.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.model import NO_DETAIL, Record, Value
from reviewkit.sources import ctgov, history_table
from reviewkit.sources.json_entry import Entry, Table, coded, dated, items_of, list_of_words, scalar, walk

NAME = "ctgov-history"
KIND = "registry"
METHOD = "ctgov-history:path"
SAID = """
source.version source.version_date
registration.versions.n registration.versions.date registration.versions.status registration.versions.changed
registration.changes.label registration.changes.version registration.changes.date registration.changes.old
registration.changes.new
"""
FIELDS = sayable([*ctgov.SAID.split(), *SAID.split(), *history_table.SAID.split()])
MARKS = (b'"protocolSection"', b'"study"')
HISTORY_MARKS = (b'"history_version"', b'"studyVersion"', b'"versionNumber"')
NUMBERS = ("/version", "/studyVersion", "/versionNumber", "/history_version/version_number")
DAYS = ("/date", "/versionDate", "/history_version/version_date")
ORIGINAL = "/history/originalData/enrollmentInfo"
ENROLMENT = "/protocolSection/designModule/enrollmentInfo"
LAST_CHANGED = "/history/lastUpdateVersions"
ORIGINAL_DATA = "rule:ctgov-original-data"
DEEPEST = 20  # a study is nine deep
TAG = re.compile(
    r"<(?P<close>/?)(?P<name>p|ul|ol|li|br|div|h[1-6]|strong|em|b|i|u|a|span|sup|sub)\b[^<>]*>", re.IGNORECASE
)
MARKUP = re.compile(rf"{TAG.pattern}|&(?:#\d+|#x[0-9a-f]+|[a-z]+);", re.IGNORECASE)
BLOCKS = dict.fromkeys(["p", "ul", "ol", "br", "div", *(f"h{number}" for number in range(1, 7))], "\n")
BULLET = re.compile(r"^\*\s+", re.MULTILINE)
OPENED = {**BLOCKS, "li": "\n* ", "sup": "^"}


def _read_version(found: Any) -> tuple[int, dict[str, Any]]:
    """The number of a version, from 0."""
    if type(found) is int and found >= 0:
        return found, {"unit": None}
    if type(found) is str:
        return kinds.whole_number(found), {"unit": None}
    raise ValueError("the number of a version, from 0")


VERSION: Table = {
    "version": scalar("registration.versions.n", _read_version),
    "date": dated("registration.versions.date"),
    "status": coded("registration.versions.status", ctgov.STATUS),
    "moduleLabels": list_of_words("registration.versions.changed"),
}
VERSIONS = items_of("registration.versions.n", VERSION)


class Part(NamedTuple):
    """One study of a document: the object that holds it, the pointer of that object, and that of the study in it."""

    whole: dict[str, Any]
    at: str
    study: str


def recognise(document: Document) -> str | None:
    """By its keys, or the headings of a table; broken JSON is left to ctgov.py, which says where it breaks."""
    if heading := history_table.recognise(document):
        return heading
    found = _parts(document)
    if not found:
        return None
    return "key history beside study" if _changes(found[0].whole) is not None else "a study within one of its versions"


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The study as it stands with its list of versions, one version as a record, or the rows of a table."""
    if history_table.recognise(document):
        yield from history_table.read(document, recognised_by, NAME, FIELDS)
        return
    for number, part in enumerate(_parts(document) or [], 1):
        yield _record(document, recognised_by, number, part)


@lru_cache(maxsize=1)
def _parts(document: Document) -> list[Part] | None:
    """The studies in JSON of this form; None if it has another."""
    if not ctgov.opening_of(document) or not _is_marked(document.raw):
        return None
    try:
        found = msgspec.json.decode(ctgov.data_of(document))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
        return None
    if type(found) is list:
        parts = [_part(member, f"/{index}") for index, member in enumerate(found)]
        return [part for part in parts if part] if parts and all(parts) else None
    part = _part(found, "")
    return [part] if part else None


def _is_marked(raw: bytes) -> bool:
    plain = raw.replace(b"\0", b"") if raw.startswith(ctgov.UTF_16) else raw
    return MARKS[0] in plain and (MARKS[1] in plain or any(mark in plain for mark in HISTORY_MARKS))


def _part(whole: Any, at: str) -> Part | None:
    """Where the study is: below the key `study`, or beside the number of its version."""
    if type(whole) is not dict:
        return None
    inner = whole.get("study")
    if type(inner) is dict and type(inner.get("protocolSection")) is dict:
        return Part(whole, at, f"{at}/study")
    own = type(whole.get("protocolSection")) is dict
    if own and any(_at(whole, pointer) is not None for pointer in (*NUMBERS[1:], *DAYS[1:])):
        return Part(whole, at, at)
    return None


def _at(found: Any, pointer: str) -> Any:
    """What stands at a pointer through objects; None if nothing does."""
    for step in pointer.split("/")[1:]:
        found = found.get(step) if type(found) is dict else None
    return found


def _changes(whole: dict[str, Any]) -> list | None:
    changes = _at(whole, "/history/changes")
    return changes if type(changes) is list else None


def _record(document: Document, recognised_by: str, number: int, part: Part) -> Record:
    study = part.whole["study"] if part.study != part.at else part.whole
    written: dict[str, tuple[str, str]] = {}
    told = {key: _as_text(study[key], f"{part.study}/{key}", written) for key in ctgov.STUDY if key in study}
    entry = Entry(document, told["protocolSection"], ctgov.METHOD)
    walk(entry, ctgov.STUDY_STEPS, told, part.study, None)
    entry.close_groups()
    entry.values = [_as_written(value, written) for value in entry.values]
    entry.method = METHOD
    history = part.whole.get("history")
    if history is not None:
        _take_history(entry, history, part, study)
    else:
        _take_version(entry, part, study)
    return Record(
        document=document.name,
        record=number,
        sha256=document.sha256,
        source=NAME,
        recognised_by=recognised_by,
        kind=KIND,
        reported=entry.values,
        fields=FIELDS,
    )


def _as_text(found: Any, at: str, written: dict[str, tuple[str, str]], depth: int = 0) -> Any:
    """What stands at a pointer, its strings without the markup of a web page; `written` keeps those that had any."""
    if type(found) is str and MARKUP.search(found):
        text = text_of(found)
        written[at] = (text, found)
        return text
    if type(found) is dict and depth < DEEPEST:
        return {key: _as_text(inner, f"{at}/{key}", written, depth + 1) for key, inner in found.items()}
    if type(found) is list and depth < DEEPEST:
        return [_as_text(inner, f"{at}/{index}", written, depth + 1) for index, inner in enumerate(found)]
    return found


def _as_written(value: Value, written: dict[str, tuple[str, str]]) -> Value:
    """A value with the string that stands at its place as its quote, if it is all of it."""
    text, raw = written.get(value.place.pointer or "", ("", ""))
    return msgspec.structs.replace(value, quote=raw) if raw and value.quote == text else value


def text_of(markup: str) -> str:
    """The words that a page would show: a paragraph or an item of a list a line, superscripts after `^`.

    >>> text_of("<p>Inclusion Criteria:</p><ul><li>eGFR &lt;60 mL&#x2F;min, 10<sup>8</sup> cells</li></ul>")
    'Inclusion Criteria:\\n* eGFR <60 mL/min, 10^8 cells'
    """
    broken = TAG.sub(lambda tag: (BLOCKS if tag["close"] else OPENED).get(tag["name"].lower(), ""), markup)
    lines = (" ".join(line.split()) for line in html.unescape(BULLET.sub("* ", broken)).splitlines())
    return "\n".join(line for line in lines if line)


def _take_version(entry: Entry, part: Part, study: dict[str, Any]) -> None:
    """Which version this is, as the file says it; else its day is the day on which this state was submitted."""
    number = _first_said(part.whole, NUMBERS)
    if number:
        entry.take("source.version", _read_name, _at(part.whole, number), number[1:], part.at + number)
    if day := _first_said(part.whole, DAYS):
        entry.take("source.version_date", READ_DAY, _at(part.whole, day), day[1:], part.at + day)
        return
    submitted = next((v for v in entry.values if v.field == "registration.last_update" and v.value is not None), None)
    if submitted is not None:
        entry.derive("source.version_date", None, submitted.value, "rule:version-of-last-update", submitted.quote or "",
                     submitted.place.pointer or "")  # fmt: skip
        entry.values[-1] = msgspec.structs.replace(entry.values[-1], detail=submitted.detail)


def _read_name(found: Any) -> tuple[str, dict[str, Any]]:
    """The number of a version as its name."""
    return str(_read_version(found)[0]), NO_DETAIL


def _first_said(whole: dict[str, Any], pointers: tuple[str, ...]) -> str | None:
    return next((pointer for pointer in pointers if _at(whole, pointer) is not None), None)


READ_DAY = ctgov.READ_DATE["ACTUAL"]


def _take_history(entry: Entry, history: Any, part: Part, study: dict[str, Any]) -> None:
    """The list of versions; which of them is the study as it stands; and the size it had at first."""
    at = part.at + "/history"
    if type(history) is not dict:
        entry.gap("registration.versions.n", history, "history", at, None, expected="an object with changes")
        return
    changes = history.get("changes")
    if type(changes) is not list or not changes:
        entry.gap("registration.versions.n", changes, "changes", f"{at}/changes", None, expected="a list of versions")
    else:
        VERSIONS.take(entry, changes, "changes", f"{at}/changes", None)
        _take_latest(entry, changes, f"{at}/changes")
        _take_original(entry, changes, part, study)


def _take_latest(entry: Entry, changes: list, at: str) -> None:
    """The study as it stands is the last version, if the day of that is the day of its last update."""
    last = changes[-1] if changes and type(changes[-1]) is dict else {}
    updated = _at(entry.content, "/statusModule/lastUpdateSubmitDate")
    if updated is not None and last.get("date") == updated:
        where = f"{at}/{len(changes) - 1}"
        entry.take("source.version", _read_name, last.get("version"), "version", f"{where}/version")
        entry.take("source.version_date", READ_DAY, updated, "date", f"{where}/date")


def _take_original(entry: Entry, changes: list, part: Part, study: dict[str, Any]) -> None:
    """What the registry says of the first version: its planned size, and outcomes that are no longer those of today."""
    item = int(_take_first_size(entry, part, study))
    if item:
        _tell_when(entry, changes, part, "enrollmentInfo", item)
    for name in ("primaryOutcomes", "secondaryOutcomes"):
        same = f"/history/originalData/{name}Same"
        if _at(part.whole, same) is False:
            item += 1
            entry.derive("registration.changes.label", item, name, ORIGINAL_DATA, "false", part.at + same)
            _tell_when(entry, changes, part, name, item)


def _take_first_size(entry: Entry, part: Part, study: dict[str, Any]) -> bool:
    """The planned size of the first version, where it is not the one of today."""
    first, now = _at(part.whole, ORIGINAL), _at(study, ENROLMENT)
    if type(first) is not dict or first.get("type") != "ESTIMATED" or type(first.get("count")) is not int:
        return False
    now = now if type(now) is dict else {}
    if now.get("count") == first["count"] and now.get("type") == first["type"]:
        return False
    size, old, new = str(first["count"]), f"{part.at}{ORIGINAL}/count", f"{part.study}{ENROLMENT}/count"
    entry.derive("registration.changes.label", 1, "enrollmentInfo", ORIGINAL_DATA, size, old)
    entry.add("registration.changes.old", 1, size, size, old)
    if now.get("type") == first["type"] and type(now.get("count")) is int:  # planned and enrolled are two facts
        entry.add("registration.changes.new", 1, str(now["count"]), str(now["count"]), new)
    return True


def _tell_when(entry: Entry, changes: list, part: Part, name: str, item: int) -> None:
    """The version that last changed a part, by the registry's own count."""
    number, where = _at(part.whole, f"{LAST_CHANGED}/{name}"), f"{part.at}{LAST_CHANGED}/{name}"
    for index, change in enumerate(changes):
        if type(change) is dict and type(number) is int and change.get("version") == number:
            entry.derive("registration.changes.version", item, index + 1, "rule:ctgov-last-change", str(number), where)
            if type(day := change.get("date")) is str:
                at = f"{part.at}/history/changes/{index}/date"
                entry.take("registration.changes.date", READ_DAY, day, "date", at, item)
            return
