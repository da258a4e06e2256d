"""Eligibility criteria as one text: its parts under headings, each given back as it stands.

Headings are lines such as `Inclusion Criteria:`, in any case, with or without a colon and with words before or after
(`Key Exclusion Criteria:`, `Exclusion criteria for part B`).
"""

from __future__ import annotations

import re
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
INCLUSION, EXCLUSION = "Inclusion Criteria:\n", "\nExclusion Criteria:\n"
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
    if usual := in_usual_form(text):
        return usual
    headings = headings_of(text)
    parts = [heading.part for heading in headings]
    sections: list[Section] = []
    if "inclusion" not in parts:
        before = text[: headings[0].start if headings else len(text)].strip()
        sections += [Section("inclusion", before, headed=False)] if before else []
    opening = [heading for i, heading in enumerate(headings) if i == 0 or parts[i - 1] != heading.part]
    end = len(text)
    under: list[Section] = []
    for part, start, after in reversed(opening):
        words = text[after:end].strip()
        under.append(Section(part, words) if words else Section(part, text[start:after].strip(), blank=True))
        end = start
    return sections + under[::-1]


def in_usual_form(text: str) -> list[Section]:
    """The two sections of most texts, which have these two headings and speak of in- and exclusion nowhere else.

    The answer of the slower way to the same text; empty if the text has another form.
    """
    turn = text.find(EXCLUSION)
    if turn < 0 or not text.startswith(INCLUSION) or text.count("clusion") != 2 or "CLUSION" in text:
        return []
    inclusion, exclusion = text[len(INCLUSION) : turn].strip(), text[turn + len(EXCLUSION) :].strip()
    return [Section("inclusion", inclusion), Section("exclusion", exclusion)] if inclusion and exclusion else []


def headings_of(text: str) -> list[Heading]:
    """The heading lines in order."""
    headings: list[Heading] = []
    small, capital = text.find("clusion"), text.find("CLUSION")
    while (found := min(small, capital) if small >= 0 <= capital else max(small, capital)) >= 0:
        start, end = text.rfind("\n", 0, found) + 1, text.find("\n", found)
        end = len(text) if end < 0 else end
        line = text[start:end]
        if part := COMMON.get(line):  # most are of these forms, and the pattern is slow
            headings.append(Heading(part, start, end))
        elif (match := HEADING.match(line)) and is_heading(match):
            part = (match["part"] or match["part_after"]).lower() + "clusion"
            headings.append(Heading(part, start, start + match.start("inline")))
        small = text.find("clusion", end)
        capital = text.find("CLUSION", end) if capital >= 0 else capital
    return headings


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
