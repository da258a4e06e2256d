"""Trials of a long XML document one at a time: WHO's forms, read as a stream and given back to memory after each.

Some registries export control characters that no XML may hold, and names of HTML (`&eacute;`) without declaring them:
the first are taken out, the second declared in front of the document. Nothing is fetched, and nothing grows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from html.entities import name2codepoint
from typing import TYPE_CHECKING, BinaryIO

from reviewkit.documents import Document
from reviewkit.errors import ReviewError
from reviewkit.model import Place
from reviewkit.sources.xml_entry import UTF_16

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

BLOCK = 256 * 1024
CONTROL = bytes([*range(9), 11, 12, *range(14, 32)])
REFERENCE = re.compile(
    rb"&#(?:x0*(?:[0-8BCEFbcef]|1[0-9A-Fa-f])|0*(?:[0-8]|1[1245-9]|2\d|3[01]));"
)  # to a control character
LONGEST_REFERENCE = 12
PROLOG = re.compile(
    rb"(?P<mark>(?:\xef\xbb\xbf)?)\s*(?P<declaration>(?:<\?xml\b[^<>]{0,200}\?>)?)"
    rb"(?P<between>(?:\s*(?:<!--.*?-->|<\?.*?\?>))*\s*)(?P<doctype><!DOCTYPE\b[^<>\[]*(?P<subset>\[)?)?",
    re.DOTALL,
)
DECLARED = re.compile(rb"<!ENTITY\s+([A-Za-z][\w.-]*)\s")


def named(node: Element) -> str:
    """The name of an element without its namespace; "" for a comment."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


class Cleaned:
    """A stream of XML without what no XML may hold, and with the names of HTML declared."""

    def __init__(self, file: BinaryIO):
        self.file = file
        self.kept = b""  # the beginning of what may be a reference
        self.first = True

    def read(self, size: int = BLOCK) -> bytes:
        """The next block, cleaned; empty at the end."""
        while block := self.file.read(BLOCK):
            told = self.kept + block.translate(None, CONTROL)
            cut = told.rfind(b"&", -LONGEST_REFERENCE)
            told, self.kept = (told, b"") if cut < 0 else (told[:cut], told[cut:])
            if self.first:
                told, self.first = with_names(told), False
            if told:
                return REFERENCE.sub(b"", told) if b"&#" in told else told
        rest, self.kept = self.kept, b""
        return REFERENCE.sub(b"", rest)


def with_names(head: bytes) -> bytes:
    """The head of a document with HTML's names declared in its own document type, or in one of ours.

    >>> with_names(b"<?xml version='1.0'?><trials>").startswith(b"<?xml version='1.0'?><!DOCTYPE trials [<!ENTITY ")
    True
    """
    match = PROLOG.match(head)
    assert match is not None  # every part of it may be missing
    names = _declarations(frozenset(DECLARED.findall(head)))
    if match["subset"]:
        return head[: match.end()] + names + head[match.end() :]
    if match["doctype"]:
        return head[: match.end()] + b" [" + names + b"]" + head[match.end() :]
    root = re.match(rb"<([\w:.\-]+)", head[match.end("between") :])
    if root is None:
        return head
    start = match.end("declaration") if match["declaration"] else match.end("mark")
    front = b"<!DOCTYPE " + root[1] + b" [" + names + b"]>"
    return head[match.start() if match["mark"] else 0 : start].lstrip() + front + head[start:]


@cache
def _declarations(declared: frozenset[bytes]) -> bytes:
    """Declarations of HTML's names, XML's own and those that the document declares left out."""
    own = {"amp", "lt", "gt", "apos", "quot"} | {name.decode() for name in declared}
    return b"".join(
        b'<!ENTITY %s "&#%d;">' % (name.encode(), code) for name, code in name2codepoint.items() if name not in own
    )


def trials(
    document: Document, names: str, form: str, is_one: Callable[[Element], bool] | None = None
) -> Iterator[tuple[str, Element]]:
    """Each element of one of `names` (blanks between, small letters) for which `is_one`, if given, after its XPath.

    A document is read as it stands; where it breaks, again from its beginning and cleaned. ReviewError, after the
    trials before it, where that breaks too.
    """
    from lxml.etree import XMLSyntaxError

    given = 0
    for clean in _ways(document):
        try:
            for number, found in enumerate(_events(document, names, is_one, clean), 1):
                if number > given:
                    given = number
                    yield found
            return
        except (XMLSyntaxError, LookupError, UnicodeError) as error:
            fault = error
    told = (str(fault).splitlines() or ["it ends"])[0]
    line = fault.lineno if isinstance(fault, XMLSyntaxError) else None
    raise broken(document, f"broken XML after {given} trials: {told}", form, line) from fault


def _ways(document: Document) -> list[bool]:
    """Whether to clean a document, in the order in which it is tried: names may go unnoticed under a document type."""
    if document.head.startswith(UTF_16):
        return [False]
    return [True] if b"<!DOCTYPE" in document.head else [False, True]


def _events(
    document: Document, names: str, is_one: Callable[[Element], bool] | None, clean: bool
) -> Iterator[tuple[str, Element]]:
    from lxml import etree

    spelled = {spelling for name in names.split() for spelling in (name, name.capitalize(), name.upper())}
    with document.open() as file:
        events = etree.iterparse(
            Cleaned(file) if clean else file,
            events=("end",),
            tag=[f"{{*}}{spelling}" for spelling in sorted(spelled)],
            resolve_entities="internal",
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        turns: dict[str, int] = {}  # name of an element -> how many there were
        for _, node in events:
            tag = str(node.tag)
            turn = turns[tag] = turns.get(tag, 0) + 1
            if is_one is None or is_one(node):
                yield _path(node, turn), node
            _forget(node)


def _forget(node: Element) -> None:
    """Give a trial back to memory, and what stands before it; a trial within a trial is given back with that one."""
    node.clear(keep_tail=False)
    parent = node.getparent()
    if parent is not None:
        while node.getprevious() is not None:
            del parent[0]


def _path(node: Element, turn: int) -> str:
    """The XPath of a trial, the `turn`-th of its name, below whatever it stands in."""
    above = "".join(f"/{step_of(one)}" for one in reversed(list(node.iterancestors())))
    return f"{above}/{step_of(node)}[{turn}]" if above else f"/{step_of(node)}"


def step_of(node: Element) -> str:
    """The step of an XPath that names an element, whatever its namespace."""
    return step_to(str(node.tag))


def step_to(tag: str) -> str:
    """`step_of` an element with this tag."""
    return f"*[local-name()='{tag.rpartition('}')[2]}']" if tag[0] == "{" else tag


def broken(document: Document, found: str, form: str, line: int | None = None) -> ReviewError:
    """The error that refuses the rest of a document."""
    return document.refuse(
        place=Place(document.name, line=line or None),
        found=found,
        expected=f"{form}, whole and well-formed",
        fix="download the file again; it may have been cut short",
    )
