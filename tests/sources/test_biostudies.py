"""BioStudies: JSON and PageTab of one entry give the same values, each at its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_europepmc import ODD
from tests_of_publications import facts, is_read_or_refused, misplaced, read, value_of


def named(**values: str) -> list[dict]:
    """Attributes of BioStudies."""
    return [{"name": name.replace("_", "-"), "value": value} for name, value in values.items()]


ABSTRACT = "<h4>Methods</h4>We randomly assigned 60 adults. <h4>Trial registration</h4>NCT09990001."
ENTRY = {
    "accno": "S-EPMC9900001",
    "attributes": named(Title="Kites for sore knees", ReleaseDate="2021-04-21"),
    "section": {
        "type": "Study",
        "attributes": named(
            Title="Kites for sore knees: a randomised trial", Abstract=ABSTRACT, Keywords="wind; string"
        ),
        "subsections": [
            {"type": "Author", "attributes": named(Name="Windham AM", E_mail="a@example.org")},
            {"type": "Author", "attributes": named(Name="Stringer B")},
            {"type": "Publication", "attributes": named(DOI="10.9999/Kites.1", Journal="J Kites")},
            [{"type": "Samples", "attributes": named(Title="Blood")}],
            {"type": "Similar", "attributes": named(DOI="10.9999/other")},
        ],
        "files": [{"path": "a.txt"}],
    },
}
PAGETAB = """\
Submission\tS-EPMC9900001
Title\tKites for sore knees
ReleaseDate\t2021-04-21

Study\ts-1
Title\tKites for sore knees: a randomised trial
Abstract\tMethods: We randomly assigned 60 adults. Trial registration: NCT09990001.
Keywords\twind; string

Author\ta-1
Name\tWindham AM
E-mail\ta@example.org

Author\ta-2
Name\tStringer B

Publication\tp-1
DOI\t10.9999/Kites.1
Journal\tJ Kites

Files
a.txt
"""


def told(record) -> dict:
    return {field: value for field, _, value, _, _ in facts(record, "report.*")}


def one(content: str):
    """The only record; every quote stands at its place."""
    ((record,), _) = read(content)
    assert misplaced(content.encode(), [record]) == []
    return record


TOLD = {
    "report.title": "Kites for sore knees: a randomised trial",
    "report.accession": "S-EPMC9900001",
    "report.pmcid": "PMC9900001",
    "report.date": "2021-04-21",
    "report.keywords": ["wind", "string"],
    "report.doi": "10.9999/kites.1",
    "report.journal": "J Kites",
    "report.authors": ["Windham AM", "Stringer B"],
}


@pytest.mark.parametrize(
    "content",
    [json.dumps(ENTRY), json.dumps({"submissions": [ENTRY]}), PAGETAB, PAGETAB.replace("\n", "\r\n"), "\n\n" + PAGETAB],
    ids=["JSON", "JSON list", "PageTab", "PageTab with CRLF", "PageTab after blank lines"],
)
def test_each_fact_of_an_entry_is_read_in_every_form(content):
    record = one(content)
    found = told(record)
    assert found.pop("report.abstract").startswith("Methods")
    assert found == TOLD
    assert (value_of(record, "enrolment.randomised"), value_of(record, "ids.primary")) == (60, "NCT09990001")
    assert "@" not in str(record.as_json())


def test_the_number_of_the_article_is_worked_out_of_the_accession():
    assert facts(one(PAGETAB), "report.pmcid") == [("report.pmcid", None, "PMC9900001", "DERIVED", "S-EPMC9900001")]
    other = one(PAGETAB.replace("S-EPMC9900001", "S-BSST99"))
    assert (value_of(other, "report.accession"), value_of(other, "report.pmcid")) == ("S-BSST99", None)


def test_several_submissions_of_one_file_are_records():
    records, _ = read(PAGETAB + "\nSubmission\tS-BSST99\nTitle\tMore kites\n")
    assert [value_of(record, "report.accession") for record in records] == ["S-EPMC9900001", "S-BSST99"]
    assert misplaced((PAGETAB + "\nSubmission\tS-BSST99\nTitle\tMore kites\n").encode(), records) == []


def test_sections_nested_without_end_are_left_at_a_depth():
    section: dict = {"type": "Study"}
    for _ in range(200):
        section = {"type": "Study", "subsections": [section]}
    assert value_of(one(json.dumps({**ENTRY, "section": section})), "report.accession") == "S-EPMC9900001"


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["attributes", "type", "subsections"]), ODD, max_size=3), ODD)
def test_wrong_types_give_records_all_the_same(changed, attributes):
    entry = {**ENTRY, "attributes": attributes, "section": {**ENTRY["section"], **changed}}
    assert is_read_or_refused(json.dumps(entry))


@settings(max_examples=40)
@given(st.data())
def test_a_damaged_file_gives_records_or_an_error(data):
    at = data.draw(st.integers(0, len(PAGETAB)))
    upto = data.draw(st.integers(at, min(len(PAGETAB), at + 40)))
    text = PAGETAB[:at] + data.draw(st.text(max_size=5)) + PAGETAB[upto:]
    assert is_read_or_refused(text.encode("utf-8", "replace"))
