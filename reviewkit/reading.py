"""Files into records into studies: introduces documents, sources, linking, the cache and the checks to each other.

Everything streams: one document is in memory at a time, and records wait for their study in files.
"""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from reviewkit.errors import Problem, ReviewError, ReviewWarning
from reviewkit.model import Place

if TYPE_CHECKING:
    from reviewkit.documents import Document
    from reviewkit.instruments import Proposals
    from reviewkit.linking import Linked
    from reviewkit.model import Finding, Link, Record, Statement, Study
    from reviewkit.store import Position, RecordCache

Report = Callable[[Problem], None]
REVIEW, DOCUMENTS = "review.toml", "documents"  # of a review folder
HIDDEN = (".", "~$", "_fetched")  # of any folder; the last is what a fetch writes of itself beside its documents
LEFT_OUT = (".", "_", "~$")  # of its documents: set aside by the team, hidden, or a lock file of an office program
EXPECTED_PATH = "a file or folder that exists"
EXPECTED_DOCUMENT = "at least one registry record or publication"


def read(*paths: str | os.PathLike[str], problems: list[Problem] | None = None) -> Iterator[Record]:
    """The records of files and folders, one at a time, in the order of their names.

    What cannot be read is skipped, and everything else goes through. Each problem is added to `problems` if that list
    is given, else told as a ReviewWarning; then, if nothing at all could be read, a ReviewError is raised. Raises
    ReviewError at once for a path that does not exist.
    """
    return tell(lambda report: _read(paths, report), problems)


def check(study: Study) -> list[Finding]:
    """What the checks find in one study; a StudyView of a review will do as well."""
    from reviewkit import checks
    from reviewkit.model import Study

    name = getattr(study, "study", None) or study.study_id  # type: ignore[attr-defined]
    return checks.check(Study(name, study.records))


def propose(
    study: Study,
    instrument: str = "rob2",
    effect: str | None = None,
    *,
    override: str | None = None,
    results_searched: bool | None = None,
) -> Proposals:
    """What the records of one study suggest for an instrument's questions; a StudyView of a review will do as well.

    Introduces the checks to the instruments: a finding on the design or the allocation goes with the proposals.
    """
    from reviewkit import instruments
    from reviewkit.model import Study

    name = getattr(study, "study", None) or study.study_id  # type: ignore[attr-defined]
    linked = Study(name, study.records)
    return instruments.propose(
        linked, instrument, effect, override=override, results_searched=results_searched, findings=check(linked)
    )


def statements(text: str) -> list[Statement]:
    """What the sentences of `text` say of their own trial's design: list of `Statement`, in order of place."""
    from reviewkit.language.statements import statements as read_statements

    return read_statements(text)


def tell(read: Callable[[Report], Iterator], problems: list[Problem] | None) -> Iterator:
    """What `read` finds, while the problems it reports go where `problems` says."""
    return _Telling(problems).over(read)


class _Telling:
    """Where problems go when Python reads: into the caller's list, or warnings and an error if nothing was read."""

    def __init__(self, problems: list[Problem] | None):
        self.problems = problems
        self.first_error: Problem | None = None

    def report(self, problem: Problem) -> None:
        if problem.severity == "error" and self.first_error is None:
            self.first_error = problem
        if self.problems is not None:
            self.problems.append(problem)
        else:
            warnings.warn(str(problem), ReviewWarning, stacklevel=2)

    def over(self, read: Callable[[Report], Iterator]) -> Iterator:
        anything = False
        for found in read(self.report):
            anything = True
            yield found
        if self.problems is None and not anything and self.first_error is not None:
            raise ReviewError(self.first_error)


def _read(paths: Iterable[str | os.PathLike[str]], report: Report) -> Iterator[Record]:
    for document in open_documents(files_of(paths, report), report):
        yield from records_of(document)


def link(paths: Iterable[str | os.PathLike[str]], report: Report) -> Iterator[Study]:
    """The studies of files and folders: records that are known by one number are one study."""
    from reviewkit.linking import Links, claims_of, study_name
    from reviewkit.model import Study

    with TemporaryDirectory(prefix="reviewkit-") as folder:
        cache = open_cache(Path(folder))
        links: Links[Position] = Links()
        for document in open_documents(files_of(paths, report), report):
            name = cache.name(document.name, document.sha256)
            for position, record in cache.write(name, records_of(document), []):
                links.add(position, claims_of(record))
        for linked in links.settle()[0]:
            records = {position: cache.load(position) for position in linked.positions}
            yield Study(study_name([*records.values()]), [*records.values()], links_between(linked, records))


def links_between(linked: Linked[Position], records: dict[Position, Record]) -> list[Link]:
    """Why the records of a study are one, by document and number of the record."""
    from reviewkit.model import Link

    return [
        Link(key, tuple((records[place].document, records[place].record) for place in places))
        for key, places in linked.links
    ]


def open_cache(folder: Path) -> RecordCache:
    """The cache of extracted records in `folder`, for the readers as they are now."""
    from reviewkit.sources import fields_of
    from reviewkit.store import RecordCache

    return RecordCache(folder, reader_version(), fields_of)


def reader_version() -> str:
    """A name for the readers as they are: records that other readers made are not used."""
    from reviewkit import __version__
    from reviewkit.sources.plugins import versions

    package = Path(__file__).parent
    files = sorted(path for pattern in ("*.py", "*.csv", "*.toml") for path in package.rglob(pattern))
    newest = max(path.stat().st_mtime_ns for path in files)
    return f"{__version__} {len(files)} {newest} {versions()}"


def files_of(paths: Iterable[str | os.PathLike[str]], report: Report) -> Iterator[tuple[str, str]]:
    """Each file with the name that messages and places give it: its path below the folder given, or its own name.

    Hidden files, lock files of office programs (`~$…`) and the log of a fetch (`_fetched…`) are left out; a folder
    without a document is told.
    ReviewError for a path that does not exist.
    """
    for given in paths:
        path = os.fspath(given)
        try:
            is_folder = stat.S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116  strings: there may be 100,000 paths
        except (OSError, ValueError) as error:
            if os.path.lexists(path):  # a broken link or a folder we may not enter: told when it is opened
                is_folder = False
            else:
                found, fix = "no such file or folder", "check the spelling of the path"
                raise ReviewError(Problem(path, Place(path), found, EXPECTED_PATH, fix)) from error
        if not is_folder:
            yield path, _as_text(os.path.basename(path))  # noqa: PTH119
        elif Path(path, REVIEW).is_file():  # a review folder: what it holds beside its documents is no document
            for file, name in files_below(Path(path, DOCUMENTS), DOCUMENTS, report, left_out=LEFT_OUT):
                yield file, f"{DOCUMENTS}/{name}"
        else:
            yield from files_below(Path(path), path, report)


def files_below(
    folder: Path, name: str, report: Report, *, left_out: tuple[str, ...] = HIDDEN
) -> Iterator[tuple[str, str]]:
    """The files of a folder and its sub-folders in the order of their names, without those that begin with `left_out`.

    Links to folders are followed, each folder once. A folder that cannot be listed, or holds no document, is told;
    `name` is what messages call the folder.
    """
    anything = False
    been = {os.path.realpath(folder)}
    for root, folders, files in os.walk(folder, onerror=partial(_tell_unlisted, name, report), followlinks=True):
        folders[:] = _not_yet(root, sorted(kept for kept in folders if not kept.startswith(left_out)), been)
        below = os.path.relpath(root, folder).replace(os.sep, "/") + "/"
        below = "" if below == "./" else below
        for file in sorted(files):
            if not file.startswith(left_out):
                anything = True
                yield os.path.join(root, file), _as_text(below + file)  # noqa: PTH118  strings: there may be 100,000 files
    if not anything:
        report(Problem(name, Place(name), "no document", EXPECTED_DOCUMENT, "copy your documents there"))


def _as_text(name: str) -> str:
    """A file's name as text: bytes that are no UTF-8 stand as `\\xff`, for no output can hold them."""
    return name if name.isprintable() else os.fsencode(name).decode("utf-8", "backslashreplace")


def _not_yet(root: str, folders: list[str], been: set[str]) -> list[str]:
    """Those of the folders that were not walked before: links may lead in a circle."""
    new = []
    for name in folders:
        real = os.path.realpath(os.path.join(root, name))  # noqa: PTH118
        if real not in been:
            been.add(real)
            new.append(name)
    return new


def _tell_unlisted(name: str, report: Report, error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):  # a folder that is not there holds no document, which is told
        folder = f"{name}/{Path(error.filename).name}"
        fix = "check the folder's rights"
        report(Problem(folder, Place(folder), error.strerror or str(error), "a folder that can be listed", fix))


def open_documents(files: Iterable[tuple[str, str]], report: Report) -> Iterator[Document]:
    """Each file as a document; a second copy of the same bytes is a notice and is left out, the unreadable are told."""
    from reviewkit.documents import open_document

    first_name: dict[str, str] = {}
    for path, name in files:
        try:
            document = open_document(path, name, report)
        except ReviewError as error:
            report(error.problem)
            continue
        if document.sha256 in first_name:
            found = f"the same bytes as {first_name[document.sha256]}"
            fix = "none needed; remove the copy if it is not wanted"
            report(Problem(name, Place(name), found, "each document once", fix, "notice"))
            continue
        first_name[document.sha256] = name
        yield document


def records_of(document: Document) -> Iterator[Record]:
    """The records of one document; a document that is refused, whole or from some point on, is told and ends."""
    from reviewkit import sources

    try:
        yield from sources.read(document)
    except ReviewError as error:
        document.report(error.problem)
