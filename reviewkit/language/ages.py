"""Limits of age that a trial set: `aged 18 to 65 years`, `18 years or older`, `children of 6-59 months`.

An age is a limit where the sentence says who could take part. Means, ranges of those who did, groups of an analysis and
strata are none. Where several sentences give limits, those that speak of eligibility come first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span, plain

UNITS = {"y": "YEAR", "m": "MONTH", "w": "WEEK", "d": "DAY", "h": "HOUR"}
UNIT = r"(?:years?|yrs?|y(?=\b)|months?|weeks?|days?|hours?)"
OLD = r"(?:\s*-?\s*of\s+age|\s*-?\s*old|\s+or\s+age)?"
N = r"\d{1,3}(?:[.·]\d)?"
PEOPLE = (
    r"(?:adults?|children|participants?|patients?|people|persons|individuals|subjects|volunteers|women|men|females"
    r"|males"
    r"|girls|boys|infants|adolescents|outpatients|inpatients|students|pupils|youths?|residents|smokers|candidates"
    r"|neonates)"
)
AGED = (
    rf"(?:\bage[sd]?\b(?:\s*[:=]|\s+(?:range[ds]?|groups?|limits?|was|were|is|of))?|\bthe\s+ages?\s+of\b"
    rf"|\b{PEOPLE}\b(?:\s*\(|,)?"
    rf"|\bage\s+range)"
)
LEAD = r"\s*(?:(?:were|was|who\s+were|of|between|from|aged|ages?|the|range|in|within)\s+|[(:,]\s*){0,6}"
RANGE = re.compile(
    rf"(?P<aged>{AGED}){LEAD}[≥>]?\s*(?P<min>{N}(?:[\s-]*(?P<unit1>{UNIT}))?){OLD}\s*(?:to|and|through|until|till"
    rf"|[-–—−])\s*[≤<]?\s*"
    rf"(?P<max>{N}[\s-]*(?P<unit>{UNIT}))(?![\w])",
    re.IGNORECASE,
)
RANGE_AFTER = re.compile(
    rf"(?<![\d.,])(?P<min>{N}(?:[\s-]*(?P<unit1>{UNIT}))?)\s*(?:to|through|and"
    rf"|[-–—−])\s*(?P<max>{N}[\s-]*(?P<unit>{UNIT}))"
    r"(?:\s*-?\s*(?:of\s+age|olds?\b))",
    re.IGNORECASE,
)
BARE_RANGE = re.compile(
    rf"\bage[sd]\s+(?:between\s+|from\s+)?(?P<min>{N})\s*(?:to|and|through|[-–—−])\s*(?P<max>{N})(?![\d.,·]*\s*(?:%|±"
    rf"|\d|months?|weeks?|days?"
    r"|years?|y\b|yrs?))(?!\s?\()",
    re.IGNORECASE,
)
AT_LEAST = re.compile(
    rf"(?:{AGED}){LEAD}(?:≥|>=|>|⩾|at\s+least|older\s+than|over|above|more\s+than|a\s+minimum\s+of"
    rf"|greater\s+than(?:\s+or\s+equal\s+to)?"
    rf"|not\s+less\s+than|minimum)\s*(?P<a>{N}(?:[\s-]*{UNIT})?)(?![\w])"
    rf"|(?:≥|>=|⩾)\s*(?P<b>{N}[\s-]*{UNIT})(?:\s*-?\s*(?:of\s+age|old)\b)"
    rf"|\b(?:at\s+least|older\s+than|over|above"
    rf"|more\s+than)\s+(?:the\s+age\s+of\s+)?(?P<c>{N}(?:[\s-]*{UNIT})?)\s*-?\s*(?:of\s+age|old)\b"
    rf"|\b(?P<d>{N}(?:[\s-]*{UNIT}))(?:\s*-?\s*of\s+age|\s*-?\s*old)?,?\s+(?:of\s+age\s+)?(?:or|and|&)\s+(?:older"
    rf"|above|over|more|up)\b"
    rf"|\baged?\s+(?P<e>{N})\s+(?:or|and)\s+(?:older|above|over|up)\b"
    rf"|\b(?:over|above|older\s+than)\s+(?:the\s+)?age\s+(?:of\s+)?(?P<f>{N}(?:[\s-]*{UNIT})?)(?![\w])",
    re.IGNORECASE,
)
AT_MOST = re.compile(
    rf"(?:{AGED}){LEAD}(?:≤|<=|<|⩽|at\s+most|younger\s+than|under|below|less\s+than|up\s+to|not\s+older\s+than"
    rf"|no\s+more\s+than)\s*"
    rf"(?P<a>{N}(?:[\s-]*{UNIT})?)(?![\w])"
    rf"|(?:≤|<=|⩽)\s*(?P<b>{N}[\s-]*{UNIT})(?:\s*-?\s*(?:of\s+age|old)\b)"
    rf"|\b(?:younger\s+than|under|below"
    rf"|less\s+than)\s+(?:the\s+age\s+of\s+)?(?P<c>{N}(?:[\s-]*{UNIT})?)\s*-?\s*(?:of\s+age|old)\b"
    rf"|\b(?P<d>{N}(?:[\s-]*{UNIT}))(?:\s*-?\s*of\s+age|\s*-?\s*old)?,?\s+(?:or|and)\s+(?:younger|below|under)\b"
    rf"|\b(?:under|below|younger\s+than)\s+(?:the\s+)?age\s+(?:of\s+)?(?P<f>{N}(?:[\s-]*{UNIT})?)(?![\w])",
    re.IGNORECASE,
)
ELIGIBLE = re.compile(
    r"\b(?:eligib\w+|inclusion|included\s+if|criteri\w+|were\s+included|qualif\w+|required\s+to\s+be|had\s+to\s+be)\b",
    re.IGNORECASE,
)
TAKES_PART = re.compile(
    r"\b(?:enrol\w*|recruit\w*|randomi[sz]\w*|randomly|assign\w*|allocat\w*|includ\w*|invit\w*|conduct\w*|trial|study"
    r"|took\s+part"
    r"|participat\w+|involv\w+|compar\w+|evaluat\w+|investigat\w+|we\s+\w+ed|screened|entered|received|selected"
    r"|divided|volunteers)\b",
    re.IGNORECASE,
)
EXCLUDED = re.compile(r"\b(?:exclu\w+|ineligible|not\s+(?:be\s+)?eligible|were\s+not\s+included)\b", re.IGNORECASE)
# Ages of those who took part, groups of an analysis, strata, what others found: no limits of this trial.
NO_LIMIT = re.compile(
    r"\b(?:mean|median|average|SD|standard\s+deviation|IQR|interquartile|stratif\w+|strata|stratum|subgroups?"
    r"|sub-groups?"
    r"|covariates?|adjust\w+|categor\w+|dichotomi\w+|risk\s+factors?|score[ds]?|prevalence|incidence|mortality|hazard"
    r"|odds|"
    r"minimi[sz]\w+|block\w*|donors?|more\s+likely|less\s+likely|interaction|predict\w+|population\s+(?:of|aged)"
    r"|quota|per\s?cent|respectively)\b|±|%",
    re.IGNORECASE,
)
OBSERVED = re.compile(
    r"[(\[]\s*(?:age|age\s+range|range)\s*[,:=]?\s*(?:\d{1,3}(?:\s*years?)?\s*(?:to|[-–—−])\s*)?$", re.IGNORECASE
)
LASTS = re.compile(
    r"\s*(?:,?\s*(?:ago|later|after|before|follow|since|duration|history|prior|previous(?!ly)|apart|of\s+(?:follow"
    r"|treatment|experience|diabetes))\b)",
    re.IGNORECASE,
)


class Limit(NamedTuple):
    """A limit of age with its unit, and where its words stand in the sentence."""

    field: str
    value: float
    unit: str
    start: int
    end: int


def age_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """The limits of age: from sentences that speak of eligibility, else from the first that says who took part."""
    chosen = own_sentences(text) if spans is None else spans
    ranked: list[tuple[int, list[Fact]]] = []
    for span in chosen:
        sentence = plain(text[span.start : span.end])
        if "ag" not in sentence and "year" not in sentence and "month" not in sentence and "old" not in sentence:
            continue
        if found := [_fact(limit, span.start) for limit in limits(sentence)]:
            ranked.append((0 if ELIGIBLE.search(sentence) else 1, found))
    return _of_best_rank(ranked)


def _of_best_rank(ranked: list[tuple[int, list[Fact]]]) -> list[Fact]:
    """For each limit the first sentence of the best rank that gives it."""
    kept: dict[str, Fact] = {}
    for _, found in sorted(ranked, key=lambda one: one[0]):
        for fact in found:
            kept.setdefault(fact.field, fact)
    return sorted(kept.values(), key=lambda fact: fact.start)


def limits(sentence: str) -> list[Limit]:
    """The limits of age in one sentence, empty where its ages are no limits.

    >>> [(limit.field[-3:], limit.value, limit.unit) for limit in limits("We enrolled infants aged 6 to 23 months.")]
    [('min', 6, 'MONTH'), ('max', 23, 'MONTH')]
    """
    if not (TAKES_PART.search(sentence) or ELIGIBLE.search(sentence) or EXCLUDED.search(sentence)):
        return []
    return [limit for limit in _raw_limits(sentence) if not _is_no_limit(sentence, limit)]


def _raw_limits(sentence: str) -> list[Limit]:
    for pattern in (RANGE, RANGE_AFTER, BARE_RANGE):
        for match in pattern.finditer(sentence):
            if LASTS.match(sentence, match.end()) or _excludes(sentence, match):
                continue
            if found := _range(match):
                return found
    found = []
    for field, opposite, pattern in (
        ("eligibility.age_min", "eligibility.age_max", AT_LEAST),
        ("eligibility.age_max", "eligibility.age_min", AT_MOST),
    ):
        for match in pattern.finditer(sentence):
            if LASTS.match(sentence, match.end()):
                continue
            name = next(name for name, words in match.groupdict().items() if words)
            limit = _limit(
                opposite if _excludes(sentence, match) else field, match[name], match.start(name), match.end(name)
            )
            if limit and all(limit.field != other.field for other in found):
                found.append(limit)
    return sorted(found, key=lambda limit: limit.start)


def _range(match: re.Match) -> list[Limit]:
    unit = match.groupdict().get("unit") or "years"
    low = _limit("eligibility.age_min", match["min"], *match.span("min"), match.groupdict().get("unit1") or unit)
    high = _limit("eligibility.age_max", match["max"], *match.span("max"), unit)
    if low is None or high is None or (low.unit == high.unit and low.value >= high.value):
        return []
    return [low, high]


def _limit(field: str, words: str, start: int, end: int, unit: str | None = None) -> Limit | None:
    match = re.match(rf"(\d+)(?:[.·](\d))?[\s-]*({UNIT})?", words, re.IGNORECASE)
    if match is None:
        return None
    number = float(f"{match[1]}.{match[2]}") if match[2] else int(match[1])
    kind = UNITS[(match[3] or unit or "years")[0].lower()]
    return Limit(field, number, kind, start, end) if number <= 120 or kind != "YEAR" else None


def _excludes(sentence: str, match: re.Match) -> bool:
    """Does the clause leave out those of this age?"""
    start = max(sentence.rfind(";", 0, match.start()), sentence.rfind(". ", 0, match.start())) + 1
    end = min(at for at in (sentence.find(";", match.end()), len(sentence)) if at >= 0)
    before = EXCLUDED.search(sentence, start, match.start())
    after = re.search(
        r"\b(?:were|was|are|will be)\s+(?:also\s+)?(?:excluded|ineligible|not\s+(?:eligible|included))",
        sentence[match.end() : end],
    )
    return (
        before is not None and not re.search(r"\bincl|\beligible", sentence[before.end() : match.start()])
    ) or after is not None


def _is_no_limit(sentence: str, limit: Limit) -> bool:
    if OBSERVED.search(sentence[max(0, limit.start - 20) : limit.start]):
        return True
    around = sentence[max(0, limit.start - 70) : limit.end + 40]
    return NO_LIMIT.search(around) is not None


def _fact(limit: Limit, offset: int) -> Fact:
    detail = {"unit": limit.unit, "no_limit": False}
    return Fact(limit.field, limit.value, offset + limit.start, offset + limit.end, "ages", detail)
