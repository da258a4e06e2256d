"""Words as the ISRCTN registry writes them: codes, sizes, the older sentence on ethics, the list of articles."""

from __future__ import annotations

import re
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.dates import first_day, last_day
from reviewkit.kinds import Reading

NOTHING = frozenset(
    {
        "", "-", "nil known", "nil", "none", "none known", "n/a", "not available", "not known", "unknown",
        "not provided at time of registration", "not provided at registration", "not applicable", "not specified",
        "not defined", "not yet known", "to be confirmed", "tbc",
        "plain english summary of protocol not provided at time of registration",
        "plain english summary under review", "added retrospectively",
    }
)  # fmt: skip
CONTACT = re.compile(
    r"\bWho (?:is|are) the main contacts?\b", re.IGNORECASE
)  # the last part of a summary for the public
OLD_ETHICS = "old ethics approval format"

STUDY_TYPE = {"interventional": "INTERVENTIONAL", "observational": "OBSERVATIONAL", "other": "OTHER"}
SEX = {"all": "ALL", "both": "ALL", "female": "FEMALE", "male": "MALE"}
MODEL = {
    "parallel": "PARALLEL",
    **dict.fromkeys(["crossover", "cross-over", "cross over"], "CROSSOVER"),
    "factorial": "FACTORIAL",
    "sequential": "SEQUENTIAL",
    **dict.fromkeys(["single", "single group", "single arm"], "SINGLE_GROUP"),
    "other": "OTHER",
}
MASKING = {"open (masking not used)": "NONE", "open": "NONE", "not blinded": "NONE"}
CONTROL = {
    "placebo": ["PLACEBO"],
    "active": ["ACTIVE"],
    "dose comparison": ["DOSE"],
    "historical": ["HISTORICAL"],
    "standard of care": ["USUAL_CARE"],
}
PURPOSE = {
    "treatment": "TREATMENT",
    "prevention": "PREVENTION",
    **dict.fromkeys(["diagnostic", "diagnosis"], "DIAGNOSTIC"),
    "supportive care": "SUPPORTIVE_CARE",
    "screening": "SCREENING",
    "health services research": "HEALTH_SERVICES_RESEARCH",
    "basic science": "BASIC_SCIENCE",
    "device feasibility": "DEVICE_FEASIBILITY",
    **dict.fromkeys(["other", "quality of life", "safety", "efficacy", "natural history"], "OTHER"),
}
STATUS = {"stopped": "TERMINATED", "suspended": "SUSPENDED"}
AGE_GROUPS = {
    "adult": ["ADULT"],
    "senior": ["OLDER_ADULT"],
    "child": ["CHILD"],
    "neonate": ["CHILD"],
    "infant": ["CHILD"],
    "all": ["CHILD", "ADULT", "OLDER_ADULT"],
}
AGES_OPEN = {"mixed", "other"}
INTERVENTION_TYPE = {
    "drug": "DRUG",
    "device": "DEVICE",
    **dict.fromkeys(["biological/vaccine", "biological", "vaccine"], "BIOLOGICAL"),
    **dict.fromkeys(["procedure/surgery", "procedure", "surgery"], "PROCEDURE"),
    **dict.fromkeys(["behavioural", "behavioral"], "BEHAVIORAL"),
    **dict.fromkeys(["dietary supplement", "supplement"], "DIETARY_SUPPLEMENT"),
    "genetic": "GENETIC",
    "radiation": "RADIATION",
    "other": "OTHER",
}
SPONSOR_CLASS = {
    **dict.fromkeys(["university/education", "hospital/treatment centre", "research organisation"], "ACADEMIC"),
    "industry": "INDUSTRY",
    "government": "GOVERNMENT",
    **dict.fromkeys(["charity", "research council", "other"], "OTHER"),
}
COMMERCIAL = {"commercial": "INDUSTRY", "non-commercial": "OTHER"}
ETHICS_REQUIRED = {"ethics approval required": True, "ethics approval not required": False}
ETHICS_STATUS = {
    "approved": "APPROVED",
    **dict.fromkeys(["not approved", "rejected", "refused"], "NOT_APPROVED"),
    **dict.fromkeys(["submitted", "pending", "submitted, not yet approved"], "PENDING"),
}
IPD_PLAN = {"yes": "YES", "no": "NO", "undecided": "UNDECIDED"}
DATA_POLICY = {
    **dict.fromkeys(
        [
            "available on request",
            "published as a supplement to the results publication",
            "stored in publicly available repository",
            "stored in non-publicly available repository",
        ],
        "YES",
    ),
    "not expected to be made available": "NO",
    "data sharing statement to be made available at a later date": "UNDECIDED",
}
NUMBER_TYPE = {
    "protocol serial number": "SPONSOR",
    **dict.fromkeys(["iras", "cpms"], "OTHER"),
    **dict.fromkeys(["nct", "ctis", "eudract"], "REGISTRY"),
    "grant code": "GRANT",
}
NO_DESIGN = {"other", "interventional", "observational", "other design"}
CROSSOVER = re.compile(r"cross[- ]?over")
NOT_RANDOM = re.compile(r"non[- ]?random|not random|quasi")


def number(words: str) -> Reading:
    """The registration number, of which the record holds the eight digits."""
    bare_number = " ".join(words.split())
    return kinds.trial_id(f"ISRCTN{bare_number}" if re.fullmatch(r"\d{8}", bare_number, re.ASCII) else bare_number)


def allocation(words: str) -> Reading:
    """`Randomised controlled trial`, `Non-randomized controlled trial`, `N/A: single arm study`.

    >>> allocation("Non randomised study").value
    'NON_RANDOMIZED'
    """
    key = words.casefold()
    if NOT_RANDOM.search(key):
        member = "NON_RANDOMIZED"
    elif "random" in key:
        member = "RANDOMIZED"
    elif "single" in key or key.startswith(("n/a", "not applicable")):
        member = "NA"
    else:
        raise ValueError("randomised, non-randomised, or N/A of a single-arm study")
    return Reading(member, {"as_written": words})


def is_blinded(words: str) -> bool:
    """Masked, without a word of the level: `Blinded (masking used)`."""
    return words.casefold().startswith("blinded")


def parts_of(words: str) -> list[str]:
    """Numbers joined by a comma or semicolon."""
    return [part.strip() for part in re.split(r"[,;]\s+", words) if part.strip(" .-")]


def bare(words: str) -> str:
    """Letters and digits of a number, for telling that two are one."""
    return "".join(letter for letter in words.casefold() if letter.isalnum())


class Size(NamedTuple):
    """A number of participants and the words it was read from."""

    size: int
    words: str


LABELLED_SIZE = re.compile(
    r"(?:^|[;,.\n]\s*)(?:planned|total|overall|target)?\s*(?:sample size|target|total)\s*:"
    r"\s*(?P<size>\d[\d,]*)(?![\d,])"
    r"(?=\s*(?:participants|patients)?\s*(?:[;.\n]|$))",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(r"\b(?:uk|site|local|centre|center|country|per)\b", re.IGNORECASE)


def planned_size(text: str) -> Size | None:
    """The size under its own label: `Planned Sample Size: 60; UK Sample Size: 60`.

    >>> planned_size("Planned Sample Size: 1,200; UK Sample Size: 60"), planned_size("UK Sample Size: 60")
    (Size(size=1200, words='1,200'), None)
    """
    found = {
        match["size"]: kinds.whole_number(match["size"])
        for match in LABELLED_SIZE.finditer(text)
        if not ELSEWHERE.search(match[0])
    }
    return Size(*next((size, words) for words, size in found.items())) if len(set(found.values())) == 1 else None


STAGES = (  # field -> what a day before it means; the first that has not come tells
    ("date.first_enrolment", "NOT_YET_RECRUITING"),
    ("date.recruitment_end", "RECRUITING"),
    ("date.completion", "ACTIVE_NOT_RECRUITING"),
)


def stage(today: str, days: dict[str, str]) -> tuple[str, str] | None:
    """The status on a day, as the registry's pages derive it, and the field of the date it rests on; None if open.

    >>> stage("2020-05-01", {"date.first_enrolment": "2020-01-01", "date.recruitment_end": "2020-12-31"})
    ('RECRUITING', 'date.recruitment_end')
    """
    for field, member in STAGES:
        if field not in days:
            return None
        if last_day(today) < first_day(days[field]):
            return member, field
        if first_day(today) <= last_day(days[field]):  # that very day, or too coarse to tell
            return None
    return "COMPLETED", "date.completion"


APPROVED = re.compile(r"Approved\b", re.IGNORECASE)
DAY = re.compile(r"(?<!\d)\d{1,2}/\d{1,2}/\d{4}(?!\d)")
REFERENCE = re.compile(r"\bref(?:erence)?(?: number| no)?\.?:\s*", re.IGNORECASE)
CLAUSE = re.compile(r"[^,;:()@+]{3,150}(?=[,;(]|\.?$)")
ANY_COMMITTEE = re.compile(r"\bethic|\bcommittee|\bREC\b|\bIRB\b|\breview board", re.IGNORECASE)
SEVERAL = re.compile(r"(?:^|\s)2[.)]\s")


class Approval(NamedTuple):
    """One committee's approval, out of the older sentence; the rest of it, with addresses and phones, is left."""

    committee: str
    status: str | None
    date: str | None
    reference: str | None


def old_ethics(words: str) -> Approval | None:
    """The approval of exactly one committee; None where the sentence names none, or may name several.

    >>> old_ethics("Windy Hill Ethics Committee (1 Hill Rd; +44 1), 03/02/2020, ref: 20/WH/001")
    Approval(committee='Windy Hill Ethics Committee', status=None, date='03/02/2020', reference='20/WH/001')
    """
    days, references = DAY.findall(words), list(REFERENCE.finditer(words))
    if len(days) > 1 or len(references) > 1 or SEVERAL.search(words):
        return None
    status = APPROVED.match(words)
    start = status.end() if status else 0
    if status and days:
        start = words.index(days[0]) + len(days[0])
    clause = CLAUSE.match(words.lstrip(" ,"), 0) if not status else CLAUSE.match(words[start:].lstrip(" ,"))
    if clause is None or not ANY_COMMITTEE.search(clause[0]):
        return None
    reference = words[references[0].end() :].strip(" .") if references else ""
    return Approval(
        clause[0].strip(),
        status and status[0],
        days[0] if days else None,
        reference if reference and len(reference) <= 60 else None,
    )


class Article(NamedTuple):
    """One article of the list: its line, address, PMID, DOI, role (a member of PublicationType) and its words."""

    line: str
    url: str
    pmid: str | None
    doi: str | None
    kind: str | None
    words: str


ARTICLE = re.compile(r"(?P<year>\d{4}) (?P<kind>[A-Za-z][A-Za-z \-]{2,60}?) in (?P<url>https?://\S+)(?P<rest>.*)")
PMID = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)(?P<pmid>\d{5,9})(?!\d)", re.IGNORECASE)
DOI = re.compile(r"doi\.org/(?P<doi>10\.\d{4,9}/\S+)", re.IGNORECASE)
ASIDE = re.compile(r"\bSWAT\b|study within a trial|sub-?study", re.IGNORECASE)
ROLES = {"results article": "RESULT", "abstract results": "RESULT", "preprint results": "RESULT",
         "interim results article": "RESULT", "protocol article": "PROTOCOL", "protocol": "PROTOCOL"}  # fmt: skip


def publications(text: str) -> list[Article]:
    """The articles of lines such as `2020 Results article in https://pubmed.ncbi.nlm.nih.gov/1234567/ (added …)`."""
    found = []
    for line in text.splitlines():
        told = " ".join(line.split())
        match = ARTICLE.fullmatch(told)
        if match:
            url = match["url"].rstrip(".,;)")
            pmid, doi = PMID.search(url), DOI.search(url)
            kind = None if ASIDE.search(match["rest"]) else ROLES.get(match["kind"].casefold())
            found.append(Article(told, url, pmid and pmid["pmid"], doi and doi["doi"].rstrip("/"), kind, match["kind"]))
    return found
