"""The data rows of a sheet as the file format's XML.

openpyxl makes a Python object of every cell; a large evidence sheet has no time for that.

A cell is `<c r="F7" s="12">` with a number in `<v>` or a text in `<is><t>`; there is no way to write a formula here.
Format: ECMA-376, part 1, 18.3.1 (worksheets).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from reviewkit.filling import Cell


def row_xml(number: int, letters: Sequence[str], cells: Iterable[tuple[Cell, int]], height: float | None = None) -> str:
    """One row: `cells` are (value, style) pairs, one a column letter, texts as `cell_text` gives them.

    `height` is in points, None for the usual one.

    >>> row_xml(3, ["A", "B"], [("=1+1", 7), (8, 2)])
    '<row r="3"><c r="A3" s="7" t="inlineStr"><is><t>=1+1</t></is></c><c r="B3" s="2"><v>8</v></c></row>'
    """
    tall = f' ht="{height:g}"' if height else ""  # not fixed: the programs fit it again when someone types
    parts = [f'<row r="{number}"{tall}>']
    for letter, (value, style) in zip(letters, cells, strict=True):
        if value is None or value == "":
            parts.append(f'<c r="{letter}{number}" s="{style}"/>')
        elif isinstance(value, str):
            parts.append(f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is>{_text(value)}</is></c>')
        else:
            parts.append(f'<c r="{letter}{number}" s="{style}"><v>{value!r}</v></c>')
    parts.append("</row>")
    return "".join(parts)


def _text(value: str) -> str:
    space = ' xml:space="preserve"' if value[:1].isspace() or value[-1:].isspace() else ""
    return f"<t{space}>{escape(value)}</t>"


def filled_sheet(shell: bytes, rows: Iterable[str]) -> Iterator[bytes]:
    """A sheet's XML with `rows` put behind the rows it has, in pieces."""
    head, end, tail = shell.partition(b"</sheetData>")
    assert end, "the headings of a sheet are written first"
    yield head
    for row in rows:
        yield row.encode()
    yield end + tail
