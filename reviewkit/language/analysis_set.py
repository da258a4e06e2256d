"""Which set of participants the main analysis took: intention to treat, per protocol and the like.

A sentence that names the primary analysis decides; else the one set that sentences on the analysis name. Two sets
without a word on which is the main one give none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span, plain

TREAT = r"(?:intention|intent)[\s\-‐–]*to[\s\-‐–]*treat"
SETS = {
    "MITT": rf"modified[\s\-‐–]+(?:{TREAT}|ITT)|mITT",
    "ITT": rf"{TREAT}|(?-i:\bITT\b)|full[\s\-‐–]+analysis[\s\-‐–]+(?:set|population)",
    "PER_PROTOCOL": r"per[\s\-‐–]*protocol",
    "AS_TREATED": r"as[\s\-‐–]treated|on[\s\-‐–]treatment[\s\-‐–]analys[ei]s",
}
NAMED = re.compile(
    r"(?<![\w\-])(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in SETS.items()) + r")(?!\w)", re.IGNORECASE
)
ANALYSES = re.compile(
    r"\b(?:analy[sz]\w*|basis|principles?|populations?|approach|set|cohort|protocol)\b", re.IGNORECASE
)
MAIN = re.compile(
    r"\b(?:(?:primary|main|principal|efficacy)\s+(?:[\w\-]+\s+){0,3}?(?:analys[ei]s|outcomes?|end\s?-?points?)"
    r"|all\s+(?:[\w\-]+\s+)?analyses|analys[ei]s\s+(?:was|were|is|will\s+be)\s+(?:\w+\s+)?(?:by|on|based|performed"
    r"|done|according))",
    re.IGNORECASE,
)
SECOND = re.compile(
    r"\b(?:sensitivity|secondary|supportive|additional|also|supplementary|repeated|confirm\w*)\b", re.IGNORECASE
)
DENIED = re.compile(r"\b(?:not|no|without|rather\s+than|instead\s+of|neither|nor)\b[^.;,]{0,40}$", re.IGNORECASE)


class _Named(NamedTuple):
    fact: Fact
    is_main: bool


def analysis_set_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """`analysis.set` as one member of AnalysisSet, or nothing."""
    chosen = own_sentences(text) if spans is None else spans
    named = [found for span in chosen for found in _named(text, span)]
    for kept in ([one for one in named if one.is_main], named):
        if len({one.fact.value for one in kept}) == 1:
            return [kept[0].fact]
    return []


def _named(text: str, span: Span) -> Iterator[_Named]:
    sentence = plain(text[span.start : span.end])
    if not ANALYSES.search(sentence):
        return
    told = [match for match in NAMED.finditer(sentence) if _is_told(sentence, match)]
    several = len({match.lastgroup for match in told}) > 1
    for position, match in enumerate(told):
        start, end = span.start + match.start(), span.start + match.end()
        fact = Fact("analysis.set", match.lastgroup, start, end, "analysis-set", {"as_written": match[0]})
        main = position == 0 and MAIN.search(sentence) is not None and not SECOND.search(sentence[: match.start()])
        if several and not SECOND.search(sentence, match.end()):
            main = False  # "by intention to treat and per protocol": neither is said to be the main one
        yield _Named(fact, main)


def _is_told(sentence: str, match: re.Match) -> bool:
    """Is it a set that was analysed, not one that was not, nor treatment given as the protocol says?"""
    near = ANALYSES.search(
        sentence[max(0, match.start() - 80) : match.start()] + " " + sentence[match.end() : match.end() + 25]
    )
    return near is not None and not DENIED.search(sentence[: match.start()])
