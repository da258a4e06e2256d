"""The three forms of a record of the EU Clinical Trials Register, each as the same list of coded answers.

Text download: `E.8.1.1 Randomised: Yes`, a record for each member state under `Summary`. Page: rows of code, label and
value. JSON as programs store it: the code's digits and the label are the key (`e811_randomised`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from reviewkit.documents import Document, Line, fold
from reviewkit.model import Place

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

PRODUCT, SPONSOR, HEAD = "D.IMP", "B.Sponsor", "head"  # the codes of what has none in the register

NESTED = 6  # rows within rows; the register's own pages have two

# Labels of the head of a record, which have no code.
HEAD_LABELS = {
    "eudract number": "EudraCT Number",
    "sponsors protocol code number": "Sponsor's Protocol Code Number",
    "national competent authority": "National Competent Authority",
    "clinical trial type": "Clinical Trial Type",
    "trial status": "Trial Status",
    "date on which this record was first entered in the eudract database": "First entered",
    "link": "Link",
}
# What a line must begin with to end a free text: criteria hold lines that look like coded ones (`A.1 Adults: yes`).
LABELS = {
    "A.1": "member", "A.2": "eudract", "A.3": "full title", "A.3.1": "title of", "A.3.2": "name or",
    "A.4.1": "sponsor", "A.5.1": "isrctn", "A.5.2": "us nct", "A.5.3": "who", "A.5.4": "other", "A.7": "trial is",
    "A.8": "ema decision", "B.1.1": "name of", "E.1.1": "medical condition", "E.1.1.1": "medical condition",
    "E.1.1.2": "therapeutic", "E.1.2": "version|level|classification|term|system|medical condition",
    "E.1.3": "condition being", "E.2": "objective", "E.2.1": "main objective", "E.2.2": "secondary objective",
    "E.2.3": "trial contains", "E.2.3.1": "full title", "E.3": "principal inclusion", "E.4": "principal exclusion",
    "E.5.1": "primary end", "E.5.1.1": "timepoint", "E.5.2": "secondary end", "E.5.2.1": "timepoint",
    "E.6": "scope", "E.6.1": "diagnosis", "E.6.2": "prophylaxis", "E.6.13.1": "other scope",
    "E.7.1.3.1": "other trial", "E.7.2": "therapeutic", "E.8.1": "controlled", "E.8.1.7.1": "other trial",
    "E.8.2.1": "other medicinal", "E.8.2.3.1": "comparator", "E.8.2.4": "number of", "E.8.3": "the trial",
    "E.8.7": "trial has", "E.8.8": "definition of", "E.8.9.1": "in the member", "F.1.1": "trial has|number of",
    "F.3.3.7": "others", "F.3.3.7.1": "details of", "F.4.1": "in the member", "F.5": "plans for",
    "G.4.1": "name of", "N": "competent|date of|ethics", "P": "end of|date of|in the",
}  # fmt: skip
FREE = {
    "A.3", "A.3.1", "A.3.2", "E.1.1", "E.1.1.1", "E.2.1", "E.2.2", "E.2.3.1", "E.3", "E.4", "E.5.1", "E.5.1.1",
    "E.5.2", "E.5.2.1", "E.6.13.1", "E.7.1.3.1", "E.8.1.7.1", "E.8.2.3.1", "E.8.6.3", "E.8.8", "F.3.3.6.1",
    "F.3.3.7.1", "F.5", "N",
}  # fmt: skip
CODE = r"[A-HNP](?:\.\d+)+|[NP](?=\.[ \t])"
CODED = re.compile(
    rf"(?P<code>{CODE})\.?(?:[ \t]+(?:and|to)[ \t]+[A-H](?:\.\d+)+)?[ \t]+"
    r"(?P<label>[^:?\u2028]*[^:?\s\u2028])\s*(?::|\?:?)[ \t]?(?P<value>.*)"
)
BROKEN_LABEL = re.compile(rf"(?P<code>{CODE})\.?[ \t]+(?P<label>[^:?]{{12,}})")  # its colon is on a later line
BROKEN_LINES = 3
HEAD_LINE = re.compile(r"(?P<label>[A-Z][^:]{3,70}?)\s*:[ \t]?(?P<value>.*)")
HEADING = re.compile(
    r"(?:Summary\s*$"
    r"|[A-HNP]\. (?:Protocol Info|Sponsor Info|Applicant|IMP Ident|Information on|General Info|Population of)"
    r"|[A-HNP]\. (?:Investigator Net|Review by|End of Trial|Third Country)"
    r"|B\.4 Source|B\.5 Contact|B\.5\.3 Address|D\.2 Status|D\.3 Description|D\.3\.8 to|D\.3\.10 Strength"
    r"|D\.3\.11 The IMP|D\.8 |E\.1 Medical|MedDRA Classification|E\.1\.2 Medical|E\.2 Objective|E\.5 End points"
    r"|E\.6 and E\.7|E\.6 Scope|E\.7 Trial type|E\.8 Design|E\.8\.2 Comparator|E\.8\.6 Trial inv|E\.8\.9 Initial"
    r"|F\.1 Age|F\.2 Gender|F\.3 Group|F\.4 Planned|F\.4\.2 For a)"
)
PART = re.compile(r"[^\s\u2028](?:[^\r\n\u2028]*[^\s\u2028])?")
MARKS = re.compile(r"(?P<what>D\.\s?IMP|(?:B\.\s?)?Sponsor)\s*:?\s*\d+\s*")
LANGUAGE = re.compile(r"\s*\((?P<code>[a-z]{2})\)$")
FIRST = re.compile(r"(?:EudraCT Number|A\.[12] (?:Member State|EudraCT number)[^:]*)\s*:")


class Answer(NamedTuple):
    """One coded answer: code and label, its words on one line with their place, and for blanks the label's own.

    `label` is in small letters without marks; `written` are the label's words and `label_place` where they stand.
    """

    code: str
    label: str
    words: str
    place: Place
    written: str
    label_place: Place
    language: str = ""
    lines: tuple[tuple[str, Place], ...] = ()  # the words line by line, with the place of each

    @property
    def said(self) -> bool | None:
        """What a Yes or No says; None where it says neither."""
        return {"yes": True, "no": False}.get(self.words.casefold())


def plain(label: str) -> str:
    """A label in small letters, without marks: the same for every form.

    >>> plain("Primary end point(s)"), plain("primary_end_points")
    ('primary end points', 'primary end points')
    """
    return " ".join(re.sub(r"[^a-z0-9 ]", "", label.replace("_", " ").casefold()).split())


# Text.


def text_records(document: Document) -> Iterator[list[Answer]]:
    """The answers of each record of a text download."""
    lines: list[Line] = []
    begun = False
    for line, following in _with_following(document.lines()):
        if line.text.strip() == "Summary" and FIRST.match(following):
            if begun:
                yield list(_text_answers(document, lines))
            lines = []
        begun = begun or bool(CODED.match(line.text))
        lines.append(line)
    yield list(_text_answers(document, lines))


def _with_following(lines: Iterable[Line]) -> Iterator[tuple[Line, str]]:
    """Each line with the next one that is not blank."""
    waiting: list[Line] = []
    for line in lines:
        if line.text.strip():
            yield from ((before, line.text) for before in waiting)
            waiting = []
        waiting.append(line)
    yield from ((before, "") for before in waiting)


def _text_answers(document: Document, lines: list[Line]) -> Iterator[Answer]:
    """Each coded line with the lines that go on with it, up to the next one or a heading."""
    opened: _Open | None = None
    for line in lines:
        begun = _begun(line, opened)
        if begun is None:
            if opened is not None:
                opened.go_on(line)
            continue
        if opened is not None and opened.code:
            yield opened.close(document)
        opened = begun
    if opened is not None and opened.code:
        yield opened.close(document)


class _Open:
    """An answer whose end has not come yet; a heading opens one without code."""

    def __init__(self, code: str, label: str, label_span: tuple[int, int], start: int, end: int, lines_left: int = 0):
        self.code, self.label, self.label_span, self.start, self.end = code, label, label_span, start, end
        self.lines_left = lines_left  # on which the label may still end: a page broke it into lines

    def go_on(self, line: Line) -> None:
        """A further line: of the words, or of a label that has not come to its colon."""
        if self.lines_left:
            label, colon, _ = line.text.partition(":")
            self.label = f"{self.label} {label}"
            self.start = line.start + len(label) + 1 if colon else line.start + len(line.text)
            self.label_span = (self.label_span[0], line.start + len(label.rstrip()))
            self.lines_left = 0 if colon else self.lines_left - 1
        self.end = line.start + len(line.text.rstrip())

    def close(self, document: Document) -> Answer:
        """The answer with its words and places."""
        text = document.text[self.start : self.end]
        start = self.start + len(text) - len(text.lstrip())
        end = max(start, self.start + len(text.rstrip()))
        language = LANGUAGE.search(self.label)
        label = self.label[: language.start()] if language else self.label
        return Answer(
            self.code,
            plain(label),
            fold(document.text[start:end]),
            document.place(start, end),
            fold(document.text[slice(*self.label_span)]),
            document.place(*self.label_span),
            language["code"] if language else "",
            tuple(_lines_of(document, start, end)),
        )


def _lines_of(document: Document, start: int, end: int) -> Iterator[tuple[str, Place]]:
    for line in PART.finditer(document.text, start, end):
        yield fold(line[0]), document.place(*line.span())


def _begun(line: Line, opened: _Open | None) -> _Open | None:
    """What a line opens: an answer, or nothing but a heading; None if it goes on with what is open."""
    text, start = line.text, line.start
    in_free_text = opened is not None and opened.code in FREE
    if mark := MARKS.fullmatch(text):
        code = PRODUCT if "IMP" in mark["what"] else SPONSOR
        return _Open(code, "", (start, start + len(text)), start, start + len(text))
    if match := CODED.match(text):
        known = LABELS.get(match["code"])
        if not in_free_text or (known and re.match(known, plain(match["label"]))):
            return _opened(match, match["code"], start)
    if HEADING.match(text):
        return _Open("", "", (start, start), start, start)
    if (match := BROKEN_LABEL.fullmatch(text)) and re.match(LABELS.get(match["code"], "$."), plain(match["label"])):
        end = start + match.end("label")
        return _Open(match["code"], match["label"], (start, end), end, end, BROKEN_LINES)
    if not in_free_text and (match := HEAD_LINE.match(text)) and plain(match["label"]) in HEAD_LABELS:
        return _opened(match, HEAD, start)
    return None


def _opened(match: re.Match, code: str, start: int) -> _Open:
    first, last = (start + offset for offset in match.span("value"))
    return _Open(code, match["label"], (start + match.start(), start + match.end("label")), first, last)


# Page.


def page_records(document: Document) -> Iterator[list[Answer]]:
    """The answers of the one record of a page, row by row."""
    from reviewkit.sources.hypertext import page_paths

    paths = page_paths(document)
    yield [answer for row in paths if row.tag == "tr" for answer in _row(document, row, paths)]


def _row(document: Document, row: Element, paths: dict[Element, str]) -> Iterator[Answer]:
    from reviewkit.sources.hypertext import words_of

    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if not 0 < len(cells) < 4 or paths[row].count("/tr") > NESTED:
        return

    def place(cell: Element) -> Place:
        return Place(document.name, xpath=paths[cell])

    if len(cells) == 1:
        words = words_of(cells[0]) if cells[0].find(".//tr") is None else ""
        if mark := MARKS.fullmatch(words):
            code = PRODUCT if "IMP" in mark["what"] else SPONSOR
            yield Answer(code, "", words, place(cells[0]), words, place(cells[0]))
    elif len(cells) == 2:
        label = words_of(cells[0]).rstrip(": ")
        if plain(label) in HEAD_LABELS:
            yield Answer(HEAD, plain(label), words_of(cells[1]), place(cells[1]), label, place(cells[0]))
    elif len(cells) == 3 and (match := re.match(CODE + r"|[NP]\.?(?=$)", words_of(cells[0]))):
        label, inner = words_of(cells[1]), _first_language(cells[2])
        code = match[0].rstrip(".")
        lines = tuple((line, place(inner)) for line in _page_lines(inner))
        yield Answer(code, plain(label), words_of(inner), place(inner), label, place(cells[1]), "", lines)


def _first_language(cell: Element) -> Element:
    """The cell with the words: a text in several languages stands in a table of its own; English goes first."""
    from reviewkit.sources.hypertext import words_of

    rows = [[part for part in row if part.tag == "td"] for row in cell.iter("tr")]
    texts = [row[0] for row in rows if row and words_of(row[0])]
    english = [row[0] for row in rows if len(row) > 1 and words_of(row[-1]).casefold() in {"english", "en"}]
    return next(chain(english, texts), cell)


def _page_lines(cell: Element) -> Iterator[str]:
    parts = chain([cell.text], *((part.text, part.tail) for part in cell))
    return (words for part in parts if part and (words := " ".join(part.split())))


# JSON.

KEY = re.compile(r"(?P<code>[a-h]\d+|[np](?=_)|x[456](?=_))_?(?P<label>.*)")
CODES = [
    "A.1",
    "A.2",
    "A.3",
    "A.3.1",
    "A.3.2",
    "A.4.1",
    "A.5.1",
    "A.5.2",
    "A.5.3",
    "B.1.1",
    "B.1.3.4",
    "B.3.1",
    "B.4.1",
    "B.5.1",
    "B.5.3.4",
    "D.1.2",
    "D.2.1.1.1",
    "D.3.1",
    "D.3.2",
    "D.3.4",
    "D.3.7",
    "D.3.8",
    "D.3.9.3",
    "D.3.11.1",
    "D.3.11.2",
    "D.3.11.3.1",
    "D.3.11.3.2",
    "D.3.11.6",
    "D.3.11.7",
    "D.8.1",
    "E.1.1",
    "E.1.2",
    "E.2.1",
    "E.3",
    "E.4",
    "E.5.1",
    "E.5.1.1",
    "E.5.2",
    "E.5.2.1",
    "E.6.1",
    "E.6.2",
    "E.6.3",
    "E.7.1",
    "E.7.2",
    "E.7.3",
    "E.7.4",
    "E.8.1",
    "E.8.1.1",
    "E.8.1.2",
    "E.8.1.3",
    "E.8.1.4",
    "E.8.1.5",
    "E.8.1.6",
    "E.8.1.7",
    "E.8.1.7.1",
    "E.8.2.1",
    "E.8.2.2",
    "E.8.2.3",
    "E.8.2.4",
    "E.8.3",
    "E.8.4",
    "E.8.4.1",
    "E.8.5",
    "E.8.6.1",
    "E.8.6.2",
    "E.8.6.3",
    "E.8.8",
    "F.1.1",
    "F.1.2",
    "F.1.2.1",
    "F.1.3",
    "F.1.3.1",
    "F.2.1",
    "F.2.2",
    "F.3.1",
    "F.4.1",
    "F.4.2.1",
    "F.4.2.2",
    "N",
    "P",
]
CODE_OF_KEY = {code.replace(".", "").lower(): code for code in CODES} | dict.fromkeys(("x4", "x5", "x6"), HEAD)
MEMBERS = {"dimp": PRODUCT, "b1_sponsor": SPONSOR}  # the keys of objects that repeat


def json_records(document: Document, studies: list[tuple[str, dict[str, Any]]]) -> Iterator[list[Answer]]:
    """The answers of each stored study; `studies` are pointer and object."""
    for pointer, study in studies:
        yield list(_json_answers(document, study, pointer))


def _json_answers(document: Document, found: dict[str, Any], pointer: str) -> Iterator[Answer]:
    for key, inner in found.items():
        at = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        if isinstance(inner, (dict, list)):
            if KEY.match(key) or key in MEMBERS:
                yield from _json_members(document, key, inner, at)
        elif (match := KEY.match(key)) and (code := CODE_OF_KEY.get(match["code"])):
            words = "" if inner is None else str(inner) if not isinstance(inner, bool) else "Yes" if inner else "No"
            place = Place(document.name, pointer=at)
            yield Answer(code, plain(match["label"]), " ".join(words.split()), place, key, place)


def _json_members(document: Document, key: str, inner: Any, pointer: str) -> Iterator[Answer]:
    """The answers of objects that repeat, each member of a product or sponsor opened by a mark."""
    several = isinstance(inner, list)
    for index, member in enumerate(inner if several else [inner]):
        at = f"{pointer}/{index}" if several else pointer
        if isinstance(member, dict):
            if key in MEMBERS:
                yield Answer(
                    MEMBERS[key], "", str(index + 1), Place(document.name, pointer=at), key, Place(document.name)
                )
            yield from _json_answers(document, member, at)
