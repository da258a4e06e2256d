"""Consumer page of a trial finder: cards, glued labels, and every registry code told as a question with its answer.

The paragraph under a question is this trial's own value; the list under `Other …` names the values it does not have and
serves only to confirm. The page is a retelling: it has no registration number unless one stands under its own label,
its narrative is a summary and nothing else, and its objectives have lost the names of what is measured.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.documents import Document, Line
from reviewkit.fields import sayable
from reviewkit.kinds import Reading
from reviewkit.model import Record, Value
from reviewkit.sources.collect import Collector, Reader, derive_nobody_masked, derive_registry, whole_document
from reviewkit.sources.consumer_answers import (
    ARM_ROLE,
    CONTROL,
    INTERVENTION_TYPE,
    KNOWING,
    LEVELS,
    OUTCOME_TYPE,
    PHASE_WORDS,
    PURPOSE,
    SEX,
    STATUS,
    STUDY_TYPE,
    Alternatives,
    affirmed,
    alternatives,
    answer,
    masking_roles,
)
from reviewkit.sources.consumer_layout import (
    TELLING,
    TELLING_STARTS,
    Section,
    Span,
    folded,
    own_part,
    sections,
    spaced,
    trimmed,
    whole,
)
from reviewkit.words import State

NAME = "consumer-page"
KIND = "mirror"
FIELDS = sayable(
    [
        "ids.primary",
        "enrolment.*",
        "design.*",
        "masking.*",
        "date.*",
        "eligibility.age_*",
        "eligibility.sex",
    ]
)

PAGE_LINES = 5000  # such a page has some hundred lines; what shows no heading in so many is none
ENOUGH_HEADINGS = 2  # one of them alone may be a sentence of any text

OWN = "own-paragraph"

SENTENCE = re.compile(r".+?[.!?](?=\s|$)|.+$", re.DOTALL)
NUMBER = r"\d+(?:[,.'\u066c\u2019\u00a0\u2009\u202f ]\d{3})*"
DATE = spaced(
    r"\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?(?!\d)"  # 2020-07-01, 2020/07
    r"|(?:\d{1,2}(?:st|nd|rd|th)? )?[A-Za-z]{3,9}\.?,? (?:\d{1,2}(?:st|nd|rd|th)?,? )?\d{4}(?!\d)"  # July 1, 2020
    r"|\d{4}(?!\d)"
)


def recognise(document: Document) -> str | None:
    """The headings of the layout that the document shows, or None if there are too few."""
    found: dict[str, None] = {}
    for line in islice(document.lines(), PAGE_LINES):
        words = folded(line)
        found.update((heading, None) for heading in TELLING if words == heading)
        found.update((start, None) for start in TELLING_STARTS if words.startswith(start))
    return "headings " + ", ".join(map(repr, islice(found, 4))) if len(found) >= ENOUGH_HEADINGS else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The one record of a page."""
    page = Collector(document, NAME, KIND, FIELDS)
    cut = list(sections(document))
    others = _alternatives(cut)
    for section in cut:
        body = [line for line in section.body if not _take_label(page, line)]
        _take_section(page, section._replace(body=body), others)
    derive_registry(page)
    derive_nobody_masked(page)
    yield page.record(recognised_by)


def _take_section(page: Collector, section: Section, others: dict[str, Alternatives]) -> None:
    if section.key in QUESTIONS:
        _take_answer(page, section, others.get(section.key))
    elif section.key in SECTIONS:
        SECTIONS[section.key](page, section)


def _words_at(page: Collector, span: Span) -> str:
    return page.document.text[slice(*span)]


def _reads(read: Reader, words: str) -> bool:
    """Are these words one of the codes that `read` knows?"""
    try:
        read(" ".join(words.split()))
    except ValueError:
        return False
    return True


def _next_item(page: Collector, field: str) -> int:
    return max((value.item or 0 for value in page.values if value.field == field), default=0) + 1


# ---- labels that stand on any part of the page


class Label(NamedTuple):
    """A label at the start of a line, its field, and the reader of what is glued to it."""

    pattern: re.Pattern[str]
    field: str
    read: Reader


LABELS = [
    Label(spaced(r"\s*Principal [Ss]ponsor(?![a-z])\s*:?"), "sponsor.primary", kinds.text),
    Label(spaced(r"\s*Official [Tt]itle(?![a-z])\s*:?"), "title.scientific", kinds.text),
    Label(spaced(r"(?i)\s*last updated\s*:"), "registration.last_update", kinds.date),
    Label(spaced(r"(?i)\s*study start(?: date)?\s*:"), "date.first_enrolment", kinds.date),
    Label(
        spaced(
            r"\s*(?:NCT (?:ID|[Nn]umber|[Ii]dentifier)|ClinicalTrials\.gov (?:ID|[Ii]dentifier)"
            r"|Clinical [Tt]rial ID|Trial ID|Registration [Nn]umber|Identifier)(?![a-z])\s*:?"
        ),
        "ids.primary",
        kinds.trial_id,
    ),
]


def _take_label(page: Collector, line: Line) -> bool:
    """Read the line if it begins with one of `LABELS`; is it one?"""
    for label in LABELS:
        if match := label.pattern.match(line.text):
            span = own_part(page.document, line, match.end())
            if label.read is kinds.date:
                span = _date_at(line, span)
            if span[0] == span[1]:
                page.empty(label.field, trimmed(line, 0, match.end()))
            else:
                page.take(label.field, label.read, span)
            return True
    return folded(line).startswith("sourced from a government-validated")


def _date_at(line: Line, span: Span) -> Span:
    """The date that a span begins with, whatever is glued to it; the span as it is if it begins with none."""
    match = DATE.match(line.text, span[0] - line.start, span[1] - line.start)
    return (span[0], line.start + match.end()) if match else span


# ---- the cards


COUNT_OF_ONES_OWN = spaced(r"\s*\d+ criteria met\b")


def _take_top(page: Collector, section: Section) -> None:
    lines = [line for line in section.body if not COUNT_OF_ONES_OWN.match(line.text)]
    if lines and _reads(STATUS, lines[0].text):
        page.take("status.recruitment", STATUS, trimmed(lines.pop(0)))
    if lines:
        page.take("title.public", kinds.text, own_part(page.document, lines[0]))


def _take_tested(page: Collector, section: Section) -> None:
    """Interventions, the further ones after a plus sign, then their type."""
    types = [line for line in section.body if _reads(INTERVENTION_TYPE, line.text)]
    names = [span for line in section.body if line not in types and (span := _listed(line))]
    for item, span in enumerate(names, _next_item(page, "interventions.name")):
        page.take("interventions.name", kinds.text, span, item=item)
    for item, line in enumerate(types, 1):
        # One type belongs to the intervention the card leads with; otherwise they must pair off.
        if len(types) in (1, len(names)):
            page.take("interventions.type", INTERVENTION_TYPE, trimmed(line), item=item)
        else:
            page.unclear("interventions.type", trimmed(line), item=item)


def _listed(line: Line) -> Span | None:
    """The span of a name in a card, without its plus sign; None for `+ 2 more` and the like."""
    match = re.match(r"\s*(?:\+\s*(?!\d))?(?!\+)", line.text)
    span = trimmed(line, match.end()) if match else (0, 0)
    return span if span[0] < span[1] else None


def _take_conditions(page: Collector, section: Section) -> None:
    for line in section.body:
        if not _take_fact(page, line) and (span := _listed(line)):
            _take_condition(page, span)


def _take_condition(page: Collector, span: Span) -> None:
    known = {value.value.casefold() for value in page.values if value.field == "conditions"}
    if page.quote(span).casefold() not in known:
        page.take("conditions", kinds.text, span, item=_next_item(page, "conditions"))


def _take_card(page: Collector, section: Section) -> None:
    """The design in key words, and the number of participants to be enrolled."""
    for line in section.body:
        if not _take_target(page, line) and len(line.text) < 60:
            _take_key_word(page, line)


def _take_key_word(page: Collector, line: Line) -> None:
    span = own_part(page.document, line)
    words = " ".join(_words_at(page, span).split())
    if PHASE_WORDS.fullmatch(words):
        page.take("design.phase", kinds.phase, span)
    elif _reads(STUDY_TYPE, words):
        page.take("study_type", STUDY_TYPE, span)
    elif _reads(CONTROL, words):
        page.take("design.control", CONTROL, span)
    elif affirmed(words, "control") == ["none"]:
        page.unclear("design.control", span)  # which other control it is, the card does not say
    elif words.casefold().endswith(" study") or _reads(PURPOSE, words):
        page.take("design.purpose", PURPOSE, span)


TARGET = spaced(r"(?P<who>.{1,60}?) +to be (?:enrolled|recruited|included)", re.I)
NUMBER_AND_UNIT = spaced(rf"\s*(?P<n>{NUMBER}) +(?P<unit>[^\W\d][\w -]*)")


def _take_target(page: Collector, line: Line) -> bool:
    """A number of persons, or of whatever unit is named, that the trial means to enrol."""
    match = TARGET.match(line.text)
    if match:
        parts = NUMBER_AND_UNIT.fullmatch(match["who"])
        read = partial(_count_of, unit=parts["unit"]) if parts else kinds.count
        page.take("enrolment.target", read, trimmed(line, *(parts.span("n") if parts else match.span("who"))))
    return match is not None


def _count_of(words: str, unit: str) -> Reading:
    return Reading(kinds.whole_number(words), {"unit": kinds.count(f"1 {unit}").detail["unit"]})


def _count_in_digits_or_words(words: str) -> int:
    return kinds.whole_number(words) if words[:1].isdecimal() else kinds.number_in_words(words)


def _take_summary(page: Collector, section: Section) -> None:
    """The narrative: the first run of lines that are no labels. It is a paraphrase and fills no other field."""
    run: list[Line] = []
    for line in section.body:
        if run and _words_at(page, (trimmed(run[-1])[1], line.start)).strip():
            break  # a label stands between
        run.append(line)
    if run:
        page.take("summary.brief", kinds.text, whole(run))


# ---- questions and their answers

QUESTIONS = {
    "allocation": "design.allocation",
    "model": "design.model",
    "control": "design.control",
    "masking": "masking.roles",
}


def _alternatives(page: list[Section]) -> dict[str, Alternatives]:
    """Question -> what its list of other values names. A list that ends the document may be cut, so not whole."""
    lists: dict[str, Alternatives] = {}
    asked = ""
    for section in page:
        asked = section.key if section.key in QUESTIONS else asked
        about = section.key.removeprefix("others").removeprefix(":") or asked
        if section.key.startswith("others") and about:
            lists[about] = alternatives(about, section.body, whole=section.ended)
    return lists


def _take_answer(page: Collector, section: Section, others: Alternatives | None) -> None:
    """Read the first sentence of the paragraph under a question; the rest of it explains the term."""
    field = QUESTIONS[section.key]
    if not section.body:
        page.empty(field, trimmed(section.head))
    elif section.key == "masking":
        _take_masking(page, _sentences(page, section.body), others)
    else:
        read = partial(answer, question=section.key, others=others)
        page.take(field, read, _sentences(page, section.body)[0], method=OWN)


def _sentences(page: Collector, body: list[Line]) -> list[Span]:
    """The spans of the sentences of a paragraph."""
    spans = [match.span() for match in SENTENCE.finditer(page.document.text, *whole(body))]
    return [(end - len(_words_at(page, (start, end)).lstrip()), end) for start, end in spans]


def _take_masking(page: Collector, sentences: list[Span], others: Alternatives | None) -> None:
    """Roles from the parties that do not know; the label as stated, else by the number of parties.

    The page counts parties in its own list: none is open-label, one single-blind, up to four, quadruple-blind.
    """
    first = sentences[0]
    telling = next((span for span in sentences if KNOWING.search(page.quote(span).casefold())), first)
    stated = affirmed(page.quote(first), "masking")
    label = stated[0] if len(stated) == 1 else None
    roles = page.take("masking.roles", partial(masking_roles, stated=label, others=others), telling, method=OWN)
    if label:
        page.take("masking.label", partial(answer, question="masking", others=others), first, method=OWN)
    elif roles.value is not None and len(roles.value) < len(LEVELS):
        page.derive("masking.label", LEVELS[len(roles.value)], "parties-in-the-dark", telling)
    else:
        page.unclear("masking.label", telling, method=OWN)


# ---- eligibility

AGE_UNIT = r"(?:years?|months?|weeks?|days?|hours?|minutes?)"
NO_AGE_LIMIT = r"no (?:age )?limit|n/a"
AGE_FROM_TO = spaced(
    rf"\s*(?:from )?(?P<min>\d+(?: {AGE_UNIT})?) ?(?:to|-|–) ?(?P<max>\d+ {AGE_UNIT}|{NO_AGE_LIMIT})", re.I
)
AGE_AT_LEAST = spaced(
    rf"\s*(?:(?:from|over|at least|minimum) (?P<min>\d+ {AGE_UNIT})"
    rf"|(?P<older>\d+ {AGE_UNIT}) (?:and|or) (?:older|over|above))",
    re.I,
)
AGE_AT_MOST = spaced(rf"\s*(?:under|up to|at most|maximum|until) (?P<max>\d+ {AGE_UNIT})", re.I)
ANY_AGE = spaced(r"\s*(?:all ages|any age|no age limit)", re.I)
LIKE_AN_AGE = spaced(r"\s*(?:from|over|under|up to|at least|at most)(?: \d|\s*$)", re.I)
HEALTHY = spaced(r"\s*(?P<all>healthy volunteers (?:are )?(?:not allowed|not accepted|allowed|accepted))", re.I)


def _take_facts(page: Collector, section: Section) -> None:
    for line in section.body:
        _take_fact(page, line)


def _take_fact(page: Collector, line: Line) -> bool:
    """Read a line that tells age, sex or whether healthy volunteers may join; is it one, or the card's own count?"""
    if match := HEALTHY.match(line.text):
        page.take("eligibility.healthy_volunteers", _allowed, trimmed(line, *match.span("all")))
        return True
    span = own_part(page.document, line)
    if _reads(SEX, _words_at(page, span)):
        page.take("eligibility.sex", SEX, span)
        return True
    return _take_ages(page, line) or re.match(r"\s*\+ ?\d", line.text) is not None


def _allowed(words: str) -> Reading:
    return Reading("not" not in words.casefold().split(), {})


def _take_ages(page: Collector, line: Line) -> bool:
    if match := AGE_FROM_TO.match(line.text):
        unit = match["max"].rpartition(" ")[2]
        page.take("eligibility.age_min", partial(_age, unit=unit), trimmed(line, *match.span("min")))
        page.take("eligibility.age_max", kinds.age, trimmed(line, *match.span("max")))
    elif match := AGE_AT_LEAST.match(line.text):
        page.take("eligibility.age_min", kinds.age, trimmed(line, *match.span("min" if match["min"] else "older")))
    elif match := AGE_AT_MOST.match(line.text):
        page.take("eligibility.age_max", kinds.age, trimmed(line, *match.span("max")))
    elif match := ANY_AGE.match(line.text):
        for field in ("eligibility.age_min", "eligibility.age_max"):
            page.take(field, _no_limit, trimmed(line, *match.span()))
    elif LIKE_AN_AGE.match(line.text):
        page.take("eligibility.age_min", kinds.age, own_part(page.document, line))
    else:
        return False
    return True


def _age(words: str, unit: str) -> Reading:
    """An age that may leave its unit to the second one of a range (`From 18 to 65 Years`)."""
    return kinds.age(f"{words} {unit}" if words.strip().isdecimal() else words)


def _no_limit(words: str) -> Reading:
    return kinds.age("no limit")


MARK_OF_AN_ENTRY = re.compile(r"\s*(?:[-*•·–]\s+|\d{1,2}[.)]\s+)?")


def _take_criteria(page: Collector, section: Section) -> None:
    """One criterion a line, and all of them as one text."""
    text, items = f"eligibility.{section.key}", f"eligibility.{section.key}_items"
    if not section.body:
        page.empty(text, trimmed(section.head))
        return
    page.take(text, kinds.text, whole(section.body))
    for item, line in enumerate(section.body, _next_item(page, items)):
        mark = MARK_OF_AN_ENTRY.match(line.text)
        page.take(items, kinds.text, trimmed(line, mark.end() if mark else 0), item=item)


# ---- arms, objectives, centres


def _take_number_of_arms(page: Collector, section: Section) -> None:
    """The number the page counts; it is the page's arithmetic, so derived."""
    words = section.head.text.split()[0]
    start = section.head.text.index(words)
    span = trimmed(section.head, start, start + len(words))
    try:
        page.derive("design.n_arms", _count_in_digits_or_words(words), "page-arithmetic", span, detail={"unit": None})
    except ValueError:
        page.unclear("design.n_arms", span)


def _take_arm(page: Collector, section: Section) -> None:
    item = _next_item(page, "arms.label")
    page.take("arms.label", kinds.text, trimmed(section.head), item=item)
    body = section.body
    if body and _reads(ARM_ROLE, body[0].text):
        page.take("arms.role", ARM_ROLE, trimmed(body[0]), item=item)
        body = body[1:]
    if body:
        page.take("arms.description", kinds.text, whole(body), item=item)


UNIT = spaced(
    r"\bunits?(?: of measure(?:ment)?)?\s*:\s*(?P<unit>\S.*?)"
    r"(?=\s*\((?:[^()]*[:;][^()]*\)|[^()]*$)"  # a bracket that explains the scale; `(mm³)` belongs to the unit
    r"|\.?\s*$|\.\s|;)",
    re.I,
)
SCALE = spaced(
    r"\b(?:range|score)\s*:?\s*(?:from )?(?P<min>-?\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(?P<max>\d+(?:\.\d+)?)", re.I
)
DIRECTION = spaced(
    r"\b(?P<more>higher|lower)(?: \w+)? (?:indicat\w+|means?|represents?|reflects?|correspond\w* to|are|is) (?:an? )?"
    r"(?:(?P<good>better|improve\w*|less severe)|(?P<bad>worse|poorer|more severe|greater (?:severity|disability)))"
    r"(?: \w+)?",
    re.I,
)
ASSESSED = spaced(
    r"\b(?:assessed|measured|evaluated) (?:via|by|using|with|on)\s+(?P<method>.+?)(?=\.\s|\.?\s*$|;)", re.I
)
LONGEST_OBJECTIVE = 5000  # characters; longer lines are no objectives of such a page
TIME_FRAME = spaced(r"\btime ?frame\s*:\s*(?P<time>.+?)(?=\.\s|\.?\s*$|;)", re.I)


def _take_objectives(page: Collector, section: Section) -> None:
    """One objective a line. The page has lost the name of the measure and kept what was written about it."""
    kind = trimmed(section.head, 0, re.search(r"(?i)\s*objective", section.head.text).start())  # type: ignore[union-attr]
    for item, line in enumerate(section.body, _next_item(page, "outcomes.type")):
        page.add(
            Value(
                "outcomes.measure",
                item,
                None,
                State.NOT_REPORTED,
                None,
                whole_document(page.document),
                page.method("silent"),
            )
        )
        page.take("outcomes.type", OUTCOME_TYPE, kind, item=item)
        page.take("outcomes.description", kinds.text, trimmed(line), item=item)
        _take_parts_of_objective(page, line, item)


def _take_parts_of_objective(page: Collector, line: Line, item: int) -> None:
    """Unit, scale, method and time frame, where the text of an objective names them as such."""
    if len(line.text) > LONGEST_OBJECTIVE:
        return
    parts: list[tuple[re.Pattern[str], str, str, Reader]] = [
        (TIME_FRAME, "time", "outcomes.timepoint", kinds.text),
        (ASSESSED, "method", "outcomes.method", kinds.text),
        (UNIT, "unit", "outcomes.unit", kinds.text),
        (SCALE, "min", "outcomes.scale_min", _decimal),
        (SCALE, "max", "outcomes.scale_max", _decimal),
    ]
    for pattern, name, field, read in parts:
        if match := pattern.search(line.text):
            page.take(field, read, trimmed(line, *match.span(name)), item=item)
    if match := DIRECTION.search(line.text):
        better = (match["more"].casefold() == "higher") == (match["good"] is not None)
        page.take("outcomes.higher_is_better", lambda _: Reading(better, {}), trimmed(line, *match.span()), item=item)


def _decimal(words: str) -> Reading:
    return Reading(kinds.decimal(words), {})


LOCATIONS = spaced(r"\s*this study has (?:about )?(?P<n>[\w.,]+) locations?\b", re.I)
SEE_THE_LOCATION = spaced("See the location")
GLUED_NAME = re.compile(r"(?<=[a-z\u00df-\u00ff)\d.])(?=[A-Z\u00c0-\u00de])|(?<=[A-Z])(?=[A-Z][a-z]+(?:,|$))")
NAME_WITH_A_CAPITAL_INSIDE = re.compile(r"\b(?:Mc|Mac|De|Di|Du|La|Le|Van|O)$")


def _take_centres(page: Collector, section: Section) -> None:
    """The stated number of centres, then for each centre its status and, on one line, name, city and country."""
    status: Line | None = None
    for line in section.body:
        if match := LOCATIONS.match(line.text):
            page.take("design.centres.n", _number_of_centres, trimmed(line, *match.span("n")))
        elif _reads(STATUS, line.text):
            status = line
        elif status is not None or SEE_THE_LOCATION.search(line.text):
            _take_centre(page, line, status)
            status = None


def _number_of_centres(words: str) -> Reading:
    return Reading(_count_in_digits_or_words(words), {"unit": None})


def _take_centre(page: Collector, line: Line, status: Line | None) -> None:
    item = _next_item(page, "sites.name")
    start, end = own_part(page.document, line)
    name, city, region, country = _parts_of_centre(_words_at(page, (start, end)))
    if city:
        page.take("sites.name", kinds.text, (start + name[0], start + name[1]), item=item)
        page.take("sites.city", kinds.text, (start + city[0], start + city[1]), item=item)
    else:
        page.unclear("sites.name", (start + name[0], start + name[1]), item=item)
    if region:
        page.take("sites.region", kinds.text, (start + region[0], start + region[1]), item=item)
    if country and country[0] < country[1]:
        page.take("sites.country", _country, (start + country[0], start + country[1]), item=item)
    if status is not None:
        page.take("sites.status", STATUS, trimmed(status), item=item)


def _parts_of_centre(words: str) -> tuple[Span, Span | None, Span | None, Span | None]:
    """Name, city, region and country of `NameCity, Region, Country`, as spans of `words`.

    The city begins at the last capital that is glued to the word before it; without one, the name cannot be told
    from the city.
    """
    before, comma, _ = words.rpartition(",")
    country = _stripped(words, len(before) + 1, len(words)) if comma else None
    head = before if comma else words
    glued = [m.start() for m in GLUED_NAME.finditer(head) if not NAME_WITH_A_CAPITAL_INSIDE.search(head[: m.start()])]
    if not glued:
        return _stripped(words, 0, len(head)), None, None, country
    city_end = head.find(",", glued[-1])
    region = _stripped(words, city_end + 1, len(head)) if city_end >= 0 else None
    city = _stripped(words, glued[-1], city_end if city_end >= 0 else len(head))
    return _stripped(words, 0, glued[-1]), city, region, country


def _stripped(words: str, start: int, end: int) -> Span:
    part = words[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _country(words: str) -> Reading:
    from reviewkit.countries import country_code

    code = country_code(words)
    if code is None:
        raise ValueError("the English name of a country")
    return Reading(code, {"as_written": words})


SECTIONS: dict[str, Callable[[Collector, Section], None]] = {
    "top": _take_top,
    "tested": _take_tested,
    "recruited": _take_conditions,
    "conditions": _take_conditions,
    "card": _take_card,
    "details": _take_card,
    "summary": _take_summary,
    "criteria": _take_facts,
    "inclusion": _take_criteria,
    "exclusion": _take_criteria,
    "number of arms": _take_number_of_arms,
    "arm": _take_arm,
    "outcomes": _take_objectives,
    "centres": _take_centres,
}
