"""Tables of a registry's history, one version of one trial a row, as programs that collect versions write them.

Known by three headings: a column of trial numbers (`nctid`, `drksid`), `version_number` and `version_date`. Each row is
a record of its own. Columns that no table below names (contacts, references) are passed over. `NA` is a blank cell. Of
ClinicalTrials.gov's dates these programs write a month as its first day: such a day is marked as uncertain.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any, NamedTuple

import msgspec

from reviewkit import kinds
from reviewkit.documents import LINE, Document, fold
from reviewkit.errors import Problem
from reviewkit.kinds import Reading
from reviewkit.model import NO_DETAIL, Place, Record, Value
from reviewkit.sources import ctgov_xml
from reviewkit.sources.collect import Gathering, derive_registry
from reviewkit.sources.criteria import sections_of
from reviewkit.words import State

KIND = "registry"
SAID = """
ids.primary ids.registry source.version source.version_date registration.date registration.date_basis
status.recruitment status.why_stopped date.first_enrolment date.recruitment_end date.primary_completion date.completion
enrolment.target enrolment.actual eligibility.age_min eligibility.age_max eligibility.sex eligibility.gender_based
eligibility.healthy_volunteers eligibility.inclusion eligibility.exclusion
outcomes.measure outcomes.type outcomes.timepoint outcomes.description masking.label design.allocation
sponsor.primary sponsor.secondary results.posted title.public title.scientific
"""
TRIAL = {"nctid", "nct_id", "drksid", "drks_id", "trial_id", "trialid"}
VERSION, VERSION_DATE = "version_number", "version_date"
BLANK = {"", "na", "n/a", "null", "none", "nan", "[see results section.]", "[]"}
LONGEST_HEADER = 10_000
FIRST_OF_MONTH = re.compile(r"\d{4}-\d{2}-01")
UNCERTAIN_DAY = {"day": "UNCERTAIN"}
STATUS = {
    **ctgov_xml.STATUS,
    "recruiting planned": "NOT_YET_RECRUITING",
    "recruiting ongoing": "RECRUITING",
    "recruiting complete, follow-up continuing": "ACTIVE_NOT_RECRUITING",
    "recruiting complete, follow-up complete": "COMPLETED",
    "recruiting complete, study complete": "COMPLETED",
    "recruiting suspended on temporary hold": "SUSPENDED",
    "recruiting stopped after recruiting started": "TERMINATED",
    "recruiting withdrawn before recruiting started": "WITHDRAWN",
}
SEX = {
    **dict.fromkeys(["all", "both", "both, male and female"], "ALL"),
    "female": "FEMALE",
    "male": "MALE",
}
DATE_KINDS = {"actual": "ACTUAL", **dict.fromkeys(["anticipated", "estimated", "planned"], "ANTICIPATED")}
TIME_FRAME = re.compile(r"\n?\s*\[\s*Time Frame:\s*(?P<time>[^\]]*)\]\s*")
LISTS = {"primary": "PRIMARY", "secondary": "SECONDARY", "other": "OTHER"}
FLAG = kinds.coded({"yes": True, "true": True, "no": False, "false": False})


def _version(first: str | None, words: str) -> Reading:
    """The number of a version as its name; the detail says which is the first of a trial."""
    number = str(kinds.whole_number(words))
    return Reading(number, {"first": True} if number == first else NO_DETAIL)


def _age(words: str) -> Reading:
    """`18 Years`; a number alone is certain, and its unit is not."""
    if re.fullmatch(r"no (?:minimum|maximum) age", words.casefold()):
        return Reading(None, {"unit": None, "no_limit": True})
    if words.isascii() and words.isdecimal():
        return Reading(int(words[:9]), {"unit": None, "no_limit": False}, State.UNCLEAR)
    return kinds.age(words)


PLAIN: dict[str, tuple[str, Callable[[str], Reading]]] = {  # heading -> field and reader
    VERSION_DATE: ("source.version_date", partial(kinds.date, kind="ACTUAL")),
    "overall_status": ("status.recruitment", kinds.coded(STATUS)),
    "recruitment_status": ("status.recruitment", kinds.coded(STATUS)),
    "why_stopped": ("status.why_stopped", kinds.text),
    "whystopped": ("status.why_stopped", kinds.text),
    "min_age": ("eligibility.age_min", _age),
    "max_age": ("eligibility.age_max", _age),
    "sex": ("eligibility.sex", kinds.coded(SEX)),
    "gender": ("eligibility.sex", kinds.coded(SEX)),
    "gender_based": ("eligibility.gender_based", FLAG),
    "accepts_healthy_volunteers": ("eligibility.healthy_volunteers", FLAG),
    "results_posted": ("results.posted", FLAG),
    "brief_title": ("title.public", kinds.text),
    "official_title": ("title.scientific", kinds.text),
    "allocation": ("design.allocation", kinds.coded(ctgov_xml.ALLOCATION)),
}
DATES = {  # heading -> field; `<heading>_type` and `<heading>_precision` may stand beside it
    "study_start_date": "date.first_enrolment",
    "start_date": "date.first_enrolment",
    "primary_completion_date": "date.primary_completion",
    "completion_date": "date.completion",
    "study_completion_date": "date.completion",
    "closing_date": "date.completion",  # of the German register: last visit of the last participant
}
SIZE = ("enrolment", "enrollment")
CRITERIA = {"inclusion_criteria": "inclusion", "exclusion_criteria": "exclusion"}
OUTCOME_LISTS = {f"{name}_outcomes": member for name, member in LISTS.items()}


class Header(NamedTuple):
    """Row 1: heading -> number of its column, the heading of the trials' numbers, and what stands between cells."""

    columns: dict[str, int]
    trial: str
    delimiter: str
    width: int


def recognise(document: Document) -> str | None:
    """By its headings, told from the first line alone."""
    header = _header(document)
    return f"headings {header.trial}, {VERSION} and {VERSION_DATE}" if header else None


@lru_cache(maxsize=4)
def _header(document: Document) -> Header | None:
    head = document.head
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    line = re.split(r"\r\n|\r|\n", head.decode(encoding, "ignore"), maxsplit=1)[0]
    if VERSION not in line or len(line) > LONGEST_HEADER:
        return None
    for delimiter in (",", ";", "\t"):
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, strict=True), [])]
        except csv.Error:
            continue
        trial = next((cell for cell in cells if cell.casefold() in TRIAL), None)
        if trial and {VERSION, VERSION_DATE} <= set(cells):
            columns = {heading: number for number, heading in reversed([*enumerate(cells)])}
            return Header(columns, trial, delimiter, len(cells))
    return None


def read(document: Document, recognised_by: str, name: str, fields: tuple[tuple[str, str], ...]) -> Iterator[Record]:
    """One record a row, streamed; a row that cannot be read is told and left out."""
    header = _header(document)
    assert header is not None
    first = _first_version(document, header)
    found = False
    for number, cells in _rows(document, header, tell=True):
        found = True
        row = _Row(Gathering(document, name, KIND, fields), header, number, cells)
        yield row.record(recognised_by, first)
    if not found:
        document.report(
            Problem(document.name, Place(document.name, row=1), "headings without a row below",
                    "one row for each version", "add the rows, or remove the file")
        )  # fmt: skip


def _rows(document: Document, header: Header, *, tell: bool) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header that are as wide as it, with their numbers; the others are told, if asked."""
    lines = (match[0] for match in LINE.finditer(document.text) if match[0])
    reader = csv.reader(lines, delimiter=header.delimiter, strict=True)
    longest, row = max(len(document.text), 1), 0
    while True:
        row += 1
        limit = csv.field_size_limit(longest)
        try:
            cells = next(reader, None)
        except csv.Error as error:
            if tell:
                _report(document, row, f"broken quotation marks ({error})")
            continue
        finally:
            csv.field_size_limit(limit)
        if cells is None:
            return
        if row == 1 or not any(cell.strip() for cell in cells):
            continue
        if len(cells) == header.width:
            yield row, cells
        elif tell:
            _report(document, row, f"{len(cells)} cell{'s' if len(cells) != 1 else ''}")


def _report(document: Document, row: int, found: str) -> None:
    document.report(
        Problem(
            document.name,
            Place(document.name, row=row),
            found,
            "a cell for each heading, between quotation marks where it holds the delimiter",
            "save the table again as CSV; the row was left out",
        )
    )


def _first_version(document: Document, header: Header) -> str | None:
    """The number that the table gives to a trial's first version, 0 or 1; None if it does not show which."""
    total = header.columns.get("total_versions")
    counts_from_one = False
    for _, cells in _rows(document, header, tell=False):
        number = cells[header.columns[VERSION]].strip()
        if number == "0":
            return "0"
        counts_from_one = counts_from_one or (total is not None and number == cells[total].strip())
    return "1" if counts_from_one else None


class _Row:
    """One row being read: its cells become values at their row and column."""

    def __init__(self, entry: Gathering, header: Header, row: int, cells: list[str]):
        self.entry, self.header, self.row, self.cells = entry, header, row, cells
        self.items = 0  # outcomes so far
        self.sponsors = 0  # secondary sponsors so far

    def record(self, recognised_by: str, first: str | None) -> Record:
        self.take(self.header.trial, "ids.primary", kinds.trial_id)
        derive_registry(self.entry)
        self.take(VERSION, "source.version", partial(_version, first))
        for heading, (field, read) in PLAIN.items():
            self.take(heading, field, read)
        for heading, field in DATES.items():
            self.take(heading, field, partial(self.read_date, heading))
        self.take_registration(first)
        for heading in SIZE:
            self.take_size(heading)
        self.take_criteria()
        self.take_outcomes()
        self.take_sponsors()
        return self.entry.record(recognised_by, self.row - 1)

    def cell(self, heading: str) -> str | None:
        """The words below a heading; None if there is no such column."""
        number = self.header.columns.get(heading)
        return None if number is None else self.cells[number].strip()

    def place(self, heading: str) -> Place:
        return Place(self.entry.document.name, row=self.row, column=heading)

    def take(self, heading: str, field: str, read: Callable[[str], Reading]) -> Value | None:
        words = self.cell(heading)
        if words is None:
            return None
        if words.casefold() in BLANK:
            return self.add(field, None, State.EMPTY_IN_SOURCE, words or heading, heading)
        return self.entry.take_words(field, read, words, self.place(heading), method="column")

    def add(
        self, field: str, value: Any, state: State, quote: str, heading: str, *, item: int | None = None,
        rule: str = "column", detail: dict[str, Any] = NO_DETAIL,
    ) -> Value:  # fmt: skip
        method = self.entry.method(rule)
        return self.entry.add(Value(field, item, value, state, quote, self.place(heading), method, detail))

    def read_date(self, heading: str, words: str) -> Reading:
        """A date with its kind; a first of a month may stand for the month, unless the table says it is a day."""
        kind = DATE_KINDS.get((self.cell(f"{heading}_type") or "").casefold(), "UNKNOWN")
        precision = (self.cell(f"{heading}_precision") or "").casefold()
        if precision == "month" and FIRST_OF_MONTH.fullmatch(words):
            return kinds.date(words[:7], kind)
        reading = kinds.date(words, kind)
        padded = self.is_of_ctgov() and precision != "day" and FIRST_OF_MONTH.fullmatch(words)
        return reading._replace(detail={**reading.detail, **UNCERTAIN_DAY}) if padded else reading

    def is_of_ctgov(self) -> bool:
        registry = self.entry.known("ids.registry")
        return registry is not None and registry.value == "CTGOV"

    def take_registration(self, first: str | None) -> None:
        """ClinicalTrials.gov's first version is of the day of first submission, which is the registration date."""
        version, day = self.entry.known("source.version"), self.entry.known("source.version_date")
        if first is not None and version and day and version.value == first and self.is_of_ctgov():
            quote = day.quote or ""
            for field, value, detail in (
                ("registration.date", day.value, day.detail),
                ("registration.date_basis", "SUBMITTED", NO_DETAIL),
            ):
                rule = "rule:day-of-first-version"
                self.add(field, value, State.DERIVED, quote, VERSION_DATE, rule=rule, detail=detail)

    def take_size(self, heading: str) -> None:
        """The number and its role; without a role the number is certain and what it means is not."""
        kind = DATE_KINDS.get((self.cell(f"{heading}_type") or "").casefold())
        field = "enrolment.actual" if kind == "ACTUAL" else "enrolment.target"
        self.take(
            heading, field, kinds.count if kind else lambda words: kinds.count(words)._replace(state=State.UNCLEAR)
        )

    def listed(self, heading: str) -> list | None:
        """The JSON list in a cell, an object being a list of one; None for a blank and for other words."""
        words = self.cell(heading)
        if words is None or words.casefold() in BLANK:
            return None
        try:
            found = msgspec.json.decode(words.encode())
        except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
            return None
        return found if type(found) is list else [found] if type(found) is dict else None

    def take_criteria(self) -> None:
        """Both parts in one text with headings, or each in a column of its own."""
        if (texts := self.texts("criteria", "eligibility.inclusion")) is not None:
            for part, words, headed, blank in sections_of("\n".join(texts).strip()):
                state = State.EMPTY_IN_SOURCE if blank else State.REPORTED if headed else State.UNCLEAR
                value = words if state is State.REPORTED else None
                self.add("eligibility." + part, value, state, fold(words), "criteria")
        for heading, part in CRITERIA.items():
            texts = self.texts(heading, f"eligibility.{part}")
            own = [
                words for words in texts or [] if not re.fullmatch(r"(?i)\s*(?:additional )?\w+ criteria:?\s*", words)
            ]
            if words := "\n".join(own).strip():
                self.add(f"eligibility.{part}", words, State.REPORTED, fold(words), heading)

    def texts(self, heading: str, field: str) -> list[str] | None:
        """The texts of a cell that is a JSON list of them, or a text itself; a blank cell is kept as such."""
        words = self.cell(heading)
        if words is None:
            return None
        if words.casefold() in BLANK:
            self.take(heading, field, kinds.text)
            return None
        found = self.listed(heading)
        texts = [part for part in found if type(part) is str and part.strip()] if found is not None else [words]
        if not texts:
            self.entry.take_words(field, _not_a_list, words, self.place(heading), method="column")
        return texts or None

    def take_outcomes(self) -> None:
        heading = "outcome_measures"
        members = self.listed(heading)
        if members is None and self.cell(heading) is not None:
            read = _not_a_list if (self.cell(heading) or "").casefold() not in BLANK else kinds.text
            self.take(heading, "outcomes.measure", read)
        for member in members or []:
            self.take_outcome(member, heading)
        for heading, kind in OUTCOME_LISTS.items():
            for words in self.texts(heading, "outcomes.measure") or []:
                self.add_outcome({"outcomes.measure": words}, kind, heading)
        if self.items:  # a list that is blank beside one that is not says nothing
            kept = (
                v for v in self.entry.values if v.field != "outcomes.measure" or v.state is not State.EMPTY_IN_SOURCE
            )
            self.entry.values = list(kept)

    def take_outcome(self, member: Any, heading: str) -> None:
        """`{section, label, content}`, the content with its time frame in brackets, or `{type, measure, timeFrame}`.

        One object may hold the registry's three lists: `{primaryOutcomes: [{measure, timeFrame, description}]}`.
        """
        for name in LISTS:
            inner = member.get(f"{name}Outcomes") if type(member) is dict else None
            for one in inner if type(inner) is list else []:
                self.take_outcome({**one, "section": name} if type(one) is dict else one, heading)
        told = {key: words for key, words in member.items() if type(words) is str} if type(member) is dict else {}
        section = next((told[key] for key in ("section", "type", "ordinal") if told.get(key)), "").casefold()
        kind = next((kind for name, kind in LISTS.items() if section.startswith(name)), None)
        content = told.get("content")
        if content is not None:
            match = TIME_FRAME.search(content)
            parts = {"outcomes.measure": content[: match.start()] if match else content}
            if match:
                parts |= {"outcomes.description": content[match.end() :], "outcomes.timepoint": match["time"]}
        else:
            parts = {
                "outcomes.measure": told.get("measure", ""),
                "outcomes.description": told.get("description", ""),
                "outcomes.timepoint": told.get("timeFrame", "") or told.get("time_frame", ""),
            }
        self.add_outcome(parts, kind, heading)

    def add_outcome(self, parts: dict[str, str], kind: str | None, heading: str) -> None:
        said = {field: words.strip() for field, words in parts.items() if words.strip()}
        if not said:
            return
        self.items += 1
        for field, words in said.items():
            self.add(field, words, State.REPORTED, fold(words), heading, item=self.items)
        if kind:
            quote = fold(next(iter(said.values())))
            rule = "rule:ctgov-outcome-list"
            self.add("outcomes.type", kind, State.DERIVED, quote, heading, item=self.items, rule=rule)

    def take_sponsors(self) -> None:
        """Sponsor and collaborators, in one column or each in its own; the responsible party is a person."""
        heading = "sponsor_collaborators"
        for member in self.listed(heading) or []:
            label, content = (member.get("label"), member.get("content")) if type(member) is dict else (None, None)
            names = [name.strip() for name in content.split("\n") if name.strip()] if type(content) is str else []
            if label == "Sponsor:":
                self.add_sponsors(names[:1], [], heading)
            elif label == "Collaborators:":
                self.add_sponsors([], names, heading)
        self.add_sponsors(self.names("lead_sponsor")[:1], [], "lead_sponsor")
        self.add_sponsors([], self.names("collaborators"), "collaborators")

    def names(self, heading: str) -> list[str]:
        """The names in a cell: a JSON list of `{name}` or of names, or the words themselves."""
        found = self.listed(heading)
        if found is None:
            words = self.cell(heading) or ""
            return [] if words.casefold() in BLANK or words.startswith(("[", "{")) else [words]
        names = [member.get("name") if type(member) is dict else member for member in found]
        return [name.strip() for name in names if type(name) is str and name.strip()]

    def add_sponsors(self, first: list[str], others: list[str], heading: str) -> None:
        for name in first:
            self.add("sponsor.primary", name, State.REPORTED, name, heading)
        for name in others:
            self.sponsors += 1
            self.add("sponsor.secondary", name, State.REPORTED, name, heading, item=self.sponsors)


def _not_a_list(words: str) -> Reading:
    raise ValueError("a JSON list")
