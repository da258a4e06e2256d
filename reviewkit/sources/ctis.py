"""EU Clinical Trials Information System: JSON of one trial (of before and after 17 June 2024), or a page of its search.

The parts are the same in both generations and stand under other keys; `PART_I` and `PARTS_II` say where. The system has
no day of registration: the first decision of a member state stands for it, its basis UNSPECIFIED. The number in
`totalNumberEnrolled` is planned. Codes are those of the system's own reference lists. Persons, phones, e-mails and
street addresses are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from reviewkit import kinds
from reviewkit.countries import country_code
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.kinds import Reading
from reviewkit.model import NO_DETAIL, Record
from reviewkit.sources import ctis_words as said
from reviewkit.sources.branch import Branch, JsonBranch, json_members, json_with
from reviewkit.sources.branch_entry import BranchEntry, Table, day_first
from reviewkit.sources.collect import derive_nobody_masked, derive_registry

NAME = "ctis"
KIND = "registry"
SAID = """
ids.primary ids.registry ids.secondary.id ids.secondary.type ids.secondary.issuer ids.aliases title.public
title.scientific acronym objective registration.date registration.date_basis registration.submitted
registration.last_update status.recruitment date.first_enrolment date.recruitment_end date.completion study_type
design.purpose design.phase design.allocation design.control masking.label masking.roles masking.description
enrolment.target enrolment.by_country.country enrolment.by_country.n enrolment.by_country.kind
arms.label arms.description interventions.name interventions.other_names interventions.route conditions
condition_codes.system condition_codes.code condition_codes.term
eligibility.inclusion eligibility.inclusion_items eligibility.exclusion eligibility.exclusion_items
eligibility.age_groups eligibility.sex eligibility.healthy_volunteers outcomes.measure outcomes.type
countries sites.name sites.city sites.country sponsor.primary sponsor.class sponsor.secondary funders.name
ipd.plan ipd.description results.posted publications.pmid publications.url documents.type documents.label
source.retrieved
"""
FIELDS = sayable(SAID.split())
EXPECTED = "records of the EU Clinical Trials Information System as JSON"
LISTS = ("data", "results", "elements", "trials")  # keys under which a page lists trials
SIGNS = {
    "ctStatus", "ctTitle", "authorizedApplication", "authorizedPartI", "applications", "trialPhase", "decisionDate",
    "ctPublicStatusCode",
}  # fmt: skip
APPLICATION = ("authorizedApplication", "applications")
PART_I = ("authorizedApplication/authorizedPartI", "authorizedPartI", "applications/partI")
PARTS_II = ("authorizedApplication/authorizedPartsII", "authorizedPartsII", "applications/partIIInfo")
DETAILS = "trialDetails/"
IDENTIFIERS = DETAILS + "clinicalTrialIdentifiers/"
INFORMATION = DETAILS + "trialInformation/"
EUDRACT = ("authorizedApplication/eudraCt/eudraCtCode", "eudraCtInfo/eudraCtCode")
OTHER_NUMBERS = IDENTIFIERS + "secondaryIdentifyingNumbers/"
PERIODS = DETAILS + "protocolInformation/studyDesign/periodDetails"


def _country(words: str) -> Reading:
    return Reading(country_code(words), NO_DETAIL)


_happened = partial(day_first, kind="ACTUAL")
_planned = partial(day_first, kind="ANTICIPATED")

TOP: Table = {
    "ctNumber": ("ids.primary", kinds.trial_id),
    "lastUpdated": ("registration.last_update", _happened),
    "trialPhase": ("design.phase", said.phase_text),
    "ageGroup": ("eligibility.age_groups", said.age_groups),
    "gender": ("eligibility.sex", said.sex),
    "totalNumberEnrolled": ("enrolment.target", kinds.count),
    "resultsFirstReceived": ("results.posted", kinds.flag),
    "record_last_import": ("source.retrieved", _happened),
}
PART: Table = {
    IDENTIFIERS + "fullTitle": "title.scientific",
    IDENTIFIERS + "publicTitle": "title.public",
    INFORMATION + "trialObjective/mainObjective": "objective",
    INFORMATION + "trialCategory/trialPhase": ("design.phase", said.phase_code),
    INFORMATION + "individualParticipantData/ipdDescription": "ipd.description",
}
OVERVIEW: Table = {  # of a page of the search, where no part I says it
    "ctTitle": "title.scientific",
    "sponsor": "sponsor.primary",
    "sponsorType": ("sponsor.class", said.sponsor_class),
}
OUTCOME_LISTS = (("primaryEndPoints", "PRIMARY"), ("secondaryEndPoints", "SECONDARY"))
ENDS = {"primaryEndPoint": "PRIMARY", "endPoint": "SECONDARY"}  # of a page of the search
SITE: Table = {
    "organisationAddressInfo/organisation/name": "sites.name",
    "organisationAddressInfo/address/city": "sites.city",
    "organisationAddressInfo/address/countryName": ("sites.country", _country),
}
MEDDRA: Table = {"classificationCode": "condition_codes.code", "termName": "condition_codes.term"}


def recognise(document: Document) -> str | None:
    """By the key `ctNumber` beside others of the system."""
    member = next((member for member in _members(document) if _is_trial(member)), None)
    return "key ctNumber of the EU Clinical Trials Information System" if member else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a trial; of what is no trial a problem, and the others all the same."""
    number = 0
    for trial in _members(document):
        if not _is_trial(trial):
            problem = document.refuse(
                place=trial.place,
                found="an entry without the number ctNumber",
                expected=EXPECTED,
                fix="fetch this trial again; the others were read",
            ).problem
            document.report(problem)
            continue
        number += 1
        yield _record(document, recognised_by, number, trial)


def _members(document: Document) -> Iterator[JsonBranch]:
    content: Any = json_with(document, b'"ctNumber"', EXPECTED)
    return iter(()) if content is None else json_members(document, content, () if _is_one(content) else LISTS)


def _is_one(content: Any) -> bool:
    """Is it one trial, whose `results` and `documents` are its own?"""
    return isinstance(content, dict) and "ctNumber" in content


def _is_trial(branch: JsonBranch) -> bool:
    found = branch.found
    return isinstance(found, dict) and "ctNumber" in found and bool(found.keys() & SIGNS)


def _record(document: Document, recognised_by: str, number: int, trial: Branch) -> Record:
    entry = BranchEntry(document, NAME, KIND, FIELDS, said.NOTHING)
    part = trial.first(*PART_I) or JsonBranch(document, "", None, "")  # a hit of the search has no part I
    parts_ii = _first_list(trial, PARTS_II)
    elsewhere = _elsewhere(part)
    entry.fill(trial, TOP)
    _of_its_kind(entry, trial)
    _numbers(entry, trial, part)
    _registered(entry, trial)
    _status(entry, trial)
    _dates(entry, trial, part, parts_ii, elsewhere)
    if part.says:
        entry.fill(part, PART)
        _design(entry, part)
        _population(entry, part)
        _conditions_and_products(entry, part)
        _outcomes(entry, part)
        _parties(entry, trial, part)
        _sharing(entry, part)
    else:
        _overview(entry, trial)
    _sizes(entry, trial, part, parts_ii, elsewhere)
    _countries(entry, trial, part, parts_ii)
    _documents(entry, trial)
    derive_nobody_masked(entry)
    return entry.record(recognised_by, number)


def _first_list(trial: Branch, paths: Iterable[str]) -> list[Branch]:
    """The parts at the first of these paths that has any with words."""
    return next((found for path in paths if (found := [part for part in trial.all(path) if part.says])), [])


def _elsewhere(part: Branch) -> int | None:
    """How many are planned outside the EU and EEA; None if that is not said."""
    words = part.said("rowSubjectCount")
    return int(words) if words.isdecimal() and words.isascii() and len(words) < 10 else None


def _of_its_kind(entry: BranchEntry, trial: Branch) -> None:
    """The registry its number belongs to; the system holds clinical trials of medicines and nothing else."""
    if entry.known("ids.primary") is not None:
        derive_registry(entry)
        number = trial.first("ctNumber")
        assert number is not None
        entry.derive("study_type", "INTERVENTIONAL", "ctis-clinical-trials-only", number)


def _numbers(entry: BranchEntry, trial: Branch, part: Branch) -> None:
    """Numbers in other registries; the short title, which is an acronym or the sponsor's code.

    The EudraCT number of a trial that moved here from the EU register is the one this number took the place of.
    """
    for path in ("authorizedApplication/eudraCt", "eudraCtInfo", "applications/eudraCtInfo"):
        moved = [former for former in trial.all(path) if former.said("isTransitioned") == "true"]
        if "ids.aliases" not in entry.counted:
            entry.every(moved[:1], "ids.aliases", {"eudraCtCode": ("ids.aliases", kinds.trial_id)})
    labelled = [branch for path in EUDRACT for branch in trial.all(path)]
    for name in ("nctNumber", "isrctnNumber", "whoUniversalTrialNumber"):
        labelled += part.all(f"{OTHER_NUMBERS}{name}/number")
    for branch in labelled:
        if branch.says and not branch.nested and not entry.is_blank(branch):
            entry.number(branch, "REGISTRY")
    for other in part.all(OTHER_NUMBERS + "additionalRegistries"):
        number = other.first("number")
        if number is not None and number.says and not number.nested and not entry.is_blank(number):
            item = entry.number(number, "REGISTRY")
            entry.take("ids.secondary.issuer", kinds.text, other.first("otherRegistryName", "registry"), item=item)
    short = part.first(IDENTIFIERS + "shortTitle") or trial.first("shortTitle")
    if short is not None and said.is_code(short.words):
        entry.number(short)
    else:
        entry.take("acronym", kinds.text, short)


def _registered(entry: BranchEntry, trial: Branch) -> None:
    """The first decision of a state, the day of publication only where no decision is told; the first submission."""
    paths = ("decisionDate", "decisionDateOverall", "authorizationDate", "publishDate")
    told = [branch for path in paths for branch in trial.all(path) if branch.says and not branch.nested]
    if told:
        _first_decision(entry, told[0])
    for path in ("authorizedApplication/applicationInfo", "applications"):
        for application in trial.all(path):
            if application.said("type").upper() == "INITIAL":
                entry.take("registration.submitted", _happened, application.first("submissionDate"))
                return
    entry.take("registration.submitted", _happened, trial.first("submissionDate"))


def _first_decision(entry: BranchEntry, branch: Branch) -> None:
    decisions = said.decisions(branch.words)
    if len(decisions) > 1:
        first = min(decisions)
        detail = _happened(first.words).detail
        date = entry.derive(
            "registration.date", first.date, "ctis-first-decision", branch, quote=first.words, detail=detail
        )
    else:
        words = decisions[0].words if decisions else branch.quote
        date = entry.take_words("registration.date", _happened, words, branch.place, method="path")
    if date.value:
        entry.derive("registration.date_basis", "UNSPECIFIED", "ctis-first-decision", branch, quote=date.quote)


def _status(entry: BranchEntry, trial: Branch) -> None:
    """The public code; `ctStatus` in words is the application's status, and serves where there is no code."""
    code = trial.first("ctPublicStatusCode")
    if code is None or not code.says:
        code = trial.first("ctStatus")
    early = next((event for event in _events(trial) if said.is_early_end(event)), None)
    if early is not None and code is not None and said.is_ended(code.words):
        entry.derive("status.recruitment", "TERMINATED", "ctis-early-termination", early.all("notificationType")[0])
    else:
        entry.take("status.recruitment", said.status, code)


def _events(trial: Branch) -> list[Branch]:
    """What the sponsor has notified, state by state."""
    return [
        *trial.all("events/trialEvents/events"),
        *trial.all("mscTrialNotificationsInfoList/mscNotificationsListInfo"),
    ]


def _dates(entry: BranchEntry, trial: Branch, part: Branch, parts_ii: list[Branch], elsewhere: int | None) -> None:
    """Planned days of part I; days that have come from what each state was told.

    The first participant in the EU is the trial's first only where none is planned elsewhere.
    """
    duration = INFORMATION + "trialDuration/"
    entry.take("date.first_enrolment", _planned, part.first(duration + "estimatedRecruitmentStartDate"))
    end = part.first(duration + "estimatedGlobalEndDate", duration + "estimatedEndDate")
    entry.take("date.completion", _planned, end)
    states = [state for parts in parts_ii for state in parts.all("mscInfo")]
    starts = _days(_told(trial, "START_OF_RECRUITMENT"), states, "trialRecruitmentPeriod/recruitmentStartDate")
    _earliest(entry, "date.first_enrolment", starts, elsewhere)
    start = trial.first("startDateEU")
    if not starts and start is not None and not entry.is_blank(start) and not start.nested:
        entry.unclear("date.first_enrolment", start)  # the start of the trial may be before its first participant
    _ends(entry, trial, elsewhere)


def _told(trial: Branch, kind: str) -> list[Branch]:
    """The days of one kind of event."""
    days = []
    for event in _events(trial):
        if event.said("notificationType").upper() == kind:
            days += [day for day in (event.first("date", "notificationDate", "eventDate"),) if day is not None]
    return days


def _days(told: list[Branch], states: list[Branch], path: str) -> list[Branch]:
    found = told or [day for state in states for day in state.all(path)]
    return [branch for branch in found if branch.says and not branch.nested]


def _earliest(entry: BranchEntry, field: str, days: list[Branch], elsewhere: int | None) -> None:
    read = {branch: day for branch in days if (day := said.day(branch.words)) is not None}
    if not read:
        for branch in days[:1]:
            entry.take(field, _happened, branch)
        return
    first = min(read, key=lambda branch: read[branch])
    if elsewhere:
        entry.unclear(field, first)
    elif len(set(read.values())) == 1:
        entry.take(field, _happened, first)
    else:
        detail = _happened(first.words).detail
        entry.derive(field, read[first], "first-of-member-states", first, detail=detail)


def _ends(entry: BranchEntry, trial: Branch, elsewhere: int | None) -> None:
    """The end of the whole trial; the end in the EU is that only where nobody is planned elsewhere."""
    whole = trial.first("authorizedApplication/trialGlobalEnd/globalEndDate", "trialGlobalEnd/globalEndDate", "endDate")
    if whole is not None and whole.says:
        entry.take("date.completion", _happened, whole)
        return
    in_eu = trial.first("endDateEU")
    if in_eu is None or not in_eu.says:
        return
    if elsewhere == 0:
        entry.take("date.completion", _happened, in_eu)
    elif not in_eu.nested:
        entry.unclear("date.completion", in_eu)


def _design(entry: BranchEntry, part: Branch) -> None:
    """Purpose out of the scopes; allocation and masking of the periods, where they agree; arms."""
    scopes = [
        branch for branch in part.all(INFORMATION + "trialObjective/trialScopes/code") if branch.words in said.SCOPE
    ]
    if len({branch.words for branch in scopes}) == 1:
        entry.derive("design.purpose", said.SCOPE[scopes[0].words], "ctis-trial-scopes", scopes[0])
    periods = [period for period in part.all(PERIODS) if period.says]
    _allocation(entry, [branch for period in periods for branch in period.all("allocationMethod") if branch.says])
    _masking(entry, periods)
    arms = [arm for period in periods for arm in period.all("armDetails")]
    entry.every(arms, "arms.label", {"title": "arms.label", "description": "arms.description"})


def _allocation(entry: BranchEntry, branches: list[Branch]) -> None:
    """A trial with a randomised period is randomised; other differences stay open."""
    members = {said.ALLOCATION.get(branch.words) for branch in branches}
    if len(members) <= 1:
        entry.take("design.allocation", kinds.coded(said.ALLOCATION), branches[0] if branches else None)
    elif members == {"RANDOMIZED", "NA"}:
        chosen = next(branch for branch in branches if said.ALLOCATION.get(branch.words) == "RANDOMIZED")
        entry.take("design.allocation", kinds.coded(said.ALLOCATION), chosen)
    else:
        entry.unclear("design.allocation", branches[0], quote=", ".join(branch.words for branch in branches))


def _masking(entry: BranchEntry, periods: list[Branch]) -> None:
    """Label and roles, where all periods agree. A code counts only where the roles beside it bear it out."""
    codes = [branch for period in periods for branch in period.all("blindingMethodCode") if branch.says]
    roles = [said.roles_of(period.all("blindedRoles")) for period in periods]
    labels = {said.masking(branch.words, len(role)) for branch, role in zip(codes, roles, strict=False)}
    if codes and len(codes) == len(periods) and len(labels) == 1 and None not in labels:
        entry.tell("masking.label", labels.pop(), codes[0], detail={"as_written": codes[0].words})
    elif codes:
        entry.unclear("masking.label", codes[0], quote=", ".join(branch.words for branch in codes))
    named = [branch for period in periods for branch in period.all("blindedRoles/name")]
    if named and len({tuple(role) for role in roles}) == 1:
        told = [branch for branch in periods[0].all("blindedRoles/name") if branch.words.casefold() not in said.NO_ROLE]
        entry.set_of("masking.roles", kinds.coded(said.ROLES), told)
    elif named:
        entry.unclear("masking.roles", named[0], quote=", ".join(branch.words for branch in named))
    for period in periods[:1]:
        entry.take("masking.description", kinds.text, period.first("blindingDetails"))


def _population(entry: BranchEntry, part: Branch) -> None:
    population = INFORMATION + "populationOfTrialSubjects/"
    codes = [age.first("ageRangeCategoryCode", "ageRangeCategory") for age in part.all(population + "ageRanges")]
    _age_groups(entry, [code for code in codes if code is not None])
    _sex(entry, part.first(population + "isFemaleSubjects"), part.first(population + "isMaleSubjects"))
    groups = [branch for branch in part.all(population + "clinicalTrialGroups/name") if branch.says]
    healthy = [branch for branch in groups if branch.words.casefold().startswith("healthy")]
    if groups:
        entry.derive("eligibility.healthy_volunteers", bool(healthy), "ctis-trial-groups", (healthy or groups)[0])
    for kind in ("inclusion", "exclusion"):
        name = f"principal{kind.capitalize()}Criteria"
        _criteria(entry, f"eligibility.{kind}", part.all(f"{INFORMATION}eligibilityCriteria/{name}"), name)


def _age_groups(entry: BranchEntry, codes: list[Branch]) -> None:
    members = {said.AGE_CODE.get(code.words) for code in codes if code.says}
    if members and None not in members and entry.known("eligibility.age_groups") is None:
        listed = [member for member in said.AGE_ORDER if member in members]
        quote = ", ".join(code.words for code in codes)
        entry.tell("eligibility.age_groups", listed, codes[0], quote=quote, detail={"as_written": quote})


def _sex(entry: BranchEntry, female: Branch | None, male: Branch | None) -> None:
    """Two answers, yes or no; the words of the overview say the same."""
    if female is None or male is None or entry.known("eligibility.sex") is not None:
        return
    member = {("true", "true"): "ALL", ("true", "false"): "FEMALE", ("false", "true"): "MALE"}.get(
        (female.words, male.words)
    )
    if member:
        entry.derive("eligibility.sex", member, "ctis-sexes", female if female.words == "true" else male)


def _criteria(entry: BranchEntry, field: str, criteria: list[Branch], name: str) -> None:
    """Each criterion, and all of them as one text."""
    texts = [
        branch for one in criteria if (branch := one.first(name)) is not None and branch.says and not branch.nested
    ]
    entry.every(criteria, f"{field}_items", {name: f"{field}_items"})
    if len(texts) == 1:
        entry.take(field, kinds.text, texts[0])
    elif texts:
        entry.derive(field, "\n".join(branch.lines for branch in texts), "criteria-in-their-order", texts[0])


def _conditions_and_products(entry: BranchEntry, part: Branch) -> None:
    conditions = INFORMATION + "medicalCondition/"
    entry.every(part.all(conditions + "partIMedicalConditions"), "conditions", {"medicalCondition": "conditions"})
    for branch, item in entry.each(part.all(conditions + "meddraConditionTerms"), "condition_codes.system", MEDDRA):
        resting_on = branch.first("classificationCode", "termName")
        assert resting_on is not None  # it is a member
        entry.derive("condition_codes.system", "MedDRA", "ctis-meddra", resting_on, item=item)
    names: set[str] = set()
    for product in part.all("products"):
        name = product.first(
            "productName", "productDictionaryInfo/prodName", "productDictionaryInfo/activeSubstanceName"
        )
        if name is None or not name.says or name.words.casefold() in names:
            continue
        names.add(name.words.casefold())
        for _, item in entry.each([name], "interventions.name", {".": "interventions.name"}):
            _of_product(entry, product, name, item)
    roles = [branch for branch in part.all("productRoleGroupInfos/productRoleName") if branch.words in said.CONTROL]
    if roles:
        members = list(dict.fromkeys(said.CONTROL[branch.words] for branch in roles))
        entry.derive("design.control", members, "ctis-product-roles", roles[0])


def _of_product(entry: BranchEntry, product: Branch, name: Branch, item: int) -> None:
    substance = product.first("jsonActiveSubstanceNames")
    if substance is not None and substance.says and substance.words.casefold() != name.words.casefold():
        entry.tell("interventions.other_names", [substance.words], substance, item=item)
    routes = [branch for branch in product.all("routes") if branch.says and not branch.nested]
    if routes:
        words = ", ".join(branch.words for branch in routes)
        entry.tell("interventions.route", words, routes[0], item=item, quote=words)


def _outcomes(entry: BranchEntry, part: Branch) -> None:
    for listed, member in OUTCOME_LISTS:
        ends = part.all(f"{INFORMATION}endPoint/{listed}")
        for branch, item in entry.each(ends, "outcomes.measure", {"endPoint": "outcomes.measure"}):
            measure = branch.first("endPoint")
            assert measure is not None  # it is a member
            entry.derive("outcomes.type", member, "ctis-end-point-list", measure, item=item)


def _parties(entry: BranchEntry, trial: Branch, part: Branch) -> None:
    """The sponsor marked as primary, others beside it, and who gives money."""
    sponsors = [sponsor for sponsor in part.all("sponsors") if sponsor.says]
    first = next((sponsor for sponsor in sponsors if sponsor.said("primary") == "true"), None)
    if first is None:
        first = sponsors[0] if len(sponsors) == 1 else trial.first("primarySponsor")
    if first is not None:
        entry.take("sponsor.primary", kinds.text, first.first("organisation/name"))
        kind, commercial = first.first("organisation/type"), first.first("commercial")
        if kind is not None and kind.words.casefold() in said.SPONSOR_TYPE:
            entry.take("sponsor.class", said.sponsor_class, kind)
        else:
            entry.take("sponsor.class", kinds.coded(said.COMMERCIAL), commercial)
    others = [sponsor for sponsor in sponsors if sponsor is not first]
    entry.every(others, "sponsor.secondary", {"organisation/name": "sponsor.secondary"})
    money = part.all(INFORMATION + "sourceOfMonetarySupport")
    entry.every(money, "funders.name", {"organisationName": "funders.name"})


def _sharing(entry: BranchEntry, part: Branch) -> None:
    plan = part.first(INFORMATION + "individualParticipantData/planToShareIPD")
    if plan is not None and plan.words.isdecimal():
        entry.unclear("ipd.plan", plan)  # a code whose list is not public
    else:
        entry.take("ipd.plan", kinds.coded(said.IPD_PLAN), plan)
    entry.every(part.all(DETAILS + "pubmedCode"), "publications.pmid", {".": "publications.pmid"})
    if "publications.pmid" not in entry.counted:  # each address is that of a number, if there are numbers
        entry.every(part.all(DETAILS + "pubmedUrl"), "publications.pmid", {".": "publications.url"})


def _overview(entry: BranchEntry, trial: Branch) -> None:
    """What a page of the search says of a trial, each thing in one text."""
    entry.fill(trial, OVERVIEW)
    entry.every(trial.all("conditions"), "conditions", {".": "conditions"})
    entry.every(trial.all("product"), "interventions.name", {".": "interventions.name"})
    for path, member in ENDS.items():
        for branch, item in entry.each(trial.all(path), "outcomes.measure", {".": "outcomes.measure"}):
            entry.derive("outcomes.type", member, "ctis-end-point-list", branch, item=item)


def _sizes(entry: BranchEntry, trial: Branch, part: Branch, parts_ii: list[Branch], elsewhere: int | None) -> None:
    """Planned participants, state by state, and in all where the overview does not say it."""
    total, certain = elsewhere or 0, elsewhere is not None and bool(parts_ii)
    counts: list[Branch] = []
    for state in parts_ii:
        count = state.first("recruitmentSubjectCount", "mscInfo/recruitmentSubjectCount")
        country = state.first("mscInfo/countryName", "mscInfo/mscName")
        if count is None or country is None or not count.words.isdecimal() or len(count.words) > 9:
            certain = False
            continue
        counts.append(count)
        total += int(count.words)
        _size_in(entry, country, count)
    rest = part.first("rowSubjectCount")
    if elsewhere and rest is not None:
        named = _outside(part)
        _size_in(entry, named[0] if len(named) == 1 else None, rest)
    if entry.known("enrolment.target") is None and certain and counts:
        entry.derive("enrolment.target", total, "sum-of-countries", counts[0], detail={"unit": "persons"})


def _size_in(entry: BranchEntry, country: Branch | None, count: Branch) -> None:
    group = "enrolment.by_country."
    item = entry.counted[group] = entry.counted.get(group, 0) + 1
    if country is None:  # several countries share the number
        entry.unclear(group + "country", count, item=item, quote=count.name)
    else:
        entry.take(group + "country", _country, country, item=item)
    entry.take(group + "n", kinds.count, count, item=item)
    entry.derive(group + "kind", "ANTICIPATED", "ctis-planned", count, item=item)


def _outside(part: Branch) -> list[Branch]:
    """The names of the countries outside the EU and EEA."""
    found = [
        branch.first("name", "countryName", "isoAlpha2Code") or branch
        for path in ("rowCountriesInfo", "rowCountries")
        for branch in part.all(path)
    ]
    return [branch for branch in found if branch.says and not branch.nested]


def _countries(entry: BranchEntry, trial: Branch, part: Branch, parts_ii: list[Branch]) -> None:
    states = [
        state.first("mscName", "countryName")
        for path in ("authorizedApplication/memberStatesConcerned", "memberStatesConcerned")
        for state in trial.all(path)
    ]
    named = [*(state for state in states if state is not None), *_outside(part)]
    if named:
        entry.distinct(named, "countries", _country)
    else:
        _listed_countries(entry, trial)
    sites = [site for state in parts_ii for site in state.all("trialSites")]
    entry.every(sites, "sites.name", SITE)


def _listed_countries(entry: BranchEntry, trial: Branch) -> None:
    """`Spain:4` and `NL:Authorised` of the overview: the country before the colon."""
    seen: set[str] = set()
    for branch in trial.all("trialCountries"):
        for words in said.countries_in(branch.words) if not branch.nested else []:
            try:
                meaning = country_code(words)
            except ValueError:
                meaning = words
            if meaning not in seen:
                seen.add(meaning)
                entry.take_words("countries", _country, words, branch.place, item=len(seen), method="path")


def _documents(entry: BranchEntry, trial: Branch) -> None:
    """Those documents whose label says that they are one of the kinds known."""
    for branch in trial.all("documents"):
        label = branch.first("documentTypeLabel")
        members = said.document_types(label.words) if label is not None and not label.nested else []
        if label is not None and members:
            item = entry.counted["documents.type"] = entry.counted.get("documents.type", 0) + 1
            entry.tell("documents.type", members, label, item=item, detail={"as_written": label.words})
            entry.take("documents.label", kinds.text, branch.first("title"), item=item)
