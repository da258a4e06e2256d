"""Letters without which a pattern cannot match: a cheap test that spares most sentences the pattern itself.

A sentence of a report meets hundreds of patterns and matches a few. Finding a short string in it takes a hundredth of
the time that a pattern takes, so each pattern is asked only where one of its strings stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

# The parser of `re` itself, not its public face: what it gives up on only costs time (then every sentence is read).
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]

SHORTEST = 3  # letters; shorter strings stand everywhere
MOST = 60  # strings; more cost as much as the pattern


@lru_cache(maxsize=4096)
def needed(pattern: str) -> tuple[str, ...]:
    """Strings in lower case of which every match of `pattern` holds at least one; empty where none is sure.

    >>> needed(r"\\b(?:double|triple)[- ]blind(?:ed)?")
    ('double', 'triple')
    >>> needed(r"\\d+ (?:men|women)"), needed(r"\\w+")
    (('men', 'women'), ())
    """
    best = _best(_parser.parse(pattern, re.IGNORECASE))
    return tuple(sorted(best)) if best and len(best) <= MOST else ()


def may_match(strings: Sequence[str], folded: str) -> bool:
    """Can a pattern that needs one of these strings match a text, given without case (`folded`)?"""
    for string in strings:  # a loop, for it runs a hundred times a sentence
        if string in folded:
            return True
    return not strings


class Sparing:
    """A pattern that is asked only of texts in which one of its strings stands."""

    def __init__(self, pattern: re.Pattern):
        self.pattern, self.strings = pattern, needed(pattern.pattern)

    def search(self, text: str, *span: int) -> re.Match | None:
        """As `re.Pattern.search`."""
        words = folded(text)
        for string in self.strings:
            if string in words:
                return self.pattern.search(text, *span)
        return None if self.strings else self.pattern.search(text, *span)


@lru_cache(maxsize=64)
def folded(sentence: str) -> str:
    """The sentence without case; kept while its patterns are asked."""
    return sentence.casefold()


def _best(tree: Iterable) -> frozenset[str] | None:
    """Of the sets of strings that a sequence needs, the one whose shortest string is longest."""
    sets = [found for found in _sets(tree) if found and min(map(len, found)) >= SHORTEST]
    return max(sets, key=lambda found: (min(map(len, found)), -len(found)), default=None)


def _sets(tree: Iterable) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    run = ""
    for code, argument in tree:
        if code is codes.LITERAL and chr(argument).isascii():
            run += chr(argument).lower()
            continue
        if run:
            found.append(frozenset({run}))
            run = ""
        found += [inner] if (inner := _of_part(code, argument)) else []
    return [*found, frozenset({run})] if run else found


def _of_part(code: object, argument: tuple) -> frozenset[str] | None:
    if code is codes.SUBPATTERN or code is codes.ATOMIC_GROUP:
        return _best(argument[-1] if code is codes.SUBPATTERN else argument)
    if code in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT} and argument[0] >= 1:
        return _best(argument[2])
    if code is codes.BRANCH:
        branches = [_best(branch) for branch in argument[1]]
        return frozenset().union(*(branch for branch in branches if branch)) if all(branches) else None
    return None
