"""HTML pages: their readable text, block by block, without scripts, menus and what is hidden, read as the form it has.

An article's page names its DOI, PMID and title in `meta` elements. A place is the XPath of the block
(`/html/body/div[2]/p`). A row of two cells is a label and its value. What stands under a heading such as "Similar
trials" is about others and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.model import Passage, Place, Record, plain_xpath
from reviewkit.sources import article
from reviewkit.sources.flow import Flow, Piece, fixed, glue
from reviewkit.sources.hypertext import cites, is_page, is_unreadable, page_paths, page_root, raise_mark
from reviewkit.sources.inner import form_of
from reviewkit.sources.own_doi import take_own_doi
from reviewkit.sources.text import SENTENCE

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAME = "html"
KIND = article.KIND
FIELDS = article.FIELDS
PASSED = {"nav", "footer", "button", "select", "textarea", "aside", "datalist", "menu"}
BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li", "main", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
CELLS = {"td", "th", "dt", "dd"}
HEADING = re.compile(r"h([1-6])")
ABOUT_OTHERS = re.compile(
    r"(?:similar|related|other|recommended|suggested|more|nearby|associated) "
    r"(?:(?:clinical|registered|recruiting) )?"
    r"(?:trials?|stud(?:y|ies)|articles?|records?|searches|content|papers|datasets)\b.*"
    r"|(?:you (?:may|might) also|people also|readers also|more like this|cited by|citing articles).*",
    re.IGNORECASE,
)
LONGEST_LABEL = 90
ARCHIVE = re.compile(rb"(?i)(?:From: <Saved by |MIME-Version: 1\.0\r?\nContent-Type: multipart/related)")
META = {
    "citation_doi": ("report.doi", article.doi),
    "dc.identifier": ("report.doi", article.doi),
    "prism.doi": ("report.doi", article.doi),
    "citation_pmid": ("report.pmid", article.pmid),
    "citation_title": ("report.title", kinds.text),
    "dc.title": ("report.title", kinds.text),
    "citation_journal_title": ("report.journal", kinds.text),
    "prism.publicationname": ("report.journal", kinds.text),
    "citation_publication_date": ("report.date", article.published),
    "citation_online_date": ("report.date", article.published),
    "citation_date": ("report.date", article.published),
    "citation_volume": ("report.volume", kinds.text),
    "citation_issue": ("report.issue", kinds.text),
}


class Block(NamedTuple):
    """Words of one block: its XPath, the words on one line, and the row and place in it if it is a cell's."""

    path: str
    words: str
    node: Element


def recognise(document: Document) -> str | None:
    """By the first element of a page, or the head of a page that a browser saved with all its files in one."""
    if ARCHIVE.match(document.head):
        return "a web archive (MHTML)"
    return "an HTML page" if is_page(document) else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The records of the page's text; ReviewError if it is no text in its encoding."""
    if ARCHIVE.match(document.head):
        raise document.refuse(
            found=recognised_by, expected="a page as HTML", fix="open it in the browser and save it as HTML"
        )
    flow = Flow(document, list(_pieces(document, ":")))
    form = form_of(flow)
    if form is None:
        rows = Flow(document, list(_pieces(document, " |")))
        form, flow = (found, rows) if (found := form_of(rows)) else (None, flow)
    if form is not None:
        yield from form[0].read(flow, f"{recognised_by}; {form[1]}")
        return
    if not SENTENCE.search(flow.text):
        raise document.refuse(
            found="a page without words in a row",
            expected="a registry record or a publication",
            fix="a page in frames shows another file: save that one; else save the page's text",
        )
    yield _article(document, flow).close().record(recognised_by)


def _article(document: Document, flow: Flow) -> article.Citation:
    """What a page's `meta` elements say of an article, over its text."""
    citation = article.Citation(document, NAME, None, flow.pieces)
    paths = page_paths(document)
    for meta in page_root(document).iter("meta"):
        known = META.get((meta.get("name") or meta.get("property") or "").casefold())
        words = meta.get("content") or ""
        if known and words.strip() and citation.entry.known(known[0]) is None and _fits(known[1], words):
            citation.tell(known[0], known[1], words, Place(document.name, xpath=f"{paths[meta]}/@content"))
    if citation.entry.known("report.doi") is None:
        take_own_doi(citation.entry)
    return citation


def _fits(read: Any, words: str) -> bool:
    """Can the words be read at all? Pages write much into these elements."""
    try:
        read(" ".join(words.split()))
    except ValueError:
        return False
    return True


def passages(document: Document, wanted: set[str]) -> Iterator[Passage]:
    """The blocks of the page; before them the contents of `meta` elements that hold a value."""
    for node, path in page_paths(document).items():
        at = f"{path}/@content"
        if node.tag == "meta" and plain_xpath(at) in wanted:
            yield Passage(Place(document.name, xpath=at), " ".join((node.get("content") or "").split()), "meta")
    for path, blocks in groupby(blocks_of(document), key=lambda block: block.path):
        yield Passage(Place(document.name, xpath=path), " ".join(block.words for block in blocks))


def _pieces(document: Document, mark: str) -> Iterator[Piece]:
    """The blocks as pieces on lines of their own; `mark` parts a label from its value."""
    waiting: Block | None = None
    for block in blocks_of(document):
        if waiting is not None:
            yield glue(document, _between(waiting, block, mark))
        yield Piece(block.words, fixed(Place(document.name, xpath=block.path)))
        waiting = block
    if waiting is not None:
        yield glue(document, "\n")


def _between(label: Block, value: Block, mark: str) -> str:
    """What stands between two blocks: the mark of a label where they are its row, else a line break."""
    if not _is_row(label.node, value.node) or len(label.words) > LONGEST_LABEL:
        return "\n"
    return " " if label.words.endswith(":") else f"{mark} "


def _is_row(label: Element, value: Element) -> bool:
    """Are these the two cells of a row, or a term and its description?"""
    if label.tag == "dt":
        return value.tag == "dd" and label.getnext() is value
    if label.tag not in CELLS or value.tag not in CELLS or label.getparent() is not value.getparent():
        return False
    cells = label.getparent()
    return label.getprevious() is None and label.getnext() is value and value.getnext() is None and cells.tag == "tr"


# The blocks.


@lru_cache(maxsize=1)
def blocks_of(document: Document) -> list[Block]:
    """The blocks with words, in document order; what is about other trials left out."""
    root = page_root(document)
    paths = page_paths(document)
    found = (Block(paths[node], words, node) for node, text in _texts(root) if (words := " ".join(text.split())))
    return list(_without_others(found))


def _without_others(blocks: Iterator[Block]) -> Iterator[Block]:
    """Blocks but those under a heading that announces others, up to a heading of its rank."""
    rank: int | None = None
    for block in blocks:
        match = HEADING.fullmatch(str(block.node.tag))
        if match and rank is not None and int(match[1]) <= rank:
            rank = None
        if match and rank is None and ABOUT_OTHERS.fullmatch(block.words):
            rank = int(match[1])
        if rank is None:
            yield block


def _texts(root: Element) -> Iterator[tuple[Element, str]]:
    """The text of every block between the blocks inside it, in one walk; a line break ends a text too."""
    from lxml import etree

    with_title = _above_titles(root)
    opened: list[Element] = []
    bits: list[str] = []
    passed: Element | None = None
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if passed is not None:
            if node is passed and event == "end":
                passed = None
                bits.append(node.tail or "")
            continue
        if event == "start" and (is_unreadable(node) or _is_passed(node, with_title) or cites(node)):
            passed = node
            continue
        if node.tag in BLOCKS or node.tag == "br":
            if opened and bits:
                yield opened[-1], "".join(bits)
            bits = []
        if event == "start":
            if node.tag in BLOCKS:
                opened.append(node)
            bits += (raise_mark(node), node.text or "")
        else:
            if node.tag in BLOCKS:
                opened.pop()
            bits.append(node.tail or "")


def _is_passed(node: Element, with_title: set[Element]) -> bool:
    """Is this a part of the page around the text? A header with the title in it is not."""
    if node.tag == "header" or node.get("role") in {"navigation", "banner", "contentinfo", "search"}:
        return node not in with_title
    return node.tag in PASSED


def _above_titles(root: Element) -> set[Element]:
    """The elements that hold a first heading."""
    found: set[Element] = set()
    for title in root.iter("h1"):
        node = title.getparent()
        while node is not None and node not in found:
            found.add(node)
            node = node.getparent()
    return found
