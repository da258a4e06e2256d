"""EU Clinical Trials Register: coded answers (`E.8.1.1 Randomised: Yes`), a record for each member state.

Read are the register's text download, its pages, and the JSON in which programs store both (keys such as
`e811_randomised`; the results part of it too). All member states of one EudraCT number are one study; each keeps its
own day of first entry. Of a text in several languages the first is read. What a Yes or No leaves open (blank, or
`Information not present in EudraCT`) stays open; who is masked is never told, nor a planned start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from reviewkit import kinds
from reviewkit.countries import country_code, country_names
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.kinds import Reading
from reviewkit.model import NO_DETAIL, Place, Record, Value
from reviewkit.sources.collect import Gathering, Reader, derive_nobody_masked, derive_registry
from reviewkit.sources.euctr_forms import (
    HEAD,
    PRODUCT,
    Answer,
    json_records,
    page_records,
    text_records,
)
from reviewkit.sources.flow import Flow
from reviewkit.sources.json_fields import at, content_of
from reviewkit.words import State

NAME = "euctr"
KIND = "registry"
SAID = """
ids.primary ids.registry ids.secondary.id ids.secondary.type title.scientific title.public acronym objective
registration.date registration.date_basis status.recruitment date.first_enrolment date.completion study_type
design.purpose design.phase design.allocation design.model design.control design.n_arms design.end_definition
design.centres.multicentre design.other masking.label masking.roles enrolment.target enrolment.by_country.country
enrolment.by_country.n enrolment.by_country.kind interventions.name interventions.type interventions.other_names
interventions.route interventions.description conditions condition_codes.system condition_codes.code
condition_codes.term eligibility.inclusion eligibility.exclusion eligibility.age_groups eligibility.sex
eligibility.healthy_volunteers outcomes.measure outcomes.type outcomes.timepoint countries sponsor.primary
sponsor.secondary sponsor.class funders.name contacts.role contacts.org ethics.committee ethics.status ethics.date
source.url
"""
FIELDS = sayable(SAID.split())

NOT_SAID = {"", "information not present in eudract", "json_error_here"}
NOT_GIVEN = {*NOT_SAID, "na", "n/a", "n.a.", "n.a", "not applicable", "not available", "none", "-", "--", "."}
STATUS = {
    "completed": "COMPLETED",
    "prematurely ended": "TERMINATED",
    "temporarily halted": "SUSPENDED",
    "suspended by ca": "SUSPENDED",
    # Whether a trial that goes on still recruits is not told, nor how one ended that left the register.
    "ongoing": "UNKNOWN",
    "restarted": "UNKNOWN",
    "not authorised": "UNKNOWN",
    "prohibited by ca": "UNKNOWN",
    "trial now transitioned": "UNKNOWN",
    "gb - no longer in eu/eea": "UNKNOWN",
}
OPINION = {"favourable": "APPROVED", "unfavourable": "NOT_APPROVED", "not favourable": "NOT_APPROVED"}
DECISION = {"authorised": "APPROVED", "not authorised": "NOT_APPROVED"}
SPONSOR_CLASS = {"commercial": "INDUSTRY", "non-commercial": "OTHER", "non commercial": "OTHER"}
PHASES = {"E.7.1": "PHASE1", "E.7.2": "PHASE2", "E.7.3": "PHASE3", "E.7.4": "PHASE4"}
AGE_GROUPS = {"F.1.1": "CHILD", "F.1.2": "ADULT", "F.1.3": "OLDER_ADULT"}
ALTERNATIVES = {  # of each set one is Yes; two leave it open
    "design.purpose": {"E.6.1": "DIAGNOSTIC", "E.6.2": "PREVENTION", "E.6.3": "TREATMENT"},
    "masking.label": {"E.8.1.2": "NONE", "E.8.1.3": "SINGLE", "E.8.1.4": "DOUBLE"},
    "design.model": {"E.8.1.5": "PARALLEL", "E.8.1.6": "CROSSOVER"},
}
# What a product surely is: by its most particular Yes.
SUBSTANCES = {
    "D.3.11.3.2": "GENETIC",
    "D.3.11.3.1": "BIOLOGICAL",
    "D.3.11.6": "BIOLOGICAL",
    "D.3.11.7": "BIOLOGICAL",
    "D.3.11.1": "DRUG",
}
NUMBERS = {"A.4.1": "SPONSOR", "A.5.1": "REGISTRY", "A.5.2": "REGISTRY", "A.5.3": "UTN"}
PLAIN: dict[str, tuple[str, Reader]] = {
    "A.2": ("ids.primary", kinds.trial_id),
    "A.3": ("title.scientific", kinds.text),
    "A.3.1": ("title.public", kinds.text),
    "A.3.2": ("acronym", kinds.text),
    "E.2.1": ("objective", kinds.text),
    "E.3": ("eligibility.inclusion", kinds.text),
    "E.4": ("eligibility.exclusion", kinds.text),
    "E.8.2.4": ("design.n_arms", lambda words: kinds.count(words, None)),
    "E.8.1.7.1": ("design.other", kinds.text),
    "E.8.8": ("design.end_definition", kinds.text),
    "F.3.1": ("eligibility.healthy_volunteers", kinds.flag),
}
A_LABEL = re.compile(r"[\r\n]A\.[12] (?:Member State Concerned|EudraCT number)")
A_CELL = re.compile(rb">\s*A\.[12]\s*</t[dh]>", re.IGNORECASE)
KEY = b'"a2_eudract_number"'
HEAD_OF_TEXT = 20_000
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

Said = dict[str, Answer]  # by code, in the first language


def recognise(document: Document) -> str | None:
    """By the head of a record and its coded lines, the coded cells of a page, or the keys of the JSON."""
    form = _form(document)
    if form == "json":
        return "the key a2_eudract_number" if KEY in document.head and _studies(document) else None
    if form == "page":
        told = b"EudraCT" in document.head and A_CELL.search(document.raw)
        return "the cells A.1 and A.2 of a page of the EU Clinical Trials Register" if told else None
    head = _head_of(document)
    if "EudraCT Number:" in head and A_LABEL.search(head):
        return "the labels EudraCT Number and A.2 of the EU Clinical Trials Register"
    return None


def _form(document: Document) -> str:
    """`json`, `page` or `text`, by the first character; the text inside another file is a text."""
    if isinstance(document, Flow):
        return "text"
    return {"{": "json", "[": "json", "<": "page"}.get(_head_of(document).lstrip("\ufeff \t\r\n")[:1], "text")


def _head_of(document: Document) -> str:
    if isinstance(document, Flow):
        return document.text[:HEAD_OF_TEXT]
    return document.head.decode("utf-16" if document.head.startswith(UTF_16) else "utf-8", "ignore")[:HEAD_OF_TEXT]


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record for each member state, in the order of the file."""
    form = _form(document)
    if form == "json":
        yield from _stored(document, recognised_by)
        return
    found = page_records(document) if form == "page" else text_records(document)
    for number, answers in enumerate(found, 1):
        yield _entry(document, answers).record(recognised_by, number)


def _studies(document: Document) -> list[tuple[str, dict[str, Any]]]:
    """Pointer and object of each stored study."""
    content = content_of(document)
    several = isinstance(content, list)
    found = enumerate(content if several else [content])
    return [
        (f"/{index}" if several else "", study)
        for index, study in found
        if isinstance(study, dict) and "a2_eudract_number" in study
    ]


def _stored(document: Document, recognised_by: str) -> Iterator[Record]:
    studies = _studies(document)
    for number, (answers, (pointer, study)) in enumerate(zip(json_records(document, studies), studies, strict=True), 1):
        entry = _entry(document, answers)
        _results(entry, study, pointer)
        yield entry.record(recognised_by, number)


class Entry(Gathering):
    """Gathers from coded answers. Method: `euctr:label`, or `rule:…` with the rule's name."""

    def take(self, field: str, read: Reader, answer: Answer, *, item: int | None = None) -> Value:
        """Read the words of an answer."""
        return self.take_words(field, read, answer.words, answer.place, item=item)

    def take_or_empty(self, field: str, read: Reader, answer: Answer, *, item: int | None = None) -> Value:
        """Read the words of an answer; words for none are EMPTY_IN_SOURCE, a blank quotes its label."""
        if answer.words.casefold() not in NOT_GIVEN:
            return self.take(field, read, answer, item=item)
        quote, place = (answer.words, answer.place) if answer.words else (answer.written, answer.label_place)
        return self.add(Value(field, item, None, State.EMPTY_IN_SOURCE, quote, place, self.method("label"), NO_DETAIL))

    def derive(
        self,
        field: str,
        value: Any,
        rule: str,
        answer: Answer,
        *,
        item: int | None = None,
        detail: dict[str, Any] | None = None,
    ) -> Value:
        """Add what a rule makes of an answer."""
        name = f"rule:euctr-{rule}"
        return self.add(Value(field, item, value, State.DERIVED, answer.words, answer.place, name, detail or NO_DETAIL))

    def open_question(self, field: str, answers: list[Answer]) -> None:
        """Of alternatives more than one was answered Yes: no value, and one notice."""
        first = answers[0]
        method = self.method("label")
        self.add(Value(field, None, None, State.UNCLEAR, first.words, first.place, method, NO_DETAIL))
        self.document.notice(
            first.place,
            found=" and ".join(answer.code for answer in answers) + " are all answered Yes",
            expected=f"one Yes for {field}",
            fix="look at the source; the value is kept as UNCLEAR with its quote",
        )


def _entry(document: Document, answers: list[Answer]) -> Entry:
    """Everything the answers of one record say."""
    entry = Entry(document, NAME, KIND, FIELDS)
    said = _said(answers)
    _head(entry, answers, said)
    for code, (field, reader) in PLAIN.items():
        if code in said:
            entry.take_or_empty(field, reader, said[code])
    derive_registry(entry)
    _other_numbers(entry, said)
    _sponsors(entry, answers)
    _products(entry, answers)
    _conditions(entry, answers, said)
    _outcomes(entry, said)
    _design(entry, said)
    _centres(entry, said)
    _population(entry, answers, said)
    _decisions(entry, answers, said)
    derive_nobody_masked(entry)
    return entry


def _said(answers: list[Answer]) -> Said:
    """The answer to each code: in the language without a mark where that has words, else in the first that has."""
    said: Said = {}
    for answer in answers:
        first = said.get(answer.code)
        if first is None or (not first.words and answer.words and answer.label == first.label):
            said[answer.code] = answer
    return said


def _given(answer: Answer | None) -> bool:
    return answer is not None and answer.words.casefold() not in NOT_GIVEN


def _country(words: str) -> Reading:
    """`Spain - AEMPS`: the state before the authority."""
    return Reading(country_code(words.partition(" - ")[0].strip()), NO_DETAIL)


def _is_country(answer: Answer) -> bool:
    """Records of third countries name no state (`Outside EU/EEA`)."""
    try:
        _country(answer.words)
    except ValueError:
        return False
    return True


def _head(entry: Entry, answers: list[Answer], said: Said) -> None:
    """The block `Summary`: the state's day of first entry, the status there, the state itself."""
    head = {answer.label: answer for answer in answers if answer.code == HEAD and _given(answer)}
    if "A.2" not in said and "eudract number" in head:
        entry.take("ids.primary", kinds.trial_id, head["eudract number"])
    if first := head.get("date on which this record was first entered in the eudract database"):
        entry.take("registration.date", partial(kinds.date, kind="ACTUAL"), first)
        entry.derive("registration.date_basis", "FIRST_ENTERED", "first-entered", first)
    if status := head.get("trial status"):
        entry.take("status.recruitment", kinds.coded(STATUS), status)
    if kind := head.get("clinical trial type"):
        entry.derive("study_type", "INTERVENTIONAL", "clinical-trials-only", kind)
    if link := head.get("link"):
        entry.take("source.url", kinds.text, link)
    _countries(entry, head.get("national competent authority") or said.get("A.1"), said.get("E.8.6.3"))


def _countries(entry: Entry, state: Answer | None, planned: Answer | None) -> None:
    """The state of the record, then the others in which sites are planned."""
    codes: list[str] = []
    if state is not None and _is_country(state):
        codes.append(entry.take("countries", _country, state, item=1).value)
    if planned is None or not _given(planned):
        return
    for name, place in _names_of_countries(planned):
        code = country_code(name)
        if code not in codes:
            codes.append(code)
            method = entry.method("label")
            entry.add(Value("countries", len(codes), code, State.REPORTED, name, place, method, NO_DETAIL))


def _names_of_countries(answer: Answer) -> list[tuple[str, Place]]:
    """The countries a list names, a line each or all in one line; none where any word of it is no country."""
    found: list[tuple[str, Place]] = []
    for line, place in answer.lines or ((answer.words, answer.place),):
        words = line.split()
        while words:
            count = next((n for n in range(min(len(words), 7), 0, -1) if _names_country(" ".join(words[:n]))), 0)
            if not count:
                return []
            found.append((" ".join(words[:count]).strip(",;"), place))
            words = words[count:]
    return found


def _names_country(words: str) -> bool:
    try:
        country_code(words.strip(",;"))
    except ValueError:
        return False
    return words.strip(",;") not in country_names()  # a name, no code


def _other_numbers(entry: Entry, said: Said) -> None:
    item = 0
    for code, kind in NUMBERS.items():
        answer = said.get(code)
        if answer is None or not _given(answer):
            continue
        item += 1
        entry.take("ids.secondary.id", kinds.text if kind == "SPONSOR" else _number, answer, item=item)
        entry.derive("ids.secondary.type", kind, "number", answer, item=item)


def _number(words: str) -> Reading:
    """A number of another registry in its normal form; ISRCTN's may stand without its letters."""
    return kinds.trial_id(f"ISRCTN{words}" if re.fullmatch(r"\d{8}", words) else words)


def _sponsors(entry: Entry, answers: list[Answer]) -> None:
    """The first sponsor is the primary one; who pays and whom to ask are said of each sponsor."""
    sponsors = [answer for answer in answers if answer.code == "B.1.1"]
    for number, sponsor in enumerate(sponsors):
        if number == 0:
            entry.take_or_empty("sponsor.primary", kinds.text, sponsor)
        elif _given(sponsor):
            entry.take("sponsor.secondary", kinds.text, sponsor, item=number)
    kind = next((answer for answer in answers if answer.code == "B.3.1"), None)
    if kind is not None:
        entry.take_or_empty("sponsor.class", kinds.coded(SPONSOR_CLASS), kind)
    for field, code in (("funders.name", "B.4.1"), ("contacts.org", "B.5.1")):
        told = {answer.words: answer for answer in reversed(answers) if answer.code == code and _given(answer)}
        for item, answer in enumerate(reversed(told.values()), 1):
            entry.take(field, kinds.text, answer, item=item)
            if field == "contacts.org":
                entry.derive("contacts.role", "PUBLIC", "contact-point", answer, item=item)


def _products(entry: Entry, answers: list[Answer]) -> None:
    """The products under test and comparison, each once: by its name, else its trade name, else its substance."""
    seen: set[tuple[str, str]] = set()
    for product in _blocks(answers, PRODUCT):
        first = _said(product)
        name = next(
            (first[code] for code in ("D.3.1", "D.2.1.1.1", "D.3.8", "D.3.9.3", "D.3.2") if _given(first.get(code))),
            None,
        )
        if name is None:
            continue
        route = first.get("D.3.7")
        key = (name.words.casefold(), route.words.casefold() if route else "")
        if key in seen:
            continue
        seen.add(key)
        _product(entry, product, name, len(seen))


def _product(entry: Entry, product: list[Answer], name: Answer, item: int) -> None:
    first = _said(product)
    entry.take("interventions.name", kinds.text, name, item=item)
    told = {name.words.casefold()}
    for code in ("D.2.1.1.1", "D.3.8", "D.3.9.3", "D.3.2"):
        for answer in product:
            if answer.code == code and _given(answer) and answer.words.casefold() not in told:
                told.add(answer.words.casefold())
                entry.take("interventions.other_names", lambda words: Reading([words], NO_DETAIL), answer, item=item)
    for code, field in (("D.3.4", "interventions.description"), ("D.3.7", "interventions.route")):
        if _given(first.get(code)):
            entry.take(field, kinds.text, first[code], item=item)
    kind = next((code for code in SUBSTANCES if code in first and first[code].said), None)
    mixed = kind == "D.3.11.1" and "D.3.11.2" in first and first["D.3.11.2"].said
    if kind and not mixed:
        entry.derive("interventions.type", SUBSTANCES[kind], "substance", first[kind], item=item)


def _blocks(answers: list[Answer], mark: str) -> Iterator[list[Answer]]:
    """The answers between one mark and the next, or the next section; none before the first mark."""
    block: list[Answer] | None = None
    for answer in answers:
        if answer.code == mark:
            if block:
                yield block
            block = []
        elif block is not None and answer.code.startswith("D.") and not answer.code.startswith("D.8"):
            block.append(answer)
    if block:
        yield block


def _conditions(entry: Entry, answers: list[Answer], said: Said) -> None:
    if "E.1.1" in said:
        entry.take_or_empty("conditions", kinds.text, said["E.1.1"], item=1)
    item = 0
    for answer in answers:
        if answer.code != "E.1.2" or not _given(answer):
            continue
        if answer.label.startswith("classification code"):
            item += 1
            entry.derive("condition_codes.system", "MedDRA", "meddra", answer, item=item)
            entry.take("condition_codes.code", kinds.text, answer, item=item)
        elif answer.label == "term" and item:
            entry.take("condition_codes.term", kinds.text, answer, item=item)


def _outcomes(entry: Entry, said: Said) -> None:
    """The end points as they are written, one text each; dividing it would be a guess."""
    item = 0
    for code, member in (("E.5.1", "PRIMARY"), ("E.5.2", "SECONDARY")):
        answer, time = said.get(code), said.get(f"{code}.1")
        if answer is None:
            continue
        if not _given(answer):
            entry.take_or_empty("outcomes.measure", kinds.text, answer)
            continue
        item += 1
        entry.take("outcomes.measure", kinds.text, answer, item=item)
        entry.derive("outcomes.type", member, "end-point", answer, item=item)
        if time is not None and _given(time):
            entry.take("outcomes.timepoint", kinds.text, time, item=item)


def _design(entry: Entry, said: Said) -> None:
    """What the answers say together."""
    yes = {code: answer for code, answer in said.items() if answer.said is True}
    no = {code: answer for code, answer in said.items() if answer.said is False}
    _members(entry, "design.phase", PHASES, yes)
    _allocation(entry, said, yes, no)
    for field, members in ALTERNATIVES.items():
        told = [code for code in members if code in yes]
        if len(told) == 1:
            entry.derive(field, members[told[0]], "answers", yes[told[0]])
        elif told:
            entry.open_question(field, [yes[code] for code in told])
    if "E.8.1.7" in yes and "E.8.1.5" in no and "E.8.1.6" in no:
        entry.derive("design.model", "OTHER", "answers", yes["E.8.1.7"])
    controls = {"E.8.2.1": "ACTIVE", "E.8.2.2": "PLACEBO"}
    if "E.8.2.2" not in yes and "E.8.2.2" not in no:  # the list of products speaks where the question is open
        controls["D.8.1"] = "PLACEBO"
    _members(entry, "design.control", controls, yes)


def _members(entry: Entry, field: str, members: dict[str, str], yes: Said) -> None:
    """All members that are answered Yes, as one list resting on the first."""
    told = [code for code in members if code in yes]
    if told:
        written = ", ".join(_label(yes[code]) for code in told)
        found = [members[code] for code in told]
        entry.derive(field, found, "answers", yes[told[0]], detail={"as_written": written})


def _label(answer: Answer) -> str:
    """The label as written, without its code."""
    return re.sub(r"^[A-Za-z][\d.]*\.? ", "", answer.written.replace("_", " "))


def _allocation(entry: Entry, said: Said, yes: Said, no: Said) -> None:
    """Randomised: Yes. No is not by chance, or nothing to allocate where there is one arm."""
    if "E.8.1.1" in yes:
        entry.derive("design.allocation", "RANDOMIZED", "answers", yes["E.8.1.1"])
    elif "E.8.1.1" in no:
        one_arm = "E.8.2.4" in said and said["E.8.2.4"].words == "1"
        entry.derive("design.allocation", "NA" if one_arm else "NON_RANDOMIZED", "answers", no["E.8.1.1"])


def _centres(entry: Entry, said: Said) -> None:
    """Several sites here or several states: multicentre. One site, one state and nothing abroad: not."""
    answered = {code: said[code].said for code in ("E.8.3", "E.8.4", "E.8.5", "E.8.6.1", "E.8.6.2") if code in said}
    several = next((code for code in ("E.8.4", "E.8.5", "E.8.6.1") if answered.get(code)), None)
    if several:
        entry.derive("design.centres.multicentre", True, "sites", said[several])
    elif answered.get("E.8.3") and answered.get("E.8.5") is False:
        entry.derive("design.centres.multicentre", False, "sites", said["E.8.3"])


def _population(entry: Entry, answers: list[Answer], said: Said) -> None:
    whole = next((said[code] for code in ("F.4.2.2", "F.4.2.1") if _given(said.get(code))), None)
    here, state = said.get("F.4.1"), said.get("A.1")
    alone = "E.8.5" in said and said["E.8.5"].said is False
    if whole is None and alone and _given(here):
        whole = here
    if whole is not None:
        entry.take("enrolment.target", kinds.count, whole)
    elif blank := next((said[code] for code in ("F.4.2.2", "F.4.2.1") if code in said), None):
        entry.take_or_empty("enrolment.target", kinds.count, blank)
    if here is not None and _given(here) and state is not None and _is_country(state):
        entry.take("enrolment.by_country.country", _country, state, item=1)
        entry.take("enrolment.by_country.n", kinds.count, here, item=1)
        entry.derive("enrolment.by_country.kind", "ANTICIPATED", "planned", here, item=1)
    female, male = (said.get(code) for code in ("F.2.1", "F.2.2"))
    if female and male and (female.said or male.said) and None not in (female.said, male.said):
        sex = "ALL" if female.said and male.said else "FEMALE" if female.said else "MALE"
        entry.derive("eligibility.sex", sex, "answers", female if female.said else male)
    _ages(entry, answers)


def _ages(entry: Entry, answers: list[Answer]) -> None:
    """The age groups that are answered Yes, with the planned numbers as they are written."""
    groups = {answer.code: answer for answer in answers if answer.code in AGE_GROUPS and answer.said}
    sizes = {
        answer.code.removesuffix(".1") if answer.code != "F.1.1" else "F.1.1": answer.words
        for answer in answers
        if answer.label.startswith("number of subjects for this age") and answer.code in ("F.1.1", "F.1.2.1", "F.1.3.1")
    }
    told = [code for code in AGE_GROUPS if code in groups]
    if told:
        written = [_label(groups[code]) + (f": {sizes[code]}" if sizes.get(code) else "") for code in told]
        members = [AGE_GROUPS[code] for code in told]
        detail = {"as_written": ", ".join(written)}
        entry.derive("eligibility.age_groups", members, "answers", groups[told[0]], detail=detail)


def _decisions(entry: Entry, answers: list[Answer], said: Said) -> None:
    """The competent authority's decision and the ethics committee's opinion, each with its day; the trial's end."""
    told = {answer.label: answer for answer in answers if answer.code == "N" and _given(answer)}
    item = 0
    for label, dated, codes in (
        ("competent authority decision", "date of competent authority decision", DECISION),
        ("ethics committee opinion of the trial application", "date of ethics committee opinion", OPINION),
    ):
        if label not in told and dated not in told:
            continue
        item += 1
        if label.startswith("competent") and (authority := said.get("A.1")) and _is_country(authority):
            entry.take("ethics.committee", kinds.text, authority, item=item)
        if label in told:
            entry.take("ethics.status", kinds.coded(codes), told[label], item=item)
        if dated in told:
            entry.take("ethics.date", partial(kinds.date, kind="ACTUAL"), told[dated], item=item)
    for answer in answers:
        if answer.code != "P" or not _given(answer):
            continue
        if answer.label == "end of trial status":
            entry.take("status.recruitment", kinds.coded(STATUS), answer)
        elif answer.label == "date of the global end of the trial":
            entry.take("date.completion", partial(kinds.date, kind="ACTUAL"), answer)


# The results that stand beside a stored record.


def _results(entry: Entry, study: dict[str, Any], pointer: str) -> None:
    """The actual start and end, other numbers, and how many took part in all countries."""
    about = "/trialInformation"
    for field, key in (("date.first_enrolment", "recruitmentStartDate"), ("date.completion", "globalEndOfTrialDate")):
        words = at(study, f"{about}/{key}")
        if isinstance(words, str) and words.strip():
            entry.take_words(
                field, _day, words, Place(entry.document.name, pointer=f"{pointer}{about}/{key}"), method="path"
            )
    _numbers_in_results(entry, study, pointer + about)
    _size_in_results(entry, study, pointer + about)


def _day(words: str) -> Reading:
    """The day of a time stamp."""
    read = kinds.date(words.partition("T")[0], "ACTUAL")
    return read._replace(detail={**read.detail, "as_written": words})


def _numbers_in_results(entry: Entry, study: dict[str, Any], base: str) -> None:
    known = {value.value for value in entry.values if value.field == "ids.secondary.id"}
    for key, kind in (("isrctnIdentifier", "REGISTRY"), ("usctnIdentifier", "REGISTRY"), ("whoIdentifier", "UTN")):
        words = at(study, f"/trialInformation/{key}")
        if not isinstance(words, str) or words.casefold().strip() in NOT_GIVEN:
            continue
        place = Place(entry.document.name, pointer=f"{base}/{key}")
        answer = Answer(key, "", " ".join(words.split()), place, key, place)
        try:
            number = _number(answer.words).value
        except ValueError:
            continue  # the form itself has the same number, and tells what is wrong with it
        if number not in known:
            item = 1 + len([value for value in entry.values if value.field == "ids.secondary.id"])
            entry.take("ids.secondary.id", _number, answer, item=item)
            entry.derive("ids.secondary.type", kind, "number", answer, item=item)


def _size_in_results(entry: Entry, study: dict[str, Any], base: str) -> None:
    """Subjects of each country, as the results count them: their sum is the worldwide number of subjects."""
    key = "countrySubjectCounts/countrySubjectCount"
    found = at(study, f"/trialInformation/{key}")
    members = found if isinstance(found, list) else [found]
    counts = [str(member.get("subjects")) for member in members if isinstance(member, dict)]
    if counts and all(re.fullmatch(r"[0-9]{1,9}", count) for count in counts):
        place = Place(entry.document.name, pointer=f"{base}/{key}")
        answer = Answer(key, "", ", ".join(counts), place, key, place)
        total = sum(map(int, counts))
        entry.derive("enrolment.actual", total, "subjects-of-all-countries", answer, detail={"unit": "persons"})
