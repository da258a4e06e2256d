"""BioStudies entries: JSON as its service gives them, and PageTab, the same as blocks of tab-separated lines.

An entry describes a dataset. One that Europe PMC made of an article (`S-EPMC…`) carries that article's number, and
often its title and abstract. Formats: https://www.ebi.ac.uk/biostudies/help
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from reviewkit import kinds
from reviewkit.documents import Document, fold
from reviewkit.fields import sayable
from reviewkit.model import Place, Record, Value
from reviewkit.sources import article, citation_facts
from reviewkit.sources.aligned import Aligned, of_string
from reviewkit.sources.json_fields import at, content_of
from reviewkit.sources.xml_entry import UTF_16
from reviewkit.words import State

NAME = "biostudies"
KIND = article.KIND
FIELDS = sayable(
    [name for name, _ in article.FIELDS]
    + ["report.title", "report.date", "report.authors", "report.abstract", "report.accession"]
)
ACCESSION = re.compile(r"[A-Z][A-Z0-9]*-[A-Z0-9\-]*\d+|S-[A-Z]+\d+")
EUROPE_PMC = re.compile(r"S-EPMC(?P<number>\d+)")
PAGETAB_START = re.compile(r"Submission\t+(?P<accession>[^\t\r\n]+)")
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
DEEPEST = 12  # sections within sections

# Names of attributes, folded -> field and reader. The first that is filled counts.
FACTS = {
    "title": ("report.title", kinds.text),
    "releasedate": ("report.date", article.published),
    "publication date": ("report.date", article.published),
    "doi": ("report.doi", article.doi),
    "pmid": ("report.pmid", article.pmid),
    "pmcid": ("report.pmcid", article.pmcid),
    "journal": ("report.journal", kinds.text),
    "volume": ("report.volume", kinds.text),
    "issue": ("report.issue", kinds.text),
    "pages": ("report.pages", kinds.text),
    "language": ("report.language", article.language),
}
ABSTRACTS = ("abstract", "description")
KEYWORDS = {"keyword", "keywords"}
NUMBERS = {
    "clinical trial number",
    "trial registration",
    "trial registration number",
    "registration number",
    "clinicaltrials.gov",
}
PUBLICATION_ONLY = {"journal", "volume", "issue", "pages", "doi", "pmid", "pmcid"}


class Attribute(NamedTuple):
    """One `name: value` of an entry: the type of its section (`""` for the entry), its words and where they stand."""

    section: str
    name: str
    words: str
    place: Place
    raw: str


def recognise(document: Document) -> str | None:
    """By accno and section of BioStudies JSON, or the first line of PageTab."""
    content = content_of(document)
    if isinstance(at(content, "/accno"), str) and isinstance(at(content, "/section"), dict):
        return "keys accno and section of BioStudies"
    if isinstance(at(content, "/submissions"), list) and isinstance(at(content, "/submissions/0/accno"), str):
        return "key submissions of BioStudies"
    head = document.raw[:4000]
    words = head.decode("utf-16", "ignore") if head.startswith(UTF_16) else head.decode("utf-8-sig", "ignore")
    return "a first line Submission (PageTab of BioStudies)" if PAGETAB_START.match(words.lstrip()) else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record an entry."""
    content = content_of(document)
    if content is None:
        entries = _pagetab(document)
    elif isinstance(at(content, "/submissions"), list):
        entries = (
            list(_json(document, entry, f"/submissions/{index}"))
            for index, entry in enumerate(content["submissions"])
            if isinstance(entry, dict)
        )
    else:
        entries = iter([list(_json(document, content, ""))])
    for number, attributes in enumerate(entries, 1):
        yield _record(document, attributes).record(recognised_by, number)


def _json(document: Document, entry: dict[str, Any], base: str) -> Iterator[Attribute]:
    accession = entry.get("accno")
    if isinstance(accession, str):
        yield Attribute("", "accno", fold(accession), Place(document.name, f"{base}/accno"), accession)
    yield from _attributes(document, "", entry, base)
    yield from _section(document, entry.get("section"), f"{base}/section", 0)


def _section(document: Document, section: Any, at_pointer: str, depth: int) -> Iterator[Attribute]:
    """A section and those in it; a list in the place of a section (a table) holds sections too."""
    if depth > DEEPEST:
        return
    if isinstance(section, list):
        for index, inner in enumerate(section):
            yield from _section(document, inner, f"{at_pointer}/{index}", depth + 1)
    elif isinstance(section, dict):
        kind = section.get("type")
        yield from _attributes(document, kind if isinstance(kind, str) else "Section", section, at_pointer)
        yield from _section(
            document, section.get("subsections") or section.get("subSections"), f"{at_pointer}/subsections", depth
        )


def _attributes(document: Document, section: str, holder: dict[str, Any], base: str) -> Iterator[Attribute]:
    found = holder.get("attributes")
    for index, one in enumerate(found if isinstance(found, list) else []):
        name, value = (one.get("name"), one.get("value")) if isinstance(one, dict) else (None, None)
        if isinstance(name, str) and isinstance(value, (str, int)) and not isinstance(value, bool):
            place = Place(document.name, f"{base}/attributes/{index}/value")
            words = of_string(str(value)).source.strip()
            yield Attribute(fold(section).casefold(), fold(name).casefold(), words, place, str(value))


def _pagetab(document: Document) -> Iterator[list[Attribute]]:
    """The attributes of each submission: `name<TAB>value` lines in blocks parted by blank lines."""
    found: list[Attribute] = []
    section, opens = "", True
    for line in LINE.finditer(document.text):
        words = line[0].rstrip("\r\n")
        if not words.strip():
            opens = True
            continue
        name, _, value = words.partition("\t")
        start = line.start() + len(name) + 1
        if opens and fold(name).casefold() == "submission":
            if found:
                yield found
            found, section = [], ""
            name = "accno"
        elif opens:
            section, opens = fold(name).casefold(), False
            continue
        opens = False
        first = value.split("\t")[0]
        left = start + len(first) - len(first.lstrip())
        if first.strip():
            place = document.place(left, start + len(first.rstrip()))
            found.append(Attribute(section, fold(name).casefold(), fold(first), place, first.strip()))
    if found:
        yield found


def _record(document: Document, attributes: list[Attribute]):
    # What stands in other sections (files, links, other studies) speaks of other things.
    own = [one for one in attributes if one.section in {"", "study", "publication", "section"}]
    title = next((one for one in own if one.name == "title" and one.section == "study"), None)
    title = title or next((one for one in own if one.name == "title" and one.section != "publication"), None)
    abstract = next((one for name in ABSTRACTS for one in own if one.name == name), None)
    pieces = {one: _piece(document, one) for one in (title, abstract) if one}
    citation = article.Citation(
        document, NAME, pieces[title][0] if title else None, [pieces[abstract][0]] if abstract else [], FIELDS
    )
    for one, (_, aligned) in pieces.items():
        if aligned:
            citation.align(aligned, one.place)
    if title:
        citation.tell("report.title", kinds.text, title.words, title.place)
    if abstract:
        citation.tell("report.abstract", kinds.text, abstract.words, abstract.place)
    _facts(citation, own)
    _people(citation, attributes)
    citation.numbers((one.words, one.place) for one in own if one.name in NUMBERS)
    return citation.close()


def _piece(document: Document, one: Attribute) -> tuple[article.Piece, Aligned | None]:
    """Words of a text file tell their own spans, those of JSON the span in their string."""
    if one.place.pointer is None:
        start = one.place.start or 0
        return article.Piece(one.raw, lambda left, right: document.place(start + left, start + right)), None
    aligned = of_string(one.raw)
    return article.aligned_piece(aligned, one.place), aligned


def _facts(citation: article.Citation, own: list[Attribute]) -> None:
    for one in own:
        if one.name == "accno":
            citation.tell("report.accession", kinds.text, one.words, one.place)
            if match := EUROPE_PMC.fullmatch(one.words):
                rule = "rule:accession-of-europe-pmc"
                number = f"PMC{match['number']}"
                citation.entry.add(Value("report.pmcid", None, number, State.DERIVED, one.words, one.place, rule, {}))
        elif one.name in FACTS and one.name != "title":
            field, read = FACTS[one.name]
            if citation.entry.known(field) is None:
                citation.tell(field, read, one.words, one.place)
        elif one.name in KEYWORDS:
            members = [part.strip() for part in re.split(r"[;,]", one.words) if part.strip()]
            citation.tell_list("report.keywords", members, one.words, one.place)


def _people(citation: article.Citation, attributes: list[Attribute]) -> None:
    """Authors: sections of their own in JSON and PageTab, each with a Name; one value, its place that of the first."""
    names = [one for one in attributes if one.section == "author" and one.name == "name"]
    if names and names[0].place.pointer is not None:
        pointer = names[0].place.pointer.partition("/subsections")[0] + "/subsections"
        place = Place(names[0].place.document, pointer)
        citation.tell_list("report.authors", [_author(one.words) for one in names], [one.words for one in names], place)
    elif names:
        citation.tell_list("report.authors", [_author(one.words) for one in names], names[0].words, names[0].place)


def _author(words: str) -> str:
    """`Jane Q. Kite` and `Kite JQ` stay as they are printed where surname and given names are not told apart."""
    return citation_facts.author(words)
