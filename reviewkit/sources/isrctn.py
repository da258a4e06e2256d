"""ISRCTN registry: its XML (`allTrials/fullTrial/trial`), and the same structure turned into JSON.

One table serves both. Status is told by overrides only (`Stopped`, `Suspended`); else it follows from the dates, as on
the registry's pages. Dates carry no mark of planned or done: one after the day of the version is planned; if the trial
ended before that day, all have come to pass. JSON often lacks attributes, and with them the day of registration.
Format: www.isrctn.com/api. Persons, addresses, phones and e-mails are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from reviewkit import kinds
from reviewkit.countries import country_code
from reviewkit.dates import first_day, last_day
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.kinds import Reading
from reviewkit.language.facts import design_facts
from reviewkit.language.sentences import Span
from reviewkit.model import NO_DETAIL, Record, Value
from reviewkit.sources import isrctn_words as said
from reviewkit.sources.branch import Branch, JsonBranch, json_members, json_with, root_local, stream_xml
from reviewkit.sources.branch_entry import BranchEntry, Table, day_first
from reviewkit.sources.collect import derive_nobody_masked, derive_registry
from reviewkit.words import State

NAME = "isrctn"
KIND = "registry"
STREAMS = True
SAID = """
ids.primary ids.registry ids.secondary.id ids.secondary.type ids.secondary.issuer
title.public title.scientific acronym summary.brief summary.design objective
registration.date registration.date_basis registration.last_update status.recruitment status.why_stopped
date.first_enrolment date.recruitment_end date.completion study_type design.purpose design.phase design.allocation
design.model design.control design.centres.multicentre design.n_arms design.observational_model design.other
random.type masking.label masking.roles enrolment.target enrolment.actual
interventions.name interventions.type interventions.description conditions condition_codes.term
condition_codes.condition eligibility.inclusion eligibility.exclusion eligibility.age_min eligibility.age_max
eligibility.age_groups eligibility.sex eligibility.healthy_volunteers outcomes.measure outcomes.type
outcomes.timepoint outcomes.method countries sites.name sites.city sites.region sites.country
sponsor.primary sponsor.class sponsor.secondary funders.name ethics.required ethics.committee ethics.status ethics.date
ethics.submitted ethics.reference ethics.city ipd.plan ipd.description ipd.access results.plan
publications.pmid publications.doi publications.type publications.citation publications.url recruitment.setting
source.version source.retrieved
"""
FIELDS = sayable(SAID.split())
EXPECTED = "records of the ISRCTN registry, as XML or JSON"
ROOTS = {"allTrials", "fullTrial", "trial"}
MARKS = (b"67bricks.com/isrctn", b"<isrctn", b":isrctn")
LISTS = ("fullTrial", "allTrials", "trials", "data", "results")  # keys under which JSON may list trials


def _country(words: str) -> Reading:
    return Reading(country_code(words), NO_DETAIL)


def _age(words: str, unit: str) -> Reading:
    return kinds.age(f"{words} {unit}")


def _happened(words: str) -> Reading:
    return kinds.date(words, "ACTUAL")


TABLE: Table = {
    "isrctn": ("ids.primary", said.number),
    "@version": "source.version",
    "record_last_import": ("source.retrieved", _happened),
    "trialDescription/title": "title.public",
    "trialDescription/scientificTitle": "title.scientific",
    "trialDescription/acronym": "acronym",
    "trialDescription/studyHypothesis": "objective",
    "trialDesign/studyDesign": "summary.design",
    "trialDesign/primaryStudyDesign": ("study_type", kinds.coded(said.STUDY_TYPE)),
    "trialDesign/reasonAbandoned": "status.why_stopped",
    "trialDesign/interventionalTrialDesign/assignment": ("design.model", kinds.coded(said.MODEL)),
    "participants/inclusion": "eligibility.inclusion",
    "participants/exclusion": "eligibility.exclusion",
    "participants/gender": ("eligibility.sex", kinds.coded(said.SEX)),
    "participants/healthyVolunteersAllowed": ("eligibility.healthy_volunteers", kinds.flag),
    "results/publicationPlan": "results.plan",
    "results/ipdSharingStatement": "ipd.description",
    "miscellaneous/ipdSharingPlan": ("ipd.plan", kinds.coded(said.IPD_PLAN)),
}
SITE: Table = {
    "name": "sites.name",
    "city": "sites.city",
    "state": "sites.region",
    "country": ("sites.country", _country),
}
OUTCOME: Table = {"variable": "outcomes.measure", "method": "outcomes.method", "timepoints": "outcomes.timepoint"}
CLASS: Table = {".": "condition_codes.term"}
OUTCOME_LISTS = (
    ("primaryOutcomes", "primaryOutcome", "PRIMARY"),
    ("secondaryOutcomes", "secondaryOutcome", "SECONDARY"),
)
DATES = {
    "participants/recruitmentStart": "date.first_enrolment",
    "participants/recruitmentEnd": "date.recruitment_end",
    "trialDesign/overallEndDate": "date.completion",
}
NUMBERS = {
    "externalRefs/eudraCTNumber": "EUDRACT",
    "externalRefs/irasNumber": "OTHER",
    "externalRefs/clinicalTrialsGovNumber": "REGISTRY",
}
PROTOCOL_NUMBER = "externalRefs/protocolSerialNumber"
PURPOSES = (  # the form of today, that before it, and the first
    "trialDesign/interventionalTrialDesign/purposes/purpose",
    "trialDesign/trialTypes/trialType",
    "trialDesign/trialType",
)
DESIGN_FACTS = {  # what the study design in prose may add
    "design.allocation", "design.model", "design.control", "design.centres.multicentre", "design.n_arms",
    "design.other", "random.type", "masking.label", "masking.roles",
}  # fmt: skip


def recognise(document: Document) -> str | None:
    """By the root and the namespace or number of the XML; by the keys `isrctn` and `trialDescription` of JSON."""
    if root_local(document) in ROOTS and any(mark in document.head for mark in MARKS):
        return f"root {root_local(document)} of the ISRCTN registry"
    return "key isrctn of the ISRCTN registry" if next(_trials_of_json(document), None) else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a trial, one in memory at a time."""
    number, whole = 0, None
    for whole in _wholes(document):
        trial = next((part for part in whole.all("trial") if part.says), whole)
        if not trial.all("isrctn"):
            problem = document.refuse(
                place=whole.place,
                found="an entry without the number isrctn",
                expected=EXPECTED,
                fix="fetch this trial again; the others were read",
            ).problem
            document.report(problem)
            continue
        number += 1
        yield _record(document, recognised_by, number, whole, trial)
    if whole is None:
        document.notice(None, found="a search page without trials", expected=EXPECTED, fix="none, if nothing was found")


def _wholes(document: Document) -> Iterator[Branch]:
    """Each trial with its companions (sponsor, funders)."""
    root = root_local(document)
    if root:
        name = "trial" if root == "trial" else "fullTrial"
        yield from stream_xml(document, lambda local: local == name, EXPECTED)
    else:
        yield from _trials_of_json(document, only_trials=False)


def _trials_of_json(document: Document, only_trials: bool = True) -> Iterator[JsonBranch]:
    content: Any = json_with(document, b'"isrctn"', EXPECTED)
    if isinstance(content, dict) and isinstance(content.get("allTrials"), dict):
        top = JsonBranch(document, "allTrials", content["allTrials"], "/allTrials")
        members: Iterator[Branch] = iter(top.all("fullTrial"))
    elif isinstance(content, dict) and isinstance(content.get("fullTrial"), dict):
        members = iter([JsonBranch(document, "fullTrial", content["fullTrial"], "/fullTrial")])
    elif content is None:
        return
    else:
        members = iter(json_members(document, content, LISTS))
    for member in members:
        assert isinstance(member, JsonBranch)
        if not only_trials or _is_trial(member) or any(map(_is_trial, member.all("trial"))):
            yield member


def _is_trial(branch: Branch) -> bool:
    return "isrctn" in branch.parts and bool({"trialDescription", "trialDesign", "participants"} & branch.parts.keys())


def _record(document: Document, recognised_by: str, number: int, whole: Branch, trial: Branch) -> Record:
    entry = BranchEntry(document, NAME, KIND, FIELDS, said.NOTHING)
    entry.fill(trial, TABLE)
    derive_registry(entry)
    _summary(entry, trial.first("trialDescription/plainEnglishSummary"))
    _registered(entry, trial)
    _numbers(entry, trial)
    dates = _dates(entry, trial)
    _status(entry, trial, dates)
    _design(entry, trial)
    _participants(entry, trial)
    _conditions_and_interventions(entry, trial)
    _outcomes(entry, trial)
    _places(entry, trial)
    _parties(entry, whole)
    _ethics(entry, trial)
    _sharing_and_publications(entry, trial)
    derive_nobody_masked(entry)
    return entry.record(recognised_by, number)


def _summary(entry: BranchEntry, branch: Branch | None) -> None:
    """The summary for the public up to its last part, which names a person with phone and e-mail."""
    contact = said.CONTACT.search(branch.text) if branch is not None and not branch.nested else None
    if branch is None or contact is None:
        entry.take("summary.brief", kinds.text, branch)
        entry.listen(branch)
    elif quote := branch.text[: contact.start()].strip():
        words = quote if branch.quote == branch.text else " ".join(quote.split())
        entry.tell("summary.brief", quote, branch, quote=words)
        entry.listen(branch, quote)


def _registered(entry: BranchEntry, trial: Branch) -> None:
    """The day the number was assigned, and the day of the version."""
    assigned = trial.first("isrctn/@dateAssigned", "@publicIdentifierDateAssigned")
    if (date := entry.take("registration.date", _happened, assigned)) and assigned and date.value:
        entry.derive("registration.date_basis", "ASSIGNED", "isrctn-date-assigned", assigned)
    entry.take("registration.last_update", _happened, trial.first("@lastUpdated"))


def _numbers(entry: BranchEntry, trial: Branch) -> None:
    """Numbers under labels of their own, then those of the list with their types, then whatever else is told.

    `protocolSerialNumber` may join what the list holds apart: there the list knows better what each is.
    """
    listed = [branch for branch in trial.all("externalRefs/secondaryNumbers/secondaryNumber") if not branch.nested]
    seen: set[str] = set()
    for path, kind in NUMBERS.items():
        _labelled(entry, trial.all(path), kind, seen)
    for branch in listed:
        if branch.said("@numberType"):
            _of_list(entry, branch, seen)
    _labelled(entry, trial.all(PROTOCOL_NUMBER), "SPONSOR", seen)
    for branch in listed:
        _of_list(entry, branch, seen)
    labelled = [branch for path in (*NUMBERS, PROTOCOL_NUMBER) for branch in trial.all(path)]
    blank = next((branch for branch in labelled if entry.is_blank(branch)), None)
    if blank is not None and "ids.secondary.id" not in entry.counted:
        entry.empty("ids.secondary.id", blank)


def _labelled(entry: BranchEntry, branches: list[Branch], kind: str, seen: set[str]) -> None:
    for branch in branches:
        for part in said.parts_of(branch.words) if not branch.nested else []:
            if part.casefold() not in said.NOTHING and said.bare(part) not in seen:
                seen.add(said.bare(part))
                entry.number(branch, kind, quote=part)


def _of_list(entry: BranchEntry, branch: Branch, seen: set[str]) -> None:
    names = {said.bare(branch.words), said.bare(branch.said("@canonicalSecondaryNumber"))} - {""}
    if entry.is_blank(branch) or names & seen:
        return
    seen |= names
    labelled = branch.said("@numberType")
    item = entry.number(branch, said.NUMBER_TYPE.get(labelled.casefold()))
    if labelled and labelled.casefold() not in said.NUMBER_TYPE:
        entry.take("ids.secondary.issuer", kinds.text, branch.first("@numberType"), item=item)


def _day(branch: Branch | None) -> str | None:
    """The date a part holds, or None."""
    try:
        return None if branch is None else str(kinds.date(branch.words).value)
    except ValueError:
        return None


def _dates(entry: BranchEntry, trial: Branch) -> dict[str, str]:
    """Start and end of recruitment, end of the trial: field -> date; what they are is told by the version's day."""
    found = {field: branch for path, field in DATES.items() if (branch := trial.first(path)) is not None}
    days = {field: day for field, branch in found.items() if (day := _day(branch)) is not None}
    version, seen = _day(trial.first("@lastUpdated")), _day(trial.first("record_last_import"))
    ended = bool(version and "date.completion" in days and last_day(days["date.completion"]) < first_day(version))
    latest = version or seen
    for field, branch in found.items():
        day = days.get(field)
        planned = bool(day and latest and first_day(day) > last_day(latest))
        kind = "ACTUAL" if ended and not planned else "ANTICIPATED" if planned else "UNKNOWN"
        entry.take(field, partial(kinds.date, kind=kind), branch)
    return days


def _status(entry: BranchEntry, trial: Branch, days: dict[str, str]) -> None:
    """An override of the whole trial; else the stage its dates give on the day of import or of the version."""
    overall = trial.first("trialDesign/overallStatusOverride")
    if overall is not None and not entry.is_blank(overall):
        entry.take("status.recruitment", kinds.coded(said.STATUS), overall)
        return
    for path in ("participants/recruitmentStatusOverride", "participants/recruitmentStartStatusOverride"):
        override = trial.first(path)
        if override is not None and not entry.is_blank(override):
            # Recruitment was stopped or held up; whether the trial was is not said.
            entry.unclear("status.recruitment", override)
            return
    today = _day(trial.first("record_last_import")) or _day(trial.first("@lastUpdated"))
    if today is not None and (stage := said.stage(today, days)) is not None:
        member, field = stage
        path = next(path for path, name in DATES.items() if name == field)
        resting_on = trial.first(path)
        assert resting_on is not None  # its date was read
        entry.derive("status.recruitment", member, "isrctn-status-of-dates", resting_on)


def _design(entry: BranchEntry, trial: Branch) -> None:
    """The form's own answers; the older `secondaryStudyDesign`; and what the prose adds where they are silent."""
    entry.listen(trial.first("trialDesign/studyDesign"))
    design = "trialDesign/interventionalTrialDesign/"
    allocation = trial.first(design + "allocation")
    if allocation is not None:
        entry.take("design.allocation", said.allocation, allocation)
    masking = trial.first(design + "masking")
    if masking is not None and said.is_blinded(masking.words):
        entry.unclear("masking.label", masking)  # blinded, but not at which level
    else:
        entry.take("masking.label", kinds.coded(said.MASKING), masking)
    control = trial.first(design + "control")
    if control is not None and control.words.casefold() == "uncontrolled":
        entry.not_applicable("design.control", control)
    else:
        entry.take("design.control", kinds.coded(said.CONTROL), control)
    _older_design(entry, trial.first("trialDesign/secondaryStudyDesign"))
    _purpose(entry, trial)
    prose = trial.first("trialDesign/studyDesign")
    if prose is not None and not prose.nested and not entry.is_blank(prose):
        _prose(entry, prose)


def _older_design(entry: BranchEntry, branch: Branch | None) -> None:
    if branch is None or branch.nested or entry.is_blank(branch):
        return
    words = branch.words.casefold()
    if "random" in words:
        entry.take("design.allocation", said.allocation, branch)
        if said.CROSSOVER.search(words):
            entry.tell("design.model", "CROSSOVER", branch, detail={"as_written": branch.words})
    elif words not in said.NO_DESIGN:
        entry.take("design.observational_model", kinds.text, branch)


def _purpose(entry: BranchEntry, trial: Branch) -> None:
    """One purpose counts; several leave the primary one open."""
    for path in PURPOSES:
        told = [branch for branch in trial.all(path) if not entry.is_blank(branch)]
        if len({branch.words.casefold() for branch in told}) > 1:
            entry.unclear("design.purpose", told[0], quote=", ".join(branch.words for branch in told))
            return
        if told:
            entry.take("design.purpose", kinds.coded(said.PURPOSE), told[0])
            return


def _prose(entry: BranchEntry, branch: Branch) -> None:
    """What the sentence says in so many words, for fields that nothing else filled."""
    text = branch.text
    held = {value.field for value in entry.values if value.state is not State.EMPTY_IN_SOURCE}
    for fact in design_facts(text, [Span(0, len(text))]):
        if fact.field in DESIGN_FACTS - held:
            quote = " ".join(text[fact.start : fact.end].split())
            derived = fact.state is State.DERIVED
            method = f"rule:{fact.rule}" if derived else entry.method(fact.rule)
            entry.add(Value(fact.field, None, fact.value, fact.state, quote, branch.place, method, fact.detail))


def _participants(entry: BranchEntry, trial: Branch) -> None:
    for name, field in (("lowerAgeLimit", "eligibility.age_min"), ("upperAgeLimit", "eligibility.age_max")):
        limit = trial.first(f"participants/{name}")
        value = trial.first(f"participants/{name}/@value")
        if limit is not None and value is not None and not limit.words:
            entry.take(field, partial(_age, unit=trial.said(f"participants/{name}/@unit")), value)
        else:
            entry.take(field, kinds.age, limit)
    group = trial.first("participants/ageRange")
    if group is not None and group.words.casefold() in said.AGES_OPEN:
        entry.unclear("eligibility.age_groups", group)  # several groups, or one the form does not name
    else:
        entry.take("eligibility.age_groups", kinds.coded(said.AGE_GROUPS), group)
    _settings(entry, trial)
    _healthy(entry, trial)
    target = trial.first("participants/targetEnrolment", "participants/totalTarget")
    _size(entry, "enrolment.target", target)
    _size(entry, "enrolment.actual", trial.first("participants/totalFinalEnrolment"))


def _settings(entry: BranchEntry, trial: Branch) -> None:
    found = [*trial.all("trialDesign/trialSettings/trialSetting"), *trial.all("trialDesign/trialSetting")]
    told = [branch for branch in found if not branch.nested and not entry.is_blank(branch)]
    if told:
        words = ", ".join(branch.words for branch in told)
        entry.tell("recruitment.setting", words, told[0], quote=words)


def _healthy(entry: BranchEntry, trial: Branch) -> None:
    """Older forms ask what kinds of participants are wanted: healthy volunteers, or patients and no others."""
    if entry.known("eligibility.healthy_volunteers") is not None:
        return
    found = [*trial.all("participants/participantTypes/participantType"), *trial.all("participants/participantType")]
    told = [branch for branch in found if not branch.nested and not entry.is_blank(branch)]
    healthy = next((branch for branch in told if branch.words.casefold() == "healthy volunteer"), None)
    if healthy is not None or (told and {branch.words.casefold() for branch in told} == {"patient"}):
        wanted = healthy is not None
        entry.derive("eligibility.healthy_volunteers", wanted, "isrctn-participant-types", healthy or told[0])


def _size(entry: BranchEntry, field: str, branch: Branch | None) -> None:
    """A number of participants. The registry's form fills in 0 where nobody has typed a number."""
    if branch is None or branch.nested or branch.words != "0":
        found = None if branch is None or branch.nested else said.planned_size(branch.text)
        if branch is not None and found is not None:
            entry.tell(field, found.size, branch, quote=found.words, detail={"unit": "persons"})
        else:
            entry.take(field, kinds.count, branch)
    else:
        entry.empty(field, branch)


def _conditions_and_interventions(entry: BranchEntry, trial: Branch) -> None:
    for branch, item in entry.each(trial.all("conditions/condition"), "conditions", {"description": "conditions"}):
        for path in ("diseaseClass1", "diseaseClass2"):
            for code, number in entry.each(branch.all(path), "condition_codes.system", CLASS):
                entry.derive("condition_codes.condition", [item], "isrctn-class-of-condition", code, item=number)
    table: Table = {"drugNames": "interventions.name", "description": "interventions.description"}
    for branch, item in entry.each(trial.all("interventions/intervention"), "interventions.name", table):
        entry.listen(branch.first("description"))
        kind = branch.first("interventionType")
        if kind is None or entry.is_blank(kind):
            continue
        if kind.words.casefold() == "mixed":
            entry.unclear("interventions.type", kind, item=item)
        else:
            entry.take("interventions.type", kinds.coded(said.INTERVENTION_TYPE), kind, item=item)
    for phase in trial.all("interventions/intervention/phase"):
        if phase.words.casefold() == "not applicable":  # of a phase this is an answer
            entry.tell("design.phase", ["NA"], phase, detail={"as_written": phase.words})
        else:
            entry.take("design.phase", kinds.phase, phase)


def _outcomes(entry: BranchEntry, trial: Branch) -> None:
    """The form's entries, and the older text, which stands whole: what is listed in it is not parted."""
    for listed, text, member in OUTCOME_LISTS:
        at = trial.all(f"trialDescription/{listed}/outcomeMeasure")
        for branch, item in entry.each(at, "outcomes.measure", OUTCOME):
            resting_on = branch.first("variable", "method", "timepoints")
            assert resting_on is not None  # it is a member
            entry.derive("outcomes.type", member, "isrctn-outcome-list", resting_on, item=item)
        older = trial.all(f"trialDescription/{text}")
        for branch, item in entry.each(older, "outcomes.measure", {".": "outcomes.measure"}):
            entry.derive("outcomes.type", member, "isrctn-outcome-list", branch, item=item)


def _places(entry: BranchEntry, trial: Branch) -> None:
    entry.distinct(trial.all("participants/recruitmentCountries/country"), "countries", _country)
    entry.every(trial.all("participants/trialCentres/trialCentre"), "sites.name", SITE)


def _parties(entry: BranchEntry, whole: Branch) -> None:
    """The first sponsor, others beside it, funders."""
    named = [branch for branch in whole.all("sponsor") if branch.said("organisation")]
    for branch in named[:1]:
        entry.take("sponsor.primary", kinds.text, branch.first("organisation"))
        kind, status = branch.first("sponsorType"), branch.first("commercialStatus")
        if kind is not None and not entry.is_blank(kind):
            entry.take("sponsor.class", kinds.coded(said.SPONSOR_CLASS), kind)
        elif status is not None:
            entry.take("sponsor.class", kinds.coded(said.COMMERCIAL), status)
    entry.every(named[1:], "sponsor.secondary", {"organisation": "sponsor.secondary"})
    entry.every(whole.all("funder"), "funders.name", {"name": "funders.name"})


def _ethics(entry: BranchEntry, trial: Branch) -> None:
    """Committees of the form; of the older sentence only committee, day and reference, and only where it is one."""
    required = trial.first("trialDescription/ethicsApprovalRequired")
    if required is not None and required.words.casefold() != said.OLD_ETHICS:
        entry.take("ethics.required", kinds.coded(said.ETHICS_REQUIRED), required)
    table: Table = {
        "committeeName": "ethics.committee",
        "committeeReference": "ethics.reference",
        "contactDetails/city": "ethics.city",
    }
    committees = trial.all("trialDescription/ethicsCommittees/ethicsCommittee")
    for branch, item in entry.each(committees, "ethics.committee", table):
        status, day = branch.first("@approvalStatus"), branch.first("@statusDate")
        told = entry.take("ethics.status", kinds.coded(said.ETHICS_STATUS), status, item=item)
        member = told.value if told else None
        if member in {"APPROVED", "NOT_APPROVED", "PENDING"}:
            field = "ethics.submitted" if member == "PENDING" else "ethics.date"
            entry.take(field, _happened, day, item=item)
    older = trial.first("trialDescription/ethicsApproval")
    if older is None or older.nested or entry.is_blank(older):
        return
    found = said.old_ethics(older.words)
    if found is None:  # the sentence may hold addresses and phones, so its name stands for it
        entry.unclear("ethics.committee", older, quote=older.name)
    else:
        item = entry.counted["ethics.committee"] = entry.counted.get("ethics.committee", 0) + 1
        entry.tell("ethics.committee", found.committee, older, item=item, quote=found.committee)
        if found.status:
            entry.tell("ethics.status", "APPROVED", older, item=item, quote=found.status)
        for field, words, reader in (
            ("ethics.date", found.date, partial(day_first, kind="ACTUAL")),
            ("ethics.reference", found.reference, kinds.text),
        ):
            if words:
                entry.take_words(field, reader, words, older.place, item=item, method="path")


def _sharing_and_publications(entry: BranchEntry, trial: Branch) -> None:
    listed_policies = trial.all("results/dataPolicies/dataPolicy")
    policies = [branch for branch in listed_policies if not entry.is_blank(branch)]
    plan = entry.known("ipd.plan")
    if policies and plan is None and policies[0].words.casefold() in said.DATA_POLICY:
        entry.take("ipd.plan", kinds.coded(said.DATA_POLICY), policies[0])
    if policies:
        words = ", ".join(branch.words for branch in policies)
        entry.tell("ipd.access", words, policies[0], quote=words)
    elif listed_policies:
        entry.empty("ipd.access", listed_policies[0])
    details = trial.first("results/publicationDetails")
    listed = said.publications(details.text) if details is not None and not details.nested else []
    for item, article in enumerate(listed, 1):
        assert details is not None
        for field, number in (("pmid", article.pmid), ("doi", article.doi), ("url", article.url)):
            if number:
                entry.tell(f"publications.{field}", number, details, item=item, quote=number)
        entry.tell("publications.citation", article.line, details, item=item, quote=article.line)
        if article.kind:
            entry.tell("publications.type", article.kind, details, item=item, quote=article.words)
