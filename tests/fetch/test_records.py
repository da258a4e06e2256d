"""Numbers become documents: each service is asked in its own way, and what comes back can be read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import reviewkit as rk

PUBMED = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2031//EN" "https://dtd.example/pubmed.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">99000001</PMID>
<Article><Journal><Title>Journal of Hiccups</Title></Journal><ArticleTitle>Oats at breakfast</ArticleTitle>
<Abstract><AbstractText>We randomised 42 adults to oats or rye (NCT09900501).</AbstractText></Abstract></Article>
<CommentsCorrectionsList><CommentsCorrections><PMID>11</PMID></CommentsCorrections></CommentsCorrectionsList>
</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="pubmed">99000001</ArticleId></ArticleIdList>
</PubmedData></PubmedArticle></PubmedArticleSet>"""
JATS = """<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta>
<article-id pub-id-type="pmcid">PMC99000001</article-id><article-id pub-id-type="doi">10.9999/hiccup.1</article-id>
<title-group><article-title>Oats at breakfast</article-title></title-group>
<abstract><p>We randomised 42 adults to oats or rye (NCT09900501).</p></abstract></article-meta></front>
<body><sec><title>Methods</title><p>Participants were blinded.</p></sec></body></article>"""
CITATIONS = {
    "hitCount": 1,
    "resultList": {
        "result": [
            {
                "id": "99000001",
                "source": "MED",
                "pmid": "99000001",
                "doi": "10.9999/Hiccup.1",
                "title": "Oats at breakfast",
                "abstractText": "We randomised 42 adults to oats or rye (NCT09900501).",
            }
        ]
    },
}
WORK = {
    "status": "ok",
    "message-type": "work",
    "message": {"DOI": "10.9999/hiccup.1", "title": ["Oats at breakfast"], "publisher": "Hiccup Press"},
}
EUCTR = """Summary
EudraCT Number: 2019-000123-45
Sponsor's Protocol Code Number: OATS-1
National Competent Authority: Germany - BfArM
Trial Status: Completed
Date on which this record was first entered in the EudraCT database: 2019-05-06
Link: https://www.clinicaltrialsregister.eu/ctr-search/trial/2019-000123-45/DE/

A. Protocol Information
A.1 Member State Concerned: Germany - BfArM
A.2 EudraCT number: 2019-000123-45
A.3 Full title of the trial: Oats against hiccups
"""
ISRCTN = """<fullTrial xmlns="http://www.67bricks.com/isrctn"><trial lastUpdated="2031-01-01T00:00:00.000Z" version="2">
<isrctn dateAssigned="2030-11-01T00:00:00.000Z">99000012</isrctn><trialDescription>
<title>Oats</title></trialDescription></trial></fullTrial>"""
CTIS = {
    "ctNumber": "2031-599999-12-00",
    "ctStatus": "Ongoing",
    "authorizedApplication": {
        "authorizedPartI": {
            "trialDetails": {"clinicalTrialIdentifiers": {"fullTitle": "Oats against hiccups"}},
        }
    },
}
DATA_SET = {"accno": "S-EPMC99000001", "attributes": [{"name": "Title", "value": "Oats"}], "section": {}}

NUMBERS = [
    # as typed, the address that is asked, the answer, the file
    ("nct 09900501", "/api/v2/studies/NCT09900501", None, "NCT09900501.json"),
    ("ISRCTN99000012", "/api/trial/ISRCTN99000012/format/default", ISRCTN, "ISRCTN99000012.xml"),
    (
        "2019-000123-45",
        "/ctr-search/rest/download/full?query=eudract_number%3A2019-000123-45&mode=current_page",
        EUCTR,
        "2019-000123-45.txt",
    ),
    (
        "EUCTR2019-000123-45-DE",
        "/ctr-search/rest/download/trial/2019-000123-45/DE",
        EUCTR,
        "2019-000123-45-DE.txt",
    ),
    ("CTIS2031-599999-12-00", "/ctis-public-api/retrieve/2031-599999-12-00", CTIS, "2031-599999-12-00.json"),
    (
        "PMID: 99000001",
        "/entrez/eutils/efetch.fcgi?db=pubmed&id=99000001&retmode=xml&tool=systematic-reviewkit&email=ab%40example.org",
        PUBMED,
        "PMID99000001.xml",
    ),
    ("pmc99000001", "/europepmc/webservices/rest/PMC99000001/fullTextXML", JATS, "PMC99000001.xml"),
    ("S-EPMC99000001", "/biostudies/api/v1/studies/S-EPMC99000001", DATA_SET, "S-EPMC99000001.json"),
    (
        "https://doi.org/10.9999/Hiccup.1",
        "/works/10.9999%2Fhiccup.1?mailto=ab%40example.org",
        WORK,
        "10.9999_hiccup.1.json",
    ),
]


@pytest.mark.parametrize(("typed", "path", "answer", "file"), NUMBERS, ids=[row[0] for row in NUMBERS])
def test_a_number_is_told_by_its_form_and_fetched_from_its_service(fetch, server, study, typed, path, answer, file):
    server.says(path, answer or study())
    assert fetch(typed) == [("fetched", file)]
    assert (fetch.messages(), server.asked) == ([], [path])
    assert server.headers[0]["User-Agent"] == "systematic-reviewkit (mailto:ab@example.org)"


BY_NAME = [
    (
        "99000001",
        "pubmed",
        "/entrez/eutils/efetch.fcgi?db=pubmed&id=99000001&retmode=xml&tool=systematic-reviewkit&email=ab%40example.org",
        PUBMED,
        "PMID99000001.xml",
    ),
    (
        "99000001",
        "europepmc",
        "/europepmc/webservices/rest/search?query=EXT_ID%3A99000001%20AND%20SRC%3AMED&format=json&resultType=core",
        CITATIONS,
        "PMID99000001.json",
    ),
    (
        "doi:10.9999/hiccup.1",
        "europepmc",
        "/europepmc/webservices/rest/search?query=DOI%3A%2210.9999%2Fhiccup.1%22&format=json&resultType=core",
        {"version": "6.9", **CITATIONS},
        "10.9999_hiccup.1.europepmc.json",
    ),
]


@pytest.mark.parametrize(("typed", "service", "path", "answer", "file"), BY_NAME)
def test_another_service_that_knows_the_form_can_be_named(fetch, server, typed, service, path, answer, file):
    server.says(path, answer)
    assert fetch(typed, service=service) == [("fetched", file)]
    assert (fetch.messages(), server.asked) == ([], [path])


def test_what_was_fetched_can_be_read_without_the_log_being_taken_for_a_document(fetch, server, study):
    for _, path, answer, _ in NUMBERS:
        server.says(path, answer or study())
    for _, _, path, answer, _ in BY_NAME:
        server.says(path, answer)
    changes = [{"version": 0, "date": "2031-02-17", "status": "NOT_YET_RECRUITING"}]
    server.says("/api/int/studies/NCT09900501?history=true", {"study": study(), "history": {"changes": changes}})
    server.says("/api/int/studies/NCT09900501/history/0", {"studyVersion": 0, "study": study()})
    server.says("/api/v2/studies/NCT09900777", {"protocolSection": "set aside"})
    fetch("NCT09900777", *(typed for typed, *_ in NUMBERS if not typed.endswith("-DE")), history=True)
    fetch("PMID:99000001", "10.9999/hiccup.1", service="europepmc")
    problems: list = []
    records = {record.document: record for record in rk.read(fetch.folder, problems=problems)}
    assert [str(problem) for problem in problems] == []
    assert {name: record.source for name, record in records.items()} == {
        "NCT09900501.json": "ctgov",
        "NCT09900501.history.json": "ctgov-history",
        "NCT09900501.version-000.json": "ctgov-history",
        "ISRCTN99000012.xml": "isrctn",
        "2019-000123-45.txt": "euctr",
        "2031-599999-12-00.json": "ctis",
        "PMID99000001.xml": "pubmed",
        "PMID99000001.json": "europepmc",
        "PMC99000001.xml": "jats",
        "S-EPMC99000001.json": "biostudies",
        "10.9999_hiccup.1.json": "crossref",
        "10.9999_hiccup.1.europepmc.json": "europepmc",
    }
    assert records["NCT09900501.json"].first("enrolment.actual").value == 42
    (study_of_two,) = [found for found in rk.studies(fetch.folder, problems=[]) if found.study == "NCT09900501"]
    assert {record.document for record in study_of_two.records} >= {"NCT09900501.json", "PMID99000001.xml"}


def test_the_bytes_are_kept_as_they_came_and_the_log_says_whence_and_when(fetch, server, study, reply):
    body = json.dumps(study(), indent=3).encode() + b"\r\n"
    path = "/api/v2/studies/NCT09900501"
    server.says(path, reply(body, headers={"Content-Type": "application/json; charset=utf-8"}))
    fetch("NCT09900501")
    assert (fetch.folder / "NCT09900501.json").read_bytes() == body
    assert fetch.log() == [
        {
            "file": "NCT09900501.json",
            "asked": "NCT09900501",
            "service": "ctgov",
            "url": "SERVER/api/v2/studies/NCT09900501",
            "time": "2031-05-04T03:02:01Z",
            "status": 200,
            "content_type": "application/json; charset=utf-8",
            "bytes": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
        }
    ]
    assert sorted(path.name for path in fetch.folder.iterdir()) == ["NCT09900501.json", "_fetched.jsonl"]


def test_what_is_there_is_not_fetched_again_unless_that_is_wanted(fetch, server, study):
    server.says("/api/v2/studies/NCT09900501", study())
    assert fetch("NCT09900501", "NCT09900501", "nct09900501") == [("fetched", "NCT09900501.json")]
    assert fetch("NCT09900501") == [("kept", "NCT09900501.json")]
    assert len(server.asked) == 1
    server.says("/api/v2/studies/NCT09900501", study(briefTitle="Oats, again"))
    assert fetch("NCT09900501", again=True) == [("fetched", "NCT09900501.json")]
    assert b"Oats, again" in (fetch.folder / "NCT09900501.json").read_bytes()
    (fetch.folder / "NCT09900501.json").unlink()
    assert fetch("NCT09900501") == [("fetched", "NCT09900501.json")]


def test_in_a_review_folder_the_documents_are_the_target(fetch, server, study):
    review = fetch.folder.parent
    (review / "review.toml").write_text("[review]\n", encoding="utf-8")
    server.says("/api/v2/studies/NCT09900501", study())
    fetch("NCT09900501", into=review)
    assert (review / "documents/NCT09900501.json").is_file()


def test_a_file_of_the_team_is_never_written_over(fetch, server, study):
    fetch.folder.mkdir()
    mine = fetch.folder / "NCT09900501.json"
    mine.write_text("my notes", encoding="utf-8")
    assert fetch("NCT09900501", again=True) == []
    assert (mine.read_text(encoding="utf-8"), server.asked) == ("my notes", [])
    assert fetch.messages() == [
        "error: NCT09900501.json\n"
        f"  found     another file of that name, in {fetch.folder}\n"
        "  expected  no such file, or one as it was fetched\n"
        "  fix       rename or move it, or fetch into another folder; it was left as it is"
    ]
    mine.unlink()
    server.says("/api/v2/studies/NCT09900501", study())
    fetch("NCT09900501")
    mine.write_text(mine.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert fetch("NCT09900501", again=True) == []
    assert f"  found     a file that was changed, in {fetch.folder}\n" in fetch.messages()[0]


def test_an_old_number_of_a_study_is_fetched_and_its_new_one_told(fetch, server, study):
    server.says("/api/v2/studies/NCT09900509", study(nctIdAliases=["NCT09900509"]))
    assert fetch("NCT09900509") == [("fetched", "NCT09900509.json")]
    assert fetch.messages() == [
        "notice: NCT09900509\n"
        "  found     a record whose number is now NCT09900501\n"
        "  expected  a record with this number\n"
        "  fix       none needed; use NCT09900501 from now on"
    ]


def test_a_resubmitted_trial_is_the_same_trial(fetch, server):
    server.says("/ctis-public-api/retrieve/2031-599999-12-00", {**CTIS, "ctNumber": "2031-599999-12-01"})
    assert fetch("2031-599999-12-00") == [("fetched", "2031-599999-12-00.json")]
    assert "\n  found     a record whose number is now 2031-599999-12-01\n" in fetch.messages()[0]


def test_an_article_that_names_no_number_is_kept_with_a_notice(fetch, server):
    path = "/europepmc/webservices/rest/PMC99000001/fullTextXML"
    server.says(path, JATS.replace("PMC99000001</article-id>", "</article-id>").replace("pmcid", "publisher-id"))
    assert fetch("PMC99000001") == [("fetched", "PMC99000001.xml")]
    assert fetch.messages() == [
        "notice: PMC99000001\n"
        f"  found     an answer that says no number of its own, at SERVER{path}\n"
        "  expected  the number PMC99000001 in it\n"
        "  fix       look at PMC99000001.xml: is it the right one?"
    ]


@pytest.mark.parametrize(
    ("typed", "path", "answer"),
    [
        ("NCT09900501", "/api/v2/studies/NCT09900501", None),
        ("PMID:99000001", "/entrez/eutils/efetch.fcgi?db=pubmed&id=99000001&retmode=xml", "<PubmedArticleSet/>"),
        (
            "2019-000123-45",
            "/ctr-search/rest/download/full?query=eudract_number%3A2019-000123-45&mode=current_page",
            "\n",
        ),
        ("ISRCTN99000012", "/api/trial/ISRCTN99000012/format/default", ""),
        ("2031-599999-12-00", "/ctis-public-api/retrieve/2031-599999-12-00", "{}"),
        ("10.9999/none", "/works/10.9999%2Fnone", None),
    ],
)
def test_a_number_that_a_service_does_not_have_is_told_with_the_address(fetch, server, typed, path, answer):
    asked = {"/entrez": "&tool=systematic-reviewkit&email=ab%40example.org", "/works/": "?mailto=ab%40example.org"}
    if answer is not None:
        server.says(path + asked.get(path[:7], ""), answer)
    assert fetch(typed) == []
    title = {
        "NCT0990": "ClinicalTrials.gov",
        "PMID:99": "PubMed",
        "2019-00": "EU Clinical Trials Register",
        "2031-59": "EU Clinical Trials Information System",
        "ISRCTN9": "ISRCTN",
        "10.9999": "Crossref",
    }[typed[:7]]
    assert fetch.messages() == [
        f"error: {typed}\n  found     no such record at SERVER{path}\n  expected  a number that {title} has\n"
        "  fix       check the number; it may be new, withdrawn, or mistyped"
    ]
    assert [path.name for path in fetch.folder.iterdir()] == []


def test_full_text_that_is_not_open_has_its_own_advice(fetch):
    fetch("PMC99000001")
    assert fetch.messages()[0].endswith(
        "\n  fix       only open-access articles have their full text here; "
        "fetch the abstract by its PMID, or bring the article"
    )


def test_the_earlier_versions_of_a_study_are_fetched_where_they_are_wanted(fetch, server, study):
    server.says("/api/v2/studies/NCT09900501", study())
    changes = [{"version": 0, "date": "2031-02-17"}, {"version": 1, "date": "2031-04-02"}]
    server.says("/api/int/studies/NCT09900501?history=true", {"study": study(), "history": {"changes": changes}})
    for version in (0, 1):
        answer = {"studyVersion": version, "study": study()}
        server.says(f"/api/int/studies/NCT09900501/history/{version}", answer)
    files = ["NCT09900501.json", "NCT09900501.history.json"]
    files += ["NCT09900501.version-000.json", "NCT09900501.version-001.json"]
    assert fetch("NCT09900501", history=True) == [("fetched", file) for file in files]
    assert fetch("NCT09900501", history=True) == [("kept", file) for file in files]
    assert (fetch.messages(), len(server.asked)) == ([], 4)
    changes.append({"version": 2, "date": "2031-05-01"})
    server.says("/api/int/studies/NCT09900501?history=true", {"study": study(), "history": {"changes": changes}})
    server.says("/api/int/studies/NCT09900501/history/2", {"studyVersion": 2, "study": study()})
    states = ["fetched", "fetched", "kept", "kept", "fetched"]
    assert [state for state, _ in fetch("NCT09900501", history=True, again=True)] == states


def test_of_a_study_that_is_not_there_no_history_is_asked_for(fetch, server):
    fetch("NCT09900501", history=True)
    assert (len(fetch.problems), server.asked) == (1, ["/api/v2/studies/NCT09900501"])


def test_a_history_that_cannot_be_had_is_a_notice_and_the_study_is_there(fetch, server, study, reply):
    server.says("/api/v2/studies/NCT09900501", study())
    assert fetch("NCT09900501", history=True) == [("fetched", "NCT09900501.json")]
    path = "/api/int/studies/NCT09900501?history=true"
    assert fetch.messages() == [
        f"notice: NCT09900501\n  found     history not available: no such record at SERVER{path}\n"
        "  expected  a number that ClinicalTrials.gov has\n"
        "  fix       none needed for the study itself, which is another file"
    ]
    server.says(path, reply(b"", 503))
    fetch("NCT09900501", history=True)
    assert fetch.messages() == [
        "notice: NCT09900501\n"
        "  found     history not available: no answer from 127.0.0.1: status 503, after 5 attempts\n"
        "  expected  an answer\n"
        "  fix       none needed for the study itself, which is another file"
    ]


WRONG = [
    (b"", "an empty answer"),
    (b"<!DOCTYPE html><html><head><title> Please wait </title>", "a web page titled 'Please wait'"),
    (b'{"protocolSection": {"identificationModule"', "JSON that is broken or cut short"),
    (b"\x89PNG\r\n\x1a\n", "text that begins '�PNG \\x1a'"),
    (b"[1, 2]", "JSON that is no object"),
    (b"{}", "JSON without the number of a study"),
    (b'{"protocolSection": [1]}', "JSON without the number of a study"),
    (b"[" * 100_000, "JSON that is broken or cut short"),
    (
        b'{"protocolSection": {"identificationModule": {"nctId": "NCT09900777"}}}',
        "an answer that calls itself 'NCT09900777'",
    ),
]


@pytest.mark.parametrize(("body", "found"), WRONG, ids=[found for _, found in WRONG])
def test_an_answer_that_is_not_the_record_is_set_aside_and_told(fetch, server, body, found):
    server.says("/api/v2/studies/NCT09900501", body)
    assert fetch("NCT09900501") == []
    expected = "a study as JSON with the number NCT09900501"
    aside = "_fetched.aside-NCT09900501.json"
    kept = f"; the answer is kept as {aside}" if body else ""
    assert fetch.messages() == [
        f"error: NCT09900501\n  found     {found}, at SERVER/api/v2/studies/NCT09900501\n"
        f"  expected  {expected}\n"
        f"  fix       try again later; if it stays, the service has changed: tell the authors of reviewkit{kept}"
    ]
    assert [path.name for path in fetch.folder.iterdir()] == ([aside] if body else [])
    if body:
        assert (fetch.folder / aside).read_bytes() == body


@pytest.mark.parametrize(
    ("typed", "path", "answer", "found"),
    [
        (
            "ISRCTN99000012",
            "/api/trial/ISRCTN99000012/format/default",
            ISRCTN.replace("99000012", "99000013"),
            "an answer that calls itself 'ISRCTN99000013'",
        ),
        (
            "2031-599999-12-00",
            "/ctis-public-api/retrieve/2031-599999-12-00",
            {"ctNumber": "2031-599999-13-00"},
            "an answer that calls itself '2031-599999-13-00'",
        ),
        ("2031-599999-12-00", "/ctis-public-api/retrieve/2031-599999-12-00", "<html>", "a web page"),
        (
            "2031-599999-12-00",
            "/ctis-public-api/retrieve/2031-599999-12-00",
            {"a": 1},
            "JSON without the number of a trial",
        ),
        ("ISRCTN99000012", "/api/trial/ISRCTN99000012/format/default", "<a/>", "XML without the number of a trial"),
        ("ISRCTN99000012", "/api/trial/ISRCTN99000012/format/default", "<a>", "XML that is broken or cut short"),
        (
            "2019-000123-45",
            "/ctr-search/rest/download/full?query=eudract_number%3A2019-000123-45&mode=current_page",
            EUCTR + EUCTR.replace("-45", "-46"),
            "an answer that calls itself '2019-000123-45, 2019-000123-46'",
        ),
        (
            "2019-000123-45-DE",
            "/ctr-search/rest/download/trial/2019-000123-45/DE",
            "<html><title>Trials</title>",
            "a web page titled 'Trials'",
        ),
        (
            "2019-000123-45-DE",
            "/ctr-search/rest/download/trial/2019-000123-45/DE",
            "EudraCT number 2019-000123-45",
            "text without the line 'EudraCT Number: …'",
        ),
        (
            "2019-000123-45-DE",
            "/ctr-search/rest/download/trial/2019-000123-45/DE",
            b"EudraCT Number: \xe4",
            "bytes that are no text in UTF-8",
        ),
        ("PMC99000001", "/europepmc/webservices/rest/PMC99000001/fullTextXML", "<html/>", "XML with the root html"),
        (
            "PMC99000002",
            "/europepmc/webservices/rest/PMC99000002/fullTextXML",
            JATS,
            "an answer that calls itself 'PMC99000001'",
        ),
        (
            "S-EPMC99000002",
            "/biostudies/api/v1/studies/S-EPMC99000002",
            DATA_SET,
            "an answer that calls itself 'S-EPMC99000001'",
        ),
        ("S-EPMC99000002", "/biostudies/api/v1/studies/S-EPMC99000002", {"a": 1}, "JSON without an accession"),
    ],
)
def test_every_service_tells_a_wrong_answer(fetch, server, typed, path, answer, found):
    server.says(path, answer)
    assert fetch(typed) == []
    assert fetch.messages()[0].splitlines()[1] == f"  found     {found}, at SERVER{path}"


def test_pubmed_says_in_its_xml_what_it_does_not_like(fetch, server):
    path = "/entrez/eutils/efetch.fcgi?db=pubmed&id=99000001&retmode=xml"
    server.says(
        f"{path}&tool=systematic-reviewkit&email=ab%40example.org",
        "<eFetchResult><ERROR>Unable to obtain query</ERROR></eFetchResult>",
    )
    fetch("PMID:99000001")
    found = "XML with the root eFetchResult that says 'Unable to obtain query'"
    assert f"\n  found     {found}, at SERVER{path}\n" in fetch.messages()[0]


@pytest.mark.parametrize(
    ("status", "fix"),
    [
        (400, "check what you asked for"),
        (403, "the service turns programs away; open the record in a browser and save it by hand"),
        (302, "try again later; if it stays, the service has changed: tell the authors of reviewkit"),
    ],
)
def test_a_status_of_refusal_is_told_with_what_to_do(fetch, server, reply, status, fix):
    server.says("/api/v2/studies/NCT09900501", reply(b"<html><title>No entry</title></html>", status))
    assert fetch("NCT09900501") == []
    assert fetch.messages() == [
        f"error: NCT09900501\n  found     status {status} with a web page titled 'No entry', "
        "at SERVER/api/v2/studies/NCT09900501\n"
        "  expected  status 200 and the record\n"
        f"  fix       {fix}; the answer is kept as _fetched.aside-NCT09900501.json"
    ]
    assert len(server.asked) == 1


def test_numbers_that_no_service_serves_are_told_and_the_others_go_on(fetch, server, study):
    server.says("/api/v2/studies/NCT09900501", study())
    typed = ["IRCT20990101012345N1", "U1111-2222-3333", "TCTR20990101001", "12345", "hiccups", "NCT09900501"]
    assert fetch(*typed) == [("fetched", "NCT09900501.json")]
    services = "ClinicalTrials.gov, ISRCTN, EU Clinical Trials Register, EU Clinical Trials Information System, "
    services += "PubMed, Europe PMC, BioStudies, Crossref"
    by_hand = "a number of a registry that lets no program fetch a record, or only by an address of its own making"
    then = "or search the number at https://trialsearch.who.int and export it as XML; "
    then += "then put the file among the documents"
    expected = "a registration number, PMID:123, PMC123, a DOI, or an accession such as S-EPMC123"
    assert fetch.messages() == [
        f"error: IRCT20990101012345N1\n  found     {by_hand}\n  expected  a number of {services}\n"
        f"  fix       open the trial at https://irct.behdasht.gov.ir and save its XML or its text; {then}",
        "error: U1111-2222-3333\n  found     a universal trial number, which is no registration\n"
        f"  expected  {expected}\n"
        "  fix       give the trial's registration number; this one only accompanies it",
        f"error: TCTR20990101001\n  found     {by_hand}\n  expected  a number of {services}\n"
        f"  fix       open the trial at https://www.thaiclinicaltrials.org and save its XML; {then}",
        f"error: 12345\n  found     a number that does not say what it is\n  expected  {expected}\n"
        "  fix       if it is a PMID, type PMID:12345",
        f"error: hiccups\n  found     'hiccups', which is no number that we know\n  expected  {expected}\n"
        "  fix       check the spelling",
    ]


def test_every_registry_has_a_service_or_advice():
    from reviewkit.fetch.asked import BY_HAND
    from reviewkit.fetch.services import BY_FORM
    from reviewkit.identifiers import PATTERNS, UTN

    registries = {registry for registry, *_ in PATTERNS} - {UTN}
    # The rest is closed or has no page of its own; for these WHO's portal is named.
    assert registries - BY_FORM.keys() - BY_HAND.keys() == {"JAPIC", "JMA", "REPEC", "RPCEC", "LBCTR"}
    assert BY_HAND.keys() & BY_FORM.keys() == set()
    assert BY_HAND.keys() <= registries


def test_a_service_that_does_not_know_a_form_says_which_does(fetch):
    fetch("NCT09900501", "10.9999/hiccup.1", service="pubmed")
    assert fetch.messages() == [
        "error: NCT09900501\n  found     a number that PubMed does not know\n"
        "  expected  a number of a form this service has\n  fix       ask with --from ctgov, or without --from",
        "error: 10.9999/hiccup.1\n  found     a number that PubMed does not know\n"
        "  expected  a number of a form this service has\n"
        "  fix       ask with --from europepmc or crossref, or without --from",
    ]


def test_services_that_want_to_know_who_asks_are_named_once(fetch, server):
    server.says("/works/10.9999%2Fhiccup.1", WORK)
    assert fetch("10.9999/hiccup.1", email=None) == [("fetched", "10.9999_hiccup.1.json")]
    assert server.headers[0]["User-Agent"] == "systematic-reviewkit"
    assert fetch.messages() == [
        "notice: fetch\n  found     no e-mail address to tell Crossref\n"
        "  expected  an e-mail address, which they ask for\n"
        "  fix       give yours with --email, so that they can write to you before they turn you away"
    ]


def test_who_asks_is_told_to_the_service_and_written_nowhere(fetch, server, capsys):
    path = "/entrez/eutils/efetch.fcgi?db=pubmed&id=99000001&retmode=xml"
    told = "&tool=systematic-reviewkit&email=ab%40example.org&api_key=s3cret%26key"
    server.says(path + told, PUBMED)
    fetch("PMID:99000001", "PMID:99000002", ncbi_key="s3cret&key")
    assert server.asked == [path + told, path.replace("99000001", "99000002") + told]
    written = b"".join(file.read_bytes() for file in fetch.folder.iterdir())
    said = "".join(fetch.messages()) + "".join(capsys.readouterr())
    assert not any(word in said.encode() + written for word in (b"s3cret", b"example.org", b"api_key"))


def test_the_key_goes_to_no_other_service(fetch, server, study):
    server.says("/api/v2/studies/NCT09900501", study())
    server.says("/works/10.9999%2Fhiccup.1?mailto=ab%40example.org", WORK)
    fetch("NCT09900501", "10.9999/hiccup.1", ncbi_key="s3cret")
    assert len(server.asked) == 2
    assert "s3cret" not in "".join(server.asked) + "".join(map(str, server.headers))


@pytest.mark.parametrize(
    ("ids", "options", "message"),
    [
        ([], {}, "found     neither a number nor a query\n  expected  a number, or a query and a service"),
        (
            [],
            {"query": "oats"},
            "found     a query without a service\n  expected  a query and the service it is put to",
        ),
        ([], {"query": " ", "service": "ctgov"}, "found     an empty query\n  expected  a query with words"),
        (["x"], {"limit": 0}, "found     a limit of 0\n  expected  a limit of at least 1"),
        (
            ["x"],
            {"email": "a b@c\r\nX: y"},
            "found     no e-mail address\n  expected  an e-mail address, ab@example.org",
        ),
    ],
)
def test_a_call_that_cannot_be_meant_is_an_error_at_once(tmp_path: Path, ids, options, message):
    with pytest.raises(rk.ReviewError) as error:
        rk.fetch(*ids, into=tmp_path / "new", **options)
    assert str(error.value) == f"fetch\n  {message}\n  fix       see: reviewkit fetch --help"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("name", "query", "lines"),
    [
        (
            "ictrp",
            None,
            [
                "found     WHO's portal (ICTRP), which lets nobody fetch by program",
                "expected  one of ctgov, isrctn, euctr, ctis, pubmed, europepmc, biostudies, crossref",
                "fix       search at https://trialsearch.who.int, export the hits as XML, "
                "and put the file among the documents",
            ],
        ),
        (
            "pubmd",
            "oats",
            [
                "found     'pubmd', which is no service",
                "expected  one of ctgov, isrctn, pubmed, europepmc, crossref",
                "fix       did you mean pubmed?",
            ],
        ),
        (
            "euctr",
            "oats",
            [
                "found     'euctr', which takes no query here",
                "expected  one of ctgov, isrctn, pubmed, europepmc, crossref",
                "fix       choose one",
            ],
        ),
    ],
)
def test_a_service_that_cannot_be_asked_is_an_error_at_once(tmp_path: Path, name, query, lines):
    with pytest.raises(rk.ReviewError) as error:
        rk.fetch("x", into=tmp_path, query=query, service=name)
    assert str(error.value).splitlines() == [name, *(f"  {line}" for line in lines)]


def test_a_target_that_cannot_be_a_folder_is_an_error_at_once(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(rk.ReviewError) as error:
        rk.fetch("NCT09900501", into=tmp_path / "file")
    assert str(error.value) == (
        f"{tmp_path / 'file'}\n  found     File exists\n  expected  a folder that can be written to\n"
        "  fix       check the folder's rights and the free space, or fetch into another folder"
    )


def test_in_python_problems_are_warnings_and_an_error_if_nothing_came(fetch, server, study):
    server.says("/api/v2/studies/NCT09900501", study())
    with pytest.warns(rk.ReviewWarning, match=r"^hiccups\n  found     'hiccups', which is no number"):
        assert len(fetch("NCT09900501", "hiccups", problems=None)) == 1
    with pytest.warns(rk.ReviewWarning), pytest.raises(rk.ReviewError, match=r"^hiccups\n"):
        fetch("hiccups", problems=None)
