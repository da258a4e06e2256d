"""Exports of WHO's search portal ICTRP: XML, CSV and XLSX, one trial a row or element, read one at a time.

Columns are known by their names (case, blanks and underscores aside), never by their order. `Date_registration3` is the
safest date; the flags for prospective and retrospective registration have stood for their opposite and are never read.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from reviewkit.documents import Document, encoding_of, streamed_lines
from reviewkit.errors import Problem, ReviewError
from reviewkit.identifiers import read_trial_id
from reviewkit.kinds import coded, flag
from reviewkit.model import NO_DETAIL, Place, Record, Value
from reviewkit.sources import who_design
from reviewkit.sources import who_words as who
from reviewkit.sources.who_entry import (
    EMPTY,
    ETHICS_STATUS,
    IPD_PLAN,
    Column,
    Entry,
    age,
    answers,
    as_,
    conditions,
    criteria,
    dated,
    design_string,
    interventions,
    masked,
    number,
    one_of,
    outcomes,
    parts,
    recruiting_countries,
    registered,
    secondary,
    size,
    text,
)
from reviewkit.sources.who_entry import FIELDS as FIELDS
from reviewkit.sources.who_entry import KIND as KIND
from reviewkit.sources.who_stream import broken, step_to, trials
from reviewkit.sources.xml_entry import root_name

NAME = "ictrp"
STREAMS = True
ROOT, TRIAL = "trials_downloaded_from_ictrp", "trial"
MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?")
SAFE_DATE = re.compile(r"\s*(?:19|20)\d{6}\s*")
ZIP = b"PK\x03\x04"
NO_TABLE = {b"{", b"[", b"%"}  # how JSON and PDF begin
FEW = 20  # rows that are told together
MOST = 16 * 1024 * 1024  # characters of a cell: in a longer one a quotation mark was left open


def _export_date(words: str) -> Any:
    """The one column in which the month comes first."""
    if match := MONTH_FIRST.fullmatch(words):
        month, day, year = match.groups()
        reading = who.date(f"{year}-{int(month):02}-{int(day):02}")
        return reading._replace(detail={**reading.detail, "as_written": words})
    return who.date(words)


def _safe_date(entry: Entry, words: str, place: Place) -> None:
    """The registration date in its safe form, where it is given and can be; else `Date_registration` says it."""
    if SAFE_DATE.fullmatch(words):
        registered(entry, words, place)


ETHICS = answers("ethics.status", coded(ETHICS_STATUS), filled="not available")
APPROVED = answers("ethics.date", who.date, blank="0|1900-01-01|01/01/1900")
COLUMNS: dict[str, Column] = {
    "trialid": Column("ids.primary", number),
    "secondaryid": Column("ids.secondary.id", secondary),
    "secondaryids": Column("ids.secondary.id", secondary),
    "publictitle": text("title.public"),
    "scientifictitle": text("title.scientific"),
    "acronym": text("acronym"),
    "primarysponsor": text("sponsor.primary"),
    "secondarysponsor": parts("sponsor.secondary"),
    "secondarysponsors": parts("sponsor.secondary"),
    "dateregistration3": Column("", _safe_date),  # a blank one says nothing beside the other
    "dateregistration": Column("registration.date", registered),
    "exportdate": as_("source.export_date", _export_date, blank="0"),
    "webaddress": text("source.url"),
    "recruitmentstatus": as_("status.recruitment", who.status, blank="no status given"),
    "inclusionagemin": age("eligibility.age_min"),
    "inclusionagemax": age("eligibility.age_max", blank="0"),
    "inclusiongender": as_("eligibility.sex", who.sex, filled="n/a"),
    "dateenrollement": dated("date.first_enrolment"),
    "dateenrollment": dated("date.first_enrolment"),
    "targetsize": Column("enrolment.target", size),
    "studytype": as_("study_type", who.study_type),
    "studydesign": Column("design.other", design_string),
    "phase": as_("design.phase", who.phase, blank=who.PHASE_LEFT_OPEN, filled="n/a"),
    "countries": recruiting_countries,
    "inclusioncriteria": criteria("inclusion"),
    "exclusioncriteria": criteria("exclusion"),
    "condition": conditions,
    "conditions": conditions,
    "intervention": interventions,
    "interventions": interventions,
    "primaryoutcome": outcomes("PRIMARY"),
    "primaryoutcomes": outcomes("PRIMARY"),
    "secondaryoutcome": outcomes("SECONDARY"),
    "secondaryoutcomes": outcomes("SECONDARY"),
    "sourcesupport": parts("funders.name"),
    "sourcename": parts("funders.name"),
    "ethicsstatus": ETHICS,
    "ethicsreviewstatus": ETHICS,
    "ethicsapprovaldate": APPROVED,
    "ethicsreviewapprovaldate": APPROVED,
    "resultsdateposted": dated("results.date", "ACTUAL"),
    "resultsdatecompleted": dated("date.completion"),
    "resultsdatefirstpublication": dated("results.first_published", "ACTUAL"),
    "resultsurllink": text("results.url"),
    "resultsurlprotocol": text("results.protocol_url"),
    "resultssummary": text("results.summary"),
    "resultsipdplan": as_("ipd.plan", coded(IPD_PLAN)),
    "resultsipddescription": text("ipd.description"),
    "resultsyesno": as_("results.posted", flag),
}
# Columns that people's copies of an export have in place of the design string.
COPIES: dict[str, Column] = {
    "masking": Column("masking.label", masked),
    "randomization": as_("design.allocation", one_of(who_design.ALLOCATION)),
    "interventionmodel": as_("design.model", one_of(who_design.MODEL)),
    "interventionmodelresponse": as_("design.model", one_of(who_design.MODEL)),
    "primarypurpose": as_("design.purpose", one_of(who_design.PURPOSE)),
    "primaryprupose": as_("design.purpose", one_of(who_design.PURPOSE)),
}
COLUMNS.update(COPIES)
ALWAYS = {"trialid"}
OWN = {"sourceregister", "dateregistration3", "dateenrollement", "recruitmentstatus", "inclusionagemin", "exportdate"}
ENOUGH = 6  # columns of an export beside the number, by which a table is known for one


class Plan(NamedTuple):
    """How the rows of one table are read: the delimiter, the names in row 1, what is taken of each row (the index of
    the cell, the column's own name, and what it tells), and whether two columns tell the same."""

    delimiter: str
    header: list[str]
    steps: list[tuple[int, str, Column]]
    twice: bool


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    """A column's name without case, blanks and marks."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def recognise(document: Document) -> str | None:
    """By the root element, or by the names of the columns in row 1. ReviewError for a list that has no row of names."""
    if document.head.startswith(ZIP):
        return "columns of an ICTRP export in a workbook" if _sheet_of(document) else None
    root = root_name(document)
    if root is not None:
        return f"root {root}" if root.casefold() == ROOT else None
    if document.head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in NO_TABLE:
        return None
    plan = _plan_of_head(document)
    return f"columns {', '.join(plan.header[:3])} of an ICTRP export" if plan else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a trial; a row that is broken is told, and the others are read."""
    if document.head.startswith(ZIP):
        entries = _of_sheet(document)
    elif root_name(document) is not None:
        entries = _of_elements(document)
    else:
        entries = _of_rows(document)
    for record, entry in enumerate(entries, 1):
        yield entry.record(recognised_by, record)


def _plan(header: list[str], delimiter: str = ",") -> Plan | None:
    """The plan of a table with these names in row 1; None if it is no export of ICTRP."""
    index: dict[str, int] = {}
    for place, name in enumerate(header):
        index.setdefault(_key(name), place)
    known = index.keys() & COLUMNS.keys()
    if not known >= ALWAYS or len(known) <= ENOUGH or not (index.keys() & OWN):
        return None
    # In the order of COLUMNS: the number is known first, and the safe date before the other.
    steps = [(index[key], header[index[key]], column) for key, column in COLUMNS.items() if key in known]
    if "dateregistration" not in known:
        steps = [(place, name, REGISTERED if key is SAFE else key) for place, name, key in steps]
    fields = [column.field for _, _, column in steps]
    return Plan(delimiter, header, steps, len(set(fields)) < len(fields) or not known.isdisjoint(COPIES))


SAFE, REGISTERED = COLUMNS["dateregistration3"], COLUMNS["dateregistration"]


@lru_cache(maxsize=1)
def _plan_of_head(document: Document) -> Plan | None:
    head = document.head.decode(encoding_of(document.head), "ignore").removeprefix("\ufeff")
    for delimiter in (",", ";", "\t"):
        try:
            first = next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
        except csv.Error:
            continue
        if plan := _plan(first, delimiter):
            return plan
        _refuse_without_names(document, first)
    return None


def _refuse_without_names(document: Document, first: list[str]) -> None:
    """The portal's weekly file has 63 columns and no row of names; what stands where is not for us to guess."""
    if len(first) < 30 or not any(_is_number(cell) for cell in first[:5]):
        return
    raise document.refuse(
        place=Place(document.name, row=1),
        found=f"{len(first)} columns without names: row 1 is a trial already",
        expected="an ICTRP export with the names of its columns in row 1 (TrialID, Public title, …)",
        fix="add the column list that came with the file as row 1; the order of the columns is not guessed",
    )


def _is_number(cell: str) -> bool:
    try:
        return len(cell) < 60 and bool(read_trial_id(cell))
    except ValueError:
        return False


# Rows are told a few at a time, column by column: the same taker for 20 cells runs faster than 30 takers in turn.


Row = TypeVar("Row")


def _few(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """The rows a few at a time; those before an error are given before it."""
    few: list[Row] = []
    try:
        for row in rows:
            few.append(row)
            if len(few) == FEW:
                yield few
                few = []
    except ReviewError:
        yield few
        raise
    yield few


# CSV


def _of_rows(document: Document) -> Iterator[Entry]:
    """Each row of a CSV."""
    plan = _plan_of_head(document)
    assert plan is not None  # else it was not recognised
    name = document.name
    for few in _few(_cells_of_rows(document, plan)):
        told = [(_entry(document, plan.twice), row, cells) for row, cells in few]
        for index, column, (field, take) in plan.steps:
            for entry, row, cells in told:
                words = cells[index]
                place = Place(name, None, None, None, None, row, column)
                if words and not words.isspace():
                    take(entry, words, place)
                elif field and not (entry.dated and field == REGISTERED.field):
                    entry.values.append(Value(field, None, None, EMPTY, column, place, entry.how, NO_DETAIL))
        yield from (entry for entry, _, _ in told)


def _entry(document: Document, twice: bool) -> Entry:
    entry = Entry(document, NAME, "column")
    entry.twice = twice
    return entry


def _cells_of_rows(document: Document, plan: Plan) -> Iterator[tuple[int, list[str]]]:
    """The number and the cells of each row; one of another length is told and left out."""
    name, width = document.name, len(plan.header)
    row = 0
    csv.field_size_limit(MOST)
    try:
        for row, cells in enumerate(csv.reader(streamed_lines(document), delimiter=plan.delimiter), 1):
            if row == 1 or not any(map(str.strip, cells)):
                continue
            if len(cells) == width or (len(cells) > width and not any(cells[width:])):
                yield row, cells
            else:
                document.report(_odd_row(name, Place(name, row=row), len(cells), width))
    except csv.Error as error:
        raise document.refuse(
            place=Place(name, row=row + 1),
            found=f"a row that cannot be taken apart ({error})",
            expected="a CSV in which every quotation mark that opens a cell is closed",
            fix="export the file again, or put the row's quotation marks right; the rows before it were read",
        ) from error


def _odd_row(name: str, place: Place, found: int, expected: int) -> Problem:
    return Problem(
        name,
        place,
        f"{found} cells",
        f"{expected} cells, as in row 1",
        "export the file again, or put the row's quotation marks right; the other rows were read",
    )


# XML


class Known(NamedTuple):
    """An element as it stands in the file: its rank in the order of COLUMNS, what it tells, its step and its name."""

    rank: int
    column: Column
    step: str
    label: str


@lru_cache(maxsize=4096)
def _known(tag: str) -> Known | None:
    label = tag.rpartition("}")[2]
    column = COLUMNS.get(_key(label))
    return Known(RANKS[_key(label)], column, f"/{step_to(tag)}", label) if column else None


RANKS = {key: rank for rank, key in enumerate(COLUMNS)}


def _of_elements(document: Document) -> Iterator[Entry]:
    """Each Trial element."""
    name = document.name
    for few in _few(_words_of_elements(document)):
        told = [(Entry(document, NAME, "column"), at, said) for at, said in few]
        tags = {tag: _known(tag) for _, _, said in told for tag in said}
        for tag, known in sorted(tags.items(), key=_rank):
            _, (field, take), step, label = known  # type: ignore[misc]  # only known elements are kept
            for entry, at, said in told:
                if (words := said.get(tag)) is None:
                    continue
                if isinstance(words, list):
                    _take_several(entry, known, at, words)
                    continue
                place = Place(name, None, None, None, None, None, None, at + step)
                if words and not words.isspace():
                    take(entry, words, place)
                elif field and not (entry.dated and field == REGISTERED.field):
                    entry.values.append(Value(field, None, None, EMPTY, label, place, entry.how, NO_DETAIL))
        yield from (entry for entry, _, _ in told)


def _rank(one: tuple[str, Known | None]) -> int:
    return one[1].rank if one[1] else 0


def _take_several(entry: Entry, known: Known | None, at: str, several: list[str]) -> None:
    """An element that stands more than once in a trial; each has its number in its path."""
    assert known is not None
    entry.twice = True
    for turn, words in enumerate(several, 1):
        place = Place(entry.document.name, xpath=f"{at}{known.step}[{turn}]")
        if words and not words.isspace():
            known.column.take(entry, words, place)
        elif known.column.field:
            entry.blank(known.column.field, known.label, place)


Said = dict[str, "str | list[str]"]  # tag -> the words of the element, or of each where it stands more than once


def _words_of_elements(document: Document) -> Iterator[tuple[str, Said]]:
    """The XPath of each trial, and the words of those of its elements that tell something."""
    for at, trial in trials(document, TRIAL, "an ICTRP export"):
        said: Said = {}
        for part in trial:
            tag = part.tag
            if _known(tag) is None:
                continue
            words = (part.text if not len(part) else "".join(part.itertext())) or ""
            if tag not in said:
                said[tag] = words
            elif isinstance(before := said[tag], list):
                before.append(words)
            else:
                said[tag] = [before, words]
        if said:
            yield at, said


# XLSX


NO_WORKBOOK = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, EOFError, SyntaxError,
               NotImplementedError, RuntimeError, TypeError)  # fmt: skip  # what zipfile and openpyxl raise for it
PARTS_HELD = 200 * 1024 * 1024  # unpacked bytes of the parts that are held: all but the sheets, which are streamed
DOCTYPE = b"<!DOCTYPE"


@lru_cache(maxsize=1)
def _sheet_of(document: Document) -> str | None:
    """The name of the first sheet of a workbook whose row 1 has the columns of an export."""
    from lxml.etree import LxmlError
    from openpyxl import load_workbook

    try:
        if not _is_sound(document):
            return None
        book = load_workbook(io.BytesIO(document.raw), read_only=True, data_only=True)
        for sheet in book.worksheets:
            first = next(sheet.iter_rows(max_row=1, values_only=True), ())
            if _plan([_as_text(cell) for cell in first]):
                return str(sheet.title)
    except (*NO_WORKBOOK, LxmlError):
        return None  # no workbook: some other source may know what it is
    return None


def _is_sound(document: Document) -> bool:
    """Is it an archive of a workbook's parts that can be held, none with a document type?"""
    with zipfile.ZipFile(io.BytesIO(document.raw)) as archive:
        members = [member for member in archive.infolist() if member.filename.endswith((".xml", ".rels"))]
        held = sum(member.file_size for member in members if not member.filename.startswith("xl/worksheets/"))
        if "xl/workbook.xml" not in archive.namelist() or held > PARTS_HELD:
            return False
        for member in members:
            with archive.open(member) as part:
                if DOCTYPE in part.read(4096):
                    return False
    return True


def _of_sheet(document: Document) -> Iterator[Entry]:
    """Each row of the sheet, read one row at a time."""
    from openpyxl.utils import get_column_letter

    name, title = document.name, _sheet_of(document)
    rows = _rows_of_sheet(document)
    plan = _plan([_as_text(cell) for cell in next(rows)])
    assert plan is not None  # else it was not recognised
    letters = {index: get_column_letter(index + 1) for index, _, _ in plan.steps}
    for line, row in enumerate(rows, 2):
        entry = _entry(document, plan.twice)
        for index, column, (field, take) in plan.steps:
            words = _as_text(row[index]) if index < len(row) else ""
            place = Place(name, sheet=title, cell=f"{letters[index]}{line}")
            if words and not words.isspace():
                take(entry, words, place)
            elif field and not (entry.dated and field == REGISTERED.field):
                entry.blank(field, column, place)
        if any(value.state is not EMPTY for value in entry.values):
            yield entry


def _rows_of_sheet(document: Document) -> Iterator[tuple]:
    """The rows of the sheet as the workbook types them; ReviewError where it breaks off."""
    from lxml.etree import LxmlError
    from openpyxl import load_workbook

    try:
        sheet = load_workbook(io.BytesIO(document.raw), read_only=True, data_only=True)[str(_sheet_of(document))]
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        yield from sheet.iter_rows(values_only=True)
    except (*NO_WORKBOOK, LxmlError) as error:
        raise broken(
            document, f"a broken workbook ({type(error).__name__})", "a workbook of an ICTRP export"
        ) from error


def _as_text(cell: Any) -> str:
    """A cell as its words: whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
