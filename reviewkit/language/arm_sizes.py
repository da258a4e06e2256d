"""Numbers of participants by arm, set side by side: `A (n = 60) or B (n = 58)`, `30 to A and 29 to B`.

Only parallel counts of one sentence are arms: two or more in the same form, each with the words of its arm. A list that
is one of events or subgroups, or that adds up to more than the trial has, is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from reviewkit.language.counted import STOPS, Count, Sentence, value_of
from reviewkit.language.facts import Fact
from reviewkit.language.sentences import plain
from reviewkit.words import State

RANDOMISES = re.compile(
    r"\brandomi[sz]|\brandomly\b|\bat\s+random\b|\ballocat|\bassign|\ballotted\b|\bdivided\b", re.IGNORECASE
)
RANDOM = re.compile(r"\brandom", re.IGNORECASE)
ROLES = [
    (
        "arms.n_analysed",
        re.compile(
            r"\banaly[sz]ed\b|\btreat\s+population\b|\bevaluable\b|\bassessable\b|\bincluded\s+in\s+(?:the\s+)?"
            r"(?:[\w\-]+\s+){0,4}analys[ei]s"
            r"|\banaly[sz]able\b|\bavailable\s+for\b",
            re.I,
        ),
    ),
    ("arms.n_completed", re.compile(r"\bcompleted\b|\bcompleters\b|\bfinished\b", re.I)),
    (
        "arms.n_randomised",
        re.compile(
            r"\brandomi[sz](?:ed|ation)|\brandomly\b|\bat\s+random\b|\ballocated\b|\bassigned\b|\ballotted\b"
            r"|\bdivided\b|\brandomi[sz]ing",
            re.I,
        ),
    ),
    (
        "arms.n_received",
        re.compile(
            r"\breceiv(?:ed|ing)\b|\btreated\b|\bgiven\b|\bunderwent\b|\bundergoing\b|\btook\b|\badministered\b",
            re.I,
        ),
    ),
    (
        "arms.n_actual",
        re.compile(
            r"\bconsisted\b|\bcomprised\b|\bcontained\b|\benrol+ed\b|\brecruited\b|\bincluded\b|\bentered\b"
            r"|\bparticipated\b|\bstudied\b",
            re.I,
        ),
    ),
]
ALLOCATES = re.compile(
    r"\brandom|\ballocat|\bassign|\bdivided\b|\bgroups?\b|\barms?\b|\breceiv|\btreated\b|\bgiven\b"
    r"|\bunderwent\b|\bcontrols?\b|\bplacebo\b|\bversus\b|\bvs\b|\bcompar|\bor\b|\benrol|\brecruit|\banaly",
    re.IGNORECASE,
)
EVENTS = re.compile(
    r"\b(?:adverse|events?|toxicit\w*|deaths?|died|relapse[ds]?|recurrences?|recurred|progressed|progression"
    r"|remissions?|complications?|reasons?|due\s+to|because|withdr[ae]w\w*|dropped|discontinu\w+"
    r"|excluded|most\s+common|lost\s+to|nausea|vomiting|fractures?|infections?|developed|experienced|occurred"
    r"|observed|noted|detected|positive|negative|stage|grade|responders?|responses?|sub-?groups?|subsets?"
    r"|previous|strata|stratified|ethnicity|baseline\s+characteristics|failures?|improved|diagnosed\s+in)\b",
    re.IGNORECASE,
)
LINK = re.compile(
    r"\s*(?:[(\[]\s*\d+(?:[.·,]\d+)?\s?%\s*[)\]]\s*)?(?:(?:(?:of|out\s+of)\s+(?:the\s+)?\d[\d,]*\s+)?(?:of\s+"
    r"(?:them|these|whom|the\s+patients)|patients?|participants?|subjects?|women|men|children|infants|adults"
    r"|volunteers|individuals|persons|people|eyes|cases|teeth|knees|students|smokers|nurses|mothers|girls"
    r"|boys)\s+)?"
    r"(?:(?P<takes>(?:who\s+|that\s+)?(?:(?:were\s+|was\s+)?(?:randomly\s+)?(?:assigned|given|allocated)"
    r"|received|receiving|underwent|undergoing|took|had|formed|constituted|comprised|made\s+up|served\s+as"
    r"|acted\s+as|belonged\s+to|chose|were\s+in)\s+)(?!(?:to|in|into|by|at|from|on|a\s+total|for|no\s+evidence"
    r"|been|had|received|been)\b)"
    r"|(?P<led>(?:who\s+|that\s+)?(?:were\s+|was\s+)?(?:randomly\s+|equally\s+)?(?:randomi[sz]ed|assigned"
    r"|allocated|allotted|enrolled|included|placed|entered|analy[sz]ed|completed|evaluable|treated|vaccinated"
    r"|managed|participated)\s+)?"
    r"(?P<prep>(?:in\s?to|to|in|on|with)\s+(?:receive\s+)?))(?=(?:the\s+|an?\s+)?[^\W_])",
    re.IGNORECASE,
)
SEPARATOR = re.compile(
    r"\s*(?:[,;:/]|\band\b|\bor\b|\bversus\b|\bvs\.?|\bv\b|\bcompared\s+(?:with|to)\b|\bwhile\b|\bwhereas\b"
    r"|\bwith\b|\bagainst\b)\s*(?:and\s+|or\s+|the\s+(?:other|remaining)\s+|other\s+|another\s+|with\s+"
    r"|vs\.?\s+)*",
    re.IGNORECASE,
)
BOUNDARY = re.compile(
    r"(?:[,;:.]\s|\b(?:either|receive|received|receiving|between|versus|vs\.?|v|or|and|assigned|allocated"
    r"|randomi[sz]ed|compared|comparing|groups?:|arms?:|undergo|underwent|given|into|treated|group of)\b(?:\s+"
    r"(?:to|with|by|the|a|an|either|one\s+of|of|into|in|receive|two|three|four|groups?:|arms?:"
    r"|treatment\s+with))*\s*|\bto\s+)",
    re.IGNORECASE,
)
HARD = re.compile(
    r"(?:[;:]\s|\b(?:either|versus|vs\.?|or|and|compared|comparing)\b(?:\s+(?:to|with|the))*\s*)", re.IGNORECASE
)
EACH = re.compile(
    r"\s*(?:\b(?:patients?|participants?|subjects?|women|men|children|infants|adults|volunteers|individuals"
    r"|eyes|teeth|students|mothers|cases|animals|persons|people)\s+)?,?\s*(?:(?:were\s+)?(?:randomly\s+)?"
    r"(?:randomi[sz]ed|assigned|allocated)\s+)?(?:each\b(?!\s+(?:day|week))|(?:in|per|for|to|into|within)\s+"
    r"(?:each|every|both)\b(?:\s+of\s+the)?(?:\s+(?:treatment|study|two|three|four))*\s*(?:groups?|arms?"
    r"|conditions?|treatments?)?|(?:per|/|an?)\s*(?:treatment\s+|study\s+)?(?:group|arm)\b|in\s+both\s+"
    r"(?:groups|arms))",
    re.IGNORECASE,
)
GROUPS_OF = re.compile(
    r"\b(?P<k>two|three|four|five|six|2|3|4|5|6)\s+(?:\w+\s+){0,3}?(?:groups?|arms?)\s*(?:\(?\s*|,\s*)(?:of"
    r"|with|each\s+(?:of|with|containing|including|consisting\s+of)|containing|consisting\s+of|comprising)\s*$",
    re.IGNORECASE,
)
EACH_BEFORE = re.compile(
    r"\b(?:each|both|every|either)\s+(?:treatment\s+|study\s+)?(?:groups?|arms?)\s*(?:\(|,|of|with|had"
    r"|contained|included|comprised|consisted\s+of)*\s*(?:n\s*=\s*)?$",
    re.IGNORECASE,
)
HOW_MANY = re.compile(
    r"\b(?P<k>two|three|four|five|six|2|3|4|5|6)(?:\s+(?:equal|parallel|treatment|study|intervention"
    r"|experimental|different|randomi[sz]ed|equal-sized|comparable))*[\s-]+(?:groups?|arms?)\b",
    re.IGNORECASE,
)
RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
PERCENT = re.compile(r"\s*(?:%|percent|/|[-–]?\s?(?:of|out\s+of)\s+(?:the\s+)?\d)", re.IGNORECASE)
OUT_OF = re.compile(r"(?:\d\s*(?:of|out\s+of|/)\s*(?:the\s+)?|[<>]\s*)$", re.IGNORECASE)
SAMPLE_MARK = re.compile(r"\b[nN]\s*[=:]\s*$")
LONGEST = 240  # characters from one arm's number to the next
MOST = 8  # arms; a longer list is one of something else


class Arm(NamedTuple):
    """The number of one arm and the words that name it, each with its span; the label may be missing."""

    n: int
    start: int
    end: int
    label: str | None
    label_start: int
    label_end: int


class Group(NamedTuple):
    """Arms set side by side by one sentence, their role, and how they are told: each | sample | link | list."""

    arms: list[Arm]
    field: str
    form: str
    certain: bool  # the words tell the role
    events: bool
    sentence: int
    grouped: bool = True  # words such as group, arm, control stand near


class Arms(NamedTuple):
    """All the groups that a report sets side by side, and the spans of their numbers."""

    groups: list[Group]
    spans: set[tuple[int, int]]


class ArmSize(NamedTuple):
    """A number of participants in one arm, with its span."""

    n: int
    start: int
    end: int


def arms(sentences: list[Sentence]) -> Arms:
    """The groups of parallel numbers in the sentences, in order of place."""
    groups = [group for index, sentence in enumerate(sentences) for group in _groups(sentence, index, sentences)]
    groups += _apart(sentences, {arm.start for group in groups for arm in group.arms})
    return Arms(groups, {(arm.start, arm.end) for group in groups for arm in group.arms})


def _groups(sentence: Sentence, index: int, sentences: list[Sentence]) -> Iterator[Group]:
    if not sentence.counts:
        return
    usable = [count for count in sentence.counts if _may_be_an_arm(sentence, count)]
    whole = {count.n for count in sentence.counts if count.kind in {"person", "part", "sample"}}
    taken: set[int] = set()
    sums: set[int] = set()
    readers = READERS if ALLOCATES.search(sentence.words) else READERS[:1]
    for form, read in readers:
        for found in read(sentence, usable):
            run = _until_repeated(_without_sum(found))
            if taken & {arm.start for arm in run} or not 2 <= len(run) <= MOST or sums & {arm.n for arm in run}:
                continue
            if any(SEX.match(arm.label or "") for arm in run):
                continue
            if any(_has_share(sentence, arm) for arm in run) and _added_arms(run) not in whole | sums:
                continue
            taken |= {arm.start for arm in run}
            sums.add(_added_arms(run))
            yield _group(sentence, run, form, index)
    if not taken:
        yield from [group for count in usable for group in _each(sentence, count, index, sentences)][:1]


def _added_arms(run: list[Arm]) -> int:
    return sum(arm.n for arm in run)


def _has_share(sentence: Sentence, arm: Arm) -> bool:
    """Is a percentage behind the number: the sign of a result, unless the arms add up to their whole?"""
    return SHARE.match(sentence.words, arm.end - sentence.offset) is not None


SEX = re.compile(r"(?:were\s+)?(?:fe)?males?\b(?!\s+(?:condom|groups?))|(?:wo)?men\b|boys\b|girls\b", re.IGNORECASE)
SHARE = re.compile(r"\s*[(\[]\s*\d+(?:[.·,]\d+)?\s?%")


def _until_repeated(run: list[Arm]) -> list[Arm]:
    """The arms up to where their names begin again, as for a second population."""
    seen: set[str] = set()
    for at, arm in enumerate(run):
        if arm.label and arm.label.lower() in seen:
            return run[:at]
        seen.add((arm.label or "").lower())
    return run


def _without_sum(run: list[Arm]) -> list[Arm]:
    """The arms behind their sum: `403 in the study, 201 to A and 202 to B`."""
    return run[1:] if len(run) > 2 and run[0].n == sum(arm.n for arm in run[1:]) else run


def _apart(sentences: list[Sentence], taken: set[int]) -> list[Group]:
    """`In the gel group (n = 30) … . In the control group (n = 29) …`: one arm a sentence, told by its own name."""
    run: list[Arm] = []
    for sentence in sentences:
        for count in sentence.counts:
            if count.kind != "sample" or sentence.offset + count.start in taken:
                continue
            span = _label_before(sentence, count, [count], 0)
            named = GROUP_BEFORE.search(sentence.words, max(0, count.start - 60), count.start)
            if named and span:
                arm = _with_label(sentence, count, span)
                if arm.label and arm.label.lower() not in {(one.label or "").lower() for one in run}:
                    run.append(arm)
    if not 2 <= len(run) <= 4:
        return []
    return [Group(run, "arms.n_randomised", "apart", False, False, 0)]


GROUP_BEFORE = re.compile(r"\b(?:group|arm)(?:\s+[A-Z0-9])?\s*[(\[]\s*[nN]\s*[=:]\s*$")


def _group(sentence: Sentence, run: list[Arm], form: str, index: int) -> Group:
    first, last = run[0].start - sentence.offset, run[-1].end - sentence.offset
    field, certain = _role(sentence, first, last)
    near, far = (40, 20) if form == "sample" else (160, 60)
    events = EVENTS.search(sentence.words, max(0, first - near), min(len(sentence.words), last + far)) is not None
    if form == "link" and field == "arms.n_actual":
        named = [GROUP_NEAR.match(sentence.words, arm.end - sentence.offset) for arm in run]
        return Group(run, field, form, certain, events, index, any(named))
    grouped = GROUPED.search(sentence.words, max(0, first - 80), min(len(sentence.words), last + 40)) is not None
    compared = form == "sample" and RESPECTIVELY.search(sentence.words, last) is not None
    return Group(run, field, form, certain, events, index, grouped or compared)


BEHIND_BRACKET = re.compile(
    r"[^()]{0,80}[)\]]\s*(?:patients\s+|women\s+|men\s+|participants\s+)?were\s+(?:\w+ly\s+)?\w+", re.IGNORECASE
)
GROUPED = re.compile(
    r"\b(?:groups?|arms?|controls?|placebo|intervention|usual|standard|treatments?|treated|therapy|versus|vs|v"
    r"|compared|condition|receiv\w+|program(?:me)?s?)\b",
    re.IGNORECASE,
)


def _role(sentence: Sentence, first: int, last: int) -> tuple[str, bool]:
    """The role that the nearest verb tells, between the numbers or before them."""
    behind = BEHIND_BRACKET.match(sentence.words, last)
    if behind and (field := next((name for name, pattern in ROLES if pattern.search(behind[0])), None)):
        return field, True
    within = sentence.words[first:last]
    before = sentence.words[:first]
    for words in (within, before, sentence.words[last:]):
        told = [
            (match.end() if words is before else -match.start(), name)
            for name, pattern in ROLES
            for match in pattern.finditer(words)
        ]
        if told:
            return max(told)[1], True
    return "arms.n_randomised" if RANDOM.search(sentence.words) else "arms.n_actual", False


def _may_be_an_arm(sentence: Sentence, count: Count) -> bool:
    return (
        not count.about
        and count.kind != "group"
        and not PERCENT.match(sentence.words, count.end)
        and not OUT_OF.search(sentence.words[max(0, count.start - 16) : count.start])
    )


def _each(sentence: Sentence, count: Count, index: int, sentences: list[Sentence]) -> Iterator[Group]:
    """`n = 20 per group`, `three groups of 20`: the same number for every arm."""
    before = sentence.words[max(0, count.start - 80) : count.start]
    groups_of = GROUPS_OF.search(before)
    if re.search(r"\d\s*(?:and|or|,)\s*$", before):
        return
    if not (groups_of or EACH.match(sentence.words, count.end) or EACH_BEFORE.search(before)):
        return
    if EVENTS.search(sentence.words) or re.search(
        r"\b(?:needed|required|necessary|power|calculat\w+|planned|sample size|will)\b", sentence.words, re.I
    ):
        return
    how_many = groups_of or HOW_MANY.search(sentence.words) or _how_many_nearby(index, sentences)
    k = value_of(how_many["k"]) if how_many else 0
    span = (sentence.offset + count.start, sentence.offset + count.end)
    arms = [Arm(count.n, *span, None, 0, 0)] * max(k, 1)
    field, certain = _role(sentence, count.start, count.end)
    if later := next(
        (name for name, pattern in ROLES[:2] if pattern.search(sentence.words, count.end, count.end + 70)), None
    ):
        field, certain = later, True
    if certain or not EACH_BEFORE.search(before):
        yield Group(arms, field, "each", certain, False, index)


def _how_many_nearby(index: int, sentences: list[Sentence]) -> re.Match | None:
    for sentence in sentences[max(0, index - 3) : index + 3]:
        if match := HOW_MANY.search(sentence.words):
            return match
    return None


def _samples(sentence: Sentence, usable: list[Count]) -> Iterator[list[Arm]]:
    """`A (n = 60) or B (n = 58)`, `A, n = 60; B, n = 58`, `A (60 patients) or B (58 patients)`, `A (60) or B (58)`."""
    told = [(count, form) for count in usable if (form := _form(sentence, count))]
    for forms in FORMS:
        marked = [count for count, form in told if form in forms]
        if forms == FORMS[1] and all(form == "bare" for count, form in told if form in forms):
            continue
        for near in _runs(sentence, marked):
            run = near[1:] if len(near) > 2 and near[0].n == sum(count.n for count in near[1:]) else near
            inside = _labels_follow(sentence, run)
            yield [_arm(sentence, count, run, position, inside) for position, count in enumerate(run)]


FORMS = [{"n"}, {"people", "bare"}, {"told"}, {"bare"}]


def _form(sentence: Sentence, count: Count) -> str | None:
    """How a count stands in brackets: `n` (with n =), `people`, `bare`."""
    if count.kind == "sample":
        return "n"
    before = sentence.words[: count.start].rstrip()
    after = sentence.words[count.after :].lstrip()
    if count.kind in {"person", "part"} and GROUP_OF.search(before):
        return "people"
    opens = before.endswith(("(", "[")) or _names_then_number(before)
    if not opens:
        return None
    if count.kind in {"person", "part"} and after[:1] in {")", "]", ";", ",", ":"}:
        return "people"
    if count.kind in {"bare", "open"} and before.endswith(("(", "[")) and TOLD.match(sentence.words, count.end):
        return "told"
    if count.n < 4:
        return None  # (1) … (2): what is listed
    return "bare" if count.kind == "bare" and after[:1] in {")", "]"} and before.endswith(("(", "[")) else None


GROUP_OF = re.compile(r"\b(?:group|arm)\s*(?:of|with|:|,|-)$", re.IGNORECASE)


TOLD = re.compile(
    r"\s+(?:analy[sz]ed|randomi[sz]ed|completed|treated|evaluable|assigned|allocated|enrolled|included"
    r"|assessed|received)\s*[)\],;]",
    re.IGNORECASE,
)


def _names_then_number(before: str) -> bool:
    opened = max(before.rfind("("), before.rfind("["))
    return (
        opened >= 0
        and ")" not in before[opened:]
        and before.endswith((",", ":", ";", "="))
        and len(before) - opened < 80
    )


def _runs(sentence: Sentence, counts: list[Count]) -> Iterator[list[Count]]:
    """Counts of one form that stand near each other."""
    run: list[Count] = []
    for count in counts:
        if run and (count.start - run[-1].end > LONGEST):
            if len(run) > 1:
                yield run
            run = []
        run.append(count)
    if len(run) > 1:
        yield run


def _labels_follow(sentence: Sentence, run: list[Count]) -> bool:
    """Do names stand behind the numbers: `(n = 35, drug; n = 29, placebo)`?"""
    first = run[0]
    before = SAMPLE_MARK.sub("", sentence.words[: first.start]).rstrip()
    after = sentence.words[first.after :].lstrip()
    return (
        before.endswith(("(", "["))
        and not after.startswith((")", "]"))
        and re.match(r"[,:]?\s*[^\W\d_]", after) is not None
        and not re.match(
            r"[,:]?\s*(?:and|or|vs|versus|patients|women|couples|participants|subjects|per|in|each|who|eyes|men"
            r"|children"
            r"|treated|mean|median|aged?|receiv\w+|given|undergo\w+"
            r"|analy[sz]ed|randomi[sz]ed|completed|evaluable|assessed|were|of)\b",
            after,
            re.IGNORECASE,
        )
    )


def _arm(sentence: Sentence, count: Count, run: list[Count], position: int, follows: bool) -> Arm:
    span = _label_behind(sentence, count, run, position) if follows else _label_before(sentence, count, run, position)
    return _with_label(sentence, count, span)


def _with_label(sentence: Sentence, count: Count, span: tuple[int, int] | None) -> Arm:
    offset = sentence.offset
    if span is None:
        return Arm(count.n, offset + count.start, offset + count.end, None, 0, 0)
    label = " ".join(sentence.words[slice(*span)].split())
    return Arm(count.n, offset + count.start, offset + count.end, label, offset + span[0], offset + span[1])


def _trimmed(words: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of a label without leading articles and trailing marks, None if nothing of a name is left."""
    lead = re.match(
        r"[\s,;:(\[)\]]*(?:\d\)\s*|[a-c]\)\s*)?(?:(?:those\s+in|controlled\s+trial\s+of|trial\s+of|(?:were\s+"
        r"|was\s+)?(?:randomi[sz]ed|compared|assigned|allocated)\s+(?:to|with)|treated\s+(?:with|by)|receiv(?:ing|ed)"
        r"|undergoing|given|the|a|an|and|or|to|in|with|either|of|on|for|by)\b\s+)*",
        words[start:end],
        re.IGNORECASE,
    )
    start += lead.end() if lead else 0
    piece = re.split(r",\s+(?:while|whereas)\b", words[start:end], maxsplit=1)[0]
    piece = re.sub(r"(?:[\s,;:(\[.=]|\s(?:and|or|versus|vs|with|to|in|of|the|either))+$", "", piece)
    piece = re.sub(r"\s+(?:group|groups|arm|arms)$", "", piece) if re.search(r"\w\s+(?:group|arm)s?$", piece) else piece
    if piece.count("(") > piece.count(")"):
        piece = piece[: piece.rfind("(")].rstrip()
    if not re.search(r"[^\W\d_]", piece) or len(piece) > 160:
        return None
    return start, start + len(piece)


def _label_before(sentence: Sentence, count: Count, run: list[Count], position: int) -> tuple[int, int] | None:
    """The words before `(n = 60)`, back to what parts the arms."""
    words = sentence.words
    end = len(SAMPLE_MARK.sub("", words[: count.start]))
    inner = max(words.rfind("(", 0, end), words.rfind("[", 0, end))
    outside = inner >= 0 and words[inner + 1 : end].strip(" ,;:=") == ""
    if not outside and NO_NAME.search(words[inner + 1 : end]):
        outside = inner >= 0
    end = inner if outside else end
    line = (sentence.line if outside else words)[:end]
    floor = run[position - 1].after if position else 0
    start = max(floor, end - 160)
    if not outside and inner >= start and not re.search(r"[)\]]", words[inner:end]):
        start = inner + 1
    elif position == 0:
        marks = [match.end() for match in ALLOTS.finditer(line, start) if match.end() < end - 1] or [
            match.end() for match in BOUNDARY.finditer(line, start) if match.end() < end - 1
        ]
        start = marks[-1] if marks else start
    else:
        closing = REST_OF_BRACKET.match(words, floor)
        if closing and closing.end() < end and "(" not in closing[0] and "[" not in closing[0]:
            start = max(start, closing.end())
        separator = SEPARATOR.match(line, start)
        start = separator.end() if separator else start
        marks = [match.end() for match in HARD.finditer(line, start) if match.end() < end - 1]
        start = marks[-1] if marks and (end - start > 120 or start == end - 160) else start
    if named := NAMED_GROUP.search(words, start, end) or LETTERED_GROUP.search(words, start, end):
        start = named.start("name")
    return _trimmed(words, start, end)


# Of a longer stretch only the name: … were compared with the attention control group.
NAMED_GROUP = re.compile(
    r"\b(?:and|to|with|the|an?|,)\s+(?P<name>(?!(?:and|to|with|the|an?|in|of)\b)[\w\-+/]+(?:\s+(?!(?:and|to"
    r"|with|the|an?|in|of)\b)[\w\-+/]+){0,3})\s+(?:group|arm)\s*$",
    re.IGNORECASE,
)
LETTERED_GROUP = re.compile(r"\b(?P<name>(?i:groups?|arms?|cohort)\s+(?:[A-Z]|\d|[IVX]{1,3})\d?)\s*$")
NO_NAME = re.compile(
    r"^\s*\d[\d.,·]*\s*(?:mg|µg|microg|g\b|ml|IU|mcg|%|and\b)|\brespectively\b|^\s*(?:mean|median|aged?)\b",
    re.IGNORECASE,
)
REST_OF_BRACKET = re.compile(r"[^)\]]{0,60}[)\]]")
# What leads to the name of the first arm: to receive either, were randomised to, comparing, a group of.
ALLOTS = re.compile(
    r"(?:\bto\s+(?:treatment\s+with|receive|undergo)|\beither|\breceiv(?:e|ed|ing)|\bbetween|\bcompar(?:ed"
    r"|ing)|\b(?:assigned|allocated|randomi[sz]ed"
    r"|divided|randomly)\b(?:\s+(?:in\s+an?\s+)?\d+\s?:\s?\d+(?:\s?:\s?\d+)*(?:\s+(?:ratio|fashion|manner))?)?"
    r"(?:[^,;:]{0,30}?\b(?:to|into))?|\bundergo|\bunderwent|\bgroups?:|\barms?:|\bgiven"
    r"|\btreated\s+with|:)"
    r"(?:\s+(?:to|with|by|the|a|an|either|one\s+of|receive|undergo|two|three|four|groups?|arms?"
    r"|treatment\s+with|\d\)|[a-c]\)))*\s+",
    re.IGNORECASE,
)


def _label_behind(sentence: Sentence, count: Count, run: list[Count], position: int) -> tuple[int, int] | None:
    """The words behind a number, up to the next number or what ends the clause."""
    words = sentence.words
    start = count.end if count.kind == "open" else count.after
    limit = min(len(words), start + 160)
    if position + 1 < len(run):
        limit = min(limit, run[position + 1].start)
    start += len(words[start:limit]) - len(words[start:limit].lstrip(" ,:"))
    if count.kind != "sample" and (link := LINK.match(words, start, limit)):
        start = link.end()
    stop = LABEL_END.search(words, start, limit)
    end = stop.start() if stop else limit
    end = len(SAMPLE_MARK.sub("", words[:end]))
    return _trimmed(words, start, end)


LABEL_END = re.compile(
    r"[;)\](]|[,:](?=\s)|\.(?=\s|$)|(?<=\w)\s+(?:group|arm)\b(?!\s+[A-Z0-9]\b)|\s(?:and|or|versus|vs\.?|v"
    r"|while|whereas)\s+(?=(?:n\s*=\s*)?(?:the\s+(?:other\s+|remaining\s+)?)?(?:\d|(?:one|two|three|four|five"
    r"|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)\b))|\s(?:who|which|were|was|for\s+\d"
    r"|respectively)\b",
    re.IGNORECASE,
)


def _linked(sentence: Sentence, usable: list[Count]) -> Iterator[list[Arm]]:
    """`32 in the A arm and 29 in the control arm`, `86 patients received A; 90 received B`, `86 took A and 90 B`."""
    linked: list[Count] = []
    sums_here = _sums_of_two(usable)
    whole = {count.n for count in sentence.counts if count.kind in {"person", "part", "sample"}}
    for count in usable:
        if (
            count.kind in {"person", "part", "bare", "open"}
            and count.n not in sums_here
            and (_is_linked(sentence, count) or _leaves_out_its_verb(sentence, linked[-1:], count))
        ):
            linked.append(count)
    for run in _runs(sentence, linked):
        for part in _alike(sentence, run):
            if (
                not any(_is_told(sentence, count) for count in part)
                and sum(count.n for count in part[-2:]) not in whole
                and sum(count.n for count in part) not in whole
            ):
                continue
            yield [
                _with_label(sentence, count, _label_behind(sentence, count, part, position))
                for position, count in enumerate(part)
            ]


def _sums_of_two(usable: list[Count]) -> set[int]:
    """Counts that are the sum of two neighbours behind them: the whole that a sentence goes on to divide."""
    return {one.n + two.n for one, two in pairwise(usable)} & {count.n for count in usable}


def _leaves_out_its_verb(sentence: Sentence, before: list[Count], count: Count) -> bool:
    """Is it the `90 B` of `86 received A and 90 B`?"""
    if not before or count.kind not in {"bare", "open"} or count.start - before[0].end > 120:
        return False
    first = LINK.match(sentence.words, before[0].after if before[0].kind != "open" else before[0].end)
    if not first or not (first["takes"] or first["led"]):
        return False
    word = ARM_WORD.match(sentence.words, count.end)
    return (
        re.search(r"\b(?:and|,)\s*$", sentence.words[: count.start]) is not None
        and word is not None
        and word["word"].lower() not in STOPS
    )


ARM_WORD = re.compile(
    r"\s+(?:the\s+|an?\s+)?(?!(?:of|were|was|had|completed|withdrew|did|years?|months?|weeks?|days?|mg|died"
    r"|patients|received)\b)(?P<word>[^\W\d_][\w\-+]+)",
    re.IGNORECASE,
)


def _is_linked(sentence: Sentence, count: Count) -> bool:
    start = count.end if count.kind == "open" else count.after
    match = LINK.match(sentence.words, start)
    if not match or OF_THEM.search(sentence.words, max(0, count.start - 20), count.start):
        return False
    if match["led"] and match["prep"].startswith(("in ", "on ")):  # `were enrolled in the study`
        return GROUP_NEAR.match(sentence.words, match.end()) is not None
    return NO_ARM.match(sentence.words, match.end()) is None


OF_THEM = re.compile(r"\b(?:of|among)\s+(?:the\s+|these\s+)?$", re.IGNORECASE)


def _is_told(sentence: Sentence, count: Count) -> bool:
    """Is the number linked by a verb of allocation or treatment, or to words that say group or arm?"""
    match = LINK.match(sentence.words, count.end if count.kind == "open" else count.after)
    if match is None:
        return False
    if match["led"] or (match["takes"] and not match["takes"].lower().startswith("had")):
        return True
    return RANDOMISES.search(sentence.words) is not None or GROUP_NEAR.match(sentence.words, match.end()) is not None


GROUP_NEAR = re.compile(r"[^,;.()]{0,60}\b(?:groups?|arms?)\b", re.IGNORECASE)
NO_ARM = re.compile(
    r"(?:the\s+|this\s+|our\s+|a\s+)?(?:study|trial|follow|analys[ei]s|two|three|four|either|one\s+of|hospital"
    r"|both|each|whom|total|average|mean|prior|previous|randomi[sz]ation|allocated|assigned|intended"
    r"|at\s+least|any|no\s+further"
    r"|(?:study\s+|trial\s+)?(?:treatments?|medications?|drugs?|therapy|surgery)\b(?!\s+(?:with|[A-Z0-9]\b"
    r"|group|arm|and\s+(?:the\s+(?:other|remaining)\s+)?[\d,]+\s)))\b",
    re.IGNORECASE,
)


def _alike(sentence: Sentence, run: list[Count]) -> Iterator[list[Count]]:
    """Cut a run where what parts two counts is more than a separator behind the words of an arm."""
    part = [run[0]]
    for before, count in pairwise(run):
        between = sentence.words[before.end : count.start]
        others = any(before.end <= one.start < count.start and _is_subject(sentence, one) for one in sentence.counts)
        if others and (sentence.line[count.start] != " "):
            if len(part) > 1:
                yield part
            part = [count]
            continue
        level = (sentence.line[before.start] == " ") == (sentence.line[count.start] == " ")
        if level and PARTED.search(between) and not re.search(r"[.!?]\s", between):
            part.append(count)
        else:
            if len(part) > 1:
                yield part
            part = [count]
    if len(part) > 1:
        yield part


def _is_subject(sentence: Sentence, count: Count) -> bool:
    """Is this count on the main line one of people, or one that a verb follows?"""
    if sentence.line[count.start] == " ":
        return False
    return count.kind == "person" or (count.kind == "bare" and HAS_VERB.match(sentence.line, count.end) is not None)


HAS_VERB = re.compile(r"\s*(?:were|was|had|received|completed|underwent)\b", re.IGNORECASE)
PARTED = re.compile(
    r"(?:[,;:/(]|\band|\bor|\bversus|\bvs\.?|\bwhile|\bwhereas|\bwith)\s*(?:and\s+|or\s+|the\s+(?:other"
    r"|remaining)\s+|the\s+|other\s+|another\s+)*\(?(?:n\s*=\s*)?$",
    re.IGNORECASE,
)


def _listed(sentence: Sentence, usable: list[Count]) -> Iterator[list[Arm]]:
    """`397 (198 drug and 199 control)`: counts in one bracket behind their sum, or `60 cases and 58 controls`."""
    for bracket in BRACKET.finditer(sentence.words):
        inside = [count for count in usable if bracket.start() < count.start < bracket.end()]
        if len(inside) < 2:
            continue
        before = [count for count in sentence.counts if count.end <= bracket.start()]
        after = [count for count in sentence.counts if count.start >= bracket.end()]
        total = sum(count.n for count in inside)
        if any(count.n == total for count in (before[-3:] + after[:1])):
            before_it = all(NAME_BEFORE.search(sentence.words[bracket.start() : count.start]) for count in inside)
            label = _label_before if before_it else _label_behind
            yield [
                _with_label(sentence, count, label(sentence, count._replace(after=count.end), inside, at))
                for at, count in enumerate(inside)
            ]
    whole = {count.n for count in sentence.counts if count.kind == "person"}
    for pair in pairwise(usable):  # 3,309 patients were assigned to 1,657 drug and 1,652 control
        named = all(count.kind in {"bare", "open"} and ARM_WORD.match(sentence.words, count.end) for count in pair)
        if named and pair[0].n + pair[1].n in whole:
            behind = [
                _label_behind(sentence, count._replace(after=count.end), [*pair], at) for at, count in enumerate(pair)
            ]
            yield [_with_label(sentence, count, span) for count, span in zip(pair, behind, strict=True)]


NAME_BEFORE = re.compile(r"[^\W\d_]\s*[:=,]\s*$")
BRACKET = re.compile(r"[(\[][^()\[\]]{5,300}[)\]]")


def _side_by_side(sentence: Sentence, usable: list[Count]) -> Iterator[list[Arm]]:
    """`60 cases and 58 controls`, `185 drug and 192 placebo patients`: counts of which the last names people."""
    for first, second in pairwise(usable):
        if (
            second.kind != "person"
            or first.kind not in {"person", "bare", "open"}
            or (first.kind == "person" and first.after > second.start)
        ):
            continue
        between = sentence.line[first.end : second.start]
        if sentence.line[first.start] == " " and sentence.line[second.start] == " ":
            between = sentence.words[first.end : second.start]
        match = NAMED_AND.fullmatch(between)
        if (
            not match
            or not match["name"].strip()
            or not BETWEEN_ARMS.search(sentence.words)
            or SEXES.search(sentence.words[second.end : second.after])
        ):
            continue
        names = [(first.end, first.end + match.end("name")), (second.end, second.after)]
        yield [
            _with_label(sentence, count, _trimmed(sentence.words, *span))
            for count, span in zip((first, second), names, strict=True)
        ]


NAMED_AND = re.compile(
    r"(?P<name>\s+(?!(?:of|in|to|from|with|were|was|had|and|or|for|on|at|by|who|did|years?|weeks?|months?"
    r"|days?|mg|g)\b)(?:(?!(?:were|was|are|is|been|had|has|have|did|will|would)\b)[\w\-+/]+\s*){1,5}?)(?:of\s[^,;.\d]{0,50}?)?(?:\([^()]*\)\s*)?,?\s*(?:and|versus|vs\.?"
    r"|plus)\s+",
    re.IGNORECASE,
)
BETWEEN_ARMS = re.compile(
    r"\brandom|\bcontrols?\b|\bplacebo\b|\bgroups?\b|\barms?\b|\breceiv|\bmaintained\b|\bprotocol\b", re.IGNORECASE
)
SEXES = re.compile(r"\b(?:men|women|males?|females?|boys|girls)\b", re.IGNORECASE)


def _denominators(sentence: Sentence) -> list[Arm]:
    """`15/51 on A and 17/56 on B`: out of how many, where a sentence gives a result arm by arm."""
    found = OUT_OF_N.finditer(sentence.words)
    return [
        Arm(value_of(match["n"]), sentence.offset + match.start("n"), sentence.offset + match.end("n"), None, 0, 0)
        for match in found
    ]


TWO_GROUPS = re.compile(r"\b(?:groups?|arms?)\b.*\b(?:groups?|arms?)\b", re.IGNORECASE | re.DOTALL)
OUT_OF_N = re.compile(
    r"(?<![\d.,/])(?:\d{1,5}|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|none|no))\s?(?:/|\s+"
    r"(?:out\s+)?of\s+(?:the\s+)?)\s?(?P<n>\d{2,6})(?![\d.,/%]*[\d/%])(?!\s*(?:mg|ml|years?|weeks?|days?|mm"
    r"|hours?|months?|cm|kg|l\b|dl|m2|points?|items?|%))",
    re.IGNORECASE,
)


def _pairs(sentence: Sentence, usable: list[Count]) -> Iterator[list[Arm]]:
    """`67 and 65 patients received A and B, respectively`, `(n = 67 and 65)`, `58 v 61 patients`, `(67:65)`."""
    whole = {count.n for count in sentence.counts if count.kind in {"person", "part", "sample"}}
    for match in COLON.finditer(sentence.words):
        if int(match["one"]) + int(match["two"]) in whole:
            yield [
                Arm(
                    int(match[name]), sentence.offset + match.start(name), sentence.offset + match.end(name), None, 0, 0
                )
                for name in ("one", "two")
            ]
    for first, second in pairwise(usable):
        between = sentence.words[first.end : second.start]
        if not re.fullmatch(
            r"\s*(?:patients\s+)?(?:,?\s*(?:and|or|vs\.?|versus|v|,|/)\s*)(?:n\s*=\s*)?", between, re.IGNORECASE
        ):
            continue
        told = RESPECTIVELY.search(sentence.words, second.end, second.end + 200)
        assigned = ASSIGNED.match(sentence.line, second.after)
        if not told and not assigned and not (first.kind == "sample" or re.search(r"\bv|vs|versus", between)):
            continue
        if re.match(UNIT_BEHIND, sentence.words[second.end :]):
            continue
        if second.kind not in {"person", "part", "bare", "sample"} or (
            second.kind == "bare" and first.kind != "sample" and not RANDOMISES.search(sentence.words)
        ):
            continue
        labels = _respective_labels(sentence, second.after, told.start()) if told else None
        yield [
            _with_label(sentence, count, labels[position] if labels else None)
            for position, count in enumerate((first, second))
        ]


COLON = re.compile(r"[(\[]\s*(?P<one>\d{1,6})\s?:\s?(?P<two>\d{1,6})\s*[)\]]")
UNIT_BEHIND = re.compile(
    r"\s*(?:years?|months?|weeks?|days?|hours?|mg|ml|g|kg|points|cm|mm|minutes|[A-Z]\b|[µμ]\w+|mmol|kJ|kcal|IU"
    r"|Gy|Hz|bpm)\b",
    re.IGNORECASE,
)
ASSIGNED = re.compile(
    r"\s*(?:were\s+)?(?:randomly\s+)?(?:randomi[sz]ed|assigned|allocated)\s+(?:in)?to\b", re.IGNORECASE
)
RESPECTIVE = re.compile(
    r"\b(?:receive[d]?|to|in|into|with|for|assigned|allocated)\s+(?:receive\s+)?(?:the\s+)?"
    r"(?P<one>[^,;.]{2,80}?)\s+(?:and|or)\s+(?:the\s+)?(?P<two>[^,;.]{2,80}?)(?:\s+(?:groups?"
    r"|arms?))?\s*,?\s*$",
    re.IGNORECASE,
)


def _respective_labels(sentence: Sentence, start: int, end: int) -> list[tuple[int, int]] | None:
    match = RESPECTIVE.search(sentence.words, start, end)
    return [match.span("one"), match.span("two")] if match else None


READERS = [("sample", _samples), ("link", _linked), ("list", _listed), ("side", _side_by_side), ("pair", _pairs)]

# Arms of the whole trial ------------------------------------------------------------------------------------------


def arm_facts(found: Arms, totals: list[Fact]) -> list[Fact]:
    """The arms of the trial: of each role the first group that fits the total; later groups must fit the first."""
    facts: list[Fact] = []
    found = Arms([_multiplied(group, totals) for group in found.groups], found.spans)
    kept: dict[str, Group] = {}
    for group in _by_trust(found.groups, totals):
        if group.field in kept:
            continue
        base = next(iter(kept.values()), None)
        if (base is None and _fits_total(group, totals)) or (base is not None and _fits_base(group, base, totals)):
            kept[group.field] = group
    base = next(iter(kept.values()), None)
    for field, group in kept.items():
        assert base is not None
        facts += _facts_of(group, base, field, totals)
    if base is not None and (total := _sum(base, totals)):
        facts.append(total)
    return facts


def _multiplied(group: Group, totals: list[Fact]) -> Group:
    """As many arms of one size as the total has room for, where no words number them."""
    if group.form != "each" or len(group.arms) > 1:
        return group
    n = group.arms[0].n
    times = [fact.value // n for fact in totals if fact.value % n == 0 and 2 <= fact.value // n <= MOST]
    return group._replace(arms=group.arms * times[0]) if times else group


def sums(found: Arms) -> set[int]:
    """What the arms of each group add up to."""
    return {_added(group) for group in found.groups if not group.events}


def _by_trust(groups: list[Group], totals: list[Fact]) -> list[Group]:
    """The group of the randomisation first: one that adds up to a total, then by form and place."""
    sizes = {fact.value for fact in totals}
    order = {"sample": 0, "list": 0, "link": 0, "each": 0, "side": 0, "apart": 1, "pair": 1}
    return sorted(
        groups,
        key=lambda group: (
            _added(group) not in sizes or group.events,
            group.events,
            group.field != "arms.n_randomised",
            order[group.form],
            group.sentence,
        ),
    )


def _added(group: Group) -> int:
    return _added_arms(group.arms)


# Words that name a part of the patients, and no arm.
CATEGORY = re.compile(
    r"(?:severe|moderate|mild|stage|grade|type|class|smok|non-?smok|hypertensi|diabet|complete|partial|stable"
    r"|progressive|unknown|none|other|both|yes|no\s+(?:reported|evidence)|aged?\b|years?\b|elderly"
    r"|responders?)",
    re.IGNORECASE,
)


CLAUSE = re.compile(r"\b(?:will\s+be|is|are|was|were|completed|crossed|indicating)\b", re.IGNORECASE)  # no name


def _is_category(arm: Arm, group: Group) -> bool:
    """Is its name one of a part of the patients? Of those randomised, `both` and `moderate exercise` are arms."""
    label = arm.label or ""
    if not CATEGORY.match(label):
        return False
    allotted = group.form == "sample" and group.certain and group.field == "arms.n_randomised"
    return not allotted or (label.lower() not in ALONE and OF_PATIENTS.search(label) is not None)


ALONE = {"both", "none", "neither", "other"}
OF_PATIENTS = re.compile(
    r"^\w+$|\b(?:disease|stage|grade|severity|patients?|risk|status|years?|class|cases)\b", re.IGNORECASE
)


def _fits_total(group: Group, totals: list[Fact]) -> bool:
    if group.field == "arms.n_actual" and group.form in {"sample", "link"} and not group.grouped:
        named = all(arm.label and not CATEGORY.match(arm.label) for arm in group.arms)
        return named and _added(group) in {fact.value for fact in totals}
    if group.form == "each" and not group.certain and _added(group) not in {fact.value for fact in totals}:
        return False
    if any(_is_category(arm, group) or CLAUSE.search(arm.label or "") for arm in group.arms):
        return False
    if len(group.arms) == 1:
        return False  # of how many arms is not said
    group_total = _added(group)
    sizes = [
        fact.value
        for fact in totals
        if fact.field not in {"enrolment.target", "enrolment.screened", "enrolment.lost", "enrolment.excluded"}
    ]
    if group_total in sizes:
        return True
    certain = group.certain and group.field == "arms.n_randomised" and group.form in {"sample", "link", "list"}
    sizes = [
        fact.value
        for fact in totals
        if fact.field in {"enrolment.randomised", "enrolment.actual"} and not (certain and fact.state is State.UNCLEAR)
    ]
    if certain and group.form == "sample":  # no total is smaller than one arm
        sizes = [size for size in sizes if size >= max(arm.n for arm in group.arms)]
    if group.events:
        return False
    if group.form == "pair" and sizes:
        return any(0.8 * size <= group_total <= size for size in sizes)
    if not sizes and group.form == "pair":
        return group.field == "arms.n_randomised" or (group.certain and group.field == "arms.n_actual")
    if group.form == "side":
        return bool(sizes) and any(0.8 * size <= group_total <= size for size in sizes)
    if not sizes:
        return group.form == "each" or (group.form in {"sample", "link"} and (group.certain or group.form == "sample"))
    least = 0.85 if group.form == "apart" else 0.6
    return any(least * size <= group_total <= size for size in sizes)


def _fits_base(group: Group, base: Group, totals: list[Fact]) -> bool:
    """A later group has as many arms, none larger than at the start, and words that tell a role of its own."""
    if group.events or not group.certain or len(group.arms) != len(base.arms) or group.field == "arms.n_actual":
        return False
    matched = _matched(group, base)
    if matched is None:
        return False
    return (
        all(0.5 * base.arms[to].n <= arm.n <= base.arms[to].n for arm, to in zip(group.arms, matched, strict=True))
        if base.field == "arms.n_randomised"
        else False
    )


def _matched(group: Group, base: Group) -> list[int] | None:
    """The base arm of each arm of a group: by shared words of their labels, or by order if either has none."""
    if group is base or not all(arm.label for arm in base.arms):
        return list(range(len(group.arms)))
    if not any(arm.label for arm in group.arms):
        return list(range(len(group.arms)))
    chosen = []
    for arm in group.arms:
        shared = [len(_words(arm.label) & _words(other.label)) for other in base.arms]
        best = max(shared)
        if not best or shared.count(best) > 1:
            return None
        chosen.append(shared.index(best))
    return chosen if len(set(chosen)) == len(chosen) else None


def _words(label: str | None) -> set[str]:
    return set(re.findall(r"[^\W_]{2,}", (label or "").lower())) - {
        "group",
        "arm",
        "mg",
        "the",
        "and",
        "of",
        "with",
        "day",
        "patients",
        "treatment",
        "once",
        "daily",
        "week",
    }


def _facts_of(group: Group, base: Group, field: str, totals: list[Fact]) -> Iterator[Fact]:
    matched = _matched(group, base) or list(range(len(group.arms)))
    certain = (group.certain and (group.grouped or field != "arms.n_actual")) or (
        _added(group) in {fact.value for fact in totals if fact.field == "enrolment.randomised"}
        and field == "arms.n_randomised"
    )
    state = State.REPORTED if certain else State.UNCLEAR
    for arm, to in zip(group.arms, matched, strict=True):
        if group is base and arm.label:
            yield Fact(
                "arms.label", arm.label, arm.label_start, arm.label_end, "arm-of-size", {}, State.REPORTED, to + 1
            )
        yield Fact(field, arm.n, arm.start, arm.end, f"arm-size-{group.form}", {"unit": "persons"}, state, to + 1)


def denominator_facts(sentences: list[Sentence], totals: list[Fact]) -> list[Fact]:
    """How many were looked at in each arm, by the first result given arm by arm that nearly adds up to the trial."""
    sizes = [
        fact.value
        for fact in totals
        if fact.field in {"enrolment.randomised", "enrolment.actual", "enrolment.analysed"}
    ]
    for sentence in sentences:
        arms = _denominators(sentence) if "of" in sentence.words or "/" in sentence.words else []
        if len(arms) == 2 and (
            (not sizes and TWO_GROUPS.search(sentence.words))
            or any(0.6 * size <= arms[0].n + arms[1].n <= size for size in sizes)
        ):
            return [
                Fact(
                    "arms.n_analysed",
                    arm.n,
                    arm.start,
                    arm.end,
                    "arm-size-out-of",
                    {"unit": "persons"},
                    State.UNCLEAR,
                    item,
                )
                for item, arm in enumerate(arms, 1)
            ]
    return []


def _sum(base: Group, totals: list[Fact]) -> Fact | None:
    """The number randomised, where only the arms of the randomisation are given: their sum."""
    if base.field != "arms.n_randomised" or not base.certain or len(base.arms) < 2 or base.form == "pair":
        return None
    if any(
        fact.field == "enrolment.randomised"
        or (fact.field == "enrolment.actual" and (fact.state is not State.UNCLEAR or fact.value >= _added(base)))
        for fact in totals
    ):
        return None
    start, end = base.arms[0].start, base.arms[-1].end
    return Fact("enrolment.randomised", _added(base), start, end, "sum-of-arms", {"unit": "persons"}, State.DERIVED)


PLANNED_PAIR = re.compile(
    r"(?:\s+(?:patients?|participants?|subjects?|volunteers?|individuals?|adults?|children|women|men|persons?"
    r"|people|cases))?\s+(?:in|to|for|assigned\s+to)\s+(?:the\s+)?[\w\-]+(?:\s+[\w\-]+){0,3}?\s+(?:group|arm)",
    re.IGNORECASE,
)


def planned_arm_sizes(text: str) -> list[ArmSize]:
    """The sizes in `15 in the intervention group and 15 in the control group`; empty unless two arms or more are sized.

    >>> [size.n for size in planned_arm_sizes("30 patients (20 in the drug group and 10 in the control group)")]
    [20, 10]
    """
    from reviewkit.language.counted import counts

    words = plain(text)
    found = [
        ArmSize(count.n, count.start, count.end) for count in counts(words) if PLANNED_PAIR.match(words, count.end)
    ]
    return found if len(found) > 1 else []
