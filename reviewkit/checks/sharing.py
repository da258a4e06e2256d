"""The plan to share participant data against the conditions that stand beside it."""

from __future__ import annotations

import re

from reviewkit.checks.wording import in_words, listed, once, title
from reviewkit.model import Finding, Record, Value
from reviewkit.words import Verdict

TEXTS = (
    "ipd.description",
    "ipd.timeframe",
    "ipd.audience",
    "ipd.criteria",
    "ipd.access",
    "ipd.process",
    "ipd.comments",
)
OTHER_DOCUMENTS = ("ipd.protocol", "ipd.sap", "ipd.icf", "ipd.csr", "ipd.code", "ipd.dictionary")

# Nothing will be shared; what only protects names, or holds back until some day, is no refusal.
REFUSAL = re.compile(
    r"""
    (?:\b(?:can)?not\b|\bnever\b|n't\b)\s+(?:be\s+)?(?:made\s+)?(?:publicly\s+|going\s+to\s+be\s+|to\s+be\s+)?
        (?:shared?|available|disclosed|released|provided|given|accessible|accessed|distributed)\b
    | \bno\s+(?:\w+\s+){0,3}(?:will|shall|can|may|is|are)\s+(?:to\s+)?be\s+(?:made\s+)?
        (?:shared|available|disclosed|released)\b
    | \bno\s+(?:\w+\s+)?(?:plans?|intentions?)\b | \bno\s+permission\s+to\s+share\b
    | \b(?:do|does|did)\s+not\s+(?:plan|intend|wish|want)\s+to\s+(?:share|make|release)\b
    | \bnobody\b | \bno\s+one\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
PROTECTS_PERSONS = re.compile(
    r"\b(?:names?|identit\w+|identif\w+|personal|address\w*|contact|phone)\b",
    re.IGNORECASE,
)
HOLDS_BACK = re.compile(r"\b(?:until|till|before|unless|prior to|without)\b", re.IGNORECASE)
NOTHING_SAID = re.compile(
    r"\W*(?:no|none|n/?a|not (?:applicable|available|relevant|planned|decided)|nothing|nil|empty|undecided|no plans?)?"
    r"\W*",
    re.IGNORECASE,
)
OFFER = re.compile(
    r"\b(?:up)?on (?:reasonable )?request\b|\brequest\w*|\bavailable\b|\be-?mail|\bsend\b|\bcontact\w*|\brepositor|"
    r"\bhttps?:|\bwww\.|\bshared?\b|\bdownload|\baccess\w*|\bresearchers?\b|\ball people\b|\beveryone\b|"
    r"\bmonths? after\b",
    re.IGNORECASE,
)
OWN_TEAM = re.compile(
    r"\b(?:between|among(?:st)?|within|inside) (?:the )?(?:\w+ )?(?:investigators?|authors?|team|group)\b",
    re.IGNORECASE,
)
EVERYBODY = re.compile(
    r"\b(?:all (?:people|persons|individuals)|every(?:one|body)|any ?(?:one|body)|any (?:person|individual)|the public|"
    r"general public|public(?:ly)?|no (?:restriction|limitation)s?|without (?:any )?restrictions?|freely)\b",
    re.IGNORECASE,
)
# Groups to whom use is confined; `by the researchers` tells who gives the data, not who may have them.
GROUP = re.compile(
    r"(?<!of the )(?<!by the )(?<!from the )(?<!with the )(?<!of )(?<!from )"
    r"\b(?:researchers|hospitals|academics?|universit\w+|physicians|doctors|clinicians|institut\w+|scientists|scholars|"
    r"investigators|specialists|compan(?:y|ies)|students|professors|faculty|organi[sz]ations|cent(?:er|re)s|"
    r"only (?:for|to|by))\b",
    re.IGNORECASE,
)


def sharing_plan(record: Record) -> Finding | None:
    """Do the words on sharing fit the answer (yes, no)? Needs the answer and a text.

    Source: ICMJE Recommendations, data sharing statements; WHO Trial Registration Data Set 1.3.1, item 24; CONSORT 2025
    item 4.
    """
    plan = record.first("ipd.plan")
    texts = [value for field in TEXTS for value in record.known(field)]
    if plan is None or not texts:
        return None
    against = [*_against_yes(plan, texts), *_against_no(record, plan, texts), *_open_yet_restricted(texts)]
    if against:
        message = " ".join(sentence for sentence, _ in against)
        return Finding(
            "sharing-plan", Verdict.ATTENTION, message, once([plan, *(v for _, values in against for v in values)])
        )
    message = f"The plan to share participant data ({in_words(plan.value)}) fits the words beside it."
    return Finding("sharing-plan", Verdict.CONSISTENT, message, [plan, *texts])


Against = list[tuple[str, list[Value]]]  # a sentence, and the texts it is about


def _against_yes(plan: Value, texts: list[Value]) -> Against:
    refusing = [value for value in texts if refuses(value.value)]
    if plan.value != "YES" or not refusing:
        return []
    return [(f"The plan is to share, but {_named(refusing)} {_say(refusing)} that data will not be shared.", refusing)]


def _against_no(record: Record, plan: Value, texts: list[Value]) -> Against:
    """A way to the data in spite of a no; the words may be about other documents if one of those is shared."""
    others = any(v.value == "YES" for field in OTHER_DOCUMENTS for v in record.known(field))
    offering = [v for v in texts if offers(v.value)]
    if plan.value != "NO" or others or not offering or any(refuses(value.value) for value in texts):
        return []
    return [(f"The plan is not to share, but {_named(offering)} {_say(offering)} how data can be had.", offering)]


def _open_yet_restricted(texts: list[Value]) -> Against:
    open_to_all = [v for v in texts if v.field == "ipd.audience" and EVERYBODY.search(v.value)]
    restricted = [v for v in texts if v.field in ("ipd.criteria", "ipd.audience") and GROUP.search(v.value)]
    confined = [v for v in restricted if v not in open_to_all]
    if not open_to_all or not confined:
        return []
    sides = f"{_named(open_to_all)}, but {_named(confined)} {_say(confined, 'names', 'name')} certain groups only"
    return [(f"The data are open to all by {sides}.", [*open_to_all, *confined])]


def refuses(text: str) -> bool:
    """Does any sentence of the text say that the data will not be shared at all?

    >>> refuses("Data are confidential and will not be shared"), refuses("Names will not be disclosed")
    (True, False)
    """
    sentences = re.split(r"(?<=[.;])\s+", text)
    return any(REFUSAL.search(s) and not PROTECTS_PERSONS.search(s) and not HOLDS_BACK.search(s) for s in sentences)


def offers(text: str) -> bool:
    """Does the text tell a way to the data, for people beyond the trial's own team?

    >>> offers("On request by e-mail"), offers("Not applicable")
    (True, False)
    """
    said = not NOTHING_SAID.fullmatch(text) and not refuses(text)
    return said and OFFER.search(text) is not None and OWN_TEAM.search(text) is None


def _named(values: list[Value]) -> str:
    return listed(f"“{title(value)}”" for value in values)


def _say(values: list[Value], one: str = "says", several: str = "say") -> str:
    return one if len(values) == 1 else several
