"""The identities that bind the counts of a flow: identities.csv, and what each says of given counts.

After PRISMA 2020 (Page et al., BMJ 2021;372:n71): what enters a box leaves it, excluded or passed on.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.screening.flow import Counts, Flow
from reviewkit.screening.log import folded
from reviewkit.words import nearest

TABLE = Path(__file__).with_name("identities.csv")
OTHER_REASON = ("other", "other reason", "other reasons")  # before a comma, if there is one


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What the rest of the review counts, to be laid beside the flow; None where it has not been made.

    `studies` and `reports` are those the store holds as eligible; `t1_rows` the rows of table T1; `t4a` its rows by
    reason; `imported` the records of each search by source; `rated_studies` those with a risk-of-bias row;
    `outcome_studies` and `outcome_participants` are by outcome, `randomised` is the sum over the studies.
    """

    studies: int | None = None
    reports: int | None = None
    t1_rows: int | None = None
    t4a: Mapping[str, int] | None = None
    imported: Mapping[str, int] | None = None
    rated_studies: int | None = None
    outcome_studies: Mapping[str, int] | None = None
    outcome_participants: Mapping[str, int] | None = None
    randomised: int | None = None


class Identity(NamedTuple):
    """One rule between counts: two sums of boxes and how they must stand to each other.

    `level` is E (an error: nothing is drawn) or W (a warning, which passes with a written note). It applies where all
    boxes of `needs` are given, of `a|b` at least one; any other blank box counts as 0.
    """

    id: str
    level: str
    left: str
    relation: str
    right: str
    needs: str
    says: str


@cache
def identities() -> tuple[Identity, ...]:
    """The rules of identities.csv, in its order; P1, X2, X3 and X5 look at every box or name by itself."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Identity(**row) for row in csv.DictReader(file))


RELATIONS = {
    "=": ("should equal", lambda left, right: left == right),
    "<=": ("should be at most", lambda left, right: left <= right),
    ">=": ("should be at least", lambda left, right: left >= right),
    "<": ("should be less than", lambda left, right: left < right or left == right == 0),
    "0 with": ("should be 0 exactly when 0 is", lambda left, right: (left > 0) == (right > 0)),
}
ORDER = (*(f"P{number}" for number in range(1, 14)), *(f"X{number}" for number in range(1, 6)))


class Result(msgspec.Struct, frozen=True):
    """What one identity says of a flow: `state` is holds, fails, noted (a warning with a note) or not checked.

    `left` and `right` are the sums, `difference` is left minus right, `boxes` are those to look at.
    """

    identity: str
    level: str
    state: str
    left: int | None
    right: int | None
    difference: int | None
    boxes: tuple[str, ...]
    message: str
    note: str = ""


def check_flow(flow: Flow, notes: Mapping[str, str] | None = None, *, beside: Beside | None = None) -> list[Result]:
    """The identities that a flow breaks, errors and warnings without a note, in their order.

    `notes` holds a written note by id (`{"P9": "two reports were known from …"}`), which lets a warning pass, never an
    error; ReviewError for an id that is none.
    """
    return [result for result in identity_report(flow, notes, beside=beside) if result.state == "fails"]


def identity_report(
    flow: Flow, notes: Mapping[str, str] | None = None, *, beside: Beside | None = None
) -> list[Result]:
    """Every identity, with what it says of the flow, in the order P1 to X5."""
    notes = notes or {}
    for name in notes:
        if name not in ORDER:
            near = nearest(name, ORDER)
            fix = f"did you mean {near}?" if near else "name the identity that the warning names"
            raise ReviewError(Problem("notes", None, shown(name), "one of " + ", ".join(ORDER), fix))
    others = beside or Beside()
    numbers = _numbers(flow, others)
    found = [
        *_illegal_counts(flow),
        *(_compared(identity, numbers) for identity in identities()),
        *_by_name("X2", _pairs(flow.ex, flow.o_ex), others.t4a, "ex o_ex", "Table T4a has a row a report excluded."),
        *_by_name(
            "X3", _pairs(flow.db, flow.reg), others.imported, "db reg", "Records are those the searches brought."
        ),
        *_by_outcome(
            numbers["all_studies"], others.outcome_studies, "An outcome has no more studies than are included."
        ),
        *_by_outcome(
            others.randomised, others.outcome_participants, "An outcome has no more participants than were randomised."
        ),
    ]
    noted = [_with_note(result, notes.get(result.identity, "").strip()) for result in found]
    return sorted(noted, key=lambda result: ORDER.index(result.identity))


def _with_note(result: Result, note: str) -> Result:
    passes = note and result.level == "W" and result.state == "fails"
    return msgspec.structs.replace(result, state="noted", note=note) if passes else result


def _numbers(flow: Flow, beside: Beside) -> dict[str, int | None]:
    """Every box and every count beside the flow as one number; None where it is blank or no whole number."""
    numbers = {name: _total(value) for name, value in flow.boxes().items()}
    numbers |= {name: _total(value) for name, value in msgspec.structs.asdict(beside).items()}
    for ex in ("ex", "o_ex"):
        reasons = getattr(flow, ex)
        numbers[f"{ex}_other"] = None if reasons is None else _other_reasons(reasons)
        if reasons is None:
            numbers[ex] = numbers[f"{ex}_total"]
    for what in ("studies", "reports"):
        total = numbers[f"total_{what}"]
        numbers[f"all_{what}"] = numbers[f"new_{what}"] if total is None else total
    return numbers


def _other_reasons(reasons: Counts) -> int:
    """How many reports are excluded for a reason that gives none: `other`, `Other, see notes`."""
    return sum(n for name, n in _pairs(reasons).items() if name.partition(",")[0].strip() in OTHER_REASON)


def _total(value: Any) -> int | None:
    if isinstance(value, Mapping):
        value = tuple(value.items())
    if isinstance(value, tuple | list):
        counts = [count for _, count in value]
        return sum(counts) if all(_is_whole(count) for count in counts) else None
    return value if _is_whole(value) else None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _pairs(*lists: Counts | None) -> dict[str, int]:
    """Counts by folded name, over several lists."""
    found: Counter[str] = Counter()
    for name, number in (pair for counts in lists for pair in counts or ()):
        found[folded(str(name))] += number if _is_whole(number) else 0
    return dict(found)


def _illegal_counts(flow: Flow) -> Iterator[Result]:
    """P1: one result a box that is no whole number of 0 or more, or one that says all are."""
    wrong = []
    for name, value in flow.boxes().items():
        for part, number in value if isinstance(value, tuple | list) else ((name, value),):
            if number is not None and not (_is_whole(number) and number >= 0):
                named = name if part == name else f"{name} ({part})"
                message = (
                    f"P1. Every count is a whole number of 0 or more: {named} is {shown(str(number))}. Look at {name}."
                )
                wrong.append(
                    Result("P1", "E", "fails", number if _is_whole(number) else None, 0, None, (name,), message)
                )
    holds = Result("P1", "E", "holds", None, None, None, (), "P1. Every count is a whole number of 0 or more.")
    yield from wrong or [holds]


class Term(NamedTuple):
    """One term of a sum: its sign (1 or -1), its factor, and the name of a box, or "" for a plain number."""

    sign: int
    factor: int
    name: str

    def value(self, numbers: Mapping[str, int | None]) -> int:
        return self.sign * self.factor * (numbers[self.name] or 0 if self.name else 1)


TERM = re.compile(
    r"(?P<sign>[+-]?) ?"  # "- " before the second term and later ones
    r"(?:(?P<factor>\d+)(?:\*|(?= |$)))?"  # "5*", or a plain number
    r"(?P<name>(?:[a-z]\w*)?)(?: |$)"  # a box
)


def _terms(expression: str) -> list[Term]:
    """The terms of a sum such as `assessed - ex`, `5*ex_other` or `0`."""
    return [
        Term(-1 if match["sign"] == "-" else 1, int(match["factor"] or 1), match["name"])
        for match in TERM.finditer(expression)
        if match[0]
    ]


def _compared(identity: Identity, numbers: Mapping[str, int | None]) -> Result:
    """What an identity of the table says of these numbers."""
    left, right = _terms(identity.left), _terms(identity.right)
    boxes = tuple(dict.fromkeys(name for term in (*left, *right) for name in _behind(term.name, numbers)))
    missing = [group for group in identity.needs.split() if all(numbers[name] is None for name in group.split("|"))]
    if missing:
        what = ", ".join(group.replace("|", " or ") for group in missing)
        message = f"{identity.id}. {identity.says} Not checked, for there is no {what}."
        return Result(identity.id, identity.level, "not checked", None, None, None, boxes, message)
    sums = [sum(term.value(numbers) for term in side) for side in (left, right)]
    words = [_in_words(side, total, numbers) for side, total in zip((left, right), sums, strict=True)]
    return _judged(identity.id, identity.level, sums, words, identity.relation, boxes, identity.says)


def _behind(name: str, numbers: Mapping[str, int | None]) -> list[str]:
    """The given boxes behind a name of an identity; none for a blank one."""
    if name.startswith("all_"):
        total, new = name.replace("all", "total"), name.replace("all", "new")
        name = total if numbers[total] is not None else new
    name = name.removesuffix("_other") if name.endswith("ex_other") else name
    return [name] if name and numbers[name] is not None else []


def _in_words(terms: list[Term], total: int, numbers: Mapping[str, int | None]) -> str:
    """A side with its numbers: `db 2 + reg 3888 = 3890`; blank boxes are left out."""
    given = [term for term in terms if not term.name or numbers[term.name] is not None]
    parts: list[str] = []
    for term in given:
        sign = ("- " if term.sign < 0 else "+ ") if parts else ("-" if term.sign < 0 else "")
        factor = f"{term.factor} × " if term.name and term.factor > 1 else ""
        parts.append(f"{sign}{factor}{term.name} {numbers[term.name]}" if term.name else f"{sign}{term.factor}")
    plain = len(given) == 1 and (not given[0].name or given[0].factor == 1)
    return " ".join(parts) if plain else f"{' '.join(parts)} = {total}"


def _judged(
    identity: str, level: str, sums: list[int], words: list[str], relation: str, boxes: tuple[str, ...], says: str
) -> Result:
    should, holds = RELATIONS[relation]
    left, right = sums
    if holds(left, right):
        return Result(identity, level, "holds", left, right, left - right, boxes, f"{identity}. {says}")
    compared = f"{words[0]} {should} {words[1]}; the difference is {left - right}"
    message = f"{identity}. {says} Here {compared}. Look at {', '.join(boxes)}."
    return Result(identity, level, "fails", left, right, left - right, boxes, message)


def _by_name(
    identity: str, ours: Mapping[str, int], theirs: Mapping[str, int] | None, boxes: str, says: str
) -> Iterator[Result]:
    """An identity that holds name by name: reasons of exclusion, or sources of records."""
    names = tuple(boxes.split())
    if theirs is None:
        yield Result(
            identity,
            "E",
            "not checked",
            None,
            None,
            None,
            names,
            f"{identity}. {says} Not checked, for there is nothing to compare with.",
        )
        return
    others = _pairs(tuple(theirs.items()))
    for name in sorted({*ours, *others}):
        sums = [ours.get(name, 0), others.get(name, 0)]
        words = [f"{sums[0]} in the flow for {shown(name)}", str(sums[1])]
        yield _judged(identity, "E", sums, words, "=", names, says)


def _by_outcome(most: int | None, by_outcome: Mapping[str, int] | None, says: str) -> Iterator[Result]:
    """X5: no outcome has more than `most`."""
    boxes = ("total_studies", "new_studies") if "studies" in says else ()
    if most is None or by_outcome is None:
        yield Result(
            "X5", "E", "not checked", None, None, None, boxes, f"X5. {says} Not checked, for not all counts are there."
        )
        return
    for outcome, number in by_outcome.items():
        yield _judged("X5", "E", [number, most], [f"{number} for {shown(outcome)}", str(most)], "<=", boxes, says)
