"""Titles that are almost the same: a hint that two studies are one, for a person to confirm. They never link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reviewkit.linking.groups import Doubt, Position

SIMILAR = 92.0  # of 100 (rapidfuzz token_sort_ratio): titles so alike are worth a person's look
SHORTEST = 25  # characters; "A phase 2 trial" is like every other
MOST = 5_000  # every title is compared with every other


def similar_titles(titled: Iterable[tuple[Position, str]]) -> Iterator[Doubt[Position]]:
    """Pairs of records whose titles are almost the same, most alike first; for records of different studies.

    Compares every title with every other, so it looks at the first 5,000 only. Never links: a person confirms.
    """
    from rapidfuzz import fuzz, process, utils

    kept = [(position, title) for position, title in titled if len(title) >= SHORTEST][:MOST]
    titles = [utils.default_process(title) for _, title in kept]
    pairs = []
    for index, title in enumerate(titles):
        for _, score, before in process.extract(
            title, titles[:index], scorer=fuzz.token_sort_ratio, score_cutoff=SIMILAR, limit=None
        ):
            pairs.append((-score, before, index))
    for score, earlier, later in sorted(pairs):
        (one, title), (other, _) = kept[earlier], kept[later]
        yield Doubt([one, other], title, f"their titles are {-score:.0f} % alike")
