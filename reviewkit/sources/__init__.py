"""The sources: each module turns one form of document into records.

A source has NAME, KIND, FIELDS, `recognise(document)` (by what it is recognised, or None) and `read(document,
recognised_by)` (its records, streamed). A new one is one file and one line here. Documents are recognised by content,
the most particular form first; `text` takes what no other does.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from reviewkit.documents import Document
from reviewkit.model import Record
from reviewkit.sources import (
    consumer_page,
    crossref,
    ctgov,
    ctgov_xml,
    dataset_page,
    docx,
    euctr,
    europepmc,
    html,
    ictrp,
    irct,
    jats,
    listing_page,
    medline,
    pdf,
    pubmed,
    ris,
    table,
    text,
    who_xml,
)

SOURCES: tuple[ModuleType, ...] = (
    ctgov,
    ctgov_xml,
    who_xml,
    ictrp,
    europepmc,
    crossref,
    pubmed,
    jats,
    pdf,
    docx,
    html,
    irct,
    euctr,
    medline,
    ris,
    dataset_page,
    consumer_page,
    listing_page,
    table,
    text,
)


def read(document: Document) -> Iterator[Record]:
    """The records of one document; ReviewError if no source can read it."""
    for source in SOURCES:
        recognised_by = source.recognise(document)
        if recognised_by:
            return source.read(document, recognised_by)
    raise document.refuse(
        found="a document of no known form",
        expected="one of " + ", ".join(source.NAME for source in SOURCES),
        fix="save a registry's own export, or the article as plain text",
    )


def fields_of(source: str) -> tuple[tuple[str, str], ...]:
    """The fields that records of a source can speak of, for records that come back from a cache."""
    return next(module.FIELDS for module in SOURCES if source == module.NAME)
