"""A text line by line: every line numbered, with the id `L<number>`, and the given spans marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reviewkit.documents import LINE
from reviewkit.report.markup import marked, merged


def text_rows(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    """The lines of `text` as HTML; spans are offsets (end exclusive), may overlap and may run over several lines."""
    waiting = merged(spans)
    first = 0
    yield '<div class="lines">\n'
    for number, match in enumerate(LINE.finditer(text), 1):
        start, end = match.span()
        if start == len(text) and number > 1:
            break  # what follows the last line break is no line
        while first < len(waiting) and waiting[first][1] <= start:
            first += 1
        line = match[0].rstrip("\r\n")
        yield _line(number, marked(line, _within(waiting, first, (start, end))))
    yield "</div>\n"


def _within(spans: list[tuple[int, int]], first: int, line: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The spans from `first` on that reach into a line, counted from its start."""
    start, end = line
    for index in range(first, len(spans)):
        if spans[index][0] >= end:
            return
        yield spans[index][0] - start, spans[index][1] - start


def _line(number: int, words: str) -> str:
    return f'<div class="line" id="L{number}"><a href="#L{number}">{number}</a><span dir="auto">{words}</span></div>\n'
