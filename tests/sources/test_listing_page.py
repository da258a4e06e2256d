"""A listing page: its table and sentences about this study are evidence, the review of the field is not."""

from __future__ import annotations

import pytest

from reviewkit.documents import Document, fold
from reviewkit.reading import records_of

TABLE = """
Condition | Asthma |
---|---|
Treatment | Inhaled vesicles |
Clinical Study Identifier | NCT09900001 |
Sponsor | Example Hospital |
Last Modified on | 6 April 2023 |
,
You have contacted , on
If you decide to enroll in the study, once enrolled you may be asked to make 40 visits.
"""
FIELD = (
    "In 2021 asthma was treated with many drugs[1].\n"
    "1.1. Vesicles The drug VES-9 cured 29 of 30 patients within 5 days in a phase II trial[2]. A "
    "Phase I/II trial by Example Biologics enrolled 60 volunteers. Seven critically ill patients were"
    " treated, and all seven tolerated it well[3].\n"
    "1.2. Other trials Most clinical trials of vesicles are single-arm and lack a control group. An "
    "open-label study was published in June and included seven patients (Patients 1 to 7). Patients "
    "were given 500 mg twice a day.\n"
)


def record_of(text: str):
    problems: list = []
    (record,) = records_of(Document("page.txt", text.encode(), problems.append))
    for value in record.reported:
        assert fold(text[value.place.start : value.place.end]) == value.quote
    assert problems == []
    assert (record.source, record.kind) == ("listing-page", "mirror")
    return record


ROWS = [
    ("conditions", 1, "Asthma"),
    ("interventions.name", 1, "Inhaled vesicles"),
    ("ids.primary", None, "NCT09900001"),
    ("sponsor.primary", None, "Example Hospital"),
    ("registration.last_update", None, "2023-04-06"),
    ("ids.registry", None, "CTGOV"),
]


def test_the_review_of_the_field_says_nothing_of_this_trial():
    record = record_of(FIELD + TABLE)
    assert [(v.field, v.item, v.value) for v in record.reported] == ROWS
    assert record.statements == []


OWN = [
    (
        "This study is a multicenter, randomized controlled, single-blind trial.",
        {"design.centres.multicentre": True, "design.allocation": "RANDOMIZED", "masking.label": "SINGLE"},
    ),
    ("This phase 2 trial will enrol 80 adults.", {"design.phase": ["PHASE2"], "enrolment.target": 80}),
    (
        "In this open-label trial, participants will be assigned to one of two groups.",
        {"masking.label": "NONE", "masking.roles": [], "design.n_arms": 2},
    ),
    (
        "In this project 24 participants will be randomized 1:1.",
        {"enrolment.target": 24, "design.allocation": "RANDOMIZED", "design.ratio": "1:1"},
    ),
    ("To address these issues, this project proposes combining vesicles with usual treatment.", {}),
]


@pytest.mark.parametrize("sentence, expected", OWN)
def test_a_sentence_about_this_study_is_evidence_amid_the_review(sentence, expected):
    record = record_of(FIELD + "2. Research Design " + sentence + TABLE)
    design = {
        v.field: v.value
        for v in record.reported
        if v.field.startswith(("design.", "masking.", "enrolment.")) and v.value is not None
    }
    assert design == expected


def test_single_blind_without_a_party_masks_nobody_that_we_know_of():
    record = record_of("This is a single-blind trial: this study tests vesicles." + TABLE)
    (silent,) = [v for v in record.values if v.field == "masking.roles"]
    assert (silent.value, str(silent.state)) == (None, "NOT_REPORTED")


def test_a_row_without_a_value_is_empty_in_the_source():
    record = record_of(FIELD + TABLE.replace("Example Hospital", ""))
    (sponsor,) = [v for v in record.reported if v.field == "sponsor.primary"]
    assert (sponsor.value, str(sponsor.state), sponsor.quote) == (None, "EMPTY_IN_SOURCE", "Sponsor")
