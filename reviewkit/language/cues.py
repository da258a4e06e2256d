"""Loads the cues of cues.toml: patterns with an id, and what they say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from reviewkit.language.literals import folded, may_match, needed

CATALOGUE = Path(__file__).with_name("cues.toml")
# "no placebo", "not a crossover trial", "a crossover design was not used": the cue must not fire.
NEGATED_BEFORE = re.compile(
    r"\b(?:not|no|neither|nor|never|without|rather than|instead of)\s+(?:(?:by|with|as|in|from)\s+)?(?:an?\s+"
    r"|the\s+)?$",
    re.IGNORECASE,
)
NEGATED_AFTER = re.compile(
    r"\W+(?:[\w\-]+\s+){0,2}?(?:was|were|is|are)\s+not\s+(?:used|done|applied|performed|chosen|possible|feasible"
    r"|attempted|made|employed)\b",
    re.IGNORECASE,
)
HYPHEN = "[-\u2010-\u2015\\s]{0,2}"  # what may stand between the parts of "double-blind"


# Every cue needs one of these stems: a cheap test that spares the sentences about everything else.
STEMS = [
    "random",
    "alloc",
    "assign",
    "alternat",
    "rotat",
    "turn",
    "order",
    "after",
    "every",
    "each",
    "first",
    "abab",
    "a-b",
    "birth",
    "born",
    "week",
    "month",
    "admission",
    "odd",
    "even",
    "morning",
    "afternoon",
    "digit",
    "number",
    "chos",
    "choo",
    "chose",
    "select",
    "decid",
    "determin",
    "govern",
    "pick",
    "prefer",
    "availab",
    "price",
    "severity",
    "depend",
    "based",
    "computer",
    "software",
    "program",
    "package",
    "electronic",
    "online",
    "web",
    "internet",
    "nquery",
    "sas",
    "spss",
    "stata",
    "redcap",
    "excel",
    "proc",
    "iwrs",
    "ivrs",
    "www",
    "sequence",
    "list",
    "table",
    "coin",
    "dice",
    "lot",
    "urn",
    "ball",
    "slips",
    "cards",
    "papers",
    "shuffl",
    "hat",
    "bag",
    "bowl",
    "minimi",
    "block",
    "chance",
    "envelop",
    "conceal",
    "snose",
    "central",
    "phone",
    "pharmac",
    "kit",
    "container",
    "bottle",
    "vial",
    "box",
    "pack",
    "code",
    "foresee",
    "predict",
    "access",
    "visible",
    "lamp",
    "light",
    "statistician",
    "independent",
    "third",
    "role",
    "blind",
    "mask",
    "open",
    "label",
    "arm",
    "group",
    "cluster",
    "cross",
    "factorial",
    "parallel",
    "placebo",
    "sham",
    "active",
    "inferior",
    "superior",
    "equivalen",
    "interventional",
    "observational",
    "pilot",
    "feasib",
    "concept",
    "adaptive",
    "stepped",
    "platform",
    "basket",
    "umbrella",
    "dose",
    "strat",
    "unit",
    "match",
    "historical",
    "center",
    "centre",
    "diar",
    "stain",
    "pump",
    "infusion",
    "device",
    "drug",
    "external",
    "expert",
    "follow",
    "assess",
    "measure",
    "evaluat",
    "control",
    "wash",
    "recruit",
    "enrol",
]


class Cue(NamedTuple):
    """One cue: the rule's id, its pattern, what the sentence must hold beside it, what silences it, and its row."""

    id: str
    pattern: re.Pattern
    requires: tuple[re.Pattern, ...]
    unless: re.Pattern | None
    row: dict[str, Any]

    def matches(self, sentence: str) -> list[re.Match]:
        """Where the cue stands in a sentence, not negated and outside the words that silence it."""
        found = [match for match in self.pattern.finditer(sentence) if not _negated(sentence, match)]
        if not all(pattern.search(sentence) for pattern in self.requires):
            return []
        if not found or self.unless is None:
            return found
        silenced = [match.span() for match in self.unless.finditer(sentence)]
        return [m for m in found if not any(a < m.end() and m.start() < b for a, b in silenced)]


def _negated(sentence: str, match: re.Match) -> bool:
    before = sentence[max(0, match.start() - 30) : match.start()]
    return NEGATED_BEFORE.search(before) is not None or NEGATED_AFTER.match(sentence, match.end()) is not None


def compiled(pattern: str) -> re.Pattern:
    """A pattern of the catalogue: `~` is an optional hyphen or blank, a blank is any white space.

    >>> bool(compiled("double~blind").search("Double\\u2011blind"))
    True
    """
    return re.compile(pattern.replace("~", HYPHEN).replace(" ?", r"\s*").replace(" ", r"\s+"), re.IGNORECASE)


def may_hold_cues(sentence: str) -> bool:
    """Can any cue stand in the sentence?"""
    return may_match(STEMS, folded(sentence))


def cues_for(kind: str, sentence: str) -> Iterator[Cue]:
    """The cues of one kind that a sentence may hold, in the order of the catalogue."""
    words = folded(sentence)
    for strings, required, cue in _by_strings(kind):
        if may_match(strings, words) and all(may_match(others, words) for others in required):
            yield cue


@cache
def _by_strings(kind: str) -> tuple[tuple[tuple[str, ...], tuple[tuple[str, ...], ...], Cue], ...]:
    return tuple(
        (needed(cue.pattern.pattern), tuple(needed(pattern.pattern) for pattern in cue.requires), cue)
        for cue in cues(kind)
    )


@cache
def cues(kind: str) -> tuple[Cue, ...]:
    """The cues of one kind (`fact`, `statement`), in the order of the catalogue."""
    with CATALOGUE.open("rb") as file:
        rows = tomllib.load(file)[kind]
    return tuple(_cue(row) for row in rows)


def _cue(row: dict[str, Any]) -> Cue:
    requires = tuple(compiled(pattern) for pattern in row.get("requires", []))
    return Cue(row["id"], compiled(row["pattern"]), requires, compiled(row["unless"]) if "unless" in row else None, row)
