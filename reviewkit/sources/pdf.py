"""PDF: its text, page by page and line by line, read as the form it has (a registry's export, an article).

Lines that a paragraph was broken into are joined, words that were divided are put together again. A scanned PDF has no
text, which is said: nothing is recognised from pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial

from reviewkit.documents import Document
from reviewkit.model import Place, Record
from reviewkit.sources import article
from reviewkit.sources.flow import Flow, Piece, glue
from reviewkit.sources.inner import read_inner

NAME = "pdf"
KIND = article.KIND
FIELDS = article.FIELDS
MARK = b"%PDF"
PAGES = 2_000  # more is a book
DIVIDED = re.compile(r"(?<=[a-z])[\-\u2010\u00ad\ufffe\x02]$")
ENDS = re.compile(r"[.:;?!)\]]$")


def recognise(document: Document) -> str | None:
    """By its first bytes."""
    return "a PDF" if document.raw[:1024].lstrip().startswith(MARK) else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The records of its text; ReviewError if it cannot be opened or holds no text."""
    flow = flow_of(document)
    yield from read_inner(flow, f"{recognised_by} of {pages_of(flow)} pages")


def pages_of(flow: Flow) -> int:
    """How many pages hold text."""
    return len({place.page for piece in flow.pieces if (place := piece.place(0, 0)).page})


@lru_cache(maxsize=1)
def flow_of(document: Document) -> Flow:
    """The text of the PDF, every line with its page and number."""
    pieces: list[Piece] = []
    for number, text in enumerate(_pages(document), 1):
        lines = text.splitlines()
        widest = max((len(line) for line in lines), default=0)
        for line_number, line in enumerate(lines, 1):
            words = line.replace("\u00a0", " ").rstrip()
            after = lines[line_number].strip() if line_number < len(lines) else ""
            divided = bool(DIVIDED.search(words)) and after[:1].islower()
            words = DIVIDED.sub("", words) if divided else words
            if words:
                pieces.append(Piece(words, partial(_place, document.name, number, line_number)))
            goes_on = len(line) > 0.6 * widest and not ENDS.search(words) and after
            pieces.append(glue(document, "" if divided else " " if goes_on else "\n"))
        pieces.append(glue(document, "\n"))
    if not any(piece.text.strip() for piece in pieces):
        raise document.refuse(
            found="a PDF without text (scanned pages)",
            expected="a PDF whose words can be selected",
            fix="run text recognition over it first, or find the article as text",
        )
    return Flow(document, pieces)


def _place(name: str, page: int, line: int, start: int, end: int) -> Place:
    return Place(name, page=page, line=line, start=start, end=end)


def _pages(document: Document) -> Iterator[str]:
    """The text of each page, one at a time."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(document.raw)
    except pypdfium2.PdfiumError as error:
        raise document.refuse(
            found=f"a PDF that cannot be opened ({str(error).rstrip('.')})",
            expected="a PDF without a password, whole",
            fix="download the file again, or save it without a password",
        ) from error
    try:
        for index in range(min(len(pdf), PAGES)):
            page = pdf[index]
            text = page.get_textpage()
            yield text.get_text_range()
            text.close()
            page.close()
    finally:
        pdf.close()
