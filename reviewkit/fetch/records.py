"""One number fetched: asked for, checked, saved; with the earlier versions of a study where they are wanted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import msgspec

from reviewkit.errors import Problem, ReviewError
from reviewkit.fetch import ctgov
from reviewkit.fetch.asked import Asked
from reviewkit.fetch.folder import Entry, Target, safe_name
from reviewkit.fetch.host import Host, NoAnswer
from reviewkit.fetch.service import JSON, NoSuchRecord, Records, Service, Unexpected, what_it_says
from reviewkit.fetch.transport import Answer, Refused

LONGEST = 300  # characters of a query or an address in a message
ABSENT = {404, 410}
FIXES = {
    400: "check what you asked for",
    401: "the service lets only those in who have a key",
    414: "shorten the query; this service takes none so long",
    403: "the service turns programs away; open the record in a browser and save it by hand",
}
LATER = "try again later; if it stays, the service has changed: tell the authors of reviewkit"
Told = Iterator["Fetched | Problem"]


class Fetched(msgspec.Struct, frozen=True):
    """A document that is in the folder. `state`: fetched, or kept from an earlier run."""

    asked: str
    service: str
    state: str
    file: str
    url: str
    time: str
    sha256: str


class Desk(NamedTuple):
    """Where one service's answers are asked for and where they go."""

    service: Service
    host: Host
    target: Target
    again: bool  # fetch what is there already
    most: int  # hits of a query


def fetch_record(asked: Asked, desk: Desk) -> Told:
    """The record of one number, from the folder or the service."""
    records = asked.service.records[asked.form]
    yield from _fetch(asked, desk, records, f"{safe_name(_stem(asked))}.{records.suffix}")


def fetch_history(asked: Asked, desk: Desk) -> Told:
    """The list of a study's versions and each version. What cannot be had is a notice: nobody promises the history.

    A version never changes, so that it is never fetched again.
    """
    name = safe_name(asked.number)
    try:
        of_list = Records(ctgov.history_path, ctgov.check_history, JSON, "json")
        for thing in _fetch(asked, desk, of_list, f"{name}.history.json"):
            yield _as_notice(thing)
            if isinstance(thing, Fetched):
                yield from _versions(asked, desk._replace(again=False), name, desk.target.read(thing.file))
    except NoAnswer as error:
        yield _as_notice(no_answer(asked.text, desk.host.name, error))
        if error.over:
            raise
    except Unexpected as error:  # a file of an earlier run that this version does not understand
        yield _as_notice(Problem(asked.text, None, error.found, error.expected, LATER))
    except ReviewError as error:
        yield error.problem


def _versions(asked: Asked, desk: Desk, name: str, history: bytes) -> Told:
    for version in ctgov.read_history(history, asked.number):
        of_version = Records(partial(ctgov.version_path, version=version), ctgov.check_version, JSON, "json")
        for thing in _fetch(asked, desk, of_version, f"{name}.version-{version:03}.json"):
            yield _as_notice(thing)


def _as_notice(thing: Fetched | Problem) -> Fetched | Problem:
    if isinstance(thing, Problem):
        found, fix = f"history not available: {thing.found}", "none needed for the study itself, which is another file"
        return msgspec.structs.replace(thing, found=found, fix=fix, severity="notice")
    return thing


def brief(words: str) -> str:
    """A query or an address as a message names it: those of reviews can be pages long."""
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def no_answer(asked: str, host: str, error: NoAnswer) -> Problem:
    """What to say when a service is silent."""
    fix = "check the network and try again later; what is in the folder is not fetched again"
    return Problem(asked, None, f"no answer from {host}: {error}", "an answer", fix)


def _stem(asked: Asked) -> str:
    return f"PMID{asked.number}" if asked.form == "PMID" else asked.number


def _fetch(asked: Asked, desk: Desk, records: Records, name: str) -> Told:
    try:
        kept = desk.target.kept(name)
        if kept and not desk.again:
            yield told(kept, "kept")
            return
        path = records.path(asked.number)
        url = desk.host.url(path)
        answer = desk.host.ask(path, records.accept)
        yield from _take(asked, desk, records, name, url, answer)
    except ReviewError as error:
        yield error.problem
    except Refused as error:
        yield Problem(asked.text, None, f"{error.found}, from {desk.host.name}", error.expected, error.fix)


def _take(asked: Asked, desk: Desk, records: Records, name: str, url: str, answer: Answer) -> Told:
    """Save an answer that is what was asked for; say what else it is."""
    try:
        check_status(answer)
        own = records.check(answer.body, asked.number)
    except NoSuchRecord:
        expected = f"a number that {desk.service.title} has"
        yield Problem(asked.text, None, f"no such record at {url}", expected, records.absent)
        return
    except Unexpected as error:
        yield unexpected(asked.text, desk, name, url, answer, error)
        return
    entry = entry_of(name, asked.number, desk, url, answer)
    desk.target.save(entry, answer.body)
    yield told(entry, "fetched")
    if own is None:
        found, expected = f"an answer that says no number of its own, at {url}", f"the number {asked.number} in it"
        yield Problem(asked.text, None, found, expected, f"look at {name}: is it the right one?", "notice")
    elif own != asked.number:
        found, fix = f"a record whose number is now {own}", f"none needed; use {own} from now on"
        yield Problem(asked.text, None, found, "a record with this number", fix, "notice")


def check_status(answer: Answer) -> None:
    """Raises NoSuchRecord for 404 and 410, Unexpected for any other status than 200."""
    if answer.status in ABSENT:
        raise NoSuchRecord
    if answer.status != 200:
        raise Unexpected(f"status {answer.status} with {what_it_says(answer.body)}", "status 200 and the record")


def unexpected(asked: str, desk: Desk, name: str, url: str, answer: Answer, error: Unexpected) -> Problem:
    """What to say of a wrong answer, which is kept beside the documents."""
    aside = desk.target.set_aside(name, answer.body)
    fix = FIXES.get(answer.status, LATER) + (f"; the answer is kept as {aside}" if aside else "")
    return Problem(asked, None, f"{error.found}, at {brief(url)}", error.expected, fix)


def entry_of(name: str, asked: str, desk: Desk, url: str, answer: Answer) -> Entry:
    """The line of the log for an answer."""
    return Entry(
        file=name,
        asked=asked,
        service=desk.service.name,
        url=url,
        time=desk.host.world.utc().strftime("%Y-%m-%dT%H:%M:%SZ"),
        status=answer.status,
        content_type=answer.headers.get("Content-Type") or "",
        bytes=len(answer.body),
        sha256=hashlib.sha256(answer.body).hexdigest(),
    )


def told(entry: Entry, state: str) -> Fetched:
    """What a caller learns of a file."""
    return Fetched(entry.asked, entry.service, state, entry.file, entry.url, entry.time, entry.sha256)
