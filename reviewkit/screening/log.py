"""The screening log: screening.csv, a row a citation, under the headings of `COLUMNS`.

A blank cell means that nobody has decided yet. Every cell that cannot be taken is reported with its row and column and
counts as blank, so that no citation is lost and the flow stays a draft until the cell is mended.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Mapping

import msgspec

from reviewkit.documents import LINE, Document
from reviewkit.errors import Problem, shown
from reviewkit.model import Place
from reviewkit.words import nearest

COLUMNS = (
    *("citation_id", "source", "source_kind", "title", "duplicate_of"),
    *("screened", "screened_reason", "sought", "retrieved", "assessed", "excluded_reason"),
    *("study_id", "report_id", "decided_by"),
)
FLAGS = ("screened", "sought", "retrieved", "assessed")  # yes, no, or blank while nobody has decided
KINDS = ("database", "register", "other")
AUTOMATION = "automation"  # in decided_by: a tool decided, not a person; too long for a person's letters
ONGOING, AWAITING = "ongoing", "awaiting classification"  # reasons that leave the flow without being exclusions
UNNAMED = "source not given"
LONG = 1000  # citations; in a longer log no nearest citation_id is looked for, as each wrong one is compared with all

# The column that settles where a citation ends: cells of later columns must not say more.
SETTLED_BY = {
    "dup": "duplicate_of",
    **dict.fromkeys(("auto", "oth", "wait_scr"), "screened"),
    **dict.fromkeys(("scr_ex", "wait_sought"), "sought"),
    **dict.fromkeys(("wait_retrieved", "not_ret"), "retrieved"),
    "wait_assessed": "assessed",
    **dict.fromkeys(("ex", "ongoing", "awaiting", "wait_included", "included"), "excluded_reason"),
}


class Citation(msgspec.Struct, frozen=True):
    """One row of the log, as far as its cells could be taken; `row` counts from 1, the headings' row."""

    row: int
    citation_id: str
    source: str
    source_kind: str
    title: str = ""
    duplicate_of: str = ""
    screened: str = ""
    screened_reason: str = ""
    sought: str = ""
    retrieved: str = ""
    assessed: str = ""
    excluded_reason: str = ""
    study_id: str = ""
    report_id: str = ""
    decided_by: str = ""

    @property
    def studies(self) -> list[str]:
        """The studies a report belongs to; several are joined by `;`."""
        return [part.strip() for part in self.study_id.split(";") if part.strip()]

    @property
    def fate(self) -> str:
        """The one box in which the citation ends, a key of `SETTLED_BY`; other methods may have no screening."""
        if self.duplicate_of:
            return "dup"
        if self.screened == "no":
            return "auto" if self.by_automation else "oth"
        if self.screened == "" and self.source_kind != "other":
            return "wait_scr"
        if self.sought != "yes":
            return "scr_ex" if self.sought == "no" or self.screened_reason else "wait_sought"
        if self.retrieved != "yes":
            return "not_ret" if self.retrieved == "no" else "wait_retrieved"
        if self.assessed != "yes":
            return "wait_assessed"
        if self.excluded_reason:
            return {ONGOING: "ongoing", AWAITING: "awaiting"}.get(folded(self.excluded_reason), "ex")
        return "included" if self.studies else "wait_included"

    @property
    def by_automation(self) -> bool:
        """Was it a tool that decided?"""
        return AUTOMATION in (folded(self.decided_by), folded(self.screened_reason))


def folded(text: str) -> str:
    """A name without the differences of case and blanks under which two spellings are one."""
    return " ".join(text.casefold().split())


def read_screening(document: Document, *, studies: Collection[str] = ()) -> list[Citation]:
    """The citations of a screening log (CSV), in its order; ReviewError if it is no such table.

    Every cell that cannot be taken is reported to the document with row and column, and counts as blank, so that the
    flow stays a draft until it is mended. With `studies`, a `study_id` that is none of them is such a cell.
    """
    headings, rows = read_table(document, COLUMNS)
    _report_own_columns(document, headings)
    found = [_citation(document, headings, row, cells) for row, cells in rows]
    if not found:
        report_cell(
            document, 1, None, found="headings without a row below", expected="one row a citation", fix="add the rows"
        )
    found = _with_legal_references(document, found, studies)
    for citation in found:
        _report_contradictions(document, citation)
    _report_like_spellings(document, found, "source")
    _report_like_spellings(document, found, "excluded_reason")
    _report_repeated_reports(document, found)
    return found


def read_table(document: Document, wanted: tuple[str, ...]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The headings, `wanted` among them, and the rows with their numbers.

    ReviewError for a heading that is missing or stands twice, and for broken quotation marks.
    """
    lines = [match[0] for match in LINE.finditer(document.text) if match[0]]
    delimiter = max(
        ",;\t", key=lambda mark: sum(cell.strip('" \r\n') in wanted for cell in (lines or [""])[0].split(mark))
    )
    rows = []
    try:
        for row, cells in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), 1):
            rows.append((row, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise document.refuse(
            place=Place(document.name, row=len(rows) + 1),
            found=f"a row whose quotation marks are broken ({error})",
            expected="cells between quotation marks, with each mark inside a cell doubled",
            fix="close or double the quotation mark",
        ) from error
    headings = rows[0][1] if rows else []
    _check_headings(document, headings, wanted)
    return headings, [(row, cells) for row, cells in rows[1:] if any(cells)]


def _check_headings(document: Document, headings: list[str], wanted: tuple[str, ...]) -> None:
    missing = [name for name in wanted if name not in headings]
    twice = [name for name in wanted if headings.count(name) > 1]
    extra = [heading for heading in headings if heading and heading not in wanted]
    if missing or twice:
        near = {name: nearest(name, extra) for name in missing}
        renamed = [f"rename {old!r} to {name}" for name, old in near.items() if old]
        added = [f"add {name}" for name, old in near.items() if not old]
        raise document.refuse(
            place=Place(document.name, row=1),
            found="; ".join(
                ["no column " + ", ".join(missing)] * bool(missing) + ["two columns " + ", ".join(twice)] * bool(twice)
            ),
            expected="the columns " + ", ".join(wanted) + ", each once",
            fix="; ".join([*renamed, *added, *(f"keep one column {name}" for name in twice)]),
        )


def _report_own_columns(document: Document, headings: list[str]) -> None:
    """A notice for each column that is not read, lest a misspelt one be missed."""
    for heading in headings:
        if heading and heading not in COLUMNS:
            report_cell(
                document,
                1,
                heading,
                found=f"the heading {shown(heading)}",
                expected="one of " + ", ".join(COLUMNS),
                fix="none needed; the column is the team's own and is not read",
                severity="notice",
            )


def _citation(document: Document, headings: list[str], row: int, cells: list[str]) -> Citation:
    kept = dict(zip(headings, cells, strict=False))
    if len(cells) != len(headings):
        report_cell(
            document,
            row,
            None,
            found=f"{len(cells)} cells",
            expected=f"{len(headings)} cells, one for each heading",
            fix="put a cell that holds the delimiter between quotation marks, or add what is missing; "
            "the citation was counted as waiting",
        )
        kept = {name: kept.get(name, "") for name in ("citation_id", "source", "source_kind")}
    taken = {name: _taken(document, row, name, kept.get(name, "")) for name in COLUMNS}
    if taken["source_kind"] == "":
        # Counted all the same, and as waiting: no cell of a row whose column of the flow is unknown moves it on.
        taken = {name: taken[name] for name in ("citation_id", "source", "title")} | {"source_kind": "database"}
    return Citation(row=row, **taken)


def _taken(document: Document, row: int, column: str, cell: str) -> str:
    """The cell as it counts: yes, no and kinds in lower case; "" for one that cannot be taken, which is reported."""
    word = folded(cell)
    if column in FLAGS and word not in ("yes", "no", ""):
        return _refused(document, row, column, cell, ("yes", "no"), "yes, no, or blank while nobody has decided")
    if column == "source_kind" and word not in KINDS:
        return _refused(document, row, column, cell, KINDS, "database, register or other")
    if column == "decided_by" and not all(_is_person(part) for part in re.split(r"[;,]", cell) if part.strip()):
        _refused(document, row, column, cell, (), f"a person's 2 to 8 letters, several joined by ';', or {AUTOMATION}")
    if column in ("citation_id", "source") and not cell:
        stand_in = f"row {row}" if column == "citation_id" else UNNAMED
        report_cell(
            document,
            row,
            column,
            found="a blank cell",
            expected=f"a {column}",
            fix=f"fill it in; it is shown as '{stand_in}'",
        )
        return stand_in
    return word if column in (*FLAGS, "source_kind") else " ".join(cell.split())


def _is_person(word: str) -> bool:
    return folded(word) == AUTOMATION or re.fullmatch(r"[^\W\d_]{2,8}", word.strip()) is not None


def _refused(document: Document, row: int, column: str, cell: str, legal: Iterable[str], expected: str) -> str:
    near = nearest(cell, legal) if cell else None
    found = shown(cell) if cell else "a blank cell"
    report_cell(
        document,
        row,
        column,
        found=found,
        expected=expected,
        fix=f"did you mean {near}?" if near else f"write {expected}",
    )
    return ""


def report_cell(
    document: Document, row: int, column: str | None, *, found: str, expected: str, fix: str, severity: str = "error"
) -> None:
    """Report one cell, or a whole row where `column` is None."""
    place = Place(document.name, row=row, column=column)
    document.report(Problem(document.name, place, found, expected, fix, severity))


def _with_legal_references(document: Document, found: list[Citation], studies: Collection[str]) -> list[Citation]:
    """The citations without a `duplicate_of` or `study_id` that names nothing, or a duplicate that leads to itself."""
    first: dict[str, Citation] = {}
    for citation in found:
        if citation.citation_id in first:
            report_cell(
                document,
                citation.row,
                "citation_id",
                found=f"{shown(citation.citation_id)}, which row {first[citation.citation_id].row} has too",
                expected="a citation_id of its own in every row",
                fix="give one of the two rows another citation_id; both were counted",
            )
        first.setdefault(citation.citation_id, citation)
    kept = []
    for citation in found:
        if citation.duplicate_of and (said := _wrong_duplicate(citation, first)):
            near = (
                nearest(citation.duplicate_of, first)
                if len(first) < LONG and citation.duplicate_of not in first
                else None
            )
            report_cell(
                document,
                citation.row,
                "duplicate_of",
                found=f"{shown(citation.duplicate_of)}, {said}",
                expected="the citation_id of the row that is kept",
                fix=f"did you mean {near}?"
                if near
                else "name the row that is kept, and leave its own duplicate_of blank",
            )
            citation = msgspec.structs.replace(citation, duplicate_of="")
        unknown = [study for study in citation.studies if studies and study not in studies]
        for study in unknown:
            near = nearest(study, studies)
            report_cell(
                document,
                citation.row,
                "study_id",
                found=shown(study),
                expected="the study_id of a study of this review",
                fix=f"did you mean {near}?"
                if near
                else "look the study up in the report; new documents give new studies",
            )
        kept.append(msgspec.structs.replace(citation, study_id="") if unknown else citation)
    return kept


def _wrong_duplicate(citation: Citation, first: Mapping[str, Citation]) -> str | None:
    """Why `duplicate_of` cannot stand: it names no row, or following it never ends at a row that is kept."""
    seen: set[str] = set()
    name = citation.duplicate_of
    while name:
        if name not in first:
            return "which is the citation_id of no row" if name == citation.duplicate_of else None
        if name in seen or first[name] is citation:
            return "which leads back to this row, so that none would be kept" if first[name] is citation else None
        seen.add(name)
        name = first[name].duplicate_of
    return None


def _report_contradictions(document: Document, citation: Citation) -> None:
    """Report cells that say the citation went further than the cell that settles its fate allows."""
    fate = citation.fate
    settled = SETTLED_BY[fate]
    if fate in ("wait_scr", "wait_sought") and citation.source_kind == "other":
        settled = "sought"
    after = [*FLAGS, "excluded_reason"]
    later = after if settled == "duplicate_of" else after[after.index(settled) + 1 :]
    further = next((name for name in later if getattr(citation, name) not in ("", "no")), None)
    said = getattr(citation, settled)
    if further is not None:
        report_cell(
            document,
            citation.row,
            further,
            found=f"{shown(getattr(citation, further))}, though {settled} is {shown(said) if said else 'blank'}",
            expected=f"a blank cell, or {settled} = yes"
            if settled != "duplicate_of"
            else "a blank cell: a duplicate goes no further",
            fix=f"mend one of the two; the citation was counted by {settled}",
        )
    if fate == "wait_assessed" and citation.assessed == "no":
        expected = "yes, or blank while the report waits"
        report_cell(
            document,
            citation.row,
            "assessed",
            found="'no', though the report was retrieved",
            expected=expected,
            fix="leave it blank",
        )
    if citation.screened_reason and citation.sought == "yes" and citation.screened != "no":
        report_cell(
            document,
            citation.row,
            "screened_reason",
            found=f"{shown(citation.screened_reason)}, though sought is 'yes'",
            expected="a reason only where the citation goes no further",
            fix="mend one of the two; the citation was counted as sought",
        )
    if fate == "included" and not citation.report_id:
        expected = "the report_id of an included report, e.g. R0001"
        fix = "fill it in; the row was counted as a report of its own"
        report_cell(document, citation.row, "report_id", found="a blank cell", expected=expected, fix=fix)


def _report_like_spellings(document: Document, found: Iterable[Citation], column: str) -> None:
    """A notice where two names differ in case or blanks only: they are counted as one, under the first spelling."""
    first: dict[str, str] = {}
    for citation in found:
        name = getattr(citation, column)
        kept = first.setdefault(folded(name), name)
        if name != kept:
            report_cell(
                document,
                citation.row,
                column,
                found=shown(name),
                expected=f"one spelling, {shown(kept)} as above",
                fix=f"none needed; it was counted as {shown(kept)}",
                severity="notice",
            )
            first[folded(name)] = kept


def _report_repeated_reports(document: Document, found: Iterable[Citation]) -> None:
    """A notice where one included report stands in two rows: it is counted once, the rest as overlap."""
    first: dict[str, Citation] = {}
    for citation in found:
        if citation.report_id and citation.fate == "included":
            earlier = first.setdefault(citation.report_id, citation)
            if earlier is not citation:
                report_cell(
                    document,
                    citation.row,
                    "report_id",
                    found=f"{shown(citation.report_id)}, which row {earlier.row} has too",
                    expected="one row a report that is included",
                    fix=f"if both are one record, write duplicate_of = {earlier.citation_id}; counted as overlap",
                    severity="notice",
                )
