"""What was asked for: numbers told by their form, and which service has them.

Registries without a service that programs may ask are named with the export a person can save by hand.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.fetch.service import Service
from reviewkit.fetch.services import BY_FORM, SERVICES
from reviewkit.identifiers import UTN, read_trial_id
from reviewkit.words import nearest

FORMS = [
    ("PMID", re.compile(r"PMID[\s:]*(?P<number>[1-9]\d{0,8})", re.IGNORECASE)),
    ("PMCID", re.compile(r"(?:PMCID[\s:]*)?(?P<number>PMC\d{1,9})", re.IGNORECASE)),
    ("ACCESSION", re.compile(r"(?P<number>S-[A-Z]{2,10}\d{1,12}|E-[A-Z]{4}-\d{1,9})", re.IGNORECASE)),
    (
        "DOI",
        re.compile(r"(?:doi[\s:]*|https?://(?:dx\.)?doi\.org/)?(?P<number>10\.\d{4,9}/[^\s\x00-\x1f]+)", re.IGNORECASE),
    ),
]
BARE = re.compile(r"[1-9]\d{0,8}", re.ASCII)  # a PMID, if the service says so
STATE = re.compile(r"-(?P<state>[A-Z]{2})\W*$")  # of an EudraCT number
IMPORT_ONLY = "ictrp"
EXPECTED = "a registration number, PMID:123, PMC123, a DOI, or an accession such as S-EPMC123"
PORTAL = "or search the number at https://trialsearch.who.int and export it as XML"
# Registry -> what a person can save by hand.
BY_HAND = {
    "IRCT": "open the trial at https://irct.behdasht.gov.ir and save its XML or its text",
    "CHICTR": "open the trial at https://www.chictr.org.cn and save its XML",
    "ITMCTR": "open the trial at http://itmctr.ccebtcm.org.cn and save its page as text",
    "ANZCTR": "open the trial at https://www.anzctr.org.au and save its XML",
    "DRKS": "open the trial at https://drks.de and save its page as text or PDF",
    "CTRI": "open the trial at https://ctri.nic.in and save its page as text or PDF",
    "JRCT": "open the trial at https://jrct.mhlw.go.jp and save its page as text or PDF",
    "UMIN": "open the trial at https://www.umin.ac.jp/ctr and save its page as text",
    "NLOMON": "open the trial at https://onderzoekmetmensen.nl and save its page as text",
    "NTR": "look for its new NL-OMON number at https://onderzoekmetmensen.nl and save its page as text",
    "PACTR": "open the trial at https://pactr.samrc.ac.za and save its page as text",
    "REBEC": "open the trial at https://ensaiosclinicos.gov.br and save its XML",
    "CRIS": "open the trial at https://cris.nih.go.kr and save its XML",
    "TCTR": "open the trial at https://www.thaiclinicaltrials.org and save its XML",
    "SLCTR": "open the trial at https://slctr.lk and save its page as text",
}


class Asked(NamedTuple):
    """One number: as it was typed, its form, its normal form, and the service that is asked."""

    text: str
    form: str
    number: str
    service: Service


def read_asked(text: str, service: str | None = None) -> Asked:
    """What one word of the command line asks for; ReviewError if it is no number, or none that can be fetched."""
    form, number = _form_of(text, service)
    chosen = SERVICES[service] if service else SERVICES.get(BY_FORM.get(form, ""))
    if chosen is None:
        raise _by_hand(text, form)
    if form not in chosen.records:
        known = [name for name, other in SERVICES.items() if form in other.records]
        raise _refusal(
            text,
            f"a number that {chosen.title} does not know",
            "a number of a form this service has",
            f"ask with --from {' or '.join(known)}, or without --from" if known else "ask without --from",
        )
    return Asked(text, form, number, chosen)


def read_service(name: str, *, searched: bool) -> Service:
    """A service by its name, as --from gives it; ReviewError for another name, or for one that takes no query."""
    known = [key for key, service in SERVICES.items() if service.search or not searched]
    if name.casefold() == IMPORT_ONLY:
        raise _refusal(
            name,
            "WHO's portal (ICTRP), which lets nobody fetch by program",
            "one of " + ", ".join(known),
            "search at https://trialsearch.who.int, export the hits as XML, and put the file among the documents",
        )
    if name not in known:
        found = f"{shown(name)}, " + ("which takes no query here" if name in SERVICES else "which is no service")
        near = nearest(name, known)
        raise _refusal(name, found, "one of " + ", ".join(known), f"did you mean {near}?" if near else "choose one")
    return SERVICES[name]


def _form_of(text: str, service: str | None) -> tuple[str, str]:
    """The form of a number and the number in its normal form."""
    words = text.strip()
    try:
        trial = read_trial_id(words)
    except ValueError:
        pass
    else:
        state = STATE.search(words) if trial.registry == "EUCTR" else None
        return trial.registry, trial.value + (f"-{state['state']}" if state else "")
    for form, pattern in FORMS:
        if match := pattern.fullmatch(words):
            return form, match["number"].lower() if form == "DOI" else match["number"].upper()
    if BARE.fullmatch(words) and service and "PMID" in SERVICES[service].records:
        return "PMID", words
    raise _unknown(text, words)


def _unknown(text: str, words: str) -> ReviewError:
    if BARE.fullmatch(words):
        return _refusal(text, "a number that does not say what it is", EXPECTED, f"if it is a PMID, type PMID:{words}")
    return _refusal(text, f"{shown(text)}, which is no number that we know", EXPECTED, "check the spelling")


def _by_hand(text: str, form: str) -> ReviewError:
    if form == UTN:
        fix = "give the trial's registration number; this one only accompanies it"
        return _refusal(text, "a universal trial number, which is no registration", EXPECTED, fix)
    first = BY_HAND.get(form)
    fix = f"{first}; {PORTAL}" if first else PORTAL.removeprefix("or ")
    found = "a number of a registry that lets no program fetch a record, or only by an address of its own making"
    return _refusal(text, found, "a number of " + _titles(), f"{fix}; then put the file among the documents")


def _titles() -> str:
    return ", ".join(service.title for service in SERVICES.values())


def _refusal(text: str, found: str, expected: str, fix: str) -> ReviewError:
    return ReviewError(Problem(text, None, found, expected, fix))
