"""PubMed XML: `PubmedArticle` and `PubmedBookArticle` elements, or bare `MedlineCitation`s, read one at a time.

The article's own numbers are those below `PubmedData/ArticleIdList` and `MedlineCitation/PMID`; those of its reference
list never count. Registration numbers stand in `DataBankList`, beside numbers of banks that hold no trials.
Elements: https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.model import Place, Record
from reviewkit.sources import article, citation_facts
from reviewkit.sources.aligned import Aligned, of_element
from reviewkit.sources.flow import Piece
from reviewkit.sources.marked_up import FIX, Paths, parsable
from reviewkit.sources.trial_banks import is_trial_bank
from reviewkit.sources.xml_entry import root_name, words_in

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAME = "pubmed"
KIND = article.KIND
FIELDS = sayable([name for name, _ in article.CITATION_FIELDS] + ["report.pmid", "report.pmcid"])
ROOTS = {
    "PubmedArticleSet", "PubmedArticle", "PubmedBookArticleSet", "PubmedBookArticle", "MedlineCitationSet",
    "MedlineCitation",
}  # fmt: skip
UNITS = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
IDS = {
    "doi": ("report.doi", article.doi),
    "pmc": ("report.pmcid", article.pmcid),
    "pubmed": ("report.pmid", article.pmid),
}
HISTORY = {"received": "report.received", "accepted": "report.accepted"}
Where = Callable[..., Place]


class Part:
    """What differs between an article and a chapter or book: where its title, abstract and date stand."""

    def __init__(self, node: Element):
        book = node.find("BookDocument")
        self.node = node
        self.citation = node if node.tag == "MedlineCitation" else node.find("MedlineCitation")
        self.article = self.citation.find("Article") if self.citation is not None else book
        self.is_book = book is not None

    def find(self, *paths: str) -> Element | None:
        """The first element with words at one of some paths below the article."""
        if self.article is None:
            return None
        found = (self.article.find(path) for path in paths)
        return next((one for one in found if one is not None and words_in(one)), None)

    def all(self, path: str) -> list[Element]:
        """Every element at a path below the article."""
        return self.article.findall(path) if self.article is not None else []

    @property
    def pmid(self) -> Element | None:
        """The element that holds the PMID."""
        return (
            self.article.find("PMID")
            if self.is_book
            else self.citation.find("PMID")
            if self.citation is not None
            else None
        )


def recognise(document: Document) -> str | None:
    """By its root element."""
    root = root_name(document)
    return f"root {root} of PubMed" if root in ROOTS else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record an article, chapter or book."""
    from lxml import etree

    number = 0
    counted: dict[str, int] = {}
    try:
        for _, node in etree.iterparse(
            io.BytesIO(parsable(document)), events=("end",), tag=UNITS, resolve_entities="internal", no_network=True,
            load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
        ):  # fmt: skip
            parent = node.getparent()
            if parent is not None and parent.tag in UNITS:
                continue  # the MedlineCitation inside a PubmedArticle
            number += 1
            counted[node.tag] = counted.get(node.tag, 0) + 1
            yield _citation(document, node, counted[node.tag]).record(recognised_by, number)
            _forget(node)
    except etree.XMLSyntaxError as error:
        raise document.refuse(
            place=Place(document.name, line=error.lineno or None),
            found=f"broken XML after {number} articles: {str(error.msg).splitlines()[0] if error.msg else 'it ends'}",
            expected="PubMed's XML, well-formed",
            fix=FIX,
        ) from error


def _forget(node: Element) -> None:
    """Give back the memory of an article, and of all that stands before it."""
    node.clear(keep_tail=False)
    parent = node.getparent()
    while parent is not None and node.getprevious() is not None:
        del parent[0]


def _citation(document: Document, node: Element, number: int):
    """One article. Elements before it are gone: its own place is `number` among those of its name."""
    parent = node.getparent()
    root = f"/{parent.tag}/{node.tag}[{number}]" if parent is not None else f"/{node.tag}"
    place = Paths(document, node, root).place
    part = Part(node)
    title = part.find("ArticleTitle", "Book/BookTitle", "VernacularTitle")
    words: list[tuple[Aligned, Place]] = []
    head = _piece(title, place, words) if title is not None else None
    citation = article.Citation(document, NAME, head, _abstract(document, part, place, words), FIELDS)
    for aligned, where in words:
        citation.align(aligned, where)
    _words(citation, part, title, place)
    _identity(citation, part, place)
    _people(citation, part, place)
    _journal(citation, part, place)
    _kind(citation, part, place)
    citation.numbers(
        (words_in(one), place(one))
        for bank in part.all("DataBankList/DataBank")
        if is_trial_bank(bank.findtext("DataBankName") or "")
        for one in bank.findall("AccessionNumberList/AccessionNumber")
    )
    return citation.close()


def _piece(node: Element, place: Where, words: list[tuple[Aligned, Place]]) -> Piece:
    aligned, where = of_element(node), place(node)
    words.append((aligned, where))
    return article.aligned_piece(aligned, where)


def _abstract(document: Document, part: Part, place: Where, words: list[tuple[Aligned, Place]]) -> list[Piece]:
    """The parts of the abstract, each under its label."""
    pieces: list[Piece] = []
    for one in part.all("Abstract/AbstractText"):
        if words_in(one):
            label = " ".join((one.get("Label") or "").split())
            piece = _piece(one, place, words)
            plain = label and label != "UNLABELLED"
            pieces += article.headed(document, label.capitalize(), piece) if plain else [piece]
    return pieces


def _words(citation: article.Citation, part: Part, title: Element | None, place: Where) -> None:
    """Title and abstract as they stand, and those parts of the abstract that are statements."""
    if title is not None:
        citation.tell("report.title", kinds.text, words_in(title), place(title))
    abstract = part.find("Abstract")
    if abstract is not None:
        words = " ".join(words_in(one) for one in abstract.findall("AbstractText"))
        citation.tell("report.abstract", kinds.text, words, place(abstract))
    for one in part.all("Abstract/AbstractText"):
        field = citation_facts.statement_field(one.get("Label") or "")
        if field:
            citation.tell(field, kinds.text, words_in(one), place(one))
    statement = part.citation.find("CoiStatement") if part.citation is not None else None
    if statement is not None:
        citation.tell("statement.coi", kinds.text, words_in(statement), place(statement))


def _identity(citation: article.Citation, part: Part, place: Where) -> None:
    """PMID, DOI and PMCID of the article itself."""
    found = [("pubmed", part.pmid)]
    for path in ("PubmedData/ArticleIdList/ArticleId", "PubmedBookData/ArticleIdList/ArticleId"):
        found += [((one.get("IdType") or "").lower(), one) for one in part.node.findall(path)]
    found += [
        ("doi", one) for one in part.all("ELocationID") if one.get("EIdType") == "doi" and one.get("ValidYN") != "N"
    ]
    for name, one in found:
        field, read = IDS.get(name, ("", kinds.text))
        if field and one is not None and citation.entry.known(field) is None:
            citation.tell(field, read, words_in(one), place(one))


def _people(citation: article.Citation, part: Part, place: Where) -> None:
    """Authors, and keywords with the subject headings that indexers gave."""
    lists = [one for one in part.all("AuthorList") if one.get("Type") in {None, "authors"}]
    for authors in lists[:1]:
        named = [(name, quote) for one in authors.findall("Author") for name, quote in _author(one)]
        quotes = [quote for _, quote in named]
        citation.tell_list("report.authors", [name for name, _ in named], quotes, place(authors))
    holder = part.article if part.is_book else part.citation
    if holder is None:
        return
    for one in (*holder.findall("MeshHeadingList"), *holder.findall("KeywordList")):
        members = [names for child in one.iterchildren("*") if (names := _names(child))]
        words = list(dict.fromkeys("/".join(names) for names in members))
        citation.tell_list("report.keywords", words, [" ".join(names) for names in members], place(one))


def _author(node: Element) -> Iterator[tuple[str, str]]:
    """Surname and initials, and the words they stand in; a group by its name."""
    surname, given, suffix, group = (words_in(one) if one is not None else "" for one in map(node.find, AUTHOR))
    if group:
        yield group, group
    elif surname:
        short = words_in(node.find("Initials")) if node.find("Initials") is not None else citation_facts.initials(given)
        yield " ".join(filter(None, (surname, short, suffix))), " ".join(filter(None, (surname, given)))


AUTHOR = ("LastName", "ForeName", "Suffix", "CollectiveName")


def _names(node: Element) -> list[str]:
    """The names in a keyword: of a subject heading also its qualifiers, which MEDLINE writes as `Adult/psychology`."""
    names = [words_in(one) for one in node.iterchildren("DescriptorName", "QualifierName")] or [words_in(node)]
    return [name for name in names if name]


def _journal(citation: article.Citation, part: Part, place: Where) -> None:
    issue = "Journal/JournalIssue"
    for paths, field, read in (
        (("Journal/Title", "Journal/ISOAbbreviation"), "report.journal", kinds.text),
        ((f"{issue}/Volume",), "report.volume", kinds.text),
        ((f"{issue}/Issue",), "report.issue", kinds.text),
        (("Pagination/MedlinePgn",), "report.pages", kinds.text),
        (("Language",), "report.language", article.language),
    ):
        one = part.find(*paths)
        if one is not None:
            citation.tell(field, read, words_in(one), place(one))
    _pages(citation, part, place)
    date = part.find(f"{issue}/PubDate", "Book/PubDate", "ContributionDate", "ArticleDate")
    if date is not None:
        citation.tell("report.date", article.published, _parts(date), place(date))
    for path in ("PubmedData/History/PubMedPubDate", "PubmedBookData/History/PubMedPubDate"):
        for one in part.node.findall(path):
            if event := HISTORY.get(one.get("PubStatus") or ""):
                citation.tell(event, article.published, _parts(one, "Year", "Month", "Day"), place(one))


def _pages(citation: article.Citation, part: Part, place: Where) -> None:
    """Pages given as first and last only, or the number that stands in their place."""
    if citation.entry.known("report.pages") is None:
        first, last = part.find("Pagination/StartPage"), part.find("Pagination/EndPage")
        if first is not None:
            words = words_in(first) + (f"-{words_in(last)}" if last is not None else "")
            citation.tell("report.pages", article.told(words), words_in(first), place(first))


def _parts(date: Element, *names: str) -> str:
    """The parts of a date in the order that they stand in."""
    wanted = set(names or ("Year", "Month", "Day", "Season", "MedlineDate"))
    return " ".join(words_in(one) for one in date.iterchildren("*") if one.tag in wanted and words_in(one))


def _kind(citation: article.Citation, part: Part, place: Where) -> None:
    types = {
        words_in(one): one for one in [*part.all("PublicationTypeList/PublicationType"), *part.all("PublicationType")]
    }
    known = citation_facts.report_kind(types)
    if known:
        citation.tell("report.kind", article.told(known[0]), known[1], place(types[known[1]]))
    elif part.is_book:
        node = part.article
        book = node.find("Book/BookTitle") if node is not None else None
        if book is not None:
            citation.tell("report.kind", article.told("OTHER"), words_in(book), place(book))
    notices = part.citation.findall("CommentsCorrectionsList/CommentsCorrections") if part.citation is not None else []
    for notice in notices:
        if notice.get("RefType") == "RetractionIn":
            where = place(notice, "RefType")
            citation.tell("report.retracted", lambda _: kinds.Reading(True, {}), "RetractionIn", where)
    for words, one in types.items():
        if citation_facts.is_retracted(words):
            citation.tell("report.retracted", lambda _: kinds.Reading(True, {}), words, place(one))
