"""F2, traffic light: a circle a domain and result, one figure an outcome, over 40 results on several pages.

Drawn from final judgements alone: without any there is no figure, and a domain that nobody has judged stays blank.
The symbol in the circle carries the meaning, the colour repeats it, and both are printed in a legend.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from reviewkit import stats
from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.figures.traffic_light_page import PALETTES, SYMBOLS, Line, Look, draw_page
from reviewkit.judgements import (
    NOT_APPLICABLE,
    NOT_YET,
    OVERALL,
    Judgement,
    Tool,
    final_of,
    level_titles,
    tool_named,
)
from reviewkit.words import nearest

TITLE = "Risk of bias, traffic light"
COLUMNS = ("outcome", "study_id", "study", "result_id", "domain", "judgement", "symbol", "colour")
NOTHING = f"Figure not drawn: risk of bias is {NOT_YET}."

PAGE = 40  # results on one page


class Sheet(NamedTuple):
    """One page: its file name, what it shows, the matplotlib Figure, its alt text, and the plotted data."""

    name: str
    outcome: str
    page: int
    pages: int
    figure: Any
    alt: str
    rows: list[dict[str, Any]]


class Result(NamedTuple):
    """One row of the figure: a result with its final judgements by domain."""

    study_id: str
    study: str
    result_id: str
    outcome: str
    finals: dict[str, str]


def draw_traffic_light(
    judgements: Iterable[Judgement],
    tool: str,
    palette: str = "classic",
    symbols: str = "cochrane",
    *,
    names: Mapping[str, str] | None = None,
) -> list[Sheet] | None:
    """The pages of the traffic light of one tool, outcome by outcome; None where nobody has judged anything.

    `names` gives the short names of studies; without one a study has its id. ReviewError, with the nearest word that
    is meant, for an unknown tool, palette or set of symbols.
    """
    known = tool_named(tool)
    look = Look(_chosen("palette", palette, PALETTES), _chosen("symbols", symbols, SYMBOLS))
    results = results_of(judgements, known, names or {})
    if not results:
        return None
    groups = [(outcome, part, i, len(parts)) for outcome, parts in _outcomes(results, known) for i, part in parts]
    return [
        Sheet(
            name="f2" if len(groups) == 1 else f"f2-{number}",
            outcome=outcome,
            page=page,
            pages=pages,
            figure=draw_page(_lines(part, known), known, look, _heading(outcome, page, pages)),
            alt=alt_text(part, known, _heading(outcome, page, pages)),
            rows=plotted(part, known, look),
        )
        for number, (outcome, part, page, pages) in enumerate(groups, 1)
    ]


def _chosen(parameter: str, word: str, choices: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if word not in choices:
        fix = f"did you mean {nearest(word, choices) or next(iter(choices))!r}?"
        raise ReviewError(Problem(parameter, None, shown(word), "one of " + ", ".join(choices), fix))
    return choices[word]


def results_of(judgements: Iterable[Judgement], tool: Tool, names: Mapping[str, str]) -> list[Result]:
    """The results with a final judgement, by name of the study; a study that stands twice shows its result too."""
    results: dict[tuple[str, str, str], dict[str, str]] = {}
    for judgement in final_of(judgements, tool.id):
        key = (judgement.outcome if tool.per == "result" else "", judgement.study_id, judgement.result_id)
        results.setdefault(key, {})[judgement.domain] = judgement.final or ""
    made = [
        Result(study_id, names.get(study_id, study_id), result_id, outcome, finals)
        for (outcome, study_id, result_id), finals in results.items()
    ]
    return sorted(made, key=lambda result: (result.outcome, result.study.casefold(), result.study_id, result.result_id))


def _outcomes(results: Sequence[Result], tool: Tool) -> list[tuple[str, list[tuple[int, list[Result]]]]]:
    """The results of each outcome, in pages of nearly equal length that are counted from 1."""
    outcomes: dict[str, list[Result]] = {}
    for result in results:
        outcomes.setdefault(result.outcome, []).append(result)
    return [(outcome, list(enumerate(_pages(members), 1))) for outcome, members in outcomes.items()]


def _pages(results: Sequence[Result]) -> list[list[Result]]:
    pages = math.ceil(len(results) / PAGE)
    edges = [round(len(results) * page / pages) for page in range(pages + 1)]
    return [list(results[start:end]) for start, end in pairwise(edges)]


def _heading(outcome: str, page: int, pages: int) -> str:
    part = f"page {page} of {pages}" if pages > 1 else ""
    return ", ".join(words for words in (outcome, part) if words)


def plotted(results: Iterable[Result], tool: Tool, look: Look) -> list[dict[str, Any]]:
    """The plotted data, one row a circle or blank, under COLUMNS."""
    return [
        dict(
            zip(
                COLUMNS,
                (
                    result.outcome,
                    result.study_id,
                    result.study,
                    result.result_id,
                    domain,
                    result.finals.get(domain, NOT_YET),
                    *(reversed(look.of(result.finals[domain])) if domain in result.finals else ("", "")),
                ),
                strict=True,
            )
        )
        for result in results
        for domain in (*tool.domains, OVERALL)
    ]


def _lines(results: Sequence[Result], tool: Tool) -> list[Line]:
    domains = (*tool.domains, OVERALL)
    return [Line(_label(result, results), [result.finals.get(domain) for domain in domains]) for result in results]


def alt_text(results: Sequence[Result], tool: Tool, heading: str) -> str:
    """All the figure shows in words: how many results of which overall judgement, then each result."""
    words = level_titles()
    overall = [result.finals.get(OVERALL) for result in results]
    counts = {level: overall.count(level) for level in (*tool.levels, NOT_APPLICABLE) if level in overall}
    counted = {words[level].lower(): n for level, n in counts.items()}
    if None in overall:
        counted[NOT_YET] = overall.count(None)
    stats.lint_parts(counted, len(results), table="F2", row=heading or tool.name)
    shares = ", ".join(f"{level} {stats.share_text(n, len(results))}" for level, n in counted.items())
    about = f" for {heading}" if heading else ""
    said = [f"Traffic light of the judgements with {tool.name}{about}. Overall: {shares}."]
    for result in results:
        lights = ", ".join(
            f"{domain} {words[result.finals[domain]].lower() if domain in result.finals else NOT_YET}"
            for domain in (*tool.domains, OVERALL)
        )
        said.append(f"{_label(result, results)}: {lights}.")
    return " ".join(said)


def _label(result: Result, results: Iterable[Result]) -> str:
    is_twice = sum(other.study_id == result.study_id for other in results) > 1
    return f"{result.study} ({result.result_id})" if is_twice else result.study
