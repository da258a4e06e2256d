"""Which ethics committee approved a trial, under which reference: `approved by the Example Committee (ref 12/34)`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewkit.documents import fold
from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span, plain

BODY = r"(?:committees?|boards?|IRB|REC|IEC|council|commission|comit[ée]|ethikkommission|authority)"
APPROVED_BY = re.compile(
    r"\b(?:approved|reviewed|cleared|authori[sz]ed|granted|given|obtained|approval|permission|clearance|endorsed"
    r"|sanctioned)\b(?:\s+(?:for\s+the\s+study|prospectively|of\s+the\s+study|was|were|has\s+been|had\s+been|obtained"
    r"|"
    r"granted|given|sought|received)){0,4}\s+(?:and\s+\w+\s+)?(?:by|from)\s+(?:the\s+|an?\s+|our\s+"
    r"|its\s+)?(?P<name>[^.;()]{3,220})",
    re.IGNORECASE,
)
APPROVES = re.compile(
    rf"^\W*(?:the\s+)?(?P<name>[^.;()]{{3,200}}?\b{BODY}\b[^.;()]{{0,120}}?)(?:\s*\([^()]*\))?\s+(?:approved"
    rf"|has\s+approved|gave\s+(?:its\s+)?approval|granted\s+approval)\b",
    re.IGNORECASE,
)
# The name ends where the sentence goes on.
ENDS = re.compile(
    r"\s+(?:was|were)\s|\s+from\s+(?:which|each|all)\b|\s+on\s+\w+\s+(?:January|February|March|April|May|June|July"
    r"|August|September|October|November|December)|\s+with\s+additional|,?\s+(?:and|which|who)\s+(?:a\s+)?(?:(?:was"
    r"|were|is|are|has|had|all|each|written|informed|registered|conducted|performed|carried|followed|complied|it"
    r"|the\s+(?:study|trial)|participants|patients|we|in\s+accordance|conforms?|"
    r"approved|endorsed|waived|oral|signed|verbal)\b)|,?\s+(?:which|who|that|before|prior|in\s+accordance|according"
    r"|under|with\s+(?:the\s+)?(?:number|reference|approval|code|protocol|registration)|on\s+(?:the\s+)?\d"
    r"|on\s+[A-Z][a-z]+\s+\d|in\s+(?:January|February|March|April|May|June|July|August|September|"
    r"October|November|December|\d{4})|for\s+(?:the|this|human|each)\b(?!\s+(?:university|protection|research))"
    r"|at\s+(?:each|all|every)|as\s+well|using|to\s+\w+|via|dated|ref|reference|no\b|number|approval|protocol"
    r"|registration|code|license)\b|,\s*\d|\s+\[\d|,\s+(?:and\s+)?(?:all|each|written|informed|the\s+(?:study|trial)"
    r"|it)\b|\s+[A-Z]*\d",
    re.IGNORECASE,
)
GENERIC = re.compile(
    r"^(?:(?:local|institutional|independent|appropriate|relevant|respective|research|ethics?|ethical|ethnic|medical"
    r"|regional|national|hospital|human|internal|university|human\s+subjects|central|all|each|responsible"
    r"|participating|review|"
    r"boards?|committees?|irbs?|or|and|of|the|/|at|our|hospital's|hospital’s|institution|institution's|institution’s"
    r"|institutions?|cent(?:re|er)s?|sites?|clinical|research|study|trial|for|iec|rec)\b[\s,/’']*)+$",
    re.IGNORECASE,
)
REFERENCE = re.compile(
    r"\b(?:(?:approval|reference|ref|protocol|project|permit|licen[cs]e|registration|ethics?|ethical|application"
    r"|authori[sz]ation|IRB|REC|dnr|study|code|file|case|MREC)\.?\s*(?:(?:approval|protocol|reference|registration"
    r"|committee|clearance)\s*)?"
    r"(?:numbers?|no\.?|nos\.?|n°|nr\.?|#|code|id|identifier|ref(?:erence)?)?\.?|number"
    r"|no\.)\s*[:#]?\s*(?P<ref>(?=[\w\-./:]*\d)[A-Za-z0-9][\w\-./–]{2,40}(?:\s?/\s?[\w\-./]+)*)",
    re.IGNORECASE,
)
REGISTRATION = re.compile(
    r"NCT\d|ISRCTN|ACTRN|ChiCTR|IRCT|UMIN|CTRI|EudraCT|^\d{4}$|^(?:19|20)\d\d[,.]?$", re.IGNORECASE
)


def approval_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """`ethics.committee` with its name, and `ethics.reference` where one is labelled in the same sentence."""
    chosen = own_sentences(text) if spans is None else spans
    found: list[Fact] = []
    seen: set[str] = set()
    for span in chosen:
        sentence = plain(text[span.start : span.end])
        if not re.search(r"\bethic|review\s+board|\bIRB\b|ethik", sentence, re.IGNORECASE):
            continue
        for start, end in _name(sentence):
            name = fold(text[span.start + start : span.start + end])
            if name.casefold() in seen:
                continue
            seen.add(name.casefold())
            item = len(seen)
            found.append(
                Fact("ethics.committee", name, span.start + start, span.start + end, "approved-by", {}, item=item)
            )
            found += _reference(span, sentence, end, item)
    return found


def _name(sentence: str) -> Iterator[tuple[int, int]]:
    for match in (APPROVED_BY.search(sentence), APPROVES.search(sentence)):
        if match is None:
            continue
        start = match.start("name")
        words = sentence[start : match.end("name")]
        ends = ENDS.search(words)
        words = words[: ends.start()] if ends else words
        words = words.rstrip(" ,:–-")
        if (
            re.search(rf"\b{BODY}\b", words, re.IGNORECASE)
            and "nimal" not in words
            and not GENERIC.match(words)
            and re.search(r"[A-Z]", words)
        ):
            yield start, start + len(words)
            return


def _reference(span: Span, sentence: str, after: int, item: int) -> Iterator[Fact]:
    match = REFERENCE.search(sentence, after)
    if match is None or REGISTRATION.search(match["ref"]):
        return
    words = match["ref"].rstrip(".,;:/-–")
    start = span.start + match.start("ref")
    yield Fact("ethics.reference", words, start, start + len(words), "approved-by", {}, item=item)
