"""One file as it came: decoding, lines and places, and what is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit import documents
from reviewkit.documents import MAX_BYTES, Document, LongDocument, fold, open_document, streamed_lines
from reviewkit.errors import ReviewError


def document(raw: bytes, problems: list | None = None) -> Document:
    return Document("a.txt", raw, (problems if problems is not None else []).append)


@pytest.mark.parametrize(
    "raw, text",
    [
        ("Größe: ۸".encode(), "Größe: ۸"),
        ("\ufeffGröße".encode(), "Größe"),
        ("Größe".encode("utf-16"), "Größe"),
        ("\ufeffGröße".encode("utf-16-be"), "Größe"),
    ],
)
def test_utf_8_and_utf_16_with_a_byte_order_mark_are_read(raw, text):
    assert document(raw).text == text


@pytest.mark.parametrize(
    "raw, found, line",
    [
        (b"One line\nna\xefve", "byte 0xef, which is not UTF-8", 2),
        ("سلام".encode("windows-1256"), "byte 0xd3, which is not UTF-8", 1),
        (b"a\nb\x00c", "NUL characters, so a binary or damaged file", 2),
        (b"%PDF-1.7 \xff", "a PDF file", None),
        (b"PK\x03\x04rest", "a zip archive that is no Word document and no workbook", None),
        (b"\x1f\x8b\x08rest", "a gzip archive", None),
    ],
)
def test_other_bytes_are_refused_with_what_they_are(raw, found, line):
    with pytest.raises(ReviewError) as error:
        _ = document(raw).text
    problem = error.value.problem
    assert (problem.found, problem.place.line, problem.severity, problem.document) == (found, line, "error", "a.txt")
    assert problem.expected and problem.fix


def test_a_file_over_the_limit_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ReviewError) as error:
        open_document(path, "big.txt", [].append)
    assert error.value.problem.expected == "a document of at most 50 MB"


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
def test_lines_break_at_lf_crlf_and_cr_alone(break_):
    read = document(break_.join(["one", "", "three"]).encode())
    assert [(line.number, line.text) for line in read.lines()] == [(1, "one"), (2, ""), (3, "three")]
    assert read.line_of(read.text.index("three")) == 3


def test_other_separators_of_unicode_break_no_line():
    read = document("one\u2028still one\x0band\x85still".encode())
    assert [line.number for line in read.lines()] == [1]


@given(st.text(alphabet="ab \n\r\u2028é*", max_size=60))
def test_line_numbers_and_offsets_fit_the_text(text):
    read = document(b"x" + text.encode())
    for line in read.lines():
        assert read.text[line.start : line.start + len(line.text)] == line.text
        assert line.number == len(re.findall(r"\r\n|\r|\n", read.text[: line.start])) + 1 == read.line_of(line.start)


def test_a_quote_is_on_one_line_and_without_bold_marks():
    assert fold(" **Recruitment**\r\n\u00a0 centre ") == "Recruitment centre"


STREAMED = {
    "the root of WHO's export": "<?xml version='1.0'?><Trials_downloaded_from_ICTRP>",
    "the root of WHO's exchange form": "<trials><trial>",
    "a root with a prefix": "<who:trials xmlns:who='x'>",
    "a set of PubMed": "<PubmedArticleSet>",
    "a column for trial numbers": "Phase,TrialID,Countries",
    "the same with a blank": "Phase;Trial ID;Countries",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("what", STREAMED)
def test_a_long_file_whose_head_shows_a_form_of_many_records_is_not_held(tmp_path, monkeypatch, what, encoding):
    monkeypatch.setattr(documents, "LONG", 100)
    raw = (STREAMED[what] + "\n" + "x" * 200).encode(encoding)
    path = tmp_path / "long"
    path.write_bytes(raw)
    long = open_document(path, "long", [].append)
    held = Document("long", raw, [].append)
    assert isinstance(long, LongDocument) and "raw" not in vars(long)
    assert (long.sha256, long.head) == (held.sha256, held.head)
    with long.open() as file:
        assert file.read() == raw
    assert (long.raw, long.text) == (raw, held.text)  # another source may still want it whole


def test_other_long_files_are_held(tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "LONG", 100)
    path = tmp_path / "long.txt"
    path.write_text("This trial identifies nobody.\n" * 20)
    assert not isinstance(open_document(path, "long.txt", [].append), LongDocument)


def test_a_long_file_over_the_limit_refuses_to_be_held_and_one_that_is_gone_to_be_read(tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "LONG", 100)
    monkeypatch.setattr(documents, "MAX_BYTES", 200)
    path = tmp_path / "long.xml"
    path.write_text("<trials>" + "x" * 300)
    long = open_document(path, "long.xml", [].append)
    with pytest.raises(ReviewError) as error:
        _ = long.raw
    assert error.value.problem.fix == "split the file; one record or one search page a file is best"
    path.unlink()
    with pytest.raises(ReviewError) as error:
        _ = long.sha256
    assert error.value.problem.found == "No such file or directory"


def long_document(folder, raw: bytes) -> LongDocument:
    path = folder / "a.txt"
    path.write_bytes(raw)
    return LongDocument("a.txt", path, len(raw), raw[: documents.HEAD], [].append)


@given(st.text(alphabet="ab\n\r\u2028é,", max_size=60))
def test_streamed_lines_are_the_text_in_pieces_that_break_where_lines_do(tmp_path_factory, text):
    raw = b"x" + text.encode()
    pieces = list(streamed_lines(document(raw)))
    assert pieces == list(streamed_lines(long_document(tmp_path_factory.getbasetemp(), raw)))
    assert "".join(pieces) == "x" + text
    assert all(re.search(r"(?:\r\n|\r|\n)\Z", piece) for piece in pieces[:-1])


@pytest.mark.parametrize(
    "raw, found, line",
    [
        (b"One line\nna\xefve", "byte 0xef, which is not UTF-8", 2),
        (b"One line\nna\xc3", "byte 0xc3, which is not UTF-8", 2),
        (b"a\nb\x00c", "NUL characters, so a binary or damaged file", 2),
        (b"\xff\xfea\x00\n\x00\x00\xdcb\x00", "byte 0x00, which is not UTF-16", 2),
        (b"%PDF-1.7 \xff", "a PDF file", None),
    ],
)
def test_streamed_bytes_that_are_no_text_are_refused_where_they_are_met(tmp_path, raw, found, line):
    for one in (document(raw), long_document(tmp_path, raw)):
        with pytest.raises(ReviewError) as error:
            list(streamed_lines(one))
        assert (error.value.problem.found, error.value.problem.place.line) == (found, line)
