"""Who took part: numbers of men and women and ages, as sentences about this trial state them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewkit import kinds
from reviewkit.language.counted import HOLDS_COUNT, counts
from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span, plain

PEOPLE = (
    r"(?:patients?|participants?|subjects?|volunteers?|individuals?|adults?|children|infants?|neonates?|women"
    r"|men|persons|people)"
)
SHARE = r"(?:\s*\(\d[\d.]*\s?%\))?\s+(?:were\s+)?"
SEXES = [
    ("participants.male_n", "males", re.compile(rf"{SHARE}(?:males?|men|boys)\b", re.IGNORECASE)),
    ("participants.female_n", "females", re.compile(rf"{SHARE}(?:females?|women|girls)\b", re.IGNORECASE)),
]
SPEAKS_OF_SEX = re.compile(r"male|men\b|girls|boys", re.IGNORECASE)
PART_OF = re.compile(r"(?<!\btotal\s)(?<!\bsum\s)\b(?:of|among)\s+(?:the\s+|all\s+|these\s+)?$", re.IGNORECASE)
NEGATED = re.compile(r"\b(?:no|not|none of)\s+$", re.IGNORECASE)
DECIMAL = r"(?P<n>\d+(?:[.,\u066b]\d+)?)"


def _age(kind: str) -> re.Pattern:
    words = rf"\b{kind} age(?: of (?:the )?{PEOPLE})?(?: (?:was|is|of|at \w+))*:? {DECIMAL}"
    return re.compile(words.replace(" ", r"\s+"), re.IGNORECASE)


AGES = [
    ("participants.age_median", "median-age", _age(r"median")),
    ("participants.age_mean", "mean-age", _age(r"(?:mean|average)")),
]
QUARTILES = re.compile(
    r"(?:inter-?quartile range|IQR)[^\d.;]{0,20}(?P<q1>\d+(?:\.\d+)?)(?:\s*(?:years?|yr|y))?\s*(?:to|-|–"
    r"|,)\s*(?P<q3>\d+(?:\.\d+)?)",
    re.I,
)
STANDARD_DEVIATION = re.compile(
    r"\s*(?:years?\s*)?(?:±|\+/-|\(?\s*(?:SD|standard deviation)[\s=:,]*)\s*(?P<sd>\d+(?:\.\d+)?)", re.I
)


def participant_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """Men, women and ages of the participants, as sentences about this trial state them."""
    found: dict[str, Fact] = {}  # the first of each: arms and subgroups come later
    for span in own_sentences(text) if spans is None else spans:
        if HOLDS_COUNT.search(text, *span):
            sentence = plain(text[span.start : span.end])
            for fact in (*_sexes(sentence, span.start), *_ages(sentence, span.start)):
                found.setdefault(fact.field, fact)
    return list(found.values())


def _sexes(sentence: str, offset: int) -> Iterator[Fact]:
    if not SPEAKS_OF_SEX.search(sentence):
        return
    for count in counts(sentence):
        before = sentence[max(0, count.start - 24) : count.start]
        if count.about or count.kind == "sample" or PART_OF.search(before) or NEGATED.search(before):
            continue
        for field, rule, words in SEXES:
            if words.match(sentence, count.end):
                yield Fact(field, count.n, offset + count.start, offset + count.end, rule, {"unit": "persons"})


def _ages(sentence: str, offset: int) -> Iterator[Fact]:
    for field, rule, words in AGES:
        match = words.search(sentence)
        if not match:
            continue
        yield _decimal(field, rule, match, "n", offset)
        if rule == "median-age" and (quartiles := QUARTILES.search(sentence, match.end(), match.end() + 60)):
            yield _decimal("participants.age_q1", "quartiles-of-age", quartiles, "q1", offset)
            yield _decimal("participants.age_q3", "quartiles-of-age", quartiles, "q3", offset)
        if rule == "mean-age" and (spread := STANDARD_DEVIATION.match(sentence, match.end())):
            yield _decimal("participants.age_sd", "sd-of-age", spread, "sd", offset)


def _decimal(field: str, rule: str, match: re.Match, group: str, offset: int) -> Fact:
    start, end = match.span(group)
    return Fact(field, kinds.decimal(match[group]), offset + start, offset + end, rule, {})
