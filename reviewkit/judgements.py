"""The judgements of a review: `judgements.csv`, one row a domain of an assessed result, strict in every label.

Only a named person makes a judgement final, and one that departs from the tool's algorithm needs a reason. A word is
taken as one of the tool's own levels or refused; nothing is matched by its first letter, and nothing is dropped unsaid.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from reviewkit.documents import open_document
from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.model import Place
from reviewkit.rows import did_you_mean, rows_of

CATALOGUE = Path(__file__).with_name("judgements.toml")
NAME = "judgements.csv"
COLUMNS = (
    "result_id",
    "study_id",
    "outcome",
    "tool",
    "domain",
    "algorithm",
    "final",
    "override_reason",
    "assessor",
)
OVERALL = "overall"
NOT_APPLICABLE = "NAP"
NOT_YET = "not yet judged"


class Tool(NamedTuple):
    """One instrument: what it judges (`per`: result or study), its levels from best to worst, its domains by id."""

    id: str
    name: str
    per: str
    levels: tuple[str, ...]
    domains: Mapping[str, str]
    source: str


class Judgement(msgspec.Struct, frozen=True):
    """One row: what the algorithm gives and what a person made final for one domain; None where nothing is given."""

    result_id: str
    study_id: str
    outcome: str
    tool: str
    domain: str
    algorithm: str | None
    final: str | None
    override_reason: str | None
    assessor: str | None
    place: Place


class Judged(NamedTuple):
    """What a file holds: its sound judgements in order, and what is wrong with the other rows."""

    judgements: list[Judgement]
    problems: list[Problem]


class Refusal(NamedTuple):
    """What is wrong with one cell of a row."""

    column: str
    found: str
    expected: str
    fix: str


@cache
def tools() -> dict[str, Tool]:
    """Every tool by id, in the order of the catalogue."""
    return {
        name: Tool(name, tool["name"], tool["per"], tuple(tool["levels"]), tool["domains"], tool["source"])
        for name, tool in _catalogue()["tools"].items()
    }


@cache
def level_titles() -> dict[str, str]:
    """The words for every level: `some_concerns` is `Some concerns`."""
    return dict(_catalogue()["levels"])


@cache
def _catalogue() -> dict:
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


def tool_named(name: str) -> Tool:
    """The tool with this id; ReviewError with the nearest one if there is none."""
    if name not in tools():
        raise ReviewError(Problem("tool", None, shown(name), _one_of(tools()), did_you_mean(name, tools())))
    return tools()[name]


def final_of(judgements: Iterable[Judgement], tool: str) -> list[Judgement]:
    """The judgements of one tool that a person made final. What an algorithm gives is none."""
    return [judgement for judgement in judgements if judgement.tool == tool and judgement.final is not None]


# Reading


def read_judgements(path: Path, name: str = NAME, *, study_ids: Iterable[str] | None = None) -> Judged:
    """Read judgements.csv; no file holds no judgements. A row with any fault is left out and told in `problems`.

    With `study_ids`, the ids of the review, an unknown study is a fault. ReviewError if the file is no table of ours.
    """
    problems: list[Problem] = []
    if not path.exists():
        return Judged([], problems)
    document = open_document(path, name, problems.append)
    known = None if study_ids is None else tuple(study_ids)
    found: dict[tuple[str, str, str], Judgement] = {}
    results: dict[tuple[str, str], Judgement] = {}
    for row, cells in rows_of(document, COLUMNS):
        faults = list(_faults(cells, known))
        if not faults:
            judgement = _judgement(cells, Place(name, row=row))
            faults = list(_clashes(judgement, found, results))
        if faults:
            problems += [_problem(name, row, fault) for fault in faults]
            continue
        found[_key(judgement)] = judgement
        results.setdefault((judgement.tool, judgement.result_id or judgement.study_id), judgement)
    for mild, worst in _too_mild(found.values()):
        del found[_key(mild)]
        problems.append(_problem(name, mild.place.row or 0, _milder(mild, worst)))
    return Judged(list(found.values()), problems)


def _too_mild(judgements: Iterable[Judgement]) -> list[tuple[Judgement, Judgement]]:
    """Each overall judgement that is milder than its worst domain, without a reason, and that domain.

    RoB 2 and ROBINS-I: a result is at least at the risk of its worst domain. RoB 1 has no such rule.
    """
    results: dict[tuple[str, str], list[Judgement]] = {}
    for judgement in judgements:
        if judgement.final in _ladder(judgement.tool):
            results.setdefault(_key(judgement)[:2], []).append(judgement)
    found = []
    for (tool, _), members in results.items():
        worst = max(members, key=lambda one: _ladder(tool).index(one.final or ""))
        overall = next((one for one in members if one.domain == OVERALL), None)
        is_milder = overall is not None and overall.final != worst.final
        if overall is not None and is_milder and not overall.override_reason and tools()[tool].per == "result":
            found.append((overall, worst))
    return found


def _ladder(tool: str) -> list[str]:
    """The levels of a tool from best to worst, without the one that says that nothing is known."""
    return [level for level in tools()[tool].levels if level != "no_information"]


def _milder(overall: Judgement, worst: Judgement) -> Refusal:
    return Refusal(
        "final",
        f"{shown(overall.final or '')} overall",
        f"at least {shown(worst.final or '')}, as {worst.domain} in row {worst.place.row}",
        "correct the judgement, or write the reason in override_reason",
    )


def _problem(name: str, row: int, fault: Refusal) -> Problem:
    return Problem(name, Place(name, row=row, column=fault.column), fault.found, fault.expected, fault.fix)


def _faults(cells: Mapping[str, str], study_ids: tuple[str, ...] | None) -> Iterator[Refusal]:
    """All that is wrong with one row, cell by cell."""
    yield from _key_faults(cells, study_ids)
    if cells["tool"] not in tools():
        yield _unknown("tool", cells["tool"], tools())
        return
    tool = tools()[cells["tool"]]
    if tool.per == "result":
        for column in ("result_id", "outcome"):
            if not cells[column]:
                yield Refusal(column, "a blank cell", f"what was assessed: {tool.name} judges a result", "fill it in")
    if _domain(tool, cells["domain"]) is None:
        yield _unknown("domain", cells["domain"], [*tool.domains, OVERALL])
    yield from _level_faults(tool, cells)


def _key_faults(cells: Mapping[str, str], study_ids: tuple[str, ...] | None) -> Iterator[Refusal]:
    study = cells["study_id"]
    if not study:
        yield Refusal("study_id", "a blank cell", "the study's id in this review, e.g. S0001", "fill it in")
    elif study_ids is not None and study not in study_ids:
        fix = did_you_mean(study, study_ids)
        yield Refusal("study_id", shown(study), "the id of a study of this review", fix)


def _level_faults(tool: Tool, cells: Mapping[str, str]) -> Iterator[Refusal]:
    allowed = [*tool.levels, NOT_APPLICABLE]
    for column in ("algorithm", "final"):
        if cells[column] and _level(tool, cells[column]) is None:
            yield _unknown(column, cells[column], allowed)
    if not cells["final"]:
        return
    if not cells["assessor"]:
        yield Refusal(
            "assessor", "a blank cell", "the person who made the judgement final", "write the name or letters"
        )
    departs = cells["algorithm"] and _level(tool, cells["algorithm"]) != _level(tool, cells["final"])
    if departs and not cells["override_reason"]:
        expected = f"why {shown(cells['final'])} and not the algorithm's {shown(cells['algorithm'])}"
        yield Refusal(
            "override_reason", "a blank cell", expected, "write the reason, or take the algorithm's judgement"
        )


def _judgement(cells: Mapping[str, str], place: Place) -> Judgement:
    tool = tools()[cells["tool"]]
    return Judgement(
        result_id=cells["result_id"],
        study_id=cells["study_id"],
        outcome=cells["outcome"],
        tool=tool.id,
        domain=_domain(tool, cells["domain"]) or "",
        algorithm=_level(tool, cells["algorithm"]),
        final=_level(tool, cells["final"]),
        override_reason=cells["override_reason"] or None,
        assessor=cells["assessor"] or None,
        place=place,
    )


def _key(judgement: Judgement) -> tuple[str, str, str]:
    return judgement.tool, judgement.result_id or judgement.study_id, judgement.domain


def _clashes(
    judgement: Judgement,
    found: Mapping[tuple[str, str, str], Judgement],
    results: Mapping[tuple[str, str], Judgement],
) -> Iterator[Refusal]:
    """A domain judged twice, or a result that is of another study or outcome than in an earlier row."""
    if (earlier := found.get(_key(judgement))) is not None:
        what = f"{_key(judgement)[1]}, {judgement.domain}, a second time (first in row {earlier.place.row})"
        yield Refusal(
            "domain", what, "each domain of a result once", "keep the row that was agreed on, delete the other"
        )
    first = results.get((judgement.tool, judgement.result_id or judgement.study_id))
    for column in ("study_id", "outcome") if first is not None else ():
        ours, theirs = getattr(judgement, column), getattr(first, column)
        if ours != theirs:
            expected = f"{shown(theirs)}, as in row {first.place.row} of the same result"  # type: ignore[union-attr]
            yield Refusal(column, shown(ours), expected, "give each result its own result_id")


def _domain(tool: Tool, word: str) -> str | None:
    return {name.casefold(): name for name in (*tool.domains, OVERALL)}.get(word.casefold())


def _level(tool: Tool, word: str) -> str | None:
    """The level that a word is: its code or its title, whatever the case; None for any other word."""
    titles = {level_titles()[level]: level for level in (*tool.levels, NOT_APPLICABLE)}
    names = {level: level for level in titles.values()} | titles
    return {name.casefold(): level for name, level in names.items()}.get(word.casefold())


def _unknown(column: str, word: str, choices: Iterable[str]) -> Refusal:
    legal = list(choices)
    if not word:
        return Refusal(column, "a blank cell", _one_of(legal), "fill it in")
    return Refusal(column, shown(word), _one_of(legal), did_you_mean(word, legal))


def _one_of(choices: Iterable[str]) -> str:
    return "one of " + ", ".join(choices)
