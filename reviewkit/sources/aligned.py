"""Words as they are read beside the words as they stand: raised digits, citations and headings inside marked-up text.

Prose is read over the one (`2.0 × 10^8`, no raised citation, a heading on a line of its own); quotes are taken from the
other, which is what a reader of the document sees (`2.0 × 108`).
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

BLANKS = re.compile(r"[^\S\n]+")
LINES = re.compile(r" ?\n\s*")
LINE_BREAKS = re.compile(r"(\s*\n\s*)")
# One tag of the kinds that abstracts are marked up with. "p <0.05" and "a <b and c> d" hold none.
TAG = re.compile(
    r"<(?P<closes>/?)(?:(?:jats|mml|m):(?=\w)|(?=(?:h[1-6]|title|p|sec|div|br|li|ul|ol|list|list-item|abstract|label|i|b|u|em"
    r"|strong|sup|sub|small|italic|bold|sc|underline|span|a|inline-formula)\b))"
    r"(?P<name>[a-z][a-z0-9\-]{0,20})(?:\s+[\w:\-]{1,40}\s?=\s?(?:\"[^\"<>]{0,300}\"|'[^'<>]{0,300}'))*\s*/?>",
    re.IGNORECASE,
)
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "title"}
BLOCKS = {"p", "sec", "div", "br", "li", "list", "list-item"}

# What may stand before a raised number that is a power: 10 or one digit, or a unit of length.
POWER_AFTER = re.compile(r"(?:(?<![\d.,])(?:10|\d)|(?:^|[\s/(\d·×])[cdkmµμn]?m)$")
NUMBER = re.compile(r"[+\-\u2212\u2013]?\d{1,3}")
CITED = re.compile(r"[\[(]?\d{1,3}(?:\s?[,;\-\u2010-\u2015]\s?\d{1,3})*[\])]?,?")
FOOTNOTE = re.compile(r"[*†‡§¶#∥|]+|[a-h](?:,[a-h])*")


class Chunk(NamedTuple):
    """A run of words: as it is read, and as it stands."""

    reading: str
    source: str


class Aligned:
    """A text in both forms, white space folded: `reading` (may hold line breaks) and `source` (on one line)."""

    __slots__ = ("_cuts", "_same", "_source_cuts", "reading", "source")

    def __init__(self, chunks: Iterable[Chunk]):
        self._cuts: list[int] = []
        self._source_cuts: list[int] = []
        self._same: list[bool] = []
        readings, sources = _Folding(), _Folding()
        for chunk in chunks:
            for reading, source in _parts(readings, sources, chunk):
                self._cuts.append(readings.length)
                self._source_cuts.append(sources.length)
                self._same.append(reading == source)
                readings.add(reading)
                sources.add(source)
        self.reading, self.source = "".join(readings.parts), "".join(sources.parts)

    def source_of(self, start: int, end: int) -> str:
        """The words as they stand that were read as `reading[start:end]`, on one line."""
        if not self._cuts or end <= start:
            return ""
        first = max(0, bisect_right(self._cuts, start) - 1)
        while not self._same[first] and first + 1 < len(self._cuts) and self._cuts[first + 1] <= start:
            first += 1
        last = max(first, bisect_left(self._cuts, end) - 1)
        left = self._source_cuts[first] + (start - self._cuts[first] if self._same[first] else 0)
        if self._same[last]:
            right = self._source_cuts[last] + end - self._cuts[last]
        else:
            right = self._source_cuts[last + 1] if last + 1 < len(self._cuts) else len(self.source)
        return " ".join(self.source[left:right].split())


class _Folding:
    """A text as it grows: no two blanks in a row, none at its start."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.last = "\n"  # as if at the start of a line

    def fits(self, words: str) -> str:
        """`words` with white space folded, and none at their start where the text ends in some."""
        words = BLANKS.sub(" ", words)
        words = LINES.sub("\n", words) if words.strip() else words
        if not self.last.isspace():
            return words
        if words.startswith("\n") and self.last == " ":  # a line break is worth more than the blank before it
            self.parts[-1], self.last = self.parts[-1][:-1] + "\n", "\n"
        return words.lstrip()

    def add(self, words: str) -> None:
        if words:
            self.parts.append(words)
            self.length += len(words)
            self.last = words[-1]


def _parts(readings: _Folding, sources: _Folding, chunk: Chunk) -> Iterator[tuple[str, str]]:
    """A chunk as it joins both texts; a blank that only one of them needs stands apart, so the rest is the same."""
    reading, source = readings.fits(chunk.reading), sources.fits(" ".join(("x" + chunk.source + "x").split())[1:-1])
    if "\n" not in reading and reading != source and reading.strip() == source.strip():
        bare = reading.strip()
        yield reading[: len(reading) - len(reading.lstrip())], source[: len(source) - len(source.lstrip())]
        yield bare, bare
        yield reading[len(reading.rstrip()) :] if bare else "", source[len(source.rstrip()) :] if bare else ""
    else:
        yield reading, source


def plain(words: str) -> Aligned:
    """A text that is read as it stands; its lines, and the blank lines between paragraphs, are kept for the reading."""
    return Aligned(_lines(words))


def _lines(words: str) -> Iterator[Chunk]:
    """Each line, and what stands between lines."""
    for part in LINE_BREAKS.split(words.replace("\r\n", "\n").replace("\r", "\n")):
        if part.strip():
            yield Chunk(part, part)
        elif part:
            yield Chunk("\n\n" if part.count("\n") > 1 else "\n" if "\n" in part else " ", " ")


def of_string(words: str) -> Aligned:
    """A string with tags, as Europe PMC and Crossref give abstracts: without them, headings on lines of their own."""
    return Aligned(_of_string(words))


def _of_string(words: str) -> Iterator[Chunk]:
    before, raised, heading, at = "", False, False, 0
    for match in (*TAG.finditer(words), None):
        text = html.unescape(words[at : match.start() if match else len(words)])
        if heading:
            bare = text.strip().rstrip(":").rstrip()
            yield from (Chunk("\n", " "), Chunk(bare, bare), Chunk("\n", text.strip().removeprefix(bare) + " "))
        elif raised:
            yield raised_words(before, text, words[match.end() : match.end() + 1] if match else "")
        elif text:
            yield from _lines(text)
        before = text if text.strip() else before
        if match is None:
            return
        at = match.end()
        name, opens = match["name"].lower(), not match["closes"]
        raised = opens if name == "sup" else raised
        heading = opens if name in HEADINGS else heading
        if name in BLOCKS:
            yield Chunk("\n", " ")


def of_element(node: Element, passed: frozenset[str] | set[str] = frozenset()) -> Aligned:
    """The words of an XML element; elements named in `passed` (tables, figures) are left out of both forms."""
    return Aligned(_of_element(node, passed))


def _of_element(node: Element, passed: frozenset[str] | set[str]) -> Iterator[Chunk]:
    before = node.text or ""
    if before:
        yield _inline(before)
    for part in node:
        tail = part.tail or ""
        name = str(part.tag).rpartition("}")[2] if isinstance(part.tag, str) else ""
        if name == "sup":
            yield _raised_element(before, part, tail)
        elif name == "xref" and part.find("sup") is not None and not "".join(part.itertext()).strip("0123456789,–- []"):
            yield Chunk("", "".join(part.itertext()))
        elif name == "break":
            yield Chunk(" ", " ")
        elif name and name not in passed:
            yield from _of_element(part, passed)
        if name in passed:
            yield Chunk("", "".join(part.itertext()))
        if tail:
            yield _inline(tail)
        before = tail if tail.strip() else before


def _inline(text: str) -> Chunk:
    words = BLANKS.sub(" ", text.replace("\n", " "))
    return Chunk(words, words)


def _raised_element(before: str, node: Element, tail: str) -> Chunk:
    words = "".join(node.itertext())
    cites = any(str(part.tag).rpartition("}")[2] == "xref" for part in node.iterdescendants("*"))
    return Chunk("", words) if cites else raised_words(before, words, tail[:1])


def raised_words(before: str, words: str, after: str) -> Chunk:
    """Raised words: a power is marked, a citation or footnote mark left out, anything else (`1^st`, isotopes) kept.

    >>> raised_words("2.0 × 10", "8", " ").reading, raised_words("as shown before", "1,2", ".").reading
    ('^8', '')
    """
    bare = words.strip()
    if NUMBER.fullmatch(bare) and (POWER_AFTER.search(before[-12:]) or bare[0] in "-\u2212\u2013"):
        return Chunk(f"^{bare}", words)
    isotope = after.isalpha() and (not before or not before[-1].isalnum())
    if not isotope and (CITED.fullmatch(bare) or FOOTNOTE.fullmatch(bare)):
        return Chunk("", words)
    return Chunk(words, words)
