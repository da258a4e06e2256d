"""RoB 2: what complete answers lead to, what is asked when, and what is refused."""

from __future__ import annotations

import pytest

from reviewkit.errors import ReviewError
from reviewkit.instruments import judge, overall, reached, unanswered


def answered(questions: str, answers: str) -> dict[str, str]:
    return dict(zip(questions.split(), answers.split(), strict=True))


@pytest.mark.parametrize(
    "answers, judgement",
    [
        # chance concealed imbalance
        ("Y   Y   N", "low"),
        ("NI  PY  NI", "low"),
        ("Y   Y   PY", "some_concerns"),
        ("N   Y   N", "some_concerns"),
        ("N   Y   Y", "some_concerns"),
        ("Y   NI  N", "some_concerns"),
        ("N   NI  NI", "some_concerns"),
        ("Y   NI  Y", "high"),
        ("Y   N   N", "high"),
        ("NI  PN  Y", "high"),
    ],
)
def test_d1_hangs_on_concealment_first(answers, judgement):
    assert judge("rob2", "D1", answered("1.1 1.2 1.3", answers)) == judgement


@pytest.mark.parametrize(
    "answers, judgement",
    [
        ({"2.1": "N", "2.2": "PN", "2.6": "Y"}, "low"),
        (
            {"2.1": "Y", "2.2": "Y", "2.3": "N", "2.6": "PY"},
            "low",
        ),  # an open trial without straying, analysed as randomised
        ({"2.1": "NI", "2.2": "N", "2.3": "NI", "2.6": "Y"}, "some_concerns"),
        ({"2.1": "Y", "2.2": "N", "2.3": "Y", "2.4": "N", "2.6": "Y"}, "some_concerns"),
        ({"2.1": "Y", "2.2": "N", "2.3": "Y", "2.4": "NI", "2.5": "Y", "2.6": "Y"}, "some_concerns"),
        ({"2.1": "Y", "2.2": "N", "2.3": "Y", "2.4": "Y", "2.5": "NI", "2.6": "Y"}, "high"),
        ({"2.1": "N", "2.2": "N", "2.6": "N", "2.7": "PN"}, "some_concerns"),
        ({"2.1": "N", "2.2": "N", "2.6": "NI", "2.7": "NI"}, "high"),
        ({"2.1": "Y", "2.2": "N", "2.3": "NI", "2.6": "N", "2.7": "Y"}, "high"),  # the worse of the two parts
    ],
)
def test_d2_of_assignment_is_the_worse_of_its_two_parts(answers, judgement):
    assert judge("rob2", "D2", answers) == judgement
    assert judge("rob2", "D2", answers, effect="assignment") == judgement


@pytest.mark.parametrize(
    "answers, judgement",
    [
        ({"2.1": "N", "2.2": "N", "2.4": "N", "2.5": "PN"}, "low"),
        ({"2.1": "Y", "2.2": "N", "2.3": "NA", "2.4": "NA", "2.5": "NA"}, "low"),  # none of the kinds is addressed
        ({"2.1": "Y", "2.2": "N", "2.3": "NI", "2.4": "N", "2.5": "N", "2.6": "Y"}, "some_concerns"),
        ({"2.1": "N", "2.2": "N", "2.4": "Y", "2.5": "N", "2.6": "PY"}, "some_concerns"),
        ({"2.1": "N", "2.2": "N", "2.4": "N", "2.5": "NI", "2.6": "NI"}, "high"),
        ({"2.1": "N", "2.2": "N", "2.3": "N", "2.4": "N", "2.5": "N"}, "low"),  # 2.3 is not asked
    ],
)
def test_d2_of_adhering_asks_other_questions(answers, judgement):
    assert judge("rob2", "D2", answers, effect="adhering") == judgement


@pytest.mark.parametrize(
    "answers, judgement",
    [
        ({"3.1": "Y"}, "low"),
        ({"3.1": "NI", "3.2": "PY"}, "low"),
        ({"3.1": "N", "3.2": "N", "3.3": "PN"}, "low"),
        ({"3.1": "N", "3.2": "N", "3.3": "NI", "3.4": "N"}, "some_concerns"),
        ({"3.1": "NI", "3.2": "N", "3.3": "Y", "3.4": "NI"}, "high"),
    ],
)
def test_d3_follows_the_gaps(answers, judgement):
    assert judge("rob2", "D3", answers) == judgement


@pytest.mark.parametrize(
    "answers, judgement",
    [
        ({"4.1": "Y", "4.2": "N"}, "high"),
        ({"4.1": "N", "4.2": "PY"}, "high"),
        ({"4.1": "NI", "4.2": "N", "4.3": "N"}, "low"),
        ({"4.1": "N", "4.2": "NI", "4.3": "N"}, "some_concerns"),
        ({"4.1": "N", "4.2": "N", "4.3": "NI", "4.4": "PN"}, "low"),
        ({"4.1": "N", "4.2": "NI", "4.3": "Y", "4.4": "N"}, "some_concerns"),
        ({"4.1": "N", "4.2": "N", "4.3": "Y", "4.4": "Y", "4.5": "PN"}, "some_concerns"),
        ({"4.1": "N", "4.2": "N", "4.3": "Y", "4.4": "NI", "4.5": "NI"}, "high"),
    ],
)
def test_d4_asks_after_those_who_rate(answers, judgement):
    assert judge("rob2", "D4", answers) == judgement


@pytest.mark.parametrize(
    "answers, judgement",
    [
        ("Y   N   N", "low"),
        ("NI  N   PN", "some_concerns"),
        ("N   PN  N", "some_concerns"),
        ("Y   NI  N", "some_concerns"),
        ("Y   N   NI", "some_concerns"),
        ("Y   Y   N", "high"),
        ("Y   NI  PY", "high"),
    ],
)
def test_d5_hangs_on_choosing_first(answers, judgement):
    assert judge("rob2", "D5", answered("5.1 5.2 5.3", answers)) == judgement


@pytest.mark.parametrize(
    "domain, effect, answers",
    [
        ("D1", None, {}),
        ("D1", None, {"1.2": "N", "1.3": "N"}),  # high whatever 1.1 is, and still the tool asks it
        ("D1", None, {"1.1": "Y", "1.2": "Y", "1.3": None}),
        ("D1", None, {"1.1": "Y", "1.2": "Y", "1.3": ""}),
        ("D2", None, {"2.1": "Y", "2.2": "N", "2.6": "Y"}),
        ("D2", None, {"2.1": "Y", "2.2": "N", "2.3": "NA", "2.6": "Y"}),  # asked, so "not applicable" is no answer
        ("D2", "adhering", {"2.1": "N", "2.2": "N", "2.4": "Y", "2.5": "N"}),
        ("D3", None, {"3.1": "NI", "3.2": "N", "3.3": "Y", "3.4": "NA"}),
    ],
)
def test_there_is_no_judgement_while_a_question_that_is_asked_has_no_answer(domain, effect, answers):
    assert judge("rob2", domain, answers, effect=effect) is None


def test_answers_to_questions_that_are_not_asked_count_for_nothing():
    complete = {"3.1": "Y"}
    for answer in ("Y", "PY", "PN", "N", "NI", "NA"):
        assert judge("rob2", "D3", {**complete, "3.4": answer}) == "low"
    # 2.4 would open 2.5, but nobody asked 2.4
    assert judge("rob2", "D2", {"2.1": "N", "2.2": "N", "2.3": "Y", "2.4": "Y", "2.6": "Y"}) == "low"


def test_what_is_asked_next_follows_from_the_answers_so_far():
    assert reached("rob2", "D2", {}) == ("2.1", "2.2", "2.6")
    assert reached("rob2", "D2", {"2.2": "NI", "2.6": "N"}) == ("2.1", "2.2", "2.3", "2.6", "2.7")
    assert unanswered("rob2", "D2", {"2.2": "NI", "2.6": "N"}) == ("2.1", "2.3", "2.7")
    assert reached("rob2", "D4", {"4.1": "N"}) == ("4.1", "4.2")
    assert reached("rob2", "D2", {"2.4": "Y"}, effect="adhering") == ("2.1", "2.2", "2.4", "2.5", "2.6")
    assert unanswered("rob2", "D3", {"3.1": "Y", "3.2": "N"}) == ()


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: judge("rob2", "D1", {"1.1": "probably yes"}),
            "RoB 2, D1, question 1.1\n"
            "  found     'probably yes'\n"
            "  expected  one of Y, PY, PN, N, NI\n"
            "  fix       did you mean 'PY'?",
        ),
        (
            lambda: judge("rob2", "D3", {"3.1": "Y", "3.2": "NI"}),
            "RoB 2, D3, question 3.2\n"
            "  found     'NI'\n"
            "  expected  one of Y, PY, PN, N, NA\n"
            "  fix       did you mean 'N'?",
        ),
        (
            lambda: judge("rob2", "D5", {"5.1": "NA"}),
            "RoB 2, D5, question 5.1\n"
            "  found     'NA'\n"
            "  expected  one of Y, PY, PN, N, NI\n"
            "  fix       did you mean 'N'?",
        ),
        (
            lambda: judge("rob2", "D2", {"2.7": "Y"}, effect="adhering"),
            "RoB 2, D2, effect of adhering\n"
            "  found     no question '2.7'\n"
            "  expected  one of 2.1, 2.2, 2.3, 2.4, 2.5, 2.6\n"
            "  fix       did you mean '2.6'?",
        ),
        (
            lambda: judge("rob2", "D7", {}),
            "RoB 2\n  found     no domain 'D7'\n  expected  one of D1, D2, D3, D4, D5\n  fix       did you mean 'D5'?",
        ),
        (
            lambda: judge("rob2", "D2", {}, effect="adherence"),
            "RoB 2\n"
            "  found     no effect of interest 'adherence'\n"
            "  expected  one of assignment, adhering\n"
            "  fix       did you mean 'adhering'?",
        ),
        (
            lambda: judge("ROB-2", "D1", {}),
            "instruments\n  found     no instrument 'ROB-2'\n  expected  one of rob2\n  fix       did you mean 'rob2'?",
        ),
        (
            lambda: overall("rob2", {"D1": "some concerns"}),
            "RoB 2, D1\n"
            "  found     no judgement 'some concerns'\n"
            "  expected  one of low, some_concerns, high\n"
            "  fix       did you mean 'some_concerns'?",
        ),
        (
            lambda: overall("rob2", {"domain 1": "low"}),
            "RoB 2\n"
            "  found     no domain 'domain 1'\n"
            "  expected  one of D1, D2, D3, D4, D5\n"
            "  fix       use one of the domains named",
        ),
    ],
)
def test_what_the_instrument_does_not_have_is_an_error_with_the_nearest_that_it_has(call, message):
    with pytest.raises(ReviewError) as error:
        call()
    assert str(error.value) == message


@pytest.mark.parametrize(
    "d1, d2, d3, d4, d5, judgement",
    [
        ("low", "low", "low", "low", "low", "low"),
        ("low", "some_concerns", "low", "low", "low", "some_concerns"),
        ("some_concerns",) * 5 + ("some_concerns",),  # never counted up: to raise it is for a person
        ("low", "low", "low", "low", "high", "high"),
        ("some_concerns", "some_concerns", "high", "low", "low", "high"),
        ("low", "low", "low", "low", None, None),
        ("high", "low", "low", "low", "", None),
    ],
)
def test_overall_is_the_worst_domain_and_nothing_more(d1, d2, d3, d4, d5, judgement):
    assert overall("rob2", {"D1": d1, "D2": d2, "D3": d3, "D4": d4, "D5": d5}) == judgement


def test_overall_waits_for_every_domain():
    assert overall("rob2", {"D1": "high"}) is None
    assert overall("rob2", {}) is None
