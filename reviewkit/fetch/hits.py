"""All that a query finds, page by page: never without end, never more than was agreed to, and resumed after a break."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from reviewkit.errors import Problem, ReviewError
from reviewkit.fetch.folder import ASIDE, Entry, page_name
from reviewkit.fetch.records import Desk, Fetched, Told, brief, check_status, entry_of, told, unexpected
from reviewkit.fetch.service import NoSuchRecord, Opening, Page, Search, Unexpected
from reviewkit.fetch.transport import Answer, Refused

NO_OPENING = Opening(0, {}, [])


class Gathered:
    """What has come so far: the numbers of the hits, how many were announced, and where to go on."""

    def __init__(self, first: str):
        self.numbers: set[str] = set()
        self.total: int | None = None
        self.page = 0
        self.next: str | None = first
        self.last: Entry | None = None  # the page that was saved last

    def add(self, page: Page) -> None:
        """Take a page. Raises Unexpected if it leads nowhere new: paging would never end."""
        new = set(page.numbers) - self.numbers
        complete = self.total is not None and len(self.numbers) >= self.total
        if page.next is not None and not new and not complete:
            raise Unexpected(
                f"page {self.page + 1} without a new hit, which names a further page",
                "a new hit on every page, or the last page",
            )
        self.numbers |= new
        self.total = page.total if page.total is not None else self.total
        self.page += 1
        self.next = page.next if new else None


class Stale(Exception):
    """The service no longer knows the place where an earlier run was broken off."""


class Query(NamedTuple):
    """A query and the service that is asked."""

    text: str
    desk: Desk

    def problem(self, found: str, expected: str, fix: str, severity: str = "error") -> Problem:
        """Something to tell of this query."""
        return Problem(brief(self.text), None, found, expected, fix, severity)

    @property
    def search(self) -> Search:
        """How this service answers queries."""
        assert self.desk.service.search is not None  # asked.read_service refuses others
        return self.desk.service.search


def fetch_hits(query: Query) -> Told:
    """The pages of a query, from the folder as far as they are there, then from the service."""
    try:
        try:
            yield from _pages(query, again=query.desk.again)
        except Stale:
            found, fix = "the service no longer knows where the last run ended", "none needed; the query was put anew"
            yield query.problem(found, "a run that goes on where it broke off", fix, "notice")
            yield from _pages(query, again=True)
    except ReviewError as error:
        yield error.problem
    except Refused as error:
        host = query.desk.host.name
        yield query.problem(f"{error.found}, from {host}", error.expected, error.fix)


def _pages(query: Query, *, again: bool) -> Told:
    gathered = Gathered(query.search.first)
    if not again:
        for entry in _keep(query, gathered):
            yield told(entry, "kept")
    if gathered.next is None:
        return
    opening = NO_OPENING
    if query.search.opening_path:
        for thing in _open(query):
            if isinstance(thing, Problem):
                yield thing
            else:
                opening = thing
        if opening is NO_OPENING:
            return
        gathered.total = opening.total
    yield from _further(query, gathered, opening, resumed=gathered.last is not None)


def _keep(query: Query, gathered: Gathered) -> Iterator[Entry]:
    """The pages of an earlier run that are there as they were fetched, from the first without a gap."""
    target = query.desk.target
    for entry in target.pages(query.desk.service.name, query.text):
        kept = target.kept(entry.file)
        run = gathered.last.run if gathered.last else entry.run
        if kept is None or kept.page != gathered.page + 1 or kept.run != run or gathered.next is None:
            return
        total = str(kept.total or 0)
        try:
            page = query.search.read(target.read(kept.file), "0", {"total": total, "limit": total})
            gathered.add(page._replace(next=kept.next, total=kept.total))
        except Unexpected:  # another version of reviewkit took it; it is fetched again
            return
        gathered.last = kept
        yield kept


def _open(query: Query) -> Iterator[Opening | Problem]:
    """Ask how many hits there are; what the service did not look for is told."""
    search, host = query.search, query.desk.host
    assert search.opening_path is not None and search.read_opening is not None
    path = search.opening_path(query.text)
    answer = host.ask(path, search.opening_accept)
    try:
        check_status(answer)
        opening = search.read_opening(answer.body)
    except (Unexpected, NoSuchRecord) as error:
        yield _wrong(query, 0, host.url(path), answer, error)
        return
    for remark in opening.remarks:
        expected = "a query of which every part is looked for"
        yield query.problem(remark, expected, "mend the query if this was not meant", "notice")
    yield opening


def _further(query: Query, gathered: Gathered, opening: Opening, *, resumed: bool) -> Told:
    """The pages that are not there yet."""
    search, desk = query.search, query.desk
    while gathered.next is not None:
        if problem := _too_many(query, gathered):
            yield problem
            return
        if gathered.total == 0:
            yield _nothing(query)
            return
        path = search.path(query.text, gathered.next, opening.facts)
        answer = desk.host.ask(path, search.accept)
        name = page_name(desk.service.name, query.text, gathered.page + 1, search.suffix)
        try:
            if resumed and 400 <= answer.status < 500:
                raise Stale
            check_status(answer)
            page = search.read(answer.body, gathered.next, opening.facts)
            gathered.add(page)
        except (Unexpected, NoSuchRecord) as error:
            yield _wrong(query, gathered.page + 1, desk.host.url(path), answer, error)
            return
        resumed = False
        if gathered.total == 0 or (not page.numbers and gathered.page == 1):
            yield _nothing(query)
            return
        if problem := _too_many(query, gathered):
            yield problem
            return
        if page.numbers:
            yield _save(query, gathered, name, desk.host.url(path), answer)
        elif gathered.last:  # the page before was the last one with hits
            desk.target.note(msgspec.structs.replace(gathered.last, next=None))
    yield from _settle(query, gathered)


def _save(query: Query, gathered: Gathered, name: str, url: str, answer: Answer) -> Fetched:
    target = query.desk.target
    target.kept(name)  # refuses where a file of that name is not ours
    made = entry_of(name, query.text, query.desk, url, answer)
    entry = msgspec.structs.replace(
        made,
        query=query.text,
        run=gathered.last.run if gathered.last else made.time,
        page=gathered.page,
        next=gathered.next,
        total=gathered.total,
    )
    target.save(entry, answer.body)
    gathered.last = entry
    return told(entry, "fetched")


def _settle(query: Query, gathered: Gathered) -> Told:
    """After the last page: pages of an earlier, longer run go aside, and hits that did not come are told."""
    for entry in query.desk.target.pages(query.desk.service.name, query.text):
        if gathered.last and (entry.page or 0) > (gathered.last.page or 0) and query.desk.target.retire(entry.file):
            found = f"{entry.file}, a page of an earlier run that found more"
            fix = f"none needed; it is kept as {ASIDE}{entry.file}"
            yield query.problem(found, "pages of one run", fix, "notice")
    came = len(gathered.numbers)
    if gathered.total is not None and came < gathered.total:
        found, fix = f"{came:,} of {gathered.total:,} hits", "fetch again with --again; compare with the service's page"
        yield query.problem(found, "as many hits as the service counts", fix, "notice")


def _too_many(query: Query, gathered: Gathered) -> Problem | None:
    """More hits than were agreed to, or than the service gives: nothing further is fetched."""
    hits = max(gathered.total or 0, len(gathered.numbers))
    most, whose = query.desk.most, "narrow the query, or allow more with --limit"
    if query.search.most is not None and query.search.most < max(most, hits):
        most, whose = min(most, query.search.most), "part the query, for instance by years"
    if hits <= most:
        return None
    return query.problem(f"{hits:,} hits at {query.desk.service.title}", f"at most {most:,} hits", whose)


def _nothing(query: Query) -> Problem:
    found, fix = f"no hits at {query.desk.service.title}", "none needed, if none were expected; check the spelling"
    return query.problem(found, "at least one hit", fix, "notice")


def _wrong(query: Query, page: int, url: str, answer: Answer, error: Unexpected | NoSuchRecord) -> Problem:
    told = Unexpected(f"status {answer.status}", "status 200 and a page of hits")
    wrong = told if isinstance(error, NoSuchRecord) else error
    name = page_name(query.desk.service.name, query.text, page, query.search.suffix)
    return unexpected(brief(query.text), query.desk, name, url, answer, wrong)
