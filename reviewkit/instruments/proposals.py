"""Proposals: answers that records suggest to signalling questions, with rule, strength and quotes; never a judgement.

A registry entry, or an abstract, tells what is planned: its answers are at most "probably" and marked so, and its
silence proposes nothing. "No information" is proposed only where a report of results was searched. Pages that retell
a registry feed no proposal. What contradicts itself gets no answer but both quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.instruments.evidence import NO_INFORMATION, Cue, cues_of, masks_assessors
from reviewkit.instruments.gate import gate
from reviewkit.instruments.instrument import Attachment, Evidence, Instrument, effect_of, load
from reviewkit.instruments.quoting import once
from reviewkit.model import Finding, Place, Record, Study, Value
from reviewkit.versions import current
from reviewkit.words import Kind, State

STRENGTHS = ("weak", "medium", "strong")
DIRECTION = {"Y": "yes", "PY": "yes", "N": "no", "PN": "no"}
OVERRIDE = re.compile(r"\s*[^\s:][^:]{0,60}:\s*\S")

# Sources that hold no more of a report than its abstract.
ABSTRACT_ONLY = frozenset({"dataset-page", "biostudies", "pubmed", "medline", "ris", "europepmc", "crossref"})
NO_RESULTS = frozenset({"PROTOCOL", "CONFERENCE_ABSTRACT", "REGISTRY_ENTRY", "CORRECTION"})  # kinds of report
ACHIEVED = (
    "enrolment.randomised",
    "enrolment.actual",
    "enrolment.treated",
    "enrolment.completed",
    "enrolment.lost",
    "enrolment.analysed",
    "arms.n_randomised",
    "arms.n_analysed",
    "participants.",
    "results.",
)


class Refusal(msgspec.Struct, frozen=True):
    """Why the instrument is not for this study, the values that show it, and the instruments that fit."""

    reason: str
    because: list[Value]
    fits: list[str]


class Proposal(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer suggested to one question; `answer` is None where the cues conflict.

    `planned`: read from a plan. `post_hoc_text`: the plan was written after the trial was to end. `findings`: what the
    checks say about the matter; their values are in `because` too.
    """

    question: str
    answer: str | None
    strength: str
    planned: bool
    conflict: bool
    rule: str
    because: list[Value]
    post_hoc_text: bool = False
    findings: list[Finding] = []


class Proposals(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one study's records suggest; `refused` stands, and says why, also where `override` set it aside."""

    study: str
    instrument: str
    effect: str | None
    result: str | None
    refused: Refusal | None
    proposals: list[Proposal]
    override: str | None = None


def propose(
    study: Study,
    instrument: str = "rob2",
    effect: str | None = None,
    *,
    override: str | None = None,
    results_searched: bool | None = None,
    findings: Iterable[Finding] = (),
) -> Proposals:
    """The proposals for one study, in the order of the instrument's questions.

    `override`, such as "AB: a reason", proposes in spite of a refusal. `results_searched` says whether the study's
    publications are reports of results that were searched whole; without it each is taken for one if it has achieved
    numbers and is more than an abstract. `findings` are those of the checks on this study. Raises ReviewError for an
    unknown instrument or effect, and for an override without a name or a reason.
    """
    tool = load(instrument)
    chosen = effect_of(tool, effect)
    _check_override(override)
    records = [record for record in current(study.records) if record.kind != Kind.MIRROR]
    mirrors = [record for record in study.records if record.kind == Kind.MIRROR]
    refused, doubts = _refusal(tool, records, mirrors)
    proposals: list[Proposal] = []
    if refused is None or override is not None:
        own = {record.document for record in records}
        usable = [f for f in findings if all(value.place.document in own for value in f.because)]
        searched = [record for record in records if _is_searched(record, results_searched)]
        proposals = [
            _attach(proposal, tool.attached, usable, doubts)
            for proposal in _proposals(tool, chosen, records, searched, usable)
        ]
    told = override if refused is not None else None
    return Proposals(study.study, tool.id, chosen, None, refused, proposals, told)


def _check_override(override: str | None) -> None:
    if override is not None and not OVERRIDE.match(override):
        expected = "who decides, and why, such as 'AB: the abstract calls it randomised'"
        fix = "write initials or a name, a colon and the reason"
        raise ReviewError(Problem("override", None, shown(override), expected, fix))


def _refusal(tool: Instrument, records: list[Record], mirrors: list[Record]) -> tuple[Refusal | None, list[Value]]:
    """The refusal, if there is one, and what contradicts the design where there is none."""
    design, because = gate(records, mirrors)
    if design is None:
        return None, because
    row = next(row for row in tool.refusals if row.design == design)
    return Refusal(row.reason, because, row.fits), []


def _is_searched(record: Record, told: bool | None) -> bool:
    """Is the record a report of results that was searched whole, so that its silence means something?"""
    if record.kind != Kind.PUBLICATION:
        return False
    if told is not None:
        return told
    kind = record.first("report.kind")
    if record.source in ABSTRACT_ONLY or (kind is not None and kind.value in NO_RESULTS):
        return False
    return any(value.field.startswith(ACHIEVED) and value.value is not None for value in record.reported)


def _proposals(
    tool: Instrument, effect: str | None, records: list[Record], searched: list[Record], findings: list[Finding]
) -> list[Proposal]:
    masked = any(masks_assessors(record, tool) for record in records)
    cues = [
        cue
        for record in records
        for cue in cues_of(record, tool, effect, findings, results=record in searched, assessor_masked=masked)
    ]
    cues += _consequences(tool, cues)
    asked = {row.question: row for row in tool.evidence}
    found = []
    for question in _questions(tool, effect):
        about = [cue for cue in cues if cue.question == question]
        proposal = _settled(question, about) or _no_information(asked.get(question), about, searched)
        if proposal is not None:
            found.append(proposal)
    return found


def _questions(tool: Instrument, effect: str | None) -> list[str]:
    return [question.id for domain in tool.domains if domain.effect in (None, effect) for question in domain.questions]


def _consequences(tool: Instrument, cues: list[Cue]) -> list[Cue]:
    """Cues that the answer to one question gives to another which no cue answers."""
    found = []
    for row in tool.consequences:
        source = _settled(row.source, [cue for cue in cues if cue.question == row.source])
        answered = any(cue.question == row.question and cue.answer != NO_INFORMATION for cue in cues)
        if source is not None and source.answer in row.answers.split() and not answered:
            found.append(
                Cue(
                    row.question, row.answer, row.strength, row.id, source.because, source.planned, source.post_hoc_text
                )
            )
    return found


def _settled(question: str, cues: list[Cue]) -> Proposal | None:
    """The answer that the cues agree on, or their conflict; None if none of them answers.

    A convention gives way to anything explicit and conflicts with nothing.
    """
    answering = [cue for cue in cues if cue.answer != NO_INFORMATION]
    heard = [cue for cue in answering if cue.strength != "weak"] or answering
    if not heard:
        return None
    first, *others = sorted(heard, key=_standing, reverse=True)
    because = once(value for cue in (first, *others) for value in cue.because)
    post_hoc = any(cue.post_hoc for cue in heard if cue.planned == first.planned)  # a paper's answer is no late plan
    if len({DIRECTION[cue.answer] for cue in heard}) > 1:
        planned = all(cue.planned for cue in heard)
        return Proposal(question, None, "weak", planned, True, "conflicting-cues", because, post_hoc)
    return Proposal(question, first.answer, first.strength, first.planned, False, first.rule, because, post_hoc)


def _standing(cue: Cue) -> tuple[int, bool, bool]:
    """What is explicit before what is inferred, what was done before what was planned, yes before probably yes."""
    return STRENGTHS.index(cue.strength), not cue.planned, not cue.answer.startswith("P")


def _no_information(asked: Evidence | None, cues: list[Cue], searched: list[Record]) -> Proposal | None:
    """NI, if a report of results was searched for it: with the words that leave it open, else with its silence."""
    if asked is None or not searched:
        return None
    silence = [
        Value(asked.field, None, None, State.NOT_REPORTED, None, Place(record.document), "rule:searched-and-silent")
        for record in searched
    ]
    if all(cue.planned for cue in cues):  # what the reports say nothing of, whatever a plan leaves open
        because = once([*silence, *(value for cue in cues for value in cue.because)])
        return Proposal(asked.question, NO_INFORMATION, "weak", False, False, "searched-and-silent", because)
    first = max((cue for cue in cues if not cue.planned), key=_standing)
    because = once(value for cue in cues for value in cue.because)
    return Proposal(asked.question, NO_INFORMATION, first.strength, False, False, first.rule, because)


def _attach(
    proposal: Proposal, attached: Iterable[Attachment], findings: list[Finding], doubts: list[Value]
) -> Proposal:
    """The proposal with the findings a person must see beside it, and what contradicts the design."""
    wanted = {(row.check, row.verdict) for row in attached if proposal.question in row.question.split()}
    beside = [finding for finding in findings if (finding.check, finding.verdict) in wanted]
    because = once([*proposal.because, *(value for finding in beside for value in finding.because), *doubts])
    return msgspec.structs.replace(proposal, because=because, findings=beside)
