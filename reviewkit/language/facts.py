"""Design facts that prose states of its own trial: allocation, model, phase, masking, centres, control.

Only sentences about this trial are read (`scope.whose`); every fact keeps the span of the words that say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from reviewkit import kinds
from reviewkit.documents import fold
from reviewkit.language import blinding
from reviewkit.language.cues import cues_for, may_hold_cues
from reviewkit.language.scope import Scope, own_part
from reviewkit.language.sentences import WORD, Span, plain, sentences
from reviewkit.words import State

NUMERAL = r"(?:[1-4][ab]?|I{1,3}[ab]?|IV[ab]?)"
PHASE = re.compile(
    rf"\b(?:early[\s-]+)?phases?[\s-]*(?:0|{NUMERAL})(?:\s*(?:/|-|–|and|to)\s*(?:phase\s*)?{NUMERAL})?\b", re.IGNORECASE
)
CARRIES_PHASE = re.compile(r"\b(?:trial|study|studies|investigation|clinical|randomi[sz]ed|conducted)\b", re.IGNORECASE)
# "in phase III trials", "further evaluation in a phase III trial": trials that others did, or will do.
SEVERAL_TRIALS = re.compile(r"(?:[,\s]+[\w\-]+){0,3}?\s+(?:trials|studies)\b", re.IGNORECASE)
LATER_TRIAL = re.compile(
    r"\b(?:further|future|subsequent|next|ongoing|upcoming|definitive|proceed\w*|warrant\w*|support\w*|justif\w+"
    r"|move\w*|progress\w*)\b"
    r"(?:\s+[\w\-]+){0,7}\s+$",
    re.IGNORECASE,
)
COUNT_WORD = r"(?P<n>\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
COUNT_WORD_ALONE = rf"\b(?<![\d.,/-]){COUNT_WORD}\b(?![.,/]\d)"
LINKS = (
    "at|in|of|from|to|and|or|for|with|by|trials?|study|studies|patients?|participants?|adults?|groups?|days?|weeks?|"
    "months?|years?"
)
CENTRES = re.compile(
    rf"(?<!phase ){COUNT_WORD_ALONE}\s+(?:(?!(?:{LINKS})\b)[^\W\d][\w\-]*\s+){{0,3}}(?:cent(?:re|er)s|hospitals"
    rf"|sites|clinics)\b",
    re.IGNORECASE,
)
ARMS = re.compile(
    rf"(?<!phase ){COUNT_WORD_ALONE}[\s-](?:arm(?:ed|s)?|(?:parallel[\s-])?(?:study |treatment )?groups?)\b",
    re.IGNORECASE,
)
# What stands before the number where it speaks of groups known already.
SOME_ARMS = re.compile(
    r"\b(?:any|these|other|those|both|between(?:\s+the)?|among(?:\s+the)?|in(?:\s+the)?|than(?:\s+the)?"
    r"|from(?:\s+the)?|for(?:\s+the)?"
    r"|with(?:\s+the)?|comparing(?:\s+the)?|(?<!one\s)(?<!into\s)(?<!to\s)(?<!one\sof\s)the|\(|,)\s*$",
    re.IGNORECASE,
)
# But `20 adults were enrolled in two arms`.
ENTERED_IN = re.compile(
    r"\b(?:enrol\w*|recruit\w*|includ\w*|randomi[sz]\w*|assign\w*|allocat\w*|conducted)\b[^.;,]{0,60}?\bin\s*$",
    re.IGNORECASE,
)
MOST_ARMS = 12
RATIO = re.compile(r"(?<![\d.:])\d{1,2}(?:\s?:\s?\d{1,2})+(?![\d:])")
NEAR_RATIO = re.compile(r"\b(?:ratio|randomi[sz]\w+|allocat\w+|assign\w+)\b", re.IGNORECASE)


class Fact(NamedTuple):
    """A field and its value as words of this trial say it, with the span of those words in the text."""

    field: str
    value: Any
    start: int
    end: int
    rule: str
    detail: dict[str, Any]
    state: State = State.REPORTED
    item: int | None = None  # of a group: which arm


def own_sentences(text: str, default: Scope = Scope.OWN) -> Iterator[Span]:
    """The sentences of `text` that are about its own trial, or the clause of a sentence that is."""
    for span in sentences(text):
        part = own_part(text[span.start : span.end], default) if WORD.search(text, *span) else None
        if part is not None:
            yield Span(span.start + part[0], span.start + part[1])


def design_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """The design facts of the given sentences, or of all sentences about this trial, in order of place."""
    chosen = own_sentences(text) if spans is None else spans
    return [fact for span in chosen for fact in _of_sentence(text[span.start : span.end], span.start)]


def _of_sentence(words: str, offset: int) -> list[Fact]:
    readers = (_cued, _phase, _centres, _arms, _ratio, _roles)
    sentence = plain(words)
    found = [_in_source_words(fact, words) for reader in readers for fact in reader(sentence)]
    found += [derived for fact in found if (derived := _single_arm_has_no_allocation(fact))]
    found = [fact._replace(start=fact.start + offset, end=fact.end + offset) for fact in found]
    return sorted(found, key=lambda fact: fact.start)


def _in_source_words(fact: Fact, sentence: str) -> Fact:
    """The fact with its text and `as_written` as the source has them, digits of other scripts included."""
    written = fold(sentence[fact.start : fact.end])
    if fact.rule == "phase" or sentence.isascii():
        return fact
    if "as_written" in fact.detail:
        return fact._replace(detail={**fact.detail, "as_written": written})
    return fact._replace(value=written) if isinstance(fact.value, str) and fact.rule != "ratio" else fact


def _cued(sentence: str) -> Iterator[Fact]:
    for cue in cues_for("fact", sentence) if may_hold_cues(sentence) else ():
        for match in cue.matches(sentence)[:1]:
            words = " ".join(match[0].split())
            value = words if cue.row.get("text") else cue.row["value"]
            detail = {} if cue.row.get("text") or isinstance(value, bool) else {"as_written": words}
            yield Fact(cue.row["field"], value, *match.span(), cue.id, detail)


def _single_arm_has_no_allocation(fact: Fact) -> Fact | None:
    if fact.rule != "single-arm":
        return None
    return fact._replace(
        field="design.allocation", value="NA", rule="single-arm-has-no-allocation", state=State.DERIVED
    )


def _phase(sentence: str) -> Iterator[Fact]:
    for match in PHASE.finditer(sentence):
        if SEVERAL_TRIALS.match(sentence, match.end()) or LATER_TRIAL.search(sentence, 0, match.start()):
            continue
        if CARRIES_PHASE.search(sentence, match.end()) or CARRIES_PHASE.search(sentence[: match.start()][-60:]):
            reading = kinds.phase(" ".join(match[0].split()))
            yield Fact("design.phase", reading.value, *match.span(), "phase", reading.detail)
            return


def _centres(sentence: str) -> Iterator[Fact]:
    for match in CENTRES.finditer(sentence):
        yield Fact("design.centres.n", _small_count(match["n"]), *match.span("n"), "centres", {"unit": "centres"})
        return


def _arms(sentence: str) -> Iterator[Fact]:
    for match in ARMS.finditer(sentence):
        if not _counts_arms(sentence, match):
            continue
        yield Fact("design.n_arms", _small_count(match["n"]), *match.span("n"), "arms", {"unit": "arms"})
        return


def _counts_arms(sentence: str, match: re.Match) -> bool:
    """Does it say how many arms there are, not speak of some: `the two groups did not differ`, `any two arms`?"""
    before = sentence[: match.start()]
    hyphened = re.search(r"[-\u2010-\u2015]arm", match[0], re.IGNORECASE)
    if hyphened or not SOME_ARMS.search(before) or ENTERED_IN.search(before[-100:]):
        return _small_count(match["n"]) <= MOST_ARMS
    return False


def _ratio(sentence: str) -> Iterator[Fact]:
    for match in RATIO.finditer(sentence):
        if NEAR_RATIO.search(sentence[max(0, match.start() - 80) : match.end() + 40]):
            yield Fact("design.ratio", re.sub(r"\s", "", match[0]), *match.span(), "ratio", {})
            return


def _roles(sentence: str) -> Iterator[Fact]:
    masked = blinding.masked_roles(sentence)
    if masked is not None:
        roles, start, end = masked
        yield Fact(
            "masking.roles", roles, start, end, "masked-roles", {"as_written": " ".join(sentence[start:end].split())}
        )


def _small_count(words: str) -> int:
    return int(words) if words.isdecimal() else kinds.number_in_words(words)
