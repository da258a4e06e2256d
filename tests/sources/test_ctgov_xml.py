"""ClinicalTrials.gov's legacy XML, both schemas: what is read, where it stands, and what becomes of everything odd.

The studies here are made up (NCT0999…); the tests marked real compare the reader with an independent XPath reading.
"""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from reviewkit import sources
from reviewkit.countries import country_code
from reviewkit.documents import Document
from reviewkit.errors import ReviewError
from reviewkit.sources import ctgov_xml

NEW = """<?xml version="1.0" encoding="UTF-8"?>
<clinical_study rank="1">
  <required_header>
    <download_date>ClinicalTrials.gov processed this data on May 02, 2021</download_date>
    <url>https://clinicaltrials.gov/show/NCT09990001</url>
  </required_header>
  <id_info>
    <org_study_id>KITE-7</org_study_id>
    <secondary_id>2020-000123-45</secondary_id>
    <secondary_id>a plain number</secondary_id>
    <nct_id>NCT09990001</nct_id>
    <nct_alias>NCT09990009</nct_alias>
  </id_info>
  <brief_title>Kite Flying for Sore Knees</brief_title>
  <acronym>KITE</acronym>
  <official_title>A Made-up Trial of Kite Flying</official_title>
  <sponsors>
    <lead_sponsor><agency>Windy Hill Hospital</agency><agency_class>U.S. Fed</agency_class></lead_sponsor>
    <collaborator><agency>String Makers</agency><agency_class>Industry</agency_class></collaborator>
  </sponsors>
  <oversight_info><has_dmc>Yes</has_dmc><is_fda_regulated_drug>No</is_fda_regulated_drug></oversight_info>
  <brief_summary><textblock>Kites are
      flown.</textblock></brief_summary>
  <overall_status>Active, not recruiting</overall_status>
  <start_date type="Actual">July 1, 2020</start_date>
  <completion_date type="Anticipated">July 2022</completion_date>
  <primary_completion_date>March 2022</primary_completion_date>
  <phase>Phase 1/Phase 2</phase>
  <study_type>Interventional</study_type>
  <study_design_info>
    <allocation>Randomized</allocation>
    <intervention_model>Crossover Assignment</intervention_model>
    <primary_purpose>Supportive Care</primary_purpose>
    <masking>Triple (Participant, Investigator, Outcomes Assessor)</masking>
    <masking_description>The string is hidden.</masking_description>
  </study_design_info>
  <primary_outcome>
    <measure>Knee pain</measure><time_frame>6 weeks</time_frame><safety_issue>No</safety_issue>
  </primary_outcome>
  <secondary_outcome><measure>Falls</measure><time_frame>1 year</time_frame></secondary_outcome>
  <other_outcome><measure>Joy</measure></other_outcome>
  <number_of_arms>2</number_of_arms>
  <enrollment type="Anticipated">1,200</enrollment>
  <condition>Sore Knee</condition>
  <arm_group><arm_group_label>Kite</arm_group_label><arm_group_type>Experimental</arm_group_type></arm_group>
  <arm_group><arm_group_label>String</arm_group_label><arm_group_type>Sham Comparator</arm_group_type></arm_group>
  <intervention>
    <intervention_type>Device</intervention_type><intervention_name>Big kite</intervention_name>
    <arm_group_label>Kite</arm_group_label><arm_group_label>String</arm_group_label>
    <other_name>Dragon</other_name><other_name>Diamond</other_name>
  </intervention>
  <eligibility>
    <criteria><textblock>
        Inclusion Criteria:

          -  Two knees

        Exclusion Criteria:

          -  Storm
      </textblock></criteria>
    <gender>All</gender><minimum_age>18 Years</minimum_age><maximum_age>N/A</maximum_age>
    <healthy_volunteers>Accepts Healthy Volunteers</healthy_volunteers>
  </eligibility>
  <overall_official><last_name>Nobody Atall</last_name><role>Principal Investigator</role>
    <affiliation>Windy Hill</affiliation></overall_official>
  <overall_contact><last_name>Somebody Else</last_name><phone>555-0100</phone></overall_contact>
  <location>
    <facility><name>Hill Clinic</name><address><city>Lyon</city><zip>69000</zip>
    <country>France</country></address></facility>
    <status>Recruiting</status><contact><last_name>Third Person</last_name></contact>
  </location>
  <location_countries><country>France</country></location_countries>
  <removed_countries><country>Italy</country></removed_countries>
  <reference><citation>Kites before.</citation><PMID>123</PMID></reference>
  <results_reference><citation>Kites after.</citation><PMID>456</PMID></results_reference>
  <verification_date>April 2021</verification_date>
  <study_first_submitted>January 5, 2020</study_first_submitted>
  <study_first_submitted_qc>January 9, 2020</study_first_submitted_qc>
  <study_first_posted type="Estimate">January 12, 2020</study_first_posted>
  <last_update_submitted>April 20, 2021</last_update_submitted>
  <keyword>kite</keyword>
  <condition_browse><mesh_term>Knee Injuries</mesh_term></condition_browse>
  <patient_data><sharing_ipd>Yes</sharing_ipd><ipd_info_type>Study Protocol</ipd_info_type>
    <ipd_info_type>Analytic Code</ipd_info_type></patient_data>
  <pending_results><submitted>May 1, 2021</submitted><submitted>May 9, 2021</submitted></pending_results>
  <provided_document_section><provided_document><document_type>Study Protocol and Plan</document_type>
    <document_has_protocol>Yes</document_has_protocol><document_has_icf>No</document_has_icf>
    <document_has_sap>Yes</document_has_sap><document_date>June 1, 2020</document_date></provided_document>
  </provided_document_section>
</clinical_study>
"""
S = "/clinical_study/"
NEW_VALUES = [  # field, item, value, quote, XPath
    ("ids.primary", None, "NCT09990001", "NCT09990001", S + "id_info/nct_id"),
    ("source.url", None, *["https://clinicaltrials.gov/show/NCT09990001"] * 2, S + "required_header/url"),
    ("title.public", None, *["Kite Flying for Sore Knees"] * 2, S + "brief_title"),
    ("title.scientific", None, *["A Made-up Trial of Kite Flying"] * 2, S + "official_title"),
    ("acronym", None, "KITE", "KITE", S + "acronym"),
    ("summary.brief", None, "Kites are flown.", "Kites are flown.", S + "brief_summary/textblock"),
    ("status.recruitment", None, "ACTIVE_NOT_RECRUITING", "Active, not recruiting", S + "overall_status"),
    ("status.verified", None, "2021-04", "April 2021", S + "verification_date"),
    ("registration.qc", None, "2020-01-09", "January 9, 2020", S + "study_first_submitted_qc"),
    ("registration.last_update", None, "2021-04-20", "April 20, 2021", S + "last_update_submitted"),
    ("study_type", None, "INTERVENTIONAL", "Interventional", S + "study_type"),
    ("design.phase", None, ["PHASE1", "PHASE2"], "Phase 1/Phase 2", S + "phase"),
    ("design.n_arms", None, 2, "2", S + "number_of_arms"),
    ("design.allocation", None, "RANDOMIZED", "Randomized", S + "study_design_info/allocation"),
    ("design.model", None, "CROSSOVER", "Crossover Assignment", S + "study_design_info/intervention_model"),
    ("design.purpose", None, "SUPPORTIVE_CARE", "Supportive Care", S + "study_design_info/primary_purpose"),
    ("masking.description", None, *["The string is hidden."] * 2, S + "study_design_info/masking_description"),
    ("sponsor.primary", None, *["Windy Hill Hospital"] * 2, S + "sponsors/lead_sponsor/agency"),
    ("sponsor.class", None, "GOVERNMENT", "U.S. Fed", S + "sponsors/lead_sponsor/agency_class"),
    ("eligibility.sex", None, "ALL", "All", S + "eligibility/gender"),
    ("eligibility.age_min", None, 18, "18 Years", S + "eligibility/minimum_age"),
    ("eligibility.age_max", None, None, "N/A", S + "eligibility/maximum_age"),
    ("ipd.plan", None, "YES", "Yes", S + "patient_data/sharing_ipd"),
    ("ids.registry", None, "CTGOV", "NCT09990001", S + "id_info/nct_id"),
    ("ids.aliases", 1, "NCT09990009", "NCT09990009", S + "id_info/nct_alias"),
    ("ids.secondary.id", 1, "KITE-7", "KITE-7", S + "id_info/org_study_id"),
    ("ids.secondary.type", 1, "SPONSOR", "KITE-7", S + "id_info/org_study_id"),
    ("ids.secondary.id", 2, "2020-000123-45", "2020-000123-45", S + "id_info/secondary_id[1]"),
    ("ids.secondary.type", 2, "EUDRACT", "2020-000123-45", S + "id_info/secondary_id[1]"),
    ("ids.secondary.id", 3, "a plain number", "a plain number", S + "id_info/secondary_id[2]"),
    ("registration.date", None, "2020-01-05", "January 5, 2020", S + "study_first_submitted"),
    ("registration.submitted", None, "2020-01-05", "January 5, 2020", S + "study_first_submitted"),
    ("registration.date_basis", None, "SUBMITTED", "January 5, 2020", S + "study_first_submitted"),
    ("date.first_enrolment", None, "2020-07-01", "July 1, 2020", S + "start_date"),
    ("date.primary_completion", None, "2022-03", "March 2022", S + "primary_completion_date"),
    ("date.completion", None, "2022-07", "July 2022", S + "completion_date"),
    ("registration.posted", None, "2020-01-12", "January 12, 2020", S + "study_first_posted"),
    ("source.export_date", None, "2021-05-02", "May 02, 2021", S + "required_header/download_date"),
    ("masking.label", None, "TRIPLE", "Triple", S + "study_design_info/masking"),
    (
        *("masking.roles", None, ["PARTICIPANT", "INVESTIGATOR", "OUTCOMES_ASSESSOR"]),
        *("Participant, Investigator, Outcomes Assessor", S + "study_design_info/masking"),
    ),
    ("enrolment.target", None, 1200, "1,200", S + "enrollment"),
    ("eligibility.inclusion", None, "-  Two knees", "- Two knees", S + "eligibility/criteria/textblock"),
    ("eligibility.exclusion", None, "-  Storm", "- Storm", S + "eligibility/criteria/textblock"),
    (
        *("eligibility.healthy_volunteers", None, True, "Accepts Healthy Volunteers"),
        S + "eligibility/healthy_volunteers",
    ),
    ("arms.label", 1, "Kite", "Kite", S + "arm_group[1]/arm_group_label"),
    ("arms.role", 1, "EXPERIMENTAL", "Experimental", S + "arm_group[1]/arm_group_type"),
    ("arms.label", 2, "String", "String", S + "arm_group[2]/arm_group_label"),
    ("arms.role", 2, "SHAM_COMPARATOR", "Sham Comparator", S + "arm_group[2]/arm_group_type"),
    ("interventions.name", 1, "Big kite", "Big kite", S + "intervention/intervention_name"),
    ("interventions.type", 1, "DEVICE", "Device", S + "intervention/intervention_type"),
    ("interventions.arms", 1, [1, 2], "Kite, String", S + "intervention/arm_group_label"),
    ("interventions.other_names", 1, ["Dragon", "Diamond"], "Dragon, Diamond", S + "intervention/other_name"),
    ("outcomes.measure", 1, "Knee pain", "Knee pain", S + "primary_outcome/measure"),
    ("outcomes.timepoint", 1, "6 weeks", "6 weeks", S + "primary_outcome/time_frame"),
    ("outcomes.safety", 1, False, "No", S + "primary_outcome/safety_issue"),
    ("outcomes.type", 1, "PRIMARY", "Knee pain", S + "primary_outcome/measure"),
    ("outcomes.measure", 2, "Falls", "Falls", S + "secondary_outcome/measure"),
    ("outcomes.timepoint", 2, "1 year", "1 year", S + "secondary_outcome/time_frame"),
    ("outcomes.type", 2, "SECONDARY", "Falls", S + "secondary_outcome/measure"),
    ("outcomes.measure", 3, "Joy", "Joy", S + "other_outcome/measure"),
    ("outcomes.type", 3, "OTHER", "Joy", S + "other_outcome/measure"),
    ("sponsor.secondary", 1, "String Makers", "String Makers", S + "sponsors/collaborator/agency"),
    ("contacts.role", 1, "PI", "Principal Investigator", S + "overall_official/role"),
    ("contacts.org", 1, "Windy Hill", "Windy Hill", S + "overall_official/affiliation"),
    ("sites.name", 1, "Hill Clinic", "Hill Clinic", S + "location/facility/name"),
    ("sites.city", 1, "Lyon", "Lyon", S + "location/facility/address/city"),
    ("sites.country", 1, "FR", "France", S + "location/facility/address/country"),
    ("sites.status", 1, "RECRUITING", "Recruiting", S + "location/status"),
    ("countries", 1, "FR", "France", S + "location_countries/country"),
    ("conditions", 1, "Sore Knee", "Sore Knee", S + "condition"),
    ("keywords", 1, "kite", "kite", S + "keyword"),
    ("condition_codes.term", 1, "Knee Injuries", "Knee Injuries", S + "condition_browse/mesh_term"),
    ("condition_codes.system", 1, "MeSH", "Knee Injuries", S + "condition_browse/mesh_term"),
    ("publications.pmid", 1, "123", "123", S + "reference/PMID"),
    ("publications.citation", 1, "Kites before.", "Kites before.", S + "reference/citation"),
    ("publications.type", 1, "BACKGROUND", "Kites before.", S + "reference/citation"),
    ("publications.pmid", 2, "456", "456", S + "results_reference/PMID"),
    ("publications.citation", 2, "Kites after.", "Kites after.", S + "results_reference/citation"),
    ("publications.type", 2, "RESULT", "Kites after.", S + "results_reference/citation"),
    ("results.submitted", None, "2021-05-01", "May 1, 2021", S + "pending_results/submitted[1]"),
    ("ipd.items", None, ["PROTOCOL", "CODE"], "Study Protocol, Analytic Code", S + "patient_data/ipd_info_type"),
    (
        *("documents.date", 1, "2020-06-01", "June 1, 2020"),
        S + "provided_document_section/provided_document/document_date",
    ),
    (
        *("documents.type", 1, ["PROTOCOL", "SAP"], "Yes"),
        S + "provided_document_section/provided_document/document_has_protocol",
    ),
    ("design.other", None, "data monitoring committee: true", "Yes", S + "oversight_info/has_dmc"),
    ("design.other", None, "drug regulated by the US FDA: false", "No", S + "oversight_info/is_fda_regulated_drug"),
]

ARCHIVE = """<clinical_study>
<study_id>
<org_name>HillH</org_name>
<org_study_id>
  KITE-8
</org_study_id>
<secondary_id><id>R01XX000001</id><id_type>US NIH Grant Number</id_type>
<id_domain>Made-up Institute</id_domain></secondary_id>
<nct_id>
  NCT09990002
</nct_id>
</study_id>
<brief_title><textblock>Kites again</textblock></brief_title>
<official_title><textblock>
</textblock></official_title>
<study_sponsor><lead_sponsor><agency>Windy Hill Hospital</agency></lead_sponsor></study_sponsor>
<resp_party><resp_party_type>Principal Investigator</resp_party_type>
<investigator_full_name>Nobody Atall</investigator_full_name>
<investigator_affiliation>Windy Hill Hospital</investigator_affiliation></resp_party>
<status_block><status>No longer recruiting</status><date>2009-02</date></status_block>
<start_date><date>
2007-07
</date></start_date>
<end_date><date></date></end_date>
<last_follow_up_date type="Anticipated"><date>2010-08</date></last_follow_up_date>
<primary_compl_date type="Anticipated"><date>2010-06</date></primary_compl_date>
<phase_block><phase>Phase II</phase></phase_block>
<study_type>Interventional</study_type>
<design>Prevention</design>
<design>Randomized</design>
<design>Double Blind (Subject, Caregiver)</design>
<design>Placebo Control</design>
<design>Single Group Assignment</design>
<design>Efficacy Study</design>
<primary_outcome><measure>Knee pain</measure><time_frame>6 weeks</time_frame>
<description><textblock>By a scale.</textblock></description><safety_issue>Yes</safety_issue></primary_outcome>
<enrollment type="Actual">52</enrollment>
<condition>Sore Knee</condition>
<arm_group><arm_group_label>1</arm_group_label><arm_type>No Intervention</arm_type></arm_group>
<intervention><intervent_type>Procedure/Surgery</intervent_type><primary_name>Knee lift</primary_name></intervention>
<eligibility><criteria><textblock>People with knees.</textblock></criteria><healthy_volunteers>No</healthy_volunteers>
<gender>Both</gender><minimum_age>25 Years</minimum_age><maximum_age>N/A</maximum_age></eligibility>
<investigator><name>Nobody Atall</name><role>Study Chair</role></investigator>
<background><reference><citation>Kites, once.</citation><medline_ui>90000001</medline_ui></reference></background>
<initial_release_date>
  2007-07-16
</initial_release_date>
<last_release_date>
  2009-02-17
</last_release_date>
</clinical_study>
"""
ARCHIVE_VALUES = [
    ("ids.primary", None, "NCT09990002", "NCT09990002", S + "study_id/nct_id"),
    ("title.public", None, "Kites again", "Kites again", S + "brief_title/textblock"),
    ("title.scientific", None, None, "textblock", S + "official_title/textblock"),
    ("status.recruitment", None, "RECRUITMENT_COMPLETE", "No longer recruiting", S + "status_block/status"),
    ("status.verified", None, "2009-02", "2009-02", S + "status_block/date"),
    ("registration.last_update", None, "2009-02-17", "2009-02-17", S + "last_release_date"),
    ("source.version_date", None, "2009-02-17", "2009-02-17", S + "last_release_date"),
    ("study_type", None, "INTERVENTIONAL", "Interventional", S + "study_type"),
    ("design.phase", None, ["PHASE2"], "Phase II", S + "phase_block/phase"),
    ("sponsor.primary", None, *["Windy Hill Hospital"] * 2, S + "study_sponsor/lead_sponsor/agency"),
    ("eligibility.sex", None, "ALL", "Both", S + "eligibility/gender"),
    ("eligibility.age_min", None, 25, "25 Years", S + "eligibility/minimum_age"),
    ("eligibility.age_max", None, None, "N/A", S + "eligibility/maximum_age"),
    ("ids.registry", None, "CTGOV", "NCT09990002", S + "study_id/nct_id"),
    ("ids.secondary.id", 1, "KITE-8", "KITE-8", S + "study_id/org_study_id"),
    ("ids.secondary.type", 1, "SPONSOR", "KITE-8", S + "study_id/org_study_id"),
    ("ids.secondary.id", 2, "R01XX000001", "R01XX000001", S + "study_id/secondary_id/id"),
    ("ids.secondary.type", 2, "GRANT", "US NIH Grant Number", S + "study_id/secondary_id/id_type"),
    ("ids.secondary.issuer", 2, "Made-up Institute", "Made-up Institute", S + "study_id/secondary_id/id_domain"),
    ("registration.date", None, "2007-07-16", "2007-07-16", S + "initial_release_date"),
    ("registration.submitted", None, "2007-07-16", "2007-07-16", S + "initial_release_date"),
    ("registration.date_basis", None, "SUBMITTED", "2007-07-16", S + "initial_release_date"),
    ("date.first_enrolment", None, "2007-07", "2007-07", S + "start_date/date"),
    ("date.primary_completion", None, "2010-06", "2010-06", S + "primary_compl_date/date"),
    ("date.completion", None, "2010-08", "2010-08", S + "last_follow_up_date/date"),
    ("design.purpose", None, "PREVENTION", "Prevention", S + "design[1]"),
    ("design.allocation", None, "RANDOMIZED", "Randomized", S + "design[2]"),
    ("masking.label", None, "DOUBLE", "Double Blind", S + "design[3]"),
    ("masking.roles", None, ["PARTICIPANT", "CARE_PROVIDER"], "Subject, Caregiver", S + "design[3]"),
    ("design.control", None, ["PLACEBO"], "Placebo Control", S + "design[4]"),
    ("design.model", None, "SINGLE_GROUP", "Single Group Assignment", S + "design[5]"),
    ("design.other", None, "Efficacy Study", "Efficacy Study", S + "design[6]"),
    ("enrolment.actual", None, 52, "52", S + "enrollment"),
    ("eligibility.inclusion", None, None, "People with knees.", S + "eligibility/criteria/textblock"),
    ("eligibility.healthy_volunteers", None, False, "No", S + "eligibility/healthy_volunteers"),
    ("arms.label", 1, "1", "1", S + "arm_group/arm_group_label"),
    ("arms.role", 1, "NO_INTERVENTION", "No Intervention", S + "arm_group/arm_type"),
    ("interventions.name", 1, "Knee lift", "Knee lift", S + "intervention/primary_name"),
    ("interventions.type", 1, "PROCEDURE", "Procedure/Surgery", S + "intervention/intervent_type"),
    ("outcomes.measure", 1, "Knee pain", "Knee pain", S + "primary_outcome/measure"),
    ("outcomes.description", 1, "By a scale.", "By a scale.", S + "primary_outcome/description"),
    ("outcomes.timepoint", 1, "6 weeks", "6 weeks", S + "primary_outcome/time_frame"),
    ("outcomes.safety", 1, True, "Yes", S + "primary_outcome/safety_issue"),
    ("outcomes.type", 1, "PRIMARY", "Knee pain", S + "primary_outcome/measure"),
    ("contacts.role", 1, "PI", "Principal Investigator", S + "resp_party/resp_party_type"),
    ("contacts.org", 1, "Windy Hill Hospital", "Windy Hill Hospital", S + "resp_party/investigator_affiliation"),
    ("conditions", 1, "Sore Knee", "Sore Knee", S + "condition"),
    ("publications.citation", 1, "Kites, once.", "Kites, once.", S + "background/reference/citation"),
    ("publications.type", 1, "BACKGROUND", "Kites, once.", S + "background/reference/citation"),
]


def read(text: str | bytes, name: str = "study.xml"):
    """The records of one document through all sources, and its problems."""
    problems: list = []
    document = Document(name, text.encode() if isinstance(text, str) else text, problems.append)
    return list(sources.read(document)), problems


def rows(record):
    return [(v.field, v.item, v.value, v.quote, v.place.xpath) for v in record.reported]


def one(**elements: str):
    """The record of a small study with these elements."""
    inner = "".join(f"<{name}>{words}</{name}>" for name, words in elements.items())
    (record,), problems = read(
        f"<clinical_study><id_info><nct_id>NCT09990003</nct_id></id_info>{inner}</clinical_study>"
    )
    return record, problems


def said(record, field):
    return [(str(v.state), v.value, v.quote) for v in record.all(field)]


# The two schemas, whole.


def test_a_study_of_the_download_is_read_whole_with_quote_and_xpath():
    (record,), problems = read(NEW)
    assert problems == []
    assert record.recognised_by == "root clinical_study"
    assert rows(record) == NEW_VALUES


def test_a_version_of_the_archive_is_read_whole_and_says_of_which_day_it_is():
    (record,), problems = read(ARCHIVE)
    assert problems == []
    assert record.recognised_by == "root clinical_study with study_id (archive of versions)"
    assert rows(record) == ARCHIVE_VALUES


def test_dates_tell_whether_they_have_happened_where_the_type_says_so():
    (record,), _ = read(NEW)
    assert [(v.field, v.detail["kind"]) for v in record.reported if v.field.startswith(("date.", "registration."))
            if "kind" in v.detail and v.field in {"date.first_enrolment", "date.primary_completion", "date.completion",
                                                  "registration.posted", "registration.date"}] == [
        ("registration.date", "ACTUAL"),
        ("date.first_enrolment", "ACTUAL"),
        ("date.primary_completion", "UNKNOWN"),
        ("date.completion", "ANTICIPATED"),
        ("registration.posted", "ANTICIPATED"),
    ]  # fmt: skip


def test_no_person_phone_or_postcode_is_in_any_value():
    for text in (NEW, ARCHIVE):
        (record,), _ = read(text)
        told = " ".join(f"{v.value} {v.quote}" for v in record.reported)
        assert not re.search("Nobody|Somebody|Third Person|555-0100|69000", told)


# Old forms.


@pytest.mark.parametrize(
    ("words", "label", "roles"),
    [
        ("None (Open Label)", "NONE", []),
        ("Open Label", "NONE", []),
        ("No Masking", "NONE", []),
        ("Double-Blind", "DOUBLE", None),
        ("Double Blind (Subject, Outcomes Assessor)", "DOUBLE", ["PARTICIPANT", "OUTCOMES_ASSESSOR"]),
        ("Single (Outcomes Assessor)", "SINGLE", ["OUTCOMES_ASSESSOR"]),
        (
            "Quadruple (Participant, Care Provider, Investigator, Outcomes Assessor)",
            "QUADRUPLE",
            ["PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"],
        ),
    ],
)
@pytest.mark.parametrize("form", ["study_design_info/masking", "study_design", "bare"])
def test_masking_is_a_label_and_the_roles_in_brackets_in_every_form_of_file(form, words, label, roles):
    elements = {
        "study_design_info/masking": {"study_design_info": f"<masking>{words}</masking>"},
        "study_design": {"study_design": f"Allocation: Randomized, Masking: {words}, Primary Purpose: Treatment"},
        "bare": {"study_design": f"Treatment, Randomized, {words}, Parallel Assignment"},
    }
    record, problems = one(**elements[form])
    assert problems == []
    assert [v.value for v in record.all("masking.label")] == [label]
    assert [v.value for v in record.all("masking.roles")] == ([] if roles is None else [roles])


def test_an_unknown_role_leaves_the_roles_unclear_and_the_label_as_it_is():
    record, problems = one(study_design_info="<masking>Double (Participant, Statue)</masking>")
    assert said(record, "masking.label") == [("REPORTED", "DOUBLE", "Double")]
    assert said(record, "masking.roles") == [("UNCLEAR", None, "Participant, Statue")]
    assert [(p.found, p.severity) for p in problems] == [("'Participant, Statue'", "notice")]


def test_a_design_string_without_names_is_told_apart_by_its_words():
    record, problems = one(
        study_type="Interventional",
        study_design="Educational/Counseling/Training, Randomized, Double-Blind, Placebo Control, "
        "Factorial Assignment, Safety/Efficacy Study",
    )
    assert problems == []
    assert [(v.field, v.value) for v in record.reported if v.field.startswith(("design", "masking"))] == [
        ("design.purpose", "OTHER"),
        ("design.allocation", "RANDOMIZED"),
        ("masking.label", "DOUBLE"),
        ("design.control", ["PLACEBO"]),
        ("design.model", "FACTORIAL"),
        ("design.other", "Safety/Efficacy Study"),
    ]


def test_an_observational_study_has_model_and_time_and_no_purpose_of_its_word_other():
    features = "".join(f"<design>{words}</design>" for words in ("Case Control", "Other", "Prospective"))
    text = f"<study_type>Observational</study_type>{features}"
    (record,), problems = read(
        f"<clinical_study><study_id><nct_id>NCT09990004</nct_id></study_id>{text}</clinical_study>"
    )
    assert problems == []
    assert [(v.field, v.value) for v in record.reported if v.field.startswith("design")] == [
        ("design.observational_model", "Case Control"),
        ("design.other", "Other"),
        ("design.time_perspective", "Prospective"),
    ]


@pytest.mark.parametrize(
    ("name", "words", "field", "value"),
    [
        ("phase", "Phase II", "design.phase", ["PHASE2"]),
        ("phase", "Phase 2/Phase 3", "design.phase", ["PHASE2", "PHASE3"]),
        ("phase", "Early Phase 1", "design.phase", ["EARLY_PHASE1"]),
        ("phase", "N/A", "design.phase", ["NA"]),
        ("start_date", "July 1, 2020", "date.first_enrolment", "2020-07-01"),
        ("start_date", "July 2020", "date.first_enrolment", "2020-07"),
        ("firstreceived_date", "March 4, 2013", "registration.date", "2013-03-04"),
        ("lastchanged_date", "June 23, 2005", "registration.last_update", "2005-06-23"),
        ("overall_status", "Unknown status", "status.recruitment", "UNKNOWN"),
        ("overall_status", "Withheld", "status.recruitment", "UNKNOWN"),
        ("overall_status", "Temporarily not available", "status.recruitment", "UNKNOWN"),
        ("study_type", "Observational [Patient Registry]", "study_type", "OBSERVATIONAL"),
        ("study_type", "N/A", "study_type", None),
    ],
)
def test_old_words_are_known(name, words, field, value):
    record, problems = one(**{name: words})
    assert problems == []
    assert [(v.value, v.quote) for v in record.all(field)] == [(value, words)]


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ('<enrollment type="Actual">0</enrollment>', ("enrolment.actual", 0, "REPORTED")),
        ('<enrollment type="Estimated">50</enrollment>', ("enrolment.target", 50, "REPORTED")),
        ("<enrollment>60</enrollment>", ("enrolment.target", 60, "UNCLEAR")),
        (
            "<eligibility><expected_enrollment>70</expected_enrollment></eligibility>",
            ("enrolment.target", 70, "REPORTED"),
        ),
        ("<enrollment>many</enrollment>", ("enrolment.target", None, "UNCLEAR")),
    ],
)
def test_a_size_has_the_role_its_type_says_and_without_one_an_open_role(element, expected):
    (record,), _ = read(f"<clinical_study>{element}</clinical_study>")
    assert [(v.field, v.value, str(v.state)) for v in record.reported] == [expected]


def test_what_the_registry_has_blacked_out_is_there_and_blank():
    record, problems = one(sponsors="<lead_sponsor><agency>[Redacted]</agency></lead_sponsor>")
    assert problems == []
    assert said(record, "sponsor.primary") == [("EMPTY_IN_SOURCE", None, "[Redacted]")]


def test_addresses_of_shared_data_and_their_comments_are_kept():
    record, _ = one(
        study_docs="<study_doc><doc_url>https://kites.example</doc_url><doc_comment>all of it</doc_comment></study_doc>"
    )
    assert [(v.field, v.value) for v in record.reported if v.field.startswith("ipd")] == [
        ("ipd.url", "https://kites.example"),
        ("ipd.comments", "all of it"),
    ]


# Several studies in one file.


def test_every_study_below_one_root_is_a_record_with_its_own_path():
    inner = NEW.split("?>", 1)[1]
    records, problems = read(
        f"<search_results count='2'><query/>{inner}{inner.replace('NCT09990001', 'NCT09990005')}</search_results>"
    )
    assert problems == []
    assert [(r.record, r.first("ids.primary").value, r.first("ids.primary").place.xpath) for r in records] == [
        (1, "NCT09990001", "/search_results/clinical_study[1]/id_info/nct_id"),
        (2, "NCT09990005", "/search_results/clinical_study[2]/id_info/nct_id"),
    ]
    assert len(records[1].reported) == len(NEW_VALUES)


def test_a_hit_of_a_search_gives_number_title_and_status():
    (record,), problems = read(
        "<search_results><clinical_study><order>1</order><nct_id>NCT09990006</nct_id><title>Kites</title>"
        "<status open='Y'>Recruiting</status><last_changed>May 1, 2010</last_changed></clinical_study></search_results>"
    )
    assert problems == []
    assert [(v.field, v.value) for v in record.reported] == [
        ("ids.primary", "NCT09990006"),
        ("title.public", "Kites"),
        ("status.recruitment", "RECRUITING"),
        ("registration.last_update", "2010-05-01"),
        ("ids.registry", "CTGOV"),
    ]


# What goes wrong in life.


@pytest.mark.parametrize(
    "raw",
    [
        ("\n \r\n" + NEW).encode(),
        ("\ufeff" + NEW).encode(),
        NEW.replace("\n", "\r\n").encode(),
        NEW.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
        NEW.replace("</clinical_study>", "<!-- none -->\x0b</clinical_study>").encode(),
    ],
    ids=["white space before", "a mark", "Windows line ends", "UTF-16", "a control character"],
)
def test_what_copying_does_to_a_file_makes_no_difference(raw):
    (record,), _ = read(raw)
    assert rows(record) == NEW_VALUES


def test_a_file_cut_in_the_middle_is_refused_with_its_line():
    with pytest.raises(ReviewError) as error:
        read(NEW[:900])
    assert "study.xml, line " in str(error.value)
    assert "well-formed XML" in str(error.value)


def test_an_entity_bomb_is_refused():
    bomb = "<!DOCTYPE clinical_study [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY a{n} '{f'&a{n - 1 or str()};' * 50}'>" for n in range(1, 12)
    )
    with pytest.raises(ReviewError, match="broken XML"):
        read(bomb + "]><clinical_study><brief_title>&a11;</brief_title></clinical_study>")


def test_a_file_of_the_computer_is_not_read_through_an_entity():
    text = (
        '<!DOCTYPE clinical_study [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        "<clinical_study><id_info><nct_id>NCT09990007</nct_id></id_info><brief_title>a&x;b</brief_title></clinical_study>"
    )
    try:
        (record,), _ = read(text)
    except ReviewError:
        return
    assert [v.value for v in record.known("title.public")] in ([], ["ab"])


def test_elements_nested_without_end_are_refused():
    with pytest.raises(ReviewError):
        read("<clinical_study>" + "<a>" * 100_000 + "</a>" * 100_000 + "</clinical_study>")


def test_thirty_thousand_outcomes_are_read_each_with_its_path():
    many = "<secondary_outcome><measure>m</measure></secondary_outcome>" * 30_000
    (record,), _ = read(f"<clinical_study>{many}</clinical_study>")
    assert record.known("outcomes.measure")[-1].place.xpath == "/clinical_study/secondary_outcome[30000]/measure"


@pytest.mark.parametrize("name", ["study_design", "masking", "criteria", "enrollment", "start_date", "phase"])
@pytest.mark.parametrize(
    "words", ["(" * 300_000, "a (b, " * 60_000, " , " * 100_000, "9" * 300_000, "Masking: " * 30_000]
)
def test_a_monstrous_line_is_read_or_refused(name, words):
    inner = {"masking": "study_design_info/masking", "criteria": "eligibility/criteria/textblock"}.get(name, name)
    steps = inner.split("/")
    text = "".join(f"<{s}>" for s in steps) + words + "".join(f"</{s}>" for s in reversed(steps))
    (record,), _ = read(f"<clinical_study>{text}</clinical_study>")
    assert record.source == "ctgov-xml"


@settings(max_examples=150)
@given(st.integers(0, len(NEW)), st.integers(0, 40), st.binary(max_size=8), st.booleans())
def test_whatever_is_damaged_there_are_records_or_a_review_error(at, length, bytes_, archive):
    raw = (ARCHIVE if archive else NEW).encode()
    damaged = raw[:at] + bytes_ + raw[at + length :]
    document = Document("study.xml", damaged, lambda problem: None)
    try:
        recognised_by = ctgov_xml.recognise(document)
        records = list(ctgov_xml.read(document, recognised_by)) if recognised_by else []
    except ReviewError:
        return
    for record in records:
        assert {v.field for v in record.reported} <= {name for name, _ in record.fields}


# The real files, against an independent reading.


def real_files(shared):
    folders = (shared / "records/ctgov-xml", shared / "records/ctgov-history/versions")
    files = [file for folder in folders for file in sorted(folder.rglob("*.xml"))]
    assert len(files) >= 80
    return files


def words_of(node):
    return " ".join("".join(node.itertext()).split())


def texts(root, *paths):
    """The words of all elements at these paths that have any; those that are blacked out have none."""
    found = [words_of(node) for path in paths for node in root.xpath(path)]
    return [words for words in found if words and words != "[Redacted]"]


def iso(words):
    for form, out in (("%B %d, %Y", "%Y-%m-%d"), ("%B %Y", "%Y-%m"), ("%Y-%m-%d", "%Y-%m-%d"), ("%Y-%m", "%Y-%m")):
        try:
            return datetime.strptime(words, form).strftime(out)
        except ValueError:
            continue
    raise AssertionError(words)


KIND = {"Actual": "ACTUAL", "Anticipated": "ANTICIPATED", "Estimate": "ANTICIPATED", None: "UNKNOWN"}
MASKS = {
    "None": "NONE",
    "Open": "NONE",
    "Single": "SINGLE",
    "Double": "DOUBLE",
    "Triple": "TRIPLE",
    "Quadruple": "QUADRUPLE",
}
ROLE = {
    **dict.fromkeys(["Subject", "Participant"], "PARTICIPANT"),
    **dict.fromkeys(["Caregiver", "Care Provider"], "CARE_PROVIDER"),
    "Investigator": "INVESTIGATOR",
    "Outcomes Assessor": "OUTCOMES_ASSESSOR",
}


def upper(words):
    return re.sub(r"[^A-Z0-9]+", "_", words.upper()).strip("_")


def dated(root, *paths):
    nodes = [node for path in paths for node in root.xpath(path)]
    return [(iso(words_of(node)), KIND[node.get("type")]) for node in nodes if words_of(node)]


def expected_masking(root):
    """All words on masking, wherever a file has them."""
    found = texts(root, "study_design_info/masking")
    found += re.findall(r"Masking: ((?:[^,(]|\([^)]*\))+)", " ".join(texts(root, "study_design")))
    found += [words for words in texts(root, "design") if re.match(r"Open Label|(Single|Double) Blind", words)]
    return found


def expected_design(root, name, bare):
    found = texts(root, f"study_design_info/{name}")
    label = {
        "allocation": "Allocation",
        "intervention_model": "Intervention Model",
        "primary_purpose": "Primary Purpose",
    }
    found += re.findall(rf"{label[name]}: ([^,]+)", " ".join(texts(root, "study_design")))
    return found + [words for words in texts(root, "design") if re.fullmatch(bare, words)]


STATUSES = {"Available": "UNKNOWN", "Withheld": "UNKNOWN", "Unknown status": "UNKNOWN"}
CLASSES = {"Other": "OTHER", "Industry": "INDUSTRY", "NIH": "GOVERNMENT"}
LISTS = ("primary", "secondary", "other")
AGE = re.compile(r"(\d+) (Year|Month|Week|Day)s?")


def ages(found):
    return [None if words == "N/A" else int(AGE.fullmatch(words)[1]) for words in found]


def expected(root):
    """What a study says by XPath alone: field -> values."""
    archive = root.find("study_id") is not None
    submitted = texts(root, "study_first_submitted", "firstreceived_date", "initial_release_date")
    masks = expected_masking(root)
    roles = [[ROLE[r.strip()] for r in words[words.index("(") + 1 : -1].split(",")] for words in masks
             if "(" in words and "Open" not in words]  # fmt: skip
    open_label = [[]] if any(MASKS[re.match(r"\w+", words)[0]] == "NONE" for words in masks) else []
    observational = "Observational" in " ".join(texts(root, "study_type"))
    purposes = "(?!)" if observational else "Treatment|Prevention|Other"
    sizes = [(words_of(n), n.get("type")) for n in root.xpath("enrollment") if words_of(n)]
    planned = texts(root, "eligibility/expected_enrollment") if not sizes else []
    return {
        "ids.primary": texts(root, "id_info/nct_id", "study_id/nct_id"),
        "ids.aliases": texts(root, "id_info/nct_alias"),
        "ids.secondary.id": [
            *texts(root, "id_info/org_study_id", "study_id/org_study_id", "id_info/secondary_id"),
            *texts(root, "study_id/secondary_id[not(id)]|study_id/secondary_id/id"),
        ],
        "title.public": texts(root, "brief_title"),
        "title.scientific": texts(root, "official_title"),
        "acronym": texts(root, "acronym"),
        "summary.brief": texts(root, "brief_summary"),
        "summary.detailed": texts(root, "detailed_description", "detailed_descr"),
        "registration.date": [iso(words) for words in submitted],
        "registration.submitted": [iso(words) for words in submitted],
        "registration.qc": [iso(words) for words in texts(root, "study_first_submitted_qc")],
        "registration.last_update": [
            iso(w) for w in texts(root, "last_update_submitted", "lastchanged_date", "last_release_date")
        ],
        "source.version_date": [iso(w) for w in texts(root, "last_release_date")] if archive else [],
        "status.verified": [iso(w) for w in texts(root, "verification_date", "status_block/date")],
        "status.recruitment": [
            STATUSES.get(w, upper(w)) for w in texts(root, "overall_status", "status_block/status")
        ],
        "status.why_stopped": texts(root, "why_stopped", "status_block/why_stopped"),
        "study_type": [
            None if w == "N/A" else upper(w.split(" [")[0]) for w in texts(root, "study_type")
        ],
        "design.phase": [
            ["NA"] if w == "N/A" else [upper(p).replace("_", "") for p in w.split("/")]
            for w in texts(root, "phase", "phase_block/phase")
        ],
        "design.allocation": [upper(w) for w in expected_design(root, "allocation", "Randomized")],
        "design.model": [
            upper(w.removesuffix(" Assignment")) for w in expected_design(root, "intervention_model", ".* Assignment")
        ],
        "design.purpose": [upper(w) for w in expected_design(root, "primary_purpose", purposes)],
        "masking.label": [MASKS[re.match(r"\w+", words)[0]] for words in masks],
        "masking.roles": roles or open_label,
        "enrolment.actual": [int(n) for n, kind in sizes if kind == "Actual"],
        "enrolment.target": [int(n) for n, kind in sizes if kind != "Actual"] + [int(n) for n in planned],
        "sponsor.primary": texts(root, "sponsors/lead_sponsor/agency", "study_sponsor/lead_sponsor/agency"),
        "sponsor.class": [CLASSES[w] for w in texts(root, "sponsors/lead_sponsor/agency_class")],
        "sponsor.secondary": texts(root, "sponsors/collaborator/agency", "study_sponsor/sponsor/agency"),
        "eligibility.sex": [{"Both": "ALL"}.get(w, upper(w)) for w in texts(root, "eligibility/gender")],
        "eligibility.age_min": ages(texts(root, "eligibility/minimum_age")),
        "eligibility.age_max": ages(texts(root, "eligibility/maximum_age")),
        "eligibility.healthy_volunteers": [w != "No" for w in texts(root, "eligibility/healthy_volunteers")],
        "outcomes.measure": texts(root, *(f"{kind}_outcome/measure" for kind in LISTS)),
        "outcomes.type": [
            kind for kind in ("PRIMARY", "SECONDARY", "OTHER") for _ in root.xpath(f"{kind.lower()}_outcome")
        ],
        "outcomes.timepoint": texts(
            root, "primary_outcome/time_frame", "secondary_outcome/time_frame", "other_outcome/time_frame"
        ),
        "outcomes.safety": [
            w == "Yes" for w in texts(root, *(f"{kind}_outcome/safety_issue" for kind in LISTS))
        ],
        "arms.label": texts(root, "arm_group/arm_group_label"),
        "arms.role": [upper(w) for w in texts(root, "arm_group/arm_group_type|arm_group/arm_type")],
        "arms.description": texts(root, "arm_group/description"),
        "interventions.name": texts(root, "intervention/intervention_name|intervention/primary_name"),
        "interventions.type": [
            upper(w.split("/")[0]) for w in texts(root, "intervention/intervention_type|intervention/intervent_type")
        ],
        "interventions.description": texts(root, "intervention/description"),
        "conditions": texts(root, "condition"),
        "keywords": texts(root, "keyword"),
        "condition_codes.term": texts(root, "condition_browse/mesh_term"),
        "countries": [
            country_code(w)
            for w in texts(root, "location_countries/country")
            or dict.fromkeys(texts(root, "location/facility/address/country"))
        ],
        "sites.name": texts(root, "location/facility/name"),
        "publications.pmid": texts(root, "reference/PMID", "results_reference/PMID"),
        "publications.citation": texts(
            root, "reference/citation", "background/reference/citation", "results_reference/citation"
        ),
        "results.posted": [True] if root.xpath("clinical_results|clinical_result") else [],
        "ipd.plan": [upper(w) for w in texts(root, "patient_data/sharing_ipd")],
    }  # fmt: skip


DATED = {
    "date.first_enrolment": ("start_date",),
    "date.primary_completion": ("primary_completion_date", "primary_compl_date"),
    "date.completion": ("completion_date", "last_follow_up_date", "end_date"),
    "registration.posted": ("study_first_posted",),
    "results.date": ("results_first_posted",),
}


@pytest.mark.real
def test_all_real_files_agree_with_an_independent_xpath_reading(shared):
    compared, differing = 0, []
    for file in real_files(shared):
        (record,), problems = read(file.read_bytes(), file.name)
        assert problems == [], file
        root = etree.fromstring(file.read_bytes())
        wanted = expected(root)
        wanted |= {field: [day for day, _ in dated(root, *paths)] for field, paths in DATED.items()}
        for field, values in wanted.items():
            mine = [v.value for v in record.all(field) if v.state != "EMPTY_IN_SOURCE"]
            compared += len(values)
            if mine != values:
                differing.append((file.name, field, mine, values))
        for field, paths in DATED.items():
            assert [(v.value, v.detail["kind"]) for v in record.known(field)] == dated(root, *paths), (file, field)
    assert differing == []
    assert compared > 5000


@pytest.mark.real
def test_every_xpath_of_a_real_value_leads_to_its_quote(shared):
    counted = 0
    for file in real_files(shared):
        (record,), _ = read(file.read_bytes(), file.name)
        root = etree.fromstring(file.read_bytes())
        for value in record.reported:
            nodes = root.xpath(value.place.xpath)
            told = ", ".join(words for node in nodes if (words := words_of(node)))
            counted += 1
            if value.state == "EMPTY_IN_SOURCE":
                assert value.quote in (nodes[0].tag, told) or value.quote in told
            elif value.field.startswith(("eligibility.", "masking.", "design.", "source.")):
                assert value.quote in told, value
            else:
                assert value.quote == told, value
    assert counted > 8000


@pytest.mark.real
def test_real_values_are_only_of_declared_fields_and_hold_no_person(shared):
    for file in real_files(shared):
        (record,), _ = read(file.read_bytes(), file.name)
        root = etree.fromstring(file.read_bytes())
        assert {v.field for v in record.reported} <= {name for name, _ in record.fields}
        persons = texts(root, "//email", "//phone", "//investigator_full_name", "//overall_official/last_name")
        told = {v.quote for v in record.reported if not v.field.startswith("sponsor.")}  # a person may be the sponsor
        assert not told & set(persons), file
