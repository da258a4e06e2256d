"""ICTRP's exports: every trap of its columns, its three forms, what is refused, and the real exports read again."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.documents import Document, LongDocument, fold, open_document
from reviewkit.reading import records_of
from reviewkit.sources import ictrp, who_words

HEADER = [
    *("TrialID", "Public title", "Source Register", "Date registration", "Date registration3", "Export date"),
    *("Recruitment Status", "Inclusion agemin", "Inclusion agemax", "Inclusion gender", "Date enrollement"),
    *("Target size", "Study type", "Study design", "Phase", "Countries", "Contact Email", "Inclusion Criteria"),
    *("Exclusion Criteria", "Condition", "Intervention", "Primary outcome", "Secondary ID", "Retrospective flag"),
]


def table(*rows: dict[str, str], header: list[str] = HEADER, delimiter: str = ",") -> bytes:
    """An export with these rows; a column that a row does not name is blank."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows([[row.get(name, "") for name in header] for row in rows])
    return out.getvalue().encode()


def read(raw: bytes, name: str = "export.csv") -> tuple[list, list]:
    problems: list = []
    return list(records_of(Document(name, raw, problems.append))), problems


def row(**cells: str) -> tuple[list, list]:
    """What an export of one trial says in these columns (blanks written `_`), and the problems it met."""
    told = {name.replace("_", " "): words for name, words in cells.items()}
    (record,), problems = read(table({"TrialID": "NCT09900001", **told}))
    own = {"ids.primary", "ids.registry"}
    said = [v for v in record.reported if v.field not in own and (v.value is not None or v.state != "EMPTY_IN_SOURCE")]
    return said, problems


def told(**cells: str) -> list[tuple]:
    """Field, item, value and quote of each value that stands in these columns."""
    return [(v.field, v.item, v.value, v.quote) for v in row(**cells)[0]]


# What the columns say


@pytest.mark.parametrize(
    "column, words, value",
    [
        ("Date registration3", "20200403", "2020-04-03"),
        ("Date registration", "03/04/2020", "2020-04-03"),
        ("Date registration", "2020-04-03", "2020-04-03"),
        ("Date registration", "2020-04-03 00:00:00", "2020-04-03"),
        ("Date enrollement", "03/04/2020", "2020-04-03"),
        ("Date enrollement", "2020/04/03", "2020-04-03"),
        ("Date enrollement", "2020-4-3", "2020-04-03"),
        ("Date enrollement", "03/04/2020 00:00:00", "2020-04-03"),
        ("Date enrollement", "4/30/2020 12:00:00 AM", "2020-04-30"),
        ("Date enrollement", "2020-04-03T00:00:00.000Z", "2020-04-03"),
        ("Date enrollement", "April 3, 2020", "2020-04-03"),
        ("Date enrollement", "3 April 2020", "2020-04-03"),
        ("Date enrollement", "April 2020", "2020-04"),
        ("Date enrollement", "2020-04", "2020-04"),
        ("Export date", "4/3/2020 6:53:35 PM", "2020-04-03"),
        ("Export date", "2020-04-03 17:53:51", "2020-04-03"),
    ],
)
def test_each_form_of_a_date_is_read_as_coarse_as_it_is(column, words, value):
    said, problems = row(**{column: words})
    assert [(v.value, v.quote, v.place.column) for v in said if v.field != "registration.date_basis"] == [
        (value, words, column)
    ]
    assert said[0].detail["as_written"] == words and not problems


def test_the_safe_date_comes_before_the_other_and_its_zero_is_none():
    assert told(Date_registration3="20200403", Date_registration="04/03/2020")[0][2] == "2020-04-03"
    assert told(Date_registration3="0", Date_registration="04/03/2020")[0][2] == "2020-03-04"
    said, problems = row(Date_registration3="26410614", Date_registration="14/06/2020")
    assert [(v.field, v.value) for v in said][:1] == [("registration.date", "2020-06-14")] and not problems


@pytest.mark.parametrize(
    "words", ["14/06/2641", "2641-06-14 00:00:00", "31/02/2020", "13/13/2020", "4/3/2020 1:00 PM", "soon"]
)
def test_a_date_that_cannot_be_is_unclear_with_its_quote_and_one_notice(words):
    said, problems = row(Date_enrollement=words)
    assert [(v.field, v.value, str(v.state), v.quote) for v in said] == [
        ("date.first_enrolment", None, "UNCLEAR", words)
    ]
    (problem,) = problems
    assert (problem.severity, problem.found, str(problem.place)) == (
        "notice",
        repr(words),
        "export.csv, row 2, column Date enrollement",
    )


@pytest.mark.parametrize("words", ["0", "01/01/1900", "1900-01-01 00:00:00", "N/A", " "])
def test_a_date_that_stands_for_none_is_blank(words):
    assert told(Date_enrollement=words) == []


@pytest.mark.parametrize("number, basis", [("NCT09900001", "SUBMITTED"), ("ChiCTR2000099999", "UNSPECIFIED")])
def test_the_date_of_clinicaltrials_gov_is_that_of_first_submission(number, basis):
    (record,), _ = read(table({"TrialID": number, "Date registration3": "20200403"}))
    assert record.first("registration.date_basis").value == basis


@pytest.mark.parametrize(
    "words, number, registry",
    [
        ("JPRN-UMIN000099999", "UMIN000099999", "UMIN"),
        ("JPRN-jRCTs031209999", "jRCTs031209999", "JRCT"),
        ("EUCTR2020-009999-12-GB", "2020-009999-12", "EUCTR"),
        ("EUCTR2020-009999-12-Outside/EEA", "2020-009999-12", "EUCTR"),
        ("CTIS2022-509999-42-00", "2022-509999-42-00", "CTIS"),
        ("PER-099-20", "PER-099-20", "REPEC"),
        ("NL-OMON99999", "NL-OMON99999", "NLOMON"),
    ],
)
def test_the_prefixes_of_the_portal_are_no_part_of_a_number(words, number, registry):
    (record,), problems = read(table({"TrialID": words}))
    said = [(v.field, v.value, v.quote) for v in record.reported if v.field in {"ids.primary", "ids.registry"}]
    assert said == [("ids.primary", number, words), ("ids.registry", registry, words)] and not problems


def test_member_states_of_one_trial_are_records_with_one_number():
    rows = [{"TrialID": f"EUCTR2020-009999-12-{state}", "Countries": "Spain"} for state in ("ES", "FR")]
    records, _ = read(table(*rows))
    assert [(record.record, record.first("ids.primary").value) for record in records] == [
        (1, "2020-009999-12"),
        (2, "2020-009999-12"),
    ]


def test_the_flags_of_timing_and_contacts_are_never_read():
    assert told(Retrospective_flag="Yes", Contact_Email="someone@example.org", Source_Register="ChiCTR") == []


@pytest.mark.parametrize(
    "words, status",
    [
        ("Recruiting", "RECRUITING"),
        ("Not Recruiting", "UNKNOWN"),
        ("Not recruiting", "UNKNOWN"),
        ("Authorised", "UNKNOWN"),
        ("Complete", "RECRUITMENT_COMPLETE"),
    ],
)
def test_not_recruiting_does_not_tell_not_yet_from_no_longer(words, status):
    (value,) = row(Recruitment_Status=words)[0]
    assert (value.value, value.quote, value.detail) == (status, words, {"as_written": words})


SIZES = {
    "60": [("enrolment.target", None, 60, "60")],
    "Experimental group:30;Control group:30;": [
        ("arms.label", 1, "Experimental group", "Experimental group"),
        ("arms.n_target", 1, 30, "30"),
        ("arms.label", 2, "Control group", "Control group"),
        ("arms.n_target", 2, 30, "30"),
        ("enrolment.target", None, 60, "Experimental group:30;Control group:30;"),
    ],
    "0": [],
    "Case series:0;": [],
    "": [],
    "1,200": [("enrolment.target", None, 1200, "1,200")],
    "Group 1:20;Group 2": [("enrolment.target", None, None, "Group 1:20;Group 2")],  # cut short by the portal
    "Inclusion at 2 months": [("enrolment.target", None, None, "Inclusion at 2 months")],
}


@pytest.mark.parametrize("words", SIZES)
def test_sizes_of_groups_are_added_and_none_is_not_zero(words):
    assert told(Target_size=words) == SIZES[words]


@pytest.mark.parametrize(
    "words, phases",
    [
        ("Phase 2", ["PHASE2"]),
        ("Phase 2/Phase 3", ["PHASE2", "PHASE3"]),
        ("Phase 2/ Phase 3", ["PHASE2", "PHASE3"]),
        ("Phase 1 / Phase 2", ["PHASE1", "PHASE2"]),
        ("2-3", ["PHASE2", "PHASE3"]),
        ("Phase-3", ["PHASE3"]),
        ("Phase2", ["PHASE2"]),
        ("IV", ["PHASE4"]),
        ("PHASE II/III TRIAL", ["PHASE2", "PHASE3"]),
        ("0", ["EARLY_PHASE1"]),
        ("N/A", ["NA"]),
        ("Not Applicable", ["NA"]),
        ("Retrospective study", ["NA"]),
        ("Post Marketing Surveillance", ["PHASE4"]),
        (
            "Human pharmacology (Phase I): no\nTherapeutic exploratory (Phase II): yes\n"
            "Therapeutic confirmatory - (Phase III): yes\nTherapeutic use (Phase IV): no\n",
            ["PHASE2", "PHASE3"],
        ),
        (
            "Human pharmacology (Phase I): no Therapeutic exploratory (Phase II): no "
            "Therapeutic confirmatory - (Phase III): no Therapeutic use (Phase IV): no",
            ["NA"],
        ),
    ],
)
def test_phases_of_every_registry(words, phases):
    ((_, _, value, quote),) = told(Phase=words)
    assert (value, quote) == (phases, fold(words))


@pytest.mark.parametrize("words", ["Not selected", "Not Specified", "Other", "NA", ""])
def test_a_phase_that_was_not_chosen_is_blank(words):
    assert told(Phase=words) == []


@pytest.mark.parametrize("words", ["2020-03-02 00:00:00", "Human pharmacology (Phase I): \nother (Phase II):"])
def test_a_phase_that_a_spreadsheet_took_for_a_date_is_unclear(words):
    assert told(Phase=words) == [("design.phase", None, None, fold(words))]


@pytest.mark.parametrize(
    "words, sex",
    [
        ("All", "ALL"),
        ("Both", "ALL"),
        ("Female, Male", "ALL"),
        ("<br>Female: yes<br>Male: yes<br>", "ALL"),
        ("<br>Female: yes<br>Male: no<br>", "FEMALE"),
        ("Female: no\nMale: yes\n", "MALE"),
        ("Females", "FEMALE"),
        ("Men", "MALE"),
    ],
)
def test_sexes_of_every_registry(words, sex):
    ((_, _, value, _),) = told(Inclusion_gender=words)
    assert value == sex


@pytest.mark.parametrize(
    "words, age, unit",
    [
        ("18 Years", 18, "YEAR"),
        ("18Y", 18, "YEAR"),
        ("18", 18, "YEAR"),
        ("20years-old", 20, "YEAR"),
        ("19 Year(s)", 19, "YEAR"),
        ("19(Year)", 19, "YEAR"),
        ("65 years.", 65, "YEAR"),
        (">= 20age old", 20, "YEAR"),
        ("3M", 3, "MONTH"),
        ("1D", 1, "DAY"),
        ("6 Months", 6, "MONTH"),
        ("0", 0, "YEAR"),
    ],
)
def test_ages_of_every_registry(words, age, unit):
    (value,) = row(Inclusion_agemin=words)[0]
    assert (value.value, value.detail["unit"], value.quote) == (age, unit, words)


@pytest.mark.parametrize("words", ["No limit", "no maximum age", "none", "0 N/A (No limit)", "No Limit", "N/A"])
def test_no_limit_of_age_is_a_value(words):
    (value,) = row(Inclusion_agemax=words)[0]
    assert (value.value, str(value.state), value.detail["no_limit"]) == (None, "REPORTED", True)


@pytest.mark.parametrize("words", ["0", "ND", "Not applicable", "-"])
def test_an_oldest_age_that_is_not_given_is_blank(words):
    assert told(Inclusion_agemax=words) == []


def test_not_applicable_is_no_limit_of_age_only_where_clinicaltrials_gov_says_it():
    (record,), _ = read(table({"TrialID": "ISRCTN99999999", "Inclusion agemax": "N/A"}))
    assert [(str(v.state), v.quote) for v in record.all("eligibility.age_max")] == [("EMPTY_IN_SOURCE", "N/A")]


def test_countries_stand_once_by_their_code_and_regions_are_none():
    assert told(Countries="Kenya;Iran (Islamic Republic of);United Kingdom;England;Kenya") == [
        ("countries", 1, "KE", "Kenya"),
        ("countries", 2, "IR", "Iran (Islamic Republic of)"),
        ("countries", 3, "GB", "United Kingdom"),
    ]
    assert told(Countries="Korea, Republic of") == [("countries", 1, "KR", "Korea, Republic of")]
    assert told(Countries="Japan,North America") == [
        ("countries", 1, "JP", "Japan"),
        ("countries", 2, None, "North America"),
    ]
    assert told(Countries="No Country Given") == []


OUTCOMES = {
    "Healing;Pain": [("Healing", None, None), ("Pain", None, None)],
    "Healing[12 weeks];Pain (VAS; 0-10)[4 weeks]": [
        ("Healing", "12 weeks", None),
        ("Pain (VAS; 0-10)", "4 weeks", None),
    ],
    "Healing [Time Frame: 12 weeks]": [("Healing", "12 weeks", None)],
    "Score [Timeframe Day 1 and 3 ]\t\t\t;": [("Score", "Day 1 and 3", None)],
    "Healing. Timepoint: Week 12. Method of measurement: Photograph.;Death. Timepoint: Daily.": [
        ("Healing", "Week 12", "Photograph"),
        ("Death", "Daily", None),
    ],
    "HealingTimepoint: NA": [("Healing", None, None)],
    "Healed  Not healedTimepoint: Week 12": [("Healed Not healed", "Week 12", None)],
    "Healing (yes or no). Measurement time: 7 days.": [("Healing (yes or no)", "7 days", None)],
    "Name: Mood;Timepoints: one month;Measure: Scale A; Scale B": [("Mood", "one month", "Scale A; Scale B")],
    "a (b;c": [("a (b", None, None), ("c", None, None)],
    "none": [],
}


@pytest.mark.parametrize("words", OUTCOMES)
def test_outcomes_have_the_time_points_and_methods_that_stand_beside_them(words):
    said, _ = row(Primary_outcome=words)
    listed: dict[int, dict] = {}
    for value in said:
        listed.setdefault(value.item, {})[value.field] = value.value
    assert [
        (one["outcomes.measure"], one.get("outcomes.timepoint"), one.get("outcomes.method")) for one in listed.values()
    ] == OUTCOMES[words]
    assert {one["outcomes.type"] for one in listed.values()} <= {"PRIMARY"}


def test_the_objectives_of_the_eu_register_are_no_outcomes():
    words = (
        "Main Objective: To heal.;Secondary Objective: To ease.;Primary end point(s): Healing;"
        "Timepoint(s) of evaluation of this end point: Week 12"
    )
    assert told(Primary_outcome=words) == [
        ("objective", None, "To heal.", "To heal."),
        ("outcomes.measure", 1, "Healing", "Healing"),
        ("outcomes.type", 1, "PRIMARY", "Healing"),
        ("outcomes.timepoint", 1, "Week 12", "Week 12"),
    ]


def test_criteria_are_parted_at_their_headings_and_keep_their_lines():
    words = "_x000D_<br>   Inclusion Criteria:_x000D_<br>  - Age = 18_x000D_<br>Exclusion Criteria:<br>- Pregnancy"
    assert told(Inclusion_Criteria=words) == [
        ("eligibility.inclusion", None, "- Age = 18", "- Age = 18"),
        ("eligibility.exclusion", None, "- Pregnancy", "- Pregnancy"),
    ]
    assert told(Exclusion_Criteria="Exclusion criteria: - Child<br>- Old age") == [
        ("eligibility.exclusion", None, "- Child\n- Old age", "- Child - Old age")
    ]
    assert told(Exclusion_Criteria="Exclusion criteria: None") == [("eligibility.exclusion", None, "None", "None")]
    assert told(Exclusion_Criteria="Exclusion criteria: ") == []


def test_an_exclusion_in_the_cell_of_inclusion_drops_the_blank_one():
    words = "Inclusion Criteria:<br>- Adults<br>Exclusion Criteria:<br>- Children"
    (record,), _ = read(table({"TrialID": "NCT09900001", "Inclusion Criteria": words}))
    assert [(str(v.state), v.value) for v in record.all("eligibility.exclusion")] == [("REPORTED", "- Children")]


CONDITIONS = {
    "Ulcer;Diabetes": [("conditions", 1, "Ulcer"), ("conditions", 2, "Diabetes")],
    "Ulcer. <br>Ulcer;L97": [("conditions", 1, "Ulcer"), ("condition_codes.code", 1, "L97")],
    ";L97 - Ulcer of lower limb": [
        ("condition_codes.code", 1, "L97"),
        ("condition_codes.term", 1, "Ulcer of lower limb"),
        ("conditions", 1, "Ulcer of lower limb"),
    ],
    "Health Condition 1: L979- Ulcer, unspecified\nHealth Condition 2: Pain": [
        ("condition_codes.code", 1, "L979"),
        ("condition_codes.term", 1, "Ulcer, unspecified"),
        ("conditions", 1, "Ulcer, unspecified"),
        ("conditions", 2, "Pain"),
    ],
    "Ulcer <br>MedDRA version: 23.0\nLevel: PT\nClassification code 10099999\nTerm: Foot ulcer\nSystem Organ Class: "
    "100000004858;Therapeutic area: Diseases [C] - Skin": [
        ("condition_codes.code", 1, "10099999"),
        ("condition_codes.system", 1, "MedDRA"),
        ("condition_codes.term", 1, "Foot ulcer"),
        ("conditions", 1, "Ulcer"),
        ("keywords", 1, "Therapeutic area: Diseases [C] - Skin"),
    ],
    "Ulcer <br>Skin <br>Not Applicable": [("conditions", 1, "Ulcer"), ("conditions", 2, "Skin")],
    "N/A": [],
}


@pytest.mark.parametrize("words", CONDITIONS)
def test_conditions_and_codes_are_told_apart(words):
    assert [(field, item, value) for field, item, value, _ in told(Condition=words)] == CONDITIONS[words]


INTERVENTIONS = {
    "Drug: Gel; sterile;Device: Bandage": [
        ("interventions.name", 1, "Gel; sterile"),
        ("interventions.type", 1, "DRUG"),
        ("interventions.name", 2, "Bandage"),
        ("interventions.type", 2, "DEVICE"),
    ],
    "Intervention 1: Group A: gel. Intervention 2: Group B: nothing.": [
        ("interventions.description", 1, "Group A: gel."),
        ("interventions.description", 2, "Group B: nothing."),
    ],
    "Intervention1: Gel<br>Control Intervention1: Nothing": [
        ("interventions.description", 1, "Gel"),
        ("interventions.description", 2, "Nothing"),
    ],
    ";Gel;Placebo": [("interventions.name", 1, "Gel"), ("interventions.name", 2, "Placebo")],
    "Gel twice a day; then a bandage": [("interventions.description", 1, "Gel twice a day; then a bandage")],
}


@pytest.mark.parametrize("words", INTERVENTIONS)
def test_interventions_are_names_with_types_or_descriptions(words):
    assert [(field, item, value) for field, item, value, _ in told(Intervention=words)] == INTERVENTIONS[words]


def test_answers_on_ethics_keep_their_places_in_the_list():
    header = [*HEADER, "Ethics Status", "Ethics Approval Date"]
    cells = {
        "TrialID": "NCT09900001",
        "Ethics Status": "Approved;;Not Available",
        "Ethics Approval Date": ";01/02/2020;",
    }
    (record,), _ = read(table(cells, header=header))
    assert [(v.field, v.item, v.value, v.quote) for v in record.reported if v.field.startswith("ethics")] == [
        ("ethics.status", 1, "APPROVED", "Approved"),
        ("ethics.status", 3, "NOT_AVAILABLE", "Not Available"),
        ("ethics.date", 2, "2020-02-01", "01/02/2020"),
    ]


def test_other_numbers_have_the_kind_their_form_tells_and_the_own_number_is_none():
    assert told(Secondary_ID="NCT09900001;ISRCTN99999999|U1111-9999-9999, AB-12") == [
        ("ids.secondary.id", 1, "ISRCTN99999999", "ISRCTN99999999"),
        ("ids.secondary.type", 1, "REGISTRY", "ISRCTN99999999"),
        ("ids.secondary.id", 2, "U1111-9999-9999", "U1111-9999-9999"),
        ("ids.secondary.type", 2, "UTN", "U1111-9999-9999"),
        ("ids.secondary.id", 3, "AB-12", "AB-12"),
    ]


# Forms of the export


def test_columns_are_known_by_name_and_not_by_order_or_spelling():
    names = ["Phase", "TARGET_SIZE", "trialid", "Source_Register", "date enrollement", "StudyType", "study_design", "x"]
    raw = table({"trialid": "NCT09900001", "TARGET_SIZE": "8", "x": "?"}, header=[*names, "Recruitment Status"])
    (record,), _ = read(raw)
    assert (record.first("ids.primary").value, record.first("enrolment.target").value) == ("NCT09900001", 8)
    assert record.first("enrolment.target").place.column == "TARGET_SIZE"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_encodings_delimiters_and_line_ends(encoding, delimiter, line_end):
    raw = table({"TrialID": "NCT09900001", "Public title": "Gel, für\r\nFüße"}, delimiter=delimiter).decode()
    (record,), problems = read(raw.replace("\r\n", line_end).encode(encoding))
    assert record.first("title.public").value == "Gel, für Füße"
    assert [problem.found for problem in problems] == (["UTF-16 text"] if encoding == "utf-16" else [])


def xml(*cells: str, root: str = "Trials_downloaded_from_ICTRP", trial: str = "Trial") -> bytes:
    body = "".join(f"<{trial}>{one}</{trial}>" for one in cells)
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<{root}>{body}</{root}>".encode()


def test_elements_of_the_xml_are_read_as_the_columns_are_and_have_xpaths():
    raw = xml(
        "<TrialID>NCT09900001</TrialID><Target_size>8</Target_size><Phase/>",
        "<TrialID>NCT09900002</TrialID><TARGET_SIZE>A:5;B:6;</TARGET_SIZE><Acronym><b>G</b>EL</Acronym>",
    )
    records, problems = read(raw, "export.xml")
    said = [[v for v in record.reported if v.field[:3] != "ids"] for record in records]
    assert [[(v.field, v.value, v.place.xpath) for v in values] for values in said] == [
        [
            ("enrolment.target", 8, "/Trials_downloaded_from_ICTRP/Trial[1]/Target_size"),
            ("design.phase", None, "/Trials_downloaded_from_ICTRP/Trial[1]/Phase"),
        ],
        [
            ("acronym", "GEL", "/Trials_downloaded_from_ICTRP/Trial[2]/Acronym"),
            ("arms.label", "A", "/Trials_downloaded_from_ICTRP/Trial[2]/TARGET_SIZE"),
            ("arms.n_target", 5, "/Trials_downloaded_from_ICTRP/Trial[2]/TARGET_SIZE"),
            ("arms.label", "B", "/Trials_downloaded_from_ICTRP/Trial[2]/TARGET_SIZE"),
            ("arms.n_target", 6, "/Trials_downloaded_from_ICTRP/Trial[2]/TARGET_SIZE"),
            ("enrolment.target", 11, "/Trials_downloaded_from_ICTRP/Trial[2]/TARGET_SIZE"),
        ],
    ]  # fmt: skip
    assert not problems


def test_an_element_that_stands_twice_has_its_number_in_its_path():
    (record,), _ = read(xml("<TrialID>NCT09900001</TrialID><Acronym>A</Acronym><Acronym>B</Acronym>"))
    assert [(v.value, v.place.xpath.rpartition("/")[2]) for v in record.all("acronym")] == [
        ("A", "Acronym[1]"),
        ("B", "Acronym[2]"),
    ]


def workbook(*rows: list) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "notes"
    sheet = book.create_sheet("export")
    for one in rows:
        sheet.append(one)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_with_sheet_and_cell_as_places():
    cells = {"TrialID": "NCT09900001", "Target size": 8.0, "Date registration3": 20200403, "Phase": None}
    cells["Date enrollement"] = datetime(2020, 5, 1)
    raw = workbook(HEADER, [cells.get(name) for name in HEADER], [None] * len(HEADER))
    (record,), problems = read(raw, "export.xlsx")
    said = {v.field: (v.value, v.quote, v.place.sheet, v.place.cell) for v in record.reported}
    assert said["enrolment.target"] == (8, "8", "export", "L2")
    assert said["registration.date"] == ("2020-04-03", "20200403", "export", "E2")
    assert said["date.first_enrolment"] == ("2020-05-01", "2020-05-01 00:00:00", "export", "K2")
    assert said["design.phase"] == (None, "Phase", "export", "O2")
    assert not problems


def test_a_copy_with_columns_in_place_of_the_design_string_is_read():
    header = ["TrialID", "Source_Register", "DATE_ENROLLEMENT", "RECRUITMENT_STATUS", "STUDY_TYPE", "PHASE", "MASKING"]
    header += ["RANDOMIZATION", "INTERVENTION MODEL RESPONSE", "INCLUSION_AGEMIN"]
    cells = ["NCT09900001", "ClinicalTrials.gov", "2012-12", "NOT RECRUITING", "INTERVENTIONAL", "PHASE II TRIAL"]
    cells += ["MASKING: BLINDED|DOUBLE", "NON-RANDOMIZED", "CROSS-OVER", "5Y"]
    (record,), _ = read(table(dict(zip(header, cells, strict=True)), header=header))
    assert {v.field: v.value for v in record.reported if v.field.startswith(("design", "masking"))} == {
        "design.phase": ["PHASE2"],
        "masking.label": "DOUBLE",
        "design.allocation": "NON_RANDOMIZED",
        "design.model": "CROSSOVER",
    }


# What is refused


def test_the_weekly_file_without_names_asks_for_the_column_list():
    line = ",".join(["NCT09900001", *(f"cell {number}" for number in range(2, 64))])
    records, (problem,) = read(f"{line}\n{line}\n".encode(), "weekly.csv")
    assert not records
    assert str(problem) == (
        "weekly.csv, row 1\n"
        "  found     63 columns without names: row 1 is a trial already\n"
        "  expected  an ICTRP export with the names of its columns in row 1 (TrialID, Public title, …)\n"
        "  fix       add the column list that came with the file as row 1; the order of the columns is not guessed"
    )


def test_a_row_of_another_length_is_told_and_the_others_are_read():
    good = table({"TrialID": "NCT09900001"}, {"TrialID": "NCT09900002"}).decode().splitlines(keepends=True)
    records, problems = read(
        "".join([*good[:2], "NCT09900003,short\r\n", good[2], good[1].strip() + ",,\r\n"]).encode()
    )
    assert [record.first("ids.primary").value for record in records] == ["NCT09900001", "NCT09900002", "NCT09900001"]
    assert [str(problem) for problem in problems] == [
        "export.csv, row 3\n  found     2 cells\n  expected  24 cells, as in row 1\n"
        "  fix       export the file again, or put the row's quotation marks right; the other rows were read"
    ]


def test_a_number_that_is_none_is_unclear():
    (record,), (problem,) = read(table({"TrialID": "see below"}))
    assert [(v.field, str(v.state), v.quote) for v in record.all("ids.primary")] == [
        ("ids.primary", "UNCLEAR", "see below")
    ]
    assert problem.severity == "notice"


@pytest.mark.parametrize(
    "raw, found, line",
    [
        (table({"TrialID": "NCT09900001", "Acronym": "x"}) + "\nNCT09900002,Füße".encode("cp1252"), "byte 0xfc", 4),
        (table({"TrialID": "NCT09900001"}) + b"\nNCT\x00", "NUL characters, so a binary or damaged file", 4),
    ],
)
def test_text_in_another_encoding_is_refused_whole(raw, found, line):
    records, (problem,) = read(raw)
    assert not records and problem.severity == "error" and problem.found.startswith(found)
    assert problem.place.line == line


def test_a_quotation_mark_that_never_closes_is_told(monkeypatch):
    monkeypatch.setattr(ictrp, "MOST", 1000)
    raw = table({"TrialID": "NCT09900001"}) + b'NCT09900002,"' + b"never closed\n" * 200
    records, problems = read(raw)
    assert len(records) == 1
    assert [(problem.place.row, problem.found) for problem in problems] == [
        (3, "a row that cannot be taken apart (field larger than field limit (1000))")
    ]


def test_xml_that_breaks_off_gives_the_trials_before_it():
    raw = xml("<TrialID>NCT09900001</TrialID>", "<TrialID>NCT09900002</TrialID>")
    records, (problem,) = read(raw[: raw.rindex(b"</TrialID>")], "cut.xml")
    assert len(records) == 1
    assert problem.found.startswith("broken XML after 1 trials: ")
    assert (problem.severity, problem.expected) == ("error", "an ICTRP export, whole and well-formed")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<!DOCTYPE Trials_downloaded_from_ICTRP [<!ENTITY l0 "ha">{LAUGHS}]>'


@pytest.mark.parametrize("trial", ["<TrialID>NCT09900001</TrialID><Acronym>&l11;</Acronym>"])
def test_an_entity_that_grows_without_bound_is_refused(trial):
    raw = xml(trial).replace(b"<Trials", BOMB.encode() + b"<Trials", 1)
    records, problems = read(raw, "bomb.xml")
    assert not records and [problem.severity for problem in problems] == ["error"]


def test_an_external_entity_is_never_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("not for export")
    kinds = f'<!DOCTYPE t [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    raw = xml("<TrialID>NCT09900001</TrialID><Acronym>&x;GEL</Acronym>").replace(
        b"<Trials", kinds.encode() + b"<Trials", 1
    )
    records, problems = read(raw, "external.xml")
    shown = repr([value for record in records for value in record.reported]) + repr(problems)
    assert "not for export" not in shown


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 60))
def test_a_damaged_csv_gives_records_or_problems(noise, at, cut):
    raw = table({"TrialID": "NCT09900001", "Target size": "A:3;B:4;"}, {"TrialID": "ISRCTN99999999"})
    records, problems = read(raw[:at] + noise + raw[at + cut :])
    assert records or problems


@given(st.binary(max_size=30), st.integers(0, 260), st.integers(0, 60))
def test_a_damaged_xml_gives_records_or_problems(noise, at, cut):
    raw = xml("<TrialID>NCT09900001</TrialID><Phase>2</Phase>", "<TrialID>NCT09900002</TrialID><Phase>3</Phase>")
    records, problems = read(raw[:at] + noise + raw[at + cut :])
    assert records or problems


@given(st.data())
def test_a_damaged_workbook_gives_records_or_problems(data):
    raw = bytearray(_workbook_of_one())
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    records, problems = read(bytes(raw[: data.draw(st.integers(len(raw) // 2, len(raw)))]), "export.xlsx")
    assert records or problems


_WORKBOOK: list[bytes] = []


def _workbook_of_one() -> bytes:
    if not _WORKBOOK:
        _WORKBOOK.append(workbook(HEADER, ["NCT09900001", *["x"] * (len(HEADER) - 1)]))
    return _WORKBOOK[0]


CELL = st.text(alphabet="ab0123 ;:,.[]()<>/-%\u00e9\u200b\n\tTimepoint", max_size=60)


@given(st.lists(CELL, min_size=len(HEADER) - 1, max_size=len(HEADER) - 1))
def test_every_quote_stands_in_its_cell(cells):
    rows = {"TrialID": "NCT09900001", **dict(zip(HEADER[1:], cells, strict=True))}
    records, _ = read(table(rows))
    for value in records[0].reported if records else []:
        if value.state != "EMPTY_IN_SOURCE" and value.quote is not None:
            cell = who_words.plain(rows[value.place.column])
            assert value.quote in cell or fold(value.quote) in fold(cell)


# Long documents


def test_a_long_export_is_streamed_and_gives_the_same(tmp_path, monkeypatch):
    rows = [{"TrialID": f"NCT0{number:07}", "Target size": "8", "Public title": "Füße"} for number in range(300)]
    path = tmp_path / "long.csv"
    path.write_bytes(table(*rows))
    whole = open_document(path, "long.csv", [].append)
    monkeypatch.setattr("reviewkit.documents.LONG", 1000)
    monkeypatch.setattr("reviewkit.documents.MAX_BYTES", 2000)
    long = open_document(path, "long.csv", [].append)
    assert isinstance(long, LongDocument) and not isinstance(whole, LongDocument)
    assert [record.as_json() for record in records_of(long)] == [record.as_json() for record in records_of(whole)]
    assert "raw" not in vars(long)


def test_a_long_text_that_only_begins_like_an_export_is_refused_for_its_size(tmp_path, monkeypatch):
    path = tmp_path / "long.txt"
    path.write_bytes(b"The trial ID is given below.\n" + b"Nothing was enrolled here.\n" * 200)
    monkeypatch.setattr("reviewkit.documents.LONG", 1000)
    monkeypatch.setattr("reviewkit.documents.MAX_BYTES", 2000)
    problems: list = []
    assert list(records_of(open_document(path, "long.txt", problems.append))) == []
    assert [problem.fix for problem in problems] == ["split the file; one record or one search page a file is best"]


def test_a_long_export_in_another_encoding_is_refused_at_its_line(tmp_path, monkeypatch):
    path = tmp_path / "long.csv"
    path.write_bytes(table(*[{"TrialID": "NCT09900001"}] * 100) + "NCT09900002,Füße\r\n".encode("cp1252"))
    monkeypatch.setattr("reviewkit.documents.LONG", 1000)
    problems: list = []
    list(records_of(open_document(path, "long.csv", problems.append)))
    assert [(problem.found, problem.place.line) for problem in problems] == [("byte 0xfc, which is not UTF-8", 102)]


# The real exports, read again in the test

FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S", "%B %d, %Y"]


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a real export by the names of its columns, written with blanks."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".xlsx":
        from openpyxl import load_workbook

        header, *rows = load_workbook(path).active.iter_rows(values_only=True)
        return [{k: "" if v is None else str(v) for k, v in zip(header, one, strict=True)} for one in rows]
    from lxml import etree

    trials = etree.parse(path).getroot()
    return [{part.tag.replace("_", " "): "".join(part.itertext()) for part in trial} for trial in trials]


def day(words: str) -> str | None:
    """A date read by strptime alone; one that is none, or in no possible year, is None."""
    words = words.strip()
    if re.fullmatch(r"[A-Z][a-z]+ \d{4}", words):
        return datetime.strptime(words, "%B %Y").strftime("%Y-%m")
    for form in FORMATS:
        try:
            found = datetime.strptime(words, form)
        except ValueError:
            continue
        return found.strftime("%Y-%m-%d") if 1900 < found.year < 2101 else None
    return None


def number_of(words: str) -> str:
    return re.sub(r"^(?:JPRN-|EUCTR|CTIS)|(?<=\d{4}-\d{6}-\d{2})-.*$", "", words.strip())


def size_of(words: str) -> int | None:
    words = words.strip()
    if words.isdigit():
        return int(words) or None
    whole = re.fullmatch(r"(?:[^;:]+(?::[^;:]+)*:\s*\d+\s*(?:;\s*|$))+", words)
    return (sum(int(n) for n in re.findall(r":\s*(\d+)\s*(?:;|$)", words)) or None) if whole else None


ALLOCATED = [
    (r"randomi[sz]ed: yes|allocation ?: ?(?:randomi[sz]ed|rct)|randomization: randomized", "RANDOMIZED"),
    (r"allocation: non-|randomization: not|^non randomi[sz]ed control$", "NON_RANDOMIZED"),
    (r"allocation: ?(?:n/a|single arm)|randomization: n/a|controlled: no randomised: no|type: single arm", "NA"),
    (r"controlled: yes randomised: no|type: 2 or more arms, non", "NON_RANDOMIZED"),
]
MODELS = [
    (r"(?:assignment|intervention model) ?: ?parallel|parallel group: yes|^parallel$", "PARALLEL"),
    (r"(?:assignment|intervention model) ?: ?single|^single arm", "SINGLE_GROUP"),
    (r"assignment: cross|cross over: yes", "CROSSOVER"),
    (r"assignment: factorial|^factorial", "FACTORIAL"),
    (r"assignment: other", "OTHER"),
    (r"^sequential$", "SEQUENTIAL"),
]
PURPOSES = [
    (rf"purpose ?: ?{start}", member)
    for start, member in [
        ("treat", "TREATMENT"),
        ("prev", "PREVENTION"),
        ("diag", "DIAGNOSTIC"),
        ("support", "SUPPORTIVE_CARE"),
        ("screen", "SCREENING"),
        ("health", "HEALTH_SERVICES_RESEARCH"),
        ("(?:other|natural|prognos|psycho)", "OTHER"),
        ("basic", "BASIC_SCIENCE"),
    ]
]
MASKS = [
    (r"masking ?: ?(?:none|open)|blinding ?: ?not blind|(?<!\w)open: yes|open\(masking not used", "NONE"),
    (r"(?:masking|blinding) ?: ?single|single blind: yes", "SINGLE"),
    (r"(?:masking|blinding) ?: ?double|double blind: yes", "DOUBLE"),
    (r"(?:masking|blinding) ?: ?triple", "TRIPLE"),
    (r"(?:masking|blinding) ?: ?quadruple", "QUADRUPLE"),
]
LABELLED = {
    "design.allocation": (ALLOCATED, r"randomi[sz]ed:|allocation ?:|randomization:"),
    "design.model": (MODELS, r"assignment|intervention model|parallel group:|^parallel$|^single arm|^factorial"),
    "design.purpose": (PURPOSES, "purpose"),
    "masking.label": (MASKS, r"masking|blinding|blind:"),
}
STATUSES = {"recruiting": "RECRUITING", "not recruiting": "UNKNOWN", "authorised": "UNKNOWN", "": None}


def expected(cells: dict[str, str]) -> dict[str, object]:
    """The values of one row by the simplest reading that there is."""
    safe = cells["Date registration3"].strip()
    return {
        "ids.primary": number_of(cells["TrialID"]),
        "registration.date": f"{safe[:4]}-{safe[4:6]}-{safe[6:]}" if len(safe) == 8 else None,
        "date.first_enrolment": day(cells.get("Date enrollement", "")),
        "enrolment.target": size_of(cells.get("Target size", "")),
        "status.recruitment": STATUSES[cells["Recruitment Status"].strip().lower()],
        "title.public": fold(cells["Public title"].replace("_x000D_", " ")) or None,
        "sponsor.primary": re.sub("^(?:nil|none|null|-)$", "", fold(cells["Primary sponsor"]), flags=re.I) or None,
        "source.url": cells["web address"].strip() or None,
    }


def pairs(shared: Path):
    for path in [*sorted((shared / "records/ictrp").glob("*covid*")), *(shared / "records/ictrp").glob("*.xml"),
                 *(shared / "records/irct").glob("*.csv")]:  # fmt: skip
        records = list(records_of(open_document(path, path.name, [].append)))
        rows = rows_of(path)
        assert len(records) == len(rows)
        yield from ((path.name, record, cells) for record, cells in zip(records, rows, strict=True))


@pytest.mark.real
def test_numbers_dates_sizes_and_status_of_every_real_row_are_right(shared):
    count, misses = Counter(), []
    for name, record, cells in pairs(shared):
        for field, value in expected(cells).items():
            found = record.first(field)
            count[field] += 1
            if (found.value if found else None) != value:
                misses.append((name, record.record, field, value, found and found.value))
    assert misses == [] and min(count.values()) == 616


@pytest.mark.real
@pytest.mark.parametrize("field", LABELLED)
def test_the_designs_of_every_real_row_say_what_their_labels_say(shared, field):
    patterns, labels = LABELLED[field]
    said, misses = 0, []
    for name, record, cells in pairs(shared):
        words = fold(cells.get("Study design", "").replace("<br>", " ")).lower()
        if not re.search(labels, words):
            continue
        wanted = {member for pattern, member in patterns if re.search(pattern, words)}
        found = record.first(field)
        said += 1
        if {found.value if found else None} != (wanted or {None}):
            misses.append((name, record.record, found and found.value, wanted, words[:200]))
    assert len(misses) <= said / 100, misses


def phases_of(words: str) -> list[str] | None:
    """Arabic or Roman numbers, wherever they stand; EU-CTR's answers of yes; words for no phase."""
    low = fold(words).lower()
    if "pharmacology" in low:
        numbers = re.findall(r"\(phase (i{1,3}|iv)\): yes", low)
    elif re.fullmatch(r"n/a|not applicable|retrospective study", low):
        return ["NA"]
    elif re.match(r"\d{4}-", low) or not re.search(r"\d|\bi+v?\b", low):
        return None
    else:
        numbers = re.findall(r"\d|\biv\b|\bi{1,3}\b", low)
    roman = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
    early = low.startswith(("early", "0", "phase 0"))
    return ["EARLY_PHASE1"] if early else [f"PHASE{roman.get(number, number)}" for number in numbers]


def sex_of(words: str) -> str | None:
    low = fold(words.replace("<br>", " ")).lower().replace("female: no", "").replace("male: no", "")
    female, male = "female" in low, re.search(r"\bmales?\b", low)
    return "ALL" if low in {"all", "both"} or (female and male) else "FEMALE" if female else "MALE" if male else None


def age_of(words: str, *, oldest: bool) -> int | None:
    number = re.search(r"\d+", words)
    return int(number[0]) if number and "No limit" not in words and not (oldest and number[0] == "0") else None


def kind_of(words: str) -> str | None:
    low = words.strip().lower()
    if low in {"", "unknown"}:
        return None
    for start, member in (
        ("intervention", "INTERVENTIONAL"),
        ("prevention", "INTERVENTIONAL"),
        ("obs", "OBSERVATIONAL"),
    ):
        if low.startswith(start):
            return member
    return "OTHER"


@pytest.mark.real
def test_phases_sexes_ages_and_types_of_every_real_row_are_right(shared):
    count, misses = Counter(), []
    for name, record, cells in pairs(shared):
        wanted = {
            "design.phase": phases_of(cells.get("Phase", "")),
            "eligibility.sex": sex_of(cells.get("Inclusion gender", "")),
            "eligibility.age_min": age_of(cells.get("Inclusion agemin", ""), oldest=False),
            "eligibility.age_max": age_of(cells.get("Inclusion agemax", ""), oldest=True),
            "study_type": kind_of(cells.get("Study type", "")),
        }
        for field, value in wanted.items():
            found = record.first(field)
            count[field] += 1
            if (found.value if found else None) != value:
                misses.append((name, record.record, field, value, found and found.quote))
    assert len(misses) <= min(count.values()) / 100, misses
    assert misses == []


@pytest.mark.real
def test_every_quote_of_the_real_rows_stands_in_its_cell(shared):
    for _, record, cells in pairs(shared):
        for value in record.reported:
            place = value.place
            if value.state == "EMPTY_IN_SOURCE" or place.sheet:
                continue
            name = place.column or place.xpath.rpartition("/")[2].replace("_", " ")
            assert value.quote in who_words.plain(cells[name]), (record.record, value)


@pytest.mark.real
def test_every_path_of_the_real_xml_leads_to_the_element_that_holds_the_quote(shared):
    from lxml import etree

    (path,) = (shared / "records/ictrp").glob("*.xml")
    tree = etree.parse(path)
    for record in records_of(open_document(path, path.name, [].append)):
        for value in record.reported:
            (element,) = tree.xpath(value.place.xpath)
            words = who_words.plain("".join(element.itertext()))
            assert value.quote in words or (value.state == "EMPTY_IN_SOURCE" and value.quote == element.tag)


@pytest.mark.real
def test_curated_phases_and_ages_of_a_real_table_agree_with_the_raw_ones(shared):
    with (shared / "records/ictrp/ntd-ictrp-curated.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    roman = {"I": "PHASE1", "II": "PHASE2", "III": "PHASE3", "IV": "PHASE4"}
    misses = []
    for cells in rows:
        told = {"TrialID": cells["TrialID"], "Phase": cells["Phase_Original"]}
        told |= {"Inclusion agemin": cells["INCLUSION_AGEMIN"], "Inclusion agemax": cells["INCLUSION_AGEMAX"]}
        (record,), _ = read(table(told))
        wanted = cells["PHASE"].removeprefix("PHASE ").removesuffix(" TRIAL")
        phases = {"NA": None, "NOT APPLICABLE": ["NA"]}.get(wanted, [roman.get(part) for part in wanted.split("/")])
        found = record.first("design.phase")
        if (found.value if found else None) != phases:
            misses.append((cells["TrialID"], "phase", cells["Phase_Original"], wanted))
        for field, column in (("eligibility.age_min", "INCLUSION_AGEMIN"), ("eligibility.age_max", "INCLUSION_AGEMAX")):
            curated = re.fullmatch(r"(\d+)([YMD])", cells[f"{column}_Aug2024"])
            age = record.first(field)
            if cells[column] != "NA" and curated and (not age or age.value != int(curated[1])):
                misses.append((cells["TrialID"], field, cells[column], curated[0]))
    assert misses == []
