"""CTIS: both generations of a trial's record and the pages of its search, value by value, and everything odd.

The trials here are made up (2099-5…); the tests marked real compare the reader with an independent reading.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewkit.countries import country_code
from reviewkit.documents import Document, open_document
from reviewkit.errors import Problem, ReviewError
from reviewkit.fields import catalogue
from reviewkit.sources import ctis
from reviewkit.sources import read as read_any

PART_I = {
    "rowSubjectCount": 0,
    "products": [
        {"productName": "Moonmilk 5 mg", "jsonActiveSubstanceNames": "lunolac", "routes": ["ORAL USE", "NASAL USE"]},
        {"productName": "moonmilk 5 MG", "routes": []},
        {"productDictionaryInfo": {"prodName": "Chalk tablet"}, "jsonActiveSubstanceNames": "Chalk tablet"},
    ],
    "productRoleGroupInfos": [
        {"productRoleCode": "1", "productRoleName": "Test"},
        {"productRoleCode": "3", "productRoleName": "Placebo"},
    ],
    "sponsors": [
        {"primary": False, "organisation": {"name": "Second Comet", "type": "Educational Institution"}},
        {
            "primary": True,
            "organisation": {"name": "Comet Pharma", "type": "Pharmaceutical company", "commercial": True},
            "commercial": "Commercial",
            "publicContacts": [{"functionalName": "Nobody Atall", "functionalEmailAddress": "nobody@example.org"}],
        },
    ],
    "trialDetails": {
        "clinicalTrialIdentifiers": {
            "fullTitle": "Moonmilk against wakefulness: a made-up trial",
            "publicTitle": "Moonmilk at night",
            "shortTitle": "MOONMILK",
            "secondaryIdentifyingNumbers": {
                "nctNumber": {"id": 1, "number": "NCT09995678"},
                "whoUniversalTrialNumber": {"id": 2, "number": "U1111-1000-2000"},
                "additionalRegistries": [{"id": 3, "number": "DRKS00099999", "otherRegistryName": "German register"}],
            },
        },
        "trialInformation": {
            "trialCategory": {"trialPhase": "5", "trialCategory": "2"},
            "medicalCondition": {
                "partIMedicalConditions": [{"medicalCondition": "Wakefulness", "isConditionRareDisease": False}],
                "meddraConditionTerms": [{"classificationCode": "10022437", "termName": "Insomnia", "level": "PT"}],
            },
            "trialObjective": {
                "mainObjective": "To see who sleeps.",
                "trialScopes": [{"code": "3"}, {"code": "4"}],
            },
            "eligibilityCriteria": {
                "principalInclusionCriteria": [
                    {
                        "number": 1,
                        "principalInclusionCriteria": "Awake at night",
                        "principalInclusionCriteriaTranslations": [{"attributeTranslation": "Nachts wach"}],
                    },
                    {"number": 2, "principalInclusionCriteria": "Has a bed"},
                ],
                "principalExclusionCriteria": [{"number": 1, "principalExclusionCriteria": "Owls"}],
            },
            "endPoint": {
                "primaryEndPoints": [{"number": 1, "endPoint": "Hours of sleep", "isPrimary": True}],
                "secondaryEndPoints": [{"number": 1, "endPoint": "Dreams"}, {"number": 2, "endPoint": ""}],
            },
            "trialDuration": {
                "estimatedRecruitmentStartDate": "2099-02-01",
                "estimatedEndDate": "2099-11-30",
                "estimatedGlobalEndDate": "2099-12-31",
            },
            "sourceOfMonetarySupport": [{"organisationName": "Night Fund"}],
            "populationOfTrialSubjects": {
                "ageRanges": [{"ageRangeCategoryCode": "4"}, {"ageRangeCategoryCode": "3"}],
                "isFemaleSubjects": True,
                "isMaleSubjects": False,
                "clinicalTrialGroups": [{"code": "1", "name": "Healthy volunteers"}, {"code": "2", "name": "Patients"}],
            },
            "individualParticipantData": {"planToShareIPD": "1"},
        },
        "protocolInformation": {
            "studyDesign": {
                "periodDetails": [
                    {
                        "title": "Treatment",
                        "allocationMethod": "1",
                        "blindingMethodCode": "2",
                        "blindingDetails": "Same chalky look.",
                        "blindedRoles": [{"name": "Subject"}, {"name": "Investigator"}, {"name": "Monitor"}],
                        "armDetails": [
                            {"title": "Moonmilk", "description": "One cup"},
                            {"title": "Chalk", "description": "One tablet"},
                        ],
                    }
                ]
            }
        },
        "pubmedCode": ["99990011"],
        "pubmedUrl": ["https://pubmed.ncbi.nlm.nih.gov/99990011"],
    },
}


def state(country: str, count: int, *days: str) -> dict:
    return {
        "mscInfo": {
            "countryName": country,
            "mscName": country,
            "trialRecruitmentPeriod": [{"recruitmentStartDate": day} for day in days],
        },
        "recruitmentSubjectCount": count,
        "trialSites": [
            {
                "organisationAddressInfo": {
                    "organisation": {"name": f"{country} Night Clinic"},
                    "address": {"city": "Nighttown", "countryName": country, "addressLine1": "Owl Street 1"},
                    "phone": "+49 999 999",
                    "email": "clinic@example.org",
                },
                "personInfo": {"firstName": "Nobody", "lastName": "Atall"},
            }
        ],
    }


NEW = {
    "ctNumber": "2099-599999-12-00",
    "ctStatus": "Authorised",
    "startDateEU": "15/02/2099",
    "decisionDate": "DE: 10/01/2099, FR: 05/01/2099",
    "publishDate": "2099-06-16T03:39:42.531268872",
    "ctPublicStatusCode": 5,
    "authorizedApplication": {
        "authorizedPartI": PART_I,
        "authorizedPartsII": [state("Germany", 40, "2099-02-20"), state("France", 25, "2099-02-18", "2099-02-18")],
        "applicationInfo": [
            {"type": "SUBSTANTIAL MODIFICATION", "submissionDate": "2099-03-01"},
            {"type": "INITIAL", "submissionDate": "2098-11-02"},
        ],
        "memberStatesConcerned": [{"mscName": "Germany"}, {"mscName": "France"}],
        "eudraCt": {"isTransitioned": True, "eudraCtCode": "2019-009999-31"},
        "trialGlobalEnd": [],
    },
    "events": {"trialEvents": [{"mscName": "Germany", "events": [{"notificationType": "START_OF_TRIAL",
                                                                   "date": "2099-02-15"}]}]},
    "results": {},
    "documents": [
        {"title": "D1 Protocol", "documentTypeLabel": "Protocol (for publication)"},
        {"title": "K1 Poster", "documentTypeLabel": "Recruitment arrangements (for publication)"},
        {"title": "L1 ICF", "documentTypeLabel": "Subject information and informed consent form (for publication)"},
    ],
    "lastUpdated": "15/06/2099",
}  # fmt: skip
OLD = {
    "ctNumber": "2099-588888-10-01",
    "ctStatus": "Authorised, not started",
    "decisionDate": "NL:2099-05-06",
    "trialCountries": "NL:Authorised, not started",
    "totalNumberEnrolled": "11",
    "trialPhase": "Therapeutic use (Phase IV)",
    "ageGroup": "65+ years, 18-64 years",
    "gender": "Male, Female",
    "primarySponsor": {"organisation": {"name": "Night Hospital"}},
    "submissionDate": "2099-04-12",
    "applications": [{"type": "INITIAL", "submissionDate": "2099-04-12",
                      "eudraCtInfo": {"isTransitioned": True, "eudraCtCode": "2021-009999-30"}}],
    "memberStatesConcerned": [{"mscName": "Netherlands", "countryName": "Netherlands"}],
    "authorizedPartI": {
        "rowSubjectCount": 0,
        "sponsors": [{"primary": True, "organisation": {"name": "Night Hospital",
                      "type": "Hospital/Clinic/Other health care facility"}}],
        "trialDetails": {
            "clinicalTrialIdentifiers": {"fullTitle": "A quiet trial", "shortTitle": "NL 99999.001.99"},
            "trialInformation": {"trialCategory": {"trialPhase": "6"}},
        },
    },
    "authorizedPartsII": [state("Netherlands", 11)],
    "eudraCtInfo": {"eudraCtCode": "2021-009999-30"},
    "mscTrialNotificationsInfoList": [{"mscName": "Netherlands", "mscNotificationsListInfo": []}],
    "lastUpdated": "2099-05-06",
}  # fmt: skip
PAGE = {
    "pagination": {"totalRecords": 2, "currentPage": 1},
    "data": [
        {
            "ctNumber": "2099-577777-10-00",
            "ctStatus": 8,
            "ctTitle": "A search hit",
            "shortTitle": "HIT",
            "conditions": "Boredom, severe",
            "trialCountries": ["Spain:8", "Italy:8"],
            "decisionDateOverall": "03/04/2099",
            "decisionDate": "IT: 04/05/2099, ES: 03/04/2099",
            "sponsor": "Comet Pharma",
            "sponsorType": "Pharmaceutical company, Pharmaceutical company",
            "trialPhase": "Therapeutic exploratory and confirmatory- Phase II and Phase III (Integrated)",
            "endPoint": "Dreams",
            "primaryEndPoint": "Sleep",
            "product": "Moonmilk",
            "ageGroup": "0-17 years",
            "gender": "Female",
            "totalNumberEnrolled": "1200",
            "startDateEU": "01/05/2099",
            "endDateEU": "01/06/2099",
            "resultsFirstReceived": "Yes",
        },
        {"ctNumber": "2099-566666-10-00", "ctStatus": 2, "trialPhase": "Human Pharmacology (Phase I)- Other"},
    ],
}

AT = "/authorizedApplication/authorizedPartI/trialDetails/"
ID, INFO = AT + "clinicalTrialIdentifiers/", AT + "trialInformation/"
PERIOD = AT + "protocolInformation/studyDesign/periodDetails/0/"
TWO = "/authorizedApplication/authorizedPartsII/"
INCLUDED_KEY = "principalInclusionCriteria"
EXCLUDED_KEY = "principalExclusionCriteria"
INCLUDED = f"{INFO}eligibilityCriteria/{INCLUDED_KEY}"
# field, item, value (~ derived, ? unclear), quote, pointer
TABLE = f"""
ids.primary||2099-599999-12-00|=|/ctNumber
registration.last_update||2099-06-15|15/06/2099|/lastUpdated
ids.registry||~CTIS|2099-599999-12-00|/ctNumber
study_type||~INTERVENTIONAL|2099-599999-12-00|/ctNumber
ids.aliases|1|2019-009999-31|=|/authorizedApplication/eudraCt/eudraCtCode
ids.secondary.id|1|2019-009999-31|=|/authorizedApplication/eudraCt/eudraCtCode
ids.secondary.type|1|~EUDRACT|2019-009999-31|/authorizedApplication/eudraCt/eudraCtCode
ids.secondary.id|2|NCT09995678|=|{ID}secondaryIdentifyingNumbers/nctNumber/number
ids.secondary.type|2|~REGISTRY|NCT09995678|{ID}secondaryIdentifyingNumbers/nctNumber/number
ids.secondary.id|3|U1111-1000-2000|=|{ID}secondaryIdentifyingNumbers/whoUniversalTrialNumber/number
ids.secondary.type|3|~UTN|U1111-1000-2000|{ID}secondaryIdentifyingNumbers/whoUniversalTrialNumber/number
ids.secondary.id|4|DRKS00099999|=|{ID}secondaryIdentifyingNumbers/additionalRegistries/0/number
ids.secondary.type|4|~REGISTRY|DRKS00099999|{ID}secondaryIdentifyingNumbers/additionalRegistries/0/number
ids.secondary.issuer|4|German register|=|{ID}secondaryIdentifyingNumbers/additionalRegistries/0/otherRegistryName
acronym||MOONMILK|=|{ID}shortTitle
registration.date||~2099-01-05|05/01/2099|/decisionDate
registration.date_basis||~UNSPECIFIED|05/01/2099|/decisionDate
registration.submitted||2098-11-02|=|/authorizedApplication/applicationInfo/1/submissionDate
status.recruitment||ACTIVE_NOT_RECRUITING|5|/ctPublicStatusCode
date.first_enrolment||2099-02-01|=|{INFO}trialDuration/estimatedRecruitmentStartDate
date.completion||2099-12-31|=|{INFO}trialDuration/estimatedGlobalEndDate
date.first_enrolment||~2099-02-18|2099-02-18|{TWO}1/mscInfo/trialRecruitmentPeriod/0/recruitmentStartDate
title.scientific||Moonmilk against wakefulness: a made-up trial|=|{ID}fullTitle
title.public||Moonmilk at night|=|{ID}publicTitle
objective||To see who sleeps.|=|{INFO}trialObjective/mainObjective
design.phase||["PHASE3"]|5|{INFO}trialCategory/trialPhase
design.purpose||~TREATMENT|3|{INFO}trialObjective/trialScopes/0/code
design.allocation||RANDOMIZED|1|{PERIOD}allocationMethod
masking.label||DOUBLE|2|{PERIOD}blindingMethodCode
masking.roles||["PARTICIPANT","INVESTIGATOR"]|Subject, Investigator|{PERIOD}blindedRoles/0/name
masking.description||Same chalky look.|=|{PERIOD}blindingDetails
arms.label|1|Moonmilk|=|{PERIOD}armDetails/0/title
arms.description|1|One cup|=|{PERIOD}armDetails/0/description
arms.label|2|Chalk|=|{PERIOD}armDetails/1/title
arms.description|2|One tablet|=|{PERIOD}armDetails/1/description
eligibility.age_groups||["ADULT","OLDER_ADULT"]|4, 3|{INFO}populationOfTrialSubjects/ageRanges/0/ageRangeCategoryCode
eligibility.sex||~FEMALE|true|{INFO}populationOfTrialSubjects/isFemaleSubjects
eligibility.healthy_volunteers||~true|Healthy volunteers|{INFO}populationOfTrialSubjects/clinicalTrialGroups/0/name
eligibility.inclusion_items|1|Awake at night|=|{INCLUDED}/0/{INCLUDED_KEY}
eligibility.inclusion_items|2|Has a bed|=|{INCLUDED}/1/{INCLUDED_KEY}
eligibility.inclusion||~Awake at night¶Has a bed|Awake at night|{INCLUDED}/0/{INCLUDED_KEY}
eligibility.exclusion_items|1|Owls|=|{INFO}eligibilityCriteria/principalExclusionCriteria/0/principalExclusionCriteria
eligibility.exclusion||Owls|=|{INFO}eligibilityCriteria/principalExclusionCriteria/0/principalExclusionCriteria
conditions|1|Wakefulness|=|{INFO}medicalCondition/partIMedicalConditions/0/medicalCondition
condition_codes.code|1|10022437|=|{INFO}medicalCondition/meddraConditionTerms/0/classificationCode
condition_codes.term|1|Insomnia|=|{INFO}medicalCondition/meddraConditionTerms/0/termName
condition_codes.system|1|~MedDRA|10022437|{INFO}medicalCondition/meddraConditionTerms/0/classificationCode
interventions.name|1|Moonmilk 5 mg|=|/authorizedApplication/authorizedPartI/products/0/productName
interventions.other_names|1|["lunolac"]|lunolac|/authorizedApplication/authorizedPartI/products/0/jsonActiveSubstanceNames
interventions.route|1|ORAL USE, NASAL USE|=|/authorizedApplication/authorizedPartI/products/0/routes/0
interventions.name|2|Chalk tablet|=|/authorizedApplication/authorizedPartI/products/2/productDictionaryInfo/prodName
design.control||~["PLACEBO"]|Placebo|/authorizedApplication/authorizedPartI/productRoleGroupInfos/1/productRoleName
outcomes.measure|1|Hours of sleep|=|{INFO}endPoint/primaryEndPoints/0/endPoint
outcomes.type|1|~PRIMARY|Hours of sleep|{INFO}endPoint/primaryEndPoints/0/endPoint
outcomes.measure|2|Dreams|=|{INFO}endPoint/secondaryEndPoints/0/endPoint
outcomes.type|2|~SECONDARY|Dreams|{INFO}endPoint/secondaryEndPoints/0/endPoint
sponsor.primary||Comet Pharma|=|/authorizedApplication/authorizedPartI/sponsors/1/organisation/name
sponsor.class||INDUSTRY|Pharmaceutical company|/authorizedApplication/authorizedPartI/sponsors/1/organisation/type
sponsor.secondary|1|Second Comet|=|/authorizedApplication/authorizedPartI/sponsors/0/organisation/name
funders.name|1|Night Fund|=|{INFO}sourceOfMonetarySupport/0/organisationName
ipd.plan||?|1|{INFO}individualParticipantData/planToShareIPD
publications.pmid|1|99990011|=|{AT}pubmedCode/0
enrolment.by_country.country|1|DE|Germany|{TWO}0/mscInfo/countryName
enrolment.by_country.n|1|40|40|{TWO}0/recruitmentSubjectCount
enrolment.by_country.kind|1|~ANTICIPATED|40|{TWO}0/recruitmentSubjectCount
enrolment.by_country.country|2|FR|France|{TWO}1/mscInfo/countryName
enrolment.by_country.n|2|25|25|{TWO}1/recruitmentSubjectCount
enrolment.by_country.kind|2|~ANTICIPATED|25|{TWO}1/recruitmentSubjectCount
enrolment.target||~65|40|{TWO}0/recruitmentSubjectCount
countries|1|DE|Germany|/authorizedApplication/memberStatesConcerned/0/mscName
countries|2|FR|France|/authorizedApplication/memberStatesConcerned/1/mscName
sites.name|1|Germany Night Clinic|=|{TWO}0/trialSites/0/organisationAddressInfo/organisation/name
sites.city|1|Nighttown|=|{TWO}0/trialSites/0/organisationAddressInfo/address/city
sites.country|1|DE|Germany|{TWO}0/trialSites/0/organisationAddressInfo/address/countryName
sites.name|2|France Night Clinic|=|{TWO}1/trialSites/0/organisationAddressInfo/organisation/name
sites.city|2|Nighttown|=|{TWO}1/trialSites/0/organisationAddressInfo/address/city
sites.country|2|FR|France|{TWO}1/trialSites/0/organisationAddressInfo/address/countryName
documents.type|1|["PROTOCOL"]|Protocol (for publication)|/documents/0/documentTypeLabel
documents.label|1|D1 Protocol|=|/documents/0/title
documents.type|2|["ICF"]|Subject information and informed consent form (for publication)|/documents/2/documentTypeLabel
documents.label|2|L1 ICF|=|/documents/2/title
"""


def document(content: str | bytes | object, name: str = "ctis.json") -> tuple[Document, list[Problem]]:
    if not isinstance(content, (str, bytes)):
        content = json.dumps(content)
    problems: list[Problem] = []
    raw = content.encode() if isinstance(content, str) else content
    return Document(name, raw, problems.append), problems


def read(content):
    made, problems = document(content)
    return list(ctis.read(made, ctis.recognise(made))), problems


def set_at(content, path: str, value):
    made = copy.deepcopy(content)
    holder, steps = made, path.strip("/").split("/")
    for step in steps[:-1]:
        holder = holder[int(step) if isinstance(holder, list) else step]
    holder[int(steps[-1]) if isinstance(holder, list) else steps[-1]] = value
    return made


def changed(path: str, value, whole=None):
    (record,), problems = read(set_at(NEW if whole is None else whole, path, value))
    return record, problems


STATES = {"~": "DERIVED", "?": "UNCLEAR"}


def table(text: str) -> list[tuple]:
    rows = []
    for line in text.strip().splitlines():
        field, item, said, quote, path = line.split("|")
        state_of = STATES["~"] if said.startswith("~") else STATES.get(said, "REPORTED")
        value = None if said in STATES else said.lstrip("~").replace("¶", "\n")
        rows.append((field, int(item) if item else None, value, state_of, said if quote == "=" else quote, path))
    return rows


def told(value) -> str | None:
    if value.value is None or isinstance(value.value, str):
        return value.value
    return json.dumps(value.value, separators=(",", ":"))


def resolved(value, content) -> str:
    for step in value.place.pointer.split("/")[1:]:
        content = content[int(step)] if isinstance(content, list) else content[step]
    return content if isinstance(content, str) else json.dumps(content)


def test_every_part_of_a_record_becomes_its_value_with_quote_and_pointer():
    (record,), problems = read(NEW)
    got = [(v.field, v.item, told(v), str(v.state), v.quote, v.place.pointer) for v in record.reported]
    assert got == table(TABLE)
    assert problems == []
    assert (record.source, record.kind) == ("ctis", "registry")
    assert record.recognised_by == "key ctNumber of the EU Clinical Trials Information System"


def test_every_pointer_leads_to_the_quote():
    for content in (NEW, OLD):
        (record,), _ = read(content)
        for value in record.reported:
            scalar = resolved(value, content)
            several = value.field in {"masking.roles", "eligibility.age_groups", "interventions.route"}
            blank = str(value.state) == "EMPTY_IN_SOURCE"
            assert several or blank or value.quote in scalar, value
            assert several or blank or value.field.startswith("registration") or value.quote == scalar, value


def test_the_older_generation_gives_the_same_fields_from_its_own_keys():
    (record,), problems = read(OLD)
    got = {v.field: v.value for v in record.reported if v.value is not None and v.item in (None, 1)}
    assert got == {
        "ids.primary": "2099-588888-10-01",
        "ids.registry": "CTIS",
        "ids.aliases": "2021-009999-30",
        "ids.secondary.id": "2021-009999-30",
        "ids.secondary.type": "EUDRACT",
        "study_type": "INTERVENTIONAL",
        "title.scientific": "A quiet trial",
        "registration.date": "2099-05-06",
        "registration.date_basis": "UNSPECIFIED",
        "registration.submitted": "2099-04-12",
        "registration.last_update": "2099-05-06",
        "status.recruitment": "NOT_YET_RECRUITING",
        "design.phase": ["PHASE4"],
        "eligibility.age_groups": ["ADULT", "OLDER_ADULT"],
        "eligibility.sex": "ALL",
        "enrolment.target": 11,
        "enrolment.by_country.country": "NL",
        "enrolment.by_country.n": 11,
        "enrolment.by_country.kind": "ANTICIPATED",
        "sponsor.primary": "Night Hospital",
        "sponsor.class": "ACADEMIC",
        "countries": "NL",
        "sites.name": "Netherlands Night Clinic",
        "sites.city": "Nighttown",
        "sites.country": "NL",
    }
    assert [v.value for v in record.known("ids.secondary.id")] == ["2021-009999-30", "NL 99999.001.99"]
    assert [str(v.state) for v in record.all("registration.date")] == ["REPORTED"]
    assert problems == []


def test_a_page_of_the_search_gives_one_record_a_hit():
    records, problems = read(PAGE)
    first, second = records
    got = {v.field: (told(v), str(v.state), v.quote) for v in first.reported if v.item in (None, 1)}
    assert got["title.scientific"] == ("A search hit", "REPORTED", "A search hit")
    assert got["acronym"][0] == "HIT"
    assert got["registration.date"] == ("2099-04-03", "DERIVED", "03/04/2099")
    assert got["status.recruitment"] == ("COMPLETED", "REPORTED", "8")
    assert got["design.phase"][0] == '["PHASE2","PHASE3"]'
    assert got["sponsor.class"][0] == "INDUSTRY"
    assert got["enrolment.target"][0] == "1200"
    assert got["results.posted"][0] == "true"
    assert got["conditions"][0] == "Boredom, severe"
    assert got["interventions.name"][0] == "Moonmilk"
    assert got["eligibility.sex"][0] == "FEMALE"
    # When the trial began and ended in the EU is not when its first and last participant came.
    assert got["date.first_enrolment"] == (None, "UNCLEAR", "01/05/2099")
    assert got["date.completion"] == (None, "UNCLEAR", "01/06/2099")
    assert [(v.item, v.value, v.quote) for v in first.known("countries")] == [(1, "ES", "Spain"), (2, "IT", "Italy")]
    assert [v.value for v in first.known("outcomes.measure")] == ["Sleep", "Dreams"]
    assert [v.value for v in first.known("outcomes.type")] == ["PRIMARY", "SECONDARY"]
    assert second.first("ids.primary").place.pointer == "/data/1/ctNumber"
    assert second.first("design.phase").value == ["PHASE1"]
    assert (first.record, second.record) == (1, 2)
    assert problems == []


@pytest.mark.parametrize("wrap", [lambda t: [t], lambda t: {"results": [t]}, lambda t: {"data": [t, t]}, lambda t: t])
def test_a_list_or_a_page_may_hold_whole_records(wrap):
    content = wrap(NEW)
    records, problems = read(content)
    assert {record.first("title.public").value for record in records} == {"Moonmilk at night"}
    assert all(resolved(record.first("ids.primary"), content) == NEW["ctNumber"] for record in records)
    assert problems == []


def test_an_entry_without_a_number_is_told_and_the_others_are_read():
    records, problems = read([NEW, {"ctTitle": "x"}, None, 7])
    assert len(records) == 1
    assert [(p.place.pointer, p.found, p.severity) for p in problems] == [
        (f"/{index}", "an entry without the number ctNumber", "error") for index in (1, 2, 3)
    ]


def test_a_trial_that_did_not_move_here_has_no_former_number():
    record, _ = changed("authorizedApplication/eudraCt", {"isTransitioned": False})
    assert record.all("ids.aliases") == []


# Dates


@pytest.mark.parametrize(
    "words, value, state, quote",
    [
        ("NL:2099-05-06", "2099-05-06", "REPORTED", "2099-05-06"),
        ("NL:2099-05-06, DE:2099-04-30", "2099-04-30", "DERIVED", "2099-04-30"),
        ("ES: 03/04/2099, IT: 02/05/2099", "2099-04-03", "DERIVED", "03/04/2099"),
        ("2099-09-07T09:43:18.016", "2099-09-07", "REPORTED", "2099-09-07T09:43:18.016"),
        ("soon", None, "UNCLEAR", "soon"),
        ("DE: soon, FR: 02/05/2099", None, "UNCLEAR", "DE: soon, FR: 02/05/2099"),
    ],
)
def test_the_first_decision_stands_for_registration(words, value, state, quote):
    record, problems = changed("decisionDate", words)
    (found,) = record.all("registration.date")
    assert (found.value, str(found.state), found.quote) == (value, state, quote)
    assert [v.value for v in record.all("registration.date_basis")] == (["UNSPECIFIED"] if value else [])
    assert len(problems) == (value is None)


def test_without_a_decision_the_day_of_publication_stands_with_an_open_basis():
    content = copy.deepcopy(NEW)
    del content["decisionDate"]
    (record,), _ = read(content)
    found = record.first("registration.date")
    assert (found.value, found.place.pointer) == ("2099-06-16", "/publishDate")
    assert record.first("registration.date_basis").value == "UNSPECIFIED"


def events(*told: tuple[str, str]) -> dict:
    return {"trialEvents": [{"events": [{"notificationType": kind, "date": day} for kind, day in told]}]}


def test_recruitment_starts_with_the_first_state_that_says_so_and_planned_days_stay_beside():
    record, _ = changed("events", events(("START_OF_TRIAL", "2099-01-20"), ("START_OF_RECRUITMENT", "2099-02-19")))
    assert [(v.value, v.detail["kind"], str(v.state)) for v in record.known("date.first_enrolment")] == [
        ("2099-02-01", "ANTICIPATED", "REPORTED"), ("2099-02-19", "ACTUAL", "REPORTED"),
    ]  # fmt: skip


def test_the_first_participant_in_the_eu_is_not_the_first_of_a_trial_that_recruits_elsewhere():
    record, problems = changed("authorizedApplication/authorizedPartI/rowSubjectCount", 30)
    assert [(v.value, str(v.state)) for v in record.all("date.first_enrolment")] == [
        ("2099-02-01", "REPORTED"), (None, "UNCLEAR"),
    ]  # fmt: skip
    assert problems == []


def test_the_start_of_the_trial_is_open_where_no_start_of_recruitment_is_told():
    content = copy.deepcopy(NEW)
    for part in content["authorizedApplication"]["authorizedPartsII"]:
        part["mscInfo"]["trialRecruitmentPeriod"] = []
    (record,), _ = read(content)
    assert [(v.value, str(v.state), v.quote) for v in record.all("date.first_enrolment")] == [
        ("2099-02-01", "REPORTED", "2099-02-01"), (None, "UNCLEAR", "15/02/2099"),
    ]  # fmt: skip


def test_the_end_of_the_trial():
    record, _ = changed("authorizedApplication/trialGlobalEnd", {"globalEndDate": "2099-10-01"})
    assert [(v.value, v.detail["kind"]) for v in record.known("date.completion")] == [
        ("2099-12-31", "ANTICIPATED"), ("2099-10-01", "ACTUAL"),
    ]  # fmt: skip
    content = {**NEW, "endDateEU": "01/10/2099"}
    (record,), _ = read(content)
    assert [v.value for v in record.known("date.completion")] == ["2099-12-31", "2099-10-01"]
    (record,), _ = read(set_at(content, "authorizedApplication/authorizedPartI/rowSubjectCount", 5))
    assert [v.value for v in record.known("date.completion")] == ["2099-12-31"]


# Codes


@pytest.mark.parametrize(
    "code, phases",
    [
        ("1", ["PHASE1"]), ("2", ["PHASE1"]), ("3", ["PHASE1"]), ("4", ["PHASE2"]), ("5", ["PHASE3"]),
        ("6", ["PHASE4"]),
        ("7", ["PHASE1", "PHASE2"]), ("8", ["PHASE1", "PHASE2"]), ("9", ["PHASE1", "PHASE2"]),
        ("10", ["PHASE2", "PHASE3"]), ("11", ["PHASE3", "PHASE4"]), ("12", None),
    ],
)  # fmt: skip
def test_codes_of_phases(code, phases):
    record, problems = changed(f"{INFO}trialCategory/trialPhase", code)
    (found,) = record.all("design.phase")
    assert found.value == phases
    assert len(problems) == (phases is None)


@pytest.mark.parametrize(
    "words, phases",
    [
        ("Human Pharmacology (Phase I)- First administration to humans", ["PHASE1"]),
        ("Therapeutic exploratory (Phase II)", ["PHASE2"]),
        ("Therapeutic confirmatory  (Phase III)", ["PHASE3"]),
        ("Therapeutic use (Phase IV)", ["PHASE4"]),
        ("Phase I and Phase II (Integrated)- Bioequivalence Study", ["PHASE1", "PHASE2"]),
        ("Phase III and phase IV (Integrated)", ["PHASE3", "PHASE4"]),
        ("Phase of the moon", None),
    ],
)
def test_names_of_phases(words, phases):
    record, _ = changed("trialPhase", words, {**OLD, "authorizedPartI": {}})
    (found,) = record.all("design.phase")
    assert found.value == phases


@pytest.mark.parametrize(
    "code, word, member",
    [
        (1, "Under evaluation", "UNKNOWN"), (2, "Authorised, recruitment pending", "NOT_YET_RECRUITING"),
        (3, "Authorised, recruiting", "RECRUITING"), (4, "Ongoing, recruiting", "RECRUITING"),
        (5, "Ongoing, recruitment ended", "ACTIVE_NOT_RECRUITING"), (6, "Temporarily halted", "SUSPENDED"),
        (7, "Suspended", "SUSPENDED"), (8, "Ended", "COMPLETED"), (9, "Expired", "UNKNOWN"), (10, "Revoked", "UNKNOWN"),
        (11, "Not authorised", "UNKNOWN"), (12, "Cancelled", "UNKNOWN"), (13, "Dreaming", None),
    ],
)  # fmt: skip
def test_statuses_as_codes_and_in_words(code, word, member):
    record, _ = changed("ctPublicStatusCode", code)
    assert [v.value for v in record.all("status.recruitment")] == [member]
    (record,), _ = read({"ctNumber": "2099-599999-12-00", "ctStatus": word})
    assert [(v.value, v.quote) for v in record.all("status.recruitment")] == [(member, word)]


def test_an_end_that_was_notified_as_early_is_no_completion():
    content = {**NEW, "ctPublicStatusCode": 8, "events": events(("EARLY_TERMINATION", "2099-05-01"))}
    (record,), _ = read(content)
    assert [(v.value, str(v.state), v.quote) for v in record.all("status.recruitment")] == [
        ("TERMINATED", "DERIVED", "EARLY_TERMINATION")
    ]


@pytest.mark.parametrize(
    "code, roles, label, named",
    [
        ("1", ["Subject"], "SINGLE", ["PARTICIPANT"]),
        ("2", ["Subject", "Carer", "Data analyst", "Assessor"], "DOUBLE",
         ["PARTICIPANT", "CARE_PROVIDER", "DATA_ANALYST", "OUTCOMES_ASSESSOR"]),
        ("3", [], "NONE", []),
        ("2", ["Subject"], None, ["PARTICIPANT"]),
        ("1", [], None, None),
        ("3", ["Subject"], None, ["PARTICIPANT"]),
        ("9", ["Subject"], None, ["PARTICIPANT"]),
        ("2", ["Subject", "The cat"], "DOUBLE", None),
    ],
)  # fmt: skip
def test_a_code_of_blinding_counts_only_where_the_roles_bear_it_out(code, roles, label, named):
    period = {"blindingMethodCode": code, "blindedRoles": [{"name": role} for role in roles]}
    record, _ = changed(PERIOD.rstrip("/0").rstrip("/"), [period])
    (found,) = record.all("masking.label")
    assert (found.value, str(found.state)) == (label, "REPORTED" if label else "UNCLEAR")
    known = record.first("masking.roles")
    assert (known.value if known else None) == named


@pytest.mark.parametrize(
    "codes, member, state",
    [
        (["1"], "RANDOMIZED", "REPORTED"), (["2"], "NON_RANDOMIZED", "REPORTED"), (["3"], "NA", "REPORTED"),
        (["3", "1"], "RANDOMIZED", "REPORTED"), (["1", "2"], None, "UNCLEAR"), (["x"], None, "UNCLEAR"),
    ],
)  # fmt: skip
def test_allocation_over_the_periods(codes, member, state):
    record, _ = changed(PERIOD.rstrip("/0").rstrip("/"), [{"allocationMethod": code} for code in codes])
    (found,) = record.all("design.allocation")
    assert (found.value, str(found.state)) == (member, state)


def test_periods_that_are_blinded_differently_leave_masking_open():
    periods = [
        {"blindingMethodCode": "2", "blindedRoles": [{"name": "Subject"}, {"name": "Carer"}]},
        {"blindingMethodCode": "3", "blindedRoles": []},
    ]
    record, problems = changed(PERIOD.rstrip("/0").rstrip("/"), periods)
    assert [(v.value, str(v.state), v.quote) for v in record.all("masking.label")] == [(None, "UNCLEAR", "2, 3")]
    assert [(v.value, str(v.state)) for v in record.all("masking.roles")] == [(None, "UNCLEAR")]
    assert problems == []


def test_several_scopes_of_one_kind_leave_the_purpose_open():
    record, _ = changed(f"{INFO}trialObjective/trialScopes", [{"code": "2"}, {"code": "3"}])
    assert record.all("design.purpose") == []


@pytest.mark.parametrize(
    "row, countries, target, by_country",
    [
        (0, {}, 65, [("DE", 40), ("FR", 25)]),
        (30, {"rowCountriesInfo": [{"name": "Brazil"}]}, 95, [("DE", 40), ("FR", 25), ("BR", 30)]),
        (30, {"rowCountriesInfo": [{"name": "Brazil"}, {"name": "Chile"}]}, 95, [("DE", 40), ("FR", 25), (None, 30)]),
        (None, {}, None, [("DE", 40), ("FR", 25)]),
    ],
)  # fmt: skip
def test_planned_participants_by_country_and_in_all(row, countries, target, by_country):
    content = set_at(NEW, "authorizedApplication/authorizedPartI", {**PART_I, **countries, "rowSubjectCount": row})
    (record,), problems = read(content)
    found = {v.item: v.value for v in record.all("enrolment.by_country.country")}
    sizes = {v.item: v.value for v in record.all("enrolment.by_country.n")}
    assert [(found.get(item), size) for item, size in sizes.items()] == by_country
    assert {v.value for v in record.all("enrolment.by_country.kind")} == {"ANTICIPATED"}
    known = record.first("enrolment.target")
    assert (known.value if known else None) == target
    assert problems == []


def test_the_number_of_the_overview_wins_over_a_sum():
    record, _ = changed("totalNumberEnrolled", "64", {**NEW, "totalNumberEnrolled": ""})
    assert [(v.value, str(v.state)) for v in record.all("enrolment.target")] == [(64, "REPORTED")]
    record, _ = changed("totalNumberEnrolled", "about 64", {**NEW, "totalNumberEnrolled": ""})
    assert ("UNCLEAR", "about 64") in [(str(v.state), v.quote) for v in record.all("enrolment.target")]


def test_no_person_phone_mail_or_street_is_read():
    for content in (NEW, OLD):
        (record,), _ = read(content)
        assert not re.search(r"@example|\+49|Atall|Nobody|Owl Street", json.dumps(record.as_json()))
    assert not any(catalogue()[field].private for field, _ in ctis.FIELDS)


def test_sources_know_ctis_by_its_content_and_leave_other_files_alone():
    for content in (NEW, OLD, PAGE):
        made, _ = document(content)
        assert {record.source for record in read_any(made)} == {"ctis"}
    for other in (
        '{"ctNumber": "2099-599999-12-00"}',
        '{"a": "\\"ctNumber\\""}',
        "[]",
        "ctNumber",
        '<a>"ctNumber"</a>',
    ):
        assert ctis.recognise(document(other)[0]) is None


def test_json_cut_short_is_refused_with_its_line():
    made, _ = document(json.dumps(NEW, indent=1)[:2000])
    with pytest.raises(ReviewError) as error:
        ctis.recognise(made)
    assert error.value.problem.found.startswith("broken JSON: ")
    assert error.value.problem.expected == "records of the EU Clinical Trials Information System as JSON"
    assert error.value.problem.fix == "download the file again; it may have been cut short or edited"
    assert error.value.problem.place.line > 1


def test_words_where_parts_should_stand_are_told():
    record, problems = changed("authorizedApplication/authorizedPartI/trialDetails/trialInformation", "a long story")
    assert record.first("title.public").value == "Moonmilk at night"
    assert [(p.found, p.expected, p.severity) for p in problems] == [
        ("'a long story'", "an entry with parts, not bare words", "notice")
    ]


def test_parts_where_words_should_stand_are_told():
    record, problems = changed(f"{ID}publicTitle", {"en": "x"})
    assert [(v.value, str(v.state), v.quote) for v in record.all("title.public")] == [(None, "UNCLEAR", '{"en":"x"}')]
    assert [(p.found, p.expected) for p in problems] == [('\'{"en":"x"}\'', "words")]


# Whatever comes

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def paths(content, at: str = "") -> list[str]:
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [f"{at}/{key}" for key, _ in inner] + [path for key, one in inner for path in paths(one, f"{at}/{key}")]


WHOLE = {**OLD, **NEW, **PAGE["data"][0]}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(paths(WHOLE)), JSON)
def test_any_json_in_place_of_any_part_is_read_or_told(path, junk):
    content = set_at(WHOLE, path, junk)
    made, _ = document(content)
    for record in ctis.read(made, "test"):
        json.dumps(record.as_json())
        for value in record.reported:
            resolved(value, content)
            assert value.quote is not None


@pytest.mark.parametrize("junk", [None, True, -1, 1.5, "x", "", [], {}, [1, "a", None], {"a": 1}, [[["x"]]]], ids=repr)
def test_each_kind_of_json_at_every_path_is_read_or_told(junk):
    for path in paths(WHOLE):
        content = set_at(WHOLE, path, junk)
        made, _ = document(content)
        for record in ctis.read(made, "test"):
            assert all(resolved(value, content) is not None for value in record.reported)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 9000), st.integers(0, 40), st.binary(max_size=20))
def test_any_damage_is_read_or_refused_in_our_words(start, length, junk):
    raw = json.dumps(NEW).encode()
    made, _ = document(raw[:start] + junk + raw[start + length :])
    try:
        if known := ctis.recognise(made):
            for record in ctis.read(made, known):
                json.dumps(record.as_json())
    except ReviewError as error:
        assert error.problem.fix


def test_many_members_and_long_words_take_time_in_proportion():
    part = copy.deepcopy(PART_I)
    part["products"] = [{"productName": f"Product {n}"} for n in range(20_000)]
    part["trialDetails"]["clinicalTrialIdentifiers"]["shortTitle"] = "a " * 500_000
    content = set_at(NEW, "authorizedApplication/authorizedPartI", part)
    content["decisionDate"] = "DE: 10/01/2099, " * 50_000
    content["trialPhase"] = "phase " * 200_000
    (record,), _ = read(content)
    assert len(record.known("interventions.name")) == 20_000


# Real records


def files(shared: Path) -> list[Path]:
    found = sorted((shared / "records" / "ctis").glob("*.json"))
    assert len(found) >= 2
    return found


def record_of(path: Path):
    problems: list[Problem] = []
    made = open_document(path, path.name, problems.append)
    (record,) = ctis.read(made, ctis.recognise(made))
    return record, problems


def iso(words: str) -> str:
    return "-".join(reversed(words.split("/"))) if "/" in words else words[:10]


ROMAN = {"I": "PHASE1", "II": "PHASE2", "III": "PHASE3", "IV": "PHASE4"}
AGES = {"0-17 years": "CHILD", "18-64 years": "ADULT", "65+ years": "OLDER_ADULT"}
PUBLIC = {4: "RECRUITING", "Authorised, not started": "NOT_YET_RECRUITING"}


def independent(trial: dict) -> dict:
    """What a person reads in the JSON, by its keys alone."""
    whole = trial.get("authorizedApplication", trial)
    one, two = whole["authorizedPartI"], whole["authorizedPartsII"]
    info, names = one["trialDetails"]["trialInformation"], one["trialDetails"]["clinicalTrialIdentifiers"]
    starts = [p["recruitmentStartDate"] for s in two for p in s["mscInfo"]["trialRecruitmentPeriod"]]
    ends = [("PRIMARY", e["endPoint"]) for e in info["endPoint"]["primaryEndPoints"]]
    ends += [("SECONDARY", e["endPoint"]) for e in info["endPoint"]["secondaryEndPoints"]]
    criteria = info["eligibilityCriteria"]
    codes = [whole.get("eudraCt", trial.get("eudraCtInfo"))["eudraCtCode"]]
    nct = names["secondaryIdentifyingNumbers"].get("nctNumber", {}).get("number")
    return {
        "ids.primary": [trial["ctNumber"]],
        "ids.registry": ["CTIS"],
        "ids.aliases": codes,
        "ids.secondary.id": [*codes, *([nct] if nct else []), names["shortTitle"]],
        "title.scientific": [names["fullTitle"]],
        "title.public": [names["publicTitle"]],
        "acronym": [],
        "objective": [info["trialObjective"]["mainObjective"]],
        "registration.date": [min(iso(part.split(":")[1].strip()) for part in trial["decisionDate"].split(","))],
        "registration.date_basis": ["UNSPECIFIED"],
        "registration.submitted": [(trial.get("applications") or whole["applicationInfo"])[0]["submissionDate"]],
        "registration.last_update": [iso(trial["lastUpdated"])],
        "status.recruitment": [PUBLIC[trial.get("ctPublicStatusCode", trial["ctStatus"])]],
        "date.first_enrolment": [
            info["trialDuration"]["estimatedRecruitmentStartDate"], *([min(starts)] if starts else []),
        ],
        "date.completion": [info["trialDuration"]["estimatedEndDate"]],
        "study_type": ["INTERVENTIONAL"],
        "design.phase": [[ROMAN[re.search(r"Phase (I+V?)", trial["trialPhase"])[1]]]],
        "design.allocation": [],
        "design.model": [],
        "masking.label": [],
        "masking.roles": [],
        "enrolment.target": [int(trial["totalNumberEnrolled"])],
        "enrolment.by_country.country": [country_code(s["mscInfo"]["mscName"]) for s in two],
        "enrolment.by_country.n": [s["recruitmentSubjectCount"] for s in two],
        "eligibility.age_groups": [[member for words, member in AGES.items() if words in trial["ageGroup"]]],
        "eligibility.sex": ["ALL" if "," in trial["gender"] else trial["gender"].upper()],
        "eligibility.inclusion_items": [one["principalInclusionCriteria"] for one in criteria[INCLUDED_KEY]],
        "eligibility.exclusion_items": [one[EXCLUDED_KEY] for one in criteria[EXCLUDED_KEY]],
        "outcomes.measure": [text for _, text in ends],
        "outcomes.type": [kind for kind, _ in ends],
        "conditions": [c["medicalCondition"] for c in info["medicalCondition"]["partIMedicalConditions"]],
        "interventions.name": [p["productName"] for p in one["products"]],
        "countries": [country_code(s["mscName"]) for s in whole["memberStatesConcerned"]],
        "sites.name": [
            site["organisationAddressInfo"]["organisation"]["name"] for part in two for site in part["trialSites"]
        ],
        "sponsor.primary": [s["organisation"]["name"] for s in one["sponsors"] if s["primary"]],
        "funders.name": [f["organisationName"] for f in info["sourceOfMonetarySupport"]],
    }  # fmt: skip


@pytest.mark.real
def test_real_records_say_what_an_independent_reading_finds(shared):
    for path in files(shared):
        record, problems = record_of(path)
        wanted = independent(json.loads(path.read_bytes()))
        assert {field: [v.value for v in record.known(field)] for field in wanted} == wanted, path.name
        assert problems == []


@pytest.mark.real
def test_every_pointer_of_a_real_record_leads_to_the_quote(shared):
    for path in files(shared):
        content = json.loads(path.read_bytes())
        record, _ = record_of(path)
        for value in record.reported:
            scalar = resolved(value, content)
            blank = str(value.state) == "EMPTY_IN_SOURCE" and value.quote == value.place.pointer.rsplit("/", 1)[1]
            part = value.place.pointer == "/decisionDate"
            assert blank or (value.quote in scalar if part else value.quote == scalar), (path.name, value)


@pytest.mark.real
def test_real_records_speak_only_of_declared_fields_and_of_no_person(shared):
    declared = {field for field, _ in ctis.FIELDS}
    for path in files(shared):
        record, _ = record_of(path)
        assert {value.field for value in record.reported} <= declared
        assert not any(re.search(r"\S@\S+\.\w|\+\d\d ?\d\d", v.quote or "") for v in record.reported), path.name
