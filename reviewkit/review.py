"""A review: one folder with its documents, and everything that is made of them; StudyView, the study as a page.

Nothing is kept in memory but the place of each record; a study's records are loaded when it is looked at.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from reviewkit.errors import Problem, ReviewError, shown
from reviewkit.model import Place
from reviewkit.reading import (
    DOCUMENTS,
    LEFT_OUT,
    REVIEW,
    Report,
    files_below,
    link,
    links_between,
    open_cache,
    open_documents,
    propose,
    read,
    records_of,
    statements,
    tell,
)
from reviewkit.reading import check as check_study
from reviewkit.shipping import shipped
from reviewkit.words import nearest

if TYPE_CHECKING:
    from reviewkit.codebook import Codebook
    from reviewkit.documents import Document, Line
    from reviewkit.exhibits import RegistrationTiming
    from reviewkit.linking import Linked, Links
    from reviewkit.model import Finding, Record, Study, Value
    from reviewkit.report import Table
    from reviewkit.shown import Exhibit
    from reviewkit.store import Position

__all__ = ["Review", "StudyView", "check", "new_review", "open_review", "propose", "read", "statements", "studies"]
check = check_study

TITLES = ("title.scientific", "title.public", "report.title")
TABLES = ("review", "notebooks")
SETTINGS = ("id", "title", "snapshot_date", "contact", "constructed")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FOLDERS = (DOCUMENTS, "workbooks/issued", "workbooks/returned", "reports")
OVERVIEW_COLUMNS = {
    "study": "Study",
    "numbers": "Registration number",
    "title": "Title",
    "records": "Records",
    "timing": "Registration timing",
    "waiting": "Findings waiting",
    "quotes": "Values with quotes",
}
FINDING_COLUMNS = {name: name.capitalize() for name in ("study", "check", "verdict", "message")}
VALUE_COLUMNS = {
    name: name.capitalize()
    for name in ("study", "document", "field", "item", "value", "state", "quote", "place", "method")
}
DOUBT_COLUMNS = {"records": "Records", "key": "In common", "why": "Why it is open"}
SHEET_COLUMNS = {"extractor": "Extractor", "form": "Form version", "mode": "Mode", "file": "File"}
PROPOSAL_COLUMNS = {
    "study": "Study",
    "question": "Question",
    "answer": "Proposed answer",
    "basis": "Basis",
    "quotes": "Quotes",
}
PROBLEM_COLUMNS = {name: name.capitalize() for name in ("document", "place", "found", "expected", "fix", "severity")}
CONSTRUCTED = (
    "CONSTRUCTED EXAMPLE: every trial, person, sponsor and number in the documents of this review is fictitious."
)


def studies(*paths: str | os.PathLike[str], problems: list[Problem] | None = None) -> Iterator[Study]:
    """The studies that files and folders tell of: records with one registration number are one study.

    A study is named by its id in a review folder, else by its registration number, else by its document. Problems are
    told as `read` tells them.
    """
    return tell(lambda report: _studies(paths, report), problems)


def _studies(paths: Iterable[str | os.PathLike[str]], report: Report) -> Iterator[Study]:
    others = [path for path in paths if not Path(path, REVIEW).is_file()]
    for path in paths:
        if path not in others:
            review = open_review(path)
            yield from (view.linked for view in review.studies)
            for problem in review.problems:
                report(problem)
    if others:
        yield from link(others, report)


def open_review(folder: str | os.PathLike[str], *, out: str | os.PathLike[str] | None = None) -> Review:
    """Open the review in `folder`; what it makes goes to `out` (default: the folder's `reports`).

    Raises ReviewError if the folder has no review.toml, or one that cannot be read.
    """
    return Review(Path(folder), Path(out) if out is not None else Path(folder) / "reports")


def new_review(folder: str | os.PathLike[str], *, today: str) -> Path:
    """Make a folder for a new review with templates to edit; `today` (YYYY-MM-DD) becomes its snapshot date.

    Raises ReviewError if the folder exists and is not empty.
    """
    path = Path(folder)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        problem = Problem(str(path), None, "a folder with files in it", "a new or empty folder", "give another name")
        raise ReviewError(problem)
    for name in FOLDERS:
        (path / name).mkdir(parents=True, exist_ok=True)
    template = shipped("templates", "review.toml").read_text(encoding="utf-8")
    name = path.resolve().name
    for mark, text in {"{id}": name, "{title}": name, "{snapshot_date}": today}.items():
        template = template.replace(mark, _toml_text(text))
    (path / "review.toml").write_text(template, encoding="utf-8")
    (path / "codebook.csv").write_bytes(shipped("templates", "codebook.csv").read_bytes())
    return path


def _toml_text(text: str) -> str:
    """`text` as it stands between the quotation marks of TOML, whose escapes are those of JSON."""
    told = os.fsencode(text).decode("utf-8", "backslashreplace")  # a folder's name may hold bytes that are no text
    return json.dumps(told, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")


class Review:
    """One review folder: `id`, `title`, `snapshot_date`, `studies`, `problems`, and where output goes (`out`)."""

    def __init__(self, folder: Path, out: Path):
        self.folder, self.out = folder, out
        settings = _settings(folder)
        described = settings.get("review", {})
        self.id: str = _setting(folder, described, "id", "") or folder.resolve().name
        self.title: str = _setting(folder, described, "title", "") or self.id
        self.snapshot_date = _snapshot_date(folder, described.get("snapshot_date"))
        self.contact: str = _setting(folder, described, "contact", "")
        self.constructed: bool = _setting(folder, described, "constructed", False)
        self.notebooks: dict[str, dict[str, Any]] = settings.get("notebooks", {})
        self._told = list(_unknown_settings(settings))
        self.problems: list[Problem] = [*self._told]
        self._paths: dict[str, str] = {}  # document -> its file
        self.documents: dict[str, str] = {}  # document -> its file in the cache
        self._titles: dict[Position, str] = {}
        self._doubts: list[tuple[str, str, list[str]]] = []  # key or title, why it is open, the records
        self._cache = open_cache(folder / ".cache")

    def __repr__(self) -> str:
        return f"Review {self.id!r}: {self.title} ({len(self.studies)} studies, {len(self.documents)} documents)"

    @cached_property
    def studies(self) -> list[StudyView]:
        """The studies of the review, by study id."""
        return self.extract()

    def extract(self, *, progress: bool = False) -> list[StudyView]:
        """Read every document that is not in the cache, link the records, and give each study its id.

        `problems` then holds what could not be read. With `progress` a bar shows how far it has come.
        """
        from reviewkit.linking import Links, claims_of, file_key, is_numbered
        from reviewkit.store import ReviewDatabase, StudyKeys

        self.problems[:] = self._told
        self.documents.clear()
        self._titles.clear()
        links: Links[Position] = Links()
        told_in: dict[Position, str] = {}
        files = list(files_below(self.folder / DOCUMENTS, DOCUMENTS, self.problems.append, left_out=LEFT_OUT))
        self._paths = {name: path for path, name in files}
        for document in open_documents(_shown(files, "documents", progress), self.problems.append):
            for position, record in self._records(document):
                links.add(position, claims_of(record))
                told_in[position] = file_key(record)
                self._titled(position, record)
        decided = self._decide(links, {key: position for position, key in told_in.items()})
        groups, doubts = links.settle()
        self._doubts = [(doubt.key, doubt.why, [told_in[place] for place in doubt.positions]) for doubt in doubts]
        self._doubts += self._alike(groups, told_in, decided)
        known_by = [
            StudyKeys(one.keys, [told_in[place] for place in one.positions], is_numbered(one.keys)) for one in groups
        ]
        ids = ReviewDatabase(self.folder / "review.db").study_ids(known_by)
        found = [StudyView(self, study_id, one) for study_id, one in zip(ids, groups, strict=True)]
        self.__dict__["studies"] = sorted(found, key=lambda view: (len(view.study_id), view.study_id))
        return self.studies

    def _decide(self, links: Links[Position], positions: dict[str, Position]) -> set[frozenset[str]]:
        """Join the records that links.csv says are one trial; every pair it decides, by the keys of their files."""
        from reviewkit.linking import read_decisions
        from reviewkit.linking.decisions import unknown

        decided = set()
        for decision in read_decisions(self.folder / "links.csv", self.problems.append):
            pair = {}
            for column, name in (("first", decision.first), ("second", decision.second)):
                key = name if name in positions else f"{name}#1"
                if key not in positions:
                    self.problems.append(unknown(decision, name, column))
                else:
                    pair[column] = key
            if len(pair) == 2:
                decided.add(frozenset(pair.values()))
                if decision.same:
                    by = f"confirmed by {decision.decided_by}" + (f": {decision.reason}" if decision.reason else "")
                    links.confirm(positions[pair["first"]], positions[pair["second"]], by)
        return decided

    def _titled(self, position: Position, record: Record) -> None:
        title = next((str(value.value) for field in TITLES if (value := record.first(field))), "")
        if title:
            self._titles[position] = title

    def _alike(
        self, groups: Iterable[Linked[Position]], told_in: dict[Position, str], decided: set[frozenset[str]]
    ) -> Iterator[tuple[str, str, list[str]]]:
        """Records of two studies whose titles are almost the same, which nobody has decided about."""
        from reviewkit.linking import similar_titles

        study_of = {position: number for number, one in enumerate(groups) for position in one.positions}
        for doubt in similar_titles(self._titles.items()):
            first, second = doubt.positions
            files = [told_in[first], told_in[second]]
            if study_of[first] != study_of[second] and frozenset(files) not in decided:
                yield doubt.key, doubt.why, files

    def _records(self, document: Document) -> Iterator[tuple[Position, Record]]:
        name = self._cache.name(document.name, document.sha256)
        told = self._cache.problems(name)
        if told is None:
            told = []
            document.report = told.append
            kept = self._cache.write(name, records_of(document), told)
        else:
            kept = self._cache.read(name)
        for found in kept:
            self.documents[document.name] = name  # not before: a refused document has no record, and no page
            yield found
        self.problems.extend(told)

    def overview(self) -> Any:
        """One row a study (a data frame): numbers, title, records, timing verdict, findings that wait for a person."""
        from reviewkit.report import overview
        from reviewkit.shown import frame

        rows = []
        for view in self.studies:
            study = view.linked
            line = overview(study, view.study_id, view.findings)
            rows.append(
                {
                    "study": view.study_id,
                    "numbers": list(line.numbers),
                    "title": line.title,
                    "records": [f"{record.kind} ({record.source})" for record in study.records],
                    "timing": list(line.timing),
                    "waiting": line.waiting,
                    "quotes": line.quotes,
                }
            )
        return frame(rows, OVERVIEW_COLUMNS)

    def findings(self) -> Any:
        """One row a finding (a data frame): study, check, verdict, message."""
        from reviewkit.shown import frame

        rows = [
            {"study": view.study_id, "check": finding.check, "verdict": finding.verdict, "message": finding.message}
            for view in self.studies
            for finding in view.findings
        ]
        return frame(rows, FINDING_COLUMNS)

    def values(self) -> Any:
        """One row a value (a data frame): study, document, field, item, value, state, quote, place, method."""
        from reviewkit.shown import frame

        rows = [
            {
                "study": view.study_id,
                "document": record.document,
                "field": value.field,
                "item": value.item,
                "value": value.value,
                "state": str(value.state),
                "quote": value.quote,
                "place": str(value.place),
                "method": value.method,
            }
            for view in self.studies
            for record in view.records
            for value in record.reported
        ]
        return frame(rows, VALUE_COLUMNS)

    def problem_table(self) -> Any:
        """One row a problem (a data frame): document, place, found, expected, fix, severity."""
        from reviewkit.shown import frame

        self.studies  # noqa: B018  the problems are met while the documents are read
        rows = [{name: str(getattr(problem, name) or "") for name in PROBLEM_COLUMNS} for problem in self.problems]
        return frame(rows, PROBLEM_COLUMNS)

    def registration_timing(
        self, *, rule: str = "strict", grace_days: Iterable[int] = (21, 30, 60)
    ) -> RegistrationTiming:
        """Tables T7a and T7b and figure F5, written to `out` and shown; `rule` is the one of the headline.

        Raises ReviewError for a rule that is none of those in the table.
        """
        from reviewkit.exhibits import registration_timing

        days = tuple(grace_days)
        return registration_timing(self._judged, rule=rule, grace_days=days, out=self.out, note=self.note)

    def sample_sizes(self, *, tolerance_pct: Iterable[int] = (10, 20, 50)) -> Exhibit:
        """Tables T8a and T8b, written to `out` and shown: sizes by role, and how like roles agree."""
        from reviewkit.exhibits import sample_sizes

        return sample_sizes(self._judged, tolerance_pct=tuple(tolerance_pct), out=self.out, note=self.note)

    def characteristics(self) -> Exhibit:
        """Table T1, written to `out` and shown: a row a study, each cell with the places it was read from."""
        from reviewkit.exhibits import characteristics

        return characteristics(self._judged(), out=self.out, note=self.note)

    def traffic_light(self, *, tool: str = "rob2", palette: str = "classic", symbols: str = "cochrane") -> Exhibit:
        """Tables T2 and T2b and figure F2 from judgements.csv; without judgements nothing is drawn, which is said."""
        from reviewkit.exhibits import traffic_light

        return traffic_light(
            self.folder / "judgements.csv",
            {view.study_id: view.study_id for view in self.studies},
            tool=tool,
            palette=palette,
            symbols=symbols,
            out=self.out,
            note=self.note,
        )

    def prisma(self, *, template: str = "new_v2", notes: dict[str, str] | None = None) -> Exhibit:
        """Figure F1 from screening.csv, and every identity its counts must meet."""
        from reviewkit.exhibits import prisma

        return prisma(
            self.folder / "screening.csv",
            [view.study_id for view in self.studies],
            judgements=self.folder / "judgements.csv",
            template=template,
            notes=notes or {},
            report=self.problems.append,
            out=self.out,
            note=self.note,
        )

    def proposals(self, *, instrument: str = "rob2", effect: str = "assignment") -> Any:
        """One row a proposed answer, or a refusal (a data frame); proposals are no judgements."""
        from reviewkit.shown import frame

        rows = [row for view in self.studies for row in _proposal_rows(view, instrument, effect)]
        return frame(rows, PROPOSAL_COLUMNS)

    @cached_property
    def codebook(self) -> Codebook:
        """What the review asks. Its problems join `problems`; any of them raises ReviewError, for a form is whole."""
        from reviewkit.codebook import read_codebook

        path = self.folder / "codebook.csv"
        if not path.is_file():
            fix = "copy the codebook.csv of a new review (reviewkit new) into the folder"
            raise ReviewError(Problem(str(path), Place(str(path)), "no codebook.csv", "the review's questions", fix))
        codebook, problems = read_codebook(path.read_bytes(), str(path))
        self.problems.extend(problems)
        if problems:
            raise ReviewError(problems[0])
        return codebook

    def issue_workbooks(
        self,
        studies: Iterable[StudyView] | None = None,
        *,
        to: Iterable[str],
        mode: str = "independent",
        folder: str | os.PathLike[str] | None = None,
    ) -> list[Path]:
        """Write a workbook for each extractor who has none of this form, and keep what was issued; the files written.

        The pages that its source columns link to are written too. Raises ReviewError for letters that name no one, an
        unknown mode, or a codebook with a problem.
        """
        from reviewkit.report import page_href
        from reviewkit.store import IssuedWorkbooks
        from reviewkit.workbook import Facts, check_extractor, workbook_name, write_workbook

        views = self.studies if studies is None else list(studies)
        target = Path(folder) if folder is not None else self.folder / "workbooks" / "issued"
        issued, codebook = IssuedWorkbooks(self.folder / "review.db"), self.codebook
        ids = issued.report_ids(f"{r.document}#{r.record}" for view in views for r in view.records)
        base = quote(os.path.relpath(self.out, target).replace(os.sep, "/"))
        facts = Facts(self.id, self.title, self.snapshot_date, self.note["version"], self.contact)
        missing = [e for e in dict.fromkeys(map(check_extractor, to)) if not issued.find(e, codebook.form_version)]
        for name in self.documents if missing else ():
            self.write_page(name)
        paths = []
        for extractor in missing:
            path = target / workbook_name(self.id, codebook.form_version, extractor)
            issue = write_workbook(
                path,
                facts,
                (view.linked for view in views),
                codebook=codebook,
                extractor=extractor,
                mode=mode,
                report_ids=ids,
                link=lambda place: f"{base}/{page_href(place)}",
            )
            issued.add(issue._asdict(), issue.cells)
            paths.append(path)
        return paths

    def _judged(self) -> Iterator[tuple[str, Study, list[Finding]]]:
        for view in self.studies:
            yield view.study_id, view.linked, view.findings

    @property
    def note(self) -> dict[str, str]:
        """What every output says of its origin."""
        from reviewkit import __version__

        return {"review_id": self.id, "snapshot_date": self.snapshot_date, "version": __version__}

    def document(self, name: str) -> Document:
        """One document of the review, opened again."""
        from reviewkit.documents import open_document

        return open_document(self._paths.get(name, self.folder / DOCUMENTS / name), name, _ignore_told_problem)

    @cached_property
    def _recent_document(self):
        return lru_cache(maxsize=4)(self.document)

    def doubts(self) -> Any:
        """One row a group of records that may be one trial, or may not (a data frame): records, key, why it is open.

        A person settles it in links.csv: first, second, same_trial (yes or no), decided_by, reason.
        """
        from reviewkit.shown import frame

        return frame(self._doubt_rows(), DOUBT_COLUMNS)

    def _doubt_rows(self) -> list[dict[str, Any]]:
        self.studies  # noqa: B018  the records are linked while the documents are read
        return [
            {"records": [file.removesuffix("#1") for file in files], "key": key, "why": why}
            for key, why, files in self._doubts
        ]

    def _what_waits_for_people(self) -> Iterator[Table]:
        """Records that may be one trial, proposals as proposals, and the sheets that were handed out."""
        from reviewkit.report import Table
        from reviewkit.store import IssuedWorkbooks
        from reviewkit.tables import html_table

        if doubts := self._doubt_rows():
            title = "Records that may be one trial: a person decides, in links.csv"
            yield Table(title, html_table(doubts, DOUBT_COLUMNS))
        rows = [row for view in self.studies for row in _proposal_rows(view, "rob2", "assignment")]
        if rows:
            html = html_table([dict.fromkeys(PROPOSAL_COLUMNS) | row for row in rows], PROPOSAL_COLUMNS)
            yield Table("RoB 2: proposed answers, each for a person to accept or change", html, folded=True)
        sheets = [
            {
                "extractor": sheet["extractor"],
                "form": sheet["form_version"],
                "mode": sheet["mode"],
                "file": sheet["file"],
            }
            for sheet in IssuedWorkbooks(self.folder / "review.db").all()
        ]
        if sheets:
            yield Table("Extraction sheets handed out", html_table(sheets, SHEET_COLUMNS))

    def line_of(self, place: Place) -> Line | None:
        """The line a place in running text begins in, for context; None for other places."""
        from reviewkit.document_pages import line_of

        return line_of(self._recent_document(place.document), place) if place.start is not None else None

    def write_page(self, name: str) -> Path:
        """Write the page of one document, its quotes marked, to `out/pages`."""
        from reviewkit.document_pages import page_of
        from reviewkit.report import page_name

        path = self.out / "pages" / page_name(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        records = (record for _, record in self._cache.read(self.documents[name]))
        values = ((value.place, value.quote) for record in records for value in record.reported)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(page_of(self.document(name), values, css=page_css()))
        return path

    def write_report(self, *, not_current: Iterable[str] = (), progress: bool = False) -> Path:
        """Write report.html, and a page for every document, to `out`.

        `not_current` are sentences on outputs shown in it that were not made from these documents and settings.
        """
        from reviewkit import report as pages
        from reviewkit.outputs import what_is_not_known, written_figures, written_tables
        from reviewkit.report import overview, page_href, report_html
        from reviewkit.report import study_card as card

        lines = [overview(view.linked, view.study_id, view.findings) for view in self.studies]  # reads the documents
        for name in _shown(list(self.documents), "pages", progress):
            self.write_page(name)
        tables = [*written_tables(self.out), *self._what_waits_for_people()]
        figures = written_figures(self.out)
        report = pages.Report(
            title=self.title,
            snapshot_date=self.snapshot_date,
            version=self.note["version"],
            studies=lines,
            documents=len(self.documents),
            banner=CONSTRUCTED if self.constructed else None,
            tables=tables,
            figures=figures,
            not_done=[*not_current, *what_is_not_known(lines, self.problems, self.out)],
            problems=self.problems,
        )
        read_documents = set(self.documents)
        cards = (
            card(view.linked, view.study_id, view.findings, link=page_href, context=self.line_of)
            for view in _shown(self.studies, "report", progress)
        )

        def link(place: Place) -> str | None:
            return page_href(place) if place.document in read_documents else None

        path = self.out / "report.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(report_html(report, cards, css=page_css(), link=link))
        return path


class StudyView:
    """One study of a review: `study_id`, `records`, `findings`; in a notebook it shows itself as a page."""

    def __init__(self, review: Review, study_id: str, linked: Linked[Position]):
        self.review, self.study_id, self.positions, self._linked = review, study_id, linked.positions, linked

    @property
    def records(self) -> list[Record]:
        """What each document says of the trial, loaded from the cache."""
        return [self.review._cache.load(position) for position in self.positions]

    @property
    def linked(self) -> Study:
        """The study with its records loaded."""
        from reviewkit.model import Study

        records = self.records
        places = dict(zip(self.positions, records, strict=True))
        return Study(self.study_id, records, links_between(self._linked, places))

    @property
    def findings(self) -> list[Finding]:
        """What the checks say of the study."""
        try:
            return check_study(self.linked)
        except Exception as error:
            error.add_note(f"study {self.study_id}")
            raise

    def __repr__(self) -> str:
        numbers = ", ".join(self.linked.numbers()) or "no registration number"
        return f"{self.study_id} ({numbers}; {len(self.positions)} records)"

    def _repr_html_(self) -> str:
        """The study as HTML without scripts: findings first, then its values with their words and places."""
        from reviewkit.report import page_href, study_card

        study = self.linked
        for name in {record.document for record in study.records}:
            self.review.write_page(name)
        base = quote(os.path.relpath(self.review.out, Path.cwd()).replace(os.sep, "/"))

        def link(place: Place) -> str:
            return f"{base}/{page_href(place)}"

        return study_card(study, self.study_id, self.findings, link=link, context=self.review.line_of, css=page_css())


def _proposal_rows(view: StudyView, instrument: str, effect: str) -> Iterator[dict[str, Any]]:
    made = propose(view, instrument, effect)  # type: ignore[arg-type]
    if made.refused:
        fits = f" (fits: {', '.join(made.refused.fits)})" if made.refused.fits else ""
        yield {
            "study": view.study_id,
            "question": "refused",
            "basis": made.refused.reason + fits,
            "quotes": _quotes(made.refused.because),
        }
    for proposal in made.proposals:
        marks = [proposal.strength, "planned" if proposal.planned else "from a results report"]
        marks += ["text written after the planned end"] if proposal.post_hoc_text else []
        yield {
            "study": view.study_id,
            "question": proposal.question,
            "answer": "conflict" if proposal.conflict else proposal.answer,
            "basis": ", ".join(marks),
            "quotes": _quotes(proposal.because),
        }


def _quotes(because: Iterable[Value]) -> list[str]:
    return [f"“{value.quote}” ({value.place})" for value in because if value.quote]


def page_css() -> str:
    """The style sheet of cards, pages and the report."""
    return shipped("templates", "page.css").read_text(encoding="utf-8")


def _settings(folder: Path) -> dict[str, Any]:
    """What review.toml holds: text, a truth value and a day under [review], and a table of settings a notebook."""
    path = folder / REVIEW
    if not path.is_file():
        fix = f"make one with: reviewkit new {folder.name}"
        raise ReviewError(Problem(str(folder), Place(str(folder)), "no review.toml", "a review folder", fix))
    try:
        settings = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        found = f"byte 0x{error.object[error.start]:02x}, which is not UTF-8"
        raise _bad_settings(path, "", found, "TOML text in UTF-8", "save the file with encoding UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        fix = "correct the line named, or start from a new review's file"
        raise _bad_settings(path, "", str(error), "TOML text in UTF-8", fix) from error
    except RecursionError as error:
        found, fix = "lists or tables nested too deeply", "start from a new review's file"
        raise _bad_settings(path, "", found, "TOML text in UTF-8", fix) from error
    tables = {"/review": settings.get("review", {}), "/notebooks": settings.get("notebooks", {})}
    if isinstance(tables["/notebooks"], dict):
        tables |= {f"/notebooks/{name}": own for name, own in tables["/notebooks"].items()}
    for pointer, table in tables.items():
        if not isinstance(table, dict):
            heading = "[" + pointer.removeprefix("/").replace("/", ".") + "]"
            fix = f"write {heading} on a line of its own, and the settings below it"
            raise _bad_settings(path, pointer, shown(str(table)), f"a table, {heading}", fix)
    return settings


def _setting(folder: Path, described: dict[str, Any], name: str, default: Any) -> Any:
    """One setting of [review], of the type of its default."""
    value = described.get(name, default)
    if type(value) is type(default):
        return value
    example = "true" if isinstance(default, bool) else '"words"'
    expected = "true or false" if isinstance(default, bool) else "text between quotation marks"
    fix = f"write {name} = {example} under [review]"
    raise _bad_settings(folder / "review.toml", f"/review/{name}", shown(str(value)), expected, fix)


def _snapshot_date(folder: Path, given: Any) -> str:
    """The day the documents stand for: outputs carry it, so it must be there and be a day."""
    try:
        if given is not None and DAY.fullmatch(str(given)):
            return date.fromisoformat(str(given)).isoformat()
        found = "nothing" if given is None else shown(str(given))
    except ValueError:  # such as 2026-02-30
        found = shown(str(given))
    fix = 'write snapshot_date = "2026-11-01" under [review]'
    raise _bad_settings(folder / "review.toml", "/review/snapshot_date", found, "a day: YYYY-MM-DD", fix)


def _bad_settings(path: Path, pointer: str, found: str, expected: str, fix: str) -> ReviewError:
    place = Place(str(path), pointer or None)
    return ReviewError(Problem(str(path), place, found, expected, fix))


def _unknown_settings(settings: dict[str, Any]) -> Iterator[Problem]:
    """A notice for each setting that nothing reads: it may be a slip of the pen."""
    for above, table, known in (("", settings, TABLES), ("/review", settings.get("review", {}), SETTINGS)):
        for name in table:
            if name not in known:
                close = nearest(name, known)
                fix = f"did you mean {close!r}?" if close else "remove it; it has no effect"
                place = Place("review.toml", f"{above}/{name}")
                found, expected = f"the setting {name!r}, which nothing reads", "one of " + ", ".join(known)
                yield Problem("review.toml", place, found, expected, fix, "notice")


def _ignore_told_problem(_problem: Problem) -> None:
    """Problems of a document were told when it was read first."""


def _shown(things: list, what: str, progress: bool) -> Iterable:
    if not progress:
        return things
    from tqdm import tqdm

    in_notebook = "ipykernel" in sys.modules  # there, what goes to standard error looks like an error
    return tqdm(things, desc=what, dynamic_ncols=True, file=sys.stdout if in_notebook else sys.stderr)
