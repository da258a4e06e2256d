"""Consumer pages: every labelled part is read, the lists of other values are not, and the narrative stays a summary."""

from __future__ import annotations

import pytest

from reviewkit.documents import Document, fold
from reviewkit.errors import Problem
from reviewkit.model import Record, Value
from reviewkit.sources import consumer_page
from reviewkit.words import State

TOP = """Recruiting

Inhaled Placenta Vesicles for Stiff Lung Disease

0 criteria met from your profileSee at a glance how you compare.
"""
TESTED = """What is being tested

PlacentaVes

+ Saline Mist
Biological
"""
RECRUITED = """Who is being recruted

Stiff Lung Disease

+ Chronic Cough

From 40 to 75 Years
+4 Eligibility Criteria
"""
CARD = """How is the trial designed

Treatment Study

Placebo-Controlled
Phase 1/2
Interventional
Study Start: March 2031
"""
SUMMARY = """Summary

Principal SponsorNordhavn Biologics
Last updated: May 3, 2032
Sourced from a government-validated database.Claim as a partner
Study start date:\u00a0March 9, 2031Actual date on which the first person joined.

The team wonders whether a mist of vesicles loosens stiff lungs. It enrolled 999 elsewhere in June 1999.

Official TitleA Trial of Inhaled Placenta-Derived Vesicles in Stiff Lung Disease\u00a0
Principal SponsorNordhavn Biologics
"""
PROTOCOL = """Protocol

What is measured, and how.
Design Details
48 patients to be enrolledTotal number of participants that are wanted.
Treatment Study
Treatment studies look for something that helps.
"""
ALLOCATION = """How participants are assigned to different groups/arms
{own} The rest of this paragraph explains why random groups are fair.

Other Ways to Assign Participants
{others}
"""
MODEL = """How treatments are given to participants
{own} Designs differ in what they can tell.

Other Ways to Assign Treatments
{others}
"""
CONTROL = """How the effectiveness of the treatment is controlled
{own} A comparison tells an effect from a hope.

Other Options
{others}
"""
MASKING = """How the interventions assigned to participants is kept confidential
{own} Knowing changes what people report.

Other Ways to Mask Information
{others}
"""
ELIGIBILITY = """Eligibility

Each study looks for certain people.
Conditions
Criteria
Any sexBiological sex of participants that may join.
From 40 to 75 YearsRange of ages that may join.
Healthy volunteers not allowedIf individuals who are healthy may join.
Conditions
Pathology
Stiff Lung Disease
Criteria
2 inclusion criteria\u00a0required to participate
Diagnosis seen on a scan; no other cause

Able to inhale through a mouthpiece

2 exclusion criteria\u00a0prevent from participating
Smoking within a year

Earlier vesicle treatment
"""
PLAN = """Study Plan

What is given.
Treatment Groups
Study Objectives
2 intervention groups\u00a0

are designated in this study

50% chance\u00a0

of being blinded to the placebo group

Treatment Groups
Group I
Experimental
Two puffs of vesicles a day for ten days.
Group II
Placebo
Two puffs of saline a day for ten days.
Study Objectives
Primary Objectives

Unit of measure: litres (range: 0.5-6; higher scores mean better lungs).
Secondary Objectives

Assessed via the Six Minute Walk. Unit: metres.

Unit: area of scars (mm²).
"""
CENTRES = """Study Centers

Where it is done.
This study has 2 locations
Recruiting
Nordhavn Clinic, Chest WardAarhus, DenmarkSee the location
Suspended
St. Olav HospitalOslo, NorwaySee the location

RecruitingTwo Study Centers"""

NAMES = {
    "allocation": {
        "RANDOMIZED": "Randomized",
        "NON_RANDOMIZED": "Non-randomized allocation",
        "NA": "None (Single-arm trial)",
    },
    "model": {
        "SINGLE_GROUP": "Single-group assignment",
        "PARALLEL": "Parallel assignment",
        "CROSSOVER": "Cross-over assignment",
        "FACTORIAL": "Factorial assignment",
        "SEQUENTIAL": "Sequential assignment",
        "OTHER": "Other assignment",
    },
    "control": {"PLACEBO": "Placebo-controlled", "none": "Non-placebo-controlled"},
    "masking": {
        "NONE": "Open-label",
        "SINGLE": "Single-blind",
        "DOUBLE": "Double-blind",
        "TRIPLE": "Triple-blind",
        "QUADRUPLE": "Quadruple-blind",
    },
}
OWN = {
    "allocation": ("RANDOMIZED", "Here participants are placed into groups randomly, as a lottery would."),
    "model": ("PARALLEL", "Participants are split into separate groups that are treated side by side."),
    "control": ("PLACEBO", "In a placebo-controlled study, a share of the people inhale nothing active."),
    "masking": ("DOUBLE", "Neither participants nor researchers know which treatment is given."),
}
TEMPLATES = {"allocation": ALLOCATION, "model": MODEL, "control": CONTROL, "masking": MASKING}


def listed(question: str, *without: str) -> str:
    """The list of other values of a question, as the page prints it."""
    names = [name for member, name in NAMES[question].items() if member not in without]
    return "\n".join(f"{name}\n: What this means.\n" for name in names)


def question(key: str, own: str | None = None, others: str | None = None) -> str:
    member, sentence = OWN[key]
    return TEMPLATES[key].format(own=own or sentence, others=listed(key, member) if others is None else others)


def sections(**changed: str) -> list[str]:
    """The page cut at its main headings; a question is replaced under its name."""
    answers = [changed.get(key, question(key)) for key in TEMPLATES]
    return [TOP, TESTED, RECRUITED, CARD, SUMMARY, PROTOCOL, *answers, ELIGIBILITY, PLAN, CENTRES]


def page(**changed: str) -> str:
    return "\n".join(sections(**changed))


def read(text: str, problems: list[Problem] | None = None) -> Record:
    document = Document("page.txt", text.encode(), (problems if problems is not None else []).append)
    recognised_by = consumer_page.recognise(document)
    assert recognised_by, "the page was not recognised"
    (record,) = consumer_page.read(document, recognised_by)
    return record


def facts(record: Record) -> list[tuple[str, int | None, object, str, str | None]]:
    return [(v.field, v.item, v.value, str(v.state), v.quote) for v in record.reported]


def only(record: Record, field: str) -> Value:
    (value,) = record.all(field)
    return value


WHOLE_PAGE = [
    ("status.recruitment", None, "RECRUITING", "REPORTED", "Recruiting"),
    ("title.public", None, "Inhaled Placenta Vesicles for Stiff Lung Disease", "REPORTED", "*"),
    ("interventions.name", 1, "PlacentaVes", "REPORTED", "*"),
    ("interventions.name", 2, "Saline Mist", "REPORTED", "*"),
    ("interventions.type", 1, "BIOLOGICAL", "REPORTED", "Biological"),
    ("conditions", 1, "Stiff Lung Disease", "REPORTED", "*"),
    ("conditions", 2, "Chronic Cough", "REPORTED", "*"),
    ("eligibility.age_min", None, 40, "REPORTED", "40"),
    ("eligibility.age_max", None, 75, "REPORTED", "75 Years"),
    ("date.first_enrolment", None, "2031-03", "REPORTED", "March 2031"),
    ("design.purpose", None, "TREATMENT", "REPORTED", "Treatment Study"),
    ("design.control", None, ["PLACEBO"], "REPORTED", "Placebo-Controlled"),
    ("design.phase", None, ["PHASE1", "PHASE2"], "REPORTED", "Phase 1/2"),
    ("study_type", None, "INTERVENTIONAL", "REPORTED", "Interventional"),
    ("sponsor.primary", None, "Nordhavn Biologics", "REPORTED", "*"),
    ("registration.last_update", None, "2032-05-03", "REPORTED", "May 3, 2032"),
    ("date.first_enrolment", None, "2031-03-09", "REPORTED", "March 9, 2031"),
    ("title.scientific", None, "A Trial of Inhaled Placenta-Derived Vesicles in Stiff Lung Disease", "REPORTED", "*"),
    (
        "summary.brief",
        None,
        "The team wonders whether a mist of vesicles loosens stiff lungs. It enrolled 999 elsewhere in June 1999.",
        "REPORTED",
        "*",
    ),
    ("enrolment.target", None, 48, "REPORTED", "48"),
    ("design.allocation", None, "RANDOMIZED", "REPORTED", OWN["allocation"][1]),
    ("design.model", None, "PARALLEL", "REPORTED", OWN["model"][1]),
    ("masking.roles", None, ["PARTICIPANT", "INVESTIGATOR"], "REPORTED", OWN["masking"][1]),
    ("masking.label", None, "DOUBLE", "DERIVED", OWN["masking"][1]),
    ("eligibility.sex", None, "ALL", "REPORTED", "Any sex"),
    ("eligibility.healthy_volunteers", None, False, "REPORTED", "Healthy volunteers not allowed"),
    (
        "eligibility.inclusion",
        None,
        "Diagnosis seen on a scan; no other cause Able to inhale through a mouthpiece",
        "REPORTED",
        "*",
    ),
    ("eligibility.inclusion_items", 1, "Diagnosis seen on a scan; no other cause", "REPORTED", "*"),
    ("eligibility.inclusion_items", 2, "Able to inhale through a mouthpiece", "REPORTED", "*"),
    ("eligibility.exclusion", None, "Smoking within a year Earlier vesicle treatment", "REPORTED", "*"),
    ("eligibility.exclusion_items", 1, "Smoking within a year", "REPORTED", "*"),
    ("eligibility.exclusion_items", 2, "Earlier vesicle treatment", "REPORTED", "*"),
    ("design.n_arms", None, 2, "DERIVED", "2"),
    ("arms.label", 1, "Group I", "REPORTED", "*"),
    ("arms.role", 1, "EXPERIMENTAL", "REPORTED", "Experimental"),
    ("arms.description", 1, "Two puffs of vesicles a day for ten days.", "REPORTED", "*"),
    ("arms.label", 2, "Group II", "REPORTED", "*"),
    ("arms.role", 2, "PLACEBO_COMPARATOR", "REPORTED", "Placebo"),
    ("arms.description", 2, "Two puffs of saline a day for ten days.", "REPORTED", "*"),
    ("outcomes.measure", 1, None, "NOT_REPORTED", None),
    ("outcomes.type", 1, "PRIMARY", "REPORTED", "Primary"),
    (
        "outcomes.description",
        1,
        "Unit of measure: litres (range: 0.5-6; higher scores mean better lungs).",
        "REPORTED",
        "*",
    ),
    ("outcomes.unit", 1, "litres", "REPORTED", "*"),
    ("outcomes.scale_min", 1, 0.5, "REPORTED", "0.5"),
    ("outcomes.scale_max", 1, 6.0, "REPORTED", "6"),
    ("outcomes.higher_is_better", 1, True, "REPORTED", "higher scores mean better lungs"),
    ("outcomes.measure", 2, None, "NOT_REPORTED", None),
    ("outcomes.type", 2, "SECONDARY", "REPORTED", "Secondary"),
    ("outcomes.description", 2, "Assessed via the Six Minute Walk. Unit: metres.", "REPORTED", "*"),
    ("outcomes.method", 2, "the Six Minute Walk", "REPORTED", "*"),
    ("outcomes.unit", 2, "metres", "REPORTED", "*"),
    ("outcomes.measure", 3, None, "NOT_REPORTED", None),
    ("outcomes.type", 3, "SECONDARY", "REPORTED", "Secondary"),
    ("outcomes.description", 3, "Unit: area of scars (mm²).", "REPORTED", "*"),
    ("outcomes.unit", 3, "area of scars (mm²)", "REPORTED", "*"),
    ("design.centres.n", None, 2, "REPORTED", "2"),
    ("sites.name", 1, "Nordhavn Clinic, Chest Ward", "REPORTED", "*"),
    ("sites.city", 1, "Aarhus", "REPORTED", "*"),
    ("sites.country", 1, "DK", "REPORTED", "Denmark"),
    ("sites.status", 1, "RECRUITING", "REPORTED", "Recruiting"),
    ("sites.name", 2, "St. Olav Hospital", "REPORTED", "*"),
    ("sites.city", 2, "Oslo", "REPORTED", "*"),
    ("sites.country", 2, "NO", "REPORTED", "Norway"),
    ("sites.status", 2, "SUSPENDED", "REPORTED", "Suspended"),
]
EXPECTED = [
    (field, item, value, state, value if quote == "*" else quote) for field, item, value, state, quote in WHOLE_PAGE
]


def test_every_labelled_part_of_a_page_is_read():
    problems: list[Problem] = []
    record = read(page(), problems)
    assert facts(record) == EXPECTED
    assert problems == []
    assert (record.source, record.kind) == ("consumer-page", "mirror")


def test_the_headings_that_gave_the_page_away_are_told():
    assert read(page()).recognised_by == (
        "headings 'what is being tested', 'who is being recruted', 'how is the trial designed', "
        "'sourced from a government-validated database.'"
    )


@pytest.mark.parametrize(
    "text",
    [
        "What is being tested is whether vesicles help. How is the trial designed? In two groups.",
        "Summary\n\nA trial.\n\nEligibility\n\nAdults.",
        "How is the trial designed\n\nIn two groups.",
    ],
)
def test_other_texts_are_left_to_other_sources(text):
    assert consumer_page.recognise(Document("x.txt", text.encode(), [].append)) is None


def test_every_quote_is_what_stands_at_its_place():
    text = page()
    for value in read(text).reported:
        if value.quote is not None:
            assert fold(text[value.place.start : value.place.end]) == value.quote
            assert text[: value.place.start].count("\n") + 1 == value.place.line


def test_silent_fields_are_those_that_free_text_can_be_silent_about():
    silent = {v.field for v in read(page()).values if v.state is State.NOT_REPORTED and v.item is None}
    assert {"ids.primary", "enrolment.actual", "date.completion", "masking.description", "design.ratio"} <= silent
    assert not any(field.startswith(("registration.", "ethics", "results", "sponsor", "status")) for field in silent)


# ---- registration number


def test_a_page_without_a_number_gets_none():
    assert read(page().replace("Chronic Cough", "See also NCT04276987")).all("ids.primary") == []


@pytest.mark.parametrize("label", ["NCT Number: ", "Identifier", "ClinicalTrials.gov ID: ", "Clinical Trial ID"])
def test_a_number_under_its_own_label_is_read(label):
    record = read(page().replace("Principal SponsorNordhavn", f"{label}NCT04276987\nPrincipal SponsorNordhavn", 1))
    assert only(record, "ids.primary").value == "NCT04276987"
    assert only(record, "ids.registry").value == "CTGOV"


# ---- the answers to the questions

SENTENCES = [
    ("allocation", "RANDOMIZED", "In this research, participants are placed into groups randomly, by lot."),
    ("allocation", "RANDOMIZED", "Groups are formed by chance, not by choice."),
    ("allocation", "NON_RANDOMIZED", "Participants are not placed into groups randomly."),
    ("allocation", "NON_RANDOMIZED", "Participants join a group based on specific factors, age among them."),
    ("allocation", "NON_RANDOMIZED", "This is a non-randomised study."),
    ("allocation", "NA", "There is only one group, so nobody has to be assigned."),
    ("allocation", "NA", "This is a single-arm trial."),
    ("model", "SINGLE_GROUP", "In this trial all participants receive the same treatment."),
    ("model", "PARALLEL", "This study has a parallel design."),
    ("model", "CROSSOVER", "Participants switch between treatments halfway."),
    ("model", "CROSSOVER", "This is a cross-over study."),
    ("model", "FACTORIAL", "Participants receive different combinations of treatments."),
    ("model", "SEQUENTIAL", "Groups start one after another."),
    ("model", "OTHER", "The way of giving treatments does not follow a usual design."),
]


@pytest.mark.parametrize(("key", "member", "sentence"), SENTENCES)
@pytest.mark.parametrize("with_list", [True, False], ids=["confirmed by the list", "without a list"])
def test_the_first_sentence_under_a_question_is_the_value(key, member, sentence, with_list):
    text = question(key, sentence, listed(key, member))
    text = text if with_list else text.partition("\nOther ")[0]
    value = only(read(page(**{key: text})), f"design.{key}")
    assert (value.value, value.state, value.quote) == (member, State.REPORTED, sentence)


@pytest.mark.parametrize(
    ("sentence", "roles", "label"),
    [
        ("Everyone knows which treatment is given.", [], "NONE"),
        ("In this study, everybody involved knows what is given.", [], "NONE"),
        ("Participants do not know which treatment they get, but researchers do.", ["PARTICIPANT"], "SINGLE"),
        ("Only outcome assessors do not know which treatment participants get.", ["OUTCOMES_ASSESSOR"], "SINGLE"),
        ("Neither participants nor researchers know what is given.", ["PARTICIPANT", "INVESTIGATOR"], "DOUBLE"),
        ("Patients and care providers are unaware of the group.", ["PARTICIPANT", "CARE_PROVIDER"], "DOUBLE"),
        (
            "Participants, care providers and outcome assessors don't know what is given.",
            ["PARTICIPANT", "CARE_PROVIDER", "OUTCOMES_ASSESSOR"],
            "TRIPLE",
        ),
        (
            "Participants, researchers, outcome assessors, and care providers all do not know what is given.",
            ["PARTICIPANT", "INVESTIGATOR", "OUTCOMES_ASSESSOR", "CARE_PROVIDER"],
            "QUADRUPLE",
        ),
    ],
)
def test_who_does_not_know_gives_the_roles_and_their_number_the_label(sentence, roles, label):
    record = read(page(masking=question("masking", sentence, listed("masking", label))))
    assert (only(record, "masking.roles").value, only(record, "masking.roles").quote) == (roles, sentence)
    assert (only(record, "masking.label").value, only(record, "masking.label").state) == (label, State.DERIVED)


def test_five_parties_are_all_read_and_have_no_label():
    sentence = "Participants, researchers, care providers, assessors and statisticians do not know what is given."
    record = read(page(masking=question("masking", sentence, listed("masking", "QUADRUPLE"))))
    assert len(only(record, "masking.roles").value) == 5
    assert (only(record, "masking.label").value, only(record, "masking.label").state) == (None, State.UNCLEAR)


def test_a_stated_label_is_reported():
    sentence = "In an open-label study, everyone knows what is given."
    record = read(page(masking=question("masking", sentence, listed("masking", "NONE"))))
    assert (only(record, "masking.label").value, only(record, "masking.label").state) == ("NONE", State.REPORTED)
    assert only(record, "masking.roles").value == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Nobody knows which treatment is given.",
        "Not everyone knows which treatment is given.",
        "Participants and researchers know which treatment is given.",
        "Participants and pharmacists do not know which treatment is given.",
        "Participants do not know which treatment is given, and neither do researchers.",
        "Confidentiality is taken seriously.",
    ],
)
def test_who_does_not_know_is_never_guessed(sentence):
    record = read(page(masking=question("masking", sentence, "").partition("\nOther ")[0]))
    assert [(v.value, v.state, v.quote) for v in record.all("masking.roles")] == [(None, State.UNCLEAR, sentence)]
    assert only(record, "masking.label").value is None


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("allocation", "People come as they are."),
        ("allocation", "Participants are placed randomly or based on specific factors."),
        ("model", "Not all participants receive the same treatment."),
        ("model", "Participants are split into groups, which then switch between treatments."),
    ],
)
def test_a_sentence_that_is_unknown_or_says_two_things_is_unclear(key, sentence):
    problems: list[Problem] = []
    value = only(read(page(**{key: question(key, sentence)}), problems), f"design.{key}")
    assert (value.value, value.state, value.quote) == (None, State.UNCLEAR, sentence)
    assert [(p.found, p.expected, p.severity) for p in problems] == [
        (repr(sentence), "a sentence whose meaning in this layout is known", "notice")
    ]


@pytest.mark.parametrize("key", ["allocation", "model", "masking"])
@pytest.mark.parametrize("case", ["own value listed", "two values left"])
def test_a_list_that_does_not_leave_the_own_value_makes_it_unclear(key, case):
    own = OWN[key][0]
    spare = next(member for member in NAMES[key] if member != own)
    others = listed(key) if case == "own value listed" else listed(key, own, spare)
    value = only(read(page(**{key: question(key, others=others)})), consumer_page.QUESTIONS[key])
    assert (value.value, value.state, value.quote) == (None, State.UNCLEAR, OWN[key][1])


def test_without_a_placebo_the_kind_of_control_is_not_known():
    own = "In a non-placebo-controlled study, treatments are compared with each other."
    text = page(control=question("control", own, listed("control", "none"))).replace("Placebo-Controlled\n", "\n")
    value = only(read(text), "design.control")
    assert (value.value, value.state, value.quote) == (None, State.UNCLEAR, own)


def test_the_lists_of_other_values_are_never_the_design():
    values = [v.value for v in read(page()).reported if v.field.startswith(("design.", "masking."))]
    assert not {"NON_RANDOMIZED", "CROSSOVER", "NONE", "QUADRUPLE"} & {v for v in values if isinstance(v, str)}


# ---- edits


@pytest.mark.parametrize(
    ("was", "now", "field", "value", "quote"),
    [
        ("48 patients", "1,200 patients", "enrolment.target", 1200, "1,200"),
        ("48 patients", "۴۸ patients", "enrolment.target", 48, "۴۸"),
        ("48 patients", "60 eyes", "enrolment.target", 60, "60"),
        ("48 patients", "forty patients", "enrolment.target", None, "forty patients"),
        ("48 patients", "About 50 patients", "enrolment.target", None, "About 50 patients"),
        ("Any sex", "Female", "eligibility.sex", "FEMALE", "Female"),
        (
            "volunteers not allowed",
            "volunteers allowed",
            "eligibility.healthy_volunteers",
            True,
            "Healthy volunteers allowed",
        ),
        ("Phase 1/2", "Early Phase 1", "design.phase", ["EARLY_PHASE1"], "Early Phase 1"),
        ("Treatment Study\n", "Other Study\n", "design.purpose", "OTHER", "Other Study"),
        ("Treatment Study\n", "Folklore Study\n", "design.purpose", None, "Folklore Study"),
        ("2 intervention groups", "Three intervention groups", "design.n_arms", 3, "Three"),
        ("has 2 locations", "has one location", "design.centres.n", 1, "one"),
        (
            "Last updated: May 3, 2032",
            "Last updated: ۱۴۱۱/۰۲/۱۳",
            "registration.last_update",
            "2032-05-02",
            "۱۴۱۱/۰۲/۱۳",
        ),
        ("Last updated: May 3, 2032", "Last updated: May 33, 2032", "registration.last_update", None, "May 33, 2032"),
        ("Official TitleA Trial", "Official Title: A Trial", "title.scientific", EXPECTED[17][2], EXPECTED[17][4]),
    ],
)
def test_an_edit_moves_its_value_and_nothing_else(was, now, field, value, quote):
    edited = read(page().replace(was, now))
    assert [(v.value, v.quote) for v in edited.all(field)] == [(value, quote)]
    assert [fact for fact in facts(edited) if fact[0] != field] == [fact for fact in EXPECTED if fact[0] != field]


@pytest.mark.parametrize(
    ("words", "youngest", "oldest"),
    [
        ("From 6 Months to 5 Years", (6, "MONTH", False), (5, "YEAR", False)),
        ("Over 18 Years", (18, "YEAR", False), None),
        ("18 Years and older", (18, "YEAR", False), None),
        ("Under 12 Years", None, (12, "YEAR", False)),
        ("From 18 Years to No limit", (18, "YEAR", False), (None, None, True)),
        ("All ages", (None, None, True), (None, None, True)),
        ("From ۱۸ to ۶۵ Years", (18, "YEAR", False), (65, "YEAR", False)),
    ],
)
def test_ages_in_the_words_such_pages_use(words, youngest, oldest):
    record = read(page().replace("From 40 to 75 Years", words))
    read_ages = [
        next(((v.value, v.detail["unit"], v.detail["no_limit"]) for v in record.all(field)), None)
        for field in ("eligibility.age_min", "eligibility.age_max")
    ]
    assert read_ages == [youngest, oldest]


def test_a_start_that_the_page_gives_twice_alike_is_one_value():
    text = page().replace("Study Start: March 2031", "Study Start: March 9, 2031")
    assert [(v.value, v.detail["kind"]) for v in read(text).all("date.first_enrolment")] == [("2031-03-09", "UNKNOWN")]


def test_an_empty_label_is_told_from_a_missing_one():
    text = page().replace(
        "Official TitleA Trial of Inhaled Placenta-Derived Vesicles in Stiff Lung Disease\u00a0", "Official Title"
    )
    value = only(read(text), "title.scientific")
    assert (value.value, value.state, value.quote) == (None, State.EMPTY_IN_SOURCE, "Official Title")


def test_a_top_line_that_is_no_status_is_the_title():
    record = read(page().replace("Recruiting\n\nInhaled", "Inhaled", 1))
    assert record.all("status.recruitment") == []
    assert only(record, "title.public").value == "Inhaled Placenta Vesicles for Stiff Lung Disease"


@pytest.mark.parametrize(
    ("line", "name", "city", "region", "country"),
    [
        ("UZ GentGent, Belgium", "UZ Gent", "Gent", None, "BE"),
        ("Mayo UnitRochester, Minnesota, United States", "Mayo Unit", "Rochester", "Minnesota", "US"),
        ("Hospital ABCBerlin, Germany", "Hospital ABC", "Berlin", None, "DE"),
        ("McGill UniversityMontréal, Canada", "McGill University", "Montréal", None, "CA"),
        ("Clinic of the NorthLe Mans, France", "Clinic of the North", "Le Mans", None, "FR"),
    ],
)
def test_a_glued_centre_is_taken_apart(line, name, city, region, country):
    record = read(page().replace("St. Olav HospitalOslo, Norway", line))
    second = {v.field: v.value for v in record.reported if v.field.startswith("sites.") and v.item == 2}
    wanted = {"sites.name": name, "sites.city": city, "sites.country": country, "sites.status": "SUSPENDED"}
    assert second == wanted | ({"sites.region": region} if region else {})


def test_a_centre_that_cannot_be_told_from_its_city_is_unclear():
    record = read(page().replace("St. Olav HospitalOslo, Norway", "Oslo hospital, Norway"))
    value = next(v for v in record.all("sites.name") if v.item == 2)
    assert (value.value, value.state, value.quote) == (None, State.UNCLEAR, "Oslo hospital")


# ---- the shape of the file


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\r"), id="CR alone"),
        pytest.param(lambda text: "\ufeff" + text, id="BOM"),
        pytest.param(lambda text: text.replace("is being", "is\u00a0being").replace("to be", "to\u00a0be"), id="NBSP"),
        pytest.param(lambda text: text.replace("recruted", "recruited"), id="spelling of a heading"),
        pytest.param(lambda text: text.replace("\n\n", "\n"), id="no blank lines"),
        pytest.param(lambda text: text + "\n", id="line break at the end"),
    ],
)
def test_the_shape_of_the_file_changes_no_value(change):
    assert facts(read(change(page()))) == EXPECTED


def test_sections_in_another_order_give_the_same_values():
    top, *rest = sections()
    turned = read("\n".join([top, *(part + "\n" for part in reversed(rest))]))
    with_paragraph = {("design.control", "In a placebo-controlled study")}
    assert {fact[0] for fact in facts(turned)} == {fact[0] for fact in EXPECTED}
    changed = [fact for fact in facts(turned) if fact not in EXPECTED]
    assert {(fact[0], (fact[4] or "")[:29]) for fact in changed} == with_paragraph


def test_a_cut_file_keeps_every_value_before_the_cut():
    text = page()
    whole = read(text).reported
    for cut in range(600, len(text), 200):
        last_line = text.rfind("\n", 0, cut)
        kept = [v for v in whole if v.quote is not None and v.place.end <= last_line]
        texts = {"summary.brief", "eligibility.inclusion", "eligibility.exclusion"}  # these may end in the cut
        got = read(text[:cut]).reported
        assert [v for v in kept if v not in got and v.field not in texts] == []


def test_a_label_that_the_cut_went_through_is_no_value():
    text = page()
    cut = text.index("Official Title") + len("Offici")
    assert read(text[:cut]).first("summary.brief") == read(text).first("summary.brief")


# ---- the real page


@pytest.mark.real
def test_the_real_page_is_read(shared):
    (path,) = (shared / "seeds").glob("004*.txt")
    text = path.read_bytes().decode()
    record = read(text)
    found = {(v.field, v.item): (v.value, v.place.line) for v in record.reported}
    assert found[("status.recruitment", None)] == ("SUSPENDED", 1)
    assert found[("enrolment.target", None)] == (20, 45)
    assert found[("design.allocation", None)] == ("RANDOMIZED", 50)
    assert found[("design.model", None)] == ("SINGLE_GROUP", 60)
    assert found[("design.control", None)] == (["PLACEBO"], 22)
    assert found[("masking.roles", None)] == (["PARTICIPANT", "INVESTIGATOR", "OUTCOMES_ASSESSOR"], 86)
    assert found[("masking.label", None)] == ("TRIPLE", 86)
    assert found[("design.n_arms", None)] == (2, 132)
    assert found[("sites.country", 1)] == ("PL", 162)
    assert [v.value for v in record.all("date.first_enrolment")] == ["2020-07", "2020-07-01"]
    assert record.all("ids.primary") == record.all("registration.date") == record.all("enrolment.actual") == []
    assert len([v for v in record.reported if v.field == "outcomes.type"]) == 3
    assert not [v for v in record.reported if v.state is State.UNCLEAR]
