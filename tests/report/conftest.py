"""A small fictitious study, and a reader that sees a page as a browser would: tags, links, ids, tables, text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.model import Place, Record, Study, Value
from reviewkit.words import State

VOID = {"meta", "img", "br"}
BLOCKS = {"div", "p", "h1", "h2", "h3", "h4", "h5", "li", "tr", "td", "th", "summary", "details", "section", "header"}


class Page(HTMLParser):
    """What a browser would make of some HTML: `tags`, `attributes` (tag, name, value), `text`, tables, marks."""

    def __init__(self, html: str):
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.marks: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.cell: list[str] | None = None
        self.rows: list[list[str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if tag in BLOCKS:
            self.apart()
        if tag == "table":
            self.rows = self.tables.setdefault(dict(attrs).get("class") or "", [])
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.cell = self.rows[-1]
        elif tag == "mark":
            self.marks.append("")

    def apart(self):
        """A block stands on a line of its own."""
        self.text += " "
        if self.cell is not None:
            self.cell[-1] += " "

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes another element"
        if tag in BLOCKS:
            self.apart()
        if tag in ("td", "th"):
            self.cell = None

    def handle_data(self, data):
        if self.open[-1:] == ["style"]:
            return
        self.text += data
        if self.cell is not None:
            self.cell[-1] += data
        if "mark" in self.open:
            self.marks[-1] += data

    def values(self, name: str) -> list[str]:
        """The values of one attribute, over all elements."""
        return [value for _, attribute, value in self.attributes if attribute == name]

    def words(self) -> str:
        """The text with every run of white space one blank."""
        return " ".join(self.text.split())

    def table(self, css: str) -> list[list[str]]:
        """The rows of all tables of a class, white space folded."""
        return [[" ".join(cell.split()) for cell in row] for row in self.tables.get(css, [])]


@pytest.fixture(scope="session")
def seen():
    """HTML -> Page; whatever was opened has been closed."""

    def look(html: str) -> Page:
        page = Page(html)
        assert page.open == []
        return page

    return look


REGISTRY_TEXT = """Registration number: IRCT20990101000001N1
Public title: Fictitious drops for dry eyes
Registration date: 2099-07-02
Expected start: July 2099
Target sample size: 18 persons, 8 in each arm and 2 more
Primary outcome: comfort
Time point: day 7
Secondary outcome: tears
Randomization:
"""
PAPER_TEXT = "We planned 30 people. The trial was randomised and began on 15 July 2099.\n"


def document_of(name: str, text: str) -> Document:
    """A document in memory whose problems are of no interest."""
    return Document(name, text.encode(), lambda problem: None)


def value_in(document: Document, field: str, value, quote: str, **more) -> Value:
    """A value whose quote is found in the document."""
    start = document.text.index(quote)
    place = document.place(start, start + len(quote))
    rest = {"item": None, "state": State.REPORTED, "method": "irct:label", "detail": {}} | more
    return Value(field, rest["item"], value, rest["state"], quote, place, rest["method"], rest["detail"])


@pytest.fixture
def registry() -> Document:
    return document_of("IRCT20990101000001N1.txt", REGISTRY_TEXT)


@pytest.fixture
def paper() -> Document:
    return document_of("paper one.txt", PAPER_TEXT)


@pytest.fixture
def study(registry, paper) -> Study:
    """A registry record and a paper of one trial: sizes differ, dates are planned here and actual there."""
    entry = [
        value_in(registry, "ids.primary", "IRCT20990101000001N1", "IRCT20990101000001N1"),
        value_in(registry, "title.public", "Fictitious drops for dry eyes", "Fictitious drops for dry eyes"),
        value_in(registry, "registration.date", "2099-07-02", "2099-07-02", detail={"kind": "UNKNOWN"}),
        value_in(registry, "date.first_enrolment", "2099-07", "July 2099", detail={"kind": "ANTICIPATED"}),
        value_in(registry, "enrolment.target", 18, "18", detail={"unit": "persons"}),
        value_in(registry, "outcomes.measure", "comfort", "comfort", item=1),
        value_in(registry, "outcomes.type", "PRIMARY", "Primary", item=1),
        value_in(registry, "outcomes.timepoint", "day 7", "day 7", item=1),
        value_in(registry, "outcomes.measure", "tears", "tears", item=2),
        value_in(registry, "outcomes.type", "SECONDARY", "Secondary", item=2),
        value_in(registry, "random.method", None, "Randomization", state=State.EMPTY_IN_SOURCE),
        value_in(registry, "masking.roles", [], "persons", state=State.DERIVED, method="rule:open-label-masks-nobody"),
    ]
    article = [
        value_in(paper, "enrolment.target", 30, "30", detail={"unit": "persons"}),
        value_in(paper, "design.allocation", "RANDOMIZED", "randomised", detail={"as_written": "randomised"}),
        value_in(paper, "date.first_enrolment", "2099-07-15", "15 July 2099", detail={"kind": "ACTUAL"}),
    ]
    sayable_here = sayable(
        ["ids.primary", "design.allocation", "random.method", "outcomes.*", "arms.label", "enrolment.*"]
    )
    return Study(
        "IRCT20990101000001N1",
        [
            Record(registry.name, 1, registry.sha256, "irct", "its heading", "registry", entry, [], sayable_here),
            Record(paper.name, 1, paper.sha256, "text", "prose", "publication", article, [], sayable(["ids.primary"])),
        ],
    )


@pytest.fixture
def context(registry, paper):
    """Place -> the line it begins in."""
    lines = {document.name: list(document.lines()) for document in (registry, paper)}

    def line_of(place: Place):
        return None if place.line is None else lines[place.document][place.line - 1]

    return line_of
