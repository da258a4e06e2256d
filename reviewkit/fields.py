"""The catalogue of what sources can say: one `Field` a row of fields.csv."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

CATALOGUE = Path(__file__).with_name("fields.csv")


class Field(NamedTuple):
    """One field: its dotted name, its group ("" outside groups), its kind, vocabulary, our title, and whether it is
    private (a person's name, address or phone, read only if the codebook asks)."""

    name: str
    group: str
    kind: str
    vocabulary: str
    title: str
    private: bool


@cache
def catalogue() -> dict[str, Field]:
    """Every field by name, in the order of the catalogue."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return {
            row["name"]: Field(
                row["name"],
                row["group"],
                row["kind"],
                row["vocabulary"],
                row["title"],
                row["note"].startswith("private"),
            )
            for row in csv.DictReader(file)
        }


@cache
def first_of_group(group: str) -> str:
    """The field that stands for a whole group when it is empty: the first of its rows."""
    return next(field.name for field in catalogue().values() if field.group == group)


def sayable(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """A source's field list with groups, as `Record.fields` wants it: ((field, group), …) in catalogue order.

    The first field of every group the source knows is included, for silence about the group is said through it.
    Names may end in `*`. Raises KeyError for a name that is not in the catalogue.
    """
    fields = catalogue()
    wanted: set[str] = set()
    for name in names:
        matching = {n for n in fields if n.startswith(name[:-1])} if name.endswith("*") else {fields[name].name}
        wanted |= matching | {first_of_group(fields[n].group) for n in matching if fields[n].group}
    return tuple((name, field.group) for name, field in fields.items() if name in wanted and not field.private)
