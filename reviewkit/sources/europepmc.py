"""Europe PMC's answers (JSON): a page of search results, or one article, each a citation with its abstract.

Fields: https://europepmc.org/docs/EBI_Europe_PMC_Web_Service_Reference.pdf (result types lite and core).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reviewkit import kinds
from reviewkit.documents import Document, fold
from reviewkit.fields import sayable
from reviewkit.model import Record
from reviewkit.sources import article, citation_facts
from reviewkit.sources.json_article import Answer, citation_of, tell_facts
from reviewkit.sources.json_fields import at, content_of

NAME = "europepmc"
KIND = article.KIND
FIELDS = sayable([name for name, _ in article.CITATION_FIELDS] + ["report.pmid", "report.pmcid"])
# The best first: what a full answer holds, then what a short one holds.
FACTS = (
    ("report.pmid", article.pmid, "/pmid"),
    ("report.pmcid", article.pmcid, "/pmcid"),
    ("report.doi", article.doi, "/doi"),
    ("report.journal", kinds.text, "/journalInfo/journal/title"),
    ("report.journal", kinds.text, "/journalTitle"),
    ("report.volume", kinds.text, "/journalInfo/volume"),
    ("report.volume", kinds.text, "/journalVolume"),
    ("report.issue", kinds.text, "/journalInfo/issue"),
    ("report.issue", kinds.text, "/issue"),
    ("report.pages", kinds.text, "/pageInfo"),
    ("report.date", article.published, "/firstPublicationDate"),
    ("report.date", article.published, "/journalInfo/printPublicationDate"),
    ("report.date", article.published, "/pubYear"),
    ("report.language", article.language, "/language"),
)
ONE_RESULT = ("source", "title", "authorString", "pubYear")  # keys of a result that stands alone


def recognise(document: Document) -> str | None:
    """By resultList with results, or the keys of one result."""
    content = content_of(document)
    if isinstance(at(content, "/resultList/result"), list):
        return "key resultList of Europe PMC"
    if _is_result(at(content, "/result")) or _is_result(content):
        return "keys source, title and authorString of a Europe PMC article"
    return None


def _is_result(found: Any) -> bool:
    return isinstance(found, dict) and all(key in found for key in ONE_RESULT)


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a result."""
    content = content_of(document)
    results = at(content, "/resultList/result")
    if isinstance(results, list):
        found = [(f"/resultList/result/{index}", result) for index, result in enumerate(results)]
    else:
        found = [("/result", at(content, "/result"))] if _is_result(at(content, "/result")) else [("", content)]
    number = 0
    for base, result in found:
        if isinstance(result, dict):
            number += 1
            yield _citation(Answer(document, result, base)).record(recognised_by, number)


def _citation(answer: Answer):
    citation = citation_of(answer, NAME, "/title", "/abstractText", FIELDS)
    tell_facts(citation, answer, FACTS)
    _authors(citation, answer)
    _keywords(citation, answer)
    _kind(citation, answer)
    return citation.close()


def _authors(citation: article.Citation, answer: Answer) -> None:
    """Authors from the list, or from the string that shows them: `Smith J, Doe A.`."""
    people = answer.list("/authorList/author")
    names = [_name(one) for one in people if isinstance(one, dict)]
    if any(names):
        shown = [name for name in names if name]
        citation.tell_list("report.authors", shown, shown, answer.place("/authorList/author"))
    elif words := answer.words("/authorString"):
        shown = [name.strip() for name in words.rstrip(".").split(", ") if name.strip()]
        citation.tell_list("report.authors", shown, words, answer.place("/authorString"))


def _name(person: dict[str, Any]) -> str:
    found = person.get("fullName") or person.get("collectiveName")
    return fold(found) if isinstance(found, str) else ""


def _keywords(citation: article.Citation, answer: Answer) -> None:
    headings = [
        one.get("descriptorName") for one in answer.list("/meshHeadingList/meshHeading") if isinstance(one, dict)
    ]
    for words, pointer in (
        (headings, "/meshHeadingList/meshHeading"),
        (answer.list("/keywordList/keyword"), "/keywordList/keyword"),
    ):
        members = list(dict.fromkeys(fold(one) for one in words if isinstance(one, str) and one.strip()))
        citation.tell_list("report.keywords", members, members, answer.place(pointer))


def _kind(citation: article.Citation, answer: Answer) -> None:
    """Kind of report from the publication types, else from the source (PPR: preprints); retraction from either."""
    types = {fold(one): f"/pubTypeList/pubType/{index}" for index, one in enumerate(answer.list("/pubTypeList/pubType"))
             if isinstance(one, str)}  # fmt: skip
    # A short answer has all types in one string: "research support, non-u.s. gov't; journal article".
    types |= {part.strip(): "/pubType" for part in re.split(r"; ?", answer.words("/pubType")) if part.strip()}
    known = citation_facts.report_kind(types)
    if answer.words("/source") == "PPR":
        citation.tell("report.kind", article.told("PREPRINT"), "PPR", answer.place("/source"))
    elif known:
        citation.tell("report.kind", article.told(known[0]), known[1], answer.place(types[known[1]]))
    marked = [(words, pointer) for words, pointer in types.items() if citation_facts.is_retracted(words)]
    title = answer.words("/title")
    if citation_facts.is_retracted(title):
        marked.append((title.partition(":")[0], "/title"))
    for words, pointer in marked[:1]:
        citation.tell("report.retracted", lambda _: kinds.Reading(True, {}), words, answer.place(pointer))
