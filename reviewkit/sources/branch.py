"""A record as a tree of named parts, the same whether it came as XML or as JSON; paths lead to parts and their places.

Registries publish one structure in both forms. An element and a key are parts; so is an attribute, named `@unit`.
In JSON a single member may stand without its list, as XML turned into JSON has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from reviewkit.documents import Document, unreadable
from reviewkit.errors import ReviewError
from reviewkit.model import Place
from reviewkit.sources import ctgov
from reviewkit.sources.json_entry import is_blank, quote_of
from reviewkit.sources.xml_entry import FIX, ILLEGAL, UTF_16, root_name

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

TEXT_KEYS = ("#text", "_text", "$")  # where JSON made of XML keeps the words of an element that has attributes
UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)
BLOCK = 1024 * 1024
LONGEST_REFERENCE = 16  # bytes that a reference to a character can be long
Parts = dict[str, "list[Branch]"]


class Branch:
    """One part: `name`, `place`, its words as they stand (`text`), on one line (`words`) and as quoted (`quote`).

    `nested` is true for a JSON object or list, whose words are those of its parts. Words and parts are looked for when
    they are asked for, and once: most of a record is never asked for.
    """

    nested = False

    def __init__(self, document: Document, name: str, place: Place):
        self.document, self.name, self.place = document, name, place
        self.told = False
        self._text: str | None = None
        self._parts: Parts | None = None

    @property
    def text(self) -> str:
        """The words as they stand."""
        if self._text is None:
            self._text = self._words()
        return self._text

    def _words(self) -> str:
        raise NotImplementedError

    @property
    def words(self) -> str:
        """The words, white space folded."""
        return " ".join(self.text.split())

    @property
    def quote(self) -> str:
        """The words as a quote shows them."""
        return self.words

    @property
    def lines(self) -> str:
        """The words as a text of lines."""
        return self.text

    @property
    def parts(self) -> Parts:
        """The parts in it by name, each name in document order."""
        if self._parts is None:
            self._parts = self._grow()
        return self._parts

    def _grow(self) -> Parts:
        return {}

    @property
    def says(self) -> bool:
        """Is there any word in it?"""
        return bool(self.text.strip())

    def all(self, path: str) -> list[Branch]:
        """Every part at a path (`conditions/condition`, `isrctn/@dateAssigned`; `.` is the branch itself)."""
        found = [self]
        for step in [] if path == "." else path.split("/"):
            found = [part for branch in found for part in branch.at(step)]
        return found

    def at(self, step: str) -> list[Branch]:
        """The parts of one name; words where parts should be are told, once."""
        found = self.parts.get(step)
        if found is not None:
            return found
        if not self.told and not step.startswith("@") and self.is_leaf and self.says:
            self.told = True
            unreadable(self.document, self.quote, self.place, "an entry with parts, not bare words")
        return []

    @property
    def is_leaf(self) -> bool:
        """Does it hold words and no parts (attributes aside)?"""
        return all(name.startswith("@") for name in self.parts)

    def first(self, *paths: str) -> Branch | None:
        """The first part at these paths that has words, else the first part, else None."""
        found = [part for path in paths for part in self.all(path)]
        return next((part for part in found if part.says), found[0] if found else None)

    def said(self, path: str) -> str:
        """The words of the first part at a path that has any, folded; empty if there are none."""
        found = self.first(path)
        return found.words if found is not None and not found.nested else ""


class XmlBranch(Branch):
    """An element, with its XPath. Names are matched whatever their namespace."""

    def __init__(self, document: Document, node: Element, at: str, name: str = ""):
        super().__init__(document, name or local(node), Place(document.name, xpath=at))
        self.node, self.xpath = node, at

    def _words(self) -> str:
        return "".join(self.node.itertext())

    @property
    def lines(self) -> str:
        """The words line by line, white space at both ends of each taken away."""
        return "\n".join(" ".join(line.split()) for line in self.text.splitlines()).strip()

    def _grow(self) -> Parts:
        """Elements by name, attributes as `@name`."""
        nodes: dict[str, list[Element]] = {}
        for node in self.node:
            nodes.setdefault(local(node), []).append(node)
        found: Parts = {name: self._members(name, same) for name, same in nodes.items()}
        for key, words in self.node.attrib.items():
            space, _, name = str(key).lstrip("{").rpartition("}")
            step = f"@*[local-name()='{name}' and namespace-uri()='{space}']" if space else f"@{name}"
            if not space or f"@{name}" not in found:
                found[f"@{name}"] = [Attribute(self.document, name, f"{self.xpath}/{step}", str(words))]
        return found

    def _members(self, name: str, same: list[Element]) -> list[Branch]:
        spaced = any(node.tag != name for node in same)
        path = f"{self.xpath}/*[local-name()='{name}']" if spaced else f"{self.xpath}/{name}"
        if len(same) == 1:
            return [XmlBranch(self.document, same[0], path, name)]
        return [XmlBranch(self.document, node, f"{path}[{number}]", name) for number, node in enumerate(same, 1)]


class Attribute(Branch):
    """An attribute of an element."""

    def __init__(self, document: Document, name: str, at: str, words: str):
        super().__init__(document, name, Place(document.name, xpath=at))
        self._text = words


class JsonBranch(Branch):
    """A key with what stands under it, and its pointer."""

    def __init__(self, document: Document, name: str, found: Any, pointer: str):
        super().__init__(document, name, Place(document.name, pointer))
        self.found, self.pointer, self.scalar = found, pointer, found
        for key in TEXT_KEYS if isinstance(found, dict) else ():
            if key in found:
                self.scalar, self.place = found[key], Place(document.name, f"{pointer}/{key}")
                break
        self.nested = isinstance(self.scalar, (dict, list)) and bool(self.scalar)

    def _words(self) -> str:
        return "" if is_blank(self.scalar) else quote_of(self.scalar)

    @property
    def quote(self) -> str:
        """The scalar as it stands."""
        return self.text

    def _grow(self) -> Parts:
        """What stands under the keys; a list gives its members, each under the name of the list."""
        inner = self.found if isinstance(self.found, dict) else {}
        return {key: self._members(key, found) for key, found in inner.items()}

    def _members(self, key: str, found: Any) -> list[Branch]:
        at = f"{self.pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        if isinstance(found, list) and found:
            return [JsonBranch(self.document, key, member, f"{at}/{index}") for index, member in enumerate(found)]
        return [JsonBranch(self.document, key, found, at)]

    @property
    def says(self) -> bool:
        """Is there any word, number or truth value in it?"""
        open_ones: list[Any] = [self.found]
        while open_ones:
            found = open_ones.pop()
            if isinstance(found, (dict, list)):
                open_ones.extend(found.values() if isinstance(found, dict) else found)
            elif not is_blank(found):
                return True
        return False


def local(node: Element) -> str:
    """The name of an element without its namespace."""
    return str(node.tag).rpartition("}")[2]


def root_local(document: Document) -> str:
    """The name of a document's first element without its prefix; empty if it is no markup."""
    return (root_name(document) or "").rpartition(":")[2]


def stream_xml(document: Document, is_record: Callable[[str], bool], expected: str) -> Iterator[XmlBranch]:
    """Every outermost element whose name is that of a record, one in memory at a time.

    ReviewError, with the line, where the XML breaks; what stands before was given.
    """
    from lxml import etree

    number, parent, inside = 0, None, 0
    with document.open() as file:
        try:
            for event, node in etree.iterparse(
                Legal(file), events=("start", "end"), resolve_entities="internal", no_network=True, load_dtd=False,
                huge_tree=False, remove_comments=True, remove_pis=True,
            ):  # fmt: skip
                if not is_record(local(node)):
                    continue
                inside += 1 if event == "start" else -1
                if event == "start" or inside:
                    continue
                number = number + 1 if node.getparent() is parent else 1
                parent = node.getparent()
                yield XmlBranch(document, node, f"{_path_to(parent)}/{_step(node)}[{number}]")
                _let_go(node)
        except etree.XMLSyntaxError as error:
            raise document.refuse(
                place=Place(document.name, line=error.lineno or None),
                found=f"broken XML: {str(error.msg).splitlines()[0] if error.msg else 'it ends'}",
                expected=expected,
                fix=FIX,
            ) from error


class Legal:
    """A stream of bytes without the characters that no XML may hold."""

    def __init__(self, file: BinaryIO):
        self.file, self.rest, self.utf_16 = file, b"", False
        self.begun = False

    def read(self, size: int = BLOCK) -> bytes:
        """The next bytes, empty at the end only; a character reference is never cut in two."""
        while block := self.file.read(size if size > 0 else BLOCK):
            if not self.begun:
                self.begun, self.utf_16 = True, block.startswith(UTF_16)
            if self.utf_16:
                return block
            block = self.rest + block
            cut = block.find(b"&", max(0, len(block) - LONGEST_REFERENCE))
            self.rest = block[cut:] if cut >= 0 else b""
            if legal := ILLEGAL.sub(b"", block[:cut] if cut >= 0 else block):
                return legal
        last, self.rest = self.rest, b""
        return ILLEGAL.sub(b"", last)


def _step(node: Element) -> str:
    return f"*[local-name()='{local(node)}']" if str(node.tag).startswith("{") else str(node.tag)


def _path_to(node: Element | None) -> str:
    """The path of an element that is still being read, so that no sibling follows it."""
    steps = []
    while node is not None:
        before = sum(1 for _ in node.itersiblings(node.tag, preceding=True))
        steps.append(_step(node) + (f"[{before + 1}]" if node.getparent() is not None else ""))
        node = node.getparent()
    return "".join(f"/{step}" for step in reversed(steps))


def _let_go(node: Element) -> None:
    """Free a record that was read; its place among its siblings is counted elsewhere."""
    node.clear(keep_tail=False)
    parent = node.getparent()
    while parent is not None and node.getprevious() is not None:
        del parent[0]


def _may_be_json(head: bytes) -> bool:
    shown = head.decode("utf-16", "ignore").encode() if head.startswith(UTF_16) else head.removeprefix(b"\xef\xbb\xbf")
    return shown.lstrip().startswith((b"{", b"["))


@lru_cache(maxsize=1)
def json_with(document: Document, mark: bytes, expected: str) -> Any:
    """The decoded JSON if it holds the bytes `mark` (a quoted key), else None; ReviewError if it is broken."""
    if not _may_be_json(document.head):
        return None
    data = ctgov.data_of(document)
    if mark not in data:
        return None
    try:
        return msgspec.json.decode(data)
    except UNDECODABLE as error:
        problem = ctgov.damaged(document).problem
        raise ReviewError(msgspec.structs.replace(problem, expected=expected)) from error


def json_members(document: Document, found: Any, keys: tuple[str, ...]) -> Iterator[JsonBranch]:
    """The members of a list, or of the list under one of these keys of an object; else the object itself."""
    held = [key for key in keys if isinstance(found, dict) and isinstance(found.get(key), list)]
    at = f"/{held[0]}" if held else ""
    inner = found[held[0]] if held else found
    if isinstance(inner, list):
        yield from (JsonBranch(document, "", member, f"{at}/{index}") for index, member in enumerate(inner))
    else:
        yield JsonBranch(document, "", inner, at)
