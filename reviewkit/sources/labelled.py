"""The loop for registry texts of one shape: fixed section headings, labels on lines of their own, values below.

It knows no registry: a source brings a table of sections and labels. It copes with what such exports do: labels glued
by bold marks (`2**Recruitment center****Name of recruitment center**`), bare entry numbers, values that a page break
cut in two, `Label: value` on one line, non-breaking blanks in labels, and a file that ends in the middle of a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from reviewkit.documents import Document, Line
from reviewkit.kinds import INVISIBLE

BOLD = re.compile(r"\*\*+")
EMPTY_WORD = "empty"


class Section(NamedTuple):
    """One section of the export: its labels, and, where it has numbered entries, the label that opens an entry."""

    labels: frozenset[str]
    inline: frozenset[str] = frozenset()  # labels that always stand before their value: `Target sample size: 8`
    opens: str | None = None


class Piece(NamedTuple):
    """A run of text between bold marks, or a whole line, with its span."""

    text: str
    start: int
    end: int


class Occurrence(NamedTuple):
    """One label as it stands in the document, with the span of its value, or None if it is blank.

    `entry` counts the entries of a numbered section from 1; a label of None is the section itself, said to be empty.
    """

    section: str
    entry: int
    label: str | None
    label_span: tuple[int, int]
    value_span: tuple[int, int] | None
    says_empty: bool = False


def key(text: str) -> str:
    """A label's key: lower case, one blank between words, no bold marks, no colon after it.

    >>> key(" Randomization\\u00a0(investigator’s opinion): ")
    "randomization (investigator's opinion)"
    """
    plain = INVISIBLE.sub("", text).replace("\u2019", "'").replace("**", "")
    return " ".join(plain.casefold().split()).rstrip(" :")


def walk(document: Document, sections: Mapping[str, Section], *, summary: str) -> list[Occurrence]:
    """Every label of the document in order. Keys of `sections`, and their labels, are keys in the sense of `key`.

    `summary` is the section whose labels repeat the headings of full sections.
    """
    walker = _Walker(document, sections, summary)
    return list(walker.walk())


class _Walker:
    def __init__(self, document: Document, sections: Mapping[str, Section], summary: str):
        self.document, self.sections, self.summary = document, sections, summary
        self.lines = [line for line in document.lines() if line.text.strip()]
        self.standing = set(self._standing())  # (section, label) of every label on a line of its own
        self.section: str | None = None
        self.entry = 0
        self.seen: set[str] = set()  # labels of the open section
        self.open: Occurrence | None = None
        self.last: Piece | None = None

    def _standing(self) -> Iterator[tuple[str, str]]:
        section = ""
        for line in self.lines:
            word = key(line.text)
            section = word if word in self.sections else section
            if section and word in self.sections[section].labels:
                yield section, word

    def walk(self) -> Iterator[Occurrence]:
        pieces = [piece for line in self.lines for piece in self._pieces(line)]
        self.last = pieces[-1] if pieces else None
        for index, piece in enumerate(pieces):
            following = pieces[index + 1] if index + 1 < len(pieces) else None
            yield from self._step(piece, following)
        yield from self._close()

    def _step(self, piece: Piece, following: Piece | None) -> Iterator[Occurrence]:
        word = key(piece.text)
        if word in self.sections and not self._is_summary_label(word, following):
            yield from self._close()
            self.section, self.entry, self.seen = word, 0, set()
            self.open = Occurrence(word, 0, None, _span(piece), None)
        elif self.section is None:
            return
        elif self._is_entry_number(word, following):
            yield from self._close()
        elif word in self.sections[self.section].labels:
            yield from self._open_label(word, piece)
        elif inline := self._inline(piece):
            label, label_piece, value_piece = inline
            yield from self._open_label(label, label_piece)
            if value_piece.text.strip():
                self._extend(value_piece)
        elif not self._is_cut_label(word, following):
            self._extend(piece)

    def _pieces(self, line: Line) -> Iterator[Piece]:
        """A line as one piece; one that begins with a label or entry number and goes on in bold, as several."""
        whole = Piece(line.text, line.start, line.start + len(line.text))
        if "**" not in line.text:
            yield whole
            return
        parts = list(_between_bold(line))
        first = key(parts[0].text) if parts else ""
        if (
            first.isdecimal()
            or any(first in (*s.labels, *s.inline) for s in self.sections.values())
            or first in self.sections
        ):
            yield from parts
        else:
            yield whole

    def _open_label(self, label: str, piece: Piece) -> Iterator[Occurrence]:
        yield from self._close()
        assert self.section is not None
        opens = self.sections[self.section].opens
        if opens is not None and (label == opens or self.entry == 0):
            self.entry += 1
        self.seen.add(label)
        self.open = Occurrence(self.section, self.entry, label, _span(piece), None)

    def _extend(self, piece: Piece) -> None:
        if self.open is None:
            return
        start, end = _span(piece)
        if self.open.value_span is not None:
            start = self.open.value_span[0]
        self.open = self.open._replace(value_span=(start, end))

    def _close(self) -> Iterator[Occurrence]:
        if self.open is None:
            return
        occurrence, self.open = self.open, None
        text = "" if occurrence.value_span is None else self.document.text[slice(*occurrence.value_span)]
        yield occurrence._replace(says_empty=key(text.replace("*", "")) == EMPTY_WORD)

    def _is_summary_label(self, word: str, following: Piece | None) -> bool:
        """In the summary the heading of a full section is a label, unless entries follow it or it stands again."""
        if self.section != self.summary or word not in self.sections[self.summary].labels:
            return False
        return word not in self.seen and not (following and key(following.text).isdecimal())

    def _is_entry_number(self, word: str, following: Piece | None) -> bool:
        assert self.section is not None
        opens = self.sections[self.section].opens
        if opens is None or not word.isdecimal():
            return False
        if following is None:  # the file ends with the number of an entry that is not there
            return self.open is not None and self.open.value_span is not None
        straight_after_heading = self.open is not None and self.open.label is None and self.open.value_span is None
        cut = following is self.last and opens.startswith(key(following.text))  # the file ends in the label
        return straight_after_heading or key(following.text) == opens or cut

    def _inline(self, piece: Piece) -> tuple[str, Piece, Piece] | None:
        before, colon, _ = piece.text.partition(":")
        if not colon:
            return None
        assert self.section is not None
        label, section = key(before), self.sections[self.section]
        # Where a label stands on lines of its own, "Gender: Both" inside a value is text.
        if label not in section.inline and (label not in section.labels or (self.section, label) in self.standing):
            return None
        middle = piece.start + len(before)
        return label, Piece(before, piece.start, middle), Piece(piece.text[len(before) + 1 :], middle + 1, piece.end)

    def _is_cut_label(self, word: str, following: Piece | None) -> bool:
        """The file ends in the middle of a label: no part of the value before it."""
        if following is not None or self.open is None or self.open.value_span is None or len(word) < 3:
            return False
        assert self.section is not None
        section = self.sections[self.section]
        return any(name.startswith(word) for name in (*section.labels, *section.inline, *self.sections))


def _between_bold(line: Line) -> Iterator[Piece]:
    start = 0
    for match in (*BOLD.finditer(line.text), None):
        end = match.start() if match else len(line.text)
        if line.text[start:end].strip():
            yield Piece(line.text[start:end], line.start + start, line.start + end)
        start = match.end() if match else end


def _span(piece: Piece) -> tuple[int, int]:
    """The span of a piece without the blanks and colon around it."""
    leading = len(piece.text) - len(piece.text.lstrip())
    trailing = len(piece.text) - len(piece.text.rstrip())
    return piece.start + leading, piece.end - trailing


def labels(names: Iterable[str]) -> frozenset[str]:
    """The keys of some labels."""
    return frozenset(map(key, names))
