"""Doses in prose: amount, unit, whether it is a dose, a daily dose or a total, and for how long it is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewkit import kinds
from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span, plain
from reviewkit.words import State

UNIT = (
    r"(?:[mµμnk]?g|mcg|m[lL]|IU|MU|units?|(?:million\s+|billion\s+)?(?:viable\s+)?cells|particles"
    r"|(?:nano\s*)?vesicles|exosomes|"
    r"m?mol|mEq|Gy|tablets?|capsules?|puffs?)(?:\s?/\s?(?:kg|day|d|m2|m²|dose|m[lL]|h)|\s+per\s+(?:kg|kilogram|day"
    r"|dose))*"
)
POWER = r"\d+(?:[.,]\d+)?\s{0,3}[×x]\s{0,3}10(?:\^\{?-?\d{1,2}\}?|[⁰¹²³⁴-⁹]{1,2}|\d{1,2})"
AMOUNT = re.compile(rf"(?<![\d.,/–-])(?P<amount>{POWER}|\d+(?:[.,]\d+)*)\s*(?P<unit>{UNIT})(?![\w/])")
GIVEN = re.compile(
    r"\b(?:dos(?:e|es|ed|ing)|receiv\w+|administ\w+|infus\w+|inject\w+|inhal\w+|nebuli[sz]\w+|given|treat\w+|amount)\b",
    re.I,
)
DAILY = re.compile(r"\b(?:daily|per\s+day|each\s+day|a\s+day|every\s+day)\b|/\s?d(?:ay)?\b", re.IGNORECASE)
TOTAL = re.compile(r"\b(?:total|cumulative|overall)\s+(?:amount|dose|dosage|quantity)\b|\bin\s+total\b", re.IGNORECASE)
DAYS = r"(?P<n>\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen)"
DURATION = re.compile(
    rf"\b(?:for|over|during|a)\s+(?:consecutive(?:ly)?\s+)?(?P<duration>{DAYS}[\s-](?:consecutive\s+)?(?:days?"
    rf"|weeks?|months?))\b",
    re.I,
)
FREQUENCY = re.compile(
    r"\b(?:(?:once|twice|three\s+times|four\s+times)\s+(?:daily|a\s+day|per\s+day|weekly|a\s+week)(?:\s*\((?:BID"
    r"|b\.i\.d\.|TID|QD)\))?"
    r"|every\s+(?:other\s+day|\d+\s+(?:hours|days|weeks|months)|(?:day|week|month))|daily|weekly|monthly)\b",
    re.IGNORECASE,
)
DOSES = re.compile(
    rf"\b{DAYS}\s+(?:consecutive\s+)?(?:doses|infusions|injections|administrations|inhalations)\b", re.IGNORECASE
)
ONE_DOSE = re.compile(r"\b(?:a\s+)?single(?:\s+\w+)?\s+(?:dose|infusion|injection)\b", re.IGNORECASE)


def dose_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """Doses of this trial's intervention, in order of place: `interventions.dose` with detail basis dose, day or total,
    its unit and words as written, and from the sentence of the first dose how often and how long it is given."""
    chosen = own_sentences(text) if spans is None else spans
    found: list[Fact] = []
    seen: set[tuple] = set()
    for span in chosen:
        doses = list(_amounts(text, span, seen))
        if doses and not any(fact.field == "interventions.duration" for fact in found):
            doses += _schedule(text, span)
        found += doses
    return sorted(found, key=lambda fact: fact.start)


def _amounts(text: str, span: Span, seen: set[tuple]) -> Iterator[Fact]:
    """The amounts that the sentence says were given, each amount once in the whole text."""
    sentence = plain(text[span.start : span.end])
    for match in AMOUNT.finditer(sentence):
        if not GIVEN.search(sentence, max(0, match.start() - 60), match.start()):
            continue
        try:
            value, flattened = kinds.scientific(match["amount"])
        except ValueError:
            continue  # a number with two readings, such as 1.234 mg, is no dose we may state
        basis = _basis(sentence, match)
        if (value, match["unit"].casefold(), basis == "total") in seen:
            continue
        seen.add((value, match["unit"].casefold(), basis == "total"))
        state, rule = (State.DERIVED, "flattened-superscript") if flattened else (State.REPORTED, "dose")
        start, end = (span.start + position for position in match.span("amount"))
        yield Fact("interventions.dose", value, start, end, rule, {"basis": basis}, state)
        unit_start, unit_end = (span.start + position for position in match.span("unit"))
        if basis != "total":
            yield Fact("interventions.unit", _words(text, unit_start, unit_end), unit_start, unit_end, "dose", {})
            yield Fact("interventions.dose_text", _words(text, start, unit_end), start, unit_end, "dose", {})


def _basis(sentence: str, match: re.Match) -> str:
    """Total, daily or single: the nearest word before the amount decides, else what follows it."""
    before = sentence[max(0, match.start() - 90) : match.start()]
    total = max((m.end() for m in TOTAL.finditer(before)), default=-1)
    daily = max((m.end() for m in DAILY.finditer(before)), default=-1)
    if total > daily:
        return "total"
    if daily >= 0 or DAILY.search(sentence[match.end() - 6 : match.end() + 25]):
        return "day"
    return "total" if TOTAL.search(sentence[match.end() : match.end() + 25]) else "dose"


def _schedule(text: str, span: Span) -> Iterator[Fact]:
    sentence = plain(text[span.start : span.end])
    for field, pattern, group in (
        ("interventions.frequency", FREQUENCY, 0),
        ("interventions.duration", DURATION, "duration"),
    ):
        if match := pattern.search(sentence):
            start, end = (span.start + position for position in match.span(group))
            yield Fact(field, _words(text, start, end), start, end, "schedule", {})
    if match := DOSES.search(sentence):
        start, end = (span.start + position for position in match.span("n"))
        number = int(match["n"]) if match["n"].isdecimal() else kinds.number_in_words(match["n"])
        yield Fact("interventions.n_doses", number, start, end, "schedule", {"unit": None})
    elif match := ONE_DOSE.search(sentence):
        yield Fact(
            "interventions.n_doses",
            1,
            span.start + match.start(),
            span.start + match.end(),
            "single-dose",
            {"unit": None},
        )


def _words(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())
