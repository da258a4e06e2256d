"""What a service is to us: where its records stand, how its pages follow each other, and how we tell a right answer.

A service is a table of paths and checks; how it is asked stands in `host.py`, and what is done with it in `run.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from reviewkit.errors import shown

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from reviewkit.fetch.host import Contact

JSON, XML, TEXT = "application/json", "application/xml, text/xml;q=0.9", "text/plain"
HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
PAGE_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)
ILLEGAL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # in XML; some registries export them all the same
HEAD = 20_000  # bytes of a wrong answer that are looked at


class Unexpected(Exception):
    """An answer that is not what was asked for."""

    def __init__(self, found: str, expected: str):
        super().__init__(found)
        self.found, self.expected = found, expected


class NoSuchRecord(Exception):
    """The service says, in its own way, that it has no such record."""


class Records(NamedTuple):
    """How one form of number is asked for.

    `check` takes the answer and the number, and returns the number the answer gives itself (None: it gives none);
    it raises Unexpected or NoSuchRecord.
    """

    path: Callable[[str], str]
    check: Callable[[bytes, str], str | None]
    accept: str
    suffix: str  # of the file
    absent: str = "check the number; it may be new, withdrawn, or mistyped"  # what to do if there is no such record


class Opening(NamedTuple):
    """What a service says before the first page: how many hits, what its pages need to be asked for, and remarks."""

    total: int
    facts: dict[str, str]
    remarks: list[str]


class Page(NamedTuple):
    """One page of hits: the number of each, how many there are in all (None: not said), what names the next page."""

    numbers: list[str]
    total: int | None
    next: str | None


class Search(NamedTuple):
    """How a service answers a query: perhaps an opening, then pages, each named by what the one before says."""

    path: Callable[[str, str, dict[str, str]], str]  # of a page: query, its name, facts of the opening
    read: Callable[[bytes, str, dict[str, str]], Page]  # the body, the page's name, facts of the opening
    accept: str
    suffix: str
    first: str  # what names the first page
    opening_path: Callable[[str], str] | None = None
    read_opening: Callable[[bytes], Opening] | None = None
    opening_accept: str = JSON
    most: int | None = None  # hits that the service gives of one query


class Service(NamedTuple):
    """One service.

    `gap`: the seconds between two questions; `identity`: who asks, as the service wants it told; `takes_forms`: whether
    a question may come as a form (POST) where it is too long for an address.
    """

    name: str
    title: str
    base: str
    gap: float
    records: dict[str, Records]
    search: Search | None = None
    identity: Callable[[Contact], dict[str, str]] = lambda contact: {}
    gap_with_key: float | None = None
    wants_email: bool = False
    takes_forms: bool = False


def json_of(body: bytes, expected: str) -> dict[str, Any]:
    """A JSON object; Unexpected if the answer is none."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unexpected(what_is(body), expected) from error
    if not isinstance(found, dict):
        raise Unexpected("JSON that is no object", expected)
    return found


def xml_of(body: bytes, expected: str) -> Element:
    """The root of well-formed XML, parsed without network, files or growing entities; Unexpected otherwise."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities="internal", no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
    )  # fmt: skip
    try:
        return etree.fromstring(ILLEGAL.sub(b"", body), parser)
    except (etree.XMLSyntaxError, ValueError) as error:  # ValueError: an encoding that lxml does not know
        raise Unexpected(what_is(body), expected) from error


def text_of(body: bytes, expected: str) -> str:
    """Text in UTF-8; Unexpected for other bytes, and for a page of HTML."""
    if HTML.match(body[:HEAD]):
        raise Unexpected(what_is(body), expected)
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unexpected("bytes that are no text in UTF-8", expected) from error


def at(content: Any, *keys: str) -> Any:
    """What stands under keys in JSON; None where something is missing or is no object."""
    for key in keys:
        content = content.get(key) if isinstance(content, dict) else None
    return content


def objects(content: Any) -> list[dict[str, Any]]:
    """The objects of a list; none if it is no list."""
    return [member for member in content if isinstance(member, dict)] if isinstance(content, list) else []


def whole_number(found: Any) -> int | None:
    """A count as JSON or an attribute gives it; None if it is none."""
    if isinstance(found, int) and not isinstance(found, bool) and found >= 0:
        return found
    return int(found) if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 10 else None


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def words_in(element: Element) -> str:
    """The words of an element and those inside it, on one line."""
    return " ".join("".join(element.itertext()).split())


def same(found: str, number: str, expected: str) -> str:
    """The number an answer gives itself, if it is the one that was asked for; Unexpected if it is another."""
    if found.casefold() != number.casefold():
        raise Unexpected(f"an answer that calls itself {shown(found)}", expected)
    return number


def what_it_says(body: bytes) -> str:
    """The answer of a service that refuses, in a few words."""
    head = body[:HEAD]
    if not head.strip():
        return "an empty answer"
    if HTML.match(head):
        title = PAGE_TITLE.search(head)
        return "a web page" + (f" titled {shown(title[1].decode('utf-8', 'replace'))}" if title else "")
    return "the words " + shown(head.decode("utf-8", "replace"))


def what_is(body: bytes) -> str:
    """A wrong answer in a few words."""
    head = body[:HEAD]
    if not head.strip() or HTML.match(head):
        return what_it_says(body)
    if head.lstrip()[:1] in {b"{", b"["}:
        return "JSON that is broken or cut short"
    if head.lstrip()[:1] == b"<":
        return "XML that is broken or cut short"
    return "text that begins " + shown(head.decode("utf-8", "replace"))
