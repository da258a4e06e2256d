"""The text export of the Iranian registry, section by section, and its quirks."""

from __future__ import annotations

import pytest

from reviewkit.documents import Document, fold
from reviewkit.fields import catalogue
from reviewkit.reading import records_of
from reviewkit.sources import irct
from reviewkit.words import vocabularies

HEAD = "Clinical Trial Protocol\n\nIranian Registry of Clinical Trials\n\n31 May 2026\n\nGeneral information\n\n"


def record_of(text: str):
    problems: list = []
    (record,) = records_of(Document("export.txt", text.encode(), problems.append))
    assert record.source == "irct"
    for value in record.reported:
        assert fold(text[value.place.start : value.place.end]) == value.quote
    return record, problems


def rows(body: str) -> list[tuple]:
    """What an export with this body says beyond its head."""
    record, _ = record_of(HEAD + body)
    return [
        (v.field, v.item, v.value, str(v.state), v.quote) for v in record.reported if not v.field.startswith("source.")
    ]


def test_the_head_names_the_source_and_the_day_of_export():
    record, _ = record_of(HEAD + "Acronym\nGEL")
    assert [(v.field, v.value, v.place.line) for v in record.reported] == [
        ("source.name", "Iranian Registry of Clinical Trials", 3),
        ("source.export_date", "2026-05-31", 5),
        ("acronym", "GEL", 10),
    ]


def test_without_its_name_the_export_is_known_by_four_headings():
    text = "General information\nAcronym\nGEL\nSecondary Ids\nempty\nPrimary outcomes\nempty\nSharing plan\nComments\n"
    record, _ = record_of(text)
    assert record.recognised_by == "4 section headings of an IRCT export"


BODIES = {
    "a label followed by a label is empty": (
        "Reason for update\n\nAcronym\n\nGEL",
        [
            ("registration.update_reason", None, None, "EMPTY_IN_SOURCE", "Reason for update"),
            ("acronym", None, "GEL", "REPORTED", "GEL"),
        ],
    ),
    "the word empty is empty": (
        "Actual recruitment start date\nempty",
        [("date.first_enrolment", None, None, "EMPTY_IN_SOURCE", "empty")],
    ),
    "a filled date drops the blank one": (
        "Actual recruitment start date\nempty\nActual recruitment start date\n2020-01-02, 1398/10/12",
        [("date.first_enrolment", None, "2020-01-02", "REPORTED", "2020-01-02, 1398/10/12")],
    ),
    "planned and actual start are two values": (
        "Expected recruitment start date\n2020-01-01, 1398/10/11\nActual recruitment start date\n2020-02-01, "
        "1398/11/12",
        [
            ("date.first_enrolment", None, "2020-01-01", "REPORTED", "2020-01-01, 1398/10/11"),
            ("date.first_enrolment", None, "2020-02-01", "REPORTED", "2020-02-01, 1398/11/12"),
        ],
    ),
    "a label twice gives one value": (
        "Registration date: **2021-04-01, 1400/01/12**\nRegistration date\n2021-04-01, 1400/01/12",
        [("registration.date", None, "2021-04-01", "REPORTED", "2021-04-01, 1400/01/12")],
    ),
    "a label twice with two values gives both": (
        "Registration date: **2021-04-01, 1400/01/12**\nRegistration date\n2021-05-01, 1400/02/11",
        [
            ("registration.date", None, "2021-04-01", "REPORTED", "2021-04-01, 1400/01/12"),
            ("registration.date", None, "2021-05-01", "REPORTED", "2021-05-01, 1400/02/11"),
        ],
    ),
    "a value that a page break cut is joined": (
        "Public title\n\nA gel for ulcers of\n\nthe foot",
        [
            ("title.public", None, "A gel for ulcers of the foot", "REPORTED", "A gel for ulcers of the foot"),
        ],
    ),
    "text inside a value may look like a label": (
        "Inclusion criteria:\n18 to 65 years Gender: Both\nGender\nFemale",
        [
            ("eligibility.inclusion", None, "18 to 65 years Gender: Both", "REPORTED", "18 to 65 years Gender: Both"),
            ("eligibility.sex", None, "FEMALE", "REPORTED", "Female"),
        ],
    ),
    "an update count of zero is a value": (
        "Update count: **0**",
        [("registration.update_count", None, 0, "REPORTED", "0")],
    ),
    "an actual size is no target": ("Actual sample size: 28", [("enrolment.actual", None, 28, "REPORTED", "28")]),
    "not used says what the control is not": (
        "Placebo\nNot used",
        [("design.control", None, None, "UNCLEAR", "Not used")],
    ),
    "an empty section gives one value": (
        "Secondary Ids\nempty",
        [("ids.secondary.id", None, None, "EMPTY_IN_SOURCE", "empty")],
    ),
    "outcomes are numbered through both sections": (
        "Primary outcomes\n1\nDescription\nPain\nTimepoint\nDay 7\nSecondary "
        "outcomes\n1\nDescription\nSleep\n2\nDescription\nMood\nMethod of measurement\n",
        [
            ("outcomes.type", 1, "PRIMARY", "REPORTED", "Primary outcomes"),
            ("outcomes.measure", 1, "Pain", "REPORTED", "Pain"),
            ("outcomes.timepoint", 1, "Day 7", "REPORTED", "Day 7"),
            ("outcomes.type", 2, "SECONDARY", "REPORTED", "Secondary outcomes"),
            ("outcomes.measure", 2, "Sleep", "REPORTED", "Sleep"),
            ("outcomes.type", 3, "SECONDARY", "REPORTED", "Secondary outcomes"),
            ("outcomes.measure", 3, "Mood", "REPORTED", "Mood"),
            ("outcomes.method", 3, None, "EMPTY_IN_SOURCE", "Method of measurement"),
        ],
    ),
    "two empty sections of outcomes give one value": (
        "Primary outcomes\nempty\nSecondary outcomes\nempty",
        [("outcomes.measure", None, None, "EMPTY_IN_SOURCE", "empty")],
    ),
    "labels glued by bold marks are taken apart": (
        "Recruitment centers\n1\nRecruitment center\nName of recruitment center\nOne\n2**Recruitment "
        "center****Name of recruitment center**\nTwo\nCity\nRasht",
        [
            ("sites.name", 1, "One", "REPORTED", "One"),
            ("sites.name", 2, "Two", "REPORTED", "Two"),
            ("sites.city", 2, "Rasht", "REPORTED", "Rasht"),
        ],
    ),
    "digits are values where no entry begins": (
        "Sponsors / Funding sources\n1\nSponsor\nName of organization / entity\nA\nProportion provided by this "
        "source\n100\n2\nSponsor\nName of organization / entity\nB",
        [
            ("sponsor.primary", None, "A", "REPORTED", "A"),
            ("funders.share_pct", 1, 100.0, "REPORTED", "100"),
            ("sponsor.secondary", 1, "B", "REPORTED", "B"),
        ],
    ),
    "the category Placebo is the role of an arm": (
        "Intervention groups\n1\nDescription\nGel\nCategory\nTreatment - Drugs\n2\nDescription\nPlain "
        "gel\nCategory\nPlacebo",
        [
            ("arms.description", 1, "Gel", "REPORTED", "Gel"),
            ("interventions.type", 1, "DRUG", "REPORTED", "Treatment - Drugs"),
            ("interventions.arms", 1, [1], "DERIVED", "Treatment - Drugs"),
            ("arms.description", 2, "Plain gel", "REPORTED", "Plain gel"),
            ("arms.role", 2, "PLACEBO_COMPARATOR", "REPORTED", "Placebo"),
            ("interventions.arms", 2, [2], "DERIVED", "Placebo"),
        ],
    ),
    "persons and their phones are not read": ("Name\nA. Person\nPhone\n+98 00\nEmail address\na@example.org", []),
}


@pytest.mark.parametrize("body, expected", BODIES.values(), ids=BODIES)
def test_the_quirks_of_an_export(body, expected):
    assert rows(body) == expected


def test_a_summary_fills_summary_fields_only():
    record, _ = record_of(
        "Iranian Registry of Clinical Trials\nProtocol summary\nDesign\nA randomized, phase 2 trial of 40 adults, "
        "double-blinded.\n"
        "Intervention groups\nGel or plain gel.\nMain outcome variables\nPain\nGeneral information\nAcronym\nGEL"
    )
    assert {v.field for v in record.reported} == {
        "source.name",
        "summary.design",
        "summary.interventions",
        "summary.outcomes",
        "acronym",
    }
    said = {(s.concept, s.label, s.place.line) for s in record.statements}
    assert ("sequence_generation", "unclear", 4) in said


def test_the_registry_follows_from_the_number():
    record, _ = record_of(HEAD + "IRCT registration number: **IRCT138707201323N1**")
    (registry,) = [v for v in record.reported if v.field == "ids.registry"]
    assert (registry.value, str(registry.state), registry.quote, registry.method) == (
        "IRCT",
        "DERIVED",
        "IRCT138707201323N1",
        "rule:registry-of-number",
    )


def test_what_labels_do_not_say_of_randomisation_is_read_from_the_descriptions():
    record, _ = record_of(
        HEAD + "Randomization description\nPermuted blocks, stratified by centre; sequentially numbered, opaque, "
        "sealed envelopes.\n"
        "Intervention groups\n1\nDescription\n60 patients (40 in the gel group and 20 in the control group) are "
        "assigned 2:1.\n"
    )
    read = {
        v.field: v.value for v in record.reported if v.field.startswith(("random.type", "random.conc", "design.ratio"))
    }
    assert read == {
        "random.type": ["BLOCK", "STRATIFIED"],
        "random.concealment": "sequentially numbered, opaque, sealed envelopes",
        "design.ratio": "2:1",
    }
    assert [(v.item, v.value) for v in record.reported if v.field == "arms.n_target"] == [(1, 40), (2, 20)]


@pytest.mark.parametrize("section, label", irct.LABELS, ids=lambda key: key[:30])
def test_every_label_fills_a_field_of_the_catalogue_that_is_not_private(section, label):
    target = irct.LABELS[section, label]
    assert target is None or not catalogue()[target.field].private


CODED = [
    (irct.TIMING, "TimingDeclared"),
    (irct.STATUS, "RecruitmentStatus"),
    (irct.PURPOSE, "Purpose"),
    (irct.SEX, "Sex"),
    (irct.ALLOCATION, "Allocation"),
    (irct.BLINDING, "Masking"),
    (irct.MASKED, "MaskedRole"),
    (irct.ASSIGNMENT, "InterventionModel"),
    (irct.CATEGORY, "InterventionType"),
    (irct.SECTOR, "FunderSector"),
    (irct.ORIGIN, "FunderOrigin"),
    (irct.PLAN, "IpdPlan"),
]


@pytest.mark.parametrize("read, vocabulary", CODED, ids=[name for _, name in CODED])
def test_every_word_of_the_registry_stands_for_a_member_of_its_vocabulary(read, vocabulary):
    with pytest.raises(ValueError) as error:
        read("\u0000")
    known = str(error.value).removeprefix("one of ").split("', '")
    for word in known:
        assert read(word.strip("'\"")).value in vocabularies()[vocabulary]


def test_complete_is_no_longer_recruiting_and_never_completed():
    assert irct.STATUS("Recruitment complete").value == "RECRUITMENT_COMPLETE"


@pytest.mark.parametrize(
    "written, value",
    [
        ("registered_while_recruiting", "REGISTERED_WHILE_RECRUITING"),
        ("Registered while recruiting", "REGISTERED_WHILE_RECRUITING"),
        ("PROSPECTIVE", "PROSPECTIVE"),
    ],
)
def test_the_declared_timing_is_read_in_any_spelling(written, value):
    assert irct.TIMING(written).value == value
