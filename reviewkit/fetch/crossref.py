"""Crossref: what publishers say of a work, by its DOI, or pages of works.

A query may end in filters, as in `exosomes filter=has-clinical-trial-number:true,from-pub-date:2020`. Crossref says
in its headers how many questions it takes; who gives an e-mail address is served better (`mailto`).
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from reviewkit.fetch.service import JSON, Page, Records, Search, Service, Unexpected, at, json_of, objects, whole_number
from reviewkit.fetch.service import same as same_number

PAGE_SIZE = 200
WORKS = "a page of works as JSON"
FILTER = re.compile(r"(?:^|\s)filter=(\S+)$")


def _check(body: bytes, number: str) -> str | None:
    expected = f"the work {number} as JSON"
    own = at(json_of(body, expected), "message", "DOI")
    if not isinstance(own, str):
        raise Unexpected("JSON without a DOI", expected)
    return same_number(own, number, expected)


def _page_path(query: str, page: str, facts: dict[str, str]) -> str:
    filters = FILTER.search(query)
    words = (query[: filters.start()] if filters else query).strip()
    asked = {"query.bibliographic": words, "filter": filters[1] if filters else ""}
    asked |= {"rows": str(PAGE_SIZE), "cursor": page}
    return "/works?" + urlencode({name: value for name, value in asked.items() if value}, quote_via=quote)


def _read_page(body: bytes, page: str, facts: dict[str, str]) -> Page:
    message = at(json_of(body, WORKS), "message")
    if not isinstance(at(message, "items"), list):
        raise Unexpected("JSON without a list of works", WORKS)
    found = [str(work.get("DOI")) for work in objects(at(message, "items"))]
    mark = at(message, "next-cursor")  # given on the last page too, and sometimes the same on every page
    more = isinstance(mark, str) and mark != "" and len(found) == PAGE_SIZE
    return Page(found, whole_number(at(message, "total-results")), mark if more else None)


SERVICE = Service(
    name="crossref",
    title="Crossref",
    base="https://api.crossref.org",
    gap=1.0,
    records={"DOI": Records(lambda number: f"/works/{quote(number, safe='')}", _check, JSON, "json")},
    search=Search(_page_path, _read_page, JSON, "json", first="*"),
    identity=lambda contact: {"mailto": contact.email} if contact.email else {},
    wants_email=True,
)
