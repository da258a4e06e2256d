"""DOCX: its paragraphs and the cells of its tables in order, read as the form they have.

A place is the number of the paragraph, counted from 1 over the whole document, as a line.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from functools import partial

from reviewkit.documents import Document
from reviewkit.model import Place, Record
from reviewkit.sources import article
from reviewkit.sources.flow import Flow, Piece, glue
from reviewkit.sources.inner import read_inner

NAME = "docx"
KIND = article.KIND
FIELDS = article.FIELDS
ZIP = b"PK\x03\x04"
MAIN = "word/document.xml"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST_UNPACKED = 200 * 1024 * 1024
BROKEN = (zipfile.BadZipFile, KeyError, EOFError, OSError, NotImplementedError)


def recognise(document: Document) -> str | None:
    """By the main part of a Word document in its archive."""
    if not document.raw.startswith(ZIP):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(document.raw)) as archive:
            return "a Word document" if MAIN in archive.namelist() else None
    except BROKEN:
        return None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The records of its text; ReviewError if it is broken or too large."""
    yield from read_inner(Flow(document, _pieces(document)), recognised_by)


def _pieces(document: Document) -> list[Piece]:
    from lxml import etree

    from reviewkit.sources.xml_entry import parser

    try:
        with zipfile.ZipFile(io.BytesIO(document.raw)) as archive:
            if archive.getinfo(MAIN).file_size > MOST_UNPACKED:
                raise document.refuse(
                    found="a Word document of over 200 MB unpacked",
                    expected="an article",
                    fix="save the text alone",
                )
            root = etree.fromstring(archive.read(MAIN), parser())
    except (*BROKEN, etree.XMLSyntaxError) as error:
        raise document.refuse(
            found=f"a broken Word document ({error})",
            expected="a .docx file that Word or LibreOffice opens",
            fix="open it there and save it again",
        ) from error
    pieces: list[Piece] = []
    start = 0
    for number, paragraph in enumerate(root.iter(f"{WORD}p"), 1):
        words = "".join(_words(paragraph))
        pieces += [Piece(words, partial(_place, document.name, number, start)), glue(document, "\n")]
        start += len(words) + 1
    return pieces


def _words(paragraph: object) -> Iterator[str]:
    for part in paragraph.iter(f"{WORD}t", f"{WORD}tab", f"{WORD}br"):  # type: ignore[attr-defined]
        yield (part.text or "") if part.tag == f"{WORD}t" else " "


def _place(name: str, number: int, before: int, start: int, end: int) -> Place:
    return Place(name, line=number, start=before + start, end=before + end)
