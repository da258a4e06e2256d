"""How findings word numbers, dates, codes and lists, so that every check speaks alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reviewkit.fields import catalogue
from reviewkit.model import Value

KIND_WORDS = {"ACTUAL": "actual", "ANTICIPATED": "planned", "UNKNOWN": "undeclared"}
COUNT_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 day`, `1,438 days`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def listed(words: Iterable[object], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, final = map(str, words)
    return f"{', '.join(first)} {last} {final}" if first else final


def in_words(member: str) -> str:
    """A member of a vocabulary as prose: `OUTCOMES_ASSESSOR` as `outcomes assessor`, `PHASE2` as `phase 2`."""
    return re.sub(r"(?<=phase)(?=\d)", " ", member.lower().replace("_", " "))


def title(value: Value) -> str:
    """Our title of a value's field, in the middle of a sentence: `registration date`."""
    words = catalogue()[value.field].title
    return words[0].lower() + words[1:]


def kind_of(value: Value) -> str:
    """Whether a date has happened: a member of Actuality; UNKNOWN where the source does not say."""
    return value.detail.get("kind") or "UNKNOWN"


def dated(value: Value) -> str:
    """A date with its kind and field: `the planned first enrolment (2020-12-05)`."""
    kind = kind_of(value)
    return f"the {'' if kind == 'UNKNOWN' else KIND_WORDS[kind] + ' '}{title(value)} ({value.value})"


def amount(number: float) -> str:
    """A dose: `300`, `0.25`, and from a million on `1.0 × 10⁹`."""
    if abs(number) < 1e6:
        return f"{number:,.10g}"
    mantissa, exponent = f"{number:.3e}".split("e")
    short = mantissa.rstrip("0")
    return f"{short + '0' if short.endswith('.') else short} × 10{str(int(exponent)).translate(SUPERSCRIPT)}"


def once(values: Sequence[Value]) -> list[Value]:
    """The values, each once, in the order given."""
    return [value for number, value in enumerate(values) if value not in values[:number]]
