"""Announced changes of the sample size in free text."""

from __future__ import annotations

import pytest

from reviewkit.language.size_change import announced_size_change


@pytest.mark.parametrize(
    "text, change",
    [
        ("Few people came, which led to a reduced final sample size and to this update.", ("reduced", None, None)),
        ("A reduction in the sample size was needed.", ("reduced", None, None)),
        ("The number of patients was cut from 120 to 80 patients.", ("reduced", 120, 80)),
        ("We wish to increase the target sample size from 260 to 550 for more power.", ("increased", 260, 550)),
        ("Sample size: 60 -> 40", ("reduced", 60, 40)),
        ("Sample size corrected from 20 to 30.", ("increased", 20, 30)),
        ("The sample size has been revised.", ("changed", None, None)),
        ("Sample size revised to 40.", ("changed", None, 40)),
        ("Change of address. Enrollment was expanded to 1,200 participants.", ("increased", None, 1200)),
        ("Fewer patients than planned could be recruited.", ("reduced", None, None)),
        ("Only 20 of the planned 30 patients were recruited.", ("reduced", 30, 20)),
        ("The trial stopped with 24 participants instead of 30.", ("reduced", 30, 24)),
        ("The target sample size could not be reached.", ("reduced", None, None)),
        ("Changing the sample size from ۳۰ to ۲۰", ("reduced", 30, 20)),
    ],
)
def test_an_announced_change_is_read(text, change):
    found = announced_size_change(text)
    assert found is not None
    assert (found.direction, found.old, found.new) == change


@pytest.mark.parametrize(
    "text",
    [
        "The sample size was not changed.",
        "There was no change in the sample size; the outcomes were revised.",
        "Recruitment end moved; the sample size remains the same.",
        "The primary outcome was changed and sample size is 30.",
        "The sample size was calculated to detect a reduction of 20 %.",
        "The number of patients referred to us decreased.",
        "Only 5 of the planned 10 centres took part.",
        "The volume of the blood sample was reduced.",
        "Enrollment dates were updated.",
        "Typing errors were corrected.",
    ],
)
def test_a_mention_without_a_change_announces_nothing(text):
    assert announced_size_change(text) is None
