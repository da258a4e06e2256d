"""What the words of a consumer page mean: the codes of its cards, and the paragraphs that answer its questions.

The page tells each code of a registry in one explanatory paragraph; its first sentence is the trial's own value. The
list below the paragraph names every value the trial does not have: it must leave the own one, or nothing is sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.documents import Line
from reviewkit.kinds import Reading


def _member_or_words(pairs: dict[str, str], suffix: str = "") -> dict[str, str]:
    return pairs | {words + suffix: member for words, member in pairs.items()}


STATUS = kinds.coded(
    {
        "not yet recruiting": "NOT_YET_RECRUITING",
        "recruiting": "RECRUITING",
        "enrolling by invitation": "ENROLLING_BY_INVITATION",
        "active, not recruiting": "ACTIVE_NOT_RECRUITING",
        "active not recruiting": "ACTIVE_NOT_RECRUITING",
        "recruitment complete": "RECRUITMENT_COMPLETE",
        "recruitment completed": "RECRUITMENT_COMPLETE",
        "completed": "COMPLETED",
        "suspended": "SUSPENDED",
        "terminated": "TERMINATED",
        "withdrawn": "WITHDRAWN",
        "unknown": "UNKNOWN",
        "unknown status": "UNKNOWN",
    }
)
PURPOSE = kinds.coded(
    _member_or_words(
        {
            "treatment": "TREATMENT",
            "prevention": "PREVENTION",
            "diagnostic": "DIAGNOSTIC",
            "supportive care": "SUPPORTIVE_CARE",
            "screening": "SCREENING",
            "health services research": "HEALTH_SERVICES_RESEARCH",
            "basic science": "BASIC_SCIENCE",
            "device feasibility": "DEVICE_FEASIBILITY",
            "educational/counseling/training": "ECT",
            "other": "OTHER",
        },
        " study",
    )
)
STUDY_TYPE = kinds.coded(
    _member_or_words(
        {"interventional": "INTERVENTIONAL", "observational": "OBSERVATIONAL", "expanded access": "EXPANDED_ACCESS"},
        " study",
    )
)
CONTROL = kinds.coded({"placebo-controlled": ["PLACEBO"], "placebo controlled": ["PLACEBO"]})
INTERVENTION_TYPE = kinds.coded(
    {
        "drug": "DRUG",
        "biological": "BIOLOGICAL",
        "device": "DEVICE",
        "procedure": "PROCEDURE",
        "radiation": "RADIATION",
        "behavioral": "BEHAVIORAL",
        "behavioural": "BEHAVIORAL",
        "genetic": "GENETIC",
        "dietary supplement": "DIETARY_SUPPLEMENT",
        "combination product": "COMBINATION_PRODUCT",
        "diagnostic test": "DIAGNOSTIC_TEST",
        "other": "OTHER",
    }
)
ARM_ROLE = kinds.coded(
    {
        "experimental": "EXPERIMENTAL",
        "active comparator": "ACTIVE_COMPARATOR",
        "placebo": "PLACEBO_COMPARATOR",
        "placebo comparator": "PLACEBO_COMPARATOR",
        "sham": "SHAM_COMPARATOR",
        "sham comparator": "SHAM_COMPARATOR",
        "no intervention": "NO_INTERVENTION",
        "other": "OTHER",
    }
)
SEX = kinds.coded(
    {
        **dict.fromkeys(["any sex", "all sexes", "all", "both", "both sexes", "male and female"], "ALL"),
        **dict.fromkeys(["female", "females", "female only", "only female", "only females", "women"], "FEMALE"),
        **dict.fromkeys(["male", "males", "male only", "only male", "only males", "men"], "MALE"),
    }
)
OUTCOME_TYPE = kinds.coded({"primary": "PRIMARY", "secondary": "SECONDARY", "other": "OTHER"})
PHASE_WORDS = re.compile(r"(?i)(?:early )?phase\b.*|n/a|not applicable")

NOT_AT_RANDOM = (
    r"\bnon[- ]?random\w*"
    r"|(?:\bnot\b|\bno\b|\bwithout\b|\brather than\b|\binstead of\b|n['’]t\b)"
    r"(?:(?!\bbut\b)[^.,;]){0,60}?\b(?:random\w*|by chance)"
)
ALLOCATION = {
    "RANDOMIZED": r"\brandom(?:ly|i[sz]\w+)?\b|\bby chance\b",
    "NON_RANDOMIZED": NOT_AT_RANDOM + r"|\bbased on (?:\w+ )?(?:factors|criteria)\b|\bdoctor['’]s (?:decision|choice)",
    "NA": r"\bonly one (?:group|arm)\b|\b(?:single|one)[- ](?:group|arm)\b|\bno allocation\b"
    r"|\ball (?:the )?participants (?:receive|get|are given) the same\b",
}
MODEL = {
    "SINGLE_GROUP": r"\ball (?:the )?participants (?:receive|get|are given) the same\b"
    r"|\bsingle[- ](?:group|arm)\b|\bonly one (?:group|arm)\b",
    "PARALLEL": r"\bparallel\b|\b(?:split|divided|separated) into (?:\w+ )*?groups\b"
    r"|\beach (?:group )?receiv\w+ (?:a )?different\b",
    "CROSSOVER": r"\bcross-?\s?over\b|\bswitch\w* (?:between|from|to)\b",
    "FACTORIAL": r"\bfactorial\b|\bcombinations? of (?:\w+ )?(?:treatments|interventions)\b",
    "SEQUENTIAL": r"\bsequential(?:ly)?\b|\bone after another\b|\bin a specific order\b",
    "OTHER": r"\b(?:does|do) not follow\b|\bother assignment\b",
}
PLACEBO = {
    "PLACEBO": r"\bplacebo[- ]controlled\b|\b(?:receive|given|get)s? (?:a placebo|an inert substance)\b",
    "none": r"\bnon[- ]?placebo\b|\b(?:no|without|without a) placebo\b|\bplacebo is not\b",
}
MASKING = {
    "NONE": r"\bopen[- ]label\b",
    "SINGLE": r"\bsingle[- ](?:blind|mask)(?:ed)?\b",
    "DOUBLE": r"\bdouble[- ](?:blind|mask)(?:ed)?\b",
    "TRIPLE": r"\btriple[- ](?:blind|mask)(?:ed)?\b",
    "QUADRUPLE": r"\bquadruple[- ](?:blind|mask)(?:ed)?\b",
}
SENTENCES = {"allocation": ALLOCATION, "model": MODEL, "control": PLACEBO, "masking": MASKING}
LEVELS = tuple(MASKING)  # number of parties kept in the dark -> label, as the page's own list counts them

# How the `Other …` lists name the members.
NAMES = {
    "allocation": {
        "RANDOMIZED": r"^random",
        "NON_RANDOMIZED": r"^non-?\s?random",
        "NA": r"^none\b|single[- ](?:arm|group)",
    },
    "model": {
        "SINGLE_GROUP": r"^single",
        "PARALLEL": r"^parallel",
        "CROSSOVER": r"^cross-?\s?over",
        "FACTORIAL": r"^factorial",
        "SEQUENTIAL": r"^sequential",
        "OTHER": r"^other",
    },
    "control": {"PLACEBO": r"^placebo", "none": r"^non-?\s?placebo"},
    "masking": MASKING,
}
NEGATION_BEFORE = re.compile(
    r"(?:\b(?:not|no|never|without|nor|rather than|instead of)\b|n['’]t\b)"
    r"(?:(?!\bbut\b)[\w ]){0,60}$"  # within the clause
    r"|\bnon[- ]?$"
)
LONGEST_SENTENCE = 1000  # characters; what goes on for longer is no sentence
UNKNOWN_SENTENCE = "a sentence whose meaning in this layout is known"
NO_ONE_CONTROL = "one kind of control; it is said only that there is no placebo"
UNCONFIRMED = "the one value that the page's list of other values leaves"

PARTIES = {
    "PARTICIPANT": r"(?:participant|patient|subject|volunteer)s?",
    "CARE_PROVIDER": r"(?:health ?)?care ?(?:provider|giver)s?|caregivers?|doctors?|clinicians?|physicians?",
    "INVESTIGATOR": r"researchers?|investigators?|research(?:er)? team|study team",
    "OUTCOMES_ASSESSOR": r"outcomes? (?:assessor|evaluator)s?|assessors?|evaluators?",
    "DATA_ANALYST": r"(?:data )?analysts?|statisticians?",
    "DATA_MONITORING": r"data (?:and safety )?monitoring (?:board|committee)",
}
EVERYONE = re.compile(r"(?:everyone|everybody|all parties)(?: (?:involved|taking part|in the (?:study|trial)))*")
LEAD_IN = re.compile(r"^(?:in|for|during) (?:a|an|the|this) [^,]*,\s*")
KNOWING = re.compile(
    r"(?P<dark>\b(?:do|does|did|will|are|is|were) ?(?:not|n['’]t)\b(?: \w+){0,2}? (?:know|aware|told|informed)\b"
    r"|\b(?:are|is|remain|stay|kept) (?:unaware|blind|blinded|masked)\b)"
    r"|(?P<light>\b(?:knows?|knew|are aware|is aware)\b)"
)
OBJECT_OF_KNOWING = re.compile(
    r"\b(?:which|what) (?:treatment|intervention|group|arm|product)s?\b"
    r"[^,.;]*?(?=\s(?:and|but|nor|neither|while|whereas)\b|[,.;]|$)"
)
WORDS_BESIDE_PARTIES = re.compile(r"\b(?:all|both|the|their|study|only|either|neither|each|other)\b")


class Alternatives(NamedTuple):
    """The values that a question's `Other …` list says the trial does not have, and whether the list is whole."""

    members: frozenset[str]
    whole: bool


def alternatives(question: str, lines: Iterable[Line], *, whole: bool) -> Alternatives:
    """What a list of other values names: lines `Name`, with `: explanation` on the same line or the next."""
    names = [line.text.partition(":")[0].strip().casefold() for line in lines]
    named = (member for member, pattern in NAMES[question].items() if any(re.search(pattern, name) for name in names))
    return Alternatives(frozenset(named), whole)


def answer(sentence: str, question: str, others: Alternatives | None) -> Reading:
    """The one member that a sentence affirms and the list of other values leaves; ValueError if there is none."""
    found = affirmed(sentence, question)
    if len(found) != 1:
        raise ValueError(UNKNOWN_SENTENCE)
    _confirm(found[0], question, others)
    if found[0] == "none":
        raise ValueError(NO_ONE_CONTROL)
    return Reading(found if question == "control" else found[0], {"as_written": sentence})


def masking_roles(sentence: str, stated: str | None, others: Alternatives | None) -> Reading:
    """Who does not know the treatment; `stated` is the label that the page gives beside it, if any.

    The list of other values must leave the stated label, else the one that the number of parties makes.
    """
    roles = masked_parties(sentence)
    _confirm(stated or LEVELS[min(len(roles), len(LEVELS) - 1)], "masking", others)
    return Reading(roles, {"as_written": sentence})


def affirmed(sentence: str, question: str) -> list[str]:
    """The members that a sentence speaks of without a negation.

    >>> affirmed("Participants are not placed into groups at random.", "allocation")
    ['NON_RANDOMIZED']
    """
    low = sentence.casefold() if len(sentence) < LONGEST_SENTENCE else ""
    return [
        member
        for member, pattern in SENTENCES[question].items()
        if any(not NEGATION_BEFORE.search(low, 0, match.start()) for match in re.finditer(pattern, low))
    ]


def _confirm(member: str, question: str, others: Alternatives | None) -> None:
    """ValueError if the list of other values holds the own one, or, being whole, leaves more than it."""
    if others is None:
        return
    left = set(SENTENCES[question]) - others.members
    if member not in left or (others.whole and left != {member}):
        raise ValueError(UNCONFIRMED)


def masked_parties(sentence: str) -> list[str]:
    """The members of MaskedRole that a sentence says do not know the treatment, in its order; ValueError if unclear.

    >>> masked_parties("Patients and investigators are not told which product is used, but pharmacists are.")
    ['PARTICIPANT', 'INVESTIGATOR']
    >>> masked_parties("Everybody knows which treatment is given.")
    []
    """
    low = LEAD_IN.sub("", sentence.casefold().strip())
    knowing = KNOWING.search(low) if len(low) < LONGEST_SENTENCE else None
    if not knowing:
        raise ValueError(UNKNOWN_SENTENCE)
    head, tail = low[: knowing.start()].strip(), OBJECT_OF_KNOWING.sub("", low[knowing.end() :])
    if EVERYONE.fullmatch(head) and knowing["light"]:
        return []
    if not (knowing["dark"] or head.startswith("neither ")):
        raise ValueError(UNKNOWN_SENTENCE)
    roles = _named_parties(head)
    if not set(_mentioned(tail)) <= set(roles) and not _excepts(tail, roles):
        raise ValueError(UNKNOWN_SENTENCE)
    return roles


def _named_parties(words: str) -> list[str]:
    """The parties of an enumeration; ValueError if a part of it is none we know."""
    parts = re.split(r",|\band\b|\bor\b|\bnor\b|&", WORDS_BESIDE_PARTIES.sub("", words))
    named = [" ".join(part.split()) for part in parts if part.strip()]
    roles = [role for part in named for role, pattern in PARTIES.items() if re.fullmatch(pattern, part)]
    if not named or len(roles) != len(named):
        raise ValueError(UNKNOWN_SENTENCE)
    return list(dict.fromkeys(roles))


def _mentioned(words: str) -> list[str]:
    return [role for role, pattern in PARTIES.items() if re.search(rf"\b(?:{pattern})\b", words)]


def _excepts(tail: str, roles: list[str]) -> bool:
    """Does the rest of the sentence only name others who do know (`…, but researchers do`)?"""
    contrast = re.match(r"[\s,;]*(?:but|while|whereas|although)\b", tail)
    negated = re.search(r"\b(?:not|nor|neither|unaware|blind\w*|masked)\b|n['’]t\b", tail)
    return contrast is not None and negated is None and not set(_mentioned(tail)) & set(roles)
