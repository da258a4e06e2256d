"""When a trial recruited and whom by age, as sentences about it say: dates of recruitment, youngest and oldest age."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewkit import kinds
from reviewkit.dates import latin_digits
from reviewkit.language.ages import age_facts
from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span

MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
YEAR = r"(?:19|20)\d\d\b"
DAY = r"\d{1,2}(?:st|nd|rd|th)?\b"
DATE = (
    rf"(?:(?:the\s+)?{DAY}(?:\s+of)?\s+{MONTH},?\s+{YEAR}|{MONTH},?\s+(?:{DAY},?\s+)?(?:of\s+)?{YEAR}"
    rf"|\d{{4}}-\d{{2}}(?:-\d{{2}})?\b|{YEAR})"
)
# The first date may leave out the year, or month and year, that the last one gives: "between May and November 2014".
PART = rf"(?:(?:the\s+)?{DAY}(?:\s+of)?\s+{MONTH}|{MONTH}(?:\s+{DAY})?)"
PERIOD = re.compile(
    rf"\b(?:between|from|during|in|starting|beginning|enrol+ed|recruited|randomi[sz]ed"
    rf"|\()\s*(?:the\s+period\s+)?(?:between\s+|from\s+|of\s+)?"
    rf"(?:(?P<first>{DATE})|(?P<part>{PART})),?\s*"
    rf"(?:\s(?:and|to|through|until|till|up\s+to|and\s+ending\s+in)\s|[-–—])\s*(?P<last>{DATE})",
    re.IGNORECASE,
)
RECRUIT = r"(?:enrol|recruit|randomi[sz]|includ|assign|screen|accru|allocat|invit|enter)(?!e?s\b)\w*"
RECRUITS = re.compile(rf"\b{RECRUIT}", re.IGNORECASE)
# What was done in the period, if it is not recruiting: the trial as a whole, its follow-up, its analysis.
OTHER_DEED = re.compile(
    r"\b(?:conduct|perform|carried\s+out|undertak|undertook|took\s+place|follow|collect|review|search|publish"
    r"|analy[sz]|"
    r"observ|measur|assess|harvest|diagnos|ran\b|treated|admitted|born|hospitali[sz]|operat|deliver|attend|surge|visit"
    r"|registered|implement|receiv|train|support|vaccinat|surviv|occur|died|death|interview|survey)\w*",
    re.IGNORECASE,
)
RECRUITING_WENT_ON = re.compile(
    r"\b(?:recruitment|enrol+ment|inclusion|accrual)\b(?:\s+period|\s+phase)?(?:\s+of\s+[\w\-]+)?\s+(?:took\s+place"
    r"|lasted|occurred|ran|was|were|went)\b[^.;]{0,100}$",
    re.IGNORECASE,
)
WERE_RECRUITED = re.compile(
    rf"\b(?:were|was|been|will\s+be)\s+(?:[\w\-]+\s+){{0,4}}?{RECRUIT}"
    r"|\b(?:we|study|trial|WHI|investigators|cent(?:re|er)s|hospitals)\s+(?:[\w\-]+\s+){0,3}?"
    r"(?:enrol+(?:ed)?|recruited|randomly|randomi[sz]ed|assigned|included|allocated|screened)\b",
    re.IGNORECASE,
)
TRIAL_RAN = re.compile(
    r"\b(?:study|trial|research|survey)\s+(?:was|were)\s+(?:conducted|performed|carried|undertaken|done)\b",
    re.IGNORECASE,
)
PLANNED = re.compile(r"\b(?:will|planned|plans?|expected|anticipated|is\s+scheduled|are\s+scheduled)\b", re.IGNORECASE)
ONE = (
    r"(?:patients?|participants?|subjects?|wom[ae]n|child|infant|individual|volunteer|person|couple|case|inclusion"
    r"|enrol+ment)"
)
BEGAN = re.compile(
    rf"\bfirst\s+(?:[\w\-]+\s+){{0,2}}?{ONE}\s+(?:[\w\-]+\s+){{0,3}}?(?:{RECRUIT}"
    rf"|took\s+place)\s+(?:\w+\s+){{0,3}}?(?:on|in)\s+"
    rf"(?P<date>{DATE})"
    rf"|\b(?:enrol+ment|recruitment|accrual|randomi[sz]ation|inclusion)\s+(?:of\s+[\w\-]+\s+)?(?:was\s+"
    rf"|were\s+)?(?:first\s+)?"
    rf"(?:began|begun|started|commenced|opened|initiated)\s+(?:on|in)\s+(?P<date2>{DATE})",
    re.IGNORECASE,
)
ENDED = re.compile(
    rf"\b(?:last|final)\s+(?:[\w\-]+\s+){{0,2}}?(?:{ONE}\s+)?(?:was\s+|were\s+)?(?P<verb>{RECRUIT}|)\s*(?:on"
    rf"|in)\s+(?P<date>{DATE})"
    rf"|\b(?:enrol+ment|recruitment|accrual|inclusion)\s+(?:of\s+[\w\-]+\s+)?(?:was\s+|were\s+)?(?:[\w\-,]+\s+){{0,7}}?"
    rf"(?:ended|completed|closed|finished|stopped|ceased|terminated|concluded)\s+(?:on|in)\s+(?P<date2>{DATE})",
    re.IGNORECASE,
)
NEAR = 160  # characters between the verb and its period, at most


def course_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """First and last day of recruitment and limits of age, in order of place; a plan is told from what happened."""
    chosen = list(own_sentences(text) if spans is None else spans)
    found = [fact for span in chosen for fact in _dates(text, span)]
    return sorted([*found, *age_facts(text, chosen)], key=lambda fact: fact.start)


def _dates(text: str, span: Span) -> Iterator[Fact]:
    if not RECRUITS.search(text, *span):
        return
    sentence = latin_digits(text[span.start : span.end])
    kind = "ANTICIPATED" if PLANNED.search(sentence) else "ACTUAL"
    for field, words, start, end in _stated(sentence):
        try:
            value, detail, _ = kinds.date(_bare(words), kind)
        except ValueError:
            continue  # a day that no calendar has is no date we may state
        detail["as_written"] = " ".join(sentence[start:end].split())
        yield Fact(field, value, span.start + start, span.start + end, "recruited", detail)


def _stated(sentence: str) -> Iterator[tuple[str, str, int, int]]:
    """Field, the words of its date, and where they stand."""
    for match in PERIOD.finditer(sentence):
        if _recruited_in(sentence, match):
            yield from _period(match)
            return
    for field, pattern in (("date.first_enrolment", BEGAN), ("date.recruitment_end", ENDED)):
        said = pattern.search(sentence)
        if said and (pattern is BEGAN or said["date2"] or said["verb"] or BEGAN.search(sentence)):
            group = "date" if said["date"] else "date2"
            yield field, said[group], *said.span(group)


def _period(match: re.Match) -> Iterator[tuple[str, str, int, int]]:
    year = re.search(YEAR, match["last"])
    if match["part"] and year and not re.match(r"\d{4}", match["last"]):
        yield "date.first_enrolment", f"{match['part']} {year[0]}", match.start("part"), match.end("last")
    elif match["first"]:
        yield "date.first_enrolment", match["first"], *match.span("first")
    yield "date.recruitment_end", match["last"], *match.span("last")


def _recruited_in(sentence: str, period: re.Match) -> bool:
    """Is recruiting what was done in the period? The nearest deed before it decides, else the first one after it."""
    if RECRUITING_WENT_ON.search(sentence, 0, period.start()):
        return True
    begin = max(period.start("first"), period.start("part"))
    start = max(sentence.rfind(";", 0, period.start()) + 1, period.start() - NEAR)
    deeds = [(m.start(), True) for m in RECRUITS.finditer(sentence, start, begin)]
    deeds += [(m.start(), False) for m in OTHER_DEED.finditer(sentence, start, begin)]
    if deeds:
        return max(deeds)[1]
    after = WERE_RECRUITED.search(sentence, period.end(), period.end() + NEAR + 60)
    return after is not None and not TRIAL_RAN.search(sentence, period.end(), after.start())


def _bare(words: str) -> str:
    return re.sub(r"^the\s+", "", " ".join(words.split()), flags=re.IGNORECASE)
