"""The command line: each command is one call of the front door.

Exit status: 0 done; 1 some input has an error, all listed, the rest done; 2 wrong usage.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from reviewkit import __version__

if TYPE_CHECKING:
    from reviewkit.errors import Problem

SEPARATOR = re.compile("[\x85\u2028\u2029]")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but tab and line feed
JSON = click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line, problems as JSON on standard error."
)
PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="reviewkit")
def main() -> None:
    """From trial-registry records and publications to a systematic review, every value with its source.

    \b
    reviewkit read trial.json             what a document says, value by value
    reviewkit check documents/            what the checks find
    reviewkit propose documents/          planned risk-of-bias answers, with their quotes
    reviewkit new my-review               a folder for a review
    reviewkit fetch ID --into my-review   records and articles by number, over the network
    reviewkit run my-review               tables, figures and report.html
    reviewkit workbook issue my-review --to AB,CD
    """


@main.command()
@PATHS
@JSON
def read(paths: tuple[str, ...], as_json: bool) -> None:
    """Read documents: one record each, every value with its quote and place."""
    import reviewkit
    from reviewkit import show

    with _told(as_json) as problems:
        for record in reviewkit.read(*paths, problems=problems):
            if as_json:
                _print_json(record.as_json())
            else:
                _print(show.record(record))


@main.command()
@PATHS
@JSON
def check(paths: tuple[str, ...], as_json: bool) -> None:
    """Check documents: records are linked into studies, one study each with its findings."""
    import msgspec

    import reviewkit
    from reviewkit import show

    with _told(as_json) as problems:
        for study in reviewkit.studies(*paths, problems=problems):
            findings = reviewkit.check(study)
            if as_json:
                records = [{"document": record.document, "record": record.record} for record in study.records]
                _print_json({"study": study.study, "records": records, "findings": msgspec.to_builtins(findings)})
            else:
                _print(show.study(study, findings))


@main.command()
@PATHS
@click.option("--instrument", default="rob2", show_default=True, metavar="NAME", help="The instrument to propose for.")
@click.option("--effect", metavar="EFFECT", help="The effect of interest: assignment (default) or adhering.")
@click.option("--override", metavar='"AB: REASON"', help="Propose in spite of a refusal: who decides so, and why.")
@JSON
def propose(paths: tuple[str, ...], instrument: str, effect: str | None, override: str | None, as_json: bool) -> None:
    """Propose answers to an instrument's questions: one study each, every answer with its quotes."""
    import msgspec

    import reviewkit
    from reviewkit import show

    with _told(as_json) as problems:
        for study in reviewkit.studies(*paths, problems=problems):
            try:
                proposals = reviewkit.propose(study, instrument, effect, override=override)
            except reviewkit.ReviewError as error:
                raise click.UsageError(str(error)) from error
            if as_json:
                _print_json(msgspec.to_builtins(proposals))
            else:
                _print(show.proposals(proposals))


@main.command()
@click.argument("folder", type=click.Path())
def new(folder: str) -> None:
    """Make a folder for a new review."""
    from datetime import date

    import reviewkit

    try:
        path = reviewkit.new_review(folder, today=date.today().isoformat())
    except reviewkit.ReviewError as error:
        _print(f"error: {error}", err=True)
        raise SystemExit(2) from error
    _print(f"{path}\n  copy your documents into {path / 'documents'}\n  then: reviewkit run {path}")


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.option("--out", type=click.Path(file_okay=False), help="Where output goes (default: FOLDER/reports).")
@click.option("--only", multiple=True, metavar="NOTEBOOK", help="Run only this notebook, such as 3_registration.")
@click.option(
    "--set", "settings", multiple=True, metavar="NOTEBOOK.PARAMETER=VALUE", help="Set a notebook's parameter."
)
def run(folder: str, out: str | None, only: tuple[str, ...], settings: tuple[str, ...]) -> None:
    """Run a review: read its documents, run the notebooks, write tables, figures and report.html."""
    import reviewkit
    from reviewkit.batch import read_setting

    try:
        parameters = dict(map(read_setting, settings))
        outcome = reviewkit.run(
            folder, out=out, only=only, parameters=parameters, progress=sys.stderr.isatty(), say=_print
        )
    except reviewkit.ReviewError as error:
        _print(f"error: {error}", err=True)
        raise SystemExit(_status_of(error)) from error
    for problem in outcome.problems:
        _print_problem(problem, as_json=False)
    _print(f"report     {outcome.report}\ntables     {outcome.report.parent / 'tables'}")
    _print(f"figures    {outcome.report.parent / 'figures'}\nnotebooks  {outcome.report.parent / 'notebooks'}")
    raise SystemExit(1 if outcome.failed else 0)


@main.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--into", required=True, metavar="DIR", type=click.Path(file_okay=False), help="Where the files go.")
@click.option("--query", metavar="WORDS", help="Fetch all that a query finds, in the language of the service.")
@click.option(
    "--from",
    "service",
    metavar="SERVICE",
    help="ctgov, isrctn, euctr, ctis, pubmed, europepmc, biostudies or crossref.",
)
@click.option("--history", is_flag=True, help="Also the earlier versions of studies of ClinicalTrials.gov.")
@click.option("--again", is_flag=True, help="Also what is there from an earlier run.")
@click.option("--limit", type=click.IntRange(min=1), default=10_000, show_default=True, help="Most hits of a query.")
@click.option("--email", envvar="REVIEWKIT_EMAIL", metavar="ADDRESS", help="Yours, for the services to write to.")
@click.option("--ncbi-key", envvar="NCBI_API_KEY", metavar="KEY", help="NCBI's key for more questions a second.")
@click.option("--base", "bases", multiple=True, metavar="SERVICE=URL", hidden=True)
@JSON
def fetch(ids: tuple[str, ...], bases: tuple[str, ...], as_json: bool, **wanted: Any) -> None:
    """Fetch records by number, or by a query, into a folder: the only command that needs a network.

    An ID is a registration number (NCT…, ISRCTN…, EudraCT, EU CT), PMID:123, PMC123, a DOI, or an accession, such as
    S-EPMC123.
    """
    import msgspec

    import reviewkit

    addresses = dict(base.split("=", 1) for base in bases if "=" in base)
    with _told(as_json) as problems:
        try:
            fetched = reviewkit.fetch(
                *ids, **wanted, bases=addresses, problems=problems, progress=sys.stderr.isatty() and not as_json
            )
        except reviewkit.ReviewError as error:
            raise click.UsageError(str(error)) from error
        for file in fetched:
            if as_json:
                _print_json(msgspec.to_builtins(file))
            else:
                _print(f"{file.state:<8}  {file.file}")


@main.group()
def workbook() -> None:
    """Workbooks for co-reviewers: issue them, take them back."""


@workbook.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.option("--to", required=True, metavar="AB,CD", help="Letters of the extractors, parted by commas.")
@click.option("--mode", type=click.Choice(["independent", "assisted"]), default="independent", show_default=True)
@click.option("--out", type=click.Path(file_okay=False), help="Where the files go (default: FOLDER/workbooks/issued).")
def issue(folder: str, to: str, mode: str, out: str | None) -> None:
    """Write a workbook for each extractor who has none of this form."""
    import reviewkit

    try:
        review = reviewkit.open_review(folder)
        extractors = [part.strip() for part in to.split(",") if part.strip()]
        paths = review.issue_workbooks(to=extractors, mode=mode, folder=out)
    except reviewkit.ReviewError as error:
        click.echo(str(error), err=True)
        raise SystemExit(_status_of(error)) from error
    for problem in review.problems:
        _print_problem(problem, as_json=False)
    for path in paths:
        click.echo(f"issued     {path}")
    if len(paths) < len(set(extractors)):
        click.echo("the others have their workbook of this form already; nothing was written for them")


def _status_of(error: Any) -> int:
    """1 for a file of the review that is broken; 2 for what was asked wrongly (a folder that is no review, an unknown
    name)."""
    return 1 if error.problem.document.endswith(("review.toml", "review.db")) else 2


class _Problems(list):
    """Takes problems as they are met and prints each at once, for a long run should not hide them."""

    def __init__(self, as_json: bool):
        super().__init__()
        self.as_json = as_json

    def append(self, problem: Problem) -> None:
        super().append(problem)
        _print_problem(problem, as_json=self.as_json)


@contextmanager
def _told(as_json: bool) -> Iterator[_Problems]:
    problems = _Problems(as_json)
    yield problems
    if any(problem.severity == "error" for problem in problems):
        raise SystemExit(1)


def _print_problem(problem: Problem, *, as_json: bool) -> None:
    if as_json:
        _print_json(problem.as_json(), err=True)
    else:
        _print(f"{problem.severity}: {problem}", err=True)


def _print_json(value: Any, *, err: bool = False) -> None:
    """One line of JSON in UTF-8, whatever the terminal's encoding: other programs read it.

    What some programs take for a line break, and halves of a surrogate pair (file names may hold them), are escaped.
    """
    text = SEPARATOR.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))
    click.echo(text.encode("utf-8", "backslashreplace"), err=err)


def _print(text: str, *, err: bool = False) -> None:
    """Print text that may hold anything a document holds: a terminal must not obey it, nor fail on its letters."""
    stream = sys.stderr if err else sys.stdout
    encoding = stream.encoding or "utf-8"
    harmless = CONTROL.sub(lambda match: repr(match[0])[1:-1], text)
    click.echo(harmless.encode(encoding, "backslashreplace").decode(encoding), err=err)
