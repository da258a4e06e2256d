"""A dataset page with an abstract: the trial of the abstract is read, and no other."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.documents import Document, fold
from reviewkit.reading import records_of

PAGE = """Unknown

Dataset Information

0

{title}


ABSTRACT:

{abstract}

SUBMITTER: Example A

PROVIDER: S-EPMC99900001 | biostudies-literature | 2023 Jan

REPOSITORIES: biostudies-literature

Publications

{title}

Example Anna A   Invented Bela B BB

Invented journal 20230109 4


<h4>Background</h4>An earlier phase 1 trial (NCT09999991) had 99 patients. ...[more]

Similar Datasets

| S-EPMC99900002 | biostudies-literature
| S-EPMC99900003 | biostudies-literature
"""
ABSTRACT = "\n\n".join(
    [
        ("Background"),
        (
            "An earlier phase 2 trial (NCT01234500) enrolled 40 patients and was single-arm. We wanted to "
            "know whether inhaled exosomes shorten pneumonia."
        ),
        ("Methods"),
        (
            "The BREEZE trial was a randomised, double-blind, placebo-controlled, multicentre, "
            "parallel-group, phase 3 trial at 14 hospitals. Adults were randomly assigned (1:1) by an "
            "interactive web response system, in permuted blocks of four stratified by centre. Patients, care"
            " providers, investigators and outcome assessors were masked to group assignment. A sample size "
            "of 300 patients was planned."
        ),
        ("Results"),
        (
            "In all, 412 patients were screened and 312 were enrolled. 312 patients were randomly assigned, "
            "156 to exosomes and 156 to placebo; 305 patients received at least one dose and 298 patients "
            "were included in the primary analysis."
        ),
        ("Conclusions"),
        ("Exosomes did not shorten pneumonia. Further single-arm trials with 50 patients should look at the dose."),
        ("Trial registration"),
        ("ClinicalTrials.gov NCT04990001; EudraCT 2020-001234-12."),
    ]
)
TITLE = "Inhaled exosomes for pneumonia acquired in hospital"


def record_of(text: str):
    problems: list = []
    (record,) = records_of(Document("page.txt", text.encode(), problems.append))
    for value in record.reported:
        assert fold(text[value.place.start : value.place.end]) == value.quote
        assert value.place.line == text[: value.place.start].count("\n") + 1
    assert problems == []
    return record


def rows(record) -> list[tuple]:
    return [(v.field, v.item, v.value, str(v.state), v.quote) for v in record.reported]


def test_a_double_blind_phase_3_paper_is_read_whole():
    record = record_of(PAGE.format(title=TITLE, abstract=ABSTRACT))
    assert (record.source, record.kind) == ("dataset-page", "publication")
    abstract = " ".join(ABSTRACT.split())
    roles = ["PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"]
    expected = [
        ("report.title", None, TITLE, "REPORTED", TITLE),
        ("report.abstract", None, abstract, "REPORTED", abstract),
        ("acronym", None, "BREEZE", "REPORTED", "BREEZE"),
        ("design.allocation", None, "RANDOMIZED", "REPORTED", "randomised"),
        ("masking.label", None, "DOUBLE", "REPORTED", "double-blind"),
        ("design.control", None, ["PLACEBO"], "REPORTED", "placebo-controlled"),
        ("design.centres.multicentre", None, True, "REPORTED", "multicentre"),
        ("design.centres.n", None, 14, "REPORTED", "14"),
        ("design.model", None, "PARALLEL", "REPORTED", "parallel-group"),
        ("design.phase", None, ["PHASE3"], "REPORTED", "phase 3"),
        ("design.ratio", None, "1:1", "REPORTED", "1:1"),
        ("random.concealment", None, "interactive web response system", "REPORTED", "interactive web response system"),
        ("random.type", None, ["BLOCK", "STRATIFIED"], "REPORTED", "permuted blocks of four stratified"),
        (
            "masking.roles",
            None,
            roles,
            "REPORTED",
            "Patients, care providers, investigators and outcome assessors were masked to group assignment",
        ),
        ("enrolment.target", None, 300, "REPORTED", "300"),
        ("enrolment.screened", None, 412, "REPORTED", "412"),
        ("enrolment.actual", None, 312, "REPORTED", "312"),
        ("enrolment.randomised", None, 312, "REPORTED", "312"),
        ("arms.n_randomised", 1, 156, "REPORTED", "156"),
        ("arms.label", 1, "exosomes", "REPORTED", "exosomes"),
        ("arms.n_randomised", 2, 156, "REPORTED", "156"),
        ("arms.label", 2, "placebo", "REPORTED", "placebo"),
        ("enrolment.treated", None, 305, "REPORTED", "305"),
        ("enrolment.analysed", None, 298, "REPORTED", "298"),
        (
            "statement.registration",
            None,
            "ClinicalTrials.gov NCT04990001; EudraCT 2020-001234-12.",
            "REPORTED",
            "ClinicalTrials.gov NCT04990001; EudraCT 2020-001234-12.",
        ),
        ("ids.primary", None, "NCT04990001", "REPORTED", "NCT04990001"),
        ("ids.registry", None, "CTGOV", "DERIVED", "NCT04990001"),
        ("ids.secondary.id", 1, "2020-001234-12", "REPORTED", "2020-001234-12"),
        ("report.accession", None, "S-EPMC99900001", "REPORTED", "S-EPMC99900001"),
        ("report.repository", None, "biostudies-literature", "REPORTED", "biostudies-literature"),
        ("report.date", None, "2023-01", "REPORTED", "2023 Jan"),
        ("report.pmcid", None, "PMC99900001", "DERIVED", "S-EPMC99900001"),
        ("report.journal", None, "Invented journal", "REPORTED", "Invented journal"),
        ("report.date", None, "2023-01-09", "REPORTED", "20230109"),
        ("report.issue", None, "4", "REPORTED", "4"),
        ("report.authors", None, ["Example A", "Invented BB"], "REPORTED", "Example Anna A Invented Bela B BB"),
    ]
    assert sorted(map(repr, rows(record))) == sorted(map(repr, expected))


SIZES = [
    # methods and results -> target, actual, randomised, treated, analysed
    ("We planned to enrol 60 adults. Fifty-eight adults were randomised; 57 were treated.", (60, None, 58, 57, None)),
    ("Two hundred and forty women were randomly allocated, 120 to each group.", (None, None, 240, None, None)),
    (
        "A total of 1,204 participants underwent randomization, and 1,198 were included in the analysis.",
        (None, None, 1204, None, 1198),
    ),
    ("Of 90 patients screened, 72 were enrolled and 70 were analysed.", (None, 72, None, None, 70)),
    ("Seven severely ill patients (4 men and 3 women) were enrolled and received the drug.", (None, 7, None, 7, None)),
    ("The target sample size was 48. In total, 48 patients were recruited.", (48, 48, None, None, None)),
    ("Eligible 7 patients were assigned to receive the drug.", (None, 7, None, None, None)),
    ("We randomly assigned 36 children to gel or cream.", (None, None, 36, None, None)),
    ("Thirty patients were planned; eleven were treated.", (30, None, None, 11, None)),
    ("No patients were enrolled.", (None, None, None, None, None)),
    ("Pain fell in 12 of 20 patients who were treated.", (None, None, None, None, None)),
    ("Earlier trials randomised 400 patients.", (None, None, None, None, None)),
    ("In 2019, 45 % of patients were treated.", (None, None, None, None, None)),
    ("Patients were randomised within 24 hours and treated for 7 days.", (None, None, None, None, None)),
    ("Patients aged 18 to 65 years were enrolled.", (None, None, None, None, None)),
    ("۳۶ patients were randomised.", (None, None, 36, None, None)),
]


@pytest.mark.parametrize("sentences, sizes", SIZES)
def test_each_size_keeps_its_role(sentences, sizes):
    record = record_of(PAGE.format(title=TITLE, abstract=f"Methods\n\n{sentences}"))
    fields = [f"enrolment.{role}" for role in ("target", "actual", "randomised", "treated", "analysed")]
    read = tuple(next((v.value for v in record.reported if v.field == field), None) for field in fields)
    assert read == sizes


@pytest.mark.parametrize(
    "sentence, expected",
    [
        (
            "This was a single-centre, open-label, crossover trial.",
            {
                "design.centres.multicentre": False,
                "masking.label": "NONE",
                "design.model": "CROSSOVER",
                "masking.roles": [],
            },
        ),
        (
            "We did a randomized, triple-blind, factorial study in six hospitals.",
            {
                "design.allocation": "RANDOMIZED",
                "masking.label": "TRIPLE",
                "design.model": "FACTORIAL",
                "design.centres.n": 6,
            },
        ),
        (
            "This non-randomised, three-arm trial compared doses.",
            {"design.allocation": "NON_RANDOMIZED", "design.n_arms": 3},
        ),
        (
            "This phase 2b/3 non-inferiority trial was sham-controlled.",
            {"design.phase": ["PHASE2", "PHASE3"], "design.hypothesis": "NON_INFERIORITY", "design.control": ["SHAM"]},
        ),
        (
            "Patients were allocated 2 : 1 by stratified minimisation.",
            {"design.ratio": "2:1", "random.type": ["STRATIFIED", "MINIMISATION"]},
        ),
        ("Outcome assessors were blinded; participants were not.", {"masking.roles": ["OUTCOMES_ASSESSOR"]}),
        ("No placebo was used.", {}),
        ("This trial was not randomised.", {"design.allocation": "NON_RANDOMIZED"}),
    ],
)
def test_the_design_is_read_from_sentences_about_the_trial(sentence, expected):
    record = record_of(PAGE.format(title=TITLE, abstract=f"Methods\n\n{sentence}"))
    design = {
        v.field: v.value
        for v in record.reported
        if v.field.startswith(("design.", "masking.", "random.")) and v.value is not None
    }
    assert design == expected


def test_the_second_copy_of_the_abstract_and_similar_data_sets_are_not_read():
    record = record_of(PAGE.format(title=TITLE, abstract="Methods\n\nWe looked at doses."))
    numbers = [v for v in record.values if v.field == "ids.primary"]
    assert [(v.value, str(v.state)) for v in numbers] == [(None, "NOT_REPORTED")]
    assert not [v for v in record.reported if v.field.startswith(("enrolment", "design"))]


@given(st.text(alphabet=st.sampled_from("abc ABSTRACT:PROVIDER|.\n\r123NCT[]()×^"), max_size=300))
def test_any_abstract_is_read_without_an_error(text):
    page = PAGE.format(title=TITLE, abstract=text).encode()
    for record in records_of(Document("page.txt", page, lambda problem: None)):
        assert re.fullmatch(r"[0-9a-f]{64}", record.sha256)
