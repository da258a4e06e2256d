"""Trial registration numbers: found in any text, brought to one normal form, never guessed.

One row a registry: its code, the pattern, and how the normal form is made. Order matters where one number could
be taken for another (CTIS before EudraCT, NL-OMON before NTR). Case is ignored except for REPEC, where
"per 100-20" is prose. Sources: the registries' own number formats and the WHO list of primary registries.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache
from typing import NamedTuple

SEP = r"[ \u00a0\u2009\u202f\t:#.\-\u2010-\u2015/_]{0,3}"  # what people put between a prefix and its digits
EDGE = r"(?<![A-Za-z0-9])"
DASH = r"[-\u2010-\u2015]"
LABEL = rf"(?:number|no\.?|nr\.?)?{SEP}"

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
    ("CTGOV", rf"{EDGE}NCT{SEP}(?P<d>0\d(?:[ \u00a0\u2009\-]?\d){{6}})(?!\d)", lambda m: "NCT" + _digits(m)),
    ("ISRCTN", rf"{EDGE}ISRCTN{SEP}(?P<d>\d{{8}})(?!\d)", lambda m: "ISRCTN" + m["d"]),
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
        rf"{EDGE}IRCT{SEP}(?P<d>(?:13[89]\d|20\d{{2}})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d"
        rf"|3[01])\d{{1,6}}N\d{{1,4}})(?!\d)",
        lambda m: "IRCT" + m["d"].upper(),
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
        rf"{EDGE}(?:ACTRN|ANZCTR|ACTR){SEP}(?P<d>126\d{{11}})(?P<s>[pn]?)(?!\d)",
        lambda m: "ACTRN" + m["d"] + m["s"].lower(),
    ),
    (
        "CTRI",
        rf"{EDGE}CTRI{SEP}(?P<y>20\d{{2}})\s?[/\-]\s?(?P<m>\d{{2,3}})\s?[/\-]\s?(?P<d>\d{{6}})(?!\d)",
        lambda m: f"CTRI/{m['y']}/{m['m']}/{m['d']}",
    ),
    ("DRKS", rf"{EDGE}DRKS{SEP}(?:ID{SEP})?(?:DRKS{SEP})?(?P<d>000\d{{5}})(?!\d)", lambda m: "DRKS" + m["d"]),
    (
        "UMIN",
        rf"{EDGE}(?:JPRN{SEP})?UMIN{SEP}(?:CTR{SEP})?(?:ID{SEP})?(?P<d>0000\d{{5}})(?!\d)",
        lambda m: "UMIN" + m["d"],
    ),
    ("JRCT", rf"{EDGE}(?:JPRN{SEP})?jRCT{SEP}(?P<d>s?\d{{9,10}})(?!\d)", lambda m: "jRCT" + m["d"].lower()),
    ("JAPIC", rf"{EDGE}(?:JPRN{SEP})?Japic{SEP}CTI{SEP}(?P<d>\d{{6}})(?!\d)", lambda m: "JapicCTI-" + m["d"]),
    ("JMA", rf"{EDGE}(?:JPRN{SEP})?JMA{SEP}IIA{SEP}(?P<d>\d{{5}})(?!\d)", lambda m: "JMA-IIA" + m["d"]),
    ("NLOMON", rf"{EDGE}NL{SEP}OMON{SEP}(?P<d>\d{{4,6}})(?!\d)", lambda m: "NL-OMON" + m["d"]),
    (
        "NTR",
        rf"{EDGE}(?P<p>NTR[ \u00a0-]?|NL)(?P<d>\d{{3,4}})(?!\d|[.\-]\d)",
        lambda m: m["p"].upper()[:3].strip(" -\xa0") + m["d"],
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
    ("CRIS", rf"{EDGE}KCT{SEP}(?P<d>00\d{{5}})(?!\d)", lambda m: "KCT" + m["d"]),
    (UTN, rf"{EDGE}U{SEP}(?P<d>1111-\d{{4}}-\d{{4}})(?!\d)", lambda m: "U" + m["d"]),
]

# Numbers that authors type as a stand-in for one they do not have yet.
PLACEHOLDERS = {"NCT00000000", "NCT12345678", "NCT87654321", "NCT11111111", "NCT99999999"}

# Cheap test whether a text can hold a number at all; every pattern needs one of these.
ANY_PREFIX = re.compile(
    r"NCT|ISRCTN|[ij]RCT|CTR|CTIS|DRKS|UMIN|Japic|JMA|OMON|NTR|NL\d|RBR|PER-?\d|RPCEC|KCT|U.{0,3}1111"
    r"|20\d\d[-\u2010-\u2015][05]",
    re.IGNORECASE,
)


# What may stand around a number that is all of a field: the registry's name, a DOI's prefix, a member state.
BEFORE = re.compile(rf"\W*(?:10\.1186/)?(?:(?:CTIS|EU[ \u00a0]?CT|EUCT|EUCTR|EudraCT){SEP}{LABEL})?\W*", re.IGNORECASE)
AFTER = re.compile(r"(?:-(?:[A-Z]{2}|3rd|Outside/EEA))?\W*", re.IGNORECASE)


@cache
def _compiled() -> list[tuple[str, re.Pattern, object]]:
    return [(registry, re.compile(pattern, re.IGNORECASE), normal) for registry, pattern, normal in PATTERNS]


def find_ids(text: str) -> list[TrialId]:
    """Every registration number in `text`, in order of place; placeholders such as NCT00000000 are none.

    >>> [found.value for found in find_ids("Registered as NCT 0427 6987 and JPRN-UMIN000012345.")]
    ['NCT04276987', 'UMIN000012345']
    """
    if not ANY_PREFIX.search(text):
        return []
    found: list[TrialId] = []
    taken: list[tuple[int, int]] = []  # spans of the numbers found, in order; none overlaps another
    for registry, pattern, normal in _compiled():
        for match in pattern.finditer(text):
            value = normal(match)  # type: ignore[operator]
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
