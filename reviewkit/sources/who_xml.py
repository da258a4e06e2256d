"""The exchange XML that WHO's primary registries publish: `trials/trial`, with `main` and its companions.

IRCT, ChiCTR, CRIS, REPEC, ReBEC, TCTR, EU-CTR and the Japanese registries write it, each its own way: names in
capitals, `triall` for `trial`, control characters, days before months. One file may hold many trials.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.kinds import Reading, coded, flag
from reviewkit.model import NO_DETAIL, Place, Record, Value
from reviewkit.sources import who_words as who
from reviewkit.sources.who_entry import (
    EMPTY,
    ETHICS_STATUS,
    IPD_PLAN,
    Column,
    Entry,
    age,
    as_,
    criteria,
    dated,
    design_string,
    interventions,
    number,
    outcomes,
    registered,
    secondary_number,
    size,
    text,
)
from reviewkit.sources.who_entry import FIELDS as FIELDS
from reviewkit.sources.who_entry import KIND as KIND
from reviewkit.sources.who_stream import named, step_of, trials
from reviewkit.sources.xml_entry import root_name

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAME = "who-xml"
STREAMS = True
ROOTS = {"trials", "triall", "trial"}
MARKS = (b"<trial_id", b"<utrn", b"<reg_name", b":trial_id")
STARTS = {kind: dated("date.first_enrolment", kind) for kind in ("ACTUAL", "ANTICIPATED", "UNKNOWN")}


def _utrn(entry: Entry, words: str, place: Place) -> None:
    plain = who.plain(words)
    if not who.is_missing(plain):
        secondary_number(entry, plain, place)


ACTUAL_SIZE = as_("enrolment.actual", kinds.count, blank="0")
STATUS = coded({**who.STATUS, "finished": "RECRUITMENT_COMPLETE", "ongoing": "RECRUITING"})
MAIN: dict[str, Column] = {
    "trial_id": Column("ids.primary", number),
    "utrn": Column("ids.secondary.id", _utrn),
    "date_registration": Column("registration.date", registered),
    "primary_sponsor": text("sponsor.primary"),
    "public_title": text("title.public"),
    "acronym": text("acronym"),
    "scientific_title": text("title.scientific"),
    "scientific_acronym": text("acronym"),
    "date_enrolment": STARTS["UNKNOWN"],
    "date_enrollment": STARTS["UNKNOWN"],
    "target_size": Column("enrolment.target", size),
    "results_actual_enrolment": ACTUAL_SIZE,
    "results_actual_enrollment": ACTUAL_SIZE,
    "recruitment_status": as_("status.recruitment", STATUS),
    "url": text("source.url"),
    "study_type": as_("study_type", who.study_type),
    "study_design": Column("design.other", design_string),
    "phase": as_("design.phase", who.phase, blank=who.PHASE_LEFT_OPEN, filled="n/a"),
    "hc_freetext": text("conditions", item=1),
    "i_freetext": interventions,
    "results_date_completed": dated("date.completion"),
    "results_url_link": text("results.url"),
    "results_summary": text("results.summary"),
    "results_date_posted": dated("results.date", "ACTUAL"),
    "results_date_first_publication": dated("results.first_published", "ACTUAL"),
    "results_url_protocol": text("results.protocol_url"),
    "results_ipd_plan": as_("ipd.plan", coded(IPD_PLAN)),
    "results_ipd_description": text("ipd.description"),
    "results_yes_no": as_("results.posted", flag),
}
CRITERIA: dict[str, Column] = {
    "inclusion_criteria": criteria("inclusion"),
    "exclusion_criteria": criteria("exclusion"),
    "agemin": age("eligibility.age_min"),
    "agemax": age("eligibility.age_max", blank="0"),
    "gender": as_("eligibility.sex", who.sex),
}
ONCE = {"main": MAIN, "criteria": CRITERIA}  # groups whose parts stand once
OUTCOMES = {"prim_outcome": outcomes("PRIMARY"), "sec_outcome": outcomes("SECONDARY")}
LISTS: dict[str, tuple[str, Callable[[str], Reading] | None]] = {  # element -> field of its items, and their reader
    "country2": ("countries", who.country),
    "hc_code": ("condition_codes.code", None),
    "hc_keyword": ("keywords", None),
    "i_code": ("intervention_codes.code", None),
    "sponsor_name": ("sponsor.secondary", None),
    "source_name": ("funders.name", None),
}
ETHICS = coded(ETHICS_STATUS)
NO_DATE = {"01/01/1900", "1900-01-01", "0"}


def recognise(document: Document) -> str | None:
    """By the root `trials` (or `trial`) and the elements of WHO's form below it."""
    root = root_name(document)
    if root is None or root.rpartition(":")[2].casefold() not in ROOTS:
        return None
    head = document.head.replace(b"\0", b"").lower()
    return f"root {root} with trial_id" if any(mark in head for mark in MARKS) else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a trial, read one at a time."""
    found = trials(document, "trial triall", "WHO's exchange form", _has_main)
    for record, (at, node) in enumerate(found, 1):
        yield _entry(document, node, at).record(recognised_by, record)


def _has_main(node: Element) -> bool:
    return any(named(part).casefold() == "main" for part in node)


def _entry(document: Document, node: Element, at: str) -> Entry:
    entry = Entry(document, NAME, "path")
    entry.twice = True
    for group in node:
        name = named(group).casefold()
        place = _placed(document.name, at, group)
        if name in ONCE:
            _parts(entry, group, ONCE[name], place)
        elif name == "secondary_ids":
            _numbers(entry, group, place)
        elif name == "ethics_reviews":
            _ethics(entry, group, place)
        else:
            _members(entry, group, place)
    return entry


PlaceOf = Callable[..., Place]  # the elements that lead to a part of a group, with the number of each -> its place


def _placed(name: str, at: str, group: Element) -> PlaceOf:
    """What gives the places of the parts of a group."""
    base = f"{at}/{step_of(group)}"

    def place(*steps: tuple[Element, int]) -> Place:
        path = "".join(f"/{step_of(part)}" + (f"[{turn}]" if turn else "") for part, turn in steps)
        return Place(name, None, None, None, None, None, None, base + path)

    return place


def _parts(entry: Entry, group: Element, columns: dict[str, Column], place: PlaceOf) -> None:
    """The parts of a group that stand once, by their names in small letters."""
    start = next((part for part in group if named(part).casefold() == "type_enrolment"), None)
    said = who.plain(start.text or "").upper() if start is not None else ""
    for part, turn in _numbered(group):
        column = columns.get(named(part).casefold())
        if column is None:
            continue
        if column is STARTS["UNKNOWN"]:
            column = STARTS.get(said, column)
        _take(entry, column, part, place((part, turn)))


def _take(entry: Entry, column: Column, part: Element, place: Place) -> None:
    words = "".join(part.itertext()) if len(part) else part.text
    if words and not words.isspace():
        column.take(entry, words, place)
    else:
        entry.values.append(Value(column.field, None, None, EMPTY, named(part), place, entry.how, NO_DETAIL))


def _members(entry: Entry, group: Element, place: PlaceOf) -> None:
    """Lists, each member an element of the same name; what is said twice is one member."""
    said: set[tuple[str, str]] = set()
    for part, turn in _numbered(group):
        name = named(part).casefold()
        if name in OUTCOMES:
            _take(entry, OUTCOMES[name], part, place((part, turn)))
            continue
        if name not in LISTS:
            continue
        field, read = LISTS[name]
        words = who.plain("".join(part.itertext()))
        if who.is_missing(words):
            entry.blank(field, words or named(part), place((part, turn)))
        elif (name, words) not in said:
            said.add((name, words))
            if read:
                entry.said(field, read, words, place((part, turn)), entry.next(field))
            else:
                entry.tell(field, words, words, place((part, turn)), item=entry.next(field))


def _numbered(group: Element) -> Iterator[tuple[Element, int]]:
    """The parts of a group, each with its number among those of its name; 0 for one that is alone."""
    parts = [(part.tag, part) for part in group]
    if len(dict(parts)) == len(parts):
        yield from ((part, 0) for _, part in parts)
        return
    several = {tag for tag, count in Counter(tag for tag, _ in parts).items() if count > 1}
    turns: Counter[object] = Counter()
    for tag, part in parts:
        turns[tag] += 1
        yield part, turns[tag] if tag in several else 0


def _numbers(entry: Entry, group: Element, place: PlaceOf) -> None:
    """Numbers of the trial elsewhere, with who issued them."""
    for member, turn in _numbered(group):
        parts = {named(part).casefold(): part for part in member}
        part, issuer = parts.get("sec_id"), parts.get("issuing_authority")
        words = who.plain(part.text or "") if part is not None else ""
        if part is None or who.is_missing(words):
            continue
        item = secondary_number(entry, words, place((member, turn), (part, 0)))
        said = who.plain(issuer.text or "") if issuer is not None else ""
        if item and issuer is not None and not who.is_missing(said):
            entry.tell("ids.secondary.issuer", said, said, place((member, turn), (issuer, 0)), item=item)


def _ethics(entry: Entry, group: Element, place: PlaceOf) -> None:
    for item, (member, turn) in enumerate(_numbered(group), 1):
        for part in member:
            name, words = named(part).casefold(), who.plain(part.text or "")
            here = place((member, turn), (part, 0))
            if name == "status" and (not who.is_missing(words) or words.casefold() == "not available"):
                entry.said("ethics.status", ETHICS, words, here, item)
            elif name == "status":
                entry.blank("ethics.status", words or named(part), here)
            elif name == "approval_date" and not who.is_missing(words) and words not in NO_DATE:
                entry.said("ethics.date", who.date, words, here, item)
