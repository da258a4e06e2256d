"""Numbers of participants in prose, each with its role: planned, screened, enrolled, randomised, treated, analysed.

A number about another trial is never taken: only sentences about this trial are read. Of a sentence every count is
found once (`counted`); its role is told by the verb before it (`we enrolled 40 women`) or behind its noun phrase
(`40 women with asthma were enrolled`). Numbers of arms are those of `arm_sizes`, and no totals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from reviewkit.language import arm_sizes, counted
from reviewkit.language.counted import HOLDS_COUNT, NUMERAL_WORD, Count, Sentence
from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span
from reviewkit.words import State

RANDOMISED = (
    r"(?:who\s+underwent\s+randomi[sz]ation|(?:cluster[\s-]|block[\s-])?randomi[sz]ed|randomly\s+(?:assigned"
    r"|allocated|allotted|divided|grouped"
    r"|distributed|placed|split"
    r"|enrolled|treated|given|received?|subdivided|categori[sz]ed|separated|classified)|(?:allocated|assigned"
    r"|divided|allotted"
    r"|distributed|grouped)\s+(?:at\s+random|(?:in\s+a\s+)?(?:[\w\-]+\s+)?random(?:ly|i[sz]ed)?\b))"
)
ENROLLED = (
    r"(?:enrol+ed|recruited|included|entered|accrued|registered|inducted|admitted\s+(?:to|into)\s+(?:the"
    r"|this)\s+(?:study|trial)"
    r"|selected|studied)"
)
BE = r"(?:were|was|are|is|being|have been|had been|has been)"
WILL_BE = r"(?:will be|are to be|were to be|are planned to be|were planned to be|would be|should be)"
ADVERBS = r"(?:\s+(?:(?!random|blindly)\w+ly|and(?=\s+randomly)|then|also|all|later|first|again|thus|now|therefore))*"
ANALYSIS = (
    r"(?:the\s+)?(?:[\w\-]+\s+){0,4}(?:analys[ei]s|evaluations?"
    r"|(?:[\w\-]*treat|[\w\-]*protocol|ITT|analysis)\s+(?:population|set|cohort))\b"
)


class Role(NamedTuple):
    """A role of a number: the field it fills, the rule's id and the words of the verb."""

    field: str
    rule: str
    verb: str


# After `were`; in a chain (`were enrolled and randomised`) each verb gives its role.
PASSIVE = [
    Role(
        "enrolment.analysed",
        "analysed",
        rf"(?:included\s+in(?:to)?|entered\s+in(?:to)?|eligible\s+for|available\s+for|used\s+for)\s+{ANALYSIS}"
        r"|analy[sz]ed|evaluable|assessable|evaluated\s+for\s+(?:efficacy|response|the\s+primary)",
    ),
    Role(
        "enrolment.screened",
        "screened",
        r"screened|(?:assessed|evaluated|screened|considered|reviewed)\s+for\s+(?:eligibility|inclusion"
        r"|participation|enrol\w+)",
    ),
    Role("enrolment.randomised", "randomised", RANDOMISED),
    Role("enrolment.actual", "enrolled", ENROLLED),
    Role(
        "enrolment.excluded",
        "excluded",
        r"excluded(?=\s+(?:before|prior\s+to|from\s+(?:the\s+)?(?:study|trial|randomi[sz]ation)))",
    ),
    Role("enrolment.treated", "treated", r"(?:treated|dosed|vaccinated|immuni[sz]ed|operated(?:\s+on)?|implanted)"),
    Role("enrolment.lost", "lost", r"lost\s+(?:to|from|during|at|for)\s+(?:the\s+)?(?:[\w\-]+\s+)?follow"),
    Role(
        "assigned",
        "assigned",
        r"(?:assigned|allocated|divided|grouped|allotted|distributed|split|subdivided|separated)",
    ),
    Role(
        "passed",
        "passed",
        r"(?:stratified|matched|identified|invited|approached|eligible(?=\s+and)|consented|prospectively)",
    ),
    Role(
        "weak",
        "studied",
        r"(?:investigated|examined|observed|evaluated|followed|monitored|assessed|tested|given|involved|eligible"
        r"|compared|enroled)",
    ),
]
# Without `were`.
ACTIVE = [
    Role("enrolment.randomised", "randomised", r"underwent\s+(?:\w+\s+)?randomi[sz]ation"),
    Role(
        "enrolment.actual",
        "enrolled",
        r"(?:have\s+|had\s+)?(?:participated|took\s+part|entered(?=\s+(?:the|this|into|in|our|a)\b)|enrolled(?=\s+"
        r"(?:in|into)\b)"
        r"|agreed\s+to\s+(?:participate|take\s+part|enter)|consented(?=\s+(?:to|and)))",
    ),
    Role(
        "enrolment.completed",
        "completed",
        r"(?:have\s+|had\s+)?(?:successfully\s+)?(?:completed|finished)(?!\s+(?:measures|questionnaires?|surveys?"
        r"|assessments?|an?\b|at\s+least|[\w\-]+\s+of\b|only|less|fewer|more))",
    ),
    Role(
        "enrolment.analysed",
        "analysed",
        r"(?:provided|contributed|had)\s+(?:[\w\-]+\s+){0,3}(?:data|outcomes?|results)\s+(?:for|to)\s+(?:the\s+)?"
        r"(?:primary\s+)?(?:anal|outcome)",
    ),
    Role("received", "received", r"(?:randomly\s+)?received|were\s+given"),
    Role("weak", "studied", r"(?:underwent|completed|used|consumed|performed|ingested|attended|were\s+on|followed)"),
]
# Straight behind the noun: `120 women randomised`, `512 screened`.
PARTICIPLE = [
    role for role in PASSIVE if role.rule in {"analysed", "screened", "randomised", "enrolled", "treated", "assigned"}
]


def _named(prefix: str, roles: list[Role]) -> str:
    return "|".join(f"(?P<{prefix}{index}>(?:{role.verb})\\b)" for index, role in enumerate(roles))


FIRST_VERB = re.compile(
    rf"\b(?:(?P<will>{WILL_BE})|(?P<be>{BE})){ADVERBS}\s+(?:randomly\s+(?=selected|recruited)|blindly\s+)?"
    rf"(?={_named('p', PASSIVE)})"
    rf"|\b(?:{_named('a', ACTIVE)})".replace(" ", r"\s+"),
    re.IGNORECASE,
)
NEXT_VERB = re.compile(
    rf"\s*(?:,\s*(?:and\s+)?|\band\s+|/\s*|\bthen\s+)(?:then\s+|also\s+|subsequently\s+|finally\s+|equally\s+)?"
    rf"(?:{BE}\s+)?(?:{_named('p', PASSIVE)})".replace(" ", r"\s+"),
    re.IGNORECASE,
)
VERB = re.compile(_named("p", PASSIVE), re.IGNORECASE)
GOES_ON = (
    r"\s*(?:[,.;:)\]]|$|\b(?:to|into|in|between|at|and|by|equally|for|from|with|were|was|either|received|using"
    r"|among|during|on|over|\d+)\b)"
)
BARE_PARTICIPLE = re.compile(
    rf"\s*(?:who\s+were\s+|newly\s+|(?=who\s+underwent\s+randomi))?(?:{_named('q', PARTICIPLE)})(?={GOES_ON})".replace(
        " ", r"\s+"
    ),
    re.IGNORECASE,
)
PLANNED_VERB = re.compile(
    rf"\s*{BE} (?:initially |originally )?(?:planned\b(?! to be)|needed|required|necessary|targeted"
    rf"|anticipated)".replace(" ", r"\s+"),
    re.I,
)

# What may stand between a noun phrase and its verb.
LINK = re.compile(
    r"\s*,?\s*(?:(?:all|each|both)\s+)?(?:with|without|aged?|ages|who|whose|from|in|having|undergoing"
    r"|scheduled|requiring|presenting|referred|suffering"
    r"|diagnosed|between|at|of|over|on|that|previously|treated|admitted|attending|meeting|living|taking"
    r"|receiving|older|younger|[≥>≤<]"
    r"|hospitali[sz]ed|planned|seeking|eligible|after|for|awaiting|needing|fulfilling|naive|under|candidates"
    r"|by|visiting|selected|out of|as|"
    r"responding|registered|enrolled|recruited|screened|entering|complaining|affected|mean|median|men|women"
    r"|male|female|\d+|through|to|completing|participating"
    r"|starting|among|during|known|not|newly|within|both|either|age|aging|ranging|including|consecutively"
    r"|prior|before|residing|enrolling|and|,)?",
    re.IGNORECASE,
)
FINITE = re.compile(
    r"\b(?:were|was|are|is|had|have|has|did|showed|died|developed|experienced|received|underwent|completed"
    r"|reported|achieved|withdrew|dropped|left|discontinued|failed|refused|declined)\b",
    re.I,
)
RELATIVE = re.compile(r"\b(?:who|that|which|whose|whom)\b[^,;]*?$", re.IGNORECASE)
RELATIVES = re.compile(r"\b(?:who|that|which|whose|whom)\b", re.IGNORECASE)
OTHER_SUBJECT = re.compile(
    r"[;:]|,\s+(?:while|whereas|but|of whom|of which|of these|respectively)\b|\b(?:we|they|it|she|he)\b|\b"
    r"(?:while|whereas)\b",
    re.IGNORECASE,
)
LONGEST_GAP = 400

TOTAL = (
    r"(?:(?:a total of|in total|altogether|another|all|the|these|data (?:from|on|for)|only|a further|initially"
    r"|finally)[,\s]+)?"
)
IN_A_RATIO = (  # we assigned, in a 2:1 ratio, 300 adults
    r"(?:,? (?:in|at) an? \d{1,2}\s*:\s*\d{1,2}(?:\s*:\s*\d{1,2})*(?: (?:ratio|fashion|manner))?,?"
    r"|,? \(\d{1,2}\s*:\s*\d{1,2}(?:\s*:\s*\d{1,2})*\),?)?"
)
SUBJECT = (
    r"(?:\bwe\s+(?:[\w\-]+\s+){0,4}?|\b(?:study|trial|investigators?|authors?|researchers?|project|experiment"
    r"|survey|protocol|cohort|sites?|cent(?:re|er)s?|hospitals?|and|then|phase|had|has"
    r"|(?-i:[A-Z][\w\-]*[A-Z0-9][\w\-]*))\b[^.;:,]{0,60}?)"
)
BEFORE = [
    (
        "enrolment.target",
        "planned",
        r"\b(?:will|plan(?:s|ned)? to|aim(?:s|ed)? to|intend(?:s|ed)? to|designed to|sought to) (?:enrol+|recruit"
        r"|include|randomi[sz]e|accrue|register|study)"
        r"(?: (?:a total of|approximately|about|at least|up to|an estimated))?\s*$",
    ),
    (
        "enrolment.target",
        "planned",
        r"\b(?:target|planned|required|calculated|estimated|anticipated|intended)(?: total)? (?:sample size"
        r"|enrol+ment|accrual|recruitment"
        r"|number of (?:patients|participants|subjects|women|men|adults|children|volunteers|infants|individuals))"
        r"(?:,?\s+(?:was|is|of|were|will be|set at|set to|at))*\s*:?\s*(?:a total of |approximately |about "
        r"|at least )?$",
    ),
    (
        "enrolment.target",
        "planned",
        r"\b(?:target sample|target|planned accrual|planned enrol+ment|sample size) of\s*(?:approximately |about "
        r"|at least )?$",
    ),
    (
        "enrolment.randomised",
        "randomised",
        rf"(?<!non-)(?<!non)(?<!non\s)(?<!un)(?:\brandomi[sz]ed(?: \w+ly)?|\brandomly (?:assigned|allocated|divided"
        rf"|assigning|allocating)|\brandomi[sz]ing|\brandomi[sz]ation of){IN_A_RATIO} {TOTAL}$",
    ),
    ("assigned", "assigned", rf"\bwe (?:then |also |\w+ly )?(?:assigned|allocated|allotted){IN_A_RATIO} {TOTAL}$"),
    (
        "enrolment.analysed",
        "analysed",
        rf"\b(?:analys[ei]s (?:included|comprised|of|was based on|on)|analy[sz]ed(?: data (?:from|on|for))?|data "
        rf"(?:from|on|for)) {TOTAL}$",
    ),
    (
        "enrolment.analysed",
        "analysed",
        rf"\b(?:data|information|records|questionnaires)\b(?:[^.;]|\.\d){{0,90}}?\b(?:from|for|of) {TOTAL}$",
    ),
    ("enrolment.screened", "screened", rf"{SUBJECT}\b(?:screened|assessed for eligibility) {TOTAL}$"),
    (
        "enrolment.actual",
        "enrolled",
        rf"{SUBJECT}\b(?:enrol+ed|recruited|included|accrued|entered|studied|registered|involved|enrol+s|recruits"
        rf"|includes|involves|accruing) {TOTAL}$",
    ),
    ("enrolment.actual", "enrolled", rf"\b(?:accrual|inclusion|enrol+ment|recruitment) of {TOTAL}$"),
    ("enrolment.actual", "enrolled", rf"\b(?:recruiting|enrol+ing|including|involving) {TOTAL}$"),
    ("enrolment.treated", "treated", rf"\bwe (?:\w+ly )?treated {TOTAL}$"),
    (
        "weak",
        "studied",
        rf"{SUBJECT}\b(?:investigated|examined|observed|evaluated|followed(?: up)?|monitored|assessed|tested"
        rf"|treated|compared|comprised|in|among|of|with|on) {TOTAL}$",
    ),
    (
        "enrolment.analysed",
        "analysed",
        r"\b(?:(?:intent(?:ion)?[ -]to[ -]treat|per[ -]protocol|analysis|evaluable|itt)\)? (?:analysis )?"
        r"(?:population|set|cohort)"
        rf"(?: \([^()]*\))? (?:was|were|comprised|consisted of|included|of)) {TOTAL}$",
    ),
    (
        "named",
        "studied",
        rf"\b(?:study|trial) (?:population|group|sample|participants|subjects|patients|cohort)\b[^.;:]{{0,40}}?"
        rf"(?:was|were|comprised|consisted of|included|of) {TOTAL}$",
    ),
    (
        "named",
        "studied",
        rf"(?<!safety\s)\b(?:participants|patients|subjects|volunteers|population|sample|cohort)(?:\s*:| (?:was"
        rf"|were|comprised"
        rf"|consisted of|included|of)) {TOTAL}$",
    ),
    (
        "design",
        "studied",
        rf"\b(?:trial|study|studies|comparison|compar\w+|evaluat\w+|investigat\w+|assess\w+|effects?|efficacy"
        rf"|conducted|performed|carried out|undertaken|done|design|measured|tested|determined"
        rf"|studied|experiment|obtained|collected|recorded)\b[^.;]*?"
        rf"\b(?:in|from|of|among|with|on|for) {TOTAL}$",
    ),
]
BEFORE_NUMBER = [
    (field, rule, re.compile(pattern.replace(" ", r"\s+").replace(r"\s+$", r"\s*$"), re.IGNORECASE))
    for field, rule, pattern in BEFORE
]
MAY_BE_BEFORE = re.compile(
    r"(?:of|from|on|for|in|total|altogether|all|the|these|only|with|among|to|:|size|was|were|is|at|be|least"
    r"|further|another|about|approximately|ratio|fashion|manner|\d\)|\w+(?:ed|ing|ly|s|ise|ize|it|er|ude|ol|oll|dy|ue))[,:]?\s*$",
    re.IGNORECASE,
)
RESULT = re.compile(
    r"\b(?:observed|occurred|seen|found|noted|detected|achieved|developed|available|increased|decreased"
    r"|improved|reduced|present|reported|positive|died|responses?|remissions?|probable|possible|evident"
    r"|respectively|stopped|discontinued|withdrawn|abnormal|required|complications?|experienced|showed|was"
    r"|were|failed|failure|less|more|than)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
DESIGN_WAS = re.compile(
    r"\b(?:conducted|performed|carried out|undertaken|done|studied|evaluated|investigated|assessed|compared"
    r"|tested|examined|given|administered|measured|determined)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
PART = re.compile(
    r"\b(?:sub-?groups?|sub-?stud(?:y|ies)|subsets?|subsamples?|of whom|of these|of them|of those|of which"
    r"|remaining|additional|another|further|first(?=\s+\d)"
    r"|former|latter|interim|historical|substudy|nested|(?:potential|initial|original|parent|entire)\s+"
    r"(?:\w+\s+)?(?:sample|cohort|population|trial|study)\s+of)\b",
    re.IGNORECASE,
)
NEGATED = re.compile(r"\b(?:no|not|none of|without)\s+$", re.IGNORECASE)
PART_OF = re.compile(
    r"(?<!total\s)(?<!sum\s)(?<!size\s)(?<!sample\s)\b(?:of|among)\s+(?:the\s+|all\s+|these\s+|those\s+"
    r"|our\s+)?$",
    re.IGNORECASE,
)
DENOMINATOR = re.compile(
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|none|all|most"
    r"|some|half|%|percent))\)?\s*(?:%|of|out\s+of|/|in|from)\s+(?:the\s+|all\s+|these\s+)?(?:total\s+"
    r"(?:of\s+)?)?$",
    re.IGNORECASE,
)
SHARE = re.compile(r"\s*(?:[([]\s*\d+(?:[.·,]\d+)?\s?%[^)\]]{0,40}[)\]]|\(\s*(?:of|out of)\s+\d[^()]{0,30}\))")
OF_WHOLE = re.compile(r"\s*(?:of|out\s+of|from)\s+(?:the\s+|a\s+total\s+of\s+|all\s+|these\s+)?$", re.IGNORECASE)
ONE_ARM = re.compile(
    r"\s*,?\s*(?:(?:in)?to|for|in)\s+(?:receive\s+|the\s+)?(?:(?!(?:and|or|versus|vs|either|one|two|three|four"
    r"|both)\b)[\w\-+/]+\s+){0,5}?(?:group|arm)\b(?!s)",
    re.IGNORECASE,
)
MORE_ARMS = re.compile(r"\b(?:groups?|arms?|or|versus|vs|control|placebo)\b|;", re.IGNORECASE)
TO_ARM = re.compile(r"\s*,?\s*(?:in)?to\s", re.IGNORECASE)
ALTERNATIVES = re.compile(
    r"\b(?:or|and|versus|vs|v|either|between|two|three|four|five|six|both|one of|groups|arms|treatments?"
    r"|regimens?|strategies|conditions|plus|with|different)\b|\d\s?:\s?\d|,|/",
    re.IGNORECASE,
)


class Found(NamedTuple):
    """A count with a role, and how much the words tell: 2 a verb of the trial, 1 a weaker one, 0 the bare setting."""

    fact: Fact
    strength: int
    part: bool  # of a subgroup, as far as the words go
    kind: str


def size_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """The sizes that sentences about this trial state, in order of place; each with the span of its number.

    Numbers of arms have `item` set; a number whose role no word tells is UNCLEAR, with its value.
    """
    read = (
        Sentence.of(text, span)
        for span in (own_sentences(text) if spans is None else spans)
        if HOLDS_COUNT.search(text, *span)
    )
    chosen = [sentence for sentence in read if len(sentence.counts) <= MOST_COUNTS]
    arms = arm_sizes.arms(chosen)
    taken = {start for start, _ in arms.spans}
    found = [one for sentence in chosen for one in _not_side_by_side(sentence, list(_of_sentence(sentence, taken)))]
    start = chosen[0].offset if chosen else 0
    found = [one for one in found if one.fact.state is not State.UNCLEAR or one.fact.start - start < OPENING]
    totals = _plausible(_totals(found, arm_sizes.sums(arms)))
    of_arms = arm_sizes.arm_facts(arms, totals) or arm_sizes.denominator_facts(chosen, totals)
    facts = [*(fact for fact in totals if _beside_its_arms(fact, of_arms)), *of_arms]
    return sorted(facts, key=lambda fact: fact.start)


def _beside_its_arms(total: Fact, of_arms: list[Fact]) -> bool:
    """Can a total stand beside the arms: none of them is larger, and no better number is made of them?"""
    if total.field == "enrolment.actual" and total.state is State.UNCLEAR:
        return not any(fact.field == "enrolment.randomised" for fact in of_arms)
    largest = max((fact.value for fact in of_arms if fact.field == "arms.n_randomised"), default=0)
    return total.field != "enrolment.randomised" or total.value >= largest


def _not_side_by_side(sentence: Sentence, found: list[Found]) -> list[Found]:
    """Without numbers that one sentence gives the same role twice: `cohort 1 enrolled 30 and cohort 2 enrolled 40`."""
    values: dict[tuple[str, str], set[int]] = {}
    for one in found:
        values.setdefault((one.fact.field, one.fact.detail["unit"]), set()).add(one.fact.value)
    return [
        one
        for one in found
        if one.strength < 2 or len(values[one.fact.field, one.fact.detail["unit"]]) == 1 or _leads(sentence, one, found)
    ]


LEAVING = re.compile(
    r"\b(?:leaving|of\s+(?:whom|which|these|them|those)|were\s+(?:excluded|withdrawn|ineligible))\b", re.IGNORECASE
)


def _leads(sentence: Sentence, one: Found, found: list[Found]) -> bool:
    """Is it the largest of its role, and as large as all others together, so that they are its parts?"""
    others = [other for other in found if other.fact.field == one.fact.field and other.fact.value != one.fact.value]
    after_another = max((other.fact.start for other in others if other.fact.start < one.fact.start), default=None)
    if (
        after_another is not None
        and not one.part
        and LEAVING.search(sentence.words, after_another - sentence.offset, one.fact.start - sentence.offset)
    ):
        return True
    rest = sum({other.fact.value for other in others})
    if one.fact.value == rest or one.fact.value >= 3 * rest:
        return True
    return not one.part and all(other.part for other in others)


def _of_sentence(sentence: Sentence, of_arms: set[int]) -> Iterator[Found]:
    joined = _joined_counts(sentence)
    for index, count in enumerate(sentence.counts):
        if index in joined:
            yield from _of_joined(sentence, index, joined[index])
        if any(first <= index <= last for first, last in joined.items()) or _counts_groups(sentence, index):
            continue
        if sentence.offset + count.start in of_arms or NEGATED.search(sentence.words[: count.start][-12:]):
            continue
        whole = _whole_after(sentence, index)
        for field, rule, strength in _roles(sentence, count, whole):
            if count.about and field != "enrolment.target":
                continue
            yield Found(_fact(sentence, count, field, rule), strength, _is_part(sentence, count), count.kind)


def _joined_counts(sentence: Sentence) -> dict[int, int]:
    """`60 cases and 58 controls`, `12 men, 9 women and 3 children`: where such counts begin and where they end."""
    found: dict[int, int] = {}
    for index, (one, two) in enumerate(pairwise(sentence.counts)):
        if (
            one.kind == two.kind == "person"
            and sentence.line[one.start] != " "
            and JOINED.fullmatch(sentence.line[one.after : two.start])
        ):
            start = next((first for first, end in found.items() if end == index), index)
            found[start] = index + 1
    return {first: last for first, last in found.items() if not _is_divided(sentence, first, last)}


def _is_divided(sentence: Sentence, first: int, last: int) -> bool:
    """Has each its own verb: `we screened 300 women and 120 women were randomised`?"""
    one, two = sentence.counts[first], sentence.counts[last]
    before, behind = list(_role_before(sentence, one)), list(_roles_after(sentence, two, two.after))
    return any(role[2] == 2 for role in before) and any(role[2] == 2 for role in behind)


JOINED = re.compile(r"\s*,?\s*(?:(?:of|with)\s[^,;.\d]{0,60}?)?\b(?:and|plus)\s+", re.IGNORECASE)


def _of_joined(sentence: Sentence, first: int, last: int) -> Iterator[Found]:
    """The sum of counts that one verb has, where that verb gives a role."""
    parts = sentence.counts[first : last + 1]
    whole = parts[0]._replace(n=sum(count.n for count in parts), end=parts[-1].end, after=parts[-1].after)
    for field, rule, strength in _roles(sentence, whole, whole.after):
        if field != "arm":
            fact = _fact(sentence, whole, field, rule)._replace(rule="sum-of-parts", state=State.DERIVED)
            yield Found(fact, strength, _is_part(sentence, whole), whole.kind)


def _counts_groups(sentence: Sentence, index: int) -> bool:
    """Is it the 43 of `of 154 schools asked, 43 took part`, which are schools?"""
    if not index or sentence.counts[index].kind != "bare" or sentence.counts[index - 1].kind != "group":
        return False
    between = sentence.line[sentence.counts[index - 1].after : sentence.counts[index].start]
    return re.fullmatch(r"\s*(?:[\w\-]+\s*){0,3},\s*(?:only\s+)?", between) is not None


def _fact(sentence: Sentence, count: Count, field: str, rule: str) -> Fact:
    state = State.UNCLEAR if field == "weak" else State.REPORTED
    start, end = sentence.offset + count.start, sentence.offset + count.end
    name = "enrolment.actual" if field == "weak" else field
    return Fact(name, count.n, start, end, f"size-{rule}", {"unit": count.unit or "persons"}, state)


def _whole_after(sentence: Sentence, index: int) -> int:
    """Where the noun phrase of a count ends, that of `301 of 512 screened patients` behind the whole."""
    count = sentence.counts[index]
    after = count.after
    if count.kind in {"bare", "sample"} and (share := SHARE.match(sentence.words, after)):
        after = share.end()
    if count.kind == "bare" and index + 1 < len(sentence.counts):
        following = sentence.counts[index + 1]
        if following.kind != "bare" and OF_WHOLE.fullmatch(sentence.words, after, following.start):
            return following.after
    return after


def _roles(sentence: Sentence, count: Count, after: int) -> Iterator[tuple[str, str, int]]:
    """The roles the words give this count: field, rule, strength."""
    before, behind = list(_role_before(sentence, count)), list(_roles_after(sentence, count, after))
    strong = [role for role in before if role[2] == 2]
    if not before and not behind:
        if adjective := _adjective(sentence, count):
            yield adjective
        elif _is_alone(sentence, count) or _is_introduced(sentence, count):
            yield "weak", "named", 0
    yield from strong or [role for role in behind if role[2] == 2] or before or behind


def _is_alone(sentence: Sentence, count: Count) -> bool:
    """Is it the head of words without a verb: `Participants: 40 women with asthma.`?"""
    lead = sentence.words[: count.start].strip(" (")
    if count.kind != "person" or count.n < 6 or (lead and not HEADING_LEAD.fullmatch(lead)):
        return False
    if any(other.kind == "person" and other.start > count.after for other in sentence.counts):
        return False
    words = re.split(r"[:;]", sentence.line[count.after :], maxsplit=1)[0]
    return len(FINITE.findall(words)) <= len(RELATIVES.findall(words))


def _is_introduced(sentence: Sentence, count: Count) -> bool:
    """Is it `The 54 participants were …`, `Of 60 women, …`, or the one `(n = 60)` of a sentence on a study?"""
    if count.kind == "sample":
        lone = sum(one.kind in {"sample", "person"} for one in sentence.counts) == 1
        return (
            lone
            and STUDY_IN.search(sentence.line[: count.start]) is not None
            and _behind_bracket(sentence, count) is not None
        )
    if count.kind != "person" or count.n < 6:
        return False
    if count.about:
        return False
    if TOTAL_LEAD.fullmatch(sentence.words[: count.start]) and not RESULT_VERB.search(sentence.line, count.after):
        return True
    if THERE_WERE.fullmatch(sentence.words[: count.start]):
        return True
    lead = sentence.words[: count.start].strip().lower()
    bare_noun = sentence.words[count.end : count.after].count(" ") <= 2
    return (lead == "the" and bare_noun) or (
        lead in {"of", "of the", "among", "among the"}
        and bare_noun
        and sentence.words[count.after : count.after + 1] == ","
    )


TOTAL_LEAD = re.compile(r"(?:[A-Z][\w ,&]{0,40}:)?\s*(?:a total of|in total,?|overall,?|in all,?)\s*", re.IGNORECASE)
RESULT_VERB = re.compile(
    r"\b(?:died|developed|experienced|relapsed|discontinued|withdrew|dropped|reported|achieved|responded"
    r"|showed|reached|had (?:an?|at least|adverse|serious|no|recurr\w+)|failed|declined|refused|met|progressed"
    r"|recovered|survived)\b",
    re.IGNORECASE,
)
THERE_WERE = re.compile(
    r"\s*(?:results:\s*|in all,?\s*|in total,?\s*|overall,?\s*)?there were\s+(?:a total of\s+)?", re.IGNORECASE
)
STUDY_IN = re.compile(r"\b(?:trial|study)\b[^.;]*\b(?:in|of|among|with|on|for)\b", re.IGNORECASE)
ADJECTIVES = [
    ("enrolment.randomised", "randomised", re.compile(r"\brandomi[sz]ed\b", re.IGNORECASE)),
    ("enrolment.actual", "enrolled", re.compile(r"\b(?:enrol+ed|recruited|included|participating)\b", re.IGNORECASE)),
    (
        "enrolment.analysed",
        "analysed",
        re.compile(r"\b(?:evaluable|analy[sz]ed|assessable|analy[sz]able)\b", re.IGNORECASE),
    ),
    ("enrolment.treated", "treated", re.compile(r"\btreated\b", re.IGNORECASE)),
    ("enrolment.screened", "screened", re.compile(r"\bscreened\b", re.IGNORECASE)),
]
WHOLE_LEAD = re.compile(
    r"(?:^|[.;:,]\s*)(?:(?:of|among|in|for|from|out of|there were)\s+)?(?:the|all|a total of|all the|these|our)?\s*$"
    r"|\btotal of\s*$",
    re.IGNORECASE,
)


def _adjective(sentence: Sentence, count: Count) -> tuple[str, str, int] | None:
    """The role of `Of 60 randomised patients, …`: an adjective tells it."""
    if count.kind not in {"person", "part"} or not WHOLE_LEAD.search(sentence.words[: count.start]):
        return None
    words = sentence.words[count.end : count.after]
    return next(((field, rule, 2) for field, rule, pattern in ADJECTIVES if pattern.search(words)), None)


# Those who treat take part in a trial too: `involving 21 surgeons`. Randomised, they are its participants.
OF_PROVIDERS_TOO = {"enrolled", "studied"}
PROVIDERS = re.compile(
    r"(?:surgeons?|physicians?|doctors?|clinicians?|practitioners?|therapists?|pharmacists?|investigators?)$",
    re.IGNORECASE,
)


def _counts_providers(sentence: Sentence, count: Count) -> bool:
    return PROVIDERS.search(sentence.words[count.end : count.after]) is not None


HEADING_LEAD = re.compile(r"(?:[A-Z]?[\w ,&]{0,40}:)?\s*(?:a total of)?", re.IGNORECASE)


SIZE_OF = re.compile(r"\bsample\s+size\s+of\s+[\w\s]{0,14}$", re.IGNORECASE)
CALCULATES = re.compile(
    r"\b(?:required|needed|necessary|calculat\w+|planned|aimed|target\w*|estimated|determined|would"
    r"|considered)\b|% power",
    re.IGNORECASE,
)
PER = re.compile(r"\s+(?:per|each|every)\b", re.IGNORECASE)


def _role_before(sentence: Sentence, count: Count) -> Iterator[tuple[str, str, int]]:
    before = sentence.line[max(0, count.start - 170) : count.start]
    if (
        count.kind in {"sample", "group"}
        or sentence.line[count.start] == " "
        or arm_sizes.EACH.match(sentence.line, count.end)
    ):
        return
    if PER.match(sentence.line, count.after) or DENOMINATOR.search(
        sentence.line[max(0, count.start - 40) : count.start]
    ):
        return
    if not MAY_BE_BEFORE.search(before[-24:]):
        return
    for field, rule, pattern in BEFORE_NUMBER:
        if rule == "planned" and SIZE_OF.search(before) and not CALCULATES.search(sentence.words):
            continue
        if not pattern.search(before) or (rule in OF_PROVIDERS_TOO and _counts_providers(sentence, count)):
            continue
        if field == "assigned":
            if count.kind in {"person", "part"} and _is_to_several_arms(sentence, count):
                is_random = RANDOM.search(sentence.words) is not None
                yield "enrolment.randomised" if is_random else "enrolment.actual", rule, 2
        elif field == "named":
            if count.kind in {"person", "part"}:
                yield "weak", rule, 1
        elif field in {"weak", "design"}:
            if count.kind in {"person", "part"} and (not RESULT.search(before) or DESIGN_WAS.search(before)):
                yield "weak", rule, 1 if field == "weak" else 0
        elif count.kind in {"person", "part", "open"} or field in {"enrolment.randomised", "enrolment.target"}:
            if field == "enrolment.randomised" and ONE_ARM.match(sentence.line, count.after):
                return
            yield field, rule, 2
        return


def _is_to_several_arms(sentence: Sentence, count: Count) -> bool:
    """Does the rest of the sentence name what they were assigned to as alternatives?"""
    if ONE_ARM.match(sentence.line, count.after):
        return False
    return ALTERNATIVES_NEAR.match(sentence.line, count.after) is not None


def _roles_after(sentence: Sentence, count: Count, after: int) -> Iterator[tuple[str, str, int]]:
    if count.kind == "sample":
        closed = _behind_bracket(sentence, count)
        if closed is None:
            return
        after = closed
    if DENOMINATOR.search(sentence.line[max(0, count.start - 40) : count.start]):
        return
    if arm_sizes.EACH.match(sentence.line, count.end):
        return
    if PLANNED_VERB.match(sentence.line, after):
        yield "enrolment.target", "planned", 2
        return
    line = _line_of(sentence, count)
    participle = BARE_PARTICIPLE.match(line, after) if count.kind != "sample" else None
    if participle:
        shared = any(
            SHARE.match(sentence.words, at) for at in (count.end, count.after)
        )  # 40 (20%) patients treated with …: a result
        if not shared and not (
            TO_ARM.match(line, participle.end()) and not ALTERNATIVES_NEAR.match(line, participle.end())
        ):
            yield from _kept(sentence, count, _role_of(participle, "q", PARTICIPLE), participle.end())
        after = participle.end()
    if _is_of(sentence, count):
        return
    found = _first_verb(sentence, line, after, count)
    if not found:
        return
    active = _role_of(found, "a", ACTIVE)
    if active:
        yield from _kept(sentence, count, active, found.end())
        return
    at = found.end()
    will = found["will"] is not None
    while True:
        verb = VERB.match(line, at)
        if not verb:
            return
        role = _role_of(verb, "p", PASSIVE)
        if will:
            yield "enrolment.target", "planned", 2
            return
        yield from _kept(sentence, count, role, verb.end())
        if role and role.rule in {"enrolled", "randomised"} and AND_RECEIVED.match(line, verb.end()):
            yield "enrolment.treated", "treated", 2
            return
        following = NEXT_VERB.search(line, verb.end(), min(len(line), verb.end() + 160))
        if not following or OTHER_SUBJECT.search(line, verb.end(), following.start()):
            return
        if _new_subject(sentence, verb.end(), following.start()):
            return
        at = max(following.start(name) for name in following.groupdict() if following[name] is not None)


def _line_of(sentence: Sentence, count: Count) -> str:
    """The main line, or what stands in the brackets of the count."""
    if count.kind == "sample" or sentence.line[count.start] != " ":
        return sentence.line
    closed = sentence.words.find(")", count.end)
    return sentence.words[: closed if closed >= 0 else len(sentence.words)]


AND_RECEIVED = re.compile(r"\s*,?\s*and\s+(?:then\s+|all\s+|subsequently\s+)?received\b", re.IGNORECASE)


def _role_of(match: re.Match, prefix: str, roles: list[Role]) -> Role | None:
    return next((role for index, role in enumerate(roles) if match[f"{prefix}{index}"] is not None), None)


def _counts_between(sentence: Sentence, start: int, end: int) -> bool:
    """Does the main line count people again before the verb, so that the verb may be theirs?"""
    between = (one for one in sentence.counts if start < one.start < end and sentence.line[one.start] != " ")
    return any(
        one.kind in {"person", "part", "bare"} and not NOT_SUBJECT.search(sentence.line[: one.start]) for one in between
    )


def _new_subject(sentence: Sentence, start: int, end: int) -> bool:
    """Does a verb between the two places have a number of its own: `40 were screened, with 30 being randomised`?"""
    return any(start < one.start < end and HAS_VERB.match(sentence.line, one.after) for one in sentence.counts)


HAS_VERB = re.compile(r"\s*(?:being|were|was|had|received|completed)\b", re.IGNORECASE)
COORDINATED = re.compile(r"\b(?:or|and|but)\b", re.IGNORECASE)
AND_ALSO = re.compile(
    r"\s*(?:were|was|met)\s[^,;.]{1,80}\band\s*", re.IGNORECASE
)  # were eligible and (were) randomised
NOT_SUBJECT = re.compile(r"\b(?:of|from|in|at|with|by|to|than|for)\s+(?:the\s+)?$", re.IGNORECASE)


def _first_verb(sentence: Sentence, line: str, after: int, count: Count) -> re.Match | None:
    limit = min(len(line), after + LONGEST_GAP)
    at = after
    while match := FIRST_VERB.search(line, at, limit):
        gap = line[after : match.start()]
        if count.kind in {"bare", "open", "group"}:
            return match if not gap.strip(" ,") else None
        if (
            not LINK.match(gap)
            or OTHER_SUBJECT.search(gap)
            or OTHER_COUNT.search(gap)
            or _counts_between(sentence, after, match.start())
        ):
            return None
        if re.search(r"\b(?:who|that|which|or|had|have)\s*$", gap) or (
            gap.endswith("and ") and not AND_ALSO.fullmatch(gap)
        ):
            at = match.end()
            continue
        if AND_ALSO.fullmatch(gap):
            return match
        relative = RELATIVES.search(gap)
        allowed = 1 + len(COORDINATED.findall(gap, relative.end())) if relative else 0
        return match if len(FINITE.findall(gap)) <= allowed else None
    return None


OTHER_COUNT = re.compile(
    r"[,;]\s+(?:and\s+)?(?:\d+|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\w+teen|\w+ty"
    r"(?:-\w+)?)\b)\s*(?:\s|$)(?!years|yr|months|weeks|days|to\b|mg)",
    re.IGNORECASE,
)


def _kept(sentence: Sentence, count: Count, role: Role | None, end: int) -> Iterator[tuple[str, str, int]]:
    """The role of a verb, unless it is one arm's, or only words that fit any part of the trial."""
    line = sentence.line
    if role is None or role.field == "passed" or _is_placed(sentence, count) or _has_counterpart(line, role, end):
        return
    if count.n < 4 and count.kind in {"bare", "open"} and role.field != "enrolment.lost":
        return
    if role.field in OF_ARMS_TOO and _is_of_one_arm(sentence, count, line, end):
        if role.field == "enrolment.randomised" or (role.field == "assigned" and RANDOM.search(sentence.words)):
            yield "arm", "randomised", 1
        elif role.field == "assigned":
            yield "arm", "assigned", 1
        return
    if count.kind == "open" and role.field not in {"enrolment.randomised", "enrolment.actual", "assigned"}:
        return
    if count.kind == "group" and role.field != "enrolment.randomised":
        return
    if role.field == "assigned":
        if RANDOM.search(sentence.words):
            yield "enrolment.randomised", "assigned-in-a-randomised-trial", 2
        else:
            yield "enrolment.actual", "assigned", 1
    elif role.field == "received":
        if GENERIC.match(line, end) or ALTERNATIVE_TREATMENTS.match(line, end):
            yield "enrolment.treated", "treated", 2
        elif count.kind in {"person", "part"}:
            yield "weak", "received", 0
    elif role.field == "weak":
        if count.kind in {"person", "part", "sample"}:
            yield "weak", role.rule, 1
    else:
        yield role.field, role.rule, 2


RANDOM = re.compile(r"\brandom", re.IGNORECASE)
OF_ARMS_TOO = {"enrolment.randomised", "assigned", "received", "enrolment.treated"}


def _is_of_one_arm(sentence: Sentence, count: Count, line: str, end: int) -> bool:
    """Do the words behind the verb name one arm only: `60 were randomised to the drug group.`?"""
    if _is_of(sentence, count) and TO_ARM.match(line, end) and not OR_OTHER.match(line, end):
        return True
    one_arm = ONE_ARM.match(line, end)
    if one_arm:
        return MORE_ARMS.search(line, one_arm.end()) is None
    return TO_ARM.match(line, end) is not None and ALTERNATIVES.search(line, end, end + 500) is None


ALTERNATIVES_NEAR = re.compile(
    r"[^;.]*?(?:\b(?:or|either|versus|vs|groups|arms|two|three|four|one of|both|different|and)\b|\d\s?:\s?\d)",
    re.IGNORECASE,
)
OR_OTHER = re.compile(r"[^,;]*\b(?:or|either|versus|vs)\b", re.IGNORECASE)


def _is_placed(sentence: Sentence, count: Count) -> bool:
    """Is it the 23 of `from 23 centres were randomised`, which no verb is about?"""
    if sentence.line[count.end :].lstrip().startswith("being"):
        return False
    return (
        count.kind in {"bare", "open", "group"}
        and PLACED.search(sentence.line[max(0, count.start - 20) : count.start]) is not None
    )


def _has_counterpart(line: str, role: Role, end: int) -> bool:
    """Does the sentence go on to the other half: `60 were recruited from the town and 40 from the country`?"""
    return role.rule == "enrolled" and COUNTERPART.match(line, end) is not None


PLACED = re.compile(r"\b(?:from|in|at|to|within|across|by|for|with|over|between|than)\s+(?:the\s+)?$", re.IGNORECASE)
COUNTERPART = re.compile(
    rf"\s+(?:from|in|at|to|by)\s[^.;]{{0,80}}?\b(?:and|while|whereas|,)\s+(?:the\s+(?:other|remaining)\s+)?"
    rf"(?:\d+|{NUMERAL_WORD.pattern})\s+(?:from|in|at|to|by)\s",
    re.IGNORECASE,
)
GENERIC = re.compile(
    r"\s+(?:the\s+|their\s+|an?\s+|any\s+|at\s+least\s+(?:one|1|a\s+single)\s+|(?:one|1)\s+or\s+more\s+)?"
    r"(?:study\s+|trial\s+|allocated\s+|assigned\s+|randomi[sz]ed\s+|investigational\s+|protocol\s+)*"
    r"(?:treatments?|interventions?|medications?|drugs?|doses?|therapy|vaccines?|vaccinations?|injections?"
    r"|products?)\b(?!\s+with)",
    re.IGNORECASE,
)
ALTERNATIVE_TREATMENTS = re.compile(r"\s+(?:either\b|[^.;,]{3,80}?\b(?:or|versus|vs)\b)", re.IGNORECASE)


def _behind_bracket(sentence: Sentence, count: Count) -> int | None:
    """Where the bracket of `patients (n = 40)` closes, if people are named before it and it is the only one."""
    opened = max(sentence.words.rfind("(", 0, count.start), sentence.words.rfind("[", 0, count.start))
    closed = min(
        (at for at in (sentence.words.find(")", count.end), sentence.words.find("]", count.end)) if at >= 0), default=-1
    )
    if opened < 0 or closed < 0:
        return None
    if (
        sum(one.kind == "sample" for one in sentence.counts) > 1
        and sentence.words[max(0, count.start - 4) : count.start].lstrip()[:1] != "N"
    ):
        return None
    words = re.findall(r"[\w\-]+", sentence.line[max(0, opened - 160) : opened])
    if not any(counted.kind_of(word.lower()) for word in words[-18:]):
        return None
    return closed + 1


def _is_of(sentence: Sentence, count: Count) -> bool:
    """Is it `of 40 patients` that something is said of some?"""
    match = PART_OF.search(sentence.line[max(0, count.start - 40) : count.start])
    if not match:
        return False
    return WHOLE_WORD.search(sentence.line[max(0, count.start - 40) : count.start]) is None


WHOLE_WORD = re.compile(
    r"\b(?:total|sum|sample|size|cohort|series|population|groups?|number|pool|set|data|records|eyes|knees"
    r"|teeth|hips)\s+of\s+(?:the\s+|all\s+)?$",
    re.IGNORECASE,
)


def _is_part(sentence: Sentence, count: Count) -> bool:
    if sentence.line[count.start] == " " and count.kind != "sample":
        return True
    return PART.search(sentence.line, max(0, count.start - 80), count.after) is not None


def _totals(found: list[Found], sums: set[int]) -> list[Fact]:
    """One number a role: the first that the words give the whole trial, or of several the sum of its arms."""
    kept: list[Fact] = []
    found = [*found, *_lone_arm(found)]
    strong = [
        one
        for one in found
        if one.fact.field != "arm" and one.strength > 0 and (one.strength == 2 or one.fact.state is not State.UNCLEAR)
    ]
    for field in dict.fromkeys(one.fact.field for one in strong):
        of_role = [one for one in strong if one.fact.field == field]
        units = dict.fromkeys(one.fact.detail["unit"] for one in of_role)
        for unit in units:
            kept.append(_first_whole([one for one in of_role if one.fact.detail["unit"] == unit], sums))
    if not any(fact.field in {"enrolment.actual", "enrolment.randomised"} for fact in kept):
        weak = [one for one in found if one.fact.state is State.UNCLEAR and one.fact.field == "enrolment.actual"]
        stated = [fact.value for fact in kept if fact.field in {"enrolment.treated", "enrolment.analysed"}]
        weak = [one for one in weak if all(one.fact.value > value for value in stated)]
        weak = [one for one in weak if not one.part]
        if weak:
            best = max(one.strength for one in weak)
            kept.append(_first_whole([one for one in weak if one.strength == best], sums))
    return kept


MOST_COUNTS = 40  # in one sentence; with more it is a table that lost its lines
OPENING = (
    6000  # characters: title, abstract, beginning of the methods; a number without a role further on is of anything
)


def _plausible(totals: list[Fact]) -> list[Fact]:
    """Without numbers that cannot be of the whole trial: three analysed of 120, fewer screened than randomised."""
    main = [fact.value for fact in totals if fact.field in {"enrolment.randomised", "enrolment.actual"}]
    main = main or [max((fact.value for fact in totals if fact.field in LATER), default=0)]
    least, most = min(main), max(main)
    kept = []
    for fact in totals:
        if fact.value < FEWEST and fact.field not in {"enrolment.lost", "enrolment.excluded"}:
            continue
        if fact.field in LATER and not 0.5 * least <= fact.value <= most:
            continue
        if fact.field == "enrolment.actual" and fact.value < 0.5 * most:
            continue
        if fact.field == "enrolment.screened" and fact.value < least:
            continue
        kept.append(fact)
    return kept


FEWEST = 3  # a study of fewer persons is a report of cases
LATER = {"enrolment.treated", "enrolment.analysed", "enrolment.completed"}


def _lone_arm(found: list[Found]) -> list[Found]:
    """What looks like one arm's number, where no other number was randomised: the trial's, told by halves."""
    of_arms = [one for one in found if one.fact.field == "arm"]
    if len({one.fact.value for one in of_arms}) != 1 or any(
        one.fact.field in {"enrolment.randomised", "enrolment.actual"} for one in found
    ):
        return []
    fact = of_arms[0].fact
    field = "enrolment.randomised" if fact.rule == "size-randomised" else "enrolment.actual"
    return [of_arms[0]._replace(fact=fact._replace(field=field))]


def _first_whole(candidates: list[Found], sums: set[int]) -> Fact:
    whole = [one for one in candidates if not one.part] or candidates
    value = next((one.fact.value for one in whole if one.fact.value in sums), whole[0].fact.value)
    same = [one for one in whole if one.fact.value == value]
    return next((one.fact for one in same if one.kind != "bare"), same[0].fact)
