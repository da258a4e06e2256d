"""What a sentence counts: whole numbers in digits or words, with the noun they count, if it is people or units.

A count is no size yet; `sizes` finds its role, `arm_sizes` its arm. Percentages, doses, ages, spans of time, dates,
p values and citations are never counts.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.dates import latin_digits
from reviewkit.language.sentences import Span, plain

UNITS = "one|two|three|four|five|six|seven|eight|nine"
TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
JOIN = r"[\s\-\u2010\u2011\u2013]{1,2}"
NUMERAL = rf"(?:{UNITS}|{TEENS}|{TENS}|hundred|thousand|million)"
WORDS = rf"(?:a{JOIN}(?:hundred|thousand)|{UNITS}|{TEENS}|{TENS})(?:{JOIN}(?:and{JOIN})?{NUMERAL})*"
MARK = r"[,\u066c\u060c\uff0c\u2009\u202f\u00a0]"
# 1,200, 1 200 (five digits and more need no mark); a group of three after a plain blank is looked at once more.
DIGITS = rf"\d{{1,3}}(?:{MARK}\d{{3}})+(?!\d)|\d{{1,3}}(?: \d{{3}})+(?![\d\-]|[.,]\d)|\d+"
NUMBER = re.compile(
    rf"(?<![\w.,/·^\-\u2010\u2011\u2013\u2212$€£#])(?<!\d:)"
    rf"(?P<n>(?:{DIGITS})(?![\d%^]|[.,·/:\u066b]\d|\s?(?:%|±|×|°)|\s?[-\u2013\u2012\u2010]\s?\d"
    rf"|[-\u2010\u2011][^\W\d_])(?![^\W\d])|\b{WORDS}\b|(?<![\w-]\s)\bhundred{JOIN}(?:and{JOIN})?{WORDS}\b)",
    re.IGNORECASE,
)
# Before a number these name it, or set a limit: phase 2, day 28, aged 60, more than 40, approximately 300, in 2012.
NAMED = re.compile(
    r"(?:\b(?:phases?|grades?|stages?|days?|weeks?|months?|years?|visits?|cycles?|tables?|figures?|fig\.?"
    r"|versions?|types?|levels?|status|asa"
    r"|steps?|age|aged|ages|than|most|until|till|since|item|part|chapter|volume|no\.?|number"
    r"|maximum(?: of)?|some|over|under|above|below|every|each|within"
    r"|factor|protocol|study|trial|group|arm|cohort|CI|score|scores|dose|doses|power|ratio|median|mean|range|p"
    r"|per|january|february|march|april|may|june|july|august|september|october|november|december)"
    r"|(?:status|stages?|grades?|types?|phases?|class|asa|groups?|arms?|cohorts?|days?|weeks?|months?"
    r"|visits?)\s+[\dIVX]+\s*(?:and|or|to|through|/)"
    r"|[=<>≤≥~≈+])\s*$|[\w)][(\[]$",  # m(2), 10(4)
    re.IGNORECASE,
)
# But `in this open-label trial 182 patients were randomised`; a trial without an article may be called by its number.
IN_TRIAL = re.compile(r"\b(?:this|our|the|an?)\s+(?:[\w\-,/]+\s+){0,8}(?:study|trial)\s+$", re.IGNORECASE)
ABOUT = re.compile(
    r"\b(?:about|around|approximately|approx\.|nearly|almost|roughly|up\s+to|at\s+least|an\s+estimated"
    r"|a\s+minimum\s+of)\s*$",
    re.IGNORECASE,
)
SPAN = r"\s*(?:years?|yrs?|months?|weeks?|days?|hours?|h\b|minutes?|min\b|points?|%|percent)"
RANGE = re.compile(rf"\s+(?:to|or|and)\s+\d+(?:\.\d+)?{SPAN}", re.IGNORECASE)
RANGE_BEFORE = re.compile(r"\d\s+(?:to|or|and)\s+$")
RANGE_END = re.compile(SPAN, re.IGNORECASE)
SAMPLE = re.compile(
    r"(?:\b[nN]\s*[=:]\s*|\bn\s+of\s+|\b(?:groups?|arms?)\s*=\s*"
    r"|[(\[,;]\s*[A-Z][A-Za-z\-+]{0,9}\d?\s*[=:]\s*)$"
)
MONTH = re.compile(
    r"\s*(?:january|february|march|april|may|june|july|august|september|october|november|december)\b", re.I
)
YEAR = re.compile(r"(?:18|19|20)\d\d")
IN_YEAR = re.compile(
    r"\b(?:in|since|from|until|before|after|between|during|early|late|mid|of|year)\s*$|(?:18|19|20)\d\d\s*(?:,"
    r"|and|to|through|until|or)\s+(?:\w+\s+)?$"
    r"|[a-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s*$|\(\s*$",
    re.IGNORECASE,
)
BLANK_GROUP = re.compile(r"\d{1,3}(?: \d{3})+")
WORD = re.compile(r"\s*(?P<comma>,?)\s*(?P<word>[^\W_][\w\-\u2010\u2011/+'’.&]*)")

PERSON_WORDS = """
patient patients participant participants subject subjects volunteer volunteers individual individuals adult adults
child children infant infants neonate neonates newborn newborns baby babies woman women man men person persons
people adolescent adolescents youth youths teenager teenagers student students pupil pupils smoker smokers
nonsmokers outpatient outpatients inpatient inpatients cases boys girls males females resident residents survivor
survivors veteran veterans nurse nurses mother mothers father fathers parent parents caregiver caregivers carer
carers physician physicians doctor doctors clinician clinicians practitioner practitioners midwives surgeon surgeons
worker workers employee employees user users drinker drinkers carrier carriers recipient recipients donor donors
player players athlete athletes runner runners cyclist cyclists soldier soldiers recruit recruits trainee trainees
prisoner prisoners inmate inmates offender offenders toddler toddlers preschooler preschoolers schoolchildren senior
seniors elders elderly octogenarian octogenarians twins siblings relative relatives spouse spouses partner
primigravidae primiparas parturients gravidas nulliparas multiparas enrollee enrollees enrolees respondents
attendees controls migraineurs asthmatics diabetics hypertensives alcoholics abstainers sufferers patients' teachers
learners members population-based women's immigrants refugees travellers travelers customers consumers clients
evaluees undergraduates graduates postgraduates freshmen pensioners preterms randomizees responders nonresponders
dentists pharmacists therapists staff personnel golfers swimmers dancers drivers pilots farmers miners firefighters
homosexuals transgender widows wives husbands singletons multipara primipara nullipara completers
"""
PERSONS = frozenset(PERSON_WORDS.split())
# Units of a trial other than persons: parts of a body; then groups of persons, which only randomisation counts.
PART_WORDS = """
eyes eye teeth tooth knees knee hips hip limbs limb legs leg feet foot hands hand ears ear breasts shoulders elbows
wrists ankles joints lesions wounds ulcers implants implant sockets defects kidneys grafts molars restorations
tumours tumors fractures quadrants sextants hemifaces
"""
PARTS = frozenset(PART_WORDS.split())
GROUP_WORDS = """
couples couple dyads dyad pairs pair families family households household clusters cluster practices practice
schools school villages village communities community clinics clinic hospitals hospital wards ward homes pharmacies
classes classrooms classroom teams units unit facilities districts towns neighbourhoods neighborhoods workplaces
worksites churches centres centers sites prisons kindergartens preschools daycares counties municipalities
"""
GROUPED = frozenset(GROUP_WORDS.split())
PERSON_ENDING = re.compile(
    r"[a-z\-]{3,}(?:ists|ees|mates|goers|holders|seekers|givers|owners|workers|smokers|carriers)"
    r"|[\w\-]*year-?olds?"
)
# No noun phrase goes on over these.
STOP_WORDS = """
of to in for with without by at on from who whom whose that which than as per during after before into onto between
among amongst within throughout via through versus vs against were was is are be been being had has have having did
do does can could may might will would should shall must underwent received receive completed complete experienced
showed developed died achieved reported entered took participated withdrew dropped discontinued attended responded
required needed remained met reached gave signed provided agreed consented refused declined finished each every
because since while where when if but then respectively there this these those they we it its their our his her plus
not no did a an the both either neither nor years year months month weeks week days day hours hour minutes min yr
yrs mo wk wks h mg g kg ml l mm cm µg mcg mmol iu mgy gy kcal percent cent % times doses dose cycles cycle courses
sessions session points point visits items scores countries continents trials trial studies study events deaths
publications articles questionnaires samples specimens biopsies episodes reasons variables outcomes arms groups arm
group millions thousands minutes seconds fold degrees x mhz hz metres meters km beats tablets capsules injections
adverse serious percentage genes questions measurements observations procedures interviews exercises
"""
STOPS = frozenset(STOP_WORDS.split())
# A cheap test that spares most sentences the rest.
HOLDS_COUNT = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety|hundred)\b",
    re.I,
)
JOINING = frozenset({"and", "or", "&"})


class Count(NamedTuple):
    """A whole number with its span; where its noun phrase ends (its own end, if it has none); what it counts."""

    n: int
    start: int
    end: int
    after: int
    unit: str | None  # "persons", "eyes", an unknown noun, or None where no noun follows
    kind: str  # person, part, group, open, sample (`n = 40`), bare
    about: bool = False  # `approximately 40`: a plan, never what was done


def masked(sentence: str) -> str:
    """The sentence with the insides of its round brackets as blanks: same length, but only its main line.

    >>> masked("40 men (20 young) came")
    '40 men            came'
    """
    while "(" in sentence:
        inner = SIMPLE_BRACKETS.sub(_blanks, sentence)
        if inner == sentence:
            break  # brackets that do not close
        sentence = inner
    return sentence


def _blanks(match: re.Match) -> str:
    return " " * (match.end() - match.start())


SIMPLE_BRACKETS = re.compile(r"\([^()]*\)")


@lru_cache(maxsize=4096)
def value_of(words: str) -> int:
    """A count in digits of any script, or in English words; ValueError for words that are no number."""
    digits = latin_digits(words)
    if digits[:7].lower() == "hundred":
        digits = f"one {digits}"
    return kinds.whole_number(digits) if digits[0].isdecimal() else kinds.number_in_words(digits)


def counts(sentence: str) -> list[Count]:
    """The counts of a sentence, in order. `sentence` is plain (`sentences.plain`).

    >>> [(count.n, count.unit) for count in counts("In 2012, forty eyes of 22 adults (aged 60)")]
    [(40, 'eyes'), (22, 'persons')]
    """
    line = masked(sentence)
    found = [count for match in NUMBER.finditer(sentence) for count in _counts_of(sentence, line, match)]
    return [count for count in found if count.n > 0]


def _counts_of(sentence: str, line: str, match: re.Match) -> list[Count]:
    start, end = match.span("n")
    before = sentence[max(0, start - 24) : start]
    words = match["n"]
    if BLANK_GROUP.fullmatch(words) and NAMED.search(before):  # at week 12 150 patients
        start, words = start + words.index(" ") + 1, words[words.index(" ") + 1 :]
        before = sentence[max(0, start - 24) : start]
    sample = SAMPLE.search(before) is not None
    in_trial = IN_TRIAL.search(sentence[max(0, start - 80) : start]) is not None and _noun(sentence, end)[2] == "person"
    if not sample and (
        (NAMED.search(before) and not in_trial)
        or RANGE.match(sentence, end)
        or (RANGE_BEFORE.search(before) and RANGE_END.match(sentence, end))
    ):
        return []
    try:
        n = value_of(words)
    except ValueError:
        return []  # `seven eight`: no one number
    if sample:
        return [Count(n, start, end, end, None, "sample")]
    after, unit, kind = _noun(sentence if line[start] == " " else line, end)
    if kind == "bare" and (_is_year(words, before) or MONTH.match(sentence, end)):
        return []
    return [Count(n, start, end, after, unit, kind, ABOUT.search(before) is not None)]


def _is_year(words: str, before: str) -> bool:
    return YEAR.fullmatch(words) is not None and IN_YEAR.search(before) is not None


def _noun(text: str, position: int) -> tuple[int, str | None, str]:
    """Where the noun phrase after a number ends, the unit and the kind; it may run over ten words."""
    last: tuple[int, str | None, str] = (position, None, "bare")
    plural: tuple[int, str] | None = None
    at = position
    for _ in range(11):
        match = WORD.match(text, at)
        if not match:
            break
        word = match["word"].rstrip(".").lower()
        if match["comma"] and (last[2] != "bare" or at == position):
            break
        known = kind_of(word)
        if known:
            last = (match.start("word") + len(word), _unit(word, known), known)
        elif word in JOINING:
            following = WORD.match(text, match.end())
            if last[2] != "bare" and not (following and kind_of(following["word"].lower())):
                break
        elif word == "through" and plural is None and text[at - 1 : at].isdecimal() and at - position > 2:
            pass  # T1 through T3
        elif (
            word in STOPS
            or (word[0].isdecimal() and not _is_label(text, match))
            or NUMERAL_WORD.fullmatch(word)
            or last[2] != "bare"
        ):
            break
        elif word.endswith("s") and len(word) > 3:
            plural = (match.start("word") + len(word), word)
        if match["word"].endswith(".") and match.end() < len(text) and last[2] != "bare":
            break
        at = match.end()
    if last[2] == "bare" and plural and plural[0] == at:
        return plural[0], plural[1], "open"
    return last


NUMERAL_WORD = re.compile(NUMERAL)
LABELLED = re.compile(
    r"\b(?:type|stage|grade|class|level|group|category|phase|status|asa)\s*(?:[\dI]+\s*(?:and|or|to|,)\s*)?$",
    re.IGNORECASE,
)


def _is_label(text: str, match: re.Match) -> bool:
    """Is this a number inside a noun phrase: `type 2 diabetes`, `5-year survivors`, `3rd molars`?"""
    return not match["word"].isdecimal() or LABELLED.search(text, 0, match.start()) is not None


def kind_of(word: str) -> str | None:
    word = word.rstrip("'’")
    if word in PERSONS or PERSON_ENDING.fullmatch(word):
        return "person"
    if word in PARTS:
        return "part"
    if word in GROUPED:
        return "group"
    tail = word.rsplit("-", 1)[-1] if "-" in word else ""
    return kind_of(tail) if tail in PERSONS else None


def _unit(word: str, kind: str) -> str:
    return "persons" if kind == "person" else word


class Sentence(NamedTuple):
    """A sentence about this trial as counting reads it: plain words, its main line, its counts, its place."""

    words: str
    line: str  # with the insides of round brackets as blanks
    counts: list[Count]
    offset: int

    @classmethod
    def of(cls, text: str, span: Span) -> Sentence:
        """The sentence at a span of a text."""
        words = plain(text[span.start : span.end])
        return cls(words, masked(words), counts(words), span.start)
