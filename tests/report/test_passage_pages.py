"""Documents of every form as pages: each value's place has its id there, its words are marked, all stays text."""

from __future__ import annotations

import io
import re

import pytest
from carriers import ARTICLE, CARRIERS, export_parts, raw_docx, two_columns

from reviewkit import sources
from reviewkit.document_pages import line_of, page_of
from reviewkit.documents import Document, fold
from reviewkit.errors import ReviewError
from reviewkit.model import Passage, Place
from reviewkit.report import page_href, passage_page
from reviewkit.report.places import place_id, short_place

PUBMED = """<?xml version="1.0"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">99999999</PMID>
<Article PubModel="Print"><ArticleTitle>Drops for <i>dry</i> eyes: a randomised trial</ArticleTitle><Abstract>
<AbstractText Label="METHODS">We randomly assigned 84 patients to drops or placebo.</AbstractText>
<AbstractText Label="RESULTS">Patients were blinded.</AbstractText></Abstract>
<ArticleDate DateType="Electronic"><Year>2015</Year></ArticleDate></Article></MedlineCitation></PubmedArticle>
</PubmedArticleSet>"""
JATS = """<article><front><article-meta><article-id pub-id-type="doi">10.1000/x1</article-id><title-group>
<article-title>Drops for dry eyes</article-title></title-group><related-object document-id-type="clinical-trial-number"
document-id="NCT02999999"/></article-meta></front><body><sec><title>Methods</title><p>We randomly assigned 84 patients
<xref rid="b1">[1]</xref> to drops or placebo. Patients were blinded.</p></sec></body></article>"""
WHO = """<trials><trial><main><trial_id>NCT02999999</trial_id><public_title>Drops</public_title>
<target_size>90</target_size>
<study_design>Allocation: Randomized. Masking: Double</study_design></main></trial></trials>"""
CSV = "ids.primary,enrolment.target\nNCT02999999,90\n"


def workbook() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Facts of <us>"
    for row in (["ids.primary", "enrolment.target", "acronym"], ["NCT02999999", 90, None], ["NCT02888888", 40, "EYE"]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


DOCUMENTS = {
    **{name: make(ARTICLE) for name, make in CARRIERS.items()},
    **{f"export-{name}": make(export_parts()) for name, make in CARRIERS.items()},
    "columns.pdf": two_columns(ARTICLE, mixed=True),
    "pubmed.xml": PUBMED.encode(),
    "jats.xml": JATS.encode(),
    "who.xml": WHO.encode(),
    "table.csv": CSV.encode(),
    "table.xlsx": workbook(),
}


def document_of(name: str, raw: bytes) -> Document:
    return Document(name, raw, lambda problem: None)


def shown(document: Document, records: list) -> str:
    values = [(value.place, value.quote) for record in records for value in record.reported]
    return "".join(page_of(document, values, css=""))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_value_s_link_leads_to_an_id_that_is_there_once(name, seen):
    document = document_of(name, DOCUMENTS[name])
    records = list(sources.read(document))
    page = seen(shown(document, records))
    values = [value for record in records for value in record.reported]
    ids = page.values("id")
    assert len(values) >= 3 and len(ids) == len(set(ids))
    assert {page_href(value.place).partition("#")[2] for value in values} - {""} <= set(ids)
    assert "Words read from other parts" not in page.text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_words_of_every_value_are_marked_at_its_id(name, seen):
    document = document_of(name, DOCUMENTS[name])
    records = list(sources.read(document))
    marks = fold(" ".join(seen(shown(document, records)).marks))
    apart = re.sub(r"[\s\-]", "", marks)
    quotes = [value.quote for record in records for value in record.reported if value.quote and value.value is not None]
    assert [quote for quote in quotes if re.sub(r"[\s\-]", "", fold(quote)) not in apart] == []


@pytest.mark.parametrize(
    "place, anchor, words",
    [
        (Place("a.pdf", page=3, line=12, start=1, end=2), "P3L12", "page 3, line 12"),
        (Place("a.pdf", page=3), "P3", "page 3"),
        (Place("a.docx", line=7, start=1, end=2), "L7", "line 7"),
        (Place("a.xml", xpath="/a/b[1]/c[2]"), "X/a/b/c_5b_2_5d_", "b/c[2]"),
        (Place("a.xml", xpath="/*[local-name()='a']/@id"), "X/a/_40_id", "a/@id"),
        (Place("a.xlsx", sheet="One/two", cell="B7"), "S/One_2f_two/B7", "One/two, B7"),
        (Place("a.xlsx", sheet="One"), "S/One", "One"),
        (Place("a.txt"), None, "document"),
    ],
)
def test_a_place_has_an_id_and_a_few_words(place, anchor, words):
    assert (place_id(place), short_place(place)) == (anchor, words)


EVIL = '<script>alert("x")</script>'


def hostile() -> dict[str, bytes]:
    import openpyxl

    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (["ids.primary", "title.public"], ["NCT02999999", EVIL]):
        book.active.append(row)
    book.save(file)
    escaped = EVIL.replace("<", "&lt;").replace(">", "&gt;")
    parts = [*ARTICLE, ("p", f"Drops {EVIL} for eyes of all the people")]
    return {
        "a.pdf": CARRIERS["a.pdf"](parts),
        "a.docx": CARRIERS["a.docx"](parts),
        "a.html": CARRIERS["a.html"](parts),
        "a.xml": PUBMED.replace("Drops for", f"Drops {escaped} for").encode(),
        "b.xml": PUBMED.replace('Version="1"', f'Version="{escaped.replace(chr(34), "&quot;")}"').encode(),
        "a.xlsx": file.getvalue(),
    }


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.html", "a.xml", "b.xml", "a.xlsx"])
def test_what_a_document_holds_stays_text(name, seen):
    document = document_of(name, hostile()[name])
    page = seen(shown(document, list(sources.read(document))))
    assert "script" not in page.tags and 'alert("x")' in page.text


def test_a_long_document_keeps_the_places_of_values_and_leaves_the_rest_out(seen):
    passages = (Passage(Place("a.xml", xpath=f"/a/b[{n}]"), f"word {n}") for n in range(2, 60_000))
    values = [(Place("a.xml", xpath="/a/b[50000]"), "word 50000")]
    page = seen("".join(passage_page("a.xml", "XML.", passages, values, css="")))
    assert page.marks == ["word 50000"] and page.text.count("word") < 20_100
    assert "29,998 passages without a value left out." in page.text


def test_words_from_places_that_no_passage_shows_stand_at_the_end(seen):
    values = [(Place("a.xml", xpath="/a/c"), "lost words"), (Place("a.xml", xpath="/a/d"), None)]
    page = seen("".join(passage_page("a.xml", "XML.", [], values, css="")))
    assert page.marks == ["lost words"] and page.values("id") == ["X/a/c", "X/a/d"]


def test_a_value_of_a_whole_element_marks_all_that_stands_in_it(seen):
    xml = b"<r><a><x>one</x><y>two</y></a><b>three</b></r>"
    values = [(Place("a.xml", xpath="/r/a"), "one two")]
    page = seen("".join(page_of(document_of("a.xml", xml), values, css="")))
    assert page.marks == ["one", "two"]


@pytest.mark.parametrize(
    "name, raw",
    [("a.pdf", b"%PDF-1.7\n"), ("a.docx", b"PK\x03\x04word/document.xml"), ("a.html", b"<html><body>\xff caf\xe9")],
)
def test_a_document_that_cannot_be_opened_again_still_shows_the_words_of_its_values(name, raw, seen):
    values = [(Place(name, page=1, line=2, start=3, end=9), "eighty")]
    page = seen("".join(page_of(document_of(name, raw), values, css="")))
    assert page.marks == ["eighty"] and page.values("id") == ["P1L2"]
    assert "cannot be shown whole" in page.text


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.docx", "columns.pdf"])
def test_the_line_around_a_value_is_found_whatever_carries_it(name):
    document = document_of(name, DOCUMENTS[name])
    (number,) = [value for value in next(sources.read(document)).reported if value.field == "ids.primary"]
    line = line_of(document, number.place)
    start = number.place.start - line.start
    assert line.text[start : start + len("NCT02999999")] == "NCT02999999"


def test_other_places_have_no_line_around_them():
    assert line_of(document_of("a.html", DOCUMENTS["a.html"]), Place("a.html", xpath="/html")) is None


def test_blank_parts_of_a_word_document_count_as_lines(seen):
    raw = raw_docx("<w:p/><w:p><w:r><w:t>We randomly assigned all patients of the clinic to drops.</w:t></w:r></w:p>")
    document = document_of("a.docx", raw)
    page = seen(shown(document, list(sources.read(document))))
    assert page.values("id")[:2] == ["L1", "L2"]


def test_every_link_of_a_review_s_report_leads_to_an_id_that_is_there(tmp_path):
    import reviewkit as rk

    (tmp_path / "review.toml").write_text('[review]\nid = "made-up"\ntitle = "x"\nsnapshot_date = "2026-01-01"\n')
    (tmp_path / "documents").mkdir()
    for name, raw in DOCUMENTS.items():
        (tmp_path / "documents" / name).write_bytes(raw)
    report = rk.open_review(tmp_path).write_report()
    links = set(re.findall(r'href="(pages/[^"#]+)#([^"]+)"', report.read_text("utf-8")))
    ids = {page: set(re.findall(r' id="([^"]*)"', (report.parent / page).read_text("utf-8"))) for page, _ in links}
    assert len(ids) > 10 and len(links) > 100
    assert [link for link in links if link[1] not in ids[link[0]]] == []


REAL = [
    *("euctr/*", "jats/*", "pubmed-xml/*", "who-dtd-xml/*", "ictrp/*", "isrctn/*", "ctgov-xml/NCT000*", "anzctr/*"),
    *("ris/*", "medline/*", "ctis/*", "extraction-sheets/*", "drks/*"),
]


@pytest.mark.real
@pytest.mark.parametrize("pattern", REAL)
def test_every_value_of_the_real_documents_has_its_id(shared, pattern, seen):
    small = [path for path in sorted((shared / "records").glob(pattern)) if path.stat().st_size < 400_000]
    for path in small[:3]:
        document = document_of(path.name, path.read_bytes())
        try:
            records = list(sources.read(document))
        except ReviewError:
            continue
        ids = re.findall(r' id="([^"]*)"', shown(document, records))
        values = [value for record in records for value in record.reported]
        assert len(ids) == len(set(ids)), path.name
        assert {place_id(value.place) for value in values} - {None} <= set(ids), path.name
