"""The sources: each module turns one form of document into records.

A source has NAME, KIND, FIELDS, `recognise(document)` (by what it is recognised, or None) and `read(document,
recognised_by)` (its records, streamed). A new one is one file and one line here. Documents are recognised by content,
the most particular form first; `text` takes what no other does. Other packages bring more (plugins.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from reviewkit.documents import READABLE, Document, refuse_binary
from reviewkit.model import Record
from reviewkit.sources import (
    anzctr,
    biostudies,
    consumer_page,
    crossref,
    ctgov,
    ctgov_history,
    ctgov_page,
    ctgov_xml,
    ctis,
    dataset_page,
    docx,
    euctr,
    europepmc,
    html,
    ictrp,
    irct,
    isrctn,
    jats,
    listing_page,
    medline,
    pdf,
    pubmed,
    registry_page,
    ris,
    table,
    table_sheets,
    text,
    who_xml,
)
from reviewkit.sources.plugins import Plugin, plugins

# Known by their first bytes, keys or elements; none of these looks at the document as a text.
BY_BYTES: tuple[ModuleType, ...] = (
    ctgov,
    ctgov_history,
    ctgov_xml,
    who_xml,
    ictrp,
    isrctn,
    anzctr,
    ctis,
    euctr,
    pubmed,
    europepmc,
    crossref,
    biostudies,
    jats,
)
# What may carry a record of any form. Sources of other packages are asked before these.
CARRIERS: tuple[ModuleType, ...] = (html, pdf, docx, table_sheets)
# Known by their words.
BY_WORDS: tuple[ModuleType, ...] = (
    irct,
    medline,
    ris,
    dataset_page,
    consumer_page,
    listing_page,
    ctgov_page,
    registry_page,
    table,
    text,
)
SOURCES = (*BY_BYTES, *CARRIERS, *BY_WORDS)
NAMES = tuple(dict.fromkeys(source.NAME for source in SOURCES))


def read(document: Document) -> Iterator[Record]:
    """The records of one document; ReviewError if no source can read it."""
    for source in _asked(document):
        recognised_by = source.recognise(document)
        if recognised_by:
            return source.read(document, recognised_by)
    raise document.refuse(
        found="a document of no known form",
        expected=READABLE,
        fix="save a registry's own export, or the article as plain text",
    )


def _asked(document: Document) -> Iterator[ModuleType | Plugin]:
    """The sources in the order in which they are asked; ReviewError for a binary or JSON that none before knows."""
    if document.is_long:  # those that read a stream look at its head alone
        yield from (source for source in BY_BYTES if getattr(source, "STREAMS", False))
    yield from BY_BYTES
    for plugin in plugins(NAMES):
        if plugin.fault is None:
            yield plugin
        else:
            document.notice(
                None,
                found=f"{plugin.label} left out: {plugin.fault}",
                expected="a module with NAME, KIND, FIELDS, recognise and read",
                fix="tell the package's authors, or remove the package",
            )
    yield from CARRIERS
    refuse_binary(document)
    ctgov.refuse_json(document)
    yield from BY_WORDS


def fields_of(source: str) -> tuple[tuple[str, str], ...]:
    """The fields that records of a source can speak of, for records that come back from a cache."""
    known = next((module for module in SOURCES if source == module.NAME), None)
    if known is None:
        known = next(
            plugin.module for plugin in plugins(NAMES) if plugin.fault is None and source == plugin.module.NAME
        )
    return known.FIELDS
