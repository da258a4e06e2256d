"""Words as the registries write them into WHO's forms: designs, phases, ages, sexes, sizes, dates, criteria.

One reader for each; what a registry leaves open stays open. `Not Recruiting` does not tell not-yet from no-longer, and
WHO's `Complete` means that recruitment is complete.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.countries import country_code
from reviewkit.dates import latin_digits
from reviewkit.kinds import Reading
from reviewkit.model import NO_DETAIL

BREAK = re.compile(r"</?(?:br|p|li|ul|ol|div|b|strong|i)\b[^<>]{0,40}>|_x000D_", re.IGNORECASE)
MISSING = {"", "-", "null", "nil", "none", "not available", "not provided", "not specified", "n/a"}


def plain(words: str) -> str:
    """Words without the markup that exports leave in them, on one line.

    >>> plain("Controlled: yes<br>Open: no_x000D_<br> ")
    'Controlled: yes Open: no'
    """
    return " ".join(BREAK.sub(" ", words).split()) if "<" in words or "_x" in words else " ".join(words.split())


def lines(words: str) -> str:
    """Words with a line break where the export has one in markup."""
    told = BREAK.sub("\n", words)
    return "\n".join(line for part in told.splitlines() if (line := " ".join(part.split())))


# Dates


SLASHED = re.compile(
    r"(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4})(?:\s+\d{1,2}:\d\d(?::\d\d)?(?:\s?[AP]M)?)?"
)
COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")


@lru_cache(maxsize=8192)
def date(words: str, kind: str = "UNKNOWN") -> Reading:
    """A date of WHO's forms, in which a day with slashes comes first: `03/04/2020` is 3 April.

    >>> date("14/06/2020").value, date("20200614").value, date("2020-06-14 00:00:00").value
    ('2020-06-14', '2020-06-14', '2020-06-14')
    """
    told = latin_digits(" ".join(words.split()))
    if match := SLASHED.fullmatch(told):
        told = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"
    elif match := COMPACT.fullmatch(told):
        told = "-".join(match.groups())
    reading = kinds.date(told, kind)
    return reading._replace(detail={**reading.detail, "as_written": words})


# Codes


STATUS = {
    "recruiting": "RECRUITING",
    "open to recruitment: actively recruiting participants": "RECRUITING",
    "pending": "NOT_YET_RECRUITING",
    "not yet recruiting": "NOT_YET_RECRUITING",
    "not recruiting": "UNKNOWN",
    "authorised": "UNKNOWN",
    "authorised-recruitment may be ongoing or finished": "UNKNOWN",
    "not authorised": "UNKNOWN",
    "complete": "RECRUITMENT_COMPLETE",
    "completed": "RECRUITMENT_COMPLETE",
    "recruitment complete": "RECRUITMENT_COMPLETE",
    "closed to recruitment of participants": "RECRUITMENT_COMPLETE",
    "active, not recruiting": "ACTIVE_NOT_RECRUITING",
    "enrolling by invitation": "ENROLLING_BY_INVITATION",
    "suspended": "SUSPENDED",
    "temporary halt": "SUSPENDED",
    "temporarily halted": "SUSPENDED",
    "terminated": "TERMINATED",
    "stopped": "TERMINATED",
    "withdrawn": "WITHDRAWN",
    "unknown": "UNKNOWN",
    "other": "UNKNOWN",
    "not available": "UNKNOWN",
}
status = kinds.coded(STATUS)


def study_type(words: str) -> Reading:
    """`Interventional study`, `observational`, `Expanded Access`; the type of anything else is OTHER."""
    key = words.casefold()
    if "expanded access" in key:
        member = "EXPANDED_ACCESS"
    elif "intervention" in key or key.startswith(("treatment", "prevention")):
        member = "INTERVENTIONAL"
    elif "observation" in key or "epidem" in key or "cohort" in key:
        member = "OBSERVATIONAL"
    elif key == "unknown":
        raise ValueError("a type of study")
    else:
        member = "OTHER"
    return Reading(member, {"as_written": words})


PHASE_ANSWER = re.compile(r"\(Phase (?P<phase>IV|I{1,3})\)\s*:\s*(?P<answer>yes|no)?", re.IGNORECASE)
NO_PHASE = {
    *("not selected", "not applicable", "n/a", "na", "none", "others", "other", "retrospective study", "basic science"),
    *("new treatment measure clinical study", "diagnostic new technique clincal study", "n.a", "n.a.", "not specified"),
    *(
        "diagnostic new technique clinical study",
        "bioequivalence",
        "phase n/a",
        "post marketing",
        "0 (exploratory trials)",
    ),
}


@lru_cache(maxsize=4096)
def phase(words: str) -> Reading:
    """A phase, EU-CTR's four answers, or words that say there is none.

    >>> phase("Human pharmacology (Phase I): no Therapeutic exploratory (Phase II): yes").value
    ['PHASE2']
    """
    told = plain(words)
    answers = [(match["phase"], (match["answer"] or "").casefold()) for match in PHASE_ANSWER.finditer(told)]
    if answers:
        said = [kinds.PHASES[name.casefold()][0] for name, answer in answers if answer == "yes"]
        return Reading(said or ["NA"], {"as_written": told})
    if told.casefold() == "0 (exploratory trials)":
        return Reading(["EARLY_PHASE1"], {"as_written": told})
    if told.casefold() in NO_PHASE:
        return Reading(["NA"], {"as_written": told})
    return kinds.phase(told.replace("Phase-", "Phase "))


FEMALE = re.compile(r"\b(?:females?|wom[ae]n|girls?)\b(?!\s*:\s*no)", re.IGNORECASE)
MALE = re.compile(r"\b(?:males?|m[ae]n|boys?)\b(?!\s*:\s*no)", re.IGNORECASE)


@lru_cache(maxsize=1024)
def sex(words: str) -> Reading:
    """`Both`, `All`, `Male and Female`, `Female: yes Male: no`."""
    told = plain(words)
    female, male = FEMALE.search(told), MALE.search(told)
    if re.match(r"(?:both|all|male/female|female/male|m/f|no restriction)\b", told, re.IGNORECASE) or (female and male):
        member = "ALL"
    elif female or male:
        member = "FEMALE" if female else "MALE"
    else:
        raise ValueError("female, male or both")
    return Reading(member, {"as_written": told})


NO_AGE_LIMIT = re.compile(
    r"(?i)no (?:age )?(?:limit|minimum age|maximum age|minimum|maximum|restriction)|no limit|none"
)
AGE = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)\s*\(?(?P<unit>years?|months?|weeks?|days?|hours?|minutes?|[ymwd])?\b[\s\-]*"
    r"(?:\(s\))?\)?[\s\-]*(?:old|of age)?\.?",
    re.IGNORECASE,
)
UNIT_WORDS = {"y": "years", "m": "months", "w": "weeks", "d": "days"}


@lru_cache(maxsize=2048)
def age(words: str) -> Reading:
    """`18 Years`, `18Y`, `20years-old`, `19(Year)`, `no limit`; a bare number counts years, as WHO's form does.

    >>> age("20years-old").value, age("18").detail["unit"], age("no maximum age").detail["no_limit"]
    (20, 'YEAR', True)
    """
    told = plain(words)
    if NO_AGE_LIMIT.fullmatch(told):
        return Reading(None, {"unit": None, "no_limit": True})
    match = AGE.fullmatch(told)
    if not match:
        raise ValueError("an age with its unit, e.g. 18 years")
    unit = (match["unit"] or "years").casefold()
    return kinds.age(f"{match['number']} {UNIT_WORDS.get(unit, unit)}")


def country(words: str) -> Reading:
    """A country's name or code."""
    return Reading(country_code(words), NO_DETAIL)


# Sizes: one number, or one for each group


class Group(NamedTuple):
    """One group and its size, as `Experimental group:30;` says it."""

    label: str
    size: int
    words: str


GROUP = re.compile(r"(?P<label>[^;:]{1,200}?)\s*:\s*(?P<size>\d{1,7})\s*(?:;|$)")


def groups(words: str) -> list[Group]:
    """The groups of `Experimental group:30;Control group:30;`; empty if the words have another form."""
    told = " ".join(words.split())
    found = [Group(match["label"].strip(), int(match["size"]), match[0].strip(" ;")) for match in GROUP.finditer(told)]
    return found if found and not GROUP.sub("", told).strip(" ;") else []


# Outcomes and criteria


OUTCOME = re.compile(
    r"(?P<measure>.*?)(?:\s*\.?\s*(?:Timepoints?|Time ?frame|Measurement time)\s*:\s*(?P<timepoint>.*?))?"
    r"(?:\s*\.?\s*Method of measurement\s*:\s*(?P<method>.*))?",
    re.IGNORECASE | re.DOTALL,
)
BRACKETED = re.compile(r"(?P<measure>.*\S)\s*\[\s*(?:Time ?frame:?\s*)?(?P<timepoint>[^\[\]]*\S)\s*\]\s*\.?", re.DOTALL)


STRUCTURE = re.compile(r"[\[\]();]")


class Outcome(NamedTuple):
    """One outcome: measure, and the time point and method that stand beside it."""

    measure: str
    timepoint: str | None
    method: str | None


def outcomes(words: str) -> list[Outcome]:
    """Outcomes joined by `;`, each with its time point as the registries write it.

    >>> outcomes("Pain[day 1];Fever. Timepoint: Daily. Method of measurement: VAS.")
    [Outcome(measure='Pain', timepoint='day 1', method=None), Outcome(measure='Fever', timepoint='Daily', method='VAS')]
    """
    found = []
    for part in _outside_brackets(plain(words)):
        match = BRACKETED.fullmatch(part) or OUTCOME.fullmatch(part)
        if match and match["measure"].strip():
            rest = match.groupdict()
            told = [(rest.get(name) or "").strip(" .") or None for name in ("timepoint", "method")]
            found.append(Outcome(match["measure"].strip(" "), told[0], told[1]))
    return found


def _outside_brackets(told: str) -> Iterator[str]:
    """The parts between semicolons that stand in no brackets."""
    if ";" not in told:
        yield told
        return
    depth, start = 0, 0
    for match in STRUCTURE.finditer(told):
        if match[0] in "[(":
            depth += 1
        elif match[0] in "])":
            depth = max(0, depth - 1)
        elif not depth:
            yield told[start : match.start()].strip()
            start = match.end()
    yield told[start:].strip()


SPLIT = re.compile(r"(?i)(?:^|\n)\s*(?:key )?(?P<part>in|ex)clusion criteria\s*:?\s*(?=\n|$|\S)")


def criteria(words: str) -> dict[str, str]:
    """The parts of a text of criteria by name; a text without headings is all inclusion, a heading alone gives none."""
    told = lines(words)
    marks = list(SPLIT.finditer(told))
    if not marks:
        return {"inclusion": told} if told else {}
    found = {}
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(told)
        part = told[mark.end() : end].strip()
        if part and part.casefold().strip(" .") not in MISSING:
            found.setdefault(mark["part"].casefold() + "clusion", part)
    return found


def is_missing(words: str) -> bool:
    """Do the words only say that there is nothing?"""
    return plain(words).casefold().strip(" .") in MISSING
