"""Masking, model, arms and allocation of one record, and allocation by digits."""

from __future__ import annotations

import pytest

from reviewkit.checks.design import allocation_rule, model_arms_allocation
from reviewkit.checks.masking import masking_and_roles

FOUR = ["PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"]


@pytest.mark.parametrize(
    "label, roles, verdict, message",
    [
        ("DOUBLE", ["PARTICIPANT", "INVESTIGATOR"], "CONSISTENT",
         "The masking label is double, with two masked roles (participant and investigator)."),
        ("DOUBLE", ["PARTICIPANT", "INVESTIGATOR", "OUTCOMES_ASSESSOR"], "ATTENTION",
         "The masking label is double, but there are three masked roles "
         "(participant, investigator and outcomes assessor)."),
        ("NONE", [], "CONSISTENT", "The masking label is open label, with no masked roles."),
        ("NONE", ["PARTICIPANT"], "ATTENTION",
         "The masking label is open label, but there is one masked role (participant)."),
        ("SINGLE", [], "ATTENTION", "The masking label is single, but there are no masked roles."),
        ("QUADRUPLE", [*FOUR, "DATA_ANALYST"], "CONSISTENT",
         "The masking label is quadruple, with four masked roles (participant, care provider, investigator and "
         "outcomes assessor). Beside the four roles that are counted: data analyst."),
    ],
)  # fmt: skip
def test_the_label_is_the_number_of_masked_roles(value, record, told, label, roles, verdict, message):
    finding = masking_and_roles(record(value("masking.label", label), value("masking.roles", roles)))
    assert told(finding) == (verdict, message)


def test_unknown_roles_are_not_nobody(value, record):
    assert masking_and_roles(record(value("masking.label", "DOUBLE"), value("masking.roles", None))) is None
    assert masking_and_roles(record(value("masking.roles", []))) is None


def designed(value, record, model=None, allocation=None, arms=0, stated=None):
    values = [value("design.model", model)] if model else []
    values += [value("design.allocation", allocation)] if allocation else []
    values += [value("design.n_arms", stated)] if stated else []
    return record(*values, *(value("arms.label", f"Arm {n}", item=n) for n in range(1, arms + 1)))


@pytest.mark.parametrize(
    "model, allocation, arms, stated, verdict, message",
    [
        ("PARALLEL", "RANDOMIZED", 2, None, "CONSISTENT",
         "The design fits together: model parallel, allocation randomised, 2 arms."),
        ("SINGLE_GROUP", "NA", 1, 1, "CONSISTENT",
         "The design fits together: model single group, allocation not applicable, 1 arm."),
        ("SINGLE_GROUP", "RANDOMIZED", 2, 2, "INCONSISTENT",
         "The design contradicts itself: a single group, yet participants are randomised; a single group, yet 2 arms."),
        ("SINGLE_GROUP", None, 3, None, "INCONSISTENT", "The design contradicts itself: a single group, yet 3 arms."),
        ("PARALLEL", None, 1, None, "INCONSISTENT", "The design contradicts itself: parallel groups, yet one arm."),
        ("CROSSOVER", "NA", 0, None, "INCONSISTENT",
         "The design contradicts itself: crossover groups, yet allocation does not apply."),
        (None, "RANDOMIZED", 1, None, "INCONSISTENT",
         "The design contradicts itself: participants are randomised, yet there is one arm."),
        (None, "NA", 2, None, "INCONSISTENT",
         "The design contradicts itself: allocation does not apply, yet there are 2 arms."),
        ("PARALLEL", "RANDOMIZED", 2, 3, "INCONSISTENT", "The design contradicts itself: 3 arms stated but 2 listed."),
        ("SEQUENTIAL", "NA", 1, None, "CONSISTENT",
         "The design fits together: model sequential, allocation not applicable, 1 arm."),
    ],
)  # fmt: skip
def test_model_allocation_and_arms_fit_together(value, record, told, model, allocation, arms, stated, verdict, message):
    finding = model_arms_allocation(designed(value, record, model, allocation, arms, stated))
    assert told(finding) == (verdict, message)


def test_the_finding_rests_on_model_allocation_and_every_arm(value, record, because):
    finding = model_arms_allocation(designed(value, record, "SINGLE_GROUP", "RANDOMIZED", 2, 2))
    assert because(finding) == ["design.model", "design.allocation", "design.n_arms", "arms.label", "arms.label"]


def test_one_statement_alone_contradicts_nothing(value, record):
    assert model_arms_allocation(designed(value, record, "PARALLEL")) is None
    assert model_arms_allocation(designed(value, record, arms=2)) is None


def test_digits_left_without_an_arm_are_named(value, record, told):
    rule = value(
        "random.method", "Codes ending in 1, 3, 5 or 7 go to group A, codes ending in 2, 4, 6 or 8 to group B."
    )
    finding = allocation_rule(record(value("random.type", ["SIMPLE"]), rule))
    assert told(finding) == (
        "ATTENTION",
        "Allocation is by digits: 1, 3, 5, 7 and then 2, 4, 6, 8 are named; 0 and 9 are given to no arm.",
    )
    assert finding.because == [rule]


def test_a_rule_that_covers_all_digits_once_is_consistent(value, record, told):
    rule = value("random.method", "Last digit 0-4: exosome group; last digit 5-9: control group.")
    assert told(allocation_rule(record(rule))) == (
        "CONSISTENT",
        "Allocation is by digits: 0, 1, 2, 3, 4 and then 5, 6, 7, 8, 9 are named, "
        "and every digit from 0 to 9 has its place once.",
    )
    assert allocation_rule(record(value("random.method", "Permuted blocks of 4 and 6 by computer."))) is None


def test_an_article_may_list_fewer_arms_than_it_has_and_speak_of_other_groups(value, record, study, told):
    listed = [value("arms.label", name, item=item) for item, name in enumerate(("gel", "placebo"), 1)]
    paper = record(
        value("design.model", "PARALLEL"), value("design.allocation", "RANDOMIZED"), value("design.n_arms", 3),
        value("design.n_arms", 4), *listed, kind="publication",
    )  # fmt: skip
    assert told(model_arms_allocation(paper))[0] == "CONSISTENT"
    entry = record(
        value("design.model", "PARALLEL"), value("design.allocation", "RANDOMIZED"), value("design.n_arms", 3),
        value("design.n_arms", 4), *listed,
    )  # fmt: skip
    assert told(model_arms_allocation(entry)) == (
        "INCONSISTENT", "The design contradicts itself: the number of arms is given as 3 and 4."
    )  # fmt: skip
