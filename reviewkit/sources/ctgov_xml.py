"""ClinicalTrials.gov, legacy XML: `clinical_study` files of the old download, and the older archive of dated versions.

The two differ in the names of their elements; the tables say which element gives which field. Both are read as the
registry's JSON is (ctgov.py): dates as written, the day of first submission as registration date, no persons. A file
may hold many studies below one root. A file of the archive says of which day it is (`last_release_date`); the first
version of a trial often has no number yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from reviewkit import kinds
from reviewkit.countries import country_code
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.identifiers import UTN, read_trial_id
from reviewkit.model import NO_DETAIL, Place, Record, Value
from reviewkit.sources import ctgov
from reviewkit.sources.collect import Reader, derive_nobody_masked, derive_registry
from reviewkit.sources.criteria import sections_of
from reviewkit.sources.xml_entry import Table, XmlEntry, path_of, root_name, root_of, words_in
from reviewkit.words import State, members

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAME = "ctgov-xml"
KIND = "registry"
SAID_HERE = """
design.control design.n_arms outcomes.safety condition_codes.system condition_codes.term
documents.url source.url source.export_date source.version_date
"""
FIELDS = sayable(
    name
    for name in (*ctgov.SAID.split(), *SAID_HERE.split())
    if name not in {"contacts.position", "eligibility.age_groups", "documents.label"}
)


def _folded(codes: Mapping[str, str | None]) -> dict[str, str]:
    return {" ".join(code.casefold().replace("_", " ").split()): member for code, member in codes.items() if member}


STATUS = {
    **_folded(ctgov.STATUS),
    "active, not recruiting": "ACTIVE_NOT_RECRUITING",
    "unknown status": "UNKNOWN",
    "no longer recruiting": "RECRUITMENT_COMPLETE",  # of old versions
}
STUDY_TYPE = {
    **_folded({member: member for member in members("StudyType")}),
    "observational [patient registry]": "OBSERVATIONAL",
    "observational patient registry": "OBSERVATIONAL",
}
SPONSOR_CLASS = {
    **dict.fromkeys(["nih", "u.s. fed", "other u.s. federal agency", "other gov", "fed"], "GOVERNMENT"),
    **_folded({word: word for word in ("INDUSTRY", "NETWORK", "OTHER", "UNKNOWN")}),
    "indiv": "INDIVIDUAL",
    "individual": "INDIVIDUAL",
    "ambig": "UNKNOWN",
}
SEX = {"all": "ALL", "both": "ALL", "female": "FEMALE", "male": "MALE"}
ALLOCATION = {
    **dict.fromkeys(["randomized", "random allocation", "randomized controlled trial"], "RANDOMIZED"),
    **dict.fromkeys(
        ["non-randomized", "nonrandomized", "non-randomized trial", "nonrandomized trial"], "NON_RANDOMIZED"
    ),
    "n/a": "NA",
}
MODEL = {
    **dict.fromkeys(["single group assignment", "single group"], "SINGLE_GROUP"),
    **dict.fromkeys(["parallel assignment", "parallel"], "PARALLEL"),
    **dict.fromkeys(["crossover assignment", "cross-over assignment", "crossover"], "CROSSOVER"),
    **dict.fromkeys(["factorial assignment", "factorial"], "FACTORIAL"),
    **dict.fromkeys(["sequential assignment", "sequential"], "SEQUENTIAL"),
}
PURPOSE = {**_folded({member: member for member in members("Purpose")}), "educational/counseling/training": "OTHER"}
CONTROL = {
    "active control": ["ACTIVE"],
    "placebo control": ["PLACEBO"],
    "dose comparison": ["DOSE"],
    "historical control": ["HISTORICAL"],
}
LEVELS = ("single", "double", "triple", "quadruple")
MASKING = {
    **dict.fromkeys(["none", "open label", "open", "no masking"], "NONE"),
    **{level + blind: level.upper() for level in LEVELS for blind in ("", " blind", "-blind")},
}
ROLES = {
    **dict.fromkeys(["participant", "subject"], "PARTICIPANT"),
    **dict.fromkeys(["care provider", "caregiver"], "CARE_PROVIDER"),
    "investigator": "INVESTIGATOR",
    **dict.fromkeys(["outcomes assessor", "outcome assessor"], "OUTCOMES_ASSESSOR"),
}
OFFICIAL = {"principal investigator": "PI", "study principal investigator": "PI"}
IPD_ITEM = {
    "study protocol": "PROTOCOL",
    "statistical analysis plan (sap)": "SAP",
    "statistical analysis plan": "SAP",
    "informed consent form (icf)": "ICF",
    "informed consent form": "ICF",
    "clinical study report (csr)": "CSR",
    "clinical study report": "CSR",
    "analytic code": "CODE",
}
OBSERVATIONAL_MODEL = {
    *("case control", "case-control", "cohort", "case-only", "case only", "case-crossover", "case crossover"),
    *("ecologic or community", "family-based", "family based"),
}
TIME_PERSPECTIVE = {
    *("prospective", "retrospective", "cross-sectional", "longitudinal", "retrospective/prospective"),
    *("prospective study", "retrospective study", "retrospective/prospective study"),
}
DATE_KINDS = {
    "actual": "ACTUAL",
    **dict.fromkeys(["anticipated", "estimated", "estimate"], "ANTICIPATED"),
}
FUNDERS = ("us nih", "us fda", "us va", "us cdc", "us ahrq", "us samhsa", "other")
NUMBER_TYPE = {
    **{f"{funder} {number}": "GRANT" for funder in FUNDERS for number in ("grant number", "grant/funding number")},
    "us nih grant/contract award number": "GRANT",
    "eudract number": "EUDRACT",
    "registry identifier": "REGISTRY",
    "other identifier": "OTHER",
}
MASKED = re.compile(r"(?P<label>[^()]*[^()\s])\s*(?:\((?P<roles>[^()]*)\))?")
DESIGN_PART = re.compile(
    r"(?P<name>Allocation|Endpoint Classification|Intervention Model|Observational(?: Study)? Model|Masking"
    r"|Primary Purpose|Time Perspective|Control)\s*:\s*"
)


def _country(words: str) -> kinds.Reading:
    return kinds.Reading(country_code(words), NO_DETAIL)


def _happened(words: str) -> kinds.Reading:
    return kinds.date(words, "ACTUAL")


def _study_type(words: str) -> kinds.Reading:
    """A withheld study is of the type N/A."""
    if words.casefold() == "n/a":
        return kinds.Reading(None, {"as_written": words}, State.NOT_APPLICABLE)
    return kinds.coded(STUDY_TYPE)(words)


NEW: Table = {
    "id_info/nct_id": ("ids.primary", kinds.trial_id),
    "nct_id": ("ids.primary", kinds.trial_id),  # of a hit of a search
    "title": "title.public",
    "status": ("status.recruitment", kinds.coded(STATUS)),
    "last_changed": ("registration.last_update", _happened),
    "required_header/url": "source.url",
    "brief_title": "title.public",
    "official_title": "title.scientific",
    "acronym": "acronym",
    "brief_summary/textblock": "summary.brief",
    "detailed_description/textblock": "summary.detailed",
    "overall_status": ("status.recruitment", kinds.coded(STATUS)),
    "last_known_status": ("status.last_known", kinds.coded(STATUS)),
    "why_stopped": "status.why_stopped",
    "verification_date": ("status.verified", _happened),
    "study_first_submitted_qc": ("registration.qc", _happened),
    "last_update_submitted": ("registration.last_update", _happened),
    "lastchanged_date": ("registration.last_update", _happened),
    "results_first_submitted": ("results.submitted", _happened),
    "firstreceived_results_date": ("results.submitted", _happened),
    "study_type": ("study_type", _study_type),
    "phase": ("design.phase", kinds.phase),
    "target_duration": "design.follow_up",
    "number_of_arms": ("design.n_arms", lambda words: kinds.count(words, None)),
    "number_of_groups": ("design.n_arms", lambda words: kinds.count(words, None)),
    "study_design_info/allocation": ("design.allocation", kinds.coded(ALLOCATION)),
    "study_design_info/intervention_model": ("design.model", kinds.coded(MODEL)),
    "study_design_info/intervention_model_description": "design.other",
    "study_design_info/primary_purpose": ("design.purpose", kinds.coded(PURPOSE)),
    "study_design_info/observational_model": "design.observational_model",
    "study_design_info/time_perspective": "design.time_perspective",
    "study_design_info/masking_description": "masking.description",
    "sponsors/lead_sponsor/agency": "sponsor.primary",
    "sponsors/lead_sponsor/agency_class": ("sponsor.class", kinds.coded(SPONSOR_CLASS)),
    "eligibility/gender": ("eligibility.sex", kinds.coded(SEX)),
    "eligibility/gender_based": ("eligibility.gender_based", kinds.flag),
    "eligibility/minimum_age": ("eligibility.age_min", kinds.age),
    "eligibility/maximum_age": ("eligibility.age_max", kinds.age),
    "eligibility/study_pop/textblock": "eligibility.population",
    "eligibility/sampling_method": "eligibility.sampling",
    "patient_data/sharing_ipd": ("ipd.plan", kinds.coded({"yes": "YES", "no": "NO", "undecided": "UNDECIDED"})),
    "patient_data/ipd_description": "ipd.description",
    "patient_data/ipd_time_frame": "ipd.timeframe",
    "patient_data/ipd_access_criteria": "ipd.criteria",
    "patient_data/ipd_url": "ipd.url",
}
ARCHIVE: Table = {
    "study_id/nct_id": ("ids.primary", kinds.trial_id),
    "brief_title/textblock": "title.public",
    "official_title/textblock": "title.scientific",
    "acronym": "acronym",
    "brief_summary/textblock": "summary.brief",
    "detailed_descr/textblock": "summary.detailed",
    "status_block/status": ("status.recruitment", kinds.coded(STATUS)),
    "status_block/why_stopped/textblock": "status.why_stopped",
    "status_block/date": ("status.verified", _happened),
    "last_release_date": ("registration.last_update", _happened),
    "./last_release_date": ("source.version_date", _happened),
    "init_results_release_date": ("results.submitted", _happened),
    "study_type": ("study_type", _study_type),
    "phase_block/phase": ("design.phase", kinds.phase),
    "number_of_arms": ("design.n_arms", lambda words: kinds.count(words, None)),
    "number_of_groups": ("design.n_arms", lambda words: kinds.count(words, None)),
    "study_sponsor/lead_sponsor/agency": "sponsor.primary",
    "eligibility/gender": ("eligibility.sex", kinds.coded(SEX)),
    "eligibility/minimum_age": ("eligibility.age_min", kinds.age),
    "eligibility/maximum_age": ("eligibility.age_max", kinds.age),
    "eligibility/study_pop/textblock": "eligibility.population",
    "eligibility/sampling_method": "eligibility.sampling",
}
SUBMITTED = ("study_first_submitted", "firstreceived_date", "initial_release_date")
DATES = {  # field -> elements, each with what it is if no type is said
    "date.first_enrolment": ("start_date",),
    "date.primary_completion": ("primary_completion_date", "primary_compl_date"),
    "date.completion": ("completion_date", "last_follow_up_date", "end_date"),
    "registration.posted": ("study_first_posted",),
    "results.date": ("results_first_posted",),
}
ARM_ROLE = kinds.coded(
    {**_folded({member: member for member in members("ArmRole")}), "no intervention": "NO_INTERVENTION"}
)
ARM: Table = {
    "arm_group_label": "arms.label",
    "arm_group_type": ("arms.role", ARM_ROLE),
    "arm_type": ("arms.role", ARM_ROLE),
    "description": "arms.description",
}
INTERVENTION_TYPE = {
    **_folded({member: member for member in members("InterventionType")}),
    "procedure/surgery": "PROCEDURE",
    "biological/vaccine": "BIOLOGICAL",
    "behavior": "BEHAVIORAL",
    "gene transfer": "GENETIC",
    "dietary supplement": "DIETARY_SUPPLEMENT",
}
INTERVENTION: Table = {
    "intervention_name": "interventions.name",
    "primary_name": "interventions.name",
    "intervention_type": ("interventions.type", kinds.coded(INTERVENTION_TYPE)),
    "intervent_type": ("interventions.type", kinds.coded(INTERVENTION_TYPE)),
    "description": "interventions.description",
}
OUTCOME: Table = {
    "measure": "outcomes.measure",
    "description": "outcomes.description",
    "time_frame": "outcomes.timepoint",
    "safety_issue": ("outcomes.safety", kinds.flag),
}
OUTCOME_LISTS = {"primary_outcome": "PRIMARY", "secondary_outcome": "SECONDARY", "other_outcome": "OTHER"}
SITE: Table = {
    "facility/name": "sites.name",
    "facility/address/city": "sites.city",
    "facility/address/state": "sites.region",
    "facility/address/country": ("sites.country", _country),
    "status": ("sites.status", kinds.coded(STATUS)),
}
REFERENCES = {"reference": "BACKGROUND", "background/reference": "BACKGROUND", "results_reference": "RESULT"}
REFERENCE: Table = {"PMID": "publications.pmid", "citation": "publications.citation"}
RESPONSIBLE = {"principal investigator": "PI", "sponsor-investigator": "PI"}
OVERSIGHT = {  # element -> how its feature is called; as the registry's JSON is read
    "oversight_info/has_dmc": "data monitoring committee",
    "oversight_info/is_fda_regulated_drug": "drug regulated by the US FDA",
    "oversight_info/is_fda_regulated_device": "device regulated by the US FDA",
    "oversight_info/is_unapproved_device": "device not approved by the US FDA",
    "oversight_info/is_ppsd": "paediatric postmarket surveillance of a device",
    "oversight_info/is_us_export": "product made in and exported from the US",
}
DOCUMENT_FLAGS = {"document_has_protocol": "PROTOCOL", "document_has_sap": "SAP", "document_has_icf": "ICF"}
PROCESSED = re.compile(r"processed this data on (?P<date>\w[\w ,]*\w)")
REDACTED = "[Redacted]"  # what stands in a withheld study
STUDY, SEARCH = "clinical_study", "search_results"


class Entry(XmlEntry):
    """As every XML entry is read; what the registry has blacked out is there and blank."""

    def take_words(
        self, field: str, read: Reader, words: str, place: Place, *, item: int | None = None, method: str = "path"
    ) -> Value:
        if words == REDACTED:
            return self.add(
                Value(field, item, None, State.EMPTY_IN_SOURCE, words, place, self.method(method), NO_DETAIL)
            )
        return super().take_words(field, read, words, place, item=item, method=method)


def recognise(document: Document) -> str | None:
    """By its root element, or the studies below it; the elements of a study tell the two schemas apart."""
    root = root_name(document)
    holds_some = root is not None and f"<{STUDY}".encode() in document.head.replace(b"\0", b"")
    if not holds_some or (root != STUDY and not _studies(document)):
        return None
    if root != STUDY:
        return f"{STUDY} below {root}"
    return f"root {STUDY}" + (" with study_id (archive of versions)" if _is_archive(root_of(document)) else "")


def _studies(document: Document) -> list[Element]:
    """The studies of a file: its root, or what stands below it."""
    root = root_of(document)
    return [root] if root.tag == STUDY else root.findall(STUDY)


def _is_archive(study: Element) -> bool:
    return study.find("study_id") is not None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The record of each study of a file."""
    for number, study in enumerate(_studies(document), 1):
        yield _record(document, recognised_by, number, study)


def _record(document: Document, recognised_by: str, number: int, root: Element) -> Record:
    entry = Entry(document, NAME, KIND, FIELDS)
    entry.fill(root, ARCHIVE if _is_archive(root) else NEW)
    derive_registry(entry)
    _numbers(entry, root)
    _dates(entry, root)
    _processed(entry, root.find("required_header/download_date"))
    _design(entry, root)
    _enrolment(entry, root)
    _criteria(entry, root.find("eligibility/criteria/textblock"))
    entry.take("eligibility.healthy_volunteers", HEALTHY, root.find("eligibility/healthy_volunteers"))
    _arms(entry, root)
    _outcomes(entry, root)
    _people_and_places(entry, root)
    _conditions(entry, root)
    _references(entry, root)
    _results(entry, root)
    _shared_data(entry, root)
    _documents(entry, root)
    _oversight(entry, root)
    derive_nobody_masked(entry)
    return entry.record(recognised_by, number)


HEALTHY = kinds.coded({"accepts healthy volunteers": True, "yes": True, "no": False})


def _all(root: Element, *paths: str) -> list[Element]:
    return [node for path in paths for node in root.findall(path)]


def _words_at(node: Element, path: str) -> str:
    found = node.find(path)
    return "" if found is None else words_in(found)


def _numbers(entry: Entry, root: Element) -> None:
    entry.all(root.findall("id_info/nct_alias"), "ids.aliases", {".": ("ids.aliases", kinds.trial_id)})
    own = _all(root, "id_info/org_study_id", "study_id/org_study_id")
    for node, item in entry.each(own, "ids.secondary.id", {".": "ids.secondary.id"}):
        entry.derive("ids.secondary.type", "SPONSOR", "ctgov-organisation-number", node, item=item)
    plain: Table = {".": "ids.secondary.id"}
    parted: Table = {
        "id": "ids.secondary.id",
        "id_type": ("ids.secondary.type", kinds.coded(NUMBER_TYPE)),
        "id_domain": "ids.secondary.issuer",
    }
    for other in _all(root, "id_info/secondary_id", "study_id/secondary_id"):
        number = other.find("id")
        for node, item in entry.each([other], "ids.secondary.id", plain if number is None else parted):
            if not _words_at(node, "id_type"):
                _type_of_number(entry, node if number is None else number, item)


def _type_of_number(entry: Entry, node: Element, item: int) -> None:
    """What a number is, told from its own form where it is one of a registry."""
    try:
        found = read_trial_id(words_in(node))
    except ValueError:
        return
    kind = {"EUCTR": "EUDRACT", UTN: "UTN"}.get(found.registry, "REGISTRY")
    entry.derive("ids.secondary.type", kind, "type-of-number", node, item=item)


def _dates(entry: Entry, root: Element) -> None:
    submitted = next((node for name in SUBMITTED if (node := root.find(name)) is not None and words_in(node)), None)
    if submitted is not None and (date := entry.take("registration.date", _happened, submitted)):
        entry.take("registration.submitted", _happened, submitted)
        if date.value:
            entry.derive("registration.date_basis", "SUBMITTED", "ctgov-first-submission", submitted)
    for field, names in DATES.items():
        nodes = _all(root, *names)
        for node in list(filter(words_in, nodes)) or nodes[:1]:  # a blank says something only where nothing else does
            entry.take(field, partial(kinds.date, kind=_said_of(node) or "UNKNOWN"), _innermost(node))


def _said_of(node: Element) -> str | None:
    """Whether a date or a number is planned or has come true, where its type says so."""
    return DATE_KINDS.get((node.get("type") or "").strip().casefold())


def _innermost(node: Element) -> Element:
    """The element that holds the words of a date: the archive has one inside; a blank is that of the outer one."""
    inner = node.find("date")
    return inner if inner is not None and words_in(inner) else node


def _processed(entry: Entry, node: Element | None) -> None:
    """`ClinicalTrials.gov processed this data on June 19, 2014`: the day of the download."""
    match = PROCESSED.search(words_in(node)) if node is not None else None
    if node is not None and match:
        entry.take_words("source.export_date", _happened, match["date"], entry.place(node))


def _enrolment(entry: Entry, root: Element) -> None:
    """The number and its role; without a role the number is certain and what it means is not."""
    found = _all(root, "enrollment", "eligibility/expected_enrollment")
    node = next(filter(words_in, found), found[0] if found else None)
    if node is None:
        return
    kind = "ANTICIPATED" if str(node.tag) == "expected_enrollment" else _said_of(node)
    field = "enrolment.actual" if kind == "ACTUAL" else "enrolment.target"
    entry.take(field, kinds.count if kind else _role_open, node)


def _role_open(words: str) -> kinds.Reading:
    return kinds.count(words)._replace(state=State.UNCLEAR)


def _design(entry: Entry, root: Element) -> None:
    """Masking, and the designs of old files: one string of parts, or one element a feature."""
    masking = root.find("study_design_info/masking")
    if masking is not None:
        _masking(entry, masking, words_in(masking))
    observational = _words_at(root, "study_type").casefold().startswith("observational")
    for text in root.findall("study_design")[:1]:
        for name, words in _parts(words_in(text)):
            _feature(entry, text, name, words, observational)
    for node in root.findall("design"):
        if words := words_in(node):
            _feature(entry, node, "", words, observational)


def _parts(words: str) -> Iterator[tuple[str, str]]:
    """The parts of a design string: `Name: value`, or in older files values alone; commas in brackets part nothing."""
    marks = [*DESIGN_PART.finditer(words)]
    first = marks[0].start() if marks else len(words)
    yield from (("", part.strip()) for part in PART.findall(words[:first]) if part.strip())
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(words)
        if value := words[mark.end() : end].strip(" ,"):
            yield mark["name"], value


PART = re.compile(r"(?:[^,()]++|\([^()]*+\)|[()])++")
NAMED = {
    "Allocation": ("design.allocation", kinds.coded(ALLOCATION)),
    "Intervention Model": ("design.model", kinds.coded(MODEL)),
    "Primary Purpose": ("design.purpose", kinds.coded(PURPOSE)),
    "Time Perspective": ("design.time_perspective", kinds.text),
    **dict.fromkeys(["Observational Model", "Observational Study Model"], ("design.observational_model", kinds.text)),
}


def _feature(entry: Entry, node: Element, name: str, words: str, observational: bool) -> None:
    """One design feature by its name; without a name by the vocabulary that its words belong to."""
    if name == "Masking" or (not name and _is_masking(words)):
        _masking(entry, node, words)
        return
    field, read = NAMED[name] if name in NAMED else _feature_of(" ".join(words.casefold().split()), observational)
    entry.take_words(field, read, words, entry.place(node))


def _feature_of(key: str, observational: bool) -> tuple[str, Reader]:
    """What words without a name say. An observational study has no purpose in these files: its `Other` is open."""
    if key in ALLOCATION and key != "n/a":
        return NAMED["Allocation"]
    if key in MODEL:
        return NAMED["Intervention Model"]
    if key in CONTROL:
        return "design.control", kinds.coded(CONTROL)
    if observational:
        model = key in OBSERVATIONAL_MODEL
        told = "design.observational_model" if model else "design.time_perspective" if key in TIME_PERSPECTIVE else ""
        return told or "design.other", kinds.text
    return NAMED["Primary Purpose"] if key in PURPOSE else ("design.other", kinds.text)


def _is_masking(words: str) -> bool:
    match = MASKED.fullmatch(words)
    return match is not None and match["label"].casefold() in MASKING


def _masking(entry: Entry, node: Element, words: str) -> None:
    """`Double (Participant, Investigator)`: the label, and the roles if they are named."""
    match, place = MASKED.fullmatch(words), entry.place(node)
    label = match["label"] if match else words
    if not label:
        entry.take("masking.label", kinds.coded(MASKING), node)
        return
    entry.take_words("masking.label", kinds.coded(MASKING), label, place)
    if match and match["roles"] and MASKING.get(label.casefold()) != "NONE":
        entry.take_words("masking.roles", _roles, match["roles"].strip(), place)


def _roles(listed: str) -> kinds.Reading:
    return kinds.choices(kinds.coded(ROLES), [part.strip() for part in listed.split(",")], listed)


def _criteria(entry: Entry, node: Element | None) -> None:
    """One text with headings: the parts under them; without headings the part is open."""
    if node is None:
        return
    lines = "\n".join(line.strip() for line in "".join(node.itertext()).splitlines()).strip()
    if not lines:
        entry.take("eligibility.inclusion", kinds.text, node)
    for part, words, headed, blank in sections_of(lines):
        state = State.EMPTY_IN_SOURCE if blank else State.REPORTED if headed else State.UNCLEAR
        value = words if state is State.REPORTED else None
        quote, place = " ".join(words.split()), entry.place(node)
        entry.add(Value("eligibility." + part, None, value, state, quote, place, entry.method("path"), NO_DETAIL))


def _arms(entry: Entry, root: Element) -> None:
    """Arms, and interventions with the numbers of the arms that receive them."""
    numbers: dict[str, int | None] = {}
    for node, item in entry.each(root.findall("arm_group"), "arms.label", ARM):
        label = _words_at(node, "arm_group_label")
        numbers[label] = None if label in numbers else item
    for node, item in entry.each(root.findall("intervention"), "interventions.name", INTERVENTION):
        labels = _said_in(node, "arm_group_label")
        arms = [numbers.get(label) for label in labels]
        if labels and None not in arms:
            _list(entry, "interventions.arms", item, [*dict.fromkeys(arms)], node, "arm_group_label")
        if names := _said_in(node, "other_name"):
            _list(entry, "interventions.other_names", item, names, node, "other_name")


def _said_in(node: Element, name: str) -> list[str]:
    return [words for child in node.findall(name) if (words := words_in(child))]


def _list(entry: Entry, field: str, item: int | None, value: list, node: Element, name: str) -> None:
    """One value that several elements of a name make together: its place is all of them."""
    entry.add(
        Value(field, item, value, State.REPORTED, ", ".join(_said_in(node, name)), _place(entry, node, name),
              entry.method("path"), NO_DETAIL)
    )  # fmt: skip


def _place(entry: Entry, node: Element, name: str) -> Place:
    return Place(entry.document.name, xpath=f"{path_of(node)}/{name}")


def _outcomes(entry: Entry, root: Element) -> None:
    for name, member in OUTCOME_LISTS.items():
        for node, item in entry.each(root.findall(name), "outcomes.measure", OUTCOME):
            entry.derive("outcomes.type", member, "ctgov-outcome-list", _first_part(node), item=item)


def _first_part(node: Element) -> Element:
    return next((part for part in node if words_in(part)), node)


def _people_and_places(entry: Entry, root: Element) -> None:
    """Sponsors, roles of officials with their organisation and without their names, centres and countries."""
    others = _all(root, "sponsors/collaborator", "study_sponsor/sponsor")
    entry.all(others, "sponsor.secondary", {"agency": "sponsor.secondary"})
    for paths, role, codes, organisations in (
        (("responsible_party", "resp_party"), ("responsible_party_type", "resp_party_type"), RESPONSIBLE,
         ("investigator_affiliation",)),
        (("overall_official", "investigator"), ("role",), OFFICIAL, ("affiliation",)),
    ):  # fmt: skip
        chiefs = [n for n in _all(root, *paths) if any(_words_at(n, name).casefold() in codes for name in role)]
        table: Table = {
            **dict.fromkeys(role, ("contacts.role", kinds.coded(codes))),
            **dict.fromkeys(organisations, "contacts.org"),
        }
        entry.all(chiefs, "contacts.role", table)
    entry.all(root.findall("location"), "sites.name", SITE)
    listed = root.findall("location_countries/country") or _distinct(root.findall("location/facility/address/country"))
    entry.all(listed, "countries", {".": ("countries", _country)})


def _distinct(nodes: Iterable[Element]) -> list[Element]:
    """The first element of each wording."""
    first: dict[str, Element] = {}
    for node in nodes:
        first.setdefault(words_in(node).casefold(), node)
    return list(first.values())


def _conditions(entry: Entry, root: Element) -> None:
    """Conditions and keywords as the sponsor wrote them, and the terms the registry gave the conditions."""
    entry.all(root.findall("condition"), "conditions", {".": "conditions"})
    entry.all(root.findall("keyword"), "keywords", {".": "keywords"})
    terms = root.findall("condition_browse/mesh_term")
    for node, item in entry.each(terms, "condition_codes.system", {".": "condition_codes.term"}):
        entry.derive("condition_codes.system", "MeSH", "ctgov-browse-terms", node, item=item)


def _references(entry: Entry, root: Element) -> None:
    for path, member in REFERENCES.items():
        for node, item in entry.each(root.findall(path), "publications.pmid", REFERENCE):
            entry.derive("publications.type", member, "ctgov-reference-list", _first_part(node), item=item)
    entry.all(_all(root, "link", "see_also"), "publications.pmid", {"url": "publications.url"})


def _results(entry: Entry, root: Element) -> None:
    """Results stand in the file itself, or wait: the first day on which they were submitted."""
    results = next((node for node in _all(root, "clinical_results", "clinical_result") if words_in(node)), None)
    if results is not None:
        entry.derive("results.posted", True, "results-in-the-file", _first_words(results))
    if entry.known("results.submitted") is None:
        entry.take("results.submitted", _happened, root.find("pending_results/submitted"))


def _first_words(node: Element) -> Element:
    """The first element below that has words of its own."""
    return next((part for part in node.iter() if part.text and part.text.strip()), node)


def _shared_data(entry: Entry, root: Element) -> None:
    """What may be shared of the data, and where it is."""
    data = root.find("patient_data")
    parts = _said_in(data, "ipd_info_type") if data is not None else []
    if data is not None and parts:
        place = _place(entry, data, "ipd_info_type")
        entry.take_words("ipd.items", partial(_ipd_items, parts), ", ".join(parts), place)
    for node in root.findall("study_docs/study_doc"):
        entry.take("ipd.url", kinds.text, node.find("doc_url"))
        entry.take("ipd.comments", kinds.text, node.find("doc_comment"))


def _ipd_items(parts: list[str], words: str) -> kinds.Reading:
    return kinds.choices(kinds.coded(IPD_ITEM), parts, words)


def _documents(entry: Entry, root: Element) -> None:
    """Protocol, analysis plan and consent form; a file may hold several, which its flags say."""
    table: Table = {"document_date": ("documents.date", _happened), "document_url": "documents.url"}
    nodes = root.findall("provided_document_section/provided_document")
    for node, item in entry.each(nodes, "documents.type", table):
        flags = [
            part for name in DOCUMENT_FLAGS if _words_at(node, name).casefold() == "yes" for part in node.findall(name)
        ]
        if flags:
            contents = [DOCUMENT_FLAGS[str(part.tag)] for part in flags]
            entry.derive("documents.type", contents, "ctgov-document-flags", flags[0], item=item)


def _oversight(entry: Entry, root: Element) -> None:
    """Who watches over the trial, and which samples are kept: features without a field of their own."""
    for path, name in OVERSIGHT.items():
        node = root.find(path)
        words = words_in(node).casefold() if node is not None else ""
        if node is not None and words in ("yes", "no"):
            entry.derive("design.other", f"{name}: {'true' if words == 'yes' else 'false'}", "ctgov-oversight", node)
    samples = root.find("biospec_retention")
    if samples is not None and words_in(samples):
        entry.derive("design.other", f"biospecimens: {words_in(samples)}", "ctgov-oversight", samples)
