"""Groups of records that share keys. Holds keys and positions only, never records: 200,000 need little memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from reviewkit.linking.claims import Claims, registry_of

Position = TypeVar("Position", bound=Hashable)


class Linked(NamedTuple, Generic[Position]):
    """One study: its keys, the positions of its records, and the keys that two or more of them share."""

    keys: list[str]
    positions: list[Position]
    links: list[tuple[str, list[Position]]]


class Doubt(NamedTuple, Generic[Position]):
    """Two or more records that may be one trial, or may not: where they are, the key or titles, and why it is open."""

    positions: list[Position]
    key: str
    why: str


class Links(Generic[Position]):
    """Groups positions of records by the keys they share; groups keep the order of their first record."""

    def __init__(self) -> None:
        self._own = _Sets()
        self._said: list[tuple[Position, Claims]] = []
        self._confirmed: list[tuple[str, str, tuple[Position, Position]]] = []  # own key, by whom, which two

    def add(self, position: Position, claims: Claims) -> None:
        """One record: where it is kept, and what names its trial."""
        for key in claims.own:
            self._own.join(claims.own[0], key)
        self._said.append((position, claims))

    def confirm(self, first: Position, second: Position, by: str) -> None:
        """Two records that a person says are one trial; `by` tells who."""
        own = {position: claims.own[0] for position, claims in self._said if position in (first, second)}
        self._own.join(own[first], own[second])
        self._confirmed.append((own[first], by, (first, second)))

    def settle(self) -> tuple[list[Linked[Position]], list[Doubt[Position]]]:
        """Each study, in the order of its first record, and what was said besides and not believed."""
        joined, doubted = self._joined()
        positions: dict[str, list[Position]] = defaultdict(list)
        keys: dict[str, dict[str, None]] = defaultdict(dict)
        sharing: dict[str, dict[str, list[Position]]] = defaultdict(lambda: defaultdict(list))
        for position, claims in self._said:
            root = joined.root(claims.own[0])
            positions[root].append(position)
            keys[root].update(dict.fromkeys(claims.own))
            for key in dict.fromkeys([*claims.own, *claims.besides]):
                if joined.root(key) == root:
                    sharing[root][key].append(position)
        for key, by, pair in self._confirmed:
            sharing[joined.root(key)][by] = list(pair)
        studies = [
            Linked(
                list(keys[root]),
                members,
                [(key, shared) for key, shared in sharing[root].items() if len(shared) > 1],
            )
            for root, members in positions.items()
        ]
        return studies, list(self._doubts(joined, doubted))

    def _joined(self) -> tuple[_Sets, set[str]]:
        """All keys joined that are believed to name one trial, and the keys said besides that are not believed."""
        claimed: dict[str, list[str]] = defaultdict(list)  # key said besides -> the first own key of each that says so
        for _, claims in self._said:
            for key in claims.besides:
                claimed[key].append(claims.own[0])
        trials = self._trials()
        doubted = {key for key, claimants in claimed.items() if _clash([*claimants, key], self._own.root, trials)}
        joined = self._joining(claimed, doubted)
        while clashing := self._clashing(joined, claimed.keys() - doubted, trials):
            doubted |= clashing
            joined = self._joining(claimed, doubted)
        return joined, doubted

    def _trials(self) -> dict[str, dict[str, str]]:
        """Root of the keys of one trial -> registry -> a number of it in that registry."""
        trials: dict[str, dict[str, str]] = defaultdict(dict)
        for key in self._own.keys:
            if registry := registry_of(key):
                trials[self._own.root(key)].setdefault(registry, key)
        return trials

    def _joining(self, claimed: dict[str, list[str]], doubted: set[str]) -> _Sets:
        joined = self._own.copy()
        for key, claimants in claimed.items():
            for claimant in claimants if key not in doubted else ():
                joined.join(claimant, key)
        return joined

    def _clashing(self, joined: _Sets, believed: Iterable[str], trials: dict[str, dict[str, str]]) -> set[str]:
        """The keys said besides within every set that holds two trials of one registry."""
        members: dict[str, list[str]] = defaultdict(list)
        for root in dict.fromkeys(map(self._own.root, joined.keys)):
            members[joined.root(root)].append(root)
        clashing = {whole for whole, roots in members.items() if _clash(roots, self._own.root, trials)}
        return {key for key in believed if joined.root(key) in clashing}

    def _doubts(self, joined: _Sets, doubted: set[str]) -> Iterator[Doubt[Position]]:
        told: dict[str, list[Position]] = defaultdict(list)
        for position, claims in self._said:
            for key in {*claims.own, *claims.besides} & doubted:
                told[key].append(position)
        for key in sorted(told):
            if len(told[key]) > 1:
                yield Doubt(told[key], key, "named by records of different trials of one registry")


class _Sets:
    """Keys in disjoint sets (union-find)."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def copy(self) -> _Sets:
        other = _Sets()
        other._parent = dict(self._parent)
        return other

    @property
    def keys(self) -> list[str]:
        return list(self._parent)

    def join(self, first: str, second: str) -> None:
        root, other = self.root(first), self.root(second)
        self._parent.setdefault(root, root)
        self._parent[other] = root

    def root(self, key: str) -> str:
        """What stands for the set of `key`; a key that was never joined stands for itself."""
        root = key
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        if key in self._parent:
            self._parent[key] = root
        return root


def _clash(keys: Iterable[str], root: Callable[[str], str], trials: dict[str, dict[str, str]]) -> bool:
    """Would joining these keys make two trials of one registry into one?"""
    seen: dict[str, str] = {}
    for key in keys:
        trial = root(key)
        registry = registry_of(key)
        for issuer in trials.get(trial) or ([registry] if registry else []):
            if seen.setdefault(issuer, trial) != trial:
                return True
    return False
