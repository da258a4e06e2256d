"""What citations print, and whose number a publication names: spellings one by one, and all labelled publications."""

from __future__ import annotations

import csv
import re

import pytest
from tests_of_publications import facts, read, value_of

from reviewkit.sources import article
from reviewkit.sources.citation_facts import HEADINGS, author, language_code, statement_field
from reviewkit.sources.trial_banks import is_trial_bank


@pytest.mark.parametrize(
    "printed, told",
    [
        ("Windham, Ana Maria", "Windham AM"),
        ("Windham, AM", "Windham AM"),
        ("Windham A.M.", "Windham AM"),
        ("Windham AM", "Windham AM"),
        ("Windham, Anne-Marie", "Windham AM"),
        ("van der Kite, B.", "van der Kite B"),
        ("Van der Kite B.C.", "Van der Kite BC"),
        ("Stringer, Bo, Jr.", "Stringer B Jr"),
        ("Ågren, Östen", "Ågren Ö"),
        ("Kite Study Group", "Kite Study Group"),
        ("Windham", "Windham"),
        ("Windham, ", "Windham"),
        ("Kites, Department of Wind and Weather Research", "Kites, Department of Wind and Weather Research"),
    ],
)
def test_an_author_is_told_by_surname_and_initials(printed, told):
    assert author(printed) == told


@pytest.mark.parametrize(
    "words, code", [("eng", "en"), ("English", "en"), ("pt-BR", "pt"), ("ger", "de"), ("haw", "haw")]
)
def test_a_language_is_told_by_its_code(words, code):
    assert language_code(words) == code


@pytest.mark.parametrize("words", ["Klingon spoken here", "", "1"])
def test_what_is_no_language_is_refused(words):
    with pytest.raises(ValueError, match=re.escape("a language or its ISO 639 code, e.g. eng")):
        language_code(words)


@pytest.mark.parametrize(
    "heading, field",
    [
        ("Trial registration:", "statement.registration"),
        ("TRIAL REGISTRATION NUMBER", "statement.registration"),
        ("ClinicalTrials.gov Identifier", "statement.registration"),
        ("Funding", "statement.funding"),
        ("Source of support", "statement.funding"),
        ("Role of the funding source", "statement.funding"),
        ("Financial support and sponsorship", "statement.funding"),
        ("Competing interests", "statement.coi"),
        ("Declaration of conflicting interests", "statement.coi"),
        ("Conflicts of Interest Statement", "statement.coi"),
        ("Disclosure", "statement.coi"),
        ("Ethics approval and consent to participate", "statement.ethics"),
        ("Ethical considerations", "statement.ethics"),
        ("Informed consent", "statement.consent"),
        ("Availability of data and materials", "statement.data"),
        ("Data sharing statement", "statement.data"),
        ("Access to the protocol", "statement.protocol"),
        ("Consent for publication", None),
        ("Results", None),
        ("Support for kites among adults", None),
        ("Authors' contributions", None),
    ],
)
def test_a_statement_is_known_by_its_heading(heading, field):
    assert statement_field(heading) == field


def test_every_statement_has_a_heading_here():
    examples = test_a_statement_is_known_by_its_heading.pytestmark[0].args[1]
    assert {field for _, field in examples} - {None} == set(HEADINGS)


@pytest.mark.parametrize(
    "bank, holds", [("ClinicalTrials.gov", True), ("UMIN-CTR", True), ("figshare", False), ("PDB", False)]
)
def test_only_banks_of_trials_hold_numbers_of_trials(bank, holds):
    assert is_trial_bank(bank) is holds


@pytest.mark.parametrize("words", ["https://doi.org/10.9999/A-b(c)1.", "doi:10.9999/A-b(c)1", "10.9999/A-b(c)1;"])
def test_a_doi_is_read_in_small_letters_without_what_stands_around_it(words):
    assert article.doi(words).value == "10.9999/a-b(c)1"


def test_a_number_in_another_registry_that_prose_names_as_own_follows_those_of_the_database():
    text = (
        "PMID- 99000001\nTI  - Kites.\nAB  - Registered: ClinicalTrials.gov number, NCT09990001; registration number"
        " ISRCTN10000009. See also NCT09990002.\nSI  - ClinicalTrials.gov/NCT09990001\n"
    )
    ((record,), _) = read(text)
    assert [(field, item, value) for field, item, value, _, _ in facts(record, "ids.*")] == [
        ("ids.primary", None, "NCT09990001"),
        ("ids.secondary.id", 1, "ISRCTN10000009"),
        ("ids.secondary.type", 1, "REGISTRY"),
        ("ids.registry", None, "CTGOV"),
    ]


def test_a_universal_trial_number_is_never_primary():
    text = '{"message-type":"work","message":{"clinical-trial-number":[{"clinical-trial-number":"U1111-1250-7890"}]}}'
    ((record,), _) = read(text)
    assert [(field, value) for field, _, value, _, _ in facts(record, "ids.*")] == [
        ("ids.secondary.id", "U1111-1250-7890"),
        ("ids.secondary.type", "UTN"),
    ]


# Labelled publications: the number that an abstract or article prints is that of its own trial.

PRINTED = re.compile(
    r"\b(?:NCT0\d{7}|ISRCTN\d{8}|ChiCTR(?:-[A-Z]+-)?\d{8,10}|ACTRN\d{14}|DRKS000\d{5}|UMIN000\d{6}|CTRI/\d{4}/\d{2,3}/\d{6}"
    r"|20(?:0[4-9]|1\d|2[0-3])-0\d{5}-\d{2}|IRCT\d+N\d+|NTR ?\d{3,4}|KCT00\d{5}|TCTR\d{11}|PACTR\d{15,16}"
    r"|RBR-\w{6,8})\b"
)


def publications(shared):
    """Names and texts of every labelled publication that is a text."""
    labelled = shared / "records" / "labelled"
    with (labelled / "rct-positive-negative" / "trials.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["doi"].lower(), f"{row['title']}\n\n{row['abstract']}"
    for pattern in ("pico-corpus/*.txt", "evidence-inference/txt/*.txt", "spirit-consort-tm/Results/*.txt"):
        for path in sorted(labelled.glob(pattern)):
            yield path.stem, path.read_text(encoding="utf-8")


@pytest.mark.real
def test_the_own_number_of_labelled_publications_is_found_and_no_other_is_taken_for_it(shared):
    alone = found = 0
    for name, text in publications(shared):
        printed = {re.sub(r"NTR ", "NTR", match[0]).casefold() for match in PRINTED.finditer(text)}
        if not printed:
            continue
        ((record, *_), _) = read(text, f"{name}.txt")
        primary = value_of(record, "ids.primary")
        if len(printed) == 1:
            alone += 1
            found += primary is not None
        if primary is not None:
            assert primary.casefold() in printed, name
    assert alone > 100
    assert found / alone >= 0.99, (found, alone)


@pytest.mark.real
def test_where_a_person_looked_up_the_registration_number_it_is_the_primary_one(shared):
    with (shared / "records" / "labelled" / "intovalue" / "trn-reported.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        looked_up = {
            row["doi"].lower(): row["trn"] for row in csv.DictReader(file) if row["has_trn_abstract"] == "True"
        }
    told = {
        name: value_of(read(text, f"{name}.txt")[0][0], "ids.primary")
        for name, text in publications(shared)
        if name in looked_up
    }
    assert told and told == {name: looked_up[name] for name in told}
