"""ISRCTN: the registry's XML and the same structure as JSON, value by value, and what becomes of everything odd.

The trials here are made up (ISRCTN9999…); the tests marked real compare the reader with an independent reading.
"""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from reviewkit.countries import country_code
from reviewkit.documents import Document, open_document
from reviewkit.errors import Problem, ReviewError
from reviewkit.fields import catalogue
from reviewkit.sources import isrctn, isrctn_words, who_xml
from reviewkit.sources import read as read_any

SPACE = "http://www.67bricks.com/isrctn"
TRIAL = """<fullTrial>
  <trial lastUpdated="2022-06-30T10:00:00.123456789Z" version="7" isPublished="true">
    <isrctn dateAssigned="2019-12-20T00:00:00.000Z">99990001</isrctn>
    <trialDescription>
      <acknowledgment>true</acknowledgment>
      <title>Lantern walks for poor sleepers</title>
      <scientificTitle>Evening lantern walks in insomnia: a made-up trial</scientificTitle>
      <acronym>LANTERN</acronym>
      <studyHypothesis>Walkers sleep longer.</studyHypothesis>
      <plainEnglishSummary>Not provided at time of registration</plainEnglishSummary>
      <primaryOutcomes>
        <outcomeMeasure id="1"><variable>Hours of sleep</variable><method>Diary</method>
          <timepoints>Week 4</timepoints></outcomeMeasure>
      </primaryOutcomes>
      <primaryOutcome/>
      <secondaryOutcomes>
        <outcomeMeasure id="2"><variable>Dreams told</variable><method/><timepoints>Week 8</timepoints></outcomeMeasure>
      </secondaryOutcomes>
      <secondaryOutcome>1. Mood
2. Steps</secondaryOutcome>
      <ethicsApprovalRequired>Ethics approval required</ethicsApprovalRequired>
      <ethicsCommittees>
        <ethicsCommittee id="3" approvalStatus="approved" statusDate="2019-11-05T00:00:00.000Z">
          <committeeName>Moonlight Ethics Board</committeeName>
          <contactDetails><address>9 Owl Lane</address><city>Lampton</city><country>Ireland</country>
            <telephone>+353 111</telephone><email>owl@example.org</email></contactDetails>
          <committeeReference>MEB/19/7</committeeReference>
        </ethicsCommittee>
      </ethicsCommittees>
    </trialDescription>
    <externalRefs>
      <doi>10.1186/ISRCTN99990001</doi>
      <eudraCTNumber>Nil known</eudraCTNumber>
      <irasNumber>777001</irasNumber>
      <clinicalTrialsGovNumber>NCT09991234</clinicalTrialsGovNumber>
      <protocolSerialNumber>CPMS: 90001, LW-1</protocolSerialNumber>
      <secondaryNumbers>
        <secondaryNumber numberType="nct" canonicalSecondaryNumber="NCT09991234">NCT09991234</secondaryNumber>
        <secondaryNumber numberType="cpms" canonicalSecondaryNumber="CPMS90001">90001</secondaryNumber>
        <secondaryNumber numberType="Night Council">NC-5</secondaryNumber>
        <secondaryNumber>Nil known</secondaryNumber><secondaryNumber>LW-1</secondaryNumber>
      </secondaryNumbers>
    </externalRefs>
    <trialDesign>
      <studyDesign>Single-centre parallel-group trial, stratified randomisation</studyDesign>
      <primaryStudyDesign>Interventional</primaryStudyDesign>
      <interventionalTrialDesign>
        <allocation>Randomized controlled trial</allocation>
        <masking>Blinded (masking used)</masking>
        <control>Placebo</control>
        <assignment>Crossover</assignment>
        <purposes><purpose>Supportive care</purpose></purposes>
      </interventionalTrialDesign>
      <secondaryStudyDesign>Not applicable</secondaryStudyDesign>
      <trialSettings><trialSetting>Home</trialSetting><trialSetting>Community</trialSetting></trialSettings>
      <trialTypes><trialType>Treatment</trialType></trialTypes>
      <overallEndDate>2023-01-31T00:00:00.000Z</overallEndDate>
    </trialDesign>
    <participants>
      <recruitmentCountries><country>United Kingdom</country><country>Scotland</country>
        <country>Ireland</country></recruitmentCountries>
      <trialCentres>
        <trialCentre id="4"><name>Lampton Infirmary</name><address>1 Night Road</address><city>Lampton</city>
          <state/><country>Ireland</country><zip>L1 9ZZ</zip></trialCentre>
      </trialCentres>
      <participantTypes><participantType>Patient</participantType></participantTypes>
      <healthyVolunteersAllowed>false</healthyVolunteersAllowed>
      <inclusion>1. Poor sleep
2. Two   lanterns</inclusion>
      <ageRange>Adult</ageRange>
      <lowerAgeLimit unit="years" value="18.0">18 Years</lowerAgeLimit>
      <upperAgeLimit unit="years" value="65.0"/>
      <gender>Both</gender>
      <targetEnrolment>Planned Sample Size: 60; UK Sample Size: 40</targetEnrolment>
      <totalFinalEnrolment>0</totalFinalEnrolment>
      <totalTarget/>
      <exclusion>Fear of moths</exclusion>
      <recruitmentStart>2020-02-01T00:00:00.000Z</recruitmentStart>
      <recruitmentEnd>2022-06-01T00:00:00.000Z</recruitmentEnd>
      <recruitmentStartStatusOverride/>
      <recruitmentStatusOverride/>
    </participants>
    <conditions>
      <condition><description>Insomnia</description><diseaseClass1>Nervous System Diseases</diseaseClass1>
        <diseaseClass2/></condition>
    </conditions>
    <interventions>
      <intervention><description>A walk each evening</description>
        <interventionType>Behavioural</interventionType><phase>Not Specified</phase>
        <drugNames>Lantern walk</drugNames></intervention>
    </interventions>
    <results>
      <publicationPlan>A paper</publicationPlan>
      <ipdSharingStatement>By letter</ipdSharingStatement>
      <intentToPublish>2024-01-01T00:00:00.000Z</intentToPublish>
      <dataPolicies><dataPolicy>Available on request</dataPolicy></dataPolicies>
      <publicationDetails>2021 Protocol article in https://doi.org/10.9999/lw.1 (added 01/02/2021)
2022 Results article in https://pubmed.ncbi.nlm.nih.gov/99990009/ results</publicationDetails>
    </results>
    <parties><funderId>7</funderId><sponsorId>6</sponsorId></parties>
  </trial>
  <contact id="5"><forename>Nobody</forename><surname>Atall</surname>
    <contactDetails><email>nobody@example.org</email><telephone>+353 222</telephone></contactDetails></contact>
  <sponsor id="6"><organisation>Lampton University</organisation><sponsorType>University/education</sponsorType>
    <commercialStatus>Non-commercial</commercialStatus></sponsor>
  <sponsor id="8"><organisation>Second Candle</organisation><sponsorType/></sponsor>
  <funder id="7"><name>Night Council</name></funder>
</fullTrial>"""
LIST = f'<?xml version="1.0"?>\n<allTrials xmlns="{SPACE}" totalCount="1">{TRIAL}</allTrials>'

# field, item, value (~ derived, ? unclear, 0 empty), quote, last steps of the path
TABLE = """
ids.primary||ISRCTN99990001|99990001|trial/isrctn
source.version||7|7|trial/@version
title.public||Lantern walks for poor sleepers|=|title
title.scientific||Evening lantern walks in insomnia: a made-up trial|=|scientificTitle
acronym||LANTERN|=|acronym
objective||Walkers sleep longer.|=|studyHypothesis
summary.design||Single-centre parallel-group trial, stratified randomisation|=|studyDesign
study_type||INTERVENTIONAL|Interventional|primaryStudyDesign
design.model||CROSSOVER|Crossover|assignment
eligibility.inclusion||1. Poor sleep¶2. Two lanterns|1. Poor sleep 2. Two lanterns|inclusion
eligibility.exclusion||Fear of moths|=|exclusion
eligibility.sex||ALL|Both|gender
eligibility.healthy_volunteers||false|false|healthyVolunteersAllowed
results.plan||A paper|=|publicationPlan
ipd.description||By letter|=|ipdSharingStatement
ids.registry||~ISRCTN|99990001|trial/isrctn
summary.brief||0|Not provided at time of registration|plainEnglishSummary
registration.date||2019-12-20|2019-12-20T00:00:00.000Z|@dateAssigned
registration.date_basis||~ASSIGNED|2019-12-20T00:00:00.000Z|@dateAssigned
registration.last_update||2022-06-30|2022-06-30T10:00:00.123456789Z|@lastUpdated
ids.secondary.id|1|777001|=|irasNumber
ids.secondary.type|1|~OTHER|777001|irasNumber
ids.secondary.id|2|NCT09991234|=|clinicalTrialsGovNumber
ids.secondary.type|2|~REGISTRY|NCT09991234|clinicalTrialsGovNumber
ids.secondary.id|3|90001|=|secondaryNumber[2]
ids.secondary.type|3|~OTHER|90001|secondaryNumber[2]
ids.secondary.id|4|NC-5|=|secondaryNumber[3]
ids.secondary.issuer|4|Night Council|=|secondaryNumber[3]/@numberType
ids.secondary.id|5|LW-1|=|protocolSerialNumber
ids.secondary.type|5|~SPONSOR|LW-1|protocolSerialNumber
date.first_enrolment||2020-02-01|2020-02-01T00:00:00.000Z|recruitmentStart
date.recruitment_end||2022-06-01|2022-06-01T00:00:00.000Z|recruitmentEnd
date.completion||2023-01-31|2023-01-31T00:00:00.000Z|overallEndDate
status.recruitment||~ACTIVE_NOT_RECRUITING|2023-01-31T00:00:00.000Z|overallEndDate
design.allocation||RANDOMIZED|Randomized controlled trial|allocation
masking.label||?|Blinded (masking used)|masking
design.control||["PLACEBO"]|Placebo|control
design.purpose||SUPPORTIVE_CARE|Supportive care|purpose
design.centres.multicentre||false|Single-centre|studyDesign
random.type||["STRATIFIED"]|stratified|studyDesign
eligibility.age_min||18|18 Years|lowerAgeLimit
eligibility.age_max||65|65.0|upperAgeLimit/@value
eligibility.age_groups||["ADULT"]|Adult|ageRange
recruitment.setting||Home, Community|=|trialSetting[1]
enrolment.target||60|60|targetEnrolment
enrolment.actual||0|0|totalFinalEnrolment
conditions|1|Insomnia|=|condition/description
condition_codes.term|1|Nervous System Diseases|=|diseaseClass1
condition_codes.condition|1|~[1]|Nervous System Diseases|diseaseClass1
interventions.name|1|Lantern walk|=|drugNames
interventions.description|1|A walk each evening|=|intervention/description
interventions.type|1|BEHAVIORAL|Behavioural|interventionType
design.phase||0|Not Specified|phase
outcomes.measure|1|Hours of sleep|=|primaryOutcomes/outcomeMeasure/variable
outcomes.method|1|Diary|=|method
outcomes.timepoint|1|Week 4|=|timepoints
outcomes.type|1|~PRIMARY|Hours of sleep|variable
outcomes.measure|2|Dreams told|=|variable
outcomes.timepoint|2|Week 8|=|timepoints
outcomes.type|2|~SECONDARY|Dreams told|variable
outcomes.measure|3|1. Mood¶2. Steps|1. Mood 2. Steps|secondaryOutcome
outcomes.type|3|~SECONDARY|1. Mood 2. Steps|secondaryOutcome
countries|1|GB|United Kingdom|country[1]
countries|2|IE|Ireland|country[3]
sites.name|1|Lampton Infirmary|=|trialCentre/name
sites.city|1|Lampton|=|trialCentre/city
sites.country|1|IE|Ireland|trialCentre/country
sponsor.primary||Lampton University|=|sponsor[1]/organisation
sponsor.class||ACADEMIC|University/education|sponsor[1]/sponsorType
sponsor.secondary|1|Second Candle|=|sponsor[2]/organisation
funders.name|1|Night Council|=|funder/name
ethics.required||true|Ethics approval required|ethicsApprovalRequired
ethics.committee|1|Moonlight Ethics Board|=|committeeName
ethics.reference|1|MEB/19/7|=|committeeReference
ethics.city|1|Lampton|=|contactDetails/city
ethics.status|1|APPROVED|approved|@approvalStatus
ethics.date|1|2019-11-05|2019-11-05T00:00:00.000Z|@statusDate
ipd.plan||YES|Available on request|dataPolicy
ipd.access||Available on request|=|dataPolicy
publications.doi|1|10.9999/lw.1|=|publicationDetails
publications.url|1|https://doi.org/10.9999/lw.1|=|publicationDetails
publications.citation|1|2021 Protocol article in https://doi.org/10.9999/lw.1 (added 01/02/2021)|=|publicationDetails
publications.type|1|PROTOCOL|Protocol article|publicationDetails
publications.pmid|2|99990009|=|publicationDetails
publications.url|2|https://pubmed.ncbi.nlm.nih.gov/99990009/|=|publicationDetails
publications.citation|2|2022 Results article in https://pubmed.ncbi.nlm.nih.gov/99990009/ results|=|publicationDetails
publications.type|2|RESULT|Results article|publicationDetails
"""


def document(content: str | bytes | object, name: str = "isrctn.xml") -> tuple[Document, list[Problem]]:
    if not isinstance(content, (str, bytes)):
        content = json.dumps(content)
    problems: list[Problem] = []
    raw = content.encode() if isinstance(content, str) else content
    return Document(name, raw, problems.append), problems


def read(content):
    made, problems = document(content)
    return list(isrctn.read(made, isrctn.recognise(made))), problems


def short(path: str) -> str:
    return re.sub(r"\*\[local-name\(\)='(\w+)'\]", r"\1", path)


STATES = {"~": "DERIVED", "?": "UNCLEAR", "0": "EMPTY_IN_SOURCE"}


def table(text: str) -> list[tuple]:
    rows = []
    for line in text.strip().splitlines():
        field, item, said, quote, path = line.split("|")
        state = STATES["~"] if said.startswith("~") else STATES.get(said, "REPORTED")
        value = None if said in STATES else said.lstrip("~").replace("¶", "\n")
        rows.append((field, int(item) if item else None, value, state, said if quote == "=" else quote, path))
    return rows


def told(value) -> str | None:
    if value.value is None or isinstance(value.value, str):
        return value.value
    return json.dumps(value.value, separators=(",", ":"))


def resolved(value, content) -> str:
    """The scalar at a value's place, as the test itself finds it."""
    if value.place.pointer is not None:
        for step in value.place.pointer.split("/")[1:]:
            content = content[int(step)] if isinstance(content, list) else content[step]
        return content if isinstance(content, str) else json.dumps(content)
    (found,) = content.xpath(value.place.xpath)
    return " ".join((found if isinstance(found, str) else "".join(found.itertext())).split())


def as_json(xml: str) -> dict:
    """The trial of the XML as programs turn it into JSON: no attributes, a single member without its list."""

    def of(node):
        members: dict = {}
        for part in node:
            members.setdefault(etree.QName(part).localname, []).append(of(part))
        if not members:
            return node.text or ""
        return {name: same[0] if len(same) == 1 else same for name, same in members.items()}

    return of(etree.fromstring(xml.encode()).find("{*}fullTrial/{*}trial"))


def test_every_element_of_the_xml_becomes_its_value_with_quote_and_path():
    (record,), problems = read(LIST)
    expected = table(TABLE)
    got = [(v.field, v.item, told(v), str(v.state), v.quote, short(v.place.xpath)) for v in record.reported]
    assert [row[:5] for row in got] == [row[:5] for row in expected]
    assert [at for *_, at in got if not any(at.endswith("/" + row[5]) for row in expected)] == []
    assert [row[0] for row, want in zip(got, expected, strict=True) if not row[5].endswith("/" + want[5])] == []
    assert problems == []
    assert (record.source, record.kind, record.recognised_by) == (
        "isrctn", "registry", "root allTrials of the ISRCTN registry",
    )  # fmt: skip


def test_every_xpath_leads_to_the_quote():
    (record,), _ = read(LIST)
    root = etree.fromstring(LIST.encode())
    for value in record.reported:
        scalar = resolved(value, root)
        assert value.quote in scalar or (value.state.value != "REPORTED") or value.field == "recruitment.setting", value


def test_the_same_trial_as_json_gives_the_same_values_but_for_the_attributes():
    (xml,), _ = read(LIST)
    (found,), problems = read(as_json(LIST))
    of_attributes = {"registration.date", "registration.date_basis", "registration.last_update", "source.version",
                     "status.recruitment", "sponsor.primary", "sponsor.class", "sponsor.secondary", "funders.name",
                     "ethics.status", "ethics.date", "ids.secondary.issuer", "eligibility.age_max"}  # fmt: skip

    def values(record):
        return [
            (v.field, v.item, " ".join((told(v) or "").split()), str(v.state))
            for v in record.reported
            if v.field not in of_attributes and not v.field.startswith("ids.secondary")
        ]

    assert values(found) == values(xml)
    assert problems == []
    assert {value.place.pointer is not None for value in found.reported} == {True}
    for value in found.reported:
        assert (
            value.quote in resolved(value, as_json(LIST))
            or value.quote == value.place.pointer.rsplit("/", 1)[1]
            or (value.field == "recruitment.setting")
        ), value


@pytest.mark.parametrize(
    "wrap",
    [
        lambda trial: f'<allTrials xmlns="{SPACE}">{trial}</allTrials>',
        lambda trial: f"<allTrials>{trial}</allTrials>",
        lambda trial: f'<i:allTrials xmlns:i="{SPACE}">' + re.sub(r"<(/?)(?=\w)", r"<\1i:", trial) + "</i:allTrials>",
        lambda trial: trial,
        lambda trial: trial.replace("<fullTrial>", f'<fullTrial xmlns="{SPACE}">', 1),
        lambda trial: trial[trial.index("<trial ") : trial.index("</trial>") + 8],
        lambda trial: "\ufeff<!-- a note --><?word ?>" + trial,
    ],
    ids=["list", "no namespace", "prefix", "lone fullTrial", "lone with namespace", "lone trial", "note before"],
)
def test_a_list_or_a_lone_trial_with_or_without_namespace_is_read_the_same(wrap):
    (record,), problems = read(wrap(TRIAL))
    assert record.first("ids.primary").value == "ISRCTN99990001"
    assert record.first("registration.date").value == "2019-12-20"
    assert [v.value for v in record.known("outcomes.measure")] == ["Hours of sleep", "Dreams told", "1. Mood\n2. Steps"]
    assert problems == []
    root = etree.fromstring(wrap(TRIAL).lstrip("\ufeff").encode())
    assert all(root.xpath(value.place.xpath) for value in record.reported)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda trial: trial,
        lambda trial: [trial],
        lambda trial: {"trial": trial},
        lambda trial: {"fullTrial": {"trial": trial}},
        lambda trial: {"fullTrial": [{"trial": trial}]},
        lambda trial: {"allTrials": {"fullTrial": [{"trial": trial}]}},
        lambda trial: {"results": [trial]},
    ],
)
def test_json_may_hold_the_trial_alone_in_a_list_or_in_its_envelope(wrap):
    content = wrap(as_json(LIST))
    (record,), problems = read(content)
    assert record.first("ids.primary").value == "ISRCTN99990001"
    assert problems == []
    assert resolved(record.first("ids.primary"), content) == "99990001"


def test_attributes_that_json_kept_are_read_too():
    trial = as_json(LIST)
    trial["isrctn"] = {"@dateAssigned": "2019-12-20T00:00:00.000Z", "#text": "99990001"}
    trial["@lastUpdated"] = "2022-06-30T10:00:00Z"
    (record,), problems = read({"trial": trial, "sponsor": {"organisation": "Lampton University"}})
    assert record.first("ids.primary").value == "ISRCTN99990001"
    assert record.first("ids.primary").place.pointer == "/trial/isrctn/#text"
    assert record.first("registration.date").value == "2019-12-20"
    assert record.first("status.recruitment").value == "ACTIVE_NOT_RECRUITING"
    assert record.first("sponsor.primary").value == "Lampton University"
    assert problems == []


# One thing at a time


def changed(old: str, new: str, *, whole: str = LIST):
    assert old in whole
    (record,), problems = read(whole.replace(old, new, 1))
    return record, problems


@pytest.mark.parametrize(
    "words, value, state",
    [
        ("60", 60, "REPORTED"),
        ("1,200", 1200, "REPORTED"),
        ("60 participants", 60, "REPORTED"),
        ("Planned Sample Size: 60; UK Sample Size: 60", 60, "REPORTED"),
        ("UK sample size: 25; planned sample size: 1,200", 1200, "REPORTED"),
        ("Total: 80", 80, "REPORTED"),
        ("UK Sample Size: 60", None, "UNCLEAR"),
        ("Planned Sample Size: 60; Planned sample size: 70", None, "UNCLEAR"),
        ("approximately 60", None, "UNCLEAR"),
        ("60 to 80", None, "UNCLEAR"),
        ("30 per group", None, "UNCLEAR"),
        ("Target: 60 per arm", None, "UNCLEAR"),
        ("not yet known", None, "EMPTY_IN_SOURCE"),
        ("0", None, "EMPTY_IN_SOURCE"),
    ],
)
def test_a_size_is_a_number_or_stays_open(words, value, state):
    record, problems = changed("Planned Sample Size: 60; UK Sample Size: 40", words)
    (found,) = record.all("enrolment.target")
    assert (found.value, str(found.state)) == (value, state)
    assert found.quote in words
    assert len(problems) == (state == "UNCLEAR")


@pytest.mark.parametrize(
    "override, version, member, state",
    [
        ("Stopped", "2022-06-30", "TERMINATED", "REPORTED"),
        ("Suspended", "2022-06-30", "SUSPENDED", "REPORTED"),
        ("", "2020-01-31", "NOT_YET_RECRUITING", "DERIVED"),
        ("", "2020-02-02", "RECRUITING", "DERIVED"),
        ("", "2022-06-02", "ACTIVE_NOT_RECRUITING", "DERIVED"),
        ("", "2023-02-01", "COMPLETED", "DERIVED"),
    ],
)
def test_status_is_an_override_or_follows_from_the_dates(override, version, member, state):
    text = LIST.replace("2022-06-30T10:00:00.123456789Z", f"{version}T10:00:00Z")
    record, _ = changed(
        "<trialTypes>", f"<overallStatusOverride>{override}</overallStatusOverride><trialTypes>", whole=text
    )
    (found,) = [v for v in record.all("status.recruitment") if v.value]
    assert (found.value, str(found.state)) == (member, state)
    assert found.method == ("rule:isrctn-status-of-dates" if state == "DERIVED" else "isrctn:path")


def test_stopped_recruitment_says_nothing_of_the_trial():
    record, problems = changed(
        "<recruitmentStatusOverride/>", "<recruitmentStatusOverride>Stopped</recruitmentStatusOverride>"
    )
    (found,) = record.all("status.recruitment")
    assert (found.value, str(found.state), found.quote) == (None, "UNCLEAR", "Stopped")
    assert problems == []


@pytest.mark.parametrize(
    "version, kinds",
    [
        ("2019-12-21", ["ANTICIPATED"] * 3),
        ("2022-01-01", ["UNKNOWN", "ANTICIPATED", "ANTICIPATED"]),
        ("2022-06-30", ["UNKNOWN", "UNKNOWN", "ANTICIPATED"]),
        ("2023-02-01", ["ACTUAL"] * 3),
    ],
)
def test_a_date_after_the_version_is_planned_and_all_have_come_once_the_trial_ended_before_it(version, kinds):
    record, _ = changed("2022-06-30T10:00:00.123456789Z", f"{version}T00:00:00Z")
    fields = ("date.first_enrolment", "date.recruitment_end", "date.completion")
    assert [record.first(field).detail["kind"] for field in fields] == kinds


@pytest.mark.parametrize(
    "words, allocation, model, observed",
    [
        ("Randomised controlled trial", "RANDOMIZED", None, None),
        ("Randomised cross over trial", "RANDOMIZED", "CROSSOVER", None),
        ("Non randomised study", "NON_RANDOMIZED", None, None),
        ("Non-randomised controlled trial", "NON_RANDOMIZED", None, None),
        ("Cohort study", None, None, "Cohort study"),
        ("Case-control study", None, None, "Case-control study"),
        ("Not specified", None, None, None),
        ("Other", None, None, None),
    ],
)
def test_the_older_study_design_gives_allocation_and_model(words, allocation, model, observed):
    older = re.sub(r"(?s)<studyDesign>.*</secondaryStudyDesign>",
                   f"<primaryStudyDesign>Other</primaryStudyDesign><secondaryStudyDesign>{words}</secondaryStudyDesign>",
                   LIST)  # fmt: skip
    (record,), problems = read(older)
    fields = ("design.allocation", "design.model", "design.observational_model")
    assert [v.value if (v := record.first(field)) else None for field in fields] == [allocation, model, observed]
    assert record.first("study_type").value == "OTHER"
    assert problems == []


@pytest.mark.parametrize(
    "prose, facts",
    [
        ("Multicentre double-blind randomised study", {"design.allocation": "RANDOMIZED", "masking.label": "DOUBLE",
                                                        "design.centres.multicentre": True}),
        ("Open-label single-arm study", {"masking.label": "NONE", "masking.roles": [], "design.model": "SINGLE_GROUP",
                                         "design.allocation": "NA"}),
        ("Non-randomised; Interventional; Design type: Treatment, Drug", {"design.allocation": "NON_RANDOMIZED"}),
        ("Study of lanterns", {}),
    ],
)  # fmt: skip
def test_a_study_design_in_prose_gives_what_it_says_in_so_many_words(prose, facts):
    older = re.sub(r"(?s)<studyDesign>.*</secondaryStudyDesign>", f"<studyDesign>{prose}</studyDesign>", LIST)
    (record,), _ = read(older)
    fields = ("design.allocation", "design.model", "masking.label", "masking.roles", "design.centres.multicentre")
    assert {field: v.value for field in fields if (v := record.first(field))} == facts
    assert all(value.quote in prose for value in record.reported if value.place.xpath.endswith("'studyDesign']"))


@pytest.mark.parametrize(
    "phase, value, state",
    [
        ("Phase III", ["PHASE3"], "REPORTED"),
        ("Phase I/II", ["PHASE1", "PHASE2"], "REPORTED"),
        ("Not Applicable", ["NA"], "REPORTED"),
        ("Not Specified", None, "EMPTY_IN_SOURCE"),
        ("", None, "EMPTY_IN_SOURCE"),
        ("Phase Moon", None, "UNCLEAR"),
    ],
)
def test_phases(phase, value, state):
    record, _ = changed("<phase>Not Specified</phase>", f"<phase>{phase}</phase>")
    (found,) = record.all("design.phase")
    assert (found.value, str(found.state)) == (value, state)


@pytest.mark.parametrize(
    "words, groups, state",
    [
        ("Senior", ["OLDER_ADULT"], "REPORTED"),
        ("Neonate", ["CHILD"], "REPORTED"),
        ("All", ["CHILD", "ADULT", "OLDER_ADULT"], "REPORTED"),
        ("Not Specified", None, "EMPTY_IN_SOURCE"),
        ("Youngish", None, "UNCLEAR"),
    ],
)
def test_age_groups(words, groups, state):
    record, problems = changed("<ageRange>Adult", f"<ageRange>{words}")
    (found,) = record.all("eligibility.age_groups")
    assert (found.value, str(found.state)) == (groups, state)
    assert len(problems) == (state == "UNCLEAR")


def test_a_mixed_age_range_leaves_the_groups_open_and_several_purposes_leave_the_primary_one_open():
    record, problems = changed("<ageRange>Adult", "<ageRange>Mixed")
    assert [(v.value, str(v.state), v.quote) for v in record.all("eligibility.age_groups")] == [
        (None, "UNCLEAR", "Mixed")
    ]
    record, _ = changed(
        "<purpose>Supportive care</purpose>", "<purpose>Treatment</purpose><purpose>Screening</purpose>"
    )
    (found,) = record.all("design.purpose")
    assert (found.value, str(found.state), found.quote) == (None, "UNCLEAR", "Treatment, Screening")
    assert problems == []


@pytest.mark.parametrize(
    "sentence, committee, day, reference, status",
    [
        ("Moth Ethics Committee, 03/02/2020, ref: 20/M/1", "Moth Ethics Committee", "2020-02-03", "20/M/1", None),
        ("Approved 05/06/2021, Moth Ethics Committee 2 (1 Hill Rd, 9999; +1 23; a@b.org), ref: M (4) x",
         "Moth Ethics Committee 2", "2021-06-05", "M (4) x", "APPROVED"),
        ("NRES Committee Night, Old Mill, Mill Street", "NRES Committee Night", None, None, None),
        ("1. Moth Ethics Committee, 03/02/2020 2. Bat Ethics Committee, 04/02/2020", None, None, None, None),
        ("Dr A. Nobody agreed by telephone", None, None, None, None),
    ],
)  # fmt: skip
def test_the_older_ethics_sentence_gives_one_committee_or_only_its_own_name(
    sentence, committee, day, reference, status
):
    record, problems = changed("</ethicsCommittees>", f"</ethicsCommittees><ethicsApproval>{sentence}</ethicsApproval>")
    held = [v for v in record.reported if v.field.startswith("ethics.") and v.place.xpath.endswith("ethicsApproval']")]
    got = {v.field: v.value for v in held}
    wanted = {"ethics.committee": committee, "ethics.date": day, "ethics.reference": reference, "ethics.status": status}
    assert {key: value for key, value in got.items() if value} == {key: value for key, value in wanted.items() if value}
    if committee is None:
        assert [(v.value, str(v.state), v.quote) for v in held] == [(None, "UNCLEAR", "ethicsApproval")]
    assert all("@" not in v.quote and "Street" not in v.quote and "Nobody" not in v.quote for v in held)
    assert problems == []


def test_numbers_that_a_label_and_the_list_both_give_are_told_once_and_nil_known_is_none():
    record, _ = changed("777001", "Nil known")
    assert [v.value for v in record.known("ids.secondary.id")] == ["NCT09991234", "90001", "NC-5", "LW-1"]
    nothing = re.sub(r"(?s)<irasNumber>.*</secondaryNumbers>", "", LIST)
    (record,), _ = read(nothing)
    assert [(v.field, v.item, v.value, v.quote) for v in record.all("ids.secondary.id")] == [
        ("ids.secondary.id", None, None, "Nil known")
    ]


def test_a_code_nobody_knows_keeps_its_words_and_is_told_once():
    record, problems = changed("<interventionType>Behavioural", "<interventionType>Telepathy")
    (found,) = record.all("interventions.type")
    assert (found.value, str(found.state), found.quote) == (None, "UNCLEAR", "Telepathy")
    assert [problem.found for problem in problems] == ["'Telepathy'"]
    record, problems = changed("<interventionType>Behavioural", "<interventionType>Mixed")
    assert [(v.value, str(v.state)) for v in record.all("interventions.type")] == [(None, "UNCLEAR")]
    assert problems == []


def test_the_summary_for_the_public_ends_before_the_part_that_names_a_person():
    told = "Sleep matters.\nWho can take part?\nPoor sleepers\n\nWho is the main contact?\nNobody, nobody@example.org"
    record, _ = changed("<plainEnglishSummary>Not provided at time of registration", f"<plainEnglishSummary>{told}")
    found = record.first("summary.brief")
    assert found.value == "Sleep matters.\nWho can take part?\nPoor sleepers"
    assert found.quote == "Sleep matters. Who can take part? Poor sleepers"
    assert "example.org" not in json.dumps(record.as_json())


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("<plainEnglishSummary>Not provided at time of registration", "<plainEnglishSummary>Sleep matters.\nA "
         "computer-generated random list is used.\n\nWho is the main contact?\nNobody, a random number table",
         [("sequence_generation", "adequate", "plainEnglishSummary")]),
        ("parallel-group trial, stratified randomisation", "open-label trial",
         [("blinding_participants", "not_blinded", "studyDesign")]),
    ],
    ids=["summary, up to the contact", "design"],
)  # fmt: skip
def test_prose_of_the_trial_gives_statements_at_its_own_place(old, new, said):
    (plain,), _ = read(LIST)
    record, problems = changed(old, new)
    more = [s for s in record.statements if s not in plain.statements]
    assert [(s.concept, s.label, re.findall(r"\w+", s.place.xpath)[-1]) for s in more] == said
    root = etree.fromstring(LIST.replace(old, new, 1).encode())
    assert all(s.quote in resolved(s, root) for s in record.statements)
    assert problems == []


def test_no_person_phone_mail_street_or_postcode_is_read():
    for content in (LIST, as_json(LIST)):
        (record,), _ = read(content)
        whole = json.dumps(record.as_json())
        assert not re.search(r"@example|\+353|Atall|Nobody|Owl Lane|Night Road|L1 9ZZ", whole)
    assert not any(catalogue()[field].private for field, _ in isrctn.FIELDS)


@pytest.mark.parametrize(
    "types, value",
    [
        (["Patient"], False),
        (["Patient", "Healthy volunteer"], True),
        (["Patient", "Carer"], None),
        (["Other"], None),
        ([], None),
    ],
)
def test_older_forms_tell_healthy_volunteers_by_the_kinds_of_participants(types, value):
    listed = "".join(f"<participantType>{words}</participantType>" for words in types)
    older = f"<participantTypes>{listed}</participantTypes>"
    text = re.sub(r"(?s)<participantTypes>.*</healthyVolunteersAllowed>", older, LIST)
    (record,), _ = read(text)
    assert [v.value for v in record.all("eligibility.healthy_volunteers")] == ([] if value is None else [value])


def test_the_first_form_of_the_xml_has_no_lists_around_single_answers():
    text = re.sub(r"(?s)<interventionalTrialDesign>.*</interventionalTrialDesign>", "", LIST)
    text = re.sub(r"</?(?:trialTypes|trialSettings)>", "", text).replace("<trialSetting>Community</trialSetting>", "")
    (record,), problems = read(text)
    assert record.first("design.purpose").value == "TREATMENT"
    assert record.first("recruitment.setting").value == "Home"
    assert problems == []


# Many trials, and broken ones


def many(count: int) -> str:
    trials = "".join(TRIAL.replace("99990001", str(10_000_000 + number)) for number in range(1, count + 1))
    return f'<allTrials xmlns="{SPACE}" totalCount="{count}">{trials}</allTrials>'


def test_several_trials_in_a_file_are_records_with_paths_of_their_own():
    text = many(3)
    records, problems = read(text)
    assert [record.first("ids.primary").value for record in records] == [
        "ISRCTN10000001", "ISRCTN10000002", "ISRCTN10000003",
    ]  # fmt: skip
    assert [record.record for record in records] == [1, 2, 3]
    root = etree.fromstring(text.encode())
    for record in records:
        assert resolved(record.first("ids.primary"), root) == record.first("ids.primary").quote
        assert all(resolved(v, root) is not None for v in record.reported)
    assert problems == []


def test_one_trial_is_held_at_a_time():
    made, _ = document(many(400))
    held = [len(whole.node.getparent()) for whole in isrctn._wholes(made)]
    assert len(held) == 400
    assert max(held) < 10  # as many as a piece of the file holds


def test_a_long_file_is_read_from_its_place_and_never_held(tmp_path, monkeypatch):
    monkeypatch.setattr("reviewkit.documents.LONG", 1000)
    path = tmp_path / "long.xml"
    path.write_text(many(20), encoding="utf-8")
    made = open_document(path, path.name, print)
    assert sum(1 for _ in read_any(made)) == 20
    assert "raw" not in vars(made)


def test_a_file_cut_short_gives_the_trials_before_the_cut_and_then_an_error():
    text = many(3)
    made, _ = document(text[: text.rindex("<participants>")])
    records, error = [], None
    try:
        for record in isrctn.read(made, "test"):
            records.append(record)
    except ReviewError as found:
        error = found
    assert len(records) == 2
    assert error is not None
    assert str(error).splitlines()[0].startswith("isrctn.xml, line ")
    assert "found     broken XML: " in str(error)
    assert "expected  records of the ISRCTN registry, as XML or JSON" in str(error)
    assert "fix       download the file again; it may have been cut short or edited" in str(error)


def test_json_cut_short_is_refused_with_its_line():
    made, _ = document(json.dumps(as_json(LIST), indent=1)[:900], "cut.json")
    with pytest.raises(ReviewError) as error:
        isrctn.recognise(made)
    assert error.value.problem.found.startswith("broken JSON: ")
    assert error.value.problem.expected == "records of the ISRCTN registry, as XML or JSON"
    assert error.value.problem.place.line > 1


def test_an_entry_without_a_number_is_told_and_the_others_are_read():
    records, problems = read([as_json(LIST), {"title": "no trial"}, 7])
    assert len(records) == 1
    errors = [problem for problem in problems if problem.severity == "error"]
    assert [(p.place.pointer, p.found, p.severity) for p in errors] == [
        ("/1", "an entry without the number isrctn", "error"),
        ("/2", "an entry without the number isrctn", "error"),
    ]


def test_a_search_page_without_trials_is_a_notice():
    records, problems = read(f'<allTrials xmlns="{SPACE}" totalCount="0"></allTrials>')
    assert records == []
    assert [(p.severity, p.found) for p in problems] == [("notice", "a search page without trials")]


def test_utf_16_and_characters_that_xml_may_not_hold_are_read():
    for raw in (("<?xml version='1.0' encoding='utf-16'?>" + TRIAL).encode("utf-16"),
                LIST.replace("Walkers", "Walk\x0bers &#x1;").encode()):  # fmt: skip
        (record,), _ = read(raw)
        assert record.first("ids.primary").value == "ISRCTN99990001"
    assert record.first("objective").value == "Walkers sleep longer."


def test_entities_of_the_file_are_expanded_and_others_never_fetched():
    text = f'<!DOCTYPE allTrials [<!ENTITY moth "Moth"><!ENTITY x SYSTEM "file:///etc/hostname">]>{LIST.split("?>")[1]}'
    (record,), _ = read(text.replace("Fear of moths", "Fear of &moth;"))
    assert record.first("eligibility.exclusion").value == "Fear of Moth"
    made, _ = document(text.replace("Fear of moths", "&x;"))
    try:
        (record,) = list(isrctn.read(made, "test"))
    except ReviewError:
        return
    assert [v.value for v in record.all("eligibility.exclusion")] == [None]


def test_sources_know_isrctn_by_its_content_and_leave_other_files_alone():
    made, _ = document(LIST)
    assert {record.source for record in read_any(made)} == {"isrctn"}
    made, _ = document(as_json(LIST), "x.json")
    assert {record.source for record in read_any(made)} == {"isrctn"}
    for other in ("<trial><main><trial_id>ISRCTN99990001</trial_id></main></trial>", '{"isrctn": "x"}', "[]", "isrctn",
                  '<html><p>"isrctn"</p></html>'):  # fmt: skip
        assert isrctn.recognise(document(other)[0]) is None


WHO = """<?xml version="1.0" encoding="UTF-8"?>
<trials><trial>
  <main><trial_id>ISRCTN99990001</trial_id><utrn>Nil known</utrn><reg_name>ISRCTN</reg_name>
    <date_registration>20/12/2019</date_registration><primary_sponsor>Lampton University</primary_sponsor>
    <public_title>Lantern walks</public_title><acronym>LANTERN</acronym>
    <scientific_title>Evening lantern walks</scientific_title>
    <date_enrolment>01/02/2020</date_enrolment><type_enrolment>Actual</type_enrolment><target_size>60</target_size>
    <recruitment_status>Completed</recruitment_status><url>https://www.isrctn.com/ISRCTN99990001</url>
    <study_type>Interventional</study_type><study_design>Randomised controlled trial (Treatment)</study_design>
    <phase>Phase III</phase><hc_freetext>Insomnia</hc_freetext><i_freetext>A walk each evening</i_freetext></main>
  <countries><country2>United Kingdom</country2><country2>Ireland</country2></countries>
  <criteria><inclusion_criteria>Poor sleep</inclusion_criteria><agemin>18 Years</agemin><agemax/>
    <gender>Both</gender><exclusion_criteria>Fear of moths</exclusion_criteria></criteria>
  <primary_outcome><prim_outcome>Hours of sleep</prim_outcome></primary_outcome>
  <secondary_outcome><sec_outcome>Mood</sec_outcome></secondary_outcome>
  <secondary_ids><secondary_id><sec_id>NCT09991234</sec_id></secondary_id></secondary_ids>
  <source_support><source_name>Night Council</source_name></source_support>
</trial></trials>"""


def test_the_registrys_who_form_is_read_as_whos_exchange_xml():
    made, problems = document(WHO, "who.xml")
    assert isrctn.recognise(made) is None
    (record,) = list(who_xml.read(made, who_xml.recognise(made)))
    got = {
        field: record.first(field).value
        for field in ("ids.primary", "ids.registry", "registration.date", "date.first_enrolment", "enrolment.target",
                      "design.allocation", "design.phase", "study_type", "status.recruitment", "sponsor.primary",
                      "title.public", "eligibility.age_min", "eligibility.sex")
    }  # fmt: skip
    assert got == {
        "ids.primary": "ISRCTN99990001", "ids.registry": "ISRCTN", "registration.date": "2019-12-20",
        "date.first_enrolment": "2020-02-01", "enrolment.target": 60, "design.allocation": "RANDOMIZED",
        "design.phase": ["PHASE3"], "study_type": "INTERVENTIONAL", "status.recruitment": "RECRUITMENT_COMPLETE",
        "sponsor.primary": "Lampton University", "title.public": "Lantern walks", "eligibility.age_min": 18,
        "eligibility.sex": "ALL",
    }  # fmt: skip
    assert [v.value for v in record.known("countries")] == ["GB", "IE"]
    assert [v.value for v in record.known("outcomes.measure")] == ["Hours of sleep", "Mood"]
    assert problems == []


# Whatever comes

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def paths(content, at: str = "") -> list[str]:
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [f"{at}/{key}" for key, _ in inner] + [path for key, one in inner for path in paths(one, f"{at}/{key}")]


SOUND = as_json(LIST)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(paths(SOUND)), JSON)
def test_any_json_in_place_of_any_part_is_read_or_told(path, junk):
    content = copy.deepcopy(SOUND)
    steps = path.split("/")[1:]
    holder = content
    for step in steps[:-1]:
        holder = holder[int(step) if isinstance(holder, list) else step]
    holder[int(steps[-1]) if isinstance(holder, list) else steps[-1]] = junk
    made, _ = document(content)
    try:
        records = list(isrctn.read(made, "test"))
    except ReviewError:
        return
    for record in records:
        json.dumps(record.as_json())
        for value in record.reported:
            resolved(value, content)
            assert value.quote is not None


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(LIST)), st.integers(0, 40), st.binary(max_size=20))
def test_any_damage_to_the_xml_is_read_or_refused_in_our_words(start, length, junk):
    raw = LIST.encode()
    made, _ = document(raw[:start] + junk + raw[start + length :])
    try:
        for record in isrctn.read(made, isrctn.recognise(made) or "test"):
            json.dumps(record.as_json())
    except ReviewError as error:
        assert error.problem.fix


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(set(re.findall(r"<(\w+)[ >]", TRIAL)))), st.text(max_size=30))
def test_any_words_in_any_element_are_read_or_kept_unclear(name, words):
    root = etree.fromstring(TRIAL)
    for node in root.iter(name):
        try:
            node.text = words
        except ValueError:  # characters that XML may not hold
            return
    for record in read(etree.tostring(root).replace(b"<fullTrial", f'<fullTrial xmlns="{SPACE}"'.encode(), 1))[0]:
        json.dumps(record.as_json())
        assert all(value.quote for value in record.reported)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_any_json_document_is_read_left_or_refused(content):
    for whole in (
        content,
        [content],
        {"isrctn": content},
        {"isrctn": "1", "trialDesign": content},
        {"fullTrial": content},
    ):
        made, _ = document(whole)
        try:
            if known := isrctn.recognise(made):
                list(isrctn.read(made, known))
        except ReviewError as error:
            assert error.problem.expected


def test_long_words_and_many_members_take_time_in_proportion():
    trial = as_json(LIST)
    trial["trialDescription"]["ethicsApproval"] = "Ethics Committee (" * 100_000
    trial["trialDesign"]["studyDesign"] = "randomised, " * 20_000
    trial["participants"]["targetEnrolment"] = "Sample size: 1; " * 50_000
    trial["results"]["publicationDetails"] = "2020 " + "a " * 500_000
    trial["participants"]["trialCentres"] = {"trialCentre": [{"name": f"Centre {n}"} for n in range(20_000)]}
    (record,), _ = read(trial)
    assert len(record.known("sites.name")) == 20_000


# Real records


def files(shared: Path) -> list[Path]:
    found = sorted((shared / "records" / "isrctn").glob("*.json"))
    assert len(found) >= 3
    return found


def record_of(path: Path):
    problems: list[Problem] = []
    made = open_document(path, path.name, problems.append)
    (record,) = isrctn.read(made, isrctn.recognise(made))
    return record, problems


def listed(found) -> list:
    return found if isinstance(found, list) else [found] if found else []


NIL = {"", "nil known", "not provided at time of registration", "not applicable", "not specified"}


def independent(trial: dict) -> dict:
    """What a person reads in the JSON, by its keys alone."""

    def said(*keys):
        found = trial
        for key in keys:
            found = found.get(key, "") if isinstance(found, dict) else ""
        return None if isinstance(found, str) and found.strip().casefold() in NIL else found

    def day(*keys):
        return (said(*keys) or "")[:10] or None

    design, prose = said("trialDesign"), said("trialDesign", "studyDesign") or ""
    outcomes = [("PRIMARY", said("trialDescription", "primaryOutcome")),
                ("SECONDARY", said("trialDescription", "secondaryOutcome"))]  # fmt: skip
    blind = {"double-blind": "DOUBLE", "single-blind": "SINGLE", "open-label": "NONE"}
    numbers = [said("externalRefs", key) for key in ("eudraCTNumber", "irasNumber", "clinicalTrialsGovNumber")]
    return {
        "ids.primary": ["ISRCTN" + trial["isrctn"]],
        "ids.registry": ["ISRCTN"],
        "ids.secondary.id": [n for n in [*numbers, said("externalRefs", "protocolSerialNumber")] if n],
        "title.public": [trial["trialDescription"]["title"]],
        "title.scientific": [trial["trialDescription"]["scientificTitle"]],
        "acronym": [a] if (a := said("trialDescription", "acronym")) else [],
        "date.first_enrolment": [day("participants", "recruitmentStart")],
        "date.recruitment_end": [day("participants", "recruitmentEnd")],
        "date.completion": [day("trialDesign", "overallEndDate")],
        "registration.date": [],
        "study_type": [design["primaryStudyDesign"].upper()],
        "design.allocation": ["RANDOMIZED"] if "andomi" in design["secondaryStudyDesign"] else [],
        "design.model": [],
        "design.purpose": [design["trialTypes"]["trialType"].upper()],
        "design.phase": [["PHASE" + str(len(trial["interventions"]["intervention"]["phase"].split()[-1]))]],
        "masking.label": [member for word, member in blind.items() if word in prose],
        "enrolment.target": [int(n)] if (n := said("participants", "targetEnrolment")) else [],
        "enrolment.actual": [int(n)] if (n := said("participants", "totalFinalEnrolment")) else [],
        "eligibility.age_min": [int(a.split()[0])] if (a := said("participants", "lowerAgeLimit")) else [],
        "eligibility.age_max": [int(a.split()[0])] if (a := said("participants", "upperAgeLimit")) else [],
        "eligibility.sex": [said("participants", "gender").upper()],
        "eligibility.healthy_volunteers": [trial["participants"]["participantTypes"]["participantType"] != "Patient"],
        "status.recruitment": ["TERMINATED" if design.get("overallStatusOverride") == "Stopped" else "COMPLETED"],
        "outcomes.measure": [text for _, text in outcomes if text],
        "outcomes.type": [kind for kind, text in outcomes if text],
        "countries": list(
            dict.fromkeys(map(country_code, listed(said("participants", "recruitmentCountries", "country"))))
        ),
        "sites.name": [site["name"] for site in listed(said("participants", "trialCentres", "trialCentre"))],
        "conditions": [c["description"] for c in listed(said("conditions", "condition"))],
        "publications.pmid": re.findall(
            r"(?:pubmed\.ncbi\.nlm\.nih\.gov|/pubmed)/(\d+)", said("results", "publicationDetails") or ""
        ),
        "sponsor.primary": [],
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
            blank = value.state.value == "EMPTY_IN_SOURCE" and value.quote == value.place.pointer.rsplit("/", 1)[1]
            part = value.place.pointer.endswith(
                ("ethicsApproval", "publicationDetails", "studyDesign", "plainEnglishSummary")
            )
            assert blank or (value.quote in scalar if part else value.quote == scalar), (path.name, value)
        assert record.statements
        assert all(said.quote in " ".join(resolved(said, content).split()) for said in record.statements)


@pytest.mark.real
def test_real_records_speak_only_of_declared_fields_and_of_no_person(shared):
    declared = {field for field, _ in isrctn.FIELDS}
    for path in files(shared):
        record, _ = record_of(path)
        assert {value.field for value in record.reported} <= declared
        assert not any(re.search(r"\S@\S+\.\w|\+\d\d ?\d\d", v.quote or "") for v in record.reported), path.name


def test_the_words_for_nothing_are_folded():
    assert {word.casefold().strip(" .") for word in isrctn_words.NOTHING} == isrctn_words.NOTHING
