"""One file as it came: bytes, hash, decoded text and its lines.

Text is UTF-8 (with or without BOM) or UTF-16 with BOM; anything else is refused, for a wrong encoding changes
values without a trace. Lines break at LF, CRLF or CR alone; offsets count code points of the text without BOM.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.model import Place

MAX_BYTES = 50 * 1024 * 1024  # a document is held in memory whole; the largest registry record seen is 1 MB
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
LINE_BREAK = re.compile(r"\r\n|\r|\n")
BOM = "\ufeff"

# First bytes of what cannot be read as text, what it is, and what to do about it.
SIGNATURES = [
    (b"%PDF", "a PDF file", "save it as plain text, or fetch the registry's own export"),
    (b"PK\x03\x04", "a zip archive (DOCX, XLSX or zip)", "save a document as plain text, a table as CSV"),
    (b"\x1f\x8b", "a gzip archive", "unpack it and give the file inside"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls)", "save a document as plain text, a table as CSV"),
    (b"\x89PNG", "a picture (PNG)", "give the document itself, not a picture of it"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "give the document itself, not a picture of it"),
    (b"BZh", "a bzip2 archive", "unpack it and give the file inside"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it and give the file inside"),
    (b"\xfd7zXZ", "an xz archive", "unpack it and give the file inside"),
]
READABLE = "a registry record or a publication as text, CSV or ClinicalTrials.gov JSON"


class Line(NamedTuple):
    """One line: its number from 1, its text without the line break, and the offset where it starts."""

    number: int
    text: str
    start: int


class Document:
    """One file: `name` as messages and places show it, `raw` bytes, `sha256`, `text`, `lines`.

    `report` takes every `Problem` met while it is read.
    """

    def __init__(self, name: str, raw: bytes, report: Callable[[Problem], None]):
        self.name = name
        self.raw = raw
        self.report = report
        self.sha256 = hashlib.sha256(raw).hexdigest()

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


def fold(text: str) -> str:
    """`text` on one line: without `**`, every run of white space one blank; the form of a quote."""
    return " ".join(text.replace("**", "").split())


def open_document(path: str | Path, name: str, report: Callable[[Problem], None]) -> Document:
    """Read one file into memory; ReviewError if it is too large, empty, unreadable, or plainly no text."""
    try:
        # Opened without waiting: a pipe that nobody writes to must not stop the others.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            raw = _read_all(descriptor, name)
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


def _read_all(descriptor: int, name: str) -> bytes:
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        raise _unreadable_file(name, "a pipe, socket, device or folder")
    if facts.st_size > MAX_BYTES:
        raise _too_large(name, facts.st_size)
    raw = os.read(descriptor, facts.st_size + 1)
    while len(raw) < facts.st_size and (part := os.read(descriptor, facts.st_size)):
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
        if document.raw.startswith(signature):
            raise document.refuse(found=what, expected=READABLE, fix=fix)


def decode(document: Document) -> str:
    """The text of the document without BOM; ReviewError if it is not UTF-8, nor UTF-16 with BOM, or holds NUL."""
    raw = document.raw
    refuse_binary(document)
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(document, encoding, error) from error
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise document.refuse(
            place=Place(document.name, line=line),
            found="NUL characters, so a binary or damaged file",
            expected="text",
            fix="export or copy the document again",
        )
    if not text.removeprefix(BOM).strip():
        raise _empty(document)
    if encoding == "utf-16":
        document.notice(None, found="UTF-16 text", expected="UTF-8 text", fix="none needed; it was read as UTF-16")
    return text.removeprefix(BOM)


def _undecodable(document: Document, encoding: str, error: UnicodeDecodeError) -> ReviewError:
    line = document.raw[: error.start].count(b"\n") + 1
    bad = document.raw[error.start : error.start + 1].hex()
    return document.refuse(
        place=Place(document.name, line=line),
        found=f"byte 0x{bad}, which is not {encoding.removesuffix('-sig').upper()}",
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
