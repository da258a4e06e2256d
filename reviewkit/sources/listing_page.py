"""A trial listing that retells a registry: narrative lines, then a table `label | value |`, then page furniture.

Only the table and sentences about this study are its own evidence; long background sections speak of other trials.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.language.scope import Scope
from reviewkit.language.sections import Part
from reviewkit.model import Record
from reviewkit.sources import prose
from reviewkit.sources.collect import Collector, Reader, derive_nobody_masked, derive_registry

NAME = "listing-page"
KIND = "mirror"
FIELDS = sayable(prose.SILENCE)

last_update: Callable[[str], kinds.Reading] = kinds.date
ROWS: dict[str, tuple[str, Reader]] = {
    "condition": ("conditions", kinds.text),
    "treatment": ("interventions.name", kinds.text),
    "clinical study identifier": ("ids.primary", kinds.trial_id),
    "sponsor": ("sponsor.primary", kinds.text),
    "last modified on": ("registration.last_update", last_update),
    "phase": ("design.phase", kinds.phase),
    "official title": ("title.scientific", kinds.text),
}
GROUPED = {"conditions", "interventions.name"}
BLANK = r"[^\S\r\n]"  # white space inside a line, non-breaking blanks included
ROW = re.compile(
    rf"(?:(?<=\n)|(?<=\r)|\A){BLANK}*+(?:\|{BLANK}*+)?"
    rf"(?P<label>[^|\s][^|\r\n]{{1,59}}?){BLANK}*+\|(?P<value>[^|\r\n]*+)\|?{BLANK}*+(?=[\r\n]|\Z)"
)


def recognise(document: Document) -> str | None:
    """By three rows of its table under labels that the layout fixes, the identifier or the sponsor among them."""
    labels = {_key(match["label"]) for match in ROW.finditer(document.text)} & set(ROWS)
    if len(labels) >= 3 and labels & {"clinical study identifier", "sponsor"}:
        return "the table rows " + ", ".join(sorted(labels)) + " of a listing page"
    return None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The one record of a page."""
    collector = Collector(document, NAME, KIND, FIELDS)
    rows = [match for match in ROW.finditer(document.text) if _key(match["label"]) in ROWS]
    narrative = Part("", 0, rows[0].start())
    prose.take_prose(collector, prose.own_spans(document.text, [narrative], Scope.BACKGROUND))
    for match in rows:
        _take_row(collector, match)
    derive_registry(collector)
    derive_nobody_masked(collector)
    yield collector.record(recognised_by)


def _take_row(collector: Collector, match: re.Match) -> None:
    field, read_value = ROWS[_key(match["label"])]
    item = 1 if field in GROUPED else None
    value = match["value"]
    if not value.strip():
        collector.empty(field, match.span("label"), item=item)
        return
    start = match.start("value") + len(value) - len(value.lstrip())
    collector.take(field, read_value, (start, start + len(value.strip())), item=item)


def _key(label: str) -> str:
    return " ".join(label.casefold().split())
