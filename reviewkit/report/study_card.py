"""A study as a card: who it is, what the checks found, registry beside paper, then every value with its words.

The same card stands in a notebook and in report.html.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from reviewkit.documents import Line
from reviewkit.model import Finding, Place, Record, Study
from reviewkit.report.beside import beside_html
from reviewkit.report.findings import findings_html, waiting
from reviewkit.report.markup import anchored, escaped, style
from reviewkit.report.quotes import Trail
from reviewkit.report.values import sections_html

TITLES = ("title.public", "title.scientific", "report.title", "acronym")
TIMING = "registration-timing"


class Overview(msgspec.Struct, frozen=True):
    """One study in a line, small enough that a thousand fit in memory: what the report's first table shows.

    `timing` are the verdicts of registration timing, one a registration number; `waiting` counts the findings that
    wait for a person; `quotes` counts the values that stand in a document with their words.
    """

    study_id: str
    title: str
    numbers: tuple[str, ...]
    kinds: tuple[str, ...]
    timing: tuple[str, ...]
    waiting: int
    documents: tuple[str, ...]
    quotes: int


def overview(study: Study, study_id: str, findings: list[Finding]) -> Overview:
    """One study in a line."""
    return Overview(
        study_id=study_id,
        title=title_of(study),
        numbers=tuple(study.numbers()),
        kinds=tuple(dict.fromkeys(record.kind for record in study.records)),
        timing=tuple(finding.verdict for finding in findings if finding.check == TIMING),
        waiting=waiting(findings),
        documents=tuple(dict.fromkeys(record.document for record in study.records)),
        quotes=sum(v.value is not None and v.quote is not None for record in study.records for v in record.reported),
    )


def title_of(study: Study) -> str:
    """The public title, else the scientific one, else the paper's; "" where no record has one."""
    return next((value.value for field in TITLES for value in study.known(field)), "")


def no_context(place: Place) -> None:
    """Of no place a line is at hand."""


def card_id(study_id: str) -> str:
    """The id of a study's card in the report: study ids hold letters and digits, but a document's name may stand in."""
    return "study-" + "".join(c if c.isascii() and (c.isalnum() or c in ".-") else f"_{ord(c):x}_" for c in study_id)


def study_card(
    study: Study,
    study_id: str,
    findings: list[Finding],
    *,
    link: Callable[[Place], str | None],
    context: Callable[[Place], Line | None] = no_context,
    css: str | None = None,
) -> str:
    """The card of one study as an HTML fragment without scripts.

    `link` gives the address of a place; `context` the line of text a place begins in, where there is one.
    With `css` the style sheet stands in the fragment, as a notebook needs it.
    """
    trail = Trail(link, context)
    names = [record_name(record) for record in study.records]
    kinds = {record.document: record.kind for record in study.records}
    return (
        f'<article class="rk card" id="{card_id(study_id)}">\n{style(css)}{_heading(study, study_id, findings, trail)}'
        f"<h4>Findings</h4>\n{findings_html(findings, trail, kinds)}\n"
        f"{beside_html(study.records, names, trail)}"
        f"<h4>Values</h4>\n{sections_html(study.records, names, trail)}</article>\n"
    )


def record_name(record: Record) -> str:
    """What a record is called beside others: its kind, its document, and its number where it is not the first."""
    return f"{record.kind}: {record.document}" + (f", record {record.record}" if record.record > 1 else "")


def _heading(study: Study, study_id: str, findings: list[Finding], trail: Trail) -> str:
    numbers = study.numbers()
    said = ", ".join(map(escaped, numbers)) or '<span class="silent">no registration number</span>'
    given = "" if numbers == [study_id] else f"<b>{escaped(study_id)}</b> "
    title = title_of(study)
    shown = escaped(title) if title else '<span class="silent">no title reported</span>'
    records = "".join(f"<li>{_record(record, trail)}</li>" for record in study.records)
    return (
        f'<header><p class="number">{given}{said}</p>\n<h3 dir="auto">{shown}</h3>\n'
        f'<ul class="records">{records}</ul>{_linked(study)}</header>\n'
    )


def _in_a_row(names: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _linked(study: Study) -> str:
    """Why the records are one study: each key, and the records that name it."""
    said = []
    for link in study.links:
        names = [document + (f", record {number}" if number > 1 else "") for document, number in link.records]
        said.append(f"<b>{escaped(link.key)}</b> in {escaped(_in_a_row(names))}")
    return f'<p class="linked">One study, by {"; ".join(said)}.</p>' if said else ""


def _record(record: Record, trail: Trail) -> str:
    name = record.document + (f", record {record.record}" if record.record > 1 else "")
    page = anchored(
        trail.link(Place(record.document)), escaped(name), css="place", title=f"recognised by {record.recognised_by}"
    )
    return f'<span class="kind">{escaped(record.kind)}</span> {page}'
