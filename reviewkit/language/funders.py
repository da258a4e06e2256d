"""Who paid for a trial, by name: `This study was funded by the Example Trust and Example Pharma Ltd (grant 12/34)`.

Only organisations are named; a list is cut where each part can stand for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewkit.documents import fold
from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span, plain

SUBJECT = r"(?:study|trial|work|research|project|investigation|program(?:me)?|authors?|we|publication|article)"
FUNDED = re.compile(
    rf"(?:\b{SUBJECT}\s+(?:[\w\-]+\s+){{0,3}}?(?:was|were|is|are|has\s+been)\s+(?:[\w\-]+\s+){{0,2}}?|^\W*"
    rf"|\bfunding\s+(?:was|is|were)\s+|\bfinancial\s+support\s+(?:was|were)\s+)"
    r"(?:funded|supported|financed|sponsored|provided|received|obtained)(?:\s+(?:in\s+part|entirely|financially"
    r"|solely|wholly|fully|partly|partially|jointly))?\s+"
    r"(?:by|through|from)\s+(?P<list>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
SECTION = re.compile(
    r"^\s*(?:(?:funding|support(?:ed\s+by)?|funded\s+by|financial\s+support)\s*[:.]?\s+)?(?P<list>[A-Z\"“].*)",
    re.DOTALL,
)
# The list ends where the sentence turns to something else.
ENDS = re.compile(
    r"[.;]\s|[.;]?\s*$|;\s*(?:ClinicalTrials|Current|ISRCTN|number)|,?\s+(?:which|who|whose|that|to\s+[A-Z]{1,3}\b"
    r"|under\s+(?:the|award|grant|contract)|through\s|and\s+(?:supported|funded)\s+by|as\s+part\s+of|and\s+(?:was"
    r"|were|is|by\s+the\s+authors)|"
    r"and\s+others|for\s+(?:the|this|their)|with\s+(?:additional|support|no|the)|via|within\s+the|in\s+the\s+(?:form"
    r"|framework)|had\s+no|did\s+not|played\s+no)\b",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"^(?:[\s,;&]|and\b|by\b|the\b|an?\b|(?:unrestricted|educational|research|project|program|generous|institutional"
    r"|financial|partial|additional|intramural|operating|personal|individual|investigator-initiated|core|joint"
    r"|several|small|public|seed)\b\s*"
    r"|(?:grants?|funds?|funding|awards?|support|donations?|contracts?|fellowships?|scholarships?|resources"
    r"|monies)(?:[-\s]+in-?aid)?(?:\s*(?:numbers?|nos?\.?|#)?\s*:?\s*[A-Z0-9][\w/.\-]*\d[\w/.\-]*(?:\s*(?:,|and"
    r"|&)\s*[A-Z0-9][\w/.\-]*\d[\w/.\-]*)*)?(?:\s*\([^()]*\))?\s*(?:from|of|by|to\s+[A-Z.]{1,5}\s+from|provided\s+by"
    r"|:)\s*)+",
    re.IGNORECASE,
)
BRACKET = re.compile(r"\s*[(\[][^()\[\]]*[)\]]?")
NUMBERED = re.compile(
    r",?\s*(?:\b(?:grants?|awards?|contracts?|project|reference|ref)\b\s*(?:numbers?|nos?\.?|codes?|#)?"
    r"|\b(?:numbers?|nos?\.|#))\s*:?\s*(?=\S*\d)[A-Z0-9].*$",
    re.IGNORECASE | re.DOTALL,
)
ORGANISATION = re.compile(
    r"\b(?:foundations?|trust|councils?|institut\w*|stiftelse\w*|universit\w+|ministry|ministries|department|agency"
    r"|agencies|funds?|society|associations?|inc\b|ltd\b|limited|llc|gmbh|ag\b|plc|s\.?p\.?a|"
    r"pharm\w*|therapeutics|biotech\w*|laborator\w+|hospitals?|cent(?:re|er)s?|compan\w+|corp\w*|program(?:me)?s?"
    r"|research|union|commission|boards?|organi[sz]ations?|bank|government|college|school|"
    r"network|service|administration|academy|authority|committee|stiftung|fonds|nih|nihr|mrc|nhs|who|usaid|cihr|nhmrc"
    r"|health|cancer|bureau|office|initiative|charity|science|consortium|group|"
    r"novartis|pfizer|roche|merck|sanofi|astrazeneca|bayer|gsk|glaxosmithkline|novo\s+nordisk|eli\s+lilly|lilly"
    r"|abbvie|abbott|amgen|takeda|boehringer|johnson|janssen|gilead|genentech|bristol|servier|"
    r"astellas|daiichi|eisai|otsuka|sponsor|medical|medtronic|division|faculty|vice\s+chancellor|chancellor)\b",
    re.IGNORECASE,
)
ACRONYM = re.compile(r"^[A-Z][A-Z&\-]{1,9}$")
SUFFIX = re.compile(
    r"(?:Inc|Ltd|LLC|L\.L\.C|GmbH|Co|Corp|plc|AG|S\.?p\.?A|Limited|S\.?A|KG|BV|B\.V)\b[.,]*\s*(?:Ltd)?\.?$"
)
CUT = re.compile(r"\s*;\s*(?:and\s+)?|\s*,\s*(?:and\s+)?(?:by\s+)?|(?<!\bBill)\s+(?:and|&)\s+(?:by\s+)?(?=the\b|[A-Z])")
NOBODY = re.compile(
    r"\b(?:no\s+(?:one|funding|external)|not\s+funded|none|nil|own\s+resources|the\s+authors?(?:\s+themselves)?"
    r"|self-?funded|any)\b",
    re.IGNORECASE,
)


def funder_facts(text: str, spans: Iterable[Span] | None = None, headed: Iterable[Span] = ()) -> list[Fact]:
    """`funders.name` for each organisation that sentences of this trial, or a part headed Funding, say paid for it."""
    chosen = list(own_sentences(text) if spans is None else spans)
    found: list[Fact] = []
    seen: set[str] = set()
    inside = [tuple(part) for part in headed]
    for span in chosen:
        in_part = any(start <= span.start < end for start, end in inside)
        for start, end in _names(plain(text[span.start : span.end]), in_part=in_part):
            name = fold(text[span.start + start : span.start + end])
            if name.casefold() not in seen:
                seen.add(name.casefold())
                found.append(
                    Fact(
                        "funders.name", name, span.start + start, span.start + end, "funded-by", {}, item=len(found) + 1
                    )
                )
    return found


def _names(sentence: str, *, in_part: bool) -> Iterator[tuple[int, int]]:
    match = FUNDED.search(sentence)
    if match is None and in_part and len(sentence) < 300:
        match = SECTION.match(sentence)
        if match and re.search(r"\b(?:was|were|is|are|has|had|have|received|role|no)\b", match["list"]):
            return
    if match is None:
        return
    start = match.start("list")
    ends = ENDS.search(sentence, start)
    for begin, end in _parts(sentence, start, ends.start() if ends else len(sentence)):
        if trimmed := _trimmed(sentence, begin, end):
            yield trimmed


def _parts(sentence: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The list cut at commas and `and`, where both sides are names of their own."""
    words = BRACKET.sub(lambda match: " " * len(match[0]), sentence[start:end])
    begin = 0
    for match in CUT.finditer(words):
        left, right = words[begin : match.start()], words[match.end() :]
        following = CUT.split(right, maxsplit=1)[0]
        if _stands_alone(left) and _stands_alone(following):
            yield start + begin, start + match.start()
            begin = match.end()
    yield start + begin, start + len(words)


def _stands_alone(words: str) -> bool:
    bare = LEAD.sub("", words.strip())
    if SUFFIX.match(bare):
        return False
    return bool(ORGANISATION.search(bare) or ACRONYM.match(bare)) and bool(re.search(r"[A-Z]", bare))


def _trimmed(sentence: str, start: int, end: int) -> tuple[int, int] | None:
    """A name without what leads to it and the numbers behind it; None for what names no organisation."""
    words = sentence[start:end]
    lead = LEAD.match(words)
    start += lead.end() if lead else 0
    words = BRACKET.sub(lambda match: " " * len(match[0]), sentence[start:end])
    if number := NUMBERED.search(words):
        words = words[: number.start()]
    words = words.rstrip(" ,;.\n")
    start += len(words) - len(words.lstrip())
    words = words.strip()
    if not (3 <= len(words) <= 150) or NOBODY.search(words) or not re.match(r"[\"“'A-ZÀ-Ý]", words) or "http" in words:
        return None
    if not ORGANISATION.search(words) and not ACRONYM.match(words) and len(words.split()) > 4:
        return None
    # A name that goes on behind a bracket is quoted up to the bracket.
    shown = sentence[start : start + len(words)]
    return start, start + len(shown.split("(")[0].rstrip(" ,;")) if "(" in shown else start + len(words)
