"""The columns of a table of facts: headings that are field names, and what to do about those that are not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from reviewkit.documents import Document
from reviewkit.errors import ReviewError
from reviewkit.fields import Field, catalogue
from reviewkit.model import Place
from reviewkit.words import nearest

SHOWN_HEADINGS = 5


class Column(NamedTuple):
    """One column: heading, number from 0, field, and the number of the column that holds its date's kind, if any."""

    heading: str
    number: int
    field: Field
    kind_index: int | None


def is_name(heading: str) -> bool:
    """Is it a field name, or the kind of a date's?"""
    return heading in catalogue() or heading in _date_kinds()


@cache
def _date_kinds() -> dict[str, str]:
    """Heading of the kind of a date -> the date's field."""
    return {f"{name}.kind": name for name, field in catalogue().items() if field.kind == "date"}


def columns_of(document: Document, headings: list[str], place: Callable[[int, str], Place]) -> list[Column]:
    """The columns of values, those of dates' kinds tied to their dates; `place` tells where a heading stands.

    ReviewError if a heading is no field name, is private, or stands twice.
    """
    wrong = [
        (n, heading, reason) for n, heading in enumerate(headings, 1) if (reason := _refusal(heading, headings, n))
    ]
    if wrong:
        raise _refuse_headings(document, wrong, place(*wrong[0][:2]))
    places = {heading: index for index, heading in enumerate(headings)}
    return [
        Column(heading, index, catalogue()[heading], places.get(f"{heading}.kind"))
        for heading, index in places.items()
        if heading in catalogue()
    ]


def _refusal(heading: str, headings: list[str], number: int) -> str | None:
    """What to do about a heading that cannot stand; None if it can."""
    field = catalogue().get(heading)
    if heading in headings[: number - 1]:
        return "keep one of the two columns"
    if field is not None and field.private:
        return "remove the column: it holds private data, which are read only if the codebook asks for them"
    if field is not None:
        return None
    if heading in _date_kinds():
        date = _date_kinds()[heading]
        return None if date in headings else f"add the column {date}, whose kind it is"
    near = nearest(heading, _headings_that_can_stand())
    return f"write {near}, or remove the column" if near else "write the field's name, or remove the column"


@cache
def _headings_that_can_stand() -> tuple[str, ...]:
    return (*(name for name, field in catalogue().items() if not field.private), *_date_kinds())


def _refuse_headings(document: Document, wrong: list[tuple[int, str, str]], place: Place) -> ReviewError:
    """One error for the file, at its first wrong heading, with what to do about each."""
    rest = f", and {len(wrong) - SHOWN_HEADINGS} more" if len(wrong) > SHOWN_HEADINGS else ""
    found = ", ".join(repr(name) for _, name, _ in wrong[:SHOWN_HEADINGS])
    fixes = "; ".join(f"{name!r} (column {n}): {fix}" for n, name, fix in wrong[:SHOWN_HEADINGS])
    return document.refuse(
        place=place,
        found=f"the heading{'s' if len(wrong) > 1 else ''} {found}{rest}",
        expected="field names of fields.csv, each once, such as ids.primary; <field>.kind for the kind of a date",
        fix=fixes + rest,
    )
