"""One workbook as a file: every sheet written row by row with openpyxl, never held in memory as cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from reviewkit.codebook import HEADINGS, Codebook, Column
from reviewkit.filling import Cell
from reviewkit.workbook import look, rules
from reviewkit.workbook.cells import row_xml
from reviewkit.workbook.layout import Row, Sheet
from reviewkit.workbook.readme import Line
from reviewkit.workbook.texts import cell_text, is_like_formula

FIRST_ROW = 3  # row 1 is the label, row 2 the field
ROWS_TO_ADD = 1000  # rows below the last one whose cells have rules and are unlocked, on a sheet that people add to
MOST_LINKS = 65_530  # hyperlinks on a sheet, in Excel
LONGEST_TIP = 255  # of the words under the pointer, in Excel
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # enough for the sheets that people only read
A4 = 9  # the paper's number in the file format
SAMPLE = 300  # rows looked at to find a column's width
CODEBOOK_COLUMNS = (  # heading, field, and whether the text is wrapped: this sheet is for reading
    ("Sheet", "sheet", False),
    ("Field", "field", False),
    ("Label", "label", False),
    ("Definition", "definition", True),
    ("Type", "type", False),
    ("Unit", "unit", False),
    ("Allowed codes", "codes", True),
    ("Least", "min", False),
    ("Most", "max", False),
    ("Required", "required", False),
    ("Missing codes allowed", "missing_allowed", False),
    ("Coding rule", "rule", True),
    ("Example", "example", False),
    ("Filled in from", "filled_from", False),
    ("Added in version", "version_added", False),
)


class Writer:
    """Writes the sheets of one workbook, in the order they are given; `save` ends it."""

    def __init__(self, *, title: str, day: str, assisted: bool):
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell

        self.book = Workbook(write_only=True)
        self.assisted = assisted
        self._cell_of = WriteOnlyCell
        self._looks: look.Looks | None = None
        self.rows: dict[str, Iterable[str]] = {}
        moment = datetime.fromisoformat(f"{day}T00:00:00")
        about = self.book.properties
        about.creator, about.title, about.created, about.modified = "reviewkit", cell_text(title), moment, moment

    @property
    def looks(self) -> look.Looks:
        """The styles of the workbook, once it has a sheet."""
        if self._looks is None:
            self._looks = look.Looks(self.book.worksheets[0])
        return self._looks

    def save(self, path: Path) -> None:
        """Write the file; the same sheets give the same bytes."""
        from openpyxl.writer.excel import ExcelWriter

        from reviewkit.workbook.archive import SheetArchive

        ExcelWriter(self.book, SheetArchive(path, self.rows)).save()

    def readme(self, lines: list[Line]) -> None:
        """The sheet README: lines of text, a legend of colours, no data."""
        sheet = self.book.create_sheet("README")
        sheet.sheet_view.showGridLines = False
        for letter in "ABC":
            sheet.column_dimensions[letter].width = look.WIDEST if letter != "A" else 24
        _fit_to_page(sheet, "portrait")
        _protect(sheet)
        for number, line in enumerate(lines):
            size = 14 if number == 0 else look.SIZE + 1 if line.heading else look.SIZE
            fill = {"blank": look.BLANK_FILL, "": ""}.get(line.fill) or look.FILLS.get(line.fill, "")
            first = self.looks.of(fill=fill, bold=line.heading, size=size, edge=bool(line.fill))
            sheet.append(
                [self._cell(sheet, line.first or None, first), self._cell(sheet, line.second or None, self.looks.of())]
            )

    def codebook(self, codebook: Codebook) -> None:
        """The sheet codebook: a row a question, as the codebook says it."""
        rows = [
            [_codebook_cell(column, cells, field) for _, field, _ in CODEBOOK_COLUMNS]
            for column, cells in _told(codebook)
        ]
        heads = [(label, field) for label, field, _ in CODEBOOK_COLUMNS]
        self._plain("codebook", heads, rows, wrapped=[wrap for *_, wrap in CODEBOOK_COLUMNS])

    def lists(self, lists: Iterable[rules.CodeList]) -> None:
        """The hidden sheet _lists, and a defined name for each list on it."""
        from openpyxl.workbook.defined_name import DefinedName

        rows: list[list[Any]] = []
        for one in lists:
            first = FIRST_ROW + len(rows)
            rows += [[one.name, code, label] for code, label in one.codes]
            target = f"'_lists'!$B${first}:$B${FIRST_ROW + len(rows) - 1}"
            self.book.defined_names[one.name] = DefinedName(one.name, attr_text=target)
        sheet = self._plain("_lists", [("List", "list"), ("Code", "code"), ("Label", "label")], rows)
        sheet.sheet_state = "hidden"

    def meta(self, pairs: Iterable[tuple[str, str]]) -> None:
        """The sheet _meta, very hidden: what says which workbook this is."""
        sheet = self._plain("_meta", [("Key", "key"), ("Value", "value")], [list(pair) for pair in pairs])
        sheet.sheet_state = "veryHidden"

    def sheet(self, layout: Sheet) -> None:
        """One sheet of answers."""
        from openpyxl.utils import get_column_letter

        sheet = self.book.create_sheet(layout.name)
        letters = {column.field: get_column_letter(number) for number, column in enumerate(layout.columns, 1)}
        last = max(FIRST_ROW, FIRST_ROW + len(layout.rows) - 1)
        reach = last + ROWS_TO_ADD if layout.is_open else last
        _frame(sheet, len(layout.columns), last)
        for index, column in enumerate(layout.columns):
            dimension = sheet.column_dimensions[letters[column.field]]
            sample = (row.cells[index] for row in islice(layout.rows, SAMPLE))
            fitting = look.width_of(column.label, column.field, sample)
            dimension.width = look.WIDEST if column.field in look.WRAPPED else fitting  # room for what people will type
            if layout.is_open:  # cells that do not exist yet take the column's style
                dimension._style = self.looks.answer(column, locked=column.required == "locked")
        self._rules(sheet, layout, letters, reach)
        self._headings(sheet, layout.columns)
        self._keep(self._rows(sheet, layout, letters))

    def _headings(self, sheet: Any, columns: list[Column]) -> None:
        from openpyxl.comments import Comment

        labels, fields = [], []
        for column in columns:
            fill = look.FILLS[look.role_of(column, assisted=self.assisted)]
            label = self._cell(sheet, column.label, self.looks.of(fill=fill, bold=True, edge=True))
            text = cell_text(look.comment_of(column))
            label.comment = Comment(
                text, "reviewkit", width=320, height=40 + 18 * (len(text) // 44 + text.count("\n") + 1)
            )
            labels.append(label)
            small = self.looks.of(fill=fill, size=look.SMALL, colour=look.GREY, edge=True)
            fields.append(self._cell(sheet, column.field, small))
        sheet.append(labels)
        sheet.append(fields)

    def _rows(self, sheet: Any, layout: Sheet, letters: dict[str, str]) -> Iterator[str]:
        """The data rows as XML; the styles are looked up once a column. Links are told to the sheet at once."""
        from openpyxl.worksheet.hyperlink import Hyperlink

        answer, columns = self.looks.answer, layout.columns
        styles = [
            [self._style_id(sheet, answer(column, quoted=quoted, link=link)) for column in columns]
            for link in (False, True)
            for quoted in (False, True)
        ]
        names = list(letters.values())
        links = sheet._hyperlinks
        for number, row in enumerate(layout.rows, FIRST_ROW):
            for index, (address, words) in row.links.items():
                if len(links) < MOST_LINKS and row.cells[index] is not None:
                    link = Hyperlink(
                        ref=f"{names[index]}{number}", target=address, tooltip=cell_text(words)[:LONGEST_TIP]
                    )
                    links.append(link)
        wrapped = [index for index, column in enumerate(columns) if column.field in look.WRAPPED]
        widths = [sheet.column_dimensions[name].width for name in names]
        return (
            _row(number, names, row, styles, [(index, widths[index]) for index in wrapped])
            for number, row in enumerate(layout.rows, FIRST_ROW)
        )

    def _style_id(self, sheet: Any, style: Any) -> int:
        """The number by which a cell of the file names its style."""
        return self._cell(sheet, None, style).style_id

    def _cell(self, sheet: Any, value: Any, style: Any) -> Any:
        """A cell with its value and style; text stays text, whatever it begins with."""
        cell = self._cell_of(sheet)
        if value is not None:
            cell.value = cell_text(value)
            cell.data_type = "s"
        cell._style = style
        return cell

    def _rules(self, sheet: Any, layout: Sheet, letters: dict[str, str], last: int) -> None:
        """Input rules and the colour of required cells that are blank, for the rows down to `last`."""
        from openpyxl.formatting.rule import FormulaRule
        from openpyxl.styles import PatternFill
        from openpyxl.worksheet.datavalidation import DataValidation

        answers = [column for column in layout.columns if not column.is_key]
        in_use_if_begun = layout.is_open or any(row.spare for row in layout.rows)
        colour = PatternFill("solid", start_color="FF" + look.BLANK_FILL, end_color="FF" + look.BLANK_FILL)
        for column in layout.columns:
            letter = letters[column.field]
            cells = f"{letter}{FIRST_ROW}:{letter}{last}"
            rule = rules.rule_of(column, letters, FIRST_ROW, layout.columns)
            if rule is not None and (not column.is_locked or layout.is_open):
                validation = DataValidation(
                    type=rule.type,
                    formula1=rule.formula,
                    allow_blank=True,
                    errorStyle=rule.style,
                    showErrorMessage=True,
                    errorTitle=cell_text(column.label)[:32],
                    error=cell_text(rule.message),
                )
                validation.add(cells)
                sheet.data_validations.append(validation)
            if column.required == "yes":
                condition = rules.required_but_blank(
                    in_use_if_begun, letter, letters[answers[0].field], letters[answers[-1].field], FIRST_ROW
                )
                sheet.conditional_formatting.add(cells, FormulaRule(formula=[condition], fill=colour))

    def _plain(
        self, name: str, heads: list[tuple[str, str]], rows: list[list[Any]], wrapped: list[bool] | None = None
    ) -> Any:
        """A sheet that people only read: two heading rows and locked cells."""
        sheet = self.book.create_sheet(name)
        _frame(sheet, len(heads), max(FIRST_ROW, FIRST_ROW + len(rows) - 1))
        wrapped = wrapped or [False] * len(heads)
        for index, (label, field) in enumerate(heads):
            width = look.width_of(label, field, (row[index] for row in islice(rows, SAMPLE)))
            sheet.column_dimensions[LETTERS[index]].width = width
        label_style = self.looks.of(fill=look.FILLS["key"], bold=True, edge=True)
        field_style = self.looks.of(fill=look.FILLS["key"], size=look.SMALL, colour=look.GREY, edge=True)
        sheet.append([self._cell(sheet, label, label_style) for label, _ in heads])
        sheet.append([self._cell(sheet, field, field_style) for _, field in heads])
        styles = [
            [self._style_id(sheet, self.looks.of(format="@", wrap=wrap, quoted=quoted)) for wrap in wrapped]
            for quoted in (False, True)
        ]
        names = [letter for letter, _ in zip(LETTERS, heads, strict=False)]
        widths = [(index, sheet.column_dimensions[names[index]].width) for index, wrap in enumerate(wrapped) if wrap]
        texts: Iterable[list[Cell]] = ([None if cell is None else cell_text(cell) for cell in row] for row in rows)
        self._keep(_row(number, names, Row("", row), styles, widths) for number, row in enumerate(texts, FIRST_ROW))
        return sheet

    def _keep(self, rows: Iterable[str]) -> None:
        """Keep the data rows of the sheet made last until the file is written; members are numbered like the sheets."""
        self.rows[f"xl/worksheets/sheet{len(self.book.worksheets)}.xml"] = rows


def _row(number: int, letters: list[str], row: Row, styles: list[list[int]], wrapped: list[tuple[int, float]]) -> str:
    """One data row; `styles` are those of plain, formula-like, linked, and linked formula-like cells, by column;
    `wrapped` are the columns whose text is wrapped, with their widths."""
    cells = [
        (cell, styles[2 * (index in row.links) + (isinstance(cell, str) and is_like_formula(cell))][index])
        for index, cell in enumerate(row.cells)
    ]
    height = look.height_of((row.cells[index], width) for index, width in wrapped)
    return row_xml(number, letters, cells, height)


def _frame(sheet: Any, columns: int, last: int) -> None:
    """What every sheet of rows has: frozen headings, a filter on row 2, protection, and a page that prints."""
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "C3"
    sheet.auto_filter.ref = f"A2:{get_column_letter(columns)}{last}"
    sheet.print_title_rows = f"1:{FIRST_ROW - 1}"
    _fit_to_page(sheet, "landscape")
    _protect(sheet)


def _fit_to_page(sheet: Any, orientation: str) -> None:
    """For a print: A4, all columns on one page, as many pages as the rows need."""
    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _protect(sheet: Any) -> None:
    """Protect a sheet without a password; adding rows, filtering and widths stay allowed."""
    protection = sheet.protection
    protection.sheet = True
    protection.insertRows = protection.autoFilter = protection.formatColumns = False  # False: not forbidden


def _told(codebook: Codebook) -> list[tuple[Column, dict[str, str]]]:
    written = {(cells[0], cells[1]): dict(zip(HEADINGS, cells, strict=True)) for cells in codebook.cells}
    return [(column, written[column.sheet, column.field]) for column in codebook.columns]


def _codebook_cell(column: Column, cells: dict[str, str], field: str) -> str | None:
    if field == "codes":
        return look.codes_in_words(column)
    if field == "type":
        return column.type
    if field == "missing_allowed":
        return ", ".join(column.missing) or None
    return cells[field] or None
