"""`reviewkit run`: parameters checked before a kernel starts, a manifest line a notebook, the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

import reviewkit as rk
from reviewkit.batch import declared, read_setting, resolve, shipped_notebooks
from reviewkit.cli import main

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "data/exosomes"
SHIPPED = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
NOTEBOOKS = ["1_extract", "3_registration"]  # two kinds are enough here: one that shows, one that writes
ONLY = [word for name in NOTEBOOKS for word in ("--only", name)]
SKIPPED = "skipped: it ended well before on the same inputs and parameters"
MANIFEST_KEYS = ["notebook", "parameters", "inputs", "state", "seconds", "error", "cell", "study"]
SAME_BYTES = ("*.csv", "*.svg", "*.html")
TABLES = [f"tables/{name}.{kind}" for name in ("t7a", "t7b") for kind in ("csv", "docx", "html", "xlsx")]
FIGURES = [f"figures/f5.{kind}" for kind in ("svg", "pdf", "png", "csv")]


class Ran(NamedTuple):
    """A run: the review folder, where its output went, exit status, both streams, the manifest's lines."""

    folder: Path
    out: Path
    status: int
    stdout: str
    stderr: str
    manifest: list[dict[str, Any]]


def run(folder: Path, *options: str, out: Path | None = None) -> Ran:
    where = ["--out", str(out)] if out else []
    result = CliRunner().invoke(main, ["run", str(folder), *where, *options])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    made = out or folder / "reports"
    manifest = made / "run-manifest.jsonl"
    lines = (
        [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()] if manifest.exists() else []
    )
    return Ran(folder, made, result.exit_code, result.stdout, result.stderr, lines)


def copy_of_the_example(parent: Path) -> Path:
    folder = parent / "exosomes"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".cache", "reports", "review.db"))
    return folder


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The example, run once."""
    return run(copy_of_the_example(tmp_path_factory.mktemp("one")), *ONLY)


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The example in a folder of another depth, its output elsewhere."""
    parent = tmp_path_factory.mktemp("two") / "deeper down" / "here"
    parent.mkdir(parents=True)
    return run(copy_of_the_example(parent), *ONLY, out=parent.parent / "out put")


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A run whose second notebook fails for a rule that does not exist."""
    return run(copy_of_the_example(tmp_path_factory.mktemp("three")), *ONLY, "--set", "3_registration.rule=nonsense")


def hashes(out: Path) -> dict[str, str]:
    """Each file that must be the same everywhere, with the hash of its bytes."""
    paths = [path for pattern in SAME_BYTES for path in out.rglob(pattern)]
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


# --- what comes out


def test_a_run_of_the_example_ends_well_and_says_where_everything_is(first: Ran):
    assert (first.status, first.stderr) == (0, "")
    ended = "".join(f"{name}  ok, 0 s\n" for name in NOTEBOOKS)
    assert re.sub(r"\d+ s", "0 s", first.stdout) == (
        f"{ended}report     {first.out}/report.html\n"
        f"tables     {first.out}/tables\nfigures    {first.out}/figures\nnotebooks  {first.out}/notebooks\n"
    )


def test_output_is_where_the_contract_says(first: Ran):
    made = {path.relative_to(first.out).as_posix() for path in first.out.rglob("*") if path.is_file()}
    pages = {path for path in made if path.startswith("pages/")}
    assert {"report.html", "run-manifest.jsonl", *TABLES, *FIGURES} <= made
    assert {f"notebooks/{name}.ipynb" for name in NOTEBOOKS} <= made
    assert pages == {f"pages/{path.name}.html" for path in (EXAMPLE / "documents").iterdir()}
    assert 'id="L125"' in (first.out / "pages/irct-foot-ulcer.txt.html").read_text(encoding="utf-8")


def test_the_manifest_has_a_line_a_notebook_with_the_keys_of_the_contract(first: Ran):
    assert [list(line) for line in first.manifest] == [MANIFEST_KEYS] * len(NOTEBOOKS)
    assert [(line["notebook"], line["state"]) for line in first.manifest] == [(name, "ok") for name in NOTEBOOKS]
    for line in first.manifest:
        assert (line["error"], line["cell"], line["study"]) == (None, None, None)
        assert line["seconds"] > 0
        assert line["parameters"]["review_id"] == "exosomes-example"
        assert line["parameters"]["snapshot_date"] == "2026-11-01"
        assert line["inputs"]["documents"] == len(list((EXAMPLE / "documents").iterdir()))
    (timing,) = [line for line in first.manifest if line["notebook"] == "3_registration"]
    assert timing["parameters"]["grace_days"] == [21, 30, 60]


def test_executed_notebooks_hold_their_parameters_and_outputs(first: Ran):
    for name in NOTEBOOKS:
        cells = json.loads((first.out / f"notebooks/{name}.ipynb").read_text(encoding="utf-8"))["cells"]
        injected = [cell for cell in cells if "injected-parameters" in cell["metadata"].get("tags", [])]
        assert len(injected) == 1
        assert any(cell.get("outputs") for cell in cells)
        assert not [o for cell in cells for o in cell.get("outputs", []) if o["output_type"] == "error"]


def test_the_same_inputs_give_the_same_bytes_wherever_they_lie(first: Ran, second: Ran):
    assert (second.status, second.stderr) == (0, "")
    assert len(hashes(first.out)) > 10
    assert hashes(second.out) == hashes(first.out)


def test_a_second_run_skips_what_is_done_and_changes_no_output(first: Ran):
    before = hashes(first.out)
    again = run(first.folder, *ONLY)
    assert again.status == 0
    assert again.stdout.startswith("".join(f"{name}  {SKIPPED}\n" for name in NOTEBOOKS))
    assert [line["state"] for line in again.manifest] == ["ok"] * len(NOTEBOOKS) + ["skipped"] * len(NOTEBOOKS)
    assert hashes(first.out) == before


@pytest.mark.parametrize("which", ["first", "second", "failed"])
def test_no_output_holds_a_folder_of_this_machine(which: str, request: pytest.FixtureRequest):
    ran: Ran = request.getfixturevalue(which)
    machine = {str(ROOT), str(ran.folder), str(ran.folder.parent), str(Path.home()), tempfile.gettempdir() + "/"}
    for path in ran.out.rglob("*"):
        if path.suffix in (".html", ".jsonl", ".ipynb", ".csv", ".json", ".svg"):
            text = path.read_text(encoding="utf-8")
            assert [folder for folder in machine if folder in text] == [], path.name


def test_the_documents_and_settings_of_the_review_are_left_as_they_were(first: Ran):
    for path in EXAMPLE.rglob("*"):
        if path.is_file() and path.name in {"review.toml", *(p.name for p in (EXAMPLE / "documents").iterdir())}:
            assert (first.folder / path.relative_to(EXAMPLE)).read_bytes() == path.read_bytes()


# --- what fails


def test_a_notebook_that_fails_is_named_with_its_cell_and_the_other_runs(failed: Ran):
    message = (
        "ReviewError: 3_registration.rule\n"
        "  found     'nonsense'\n"
        "  expected  one of strict, same_month, day1, year, grace_21, grace_30, grace_60\n"
        "  fix       did you mean 'strict'?"
    )
    assert failed.status == 1
    assert [(line["notebook"], line["state"], line["error"]) for line in failed.manifest] == [
        (name, "failed", message) if name == "3_registration" else (name, "ok", None) for name in NOTEBOOKS
    ]
    executed = json.loads((failed.out / "notebooks/3_registration.ipynb").read_text(encoding="utf-8"))["cells"]
    cell = failed.manifest[NOTEBOOKS.index("3_registration")]["cell"]
    assert "registration_timing(" in "".join(executed[cell - 1]["source"])
    assert [output["ename"] for output in executed[cell - 1]["outputs"]] == ["ReviewError"]
    assert f"3_registration  FAILED at cell {cell}\n  {message}\n" in failed.stdout
    assert (failed.out / "report.html").is_file()


def test_after_a_failure_the_same_notebook_runs_again_and_the_report_no_longer_says_it_failed(failed: Ran):
    said = "Notebook 3_registration failed; anything shown of it was made by an earlier run."
    assert said in (failed.out / "report.html").read_text(encoding="utf-8")
    again = run(failed.folder, "--only", "3_registration")
    assert (again.status, [line["state"] for line in again.manifest[len(NOTEBOOKS) :]]) == (0, ["ok"])
    assert said not in (failed.out / "report.html").read_text(encoding="utf-8")


def test_a_notebook_that_did_not_run_since_a_document_changed_is_said_to_be_old(second: Ran):
    (second.folder / "documents/new.csv").write_text("ids.primary\nNCT09900999\n")
    again = run(second.folder, "--only", "1_extract", out=second.out)
    assert again.status == 0
    page = (second.out / "report.html").read_text(encoding="utf-8")
    assert "Notebook 3_registration has not run since documents or settings changed." in page


# --- parameters: nothing starts unless all are right

KNOWN = "one of " + ", ".join(SHIPPED)
OWN = "one of " + ", ".join(
    sorted(f"3_registration.{name}" for name in declared(ROOT / "notebooks/3_registration.ipynb"))
)
WRONG = [
    # the options, then whole message
    (["--only", "3_registraton"], "3_registraton", "no notebook '3_registraton'", KNOWN,
     "did you mean '3_registration'?"),
    (["--set", "3_registraton.rule=strict"], "3_registraton", "no notebook '3_registraton'",
     KNOWN, "did you mean '3_registration'?"),
    (["--set", "3_registration.rul=strict"], "3_registration.rul", "no parameter '3_registration.rul'",
     OWN, "did you mean '3_registration.rule'?"),
    (["--set", "3_registration.rule=3"], "3_registration.rule", "3 (int)", "a value of type str",
     "write a str, for example strict"),
    (["--set", "3_registration.grace_days=30"], "3_registration.grace_days", "30 (int)", "a value of type list",
     "write a list, for example [21, 30]"),
    (["--set", "3_registration.strict=1"], "3_registration.strict", "1 (int)", "a value of type bool",
     "write a bool, for example true"),
    (["--set", "1_extract.seed=true"], "1_extract.seed", "True (bool)", "a value of type int",
     "write a int, for example 30"),
    (["--set", "1_extract.seed=1.5"], "1_extract.seed", "1.5 (float)", "a value of type int",
     "write a int, for example 30"),
    (["--set", "rule=strict"], "rule=strict", "'rule=strict'", "notebook.parameter=value",
     "write it as in 3_registration.rule=strict"),
    (["--set", "3_registration.rule"], "3_registration.rule", "'3_registration.rule'", "notebook.parameter=value",
     "write it as in 3_registration.rule=strict"),
    (["--set", "3_registration.project=elsewhere"], "3_registration.project", "'elsewhere'", "a parameter that is free",
     "leave it out; it is the review folder that is run"),
    (["--set", "1_extract.snapshot_date=2020-01-01"], "1_extract.snapshot_date", "'2020-01-01'",
     "a parameter that is free", "leave it out; it is the snapshot_date in review.toml"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=lambda case: " ".join(case[0]))
def test_a_wrong_name_or_type_stops_the_run_before_anything_starts(case: tuple, tmp_path: Path):
    options, place, found, expected, fix = case
    folder = copy_of_the_example(tmp_path)
    ran = run(folder, *options)
    message = f"error: {place}\n  found     {found}\n  expected  {expected}\n  fix       {fix}\n"
    assert (ran.status, ran.stdout, ran.stderr) == (2, "", message)
    assert not ran.out.exists()


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("[notebooks.3_registraton]\nrule = 'strict'", "no notebook '3_registraton'"),
        ("[notebooks.3_registration]\nrul = 'strict'", "no parameter '3_registration.rul'"),
        ("[notebooks.3_registration]\ngrace_days = '21'", "'21' (str)"),
        ("[notebooks.1_extract]\nout = 'x'", "'x'"),
    ],
)
def test_the_same_holds_for_the_settings_of_review_toml(settings: str, found: str, tmp_path: Path):
    folder = rk.new_review(tmp_path / "r", today="2026-11-01")
    (folder / "review.toml").write_text(f'[review]\nsnapshot_date = "2026-11-01"\n{settings}\n')
    with pytest.raises(rk.ReviewError) as caught:
        rk.run(folder)
    assert caught.value.problem.found == found
    assert not (folder / "reports/notebooks").exists()


def test_settings_given_go_before_review_toml_and_that_before_the_notebook(tmp_path: Path):
    folder = rk.new_review(tmp_path / "r", today="2026-11-01")
    review = rk.open_review(folder)
    path = next(path for path in shipped_notebooks() if path.stem == "3_registration")
    assert declared(path)["grace_days"] == ("list", [21, 30, 60])
    assert resolve(path, review, {})["grace_days"] == [21, 30]
    assert resolve(path, review, {"3_registration.grace_days": [7]})["grace_days"] == [7]
    assert resolve(path, review, {"1_extract.seed": 3})["seed"] == 0
    assert resolve(path, review, {})["snapshot_date"] == "2026-11-01"


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("3_registration.rule=strict", ("3_registration.rule", "strict")),
        ("3_registration.rule=a=b", ("3_registration.rule", "a=b")),
        ("3_registration.rule=", ("3_registration.rule", "")),
        ('3_registration.rule="3"', ("3_registration.rule", "3")),
        ("3_registration.grace_days=[21, 30]", ("3_registration.grace_days", [21, 30])),
        ("1_extract.strict=false", ("1_extract.strict", False)),
        ("1_extract.x=" + "[" * 100_000, ("1_extract.x", "[" * 100_000)),
    ],
)
def test_a_setting_is_json_where_it_reads_as_json_and_text_elsewhere(text: str, setting: tuple[str, Any]):
    assert read_setting(text) == setting


def test_half_a_line_of_a_run_that_was_broken_off_spoils_nothing(first: Ran):
    manifest = first.out / "run-manifest.jsonl"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole + b'{"notebook": "1_extract", "parame')
    result = CliRunner().invoke(main, ["run", str(first.folder), "--only", "1_extract"])
    assert (result.exit_code, result.stdout.split("\n")[0]) == (0, f"1_extract  {SKIPPED}")
    lines = manifest.read_bytes().splitlines()
    assert json.loads(lines[-1])["state"] == "skipped"
    manifest.write_bytes(whole)


def test_python_runs_a_review_as_the_command_does(first: Ran):
    said: list[str] = []
    outcome = rk.run(first.folder, only=["1_extract"], say=said.append)
    assert (outcome.report, outcome.failed) == (first.out / "report.html", False)
    assert [(line.notebook, line.state) for line in outcome.lines] == [("1_extract", "skipped")]
    assert said == [f"1_extract  {SKIPPED}"]
