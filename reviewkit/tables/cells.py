"""A cell that stands for values of several records: their places as marks, mirror pages marked, silence in words.

Marks are letters, [a] [b], counted anew in every row of a table; the row's last column says what place each stands for.
So a row keeps its meaning when a table is sorted, filtered or cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from string import ascii_lowercase
from typing import Any

from reviewkit.model import Place, Study, Value
from reviewkit.words import Kind, State

BETTER = (Kind.PUBLICATION, Kind.REGISTRY)  # a mirror page fills a cell only where neither of these is loaded

SILENCE = {
    State.UNCLEAR: "unclear",
    State.NOT_APPLICABLE: "not applicable",
    State.EMPTY_IN_SOURCE: "left empty in the source",
    State.NOT_REPORTED: "not reported",
}
NOT_ASKED = "no source loaded speaks of it"


class Places:
    """The places one row of a table was read from, each with its mark; what is printed alike has one mark."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}

    def mark(self, values: Iterable[Value]) -> str:
        """The marks of the places of some values, each once, runs together: `[a][b]`, `[a–d]`."""
        keys = ((value.place.document, inside(value.place)) for value in values)
        return _runs(sorted({self._numbers.setdefault(key, len(self._numbers)) for key in keys}))

    def text(self) -> str:
        """Every mark with its place, document by document: `a.txt: [a] line 3, [b] line 9; b.json: [c] /count`."""
        documents: dict[str, list[str]] = {}
        for (document, place), number in self._numbers.items():
            documents.setdefault(document, []).append(f"[{letters(number)}] {place}".strip())
        return "; ".join(f"{document}: {', '.join(marks)}" for document, marks in documents.items())


def footnotes(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the marks of each row stand for, one footnote a row of a table."""
    return [f"{row['study_id']}: {row['places']}" for row in rows if row["places"]]


def _runs(numbers: Sequence[int]) -> str:
    """Marks in order; three or more neighbours as one run."""
    text, start = "", 0
    for end in range(1, len(numbers) + 1):
        if end == len(numbers) or numbers[end] != numbers[end - 1] + 1:
            run = [letters(number) for number in numbers[start:end]]
            text += f"[{run[0]}–{run[-1]}]" if len(run) > 2 else "".join(f"[{mark}]" for mark in run)
            start = end
    return text


def letters(number: int) -> str:
    """The mark of the place number `number`, from 0.

    >>> letters(0), letters(25), letters(26), letters(701), letters(702)
    ('a', 'z', 'aa', 'zz', 'aaa')
    """
    mark = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, len(ascii_lowercase))
        mark = ascii_lowercase[rest] + mark
    return mark


def inside(place: Place) -> str:
    """A place without the name of its document: `line 18`; "" for a document as a whole."""
    return str(place).removeprefix(place.document).removeprefix(", ")


def is_only_mirrored(study: Study) -> bool:
    """Is nothing loaded of the study but pages that retell a registry?"""
    return not study.of_kind(*BETTER)


def silence(study: Study, *fields: str) -> str:
    """Why no record gives any of these fields, in words: the most telling state that the records leave behind.

    Silence counts only of records of the best kinds loaded; where none of them can speak of the fields nothing was
    looked for, and that is said.
    """
    kinds = (Kind.MIRROR,) if is_only_mirrored(study) else BETTER
    # Whether a record is silent is made up only here: a list of all silences costs more than the whole row.
    said = [value for record in study.of_kind(*kinds) for value in record.reported if value.field in fields]
    states = {value.state for value in said}
    for state, words in SILENCE.items():
        if state in states:
            quotes = dict.fromkeys(value.quote for value in said if value.state is state and value.quote)
            return f"unclear: {', '.join(f'“{quote}”' for quote in quotes)}" if quotes and words == "unclear" else words
    able = any(name in fields for record in study.of_kind(*kinds) for name, _ in record.fields)
    return SILENCE[State.NOT_REPORTED] if able else NOT_ASKED


def shortened(text: str, limit: int = 160) -> str:
    """`text` on one line, cut after a word where it is longer than `limit` characters.

    >>> shortened("one two three", 9)
    'one two …'
    """
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + " …"


def numbered(words: Iterable[str]) -> str:
    """Several entries of one cell: `(1) pain; (2) function`; a single one stands alone."""
    entries = list(words)
    return entries[0] if len(entries) == 1 else "; ".join(f"({i}) {entry}" for i, entry in zip(count(1), entries))
