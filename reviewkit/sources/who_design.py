"""Designs as the registries write them into WHO's forms: one string, with labels or without.

What a registry leaves open stays open: `Parallel` alone says nothing of allocation, and `Blinded (masking used)`
nothing of who is masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from reviewkit.kinds import Reading
from reviewkit.model import NO_DETAIL
from reviewkit.sources.who_words import MISSING, plain


class Feature(NamedTuple):
    """One feature of a design: the field it fills, its reading, and the words it rests on."""

    field: str
    reading: Reading
    words: str


LABELS = {
    "random.method": r"Randomi[sz]ation description|Method of generating randomi[sz]ation sequence",
    "random.concealment": r"Method of allocation concealment",
    "masking.description": r"Blinding description",
    "design.other": r"Other design features",
    "masking.label": r"Blinding and masking|Blinding/Masking|Masking|Blinding",
    "design.allocation": r"Allocation|Randomi[sz]ation|Randomi[sz]ed",
    "design.model": r"Intervention model|Assignment",
    "design.purpose": r"Study design purpose|Primary purpose|Purpose",
    "placebo": r"Placebo",
    "design.observational_model": r"Observational (?:Study )?Model",
    "design.time_perspective": r"Time Perspective|Timing",
    "passed": r"Control(?: group)?|Endpoint Classification|Type of endpoint|Group|Type|Duration|Selection|Other"
    r"|If controlled, specify comparator, Other Medicinial Product|Number of treatment arms in the trial",
    "open": "Open",
    "single": "Single blind",
    "double": "Double blind",
    "parallel": "Parallel group",
    "crossover": "Cross over",
    "controlled": "Controlled",
}
LABEL = re.compile(
    r"(?:(?<=[\s.,;>])|^)(?:"
    + "|".join(f"(?P<{name.replace('.', '_')}>{pattern})" for name, pattern in LABELS.items())
    + r")\s*:\s*",
    re.IGNORECASE,
)
ALLOCATION = (
    (re.compile(r"(?i)n/?a\b|not applicable|single[ -]arm|no randomi"), "NA"),
    (re.compile(r"(?i)non[- ]?randomi|not randomi|quasi"), "NON_RANDOMIZED"),
    (re.compile(r"(?i)randomi[sz]ed|rct\b|random\b|yes\b"), "RANDOMIZED"),
)
MODEL = (
    (re.compile(r"(?i)single"), "SINGLE_GROUP"),
    (re.compile(r"(?i)cross"), "CROSSOVER"),
    (re.compile(r"(?i)factorial"), "FACTORIAL"),
    (re.compile(r"(?i)sequential"), "SEQUENTIAL"),
    (re.compile(r"(?i)parallel"), "PARALLEL"),
    (re.compile(r"(?i)other"), "OTHER"),
)
PURPOSE = (
    (re.compile(r"(?i)treat"), "TREATMENT"),
    (re.compile(r"(?i)prevent"), "PREVENTION"),
    (re.compile(r"(?i)diagnos"), "DIAGNOSTIC"),
    (re.compile(r"(?i)support"), "SUPPORTIVE_CARE"),
    (re.compile(r"(?i)screen"), "SCREENING"),
    (re.compile(r"(?i)health serv"), "HEALTH_SERVICES_RESEARCH"),
    (re.compile(r"(?i)basic science"), "BASIC_SCIENCE"),
    (re.compile(r"(?i)device feas"), "DEVICE_FEASIBILITY"),
    (re.compile(r"(?i)other|prognos|natural history|educational"), "OTHER"),
)
LEVELS = (
    (re.compile(r"(?i)quadruple"), "QUADRUPLE"),
    (re.compile(r"(?i)triple"), "TRIPLE"),
    (re.compile(r"(?i)double"), "DOUBLE"),
    (re.compile(r"(?i)single|participant blinded|outcome assessor blinded|investigator blinded"), "SINGLE"),
    (re.compile(r"(?i)none\b|open|no(?:t)? (?:blind|mask)|unblind|no masking"), "NONE"),
)
ROLES = {
    **dict.fromkeys(["participant", "participants", "subject", "patient"], "PARTICIPANT"),
    **dict.fromkeys(["care provider", "caregiver"], "CARE_PROVIDER"),
    "investigator": "INVESTIGATOR",
    **dict.fromkeys(["outcomes assessor", "outcome assessor", "assessor"], "OUTCOMES_ASSESSOR"),
    **dict.fromkeys(["data analyst", "analyst"], "DATA_ANALYST"),
}
NAMED_ROLES = re.compile(r"\((?P<roles>[^()]+)\)|(?P<and>[A-Z][\w ,]*) Blinded")


def _first(patterns: tuple, words: str) -> str | None:
    return next((member for pattern, member in patterns if pattern.match(words)), None)


@lru_cache(maxsize=2048)
def design(words: str) -> tuple[Feature, ...]:
    """What a design string says, label by label; a string without labels only what it says in so many words.

    >>> [feature.reading.value for feature in design("Randomization: Randomized, Blinding: Not blinded")]
    ['RANDOMIZED', 'NONE']
    """
    told = plain(words)
    marks = [match for match in LABEL.finditer(told) if match.lastgroup]
    if not marks:
        return tuple(_unlabelled(told))
    parts: dict[str, str] = {}
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(told)
        part = told[mark.end() : end].strip(" .,;")
        if part:
            parts.setdefault(str(mark.lastgroup), part)
    head = told[: marks[0].start()].strip(" .,;")
    found = list(_unlabelled(head)) if head else []
    said = {feature.field for feature in found}
    return (*found, *(feature for feature in _labelled(parts) if feature.field not in said))


def _labelled(parts: dict[str, str]) -> Iterator[Feature]:
    for group, field, patterns in (
        ("design_allocation", "design.allocation", ALLOCATION),
        ("design_model", "design.model", MODEL),
        ("design_purpose", "design.purpose", PURPOSE),
    ):
        if (part := parts.get(group)) and (member := _of_answers(group, part, parts) or _first(patterns, part)):
            yield Feature(field, Reading(member, {"as_written": part}), part)
    if part := parts.get("masking_label"):
        yield from _masking(part)
    yield from _answered(parts)
    if (parts.get("placebo") or "").casefold() == "used":
        yield Feature("design.control", Reading(["PLACEBO"], {"as_written": parts["placebo"]}), parts["placebo"])
    for field in ("random.method", "random.concealment", "masking.description", "design.other",
                  "design.observational_model", "design.time_perspective"):  # fmt: skip
        part = parts.get(field.replace(".", "_"))
        if part and part.casefold() not in {"not applicable", "n/a", *MISSING}:
            yield Feature(field, Reading(part, NO_DETAIL), part)


def _of_answers(group: str, part: str, parts: dict[str, str]) -> str | None:
    """`Randomised: no` of EU-CTR and the Dutch register: not randomised where there is a control group, else open."""
    if group != "design_allocation" or part.casefold() not in {"no", "yes"}:
        return None
    if part.casefold() == "yes":
        return "RANDOMIZED"
    return "NON_RANDOMIZED" if parts.get("controlled", "").casefold() == "yes" else None


def _answered(parts: dict[str, str]) -> Iterator[Feature]:
    """EU-CTR's yes and no: an answer counts only where one of its kind is yes."""
    said = [name for name in ("open", "single", "double") if parts.get(name, "").casefold() == "yes"]
    if len(said) == 1 and "masking_label" not in parts:
        member = {"open": "NONE", "single": "SINGLE", "double": "DOUBLE"}[said[0]]
        yield Feature("masking.label", Reading(member, {"as_written": f"{said[0]}: yes"}), parts[said[0]])
    models = [name for name in ("parallel", "crossover") if parts.get(name, "").casefold() == "yes"]
    if len(models) == 1 and "design_model" not in parts:
        yield Feature("design.model", Reading(models[0].upper(), {"as_written": f"{models[0]}: yes"}), parts[models[0]])


def _masking(part: str) -> Iterator[Feature]:
    label = NAMED_ROLES.sub(lambda match: match[0] if match["and"] else "", part).strip() or part
    if re.match(r"(?i)n/?a\b|not applicable|blinded \(masking used\)", label) or re.fullmatch(
        r"(?i)blinded.*used.*", part
    ):
        return
    level = _first(LEVELS, label)
    if level:
        yield Feature("masking.label", Reading(level, {"as_written": part}), part)
    roles = NAMED_ROLES.search(part)
    if level != "NONE" and roles:
        names = re.split(r"\s*(?:,|\band\b|/|;)\s*", (roles["roles"] or roles["and"]).strip())
        members = [ROLES.get(name.casefold()) for name in names if name]
        if members and None not in members:
            yield Feature("masking.roles", Reading(list(dict.fromkeys(members)), {"as_written": part}), part)


WORD_ALLOCATION = re.compile(r"(?i)\b(?P<non>non|not|un)?[- ]?randomi[sz]ed\b(?! order)")
WORD_MODEL = re.compile(r"(?i)\bsingle[ -](?:arm|group)\b|\bcross[- ]?over\b|\bfactorial\b|\bparallel\b")
WORD_MASKING = re.compile(
    r"(?i)\b(?:(?P<level>single|double|triple|quadruple)[- ](?:blind|mask)(?:ed)?|open(?:[- ]label)?\b)"
)
ALONE = {"parallel": "PARALLEL", "single arm": "SINGLE_GROUP", "factorial": "FACTORIAL", "cross-over": "CROSSOVER"}


def _unlabelled(told: str) -> Iterator[Feature]:
    """A design in prose: only what it says in so many words, and nothing where it says two things."""
    allocations = {
        ("NON_RANDOMIZED" if match["non"] else "RANDOMIZED"): match[0] for match in WORD_ALLOCATION.finditer(told)
    }
    models = {str(_first(MODEL, match[0])): match[0] for match in WORD_MODEL.finditer(told)}
    masks = {(match["level"] or "none").upper(): match[0] for match in WORD_MASKING.finditer(told)}
    for field, said in (("design.allocation", allocations), ("design.model", models), ("masking.label", masks)):
        if len(said) == 1:
            ((member, words),) = said.items()
            yield Feature(field, Reading(member, {"as_written": words}), words)
