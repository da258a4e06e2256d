"""Bad input beside good: a whole message each, the good document still out, never a traceback, little memory."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

import reviewkit as rk
from reviewkit.cli import main

ROOT = Path(__file__).parents[1]
GOOD = "This randomised, double-blind trial (NCT09900413) enrolled 20 adults in two arms.\n"
PERSIAN = "اين كارآزمايي تصادفي دوسوكور است\n"
MEGABYTE = 1024 * 1024
MOST_MEMORY = 500 * MEGABYTE

FORMS = "a registry's export or an article, in a form that docs/sources.md lists"
STUDY = "JSON of ClinicalTrials.gov, ISRCTN, CTIS, the EU register, Europe PMC, Crossref or BioStudies"
ENCODINGS = "text in UTF-8, or in UTF-16 with a byte order mark"
AGAIN = "export or copy the document again"
PLAIN = "save a registry's own export, or the article as plain text"
NO_PICTURE = "give the document itself, not a picture of it"
UNPACK = "unpack it and give the file inside"
FILES_INSIDE = "unpack it and give the files inside"
ZIP = "a zip archive that is no Word document and no workbook"
PAGE_AS_TEXT = "save the article or the record as plain text; this version does not read the form itself"
UTF_8 = "open the file in the program that made it and save it with encoding UTF-8"
CUT = "download the file again; it may have been cut short or edited"
OTHER_JSON = "download the record again as the registry or database gives it, or leave this file out"


class Bad(NamedTuple):
    """One document that is refused: its name, bytes, and what the message says; `line` where it names one."""

    name: str
    content: bytes
    found: str
    expected: str
    fix: str
    line: int | None = None

    def problem(self, name: str | None = None) -> dict[str, Any]:
        """The one message about it."""
        document = name or self.name
        place = {"document": document} | ({"line": self.line} if self.line else {})
        said = {"found": self.found, "expected": self.expected, "fix": self.fix}
        return {"document": document, "place": place, **said, "severity": "error"}


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return held.getvalue()


def entity_bomb() -> bytes:
    """An XML document of a kilobyte that its entities would blow up to a terabyte."""
    entities = [b'<!ENTITY e0 "bombbombbomb">']
    entities += [b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12)]
    return b'<?xml version="1.0"?>\n<!DOCTYPE a [' + b"".join(entities) + b"]>\n<a>&e11;</a>\n"


def with_entity(address: str) -> bytes:
    return f'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY e SYSTEM "{address}">]>\n<a>&e;</a>\n'.encode()


def nested(opening: str, closing: str, inside: str = "") -> bytes:
    return (opening * 200_000 + inside + closing * 200_000).encode()


DEEP = "JSON nested too deeply for a study"
NUL = "NUL characters, so a binary or damaged file"
MARKUP = "an XML or HTML file"
NO_FORM = "a document of no known form"
BAD = [
    Bad("empty.txt", b"", "an empty file", FORMS, AGAIN),
    Bad("blank.txt", b" \n\t\r\n ", "an empty file", FORMS, AGAIN),
    Bad("mark-only.txt", b"\xef\xbb\xbf", "an empty file", FORMS, AGAIN),
    Bad("mark-and-blanks.txt", b"\xef\xbb\xbf \n", "an empty file", FORMS, AGAIN),
    Bad("utf-16-mark-only.txt", b"\xff\xfe", "an empty file", FORMS, AGAIN),
    Bad("no-break-spaces.txt", "\u00a0\u2003\n".encode(), "an empty file", FORMS, AGAIN),
    Bad("binary.bin", bytes(range(1, 256)), "byte 0x80, which is not UTF-8", ENCODINGS, UTF_8, line=2),
    Bad("nul.txt", GOOD.encode() + b"\0" + GOOD.encode(), NUL, "text", AGAIN, line=2),
    Bad("nuls.txt", b"\0" * 1000, NUL, "text", AGAIN, line=1),
    Bad("utf-16-without-mark.txt", GOOD.encode("utf-16-le"), NUL, "text", AGAIN, line=1),
    Bad("utf-16-cut.txt", GOOD.encode("utf-16") + b"x", "byte 0x78, which is not UTF-16", ENCODINGS, UTF_8, line=2),
    Bad("utf-32.txt", GOOD.encode("utf-32"), NUL, "text", AGAIN, line=1),
    Bad("windows-1256.txt", PERSIAN.encode("cp1256"), "byte 0xc7, which is not UTF-8", ENCODINGS, UTF_8, line=1),
    Bad("latin-1.txt", f"{GOOD}Genève".encode("latin-1"), "byte 0xe8, which is not UTF-8", ENCODINGS, UTF_8, line=2),
    Bad("gzip.txt", gzip.compress(GOOD.encode(), mtime=0), "a gzip archive", FORMS, UNPACK),
    Bad("archive.zip", zipped(), ZIP, FORMS, FILES_INSIDE),
    Bad("paper.docx", zipped() + b" ", ZIP, FORMS, FILES_INSIDE),
    Bad(
        "paper.pdf", b"%PDF-1.7\n%\xe2\xe3\n",
        "a PDF that cannot be opened (Failed to load document (PDFium: Data format error))",
        "a PDF without a password, whole", "download the file again",
    ),
    Bad("scan.png", b"\x89PNG\r\n\x1a\n\0\0", "a picture (PNG)", FORMS, NO_PICTURE),
    Bad(
        "page.html", b"<!doctype html><nav>Home</nav><p>...</p>", "a page without words in a row",
        "a registry record or a publication",
        "a page in frames shows another file: save that one; else save the page's text",
    ),
    Bad("bomb.xml", entity_bomb(), MARKUP, FORMS, PAGE_AS_TEXT),
    Bad("late.xml", b"\n <!-- a -->" + with_entity("file:///etc/hostname"), MARKUP, FORMS, PAGE_AS_TEXT),
    Bad("cut.json", b'{"protocolSection": {"id', "broken JSON: Unterminated string starting at", STUDY, CUT, line=1),
    Bad("two.json", b'{"a": 1}\n{"b": 2}', "broken JSON: Extra data", STUDY, CUT, line=2),
    Bad("deep.json", nested("[", "]"), DEEP, STUDY, CUT, line=1),
    Bad("deep-objects.json", nested('{"a":', "}", "1"), DEEP, STUDY, CUT, line=1),
    Bad("deep-never-closed.json", b"[" * 200_000, DEEP, STUDY, CUT, line=1),
    Bad("null.json", b"null", NO_FORM, FORMS, PLAIN),
    Bad("number.json", b"17", NO_FORM, FORMS, PLAIN),
    Bad("string.json", b'"x"', NO_FORM, FORMS, PLAIN),
    Bad("foreign.json", b'{"name": "x", "size": 1}', "JSON with the top-level keys 'name, size'", STUDY, OTHER_JSON),
    Bad("marks.txt", "…\n!!! 12 --- 13\n".encode(), NO_FORM, FORMS, PLAIN),
]  # fmt: skip
EACH = pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
MODULES = ("identificationModule", "statusModule", "designModule", "armsInterventionsModule", "eligibilityModule")
WRONG_TYPES: list[Any] = [None, 3, 1.5, True, "x", "", [], {}, [None], [[]], [3], {"a": 1}, {"": {}}, [{"a": [{}]}]]


class Told(NamedTuple):
    """What a command wrote and how it ended."""

    status: int
    lines: list[dict[str, Any]]
    problems: list[dict[str, Any]]


def told(command: str, *paths: Path | str) -> Told:
    """`reviewkit read|check --json`; an exception that is none of our messages fails the test."""
    result = CliRunner().invoke(main, [command, "--json", "--", *map(os.fspath, paths)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    lines, problems = (stream.splitlines() for stream in (result.stdout_bytes, result.stderr_bytes))
    return Told(result.exit_code, list(map(json.loads, lines)), list(map(json.loads, problems)))


def errors(found: Told) -> dict[str, str]:
    """Document -> what was found, of the errors."""
    return {problem["document"]: problem["found"] for problem in found.problems if problem["severity"] == "error"}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every bad document and a good one."""
    folder = tmp_path_factory.mktemp("everything")
    for bad in BAD:
        (folder / bad.name).write_bytes(bad.content)
    (folder / "good.txt").write_text(GOOD)
    return folder


# --- each alone, all together


@EACH
def test_a_bad_document_alone_gives_its_message_and_status_one(bad: Bad, tmp_path: Path):
    (tmp_path / bad.name).write_bytes(bad.content)
    assert told("read", tmp_path / bad.name) == Told(1, [], [bad.problem()])


def test_all_together_in_a_folder_each_gives_its_message_and_the_good_one_is_read(everything: Path):
    found = told("read", everything)
    assert found.status == 1
    assert [record["document"] for record in found.lines] == ["good.txt"]
    assert found.problems == [bad.problem() for bad in sorted(BAD)]


def test_all_together_as_paths_each_gives_its_message(everything: Path):
    found = told("read", *(everything / bad.name for bad in BAD), everything / "good.txt")
    assert (found.status, [record["document"] for record in found.lines]) == (1, ["good.txt"])
    assert found.problems == [bad.problem() for bad in BAD]


def test_checking_tells_the_same_and_checks_the_good_one(everything: Path):
    found = told("check", everything)
    assert (found.status, [study["study"] for study in found.lines]) == (1, ["NCT09900413"])
    assert found.problems == [bad.problem() for bad in sorted(BAD)]


def test_as_documents_of_a_review_the_good_one_is_a_study_and_the_rest_are_told(everything: Path, tmp_path: Path):
    folder = rk.new_review(tmp_path / "review", today="2026-11-01")
    (folder / "documents").rmdir()
    (folder / "documents").symlink_to(everything)
    review = rk.open_review(folder)
    assert [(view.study_id, [r.document for r in view.records]) for view in review.studies] == [("S0001", ["good.txt"])]
    assert [problem.as_json() for problem in review.problems] == [bad.problem() for bad in sorted(BAD)]
    again = rk.open_review(folder)
    assert [view.study_id for view in again.studies] == ["S0001"]
    assert again.problems == review.problems


def test_without_json_a_message_is_four_lines(tmp_path: Path):
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    result = CliRunner().invoke(main, ["read", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "error: scan.png\n"
        "  found     a picture (PNG)\n"
        "  expected  a registry's export or an article, in a form that docs/sources.md lists\n"
        "  fix       give the document itself, not a picture of it\n"
    )


# --- JSON of wrong types


def studies_of_wrong_types() -> Iterator[tuple[str, Any]]:
    """A study with a wrong type at each level: the whole, the sections, the modules, and every key of a real shape."""
    content = json.loads((ROOT / "data/exosomes/documents/NCT09900413.json").read_bytes())
    for number, wrong in enumerate(WRONG_TYPES):
        yield f"whole-{number}", wrong
        yield f"section-{number}", {"protocolSection": wrong}
        yield f"list-{number}", {"studies": [wrong, content]}
        for module in content["protocolSection"]:
            yield f"{module}-{number}", {"protocolSection": {**content["protocolSection"], module: wrong}}


def every_key_wrong(wrong: Any) -> Iterator[dict[str, Any]]:
    """The study with one key of one module at a time set to `wrong`."""
    content = json.loads((ROOT / "data/exosomes/documents/NCT09900413.json").read_bytes())["protocolSection"]
    for module, keys in content.items():
        for key in keys:
            yield {"protocolSection": {**content, module: {**keys, key: wrong}}}


def test_json_of_wrong_types_at_every_level_is_read_or_refused_with_a_message(tmp_path: Path):
    for name, content in studies_of_wrong_types():
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    found = told("read", tmp_path)
    assert found.status == 1
    documents = {record["document"] for record in found.lines} | set(errors(found))
    duplicates = {problem["document"] for problem in found.problems if problem["found"].startswith("the same bytes")}
    assert documents | duplicates == {path.name for path in tmp_path.iterdir()}
    assert {f"list-{n}.json" for n in range(len(WRONG_TYPES))} <= {record["document"] for record in found.lines}


@pytest.mark.parametrize("wrong", WRONG_TYPES, ids=repr)
def test_a_wrong_type_at_one_key_spoils_that_value_alone(wrong: Any, tmp_path: Path):
    for number, content in enumerate(every_key_wrong(wrong)):
        (tmp_path / f"{number:03}.json").write_text(json.dumps(content))
    found = told("check", tmp_path)
    assert (found.status, errors(found)) == (0, {})
    assert len(found.lines) >= 1
    said = told("read", tmp_path)
    assert (said.status, len(said.lines)) == (0, len(list(tmp_path.iterdir())) - duplicates_of(said))


def duplicates_of(found: Told) -> int:
    return sum(problem["found"].startswith("the same bytes") for problem in found.problems)


# --- XML: refused unread


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """An address on this machine, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

    listening = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.server_port}/entity", asked
    listening.shutdown()
    listening.server_close()


def test_external_entities_fetch_nothing_over_the_network(server: tuple[str, list[str]], tmp_path: Path):
    address, asked = server
    for form in ("<!ENTITY e SYSTEM {}>", "<!ENTITY % e SYSTEM {}> %e;"):
        body = f"<?xml version='1.0'?><!DOCTYPE a [{form.format(repr(address))}]><a>&e;</a>"
        (tmp_path / f"{len(form)}.xml").write_text(body)
    (tmp_path / "dtd.xml").write_text(f"<?xml version='1.0'?><!DOCTYPE a SYSTEM '{address}'><a/>")
    assert set(errors(told("check", tmp_path)).values()) == {MARKUP}
    assert asked == []


def test_external_entities_read_no_file(tmp_path: Path):
    """The target is a pipe: who opens it to read would wait for ever, and who has opened it is seen."""
    target = tmp_path / "target"
    os.mkfifo(target)
    (tmp_path / "a.xml").write_bytes(with_entity(target.as_uri()))
    assert told("read", tmp_path / "a.xml").problems[0]["found"] == MARKUP
    with pytest.raises(OSError, match="No such device"):  # nobody holds the reading end
        os.open(target, os.O_WRONLY | os.O_NONBLOCK)


def test_what_an_entity_points_to_is_in_no_output(tmp_path: Path):
    (tmp_path / "secret").write_text("the words of another file")
    (tmp_path / "a.xml").write_bytes(with_entity((tmp_path / "secret").as_uri()))
    result = CliRunner().invoke(main, ["read", "--json", str(tmp_path / "a.xml")])
    assert "the words of another file" not in result.output


# --- what is no regular file, and odd names


def test_what_is_no_regular_file_is_told_and_holds_nothing_up(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "dangling.txt").symlink_to("nowhere.txt")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "good.txt").write_text(GOOD)
    listening = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(tmp_path)  # the name of a socket must be short
    listening.bind("socket.txt")
    os.chdir(here)
    found = told("read", tmp_path)
    listening.close()
    assert (found.status, [record["document"] for record in found.lines]) == (1, ["good.txt"])
    assert errors(found) == {
        "dangling.txt": "No such file or directory",
        "loop.txt": "Too many levels of symbolic links",
        "pipe.txt": "a pipe, socket, device or folder",
        "socket.txt": "No such device or address",
    }
    assert {problem["expected"] for problem in found.problems} == {"a file that can be read"}


ODD_NAMES = [
    "with space.txt",
    "a#b?c.txt",
    "100%20.txt",
    'quo\'te "s".txt',
    "new\nline.txt",
    "tab\tand\x1b[31mred.txt",
    "کارآزمایی.txt",
    "Ünïcode\u2028.txt",
    "x" * 200 + ".txt",
    "-dash.txt",
    "--json",
    "<b>&amp;.txt",
    "=cmd|x.txt",
    "back\\slash.txt",
    "no-extension",
]


def test_a_fine_but_odd_name_is_no_error(tmp_path: Path):
    for number, name in enumerate(ODD_NAMES):
        (tmp_path / name).write_text(GOOD.replace("20", str(100 + number)))
    found = told("read", tmp_path)
    assert (found.status, found.problems) == (0, [])
    assert [record["document"] for record in found.lines] == sorted(ODD_NAMES)
    assert told("read", *(tmp_path / name for name in ODD_NAMES)).status == 0
    assert told("check", tmp_path).status == 0


def test_a_name_whose_bytes_are_no_text_is_shown_with_those_bytes(tmp_path: Path):
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text(GOOD)
    (tmp_path / os.fsdecode(b"n\xe9ant.txt")).write_bytes(b"")
    for command in ("read", "check"):
        found = told(command, tmp_path)
        assert (found.status, errors(found)) == (1, {"n\\xe9ant.txt": "an empty file"})
        assert str(found.lines[0]).count("caf\\\\xe9.txt") > 1


def test_an_odd_name_cannot_command_the_terminal(tmp_path: Path):
    (tmp_path / "a\x1b[2J\nb.txt").write_text(f"{GOOD}Funding: \x1b]0;title\x07 none.\n")
    (tmp_path / "\x1b[31m.pdf").write_bytes(b"%PDF-1.7\n")
    for command in ("read", "check"):
        result = CliRunner().invoke(main, [command, str(tmp_path)])
        assert "\x1b" not in result.output and "\x07" not in result.output
        assert "a\\x1b[2J\\nb.txt" in result.stdout
        assert result.stderr.startswith("error: \\x1b[31m.pdf\n")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_terminal_of_few_letters_shows_what_it_can(tmp_path: Path, encoding: str):
    (tmp_path / "کارآزمایی.csv").write_text("ids.primary,title.public\nNCT09900413,فارسی é\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from reviewkit.cli import main; main()"]
    shown = subprocess.run([*command, "read", tmp_path], env=environment, capture_output=True, check=True)
    assert b"\\u0641" in shown.stdout
    written = subprocess.run([*command, "read", "--json", tmp_path], env=environment, capture_output=True, check=True)
    assert json.loads(written.stdout.decode("utf-8"))["document"] == "کارآزمایی.csv"


# --- size


def test_a_text_of_60_mb_is_refused_by_its_size_and_not_read(tmp_path: Path):
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(60 * MEGABYTE)
    (tmp_path / "good.txt").write_text(GOOD)
    found = told("read", tmp_path)
    assert [record["document"] for record in found.lines] == ["good.txt"]
    fix = "split the file; one record or one search page a file is best"
    large = Bad("large.txt", b"", "60 MB", "a document of at most 50 MB", fix)
    assert (found.status, found.problems) == (1, [large.problem()])


LONG_LINES = {  # 5 MB, or 1 MB where every word is looked at
    "one word": lambda: GOOD + "x" * 5 * MEGABYTE,
    "words without a full stop": lambda: GOOD + "participants were followed for a year and " * 25_000,
    "sentences": lambda: GOOD.strip() + " " + "Participants were followed for a year. " * 25_000,
    "digits": lambda: GOOD + "0123456789" * 500_000,
    "blanks": lambda: GOOD + " " * MEGABYTE,
    "a cell": lambda: "ids.primary,summary.brief\nNCT09900413," + "word " * MEGABYTE + "\n",
    "a JSON string": lambda: json.dumps(
        {"protocolSection": {"identificationModule": {"nctId": "NCT09900413", "briefTitle": "word " * MEGABYTE}}}
    ),
}


def peak_memory(*arguments: str, limit: int) -> tuple[subprocess.CompletedProcess[bytes], int]:
    """The command in a process of its own that may hold no more than `limit` bytes; and the most it held."""

    def confine() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit * 4, limit * 4))  # address space; memory is less

    code = (
        "import resource, sys\nfrom reviewkit.cli import main\ntry:\n    main()\nfinally:\n"
        "    print('PEAK', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, preexec_fn=confine, check=False
    )
    return done, int(done.stderr.rsplit(b"PEAK", 1)[1]) * 1024


@pytest.mark.parametrize("what", LONG_LINES)
def test_a_very_long_line_is_read_in_little_memory(what: str, tmp_path: Path):
    (tmp_path / "long.txt").write_text(LONG_LINES[what]())
    done, peak = peak_memory("read", "--json", str(tmp_path), limit=MOST_MEMORY)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    record = json.loads(done.stdout)
    assert [value["value"] for value in record["values"] if value["field"] == "ids.primary"] == ["NCT09900413"]
    assert peak < MOST_MEMORY


@pytest.mark.parametrize("command", ["read", "check"])
def test_all_bad_documents_together_need_little_memory(everything: Path, command: str):
    done, peak = peak_memory(command, "--json", str(everything), limit=MOST_MEMORY)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert peak < MOST_MEMORY


# --- review.toml


DAY = 'snapshot_date = "2026-11-01"\n'
TOML = "TOML text in UTF-8"
SETTINGS: list[tuple[str, bytes, str, str, str, str]] = [
    # what is wrong, the file, then pointer, found, expected, fix
    ("broken", b"[review\n", "", "Expected ']' at the end of a table declaration (at line 1, column 8)", TOML,
     "correct the line named, or start from a new review's file"),
    ("utf-16", ("[review]\n" + DAY).encode("utf-16"), "", "byte 0xff, which is not UTF-8", TOML,
     "save the file with encoding UTF-8"),
    ("windows-1252", b'[review]\ntitle = "Gen\xe8ve"\n', "", "byte 0xe8, which is not UTF-8", TOML,
     "save the file with encoding UTF-8"),
    ("too deep", b"a = " + b"[" * 100_000, "", "lists or tables nested too deeply", TOML,
     "start from a new review's file"),
    ("review is a list", b"review = []\n", "/review", "'[]'", "a table, [review]",
     "write [review] on a line of its own, and the settings below it"),
    ("notebooks is a number", b"notebooks = 3\n[review]\n" + DAY.encode(), "/notebooks", "'3'", "a table, [notebooks]",
     "write [notebooks] on a line of its own, and the settings below it"),
    ("a notebook is a word", b"[review]\n" + DAY.encode() + b'[notebooks]\n3_registration = "strict"\n',
     "/notebooks/3_registration", "'strict'", "a table, [notebooks.3_registration]",
     "write [notebooks.3_registration] on a line of its own, and the settings below it"),
    ("no day", b'[review]\nid = "x"\n', "/review/snapshot_date", "nothing", "a day: YYYY-MM-DD",
     'write snapshot_date = "2026-11-01" under [review]'),
    ("no table at all", b"", "/review/snapshot_date", "nothing", "a day: YYYY-MM-DD",
     'write snapshot_date = "2026-11-01" under [review]'),
    ("a day that is none", b'[review]\nsnapshot_date = "2026-02-30"\n', "/review/snapshot_date", "'2026-02-30'",
     "a day: YYYY-MM-DD", 'write snapshot_date = "2026-11-01" under [review]'),
    ("a day as a number", b"[review]\nsnapshot_date = 20261101\n", "/review/snapshot_date", "'20261101'",
     "a day: YYYY-MM-DD", 'write snapshot_date = "2026-11-01" under [review]'),
    ("a title that is a number", b"[review]\ntitle = 3\n" + DAY.encode(), "/review/title", "'3'",
     "text between quotation marks", 'write title = "words" under [review]'),
    ("a truth value in words", b'[review]\nconstructed = "no"\n' + DAY.encode(), "/review/constructed", "'no'",
     "true or false", "write constructed = true under [review]"),
]  # fmt: skip


@pytest.mark.parametrize("case", SETTINGS, ids=lambda case: case[0])
def test_a_review_toml_that_cannot_be_read_is_a_message_and_status_one(case: tuple, tmp_path: Path):
    _, content, pointer, found, expected, fix = case
    path = tmp_path / "review.toml"
    path.write_bytes(content)
    where = f"{path}, {pointer}" if pointer else f"{path}"
    message = f"{where}\n  found     {found}\n  expected  {expected}\n  fix       {fix}"
    with pytest.raises(rk.ReviewError) as caught:
        rk.open_review(tmp_path)
    assert str(caught.value) == message
    result = CliRunner().invoke(main, ["run", str(tmp_path)])
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"error: {message}\n")


def test_a_byte_order_mark_and_a_day_without_quotes_are_fine(tmp_path: Path):
    (tmp_path / "review.toml").write_bytes(b"\xef\xbb\xbf[review]\nsnapshot_date = 2026-11-01\n")
    review = rk.open_review(tmp_path)
    assert (review.snapshot_date, review.id, review.title) == ("2026-11-01", tmp_path.name, tmp_path.name)


def test_a_setting_that_nothing_reads_is_a_notice_with_the_nearest(tmp_path: Path):
    (tmp_path / "review.toml").write_text(f'[review]\ntitel = "T"\n{DAY}')
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/a.txt").write_text(GOOD)
    review = rk.open_review(tmp_path)
    assert len(review.studies) == 1
    assert [str(problem) for problem in review.problems] == [
        "review.toml, /review/titel\n  found     the setting 'titel', which nothing reads\n"
        "  expected  one of id, title, snapshot_date, contact, constructed\n  fix       did you mean 'title'?"
    ]


def test_a_folder_without_review_toml_is_wrong_usage(tmp_path: Path):
    result = CliRunner().invoke(main, ["run", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: {tmp_path}\n  found     no review.toml\n  expected  a review folder\n"
        f"  fix       make one with: reviewkit new {tmp_path.name}\n"
    )


@pytest.mark.parametrize("remove", [True, False])
def test_a_review_without_documents_says_so_and_ends_with_status_one(remove: bool, tmp_path: Path):
    folder = rk.new_review(tmp_path / "review", today="2026-11-01")
    if remove:
        (folder / "documents").rmdir()
    result = CliRunner().invoke(main, ["run", str(folder)])
    assert result.exit_code == 1
    assert result.stderr == (
        "error: documents\n  found     no document\n  expected  at least one registry record or publication\n"
        "  fix       copy your documents there\n"
    )
    assert "no document" in (folder / "reports/report.html").read_text(encoding="utf-8")


def test_a_broken_database_is_named(tmp_path: Path):
    folder = rk.new_review(tmp_path / "review", today="2026-11-01")
    (folder / "documents/a.txt").write_text(GOOD)
    (folder / "review.db").write_bytes(b"no database" * 100)
    result = CliRunner().invoke(main, ["run", str(folder)])
    assert (result.exit_code, result.stderr.splitlines()[1]) == (1, "  found     file is not a database")
