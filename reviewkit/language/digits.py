"""Allocation by the digits of a number: which digits a text names for the arms, and which it forgets.

Reads forms such as `last digit is 2, 4, 6 … 1, 3, 5`, `ending in 0-4 … 5-9`, `digits 1 to 3 / 4 to 6 / 7 to 9` and
`even numbers … odd numbers`, in digits of any script. Rules on more than one digit (00-49) are not read.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from reviewkit.dates import latin_digits
from reviewkit.kinds import NUMBER_WORDS

ALL = frozenset(range(10))
PARITY = {"even": (0, 2, 4, 6, 8), "odd": (1, 3, 5, 7, 9)}

ANCHOR = re.compile(
    r"""
    (?<!-)(?<!\d\ )(?<!two\ )(?<!three\ )(?<!four\ )(?<!five\ )\bdigits?\b   # the last digit, not: a 4-digit code
    | \b(?:end(?:s|ed|ing)?|terminat\w+|finish\w*)\s+(?:in|with|by|on|at)\b  # a number ending in
    | \brandom[ -]numbers?\s+tables?\b | \btables?\s+of\s+random\s+\w+       # a table of random numbers
    | \bunits?\s+(?:place|position|column)\b
    """,
    re.VERBOSE,
)
# One digit or a range of digits that is no part of a longer number, decimal, percentage, ratio or word.
ELEMENT = r"\d(?:\s*(?:-|–|—|−|\bto\b|\bthrough\b|\btill?\b|\buntil\b)\s*\d(?!\d))?"
DIGITS = re.compile(
    rf"(?<![\w.:%-])(?<!\d,)(?P<digits>{ELEMENT}(?:\s*(?:,\s*(?:and|or|&)?|،\s*|/|&|\band\b|\bor\b|(?=\s\d\b))\s*{ELEMENT})*)"
    r"(?![\w%]|:\d|[.,]\d|-[a-z])",
)
# `even`, `odd` as properties of a number: even-numbered, odd file numbers, if it is even, an odd one.
PARITY_WORD = re.compile(
    r"""
    \b(?P<parity>even|odd)\b(?:
        -?\s?numbered\b
        | (?:\s+[\w']+){0,3}?\s+(?:numbers?|digits?|codes?|ids?|ones)\b         # even file numbers
        | (?<=(?:is|if)\s(?:odd))(?!\w) | (?<=(?:is|if)\seven)(?=\s*[,;:.)=]|\s+(?:to|will|were|was|go|they|the)\b)
        | \s*(?=[,;:.)=]|$|\(|→|->)
        | \s+(?=(?:to|for|will|were|was|go|goes|went|in\s+the|into|they|the\s+patient|the\s+participant)\b)
    )
    """,
    re.VERBOSE,
)
BOTH = re.compile(r"\b(?:odd|even)\b\s*(?:,|and|or|/|-|&|versus|vs\.?)\s*\b(?:odd|even)\b")
NUMBER_TALK = re.compile(r"\b(?:digits?|numbers?|numbered|codes?)\b")

GIVES = re.compile(
    r"assign|allocat|receiv|group|\barms?\b|plac|enter|\bput\b|giv|\bgo(?:es)?\b|went|interven|control|treat|experiment|"
    r"\bdrug|→|->|=|divid|select"
)
MEASURE_AFTER = re.compile(
    r"\s*-?\s*(?:digits?|mg|ml|cc|kg|g|mcg|µg|%|groups|arms|patients?|participants?|subjects?|people|persons?|cases|"
    r"days?|weeks?|months?|years?|hours?|minutes?|times?|doses?|visits?|blocks?|stages?|sites?|cent(?:er|re)s|strata)\b"
)
LABEL_BEFORE = re.compile(
    r"\b(?:groups?|arms?|blocks?|sizes?|days?|weeks?|months?|visits?|phases?|grades?|scores?|stages?|steps?|tables?|"
    r"figures?|ratio|doses?|class|types?|levels?|ages?|aged|version|least|most)\s*(?:of|no\.?|number)?\s*$"
)
NAMED_GROUP_BEFORE = re.compile(
    r"\b(?:intervention|control|treatment|placebo|experimental|case|test|study|drug|first|second|third)\s+(?:group|arm)s?\s*$"
)
FILLER = re.compile(
    r"(?:[\W_]|\b(?:is|are|was|were|be|being|of|the|a|an|numbers?|codes?|in|with|from|between|either|equal|to|includ\w+|"
    r"one|their|its|as|that|which|or|if|ids?|file|record|card|national|patients?|hospital|medical|it|for|random|has|have|"
    r"had|s)\b)*"
)
PASSED_OVER = re.compile(
    r"ignor|skip|discard|disregard|omit|left out|not\s+(?:be\s+)?(?:used|considered|counted)|passed over|repeat"
)
REST = re.compile(
    r"\botherwise\b|\b(?:the\s+)?others\b(?!\s+group)|\b(?:the\s+)?(?:rest|remainder)\b|\bremaining\b(?!\s+group)|"
    r"\b(?:any|all|the)?\s*other\s+(?:digits?|numbers?|codes?|patients|participants|cases|ones|values?)\b"
)
# An arm by its letter, number or rank, or by what it is: one word for the treated, one for the compared.
ARM = re.compile(
    r"\b(?:group|arm)\s+(?P<letter>[a-j]|i{1,3}|one|two|three)\b|\b(?P<rank>first|second|third)\s+(?:group|arm)\b|"
    r"(?P<treated>interven|experiment|treatment|\btest\b|\bdrug\b|\bactive\b|\b(?:case|study)\s+group)|"
    r"(?P<compared>control|placebo|comparison|sham|standard|usual)"
)
WORDS = {word: str(digit) for digit, word in enumerate(NUMBER_WORDS) if digit < 10}
WORD_LIST = re.compile(
    rf"\b(?:{'|'.join(WORDS)})\b(?:\s*(?:,|\bto\b|\band\b|\bor\b|-|–|/)+\s*(?:and |or )?(?:{'|'.join(WORDS)})\b)+"
)
EVEN_AND_ZERO = re.compile(r"\beven (?:or|and) (?:zero|0)\b|\b(?:zero|0) (?:or|and) even\b")
NUMBERED_GROUP = re.compile(r"(?P<noun>\b(?:group|arm|stage|phase|week|day|visit)\s+)(?P<digit>\d)\b")
REACH = 60  # characters on either side of a list of digits in which an arm is looked for


class Mention(NamedTuple):
    """Digits named together: as written (with repetitions), where, and the arm they go to if it is named."""

    digits: tuple[int, ...]
    start: int
    end: int
    arm: str | None = None


class DigitRule(NamedTuple):
    """A rule by digits: the digits named for the arms, a set a mention; those in no arm; those in more than one."""

    sets: tuple[tuple[int, ...], ...]
    unassigned: tuple[int, ...]
    doubled: tuple[int, ...]


def allocation_by_digits(text: str) -> DigitRule | None:
    """The rule by which a text sends digits to arms, or None if it states none.

    >>> allocation_by_digits("Last digit 2, 4, 6, 8: drug group; last digit 1, 3, 5, 7: control group.").unassigned
    (0, 9)
    """
    plain = _without_group_numbers(_words_as_digits(latin_digits(text).lower()))
    mentions = _mentions(plain)
    given = [mention for mention in mentions if not PASSED_OVER.search(_after(plain, mention, mentions))]
    named = {digit for mention in given for digit in mention.digits}
    if len(named) < 2:
        return None
    passed_over = {digit for mention in mentions if mention not in given for digit in mention.digits}
    left = () if REST.search(plain) else tuple(sorted(ALL - named - passed_over))
    kept = _without_repetitions([mention._replace(arm=_arm(plain, mention, mentions)) for mention in given])
    return DigitRule(tuple(mention.digits for mention in kept), left, _doubled(kept))


def _words_as_digits(text: str) -> str:
    """The text with lists of number words (`zero to four`, `two, four and six`) in digits."""
    listed = WORD_LIST.sub(lambda match: re.sub(r"[a-z]+", lambda word: WORDS.get(word[0], word[0]), match[0]), text)
    return EVEN_AND_ZERO.sub("even", listed)


def _without_group_numbers(text: str) -> str:
    """The text with the digit of `group 1` as a letter, same length: it names an arm and is no digit of the rule."""

    def lettered(match: re.Match) -> str:
        listed = re.match(r"\s*,\s*\d\s*,", text[match.end() :])
        if listed and NAMED_GROUP_BEFORE.search(text[: match.start("digit")].rstrip()):
            return match[0]  # control group 1, 3, 5
        return match["noun"] + "abcdefghij"[int(match["digit"])]

    return NUMBERED_GROUP.sub(lettered, text)


def _mentions(text: str) -> list[Mention]:
    """All lists of digits and words of parity that the text uses to allocate, in order."""
    parity = _parity_mentions(text)
    anchors = [match.end() for match in ANCHOR.finditer(text)]
    lists = [
        Mention(_digits(text, match), match.start("digits"), match.end("digits"))
        for match in DIGITS.finditer(text)
        if (anchors or parity) and _allocates(text, match, anchors)
    ]
    # `even digits (2, 4, 6, 8)`: the list says what the word means.
    spelt = [
        p for p in parity if not any(0 <= m.start - p.end <= 12 and "(" in text[p.end : m.start + 1] for m in lists)
    ]
    found = sorted([*lists, *spelt], key=lambda mention: mention.start)
    if not found and NUMBER_TALK.search(text) and (both := BOTH.search(text)):
        return [Mention(tuple(sorted(ALL)), *both.span())]
    return found


def _parity_mentions(text: str) -> list[Mention]:
    if not NUMBER_TALK.search(text):
        return []
    alone = BOTH.sub(lambda match: " " * len(match[0]), text)
    return [Mention(PARITY[match["parity"]], *match.span("parity")) for match in PARITY_WORD.finditer(alone)]


def _digits(text: str, match: re.Match) -> tuple[int, ...]:
    """The digits of a list: `0-3, 5` is 0, 1, 2, 3, 5; `between 0 and 4` is a range too."""
    words = match["digits"]
    if re.search(r"\bbetween\s*$", text[: match.start()]) and (ends := re.fullmatch(r"(\d)\s*and\s*(\d)", words)):
        words = f"{ends[1]}-{ends[2]}"
    digits: list[int] = []
    for element in re.finditer(ELEMENT, words):
        ends_of_range = [int(digit) for digit in re.findall(r"\d", element[0])]
        digits.extend(range(ends_of_range[0], ends_of_range[-1] + 1))
    return tuple(digits)


def _allocates(text: str, match: re.Match, anchors: list[int]) -> bool:
    """Does this list of digits belong to the rule: straight after `digit`, or two and more of them beside an arm?"""
    before, after = text[: match.start("digits")], text[match.end("digits") :]
    nearest = max((anchor for anchor in anchors if anchor <= len(before)), default=None)
    if nearest is not None and FILLER.fullmatch(before[nearest:]) and not re.match(r"\s*-?\s*digits?\b", after):
        return True
    label = LABEL_BEFORE.search(before) and not NAMED_GROUP_BEFORE.search(before)
    if label or MEASURE_AFTER.match(after):
        return False
    near = _sentence_end(before[-REACH:]) + " | " + _sentence_start(after[:REACH])
    several = len(re.findall(r"\d", match["digits"])) > 1
    return bool(PASSED_OVER.search(near) or (several and GIVES.search(near)))


def _sentence_end(text: str) -> str:
    return re.split(r"[.!?]\s", text)[-1]


def _sentence_start(text: str) -> str:
    return re.split(r"[.!?](?:\s|$)", text)[0]


def _after(text: str, mention: Mention, mentions: list[Mention]) -> str:
    """The words between a mention and the next one, within its sentence."""
    following = min((other.start for other in mentions if other.start > mention.start), default=len(text))
    return _sentence_start(text[mention.end : min(following, mention.end + REACH)])


def _arm(text: str, mention: Mention, mentions: list[Mention]) -> str | None:
    """The arm named after a mention, else before it: a word that tells arms apart, or None."""
    if match := ARM.search(_after(text, mention, mentions)):
        return _arm_name(match)
    previous = max((other.end for other in mentions if other.end <= mention.start), default=0)
    before = list(ARM.finditer(_sentence_end(text[max(previous, mention.start - REACH) : mention.start])))
    return _arm_name(before[-1]) if before else None


def _arm_name(match: re.Match) -> str:
    return match["letter"] or match["rank"] or str(match.lastgroup)


def _without_repetitions(mentions: list[Mention]) -> list[Mention]:
    """The mentions without those that state a part of the rule again."""
    kept: list[Mention] = []
    for mention in mentions:
        if not any(_repeats(mention, other, adjacent=other is kept[-1]) for other in kept):
            kept.append(mention)
    return kept


def _repeats(mention: Mention, other: Mention, *, adjacent: bool) -> bool:
    """Does `mention` say again what `other` said? Two like lists in a row are two arms, unless they name one arm."""
    if set(mention.digits) != set(other.digits):
        return mention.arm is not None and mention.arm == other.arm and set(mention.digits) < set(other.digits)
    if mention.arm == other.arm:
        return mention.arm is not None or not adjacent
    return not adjacent and None in (mention.arm, other.arm)


def _doubled(mentions: list[Mention]) -> tuple[int, ...]:
    times = Counter(digit for mention in mentions for digit in mention.digits)
    return tuple(sorted(digit for digit, number in times.items() if number > 1))
