"""A value beside the words it was read from: the quote marked in its line, and the link to its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from reviewkit.documents import Line, fold
from reviewkit.model import Place, Value
from reviewkit.report.markup import anchored, escaped, shortened
from reviewkit.report.places import short_place
from reviewkit.report.wording import as_html, bare, state_badge, worded

AROUND = 90  # characters of a line shown before and after the quote
LONG_QUOTE = 300


class Trail(NamedTuple):
    """How a place is followed: its address (or None), and the line of text it begins in (or None)."""

    link: Callable[[Place], str | None]
    context: Callable[[Place], Line | None]


def place_link(place: Place, trail: Trail, *, words: str = "") -> str:
    """A link to a place, named in a few words; the full place is its title."""
    return anchored(trail.link(place), escaped(words or short_place(place)), css="place", title=str(place))


def value_html(value: Value, trail: Trail, *, link: str = "") -> str:
    """A value with its state and, if given, its link; below it the quote where that says more than the value."""
    quote = quote_html(value, trail)
    if value.value is None and not worded(value):
        return state_badge(value).strip() + link + quote
    verbatim = not quote and value.quote is not None
    return as_html(value, verbatim=verbatim) + state_badge(value) + link + quote


def quote_html(value: Value, trail: Trail) -> str:
    """The quote of a value, marked in its line of context; "" where that adds nothing to the value as shown."""
    if value.quote is None:
        return ""
    before, quote, after = in_context(value, trail)
    if not before and not after and _folded(quote) in {_folded(worded(value)), _folded(bare(value))}:
        return ""
    if len(quote) > LONG_QUOTE:
        return f'<div class="quote">{shortened(quote, mark="quote")}</div>'
    line = f"{escaped(before)}<mark>{escaped(quote)}</mark>{escaped(after)}"
    return f'<div class="quote" dir="auto">{line}</div>'


def in_context(value: Value, trail: Trail) -> tuple[str, str, str]:
    """The words before the quote, the quote, and the words after it, in the line where it begins.

    A quote that runs over several lines is given whole, with what stands before it in its first line.
    """
    quote, place = value.quote or "", value.place
    line = trail.context(place)
    if line is None or place.start is None or place.end is None:
        return "", quote, ""
    start, end = place.start - line.start, place.end - line.start
    begins, goes_on = fold(line.text[max(start, 0) : end]), end > len(line.text)
    if start < 0 or not begins or not (quote.startswith(begins) if goes_on else quote == begins):
        return "", quote, ""  # the line is not the one the value was read from
    if goes_on:
        return _cut_before(line.text[:start]), quote, ""
    return _cut_before(line.text[:start]), line.text[start:end], _cut_after(line.text[end:])


def _cut_before(text: str) -> str:
    text = text.replace("**", "").lstrip()  # the emphasis of an export, no words of the document
    return text if len(text) <= AROUND else "… " + text[-AROUND:].partition(" ")[2]


def _cut_after(text: str) -> str:
    text = text.replace("**", "").rstrip()
    return text if len(text) <= AROUND else text[:AROUND].rpartition(" ")[0] + " …"


def _folded(text: str) -> str:
    return fold(text).casefold().replace("_", " ").replace(";", ",")  # a list is joined by commas in a quote
