"""Exports of WHO's search portal ICTRP: XML, CSV and XLSX, one trial a row or element, read one at a time.

Columns are known by their names (case, blanks and underscores aside), never by their order. `Date_registration3` is the
safest date; the flags for prospective and retrospective registration have stood for their opposite and are never read.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import Any

from reviewkit.documents import LINE, Document
from reviewkit.errors import Problem
from reviewkit.kinds import coded, flag
from reviewkit.model import Place, Record
from reviewkit.sources import who_words as who
from reviewkit.sources.collect import Gathering
from reviewkit.sources.who_entry import (
    FIELDS as FIELDS,
)
from reviewkit.sources.who_entry import (
    Cell,
    Cells,
    Take,
    age,
    as_,
    criteria,
    dated,
    design_string,
    interventions,
    number,
    outcomes,
    parts,
    registered,
    secondary,
    size,
    tell,
)
from reviewkit.sources.xml_entry import ILLEGAL, root_name

NAME = "ictrp"
KIND = "registry"
ROOT, TRIAL = "Trials_downloaded_from_ICTRP", "Trial"
ETHICS_STATUS = {
    **dict.fromkeys(["approved", "yes"], "APPROVED"),
    **dict.fromkeys(["not approved", "refused"], "NOT_APPROVED"),
    **dict.fromkeys(["pending", "submitted, not yet approved"], "PENDING"),
    "not required": "NOT_REQUIRED",
    "not available": "NOT_AVAILABLE",
}
IPD_PLAN = {"yes": "YES", "no": "NO", "undecided": "UNDECIDED", "not applicable": "NOT_APPLICABLE"}


def _registered(entry: Gathering, cell: Cell, cells: Cells) -> None:
    """The date in its safe form where it is given, else as the registry sent it."""
    safe = cells.get("dateregistration3")
    best = safe if safe is not None and re.fullmatch(r"\s*\d{8}\s*", safe.words) else cell
    registered(entry, best, cells)


TAKES: dict[str, Take] = {
    "trialid": number,
    "secondaryid": secondary,
    "secondaryids": secondary,
    "publictitle": as_("title.public"),
    "scientifictitle": as_("title.scientific"),
    "acronym": as_("acronym"),
    "primarysponsor": as_("sponsor.primary"),
    "secondarysponsor": parts("sponsor.secondary"),
    "secondarysponsors": parts("sponsor.secondary"),
    "dateregistration": _registered,
    "exportdate": as_("source.export_date", lambda words: _export_date(words)),
    "webaddress": as_("source.url"),
    "recruitmentstatus": as_("status.recruitment", who.status),
    "inclusionagemin": age("eligibility.age_min", zero_is_none=False),
    "inclusionagemax": age("eligibility.age_max", zero_is_none=True),
    "inclusiongender": as_("eligibility.sex", who.sex),
    "dateenrollement": dated("date.first_enrolment"),
    "dateenrollment": dated("date.first_enrolment"),
    "targetsize": size,
    "studytype": as_("study_type", who.study_type),
    "studydesign": design_string,
    "phase": as_("design.phase", who.phase, blank="null"),
    "countries": parts("countries", who.country),
    "inclusioncriteria": criteria("inclusion"),
    "exclusioncriteria": criteria("exclusion"),
    "condition": parts("conditions"),
    "conditions": parts("conditions"),
    "intervention": interventions,
    "interventions": interventions,
    "primaryoutcome": outcomes("PRIMARY"),
    "primaryoutcomes": outcomes("PRIMARY"),
    "secondaryoutcome": outcomes("SECONDARY"),
    "secondaryoutcomes": outcomes("SECONDARY"),
    "sourcesupport": parts("funders.name"),
    "sourcename": parts("funders.name"),
    "ethicsstatus": as_("ethics.status", coded(ETHICS_STATUS), item=1),
    "ethicsreviewstatus": as_("ethics.status", coded(ETHICS_STATUS), item=1),
    "ethicsapprovaldate": as_("ethics.date", who.date, item=1),
    "ethicsreviewapprovaldate": as_("ethics.date", who.date, item=1),
    "resultsdateposted": dated("results.date", "ACTUAL"),
    "resultsdatecompleted": dated("date.completion"),
    "resultsdatefirstpublication": dated("results.first_published", "ACTUAL"),
    "resultsurllink": as_("results.url"),
    "resultsurlprotocol": as_("results.protocol_url"),
    "resultssummary": as_("results.summary"),
    "resultsipdplan": as_("ipd.plan", coded(IPD_PLAN)),
    "resultsipddescription": as_("ipd.description"),
    "resultsyesno": as_("results.posted", flag),
}
NEEDED = {"trialid", "publictitle"}
MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?")
ZIP = b"PK\x03\x04"


def _export_date(words: str) -> Any:
    """The one column in which the month comes first."""
    if match := MONTH_FIRST.fullmatch(words):
        month, day, year = match.groups()
        return who.date(f"{year}-{int(month):02}-{int(day):02}")
    return who.date(words)


def _key(name: str) -> str:
    """A column's name without case, blanks and marks."""
    return re.sub(r"[^a-z0-9]", "", name.casefold().removeprefix("\ufeff"))


def recognise(document: Document) -> str | None:
    """By the root element, or by the names of the columns in row 1."""
    if document.raw.startswith(ZIP):
        return "columns of an ICTRP export in a workbook" if _sheet_of(document) else None
    if root_name(document) == ROOT:
        return f"root {ROOT}"
    head = document.raw[:20_000]
    if b"rial" not in head[:200] or head.lstrip()[:1] in {b"<", b"{", b"["}:
        return None
    header = next(csv.reader(io.StringIO(head.decode("utf-8-sig", "replace"))), [])
    known = {_key(name) for name in header}
    return f"columns {', '.join(header[:3])} of an ICTRP export" if known >= NEEDED and "studydesign" in known else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a trial; a row that is broken is told, and the others are read."""
    rows = _elements(document) if root_name(document) == ROOT else None
    if rows is None:
        rows = _cells_of_sheet(document) if document.raw.startswith(ZIP) else _lines(document)
    for record, cells in enumerate(rows, 1):
        entry = Gathering(document, NAME, KIND, FIELDS)
        tell(entry, cells, TAKES)
        yield entry.record(recognised_by, record)


def _elements(document: Document) -> Iterator[dict[str, Cell]]:
    """The cells of each Trial element; memory is given back after each."""
    from lxml import etree

    data = io.BytesIO(ILLEGAL.sub(b"", document.raw))
    events = etree.iterparse(
        data, events=("end",), tag=TRIAL, resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False
    )
    number = 0
    try:
        for _, trial in events:
            number += 1
            at = f"/{ROOT}/{TRIAL}[{number}]/"
            yield {
                _key(str(part.tag)): Cell("".join(part.itertext()), Place(document.name, xpath=f"{at}{part.tag}"))
                for part in trial
                if isinstance(part.tag, str)
            }
            trial.clear(keep_tail=False)
            while trial.getprevious() is not None:
                del trial.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise document.refuse(
            place=Place(document.name, line=error.lineno or None),
            found=f"broken XML after {number} trials: {str(error.msg).splitlines()[0] if error.msg else 'it ends'}",
            expected="an ICTRP export in well-formed XML",
            fix="download the file again; it may have been cut short",
        ) from error


def _lines(document: Document) -> Iterator[dict[str, Cell]]:
    """The cells of each row of a CSV; a row of another length is told and left out."""
    csv.field_size_limit(2**31 - 1)
    lines = (match[0] for match in LINE.finditer(document.text) if match[0])
    reader = csv.reader(lines)
    header = next(reader)
    keys = [_key(name) for name in header]
    name = document.name
    used = [(index, key, header[index]) for index, key in enumerate(keys) if key in TAKES or key == "dateregistration3"]
    for row, cells in enumerate(reader, 2):
        if not any(cells):
            continue
        if len(cells) != len(header):
            document.report(_odd_row(name, Place(name, row=row), len(cells), len(header)))
            continue
        yield {key: Cell(cells[index], Place(name, row=row, column=column)) for index, key, column in used}


def _odd_row(name: str, place: Place, found: int, expected: int) -> Problem:
    return Problem(
        name,
        place,
        f"{found} cells",
        f"{expected} cells, as in row 1",
        "export the file again, or put the row's quotation marks right; the other rows were read",
    )


def _sheet_of(document: Document) -> str | None:
    """The name of the first sheet of a workbook whose row 1 has the columns of an export."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(document.raw), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        return None  # no workbook: some other source may know what it is
    for sheet in book.worksheets:
        first = next(sheet.iter_rows(max_row=1, values_only=True), ())
        keys = {_key(str(cell)) for cell in first if cell is not None}
        if keys >= NEEDED and "studydesign" in keys:
            return str(sheet.title)
    return None


def _cells_of_sheet(document: Document) -> Iterator[dict[str, Cell]]:
    """The cells of each row of the sheet, read one row at a time."""
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    title = _sheet_of(document)
    book = load_workbook(io.BytesIO(document.raw), read_only=True, data_only=True)
    sheet = book[title]
    rows = sheet.iter_rows(values_only=True)
    keys = [_key(str(cell or "")) for cell in next(rows)]
    place = partial(Place, document.name, sheet=title)
    for line, row in enumerate(rows, 2):
        told = {
            key: Cell(_as_text(cell), place(cell=f"{get_column_letter(index)}{line}"))
            for index, (key, cell) in enumerate(zip(keys, row, strict=False), 1)
            if key in TAKES or key == "dateregistration3"
        }
        if any(cell.words for cell in told.values()):
            yield told


def _as_text(cell: Any) -> str:
    """A cell as its words: whole numbers without a point, days without a time."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
