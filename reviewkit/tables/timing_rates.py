"""Registration timing, T7b: the chain of denominators, then the rates under every rule, each basis apart.

N is always what the rule can classify; intervals are Wilson's. Made from the rows of T7a alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from reviewkit import stats
from reviewkit.tables import shares
from reviewkit.tables.timing import (
    BASES,
    BASIS_WORDS,
    GRACE_DAYS,
    INDETERMINATE,
    JUDGED,
    NO_REGISTRATION_DATE,
    NO_START,
    NOT_REGISTERED,
    RETROSPECTIVE,
    WITHHELD,
    NamedRule,
    Row,
    judge_within,
    rules,
)
from reviewkit.words import Actuality, vocabularies

SMALLEST_GROUP = 5  # a rate of fewer studies says nothing about their group

TITLE = "Registration timing: rates"
PAGE_COLUMNS = {"section": "Part", "row": "Row", "rule": "Rule", "text": "n/N (%; 95% CI)"}  # what a page shows
COLUMNS = {
    "section": "Part",
    "row": "Row",
    "basis": "Basis",
    "rule": "Rule",
    "n": "n",
    "N": "N",
    "share": "Share",
    "ci_low": "95% CI, lower (%)",
    "ci_high": "95% CI, upper (%)",
    "text": "As printed",
}

GROUPS = {
    "ids.registry": ("By registry", "RegistryName"),
    "sponsor.class": ("By class of sponsor", "SponsorClass"),
    "design.allocation": ("By allocation", "Allocation"),
    "country": ("By country", ""),
    "start_year": ("By year of start", ""),
}
LATE = (30, 90, 365)  # days late that audits of registration report


def rates(
    table: Sequence[Row], grace_days: Iterable[int] = GRACE_DAYS, *, smallest_group: int = SMALLEST_GROUP
) -> list[Row]:
    """T7b from the rows of T7a: the chain of denominators, then the rates of each basis apart.

    Rates count only studies with a registry record loaded; n of N with percent and Wilson interval, N being the
    studies the rule can classify. LintError if any count contradicts another.
    """
    named = rules(grace_days)
    made = [*_chain(table)]
    for basis in BASES.values():
        dated = [row for row in table if _is_counted(row) and row["basis"] == basis]
        if dated or basis == BASES[Actuality.ACTUAL]:
            made += _headline(dated, basis)
        if dated:
            made += [*_by_rule(dated, basis, named), *_lateness(dated, basis)]
            made += _by_group(dated, basis, smallest_group)
    made += _papers(table)
    for row in made:
        if row["N"] is not None:
            stats.lint_share(row["text"], row["n"], row["N"], table="T7b", row=f"{row['section']}: {row['row']}")
    return made


def check(
    made: Sequence[Row],
    table: Sequence[Row],
    grace_days: Iterable[int] = GRACE_DAYS,
    *,
    smallest_group: int = SMALLEST_GROUP,
) -> None:
    """LintError if any number of T7b is not the one that the rows of T7a give: counts, shares, intervals, medians."""
    shares.lint_rates(made, rates(table, grace_days, smallest_group=smallest_group), table="T7b")


def _is_counted(row: Row) -> bool:
    """Are both dates known, and is the registry's own record loaded?"""
    return row["resolved"] == "yes" and row["strict"] in JUDGED


def _share(section: str, row: str, n: int, N: int, *, basis: str = "", rule: str = "", interval: bool = True) -> Row:
    """One printed share; a chain of denominators has no interval, for it is a count and no estimate."""
    low = high = None
    if interval and N:
        low, high = (int(limit) if N < stats.FEW else float(limit) for limit in stats.interval_percents(n, N))
    return {
        "section": section,
        "row": row,
        "basis": basis,
        "rule": rule,
        "n": n,
        "N": N,
        "share": stats.percent_text(n, N) if N else None,
        "ci_low": low,
        "ci_high": high,
        "text": stats.share_with_interval(n, N) if interval else stats.share_text(n, N),
    }


def _note(section: str, row: str, text: str, *, basis: str = "", rule: str = "", n: int | None = None) -> Row:
    """One row without a share: a median, or why there is nothing to count."""
    empty = dict.fromkeys(("N", "share", "ci_low", "ci_high"))
    return {"section": section, "row": row, "basis": basis, "rule": rule, "n": n, **empty, "text": text}


def _chain(table: Sequence[Row]) -> Iterator[Row]:
    section, whole = "Denominators", len(table)
    known = [row for row in table if row["ids.primary"] or row["resolved"] == "yes"]
    resolved = [row for row in known if row["resolved"] == "yes"]
    dated = [row for row in resolved if row["strict"] in JUDGED]
    classifiable = [row for row in dated if row["strict"] != INDETERMINATE]
    steps = {
        "Studies included": whole,
        "With a registration number or a registry record": len(known),
        "With a registry record loaded": len(resolved),
        "With registration date and start date": len(dated),
        "Classifiable under the rule strict": len(classifiable),
    }
    stats.lint_chain(steps, table="T7b")
    for step, n in steps.items():
        yield _share(section, step, n, whole, interval=False)
    yield from _bases(section, dated)
    yield from _left_out(section, table, len(classifiable))


def _bases(section: str, dated: Sequence[Row]) -> Iterator[Row]:
    counts = {basis: sum(row["basis"] == basis for row in dated) for basis in BASES.values()}
    stats.lint_parts(counts, len(dated), table="T7b", row="With registration date and start date")
    for basis, n in counts.items():
        yield _share(
            section, f"Of those with both dates: {BASIS_WORDS[basis]}", n, len(dated), basis=basis, interval=False
        )


def _left_out(section: str, table: Sequence[Row], classifiable: int) -> Iterator[Row]:
    """Why the other studies are not classified; with the classifiable ones they are all that were included."""
    words = {
        INDETERMINATE: "Not classifiable: the dates are too coarse",
        NO_START: "Not classifiable: no start date",
        NO_REGISTRATION_DATE: "Not classifiable: no registration date",
        NOT_REGISTERED: "Not classifiable: no registration number",
        WITHHELD: "Not classifiable: the check gives no verdict on the dates",
        "set_aside": "Set aside: dates known, but not from a registry record",
    }
    reasons = Counter(
        "set_aside" if row["strict"] in JUDGED and row["resolved"] != "yes" else row["strict"] for row in table
    )
    parts = {reason: reasons[reason] for reason in words}
    stats.lint_parts({"classifiable": classifiable, **parts}, len(table), table="T7b", row="Studies included")
    for reason, n in parts.items():
        yield _share(section, words[reason], n, len(table), interval=False)


def _headline(dated: Sequence[Row], basis: str) -> Iterator[Row]:
    section = f"Headline, {BASIS_WORDS[basis]}"
    counts = Counter(row["strict"] for row in dated)
    late, unsure = counts[RETROSPECTIVE], counts[INDETERMINATE]
    for words, n, N in [
        ("Retrospective, indeterminate left out", late, len(dated) - unsure),
        ("Lower bound: indeterminate all prospective", late, len(dated)),
        ("Upper bound: indeterminate all retrospective", late + unsure, len(dated)),
    ]:
        yield _share(section, words, n, N, basis=basis, rule="strict")


EACH_RULE, UNSURE = "Retrospective under each rule", "Indeterminate under this rule"


def rule_rates(made: Sequence[Row], rule: str) -> list[Row]:
    """Of the rows of T7b, the share registered late under one rule: one row a basis that has any study."""
    return [
        row for row in made if row["section"].startswith(EACH_RULE) and row["rule"] == rule and row["row"] != UNSURE
    ]


def _by_rule(dated: Sequence[Row], basis: str, named: dict[str, NamedRule]) -> Iterator[Row]:
    section = f"{EACH_RULE}, {BASIS_WORDS[basis]}"
    for name, rule in named.items():
        counts = Counter(row[name] for row in dated)
        stats.lint_parts(
            {verdict: counts[verdict] for verdict in JUDGED}, len(dated), table="T7b", row=f"{section}: {name}"
        )
        yield _share(
            section,
            rule.words.capitalize(),
            counts[RETROSPECTIVE],
            len(dated) - counts[INDETERMINATE],
            basis=basis,
            rule=name,
        )
        if counts[INDETERMINATE]:
            yield _share(section, UNSURE, counts[INDETERMINATE], len(dated), basis=basis, rule=name)


def days_known(row: Row) -> tuple[int, int]:
    """The least and greatest number of days from start to registration of a row with both dates."""
    return (row["days"], row["days"]) if row["days"] is not None else (row["days_min"], row["days_max"])


def _lateness(dated: Sequence[Row], basis: str) -> Iterator[Row]:
    section = f"Among the retrospective, {BASIS_WORDS[basis]}"
    late = [row for row in dated if row["strict"] == RETROSPECTIVE]
    say = partial(_share, section, basis=basis, rule="strict")
    least, most = zip(*map(days_known, late), strict=True) if late else ((), ())
    # A day that is not known makes two answers: days after the last possible start, and after the first.
    for words, text in _bounds([stats.median_text(days) for days in (least, most)]):
        yield _note(section, f"Days late, median{words}", text, basis=basis, rule="strict", n=len(late))
    for limit in LATE:
        for words, n in _bounds([sum(day > limit for day in days) for days in (least, most)]):
            yield say(f"More than {limit} days late{words}", n, len(late))
    yield from _after_completion(late, section, basis)
    yield _after_publication(late, section, basis)


def _bounds(both: Sequence[Any]) -> list[tuple[str, Any]]:
    """What is printed of a lower and an upper bound: both with their names, or one where they are the same."""
    return [("", both[0])] if both[0] == both[1] else [(", at least", both[0]), (", at most", both[1])]


def _after(row: Row, field: str) -> bool | None:
    """Was the study registered after the day in `field`? None if the day is missing or too coarse to say."""
    if row[field] is None:
        return None
    verdict = judge_within(row["registration.date"], row[field])
    return None if verdict == INDETERMINATE else verdict == RETROSPECTIVE


def _after_completion(late: Sequence[Row], section: str, basis: str) -> Iterator[Row]:
    for words, is_meant in [
        ("Registered after actual completion", lambda kind: kind == Actuality.ACTUAL),
        ("Registered after a completion date planned or of unknown kind", lambda kind: kind != Actuality.ACTUAL),
    ]:
        decided = [
            after
            for row in late
            if is_meant(row["completion_kind"]) and (after := _after(row, "date.completion")) is not None
        ]
        if decided:
            yield _share(section, words, sum(decided), len(decided), basis=basis, rule="strict")
        elif words.endswith("actual completion"):
            yield _note(section, words, "not assessable: no actual completion date", basis=basis, rule="strict")


def _after_publication(late: Sequence[Row], section: str, basis: str) -> Row:
    words = "Registered after publication"
    decided = [after for row in late if (after := _after(row, "report.date")) is not None]
    if not decided:
        return _note(section, words, "not assessable: no dated publication loaded", basis=basis, rule="strict")
    return _share(section, words, sum(decided), len(decided), basis=basis, rule="strict")


def _by_group(dated: Sequence[Row], basis: str, smallest: int) -> Iterator[Row]:
    """Retrospective among classifiable, group by group; small groups together, so that the parts make the whole."""
    classifiable = [row for row in dated if row["strict"] != INDETERMINATE]
    too_few = f"not shown: no group of at least {smallest} studies"
    if len(classifiable) < smallest:
        yield _note(f"By group, {BASIS_WORDS[basis]}", "No group", too_few, basis=basis, rule="strict")
        return
    for column, (title, vocabulary) in GROUPS.items():
        section = f"{title}, {BASIS_WORDS[basis]}"
        groups = _grouped(classifiable, column)
        large = {name: members for name, members in groups.items() if len(members) >= smallest}
        small = [row for name, members in groups.items() if name not in large for row in members]
        if not large:
            yield _note(section, "No group", too_few, basis=basis, rule="strict")
            continue
        shown = {_group_words(vocabulary, name): members for name, members in large.items()}
        if small:
            shown[f"Groups of fewer than {smallest} studies ({len(groups) - len(large)}), together"] = small
        sizes = {name: len(members) for name, members in shown.items()}
        stats.lint_parts(sizes, len(classifiable), table="T7b", row=section)
        for name, members in shown.items():
            late = sum(row["strict"] == RETROSPECTIVE for row in members)
            yield _share(section, name, late, len(members), basis=basis, rule="strict")


def _grouped(classifiable: Sequence[Row], column: str) -> dict[str, list[Row]]:
    """The rows by group: years in order, other groups largest first, the missing last."""
    groups: dict[str, list[Row]] = {}
    for row in classifiable:
        groups.setdefault(_group(row, column), []).append(row)
    by_year = column == "start_year"
    return dict(sorted(groups.items(), key=lambda item: (item[0] == "", 0 if by_year else -len(item[1]), item[0])))


def _group(row: Row, column: str) -> str:
    if column != "country":
        return row[column] or ""
    return "several countries" if (row["n_countries"] or 0) > 1 else row["countries"] or ""


def _group_words(vocabulary: str, name: str) -> str:
    if not name:
        return "not stated"
    return vocabularies()[vocabulary][name] if vocabulary else name


STATEMENTS = {
    "PROSPECTIVE": "Calls its registration prospective",
    "RETROSPECTIVE": "Calls its registration retrospective",
    "REGISTERED_WHILE_RECRUITING": "Says it was registered while recruiting",
    "NUMBER_ONLY": "Gives the number or a statement without timing",
    "NOT_REPORTED": "Says nothing of registration",
}


def _papers(table: Sequence[Row]) -> Iterator[Row]:
    section = "Statement in the publication"
    said = Counter(row["statement_in_paper"] for row in table if row["statement_in_paper"] is not None)
    if not said:
        yield _note(section, "Any statement", "not assessable: no publication loaded")
        return
    whole = said.total()
    stats.lint_parts({code: said[code] for code in STATEMENTS}, whole, table="T7b", row=section)
    for code, words in STATEMENTS.items():
        yield _share(section, words, said[code], whole)
