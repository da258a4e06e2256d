"""RIS in its dialects, and EndNote's tagged export: `TY  - JOUR` to `ER  - `, `%0 Journal Article`.

Databases differ in which tag holds what (`TI` or `T1`, `JO`, `JF` or `T2`, `PY`, `Y1` or `DA`); the first that is filled counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewkit.documents import Document
from reviewkit.model import Record
from reviewkit.sources import article, tagged

NAME = "ris"
KIND = article.KIND
FIELDS = article.FIELDS
RIS_START = re.compile(r"(?:[^\r\n]{0,200}[\r\n]+){0,12}?\ufeff?TY {1,3}-\s?[A-Z]")
ENDNOTE_START = re.compile(r"\s*%0 [A-Z]")
RIS = tagged.Form(
    line=re.compile(r"(?P<tag>[A-Z][A-Z0-9]) {1,3}-(?: ?(?P<words>[^\r\n]*))?"),
    opens=frozenset({"TY"}),
    ends=frozenset({"ER"}),
    fields={
        "JO": "report.journal",
        "JF": "report.journal",
        "T2": "report.journal",
        "JA": "report.journal",
        "VL": "report.volume",
        "IS": "report.issue",
        "SP": "report.pages",
        "LA": "report.language",
    },  # fmt: skip
    titles=("TI", "T1", "CT"),
    abstracts=("AB", "N2"),
    numbers=("CN", "C8"),
    dates=("DA", "Y1", "PY", "Y2"),
    ids=("DO", "M3", "L3", "UR", "N1", "AN", "C2"),
)
ENDNOTE = tagged.Form(
    line=re.compile(r"(?P<tag>%[A-Z0-9@+]) (?P<words>[^\r\n]*)"),
    opens=frozenset({"%0"}),
    ends=frozenset(),
    fields={
        "%J": "report.journal",
        "%B": "report.journal",
        "%V": "report.volume",
        "%N": "report.issue",
        "%P": "report.pages",
        "%G": "report.language",
    },  # fmt: skip
    titles=("%T",),
    abstracts=("%X",),
    numbers=(),
    dates=("%8", "%D"),
    ids=("%R", "%U", "%M", "%2"),
)


def recognise(document: Document) -> str | None:
    """By the tag that opens a citation."""
    if RIS_START.match(document.text[:4000]):
        return "lines tagged TY to ER"
    return "lines tagged %0 of EndNote" if ENDNOTE_START.match(document.text[:4000]) else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a citation."""
    form = ENDNOTE if "%0" in recognised_by else RIS
    found = (tags for tags in tagged.citations(document, form) if any(one.words for one in tags))
    for number, tags in enumerate((tags for tags in found if tags[0].tag in form.opens), 1):
        yield tagged.record(document, NAME, form, tags, recognised_by, number)
