"""JATS full text (.nxml, .xml): front matter, abstract and body of an article; its reference list is never read.

Paragraphs are read as prose under the titles of their sections, each value with the XPath of its paragraph. Raised digits
keep their meaning (`10<sup>8</sup>` is 10^8), and raised numbers that only cite are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.model import Place, Record
from reviewkit.sources import article
from reviewkit.sources.flow import Piece, fixed, glue
from reviewkit.sources.xml_entry import path_of, root_name, root_of, words_in

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAME = "jats"
KIND = article.KIND
FIELDS = article.FIELDS
FRAGMENTS = {"abstract", "body", "sec"}
PARAGRAPHS = {"p", "list-item", "disp-quote", "def"}
PASSED = {"ref-list", "table-wrap", "fig", "supplementary-material", "disp-formula", "back", "fn-group"}
IDS = {
    "pmid": ("report.pmid", article.pmid), "pmc": ("report.pmcid", article.pmcid), "pmcid": ("report.pmcid", article.pmcid),
    "doi": ("report.doi", article.doi),
}  # fmt: skip
STATEMENTS = re.compile(r"fund|support|ethic|consent|competing|conflict|data availab|registration", re.IGNORECASE)


def recognise(document: Document) -> str | None:
    """By the root `article` with front matter, or the set of articles that the open-access service answers with."""
    root = root_name(document)
    if root in {"article", "pmc-articleset"} and b"<front" in document.raw[:200_000]:
        return f"root {root} with front matter (JATS)"
    if root in FRAGMENTS and b"<p" in document.raw[:20_000] and b"<html" not in document.raw[:20_000].lower():
        return f"root {root}, a part of a JATS article"
    return None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record an article."""
    root = root_of(document)
    if root.tag in FRAGMENTS:
        citation = article.Citation(document, NAME, None, _pieces(document, root))
        yield citation.close().record(recognised_by)
        return
    articles = [root] if root.tag == "article" else list(root.iterfind(".//article"))
    for number, node in enumerate(articles, 1):
        yield _article(document, node).record(recognised_by, number)


def _article(document: Document, node: Element):
    meta = node.find("front/article-meta")
    title = meta.find("title-group/article-title") if meta is not None else None
    head = _piece(document, title) if title is not None else None
    pieces: list[Piece] = []
    for abstract in meta.findall("abstract") if meta is not None else []:
        if abstract.get("abstract-type") in {None, "section", "executive-summary"}:
            pieces += [glue(document, "Abstract\n"), *_pieces(document, abstract)]
    body = node.find("body")
    if body is not None:
        pieces += _pieces(document, body)
    for section in node.findall("back//sec") + node.findall("back//ack") + node.findall("back//notes"):
        heading = section.find("title")
        if heading is not None and STATEMENTS.search(words_in(heading)):
            pieces += _pieces(document, section)
    citation = article.Citation(document, NAME, head, pieces)
    if meta is not None:
        _facts(citation, document, meta, title)
        journal = node.find("front/journal-meta//journal-title")
        if journal is not None:
            citation.tell("report.journal", kinds.text, words_in(journal), _place(document, journal))
    return citation.close()


def _facts(citation: article.Citation, document: Document, meta: Element, title: Element | None) -> None:
    """Own numbers, title, date and registration as the front matter gives them."""
    if title is not None:
        citation.tell("report.title", kinds.text, words_in(title), _place(document, title))
    for part in meta.findall("article-id"):
        if known := IDS.get(part.get("pub-id-type") or ""):
            citation.tell(known[0], known[1], words_in(part), _place(document, part))
    dates = meta.findall("pub-date")
    order = {"epub": 0, "pub": 0, "ppub": 1, "collection": 2, "pmc-release": 3}
    kind = {id(date): date.get("pub-type") or date.get("date-type") or "" for date in dates}
    for date in sorted(dates, key=lambda one: order.get(kind[id(one)], 2)):
        words = "-".join(
            words_in(part).zfill(2) for name in ("year", "month", "day") if (part := date.find(name)) is not None
        )
        if words:
            citation.tell("report.date", article.published, words, _place(document, date))
            break
    for name, field in (("volume", "report.volume"), ("issue", "report.issue")):
        part = meta.find(name)
        if part is not None:
            citation.tell(field, kinds.text, words_in(part), _place(document, part))
    trials = [part for part in meta.iter("related-object") if part.get("document-id-type") == "clinical-trial-number"]
    citation.numbers(
        (str(part.get("document-id")), Place(document.name, xpath=path_of(part, "document-id"))) for part in trials
    )


def _pieces(document: Document, node: Element) -> list[Piece]:
    """The paragraphs of a section and of the sections in it, each under its title."""
    found: list[Piece] = []
    for part in node:
        if not isinstance(part.tag, str) or part.tag in PASSED:
            continue
        if part.tag == "title":
            words = words_in(part).rstrip(".:")
            if words:
                found += [glue(document, "\n"), Piece(words, fixed(_place(document, part))), glue(document, "\n")]
        elif part.tag in PARAGRAPHS:
            found += [_piece(document, part), glue(document, "\n")]
        else:
            found += _pieces(document, part)
    return found


def _piece(document: Document, node: Element) -> Piece:
    return Piece(" ".join("".join(_text(node)).split()), fixed(_place(document, node)))


def _text(node: Element) -> Iterator[str]:
    """The words of an element: raised digits marked, raised citations and tables inside a paragraph left out."""
    if node.text:
        yield node.text
    for part in node:
        if not isinstance(part.tag, str) or part.tag in PASSED:
            pass
        elif part.tag == "sup":
            yield from _raised(part)
        else:
            yield from _text(part)
        if part.tail:
            yield part.tail


def _raised(node: Element) -> Iterator[str]:
    cites = node.find("xref") is not None
    words = "".join(node.itertext()).strip()
    if not cites and re.fullmatch(r"[−\-\u2212]?\d{1,3}", words):
        yield f"^{words}"
    elif not cites:
        yield words


def _place(document: Document, node: Element) -> Place:
    return Place(document.name, xpath=path_of(node))
