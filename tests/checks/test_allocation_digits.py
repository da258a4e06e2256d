"""Rules by digits in free text: the digits each arm gets, those left out, those named twice."""

from __future__ import annotations

import pytest

from reviewkit.language.digits import allocation_by_digits

EVEN, ODD = (0, 2, 4, 6, 8), (1, 3, 5, 7, 9)
LOW, HIGH = (0, 1, 2, 3, 4), (5, 6, 7, 8, 9)


@pytest.mark.parametrize(
    "text, sets, unassigned, doubled",
    [
        ("Those whose final digit is 2, 4, 6, 8 join the drug group and those with 1,3,5, 7 the control group.",
         ((2, 4, 6, 8), (1, 3, 5, 7)), (0, 9), ()),
        ("Each has a 4-digit code; two groups of at least 5. Last digit is 2 4 6 8: drug, 1 3 5 7: control.",
         ((2, 4, 6, 8), (1, 3, 5, 7)), (0, 9), ()),
        ("File numbers ending in 0-4 were given the drug and 5–9 the placebo.", (LOW, HIGH), (), ()),
        ("Last digit between 0 and 4: group A; between 5 and 9: group B.", (LOW, HIGH), (), ()),
        ("The last digit of the card decides: zero to four intervention, five to nine control.", (LOW, HIGH), (), ()),
        ("Last digit ۰-۴ intervention group and ۵-۹ control group.", (LOW, HIGH), (), ()),
        ("Digits 1 to 3 mean arm A / 4 to 6 arm B / 7 to 9 arm C.", ((1, 2, 3), (4, 5, 6), (7, 8, 9)), (0,), ()),
        ("Digits 1 to 3 go to group 1, 4 to 6 to group 2, 7 to 9 to group 3; 0 was skipped.",
         ((1, 2, 3), (4, 5, 6), (7, 8, 9)), (), ()),
        ("Last digit 0-5 intervention group, last digit 5-9 control group.", ((0, 1, 2, 3, 4, 5), HIGH), (), (5,)),
        ("From a table of random numbers, 0–4 group A, 5–8 group B.", (LOW, (5, 6, 7, 8)), (9,), ()),
        ("A last digit of 0, 1, 2 means the drug group; the remaining patients are controls.", ((0, 1, 2),), (), ()),
        ("Odd file numbers are treated and even file numbers are controls.", (ODD, EVEN), (), ()),
        ("If the last digit is even, the exosome arm; if it is odd, the saline arm.", (EVEN, ODD), (), ()),
        ("Even digits (2, 4, 6, 8) to drug and odd digits (1, 3, 5, 7, 9) to saline group.",
         ((2, 4, 6, 8), ODD), (0,), ()),
        ("Patients were split into two groups by odd and even numbers.", (tuple(range(10)),), (), ()),
        ("Those with even numbers will receive tea and those with even numbers are in the control group.",
         (EVEN, EVEN), ODD, EVEN),
        ("Odd numbers: test group. Even numbers: control group. Odd numbers (test group) get tea.",
         (ODD, EVEN), (), ()),
    ],
)  # fmt: skip
def test_a_rule_by_digits_is_read(text, sets, unassigned, doubled):
    rule = allocation_by_digits(text)
    assert rule is not None
    assert (rule.sets, rule.unassigned, rule.doubled) == (sets, unassigned, doubled)


@pytest.mark.parametrize(
    "text",
    [
        "Computer-generated list in blocks of 4 and 6; each patient got a 5-digit code.",
        "Allocation ratio 1:1, even if the disease is severe; ages 5-9 years are a stratum of their own.",
        "Groups 1 and 2 were drawn by lot from 40 numbered cards.",
        "The last two digits 00-49 mean group A, 50-99 group B.",
        "Central randomisation by telephone.",
        "",
    ],
)
def test_other_digits_are_no_rule(text):
    assert allocation_by_digits(text) is None
