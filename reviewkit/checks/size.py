"""Numbers of participants inside one record: arms and target, parts and whole, an announced change of size."""

from __future__ import annotations

import re

from reviewkit.checks.wording import listed, once, title
from reviewkit.language.size_change import SizeChange, announced_size_change
from reviewkit.model import Finding, Record, Value
from reviewkit.words import Verdict

# Numbers by arm and the number of the whole trial that they make up.
ARM_SUMS = (
    ("arms.n_actual", "enrolment.actual"),
    ("arms.n_randomised", "enrolment.randomised"),
    ("arms.n_received", "enrolment.treated"),
    ("arms.n_completed", "enrolment.completed"),
    ("arms.n_lost", "enrolment.lost"),
    ("arms.n_analysed", "enrolment.analysed"),
)
# A part can be no more than the whole it is taken from.
WITHIN = (
    ("enrolment.randomised", "enrolment.screened"),
    ("enrolment.excluded", "enrolment.screened"),
    ("enrolment.treated", "enrolment.randomised"),
    ("enrolment.completed", "enrolment.randomised"),
    ("enrolment.lost", "enrolment.randomised"),
    ("enrolment.analysed", "enrolment.randomised"),
    ("enrolment.treated", "enrolment.actual"),
    ("enrolment.completed", "enrolment.actual"),
    ("enrolment.analysed", "enrolment.actual"),
)
ROLES = {
    "enrolment.target": "planned",
    "enrolment.actual": "enrolled",
    "enrolment.screened": "assessed",
    "enrolment.excluded": "excluded",
    "enrolment.randomised": "randomised",
    "enrolment.treated": "treated",
    "enrolment.completed": "who completed",
    "enrolment.lost": "lost",
    "enrolment.analysed": "analysed",
    "participants.male_n": "men and boys",
    "participants.female_n": "women and girls",
}
PEOPLE = ("enrolment.actual", "enrolment.randomised", "enrolment.treated", "enrolment.completed", "enrolment.analysed")
REASONS = (
    "registration.update_reason",
    "protocol.changes",
    "registration.versions.reason",
    "registration.changes.reason",
)
SIZE_ENTRY = re.compile(
    r"sample[ _-]?size|enrol?lment|target (?:number|size)|number of (?:participants|subjects|patients)", re.I
)


def target_and_arms(record: Record) -> Finding | None:
    """Do the planned sizes of the arms add up to the target sample size?

    Source: WHO Trial Registration Data Set 1.3.1, item 17; CONSORT 2010 item 7a (2025: 16a). With arms of unknown size
    only a sum above the target is a contradiction. In a crossover trial each participant may count in every arm.
    """
    target, arms = record.first("enrolment.target"), record.known("arms.n_target")
    if target is None or not arms or _units_differ([target, *arms]):
        return None
    total = sum(arm.value for arm in arms)
    complete = len({arm.item for arm in arms}) >= _number_of_arms(record)
    crossover = any(v.value == "CROSSOVER" for v in record.known("design.model"))
    agrees = total == target.value or (crossover and all(arm.value == target.value for arm in arms))
    if not agrees and not complete and total <= target.value:
        return None
    sizes = " + ".join(f"{arm.value:,}" for arm in arms) + (f" = {total:,}" if len(arms) > 1 else "")
    make = "make" if agrees else "do not make"
    message = f"The planned arms ({sizes}) {make} the target of {target.value:,}."
    verdict = Verdict.CONSISTENT if agrees else Verdict.INCONSISTENT
    return Finding("target-and-arms", verdict, message, [target, *arms])


def _number_of_arms(record: Record) -> int:
    listed_arms = {v.item for v in record.reported if v.field.startswith("arms.") and v.item and v.value is not None}
    return max([len(listed_arms), *(v.value for v in record.known("design.n_arms"))])


def _units_differ(values: list[Value]) -> bool:
    return len({v.detail.get("unit") or "persons" for v in values}) > 1


def parts_and_whole(record: Record) -> Finding | None:
    """Do men and women, the arms, and the steps of the flow add up to the numbers they are parts of?

    Source: CONSORT 2010 items 13a, 15 and 16 (2025: 22a, 25, 26); INSPECT-SR 4.6. A sum agrees if it equals one of the
    numbers it can be part of.
    """
    comparisons = [*_sexes(record), *_arm_sums(record), *_steps(record)]
    if not comparisons:
        return None
    wrong = [comparison for comparison in comparisons if not comparison[0]]
    chosen = wrong or comparisons
    message = " ".join(sentence for _, sentence, _ in chosen)
    verdict = Verdict.INCONSISTENT if wrong else Verdict.CONSISTENT
    return Finding("parts-and-whole", verdict, message, once([v for *_, values in chosen for v in values]))


Comparison = tuple[bool, str, list[Value]]  # does it hold, the sentence, the values


def _sexes(record: Record) -> list[Comparison]:
    """Men plus women against everyone; one of the two alone can only be too many."""
    men, women = record.first("participants.male_n"), record.first("participants.female_n")
    parts = [part for part in (men, women) if part is not None]
    wholes = [value for field in PEOPLE for value in record.known(field)]
    if not parts or not wholes:
        return []
    total = sum(part.value for part in parts)
    if len(parts) == 1 and total <= max(whole.value for whole in wholes):
        return []
    holds = any(whole.value == total for whole in wholes)
    chosen = [whole for whole in wholes if whole.value == total][:1] if holds else wholes
    agrees = "agrees" if holds else "does not agree"
    words = f"{_sizes(parts)} make {total:,}, which {agrees} with {_sizes(chosen)}."
    if len(parts) == 1:
        words = f"{_sizes(parts)} cannot be part of {_sizes(chosen)}."
    return [(holds, words, [*parts, *chosen])]


def _arm_sums(record: Record) -> list[Comparison]:
    found = []
    for field, whole_field in ARM_SUMS:
        parts, wholes = record.known(field), record.known(whole_field)
        total = sum(part.value for part in parts)
        complete = len({part.item for part in parts}) >= _number_of_arms(record)
        if not parts or not wholes or not (complete or total > max(whole.value for whole in wholes)):
            continue
        holds = any(whole.value == total for whole in wholes)
        sizes = " + ".join(f"{part.value:,}" for part in parts)
        agree = "agree" if holds else "do not agree"
        words = f"The arms ({title(parts[0])}: {sizes} = {total:,}) {agree} with {_sizes(wholes)}."
        found.append((holds, words, [*parts, *wholes]))
    return found


def _steps(record: Record) -> list[Comparison]:
    found = []
    for part_field, whole_field in WITHIN:
        parts, wholes = record.known(part_field), record.known(whole_field)
        if parts and wholes:
            holds = min(part.value for part in parts) <= max(whole.value for whole in wholes)
            words = f"{_sizes(parts)} {'can' if holds else 'cannot'} be part of {_sizes(wholes)}."
            found.append((holds, words, [*parts, *wholes]))
    return found


def _sizes(values: list[Value]) -> str:
    """Numbers with their roles: `7 treated`."""
    return listed(f"{value.value:,} {ROLES.get(value.field) or title(value)}" for value in values)


def size_change(record: Record) -> Finding | None:
    """Does the entry announce another sample size, and are both numbers there to be seen?

    Source: CONSORT 2010 items 3b and 7a (2025: 10, 16a); SPIRIT 2013 item 25 (amendments). A missed target is no
    marker of misconduct (INSPECT-SR 2.3): the finding asks for the number that the document does not give.
    """
    if logged := _logged_change(record):
        return logged
    texts = [value for field in REASONS for value in record.known(field)]
    for text in texts:
        if change := announced_size_change(text.value):
            known = [v for field in ("enrolment.target", "enrolment.actual") for v in record.known(field)]
            return Finding("size-change", Verdict.ATTENTION, _change_message(change, known), [text, *known])
    if not texts:
        return None
    message = "The reasons given for changes announce no other sample size."
    return Finding("size-change", Verdict.CONSISTENT, message, texts)


def _change_message(change: SizeChange, known: list[Value]) -> str:
    """What is announced, and which of the numbers the document does not give."""
    old = f" from {change.old:,}" if change.old is not None else ""
    new = f" to {change.new:,}" if change.new is not None else ""
    article = "an" if change.direction == "increased" else "a"
    sentence = f"The text announces {article} {change.direction} sample size{old}{new}."
    gaps = ["the earlier number"] if change.old is None else []
    if change.new is None and not any(value.field == "enrolment.actual" for value in known):
        gaps.append("the new one")
    given = f", which gives {_sizes(known)}." if known else "."
    if len(gaps) == 2:
        sentence += f" Neither {listed(gaps, 'nor')} is in the document{given}"
    elif gaps:
        sentence += f" {gaps[0].capitalize()} is not in the document{given}"
    return sentence


def _logged_change(record: Record) -> Finding | None:
    """The last change of the size in the registry's own list of changes, with both numbers."""
    by_item: dict[int | None, dict[str, Value]] = {}
    for value in record.reported:
        if value.field.startswith("registration.changes.") and value.value is not None:
            by_item.setdefault(value.item, {})[value.field.rsplit(".", 1)[1]] = value
    for entry in reversed(by_item.values()):
        named = [entry[part] for part in ("label", "section") if part in entry and SIZE_ENTRY.search(entry[part].value)]
        if named and "old" in entry and "new" in entry and entry["old"].value != entry["new"].value:
            old, new = entry["old"], entry["new"]
            message = f"The registry's list of changes gives another sample size: from {old.value} to {new.value}."
            return Finding("size-change", Verdict.ATTENTION, message, [*named, old, new])
    return None
