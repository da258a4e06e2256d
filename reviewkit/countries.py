"""Country names as registries write them -> ISO 3166-1 alpha-2 codes; the names stand in `countries.csv`."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

CATALOGUE = Path(__file__).with_name("countries.csv")
EXPECTED = "the English name of a country, e.g. Germany"


@lru_cache(maxsize=4096)
def country_code(name: str) -> str:
    """The ISO 3166-1 alpha-2 code of a country: by its English name, a variant registries use, or the code itself.

    Case, accents, punctuation and a leading "the" do not matter. ValueError for a name that is none.

    >>> country_code("Korea, Republic of"), country_code("Türkiye"), country_code("TURKEY"), country_code("DE")
    ('KR', 'TR', 'TR', 'DE')
    """
    if name.strip() in country_names():  # a code counts as one in capitals only: "no" and "in" are words
        return name.strip()
    try:
        return _codes()[_folded(name)]
    except KeyError:
        raise ValueError(EXPECTED) from None


@cache
def country_names() -> dict[str, str]:
    """Every code with its English name, in the order of the codes."""
    return {row["code"]: row["name"] for row in _rows()}


@cache
def _codes() -> dict[str, str]:
    return {
        _folded(name): row["code"] for row in _rows() for name in [row["name"], *row["variants"].split("; ")] if name
    }


@cache
def _rows() -> list[dict[str, str]]:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _folded(name: str) -> str:
    """`name` without accents, punctuation, case and a leading "the"; dots vanish, so that U.S.A. is USA.

    >>> _folded("Iran (Islamic Republic of)"), _folded("Côte d'Ivoire")
    ('iran islamic republic of', 'cote d ivoire')
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    words = re.sub(r"[^\w]+", " ", plain.replace(".", "").replace("&", " and ")).split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)
