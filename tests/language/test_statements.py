"""What a sentence says of its own trial: the published phrases, then sentences of the same families.

The families, and the readings of negation, are those of the mapping from record text to signalling questions.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import reviewkit
from reviewkit.language.statements import statements

PHRASES = Path(reviewkit.__file__).with_name("language") / "phrases.csv"
with PHRASES.open(encoding="utf-8", newline="") as file:
    ROWS = [(row["text"], row["concept"], row["label"]) for row in csv.DictReader(file)]


def labels(text: str) -> dict[str, set[str]]:
    """Concept -> the labels that the text states of it."""
    said: dict[str, set[str]] = {}
    for statement in statements(text):
        said.setdefault(statement.concept, set()).add(statement.label)
    return said


@pytest.mark.parametrize("text, concept, label", ROWS, ids=[f"{r[1]}-{n}" for n, r in enumerate(ROWS)])
def test_every_published_phrase_is_read_as_its_row_says(text, concept, label):
    assert labels(text).get(concept, set()) == (set() if label == "ignore" else {label})


PARTICIPANTS, PERSONNEL, ASSESSORS, ANALYSTS = (
    "blinding_participants",
    "blinding_personnel",
    "blinding_assessors",
    "blinding_analysts",
)
BLINDING = {PARTICIPANTS, PERSONNEL, ASSESSORS, ANALYSTS}


def roles(*, blinded=(), not_blinded=()):
    return {role: {"blinded"} for role in blinded} | {role: {"not_blinded"} for role in not_blinded}


@pytest.mark.parametrize(
    "text, expected",
    [
        # not blinded / unblinded / unmasked / non-blinded / no blinding / without masking / impossible, not feasible
        ("Patients were not blinded.", roles(not_blinded=[PARTICIPANTS])),
        ("Care providers were unblinded.", roles(not_blinded=[PERSONNEL])),
        ("The outcome assessors were unmasked.", roles(not_blinded=[ASSESSORS])),
        ("The operating surgeons were non-blinded.", roles(not_blinded=[PERSONNEL])),
        ("There was no blinding of participants.", roles(not_blinded=[PARTICIPANTS])),
        ("The infusions were given without masking of the nurses.", roles(not_blinded=[PERSONNEL])),
        ("Blinding of the therapists was impossible.", roles(not_blinded=[PERSONNEL])),
        ("Blinding patients was not feasible.", roles(not_blinded=[PARTICIPANTS])),
        ("Masking of outcome assessors was not attempted.", roles(not_blinded=[ASSESSORS])),
        ("The volunteers could not be blinded.", roles(not_blinded=[PARTICIPANTS])),
        ("It was not possible to blind the physiotherapists.", roles(not_blinded=[PERSONNEL])),
        (
            "Participants and clinicians were aware of the treatment allocation.",
            roles(not_blinded=[PARTICIPANTS, PERSONNEL]),
        ),
        # will not know, unaware, not informed, not disclosed, ignorant of, could not tell apart, kept in the dark
        ("Participants will not know which syringe they receive.", roles(blinded=[PARTICIPANTS])),
        ("Nurses were unaware of the group.", roles(blinded=[PERSONNEL])),
        ("Patients are not informed about their allocation.", roles(blinded=[PARTICIPANTS])),
        ("The treatment was not disclosed to the subjects.", roles(blinded=[PARTICIPANTS])),
        ("The evaluators were ignorant of group membership.", roles(blinded=[ASSESSORS])),
        ("Patients could not tell the two sprays apart.", roles(blinded=[PARTICIPANTS])),
        ("The outcome assessors were kept in the dark about the assignment.", roles(blinded=[ASSESSORS])),
        ("Doctors do not know which treatment is being given.", roles(blinded=[PERSONNEL])),
        # neither … nor
        ("Neither patients nor staff knew which bag held the vesicles.", roles(blinded=[PARTICIPANTS, PERSONNEL])),
        ("Neither the volunteers nor the doctors were masked.", roles(not_blinded=[PARTICIPANTS, PERSONNEL])),
        (
            "Neither participants nor outcome assessors were aware of the allocation.",
            roles(blinded=[PARTICIPANTS, ASSESSORS]),
        ),
        # ellipsis and split by role
        ("Only patients were blinded; investigators were not.", roles(blinded=[PARTICIPANTS], not_blinded=[PERSONNEL])),
        (
            "Patients were blinded, but the treating physicians were not.",
            roles(blinded=[PARTICIPANTS], not_blinded=[PERSONNEL]),
        ),
        ("Patients but not clinicians were blinded.", roles(blinded=[PARTICIPANTS], not_blinded=[PERSONNEL])),
        ("Nurses but not participants knew the treatment.", roles(blinded=[PARTICIPANTS], not_blinded=[PERSONNEL])),
        # several roles in one sentence
        (
            "Outcome assessors were blinded; participants were aware of their group.",
            roles(blinded=[ASSESSORS], not_blinded=[PARTICIPANTS]),
        ),
        (
            "Participants were aware of the arm, whereas the assessors remained masked.",
            roles(blinded=[ASSESSORS], not_blinded=[PARTICIPANTS]),
        ),
        (
            "Patients, care providers and outcome assessors were masked to treatment.",
            roles(blinded=[PARTICIPANTS, PERSONNEL, ASSESSORS]),
        ),
        (
            "Participants, caregivers and statisticians were blinded to group assignment.",
            roles(blinded=[PARTICIPANTS, PERSONNEL, ANALYSTS]),
        ),
        ("The data analyst was unaware of group names.", roles(blinded=[ANALYSTS])),
        ("An assessor who was blinded to the allocation measured grip strength.", roles(blinded=[ASSESSORS])),
        ("Radiologists blinded to treatment read all scans.", roles(blinded=[ASSESSORS])),
        # forms met in reports
        (
            "Both the patient and the person who injected did not know the content of the syringe.",
            roles(blinded=[PARTICIPANTS]),
        ),
        ("Neither the parents nor the children were told which drops were given.", roles(blinded=[PARTICIPANTS])),
        (
            "Clinicians and participants remained blinded until the database was locked.",
            roles(blinded=[PARTICIPANTS, PERSONNEL]),
        ),
        ("The study nurse was unblinded in order to prepare the infusion.", roles(not_blinded=[PERSONNEL])),
        ("Blinding of surgeons was impossible because of the nature of the operation.", roles(not_blinded=[PERSONNEL])),
        (
            "The trial statistician was blinded, while patients and physicians were not.",
            roles(blinded=[ANALYSTS], not_blinded=[PARTICIPANTS, PERSONNEL]),
        ),
        ("Participants were not told which arm they were in.", roles(blinded=[PARTICIPANTS])),
        ("Patients were informed of their treatment.", roles(not_blinded=[PARTICIPANTS])),
        ("Group assignment was masked from patients and outcome evaluators.", roles(blinded=[PARTICIPANTS, ASSESSORS])),
        ("Treatment allocation was hidden from participants and staff.", roles(blinded=[PARTICIPANTS, PERSONNEL])),
        ("Outcomes were assessed by a blinded investigator.", roles(blinded=[PERSONNEL, ASSESSORS])),
        ("The examiner did not know to which group the patient belonged.", roles(blinded=[ASSESSORS])),
        ("This assessor-blinded trial compared two doses.", roles(blinded=[ASSESSORS])),
        ("A patient- and assessor-blinded trial was conducted.", roles(blinded=[PARTICIPANTS, ASSESSORS])),
        ("Masking: Single (Outcomes Assessor)", roles(blinded=[ASSESSORS], not_blinded=[PARTICIPANTS, PERSONNEL])),
        (
            "Masking: Triple (Participant, Investigator, Outcomes Assessor)",
            roles(blinded=[PARTICIPANTS, PERSONNEL, ASSESSORS]),
        ),
        (
            "Study personnel knew the assignment, but patients did not.",
            roles(blinded=[PARTICIPANTS], not_blinded=[PERSONNEL]),
        ),
        ("Patients knew their group; assessors did not.", roles(blinded=[ASSESSORS], not_blinded=[PARTICIPANTS])),
        ("Data analysts were kept unaware of the groups.", roles(blinded=[ANALYSTS])),
        ("No one except the pharmacist knew the allocation.", roles()),
        ("The trial was not blinded.", roles(not_blinded=[PARTICIPANTS, PERSONNEL, ASSESSORS])),
        (
            "Owing to the surgical technique, masking of the operators was not possible, but the radiologists "
            "were masked.",
            roles(blinded=[ASSESSORS], not_blinded=[PERSONNEL]),
        ),
        ("Participants, who were not aware of the allocation, filled in diaries.", roles(blinded=[PARTICIPANTS])),
        ("The participants were aware that they took part in a trial.", roles()),
        (
            "Patients are aware of participating in the study, but the researcher and the participant will be "
            "kept blinded to the group.",
            roles(blinded=[PARTICIPANTS, PERSONNEL]),
        ),
        ("Patients blinded to treatment were asked for their pain.", roles(blinded=[PARTICIPANTS])),
        ("Blinded outcome assessment was used.", roles(blinded=[ASSESSORS])),
        ("Outcome assessment will be blinded.", roles(blinded=[ASSESSORS])),
        ("Unblinded nurses gave the injections.", roles(not_blinded=[PERSONNEL])),
        # lists of registries
        (
            "Masking: Double (Participant, Outcomes Assessor)",
            roles(blinded=[PARTICIPANTS, ASSESSORS], not_blinded=[PERSONNEL]),
        ),
        (
            "Masking: Quadruple (Participant, Care Provider, Investigator, Outcomes Assessor)",
            roles(blinded=[PARTICIPANTS, PERSONNEL, ASSESSORS]),
        ),
        ("Masking: None (Open Label)", roles(not_blinded=[PARTICIPANTS, PERSONNEL, ASSESSORS])),
        (
            "Participant: blinded; care provider: not blinded; assessor: blinded",
            roles(blinded=[PARTICIPANTS, ASSESSORS], not_blinded=[PERSONNEL]),
        ),
    ],
)
def test_each_role_is_blinded_or_not_as_the_sentence_says_and_no_other_role_is_named(text, expected):
    said = {concept: found for concept, found in labels(text).items() if concept in BLINDING}
    assert said == expected


@pytest.mark.parametrize(
    "text",
    [
        "The trial was not double blind.",
        "This study is a double-blind trial.",
        "The trial is triple-masked.",
        "All medication was blinded.",
    ],
)
def test_a_claim_without_roles_says_of_nobody_that_they_are_blinded_or_not(text):
    said = labels(text)
    assert {label for concept in BLINDING for label in said.get(concept, set())} <= {"unclear"}


@pytest.mark.parametrize(
    "text",
    [
        "Colour-blind people were excluded.",
        "Two reviewers, blinded to each other, chose the studies.",
        "Children wore face masks on the ward.",
        "Double-blind: Neither participants nor researchers know which treatment is given.: Other Ways to Mask "
        "Information",
        "In a previous trial, patients were not blinded [14].",
        "Earlier studies were open-label and their assessors were unblinded.",
        "Future trials should blind participants and assessors.",
        "Blindness of one eye led to exclusion.",
        "After week 24 all participants may enter an open-label extension.",
    ],
)
def test_medical_senses_other_trials_and_later_phases_say_nothing_of_blinding(text):
    assert not BLINDING & set(labels(text))


@pytest.mark.parametrize(
    "text, label",
    [
        # a chance element is described
        ("The sequence was generated by computer.", "adequate"),
        ("Randomisation was performed with a web-based service (REDCap).", "adequate"),
        ("A random number table was used for allocation.", "adequate"),
        ("Patients were assigned by tossing a coin.", "adequate"),
        ("Allocation followed the throw of a dice.", "adequate"),
        ("Envelopes were shuffled and then numbered.", "adequate"),
        ("Participants drew lots to settle the group.", "adequate"),
        ("The allocation list was produced with PROC PLAN in SAS 9.4.", "adequate"),
        ("Group assignment used minimisation with a random element.", "adequate"),
        ("Participants were randomised by an interactive web response system.", "adequate"),
        ("The randomization list was created using the ralloc command in Stata.", "adequate"),
        # predictable or chosen
        ("Participants were allocated alternately to the two groups.", "inadequate"),
        ("Patients with an even hospital number received the cream.", "inadequate"),
        ("Those born in odd years formed the control group.", "inadequate"),
        ("Randomisation was done by week of admission.", "inadequate"),
        ("Patients were randomised by file number.", "inadequate"),
        ("The group was decided by the last digit of the national identity number.", "inadequate"),
        ("Every second patient received the study drug.", "inadequate"),
        ("The first 20 patients were given exosomes and the next 20 saline.", "inadequate"),
        ("The treating physician chose the treatment.", "inadequate"),
        ("Patients chose their own group.", "inadequate"),
        ("Assignment depended on the availability of the product.", "inadequate"),
        ("A random table was not used.", "inadequate"),
        ("Patients were allocated not at random but by the ward in which they lay.", "inadequate"),
        ("Although described as randomised, patients were placed by turn.", "inadequate"),
        # only the claim
        ("Participants were randomly assigned to two groups.", "unclear"),
        ("Allocation: Randomized", "unclear"),
        ("Patients were randomised 2:1 to drug or placebo.", "unclear"),
        ("Block randomisation was used.", "unclear"),
        ("Randomisation was stratified by centre.", "unclear"),
        ("Patients were matched and then randomly allocated.", "unclear"),
        ("The allocation sequence was computer-generated by an independent statistician.", "adequate"),
        ("Numbers drawn from a hat decided the group.", "adequate"),
        ("Stratified permuted block randomisation with block sizes of four.", "adequate"),
        ("Randomisation used blocks of four.", "adequate"),
        ("We used Research Randomizer (www.randomizer.org).", "adequate"),
        ("A list of random numbers was used.", "adequate"),
        ("Patients were divided by lottery.", "adequate"),
        ("Subjects picked a card from a shuffled deck.", "adequate"),
        ("Patients were assigned according to the day of the week.", "inadequate"),
        ("Patients admitted on odd days got drug A and those admitted on even days drug B.", "inadequate"),
        ("Allocation was by order of admission.", "inadequate"),
        ("Patients were assigned to the groups in alternation.", "inadequate"),
        ("Consecutive patients were assigned in an ABAB pattern.", "inadequate"),
        ("The severity of the disease decided the treatment.", "inadequate"),
        ("Participants could choose their treatment.", "inadequate"),
        ("Those with an odd last digit of the phone number received placebo.", "inadequate"),
        ("Patients treated on ward 3 were the controls.", None),
        ("Participants will be randomised.", "unclear"),
        ("A randomized controlled trial is planned.", "unclear"),
        ("Eligible women were randomly allocated 1:1.", "unclear"),
        ("This non-randomised study had two groups.", None),
        ("Blood was taken at random times.", None),
        ("A random sample of ten charts was checked.", None),
        # nothing of this trial's sequence
        ("Records for audit were randomly selected from the list.", None),
        ("A random-effects model was used.", None),
        ("Mendelian randomisation supports the link.", None),
        ("In an earlier study, patients were allocated alternately [7].", None),
        ("Patients were assigned to receive exosomes.", None),
    ],
)
def test_the_sequence_is_judged_by_its_mechanism(text, label):
    assert labels(text).get("sequence_generation", set()) == ({label} if label else set())


@pytest.mark.parametrize(
    "text, label",
    [
        ("Sequentially numbered, opaque, sealed envelopes were used.", "adequate"),
        ("Allocation was by central telephone randomisation.", "adequate"),
        ("Assignments were obtained from a central web-based system after enrolment.", "adequate"),
        ("The hospital pharmacy held the allocation list and dispensed the next kit.", "adequate"),
        ("Treatments came in identical, consecutively numbered containers.", "adequate"),
        ("Recruiters could not foresee the next assignment.", "adequate"),
        ("The enrolling doctors could not predict the next group.", "adequate"),
        ("Those who enrolled patients had no access to the list.", "adequate"),
        ("Allocation was not concealed.", "inadequate"),
        ("Concealment of allocation was not possible.", "inadequate"),
        ("The randomisation list hung on the wall of the clinic.", "inadequate"),
        ("Transparent envelopes were used for allocation.", "inadequate"),
        ("The envelopes were not sealed.", "inadequate"),
        ("The group was known before consent.", "inadequate"),
        ("Sealed envelopes were used.", "unclear"),
        ("Opaque envelopes held the group assignment.", "unclear"),
        ("Group codes A and B were set by the nurse.", "unclear"),
        ("Allocation was concealed.", "unclear"),
        ("Allocation was concealed by sequentially numbered, sealed, opaque envelopes.", "adequate"),
        ("SNOSE were used.", "adequate"),
        ("An interactive web response system assigned the treatment.", "adequate"),
        ("The randomisation code was kept by the hospital pharmacy.", "adequate"),
        ("Opaque sealed envelopes kept by an independent nurse were used.", "adequate"),
        ("Randomisation was done centrally by fax.", "adequate"),
        ("The next assignment was visible to the recruiters.", "inadequate"),
        ("The allocation list was posted on the wall.", "inadequate"),
        ("There was no allocation concealment.", "inadequate"),
        ("Allocation concealment was not reported to be used.", None),
        ("No concealment was used.", "inadequate"),
        ("Opaque envelopes were used.", "unclear"),
        ("Serially numbered bottles of identical appearance were prepared.", "adequate"),
        ("Treatments were coded A and B.", "unclear"),
        ("Consent forms were stored in sealed envelopes.", None),
        ("Questionnaires were returned in opaque envelopes.", None),
    ],
)
def test_concealment_is_judged_by_its_safeguards(text, label):
    assert labels(text).get("allocation_concealment", set()) == ({label} if label else set())


@pytest.mark.parametrize(
    "text, label",
    [
        ("This is a single-arm, open-label phase 2 study.", "single_arm"),
        ("An uncontrolled single-group trial was carried out.", "single_arm"),
        ("This randomised, double-blind, parallel-group trial had two arms.", "parallel_randomised"),
        (
            "Participants were randomly assigned to exosomes or placebo in a parallel-group design.",
            "parallel_randomised",
        ),
        ("This was a non-randomised controlled study.", "nonrandomised_comparative"),
        ("Quasi-randomised allocation by date of birth was used.", "quasi_randomised"),
        ("In this crossover trial each patient received both sprays.", "crossover"),
        ("This is a randomised, two-period cross-over study.", "crossover"),
        ("General practices were randomised as clusters.", "cluster"),
        ("Schools were the unit of randomisation.", "cluster"),
        ("A single group of patients was treated.", "single_arm"),
        ("All patients received the same treatment in this single-arm study.", "single_arm"),
        ("This cluster randomised trial included 20 villages.", "cluster"),
        ("Patients crossed over to the other treatment after a washout.", "crossover"),
        ("Historical controls were used for comparison.", "nonrandomised_comparative"),
        ("This was a prospective cohort study with a matched control group.", None),
        ("This is not a single-arm trial.", None),
        ("Randomised, parallel-group, open-label trial.", "parallel_randomised"),
        ("Single-arm trials have suggested a benefit [3].", None),
        ("A crossover design was not used.", None),
    ],
)
def test_the_design_is_what_the_sentence_says_it_is(text, label):
    assert labels(text).get("design", set()) == ({label} if label else set())


def test_the_clause_about_this_trial_counts_beside_a_clause_about_another():
    said = labels("Unlike the open-label study of Ross, we mask patients.")
    assert said.get(PARTICIPANTS) == {"blinded"}


def test_every_statement_quotes_the_words_of_its_sentence_at_their_place():
    text = (
        "Eligible adults were enrolled.\r\nThe patients were  not blinded, and\nassessors were **masked**. The "
        "list was concealed."
    )
    for statement in statements(text):
        words = " ".join(text[statement.place.start : statement.place.end].replace("**", "").split())
        assert words == statement.quote
        assert statement.place.line == text[: statement.place.start].replace("\r\n", "\n").count("\n") + 1
        assert statement.rule
