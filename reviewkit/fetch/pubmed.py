"""PubMed, through NCBI's E-utilities: XML of one citation, or of pages of a query that NCBI keeps for us.

Three questions a second, ten with a key; `tool` and `email` are sent, as NCBI asks. Of one query PubMed gives the
first 9,999 hits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from reviewkit.errors import shown
from reviewkit.fetch.service import (
    JSON,
    XML,
    NoSuchRecord,
    Opening,
    Page,
    Records,
    Search,
    Service,
    Unexpected,
    at,
    json_of,
    local,
    same,
    whole_number,
    words_in,
    xml_of,
)

if TYPE_CHECKING:
    from reviewkit.fetch.host import Contact

EUTILS = "/entrez/eutils"
PAGE_SIZE = 200
CITATIONS = "PubMed's citations as XML"
HITS = "the number of hits, and where NCBI keeps them"
OWN_NUMBER = {"PubmedArticle": "MedlineCitation/PMID", "PubmedBookArticle": "BookDocument/PMID"}
MISSED = {
    "phrasesnotfound": "the words {} were found nowhere and left out of the query",
    "fieldsnotfound": "the field {} is none of PubMed's and was passed over",
    "phrasesignored": "the words {} were passed over",
    "quotedphrasesnotfound": "the phrase {} is not in PubMed's index; its words were looked for one by one",
}


def _path(number: str) -> str:
    return f"{EUTILS}/efetch.fcgi?" + urlencode({"db": "pubmed", "id": number, "retmode": "xml"})


def _check(body: bytes, number: str) -> str | None:
    expected = f"PubMed's XML of the citation {number}"
    found = _numbers(body, expected)
    if not found:
        raise NoSuchRecord
    return same(", ".join(found), number, expected)


def _numbers(body: bytes, expected: str) -> list[str]:
    """The PMIDs of the citations in an answer, and not those of what they cite or correct."""
    root = xml_of(body, expected)
    if local(root) != "PubmedArticleSet":
        said = words_in(root)
        raise Unexpected(f"XML with the root {local(root)}" + (f" that says {shown(said)}" if said else ""), expected)
    own = [node.findtext(OWN_NUMBER[local(node)]) for node in root if local(node) in OWN_NUMBER]
    return [number.strip() for number in own if number]


def _opening_path(query: str) -> str:
    asked = {"db": "pubmed", "term": query, "usehistory": "y", "retmax": "0", "retmode": "json"}
    return f"{EUTILS}/esearch.fcgi?" + urlencode(asked, quote_via=quote)


def _read_opening(body: bytes) -> Opening:
    result = at(json_of(body, HITS), "esearchresult")
    total, kept, key = whole_number(at(result, "count")), at(result, "webenv"), at(result, "querykey")
    if at(result, "ERROR"):
        raise Unexpected(f"PubMed says {shown(str(at(result, 'ERROR')))}", HITS)
    if total is None or (total and not (isinstance(kept, str) and isinstance(key, str))):
        raise Unexpected("JSON without the number of hits", HITS)
    return Opening(total, {"WebEnv": str(kept), "query_key": str(key), "total": str(total)}, _remarks(result))


def _remarks(result: Any) -> list[str]:
    """What PubMed did not look for: a query that lost a part finds something else than was meant."""
    said = [
        (key, words)
        for group in ("errorlist", "warninglist")
        for key in MISSED
        for words in at(result, group, key) or []
    ]
    return [MISSED[key].format(shown(str(words))) for key, words in said]


def _page_path(query: str, page: str, facts: dict[str, str]) -> str:
    asked = {"db": "pubmed", "WebEnv": facts["WebEnv"], "query_key": facts["query_key"]}
    asked |= {"retstart": page, "retmax": str(PAGE_SIZE), "retmode": "xml"}
    return f"{EUTILS}/efetch.fcgi?" + urlencode(asked, quote_via=quote)


def _read_page(body: bytes, page: str, facts: dict[str, str]) -> Page:
    numbers, total = _numbers(body, CITATIONS), int(facts["total"])
    following = int(page) + PAGE_SIZE
    return Page(numbers, total, str(following) if following < total else None)


def _identity(contact: Contact) -> dict[str, str]:
    told = {"tool": "systematic-reviewkit", "email": contact.email or "", "api_key": contact.key or ""}
    return {name: value for name, value in told.items() if value}


SERVICE = Service(
    name="pubmed",
    title="PubMed",
    base="https://eutils.ncbi.nlm.nih.gov",
    gap=0.35,
    gap_with_key=0.11,
    records={"PMID": Records(_path, _check, XML, "xml")},
    search=Search(
        _page_path,
        _read_page,
        XML,
        "xml",
        first="0",
        opening_path=_opening_path,
        read_opening=_read_opening,
        opening_accept=JSON,
        most=9_999,
    ),
    identity=_identity,
    wants_email=True,
    takes_forms=True,
)
