"""Every instrument's file: whole, and without a set of answers that meets no row or two."""

from __future__ import annotations

from collections import Counter
from itertools import product
from pathlib import Path

import pytest

import reviewkit.instruments
from reviewkit.fields import catalogue
from reviewkit.instruments import INSTRUMENTS, load
from reviewkit.instruments.instrument import NOT_ASKED
from reviewkit.language.cues import cues
from reviewkit.words import vocabularies

DOMAINS = [(name, domain) for name in INSTRUMENTS for domain in load(name).domains]
DOMAIN_IDS = [f"{name} {domain.id} {domain.effect or ''}" for name, domain in DOMAINS]


def test_every_file_of_the_room_is_an_instrument_and_every_instrument_a_file():
    folder = Path(reviewkit.instruments.__file__).parent
    assert sorted(path.stem for path in folder.glob("*.toml")) == sorted(INSTRUMENTS)
    assert [load(name).id for name in INSTRUMENTS] == list(INSTRUMENTS)


def combinations(domain):
    """Every set of answers in which the questions asked have a legal answer and the others are NA."""
    sets = [{}]
    for question in domain.questions:
        longer = []
        for given in sets:
            opened = any(
                all(given[other] in codes.split() for other, codes in condition.items())
                for condition in question.asked_if
            )
            codes = question.answers.split() if opened or not question.asked_if else [NOT_ASKED]
            longer += [{**given, question.id: code} for code in codes]
        sets = longer
    return sets


@pytest.mark.parametrize("name, domain", DOMAINS, ids=DOMAIN_IDS)
def test_every_set_of_answers_meets_exactly_one_row_of_each_table_and_every_row_is_met(name, domain):
    for table in domain.tables:
        met = Counter()
        seen = {tuple(given[question] for question in table.questions) for given in combinations(domain)}
        for answers in seen:
            rows = [
                number
                for number, row in enumerate(table.rows)
                if all(cell == "*" or answer in cell.split() for cell, answer in zip(row[:-1], answers, strict=True))
            ]
            assert len(rows) == 1, answers
            met.update(rows)
        assert len(met) == len(table.rows)


@pytest.mark.parametrize("name, domain", DOMAINS, ids=DOMAIN_IDS)
def test_every_code_question_and_level_in_a_domain_is_one_of_the_instruments(name, domain):
    tool = load(name)
    earlier = []
    for question in domain.questions:
        assert set(question.answers.split()) <= set(tool.answers)
        assert {other for condition in question.asked_if for other in condition} <= set(earlier)
        earlier.append(question.id)
    for table in domain.tables:
        assert set(table.questions) <= set(earlier)
        for row in table.rows:
            assert len(row) == len(table.questions) + 1
            assert row[-1] in tool.levels
            assert {code for cell in row[:-1] for code in cell.split()} - {"*"} <= set(tool.answers)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_every_set_of_judgements_meets_exactly_one_row_of_the_overall_judgement(name):
    tool = load(name)
    domains = {domain.id for domain in tool.domains}
    for judged in product(tool.levels, repeat=len(domains)):
        rows = [
            row
            for row in tool.overall
            if (row.any is None or row.any in judged)
            and (row.none is None or row.none not in judged)
            and (row.every is None or set(judged) == {row.every})
        ]
        assert len(rows) == 1, judged
        assert rows[0].judgement in tool.levels


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_what_may_be_suggested_speaks_of_questions_fields_cues_and_words_that_exist(name):
    tool = load(name)
    questions = {question.id for domain in tool.domains for question in domain.questions}
    rows = [*tool.suggestions, *tool.value_suggestions, *tool.finding_suggestions, *tool.consequences]
    named = [*rows, *tool.attached, *tool.evidence]
    assert {question for row in named for question in row.question.split()} <= questions
    assert {row.answer for row in rows} <= set(tool.answers)
    assert {row.strength for row in rows} <= {"strong", "medium", "weak"}
    assert {row.field for row in [*tool.evidence, *tool.value_suggestions]} <= set(catalogue())
    assert {cue for row in tool.suggestions for cue in row.cues} <= {cue.id for cue in cues("statement")}
    words = vocabularies()
    assert {role for row in tool.evidence for role in (row.role, row.perhaps) if role} <= set(words["MaskedRole"])
    assert {label for row in tool.evidence for label in row.convention} <= set(words["Masking"])


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_titles_and_labels_are_short_and_each_question_has_its_own(name):
    for domain in load(name).domains:
        labels = [question.label for question in domain.questions]
        assert len(set(labels)) == len(labels)
        assert all(label.strip() and len(label) <= 100 for label in [domain.title, *labels])
