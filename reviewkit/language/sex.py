"""Which sex could take part, where the words leave no other: `postmenopausal women were randomised`.

Said only if a sentence of this trial names people of one sex as those who took part and none of its sentences names the
other sex among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span, plain

FEMALE = (
    r"(?:women|girls|(?:female|pregnant|(?:post-?|pre-?|peri-?)?menopausal|nulliparous|parturient"
    r"|lactating)\s+(?:[\w\-]+\s+){0,2}?(?:patients|volunteers|participants|subjects|adolescents|individuals"
    r"|students)|primigravidae?)"
)
MALE = (
    r"(?:men|boys|(?:male)\s+(?:[\w\-]+\s+){0,2}?(?:patients|volunteers|participants|subjects|adolescents|individuals"
    r"|students|infants))"
)
PEOPLE = {"FEMALE": re.compile(rf"\b{FEMALE}\b", re.IGNORECASE), "MALE": re.compile(rf"\b{MALE}\b", re.IGNORECASE)}
OTHER = {
    "FEMALE": re.compile(
        r"\b(?:men|males?|boys|husbands|fathers|both\s+(?:sexes|genders)|either\s+(?:sex|gender)"
        r"|wom[ae]n\s+and\s+child|infants|newborns|neonates|babies|couples|mother[-–]\w+\s+pairs)\b",
        re.IGNORECASE,
    ),
    "MALE": re.compile(
        r"\b(?:women|females?|girls|wives|mothers|pregnan\w+|both\s+(?:sexes|genders)|either\s+(?:sex|gender)"
        r"|couples)\b",
        re.IGNORECASE,
    ),
}
TAKES_PART = (
    r"(?:eligible|enrol\w*|recruit\w*|randomi[sz]ed|randomly|assigned|allocated|included|invited|took\s+part"
    r"|participated|entered|"
    r"underwent\s+randomi[sz]ation|divided)"
)
BEFORE = re.compile(
    r"\b(?:enrol+ed|recruited|randomi[sz]ed|randomly\s+(?:assigned|allocated)|included|invited"
    r"|eligible\s+(?:participants|patients|subjects)\s+"
    r"(?:were|are)|trial\s+(?:of|in|among)|study\s+(?:of|in|among)|participants\s+were|subjects\s+were"
    r"|restricted\s+to|conducted\s+(?:in|among))\s+"
    r"(?:all\s+|only\s+|a\s+total\s+of\s+)?(?:[\w\-,–()=/]+\s+){0,6}?$",
    re.IGNORECASE,
)
AFTER = re.compile(rf"\b(?:were|was|are|will\s+be)\s+(?:then\s+|all\s+)?(?:{TAKES_PART})\b", re.IGNORECASE)
# A part of those who took part, not all of them: "of whom 40 were women", "women (45%)", "30 women and".
A_PART = re.compile(
    r"\b(?:of\s+(?:whom|which|these|the)|including|percent|respectively|were\s+(?:\d+\s+)?(?:women|men|female|male)"
    r"|proportion|excluded|exclusion|exclude"
    r"|contracepti\w+|childbearing|child-bearing|subgroup|compared\s+with\s+(?:wo)?men|sex|gender|controls?)\b|%",
    re.IGNORECASE,
)
# "120 women were randomised" counts who took part; it sets no limit to who could.
COUNTED = re.compile(
    r"(?<![\w–-])(?:\d[\d,]*|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand"
    r"|\w+teen|\w+ty)(?:-\w+)?)"
    r"(?:[\s-]+(?:consecutive|and|[\w\-]{3,},?)){0,4}\s+$",
    re.IGNORECASE,
)
NEAR = 150  # characters between the people and what they took part in


def sex_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """`eligibility.sex` where this trial was of one sex alone by its own words; empty otherwise."""
    chosen = list(own_sentences(text) if spans is None else spans)
    said = {sex: _first(text, chosen, sex) for sex in PEOPLE}
    named = [fact for fact in said.values() if fact]
    if len(named) != 1:
        return []
    (fact,) = named
    return [] if any(_names_other(text, span, fact.value) for span in chosen) else [fact]


def _first(text: str, spans: list[Span], sex: str) -> Fact | None:
    for span in spans:
        sentence = plain(text[span.start : span.end])
        for match in PEOPLE[sex].finditer(sentence):
            if _took_part(sentence, match) and not _is_part(sentence, match) and not OTHER[sex].search(sentence):
                words = " ".join(sentence[match.start() : match.end()].split())
                start, end = span.start + match.start(), span.start + match.end()
                return Fact("eligibility.sex", sex, start, end, "people-of-one-sex", {"as_written": words})
    return None


def _took_part(sentence: str, match: re.Match) -> bool:
    before = BEFORE.search(sentence[max(0, match.start() - NEAR) : match.start()])
    return before is not None or AFTER.search(sentence, match.end(), match.end() + NEAR) is not None


def _is_part(sentence: str, match: re.Match) -> bool:
    if COUNTED.search(sentence[max(0, match.start() - 60) : match.start()]):
        return True
    return A_PART.search(sentence[max(0, match.start() - 60) : match.end() + 40]) is not None


def _names_other(text: str, span: Span, sex: str) -> bool:
    return OTHER[sex].search(text, *span) is not None
