"""XML of articles made parsable: names of characters that only a DTD elsewhere defines, and files without one root."""

from __future__ import annotations

import html.entities
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reviewkit.documents import Document
from reviewkit.model import Place
from reviewkit.sources.xml_entry import ILLEGAL, UTF_16, parser

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

FIX = "download the file again; it may have been cut short"
NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30});")
WRAPPER = "fragment"
# A part cut out of an article has lost the declarations that stood at its root.
PREFIXES = {
    "xlink": "http://www.w3.org/1999/xlink",
    "mml": "http://www.w3.org/1998/Math/MathML",
    "ali": "http://www.niso.org/schemas/ali/1.0/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
OPENING = "<" + WRAPPER + "".join(f' xmlns:{prefix}="{name}"' for prefix, name in PREFIXES.items()) + ">"


def parsable(document: Document) -> bytes:
    """The bytes without characters that no XML may hold, and with `&beta;` as a number where no DTD here defines it.

    The DTD that an article names stands elsewhere and is never fetched; the names it defines are those of HTML.
    """
    raw = document.raw
    if raw.startswith(UTF_16):
        raw = re.sub(r"\A\s*<\?xml[^>]*\?>", "", document.text).encode()
    raw = ILLEGAL.sub(b"", raw)
    return raw if b"<!ENTITY" in raw[:100_000] else NAMED.sub(_numbered, raw)


def _numbered(match: re.Match[bytes]) -> bytes:
    characters = html.entities.html5.get(match[1].decode() + ";")
    return "".join(f"&#{ord(one)};" for one in characters).encode() if characters else match[0]


@lru_cache(maxsize=1)
def root_of(document: Document, *, fragments: frozenset[str]) -> Element:
    """The parsed document. What begins with one of `fragments` may have several roots, or lack declarations: it is put
    into one `fragment` that has them.

    Raises ReviewError, with the line, if it is no well-formed XML.
    """
    from lxml import etree

    data = parsable(document)
    try:
        return etree.fromstring(data, parser())
    except etree.XMLSyntaxError as error:
        first = re.match(rb"(?:\xef\xbb\xbf)?\s*<([a-z\-]+)", data)
        if first and first[1].decode() in fragments:
            return _wrapped(document, data)
        raise _broken(document, error) from error


ANY_TAG = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(/?)([A-Za-z_][\w:.\-]*)[^<>]*?(/?)>", re.DOTALL)


def _without_idle_ends(document: Document, data: bytes) -> bytes:
    """The parts without end tags of what once stood around them; one notice says so."""
    opened: dict[bytes, int] = {}
    kept: list[bytes] = []
    at, line = 0, 1
    for match in ANY_TAG.finditer(data):
        closes, name, empty = match.groups()
        if name and not closes and not empty:
            opened[name] = opened.get(name, 0) + 1
        elif closes and opened.get(name, 0):
            opened[name] -= 1
        elif closes:
            kept.append(data[at : match.start()])
            at = match.end()
            line = data[: match.start()].count(b"\n") + 1
    if kept:
        document.notice(
            Place(document.name, line=line),
            found=f"{len(kept)} end tags that close nothing",
            expected="parts of an article, each whole",
            fix="none needed; they were left out",
        )
    return b"".join([*kept, data[at:]])


def _wrapped(document: Document, data: bytes) -> Element:
    from lxml import etree

    bare = _without_idle_ends(document, data.removeprefix(b"\xef\xbb\xbf"))
    try:
        return etree.fromstring(OPENING.encode() + bare + f"</{WRAPPER}>".encode(), parser())
    except etree.XMLSyntaxError as error:
        raise _broken(document, error) from error


def _broken(document: Document, error: Any) -> Exception:
    message = str(error.msg).splitlines()[0] if error.msg else "no element"
    # The wrapper is ours: what closes it closes nothing of the document's.
    message = re.sub(
        rf"Opening and ending tag mismatch: {WRAPPER} line \d+ and ([\w\-]+)", r"</\1> closes nothing", message
    )
    return document.refuse(
        place=Place(document.name, line=error.lineno or None),
        found=f"broken XML: {message}",
        expected="well-formed XML",
        fix=FIX,
    )


class Paths:
    """The XPaths of elements below one element whose own path is known; each parent's children are counted once."""

    def __init__(self, document: Document, root: Element, path: str, *, in_namespace: bool = False):
        self.name, self.root, self.path, self.in_namespace = document.name, root, path, in_namespace
        self.steps: dict[Element, dict[Element, str]] = {}

    def place(self, node: Element, attribute: str | None = None) -> Place:
        """The place of an element, or of one of its attributes."""
        steps: list[str] = []
        current = node
        while current is not self.root:
            parent = current.getparent()
            steps.append(self._below(parent)[current])
            current = parent
        path = "/".join([self.path, *reversed(steps)])
        return Place(self.name, xpath=f"{path}/@{attribute}" if attribute else path)

    def _below(self, parent: Element) -> dict[Element, str]:
        if parent not in self.steps:
            same: dict[str, list[Element]] = {}
            for child in parent.iterchildren("*"):
                same.setdefault(str(child.tag), []).append(child)
            self.steps[parent] = {
                child: step_of(child, in_namespace=self.in_namespace) + (f"[{number}]" if len(children) > 1 else "")
                for children in same.values()
                for number, child in enumerate(children, 1)
            }
        return self.steps[parent]


def step_of(node: Element, *, in_namespace: bool = False) -> str:
    """An element's name as an XPath finds it: whatever its namespace, where it has one (or had it in the document)."""
    namespace, _, name = str(node.tag).rpartition("}")
    return f"*[local-name()='{name}']" if namespace or in_namespace else name
