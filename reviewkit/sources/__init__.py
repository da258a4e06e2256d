"""The sources: each module turns one form of document into records.

A source has NAME, KIND, FIELDS, `recognise(document)` (by what it is recognised, or None) and `read(document,
recognised_by)` (its records, streamed). A new one is one file and one line here. Documents are recognised by content,
the most particular form first; `text` takes what no other does. Other packages bring more (plugins.py).
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
from reviewkit.sources.plugins import Plugin, plugins

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
NAMES = tuple(source.NAME for source in SOURCES)
GENERAL = (pdf, docx, html, table, text)  # asked last: what another package knows more of is its own


def read(document: Document) -> Iterator[Record]:
    """The records of one document; ReviewError if no source can read it."""
    for source in _asked(document):
        recognised_by = source.recognise(document)
        if recognised_by:
            return source.read(document, recognised_by)
    raise document.refuse(
        found="a document of no known form",
        expected="a registry's export or an article, in a form that docs/sources.md lists",
        fix="save a registry's own export, or the article as plain text",
    )


def _asked(document: Document) -> Iterator[ModuleType | Plugin]:
    """The sources in the order in which they are asked; those of other packages before the general ones."""
    yield from (source for source in SOURCES if source not in GENERAL)
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
    yield from GENERAL


def fields_of(source: str) -> tuple[tuple[str, str], ...]:
    """The fields that records of a source can speak of, for records that come back from a cache."""
    known = next((module for module in SOURCES if source == module.NAME), None)
    if known is None:
        known = next(
            plugin.module for plugin in plugins(NAMES) if plugin.fault is None and source == plugin.module.NAME
        )
    return known.FIELDS
