"""Sentences as spans, and whose trial each is about."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.language.scope import Scope, own_part, whose
from reviewkit.language.sections import sections
from reviewkit.language.sentences import LONGEST, plain, sentences


@pytest.mark.parametrize(
    "text, expected",
    [
        ("One arm. Two centres.", ["One arm.", "Two centres."]),
        ("We gave 2.5 mg. Then 5 mg.", ["We gave 2.5 mg.", "Then 5 mg."]),
        ("E.g. adults, i.e. those over 18, took part.", ["E.g. adults, i.e. those over 18, took part."]),
        ("Rossi et al. found nothing. We did.", ["Rossi et al. found nothing.", "We did."]),
        ("It healed.[3] It stayed so.", ["It healed.[3]", "It stayed so."]),
        ("promoting recovery.Exosomes are small.", ["promoting recovery.", "Exosomes are small."]),
        ("Was it blinded? Yes!", ["Was it blinded?", "Yes!"]),
        ("Methods\n\nWe randomised\nforty adults.", ["Methods", "We randomised\nforty adults."]),
        ("Methods\r\rWe did.", ["Methods", "We did."]),
        ("Sponsor: A\nCondition: B", ["Sponsor: A", "Condition: B"]),
        ("No. 5 was left out.", ["No. 5 was left out."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_a_text_is_cut_into_its_sentences(text, expected):
    assert [text[start:end] for start, end in sentences(text)] == expected


@given(st.text(alphabet="abA .!?\n\r[]1)\u00a0", max_size=120))
def test_sentences_are_ordered_disjoint_inside_the_text_and_cover_all_that_is_not_blank(text):
    spans = sentences(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    covered = {offset for start, end in spans for offset in range(start, end)}
    assert all(text[offset].isspace() for offset in range(len(text)) if offset not in covered)


def test_a_text_without_full_stops_is_read_piece_by_piece():
    text = "word " * 3000
    assert max(end - start for start, end in sentences(text)) <= LONGEST
    assert " ".join(text[start:end] for start, end in sentences(text)) == text.strip()


@given(st.text())
def test_the_readable_form_of_a_text_is_as_long_as_the_text(text):
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize(
    "sentence, scope",
    [
        # this trial
        ("We randomised 40 adults.", Scope.OWN),
        ("This study compares two gels.", Scope.OWN),
        ("Participants will be allocated to gel or cream.", Scope.OWN),
        ("Forty patients were enrolled.", Scope.OWN),
        ("The GELTRIAL study was done in Oslo.", Scope.OWN),
        ("Our trial, unlike the one of Ross, had two arms.", Scope.OWN),
        # another trial
        ("The 2015 open-label trial by Rossi enrolled 40 adults.", Scope.OTHER),
        ("Earlier trials had no control group.", Scope.OTHER),
        ("Most clinical trials of such drops are small and lack a control group.", Scope.OTHER),
        ("Müller et al. treated seven patients.", Scope.OTHER),
        ("The drug healed 25 of 26 patients within a week[12].", Scope.OTHER),
        ("A phase I/II trial led by another company was approved.", Scope.OTHER),
        ("The drug has not yet passed phase III testing.", Scope.OTHER),
        ("The study was published in a journal in June and included seven patients.", Scope.OTHER),
        ("Joint research of two hospitals treated nine people.", Scope.OTHER),
        ("Existing clinical studies supported the idea.", Scope.OTHER),
        # what should be done next
        ("Further trials will have to confirm this.", Scope.OTHER),
        ("Larger, double-blind trials are needed.", Scope.OTHER),
        ("A randomised trial of 300 patients is warranted.", Scope.OTHER),
        ("These findings support a phase 3 trial.", Scope.OTHER),
        # nobody's
        ("Other ways to mask information", Scope.BOILERPLATE),
        ("In a placebo-controlled study, some participants get an inert substance.", Scope.BOILERPLATE),
        ("Groups are formed by chance, like flipping a coin.", Scope.BOILERPLATE),
        ("Once enrolled you may be asked to come to visits.", Scope.BOILERPLATE),
        # the laboratory and the field
        ("Mice were randomly assigned to two diets.", Scope.BACKGROUND),
        ("Random effects were assumed.", Scope.BACKGROUND),
        ("Wells were filled in a randomised layout.", Scope.BACKGROUND),
    ],
)
def test_a_sentence_is_about_this_trial_another_one_or_none(sentence, scope):
    assert whose(sentence) is scope


@pytest.mark.parametrize(
    "sentence, part",
    [
        ("We randomised 40 adults.", "We randomised 40 adults."),
        ("Unlike the open-label study of Ross, we mask patients.", "we mask patients."),
        ("We masked 40 patients, whereas earlier trials were open.", "We masked 40 patients"),
        ("We treated nine adults safely, and larger trials are needed.", "We treated nine adults safely"),
        ("Earlier trials were open.", None),
        ("Larger trials are needed.", None),
    ],
)
def test_of_a_mixed_sentence_the_clause_about_this_trial_counts(sentence, part):
    span = own_part(sentence)
    assert (None if span is None else sentence[slice(*span)].rstrip(" ,")) == part


@pytest.mark.parametrize(
    "sentence",
    ["A single-arm phase 2 trial enrolled 40 adults.", "Patients were randomised.", "The drug cured nine people."],
)
def test_in_the_background_a_sentence_is_about_others_unless_it_says_this_trial(sentence):
    assert whose(sentence, Scope.BACKGROUND) is Scope.BACKGROUND
    assert whose("In this trial, " + sentence, Scope.BACKGROUND) is Scope.OWN


def test_the_headed_parts_of_an_abstract_are_found_in_lines_and_in_one_paragraph():
    lines = "Background\n\nOld.\nMethods:\nNew.\n**Results**\nGood.\nTrial\u00a0registration\nNCT04276987"
    assert [(p.name, lines[p.start : p.end].strip()) for p in sections(lines)] == [
        ("background", "Old."),
        ("methods", "New."),
        ("results", "Good."),
        ("registration", "NCT04276987"),
    ]
    inline = "BACKGROUND: Old. METHODS: New. TRIAL REGISTRATION: NCT04276987"
    assert [p.name for p in sections(inline)] == ["background", "methods", "registration"]
