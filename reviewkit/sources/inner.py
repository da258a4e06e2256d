"""Files that hold a text inside (PDF, DOCX, HTML): once it is out, it is read as the form it has."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from reviewkit.model import Record
from reviewkit.sources import consumer_page, ctgov_page, dataset_page, euctr, irct, listing_page, registry_page, text
from reviewkit.sources.flow import Flow

# The forms that are known by their lines; prose is what remains.
PARAGRAPHS = (dataset_page, consumer_page, listing_page)  # of these a paragraph is one line
FORMS: tuple[ModuleType, ...] = (irct, euctr, dataset_page, consumer_page, listing_page, ctgov_page, registry_page)


def form_of(lines: Flow) -> tuple[ModuleType, str] | None:
    """The form that knows a text by its lines, and by what."""
    return next(((form, known) for form in FORMS if (known := form.recognise(lines))), None)


def read_inner(lines: Flow, prose: Flow, recognised_by: str, carrier: str) -> Iterator[Record]:
    """The records of a text, given line by line and as paragraphs.

    What is prose has the name of its carrier as source. ReviewError if it holds no words in a row.
    """
    form = form_of(lines)
    if form is not None:
        whole = form[0] in PARAGRAPHS and form[0].recognise(prose)
        yield from form[0].read(prose if whole else lines, f"{recognised_by}; {form[1]}")
        return
    known = text.recognise(prose)
    if not known:
        raise prose.refuse(
            found=f"{recognised_by}, without words in a row",
            expected="a registry record or a publication",
            fix="give the document itself, or leave this file out",
        )
    yield from text.read(prose, f"{recognised_by}; {known}", carrier)
