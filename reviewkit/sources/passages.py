"""Any document that is neither a text, a table nor JSON as passages: what its page shows, each with its place.

XML element by element, a PDF line by line, a Word document paragraph by paragraph, an HTML page block by block, a
workbook cell by cell. Nothing is interpreted here; the sources read, this shows.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from reviewkit.documents import Document
from reviewkit.model import Passage, Place
from reviewkit.sources import docx, html, pdf
from reviewkit.sources.marked_up import parsable
from reviewkit.sources.sheets import is_workbook, place_of, sheets_of
from reviewkit.sources.xml_entry import root_name, words_in

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

LONGEST_LABEL = 200  # characters of attributes beside an element's name


class View(NamedTuple):
    """What a document is, in a sentence, and its passages."""

    note: str
    passages: Iterator[Passage]


def passages_of(document: Document, wanted: set[str]) -> View | None:
    """The passages of a document; None for texts, tables in CSV and JSON, which are shown by their characters.

    `wanted` are the XPaths of values (as `plain_xpath` gives them) and their cells (`Sheet!B7`): inner elements,
    attributes and blank cells among them are shown too. ReviewError, at once or later, where the document cannot be
    opened.
    """
    if pdf.recognise(document):
        return View("The text of a PDF, line by line.", pdf.passages(document))
    if docx.recognise(document):
        return View("The text of a Word document, paragraph by paragraph.", docx.passages(document))
    if is_workbook(document):
        return View("The cells of a workbook that hold something.", _cells(document, wanted))
    if html.recognise(document):
        return View("The readable text of a web page, block by block.", html.passages(document, wanted))
    if root_name(document):
        return View("XML, element by element, indented.", xml_passages(document, wanted))
    return None


def _cells(document: Document, wanted: set[str]) -> Iterator[Passage]:
    for sheet in sheets_of(document):
        yield Passage(Place(document.name, sheet=sheet.title), "", f"Sheet {sheet.title}")
        width = 0
        for number, row in sheet.rows:
            width = max(width, len(row))
            for column, words in enumerate([*row, *[""] * (width - len(row))]):
                place = place_of(document, sheet.title, number, column)
                if words or f"{sheet.title}!{place.cell}" in wanted:
                    yield Passage(place, words, str(place.cell), 1)


def xml_passages(document: Document, wanted: set[str]) -> Iterator[Passage]:
    """Every element with words of its own, and the elements that hold others, in document order.

    One child of the root is in memory at a time. What is broken is shown as far as a parser can go on.
    """
    from lxml import etree

    source = document.open() if document.is_long else io.BytesIO(parsable(document))
    counted: dict[str, int] = {}
    depth, root, root_path = 0, None, ""
    events = etree.iterparse(
        source, events=("start", "end"), resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=True,
    )  # fmt: skip
    for event, node in events:
        depth += 1 if event == "start" else -1
        if event == "start" and depth == 1:
            root, root_path = node, f"/{local(node)}"
            yield _passage(document, node, root_path, 0, "", wanted)
            yield from _attributes(document, node, root_path, 0, wanted)
        elif event == "end" and depth == 1:
            name = local(node)
            counted[name] = counted.get(name, 0) + 1
            yield from _below(document, node, root_path + "/" + _step(name, counted[name]), wanted)
            _forget(node)
    if root is not None and not counted and (words := words_in(root)):
        yield Passage(Place(document.name, xpath=root_path), words, "", 1)


def local(node: Element) -> str:
    """The name of an element without its namespace."""
    return str(node.tag).rpartition("}")[2]


def _step(name: str, number: int) -> str:
    return name if number == 1 else f"{name}[{number}]"


def _forget(node: Element) -> None:
    """Give back the memory of an element that was shown, and of all before it."""
    node.clear()
    parent = node.getparent()
    while parent is not None and node.getprevious() is not None:
        del parent[0]


def _below(document: Document, top: Element, top_path: str, wanted: set[str]) -> Iterator[Passage]:
    """The passages of one element and of all in it, without recursion."""
    waiting: list[tuple[Element, str, int]] = [(top, top_path, 1)]
    while waiting:
        node, path, depth = waiting.pop()
        children = [child for child in node if isinstance(child.tag, str)]
        if not children or _has_own_words(node, children):
            inside = tuple(inner for _, inner in _named(node, children, path) if inner in wanted) if children else ()
            yield _passage(document, node, path, depth, words_in(node), wanted, inside)
            yield from _attributes(document, node, path, depth, wanted)
            yield from _attributes_inside(document, node, path, depth, wanted)
            continue
        yield _passage(document, node, path, depth, "", wanted)
        yield from _attributes(document, node, path, depth, wanted)
        counted: dict[str, int] = {}
        below = []
        for child in children:
            name = local(child)
            counted[name] = counted.get(name, 0) + 1
            below.append((child, f"{path}/{_step(name, counted[name])}", depth + 1))
        waiting += reversed(below)


def _has_own_words(node: Element, children: list[Element]) -> bool:
    return bool((node.text or "").strip()) or any((child.tail or "").strip() for child in children)


def _named(node: Element, children: list[Element], path: str) -> Iterator[tuple[Element, str]]:
    """Every element inside one with words of its own, with its path."""
    waiting = [(node, path)]
    while waiting:
        inner, at = waiting.pop()
        counted: dict[str, int] = {}
        for child in inner:
            if isinstance(child.tag, str):
                name = local(child)
                counted[name] = counted.get(name, 0) + 1
                step = f"{at}/{_step(name, counted[name])}"
                yield child, step
                waiting.append((child, step))


def _passage(
    document: Document, node: Element, path: str, depth: int, words: str, wanted: set[str], inside: tuple[str, ...] = ()
) -> Passage:
    told = " ".join(
        f'{_plain(name)}="{value}"' for name, value in node.attrib.items() if f"{path}/@{_plain(name)}" not in wanted
    )
    label = f"{local(node)} {told[:LONGEST_LABEL]}".strip()
    return Passage(Place(document.name, xpath=path), words, label, depth, inside)


def _plain(name: object) -> str:
    return str(name).rpartition("}")[2]


def _attributes(document: Document, node: Element, path: str, depth: int, wanted: set[str]) -> Iterator[Passage]:
    """The attributes that hold a value, each as a passage."""
    for name, value in node.attrib.items():
        at = f"{path}/@{_plain(name)}"
        if at in wanted:
            yield Passage(Place(document.name, xpath=at), " ".join(str(value).split()), f"@{_plain(name)}", depth + 1)


def _attributes_inside(document: Document, node: Element, path: str, depth: int, wanted: set[str]) -> Iterator[Passage]:
    for inner, at in _named(node, [], path):
        if inner.attrib:
            yield from _attributes(document, inner, at, depth, wanted)
