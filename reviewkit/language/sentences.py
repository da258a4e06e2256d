"""Sentences of a text, as spans; a heading or a paragraph ends a sentence too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from reviewkit.dates import latin_digits

# A full stop after one of these ends no sentence.
ABBREVIATIONS = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|cf|al|approx|ca|etc|no|nr|nos|fig|figs|tab|dr|prof|mr|mrs|ms|st|inc|ltd|co|vol|pp|resp"
    r"|incl|max|min|ref|refs)"
    r"|\b[A-Z])$",
    re.IGNORECASE,
)
BREAK = re.compile(
    r"(?P<stop>(?<![.!?])[.!?]++[)\]\"'”’]*(?:\[\d[\d,–\- ]*\])?)"
    r"(?=\s|$|(?<=[a-z\]0-9]\.)[A-Z][a-z])"  # 'recovery.Exosomes are …'
    r"|(?P<paragraph>\r\n\s*|\r\s*|\n\s*)"
)
LONGEST = 2000  # no sentence of a report is longer: what is, lost its full stops, and is read piece by piece
WORD = re.compile(r"[^\W\d_]{3}")  # without one, a sentence states nothing
WRAPPED = re.compile(r"[a-z0-9,;(]")  # a line that goes on in lower case was only wrapped


UNPRINTED = re.compile("\\*\\*|[\u200b-\u200f\u2060\ufeff]")


class Span(NamedTuple):
    """A stretch of text: `text[start:end]`."""

    start: int
    end: int


def sentences(text: str) -> list[Span]:
    """The sentences of `text` in order, without the blanks around them; linear in the length of the text.

    >>> [text[a:b] for text in ["One arm, e.g. adults. Two centres took part."] for a, b in sentences(text)]
    ['One arm, e.g. adults.', 'Two centres took part.']
    """
    found = []
    start = 0
    for match in BREAK.finditer(text):
        if match["stop"]:
            if _is_inside(text, match):
                continue
            end = match.end()
        else:
            following = text[match.end() : match.end() + 1]
            blank_line = len(re.findall(r"\r\n|\r|\n", match[0])) > 1
            if not blank_line and WRAPPED.match(following) and not _ends_a_line(text, start, match.start()):
                continue
            end = match.start()
        found.append(Span(start, end))
        start = match.end()
    found.append(Span(start, len(text)))
    pieces = (piece for span in found for piece in _pieces(text, span))
    return [trimmed for span in pieces if (trimmed := _trim(text, span)).end > trimmed.start]


def _ends_a_line(text: str, start: int, end: int) -> bool:
    return text[max(start, end - 8) : end].rstrip().endswith((".", ":", "|"))


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """A span cut at blanks into pieces of at most `LONGEST` characters."""
    start = span.start
    while span.end - start > LONGEST:
        cut = text.rfind(" ", start + 1, start + LONGEST)
        cut = start + LONGEST if cut < 0 else cut
        yield Span(start, cut)
        start = cut
    yield Span(start, span.end)


def plain(text: str) -> str:
    """`text` as patterns read it, of the same length: bold marks and invisible characters as blanks, digits as 0-9.

    >>> plain("**۳۰** patients")
    '  30   patients'
    """
    if "**" in text or not text.isascii():
        return latin_digits(UNPRINTED.sub(lambda match: " " * len(match[0]), text))
    return text


def _is_inside(text: str, match: re.Match) -> bool:
    """Is this full stop part of an abbreviation or a number, or followed by lower case?"""
    if match["stop"][0] != ".":
        return False
    if ABBREVIATIONS.search(text, max(0, match.start() - 8), match.start()):
        return True
    following = text[match.end() : match.end() + 3].lstrip(" \t\u00a0")[:1]
    return following.islower()


def _trim(text: str, span: Span) -> Span:
    piece = text[span.start : span.end]
    return Span(
        span.start + len(piece) - len(piece.lstrip()), span.start + len(piece.rstrip()) if piece.strip() else span.start
    )
