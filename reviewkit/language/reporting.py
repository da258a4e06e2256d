"""Sentences that report an item of a trial's methods: how the sequence was made, who assigned, how large and why.

The value is the sentence itself. Which words report which item is data, reporting.toml; sentences next to each other
in a paragraph and report the same item are one value.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from reviewkit.documents import fold
from reviewkit.language.cues import compiled
from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.literals import folded, may_match, needed
from reviewkit.language.sentences import Span, plain

CATALOGUE = Path(__file__).with_name("reporting.toml")
CLASS = re.compile(r"%(\w+)%")
LINE_END = re.compile(r"[\r\n]")


class Item(NamedTuple):
    """One rule: the field its sentences fill, and the patterns that tell them."""

    field: str
    id: str
    pattern: re.Pattern
    requires: tuple[re.Pattern, ...]
    unless: tuple[re.Pattern, ...]
    follows: bool

    def reports(self, sentence: str) -> bool:
        """Does the sentence report this item?"""
        return (
            self.pattern.search(sentence) is not None
            and all(pattern.search(sentence) for pattern in self.requires)
            and not any(pattern.search(sentence) for pattern in self.unless)
        )


@cache
def items() -> tuple[Item, ...]:
    """The rules of the catalogue, in its order."""
    with CATALOGUE.open("rb") as file:
        catalogue = tomllib.load(file)
    return tuple(_item(row, catalogue["words"]) for row in catalogue["item"])


def _item(row: dict, classes: dict[str, str]) -> Item:
    def read(pattern: str) -> re.Pattern:
        return compiled(CLASS.sub(lambda match: classes[match[1]], pattern))

    requires, unless = ([read(p) for p in row.get(key, [])] for key in ("requires", "unless"))
    pattern = read(row["pattern"])
    return Item(row["field"], row["id"], pattern, tuple(requires), tuple(unless), row.get("follows", False))


def reported_sentences(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """The items that the sentences of this trial report, in order of place."""
    chosen = own_sentences(text) if spans is None else spans
    found: list[Fact] = []
    latest: dict[str, int] = {}  # field -> where its latest fact stands in `found`
    for span in chosen:
        for field, rule, follows in _said(plain(text[span.start : span.end])):
            before = latest.get(field)
            goes_on = before is not None and _is_next(text, found[before].end, span.start)
            if before is not None and goes_on:
                found[before] = _longer(text, found[before], span.end)
            elif not follows:
                latest[field] = len(found)
                found.append(Fact(field, fold(text[span.start : span.end]), span.start, span.end, rule, {}))
    return found


def _said(sentence: str) -> Iterator[tuple[str, str, bool]]:
    """Field, rule and whether it only goes on, for each field that the sentence reports."""
    said: set[str] = set()
    words = folded(sentence)
    for strings, required, item in _by_strings():
        if item.field in said or not may_match(strings, words):
            continue
        if all(may_match(others, words) for others in required) and item.reports(sentence):
            said.add(item.field)
            yield item.field, item.id, item.follows


@cache
def _by_strings() -> tuple[tuple[tuple[str, ...], tuple[tuple[str, ...], ...], Item], ...]:
    return tuple(
        (needed(item.pattern.pattern), tuple(needed(pattern.pattern) for pattern in item.requires), item)
        for item in items()
    )


def _is_next(text: str, end: int, start: int) -> bool:
    return start - end < 4 and not LINE_END.search(text, end, start)


def _longer(text: str, fact: Fact, end: int) -> Fact:
    return fact._replace(value=fold(text[fact.start : end]), end=end)
