"""PubMed XML: every fact of an article with its element, the article's own numbers only, one article at a time."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests_of_publications import bare, facts, is_read_or_refused, misplaced, read, value_of

from reviewkit import sources
from reviewkit.documents import Document
from reviewkit.errors import ReviewError

ARTICLE = """\
<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">99000001</PMID>
<Article PubModel="Print"><Journal><ISSN>0000-0001</ISSN><JournalIssue><Volume>12</Volume><Issue>3</Issue>
<PubDate><Year>2020</Year><Month>Mar</Month><Day>5</Day></PubDate></JournalIssue><Title>Journal of kites</Title>
<ISOAbbreviation>J Kites</ISOAbbreviation></Journal>
<ArticleTitle>Kites &amp; 10<sup>8</sup> cells <i>in vitro</i>: a randomised trial.</ArticleTitle>
<Pagination><StartPage>323</StartPage><EndPage>330</EndPage><MedlinePgn>323-30</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="N">10.9999/wrong</ELocationID>
<Abstract><AbstractText Label="METHODS" NlmCategory="METHODS">We randomly assigned 60 adults to a kite
<sup>1,2</sup> or to no kite.</AbstractText><AbstractText Label="FUNDING">Windy Hill Hospital.</AbstractText>
<AbstractText Label="TRIAL REGISTRATION">ClinicalTrials.gov NCT09990001.</AbstractText>
<CopyrightInformation>Copyright 2020 Kites.</CopyrightInformation></Abstract>
<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Windham</LastName><ForeName>Ana Maria</ForeName>
<Initials>AM</Initials><AffiliationInfo><Affiliation>Hill. ana@example.org</Affiliation></AffiliationInfo></Author>
<Author><LastName>Stringer</LastName><ForeName>Bo</ForeName><Initials>B</Initials><Suffix>Jr</Suffix></Author>
<Author><CollectiveName>Kite Study Group</CollectiveName></Author></AuthorList>
<Language>eng</Language>
<DataBankList><DataBank><DataBankName>GENBANK</DataBankName><AccessionNumberList>
<AccessionNumber>KCT0004963</AccessionNumber></AccessionNumberList></DataBank>
<DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>
<AccessionNumber>NCT09990001</AccessionNumber>
<AccessionNumber>NCT09990002</AccessionNumber></AccessionNumberList></DataBank></DataBankList>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType>
<PublicationType>Retracted Publication</PublicationType></PublicationTypeList></Article>
<MeshHeadingList><MeshHeading><DescriptorName>Adult</DescriptorName></MeshHeading><MeshHeading>
<DescriptorName>Knee</DescriptorName><QualifierName>physiology</QualifierName></MeshHeading></MeshHeadingList>
<CoiStatement>Ana Windham owns kites.</CoiStatement>
<OtherAbstract Type="Publisher" Language="fre"><AbstractText>Des cerfs-volants pour 70 adultes.</AbstractText>
</OtherAbstract>
<KeywordList><Keyword>wind</Keyword><Keyword>string</Keyword></KeywordList></MedlineCitation>
<PubmedData><History>
<PubMedPubDate PubStatus="received"><Year>2019</Year><Month>3</Month><Day>2</Day></PubMedPubDate>
<PubMedPubDate PubStatus="pubmed"><Year>2019</Year><Month>9</Month><Day>9</Day></PubMedPubDate></History>
<ArticleIdList><ArticleId IdType="pubmed">99000001</ArticleId><ArticleId IdType="doi">10.9999/Kites.1</ArticleId>
<ArticleId IdType="pmc">PMC9900001</ArticleId></ArticleIdList>
<ReferenceList><Reference><ArticleIdList><ArticleId IdType="pubmed">11111111</ArticleId>
<ArticleId IdType="doi">10.9999/other</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData>
</PubmedArticle>
"""
BARE = ARTICLE.partition("<PubmedData>")[0].removeprefix("<PubmedArticle>")
TOLD = [
    ("report.title", "Kites & 108 cells in vitro: a randomised trial."),
    (
        "report.abstract",
        "We randomly assigned 60 adults to a kite 1,2 or to no kite. Windy Hill Hospital. "
        "ClinicalTrials.gov NCT09990001.",
    ),
    ("report.pmid", "99000001"),
    ("report.doi", "10.9999/kites.1"),
    ("report.pmcid", "PMC9900001"),
    ("report.authors", ["Windham AM", "Stringer B Jr", "Kite Study Group"]),
    ("report.keywords", ["Adult", "Knee/physiology"]),
    ("report.keywords", ["wind", "string"]),
    ("report.journal", "Journal of kites"),
    ("report.volume", "12"),
    ("report.issue", "3"),
    ("report.pages", "323-30"),
    ("report.language", "en"),
    ("report.date", "2020-03-05"),
    ("report.received", "2019-03-02"),
    ("report.kind", "JOURNAL_ARTICLE"),
    ("report.retracted", True),
]


def article_set(*articles: str, head: str = "") -> str:
    return f'<?xml version="1.0" ?>\n{head}<PubmedArticleSet>\n{"".join(articles)}</PubmedArticleSet>\n'


def told(record) -> list[tuple]:
    return [(field, value) for field, _, value, _, _ in facts(record, "report.*")]


def one(text: str):
    """The only record of a text; every quote stands at its place."""
    ((record,), _) = read(text)
    assert misplaced(text.encode(), [record]) == []
    return record


def test_each_fact_of_an_article_is_read():
    assert told(one(article_set(ARTICLE))) == TOLD


def test_parts_of_the_abstract_are_read_under_their_labels():
    record = one(article_set(ARTICLE))
    assert value_of(record, "enrolment.randomised") == 60
    assert facts(record, "statement.*") == [
        ("statement.funding", None, "Windy Hill Hospital.", "REPORTED", "Windy Hill Hospital."),
        (
            "statement.registration", None, "ClinicalTrials.gov NCT09990001.", "REPORTED",
            "ClinicalTrials.gov NCT09990001.",
        ),
        ("statement.coi", None, "Ana Windham owns kites.", "REPORTED", "Ana Windham owns kites."),
    ]  # fmt: skip


def test_numbers_of_trial_banks_are_the_articles_own_the_first_its_primary():
    assert facts(one(article_set(ARTICLE)), "ids.*") == [
        ("ids.primary", None, "NCT09990001", "REPORTED", "NCT09990001"),
        ("ids.secondary.id", 1, "NCT09990002", "REPORTED", "NCT09990002"),
        ("ids.secondary.type", 1, "REGISTRY", "DERIVED", "NCT09990002"),
        ("ids.registry", None, "CTGOV", "DERIVED", "NCT09990001"),
    ]


def test_no_address_and_no_second_abstract_is_read():
    words = str(one(article_set(ARTICLE)).as_json())
    assert "@" not in words and "cerfs-volants" not in words


def test_places_are_paths_from_the_root():
    record = read(article_set(ARTICLE, ARTICLE.replace("99000001", "99000002")))[0][1]
    assert record.first("report.pmid").place.xpath == "/PubmedArticleSet/PubmedArticle[2]/MedlineCitation/PMID"
    number = "DataBank[2]/AccessionNumberList/AccessionNumber[1]"
    assert record.first("ids.primary").place.xpath.endswith(f"/Article/DataBankList/{number}")


@pytest.mark.parametrize(
    "text",
    [
        ARTICLE,
        f"<MedlineCitationSet>{BARE}</MedlineCitationSet>",
        article_set(
            ARTICLE, head='<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://example.org/pubmed.dtd">\n'
        ),
        article_set(ARTICLE).replace("\n", "\r\n"),
        "\ufeff" + article_set(ARTICLE),
        article_set(ARTICLE, head="<!-- saved -->"),
        article_set("<DeleteCitation><PMID>99000009</PMID></DeleteCitation>", ARTICLE),
    ],
    ids=["one article", "bare citations", "DTD elsewhere", "CRLF", "BOM", "comment", "other elements"],
)
def test_the_form_of_the_file_changes_nothing(text):
    elsewhere = {"report.pmcid", "report.doi", "report.received"} if "PubmedData" not in text else set()
    assert told(one(text)) == [pair for pair in TOLD if pair[0] not in elsewhere]


def test_utf_16_is_read():
    ((record,), problems) = read(article_set(ARTICLE).replace(" ?", ' encoding="UTF-16"?').encode("utf-16"))
    assert told(record) == TOLD
    assert [problem.found for problem in problems] == ["UTF-16 text"]


def test_names_of_characters_that_a_dtd_elsewhere_defines_are_read():
    text = article_set(ARTICLE.replace("Ana Windham owns", "&beta;-Windham &amp; &ge;1 own"))
    ((record,), _) = read(text)
    assert value_of(record, "statement.coi") == "β-Windham & ≥1 own kites."


@pytest.mark.parametrize(
    "parts, value, state",
    [
        ("<Year>2019</Year>", "2019", "REPORTED"),
        ("<Year>2019</Year><Month>11</Month>", "2019-11", "REPORTED"),
        ("<Year>2019</Year><Month>03</Month><Day>07</Day>", "2019-03-07", "REPORTED"),
        ("<Year>2019</Year><Season>Spring</Season>", "2019", "REPORTED"),
        ("<MedlineDate>2019 Nov-Dec</MedlineDate>", "2019", "REPORTED"),
        ("<MedlineDate>2019 Dec-2020 Jan</MedlineDate>", None, "UNCLEAR"),
        ("<MedlineDate>Winter</MedlineDate>", None, "UNCLEAR"),
    ],
)
def test_a_date_is_as_precise_as_it_is_given(parts, value, state):
    old = "<Year>2020</Year><Month>Mar</Month><Day>5</Day>"
    record = one(article_set(ARTICLE.replace(old, parts)))
    ((_, _, found, how, quote),) = facts(record, "report.date")
    assert (found, how, bare(quote)) == (value, state, bare("".join(etree.fromstring(f"<a>{parts}</a>").itertext())))


@pytest.mark.parametrize(
    "types, kind",
    [
        (["Journal Article", "Clinical Trial Protocol"], "PROTOCOL"),
        (["Preprint"], "PREPRINT"),
        (["Published Erratum"], "CORRECTION"),
        (["Retraction of Publication"], "RETRACTION"),
        (["Randomized Controlled Trial"], None),
        (["Letter"], None),
    ],
)
def test_the_kind_of_report_is_the_most_particular_of_its_types(types, kind):
    listed = "".join(f"<PublicationType>{name}</PublicationType>" for name in types)
    text = ARTICLE.replace('<PublicationType UI="D016428">Journal Article</PublicationType>', listed)
    assert value_of(one(article_set(text)), "report.kind") == kind


def test_an_article_with_a_notice_of_retraction_is_marked():
    notice = '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"/></CommentsCorrectionsList>'
    text = ARTICLE.replace("<PublicationType>Retracted Publication</PublicationType>", "")
    record = one(article_set(text.replace("<CoiStatement>", f"{notice}<CoiStatement>")))
    assert facts(record, "report.retracted") == [("report.retracted", None, True, "REPORTED", "RetractionIn")]


BOOK = """\
<PubmedBookArticle><BookDocument><PMID>99000003</PMID><ArticleIdList><ArticleId IdType="bookaccession">NBK9</ArticleId>
</ArticleIdList><Book><Publisher><PublisherName>Windy Press</PublisherName></Publisher>
<BookTitle>The book of kites</BookTitle>
<PubDate><Year>2021</Year></PubDate></Book><ArticleTitle>Kites for knees</ArticleTitle><Language>eng</Language>
<AuthorList Type="authors"><Author><LastName>Windham</LastName><ForeName>Ana</ForeName><Initials>A</Initials></Author>
</AuthorList><Abstract><AbstractText>Kites are old.</AbstractText></Abstract></BookDocument>
<PubmedBookData><ArticleIdList><ArticleId IdType="pubmed">99000003</ArticleId></ArticleIdList></PubmedBookData>
</PubmedBookArticle>
"""


def test_a_chapter_of_a_book_is_read():
    assert told(one(article_set(BOOK))) == [
        ("report.title", "Kites for knees"),
        ("report.abstract", "Kites are old."),
        ("report.pmid", "99000003"),
        ("report.authors", ["Windham A"]),
        ("report.language", "en"),
        ("report.date", "2021"),
        ("report.kind", "OTHER"),
    ]


def test_an_article_without_anything_is_a_record():
    assert told(one(article_set("<PubmedArticle><MedlineCitation/></PubmedArticle>"))) == []


def test_a_file_cut_short_gives_what_came_before_and_an_error():
    text = article_set(ARTICLE, ARTICLE)[:-300]
    found = []
    with pytest.raises(ReviewError) as caught:
        for record in sources.read(Document("cut.xml", text.encode(), lambda problem: None)):
            found.append(record)
    assert len(found) == 1
    line = text.count("\n") + 1
    assert str(caught.value).startswith(f"cut.xml, line {line}\n  found     broken XML after 1 articles: ")
    assert str(caught.value).endswith(
        "\n  expected  PubMed's XML, well-formed\n  fix       download the file again; it may have been cut short"
    )


def test_memory_does_not_grow_with_the_number_of_articles():
    small = "<PubmedArticle><MedlineCitation><PMID>1</PMID></MedlineCitation></PubmedArticle>\n"
    peaks = []
    for count in (500, 1_500):
        records = sources.read(Document("many.xml", article_set(small * count).encode(), lambda problem: None))
        next(records)  # the parser and the file itself are in memory now
        tracemalloc.start()
        assert sum(1 for _ in records) == count - 1
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0] + 200_000


@settings(max_examples=40)
@given(st.data())
def test_a_damaged_file_gives_records_or_an_error(data):
    text = article_set(ARTICLE, BOOK)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        upto = data.draw(st.integers(at, min(len(text), at + 60)))
        text = text[:at] + data.draw(st.text(alphabet="<>&;/abc \"'é\x01", max_size=5)) + text[upto:]
    assert is_read_or_refused(text.encode("utf-8", "replace"))


# Real files, against a reading of their elements.

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@pytest.mark.real
@pytest.mark.parametrize("number", ["22327499", "22663011", "27305424"])
def test_every_fact_of_the_real_files_is_read_as_it_stands(shared, number):
    path = shared / "records" / "pubmed-xml" / f"PMID{number}.xml"
    ((record,), problems) = read(path.read_bytes(), path.name)
    root = etree.parse(str(path), etree.XMLParser(load_dtd=False, no_network=True)).getroot()

    def text(xpath):
        found = root.xpath(f"normalize-space({xpath})")
        return found or None

    date = [text(f"//PubDate/{name}") for name in ("Year", "Month", "Day")]
    date[1] = f"{MONTHS.index(date[1]) + 1:02}"
    expected = {
        "report.pmid": number,
        "report.title": text("//ArticleTitle"),
        "report.abstract": " ".join(" ".join("".join(one.itertext()).split()) for one in root.iter("AbstractText")),
        "report.authors": [
            " ".join(one.findtext(name) for name in ("LastName", "Initials")) for one in root.find(".//AuthorList")
            if one.find("LastName") is not None
        ],
        "report.journal": text("//Journal/Title"),
        "report.volume": text("//JournalIssue/Volume"),
        "report.issue": text("//JournalIssue/Issue"),
        "report.pages": text("//MedlinePgn"),
        "report.date": "-".join(part.zfill(2) for part in date if part),
        "report.language": "en",
        "report.doi": text("//PubmedData/ArticleIdList/ArticleId[@IdType='doi']").lower(),
        "report.kind": "JOURNAL_ARTICLE",
        "ids.primary": text("(//AccessionNumber)[1]") or ("NCT01786434" if number == "27305424" else None),
    }  # fmt: skip
    told = {field: value_of(record, field) for field in expected}
    groups = [one.text for one in root.iter("CollectiveName")]
    assert told["report.authors"][: len(expected["report.authors"])] == expected["report.authors"]
    assert told["report.authors"][len(expected["report.authors"]) :] == groups
    assert {**told, "report.authors": None} == {**expected, "report.authors": None}
    assert problems == []
    assert misplaced(path.read_bytes(), [record]) == []
