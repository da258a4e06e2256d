"""report.html: a whole review on one page that needs nothing but a browser, given in pieces as it is written.

What is not known stands before what was found; figures and tables come before the studies, for a reader with
two hundred studies finds a study through the overview.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import msgspec

from reviewkit.errors import Problem
from reviewkit.model import Place
from reviewkit.report.markup import anchored, counted, escaped, head, may_link
from reviewkit.report.places import short_place
from reviewkit.report.study_card import Overview, card_id
from reviewkit.report.wording import badge

OPEN_CARDS = 10  # more studies than this are all folded: the overview is then the way in
PROBLEMS_AT_FIRST = 20


class Table(msgspec.Struct, frozen=True):
    """One table of the report: its title, and itself as HTML from the room that made it; `links`: (words, address).

    A `folded` table is long: a reader opens it.
    """

    title: str
    html: str
    links: tuple[tuple[str, str], ...] = ()
    folded: bool = False


class Figure(msgspec.Struct, frozen=True):
    """One figure of the report: its title, the text that stands in for it, and either its SVG or a relative address."""

    title: str
    alt: str
    svg: str | None = None
    address: str | None = None
    links: tuple[tuple[str, str], ...] = ()


class Report(msgspec.Struct, frozen=True):
    """All of the report but its cards. `documents` counts those that were read; `not_done` are whole sentences."""

    title: str
    snapshot_date: str
    version: str
    studies: list[Overview]
    documents: int
    banner: str | None = None
    tables: list[Table] = []
    figures: list[Figure] = []
    not_done: list[str] = []
    problems: list[Problem] = []


def report_html(
    report: Report, cards: Iterable[str], *, css: str, link: Callable[[Place], str | None]
) -> Iterator[str]:
    """The page in pieces; `cards` are those of `report.studies`, in the same order, made one at a time.

    `link` gives the address of a problem's place.
    """
    yield head(report.title, css)
    yield '<body class="rk page">\n'
    yield _top(report)
    yield "<main>\n"
    yield _not_done(report.not_done)
    yield _overview(report.studies)
    yield from (_figure(figure, f"figure-{number}") for number, figure in enumerate(report.figures, 1))
    yield from (_table(table, f"table-{number}") for number, table in enumerate(report.tables, 1))
    yield from _studies(report.studies, cards)
    yield from _problems(report.problems, link)
    yield f"</main>\n<footer>reviewkit {escaped(report.version)}; documents as of {escaped(report.snapshot_date)}."
    yield "</footer>\n</body>\n</html>\n"


def _top(report: Report) -> str:
    banner = f'<p class="banner" role="note">{escaped(report.banner)}</p>\n' if report.banner else ""
    quotes = sum(study.quotes for study in report.studies)
    waiting = sum(study.waiting for study in report.studies)
    numbers = [
        (counted(len(report.studies), "study", "studies"), ""),
        (counted(report.documents, "document", "documents"), ""),
        (counted(quotes, "value with its quote", "values with their quotes"), ""),
        (counted(waiting, "finding waits for a person", "findings wait for a person"), "waiting" if waiting else ""),
    ]
    items = "".join(f'<li class="{css}">{_number(words)}</li>' for words, css in numbers)
    return (
        f'<header class="top">{banner}'
        f'<p class="number">Review report · documents as of {escaped(report.snapshot_date)}</p>\n'
        f'<h1 dir="auto">{escaped(report.title)}</h1>\n<ul class="numbers">{items}</ul>\n{_contents(report)}</header>\n'
    )


def _number(words: str) -> str:
    number, _, noun = words.partition(" ")
    return f"<b>{number}</b> {noun}"


def _contents(report: Report) -> str:
    parts = [
        ("not-done", "What is not known", report.not_done),
        ("studies", "Studies", True),
        ("figure-1", "Figures", report.figures),
        ("table-1", "Tables", report.tables),
        ("cards", "Study by study", report.studies),
        ("problems", "Problems", report.problems),
    ]
    links = "".join(f'<li><a href="#{address}">{words}</a></li>' for address, words, there in parts if there)
    return f'<nav aria-label="Contents"><ul>{links}</ul></nav>\n'


def _not_done(sentences: list[str]) -> str:
    if not sentences:
        return ""
    items = "".join(f'<li dir="auto">{escaped(sentence)}</li>' for sentence in sentences)
    heading = "<h2>What was not done or is not known</h2>"
    return f'<section class="not-done" id="not-done">{heading}<ul>{items}</ul></section>\n'


def _overview(studies: list[Overview]) -> str:
    if not studies:
        return '<section id="studies"><h2>Studies</h2><p class="none">No study was read.</p></section>\n'
    heads = ("Study", "Registration number", "Title", "Records", "Registration timing", "Findings waiting")
    heading = "".join(f'<th scope="col">{words}</th>' for words in heads)
    rows = "".join(map(_overview_row, studies))
    return (
        '<section id="studies"><h2>Studies</h2><div class="wide"><table class="overview">'
        f"<thead><tr>{heading}</tr></thead><tbody>\n{rows}</tbody></table></div></section>\n"
    )


def _overview_row(study: Overview) -> str:
    timing = " ".join(map(badge, study.timing)) or '<span class="silent">not checked</span>'
    return (
        f'<tr><th scope="row"><a href="#{card_id(study.study_id)}">{escaped(study.study_id)}</a></th>'
        f'<td class="id">{_numbers(study)}</td><td dir="auto">{_title(study)}</td>'
        f"<td>{escaped(', '.join(study.kinds))}</td>"
        f'<td>{timing}</td><td class="count{" some" if study.waiting else ""}">{study.waiting:,}</td></tr>\n'
    )


def _numbers(study: Overview) -> str:
    return ", ".join(map(escaped, study.numbers)) or '<span class="silent">none</span>'


def _title(study: Overview) -> str:
    return escaped(study.title) if study.title else '<span class="silent">no title reported</span>'


def _studies(studies: list[Overview], cards: Iterable[str]) -> Iterator[str]:
    if not studies:
        return
    opened = " open" if len(studies) <= OPEN_CARDS else ""
    yield '<section id="cards"><h2>Study by study</h2>\n'
    for study, card in zip(studies, cards, strict=True):
        numbers = "" if study.numbers == (study.study_id,) else f' <span class="id">{_numbers(study)}</span>'
        waiting = f' <span class="badge attention">{study.waiting:,} waiting</span>' if study.waiting else ""
        yield f'<details class="study"{opened}><summary><b>{escaped(study.study_id)}</b>{numbers}{waiting} '
        yield f'<span class="title" dir="auto">{_title(study)}</span></summary>\n{card}</details>\n'
    yield "</section>\n"


def _table(table: Table, address: str) -> str:
    shown = f'<div class="wide">{table.html}</div>'
    if table.folded:
        shown = f'<details class="more"><summary>Show the table</summary>{shown}</details>'
    heading = f"<h2>{escaped(table.title)}</h2>{_links(table.links)}"
    return f'<section class="exhibit" id="{address}">{heading}{shown}</section>\n'


def _figure(figure: Figure, address: str) -> str:
    source = _picture(figure)
    image = f'<img src="{source}" alt="{escaped(figure.alt)}">' if source else f"<p>{escaped(figure.alt)}</p>"
    return (
        f'<section class="exhibit" id="{address}"><h2>{escaped(figure.title)}</h2><figure>{image}'
        f"<figcaption>{escaped(figure.alt)}</figcaption></figure>{_links(figure.links)}</section>\n"
    )


def _picture(figure: Figure) -> str | None:
    """The address of the picture: SVG goes in as data, where no script of its own can run and no id can clash."""
    if figure.svg is not None:
        return "data:image/svg+xml;base64," + base64.b64encode(figure.svg.encode()).decode("ascii")
    return escaped(figure.address) if figure.address and may_link(figure.address) else None


def _links(links: tuple[tuple[str, str], ...]) -> str:
    items = " · ".join(anchored(address, escaped(words), css="file") for words, address in links)
    return f'<p class="files">{items}</p>' if items else ""


def _problems(problems: list[Problem], link: Callable[[Place], str | None]) -> Iterator[str]:
    if not problems:
        return
    ranked = sorted(problems, key=lambda problem: problem.severity != "error")
    errors = sum(problem.severity == "error" for problem in problems)
    notices = len(problems) - errors
    yield (
        f'<section id="problems"><h2>Problems met while reading</h2><p>{counted(errors, "error", "errors")}, '
        f"{counted(notices, 'notice', 'notices')}. An error means that something was not read.</p>\n"
    )
    yield from _problem_table(ranked[:PROBLEMS_AT_FIRST], link)
    if rest := ranked[PROBLEMS_AT_FIRST:]:
        yield f'<details class="more"><summary>{counted(len(rest), "more problem", "more problems")}</summary>'
        yield from _problem_table(rest, link)
        yield "</details>"
    yield "</section>\n"


def _problem_table(problems: list[Problem], link: Callable[[Place], str | None]) -> Iterator[str]:
    heads = ("", "Document", "Found", "Expected", "Fix")
    heading = "".join(f'<th scope="col">{words}</th>' for words in heads)
    rows = (_problem(problem, link) for problem in problems)
    yield from chain((f'<div class="wide"><table class="problems"><thead><tr>{heading}</tr></thead><tbody>\n',), rows)
    yield "</tbody></table></div>\n"


def _problem(problem: Problem, link: Callable[[Place], str | None]) -> str:
    error = problem.severity == "error"
    mark = f'<span class="badge {"inconsistent" if error else "not-assessable"}">{escaped(problem.severity)}</span>'
    cells = "".join(f'<td dir="auto">{escaped(words)}</td>' for words in (problem.found, problem.expected, problem.fix))
    return f"<tr><td>{mark}</td><td>{escaped(problem.document)}{_problem_place(problem, link)}</td>{cells}</tr>\n"


def _problem_place(problem: Problem, link: Callable[[Place], str | None]) -> str:
    place = problem.place
    if not isinstance(place, Place) or place == Place(place.document):
        return ""
    return ", " + anchored(link(place), escaped(short_place(place)), css="place", title=str(place))
