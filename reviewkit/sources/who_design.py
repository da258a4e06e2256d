"""Designs as the registries write them into WHO's forms: one string, with labels or without.

What a registry leaves open stays open: `Parallel` alone says nothing of allocation, and `Blinded (masking used)`
nothing of how many are masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.kinds import Reading
from reviewkit.model import NO_DETAIL
from reviewkit.sources.who_words import is_missing, plain, remembered
from reviewkit.words import State


class Feature(NamedTuple):
    """One feature of a design: the field it fills, its reading, and the words it rests on."""

    field: str
    reading: Reading
    words: str


# The labels of the registries, in small letters and with z, and what each opens.
LABELS = {
    "allocation": "design.allocation",
    "randomization": "design.allocation",
    "randomized": "design.allocation",
    "intervention model": "design.model",
    "assignment": "design.model",
    "primary purpose": "design.purpose",
    "study design purpose": "design.purpose",
    "purpose": "design.purpose",
    "masking": "masking.label",
    "blinding": "masking.label",
    "blinding/masking": "masking.label",
    "blinding and masking": "masking.label",
    "control": "design.control",
    "control group": "design.control",
    "placebo": "placebo",
    "group": "group",
    "type": "type",
    "observational model": "design.observational_model",
    "observational study model": "design.observational_model",
    "time perspective": "design.time_perspective",
    "timing": "design.time_perspective",
    "duration": "passed",
    "selection": "passed",
    "type of endpoint": "passed",
    "endpoint classification": "passed",
    "other": "passed",
    "other trial design description": "passed",
    "other specify the comparator": "passed",
    "controlled": "controlled",
    "open": "open",
    "single blind": "single",
    "double blind": "double",
    "parallel group": "parallel",
    "cross over": "crossover",
    "if controlled, specify comparator, other medicinial product": "other product",
    "if controlled, specify comparator, other medicinal product": "other product",
    "number of treatment arms in the trial": "design.n_arms",
    "method of generating randomization sequence": "random.method",
    "method of allocation concealment": "random.concealment",
    "randomization description": "random.method",
    "blinding description": "masking.description",
    "other design features": "design.other",
}
BY_LENGTH = sorted(LABELS.items(), key=lambda label: -len(label[0]))
LONGEST = len(BY_LENGTH[0][0]) + 2
SENTENCES = frozenset({"random.method", "random.concealment", "masking.description", "design.other"})
AFTER_SENTENCES = SENTENCES | {"masking.label"}  # what may end a part in which sentences hold colons of their own
TEXTS = ("random.method", "random.concealment", "masking.description", "design.other",
         "design.observational_model", "design.time_perspective")  # fmt: skip
SAYS_NOTHING = {"not applicable", "not selected", "other", "undefined", "unknown"}

Patterns = tuple[tuple[re.Pattern[str], str], ...]


def _patterns(**members: str) -> Patterns:
    """Patterns for the beginning of an answer, in the order in which they are tried."""
    return tuple((re.compile(pattern, re.IGNORECASE), member) for member, pattern in members.items())


ALLOCATION = _patterns(
    NA=r"n/?a\b|not applicable|single[ -]arm|no randomi",
    NON_RANDOMIZED=r"non[- ]?random|not random|quasi",
    RANDOMIZED=r"randomi[sz]ed|rct\b|random\b|yes\b|cluster[- ]randomi",
)
MODEL = _patterns(
    SINGLE_GROUP=r"single|one[ -](?:arm|group)",
    CROSSOVER=r"cross[- ]?over",
    FACTORIAL="factorial",
    SEQUENTIAL="sequential",
    PARALLEL=r"parallel",
    OTHER="other",
)
PURPOSE = _patterns(
    TREATMENT="treat|therap",
    PREVENTION="prevent",
    DIAGNOSTIC="diagnos",
    SUPPORTIVE_CARE="support",
    SCREENING="screen",
    HEALTH_SERVICES_RESEARCH=r"health (?:serv|care system)",
    BASIC_SCIENCE=r"basic (?:science|research)",
    DEVICE_FEASIBILITY="device feas",
    ECT="education|counsel|training",
    OTHER=r"other|prognos|natural history|psychosocial|quality of life|etiolog|aetiolog",
)
LEVEL = _patterns(
    QUADRUPLE="quadruple",
    TRIPLE="triple",
    DOUBLE="double",
    SINGLE="single",
    NONE=r"none\b|open\b|open-|no\b|not? (?:blind|mask)|unblind|unmask|non[- ]?(?:blind|mask)",
)
CONTROL = _patterns(
    PLACEBO="placebo",
    ACTIVE="active",
    NO_TREATMENT=r"no (?:treatment|intervention)|control group receives no",
    HISTORICAL="historic",
    DOSE="dose",
    USUAL_CARE="standard|usual",
    SHAM="sham",
)
ROLES = {
    **dict.fromkeys(["participant", "participants", "subject", "subjects", "patient"], "PARTICIPANT"),
    **dict.fromkeys(["care provider", "caregiver", "therapist", "clinician"], "CARE_PROVIDER"),
    **dict.fromkeys(["investigator", "investigators"], "INVESTIGATOR"),
    **dict.fromkeys(["outcomes assessor", "outcome assessor", "outcome assessors", "assessor"], "OUTCOMES_ASSESSOR"),
    **dict.fromkeys(["data analyst", "analyst"], "DATA_ANALYST"),
}
IN_BRACKETS = re.compile(r"\((?P<roles>[^()]{1,200})\)")
BLINDED_ROLES = re.compile(r"(?P<roles>[A-Z][\w ,]{1,200}?) Blinded")


@remembered
def design(words: str) -> tuple[Feature, ...]:
    """What a design string says, label by label; a string without labels only what it says in so many words.

    >>> [feature.reading.value for feature in design("Randomization: Randomized, Blinding: Not blinded")]
    ['RANDOMIZED', 'NONE']
    """
    told = plain(words)
    marks = list(_marks(told))
    if not marks:
        return tuple(_unlabelled(told))
    parts: dict[str, tuple[str, str]] = {}
    for (start, end, name), (following, _, _) in zip(marks, [*marks[1:], (len(told), 0, "")], strict=True):
        part = told[end:following].strip(" .,;")
        if part:
            parts.setdefault(name, (part, told[start:following].strip(" .,;")))
    head = told[: marks[0][0]].strip(" .,;")
    found = list(_unlabelled(head)) if head else []
    said = {feature.field: feature for feature in [*_labelled(parts)][::-1] + found[::-1]}  # the first of two stands
    return tuple(said.values())[::-1]


def _marks(told: str) -> Iterator[tuple[int, int, str]]:
    """Each label: where it starts, where its words start, and what it opens."""
    colon = told.find(":")
    opened, floor = "", 0
    while colon >= 0:
        before = told[max(floor, colon - LONGEST) : colon].rstrip().lower().replace("randomis", "randomiz")
        for label, name in BY_LENGTH:
            if before.endswith(label) and before[-len(label) - 1 : -len(label)] in {"", *" .,;>"}:
                if opened not in SENTENCES or name in AFTER_SENTENCES:
                    end = colon
                    while told[end - 1] == " ":
                        end -= 1
                    yield end - len(label), colon + 1, name
                    opened, floor = name, colon + 1
                break
        colon = told.find(":", colon + 1)


def _labelled(parts: Mapping[str, tuple[str, str]]) -> Iterator[Feature]:
    """The features of labelled parts; `parts` holds each part's words, without and with their label."""
    yield from _allocation(parts)
    yield from _model(parts)
    if part := parts.get("design.purpose"):
        yield from _coded("design.purpose", PURPOSE, part[0])
    if part := parts.get("masking.label"):
        yield from masking(part[0])
    elif said := _only_yes(parts, {"open": "NONE", "single": "SINGLE", "double": "DOUBLE"}):
        yield _of("masking.label", *said)
    yield from _controls(parts)
    if (part := parts.get("design.n_arms")) and part[0].isdecimal() and len(part[0]) < 4:
        yield Feature("design.n_arms", Reading(int(part[0]), {"unit": "arms"}), part[0])
    for field in TEXTS:
        said_of = parts.get(field, ("", ""))[0]
        if said_of and not is_missing(said_of) and said_of.casefold() not in SAYS_NOTHING:
            yield Feature(field, Reading(said_of, NO_DETAIL), said_of)


def _of(field: str, member: str | list[str], words: str) -> Feature:
    return Feature(field, Reading(member, {"as_written": words}), words)


def _open(field: str, words: str) -> Feature:
    """Words that are understood and yet leave the answer open."""
    return Feature(field, Reading(None, NO_DETAIL, State.UNCLEAR), words)


def _first(patterns: Patterns, words: str) -> str | None:
    return next((member for pattern, member in patterns if pattern.match(words)), None)


def _coded(field: str, patterns: Patterns, words: str) -> Iterator[Feature]:
    member = _first(patterns, words)
    if member:
        yield _of(field, member, words)
    elif not is_missing(words) and words.casefold() not in SAYS_NOTHING - {"other"}:
        yield _open(field, words)


def _allocation(parts: Mapping[str, tuple[str, str]]) -> Iterator[Feature]:
    """`Randomised: no` says not randomised where there is a control group, and nothing to allocate where none is."""
    if not (part := parts.get("design.allocation")):
        return
    words, whole = part
    kind = parts.get("type", ("", ""))[0].casefold()  # of the Dutch register: `2 or more arms, randomized`
    if words.casefold() == "yes" and "non-randomi" not in kind:
        yield _of("design.allocation", "RANDOMIZED", whole)
    elif words.casefold() not in {"yes", "no"}:
        yield from _coded("design.allocation", ALLOCATION, words)
    elif words.casefold() == "no":
        controlled = parts.get("controlled", ("", ""))[0].casefold()
        if controlled == "yes" or "non-randomi" in kind:
            yield _of("design.allocation", "NON_RANDOMIZED", whole)
        elif controlled == "no" or kind == "single arm":
            yield _of("design.allocation", "NA", whole)
        else:
            yield _open("design.allocation", whole)


def _model(parts: Mapping[str, tuple[str, str]]) -> Iterator[Feature]:
    for name in ("design.model", "group", "type"):
        if (part := parts.get(name)) and (name == "design.model" or _first(MODEL, part[0]) not in {None, "OTHER"}):
            yield from _coded("design.model", MODEL, part[0])
            return
    if said := _only_yes(parts, {"parallel": "PARALLEL", "crossover": "CROSSOVER"}):
        yield _of("design.model", *said)


def _only_yes(parts: Mapping[str, tuple[str, str]], members: Mapping[str, str]) -> tuple[str, str] | None:
    """Of questions that exclude each other the one that is answered yes, with its words; None if none or several."""
    said = [(member, parts[name][1]) for name, member in members.items() if _is_yes(parts, name)]
    return said[0] if len(said) == 1 else None


def _is_yes(parts: Mapping[str, tuple[str, str]], name: str) -> bool:
    return parts.get(name, ("", ""))[0].casefold() == "yes"


def _controls(parts: Mapping[str, tuple[str, str]]) -> Iterator[Feature]:
    said = parts.get("placebo", ("", ""))[0]
    answers = {name: parts[name][1] for name in ("other product", "placebo") if _is_yes(parts, name)}
    if said.casefold() == "used":
        yield _of("design.control", ["PLACEBO"], said)
    elif answers:
        members = {"other product": "ACTIVE", "placebo": "PLACEBO"}
        yield Feature(
            "design.control",
            Reading([members[name] for name in answers], {"as_written": "; ".join(answers.values())}),
            " ".join(answers.values()),
        )
    elif said.casefold() == "not used":
        yield _open("design.control", said)  # that there is no placebo does not say what there is
    if (part := parts.get("design.control")) and (member := _first(CONTROL, part[0])):
        yield _of("design.control", [member], part[0])


def masking(part: str) -> Iterator[Feature]:
    """The label and the roles of an answer on masking: `Double (Participant, Investigator)`.

    >>> [feature.reading.value for feature in masking("Double (Participant, Investigator)")]
    ['DOUBLE', ['PARTICIPANT', 'INVESTIGATOR']]
    """
    if (is_missing(part) and part.casefold() != "none") or part.casefold() in SAYS_NOTHING:
        return
    level = _first(LEVEL, part)
    members = _roles(part) if level != "NONE" else None
    if level:
        yield _of("masking.label", level, part)
    elif not members:
        yield _open("masking.label", part)
    if level == "NONE":
        words = {"as_written": part}
        yield Feature("masking.roles", Reading([], words, State.DERIVED), part)
    elif members:
        yield _of("masking.roles", members, part)


def _roles(part: str) -> list[str] | None:
    """The roles in brackets, or before `Blinded`; None unless each is known."""
    match = IN_BRACKETS.search(part) or BLINDED_ROLES.match(part)
    names = re.split(r"\s*(?:,|\band\b|/|;)\s*", match["roles"].strip().casefold()) if match else []
    members = [ROLES.get(name) for name in names if name]
    if not members or None in members:
        return None
    return list(dict.fromkeys(member for member in members if member))


WORD_ALLOCATION = re.compile(
    r"\b(?:(?P<non>non|not|un|quasi)[- ]?)?(?:randomi[sz]ed\b(?! order)|(?:random|(?-i:RCT))\b(?= (?:control|alloc)|$))"
    r"|\b(?-i:RCT)\b",
    re.IGNORECASE,
)
WORD_CLUSTER = re.compile(r"\bcluster[- ]randomi[sz]ed\b", re.IGNORECASE)
WORD_MODEL = re.compile(
    r"\b(?:single|one)[ -](?:arm|group)\b|\bsingle assignment\b|\bcross[- ]?over\b|\bfactorial\b|\bparallel\b"
    r"|^sequential$",
    re.IGNORECASE,
)
WORD_MASKING = re.compile(
    r"\b(?:(?P<level>single|double|triple|quadruple)[- ]?(?:blind|mask)(?:ed|ing)?\b"
    r"|(?:non|un|not)[- ]?(?:blind|mask)ed\b"
    r"|open(?:[- ]?label(?:l?ed)?\b|(?=\s?(?:[,;.(]|$))| (?=(?:randomi|trial|study|clinical|(?:un)?controlled|non))))",
    re.IGNORECASE,
)
WORD_CONTROL = re.compile(
    r"\b(?P<kind>placebo|active|sham|no treatment|dose comparison|historical|standard therapy)[- ]control",
    re.IGNORECASE,
)
WORD_PURPOSE = re.compile(
    r"\((?P<last>[A-Za-z ]{5,30})\)$"
    r"|\b(?P<purpose>treatment|prevention|preventive|diagnostic|screening) (?:purpose|clinical trial)\b",
    re.IGNORECASE,
)
OBSERVATIONAL = re.compile(
    r"(?:case[- ]control|cohort|cross[- ]sectional|case series|case[- ]crossover|ecologic(?:al)?|case report)"
    r"(?: study)?",
    re.IGNORECASE,
)


def _unlabelled(told: str) -> Iterator[Feature]:
    """A design in prose: only what it says in so many words, and nothing where it says two things."""
    allocations = {
        ("NON_RANDOMIZED" if match["non"] else "RANDOMIZED"): match[0] for match in WORD_ALLOCATION.finditer(told)
    }
    models = {str(_first(MODEL, match[0])): match[0] for match in WORD_MODEL.finditer(told)}
    masks = {(match["level"] or "none").upper(): match[0].strip() for match in WORD_MASKING.finditer(told)}
    for field, said in (("design.allocation", allocations), ("design.model", models), ("masking.label", masks)):
        if len(said) == 1:
            ((member, words),) = said.items()
            yield _of(field, member, words)
    if len(masks) == 1 and "NONE" in masks:
        yield Feature("masking.roles", Reading([], {"as_written": masks["NONE"]}, State.DERIVED), masks["NONE"])
    controls = {str(_first(CONTROL, match["kind"])): match[0] for match in WORD_CONTROL.finditer(told)}
    if controls:
        yield _of("design.control", list(controls), next(iter(controls.values())))
    if match := WORD_CLUSTER.search(told):
        yield _of("random.type", ["CLUSTER"], match[0])
    if (match := WORD_PURPOSE.search(told)) and (member := _first(PURPOSE, match["last"] or match["purpose"])):
        yield _of("design.purpose", member, match["last"] or match["purpose"])
    if OBSERVATIONAL.fullmatch(told):
        yield Feature("design.observational_model", kinds.text(told), told)
