"""Names of files can be read back and never meet; whatever bytes an answer holds, a check says yes or what is wrong."""

from __future__ import annotations

import json
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.errors import ReviewError
from reviewkit.fetch.asked import read_asked
from reviewkit.fetch.ctgov import check_version, read_history
from reviewkit.fetch.folder import page_name, safe_name
from reviewkit.fetch.service import NoSuchRecord, Unexpected
from reviewkit.fetch.services import BY_FORM, SERVICES

STUDY = {"protocolSection": {"identificationModule": {"nctId": "NCT09900501"}}}
SAMPLES = {
    "json": json.dumps(
        {**STUDY, "study": STUDY, "history": {"changes": [{"version": 0}]}, "studies": [STUDY]}
    ).encode(),
    "citations": json.dumps({"hitCount": 1, "resultList": {"result": [{"pmid": "1", "doi": "10.9999/a"}]}}).encode(),
    "work": json.dumps({"message": {"DOI": "10.9999/a", "items": [{"DOI": "10.9999/a"}]}, "accno": "S-EPMC1"}).encode(),
    "search": json.dumps({"esearchresult": {"count": "1", "webenv": "a", "querykey": "1"}}).encode(),
    "pubmed": b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID></MedlineCitation></PubmedArticle>"
    b"</PubmedArticleSet>",
    "jats": b"<article><front><article-meta><article-id pub-id-type='pmc'>1</article-id></article-meta></front>"
    b"</article>",
    "isrctn": b"<allTrials totalCount='1'><trial><isrctn>99000012</isrctn></trial></allTrials>",
    "ctis": b'{"ctNumber": "2031-599999-12-00"}',
    "euctr": b"EudraCT Number: 2019-000123-45\n",
}
NUMBERS = {
    "CTGOV": "NCT09900501",
    "ISRCTN": "ISRCTN99000012",
    "EUCTR": "2019-000123-45",
    "CTIS": "2031-599999-12-00",
    "PMID": "1",
}
NUMBERS |= {"PMCID": "PMC1", "DOI": "10.9999/a", "ACCESSION": "S-EPMC1"}
EXPECTED = (Unexpected, NoSuchRecord)


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("NCT09900501", "NCT09900501"),
        ("CTRI/2020/04/024773", "CTRI_2020_04_024773"),
        ("10.9999/a_b", "10.9999_a%5Fb"),
        ("10.9999_a/b", "10.9999%5Fa_b"),
        ("10.9999/(sici)1097<1::aid>3.0;2-#", "10.9999_%28sici%291097%3C1%3A%3Aaid%3E3.0%3B2-%23"),
        ("10.9999/é", "10.9999_%C3%A9"),
        ("..\\a", "..%5Ca"),
        ("a\0b%", "a%00b%25"),
    ],
)
def test_a_number_becomes_a_name_by_a_scheme(number: str, name: str):
    assert safe_name(number) == name


@given(st.text(max_size=30))
def test_a_name_holds_only_plain_signs_and_can_be_read_back(number: str):
    name = safe_name(number)
    assert re.fullmatch(r"[A-Za-z0-9.\-_%]*", name)
    if len(name) < 120:
        parts = re.findall(r"(?:%[0-9A-F]{2})+|[^%]", name)
        back = "".join(
            bytes.fromhex(part.replace("%", "")).decode("utf-8", "surrogatepass")
            if part[0] == "%"
            else part.replace("_", "/")
            for part in parts
        )
        assert back == number


def test_very_long_numbers_get_names_of_bounded_length_that_differ():
    names = {safe_name("10.9999/" + "x" * length) for length in range(100, 5000, 100)}
    assert len(names) == 49
    assert max(map(len, names)) <= 120


@given(st.text(max_size=60), st.integers(1, 9999))
def test_a_page_has_a_plain_name_that_hides_and_climbs_nowhere(query: str, page: int):
    assert re.fullmatch(r"ctgov-[a-z0-9-]{1,41}-[0-9a-f]{8}-page-\d{4}\.json", page_name("ctgov", query, page, "json"))


@given(st.text(max_size=40))
def test_any_word_is_a_number_or_a_refusal(word: str):
    with suppress(ReviewError):
        read_asked(word)


@pytest.mark.parametrize(
    ("word", "form", "number"),
    [
        ("pmid 12", "PMID", "12"),
        ("PMID:12", "PMID", "12"),
        ("PMCID: PMC12", "PMCID", "PMC12"),
        ("s-epmc12", "ACCESSION", "S-EPMC12"),
        ("E-MTAB-12", "ACCESSION", "E-MTAB-12"),
        ("DOI: 10.1000/AbC", "DOI", "10.1000/abc"),
        ("http://dx.doi.org/10.1000/a", "DOI", "10.1000/a"),
        ("10.1186/ISRCTN99000012", "ISRCTN", "ISRCTN99000012"),
        ("EudraCT number: 2019-000123-45", "EUCTR", "2019-000123-45"),
        ("EUCTR2019-000123-45-GB", "EUCTR", "2019-000123-45-GB"),
        ("EU CT 2031-599999-12-00", "CTIS", "2031-599999-12-00"),
        ("EUCTR2019-000123-45-3rd", "EUCTR", "2019-000123-45"),
        ("nCt 0990 0501", "CTGOV", "NCT09900501"),
    ],
)
def test_numbers_are_told_by_their_form(word: str, form: str, number: str):
    asked = read_asked(word)
    assert (asked.form, asked.number) == (form, number)


@pytest.mark.parametrize(
    "word", ["", " ", "PMC", "PMID:0", "10.1/a", "10.1000/", "NCT1", "NCT00000000", "S-", "PMID:1 2"]
)
def test_what_only_looks_like_a_number_is_none(word: str):
    with pytest.raises(ReviewError):
        read_asked(word)


def test_every_form_has_a_service_that_knows_it():
    assert BY_FORM.keys() == NUMBERS.keys() == {form for service in SERVICES.values() for form in service.records}
    assert all(form in SERVICES[name].records for form, name in BY_FORM.items())
    assert all(service.base.startswith("https://") and service.gap > 0 for service in SERVICES.values())


def check_everything(body: bytes) -> None:
    """Show one answer to every check of every service: each accepts it or says in its own words what is wrong."""
    for service in SERVICES.values():
        for form, records in service.records.items():
            with suppress(*EXPECTED):
                records.check(body, NUMBERS[form])
        if service.search:
            with suppress(*EXPECTED):
                service.search.read(body, "0", {"total": "1", "limit": "1"})
            if service.search.read_opening:
                with suppress(*EXPECTED):
                    service.search.read_opening(body)
    for check in (check_version, read_history):
        with suppress(*EXPECTED):
            check(body, "NCT09900501")


@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_a_damaged_answer_is_told_and_never_a_fault(name: str, data: st.DataObject):
    body = SAMPLES[name]
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    check_everything(body[:start] + data.draw(st.binary(max_size=12)) + body[end:])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner),
    max_leaves=4,
)


@given(st.data())
def test_json_of_any_shape_is_told_and_never_a_fault(data: st.DataObject):
    """One value of a sound answer becomes anything at all."""
    content = json.loads(SAMPLES[data.draw(st.sampled_from(["json", "citations", "work", "search", "ctis"]))])
    holder, key = data.draw(st.sampled_from(list(places(content))))
    holder[key] = data.draw(VALUES | st.just({}))
    check_everything(json.dumps(content).encode())


def places(content):
    for key in list(content) if isinstance(content, dict) else range(len(content)):
        yield content, key
        if isinstance(content[key], dict | list):
            yield from places(content[key])


def test_entities_and_files_are_never_followed_and_never_grow(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("PMC1", encoding="utf-8")
    outside = f"<!DOCTYPE a [<!ENTITY x SYSTEM '{secret.as_uri()}'>]>".encode()
    body = outside + SAMPLES["jats"].replace(b">1<", b">&x;<")
    with pytest.raises(Unexpected):
        SERVICES["europepmc"].records["PMCID"].check(body, "PMC1")
    grown = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12))
    bomb = f"<!DOCTYPE a [<!ENTITY e0 'aaaaaaaaaa'>{grown}]><article>&e11;</article>".encode()
    with pytest.raises(Unexpected):
        SERVICES["europepmc"].records["PMCID"].check(bomb, "PMC1")


def test_a_large_answer_is_checked_in_linear_time():
    """Each of these would take hours if a check looked back over what it had read."""
    for body in (
        b"<" * 5_000_000,
        b"[" * 5_000_000,
        b"<!--" * 1_000_000,
        b" " * 5_000_000,
        b"EudraCT Number:" * 300_000,
    ):
        check_everything(body)
