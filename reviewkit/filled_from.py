"""Where a column's proposals come from: the grammar of a codebook's `filled_from`.

`[count|join|first|last](field[member=VALUE])@kinds#version`: the function with its brackets, the filter and the
version may be absent; `kinds` is `any`, or registry, publication, mirror in order of precedence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from reviewkit import fields
from reviewkit.words import Kind, members, nearest

FUNCTIONS = ("count", "join", "first", "last")
VERSIONS = ("first", "at_start", "latest")
KINDS_BY_WEIGHT = tuple(str(kind) for kind in (Kind.PUBLICATION, Kind.REGISTRY, Kind.MIRROR))
ANY = "any"
FILLING = re.compile(
    r"(?:(?P<function>\w+)\()?"  # join(
    r"(?P<name>[\w.]*)"  # outcomes.measure
    r"(?:\[(?P<member>[^\]=]*)=(?P<value>[^\]]*)\])?"  # [type=PRIMARY]
    r"(?P<closed>\))?"
    r"@(?P<kinds>[^@#]*)"  # publication,registry
    r"(?:#(?P<version>.*))?"  # latest
)


class Filling(NamedTuple):
    """Where a column's proposals come from: `filled_from` taken apart.

    `name` is a field of fields.csv, with `count` a group; `member` and `value` pick the items of its group; `kinds`
    are kinds of record in order of precedence (empty for `@any`); `version` is one of VERSIONS, or "".
    """

    function: str
    name: str
    member: str
    value: str
    kinds: tuple[str, ...]
    version: str

    @property
    def group(self) -> str:
        """The group whose items are read; "" outside groups."""
        return self.name if self.function == "count" else fields.catalogue()[self.name].group

    @property
    def precedence(self) -> tuple[str, ...]:
        """The kinds of record to ask, in order; `@any` asks the trial's own reports before pages that retell them."""
        return self.kinds or KINDS_BY_WEIGHT

    def __str__(self) -> str:
        picked = f"[{self.member}={self.value}]" if self.member else ""
        inner = f"{self.name}{picked}"
        source = f"{self.function}({inner})" if self.function else inner
        return f"{source}@{','.join(self.kinds) or ANY}" + (f"#{self.version}" if self.version else "")


def read_filling(text: str) -> Filling:
    """Take `filled_from` apart; ValueError says what is wrong, with the nearest right name where there is one.

    >>> read_filling("join(outcomes.measure[type=PRIMARY])@publication,registry#latest").member
    'type'
    """
    if "@" not in text:
        raise ValueError("a source ends in @ and kinds of record, e.g. enrolment.target@registry")
    match = FILLING.fullmatch("".join(text.split()) if "[" not in text else text.strip())
    if not match:
        raise ValueError("a source such as enrolment.target@registry or join(countries)@publication,registry")
    function, name, version = match["function"] or "", match["name"], match["version"] or ""
    if bool(function) != bool(match["closed"]):
        raise ValueError("a function with its name in brackets, e.g. join(countries)")
    if function and function not in FUNCTIONS:
        raise ValueError(_one_of("a function", function, FUNCTIONS))
    group = _group_of(function, name)
    member, value = (match["member"] or "").strip(), (match["value"] or "").strip()
    if match["member"] is not None:
        _check_pick(group, member, value)
    kinds = _read_kinds(match["kinds"])
    if match["version"] is not None and version not in VERSIONS:
        raise ValueError(_one_of("a registry version", version, VERSIONS))
    if version and kinds and Kind.REGISTRY not in kinds:
        raise ValueError(f"registry among the kinds, for #{version} is a version of a registry entry")
    return Filling(function, name, member, value, kinds, version)


def _group_of(function: str, name: str) -> str:
    """The group that a source reads ("" outside groups); ValueError for an unknown field or group."""
    catalogue = fields.catalogue()
    groups = list(dict.fromkeys(field.group for field in catalogue.values() if field.group))
    if function == "count":
        if name in groups:
            return name
        if name in catalogue and catalogue[name].group:
            raise ValueError(f"a group to count, e.g. count({catalogue[name].group})")
        raise ValueError(_one_of("a group", name, groups))
    if name not in catalogue:
        hint = f"; to count the group write count({name})" if name in groups else ""
        raise ValueError(_one_of("a field of fields.csv", name, catalogue) + hint)
    return catalogue[name].group


def _check_pick(group: str, member: str, value: str) -> None:
    """The filter `[member=VALUE]`: the member must be one of the group, the value one of the member's vocabulary."""
    if not group:
        raise ValueError("no [ ] here: only the items of a group can be picked")
    catalogue = fields.catalogue()
    siblings = {name.removeprefix(f"{group}."): field for name, field in catalogue.items() if field.group == group}
    if member not in siblings:
        raise ValueError(_one_of(f"a member of {group}", member, siblings))
    if not value:
        raise ValueError(f"a value after {member}=")
    vocabulary = siblings[member].vocabulary
    if vocabulary and value not in members(vocabulary):
        raise ValueError(_one_of(f"a member of {vocabulary}", value, members(vocabulary)))


def _read_kinds(text: str) -> tuple[str, ...]:
    kinds = tuple(part.strip() for part in text.split(","))
    if kinds == (ANY,):
        return ()
    for kind in kinds:
        if kind == ANY:
            raise ValueError("any alone, or kinds joined by commas")
        if kind not in KINDS_BY_WEIGHT:
            raise ValueError(_one_of("a kind of record", kind, (*KINDS_BY_WEIGHT, ANY)))
    if len(set(kinds)) < len(kinds):
        raise ValueError("each kind of record once")
    return kinds


def _one_of(what: str, found: str, choices: Iterable[str]) -> str:
    """`a member of X (did you mean 'type'?)`, or the choices themselves where nothing is close and they are few."""
    choices = list(choices)
    close = nearest(found, choices)
    hint = f"did you mean {close!r}?" if close else ", ".join(choices) if len(choices) <= 12 else "see fields.csv"
    return f"{what} ({hint})"
