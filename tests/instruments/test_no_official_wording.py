"""The labels are our own words."""

from __future__ import annotations

import re

import pytest
import yaml

from reviewkit.instruments import load


@pytest.mark.real
def test_no_label_repeats_five_words_in_a_row_of_the_logic_file(shared):
    theirs = yaml.safe_load((shared / "instruments" / "rob2.yaml").read_text(encoding="utf-8"))
    runs = {
        run for domain in theirs["domains"] for question in domain["questions"] for run in five_words(question["label"])
    }
    ours = {
        run for domain in load("rob2").domains for question in domain.questions for run in five_words(question.label)
    }
    assert not runs & ours


def five_words(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z]+", text.lower())
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}
