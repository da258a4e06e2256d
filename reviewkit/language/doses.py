"""Doses in prose: amount, unit, whether it is a dose, a daily dose or a total, and for how long it is given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span, plain
from reviewkit.words import State

UNIT = (
    r"(?:[mµμnk]?g|mcg|m[lL]|IU|MU|units?|(?:million\s+|billion\s+)?(?:viable\s+)?cells|particles"
    r"|(?:nano\s*)?vesicles|exosomes|"
    r"m?mol|mEq|Gy|tablets?|capsules?|puffs?)(?:\s?/\s?(?:kg|day|d|m2|m\(2\)|m\^2|m²|dose|m[lL]|h|hour|min|week"
    r"|cycle)(?!\w)|\s?m\s?\(?\s?[-−–]\s?2\)?|\s+per\s+(?:kg|kilogram|day"
    r"|dose))*"
)
POWER = r"\d+(?:[.,]\d+)?\s{0,3}[×x]\s{0,3}10(?:\^\{?-?\d{1,2}\}?|[⁰¹²³⁴-⁹]{1,2}|\d{1,2})"
AMOUNT = re.compile(rf"(?<![\d.,·/–-])(?P<amount>{POWER}|\d+(?:[.,·]\d+)*)\s*(?P<unit>{UNIT})(?![\w/])")
GIVEN = re.compile(
    r"\b(?:dos(?:e|es|ed|ing)|receiv\w+|administ\w+|infus\w+|inject\w+|inhal\w+|nebuli[sz]\w+|given|treat\w+|amount|took"
    r"|taken|taking|prescribed|applied)\b",
    re.I,
)
# Behind the amount: `aspirin 75 mg daily was given`. What is only taken, used or applied may be a sample of blood.
GIVEN_BEHIND = re.compile(
    r"[^.;]{0,40}?\b(?:was|were|is|are|will\s+be)\s+(?:\w+ly\s+)?(?:given|administered|infused|injected|prescribed"
    r"|(?P<loose>taken|applied|started))\b",
    re.IGNORECASE,
)
SPECIMEN = re.compile(
    r"\s*(?:of\s+)?(?:[\w\-]+\s+)?(?:blood|urine|serum|plasma|sputum|saliva|tissue|milk|fluid|samples?)\b",
    re.IGNORECASE,
)
DAILY = re.compile(r"\b(?:daily|per\s+day|each\s+day|a\s+day|every\s+day)\b|/\s?d(?:ay)?\b", re.IGNORECASE)
TOTAL = re.compile(r"\b(?:total|cumulative|overall)\s+(?:amount|dose|dosage|quantity)\b|\bin\s+total\b", re.IGNORECASE)
DAYS = r"(?P<n>\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen)"
DURATION = re.compile(
    rf"\b(?:for|over|during|a)\s+(?:consecutive(?:ly)?\s+)?(?P<duration>{DAYS}[\s-](?:consecutive\s+)?(?:days?"
    rf"|weeks?|months?|years?))\b(?!-o)",
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


SUBSTANCES = {"interventions.name", "interventions.route"}
BESIDE = 90  # characters between an amount and the words on how it is given, at most
COMPARES_DOSES = re.compile(
    r"\b(?:comparison|compar\w+|different|various|either|dose\s+levels?|versus|vs|(?:assigned|randomi[sz]ed"
    r"|allocated)\s+to\s+(?:one\s+of\s+)?(?:two|three|four|five)\s+doses)\b",
    re.IGNORECASE,
)
ADVICE = re.compile(
    r"\b(?:recommended|recommendations?|guidelines?|literature|our\s+(?:previous|recent|earlier)|have\s+(?:shown"
    r"|reported))\b",
    re.IGNORECASE,
)
# Levels, means and limits are no doses: "mean dose was 3.7 mg", "serum level of 8 ng/ml", "more than 2 g".
MEASURED = re.compile(
    r"\b(?:mean|average|median|serum|plasma|levels?|concentrations?|trough|cut-?offs?|threshold|proteinuria|urinary"
    r"|excretion|loss|target|"
    r"bod(?:y|ies)|weigh\w+|haemoglobin|hemoglobin|creatinine|bilirubin|intake|consum\w+|contain\w+|diluted|dissolved"
    r"|mixed|saline|water|volume|rescue|equivalents?|"
    r"differ\w+|reduc\w+|decreas\w+|increas\w+|change)\b[^;,]*$",
    re.IGNORECASE,
)
AT_A_LIMIT = re.compile(
    r"(?:[<>≤≥±=]|\b(?:more|less|greater|fewer|lower|higher)\s+than|\bat\s+least|\bup\s+to"
    r"|\b(?:maxim\w+|minim\w+)(?:\s+(?:daily\s+)?dose)?(?:\s+of)?|\d\s*(?:to|or|and|-|–|—)\s*)\s*$",
    re.IGNORECASE,
)
SPREAD = re.compile(r"\s*(?:±|\+/-|\((?:SD|SE|range|IQR|95))")
ROUTE = re.compile(
    r"\b(?:oral(?:ly)?|by\s+mouth|per\s+os|p\.o\.|intravenous(?:ly)?|i\.v\.|IV|subcutaneous(?:ly)?|s\.c\."
    r"|intramuscular(?:ly)?|i\.m\.|topical(?:ly)?|inhaled|by\s+inhalation|"
    r"nebuli[sz]ed|intranasal(?:ly)?|rectal(?:ly)?|sublingual(?:ly)?|intrathecal(?:ly)?|intravitreal(?:ly)?"
    r"|epidural(?:ly)?|transdermal(?:ly)?|intra-?articular(?:ly)?|"
    r"intraperitoneal(?:ly)?|intravaginal(?:ly)?|vaginal(?:ly)?|intradermal(?:ly)?|buccal(?:ly)?"
    r"|intravesical(?:ly)?)(?![\w])(?!\s+(?:pain|temperature|cancer|bleeding|hydration|health|cavity|mucos\w+"
    r"|lesions?|fluids?|contracepti\w+|exam\w*))",
    re.IGNORECASE,
)
SALT = (
    r"(?:acid|sul(?:f|ph)ate|hydrochloride|sodium|potassium|citrate|acetate|oxide|vaccine|extract|carbonate|gluconate"
    r"|phosphate|maleate|mesylate|tartrate|[BCDEK]\d{0,2}|alfa|alpha|beta|pegol)"
)
SUBSTANCE = rf"[A-Za-zα-ω][\w\-αβγ]{{3,}}(?:\s+{SALT}\b)?"
NAME_AFTER = re.compile(
    rf"\)?\s*(?:of\s+)?(?:(?:oral|intravenous|iv|inhaled|topical|subcutaneous|intramuscular|nebulized"
    rf"|nebulised)\s+)?(?P<name>{SUBSTANCE})",
    re.IGNORECASE,
)
NAME_BEFORE = re.compile(
    rf"(?<![\w\-])(?P<name>{SUBSTANCE})\s*(?:\(|,|\bat(?:\s+a\s+(?:daily\s+)?dose\s+of)?|\bin\s+a\s+dose\s+of)?\s*$",
    re.IGNORECASE,
)
NO_NAME = re.compile(
    r"(?:\w+(?:ed|ing|ly|tion|tions|ment|ments)|per|daily|once|twice|three|four|five|every|each|for|from|with|without"
    r"|into|over|upon|then|than|that|this|these|those|they|when|where|which|while|weekly|monthly|"
    r"doses?|dosage|tablets?|capsules?|infusions?|injections?|bolus|days?|weeks?|months?|hours?|minutes?|groups?"
    r"|arms?|were|was|have|been|before|after|during|until|plus|versus|placebo|matching|same|single|"
    r"loading|maintenance|total|body|weight|kilogram|respectively|oral|intravenous|either|group|patients?|women"
    r"|participants?|subjects?|children|adults?|twice-daily|once-daily|three-times|"
    r"times|time|starting|initial|first|second|third|high|higher|low|lower|only|both|another|drug|drugs|medication"
    r"|therapy|treatment|study|trial|regimen|schedule|cycle|cycles|additional|also|given|"
    r"equal|equivalent|maximum|minimum|dose-?\w*|least|approximately|about|fixed|usual|standard|combination|alone"
    r"|concurrent|solution|volume|followed|receive|receives|administer|solid|within|isotonic|saline|normal|water"
    r"|pills?|granules?|powder|solid|three-weekly|of|on|at|or|and|to|in|by|as|if)",
    re.IGNORECASE,
)


def dose_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """Doses of this trial's intervention, in order of place: `interventions.dose` with detail basis dose, day or total,
    its unit, its words and its schedule, all under the item number of the dose; a total belongs to the last dose."""
    return [fact for fact in _facts(text, spans) if fact.field not in SUBSTANCES]


def substance_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """What is given in these doses, and by which route, under their item numbers."""
    return [fact for fact in _facts(text, spans) if fact.field in SUBSTANCES]


def _facts(text: str, spans: Iterable[Span] | None) -> list[Fact]:
    chosen = own_sentences(text) if spans is None else spans
    found: list[Fact] = []
    items: dict[tuple, int] = {}
    totals: set[tuple] = set()
    for span in chosen:
        if not GIVEN.search(text, *span) or ADVICE.search(text, *span):
            continue
        sentence = plain(text[span.start : span.end])
        given = [match for match in AMOUNT.finditer(sentence) if _is_dose(sentence, match)]
        for position, match in enumerate(given):
            found += _dose(text, span, sentence, _Given(match, *_window(sentence, given, position)), items, totals)
    return sorted(found, key=lambda fact: fact.start)


class _Given(NamedTuple):
    """An amount that was given, and the part of its sentence that may speak of it."""

    match: re.Match
    start: int
    end: int


def _window(sentence: str, given: list[re.Match], position: int) -> tuple[int, int]:
    """From the amount before to the amount after, at most; for a single amount the whole sentence."""
    start = given[position - 1].end() if position else 0
    end = given[position + 1].start() if position + 1 < len(given) else len(sentence)
    return start, end


def _is_dose(sentence: str, match: re.Match) -> bool:
    """Is it an amount given, not a level measured, a mean taken or a limit?"""
    if not GIVEN.search(sentence, max(0, match.start() - 60), match.start()) and not _is_given_behind(sentence, match):
        return False
    if SPECIMEN.match(sentence, match.end()):
        return False
    before = sentence[max(0, match.start() - 45) : match.start()]
    return not (MEASURED.search(before) or AT_A_LIMIT.search(before) or SPREAD.match(sentence, match.end()))


def _is_given_behind(sentence: str, match: re.Match) -> bool:
    """Is it said behind the amount that it is given? Then what it is stands beside it."""
    behind = GIVEN_BEHIND.match(sentence, match.end(), match.end() + 90)
    if behind is None or (behind["loose"] and match["unit"].lower().startswith("ml")):
        return False
    return _name(sentence, _Given(match, 0, len(sentence))) is not None


def _dose(
    text: str, span: Span, sentence: str, given: _Given, items: dict[tuple, int], totals: set[tuple]
) -> Iterator[Fact]:
    """One amount: a dose not named before under a new item, a total under the item of the last dose."""
    match = given.match
    try:
        value, flattened = kinds.scientific(match["amount"].replace("·", "."))
    except ValueError:
        return  # a number with two readings, such as 1.234 mg, is no dose we may state
    basis = _basis(sentence, match)
    key = (value, match["unit"].casefold())
    if key in (totals if basis == "total" else items):
        return
    state, rule = (State.DERIVED, "flattened-superscript") if flattened else (State.REPORTED, "dose")
    start, end = (span.start + position for position in match.span("amount"))
    if basis == "total":
        totals.add(key)
        item = len(items) or 1
    else:
        item = items[key] = len(items) + 1
    yield Fact("interventions.dose", value, start, end, rule, {"basis": basis}, state, item)
    if basis != "total":
        unit_start, unit_end = (span.start + position for position in match.span("unit"))
        yield Fact(
            "interventions.unit", _words(text, unit_start, unit_end), unit_start, unit_end, "dose", {}, item=item
        )
        yield Fact("interventions.dose_text", _words(text, start, unit_end), start, unit_end, "dose", {}, item=item)
        yield from _beside(text, span, sentence, given, item)


def _beside(text: str, span: Span, sentence: str, given: _Given, item: int) -> Iterator[Fact]:
    """What is given in this dose, how, how often, how long: as the words beside the amount say."""
    for field, found in (
        ("interventions.name", _name(sentence, given)),
        ("interventions.route", _nearest(ROUTE, sentence, given)),
        ("interventions.frequency", _nearest(FREQUENCY, sentence, given)),
        ("interventions.duration", _nearest(DURATION, sentence, given, "duration")),
    ):
        if found:
            start, end = (span.start + position for position in found)
            yield Fact(
                field,
                _words(text, start, end),
                start,
                end,
                "dose" if field.endswith("name") else "schedule",
                {},
                item=item,
            )
    yield from _number_of_doses(span, sentence, given, item)


def _nearest(pattern: re.Pattern, sentence: str, given: _Given, group: str | int = 0) -> tuple[int, int] | None:
    """The words after the amount, before the next one; else those before it."""
    match = pattern.search(sentence, given.match.start(), min(given.end, given.match.end() + BESIDE))
    if match is None:
        earlier = list(pattern.finditer(sentence, max(given.start, given.match.start() - BESIDE), given.match.start()))
        match = earlier[-1] if earlier else None
    return match.span(group) if match else None


def _name(sentence: str, given: _Given) -> tuple[int, int] | None:
    """`500 mg of amoxicillin`, `amoxicillin 500 mg`: the substance beside the amount, None if none is plain."""
    after = NAME_AFTER.match(sentence, given.match.end(), given.end)
    if after and not NO_NAME.fullmatch(after["name"].split()[0]):
        return after.span("name")
    before = NAME_BEFORE.search(sentence[max(0, given.match.start() - 60) : given.match.start()])
    if before and not NO_NAME.fullmatch(before["name"].split()[0]):
        offset = max(0, given.match.start() - 60)
        return offset + before.start("name"), offset + before.end("name")
    return None


def _number_of_doses(span: Span, sentence: str, given: _Given, item: int) -> Iterator[Fact]:
    if COMPARES_DOSES.search(sentence):
        return
    match = DOSES.search(sentence, given.start, given.end)
    if match:
        start, end = (span.start + position for position in match.span("n"))
        number = int(match["n"]) if match["n"].isdecimal() else kinds.number_in_words(match["n"])
        yield Fact("interventions.n_doses", number, start, end, "schedule", {"unit": None}, item=item)
    elif match := ONE_DOSE.search(sentence, given.start, given.end):
        start, end = (span.start + position for position in match.span())
        yield Fact("interventions.n_doses", 1, start, end, "single-dose", {"unit": None}, item=item)


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


def _words(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())
