"""Which arm receives what, as an article's words say it."""

from __future__ import annotations

import pytest

from reviewkit.documents import Document
from reviewkit.sources import read


def received(sentence: str) -> list[tuple]:
    """Name and dose of each intervention, and the labels of the arms that receive it."""
    (record,) = read(Document("paper.txt", sentence.encode(), lambda problem: None))
    labels = {value.item: value.value for value in record.all("arms.label")}
    told: dict[int, dict[str, object]] = {}
    for value in record.reported:
        if value.field.startswith("interventions.") and value.detail.get("basis") != "total":
            told.setdefault(value.item, {})[value.field.removeprefix("interventions.")] = value.value
    return [
        (one.get("name"), one.get("dose"), [labels[arm] for arm in one.get("arms", [])])
        for _, one in sorted(told.items())
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Patients were randomly assigned to receive vitamin D 2000 IU daily (n = 40) "
            "or calcium 500 mg daily (n = 41).",
            [("vitamin D", 2000, ["vitamin D 2000 IU daily"]), ("calcium", 500, ["calcium 500 mg daily"])],
        ),
        (
            "We randomised 80 adults to gel (n = 40) or placebo (n = 40). The gel group received 5 mg twice a day.",
            [(None, 5, ["gel"])],
        ),
        (
            "We randomised 80 adults to nasal gel (n = 40) or plain gel (n = 40). The gel group received 5 mg daily.",
            [(None, 5, [])],
        ),
        (
            "We randomised 80 adults to aspirin (n = 40) or placebo (n = 40). The first arm took aspirin 75 mg daily.",
            [("aspirin", 75, ["aspirin"])],
        ),
    ],
)
def test_a_dose_belongs_to_the_arm_whose_words_hold_it_or_whose_name_it_is(sentence: str, expected: list[tuple]):
    assert received(sentence) == expected


def test_the_tie_is_derived_and_quotes_the_arm():
    sentence = "Patients were randomly assigned to receive aspirin 75 mg daily (n = 12) or placebo (n = 13)."
    (record,) = read(Document("paper.txt", sentence.encode(), lambda problem: None))
    (tie,) = record.all("interventions.arms")
    assert (tie.value, str(tie.state), tie.method, tie.quote) == (
        [1], "DERIVED", "rule:arm-of-the-dose", "aspirin 75 mg daily"
    )  # fmt: skip
