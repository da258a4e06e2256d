"""The contract of `reviewkit read` and `rk.read`: what goes to which stream, its keys, its order, its exit status."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

import reviewkit as rk
from reviewkit.cli import main
from reviewkit.fields import catalogue
from reviewkit.sources import SOURCES
from reviewkit.words import State

EXAMPLES = Path(__file__).parents[1] / "data/exosomes/documents"
RECORD_KEYS = ["document", "record", "sha256", "source", "recognised_by", "kind", "values"]
VALUE_KEYS = ["field", "item", "value", "state", "quote", "place", "method", "detail"]
PROBLEM_KEYS = ["document", "place", "found", "expected", "fix", "severity"]
PLACES = [
    {"document"},
    {"document", "line", "start", "end"},
    {"document", "pointer"},
    {"document", "row", "column"},
]
PAPER = "This randomised, double-blind trial (NCT09900413) enrolled 20 adults in two arms.\n"
ANOTHER = "This open-label trial (NCT09900414) enrolled 30 adults in one arm.\n"


class Told(NamedTuple):
    """What a command wrote and how it ended."""

    status: int
    records: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    stdout: bytes
    stderr: bytes


def read(*paths: Path | str) -> Told:
    """`reviewkit read --json PATH…`; each line of each stream must be one JSON object."""
    result = CliRunner().invoke(main, ["read", "--json", "--", *map(str, paths)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    records = [json.loads(line) for line in result.stdout_bytes.splitlines()]
    problems = [json.loads(line) for line in result.stderr_bytes.splitlines()]
    return Told(result.exit_code, records, problems, result.stdout_bytes, result.stderr_bytes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with sub-folders, hidden files and lock files."""
    made = tmp_path / "my documents"
    for name, text in {
        "b.txt": PAPER,
        "a/c.txt": ANOTHER,
        ".hidden.txt": "hidden",
        ".git/x.txt": "hidden",
        "~$b.txt": "a lock file",
    }.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text)
    return made


# --- records


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_a_record_has_the_keys_of_the_contract_and_every_value_all_of_its_own(path: Path):
    told = read(path)
    assert (told.status, told.problems) == (0, [])
    (record,) = told.records
    assert list(record) == RECORD_KEYS
    assert record["document"] == path.name
    assert record["record"] == 1
    assert re.fullmatch(r"[0-9a-f]{64}", record["sha256"])
    assert record["source"] in {source.NAME for source in SOURCES}
    assert record["kind"] in {"registry", "publication", "mirror"}
    for value in record["values"]:
        assert list(value) == VALUE_KEYS
        assert value["field"] in catalogue()
        assert value["state"] in set(State)
        assert set(value["place"]) in PLACES
        assert value["place"]["document"] == path.name
        assert isinstance(value["detail"], dict)


@pytest.mark.parametrize("path", sorted(EXAMPLES.iterdir()), ids=lambda path: path.name)
def test_silence_has_no_value_and_stands_at_the_document(path: Path):
    (record,) = read(path).records
    silent = [value for value in record["values"] if value["state"] == "NOT_REPORTED"]
    assert silent
    for value in silent:
        assert (value["value"], value["quote"]) == (None, None)
        assert value["place"] == {"document": path.name}
    spoken = {(v["field"], v["item"]) for v in record["values"] if v["state"] != "NOT_REPORTED"}
    assert spoken.isdisjoint({(v["field"], v["item"]) for v in silent})


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.txt")), ids=lambda path: path.name)
def test_a_quote_is_the_text_at_its_place(path: Path):
    text = path.read_text(encoding="utf-8")
    (record,) = read(path).records
    for value in record["values"]:
        place = value["place"]
        if "line" in place:
            words = text[place["start"] : place["end"]]
            assert " ".join(words.replace("**", "").split()) == value["quote"]
            assert place["line"] == len(re.findall(r"\r\n|\r|\n", text[: place["start"]])) + 1


def test_python_gives_the_same_records_under_attributes_of_the_same_names():
    for record, written in zip(rk.read(EXAMPLES), read(EXAMPLES).records, strict=True):
        assert {key: getattr(record, key) for key in RECORD_KEYS[:-1]} == {k: written[k] for k in RECORD_KEYS[:-1]}
        for value, one in zip(record.values, written["values"], strict=True):
            assert {key: getattr(value, key) for key in VALUE_KEYS if key != "place"} == {
                key: one[key] for key in VALUE_KEYS if key != "place"
            }
            assert {key: getattr(value.place, key) for key in one["place"]} == one["place"]


# --- names and order


def test_documents_are_named_below_the_path_and_read_in_the_order_of_their_names(folder: Path):
    assert [record["document"] for record in read(folder).records] == ["b.txt", "a/c.txt"]


def test_a_file_given_by_itself_is_named_by_its_name(folder: Path):
    assert [record["document"] for record in read(folder / "a/c.txt", folder / "b.txt").records] == ["c.txt", "b.txt"]


def test_hidden_files_and_lock_files_are_left_out_without_a_word(folder: Path):
    assert read(folder).problems == []


def test_a_name_that_begins_with_an_underscore_is_read_below_a_path(folder: Path):
    (folder / "_d.txt").write_text("This double-blind trial enrolled 12 adults in two arms.\n")
    assert "_d.txt" in [record["document"] for record in read(folder).records]


def test_of_a_review_folder_the_documents_alone_are_read(tmp_path: Path):
    review = rk.new_review(tmp_path / "review", today="2026-11-01")
    (review / "documents/a.txt").write_text(PAPER)
    (review / "documents/_notes.txt").write_text("set aside")
    told = read(review)
    assert ([record["document"] for record in told.records], told.problems) == (["documents/a.txt"], [])


def test_records_of_one_document_are_numbered_from_one(tmp_path: Path):
    (tmp_path / "t.csv").write_text("ids.primary,enrolment.target\nNCT09900413,12\nNCT09900414,14\n")
    assert [(r["document"], r["record"]) for r in read(tmp_path).records] == [("t.csv", 1), ("t.csv", 2)]


def test_links_to_folders_are_followed_and_a_circle_of_links_ends(tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.txt").write_text(PAPER)
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "shared").symlink_to(tmp_path / "elsewhere")
    (documents / "circle").symlink_to(documents)
    (tmp_path / "elsewhere/back").symlink_to(documents)
    told = read(documents)
    assert ([record["document"] for record in told.records], told.problems) == (["shared/a.txt"], [])


# --- problems and the exit status


def test_a_second_copy_is_a_notice_and_is_read_once(folder: Path):
    (folder / "z.txt").write_text(PAPER)
    told = read(folder)
    assert [record["document"] for record in told.records] == ["b.txt", "a/c.txt"]
    assert told.status == 0
    assert told.problems == [
        {
            "document": "z.txt",
            "place": {"document": "z.txt"},
            "found": "the same bytes as b.txt",
            "expected": "each document once",
            "fix": "none needed; remove the copy if it is not wanted",
            "severity": "notice",
        }
    ]


def test_a_file_given_twice_is_read_once(folder: Path):
    told = read(folder / "b.txt", folder / "b.txt")
    assert (len(told.records), told.status, [p["severity"] for p in told.problems]) == (1, 0, ["notice"])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_with_its_mark_is_read_with_a_notice(tmp_path: Path, encoding: str):
    (tmp_path / "a.txt").write_bytes(("\ufeff" + PAPER).encode(encoding))
    told = read(tmp_path / "a.txt")
    assert told.status == 0
    assert [v["value"] for v in told.records[0]["values"] if v["field"] == "ids.primary"] == ["NCT09900413"]
    assert told.problems == [
        {
            "document": "a.txt",
            "place": {"document": "a.txt"},
            "found": "UTF-16 text",
            "expected": "UTF-8 text",
            "fix": "none needed; it was read as UTF-16",
            "severity": "notice",
        }
    ]


def test_bad_and_good_together_give_the_good_one_and_status_one(folder: Path):
    (folder / "a/bad.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    told = read(folder)
    assert [record["document"] for record in told.records] == ["b.txt", "a/c.txt"]
    assert told.status == 1
    assert [list(problem) for problem in told.problems] == [PROBLEM_KEYS]
    assert [(p["document"], p["found"], p["severity"]) for p in told.problems] == [
        ("a/bad.png", "a picture (PNG)", "error"),
    ]


def test_a_value_that_cannot_be_read_is_unclear_with_one_notice(tmp_path: Path):
    (tmp_path / "t.csv").write_text("ids.primary,enrolment.target\nNCT09900413,eight\n")
    told = read(tmp_path / "t.csv")
    (value,) = [value for value in told.records[0]["values"] if value["field"] == "enrolment.target"]
    assert (value["value"], value["state"], value["quote"]) == (None, "UNCLEAR", "eight")
    assert (told.status, [(p["severity"], p["found"]) for p in told.problems]) == (0, [("notice", "'eight'")])


def test_a_folder_without_documents_is_an_error(tmp_path: Path):
    told = read(tmp_path)
    assert (told.status, told.records) == (1, [])
    assert told.problems == [
        {
            "document": str(tmp_path),
            "place": {"document": str(tmp_path)},
            "found": "no document",
            "expected": "at least one registry record or publication",
            "fix": "copy your documents there",
            "severity": "error",
        }
    ]


@pytest.mark.parametrize("options", [[], ["--json"]])
@pytest.mark.parametrize("command", ["read", "check"])
def test_a_path_that_does_not_exist_is_wrong_usage(folder: Path, command: str, options: list[str]):
    result = CliRunner().invoke(main, [command, *options, str(folder), str(folder / "missing.txt")])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "missing.txt" in result.stderr


def test_lines_are_utf_8_and_hold_nothing_that_breaks_them(tmp_path: Path):
    (tmp_path / "t.csv").write_text(
        "ids.primary,title.public\nNCT09900413,Gewöhnlich \u2028 فارسی \u0085 \U0001f9ea\n", encoding="utf-8"
    )
    told = read(tmp_path / "t.csv")
    assert len(told.stdout.decode("utf-8").splitlines()) == 1
    assert "فارسی".encode() in told.stdout
    (title,) = [value["value"] for value in told.records[0]["values"] if value["field"] == "title.public"]
    assert title.startswith("Gewöhnlich") and title.endswith("\U0001f9ea")


def test_nothing_but_records_goes_to_standard_output(folder: Path):
    (folder / "bad.bin").write_bytes(b"\x00\x01")
    told = read(folder)
    assert [list(record) for record in told.records] == [RECORD_KEYS, RECORD_KEYS]


# --- in Python


def test_python_warns_of_each_problem_and_reads_the_rest(folder: Path):
    (folder / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.warns(rk.ReviewWarning, match="a picture"):
        assert [record.document for record in rk.read(folder)] == ["b.txt", "a/c.txt"]


def test_python_raises_where_nothing_could_be_read(tmp_path: Path):
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.warns(rk.ReviewWarning), pytest.raises(rk.ReviewError) as caught:
        list(rk.read(tmp_path))
    assert isinstance(caught.value, ValueError)
    assert str(caught.value) == (
        "bad.png\n  found     a picture (PNG)\n"
        "  expected  a registry's export or an article, in a form that docs/sources.md lists\n"
        "  fix       give the document itself, not a picture of it"
    )


def test_python_collects_problems_where_a_list_is_given(folder: Path):
    (folder / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    problems: list[Any] = []
    assert len(list(rk.read(folder, problems=problems))) == 2
    assert [problem.document for problem in problems] == ["bad.png"]


def test_python_raises_for_a_path_that_does_not_exist(tmp_path: Path):
    with pytest.raises(rk.ReviewError, match="no such file or folder"):
        list(rk.read(tmp_path / "missing"))


def test_reading_is_lazy(folder: Path):
    """One record is out before the next document is opened."""
    records = rk.read(folder)
    assert next(records).document == "b.txt"
    (folder / "a/c.txt").write_text("This crossover trial enrolled 99 adults in four arms (NCT09900499).\n")
    assert [v.value for v in next(records).all("ids.primary")] == ["NCT09900499"]


# --- the real records


@pytest.mark.real
def test_all_studies_of_a_folder_are_read_and_the_other_file_is_refused_by_name(shared: Path):
    folder = shared / "records/ctgov-v2"
    told = read(folder)
    single = {path.name for path in folder.glob("NCT*.json")}
    assert len(single) >= 185
    named = [record["document"] for record in told.records]
    assert single <= set(named)
    expected = 0
    for path in [*folder.glob("*.json"), *folder.glob("pages/*.json")]:
        content = json.loads(path.read_bytes())
        expected += len(content["studies"]) if "studies" in content else 1
    assert len(named) == expected
    assert told.status == 1
    assert [(p["document"], p["severity"]) for p in told.problems if p["severity"] == "error"] == [
        ("_sources.csv", "error")
    ]
