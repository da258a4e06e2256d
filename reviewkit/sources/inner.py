"""Files that hold a text inside (PDF, DOCX, HTML): once it is out, it is read as the form it has."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from reviewkit.model import Record
from reviewkit.sources import consumer_page, dataset_page, euctr, irct, listing_page, text
from reviewkit.sources.flow import Flow

FORMS: tuple[ModuleType, ...] = (irct, euctr, dataset_page, consumer_page, listing_page, text)


def read_inner(flow: Flow, recognised_by: str) -> Iterator[Record]:
    """The records of the text, by the first form that knows it; ReviewError if none does."""
    for form in FORMS:
        known = form.recognise(flow)
        if known:
            yield from form.read(flow, f"{recognised_by}; {known}")
            return
    raise flow.refuse(
        found=f"{recognised_by}, without words in a row",
        expected="a registry record or a publication",
        fix="give the document itself, or leave this file out",
    )
