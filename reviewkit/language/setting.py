"""Where a trial recruited: the countries and the kind of place, as sentences about recruiting or conducting it say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from reviewkit.countries import CATALOGUE, country_code
from reviewkit.documents import fold
from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span, plain

DONE = re.compile(
    r"\b(?:conducted|carried\s+out|performed|undertaken|undertook|took\s+place|done|recruited|enrol+ed|enrolling"
    r"|randomi[sz]ed|randomly|included|took\s+part|participated|participating|"
    r"recruitment|multi-?\s?cent(?:re|er)\w*|single-?\s?cent(?:re|er)\w*|run|set\s+in|attending|admitted|presenting"
    r"|referred|treated|identified|screened|eligible|trial|study|visited|seen|setting)\b",
    re.IGNORECASE,
)
PLACE = re.compile(
    r"\b(?:multi-?\s?cent(?:re|er)\w*|cent(?:re|er)s?|sites?|hospitals?|clinics?|practices?|units?|schools?|villages?|communit\w+|universit\w+"
    r"|institut\w+|departments?|wards?|facilit\w+|countries|districts?|cit(?:y|ies)|colleges?|"
    r"general\s+practi\w+|primary\s+care|pharmac\w+|homes?|camps?|regions?|provinces?|counties|areas?|households?)\b",
    re.IGNORECASE,
)
IN = re.compile(
    r"\b(?:in|across|from|throughout|within|(?:regions?|parts?|areas?|provinces?|states?|districts?|cities|villages"
    r"|cent(?:re|er)s?)\s+of)\s+(?:the\s+|both\s+|rural\s+|urban\s+|northern\s+|southern\s+|eastern\s+|western\s+"
    r"|central\s+|mainland\s+|\d+\s+(?:countries|cent\w+|sites|hospitals)\s+(?:in|across)\s+(?:the\s+)?)*$",
    re.IGNORECASE,
)
# Names that are also a person's, a state's or an illness's: only with more beside them than a comma.
AMBIGUOUS = {
    "georgia",
    "jordan",
    "chad",
    "guinea",
    "turkey",
    "jersey",
    "niger",
    "man",
    "us",
    "no",
    "togo",
    "mali",
    "monaco",
    "panama",
    "cuba",
    "reunion",
}
SHORT = {"UK", "USA", "US", "U.S.", "U.S.A.", "U.K.", "UAE", "England", "Scotland", "Wales", "Northern Ireland"}
PARTS = {"England": "GB", "Scotland": "GB", "Wales": "GB", "Northern Ireland": "GB"}
ITS_PLACES = re.compile(
    r"\s+(?:[a-z\-]+\s+){0,2}?(?:cent(?:re|er)s|hospitals|sites|clinics|practices)\b"
)  # "40 US clinical centres"
NOT_RECRUITING = re.compile(
    r"\b(?:funded|supported\s+by|sponsored\s+by|ethics|ethical|approved\s+by|review\s+board|grants?\s+from)\b",
    re.IGNORECASE,
)
REGION = re.compile(r"\b(?:in|across|from)\s+(?:[A-Z][\w\-]+\s+){1,3}\(\s*$")
NOT_HERE = re.compile(
    r"\b(?:manufactur\w+|purchased|supplied|obtained\s+from|software|version|inc|ltd|gmbh|corp|company|born|native"
    r"|ancestry|guidelines?|approved\s+by|registered|regist(?:ry|er)|ethics|prevalence|incidence|"
    r"population\s+of|census|currency|dollars?|insurance|legislation|law|funded|grant|supported|published|previous"
    r"|similar|other\s+countries|developed\s+countries|developing)\b",
    re.IGNORECASE,
)
SETTING = (
    r"(?:hospitals?|clinics?|cent(?:re|er)s?|departments?|units?|universit(?:y|ies)|practices?|schools?|villages?"
    r"|communit(?:y|ies)|nursing\s+homes?|wards?|primary\s+care|general\s+practices?|"
    r"facilit(?:y|ies)|institut(?:e|es|ion|ions)|sites?|offices?|pharmacies|households?|homes|prisons?|workplaces?"
    r"|kindergartens?|colleges?|infirmary)"
)
RECRUITED_AT = re.compile(
    r"\b(?:conducted|carried\s+out|performed|undertaken|took\s+place|done|recruited|enrol+ed|identified|selected"
    r"|set)\s+(?:(?:between|from|during|in)\s+[^,;]{4,40}?\d{4},?\s+)?"
    rf"(?P<prep>at|in|from|within|through)\s+(?P<place>(?:(?!\b(?:which|who|whom|that|with|were|was|between|during"
    rf"|for|after|before|to|by|using|accordance|compliance|order|patients|women|men|children|adults|participants|"
    rf"subjects|whom|accord|agreement|line|triplicate|duplicate|parallel|January|February|March|April|May|June|July"
    rf"|August|September|October|November|December)\b)[^.;()]){{0,110}}?\b{SETTING}\b(?:(?!\b(?:which|who|that|were"
    rf"|was|"
    r"between|during|from|after|before|to|by|using|via|through|located|with|for|we|patients|women|men|adults"
    r"|participants|enrol\w*|and\s+(?:was|were|randomly|randomi[sz]ed|included))\b)[^.;()\d]){0,80})",
    re.IGNORECASE,
)


# "two centres" counts, it does not tell what kind of place; "this single-centre study" is no place.
NO_SETTING = re.compile(
    r"^(?:this|our|the\s+present|the\s+current|the\s+remaining|remaining|staff)\b|\b(?:study|trial)$|^(?:an?\s+"
    r"|the\s+)?(?:[\w\-]+\s+){0,2}"
    r"(?:study\s+|trial\s+|participating\s+)?(?:cent(?:re|er)s?|sites?|institut\w+)\W*$|\b(?:the\s+(?:same|other)"
    r"|each)\b",
    re.IGNORECASE,
)
NO_RECRUITING = re.compile(
    r"\b(?:controls?|(?:can|could|may)\s+(?:also\s+)?be|assessments?|visits?|samples?|scans?|tests?|measurements?"
    r"|interviews?|randomi[sz]ation\s+was|surger\w+|procedures?|sessions?|interventions?)\b",
    re.IGNORECASE,
)


@cache
def _names() -> re.Pattern:
    """Every English name of a country, the longest first."""
    import csv

    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {name for row in rows for name in [row["name"], *row["variants"].split("; ")] if len(name) > 3}
    listed = sorted({*names, *SHORT}, key=len, reverse=True)
    return re.compile(
        r"(?<![\w\-])(?:" + "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in listed) + r")(?![\w\-])"
    )


def setting_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """`countries` (ISO 3166-1 alpha-2) and `recruitment.setting`, each once, in order of place."""
    chosen = list(own_sentences(text) if spans is None else spans)
    found: list[Fact] = []
    seen: set[str] = set()
    for span in chosen:
        sentence = plain(text[span.start : span.end])
        for code, start, end in _countries(sentence):
            if code not in seen:
                seen.add(code)
                words = {"as_written": fold(sentence[start:end])}
                found.append(
                    Fact("countries", code, span.start + start, span.start + end, "country", words, item=len(seen))
                )
        found += _setting(text, span, sentence)
    settings = [fact for fact in found if fact.field == "recruitment.setting"]
    return [fact for fact in found if fact.field == "countries" or fact is settings[0]]


def _countries(sentence: str) -> Iterator[tuple[str, int, int]]:
    if not (DONE.search(sentence) and PLACE.search(sentence)) or NOT_RECRUITING.search(sentence):
        return
    listed = -1  # where the last country of a list ended
    for match in _names().finditer(sentence):
        name = " ".join(match[0].split())
        before = sentence[max(0, match.start() - 60) : match.start()]
        in_region = REGION.search(before)
        if _depth(sentence, match.start()) and listed < 0 and not in_region:
            continue
        in_list = listed >= 0 and re.fullmatch(
            r"(?:\s*\(?\d*\)?\s*,?\s*(?:and|or)?\s*(?:the\s+)?)", sentence[listed : match.start()]
        )
        after_place = re.search(r"[A-Z][\w.\-]+,\s*$", before) and PLACE.search(
            sentence[max(0, match.start() - 120) : match.start()]
        )
        if not (
            in_list or in_region or ITS_PLACES.match(sentence, match.end()) or IN.search(before) or after_place
        ) or NOT_HERE.search(sentence[max(0, match.start() - 100) : match.end() + 30]):
            continue
        if (
            name.casefold() in AMBIGUOUS
            and not ITS_PLACES.match(sentence, match.end())
            and not in_list
            and (name == "Georgia" or not re.search(r"\b(?:in|across)\s+$", before))
        ):
            continue
        code = PARTS.get(name) or country_code(name)
        listed = match.end()
        yield code, match.start(), match.end()


def _depth(sentence: str, at: int) -> int:
    return max(0, sentence.count("(", 0, at) - sentence.count(")", 0, at))


def _setting(text: str, span: Span, sentence: str) -> Iterator[Fact]:
    match = RECRUITED_AT.search(sentence)
    if match is None or NO_RECRUITING.search(sentence[max(0, match.start() - 60) : match.end("prep")]):
        return
    if NOT_HERE.search(match["place"]) or re.search(
        r"\b(?:analys|measur|laborator|assay|software)",
        sentence[max(0, match.start() - 60) : match.end("place")],
        re.IGNORECASE,
    ):
        return
    start = span.start + match.start("place")
    words = text[start : span.start + match.end("place")]
    if re.match(r"\w", text[span.start + match.end("place") :]):
        words = words.rsplit(" ", 1)[0]
    words = words.rstrip(" ,;:–-")
    words = re.sub(r"(?:,?\s+(?:and|in|at|of|the|from|a))+$", "", words)
    if NO_SETTING.search(words):
        return
    yield Fact("recruitment.setting", fold(words), start, start + len(words), "setting", {})
