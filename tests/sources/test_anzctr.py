"""ANZCTR: the registry's XML, value by value, and what becomes of everything odd. All trials here are made up.

No whole record of the registry is at hand; the tests marked real hold its words against a table that was made of 400.
"""

from __future__ import annotations

import csv
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from reviewkit.documents import Document, open_document
from reviewkit.errors import Problem, ReviewError
from reviewkit.fields import catalogue
from reviewkit.sources import anzctr
from reviewkit.sources import read as read_any

TRIAL = """<ANZCTR_Trial requestNumber="900001">
  <stage>Registered</stage>
  <submitdate>3/02/2020</submitdate>
  <approvaldate>14/02/2020</approvaldate>
  <dateLastUpdated>12/12/2021</dateLastUpdated>
  <actrnumber>12620000000001p</actrnumber>
  <trial_identification>
    <studytitle>Billabong swims for stiff backs</studytitle>
    <scientifictitle>Cold swims in back pain: a made-up trial</scientifictitle>
    <utrn>U1111-1000-3000</utrn>
    <trialacronym>BILLY</trialacronym>
    <secondaryid>NCT09994321</secondaryid>
    <secondaryid>Nil known</secondaryid>
    <secondaryid>Grant 77</secondaryid>
  </trial_identification>
  <conditions>
    <healthcondition>Back pain</healthcondition>
    <healthcondition>Stiffness</healthcondition>
    <conditioncode><conditioncode1>Musculoskeletal</conditioncode1>
      <conditioncode2>Other muscular and skeletal disorders</conditioncode2></conditioncode>
  </conditions>
  <interventions>
    <interventions>A swim each morning
for four weeks</interventions>
    <comparator>A warm bath</comparator>
    <control>Active</control>
    <interventioncode>Lifestyle</interventioncode>
  </interventions>
  <outcomes>
    <primaryOutcome><outcome>Pain</outcome><timepoint>4 weeks</timepoint></primaryOutcome>
    <secondaryOutcome><outcome>Mood</outcome><timepoint/><assessmentmethod>Diary</assessmentmethod></secondaryOutcome>
    <secondaryOutcome><outcome>Nil</outcome><timepoint/></secondaryOutcome>
  </outcomes>
  <eligibility>
    <inclusivecriteria>Stiff back</inclusivecriteria>
    <inclusiveminage>18</inclusiveminage>
    <inclusiveminagetype>Years</inclusiveminagetype>
    <inclusivemaxage>0</inclusivemaxage>
    <inclusivemaxagetype>No limit</inclusivemaxagetype>
    <inclusivegender>Both males and females</inclusivegender>
    <healthyvolunteer>No</healthyvolunteer>
    <exclusivecriteria>Cannot swim</exclusivecriteria>
  </eligibility>
  <trial_design>
    <studytype>Interventional</studytype>
    <purpose>Treatment</purpose>
    <allocation>Randomised controlled trial</allocation>
    <concealment>Sealed shells</concealment>
    <sequence>Coin tossing</sequence>
    <masking>Blinded (masking used)</masking>
    <assignment>Parallel</assignment>
    <designfeatures>Pilot</designfeatures>
    <endpoint>Efficacy</endpoint>
    <statisticalmethods>Thirty are enough.</statisticalmethods>
    <masking1></masking1>
    <masking2></masking2>
    <masking3>The people assessing it</masking3>
    <masking4>The people analysing it</masking4>
    <patientregistry/>
    <followup>12</followup>
    <followuptype>Months</followuptype>
    <purposeobs/><duration/><selection/><timing/>
  </trial_design>
  <recruitment>
    <phase>Phase 2 / Phase 3</phase>
    <anticipatedstartdate>1/03/2020</anticipatedstartdate>
    <actualstartdate>9/03/2020</actualstartdate>
    <anticipatedenddate>31/12/2020</anticipatedenddate>
    <actualenddate>4/01/2021</actualenddate>
    <anticipatedlastvisitdate>30/06/2021</anticipatedlastvisitdate>
    <actuallastvisitdate>1/07/2021</actuallastvisitdate>
    <samplesize>60</samplesize>
    <actualsamplesize>58</actualsamplesize>
    <currentsamplesize>58</currentsamplesize>
    <recruitmentstatus>Stopped early</recruitmentstatus>
    <withdrawnreason>Other reasons</withdrawnreason>
    <withdrawnreasonother>The billabong froze</withdrawnreasonother>
    <recruitmentcountry>Australia</recruitmentcountry>
    <recruitmentcountry>Outside Australia</recruitmentcountry>
    <recruitmentstate>QLD</recruitmentstate>
    <hospital>Waterhole Hospital - Waterhole</hospital>
    <postcode>4999 - Waterhole</postcode>
    <countryoutsideaustralia><country>New Zealand</country><state>Otago</state></countryoutsideaustralia>
  </recruitment>
  <sponsorship>
    <primarysponsortype>University</primarysponsortype>
    <primarysponsorname>Waterhole University</primarysponsorname>
    <primarysponsoraddress>1 Frog Road</primarysponsoraddress>
    <primarysponsorcountry>Australia</primarysponsorcountry>
    <fundingsource><fundingtype>Government body</fundingtype><fundingname>Water Board</fundingname>
      <fundingaddress>2 Frog Road</fundingaddress><fundingcountry>Australia</fundingcountry></fundingsource>
    <fundingsource><fundingtype>Self funded/Unfunded</fundingtype>
      <fundingname>Dr Nobody Atall</fundingname></fundingsource>
    <secondarysponsor><sponsortype>Hospital</sponsortype>
      <sponsorname>Waterhole Hospital</sponsorname></secondarysponsor>
    <secondarysponsor><sponsortype>Individual</sponsortype>
      <sponsorname>Dr Nobody Atall</sponsorname></secondarysponsor>
  </sponsorship>
  <ethicsAndSummary>
    <summary>Do swims help?</summary>
    <trialwebsite>https://example.org</trialwebsite>
    <publication>A paper of 2022</publication>
    <ethicsreview>Approved</ethicsreview>
    <publicnotes/>
    <ethicscommitee><ethicname>Waterhole HREC</ethicname><ethicaddress>3 Frog Road</ethicaddress>
      <ethicapprovaldate>15/01/2020</ethicapprovaldate><hrec>W-7</hrec><ethicsubmitdate>1/12/2019</ethicsubmitdate>
      <ethiccountry>Australia</ethiccountry></ethicscommitee>
    <ethicscommitee><ethicname>Second HREC</ethicname><ethicapprovaldate/><hrec/></ethicscommitee>
  </ethicsAndSummary>
  <attachment><filepath>x.pdf</filepath></attachment>
  <contacts><contact><type>Public queries</type><name>Nobody Atall</name><phone>+61 999 999</phone>
    <email>nobody@example.org</email></contact></contacts>
</ANZCTR_Trial>"""

# field, item, value (~ derived, ? unclear, 0 empty), quote, end of the path
TABLE = """
ids.primary||ACTRN12620000000001p|12620000000001p|actrnumber
ids.registry||~ANZCTR|12620000000001p|actrnumber
registration.date||2020-02-14|14/02/2020|approvaldate
registration.date_basis||~APPROVED|14/02/2020|approvaldate
registration.timing_declared||PROSPECTIVE|12620000000001p|actrnumber
registration.submitted||2020-02-03|3/02/2020|submitdate
registration.last_update||2021-12-12|12/12/2021|dateLastUpdated
title.public||Billabong swims for stiff backs|=|studytitle
title.scientific||Cold swims in back pain: a made-up trial|=|scientifictitle
acronym||BILLY|=|trialacronym
summary.brief||Do swims help?|=|summary
study_type||INTERVENTIONAL|Interventional|studytype
design.purpose||TREATMENT|Treatment|purpose
design.allocation||RANDOMIZED|Randomised controlled trial|allocation
random.concealment||Sealed shells|=|concealment
random.method||Coin tossing|=|sequence
design.model||PARALLEL|Parallel|assignment
design.other||Pilot|=|designfeatures
analysis.methods||Thirty are enough.|=|statisticalmethods
design.observational_model||0|duration|duration
design.time_perspective||0|timing|timing
eligibility.sampling||0|selection|selection
date.first_enrolment||2020-03-09|9/03/2020|actualstartdate
date.recruitment_end||2021-01-04|4/01/2021|actualenddate
date.completion||2021-07-01|1/07/2021|actuallastvisitdate
date.first_enrolment||2020-03-01|1/03/2020|anticipatedstartdate
date.recruitment_end||2020-12-31|31/12/2020|anticipatedenddate
date.completion||2021-06-30|30/06/2021|anticipatedlastvisitdate
enrolment.target||60|60|samplesize
enrolment.actual||58|58|actualsamplesize
status.recruitment||TERMINATED|Stopped early|recruitmentstatus
eligibility.inclusion||Stiff back|=|inclusivecriteria
eligibility.exclusion||Cannot swim|=|exclusivecriteria
eligibility.sex||ALL|Both males and females|inclusivegender
eligibility.healthy_volunteers||false|No|healthyvolunteer
ids.secondary.id|1|U1111-1000-3000|=|utrn
ids.secondary.type|1|~UTN|U1111-1000-3000|utrn
ids.secondary.id|2|NCT09994321|=|secondaryid[1]
ids.secondary.type|2|~REGISTRY|NCT09994321|secondaryid[1]
ids.secondary.id|3|Grant 77|=|secondaryid[3]
masking.label||?|Blinded (masking used)|masking
masking.roles||["OUTCOMES_ASSESSOR","DATA_ANALYST"]|The people assessing it, The people analysing it|masking3
design.control||["ACTIVE"]|Active|control
design.phase||["PHASE2","PHASE3"]|Phase 2 / Phase 3|phase
design.follow_up||~12 Months|12|followup
eligibility.age_min||18|18|inclusiveminage
eligibility.age_max||-|No limit|inclusivemaxagetype
status.why_stopped||The billabong froze|=|withdrawnreasonother
countries|1|AU|Australia|recruitmentcountry[1]
countries|2|NZ|New Zealand|countryoutsideaustralia/country
sites.name|1|Waterhole Hospital - Waterhole|=|hospital
conditions|1|Back pain|=|healthcondition[1]
conditions|2|Stiffness|=|healthcondition[2]
condition_codes.term|1|Musculoskeletal|=|conditioncode1
condition_codes.term|2|Other muscular and skeletal disorders|=|conditioncode2
interventions.description|1|A swim each morning¶for four weeks|A swim each morning for four weeks|interventions
interventions.description|2|A warm bath|=|comparator
intervention_codes.code|1|Lifestyle|=|interventioncode
interventions.type|1|BEHAVIORAL|Lifestyle|interventioncode
outcomes.measure|1|Pain|=|primaryOutcome/outcome
outcomes.timepoint|1|4 weeks|=|primaryOutcome/timepoint
outcomes.type|1|~PRIMARY|Pain|primaryOutcome/outcome
outcomes.measure|2|Mood|=|secondaryOutcome[1]/outcome
outcomes.method|2|Diary|=|secondaryOutcome[1]/assessmentmethod
outcomes.type|2|~SECONDARY|Mood|secondaryOutcome[1]/outcome
sponsor.class||ACADEMIC|University|primarysponsortype
sponsor.primary||Waterhole University|=|primarysponsorname
sponsor.secondary|1|Waterhole Hospital|=|secondarysponsor[1]/sponsorname
funders.name|1|Water Board|=|fundingsource[1]/fundingname
funders.type|1|Government body|=|fundingsource[1]/fundingtype
funders.country|1|Australia|=|fundingsource[1]/fundingcountry
funders.type|2|Self funded/Unfunded|=|fundingsource[2]/fundingtype
publications.citation|1|A paper of 2022|=|publication
ethics.committee|1|Waterhole HREC|=|ethicscommitee[1]/ethicname
ethics.date|1|2020-01-15|15/01/2020|ethicscommitee[1]/ethicapprovaldate
ethics.submitted|1|2019-12-01|1/12/2019|ethicscommitee[1]/ethicsubmitdate
ethics.reference|1|W-7|=|ethicscommitee[1]/hrec
ethics.committee|2|Second HREC|=|ethicscommitee[2]/ethicname
ethics.status|1|APPROVED|Approved|ethicsreview
"""


def document(content: str | bytes, name: str = "anzctr.xml") -> tuple[Document, list[Problem]]:
    problems: list[Problem] = []
    raw = content.encode() if isinstance(content, str) else content
    return Document(name, raw, problems.append), problems


def read(content):
    made, problems = document(content)
    return list(anzctr.read(made, anzctr.recognise(made))), problems


def changed(old: str, new: str):
    assert old in TRIAL
    (record,), problems = read(TRIAL.replace(old, new, 1))
    return record, problems


STATES = {"~": "DERIVED", "?": "UNCLEAR", "0": "EMPTY_IN_SOURCE"}


def table(text: str) -> list[tuple]:
    rows = []
    for line in text.strip().splitlines():
        field, item, said, quote, path = line.split("|")
        state = STATES["~"] if said.startswith("~") else STATES.get(said, "REPORTED")
        value = None if said in {*STATES, "-"} else said.lstrip("~").replace("¶", "\n")
        rows.append((field, int(item) if item else None, value, state, said if quote == "=" else quote, path))
    return rows


def told(value) -> str | None:
    if value.value is None or isinstance(value.value, str):
        return value.value
    return json.dumps(value.value, separators=(",", ":"))


def test_every_element_becomes_its_value_with_quote_and_path():
    (record,), problems = read(TRIAL)
    expected = table(TABLE)
    got = [(v.field, v.item, told(v), str(v.state), v.quote) for v in record.reported]
    assert got == [row[:5] for row in expected]
    at = [(v.field, v.place.xpath) for v in record.reported]
    assert [one for one, row in zip(at, expected, strict=True) if not one[1].endswith("/" + row[5])] == []
    assert problems == []
    assert (record.source, record.kind, record.recognised_by) == ("anzctr", "registry", "root ANZCTR_Trial")


def test_every_xpath_leads_to_the_quote():
    (record,), _ = read(TRIAL)
    root = etree.fromstring(TRIAL)
    for value in record.reported:
        (found,) = root.xpath(value.place.xpath)
        words = " ".join("".join(found.itertext()).split())
        several = value.field == "masking.roles" and value.quote.startswith(words)
        blank = str(value.state) == "EMPTY_IN_SOURCE" and not words
        assert value.quote == words or several or blank, value


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("Sealed shells", "Central randomisation by phone/fax/computer", ("allocation_concealment", "adequate")),
        ("Sealed shells", "Allocation was not concealed", ("allocation_concealment", "inadequate")),
        ("Coin tossing", "Simple randomisation using a table created by computer software",
         ("sequence_generation", "adequate")),
    ],
)  # fmt: skip
def test_what_is_said_of_randomisation_is_a_statement_at_its_own_place(old, new, said):
    record, problems = changed(old, new)
    (found,) = (s for s in record.statements if (s.concept, s.label) == said)
    (part,) = etree.fromstring(TRIAL.replace(old, new, 1)).xpath(found.place.xpath)
    assert part.tag == ("concealment" if old == "Sealed shells" else "sequence")
    assert found.quote in part.text
    assert problems == []


def test_planned_and_actual_dates_are_two_values_each():
    (record,), _ = read(TRIAL)
    for field in ("date.first_enrolment", "date.recruitment_end", "date.completion"):
        assert [v.detail["kind"] for v in record.known(field)] == ["ACTUAL", "ANTICIPATED"]
    assert record.first("registration.date").detail["kind"] == "ACTUAL"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda trial: trial.replace("ANZCTR_Trial", "ANZCTRTrial"),
        lambda trial: f"<ANZCTR_Trials>{trial}</ANZCTR_Trials>",
        lambda trial: f'<?xml version="1.0" encoding="utf-8"?><list xmlns="http://anzctr.org.au/x">{trial}</list>',
        lambda trial: f"<soap><body><result>{trial}</result></body></soap>",
    ],
    ids=["other name", "list", "namespace", "envelope"],
)
def test_other_names_of_the_root_and_lists_are_read_the_same(wrap):
    (plain,), _ = read(TRIAL)
    (record,), problems = read(wrap(TRIAL))
    assert [(v.field, v.item, told(v), v.quote) for v in record.reported] == [
        (v.field, v.item, told(v), v.quote) for v in plain.reported
    ]
    root = etree.fromstring(wrap(TRIAL).encode())
    assert all(root.xpath(v.place.xpath) for v in record.reported)
    assert problems == []


def test_many_trials_in_a_file_are_records_one_in_memory_at_a_time():
    text = (
        "<ANZCTR_Trials>" + "".join(TRIAL.replace("00000001p", f"{n:08}") for n in range(1, 301)) + "</ANZCTR_Trials>"
    )
    records, problems = read(text)
    assert [record.first("ids.primary").value for record in records[:2]] == [
        "ACTRN12620000000001",
        "ACTRN12620000000002",
    ]
    assert [record.record for record in records] == list(range(1, 301))
    root = etree.fromstring(text)
    last = records[-1].first("ids.primary")
    assert root.xpath(last.place.xpath)[0].text == last.quote
    assert problems == []


def test_a_long_file_is_read_from_its_place_and_never_held(tmp_path, monkeypatch):
    monkeypatch.setattr("reviewkit.documents.LONG", 1000)
    path = tmp_path / "long.xml"
    path.write_text("<ANZCTR_Trials>" + TRIAL * 20 + "</ANZCTR_Trials>", encoding="utf-8")
    made = open_document(path, path.name, print)
    assert sum(1 for _ in read_any(made)) == 20
    assert "raw" not in vars(made)


# One thing at a time


@pytest.mark.parametrize(
    "boxes, roles",
    [
        (("The people receiving the treatment/s", "The people administering the treatment/s", "", ""),
         ["PARTICIPANT", "CARE_PROVIDER"]),
        (("", "", "The people analysing the results/data", ""), ["DATA_ANALYST"]),
        (("True", "False", "True", ""), ["PARTICIPANT", "OUTCOMES_ASSESSOR"]),
        (("Yes", "yes", "yes", "yes"), ["PARTICIPANT", "CARE_PROVIDER", "OUTCOMES_ASSESSOR", "DATA_ANALYST"]),
        (("0", "0", "0", "1"), ["DATA_ANALYST"]),
    ],
)  # fmt: skip
def test_boxes_of_masked_people_are_read_by_their_words_else_by_their_place(boxes, roles):
    text = TRIAL
    for number, words in enumerate(boxes, 1):
        text = re.sub(rf"<masking{number}>[^<]*<", f"<masking{number}>{words}<", text)
    (record,), problems = read(text)
    assert [v.value for v in record.all("masking.roles")] == [roles]
    assert problems == []


def test_a_box_with_other_words_leaves_all_roles_open():
    record, problems = changed("<masking1>", "<masking1>Some of them")
    (found,) = record.all("masking.roles")
    assert (found.value, str(found.state)) == (None, "UNCLEAR")
    assert len(problems) == 1


def test_no_box_is_no_answer_and_an_open_trial_masks_nobody():
    text = re.sub(r"<masking(\d)>[^<]*<", r"<masking\1><", TRIAL)
    (record,), _ = read(text)
    assert record.all("masking.roles") == []
    (record,), _ = read(text.replace("Blinded (masking used)", "Open (masking not used)"))
    assert record.first("masking.label").value == "NONE"
    assert [(v.value, v.method) for v in record.all("masking.roles")] == [([], "rule:open-label-masks-nobody")]


@pytest.mark.parametrize(
    "number, unit, value, state, detail",
    [
        ("6", "Months", 6, "REPORTED", {"unit": "MONTH", "no_limit": False}),
        ("18.0", "Years", 18, "REPORTED", {"unit": "YEAR", "no_limit": False}),
        ("", "No limit", None, "REPORTED", {"unit": None, "no_limit": True}),
        ("", "Not stated", None, "EMPTY_IN_SOURCE", {}),
        ("0", "Not stated", None, "EMPTY_IN_SOURCE", {}),
        ("18", "Not stated", None, "UNCLEAR", {}),
        ("18", "", None, "UNCLEAR", {}),
        ("eighteen", "Years", None, "UNCLEAR", {}),
        ("", "", None, "EMPTY_IN_SOURCE", {}),
    ],
)
def test_an_age_is_a_number_with_its_unit(number, unit, value, state, detail):
    text = TRIAL.replace("<inclusiveminage>18<", f"<inclusiveminage>{number}<")
    (record,), problems = read(text.replace("<inclusiveminagetype>Years<", f"<inclusiveminagetype>{unit}<"))
    (found,) = record.all("eligibility.age_min")
    assert (found.value, str(found.state), found.detail) == (value, state, detail)
    assert len(problems) == (state == "UNCLEAR")


@pytest.mark.parametrize(
    "words, value, state",
    [
        ("3/04/2020", "2020-04-03", "REPORTED"),
        ("13/04/2020", "2020-04-13", "REPORTED"),
        ("03/04/2020 12:00:00 AM", "2020-04-03", "REPORTED"),
        ("2020-04-03", "2020-04-03", "REPORTED"),
        ("4/13/2020", None, "UNCLEAR"),
        ("31/02/2020", None, "UNCLEAR"),
        ("soon", None, "UNCLEAR"),
        ("", None, "EMPTY_IN_SOURCE"),
    ],
)
def test_days_come_before_months(words, value, state):
    record, _ = changed("14/02/2020", words)
    (found,) = record.all("registration.date")
    assert (found.value, str(found.state)) == (value, state)
    assert [v.value for v in record.all("registration.date_basis")] == (["APPROVED"] if value else [])


@pytest.mark.parametrize(
    "control, value, state, interventions",
    [
        ("Placebo", ["PLACEBO"], "REPORTED", 2),
        ("Dose comparison", ["DOSE"], "REPORTED", 2),
        ("Historical", ["HISTORICAL"], "REPORTED", 2),
        ("Uncontrolled", None, "NOT_APPLICABLE", 1),
        ("Magic", None, "UNCLEAR", 2),
    ],
)
def test_control(control, value, state, interventions):
    record, _ = changed("<control>Active", f"<control>{control}")
    assert [(v.value, str(v.state)) for v in record.all("design.control")] == [(value, state)]
    assert len(record.known("interventions.description")) == interventions


@pytest.mark.parametrize(
    "phase, value, state",
    [
        ("Phase 1", ["PHASE1"], "REPORTED"), ("Phase 0", ["EARLY_PHASE1"], "REPORTED"),
        ("Phase 3 / Phase 4", ["PHASE3", "PHASE4"], "REPORTED"), ("Not Applicable", ["NA"], "REPORTED"),
        ("", None, "EMPTY_IN_SOURCE"),
    ],
)  # fmt: skip
def test_phases(phase, value, state):
    record, _ = changed("<phase>Phase 2 / Phase 3", f"<phase>{phase}")
    assert [(v.value, str(v.state)) for v in record.all("design.phase")] == [(value, state)]


@pytest.mark.parametrize(
    "words, status, state",
    [
        ("Approved", "APPROVED", "REPORTED"), ("Submitted, not yet approved", "PENDING", "REPORTED"),
        ("Not required", "NOT_REQUIRED", "REPORTED"), ("Not yet submitted", None, "UNCLEAR"),
    ],
)  # fmt: skip
def test_ethics_review(words, status, state):
    record, problems = changed("<ethicsreview>Approved", f"<ethicsreview>{words}")
    assert [(v.item, v.value, str(v.state)) for v in record.all("ethics.status")] == [(1, status, state)]
    assert problems == []


@pytest.mark.parametrize(
    "number, value, timing",
    [
        ("12620000000001", "ACTRN12620000000001", None),
        ("ACTRN12620000000001p", "ACTRN12620000000001p", "PROSPECTIVE"),
        ("ACTRN12620000000001", "ACTRN12620000000001", None),
        ("123", None, None),
    ],
)
def test_the_number_may_stand_with_or_without_its_letters(number, value, timing):
    record, _ = changed("12620000000001p", number)
    assert [v.value for v in record.all("ids.primary")] == [value]
    assert [v.value for v in record.all("registration.timing_declared")] == ([timing] if timing else [])


def test_a_record_of_another_registry_is_a_mirror():
    record, _ = changed("<actrnumber>12620000000001p</actrnumber>", "<nctid>NCT09994321</nctid>")
    assert (record.kind, record.first("ids.primary").value, record.first("ids.registry").value) == (
        "mirror", "NCT09994321", "CTGOV",
    )  # fmt: skip


def test_a_sponsor_who_is_a_person_is_not_named():
    text = TRIAL.replace("<primarysponsortype>University", "<primarysponsortype>Individual")
    (record,), _ = read(text.replace("Waterhole University", "Dr Nobody Atall"))
    assert record.first("sponsor.class").value == "INDIVIDUAL"
    assert record.all("sponsor.primary") == []


def test_no_person_phone_mail_street_or_postcode_is_read():
    (record,), _ = read(TRIAL)
    assert not re.search(r"@example|\+61|Atall|Nobody|Frog Road|4999", json.dumps(record.as_json()))
    assert not any(catalogue()[field].private for field, _ in anzctr.FIELDS)


def test_numbers_that_are_nil_are_left_empty():
    text = re.sub(r"(?s)<utrn>.*</secondaryid>", "<utrn/><secondaryid>Nil</secondaryid>", TRIAL)
    (record,), _ = read(text)
    assert [(v.item, v.value, str(v.state), v.quote) for v in record.all("ids.secondary.id")] == [
        (None, None, "EMPTY_IN_SOURCE", "utrn")
    ]


def test_a_file_cut_short_is_refused_with_its_line():
    made, _ = document(TRIAL[:3000])
    with pytest.raises(ReviewError) as error:
        list(anzctr.read(made, anzctr.recognise(made)))
    problem = error.value.problem
    assert problem.found.startswith("broken XML: ")
    assert problem.expected == "records of the Australian New Zealand Clinical Trials Registry in well-formed XML"
    assert problem.fix == "download the file again; it may have been cut short or edited"
    assert problem.place.line > 50


def test_sources_know_anzctr_by_its_element_and_leave_other_files_alone():
    made, _ = document(TRIAL)
    assert {record.source for record in read_any(made)} == {"anzctr"}
    for other in (
        "<trials><trial><main/></trial></trials>",
        "ANZCTR_Trial",
        '{"ANZCTR_Trial": 1}',
        "<a>ANZCTR_Trial</a>",
    ):
        assert anzctr.recognise(document(other)[0]) is None


@settings(max_examples=250, deadline=None)
@given(st.integers(0, len(TRIAL)), st.integers(0, 60), st.binary(max_size=20))
def test_any_damage_is_read_or_refused_in_our_words(start, length, junk):
    raw = TRIAL.encode()
    made, _ = document(raw[:start] + junk + raw[start + length :])
    try:
        for record in anzctr.read(made, anzctr.recognise(made) or "test"):
            json.dumps(record.as_json())
    except ReviewError as error:
        assert error.problem.fix


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(re.findall(r"<(\w+)>", TRIAL)), st.text(max_size=30))
def test_any_words_in_any_element_are_read_or_kept_unclear(name, words):
    root = etree.fromstring(TRIAL)
    for node in root.iter(name):
        try:
            node.text = words
        except ValueError:  # characters that XML may not hold
            return
    (record,), _ = read(etree.tostring(root))
    json.dumps(record.as_json())
    assert all(value.quote for value in record.reported)


def test_long_words_and_many_members_take_time_in_proportion():
    text = TRIAL.replace("<healthcondition>Back pain</healthcondition>",
                         "<healthcondition>Back pain</healthcondition>" * 20_000)  # fmt: skip
    text = text.replace("Nil known", "12" * 1_000_000).replace("Stiff back", "Stiff back (" * 200_000)
    (record,), _ = read(text)
    assert len(record.known("conditions")) == 20_001


# The words that the registry's records use, by a table made of 400 of them


@pytest.fixture(scope="module")
def rows(shared) -> list[dict[str, str]]:
    path = shared / "records" / "anzctr" / "anzctr-analysis-table.csv"
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert len(found) == 400
    return found


CODED = {
    "purpose": (anzctr.PURPOSE, set()),
    "allocation": (anzctr.ALLOCATION, set()),
    "assignment": (anzctr.MODEL, set()),
    "masking": (anzctr.MASKING, {"blinded (masking used)"}),
    "control": (anzctr.CONTROL, anzctr.NO_GROUP),
    "gender": (anzctr.SEX, set()),
    "study_status": (anzctr.STATUS, set()),
    "ethics_review": (anzctr.ETHICS_STATUS, anzctr.ETHICS_OPEN),
}


@pytest.mark.real
@pytest.mark.parametrize("column", CODED)
def test_every_code_that_real_records_use_is_known(rows, column):
    codes, others = CODED[column]
    used = {row[column].casefold() for row in rows if row[column] not in {"", "NA"}}
    assert used
    assert used - set(codes) - others == set()


@pytest.mark.real
def test_the_facts_of_real_records_come_through_the_registrys_elements(rows):
    for row in rows:
        number = row["number"].removeprefix("ACTRN")
        day = "/".join(str(int(part)) for part in reversed(row["approved"].split("-")))
        size = row["samplesize_target"].removesuffix(".0")
        parts = {
            "<actrnumber>12620000000001p": f"<actrnumber>{number}",
            "<approvaldate>14/02/2020": f"<approvaldate>{day}",
            "<samplesize>60": f"<samplesize>{size}",
            "<phase>Phase 2 / Phase 3": f"<phase>{row['phase']}",
            "<assignment>Parallel": f"<assignment>{row['assignment']}",
            "<allocation>Randomised controlled trial": f"<allocation>{row['allocation']}",
            "<recruitmentstatus>Stopped early": f"<recruitmentstatus>{row['study_status']}",
            "<masking>Blinded (masking used)": f"<masking>{row['masking']}",
        }
        text = TRIAL
        for old, new in parts.items():
            text = text.replace(old, new)
        (record,), problems = read(text)
        assert problems == [], row["number"]
        assert record.first("ids.primary").value == row["number"]
        assert record.first("registration.date").value == row["approved"]
        assert (record.first("enrolment.target").value if size else None) == (int(size) if size else None)
        for column, field in (
            ("phase", "design.phase"),
            ("assignment", "design.model"),
            ("allocation", "design.allocation"),
        ):
            states = [str(v.state) for v in record.all(field)]
            assert states == (["REPORTED"] if row[column] else ["EMPTY_IN_SOURCE"]), (row["number"], column)


@pytest.mark.real
def test_the_table_itself_is_no_document_of_the_registry(shared):
    path = shared / "records" / "anzctr" / "anzctr-analysis-table.csv"
    made, _ = document(path.read_bytes(), path.name)
    assert anzctr.recognise(made) is None
    with pytest.raises(ReviewError):
        list(read_any(made))
