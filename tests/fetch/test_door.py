"""The command and the door: what they print, their status, and that nothing else ever needs them."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests_of_fetch import Server

import reviewkit as rk
from reviewkit.cli import main

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "reviewkit"
PATH = "/api/v2/studies/NCT09900501"


@pytest.fixture
def call(server: Server, tmp_path: Path):
    def called(*arguments: str, **environment: str) -> Result:
        base = f"ctgov={server.base}"
        command = ["fetch", *arguments, "--into", str(tmp_path / "documents"), "--base", base]
        result = CliRunner().invoke(main, command, env=environment)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return called


def test_the_command_says_what_came_and_what_is_there(call, server, study):
    server.says(PATH, study())
    for state in ("fetched ", "kept    "):
        result = call("NCT09900501")
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout == f"{state}  NCT09900501.json\n"


def test_as_json_each_file_and_each_problem_is_one_line(call, server, study):
    server.says(PATH, study())
    result = call("NCT09900501", "NCT09900502", "--json")
    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert set(json.loads(line)) == {"asked", "service", "state", "file", "url", "time", "sha256"}
    (problem,) = result.stderr.splitlines()
    assert json.loads(problem) == {
        "document": "NCT09900502",
        "place": None,
        "found": f"no such record at {server.base}/api/v2/studies/NCT09900502",
        "expected": "a number that ClinicalTrials.gov has",
        "fix": "check the number; it may be new, withdrawn, or mistyped",
        "severity": "error",
    }


def test_what_no_service_has_is_status_one_and_the_rest_is_fetched(call, server, study):
    server.says(PATH, study())
    result = call("IRCT20990101012345N1", "NCT09900501")
    assert (result.exit_code, result.stdout) == (1, "fetched   NCT09900501.json\n")
    assert result.stderr.startswith(
        "error: IRCT20990101012345N1\n  found     a number of a registry that lets no program"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "found     neither a number nor a query"),
        (["--query", "oats"], "found     a query without a service"),
        (["--query", "oats", "--from", "nowhere"], "found     'nowhere', which is no service"),
        (["--query", "oats", "--from", "ictrp"], "found     WHO's portal (ICTRP), which lets nobody fetch by program"),
        (["NCT09900501", "--email", "nobody"], "found     no e-mail address"),
        (["--limit", "0", "NCT09900501"], "Invalid value for '--limit'"),
    ],
)
def test_wrong_usage_is_status_two(call, arguments, said):
    result = call(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_file_as_target_is_wrong_usage(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = CliRunner().invoke(main, ["fetch", "NCT09900501", "--into", str(tmp_path / "file")])
    assert result.exit_code == 2


def test_the_address_and_the_key_may_come_from_the_environment(call, server, study):
    server.says(PATH, study())
    result = call("NCT09900501", REVIEWKIT_EMAIL="ab@example.org", NCBI_API_KEY="s3cret")
    assert result.exit_code == 0
    assert server.headers[0]["User-Agent"] == "systematic-reviewkit (mailto:ab@example.org)"
    assert "s3cret" not in str(server.headers[0])


def test_the_help_shows_no_key_of_the_environment():
    result = CliRunner().invoke(main, ["fetch", "--help"], env={"NCBI_API_KEY": "s3cret"})
    assert (result.exit_code, "s3cret" in result.stdout) == (0, False)


def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it, and the names it takes from modules."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_nothing_in_the_package_needs_the_network_but_this_room():
    network = {"reviewkit.fetch", "urllib.request", "http.client", "socket", "ssl", "httpx", "requests"}
    rooms = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        if any(name == one or name.startswith(f"{one}.") for name in imported(path) for one in network)
    }
    assert rooms == {"fetch"}


NETWORK = {"urllib.request", "http.client", "ssl", "socketserver", "reviewkit.fetch.transport", "reviewkit.fetch.run"}


@pytest.mark.parametrize(
    "code",
    [
        "import reviewkit",
        "from reviewkit.cli import main\nmain(['--help'], standalone_mode=False)",
        "from reviewkit.cli import main\nmain(['fetch', '--help'], standalone_mode=False)",
        "import reviewkit\nreviewkit.fetch, reviewkit.read",
        "import reviewkit\nlist(reviewkit.read('data/exosomes/documents'))",
    ],
)
def test_nothing_of_the_network_is_loaded_before_something_is_fetched(code: str):
    script = f"import sys, json\n{code}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert sorted(NETWORK & set(json.loads(done.stdout.splitlines()[-1]))) == []


def test_the_door_is_open_whether_or_not_its_room_was_loaded(fetch, server, study):
    import importlib

    server.says(PATH, study())
    assert callable(rk.fetch)
    importlib.import_module("reviewkit.fetch.transport")
    assert callable(rk.fetch)
    assert fetch("NCT09900501") == [("fetched", "NCT09900501.json")]


def test_the_page_for_users_names_every_service_and_option():
    from reviewkit.fetch.services import SERVICES

    page = (ROOT / "docs/fetch.md").read_text(encoding="utf-8")
    options = [option for parameter in main.commands["fetch"].params for option in parameter.opts if option[0] == "-"]
    wanted = {*options, *SERVICES, *(service.title for service in SERVICES.values())} - {"--base"}
    assert [word for word in sorted(wanted) if word not in page] == []
    assert [line for line in page.splitlines() if len(line) > 160] == []


def test_the_record_in_the_page_for_users_is_a_line_of_the_log():
    import msgspec

    from reviewkit.fetch.folder import Entry

    page = (ROOT / "docs/fetch.md").read_text(encoding="utf-8")
    line = page.split('```\n{"file"')[1].split("```")[0]
    assert msgspec.json.decode('{"file"' + line, type=Entry).service == "ctgov"
