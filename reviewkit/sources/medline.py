"""MEDLINE text, as PubMed saves it (.nbib, .txt): `PMID- `, `TI  - `, continued lines indented by six blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewkit.documents import Document
from reviewkit.model import Record
from reviewkit.sources import article, tagged

NAME = "medline"
KIND = article.KIND
FIELDS = article.FIELDS
START = re.compile(r"\s*PMID\s*- ?\d")
FORM = tagged.Form(
    line=re.compile(r"(?P<tag>[A-Z][A-Z0-9]{1,3}) {0,2}- ?(?P<words>[^\r\n]*)"),
    opens=frozenset({"PMID"}),
    ends=frozenset(),
    fields={
        "PMID": "report.pmid",
        "JT": "report.journal",
        "VI": "report.volume",
        "IP": "report.issue",
        "PG": "report.pages",
        "LA": "report.language",
        "PMC": "report.pmcid",
    },  # fmt: skip
    titles=("TI", "TT", "BTI"),
    abstracts=("AB", "OAB"),
    numbers=("SI",),
    dates=("DP", "DEP"),
    ids=("LID", "AID"),
)


def recognise(document: Document) -> str | None:
    """By a first line `PMID- ` and a number."""
    return "lines tagged PMID, TI and so on" if START.match(document.text) else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a citation."""
    for number, tags in enumerate(tagged.citations(document, FORM), 1):
        yield tagged.record(document, NAME, FORM, tags, recognised_by, number)
