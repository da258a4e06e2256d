"""What a text says of a change of the trial's size: which way, from what to what, in which sentence."""

from __future__ import annotations

import re
from typing import NamedTuple

from reviewkit.dates import latin_digits

PEOPLE = r"(?:participants?|patients?|subjects?|volunteers?|individuals?|cases?|people|children|women|men)"
# What stands for the size of a trial; `%s` numbers the group of bare `enrolment`, which may speak of other things too.
NOUN = (
    r"(?:sample[ -]sizes?|study size|size of the (?:sample|study|trial)|"
    r"target(?:ed)? (?:enrol?l?ment|recruitment|number|population|size)|"
    r"(?:enrol?l?ment|recruitment|accrual) (?:target|goal|number|size)s?|"
    r"(?P<bare%s>enrol?l?ments?)"
    r"(?! (?:dates?|periods?|start|end|criteria|status|sites?|cent|time|year|duration|log|form|of)\b)|"
    rf"numbers? of (?:the )?(?:\w+ )?{PEOPLE}"
    r"(?! (?:\w+ )?(?:referr|admitt|present|visit|hospital|infect|availab|eligib|attend|coming|"
    r"using|taking|receiving|with\b|who\b))|"
    r"(?:participant|patient|subject) numbers?|"
    r"(?:the|study|final|total|planned) sample(?! \w*(?:collect|volume|analys|handl|stor|tube))|"
    r"sample(?= (?:to|from|of) \d))"
)
DOWN = (
    r"(?:reduc\w+|decreas\w+|lower(?:ed|ing)?|small(?:er)?|cut(?:ting)?|shr[aiu]nk|fewer|diminish\w+|less(?:er)?|"
    r"downsiz\w+)"
)
UP = (
    r"(?:increas\w+|rais(?:e|ed|ing)|larger|greater|enlarg\w+|expand\w*|expansion|extend\w*|doubl(?:ed|ing)|higher|"
    r"augment\w*)"
)
OTHER = (
    r"(?:chang(?:e|es|ed|ing)|revis(?:e|ed|ion|ing)|amend\w*|modif\w+|adjust\w*|alter(?:ed|ation|ing)?|"
    r"correct(?:ed|ion|ing)|updat(?:e|ed|ing)|re-?calculat\w+|re-?estimat\w+)"
)
ANY = rf"(?:{DOWN}|{UP}|{OTHER})"
NO_PERSONS = (
    r"(?! ?(?:%|mg|ml|cent|sites?|hospitals?|arms?|groups?|days?|weeks?|months?|years?|doses?|visits?|countries))"
)
WORD = r"(?:[\w%'()/.-]+[ ,]+)"

# A change beside the noun, either way round: `reduced final sample size`, `the sample size has therefore been cut`.
CHANGE = re.compile(
    rf"\b(?P<before>{ANY})\b (?P<gap>{WORD}{{0,4}}?){NOUN % 1}\b"
    rf"|\b{NOUN % 2}\b,? (?P<gap_after>{WORD}{{0,7}}?)(?P<after>{ANY})\b",
    re.IGNORECASE,
)
STATED_PAIR = re.compile(
    rf"\b{NOUN % 5}\b:? ?(?:was |is |changed )?(?:from \d[\d,]* to \d|\d[\d,]* ?(?:→|->|=>) ?\d)", re.IGNORECASE
)
SHORTFALL = re.compile(
    rf"\b(?:fewer|less) {WORD}{{0,2}}?{PEOPLE}\b.{{0,40}}?\bthan\b"
    rf"|\bmore {WORD}{{0,2}}?{PEOPLE} than (?:originally |initially |first )?(?:planned|intended|targeted|expected)"
    rf"|\b(?:not|n't|never|fail\w* to|unable to|without|impossible to) {WORD}{{0,3}}?"
    rf"(?:reach(?:ed|ing)?|achiev(?:e|ed|ing)|attain\w*|complete|meet|met|recruit|enrol?l) {WORD}{{0,4}}?{NOUN % 3}"
    rf"|\b{NOUN % 4} {WORD}{{0,3}}?(?:not|n't|never) {WORD}{{0,3}}?(?:reached|achieved|attained|met|completed)"
    rf"|\bonly \d+ {WORD}{{0,4}}?(?:of|out of|instead of|rather than) {WORD}{{0,3}}?\d+\b{NO_PERSONS}"
    rf"|\b\d+ (?:{PEOPLE} )?(?:instead of|rather than) (?:the )?(?:planned |intended |target )?\d+\b{NO_PERSONS}",
    re.IGNORECASE,
)
MORE = re.compile(r"\bmore\b", re.IGNORECASE)
# A calculation speaks of effects that rise and fall, not of a size that does.
NO_CHANGE_OF_SIZE = re.compile(
    r"\b(?:detect\w*|power|calculat(?:ed|ion) (?:to|for|based|on)|assum\w+|based on|according|outcome)\b", re.I
)
ANOTHER_THING = re.compile(r"(?<!and )\bthe\b", re.IGNORECASE)  # … the sample size, the recruitment end was extended
UNCHANGED = re.compile(
    rf"\b(?:no|without(?: any| a)?|neither) (?:\w+ ){{0,2}}?{ANY}\b"
    rf"|\b(?:not|n't|never|nor)\b (?:\w+ ){{0,3}}?{ANY}\b|\bun(?:changed|altered|modified)\b"
    r"|\bremain\w* (?:the same|as (?:planned|before|registered)|at)|\b(?:kept|stays?) (?:the same|as)\b",
    re.IGNORECASE,
)
FROM_TO = re.compile(
    r"\bfrom (?:\w+ ){0,4}?(\d[\d,]*)(?: \w+){0,2}? (?:to|down to|up to|into) (?:\w+ ){0,3}?(\d[\d,]*)", re.I
)
TO_FROM = re.compile(
    r"\bto (?:\w+ ){0,2}?(\d[\d,]*)(?: \w+){0,2}?,? \(?(?:from|instead of|rather than)(?: \w+){0,3}? (\d[\d,]*)", re.I
)
INSTEAD = re.compile(r"(\d[\d,]*)(?: \w+){0,4}? (?:instead of|rather than|out of|of)(?: \w+){0,3}? (\d[\d,]*)", re.I)
ARROW = re.compile(r"(\d[\d,]*) ?(?:→|->|=>) ?(\d[\d,]*)")
TO = re.compile(r"\b(?:to|at|is now|now|of|became) (\d[\d,]*)\b(?! ?(?:%|percent|days?|weeks?|months?|years?))", re.I)
SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z\d(\"“])")


class SizeChange(NamedTuple):
    """An announced change: `reduced`, `increased` or `changed`; the sizes if the sentence gives them; the sentence."""

    direction: str
    old: int | None
    new: int | None
    sentence: str


def announced_size_change(text: str) -> SizeChange | None:
    """The first change of the sample size that a text announces, or None.

    A sentence that says the size was not changed announces nothing; nor does one that only mentions it.

    >>> announced_size_change("Funds were short, so the sample size was reduced from 60 to 40.")[:3]
    ('reduced', 60, 40)
    """
    for sentence in SENTENCE.split(" ".join(latin_digits(text).split())):
        if direction := _direction(sentence):
            old, new = _sizes(sentence)
            if direction == "changed" and old is not None and new is not None and old != new:
                direction = "reduced" if new < old else "increased"
            return SizeChange(direction, old, new, sentence)
    return None


def _direction(sentence: str) -> str | None:
    if shortfall := SHORTFALL.search(sentence):
        return "increased" if MORE.match(shortfall[0]) else "reduced"
    for match in CHANGE.finditer(sentence):
        gap = match["gap"] or match["gap_after"] or ""
        other = re.search(r"\b(?:and|but)\b", gap) if match["before"] else ANOTHER_THING.search(gap)
        if other or NO_CHANGE_OF_SIZE.search(gap) or _denied(sentence, match):
            continue
        word = match["before"] or match["after"]
        if re.fullmatch(DOWN, word, re.IGNORECASE):
            return "reduced"
        if re.fullmatch(UP, word, re.IGNORECASE):
            return "increased"
        if not (match["bare1"] or match["bare2"]) or re.search(r"\d", sentence):
            return "changed"  # `enrolment was updated` without a number may speak of anything
    return "changed" if STATED_PAIR.search(sentence) else None


def _denied(sentence: str, match: re.Match) -> bool:
    """Is the change denied in the words of the match or in the three before it?"""
    lead = " ".join(sentence[: match.start()].split()[-3:])
    return bool(UNCHANGED.search(f"{lead} {match[0]}"))


def _sizes(sentence: str) -> tuple[int | None, int | None]:
    """Old and new size as far as the sentence gives them."""
    if match := FROM_TO.search(sentence) or ARROW.search(sentence):
        return _whole(match[1]), _whole(match[2])
    if match := TO_FROM.search(sentence) or INSTEAD.search(sentence):
        return _whole(match[2]), _whole(match[1])
    match = TO.search(sentence)
    return None, _whole(match[1]) if match else None


def _whole(digits: str) -> int:
    return int(digits.replace(",", ""))
