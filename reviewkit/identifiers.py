"""Trial registration numbers: found in any text, brought to one normal form, never guessed.

One row a registry: its code, the pattern, and how the normal form is made. Order matters where one number could
be taken for another (CTIS before EudraCT, NL-OMON before NTR). Case is ignored except for REPEC, where
"per 100-20" is prose. Sources: the registries' own number formats and the WHO list of primary registries.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

from reviewkit.dates import latin_digits

SEP = r"[ \u00a0\u2009\u202f\t:#.\-\u2010-\u2015/_)]{0,3}"  # what people put between a prefix and its digits
EDGE = r"(?<![A-Za-z0-9])"
# Where a blank was lost ("ClinicalTrials.govNCT04276987"), capitals after a small letter are an edge too.
LOOSE_EDGE = r"(?:(?<![A-Za-z0-9])|(?-i:(?<=[a-z])(?=[A-Z]{3})))"
DASH = r"[-\u2010-\u2015]"
LABEL = rf"(?:number|no\.?|nr\.?|id|identifier)?{SEP}"

UTN = "UTN"  # the WHO universal trial number: not a registry


class TrialId(NamedTuple):
    """A registration number: normal form, registry (a member of RegistryName, or UTN), and its span in the text."""

    value: str
    registry: str
    start: int
    end: int


def _digits(match: re.Match) -> str:
    return re.sub(r"\D", "", match["d"])


def _dashes(text: str) -> str:
    return re.sub(r"[\u2010-\u2015]", "-", text)


PATTERNS = [
    (
        "CTGOV",
        rf"{LOOSE_EDGE}NCT{SEP}{LABEL}(?P<d>0\d(?:[ \u00a0\u2009\-]?\d){{6}})(?!\d)",
        lambda m: "NCT" + _digits(m),
    ),
    ("ISRCTN", rf"{LOOSE_EDGE}ISRCTN{SEP}(?:registry{SEP})?{LABEL}(?P<d>\d{{8}})(?!\d)", lambda m: "ISRCTN" + m["d"]),
    (
        "CTIS",
        rf"{EDGE}(?:(?:CTIS|EU[ \u00a0]?CT|EUCT){SEP}{LABEL})?(?P<d>20(?:2[2-9]"
        rf"|[3-9]\d)-5\d{{5}}-\d{{2}}-\d{{2}})(?!\d)",
        lambda m: m["d"],
    ),
    (
        "EUCTR",
        rf"{EDGE}(?:(?:EUCTR|EudraCT){SEP}{LABEL})?(?P<d>20(?:0[4-9]|1\d|2[0-3]){DASH}0\d{{5}}{DASH}\d{{2}})"
        r"(?:-(?:[A-Z]{2}|3rd|Outside/EEA))?(?!\d)(?!-\d{2}(?!\d))",
        lambda m: _dashes(m["d"]),
    ),
    (
        "IRCT",  # the eight digits are the registrant's account date, not the registration date
        rf"{LOOSE_EDGE}IRCT{SEP}{LABEL}(?P<d>(?:13[89]\d|20\d{{2}})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d"
        rf"|3[01])[ \u00a0]?\d{{1,6}}[ \u00a0]?N[ \u00a0]?\d{{1,4}})(?!\d)",
        lambda m: "IRCT" + "".join(m["d"].split()).upper(),
    ),
    (
        "CHICTR",
        rf"{EDGE}ChiCTR{SEP}(?:(?P<t>[A-Z]{{2,5}}){SEP})?(?P<d>\d{{8}}|\d{{10}})(?!\d)",
        lambda m: f"ChiCTR-{m['t'].upper()}-{m['d']}" if m["t"] else "ChiCTR" + m["d"],
    ),
    ("CHICTR", rf"{EDGE}ChiMCTR{SEP}(?P<d>\d{{10}})(?!\d)", lambda m: "ChiMCTR" + m["d"]),
    ("ITMCTR", rf"{EDGE}ITMCTR{SEP}(?P<d>\d{{10}})(?!\d)", lambda m: "ITMCTR" + m["d"]),
    (
        "ANZCTR",
        rf"{LOOSE_EDGE}(?:ACTRN|ANZCTR|ACTR){SEP}{LABEL}(?P<d>126\d{{11}})(?P<s>[pn]?)(?!\d)",
        lambda m: "ACTRN" + m["d"] + m["s"].lower(),
    ),
    (
        "CTRI",
        rf"{EDGE}CTRI{SEP}(?P<y>20\d{{2}})\s?[/\-]\s?(?P<m>\d{{2,3}})\s?[/\-]\s?(?P<d>\d{{6}})(?!\d)",
        lambda m: f"CTRI/{m['y']}/{m['m']}/{m['d']}",
    ),
    ("DRKS", rf"{LOOSE_EDGE}DRKS{SEP}(?:ID{SEP})?(?:DRKS{SEP})?(?P<d>000\d{{5}})(?!\d)", lambda m: "DRKS" + m["d"]),
    (
        "UMIN",
        rf"{LOOSE_EDGE}(?:JPRN{SEP})?UMIN{SEP}(?:CTR{SEP})?{LABEL}(?P<d>0000\d{{5}})(?!\d)",
        lambda m: "UMIN" + m["d"],
    ),
    ("JRCT", rf"{EDGE}(?:JPRN{SEP})?jRCT{SEP}(?P<d>s?\d{{9,10}})(?!\d)", lambda m: "jRCT" + m["d"].lower()),
    ("JAPIC", rf"{EDGE}(?:JPRN{SEP})?Japic{SEP}CTI{SEP}(?P<d>\d{{6}})(?!\d)", lambda m: "JapicCTI-" + m["d"]),
    ("JMA", rf"{EDGE}(?:JPRN{SEP})?JMA{SEP}IIA{SEP}(?P<d>\d{{5}})(?!\d)", lambda m: "JMA-IIA" + m["d"]),
    ("NLOMON", rf"{EDGE}NL{SEP}OMON{SEP}(?P<d>\d{{4,6}})(?!\d)", lambda m: "NL-OMON" + m["d"]),
    (
        "NTR",
        rf"{EDGE}(?:(?P<p>NTR){SEP}{LABEL}|NL)(?P<d>\d{{3,4}})(?!\d|[.\-]\d)",
        lambda m: ("NTR" if m["p"] else "NL") + m["d"],
    ),
    ("PACTR", rf"{EDGE}PACTR{SEP}(?P<d>20\d{{13,14}})(?!\d)", lambda m: "PACTR" + m["d"]),
    (
        "REBEC",
        rf"{EDGE}RBR{SEP}(?P<d>(?=[0-9a-z]*\d)[0-9a-z]{{6,8}})(?![0-9A-Za-z])",
        lambda m: "RBR-" + m["d"].lower(),
    ),
    (
        "REPEC",
        rf"{EDGE}(?-i:PER-?(?P<a>\d{{3}})-(?P<b>\d{{2}})(?P<s>-[A-Z])?)(?!\d)",
        lambda m: f"PER-{m['a']}-{m['b']}{m['s'] or ''}",
    ),
    ("RPCEC", rf"{EDGE}RPCEC{SEP}(?P<d>0{{5}}\d{{3}})(?!\d)", lambda m: "RPCEC" + m["d"]),
    ("SLCTR", rf"{EDGE}SLCTR{SEP}(?P<y>20\d{{2}})[/\-](?P<d>\d{{3}})(?!\d)", lambda m: f"SLCTR/{m['y']}/{m['d']}"),
    ("TCTR", rf"{EDGE}TCTR{SEP}(?P<d>20\d{{9}})(?!\d)", lambda m: "TCTR" + m["d"]),
    ("LBCTR", rf"{EDGE}LBCTR{SEP}(?P<d>20\d{{8}})(?!\d)", lambda m: "LBCTR" + m["d"]),
    ("CRIS", rf"{EDGE}(?:CRIS{SEP})?KCT{SEP}(?P<d>00\d{{5}})(?!\d)", lambda m: "KCT" + m["d"]),
    (UTN, rf"{EDGE}U{SEP}(?P<d>1111-\d{{4}}-\d{{4}})(?!\d)", lambda m: "U" + m["d"]),
]

# Numbers that authors type as a stand-in for one they do not have yet.
PLACEHOLDERS = {"NCT00000000", "NCT12345678", "NCT87654321", "NCT11111111", "NCT99999999"}

# Cheap test whether a text can hold a number at all; every pattern needs one of these.
ANY_PREFIX = re.compile(
    r"NCT|ISRCTN|[ij]RCT|CTR|Eudra|EU.?CT|CTIS|DRKS|UMIN|Japic|JMA|OMON|NTR|NL\d|RBR|PER-?\d|RPCEC|KCT|U.{0,3}1111"
    r"|20\d\d[-\u2010-\u2015][05]",
    re.IGNORECASE,
)


# What may stand around a number that is all of a field: the registry's name, a DOI's prefix, a member state.
BEFORE = re.compile(rf"\W*(?:10\.1186/)?(?:(?:CTIS|EU[ \u00a0]?CT|EUCT|EUCTR|EudraCT){SEP}{LABEL})?\W*", re.IGNORECASE)
AFTER = re.compile(r"(?:-(?:[A-Z]{2}|3rd|Outside/EEA))?\W*", re.IGNORECASE)


# A text without any of these, in small letters, cannot hold a number of the registry: most texts name one or two.
HINTS = {
    "CTGOV": ("nct",), "ISRCTN": ("isrctn",), "CTIS": ("-5",), "IRCT": ("irct",), "CHICTR": ("ctr",),
    "ITMCTR": ("itmctr",), "ANZCTR": ("ctr",), "CTRI": ("ctri",), "DRKS": ("drks",), "UMIN": ("umin",),
    "JRCT": ("jrct",), "JAPIC": ("japic",), "JMA": ("jma",), "NLOMON": ("omon",), "NTR": ("ntr", "nl"),
    "PACTR": ("pactr",), "REBEC": ("rbr",), "REPEC": ("per",), "RPCEC": ("rpcec",), "SLCTR": ("slctr",),
    "TCTR": ("tctr",), "LBCTR": ("lbctr",), "CRIS": ("kct",), UTN: ("1111",),
}  # fmt: skip

# What is inside a number by accident: marks that show nothing, and the end of a line, with or without a hyphen.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
# A run of blanks is looked through once, from its beginning.
LINE_END = re.compile(r"(?:(?P<hyphen>[-\u2010-\u2015/])|(?<![ \t]))[ \t]*+(?:\r\n|\r|\n)[ \t]*+(?=[\dA-Za-z])")
BEFORE_LINE_END, BEHIND_LINE_END = 40, 24  # characters of a number on either side
WIDE = str.maketrans({chr(0xFF01 + n): chr(0x21 + n) for n in range(94)})  # full-width letters, digits and marks
RUN_BEFORE, RUN_BEHIND = re.compile(r"[\d/. \u2010-\u2015-]*\Z"), re.compile(r"[\dN/\u2010-\u2015-]*")
DIGITS_OF_ANY = 6  # digits that every number has that a line end may break
FEWEST_DIGITS = 3  # on the next line: "NCT0427698", line end, "12 patients" is no number


@cache
def _compiled() -> list[tuple[str, tuple[str, ...], re.Pattern, Callable[[re.Match], str]]]:
    return [
        (registry, HINTS.get(registry, ("",)), re.compile(pattern, re.IGNORECASE), normal)
        for registry, pattern, normal in PATTERNS
    ]


def find_ids(text: str) -> list[TrialId]:
    """Every registration number in `text`, in order of place; placeholders such as NCT00000000 are none.

    >>> [found.value for found in find_ids("Registered as NCT 0427 6987 and JPRN-UMIN000012345.")]
    ['NCT04276987', 'UMIN000012345']
    """
    plain = latin_digits(text.translate(WIDE)) if not text.isascii() else text
    if INVISIBLE.search(plain):
        return _found_without_marks(plain)
    found = _find(plain)
    return sorted([*found, *_broken(plain, found)], key=lambda one: one.start) if LINE_END.search(plain) else found


def _found_without_marks(text: str) -> list[TrialId]:
    """Numbers as they are without marks that show nothing; spans count in the text with them."""
    parts, kept, before = (
        [],
        [],
        0,
    )  # where each part begins without the marks, and how many characters are gone by then
    length = 0
    at = 0
    for match in (*INVISIBLE.finditer(text), None):
        part = text[at : match.start() if match else len(text)]
        parts.append(part)
        kept.append((length, before))
        length += len(part)
        if match:
            before += match.end() - match.start()
            at = match.end()
    starts = [start for start, _ in kept]

    def back(offset: int) -> int:
        return offset + kept[max(0, bisect_right(starts, offset) - 1)][1]

    found = find_ids("".join(parts))
    return [one._replace(start=back(one.start), end=back(one.end - 1) + 1) for one in found]


def _broken(text: str, found: list[TrialId]) -> list[TrialId]:
    """Numbers that the end of a line breaks in two, where neither half is a number by itself."""
    joined: list[TrialId] = []
    for match in LINE_END.finditer(text):
        start, end = max(0, match.start() - BEFORE_LINE_END), match.end() + BEHIND_LINE_END
        before, behind = text[start : match.start()], text[match.end() : end]
        run = RUN_BEFORE.search(before)[0] + RUN_BEHIND.match(behind)[0]  # type: ignore[index]
        if sum(map(str.isdecimal, run)) < DIGITS_OF_ANY or not ANY_PREFIX.search(before):
            continue
        if _is_taken(found, match.start() - 1, match.end()):
            continue
        for hyphen in dict.fromkeys((match["hyphen"] or "", "")):
            gap = len(before) + len(hyphen)
            for one in _find(before + hyphen + behind):
                over = one.start < len(before) and one.end >= gap + FEWEST_DIGITS
                whole = (one.start > 0 or start == 0) and (one.end < gap + len(behind) or end >= len(text))
                place = (start + one.start, match.end() + one.end - gap)
                if over and whole and not _is_taken([*found, *joined[-1:]], *place):
                    joined.append(one._replace(start=place[0], end=place[1]))
    return joined


def _is_taken(found: list[TrialId], start: int, end: int) -> bool:
    """Does a number that was found share a character with a span? `found` is in order of place."""
    index = bisect_left(found, end, key=lambda one: one.start) - 1
    return index >= 0 and found[index].end > start


def _find(text: str) -> list[TrialId]:
    if not ANY_PREFIX.search(text):
        return []
    found: list[TrialId] = []
    taken: list[tuple[int, int]] = []  # spans of the numbers found, in order; none overlaps another
    small = text.lower()
    for registry, hints, pattern, normal in _compiled():
        for match in pattern.finditer(text) if any(hint in small for hint in hints) else ():
            value = normal(match)
            position = bisect_left(taken, match.span())
            neighbours = taken[max(0, position - 1) : position + 1]
            if value not in PLACEHOLDERS and not any(a < match.end() and match.start() < b for a, b in neighbours):
                taken.insert(position, match.span())
                # Of "EudraCT number: 2020-001234-12" the prefix is a label, and no part of the number.
                found.append(TrialId(value, registry, *match.span("d" if registry in {"EUCTR", "CTIS"} else 0)))
    return sorted(found, key=lambda trial_id: trial_id.start)


@lru_cache(maxsize=4096)
def read_trial_id(text: str) -> TrialId:
    """The registration number that `text` consists of; ValueError if it is none, or more than one."""
    found = find_ids(text)
    whole = len(found) == 1 and BEFORE.fullmatch(text[: found[0].start]) and AFTER.fullmatch(text[found[0].end :])
    if not whole:
        raise ValueError("one trial registration number, e.g. NCT04276987 or IRCT20130812014333N164")
    return found[0]
