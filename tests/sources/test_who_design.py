"""The design strings of every registry, label by label and word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.fields import catalogue
from reviewkit.sources.who_design import design, masking
from reviewkit.sources.who_words import plain
from reviewkit.words import members

# registry -> string -> what it says; a value of None is said, and left open
DESIGNS = {
    "ClinicalTrials.gov": (
        "Allocation: Randomized. Intervention model: Crossover Assignment. Primary purpose: Supportive Care. "
        "Masking: Triple (Participant, Care Provider, Outcomes Assessor). ",
        {
            "design.allocation": "RANDOMIZED",
            "design.model": "CROSSOVER",
            "design.purpose": "SUPPORTIVE_CARE",
            "masking.label": "TRIPLE",
            "masking.roles": ["PARTICIPANT", "CARE_PROVIDER", "OUTCOMES_ASSESSOR"],
        },
    ),
    "ClinicalTrials.gov, one arm": (
        "Allocation: N/A. Intervention model: Single Group Assignment. Primary purpose: Basic Science. "
        "Masking: None (Open Label). ",
        {
            "design.allocation": "NA",
            "design.model": "SINGLE_GROUP",
            "design.purpose": "BASIC_SCIENCE",
            "masking.label": "NONE",
            "masking.roles": [],
        },
    ),
    "ChiCTR": ("Parallel", {"design.model": "PARALLEL"}),
    "ChiCTR, one arm": ("Single arm", {"design.model": "SINGLE_GROUP"}),
    "ChiCTR, sequential": ("Sequential", {"design.model": "SEQUENTIAL"}),
    "ChiCTR, not by chance": ("Non randomized control", {"design.allocation": "NON_RANDOMIZED"}),
    "ChiCTR, observational": ("Case-Control study", {"design.observational_model": "Case-Control study"}),
    "IRCT": (
        "Randomization: Randomized, Blinding: Double blinded, Placebo: Used, Assignment: Factorial, Purpose: Prevention"
        ", Other design features: Two clinics; Randomization description: Blocks of 4. Control: those in even blocks. "
        "Open: no, Blinding description: Ampoules look alike. Type: the same.",
        {
            "design.allocation": "RANDOMIZED",
            "design.model": "FACTORIAL",
            "design.purpose": "PREVENTION",
            "masking.label": "DOUBLE",
            "design.control": ["PLACEBO"],
            "random.method": "Blocks of 4. Control: those in even blocks. Open: no",
            "masking.description": "Ampoules look alike. Type: the same",
            "design.other": "Two clinics",
        },
    ),
    "IRCT, without placebo": (
        "Randomization: Not randomized, Blinding: Not blinded, Placebo: Not used, Assignment: Single, Purpose: Other",
        {
            "design.allocation": "NON_RANDOMIZED",
            "design.model": "SINGLE_GROUP",
            "design.purpose": "OTHER",
            "masking.label": "NONE",
            "masking.roles": [],
            "design.control": None,
        },
    ),
    "EU-CTR": (
        "Controlled: yes<br>Randomised: yes<br>Open: no<br>Single blind: no<br>Double blind: yes<br>Parallel group: yes"
        "<br>Cross over: no<br>Other: no<br>If controlled, specify comparator, Other Medicinial Product: yes<br>"
        "Placebo: yes<br>Other: no<br>Number of treatment arms in the trial: 3<br>",
        {
            "design.allocation": "RANDOMIZED",
            "design.model": "PARALLEL",
            "masking.label": "DOUBLE",
            "design.control": ["ACTIVE", "PLACEBO"],
            "design.n_arms": 3,
        },
    ),
    "EU-CTR, uncontrolled": (
        "Controlled: no\nRandomised: no\nOpen: yes\nSingle blind: no\nDouble blind: no\nParallel group: no\n"
        "Cross over: no\nNumber of treatment arms in the trial: 1\n",
        {"design.allocation": "NA", "masking.label": "NONE", "design.n_arms": 1},
    ),
    "EU-CTR, controlled and not randomised": (
        "Controlled: yes Randomised: no Open: yes Single blind: yes Double blind: no Parallel group: yes "
        "Cross over: yes",
        {"design.allocation": "NON_RANDOMIZED"},
    ),
    "CTRI": (
        "Randomized, Parallel Group, Placebo Controlled Trial<br>  Method of generating randomization sequence:"
        "Computer generated randomization  Method of allocation concealment:Sequentially numbered, sealed, opaque "
        "envelopes  Blinding and masking:Participant, Investigator and Outcome Assessor Blinded",
        {
            "design.allocation": "RANDOMIZED",
            "design.model": "PARALLEL",
            "design.control": ["PLACEBO"],
            "random.method": "Computer generated randomization",
            "random.concealment": "Sequentially numbered, sealed, opaque envelopes",
            "masking.roles": ["PARTICIPANT", "INVESTIGATOR", "OUTCOMES_ASSESSOR"],
        },
    ),
    "CTRI, clusters": (
        "Cluster Randomized Trial<br>  Method of generating randomization sequence:Not Applicable  "
        "Method of allocation concealment:An Open list of random numbers  Blinding and masking:Open Label",
        {
            "design.allocation": "RANDOMIZED",
            "random.type": ["CLUSTER"],
            "random.concealment": "An Open list of random numbers",
            "masking.label": "NONE",
            "masking.roles": [],
        },
    ),
    "CTRI, nothing": (
        "Other<br>  Method of generating randomization sequence:  Method of allocation concealment:  "
        "Blinding and masking:Not Applicable",
        {},
    ),
    "ISRCTN": (
        "Multi-centre double-blind randomised placebo-controlled cross-over trial (Treatment)",
        {
            "design.allocation": "RANDOMIZED",
            "design.model": "CROSSOVER",
            "design.control": ["PLACEBO"],
            "design.purpose": "TREATMENT",
            "masking.label": "DOUBLE",
        },
    ),
    "ISRCTN, observational": ("Longitudinal observational study (Quality of life)", {"design.purpose": "OTHER"}),
    "ISRCTN, two designs": ("Randomised pilot, then a non-randomised parallel cohort", {"design.model": "PARALLEL"}),
    "DRKS": (
        "Allocation: Non-randomized controlled trial;. Masking: Open (masking not used). Control: Historical. "
        "Assignment: Single (group). Study design purpose: Health care system;",
        {
            "design.allocation": "NON_RANDOMIZED",
            "design.model": "SINGLE_GROUP",
            "design.purpose": "HEALTH_SERVICES_RESEARCH",
            "design.control": ["HISTORICAL"],
            "masking.label": "NONE",
            "masking.roles": [],
        },
    ),
    "DRKS, other": (
        "Allocation: Other;. Masking: . Control: Other. Assignment: Other. Study design purpose: Prognosis;",
        {"design.allocation": None, "design.model": "OTHER", "design.purpose": "OTHER"},
    ),
    "JPRN": ("Single arm Non-randomized", {"design.model": "SINGLE_GROUP", "design.allocation": "NON_RANDOMIZED"}),
    "JPRN, not selected": ("Not selected Not selected", {}),
    "jRCT": (
        "randomized controlled trial, single blind, active control, parallel assignment, prevention purpose",
        {
            "design.allocation": "RANDOMIZED",
            "design.model": "PARALLEL",
            "design.control": ["ACTIVE"],
            "design.purpose": "PREVENTION",
            "masking.label": "SINGLE",
        },
    ),
    "ANZCTR": (
        "Purpose: Educational / counselling / training; Allocation: Randomised controlled trial; Masking: Blinded "
        "(masking used);Assignment: Parallel;Type of endpoint: Efficacy;",
        {
            "design.allocation": "RANDOMIZED",
            "design.model": "PARALLEL",
            "design.purpose": "ECT",
            "masking.label": None,
        },
    ),
    "ANZCTR, observational": (
        "Purpose: Screening;Duration: Cross-sectional;Selection: Defined population;Timing: Prospective;",
        {"design.purpose": "SCREENING", "design.time_perspective": "Prospective"},
    ),
    "NL-OMON": (
        "<br>      Randomized: Yes, <br>   Masking: Double, <br>  Control: Placebo, <br>  Group: Crossover, <br>"
        "   Type: 2 or more arms, randomized<br>",
        {
            "design.allocation": "RANDOMIZED",
            "design.model": "CROSSOVER",
            "design.control": ["PLACEBO"],
            "masking.label": "DOUBLE",
        },
    ),
    "NL-OMON, open": (
        "Randomized: No, Masking: None, Control: Not applicable, Group: undefined, Type: Not applicable",
        {"design.allocation": None, "masking.label": "NONE", "masking.roles": []},
    ),
    "NL-OMON, one arm": (
        "Randomized: No, Masking: None, Control: Not applicable, Group: undefined, Type: Single arm",
        {"design.allocation": "NA", "design.model": "SINGLE_GROUP", "masking.label": "NONE", "masking.roles": []},
    ),
    "NL-OMON, not by chance": (
        "Randomized: No, Masking: Single, Control: Active, Group: undefined, Type: 2 or more arms, non-randomized",
        {"design.allocation": "NON_RANDOMIZED", "masking.label": "SINGLE", "design.control": ["ACTIVE"]},
    ),
    "PACTR": (
        "Parallel: different groups receive different interventions at same time during study,Randomised,Coin",
        {"design.allocation": "RANDOMIZED", "design.model": "PARALLEL"},
    ),
    "TCTR": ("Randomized controlled trial", {"design.allocation": "RANDOMIZED"}),
    "KCT": (
        "Primary Purpose : Treatment, Intervention Model : Parallel, Blinding/Masking : Open, Allocation : RCT",
        {
            "design.allocation": "RANDOMIZED",
            "design.model": "PARALLEL",
            "design.purpose": "TREATMENT",
            "masking.label": "NONE",
            "masking.roles": [],
        },
    ),
    "RBR": (
        "Clinical trial, randomized, open, controlled, parallel, with two arms",
        {
            "design.allocation": "RANDOMIZED",
            "design.model": "PARALLEL",
            "masking.label": "NONE",
            "masking.roles": [],
        },
    ),
    "SLCTR": (
        "Allocation: Randomized controlled trial Masking: Double-masked Control: Placebo Assignment: Parallel "
        "Purpose: Treatment",
        {
            "design.allocation": "RANDOMIZED",
            "design.model": "PARALLEL",
            "design.control": ["PLACEBO"],
            "design.purpose": "TREATMENT",
            "masking.label": "DOUBLE",
        },
    ),
    "RPCEC": (
        "Allocation: N/A: single arm study. Masking: Open. Control group: Uncontrolled. Assignment: Single group. "
        "Purpose: Prevention",
        {
            "design.allocation": "NA",
            "design.model": "SINGLE_GROUP",
            "design.purpose": "PREVENTION",
            "masking.label": "NONE",
            "masking.roles": [],
        },
    ),
    "REPEC": (
        "A phase 3, randomized, double-blind, double-dummy, parallel-group trial after open surgery",
        {"design.allocation": "RANDOMIZED", "design.model": "PARALLEL", "masking.label": "DOUBLE"},
    ),
    "LBCTR": (
        "Allocation: N/A;Masking: N/A;Control: N/A;Assignment: Parallel;Purpose: Screening",
        {"design.allocation": "NA", "design.model": "PARALLEL", "design.purpose": "SCREENING"},
    ),
    "quasi-randomised": ("Quasi-randomised trial", {"design.allocation": "NON_RANDOMIZED"}),
    "blank": ("", {}),
}


@pytest.mark.parametrize("registry", DESIGNS)
def test_a_design_says_what_the_registry_says_and_no_more(registry):
    words, said = DESIGNS[registry]
    assert {feature.field: feature.reading.value for feature in design(words)} == said


@pytest.mark.parametrize(
    "words, label, roles",
    [
        ("Double (Participant, Investigator)", "DOUBLE", ["PARTICIPANT", "INVESTIGATOR"]),
        ("Double Blind (Subject, Outcomes Assessor)", "DOUBLE", ["PARTICIPANT", "OUTCOMES_ASSESSOR"]),
        ("Single (somebody else)", "SINGLE", "absent"),
        ("Participant Blinded", "absent", ["PARTICIPANT"]),
        ("Participant and Date-entry Operator Blinded", None, "absent"),
        ("None (Open Label)", "NONE", []),
        ("Blinded", None, "absent"),
    ],
)
def test_masking_has_a_label_only_where_it_gives_one_and_roles_only_where_all_are_known(words, label, roles):
    said = {feature.field: feature.reading.value for feature in masking(words)}
    assert (said.get("masking.label", "absent"), said.get("masking.roles", "absent")) == (label, roles)


WORDS = sorted({word for words, _ in DESIGNS.values() for word in plain(words).split()})


@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_whatever_the_words_each_field_has_one_value_and_its_quote_stands_in_them(words):
    told = " ".join(words)
    features = design(told)
    assert len({feature.field for feature in features}) == len(features)
    for feature in features:
        assert feature.words in told
        vocabulary = catalogue()[feature.field].vocabulary
        value = feature.reading.value
        if vocabulary and value is not None:
            assert set(value if isinstance(value, list) else [value]) <= set(members(vocabulary))
