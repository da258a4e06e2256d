"""PDF: the values of its text, each at its page and line; what has no text is refused."""

from __future__ import annotations

import io

import pytest
from carriers import ARTICLE, CARRIERS, EXPORT, export_parts, new_pdf, pdf_of, text_of, two_columns
from hypothesis import given
from hypothesis import strategies as st

from reviewkit import sources
from reviewkit.documents import Document
from reviewkit.errors import ReviewError
from reviewkit.sources import pdf


def document_of(raw: bytes, name: str = "a.pdf") -> tuple[Document, list]:
    problems: list = []
    return Document(name, raw, problems.append), problems


def read(raw: bytes, name: str = "a.pdf") -> list:
    return list(sources.read(document_of(raw, name)[0]))


def told(records: list) -> list:
    """What the records say, apart from places."""
    return [
        (v.field, v.item, v.value, str(v.state), v.quote)
        for record in records
        for v in record.reported
        if v.value is not None
    ]


def as_lines(*lines: str, gap: int = 6) -> bytes:
    """A page with these lines."""
    page = new_pdf()
    for number, line in enumerate(lines):
        page.text(15, 20 + gap * number, line)
    return bytes(page.output())


def flow_of(raw: bytes, *, joined: bool = True) -> str:
    document, _ = document_of(raw)
    return pdf.PdfFlow(document, pdf.pages_of(document), joined=joined).text


@pytest.mark.parametrize("parts", [ARTICLE, export_parts()], ids=["article", "IRCT export"])
@pytest.mark.parametrize("name", CARRIERS)
def test_a_text_says_the_same_whatever_carries_it(name, parts):
    by_text = told(read(text_of(parts), "a.txt"))
    found = told(read(CARRIERS[name](parts), name))
    if parts is ARTICLE:  # a page's first line is no title to a page that has a title of its own
        by_text, found = ([row for row in rows if row[0] != "report.title"] for rows in (by_text, found))
    assert len(by_text) > 15 and sorted(map(repr, found)) == sorted(map(repr, by_text))


@pytest.mark.parametrize("name", CARRIERS)
@pytest.mark.parametrize(
    "printed, doi",
    [
        ("https://doi.org/10.1000/Eyes.15", "10.1000/eyes.15"),
        ("J Eyes 2015. doi: 10.1000/eyes.15.", "10.1000/eyes.15"),
        ("DOI 10.1000/eyes(15)3", "10.1000/eyes(15)3"),
        ("Data: https://doi.org/10.5281/zenodo.1. Registered: https://doi.org/10.1186/ISRCTN12345679", None),
        ("doi: 10.1000/one and doi: 10.1000/two", None),
        ("Number 10.1000/eyes.15 of the files", None),
    ],
)
def test_the_one_doi_at_the_head_of_an_article_is_its_own(name, printed, doi):
    (record,) = read(CARRIERS[name]([ARTICLE[0], ("p", printed), *ARTICLE[1:]]), name)
    assert [value.value for value in record.all("report.doi")] == ([doi] if doi else [])


def test_a_doi_among_the_references_is_another_article_s():
    (record,) = read(pdf_of([*ARTICLE, ("p", "2. Other. doi: 10.1000/other")]))
    assert record.all("report.doi") == []


@pytest.mark.parametrize("name", CARRIERS)
def test_an_export_is_known_as_the_registry_s_whatever_carries_it(name):
    (record,) = read(CARRIERS[name](export_parts()), name)
    assert (record.source, record.kind) == ("irct", "registry")


@pytest.mark.parametrize("mixed", [False, True], ids=["column by column", "line by line across both"])
def test_two_columns_are_read_one_after_the_other(mixed):
    assert told(read(two_columns(ARTICLE, mixed=mixed))) == told(read(pdf_of(ARTICLE)))


def test_rows_of_a_table_are_not_taken_for_columns():
    rows = [("Registration number", "X1"), ("Phase", "2"), ("Sex", "Both"), ("Target size", "90 persons in two groups"),
            ("Start", "2015"), ("Masking of everyone", "Double"), ("Aim", "Comfort"), ("Allocation", "Randomised by"),
            ("Age", "18"), ("Sponsor", "Tear House"), ("City", "Nowhere"), ("Funding of it", "None")]  # fmt: skip
    page = new_pdf()
    for number, (label, value) in enumerate(rows):
        page.text(15, 20 + 6 * number, label)
        page.text(110, 20 + 6 * number, value)
    words = flow_of(bytes(page.output()), joined=False).split()
    assert words == " ".join(f"{label} {value}" for label, value in rows).split()


@pytest.mark.parametrize("raw", [pdf_of(ARTICLE), pdf_of(ARTICLE * 12), two_columns(ARTICLE, mixed=True)])
def test_every_quote_stands_at_its_page_line_and_span(raw):
    document, _ = document_of(raw)
    (record,) = sources.read(document)
    pages = {page.number: page for page in pdf.pages_of(document)}
    assert len(record.reported) > 15
    for value in record.reported:
        page = pages[value.place.page]
        line = page.lines[value.place.line - 1]
        here = pdf.folded(page.text[value.place.start : value.place.end])
        assert here == pdf.folded(value.quote) or pdf.folded(value.quote).startswith(here)
        assert line.number == value.place.line and line.start <= value.place.start <= line.end


def test_offsets_count_the_text_that_pypdfium2_gives():
    import pypdfium2

    raw = pdf_of(ARTICLE)
    text = pypdfium2.PdfDocument(raw)[0].get_textpage().get_text_range()
    (number,) = [value for value in read(raw)[0].reported if value.field == "ids.primary"]
    assert text[number.place.start : number.place.end] == "NCT02999999"


def test_words_that_a_line_divides_are_joined_as_the_document_has_them_elsewhere():
    raw = as_lines(
        "Eighty patients with dry eyes were random-",
        "ised in a double-",
        "blind way, a crossover of treatments and a pre-",
        "treatment phase; cross-",
        "over and pre-treatment phases follow",
    )
    assert flow_of(raw).replace("\n", " ").split(" ")[6:12] == ["randomised", "in", "a", "double-blind", "way,", "a"]
    assert "pre-treatment phase; crossover and" in flow_of(raw).replace("\n", " ")


@pytest.mark.parametrize("raised, dose", [(True, 2e8), (False, None)])
def test_a_raised_number_after_a_ten_is_its_power(raised, dose):
    page = new_pdf()
    words = "Each of the randomised patients received 2.0 x 10"
    page.text(15, 20, words)
    at = 15 + page.get_string_width(words)
    page.set_font("Helvetica", size=6)
    page.text(at, 18 if raised else 20, "8")
    page.set_font("Helvetica", size=10)
    page.text(at + 2, 20, " particles of the drops daily.")
    raw = bytes(page.output())
    assert ("10^8" in flow_of(raw)) is raised
    values = [value for value in read(raw)[0].reported if value.field == "interventions.dose"]
    assert [value.value for value in values if value.state == "REPORTED"] == ([dose] if dose else [])


def test_lines_of_a_paragraph_are_joined_and_short_ones_stand_alone():
    raw = as_lines(
        "Methods", "We randomly assigned the patients of our clinic to drops or", "placebo for four weeks.", "Results"
    )
    assert flow_of(raw).splitlines() == [
        "Methods",
        "We randomly assigned the patients of our clinic to drops or placebo for four weeks.",
        "Results",
    ]
    assert len(flow_of(raw, joined=False).splitlines()) == 4


def paged(*pages: list[str]) -> bytes:
    """Pages with a running head, lines and a number."""
    made = new_pdf()
    for number, lines in enumerate(pages, 1):
        if number > 1:
            made.add_page()
        for at, words in enumerate(["J Eyes 2015;3:11", *lines, str(10 + number)]):
            made.text(15, 20 + 6 * at, words)
    return bytes(made.output())


def test_running_heads_and_page_numbers_are_no_part_of_the_text():
    long = "We randomly assigned the patients of our clinic in the old town to"
    flow = flow_of(paged(["A", long], ["drops or to placebo for four weeks.", "B"], ["90", "C"]))
    assert flow.splitlines() == ["J Eyes 2015;3:11", "A", f"{long} drops or to placebo for four weeks.", "B", "90", "C"]


def test_words_that_stand_at_the_edges_of_pages_by_chance_are_text():
    pages = [["Condition", "Dry eyes", "x"], ["y", "Dry eyes", "z"], ["Funder", "a", "Dry eyes"], ["b", "c"], ["d"]]
    assert flow_of(paged(*pages), joined=False).split("\n").count("Dry eyes") == 3


def test_a_number_that_does_not_grow_with_the_pages_is_no_page_number():
    page = new_pdf()
    page.text(15, 20, "Target sample size")
    page.text(15, 26, "8")
    page.add_page()
    page.text(15, 20, "Phase")
    page.text(15, 26, "2")
    assert flow_of(bytes(page.output()), joined=False).split() == ["Target", "sample", "size", "8", "Phase", "2"]


def test_a_quote_that_runs_on_to_another_page_has_the_place_of_its_beginning():
    first = "In this trial a total of eighty-four patients were randomised, and all patients and the outcome"
    raw = paged(["Methods", first], ["assessors were blinded to the allocation in every one of the groups.", "B"])
    roles = [value for value in read(raw)[0].reported if value.field == "masking.roles"]
    assert [value.place.page for value in roles] == [1]


def picture_only() -> bytes:
    from PIL import Image

    page = new_pdf()
    page.image(Image.new("L", (20, 20), 128), x=10, y=10, w=100)
    return bytes(page.output())


def refusal(raw: bytes) -> tuple[str, str, str]:
    with pytest.raises(ReviewError) as caught:
        read(raw)
    problem = caught.value.problem
    return problem.found, problem.expected, problem.fix


def test_a_pdf_of_pictures_is_refused_and_says_so():
    assert refusal(picture_only()) == (
        "a PDF without text (scanned pages)",
        "a PDF whose words can be selected",
        "run text recognition over it first, or find the article as text",
    )


def test_a_picture_among_pages_of_text_is_told():
    from PIL import Image

    page = new_pdf()
    page.multi_cell(0, 5, ARTICLE[3][1])
    page.add_page()
    page.image(Image.new("L", (20, 20), 128), x=10, y=10, w=100)
    document, problems = document_of(bytes(page.output()))
    assert len(list(sources.read(document))) == 1
    assert [str(problem) for problem in problems] == [
        "a.pdf, page 2\n  found     1 of 2 pages without text (pictures)\n  expected  pages whose words can be selected"
        "\n  fix       run text recognition over them; the other pages were read"
    ]


def test_a_pdf_with_a_password_is_refused():
    page = new_pdf()
    page.multi_cell(0, 5, ARTICLE[3][1])
    page.set_encryption(owner_password="a", user_password="b")
    assert refusal(bytes(page.output())) == (
        "a PDF that asks for a password",
        "a PDF without a password, whole",
        "save it without a password",
    )


@pytest.mark.parametrize("raw", [b"%PDF-1.7\n", b"%PDF-1.4\n%%EOF\n", pdf_of(ARTICLE)[:300]])
def test_a_broken_pdf_is_refused(raw):
    found, expected, fix = refusal(raw)
    assert found.startswith("a PDF that cannot be opened (") and (expected, fix) == (
        "a PDF without a password, whole",
        "download the file again",
    )


def test_a_pdf_of_another_maker_is_read_too():
    import matplotlib

    matplotlib.use("pdf")
    from matplotlib import pyplot

    figure = pyplot.figure(figsize=(8, 11))
    for number, line in enumerate(ARTICLE[3][1].split(". ")):
        figure.text(0.1, 0.9 - 0.03 * number, line + ".", fontsize=8)
    file = io.BytesIO()
    figure.savefig(file, format="pdf")
    pyplot.close(figure)
    values = {value.field: value.value for value in read(file.getvalue())[0].reported}
    assert values["enrolment.target"] == 90 and values["design.allocation"] == "RANDOMIZED"


DAMAGED = pdf_of(ARTICLE)


@given(st.integers(0, 3000), st.integers(0, 60), st.binary(max_size=12))
def test_damage_gives_records_or_a_message(at, length, put):
    raw = DAMAGED[:at] + put + DAMAGED[at + length :]
    try:
        read(raw)
    except ReviewError as error:
        assert error.problem.found and error.problem.fix


def test_the_export_used_here_is_whole():
    assert len(EXPORT.splitlines()) == len(export_parts())


@pytest.mark.real
@pytest.mark.parametrize("name", CARRIERS)
def test_the_real_texts_say_the_same_in_every_carrier(shared, name):
    paths = sorted((shared / "seeds").glob("*.txt"))
    assert paths
    for path in paths:
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        if name == "a.pdf":  # its type has the letters of Western Europe only
            lines = [line.encode("latin-1", "ignore").decode("latin-1") for line in lines]
        by_text = read("\n".join(lines).encode(), "a.txt")
        found = read(CARRIERS[name]([("p", line) for line in lines]), name)
        said = [
            {
                (field, repr(value).replace(" ", ""))
                for field, _, value, _, _ in told(records)
                if field != "report.authors"
            }
            for records in (by_text, found)
        ]
        assert found[0].source == by_text[0].source and said[0] == said[1], path.name
