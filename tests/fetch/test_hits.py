"""All that a query finds comes page by page, each page once, never without end, and goes on after a break."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

import pytest

import reviewkit as rk

QUERY = "oats AND hiccup*"
MARK = hashlib.sha256(QUERY.encode()).hexdigest()[:8]
QUOTED = quote(QUERY)
FIRST = f"/api/v2/studies?query.term={QUOTED}&pageSize=50&countTotal=true"


def names(service: str, *pages: int, suffix: str = "json") -> list[str]:
    return [f"{service}-oats-and-hiccup-{MARK}-page-{page:04}.{suffix}" for page in pages]


def after(token: str) -> str:
    return f"{FIRST}&pageToken={token}"


@pytest.fixture
def trials(study):
    """A page of trials with these last digits, and what names the next page."""

    def page(*digits: int, then: str | None = None, total: int | None = None):
        said = {"studies": [study(f"NCT099005{digit:02}") for digit in digits]}
        said |= {"nextPageToken": then} if then else {}
        return said | ({"totalCount": total} if total is not None else {})

    return page


@pytest.fixture
def three_pages(server, trials):
    server.says(FIRST, trials(1, 2, then="t1", total=5))
    server.says(after("t1"), trials(3, 4, then="t2"))
    server.says(after("t2"), trials(5))


def test_pages_follow_each_other_and_are_read_as_documents(fetch, server, three_pages):
    assert fetch(query=QUERY, service="ctgov") == [("fetched", name) for name in names("ctgov", 1, 2, 3)]
    assert fetch.messages() == []
    assert server.asked == [FIRST, after("t1"), after("t2")]
    assert fetch.world.waits == [1.5, 1.5]
    numbers = [record.first("ids.primary").value for record in rk.read(fetch.folder)]
    assert numbers == [f"NCT0990050{digit}" for digit in (1, 2, 3, 4, 5)]
    (first, second, last) = fetch.log()
    assert (first["page"], first["next"], first["total"], first["query"]) == (1, "t1", 5, QUERY)
    assert (second["page"], second["next"], second["url"]) == (2, "t2", f"SERVER{after('t1')}")
    assert (last["page"], "next" in last, last["total"]) == (3, False, 5)


def test_a_query_that_was_fetched_whole_is_not_put_again(fetch, server, three_pages):
    fetch(query=QUERY, service="ctgov")
    assert fetch(query=QUERY, service="ctgov") == [("kept", name) for name in names("ctgov", 1, 2, 3)]
    assert len(server.asked) == 3


def test_after_a_break_only_the_missing_pages_are_fetched(fetch, server, three_pages, trials, reply):
    server.says(after("t1"), reply(status=503))
    assert fetch(query=QUERY, service="ctgov") == [("fetched", *names("ctgov", 1))]
    assert fetch.messages() == [
        f"error: {QUERY}\n  found     no answer from 127.0.0.1: status 503, after 5 attempts\n  expected  an answer\n"
        "  fix       check the network and try again later; what is in the folder is not fetched again"
    ]
    server.says(after("t1"), trials(3, 4, then="t2"))
    server.asked.clear()
    states = [state for state, _ in fetch(query=QUERY, service="ctgov")]
    assert (states, server.asked) == (["kept", "fetched", "fetched"], [after("t1"), after("t2")])


def test_a_page_that_was_removed_is_fetched_again_with_those_after_it(fetch, server, three_pages):
    fetch(query=QUERY, service="ctgov")
    (fetch.folder / names("ctgov", 2)[0]).unlink()
    states = [state for state, _ in fetch(query=QUERY, service="ctgov")]
    assert states == ["kept", "fetched", "fetched"]


def test_where_the_service_forgot_the_place_the_query_is_put_anew(fetch, server, three_pages, trials, reply):
    server.says(after("t1"), reply(status=503))
    fetch(query=QUERY, service="ctgov")
    server.says(FIRST, trials(1, 2, then="n1", total=3))
    server.says(after("t1"), reply(b'{"error": "page token is too old"}', 400))
    server.says(after("n1"), trials(3))
    states = [state for state, _ in fetch(query=QUERY, service="ctgov")]
    assert states == ["kept", "fetched", "fetched"]
    assert fetch.messages() == [
        f"notice: {QUERY}\n  found     the service no longer knows where the last run ended\n"
        "  expected  a run that goes on where it broke off\n  fix       none needed; the query was put anew"
    ]
    assert fetch(query=QUERY, service="ctgov") == [("kept", name) for name in names("ctgov", 1, 2)]


def test_pages_of_a_longer_run_before_go_aside_when_a_query_is_fetched_again(fetch, server, three_pages, trials):
    fetch(query=QUERY, service="ctgov")
    server.says(FIRST, trials(1, 5, total=2))
    assert fetch(query=QUERY, service="ctgov", again=True) == [("fetched", *names("ctgov", 1))]
    aside = {f"_fetched.aside-{name}" for name in names("ctgov", 2, 3)}
    assert {path.name for path in fetch.folder.iterdir()} == {"_fetched.jsonl", *aside, *names("ctgov", 1)}
    assert fetch.messages() == [
        f"notice: {QUERY}\n  found     {name}, a page of an earlier run that found more\n  expected  pages of one run\n"
        f"  fix       none needed; it is kept as _fetched.aside-{name}"
        for name in names("ctgov", 2, 3)
    ]
    assert fetch(query=QUERY, service="ctgov") == [("kept", *names("ctgov", 1))]


def test_pages_of_two_runs_are_never_mixed(fetch, server, three_pages, trials, reply):
    fetch(query=QUERY, service="ctgov")
    server.says(FIRST, trials(1, 6, then="n1", total=4))
    server.says(after("n1"), reply(status=503))
    world = type(fetch.world)()
    world.seconds = 86_400.0
    fetch(query=QUERY, service="ctgov", again=True, world=world)
    server.says(after("n1"), trials(7, 8))
    assert [state for state, _ in fetch(query=QUERY, service="ctgov")] == ["kept", "fetched"]
    assert (fetch.folder / names("ctgov", 3)[0]).exists() is False


def test_pages_go_aside_too_where_the_last_page_had_no_hits(fetch, server, three_pages, trials):
    fetch(query=QUERY, service="ctgov")
    server.says(FIRST, trials(1, 5, then="t1", total=2))
    server.says(after("t1"), trials())
    fetch(query=QUERY, service="ctgov", again=True)
    assert [path.name for path in fetch.folder.glob("ctgov-*")] == names("ctgov", 1)


def test_a_query_of_pages_of_words_is_named_by_its_beginning(fetch, server, reply):
    query = " OR ".join(f"oat bran {number}" for number in range(200))
    server.says(f"/api/v2/studies?query.term={quote(query)}&pageSize=50&countTotal=true", reply(b"", 414))
    fetch(query=query, service="ctgov")
    head, found, *_ = fetch.messages()[0].splitlines()
    assert head == f"error: {query[:299]}…"
    assert found.startswith(
        "  found     status 414 with an empty answer, at SERVER/api/v2/studies?query.term=oat%20bran"
    )
    assert fetch.messages()[0].endswith("\n  fix       shorten the query; this service takes none so long")


def endless(found: str) -> list[str]:
    return [
        f"error: {QUERY}\n  found     {found}\n  expected  a new hit on every page, or the last page\n"
        "  fix       try again later; if it stays, the service has changed: tell the authors of reviewkit; "
        f"the answer is kept as _fetched.aside-{names('ctgov', 2)[0]}"
    ]


def test_paging_that_leads_nowhere_new_ends(fetch, server, trials):
    server.says(FIRST, trials(1, 2, then="t1", total=500))
    server.says(after("t1"), trials(1, 2, then="t1"))
    assert fetch(query=QUERY, service="ctgov") == [("fetched", *names("ctgov", 1))]
    assert fetch.messages() == endless(f"page 2 without a new hit, which names a further page, at SERVER{after('t1')}")
    assert len(server.asked) == 2


def test_a_page_without_hits_that_names_a_further_page_ends_too(fetch, server, trials):
    server.says(FIRST, trials(1, 2, then="t1", total=500))
    server.says(after("t1"), trials(then="t2"))
    fetch(query=QUERY, service="ctgov")
    assert fetch.messages() == endless(f"page 2 without a new hit, which names a further page, at SERVER{after('t1')}")


def test_a_token_after_all_hits_have_come_is_no_reason_to_go_on(fetch, server, trials):
    server.says(FIRST, trials(1, 2, then="t1", total=2))
    server.says(after("t1"), trials(then="t2"))
    assert fetch(query=QUERY, service="ctgov") == [("fetched", *names("ctgov", 1))]
    assert fetch.messages() == []
    assert fetch(query=QUERY, service="ctgov") == [("kept", *names("ctgov", 1))]
    assert len(server.asked) == 2


def test_hits_without_number_end_at_the_limit(fetch, server, study):
    """A service that makes up new hits for ever, and never says how many there are."""

    class Endless:
        def __init__(self):
            self.page = 0

        def __call__(self, path):
            from tests_of_fetch import Reply, as_bytes

            self.page += 1
            hits = [study(f"NCT0{self.page:03}{digit:04}") for digit in range(1, 11)]
            return Reply(as_bytes({"studies": hits, "nextPageToken": f"t{self.page}"}))

    server.next_reply = Endless()
    assert len(fetch(query=QUERY, service="ctgov", limit=35)) == 3
    assert fetch.messages() == [
        f"error: {QUERY}\n  found     40 hits at ClinicalTrials.gov\n  expected  at most 35 hits\n"
        "  fix       narrow the query, or allow more with --limit"
    ]
    assert len(server.asked) == 4


def test_more_hits_than_were_agreed_to_are_told_and_none_is_fetched(fetch, server, trials):
    server.says(FIRST, trials(1, 2, then="t1", total=12_345))
    assert fetch(query=QUERY, service="ctgov") == []
    assert fetch.messages() == [
        f"error: {QUERY}\n  found     12,345 hits at ClinicalTrials.gov\n  expected  at most 10,000 hits\n"
        "  fix       narrow the query, or allow more with --limit"
    ]
    assert (len(server.asked), list(fetch.folder.iterdir())) == (1, [])


def test_a_query_without_hits_is_a_notice_and_leaves_no_file(fetch, server, trials):
    server.says(FIRST, trials(total=0))
    assert fetch(query=QUERY, service="ctgov") == []
    assert fetch.messages() == [
        f"notice: {QUERY}\n  found     no hits at ClinicalTrials.gov\n  expected  at least one hit\n"
        "  fix       none needed, if none were expected; check the spelling"
    ]
    assert list(fetch.folder.iterdir()) == []


def test_hits_that_did_not_come_are_told(fetch, server, trials):
    server.says(FIRST, trials(1, 2, total=3))
    assert len(fetch(query=QUERY, service="ctgov")) == 1
    assert fetch.messages() == [
        f"notice: {QUERY}\n  found     2 of 3 hits\n  expected  as many hits as the service counts\n"
        "  fix       fetch again with --again; compare with the service's page"
    ]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b'{"studies": [', "JSON that is broken or cut short"),
        ({"error": "bad query"}, "JSON without a list of studies"),
        (b"<html><title>Busy</title></html>", "a web page titled 'Busy'"),
        ({"studies": {}}, "JSON without a list of studies"),
    ],
)
def test_a_page_that_is_none_is_set_aside_and_ends_the_query(fetch, server, trials, answer, found):
    server.says(FIRST, trials(1, 2, then="t1", total=5))
    server.says(after("t1"), answer)
    assert fetch(query=QUERY, service="ctgov") == [("fetched", *names("ctgov", 1))]
    assert fetch.messages() == [
        f"error: {QUERY}\n  found     {found}, at SERVER{after('t1')}\n  expected  a page of studies as JSON\n"
        "  fix       try again later; if it stays, the service has changed: tell the authors of reviewkit; "
        f"the answer is kept as _fetched.aside-{names('ctgov', 2)[0]}"
    ]


def test_a_query_that_is_refused_is_told_with_the_service_words(fetch, server, reply):
    server.says(FIRST, reply(b"Unknown area in the query", 400))
    fetch(query=QUERY, service="ctgov")
    found = f"status 400 with the words 'Unknown area in the query', at SERVER{FIRST}"
    assert f"\n  found     {found}\n" in fetch.messages()[0]


def test_numbers_and_a_query_go_together(fetch, server, three_pages, study):
    server.says("/api/v2/studies/NCT09900590", study("NCT09900590"))
    files = [name for _, name in fetch("NCT09900590", query=QUERY, service="ctgov")]
    assert files == ["NCT09900590.json", *names("ctgov", 1, 2, 3)]


EUROPE = "/europepmc/webservices/rest/search?query={}&format=json&resultType=core&pageSize=200&cursorMark={}"


def citations(*numbers: int, then: str, total: int = 3):
    hits = [{"id": str(number), "source": "MED", "pmid": str(number), "title": "Oats"} for number in numbers]
    return {"hitCount": total, "nextCursorMark": then, "resultList": {"result": hits}}


def test_europe_pmc_ends_where_the_mark_stays_the_same(fetch, server):
    server.says(EUROPE.format(QUOTED, "%2A"), citations(1, 2, then="AoE=/x"))
    server.says(EUROPE.format(QUOTED, "AoE%3D%2Fx"), citations(3, then="AoE=/x"))
    files = names("europepmc", 1, 2)
    assert fetch(query=QUERY, service="europepmc") == [("fetched", name) for name in files]
    assert (fetch.messages(), len(server.asked)) == ([], 2)
    assert [record.first("report.pmid").value for record in rk.read(fetch.folder)] == ["1", "2", "3"]
    assert fetch(query=QUERY, service="europepmc") == [("kept", name) for name in files]
    assert len(server.asked) == 2


def test_europe_pmc_may_end_in_a_page_without_hits(fetch, server):
    server.says(EUROPE.format(QUOTED, "%2A"), citations(1, 2, then="b", total=2))
    server.says(EUROPE.format(QUOTED, "b"), citations(then="b", total=2))
    assert fetch(query=QUERY, service="europepmc") == [("fetched", *names("europepmc", 1))]
    assert fetch(query=QUERY, service="europepmc") == [("kept", *names("europepmc", 1))]
    assert (fetch.messages(), len(server.asked)) == ([], 2)


TOLD = "&tool=systematic-reviewkit&email=ab%40example.org"
SEARCH = f"/entrez/eutils/esearch.fcgi?db=pubmed&term={QUOTED}&usehistory=y&retmax=0&retmode=json{TOLD}"


def pubmed_page(start: int) -> str:
    asked = f"db=pubmed&WebEnv=MCID_a%2Bb&query_key=1&retstart={start}&retmax=200&retmode=xml"
    return f"/entrez/eutils/efetch.fcgi?{asked}{TOLD}"


def pubmed_citations(first: int, last: int) -> str:
    hits = (
        f"<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><ArticleTitle>Oats {number}</ArticleTitle>"
        "</Article></MedlineCitation></PubmedArticle>"
        for number in range(first, last + 1)
    )
    return f"<PubmedArticleSet>{''.join(hits)}</PubmedArticleSet>"


def kept_at_ncbi(count: int | str, **more):
    return {"esearchresult": {"count": str(count), "webenv": "MCID_a+b", "querykey": "1", **more}}


def test_pubmed_keeps_the_hits_for_us_and_gives_them_in_pages(fetch, server):
    server.says(SEARCH, kept_at_ncbi(402))
    server.says(pubmed_page(0), pubmed_citations(1, 200))
    server.says(pubmed_page(200), pubmed_citations(201, 400))
    server.says(pubmed_page(400), pubmed_citations(401, 402))
    files = names("pubmed", 1, 2, 3, suffix="xml")
    assert fetch(query=QUERY, service="pubmed") == [("fetched", name) for name in files]
    assert fetch.messages() == []
    assert fetch.world.waits == [0.35] * 3
    assert len(list(rk.read(fetch.folder))) == 402
    assert fetch(query=QUERY, service="pubmed") == [("kept", name) for name in files]
    assert len(server.asked) == 4


def test_pubmed_is_asked_for_the_hits_anew_after_a_break(fetch, server, reply):
    server.says(SEARCH, kept_at_ncbi(202), kept_at_ncbi(202, webenv="MCID_c"))
    server.says(pubmed_page(0), pubmed_citations(1, 200))
    server.says(pubmed_page(200), reply(status=500))
    fetch(query=QUERY, service="pubmed")
    server.says(pubmed_page(200).replace("MCID_a%2Bb", "MCID_c"), pubmed_citations(201, 202))
    assert [state for state, _ in fetch(query=QUERY, service="pubmed")] == ["kept", "fetched"]


def test_a_search_of_pages_of_words_goes_to_pubmed_as_a_form(fetch, server):
    query = " OR ".join(f'"oat bran {number}"[tiab]' for number in range(200))
    server.says("/entrez/eutils/esearch.fcgi", kept_at_ncbi(1))
    server.says(pubmed_page(0), pubmed_citations(1, 1))
    assert [state for state, _ in fetch(query=query, service="pubmed", ncbi_key="k")] == []
    (form,) = server.forms
    assert form == f"{SEARCH.partition('?')[2]}&api_key=k".replace(QUOTED, quote(query))
    assert server.asked[0] == "/entrez/eutils/esearch.fcgi"
    assert len(fetch(query=query, service="pubmed")) == 1
    assert fetch.log()[0]["query"] == query


def test_what_pubmed_did_not_look_for_is_told(fetch, server):
    lost = {
        "errorlist": {"phrasesnotfound": ["hiccup*"], "fieldsnotfound": ["tz"]},
        "warninglist": {"phrasesignored": [], "quotedphrasesnotfound": ['"oat bran"'], "outputmessages": ["x"]},
    }
    server.says(SEARCH, kept_at_ncbi(1, **lost))
    server.says(pubmed_page(0), pubmed_citations(1, 1))
    assert len(fetch(query=QUERY, service="pubmed")) == 1
    assert [problem.found for problem in fetch.problems] == [
        "the words 'hiccup*' were found nowhere and left out of the query",
        "the field 'tz' is none of PubMed's and was passed over",
        "the phrase '\"oat bran\"' is not in PubMed's index; its words were looked for one by one",
    ]
    assert {problem.severity for problem in fetch.problems} == {"notice"}


def test_pubmed_gives_only_the_first_9999_hits_which_is_said_before_any_is_fetched(fetch, server):
    server.says(SEARCH, kept_at_ncbi(10_001))
    assert fetch(query=QUERY, service="pubmed", limit=50_000) == []
    assert fetch.messages() == [
        f"error: {QUERY}\n  found     10,001 hits at PubMed\n  expected  at most 9,999 hits\n"
        "  fix       part the query, for instance by years"
    ]
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"esearchresult": {"ERROR": "Search Backend failed"}}, "PubMed says 'Search Backend failed'"),
        ({"esearchresult": {"count": "7"}}, "JSON without the number of hits"),
        ({"header": {}}, "JSON without the number of hits"),
        (b"<html>", "a web page"),
    ],
)
def test_a_search_that_pubmed_could_not_make_is_told(fetch, server, answer, found):
    server.says(SEARCH, answer)
    assert fetch(query=QUERY, service="pubmed") == []
    assert f"\n  found     {found}, at SERVER{SEARCH.removesuffix(TOLD)}\n" in fetch.messages()[0]


def works(first: int, last: int, total: int = 203):
    items = [{"DOI": f"10.9999/{number}", "title": ["Oats"], "publisher": "P"} for number in range(first, last + 1)]
    # Crossref gives a cursor on the last page too, and may give the same one every time.
    message = {"total-results": total, "next-cursor": "same", "items": items}
    return {"status": "ok", "message-type": "work-list", "message": message}


CROSSREF = "/works?query.bibliographic={}&rows=200&cursor={}&mailto=ab%40example.org"


def test_crossref_ends_with_a_page_that_is_not_full_though_the_cursor_stays(fetch, server):
    server.says(CROSSREF.format(QUOTED, "%2A"), works(1, 200))
    server.says(CROSSREF.format(QUOTED, "same"), works(201, 203))
    files = names("crossref", 1, 2)
    assert fetch(query=QUERY, service="crossref") == [("fetched", name) for name in files]
    assert (fetch.messages(), len(server.asked)) == ([], 2)
    assert len(list(rk.read(fetch.folder))) == 203


def test_crossref_that_gives_one_page_for_ever_is_left(fetch, server):
    server.says(CROSSREF.format(QUOTED, "%2A"), works(1, 200, 1000))
    server.says(CROSSREF.format(QUOTED, "same"), works(1, 200, 1000))
    assert len(fetch(query=QUERY, service="crossref")) == 1
    assert "\n  found     page 2 without a new hit, which names a further page, at SERVER" in fetch.messages()[0]


def test_crossref_takes_filters_at_the_end_of_a_query(fetch, server):
    filters = "has-clinical-trial-number:true,from-pub-date:2020"
    path = f"/works?query.bibliographic=oats&filter={quote(filters)}&rows=200&cursor=%2A&mailto=ab%40example.org"
    server.says(path, works(1, 3, 3))
    assert len(fetch(query=f"oats filter={filters}", service="crossref")) == 1
    only = f"/works?filter={quote(filters)}&rows=200&cursor=%2A&mailto=ab%40example.org"
    server.says(only, works(1, 3, 3))
    assert len(fetch(query=f"filter={filters}", service="crossref")) == 1
    assert server.asked == [path, only]


def test_isrctn_gives_all_hits_in_one_answer_after_saying_how_many(fetch, server):
    trial = "<fullTrial><trial><isrctn>{}</isrctn></trial></fullTrial>"
    whole = '<allTrials xmlns="http://www.67bricks.com/isrctn" totalCount="2">{}</allTrials>'
    path = f"/api/query/format/default?q={QUOTED}&limit="
    server.says(f"{path}1", whole.format(trial.format("99000012")))
    server.says(f"{path}2", whole.format(trial.format("99000012") + trial.format("99000013")))
    assert fetch(query=QUERY, service="isrctn") == [("fetched", *names("isrctn", 1, suffix="xml"))]
    assert (fetch.messages(), server.asked) == ([], [f"{path}1", f"{path}2"])
    assert fetch(query=QUERY, service="isrctn") == [("kept", *names("isrctn", 1, suffix="xml"))]
    assert [record.first("ids.primary").value for record in rk.read(fetch.folder)] == [
        "ISRCTN99000012",
        "ISRCTN99000013",
    ]
    server.says(f"{path}1", whole.replace('"2"', '"12000"').format(""))
    assert fetch(query=QUERY, service="isrctn", again=True) == []
    assert "\n  found     12,000 hits at ISRCTN\n" in fetch.messages()[0]


@pytest.mark.parametrize("query", ["é ü", "a&b=c#d?e", "a\nb", "100%", "../../etc", '"oats" [ti]', "٣", "x" * 3000])
def test_any_words_make_a_safe_address_and_a_safe_name(fetch, server, trials, query):
    path = f"/api/v2/studies?query.term={quote(query, safe='')}&pageSize=50&countTotal=true"
    server.says(path, trials(1, total=1))
    ((_, name),) = fetch(query=query, service="ctgov")
    assert (server.asked, fetch.messages()) == ([path], [])
    assert (fetch.folder / name).parent == fetch.folder and len(name) < 100 and name.isascii() and "/" not in name
