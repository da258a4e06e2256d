"""What sources of prose share: facts of sentences become values with quote and place, numbers are ranked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from reviewkit.documents import fold
from reviewkit.fields import catalogue
from reviewkit.identifiers import UTN, find_ids
from reviewkit.language import (
    analysis_set,
    approval,
    course,
    doses,
    facts,
    funders,
    outcomes_said,
    participants,
    received,
    reporting,
    sections,
    setting,
    sex,
    sizes,
    statements,
)
from reviewkit.language.facts import Fact
from reviewkit.language.scope import CITED, Scope, own_part, whose
from reviewkit.language.sentences import WORD, Span, sentences
from reviewkit.model import Place, Value
from reviewkit.sources.collect import Collector
from reviewkit.words import State, members

UNREAD = {"references", "coi", "data"}  # of other work, of the authors, of files
DESIGN = (
    facts.design_facts,
    sizes.size_facts,
    participants.participant_facts,
    doses.dose_facts,
    course.course_facts,
)
# What the discussion of an article compares with the doses and methods of others.
TALKED_OF = ("interventions.", "random.", "masking.description", "analysis.", "outcomes.", "recruitment.", "countries")
REPORT = (
    doses.substance_facts,
    sex.sex_facts,
    setting.setting_facts,
    outcomes_said.outcome_facts,
    analysis_set.analysis_set_facts,
    approval.approval_facts,
)
PARAGRAPH = re.compile(r"[^\r\n]+")
SENTENCE = 2000  # characters, at most
SET_FIELDS = {"design.control", "random.type"}
# What free text can be silent about (it may or may not speak of all else).
SILENCE = [
    "ids.primary", "enrolment.*", "design.*", "masking.*", "date.*", "eligibility.age_min", "eligibility.age_max",
    "eligibility.age_groups", "eligibility.sex",
]  # fmt: skip

OWN_NUMBER = re.compile(
    r"\b(?:trial registration|regist(?:ered|ration|ry)|identifier|clinicaltrials\.gov|trial number|protocol number)\b",
    re.IGNORECASE,
)
ACRONYM = re.compile(r"\b[Tt]he (?P<acronym>[A-Z][A-Za-z0-9\-]*[A-Z0-9][A-Za-z0-9\-]*) (?:[Tt]rial|[Ss]tudy)\b")
ACRONYM_BEFORE_NUMBER = re.compile(r"\s*(?P<acronym>[A-Z][A-Z0-9\-]{2,})\s*,\s*$")
NOT_ACRONYMS = {"RCT", "ITT", "COVID-19", "HIV", "MRI", "II", "III", "IV", "US", "UK", "EU"}


def own_spans(text: str, parts: Iterable[sections.Part], default: Scope = Scope.OWN) -> list[Span]:
    """The sentences about this trial; background sections speak of the field, and reference lists of others, unless
    a sentence itself says whose trial it is about. A sentence that stands twice is given once."""
    read: set[tuple[str, Scope]] = set()
    return [span for part in parts if part.name not in UNREAD for span in _own(text, part, default, read)]


def _own(text: str, part: sections.Part, default: Scope, read: set[tuple[str, Scope]]) -> Iterator[Span]:
    cited = _paragraphs_with_citations(text, part) if not part.name else []
    for start, end in sentences(text[part.start : part.end]):
        if not WORD.search(text, part.start + start, part.start + end):
            continue
        sentence = text[part.start + start : part.start + end]
        paragraph = bisect_right(cited, (part.start + start, len(text)))
        in_cited = paragraph > 0 and part.start + start < cited[paragraph - 1][1]
        unsaid = Scope.BACKGROUND if part.name == "background" or in_cited else default
        if (sentence, unsaid) in read:
            continue
        read.add((sentence, unsaid))
        own = own_part(sentence, unsaid)
        if own is not None:
            yield Span(part.start + start + own[0], part.start + start + own[1])


def _paragraphs_with_citations(text: str, part: sections.Part) -> list[tuple[int, int]]:
    """The lines of a part without heading that cite literature: about the field, unless a sentence says otherwise."""
    lines = PARAGRAPH.finditer(text, part.start, part.end)
    return [line.span() for line in lines if CITED.search(text, *line.span())]


def take_prose(collector: Collector, spans: list[Span]) -> None:
    """Every fact that these sentences state: design, sizes, participants, doses; and the statements."""
    _take(collector, spans, [reader(collector.document.text, spans) for reader in DESIGN])


def take_report(collector: Collector, spans: list[Span], parts: Iterable[sections.Part]) -> None:
    """What an article says: beside the facts of `take_prose` how the trial was done, where, with whom and who paid."""
    text = collector.document.text
    told = [(part.start, part.end) for part in parts if part.name in {"background", "conclusion"}]
    found = [[fact for fact in reader(text, spans) if not _is_talk(told, fact)] for reader in (*DESIGN, *REPORT)]
    found.append(
        funders.funder_facts(text, spans, [Span(part.start, part.end) for part in parts if part.name == "funding"])
    )
    whole = [
        fact
        for fact in reporting.reported_sentences(text, spans)
        if not _has_own_part(collector, fact) and not _is_talk(told, fact)
    ]
    found.append(list(_not_said_shorter(whole, [fact for facts_read in found for fact in facts_read])))
    _take(collector, spans, found)


def _take(collector: Collector, spans: list[Span], read: list[list[Fact]]) -> None:
    text = collector.document.text
    found = [fact for facts_read in read for fact in facts_read]
    found += received.arms_of_interventions(text, found)
    found += [fact for span in spans for fact in _acronyms(text, span)]
    add_facts(collector, sorted(found, key=lambda fact: fact.start))
    _add_statements(collector, statements.statements(text, spans), 0)


def _has_own_part(collector: Collector, fact: Fact) -> bool:
    """Does a part of the text state this already: Funding, Ethics approval, Competing interests?"""
    return fact.field.startswith("statement.") and collector.known(fact.field) is not None


def _is_talk(told: list[tuple[int, int]], fact: Fact) -> bool:
    """Is it of a kind that an article also says of others, and does it stand in the background or the discussion?"""
    if not fact.field.startswith(TALKED_OF):
        return False
    part = bisect_right(told, (fact.start, len(told) and told[-1][1])) - 1
    return part >= 0 and fact.start < told[part][1]


def _not_said_shorter(whole: list[Fact], found: list[Fact]) -> Iterator[Fact]:
    """Sentences that report an item, without those of which a few words already fill it."""
    said: dict[str, list[tuple[int, int]]] = {}
    for one in sorted(found, key=lambda fact: fact.start):
        said.setdefault(one.field, []).append((one.start, one.end))
    for fact in whole:
        # Who is masked is told by the roles; the sentence adds how, if it says so.
        spans = said.get("masking.roles" if fact.rule == "nobody-knew" else fact.field, [])
        before = bisect_right(spans, (fact.end, 0)) - 1
        if before < 0 or spans[before][1] <= fact.start:
            yield fact


def take_facts(collector: Collector, span: tuple[int, int], *, only: tuple[str, ...]) -> None:
    """Those facts of a labelled text that fill one of the fields named."""
    found = facts.design_facts(collector.document.text, _inside(collector, span))
    add_facts(collector, [fact for fact in found if fact.field in only])


def take_statements(collector: Collector, span: tuple[int, int]) -> None:
    """The statements of a labelled text."""
    _add_statements(collector, statements.statements(collector.document.text, _inside(collector, span)), 0)


def _inside(collector: Collector, span: tuple[int, int]) -> list[Span]:
    """The sentences of a labelled text that are about this trial."""
    return list(_own(collector.document.text, sections.Part("", *span), Scope.OWN, set()))


def add_facts(collector: Collector, found: Iterable[Fact]) -> None:
    """Facts as values: sets that one sentence states in parts are joined."""
    for fact in _joined(collector.document.text, list(found)):
        place = collector.document.place(fact.start, fact.end)
        quote = fold(collector.document.text[fact.start : fact.end])
        method = f"rule:{fact.rule}" if fact.state is State.DERIVED else f"{collector.source}:{fact.rule}"
        collector.add(Value(fact.field, fact.item, fact.value, fact.state, quote, place, method, fact.detail))


def _joined(text: str, found: list[Fact]) -> list[Fact]:
    """One value for a set whose members one sentence names apart (`stratified`, `block`), and for the same words
    (`Pilot study`, `pilot study`)."""
    joined: list[Fact] = []
    last: dict[str, int] = {}  # set field -> where its latest fact stands in `joined`
    words_seen: set[tuple[str, str]] = set()
    for fact in found:
        if isinstance(fact.value, str) and fact.item is None and not fact.field.startswith("interventions."):
            words = (fact.field, fact.value.casefold())
            if words in words_seen:
                continue
            words_seen.add(words)
        position = last.get(fact.field)
        if position is None or re.search(r"[.!?]\s", text[joined[position].end : fact.start][:SENTENCE]):
            if fact.field in SET_FIELDS:
                last[fact.field] = len(joined)
            joined.append(fact)
        elif not set(fact.value) <= set(joined[position].value):
            joined[position] = _both(text, joined[position], fact)
    return joined


def _both(text: str, one: Fact, other: Fact) -> Fact:
    named = {*one.value, *other.value}
    end = max(one.end, other.end)
    value = [member for member in members(catalogue()[one.field].vocabulary) if member in named]
    return one._replace(value=value, end=end, detail={"as_written": fold(text[one.start : end])})


def _add_statements(collector: Collector, found: Iterable, offset: int) -> None:
    import msgspec

    for statement in found:
        place: Place = collector.document.place(statement.place.start + offset, statement.place.end + offset)
        collector.statements.append(msgspec.structs.replace(statement, place=place))


def _acronyms(text: str, span: Span) -> list[Fact]:
    return [
        Fact(
            "acronym",
            match["acronym"],
            span.start + match.start("acronym"),
            span.start + match.end("acronym"),
            "acronym",
            {},
        )
        for match in ACRONYM.finditer(text[span.start : span.end])
        if match["acronym"] not in NOT_ACRONYMS
    ][:1]


def take_numbers(collector: Collector, parts: list[sections.Part]) -> None:
    """The trial's own registration number: labelled as such, else the only one that sentences about this trial name.

    Further labelled numbers are secondary ones; several unlabelled numbers are UNCLEAR, for the first is no better.
    """
    labelled, plain = _ranked_numbers(collector, parts)
    if labelled:
        primary, *others = labelled
        _add_primary(collector, primary)
        for item, (value, start, end) in enumerate(others, 1):
            _add_number(collector, "ids.secondary.id", value, start, end, item)
    elif len(plain) == 1:
        _add_primary(collector, plain[0])
    else:
        for _, start, end in plain:
            collector.unclear("ids.primary", (start, end), method="several-numbers")


def _ranked_numbers(collector: Collector, parts: list[sections.Part]) -> tuple[list, list]:
    text = collector.document.text
    labelled: dict[str, tuple[str, int, int]] = {}
    plain: dict[str, tuple[str, int, int]] = {}
    for part in parts:
        if part.name == "references":
            continue
        numbers = [found for found in find_ids(text[part.start : part.end]) if found.registry != UTN]
        around = sentences(text[part.start : part.end]) if numbers else []
        scopes: dict[Span, Scope] = {}
        for found in numbers:
            start, end = part.start + found.start, part.start + found.end
            sentence = around[bisect_right(around, (found.start, len(text))) - 1]
            if sentence not in scopes:
                scopes[sentence] = whose(text[part.start + sentence.start : part.start + sentence.end], Scope.OWN)
            scope = scopes[sentence]
            before = text[max(part.start + sentence.start, start - 120) : start]
            own_label = part.name == "registration" or (scope is Scope.OWN and OWN_NUMBER.search(before))
            if own_label:
                labelled.setdefault(found.value, (found.value, start, end))
            elif scope is Scope.OWN and part.name != "background":
                plain.setdefault(found.value, (found.value, start, end))
    return list(labelled.values()), list(plain.values())


def _add_primary(collector: Collector, number: tuple[str, int, int]) -> None:
    value, start, end = number
    _add_number(collector, "ids.primary", value, start, end, None)
    line_start = max(collector.document.text.rfind("\n", 0, start), collector.document.text.rfind("\r", 0, start)) + 1
    if match := ACRONYM_BEFORE_NUMBER.match(collector.document.text[line_start:start]):
        span = (line_start + match.start("acronym"), line_start + match.end("acronym"))
        collector.take("acronym", _words, span, method="acronym")


def _words(text: str):
    from reviewkit.kinds import Reading

    return Reading(text, {})


def _add_number(collector: Collector, field: str, value: str, start: int, end: int, item: int | None) -> None:
    quote, place = collector.quote((start, end)), collector.document.place(start, end)
    collector.add(Value(field, item, value, State.REPORTED, quote, place, collector.method("registration-number"), {}))
