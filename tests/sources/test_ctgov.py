"""ClinicalTrials.gov JSON: what is read, where it stands, and what becomes of everything odd.

The studies here are made up (NCT0999…); the tests marked real compare the reader with an independent reading.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewkit.countries import country_code, country_names
from reviewkit.documents import Document, open_document
from reviewkit.errors import ReviewError
from reviewkit.fields import catalogue
from reviewkit.sources import ctgov
from reviewkit.sources import read as read_document
from reviewkit.sources.criteria import Section, sections_of

CRITERIA = "Inclusion Criteria:\n\n* Two knees\n* Age over 18\n\nExclusion Criteria:\n\n* Storm"
STUDY = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT09990001",
            "nctIdAliases": ["NCT09990009"],
            "orgStudyIdInfo": {"id": "KITE-7"},
            "secondaryIdInfos": [
                {"id": "2020-000123-45", "type": "EUDRACT_NUMBER"},
                {"id": "R01XX000001", "type": "NIH", "domain": "Made-up Institute"},
                {"id": "plain number"},
            ],
            "briefTitle": "Kite Flying for Sore Knees",
            "officialTitle": "A Made-up Trial of Kite Flying",
            "acronym": "KITE",
        },
        "statusModule": {
            "statusVerifiedDate": "2021-02",
            "overallStatus": "RECRUITING",
            "startDateStruct": {"date": "2021-03", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": "2022-03-31", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2022"},
            "studyFirstSubmitDate": "2021-01-05",
            "studyFirstSubmitQcDate": "2021-01-09",
            "studyFirstPostDateStruct": {"date": "2021-01-12", "type": "ESTIMATED"},
            "lastUpdateSubmitDate": "2021-02-20",
        },
        "sponsorCollaboratorsModule": {
            "responsibleParty": {
                "type": "PRINCIPAL_INVESTIGATOR",
                "investigatorFullName": "Nobody Atall",
                "investigatorTitle": "Professor",
                "investigatorAffiliation": "Windy Hill Hospital",
            },
            "leadSponsor": {"name": "Windy Hill Hospital", "class": "OTHER_GOV"},
            "collaborators": [{"name": "String Makers", "class": "INDUSTRY"}],
        },
        "oversightModule": {"oversightHasDmc": True, "isFdaRegulatedDrug": False},
        "descriptionModule": {"briefSummary": "Do kites help?", "detailedDescription": "At length."},
        "conditionsModule": {"conditions": ["Sore Knee", "Boredom"], "keywords": ["wind"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1", "PHASE2"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "OUTCOMES_ASSESSOR"]},
            },
            "enrollmentInfo": {"count": 30, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {"label": "Kite", "type": "EXPERIMENTAL", "interventionNames": ["Device: Kite"]},
                {"label": "No kite", "type": "NO_INTERVENTION", "description": "Indoors"},
            ],
            "interventions": [
                {"type": "DEVICE", "name": "Kite", "armGroupLabels": ["Kite"], "otherNames": ["Dragon", "Flyer"]},
                {"type": "BEHAVIORAL", "name": "Talk", "armGroupLabels": ["Kite", "No kite"]},
            ],
        },
        "outcomesModule": {
            "primaryOutcomes": [{"measure": "Pain", "timeFrame": "1 week"}, {"measure": "Joy"}],
            "secondaryOutcomes": [{"measure": "Height", "description": "of the kite", "timeFrame": "1 day"}],
        },
        "eligibilityModule": {
            "eligibilityCriteria": CRITERIA,
            "healthyVolunteers": False,
            "sex": "ALL",
            "minimumAge": "18 Years",
            "stdAges": ["ADULT", "OLDER_ADULT"],
        },
        "contactsLocationsModule": {
            "centralContacts": [{"name": "Nobody Atall", "role": "CONTACT", "phone": "000", "email": "n@example.org"}],
            "overallOfficials": [
                {"name": "Some One", "affiliation": "Windy Hill Hospital", "role": "PRINCIPAL_INVESTIGATOR"},
                {"name": "Any One", "affiliation": "String Makers", "role": "STUDY_DIRECTOR"},
            ],
            "locations": [
                {"facility": "Hill A", "city": "Tabriz", "country": "Iran", "status": "RECRUITING", "zip": "12345"},
                {"facility": "Hill B", "city": "Seoul", "country": "Korea, Republic of"},
                {"facility": "Hill C", "city": "Tehran", "country": "Iran, Islamic Republic of"},
            ],
        },
        "referencesModule": {
            "references": [{"pmid": "1", "type": "DERIVED", "citation": "A B. Kites."}],
            "seeAlsoLinks": [{"label": "More", "url": "https://example.org/kites"}],
        },
        "ipdSharingStatementModule": {"ipdSharing": "NO", "infoTypes": ["STUDY_PROTOCOL", "ANALYTIC_CODE"]},
    },
    "documentSection": {
        "largeDocumentModule": {
            "largeDocs": [
                {"typeAbbrev": "Prot_SAP", "label": "Protocol and plan", "date": "2021-01-02"},
                {"hasProtocol": False, "hasSap": True, "hasIcf": True},
            ]
        }
    },
    "resultsSection": {"anything": [1, 2, 3]},
    "hasResults": False,
}


def document(content, name: str = "study.json") -> tuple[Document, list]:
    """A document of `content` (bytes, or anything JSON can say), and the problems met while it is read."""
    problems: list = []
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Document(name, raw, problems.append), problems


def read(content) -> tuple[list, list]:
    """The records of `content`, and the problems."""
    made, problems = document(content)
    recognised_by = ctgov.recognise(made)
    assert recognised_by is not None
    return list(ctgov.read(made, recognised_by)), problems


def without(path: str) -> dict:
    """STUDY with one key left out; the path is written with dots."""
    return changed(path)


def changed(path: str, *new) -> dict:
    """STUDY with another JSON value at `path`, or, without one, with the key left out."""
    study = copy.deepcopy(STUDY)
    *way, last = path.split(".")
    inner = study
    for step in way:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    key = int(last) if isinstance(inner, list) else last
    if new:
        inner[key] = new[0]
    else:
        del inner[key]
    return study


def said(record, field: str) -> list[tuple]:
    """(item, value, state, quote, pointer below protocolSection) of every value of a field."""
    return [
        (v.item, v.value, str(v.state), v.quote, v.place.pointer.replace("/protocolSection/", "", 1))
        for v in record.all(field)
    ]


def values(record, field: str) -> list:
    return [value.value for value in record.all(field)]


@pytest.fixture
def study():
    (record,), problems = read(STUDY)
    assert problems == []
    return record


# Recognised by content.


@pytest.mark.parametrize(
    "raw",
    [
        json.dumps(STUDY).encode(),
        b"\xef\xbb\xbf" + json.dumps(STUDY).encode(),
        b" \r\n\t" + json.dumps(STUDY, indent=3).encode(),
        json.dumps(STUDY).encode("utf-16"),
        "\ufeff".encode("utf-16-be") + json.dumps(STUDY).encode("utf-16-be"),
    ],
    ids=["UTF-8", "UTF-8 with BOM", "white space before", "UTF-16", "UTF-16 big endian"],
)
def test_a_study_is_recognised_in_every_encoding_that_is_read(raw):
    made, _ = document(raw)
    assert ctgov.recognise(made) == "key protocolSection"
    (record,) = ctgov.read(made, "key protocolSection")
    assert values(record, "ids.primary") == ["NCT09990001"]


def test_a_list_and_a_search_page_give_one_record_a_study_with_pointers_from_the_top():
    for content, by, at in (
        ([STUDY, STUDY], "a list of studies", ""),
        ({"studies": [STUDY] * 2}, "key studies", "/studies"),
    ):
        made, problems = document(content)
        assert ctgov.recognise(made) == by
        records = list(ctgov.read(made, by))
        assert [record.record for record in records] == [1, 2]
        assert records[1].first("ids.primary").place.pointer == at + "/1/protocolSection/identificationModule/nctId"
        assert problems == []


def test_an_element_that_is_no_study_is_an_error_and_the_others_are_read():
    records, problems = read({"studies": [STUDY, {"trial": 7}, 3, STUDY]})
    assert [record.record for record in records] == [1, 2]
    assert [str(problem) for problem in problems] == [
        "study.json, /studies/1\n"
        "  found     '{\"trial\": 7}'\n"
        "  expected  a study, which is an object with protocolSection\n"
        "  fix       fetch this study again; the others were read",
        "study.json, /studies/2\n"
        "  found     '3'\n"
        "  expected  a study, which is an object with protocolSection\n"
        "  fix       fetch this study again; the others were read",
    ]
    assert {problem.severity for problem in problems} == {"error"}


def test_a_page_without_hits_gives_a_notice_and_no_record():
    records, problems = read({"studies": [], "totalCount": 0})
    assert records == []
    assert [(problem.found, problem.severity) for problem in problems] == [("a search page without studies", "notice")]


@pytest.mark.parametrize(
    "words", [b"", b"plain words", b"[1] Smith, a reference", b"{a, b} is a set", b"[Translated title]. J"]
)
def test_prose_is_left_to_other_sources_even_if_it_begins_with_a_bracket(words):
    assert ctgov.recognise(document(words)[0]) is None


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b'{"title": "x", "year": 2020}', "JSON with the top-level keys 'title, year'"),
        (b'{"protocolSection": null}', "JSON whose protocolSection is no object"),
        (b'{"studies": [{"author": "x"}]}', "JSON with the top-level keys 'studies'"),
        (b"[1, 2]", "a JSON list of 2 without a study"),
        (b"{}", "an empty JSON object"),
    ],
)
def test_sound_json_without_a_study_is_refused_by_what_it_holds(raw, found):
    with pytest.raises(ReviewError) as refused:
        list(read_document(document(raw)[0]))
    assert str(refused.value) == (
        f"study.json\n  found     {found}\n"
        "  expected  JSON of ClinicalTrials.gov, ISRCTN, CTIS, the EU register, Europe PMC, Crossref or BioStudies\n"
        "  fix       download the record again as the registry or database gives it, or leave this file out"
    )


@pytest.mark.parametrize(
    ("raw", "line", "found"),
    [
        (b'{\n "protocolSection": {\n  "a": 1,\n', 4, "broken JSON: Expecting property name"),
        (b'{\r\n"protocolSection": {\r"a" 1}}', 3, "broken JSON: Expecting ':' delimiter"),
        (b"[" * 200_000, 1, "JSON nested too deeply for a study"),
        (b'{"a":\n' * 200_000, 101, "JSON nested too deeply for a study"),
        (b'{"protocolSection": {"a": 1e999}}', None, "JSON with a character or a number that no program could write"),
        (b'{"protocolSection": {"a": ' + b"9" * 5000 + b"}}", None, "JSON with a number of thousands of digits"),
        (b'{"protocolSection": {"a": "\xe9"}}', 1, "byte 0xe9, which is not UTF-8"),
        (b'{"protocolSection": \x00}', 1, "NUL characters, so a binary or damaged file"),
        (b"{", 1, "broken JSON: Expecting property name enclosed in double quotes"),
    ],
    ids=["cut", "comma", "deep list", "deep object", "infinite", "endless", "Latin-1", "NUL", "one brace"],
)
def test_broken_json_is_refused_with_its_line(raw, line, found):
    with pytest.raises(ReviewError) as refused:
        list(read_document(document(raw)[0]))
    assert refused.value.problem.found.startswith(found)
    assert refused.value.problem.place.line == line


# Each decision, on the made-up study.


def test_the_registration_number_says_which_registry_it_is_of(study):
    at = "identificationModule/nctId"
    assert said(study, "ids.primary") == [(None, "NCT09990001", "REPORTED", "NCT09990001", at)]
    assert said(study, "ids.registry") == [(None, "CTGOV", "DERIVED", "NCT09990001", at)]
    assert said(study, "ids.aliases") == [
        (1, "NCT09990009", "REPORTED", "NCT09990009", "identificationModule/nctIdAliases/0")
    ]


def test_the_organisations_own_number_is_the_sponsors_and_other_numbers_have_their_type(study):
    assert said(study, "ids.secondary.type") == [
        (1, "SPONSOR", "DERIVED", "KITE-7", "identificationModule/orgStudyIdInfo/id"),
        (2, "EUDRACT", "REPORTED", "EUDRACT_NUMBER", "identificationModule/secondaryIdInfos/0/type"),
        (3, "GRANT", "REPORTED", "NIH", "identificationModule/secondaryIdInfos/1/type"),
    ]
    assert [(v.item, v.value) for v in study.all("ids.secondary.id")] == [
        (1, "KITE-7"),
        (2, "2020-000123-45"),
        (3, "R01XX000001"),
        (4, "plain number"),
    ]
    assert [(v.item, v.value) for v in study.all("ids.secondary.issuer")] == [(3, "Made-up Institute")]
    (record,), _ = read(changed("protocolSection.identificationModule.orgStudyIdInfo", {"id": "X", "type": "NIH"}))
    assert record.all("ids.secondary.type")[0].value == "GRANT"


def test_the_day_of_first_submission_is_the_registration_date(study):
    at = "statusModule/studyFirstSubmitDate"
    for field in ("registration.date", "registration.submitted"):
        assert said(study, field) == [(None, "2021-01-05", "REPORTED", "2021-01-05", at)]
        assert study.first(field).detail == {"kind": "ACTUAL", "calendar": "GREGORIAN", "as_written": "2021-01-05"}
    (basis,) = study.all("registration.date_basis")
    assert (basis.value, basis.method, basis.quote) == ("SUBMITTED", "rule:ctgov-first-submission", "2021-01-05")


def test_dates_keep_their_precision_and_say_whether_they_have_happened(study):
    assert {
        field: (study.first(field).value, study.first(field).detail["kind"])
        for field in [
            "date.first_enrolment",
            "date.primary_completion",
            "date.completion",
            "registration.posted",
            "registration.qc",
            "registration.last_update",
            "status.verified",
        ]
    } == {
        "date.first_enrolment": ("2021-03", "ACTUAL"),
        "date.primary_completion": ("2022-03-31", "ANTICIPATED"),
        "date.completion": ("2022", "UNKNOWN"),
        "registration.posted": ("2021-01-12", "ANTICIPATED"),
        "registration.qc": ("2021-01-09", "ACTUAL"),
        "registration.last_update": ("2021-02-20", "ACTUAL"),
        "status.verified": ("2021-02", "ACTUAL"),
    }


@pytest.mark.parametrize("type_", ["PLANNED", 5, {"a": 1}])
def test_a_date_whose_type_cannot_be_read_stands_with_a_notice(type_):
    (record,), problems = read(changed("protocolSection.statusModule.startDateStruct.type", type_))
    assert (record.first("date.first_enrolment").value, record.first("date.first_enrolment").detail["kind"]) == (
        "2021-03",
        "UNKNOWN",
    )
    assert [problem.place.pointer for problem in problems] == ["/protocolSection/statusModule/startDateStruct/type"]


@pytest.mark.parametrize(
    ("info", "field", "value", "state"),
    [
        ({"count": 30, "type": "ESTIMATED"}, "enrolment.target", 30, "REPORTED"),
        ({"count": 30, "type": "ACTUAL"}, "enrolment.actual", 30, "REPORTED"),
        ({"count": 0, "type": "ACTUAL"}, "enrolment.actual", 0, "REPORTED"),
        ({"count": "1,200", "type": "ACTUAL"}, "enrolment.actual", 1200, "REPORTED"),
        ({"count": 30}, "enrolment.target", 30, "UNCLEAR"),
        ({"count": 30, "type": None}, "enrolment.target", 30, "UNCLEAR"),
        ({"count": None, "type": "ACTUAL"}, "enrolment.actual", None, "EMPTY_IN_SOURCE"),
        ({"count": -3, "type": "ACTUAL"}, "enrolment.actual", None, "UNCLEAR"),
        ({"count": 12.5, "type": "ACTUAL"}, "enrolment.actual", None, "UNCLEAR"),
        ({"count": True, "type": "ACTUAL"}, "enrolment.actual", None, "UNCLEAR"),
        ({"count": "eight", "type": "ACTUAL"}, "enrolment.actual", None, "UNCLEAR"),
        ({}, "enrolment.target", None, "EMPTY_IN_SOURCE"),
        ("30", "enrolment.target", None, "UNCLEAR"),
    ],
)
def test_enrolment_has_a_role_or_is_unclear(info, field, value, state):
    (record,), problems = read(changed("protocolSection.designModule.enrollmentInfo", info))
    enrolment = [v for v in record.reported if v.field.startswith("enrolment.")]
    assert [(v.field, v.value, str(v.state)) for v in enrolment] == [(field, value, state)]
    assert len(problems) == (1 if state == "UNCLEAR" and value is None else 0)


@pytest.mark.parametrize(
    ("masking", "roles"),
    [
        ({"masking": "NONE"}, [([], "DERIVED", "NONE", "masking", "rule:open-label-masks-nobody")]),
        ({"masking": "NONE", "whoMasked": []}, [([], "DERIVED", "NONE", "masking", "rule:open-label-masks-nobody")]),
        ({"masking": "SINGLE"}, []),
        (
            {"masking": "SINGLE", "whoMasked": ["PARTICIPANT"]},
            [(["PARTICIPANT"], "REPORTED", "PARTICIPANT", "whoMasked", "ctgov:path")],
        ),
        ({"masking": "SINGLE", "whoMasked": []}, [(None, "EMPTY_IN_SOURCE", "whoMasked", "whoMasked", "ctgov:path")]),
        ({"masking": "SINGLE", "whoMasked": ["CAT"]}, [(None, "UNCLEAR", "CAT", "whoMasked", "ctgov:path")]),
    ],
)
def test_roles_are_those_listed_nobody_in_an_open_trial_and_else_unsaid(masking, roles):
    (record,), _ = read(changed("protocolSection.designModule.designInfo.maskingInfo", masking))
    assert [
        (v.value, str(v.state), v.quote, v.place.pointer.rsplit("/", 1)[1], v.method)
        for v in record.all("masking.roles")
    ] == roles


def test_lists_taken_as_one_value_are_quoted_with_commas(study):
    assert said(study, "design.phase") == [
        (None, ["PHASE1", "PHASE2"], "REPORTED", "PHASE1, PHASE2", "designModule/phases")
    ]
    assert said(study, "masking.roles")[0][1:4] == (
        ["PARTICIPANT", "OUTCOMES_ASSESSOR"],
        "REPORTED",
        "PARTICIPANT, OUTCOMES_ASSESSOR",
    )
    assert said(study, "interventions.other_names")[0][:4] == (1, ["Dragon", "Flyer"], "REPORTED", "Dragon, Flyer")
    assert values(study, "ipd.items") == [["PROTOCOL", "CODE"]]
    assert values(study, "eligibility.age_groups") == [["ADULT", "OLDER_ADULT"]]


@pytest.mark.parametrize(
    ("status", "value", "state"),
    [
        ("COMPLETED", "COMPLETED", "REPORTED"),
        ("AVAILABLE", "UNKNOWN", "REPORTED"),
        ("WITHHELD", "UNKNOWN", "REPORTED"),
        ("FLYING", None, "UNCLEAR"),
    ],
)
def test_a_status_of_the_registry_that_is_none_of_ours_is_unknown_and_a_strange_one_unclear(status, value, state):
    (record,), _ = read(changed("protocolSection.statusModule.overallStatus", status))
    assert said(record, "status.recruitment") == [(None, value, state, status, "statusModule/overallStatus")]


@pytest.mark.parametrize(
    ("class_", "member"),
    [
        *((government, "GOVERNMENT") for government in ("NIH", "FED", "OTHER_GOV")),
        *((same, same) for same in ("INDUSTRY", "NETWORK", "OTHER", "UNKNOWN")),
        ("INDIV", "INDIVIDUAL"),
        ("AMBIG", "UNKNOWN"),
    ],
)
def test_classes_of_sponsor_are_brought_to_our_words(class_, member):
    (record,), _ = read(changed("protocolSection.sponsorCollaboratorsModule.leadSponsor.class", class_))
    assert values(record, "sponsor.class") == [member]
    assert record.first("sponsor.class").detail == {"as_written": class_}


def test_outcomes_are_numbered_over_all_lists_and_typed_by_their_list(study):
    assert said(study, "outcomes.type") == [
        (1, "PRIMARY", "DERIVED", "Pain", "outcomesModule/primaryOutcomes/0/measure"),
        (2, "PRIMARY", "DERIVED", "Joy", "outcomesModule/primaryOutcomes/1/measure"),
        (3, "SECONDARY", "DERIVED", "Height", "outcomesModule/secondaryOutcomes/0/measure"),
    ]
    assert [(v.item, v.value) for v in study.all("outcomes.timepoint")] == [(1, "1 week"), (3, "1 day")]


def test_interventions_point_at_their_arms_by_number(study):
    assert [(v.item, v.value, v.quote) for v in study.all("interventions.arms")] == [
        (1, [1], "Kite"),
        (2, [1, 2], "Kite, No kite"),
    ]
    assert values(study, "arms.role") == ["EXPERIMENTAL", "NO_INTERVENTION"]


def test_arms_are_found_even_if_they_stand_after_the_interventions():
    content = copy.deepcopy(STUDY)
    module = content["protocolSection"]["armsInterventionsModule"]
    module["armGroups"] = module.pop("armGroups")
    (record,), problems = read(content)
    assert (values(record, "interventions.arms"), problems) == ([[1], [1, 2]], [])


def test_a_label_that_fits_no_arm_or_two_is_unclear_with_one_notice():
    path = "protocolSection.armsInterventionsModule."
    for content in (
        changed(path + "interventions.0.armGroupLabels", ["Kites"]),
        changed(path + "armGroups.1.label", "Kite"),
    ):
        (record,), problems = read(content)
        assert record.all("interventions.arms")[0].value is None
        assert {str(v.state) for v in record.all("interventions.arms") if v.value is None} == {"UNCLEAR"}
        assert {p.expected for p in problems} == {"labels of this study's arms, each the label of one arm"}


def test_countries_are_codes_each_once_after_their_centres(study):
    assert values(study, "sites.country") == ["IR", "KR", "IR"]
    assert said(study, "countries") == [
        (1, "IR", "DERIVED", "Iran", "contactsLocationsModule/locations/0/country"),
        (2, "KR", "DERIVED", "Korea, Republic of", "contactsLocationsModule/locations/1/country"),
    ]
    assert {v.method for v in study.all("countries")} == {"rule:countries-of-sites"}


def test_an_unknown_country_is_unclear_and_no_country_of_the_study():
    (record,), problems = read(changed("protocolSection.contactsLocationsModule.locations.1.country", "Atlantis"))
    assert values(record, "sites.country") == ["IR", None, "IR"]
    assert values(record, "countries") == ["IR"]
    assert [problem.found for problem in problems] == ["'Atlantis'"]


def test_contacts_are_roles_and_organisations_and_never_persons(study):
    assert {(v.item, v.field, v.value) for v in study.reported if v.field.startswith("contacts.")} == {
        (1, "contacts.role", "PI"),
        (1, "contacts.position", "Professor"),
        (1, "contacts.org", "Windy Hill Hospital"),
        (2, "contacts.role", "PUBLIC"),
        (3, "contacts.org", "Windy Hill Hospital"),
        (3, "contacts.role", "PI"),
        (4, "contacts.org", "String Makers"),
    }
    said_anywhere = json.dumps(study.as_json())
    for private in ("Nobody", "Some One", "Any One", 'example.org"', '000"', "12345"):
        assert private not in said_anywhere


def test_what_could_name_a_person_is_not_quoted_when_it_cannot_be_read():
    (record,), problems = read(changed("protocolSection.contactsLocationsModule.overallOfficials", "Some One"))
    (unread,) = [v for v in record.all("contacts.role") if str(v.state) == "UNCLEAR"]
    assert unread.quote == "overallOfficials"
    assert "Some One" not in str(problems)


def test_oversight_stands_under_other_design_features(study):
    assert said(study, "design.other") == [
        (None, "data monitoring committee: true", "REPORTED", "true", "oversightModule/oversightHasDmc"),
        (None, "drug regulated by the US FDA: false", "REPORTED", "false", "oversightModule/isFdaRegulatedDrug"),
    ]


def test_publications_and_links_are_one_group(study):
    assert {(v.item, v.field, v.value) for v in study.reported if v.field.startswith("publications.")} == {
        (1, "publications.pmid", "1"),
        (1, "publications.type", "DERIVED"),
        (1, "publications.citation", "A B. Kites."),
        (2, "publications.url", "https://example.org/kites"),
    }


def test_documents_say_what_they_hold_by_name_or_by_flags(study):
    assert [(v.item, v.value, str(v.state), v.quote) for v in study.all("documents.type")] == [
        (1, ["PROTOCOL", "SAP"], "REPORTED", "Prot_SAP"),
        (2, ["SAP", "ICF"], "DERIVED", "true"),
    ]
    assert values(study, "documents.date") == ["2021-01-02"]
    assert values(study, "results.posted") == [False]


def test_ages_have_units_and_no_limit_is_a_value():
    (record,), _ = read(changed("protocolSection.eligibilityModule.maximumAge", "N/A"))
    assert [(v.value, v.detail) for v in record.reported if v.field.startswith("eligibility.age_m")] == [
        (18, {"unit": "YEAR", "no_limit": False}),
        (None, {"unit": None, "no_limit": True}),
    ]


# Blanks and what cannot be read.


@pytest.mark.parametrize("blank", [None, "", "  \n", [], {}])
@pytest.mark.parametrize(
    ("path", "field", "item"),
    [
        ("identificationModule.briefTitle", "title.public", None),
        ("statusModule.studyFirstSubmitDate", "registration.date", None),
        ("statusModule.startDateStruct", "date.first_enrolment", None),
        ("sponsorCollaboratorsModule.leadSponsor", "sponsor.primary", None),
        ("designModule.phases", "design.phase", None),
        ("designModule.studyType", "study_type", None),
        ("eligibilityModule.sex", "eligibility.sex", None),
        ("eligibilityModule.minimumAge", "eligibility.age_min", None),
        ("eligibilityModule.healthyVolunteers", "eligibility.healthy_volunteers", None),
        ("eligibilityModule.eligibilityCriteria", "eligibility.inclusion", None),
        ("conditionsModule.conditions", "conditions", None),
        ("armsInterventionsModule.armGroups.0.label", "arms.label", 1),
        ("contactsLocationsModule.locations", "sites.name", None),
    ],
)
def test_a_blank_is_empty_in_the_source_and_quoted_by_its_key(path, field, item, blank):
    (record,), problems = read(changed("protocolSection." + path, blank))
    at = "/protocolSection/" + path.replace(".", "/")
    blanks = [v for v in record.all(field) if str(v.state) == "EMPTY_IN_SOURCE"]
    assert [(v.item, v.value, v.quote, v.place.pointer) for v in blanks] == [(item, None, path.rsplit(".", 1)[1], at)]
    assert [problem for problem in problems if problem.place.pointer == at] == []


def test_of_a_group_with_one_blank_list_the_items_speak():
    (record,), _ = read(changed("protocolSection.outcomesModule.secondaryOutcomes", []))
    assert [v.item for v in record.all("outcomes.measure")] == [1, 2]
    (record,), _ = read(changed("protocolSection.outcomesModule", {"primaryOutcomes": [], "secondaryOutcomes": []}))
    assert said(record, "outcomes.measure") == [
        (None, None, "EMPTY_IN_SOURCE", "primaryOutcomes", "outcomesModule/primaryOutcomes")
    ]


@pytest.mark.parametrize(
    ("path", "wrong", "field", "quote"),
    [
        ("identificationModule.briefTitle", {"a": 1}, "title.public", '{"a":1}'),
        ("identificationModule.briefTitle", 5, "title.public", "5"),
        ("identificationModule.nctId", "NCT1", "ids.primary", "NCT1"),
        ("identificationModule.nctId", "NCT00000000", "ids.primary", "NCT00000000"),
        ("statusModule.studyFirstSubmitDate", "2021-02-31", "registration.date", "2021-02-31"),
        ("statusModule.startDateStruct.date", "soon", "date.first_enrolment", "soon"),
        ("statusModule.startDateStruct", "2021-03", "date.first_enrolment", "2021-03"),
        ("statusModule.overallStatus", ["RECRUITING"], "status.recruitment", '["RECRUITING"]'),
        ("designModule.studyType", "KITE", "study_type", "KITE"),
        ("designModule.phases", "PHASE1", "design.phase", "PHASE1"),
        ("designModule.phases", ["PHASE1", "PHASE9"], "design.phase", "PHASE1, PHASE9"),
        ("designModule.phases", ["PHASE1", 2], "design.phase", '["PHASE1",2]'),
        ("conditionsModule.conditions", "Sore", "conditions", "Sore"),
        ("eligibilityModule.healthyVolunteers", "No", "eligibility.healthy_volunteers", "No"),
        ("eligibilityModule.minimumAge", "old", "eligibility.age_min", "old"),
        ("armsInterventionsModule.interventions", {"name": "Kite"}, "interventions.name", '{"name":"Kite"}'),
        ("outcomesModule.primaryOutcomes.0", "Pain", "outcomes.measure", "Pain"),
    ],
)
def test_what_cannot_be_read_is_unclear_with_its_words_and_one_notice(path, wrong, field, quote):
    (record,), problems = read(changed("protocolSection." + path, wrong))
    at = "/protocolSection/" + path.replace(".", "/")
    unclear = [v for v in record.reported if str(v.state) == "UNCLEAR" and v.place.pointer == at]
    assert (unclear[0].field, unclear[0].value, unclear[0].quote) == (field, None, quote)
    assert [(p.severity, p.place.pointer) for p in problems if p.place.pointer == at] == [("notice", at)]


def test_a_long_wrong_value_is_cut_in_its_quote():
    (record,), _ = read(changed("protocolSection.identificationModule.briefTitle", ["word"] * 100))
    (title,) = record.all("title.public")
    assert len(title.quote) == 80 and title.quote.endswith("…")


def test_silence_is_said_of_every_field_the_registry_could_have_filled():
    (record,), _ = read({"protocolSection": {"identificationModule": {"nctId": "NCT09990001"}}})
    silent = [value.field for value in record.values if str(value.state) == "NOT_REPORTED"]
    assert {"title.public", "enrolment.target", "masking.roles", "arms.label", "outcomes.measure"} <= set(silent)
    assert "date.recruitment_end" not in silent


# The criteria.


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        (
            "Inclusion Criteria:\n\n1. A\n2. B\n\nExclusion Criteria:\n\n* C",
            [("inclusion", "1. A\n2. B"), ("exclusion", "* C")],
        ),
        ("INCLUSION CRITERIA\n- A\n- B\nEXCLUSION CRITERIA\n- C", [("inclusion", "- A\n- B"), ("exclusion", "- C")]),
        ("Key Inclusion Criteria:\n• A\n\nKey exclusion criteria:\n• C", [("inclusion", "• A"), ("exclusion", "• C")]),
        (
            "**Inclusion Criteria**\n\n* A\n\nExclusion criteria for part B\n\n* C",
            [("inclusion", "* A"), ("exclusion", "* C")],
        ),
        (
            "Inclusion Criteria:\nAge over 18\nExclusion Criteria: storms",
            [("inclusion", "Age over 18"), ("exclusion", "storms")],
        ),
        (
            "Inclusion Criteria:\n\n* must meet all inclusion criteria\n\nOther exclusion criteria may apply.",
            [("inclusion", "* must meet all inclusion criteria\n\nOther exclusion criteria may apply.")],
        ),
        (
            "Inclusion Criteria:\n* A\n\nExclusion Criteria:\n* C\n\nDisease-specific exclusion criteria:\n* D",
            [("inclusion", "* A"), ("exclusion", "* C\n\nDisease-specific exclusion criteria:\n* D")],
        ),
        (
            "Patient Inclusion Criteria:\n* A\nPatient Exclusion Criteria:\n* C\nDonor Inclusion Criteria:\n* D",
            [("inclusion", "* A"), ("exclusion", "* C"), ("inclusion", "* D")],
        ),
        (
            "Adults with sore knees, no inclusion and exclusion criteria",
            [("open", "Adults with sore knees, no inclusion and exclusion criteria")],
        ),
        ("Adults with knees\n\nExclusion Criteria:\n* C", [("open", "Adults with knees"), ("exclusion", "* C")]),
        (
            "Inclusion Criteria:\n\n* A\n\nExclusion Criteria:\n",
            [("inclusion", "* A"), ("blank", "Exclusion Criteria:")],
        ),
        (
            "Inclusion Criteria:\r\n\r\n* A\r\n\r\nExclusion Criteria:\r\n\r\n* C\r\n",
            [("inclusion", "* A"), ("exclusion", "* C")],
        ),
    ],
)
def test_criteria_are_split_at_their_headings(text, sections):
    found = sections_of(text)
    kinds_of = [s.part if s.headed and not s.blank else "blank" if s.blank else "open" for s in found]
    assert list(zip(kinds_of, [section.words for section in found], strict=True)) == sections


def test_criteria_without_headings_are_open(study):
    text = "Anyone who likes kites."
    (record,), problems = read(changed("protocolSection.eligibilityModule.eligibilityCriteria", text))
    assert said(record, "eligibility.inclusion") == [
        (None, None, "UNCLEAR", text, "eligibilityModule/eligibilityCriteria")
    ]
    assert record.all("eligibility.exclusion") == problems == []
    assert values(study, "eligibility.inclusion") == ["* Two knees\n* Age over 18"]


@given(st.text(alphabet=st.sampled_from("aA1.*-• \n\r:()inclusEXCLUSION criteria"), max_size=120))
def test_every_word_of_a_section_stands_in_the_text(text):
    for section in sections_of(text):
        assert isinstance(section, Section)
        assert section.words.strip() == section.words != "" and section.words in text


# Anything in place of anything.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "date", "count", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def paths(content, at: str = "") -> list[str]:
    """Every pointer in a JSON value."""
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [f"{at}.{key}" for key, _ in inner] + [path for key, one in inner for path in paths(one, f"{at}.{key}")]


PATHS = [path[1:] for path in paths(STUDY) if path != ".protocolSection"]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PATHS), JSON)
def test_any_json_in_place_of_any_part_leaves_all_other_values_as_they_were(path, junk):
    (whole,), _ = read(STUDY)
    (record,), _ = read(changed(path, junk))
    at = "/" + path.replace(".", "/")
    parent = at.rsplit("/", 1)[0]
    together = parent + "/" if parent.endswith(("Struct", "Info")) else at  # a date and its type, a size and its role
    linked = (
        "interventions.arms",
        "countries",
        "masking.roles",
        "documents.type",
        "outcomes.type",
        "ids.secondary.type",
    )

    def elsewhere(value):
        inside = value.place.pointer.startswith((at, together)) or at.startswith(value.place.pointer)
        return not inside and value.field not in linked

    def shape(value):
        return value.field, repr(value.value), value.state, value.quote, value.place.pointer

    kept = {shape(value) for value in record.reported}
    assert [shape(value) for value in whole.reported if elsewhere(value) and shape(value) not in kept] == []
    json.dumps(record.as_json())


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_json_document_is_read_or_refused_in_our_words(content):
    for whole in (content, [content], {"studies": content}, {"protocolSection": content}):
        made, _ = document(whole)
        try:
            recognised_by = ctgov.recognise(made)
        except ReviewError:
            continue
        if recognised_by:
            list(ctgov.read(made, recognised_by))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(json.dumps(STUDY)) - 1))
def test_a_file_cut_anywhere_is_refused(length):
    with pytest.raises(ReviewError):
        list(read_document(document(json.dumps(STUDY).encode()[: max(length, 1)])[0]))


# The catalogue.


def test_every_field_read_is_one_the_source_declares_and_none_is_private(study):
    declared = {field for field, _ in ctgov.FIELDS}
    assert {value.field for value in study.reported} <= declared
    assert not any(catalogue()[field].private for field in declared)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Korea, Republic of", "KR"),
        ("South Korea", "KR"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Czech Republic", "CZ"),
        ("Czechia", "CZ"),
        ("Russian Federation", "RU"),
        ("HONG KONG", "HK"),
        ("The Netherlands", "NL"),
        ("U.S.A.", "US"),
        ("Côte d’Ivoire", "CI"),
        ("Congo, The Democratic Republic of the", "CD"),
        ("DE", "DE"),
    ],
)
def test_countries_are_known_by_the_names_registries_use(name, code):
    assert country_code(name) == code


def test_every_country_is_known_by_its_own_name_and_code():
    assert len(country_names()) == 249
    assert all(country_code(name) == country_code(code) == code for code, name in country_names().items())


@pytest.mark.parametrize("name", ["Atlantis", "", "no", "in", "XX"])
def test_no_country_is_guessed(name):
    with pytest.raises(ValueError, match=r"the English name of a country, e\.g\. Germany"):
        country_code(name)


# Real studies, beside an independent reading of their JSON.


def files(shared: Path) -> list[Path]:
    found = sorted((shared / "records" / "ctgov-v2").glob("NCT*.json"))
    assert len(found) == 190
    return found


def record_of(path: Path):
    problems: list = []
    made = open_document(path, path.name, problems.append)
    (record,) = ctgov.read(made, ctgov.recognise(made))
    return record, problems


def dig(content, *way):
    for step in way:
        content = (content or {}).get(step)
    return content


def independent(content: dict) -> dict:
    """The same facts by plain paths."""
    p = content["protocolSection"]
    status, design = p["statusModule"], p.get("designModule", {})
    info, masking = design.get("designInfo", {}), dig(design, "designInfo", "maskingInfo") or {}
    kinds = {"ACTUAL": "ACTUAL", "ESTIMATED": "ANTICIPATED", None: "UNKNOWN"}
    size = design.get("enrollmentInfo", {})
    government = {
        "NIH": "GOVERNMENT",
        "FED": "GOVERNMENT",
        "OTHER_GOV": "GOVERNMENT",
        "INDIV": "INDIVIDUAL",
        "AMBIG": "UNKNOWN",
    }
    sponsor = p["sponsorCollaboratorsModule"]["leadSponsor"]
    roles = masking.get("whoMasked") or ([] if masking.get("masking") == "NONE" else None)
    facts = {
        "ids.primary": p["identificationModule"]["nctId"],
        "title.public": p["identificationModule"]["briefTitle"],
        "title.scientific": p["identificationModule"].get("officialTitle"),
        "acronym": p["identificationModule"].get("acronym"),
        "registration.date": status.get("studyFirstSubmitDate"),
        "registration.qc": status.get("studyFirstSubmitQcDate"),
        "registration.last_update": status.get("lastUpdateSubmitDate"),
        "results.submitted": status.get("resultsFirstSubmitDate"),
        "status.recruitment": status["overallStatus"],
        "status.verified": status.get("statusVerifiedDate"),
        "study_type": design.get("studyType"),
        "design.phase": design.get("phases"),
        "design.allocation": info.get("allocation"),
        "design.model": info.get("interventionModel"),
        "design.purpose": info.get("primaryPurpose"),
        "masking.label": masking.get("masking"),
        "masking.roles": roles,
        "enrolment.actual": size.get("count") if size.get("type") == "ACTUAL" else None,
        "enrolment.target": size.get("count") if size.get("type") != "ACTUAL" else None,
        "sponsor.primary": sponsor["name"],
        "sponsor.class": government.get(sponsor.get("class"), sponsor.get("class")),
        "eligibility.sex": p["eligibilityModule"]["sex"],
        "results.posted": content.get("hasResults"),
    }
    for field, key in (
        ("date.first_enrolment", "startDateStruct"),
        ("date.primary_completion", "primaryCompletionDateStruct"),
        ("date.completion", "completionDateStruct"),
        ("registration.posted", "studyFirstPostDateStruct"),
        ("results.date", "resultsFirstPostDateStruct"),
    ):
        struct = status.get(key)
        facts[field] = struct and (struct["date"], kinds[struct.get("type")])
    facts["primary outcomes"] = [o["measure"] for o in dig(p, "outcomesModule", "primaryOutcomes") or []]
    facts["arms.label"] = [arm["label"] for arm in dig(p, "armsInterventionsModule", "armGroups") or []]
    facts["sites"] = len(dig(p, "contactsLocationsModule", "locations") or [])
    return facts


def ours(record) -> dict:
    """What the record says, in the shape of `independent`."""
    primary = {v.item for v in record.all("outcomes.type") if v.value == "PRIMARY"}
    facts = {
        "primary outcomes": [v.value for v in record.all("outcomes.measure") if v.item in primary],
        "arms.label": values(record, "arms.label"),
        "sites": len(record.all("sites.name")),
    }
    structs = {
        "date.first_enrolment",
        "date.primary_completion",
        "date.completion",
        "registration.posted",
        "results.date",
    }
    for field in independent_fields() - facts.keys():
        first = record.first(field)
        facts[field] = first and ((first.value, first.detail["kind"]) if field in structs else first.value)
    return facts


def independent_fields() -> set[str]:
    minimal = {
        "identificationModule": {"nctId": "", "briefTitle": ""},
        "statusModule": {"overallStatus": ""},
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": ""}},
        "eligibilityModule": {"sex": ""},
    }
    return set(independent({"protocolSection": minimal}))


@pytest.mark.real
def test_all_real_studies_agree_with_an_independent_reading(shared):
    for path in files(shared):
        record, problems = record_of(path)
        assert problems == []
        assert ours(record) == independent(json.loads(path.read_bytes())), path.name


@pytest.mark.real
def test_every_pointer_of_a_real_study_leads_to_the_quote(shared):
    for path in files(shared):
        content = json.loads(path.read_bytes())
        record, _ = record_of(path)
        for value in record.reported:
            found = content
            for step in value.place.pointer.split("/")[1:]:
                found = found[int(step)] if isinstance(found, list) else found[step]
            scalar = (
                ", ".join(found) if isinstance(found, list) else found if isinstance(found, str) else json.dumps(found)
            )
            whole = value.place.pointer.endswith("/eligibilityCriteria")
            assert value.quote in scalar if whole else value.quote == scalar, (path.name, value)
            assert value.place.document == path.name


@pytest.mark.real
def test_real_studies_and_pages_speak_only_of_declared_fields(shared):
    declared = {field for field, _ in ctgov.FIELDS}
    for path in files(shared):
        record, _ = record_of(path)
        assert {value.field for value in record.reported} <= declared
    pages = sorted((shared / "records" / "ctgov-v2" / "pages").glob("*.json"))
    assert pages
    for path in pages:
        made = open_document(path, path.name, print)
        records = list(ctgov.read(made, ctgov.recognise(made)))
        hits = json.loads(path.read_bytes())["studies"]
        assert [record.first("ids.primary").value for record in records] == [
            hit["protocolSection"]["identificationModule"]["nctId"] for hit in hits
        ]


@pytest.mark.real
def test_almost_all_real_criteria_have_both_parts(shared):
    open_ones = [
        path.name
        for path in files(shared)
        if not {"eligibility.inclusion", "eligibility.exclusion"} <= known_fields(path)
    ]
    assert len(open_ones) <= 19  # studies whose criteria lack a heading; one in ten at most


def known_fields(path: Path) -> set[str]:
    record, _ = record_of(path)
    return {value.field for value in record.reported if value.value is not None}
