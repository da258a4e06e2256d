"""What every XML source shares: a hardened parser, and elements whose words become values with an XPath as place.

The parser loads no DTD and no external entity, touches no network, and expands internal entities within libxml2's own
limits (`resolve_entities=False` would silently delete `&ge;`). Control characters that no XML may hold are taken out
first, for some registries export them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reviewkit.documents import Document
from reviewkit.kinds import text
from reviewkit.model import NO_DETAIL, Place, Value
from reviewkit.sources.collect import Gathering, Reader
from reviewkit.words import State

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

ILLEGAL = re.compile(
    rb"&#(?:x0*(?:[0-8BCEFbcef]|1[0-9A-Fa-f])|0*(?:[0-8]|1[1245-9]|2\d|3[01]));|[\x00-\x08\x0b\x0c\x0e-\x1f]"
)
OPENING_TAG = re.compile(
    r"\s*+(?:(?><\?.*?\?>)\s*+|(?><!--.*?-->)\s*+|(?><!DOCTYPE[^\[>]*+(?:\[.*?\]\s*)?>)\s*+)*+<(?P<root>[A-Za-z_][\w.:\-]*)",
    re.DOTALL,
)
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
HEAD = 65_536  # bytes in which a document shows what it is
FIX = "download the file again; it may have been cut short or edited"


@lru_cache(maxsize=1)
def root_name(document: Document) -> str | None:
    """The name of the first element, prefix included, told from the first bytes; None if this is no markup."""
    head = document.head
    shown = head.decode("utf-16", "ignore") if head.startswith(UTF_16) else head.decode("utf-8-sig", "replace")
    match = OPENING_TAG.match(shown)
    return match["root"] if match else None


def parser() -> Any:
    """A parser that reads no file, touches no network and lets no entity grow without bound."""
    from lxml import etree

    return etree.XMLParser(
        resolve_entities="internal", no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


@lru_cache(maxsize=1)
def root_of(document: Document) -> Element:
    """The parsed document; ReviewError, with the line, if it is no well-formed XML."""
    from lxml import etree

    # White space before the declaration, as a copied page has it, is no XML; it does no harm either.
    data = document.raw if document.raw.startswith(UTF_16) else ILLEGAL.sub(b"", document.raw).lstrip()
    try:
        return etree.fromstring(data, parser())
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        raise document.refuse(
            place=Place(document.name, line=line),
            found=f"broken XML: {str(error.msg).splitlines()[0] if error.msg else 'no element'}",
            expected="well-formed XML",
            fix=FIX,
        ) from error


def path_of(node: Element, attribute: str | None = None) -> str:
    """The XPath of an element, or of one of its attributes: `/trial/main/phase`, `/a/b[2]/@type`.

    Names are matched whatever their namespace (`*[local-name()='x']`) where there is one.
    """
    steps = []
    current: Element | None = node
    while current is not None:
        steps.append(_step(current))
        current = current.getparent()
    path = "/" + "/".join(reversed(steps))
    return f"{path}/@{attribute}" if attribute else path


def _step(node: Element) -> str:
    parent = node.getparent()
    return _name_in_path(node) if parent is None else _steps_below(parent)[node]


@lru_cache(maxsize=256)
def _steps_below(parent: Element) -> dict[Element, str]:
    """Each child with its step; worked out once a parent, for a list of 100,000 must not be counted 100,000 times."""
    same: dict[str, list[Element]] = {}
    for child in parent.iterchildren("*"):
        same.setdefault(str(child.tag), []).append(child)
    return {
        child: _name_in_path(child) + (f"[{number}]" if len(children) > 1 else "")
        for children in same.values()
        for number, child in enumerate(children, 1)
    }


def _name_in_path(node: Element) -> str:
    namespace, _, name = str(node.tag).rpartition("}")
    return f"*[local-name()='{name}']" if namespace else name


def words_in(node: Element) -> str:
    """All the words of an element, inner markup dropped, white space folded."""
    return " ".join("".join(node.itertext()).split())


Table = Mapping[str, "str | tuple[str, Reader]"]  # path below an element -> the field, and its reader if not words


class XmlEntry(Gathering):
    """Gathers from elements of an XML document. Method: `<source>:path` unless another is named."""

    def __init__(self, document: Document, source: str, kind: str, fields: tuple[tuple[str, str], ...]):
        super().__init__(document, source, kind, fields)
        self.counted: dict[str, int] = {}  # field that opens a group -> members so far

    def fill(self, node: Element, table: Table, item: int | None = None) -> None:
        """Take the first element at each path of a table that has words, else the first; an absent one says nothing."""
        for path, rule in table.items():
            field, read = (rule, text) if isinstance(rule, str) else rule
            found = node.findall(path)
            self.take(
                field, read, next((one for one in found if words_in(one)), found[0] if found else None), item=item
            )

    def each(self, nodes: Iterable[Element], first: str, table: Table) -> Iterator[tuple[Element, int]]:
        """Take each element as a member of the group that the field `first` opens, and give it with its number.

        An element without words is no member. Blank parts of a member say nothing.
        """
        blank: Element | None = None
        for node in nodes:
            if not words_in(node):
                blank = node if blank is None else blank
                continue
            number = self.counted[first] = self.counted.get(first, 0) + 1
            for path, rule in table.items():
                field, read = (rule, text) if isinstance(rule, str) else rule
                part = node if path == "." else next((one for one in node.findall(path) if words_in(one)), None)
                self.take(field, read, part, item=number)
            yield node, number
        if blank is not None and not self.counted.get(first):
            self.take(first, text, blank)

    def all(self, nodes: Iterable[Element], first: str, table: Table) -> None:
        """`each` without looking at the elements again."""
        for _ in self.each(nodes, first, table):
            pass

    def take(
        self,
        field: str,
        read: Reader,
        node: Element | None,
        *,
        item: int | None = None,
        attribute: str | None = None,
        method: str = "path",
    ) -> Value | None:
        """Read an element's words, or one attribute's; a blank is EMPTY_IN_SOURCE, an absent element says nothing."""
        if node is None or (attribute and attribute not in node.attrib):
            return None
        words = " ".join(str(node.get(attribute)).split()) if attribute else words_in(node)
        place = self.place(node, attribute)
        if not words:
            name = attribute or str(node.tag).rpartition("}")[2]
            return self.add(
                Value(field, item, None, State.EMPTY_IN_SOURCE, name, place, self.method(method), NO_DETAIL)
            )
        return self.take_words(field, read, words, place, item=item, method=method)

    def derive(
        self,
        field: str,
        value: Any,
        rule: str,
        node: Element,
        *,
        item: int | None = None,
        attribute: str | None = None,
        quote: str | None = None,
        detail: dict[str, Any] | None = None,
    ) -> Value:
        """Add a value worked out by a named rule from an element's words (`quote`: the part it rests on)."""
        words = quote or (str(node.get(attribute)) if attribute else words_in(node))
        place = self.place(node, attribute)
        return self.add(Value(field, item, value, State.DERIVED, words, place, f"rule:{rule}", detail or {}))

    def place(self, node: Element, attribute: str | None = None) -> Place:
        """The place of an element or attribute."""
        return Place(self.document.name, xpath=path_of(node, attribute))
