"""ClinicalTrials.gov, API version 2: JSON of one study, pages of studies, and the registry's own history of versions.

The history comes from an address that the registry made for its own pages and may change without notice.
No limit is documented; about 50 questions a minute are reported, and we stay below.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from reviewkit.fetch.service import JSON, Page, Records, Search, Service, Unexpected, at, json_of, objects, whole_number
from reviewkit.fetch.service import same as same_number

PAGE_SIZE = 50  # a study with results can have a megabyte
A_STUDY = "a study as JSON"
HISTORY = "the history of a study as JSON"


def _path(number: str) -> str:
    return f"/api/v2/studies/{quote(number, safe='')}"


def _check(body: bytes, number: str) -> str | None:
    return _number_of(at(json_of(body, f"{A_STUDY} with the number {number}"), "protocolSection"), number)


def _number_of(protocol: object, number: str) -> str:
    """The study's own number; the one that was asked for may be an alias of it."""
    expected = f"{A_STUDY} with the number {number}"
    identification = at(protocol, "identificationModule")
    own, aliases = at(identification, "nctId"), at(identification, "nctIdAliases")
    if not isinstance(own, str):
        raise Unexpected("JSON without the number of a study", expected)
    if isinstance(aliases, list) and number in aliases:
        return own
    return same_number(own, number, expected)


def history_path(number: str) -> str:
    """Where the list of a study's versions stands."""
    return f"/api/int/studies/{quote(number, safe='')}?history=true"


def version_path(number: str, version: int) -> str:
    """Where one version stands."""
    return f"/api/int/studies/{quote(number, safe='')}/history/{version}"


def read_history(body: bytes, number: str) -> list[int]:
    """The numbers of the versions, in order; Unexpected if the answer is no history of this study."""
    content = json_of(body, HISTORY)
    if at(content, "history") is None:
        raise Unexpected("JSON without a history", HISTORY)
    _number_of(at(content, "study", "protocolSection"), number)
    versions = [whole_number(change.get("version")) for change in objects(at(content, "history", "changes"))]
    if not versions or None in versions:
        raise Unexpected("JSON without the numbers of the versions", HISTORY)
    return sorted({version for version in versions if version is not None})


def check_history(body: bytes, number: str) -> str | None:
    """Whether an answer is the history of this study."""
    read_history(body, number)
    return number


def check_version(body: bytes, number: str) -> str | None:
    """Whether an answer is a version of this study."""
    return _number_of(at(json_of(body, "a version of a study as JSON"), "study", "protocolSection"), number)


def _page_path(query: str, page: str, facts: dict[str, str]) -> str:
    asked = {"query.term": query, "pageSize": str(PAGE_SIZE), "countTotal": "true"}
    return "/api/v2/studies?" + urlencode({**asked, "pageToken": page} if page else asked, quote_via=quote)


def _read_page(body: bytes, page: str, facts: dict[str, str]) -> Page:
    content = json_of(body, "a page of studies as JSON")
    if not isinstance(content.get("studies"), list):
        raise Unexpected("JSON without a list of studies", "a page of studies as JSON")
    numbers = [at(study, "protocolSection", "identificationModule", "nctId") for study in objects(content["studies"])]
    token = content.get("nextPageToken")
    found = [number for number in numbers if isinstance(number, str)]
    return Page(found, whole_number(content.get("totalCount")), token if isinstance(token, str) and token else None)


SERVICE = Service(
    name="ctgov",
    title="ClinicalTrials.gov",
    base="https://clinicaltrials.gov",
    gap=1.5,
    records={"CTGOV": Records(_path, _check, JSON, "json")},
    search=Search(_page_path, _read_page, JSON, "json", first=""),
)
