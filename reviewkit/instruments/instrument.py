"""An assessment instrument as its file states it: domains, questions, decision tables, and what records may suggest.

One TOML file an instrument; `rob2.toml` explains its own parts. Loading checks the shape; that every set of answers
meets exactly one row is for the tests to show.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import msgspec

from reviewkit.errors import Problem, ReviewError
from reviewkit.words import nearest

NOT_ASKED = "NA"  # what a question that is not asked counts as


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of an instrument's file: a key that is not named below is an error."""


class Question(Part, frozen=True):
    """A signalling question. `answers`: codes parted by blanks; `asked_if`: alternatives, each question -> answers."""

    id: str
    label: str
    answers: str
    asked_if: tuple[dict[str, str], ...] = ()


class Table(Part, frozen=True):
    """A decision table: a row has a cell a question (codes parted by blanks, or `*`) and the judgement at its end."""

    questions: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Domain(Part, frozen=True):
    """One domain; `effect` where its questions depend on the effect of interest."""

    id: str
    title: str
    questions: tuple[Question, ...] = msgspec.field(name="question")
    tables: tuple[Table, ...] = msgspec.field(name="table")
    effect: str | None = None


class OverallRow(Part, frozen=True):
    """A judgement over all domains, and which judgements of domains lead to it."""

    judgement: str
    any: str | None = None
    none: str | None = None
    every: str | None = None


class RefusalRow(Part, frozen=True):
    """A design that the instrument is not for, why, and the instruments that fit."""

    design: str
    reason: str
    fits: list[str]


class Evidence(Part, frozen=True):
    """Where the answer to a question may be read; see the instrument's file."""

    question: str
    concept: str
    field: str
    role: str | None = None
    perhaps: str | None = None
    convention: tuple[str, ...] = ()


class Suggestion(Part, frozen=True):
    """What a statement with this label suggests for these questions (parted by blanks)."""

    id: str
    question: str
    label: str
    answer: str
    strength: str
    cues: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()


class ValueSuggestion(Part, frozen=True):
    """What a member of a coded field suggests by itself."""

    id: str
    question: str
    field: str
    member: str
    answer: str
    strength: str
    effect: str | None = None
    results_only: bool = False


class FindingSuggestion(Part, frozen=True):
    """What a finding suggests in a record without a statement labelled `unless` about the same question."""

    id: str
    question: str
    check: str
    unless: str
    answer: str
    strength: str


class Consequence(Part, frozen=True):
    """What an answer to the question `source` suggests for another that nothing else answers."""

    id: str
    question: str
    source: str
    answers: str
    answer: str
    strength: str


class Attachment(Part, frozen=True):
    """A finding that goes with every proposal for these questions (parted by blanks)."""

    check: str
    verdict: str
    question: str


class Instrument(Part, frozen=True):
    """One instrument; the first of `effects` is meant where none is named; `levels` go from best to worst."""

    id: str
    name: str
    version: str
    design: str
    unit: str
    citation: str
    levels: tuple[str, ...]
    answers: dict[str, str]
    domains: tuple[Domain, ...] = msgspec.field(name="domain")
    overall: tuple[OverallRow, ...]
    effects: tuple[str, ...] = ()
    refusals: tuple[RefusalRow, ...] = msgspec.field(name="refusal", default=())
    evidence: tuple[Evidence, ...] = ()
    suggestions: tuple[Suggestion, ...] = msgspec.field(name="suggestion", default=())
    value_suggestions: tuple[ValueSuggestion, ...] = msgspec.field(name="value", default=())
    finding_suggestions: tuple[FindingSuggestion, ...] = msgspec.field(name="finding", default=())
    consequences: tuple[Consequence, ...] = msgspec.field(name="consequence", default=())
    attached: tuple[Attachment, ...] = ()


def load(name: str) -> Instrument:
    """The instrument of that name; ReviewError with the nearest one if there is none."""
    # Only when called: the tuple stands in the room's __init__, which imports this module.
    from reviewkit.instruments import INSTRUMENTS

    if name not in INSTRUMENTS:
        raise unknown("instrument", name, INSTRUMENTS, where="instruments")
    return _load(name)


@cache
def _load(name: str) -> Instrument:
    text = Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Instrument)


def domain_of(instrument: Instrument, domain: str, effect: str | None) -> Domain:
    """One domain for one effect of interest; ReviewError for an effect or a domain that is none of the instrument's."""
    chosen = effect_of(instrument, effect)
    for found in instrument.domains:
        if found.id == domain and found.effect in (None, chosen):
            return found
    raise unknown("domain", domain, domain_ids(instrument), where=instrument.name)


def domain_ids(instrument: Instrument) -> tuple[str, ...]:
    """The ids of the domains, each once, in order."""
    return tuple(dict.fromkeys(domain.id for domain in instrument.domains))


def effect_of(instrument: Instrument, effect: str | None) -> str | None:
    """The effect of interest that is meant: the one named, else the instrument's first."""
    if effect is None:
        return instrument.effects[0] if instrument.effects else None
    if effect not in instrument.effects:
        raise unknown("effect of interest", effect, instrument.effects, where=instrument.name)
    return effect


def unknown(what: str, found: object, legal: tuple[str, ...], *, where: str) -> ReviewError:
    """The error for a name that is none of the legal ones, with the nearest of them."""
    close = nearest(str(found), legal)
    fix = f"did you mean {close!r}?" if close else f"use one of the {what}s named" if legal else "leave it out"
    return ReviewError(Problem(where, None, f"no {what} {found!r}", _one_of(legal), fix))


def _one_of(legal: tuple[str, ...]) -> str:
    return "one of " + ", ".join(legal) if legal else "none"
