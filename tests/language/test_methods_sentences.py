"""Sentences that report an item of the methods: found, whole, and nothing else found; then the labelled articles.

The labels are those of CONSORT-TM: each sentence of the methods of 25 articles with the items of the 2010 checklist it
reports. Annotators put the sequence (8a, 8b), its concealment (9) and who did it (10) down to the same sentences in
different ways, so that precision of these three counts a sentence of any of the four items as right; recall is strict.
"""

from __future__ import annotations

import ast
import csv
from collections import defaultdict

import pytest

from reviewkit.language.facts import design_facts
from reviewkit.language.reporting import reported_sentences
from reviewkit.language.scope import own_part
from reviewkit.language.sentences import Span


def said(text: str) -> dict[str, str]:
    """Field -> the sentence that reports it."""
    found = reported_sentences(text)
    for fact in found:
        assert fact.value == " ".join(text[fact.start : fact.end].split())
    return {fact.field: fact.value for fact in found}


SEQUENCE = [
    "A computer-generated list of random numbers was used to allocate the patients.",
    "The randomisation list was drawn up with Stata in permuted blocks.",
    "Allocation followed minimisation for age and centre.",
    "The arm was settled by tossing a coin for each participant assigned.",
    "Women drew sealed slips from a box to settle their group.",
    "Participants were allocated by even or odd date of birth.",
    "Patients were randomised with an interactive web response system.",
    "Each clinic received a prespecified allocation list stratified by sex.",
]


@pytest.mark.parametrize("sentence", SEQUENCE)
def test_how_the_sequence_was_made_is_told_by_the_whole_sentence(sentence):
    assert said(f"Adults took part. {sentence} Results follow.").get("random.method") == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients were randomly assigned to gel or no gel.",
        "All analyses were performed with SPSS on the randomised groups.",
        "Samples were assayed in a computer-generated random order.",
        "Blood was drawn from both groups.",
        "Computed tomography was done before randomisation.",
        "Consecutive patients were allocated to gel or no gel.",
        "The physicians were blinded to the size of the blocks used for randomisation.",
        "In a previous trial, a random number table was used [4].",
    ],
)
def test_the_claim_of_randomness_and_other_random_things_tell_no_sequence(sentence):
    assert "random.method" not in said(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Opaque envelopes held the assignments and were opened in order.",
        "Drug and placebo came in numbered kits of the same look.",
        "The allocation was concealed from those who enrolled patients.",
        "Recruiting nurses could not foresee the next assignment.",
        "Sites rang a central telephone line for the allocation.",
    ],
)
def test_concealment_is_told_by_what_kept_the_next_assignment_unknown(sentence):
    assert said(sentence).get("random.concealment") == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Questionnaires were returned in sealed envelopes.",
        "The vaccine held an envelope glycoprotein of the virus.",
        "Patients randomised to the website group used it daily.",
        "Blood samples were kept in numbered vials.",
        "Participants were called by telephone after randomisation.",
    ],
)
def test_other_envelopes_telephones_and_numbers_conceal_nothing(sentence):
    assert "random.concealment" not in said(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The allocation list was prepared by a statistician who saw no patients.",
        "Research nurses enrolled participants at the clinic.",
        "Patients were randomly assigned by a member of the trials unit.",
        "The pharmacist opened the next envelope and assigned the patient.",
        "Randomisation was performed centrally.",
    ],
)
def test_who_made_the_sequence_enrolled_and_assigned_is_told(sentence):
    assert said(sentence).get("random.implementation") == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Patients enrolled earlier were followed by their surgeon.",
        "Outcomes were assessed by a nurse blinded to the allocation.",
        "Randomisation was by blocks of four.",
        "The sponsor had no role in the design of the trial.",
    ],
)
def test_those_who_treat_assess_or_pay_enrol_nobody(sentence):
    assert "random.implementation" not in said(sentence)


@pytest.mark.parametrize(
    "sentence, found",
    [
        ("The placebo capsules were identical in colour and taste to the drug.", True),
        ("It was not possible to blind patients to the treatment.", True),
        ("To maintain blinding, a second nurse prepared the syringes.", True),
        ("The two groups were the same in age and weight.", False),
        ("Similar results were seen with drug and placebo.", False),
        ("The safety board saw unblinded data.", False),
    ],
)
def test_how_masking_was_done_or_not_is_told(sentence, found):
    assert ("masking.description" in said(sentence)) is found


def test_the_sentences_of_a_calculation_are_one_value_and_the_next_topic_is_not_in_it():
    text = (
        "Adults took part. With 80% power and a significance level of 5%, 60 patients were needed in each group. "
        "Allowing for a dropout of 10%, we planned to recruit 134 patients. Blood was taken in the morning."
    )
    calculation = text[text.index("With") : text.index(" Blood")]
    assert said(text)["analysis.sample_size"] == calculation


@pytest.mark.parametrize(
    "sentence",
    [
        "Small sample size is a limitation of our trial.",
        "Muscle power was measured at 12 weeks.",
        "The drug was needed in 12 of 40 patients.",
    ],
)
def test_power_of_another_kind_and_limits_of_the_study_are_no_calculation(sentence):
    assert "analysis.sample_size" not in said(sentence)


@pytest.mark.parametrize(
    "field, sentence",
    [
        ("statement.ethics", "The trial was approved by the ethics committee of Brookfield Hospital."),
        ("statement.consent", "All participants gave written informed consent."),
        ("statement.funding", "This study was funded by the Brookfield Foundation."),
        ("statement.coi", "The authors declare that they have no competing interests."),
        ("statement.data", "The data are available from the authors on request."),
        ("statement.registration", "The trial was registered with ClinicalTrials.gov (NCT04990001)."),
        ("analysis.missing", "Missing data were handled by multiple imputation."),
        ("analysis.methods", "Groups were compared with the Mann-Whitney test."),
    ],
)
def test_statements_of_reports_are_told_whole(field, sentence):
    assert said(sentence).get(field) == sentence


def test_a_sentence_about_another_trial_reports_nothing():
    assert said("In a previous trial, sealed envelopes were used and 40 patients gave 80% power [3].") == {}


FAMILY = {"8a", "8b", "9", "10"}
ITEMS = {
    # field: labels that must be found, labels that count as right, bars of precision and recall
    "random.method": ({"8a"}, FAMILY, 0.90, 0.80),
    "random.concealment": ({"9"}, FAMILY, 0.85, 0.70),
    "random.implementation": ({"10"}, FAMILY | {"11a", "11b", "4a"}, 0.75, 0.55),
    "masking": ({"11a", "11b"}, {"11a", "11b"}, 0.75, 0.80),
    "analysis.sample_size": ({"7a"}, {"7a", "7b"}, 0.80, 0.75),
}


def labelled_articles(shared):
    """Each article as its text and its labelled sentences: start, end and items."""
    rows = defaultdict(list)
    path = shared / "records" / "labelled" / "consort-tm" / "Methods_all.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["PMCID"]].append(row)
    for article in rows.values():
        text, marks, section = "", [], None
        for row in article:
            text += " " if row["section"] == section else f"\n{row['section']}\n"
            section = row["section"]
            marks.append((len(text), len(text) + len(row["text"]), set(ast.literal_eval(row["CONSORT_Item"]))))
            text += row["text"]
        yield text, marks


@pytest.mark.real
def test_the_labelled_sentences_of_articles_are_found_and_few_others(shared):
    found, right, wanted, hit = (defaultdict(int) for _ in range(4))
    for text, marks in labelled_articles(shared):
        parts = [(start, own_part(text[start:end])) for start, end, _ in marks]
        spans = [Span(start + part[0], start + part[1]) for start, part in parts if part]
        facts = reported_sentences(text, spans)
        facts += [fact for fact in design_facts(text, spans) if fact.field in {"random.concealment", "masking.roles"}]
        for start, end, labels in marks:
            fields = {fact.field for fact in facts if fact.start < end and fact.end > start}
            fields |= {"masking"} if fields & {"masking.roles", "masking.description"} else set()
            for field, (must, may, _, _) in ITEMS.items():
                found[field] += field in fields
                right[field] += field in fields and bool(labels & may)
                wanted[field] += bool(labels & must)
                hit[field] += field in fields and bool(labels & must)
    for field, (_, _, precision, recall) in ITEMS.items():
        assert right[field] / found[field] >= precision, (field, right[field], found[field])
        assert hit[field] / wanted[field] >= recall, (field, hit[field], wanted[field])
