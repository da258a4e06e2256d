"""The boxes of the PRISMA 2020 flow, and their counts out of the citations of a screening log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from reviewkit.screening.log import Citation, folded

# PRISMA's own sources of the column "other methods", as people write them; every other name is printed as it stands.
OTHER_METHODS = {
    **dict.fromkeys(("website", "websites"), "web"),
    **dict.fromkeys(("organisation", "organisations", "organization", "organizations"), "org"),
    **dict.fromkeys(("citation search", "citation searching", "citations"), "cit"),
}

# Where a citation can end, in the order of the flow: what stands further down has passed all that stands above.
FATES = (
    *("dup", "auto", "oth", "wait_scr"),  # never screened, or not yet
    *("scr_ex", "wait_sought"),  # screened
    *("wait_retrieved", "not_ret", "wait_assessed"),  # sought
    *("ex", "ongoing", "awaiting", "wait_included", "included"),  # assessed
)

Counts = tuple[tuple[str, int], ...]
LISTS = ("db", "reg", "ex", "other_src", "o_ex")  # the boxes that hold names with counts


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """The boxes of the flow. None is *not applicable* and is left out of the drawing; 0 is printed as 0.

    Sources and reasons are pairs of name and count. `wait_…` are citations on which nobody has decided yet. Declared,
    default none: `extra_reports` (a record that led to more than one report), `overlap` (reports found more than
    once), `o_not_sought` (records of other methods that are duplicates or were left out on their title),
    `prev_removed`, `prev_reports_removed`, and `prev_new_reports` (new reports that belong to earlier studies).
    """

    db: Counts | None = None
    reg: Counts | None = None
    dup: int | None = None
    auto: int | None = None
    oth: int | None = None
    wait_scr: int | None = None
    scr: int | None = None
    scr_ex: int | None = None
    scr_ex_human: int | None = None
    scr_ex_auto: int | None = None
    extra_reports: int | None = None
    wait_sought: int | None = None
    sought: int | None = None
    wait_retrieved: int | None = None
    not_ret: int | None = None
    wait_assessed: int | None = None
    assessed: int | None = None
    ex: Counts | None = None
    ex_total: int | None = None
    d_ongoing: int | None = None
    d_awaiting: int | None = None
    wait_included: int | None = None
    web: int | None = None
    org: int | None = None
    cit: int | None = None
    other_src: Counts | None = None
    o_not_sought: int | None = None
    o_wait_sought: int | None = None
    o_sought: int | None = None
    o_wait_retrieved: int | None = None
    o_not_ret: int | None = None
    o_wait_assessed: int | None = None
    o_assessed: int | None = None
    o_ex: Counts | None = None
    o_ex_total: int | None = None
    o_ongoing: int | None = None
    o_awaiting: int | None = None
    o_wait_included: int | None = None
    overlap: int | None = None
    new_studies: int | None = None
    new_reports: int | None = None
    ongoing: int | None = None
    awaiting: int | None = None
    prev_studies: int | None = None
    prev_reports: int | None = None
    prev_removed: int | None = None
    prev_reports_removed: int | None = None
    prev_new_reports: int | None = None
    total_studies: int | None = None
    total_reports: int | None = None
    ma_studies: int | None = None
    ma_reports: int | None = None

    @property
    def pending(self) -> int:
        """How many citations wait for a decision: while there are any, the flow is a draft."""
        return sum(value or 0 for name, value in self.boxes().items() if "wait_" in name)

    def boxes(self) -> dict[str, Any]:
        """Every box by name, in the order of the flow: what the figure is drawn from."""
        return msgspec.structs.asdict(self)


def count(citations: Iterable[Citation]) -> Flow:
    """The flow of the citations. A column of the flow without citations is not applicable, not zero."""
    found = list(citations)
    ours = [citation for citation in found if citation.source_kind != "other"]
    others = [citation for citation in found if citation.source_kind == "other"]
    included = [citation for citation in found if citation.fate == "included"]
    reports = {citation.report_id or f"row {citation.row}" for citation in included}
    both: dict[str, Any] = {
        "new_studies": len({study for citation in included for study in citation.studies}),
        "new_reports": len(reports),
        "overlap": len(included) - len(reports),
    }
    return Flow(**_searched(ours), **_other_methods(others), **(both if found else {}))


def _searched(citations: list[Citation]) -> dict[str, Any]:
    """The boxes of the column of databases and registers."""
    if not citations:
        return {}
    ends = Counter(citation.fate for citation in citations)
    by_tool = sum(citation.by_automation for citation in citations if citation.fate == "scr_ex")
    split = {"scr_ex_human": ends["scr_ex"] - by_tool, "scr_ex_auto": by_tool} if by_tool else {}
    return {
        "db": _named(c.source for c in citations if c.source_kind == "database") or None,
        "reg": _named(c.source for c in citations if c.source_kind == "register") or None,
        **{name: ends[name] for name in ("dup", "auto", "oth", "wait_scr", "scr_ex", "wait_sought")},
        **split,
        "scr": _reached(ends, "scr_ex"),
        "d_ongoing": ends["ongoing"],
        "d_awaiting": ends["awaiting"],
        **_reports(citations, ends),
    }


def _other_methods(citations: list[Citation]) -> dict[str, Any]:
    """The boxes of the column of other methods."""
    if not citations:
        return {}
    ends = Counter(citation.fate for citation in citations)
    standard = Counter(OTHER_METHODS.get(folded(citation.source)) for citation in citations)
    named = _named(c.source for c in citations if folded(c.source) not in OTHER_METHODS)
    return {
        **{box: standard[box] for box in ("web", "org", "cit") if standard[box]},
        "other_src": named or None,
        "o_not_sought": sum(ends[name] for name in ("dup", "auto", "oth", "scr_ex")),
        "o_wait_sought": ends["wait_sought"],
        "o_ongoing": ends["ongoing"],
        "o_awaiting": ends["awaiting"],
        **{f"o_{name}": value for name, value in _reports(citations, ends).items()},
    }


def _reports(citations: list[Citation], ends: Counter[str]) -> dict[str, Any]:
    """The boxes from `sought` on, which both columns have."""
    return {
        "sought": _reached(ends, "wait_retrieved"),
        **{name: ends[name] for name in ("wait_retrieved", "not_ret", "wait_assessed", "wait_included")},
        "assessed": _reached(ends, "ex"),
        "ex": _named(citation.excluded_reason for citation in citations if citation.fate == "ex"),
        "ex_total": ends["ex"],
    }


def _reached(ends: Counter[str], first: str) -> int:
    """How many citations ended at `first` or further down the flow."""
    return sum(ends[name] for name in FATES[FATES.index(first) :])


def _named(names: Iterable[str]) -> Counts:
    """How often each name stands, most first; spellings that differ in case or blanks are one, the first."""
    first: dict[str, str] = {}
    counts = Counter(first.setdefault(folded(name), name) for name in names)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
