"""HTML pages: their readable text, block by block, without scripts, menus and forms, read as the form it has.

An article's page names its DOI, PMID and title in `meta` elements; a registry's page is read as prose, with all that this
leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.model import Place, Record
from reviewkit.sources import article
from reviewkit.sources.flow import Flow, Piece, fixed, glue
from reviewkit.sources.inner import FORMS
from reviewkit.sources.xml_entry import words_in

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAME = "html"
KIND = article.KIND
FIELDS = article.FIELDS
START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE\s+html\b|<html\b|<head\b|<body\b)",
    re.IGNORECASE | re.DOTALL,
)
PASSED = {
    "script",
    "style",
    "noscript",
    "nav",
    "header",
    "footer",
    "form",
    "button",
    "select",
    "svg",
    "iframe",
    "template",
    "aside",
}
BLOCKS = {
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "dd", "blockquote", "figcaption", "caption",
    "div", "section", "article", "main", "tr", "pre",
}  # fmt: skip
CODE = re.compile(r"[A-HNP](?:\.\d+)*\.?")
META = {
    "citation_doi": ("report.doi", article.doi),
    "dc.identifier": ("report.doi", article.doi),
    "citation_pmid": ("report.pmid", article.pmid),
    "citation_title": ("report.title", kinds.text),
    "citation_journal_title": ("report.journal", kinds.text),
    "citation_publication_date": ("report.date", article.published),
    "citation_date": ("report.date", article.published),
}


def recognise(document: Document) -> str | None:
    """By the first element of a page."""
    return "an HTML page" if START.match(document.text[:10_000]) else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The records of the page's text."""
    from lxml import html

    root = html.document_fromstring(document.raw, parser=html.HTMLParser(no_network=True, huge_tree=False))
    flow = Flow(document, list(_pieces(document, root)))
    form = next((form for form in FORMS[:-1] if form.recognise(flow)), None)
    if form is not None:
        yield from form.read(flow, f"{recognised_by}; {form.recognise(flow)}")
        return
    citation = article.Citation(document, NAME, None, flow.pieces)
    for meta in root.iter("meta"):
        known = META.get((meta.get("name") or "").casefold())
        words = meta.get("content") or ""
        if known and words.strip() and citation.entry.known(known[0]) is None and _fits(known[1], words):
            citation.tell(known[0], known[1], words, Place(document.name, xpath=f"{_path(meta)}/@content"))
    yield citation.close().record(recognised_by)


def _fits(read: Any, words: str) -> bool:
    """Can the words be read at all? Pages write much into these elements."""
    try:
        read(" ".join(words.split()))
    except ValueError:
        return False
    return True


def _pieces(document: Document, root: Element) -> Iterator[Piece]:
    """The innermost blocks that hold words, each with its XPath; a row of a label and its value is one line."""
    taken: set[Element] = set()
    for node in root.iter():
        if not isinstance(node.tag, str) or node.tag not in BLOCKS or node in taken or _is_passed(node):
            continue
        line = _row(node) if node.tag == "tr" else ""
        if line:
            taken.update(part for part in node.iterdescendants() if isinstance(part.tag, str))
            words = line
        elif any(isinstance(part.tag, str) and part.tag in BLOCKS for part in node.iterdescendants()):
            words = " ".join(((node.text or "") + "".join(part.tail or "" for part in node)).split())
        else:
            words = words_in(node)
        if words:
            yield Piece(words, fixed(Place(document.name, xpath=_path(node))))
            yield glue(document, "\n")


def _row(row: Element) -> str:
    """`E.8.1.1 Randomised: Yes` of a row with code, label and value, `Link: …` of one with label and value; else ""."""
    cells = [words_in(cell) for cell in row if isinstance(cell.tag, str) and cell.tag in {"td", "th"}]
    if len(cells) == 3 and CODE.fullmatch(cells[0]) and cells[1]:
        return f"{cells[0]} {cells[1].rstrip(':')}: {cells[2]}"
    return f"{cells[0]} {cells[1]}" if len(cells) == 2 and cells[0].endswith(":") else ""


def _is_passed(node: Element) -> bool:
    return node.tag in PASSED or any(parent.tag in PASSED for parent in node.iterancestors())


def _path(node: Element) -> str:
    return str(node.getroottree().getpath(node))
