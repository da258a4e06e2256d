"""Entries of one trial in several registries: where they differ is told, and none is taken for the truth."""

from __future__ import annotations

from reviewkit.checks.between_registries import between_registries

NCT, ISRCTN, EUDRACT = "NCT09900001", "ISRCTN12345678", "2019-001234-56"


def entry(value, record, number, *facts):
    return record(value("ids.primary", number), *facts, document=f"{number}.xml")


def test_entries_that_differ_are_laid_side_by_side_with_their_numbers(value, record, study, told, because):
    one = entry(
        value, record, NCT,
        value("enrolment.target", 1200), value("date.first_enrolment", "2020-03-01", kind="ANTICIPATED"),
        value("design.phase", ["PHASE2"]), value("masking.label", "DOUBLE"),
    )  # fmt: skip
    other = entry(
        value, record, ISRCTN,
        value("enrolment.target", 900), value("date.first_enrolment", "2020-06", kind="ANTICIPATED"),
        value("design.phase", ["PHASE2", "PHASE3"]), value("masking.label", "DOUBLE"),
    )  # fmt: skip
    (finding,) = between_registries(study(one, other))
    assert told(finding) == (
        "ATTENTION",
        "The entries differ on target sample size: 1,200 in NCT09900001, 900 in ISRCTN12345678; planned first "
        "enrolment: 2020-03-01 in NCT09900001, 2020-06 in ISRCTN12345678; phase: phase 2 in NCT09900001, phase 2 and "
        "phase 3 in ISRCTN12345678.",
    )
    assert because(finding) == [*["enrolment.target"] * 2, *["date.first_enrolment"] * 2, *["design.phase"] * 2]


def test_entries_that_agree_are_consistent_and_a_month_agrees_with_its_days(value, record, study, told):
    one = entry(value, record, NCT, value("enrolment.target", 60), value("date.completion", "2021-05-07"))
    other = entry(value, record, EUDRACT, value("enrolment.target", 60), value("date.completion", "2021-05"))
    (finding,) = between_registries(study(one, other))
    assert told(finding) == (
        "CONSISTENT",
        "The entries NCT09900001 and 2019-001234-56 agree on target sample size and completion.",
    )


def test_a_plan_is_not_laid_beside_what_happened_nor_persons_beside_eyes(value, record, study):
    one = entry(
        value, record, NCT, value("date.first_enrolment", "2020-03-01", kind="ACTUAL"),
        value("enrolment.target", 60, unit="persons"),
    )  # fmt: skip
    other = entry(
        value, record, EUDRACT, value("date.first_enrolment", "2020-01-01", kind="ANTICIPATED"),
        value("enrolment.target", 120, unit="eyes"),
    )  # fmt: skip
    assert between_registries(study(one, other)) == []


def test_member_states_of_one_number_are_one_entry(value, record, study, told):
    states = [
        entry(value, record, EUDRACT, value("enrolment.target", 100)),
        entry(value, record, EUDRACT, value("enrolment.target", 110)),
    ]
    assert between_registries(study(*states)) == []
    (finding,) = between_registries(study(*states, entry(value, record, NCT, value("enrolment.target", 110))))
    assert told(finding)[0] == "CONSISTENT"
    (finding,) = between_registries(study(*states, entry(value, record, NCT, value("enrolment.target", 90))))
    assert told(finding) == (
        "ATTENTION",
        "The entries differ on target sample size: 100 and 110 in 2019-001234-56, 90 in NCT09900001.",
    )


def test_a_paper_is_no_entry(value, record, study):
    paper = record(value("ids.primary", ISRCTN), value("enrolment.target", 3), kind="publication")
    assert between_registries(study(entry(value, record, NCT, value("enrolment.target", 60)), paper)) == []
