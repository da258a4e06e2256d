"""Codes and words of the EU Clinical Trials Information System, as its reference lists and its pages have them."""

from __future__ import annotations

import re
from typing import NamedTuple

from reviewkit.kinds import Reading
from reviewkit.sources.branch import Branch
from reviewkit.sources.branch_entry import day_first

NOTHING = frozenset({"", "-", "n/a", "na", "not applicable", "none", "nil"})

# Phases: the list parts each by what is new in it; the number of the phase is what counts here.
PHASE_CODE = {
    **dict.fromkeys(["1", "2", "3"], ("PHASE1",)),
    "4": ("PHASE2",),
    "5": ("PHASE3",),
    "6": ("PHASE4",),
    **dict.fromkeys(["7", "8", "9"], ("PHASE1", "PHASE2")),
    "10": ("PHASE2", "PHASE3"),
    "11": ("PHASE3", "PHASE4"),
}
PHASE = re.compile(r"\bphase\s+(?P<roman>IV|I{1,3})\b(?!\s*/)", re.IGNORECASE)
ROMAN = {"i": "PHASE1", "ii": "PHASE2", "iii": "PHASE3", "iv": "PHASE4"}

STATUS_CODE = {
    "1": "UNKNOWN",  # under evaluation
    "2": "NOT_YET_RECRUITING",  # authorised, recruitment pending
    "3": "RECRUITING",  # authorised, recruiting
    "4": "RECRUITING",  # ongoing, recruiting
    "5": "ACTIVE_NOT_RECRUITING",  # ongoing, recruitment ended
    "6": "SUSPENDED",  # temporarily halted
    "7": "SUSPENDED",
    "8": "COMPLETED",  # ended
    **dict.fromkeys(["9", "10", "11", "12"], "UNKNOWN"),  # expired, revoked, not authorised, cancelled
}
STATUS = {
    **dict.fromkeys(["authorised, not started", "authorised, recruitment pending"], "NOT_YET_RECRUITING"),
    **dict.fromkeys(["authorised, recruiting", "ongoing, recruiting"], "RECRUITING"),
    **dict.fromkeys(["ongoing, recruitment ended", "ongoing, no longer recruiting"], "ACTIVE_NOT_RECRUITING"),
    **dict.fromkeys(["temporarily halted", "halted", "temporary halt", "suspended"], "SUSPENDED"),
    **dict.fromkeys(["ended", "completed"], "COMPLETED"),
    "ended prematurely": "TERMINATED",
    **dict.fromkeys(
        [
            "authorised", "ongoing", "under evaluation", "not authorised", "expired", "revoked", "cancelled", "lapsed",
            "withdrawn", "not valid", "pending", "ongoing, other", "authorised, other",
        ],
        "UNKNOWN",
    ),
}  # fmt: skip
ALLOCATION = {
    **dict.fromkeys(["1", "randomised controlled"], "RANDOMIZED"),
    **dict.fromkeys(["2", "non-randomised controlled"], "NON_RANDOMIZED"),
    **dict.fromkeys(["3", "not applicable"], "NA"),
}
SCOPE = {"1": "DIAGNOSTIC", "2": "PREVENTION", "3": "TREATMENT"}
ROLES = {
    **dict.fromkeys(["subject", "participant"], "PARTICIPANT"),
    "investigator": "INVESTIGATOR",
    **dict.fromkeys(["data analyst", "analyst"], "DATA_ANALYST"),
    **dict.fromkeys(["carer", "caregiver", "care provider"], "CARE_PROVIDER"),
    **dict.fromkeys(["assessor", "outcome assessor", "outcomes assessor"], "OUTCOMES_ASSESSOR"),
}
NO_ROLE = {"monitor", "sponsor"}  # blinded too, and none of the roles that the vocabulary knows
AGE_CODE = {"2": "CHILD", "3": "ADULT", "4": "OLDER_ADULT"}
AGE_TEXT = {"0-17 years": "CHILD", "18-64 years": "ADULT", "65+ years": "OLDER_ADULT"}
AGE_ORDER = ("CHILD", "ADULT", "OLDER_ADULT")
CONTROL = {"Placebo": "PLACEBO", "Comparator": "ACTIVE"}
SPONSOR_TYPE = {
    "pharmaceutical company": "INDUSTRY",
    **dict.fromkeys(
        ["hospital/clinic/other health care facility", "educational institution", "health care", "academic"], "ACADEMIC"
    ),
    **dict.fromkeys(["eu institution/body/agency", "member state institution/body/agency"], "GOVERNMENT"),
    **dict.fromkeys(["patient organisation/association", "pharmaceutical association/federation"], "OTHER"),
}
COMMERCIAL = {"commercial": "INDUSTRY", "non-commercial": "OTHER"}
IPD_PLAN = {"yes": "YES", "no": "NO", "undecided": "UNDECIDED"}
DOCUMENT_TYPE = (
    (re.compile(r"(?i)\bprotocol\b(?! synopsis)"), "PROTOCOL"),
    (re.compile(r"(?i)statistical analysis plan"), "SAP"),
    (re.compile(r"(?i)informed consent form"), "ICF"),
    (re.compile(r"(?i)clinical study report"), "CSR"),
)
COUNTRY = re.compile(r"(?:^|,\s*)(?P<country>[^,:]+?)\s*:")


def phase_code(words: str) -> Reading:
    """A code of the list of phases."""
    if words not in PHASE_CODE:
        raise ValueError("a code of a phase, 1 to 11")
    return Reading([*PHASE_CODE[words]], {"as_written": words})


def phase_text(words: str) -> Reading:
    """The phases a name of the list speaks of.

    >>> phase_text("Phase II and Phase III (Integrated)").value
    ['PHASE2', 'PHASE3']
    """
    found = [ROMAN[match["roman"].lower()] for match in PHASE.finditer(words)]
    if not found:
        raise ValueError("a phase, e.g. Therapeutic exploratory (Phase II)")
    return Reading(list(dict.fromkeys(found)), {"as_written": words})


def status(words: str) -> Reading:
    """A public status, as its code or in words."""
    key = words.casefold()
    if key not in STATUS_CODE and key not in STATUS:
        raise ValueError("a code of a public status, 1 to 12, or its name")
    return Reading(STATUS_CODE.get(key) or STATUS[key], {"as_written": words})


def is_ended(words: str) -> bool:
    """Does a code or word say that the trial has ended?"""
    return words == "8" or words.casefold() in {"ended", "completed"}


def is_early_end(event: Branch) -> bool:
    """Was the end notified as an early one?"""
    kind = event.said("notificationType").upper()
    return kind.startswith("EARLY_TERMINATION") or (kind.startswith("END_OF_TRIAL") and bool(_reason(event)))


def _reason(event: Branch) -> bool:
    return any(part.says for path in ("earlyTerminationReason", "earlyTerminationReasons") for part in event.all(path))


def age_groups(words: str) -> Reading:
    """`65+ years, 18-64 years`, in the vocabulary's order; `In utero` is none of its members."""
    told = {part.strip().casefold() for part in words.split(",")}
    if not told <= {*AGE_TEXT, "in utero"}:
        raise ValueError("age groups such as 18-64 years, 65+ years")
    members = {AGE_TEXT.get(part) for part in told}
    return Reading([member for member in AGE_ORDER if member in members], {"as_written": words})


def sex(words: str) -> Reading:
    """`Female, Male` in any order, or one of them."""
    told = frozenset(part.strip().casefold() for part in words.split(","))
    members = {frozenset({"female", "male"}): "ALL", frozenset({"female"}): "FEMALE", frozenset({"male"}): "MALE"}
    if told not in members:
        raise ValueError("Female, Male, or both")
    return Reading(members[told], {"as_written": words})


def sponsor_class(words: str) -> Reading:
    """A type of sponsor; of several sponsors of one type it is written once for each.

    >>> sponsor_class("Pharmaceutical company, Pharmaceutical company").value
    'INDUSTRY'
    """
    members = {SPONSOR_TYPE.get(part.strip().casefold()) for part in words.split(", ")}
    if len(members) != 1 or None in members:
        raise ValueError("one type of sponsor, e.g. Pharmaceutical company")
    return Reading(members.pop(), {"as_written": words})


def masking(words: str, roles: int) -> str | None:
    """The label that a code of the list of blinding methods and the number of blinded roles bear out together.

    The list is 1 single, 2 double, 3 none; its numbers are told two ways in public, so the number alone is not enough.
    """
    named = {"single": "SINGLE", "double": "DOUBLE", "none": "NONE", "open": "NONE"}.get(words.casefold())
    borne_out = {"1": ("SINGLE", roles >= 1), "2": ("DOUBLE", roles >= 2), "3": ("NONE", roles == 0)}
    label, agrees = borne_out.get(words, (None, False))
    return named or (label if agrees else None)


def roles_of(branches: list[Branch]) -> list[str]:
    """The words of the blinded roles of a period."""
    return [branch.said("name") or branch.words for branch in branches if branch.says]


def is_code(words: str) -> bool:
    """Is a short title a code rather than an acronym?

    >>> is_code("200925"), is_code("NL 68837.091.21"), is_code("PRESAGE"), is_code("COVID-19 Kites")
    (True, True, False, False)
    """
    return re.search(r"\d{3}", words) is not None


def day(words: str) -> str | None:
    """The day a date names, or None."""
    try:
        return str(day_first(words).value)
    except ValueError:
        return None


class Decision(NamedTuple):
    """A decision: its date and the words it stands in."""

    date: str
    words: str


DECISION = re.compile(r"[A-Z][A-Za-z ]+:\s*(?P<date>[\d/\-T:.]+)")


def decisions(words: str) -> list[Decision]:
    """The days of `ES: 24/04/2024, IT: 23/10/2024`; none where the words have another form.

    >>> min(decisions("NL:2024-05-06, DE:2024-04-30")).words
    '2024-04-30'
    """
    matches = [DECISION.fullmatch(part.strip()) for part in words.split(",") if part.strip()]
    told = [match["date"] for match in matches if match]
    found = [Decision(read, part) for part in told if (read := day(part)) is not None]
    return found if len(found) == len(matches) else []


def countries_in(words: str) -> list[str]:
    """The countries of `Spain:4`, or of `NL:Authorised, not started, DE:Ended`."""
    return [match["country"].strip() for match in COUNTRY.finditer(words)]


def document_types(words: str) -> list[str]:
    """The kinds of document that a label names."""
    return [member for pattern, member in DOCUMENT_TYPE if pattern.search(words)]
