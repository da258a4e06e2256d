"""Sample size, T8a: a row a study with its sizes by role side by side. (T8b, the rates, is sample_size_rates.)

Sizes have roles, and none stands in for another: registered first, registered last before the start, registered now,
enrolled as the registry counts, planned in the paper, randomised, treated, analysed. What was registered first or
before the start is known only from the history of an entry; a current target whose history is not known is shown and
never compared. The main pair is "before the start, else first" against randomised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from reviewkit import fields, stats
from reviewkit.model import Finding, Study, Value
from reviewkit.tables.cells import BETTER, Places, is_only_mirrored
from reviewkit.tables.size_history import History, registered_sizes
from reviewkit.versions import of_today
from reviewkit.words import Kind

TITLE = "Sample size, study by study"

# The roles in the order of the columns.
ROLES = {
    "target_first": "Registered first",
    "target_before_start": "Registered before the start",
    "target_current": "Registered now",
    "actual_n": "Enrolled, as registered",
    "published_planned_n": "Planned in the paper",
    "randomised": "Randomised",
    "treated": "Treated",
    "analysed": "Analysed",
}
ACHIEVED = {
    "randomised": ("enrolment.randomised", "arms.n_randomised"),
    "treated": ("enrolment.treated", "arms.n_received"),
    "analysed": ("enrolment.analysed", "arms.n_analysed"),
}
PAIRS = {
    "main": "Randomised against registered (before the start, else first)",
    "planned": "Planned in the paper against registered (before the start, else first)",
    "actual": "Randomised against enrolled as registered",
}

# Why two sizes are not compared; of several reasons the first.
NO_REGISTRY = "no registry record loaded"
CURRENT_ONLY = "only the current target is known, not its history"
NO_TARGET = "the registry gives no target"
NO_ACTUAL = "the registry gives no number enrolled"
NO_PAPER = "no publication loaded"
NOT_PLANNED = "the paper gives no planned size"
NOT_RANDOMISED = "not a randomised trial"
PER_ARM = "given for single arms only"
NO_RANDOMISED = "no number randomised"
SEVERAL = "several numbers in one role"
UNITS = "units differ"
ZERO = "the first size is 0"
REASONS = (
    NO_REGISTRY,
    CURRENT_ONLY,
    NO_TARGET,
    NO_ACTUAL,
    NO_PAPER,
    NOT_PLANNED,
    NOT_RANDOMISED,
    PER_ARM,
    NO_RANDOMISED,
    SEVERAL,
    UNITS,
    ZERO,
)

Row = dict[str, Any]
Input = tuple[str, Study, Sequence[Finding]]
Sizes = dict[str, list[Value]]


def columns() -> dict[str, str]:
    """The columns of T8a with their headings, in order."""
    title = {name: field.title for name, field in fields.catalogue().items()}
    pairs = {
        key: heading
        for name, words in PAIRS.items()
        for key, heading in {
            f"{name}_difference_pct": f"{words}: difference (%)",
            f"{name}_why_not": f"{words}: not compared because",
        }.items()
    }
    return {
        "study_id": "Study",
        "ids.primary": title["ids.primary"],
        **ROLES,
        "standing": "What is known of the registered size",
        "unit": "Unit",
        "from_mirror": "Read from a mirror page",
        "basis": "Main pair rests on",
        "registered": "Registered, main pair",
        **pairs,
        "registered_quote": "Registered, words of the source",
        "randomised_quote": "Randomised, words of the source",
        "places": "Read from",
    }


def page_columns() -> dict[str, str]:
    """The columns of T8a that a page shows: every size with the mark of its place, and the main pair.

    What the marks stand for is said below the table (`cells.footnotes`).
    """
    return {
        "study_id": "Study",
        **{f"{role}_shown": heading for role, heading in ROLES.items()},
        "standing": "Registered size known",
        "main_shown": "Randomised against registered",
    }


def rows(studies: Iterable[Input]) -> list[Row]:
    """T8a: one row a study, sorted by study_id. `studies` is consumed once and no study is kept.

    Each is (study_id, study, findings). A size is a number, or text (`8; 80`) where records give several.
    """
    return sorted((_row(study_id, study) for study_id, study, _ in studies), key=lambda row: row["study_id"])


def _row(study_id: str, study: Study) -> Row:
    history, study = registered_sizes(study), of_today(study)
    sizes, mirrored = _sizes(study, history)
    registered = sizes["target_before_start"] or sizes["target_first"]
    places = Places()
    shown = {f"{role}_shown": _shown(sizes[role], places, is_mirrored=role in mirrored) for role in ROLES}
    pairs = _pairs(study, sizes, registered)
    return {
        "study_id": study_id,
        "ids.primary": "; ".join(study.numbers()),
        **{role: _cell(sizes[role]) for role in ROLES},
        "standing": _standing(sizes, mirrored, history),
        "unit": "; ".join(dict.fromkeys(unit(value) for values in sizes.values() for value in values)) or None,
        "from_mirror": "; ".join(ROLES[role] for role in mirrored) or None,
        "basis": _basis(sizes) if not pairs["main"].why_not else None,
        "registered": _cell(registered),
        **{
            key: value
            for name, pair in pairs.items()
            for key, value in {
                f"{name}_difference_pct": pair.difference,
                f"{name}_why_not": pair.why_not,
            }.items()
        },
        "registered_quote": _quotes(registered),
        "randomised_quote": _quotes(sizes["randomised"]),
        "places": places.text() or None,
        **shown,
        "main_shown": pairs["main"].shown,
    }


def _sizes(study: Study, history: History) -> tuple[Sizes, list[str]]:
    """The values of every role, and the roles that only a mirror page fills."""
    sizes: Sizes = {
        "target_first": history.first,
        "target_before_start": history.before_start,
        "target_current": history.current,
        "actual_n": history.actual,
        "published_planned_n": study.known("enrolment.target", Kind.PUBLICATION),
        **{role: _achieved(study, total) for role, (total, _) in ACHIEVED.items()},
    }
    mirrored = []
    if is_only_mirrored(study):
        for role, field in {"target_current": "enrolment.target", "actual_n": "enrolment.actual"}.items():
            sizes[role] = study.known(field, Kind.MIRROR)
        for role, (total, _) in ACHIEVED.items():
            sizes[role] = study.known(total, Kind.MIRROR)
        mirrored = [role for role in ROLES if sizes[role]]
    return sizes, mirrored


def _achieved(study: Study, field: str) -> list[Value]:
    """What the publications say; what the registry's results say where they say nothing."""
    return next((found for kind in BETTER if (found := study.known(field, kind))), [])


def unit(value: Value) -> str:
    """What a count counts; a source that names no unit counts persons."""
    return value.detail.get("unit") or "persons"


def _cell(values: Sequence[Value]) -> int | str | None:
    numbers = list(dict.fromkeys(value.value for value in values))
    return numbers[0] if len(numbers) == 1 else "; ".join(map(str, numbers)) or None


def _shown(values: Sequence[Value], places: Places, *, is_mirrored: bool) -> str:
    """The numbers with the marks of their places, each once; a mirror page's are marked as such."""
    same: dict[tuple[int, str], list[Value]] = {}
    for value in values:
        same.setdefault((value.value, unit(value)), []).append(value)
    mirror = " (mirror page)" if is_mirrored else ""
    return "; ".join(
        f"{number}{'' if of == 'persons' else f' {of}'}{mirror} {places.mark(found)}"
        for (number, of), found in same.items()
    )


def _quotes(values: Sequence[Value]) -> str | None:
    return "; ".join(dict.fromkeys(value.quote for value in values if value.quote)) or None


def _standing(sizes: Sizes, mirrored: Sequence[str], history: History) -> str | None:
    if "target_current" in mirrored:
        return "a mirror page only"
    if sizes["target_before_start"]:
        return "before the start"
    if sizes["target_first"]:
        return "first"
    if sizes["target_current"]:
        return "current, history unknown"
    return None if not history.is_loaded else "no target"


def _basis(sizes: Sizes) -> str:
    return "before_start" if sizes["target_before_start"] else "first"


# The pairs


class Pair(NamedTuple):
    """Two sizes laid side by side: the difference in percent of the first, or why there is none."""

    difference: float | None
    why_not: str | None
    shown: str


def _pairs(study: Study, sizes: Sizes, registered: list[Value]) -> dict[str, Pair]:
    unregistered, unrandomised = _no_target(study, sizes), _no_randomised(study, sizes)
    no_actual = None if sizes["actual_n"] else NO_ACTUAL
    return {
        "main": compared(registered, sizes["randomised"], unregistered or unrandomised),
        "planned": compared(registered, sizes["published_planned_n"], unregistered or _no_plan(study, sizes)),
        "actual": compared(sizes["actual_n"], sizes["randomised"], _no_registry(study) or no_actual or unrandomised),
    }


def _no_registry(study: Study) -> str | None:
    return None if study.of_kind(Kind.REGISTRY) else NO_REGISTRY


def _no_target(study: Study, sizes: Sizes) -> str | None:
    if sizes["target_first"] or sizes["target_before_start"]:
        return None
    if no_registry := _no_registry(study):
        return no_registry
    if sizes["target_current"]:
        return CURRENT_ONLY
    return PER_ARM if study.known("arms.n_target", Kind.REGISTRY) else NO_TARGET


def _no_plan(study: Study, sizes: Sizes) -> str | None:
    if sizes["published_planned_n"]:
        return None
    if not study.of_kind(Kind.PUBLICATION):
        return NO_PAPER
    return PER_ARM if study.known("arms.n_target", Kind.PUBLICATION) else NOT_PLANNED


def _no_randomised(study: Study, sizes: Sizes) -> str | None:
    """Why no number randomised is known. Treated and analysed never stand in for it."""
    if sizes["randomised"]:
        return None
    if study.known("arms.n_randomised", *BETTER):
        return PER_ARM
    allocations = {value.value for value in study.known("design.allocation", *BETTER)}
    return NOT_RANDOMISED if allocations and "RANDOMIZED" not in allocations else NO_RANDOMISED


def compared(firsts: Sequence[Value], seconds: Sequence[Value], why_not: str | None = None) -> Pair:
    """The difference of two sizes of like unit, one number each; or the reason that forbids to take it."""
    if why_not is None:
        why_not = _unlike(firsts, seconds)
    if why_not is not None:
        return Pair(None, why_not, f"not compared: {why_not}")
    first, second = firsts[0].value, seconds[0].value
    return Pair(percent_difference(first, second), None, f"{first} → {second} ({difference_text(first, second)})")


def _unlike(firsts: Sequence[Value], seconds: Sequence[Value]) -> str | None:
    if len({unit(value) for value in [*firsts, *seconds]}) > 1:
        return UNITS
    if len({value.value for value in firsts}) > 1 or len({value.value for value in seconds}) > 1:
        return SEVERAL
    return ZERO if firsts[0].value == 0 else None


def percent_difference(first: int, second: int) -> float:
    """(second - first) in percent of first, to one decimal; ValueError where first is not above 0.

    >>> percent_difference(60, 24), percent_difference(3, 4)
    (-60.0, 33.3)
    """
    if first <= 0 or second < 0:
        raise ValueError(f"a percent difference needs sizes of 0 or more, the first above 0, not {first} and {second}")
    exact = Decimal(100 * (second - first)) / Decimal(first)
    # Half up is half away from 0 on both sides, so that +0.05 and -0.05 look alike.
    size = stats.rounded(abs(exact), 1)
    return float(size.copy_sign(exact)) if size else 0.0


def difference_text(first: int, second: int) -> str:
    """The percent difference with its sign.

    >>> difference_text(60, 24), difference_text(50, 60), difference_text(8, 8)
    ('−60%', '+20%', '0%')
    """
    difference = percent_difference(first, second)
    sign = "+" if difference > 0 else "\u2212" if difference < 0 else ""
    return f"{sign}{stats.number_text(abs(difference))}%"
