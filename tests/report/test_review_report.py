"""report.html: what a review is, what is not known, and every study, on one page without scripts."""

from __future__ import annotations

import pytest

from reviewkit.errors import Problem
from reviewkit.model import Finding, Place
from reviewkit.report import (
    Figure,
    Overview,
    Report,
    Table,
    document_page,
    overview,
    page_href,
    report_html,
    study_card,
)


def line(number: int) -> Overview:
    return Overview(
        f"S{number:04}", f"Trial {number}", (f"X{number}",), ("registry",), ("RETROSPECTIVE",), 1, ("a.txt",), 5
    )


def page_of(report: Report, cards) -> str:
    return "".join(report_html(report, cards, css="", link=page_href))


def report(studies, **more) -> Report:
    return Report("A review", "2099-05-31", "0.1.0", studies, 3, **more)


def test_the_top_line_counts_studies_documents_values_and_findings(seen):
    page = seen(page_of(report([line(1), line(2)]), ["", ""]))
    assert "A review 2 studies 3 documents 10 values with their quotes 2 findings wait for a person" in page.words()


def test_one_of_a_thing_is_told_in_the_singular(seen):
    page = seen(page_of(Report("A review", "2099", "0.1.0", [line(1)], 1), [""]))
    assert "1 study 1 document 5 values with their quotes 1 finding waits for a person" in page.words()


def test_the_overview_has_a_row_a_study_and_leads_to_its_card(seen, study, context):
    studies = [overview(study, "S0001", [])]
    page = seen(page_of(report(studies), [study_card(study, "S0001", [], link=page_href, context=context)]))
    assert page.table("overview") == [
        ["Study", "Registration number", "Title", "Records", "Registration timing", "Findings waiting"],
        ["S0001", "IRCT20990101000001N1", "Fictitious drops for dry eyes", "registry, publication", "not checked", "0"],
    ]
    assert {href[1:] for href in page.values("href") if href.startswith("#")} <= set(page.values("id"))


@pytest.mark.parametrize("number, opened", [(10, 10), (11, 0)])
def test_few_studies_are_open_and_many_are_folded(number, opened):
    html = page_of(report([line(n) for n in range(number)]), ["" for _ in range(number)])
    assert html.count('<details class="study" open>') == opened and html.count('<details class="study"') == number


def test_every_link_of_the_contents_has_its_target(seen):
    full = report(
        [line(1)],
        tables=[Table("T7a", "<table></table>", (("CSV", "tables/t7a.csv"),))],
        figures=[Figure("F5", "A histogram.", svg="<svg/>"), Figure("F6", "Another.", address="figures/f6.svg")],
        not_done=["Publications were not searched."],
        problems=[Problem("a.txt", Place("a.txt", line=3), "'eight'", "digits", "look")],
    )
    page = seen(page_of(full, ['<article id="study-S0001"></article>']))
    inside = [href[1:] for href in page.values("href") if href.startswith("#")]
    assert set(inside) <= set(page.values("id")) and len(inside) == 7
    assert page.values("src") == ["data:image/svg+xml;base64,PHN2Zy8+", "figures/f6.svg"]
    assert page.values("alt") == ["A histogram.", "Another."]
    assert "pages/a.txt.html#L3" in page.values("href") and "tables/t7a.csv" in page.values("href")


def test_what_is_not_known_is_said_before_what_was_found(seen):
    words = seen(page_of(report([line(1)], not_done=["No paper was searched."]), [""])).words()
    assert words.index("What was not done or is not known No paper was searched.") < words.index(
        "Study Registration number"
    )


def test_a_constructed_example_is_marked(seen):
    assert (
        seen(page_of(report([], banner="CONSTRUCTED EXAMPLE"), [])).words().startswith("A review CONSTRUCTED EXAMPLE")
    )


def test_problems_are_told_whole_errors_first(seen):
    problems = [
        Problem("b.txt", Place("b.txt", line=2), "'eight'", "a number", "look at the source", "notice"),
        Problem("a.pdf", Place("a.pdf"), "a PDF file", "text", "save it as text"),
    ]
    page = seen(page_of(report([], problems=problems), []))
    assert "1 error, 1 notice." in page.words()
    assert page.table("problems") == [
        ["", "Document", "Found", "Expected", "Fix"],
        ["error", "a.pdf", "a PDF file", "text", "save it as text"],
        ["notice", "b.txt, line 2", "'eight'", "a number", "look at the source"],
    ]


def test_a_review_without_studies_says_so(seen):
    assert "No study was read." in seen(page_of(report([]), [])).words()


def test_a_card_too_few_or_too_many_is_our_own_mistake():
    with pytest.raises(ValueError):
        page_of(report([line(1)]), [])


def test_cards_are_taken_one_at_a_time():
    taken = []

    def cards():
        for number in range(3):
            taken.append(number)
            yield ""

    pieces = report_html(report([line(n) for n in range(3)]), cards(), css="", link=page_href)
    for piece in pieces:
        if 'class="study"' in piece:
            break
    assert taken == [0]


def test_every_link_from_a_card_into_a_page_has_its_id_there(study, registry, paper, context, seen):
    card = seen(
        study_card(
            study, "S0001", [Finding("a", "ATTENTION", "m", study.records[0].values)], link=page_href, context=context
        )
    )
    ids = {}
    for document in (registry, paper):
        places = [value.place for record in study.records for value in record.values]
        page = seen("".join(document_page(document.name, document.text, places, css="")))
        ids[page_href(Place(document.name))] = set(page.values("id"))
    links = [href.partition("#") for href in card.values("href") if href.startswith("pages/")]
    assert len(links) > 20 and all(not anchor or anchor in ids[address] for address, _, anchor in links)


def test_the_same_inputs_give_the_same_bytes(study, context):
    first, second = (study_card(study, "S0001", [], link=page_href, context=context) for _ in range(2))
    assert first == second
