"""The headed parts of a report's text: Background, Methods, Results, Trial registration, References …"""

from __future__ import annotations

import re
from typing import NamedTuple

NAMES = {
    "title": r"title",
    "background": r"background(?: and (?:aims?|objectives?|purpose))?|introduction|rationale|context|importance"
    r"|summary of background data",
    "objective": r"objectives?|aims?|purpose|research objectives?|hypothes[ie]s",
    "methods": r"(?:patients?(?: selection)?|materials?|subjects|participants|(?:research )?design) and methods?"
    r"|methods?(?: and (?:materials|results"
    r"|findings))?|methodology|"
    r"design(?:, setting,? and participants)?|study design|research design|setting|participants?|patients?"
    r"|interventions?|"
    r"main outcomes?(?: and)?(?: measures?)?|measurements|experimental design",
    "results": r"results?|findings",
    "conclusion": r"conclusions?(?: and relevance)?|discussion|interpretation|significance",
    "registration": r"(?:clinical )?trial registrations?(?: number)?|registration(?: number)?"
    r"|clinicaltrials\.gov(?: identifier| registration)?",
    "funding": r"(?:sources? of )?funding(?: sources?| statement| information)?|financial support|support"
    r"|role of the funding source",
    "ethics": r"ethic(?:s|al)(?: approval)?(?: statement| considerations?)?"
    r"(?: and (?:informed )?consent(?: to participate)?)?",
    "consent": r"(?:informed )?consent(?: to participate| statement)?",
    "coi": r"(?:(?:declarations? of )?(?:competing|conflicts? of|conflicting)(?: financial)? interests?|disclosures?"
    r"|declarations? of interests?)(?: statement)?",
    "data": r"(?:data (?:sharing|availability)|availability of (?:data|supporting data))(?: and materials?)?"
    r"(?: statement)?",
    "references": r"references|bibliography|literature cited|similar (?:datasets|articles|studies)"
    r"|related (?:articles|studies)",
}
BLANK = r"[^\S\r\n]"  # white space inside a line, non-breaking blanks included
_WORDS = "|".join(f"(?P<{name}>{pattern})".replace(" ", f"{BLANK}+") for name, pattern in NAMES.items())
HEADING = re.compile(
    rf"(?:(?<=\n)|(?<=\r)"
    rf"|\A){BLANK}*(?:#{{1,6}}{BLANK}+)?(?:\d{{1,2}}(?:\.\d{{1,2}})?\.?{BLANK}+)?(?:\*\*)?(?:ABSTRACT[.:]\s?)?(?:{_WORDS}){BLANK}*"
    r"(?::(?:\*\*)?|(?:\*\*)?:|(?:\*\*)?(?=\r|\n|\Z))",
    re.IGNORECASE,
)
# In one paragraph: "BACKGROUND: … METHODS: …"
INLINE = re.compile(
    r"(?<=[.\s])(?:[A-Z][A-Z,/&]+(?:\(S\))?(?: [A-Z,/&]+(?:\(S\))?){0,5}|[A-Z][a-z]+(?: and [a-z]+)?):(?=\s)",
)
NAME = re.compile(_WORDS, re.IGNORECASE)


class Part(NamedTuple):
    """One part: its name ("" before the first heading) and the span of its text without the heading."""

    name: str
    start: int
    end: int


def sections(text: str) -> list[Part]:
    """The parts of `text` in order; a text without headings is one part named ""."""
    marks = [(match.start(), match.end(), match.lastgroup or "") for match in HEADING.finditer(text)]
    marks += [
        (match.start(), match.end(), name.lastgroup or "")
        for match in INLINE.finditer(text)
        if (name := NAME.fullmatch(match[0].rstrip(":").replace("(S)", "S")))
    ]
    marks = sorted({mark[0]: mark for mark in marks}.values())
    starts = [("", 0, 0), *[(name, start, end) for start, end, name in marks]]
    ends = [start for start, _, _ in marks] + [len(text)]
    return [
        Part(name, after, end) for (name, _, after), end in zip(starts, ends, strict=True) if text[after:end].strip()
    ]
