"""Dates of recruitment and limits of age, as prose states them."""

from __future__ import annotations

import pytest

from reviewkit.language.course import course_facts


def said(text: str) -> list[tuple]:
    return [
        (fact.field, fact.value, text[fact.start : fact.end], fact.detail.get("kind")) for fact in course_facts(text)
    ]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "Between 5 June 2023 and 14 February 2024, 96 participants were randomised.",
            [
                ("date.first_enrolment", "2023-06-05", "5 June 2023", "ACTUAL"),
                ("date.recruitment_end", "2024-02-14", "14 February 2024", "ACTUAL"),
            ],
        ),
        (
            "We will recruit 40 adults from March 2027 to May 2028.",
            [
                ("date.first_enrolment", "2027-03", "March 2027", "ANTICIPATED"),
                ("date.recruitment_end", "2028-05", "May 2028", "ANTICIPATED"),
            ],
        ),
        (
            "Adults of 18 to 70 years took part.",
            [("eligibility.age_min", 18, "18", None), ("eligibility.age_max", 70, "70 years", None)],
        ),
        ("Patients aged 18 years or older were eligible.", [("eligibility.age_min", 18, "18 years", None)]),
        ("The median age was 57 years.", []),
        ("Follow-up lasted from 2 to 5 years.", []),
        (
            "Between 31 February 2020 and May 2020 patients were enrolled.",
            [("date.recruitment_end", "2020-05", "May 2020", "ACTUAL")],
        ),
        ("An earlier trial recruited women from May 2001 to June 2002.", []),
    ],
)
def test_recruitment_and_ages_are_read_from_sentences_about_this_trial(text, facts):
    assert said(text) == facts
