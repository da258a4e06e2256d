"""Strings without which a pattern cannot match: a text without them is never one that the pattern would match."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.language import cues, reporting, scope
from reviewkit.language.literals import Sparing, may_match, needed


@pytest.mark.parametrize(
    ("pattern", "strings"),
    [
        (r"\brandomi[sz]ed\b", ("randomi",)),
        (r"(?:men|women)\s+\d", ("men", "women")),
        (r"(?:blind){2}", ("blind",)),
        (r"(?:blind)?fold", ("fold",)),
        (r"(?:men|\w+)", ()),
        (r"[abc]+", ()),
        (r"Größe", ()),
    ],
)
def test_the_strings_are_those_that_every_match_holds(pattern, strings):
    assert needed(pattern) == strings


PATTERNS = [cue.pattern for kind in ("fact", "statement") for cue in cues.cues(kind)]
PATTERNS += [item.pattern for item in reporting.items()]
PATTERNS += [part.pattern for part in vars(scope).values() if isinstance(part, Sparing)]
PIECES = sorted({string for pattern in PATTERNS for string in needed(pattern.pattern)})


@given(st.lists(st.sampled_from([*PIECES, "the", "of", "was", "not", "patients", "A", ",", ".", "12"]), max_size=12))
def test_a_pattern_that_is_not_asked_would_not_have_matched(words):
    sentence = " ".join(words)
    for pattern in PATTERNS:
        if not may_match(needed(pattern.pattern), sentence.casefold()):
            assert pattern.search(sentence) is None


def test_a_sparing_pattern_finds_what_the_pattern_finds():
    pattern = re.compile(r"\brandomi[sz]ed\b", re.IGNORECASE)
    match = Sparing(pattern).search("They were Randomised.")
    assert match is not None and match[0] == "Randomised"
    assert Sparing(pattern).search("They were assigned.") is None
