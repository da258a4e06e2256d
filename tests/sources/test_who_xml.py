"""WHO's exchange XML as each registry writes it: names, entities, encodings, and where each value stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.documents import Document, fold, open_document
from reviewkit.reading import records_of
from reviewkit.sources import who_stream
from reviewkit.sources.who_words import plain

MAIN = "<main><trial_id>PER-099-20</trial_id><public_title>Gel</public_title>{}</main>"


def read(raw: bytes | str, name: str = "trial.xml") -> tuple[list, list]:
    problems: list = []
    raw = raw.encode() if isinstance(raw, str) else raw
    return list(records_of(Document(name, raw, problems.append))), problems


def trial(main: str = "", rest: str = "") -> str:
    return f"<trials><trial>{MAIN.format(main)}{rest}</trial></trials>"


def told(main: str = "", rest: str = "") -> list[tuple]:
    """Field, item, value and the end of the XPath of what a trial says beyond number and title."""
    (record,), problems = read(trial(main, rest))
    assert not problems
    own = {"ids.primary", "ids.registry", "title.public"}
    at = "/trials/trial[1]/"
    return [(v.field, v.item, v.value, v.place.xpath.removeprefix(at)) for v in record.reported if v.field not in own]


def test_a_whole_trial_with_the_place_of_every_value():
    main = (
        "<utrn>U1111-9999-9999</utrn><reg_name>REPEC</reg_name><date_registration>03/04/2020</date_registration>"
        "<primary_sponsor>Fictitious University</primary_sponsor><acronym>GEL</acronym>"
        "<date_enrolment>05/04/2020</date_enrolment><type_enrolment>anticipated</type_enrolment>"
        "<target_size>40</target_size><results_actual_enrolment>38</results_actual_enrolment>"
        "<recruitment_status>Pending</recruitment_status><study_type>Interventional</study_type>"
        "<study_design>Randomization: Randomized, Blinding: Single blinded, Placebo: Used</study_design>"
        "<phase>2-3</phase><hc_freetext>Ulcer of the foot</hc_freetext><i_freetext>Intervention 1: Gel</i_freetext>"
        "<results_IPD_plan>No</results_IPD_plan><url>https://example.org/9</url>"
    )
    rest = (
        "<contacts><contact><type>public</type><firstname>Some</firstname><email>a@example.org</email></contact></contacts>"
        "<countries><country2>Peru</country2><country2>Brazil</country2></countries>"
        "<criteria><inclusion_criteria>Adults</inclusion_criteria><agemin>18 years</agemin><agemax>no limit</agemax>"
        "<gender>Both</gender><exclusion_criteria>Children</exclusion_criteria></criteria>"
        "<health_condition_code><hc_code>L97</hc_code></health_condition_code>"
        "<health_condition_keyword><hc_keyword>Ulcer</hc_keyword></health_condition_keyword>"
        "<primary_outcome><prim_outcome>Healing. Timepoint: Week 12. Method of measurement: Photograph.</prim_outcome>"
        "<prim_outcome>Pain</prim_outcome></primary_outcome>"
        "<secondary_outcome><sec_outcome>Cost</sec_outcome></secondary_outcome>"
        "<secondary_sponsor><sponsor_name>Fictitious Clinic</sponsor_name></secondary_sponsor>"
        "<secondary_ids><secondary_id><sec_id>N.A.</sec_id><issuing_authority>UTN</issuing_authority></secondary_id>"
        "<secondary_id><sec_id>AB-12</sec_id><issuing_authority>Fictitious Fund</issuing_authority></secondary_id>"
        "</secondary_ids><source_support><source_name>Fictitious Fund</source_name></source_support>"
        "<ethics_reviews><ethics_review><status>Approved</status><approval_date>01/02/2020</approval_date>"
        "<contact_name>Some One</contact_name></ethics_review></ethics_reviews>"
    )
    assert told(main, rest) == [
        ("ids.secondary.id", 1, "U1111-9999-9999", "main/utrn"),
        ("ids.secondary.type", 1, "UTN", "main/utrn"),
        ("registration.date", None, "2020-04-03", "main/date_registration"),
        ("registration.date_basis", None, "UNSPECIFIED", "main/date_registration"),
        ("sponsor.primary", None, "Fictitious University", "main/primary_sponsor"),
        ("acronym", None, "GEL", "main/acronym"),
        ("date.first_enrolment", None, "2020-04-05", "main/date_enrolment"),
        ("enrolment.target", None, 40, "main/target_size"),
        ("enrolment.actual", None, 38, "main/results_actual_enrolment"),
        ("status.recruitment", None, "NOT_YET_RECRUITING", "main/recruitment_status"),
        ("study_type", None, "INTERVENTIONAL", "main/study_type"),
        ("design.allocation", None, "RANDOMIZED", "main/study_design"),
        ("masking.label", None, "SINGLE", "main/study_design"),
        ("design.control", None, ["PLACEBO"], "main/study_design"),
        ("design.phase", None, ["PHASE2", "PHASE3"], "main/phase"),
        ("conditions", 1, "Ulcer of the foot", "main/hc_freetext"),
        ("interventions.description", 1, "Gel", "main/i_freetext"),
        ("ipd.plan", None, "NO", "main/results_IPD_plan"),
        ("source.url", None, "https://example.org/9", "main/url"),
        ("countries", 1, "PE", "countries/country2[1]"),
        ("countries", 2, "BR", "countries/country2[2]"),
        ("eligibility.inclusion", None, "Adults", "criteria/inclusion_criteria"),
        ("eligibility.age_min", None, 18, "criteria/agemin"),
        ("eligibility.age_max", None, None, "criteria/agemax"),
        ("eligibility.sex", None, "ALL", "criteria/gender"),
        ("eligibility.exclusion", None, "Children", "criteria/exclusion_criteria"),
        ("condition_codes.code", 1, "L97", "health_condition_code/hc_code"),
        ("keywords", 1, "Ulcer", "health_condition_keyword/hc_keyword"),
        ("outcomes.measure", 1, "Healing", "primary_outcome/prim_outcome[1]"),
        ("outcomes.type", 1, "PRIMARY", "primary_outcome/prim_outcome[1]"),
        ("outcomes.timepoint", 1, "Week 12", "primary_outcome/prim_outcome[1]"),
        ("outcomes.method", 1, "Photograph", "primary_outcome/prim_outcome[1]"),
        ("outcomes.measure", 2, "Pain", "primary_outcome/prim_outcome[2]"),
        ("outcomes.type", 2, "PRIMARY", "primary_outcome/prim_outcome[2]"),
        ("outcomes.measure", 3, "Cost", "secondary_outcome/sec_outcome"),
        ("outcomes.type", 3, "SECONDARY", "secondary_outcome/sec_outcome"),
        ("sponsor.secondary", 1, "Fictitious Clinic", "secondary_sponsor/sponsor_name"),
        ("ids.secondary.id", 2, "AB-12", "secondary_ids/secondary_id[2]/sec_id"),
        ("ids.secondary.issuer", 2, "Fictitious Fund", "secondary_ids/secondary_id[2]/issuing_authority"),
        ("funders.name", 1, "Fictitious Fund", "source_support/source_name"),
        ("ethics.status", 1, "APPROVED", "ethics_reviews/ethics_review/status"),
        ("ethics.date", 1, "2020-02-01", "ethics_reviews/ethics_review/approval_date"),
    ]


@pytest.mark.parametrize(
    "said, kind", [("actual", "ACTUAL"), ("Anticipated", "ANTICIPATED"), ("", "UNKNOWN"), ("?", "UNKNOWN")]
)
def test_the_start_is_actual_or_planned_as_the_element_beside_it_says(said, kind):
    main = f"<type_enrolment>{said}</type_enrolment><date_enrolment>05/04/2020</date_enrolment>"
    (record,), _ = read(trial(main))
    assert record.first("date.first_enrolment").detail["kind"] == kind


def test_blank_elements_and_words_for_none_are_blank():
    main = "<acronym/><date_enrolment>01/01/1900</date_enrolment><phase>N.A.</phase><target_size>0</target_size>"
    (record,), problems = read(trial(main, "<primary_outcome/><criteria><agemin/></criteria>"))
    said = {v.field: (str(v.state), v.quote) for v in record.reported if v.value is None}
    assert said == {
        "acronym": ("EMPTY_IN_SOURCE", "acronym"),
        "date.first_enrolment": ("EMPTY_IN_SOURCE", "01/01/1900"),
        "design.phase": ("EMPTY_IN_SOURCE", "N.A."),
        "enrolment.target": ("EMPTY_IN_SOURCE", "0"),
        "eligibility.age_min": ("EMPTY_IN_SOURCE", "agemin"),
    }
    assert not problems


TITLES = {
    "a byte order mark": ("\ufeff" + trial("<acronym>GEL</acronym>"), "GEL"),
    "a document type": (
        "<?xml version='1.0'?><!DOCTYPE trials [<!ELEMENT trials (trial+)><!ENTITY gel 'GEL'>]>"
        + trial("<acronym>&gel;</acronym>"),
        "GEL",
    ),
    "a document type elsewhere": (
        '<!DOCTYPE trials SYSTEM "http://example.org/trials.dtd">' + trial("<acronym>Fu&szlig;</acronym>"),
        "Fuß",
    ),
    "a name of its own for a name of HTML": (
        "<!DOCTYPE trials [<!ENTITY eacute 'E'>]>" + trial("<acronym>&eacute;&szlig;</acronym>"),
        "Eß",
    ),
    "names of HTML": (trial("<acronym>Per&uacute; &amp; &lt;M&eacute;x&gt; &ge; 18</acronym>"), "Perú & <Méx> ≥ 18"),
    "names of HTML that are no reference": (trial("<acronym><![CDATA[Per&uacute;]]></acronym>"), "Per&uacute;"),
    "references to control characters": (trial("<acronym>G&#1;E&#x1F;L</acronym>"), "GEL"),
    "control characters": (trial("<acronym>G\x01E\x0bL</acronym>"), "GEL"),
    "a comment and an instruction": ("<!-- a --><?b c?>" + trial("<acronym>G<!-- d -->EL</acronym>"), "GEL"),
    "markup in text": (trial("<acronym>G<b>E</b>L&#x0D;</acronym>"), "GEL"),
}  # fmt: skip


@pytest.mark.parametrize("what", TITLES)
def test_what_registries_put_into_their_xml(what):
    raw, acronym = TITLES[what]
    (record,), problems = read(raw)
    assert record.first("acronym").value == acronym and not problems


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "UTF-8", "UTF-16"])
def test_the_encoding_that_the_declaration_names(encoding):
    raw = f"<?xml version='1.0' encoding='{encoding}'?>\n{trial('<acronym>Fußé</acronym>')}".encode(encoding)
    (record,), _ = read(raw)
    assert record.first("acronym").value == "Fußé"


def test_names_in_capitals_a_root_triall_and_several_trials():
    one = "<{0}><MAIN><TRIAL_ID>{1}</TRIAL_ID><UTRN>U1111-9999-999{2}</UTRN></MAIN></{0}>"
    raw = "<Triall>" + "".join(one.format("Trial", f"UMIN00009999{n}", n) for n in range(3)) + "</Triall>"
    records, problems = read(raw)
    assert [(record.record, record.first("ids.primary").value) for record in records] == [
        (1, "UMIN000099990"),
        (2, "UMIN000099991"),
        (3, "UMIN000099992"),
    ]
    assert records[2].first("ids.secondary.id").place.xpath == "/Triall/Trial[3]/MAIN/UTRN"
    assert not problems


@pytest.mark.parametrize("root", ["trial", "Triall"])
def test_a_trial_may_be_the_root(root):
    (record,), _ = read(f"<{root}>{MAIN.format('')}</{root}>")
    assert record.first("title.public").place.xpath == f"/{root}/main/public_title"


def test_a_namespace_changes_nothing_but_the_path():
    raw = trial("<acronym>GEL</acronym>").replace("<trials>", '<trials xmlns="http://example.org/who">')
    (record,), _ = read(raw)
    assert record.first("acronym").place.xpath == (
        "/*[local-name()='trials']/*[local-name()='trial'][1]/*[local-name()='main']/*[local-name()='acronym']"
    )
    assert record.source == "who-xml"


def test_a_blank_number_of_another_registry_says_nothing():
    assert told("", "<secondary_ids><secondary_id><sec_id/></secondary_id></secondary_ids>") == []


def test_xml_that_breaks_off_gives_the_trials_before_it():
    raw = trial().replace("</trials>", "<trial><main><trial_id>PER-098-20")
    records, (problem,) = read(raw)
    assert [record.first("ids.primary").value for record in records] == ["PER-099-20"]
    assert (problem.severity, problem.expected) == ("error", "WHO's exchange form, whole and well-formed")
    assert problem.found.startswith("broken XML after 1 trials: ")


def test_a_control_character_in_the_second_trial_gives_each_trial_once():
    second = "<trial>" + MAIN.format("<acronym>G\x02EL</acronym>") + "</trial></trials>"
    records, problems = read(trial().replace("</trials>", second))
    assert [record.record for record in records] == [1, 2] and not problems


@pytest.mark.parametrize("declared", ["iso-8859-99", "utf-32", "utf-8' standalone='maybe"])
def test_an_encoding_that_is_none_is_refused(declared):
    records, problems = read(f"<?xml version='1.0' encoding='{declared}'?>{trial()}")
    assert not records and [problem.severity for problem in problems] == ["error"]


def test_a_reference_at_the_border_of_two_blocks_is_taken_out(monkeypatch):
    for size in range(40, 60):
        monkeypatch.setattr(who_stream, "BLOCK", size)
        (record,), problems = read(trial("<acronym>G&#x0001;E&#31;L &amp; &eacute;</acronym>"))
        assert record.first("acronym").value == "GEL & é" and not problems


def test_a_reference_that_refers_to_a_file_is_left_out(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("not for export")
    raw = f'<!DOCTYPE trials [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + trial("<acronym>&x;GEL</acronym>")
    records, problems = read(raw)
    assert "not for export" not in repr([record.reported for record in records]) + repr(problems)


def test_entities_that_grow_without_bound_are_refused():
    names = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    raw = f'<!DOCTYPE trials [<!ENTITY l0 "ha">{names}]>' + trial("<acronym>&l11;</acronym>")
    records, (problem,) = read(raw)
    assert not records and problem.severity == "error"


@given(st.binary(max_size=30), st.integers(0, 300), st.integers(0, 80))
def test_a_damaged_file_gives_records_or_problems(noise, at, cut):
    raw = trial("<phase>2</phase>", "<criteria><agemin>18</agemin></criteria>").encode()
    records, problems = read(raw[:at] + noise + raw[at + cut :])
    assert records or problems


@given(st.integers(0, 300))
def test_a_cut_file_gives_records_or_problems(length):
    raw = ("<!DOCTYPE trials [<!ENTITY gel 'GEL'>]>" + trial("<acronym>&gel;&eacute;</acronym>")).encode()
    records, problems = read(raw[:length])
    assert records or problems


# The real file, by XPath


@pytest.mark.real
def test_every_place_of_the_real_trial_holds_its_quote(shared):
    from lxml import etree

    for path in (shared / "records/who-dtd-xml").glob("*.xml"):
        problems: list = []
        records = list(records_of(open_document(path, path.name, problems.append)))
        tree = etree.parse(path)
        assert len(records) == len(tree.findall(".//trial")) and not problems
        for record in records:
            for value in record.reported:
                (node,) = tree.xpath(value.place.xpath)
                words = plain("".join(node.itertext()))
                assert value.quote in words or (fold(words) == "" and value.quote == node.tag)


@pytest.mark.real
def test_the_real_trial_says_what_its_elements_say(shared):
    path = shared / "records/who-dtd-xml/REPEC_PER-001-95.xml"
    (record,) = records_of(open_document(path, path.name, [].append))
    said = {value.field: value.value for value in record.reported if value.item is None}
    assert (said["ids.primary"], said["ids.registry"], said["registration.date"]) == (
        "PER-001-95",
        "REPEC",
        "1995-10-27",
    )
    assert (said["enrolment.target"], said["design.phase"], said["status.recruitment"]) == (
        32,
        ["PHASE3"],
        "RECRUITMENT_COMPLETE",
    )
    assert (said["title.public"], said["date.first_enrolment"], said["masking.label"]) == (None, None, "DOUBLE")
    assert [value.value for value in record.all("countries")] == ["BR", "CO", "MX", "PE", "VE"]
