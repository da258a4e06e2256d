"""Europe PMC's search answers (JSON): a page of results, each a citation with its abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.model import Place, Record
from reviewkit.sources import article
from reviewkit.sources.flow import Piece, fixed
from reviewkit.sources.json_fields import at, content_of

NAME = "europepmc"
KIND = article.KIND
FIELDS = article.FIELDS
FACTS = {
    "/pmid": ("report.pmid", article.pmid),
    "/pmcid": ("report.pmcid", article.pmcid),
    "/doi": ("report.doi", article.doi),
    "/title": ("report.title", kinds.text),
    "/journalInfo/journal/title": ("report.journal", kinds.text),
    "/journalTitle": ("report.journal", kinds.text),
    "/journalInfo/volume": ("report.volume", kinds.text),
    "/journalVolume": ("report.volume", kinds.text),
    "/journalInfo/issue": ("report.issue", kinds.text),
    "/pageInfo": ("report.pages", kinds.text),
    "/firstPublicationDate": ("report.date", article.published),
    "/pubYear": ("report.date", article.published),
    "/language": ("report.language", kinds.text),
}
HEADING = re.compile(r"<h4>\s*(.*?)\s*:?\s*</h4>", re.IGNORECASE)
MARKUP = re.compile(r"</?[a-z][^<>]{0,60}>", re.IGNORECASE)


def recognise(document: Document) -> str | None:
    """By resultList with results."""
    results = at(content_of(document), "/resultList/result")
    return "key resultList of Europe PMC" if isinstance(results, list) else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a result."""
    for index, result in enumerate(at(content_of(document), "/resultList/result")):
        if isinstance(result, dict):
            base = f"/resultList/result/{index}"
            yield _citation(document, result, base).record(recognised_by, index + 1)


def _citation(document: Document, result: dict[str, Any], base: str):
    def words(key: str) -> str:
        found = at(result, key)
        return " ".join(str(found).split()) if isinstance(found, (str, int)) else ""

    abstract = HEADING.sub(lambda match: f"\n{match[1]}\n", words("/abstractText"))
    abstract = MARKUP.sub("", abstract).strip()
    title = MARKUP.sub("", words("/title"))
    citation = article.Citation(
        document,
        NAME,
        Piece(title, fixed(Place(document.name, f"{base}/title"))) if title else None,
        [Piece(abstract, fixed(Place(document.name, f"{base}/abstractText")))] if abstract else [],
    )
    for pointer, (field, read_words) in FACTS.items():
        if words(pointer) and citation.entry.known(field) is None:
            citation.tell(field, read_words, words(pointer), Place(document.name, base + pointer))
    return citation.close()
