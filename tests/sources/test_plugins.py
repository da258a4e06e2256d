"""A source that another package brings by the entry point `reviewkit.sources`: installed by pip, then used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

SOURCE = '''
"""Example Trial Register: plain text, `Label: value` to a line."""

import re
from functools import partial

from reviewkit import kinds
from reviewkit.fields import sayable
from reviewkit.sources.collect import Collector, derive_registry

NAME = "example-register"
KIND = "registry"
LABELS = {
    "Trial number": ("ids.primary", kinds.trial_id),
    "People wanted": ("enrolment.target", kinds.count),
    "First put on file": ("registration.date", partial(kinds.date, kind="ACTUAL")),
}
FIELDS = sayable([field for field, _ in LABELS.values()])


def recognise(document):
    return "its first line" if document.text.startswith("Example Trial Register") else None


def read(document, recognised_by):
    entry = Collector(document, NAME, KIND, FIELDS)
    for line in document.lines():
        label, _, words = line.text.partition(": ")
        if label in LABELS:
            start = line.start + len(label) + 2
            entry.take(*LABELS[label], (start, start + len(words)))
    derive_registry(entry)
    yield entry.record(recognised_by)
'''
ENTRY = """Example Trial Register, entry sheet
Trial number: ISRCTN99999999
People wanted: 1,200
First put on file: 12 March 2024
"""
PAPER = "A randomised trial of a gel\n\nForty patients were randomly assigned to gel or placebo.\n"


def wheel(folder: Path, name: str, module: str, source: str, entry_points: str) -> Path:
    """A wheel of one module with the entry points given."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    files = {
        f"{module}.py": source,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[reviewkit.sources]\n{entry_points}\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
        archive.writestr(f"{info}/RECORD", "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"]))
    return path


def installed(folder: Path, source: str, entry_points: str = "example = example_register") -> Path:
    """A folder in which pip has installed the package of this source."""
    target = folder / "site"
    built = wheel(folder, "example_register", "example_register", source, entry_points)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(target)]
    subprocess.run([*command, "--disable-pip-version-check", str(built)], check=True, capture_output=True)
    return target


def told(site: Path, *arguments: str) -> tuple[int, list[dict], list[dict]]:
    """Exit status, records and problems of `reviewkit read --json` where the package is installed."""
    paths = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-c", "from reviewkit.cli import main; main()", "read", "--json", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert "Traceback" not in done.stderr, done.stderr
    records, problems = (list(map(json.loads, stream.splitlines())) for stream in (done.stdout, done.stderr))
    return done.returncode, records, problems


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """An entry of a register that only the other package knows, and a paper."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "entry.txt").write_text(ENTRY, encoding="utf-8")
    (folder / "paper.txt").write_text(PAPER, encoding="utf-8")
    return folder


def test_an_installed_source_reads_its_form_and_leaves_the_others(tmp_path: Path, documents: Path):
    status, records, problems = told(installed(tmp_path, SOURCE), str(documents))
    assert (status, problems) == (0, [])
    assert [(record["document"], record["source"], record["kind"]) for record in records] == [
        ("entry.txt", "example-register", "registry"),
        ("paper.txt", "text", "publication"),
    ]
    entry = records[0]
    assert [(v["field"], v["value"], v["quote"], v["place"].get("line")) for v in entry["values"]] == [
        ("ids.primary", "ISRCTN99999999", "ISRCTN99999999", 2),
        ("enrolment.target", 1200, "1,200", 3),
        ("registration.date", "2024-03-12", "12 March 2024", 4),
        ("ids.registry", "ISRCTN", "ISRCTN99999999", 2),
    ]


MISSING = "nothing_of_the_kind"
FAULTY = {
    "it lacks a function": (SOURCE.replace("def recognise", "def known"), "it has no recognise"),
    "another source has its name": (
        SOURCE.replace('"example-register"', '"irct"'),
        "another source has the name 'irct'",
    ),
    "it cannot be loaded": (
        f"import {MISSING}\n",
        f"it cannot be loaded (ModuleNotFoundError: No module named '{MISSING}')",
    ),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_package_that_brings_no_source_is_told_and_left_out(tmp_path: Path, documents: Path, fault: str):
    source, told_of = FAULTY[fault]
    status, records, problems = told(installed(tmp_path, source), str(documents / "paper.txt"))
    assert (status, [record["source"] for record in records]) == (0, ["text"])
    assert problems == [
        {
            "document": "paper.txt",
            "place": {"document": "paper.txt"},
            "found": f"the source 'example' of example_register 1.0 left out: {told_of}",
            "expected": "a module with NAME, KIND, FIELDS, recognise and read",
            "fix": "tell the package's authors, or remove the package",
            "severity": "notice",
        }
    ]


@pytest.mark.parametrize(
    ("doing", "broken"),
    [
        ("recognise", SOURCE.replace('return "its first line"', "return 1 / 0")),
        ("read", SOURCE.replace("derive_registry(entry)\n    yield", "1 / 0\n    yield")),
    ],
)
def test_a_source_that_fails_is_told_with_its_name_and_the_other_documents_are_read(
    tmp_path: Path, documents: Path, doing: str, broken: str
):
    study = {"protocolSection": {"identificationModule": {"nctId": "NCT09900001"}}}
    (documents / "study.json").write_text(json.dumps(study), encoding="utf-8")
    (documents / "paper.txt").unlink()
    status, records, problems = told(installed(tmp_path, broken), str(documents))
    assert (status, [record["source"] for record in records]) == (1, ["ctgov"])
    assert problems == [
        {
            "document": "entry.txt",
            "place": {"document": "entry.txt"},
            "found": f"the source 'example' of example_register 1.0 failed to {doing} it: "
            "ZeroDivisionError: division by zero",
            "expected": "a source that reads or passes every document",
            "fix": "tell the package's authors, or remove the package; the other documents were read",
            "severity": "error",
        }
    ]
