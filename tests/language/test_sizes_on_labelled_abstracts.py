"""Numbers of participants in real abstracts that people labelled: all of the trial, and arm by arm.

The labels mark the number of participants of the study, whatever its role. Ours is the number randomised; where the
abstract gives none the number enrolled (or one whose role is not told), then analysed, treated, completed, and for a
protocol the number planned. A value is right if the annotators marked it as a total of the study, or as one of an arm.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reviewkit.documents import Document
from reviewkit.model import Value
from reviewkit.sources import text as prose_source

pytestmark = pytest.mark.real

ORDER = ["randomised", "actual", "analysed", "treated", "completed", "target"]
BELOW_20 = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
BELOW_100 = "twenty thirty forty fifty sixty seventy eighty ninety"
SMALL = {word: number for number, word in enumerate(BELOW_20.split())}
TENS = {word: 10 * number for number, word in enumerate(BELOW_100.split(), 2)}


def labelled_number(words: str) -> int | None:
    """The number in the words that were marked, read without our readers: `1,576`, `Forty-five`, `254 patients`."""
    digits = re.search(r"\d+", re.sub(r"(?<=\d)[ ,](?=\d{3})", "", words))
    if digits:
        return int(digits[0])
    total, current = 0, 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word == "hundred":
            current = 100 * max(current, 1)
        elif word == "thousand":
            total, current = total + 1000 * max(current, 1), 0
        else:
            current += SMALL.get(word, 0) + TENS.get(word, 0)
    return total + current or None


def labels(path: Path) -> dict[str, list[int]]:
    """The numbers marked in one file, by the name of their label."""
    found: dict[str, list[int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("T"):
            _, where, words = line.split("\t")
            number = labelled_number(words)
            if where.split()[0].endswith("-participants") and number:
                found.setdefault(where.split()[0], []).append(number)
    return found


@pytest.fixture(scope="module")
def abstracts(shared) -> list[tuple[dict[str, list[int]], list[Value]]]:
    """Each abstract: what was marked, and what we read."""
    found = []
    for path in sorted((shared / "records/labelled/pico-corpus").glob("*.txt")):
        document = Document(path.name, path.read_bytes(), lambda problem: None)
        (record,) = prose_source.read(document, "prose")
        found.append((labels(path.with_suffix(".ann")), record.reported))
    assert len(found) == 200
    return found


def total(values: list[Value]) -> int | None:
    """The number of participants of the study, by the first role that has one."""
    for role in ORDER:
        for value in values:
            if value.field == f"enrolment.{role}" and value.value is not None:
                return value.value
    return None


def arm_numbers(values: list[Value]) -> list[int]:
    return [value.value for value in values if value.field.startswith("arms.n_") and value.value is not None]


def test_the_total_is_exact_in_nine_of_ten_abstracts_and_wrong_in_at_most_one_of_twenty(abstracts):
    name = "total-participants"
    stated = [(marked[name], total(values)) for marked, values in abstracts if name in marked]
    exact = sum(ours in marked for marked, ours in stated)
    wrong = sum(ours is not None and ours not in marked for marked, ours in stated)
    assert len(stated) == 170
    assert exact / len(stated) >= 0.90, f"{exact} of {len(stated)}"
    assert wrong / len(stated) <= 0.05, f"{wrong} of {len(stated)}"


def test_the_arms_are_read_in_four_of_five_abstracts_and_nine_of_ten_numbers_are_right(abstracts):
    told = right = given = good = 0
    for marked, values in abstracts:
        sides = [marked[name] for name in ("intervention-participants", "control-participants") if name in marked]
        if not sides:
            continue
        ours = arm_numbers(values)
        told += 1
        right += all(any(number in ours for number in side) for side in sides)
        given += len(ours)
        good += sum(any(number in side for side in sides) for number in ours)
    assert right / told >= 0.80, f"{right} of {told}"
    assert good / given >= 0.90, f"{good} of {given}"
