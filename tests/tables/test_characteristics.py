"""T1: what each cell says, where records agree, differ or are silent, and the marks that lead to the places."""

from __future__ import annotations

import pytest

import reviewkit as rk
from reviewkit.fields import catalogue
from reviewkit.model import Finding, Place, Record, Study, Value
from reviewkit.tables import cells, characteristics
from reviewkit.words import State


def line_of(field, item=None):
    """A line of its own for every field and item."""
    return list(catalogue()).index(field) + 1 + 1000 * (item or 0)


def said(field, value, document, item=None, state=State.REPORTED, **detail):
    line = line_of(field, item)
    quote = None if value is None and state is not State.UNCLEAR else str(value)
    return Value(
        field, item, None if state is State.UNCLEAR else value, state, quote, Place(document, line=line), "t:l", detail
    )


def a_record(kind, *facts, document=None, fields=()):
    document = document or f"{kind}.txt"
    values = [fact if isinstance(fact, Value) else said(*fact[:2], document, *fact[2:]) for fact in facts]
    return Record(document, 1, "0" * 64, "t", "t", kind, values, fields=fields)


def row_of(*records, findings=()):
    (row,) = characteristics.rows([("S0001", Study("S0001", list(records)), list(findings))])
    return row


def cell(name, *records):
    return row_of(*records)[name]


def test_what_registry_and_publication_both_say_is_told_once_with_both_places():
    row = row_of(
        a_record("registry", ("conditions", "Knee Pain", 1)), a_record("publication", ("conditions", "knee pain", 1))
    )
    line = line_of("conditions", 1)
    assert row["population"] == "knee pain [a][b]"
    assert row["places"] == (f"publication.txt: [a] line {line}; registry.txt: [b] line {line}")


def test_where_they_differ_both_stand_with_their_kind_the_publication_first():
    row = row_of(
        a_record("registry", ("design.allocation", "RANDOMIZED")),
        a_record("publication", ("design.allocation", "NON_RANDOMIZED")),
    )
    assert row["design"] == "not randomised (publication) [a] / randomised (registry) [b]"


def test_a_mirror_page_fills_a_cell_only_where_nothing_better_is_loaded_and_is_marked():
    page = a_record("mirror", ("enrolment.target", 32))
    assert cell("sizes", page) == "32 planned (mirror page) [a]"
    assert cell("sizes", page, a_record("registry", ("enrolment.target", 30))) == "30 planned [a]"
    assert row_of(page)["notes"] == "Known only from a page that retells a registry."


def test_every_size_names_its_role_and_the_arms_stand_behind_it():
    record = a_record(
        "publication",
        ("enrolment.target", 60),
        ("enrolment.randomised", 54),
        ("arms.n_randomised", 27, 1),
        ("arms.n_randomised", 27, 2),
        ("enrolment.treated", 0),
        ("arms.n_analysed", 25, 1),
    )
    assert (
        cell("sizes", record) == "60 planned [a]; 54 randomised (27 + 27) [b–d]; 0 treated [e]; 25 analysed, by arm [f]"
    )


def test_a_size_in_another_unit_says_so():
    eyes = said("enrolment.randomised", 60, "publication.txt", unit="eyes")
    assert cell("sizes", a_record("publication", eyes)) == "60 eyes randomised [a]"


@pytest.mark.parametrize(
    "facts, words",
    [
        ([("age_min", 18), ("age_max", 75)], "eligible: 18 to 75 years [a][b]"),
        ([("age_min", 18)], "eligible: 18 years and over [a]"),
        ([("age_max", 75), ("sex", "FEMALE")], "eligible: up to 75 years, women [a][b]"),
        ([("sex", "ALL")], "eligible: all sexes [a]"),
    ],
)
def test_who_could_take_part(facts, words):
    values = [
        said(f"eligibility.{part}", value, "registry.txt", **({"unit": "YEAR"} if part != "sex" else {}))
        for part, value in facts
    ]
    assert cell("population", a_record("registry", *values)) == words


def test_no_limit_of_age_is_a_fact_and_no_silence():
    open_end = Value(
        "eligibility.age_max", None, None, State.REPORTED, "No limit", Place("registry.txt", line=3), "t:l",
        {"unit": None, "no_limit": True},
    )  # fmt: skip
    youngest = said("eligibility.age_min", 18, "registry.txt", unit="YEAR")
    assert cell("population", a_record("registry", youngest, open_end)) == "eligible: 18 years and over [a][b]"
    assert cell("population", a_record("registry", open_end)) == "eligible: any age [a]"


@pytest.mark.parametrize(
    "facts, words",
    [
        ([("age_mean", 54.2), ("age_sd", 9.8)], "age mean 54.2 (SD 9.8) [a][b]"),
        ([("age_mean", 54.0)], "age mean 54 [a]"),
        ([("age_median", 61.0), ("age_q1", 52.0), ("age_q3", 66.0)], "age median 61 (IQR 52 to 66) [a–c]"),
        ([("age_min", 20.0), ("age_max", 70.0)], "age 20 to 70 [a][b]"),
        ([("female_n", 4), ("male_n", 3)], "women 4/7 (57%) [a][b]"),
        ([("female_n", 4)], "women 4 [a]"),
        ([("female_pct", 57.1)], "women 57.1% as written [a]"),
    ],
)
def test_who_did_take_part(facts, words):
    values = [
        Value(f"participants.{part}", None, value, State.REPORTED, str(value), Place("p.txt", line=line), "t:l")
        for line, (part, value) in enumerate(facts, 1)
    ]
    assert cell("population", a_record("publication", *values)) == words


ARMS = [
    ("arms.label", "Exosome", 1),
    ("arms.role", "EXPERIMENTAL", 1),
    ("arms.label", "Saline", 2),
    ("arms.role", "PLACEBO_COMPARATOR", 2),
    ("interventions.name", "UC-Exos", 1),
    ("interventions.arms", [1], 1),
    ("interventions.dose_text", "2 mL", 1),
    ("interventions.frequency", "weekly", 1),
    ("interventions.name", "NaCl 0.9%", 2),
    ("interventions.arms", [2], 2),
]


def test_arms_are_told_with_what_they_receive_comparators_apart():
    row = row_of(a_record("registry", *ARMS))
    assert (row["intervention"], row["comparator"]) == (
        "Exosome: UC-Exos, 2 mL, weekly [a–d]",
        "Saline: NaCl 0.9% (placebo) [e][f]",
    )


@pytest.mark.parametrize(
    "label, columns",
    [
        ("Intervention group: gel", ("Intervention group: gel [a]", "not reported")),
        ("Control group: gel", ("not reported", "Control group: gel [a]")),
        ("Group 1", ("Group 1 (role not stated) [a]", "not reported")),
    ],
)
def test_an_arm_without_a_role_goes_by_its_own_words_or_is_said_to_have_none(label, columns):
    record = a_record(
        "registry", ("arms.description", label, 1), fields=(("interventions.name", ""), ("arms.role", ""))
    )
    row = row_of(record)
    assert (row["intervention"], row["comparator"]) == columns


def test_the_kind_of_control_or_a_single_group_stands_where_no_comparator_is_described():
    assert cell("comparator", a_record("registry", ("design.control", ["PLACEBO"]))) == (
        "placebo [a] as the kind of control"
    )
    assert cell("comparator", a_record("registry", ("design.model", "SINGLE_GROUP"))) == "none: a single group [a]"


def test_outcomes_are_told_by_type_with_their_times():
    facts = [
        ("outcomes.measure", "Pain", 1),
        ("outcomes.type", "PRIMARY", 1),
        ("outcomes.timepoint", "12 weeks", 1),
        ("outcomes.measure", "Function", 2),
        ("outcomes.type", "SECONDARY", 2),
        ("outcomes.description", "Grip in kg.", 3),
        ("outcomes.type", "SECONDARY", 3),
    ]
    assert cell("outcomes", a_record("registry", *facts)) == (
        "Primary: Pain (12 weeks). Secondary: (1) Function; (2) Grip in kg [a–d]"
    )


@pytest.mark.parametrize(
    "value, words",
    [
        (said("design.follow_up", None, "registry.txt", state=State.EMPTY_IN_SOURCE), "left empty in the source"),
        (said("design.follow_up", None, "registry.txt", state=State.NOT_APPLICABLE), "not applicable"),
        (said("design.follow_up", "a while", "registry.txt", state=State.UNCLEAR), "unclear: “a while”"),
    ],
)
def test_silence_is_told_in_words(value, words):
    assert cell("follow_up", a_record("registry", value)) == words


def test_silence_of_a_source_that_could_speak_differs_from_that_of_one_that_cannot():
    able = a_record("registry", fields=(("design.follow_up", ""),))
    assert cell("follow_up", able) == "not reported"
    assert cell("follow_up", a_record("registry")) == "no source loaded speaks of it"


def test_countries_have_their_names_and_funding_falls_back_on_the_sponsor():
    record = a_record(
        "registry",
        ("countries", "IR", 1),
        ("countries", "DE", 2),
        ("design.centres.n", 2),
        ("sponsor.primary", "Example U"),
    )
    row = row_of(record)
    assert (row["setting"], row["funding"]) == ("Iran, Germany [a][b]; 2 centres [c]", "sponsor: Example U [d]")
    assert cell("funding", a_record("registry", ("sponsor.primary", "U"), ("funders.name", "Fund", 1))) == "Fund [a]"


def test_contradictions_that_the_checks_found_are_noted():
    findings = [
        Finding("date-order", "INCONSISTENT", "The end is before the start.", []),
        Finding("size-change", "ATTENTION", "The size was changed.", []),
    ]
    assert row_of(a_record("registry"), findings=findings)["notes"] == "The end is before the start."


def test_all_registration_numbers_and_records_of_a_study_are_named():
    row = row_of(
        a_record("registry", ("ids.primary", "NCT04276987")),
        a_record("registry", ("ids.primary", "ISRCTN12345678"), document="b.txt"),
        a_record("mirror", ("ids.primary", "NCT04276987")),
    )
    assert row["reports"] == (
        "NCT04276987 [a][b]; ISRCTN12345678 [c]; registry registry.txt; registry b.txt; mirror page mirror.txt"
    )


def test_rows_are_sorted_and_hold_every_column_and_footnotes_tell_the_marks():
    studies = (
        (f"S000{i}", Study(f"S000{i}", [a_record("registry", ("conditions", "Pain", 1))]), []) for i in (3, 1, 2)
    )
    rows = characteristics.rows(studies)
    assert [row["study_id"] for row in rows] == ["S0001", "S0002", "S0003"]
    assert list(characteristics.columns()) == list(rows[0])
    assert cells.footnotes(rows)[0] == f"S0001: registry.txt: [a] line {line_of('conditions', 1)}"


@pytest.mark.real
def test_every_fact_of_the_real_documents_is_marked_with_a_place(shared):
    studies = ((study.study, study, rk.check(study)) for study in rk.studies(shared / "seeds", problems=[]))
    rows = characteristics.rows(studies)
    assert len(rows) >= 4
    silent = {*cells.SILENCE.values(), cells.NOT_ASKED}
    for row in rows:
        for name in ("setting", "design", "sizes", "population", "outcomes", "follow_up", "funding"):
            assert row[name].endswith("]") or row[name] in silent or row[name].startswith("unclear: "), (
                name,
                row[name],
            )


def test_in_the_block_layout_the_same_words_stand_below_one_another():
    row = row_of(a_record("registry", ("design.allocation", "RANDOMIZED"), ("enrolment.target", 30)))
    assert [tuple(line.values()) for line in characteristics.blocks([row])] == [
        ("S0001", "Methods", "Design", row["design"]),
        ("S0001", "", "Length of follow-up", row["follow_up"]),
        ("S0001", "Participants", "Country and setting", row["setting"]),
        ("S0001", "", "Participants by role", row["sizes"]),
        ("S0001", "", "Population", row["population"]),
        ("S0001", "Interventions", "Intervention", row["intervention"]),
        ("S0001", "", "Comparator", row["comparator"]),
        ("S0001", "Outcomes", "Outcomes and times", row["outcomes"]),
        ("S0001", "Identification", "Records and registration numbers", row["reports"]),
        ("S0001", "", "Funding", row["funding"]),
        ("S0001", "Notes", "Notes", row["notes"]),
    ]
    columns = set(characteristics.columns()) - {"study_id", "places"}
    assert {name for names in characteristics.BLOCKS.values() for name in names} == columns
