"""Registration timing, T7a: a row a study with its verdict under every rule. (T7b, the rates, is timing_rates.)

Dates stay as coarse as they were written: every rule works on the interval of days that a date can mean.
Rules and rows: the ICMJE asks for registration at or before first enrolment; the looser rules beside it are those
that audits of registration have used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import msgspec

from reviewkit import dates, fields, stats
from reviewkit.identifiers import read_trial_id
from reviewkit.model import Finding, Record, Study, Value
from reviewkit.versions import certain, of_today
from reviewkit.words import Actuality, Kind, Timing

CHECK = "registration-timing"
GRACE_DAYS = (21, 30, 60)

PROSPECTIVE, RETROSPECTIVE, INDETERMINATE = "prospective", "retrospective", "indeterminate"
JUDGED = (PROSPECTIVE, RETROSPECTIVE, INDETERMINATE)
NO_START, NO_REGISTRATION_DATE, NOT_REGISTERED = "no_start", "no_registration_date", "not_registered"
WITHHELD = "not_assessable"  # both dates are known, yet the check gives no verdict on them

# From the best start date to the weakest: what happened, what was planned, what the source leaves open.
BASES = {
    Actuality.ACTUAL: "actual_start",
    Actuality.ANTICIPATED: "anticipated_start",
    Actuality.UNKNOWN: "unknown_start",
}
BASIS_WORDS = {
    "actual_start": "actual start",
    "anticipated_start": "anticipated start",
    "unknown_start": "start of unknown kind",
}
PRECEDENCE = (Kind.REGISTRY, Kind.PUBLICATION, Kind.MIRROR)

Row = dict[str, Any]
Rule = Callable[[str, str], str]
Input = tuple[str, Study, Sequence[Finding]]


# The rules: a registration date and a start date in, both YYYY, YYYY-MM or YYYY-MM-DD; one of JUDGED out.


def judge_within(registered: str, start: str, days: int = 0) -> str:
    """Was the trial registered at most `days` days after its start, whatever days the two dates can mean?

    >>> judge_within("2020-07-10", "2020-07"), judge_within("2020-08-10", "2020-07", days=30)
    ('indeterminate', 'indeterminate')
    """
    least, most = dates.days_apart(registered, start)
    if most <= days:
        return PROSPECTIVE
    return RETROSPECTIVE if least > days else INDETERMINATE


def judge_same_month(registered: str, start: str) -> str:
    """As strict, but a start known by its month alone is met by a registration in that month."""
    is_month = len(start) == len("YYYY-MM")
    return PROSPECTIVE if is_month and registered[:7] == start else judge_within(registered, start)


def judge_first_of_month(registered: str, start: str) -> str:
    """As strict, with a missing day read as the first of the month; a missing month stays open."""
    return judge_within(_first_of_month(registered), _first_of_month(start))


def _first_of_month(value: str) -> str:
    return f"{value}-01" if len(value) == len("YYYY-MM") else value


def judge_year(registered: str, start: str) -> str:
    """Registered in the year of the start, or in an earlier one."""
    return PROSPECTIVE if registered[:4] <= start[:4] else RETROSPECTIVE


class NamedRule(NamedTuple):
    """One rule: the judging function, and what counts as retrospective under it, in words."""

    judge: Rule
    words: str


def rules(grace_days: Iterable[int] = GRACE_DAYS) -> dict[str, NamedRule]:
    """Every rule by name, in the order of the table; ValueError for a grace that is no number of days."""
    named = {
        "strict": NamedRule(judge_within, "registered after every possible start day"),
        "same_month": NamedRule(judge_same_month, "as strict, a start without a day met within its month"),
        "day1": NamedRule(judge_first_of_month, "as strict, a missing day read as the first of the month"),
        "year": NamedRule(judge_year, "registered in a later year than the start"),
    }
    for days in grace_days:
        if isinstance(days, bool) or not isinstance(days, int) or days < 1:
            raise ValueError(f"grace_days holds {days!r}; a grace is a whole number of days from 1")
        named[f"grace_{days}"] = NamedRule(
            partial(judge_within, days=days), f"registered more than {days} days after the start"
        )
    return named


# T7a


TITLE = "Registration timing, study by study"


def columns(grace_days: Iterable[int] = GRACE_DAYS) -> dict[str, str]:
    """The columns of T7a with their headings, in order."""
    title = {name: field.title for name, field in fields.catalogue().items()}
    return {
        "study_id": "Study",
        "ids.primary": title["ids.primary"],
        "ids.registry": title["ids.registry"],
        "registration.date": title["registration.date"],
        "date.first_enrolment": title["date.first_enrolment"],
        "start_kind": "Kind of start date",
        "basis": "Basis",
        "days": "Days from start to registration",
        "days_min": "At least (days)",
        "days_max": "At most (days)",
        "one_day": "Lag of one day",
        **{name: f"Rule {name}" for name in rules(grace_days)},
        "registration.timing_declared": title["registration.timing_declared"],
        "resolved": "Registry record loaded",
        "date.completion": title["date.completion"],
        "completion_kind": "Kind of completion date",
        "published_start": f"{title['date.first_enrolment']} in the publication",
        "published_days_min": "Published minus registered start, at least (days)",
        "published_days_max": "Published minus registered start, at most (days)",
        "report.date": title["report.date"],
        "statement_in_paper": "Registration in the publication",
        "sponsor.class": title["sponsor.class"],
        "design.allocation": title["design.allocation"],
        "countries": title["countries"],
        "n_countries": "Number of countries",
        "start_year": "Year of start",
        "registration_place": "Registration date read from",
        "start_place": "Start date read from",
    }


def page_columns(grace_days: Iterable[int] = GRACE_DAYS) -> dict[str, str]:
    """The columns of T7a that a page shows: both dates, the days between them, and the verdicts."""
    shown = [
        "study_id",
        "ids.primary",
        "registration.date",
        "date.first_enrolment",
        "start_kind",
        "days",
        *rules(grace_days),
    ]
    return {name: heading.removeprefix("Rule ") for name, heading in columns(grace_days).items() if name in shown}


def rows(studies: Iterable[Input], grace_days: Iterable[int] = GRACE_DAYS) -> list[Row]:
    """T7a: one row a study, sorted by study_id. `studies` is consumed once and no study is kept.

    Each is (study_id, study, findings). LintError if a study's verdict is not the one its finding gives.
    """
    named = rules(grace_days)
    return sorted((_row(*given, named) for given in studies), key=lambda row: row["study_id"])


def _row(study_id: str, study: Study, findings: Sequence[Finding], named: dict[str, NamedRule]) -> Row:
    timings = [finding for finding in findings if finding.check == CHECK]
    registered, number = earliest_registration(study, timings)
    starts, basis = headline_start(timings, number)
    home = _record_of(study, registered)
    study = of_today(study)
    row: Row = {
        "study_id": study_id,
        "ids.primary": "; ".join(study.numbers()),
        "ids.registry": _registry(study, home, number),
        "registration.date": registered and registered.value,
        "date.first_enrolment": "; ".join(dict.fromkeys(start.value for start in starts)) or None,
        "start_kind": str(_actuality(starts[0])) if starts else None,
        "basis": basis,
        **_lag(registered, starts),
        **_verdicts(study, timings, (registered, starts), named),
        **_declared(study),
        "resolved": "yes" if study.of_kind(Kind.REGISTRY) else "no",
        **_completion(study),
        **_published(study, starts),
        "sponsor.class": _best(study, "sponsor.class", home),
        "design.allocation": _best(study, "design.allocation", home),
        **_countries(study),
        "start_year": min((start.value[:4] for start in starts), default=None),
        "registration_place": registered and str(registered.place),
        "start_place": "; ".join(str(start.place) for start in starts) or None,
    }
    if len(timings) == 1:
        _lint_verdict(row, timings[0])
    return row


def earliest_registration(study: Study, timings: Sequence[Finding]) -> tuple[Value | None, str | None]:
    """The earliest registration date over all numbers of a study, and the number it belongs to.

    The earliest date is the one that ends first, the more precise of two that end together.
    """
    dated = [(value, finding.registration) for finding in timings for value in _known(finding, "registration.date")]
    only = study.numbers()[0] if len(study.numbers()) == 1 else None
    if not dated:
        return None, only
    value, number = min(dated, key=lambda known: (dates.last_day(known[0].value), -len(known[0].value)))
    return value, number or only


def headline_start(timings: Sequence[Finding], number: str | None) -> tuple[list[Value], str | None]:
    """The start dates that the verdict is against, and their basis; more than one where an entry contradicts itself.

    An actual start stands before an anticipated one, wherever it was read; among equals that of the number
    registered first, then the earliest day.
    """
    started = [(finding, *_starts(finding)) for finding in timings if _known(finding, "date.first_enrolment")]
    if not started:
        return [], None
    ranks = list(BASES.values())
    _, values, basis = min(
        started,
        key=lambda known: (
            ranks.index(known[2]),
            known[0].registration != number,
            min(dates.first_day(value.value) for value in known[1]),
        ),
    )
    return values, basis


def _starts(finding: Finding) -> tuple[list[Value], str]:
    """The start dates of the best kind that a finding rests on, and their basis."""
    known = _known(finding, "date.first_enrolment")
    best = next(kind for kind in BASES if kind in map(_actuality, known))
    chosen = [value for value in known if _actuality(value) == best]
    return [msgspec.structs.replace(value, value=certain(value)) for value in chosen], BASES[best]


def _known(finding: Finding, field: str) -> list[Value]:
    return [value for value in finding.because if value.field == field and value.value is not None]


def _actuality(value: Value) -> Actuality:
    return Actuality(value.detail.get("kind", Actuality.UNKNOWN))


def _verdicts(
    study: Study, timings: Sequence[Finding], known: tuple[Value | None, list[Value]], named: dict[str, NamedRule]
) -> dict[str, str]:
    """The verdict under every rule; `known` are the registration date and the start dates."""
    registered, starts = known
    if registered is None:
        is_registered = study.numbers() or study.of_kind(Kind.REGISTRY)
        return dict.fromkeys(named, NO_REGISTRATION_DATE if is_registered else NOT_REGISTERED)
    if not starts:
        return dict.fromkeys(named, NO_START)
    if len(timings) == 1 and timings[0].verdict == Timing.NOT_ASSESSABLE:
        return dict.fromkeys(named, WITHHELD)
    return {name: _judge_all(rule.judge, registered, starts) for name, rule in named.items()}


def _judge_all(judge: Rule, registered: Value, starts: Sequence[Value]) -> str:
    """The verdict that holds against every start an entry gives; two starts that part it leave it open."""
    verdicts = {judge(registered.value, start.value) for start in starts}
    return verdicts.pop() if len(verdicts) == 1 else INDETERMINATE


def _apart(later: Sequence[Value], earlier: Sequence[Value]) -> tuple[int, int]:
    """Least and greatest number of days from any of the earlier dates to any of the later ones."""
    spans = [dates.days_apart(one.value, other.value) for one in later for other in earlier]
    return min(least for least, _ in spans), max(most for _, most in spans)


def _lag(registered: Value | None, starts: Sequence[Value]) -> Row:
    if registered is None or not starts:
        return {"days": None, "days_min": None, "days_max": None, "one_day": None}
    least, most = _apart([registered], starts)
    # One day can be the clock of another time zone, so a reader is told.
    notes = {1: "one day after the start", -1: "one day before the start"}
    return {
        "days": least if least == most else None,
        "days_min": None if least == most else least,
        "days_max": None if least == most else most,
        "one_day": notes.get(least) if least == most else None,
    }


def _record_of(study: Study, value: Value | None) -> Record | None:
    return next((record for record in study.records if value is not None and value in record.reported), None)


def _registry(study: Study, home: Record | None, number: str | None) -> str | None:
    """The registry whose date counts: as its record says, else by the form of the number."""
    said = home.first("ids.registry") if home is not None else None
    if said is not None:
        return said.value
    if number is not None:
        return read_trial_id(number).registry
    return _best(study, "ids.registry", None)


def _in_order(study: Study, home: Record | None) -> Iterator[Record]:
    """The records by weight: the one the registration date was read from, then registry, publication, mirror."""
    if home is not None:
        yield home
    for kind in PRECEDENCE:
        yield from study.of_kind(kind)


def _best(study: Study, field: str, home: Record | None) -> Any:
    found = (record.first(field) for record in _in_order(study, home))
    return next((value.value for value in found if value is not None), None)


def _declared(study: Study) -> Row:
    """What the entry calls itself; what the publication says has its own column."""
    said = study.known("registration.timing_declared", Kind.REGISTRY, Kind.MIRROR)
    return {"registration.timing_declared": "; ".join(dict.fromkeys(value.value for value in said)) or None}


def _completion(study: Study) -> Row:
    """The registry's completion date, an actual one before a planned one; the publication's where there is none."""
    for kind in PRECEDENCE:
        known = sorted(study.known("date.completion", kind), key=lambda value: list(BASES).index(_actuality(value)))
        if known:
            return {"date.completion": known[0].value, "completion_kind": str(_actuality(known[0]))}
    return {"date.completion": None, "completion_kind": None}


def _published(study: Study, registered_starts: Sequence[Value]) -> Row:
    """What the publication says of start and registration, and when it appeared (the earliest of several)."""
    starts = study.known("date.first_enrolment", Kind.PUBLICATION)
    appeared = sorted((value.value for value in study.known("report.date", Kind.PUBLICATION)), key=dates.first_day)
    least = most = None
    if starts and registered_starts:
        least, most = _apart(starts[:1], registered_starts)
    return {
        "published_start": starts[0].value if starts else None,
        "published_days_min": least,
        "published_days_max": most,
        "report.date": appeared[0] if appeared else None,
        "statement_in_paper": _statement(study),
    }


def _statement(study: Study) -> str | None:
    """What the publication says of its registration; None without a publication."""
    if not study.of_kind(Kind.PUBLICATION):
        return None
    if timing := study.known("registration.timing_declared", Kind.PUBLICATION):
        return timing[0].value
    if study.known("ids.primary", Kind.PUBLICATION) or study.known("statement.registration", Kind.PUBLICATION):
        return "NUMBER_ONLY"
    return "NOT_REPORTED"


def _countries(study: Study) -> Row:
    """The countries of recruitment; those of the centres where a source lists no countries."""
    for field in ("countries", "sites.country"):
        for kind in PRECEDENCE:
            if found := sorted({value.value for value in study.known(field, kind)}):
                return {"countries": "; ".join(found), "n_countries": len(found)}
    return {"countries": None, "n_countries": None}


def _lint_verdict(row: Row, finding: Finding) -> None:
    """The table and the study's card must not say two things of one study with one number."""
    own = row["strict"] if row["strict"] in JUDGED else Timing.NOT_ASSESSABLE.lower()
    if own != finding.verdict.lower():
        raise stats.LintError(
            "T7a", row["study_id"], found=f"strict is {own}", expected=f"the finding's {finding.verdict.lower()}"
        )
