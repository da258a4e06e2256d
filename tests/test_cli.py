"""The command line: each command is one call of the front door; help, usage, and the tables for people."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import reviewkit
from reviewkit.cli import main

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "data/exosomes/documents"


def call(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_help_names_every_command():
    result = call("--help")
    assert result.exit_code == 0
    listed = [line.split()[0] for line in result.stdout.split("Commands:\n")[1].splitlines() if line.strip()]
    assert {"read", "check", "new", "run"} <= set(listed)


@pytest.mark.parametrize("command", ["read", "check", "new", "run"])
def test_every_command_explains_itself(command: str):
    result = call(command, "-h")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: main {command} ")


def test_the_version_is_that_of_the_package():
    assert call("--version").stdout == f"reviewkit, version {reviewkit.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["read"],
        ["check"],
        ["new"],
        ["run"],
        ["nonsense"],
        ["read", "--nonsense", "."],
        ["read", "missing.txt"],
        ["run", "missing"],
        ["run", __file__],
        ["run", ".", "--out", __file__],
    ],
)
def test_wrong_usage_is_status_two_and_says_so_on_standard_error(arguments: list[str]):
    result = call(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: main")
    assert "Error: " in result.stderr


def test_a_record_is_shown_as_a_table_with_words_and_places():
    result = call("read", str(EXAMPLES / "irct-foot-ulcer.txt"))
    assert (result.exit_code, result.stderr) == (0, "")
    head, *lines = result.stdout.splitlines()
    assert head.startswith("irct-foot-ulcer.txt, record 1: irct (registry), recognised by ")
    (target,) = [line.split() for line in lines if line.startswith("  enrolment.target")]
    assert target == ["enrolment.target", "12", "line", "125"]
    assert "not reported: " in result.stdout
    assert max(map(len, lines)) <= 160


def test_a_study_is_shown_with_its_contradictions_first_and_what_they_rest_on():
    result = call("check", str(EXAMPLES))
    assert (result.exit_code, result.stderr) == (0, "")
    study = next(part for part in result.stdout.split("\n\n") if part.startswith("NCT09900413\n"))
    verdicts = [line.split()[0] for line in study.splitlines()[2:] if line.startswith("  ") and line[2] != " "]
    order = ["INCONSISTENT", "RETROSPECTIVE", "ATTENTION", "INDETERMINATE", "NOT_ASSESSABLE"]
    order += ["PROSPECTIVE", "CONSISTENT"]
    assert verdicts == sorted(verdicts, key=order.index)
    assert verdicts[0] == "INCONSISTENT"
    assert "  NCT09900413.json (registry), dataset-lung-fibrosis.txt (publication)\n" in study
    assert "[dataset-lung-fibrosis.txt, line 18]" in study


def test_a_reader_that_stops_listening_is_no_error_of_ours():
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from reviewkit.cli import main; main()", "read", "--json", str(EXAMPLES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
