"""Fetching: numbers and queries become documents in a folder, over the network. Nothing else here needs a network.

    rk.fetch("NCT09900413", "PMID:99000001", into="my-review/documents", email="ab@example.org")
    rk.fetch(query="exosomes AND lung", service="ctgov", into="my-review/documents")

Nothing but this package's own door and command comes here, and the parts that open connections load when it is used.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from types import ModuleType
from typing import TYPE_CHECKING

from reviewkit.errors import Problem, ReviewError, ReviewWarning

if TYPE_CHECKING:
    from reviewkit.fetch.host import World
    from reviewkit.fetch.records import Fetched
    from reviewkit.fetch.transport import Limits

MOST = 10_000  # hits of a query, unless more are allowed
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-]{1,64}@[A-Za-z0-9.\-]{1,250}")


def fetch(
    *ids: str,
    into: str | os.PathLike[str],
    query: str | None = None,
    service: str | None = None,
    history: bool = False,
    again: bool = False,
    limit: int = MOST,
    email: str | None = None,
    ncbi_key: str | None = None,
    problems: list[Problem] | None = None,
    progress: bool = False,
    bases: dict[str, str] | None = None,
    world: World | None = None,
    limits: Limits | None = None,
) -> list[Fetched]:
    """Fetch records by number, or all that a query finds at `service`, into a folder; of a review, into its documents.

    What is there from an earlier run is kept unless `again`. Problems go into `problems` if that list is given, else
    each is a ReviewWarning, and if nothing at all came, a ReviewError. Raises ReviewError at once for wrong usage.
    `email` and `ncbi_key` are told to the services and never written down. `bases` (service -> address), `world` (the
    clock) and `limits` are for tests and mirrors. `history` adds the earlier versions of ClinicalTrials.gov.
    """
    from reviewkit.fetch.run import Wanted, carry_out

    _check_usage(ids, query, service, email, limit)
    wanted = Wanted(ids, query, service, history, again, limit, email, ncbi_key, bases or {})
    told: list[Problem] = []

    def report(problem: Problem) -> None:
        told.append(problem)
        if problems is not None:
            problems.append(problem)
        else:
            warnings.warn(str(problem), ReviewWarning, stacklevel=2)

    fetched = carry_out(wanted, into, report, progress=progress, world=world, limits=limits)
    first = next((problem for problem in told if problem.severity == "error"), None)
    if problems is None and not fetched and first is not None:
        raise ReviewError(first)
    return fetched


def _check_usage(ids: tuple[str, ...], query: str | None, service: str | None, email: str | None, limit: int) -> None:
    """ReviewError for a call that cannot be meant."""
    wrong = [
        (not ids and query is None, "neither a number nor a query", "a number, or a query and a service"),
        (query is not None and not query.strip(), "an empty query", "a query with words"),
        (query is not None and service is None, "a query without a service", "a query and the service it is put to"),
        (limit < 1, f"a limit of {limit}", "a limit of at least 1"),
        (email is not None and not EMAIL.fullmatch(email), "no e-mail address", "an e-mail address, ab@example.org"),
    ]
    for is_wrong, found, expected in wrong:
        if is_wrong:
            raise ReviewError(Problem("fetch", None, found, expected, "see: reviewkit fetch --help"))


class _Room(ModuleType):
    """This module is also the door `reviewkit.fetch`: Python puts a loaded sub-package under its name."""

    def __call__(self, *ids: str, **options) -> list[Fetched]:
        return fetch(*ids, **options)


sys.modules[__name__].__class__ = _Room
