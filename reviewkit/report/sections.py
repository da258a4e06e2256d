"""The sections of a study's card: sections.csv says which fields stand in which, by the first words of their names."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

CATALOGUE = Path(__file__).with_name("sections.csv")


@cache
def sections() -> tuple[str, ...]:
    """The titles of the sections, in the order of the card; the last takes what no other names."""
    return tuple(title for title, _ in _rows())


@cache
def section_of(field: str) -> str:
    """The section of a field: the one that names the longest beginning of it.

    >>> section_of("analysis.sample_size"), section_of("analysis.set")
    ('Size', 'Results and participants')
    """
    words = field.split(".")
    for length in range(len(words), 0, -1):
        beginning = ".".join(words[:length])
        for title, fields in _rows():
            if beginning in fields:
                return title
    return sections()[-1]


@cache
def _rows() -> tuple[tuple[str, frozenset[str]], ...]:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return tuple((row["section"], frozenset(row["fields"].split())) for row in csv.DictReader(file))
