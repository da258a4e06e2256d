"""The compiled inner loop (reviewkit/sources/_walk.c) and the one in Python: the same values, notices and refusals."""

from __future__ import annotations

import copy
import json
import os
import shutil
import sysconfig
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewkit.documents import Document, open_document
from reviewkit.errors import ReviewError
from reviewkit.sources import ctgov, json_entry

EXAMPLE = Path(__file__).parents[2] / "data/exosomes/documents/NCT09900413.json"
ODD = st.sampled_from(
    [
        None,
        "",
        " ",
        " padded",
        0,
        -1,
        1.5,
        True,
        [],
        {},
        [None],
        [{}],
        ["x", 1],
        [[]],
        {"x": []},
        ["NA"],
        [{"date": "2020"}],
    ]
)


def read_by(walk: Any, name: str, raw: bytes) -> tuple[list[Any], list[str]]:
    """Everything that comes of a document when this loop is used: its records, and what is told."""
    told: list[str] = []
    ctgov.contents.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_entry, "walk", walk)
        patch.setattr(ctgov, "walk", walk)
        document = Document(name, raw, lambda problem: told.append(str(problem)))
        try:
            recognised_by = ctgov.recognise(document)
            records = list(ctgov.read(document, recognised_by)) if recognised_by else []
        except ReviewError as error:
            return [], [*told, str(error)]
    return [msgspec.to_builtins(record.reported) for record in records], told


def places_in(found: Any, path: tuple = ()) -> list[tuple]:
    """The path of every key and index in a JSON value."""
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else []
    return [place for key, value in inner for place in [(*path, key), *places_in(value, (*path, key))]]


def with_odd(study: dict[str, Any], path: tuple, odd: Any) -> dict[str, Any]:
    """The study with something else at `path`, if the path is still there."""
    changed: Any = copy.deepcopy(study)
    inner = changed
    for step in path[:-1]:
        try:
            inner = inner[step]
        except (KeyError, IndexError, TypeError):
            return changed
    if isinstance(inner, (dict, list)) and (isinstance(inner, dict) or path[-1] in range(len(inner))):
        inner[path[-1]] = odd
    return changed


STUDY = json.loads(EXAMPLE.read_bytes())
PLACES = places_in(STUDY)


@pytest.mark.skipif(
    shutil.which(sysconfig.get_config_var("CC").split()[0] if sysconfig.get_config_var("CC") else "cc") is None
    and os.environ.get("REVIEWKIT_REAL") != "1",
    reason="no C compiler is here",
)
def test_where_a_compiler_is_at_hand_the_loop_is_compiled():
    assert json_entry.COMPILED
    assert json_entry.walk is not json_entry.walk_in_python


def test_a_whole_study_is_read_the_same():
    raw = EXAMPLE.read_bytes()
    assert read_by(json_entry.walk, "a.json", raw) == read_by(json_entry.walk_in_python, "a.json", raw)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=4))
def test_whatever_stands_where_a_value_belongs_is_read_the_same(changes: list[tuple[tuple, Any]]):
    study = STUDY
    for path, odd in changes:
        study = with_odd(study, path, odd)
    raw = json.dumps(study).encode()
    assert read_by(json_entry.walk, "a.json", raw) == read_by(json_entry.walk_in_python, "a.json", raw)


def test_a_taker_that_fails_fails_the_walk():
    def fails(entry, found, key, at, item):
        raise LookupError(at)

    steps = json_entry.steps_of({"a": "title.public", "b": fails})
    entry = json_entry.Entry(Document("a.json", b"{}", print), {}, "ctgov:path")
    with pytest.raises(LookupError, match="/here/b"):
        json_entry.walk(entry, steps, {"a": "words", "b": 1}, "/here", None)
    assert [value.quote for value in entry.values] == ["words"]


@pytest.mark.skipif(not json_entry.COMPILED, reason="the loop is not compiled here")
@pytest.mark.parametrize(
    "arguments", [(), (1, 2, 3, 4, 5), (None, (), {}, "/", None), (None, ((1, 2),), {}, "/", None)]
)
def test_the_compiled_loop_refuses_what_it_was_not_made_for(arguments: tuple):
    with pytest.raises((TypeError, AttributeError)):
        json_entry.walk(*arguments)


@pytest.mark.real
def test_every_real_study_is_read_the_same(shared: Path):
    for path in sorted((shared / "records/ctgov-v2").rglob("*.json")):
        raw = open_document(path, path.name, print).raw
        assert read_by(json_entry.walk, path.name, raw) == read_by(json_entry.walk_in_python, path.name, raw), path.name
