"""Verdicts, states and values as a reader sees them: a symbol and a word, never a colour alone."""

from __future__ import annotations

from typing import Any

from reviewkit.fields import catalogue
from reviewkit.model import Value
from reviewkit.report.markup import WEB, anchored, escaped, shortened
from reviewkit.words import Actuality, Calendar, State, vocabularies

SYMBOLS = {
    "INCONSISTENT": "≠",
    "RETROSPECTIVE": "✗",
    "ATTENTION": "!",
    "INDETERMINATE": "≈",
    "NOT_ASSESSABLE": "○",
    "CONSISTENT": "=",
    "PROSPECTIVE": "✓",
    State.DERIVED: "ƒ",
    State.UNCLEAR: "?",
    State.NOT_REPORTED: "–",
    State.EMPTY_IN_SOURCE: "∅",
    State.NOT_APPLICABLE: "⊘",
}

# What a person should see first stands first.
URGENCY = (
    ("INCONSISTENT", "RETROSPECTIVE"),
    ("ATTENTION", "INDETERMINATE"),
    ("NOT_ASSESSABLE",),
    ("CONSISTENT", "PROSPECTIVE"),
)
EXACT = 2**53  # above this a whole number held as a float may have lost digits
WAITING = frozenset(URGENCY[0] + URGENCY[1])


def badge(word: str, note: str = "") -> str:
    """A verdict or state as symbol and word: `≠ inconsistent`; `note` follows, and is escaped."""
    css = word.lower().replace("_", "-")
    more = f" <small>{escaped(note)}</small>" if note else ""
    return f'<span class="badge {css}"><span aria-hidden="true">{SYMBOLS[word]}</span> {plain(word)}{more}</span>'


def plain(code: str) -> str:
    """A code of our own vocabularies as words: `NOT_ASSESSABLE` is `not assessable`."""
    return code.lower().replace("_", " ")


def state_badge(value: Value) -> str:
    """The state of a value where it is not simply reported; a derived one names its rule."""
    if value.state is State.REPORTED:
        return ""
    rule = (
        value.method.removeprefix("rule:") if value.state is State.DERIVED and value.method.startswith("rule:") else ""
    )
    return " " + badge(value.state, rule)


def title(field: str) -> str:
    """Our title of a field; the name itself for one that is not in the catalogue."""
    known = catalogue().get(field)
    return known.title if known else field


def worded(value: Value) -> str:
    """A value as plain text, with what its kind says beside it: `2020-07 (anticipated)`, `18 years`, `60 eyes`."""
    return bare(value) + _beside(value)


def bare(value: Value) -> str:
    """A value as plain text, without unit and kind."""
    if value.value is None:
        return "no limit" if value.detail.get("no_limit") else ""
    if isinstance(value.value, list):
        return "; ".join(map(_scalar, value.value)) or _nothing(value.field)
    return _scalar(value.value)


def _beside(value: Value) -> str:
    """What the kind of a value says beside it: the unit of a count or age, whether a date is planned or past."""
    if value.value is None or isinstance(value.value, list):
        return ""
    return _unit(value.detail.get("unit")) + _dated(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        value = int(value)
    return f"{value:,}" if isinstance(value, int) and abs(value) >= 10_000 else str(value)


def _nothing(field: str) -> str:
    known = catalogue().get(field)
    return "nobody" if known and known.vocabulary == "MaskedRole" else "none"


def _unit(unit: str | None) -> str:
    if unit is None or unit == "persons":
        return ""
    return " " + vocabularies()["AgeUnit"].get(unit, unit)


def _dated(value: Value) -> str:
    kind, calendar = value.detail.get("kind"), value.detail.get("calendar")
    notes = []
    if kind in (Actuality.ACTUAL, Actuality.ANTICIPATED):
        notes.append(kind.lower())
    elif kind == Actuality.UNKNOWN and value.field.startswith("date."):
        notes.append("actual or anticipated: not said")
    if calendar == Calendar.JALALI:
        notes.append(f"Solar Hijri, {value.detail.get('as_written')}")
    return f" ({'; '.join(notes)})" if notes else ""


def as_html(value: Value, *, verbatim: bool = False) -> str:
    """A value as HTML: codes with their meaning, web addresses as links, long texts shortened.

    One that stands `verbatim` in the source is marked as a quote is, but lightly.
    """
    text = worded(value)
    known = catalogue().get(value.field)
    if known and known.vocabulary and isinstance(value.value, (str, list)):
        meanings = vocabularies()[known.vocabulary]
        codes = value.value if isinstance(value.value, list) else [value.value]
        meaning = "; ".join(meanings[code] for code in codes if code in meanings)
        note = f" <small>{escaped(meaning)}</small>" if meaning and len(codes) == 1 else ""
        return f'<code title="{escaped(meaning)}">{escaped(text)}</code>{note}'
    if WEB.fullmatch(text):
        return anchored(text, escaped(text), css="web")
    return shortened(bare(value), mark="verbatim" if verbatim else None) + escaped(_beside(value))
