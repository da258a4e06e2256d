"""What the tests of publications share: reading what they make up, and proof that every quote stands at its place."""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path

from lxml import etree

from reviewkit import sources
from reviewkit.documents import Document, fold
from reviewkit.errors import ReviewError

TAGS = re.compile(r"</?[A-Za-z][\w:.\-]*(?:\s[^<>]*)?/?>")


def read(content: str | bytes, name: str = "made-up.txt") -> tuple[list, list]:
    """The records of a document, and the problems met."""
    problems: list = []
    raw = content.encode() if isinstance(content, str) else content
    return list(sources.read(Document(name, raw, problems.append))), problems


def read_file(path: Path) -> list:
    """The records of a real file, told by its name."""
    return list(sources.read(Document(path.name, path.read_bytes(), lambda problem: None)))


def is_read_or_refused(content: str | bytes) -> bool:
    """Does a document give records, or a ReviewError, and nothing else?"""
    try:
        return all(record.as_json() for record in read(content)[0])
    except ReviewError as error:
        return bool(error.problem.found and error.problem.fix)


def facts(record, *fields: str) -> list[tuple]:
    """Field, item, value, state and quote of the values of some fields (a name may end in `*`)."""
    return [
        (value.field, value.item, value.value, str(value.state), value.quote)
        for value in record.reported
        if any(value.field == one or (one.endswith("*") and value.field.startswith(one[:-1])) for one in fields)
    ]


def value_of(record, field: str):
    """The first value of a field, or None."""
    found = record.first(field)
    return found.value if found else None


def bare(words: str) -> str:
    """Words without any white space: elements may stand next to each other without one."""
    return "".join(words.split())


def misplaced(raw: bytes, records: list) -> list[tuple]:
    """The values and statements whose quote does not stand at their place, read straight from the document."""
    return [
        (record.record, getattr(one, "field", None) or one.concept, one.quote, str(one.place))
        for record in records
        for one in (*record.reported, *record.statements)
        if not stands(raw, one)
    ]


def stands(raw: bytes, value) -> bool:
    """Does the quote of a value stand at its place? A list's members stand there one by one."""
    place, quote = value.place, value.quote
    if place.line is not None:
        text, breaks = _text(raw)
        return fold(text[place.start : place.end]) == quote and bisect_right(breaks, place.start) + 1 == place.line
    words = _words_at_pointer(raw, place.pointer) if place.pointer is not None else _words_at_xpath(raw, place.xpath)
    if bare(quote) in bare(words):
        return True
    is_list = isinstance(getattr(value, "value", None), list)
    return is_list and all(bare(word) in bare(words) for member in quote.split(", ") for word in member.split())


@lru_cache(maxsize=2)
def _text(raw: bytes) -> tuple[str, list[int]]:
    """The text of a document, and where its lines end."""
    text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    return text, [match.end() for match in re.finditer(r"\r\n|\r|\n", text)]


def _words_at_xpath(raw: bytes, xpath: str) -> str:
    (found,) = _tree(raw).getroottree().xpath(xpath)
    return found if isinstance(found, str) else "".join(found.itertext())


@lru_cache(maxsize=2)
def _tree(raw: bytes):
    parser = etree.XMLParser(load_dtd=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError:
        return _parts('<any xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mml="m">', raw.decode("utf-8-sig"), parser)


def _parts(opening: str, text: str, parser):
    """Parts of an article in a row; an end tag that the parser says closes nothing is cut out, one after the other."""
    while True:
        try:
            return etree.fromstring(f"{opening}{text}</any>".encode(), parser)
        except etree.XMLSyntaxError as error:
            (name,) = re.findall(r"any line \d+ and ([\w\-]+)", error.msg)
            line, column = error.position
            lines = (opening + text).split("\n")
            behind = len("\n".join(lines[: line - 1])) + (line > 1) + column - len(opening)
            at = text.rfind(f"</{name}>", 0, behind + 3)
            assert at >= 0, error
            text = text[:at] + text[at + len(name) + 3 :]


def _words_at_pointer(raw: bytes, pointer: str) -> str:
    found = json.loads(raw)
    for step in pointer.split("/")[1:]:
        found = found[int(step)] if isinstance(found, list) else found[step]
    return html.unescape(TAGS.sub("", _scalars(found)))


def _scalars(found) -> str:
    """A scalar's words; those of a list's members joined by commas, those of an object's by blanks."""
    if isinstance(found, dict):
        return " ".join(_scalars(one) for one in found.values())
    return ", ".join(_scalars(one) for one in found) if isinstance(found, list) else str(found)
