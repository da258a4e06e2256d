"""What articles say of their own trial: each fact with the words that say it, and silence where they are others'."""

from __future__ import annotations

import csv
import json

import pytest

from reviewkit.documents import Document, fold
from reviewkit.language.ages import age_facts
from reviewkit.language.analysis_set import analysis_set_facts
from reviewkit.language.approval import approval_facts
from reviewkit.language.course import course_facts
from reviewkit.language.doses import dose_facts, substance_facts
from reviewkit.language.facts import design_facts
from reviewkit.language.funders import funder_facts
from reviewkit.language.outcomes_said import outcome_facts
from reviewkit.language.setting import setting_facts
from reviewkit.language.sex import sex_facts
from reviewkit.reading import records_of


def values(facts, field: str) -> list:
    return [fact.value for fact in facts if fact.field == field]


DESIGN = [
    ("design.model", "This single-arm study enrolled adults.", ["SINGLE_GROUP"]),
    ("design.model", "Headache was more common in one group than in the other.", []),
    ("design.model", "Answers were merged into a single group.", []),
    ("design.model", "In this crossover trial all received both sprays.", ["CROSSOVER"]),
    ("design.model", "Survival rose despite crossover of 30 patients.", []),
    ("design.allocation", "Patients were randomly assigned to gel or placebo.", ["RANDOMIZED"]),
    ("design.allocation", "The dose is reasonable to evaluate in a randomised trial.", []),
    ("design.allocation", "Non-randomised comparisons showed no difference.", []),
    ("design.allocation", "This non-randomised study had two arms.", ["NON_RANDOMIZED"]),
    ("design.phase", "We did a phase 3 trial in adults.", [["PHASE3"]]),
    ("design.phase", "Data of phase 3 trials were pooled by others.", []),
    ("design.phase", "The results support evaluation in a phase 3 trial.", []),
    ("design.n_arms", "Patients were randomised into three groups.", [3]),
    ("design.n_arms", "This was a two-arm trial.", [2]),
    ("design.n_arms", "No difference was seen between the two groups.", []),
    ("random.type", "Randomisation was stratified by centre.", [["STRATIFIED"]]),
    ("random.type", "The stratified hazard ratio was 0.81.", []),
    (
        "random.type",
        "We minimised the confounding by population stratification; stratification remains a limit of this study.",
        [],
    ),
    ("random.type", "The groups were minimised on age and stratified by region.", [["STRATIFIED"]]),
    ("random.type", "Minimisation of toxicity was the aim.", []),
    ("random.type", "Allocation used minimisation for age.", [["MINIMISATION"]]),
    ("masking.label", "An open-label extension followed.", []),
    ("masking.roles", "We were unable to mask patients to the diet.", []),
    ("masking.roles", "The blinded solutions were hung by the nurse.", []),
    (
        "masking.roles",
        "Testers were blinded and the patients were asked not to tell their group.",
        [["OUTCOMES_ASSESSOR"]],
    ),
    ("masking.roles", "A statistician unaware of the purpose of the study made the list.", []),
    ("masking.roles", "Pain was rated by trained, blinded observers from patient diaries.", [["OUTCOMES_ASSESSOR"]]),
]


@pytest.mark.parametrize("field, text, expected", DESIGN)
def test_design_is_said_by_sentences_on_the_design_alone(field, text, expected):
    assert values(design_facts(text), field) == expected


AGES = [
    ("Women aged 18-65 years were eligible.", [("min", 18, "YEAR"), ("max", 65, "YEAR")]),
    ("Eligible participants were between 40 and 70 years of age.", [("min", 40, "YEAR"), ("max", 70, "YEAR")]),
    ("We enrolled children aged 6 to 23 months.", [("min", 6, "MONTH"), ("max", 23, "MONTH")]),
    ("Patients ≥ 60 years of age were included.", [("min", 60, "YEAR")]),
    ("Inclusion criteria were age over 18 years and asthma.", [("min", 18, "YEAR")]),
    ("Patients younger than 18 years were excluded.", [("min", 18, "YEAR")]),
    ("Adults older than 80 years were excluded.", [("max", 80, "YEAR")]),
    ("The mean age of the patients enrolled was 45 years (range 18-65 years).", []),
    ("Randomisation was stratified by age (<65 or ≥65 years).", []),
    ("Forty patients (age, 31 to 84 years) entered the study.", []),
    ("Patients with asthma for at least 2 years were eligible.", []),
    ("Mortality was higher in patients aged 65 years or older.", []),
]


@pytest.mark.parametrize("text, expected", AGES)
def test_limits_of_age_are_said_of_who_could_take_part(text, expected):
    assert [(fact.field[-3:], fact.value, fact.detail["unit"]) for fact in age_facts(text)] == expected


def test_a_sentence_on_eligibility_goes_before_the_title():
    text = "Gel in adults aged 20 to 60 years: a trial.\nEligible patients were aged 18 to 65 years."
    assert [fact.value for fact in age_facts(text)] == [18, 65]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Postmenopausal women were randomly assigned to gel or placebo.", ["FEMALE"]),
        ("Men with gout were enrolled.", ["MALE"]),
        ("Men and women were enrolled.", []),
        ("Women were randomised. Of the controls, 12 were men.", []),
        ("Forty women were randomised.", []),
        ("Patients were enrolled; women (45%) answered more often.", []),
        ("Pregnant women were excluded.", []),
    ],
)
def test_sex_is_said_only_where_the_words_leave_no_other(text, expected):
    assert values(sex_facts(text), "eligibility.sex") == expected


DATES = [
    ("Patients were enrolled between May 2014 and June 2016.", ["2014-05", "2016-06"]),
    ("Between May and November 2014, 120 patients were enrolled.", ["2014-05", "2014-11"]),
    ("From March 4, 2013, to Feb 8, 2015, we enrolled 90 women.", ["2013-03-04", "2015-02-08"]),
    ("The first patient was randomised on 5 January 2006.", ["2006-01-05"]),
    ("Recruitment began in May 2014 and was completed in June 2016.", ["2014-05", "2016-06"]),
    ("The study was conducted from June 2010 to July 2012 and included 120 patients.", []),
    ("Enrolled patients were followed from June 2010 to July 2012.", []),
    ("Trials published between 2001 and 2010 were included by the reviewers.", []),
]


@pytest.mark.parametrize("text, expected", DATES)
def test_dates_are_those_of_recruitment(text, expected):
    assert [fact.value for fact in course_facts(text) if fact.field.startswith("date.")] == expected


OUTCOMES = [
    ("The primary outcome was pain at 12 weeks; secondary outcomes were sleep and mood.", [("pain", "12 weeks")]),
    ("Primary end point was overall survival.", [("overall survival", None)]),
    ("The primary endpoint of this randomised, open trial was relapse within 1 year.", [("relapse", "1 year")]),
    ("Change in weight was the primary outcome.", [("Change in weight", None)]),
    ("The primary outcome was similar in both groups.", []),
    ("The primary outcome was met.", []),
    ("The primary outcome was assessed by a nurse.", []),
    ("There was no difference in the primary outcome: 12 of 40 with gel.", []),
    ("In an earlier trial the primary outcome was death [4].", []),
]


@pytest.mark.parametrize("text, expected", OUTCOMES)
def test_a_primary_outcome_is_named_not_reported(text, expected):
    facts = outcome_facts(text)
    times = {fact.item: fact.value for fact in facts if fact.field == "outcomes.timepoint"}
    found = [(fact.value, times.get(fact.item)) for fact in facts if fact.field == "outcomes.measure"]
    assert found == expected
    assert values(facts, "outcomes.type") == ["PRIMARY"] * len(expected)


def test_an_outcome_said_twice_in_other_words_is_one_and_another_is_the_second():
    text = (
        "The primary outcome was pain at rest. The primary outcome was pain at rest on day 2. Primary end point: death."
    )
    assert values(outcome_facts(text), "outcomes.measure") == ["pain at rest", "death"]


@pytest.mark.parametrize(
    "text, countries",
    [
        ("The trial was conducted at 12 hospitals in Iran.", ["IR"]),
        ("Patients were recruited from centres in Canada, Australia and New Zealand.", ["CA", "AU", "NZ"]),
        ("The gel (Brookfield Ltd, Toronto, Canada) was given at the clinic.", []),
        ("Guidelines in Canada advise gel at all sites of the trial.", []),
        ("The study was approved by the ethics committee of the hospital, Lima, Peru.", []),
        ("The Cancer Institute of Canada group ran the trial.", []),
    ],
)
def test_countries_are_those_of_the_places_that_recruited(text, countries):
    assert values(setting_facts(text), "countries") == countries


@pytest.mark.parametrize(
    "text, places",
    [
        ("Patients were recruited from two outpatient clinics in Leeds.", ["two outpatient clinics in Leeds"]),
        ("The study was conducted at a tertiary hospital between May 2010 and June 2011.", ["a tertiary hospital"]),
        ("The trial was done at 12 centres.", []),
        ("Assessments were carried out in the clinic.", []),
    ],
)
def test_the_setting_is_the_kind_of_place_that_recruited(text, places):
    assert values(setting_facts(text), "recruitment.setting") == places


@pytest.mark.parametrize(
    "text, names",
    [
        ("This study was funded by the Brookfield Trust (grant 12/34).", ["Brookfield Trust"]),
        (
            "The trial was supported by grants from the Ministry of Health and the Brookfield Foundation.",
            ["Ministry of Health", "Brookfield Foundation"],
        ),
        ("(Funded by Brookfield Pharma, Inc.; ClinicalTrials.gov number, NCT04990001.)", ["Brookfield Pharma, Inc"]),
        (
            "This study was supported by the Department of Health and Human Services.",
            ["Department of Health and Human Services"],
        ),
        ("The conclusion is supported by the results of Research groups.", []),
        ("This study received no funding.", []),
    ],
)
def test_funders_are_named_one_by_one(text, names):
    assert values(funder_facts(text), "funders.name") == names


def test_the_committee_and_its_reference_are_said_together():
    text = "The study was approved by the Research Ethics Committee of Brookfield Hospital (reference 12/AB/0034)."
    assert [(fact.field, fact.value, fact.item) for fact in approval_facts(text)] == [
        ("ethics.committee", "Research Ethics Committee of Brookfield Hospital", 1),
        ("ethics.reference", "12/AB/0034", 1),
    ]


@pytest.mark.parametrize(
    "text", ["The local ethics committee approved the study.", "Each site had approval by its IRB."]
)
def test_a_committee_without_a_name_is_none(text):
    assert approval_facts(text) == []


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Analysis was by intention to treat.", ["ITT"]),
        ("All analyses used the modified intention-to-treat population.", ["MITT"]),
        ("The primary analysis was by intention to treat; a sensitivity analysis was per protocol.", ["ITT"]),
        ("Analyses were done by intention to treat and per protocol.", []),
        ("Analysis was not by intention to treat.", []),
        ("Patients received the drug per protocol.", []),
        ("The ethics committee approved the analysis.", []),
    ],
)
def test_the_main_analysis_set_is_the_one_that_is_said_to_be(text, expected):
    assert values(analysis_set_facts(text), "analysis.set") == expected


DOSES = [
    (
        "Patients received amoxicillin 500 mg orally twice daily for 7 days or placebo.",
        {"dose": 500, "unit": "mg", "name": "amoxicillin", "route": "orally", "frequency": "twice daily",
         "duration": "7 days"},
    ),
    ("Women were given 4 mg of intravenous zoledronate every 3 months.",
     {"dose": 4, "unit": "mg", "name": "zoledronate", "route": "intravenous", "frequency": "every 3 months"}),
    ("The mean dose given was 3.7 mg.", {}),
    ("Patients treated had a serum level of 8 ng/ml.", {}),
    ("Treatment of patients with more than 2 g was stopped.", {}),
    ("The recommended dose is 20 mg.", {}),
    ("Radiotherapy was given as 38·5 Gy in ten fractions.", {"dose": 38.5, "unit": "Gy"}),
]  # fmt: skip


@pytest.mark.parametrize("text, expected", DOSES)
def test_a_dose_has_its_substance_route_and_schedule(text, expected):
    facts = [*dose_facts(text), *substance_facts(text)]
    found = {fact.field.removeprefix("interventions."): fact.value for fact in facts}
    found.pop("dose_text", None)
    assert found == expected


def test_two_doses_of_one_sentence_keep_what_is_said_of_each():
    text = "Patients received 20 mg tamoxifen daily or 1 mg oral anastrozole weekly."
    facts = [*dose_facts(text), *substance_facts(text)]
    told = {(fact.item, fact.field.removeprefix("interventions.")): fact.value for fact in facts}
    assert (told[1, "name"], told[1, "frequency"], told[2, "name"], told[2, "frequency"]) == (
        "tamoxifen",
        "daily",
        "anastrozole",
        "weekly",
    )


ARTICLE = """Gel for knee pain: a randomised trial

Background
Earlier trials of gel enrolled women aged 50 to 60 years in Peru.

Methods
Patients were recruited from clinics in Norway between May 2014 and June 2016. The primary outcome was pain at 12 weeks.

Discussion
Others gave 20 mg of gel daily. Allocation lists generated by computer are common.

Funding
Brookfield Foundation.

Competing interests
AB received fees from Brookfield Pharma. The trial of AB was open-label.
"""


def test_an_article_is_read_in_its_parts_each_value_with_its_words():
    (record,) = records_of(Document("paper.txt", ARTICLE.encode(), lambda problem: None))
    found = {}
    for value in record.reported:
        assert fold(ARTICLE[value.place.start : value.place.end]) == value.quote
        found.setdefault(value.field, value.value)
    assert found == {
        "design.allocation": "RANDOMIZED",
        "countries": "NO",
        "recruitment.setting": "clinics in Norway",
        "date.first_enrolment": "2014-05",
        "date.recruitment_end": "2016-06",
        "outcomes.measure": "pain",
        "outcomes.type": "PRIMARY",
        "outcomes.timepoint": "12 weeks",
        "statement.funding": "Brookfield Foundation.",
        "funders.name": "Brookfield Foundation",
        "statement.coi": "AB received fees from Brookfield Pharma. The trial of AB was open-label.",
    }


@pytest.mark.real
def test_sex_of_abstracts_agrees_with_the_cancers_they_are_about(shared):
    """Abstracts on prostate cancer never state that all were women, those on breast cancer never that all were men."""
    path = shared / "records" / "labelled" / "rct-metastatic-local" / "metastatic_local_test.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = []
    for row in rows:
        stated = values(sex_facts(f"{row['title']}\n{row['abstract']}"), "eligibility.sex")
        about = json.dumps(row).casefold()
        if ("FEMALE" in stated and "prostate" in row["title"].casefold()) or ("MALE" in stated and "breast" in about):
            wrong.append(row["title"])
    assert rows and wrong == []


@pytest.mark.parametrize(
    ("sentence", "label", "roles"),
    [
        ("We conducted a prospective, nonblinded, randomised trial in 58 adults.", "NONE", None),
        ("In an open, multicentre, randomised study, 60 patients took gel.", "NONE", None),
        ("The study was open.", "NONE", None),
        ("The study was open to all adults.", None, None),
        ("Open surgery was compared with laparoscopy in a randomised trial.", None, None),
        ("Patients with open fractures were randomised.", None, None),
        ("This observer-blind trial enrolled adults.", None, ["OUTCOMES_ASSESSOR"]),
        ("This was an investigator-blinded randomised study of gel.", None, ["INVESTIGATOR"]),
        ("Patient- and assessor-blinded groups took part in the trial.", None, ["PARTICIPANT", "OUTCOMES_ASSESSOR"]),
        ("Blind patients took part in the trial.", None, None),
    ],
)
def test_open_trials_and_parties_in_compounds(sentence: str, label: str | None, roles: list[str] | None):
    found = {fact.field: fact.value for fact in design_facts(sentence)}
    assert (found.get("masking.label"), found.get("masking.roles")) == (label, roles)
