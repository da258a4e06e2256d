"""Eligibility criteria as one text: its parts under headings, each given back as it stands.

Headings are lines such as `Inclusion Criteria:`, in any case, with or without a colon and with words before or after
(`Key Exclusion Criteria:`, `Exclusion criteria for part B`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

HEADING = re.compile(
    r"[ \t]*(?P<bullet>(?:\\?[*•\-][ \t]+)?)[*#]*[ \t]*"  # a bullet; marks of bold type or of a heading
    r"(?P<before>(?:[\w/()\-,&']+[ \t]+){0,6}?)"  # Key, Donor, Disease-specific
    r"(?:(?P<part>in|ex)clusion(?P<criteria>[ \t]+criteri(?:a|on)\b)?"
    r"|criteria[ \t]+(?:for|of)[ \t]+(?P<part_after>in|ex)clusion)"
    r"(?P<after>[^:\r\n]*)"  # for part B, (phase 2)
    r":?\**[ \t]*(?P<inline>.*)",  # there only after a colon
    re.IGNORECASE,
)
AFTER = re.compile(  # what goes on with a heading that has no colon, and not with a sentence
    r"(?:\(|[\-–—/,]|(?:for|of|at|in|on|to|prior|before|after|during|determined|specific|applying|part|phase|cohort|"
    r"group|arm|stage|step|number|#?\d+)\b).{0,70}",
    re.IGNORECASE,
)
COMMON = {"Inclusion Criteria:": "inclusion", "Exclusion Criteria:": "exclusion"}


class Section(NamedTuple):
    """One part of the criteria: "inclusion" or "exclusion", its words, and whether they stand under a heading.

    Where nothing stands under the heading, the words are the heading's and `blank` is True.
    """

    part: str
    words: str
    headed: bool = True
    blank: bool = False


class Heading(NamedTuple):
    """A heading: which part it opens, where its line starts, and where the words under or beside it start."""

    part: str
    start: int
    after: int


def sections_of(text: str) -> list[Section]:
    """The parts of the criteria in the order of the text; headings of the same part in a row make one section.

    Words before the first heading count as open inclusion criteria only where nothing else is called inclusion.
    """
    headings = list(headings_of(text))
    sections: list[Section] = []
    if not any(heading.part == "inclusion" for heading in headings):
        before = text[: headings[0].start if headings else len(text)].strip()
        sections += [Section("inclusion", before, headed=False)] if before else []
    opening = [heading for i, heading in enumerate(headings) if i == 0 or headings[i - 1].part != heading.part]
    ends = [*(heading.start for heading in opening[1:]), len(text)] if opening else []
    for (part, start, after), end in zip(opening, ends, strict=True):
        words = text[after:end].strip()
        sections.append(Section(part, words) if words else Section(part, text[start:after].strip(), blank=True))
    return sections


def headings_of(text: str) -> Iterator[Heading]:
    """The heading lines in order."""
    passed = 0
    while (found := next_mention(text, passed)) >= 0:
        start, passed = text.rfind("\n", 0, found) + 1, text.find("\n", found)
        passed = len(text) if passed < 0 else passed
        line = text[start:passed]
        if part := COMMON.get(line):  # most are of these forms, and the pattern is slow
            yield Heading(part, start, passed)
        elif (match := HEADING.match(line)) and is_heading(match):
            part = (match["part"] or match["part_after"]).lower() + "clusion"
            yield Heading(part, start, start + match.start("inline"))


def next_mention(text: str, start: int) -> int:
    """Where in- or exclusion is mentioned next, in small letters or capitals; -1 if nowhere."""
    small, capital = text.find("clusion", start), text.find("CLUSION", start)
    return max(small, capital) if min(small, capital) < 0 else min(small, capital)


def is_heading(match: re.Match[str]) -> bool:
    """Is the line a heading, and of one part only, rather than a sentence that speaks of criteria?

    A sentence has words before the word in small letters (`must meet all inclusion criteria`) or a verb after it.
    """
    before, after = match["before"], match["after"].strip(" \t*")
    if re.search(r"clusion|\bnot?\b", before + after, re.IGNORECASE) or len(before + after) > 80:
        return False  # "Inclusion and exclusion criteria" opens neither part
    colon = match.string[match.end("after") : match.end("after") + 1] == ":"
    if not (match["criteria"] or match["part_after"]):
        return not before and not after  # the one word
    if before:
        capital = match["part"] is not None and match["part"][0].isupper()
        return (capital and (colon or not (match["bullet"] or after))) or (colon and not match["bullet"])
    return colon or not after or (not match["bullet"] and AFTER.fullmatch(after) is not None)
