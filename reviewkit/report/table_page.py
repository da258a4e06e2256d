"""A CSV document as a table: rows numbered as in the file (headings are row 1), with ids `L<row>`, cells marked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewkit.report.markup import escaped

DELIMITERS = ",;\t"
BREAK = re.compile(r"\r\n|\r|\n")


def table_rows(text: str, cells: set[tuple[int, str]]) -> Iterator[str]:
    """The rows of a CSV text as HTML; `cells` are (row, heading) of the values, to be marked."""
    rows = read_rows(text, _delimiter(text, {column for _, column in cells}))
    headings = next(rows, [])
    yield '<div class="wide"><table class="file">\n'
    yield f"<thead>{_row(1, ''.join(map(_heading, headings)))}</thead>\n<tbody>\n"
    for number, row in enumerate(rows, 2):
        columns = headings + [""] * (len(row) - len(headings))
        pairs = zip(row, columns, strict=False)  # a short row has no cells under the last headings
        yield _row(number, "".join(_cell(words, mark=(number, column) in cells) for words, column in pairs))
    yield "</tbody></table></div>\n"


def _row(number: int, cells: str) -> str:
    return f'<tr id="L{number}"><th scope="row"><a href="#L{number}">{number}</a></th>{cells}</tr>\n'


def _heading(words: str) -> str:
    return f'<th scope="col" dir="auto">{escaped(words)}</th>'


def _cell(words: str, *, mark: bool) -> str:
    shown = f"<mark>{escaped(words)}</mark>" if mark and words else escaped(words)
    return f'<td dir="auto">{shown}</td>'


def _delimiter(text: str, columns: set[str]) -> str:
    """The delimiter under which most of the columns that values name stand in the first row."""

    def found(delimiter: str) -> int:
        return len(columns & set(next(read_rows(text, delimiter), [])))

    return max(DELIMITERS, key=found)


def read_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of a CSV text (RFC 4180): quoted cells may hold delimiters, line breaks and doubled quotation marks.

    The reader of the standard library refuses cells above a length that is set for the whole process.

    >>> list(read_rows('a,"b, c"\\r\\n1,"say ""2"" now"', ","))
    [['a', 'b, c'], ['1', 'say "2" now']]
    """
    cell = re.compile(rf'("(?:[^"]++|"")*+"?)?([^{re.escape(delimiter)}\r\n]*)')
    row: list[str] = []
    at = 0
    while at < len(text) or row:
        match = cell.match(text, at)
        assert match is not None  # both parts may be empty
        row.append(_unquoted(match[1] or "") + match[2])
        at = match.end()
        if text.startswith(delimiter, at):
            at += 1
            continue
        yield row
        row = []
        ended = BREAK.match(text, at)
        at = ended.end() if ended else len(text)


def _unquoted(cell: str) -> str:
    return cell.removeprefix('"').removesuffix('"').replace('""', '"') if cell != '"' else ""
