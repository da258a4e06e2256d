"""The folder that records are put into: safe names, whole files only, and a log of what came from where.

The log `_fetched.jsonl` has one JSON object a line: file, asked, service, url, time (UTC), status, content_type, bytes,
sha256, and for a page of a query its number and what names the next page. It says what need not be fetched again.
Everything we write beside the documents has a name that begins with `_fetched`.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec

from reviewkit.errors import Problem, ReviewError
from reviewkit.model import Place

LOG = "_fetched.jsonl"
ASIDE, PART = "_fetched.aside-", "_fetched.part-"
PLAIN = re.compile(r"[A-Za-z0-9.\-]")
LONGEST_NAME = 120  # characters; file systems allow 255 bytes, and a folder's path comes before it
Report = Callable[[Problem], None]


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the log. `query`, `page`, `next` and `total` speak of a page of hits; its last one has no `next`."""

    file: str
    asked: str
    service: str
    url: str
    time: str
    status: int
    content_type: str
    bytes: int
    sha256: str
    query: str | None = None
    page: int | None = None
    next: str | None = None
    total: int | None = None
    run: str | None = None  # when its first page came: pages of different runs do not belong together


class Target:
    """The folder, what its log says, and how files come into it. Workers share one."""

    def __init__(self, folder: Path, known: dict[str, dict[str, Entry]]):
        self.folder = folder
        self._known = known  # file -> sha256 -> what was logged of it, the last word last
        self._lock = threading.Lock()

    def kept(self, name: str) -> Entry | None:
        """What the log says of a file that is there as it was fetched; None if it is to be fetched.

        ReviewError if a file of that name is there which we did not write, or which was changed since.
        """
        try:
            raw = (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unwritable(self.folder / name, error) from error
        logged = self._known.get(name, {})
        entry = logged.get(hashlib.sha256(raw).hexdigest())
        if entry is None:
            raise _not_ours(name, self.folder, "a file that was changed" if logged else "another file of that name")
        return entry

    def read(self, name: str) -> bytes:
        """The bytes of a file that is there; ReviewError if it no longer is."""
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise _unwritable(self.folder / name, error) from error

    def save(self, entry: Entry, body: bytes) -> None:
        """Put a whole file into the folder: written beside, logged, then renamed, so that no break leaves half a file.

        ReviewError if it cannot be written.
        """
        part, whole = self.folder / (PART + entry.file), self.folder / entry.file
        try:
            _write(part, body)
            self._log(entry)
            part.replace(whole)
        except OSError as error:
            raise _unwritable(whole, error) from error

    def note(self, entry: Entry) -> None:
        """Log what has been learnt of a file that is there."""
        try:
            self._log(entry)
        except OSError as error:
            raise _unwritable(self.folder / LOG, error) from error

    def set_aside(self, name: str, body: bytes) -> str | None:
        """Keep an answer that is not what was asked for; its name, or None for an empty one."""
        if not body.strip():
            return None
        path = self.folder / (ASIDE + name)
        try:
            _write(path, body)
        except OSError as error:
            raise _unwritable(path, error) from error
        return path.name

    def pages(self, service: str, query: str) -> list[Entry]:
        """What the log says of the pages of a query, in order."""
        last = [list(logged.values())[-1] for logged in self._known.values()]
        found = [entry for entry in last if (entry.service, entry.query) == (service, query)]
        return sorted(found, key=lambda entry: entry.page or 0)

    def retire(self, name: str) -> bool:
        """Move a fetched file aside that no longer belongs among the documents; whether it was there."""
        try:
            (self.folder / name).replace(self.folder / (ASIDE + name))
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _unwritable(self.folder / name, error) from error
        return True

    def _log(self, entry: Entry) -> None:
        with self._lock, (self.folder / LOG).open("ab") as log:
            log.write(msgspec.json.encode(entry) + b"\n")
            log.flush()
            os.fsync(log.fileno())
        _learn(self._known, entry)


def open_target(path: str | os.PathLike[str], report: Report) -> Target:
    """The folder, made if it is not there; of a review folder, its documents. ReviewError if it cannot be one."""
    folder = Path(path)
    if (folder / "review.toml").is_file():
        folder = folder / "documents"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = _read_log(folder / LOG, report)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return Target(folder, known)


def _read_log(path: Path, report: Report) -> dict[str, dict[str, Entry]]:
    """What the log says of each file. A line that was cut short by a break is ended, so that the next stands alone."""
    known: dict[str, dict[str, Entry]] = {}
    if not path.exists():
        return known
    raw = path.read_bytes()
    if raw and not raw.endswith(b"\n"):
        with path.open("ab") as log:
            log.write(b"\n")
    unreadable = 0
    for line in filter(None, raw.split(b"\n")):
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            unreadable += 1
            continue
        if Path(entry.file).name == entry.file:  # a log that was edited must not lead out of the folder
            _learn(known, entry)
    if unreadable:
        fix = "none needed; files that no line tells of have to be moved before they can be fetched again"
        found = f"{unreadable} lines that cannot be read"
        report(Problem(str(path), Place(str(path)), found, "one JSON object a line", fix, "notice"))
    return known


def _learn(known: dict[str, dict[str, Entry]], entry: Entry) -> None:
    logged = known.setdefault(entry.file, {})
    logged.pop(entry.sha256, None)
    logged[entry.sha256] = entry


def _not_ours(name: str, folder: Path, found: str) -> ReviewError:
    return ReviewError(
        Problem(
            name,
            Place(name),
            f"{found}, in {folder}",
            "no such file, or one as it was fetched",
            "rename or move it, or fetch into another folder; it was left as it is",
        )
    )


def safe_name(number: str) -> str:
    """A number as part of a file's name: `/` becomes `_`; other signs, and `_` itself, become % and their bytes.

    Two numbers never get one name, and the name can be read back. A very long one is cut, and told apart by its hash.

    >>> safe_name("CTRI/2020/04/024773"), safe_name("10.1000/a_b(1)")
    ('CTRI_2020_04_024773', '10.1000_a%5Fb%281%29')
    """
    signs = (sign if PLAIN.fullmatch(sign) else "_" if sign == "/" else _escaped(sign) for sign in number)
    name = "".join(signs)
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 17]}-{hashlib.sha256(number.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def page_name(service: str, query: str, page: int, suffix: str) -> str:
    """The name of a page of hits: the service, the query's first words, its hash, the number of the page."""
    words = "-".join(re.findall(r"[a-z0-9]+", query.lower()))[:40].strip("-") or "query"
    mark = hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{service}-{words}-{mark}-page-{page:04}.{suffix}"


def _escaped(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode("utf-8", "surrogatepass"))


def _write(path: Path, body: bytes) -> None:
    with path.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _unwritable(path: Path, error: OSError) -> ReviewError:
    found = error.strerror or str(error)
    fix = "check the folder's rights and the free space, or fetch into another folder"
    return ReviewError(Problem(str(path), Place(str(path)), found, "a folder that can be written to", fix))
