"""The words of the field: every vocabulary as `vocabularies.csv` lists it, and the few our own rules speak.

Where the review community spells a word two ways we follow the registries' own data elements:
`RANDOMIZED` (ClinicalTrials.gov) in codes, "randomised" (BMJ, Cochrane) in our sentences;
`masking` in field names, "blinding" only where a source says so.
"""

from __future__ import annotations

import csv
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from pathlib import Path

CATALOGUE = Path(__file__).with_name("vocabularies.csv")


class State(StrEnum):
    """How a value came to be, or why there is none."""

    REPORTED = "REPORTED"
    DERIVED = "DERIVED"
    NOT_REPORTED = "NOT_REPORTED"
    EMPTY_IN_SOURCE = "EMPTY_IN_SOURCE"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    UNCLEAR = "UNCLEAR"


class Verdict(StrEnum):
    """What a check concludes."""

    CONSISTENT = "CONSISTENT"
    INCONSISTENT = "INCONSISTENT"
    ATTENTION = "ATTENTION"
    NOT_ASSESSABLE = "NOT_ASSESSABLE"


class Timing(StrEnum):
    """What the check of registration timing concludes; never read from a source."""

    PROSPECTIVE = "PROSPECTIVE"
    RETROSPECTIVE = "RETROSPECTIVE"
    INDETERMINATE = "INDETERMINATE"
    NOT_ASSESSABLE = "NOT_ASSESSABLE"


class Actuality(StrEnum):
    """Whether a date or count has happened or is planned."""

    ACTUAL = "ACTUAL"
    ANTICIPATED = "ANTICIPATED"
    UNKNOWN = "UNKNOWN"


class Calendar(StrEnum):
    """The calendar a date was written in."""

    GREGORIAN = "GREGORIAN"
    JALALI = "JALALI"


class Kind(StrEnum):
    """What a record is: the registry's own entry, a report of the trial, or a page that retells a registry."""

    REGISTRY = "registry"
    PUBLICATION = "publication"
    MIRROR = "mirror"


SILENT = frozenset({State.NOT_REPORTED, State.EMPTY_IN_SOURCE, State.NOT_APPLICABLE})


@cache
def vocabularies() -> dict[str, dict[str, str]]:
    """Every vocabulary: name -> {member: meaning}, in the order of the catalogue."""
    words: dict[str, dict[str, str]] = {}
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words.setdefault(row["vocabulary"], {})[row["member"]] = row["meaning"]
    return words


def members(vocabulary: str) -> tuple[str, ...]:
    """The members of one vocabulary, in order; KeyError if there is no such vocabulary."""
    return tuple(vocabularies()[vocabulary])


def nearest(word: str, choices) -> str | None:
    """The one choice that `word` most resembles, for an error's `fix`; None if nothing is close."""
    by_folded = {choice.casefold(): choice for choice in choices}
    close = get_close_matches(word.casefold(), list(by_folded), n=1, cutoff=0.5)
    return by_folded[close[0]] if close else None
