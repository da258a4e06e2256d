"""How a trial finder's consumer page is laid out: its headings, and the remarks it glues to the values.

The page comes as text without markup. A heading is a line of its own; what stands below belongs to it until the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from reviewkit.documents import Document, Line
from reviewkit.kinds import NUMBER_WORDS, TENS

Span = tuple[int, int]  # offsets in the text of the document, the end exclusive

# The layout's headings, in lower case with single blanks -> the section they open.
HEADINGS = {
    "what is being tested": "tested",
    "who is being recruted": "recruited",
    "who is being recruited": "recruited",
    "how is the trial designed": "card",
    "summary": "summary",
    "protocol": "details",
    "design details": "details",
    "how participants are assigned to different groups/arms": "allocation",
    "how participants are assigned to different groups": "allocation",
    "how treatments are given to participants": "model",
    "how the effectiveness of the treatment is controlled": "control",
    "how the interventions assigned to participants is kept confidential": "masking",
    "how the interventions assigned to participants are kept confidential": "masking",
    "other ways to assign participants": "others:allocation",
    "other ways to assign treatments": "others:model",
    "other options": "others:control",
    "other ways to mask information": "others:masking",
    "eligibility": "criteria",
    "conditions": "conditions",
    "condition": "conditions",
    "pathology": "conditions",
    "pathologies": "conditions",
    "criteria": "criteria",
    "study plan": "plan",
    "treatment groups": "plan",
    "study objectives": "plan",
    "primary objectives": "outcomes",
    "primary objective": "outcomes",
    "secondary objectives": "outcomes",
    "secondary objective": "outcomes",
    "other objectives": "outcomes",
    "other objective": "outcomes",
    "study centers": "centres",
    "study centres": "centres",
}
COUNTED = rf"(?:\d[\d.,]*|no|(?:{'|'.join([*TENS, *NUMBER_WORDS])})(?:-\w+)?)"
HEADINGS_WITH_A_COUNT = [
    (re.compile(rf"{COUNTED} inclusion criteri(?:a|on)\b.{{0,60}}"), "inclusion"),
    (re.compile(rf"{COUNTED} exclusion criteri(?:a|on)\b.{{0,60}}"), "exclusion"),
    (re.compile(rf"{COUNTED} intervention groups?(?: (?:is|are) .{{0,60}})?"), "number of arms"),
    (re.compile(r"[\d.,]+ ?% chance\b.*"), "plan"),
    (re.compile(r"group (?:[ivx]+|\d+|[a-h])"), "arm"),
    (re.compile(r"other ways to .+"), "others"),
]
TELLING = [  # the headings that no other kind of document has
    "what is being tested",
    "who is being recruted",
    "who is being recruited",
    "how is the trial designed",
    *(heading for heading, section in HEADINGS.items() if section in ("allocation", "model", "control", "masking")),
]
TELLING_STARTS = ("sourced from a government-validated database.",)

# How the page's own remarks begin where they are glued to a value; all of the line from there on is the page's.
REMARKS = (
    "Total number of participants",
    "Actual date on which",
    "Biological sex of participants",
    "Range of ages",
    "If individuals who are healthy",
    "Sourced from a government-validated",
    "Claim as a partner",
    "See the location",
    "See at a glance",
)
LABELS_IN_WORDS = ("principal sponsor", "official title", "last updated", "study start date", "sourced from")
SHORTEST_CUT_REMARK = 4  # letters of a remark that a cut file must keep for it to be told from a name

ONE_BLANK = re.compile(r"\s")


BLANK = re.compile(r"(?P<set>\[(?:\\.|[^\]\\])*\])| (?P<maybe>\?)?")


def spaced(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern in which one blank stands for any number of them: copied pages double them.

    >>> bool(spaced("two words").match("two   words")), bool(spaced("n ?%").match("n%"))
    (True, True)
    """
    return re.compile(BLANK.sub(lambda match: match["set"] or (" *" if match["maybe"] else " +"), pattern), flags)


class Section(NamedTuple):
    """What stands under one heading: its lines that are not blank, and whether another heading follows."""

    key: str
    head: Line
    body: list[Line]
    ended: bool


def folded(line: Line) -> str:
    """A line as headings are compared: lower case, single blanks; "" for one too long to be a heading."""
    return " ".join(line.text.casefold().split()).rstrip(" :?") if len(line.text) < 200 else ""


def sections(document: Document) -> Iterator[Section]:
    """The document cut at its headings; what stands before the first is the section `top`."""
    body: list[Line] = []
    key, head = "top", Line(1, "", 0)
    for line in document.lines():
        if not line.text.strip() or _is_cut_heading(document, line):
            continue
        opened = _heading(line)
        if opened:
            yield Section(key, head, body, True)
            key, head, body = opened, _plain(line), []
        else:
            body.append(_plain(line))
    yield Section(key, head, body, False)


def _plain(line: Line) -> Line:
    """The line with every kind of blank as a space, so that offsets stay."""
    return line._replace(text=ONE_BLANK.sub(" ", line.text))


def _heading(line: Line) -> str | None:
    words = folded(line)
    if words in HEADINGS:
        return HEADINGS[words]
    return next((key for pattern, key in HEADINGS_WITH_A_COUNT if pattern.fullmatch(words)), None)


def _is_cut_heading(document: Document, line: Line) -> bool:
    """Is this the unfinished last line of a cut file, and the beginning of a heading or label? Then it is no value."""
    words = folded(line)
    return (
        line.start + len(line.text) == len(document.text)
        and _heading(line) is None
        and any(known.startswith(words) and known != words for known in (*HEADINGS, *LABELS_IN_WORDS))
    )


def trimmed(line: Line, start: int = 0, end: int | None = None) -> Span:
    """The span in the document of a part of a line, without the blanks around it."""
    part = line.text[start:end]
    first = start + len(part) - len(part.lstrip())
    return line.start + first, line.start + max(first, start + len(part.rstrip()))


REMARK = spaced("|".join(map(re.escape, REMARKS)).replace("\\ ", " "))


def own_part(document: Document, line: Line, start: int = 0) -> Span:
    """The span of a line from `start` to where a remark of the page begins."""
    found = REMARK.search(line.text, start)
    ends = [found.start()] if found else []
    if line.start + len(line.text) == len(document.text):
        ends += [at for remark in REMARKS if (at := _cut_remark(line.text, remark)) > start]
    return trimmed(line, start, min(ends, default=None))


def _cut_remark(text: str, remark: str) -> int:
    """Where the beginning of a remark stands at the very end of a cut text; -1 if nowhere."""
    lengths = range(len(remark) - 1, SHORTEST_CUT_REMARK - 1, -1)
    return next((len(text) - length for length in lengths if text.endswith(remark[:length])), -1)


def whole(lines: list[Line]) -> Span:
    """The span from the first to the last of these lines."""
    return trimmed(lines[0])[0], trimmed(lines[-1])[1]
