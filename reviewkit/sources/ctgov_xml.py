"""ClinicalTrials.gov, legacy XML: `clinical_study` files of the old download, and the older archive of dated versions.

The two differ in the names of their elements; the tables say which element gives which field. Both are read as the
registry's JSON is (ctgov.py): dates as written, the day of first submission as registration date, no persons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from reviewkit import kinds
from reviewkit.countries import country_code
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.identifiers import UTN, read_trial_id
from reviewkit.model import NO_DETAIL, Record, Value
from reviewkit.sources import ctgov
from reviewkit.sources.collect import derive_nobody_masked, derive_registry
from reviewkit.sources.criteria import sections_of
from reviewkit.sources.xml_entry import Table, XmlEntry, root_name, root_of, words_in
from reviewkit.words import State, members

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAME = "ctgov-xml"
KIND = "registry"
FIELDS = sayable(
    name
    for name in (*ctgov.SAID.split(), "design.control", "design.n_arms")
    if name not in {"contacts.position", "ipd.comments", "eligibility.age_groups", "documents.label", "documents.date"}
)


def _folded(codes: dict[str, str | None]) -> dict[str, str]:
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
    **dict.fromkeys(["non-randomized", "nonrandomized trial", "non-randomized trial"], "NON_RANDOMIZED"),
    "n/a": "NA",
}
MODEL = {
    "single group assignment": "SINGLE_GROUP",
    "parallel assignment": "PARALLEL",
    "crossover assignment": "CROSSOVER",
    "factorial assignment": "FACTORIAL",
    "sequential assignment": "SEQUENTIAL",
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
DATE_KINDS = {"actual": "ACTUAL", "anticipated": "ANTICIPATED", "estimated": "ANTICIPATED"}
MASKED = re.compile(r"(?P<label>[^()]*[^()\s])\s*(?:\((?P<roles>[^()]*)\))?")
DESIGN_PART = re.compile(
    r"(?P<name>Allocation|Endpoint Classification|Intervention Model|Observational(?: Study)? Model|Masking"
    r"|Primary Purpose|Time Perspective|Control)\s*:\s*"
)


def _country(words: str) -> kinds.Reading:
    return kinds.Reading(country_code(words), NO_DETAIL)


def _happened(words: str) -> kinds.Reading:
    return kinds.date(words, "ACTUAL")


NEW: Table = {
    "id_info/nct_id": ("ids.primary", kinds.trial_id),
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
    "study_type": ("study_type", kinds.coded(STUDY_TYPE)),
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
    "init_results_release_date": ("results.submitted", _happened),
    "study_type": ("study_type", kinds.coded(STUDY_TYPE)),
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
    "date.completion": ("completion_date", "last_follow_up_date"),
    "registration.posted": ("study_first_posted",),
    "results.date": ("results_first_posted",),
}
ARM: Table = {
    "arm_group_label": "arms.label",
    "arm_group_type": ("arms.role", kinds.choice("ArmRole")),
    "description": "arms.description",
}
INTERVENTION_TYPE = {
    **_folded({member: member for member in members("InterventionType")}),
    "procedure/surgery": "PROCEDURE",
    "biological/vaccine": "BIOLOGICAL",
    "behavior": "BEHAVIORAL",
    "gene transfer": "GENETIC",
}
INTERVENTION = {
    "intervention_name": "interventions.name",
    "primary_name": "interventions.name",
    "intervention_type": ("interventions.type", kinds.coded(INTERVENTION_TYPE)),
    "intervent_type": ("interventions.type", kinds.coded(INTERVENTION_TYPE)),
    "description": "interventions.description",
}
OUTCOME = {"measure": "outcomes.measure", "description": "outcomes.description", "time_frame": "outcomes.timepoint"}
OUTCOME_LISTS = {"primary_outcome": "PRIMARY", "secondary_outcome": "SECONDARY", "other_outcome": "OTHER"}
SITE = {
    "facility/name": "sites.name",
    "facility/address/city": "sites.city",
    "facility/address/state": "sites.region",
    "facility/address/country": ("sites.country", _country),
    "status": ("sites.status", kinds.coded(STATUS)),
}
REFERENCES = {"reference": "BACKGROUND", "results_reference": "RESULT"}


def recognise(document: Document) -> str | None:
    """By its root element; the elements below it tell the two schemas apart."""
    if root_name(document) != "clinical_study":
        return None
    return "root clinical_study" + (" with study_id (archive of versions)" if _is_archive(document) else "")


def _is_archive(document: Document) -> bool:
    return root_of(document).find("study_id") is not None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The one record of a file."""
    root = root_of(document)
    archive = root.find("study_id") is not None
    entry = XmlEntry(document, NAME, KIND, FIELDS)
    entry.fill(root, ARCHIVE if archive else NEW)
    derive_registry(entry)
    _numbers(entry, root)
    _dates(entry, root)
    _design(entry, root)
    _enrolment(entry, root)
    _criteria(entry, root.find("eligibility/criteria/textblock"))
    _healthy(entry, root.find("eligibility/healthy_volunteers"))
    _arms(entry, root)
    _outcomes(entry, root)
    _people_and_places(entry, root)
    _references(entry, root)
    _results(entry, root)
    derive_nobody_masked(entry)
    yield entry.record(recognised_by)


def _numbers(entry: XmlEntry, root: Element) -> None:
    entry.all(root.findall("id_info/nct_alias"), "ids.aliases", {".": ("ids.aliases", kinds.trial_id)})
    sponsors = [*root.findall("id_info/org_study_id"), *root.findall("study_id/org_study_id")]
    for node, item in entry.each(sponsors, "ids.secondary.id", {".": "ids.secondary.id"}):
        entry.derive("ids.secondary.type", "SPONSOR", "ctgov-organisation-number", node, item=item)
    others = [*root.findall("id_info/secondary_id"), *root.findall("study_id/secondary_id")]
    table: Table = {"id": "ids.secondary.id", "id_domain": "ids.secondary.issuer"}
    for other in others:
        plain = other.find("id") is None
        for node, item in entry.each([other], "ids.secondary.id", {".": "ids.secondary.id"} if plain else table):
            _type_of_number(entry, node if plain else node.find("id"), item)


def _type_of_number(entry: XmlEntry, node: Element, item: int) -> None:
    """What a number is, told from its own form where it is one of a registry."""
    try:
        found = read_trial_id(words_in(node))
    except ValueError:
        return
    kind = {"EUCTR": "EUDRACT", UTN: "UTN"}.get(found.registry, "REGISTRY")
    entry.derive("ids.secondary.type", kind, "type-of-number", node, item=item)


def _dates(entry: XmlEntry, root: Element) -> None:
    submitted = next((node for name in SUBMITTED if (node := root.find(name)) is not None and words_in(node)), None)
    if submitted is not None and (date := entry.take("registration.date", _happened, submitted)) and date.value:
        entry.take("registration.submitted", _happened, submitted)
        entry.derive("registration.date_basis", "SUBMITTED", "ctgov-first-submission", submitted)
    for field, names in DATES.items():
        for node in (found for name in names for found in root.findall(name)):
            said = (node.get("type") or "").strip().casefold()
            kind = DATE_KINDS.get(said, "UNKNOWN")
            inner = node.find("date")
            entry.take(field, lambda words, kind=kind: kinds.date(words, kind), node if inner is None else inner)


def _enrolment(entry: XmlEntry, root: Element) -> None:
    """The number and its role; without a role the number is certain and what it means is not."""
    found = [*root.findall("enrollment"), *root.findall("eligibility/expected_enrollment")]
    node = next(filter(words_in, found), found[0] if found else None)
    if node is None:
        return
    planned = str(node.tag) == "expected_enrollment"
    kind = "ANTICIPATED" if planned else DATE_KINDS.get((node.get("type") or "").strip().casefold())
    field = "enrolment.actual" if kind == "ACTUAL" else "enrolment.target"

    def role_open(words: str) -> kinds.Reading:
        return kinds.count(words)._replace(state=State.UNCLEAR)

    entry.take(field, kinds.count if kind else role_open, node)


def _design(entry: XmlEntry, root: Element) -> None:
    """Masking, and the designs of old files: one string of `Name: value` parts, or one element a feature."""
    masking = root.find("study_design_info/masking")
    if masking is not None:
        _masking(entry, masking, words_in(masking))
    text = root.find("study_design")
    if text is not None:
        words = words_in(text)
        marks = list(DESIGN_PART.finditer(words))
        for number, mark in enumerate(marks):
            end = marks[number + 1].start() if number + 1 < len(marks) else len(words)
            _feature(entry, text, mark["name"], words[mark.end() : end].strip(" ,"))
    for node in root.findall("design"):
        words = words_in(node)
        if words:
            _feature(entry, node, "", words)


def _feature(entry: XmlEntry, node: Element, name: str, words: str) -> None:
    """One design feature by its name; without a name by the vocabulary that its words belong to."""
    key, place = words.casefold(), entry.place(node)
    for called, field, codes in (
        ("Allocation", "design.allocation", ALLOCATION),
        ("Intervention Model", "design.model", MODEL),
        ("Primary Purpose", "design.purpose", PURPOSE),
    ):
        if name == called or (not name and key in codes and field != "design.purpose"):
            entry.take_words(field, kinds.coded(codes), words, place, method="path")
            return
    label = MASKED.fullmatch(words)
    if name == "Masking" or (not name and label and label["label"].casefold() in MASKING):
        _masking(entry, node, words)
    elif name.startswith("Observational") or (
        not name and key in {"case-control", "case control", "cohort", "case-only"}
    ):
        entry.take_words("design.observational_model", kinds.text, words, place, method="path")
    elif name == "Time Perspective":
        entry.take_words("design.time_perspective", kinds.text, words, place, method="path")
    elif key in CONTROL:
        entry.take_words("design.control", kinds.coded(CONTROL), words, place, method="path")
    elif key in PURPOSE:
        entry.take_words("design.purpose", kinds.coded(PURPOSE), words, place, method="path")
    else:
        entry.take_words("design.other", kinds.text, words, place, method="path")


def _masking(entry: XmlEntry, node: Element, words: str) -> None:
    """`Double (Participant, Investigator)`: the label, and the roles if they are named."""
    match, place = MASKED.fullmatch(words), entry.place(node)
    label = match["label"] if match else words
    entry.take_words("masking.label", kinds.coded(MASKING), label, place, method="path")
    if match and match["roles"] and MASKING.get(label.casefold()) != "NONE":

        def roles(listed: str) -> kinds.Reading:
            return kinds.choices(kinds.coded(ROLES), [part.strip() for part in listed.split(",")], listed)

        entry.take_words("masking.roles", roles, match["roles"], place, method="path")


def _criteria(entry: XmlEntry, node: Element | None) -> None:
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


def _healthy(entry: XmlEntry, node: Element | None) -> None:
    entry.take(
        "eligibility.healthy_volunteers",
        kinds.coded({"accepts healthy volunteers": True, "yes": True, "no": False}),
        node,
    )


def _arms(entry: XmlEntry, root: Element) -> None:
    """Arms, and interventions with the numbers of the arms that receive them."""
    numbers: dict[str, int | None] = {}
    for node, item in entry.each(root.findall("arm_group"), "arms.label", ARM):
        label = words_in(node.find("arm_group_label")) if node.find("arm_group_label") is not None else ""
        numbers[label] = None if label in numbers else item
    for node, item in entry.each(root.findall("intervention"), "interventions.name", INTERVENTION):
        labels = [words_in(label) for label in node.findall("arm_group_label")]
        arms = [numbers.get(label) for label in labels]
        if labels and None not in arms:
            place, quote = entry.place(node.find("arm_group_label")), ", ".join(labels)
            method = entry.method("path")
            value = Value("interventions.arms", item, list(dict.fromkeys(arms)), State.REPORTED, quote, place, method)
            entry.add(value)
        names = [words_in(other) for other in node.findall("other_name") if words_in(other)]
        if names:
            place = entry.place(node.find("other_name"))
            method, quote = entry.method("path"), ", ".join(names)
            entry.add(Value("interventions.other_names", item, names, State.REPORTED, quote, place, method))


def _outcomes(entry: XmlEntry, root: Element) -> None:
    for name, member in OUTCOME_LISTS.items():
        for node, item in entry.each(root.findall(name), "outcomes.measure", OUTCOME):
            measure = node.find("measure")
            entry.derive("outcomes.type", member, "ctgov-outcome-list", node if measure is None else measure, item=item)


def _people_and_places(entry: XmlEntry, root: Element) -> None:
    """Sponsors, roles of officials with their organisation and without their names, centres and countries."""
    others = [*root.findall("sponsors/collaborator"), *root.findall("study_sponsor/sponsor")]
    entry.all(others, "sponsor.secondary", {"agency": "sponsor.secondary"})
    officials = [*root.findall("overall_official"), *root.findall("investigator")]
    chiefs = [node for node in officials if _words_at(node, "role").casefold() in OFFICIAL]
    table: Table = {
        "role": ("contacts.role", kinds.coded(OFFICIAL)),
        "affiliation": "contacts.org",
    }
    entry.all(chiefs, "contacts.role", table)
    entry.all(root.findall("location"), "sites.name", SITE)
    listed = root.findall("location_countries/country") or _distinct(root.findall("location/facility/address/country"))
    entry.all(listed, "countries", {".": ("countries", _country)})
    entry.all(_lists(root, "condition"), "conditions", {".": "conditions"})
    entry.all(_lists(root, "keyword"), "keywords", {".": "keywords"})


def _lists(root: Element, name: str) -> Iterable[Element]:
    return root.findall(name)


def _distinct(nodes: Iterable[Element]) -> list[Element]:
    """The first element of each wording."""
    first: dict[str, Element] = {}
    for node in nodes:
        first.setdefault(words_in(node).casefold(), node)
    return list(first.values())


def _words_at(node: Element, path: str) -> str:
    found = node.find(path)
    return "" if found is None else words_in(found)


def _references(entry: XmlEntry, root: Element) -> None:
    table: Table = {"PMID": "publications.pmid", "citation": "publications.citation"}
    for name, member in REFERENCES.items():
        for node, item in entry.each(root.findall(name), "publications.pmid", table):
            entry.derive("publications.type", member, "ctgov-reference-list", _first_part(node), item=item)
    links = [*root.findall("link"), *root.findall("see_also")]
    entry.all(links, "publications.pmid", {"url": "publications.url"})


def _first_part(node: Element) -> Element:
    return next((part for part in node if words_in(part)), node)


def _results(entry: XmlEntry, root: Element) -> None:
    """Results stand in the file itself; and what may be shared of the data."""
    results = next(
        (node for name in ("clinical_results", "clinical_result") if (node := root.find(name)) is not None), None
    )
    if results is not None:
        entry.derive("results.posted", True, "results-in-the-file", results, quote=str(results.tag))
    items = [node for node in root.findall("patient_data/ipd_info_type") if words_in(node)]
    if items:
        parts = [words_in(node) for node in items]

        def read_items(words: str) -> kinds.Reading:
            return kinds.choices(kinds.coded(IPD_ITEM), parts, words)

        entry.take_words("ipd.items", read_items, ", ".join(parts), entry.place(items[0]), method="path")
    has_dmc = root.find("oversight_info/has_dmc")
    if has_dmc is not None and words_in(has_dmc):
        told = f"data monitoring committee: {str(words_in(has_dmc).casefold() == 'yes').lower()}"
        entry.derive("design.other", told, "ctgov-oversight", has_dmc)
