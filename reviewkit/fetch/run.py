"""Who does what: one worker a host, so that no host is asked two things at once and several are asked side by side."""

from __future__ import annotations

import os
import queue
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import urlsplit

from reviewkit.errors import Problem, ReviewError
from reviewkit.fetch.asked import Asked, read_asked, read_service
from reviewkit.fetch.folder import Target, open_target
from reviewkit.fetch.hits import Query, fetch_hits
from reviewkit.fetch.host import CalledOff, Contact, Host, NoAnswer, World
from reviewkit.fetch.records import Desk, Fetched, Told, brief, fetch_history, fetch_record, no_answer
from reviewkit.fetch.service import Service
from reviewkit.fetch.transport import Limits

LOOK_UP = 0.5  # seconds between two looks whether the person wants to stop
Report = Callable[[Problem], None]


class Wanted(NamedTuple):
    """What one call asks for."""

    ids: tuple[str, ...]
    query: str | None
    service: str | None
    history: bool
    again: bool
    limit: int
    email: str | None
    ncbi_key: str | None
    bases: dict[str, str]

    def __repr__(self) -> str:
        return "Wanted(…)"  # a key must not get into a message


Came = tuple[int, "Fetched | Problem | None"]  # the number of the job, and what it gave; None: it is done


class Job(NamedTuple):
    """One thing to fetch: its number among all, how it was asked for, the service, and what does it."""

    number: int
    text: str
    service: str
    told: Callable[[], Told]


def carry_out(
    wanted: Wanted,
    into: str | os.PathLike[str],
    report: Report,
    *,
    progress: bool,
    world: World | None,
    limits: Limits | None,
) -> list[Fetched]:
    """Fetch what is wanted; problems are reported as they come. ReviewError for wrong usage."""
    searched = read_service(wanted.service, searched=wanted.query is not None) if wanted.service else None
    asked = list(_asked(wanted, searched.name if searched else None, report))
    target = open_target(into, report)
    desks = _Desks(wanted, target, world or World(), limits or Limits())
    jobs = [_record_job(n, each, desks.of(each.service), wanted.history) for n, each in enumerate(asked)]
    if wanted.query is not None and searched is not None:
        query = Query(wanted.query, desks.of(searched))
        jobs.append(Job(len(jobs), wanted.query, searched.name, lambda: fetch_hits(query)))
    if not wanted.email and any(desk.service.wants_email for desk in desks):
        report(_nameless([desk.service.title for desk in desks if desk.service.wants_email]))
    return _side_by_side(jobs, desks, report, progress=progress)


def _asked(wanted: Wanted, service: str | None, report: Report) -> Iterator[Asked]:
    """Each number once; what cannot be fetched is told."""
    seen = set()
    for text in wanted.ids:
        try:
            asked = read_asked(text, service if wanted.query is None else None)
        except ReviewError as error:
            report(error.problem)
            continue
        if (asked.form, asked.number) not in seen:
            seen.add((asked.form, asked.number))
            yield asked


def _nameless(titles: list[str]) -> Problem:
    who = " and ".join(titles)
    found = f"no e-mail address to tell {who}"
    fix = "give yours with --email, so that they can write to you before they turn you away"
    return Problem("fetch", None, found, "an e-mail address, which they ask for", fix, "notice")


class _Desks:
    """A desk a service, made when it is first needed."""

    def __init__(self, wanted: Wanted, target: Target, world: World, limits: Limits):
        self.wanted, self.target, self.world, self.limits = wanted, target, world, limits
        self.made: dict[str, Desk] = {}

    def of(self, service: Service) -> Desk:
        if service.name not in self.made:
            wanted = self.wanted
            contact = Contact(wanted.email, wanted.ncbi_key if service.gap_with_key else None)
            host = Host(service, wanted.bases.get(service.name, service.base), contact, self.world, self.limits)
            self.made[service.name] = Desk(service, host, self.target, wanted.again, wanted.limit)
        return self.made[service.name]

    def __iter__(self) -> Iterator[Desk]:
        return iter(self.made.values())


def _record_job(number: int, asked: Asked, desk: Desk, history: bool) -> Job:
    def told() -> Told:
        here = False
        for thing in fetch_record(asked, desk):
            here = here or isinstance(thing, Fetched)
            yield thing
        if here and history and asked.form == "CTGOV":
            yield from fetch_history(asked, desk)

    return Job(number, asked.text, asked.service.name, told)


def _side_by_side(jobs: list[Job], desks: _Desks, report: Report, *, progress: bool) -> list[Fetched]:
    """Do the jobs of different hosts at once, those of one host one after another; files in the order of the jobs."""
    by_host: dict[str, list[Job]] = {}
    for job in jobs:
        by_host.setdefault(urlsplit(desks.made[job.service].host.base).netloc, []).append(job)
    came: queue.SimpleQueue[Came] = queue.SimpleQueue()
    fetched: list[tuple[int, Fetched]] = []
    with _bar(len(jobs), progress) as bar, ThreadPoolExecutor(max(1, len(by_host))) as workers:
        running = [workers.submit(_one_host, group, desks, came) for group in by_host.values()]
        try:
            for number, thing in _as_they_come(came, running):
                if thing is None:
                    bar.update()
                elif isinstance(thing, Problem):
                    report(thing)
                else:
                    fetched.append((number, thing))
        finally:
            _call_off(desks)
    for worker in running:
        worker.result()  # which raises what was a mistake of ours
    return [file for _, file in sorted(fetched, key=itemgetter(0))]


def _as_they_come(came: queue.SimpleQueue[Came], running: list[Future]) -> Iterator[Came]:
    while True:
        ended = all(worker.done() for worker in running)
        try:
            yield came.get(block=not ended, timeout=LOOK_UP)
        except queue.Empty:
            if ended:
                return


def _call_off(desks: _Desks) -> None:
    """End what still runs, if the person wants to stop; after the last job this changes nothing."""
    desks.world.called_off.set()
    for desk in desks:
        desk.host.line.cut()


def _one_host(jobs: list[Job], desks: _Desks, came: queue.SimpleQueue[Came]) -> None:
    """The jobs of one host in order. A host that does not answer is left alone; what it was not asked for is told."""
    silent: set[str] = set()
    for job in jobs:
        host = desks.made[job.service].host
        host.say = partial(_tell_wait, came, job)
        name = host.name
        try:
            if job.service in silent:
                came.put((job.number, _not_asked(job, name)))
            else:
                for thing in job.told():
                    came.put((job.number, thing))
        except NoAnswer as error:
            came.put((job.number, no_answer(brief(job.text), name, error)))
            if error.over:
                silent.add(job.service)
        except CalledOff:
            return
        came.put((job.number, None))


def _tell_wait(came: queue.SimpleQueue[Came], job: Job, words: str) -> None:
    fix = "none needed; wait, or stop it and run the same command later"
    came.put((job.number, Problem(brief(job.text), None, words, "an answer at once", fix, "notice")))


def _not_asked(job: Job, host: str) -> Problem:
    found = f"not asked for, because {host} gave no answer before"
    fix = "check the network and try again later; what is in the folder is not fetched again"
    return Problem(brief(job.text), None, found, "an answer", fix)


def _bar(total: int, progress: bool):
    """A bar on standard error; without progress one that says nothing."""
    from tqdm import tqdm

    return tqdm(total=total, desc="fetching", unit="", file=sys.stderr, dynamic_ncols=True, disable=not progress)
