"""ClinicalTrials.gov's own page of a study, saved, copied or printed: labels, each with its value beside or below it.

The labels are those that the site prints now (`Study Start (Actual)`, `Enrollment (Estimated)`) and printed before
(`Actual Study Start Date`, `Estimated Enrollment`); the words of the answers are those of the registry's XML. What the
JSON or XML of the registry says beside, no page says for sure: get those where you can.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.kinds import Reading
from reviewkit.model import Record
from reviewkit.sources import prose
from reviewkit.sources.collect import Collector, derive_registry
from reviewkit.sources.ctgov_xml import ALLOCATION, MASKED, MASKING, MODEL, PURPOSE, ROLES, SEX, STUDY_TYPE
from reviewkit.sources.registry_page import HEAD, add_prose, labelled, own_number, telling

NAME = "ctgov-page"
KIND = "registry"
SAID = """
ids.registry registration.date registration.date_basis registration.qc registration.posted registration.last_update
date.primary_completion study_type title.scientific eligibility.healthy_volunteers
"""
FIELDS = sayable([*prose.SILENCE, *SAID.split()])

OWN_NUMBER = re.compile(r"(?:ClinicalTrials\.gov (?:ID|Identifier)|NCT [Nn]umber)")
ENOUGH = 4
AGES = re.compile(r"(?P<min>\d+ \w+)(?: to (?P<max>\d+ \w+)| and (?P<older>older))", re.IGNORECASE)
UP_TO = re.compile(r"up to (?P<max>\d+ \w+)", re.IGNORECASE)
PARTICIPANTS = re.compile(r"(?P<number>\d[\d,]*)(?: participants?)?", re.IGNORECASE)


class Label(NamedTuple):
    """A label's field and reader."""

    field: str
    read: Callable[[str], Reading]


def _count(words: str) -> Reading:
    match = PARTICIPANTS.fullmatch(words)
    return kinds.count(match["number"] if match else words)


def _dates(field: str, *names: str) -> dict[str, Label]:
    """The labels of a date, with what they say of its kind."""
    kinds_of = {"actual": "ACTUAL", "estimated": "ANTICIPATED", "anticipated": "ANTICIPATED"}
    labels = {name: Label(field, kinds.date) for name in names}
    for word, kind in kinds_of.items():
        read = partial(kinds.date, kind=kind)
        labels |= {f"{name} ({word})": Label(field, read) for name in names}
        labels |= {f"{word} {name}": Label(field, read) for name in names}
    return labels


def _happened(field: str, *names: str) -> dict[str, Label]:
    """The labels of a date that is past: the registry's own days, also where it calls one estimated."""
    read = partial(kinds.date, kind="ACTUAL")
    endings = ("", " (actual)", " (estimated)", " (estimate)")
    return {f"{name}{ending}": Label(field, read) for name in names for ending in endings}


LABELS: dict[str, Label] = {
    **_dates("date.first_enrolment", "study start", "study start date"),
    **_dates("date.primary_completion", "primary completion", "primary completion date"),
    **_dates("date.completion", "study completion", "study completion date"),
    **_happened("registration.date", "first submitted"),
    **_happened("registration.qc", "first submitted that met qc criteria"),
    **_happened("registration.posted", "first posted"),
    **_happened("registration.last_update", "last update submitted that met qc criteria", "last update submitted"),
    **dict.fromkeys(["enrollment (actual)", "actual enrollment"], Label("enrolment.actual", _count)),
    **dict.fromkeys(
        ["enrollment (estimated)", "enrollment (anticipated)", "estimated enrollment", "anticipated enrollment"],
        Label("enrolment.target", _count),
    ),
    "official title": Label("title.scientific", kinds.text),
    "study type": Label("study_type", kinds.coded(STUDY_TYPE)),
    "phase": Label("design.phase", kinds.phase),
    "allocation": Label("design.allocation", kinds.coded(ALLOCATION)),
    "interventional model": Label("design.model", kinds.coded(MODEL)),
    "intervention model": Label("design.model", kinds.coded(MODEL)),
    "primary purpose": Label("design.purpose", kinds.coded(PURPOSE)),
    "sexes eligible for study": Label("eligibility.sex", kinds.coded(SEX)),
    "accepts healthy volunteers": Label("eligibility.healthy_volunteers", kinds.flag),
}
MASKING_LABEL, AGES_LABEL = "masking", "ages eligible for study"
KNOWN = {*LABELS, MASKING_LABEL, AGES_LABEL}
TELLING = KNOWN - {"phase", "masking", "allocation"} | {"study overview", "study design", "information provided by"}


def recognise(document: Document) -> str | None:
    """By the label of the registry's number at the top, and labels that only its pages have."""
    text = document.text[:HEAD]
    if own_number(text, OWN_NUMBER) is None:
        return None
    found = telling(text, TELLING)
    if len(found) < ENOUGH:
        return None
    return f"the registry's number and the labels {', '.join(found[:3])} of ClinicalTrials.gov's page"


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The one record of a page: labels first, then what its sentences say."""
    page = Collector(document, NAME, KIND, FIELDS)
    own = own_number(document.text[:HEAD], OWN_NUMBER)
    if own is not None:
        page.take("ids.primary", kinds.trial_id, own)
        derive_registry(page)
    seen: set[str] = set()
    for label, span in labelled(document, KNOWN):
        if label not in seen:
            seen.add(label)
            _take(page, label, span)
    add_prose(page)
    yield page.record(recognised_by)


def _take(page: Collector, label: str, span: tuple[int, int]) -> None:
    if label == MASKING_LABEL:
        _masking(page, span)
    elif label == AGES_LABEL:
        _ages(page, span)
    else:
        found = page.take(LABELS[label].field, LABELS[label].read, span)
        if found.field == "registration.date" and found.value is not None:
            page.derive("registration.date_basis", "SUBMITTED", "ctgov-first-submitted", span)


def _masking(page: Collector, span: tuple[int, int]) -> None:
    """`Double (Participant, Investigator)`: the label, and the roles in brackets."""
    match = MASKED.fullmatch(page.document.text[slice(*span)].strip())
    if match is None:
        page.unclear("masking.label", span)
        return
    bracketed = re.fullmatch(r"(?i)none \(open label\)", match[0])
    first, last = span if bracketed else (span[0], span[0] + match.end("label"))
    page.take("masking.label", lambda words: kinds.coded(MASKING)(words.partition(" (")[0]), (first, last))
    if match["roles"] and not bracketed:
        names = [name.strip() for name in match["roles"].split(",")]
        start = span[0] + match.start("roles")
        read = partial(kinds.choices, kinds.coded(ROLES), names)
        page.take("masking.roles", read, (start, start + len(match["roles"])))


def _ages(page: Collector, span: tuple[int, int]) -> None:
    """`18 Years to 70 Years (Adult, Older Adult)`, `18 Years and older`, `up to 70 Years`."""
    words = page.document.text[slice(*span)]
    match = AGES.match(words) or UP_TO.match(words)
    if match is None:
        return
    for part, field in (("min", "eligibility.age_min"), ("max", "eligibility.age_max")):
        if match.groupdict().get(part):
            start, end = match.span(part)
            page.take(field, kinds.age, (span[0] + start, span[0] + end))
