"""The design gate: is this a study the instrument is for? Asked before any question is.

"Assigned", "allocated" and "enrolled into the group" are no evidence of randomisation; a field that says so, or a
statement about how chance was used, is. Single-arm, non-randomised, cluster and crossover designs are refused with the
words that show them; a design that contradicts itself is not, but its contradiction goes with every proposal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from reviewkit.instruments.quoting import once, statement_value
from reviewkit.model import Record, Statement, Value

SEVERAL_GROUPS = frozenset({"PARALLEL", "CROSSOVER", "FACTORIAL"})  # sequential cohorts are often one arm
# Foreseeable, but a rule that was meant to mix the groups: RoB 2 may be used and answers its first question with no.
QUASI_RANDOM = frozenset({"sequence-by-turn", "sequence-by-date", "sequence-by-record-number"})
DESIGN_FIELD = "design.other"  # what a statement about the design is told under
SEARCH_TERMS = ("ids.primary", "title.public", "title.scientific", "sponsor.primary")


class Gate(NamedTuple):
    """`refused`: the design that the instrument is not for, or None; `because`: the values that show it.

    Without a refusal, `because` holds what contradicts the design that is taken to be meant.
    """

    refused: str | None
    because: list[Value]


def gate(records: list[Record], mirrors: list[Record]) -> Gate:
    """What the records (without mirrors) say of the design; `mirrors` only say what to search for."""
    if not records:
        return Gate("mirror", _known(mirrors, SEARCH_TERMS))
    randomised, claimed = _randomised(records), _chance_spoken_of(records)
    single, compared, chosen = _single_arm(records), _not_randomised(records), _chosen(records)
    if not randomised and single:
        return Gate("single-arm", single)
    if not randomised and (compared or chosen):
        return Gate("not-randomised", once([*compared, *chosen]))
    if cluster := _cluster(records):
        return Gate("cluster", cluster)
    crossover, parallel = _crossover(records), _with_member(records, "design.model", {"PARALLEL"})
    if crossover and not parallel:
        return Gate("crossover", crossover)
    if not randomised and not claimed:
        return Gate("unknown", _known(records, ("study_type", "design.model", "design.control", "masking.label")))
    contradicting = [*single, *compared, *crossover]
    return Gate(None, once([*contradicting, *randomised, *parallel]) if contradicting else [])


def _randomised(records: list[Record]) -> list[Value]:
    """The words that say the trial is randomised: its allocation, its design."""
    labels = {"parallel_randomised", "quasi_randomised"}
    return once(
        [
            *_with_member(records, "design.allocation", {"RANDOMIZED"}),
            *_stated(records, "design", lambda s: s.label in labels),
        ]
    )


def _chance_spoken_of(records: list[Record]) -> list[Value]:
    """The words that tell how the sequence was made, by chance or by a rule in place of it."""
    return once(
        [
            *_known(records, ("random.type",)),
            *_stated(records, "sequence_generation", lambda s: s.label != "inadequate" or s.rule in QUASI_RANDOM),
        ]
    )


def _single_arm(records: list[Record]) -> list[Value]:
    found = [
        *_with_member(records, "design.model", {"SINGLE_GROUP"}),
        *_stated(records, "design", lambda s: s.label == "single_arm"),
    ]
    if not _with_member(records, "design.model", SEVERAL_GROUPS):
        found += [*_with_member(records, "design.allocation", {"NA"}), *_with_member(records, "design.n_arms", {1})]
    return once(found)


def _not_randomised(records: list[Record]) -> list[Value]:
    return once(
        [
            *_with_member(records, "design.allocation", {"NON_RANDOMIZED"}),
            *_stated(records, "design", lambda s: s.label == "nonrandomised_comparative"),
            *_with_member(records, "study_type", {"OBSERVATIONAL"}),
        ]
    )


def _chosen(records: list[Record]) -> list[Value]:
    """The words that say people, not chance or a rule, chose the group. Of a trial that is called randomised they
    answer the first question; without that name they show that it is none."""
    return _stated(records, "sequence_generation", lambda s: s.label == "inadequate" and s.rule not in QUASI_RANDOM)


def _cluster(records: list[Record]) -> list[Value]:
    types = [value for record in records for value in record.known("random.type") if "CLUSTER" in value.value]
    return once([*types, *_stated(records, "design", lambda s: s.label == "cluster")])


def _crossover(records: list[Record]) -> list[Value]:
    return once(
        [
            *_with_member(records, "design.model", {"CROSSOVER"}),
            *_stated(records, "design", lambda s: s.label == "crossover"),
        ]
    )


def _with_member(records: list[Record], field: str, members: Iterable) -> list[Value]:
    return [value for record in records for value in record.known(field) if value.value in members]


def _known(records: list[Record], fields: tuple[str, ...]) -> list[Value]:
    return [value for record in records for field in fields for value in record.known(field)]


def _stated(records: list[Record], concept: str, fits: Callable[[Statement], bool]) -> list[Value]:
    return [
        statement_value(record, statement, DESIGN_FIELD if concept == "design" else "random.method")
        for record in records
        for statement in record.statements
        if statement.concept == concept and fits(statement)
    ]
