"""JATS full text (.nxml, .xml): front matter, abstract and body of an article; its reference list is never read.

Paragraphs are read as prose under the titles of their sections, each value with the XPath of its paragraph. Raised
digits keep their meaning (`10<sup>8</sup>` is 10^8), and raised numbers that only cite are left out. Tag library:
https://jats.nlm.nih.gov/archiving/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.identifiers import find_ids
from reviewkit.language.sections import NAME as KNOWN_TITLE
from reviewkit.language.sentences import sentences
from reviewkit.model import Place, Record
from reviewkit.sources import article, citation_facts
from reviewkit.sources.aligned import Aligned, of_element
from reviewkit.sources.flow import Piece, glue
from reviewkit.sources.marked_up import WRAPPER, Paths, root_of, step_of
from reviewkit.sources.xml_entry import UTF_16, root_name, words_in

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAME = "jats"
KIND = article.KIND
FIELDS = sayable([name for name, _ in article.CITATION_FIELDS] + ["report.pmid", "report.pmcid"])
SETS = {"pmc-articleset", "OAI-PMH", "articles"}
FRAGMENTS = frozenset({"abstract", "body", "sec", "p", "front", "back", "table-wrap"})
PARAGRAPHS = {"p", "list-item", "disp-quote", "def", "statement", "verse-group"}
PASSED = frozenset(
    {
        "ref-list", "table-wrap", "table-wrap-group", "fig", "fig-group", "supplementary-material", "disp-formula",
        "inline-formula", "tex-math", "math", "back", "fn-group", "fn", "media", "graphic", "object-id",
    }
)  # fmt: skip
# Kinds of abstract that retell the article for readers in a hurry, or in pictures.
RETOLD = {"summary", "graphical", "teaser", "toc", "precis", "key-points", "web-summary", "editor", "author-highlights",
          "highlights", "plain-language-summary", "short", "video", "audio", "synopsis"}  # fmt: skip
SEC_TYPES = {
    "intro": "Introduction", "methods": "Methods", "materials": "Methods", "materialsmethods": "Methods",
    "subjects": "Methods", "results": "Results", "discussion": "Discussion", "conclusions": "Conclusions",
}  # fmt: skip
IDS = {
    "pmid": ("report.pmid", article.pmid), "doi": ("report.doi", article.doi),
    "pmc": ("report.pmcid", article.pmcid), "pmcid": ("report.pmcid", article.pmcid),
}  # fmt: skip
DATE_ORDER = ("epub", "pub", "publication", "ppub", "epub-ppub", "collection")
SUBJECTS = re.compile(r"(?:study |trial |clinical )?protocols?", re.IGNORECASE)
LABELLED = re.compile(r"(?P<label>[A-Z][A-Za-z /&'’\-]{3,60}?)\s*[:.]\s+(?P<words>\S.*)", re.DOTALL)
NO_CONFLICT = re.compile(
    r"(?:The|All) authors? (?:declare|report|state|disclose|have)\b[^.]{0,60}\b(?:no|any)\b[^.]{0,40}interest",
    re.IGNORECASE,
)
PAID = re.compile(
    r"\b(?:this|the|our) (?:[\w\-]+ ){0,2}(?:study|work|research|trial|project|investigation) (?:was|is|has been)"
    r" (?:[\w\-]+ ){0,2}(?:supported|funded|sponsored|financed)\b",
    re.IGNORECASE,
)
FN_TYPES = {"conflict": "statement.coi", "coi-statement": "statement.coi", "financial-disclosure": "statement.funding",
            "supported-by": "statement.funding", "ethics-statement": "statement.ethics",
            "data-availability": "statement.data", "ethics-approval": "statement.ethics"}  # fmt: skip
HTML = re.compile(rb"<(?:!doctype\s+)?html\b", re.IGNORECASE)
XLINK = "{http://www.w3.org/1999/xlink}href"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def recognise(document: Document) -> str | None:
    """By the root `article` with front matter, a set of such articles, parts of one, or a text with annotations."""
    root = (root_name(document) or "").rpartition(":")[2]
    head = _head(document)
    if root in {"article", *SETS} and (b"<front" in head or b":front" in head):
        return f"root {root} with front matter (JATS)"
    if root in FRAGMENTS and b"<p" in head[:20_000] and not HTML.search(head[:20_000]):
        return f"root {root}, a part of a JATS article"
    if root == "document" and re.search(rb"<text[\s>]", head[:2000]):
        return "root document with one text, annotated by offsets"
    return None


def _head(document: Document) -> bytes:
    head = document.raw[:400_000]
    return head.decode("utf-16", "ignore").encode() if head.startswith(UTF_16) else head


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record an article."""
    root = root_of(document, fragments=FRAGMENTS)
    paths = _drop_namespaces(document, root)
    if root.tag == "document":
        yield _annotated(document, root, paths).record(recognised_by)
    elif root.tag in FRAGMENTS or root.tag == WRAPPER:
        yield _fragment(document, root, paths).record(recognised_by)
    else:
        articles = [root] if root.tag == "article" else list(root.iterfind(".//article"))
        for number, node in enumerate((one for one in articles if one.find("front") is not None), 1):
            yield Article(document, node, paths).read().record(recognised_by, number)


def _drop_namespaces(document: Document, root: Element) -> Paths:
    """Elements of JATS in a namespace get their bare names; their paths find them whatever the namespace."""
    named = any("}" in str(one.tag) and "MathML" not in str(one.tag) for one in root.iter("*"))
    for node in root.iter("*") if named else ():
        namespace, _, name = str(node.tag).rpartition("}")
        if "MathML" not in namespace:
            node.tag = name
    # Whatever a wrapper is called: the file itself has no root.
    path = "*" if root.tag == WRAPPER else step_of(root, in_namespace=named)
    return Paths(document, root, f"/{path}", in_namespace=named)


class Article:
    """One article as it is read: pieces of its text, their places and the facts of its front matter."""

    def __init__(self, document: Document, node: Element, paths: Paths):
        self.document, self.node, self.paths = document, node, paths
        self.place = paths.place
        self.words: list[tuple[Aligned, Place]] = []
        self.meta = node.find("front/article-meta")

    def read(self):
        """The article's values."""
        title = self.find("title-group/article-title")
        head = self.piece(title) if title is not None else None
        citation = self.citation(head, self.text())
        if title is not None:
            citation.tell("report.title", kinds.text, words_in(title), self.place(title))
        self.abstract(citation)
        self.identity(citation)
        self.people(citation)
        self.journal(citation)
        self.dates(citation)
        self.kind(citation)
        for field, words, where in self.statements():
            citation.tell(field, kinds.text, words, where)
        citation.numbers(self.numbers())
        return citation.close()

    def citation(self, head: Piece | None, pieces: list[Piece]) -> article.Citation:
        """A citation that knows what stands at each of its pieces."""
        made = article.Citation(self.document, NAME, head, pieces, FIELDS)
        for aligned, where in self.words:
            made.align(aligned, where)
        return made

    def find(self, path: str) -> Element | None:
        """The first element at a path below the front matter."""
        return self.meta.find(path) if self.meta is not None else None

    def all(self, path: str) -> list[Element]:
        """Every element at a path below the front matter."""
        return self.meta.findall(path) if self.meta is not None else []

    # The text, piece by piece.

    def text(self) -> list[Piece]:
        """Abstract and body, and those sections of the back matter that are statements."""
        pieces: list[Piece] = []
        for abstract in self.abstracts():
            pieces += [glue(self.document, "Abstract\n"), *self.pieces(abstract)]
        body = self.node.find("body")
        if body is not None:
            pieces += self.pieces(body)
        for section in self.back_sections():
            title = section.find("title")
            if title is not None and citation_facts.statement_field(words_in(title)):
                pieces += self.pieces(section)
        return pieces

    def abstracts(self) -> list[Element]:
        """The abstracts that tell the article itself."""
        return [one for one in self.all("abstract") if (one.get("abstract-type") or "").lower() not in RETOLD]

    def back_sections(self) -> list[Element]:
        """The outermost sections, notes and acknowledgements behind the body."""
        back = self.node.find("back")
        return [one for one in back.iter("sec", "notes", "ack") if _is_outermost(one, back)] if back is not None else []

    def pieces(self, node: Element) -> list[Piece]:
        """The paragraphs of a section and of the sections in it, each under its title."""
        found: list[Piece] = []
        for part in node.iterchildren("*"):
            if part.tag in PASSED or part.tag == "label":
                continue
            if part.tag == "title":
                found += self.heading(node, part)
            elif part.tag in PARAGRAPHS:
                found += [self.piece(part), glue(self.document, "\n")]
            else:
                found += self.pieces(part)
        return found

    def heading(self, section: Element, title: Element) -> list[Piece]:
        """A title on a line of its own; one in the authors' words gives way to what the section's type calls it."""
        words = words_in(title).strip(" .:")
        kind = (section.get("sec-type") or "").lower().split("|")[0]
        if not words:
            return []
        if kind in SEC_TYPES and not KNOWN_TITLE.fullmatch(words):
            return [glue(self.document, f"\n{SEC_TYPES[kind]}\n")]
        return [glue(self.document, "\n"), self.piece(title, words), glue(self.document, "\n")]

    def piece(self, node: Element, words: str | None = None) -> Piece:
        """The words of an element, to be read as prose."""
        aligned, where = of_element(node, PASSED), self.place(node)
        self.words.append((aligned, where))
        piece = article.aligned_piece(aligned, where)
        # A heading ends at its last word; nothing else is cut.
        return piece._replace(text=aligned.reading.rstrip(" .:")) if words else piece

    # The facts of the front matter.

    def abstract(self, citation: article.Citation) -> None:
        """The whole abstract, without the word above it."""
        for abstract in self.abstracts():
            parts = [one for one in abstract.iterchildren("*") if one.tag not in {"title", "label"} | PASSED]
            words = " ".join(_spaced(one) for one in parts)
            citation.tell("report.abstract", kinds.text, words, self.place(abstract))

    def identity(self, citation: article.Citation) -> None:
        """DOI, PMID and PMCID of the article itself."""
        for part in self.all("article-id"):
            if known := IDS.get(part.get("pub-id-type") or ""):
                citation.tell(known[0], known[1], words_in(part), self.place(part))

    def people(self, citation: article.Citation) -> None:
        """Authors in the order printed, and keywords group by group."""
        groups = [
            one for one in self.all("contrib-group") if any(_is_author(contrib) for contrib in one.findall("contrib"))
        ]
        people = [_author(contrib) for group in groups for contrib in group.findall("contrib") if _is_author(contrib)]
        named = [(name, quote) for name, quote in people if name]
        if named and self.meta is not None:
            where = self.place(groups[0] if len(groups) == 1 else self.meta)
            citation.tell_list("report.authors", [name for name, _ in named], [quote for _, quote in named], where)
        for group in self.all("kwd-group"):
            words = [word for one in group.iter("kwd", "compound-kwd") if (word := words_in(one))]
            if (group.get("kwd-group-type") or "").lower() not in {"abbreviations", "abbr"}:
                citation.tell_list("report.keywords", list(dict.fromkeys(words)), words, self.place(group))

    def journal(self, citation: article.Citation) -> None:
        """Journal, volume, issue, pages and language."""
        journal = next(self.node.iterfind("front/journal-meta//journal-title"), None)
        for field, one in (
            ("report.journal", journal), ("report.volume", self.find("volume")), ("report.issue", self.find("issue"))
        ):  # fmt: skip
            if one is not None:
                citation.tell(field, kinds.text, words_in(one), self.place(one))
        if language := self.node.get(LANG):
            citation.tell("report.language", article.language, language, self.place(self.node, "xml:lang"))
        self.pages(citation)

    def pages(self, citation: article.Citation) -> None:
        """First and last page, or the number that stands in their place."""
        first, last = self.find("fpage"), self.find("lpage")
        one = first if first is not None else self.find("elocation-id")
        if one is not None and (words := words_in(one)):
            end = words_in(last) if first is not None and last is not None else ""
            told = f"{words}-{end}" if end and end != words else words
            citation.tell("report.pages", article.told(told), words, self.place(one))

    def dates(self, citation: article.Citation) -> None:
        """The first date of publication in the order electronic, printed, of the volume; received and accepted."""
        dates = [(_kind_of_date(one), one) for one in self.all("pub-date")]
        dates = [(kind, one) for kind, one in dates if kind in DATE_ORDER]
        for _, date in sorted(dates, key=lambda pair: DATE_ORDER.index(pair[0])):
            if words := _date_words(date):
                read = partial(_instead, article.published, words)
                citation.tell("report.date", read, _spaced(date), self.place(date))
                break
        for date in self.all("history/date"):
            field = {"received": "report.received", "accepted": "report.accepted"}.get(date.get("date-type") or "")
            if field and (words := _date_words(date)):
                read = partial(_instead, article.published, words)
                citation.tell(field, read, _spaced(date), self.place(date))

    def kind(self, citation: article.Citation) -> None:
        """Kind of report: a protocol by its heading in the journal, else the article's type; retraction."""
        subject = next(
            (one for one in self.all("article-categories//subject") if SUBJECTS.fullmatch(words_in(one))), None
        )
        kind = self.node.get("article-type") or ""
        known = citation_facts.report_kind([kind])
        if subject is not None:
            citation.tell("report.kind", article.told("PROTOCOL"), words_in(subject), self.place(subject))
        elif known:
            citation.tell("report.kind", article.told(known[0]), kind, self.place(self.node, "article-type"))
        title = self.find("title-group/article-title")
        if title is not None and citation_facts.is_retracted(words_in(title)):
            words = words_in(title).partition(":")[0]
            citation.tell("report.retracted", lambda _: kinds.Reading(True, {}), words, self.place(title))

    def numbers(self) -> Iterator[tuple[str, Place]]:
        """Registration numbers marked as the article's own: related objects, and links from the front matter."""
        nodes = [] if self.meta is None else [self.meta]
        for node in (*nodes, *(one for one in self.back_sections() if _is_registration(one))):
            for part in node.iter("related-object"):
                if _is_trial(part) and part.get("document-id"):
                    yield str(part.get("document-id")), self.place(part, "document-id")
            for part in node.iter("ext-link"):
                address = part.get(XLINK) or ""
                if not find_ids(words_in(part)) and find_ids(address):
                    yield address, self.place(part, "*[local-name()='href']")

    # Statements.

    def statements(self) -> Iterator[tuple[str, str, Place]]:
        """Field, words and place of every statement: titled sections, notes with a type or label, funding."""
        for section in self.node.iter("sec", "notes", "ack"):
            if any(
                parent.tag in {"sub-article", "response", "abstract", "trans-abstract"}
                for parent in section.iterancestors()
            ):
                continue
            title = section.find("title")
            field = citation_facts.statement_field(words_in(title)) if title is not None else None
            field = field or FN_TYPES.get((section.get("sec-type") or section.get("notes-type") or "").lower())
            if field and (words := _words_below_title(section)):
                yield field, words, self.place(section)
        for abstract in self.abstracts():
            for section in abstract.iter("sec"):
                title = section.find("title")
                if title is not None and (field := citation_facts.statement_field(words_in(title))):
                    yield field, _words_below_title(section), self.place(section)
        yield from self.notes()
        yield from self.thanks()
        for part in self.all("funding-group//funding-statement"):
            yield "statement.funding", words_in(part), self.place(part)

    def notes(self) -> Iterator[tuple[str, str, Place]]:
        """Footnotes to the article: by type, by the label before their words, or a first paragraph that is a title."""
        back = self.node.find("back")
        for holder in (self.find("author-notes"), *(back.findall("fn-group") if back is not None else [])):
            for note in holder.iterchildren("fn", "p") if holder is not None else ():
                typed = FN_TYPES.get((note.get("fn-type") or "").lower())
                paragraphs = [one for one in note.iterchildren("p", "title") if words_in(one)] or [note]
                words = " ".join(words_in(one) for one in paragraphs)
                titled = citation_facts.statement_field(words_in(paragraphs[0])) if len(paragraphs) > 1 else None
                labelled = LABELLED.match(words)
                field = citation_facts.statement_field(labelled["label"]) if labelled else None
                if titled:
                    yield titled, " ".join(words_in(one) for one in paragraphs[1:]), self.place(note)
                elif field and labelled:
                    yield field, labelled["words"], self.place(note)
                elif typed:
                    yield typed, words, self.place(note)
                elif NO_CONFLICT.match(words):
                    yield "statement.coi", words, self.place(note)

    def thanks(self) -> Iterator[tuple[str, str, Place]]:
        """Sentences of the acknowledgements that say who paid for the study."""
        back = self.node.find("back")
        for part in back.iterfind("ack//p") if back is not None else ():
            words = words_in(part)
            for start, end in sentences(words):
                if PAID.search(words[start:end]):
                    yield "statement.funding", words[start:end], self.place(part)


def _fragment(document: Document, root: Element, paths: Paths):
    """Parts of an article in a row: an abstract, sections, a body."""
    found = Article(document, root, paths)
    parts = list(root.iterchildren("*")) if root.tag == WRAPPER else [root]
    pieces: list[Piece] = []
    for part in parts:
        inner = [found.piece(part)] if part.tag in PARAGRAPHS else found.pieces(part)
        pieces += [glue(document, "Abstract\n" if part.tag == "abstract" else "\n"), *inner]
    citation = found.citation(None, pieces)
    for part in parts:
        if part.tag == "abstract":
            words = " ".join(
                _spaced(one) for one in part.iterchildren("*") if one.tag not in {"title", "label"} | PASSED
            )
            citation.tell("report.abstract", kinds.text, words, found.place(part))
    return citation.close()


def _annotated(document: Document, root: Element, paths: Paths):
    """A text in one element, whose sections and annotations count its characters: its lines are read as prose."""
    from reviewkit.sources.aligned import plain

    pieces: list[Piece] = []
    words: list[tuple[Aligned, Place]] = []
    for node in root.iterchildren("text"):
        aligned, where = plain("".join(node.itertext())), paths.place(node)
        words.append((aligned, where))
        pieces.append(article.aligned_piece(aligned, where))
    citation = article.Citation(document, NAME, None, pieces)
    for aligned, where in words:
        citation.align(aligned, where)
    return citation.close()


def _instead(read: Callable, words: str, quote: str) -> kinds.Reading:
    """What `read` makes of words that were put together; the quote is what stands in the document."""
    value, detail, state = read(words)
    return kinds.Reading(value, {**detail, "as_written": quote}, state)


def _is_outermost(node: Element, back: Element) -> bool:
    parent = node.getparent()
    while parent is not None and parent is not back:
        if parent.tag in {"sec", "notes", "ack", "ref-list"}:
            return False
        parent = parent.getparent()
    return True


APART = {"title", "p", "sec", "list", "list-item", "day", "month", "year", "season", "string-date"}


def _spaced(node: Element) -> str:
    """The words of an element, those of its parts apart: `Background We asked`, `24 1 2006`."""
    inner = [one for one in node.iterchildren("*") if one.tag in APART]
    if not inner:
        return of_element(node, PASSED).source.strip()
    return " ".join(words for one in inner if (words := _spaced(one)))


def _words_below_title(section: Element) -> str:
    parts = [one for one in section.iterchildren("*") if one.tag not in {"title", "label"} and one.tag not in PASSED]
    return " ".join(words for one in parts if (words := _spaced(one)))


def _is_author(contrib: Element) -> bool:
    return contrib.get("contrib-type") in {None, "author"}


def _author(contrib: Element) -> tuple[str, str]:
    """Surname and initials, and the words they stand in; a group by its own name, without its members."""
    name = next((one for path in ("name", "name-alternatives/name", "string-name", "name-alternatives/string-name")
                 if (one := contrib.find(path)) is not None), None)  # fmt: skip
    group = contrib.find("collab")
    if name is not None and name.find("surname") is not None:
        surname, given, suffix = (
            words_in(one) if (one := name.find(path)) is not None else ""
            for path in ("surname", "given-names", "suffix")
        )
        short = " ".join(filter(None, (surname, citation_facts.initials(given), suffix)))
        return short, " ".join(filter(None, (surname, given)))
    if name is not None:
        return citation_facts.author(words_in(name)), words_in(name)
    words = of_element(group, {"contrib-group", "aff", "xref"}).reading.strip(" ,;") if group is not None else ""
    return words, words


def _kind_of_date(date: Element) -> str:
    kind = date.get("pub-type") or date.get("date-type") or ""
    if kind in {"pub", ""} and date.get("publication-format") == "print":
        return "ppub"
    return kind or "pub"


def _date_words(date: Element) -> str:
    """`2006-01-24` of a date's parts; a year with a season or a range of months as both."""
    parts = {name: words_in(one) for name in ("year", "month", "day", "season") if (one := date.find(name)) is not None}
    if not parts.get("year"):
        return date.get("iso-8601-date", "") or words_in(date)
    numbers = [parts.get(name, "") for name in ("year", "month", "day")]
    if all(one.isdecimal() for one in numbers if one):
        return "-".join(one.zfill(2) for one in numbers if one) if not (numbers[2] and not numbers[1]) else numbers[0]
    return " ".join(filter(None, (parts["year"], parts.get("month") or parts.get("season"), parts.get("day"))))


def _is_trial(part: Element) -> bool:
    return (
        part.get("document-id-type") in {"clinical-trial-number", "clinical-trial"}
        or part.get("source-type") in {"clinical-trials-registry", "clinical-trial-registry"}
        or (part.get("content-type") or "").startswith("clinical-trial")
    )


def _is_registration(section: Element) -> bool:
    title = section.find("title")
    return title is not None and citation_facts.statement_field(words_in(title)) == "statement.registration"
