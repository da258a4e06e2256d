"""A small review whose every cell the tests know: two studies, one told twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from reviewkit.codebook import Codebook, load_codebook
from reviewkit.model import Place, Record, Study, Value
from reviewkit.words import State
from reviewkit.workbook import Facts, write_workbook

TEMPLATE = Path(__file__).parents[2] / "templates" / "codebook.csv"


def said(document, field, value, *, item=None, quote=None, line=1, state=State.REPORTED, **detail):
    """One value as a source would give it; the quote is the value itself unless another is given."""
    quote = str(value) if quote is None else quote
    place = Place(document, line=line, start=0, end=len(quote))
    return Value(field, item, value, state, quote, place, "irct:label", detail)


def record(document, kind, values, *, number=1):
    """One record of these values."""
    return Record(document, number, "0" * 64, "irct" if kind == "registry" else "text", "content", kind, values)


def address(place):
    """The address of a page, as a review gives it."""
    return f"../../reports/pages/{place.document}.html" + (f"#L{place.line}" if place.line else "")


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    return load_codebook(TEMPLATE)


@pytest.fixture
def facts() -> Facts:
    return Facts("exosomes", "Exosomes, a constructed review", "2026-11-01", "0.1.0")


@pytest.fixture
def studies() -> list[Study]:
    """S0001: a registry entry (never updated) and a paper that differs in the number of arms; S0002: a mirror."""
    a, b, c = "entry.txt", "paper.txt", "mirror.txt"
    entry = record(
        a,
        "registry",
        [
            said(a, "ids.primary", "NCT09900413", line=3),
            said(a, "ids.registry", "CTGOV", line=3, quote="NCT09900413"),
            said(a, "registration.date", "2023-03-15", line=4),
            said(a, "registration.update_count", 0, line=5),
            said(a, "date.first_enrolment", "2023-04", line=6, kind="ANTICIPATED"),
            said(a, "design.allocation", "RANDOMIZED", line=7, quote="Randomized", as_written="Randomized"),
            said(a, "enrolment.target", 8, line=8),
            said(a, "countries", "IR", item=1, line=9, quote="Iran"),
            said(a, "countries", "TR", item=2, line=10, quote="Turkey"),
            said(a, "arms.label", "Exosomes", item=1, line=11),
            said(a, "arms.label", "Saline", item=2, line=12),
            said(a, "arms.role", "PLACEBO_COMPARATOR", item=2, line=13, quote="Placebo"),
            said(a, "interventions.name", "BM-Exos", item=1, line=14),
            said(a, "interventions.arms", [1], item=1, line=14, quote="Exosomes"),
            said(a, "outcomes.measure", "=SUM(pain)", item=1, line=15),
            said(a, "outcomes.type", "PRIMARY", item=1, line=15, quote="Primary"),
        ],
    )
    paper = record(
        b,
        "publication",
        [
            said(b, "ids.primary", "NCT09900413", line=2),
            said(b, "enrolment.randomised", 60, line=4, quote="sixty", as_written="sixty"),
            said(b, "date.first_enrolment", "2023-04-02", line=5, kind="ACTUAL"),
            said(b, "arms.label", "exosomes", item=1, line=6),
        ],
    )
    mirror = record(
        c, "mirror", [said(c, "ids.primary", "NCT09900627", line=2), said(c, "enrolment.target", 20, line=3)]
    )
    return [Study("S0001", [entry, paper]), Study("S0002", [mirror])]


@pytest.fixture
def set_in():
    """A function that gives a study whose setting is this text, and nothing else."""

    def study(text):
        return Study("S0001", [record("a.txt", "registry", [said("a.txt", "recruitment.setting", text)])])

    return study


@pytest.fixture
def issued(tmp_path, facts, studies, codebook):
    """A function that writes the two studies and gives (issue, workbook as openpyxl reads it, path)."""

    def issue(mode="assisted", extractor="AB", these=studies, name="issued.xlsx", **others):
        path = tmp_path / name
        made = write_workbook(
            path, facts, these, codebook=codebook, extractor=extractor, mode=mode, link=address, **others
        )
        return made, load_workbook(path), path

    return issue
