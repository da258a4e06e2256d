"""What may be proposed from what records say: the gate, plans and reports, conflicts, and what stays unsaid."""

from __future__ import annotations

import msgspec
import pytest

from reviewkit.errors import ReviewError
from reviewkit.instruments import propose
from reviewkit.model import Finding


@pytest.fixture
def randomised(value):
    """The values without which nothing is proposed."""
    return [value("design.allocation", "RANDOMIZED"), value("design.model", "PARALLEL")]


def told(proposals):
    """Question, answer, strength and rule of each proposal."""
    return [(p.question, p.answer, p.strength, p.rule) for p in proposals.proposals]


def quotes(proposal):
    return [value.quote for value in proposal.because]


# --- the gate ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said, reason, fits, because",
    [
        ({"design.model": "SINGLE_GROUP", "design.allocation": "NA"},
         "there is one group only: RoB 2 judges a contrast between groups that chance has formed",
         ["jbi-case-series", "minors"], ["design.model", "design.allocation"]),
        ({"design.model": "SINGLE_GROUP", "design.allocation": "NON_RANDOMIZED"},
         "there is one group only: RoB 2 judges a contrast between groups that chance has formed",
         ["jbi-case-series", "minors"], ["design.model"]),
        ({"design.model": "SEQUENTIAL", "design.allocation": "NA"},
         "there is one group only: RoB 2 judges a contrast between groups that chance has formed",
         ["jbi-case-series", "minors"], ["design.allocation"]),
        ({"design.model": "PARALLEL", "design.allocation": "NON_RANDOMIZED"},
         "groups are compared that chance has not formed", ["robins-i"], ["design.allocation"]),
        ({"design.model": "CROSSOVER", "design.allocation": "NON_RANDOMIZED"},
         "groups are compared that chance has not formed", ["robins-i"], ["design.allocation"]),
        ({"study_type": "OBSERVATIONAL"},
         "groups are compared that chance has not formed", ["robins-i"], ["study_type"]),
        ({"design.model": "CROSSOVER", "design.allocation": "RANDOMIZED"},
         "each person receives several interventions in turn: RoB 2 has a version of its own for such trials",
         ["rob2-crossover"], ["design.model"]),
        ({"design.model": "PARALLEL", "design.allocation": "RANDOMIZED", "random.type": ["CLUSTER"]},
         "groups of people were randomised, not persons: RoB 2 has a version of its own for such trials",
         ["rob2-cluster"], ["random.type"]),
        ({"design.model": "PARALLEL", "masking.label": "DOUBLE"},
         "no record says that participants were allocated at random: find out how they were allocated",
         [], ["design.model", "masking.label"]),
        ({"enrolment.target": 40},
         "no record says that participants were allocated at random: find out how they were allocated", [], []),
    ],
)  # fmt: skip
def test_a_design_that_the_tool_is_not_for_is_refused_with_what_shows_it_and_what_fits(
    value, record, study, said, reason, fits, because
):
    proposals = propose(study(record(*(value(field, member) for field, member in said.items()))))
    assert (proposals.refused.reason, proposals.refused.fits) == (reason, fits)
    assert [shown.field for shown in proposals.refused.because] == because
    assert proposals.proposals == []


@pytest.mark.parametrize(
    "concept, label, rule, fits",
    [
        ("design", "single_arm", "some-cue", ["jbi-case-series", "minors"]),
        ("design", "nonrandomised_comparative", "some-cue", ["robins-i"]),
        ("design", "cluster", "some-cue", ["rob2-cluster"]),
        ("design", "crossover", "some-cue", ["rob2-crossover"]),
        ("sequence_generation", "inadequate", "sequence-by-choice", ["robins-i"]),
        ("allocation_concealment", "adequate", "some-cue", []),  # hidden, but of what is not said
    ],
)
def test_a_statement_about_the_design_is_evidence_as_well(statement, record, study, concept, label, rule, fits):
    proposals = propose(study(record(statement(concept, label, "the words", rule), kind="publication")))
    assert proposals.refused.fits == fits


@pytest.mark.parametrize(
    "concept, label, rule",
    [
        ("design", "parallel_randomised", "some-cue"),
        ("design", "quasi_randomised", "some-cue"),
        ("sequence_generation", "adequate", "some-cue"),
        ("sequence_generation", "unclear", "some-cue"),
        ("sequence_generation", "inadequate", "sequence-by-turn"),  # foreseeable, and the tool answers 1.1 with no
    ],
)
def test_a_statement_of_how_chance_or_a_rule_was_used_opens_the_gate(statement, record, study, concept, label, rule):
    assert propose(study(record(statement(concept, label, "the words", rule)))).refused is None


def test_a_page_that_retells_a_registry_feeds_no_proposal(value, record, study, randomised):
    title, number = value("title.public", "A title"), value("ids.primary", "NCT00000001")
    page = record(title, number, *randomised, value("masking.roles", ["PARTICIPANT"]), kind="mirror")
    alone = propose(study(page))
    assert msgspec.to_builtins(alone) == {
        "study": "S1",
        "instrument": "rob2",
        "effect": "assignment",
        "result": None,
        "refused": {"reason": "find the registry record", "because": msgspec.to_builtins([number, title]), "fits": []},
        "proposals": [],
    }
    assert propose(study(page), override="AB: it will do").proposals == []
    assert propose(study(page, record(*randomised))).proposals == []


def test_a_named_person_may_set_a_refusal_aside_and_the_refusal_is_still_told(value, record, study):
    single = record(value("design.model", "SINGLE_GROUP"), value("masking.roles", ["PARTICIPANT"]))
    proposals = propose(study(single), override="AB: the second arm is registered apart")
    assert proposals.override == "AB: the second arm is registered apart"
    assert proposals.refused.fits == ["jbi-case-series", "minors"]
    assert ("2.1", "PN", "strong", "role-listed") in told(proposals)


def test_an_override_of_nothing_is_not_told(record, study, randomised):
    assert propose(study(record(*randomised)), override="AB: to be sure").override is None


@pytest.mark.parametrize("override", ["because I say so", "AB:", ": no name", ""])
def test_an_override_needs_a_name_and_a_reason(record, study, override):
    with pytest.raises(ReviewError) as error:
        propose(study(record()), override=override)
    assert str(error.value) == (
        "override\n"
        f"  found     {override!r}\n"
        "  expected  who decides, and why, such as 'AB: the abstract calls it randomised'\n"
        "  fix       write initials or a name, a colon and the reason"
    )


# --- plans and reports -------------------------------------------------------------------------------------------


def test_registry_text_proposes_at_most_probably_and_says_it_is_planned(statement, record, study, randomised):
    said = [
        statement("sequence_generation", "adequate", "by a computer"),
        statement("allocation_concealment", "inadequate", "the list is open to all"),
        statement("blinding_participants", "blinded", "patients will not know"),
    ]
    proposals = propose(study(record(*randomised, *said)))
    assert told(proposals) == [
        ("1.1", "PY", "strong", "sequence-by-chance"),
        ("1.2", "PN", "strong", "allocation-foreseeable"),
        ("2.1", "PN", "strong", "said-to-be-blinded"),
    ]
    assert all(proposal.planned and not proposal.conflict for proposal in proposals.proposals)


def test_a_report_of_results_proposes_firm_answers_and_its_silence_is_no_information(
    value, statement, record, study, randomised
):
    said = [
        value("enrolment.randomised", 60),
        statement("sequence_generation", "adequate", "by a computer"),
        statement("allocation_concealment", "unclear", "assignments were concealed"),
        statement("blinding_participants", "not_blinded", "patients knew"),
    ]
    proposals = propose(study(record(*randomised, *said, kind="publication")))
    assert told(proposals) == [
        ("1.1", "Y", "strong", "sequence-by-chance"),
        ("1.2", "NI", "medium", "concealment-without-method"),
        ("2.1", "Y", "strong", "said-to-be-aware"),
        ("2.2", "NI", "weak", "searched-and-silent"),
        ("4.3", "NI", "weak", "searched-and-silent"),
    ]
    assert not any(proposal.planned for proposal in proposals.proposals)
    (silence,) = proposals.proposals[3].because
    assert (silence.field, silence.state, silence.quote) == ("masking.description", "NOT_REPORTED", None)


def test_nothing_is_proposed_from_the_silence_of_plans_abstracts_and_reports_without_numbers(
    value, statement, record, study, randomised
):
    only_claimed = statement("sequence_generation", "unclear", "randomised")
    numbers = value("enrolment.randomised", 60)
    for silent in (
        record(*randomised, only_claimed, numbers),
        record(*randomised, only_claimed, kind="publication"),
        record(*randomised, only_claimed, numbers, kind="publication", source="dataset-page"),
        record(*randomised, only_claimed, numbers, value("report.kind", "PROTOCOL"), kind="publication"),
    ):
        assert propose(study(silent)).proposals == []


def test_silence_of_the_report_is_shown_beside_what_the_plan_leaves_open(value, statement, record, study, randomised):
    plan = record(*randomised, statement("sequence_generation", "unclear", "randomised"))
    report = record(value("enrolment.analysed", 9), kind="publication")
    first = propose(study(plan, report)).proposals[0]
    assert (first.answer, first.rule, quotes(first)) == ("NI", "searched-and-silent", [None, "randomised"])


def test_a_choice_in_a_trial_called_randomised_answers_the_first_question(statement, record, study, randomised):
    chosen = statement("sequence_generation", "inadequate", "the surgeon chose", "sequence-by-choice")
    proposals = propose(study(record(*randomised, chosen)))
    assert told(proposals)[0] == ("1.1", "PN", "strong", "sequence-foreseeable-or-chosen")
    assert quotes(proposals.proposals[0]) == ["the surgeon chose"]


def test_the_caller_may_say_what_was_searched(value, record, study, randomised):
    plan = record(*randomised)
    bare, full = record(*randomised, kind="publication"), record(*randomised, value("results.n", 5), kind="publication")
    assert [p.answer for p in propose(study(bare), results_searched=True).proposals] == ["NI"] * 5
    assert propose(study(full), results_searched=False).proposals == []
    assert propose(study(plan), results_searched=True).proposals == []  # there is no report to have searched


def test_what_was_done_comes_before_what_was_planned(value, statement, record, study, randomised):
    plan = record(*randomised, statement("sequence_generation", "adequate", "by lot"))
    report = record(
        value("enrolment.analysed", 9), statement("sequence_generation", "adequate", "by dice"), kind="publication"
    )
    first = propose(study(plan, report)).proposals[0]
    assert (first.question, first.answer, first.planned, quotes(first)) == ("1.1", "Y", False, ["by dice", "by lot"])


def test_a_plan_still_answers_where_the_report_is_silent(value, statement, record, study, randomised):
    plan = record(*randomised, statement("allocation_concealment", "adequate", "a central telephone service"))
    report = record(value("enrolment.analysed", 9), kind="publication")
    second = propose(study(plan, report)).proposals[1]
    assert (second.question, second.answer, second.planned) == ("1.2", "PY", True)


def test_intention_to_treat_answers_only_for_assignment_and_never_from_a_plan(value, record, study, randomised):
    report = record(*randomised, value("analysis.set", "ITT"), value("enrolment.analysed", 9), kind="publication")
    assert ("2.6", "PY", "medium", "intention-to-treat") in told(propose(study(report)))
    assert "2.6" not in [p.question for p in propose(study(report), effect="adhering").proposals]
    assert propose(study(record(*randomised, value("analysis.set", "ITT")))).proposals == []


@pytest.mark.parametrize(
    "updated, end, post_hoc",
    [
        ("2025-08-30", "2021-09-22", True),
        ("2021-09-22", "2021-09-22", False),
        ("2021-09-23", "2021-09", False),  # the end may be the 30th
        ("2021-10", "2021-09", True),
        ("2020-01-01", "2021-09-22", False),
    ],
)
def test_a_plan_written_after_the_planned_end_is_marked(value, record, study, randomised, updated, end, post_hoc):
    dates = [
        value("registration.last_update", updated),
        value("date.recruitment_end", end, kind="ANTICIPATED"),
        value("masking.roles", ["PARTICIPANT"]),
    ]
    proposals = propose(study(record(*randomised, *dates))).proposals
    assert [proposal.post_hoc_text for proposal in proposals] == [post_hoc] * 3
    assert ("post_hoc_text" in msgspec.to_builtins(proposals[0])) is post_hoc


# --- rules, question by question ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "concept, label, rule, question, answer, strength",
    [
        ("sequence_generation", "adequate", "sequence-by-table", "1.1", "Y", "strong"),
        ("sequence_generation", "adequate", "sequence-permuted-blocks", "1.1", "PY", "medium"),
        ("sequence_generation", "inadequate", "sequence-by-turn", "1.1", "N", "strong"),
        ("allocation_concealment", "adequate", "concealment-central", "1.2", "Y", "strong"),
        ("allocation_concealment", "adequate", "concealment-containers", "1.2", "PY", "medium"),
        ("allocation_concealment", "inadequate", "concealment-foreseeable", "1.2", "N", "strong"),
        ("blinding_participants", "blinded", "party-blinded", "2.1", "N", "strong"),
        ("blinding_personnel", "not_blinded", "party-blinded", "2.2", "Y", "strong"),
        ("blinding_assessors", "blinded", "party-blinded", "4.3", "N", "strong"),
        ("blinding_assessors", "unclear", "some-cue", "4.3", "NI", "medium"),
    ],
)
def test_a_statement_in_a_report_answers_its_question(
    value, statement, record, study, randomised, concept, label, rule, question, answer, strength
):
    report = record(
        *randomised, value("results.n", 4), statement(concept, label, "nurses knew", rule), kind="publication"
    )
    found = {p.question: (p.answer, p.strength, quotes(p)) for p in propose(study(report)).proposals}
    assert found[question] == (answer, strength, ["nurses knew"])


@pytest.mark.parametrize(
    "quote, answer",
    [
        ("researchers did not know", "NI"),
        ("Investigators were unaware", "NI"),
        ("nurses and researchers did not know", "N"),
    ],
)
def test_a_blinded_investigator_is_not_yet_a_blinded_carer(value, statement, record, study, randomised, quote, answer):
    said = statement("blinding_personnel", "blinded", quote)
    found = propose(study(record(*randomised, value("results.n", 4), said, kind="publication"))).proposals
    assert [p.answer for p in found if p.question == "2.2"] == [answer]


@pytest.mark.parametrize(
    "roles, found",
    [
        (
            ["PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"],
            {"2.1": "PN", "2.2": "PN", "4.3": "PN"},
        ),
        (["PARTICIPANT", "INVESTIGATOR"], {"2.1": "PN", "4.3": "PY"}),  # the investigator may give the care, or not
        (["PARTICIPANT"], {"2.1": "PN", "2.2": "PY", "4.3": "PY"}),
        (["OUTCOMES_ASSESSOR"], {"2.1": "PY", "2.2": "PY", "4.3": "PN"}),
        (["DATA_ANALYST"], {"2.1": "PY", "2.2": "PY", "4.3": "PY"}),
        ([], {"2.1": "PY", "2.2": "PY", "4.3": "PY"}),
    ],
)
def test_a_list_of_masked_roles_answers_for_those_it_names_and_those_it_leaves_out(
    value, record, study, randomised, roles, found
):
    proposals = propose(study(record(*randomised, value("masking.roles", roles)))).proposals
    assert {proposal.question: proposal.answer for proposal in proposals} == found


def test_a_sentence_that_names_some_parties_says_nothing_of_the_others(value, record, study, randomised):
    some = msgspec.structs.replace(value("masking.roles", ["PARTICIPANT", "INVESTIGATOR"]), method="irct:masked-roles")
    assert told(propose(study(record(*randomised, some)))) == [("2.1", "PN", "strong", "role-listed")]
    paper = record(*randomised, value("masking.roles", ["PARTICIPANT"]), kind="publication")
    assert told(propose(study(paper))) == [("2.1", "PN", "strong", "role-listed")]


@pytest.mark.parametrize(
    "label, found",
    [
        ("NONE", {"2.1": ("PY", "strong"), "2.2": ("PY", "strong"), "4.3": ("PY", "medium")}),
        ("SINGLE", {"2.1": ("PN", "weak")}),
        ("DOUBLE", {"2.1": ("PN", "weak"), "2.2": ("PN", "weak")}),
        ("QUADRUPLE", {"2.1": ("PN", "weak"), "2.2": ("PN", "weak")}),
    ],
)
def test_a_label_without_roles_is_a_convention_and_weak(value, record, study, randomised, label, found):
    proposals = propose(study(record(*randomised, value("masking.label", label)))).proposals
    assert {proposal.question: (proposal.answer, proposal.strength) for proposal in proposals} == found


def test_quadruple_names_four_roles_in_the_registry_that_defines_it(value, record, study, randomised):
    entry = record(*randomised, value("ids.registry", "CTGOV"), value("masking.label", "QUADRUPLE"))
    assert [(p.question, p.answer) for p in propose(study(entry)).proposals] == [
        ("2.1", "PN"),
        ("2.2", "PN"),
        ("4.3", "PN"),
    ]


def test_a_named_role_ends_the_convention(value, statement, record, study, randomised):
    entry = record(
        *randomised, value("masking.label", "SINGLE"), statement("blinding_assessors", "blinded", "assessors")
    )
    assert told(propose(study(entry))) == [("4.3", "PN", "strong", "said-to-be-blinded")]


def test_an_open_trial_may_have_masked_assessors(value, statement, record, study, randomised):
    entry = record(*randomised, value("masking.label", "NONE"), statement("blinding_assessors", "blinded", "raters"))
    found = {p.question: (p.answer, p.conflict) for p in propose(study(entry)).proposals}
    assert found == {"2.1": ("PY", False), "2.2": ("PY", False), "4.3": ("PN", False)}


def test_a_sequence_that_can_be_foreseen_is_probably_not_concealed_unless_something_else_is_said(
    statement, record, study, randomised
):
    by_turn = statement("sequence_generation", "inadequate", "by turn", "sequence-by-turn")
    envelopes = statement("allocation_concealment", "adequate", "envelopes", "concealment-central")
    assert told(propose(study(record(*randomised, by_turn))))[1] == ("1.2", "PN", "medium", "foreseeable-sequence")
    assert told(propose(study(record(*randomised, by_turn, envelopes))))[1][1] == "PY"


# --- contradictions and findings ---------------------------------------------------------------------------------


def test_cues_that_conflict_propose_no_answer_and_show_both_quotes(statement, record, study, randomised):
    said = [
        statement("sequence_generation", "adequate", "a random number table"),
        statement("sequence_generation", "inadequate", "in turn", "sequence-by-turn"),
    ]
    (proposal,) = propose(study(record(*randomised, *said))).proposals
    assert (proposal.answer, proposal.conflict, proposal.rule) == (None, True, "conflicting-cues")
    assert quotes(proposal) == ["a random number table", "in turn"]
    assert msgspec.to_builtins(proposal)["answer"] is None


def test_a_list_and_a_text_that_disagree_are_shown_both(value, statement, record, study, randomised):
    roles = value("masking.roles", ["PARTICIPANT"], "Participant")
    entry = record(*randomised, roles, statement("blinding_assessors", "blinded", "assessors unaware"))
    found = {p.question: p for p in propose(study(entry)).proposals}
    assert found["4.3"].conflict and quotes(found["4.3"]) == ["assessors unaware", "Participant"]


def test_registry_and_paper_that_disagree_are_shown_both(value, record, study, randomised):
    entry = record(*randomised, value("masking.roles", ["PARTICIPANT"], "Participant"))
    paper = record(value("masking.label", "NONE", "open-label"), value("results.n", 3), kind="publication")
    first = propose(study(entry, paper)).proposals[2]
    assert (first.question, first.conflict, quotes(first)) == ("2.1", True, ["open-label", "Participant"])


def test_a_label_that_calls_the_same_trial_open_and_blind_is_a_conflict(value, record, study, randomised):
    entry = record(
        *randomised, value("masking.label", "NONE", "open"), value("masking.label", "DOUBLE", "double-blind")
    )
    first = propose(study(entry)).proposals[0]
    assert (first.question, first.conflict, quotes(first)) == ("2.1", True, ["open", "double-blind"])


def test_a_convention_gives_way_to_an_explicit_word_without_conflict(value, statement, record, study, randomised):
    entry = record(
        *randomised, value("masking.label", "DOUBLE"), statement("blinding_personnel", "not_blinded", "nurses knew")
    )
    assert told(propose(study(entry))) == [
        ("2.1", "PN", "weak", "blind-by-convention"),
        ("2.2", "PY", "strong", "said-to-be-aware"),
    ]


def test_a_design_that_contradicts_itself_gets_proposals_with_the_contradiction_attached(value, record, study):
    model, allocation = (
        value("design.model", "SINGLE_GROUP", "Single"),
        value("design.allocation", "RANDOMIZED", "Randomized"),
    )
    finding = Finding("model-arms-allocation", "INCONSISTENT", "The design contradicts itself: …", [model, allocation])
    entry = record(model, allocation, value("masking.roles", ["PARTICIPANT"], "Participant"))
    proposals = propose(study(entry), findings=[finding])
    assert proposals.refused is None
    for proposal in proposals.proposals:
        assert quotes(proposal) == ["Participant", "Single", "Randomized"]
        assert proposal.findings == [finding]


def test_digits_without_an_arm_are_attached_to_the_first_question(value, statement, record, study, randomised):
    rule = value("random.method", "by a table; last digit 2, 4 or 1, 3")
    finding = Finding("allocation-rule", "ATTENTION", "Allocation is by digits: …", [rule])
    entry = record(*randomised, rule, statement("sequence_generation", "adequate", "a table"))
    (proposal,) = propose(study(entry), findings=[finding]).proposals
    assert (proposal.question, proposal.answer, proposal.rule) == ("1.1", "PY", "sequence-by-chance")
    assert quotes(proposal) == ["a table", rule.quote] and proposal.findings == [finding]


def test_digits_of_a_number_that_nothing_calls_random_are_no_chance(value, record, study, randomised):
    rule = value("random.method", "even numbers: drug, odd numbers: control")
    finding = Finding("allocation-rule", "CONSISTENT", "Allocation is by digits: …", [rule])
    assert told(propose(study(record(*randomised, rule)), findings=[finding])) == [
        ("1.1", "PN", "medium", "digits-not-from-chance"),
        ("1.2", "PN", "medium", "foreseeable-sequence"),
    ]


def test_a_statement_is_told_under_the_text_it_was_read_in(value, statement, record, study, randomised):
    text = value("random.method", "Numbers came from a table, as planned.")
    inside = msgspec.structs.replace(text.place, start=text.place.start + 5, end=text.place.start + 12)
    said = msgspec.structs.replace(
        statement("sequence_generation", "adequate", "a table", "sequence-by-table"), place=inside
    )
    (proposal,) = propose(study(record(*randomised, text, said))).proposals
    (shown,) = proposal.because
    assert msgspec.to_builtins(shown) == {
        "field": "random.method",
        "item": None,
        "value": "a table",
        "state": "REPORTED",
        "quote": "a table",
        "place": msgspec.to_builtins(inside),
        "method": "sequence-by-table",
        "detail": {},
    }


@pytest.mark.parametrize(
    "arguments, message",
    [
        (
            {"instrument": "rob3"},
            "instruments\n  found     no instrument 'rob3'\n  expected  one of rob2\n  fix       did you mean 'rob2'?",
        ),
        (
            {"effect": "assigned"},
            "RoB 2\n"
            "  found     no effect of interest 'assigned'\n"
            "  expected  one of assignment, adhering\n"
            "  fix       did you mean 'assignment'?",
        ),
    ],
)
def test_an_unknown_instrument_or_effect_is_an_error_with_the_nearest(record, study, arguments, message):
    with pytest.raises(ReviewError) as error:
        propose(study(record()), **arguments)
    assert str(error.value) == message
