"""What one record suggests for the questions of an instrument: cues, each with its rule, strength and quotes.

Reads values and statements, never text. A cue may say NI: words about the matter that do not settle it.
Strength: strong is an explicit mechanism or role, medium one inference, weak a convention.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reviewkit import dates
from reviewkit.instruments.instrument import Evidence, Instrument, Suggestion
from reviewkit.instruments.quoting import once, statement_value
from reviewkit.model import Finding, Record, Statement, Value
from reviewkit.words import Kind

NO_INFORMATION = "NI"
FROM_SENTENCE = ":masked-roles"  # the rule that reads roles out of prose; other lists are filled in by choosing
AT_MOST = {"Y": "PY", "N": "PN"}  # what a plan can say: things may have gone otherwise
ENDS = ("date.recruitment_end", "date.primary_completion", "date.completion")
WRITTEN = ("registration.last_update", "registration.date", "source.version_date")
# ClinicalTrials.gov protocol data elements: masking is "Quadruple" if these four are masked.
ALL_FOUR = frozenset({"PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"})


class Cue(NamedTuple):
    """One suggestion for one question; `planned`: read from a plan; `post_hoc`: written after the planned end."""

    question: str
    answer: str
    strength: str
    rule: str
    because: list[Value]
    planned: bool = False
    post_hoc: bool = False


def cues_of(
    record: Record,
    tool: Instrument,
    effect: str | None,
    findings: Iterable[Finding],
    *,
    results: bool,
    assessor_masked: bool,
) -> list[Cue]:
    """Every cue of one record. `results`: it is a report whose text was searched, so what it says was done.

    `assessor_masked`: some record of the study says that the assessors were masked, though the trial be open.
    """
    found = [
        *_statement_cues(record, tool),
        *_value_cues(record, tool, effect, results=results),
        *_finding_cues(record, tool, findings),
        *(cue for asked in tool.evidence if asked.role for cue in _masking_cues(record, asked, assessor_masked)),
    ]
    if results:
        return found
    post_hoc = is_post_hoc(record)
    return [cue._replace(answer=AT_MOST.get(cue.answer, cue.answer), planned=True, post_hoc=post_hoc) for cue in found]


def is_post_hoc(record: Record) -> bool:
    """Was this registry text last written after the trial's recruitment or completion was to end?

    True only if every day that the dates can mean says so.
    """
    if record.kind != Kind.REGISTRY:
        return False
    written = [dates.first_day(value.value) for field in WRITTEN for value in record.known(field)]
    ends = [dates.last_day(value.value) for field in ENDS for value in record.known(field)]
    return bool(written and ends) and max(written) > min(ends)


def masks_assessors(record: Record, tool: Instrument) -> bool:
    """Does the record say that those who assess outcomes are masked?"""
    listed = any("OUTCOMES_ASSESSOR" in value.value for value in record.known("masking.roles"))
    concepts = {asked.concept for asked in tool.evidence if asked.role == "OUTCOMES_ASSESSOR"}
    return listed or any(said.concept in concepts and said.label == "blinded" for said in record.statements)


def _statement_cues(record: Record, tool: Instrument) -> Iterator[Cue]:
    for asked in tool.evidence:
        for statement in record.statements:
            if statement.concept == asked.concept and (row := _suggestion(tool, asked.question, statement)):
                because = [statement_value(record, statement, asked.field)]
                yield Cue(asked.question, row.answer, row.strength, row.id, because)


def _suggestion(tool: Instrument, question: str, statement: Statement) -> Suggestion | None:
    """The first row that fits the statement."""
    fitting = (
        row
        for row in tool.suggestions
        if question in row.question.split()
        and statement.label == row.label
        and (not row.cues or statement.rule in row.cues)
        and (not row.begins or statement.quote.casefold().startswith(row.begins))
    )
    return next(fitting, None)


def _value_cues(record: Record, tool: Instrument, effect: str | None, *, results: bool) -> Iterator[Cue]:
    for row in tool.value_suggestions:
        if (row.results_only and not results) or row.effect not in (None, effect):
            continue
        for value in record.known(row.field):
            if row.member == value.value or (isinstance(value.value, list) and row.member in value.value):
                yield Cue(row.question, row.answer, row.strength, row.id, [value])


def _finding_cues(record: Record, tool: Instrument, findings: Iterable[Finding]) -> Iterator[Cue]:
    concepts = {asked.question: asked.concept for asked in tool.evidence}
    for row in tool.finding_suggestions:
        against = any(s.concept == concepts.get(row.question) and s.label == row.unless for s in record.statements)
        for finding in findings:
            own = [value for value in finding.because if value in record.reported]
            if finding.check == row.check and own and not against:
                yield Cue(row.question, row.answer, row.strength, row.id, own)


def _masking_cues(record: Record, asked: Evidence, assessor_masked: bool) -> Iterator[Cue]:
    """What the list of masked roles and the masking label say of one role."""
    named = [value for value in record.known("masking.roles") if value.value]
    labels = record.known("masking.label")
    opened = [value for value in labels if value.value == "NONE"] + [
        v for v in record.known("masking.roles") if not v.value
    ]
    for value in named:
        yield from _listed(
            value, asked, whole=record.kind == Kind.REGISTRY and not value.method.endswith(FROM_SENTENCE)
        )
    if opened and asked.role == "OUTCOMES_ASSESSOR" and not assessor_masked:
        yield Cue(asked.question, "Y", "medium", "open-so-assessors-too", once(opened))
    elif opened and asked.role != "OUTCOMES_ASSESSOR":
        yield Cue(asked.question, "Y", "strong", "open-label", once(opened))
    if not named and not _names_roles(record):
        yield from _conventional(record, asked, labels, disputed=bool(opened))


def _listed(roles: Value, asked: Evidence, *, whole: bool) -> Iterator[Cue]:
    """A role in the list is masked. One that is absent from a `whole` list is not, unless the list names one that may
    be the same people; a sentence that names some parties says nothing of the others."""
    if asked.role in roles.value:
        yield Cue(asked.question, "N", "strong", "role-listed", [roles])
    elif asked.perhaps in roles.value:
        yield Cue(asked.question, NO_INFORMATION, "medium", "role-may-be-listed", [roles])
    elif whole:
        yield Cue(asked.question, "PY", "medium", "role-not-listed", [roles])


def _names_roles(record: Record) -> bool:
    """Does any statement name a party that is blinded?"""
    return any(said.concept.startswith("blinding_") and said.label == "blinded" for said in record.statements)


def _conventional(record: Record, asked: Evidence, labels: list[Value], *, disputed: bool) -> Iterator[Cue]:
    """A label without roles: by convention these people probably could not tell.

    Weak, so that any explicit word outweighs it; not where the same record also calls the trial open (`disputed`):
    the two words contradict each other, and a person must see both.
    """
    registry = record.first("ids.registry")
    for label in labels:
        if label.value == "QUADRUPLE" and registry is not None and registry.value == "CTGOV" and asked.role in ALL_FOUR:
            yield Cue(asked.question, "N", "medium", "quadruple-is-all-four", [label])
        elif label.value in asked.convention:
            yield Cue(asked.question, "PN", "medium" if disputed else "weak", "blind-by-convention", [label])
        elif label.value != "NONE":
            yield Cue(asked.question, NO_INFORMATION, "medium", "label-without-roles", [label])
