"""One trial in one of WHO's forms (ICTRP's exports, the exchange XML): named cells become values.

What a column is called differs from form to form, what it means does not: a `Column` says what a blank cell is silent
about and how a filled one is taken. Exports hold 200,000 trials, so values are appended as they are read, and only a
record in which a field stands twice is looked through again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any, NamedTuple

from reviewkit import countries, kinds
from reviewkit.documents import Document, unreadable
from reviewkit.fields import sayable
from reviewkit.identifiers import UTN, TrialId, find_ids, read_trial_id
from reviewkit.kinds import Reading
from reviewkit.model import NO_DETAIL, Place, Record, Value
from reviewkit.sources import who_words as who
from reviewkit.sources.collect import Gathering
from reviewkit.sources.who_design import Patterns, design, masking
from reviewkit.words import State

SAID = """
ids.primary ids.registry ids.secondary.id ids.secondary.type ids.secondary.issuer
title.public title.scientific acronym objective registration.date registration.date_basis
status.recruitment date.first_enrolment date.completion study_type
design.purpose design.phase design.allocation design.model design.control design.n_arms design.observational_model
design.time_perspective design.other random.method random.type random.concealment
masking.label masking.roles masking.description
enrolment.target enrolment.actual arms.label arms.n_target
interventions.name interventions.type interventions.description conditions condition_codes.system
condition_codes.code condition_codes.term keywords intervention_codes.code
eligibility.inclusion eligibility.exclusion eligibility.age_min eligibility.age_max
eligibility.sex outcomes.measure outcomes.type outcomes.timepoint outcomes.method countries
sponsor.primary sponsor.secondary funders.name ethics.committee ethics.status ethics.date
ipd.plan ipd.description results.posted results.date results.first_published results.url results.protocol_url
results.summary source.url source.export_date
"""
KIND = "registry"
FIELDS = sayable(SAID.split())
REPORTED, DERIVED, EMPTY, UNCLEAR = State.REPORTED, State.DERIVED, State.EMPTY_IN_SOURCE, State.UNCLEAR
PERSONS = {"unit": "persons"}
ETHICS_STATUS = {
    **dict.fromkeys(["approved", "yes"], "APPROVED"),
    **dict.fromkeys(["not approved", "refused"], "NOT_APPROVED"),
    **dict.fromkeys(["pending", "submitted, not yet approved"], "PENDING"),
    "not required": "NOT_REQUIRED",
    "not available": "NOT_AVAILABLE",
}
IPD_PLAN = {"yes": "YES", "no": "NO", "undecided": "UNDECIDED", "not applicable": "NOT_APPLICABLE"}


class Entry(Gathering):
    """Gathers one trial; `how` is the method of what is read as it stands."""

    def __init__(self, document: Document, source: str, method: str):
        super().__init__(document, source, KIND, FIELDS)
        self.how = f"{source}:{method}"
        self.number: TrialId | None = None
        self.dated = False  # is the registration date read?
        self.twice = False  # may a field stand twice?
        self.counted: dict[str, int] = {}  # field that opens a group -> members so far

    def tell(self, field: str, value: Any, words: str, place: Place, *, item: int | None = None) -> None:
        """Add what was read as it stands, without anything to say beside it."""
        self.values.append(Value(field, item, value, REPORTED, words, place, self.how, NO_DETAIL))

    def derive(self, field: str, value: Any, rule: str, words: str, place: Place, *, item: int | None = None) -> None:
        """Add what a named rule makes of words."""
        self.values.append(Value(field, item, value, DERIVED, words, place, f"rule:{rule}", NO_DETAIL))

    def blank(self, field: str, words: str, place: Place) -> None:
        """Add a blank cell: `words` are the label, or what it holds to say that there is nothing."""
        self.values.append(Value(field, None, None, EMPTY, words, place, self.how, NO_DETAIL))

    def said(self, field: str, read: Callable[[str], Reading], words: str, place: Place, item: int | None) -> None:
        """Add what a reader makes of words; what it cannot read is UNCLEAR, with one notice."""
        try:
            value, detail, state = read(words)
        except ValueError as error:
            unreadable(self.document, words, place, str(error))
            value, detail, state = None, NO_DETAIL, UNCLEAR
        self.values.append(Value(field, item, value, state, words, place, self.how, detail))

    def next(self, field: str) -> int:
        """The number of the next member of the group that `field` opens."""
        number = self.counted[field] = self.counted.get(field, 0) + 1
        return number

    def record(self, recognised_by: str, number: int = 1) -> Record:
        """The record; what is said twice stands once, and a blank not beside its own value."""
        values = self.values
        if self.twice and len({(value.field, value.item) for value in values}) < len(values):
            values = _without_blanks(values)
            if len({(value.field, value.item) for value in values}) < len(values):
                self.values = []
                for value in values:
                    self.add(value)
                return super().record(recognised_by, number)
        document = self.document
        return Record(document.name, number, document.sha256, self.source, recognised_by, KIND, values, [], FIELDS)


def _without_blanks(values: list[Value]) -> list[Value]:
    """The values without those blanks whose field is filled elsewhere."""
    blank = {value.field for value in values if value.state is EMPTY}
    filled = {value.field for value in values if value.field in blank and value.value is not None}
    return [value for value in values if value.state is not EMPTY or value.field not in filled]


Take = Callable[[Entry, str, Place], None]  # the entry, the words of a cell, and where they stand


class Column(NamedTuple):
    """What a column tells: the field that a blank cell is silent about, and what is done with a filled one."""

    field: str
    take: Take


class Told(NamedTuple):
    """What a cell's words were read as; `expected` is what was wanted where they could not be read."""

    value: Any
    detail: dict[str, Any]
    state: State
    words: str
    expected: str = ""


def text(field: str, *, item: int | None = None, blank: str = "") -> Column:
    """The words of a cell themselves; `blank` are words for none, beside the usual ones."""
    empty = who.MISSING.union(blank.casefold().split("|"))
    longest = max(map(len, empty)) + 2

    def take(entry: Entry, words: str, place: Place) -> None:
        plain = who.plain(words)
        if len(plain) <= longest and plain.casefold().strip(" .") in empty:
            entry.blank(field, plain, place)
        else:
            entry.values.append(Value(field, item, plain, REPORTED, plain, place, entry.how, NO_DETAIL))

    return Column(field, take)


def as_(
    field: str, read: Callable[[str], Reading], *, item: int | None = None, blank: str = "", filled: str = ""
) -> Column:
    """The words of a cell as a code, date or number; `filled` are words that say something though they mean none
    elsewhere."""
    empty = who.MISSING.union(blank.casefold().split("|")).difference(filled.casefold().split("|")) | {""}

    def told(words: str) -> Told:
        plain = who.plain(words)
        if plain.casefold().strip(" .") in empty:
            return Told(None, NO_DETAIL, EMPTY, plain)
        try:
            value, detail, state = read(plain)
        except ValueError as error:
            return Told(None, NO_DETAIL, UNCLEAR, plain, str(error))
        return Told(value, detail, state, plain)

    known = lru_cache(maxsize=4096)(told)

    def take(entry: Entry, words: str, place: Place) -> None:
        value, detail, state, plain, expected = known(words) if len(words) < who.REMEMBERED else told(words)
        if expected:
            unreadable(entry.document, plain, place, expected)
        number = None if state is EMPTY else item
        entry.values.append(Value(field, number, value, state, plain, place, entry.how, detail))

    return Column(field, take)


def dated(field: str, kind: str = "UNKNOWN") -> Column:
    """A date, day first; `0` and the first days of spreadsheets' calendars stand for none."""
    return as_(
        field,
        partial(who.date, kind=kind),
        blank="0|1900-01-01|01/01/1900|1/1/1900|1900-01-01 00:00:00|0000-00-00|00/00/0000|not applicable",
    )


def parts(field: str, read: Callable[[str], Reading] | None = None) -> Column:
    """The parts of a cell between semicolons, each an item, each once."""

    def take(entry: Entry, words: str, place: Place) -> None:
        members = [plain for part in words.split(";") if not who.is_missing(plain := who.plain(part))]
        if not members:
            entry.blank(field, who.plain(words), place)
        for part in dict.fromkeys(members):
            if read:
                entry.said(field, read, part, place, entry.next(field))
            else:
                entry.tell(field, part, part, place, item=entry.next(field))

    return Column(field, take)


def answers(field: str, read: Callable[[str], Reading], *, blank: str = "", filled: str = "") -> Column:
    """Answers between semicolons, one for each member of a group that has columns side by side."""
    empty = who.MISSING.union(blank.split("|")).difference(filled.split("|")) | {""}

    def take(entry: Entry, words: str, place: Place) -> None:
        said = [who.plain(part) for part in words.split(";")]
        if all(part.casefold() in empty for part in said):
            entry.blank(field, who.plain(words), place)
        for item, part in enumerate(said, 1):
            if part.casefold() not in empty:
                entry.said(field, read, part, place, item)

    return Column(field, take)


def number(entry: Entry, words: str, place: Place) -> None:
    """The registration number and its registry; WHO's prefixes (JPRN-, EUCTR, CTIS) are none of it."""
    plain = who.plain(words)
    try:
        found = read_trial_id(plain)
    except ValueError:
        entry.said("ids.primary", kinds.trial_id, plain, place, None)
        return
    entry.number = found
    entry.tell("ids.primary", found.value, plain, place)
    entry.derive("ids.registry", found.registry, "registry-of-number", plain, place)


def secondary(entry: Entry, words: str, place: Place) -> None:
    """Other numbers, and what kind of number each is, told from its form."""
    said = [part.strip() for line in who.lines(words) for part in re.split(r"[;|]|,\s", line)]
    members = [part for part in dict.fromkeys(said) if not who.is_missing(part)]
    if not members:
        entry.blank("ids.secondary.id", who.plain(words), place)
    for part in members:
        secondary_number(entry, part, place)


def secondary_number(entry: Entry, part: str, place: Place) -> int | None:
    """One number of another registry or owner, and which it is in the list; the trial's own number is none."""
    own = entry.number
    found = find_ids(part)
    if own is not None and any(other.value == own.value for other in found):
        return None
    item = entry.next("ids.secondary.id")
    try:
        told = read_trial_id(part)
    except ValueError:
        entry.tell("ids.secondary.id", part, part, place, item=item)
        return item
    entry.tell("ids.secondary.id", told.value, part, place, item=item)
    kind = {"EUCTR": "EUDRACT", UTN: "UTN"}.get(told.registry, "REGISTRY")
    entry.derive("ids.secondary.type", kind, "type-of-number", part, place, item=item)
    return item


def size(entry: Entry, words: str, place: Place) -> None:
    """One number, or one a group: then the sum is derived. 0 stands for none given."""
    plain = who.plain(words)
    if plain.isdecimal() and plain != "0" and len(plain) < 10:
        entry.values.append(Value("enrolment.target", None, int(plain), REPORTED, plain, place, entry.how, PERSONS))
        return
    groups = who.groups(plain)
    total = sum(group.size for group in groups)
    if (groups and not total) or plain == "0" or who.is_missing(plain):
        entry.blank("enrolment.target", plain, place)
    elif groups:
        for group in groups:
            item = entry.next("arms.label")
            entry.tell("arms.label", group.label, group.label, place, item=item)
            entry.values.append(
                Value("arms.n_target", item, group.size, REPORTED, group.words, place, entry.how, PERSONS)
            )
        rule = "rule:sum-of-groups"
        entry.values.append(Value("enrolment.target", None, total, DERIVED, plain, place, rule, PERSONS))
    else:
        entry.said("enrolment.target", kinds.count, plain, place, None)


def design_string(entry: Entry, words: str, place: Place) -> None:
    """Every feature that the string names; one that names none is kept as it is."""
    features = design(words)
    for feature in features:
        value, detail, state = feature.reading
        how = "rule:open-label-masks-nobody" if state is DERIVED else entry.how
        entry.values.append(Value(feature.field, None, value, state, feature.words, place, how, detail))
    if not features:
        OTHER_DESIGN.take(entry, words, place)


OTHER_DESIGN = text("design.other", blank="not selected not selected|not selected|not applicable|other")


def masked(entry: Entry, words: str, place: Place) -> None:
    """The answer on masking where it has a column of its own: `Double (…)`, `MASKING: BLINDED|DOUBLE`."""
    plain = who.plain(words)
    told = re.sub(r"(?i)^(?:masking\s*:\s*)?(?:blinded\s*\|\s*(?=\w))?", "", plain)
    features = list(masking(told))
    if not features:
        entry.blank("masking.label", plain, place)
    for feature in features:
        value, detail, state = feature.reading
        how = "rule:open-label-masks-nobody" if state is DERIVED else entry.how
        entry.values.append(Value(feature.field, None, value, state, plain, place, how, detail))


def one_of(patterns: Patterns) -> Callable[[str], Reading]:
    """A reader of the answers of a design string where one has a column of its own."""

    def read(words: str) -> Reading:
        member = next((member for pattern, member in patterns if pattern.match(words)), None)
        if member is None:
            raise ValueError("an answer as the registries give it")
        return Reading(member, {"as_written": words})

    return read


def age(field: str, blank: str = "") -> Column:
    """A limit of age; ClinicalTrials.gov says N/A where there is none, other registries where nothing is said."""
    limit = as_(field, who.age, blank=f"not applicable|{blank}", filled="none")
    no_limit = {"unit": None, "no_limit": True}

    def take(entry: Entry, words: str, place: Place) -> None:
        own = entry.number
        if own is not None and own.registry == "CTGOV" and words.strip().casefold() == "n/a":
            entry.values.append(Value(field, None, None, REPORTED, words.strip(), place, entry.how, no_limit))
        else:
            limit.take(entry, words, place)

    return Column(field, take)


def criteria(default: str) -> Column:
    """Criteria: with headings the parts under them, else all of one kind."""
    field = f"eligibility.{default}"

    def take(entry: Entry, words: str, place: Place) -> None:
        found = who.criteria(words, default)
        if not found:
            entry.blank(field, who.plain(words), place)
        entry.twice = entry.twice or len(found) > 1 or default not in found
        for part, told in found.items():
            entry.tell(f"eligibility.{part}", told, told.replace("\n", " "), place)

    return Column(field, take)


class Fact(NamedTuple):
    """One fact of a cell with many: its field, the field that opens its group, whether it opens a new member of the
    group, its value and its words; a value of None is a text that could not be read, and `words` what it was."""

    field: str
    group: str
    opens: bool
    value: str | None
    words: str


def facts(field: str, read: Callable[[str], tuple[Fact, ...]], expected: str = "") -> Column:
    """A cell with many facts; `read` takes it apart, and `expected` is what was wanted where a fact is none."""

    def take(entry: Entry, words: str, place: Place) -> None:
        said = read(words)
        if not said:
            entry.blank(field, who.plain(words), place)
        for name, group, opens, value, told in said:
            item = entry.next(group) if opens else entry.counted[group]
            state = REPORTED
            if value is None:
                unreadable(entry.document, told, place, expected)
                state = UNCLEAR
            entry.values.append(Value(name, item, value, state, told, place, entry.how, NO_DETAIL))

    return Column(field, take)


HEALTH_CONDITION = re.compile(r"Health Condition ?\d+ ?: ?")  # CTRI's label
CODE = r"[A-Z]\d{2}(?:\.\d{1,3})*(?:-[A-Z]\d{2}(?:\.\d{1,3})*)?|\d{3,10}"
CODE_AND_TERM = re.compile(rf"(?P<code>{CODE}|[A-Z]\d{{3,4}})(?: ?- (?P<term>.+))?")
MEDDRA = re.compile(
    r"MedDRA version: ?[\d.]+\s+Level: ?\w+\s+Classification code ?(?P<code>\d+)\s+Term: ?(?P<term>[^;]{1,200}?)"
    r"\s+System Organ Class: ?[^;]*"
)
LISTED = re.compile(r"[;\n]")


@who.remembered
def _conditions(words: str) -> tuple[Fact, ...]:
    """The conditions of a cell: free words and keywords, parted by semicolons, breaks and lines; codes apart."""
    told = "\n".join(who.lines(words)) if "<" in words or "\n" in words or ";" in words else words
    found: list[Fact] = []
    if "MedDRA" in told:
        for match in MEDDRA.finditer(told):
            found += _code_facts(match["code"], match["term"].strip(), "MedDRA")
        # EU-CTR's own words on the condition run over lines.
        members = [" ".join(part.split()) for part in MEDDRA.sub(";", told).split(";")]
    else:
        members = LISTED.split(told) if ";" in told or "\n" in told else [who.plain(told)]
    for part in dict.fromkeys(map(_condition, members)):
        if who.is_missing(part) or part.casefold() == "not applicable":
            continue
        if part.startswith("Therapeutic area:"):
            found.append(Fact("keywords", "keywords", True, part, part))
            continue
        code = CODE_AND_TERM.fullmatch(part) if part[1:2].isdigit() else None
        if code:
            found += _code_facts(code["code"], code["term"])
        if condition := code["term"] if code else part:
            found.append(Fact("conditions", "conditions", True, condition, condition))
    return tuple(found)


def _condition(words: str) -> str:
    told = words.strip(" .")
    return HEALTH_CONDITION.sub("", told, count=1) if told.startswith("Health Condition") else told


def _code_facts(code: str, term: str | None, system: str | None = None) -> list[Fact]:
    said = {"condition_codes.code": code, "condition_codes.system": system, "condition_codes.term": term}
    group = "condition_codes.code"
    return [Fact(field, group, field == group, words, words) for field, words in said.items() if words]


@who.remembered
def _countries(words: str) -> tuple[Fact, ...]:
    """Countries between semicolons, each once; a name that holds a comma is tried whole before its parts."""
    said: dict[str, Fact] = {}  # code, or words that are no country -> the first that said it
    for part in words.split(";"):
        plain = who.plain(part)
        if who.is_missing(plain) or plain.casefold() == "no country given":
            continue
        for member in [plain] if _code(plain) or "," not in plain else map(str.strip, plain.split(",")):
            code = _code(member)
            said.setdefault(code or member, Fact("countries", "countries", True, code, member))
    return tuple(said.values())


@who.remembered
def _code(name: str) -> str | None:
    try:
        return str(who.country(name).value)
    except ValueError:
        return None


conditions = facts("conditions", _conditions)
recruiting_countries = facts("countries", _countries, countries.EXPECTED)


def outcomes(member: str) -> Column:
    """Outcomes of one list, with the time points and methods that stand beside them."""

    def take(entry: Entry, words: str, place: Place) -> None:
        if (aim := who.objective(words)) and member == "PRIMARY":
            entry.tell("objective", aim, aim, place)
        found = who.outcomes(words)
        if not found:
            entry.blank("outcomes.measure", who.plain(words), place)
        how, values = entry.how, entry.values
        for measure, timepoint, method in found:
            item = entry.next("outcomes.measure")
            values.append(Value("outcomes.measure", item, measure, REPORTED, measure, place, how, NO_DETAIL))
            values.append(Value("outcomes.type", item, member, DERIVED, measure, place, "rule:outcome-list", NO_DETAIL))
            if timepoint:
                values.append(Value("outcomes.timepoint", item, timepoint, REPORTED, timepoint, place, how, NO_DETAIL))
            if method:
                values.append(Value("outcomes.method", item, method, REPORTED, method, place, how, NO_DETAIL))

    return Column("outcomes.measure", take)


TYPES = (
    "Drug|Biological|Device|Procedure|Radiation|Behavioral|Genetic|Dietary Supplement|Combination Product"
    "|Diagnostic Test|Other"
)
TYPED = re.compile(rf"(?P<type>{TYPES})\s?:\s?(?P<name>.*\S)", re.DOTALL)
NEXT_TYPED = re.compile(rf";\s?(?=(?:{TYPES})\s?:)")
NUMBERED = re.compile(r"Intervention ?\d{1,2} ?: ?")
INTERVENTION_TYPE = kinds.choice("InterventionType")


@who.remembered
def _interventions(words: str) -> tuple[Fact, ...]:
    """`Drug: X;Device: Y` as interventions with their types, `Intervention 1: …` as descriptions, a list that opens
    with a semicolon as names; any other text as one description."""
    told = who.plain(words)
    if TYPED.match(told):
        matches = filter(None, map(TYPED.fullmatch, NEXT_TYPED.split(told.strip(" ;"))))
        return tuple(fact for match in matches for fact in _typed(match))
    if told.startswith(";"):
        return _listed("interventions.name", told.split(";"))
    if NUMBERED.match(told):
        said = (part.removesuffix(" Control ") for part in NUMBERED.split(told))  # CTRI: `Control Intervention1:`
        return _listed("interventions.description", said)
    return () if who.is_missing(told.strip(" ;")) else _listed("interventions.description", [told])


def _typed(match: re.Match[str]) -> tuple[Fact, Fact]:
    name, kind, group = match["name"], match["type"], "interventions.name"
    member = INTERVENTION_TYPE(kind).value
    return Fact(group, group, True, name, name), Fact("interventions.type", group, False, member, kind)


def _listed(field: str, said: Iterable[str]) -> tuple[Fact, ...]:
    return tuple(Fact(field, "interventions.name", True, part, part) for told in said if (part := told.strip()))


interventions = facts("interventions.name", _interventions)


REGISTRATION = dated("registration.date")


def registered(entry: Entry, words: str, place: Place) -> None:
    """The registration date; for ClinicalTrials.gov it is the day of first submission, which is what WHO exports."""
    if entry.dated:
        return
    REGISTRATION.take(entry, words, place)
    told = entry.values[-1]
    if told.value is not None:
        entry.dated = True
        submitted = entry.number is not None and entry.number.registry == "CTGOV"
        basis = "SUBMITTED" if submitted else "UNSPECIFIED"
        entry.derive("registration.date_basis", basis, "who-registration-date", told.quote or "", place)
