"""Two cells of T1: how many participants in which role, and who they were."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reviewkit import stats
from reviewkit.model import Record, Study, Value
from reviewkit.tables.cells import Places, silence
from reviewkit.tables.facts import Said, beside, each, joined
from reviewkit.words import vocabularies

# Every role has its word: a number of participants without its role says nothing.
ROLES = {
    "enrolment.target": "planned",
    "enrolment.screened": "assessed for eligibility",
    "enrolment.randomised": "randomised",
    "enrolment.actual": "enrolled",
    "enrolment.treated": "treated",
    "enrolment.analysed": "analysed",
}
BY_ARM = {
    "enrolment.target": "arms.n_target",
    "enrolment.randomised": "arms.n_randomised",
    "enrolment.actual": "arms.n_actual",
    "enrolment.treated": "arms.n_received",
    "enrolment.analysed": "arms.n_analysed",
}
AGE_UNITS = "AgeUnit"


def sizes(study: Study, places: Places) -> str:
    """The numbers of participants by role, with the numbers of the arms where a record gives them."""
    told = [joined(each(study, _of_role(field, role)), places) for field, role in ROLES.items()]
    return "; ".join(part for part in told if part) or silence(study, *ROLES)


def _of_role(field: str, role: str) -> Callable[[Record], Said]:
    """How to say one role: `48 planned (24 + 24)`, or the arms alone where there is no total."""

    def say(record: Record) -> Said:
        totals, arms = record.known(field), record.known(BY_ARM[field]) if field in BY_ARM else []
        numbers = " or ".join(dict.fromkeys(f"{value.value}{_unit(value)}" for value in totals))
        by_arm = " + ".join(str(value.value) for value in arms)
        if totals:
            return f"{numbers} {role}" + (f" ({by_arm})" if by_arm else ""), [*totals, *arms]
        return (f"{by_arm} {role}, by arm" if arms else ""), arms

    return say


def _unit(value: Value) -> str:
    unit = value.detail.get("unit")
    return "" if unit in (None, "persons") else f" {unit}"


def population(study: Study, places: Places) -> str:
    """Conditions, who could take part, and the age and sex of those who did."""
    told = [
        beside(study, "conditions", places),
        joined(each(study, _eligible), places),
        joined(each(study, _ages), places),
        joined(each(study, _women), places),
    ]
    return "; ".join(part for part in told if part) or silence(study, "conditions", "eligibility.age_min")


def _eligible(record: Record) -> Said:
    """`eligible: 18 to 75 years, all sexes`; no limit is said as such."""
    low, high = (next(iter(record.all(f"eligibility.{end}")), None) for end in ("age_min", "age_max"))
    known = [value for value in (low, high) if value is not None and (value.value is not None or _is_open(value))]
    sex = record.known("eligibility.sex")
    parts = [*([_age_range(low, high)] if known else []), *(_sex(value.value) for value in sex[:1])]
    return (f"eligible: {', '.join(parts)}" if parts else "", [*known, *sex[:1]])


def _is_open(value: Value) -> bool:
    return bool(value.detail.get("no_limit"))


def _age_range(low: Value | None, high: Value | None) -> str:
    """The two limits of age in words; one that is not given stays out."""
    youngest = None if low is None or low.value is None else low
    oldest = None if high is None or high.value is None else high
    if youngest and oldest:
        same = youngest.detail.get("unit") == oldest.detail.get("unit")
        return f"{youngest.value} to {_aged(oldest)}" if same else f"{_aged(youngest)} to {_aged(oldest)}"
    if youngest:
        return f"{_aged(youngest)} and over"
    return f"up to {_aged(oldest)}" if oldest else "any age"


def _aged(value: Value) -> str:
    unit = value.detail.get("unit") or "YEAR"
    return f"{value.value} {vocabularies().get(AGE_UNITS, {}).get(unit, unit.lower())}"


def _sex(code: str) -> str:
    return {"ALL": "all sexes", "FEMALE": "women", "MALE": "men"}.get(code, code.lower())


def _ages(record: Record) -> Said:
    """The age of those who took part: mean (SD), else median (quartiles), else the range."""
    for middle, spread in (("mean", ("sd",)), ("median", ("q1", "q3")), ("min", ("max",))):
        found = [record.first(f"participants.age_{part}") for part in (middle, *spread)]
        if found[0] is not None and (middle != "min" or found[1] is not None):
            values = [value for value in found if value is not None]
            return f"age {_spread(middle, values)}", values
    return _baseline_age(record)


def _spread(middle: str, values: Sequence[Value]) -> str:
    numbers = [_number(value.value) for value in values]
    if middle == "min":
        return f"{numbers[0]} to {numbers[1]}"
    if middle == "mean":
        return f"mean {numbers[0]}" + (f" (SD {numbers[1]})" if len(numbers) > 1 else "")
    return f"median {numbers[0]}" + (f" (IQR {numbers[1]} to {numbers[2]})" if len(numbers) > 2 else "")


def _number(value: Any) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def _baseline(record: Record, code: str) -> dict[str, Value]:
    """The first baseline row of the whole study for one variable: last part of a field's name -> value."""
    rows: dict[int | None, dict[str, Value]] = {}
    for value in record.reported:
        if value.field.startswith("results.baseline.") and value.value is not None:
            rows.setdefault(value.item, {}).setdefault(value.field.rsplit(".", 1)[1], value)
    whole = (row for row in rows.values() if "code" in row and row["code"].value == code and "arm" not in row)
    return next(whole, {})


def _baseline_age(record: Record) -> Said:
    row = _baseline(record, "AGE")
    for middle, spread in (("mean", ("sd",)), ("median", ("q1", "q3"))):
        if middle in row:
            values = [row[part] for part in (middle, *spread) if part in row]
            return f"age {_spread(middle, values)}", values
    return "", []


def _women(record: Record) -> Said:
    """How many were women: of all where both sexes are counted, else the number or the share as written."""
    women, men = record.first("participants.female_n"), record.first("participants.male_n")
    if women is not None and men is not None:
        return f"women {stats.share_text(women.value, women.value + men.value)}", [women, men]
    row = _baseline(record, "FEMALE")
    if "n" in row and "total" in row and row["n"].value <= row["total"].value:
        return f"women {stats.share_text(row['n'].value, row['total'].value)}", [row["n"], row["total"]]
    if women is not None:
        return f"women {women.value}", [women]
    share = record.first("participants.female_pct")
    return (f"women {_number(share.value)}% as written", [share]) if share is not None else ("", [])
