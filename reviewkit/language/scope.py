"""Whose trial a sentence is about: this one, another one, nobody's (portal boiler-plate), or the background.

Numbers and designs of other trials are the commonest wrong extraction; when in doubt a sentence says nothing.
"""

from __future__ import annotations

import re
from enum import Enum

from reviewkit.language.literals import Sparing


class Scope(Enum):
    """What a sentence speaks of."""

    OWN = "this trial"
    OTHER = "another trial"
    BACKGROUND = "background"
    BOILERPLATE = "text that every page of a portal carries"


def _any(*patterns: str) -> Sparing:
    return Sparing(re.compile("|".join(patterns), re.IGNORECASE))


STUDY = r"(?:study|trial|project|protocol|investigation|research|experiment)"
PEOPLE = (
    r"(?:patients?|participants?|subjects?|volunteers?|individuals?|adults?|children|infants|women|men|people"
    r"|persons|cases)"
)

OWN = _any(
    rf"\b(?:this|our|the present|the current|present|the proposed)\s+(?:[\w\-,]+\s+){{0,6}}{STUDY}\b",
    r"\bwe\s+(?:\w+ly\s+)?(?:will\s+|have\s+|then\s+|also\s+)?(?:randomi[sz]ed?|enrol\w*|recruit\w*|assign\w*"
    r"|allocat\w*|aim\w*|"
    r"conduct\w*|perform\w*|evaluat\w*|investigat\w*|compar\w*|stud\w+|mask\w*|blind\w*|includ\w*|treat\w*"
    r"|observ\w*|explor\w*)\b",
    rf"\b{PEOPLE}\b[^.;]{{0,80}}\bwill\s+(?:then\s+|also\s+)?(?:be\s+)?(?:\w+ly\s+)?"
    r"(?:enrol|recruit|includ|randomi[sz]|assign|allocat|divid|screen|treat|mask|blind|receiv)\w*",
)
# What a report says of its own trial; on a page that retells others too, it may be about any of them.
OWN_IN_A_REPORT = _any(
    rf"\b{PEOPLE}\b[^.;]{{0,80}}\b(?:were|are|is|was)\s+(?:then\s+|also\s+)?(?:being\s+)?(?:\w+ly\s+)?"
    r"(?:enrolled|recruited|included|randomi[sz]ed|assigned|allocated|divided|screened|treated|masked|blinded)",
    rf"\bthe\s+(?-i:[A-Z][\w\-]*[A-Z0-9][\w\-]*)\s+(?:{STUDY})\b",
)
OTHER = _any(
    r"\bet al\b|\b[A-Z][a-z]+ and (?:colleagues|co-?workers)\b",
    r"\b(?:previous|prior(?! to\b)|earlier|other|another|past|published|existing|recent|several|numerous|multiple"
    r"|most)\s+(?:[\w\-,]+\s+){0,4}"
    r"(?:stud(?:y|ies)|trials?|series|reports?|cohorts?|reviews?|clinical experience)\b",
    r"\b(?:the|a|an)\s+(?:19|20)\d\d\s+(?:[\w\-]+\s+){0,3}(?:trial|study)\b",
    r"\b(?:trial|study|series)\s+(?:by|of|from)\s+[A-Z][a-z]+(?:\s+(?:and|et)\b|\s+(?:enrolled|reported|found"
    r"|showed|included|\(|in (?:19|20)\d\d)|[.,]|$)",
    r"\breferences?\s+\d{1,3}\b(?![/\-–.]\w)(?!\))",
    r"\b(?:the|this)\s+study\s+was\s+published\b|\bwas published in\b",
    r"\bled by\b|\bjoint research\b|\bhas (?:not )?(?:yet )?(?:passed|shown|been (?:shown|approved|reported"
    r"|demonstrated))\b|\bhas approved\b",
    r"\b(?:the|our) review\b|\breviewers? extracted\b|\bmeta-analys",
    r"\b(?:clinical research|clinical studies)\b[^.]{0,80}\b(?:initiated|confirmed)\b",
)
# What should be done next is no part of what was done: "a larger randomised trial is warranted".
_SKIPPED = r"(?:(?!(?:in|of|from|at|on|this|our|the|during|who|were|was|is|are|by)\b)[\w\-]+[\s,]+){0,6}?"
RECOMMENDS = _any(
    rf"\b(?:further|future|larger|additional|subsequent|confirmatory|definitive|(?:well"
    rf"|adequately)[\s-]\w+)[\s,]+{_SKIPPED}"
    r"(?:trials?|stud(?:y|ies)|research|investigations?)\b",
    rf"\b(?:an?|more|randomi[sz]ed)\s+{_SKIPPED}(?:trials?|stud(?:y|ies)|research)\b[^.;]{{0,60}}\b(?:is|are"
    rf"|will\s+be|seems?)\s+(?:\w+ly\s+)?"
    r"(?:needed|warranted|required|necessary|justified)\b",
    rf"\b(?:supports?|justif(?:y|ies)|warrants?|encourages?|paves?\s+the\s+way\s+for|calls?\s+for"
    rf"|awaits?)\s+{_SKIPPED}(?:trials?|stud(?:y|ies))\b",
)
CLAUSE_END = re.compile(r"[,;:]\s+|\s+(?=and\b|but\b|so\b)")
CITED = re.compile(r"[^\s\[]\s?\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]")  # "…tumours[17,18]"
# A method may be cited (`in blocks of four [12]`), a size may rest on an earlier study: the trial is still one's own.
OWN_METHOD = _any(
    r"\b(?:randomi[sz]ation|allocation|sample\s+size|primary\s+(?:outcome|end\s?point)s?)\s+(?:\w+\s+){0,3}?"
    r"(?:was|were|is|will\s+be)\b",
    rf"\b(?:{PEOPLE}|villages?|schools?|practices?|clusters?"
    rf"|hospitals?)\s+(?:\w+\s+)?were\s+(?:\w+\s+)?randomi[sz]ed\s+"
    r"(?:in|by|with|using|via|through)\b",
    r"\d\s?%\s+(?:statistical\s+)?power\b|\bpower\s+(?:of|at)\s+(?:at\s+least\s+)?(?:0?[.·]\d|\d{2}\s?%)|"
    r"\b(?:sample\s+size|power)\s+calculations?\b|\bwere\s+(?:needed|required)\s+(?:in\s+each|per)\s+(?:group|arm)\b",
)
RESTS_ON = re.compile(
    r"\b(?:based\s+(?:up)?on|according\s+to|from|using|as\s+in)\s+(?:[\w\-]+\s+){0,4}?(?=(?:previous|prior|earlier"
    r"|other"
    r"|published|existing|recent|past)\b)|\bet\s+al\b|\breferences?\s+\d",
    re.IGNORECASE,
)
LABORATORY = _any(
    r"\b(?:wells|mice|mouse|rats?|rabbits|in vitro|murine|zebrafish|petri)\b",
    r"\bmendelian randomi[sz]ation\b|\brandom(?:ly)? (?:\d+\s?%|sample|urine|effects?|forest|number of)\b",
    r"\b(?:night|colou?r|snow|river|word) blind(?:ness)?\b|\bface masks?\b|\bwear masks?\b",
)
BOILERPLATE = _any(
    r"\bother (?:ways|options)\b",
    r"\blike flipping a coin\b",
    r"\bin a placebo-controlled study, some participants\b",
    r"\bsign up as (?:a )?volunteer\b|\bonce enrolled you may\b|\bif you decide to enrol",
)
LEADS_AWAY = _any(r"^(?:unlike|in contrast|contrary|whereas|previous|prior|earlier|other|another)\b")


TURNS_TO_OTHERS = re.compile(
    r"[,;]\s+(?:unlike|whereas|while|in contrast|contrary to|as opposed to|but|although)\b", re.IGNORECASE
)
TURNS_TO_OWN = re.compile(r"[,;]\s+(?=(?:we|our|this|the present|the current|here)\b)", re.IGNORECASE)


def own_part(sentence: str, default: Scope = Scope.OWN) -> tuple[int, int] | None:
    """The span of `sentence` that is about this trial, or None: a clause about another trial is left out.

    >>> sentence = "Unlike the open-label study of Ross, we mask patients."
    >>> sentence[slice(*own_part(sentence))]
    'we mask patients.'
    """
    if advice := RECOMMENDS.search(sentence):
        *_, end = [0, *(match.start() for match in CLAUSE_END.finditer(sentence, 0, advice.start()))]
        return (0, end) if end and whose(sentence[:end], default) is Scope.OWN else None
    away = TURNS_TO_OTHERS.search(sentence)
    if (
        away
        and whose(sentence[: away.start()], default) is Scope.OWN
        and whose(sentence[away.end() - 6 :], Scope.OWN) is Scope.OTHER
    ):
        return 0, away.start()
    if (
        LEADS_AWAY.search(sentence)
        and (own := TURNS_TO_OWN.search(sentence))
        and whose(sentence[own.end() :], default) is Scope.OWN
    ):
        return own.end(), len(sentence)
    return (0, len(sentence)) if whose(sentence, default) is Scope.OWN else None


def whose(sentence: str, default: Scope = Scope.OWN) -> Scope:
    """Whose trial `sentence` is about; `default` where nothing in it tells.

    >>> whose("The 2015 open-label trial by Rossi enrolled 40 adults.").name
    'OTHER'
    >>> whose("We randomised 40 adults.").name
    'OWN'
    """
    if BOILERPLATE.search(sentence):
        return Scope.BOILERPLATE
    if RECOMMENDS.search(sentence):
        return Scope.OTHER
    if LABORATORY.search(sentence):
        return Scope.BACKGROUND
    own, other = OWN.search(sentence), OTHER.search(sentence)
    if own is None and default is Scope.OWN:
        own = OWN_IN_A_REPORT.search(sentence)
    if own and not (other and (LEADS_AWAY.search(sentence) or other.start() <= own.start())):
        return Scope.OWN if not other or own.start() < other.start() else Scope.OTHER
    if (other or CITED.search(sentence)) and not _is_own_method(sentence, other, default):
        return Scope.OTHER
    return default


def _is_own_method(sentence: str, other: re.Match | None, default: Scope) -> bool:
    """Does a sentence that names or cites other work say how this trial was done?"""
    method = OWN_METHOD.search(sentence) if default is Scope.OWN else None
    if method is None or LEADS_AWAY.search(sentence):
        return False
    return other is None or any(match.end() >= other.start() >= match.start() for match in RESTS_ON.finditer(sentence))
