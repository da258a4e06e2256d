"""The tables: each module makes rows; `write` puts them into CSV, XLSX, HTML and Word files that name their origin.

A cell may hold anything a document said, so nothing in it may act: no formula in a spreadsheet, no markup on a page.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from html import escape
from pathlib import Path
from types import ModuleType
from typing import Any

from reviewkit.tables import characteristics, judgements, sample_size, sample_size_rates, timing, timing_rates

TABLES: tuple[ModuleType, ...] = (characteristics, judgements, timing, timing_rates, sample_size, sample_size_rates)

Rows = Sequence[Mapping[str, Any]]
Note = Mapping[str, Any]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes text that begins so for a formula
# What XML 1.0 cannot carry, and halves of a surrogate pair, which no file can: shown as the replacement character.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MAX_CELL = 32_767  # characters a spreadsheet cell holds
NOTE_WORDS = {"review_id": "Review", "snapshot_date": "Snapshot date", "version": "Software version"}
WIDTHS = (8, 44)  # characters, narrowest and widest column of a sheet
SHORT = 40  # characters of a cell that a page keeps on one line: a date, a number, a share with its interval


def write(
    rows: Rows,
    columns: Mapping[str, str],
    folder: Path,
    name: str,
    *,
    note: Note,
    title: str = "",
    footnotes: Sequence[str] = (),
    page_columns: Mapping[str, str] | None = None,
) -> list[Path]:
    """Write `name`.csv (with a metadata file beside it), .xlsx, .html and .docx into `folder`; returns their paths.

    `columns` maps the keys of the rows to headings, in order; page and Word file show `page_columns` if they are given.
    `note` holds review_id, snapshot_date (YYYY-MM-DD) and version. Equal arguments give equal bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shown = page_columns or columns
    contents = {
        f"{name}.csv": csv_text(rows, columns).encode("utf-8-sig"),
        f"{name}.csv-metadata.json": csv_metadata(columns, f"{name}.csv", note=note, title=title).encode(),
        f"{name}.xlsx": workbook_bytes(rows, columns, note=note, title=title, footnotes=footnotes),
        f"{name}.html": html_page(rows, shown, note=note, title=title, footnotes=footnotes).encode(),
        f"{name}.docx": word_bytes(rows, shown, note=note, title=title, footnotes=footnotes),
    }
    for file, content in contents.items():
        (folder / file).write_bytes(content)
    return [folder / file for file in contents]


def plain(value: Any) -> str | int | float:
    """A value as a cell holds it: a number, or text; silence is empty text, several values are joined by `; `."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, list | tuple):
        return "; ".join(str(plain(part)) for part in value)
    return UNPRINTABLE.sub("\ufffd", str(value))


def origin_of(note: Note) -> str:
    """The review, day and software a table comes from, as its last footnote says it."""
    return " · ".join(f"{words}: {note[key]}" for key, words in NOTE_WORDS.items())


# CSV: plain rows under machine names; headings and origin stand in the metadata file (W3C, CSV on the Web).


def csv_text(rows: Rows, columns: Iterable[str]) -> str:
    """The rows as CSV, the machine names of the columns first; text that looks like a formula gets an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    names = list(columns)
    writer.writerow(names)
    writer.writerows([_harmless(plain(row[name])) for name in names] for row in rows)
    return text.getvalue()


def _harmless(cell: str | int | float) -> str | int | float:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def csv_metadata(columns: Mapping[str, str], file: str, *, note: Note, title: str) -> str:
    """What a CSV cannot say of itself: title, headings, and the review, day and software it comes from."""
    return (
        json.dumps(
            {
                "@context": "http://www.w3.org/ns/csvw",
                "url": file,
                "dc:title": title,
                **{f"reviewkit:{key}": str(note[key]) for key in NOTE_WORDS},
                "tableSchema": {"columns": [{"name": key, "titles": heading} for key, heading in columns.items()]},
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


# XLSX


def workbook_bytes(
    rows: Rows, columns: Mapping[str, str], *, note: Note, title: str = "", footnotes: Sequence[str] = ()
) -> bytes:
    """The rows as a workbook: headings frozen and filtered, and a sheet `note` that says where they come from."""
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "table"
    _fill(sheet, [list(columns.values()), *([plain(row[name]) for name in columns] for row in rows)])
    _dress(sheet)
    about = workbook.create_sheet("note")
    origin = [[words, str(note[key])] for key, words in NOTE_WORDS.items()]
    remarks = [["Footnote", footnote] for footnote in footnotes]
    legend = [["Column", "Heading"], *([name, heading] for name, heading in columns.items())]
    _fill(about, [["Table", title], *origin, *remarks, [], *legend])
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 32, 60
    day = datetime.combine(date.fromisoformat(str(note["snapshot_date"])), time())
    workbook.properties.creator = f"reviewkit {note['version']}"
    workbook.properties.title = title
    buffer = io.BytesIO()
    workbook.save(buffer)
    return _dated(buffer.getvalue(), day)


def _fill(sheet: Any, lines: Iterable[Sequence[str | int | float]]) -> None:
    """Write lines from the first row down; text goes in as text, whatever it looks like, and "" leaves a cell empty."""
    for number, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            if isinstance(value, str) and value:
                cell = sheet.cell(number, column, value[:MAX_CELL])
                cell.data_type = "s"  # and neither a formula (=1+1) nor an error (#N/A)
                cell.quotePrefix = value.startswith(FORMULA_STARTS)
            elif value != "":
                sheet.cell(number, column, value)


def _dress(sheet: Any) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    for number, column in enumerate(sheet.iter_cols(), 1):
        longest = max((len(str(cell.value)) for cell in column[1:] if cell.value is not None), default=0)
        heading = len(str(column[0].value)) // 2 + 3  # a heading wraps to two or three lines
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest + 2, heading, WIDTHS[0]), WIDTHS[1])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="D9D9D9")
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _dated(content: bytes, day: datetime) -> bytes:
    """The workbook with the snapshot date in place of the clock's, in its properties and its archive."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    stamp = day.strftime("%Y-%m-%dT00:00:00Z").encode()
    buffer = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(buffer, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, part)
            info = ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))  # an archive's time begins in 1980
            info.compress_type = ZIP_DEFLATED
            new.writestr(info, part)
    return buffer.getvalue()


# Word


def word_bytes(
    rows: Rows, columns: Mapping[str, str], *, note: Note, title: str = "", footnotes: Sequence[str] = ()
) -> bytes:
    """The rows as a Word document, the origin of the table its last footnote."""
    from reviewkit.tables.word import document_bytes

    snapshot = str(note["snapshot_date"])
    content = document_bytes(
        rows,
        columns,
        plain=plain,
        day=snapshot,
        author=f"reviewkit {note['version']}",
        title=title,
        footnotes=[*footnotes, origin_of(note)],
    )
    return _dated(content, datetime.combine(date.fromisoformat(snapshot), time()))


# HTML

PAGE_STYLE = """\
body { font: 14px/1.45 Arial, Helvetica, sans-serif; color: #111; background: #fff; margin: 2em; }
.rk-scroll { overflow-x: auto; }
.rk-table { border-collapse: collapse; border-top: 2px solid #111; border-bottom: 2px solid #111; }
.rk-table caption { text-align: left; font-weight: bold; padding-bottom: .6em; }
.rk-table th, .rk-table td { padding: .3em .8em .3em 0; text-align: left; vertical-align: top; font-weight: normal; }
.rk-table thead th { border-bottom: 1px solid #111; font-weight: bold; vertical-align: bottom; min-width: 5em; }
.rk-table .rk-number { text-align: right; font-variant-numeric: tabular-nums; }
.rk-table .rk-short { white-space: nowrap; }
.rk-table .rk-long { min-width: 13em; }
.rk-table tr.rk-part td, .rk-table tr.rk-part th { border-top: 1px solid #bbb; }
.rk-note { color: #444; font-size: 12px; max-width: 60em; }
"""


def html_table(rows: Rows, columns: Mapping[str, str], *, title: str = "") -> str:
    """The rows as one HTML table: text escaped, class names only.

    A row that opens a new `section` has the class rk-part, and the section is named there only.
    """
    numbers = {name for name in columns if any(isinstance(plain(row[name]), int | float) for row in rows)}
    head = "".join(
        f'<th scope="col"{_class("rk-number", name in numbers)}>{escape(heading)}</th>'
        for name, heading in columns.items()
    )
    body, section = [], None
    for row in rows:
        opens = "section" in columns and row["section"] != section
        section = row.get("section")
        repeats = {"section"} if "section" in columns and not opens else set()
        cells = "".join(
            _html_cell(plain("" if name in repeats else row[name]), is_head=i == 0) for i, name in enumerate(columns)
        )
        body.append(f'<tr class="rk-part">{cells}</tr>' if opens else f"<tr>{cells}</tr>")
    if not body:
        body = [f'<tr><td colspan="{len(columns)}">No rows.</td></tr>']
    caption = f"<caption>{escape(title)}</caption>\n" if title else ""
    lines = "\n".join(body)
    return f'<table class="rk-table">\n{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>'


def _html_cell(cell: str | int | float, *, is_head: bool) -> str:
    if not isinstance(cell, str):
        return f'<td class="rk-number">{str(cell).replace("-", chr(0x2212))}</td>'
    short = _class("rk-short", 0 < len(cell) <= SHORT)
    css = short or _class("rk-long", len(cell) > SHORT)
    return f'<th scope="row"{short}>{escape(cell)}</th>' if is_head else f"<td{css}>{escape(cell)}</td>"


def _class(name: str, applies: bool) -> str:
    return f' class="{name}"' if applies else ""


def html_page(
    rows: Rows, columns: Mapping[str, str], *, note: Note, title: str = "", footnotes: Sequence[str] = ()
) -> str:
    """The table as a page of its own, without scripts."""
    told = [*footnotes, origin_of(note)]
    notes = "\n".join(f'<p class="rk-note">{escape(str(plain(text)))}</p>' for text in told)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f"<style>\n{PAGE_STYLE}</style>\n</head>\n<body>\n"
        f'<div class="rk-scroll">\n{html_table(rows, columns, title=title)}\n</div>\n{notes}\n</body>\n</html>\n'
    )
