"""Facts for a cell: what the records say of a field or a group; equal facts are told once, differing ones apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from reviewkit.fields import catalogue
from reviewkit.model import Record, Study, Value
from reviewkit.tables.cells import BETTER, Places, is_only_mirrored, shortened
from reviewkit.versions import current
from reviewkit.words import Kind

KIND_WORDS = {Kind.PUBLICATION: "publication", Kind.REGISTRY: "registry", Kind.MIRROR: "mirror page"}
MANY = 12  # values of one field that a cell names; the record's own page has the rest

Items = dict[int | None, dict[str, Any]]
Word = Callable[[Any], str]
Said = tuple[str, list[Value]]  # words, and the values they rest on


class Fact(NamedTuple):
    """What one kind of record says: its words for a cell, and the values they rest on."""

    kind: str
    text: str
    values: list[Value]


def speaking(study: Study) -> list[Record]:
    """The records that fill a cell: publications, then registries as they stand; mirrors only for want of both."""
    kinds = (Kind.MIRROR,) if is_only_mirrored(study) else BETTER
    return [record for kind in kinds for record in current(study.of_kind(kind))]


def each(study: Study, say: Callable[[Record], Said]) -> list[Fact]:
    """What each speaking record says; `say` puts a record into words, "" for nothing, and names the values used."""
    told = ((record, *say(record)) for record in speaking(study))
    return [Fact(record.kind, text, values) for record, text, values in told if text]


def of_fields(*fields: str, word: Word = str) -> Callable[[Record], Said]:
    """How to say the values of some fields, one after the other, each once; `word` puts one value into words."""

    def say(record: Record) -> Said:
        values = [value for field in fields for value in record.known(field)]
        return _listed(values, word), values

    return say


def of_group(group: str, word: Callable[[Items], str], *, shown: Sequence[str]) -> Callable[[Record], Said]:
    """How to say a whole group: `word` puts its items (number -> part of the name -> value) into words.

    `shown` are the parts that the words hold; the others only arrange them.
    """

    def say(record: Record) -> Said:
        values = members(record, group)
        found = items(values, group)
        parts = {f"{group}.{part}" for part in shown}
        return word(found), [value for value in values if value.field in parts and _is_shown(value, found, group)]

    return say


def _is_shown(value: Value, found: Items, group: str) -> bool:
    """A description speaks only where nothing is named."""
    part = value.field.removeprefix(f"{group}.")
    return part != "description" or not {"measure", "name", "label"} & found[value.item].keys()


def members(record: Record, group: str) -> list[Value]:
    """The values that one record has of a group."""
    fields = catalogue()
    return [v for v in record.reported if v.value is not None and fields[v.field].group == group]


def items(values: Iterable[Value], group: str) -> Items:
    """The members of a group by their number: the last part of a field's name -> its value."""
    found: Items = {}
    for value in values:
        found.setdefault(value.item, {}).setdefault(value.field.removeprefix(f"{group}."), value.value)
    return found


def _listed(values: Sequence[Value], word: Word) -> str:
    """The values of one field in one record, each once."""
    parts = (part for value in values for part in (value.value if isinstance(value.value, list) else [value.value]))
    words = list(dict.fromkeys(shortened(word(part)) for part in parts))
    more = f" and {len(words) - MANY} more" if len(words) > MANY else ""
    return ", ".join(words[:MANY]) + more


def beside(study: Study, field: str, places: Places, *, word: Word = str) -> str:
    """One field as a cell shows it, with marks and, where kinds differ, their names; "" if nothing is known."""
    return joined(each(study, of_fields(field, word=word)), places)


def joined(told: Iterable[Fact], places: Places) -> str:
    """Facts that say the same as one; differing ones side by side, each with the kinds that say it; mirrors marked."""
    same: dict[str, list[Fact]] = {}
    for fact in told:
        same.setdefault(_folded(fact.text), []).append(fact)
    differ = len(same) > 1
    parts = []
    for group in same.values():
        kinds = list(dict.fromkeys(KIND_WORDS[Kind(fact.kind)] for fact in group))
        is_marked = differ or kinds == [KIND_WORDS[Kind.MIRROR]]
        marks = places.mark(value for fact in group for value in fact.values)
        named = f" ({' and '.join(kinds)})" if is_marked else ""
        parts.append(f"{group[0].text}{named} {marks}")
    return " / ".join(parts)


def _folded(text: str) -> str:
    """Words in a form in which lists of the same members are equal, whatever their order and case."""
    return ", ".join(sorted(" ".join(part.split()).casefold() for part in text.split(",")))
