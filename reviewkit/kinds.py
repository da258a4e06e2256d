"""One small reader a kind of field: words in, value out; ValueError says what was wanted.

A reader knows nothing of files: the caller, who knows the place, keeps the quote and makes the message.
Numbers may stand in Persian, Arabic-Indic or full-width digits, with thousands marks; a number with two readings
is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from reviewkit import dates, identifiers
from reviewkit.words import State, members

NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    word: 10 * number
    for number, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_UNITS, _BELOW_20 = "|".join(list(NUMBER_WORDS)[1:10]), "|".join(NUMBER_WORDS)
_TEENS = "|".join(list(NUMBER_WORDS)[11:])
IN_WORDS = re.compile(
    rf"(?:(?P<hundreds>{_UNITS}|{_TEENS}) hundred(?P<more>(?: and)? (?=\w)|$))?"  # two hundred (and)
    rf"(?:(?P<tens>{'|'.join(TENS)})(?: (?={_UNITS})|$))?"  # forty
    rf"(?P<units>(?(tens)(?:{_UNITS})|(?:{_BELOW_20})))?"  # two, or seventeen
)
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
GROUP_MARK = (
    r"[,\u060c\uff0c\u066c\u2019' \u00a0\u2009\u202f]"  # thousands marks: comma, Arabic mark, apostrophe, thin spaces
)
GROUPED = re.compile(rf"\d{{1,3}}(?P<mark>{GROUP_MARK})\d{{3}}(?:(?P=mark)\d{{3}})*")
COUNTED = re.compile(rf"(?s)(?P<number>{GROUPED.pattern}(?!\d)|\S*)(?:\s+(?P<unit>.*))?")  # 60, 1 200, 60 eyes
UNIT = re.compile(
    r"(?!(?:per|in|each|or|and|to|plus|for|of|at)\b)[^\W\d][\w\s\-]*", re.IGNORECASE
)  # not "30 per group", "30 or more"
INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]"
)  # marks of direction, soft hyphens
COUNT_EXPECTED = "a whole number in digits, e.g. 8 or 1,200"
AGE = re.compile(
    r"(\d+(?:[.,]\d+)?)[ \-]*(years?|months?|weeks?|days?|hours?|minutes?|yrs?|y)\b(?: old| of age)?", re.I
)
AGE_UNITS = {"y": "YEAR", "mo": "MONTH", "w": "WEEK", "d": "DAY", "h": "HOUR", "mi": "MINUTE"}


class Reading(NamedTuple):
    """What a reader made of the words: the value, and what the field's kind says beside it."""

    value: Any
    detail: dict[str, Any]
    state: State = State.REPORTED


def _bare(text: str) -> str:
    """`text` without blanks around it and without characters that show nothing, its digits as 0-9."""
    return dates.latin_digits(INVISIBLE.sub("", text).strip())


@lru_cache(maxsize=4096)
def whole_number(text: str) -> int:
    """A count of 0 or more in digits of any script, with or without thousands marks.

    >>> whole_number("1,200"), whole_number("۸")
    (1200, 8)
    """
    plain = _bare(text)
    if GROUPED.fullmatch(plain):
        plain = re.sub(GROUP_MARK, "", plain)
    if not plain.isdecimal():
        raise ValueError(COUNT_EXPECTED)
    return int(plain)


def number_in_words(text: str) -> int:
    """A count below a thousand million in English words: `seven`, `twenty-four`, `a thousand and two`.

    >>> number_in_words("Twenty-four"), number_in_words("two thousand one hundred and twelve")
    (24, 2112)
    """
    words = " ".join(re.sub(r"[-\u2010\u2011\u2013]", " ", text.lower()).split())
    total, rest = 0, ONE.sub("one ", words)
    for name, size in (("million", 1_000_000), ("thousand", 1_000)):
        many, scale, less = rest.partition(f" {name}")
        if scale:
            total += size * _below_1000(many)
            rest = re.sub(r"^ (?:and )?(?=\w)", "", less)
            if not rest:
                return total
    return total + _below_1000(rest)


ONE = re.compile(r"^an? (?=hundred|thousand|million)")


def _below_1000(words: str) -> int:
    """A number below 1000 in words, or hundreds up to `nineteen hundred`."""
    match = IN_WORDS.fullmatch(words)
    if not match or not match[0]:
        raise ValueError("a whole number in words, e.g. seven")
    return (
        100 * NUMBER_WORDS.get(match["hundreds"], 0) + TENS.get(match["tens"], 0) + NUMBER_WORDS.get(match["units"], 0)
    )


def decimal(text: str) -> float:
    """A number that may have decimals; `1.234` and `1,234` are refused, for they have two readings.

    >>> decimal("0,5"), decimal("57")
    (0.5, 57.0)
    """
    plain = _bare(text).replace("\u066b", ".").replace("\u2212", "-")
    if re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", plain):
        raise ValueError("a number with one reading: is the mark one of thousands or of decimals?")
    if re.fullmatch(r"-?\d+(?:[.,]\d+)?", plain):
        return float(plain.replace(",", "."))
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+\.\d+", plain) or re.fullmatch(r"-?\d{1,3}(?:,\d{3}){2,}", plain):
        return float(plain.replace(",", ""))
    raise ValueError("a number, e.g. 57 or 0.5")


def date(text: str, kind: str = "UNKNOWN") -> Reading:
    """A date; `kind` is a member of Actuality, known from the label."""
    read = dates.read_date(_bare(text))
    return Reading(read.value, {"kind": kind, "calendar": str(read.calendar), "as_written": text})


def count(text: str, unit: str | None = "persons") -> Reading:
    """A count; a unit written after the number is kept (`60 eyes`)."""
    match = COUNTED.fullmatch(_bare(text))
    assert match is not None  # it matches whatever there is
    number, named = match["number"], match["unit"]
    if named and not UNIT.fullmatch(named):
        raise ValueError(COUNT_EXPECTED)
    return Reading(whole_number(number), {"unit": _unit(named) if named else unit})


def _unit(word: str) -> str:
    people = {"persons", "people", "participants", "patients", "subjects", "person", "individuals", "volunteers"}
    return "persons" if word.casefold() in people else word


def coded(codes: Mapping[str, Any]) -> Callable[[str], Reading]:
    """A reader of one vocabulary: `codes` maps the source's own words, folded to lower case, to members."""

    def read(text: str) -> Reading:
        key = " ".join(_bare(text).casefold().replace("_", " ").split())
        if key not in codes:
            raise ValueError("one of " + ", ".join(map(repr, codes)))
        return Reading(codes[key], {"as_written": text})

    return read


def choice(vocabulary: str) -> Callable[[str], Reading]:
    """A reader of the members of one vocabulary as they stand; case does not matter."""
    return coded({member.casefold().replace("_", " "): member for member in members(vocabulary)})


def choices(read_one: Callable[[str], Reading], parts: Iterable[str], as_written: str) -> Reading:
    """Several codes as one list, each once, in the order written; one that cannot be read spoils all."""
    return Reading(list(dict.fromkeys(read_one(part).value for part in parts)), {"as_written": as_written})


PHASES = {
    written: [member]
    for member, forms in {
        "EARLY_PHASE1": "0",
        "PHASE1": "1 i 1a 1b ia ib",
        "PHASE2": "2 ii 2a 2b iia iib",
        "PHASE3": "3 iii 3a 3b iiia iiib",
        "PHASE4": "4 iv 4a 4b iva ivb",
    }.items()
    for written in forms.split()
}
NO_PHASE = {"n/a", "na", "not applicable", "not specified"}


def phase(text: str) -> Reading:
    """`2-3`, `Phase I/II`, `2a`, `N/A` as a list of members of Phase; `as_written` drops the word phase.

    >>> phase("phase 2a").value, phase("2-3").value
    (['PHASE2'], ['PHASE2', 'PHASE3'])
    """
    plain = " ".join(_bare(text).casefold().split())
    if plain in NO_PHASE:
        return Reading(["NA"], {"as_written": text})
    early = re.match(r"early[\s\-]+phase\s*(?:1|i)\b|early\s*1\b", plain)
    bare = re.sub(r"\bphases?[\s\-]*", "", "0" + plain[early.end() :] if early else plain).strip()
    parts = re.split(r"\s*(?:/|-|–|,|&|\band\b|\bto\b|\bor\b)\s*", bare)
    try:
        found = [member for part in parts for member in PHASES[part]]
    except KeyError:
        raise ValueError("a trial phase: 1 to 4, combined as 2-3, or N/A") from None
    written = re.sub(r"(?i)\bphases?[\s\-]*", "", text).strip()
    return Reading(list(dict.fromkeys(found)), {"as_written": written})


def age(text: str) -> Reading:
    """`18 Years` as 18 with unit YEAR; `No limit` as no value with `no_limit`."""
    plain = " ".join(_bare(text).split())
    if re.fullmatch(r"(?i)(?:no (?:age )?limit|n/?a|n/a \(no limit\)|none)", plain):
        return Reading(None, {"unit": None, "no_limit": True})
    match = AGE.fullmatch(plain)
    if not match:
        raise ValueError("an age with its unit, e.g. 18 years")
    number = decimal(match[1])
    unit = next(unit for start, unit in sorted(AGE_UNITS.items(), reverse=True) if match[2].lower().startswith(start))
    return Reading(int(number) if number == int(number) else number, {"unit": unit, "no_limit": False})


def trial_id(text: str) -> Reading:
    """A trial registration number in its normal form."""
    return Reading(identifiers.read_trial_id(text).value, {})


def flag(text: str) -> Reading:
    """Yes or no."""
    word = text.strip().casefold()
    if word not in {"yes", "no", "true", "false"}:
        raise ValueError("yes or no")
    return Reading(word in {"yes", "true"}, {})


def text(words: str) -> Reading:
    """The words themselves."""
    return Reading(words, {})


def scientific(words: str) -> tuple[float, bool]:
    """A number such as `2.0 × 10^8`, `5×10¹⁰`, `5×10^{10}` or, flattened, `2.0 × 108`; and whether it was flattened.

    A flattened power is one or two digits glued to 10 after a multiplication sign.

    >>> scientific("2.0 × 108")
    (200000000.0, True)
    """
    plain = " ".join(dates.latin_digits(words).split())
    match = POWER_OF_TEN.fullmatch(plain)
    if not match or (match["flat"] and not match["factor"]):
        return decimal(plain), False
    digits = (match["caret"] or match["raised"] or match["flat"]).translate(SUPERSCRIPTS).strip("{}")
    factor = decimal(match["factor"]) if match["factor"] else 1.0
    return float(f"{factor}e{int(digits)}"), match["flat"] is not None


POWER_OF_TEN = re.compile(
    r"(?:(?P<factor>\d+(?:[.,]\d+)?)\s?[×x*]\s?)?"  # 2.0 ×
    r"10(?:\^(?P<caret>\{?-?\d{1,2}\}?)"  # 10^8, 10^{10}
    r"|(?P<raised>[⁻⁰¹²³⁴-⁹]{1,3})"  # 10¹⁰
    r"|(?P<flat>\d{1,2}))"  # 108: the superscript was lost
)

# Country names as registries write them -> ISO 3166-1 alpha-2 stand in countries.csv.
