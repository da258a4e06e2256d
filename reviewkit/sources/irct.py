"""Iranian Registry of Clinical Trials: the text of a protocol export, label and value on lines of their own.

Twelve sections under fixed headings; dates as a Gregorian and a Solar Hijri half; `empty` for a blank. The short texts
of the protocol summary fill summary fields only, never instead of the full sections below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.documents import Document, Line, fold
from reviewkit.fields import first_of_group, sayable
from reviewkit.language import arm_sizes
from reviewkit.model import Record
from reviewkit.sources import prose
from reviewkit.sources.collect import Collector, Reader, derive_nobody_masked, derive_registry
from reviewkit.sources.labelled import Occurrence, Section, key, labels, walk

NAME = "irct"
KIND = "registry"

anticipated, actual, dated = (partial(kinds.date, kind=kind) for kind in ("ANTICIPATED", "ACTUAL", "UNKNOWN"))

TIMING = kinds.coded(
    {
        "prospective": "PROSPECTIVE",
        "retrospective": "RETROSPECTIVE",
        "registered while recruiting": "REGISTERED_WHILE_RECRUITING",
    }
)
STATUS = kinds.coded(
    {
        "recruitment complete": "RECRUITMENT_COMPLETE",
        "complete": "RECRUITMENT_COMPLETE",
        "recruiting": "RECRUITING",
        "pending": "NOT_YET_RECRUITING",
        "not yet recruiting": "NOT_YET_RECRUITING",
        "suspended": "SUSPENDED",
        "stopped": "TERMINATED",
        "terminated": "TERMINATED",
        "withdrawn": "WITHDRAWN",
        "other": "UNKNOWN",
    }
)
PURPOSE = kinds.coded(
    {
        "treatment": "TREATMENT",
        "prevention": "PREVENTION",
        "diagnostic": "DIAGNOSTIC",
        "diagnosis": "DIAGNOSTIC",
        "supportive": "SUPPORTIVE_CARE",
        "supportive care": "SUPPORTIVE_CARE",
        "screening": "SCREENING",
        "health service research": "HEALTH_SERVICES_RESEARCH",
        "health services research": "HEALTH_SERVICES_RESEARCH",
        "basic science": "BASIC_SCIENCE",
        "education/guidance": "ECT",
        "educational/counseling/training": "ECT",
        "other": "OTHER",
    }
)
SEX = kinds.coded({"both": "ALL", "male": "MALE", "female": "FEMALE"})
ALLOCATION = kinds.coded(
    {
        "randomized": "RANDOMIZED",
        "randomised": "RANDOMIZED",
        "not randomized": "NON_RANDOMIZED",
        "non-randomized": "NON_RANDOMIZED",
        "not randomised": "NON_RANDOMIZED",
        "n/a": "NA",
    }
)
BLINDING = kinds.coded(
    {
        "not blinded": "NONE",
        "open label": "NONE",
        "single blinded": "SINGLE",
        "double blinded": "DOUBLE",
        "triple blinded": "TRIPLE",
        "quadruple blinded": "QUADRUPLE",
    }
)
MASKED = kinds.coded(
    {
        "participant": "PARTICIPANT",
        "participants": "PARTICIPANT",
        "care provider": "CARE_PROVIDER",
        "caregiver": "CARE_PROVIDER",
        "investigator": "INVESTIGATOR",
        "outcome assessor": "OUTCOMES_ASSESSOR",
        "outcomes assessor": "OUTCOMES_ASSESSOR",
        "data analyser": "DATA_ANALYST",
        "data analyzer": "DATA_ANALYST",
        "data analyst": "DATA_ANALYST",
        "data and safety monitoring board": "DATA_MONITORING",
        "data safety monitoring board": "DATA_MONITORING",
    }
)
ASSIGNMENT = kinds.coded(
    {
        "parallel": "PARALLEL",
        "single": "SINGLE_GROUP",
        "crossover": "CROSSOVER",
        "cross over": "CROSSOVER",
        "cross-over": "CROSSOVER",
        "factorial": "FACTORIAL",
        "sequential": "SEQUENTIAL",
        "other": "OTHER",
    }
)
CATEGORY = kinds.coded(
    {
        "treatment - drugs": "DRUG",
        "treatment - surgery": "PROCEDURE",
        "treatment - devices": "DEVICE",
        "treatment - other": "OTHER",
        "prevention": "OTHER",
        "diagnosis": "DIAGNOSTIC_TEST",
        "early detection": "DIAGNOSTIC_TEST",
        "rehabilitation": "OTHER",
        "behavior": "BEHAVIORAL",
        "lifestyle": "BEHAVIORAL",
        "other": "OTHER",
        "n/a": "OTHER",
    }
)
SECTOR = kinds.coded({"public": "PUBLIC", "private": "PRIVATE"})
ORIGIN = kinds.coded({"domestic": "DOMESTIC", "foreign": "FOREIGN"})
PLAN = kinds.coded(
    {
        "yes - there is a plan to make this available": "YES",
        "no - there is not a plan to make this available": "NO",
        "undecided - it is not yet known if there will be a plan to make this available": "UNDECIDED",
        "not applicable": "NOT_APPLICABLE",
        "yes": "YES",
        "no": "NO",
        "undecided": "UNDECIDED",
    }
)


def _share(text: str) -> kinds.Reading:
    return kinds.Reading(kinds.decimal(text.rstrip("% ")), {})


def _words(text: str) -> kinds.Reading:
    return kinds.text(text)


class Label(NamedTuple):
    """What one label fills. `actuality` tells the expected from the actual dates, also where they are blank."""

    field: str
    read: Reader = _words
    actuality: str | None = None


Start, End = "date.first_enrolment", "date.recruitment_end"

# Section -> label -> field. A label that is known but fills nothing (private, or a heading) is None.
SUMMARY: dict[str, Label | None] = {
    "Study aim": Label("objective"),
    "Design": Label("summary.design"),
    "Settings and conduct": Label("summary.setting"),
    "Participants/Inclusion and exclusion criteria": Label("summary.participants"),
    "Intervention groups": Label("summary.interventions"),
    "Main outcome variables": Label("summary.outcomes"),
}
GENERAL: dict[str, Label | None] = {
    "Reason for update": Label("registration.update_reason"),
    "Acronym": Label("acronym"),
    "IRCT registration information": None,
    "IRCT registration number": Label("ids.primary", kinds.trial_id),
    "Registration date": Label("registration.date", actual),
    "Registration timing": Label("registration.timing_declared", TIMING),
    "Last update": Label("registration.last_update", actual),
    "Update count": Label("registration.update_count", partial(kinds.count, unit=None)),
    "Registrant information": None,
    "Name": None,
    "Name of organization / entity": None,
    "Country": None,
    "Phone": None,
    "Email address": None,
    "Email": None,
    "Recruitment status": Label("status.recruitment", STATUS),
    "Funding source": None,
    "Expected recruitment start date": Label(Start, anticipated, "ANTICIPATED"),
    "Expected recruitment end date": Label(End, anticipated, "ANTICIPATED"),
    "Actual recruitment start date": Label(Start, actual, "ACTUAL"),
    "Actual recruitment end date": Label(End, actual, "ACTUAL"),
    "Trial completion date": Label("date.completion", dated, "UNKNOWN"),
    "Scientific title": Label("title.scientific"),
    "Public title": Label("title.public"),
    "Purpose": Label("design.purpose", PURPOSE),
    "Inclusion/Exclusion criteria": None,
    "Inclusion criteria": Label("eligibility.inclusion"),
    "Exclusion criteria": Label("eligibility.exclusion"),
    "Age": Label("eligibility.age_min"),
    "Gender": Label("eligibility.sex", SEX),
    "Phase": Label("design.phase", kinds.phase),
    "Groups that have been masked": Label("masking.roles"),
    "Sample size": None,
    "Target sample size": Label("enrolment.target", kinds.count),
    "Actual sample size": Label("enrolment.actual", kinds.count),
    "Randomization (investigator's opinion)": Label("design.allocation", ALLOCATION),
    "Randomization description": Label("random.method"),
    "Blinding (investigator's opinion)": Label("masking.label", BLINDING),
    "Blinding description": Label("masking.description"),
    "Placebo": Label("design.control"),
    "Assignment": Label("design.model", ASSIGNMENT),
    "Other design features": Label("design.other"),
}
GENERAL_INLINE = [
    "IRCT registration number", "Registration date", "Registration timing", "Last update", "Update count",
    "Target sample size", "Actual sample size", "Inclusion criteria", "Exclusion criteria",
]  # fmt: skip
ADDRESS = dict.fromkeys(["Street address", "City", "Province", "Postal code", "Phone", "Email", "Fax"])
CONTACT: dict[str, Label | None] = {
    "Contact": None,
    "Name of organization / entity": Label("contacts.org"),
    "Full name of responsible person": None,
    "Position": Label("contacts.position"),
    "Latest degree": None,
    "Other areas of specialty/work": None,
    **ADDRESS,
}
OUTCOME: dict[str, Label | None] = {
    "Description": Label("outcomes.measure"),
    "Timepoint": Label("outcomes.timepoint"),
    "Method of measurement": Label("outcomes.method"),
}


class Part(NamedTuple):
    """One section: its labels, the group its entries belong to, and the label that opens an entry."""

    labels: dict[str, Label | None]
    group: str = ""
    opens: str | None = None
    inline: tuple[str, ...] = ()


# Texts whose sentences tell how the trial is made, and what of it has no label of its own. The short texts of the
# summary give statements, but fill no field of the full sections.
SPEAK_OF_RANDOMISATION = {"random.method", "masking.description", "arms.description", "design.other"}
SPEAK_OF_DESIGN = SPEAK_OF_RANDOMISATION | {
    "title.scientific",
    "summary.design",
    "summary.setting",
    "summary.interventions",
}
UNLABELLED = ("random.type", "random.concealment", "design.ratio")

PARTS = {
    "Protocol summary": Part(SUMMARY),
    "Summary": Part(SUMMARY),
    "General information": Part(GENERAL, inline=tuple(GENERAL_INLINE)),
    "Secondary Ids": Part(
        {
            "Registry name": Label("ids.secondary.issuer"),
            "Secondary trial Id": Label("ids.secondary.id"),
            "Registration date": None,
        },
        "ids.secondary",
        "Registry name",
    ),
    "Ethics committees": Part(
        {
            "Ethics committee": None,
            "Name of ethics committee": Label("ethics.committee"),
            **ADDRESS,
            "City": Label("ethics.city"),
            "Approval date": Label("ethics.date", actual),
            "Ethics committee reference number": Label("ethics.reference"),
        },
        "ethics",
        "Ethics committee",
    ),
    "Health conditions studied": Part(
        {
            "Description of health condition studied": Label("conditions"),
            "ICD-10 code": Label("condition_codes.code"),
            "ICD-10 code description": Label("condition_codes.term"),
        },
        "conditions",
        "Description of health condition studied",
    ),
    "Primary outcomes": Part(OUTCOME, "outcomes", "Description"),
    "Secondary outcomes": Part(OUTCOME, "outcomes", "Description"),
    "Intervention groups": Part(
        {"Description": Label("arms.description"), "Category": Label("interventions.type")}, "arms", "Description"
    ),
    "Recruitment centers": Part(
        {
            "Recruitment center": None,
            "Name of recruitment center": Label("sites.name"),
            "Full name of responsible person": None,
            **ADDRESS,
            "City": Label("sites.city"),
            "Province": Label("sites.region"),
        },
        "sites",
        "Recruitment center",
    ),
    "Sponsors / Funding sources": Part(
        {
            "Sponsor": None,
            "Name of organization / entity": Label("sponsor.primary"),
            "Full name of responsible person": None,
            **ADDRESS,
            "Web page address": None,
            "Grant name": Label("funders.grant_name"),
            "Grant code / Reference number": Label("funders.grant"),
            "Is the source of funding the same sponsor organization/entity?": Label("funders.is_sponsor", kinds.flag),
            "Title of funding source": Label("funders.name"),
            "Proportion provided by this source": Label("funders.share_pct", _share),
            "Public or private sector": Label("funders.sector", SECTOR),
            "Domestic or foreign origin": Label("funders.origin", ORIGIN),
            "Category of foreign source of funding": Label("funders.foreign_category"),
            "Country of origin": Label("funders.country"),
            "Type of organization providing the funding": Label("funders.type"),
        },
        "funders",
        "Sponsor",
    ),
    "Person responsible for general inquiries": Part(CONTACT, "contacts", "Contact"),
    "Person responsible for scientific inquiries": Part(CONTACT, "contacts", "Contact"),
    "Person responsible for updating data": Part(CONTACT, "contacts", "Contact"),
    "Sharing plan": Part(
        {
            "Deidentified Individual Participant Data Set (IPD)": Label("ipd.plan", PLAN),
            "Study Protocol": Label("ipd.protocol", PLAN),
            "Statistical Analysis Plan": Label("ipd.sap", PLAN),
            "Informed Consent Form": Label("ipd.icf", PLAN),
            "Clinical Study Report": Label("ipd.csr", PLAN),
            "Analytic Code": Label("ipd.code", PLAN),
            "Data Dictionary": Label("ipd.dictionary", PLAN),
            "Title and more details about the data/document": Label("ipd.description"),
            "When the data will become available and for how long": Label("ipd.timeframe"),
            "To whom data/document is available": Label("ipd.audience"),
            "Under which criteria data/document could be used": Label("ipd.criteria"),
            "From where data/document is obtainable": Label("ipd.access"),
            "What processes are involved for a request to access data/document": Label("ipd.process"),
            "Comments": Label("ipd.comments"),
        }
    ),
}
ROLES = {
    "person responsible for general inquiries": "PUBLIC",
    "person responsible for scientific inquiries": "SCIENTIFIC",
    "person responsible for updating data": "UPDATER",
}
OUTCOME_TYPES = {"primary outcomes": "PRIMARY", "secondary outcomes": "SECONDARY"}

BY_KEY = {key(name): part for name, part in PARTS.items()}
SECTIONS = {
    name: Section(labels([*part.labels, *part.inline]), labels(part.inline), part.opens and key(part.opens))
    for name, part in BY_KEY.items()
}
LABELS = {(name, key(label)): target for name, part in BY_KEY.items() for label, target in part.labels.items()}

FIELDS = sayable(
    [
        *{label.field for label in LABELS.values() if label},
        "ids.registry", "source.name", "source.export_date", "eligibility.age_max", "outcomes.type", "contacts.role",
        "condition_codes.system", "condition_codes.condition", "interventions.arms", "arms.role", "arms.n_target",
        "sponsor.secondary", "random.type", "random.concealment", "design.ratio",
    ]
)  # fmt: skip

TITLE = "Iranian Registry of Clinical Trials"
BLANK = r"[^\S\r\n]"  # white space inside a line, non-breaking blanks included
HEADINGS = "|".join(re.escape(name).replace(r"\ ", f"{BLANK}+") for name in PARTS)
HEADING = re.compile(rf"^{BLANK}*+({HEADINGS}){BLANK}*+:?{BLANK}*+$", re.IGNORECASE | re.MULTILINE)
TITLE_LINE = re.compile(rf"^{BLANK}*{TITLE.replace(' ', BLANK + '+')}{BLANK}*$", re.IGNORECASE | re.MULTILINE)
EXPORTED = re.compile(r"\d{1,2}\s+[A-Za-z]+\s+\d{4}|[A-Za-z]+\s+\d{1,2},\s+\d{4}|\d{4}-\d{2}-\d{2}")


def recognise(document: Document) -> str | None:
    """By the registry's name on a line of its own and a section heading, or by four section headings."""
    # Bold marks may glue headings to what follows, and invisible characters stand in labels: neither counts.
    text = kinds.INVISIBLE.sub("", re.sub(r"\r\n?|\*\*+", "\n", document.text))
    headings = len({key(match[1]) for match in HEADING.finditer(text)})
    if headings and TITLE_LINE.search(text):
        return f"the line '{TITLE}' and {headings} section headings of its export"
    return f"{headings} section headings of an IRCT export" if headings >= 4 else None


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The one record of an export."""
    collector = Collector(document, NAME, KIND, FIELDS)
    _read_head(collector)
    reader = _Entries(collector)
    for occurrence in walk(document, SECTIONS, summary=key("Protocol summary")):
        reader.read(occurrence)
    reader.say_empty_groups()
    derive_registry(collector)
    derive_nobody_masked(collector)
    yield collector.record(recognised_by)


def _read_head(collector: Collector) -> None:
    """Above the first section: the registry's name, and on the next line the day of the export."""
    lines = (line for line in collector.document.lines() if line.text.strip())
    for line in lines:
        if key(line.text) in BY_KEY:
            return
        if key(line.text) == key(TITLE):
            collector.take("source.name", kinds.text, _words_of(line))
            following = next(lines, None)
            if following is not None and EXPORTED.fullmatch(fold(following.text)):
                collector.take("source.export_date", actual, _words_of(following))
            return


def _words_of(line: Line) -> tuple[int, int]:
    """The span of a line without the blanks around it."""
    return line.start + len(line.text) - len(line.text.lstrip()), line.start + len(line.text.rstrip())


class _Entries:
    """Turns occurrences into values; numbers the members of a group over all its sections."""

    def __init__(self, collector: Collector):
        self.collector = collector
        self.items: dict[str, int] = {}  # group -> members so far
        self.entry: tuple[str, int] = ("", 0)
        self.heading: dict[str, tuple[int, int]] = {}  # section -> span of its heading
        self.blank: dict[str, tuple[int, int]] = {}  # group -> what says that it is empty
        self.codes: set[int] = set()

    def read(self, occurrence: Occurrence) -> None:
        section, entry, label, label_span, value_span, says_empty = occurrence
        part = BY_KEY[section]
        if label is None:
            self.heading[section] = label_span
            if part.group and (says_empty or value_span is None):
                self.blank.setdefault(part.group, value_span or label_span)
            return
        if part.group and (section, entry) != self.entry:
            self.entry = (section, entry)
            self.items[part.group] = self.items.get(part.group, 0) + 1
            self._open_entry(section, self.items[part.group])
        target = LABELS[section, label]
        if target is None:
            return
        item = self.items[part.group] if part.group else None
        if says_empty or value_span is None:
            self._blank(target, value_span or label_span, item)
        else:
            special = SPECIAL.get(target.field)
            if special is None:
                self.collector.take(target.field, target.read, value_span, item=item)
            else:
                special(self, value_span, item)
            if target.field in SPEAK_OF_DESIGN:
                prose.take_statements(self.collector, value_span)
            if target.field in SPEAK_OF_RANDOMISATION:
                prose.take_facts(self.collector, value_span, only=UNLABELLED)

    def _blank(self, target: Label, span: tuple[int, int], item: int | None) -> None:
        detail = {"kind": target.actuality} if target.actuality else {}
        fields = (
            ["eligibility.age_min", "eligibility.age_max"] if target.field == "eligibility.age_min" else [target.field]
        )
        for field in fields:
            if field == "sponsor.primary":
                item = None
            self.collector.empty(field, span, item=item, detail=detail)

    def _open_entry(self, section: str, item: int) -> None:
        if section in ROLES:
            self._heading_code("contacts.role", ROLES[section], section, item)
        if section in OUTCOME_TYPES:
            self._heading_code("outcomes.type", OUTCOME_TYPES[section], section, item)

    def _heading_code(self, field: str, member: str, section: str, item: int) -> None:
        def read_code(words: str) -> kinds.Reading:
            return kinds.Reading(member, {"as_written": words})

        self.collector.take(field, read_code, self.heading[section], item=item, method="section")

    def say_empty_groups(self) -> None:
        """A group none of whose sections has an entry is empty, said once, through its first field."""
        for group, span in self.blank.items():
            if group not in self.items:
                self.collector.empty(first_of_group(group), span, method="section")

    def read_age(self, span: tuple[int, int], item: int | None) -> None:
        text = self.collector.document.text
        if re.search(r"(?i)\bno\b.*\blimit", fold(text[slice(*span)])):
            for field in ("eligibility.age_min", "eligibility.age_max"):
                self.collector.take(field, kinds.age, span)
            return
        ages = list(
            re.finditer(
                r"(?i)(from|to|up to)?[^\S\r\n]*\**[^\S\r\n]*(\d+[^\S\r\n]*(?:years?|months?|weeks?|days?|hours?))",
                text[slice(*span)],
            )
        )
        if not ages:
            self.collector.unclear("eligibility.age_min", span)
            return
        for position, match in enumerate(ages[:2]):
            upper = position == 1 or (match[1] or "").lower() in {"to", "up to"}
            field = "eligibility.age_max" if upper else "eligibility.age_min"
            self.collector.take(field, kinds.age, (span[0] + match.start(2), span[0] + match.end(2)))

    def read_roles(self, span: tuple[int, int], item: int | None) -> None:
        text = self.collector.document.text
        start = span[0] + (len(text[slice(*span)]) - len(text[slice(*span)].lstrip("-–•* \t\u00a0")))

        def read_list(_quote: str) -> kinds.Reading:
            lines = re.split(r"[\r\n]+", text[start : span[1]])
            groups = [fold(line).lstrip("-–• ") for line in lines]
            return kinds.choices(MASKED, filter(None, groups), fold(text[start : span[1]]))

        self.collector.take("masking.roles", read_list, (start, span[1]))

    def read_placebo(self, span: tuple[int, int], item: int | None) -> None:
        if key(self.collector.quote(span)) == "used":
            self.collector.take("design.control", kinds.coded({"used": ["PLACEBO"]}), span)
        else:  # "Not used" says what the control is not
            self.collector.unclear("design.control", span)

    def read_sponsor(self, span: tuple[int, int], item: int | None) -> None:
        if item == 1:
            self.collector.take("sponsor.primary", kinds.text, span)
        else:
            self.collector.take("sponsor.secondary", kinds.text, span, item=(item or 2) - 1)

    def read_code(self, span: tuple[int, int], item: int | None) -> None:
        self.collector.take("condition_codes.code", kinds.text, span, item=item)
        self.collector.derive("condition_codes.system", "ICD-10", "irct-codes-are-icd-10", span, item=item)
        self.collector.derive("condition_codes.condition", [item], "irct-code-of-the-entry", span, item=item)

    def read_arm(self, span: tuple[int, int], item: int | None) -> None:
        self.collector.take("arms.description", kinds.text, span, item=item)
        offset, text = span[0], self.collector.document.text[slice(*span)]
        for arm, size in enumerate(arm_sizes.planned_arm_sizes(text), 1):
            self.collector.take(
                "arms.n_target",
                kinds.count,
                (offset + size.start, offset + size.end),
                item=arm,
                method="rule:sizes-of-arms",
            )

    def read_category(self, span: tuple[int, int], item: int | None) -> None:
        if key(self.collector.quote(span)) == "placebo":
            role = kinds.coded({"placebo": "PLACEBO_COMPARATOR"})
            self.collector.take("arms.role", role, span, item=item)
        else:
            self.collector.take("interventions.type", CATEGORY, span, item=item)
        self.collector.derive("interventions.arms", [item], "irct-one-intervention-an-arm", span, item=item)


SPECIAL: dict[str, Callable[[_Entries, tuple[int, int], int | None], None]] = {
    "eligibility.age_min": _Entries.read_age,
    "masking.roles": _Entries.read_roles,
    "design.control": _Entries.read_placebo,
    "sponsor.primary": _Entries.read_sponsor,
    "condition_codes.code": _Entries.read_code,
    "arms.description": _Entries.read_arm,
    "interventions.type": _Entries.read_category,
}
