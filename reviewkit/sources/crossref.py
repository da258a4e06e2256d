"""Crossref's answers (JSON): one work, or a list of works.

Trial numbers stand in `clinical-trial-number`, where publishers send them; their absence says nothing.

Fields: https://api.crossref.org/swagger-ui/index.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reviewkit import kinds
from reviewkit.documents import Document, fold
from reviewkit.model import Record
from reviewkit.sources import article, citation_facts
from reviewkit.sources.json_article import Answer, citation_of, tell_facts
from reviewkit.sources.json_fields import at, content_of

NAME = "crossref"
KIND = article.KIND
FIELDS = article.CITATION_FIELDS
FACTS = (
    ("report.doi", article.doi, "/DOI"),
    ("report.journal", kinds.text, "/container-title/0"),
    ("report.journal", kinds.text, "/container-title"),
    ("report.volume", kinds.text, "/volume"),
    ("report.issue", kinds.text, "/issue"),
    ("report.pages", kinds.text, "/page"),
    ("report.pages", kinds.text, "/article-number"),
    ("report.language", article.language, "/language"),
)
DATES = ("published-online", "published-print", "published", "issued")
UPDATES = {"retraction": "RETRACTION", "removal": "RETRACTION", "withdrawal": "RETRACTION", "correction": "CORRECTION",
           "corrigendum": "CORRECTION", "erratum": "CORRECTION", "addendum": "CORRECTION"}  # fmt: skip


def recognise(document: Document) -> str | None:
    """By a message of type work or work-list."""
    content = content_of(document)
    kind = at(content, "/message-type")
    if isinstance(kind, str) and kind in {"work", "work-list"}:
        return f"message-type {kind} of Crossref"
    return "keys DOI and publisher of a Crossref work" if at(content, "/DOI") and at(content, "/publisher") else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a work."""
    content = content_of(document)
    items, message = at(content, "/message/items"), at(content, "/message")
    if isinstance(items, list):
        works = [(f"/message/items/{index}", item) for index, item in enumerate(items)]
    else:
        works = [("/message", message)] if isinstance(message, dict) else [("", content)]
    number = 0
    for base, work in works:
        if isinstance(work, dict):
            number += 1
            yield _citation(Answer(document, work, base)).record(recognised_by, number)


def _citation(answer: Answer):
    title = "/title/0" if answer.list("/title") else "/title"
    citation = citation_of(answer, NAME, title, "/abstract", FIELDS)
    tell_facts(citation, answer, FACTS)
    _authors(citation, answer)
    _date(citation, answer)
    _kind(citation, answer, title)
    count = len(answer.list("/clinical-trial-number"))
    pointers = [f"/clinical-trial-number/{index}/clinical-trial-number" for index in range(count)]
    citation.numbers((answer.words(pointer), answer.place(pointer)) for pointer in pointers)
    return citation.close()


def _authors(citation: article.Citation, answer: Answer) -> None:
    people = [one for one in answer.list("/author") if isinstance(one, dict)]
    named = [(name, quote) for one in people for name, quote in [_name(one)] if name]
    citation.tell_list(
        "report.authors", [name for name, _ in named], [quote for _, quote in named], answer.place("/author")
    )


def _name(person: dict[str, Any]) -> tuple[str, str]:
    """Surname and initials, and the words they stand in; a group by its name."""
    family, given, suffix, group = (
        fold(found) if isinstance(found := person.get(key), str) else ""
        for key in ("family", "given", "suffix", "name")
    )
    short = " ".join(filter(None, (family, citation_facts.initials(given), suffix)))
    return (short, " ".join(filter(None, (family, given)))) if family else (group or given, group or given)


def _date(citation: article.Citation, answer: Answer) -> None:
    """The first date of the best kind, as precise as it is given: `[2020, 3]` is 2020-03."""
    for key in DATES:
        pointer = f"/{key}/date-parts/0"
        parts = answer.list(pointer)
        if parts and all(isinstance(part, int) and not isinstance(part, bool) for part in parts):
            told, quote = "-".join(f"{part:02}" for part in parts), ", ".join(map(str, parts))
            citation.tell("report.date", lambda _, told=told: article.published(told), quote, answer.place(pointer))
            return


def _kind(citation: article.Citation, answer: Answer, title: str) -> None:
    """What an update notice is, else the work's type; retraction from what updates it, or its title."""
    for index, update in enumerate(answer.list("/update-to")):
        kind = update.get("type") if isinstance(update, dict) else None
        if isinstance(kind, str) and kind in UPDATES:
            citation.tell("report.kind", article.told(UPDATES[kind]), kind, answer.place(f"/update-to/{index}/type"))
            break
    else:
        _kind_of_type(citation, answer)
    marked = [
        (update["type"], f"/updated-by/{index}/type")
        for index, update in enumerate(answer.list("/updated-by"))
        if isinstance(update, dict) and update.get("type") in {"retraction", "removal", "withdrawal"}
    ]
    words = answer.words(title)
    if citation_facts.is_retracted(words):
        marked.append((words.partition(":")[0], title))
    for words, pointer in marked[:1]:
        citation.tell("report.retracted", lambda _: kinds.Reading(True, {}), words, answer.place(pointer))


def _kind_of_type(citation: article.Citation, answer: Answer) -> None:
    pointer = "/subtype" if answer.words("/type") == "posted-content" else "/type"
    words = answer.words(pointer)
    known = citation_facts.report_kind([words])
    if known:
        citation.tell("report.kind", article.told(known[0]), words, answer.place(pointer))
