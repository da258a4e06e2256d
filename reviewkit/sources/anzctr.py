"""Australian New Zealand Clinical Trials Registry: its XML, one `ANZCTR_Trial` a file, or a file of many.

Planned and actual dates and sizes stand in elements of their own; days come before months. `masking1` to `masking4` are
the boxes of those who receive, give, assess and analyse; a box that names its people is read by its words. Records of
ClinicalTrials.gov that the registry shows besides its own (`nctid`) are mirrors. The names of sponsors and funders who
are private persons are passed over, as are contacts, addresses and postcodes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from reviewkit import kinds
from reviewkit.countries import country_code
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.kinds import Reading
from reviewkit.model import NO_DETAIL, Record
from reviewkit.sources.branch import Branch, root_local, stream_xml
from reviewkit.sources.branch_entry import BranchEntry, Table, day_first
from reviewkit.sources.collect import derive_nobody_masked, derive_registry

NAME = "anzctr"
KIND = "registry"
STREAMS = True
MIRROR = "mirror"
SAID = """
ids.primary ids.registry ids.secondary.id ids.secondary.type title.public title.scientific acronym summary.brief
registration.date registration.date_basis registration.submitted registration.last_update registration.timing_declared
status.recruitment status.why_stopped date.first_enrolment date.recruitment_end date.completion study_type
design.purpose design.phase design.allocation design.model design.control design.observational_model
design.time_perspective design.follow_up design.other random.method random.concealment masking.label masking.roles
enrolment.target enrolment.actual interventions.description interventions.type intervention_codes.code
conditions condition_codes.term eligibility.inclusion eligibility.exclusion eligibility.age_min eligibility.age_max
eligibility.sex eligibility.healthy_volunteers eligibility.sampling outcomes.measure outcomes.type outcomes.timepoint
outcomes.method countries sites.name sponsor.primary sponsor.class sponsor.secondary funders.name funders.type
funders.country ethics.committee ethics.status ethics.date ethics.submitted ethics.reference analysis.methods
publications.citation
"""
FIELDS = sayable(SAID.split())
EXPECTED = "records of the Australian New Zealand Clinical Trials Registry in well-formed XML"
TRIAL = "anzctrtrial"  # ANZCTR_Trial, ANZCTRTrial
OPENING = re.compile(rb"<(?:\w+:)?ANZCTR_?Trial[\s>/]", re.IGNORECASE)
NOTHING = frozenset(
    {"", "-", "nil", "nil known", "none", "none known", "n/a", "na", "not applicable", "not stated", "not known",
     "not specified", "not provided", "null"}
)  # fmt: skip

STUDY_TYPE = {"interventional": "INTERVENTIONAL", "observational": "OBSERVATIONAL"}
PURPOSE = {
    "treatment": "TREATMENT",
    "prevention": "PREVENTION",
    **dict.fromkeys(["diagnosis", "diagnosis / prognosis"], "DIAGNOSTIC"),
    "educational / counselling / training": "ECT",
    **dict.fromkeys(["screening", "early detection / screening"], "SCREENING"),
    "supportive care": "SUPPORTIVE_CARE",
    "health services research": "HEALTH_SERVICES_RESEARCH",
    "other": "OTHER",
}
ALLOCATION = {
    **dict.fromkeys(["randomised controlled trial", "randomised"], "RANDOMIZED"),
    **dict.fromkeys(["non-randomised trial", "non-randomised controlled trial", "non-randomised"], "NON_RANDOMIZED"),
}
MODEL = {
    "parallel": "PARALLEL",
    "single group": "SINGLE_GROUP",
    "crossover": "CROSSOVER",
    "factorial": "FACTORIAL",
    "sequential": "SEQUENTIAL",
    "other": "OTHER",
}
MASKING = {**dict.fromkeys(["open (masking not used)", "open"], "NONE")}
BOXES = {
    "masking1": "PARTICIPANT",
    "masking2": "CARE_PROVIDER",
    "masking3": "OUTCOMES_ASSESSOR",
    "masking4": "DATA_ANALYST",
}
PEOPLE = (
    (re.compile(r"(?i)the people receiving\b"), "PARTICIPANT"),
    (re.compile(r"(?i)the people (?:administering|giving)\b"), "CARE_PROVIDER"),
    (re.compile(r"(?i)the people assessing\b"), "OUTCOMES_ASSESSOR"),
    (re.compile(r"(?i)the people analy[sz]ing\b"), "DATA_ANALYST"),
)
TICKED, UNTICKED = {"true", "yes", "1", "on", "y"}, {"false", "no", "0", "off", "n"}
CONTROL = {
    "placebo": ["PLACEBO"],
    "active": ["ACTIVE"],
    "dose comparison": ["DOSE"],
    "historical": ["HISTORICAL"],
}
INTERVENTION_TYPE = {
    "treatment: drugs": "DRUG",
    "treatment: devices": "DEVICE",
    "treatment: surgery": "PROCEDURE",
    **dict.fromkeys(["behaviour", "lifestyle"], "BEHAVIORAL"),
    **dict.fromkeys(["treatment: other", "other interventions", "rehabilitation"], "OTHER"),
}
SEX = {
    **dict.fromkeys(["both males and females", "both", "all"], "ALL"),
    **dict.fromkeys(["males", "male"], "MALE"),
    **dict.fromkeys(["females", "female"], "FEMALE"),
}
STATUS = {
    "not yet recruiting": "NOT_YET_RECRUITING",
    "recruiting": "RECRUITING",
    **dict.fromkeys(["active, not recruiting", "closed: follow-up continuing"], "ACTIVE_NOT_RECRUITING"),
    **dict.fromkeys(["completed", "closed: follow-up complete"], "COMPLETED"),
    **dict.fromkeys(["suspended", "temporarily closed"], "SUSPENDED"),
    **dict.fromkeys(["stopped early", "terminated"], "TERMINATED"),
    "withdrawn": "WITHDRAWN",
}
SPONSOR_CLASS = {
    "commercial sector/industry": "INDUSTRY",
    **dict.fromkeys(["university", "hospital"], "ACADEMIC"),
    "government body": "GOVERNMENT",
    "individual": "INDIVIDUAL",
    **dict.fromkeys(
        ["charities/societies/foundations", "other collaborative groups", "other", "self funded/unfunded"], "OTHER"
    ),
}
OF_PERSONS = {"individual", "self funded/unfunded"}
ETHICS_STATUS = {
    "approved": "APPROVED",
    **dict.fromkeys(["submitted, not yet approved", "submitted"], "PENDING"),
    **dict.fromkeys(["not approved", "declined"], "NOT_APPROVED"),
    "not required": "NOT_REQUIRED",
}
ETHICS_OPEN = {"not yet submitted"}
ELSEWHERE = {"outside australia"}  # names of countries follow
NO_GROUP = {"uncontrolled"}

_happened = partial(day_first, kind="ACTUAL")
_planned = partial(day_first, kind="ANTICIPATED")


def _country(words: str) -> Reading:
    return Reading(country_code(words), NO_DETAIL)


def _number(words: str) -> Reading:
    """The registration number, which may stand without its letters: `12624000000001p`."""
    told = "".join(words.split())
    return kinds.trial_id(f"ACTRN{told}" if re.match(r"\d", told) else words)


TABLE: Table = {
    "submitdate": ("registration.submitted", _happened),
    "dateLastUpdated": ("registration.last_update", _happened),
    "trial_identification/studytitle": "title.public",
    "trial_identification/scientifictitle": "title.scientific",
    "trial_identification/trialacronym": "acronym",
    "ethicsAndSummary/summary": "summary.brief",
    "trial_design/studytype": ("study_type", kinds.coded(STUDY_TYPE)),
    "trial_design/purpose": ("design.purpose", kinds.coded(PURPOSE)),
    "trial_design/allocation": ("design.allocation", kinds.coded(ALLOCATION)),
    "trial_design/concealment": "random.concealment",
    "trial_design/sequence": "random.method",
    "trial_design/assignment": ("design.model", kinds.coded(MODEL)),
    "trial_design/designfeatures": "design.other",
    "trial_design/statisticalmethods": "analysis.methods",
    "trial_design/duration": "design.observational_model",
    "trial_design/timing": "design.time_perspective",
    "trial_design/selection": "eligibility.sampling",
    "recruitment/actualstartdate": ("date.first_enrolment", _happened),
    "recruitment/actualenddate": ("date.recruitment_end", _happened),
    "recruitment/actuallastvisitdate": ("date.completion", _happened),
    "recruitment/anticipatedstartdate": ("date.first_enrolment", _planned),
    "recruitment/anticipatedenddate": ("date.recruitment_end", _planned),
    "recruitment/anticipatedlastvisitdate": ("date.completion", _planned),
    "recruitment/samplesize": ("enrolment.target", kinds.count),
    "recruitment/actualsamplesize": ("enrolment.actual", kinds.count),
    "recruitment/recruitmentstatus": ("status.recruitment", kinds.coded(STATUS)),
    "eligibility/inclusivecriteria": "eligibility.inclusion",
    "eligibility/exclusivecriteria": "eligibility.exclusion",
    "eligibility/inclusivegender": ("eligibility.sex", kinds.coded(SEX)),
    "eligibility/healthyvolunteer": ("eligibility.healthy_volunteers", kinds.flag),
}
OUTCOME: Table = {
    "outcome": "outcomes.measure",
    "timepoint": "outcomes.timepoint",
    "assessmentmethod": "outcomes.method",
}
COMMITTEE: Table = {
    "ethicname": "ethics.committee",
    "ethicapprovaldate": ("ethics.date", _happened),
    "ethicsubmitdate": ("ethics.submitted", _happened),
    "hrec": "ethics.reference",
}


def _is_trial(name: str) -> bool:
    return name.replace("_", "").casefold() == TRIAL


def recognise(document: Document) -> str | None:
    """By the element ANZCTR_Trial (or ANZCTRTrial), as the root or below it."""
    root = root_local(document)
    if not root or not OPENING.search(document.head):
        return None
    return f"root {root} with ANZCTR_Trial" if not _is_trial(root) else f"root {root}"


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a trial, one in memory at a time."""
    for number, trial in enumerate(stream_xml(document, _is_trial, EXPECTED), 1):
        yield _record(document, recognised_by, number, trial)


def _record(document: Document, recognised_by: str, number: int, trial: Branch) -> Record:
    own = trial.first("actrnumber")
    mirrored = trial.first("nctid") if own is None or not own.says else None
    entry = BranchEntry(document, NAME, KIND if mirrored is None or not mirrored.says else MIRROR, FIELDS, NOTHING)
    entry.take("ids.primary", _number, mirrored or own)
    derive_registry(entry)
    _registered(entry, trial)
    entry.fill(trial, TABLE)
    _numbers(entry, trial)
    _design(entry, trial)
    _ages(entry, trial)
    _recruitment(entry, trial)
    _conditions_and_interventions(entry, trial)
    _outcomes(entry, trial)
    _parties(entry, trial)
    _ethics(entry, trial)
    derive_nobody_masked(entry)
    return entry.record(recognised_by, number)


def _registered(entry: BranchEntry, trial: Branch) -> None:
    """The day of approval; the letter p after the number says that registration came before the first participant."""
    approved = trial.first("approvaldate")
    if (date := entry.take("registration.date", _happened, approved)) and approved is not None and date.value:
        entry.derive("registration.date_basis", "APPROVED", "anzctr-approval", approved)
    number = trial.first("actrnumber")
    if number is not None and re.search(r"\dp$", number.words, re.IGNORECASE):
        entry.tell("registration.timing_declared", "PROSPECTIVE", number, detail={"as_written": number.words[-1]})


def _numbers(entry: BranchEntry, trial: Branch) -> None:
    found = [*trial.all("trial_identification/utrn"), *trial.all("trial_identification/secondaryid")]
    for branch in found:
        if not entry.is_blank(branch):
            entry.number(branch)
    if found and "ids.secondary.id" not in entry.counted:
        entry.empty("ids.secondary.id", found[0])


def _design(entry: BranchEntry, trial: Branch) -> None:
    for path in ("trial_design/concealment", "trial_design/sequence"):
        entry.listen(trial.first(path))
    masking = trial.first("trial_design/masking")
    if masking is not None and masking.words.casefold().startswith("blinded"):
        entry.unclear("masking.label", masking)  # blinded, but not at which level
    else:
        entry.take("masking.label", kinds.coded(MASKING), masking)
    _roles(entry, [branch for name in BOXES for branch in trial.all(f"trial_design/{name}")])
    control = trial.first("interventions/control")
    if control is not None and control.words.casefold() in NO_GROUP:
        entry.not_applicable("design.control", control)
    else:
        entry.take("design.control", kinds.coded(CONTROL), control)
    phase = trial.first("recruitment/phase")
    if phase is not None and phase.words.casefold() == "not applicable":  # of a phase this is an answer
        entry.tell("design.phase", ["NA"], phase, detail={"as_written": phase.words})
    else:
        entry.take("design.phase", kinds.phase, phase)
    length, unit = trial.first("trial_design/followup"), trial.said("trial_design/followuptype")
    if length is not None and length.says and unit:
        entry.derive("design.follow_up", f"{length.words} {unit}", "anzctr-follow-up", length)


def _roles(entry: BranchEntry, boxes: list[Branch]) -> None:
    """Those whose box is ticked or names them; a box with other words leaves all roles open."""
    told = [box for box in boxes if not entry.is_blank(box) and box.words.casefold() not in UNTICKED]
    members = [_role(box) for box in told]
    if not told:
        return
    quote = ", ".join(box.words for box in told)
    if None in members:
        entry.take_words("masking.roles", _unknown_box, quote, told[0].place, method="path")
    else:
        entry.tell("masking.roles", list(dict.fromkeys(members)), told[0], quote=quote, detail={"as_written": quote})


def _role(box: Branch) -> str | None:
    by_words = next((member for pattern, member in PEOPLE if pattern.match(box.words)), None)
    return by_words or (BOXES[box.name] if box.words.casefold() in TICKED else None)


def _unknown_box(words: str) -> Reading:
    raise ValueError("boxes that are ticked, or name the people receiving, administering, assessing or analysing")


def _ages(entry: BranchEntry, trial: Branch) -> None:
    """A number in one element and its unit in the next, which may say that there is no limit."""
    for field, name in (("eligibility.age_min", "inclusiveminage"), ("eligibility.age_max", "inclusivemaxage")):
        number, unit = trial.first(f"eligibility/{name}"), trial.first(f"eligibility/{name}type")
        if unit is not None and unit.words.casefold() == "no limit":
            entry.take(field, kinds.age, unit)
        elif unit is not None and unit.words and entry.is_blank(unit) and (number is None or number.words in {"", "0"}):
            entry.empty(field, unit)
        elif number is not None and number.says and not entry.is_blank(number):
            words = unit.words if unit is not None and not entry.is_blank(unit) else ""
            entry.take(field, partial(_age, unit=words), number)
        else:
            entry.take(field, kinds.age, unit if unit is not None else number)


def _age(words: str, unit: str) -> Reading:
    return kinds.age(f"{words} {unit}".strip())


def _recruitment(entry: BranchEntry, trial: Branch) -> None:
    reasons = [*trial.all("recruitment/withdrawnreasonother"), *trial.all("recruitment/withdrawnreason")]
    reason = next((branch for branch in reasons if not entry.is_blank(branch)), None)
    entry.take("status.why_stopped", kinds.text, reason)
    named = [
        branch for branch in trial.all("recruitment/recruitmentcountry") if branch.words.casefold() not in ELSEWHERE
    ]
    entry.distinct([*named, *trial.all("recruitment/countryoutsideaustralia/country")], "countries", _country)
    entry.every(trial.all("recruitment/hospital"), "sites.name", {".": "sites.name"})


def _conditions_and_interventions(entry: BranchEntry, trial: Branch) -> None:
    entry.every(trial.all("conditions/healthcondition"), "conditions", {".": "conditions"})
    for code in trial.all("conditions/conditioncode"):
        for path in ("conditioncode1", "conditioncode2"):
            entry.every(code.all(path), "condition_codes.system", {".": "condition_codes.term"})
    described = trial.all("interventions/interventions")
    if trial.said("interventions/control").casefold() not in NO_GROUP:
        described += trial.all("interventions/comparator")
    entry.every(described, "interventions.name", {".": "interventions.description"})
    for branch in described:
        entry.listen(branch)
    codes = [code for code in trial.all("interventions/interventioncode") if not entry.is_blank(code)]
    entry.every(codes, "intervention_codes.system", {".": "intervention_codes.code"})
    if len({code.words.casefold() for code in codes}) == 1 and codes[0].words.casefold() in INTERVENTION_TYPE:
        entry.take("interventions.type", kinds.coded(INTERVENTION_TYPE), codes[0], item=1)


def _outcomes(entry: BranchEntry, trial: Branch) -> None:
    for name, member in (("primaryOutcome", "PRIMARY"), ("secondaryOutcome", "SECONDARY")):
        for branch, item in entry.each(trial.all(f"outcomes/{name}"), "outcomes.measure", OUTCOME):
            resting_on = branch.first("outcome", "timepoint", "assessmentmethod")
            assert resting_on is not None  # it is a member
            entry.derive("outcomes.type", member, "anzctr-outcome-list", resting_on, item=item)


def _parties(entry: BranchEntry, trial: Branch) -> None:
    """Sponsors and funders; of those that are persons only what they are."""
    kind = trial.first("sponsorship/primarysponsortype")
    entry.take("sponsor.class", kinds.coded(SPONSOR_CLASS), kind)
    if kind is None or kind.words.casefold() not in OF_PERSONS:
        entry.take("sponsor.primary", kinds.text, trial.first("sponsorship/primarysponsorname"))
    others = [
        sponsor
        for sponsor in trial.all("sponsorship/secondarysponsor")
        if sponsor.said("sponsortype").casefold() not in OF_PERSONS
    ]
    entry.every(others, "sponsor.secondary", {"sponsorname": "sponsor.secondary"})
    for funder in trial.all("sponsorship/fundingsource"):
        table: Table = {"fundingtype": "funders.type", "fundingcountry": "funders.country"}
        if funder.said("fundingtype").casefold() not in OF_PERSONS:
            table = {"fundingname": "funders.name", **table}
        entry.every([funder], "funders.name", table)
    entry.every(trial.all("ethicsAndSummary/publication"), "publications.pmid", {".": "publications.citation"})


def _ethics(entry: BranchEntry, trial: Branch) -> None:
    """One status for all committees, told with the first."""
    entry.every(trial.all("ethicsAndSummary/ethicscommitee"), "ethics.committee", COMMITTEE)
    entry.every(trial.all("ethicsAndSummary/ethicscommittee"), "ethics.committee", COMMITTEE)
    review = trial.first("ethicsAndSummary/ethicsreview")
    if review is None or entry.is_blank(review):
        return
    if review.words.casefold() in ETHICS_OPEN:
        entry.unclear("ethics.status", review, item=1)
    else:
        entry.take("ethics.status", kinds.coded(ETHICS_STATUS), review, item=1)
