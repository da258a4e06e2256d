"""The design against itself: model, allocation and number of arms; and a rule of allocation by digits."""

from __future__ import annotations

from reviewkit.checks.wording import counted, in_words, listed, once
from reviewkit.language.digits import DigitRule, allocation_by_digits
from reviewkit.model import Finding, Record, Value
from reviewkit.words import Kind, Verdict

# Models that need two groups. Sequential cohorts are often registered as one arm, and OTHER may be anything.
SIDE_BY_SIDE = {"PARALLEL", "CROSSOVER", "FACTORIAL"}


def model_arms_allocation(record: Record) -> Finding | None:
    """Do the intervention model, the allocation and the number of arms fit each other? Two of the three are needed.

    Source: ClinicalTrials.gov protocol data elements (allocation N/A is for a single-arm study); CONSORT 2010 items
    3a and 8a (2025: 9, 17a). Arms are those listed, and the number stated; an article lists those it gives numbers of,
    which need not be all, and may speak of other groups.
    """
    models, allocations = record.known("design.model"), record.known("design.allocation")
    stated, listed_arms = record.known("design.n_arms"), _listed_arms(record)
    in_prose = record.kind == Kind.PUBLICATION
    arms = _arm_counts(stated, [] if in_prose and stated else listed_arms)
    if bool(models) + bool(allocations) + bool(arms) < 2:
        return None
    because = [*models, *allocations, *stated, *listed_arms]
    conflicts = _conflicts({v.value for v in models}, {v.value for v in allocations}, arms)
    if not in_prose:
        conflicts += _numbers_that_differ({v.value for v in stated}, len(listed_arms))
    if conflicts:
        message = f"The design contradicts itself: {'; '.join(conflicts)}."
        return Finding("model-arms-allocation", Verdict.INCONSISTENT, message, because)
    message = f"The design fits together: {_described(models, allocations, arms)}."
    return Finding("model-arms-allocation", Verdict.CONSISTENT, message, because)


def _listed_arms(record: Record) -> list[Value]:
    """One value for each arm the record lists: its label, else its description, else whatever it says of it first."""
    arms: dict[int, list[Value]] = {}
    for value in record.reported:
        if value.field.startswith("arms.") and value.item is not None and value.value is not None:
            arms.setdefault(value.item, []).append(value)
    return [min(arms[item], key=_standing) for item in sorted(arms)]


def _standing(value: Value) -> int:
    best = ("arms.label", "arms.description")
    return best.index(value.field) if value.field in best else len(best)


def _arm_counts(stated: list[Value], listed_arms: list[Value]) -> set[int]:
    return {value.value for value in stated} | ({len(listed_arms)} if listed_arms else set())


def _numbers_that_differ(stated: set[int], number_listed: int) -> list[str]:
    """Numbers of arms that cannot all be true, in words."""
    if len(stated) > 1:
        return [f"the number of arms is given as {listed(sorted(stated))}"]
    return [
        f"{counted(number, 'arm')} stated but {number_listed} listed"
        for number in stated
        if number_listed and number != number_listed
    ]


def _conflicts(models: set[str], allocations: set[str], arms: set[int]) -> list[str]:
    """Every pair of statements that cannot both be true, in words."""
    found = []
    several, only_one = {n for n in arms if n > 1}, arms == {1}
    if "SINGLE_GROUP" in models and "RANDOMIZED" in allocations:
        found.append("a single group, yet participants are randomised")
    if "SINGLE_GROUP" in models and several:
        found.append(f"a single group, yet {counted(max(several), 'arm')}")
    for model in sorted(models & SIDE_BY_SIDE):
        if only_one:
            found.append(f"{in_words(model)} groups, yet one arm")
        if "NA" in allocations:
            found.append(f"{in_words(model)} groups, yet allocation does not apply")
    if "RANDOMIZED" in allocations and only_one:
        found.append("participants are randomised, yet there is one arm")
    if "NA" in allocations and several:
        found.append(f"allocation does not apply, yet there are {counted(max(several), 'arm')}")
    if len(models) > 1:
        found.append(f"the model is given as {listed(map(in_words, sorted(models)))}")
    if len(allocations) > 1:
        found.append(f"the allocation is given as {listed(_allocation_words(word) for word in sorted(allocations))}")
    return found


def _described(models: list[Value], allocations: list[Value], arms: set[int]) -> str:
    words = [f"model {in_words(v.value)}" for v in models]
    words += [f"allocation {_allocation_words(v.value)}" for v in allocations]
    words += [counted(number, "arm") for number in sorted(arms)]
    return ", ".join(words)


def _allocation_words(member: str) -> str:
    return {"RANDOMIZED": "randomised", "NON_RANDOMIZED": "not randomised", "NA": "not applicable"}[member]


def allocation_rule(record: Record) -> Finding | None:
    """Does an allocation by digits send every digit from 0 to 9 to one arm? No finding where no such rule stands.

    Source: CONSORT 2010 item 8a (2025: 17a); Cochrane Handbook, chapter 8 (allocation by record number can be
    foreseen). A person whose digit is in no arm, or in two, was allocated in some way that is not told.
    """
    for value in record.reported:
        text = value.value if isinstance(value.value, str) else value.quote
        if value.field.startswith("random.") and text and (rule := allocation_by_digits(text)):
            return _rule_finding(rule, value)
    return None


def _rule_finding(rule: DigitRule, value: Value) -> Finding:
    named = listed((", ".join(map(str, digits)) for digits in rule.sets), "and then")
    faults = []
    if rule.unassigned:
        faults.append(f"{listed(rule.unassigned)} {_be(rule.unassigned)} given to no arm")
    if rule.doubled:
        faults.append(f"{listed(rule.doubled)} {_be(rule.doubled)} named more than once")
    if faults:
        message = f"Allocation is by digits: {named} are named; {'; '.join(faults)}."
        return Finding("allocation-rule", Verdict.ATTENTION, message, once([value]))
    message = f"Allocation is by digits: {named} are named, and every digit from 0 to 9 has its place once."
    return Finding("allocation-rule", Verdict.CONSISTENT, message, once([value]))


def _be(digits: tuple[int, ...]) -> str:
    return "is" if len(digits) == 1 else "are"
