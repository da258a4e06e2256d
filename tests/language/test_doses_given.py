"""Doses that a sentence says are given, before or behind the amount; samples, means and levels are none."""

from __future__ import annotations

import pytest

from reviewkit.language.doses import dose_facts, substance_facts


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Patients took 75 mg of aspirin daily.", {"name": "aspirin", "dose": 75, "unit": "mg", "frequency": "daily"}),
        (
            "Aspirin 75 mg was given daily for 12 weeks.",
            {"name": "Aspirin", "dose": 75, "unit": "mg", "frequency": "daily", "duration": "12 weeks"},
        ),
        (
            "Intravenous gentamicin 5 mg/kg was administered once a day for 7 days.",
            {
                "name": "gentamicin", "dose": 5, "unit": "mg/kg", "frequency": "once a day", "duration": "7 days",
                "route": "Intravenous",
            },
        ),
        (
            "Oral vitamin D (2000 IU daily) was taken for six months.",
            {
                "name": "vitamin D", "dose": 2000, "unit": "IU", "frequency": "daily", "duration": "six months",
                "route": "Oral",
            },
        ),
        ("Blood samples of 5 ml were taken at baseline.", {}),
        ("From each woman 5 ml of venous blood was taken.", {}),
        ("The mean dose of aspirin was 75 mg.", {}),
        ("A serum level of 8 ng/ml was measured after the drug was given.", {}),
    ],
)  # fmt: skip
def test_what_is_given_how_much_and_how(sentence: str, expected: dict[str, object]):
    facts = [*dose_facts(sentence), *substance_facts(sentence)]
    found = {fact.field.removeprefix("interventions."): fact.value for fact in facts}
    found.pop("dose_text", None)
    assert found == expected
