"""A document as passages (elements of XML, lines of a PDF, cells of a workbook): each has an id, and quotes are marked.

Where a document is long, passages that no value was read from are left out after the first many; every place that a
value names has its id on the page all the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reviewkit.documents import fold
from reviewkit.model import Passage, Place, plain_xpath
from reviewkit.report.markup import counted, escaped, marked, merged
from reviewkit.report.places import place_id, xpath_id

MOST = 20_000  # passages without a value that a page shows
DEEPEST = 40  # levels that are indented; deeper ones stay at that margin
LONG = 20_000  # characters of a passage that are looked through for a quote

Quoted = tuple[Place, str | None]  # where a value was read, and its words


@dataclass
class Wanted:
    """What the values of a document ask of its page: ids with their quotes, and spans of characters by page."""

    quotes: dict[str, list[str]] = field(default_factory=dict)
    spans: dict[int | None, list[tuple[int, int]]] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)  # ids not shown yet, with words
    going_on: list[str] = field(default_factory=list)  # rests of quotes that run over several passages

    def starts(self) -> dict[int | None, list[int]]:
        """Where the spans of each page start, in order."""
        return {page: [start for start, _ in spans] for page, spans in self.spans.items()}


def wanted_of(values: Iterable[Quoted]) -> Wanted:
    """Ids, quotes and spans of all values of one document."""
    wanted = Wanted()
    for place, quote in values:
        anchor = place_id(place)
        if anchor is None:
            continue
        if place.start is not None and place.end is not None:
            wanted.spans.setdefault(place.page, []).append((place.start, place.end))
        elif quote and quote not in wanted.quotes.setdefault(anchor, []):
            wanted.quotes[anchor].append(quote)
        wanted.waiting.setdefault(anchor, quote or "")
    wanted.spans = {page: merged(spans) for page, spans in wanted.spans.items()}
    return wanted


def passage_rows(passages: Iterable[Passage], values: Iterable[Quoted]) -> Iterator[str]:
    """The passages as HTML, and at the end the words of values whose place they do not show."""
    wanted = wanted_of(values)
    starts = wanted.starts()
    shown = left_out = 0
    given: set[str] = set()  # an id stands at its first passage
    page: int | None = None
    below: int | None = (
        None  # the depth of a passage without words that a value names: the value's words in it are marked
    )
    quoted: list[str] = []
    yield '<div class="json">\n'
    for passage in passages:
        anchor = place_id(passage.place)
        ids = [name for name in (anchor, *map(xpath_id, passage.inside)) if name]
        if below is not None and passage.depth <= below:
            below = None
        spans = _spans(passage, wanted, starts, ids, inside=quoted if below is not None else [])
        has_value = any(name in wanted.quotes or name in wanted.waiting for name in ids)
        if has_value and not passage.text and below is None:
            below = passage.depth
            quoted = [fold(quote) for name in ids for quote in wanted.quotes.get(name, ())]
        if not has_value and not spans and shown >= MOST:
            left_out += 1
            continue
        if left_out:
            yield _left_out(left_out)
            left_out = 0
        if passage.place.page != page:
            page = passage.place.page
            yield f'<h2 id="P{page}">Page {page}</h2>\n'
        for name in ids:
            wanted.waiting.pop(name, None)
        shown += 1
        yield _row(passage, [name for name in ids if name not in given], spans)
        given.update(ids)
    if left_out:
        yield _left_out(left_out)
    yield from _not_shown(wanted)
    yield "</div>\n"


def _spans(
    passage: Passage, wanted: Wanted, starts: dict[int | None, list[int]], ids: list[str], *, inside: list[str]
) -> list[tuple[int, int]]:
    """What is marked in a passage, counted from its start."""
    place, text = passage.place, passage.text
    if place.start is not None and place.end is not None:
        return list(_spans_on_page(wanted, starts, place.page, (place.start, place.end)))
    quotes = [quote for name in ids for quote in wanted.quotes.get(name, ())]
    found = [_find(text, quote) for quote in quotes]
    going_on = [length for rest in wanted.going_on if (length := _common(text, rest))]
    wanted.going_on = [rest[len(text) :].lstrip() for rest in wanted.going_on if text and rest.startswith(text)]
    wanted.going_on += [quote[len(text) :].lstrip() for quote in quotes if text and quote.startswith(text + " ")]
    if (quotes and None in found) or (text and any(fold(text) in quote for quote in inside)):
        return [(0, len(text))] if text else []
    return merged([*(span for span in found if span is not None), *((0, length) for length in going_on)])


def _common(text: str, rest: str) -> int:
    """How much of a passage is the rest of a quote that began before it; 0 if it is not its rest."""
    return len(text) if text and rest.startswith(text) else len(rest) if rest and text.startswith(rest) else 0


def _spans_on_page(
    wanted: Wanted, starts: dict[int | None, list[int]], page: int | None, span: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """The parts of values' spans within a passage, counted from its start."""
    spans = wanted.spans.get(page, [])
    index = max(0, bisect_left(starts.get(page, []), span[0]) - 1)
    while index < len(spans) and spans[index][0] < span[1]:
        start, end = max(spans[index][0], span[0]), min(spans[index][1], span[1])
        if start < end:
            yield start - span[0], end - span[0]
        index += 1


def _find(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quote stands in a passage; None if it does not stand there as it is."""
    words = quote if quote in text[:LONG] else fold(quote)
    at = text.find(words, 0, LONG)
    return (at, at + len(words)) if at >= 0 else None


def _left_out(number: int) -> str:
    return f'<p class="note">{counted(number, "passage", "passages")} without a value left out.</p>\n'


def _row(passage: Passage, ids: list[str], spans: list[tuple[int, int]]) -> str:
    first = f' id="{ids[0]}"' if ids else ""
    inside = "".join(f'<span id="{name}"></span>' for name in ids[1:])
    indent = f' style="--depth:{min(passage.depth, DEEPEST)}"' if passage.depth else ""
    label = f'<b dir="auto">{escaped(passage.label)}</b>{": " if passage.text else ""}' if passage.label else ""
    words = f'<span dir="auto">{marked(passage.text, spans)}</span>' if passage.text else ""
    return f'<div class="line"{first}{indent}>{inside}{label}{words}</div>\n'


def _not_shown(wanted: Wanted) -> Iterator[str]:
    """The words of values whose place is none of the passages, so that every link leads to the words."""
    if not wanted.waiting:
        return
    yield "<h2>Words read from other parts of the document</h2>\n"
    for name, quote in wanted.waiting.items():
        words = f'<mark dir="auto">{escaped(quote)}</mark>' if quote else "no words"
        yield f'<div class="line" id="{name}">{words}</div>\n'


def wanted_parts(places: Iterable[Place]) -> set[str]:
    """The XPaths of values in their one form, and their cells as `Sheet!B7`."""
    paths = {plain_xpath(place.xpath) for place in places if place.xpath is not None}
    return paths | {f"{place.sheet}!{place.cell}" for place in places if place.cell is not None}
