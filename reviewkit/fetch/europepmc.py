"""Europe PMC: the full text of an article in PMC (JATS), one citation, or pages of citations with their abstracts.

No limit is documented. Full text is there for the open-access articles only.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from reviewkit.fetch.service import (
    JSON,
    XML,
    NoSuchRecord,
    Page,
    Records,
    Search,
    Service,
    Unexpected,
    at,
    json_of,
    local,
    objects,
    same,
    whole_number,
    words_in,
    xml_of,
)

REST = "/europepmc/webservices/rest"
PAGE_SIZE = 200
OWN_NUMBERS = {"pmc", "pmcid", "pmc-uid"}
CITATIONS = "Europe PMC's citations as JSON"
CLOSED = "only open-access articles have their full text here; fetch the abstract by its PMID, or bring the article"


def _text_path(number: str) -> str:
    return f"{REST}/{quote(number, safe='')}/fullTextXML"


def _check_text(body: bytes, number: str) -> str | None:
    expected = f"the article {number} as JATS"
    root = xml_of(body, expected)
    if local(root) != "article":
        raise Unexpected(f"XML with the root {local(root)}", expected)
    for node in root.findall("front/article-meta/article-id"):
        if node.get("pub-id-type") in OWN_NUMBERS:
            return same("PMC" + words_in(node).upper().removeprefix("PMC"), number, expected)
    return None


def _citation_path(query: str) -> str:
    return f"{REST}/search?" + urlencode({"query": query, "format": "json", "resultType": "core"}, quote_via=quote)


def _check_citation(body: bytes, key: str, number: str) -> str:
    """One citation with this PMID or DOI."""
    expected = f"one citation with the {key.upper()} {number}"
    content = json_of(body, expected)
    found = objects(at(content, "resultList", "result"))
    if whole_number(content.get("hitCount")) == 0:
        raise NoSuchRecord
    if len(found) != 1:
        raise Unexpected(f"JSON with {len(found)} citations", expected)
    return same(str(found[0].get(key)), number, expected)


def _page_path(query: str, page: str, facts: dict[str, str]) -> str:
    asked = {"query": query, "format": "json", "resultType": "core", "pageSize": str(PAGE_SIZE), "cursorMark": page}
    return f"{REST}/search?" + urlencode(asked, quote_via=quote)


def _read_page(body: bytes, page: str, facts: dict[str, str]) -> Page:
    content = json_of(body, CITATIONS)
    if not isinstance(at(content, "resultList", "result"), list):
        raise Unexpected("JSON without a list of results", CITATIONS)
    found = [f"{hit.get('source')} {hit.get('id')}" for hit in objects(at(content, "resultList", "result"))]
    mark = content.get("nextCursorMark")  # stays the same on the last page
    more = isinstance(mark, str) and mark not in {"", page} and bool(found)
    return Page(found, whole_number(content.get("hitCount")), mark if more else None)


SERVICE = Service(
    name="europepmc",
    title="Europe PMC",
    base="https://www.ebi.ac.uk",
    gap=0.5,
    records={
        "PMCID": Records(_text_path, _check_text, XML, "xml", absent=CLOSED),
        "PMID": Records(
            lambda number: _citation_path(f"EXT_ID:{number} AND SRC:MED"),
            lambda body, number: _check_citation(body, "pmid", number),
            JSON,
            "json",
        ),
        "DOI": Records(
            lambda number: _citation_path(f'DOI:"{number}"'),
            lambda body, number: _check_citation(body, "doi", number),
            JSON,
            "europepmc.json",  # so that it stands beside Crossref's
        ),
    },
    search=Search(_page_path, _read_page, JSON, "json", first="*"),
)
