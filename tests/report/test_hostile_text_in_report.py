"""Whatever a document holds stays text: in a card, a page or the report nothing of it runs, loads or links."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.errors import Problem
from reviewkit.model import Finding, Place, Record, Statement, Study, Value
from reviewkit.report import Figure, Report, document_page, overview, page_href, report_html, study_card
from reviewkit.words import State

TAGS = """
    html head meta title style body header main footer section nav article details summary h1 h2 h3 h4 h5 p ul li div
    span a b i small code mark br table thead tbody tr th td figure figcaption img
"""
ATTRIBUTES = """
    lang charset http-equiv content name class id href title rel dir scope style open role src alt
    aria-label aria-hidden
"""
HOSTILE = [
    "<script>alert(1)</script>",
    "</td></tr></table><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)//https://a.example",
    "data:text/html,<script>alert(1)</script>",
    'https://a.example/" onclick="x',
    "https://a.example/<script>",
    "//evil.example/x",
    "</style><script>alert(1)</script>",
    "</title></head><body onload=alert(1)>",
    "<!-- --!> <![CDATA[ <?php",
    "&lt;script&gt; &#60;b&#62;",
    "\x00\x08\x1b[31m\x7f\x9f",
    "\ud800 lone surrogate",
    "‮txt.exe ‏فارسی <b>",
    "`${alert(1)}`",
]


def assert_harmless(page):
    assert set(page.tags) <= set(TAGS.split())
    assert {name for _, name, _ in page.attributes} <= set(ATTRIBUTES.split())
    for href in page.values("href") + page.values("src"):
        assert not re.match(r"[\s\x00-\x20\\]|//", href), href
        scheme = re.match(r"([^/?#]*):", href)
        assert scheme is None or href.lower().startswith(("https://", "http://", "data:image/svg+xml;base64,")), href
    assert all(style.startswith("--depth:") and style[8:].isdigit() for style in page.values("style"))


def everywhere(text: str) -> tuple[Study, list[Finding]]:
    """A study that says one text wherever a text can stand."""
    places = [
        Place(text or "x", line=1, start=0, end=len(text)),
        Place("a.json", pointer="/" + text),
        Place("t.csv", row=2, column=text),
    ]
    fields = ["title.public", "results.url", "design.allocation", "summary.brief", text]
    detail = {"kind": text, "unit": text, "as_written": text, "calendar": "JALALI"}
    values = [
        Value(field, None, text, state, text, place, f"rule:{text}", detail)
        for field in fields
        for place in places
        for state in (State.REPORTED, State.DERIVED, State.UNCLEAR)
    ]
    values += [Value("sites.name", 1, text, State.REPORTED, text, places[0], text, detail)]
    values += [Value("date.completion", None, "2099", State.REPORTED, text, places[0], text, detail)]
    values += [Value("objective", None, None, State.EMPTY_IN_SOURCE, text, places[0], text, detail)]
    statement = Statement(text, text, text, places[0], text)
    records = [Record(text or "x", 2, "", text, text, kind, values, [statement]) for kind in ("registry", "mirror")]
    finding = Finding(text, "INCONSISTENT", text, values, rule=text, basis=text, registration=text)
    return Study(text, records), [finding]


def pieces(text: str):
    study, findings = everywhere(text)
    card = study_card(study, text, findings, link=page_href)
    yield card
    yield study_card(study, text, findings, link=lambda place: text)
    report = Report(
        text, text, text, [overview(study, text, findings)], 1, banner=text, not_done=[text],
        figures=[Figure(text, text, svg="<svg></svg>"), Figure(text, text, address=text)],
        problems=[Problem(text, Place(text, line=1), text, text, text)],
    )  # fmt: skip
    yield "".join(report_html(report, [card], css="", link=page_href))
    yield "".join(document_page(text or "x", text, [Place(text or "x", line=1, start=0, end=3)], css=""))
    yield "".join(document_page("a.json", json.dumps({text: [text]}), [Place("a.json", pointer="/" + text)], css=""))
    yield "".join(document_page("t.csv", f"{text}\n{text}", [Place("t.csv", row=2, column=text)], css=""))


@pytest.mark.parametrize("text", HOSTILE)
def test_known_attacks_stay_text_everywhere(text, seen):
    for html in pieces(text):
        html.encode()  # no lone surrogate goes out
        assert_harmless(seen(html))


@settings(deadline=None, max_examples=60)  # a busy machine is no failure
@given(text=st.text(alphabet=st.characters() | st.sampled_from("<>&\"'/=`: \n"), max_size=40))
def test_any_text_stays_text_everywhere(text, seen):
    for html in pieces(text):
        html.encode()  # no lone surrogate goes out
        assert_harmless(seen(html))


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.isprintable()])
def test_an_attack_is_shown_to_the_reader_as_it_was_written(text, seen):
    study, findings = everywhere(text)
    assert text in seen(study_card(study, "S0001", findings, link=page_href)).text


def test_only_a_whole_web_address_becomes_a_link(seen):
    def card(address):
        value = Value("results.url", None, address, State.REPORTED, address, Place("a"), "m")
        study = Study("a", [Record("a", 1, "", "x", "", "registry", [value])])
        return seen(study_card(study, "a", [], link=lambda place: None))

    assert card("https://a.example/b?c=1&d=2").values("href") == ["https://a.example/b?c=1&d=2"]
    for address in ("javascript:alert(1)", "see https://a.example", "https://a.example/ x", "ftp://a.example"):
        assert card(address).values("href") == []


def test_no_page_may_run_or_load_anything_even_if_a_text_became_markup(seen):
    page = seen("".join(document_page("a.txt", "text", [], css="")))
    policies = [
        value for tag, name, value in page.attributes if tag == "meta" and name == "content" and "default-src" in value
    ]
    assert policies == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data: file: 'self'; base-uri 'none'; form-action 'none'"
    ]
