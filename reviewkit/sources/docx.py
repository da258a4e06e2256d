"""DOCX: its paragraphs and the cells of its tables in order, read as the form they have.

A place is the number of the paragraph as a line, counted from 1 over the whole document (body, then footnotes, then
endnotes), with offsets in the text of all paragraphs joined by line feeds: `passages` gives that text. Deleted text of
tracked changes is not read, inserted text is; a text box is read once; a raised number after a 10 is its power
(`10^8`).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from reviewkit.documents import Document
from reviewkit.errors import ReviewError
from reviewkit.model import Passage, Place, Record
from reviewkit.sources import article
from reviewkit.sources.flow import Flow, Piece, fixed
from reviewkit.sources.inner import read_inner

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAME = "docx"
KIND = article.KIND
FIELDS = article.FIELDS
ZIP = b"PK\x03\x04"
MAIN = "word/document.xml"
PARTS = (MAIN, "word/footnotes.xml", "word/endnotes.xml")
MOST_UNPACKED = 200 * 1024 * 1024
HEAD = 4096  # bytes of a part in which a DOCTYPE would stand
# What zipfile raises for archives that are damaged, encrypted or packed in a way it does not know.
BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
PASSED = {f"{WORD}del", f"{WORD}moveFrom", f"{WORD}rPr", f"{WORD}instrText", f"{COMPATIBLE}Fallback", f"{WORD}pPr"}
HIDDEN = f"{WORD}rPr/{WORD}vanish"  # of a run
SIGNS = {
    f"{WORD}tab": "\t",
    f"{WORD}br": " ",
    f"{WORD}cr": " ",
    f"{WORD}noBreakHyphen": "-",
    f"{WORD}softHyphen": "",
    f"{WORD}ptab": " ",
}
POWER = re.compile(r"[−\-\u2212]?\d{1,2}")
AFTER_TEN = re.compile(r"(?<!\d)10$")


def recognise(document: Document) -> str | None:
    """By the main part of a Word document in its archive."""
    if not document.head.startswith(ZIP):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(document.raw)) as archive:
            return "a Word document" if MAIN in archive.namelist() else None
    except BROKEN:
        return _broken_one(document)


def _broken_one(document: Document) -> str | None:
    """A Word document whose archive is damaged still names its main part."""
    return "a Word document" if MAIN.encode() in document.raw else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The records of its text; ReviewError if it is broken, too large, or declares a document type."""
    flow = WordFlow(document, paragraphs_of(document))
    yield from read_inner(flow, flow, recognised_by, NAME)


def passages(document: Document) -> Iterator[Passage]:
    """Every paragraph with its number and its place in the joined text."""
    start = 0
    for number, words in enumerate(paragraphs_of(document), 1):
        place = Place(document.name, line=number, start=start, end=start + len(words))
        yield Passage(place, words, str(number))
        start += len(words) + 1


class WordFlow(Flow):
    """The text of all paragraphs, joined by line feeds; the number of a paragraph is its line."""

    def __init__(self, document: Document, paragraphs: list[str]):
        here = fixed(Place(document.name))
        super().__init__(document, [Piece(words + "\n", here) for words in paragraphs])

    def place(self, start: int, end: int) -> Place:
        """The place of `text[start:end]`."""
        return Place(self.name, line=bisect_right(self.starts, start), start=start, end=end)


@lru_cache(maxsize=1)
def paragraphs_of(document: Document) -> list[str]:
    """The words of every paragraph, cells of tables included, in document order."""
    from lxml import etree

    try:
        return [words for root in _roots(document) for words in _paragraphs(root)]
    except ReviewError:
        raise
    except (*BROKEN, etree.LxmlError) as error:
        reason = str(error).strip() or type(error).__name__
        raise _refused(document, f"a broken Word document ({reason})") from error


def _refused(document: Document, found: str):
    return document.refuse(
        found=found,
        expected="a .docx file as Word or LibreOffice saves it",
        fix="open it there and save it again, or save its text",
    )


def _roots(document: Document) -> Iterator[Element]:
    """The parts that hold text, parsed; ReviewError for what no office program writes."""
    from lxml import etree

    from reviewkit.sources.xml_entry import parser

    with zipfile.ZipFile(io.BytesIO(document.raw)) as archive:
        members = {member.filename: member for member in archive.infolist()}
        if sum(members[name].file_size for name in PARTS if name in members) > MOST_UNPACKED:
            raise _refused(document, "a Word document of over 200 MB unpacked")
        for name in PARTS:
            if name not in members:
                continue
            data = _unpacked(document, archive, name)
            if b"<!DOCTYPE" in data[:HEAD]:
                raise _refused(document, f"a document type declaration in {name}")
            yield etree.fromstring(data, parser())


def _unpacked(document: Document, archive: zipfile.ZipFile, name: str) -> bytes:
    """A part of the archive; what it says of its own size is not believed."""
    with archive.open(name) as part:
        data = part.read(MOST_UNPACKED + 1)
    if len(data) > MOST_UNPACKED:
        raise _refused(document, "a Word document of over 200 MB unpacked")
    return data


def _paragraphs(root: Element) -> Iterator[str]:
    """The words of each paragraph; one in a text box follows the paragraph that it is anchored to."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.tag in PASSED or not isinstance(node.tag, str):
            continue
        if node.tag == f"{WORD}p":
            inner: list[Element] = []
            words = "".join(_words(node, inner))
            yield words.strip()
            waiting += reversed(inner)
        else:
            waiting += reversed(node)


def _words(paragraph: Element, inner: list[Element]) -> Iterator[str]:
    """The words of one paragraph; paragraphs inside it (text boxes) are put into `inner`."""
    told = ""
    waiting: list[Element] = list(reversed(paragraph))
    while waiting:
        node = waiting.pop()
        if not isinstance(node.tag, str) or node.tag in PASSED or node.find(HIDDEN) is not None:
            continue
        if node.tag == f"{WORD}p":
            inner.append(node)
            continue
        words = _raised(node, told) if node.tag == f"{WORD}t" else SIGNS.get(node.tag)
        if words is None:
            waiting += reversed(node)
        elif words:
            told = (told + words)[-8:]
            yield words


def _raised(text: Element, told: str) -> str:
    """The words of a run; where they are a number raised after a digit or a 10, they are no further digits of it."""
    words = text.text or ""
    run = text.getparent()
    raised = run is not None and run.find(f"{WORD}rPr/{WORD}vertAlign[@{WORD}val='superscript']") is not None
    if not raised or not POWER.fullmatch(words.strip()):
        return words
    if AFTER_TEN.search(told.rstrip()):
        return f"^{words.strip()}"
    return f"^{words}" if told[-1:].isalnum() else words
