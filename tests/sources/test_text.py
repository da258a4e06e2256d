"""Plain prose: the report's own trial, its number by rank, and what is no prose."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.documents import Document, fold
from reviewkit.reading import records_of


def read(text: str | bytes):
    problems: list = []
    raw = text if isinstance(text, bytes) else text.encode("utf-8")
    records = list(records_of(Document("paper.txt", raw, problems.append)))
    return records, problems


def facts(text: str) -> dict[str, object]:
    """Field -> value, or list of values where it has several."""
    (record,), problems = read(text)
    assert record.source == "text" and problems == []
    found: dict[str, list] = {}
    for value in record.reported:
        assert fold(text[value.place.start : value.place.end]) == value.quote
        found.setdefault(value.field, []).append(value.value)
    return {field: values[0] if len(values) == 1 else values for field, values in found.items()}


def test_an_abstract_in_one_paragraph_is_read_whole():
    text = (
        "BACKGROUND: Two phase II trials of the drug enrolled 60 and 80 patients. METHODS: We did a multicenter, "
        "open-label, "
        "non-inferiority trial. One hundred and twenty women were randomly allocated in a 2:1 ratio to the drug "
        "(n = 80) or usual care "
        "(n = 40) using opaque, sealed, sequentially numbered envelopes. Outcome assessors were blinded; "
        "participants were not. "
        "RESULTS: A total of 118 women were analysed. The median age was 34 years (IQR 28-41). CONCLUSION: The "
        "drug was non-inferior. "
        "A larger phase IV trial is needed. TRIAL REGISTRATION: ChiCTR2000030261, registered 26 February 2020."
    )
    assert facts(text) == {
        "statement.registration": "ChiCTR2000030261, registered 26 February 2020.",
        "design.centres.multicentre": True,
        "masking.label": "NONE",
        "design.hypothesis": "NON_INFERIORITY",
        "enrolment.randomised": 120,
        "participants.female_n": 120,
        "arms.label": ["drug", "usual care"],
        "arms.n_randomised": [80, 40],
        "design.allocation": "RANDOMIZED",
        "design.ratio": "2:1",
        "random.concealment": "opaque, sealed, sequentially numbered envelopes",
        "masking.roles": ["OUTCOMES_ASSESSOR"],
        "enrolment.analysed": 118,
        "participants.age_median": 34.0,
        "participants.age_q1": 28.0,
        "participants.age_q3": 41.0,
        "ids.primary": "ChiCTR2000030261",
        "ids.registry": "CHICTR",
    }


def test_a_text_without_headings_is_read_whole():
    text = (
        "We conducted a single-center, double-blind, randomized, placebo-controlled phase 2b/3 trial in adults "
        "with asthma. "
        "Patients were randomized 1:1:1. 1,204 patients underwent randomization; 1,198 received treatment. "
        "Neither the patients nor the staff knew the assignment. (ClinicalTrials.gov number, NCT03000001.)"
    )
    assert facts(text) == {
        "design.centres.multicentre": False,
        "masking.label": "DOUBLE",
        "design.allocation": "RANDOMIZED",
        "design.control": ["PLACEBO"],
        "design.phase": ["PHASE2", "PHASE3"],
        "design.ratio": "1:1:1",
        "enrolment.randomised": 1204,
        "enrolment.treated": 1198,
        "masking.roles": ["PARTICIPANT", "CARE_PROVIDER"],
        "ids.primary": "NCT03000001",
        "ids.registry": "CTGOV",
    }


NUMBERS = [
    ("We treated adults with gel. Trial registration: NCT04990001.", ["NCT04990001"]),
    ("We treated adults with gel (NCT04990001).", ["NCT04990001"]),
    ("We treated adults with gel.\nRegistration\nISRCTN12345678", ["ISRCTN12345678"]),
    (
        "The previous trial (NCT01234500) was small. We treated adults. ClinicalTrials.gov: NCT04990001.",
        ["NCT04990001"],
    ),
    ("The previous trial (NCT01234500) was small. We treated adults with gel.", []),
    ("We treated adults with gel for a week.\nReferences\n1. Ross A. A trial. NCT01234500.", []),
    ("Background: Other gels are under study (NCT01234500).\nMethods: We treated adults with gel.", []),
    ("We treated adults with gel. UTN U1111-1250-7890.", []),
    ("We treated adults with gel (NCT00000000) for a week.", []),
    ("We treated adults with gel (ISCRTN12345678) for a week.", []),
]


@pytest.mark.parametrize("text, expected", NUMBERS)
def test_only_the_trials_own_number_is_its_number(text, expected):
    (record,), _ = read(text)
    assert [value.value for value in record.reported if value.field == "ids.primary"] == expected


def test_of_two_numbers_without_a_label_neither_is_taken():
    (record,), _ = read("We treated adults (NCT04990001) and children (NCT04990002) with gel.")
    numbers = [(v.value, str(v.state), v.quote) for v in record.reported if v.field == "ids.primary"]
    assert numbers == [(None, "UNCLEAR", "NCT04990001"), (None, "UNCLEAR", "NCT04990002")]


OTHERS = [
    ("<?xml version='1.0'?><article/>", "an XML or HTML file"),
    ("@article{ross2020,\n title = {A trial of gel}\n}", "a BibTeX export"),
]


@pytest.mark.parametrize("text, found", OTHERS)
def test_another_form_is_refused_by_its_name(text, found):
    records, problems = read(text)
    assert records == []
    assert [(p.found, p.severity) for p in problems] == [(found, "error")]


@pytest.mark.parametrize("text", ["12345", "a b c", "؟؟؟ ،،،", "-----\n=====\n"])
def test_what_has_no_words_in_a_row_is_no_prose(text):
    records, problems = read(text)
    assert records == []
    assert [p.found for p in problems] == ["a document of no known form"]


words = st.sampled_from(
    [
        "patients",
        "were",
        "randomised",
        "to",
        "40",
        "blinded",
        "not",
        "assessors",
        "placebo",
        "phase",
        "2",
        "NCT04276987",
        "[3]",
        ",",
        ".",
        ";",
        "(",
        ")",
        "1:1",
        "2.0",
        "×",
        "108",
        "mg",
        "daily",
        "Methods:",
        "Background\n",
        "\r\n",
        "**",
        "neither",
        "nor",
        "trial",
        "we",
        "single-arm",
        "IRCT20130812014333N1",
        "Target",
        "sample",
        "size:",
        "empty",
        "Phase",
        "Ages",
        "|",
        "Sponsor",
        "{",
        "}",
        '"',
        "",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(words, max_size=60).map(" ".join) | st.text(max_size=400))
def test_any_text_gives_records_or_a_message_and_never_an_exception(text):
    records, problems = read(text.encode("utf-8", "surrogatepass"))
    assert records or [problem for problem in problems if problem.severity == "error"]
    for record in records:
        record.as_json()


@given(st.binary(max_size=300))
def test_any_bytes_give_records_or_a_message(raw):
    records, problems = read(raw)
    assert records or problems
