"""One trial in one of WHO's forms (ICTRP's exports, the exchange XML): named cells become values.

A cell is its words and its place; what a column is called differs from form to form, what it means does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from reviewkit import kinds
from reviewkit.fields import sayable
from reviewkit.identifiers import UTN, find_ids, read_trial_id
from reviewkit.kinds import Reading
from reviewkit.model import NO_DETAIL, Place, Value
from reviewkit.sources import who_words as who
from reviewkit.sources.collect import Gathering, derive_nobody_masked, derive_registry
from reviewkit.sources.who_design import design
from reviewkit.words import State

SAID = """
ids.primary ids.registry ids.secondary.id ids.secondary.type ids.secondary.issuer
title.public title.scientific acronym registration.date registration.date_basis
status.recruitment date.first_enrolment date.completion study_type
design.purpose design.phase design.allocation design.model design.control design.observational_model
design.time_perspective design.other random.method random.concealment
masking.label masking.roles masking.description
enrolment.target enrolment.actual arms.label arms.n_target
interventions.name interventions.type interventions.description conditions condition_codes.code keywords
intervention_codes.code eligibility.inclusion eligibility.exclusion eligibility.age_min eligibility.age_max
eligibility.sex outcomes.measure outcomes.type outcomes.timepoint outcomes.method countries
sponsor.primary sponsor.secondary funders.name ethics.committee ethics.status ethics.date
ipd.plan ipd.description results.posted results.date results.first_published results.url results.protocol_url
results.summary source.url source.export_date
"""
FIELDS = sayable(SAID.split())
INTERVENTION = re.compile(
    r"(?P<type>Drug|Biological|Device|Procedure|Radiation|Behavioral|Genetic|Dietary Supplement|Combination Product"
    r"|Diagnostic Test|Other)\s*:\s*(?P<name>.*\S)",
    re.DOTALL,
)
SENT_ON = "; "


class Cell(NamedTuple):
    """The words of one cell as they stand, and where."""

    words: str
    place: Place


Cells = Mapping[str, Cell]
Take = Callable[[Gathering, Cell, Cells], None]


def tell(entry: Gathering, cells: Cells, takes: Mapping[str, Take]) -> None:
    """Take every cell that a column is named for; a blank one is EMPTY_IN_SOURCE where its field has no other."""
    for name, take in takes.items():
        cell = cells.get(name)
        if cell is not None:
            take(entry, cell, cells)
    derive_registry(entry)
    derive_nobody_masked(entry)


# Takers of one cell


def as_(field: str, read: Callable[[str], Reading] = kinds.text, *, item: int | None = None, blank: str = "") -> Take:
    """The words of a cell as one value; `blank` are the words that say there is none, beside the usual ones."""
    empty = {*who.MISSING, *blank.casefold().split("|")}

    def take(entry: Gathering, cell: Cell, cells: Cells) -> None:
        words = who.plain(cell.words)
        if not words or words.casefold().strip(" .") in empty:
            _empty(entry, field, words, cell.place)
        else:
            entry.take_words(field, read, words, cell.place, item=item, method="column")

    return take


def _empty(entry: Gathering, field: str, words: str, place: Place) -> None:
    quote = words or place.column or (place.xpath or "").rpartition("/")[2] or "blank"
    entry.add(Value(field, None, None, State.EMPTY_IN_SOURCE, quote, place, entry.method("column"), NO_DETAIL))


def parts(field: str, read: Callable[[str], Reading] = kinds.text, mark: str = ";") -> Take:
    """The parts of a cell between `mark`s, each an item, each once."""

    def take(entry: Gathering, cell: Cell, cells: Cells) -> None:
        said = [who.plain(part) for part in cell.words.split(mark)]
        members = list(dict.fromkeys(part for part in said if part and not who.is_missing(part)))
        if not members:
            _empty(entry, field, who.plain(cell.words), cell.place)
        start = sum(value.field == field for value in entry.values if value.item)
        for number, part in enumerate(members, start + 1):
            entry.take_words(field, read, part, cell.place, item=number, method="column")

    return take


def dated(field: str, kind: str = "UNKNOWN") -> Take:
    """A date, day first; `0` and the first days of spreadsheets' calendars stand for none."""
    return as_(field, partial(who.date, kind=kind), blank="0|1900-01-01|01/01/1900|1900-01-01 00:00:00|0000-00-00")


def number(entry: Gathering, cell: Cell, cells: Cells) -> None:
    """The registration number; WHO's prefixes (JPRN-, EUCTR, CTIS) are none of it."""
    words = who.plain(cell.words)
    entry.take_words("ids.primary", kinds.trial_id, words, cell.place, method="column")


def secondary(entry: Gathering, cell: Cell, cells: Cells) -> None:
    """Other numbers, and what kind of number each is, told from its form."""
    said = [part.strip() for part in re.split(r"[;|\n]|,\s", who.lines(cell.words)) if part.strip()]
    own = entry.known("ids.primary")
    start = sum(value.field == "ids.secondary.id" for value in entry.values)
    members = [part for part in dict.fromkeys(said) if not who.is_missing(part) and not _is_own(part, own)]
    for item, part in enumerate(members, start + 1):
        secondary_number(entry, part, cell.place, item)
    if not said:
        _empty(entry, "ids.secondary.id", "", cell.place)


def _is_own(part: str, own: Value | None) -> bool:
    return own is not None and any(found.value == own.value for found in find_ids(part))


def secondary_number(entry: Gathering, part: str, place: Place, item: int) -> None:
    """One number of another registry or owner."""
    try:
        found = read_trial_id(part)
    except ValueError:
        entry.take_words("ids.secondary.id", kinds.text, part, place, item=item, method="column")
        return
    entry.take_words("ids.secondary.id", kinds.trial_id, part, place, item=item, method="column")
    kind = {"EUCTR": "EUDRACT", UTN: "UTN"}.get(found.registry, "REGISTRY")
    entry.add(Value("ids.secondary.type", item, kind, State.DERIVED, part, place, "rule:type-of-number", NO_DETAIL))


def size(entry: Gathering, cell: Cell, cells: Cells) -> None:
    """One number, or one a group: then the sum is derived. 0 stands for none given."""
    words = who.plain(cell.words)
    groups = who.groups(words)
    if groups:
        for item, group in enumerate(groups, 1):
            entry.take_words("arms.label", kinds.text, group.label, cell.place, item=item, method="column")
            detail = {"unit": "persons"}
            method = entry.method("column")
            entry.add(
                Value("arms.n_target", item, group.size, State.REPORTED, str(group.size), cell.place, method, detail)
            )
        total = sum(group.size for group in groups)
        rule = "rule:sum-of-groups"
        detail = {"unit": "persons"}
        entry.add(Value("enrolment.target", None, total, State.DERIVED, words, cell.place, rule, detail))
    elif words in {"", "0"}:
        _empty(entry, "enrolment.target", words, cell.place)
    else:
        entry.take_words("enrolment.target", kinds.count, words, cell.place, method="column")


def design_string(entry: Gathering, cell: Cell, cells: Cells) -> None:
    """Every feature that the string names; one that names none is kept as it is."""
    features = design(cell.words)
    for feature in features:
        value, detail, state = feature.reading
        entry.add(Value(feature.field, None, value, state, feature.words, cell.place, entry.method("column"), detail))
    if not features:
        as_("design.other", blank="not selected not selected|not selected")(entry, cell, cells)


def age(field: str, zero_is_none: bool) -> Take:
    """A limit of age; for the oldest age 0 stands for none given."""
    return as_(field, who.age, blank="not applicable|0" if zero_is_none else "not applicable")


def criteria(default: str) -> Take:
    """Criteria: with headings the parts under them, else all of one kind."""

    def take(entry: Gathering, cell: Cell, cells: Cells) -> None:
        found = who.criteria(cell.words)
        if default == "exclusion" and set(found) == {"inclusion"}:
            found = {"exclusion": found["inclusion"]}
        if not found:
            _empty(entry, f"eligibility.{default}", who.plain(cell.words), cell.place)
        for part, words in found.items():
            quote = " ".join(words.split())
            method = entry.method("column")
            entry.add(Value(f"eligibility.{part}", None, words, State.REPORTED, quote, cell.place, method, NO_DETAIL))

    return take


def outcomes(member: str) -> Take:
    """Outcomes of one list, with the time points and methods that stand beside them."""

    def take(entry: Gathering, cell: Cell, cells: Cells) -> None:
        start = max((value.item or 0 for value in entry.values if value.field == "outcomes.measure"), default=0)
        found = who.outcomes(cell.words)
        if not found:
            _empty(entry, "outcomes.measure", who.plain(cell.words), cell.place)
        for item, outcome in enumerate(found, start + 1):
            entry.take_words("outcomes.measure", kinds.text, outcome.measure, cell.place, item=item, method="column")
            listed = Value(
                "outcomes.type",
                item,
                member,
                State.DERIVED,
                outcome.measure,
                cell.place,
                "rule:outcome-list",
                NO_DETAIL,
            )
            entry.add(listed)
            for field, words in (("outcomes.timepoint", outcome.timepoint), ("outcomes.method", outcome.method)):
                if words:
                    entry.take_words(field, kinds.text, words, cell.place, item=item, method="column")

    return take


def interventions(entry: Gathering, cell: Cell, cells: Cells) -> None:
    """`Drug: X;Device: Y` as two interventions with their types; any other text as one description."""
    words = who.plain(cell.words)
    said = [INTERVENTION.fullmatch(part.strip()) for part in words.split(";") if part.strip()]
    if said and all(said):
        for item, match in enumerate(said, 1):
            assert match is not None
            name, kind = match["name"], match["type"]
            entry.take_words("interventions.name", kinds.text, name, cell.place, item=item, method="column")
            read = kinds.choice("InterventionType")
            entry.take_words("interventions.type", read, kind, cell.place, item=item, method="column")
    elif who.is_missing(words):
        _empty(entry, "interventions.name", words, cell.place)
    else:
        entry.take_words("interventions.description", kinds.text, words, cell.place, item=1, method="column")


def registered(entry: Gathering, cell: Cell, cells: Cells) -> None:
    """The registration date; for ClinicalTrials.gov it is the day of first submission, which is what WHO exports."""
    dated("registration.date")(entry, cell, cells)
    date, registry = entry.known("registration.date"), entry.known("ids.primary")
    if date is not None and entry.known("registration.date_basis") is None:
        submitted = registry is not None and str(registry.value).startswith("NCT")
        basis: Any = "SUBMITTED" if submitted else "UNSPECIFIED"
        rule = "rule:who-registration-date"
        entry.add(Value("registration.date_basis", None, basis, State.DERIVED, date.quote, date.place, rule, NO_DETAIL))
