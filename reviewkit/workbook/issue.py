"""Issue a workbook: its identity, the file, and the cells as issued, which are the baseline when it comes back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec

from reviewkit.codebook import Codebook
from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.filling import Cell
from reviewkit.model import Place, Study
from reviewkit.words import nearest
from reviewkit.workbook.layout import ASSISTED, INDEPENDENT, Difference, Layout, Link, Row, Sheet, number_reports
from reviewkit.workbook.readme import readme_lines
from reviewkit.workbook.rules import code_lists
from reviewkit.workbook.write import Writer

WORKBOOKS = UUID("6f1d1c53-6a52-5d3c-9c0e-0c6f6c1f7b1e")  # the name space of our workbooks; any fixed one would do
EXTRACTOR = re.compile(r"[A-Za-z]{2,8}")
RESERVED = "consensus"  # the owner of what two extractors agreed on
MODES = (INDEPENDENT, ASSISTED)


class Facts(NamedTuple):
    """What the workbook says of its review; `snapshot_date` is YYYY-MM-DD and stands for today, `version` is ours."""

    review_id: str
    title: str
    snapshot_date: str
    version: str
    contact: str = ""


class IssuedCell(NamedTuple):
    """One cell as issued; blank cells are not listed."""

    sheet: str
    row: str
    field: str
    value: Cell


class Issue(NamedTuple):
    """One issued workbook: who it is, and every cell in it. `columns` are the fields of each sheet, in order."""

    workbook_uuid: str
    review_id: str
    form_version: str
    schema_hash: str
    extractor: str
    mode: str
    number: int
    issued_at: str
    file: str
    columns: dict[str, list[str]]
    cells: list[IssuedCell]
    differences: list[Difference]


def workbook_name(review_id: str, form_version: str, extractor: str) -> str:
    """The file name of a workbook: `<review>__<form version>__<extractor>.xlsx`.

    >>> workbook_name("exosomes", "1", "AB")
    'exosomes__1__AB.xlsx'
    """
    safe = re.sub(r"[^A-Za-z0-9.\-]+|_{2,}", "-", review_id).strip("-.") or "review"
    return f"{safe}__{form_version}__{extractor}.xlsx"


def no_link(place: Place) -> None:
    """For a workbook whose documents have no pages."""


def check_extractor(extractor: str) -> str:
    """The letters of a person, as given; ReviewError if they are none."""
    if not EXTRACTOR.fullmatch(extractor) or extractor.casefold() == RESERVED:
        expected = f"2 to 8 letters that stand for one person, not {RESERVED}"
        raise ReviewError(Problem("extractor", None, shown(extractor), expected, "use initials, e.g. AB"))
    return extractor


def write_workbook(
    path: Path,
    facts: Facts,
    studies: Iterable[Study],
    *,
    codebook: Codebook,
    extractor: str,
    mode: str = INDEPENDENT,
    number: int = 1,
    report_ids: Mapping[str, str] | None = None,
    link: Link = no_link,
) -> Issue:
    """Write the workbook of one extractor to `path` and give its identity and cells.

    `studies` carry their study ids; `report_ids` maps `document#record` to a report id (default: numbered in order);
    `link` gives the address of a place as seen from the workbook; `number` counts the issues to this extractor of this
    form. Raises ReviewError for an extractor or mode that is none.
    """
    check_extractor(extractor)
    if mode not in MODES:
        fix = f"did you mean {nearest(mode, MODES)!r}?"
        raise ReviewError(Problem("mode", None, shown(mode), " or ".join(MODES), fix))
    if report_ids is None:
        studies = list(studies)
        report_ids = number_reports(studies)
    layout = Layout(codebook, mode, report_ids, link)
    for study in studies:
        layout.add(study)
    sheets = layout.sheets(facts.snapshot_date)
    issue = Issue(
        workbook_uuid=str(
            uuid5(WORKBOOKS, "\n".join([facts.review_id, codebook.form_version, extractor, str(number)]))
        ),
        review_id=facts.review_id,
        form_version=codebook.form_version,
        schema_hash=codebook.schema_hash,
        extractor=extractor,
        mode=mode,
        number=number,
        issued_at=facts.snapshot_date,
        file=path.name,
        columns={sheet.name: [column.field for column in sheet.columns] for sheet in sheets},
        cells=[cell for sheet in sheets for cell in _cells(sheet)],
        differences=layout.differences,
    )
    _write(path, facts, issue, codebook, sheets)
    return issue


def _write(path: Path, facts: Facts, issue: Issue, codebook: Codebook, sheets: list[Sheet]) -> None:
    writer = Writer(title=facts.title, day=facts.snapshot_date, assisted=issue.mode == ASSISTED)
    writer.readme(
        readme_lines(
            codebook,
            title=facts.title,
            review_id=facts.review_id,
            extractor=issue.extractor,
            assisted=issue.mode == ASSISTED,
            issued=facts.snapshot_date,
            contact=facts.contact,
        )
    )
    writer.codebook(codebook)
    for sheet in sheets:
        writer.sheet(sheet)
    writer.lists(code_lists(codebook))
    writer.meta(_meta(facts, issue, sheets))
    path.parent.mkdir(parents=True, exist_ok=True)
    writer.save(path)


def _cells(sheet: Sheet) -> Iterator[IssuedCell]:
    for row in sheet.rows:
        for column, cell in zip(sheet.columns, row.cells, strict=True):
            if cell is not None:
                yield IssuedCell(sheet.name, row.key, column.field, cell)


def _meta(facts: Facts, issue: Issue, sheets: list[Sheet]) -> Iterator[tuple[str, str]]:
    """Key and value pairs of the sheet _meta: identity, the columns of each sheet, a hash of every row as issued."""
    yield "workbook_uuid", issue.workbook_uuid
    yield "parent_uuid", ""
    yield "review_id", issue.review_id
    yield "form_version", issue.form_version
    yield "schema_hash", issue.schema_hash
    yield "extractor", issue.extractor
    yield "issued_at", issue.issued_at
    yield "number_of_issue", str(issue.number)
    yield "software_version", facts.version
    yield "mode", issue.mode
    for sheet in sheets:
        yield f"columns:{sheet.name}", ",".join(column.field for column in sheet.columns)
    for sheet in sheets:
        for row in sheet.rows:
            yield f"row:{sheet.name}:{row.key}", row_hash(row)


def row_hash(row: Row) -> str:
    """What a row held when it was issued, in 16 hexadecimal digits."""
    return hashlib.sha256(msgspec.json.encode(row.cells)).hexdigest()[:16]
