"""Primary outcomes that prose names: `The primary end point was overall survival`, with the time point where told.

A sentence of results (`the primary outcome was met`, `was similar in both groups`) names none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from reviewkit.documents import fold
from reviewkit.language.facts import Fact, own_sentences
from reviewkit.language.sentences import Span, plain

OUTCOME = (
    r"(?:outcomes?|end\s?-?\s?points?|outcome\s+(?:measures?|variables?|parameters?|measurements?)|outcomes\s+measures?"
    r"|(?:efficacy|study|clinical)\s+(?:outcomes?|end\s?-?\s?points?|measures?|variables?|parameters?|criteri(?:on|a))"
    r"|(?:efficacy|outcome|safety|study)\s+(?:outcome|endpoint)\s+measures?|measures?|variables?)"
)
PRIMARY = (
    rf"(?:co-?\s?)?primary\s+(?:(?:and\s+secondary\s+)?(?:efficacy|clinical|study|trial|safety|composite"
    rf"|investigator-assessed|effectiveness|main|feasibility|patient-reported)\s+){{0,3}}"
    rf"{OUTCOME}"
)
MAIN = r"(?:main|principal)\s+(?:efficacy\s+|study\s+)?(?:outcomes?(?:\s+measures?)?|end\s?-?\s?points?)"
OF_TRIAL = (
    r"(?:\s+(?:of|in|for)\s+(?:the|this|our)\s+(?:present\s+|current\s+|main\s+|randomi[sz]ed\s+"
    r"|phase\s+\w+\s+)*(?:study|trial|analysis|phase)|\s+measured|\s+of\s+interest|\s+\([^()]{1,40}\)|\s+(?:of|in"
    r"|for)\s+(?:[\w\-,+/]+\s+){1,9}?(?:study|trial|analysis|groups?|comparison|phase|part))?"
)
IS = (
    r"(?:\s+(?:was|were|is|are|will\s+be|included|include|includes|will\s+include|comprised"
    r"|consisted\s+of)(?:\s+(?:defined\s+as|specified\s+as|set\s+as|chosen\s+as|to\s+be))?\s+(?:defined\s+as\s+"
    r"|to\s+(?:assess|evaluate|determine|compare|measure|test)\s+)?|\s*:\s*|,\s+defined\s+as\s+)"
)
NAMED = re.compile(
    rf"\b(?:the\s+|our\s+|two\s+|three\s+|both\s+|all\s+)*(?:{PRIMARY}|{MAIN}){OF_TRIAL}{IS}(?P<measure>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
NAMED_WITH = re.compile(
    rf"\bwith\s+(?:a|the)\s+{PRIMARY}\s+of\s+(?!the\s+(?:study|trial)|this)(?P<measure>\S.*)", re.IGNORECASE | re.DOTALL
)
# What stands behind a measure: `… was the primary end point`.
NAMED_AFTER = re.compile(
    rf"(?:,\s+which)?\s+(?:was|were|is|served\s+as|was\s+defined\s+as|was\s+chosen\s+as"
    rf"|was\s+considered|was\s+used\s+as|were\s+used\s+as)\s+"
    rf"(?:defined\s+as\s+|considered\s+|used\s+as\s+|selected\s+as\s+)?(?:the\s+"
    rf"|our\s+)+(?:{PRIMARY})\s*(?:of\s+(?:the|this)\s+(?:study|trial))?\s*(?:[.;,]|$)",
    re.IGNORECASE,
)
PRIMARY_WORD = re.compile(r"\bprimary\b", re.IGNORECASE)
BEFORE_PRIMARY, BEHIND_PRIMARY = 90, 200  # characters that NAMED_AFTER can reach on either side of the word
LONGEST_BEFORE = 200  # characters of a measure that stands before its name
MOST_TRIED = 20  # times that one sentence may say the word
# What begins like this says how the outcome came out, or how it was treated: it names no outcome.
RESULT = re.compile(
    r"(?:not|also|only|no|missed|fulfilled|according|significantly|statistically|similar|met|achieved|reached"
    r"|attained|available|missing|observed|seen|reported\s+(?:in|by|for|as)|"
    r"reported\s+previously|found|lower|higher|better|worse|greater|less|longer|shorter|improved|reduced|increased"
    r"|decreased|unchanged|comparable|noninferior|non-inferior|"
    r"superior|inferior|different|neutral|negative|positive|present(?:ed)?|published|described|summari[sz]ed|shown"
    r"|listed|given|provided|based|used|powered|pre-?specified\s*[.;,]|"
    r"met|unable|unaffected|driven|consistent|obtained|recorded|collected|measured|assessed|evaluated|determined"
    r"|calculated|estimated|computed|expressed|compared|analy[sz]ed|examined|tested|"
    r"modell?ed|adjudicated|tabulated|explored|investigated|monitored|ascertained|performed|conducted|derived|taken"
    r"|selected|chosen|considered|changed|amended|modified|revised|"
    r"the\s+same|as\s+follows\s*[:;]?\s*$|both|then|therefore|thus|in\s+favou?r|in\s+\d|in\s+the\s+\w+\s+group"
    r"|at\s+\d|on\s+the|an?\s+intention|by\s|\d+(?:[.·]\d+)?\s*(?:%|\(|months|days|weeks|versus|vs|±|mg)|"
    r"to\s+be\s|subject|submitted|completed|available|confirmed|entered|documented|stratified|log|too|well|very|more"
    r"|most|unlikely|likely|already|still|clearly|identical|"
    r"related|associated|due|accounted|done|carried|planned|powered|specified|registered|recruit|follow|of\s"
    r"|that\s+the\s+(?:study|trial))(?:\b|(?<=[(\s%±]))",
    re.IGNORECASE,
)
ENDS = re.compile(
    r"(?:[.;]\s|[.;]$|\s[-–—]\s(?=secondary)|,?\s+(?:and|while|whereas|with)\s+(?:the\s+|key\s+|a\s+|other\s+"
    r"|additional\s+|our\s+)*(?:(?:key|main|major)\s+)?"
    r"secondary\b|,?\s+secondary\s+(?:end|outcome)|,?\s+(?:which|and)\s+(?:was|were|is|are)\s+(?:analy|assess|evaluat"
    r"|measur|compar|calculat|determin|record|collect|defined|based|obtain|perform)"
    r"|,?\s+assuming\b|,?\s+which\s+(?:we|was|were|is|are)\b|,?\s+reported\s+elsewhere|\s+(?:by|using"
    r"|with)\s+(?:the\s+|an?\s+)?(?:intention|log-?rank|Cox|ANCOVA|ANOVA|mixed)"
    r"|\.\d{1,3}(?:[,–-]\d{1,3})*\s+(?=[A-Z])|,?\s+(?:analy[sz]ed|evaluated|compared)\s+(?:by|using|with|in"
    r"|according)|,?\s+as\s+(?:assessed|measured|determined|evaluated|judged|defined)\s+|,\s+(?:assessed|measured"
    r"|defined|evaluated|determined|calculated)\s+"
    r"|\s+(?:were|was|is|are|will\s+be)\s+(?:also\s+)?(?:secondary|assessed|measured|evaluated|recorded|analy[sz]ed"
    r"|compared|collected))",
    re.IGNORECASE,
)
DURATION = (
    r"(?:\d+(?:[.·]\d)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|eighteen|twenty-four"
    r"|24)(?:\s*(?:-|–|to|and|or)\s*\d+)?[\s-]*(?:weeks?|wks?|months?|mo\b|days?|years?|yrs?|hours?|hrs?|h\b"
    r"|min(?:utes?)?\b)"
)
TIME = re.compile(
    rf"\b(?P<lead>at|on(?=\s+(?:day|week|month)\b)|after|within|by|over|through|to|until|for|from\s+baseline\s+to"
    rf"|during)\s+(?P<time>(?:the\s+(?:first\s+)?)?(?:(?:week|month|day|year)s?\s+\d+(?:\s*(?:,|and|or|to|-"
    rf"|–)\s*\d+)*|{DURATION}(?:\s*,\s*\d+[\s-]*\w+)*"
    rf"(?:(?:,?\s+and|,)\s+(?:at\s+)?{DURATION})*(?:\s+(?:after|post|following|of|from)[\s-]?(?:the\s+)?(?:(?:end"
    rf"|start|completion|beginning)\s+of\s+(?:the\s+)?)?(?!and\b|in\b|or\b|by\b)[\w\-]+)?|(?:hospital\s+)?discharge"
    rf"|end\s+of\s+(?:the\s+)?(?:study|treatment|trial|therapy|intervention)"
    rf"|(?:\d+|one|two|three|six|twelve)-(?:week|month|day|year|hour)\b))",
    re.IGNORECASE,
)
PART_OF = re.compile(
    r"\b(?:in|of|for|on|to|with|from|by|regarding|concerning|and|as|than|between|our)\s+$", re.IGNORECASE
)
SENTENCE_BEFORE = re.compile(r".*\.\d{1,3}(?:[,–-]\d{1,3})*\s+(?=[A-Z])", re.DOTALL)  # "… arthroplasty.20 Morphine use"
LEADING = re.compile(
    r"^(?:\d[.,)]\s*|either\s+|defined\s+as\s+|that\s+of\s+|as\s+follows\s*:\s*|to\s+(?:assess|evaluate|determine|compare"
    r"|measure|test)\s+)+",
    re.IGNORECASE,
)
SHORTEST = 3  # letters of a measure
POINTS_BACK = re.compile(r"(?:this|it|which|that|these|there)\b", re.IGNORECASE)
MOST = 20  # primary outcomes of one trial; what names more is no report of one
LONGEST = 400  # characters of one outcome, at most


def outcome_facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """Primary outcomes, each once: measure, type PRIMARY and time point of `outcomes` under one item number."""
    chosen = own_sentences(text) if spans is None else spans
    found: list[Fact] = []
    measures: list[str] = []
    for span in chosen:
        sentence = plain(text[span.start : span.end])
        if (
            "primary" not in sentence.casefold()
            and "main" not in sentence.casefold()
            and "principal" not in sentence.casefold()
        ):
            continue
        for start, end in _measure(sentence):
            words = fold(text[span.start + start : span.start + end])
            if len(measures) == MOST or _known(words, measures):
                continue
            measures.append(words)
            found += _facts(text, span.start + start, span.start + end, len(measures))
    return found


def _measure(sentence: str) -> Iterator[tuple[int, int]]:
    """Where the sentence names a primary outcome."""
    match = NAMED_WITH.search(sentence) or NAMED.search(sentence)
    if match and match.re is NAMED and PART_OF.search(sentence[: match.start()]):
        return  # "no difference in the primary outcome: …"
    if match:
        start = match.start("measure")
        lead = LEADING.match(sentence[start:])
        start += lead.end() if lead else 0
        if RESULT.match(sentence, start):
            return
        ends = ENDS.search(sentence, start)
        end = _without_mark(sentence, start, ends.start() if ends else len(sentence))
        if 1 < end - start <= LONGEST and re.search(r"[^\W\d_]{2}", sentence[start:end]):
            yield start, end
        return
    if named := _named_after(sentence):
        words = sentence[slice(*named)]
        before = SENTENCE_BEFORE.match(words)
        start = named[0] + (before.end() if before else 0)
        start += len(sentence[start : named[1]]) - len(sentence[start : named[1]].lstrip())
        words = sentence[start : named[1]]
        if words.count("(") == words.count(")"):
            yield start, named[1]


def _named_after(sentence: str) -> tuple[int, int] | None:
    """Where the measure stands in `overall survival was the primary end point`."""
    for word in islice(PRIMARY_WORD.finditer(sentence), MOST_TRIED):
        around = max(0, word.start() - BEFORE_PRIMARY), word.end() + BEHIND_PRIMARY
        if tail := NAMED_AFTER.search(sentence, *around):
            start = max(0, tail.start() - LONGEST_BEFORE)
            start += max(sentence[start : tail.start()].rfind(mark) for mark in ";:") + 1
            words = sentence[start : tail.start()]
            is_name = len(words) >= SHORTEST and not POINTS_BACK.match(words.strip())
            return (start, tail.start()) if is_name else None
    return None


def _without_mark(sentence: str, start: int, end: int) -> int:
    words = re.sub(r"\s+and\s+\d$", "", sentence[start:end].rstrip(" .;,:"))  # "1. pain and 2. sleep"
    if words.count("(") > words.count(")"):
        words = words[: words.rindex("(")].rstrip(" .;,:")
    if words.endswith(")") and words.count(")") > words.count("("):
        words = words[:-1]
    return start + len(words)


def _known(words: str, measures: list[str]) -> bool:
    """Was this outcome named before, in other words of the same?"""
    said = set(re.findall(r"[^\W\d_]{3,}", words.casefold()))
    for measure in measures:
        before = set(re.findall(r"[^\W\d_]{3,}", measure.casefold()))
        if said and len(said & before) >= 0.6 * min(len(said), len(before)):
            return True
    return False


def _facts(text: str, start: int, end: int, item: int) -> Iterator[Fact]:
    words = text[start:end]
    times = list(TIME.finditer(words))
    last = times[-1] if times else None
    ends_it = last is not None and last.end() == len(words) and last.start() > 3
    measured = (
        start + last.start()
        if last and ends_it and last["lead"].split()[0].lower() not in {"to", "until", "through", "from"}
        else end
    )
    measured = start + len(text[start:measured].rstrip(" ,;"))
    yield Fact("outcomes.measure", fold(text[start:measured]), start, measured, "primary-outcome", {}, item=item)
    yield Fact("outcomes.type", "PRIMARY", start, measured, "primary-outcome", {"as_written": "primary"}, item=item)
    if last and len(times) == 1:
        begin, stop = start + last.start("time"), start + last.end("time")
        stop = begin + len(text[begin:stop].rstrip())
        yield Fact("outcomes.timepoint", fold(text[begin:stop]), begin, stop, "primary-outcome", {}, item=item)
