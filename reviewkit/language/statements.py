"""Statements: what sentences say of this trial's own design, in the concepts and labels of phrases.csv."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reviewkit.documents import LINE_BREAK, fold
from reviewkit.language import blinding
from reviewkit.language.cues import cues_for, may_hold_cues
from reviewkit.language.facts import own_sentences
from reviewkit.language.sentences import Span, plain
from reviewkit.model import Place, Statement

CONCEPT_OF_ROLE = {
    "PARTICIPANT": "blinding_participants",
    "CARE_PROVIDER": "blinding_personnel",
    "INVESTIGATOR": "blinding_personnel",
    "OUTCOMES_ASSESSOR": "blinding_assessors",
    "DATA_ANALYST": "blinding_analysts",
}


def statements(text: str, spans: Iterable[Span] | None = None) -> list[Statement]:
    """The statements of a text about its own trial, in order of place; places count in `text` itself.

    Each concept is stated once a sentence: by the cue that stands first in the catalogue.
    """
    chosen = own_sentences(text) if spans is None else spans
    found = [said for span in chosen for said in _of_sentence(plain(text[span.start : span.end]), span.start)]
    line_starts = [0, *(match.end() for match in LINE_BREAK.finditer(text))] if found else []
    return [_statement(text, said, bisect_right(line_starts, said.start)) for said in found]


class _Said(NamedTuple):
    concept: str
    label: str
    start: int
    end: int
    rule: str


def _of_sentence(sentence: str, offset: int) -> Iterator[_Said]:
    if not may_hold_cues(sentence) and not blinding.ABOUT_BLINDING.search(sentence):
        return
    said: set[str] = set()
    for party in blinding.parties(sentence):
        concept = CONCEPT_OF_ROLE.get(party.role)
        if concept and concept not in said:
            said.add(concept)
            label = "blinded" if party.blinded else "not_blinded"
            yield _Said(concept, label, offset + party.start, offset + party.end, "party-blinded")
    for cue in cues_for("statement", sentence):
        concept = cue.row["concept"]
        if concept in said:
            continue
        for match in cue.matches(sentence)[:1]:
            said.add(concept)
            yield _Said(concept, cue.row["label"], offset + match.start(), offset + match.end(), cue.id)


def _statement(text: str, said: _Said, line: int) -> Statement:
    place = Place("text", line=line, start=said.start, end=said.end)
    return Statement(said.concept, said.label, fold(text[said.start : said.end]), place, said.rule)
