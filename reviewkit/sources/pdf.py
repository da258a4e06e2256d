"""PDF: its text, page by page and line by line, read as the form it has (a registry's export, an article).

A place is the page and the line on it in reading order, from 1, and `start` and `end`: offsets (end exclusive) in the
text of the page as pypdfium2 gives it (`get_textpage().get_text_range()`, U+FFFE being a hyphen at a line's end). Only
where that text mixes two columns line by line, its lines are put in order first, joined by CR LF; columns are told by
where the lines stand. After `folded` the words there are the quote; of a quote that runs on to another page, its
beginning.

Running heads and page numbers are no part of the text, lines of a paragraph are joined, and words that were divided are
put together again. A scanned PDF has no text, which is said: nothing is recognised from pictures.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from reviewkit.documents import Document
from reviewkit.model import Passage, Place, Record
from reviewkit.sources import article
from reviewkit.sources.flow import Flow, Piece, glue
from reviewkit.sources.inner import read_inner
from reviewkit.sources.pdf_columns import raised_powers, text_in_order

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

NAME = "pdf"
KIND = article.KIND
FIELDS = article.FIELDS
MARK = b"%PDF"
PAGES = 2_000  # more is a book
HYPHENS = "-\u2010\u00ad\ufffe\x02"
DIVIDED = re.compile(rf"(?P<first>[^\W\d_]+)[{HYPHENS}]$")
GOES_ON = re.compile(r"[^\W\d_]+")
WORD = re.compile(rf"[^\W\d_]+(?:[{HYPHENS}][^\W\d_]+)*")
LABELLED = re.compile(r"[A-Z][\w/()&,'\- ]{1,60}(?::|$)|[•·▪\-*–] |\(?\d{1,2}[.)] ")
ENDS = re.compile(r"[.:;?!)\]]$")
SPELT = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "ft",
    "\ufb06": "st",
}
SPECIAL = re.compile("[\ufb00-\ufb06\u00ad\ufffe\x02]")
# First parts of words that keep their hyphen where a line ends after it, and whole words that do.
KEPT = {
    "active", "between", "case", "computer", "cost", "dose", "double", "dropout", "evidence", "four", "high", "long",
    "low", "open", "patient", "placebo", "quality", "self", "sham", "short", "single", "three", "triple", "two", "web",
}  # fmt: skip
KEPT_WORDS = {
    "add-on", "cross-over", "day-old", "drop-out", "follow-up", "intention-to", "month-old", "non-inferiority",
    "non-randomised", "non-randomized", "one-sided", "per-protocol", "post-hoc", "week-old", "year-old",
}  # fmt: skip
SHORTEST = 40  # characters of a line that a paragraph is broken into
APART = 1.12  # times the distance of lines: a new paragraph
FEW = 3  # gaps that tell the distance of lines
LONG_HEAD = 12  # characters that two pages hardly share by chance
EDGE = 3  # lines at the top and the bottom of a page that may be its running head or number
PAGE_NUMBER = re.compile(
    r"(?:page|p\.?|seite)?\s*[-–—|]?\s*(?P<number>\d{1,4})\s*[-–—|]?(?:\s*(?:of|/)\s*\d{1,4})?", re.I
)
UNDECODED = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")


class Line(NamedTuple):
    """One line of a page: its number in reading order, where it stands in the page's text, and how high on the page."""

    number: int
    start: int
    end: int
    height: float | None


class Page(NamedTuple):
    """One page: its number, its text, its lines in reading order, whether it is a picture without text, and where the
    digits of a power begin (from where what stands before them is left out)."""

    number: int
    text: str
    lines: list[Line]
    has_picture: bool
    powers: dict[int, int]

    def words(self, line: Line) -> str:
        """The words of a line as they stand."""
        return self.text[line.start : line.end]


def recognise(document: Document) -> str | None:
    """By its first bytes."""
    return "a PDF" if MARK in document.head[:1024] else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The records of its text; ReviewError if it cannot be opened or holds no text."""
    pages = pages_of(document)
    _tell_what_is_missing(document, pages)
    known = f"{recognised_by} of {len(pages)} {'page' if len(pages) == 1 else 'pages'}"
    yield from read_inner(PdfFlow(document, pages, joined=False), PdfFlow(document, pages, joined=True), known, NAME)


def passages(document: Document) -> Iterator[Passage]:
    """Every line of every page; a hyphen at a line's end is shown as one."""
    for page in pages_of(document):
        for line in page.lines:
            words = page.words(line).replace("\ufffe", "-").replace("\x02", "-")
            yield Passage(_place(document.name, page.number, line), words, str(line.number))


def _place(name: str, page: int, line: Line) -> Place:
    return Place(name, page=page, line=line.number, start=line.start, end=line.end)


def folded(words: str) -> str:
    """Words of a page in the form in which they equal a quote: ligatures spelt out, lines joined, hyphens left out.

    Whether a hyphen at a line's end is the word's own is told by other words, so that hyphens say nothing here.

    >>> folded("random\\ufffeised, double-\\r\\nblind"), folded("randomised, double-blind")
    ('randomised, doubleblind', 'randomised, doubleblind')
    """
    for ligature, letters in SPELT.items():
        words = words.replace(ligature, letters)
    words = re.sub(r"(?<=[×xX*·]10)[ \u00a0\u2009^]?(?=[-\u2212]?\d)", "", re.sub(r"([×xX*·])\s?(?=10)", r"\1", words))
    return " ".join(re.sub(rf"[{HYPHENS}](?:\s*[\r\n]+\s*)?", "", words.replace("**", "")).split())


# Pages and lines.


@lru_cache(maxsize=1)
def pages_of(document: Document) -> list[Page]:
    """The pages that hold text or pictures; ReviewError if the PDF cannot be opened, or holds no text at all."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(document.raw)
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise _unopened(document, str(error)) from error
    try:
        pages = list(_read_pages(document, pdf))
    finally:
        pdf.close()
    text = "".join(page.text for page in pages)
    if not text.strip():
        raise document.refuse(
            found="a PDF without text (scanned pages)" if pages else "a PDF without pages that can be read",
            expected="a PDF whose words can be selected",
            fix="run text recognition over it first, or find the article as text",
        )
    if len(UNDECODED.findall(text)) > 0.3 * len("".join(text.split())):
        raise document.refuse(
            found="a PDF whose letters have no meaning outside its own fonts",
            expected="a PDF whose words can be copied",
            fix="run text recognition over it first, or find the article as text",
        )
    return pages


def _unopened(document: Document, reason: str):
    locked = "password" in reason.casefold()
    return document.refuse(
        found="a PDF that asks for a password" if locked else f"a PDF that cannot be opened ({reason.rstrip('.')})",
        expected="a PDF without a password, whole",
        fix="save it without a password" if locked else "download the file again",
    )


def _read_pages(document: Document, pdf: PdfDocument) -> Iterator[Page]:
    import pypdfium2

    if len(pdf) > PAGES:
        document.notice(
            None,
            found=f"a PDF of {len(pdf):,} pages",
            expected=f"at most {PAGES:,} pages",
            fix="split it; the pages after these were not read",
        )
    for index in range(min(len(pdf), PAGES)):
        try:
            yield _read_page(pdf, index)
        except pypdfium2.PdfiumError as error:
            document.notice(
                Place(document.name, page=index + 1),
                found=f"a page that cannot be read ({str(error).rstrip('.')})",
                expected="a whole page",
                fix="download the file again; the other pages were read",
            )


def _read_page(pdf: PdfDocument, index: int) -> Page:
    import pypdfium2.raw as pdfium

    page = pdf[index]
    textpage = page.get_textpage()
    try:
        text, found = text_in_order(textpage)
        lines = [Line(number, *line) for number, line in enumerate(found, 1)]
        powers = raised_powers(textpage, text)
        has_picture = not text.strip() and any(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2))
    finally:
        textpage.close()
        page.close()
    return Page(index + 1, text, lines, has_picture, powers)


def _tell_what_is_missing(document: Document, pages: list[Page]) -> None:
    """Pages that are pictures in a PDF that has text otherwise."""
    pictures = [page.number for page in pages if page.has_picture]
    if pictures:
        document.notice(
            Place(document.name, page=pictures[0]),
            found=f"{len(pictures)} of {len(pages)} pages without text (pictures)",
            expected="pages whose words can be selected",
            fix="run text recognition over them; the other pages were read",
        )


# The text put together.


class PdfFlow(Flow):
    """The text of all pages, without running heads and page numbers; `joined` makes paragraphs of lines.

    Words that a line's end divides are whole in both.
    """

    def __init__(self, document: Document, pages: list[Page], *, joined: bool):
        self.pages = {page.number: page for page in pages}
        self.origins: list[tuple[int, Line, int, int] | None] = []  # page, line, start and end in the page's text
        super().__init__(document, self._pieces(document, pages, joined=joined))

    def _pieces(self, document: Document, pages: list[Page], *, joined: bool) -> list[Piece]:
        passed = _running_lines(pages)
        lines = [(page, line) for page in pages for line in page.lines if (page.number, line.number) not in passed]
        vocabulary = _vocabulary(pages)
        everywhere = max(map(_widest, pages))
        widest = {page.number: max(_widest(page), everywhere // 2, SHORTEST) for page in pages}
        leading = _leading(pages)
        pieces: list[Piece] = []
        for index, (page, line) in enumerate(lines):
            following = lines[index + 1] if index + 1 < len(lines) else None
            after = following[0].words(following[1]) if following else ""
            words = page.words(line)
            keep = _kept(words, after, vocabulary)
            pieces += self._of_line(document, page, line, len(words.rstrip()) - (1 if keep == "" else 0))
            if keep is not None:
                continue
            near = _is_near(line, following, page, leading)
            goes_on = joined and near is not False and _goes_on(words, after, widest[page.number], surely=bool(near))
            pieces.append(glue(document, " " if goes_on else "\n"))
            self.origins.append(None)
        return pieces

    def _of_line(self, document: Document, page: Page, line: Line, length: int) -> Iterator[Piece]:
        """The runs of a line that stand as they are, and what is spelt out, each with its span."""
        start, end = line.start, line.start + max(0, length)
        spelt = {match.span(): self._spelt(match, end) for match in SPECIAL.finditer(page.text, start, end)}
        spelt |= {span: "^" for span in page.powers.items() if start < span[0] and span[1] < end}
        for (first, last), letters in [*sorted(spelt.items()), ((end, end), "")]:
            if start < first:
                yield self._piece(document, page, line, (start, first), page.text[start:first].replace("\u00a0", " "))
            if letters or first < last:
                yield self._piece(document, page, line, (first, last), letters)
            start = last

    def _spelt(self, match: re.Match, end: int) -> str:
        """What is read for a ligature, or a hyphen that is no letter: a hyphen only at the end of a line."""
        return SPELT.get(match[0], "-" if match.end() == end and match[0] in "\ufffe\x02" else "")

    def _piece(self, document: Document, page: Page, line: Line, span: tuple[int, int], words: str) -> Piece:
        self.origins.append((page.number, line, *span))
        as_they_are = len(words) == span[1] - span[0]
        return Piece(words, lambda start, end: _part(document.name, page.number, line, span, start, end, as_they_are))

    def place(self, start: int, end: int) -> Place:
        """The place of `text[start:end]`: to its end where the page's text has the same words there."""
        first = super().place(start, end)
        if first.page is None or first.start is None:
            return first
        last = self._last_on_page(start, end, first.page)
        if last is None or last <= (first.end or 0):
            return first
        words = self.pages[first.page].text[first.start : last]
        whole = folded(self.text[start:end])
        here = folded(words)
        return first if not here or not whole.startswith(here) else _until(first, last)

    def _last_on_page(self, start: int, end: int, page: int) -> int | None:
        """Where, in the text of a page, the last of the words there ends."""
        from bisect import bisect_right

        index = bisect_right(self.starts, end - 1) - 1
        while index >= 0 and self.starts[index] + len(self.pieces[index].text) > start:
            origin = self.origins[index]
            if origin is not None and origin[0] == page and self.pieces[index].text:
                part = self.pieces[index].place(0, min(end - self.starts[index], len(self.pieces[index].text)))
                return part.end
            index -= 1
        return None


def _until(place: Place, end: int) -> Place:
    import msgspec

    return msgspec.structs.replace(place, end=end)


def _part(name: str, page: int, line: Line, span: tuple[int, int], start: int, end: int, as_they_are: bool) -> Place:
    first, last = (span[0] + start, span[0] + end) if as_they_are else span
    return Place(name, page=page, line=line.number, start=first, end=last)


def _is_near(line: Line, following: tuple[Page, Line] | None, page: Page, leading: float | None) -> bool | None:
    """Does the next line stand as near as the lines of a paragraph? None where that is not known."""
    if leading is None or following is None or following[0] is not page:
        return None
    below = following[1].height
    if line.height is None or below is None or below > line.height:
        return None
    return line.height - below <= APART * leading


def _leading(pages: list[Page]) -> float | None:
    """How far the lines of a paragraph are apart: as after lines that surely go on, the next beginning in small."""
    gaps = [
        one.height - other.height
        for page in pages
        for widest in [max(_widest(page), SHORTEST)]
        for one, other in pairwise(page.lines)
        if one.height is not None
        and other.height is not None
        and one.height > other.height
        and page.words(other).lstrip()[:1].islower()
        and _goes_on(page.words(one), page.words(other), widest)
    ]
    return median(gaps) if len(gaps) >= FEW else None


def _goes_on(words: str, after: str, widest: int, *, surely: bool = False) -> bool:
    """Does a paragraph go on in the next line? Where the line is about as long as others and ends no sentence; where it
    is `surely` near, also after a sentence, unless the next line begins with a label."""
    if len(words.strip()) <= 0.6 * widest or not after.strip():
        return False
    return not ENDS.search(words.rstrip()) or (surely and not LABELLED.match(after.lstrip()))


def _widest(page: Page) -> int:
    """The length that long lines of a page have: nine of ten are no longer."""
    lengths = sorted(line.end - line.start for line in page.lines)
    return lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0


def _vocabulary(pages: list[Page]) -> Counter[str]:
    """The words of the document that stand whole on a line, in small letters, hyphens being plain."""
    return Counter(
        re.sub(rf"[{HYPHENS}]", "-", word)
        for page in pages
        for line in page.lines
        for word in WORD.findall(page.words(line).casefold())
    )


def _kept(words: str, after: str, vocabulary: Counter[str]) -> str | None:
    """What joins a word that a line's end divides: "-" where its hyphen is its own, "" else; None if none is divided.

    A word is joined as the document has it elsewhere; a soft hyphen always goes.
    """
    divided = DIVIDED.search(words.rstrip())
    second = GOES_ON.match(after.lstrip())
    if not divided or not second or not second[0][0].islower():
        return None
    if words.rstrip()[-1] == "\u00ad":
        return ""
    first, rest = divided["first"].casefold(), second[0].casefold()
    with_hyphen, without = vocabulary[f"{first}-{rest}"], vocabulary[first + rest]
    if with_hyphen != without:
        return "-" if with_hyphen > without else ""
    return "-" if first in KEPT or f"{first}-{rest}" in KEPT_WORDS else ""


def _running_lines(pages: list[Page]) -> set[tuple[int, int]]:
    """Page and number of lines that are no text: heads and feet that repeat (but the first), and page numbers.

    A head repeats in its own line of many pages; the same words elsewhere are text.
    """
    with_text = [page for page in pages if page.lines]
    if len(with_text) < 2:
        return set()
    found: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for page in with_text:
        for slot, line, key in _edges(page):
            found.setdefault((slot, key), []).append((page.number, line.number))
    enough = max(3, math.ceil(0.4 * len(with_text)))
    passed: set[tuple[int, int]] = set()
    for (slot, key), lines in found.items():
        on_both_of_two = len(with_text) == len(lines) == 2 and slot in (0, -1) and len(key) >= LONG_HEAD
        if (len(lines) >= enough and len(key) > 3) or on_both_of_two:
            passed.update(lines[1:])
    return passed | _page_numbers(with_text)


def _edges(page: Page) -> Iterator[tuple[int, Line, str]]:
    """The first and last lines of a page: their place from the top (0, 1 …) or the bottom (-1, -2 …), and their words
    with numbers left out."""
    lines = [line for line in page.lines if page.words(line).strip()]
    slots = [*range(min(EDGE, len(lines))), *range(-min(EDGE, max(0, len(lines) - EDGE)), 0)]
    for slot in slots:
        yield slot, lines[slot], re.sub(r"\d+", "#", " ".join(page.words(lines[slot]).casefold().split()))


def _page_numbers(pages: list[Page]) -> set[tuple[int, int]]:
    """First or last lines that hold a number which grows with the pages."""
    found: list[tuple[int, int, int]] = []
    for page in pages:
        lines = [line for line in page.lines if page.words(line).strip()]
        for line in {lines[0].number: lines[0], lines[-1].number: lines[-1]}.values() if lines else ():
            if match := PAGE_NUMBER.fullmatch(page.words(line).strip()):
                found.append((page.number, line.number, int(match["number"]) - page.number))
    if not found:
        return set()
    offset, times = Counter(before for _, _, before in found).most_common(1)[0]
    if times < max(2, round(0.5 * len(pages))):
        return set()
    return {(page, line) for page, line, before in found if before == offset}
