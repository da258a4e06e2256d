"""What a review keeps: study ids that are given once, and records that can be read back one at a time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reviewkit.errors import Problem, ReviewError
from reviewkit.model import Place, Record, Statement, Value
from reviewkit.store import RecordCache, ReviewDatabase, StudyKeys
from reviewkit.words import State

FIELDS = (("ids.primary", ""), ("enrolment.target", ""))


def numbered(*keys: str, files: tuple[str, ...] = ("x.txt#1",)) -> StudyKeys:
    return StudyKeys(list(keys), list(files), numbered=True)


def unnumbered(content: str, file: str) -> StudyKeys:
    return StudyKeys([f"sha256:{content}#1"], [f"{file}#1"], numbered=False)


@pytest.fixture
def database(tmp_path: Path) -> ReviewDatabase:
    return ReviewDatabase(tmp_path / "review.db")


# --- study ids


def test_ids_are_given_in_order_and_kept_at_every_run(database):
    studies = [numbered("NCT1"), numbered("NCT2"), unnumbered("aa", "a.txt")]
    assert database.study_ids(studies) == ["S0001", "S0002", "S0003"]
    assert database.study_ids(list(reversed(studies))) == ["S0003", "S0002", "S0001"]


def test_a_new_study_gets_the_next_number_wherever_it_stands(database):
    database.study_ids([numbered("NCT2")])
    assert database.study_ids([numbered("NCT1"), numbered("NCT2")]) == ["S0002", "S0001"]


def test_the_number_of_a_study_that_is_gone_is_not_given_again(database):
    database.study_ids([numbered("NCT1"), numbered("NCT2")])
    database.study_ids([numbered("NCT1")])
    assert database.study_ids([numbered("NCT1"), numbered("NCT3")]) == ["S0001", "S0003"]
    assert database.study_ids([numbered("NCT2")]) == ["S0002"]


def test_two_studies_that_turn_out_to_be_one_keep_the_older_id_and_part_with_their_own(database):
    database.study_ids([numbered("NCT1"), numbered("NCT2")])
    assert database.study_ids([numbered("NCT2", "NCT1")]) == ["S0001"]
    assert database.study_ids([numbered("NCT2"), numbered("NCT1")]) == ["S0002", "S0001"]


def test_two_studies_never_share_an_id_though_an_alias_once_joined_them(database):
    database.study_ids([numbered("NCT1"), numbered("NCT2")])
    database.study_ids([numbered("NCT1", "NCT2", "NCT3")])  # NCT3 is now known as S0001
    assert database.study_ids([numbered("NCT2", "NCT3"), numbered("NCT1")]) == ["S0002", "S0001"]


def test_a_document_without_a_number_keeps_its_id_when_it_is_renamed(database):
    database.study_ids([unnumbered("aa", "a.txt"), numbered("NCT1")])
    assert database.study_ids([numbered("NCT1"), unnumbered("aa", "b.txt")]) == ["S0002", "S0001"]


def test_a_document_without_a_number_keeps_its_id_when_its_text_is_edited(database):
    database.study_ids([unnumbered("aa", "a.txt")])
    assert database.study_ids([unnumbered("bb", "a.txt")]) == ["S0001"]
    assert database.study_ids([unnumbered("bb", "c.txt")]) == ["S0001"]


def test_another_text_under_the_name_of_a_renamed_one_is_another_study_and_stays_so(database):
    database.study_ids([unnumbered("aa", "a.txt")])
    assert database.study_ids([unnumbered("aa", "b.txt"), unnumbered("bb", "a.txt")]) == ["S0001", "S0002"]
    assert database.study_ids([unnumbered("bb", "a.txt")]) == ["S0002"]


def test_a_paper_that_gains_its_registration_number_keeps_the_older_id(database):
    database.study_ids([unnumbered("aa", "paper.txt"), numbered("NCT1", files=("registry.txt#1",))])
    joined = numbered("NCT1", files=("paper.txt#1", "registry.txt#1"))
    assert database.study_ids([joined]) == ["S0001"]
    assert database.study_ids([joined]) == ["S0001"]


def test_a_file_that_tells_of_another_trial_now_does_not_hand_on_the_id_of_a_numbered_one(database):
    database.study_ids([numbered("NCT1", files=("a.txt#1",))])
    assert database.study_ids([numbered("NCT2", files=("a.txt#1",))]) == ["S0002"]


def test_there_may_be_more_than_9999_studies(database):
    ids = database.study_ids([numbered(f"NCT{n}") for n in range(10_001)])
    assert (ids[9_998], ids[9_999], ids[10_000]) == ("S9999", "S10000", "S10001")
    assert database.study_ids([numbered("NCT10000"), numbered("NEW")]) == ["S10001", "S10002"]


@pytest.mark.parametrize("statement", ["DELETE FROM study_keys", "UPDATE study_keys SET study_id = 'S0009'"])
def test_the_database_itself_refuses_to_forget_or_change_an_id(database, statement: str):
    database.study_ids([numbered("NCT1")])
    with closing(sqlite3.connect(database.path)) as direct, pytest.raises(sqlite3.IntegrityError, match="study"):
        direct.execute(statement)


def test_a_file_that_is_no_database_is_an_error_that_names_it(tmp_path: Path):
    path = tmp_path / "review.db"
    path.write_text("these are notes, not a database " * 100)
    with pytest.raises(ReviewError) as caught:
        ReviewDatabase(path)
    assert str(caught.value) == (
        f"{path}\n  found     file is not a database\n  expected  the database of a review\n"
        "  fix       restore it from a backup; the ids of the studies are in it"
    )


# --- the cache


def record(number: int) -> Record:
    place = Place("a.txt", line=number, start=0, end=3)
    values = [
        Value("enrolment.target", None, number, State.REPORTED, str(number), place, "test:said", {"unit": "persons"})
    ]
    statements = [Statement("allocation", "random", "randomised", place, "a-rule")]
    return Record("a.txt", number, "hash", "test", "a test", "registry", values, statements, FIELDS)


@pytest.fixture
def cache(tmp_path: Path) -> RecordCache:
    return RecordCache(tmp_path / ".cache", "readers 1", lambda source: FIELDS)


def test_records_come_back_as_they_went_in_with_their_silence(cache):
    kept = [position for position, _ in cache.write("x.msgpack", map(record, (1, 2, 3)), [])]
    assert [found for _, found in cache.read("x.msgpack")] == [record(1), record(2), record(3)]
    assert [cache.load(position) for position in reversed(kept)] == [record(3), record(2), record(1)]
    assert [value.field for value in cache.load(kept[0]).values] == ["enrolment.target", "ids.primary"]


def test_problems_are_kept_with_the_records_and_told_again(cache):
    problem = Problem("a.txt", Place("a.txt", line=3), "this", "that", "do so", "notice")
    told: list[Problem] = []
    for _ in cache.write("x.msgpack", (told.append(problem) or record(n) for n in (1, 2)), told):
        pass
    assert cache.problems("x.msgpack") == [problem, problem]


def test_what_was_never_written_is_not_there(cache):
    assert cache.problems("x.msgpack") is None


def test_the_file_has_no_name_before_the_last_record(cache):
    writing = cache.write("x.msgpack", map(record, (1, 2)), [])
    next(writing)
    assert cache.problems("x.msgpack") is None


def test_a_write_that_is_broken_off_leaves_nothing(cache):
    def broken():
        yield record(1)
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        list(cache.write("x.msgpack", broken(), []))
    writing = cache.write("y.msgpack", map(record, (1, 2)), [])
    next(writing)
    writing.close()
    assert list(cache.folder.iterdir()) == []


@pytest.mark.parametrize("kept", [0, 1, 7, 8, 9, 50, -1, -8, -9])
def test_a_file_that_was_cut_short_is_as_if_it_were_not_there(cache, kept: int):
    list(cache.write("x.msgpack", map(record, (1, 2)), []))
    path = cache.folder / "x.msgpack"
    path.write_bytes(path.read_bytes()[:kept])
    assert cache.problems("x.msgpack") is None


def test_another_name_other_bytes_or_other_readers_are_another_file(cache, tmp_path: Path):
    later = RecordCache(tmp_path / ".cache", "readers 2", lambda source: FIELDS)
    names = {cache.name("a", "x"), cache.name("b", "x"), cache.name("a", "y"), later.name("a", "x")}
    assert len(names) == 4
    assert cache.name("a", "x") == cache.name("a", "x")
