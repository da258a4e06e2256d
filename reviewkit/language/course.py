"""When a trial recruited and whom by age, as sentences about it say: dates of recruitment, youngest and oldest age."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewkit import kinds
from reviewkit.dates import latin_digits
from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span

MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH},?\s+\d{{4}}|{MONTH}\s+(?:\d{{1,2}},\s+)?\d{{4}}"
    r"|\d{4}-\d{2}(?:-\d{2})?)"
)
PERIOD = re.compile(
    rf"\b(?:between|from)\s+(?P<first>{DATE})\s+(?:and|to|through|until|till)\s+(?P<last>{DATE})", re.IGNORECASE
)
RECRUITS = re.compile(r"\b(?:enrol|recruit|randomi[sz]|includ|assign|screen)\w*", re.IGNORECASE)
PLANNED = re.compile(r"\b(?:will|planned|plans?|expected|anticipated)\b", re.IGNORECASE)
AGED = re.compile(
    r"\b(?:aged?|adults?|ages|children|participants|patients|people|women|men)\s+(?:of\s+|between\s+|from\s+|aged\s+)?"
    r"(?P<min>\d{1,3})(?:\s+years?)?\s*(?:to|and|-|–)\s*(?P<max>\d{1,3}\s+years?)\b(?!\s+(?:ago|later|after|follow))"
    r"|\b(?P<min_only>\d{1,3}\s+years?)(?:\s+of\s+age|\s+old)?\s+(?:or|and)\s+(?:older|above|over)\b",
    re.IGNORECASE,
)


def course_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """First and last day of recruitment and limits of age, in order of place; a plan is told from what happened."""
    chosen = own_sentences(text) if spans is None else spans
    found = [fact for span in chosen for reader in (_dates, _ages) for fact in reader(text, span)]
    return sorted(found, key=lambda fact: fact.start)


def _dates(text: str, span: Span) -> Iterator[Fact]:
    sentence = latin_digits(text[span.start : span.end])
    match = PERIOD.search(sentence) if RECRUITS.search(sentence) else None
    if not match:
        return
    kind = "ANTICIPATED" if PLANNED.search(sentence) else "ACTUAL"
    for field, group in (("date.first_enrolment", "first"), ("date.recruitment_end", "last")):
        try:
            value, detail, _ = kinds.date(" ".join(match[group].split()), kind)
        except ValueError:
            continue  # a day that no calendar has is no date we may state
        yield Fact(field, value, span.start + match.start(group), span.start + match.end(group), "recruited", detail)


def _ages(text: str, span: Span) -> Iterator[Fact]:
    sentence = latin_digits(text[span.start : span.end])
    match = AGED.search(sentence)
    if not match:
        return
    for field, group in (
        ("eligibility.age_min", "min"),
        ("eligibility.age_max", "max"),
        ("eligibility.age_min", "min_only"),
    ):
        if match[group]:
            detail = {"unit": "YEAR", "no_limit": False}
            age = int(re.sub(r"\D", "", match[group]))
            yield Fact(field, age, span.start + match.start(group), span.start + match.end(group), "ages", detail)
