"""Numbers of participants in prose, each with its role: planned, screened, enrolled, randomised, treated, analysed.

A number about another trial is never taken: only sentences about this trial are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.dates import latin_digits
from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span, plain

UNITS = "one|two|three|four|five|six|seven|eight|nine"
TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
BELOW_100 = rf"(?:(?:{TENS})(?:[\s-](?:{UNITS}))?|{TEENS}|{UNITS})"
WORDS = rf"(?:(?:{UNITS})\s+hundred(?:\s+(?:and\s+)?{BELOW_100})?|{BELOW_100})"
DIGITS = r"\d{1,3}(?:[,\u066c\u00a0\u2009\u202f]\d{3})+|\d+"
NUMBER = rf"(?P<n>(?<![\d.,/:])(?:{DIGITS})(?![\d%]|[.,]\d|\s?%)|\b(?:{WORDS})\b)"
PEOPLE = (
    r"(?:patients?|participants?|subjects?|volunteers?|individuals?|adults?|child(?:ren)?|infants?|neonates?"
    r"|newborns?|women|men|"
    r"persons?|people|adolescents?|students?|smokers?|outpatients?|inpatients?|cases|boys|girls|residents|couples"
    r"|pregnant women)"
)
# Up to eight words may stand between the number and the people: "7 severe COVID-19 related pneumonia patients".
WHO = (
    rf"{NUMBER}(?:\s+(?!(?:of|to|and|or|in|for|with|days?|weeks?|months?|years?"
    rf"|hours?)\b)[\w\-/+()]+){{0,8}}?\s+{PEOPLE}"
)
ASIDE = r"(?:\s*\([^()]{0,120}\))?(?:\s+(?:with|aged|who|from|in|having)\b[^.;]{0,160}?)?"
BE = r"(?:were|was|are|is|have been|had been)"
WILL_BE = r"(?:will be|are to be|were to be|are planned to be|were planned to be|would be|should be)"
ADVERB = r"(?:\s+(?:then|also|subsequently|finally|successfully|prospectively|initially|eventually|all))*"
RANDOMISED = r"(?:randomi[sz]ed|randomly\s+(?:assigned|allocated|divided|grouped|distributed)|allocated\s+at\s+random)"
ENROLLED = r"(?:enrol+ed|recruited|included|entered|accrued)"
INTO_ANALYSIS = r"(?!\s+in(?:to)?\s+(?:the\s+)?(?:[\w\-]+\s+){0,3}analys[ei]s)"


class Cue(NamedTuple):
    """One way to state a size: the field it fills, the rule's id and the pattern."""

    field: str
    rule: str
    pattern: re.Pattern


def _cue(field: str, rule: str, pattern: str) -> Cue:
    return Cue(field, rule, re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE))


CUES = [
    _cue(
        "enrolment.target",
        "size-planned",
        rf"{WHO}{ASIDE} {WILL_BE}{ADVERB} (?:{ENROLLED}|{RANDOMISED}|assigned"
        rf"|allocated|treated)",
    ),
    _cue("enrolment.target", "size-planned", rf"{WHO}{ASIDE} (?:were|was|are) (?:initially )?planned\b(?! to be)"),
    _cue(
        "enrolment.target",
        "size-planned",
        rf"\b(?:will|plan(?:s|ned)? to|aim(?:s|ed)? to|intend(?:s"
        rf"|ed)? to) (?:enrol+|recruit|include|randomi[sz]e)(?: (?:a total of"
        rf"|approximately|about|at least|up to))? {WHO}",
    ),
    _cue(
        "enrolment.target",
        "size-planned",
        rf"\b(?:target|planned|required|calculated"
        rf"|estimated)(?: total)? (?:sample size|enrol+ment"
        rf"|number of {PEOPLE})(?: (?:was|is|of|were|will be))*:? {NUMBER}\b",
    ),
    _cue(
        "enrolment.target",
        "size-planned",
        rf"\bsample size of {NUMBER}(?: {PEOPLE})? (?:is|was|were) (?:planned"
        rf"|required|needed|calculated)",
    ),
    _cue("enrolment.screened", "size-screened", rf"{WHO}{ASIDE} {BE}{ADVERB} (?:screened|assessed for eligibility)"),
    _cue(
        "enrolment.randomised",
        "size-randomised",
        rf"{WHO}{ASIDE} (?:{BE}{ADVERB} (?:enrol+ed and )?{RANDOMISED}"
        rf"|underwent randomi[sz]ation)",
    ),
    _cue(
        "enrolment.randomised",
        "size-randomised",
        rf"\bwe (?:then )?(?:randomi[sz]ed|randomly (?:assigned"
        rf"|allocated)) {WHO}",
    ),
    _cue("enrolment.randomised", "size-randomised", rf"\b(?:of|in|among|total of) {NUMBER} randomi[sz]ed {PEOPLE}"),
    _cue("enrolment.actual", "size-enrolled", rf"{WHO}{ASIDE} (?:{BE}{ADVERB} )?{ENROLLED}{INTO_ANALYSIS}\b"),
    _cue("enrolment.actual", "size-enrolled", rf"\bwe (?:enrol+ed|recruited|included) (?:a total of )?{WHO}"),
    _cue("enrolment.actual", "size-enrolled", rf"{WHO}{ASIDE} (?:participated|took part) in"),
    _cue(
        "enrolment.treated",
        "size-treated",
        rf"{WHO}{ASIDE} (?:{BE}{ADVERB} (?:enrol+ed|recruited|included"
        rf"|randomi[sz]ed) and (?:then )?)?(?:{BE} )?(?:treated|received"
        rf"|dosed)\b",
    ),
    _cue(
        "enrolment.analysed",
        "size-analysed",
        rf"{WHO}{ASIDE} {BE}{ADVERB} (?:analy[sz]ed|evaluable"
        rf"|included in(?:to)? (?:the )?(?:[\w\-]+ ){{0,3}}analys[ei]s)",
    ),
    _cue(
        "enrolment.completed",
        "size-completed",
        rf"{WHO}{ASIDE} (?:have )?completed (?:the )?(?:[\w\-]+ ){{0,2}}(?:study|trial"
        rf"|follow|treatment|protocol)",
    ),
    _cue("enrolment.lost", "size-lost", rf"{WHO}{ASIDE} {BE} lost to follow"),
]
# "412 patients were screened and 312 were enrolled; nine were treated": the people are named before.
NAMED_BEFORE = rf"(?:\band|\bof (?:whom|these|which|them),?|[,;:]) {NUMBER}(?: \([\d.]+\s?%\))?"
CUES += [
    _cue(
        "enrolment.target",
        "size-planned",
        rf"{NAMED_BEFORE} (?:{WILL_BE} (?:{ENROLLED}|{RANDOMISED})|(?:were"
        rf"|was) planned)\b",
    ),
    _cue("enrolment.screened", "size-screened", rf"{NAMED_BEFORE} {BE} (?:screened|assessed for eligibility)\b"),
    _cue("enrolment.randomised", "size-randomised", rf"{NAMED_BEFORE} {BE}{ADVERB} (?:enrol+ed and )?{RANDOMISED}\b"),
    _cue("enrolment.actual", "size-enrolled", rf"{NAMED_BEFORE} {BE}{ADVERB} {ENROLLED}{INTO_ANALYSIS}\b"),
    _cue(
        "enrolment.treated",
        "size-treated",
        rf"{NAMED_BEFORE} (?:{BE}{ADVERB} (?:treated|dosed)(?=\s*(?:[.;,)]"
        rf"|$))|received (?:treatment\b|at least one dose|the (?:study"
        rf"|allocated|assigned)))",
    ),
    _cue(
        "enrolment.analysed",
        "size-analysed",
        rf"{NAMED_BEFORE} {BE}{ADVERB} (?:analy[sz]ed\b|evaluable"
        rf"|included in(?:to)? (?:the )?(?:[\w\-]+ ){{0,3}}analys[ei]s)",
    ),
    _cue(
        "enrolment.completed",
        "size-completed",
        rf"{NAMED_BEFORE} (?:have )?completed (?:the )?(?:[\w\-]+ ){{0,2}}(?:study|trial"
        rf"|follow|treatment|protocol)",
    ),
    _cue("enrolment.lost", "size-lost", rf"{NAMED_BEFORE} {BE} lost to follow"),
]
# "7 patients were assigned to receive": enrolment, where no sentence says more.
ASSIGNED = _cue("enrolment.actual", "size-assigned", rf"{WHO}{ASIDE} {BE}{ADVERB} (?:assigned|allocated)\b")
PARTS = [
    _cue("participants.male_n", "males", rf"{NUMBER}(?: \(\d[\d.]*\s?%\))? (?:were )?(?:males?|men|boys)\b"),
    _cue("participants.female_n", "females", rf"{NUMBER}(?: \(\d[\d.]*\s?%\))? (?:were )?(?:females?|women|girls)\b"),
]
# Every cue has one of these: a cheap test that spares most sentences the rest.
SPEAKS_OF_SIZE = re.compile(
    r"enrol|recruit|includ|enter|accru|random|alloc|assign|treat|receiv|dosed|screen|eligib|analy|evalua|complet"
    r"|lost|plan|sample|"
    r"target|required|calculated|participat|part\s+in|male|men\b|girls|boys",
    re.IGNORECASE,
)
DECIMAL = r"(?P<n>\d+(?:[.,\u066b]\d+)?)"
AGES = [
    _cue(
        "participants.age_median",
        "median-age",
        rf"\bmedian age(?: of (?:the )?{PEOPLE})?(?: (?:was|is|of"
        rf"|at \w+))*:? {DECIMAL}",
    ),
    _cue(
        "participants.age_mean",
        "mean-age",
        rf"\b(?:mean|average) age(?: of (?:the )?{PEOPLE})?(?: (?:was|is|of"
        rf"|at \w+))*:? {DECIMAL}",
    ),
]
QUARTILES = re.compile(
    r"(?:inter-?quartile range|IQR)[^\d.;]{0,20}(?P<q1>\d+(?:\.\d+)?)(?:\s*(?:years?|yr|y))?\s*(?:to|-|–"
    r"|,)\s*(?P<q3>\d+(?:\.\d+)?)",
    re.I,
)
STANDARD_DEVIATION = re.compile(
    r"\s*(?:years?\s*)?(?:±|\+/-|\(?\s*(?:SD|standard deviation)[\s=:,]*)\s*(?P<sd>\d+(?:\.\d+)?)", re.I
)
WHOLE_OR_PART = {f"enrolment.{role}" for role in ("screened", "treated", "completed", "analysed", "lost")}
NEGATED = re.compile(r"\b(?:no|not|none of)\s+$", re.IGNORECASE)
PART_OF = re.compile(r"(?<!\btotal\s)(?<!\bsum\s)\b(?:of|among)\s+(?:the\s+|all\s+|these\s+)?$", re.IGNORECASE)

PAIR_OF_ARMS = re.compile(
    rf"{NUMBER}(?:\s+{PEOPLE})?\s+(?:in|to|for"
    rf"|assigned\s+to)\s+(?:the\s+)?[\w\-]+(?:\s+[\w\-]+){{0,3}}?\s+(?:group|arm)",
    re.IGNORECASE,
)


class ArmSize(NamedTuple):
    """A number of participants in one arm, with its span."""

    n: int
    start: int
    end: int


def number(words: str) -> int:
    """A count in digits of any script, or in English words."""
    plain = latin_digits(words)
    return kinds.whole_number(plain) if plain[0].isdecimal() else kinds.number_in_words(plain)


def size_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """The sizes that sentences about this trial state, in order of place; each with the span of its number."""
    chosen = list(own_sentences(text) if spans is None else spans)
    found = [fact for span in chosen for fact in _of_sentence(text, span, CUES)]
    if not any(fact.field in {"enrolment.actual", "enrolment.randomised"} for fact in found):
        found += [fact for span in chosen for fact in _of_sentence(text, span, [ASSIGNED])]
    return _whole_trial(sorted(found, key=lambda fact: fact.start))


def _whole_trial(found: list[Fact]) -> list[Fact]:
    """Of the sizes that arms and subgroups have too (treated, analysed …) only the first is of the whole trial."""
    kept: list[Fact] = []
    for fact in found:
        if fact.field in WHOLE_OR_PART and any(fact.field == before.field for before in kept):
            continue
        kept.append(fact)
    return kept


def _of_sentence(text: str, span: Span, cues: Iterable[Cue]) -> Iterator[Fact]:
    sentence = plain(text[span.start : span.end])
    if not SPEAKS_OF_SIZE.search(sentence):
        return
    said: set[str] = set()
    for cue in cues:
        match = None if cue.field in said else cue.pattern.search(sentence)
        if match and not NEGATED.search(sentence[: match.start()][-12:]) and not _is_part(sentence, match):
            said.add(cue.field)
            start, end = match.span("n")
            yield Fact(
                cue.field, number(match["n"]), span.start + start, span.start + end, cue.rule, {"unit": "persons"}
            )


def _is_part(sentence: str, match: re.Match) -> bool:
    """Is it `of 40 patients` that something is said of some? A cue that begins earlier has said what it counts."""
    return match.start() == match.start("n") and PART_OF.search(sentence[: match.start()][-24:]) is not None


def participant_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """Men, women and ages of the participants, as sentences about this trial state them."""
    chosen = own_sentences(text) if spans is None else spans
    found: dict[str, Fact] = {}  # the first of each: arms and subgroups come later
    for span in chosen:
        for fact in (*_of_sentence(text, span, PARTS), *_ages(text, span)):
            found.setdefault(fact.field, fact)
    return list(found.values())


def _ages(text: str, span: Span) -> Iterator[Fact]:
    sentence = plain(text[span.start : span.end])
    for cue in AGES:
        match = cue.pattern.search(sentence)
        if not match:
            continue
        yield _decimal(cue.field, cue.rule, match, "n", span.start)
        if cue.rule == "median-age" and (quartiles := QUARTILES.search(sentence, match.end(), match.end() + 60)):
            yield _decimal("participants.age_q1", "quartiles-of-age", quartiles, "q1", span.start)
            yield _decimal("participants.age_q3", "quartiles-of-age", quartiles, "q3", span.start)
        if cue.rule == "mean-age" and (spread := STANDARD_DEVIATION.match(sentence, match.end())):
            yield _decimal("participants.age_sd", "sd-of-age", spread, "sd", span.start)


def _decimal(field: str, rule: str, match: re.Match, group: str, offset: int) -> Fact:
    start, end = match.span(group)
    return Fact(field, kinds.decimal(match[group]), offset + start, offset + end, rule, {})


def planned_arm_sizes(text: str) -> list[ArmSize]:
    """The sizes in `15 in the intervention group and 15 in the control group`; empty unless two arms or more are sized.

    >>> [size.n for size in planned_arm_sizes("30 patients (20 in the drug group and 10 in the control group)")]
    [20, 10]
    """
    found = [ArmSize(number(m["n"]), *m.span("n")) for m in PAIR_OF_ARMS.finditer(plain(text))]
    return found if len(found) > 1 else []
