"""HTML pages: what a reader sees, block by block; articles, registries' own pages, and pages that retell them."""

from __future__ import annotations

import pytest
from carriers import ARTICLE, CARRIERS, html_of
from hypothesis import given
from hypothesis import strategies as st

from reviewkit import sources
from reviewkit.documents import Document
from reviewkit.errors import ReviewError
from reviewkit.sources import html

SENTENCE = "We randomly assigned all patients of the clinic to drops or placebo."


def document_of(page: str | bytes) -> tuple[Document, list]:
    problems: list = []
    raw = page if isinstance(page, bytes) else page.encode()
    return Document("a.html", raw, problems.append), problems


def read(page: str | bytes) -> list:
    return list(sources.read(document_of(page)[0]))


def blocks(body: str | bytes) -> list[str]:
    page = body if isinstance(body, bytes) else f"<html><body>{body}</body></html>"
    return [block.words for block in html.blocks_of(document_of(page)[0])]


@pytest.mark.parametrize(
    "body, words",
    [
        ("<p>one <b>two</b> three</p>", ["one two three"]),
        ("<p>one<br>two</p>", ["one", "two"]),
        ("<div>before<p>inside</p>after</div>", ["before", "inside", "after"]),
        ("<p>a &lt; b &amp; c &ge; 18&nbsp;years</p>", ["a < b & c ≥ 18 years"]),
        ("<p>2 × 10<sup>8</sup> cells</p>", ["2 × 10^8 cells"]),
        ("<p>45 patients<sup><a href='#r'>12</a></sup> came</p>", ["45 patients came"]),
        ("<p>H<sub>2</sub>O</p>", ["H2O"]),
        ("<script>gone</script><style>gone</style><p>seen</p>", ["seen"]),
        ("<p>seen <span style='display: none'>gone</span></p><p hidden>gone</p>", ["seen"]),
        ("<p aria-hidden='true'>gone</p><noscript>gone</noscript><p>seen</p>", ["seen"]),
        ("<nav>menu</nav><aside>gone</aside><footer>gone</footer><p>seen</p>", ["seen"]),
        ("<header><h1>Title</h1></header><header>banner</header>", ["Title"]),
        ("<form><p>a page in a form</p><select><option>gone</option></select></form>", ["a page in a form"]),
        ("<!-- gone --><p>seen<!-- gone --> on</p>", ["seen on"]),
        ("<ul><li>one<li>two</ul>", ["one", "two"]),
        ("<p>never <b>closed<p>next", ["never closed", "next"]),
        ("<table><tr><td>a<td>b</table>", ["a", "b"]),
        ("<pre>two\nlines</pre>", ["two lines"]),
        ("<svg><text>gone</text></svg><iframe>gone</iframe><p>seen</p>", ["seen"]),
    ],
)
def test_the_blocks_that_a_reader_sees(body, words):
    assert blocks(body) == words


@pytest.mark.parametrize(
    "heading", ["Similar trials", "Related Articles", "You may also be interested in", "Other studies"]
)
def test_what_is_about_others_is_left_out_up_to_the_next_heading_of_its_rank(heading):
    body = f"<h2>Methods</h2><p>own</p><h2>{heading}</h2><h3>One</h3><p>NCT02111111</p><h2>Results</h2><p>own too</p>"
    assert blocks(body) == ["Methods", "own", "Results", "own too"]


def test_a_place_is_the_xpath_of_its_block():
    from lxml import html as parser

    raw = html_of(ARTICLE)
    tree = parser.fromstring(raw)
    (record,) = read(raw)
    assert len(record.reported) > 15
    for value in record.reported:
        (node,) = tree.xpath(value.place.xpath)
        assert value.quote in " ".join(node.text_content().split())


def test_an_article_s_page_names_its_numbers_and_title():
    head = (
        "<meta name='citation_title' content='Drops for eyes'><meta name='citation_doi' content='10.1000/X1'>"
        "<meta name='citation_pmid' content='12345678'><meta name='citation_publication_date' content='2015/03/04'>"
    )
    (record,) = read(f"<html><head>{head}</head><body><p>{SENTENCE}</p></body></html>")
    told = {value.field: (value.value, value.place.xpath) for value in record.reported}
    assert record.kind == "publication"
    assert told["report.doi"] == ("10.1000/x1", "/html/head/meta[2]/@content")
    assert [told[field][0] for field in ("report.title", "report.pmid", "report.date")] == [
        "Drops for eyes",
        "12345678",
        "2015-03-04",
    ]


def encoded(declared: str, encoding: str, mark: bytes = b"") -> bytes:
    page = f"<html><head>{declared}</head><body><p>Für “Tränen” wurden alle Menschen zugeteilt</p></body></html>"
    return mark + page.encode(encoding)


@pytest.mark.parametrize(
    "raw",
    [
        encoded("", "utf-8"),
        encoded("", "utf-8", b"\xef\xbb\xbf"),
        encoded("", "utf-16-le", b"\xff\xfe"),
        encoded("", "utf-16-be", b"\xfe\xff"),
        encoded("<meta charset='windows-1252'>", "cp1252"),
        encoded("<meta charset=ISO-8859-1>", "cp1252"),
        encoded('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "cp1252"),
        encoded("<meta charset='gb2312'>", "gb18030"),
        encoded("<meta charset='utf-16'>", "utf-8"),
        encoded("<meta charset='no-such-thing'>", "utf-8"),
        b'<?xml version="1.0" encoding="windows-1252"?>\n' + encoded("", "cp1252"),
        encoded("<meta charset='utf-8'>", "utf-8", b"\xef\xbb\xbf"),
    ],
)
def test_a_page_is_read_in_its_own_encoding(raw):
    assert blocks(raw) == ["Für “Tränen” wurden alle Menschen zugeteilt"]
    assert read(raw)[0].source == "html"


def test_a_page_that_is_no_text_in_its_encoding_is_refused():
    with pytest.raises(ReviewError) as caught:
        read(b"<html><body><p>caf\xe9</p></body></html>")
    problem = caught.value.problem
    assert (problem.found, problem.expected, problem.fix) == (
        "byte 0xe9, which is not UTF-8",
        "a page in the encoding that it declares, or in UTF-8",
        "save the page again from the browser",
    )


@pytest.mark.parametrize(
    "start",
    ["<!DOCTYPE html>", "<!doctype HTML PUBLIC '-//W3C//DTD'>\n<html>", "\n\n<!-- saved from url=(0014) -->\n<html>",
     "<?xml version='1.0'?>\n<!DOCTYPE html>\n<html xmlns='http://www.w3.org/1999/xhtml'>", "<head><title>x</title>"],
)  # fmt: skip
def test_a_page_is_known_by_its_start(start):
    assert read(f"{start}<p>{SENTENCE}</p>")[0].recognised_by == "an HTML page"


def test_a_page_of_frames_is_refused_and_says_where_the_words_are():
    with pytest.raises(ReviewError) as caught:
        read("<html><head><title>x</title></head><frameset><frame src='a.html'></frameset></html>")
    problem = caught.value.problem
    assert (problem.found, problem.fix) == (
        "a page without words in a row",
        "a page in frames shows another file: save that one; else save the page's text",
    )


def test_a_web_archive_is_refused():
    with pytest.raises(ReviewError) as caught:
        read(
            b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\r\n"
            + html_of(ARTICLE)
        )
    problem = caught.value.problem
    assert (problem.found, problem.fix) == ("a web archive (MHTML)", "open it in the browser and save it as HTML")


def registry(*rows: tuple[str, str], tag: str = "td") -> str:
    """A registry's page: a table of labels and values, with a list of other trials."""
    body = "".join(f"<tr><{tag}>{label}</{tag}><td>{value}</td></tr>" for label, value in rows)
    return (
        f"<!DOCTYPE html><html><body><nav>NCT02777777</nav><form><table>{body}</table></form>"
        "<h3>Similar trials</h3><p>NCT02111111 a trial of other people entirely</p></body></html>"
    )


COMMON = [
    ("Public title", "Drops for dry eyes of the people here"),
    ("Scientific title", "A randomised trial of drops for dry eyes"),
    ("Primary sponsor", "Tear House"),
    ("Study type", "Interventional"),
]
CTRI = [
    ("CTRI Number", "CTRI/2019/05/019999 [Registered on: 02/05/2019] Trial Registered Prospectively"),
    ("Target Sample Size", 'Total Sample Size="90" Sample Size from India="80"'),
]
CHICTR = [
    ("Registration number:", "ChiCTR2000099999"),
    ("Date of Registration:", "2020-02-05"),
    ("Registration Status:", "Retrospective registration"),
]
UMIN = [
    ("Unique ID issued by UMIN", "UMIN000099999"),
    ("Date of disclosure of the study information", "2014/03/01"),
    ("Anticipated trial start date", "2014/04/01"),
    ("Target sample size", "90"),
]


@pytest.mark.parametrize(
    "rows, expected",
    [
        (
            CTRI,
            {
                "ids.primary": "CTRI/2019/05/019999",
                "ids.registry": "CTRI",
                "registration.date": "2019-05-02",
                "registration.date_basis": "UNSPECIFIED",
                "registration.timing_declared": "PROSPECTIVE",
                "enrolment.target": 90,
            },
        ),
        (
            CHICTR,
            {
                "ids.primary": "ChiCTR2000099999",
                "ids.registry": "CHICTR",
                "registration.date": "2020-02-05",
                "registration.timing_declared": "RETROSPECTIVE",
            },
        ),
        (
            UMIN,
            {
                "ids.primary": "UMIN000099999",
                "registration.date": "2014-03-01",
                "registration.date_basis": "POSTED",
                "date.first_enrolment": "2014-04-01",
                "enrolment.target": 90,
            },
        ),
    ],
    ids=["CTRI", "ChiCTR", "UMIN"],
)
@pytest.mark.parametrize("tag", ["td", "th"])
def test_a_registry_s_own_page_gives_what_its_labels_surely_say(rows, expected, tag):
    (record,) = read(registry(*rows, *COMMON, tag=tag))
    told = {value.field: value.value for value in record.reported}
    assert (record.source, record.kind) == ("registry-page", "registry")
    assert {field: told.get(field) for field in expected} == expected
    assert "NCT02111111" not in str(record.as_json()) and "NCT02777777" not in str(record.as_json())


def test_an_impossible_day_on_a_registry_s_page_is_unclear_and_told():
    rows = [(CTRI[0][0], CTRI[0][1].replace("02/05/2019", "31/02/2019")), CTRI[1]]
    document, problems = document_of(registry(*rows, *COMMON))
    (record,) = sources.read(document)
    (found,) = record.all("registration.date")
    assert (found.value, found.state, found.quote) == (None, "UNCLEAR", "31/02/2019")
    assert [problem.expected for problem in problems] == ["a date as day/month/year"]


def test_a_page_without_an_own_number_is_prose():
    (record,) = read(registry(*COMMON, ("Aim", SENTENCE)))
    assert (record.source, record.kind) == ("html", "publication")
    assert record.known("ids.primary") == []


def test_a_listing_of_a_registry_s_entry_stays_a_mirror():
    rows = [("Condition", "Dry eyes"), ("Treatment", "Drops"), ("Clinical Study Identifier", "NCT02999999"),
            ("Sponsor", "Tear House"), ("Last Modified on", "2 March 2020")]  # fmt: skip
    (record,) = read(registry(*rows))
    assert (record.source, record.kind) == ("listing-page", "mirror")


def test_rows_of_more_cells_are_no_labels():
    body = "<table><tr><td>Age</td><td>50</td><td>60</td></tr><tr><td>Sex</td><td>F</td></tr></table>"
    document, _ = document_of(f"<html><body>{body}</body></html>")
    from reviewkit.sources.flow import Flow

    assert Flow(document, list(html._pieces(document, ":"))).text == "Age\n50\n60\nSex: F\n"


@given(st.binary(max_size=60), st.integers(0, 1500), st.integers(0, 80))
def test_damage_gives_records_or_a_message(put, at, length):
    raw = html_of(ARTICLE)
    try:
        read(raw[:at] + put + raw[at + length :])
    except ReviewError as error:
        assert error.problem.found and error.problem.fix


@given(st.text(alphabet="<>/pdivtable =\"'&;#x1!-", max_size=120))
def test_any_markup_is_walked(markup):
    assert all(words.strip() for words in blocks("x" + markup))


def test_a_tree_of_any_depth_is_walked_and_its_words_kept():
    page = f"<html><body>{'<div>' * 100_000}<p>{SENTENCE}</p></body></html>"
    assert [value.value for value in read(page)[0].all("design.allocation")] == ["RANDOMIZED"]


def test_words_at_every_depth_have_a_place_of_bounded_length():
    page = f"<html><body>{'<div>word ' * 20_000}</body></html>"
    found = html.blocks_of(document_of(page)[0])
    assert sum(block.words.count("word") for block in found) == 20_000
    assert max(len(block.path) for block in found) < 4_000


@pytest.mark.parametrize(
    "body",
    [
        "<p>word word</p>" * 100_000,
        "<td>word" * 100_000,
        "word " * 1_000_000,
        "<b>" * 200_000 + "word",
        "<header>" * 50_000,
    ],
)
def test_a_large_page_is_walked_once(body):
    assert sum(words.count("word") for words in blocks(body)) == body.count("word")


NOW = [
    ("ClinicalTrials.gov ID", "NCT02999999"),
    ("Sponsor", "Tear House"),
    ("Last Update Posted", "2016-01-01"),
    ("Study Overview", ""),
    ("Official Title", "Drops for dry eyes in a made-up trial"),
    ("Study Start (Actual)", "2015-03-03"),
    ("Primary Completion (Estimated)", "2015-09"),
    ("Enrollment (Estimated)", "90"),
    ("Study Type", "Interventional"),
    ("Phase", "Phase 2/Phase 3"),
    ("Ages Eligible for Study", "18 Years to 70 Years (Adult, Older Adult)"),
    ("Sexes Eligible for Study", "All"),
    ("Accepts Healthy Volunteers", "No"),
    ("Primary Purpose", "Treatment"),
    ("Allocation", "Randomized"),
    ("Interventional Model", "Parallel Assignment"),
    ("Masking", "Double (Participant, Outcomes Assessor)"),
    ("First Submitted", "2015-01-12"),
    ("First Posted (Estimated)", "2015-01-13"),
]
BEFORE = [
    ("ClinicalTrials.gov Identifier:", "NCT02999999"),
    ("Study Type :", "Interventional"),
    ("Actual Study Start Date :", "March 3, 2015"),
    ("Estimated Enrollment :", "90 participants"),
    ("Allocation:", "Randomized"),
    ("Intervention Model:", "Parallel Assignment"),
    ("Masking:", "None (Open Label)"),
    ("Primary Purpose:", "Treatment"),
    ("Official Title:", "Drops for dry eyes in a made-up trial"),
]
OF_A_STUDY = {
    "ids.primary": "NCT02999999",
    "ids.registry": "CTGOV",
    "date.first_enrolment": "2015-03-03",
    "enrolment.target": 90,
    "study_type": "INTERVENTIONAL",
    "design.allocation": "RANDOMIZED",
    "design.model": "PARALLEL",
    "design.purpose": "TREATMENT",
    "title.scientific": "Drops for dry eyes in a made-up trial",
}


def printed(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A page as a printer leaves it: each label and each value a line."""
    return [("p", words) for row in rows for words in row if words]


def values_of(record) -> dict:
    return {value.field: value.value for value in record.reported}


@pytest.mark.parametrize("name", CARRIERS)
def test_a_study_s_page_of_clinicaltrials_gov_is_the_registry_s_whatever_carries_it(name):
    (record,) = sources.read(Document(name, CARRIERS[name](printed(NOW)), lambda problem: None))
    assert (record.source, record.kind) == ("ctgov-page", "registry")
    told = values_of(record)
    more = {
        "masking.label": "DOUBLE",
        "masking.roles": ["PARTICIPANT", "OUTCOMES_ASSESSOR"],
        "design.phase": ["PHASE2", "PHASE3"],
        "eligibility.age_min": 18,
        "eligibility.age_max": 70,
        "eligibility.sex": "ALL",
        "eligibility.healthy_volunteers": False,
        "registration.date": "2015-01-12",
        "registration.date_basis": "SUBMITTED",
        "registration.posted": "2015-01-13",
        "date.primary_completion": "2015-09",
    }
    assert {field: told.get(field) for field in OF_A_STUDY | more} == OF_A_STUDY | more
    kinds = {value.field: value.detail.get("kind") for value in record.reported if value.field.startswith("date.")}
    assert kinds == {"date.first_enrolment": "ACTUAL", "date.primary_completion": "ANTICIPATED"}


def test_the_labels_of_earlier_years_say_the_same():
    (record,) = read(registry(*BEFORE))
    told = values_of(record)
    assert record.source == "ctgov-page" and {field: told.get(field) for field in OF_A_STUDY} == OF_A_STUDY
    assert (told["masking.label"], told["masking.roles"]) == ("NONE", [])


def test_an_article_that_names_its_number_is_no_registry_s_page():
    text = "Drops for eyes\n\nClinicalTrials.gov ID\nNCT02999999\n\nStudy design\n" + SENTENCE
    (record,) = sources.read(Document("a.txt", text.encode(), lambda problem: None))
    assert (record.source, record.kind) == ("text", "publication")


@pytest.mark.parametrize("page", ["<html><body><p>" + "a" * 1_000_000, "<!-- a -->" * 50_000 + "<html><body><p>x"])
def test_letters_and_comments_without_end_are_refused_at_once(page):
    with pytest.raises(ReviewError):
        read(page)
