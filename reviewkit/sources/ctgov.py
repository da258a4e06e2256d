"""ClinicalTrials.gov, API version 2: JSON of one study, a list of studies, or a page of search hits.

The tables say which key of which module gives which field. Keys that no table names (persons, phones, results,
derived terms) are passed over. Format: the registry's published schema of a study.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from reviewkit import kinds
from reviewkit.countries import country_code
from reviewkit.documents import Document
from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.fields import sayable
from reviewkit.identifiers import PLACEHOLDERS, read_trial_id
from reviewkit.model import NO_DETAIL, Place, Record, Value
from reviewkit.sources.criteria import sections_of
from reviewkit.sources.json_entry import (
    MEMORY,
    READ_AGE,
    READ_DATE,
    REPORTED,
    Entry,
    Form,
    Step,
    Table,
    Take,
    Told,
    coded,
    coded_list,
    dated,
    each_of,
    flag,
    inside,
    is_blank,
    is_words,
    item_of,
    items_of,
    list_of_words,
    of_words,
    read_persons,
    scalar,
    steps_of,
    walk,
    words_of,
)
from reviewkit.words import State, members

NAME = "ctgov"
KIND = "registry"
METHOD = "ctgov:path"
SAID = """
ids.primary ids.registry ids.secondary.id ids.secondary.type ids.secondary.issuer ids.aliases
title.public title.scientific acronym summary.brief summary.detailed
registration.date registration.date_basis registration.submitted registration.qc registration.posted
registration.last_update status.recruitment status.last_known status.why_stopped status.verified
date.first_enrolment date.primary_completion date.completion study_type
design.purpose design.phase design.allocation design.model design.observational_model design.time_perspective
design.follow_up design.other masking.label masking.roles masking.description enrolment.target enrolment.actual
arms.label arms.role arms.description
interventions.name interventions.type interventions.arms interventions.description interventions.other_names
conditions keywords
eligibility.inclusion eligibility.exclusion
eligibility.age_min eligibility.age_max eligibility.age_groups eligibility.sex eligibility.gender_based
eligibility.healthy_volunteers eligibility.population eligibility.sampling
outcomes.measure outcomes.type outcomes.timepoint outcomes.description
countries sites.name sites.city sites.region sites.country sites.status
sponsor.primary sponsor.class sponsor.secondary contacts.role contacts.org contacts.position
ipd.plan ipd.description ipd.timeframe ipd.criteria ipd.url ipd.items ipd.comments
results.posted results.submitted results.date
publications.pmid publications.type publications.citation publications.url
documents.type documents.label documents.date
"""
FIELDS = sayable(SAID.split())

PLAIN_NUMBER = re.compile(r"NCT0\d{7}", re.ASCII).fullmatch
READ_NUMBER = of_words(kinds.trial_id)
READ_COUNTRY = of_words(lambda words: kinds.Reading(country_code(words), NO_DETAIL))
DATE_KINDS = {"ACTUAL": "ACTUAL", "ESTIMATED": "ANTICIPATED"}
OF_SITES = "rule:countries-of-sites"
OF_LIST = "rule:ctgov-outcome-list"
SIZES = {"ACTUAL": "enrolment.actual", "ESTIMATED": "enrolment.target"}
DOCUMENT_FLAGS = {"hasProtocol": "PROTOCOL", "hasSap": "SAP", "hasIcf": "ICF"}
DOCUMENT_NAMES = {"Prot": "PROTOCOL", "SAP": "SAP", "ICF": "ICF"}


# What is odd about this registry.


def read_number(found: Any) -> tuple[str, dict[str, Any]]:
    """A registration number; the common form is told without trying every registry's pattern."""
    if type(found) is str and PLAIN_NUMBER(found) and found not in PLACEHOLDERS:
        return found, NO_DETAIL
    return READ_NUMBER(found)


def take_number(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
    """The registration number, and the registry its form belongs to."""
    if entry.take("ids.primary", read_number, found, key, at):
        number = entry.values[-1].value
        registry = "CTGOV" if number is found else read_trial_id(number).registry
        entry.derive("ids.registry", None, registry, "rule:registry-of-number", found, at)


def take_organisation_number(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
    """The organisation's own number is the sponsor's, unless its type says otherwise."""
    SECONDARY_NUMBER(entry, found, key, at, item)
    if type(found) is dict and "type" not in found and type(words := found.get("id")) is str and words.strip():
        number = entry.counted["ids.secondary.id"]
        entry.derive("ids.secondary.type", number, "SPONSOR", "rule:ctgov-organisation-number", words, f"{at}/id")


def take_first_submission(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
    """The registration date is the day of first submission, which is what WHO exports as such."""
    readable = entry.take("registration.date", READ_DATE["ACTUAL"], found, key, at)
    date = entry.values[-1]
    entry.add("registration.submitted", None, date.value, date.quote or "", at, date.detail, state=date.state)
    if readable:
        entry.derive("registration.date_basis", None, "SUBMITTED", "rule:ctgov-first-submission", found, at)


def date_struct(field: str) -> Step:
    """{date, type}: whether it has happened is said beside it; old records say nothing."""
    known: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}  # most days return in many studies

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        if type(found) is not dict or not found:
            entry.gap(field, found, key, at, item, expected="an object with date and type")
            return
        words, code = found.get("date"), found.get("type")
        written = (words, code) if type(words) is str and type(code) is str else None
        if written and (meaning := known.get(written)):
            place = Place(entry.name, at + "/date")
            entry.values.append(Value(field, item, meaning[0], REPORTED, written[0], place, METHOD, meaning[1]))
        elif "date" in found:
            kind = said_beside(entry, found, at, DATE_KINDS)
            read = entry.take(field, READ_DATE[kind or "UNKNOWN"], words, "date", at + "/date", item)
            if read and kind and written and len(known) < MEMORY:
                known[written] = entry.values[-1].value, entry.values[-1].detail

    return Step(Form.TOGETHER, "", field, ("date", "type", known), take)


def said_beside(entry: Entry, found: dict[str, Any], at: str, codes: dict[str, str]) -> str | None:
    """What the key `type` of an object says of its other keys; None, with a notice if it is no code."""
    code = found.get("type")
    if type(code) is str and code in codes:
        return codes[code]
    if not is_blank(code):
        entry.note(code, f"{at}/type", expected="one of " + ", ".join(codes))
    return None


def take_enrolment(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
    """A number and its role, planned or achieved; without a role the number is certain and what it means is not."""
    if type(found) is not dict or not found:
        entry.gap("enrolment.target", found, key, at, None, expected="an object with count and type")
    elif "count" in found:
        field = said_beside(entry, found, at, SIZES)
        known = entry.take(field or "enrolment.target", read_persons, found["count"], "count", f"{at}/count")
        if known and field is None:
            entry.values[-1] = msgspec.structs.replace(entry.values[-1], state=State.UNCLEAR)


def feature(name: str) -> Step:
    """A design feature that has no field of its own: true or false, with its name before it."""
    return flag("design.other", (f"{name}: false", f"{name}: true"))


def take_retention(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
    """Which samples are kept: a code, with its name before it."""
    if type(found) is str and found.strip():
        entry.add("design.other", None, f"biospecimens: {found}", found, at)
    else:
        entry.gap("design.other", found, key, at, None, expected="a code")


def take_masking(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
    """Label, roles and description; an open trial that lists no roles masks nobody."""
    nobody = type(found) is dict and found.get("masking") == "NONE" and is_blank(found.get("whoMasked"))
    told = {name: value for name, value in found.items() if name != "whoMasked"} if nobody else found
    MASKING_INFO.take(entry, told, key, at, item)
    if nobody:
        entry.derive("masking.roles", None, [], "rule:open-label-masks-nobody", "NONE", f"{at}/masking")


def take_arm_labels(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
    """The arms that receive an intervention: their labels become the item numbers of those arms."""
    field, expected = "interventions.arms", "labels of this study's arms, each the label of one arm"
    if not is_words(found):
        entry.gap(field, found, key, at, item, expected=expected)
        return
    numbers = entry.remembered.get("arms")
    if numbers is None:
        numbers = entry.remembered["arms"] = arm_numbers(entry.content)
    arms = [*map(numbers.get, found)]
    if None in arms:
        entry.gap(field, found, key, at, item, expected=expected, quote=", ".join(found))
    else:
        entry.add(field, item, [*dict.fromkeys(arms)], ", ".join(found), at)


def arm_numbers(protocol: dict[str, Any]) -> dict[str, int | None]:
    """Label -> item number of each arm; None for a label that two arms share."""
    groups = protocol["armsInterventionsModule"].get("armGroups")
    numbers: dict[str, int | None] = {}
    for number, arm in enumerate(groups if type(groups) is list else [], 1):
        label = arm.get("label") if type(arm) is dict else None
        if type(label) is str:
            numbers[label] = None if label in numbers else number
    return numbers


def outcomes(member: str) -> Step:
    """A list of outcomes; which list it is says what type they are."""
    return items_of("outcomes.measure", OUTCOME, told=Told("outcomes.type", member, OF_LIST))


def take_places(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
    """The centres, and after them each country once, resting on its first centre."""
    PLACES.take(entry, found, key, at, item)
    centres = found.get("locations") if type(found) is dict else None
    if type(centres) is list:
        written = [centre.get("country") if type(centre) is dict else None for centre in centres]
        for number, (code, words) in enumerate(countries_in(written).items(), 1):
            where = f"{at}/locations/{written.index(words)}/country"
            entry.derive("countries", number, code, OF_SITES, words, where)


def countries_in(written: list[Any]) -> dict[str, str]:
    """Code -> words of each country that can be read, in the order in which they are first named."""
    codes: dict[str, str] = {}
    for words in dict.fromkeys(words for words in written if type(words) is str):
        try:
            code, _ = READ_COUNTRY(words)
        except ValueError:  # which was told when its centre was read
            continue
        codes.setdefault(code, words)
    return codes


def take_criteria(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
    """One text with headings: the parts under them; without headings the part is open."""
    if type(found) is not str or not found.strip():
        entry.gap("eligibility.inclusion", found, key, at, None, expected="the criteria as one text")
        return
    for part, words, headed, blank in sections_of(found):
        state = State.EMPTY_IN_SOURCE if blank else REPORTED if headed else State.UNCLEAR
        entry.add("eligibility." + part, None, words if state is REPORTED else None, words, at, state=state)


def take_document_name(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
    """The contents of a document in short, such as Prot_SAP."""
    parts = found.split("_") if type(found) is str else []
    if parts and DOCUMENT_NAMES.keys() >= set(parts):
        value = list(dict.fromkeys(DOCUMENT_NAMES[part] for part in parts))
        entry.add("documents.type", item, value, found, at, {"as_written": found})
    else:
        entry.gap("documents.type", found, key, at, item, expected="Prot, SAP and ICF, joined by _")


def take_documents(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
    """The documents; where one has no short name, the flags that are set tell its contents."""
    start = entry.counted.get("documents.type", 0)
    DOCUMENTS.take(entry, found, key, at, item)
    for index, member in enumerate(found if type(found) is list else []):
        flags = [name for name in DOCUMENT_FLAGS if type(member) is dict and member.get(name) is True]
        if flags and "typeAbbrev" not in member:
            contents = [DOCUMENT_FLAGS[name] for name in flags]
            where = f"{at}/{index}/{flags[0]}"
            entry.derive("documents.type", start + index + 1, contents, "rule:ctgov-document-flags", "true", where)


def take_shared_data(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
    """Addresses of shared data: several values of fields that are no group, so without item numbers."""
    if type(found) is not list or not found:
        entry.gap("ipd.url", found, key, at, None, expected="a JSON list")
        return
    for index, member in enumerate(found):
        SHARED_DATA.take(entry, member, key, f"{at}/{index}", None)


# The codes that differ from ours. None: known, and nothing our field could hold.

EXPANDED_ACCESS = "AVAILABLE NO_LONGER_AVAILABLE TEMPORARILY_NOT_AVAILABLE APPROVED_FOR_MARKETING WITHHELD"
STATUS = {
    **{status: status for status in members("RecruitmentStatus") if status != "RECRUITMENT_COMPLETE"},  # WHO's word
    **dict.fromkeys(EXPANDED_ACCESS.split(), "UNKNOWN"),
}
SPONSOR_CLASS = {
    **dict.fromkeys(["NIH", "FED", "OTHER_GOV"], "GOVERNMENT"),
    **{word: word for word in ("INDUSTRY", "NETWORK", "OTHER", "UNKNOWN")},
    "INDIV": "INDIVIDUAL",
    "AMBIG": "UNKNOWN",
}
NUMBER_TYPE = {
    **dict.fromkeys(["NIH", "FDA", "VA", "CDC", "AHRQ", "SAMHSA", "OTHER_GRANT"], "GRANT"),
    "EUDRACT_NUMBER": "EUDRACT",
    "CTIS": "REGISTRY",
    "REGISTRY": "REGISTRY",
    "OTHER": "OTHER",
}
PERSON_ROLE = {
    "PRINCIPAL_INVESTIGATOR": "PI",
    "CONTACT": "PUBLIC",
    **dict.fromkeys(["STUDY_CHAIR", "STUDY_DIRECTOR", "SUB_INVESTIGATOR", "SPONSOR"]),
}
RESPONSIBLE = {"PRINCIPAL_INVESTIGATOR": "PI", "SPONSOR_INVESTIGATOR": "PI", "SPONSOR": None}
IPD_PLAN = {word: word for word in ("YES", "NO", "UNDECIDED")}
IPD_ITEM = {"STUDY_PROTOCOL": "PROTOCOL", "SAP": "SAP", "ICF": "ICF", "CSR": "CSR", "ANALYTIC_CODE": "CODE"}
REFERENCE_TYPE = {word: word for word in ("BACKGROUND", "RESULT", "DERIVED")}
MASKED = {word: word for word in ("PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR")}


# The tables: key -> field.

SECONDARY: Table = {
    "id": "ids.secondary.id",
    "type": coded("ids.secondary.type", NUMBER_TYPE),
    "domain": "ids.secondary.issuer",
}
SECONDARY_NUMBER = item_of("ids.secondary.id", SECONDARY)
MASKING_INFO = inside(
    {
        "masking": coded("masking.label", "Masking"),
        "maskingDescription": "masking.description",
        "whoMasked": coded_list("masking.roles", MASKED),
    },
    "masking.label",
)
SITE: Table = {
    "facility": "sites.name",
    "status": coded("sites.status", STATUS),
    "city": "sites.city",
    "state": "sites.region",
    "country": scalar("sites.country", READ_COUNTRY),
}
DOCUMENTS = items_of(
    "documents.type",
    {"typeAbbrev": take_document_name, "label": "documents.label", "date": dated("documents.date")},
)
SHARED_DATA = inside({"url": "ipd.url", "comment": "ipd.comments"}, "ipd.url")
PERSON: Table = {"role": coded("contacts.role", PERSON_ROLE), "affiliation": "contacts.org"}
PLACES = inside(
    {
        "centralContacts": items_of("contacts.role", PERSON, personal=True),
        "overallOfficials": items_of("contacts.role", PERSON, personal=True),
        "locations": items_of("sites.name", SITE, personal=True),
    }
)
OUTCOME: Table = {
    "measure": "outcomes.measure",
    "description": "outcomes.description",
    "timeFrame": "outcomes.timepoint",
}
DESIGN: Table = {
    "allocation": coded("design.allocation", "Allocation"),
    "interventionModel": coded("design.model", "InterventionModel"),
    "interventionModelDescription": "design.other",
    "primaryPurpose": coded("design.purpose", "Purpose"),
    "observationalModel": "design.observational_model",
    "timePerspective": "design.time_perspective",
    "maskingInfo": take_masking,
}
PROTOCOL: dict[str, Table | Take] = {
    "identificationModule": {
        "nctId": take_number,
        "nctIdAliases": each_of("ids.aliases", read_number),
        "orgStudyIdInfo": take_organisation_number,
        "secondaryIdInfos": items_of("ids.secondary.id", SECONDARY),
        "briefTitle": "title.public",
        "officialTitle": "title.scientific",
        "acronym": "acronym",
    },
    "statusModule": {
        "overallStatus": coded("status.recruitment", STATUS),
        "lastKnownStatus": coded("status.last_known", STATUS),
        "whyStopped": "status.why_stopped",
        "statusVerifiedDate": dated("status.verified"),
        "startDateStruct": date_struct("date.first_enrolment"),
        "primaryCompletionDateStruct": date_struct("date.primary_completion"),
        "completionDateStruct": date_struct("date.completion"),
        "studyFirstSubmitDate": take_first_submission,
        "studyFirstSubmitQcDate": dated("registration.qc"),
        "studyFirstPostDateStruct": date_struct("registration.posted"),
        "lastUpdateSubmitDate": dated("registration.last_update"),
        "resultsFirstSubmitDate": dated("results.submitted"),
        "resultsFirstPostDateStruct": date_struct("results.date"),
    },
    "sponsorCollaboratorsModule": {
        "leadSponsor": inside(
            {"name": "sponsor.primary", "class": coded("sponsor.class", SPONSOR_CLASS)}, "sponsor.primary"
        ),
        "collaborators": items_of("sponsor.secondary", {"name": "sponsor.secondary"}),
        "responsibleParty": item_of(
            "contacts.role",
            {
                "type": coded("contacts.role", RESPONSIBLE),
                "investigatorTitle": "contacts.position",
                "investigatorAffiliation": "contacts.org",
                "oldOrganization": "contacts.org",
            },
            personal=True,
        ),
    },
    "oversightModule": {
        "oversightHasDmc": feature("data monitoring committee"),
        "isFdaRegulatedDrug": feature("drug regulated by the US FDA"),
        "isFdaRegulatedDevice": feature("device regulated by the US FDA"),
        "isUnapprovedDevice": feature("device not approved by the US FDA"),
        "isPpsd": feature("paediatric postmarket surveillance of a device"),
        "isUsExport": feature("product made in and exported from the US"),
        "fdaaa801Violation": feature("FDAAA 801 violation"),
    },
    "descriptionModule": {
        "briefSummary": "summary.brief",
        "detailedDescription": "summary.detailed",
    },
    "conditionsModule": {
        "conditions": words_of("conditions"),
        "keywords": words_of("keywords"),
    },
    "designModule": {
        "studyType": coded("study_type", "StudyType"),
        "phases": coded_list("design.phase", "Phase"),
        "targetDuration": "design.follow_up",
        "patientRegistry": feature("patient registry"),
        "designInfo": inside(DESIGN),
        "enrollmentInfo": take_enrolment,
        "bioSpec": inside({"retention": take_retention}),
    },
    "armsInterventionsModule": {
        "armGroups": items_of(
            "arms.label",
            {"label": "arms.label", "type": coded("arms.role", "ArmRole"), "description": "arms.description"},
        ),
        "interventions": items_of(
            "interventions.name",
            {
                "type": coded("interventions.type", "InterventionType"),
                "name": "interventions.name",
                "description": "interventions.description",
                "armGroupLabels": take_arm_labels,
                "otherNames": list_of_words("interventions.other_names"),
            },
        ),
    },
    "outcomesModule": {
        "primaryOutcomes": outcomes("PRIMARY"),
        "secondaryOutcomes": outcomes("SECONDARY"),
        "otherOutcomes": outcomes("OTHER"),
    },
    "eligibilityModule": {
        "eligibilityCriteria": take_criteria,
        "healthyVolunteers": flag("eligibility.healthy_volunteers"),
        "sex": coded("eligibility.sex", "Sex"),
        "genderBased": flag("eligibility.gender_based"),
        "minimumAge": scalar("eligibility.age_min", READ_AGE),
        "maximumAge": scalar("eligibility.age_max", READ_AGE),
        "stdAges": coded_list("eligibility.age_groups", "AgeGroup"),
        "studyPopulation": "eligibility.population",
        "samplingMethod": "eligibility.sampling",
    },
    "contactsLocationsModule": take_places,
    "referencesModule": {
        "references": items_of(
            "publications.pmid",
            {
                "pmid": "publications.pmid",
                "type": coded("publications.type", REFERENCE_TYPE),
                "citation": "publications.citation",
            },
        ),
        "seeAlsoLinks": items_of("publications.pmid", {"url": "publications.url"}),
        "availIpds": take_shared_data,
    },
    "ipdSharingStatementModule": {
        "ipdSharing": coded("ipd.plan", IPD_PLAN),
        "description": "ipd.description",
        "infoTypes": coded_list("ipd.items", IPD_ITEM),
        "timeFrame": "ipd.timeframe",
        "accessCriteria": "ipd.criteria",
        "url": "ipd.url",
    },
}
STUDY: Table = {
    "protocolSection": inside(
        {module: table if callable(table) else inside(table) for module, table in PROTOCOL.items()}
    ),
    "hasResults": flag("results.posted"),
    "documentSection": inside(
        {
            "largeDocumentModule": inside(
                {
                    "largeDocs": take_documents,
                }
            )
        }
    ),
}


STUDY_STEPS = steps_of(STUDY)


# The document: which of the three forms it has, and its studies one by one.


class Study(msgspec.Struct):
    """The top level of a study, or of a page that holds studies; keys not named here are skipped, not decoded."""

    protocolSection: Any = msgspec.UNSET
    hasResults: Any = msgspec.UNSET
    documentSection: Any = msgspec.UNSET
    studies: msgspec.Raw = msgspec.Raw()
    # What only a version of a study has (ctgov_history.py).
    study: msgspec.Raw = msgspec.Raw()
    studyVersion: msgspec.Raw = msgspec.Raw()
    versionNumber: msgspec.Raw = msgspec.Raw()
    history_version: msgspec.Raw = msgspec.Raw()

    def is_version(self) -> bool:
        """Is it a version out of a study's history?"""
        return any(map(bytes, (self.study, self.studyVersion, self.versionNumber, self.history_version)))

    def parts(self) -> dict[str, Any]:
        """Those keys of a study that are there."""
        found = {key: getattr(self, key) for key in STUDY}
        return {key: part for key, part in found.items() if part is not msgspec.UNSET}


class Contents(NamedTuple):
    """What a document holds: by what it was recognised, and pointer and JSON of each study (one alone is decoded)."""

    recognised_by: str
    studies: list[tuple[str, Study | msgspec.Raw]]


OPENING = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*([\[{])[ \t\r\n]*(.?)", re.DOTALL)
SURELY_JSON = {b'{"', b"{", b"[{", b"[[", b"["}  # `[1] Smith` and `{a}` may be prose
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
MARK = b'"protocolSection"'
BRACKET = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)  # strings are matched to be passed over
DEEP = 100  # a study is nine deep
UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
EXPECTED = "one study, a list of studies or a search page of ClinicalTrials.gov (JSON of its API, version 2)"
EXPECTED_JSON = "JSON of ClinicalTrials.gov, ISRCTN, CTIS, the EU register, Europe PMC, Crossref or BioStudies"
decode_study = msgspec.json.Decoder(Study).decode
decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
decode_keys = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def recognise(document: Document) -> str | None:
    """By what the document is known; None if it is no JSON, broken JSON, or holds no study."""
    found = contents(document)
    return found.recognised_by if found else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The record of each study; of what is no study a problem, and the others all the same."""
    found = contents(document)
    number = 0
    if found and not found.studies:
        document.notice(
            None, found="a search page without studies", expected=EXPECTED, fix="none, if nothing was found"
        )
    for at, source in found.studies if found else []:
        study = source if isinstance(source, Study) else decoded(source)
        if study is None or type(study.protocolSection) is not dict:
            document.report(no_study(document, at, source))
            continue
        number += 1
        yield record_of(document, recognised_by, number, study, at)


def record_of(document: Document, recognised_by: str, number: int, study: Study, at: str) -> Record:
    """Everything one study says of itself."""
    entry = Entry(document, study.protocolSection, METHOD)
    walk(entry, STUDY_STEPS, study.parts(), at, None)
    entry.close_groups()
    return Record(
        document=document.name,
        record=number,
        sha256=document.sha256,
        source=NAME,
        recognised_by=recognised_by,
        kind=KIND,
        reported=entry.values,
        fields=FIELDS,
    )


@lru_cache(maxsize=1)
def contents(document: Document) -> Contents | None:
    """What the document holds, parsed once for `recognise` and `read`; None if it is no JSON with a study."""
    opening = opening_of(document)
    try:
        return contents_of(data_of(document), opening) if opening else None
    except UNDECODABLE:
        return None


def refuse_json(document: Document) -> None:
    """ReviewError for JSON that no source knows: where it breaks, or what it holds; what is no JSON passes."""
    opening = opening_of(document)
    if not opening:
        return
    data = data_of(document)
    try:
        contents_of(data, opening)
        refusal = foreign(document, data)
    except UNDECODABLE as error:
        if opening in SURELY_JSON:
            raise damaged(document) from error
        return
    raise refusal


def contents_of(data: bytes, opening: bytes) -> Contents | None:
    """The studies in JSON of one of the three forms; None if it has none of them, or holds versions of a study."""
    if opening.startswith(b"["):
        raws = decode_list(data)
        first = decoded(raws[0]) if raws and MARK in data else None
        is_list = raws and MARK in data and not (first and first.is_version())
        return listed("a list of studies", "", raws) if is_list else None
    top = decode_study(data)
    if top.is_version():
        return None
    if type(top.protocolSection) is dict:
        return Contents("key protocolSection", [("", top)])
    if bytes(top.studies).startswith(b"["):
        raws = decode_list(top.studies)
        return listed("key studies", "/studies", raws) if not raws or MARK in data else None
    return None


def listed(recognised_by: str, at: str, raws: list[msgspec.Raw]) -> Contents:
    """The contents of a list: decoding waits until each study is read, so that a long list needs little memory."""
    return Contents(recognised_by, [(f"{at}/{index}", raw) for index, raw in enumerate(raws)])


def opening_of(document: Document) -> bytes:
    """The first bracket and what follows it, both without white space; empty if the document starts otherwise."""
    raw = document.raw
    if raw.startswith(UTF_16):
        raw = raw[:4000].decode("utf-16", "ignore").encode()
    match = OPENING.match(raw)
    return match[1] + match[2] if match else b""


def data_of(document: Document) -> bytes:
    """The JSON as UTF-8 without byte order mark."""
    if document.raw.startswith(UTF_16):
        return document.text.encode()
    return document.raw.removeprefix(b"\xef\xbb\xbf")


def decoded(raw: msgspec.Raw) -> Study | None:
    """One element of a list; None if it is no object, or cannot be decoded."""
    try:
        return decode_study(raw)
    except UNDECODABLE:
        return None


def no_study(document: Document, at: str, found: Study | msgspec.Raw) -> Problem:
    """What to say of an element of a list that is no study."""
    words = shown(bytes(found).decode("utf-8", "replace")) if isinstance(found, msgspec.Raw) else "no object"
    return Problem(
        document.name,
        Place(document.name, at),
        found=words,
        expected="a study, which is an object with protocolSection",
        fix="fetch this study again; the others were read",
    )


def foreign(document: Document, data: bytes) -> ReviewError:
    """The refusal of sound JSON that holds no study."""
    return document.refuse(
        found=holding(data),
        expected=EXPECTED_JSON,
        fix="download the record again as the registry or database gives it, or leave this file out",
    )


def holding(data: bytes) -> str:
    """What sound JSON without a study holds, in a few words."""
    try:
        keys = list(decode_keys(data))
    except msgspec.ValidationError:
        return f"a JSON list of {len(decode_list(data))} without a study"
    if "protocolSection" in keys:
        return "JSON whose protocolSection is no object"
    return "JSON with the top-level keys " + shown(", ".join(keys)) if keys else "an empty JSON object"


def damaged(document: Document) -> ReviewError:
    """The refusal of broken JSON, with the line where it breaks."""
    text = document.text  # which refuses other encodings and NUL characters in its own words
    line: int | None = None
    try:
        json.loads(text)
        found = "JSON with a character or a number that no program could write"
    except json.JSONDecodeError as error:
        line, found = document.line_of(error.pos), f"broken JSON: {error.msg}"
    except RecursionError:
        line, found = document.line_of(too_deep(text)), "JSON nested too deeply for a study"
    except ValueError:  # the limit of Python against numbers that take for ever to read
        found = "JSON with a number of thousands of digits"
    return document.refuse(
        place=Place(document.name, line=line),
        found=found,
        expected=EXPECTED_JSON,
        fix="download the file again; it may have been cut short or edited",
    )


def too_deep(text: str) -> int:
    """Where brackets in JSON first stand more than `DEEP` deep."""
    depth = 0
    for match in BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth > DEEP:
            return match.start()
    return 0
