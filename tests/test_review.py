"""A review folder: how it is made, how its studies get ids and keep them, what is read again and what is not."""

from __future__ import annotations

import shutil
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

import reviewkit as rk
from reviewkit.cli import main

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "data/exosomes/documents"
ONE = "This randomised, double-blind trial (NCT09900413) enrolled 20 adults in two arms.\n"
TWO = "This open-label trial (NCT09900414) enrolled 30 adults in one arm.\n"
UNNUMBERED = "This crossover trial enrolled 40 adults in two arms.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return rk.new_review(tmp_path / "my-review", today="2026-11-01")


def put(folder: Path, **documents: str) -> None:
    """Documents by name; `__` stands for a full stop."""
    for name, text in documents.items():
        (folder / "documents" / name.replace("__", ".")).write_text(text)


def ids(folder: Path) -> dict[str, list[str]]:
    """Study id -> names of its documents, as a fresh look gives them."""
    return {view.study_id: [record.document for record in view.records] for view in rk.open_review(folder).studies}


# --- new


def test_a_new_review_has_everything_a_team_edits(folder: Path):
    made = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    assert made == [
        "codebook.csv", "documents", "reports", "review.toml", "workbooks", "workbooks/issued", "workbooks/returned"
    ]  # fmt: skip
    settings = tomllib.loads((folder / "review.toml").read_text(encoding="utf-8"))
    assert settings["review"] == {"id": "my-review", "title": "my-review", "snapshot_date": "2026-11-01"}
    assert (folder / "codebook.csv").read_bytes() == (ROOT / "templates/codebook.csv").read_bytes()


def test_new_says_what_to_do_next_and_takes_an_empty_folder(tmp_path: Path):
    (tmp_path / "r").mkdir()
    result = CliRunner().invoke(main, ["new", str(tmp_path / "r")])
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f"{tmp_path}/r\n  copy your documents into {tmp_path}/r/documents\n  then: reviewkit run {tmp_path}/r\n"
    )


@pytest.mark.parametrize("held", ["a file", "a hidden file", "a folder", "it is a file itself"])
def test_new_refuses_what_is_not_empty_and_changes_nothing(held: str, tmp_path: Path):
    path = tmp_path / "r"
    if held == "it is a file itself":
        path.write_text("x")
    else:
        path.mkdir()
        {"a file": path / "a", "a hidden file": path / ".a", "a folder": path / "b"}[held].mkdir()
    before = sorted(tmp_path.rglob("*"))
    result = CliRunner().invoke(main, ["new", str(path)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: {path}\n  found     a folder with files in it\n  expected  a new or empty folder\n"
        "  fix       give another name\n"
    )
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ['quo"te', "back\\slash", "{title}", "new\nline", "del\x7f", "فارسی", "a b", "'''"])
def test_a_review_of_an_odd_name_can_be_opened(name: str, tmp_path: Path):
    review = rk.open_review(rk.new_review(tmp_path / name, today="2026-11-01"))
    assert (review.id, review.title, review.snapshot_date) == (name, name, "2026-11-01")


# --- ids


def test_ids_are_kept_when_documents_come_go_and_change_their_names(folder: Path):
    put(folder, b__txt=ONE)
    assert ids(folder) == {"S0001": ["b.txt"]}
    put(folder, a__txt=TWO, c__txt=UNNUMBERED)
    assert ids(folder) == {"S0001": ["b.txt"], "S0002": ["a.txt"], "S0003": ["c.txt"]}
    (folder / "documents/sub").mkdir()
    (folder / "documents/c.txt").rename(folder / "documents/sub/z.txt")
    (folder / "documents/a.txt").rename(folder / "documents/y.txt")
    assert ids(folder) == {"S0001": ["b.txt"], "S0002": ["y.txt"], "S0003": ["sub/z.txt"]}
    (folder / "documents/b.txt").unlink()
    assert ids(folder) == {"S0002": ["y.txt"], "S0003": ["sub/z.txt"]}
    put(folder, new__txt=TWO.replace("9900414", "9900415"))
    assert ids(folder) == {"S0002": ["y.txt"], "S0003": ["sub/z.txt"], "S0004": ["new.txt"]}
    put(folder, back__txt=ONE)
    assert ids(folder)["S0001"] == ["back.txt"]


def test_ids_are_kept_when_the_cache_is_deleted_and_the_folder_moved(folder: Path, tmp_path: Path):
    put(folder, a__txt=TWO, b__txt=UNNUMBERED)
    before = ids(folder)
    put(folder, Z__txt=ONE)
    shutil.rmtree(folder / ".cache")
    moved = folder.rename(tmp_path / "elsewhere")
    assert ids(moved) == {**before, "S0003": ["Z.txt"]}


def test_two_documents_that_turn_out_to_be_one_study_keep_the_older_id(folder: Path):
    put(folder, paper__txt=UNNUMBERED)
    assert ids(folder) == {"S0001": ["paper.txt"]}
    put(folder, registry__txt=ONE)
    assert ids(folder) == {"S0001": ["paper.txt"], "S0002": ["registry.txt"]}
    put(folder, paper__txt=UNNUMBERED + "Trial registration: NCT09900413.\n")
    assert ids(folder) == {"S0001": ["paper.txt", "registry.txt"]}
    assert ids(folder) == {"S0001": ["paper.txt", "registry.txt"]}


def test_records_of_one_number_are_one_study_whatever_their_kind(folder: Path):
    for name in ("NCT09900413.json", "dataset-lung-fibrosis.txt"):
        shutil.copy(EXAMPLES / name, folder / "documents")
    (view,) = rk.open_review(folder).studies
    assert [record.kind for record in view.records] == ["registry", "publication"]


# --- documents and the cache


def test_hidden_files_lock_files_and_what_the_team_set_aside_are_left_out(folder: Path):
    (folder / "documents/_aside").mkdir()
    put(folder, a__txt=ONE, **{"_b.txt": TWO, ".c.txt": TWO, "~$d.txt": TWO, "_aside/e.txt": TWO})
    review = rk.open_review(folder)
    assert ([view.study_id for view in review.studies], review.problems) == (["S0001"], [])


def test_a_document_that_was_read_is_not_read_again(folder: Path):
    """Shown by its effect: what stands in the cache is what comes out, though the document would say otherwise."""
    put(folder, a__txt=ONE, b__txt=TWO)
    review = rk.open_review(folder)
    assert len(review.studies) == 2
    kept = {name: folder / ".cache" / file for name, file in review.documents.items()}
    stamps = {name: path.stat().st_mtime_ns for name, path in kept.items()}
    again = rk.open_review(folder)
    assert len(again.studies) == 2
    assert {name: path.stat().st_mtime_ns for name, path in kept.items()} == stamps
    shutil.copy(kept["a.txt"], kept["b.txt"])
    assert [r.first("ids.primary").value for view in rk.open_review(folder).studies for r in view.records] == [
        "NCT09900413",
        "NCT09900413",
    ]


def test_a_damaged_cache_is_made_again(folder: Path):
    put(folder, a__txt=ONE)
    before = ids(folder)
    for path in (folder / ".cache").iterdir():
        path.write_bytes(path.read_bytes()[:40])
    assert ids(folder) == before


def test_a_changed_document_is_read_again(folder: Path):
    put(folder, a__txt=ONE)
    assert ids(folder) == {"S0001": ["a.txt"]}
    put(folder, a__txt=ONE.replace("two arms", "three arms"))
    (view,) = rk.open_review(folder).studies
    sizes = {value.value for record in view.records for value in record.reported if type(value.value) is int}
    assert sizes == {20, 3}


def test_problems_are_told_again_from_the_cache_word_by_word(folder: Path):
    (folder / "documents/t.csv").write_text("ids.primary,enrolment.target\nNCT09900413,eight\n")
    put(folder, copy__csv="ids.primary,enrolment.target\nNCT09900413,eight\n")
    first, second = rk.open_review(folder), rk.open_review(folder)
    assert (len(first.studies), len(second.studies)) == (1, 1)
    assert [str(problem) for problem in first.problems] == [
        "copy.csv, row 2, column enrolment.target\n  found     'eight'\n"
        "  expected  a whole number in digits, e.g. 8 or 1,200\n"
        "  fix       look at the source; the value is kept as UNCLEAR with its quote",
        "t.csv\n  found     the same bytes as copy.csv\n  expected  each document once\n"
        "  fix       none needed; remove the copy if it is not wanted",
    ]
    assert second.problems == first.problems


# --- StudyView


class Links(HTMLParser):
    """The addresses and ids of a piece of HTML."""

    def __init__(self, html: str):
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "href":
                self.hrefs.append(value or "")
            if name == "id":
                self.ids.add(value or "")


def test_every_link_of_a_study_leads_to_a_line_of_a_page_that_is_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    for path in EXAMPLES.iterdir():
        shutil.copy(path, folder / "documents")
    put(folder, **{"a #1 100%.txt": TWO})
    monkeypatch.chdir(tmp_path)
    followed = 0
    for view in rk.open_review(folder).studies:
        for href in Links(view._repr_html_()).hrefs:
            if href.startswith(("http://", "https://")):
                continue
            address, _, mark = href.partition("#")
            page = tmp_path / address.replace("%20", " ").replace("%23", "#").replace("%25", "%")
            assert page.is_file(), href
            assert not mark or mark in Links(page.read_text(encoding="utf-8")).ids, href
            followed += 1
    assert followed > 100


def test_a_study_says_its_id_and_number_in_plain_text_too(folder: Path):
    put(folder, a__txt=ONE, b__txt=UNNUMBERED)
    first, second = rk.open_review(folder).studies
    assert (repr(first), repr(second)) == (
        "S0001 (NCT09900413; 1 records)",
        "S0002 (no registration number; 1 records)",
    )


def test_a_review_says_what_it_holds(folder: Path):
    put(folder, a__txt=ONE, b__txt=TWO)
    assert repr(rk.open_review(folder)) == "Review 'my-review': my-review (2 studies, 2 documents)"


@pytest.mark.real
def test_the_real_records_make_a_review_and_what_begins_with_an_underscore_is_left_out(shared: Path, folder: Path):
    (folder / "documents").rmdir()
    (folder / "documents").symlink_to(shared / "records/ctgov-v2")
    review = rk.open_review(folder)
    assert len(review.studies) >= 185
    assert [problem for problem in review.problems if problem.severity == "error"] == []
    assert not any(name.startswith("_") for name in review.documents)


# --- links.csv


def test_titles_almost_the_same_are_a_doubt_that_links_csv_settles(folder: Path):
    put(folder, a__csv="title.public\nKite flying for sore knees: a made-up trial\n")
    put(folder, b__csv='title.public,ids.primary\n"Kite flying for sore knees, a made-up trial",NCT09900413\n')
    review = rk.open_review(folder)
    assert ids(folder) == {"S0001": ["a.csv"], "S0002": ["b.csv"]}
    assert [tuple(row) for row in review.doubts().itertuples(index=False)] == [
        (["a.csv", "b.csv"], "Kite flying for sore knees: a made-up trial", "their titles are 100 % alike")
    ]
    header = "first,second,same_trial,decided_by,reason\n"
    (folder / "links.csv").write_text(header + "a.csv,b.csv,no,AB,other dose\n")
    assert (ids(folder), len(rk.open_review(folder).doubts())) == ({"S0001": ["a.csv"], "S0002": ["b.csv"]}, 0)
    (folder / "links.csv").write_text(header + "a.csv,b.csv,yes,AB,same authors\n")
    (view,) = rk.open_review(folder).studies
    assert (view.study_id, [(link.key, link.records) for link in view.linked.links]) == (
        "S0001",
        [("confirmed by AB: same authors", (("a.csv", 1), ("b.csv", 1)))],
    )
    assert "One study, by <b>confirmed by AB: same authors</b> in a.csv and b.csv." in view._repr_html_()


def test_a_row_of_links_csv_that_cannot_be_taken_is_told_and_left_out(folder: Path):
    put(folder, a__txt=ONE, b__txt=TWO)
    (folder / "links.csv").write_text(
        "first,second,same_trial,decided_by,reason\n"
        "a.txt,c.txt,yes,AB,\na.txt,b.txt,maybe,AB,\na.txt,b.txt,yes,,\na.txt,a.txt,yes,AB,\n"
    )
    review = rk.open_review(folder)
    assert len(review.studies) == 2
    told = [(p.place.row, p.place.column, p.found, p.expected) for p in review.problems if p.document == "links.csv"]
    assert sorted(told, key=lambda one: one[0]) == [
        (2, "second", "'c.txt'", "a record of this review"),
        (3, "same_trial", "'maybe'", "yes or no"),
        (4, "decided_by", "''", "who decided"),
        (5, "second", "'a.txt'", "another record"),
    ]


def test_a_broken_links_csv_is_told_and_the_studies_are_there(folder: Path):
    put(folder, a__txt=ONE)
    (folder / "links.csv").write_text("first,second,same,decided_by,reason\n")
    review = rk.open_review(folder)
    assert len(review.studies) == 1
    assert [str(p.place) for p in review.problems if p.document == "links.csv"] == ["links.csv, row 1, column same"]


def test_the_flow_tells_which_studies_have_no_judgement(tmp_path: Path):
    folder = tmp_path / "example"
    shutil.copytree(ROOT / "data/exosomes", folder)
    table = rk.open_review(folder, out=tmp_path / "out").prisma().identities
    x4 = table[table["Identity"] == "X4"]
    assert [tuple(row) for row in x4.itertuples(index=False)] == [
        (
            "X4",
            "W",
            "fails",
            "X4. Every study included has its risk of bias rated. Here all_studies 6 should equal rated_studies 1; "
            "the difference is 5. Look at new_studies, rated_studies.",
        )
    ]
    (folder / "judgements.csv").unlink()
    table = rk.open_review(folder, out=tmp_path / "out").prisma().identities
    assert table[table["Identity"] == "X4"]["State"].tolist() == ["not checked"]
