"""What every reader of HTML shares: the text in its own encoding, a tree of any depth, its words, and its XPaths.

The encoding is that of the byte order mark, else of the page's own declaration, else UTF-8; names mean what browsers
take them for (WHATWG Encoding: `iso-8859-1` is windows-1252, `gb2312` is GB 18030). What is no text in that encoding is
refused.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from reviewkit.documents import Document, refuse_binary

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
DECLARED = re.compile(rb"<meta\b[^>]{0,300}?\bcharset\s*=\s*[\"']?\s*(?P<name>[\w.:\-]{2,40})", re.IGNORECASE)
PROLOG = re.compile(rb"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"'](?P<name>[\w.:\-]{2,40})", re.IGNORECASE)
HEAD = 16_384  # bytes in which a page declares its encoding
TAKEN_FOR = {
    **dict.fromkeys(["iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii", "iso8859-1", "windows-1252"], "cp1252"),
    **dict.fromkeys(["gb2312", "gbk", "x-gbk", "gb_2312-80"], "gb18030"),
    **dict.fromkeys(["shift_jis", "shift-jis", "sjis", "x-sjis"], "cp932"),
    **dict.fromkeys(["euc-kr", "ks_c_5601-1987"], "cp949"),
    "iso-8859-9": "cp1254",
    **dict.fromkeys(["utf-16", "utf-16le", "utf-16be", "unicode"], "utf-8"),  # such a declaration was read as ASCII
}
START = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:[^-]|-(?!->))*-->\s*)*(?:<!DOCTYPE\s+html\b|<html\b|<head\b)",
    re.IGNORECASE,
)
TAG = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][\w:\-]*)[^<>]*>")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
DEEPEST = 300  # steps of an XPath
OPENING = 10_000  # characters in which a page shows that it is one
BREAKS = {
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
}  # fmt: skip
RAISED = re.compile(r"\s*[−\-\u2212]?\d{1,3}\s*")
CITATION = re.compile(r"[\s\[\](),;\d\-–]+")
UNREADABLE = {"script", "style", "noscript", "template", "head", "svg", "iframe", "object", "math"}


def is_page(document: Document) -> bool:
    """Does the document begin as an HTML page does?"""
    head = document.raw[: 2 * OPENING]
    encoding = next((name for bom, name in BOMS if head.startswith(bom)), "latin-1")
    return bool(START.match(head.decode(encoding, "ignore")[:OPENING]))


def text_of(document: Document) -> str:
    """The page's text in its own encoding; ReviewError if it is no text in it."""
    refuse_binary(document)
    encoding, raw = _encoding(document)
    try:
        return raw.decode(encoding).removeprefix("\ufeff").replace("\x00", "")
    except UnicodeDecodeError as error:
        if encoding == "cp1252":  # five bytes that windows-1252 leaves open are controls to a browser
            return raw.decode("latin-1")
        raise document.refuse(
            found=f"byte 0x{raw[error.start]:02x}, which is not {encoding.upper()}",
            expected="a page in the encoding that it declares, or in UTF-8",
            fix="save the page again from the browser",
        ) from error


def _encoding(document: Document) -> tuple[str, bytes]:
    raw = document.raw
    for bom, name in BOMS:
        if raw.startswith(bom):
            return name, raw
    match = PROLOG.match(raw[:HEAD]) or DECLARED.search(raw[:HEAD])
    name = match["name"].decode("ascii").casefold() if match else "utf-8"
    name = TAKEN_FOR.get(name, name)
    try:
        codecs.lookup(name)
    except LookupError:
        name = "utf-8"
    return name, raw


@lru_cache(maxsize=1)
def page_root(document: Document) -> Element:
    """The page as a tree; ReviewError if it holds no element."""
    from lxml import etree

    text = text_of(document)
    try:
        root, cut_short = _parsed(text)
        root = _parsed(_flattened(text))[0] if cut_short else root
    except etree.XMLSyntaxError as error:
        raise _empty(document) from error
    if root is None:
        raise _empty(document)
    return root


def _parsed(text: str) -> tuple[Element | None, bool]:
    """The tree of a page, and whether the parser gave up because elements are nested too deep for it."""
    from lxml import etree

    # The text goes in as UTF-8, so that no declaration in it counts.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    return root, any(fault.type_name == "ERR_RESOURCE_LIMIT" for fault in parser.error_log)


def _flattened(text: str) -> str:
    """A page without the tags of elements nested deeper than DEEPEST; their words stay.

    >>> _flattened("<p>" * (DEEPEST + 2) + "words" + "</p>" * 2).count("<p>") == DEEPEST
    True
    """
    depth = 0

    def kept(match: re.Match) -> str:
        nonlocal depth
        if match["name"].casefold() in VOID:
            return match[0]
        if match["end"]:
            depth = max(0, depth - 1)
            return match[0] if depth < DEEPEST else " "
        depth += 1
        return match[0] if depth <= DEEPEST else " "

    return TAG.sub(kept, text)


def _empty(document: Document):
    return document.refuse(
        found="an HTML file without an element", expected="a page with text", fix="save the page again from the browser"
    )


def words_of(node: Element) -> str:
    """The words a reader sees in an element, on one line: blocks and line breaks part words, inline markup does not.

    Raised digits keep their meaning: `10<sup>8</sup>` is 10^8.
    """
    return " ".join("".join(_bits(node)).split())


def _bits(node: Element) -> Iterator[str]:
    """The texts of an element in document order, without recursion: a tree may be 100,000 deep."""
    passed: Element | None = None
    for event, part in _events(node):
        if passed is not None:
            if part is passed and event == "end":
                passed = None
                yield (part.tail or "") if part is not node else ""
            continue
        if event == "start":
            if is_unreadable(part) or cites(part):
                passed = part
                continue
            yield " " if part.tag in BREAKS else raise_mark(part)
            yield part.text or ""
        else:
            yield " " if part.tag in BREAKS else ""
            yield (part.tail or "") if part is not node else ""


def _events(node: Element) -> Iterator[tuple[str, Element]]:
    from lxml import etree

    return iter(etree.iterwalk(node, events=("start", "end")))


def raise_mark(node: Element) -> str:
    """The mark of a power before raised digits: what is raised after a digit or letter is no further digit of it."""
    return "^" if node.tag == "sup" and RAISED.fullmatch(node.text or "") and not len(node) else ""


def cites(node: Element) -> bool:
    """Is this a raised number that leads to a reference? It is no part of the words it stands at."""
    return node.tag == "sup" and any(part.tag == "a" for part in node) and bool(CITATION.fullmatch(_own_text(node)))


def _own_text(node: Element) -> str:
    return "".join(islice(node.itertext(), 40))


HIDING = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


def is_unreadable(node: Element) -> bool:
    """Is this an element whose text nobody sees: a script, a style, something hidden?"""
    if not isinstance(node.tag, str) or node.tag in UNREADABLE or "hidden" in node.attrib:
        return True
    return node.get("aria-hidden") == "true" or bool(HIDING.search(node.get("style") or ""))


@lru_cache(maxsize=1)
def page_paths(document: Document) -> dict[Element, str]:
    """Every element of the page with its XPath, as libxml2 writes it: `/html/body/div[2]/p`."""
    return dict(paths_below(page_root(document)))


def paths_below(root: Element) -> Iterator[tuple[Element, str]]:
    """Every element with its XPath from the document's root, in document order, in time linear to their number.

    What is nested deeper than DEEPEST has the path of its ancestor there: paths that grow with every step would fill
    the memory.
    """
    waiting: list[tuple[Element, str, int]] = [(root, f"/{_name(root)}", 1)]
    while waiting:
        node, path, depth = waiting.pop()
        yield node, path
        children = [child for child in node if isinstance(child.tag, str)]
        if depth >= DEEPEST:
            waiting += ((child, path, depth) for child in reversed(children))
            continue
        total = Counter(child.tag for child in children)
        seen: Counter[str] = Counter()
        below = []
        for child in children:
            seen[child.tag] += 1
            step = _name(child) if total[child.tag] == 1 else f"{_name(child)}[{seen[child.tag]}]"
            below.append((child, f"{path}/{step}", depth + 1))
        waiting += reversed(below)


def _name(node: Element) -> str:
    """The name of an element as a step; one with a namespace, or that is no name, is matched by its local name."""
    tag = str(node.tag)
    namespace, _, name = tag.rpartition("}")
    return f"*[local-name()='{name}']" if namespace or not re.fullmatch(r"[\w.\-]+", tag) else tag
