"""EU Clinical Trials Register, text download: coded lines (`E.8.1.1 Randomised: Yes`), a record for each member state.

All member states of one EudraCT number are one study; each keeps its own day of first entry. A second language of a text
is not read. What a Yes or No leaves open (blank, or `Information not present in EudraCT`) stays open; who is masked is
never told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.countries import country_code
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.kinds import Reading
from reviewkit.model import NO_DETAIL, Record
from reviewkit.sources.collect import Collector, Reader, derive_nobody_masked, derive_registry

NAME = "euctr"
KIND = "registry"
SAID = """
ids.primary ids.registry ids.secondary.id ids.secondary.type title.scientific title.public acronym objective
registration.date registration.date_basis status.recruitment date.completion study_type design.purpose design.phase
design.allocation design.model design.control design.n_arms design.end_definition design.centres.multicentre
masking.label masking.roles enrolment.target enrolment.by_country.country enrolment.by_country.n
enrolment.by_country.kind interventions.name interventions.route interventions.setting conditions
condition_codes.system condition_codes.code condition_codes.term eligibility.inclusion eligibility.exclusion
eligibility.age_groups eligibility.sex eligibility.healthy_volunteers outcomes.measure outcomes.type outcomes.timepoint
countries sponsor.primary sponsor.class funders.name ethics.status ethics.date source.url
"""
FIELDS = sayable(SAID.split())

CODED = re.compile(
    r"^(?P<code>[A-HNP](?:\.\d+)+|[NP])\.?(?:\s+(?:and|to)\s+[A-H](?:\.\d+)+)?[ \t]+(?P<label>[^:\r\n\u2028]*[^:\s])\s*:"
    r"[ \t]?(?P<value>[^\r\n]*)",
    re.MULTILINE,
)
HEAD = re.compile(
    r"^(?P<label>EudraCT Number|Sponsor's Protocol Code Number|National Competent Authority|Clinical Trial Type"
    r"|Trial Status|Date on which this record was first entered in the EudraCT database|Link)\s*:[ \t]?(?P<value>[^\r\n]*)",
    re.MULTILINE,
)
HEADING = re.compile(
    r"^(?:[A-HNP]\. [A-Z][^:\r\n]*|[A-H](?:\.\d+)+ [^:\r\n]*|Sponsor \d+|D\.IMP: ?\d+|D\.8 [^\r\n]*)$", re.MULTILINE
)
LANGUAGE = re.compile(r"\((?P<code>[a-z]{2})\)$")
SUMMARY = re.compile(r"^Summary[ \t]*$", re.MULTILINE)
NOT_SAID = {"", "information not present in eudract", "not applicable", "json_error_here"}
STATUS = {
    "ongoing": "UNKNOWN",
    "restarted": "UNKNOWN",
    "completed": "COMPLETED",
    "prematurely ended": "TERMINATED",
    "temporarily halted": "SUSPENDED",
    "suspended by ca": "SUSPENDED",
    "not authorised": "UNKNOWN",
    "prohibited by ca": "UNKNOWN",
    "gb - no longer in eu/eea": "UNKNOWN",
    "trial now transitioned": "UNKNOWN",
}
OPINION = {"favourable": "APPROVED", "unfavourable": "NOT_APPROVED", "not favourable": "NOT_APPROVED"}
SPONSOR_CLASS = {"commercial": "INDUSTRY", "non-commercial": "OTHER"}
PHASES = {"E.7.1": "PHASE1", "E.7.2": "PHASE2", "E.7.3": "PHASE3", "E.7.4": "PHASE4"}
MASKS = {"E.8.1.2": "NONE", "E.8.1.3": "SINGLE", "E.8.1.4": "DOUBLE"}
MODELS = {"E.8.1.5": "PARALLEL", "E.8.1.6": "CROSSOVER"}
PURPOSES = {"E.6.1": "DIAGNOSTIC", "E.6.2": "PREVENTION", "E.6.3": "TREATMENT"}
AGE_GROUPS = {"F.1.1": "CHILD", "F.1.2": "ADULT", "F.1.3": "OLDER_ADULT"}


def _country(words: str) -> Reading:
    """`Spain - AEMPS`, `Outside EU/EEA`: the state before the authority."""
    return Reading(country_code(words.partition(" - ")[0].strip()), NO_DETAIL)


PLAIN: dict[str, tuple[str, Reader]] = {
    "A.2": ("ids.primary", kinds.trial_id),
    "A.3": ("title.scientific", kinds.text),
    "A.3.1": ("title.public", kinds.text),
    "A.3.2": ("acronym", kinds.text),
    "B.1.1": ("sponsor.primary", kinds.text),
    "B.3.1": ("sponsor.class", kinds.coded(SPONSOR_CLASS)),
    "E.2.1": ("objective", kinds.text),
    "E.3": ("eligibility.inclusion", kinds.text),
    "E.4": ("eligibility.exclusion", kinds.text),
    "E.8.2.4": ("design.n_arms", lambda words: kinds.count(words, None)),
    "E.8.4": ("design.centres.multicentre", kinds.flag),
    "E.8.8": ("design.end_definition", kinds.text),
    "F.3.1": ("eligibility.healthy_volunteers", kinds.flag),
}
NUMBERS = {"A.4.1": "SPONSOR", "A.5.1": "REGISTRY", "A.5.2": "REGISTRY", "A.5.3": "UTN"}


class Entry(NamedTuple):
    """One coded line with the lines that go on with it: the code, its words, and where they stand."""

    code: str
    label: str
    words: str
    span: tuple[int, int]

    @property
    def said(self) -> bool | None:
        """What a Yes or No says; None where it says neither."""
        return {"yes": True, "no": False}.get(self.words.casefold())


def recognise(document: Document) -> str | None:
    """By the head of a record and its coded lines."""
    head = document.text[:20_000]
    if "EudraCT Number:" in head and re.search(
        r"^A\.1 Member State Concerned:|^A\.2 EudraCT number:", head, re.MULTILINE
    ):
        return "the labels EudraCT Number and A.2 of the EU Clinical Trials Register"
    return None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record for each member state, in the order of the file."""
    text = document.text
    starts = [match.start() for match in SUMMARY.finditer(text)] or [0]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(text)], strict=True), 1):
        yield _record(document, recognised_by, number, start, end)


def _record(document: Document, recognised_by: str, number: int, start: int, end: int) -> Record:
    entry = Collector(document, NAME, KIND, FIELDS)
    lines = list(_lines(document.text, start, end))
    by_code: dict[str, list[Entry]] = {}
    for line in lines:
        by_code.setdefault(line.code, []).append(line)
    _head(entry, document.text, start, end)
    for code, (field, reader) in PLAIN.items():
        _take(entry, by_code.get(code, [])[:1], field, reader)
    derive_registry(entry)
    _other_numbers(entry, by_code)
    _design(entry, by_code)
    _population(entry, by_code)
    _conditions_and_products(entry, lines, by_code)
    _outcomes(entry, by_code)
    _decisions(entry, by_code)
    derive_nobody_masked(entry)
    return entry.record(recognised_by, number)


def _lines(text: str, start: int, end: int) -> Iterator[Entry]:
    """The coded lines of a record in the first language they are given in, each to the next code or heading."""
    marks = list(CODED.finditer(text, start, end))
    stops = sorted([mark.start() for mark in marks] + [match.start() for match in HEADING.finditer(text, start, end)])
    for mark in marks:
        if LANGUAGE.search(mark["label"]):
            continue
        stop = next((place for place in stops if place > mark.start()), end)
        words = text[mark.start("value") : stop]
        first = mark.start("value") + len(words) - len(words.lstrip())
        last = first + len(words.strip())
        yield Entry(mark["code"], mark["label"].strip(), " ".join(words.split()), (first, max(first, last)))


def _take(entry: Collector, lines: list[Entry], field: str, reader: Reader, item: int | None = None) -> None:
    for line in lines:
        if line.words.casefold() in NOT_SAID:
            at = line.span[0]
            label = entry.document.text.rfind(line.code, 0, at)
            entry.empty(field, (label, label + len(line.code)), item=item)
        else:
            entry.take(field, reader, line.span, item=item)


def _head(entry: Collector, text: str, start: int, end: int) -> None:
    """The block `Summary`: the state's day of first entry, and the status there."""
    found = {match["label"]: match for match in HEAD.finditer(text, start, end)}
    first = found.get("Date on which this record was first entered in the EudraCT database")
    if first and first["value"].strip():
        span = first.span("value")
        entry.take("registration.date", partial(kinds.date, kind="ACTUAL"), span)
        entry.derive("registration.date_basis", "FIRST_ENTERED", "euctr-first-entered", span)
    status = found.get("Trial Status")
    if status and status["value"].strip():
        entry.take("status.recruitment", kinds.coded(STATUS), status.span("value"))
    authority = found.get("National Competent Authority")
    if authority and authority["value"].strip() and not authority["value"].startswith(("Outside", "3rd")):
        entry.take("countries", _country, authority.span("value"), item=1)
    kind = found.get("Clinical Trial Type")
    if kind and kind["value"].strip():
        entry.derive("study_type", "INTERVENTIONAL", "euctr-clinical-trials-only", kind.span("value"))
    link = found.get("Link")
    if link and link["value"].strip():
        entry.take("source.url", kinds.text, link.span("value"))


def _other_numbers(entry: Collector, by_code: dict[str, list[Entry]]) -> None:
    item = 0
    for code, kind in NUMBERS.items():
        for line in by_code.get(code, [])[:1]:
            if line.words.casefold() in NOT_SAID:
                continue
            item += 1
            reader = kinds.text if kind == "SPONSOR" else _number
            entry.take("ids.secondary.id", reader, line.span, item=item)
            entry.derive("ids.secondary.type", kind, "euctr-number", line.span, item=item)


def _number(words: str) -> Reading:
    """A number of another registry in its normal form; ISRCTN's may stand without its letters."""
    return kinds.trial_id(f"ISRCTN{words}" if re.fullmatch(r"\d{8}", words) else words)


def _design(entry: Collector, by_code: dict[str, list[Entry]]) -> None:
    """What the answers say together: a set of alternatives counts only where exactly one is Yes."""
    yes = {code: lines[0] for code, lines in by_code.items() if lines[0].said is True}
    no = {code: lines[0] for code, lines in by_code.items() if lines[0].said is False}
    phases = [code for code in PHASES if code in yes]
    if phases:
        span = yes[phases[0]].span
        words = ", ".join(code for code in phases)
        entry.derive(
            "design.phase", [PHASES[code] for code in phases], "euctr-answers", span, detail={"as_written": words}
        )
    if "E.8.1.1" in yes:
        entry.derive("design.allocation", "RANDOMIZED", "euctr-answers", yes["E.8.1.1"].span)
    elif "E.8.1.1" in no and "E.8.1" in no:
        entry.derive("design.allocation", "NA", "euctr-answers", no["E.8.1.1"].span)
    elif "E.8.1.1" in no and "E.8.1" in yes:
        entry.derive("design.allocation", "NON_RANDOMIZED", "euctr-answers", no["E.8.1.1"].span)
    for field, members in (("masking.label", MASKS), ("design.model", MODELS)):
        said = [code for code in members if code in yes]
        if len(said) == 1:
            entry.derive(field, members[said[0]], "euctr-answers", yes[said[0]].span)
        elif said:
            entry.unclear(field, (yes[said[0]].span[0], yes[said[-1]].span[1]))
    purposes = [code for code in PURPOSES if code in yes]
    if len(purposes) == 1:
        entry.derive("design.purpose", PURPOSES[purposes[0]], "euctr-answers", yes[purposes[0]].span)
    controls = [("E.8.2.1", "ACTIVE"), ("E.8.2.2", "PLACEBO")]
    named = [(code, member) for code, member in controls if code in yes]
    if named:
        members_said = [member for _, member in named]
        entry.derive("design.control", members_said, "euctr-answers", yes[named[0][0]].span)


def _population(entry: Collector, by_code: dict[str, list[Entry]]) -> None:
    whole = [
        line
        for code in ("F.4.2.2", "F.4.2.1")
        for line in by_code.get(code, [])
        if line.words.casefold() not in NOT_SAID
    ]
    here = [line for line in by_code.get("F.4.1", []) if line.words.casefold() not in NOT_SAID]
    multinational = by_code.get("E.8.5", [])
    if whole:
        entry.take("enrolment.target", kinds.count, whole[0].span)
    elif here and multinational and multinational[0].said is False:
        entry.take("enrolment.target", kinds.count, here[0].span)
    state = [line for line in by_code.get("A.1", []) if line.words]
    if here and state:
        entry.take("enrolment.by_country.country", _country, state[0].span, item=1)
        entry.take("enrolment.by_country.n", kinds.count, here[0].span, item=1)
        entry.derive("enrolment.by_country.kind", "ANTICIPATED", "euctr-planned", here[0].span, item=1)
    said = {
        code: by_code[code][0] for code in ("F.2.1", "F.2.2") if code in by_code and by_code[code][0].said is not None
    }
    sexes = [code for code, line in said.items() if line.said]
    if len(said) == 2 and sexes:
        member = "ALL" if len(sexes) == 2 else "FEMALE" if sexes == ["F.2.1"] else "MALE"
        entry.derive("eligibility.sex", member, "euctr-answers", said[sexes[0]].span)
    ages = [code for code in AGE_GROUPS if code in by_code and by_code[code][0].said]
    if ages:
        members_said = [AGE_GROUPS[code] for code in ages]
        entry.derive("eligibility.age_groups", members_said, "euctr-answers", by_code[ages[0]][0].span)


def _conditions_and_products(entry: Collector, lines: list[Entry], by_code: dict[str, list[Entry]]) -> None:
    for item, line in enumerate(by_code.get("E.1.1", [])[:1], 1):
        _take(entry, [line], "conditions", kinds.text, item)
    for item, line in enumerate([line for line in by_code.get("E.1.2", []) if "Classification code" in line.label], 1):
        entry.derive("condition_codes.system", "MedDRA", "euctr-meddra", line.span, item=item)
        entry.take("condition_codes.code", kinds.text, line.span, item=item)
    products: list[Entry] = []
    for line in lines:
        if line.code in {"D.3.1", "D.2.1.1.1"} and line.words.casefold() not in NOT_SAID:
            products.append(line)
    for item, line in enumerate({line.words.casefold(): line for line in reversed(products)}.values(), 1):
        entry.take("interventions.name", kinds.text, line.span, item=item)
    for item, line in enumerate(
        [line for line in by_code.get("B.4.1", []) if line.words.casefold() not in NOT_SAID], 1
    ):
        entry.take("funders.name", kinds.text, line.span, item=item)


def _outcomes(entry: Collector, by_code: dict[str, list[Entry]]) -> None:
    """The end points as they are written, one text each; dividing it would be a guess."""
    item = 0
    for code, member in (("E.5.1", "PRIMARY"), ("E.5.2", "SECONDARY")):
        for line in by_code.get(code, [])[:1]:
            if line.words.casefold() in NOT_SAID:
                _take(entry, [line], "outcomes.measure", kinds.text)
                continue
            item += 1
            entry.take("outcomes.measure", kinds.text, line.span, item=item)
            entry.derive("outcomes.type", member, "euctr-end-point", line.span, item=item)
            for time in by_code.get(f"{code}.1", [])[:1]:
                if time.words.casefold() not in NOT_SAID:
                    entry.take("outcomes.timepoint", kinds.text, time.span, item=item)


def _decisions(entry: Collector, by_code: dict[str, list[Entry]]) -> None:
    for line in by_code.get("N", []):
        if line.words.casefold() in NOT_SAID:
            continue
        if line.label.startswith("Ethics Committee Opinion of the trial"):
            entry.take("ethics.status", kinds.coded(OPINION), line.span, item=1)
        elif line.label.startswith("Date of Ethics Committee Opinion"):
            entry.take("ethics.date", partial(kinds.date, kind="ACTUAL"), line.span, item=1)
    for line in by_code.get("P", []):
        if line.label.startswith("Date of the global end of the trial") and line.words.casefold() not in NOT_SAID:
            entry.take("date.completion", partial(kinds.date, kind="ACTUAL"), line.span)
