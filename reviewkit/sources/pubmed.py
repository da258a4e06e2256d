"""PubMed XML: `PubmedArticle` elements, one or many, read one at a time.

The article's own numbers are those below `PubmedData/ArticleIdList` and `MedlineCitation/PMID`; those of its reference
list never count. Registration numbers stand in `DataBankList`, beside numbers of banks that hold no trials.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.model import Place, Record
from reviewkit.sources import article
from reviewkit.sources.flow import Piece
from reviewkit.sources.xml_entry import ILLEGAL, path_of, root_name, words_in

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAME = "pubmed"
KIND = article.KIND
FIELDS = article.FIELDS
ROOTS = {"PubmedArticleSet", "PubmedArticle", "MedlineCitationSet"}
READERS = {
    "doi": ("report.doi", article.doi),
    "pmc": ("report.pmcid", article.pmcid),
    "pubmed": ("report.pmid", article.pmid),
}
RETRACTED = {"retracted publication", "retraction of publication"}


def recognise(document: Document) -> str | None:
    """By its root element."""
    root = root_name(document)
    return f"root {root} of PubMed" if root in ROOTS else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record an article."""
    from lxml import etree

    data = io.BytesIO(ILLEGAL.sub(b"", document.raw))
    number = 0
    try:
        for _, node in etree.iterparse(
            data, events=("end",), tag="PubmedArticle", resolve_entities="internal", no_network=True, load_dtd=False,
            huge_tree=False,
        ):  # fmt: skip
            number += 1
            yield _citation(document, node, number).record(recognised_by, number)
            node.clear(keep_tail=False)
    except etree.XMLSyntaxError as error:
        raise document.refuse(
            place=Place(document.name, line=error.lineno or None),
            found=f"broken XML after {number} articles: {str(error.msg).splitlines()[0] if error.msg else 'it ends'}",
            expected="PubMed's XML, well-formed",
            fix="download the file again; it may have been cut short",
        ) from error


def _citation(document: Document, node: Element, number: int):
    def place(part: Element) -> Place:
        inner = path_of(part)
        mark = "/PubmedArticle"
        at = inner.find(mark)
        rest = inner[at + len(mark) :] if at >= 0 else inner
        rest = rest[rest.find("/") :] if rest.startswith("[") else rest
        root = inner[:at]
        return Place(document.name, xpath=f"{root}{mark}[{number}]{rest}" if root else f"{mark}{rest}")

    title = node.find("MedlineCitation/Article/ArticleTitle")
    head = Piece(words_in(title), article.fixed(place(title))) if title is not None and words_in(title) else None
    abstract = []
    for part in node.findall("MedlineCitation/Article/Abstract/AbstractText"):
        if words_in(part):
            abstract.append(
                article.piece_of(document, words_in(part), place(part), (part.get("Label") or "").capitalize())
            )
    citation = article.Citation(document, NAME, head, abstract)
    if head is not None and title is not None:
        citation.tell("report.title", kinds.text, words_in(title), place(title))
    _identity(citation, node, place)
    _journal(citation, node, place)
    banks = node.findall("MedlineCitation/Article/DataBankList/DataBank/AccessionNumberList/AccessionNumber")
    citation.numbers((words_in(part), place(part)) for part in banks)
    return citation.close()


def _identity(citation: article.Citation, node: Element, place) -> None:
    own = node.find("MedlineCitation/PMID")
    if own is not None:
        citation.tell("report.pmid", article.pmid, words_in(own), place(own))
    for part in node.findall("PubmedData/ArticleIdList/ArticleId"):
        if (known := READERS.get((part.get("IdType") or "").lower())) and words_in(part):
            citation.tell(known[0], known[1], words_in(part), place(part))
    if citation.entry.known("report.doi") is None:
        for part in node.findall("MedlineCitation/Article/ELocationID"):
            if part.get("EIdType") == "doi":
                citation.tell("report.doi", article.doi, words_in(part), place(part))


def _journal(citation: article.Citation, node: Element, place) -> None:
    base = "MedlineCitation/Article"
    for path, field in (
        (f"{base}/Journal/Title", "report.journal"),
        (f"{base}/Journal/JournalIssue/Volume", "report.volume"),
        (f"{base}/Journal/JournalIssue/Issue", "report.issue"),
        (f"{base}/Pagination/MedlinePgn", "report.pages"),
        (f"{base}/Language", "report.language"),
    ):
        part = node.find(path)
        if part is not None:
            citation.tell(field, kinds.text, words_in(part), place(part))
    date = node.find(f"{base}/Journal/JournalIssue/PubDate")
    if date is not None:
        words = " ".join(words_in(part) for part in date if words_in(part))
        citation.tell("report.date", article.published, words, place(date))
    for part in node.findall(f"{base}/PublicationTypeList/PublicationType"):
        if words_in(part).casefold() == "retracted publication":
            citation.tell("report.retracted", lambda words: kinds.Reading(True, {}), words_in(part), place(part))
