"""Risk of bias, T2: a row an assessed result, a column a domain, as people judged it. T2b: a row a judgement.

Drawn from judgements.csv alone: what an algorithm or a proposal says stands in T2b beside the judgement, never for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reviewkit.judgements import NOT_YET, OVERALL, Judgement, final_of, level_titles, tool_named

TITLE = "Risk of bias"
SUPPORT_TITLE = "Risk of bias: judgements and reasons"
SUPPORT_COLUMNS = {
    "study": "Study",
    "result_id": "Result",
    "outcome": "Outcome",
    "domain": "Domain",
    "algorithm": "Judgement by the algorithm",
    "final": "Final judgement",
    "override_reason": "Reason for overriding",
    "assessor": "Assessor",
    "place": "Read from",
}

Row = dict[str, Any]


def columns(tool: str) -> dict[str, str]:
    """The columns of T2 for one tool, with their headings: study, result, each domain, overall, who judged."""
    domains = {name: f"{name}: {title}" for name, title in tool_named(tool).domains.items()}
    named = {"study": "Study", "result_id": "Result", "outcome": "Outcome"}
    return {**named, **domains, OVERALL: "Overall", "assessor": "Assessor"}


def rows(judgements: Iterable[Judgement], tool: str, names: Mapping[str, str] | None = None) -> list[Row]:
    """T2: one row a result with at least one final judgement, by outcome, study and result.

    `names` gives the short names of studies; without one a study has its id. ReviewError for an unknown tool.
    """
    domains = [*tool_named(tool).domains, OVERALL]
    return [_row(result, domains, names or {}) for result in by_result(final_of(judgements, tool))]


def by_result(final: Iterable[Judgement]) -> list[list[Judgement]]:
    """The judgements of one tool, result by result, sorted by outcome, study and result."""
    results: dict[tuple[str, str, str], list[Judgement]] = {}
    for judgement in final:
        results.setdefault((judgement.outcome, judgement.study_id, judgement.result_id), []).append(judgement)
    return [results[key] for key in sorted(results)]


def _row(result: Sequence[Judgement], domains: Iterable[str], names: Mapping[str, str]) -> Row:
    finals = {judgement.domain: level_titles()[judgement.final or ""] for judgement in result}
    first = result[0]
    return {
        "study": names.get(first.study_id, first.study_id),
        "result_id": first.result_id,
        "outcome": first.outcome,
        **{domain: finals.get(domain, NOT_YET) for domain in domains},
        "assessor": "; ".join(dict.fromkeys(judgement.assessor or "" for judgement in result)),
    }


def support_rows(judgements: Iterable[Judgement], tool: str, names: Mapping[str, str] | None = None) -> list[Row]:
    """T2b: one row a final judgement with what the algorithm gave and why a person departed from it."""
    known, order = tool_named(tool), names or {}
    domains = [*known.domains, OVERALL]
    return [
        {
            "study": order.get(judgement.study_id, judgement.study_id),
            "result_id": judgement.result_id,
            "outcome": judgement.outcome,
            "domain": f"{judgement.domain}: {known.domains[judgement.domain]}"
            if judgement.domain in known.domains
            else "Overall",
            "algorithm": level_titles()[judgement.algorithm] if judgement.algorithm else None,
            "final": level_titles()[judgement.final or ""],
            "override_reason": judgement.override_reason,
            "assessor": judgement.assessor,
            "place": str(judgement.place),
        }
        for result in by_result(final_of(judgements, tool))
        for judgement in sorted(result, key=lambda one: domains.index(one.domain))
    ]
