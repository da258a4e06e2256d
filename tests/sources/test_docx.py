"""DOCX: paragraphs, cells, notes and text boxes in order; what a writer deleted or hid is not read."""

from __future__ import annotations

import io
import zipfile

import pytest
from carriers import ARTICLE, WORD, docx_of, raw_docx, text_of
from hypothesis import given
from hypothesis import strategies as st

from reviewkit import sources
from reviewkit.documents import Document, fold
from reviewkit.errors import ReviewError
from reviewkit.sources import docx

SENTENCE = "We randomly assigned all patients of the clinic to drops or placebo."


def document_of(raw: bytes) -> Document:
    return Document("a.docx", raw, lambda problem: None)


def read(raw: bytes) -> list:
    return list(sources.read(document_of(raw)))


def paragraphs(body: str, **parts: str) -> list[str]:
    return docx.paragraphs_of(document_of(raw_docx(body, **parts)))


def run(words: str, properties: str = "") -> str:
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}<w:t xml:space='preserve'>{words}</w:t></w:r>"


def par(*inner: str) -> str:
    return f"<w:p>{''.join(inner)}</w:p>"


RAISED = "<w:vertAlign w:val='superscript'/>"
BOX = "http://schemas.openxmlformats.org/markup-compatibility/2006"


@pytest.mark.parametrize(
    "body, words",
    [
        (par(run("one "), run("two")), ["one two"]),
        (par(run("kept"), "<w:del><w:r><w:delText> gone</w:delText></w:r></w:del>"), ["kept"]),
        (par(run("kept"), f"<w:ins>{run(' new')}</w:ins>"), ["kept new"]),
        (par(run("kept"), f"<w:moveFrom>{run(' old place')}</w:moveFrom>"), ["kept"]),
        (par(run("kept"), f"<w:moveTo>{run(' new place')}</w:moveTo>"), ["kept new place"]),
        (par(run("seen"), run(" hidden", "<w:vanish/>")), ["seen"]),
        (par(run("double"), "<w:r><w:noBreakHyphen/></w:r>", run("blind")), ["double-blind"]),
        (par(run("ran"), "<w:r><w:softHyphen/></w:r>", run("domised")), ["randomised"]),
        (par(run("one"), "<w:r><w:br/></w:r>", run("two"), "<w:r><w:tab/></w:r>", run("three")), ["one two\tthree"]),
        (par(run("2 x 10"), run("8", RAISED), run(" cells")), ["2 x 10^8 cells"]),
        (par(run("45 patients"), run("12", RAISED)), ["45 patients^12"]),
        (par(run("page "), "<w:r><w:instrText>PAGE 7</w:instrText></w:r>"), ["page"]),
        (par(f"<w:hyperlink>{run('link')}</w:hyperlink>"), ["link"]),
        (par(f"<w:sdt><w:sdtContent>{run('field')}</w:sdtContent></w:sdt>"), ["field"]),
        (
            f"<w:tbl><w:tr><w:tc>{par(run('A'))}</w:tc><w:tc>{par(run('B'))}</w:tc></w:tr>"
            f"<w:tr><w:tc>{par(run('C'))}</w:tc></w:tr></w:tbl>",
            ["A", "B", "C"],
        ),
        (
            par(
                run("before"),
                f"<w:r><mc:AlternateContent xmlns:mc='{BOX}'><mc:Choice><w:txbxContent>{par(run('box'))}"
                f"</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>{par(run('box'))}</w:txbxContent>"
                "</mc:Fallback></mc:AlternateContent></w:r>",
                run(" after"),
            ),
            ["before after", "box"],
        ),
        (par(), [""]),
    ],
)
def test_the_words_of_paragraphs(body, words):
    assert paragraphs(body) == words


def test_footnotes_and_endnotes_follow_the_body():
    notes = f"<w:footnote>{par(run('a note'))}</w:footnote>"
    assert paragraphs(par(run("text")), footnotes=notes, endnotes=par(run("the end"))) == ["text", "a note", "the end"]


def test_a_place_is_a_paragraph_and_its_span_in_the_joined_text():
    raw = docx_of(ARTICLE)
    text = "\n".join(docx.paragraphs_of(document_of(raw)))
    (record,) = read(raw)
    assert len(record.reported) > 15
    for value in record.reported:
        assert fold(text[value.place.start : value.place.end]) == value.quote
        assert text[: value.place.start].count("\n") + 1 == value.place.line


def test_a_deleted_size_is_never_a_value():
    change = "<w:del><w:r><w:delText>120</w:delText></w:r></w:del>" + f"<w:ins>{run('90')}</w:ins>"
    (record,) = read(raw_docx(par(run("We planned to enrol "), change, run(" patients of our clinic in this trial."))))
    assert [value.value for value in record.all("enrolment.target")] == [90]


def test_cells_of_a_table_are_read_in_order():
    import docx as python_docx

    document = python_docx.Document()
    document.add_paragraph(SENTENCE)
    table = document.add_table(2, 2)
    for number, words in enumerate(["Registration", "NCT02999999", "Phase", "2"]):
        table.cell(number // 2, number % 2).text = words
    file = io.BytesIO()
    document.save(file)
    assert docx.paragraphs_of(document_of(file.getvalue())) == [SENTENCE, "Registration", "NCT02999999", "Phase", "2"]


def refusal(raw: bytes) -> str:
    with pytest.raises(ReviewError) as caught:
        read(raw)
    problem = caught.value.problem
    assert problem.expected == "a .docx file as Word or LibreOffice saves it"
    assert problem.fix == "open it there and save it again, or save its text"
    return problem.found


def packed(main: bytes, **more: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", main)
        for name, data in more.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_a_document_type_declaration_is_refused():
    evil = b"<!DOCTYPE w [<!ENTITY a 'b'>]><w/>"
    assert refusal(packed(evil)) == "a document type declaration in word/document.xml"


def test_a_document_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(docx, "MOST_UNPACKED", 1000)
    assert refusal(packed(b"<w>" + b" " * 5000 + b"</w>")) == "a Word document of over 200 MB unpacked"


def test_a_part_that_lies_about_its_size_is_refused(monkeypatch):
    monkeypatch.setattr(docx, "MOST_UNPACKED", 1000)
    raw = packed(b"<w>" + b" " * 5000 + b"</w>")
    lied = raw.replace((5007).to_bytes(4, "little"), (90).to_bytes(4, "little"))
    assert lied != raw and refusal(lied).startswith(("a broken Word document", "a Word document of over"))


@pytest.mark.parametrize("main", [b"", b"<w:document>", b"no markup", "<w>\ud800</w>".encode("utf-8", "surrogatepass")])
def test_a_broken_part_is_refused(main):
    assert refusal(packed(main)).startswith("a broken Word document (")


def test_a_broken_archive_is_refused():
    assert refusal(docx_of(ARTICLE)[:-200]).startswith("a broken Word document (")


def test_a_password_is_told_as_a_broken_document():
    raw = bytearray(packed(f"<w:document xmlns:w='{WORD}'/>".encode()))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + offset] |= 1  # the flag of an encrypted part
    assert refusal(bytes(raw)).startswith("a broken Word document (")


def test_a_document_without_words_is_refused():
    with pytest.raises(ReviewError) as caught:
        read(raw_docx(par(run("1 2 3"))))
    assert caught.value.problem.found == "a Word document, without words in a row"


DAMAGED = docx_of(ARTICLE)


@given(st.integers(0, len(DAMAGED)), st.integers(0, 200), st.binary(max_size=12))
def test_damage_gives_records_or_a_message(at, length, put):
    try:
        read(DAMAGED[:at] + put + DAMAGED[at + length :])
    except ReviewError as error:
        assert error.problem.found and error.problem.fix


@given(
    st.recursive(st.sampled_from(["t", "br", "del", "tab"]), lambda inner: st.lists(inner, max_size=3), max_leaves=9)
)
def test_any_nesting_of_elements_is_read(tree):
    def xml(node) -> str:
        return (
            f"<w:{node}>x</w:{node}>" if isinstance(node, str) else f"<w:r><w:p>{''.join(map(xml, node))}</w:p></w:r>"
        )

    assert all(isinstance(words, str) for words in paragraphs(par(xml(tree))))


def test_a_deep_nest_and_many_paragraphs_are_read():
    deep = "<w:r>" * 200 + "<w:t>deep</w:t>" + "</w:r>" * 200
    assert paragraphs(par(deep) + par(run("x")) * 20_000)[:2] == ["deep", "x"]


def test_the_same_article_as_text_gives_the_same_quotes():
    (by_text,) = sources.read(Document("a.txt", text_of(ARTICLE), lambda problem: None))
    (by_word,) = read(docx_of(ARTICLE))
    assert [value.quote for value in by_word.reported] == [value.quote for value in by_text.reported]
