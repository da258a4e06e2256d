"""T2 and T2b: the judgements as people made them, and nothing else."""

from __future__ import annotations

from reviewkit.judgements import Judgement
from reviewkit.model import Place
from reviewkit.tables import judgements

PLACE = Place("judgements.csv", row=7)


def judged(study, domain, final, *, algorithm=None, reason=None, outcome="Pain", assessor="AB"):
    return Judgement(f"{study}-R", study, outcome, "rob2", domain, algorithm or final, final, reason, assessor, PLACE)


MADE = [
    judged("S0002", "overall", "high", algorithm="some_concerns", reason="two domains together"),
    judged("S0002", "D1", "low", assessor="CD"),
    judged("S0001", "D1", "some_concerns"),
    judged("S0003", "D1", None, algorithm="low"),
]
NAMES = {"S0001": "Zeta 2020"}


def test_a_row_is_a_result_with_a_column_a_domain_and_what_is_open_says_so():
    assert judgements.rows(MADE, "rob2", NAMES) == [
        {
            "study": "Zeta 2020",
            "result_id": "S0001-R",
            "outcome": "Pain",
            "D1": "Some concerns",
            "D2": "not yet judged",
            "D3": "not yet judged",
            "D4": "not yet judged",
            "D5": "not yet judged",
            "overall": "not yet judged",
            "assessor": "AB",
        },
        {
            "study": "S0002",
            "result_id": "S0002-R",
            "outcome": "Pain",
            "D1": "Low",
            "D2": "not yet judged",
            "D3": "not yet judged",
            "D4": "not yet judged",
            "D5": "not yet judged",
            "overall": "High",
            "assessor": "AB; CD",
        },
    ]


def test_the_columns_are_those_of_the_tool_in_its_order():
    assert list(judgements.columns("robins_i")) == [
        "study", "result_id", "outcome", "D1", "D2", "D3", "D4", "D5", "D6", "D7", "overall", "assessor",
    ]  # fmt: skip
    assert judgements.columns("rob2")["D3"] == "D3: Missing outcome data"


def test_without_a_final_judgement_there_is_no_row():
    assert judgements.rows(MADE[-1:], "rob2") == judgements.support_rows(MADE[-1:], "rob2") == []


def test_t2b_sets_the_judgement_beside_the_algorithm_with_the_reason():
    rows = judgements.support_rows(MADE, "rob2", NAMES)
    assert [(row["study"], row["domain"]) for row in rows] == [
        ("Zeta 2020", "D1: Randomisation process"),
        ("S0002", "D1: Randomisation process"),
        ("S0002", "Overall"),
    ]
    assert rows[-1] == {
        "study": "S0002",
        "result_id": "S0002-R",
        "outcome": "Pain",
        "domain": "Overall",
        "algorithm": "Some concerns",
        "final": "High",
        "override_reason": "two domains together",
        "assessor": "AB",
        "place": "judgements.csv, row 7",
    }
