"""Words as the registries write them into WHO's forms: designs, phases, ages, sexes, sizes, dates, criteria.

One reader for each; what a registry leaves open stays open. `Not Recruiting` does not tell not-yet from no-longer, and
WHO's `Complete` means that recruitment is complete.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple, TypeVar

from reviewkit import kinds
from reviewkit.countries import country_code
from reviewkit.dates import latin_digits
from reviewkit.kinds import Reading
from reviewkit.model import NO_DETAIL

TAG = re.compile(r"</?(?:br|p|li|ul|ol|div|b|strong|i|em|span|sup|sub)\b[^<>]{0,40}>", re.IGNORECASE)
MISSING = frozenset(
    {"", "-", "--", "null", "nil", "none", "not available", "not provided", "not specified", "n/a", "na", "n.a", "nd"}
)
LONGEST_MISSING = max(map(len, MISSING)) + 2  # a stop after it
REMEMBERED = 400  # characters of a cell up to which what it was read as is remembered
Told = TypeVar("Told")


def plain(words: str) -> str:
    """Words without the markup that exports leave in them, on one line.

    >>> plain("Controlled: yes<br>Open: no_x000D_<br> ")
    'Controlled: yes Open: no'
    """
    told = (_unmarked(words, " ") if "<" in words or "_x" in words else words).strip()
    # Most cells hold no white space but single blanks, which is seen faster than every word is taken apart.
    return told if told.isprintable() and "  " not in told else " ".join(told.split())


def lines(words: str) -> list[str]:
    """The lines of words, white space folded, blank ones left out; a break in markup is one."""
    told = _unmarked(words, "\n") if "<" in words or "_x" in words else words
    if "  " not in told and told.replace("\n", "").isprintable():
        return [line for part in told.split("\n") if (line := part.strip())]
    return [line for part in told.splitlines() if (line := " ".join(part.split()))]


def _unmarked(words: str, by: str) -> str:
    told = words.replace("_x000D_", by).replace("<br>", by)
    return TAG.sub(by, told) if "<" in told else told


def is_missing(words: str) -> bool:
    """Do the words only say that there is nothing?"""
    return len(words) <= LONGEST_MISSING and words.casefold().strip(" .") in MISSING


def remembered(read: Callable[[str], Told]) -> Callable[[str], Told]:
    """A reader that knows what it made of short words before; long ones seldom come twice."""
    known = lru_cache(maxsize=4096)(read)
    return lambda words: known(words) if len(words) < REMEMBERED else read(words)


# Dates


SLASHED = re.compile(r"(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4})(?:\s\d{1,2}:\d\d(?::\d\d)?)?")
COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
UNPADDED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
AM_OR_PM = re.compile(r" \d{1,2}:\d\d(?::\d\d)? ?[AP]M$", re.IGNORECASE)


def date(words: str, kind: str = "UNKNOWN") -> Reading:
    """A date of WHO's forms, in which a day with slashes comes first: `03/04/2020` is 3 April.

    Beside AM or PM the month would come first, so such a date is read only where there is no doubt.

    >>> date("14/06/2020").value, date("20200614").value, date("2020-06-14 00:00:00").value
    ('2020-06-14', '2020-06-14', '2020-06-14')
    """
    told = latin_digits(" ".join(words.split()))
    if clock := AM_OR_PM.search(told):
        told = told[: clock.start()]
    elif match := SLASHED.fullmatch(told):
        told = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"
    elif match := COMPACT.fullmatch(told) or UNPADDED.fullmatch(told):
        told = "-".join(part.zfill(2) for part in match.groups())
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
    "temporarily not available": "SUSPENDED",
    "halted": "SUSPENDED",
    "no longer recruiting": "RECRUITMENT_COMPLETE",
    "recruitment completed": "RECRUITMENT_COMPLETE",
    "open public recruiting": "RECRUITING",
    "no longer available": "UNKNOWN",
    "available": "RECRUITING",
    "approved for marketing": "UNKNOWN",
    "prematurely ended": "TERMINATED",
    "stopped early": "TERMINATED",
    "terminated": "TERMINATED",
    "stopped": "TERMINATED",
    "withdrawn": "WITHDRAWN",
    "unknown": "UNKNOWN",
    "other": "UNKNOWN",
}
status = kinds.coded(STATUS)


def study_type(words: str) -> Reading:
    """`Interventional study`, `observational`, `Expanded Access`; the type of anything else is OTHER."""
    key = words.casefold()
    if "expanded access" in key:
        member = "EXPANDED_ACCESS"
    elif "non-intervention" in key or "non intervention" in key or "observation" in key:
        member = "OBSERVATIONAL"
    elif "intervention" in key or key.startswith(("treatment", "prevention", "ba/be")):
        member = "INTERVENTIONAL"
    elif "epidem" in key or "cohort" in key or "cross-sectional" in key or "case-control" in key:
        member = "OBSERVATIONAL"
    elif key == "unknown":
        raise ValueError("a type of study")
    else:
        member = "OTHER"
    return Reading(member, {"as_written": words})


PHASE_ANSWER = re.compile(r"\(Phase (?P<phase>IV|I{1,3})\)\s*:\s*(?P<answer>yes|no)?", re.IGNORECASE)
# Words of the registries for a study that has no phase, and for the one that has no number.
NO_PHASE = {
    *("not applicable", "n/a", "phase n/a", "retrospective study", "basic science", "bioequivalence"),
    *("new treatment measure clinical study", "diagnostic new technique clincal study"),
    *("diagnostic new technique clinical study", "ba/be"),
}
POST_MARKETING = {"post marketing", "post marketing surveillance", "post-marketing", "post-market"}
PHASE_LEFT_OPEN = "not selected|not specified|others|other|na"  # an answer that was not given


def phase(words: str) -> Reading:
    """A phase, EU-CTR's four answers, or words that say there is none.

    >>> phase("Human pharmacology (Phase I): no Therapeutic exploratory (Phase II): yes").value
    ['PHASE2']
    """
    told = plain(words)
    answers = [(match["phase"], (match["answer"] or "").casefold()) for match in PHASE_ANSWER.finditer(told)]
    key = told.casefold().strip(" .")
    if answers:
        return Reading(_answered(answers), {"as_written": told})
    if key == "0 (exploratory trials)":
        return Reading(["EARLY_PHASE1"], {"as_written": told})
    if key in POST_MARKETING:
        return Reading(["PHASE4"], {"as_written": told})
    if key in NO_PHASE:
        return Reading(["NA"], {"as_written": told})
    return kinds.phase(re.sub(r"(?i)\s+(?:clinical )?(?:trials?|study|studies)$", "", told).replace("Phase-", "Phase "))


def _answered(answers: list[tuple[str, str]]) -> list[str]:
    said = [kinds.PHASES[name.casefold()][0] for name, answer in answers if answer == "yes"]
    if not said and any(answer != "no" for _, answer in answers):
        raise ValueError("an answer to each of the phases")
    return said or ["NA"]


FEMALE = re.compile(r"\b(?:females?|wom[ae]n|girls?)\b(?!\s*:\s*no)", re.IGNORECASE)
MALE = re.compile(r"\b(?:males?|m[ae]n|boys?)\b(?!\s*:\s*no)", re.IGNORECASE)
ANY_SEX = re.compile(r"(?:both|all|male/female|female/male|m/f|no restriction|any)\b", re.IGNORECASE)


def sex(words: str) -> Reading:
    """`Both`, `All`, `Male and Female`, `Female: yes Male: no`."""
    told = plain(words)
    female, male = FEMALE.search(told), MALE.search(told)
    if ANY_SEX.match(told) or (female and male):
        member = "ALL"
    elif told.casefold() in {"f", "m"} or female or male:
        member = "FEMALE" if female or told.casefold() == "f" else "MALE"
    else:
        raise ValueError("female, male or both")
    return Reading(member, {"as_written": told})


NO_AGE_LIMIT = re.compile(
    r"(?:0 )?(?:n/a \()?no (?:age |lower |upper )?(?:limits?|minimum age|maximum age|minimum|maximum|restrictions?)\)?"
    r"|no limit|none|unlimited",
    re.IGNORECASE,
)
AGE = re.compile(
    r"(?:>=|≥|<=|≤|from|up to)?\s?(?P<number>\d{1,4}(?:\.\d{1,2})?)[ -]?\(?"
    r"(?P<unit>years?|yrs?|months?|weeks?|days?|hours?|minutes?|age|[ymwd])?"
    r"(?:\(s\))?\)?[ -]?(?:old|of age)?\.?",
    re.IGNORECASE,
)
UNIT_WORDS = {"y": "years", "yr": "years", "yrs": "years", "age": "years", "m": "months", "w": "weeks", "d": "days"}


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


def groups(words: str) -> list[Group]:
    """The groups of `Experimental group:30;Control group:30;`; empty if any part has another form.

    >>> [group.size for group in groups("Experimental group:30;Control group:30;")], groups("30 a group")
    ([30, 30], [])
    """
    found = []
    for part in " ".join(words.split()).split(";"):
        label, colon, number = (side.strip() for side in part.rpartition(":"))
        if colon and label and number.isdecimal() and len(number) <= 7:
            found.append(Group(label, int(latin_digits(number)), number))
        elif part.strip():
            return []
    return found


# Outcomes and criteria


class Outcome(NamedTuple):
    """One outcome: measure, and the time point and method that stand beside it."""

    measure: str
    timepoint: str | None = None
    method: str | None = None


STRUCTURE = re.compile(r"[\[\]();]")
BESIDE = {  # labels of what stands beside a measure, in small letters
    **dict.fromkeys(["timepoint", "timepoints", "time point", "time points", "timeframe", "time frame"], "timepoint"),
    "measurement time": "timepoint",
    **dict.fromkeys(["method of measurement", "method of assessment", "methods of assessment"], "method"),
}
LABELS_BESIDE = tuple(BESIDE)
TIME_FRAME = re.compile(r"\s*Time ?frame\b:?\s*", re.IGNORECASE)
ENDPOINTS = re.compile(  # EU-CTR's answers, which stand in one cell
    r"(?P<label>Main Objective|Secondary Objective|Primary end ?point\(s\)|Secondary end ?point\(s\)"
    r"|Timepoint\(s\) of evaluation of this end ?point)\s?:\s?"
)
NAMED = re.compile(r"(?:^|;)\s?(?P<label>Name|Timepoints?|Measure)\s?:\s?")  # Lebanon's


@remembered
def outcomes(words: str) -> list[Outcome]:
    """Outcomes joined by `;`, each with its time point as the registries write it.

    >>> outcomes("Pain[day 1];Fever. Timepoint: Daily. Method of measurement: VAS.")
    [Outcome(measure='Pain', timepoint='day 1', method=None), Outcome(measure='Fever', timepoint='Daily', method='VAS')]
    """
    told = plain(words)
    if told.startswith(("Main Objective:", "Secondary Objective:")):
        return _endpoints(told)
    if told.startswith("Name:"):
        return list(_named(told))
    parts = [part for part in _outside_brackets(told) if part and not is_missing(part)]
    return [outcome for part in parts if (outcome := _outcome(part)).measure]


def objective(words: str) -> str | None:
    """The objective that EU-CTR's answers begin with."""
    if not words.lstrip().startswith("Main Objective:"):
        return None
    told = plain(words)
    return next((part for label, part in _labelled(ENDPOINTS, told) if label == "Main Objective" and part), None)


def _labelled(pattern: re.Pattern, told: str) -> list[tuple[str, str]]:
    """Each label with the words up to the next."""
    marks = list(pattern.finditer(told))
    ends = [*(mark.start() for mark in marks[1:]), len(told)]
    return [(mark["label"], told[mark.end() : end].strip(" ;")) for mark, end in zip(marks, ends, strict=True)]


def _endpoints(told: str) -> list[Outcome]:
    """EU-CTR's end points with the times of their evaluation; its objectives are no outcomes."""
    found: list[Outcome] = []
    for label, part in _labelled(ENDPOINTS, told):
        if is_missing(part):
            continue
        if "end point" in label.casefold() and label.startswith(("Primary", "Secondary")):
            found.append(Outcome(part))
        elif label.startswith("Timepoint") and found and found[-1].timepoint is None:
            found[-1] = found[-1]._replace(timepoint=part)
    return found


def _named(told: str) -> Iterator[Outcome]:
    said: dict[str, str] = {}
    for label, part in [*_labelled(NAMED, told), ("Name", "")]:
        if label == "Name" and said.get("Name"):
            yield Outcome(said["Name"], said.get("Timepoint") or None, said.get("Measure") or None)
            said = {}
        said.setdefault(label.rstrip("s"), part)


def _outcome(part: str) -> Outcome:
    """`Pain [day 1]`, or `Pain. Timepoint: day 1. Method of measurement: VAS`."""
    bare = part.rstrip(" .")
    opened = bare.rfind("[")
    if bare.endswith("]") and opened > 0:
        frame = TIME_FRAME.match(bare, opened + 1)
        inner = bare[frame.end() if frame else opened + 1 : -1].strip()
        if "]" not in inner:
            return Outcome(bare[:opened].strip(), inner or None)
    marks = list(_beside(part))
    if not marks:
        return Outcome(part)
    said: dict[str, str] = {}
    for (_, start, name), (end, _, _) in zip(marks, [*marks[1:], (len(part), 0, "")], strict=True):
        said.setdefault(name, part[start:end].strip(" ."))
    return Outcome(part[: marks[0][0]].strip(" ."), _stated(said.get("timepoint")), _stated(said.get("method")))


def _stated(words: str | None) -> str | None:
    """Words, unless they only say that there is nothing."""
    return None if words is None or is_missing(words) else words


def _beside(part: str) -> Iterator[tuple[int, int, str]]:
    """Where each label of what stands beside a measure starts, where its words start, and what it opens."""
    colon = part.find(":")
    while colon >= 0:
        before = part[max(0, colon - 25) : colon].rstrip()
        small = before.lower()
        for label, name in BESIDE.items() if small.endswith(LABELS_BESIDE) else ():
            if small.endswith(label):
                glued = before[-len(label) - 1 : -len(label)].isalpha()  # CTRI: `InfectedTimepoint:`
                if not glued or before[-len(label)].isupper():
                    yield colon - (25 if colon > 25 else colon) + len(before) - len(label), colon + 1, name
                    break
        colon = part.find(":", colon + 1)


def _outside_brackets(told: str) -> Iterator[str]:
    """The parts between semicolons that stand in no brackets; a bracket that never closes opens none."""
    if ";" not in told:
        yield told
        return
    parts = told.split(";")
    if all(part.count("(") == part.count(")") and part.count("[") == part.count("]") for part in parts):
        yield from map(str.strip, parts)
        return
    depth, start = 0, 0
    unclosed = {"(": told.count("(") > told.count(")"), "[": told.count("[") > told.count("]")}
    for match in STRUCTURE.finditer(told):
        if match[0] in "[(":
            depth += not unclosed[match[0]]
        elif match[0] in "])":
            depth = max(0, depth - 1)
        elif not depth:
            yield told[start : match.start()].strip()
            start = match.end()
    yield told[start:].strip()


HEADING = re.compile(r"(?:key )?(?P<part>in|ex)clusion criteria(?: include)?\s?(?::|$)\s?", re.IGNORECASE)
NO_CRITERIA = {"", "-", "n/a", "null", "not available", "not provided"}


def criteria(words: str, default: str) -> dict[str, str]:
    """The parts of a text of criteria by name, line by line; what stands before any heading is of the kind `default`.

    >>> criteria("Inclusion Criteria:<br>- Adults<br>Exclusion Criteria:<br>- Pregnancy", "inclusion")
    {'inclusion': '- Adults', 'exclusion': '- Pregnancy'}
    """
    rows = lines(words)
    marks = [(row, mark) for row, line in enumerate(rows) if line[0] in "IiEeKk" and (mark := HEADING.match(line))]
    starts = [row for row, _ in marks]
    found: dict[str, str] = {}
    if not marks or starts[0]:
        found[default] = "\n".join(rows[: starts[0]] if marks else rows)
    for (row, mark), end in zip(marks, [*starts[1:], len(rows)], strict=False):
        first = rows[row][mark.end() :]
        said = "\n".join([first, *rows[row + 1 : end]] if first else rows[row + 1 : end])
        part = mark["part"].lower() + "clusion"
        found[part] = f"{found[part]}\n{said}" if found.get(part) else said
    return {part: said for part, said in found.items() if len(said) > 20 or said.lower().strip(" .") not in NO_CRITERIA}
