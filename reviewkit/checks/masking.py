"""The masking label against the roles that are said to be masked."""

from __future__ import annotations

from reviewkit.checks.wording import COUNT_WORDS, in_words, listed
from reviewkit.model import Finding, Record
from reviewkit.words import Verdict

LEVELS = ("NONE", "SINGLE", "DOUBLE", "TRIPLE", "QUADRUPLE")
COUNTED = ("PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR")


def masking_and_roles(record: Record) -> Finding | None:
    """Does the label (single, double …) count the masked roles? No finding where either is unknown.

    Source: ClinicalTrials.gov protocol data elements, masking: the number among participant, care provider,
    investigator and outcomes assessor; CONSORT 2010 item 11a (2025: 20a) asks who was blinded, for labels are used
    in different ways. An open trial masks nobody.
    """
    label, roles = record.first("masking.label"), record.first("masking.roles")
    if label is None or roles is None:
        return None
    counted = [role for role in roles.value if role in COUNTED]
    agrees = LEVELS.index(label.value) == len(counted)
    verdict = Verdict.CONSISTENT if agrees else Verdict.ATTENTION
    return Finding("masking-and-roles", verdict, _message(label.value, roles.value, agrees=agrees), [label, roles])


def _message(label: str, roles: list[str], *, agrees: bool) -> str:
    counted = [in_words(role) for role in roles if role in COUNTED]
    others = [in_words(role) for role in roles if role not in COUNTED]
    said = "open label" if label == "NONE" else in_words(label)
    masked = f"{COUNT_WORDS[len(counted)]} masked role{'s' * (len(counted) != 1)}"
    named = f" ({listed(counted)})" if counted else ""
    extra = f" Beside the four roles that are counted: {listed(others)}." if others else ""
    joined = "with" if agrees else "but there is" if len(counted) == 1 else "but there are"
    return f"The masking label is {said}, {joined} {masked}{named}.{extra}"
