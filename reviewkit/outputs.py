"""What a review's notebooks made and its report shows again: tables and figures on disk, and what is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

from reviewkit.errors import Problem
from reviewkit.words import Timing

if TYPE_CHECKING:
    from reviewkit.report import Figure, Overview, Table

# In the order of the report.
TABLES = ("t1", "t1-blocks", "t2", "t7b", "t7a", "t8b", "t8a")
FIGURES = ("f1", "f2", "f5")
LONG_TABLES = {"t1", "t1-blocks", "t7a", "t8a"}
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
CAPTION = re.compile(r"<caption>.*?</caption>", re.DOTALL)  # the section's heading says the same
TABLE_IN_PAGE = re.compile(r"<table.*</table>", re.DOTALL)
NOTES_IN_PAGE = re.compile(r'<p class="rk-note">.*?</p>', re.DOTALL)
DESCRIPTION = re.compile(r"<desc>(.*?)</desc>", re.DOTALL)


def written_tables(out: Path) -> list[Table]:
    """The tables that notebooks have written below `out`, as the report shows them."""
    from reviewkit.report import Table

    found = []
    for name in TABLES:
        path = out / "tables" / f"{name}.html"
        page = path.read_text(encoding="utf-8") if path.is_file() else ""
        if (table := TABLE_IN_PAGE.search(page)) and (title := TITLE.search(page)):
            links = tuple((kind.upper(), f"tables/{name}.{kind}") for kind in ("csv", "xlsx", "docx"))
            footnotes = "".join(NOTES_IN_PAGE.findall(page)[:-1])  # the last one names the review, as the report does
            html = CAPTION.sub("", table[0]) + footnotes
            found.append(Table(unescape(title[1]), html, links, folded=name in LONG_TABLES))
    return found


def written_figures(out: Path) -> list[Figure]:
    """The figures that notebooks have written below `out`, as the report shows them."""
    from reviewkit.report import Figure

    found = []
    for path in sorted(path for name in FIGURES for path in (out / "figures").glob(f"{name}*.svg")):
        svg = path.read_text(encoding="utf-8")
        title, described = TITLE.search(svg), DESCRIPTION.search(svg)
        links = tuple((kind.upper(), f"figures/{path.stem}.{kind}") for kind in ("svg", "pdf", "png", "csv"))
        words = unescape(described[1]) if described else path.stem
        found.append(Figure(unescape(title[1]) if title else path.stem, words, svg=svg, links=links))
    return found


def what_is_not_known(lines: list[Overview], problems: list[Problem], out: Path) -> list[str]:
    """Whole sentences on what this report does not rest on, for the box that stands before the findings."""
    return [*_about_documents(problems), *_about_studies(lines), *_about_steps(out)]


def _about_steps(out: Path) -> Iterator[str]:
    if not (out / "tables" / "t7b.html").is_file():
        yield "Registration timing was not tabulated: its notebook did not finish."
    yield (
        "The history of the registry entries was not read: the first registered sample size, start date and outcomes "
        "may have been others, and a start that was moved is not seen."
    )
    if not (out / "tables" / "t2.html").is_file():
        yield "Risk of bias is not yet judged: judgements.csv holds no person's judgement. Proposals are no judgements."
    if not (out / "figures" / "f1.svg").is_file():
        yield "No flow of citations is shown: there is no screening.csv, or its counts do not add up."
    yield "No extraction sheet was taken back."


def _about_documents(problems: list[Problem]) -> Iterator[str]:
    refused = {problem.document for problem in problems if problem.severity == "error"}
    if refused:
        yield f"{_many(len(refused), 'document was', 'documents were')} not read, or not in full; see the problems."


def _about_studies(lines: list[Overview]) -> Iterator[str]:
    without_number = sum(not line.numbers for line in lines)
    without_registry = sum("registry" not in line.kinds for line in lines)
    unassessable = sum(Timing.NOT_ASSESSABLE in line.timing for line in lines)
    if without_number:
        yield _many(without_number, "study has", "studies have") + " no registration number in the documents read."
    if without_registry:
        known = _many(without_registry, "study is", "studies are")
        yield f"{known} known only from a publication or a page that retells a registry."
    if unassessable:
        could = _many(unassessable, "study could", "studies could")
        yield f"{could} not be assessed for registration timing; a date is missing."


def _many(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
