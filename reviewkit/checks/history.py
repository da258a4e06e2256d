"""What changed from one version of a registry entry to the next: size, dates, outcomes, masking and eligibility.

Sources: CONSORT 2010 items 3b, 6b and 7a (2025: 10, 16a); SPIRIT 2013 item 25 (amendments); INSPECT-SR 2.3. A change is
no fault: each finding says what was changed, between which versions, and whether before or after the trial began and
ended. Unchanged versions are CONSISTENT; an entry with one version gives no finding. In an entry's course the number
enrolled takes the place of the number planned, so both are named in their roles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from reviewkit import versions
from reviewkit.checks.wording import KIND_WORDS, counted, in_words, kind_of, listed, once, title
from reviewkit.dates import days_apart
from reviewkit.kinds import whole_number
from reviewkit.model import Finding, Record, Study, Value
from reviewkit.words import State, Verdict

SIZES = {"enrolment.target": "planned", "enrolment.actual": "enrolled"}
DATES = ("date.first_enrolment", "date.recruitment_end", "date.primary_completion", "date.completion")
ENDS = ("date.completion", "date.primary_completion")
CRITERIA = ("eligibility.inclusion", "eligibility.exclusion")
LIMITS = (
    *("eligibility.age_min", "eligibility.age_max", "eligibility.sex"),
    "eligibility.healthy_volunteers",
)
TELLING = re.compile(r"[^\W_]|[<>≤≥=%±+/]|(?<=\d)[.,](?=\d)")  # of a text: marks of lists and layout tell nothing
LONGEST = 120  # characters of a text that a message quotes
MOST = 3  # texts of one kind that a message quotes
MASKED = {"masking.label": "The masking was", "masking.roles": "Those masked were"}
OUTCOME_TYPES = ("PRIMARY", "SECONDARY")


class Step(NamedTuple):
    """Two versions of an entry that follow each other, and the entry they are of."""

    before: Record
    after: Record
    entry: list[Record]


class Change(NamedTuple):
    """What a step changed: in words, and the values that differ."""

    words: str
    values: list[Value]


def history_size(study: Study) -> list[Finding]:
    """Was the sample size changed? Planned and enrolled numbers keep their roles.

    Source: CONSORT 2010 item 7a (2025: 16a); INSPECT-SR 2.3: a missed target is no marker of misconduct.
    """
    found = _findings(study, "history-size", "the sample size", (tuple(SIZES),), _sizes)
    return found + _first_sizes(study)


def history_dates(study: Study) -> list[Finding]:
    """Were start, end of recruitment or completion moved? Source: CONSORT 2010 item 14a (2025: 23a)."""
    return _findings(study, "history-dates", "the dates", [(field,) for field in DATES], _dates)


def history_outcomes(study: Study) -> list[Finding]:
    """Were primary or secondary outcomes added, dropped, exchanged or given another time?

    Source: CONSORT 2010 item 6b (2025: 10); RoB 2, signalling question 5.1: a plan finalised before unblinding.
    """
    found = _findings(study, "history-outcomes", "the outcomes", (("outcomes.measure",),), _outcomes)
    return found + _first_outcomes(study)


def history_masking(study: Study) -> list[Finding]:
    """Was the masking changed? Source: CONSORT 2010 items 3b and 11a (2025: 10, 20a)."""
    return _findings(study, "history-masking", "the masking", [(field,) for field in MASKED], _masking)


def history_eligibility(study: Study) -> list[Finding]:
    """Were the criteria or the limits of age and sex changed? Source: CONSORT 2010 item 3b (2025: 10)."""
    fields = [(field,) for field in (*CRITERIA, *LIMITS)]
    return _findings(study, "history-eligibility", "the eligibility", fields, _eligibility)


def _findings(
    study: Study, check: str, what: str, fields: Sequence[Sequence[str]], compare: Callable[..., Iterable[Change]]
) -> list[Finding]:
    """A finding for each change of each group of fields; one that nothing changed if none of them did."""
    entries = [entry for entry in map(_dated, versions.entries(study.records)) if len(entry) > 1]
    found: list[Finding] = []
    for entry in entries:
        registration = _number(entry) if len(study.numbers()) > 1 else None
        steps = [(group, step) for group in fields for step in _steps(entry, group)]
        changed = [(step, change) for group, step in steps for change in compare(step, *group)]
        found += [_changed(check, step, change, registration) for step, change in changed]
        if steps and not changed:
            found.append(_unchanged(check, what, steps, registration))
    return found


def _dated(entry: list[Record]) -> list[Record]:
    """The versions of an entry that have a day, oldest first; a state told twice counts once."""
    kept: dict[tuple[str, int | None], Record] = {}
    for record in entry:
        if (day := versions.day_of(record)) is not None:
            kept[day, versions.number_of(record)] = record
    return list(kept.values())


def _steps(entry: list[Record], fields: Sequence[str]) -> list[Step]:
    """Each version that speaks of a field with the next that does."""
    speaking = [record for record in entry if any(_words(record, field) for field in fields)]
    return [Step(before, after, entry) for before, after in pairwise(speaking)]


def _words(record: Record, field: str) -> list[Value]:
    """What a record says of a field: its values, and words whose part of the criteria is open."""
    unclear = field in CRITERIA
    return [v for v in record.all(field) if v.value is not None or v.detail.get("no_limit") or (
        unclear and v.state is State.UNCLEAR and v.quote
    )]  # fmt: skip


def _number(entry: Sequence[Record]) -> str | None:
    return next((str(value.value) for record in entry if (value := record.first("ids.primary"))), None)


# What a step changed


def _sizes(step: Step, *fields: str) -> Iterable[Change]:
    """One number in each version; two roles are two facts, but the entry shows one number after the other."""
    before = [value for field in fields for value in step.before.known(field)]
    after = [value for field in fields for value in step.after.known(field)]
    same_role = [(a, b) for a in before for b in after if a.field == b.field]
    for one, other in same_role or [(a, b) for a in before[-1:] for b in after[-1:]]:
        if one.value != other.value:
            yield Change(f"The sample size was changed from {_size(one)} to {_size(other)}", [one, other])


def _size(value: Value) -> str:
    role = SIZES[value.field] if value.state is not State.UNCLEAR else "not said to be planned or enrolled"
    return f"{value.value:,} {role}"


def _dates(step: Step, field: str) -> Iterable[Change]:
    """The date itself; one that is only told more finely, or has come true as planned, was not moved."""
    before, after = step.before.known(field), step.after.known(field)
    pairs = [(a, b) for a in before for b in after if kind_of(a) == kind_of(b)] or [
        *zip(before[:1], after[:1], strict=False)
    ]
    for one, other in pairs:
        first, second = versions.certain(one), versions.certain(other)
        if not first.startswith(second) and not second.startswith(first):
            words = f"The {title(one)} was moved from {_date(one)} to {_date(other)}, {_gap(second, first)}"
            yield Change(words, [one, other])


def _date(value: Value) -> str:
    kind = kind_of(value)
    return f"{versions.certain(value)}{'' if kind == 'UNKNOWN' else f' ({KIND_WORDS[kind]})'}"


def _gap(later: str, earlier: str) -> str:
    least, greatest = days_apart(later, earlier)
    side = "later" if least + greatest > 0 else "earlier"
    low, high = sorted((abs(least), abs(greatest)))
    return f"{counted(low, 'day')} {side}" if low == high else f"{low:,} to {counted(high, 'day')} {side}"


def _outcomes(step: Step, field: str) -> Iterable[Change]:
    """Measures by their words: gone, new, of another type, at another time."""
    before, after = _measures(step.before), _measures(step.after)
    for kind in OUTCOME_TYPES:
        gone = [m for key, m in before.items() if m.type == kind and key not in after]
        new = [m for key, m in after.items() if m.type == kind and key not in before]
        if gone or new:
            parts = [f"{word} {_quoted(of)}" for word, of in (("gone", gone), ("new", new)) if of]
            yield Change(
                f"The {in_words(kind)} outcomes were changed: {'; '.join(parts)}", [m.measure for m in gone + new]
            )
    for key, one in before.items():
        other = after.get(key)
        if other is None or not {one.type, other.type} & set(OUTCOME_TYPES):
            continue
        if one.type and other.type and one.type != other.type:
            words = f"The outcome {_quoted([one])} was changed from {in_words(one.type)} to {in_words(other.type)}"
            yield Change(words, [one.measure, other.measure])
        if one.time and other.time and _telling(one.time) != _telling(other.time):
            words = f"The time of the {in_words(other.type or 'OTHER')} outcome {_quoted([other])} was changed"
            times = f" from {_short(str(one.time.value))} to {_short(str(other.time.value))}"
            yield Change(words + times, [one.time, other.time])


class Measure(NamedTuple):
    """One outcome of a version: its measure, type, and time point."""

    measure: Value
    type: str
    time: Value | None


def _measures(record: Record) -> dict[str, Measure]:
    """Telling words of the measure -> the outcome; the second with the same words, at another time, has its own key."""
    types = {value.item: str(value.value) for value in record.known("outcomes.type")}
    times = {value.item: value for value in record.known("outcomes.timepoint")}
    found: dict[str, Measure] = {}
    same: dict[str, int] = {}
    for value in record.known("outcomes.measure"):
        key = _telling(value)
        same[key] = same.get(key, 0) + 1
        found[f"{key} {same[key]}"] = Measure(value, types.get(value.item, ""), times.get(value.item))
    return found


def _quoted(measures: Sequence[Measure]) -> str:
    shown = [_short(str(measure.measure.value)) for measure in measures[:MOST]]
    more = f" and {len(measures) - MOST} more" if len(measures) > MOST else ""
    return listed(shown) + more


def _masking(step: Step, field: str) -> Iterable[Change]:
    one, other = step.before.first(field), step.after.first(field)
    if one is not None and other is not None and _as_set(one) != _as_set(other):
        yield Change(f"{MASKED[field]} changed from {_member(one)} to {_member(other)}", [one, other])


def _as_set(value: Value) -> frozenset:
    return frozenset(value.value if isinstance(value.value, list) else [value.value])


def _member(value: Value) -> str:
    if isinstance(value.value, list):
        return listed(map(in_words, value.value)) if value.value else "nobody"
    if isinstance(value.value, bool):
        return "yes" if value.value else "no"
    unit = value.detail.get("unit")
    words = "no limit" if value.value is None else in_words(str(value.value))
    return f"{words} {in_words(unit)}s" if unit else words


def _eligibility(step: Step, field: str) -> Iterable[Change]:
    before, after = _words(step.before, field), _words(step.after, field)
    if field in CRITERIA:
        if _all_telling(before) != _all_telling(after):
            yield Change(f"The {title(before[0])} were changed{_lines(before, after)}", [*before, *after])
        return
    one, other = before[0], after[0]
    if (one.value, one.detail.get("unit")) != (other.value, other.detail.get("unit")):
        yield Change(f"The limit '{title(one)}' was changed from {_member(one)} to {_member(other)}", [one, other])


def _text(value: Value) -> str:
    return str(value.value) if value.value is not None else value.quote or ""


def _telling(value: Value) -> str:
    return "".join(TELLING.findall(_text(value).casefold()))


def _all_telling(values: Sequence[Value]) -> str:
    return "".join(map(_telling, values))


def _lines(before: Sequence[Value], after: Sequence[Value]) -> str:
    """The lines that only one side has, as far as they are few and short enough to be shown."""
    sides = [
        {"".join(TELLING.findall(line.casefold())): line for value in values for line in _text(value).splitlines()}
        for values in (before, after)
    ]
    gone = [line for key, line in sides[0].items() if key and key not in sides[1]]
    new = [line for key, line in sides[1].items() if key and key not in sides[0]]
    parts = [f"{word} {listed(map(_short, lines[:MOST]))}" for word, lines in (("gone", gone), ("new", new)) if lines]
    return f": {'; '.join(parts)}" if parts else ""


def _short(words: str) -> str:
    line = " ".join(words.split())
    return f"'{line if len(line) <= LONGEST else line[: LONGEST - 1] + '…'}'"


# The findings


def _changed(check: str, step: Step, change: Change, registration: str | None) -> Finding:
    message = f"{change.words}, {_between(step)}{_when(step)}."
    return Finding(check, Verdict.ATTENTION, message, once(change.values), registration=registration)


def _between(step: Step) -> str:
    return f"between the versions of {_version(step.before)} and {_version(step.after)}"


def _version(record: Record) -> str:
    number = record.first("source.version")
    return f"{versions.day_of(record)}{f' (no. {number.value})' if number is not None else ''}"


def _when(step: Step) -> str:
    """On which side of the start and of the end the later version stands, by the dates the entry gives today.

    A trial that was withdrawn never began, whatever its entry still says of a start.
    """
    if any(value.value == "WITHDRAWN" for value in step.entry[-1].known("status.recruitment")):
        return ""
    day = versions.day_of(step.after) or ""
    starts = versions.starts_of(step.entry)
    words = _side(day, starts[0], "start") if starts else ""
    ended = next((known for field in ENDS if (known := step.entry[-1].known(field))), [])
    if ended and days_apart(day, versions.certain(ended[0]))[0] > 0:
        words += (
            f"{' and' if words else ','} after the {_kinded(ended[0])}{title(ended[0])} ({versions.certain(ended[0])})"
        )
    return words


def _side(day: str, event: Value, name: str) -> str:
    least, greatest = days_apart(day, versions.certain(event))
    side = "before" if greatest < 0 else "after" if least > 0 else "about the time of"
    return f", {side} the {_kinded(event)}{name} ({versions.certain(event)})"


def _kinded(value: Value) -> str:
    kind = kind_of(value)
    return "" if kind == "UNKNOWN" else f"{KIND_WORDS[kind]} "


def _unchanged(check: str, what: str, steps: Sequence[tuple[Sequence[str], Step]], registration: str | None) -> Finding:
    """All versions say the same: the first and the last of them, and the values of both."""
    speaking = {id(record) for _, step in steps for record in (step.before, step.after)}
    own = [record for record in steps[0][1].entry if id(record) in speaking]
    fields = dict.fromkeys(field for group, _ in steps for field in group)
    values = [value for record in (own[0], own[-1]) for field in fields for value in _words(record, field)]
    message = (
        f"The {len(own)} versions loaded, from {_version(own[0])} to {_version(own[-1])}, give {what} without a change."
    )
    return Finding(check, Verdict.CONSISTENT, message, once(values), registration=registration)


def _alone(study: Study) -> list[Record]:
    """The entries of which no other version is loaded."""
    return [entry[-1] for entry in versions.entries(study.records) if len(_dated(entry)) < 2]


def _original(record: Record) -> dict[str, Value]:
    """What the registry's own list of versions says was another at first: name of the part -> its label."""
    labels = record.known("registration.changes.label")
    return {str(label.value): label for label in labels if label.method == "rule:ctgov-original-data"}


def _last_changed(record: Record, label: Value) -> str:
    changed = next((v for v in record.known("registration.changes.date") if v.item == label.item), None)
    return f"; last changed by the version of {changed.value}" if changed is not None else ""


def _first_sizes(study: Study) -> list[Finding]:
    """The size at first as a registry's own list of versions tells it, where no other version is loaded."""
    found = []
    for record in _alone(study):
        label = _original(record).get("enrollmentInfo")
        old = next((v for v in record.known("registration.changes.old") if label and v.item == label.item), None)
        now = [value for field in SIZES for value in record.known(field)]
        if label is not None and old is not None and now:
            sizes = f"{whole_number(str(old.value)):,} planned at first to {_size(now[-1])}"
            message = f"The sample size was changed from {sizes}{_last_changed(record, label)}."
            found.append(Finding("history-size", Verdict.ATTENTION, message, [old, now[-1]]))
    return found


def _first_outcomes(study: Study) -> list[Finding]:
    """That outcomes were others at first, where the registry says so and no other version is loaded."""
    found = []
    for record in _alone(study):
        for name, words in (("primaryOutcomes", "primary"), ("secondaryOutcomes", "secondary")):
            if label := _original(record).get(name):
                kind = words.upper()
                items = {v.item for v in record.known("outcomes.type") if v.value == kind}
                now = [v for v in record.known("outcomes.measure") if v.item in items]
                message = f"The {words} outcomes are not those of the first version{_last_changed(record, label)}."
                found.append(Finding("history-outcomes", Verdict.ATTENTION, message, [label, *now]))
    return found


CHECKS: tuple[Callable[[Study], list[Finding]], ...] = (
    history_size,
    history_dates,
    history_outcomes,
    history_masking,
    history_eligibility,
)
