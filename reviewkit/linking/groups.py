"""Groups of records that share keys. Holds keys and positions only, never records: 200,000 need little memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from reviewkit.linking.claims import Claims, registry_of

ENTRY = "a registry's entry"  # stands beside the registries: entries that no registry joins are two trials

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
        """All keys joined that are believed to name one trial, and the keys said besides that are not believed.

        What registries say is believed first; what articles say, only where it makes no two entries one trial: of the
        pairs of entries in the cross-registrations of IntoValue, checked by hand, articles alone name 21 together, of
        which 5 are different trials; registries name 72, and all are one.
        """
        joined, doubted = self._believing(self._own, self._claimed(by_registry=True), self._trials())
        entries = self._entries(joined)
        joined, of_articles = self._believing(joined, self._claimed(by_registry=False), entries)
        return joined, doubted | of_articles

    def _claimed(self, *, by_registry: bool) -> dict[str, list[str]]:
        """Key said besides -> the first own key of each that says so."""
        claimed: dict[str, list[str]] = defaultdict(list)
        for _, claims in self._said:
            for key in claims.besides if claims.by_registry == by_registry else ():
                claimed[key].append(claims.own[0])
        return claimed

    def _believing(
        self, before: _Sets, claimed: dict[str, list[str]], trials: dict[str, dict[str, str]]
    ) -> tuple[_Sets, set[str]]:
        """The sets with the claims joined that make no two trials one, and the keys of the others."""
        doubted = {key for key, claimants in claimed.items() if _clash([*claimants, key], before.root, trials)}
        joined = _joining(before, claimed, doubted)
        while clashing := _clashing(before, joined, claimed.keys() - doubted, trials):
            doubted |= clashing
            joined = _joining(before, claimed, doubted)
        return joined, doubted

    def _trials(self) -> dict[str, dict[str, str]]:
        """Root of the keys of one trial -> registry -> a number of it in that registry."""
        trials: dict[str, dict[str, str]] = defaultdict(dict)
        for key in self._own.keys:
            if registry := registry_of(key):
                trials[self._own.root(key)].setdefault(registry, key)
        return trials

    def _entries(self, joined: _Sets) -> dict[str, dict[str, str]]:
        """`_trials` for what registries have joined; two that both hold an entry of a registry clash in any case."""
        entries: dict[str, dict[str, str]] = defaultdict(dict)
        for key in joined.keys:
            if registry := registry_of(key):
                entries[joined.root(key)].setdefault(registry, key)
        for _, claims in self._said:
            if claims.by_registry:
                entries[joined.root(claims.own[0])].setdefault(ENTRY, claims.own[0])
        return entries

    def _doubts(self, joined: _Sets, doubted: set[str]) -> Iterator[Doubt[Position]]:
        told: dict[str, list[Position]] = defaultdict(list)
        for position, claims in self._said:
            for key in {*claims.own, *claims.besides} & doubted:
                told[key].append(position)
        for key in sorted(told):
            if len(told[key]) > 1:
                yield Doubt(told[key], key, "named by records of different trials, which no registry says are one")


def _joining(before: _Sets, claimed: dict[str, list[str]], doubted: set[str]) -> _Sets:
    joined = before.copy()
    for key, claimants in claimed.items():
        for claimant in claimants if key not in doubted else ():
            joined.join(claimant, key)
    return joined


def _clashing(before: _Sets, joined: _Sets, believed: Iterable[str], trials: dict[str, dict[str, str]]) -> set[str]:
    """The keys said besides within every set that holds two trials."""
    members: dict[str, list[str]] = defaultdict(list)
    for root in dict.fromkeys(map(before.root, joined.keys)):
        members[joined.root(root)].append(root)
    clashing = {whole for whole, roots in members.items() if _clash(roots, before.root, trials)}
    return {key for key in believed if joined.root(key) in clashing}


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
    """Would joining these keys make two trials into one?"""
    seen: dict[str, str] = {}
    for key in keys:
        trial = root(key)
        registry = registry_of(key)
        for issuer in trials.get(trial) or ([registry] if registry else []):
            if seen.setdefault(issuer, trial) != trial:
                return True
    return False
