"""Which arm receives what: a dose in an arm's own words, one its group is said to receive, or a name of one arm alone.

`atovaquone (750 mg every 12 hours) and azithromycin (500 mg) (n = 40)` gives both to the first arm. A name that fits
two arms (`drops` beside exosome drops and placebo drops) gives none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reviewkit.language.facts import Fact
from reviewkit.words import State

GROUP_RECEIVED = re.compile(
    r"\b(?P<name>[\w\-]+(?:\s+[\w\-]+){0,4}?)\s+(?:group|arm)\s+(?:received|took|underwent|(?:was|were)\s+given)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
LOOK_BACK = 160  # characters before a dose in which its group is named
TOLD_BY = ("interventions.name", "interventions.dose", "interventions.dose_text")


def arms_of_interventions(text: str, found: Iterable[Fact]) -> Iterator[Fact]:
    """`interventions.arms` of the interventions among the facts of one text; item numbers of arms, DERIVED."""
    labels: list[Fact] = []
    parts: dict[int, list[Fact]] = {}
    for fact in found:
        if fact.field == "arms.label" and fact.item is not None:
            labels.append(fact)
        elif fact.field in TOLD_BY and fact.item is not None and fact.detail.get("basis") != "total":
            parts.setdefault(fact.item, []).append(fact)
    for item, told in parts.items():
        arms = _standing_in(told, labels) or _said_to_receive(text, told, labels) or _named_alone(told, labels)
        if arms:
            first = min(arms, key=lambda label: label.start)
            numbers = sorted({label.item for label in arms if label.item is not None})
            yield Fact(
                "interventions.arms", numbers, first.start, first.end, "arm-of-the-dose", {}, State.DERIVED, item
            )


def _standing_in(told: list[Fact], labels: list[Fact]) -> list[Fact]:
    """The arms whose own words hold the dose or the name."""
    return [label for label in labels if any(label.start <= fact.start < label.end for fact in told)]


def _said_to_receive(text: str, told: list[Fact], labels: list[Fact]) -> list[Fact]:
    """The arm of `the gel group received 5 mg`, where its name fits one arm alone."""
    before = (GROUP_RECEIVED.search(text, max(0, fact.start - LOOK_BACK), fact.start) for fact in told)
    names = [match["name"].casefold().removeprefix("the ") for match in before if match]
    return _alone([label for label in labels if any(_fits(name, str(label.value).casefold()) for name in names)])


def _named_alone(told: list[Fact], labels: list[Fact]) -> list[Fact]:
    """The one arm that the name of the substance fits, or that is called by a part of it."""
    names = [str(fact.value).casefold() for fact in told if fact.field == "interventions.name"]
    return _alone([label for label in labels if any(_fits(name, str(label.value).casefold()) for name in names)])


def _alone(fitting: list[Fact]) -> list[Fact]:
    return fitting if len({label.item for label in fitting}) == 1 else []


def _fits(name: str, label: str) -> bool:
    return f" {name} " in f" {label} " or f" {label} " in f" {name} "
