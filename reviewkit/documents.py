"""One file as it came: bytes, hash, decoded text and its lines.

Text is UTF-8 (with or without BOM) or UTF-16 with BOM; anything else is refused, for a wrong encoding changes
values without a trace. Lines break at LF, CRLF or CR alone; offsets count code points of the text without BOM.
A long file in a form of many records (`STREAMED`) is not held: its sources read it as a stream.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import re
import stat
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.model import Place

MAX_BYTES = 50 * 1024 * 1024  # a document is held in memory whole; the largest registry record seen is 1 MB
LONG = 8 * 1024 * 1024  # from here on a form that can be streamed is not held
HEAD = 65_536  # bytes in which a document shows what it is
BLOCK = 1024 * 1024
# What the head of a form of many records shows: the XML of ICTRP, WHO, ISRCTN and ANZCTR, PubMed's sets, a column for
# trial numbers.
STREAMED = re.compile(
    rb"(?i)<(?:\w+:)?(?:Trials_downloaded_from_ICTRP|(?:all)?trials?|triall|ANZCTR_?trials?|PubmedArticleSet)[\s>]"
    rb"|\btrial[ _]?id\b"
)
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
LINE_BREAK = re.compile(r"\r\n|\r|\n")
BOM = "\ufeff"

# First bytes of what cannot be read as text, what it is, and what to do about it.
SIGNATURES = [
    (b"%PDF", "a PDF file", "save it as plain text, or fetch the registry's own export"),
    (b"PK\x03\x04", "a zip archive that is no Word document and no workbook", "unpack it and give the files inside"),
    (b"\x1f\x8b", "a gzip archive", "unpack it and give the file inside"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls)", "save it as .docx or .xlsx, or a table as CSV"),
    (b"\x89PNG", "a picture (PNG)", "give the document itself, not a picture of it"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "give the document itself, not a picture of it"),
    (b"BZh", "a bzip2 archive", "unpack it and give the file inside"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it and give the file inside"),
    (b"\xfd7zXZ", "an xz archive", "unpack it and give the file inside"),
]
READABLE = "a registry's export or an article, in a form that docs/sources.md lists"


class Line(NamedTuple):
    """One line: its number from 1, its text without the line break, and the offset where it starts."""

    number: int
    text: str
    start: int


class Document:
    """One file: `name` as messages and places show it, `raw` bytes, `sha256`, `text`, `lines`.

    `report` takes every `Problem` met while it is read. `head` and `open()` do for long documents too.
    """

    is_long = False

    def __init__(self, name: str, raw: bytes, report: Callable[[Problem], None]):
        self.name = name
        self.raw = raw
        self.report = report
        self.sha256 = hashlib.sha256(raw).hexdigest()

    @cached_property
    def head(self) -> bytes:
        """The first bytes, in which a document shows what it is."""
        return self.raw[:HEAD]

    def open(self) -> BinaryIO:
        """The bytes as a stream."""
        return io.BytesIO(self.raw)

    @cached_property
    def text(self) -> str:
        """The decoded text without BOM; ReviewError if the bytes are no text we may decode."""
        return decode(self)

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset of the start of every line."""
        return [0, *(match.end() for match in LINE_BREAK.finditer(self.text))]

    def lines(self) -> Iterator[Line]:
        """Every line with its number and offset, streamed."""
        for number, match in enumerate(LINE.finditer(self.text), 1):
            if match.start() < len(self.text) or number == 1:
                yield Line(number, match[0].rstrip("\r\n"), match.start())

    def line_of(self, offset: int) -> int:
        """The number of the line that holds `offset`."""
        return bisect_right(self.line_starts, offset)

    def place(self, start: int, end: int) -> Place:
        """The place of `text[start:end]`."""
        return Place(self.name, line=self.line_of(start), start=start, end=end)

    def notice(self, place: Place | None, *, found: str, expected: str, fix: str) -> None:
        """Say that a person should look at something that was read all the same."""
        self.report(Problem(self.name, place or Place(self.name), found, expected, fix, "notice"))

    def refuse(self, *, found: str, expected: str, fix: str, place: Place | None = None) -> ReviewError:
        """The error that refuses this document; to be raised by the caller."""
        return ReviewError(Problem(self.name, place or Place(self.name), found, expected, fix))


class LongDocument(Document):
    """A file that is not held: `open()` reads it from its place; `raw` and `text` hold it if it is not too large."""

    is_long = True

    def __init__(self, name: str, path: str | Path, size: int, head: bytes, report: Callable[[Problem], None]):
        self.name, self.path, self.size, self.report = name, path, size, report
        self.__dict__["head"] = head

    @cached_property
    def sha256(self) -> str:  # type: ignore[override]
        """The hash of the file, worked out block by block."""
        whole = hashlib.sha256()
        with self.open() as file:
            for block in iter(partial(file.read, BLOCK), b""):
                whole.update(block)
        return whole.hexdigest()

    @cached_property
    def raw(self) -> bytes:  # type: ignore[override]
        """The whole file; ReviewError if it is too large to hold."""
        if self.size > MAX_BYTES:
            raise _too_large(self.name, self.size)
        with self.open() as file:
            return file.read()

    def open(self) -> BinaryIO:
        """The file as a stream; ReviewError if it is gone."""
        try:
            return open(self.path, "rb")  # noqa: PTH123  the caller closes it
        except OSError as error:
            raise _unreadable_file(self.name, error.strerror or str(error)) from error


def fold(text: str) -> str:
    """`text` on one line: without `**`, every run of white space one blank; the form of a quote."""
    return " ".join(text.replace("**", "").split())


def open_document(path: str | Path, name: str, report: Callable[[Problem], None]) -> Document:
    """Read one file into memory; ReviewError if it is too large, empty, unreadable, or plainly no text."""
    try:
        # Opened without waiting: a pipe that nobody writes to must not stop the others.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            size = _size(descriptor, name)
            head = os.read(descriptor, HEAD) if size > LONG else b""
            if STREAMED.search(head.replace(b"\0", b"")):
                return LongDocument(name, path, size, head, report)
            raw = _read_all(descriptor, name, size, head)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _unreadable_file(name, error.strerror or str(error)) from error
    document = Document(name, raw, report)
    if not raw or raw.isspace():
        raise _empty(document)
    return document


def _empty(document: Document) -> ReviewError:
    return document.refuse(found="an empty file", expected=READABLE, fix="export or copy the document again")


def _size(descriptor: int, name: str) -> int:
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        raise _unreadable_file(name, "a pipe, socket, device or folder")
    return facts.st_size


def _read_all(descriptor: int, name: str, size: int, raw: bytes) -> bytes:
    """The rest of a file of which `raw` was read."""
    if size > MAX_BYTES:
        raise _too_large(name, size)
    raw += os.read(descriptor, size + 1 - len(raw))
    while len(raw) < size and (part := os.read(descriptor, size)):
        raw += part
    return raw


def _unreadable_file(name: str, found: str) -> ReviewError:
    fix = "check the file's rights, or copy its content into a file"
    return ReviewError(Problem(name, Place(name), found, "a file that can be read", fix))


def _too_large(name: str, size: int) -> ReviewError:
    return ReviewError(
        Problem(
            name,
            Place(name),
            f"{size / 1024**2:.0f} MB",
            f"a document of at most {MAX_BYTES // 1024**2} MB",
            "split the file; one record or one search page a file is best",
        )
    )


def refuse_binary(document: Document) -> None:
    """Raise ReviewError if the document is an archive, a picture or other bytes that are no text."""
    for signature, what, fix in SIGNATURES:
        if document.head.startswith(signature):
            raise document.refuse(found=what, expected=READABLE, fix=fix)


def decode(document: Document) -> str:
    """The text of the document without BOM; ReviewError if it is not UTF-8, nor UTF-16 with BOM, or holds NUL."""
    raw = document.raw
    refuse_binary(document)
    encoding = encoding_of(raw)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _undecodable(document, encoding, line, raw[error.start]) from error
    if "\x00" in text:
        raise _nul(document, text[: text.index("\x00")].count("\n") + 1)
    text = text.removeprefix(BOM)
    if not text or text.isspace():
        raise _empty(document)
    if encoding == "utf-16":
        _tell_utf_16(document)
    return text


def _tell_utf_16(document: Document) -> None:
    document.notice(None, found="UTF-16 text", expected="UTF-8 text", fix="none needed; it was read as UTF-16")


def encoding_of(head: bytes) -> str:
    """The encoding that a text's first bytes show: UTF-16 by its mark, else UTF-8."""
    return "utf-16" if head.startswith(UTF_16) else "utf-8-sig"


def streamed_lines(document: Document) -> Iterator[str]:
    """The lines of a text with their breaks, one at a time.

    A document that is held is refused as by `decode`, before anything is given; a long one where it is no text.
    """
    return _lines_of_file(document) if document.is_long else iter(io.StringIO(document.text, newline=""))


def _lines_of_file(document: Document) -> Iterator[str]:
    refuse_binary(document)
    encoding = encoding_of(document.head)
    if encoding == "utf-16":
        _tell_utf_16(document)
    with document.open() as file, io.TextIOWrapper(file, encoding, newline="") as text:
        number = 0
        try:
            for number, line in enumerate(text, 1):
                if "\x00" in line:
                    raise _nul(document, number)
                yield line
        except UnicodeError as error:
            raise _undecodable(document, encoding, *_first_undecodable(document, encoding)) from error


def _first_undecodable(document: Document, encoding: str) -> tuple[int, int]:
    """The line and the byte at which a text is no longer in its encoding."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    with document.open() as file:
        for block in iter(partial(file.read, BLOCK), b""):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                read = bytes(error.object)
                return line + read[: error.start].count(b"\n"), read[error.start]
            line += block.count(b"\n")
    return line, block[-1]  # it ends within a character


def _nul(document: Document, line: int) -> ReviewError:
    return document.refuse(
        place=Place(document.name, line=line),
        found="NUL characters, so a binary or damaged file",
        expected="text",
        fix="export or copy the document again",
    )


def _undecodable(document: Document, encoding: str, line: int, byte: int) -> ReviewError:
    return document.refuse(
        place=Place(document.name, line=line),
        found=f"byte 0x{byte:02x}, which is not {encoding.removesuffix('-sig').upper()}",
        expected="text in UTF-8, or in UTF-16 with a byte order mark",
        fix="open the file in the program that made it and save it with encoding UTF-8",
    )


def unreadable(document: Document, value: Any, place: Place, expected: str) -> None:
    """Note that a value was found but could not be read: it stays in the record as UNCLEAR."""
    document.notice(
        place,
        found=shown(str(value)),
        expected=expected,
        fix="look at the source; the value is kept as UNCLEAR with its quote",
    )
