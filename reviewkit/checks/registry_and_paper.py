"""A trial's registry records beside its publications: size, phase, masking, model and dates.

Source for all: CONSORT 2010 item 23 (2025: 2) and the ICMJE Recommendations, registration; INSPECT-SR 2.3. Each check
speaks only where both kinds are loaded and both say something; a mirror page is neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

from reviewkit.checks.spans import days_between, span
from reviewkit.checks.wording import KIND_WORDS, counted, in_words, kind_of, listed, once, title
from reviewkit.model import Finding, Study, Value
from reviewkit.versions import current
from reviewkit.words import Verdict

SIZES = {
    "enrolment.target": "planned",
    "enrolment.actual": "enrolled",
    "enrolment.randomised": "randomised",
    "enrolment.treated": "treated",
    "enrolment.analysed": "analysed",
}
# Which size of the registry may stand beside which of the paper, in order; treated and analysed only where the paper
# gives no better one, and never as if they were the number randomised.
ACHIEVED = ("enrolment.randomised", "enrolment.actual")
NO_STAND_IN = ("enrolment.treated", "enrolment.analysed")
COURSE = ("date.first_enrolment", "date.recruitment_end", "date.primary_completion", "date.completion")

Pair = tuple[Value, Value]  # of the registry, of the paper


def registry_and_paper_size(study: Study) -> list[Finding]:
    """Planned against planned, enrolled against randomised (else enrolled); a plan never against what was achieved.

    Source: CONSORT 2010 items 7a and 13a (2025: 16a, 22a). Where the paper gives only those treated or analysed
    they are laid beside the registry's number with both roles named, for neither stands in for the number randomised.
    """
    registered, reported = _both(study, SIZES, SIZES)
    if not registered or not reported:
        return []
    pairs, substitute = _size_pairs(registered, reported)
    because = [*registered, *reported]
    facts = f"registry: {_sizes(registered)}; paper: {_sizes(reported)}"
    if not pairs:
        message = (
            f"No two sizes of one role stand side by side ({facts}); a plan is not compared with what was achieved."
        )
        return [Finding("registry-and-paper-size", Verdict.NOT_ASSESSABLE, message, because)]
    differing = [(one, other) for one, other in pairs if one.value != other.value]
    chosen = differing or pairs
    compared = listed(f"{a.value:,} {SIZES[a.field]} against {b.value:,} {SIZES[b.field]}" for a, b in chosen)
    message = f"{'The sizes differ' if differing else 'The sizes agree'}: {compared} ({facts})."
    if substitute:
        message += f" {substitute.capitalize()} does not stand in for randomised, nor for enrolled."
    return [_verdict("registry-and-paper-size", bool(differing), message, because)]


def _size_pairs(registered: list[Value], reported: list[Value]) -> tuple[list[Pair], str | None]:
    """The pairs of like role, and the role that had to do for want of a better one in the paper."""
    pairs = _paired(registered, reported, "enrolment.target", "enrolment.target")
    achieved = next((field for field in ACHIEVED if any(v.field == field for v in reported)), None)
    if achieved:
        return [*pairs, *_paired(registered, reported, "enrolment.actual", achieved)], None
    for field in NO_STAND_IN:
        if found := _paired(registered, reported, "enrolment.actual", field):
            return [*pairs, *found], SIZES[field]
    return pairs, None


def _paired(registered: list[Value], reported: list[Value], field: str, paper_field: str) -> list[Pair]:
    ours = [v for v in registered if v.field == field]
    theirs = [v for v in reported if v.field == paper_field]
    return [(a, b) for a, b in product(ours, theirs) if _unit(a) == _unit(b)]


def _unit(value: Value) -> str:
    return value.detail.get("unit") or "persons"


def _sizes(values: list[Value]) -> str:
    return ", ".join(f"{value.value:,} {SIZES[value.field]}" for value in values)


def registry_and_paper_phase(study: Study) -> list[Finding]:
    """The same phase in both? 2a and 2b are phase 2. Source: WHO Trial Registration Data Set 1.3.1, item 15."""
    return _compared(study, "registry-and-paper-phase", ("design.phase",))


def registry_and_paper_model(study: Study) -> list[Finding]:
    """The same model and allocation in both? Source: CONSORT 2010 items 3a and 8a (2025: 9, 17a)."""
    return _compared(study, "registry-and-paper-model", ("design.model", "design.allocation"))


def registry_and_paper_masking(study: Study) -> list[Finding]:
    """The same label in both, and the same roles where both name them? Source: CONSORT 2010 item 11a (2025: 20a)."""
    return _compared(study, "registry-and-paper-masking", ("masking.label", "masking.roles"))


def _compared(study: Study, check: str, fields: tuple[str, ...]) -> list[Finding]:
    """One finding over these coded fields: every value of the registry against every value of the paper."""
    pairs = [pair for field in fields for pair in product(*_both(study, [field], [field]))]
    if not pairs:
        return []
    differing = [(a, b) for a, b in pairs if _plain(a.value) != _plain(b.value)]
    chosen = differing or pairs
    parts = dict.fromkeys(_side_by_side(a, b, differ=bool(differing)) for a, b in chosen)
    message = f"Registry and paper {'differ' if differing else 'agree'} on {'; '.join(parts)}."
    return [_verdict(check, bool(differing), message, once([v for pair in chosen for v in pair]))]


def _side_by_side(one: Value, other: Value, *, differ: bool) -> str:
    if not differ:
        return f"{title(one)}: {_words(one)}"
    return f"{title(one)}: {_words(one)} in the registry, {_words(other)} in the paper"


def _plain(value: Any) -> Any:
    return frozenset(value) if isinstance(value, list) else value


def _words(value: Value) -> str:
    """A code or a set of codes in words, with the words of the source where they say more: `phase 2 (written 2a)`."""
    codes = value.value if isinstance(value.value, list) else [value.value]
    words = listed(map(in_words, codes)) if codes else "nobody"
    written = value.detail.get("as_written")
    told = value.field == "design.phase" and written and not str(written).casefold().endswith(words[-1])
    return f"{words} (written {written})" if told else words


def registry_and_paper_dates(study: Study) -> list[Finding]:
    """The same course in both: start, end of recruitment, completion? Only dates that cannot be one day differ.

    Source: CONSORT 2010 item 14a (2025: 23a). A date of a paper that is not said to be planned has happened; a plan is
    not compared with what happened.
    """
    pairs = [pair for field in COURSE for pair in product(*_both(study, [field], [field]))]
    if not pairs:
        return []
    alike = [(a, b) for a, b in pairs if (kind_of(a) == "ANTICIPATED") == (kind_of(b) == "ANTICIPATED")]
    if not alike:
        values = once([v for pair in pairs for v in pair])
        message = f"Only plans stand beside what happened: {listed(_date(v) for v in values)}."
        return [Finding("registry-and-paper-dates", Verdict.NOT_ASSESSABLE, message, values)]
    apart = [(a, b) for a, b in alike if _cannot_meet(a, b)]
    chosen = apart or alike
    parts = listed(f"{title(a)} ({a.value} in the registry, {b.value} in the paper{_gap(a, b)})" for a, b in chosen)
    message = f"Registry and paper {'differ' if apart else 'agree'} on {parts}."
    return [_verdict("registry-and-paper-dates", bool(apart), message, once([v for pair in chosen for v in pair]))]


def _cannot_meet(one: Value, other: Value) -> bool:
    least, greatest = days_between(span([one]), span([other]))
    return least > 0 or greatest < 0


def _gap(one: Value, other: Value) -> str:
    """`, 31 days apart` where that is certain; `` where the dates can be one day."""
    if not _cannot_meet(one, other):
        return ""
    least, greatest = sorted(map(abs, days_between(span([one]), span([other]))))
    return f", {counted(least, 'day')} apart" if least == greatest else f", at least {counted(least, 'day')} apart"


def _date(value: Value) -> str:
    kind = kind_of(value)
    return f"{'' if kind == 'UNKNOWN' else KIND_WORDS[kind] + ' '}{title(value)} {value.value}"


def _both(study: Study, ours: Iterable[str], theirs: Iterable[str]) -> tuple[list[Value], list[Value]]:
    """What the registry records, as they stand, and the publications say of these fields."""
    entries = current(study.of_kind("registry"))
    registered = [value for field in ours for record in entries for value in record.known(field)]
    return registered, [value for field in theirs for value in study.known(field, "publication")]


def _verdict(check: str, differ: bool, message: str, because: list[Value]) -> Finding:
    return Finding(check, Verdict.INCONSISTENT if differ else Verdict.CONSISTENT, message, because)


CHECKS: tuple[Callable[[Study], list[Finding]], ...] = (
    registry_and_paper_size,
    registry_and_paper_phase,
    registry_and_paper_masking,
    registry_and_paper_model,
    registry_and_paper_dates,
)
