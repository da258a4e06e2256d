"""ISRCTN: XML of one trial, or of all that a query finds. The registry gives no pages: one answer holds all hits."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from reviewkit.fetch.service import (
    XML,
    NoSuchRecord,
    Opening,
    Page,
    Records,
    Search,
    Service,
    Unexpected,
    local,
    same,
    whole_number,
    words_in,
    xml_of,
)

HITS = "ISRCTN's XML with the number of hits"


def _path(number: str) -> str:
    return f"/api/trial/{quote(number, safe='')}/format/default"


def _check(body: bytes, number: str) -> str | None:
    if not body.strip():
        raise NoSuchRecord
    expected = f"ISRCTN's XML of the trial {number}"
    found = _numbers(body, expected)
    if not found:
        raise Unexpected("XML without the number of a trial", expected)
    return same(", ".join(found), number, expected)


def _numbers(body: bytes, expected: str) -> list[str]:
    """The numbers of the trials in an answer; an `isrctn` stands once in each trial."""
    found = [words_in(node) for node in xml_of(body, expected).iter() if local(node) == "isrctn"]
    return ["ISRCTN" + number.upper().removeprefix("ISRCTN") for number in found]


def _query_path(query: str, limit: str) -> str:
    return "/api/query/format/default?" + urlencode({"q": query, "limit": limit}, quote_via=quote)


def _read_opening(body: bytes) -> Opening:
    total = whole_number(xml_of(body, HITS).get("totalCount"))
    if total is None:
        raise Unexpected("XML that says no number of hits", HITS)
    return Opening(total, {"limit": str(total)}, [])


SERVICE = Service(
    name="isrctn",
    title="ISRCTN",
    base="https://www.isrctn.com",
    gap=1.0,
    records={"ISRCTN": Records(_path, _check, XML, "xml")},
    search=Search(
        path=lambda query, page, facts: _query_path(query, facts["limit"]),
        read=lambda body, page, facts: Page(_numbers(body, HITS), int(facts["limit"]), None),
        accept=XML,
        suffix="xml",
        first="all",
        opening_path=lambda query: _query_path(query, "1"),
        read_opening=_read_opening,
        opening_accept=XML,
    ),
)
