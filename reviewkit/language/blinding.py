"""Who is blinded: parties, polarity and negation inside one sentence.

"did not know" blinds, "were not blinded" does not; "neither … knew" blinds both, "neither … were blinded" none;
"A but not B knew" splits by party. Most wrong readings of blinding come from these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


def _words(pattern: str) -> re.Pattern:
    """A pattern in which a blank stands for any white space; case does not matter."""
    return re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE)


PARTIES = {
    "PARTICIPANT": r"(?:participants?|patients?|subjects?)(?! (?:diar|data\b|records?|characteristics|outcomes?"
    r"|reported|care\b|"
    r"management|safety|education|satisfaction|population|enrol))|volunteers?|parents",
    "CARE_PROVIDER": r"care\s?givers?|care\s?providers?|carers?|clinicians?|physicians?|doctors?|nurses?|surgeons?|"
    r"(?:physio)?therapists?|staff|trainers?|operators?|personnel|providers?",
    "INVESTIGATOR": r"investigators?|researchers?|study team",
    "OUTCOMES_ASSESSOR": r"(?:outcomes? |end\s?point )?(?:assessors?|evaluators?|raters?|adjudicators?|examiners?)"
    r"|readers|testers|"
    r"(?:end\s?point|outcome) (?:review|assessment|adjudication)|observers?|radiologists?",
    "DATA_ANALYST": r"statisticians?|(?:data |outcome )?analy(?:sts?|[sz]ers?)",
    "DATA_MONITORING": r"(?:data (?:and )?(?:safety )?)?monitoring (?:boards?|committees?)|DSMB",
}
PARTY = _words(r"\b(?:" + "|".join(f"(?P<{name}>{pattern})" for name, pattern in reversed(PARTIES.items())) + r")\b")
BLIND = r"(?:blind|mask)"
# "the blinded solutions were hung by the nurse", "a masked analysis of the patients' age": things, not parties.
NO_THING = (
    r"(?! (?:(?!(?:to|for|about|of|until|by|at|in|from|on|with)\b)[\w\-]+ )?(?:solutions?|drugs?|medications?"
    r"|medicines?|capsules?|tablets?|syringes?|vials?|bottles?|kits?|packs?"
    r"|infusions?|injections?|supplies|products?|treatments?|therapy|phases?|periods?|data|codes?|labels?|placebo"
    r"|analys[ei]s"
    r"|trials?|stud(?:y|ies)|conditions?|doses?|design|envelopes?|containers?|samples?|images|photographs?"
    r"|radiographs?|films?|slides"
    r"|videos?|recordings?|order)\b|,? (?:randomi[sz]ed|placebo|controlled|parallel|multi|crossover)"
    r"| to (?:the )?block)"
)
NOT_BLINDED = _words(
    rf"\b(?:not|never|nobody|no[ -]one|nor)\b(?:\s+\w+){{0,3}}\s+{BLIND}(?:ed|ing)?\b"
    rf"|\b(?:un|non-?\s?){BLIND}ed\b|\bno {BLIND}ing\b|\bwithout {BLIND}ing\b"
    rf"|\b{BLIND}ing\b[^.;]{{0,60}}\b(?:impossible|unworkable|infeasible|abandoned|not (?:possible|feasible"
    rf"|attempted|done|used|carried))"
    r"|\bopen to (?:all|both)\b"
    rf"|\b(?:unable|not (?:possible|feasible|practical|practicable)|impossible|infeasible"
    rf"|failed)\b[^.;]{{0,30}}\bto {BLIND}\b"
)
BLINDED = _words(
    r"\b(?:did|do|does|will|would|could|can)\s*(?:not|n't) (?:\w+ )?(?:know|learn|tell|recogni[sz]e|distinguish"
    r"|guess)\b"
    r"|\bnot (?:be )?(?:informed|aware|told|disclosed)\b|\b(?:hidden|withheld) from\b"
    r"|\bunaware\b(?! of (?:the )?(?:design|purpose|aims?|objectives?|hypothes|study (?:design|aim|purpose|hypothes)"
    r"|trial (?:design|aim)|block))|\b(?:no"
    r"|without) knowledge\b|\bignorant of\b|\bin the dark\b"
    rf"|(?<!single[- ])(?<!double[- ])(?<!triple[- ])(?<!quadruple[- ])\b{BLIND}ed\b{NO_THING}"
    r"|\b(?:were|was|are|is|be|both|remained?|stayed|kept) (?:\w+ )?blind\b"
    rf"|\b(?:we|to) (?:also )?{BLIND}\b"
)
KNEW = _words(
    r"\b(?:knew|knows?|had to know|recogni[sz]ed)\b"
    r"|\b(?:aware|informed) (?:of|about) (?:[\w\-]+ ){0,3}(?:treatments?|allocations?|assignments?|groups?|arms?"
    r"|interventions?|drugs?)\b"
    r"|\bwere aware\b(?! (?:of|that)\b)"
)
NEITHER = _words(r"\bneither\b")
ONLY_NOT = _words(r"^[^.;]*\b(?:were|was|are|is|will|would|did|do|does|could|had)\s+not\s*[.!]?$")
CLAUSE = _words(
    r";|,?\s\bwhereas\b|,?\s\bwhile\b|,?\sbut\b(?!\s+not\b)|(?<=ed),? and (?=\w+(?: \w+){0,3} (?:were|was|are|will"
    r"|did|knew))"
)
STRUCTURED = _words(rf"\b{BLIND}ing:\s*\w+\s*\((?P<list>[^()]{{3,200}})\)")
BUT_NOT_PARTY = _words(
    r"\bbut not(?=\s+(?:the\s+|their\s+)?(?:treating\s+|outcomes?\s+)?(?:" + "|".join(PARTIES.values()) + r")\b)"
)
OPINION = _words(r"['’]s opinion")
LISTED = _words(rf"\b{BLIND}(?:ed|ing)?\s*(?:trial|study)?\s*[(:]\s*(?P<list>[^().;]{{3,200}})")
WHO = (
    r"(?:outcome )?(?:assessor|evaluator|rater|observer|investigator|patient|participant|subject|examiner"
    r"|physician|analyst)s?"
)
COMPOUND = _words(
    rf"\b(?P<who>{WHO}(?:-?(?:, and|,| and| or|/)\s?{WHO})*)(?:[-\s]{BLIND}ed|[-\u2010-\u2014]{BLIND}(?:ed)?)\b"
)  # "patient- and assessor-blinded"
TOLD = _words(r"\b(?:told|informed|aware)\b")
# "did not know which group the patient belonged to": who is spoken of in the question knows or does not know nothing.
INSTRUCTED = _words(
    r" (?:were|was|are|will be) (?:also )?(?:instructed|asked|requested|told|encouraged|reminded) (?:not )?to\b"
)
IN_A_QUESTION = _words(r"\b(?:which|whether|what|whom?|if|that|how)\b")
ASSESSED_BY = _words(
    r"\b(?:assess|measur|rat|scor|evaluat|judg|examin|read)\w*\s(?:\w+\s)?by\s(?:an?\s|the\s)?(?:[\w\-]+\s){0,2}$"
)
# Who only made or keeps the sequence is no party that could be blinded: "by an independent blinded researcher".
OUTSIDER = _words(r"\b(?:independent|external|off-site)\s+(?:[\w\-]+\s+){0,2}$")
ASSESSES = _words(r"\s+(?:\w+ly\s+)?(?:judged|assessed|rated|scored|evaluated|measured|examined)\b")
ABOUT_BLINDING = _words(
    rf"{BLIND}|open[- ]label|open design|\bkn[eo]w|aware|informed|tell|told|hidden|withheld|learn|guess"
    rf"|distinguish|dark|recogni[sz]ed|ignorant|disclosed"
)

NEAR = 60  # characters between a party and the words that blind it; further apart they belong to different thoughts

LISTING = 20  # characters between two parties of one list: `participants, treating physicians and assessors`


class Party(NamedTuple):
    """One party of the trial, whether it is blinded, and the clause that says so."""

    role: str
    blinded: bool
    start: int
    end: int


def parties(sentence: str) -> list[Party]:
    """Who is and who is not blinded, as the sentence says; empty where it names no party.

    >>> [(p.role, p.blinded) for p in parties("Researchers but not patients knew the treatment.")]
    [('INVESTIGATOR', False), ('PARTICIPANT', True)]
    """
    if not ABOUT_BLINDING.search(sentence):
        return []
    listed = list(_listed(sentence))
    return listed or list(_by_clause(sentence))


def masked_roles(sentence: str) -> tuple[list[str], int, int] | None:
    """The parties that are blinded, each once, with the span of the words; None if the sentence names none."""
    masked = [party for party in parties(sentence) if party.blinded]
    if not masked:
        return None
    roles = list(dict.fromkeys(party.role for party in masked))
    return roles, min(party.start for party in masked), max(party.end for party in masked)


def _listed(sentence: str) -> Iterator[Party]:
    """`Double-blind (patients, investigators)`, `assessor-blinded`, `Masking: Single (Participant)`."""
    for match in STRUCTURED.finditer(sentence):
        yield from _structured(match)
        return
    for match in LISTED.finditer(sentence):
        if OPINION.search(match["list"]):
            continue  # "(investigator's opinion)" is whose word it is, not who is blinded
        for found in PARTY.finditer(match["list"]):
            yield Party(_role(found), True, match.start("list") + found.start(), match.start("list") + found.end())
    for match in COMPOUND.finditer(sentence):
        for found in PARTY.finditer(match["who"]):
            yield Party(_role(found), True, *match.span())


def _structured(match: re.Match) -> Iterator[Party]:
    """A registry's list of masked parties: who is absent is not masked, unless an investigator may give care."""
    start = match.start("list")
    roles = set()
    for found in PARTY.finditer(match["list"]):
        roles.add(_role(found))
        yield Party(_role(found), True, start + found.start(), start + found.end())
    if "PARTICIPANT" not in roles:
        yield Party("PARTICIPANT", False, *match.span())
    if "OUTCOMES_ASSESSOR" not in roles:
        yield Party("OUTCOMES_ASSESSOR", False, *match.span())
    if not roles & {"CARE_PROVIDER", "INVESTIGATOR"}:
        yield Party("CARE_PROVIDER", False, *match.span())


def _by_clause(sentence: str) -> Iterator[Party]:
    previous: bool | None = None
    for start, end in _clauses(sentence):
        clause = sentence[start:end]
        # The "not" of "patients but not nurses" turns the party round, not what is said of the others.
        said = polarity(BUT_NOT_PARTY.sub(lambda match: " " * len(match[0]), clause))
        if said is None and previous is not None and (ellipsis := ONLY_NOT.search(clause.strip())):
            said = not previous, ellipsis  # "…; investigators were not"
        if said is None:
            continue
        blinded, words = said
        previous = blinded
        but_not = re.search(r"\bbut not\b", clause, re.IGNORECASE)
        for found in _near(list(PARTY.finditer(clause)), words):
            if _role(found) in {"INVESTIGATOR", "CARE_PROVIDER"} and OUTSIDER.search(clause[: found.start()]):
                continue
            if INSTRUCTED.match(clause, found.end()):
                continue  # "patients were asked not to reveal their group" does not blind the patients
            if found.start() > words.end() and IN_A_QUESTION.search(clause, words.end(), found.start()):
                continue
            opposite = but_not is not None and found.start() > but_not.start() and found.start() < but_not.end() + 30
            says = Party(_role(found), blinded is not opposite, start + found.start(), end - _trailing(clause))
            yield says
            if says.role in {"INVESTIGATOR", "CARE_PROVIDER"} and _assesses(clause, found):
                yield says._replace(role="OUTCOMES_ASSESSOR")


def _near(found: list[re.Match], words: re.Match) -> list[re.Match]:
    """The parties beside the words that blind them; in a list of parties the whole list is where its nearest one is."""
    lists: list[list[re.Match]] = []
    for party in found:
        if lists and party.start() - lists[-1][-1].end() <= LISTING:
            lists[-1].append(party)
        else:
            lists.append([party])
    return [
        party
        for listed in lists
        if listed[-1].end() >= words.start() - NEAR and listed[0].start() <= words.end() + NEAR
        for party in listed
    ]


def _assesses(clause: str, party: re.Match) -> bool:
    return (
        ASSESSES.search(clause, party.end(), party.end() + 20) is not None
        or ASSESSED_BY.search(clause[: party.start()]) is not None
    )


def polarity(clause: str) -> tuple[bool, re.Match] | None:
    """Does the clause say blinded (True) or not blinded (False), and by which words? None if neither."""
    if NEITHER.search(clause):
        if knew := KNEW.search(clause) or TOLD.search(clause):
            return True, knew
        blind = re.search(BLIND, clause, re.IGNORECASE)
        return (False, blind) if blind else None
    if match := NOT_BLINDED.search(clause):
        return False, match
    if match := BLINDED.search(clause):
        return True, match
    return (False, match) if (match := KNEW.search(clause)) else None


def _clauses(sentence: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in CLAUSE.finditer(sentence):
        yield start, match.start()
        start = match.end()
    yield start, len(sentence)


def _trailing(clause: str) -> int:
    return len(clause) - len(clause.rstrip(" .;,"))


def _role(match: re.Match) -> str:
    return next(name for name, words in match.groupdict().items() if words)
