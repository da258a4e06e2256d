"""The exchange XML that WHO's primary registries publish: `trials/trial`, with `main` and its companions.

IRCT, ChiCTR, CRIS, REPEC, ReBEC, TCTR, EU-CTR and the Japanese registries write it, each its own way: names in capitals,
`triall` for `trial`, control characters, days before months. One file may hold many trials.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.kinds import coded, flag
from reviewkit.model import Place, Record, Value
from reviewkit.sources import who_words as who
from reviewkit.sources.collect import Gathering
from reviewkit.sources.ictrp import ETHICS_STATUS, IPD_PLAN
from reviewkit.sources.who_entry import FIELDS as FIELDS
from reviewkit.sources.who_entry import (
    Cell,
    Cells,
    Take,
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
    tell,
)
from reviewkit.sources.xml_entry import ILLEGAL, root_name
from reviewkit.words import State

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAME = "who-xml"
KIND = "registry"
ROOTS = {"trials", "triall", "trial"}
MARKS = (b"<trial_id", b"<trial_id>".upper(), b"<utrn", b"<UTRN", b"<reg_name")
START_KINDS = {"actual": "ACTUAL", "anticipated": "ANTICIPATED"}


def _start(entry: Gathering, cell: Cell, cells: Cells) -> None:
    """The day of first enrolment; beside it stands whether it has happened."""
    said = cells.get("type_enrolment")
    kind = START_KINDS.get(who.plain(said.words).casefold() if said else "", "UNKNOWN")
    dated("date.first_enrolment", kind)(entry, cell, cells)


def _utrn(entry: Gathering, cell: Cell, cells: Cells) -> None:
    words = who.plain(cell.words)
    if words and not who.is_missing(words):
        item = 1 + sum(value.field == "ids.secondary.id" for value in entry.values)
        secondary_number(entry, words, cell.place, item)


MAIN: dict[str, Take] = {
    "trial_id": number,
    "utrn": _utrn,
    "date_registration": registered,
    "primary_sponsor": as_("sponsor.primary"),
    "public_title": as_("title.public", blank="n.a"),
    "acronym": as_("acronym"),
    "scientific_title": as_("title.scientific", blank="n.a"),
    "scientific_acronym": as_("acronym"),
    "date_enrolment": _start,
    "target_size": size,
    "results_actual_enrolment": as_("enrolment.actual", kinds.count, blank="0"),
    "results_actual_enrollment": as_("enrolment.actual", kinds.count, blank="0"),
    "recruitment_status": as_(
        "status.recruitment", coded({**who.STATUS, "finished": "RECRUITMENT_COMPLETE", "ongoing": "RECRUITING"})
    ),
    "url": as_("source.url"),
    "study_type": as_("study_type", who.study_type),
    "study_design": design_string,
    "phase": as_("design.phase", who.phase),
    "hc_freetext": as_("conditions", item=1),
    "i_freetext": interventions,
    "results_date_completed": dated("date.completion"),
    "results_url_link": as_("results.url"),
    "results_summary": as_("results.summary"),
    "results_date_posted": dated("results.date", "ACTUAL"),
    "results_date_first_publication": dated("results.first_published", "ACTUAL"),
    "results_url_protocol": as_("results.protocol_url"),
    "results_ipd_plan": as_("ipd.plan", coded(IPD_PLAN)),
    "results_ipd_description": as_("ipd.description"),
    "results_yes_no": as_("results.posted", flag),
}
CRITERIA: dict[str, Take] = {
    "inclusion_criteria": criteria("inclusion"),
    "exclusion_criteria": criteria("exclusion"),
    "agemin": age("eligibility.age_min", zero_is_none=False),
    "agemax": age("eligibility.age_max", zero_is_none=True),
    "gender": as_("eligibility.sex", who.sex),
}
LISTS = {  # element -> field of its items
    "country2": ("countries", who.country),
    "hc_code": ("condition_codes.code", kinds.text),
    "hc_keyword": ("keywords", kinds.text),
    "i_code": ("intervention_codes.code", kinds.text),
    "sponsor_name": ("sponsor.secondary", kinds.text),
    "source_name": ("funders.name", kinds.text),
}


def recognise(document: Document) -> str | None:
    """By the root `trials` (or `trial`) and the elements of WHO's form below it."""
    root = root_name(document)
    if root is None or root.casefold() not in ROOTS:
        return None
    return f"root {root} with trial_id" if any(mark in document.raw[:100_000] for mark in MARKS) else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a trial, read one at a time."""
    from lxml import etree

    data = io.BytesIO(ILLEGAL.sub(b"", document.raw))
    record = 0
    try:
        for _, node in etree.iterparse(
            data, events=("end",), resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False
        ):
            if not isinstance(node.tag, str) or node.tag.casefold() not in {"trial", "triall"}:
                continue
            if next((part for part in node if str(part.tag).casefold() == "main"), None) is None:
                continue
            record += 1
            root = node.getroottree().getroot()
            at = f"/{root.tag}" if node is root else f"/{root.tag}/{node.tag}[{record}]"
            yield _record(document, recognised_by, record, node, at)
            node.clear(keep_tail=False)
    except etree.XMLSyntaxError as error:
        raise document.refuse(
            place=Place(document.name, line=error.lineno or None),
            found=f"broken XML after {record} trials: {str(error.msg).splitlines()[0] if error.msg else 'it ends'}",
            expected="WHO's exchange form in well-formed XML",
            fix="download the file again; it may have been cut short",
        ) from error


def _record(document: Document, recognised_by: str, record: int, node: Element, at: str) -> Record:
    entry = Gathering(document, NAME, KIND, FIELDS)
    cells = dict(_cells(document, node, at))
    tell(entry, cells, {**MAIN, **CRITERIA})
    for name, (field, reader) in LISTS.items():
        _list(entry, _named(document, node, at, name), field, reader)
    for name, member in (("prim_outcome", "PRIMARY"), ("sec_outcome", "SECONDARY")):
        for cell in _named(document, node, at, name):
            if who.plain(cell.words):
                outcomes(member)(entry, cell, cells)
    _numbers(entry, document, node, at)
    _ethics(entry, document, node, at)
    return entry.record(recognised_by, record)


def _cells(document: Document, node: Element, at: str) -> Iterator[tuple[str, Cell]]:
    """The parts of `main` and `criteria` by their names in small letters."""
    for group in node:
        if str(group.tag).casefold() in {"main", "criteria"}:
            for part in group:
                if isinstance(part.tag, str):
                    place = Place(document.name, xpath=f"{at}/{group.tag}/{part.tag}")
                    yield part.tag.casefold(), Cell("".join(part.itertext()), place)


def _named(document: Document, node: Element, at: str, name: str) -> list[Cell]:
    """Every element of this name below the groups of a trial, in order."""
    found = []
    for group in node:
        same = [part for part in group if isinstance(part.tag, str) and part.tag.casefold() == name]
        for index, part in enumerate(same, 1):
            number = f"[{index}]" if len(same) > 1 else ""
            place = Place(document.name, xpath=f"{at}/{group.tag}/{part.tag}{number}")
            found.append(Cell("".join(part.itertext()), place))
    return found


def _list(entry: Gathering, cells: list[Cell], field: str, reader: object) -> None:
    said: dict[str, Cell] = {}
    for cell in cells:
        words = who.plain(cell.words)
        if words and not who.is_missing(words):
            said.setdefault(words, cell)
    for item, (words, cell) in enumerate(said.items(), 1):
        entry.take_words(field, reader, words, cell.place, item=item, method="path")  # type: ignore[arg-type]


def _numbers(entry: Gathering, document: Document, node: Element, at: str) -> None:
    """Numbers of the trial elsewhere, with who issued them."""
    issuers = _named(document, node, at, "issuing_authority") or _inner(document, node, at, "issuing_authority")
    numbers = _named(document, node, at, "sec_id") or _inner(document, node, at, "sec_id")
    item = sum(value.field == "ids.secondary.id" for value in entry.values)
    for index, cell in enumerate(numbers):
        words = who.plain(cell.words)
        if not words or who.is_missing(words):
            continue
        item += 1
        secondary_number(entry, words, cell.place, item)
        issuer = issuers[index] if index < len(issuers) else None
        if issuer and who.plain(issuer.words):
            entry.take_words(
                "ids.secondary.issuer", kinds.text, who.plain(issuer.words), issuer.place, item=item, method="path"
            )


def _inner(document: Document, node: Element, at: str, name: str) -> list[Cell]:
    """Every element of this name two levels below the trial: secondary_ids/secondary_id/sec_id."""
    found = []
    for group in node:
        for index, member in enumerate(group, 1):
            for part in member:
                if isinstance(part.tag, str) and part.tag.casefold() == name:
                    place = Place(document.name, xpath=f"{at}/{group.tag}/{member.tag}[{index}]/{part.tag}")
                    found.append(Cell("".join(part.itertext()), place))
    return found


def _ethics(entry: Gathering, document: Document, node: Element, at: str) -> None:
    statuses = _inner(document, node, at, "status")
    dates = _inner(document, node, at, "approval_date")
    for item, cell in enumerate(statuses, 1):
        words = who.plain(cell.words)
        if words and not who.is_missing(words):
            entry.take_words("ethics.status", coded(ETHICS_STATUS), words, cell.place, item=item, method="path")
        elif not words:
            quote, method = "status", entry.method("path")
            entry.add(Value("ethics.status", None, None, State.EMPTY_IN_SOURCE, quote, cell.place, method, {}))
    for item, cell in enumerate(dates, 1):
        words = who.plain(cell.words)
        if words and not who.is_missing(words) and words != "01/01/1900":
            entry.take_words("ethics.date", who.date, words, cell.place, item=item, method="path")
