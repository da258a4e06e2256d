"""A study as a card: findings first, registry beside paper, then every value with its words, and silence as silence."""

from __future__ import annotations

import pytest

from reviewkit.fields import catalogue
from reviewkit.model import Finding, Place, Record, Study, Value
from reviewkit.report import overview, page_href, study_card
from reviewkit.report.beside import Standing, standing_of
from reviewkit.report.sections import section_of, sections
from reviewkit.words import State, Timing, Verdict


def finding(check: str, verdict: str, because: list[Value], **more) -> Finding:
    return Finding(check, verdict, f"What {check} says.", because, **more)


@pytest.fixture
def findings(study) -> list[Finding]:
    target = study.known("enrolment.target")
    dates = [*study.known("registration.date"), *study.known("date.first_enrolment", "registry")]
    silent = Value("ethics.date", None, None, State.NOT_REPORTED, None, Place(study.records[0].document), "irct:silent")
    return [
        finding("date-order", "CONSISTENT", dates),
        finding("ethics-timing", "NOT_ASSESSABLE", [silent]),
        finding("masking-and-roles", "ATTENTION", study.known("masking.roles")),
        finding("registry-and-paper-size", "INCONSISTENT", target),
        finding("registration-timing", "PROSPECTIVE", dates, rule="strict", basis="anticipated_start", days=-31),
    ]


@pytest.fixture
def card(study, findings, context, seen):
    return seen(study_card(study, "S0001", findings, link=page_href, context=context))


def test_the_heading_names_the_study_its_number_its_title_and_the_kinds_of_its_records(card):
    assert card.words().startswith(
        "S0001 IRCT20990101000001N1 Fictitious drops for dry eyes "
        "registry IRCT20990101000001N1.txt publication paper one.txt Findings"
    )


def test_findings_stand_first_and_the_urgent_ones_before_the_others(card):
    order = [
        "registry-and-paper-size",
        "masking-and-roles",
        "ethics-timing",
        "date-order",
        "Registry beside paper",
        "Values",
    ]
    places = [card.text.index(words) for words in order]
    assert places == sorted(places)


def test_every_verdict_is_told_by_symbol_and_word(card):
    for words in ("≠ inconsistent", "! attention", "○ not assessable", "= consistent", "✓ prospective"):
        assert words in card.words()


@pytest.mark.parametrize("verdict", [*Verdict, *Timing])
def test_every_verdict_there_is_can_be_shown(study, seen, verdict):
    shown = seen(study_card(study, "S0001", [finding("a-check", verdict, [])], link=page_href)).words()
    assert "What a-check says." in shown


def test_findings_that_agree_are_folded_and_the_others_are_not(study, findings):
    html = study_card(study, "S0001", findings, link=page_href)
    folded = html[html.index('<details class="agreeing">') : html.index("</details>")]
    assert "2 checks found nothing to ask about" in folded
    assert "date-order" in folded and "registration-timing" in folded and "ethics-timing" not in folded


def test_a_finding_shows_the_values_it_rests_on_each_quote_in_its_line_and_a_link_to_its_place(card):
    assert card.table("because")[:3] == [
        ["Target sample size", "18 Target sample size: 18 persons, 8 in each arm and 2 more", "registry line 5"],
        [
            "Target sample size",
            "30 We planned 30 people. The trial was randomised and began on 15 July 2099.",
            "publication line 1",
        ],
        [
            "Masked roles",
            "nobody ƒ derived open-label-masks-nobody Target sample size: 18 persons, 8 in each arm and 2 more",
            "registry line 5",
        ],
    ]
    assert "18" in card.marks and "30" in card.marks


def test_registration_timing_says_the_rule_the_basis_and_the_days(card):
    assert "registration-timing rule strict · against an anticipated start · 31 days before the start" in card.words()


def test_the_marked_words_are_those_at_the_place_and_not_their_first_twin_in_the_line(study, registry, seen):
    start = registry.text.index("8 in each arm")
    value = Value("arms.n_target", 1, 8, State.REPORTED, "8", registry.place(start, start + 1), "irct:label")
    record = Record(registry.name, 1, "", "irct", "", "registry", [value])
    lines = list(registry.lines())
    html = study_card(Study("x", [record]), "x", [], link=page_href, context=lambda place: lines[place.line - 1])
    assert "Target sample size: 18 persons, <mark>8</mark> in each arm and 2 more" in html


def test_a_line_that_does_not_hold_the_quote_is_not_shown_as_its_context(study, registry, paper, seen):
    lines = list(paper.lines())
    html = study_card(Study("x", study.records[:1]), "x", [], link=page_href, context=lambda place: lines[0])
    assert "We planned" not in html


def test_registry_beside_paper_shows_what_differs_first_then_what_agrees_then_what_only_one_says(card):
    assert card.table("beside") == [
        ["Field", "registry: IRCT20990101000001N1.txt", "publication: paper one.txt", "Standing"],
        ["Target sample size", "18 ↗", "30 ↗", "≠ differs"],
        ["First enrolment", "2099-07 (anticipated) ↗", "2099-07-15 (actual) ↗", "planned beside actual"],
        ["Field", "registry: IRCT20990101000001N1.txt", "publication: paper one.txt", "Standing"],
        ["Registration number", "IRCT20990101000001N1 ↗", "not reported", "only one"],
        ["Public title", "Fictitious drops for dry eyes ↗", "this kind of source has no such entry", "only one"],
        ["Registration date", "2099-07-02 ↗", "this kind of source has no such entry", "only one"],
        ["Allocation", "not reported", "RANDOMIZED by chance ↗", "only one"],
        [
            "Masked roles",
            "nobody ƒ derived open-label-masks-nobody ↗",
            "this kind of source has no such entry",
            "only one",
        ],
        ["Outcome", "comfort ↗ tears ↗", "this kind of source has no such entry", "only one"],
    ]


def test_a_study_of_registry_records_alone_has_no_paper_beside_them(study, seen):
    alone = Study("x", [study.records[0], study.records[0]])
    assert "beside" not in seen(study_card(alone, "x", [], link=page_href)).words()


DAY = {"kind": "ACTUAL"}
PLANNED = {"kind": "ANTICIPATED"}
UNSAID = {"kind": "UNKNOWN"}


@pytest.mark.parametrize(
    "field, one, other, standing",
    [
        ("enrolment.target", (8, {}), (8, {}), Standing.AGREES),
        ("enrolment.target", (8, {}), (80, {}), Standing.DIFFERS),
        ("enrolment.target", (60, {"unit": "eyes"}), (60, {"unit": "persons"}), Standing.DIFFERS),
        ("masking.roles", (["A", "B"], {}), (["B", "A"], {}), Standing.AGREES),
        ("masking.roles", ([], {}), (["PARTICIPANT"], {}), Standing.DIFFERS),
        ("title.public", ("A  Trial", {}), ("a trial", {}), Standing.AGREES),
        ("title.public", ("A trial", {}), ("One trial", {}), Standing.DIFFERS_IN_WORDING),
        ("date.completion", ("2020-07", DAY), ("2020-07-31", DAY), Standing.AGREES),
        ("date.completion", ("2020-07", DAY), ("2020-08-01", DAY), Standing.DIFFERS),
        ("date.completion", ("2020-07", PLANNED), ("2020-08-01", UNSAID), Standing.DIFFERS),
        ("date.completion", ("2020-07", PLANNED), ("2021", DAY), Standing.PLANNED_BESIDE_ACTUAL),
    ],
)
def test_two_records_stand_to_each_other_as_their_values_do(field, one, other, standing):
    records = [
        Record(
            name,
            1,
            "",
            "table",
            "",
            "registry",
            [Value(field, None, value, State.REPORTED, "q", Place(name), "m", detail)],
        )
        for name, (value, detail) in zip(("a", "b"), (one, other), strict=True)
    ]
    assert standing_of(field, records) is standing


def test_values_stand_in_sections_a_row_each(card):
    assert card.table("values") == [
        ["Registration number", "IRCT20990101000001N1 Registration number: IRCT20990101000001N1", "line 1"],
        ["Public title", "Fictitious drops for dry eyes Public title: Fictitious drops for dry eyes", "line 2"],
        ["Registration date", "2099-07-02 Registration date: 2099-07-02", "line 3"],
        ["First enrolment", "2099-07 (anticipated) Expected start: July 2099", "line 4"],
        [
            "First enrolment",
            "2099-07-15 (actual) We planned 30 people. The trial was randomised and began on 15 July 2099.",
            "line 1",
        ],
        [
            "Allocation",
            "RANDOMIZED by chance We planned 30 people. The trial was randomised and began on 15 July 2099.",
            "line 1",
        ],
        [
            "Masked roles",
            "nobody ƒ derived open-label-masks-nobody Target sample size: 18 persons, 8 in each arm and 2 more",
            "line 5",
        ],
        ["Target sample size", "18 Target sample size: 18 persons, 8 in each arm and 2 more", "line 5"],
        [
            "Target sample size",
            "30 We planned 30 people. The trial was randomised and began on 15 July 2099.",
            "line 1",
        ],
    ]


def test_nested_facts_stand_in_a_table_item_by_item(card):
    assert card.table("items") == [
        ["no.", "Outcome", "Type of outcome", "Time point"],
        [
            "1",
            "comfort ↗ Primary outcome: comfort",
            "PRIMARY primary ↗ Primary outcome: comfort",
            "day 7 ↗ Time point: day 7",
        ],
        ["2", "tears ↗ Secondary outcome: tears", "SECONDARY secondary ↗ Secondary outcome: tears", ""],
    ]


def test_silence_is_shown_as_silence_and_never_as_a_blank_or_a_zero(card):
    words = card.words()
    assert "not reported: Arm" in words
    assert "left empty in the source: How the sequence was made line 9" in words
    assert "not reported: Actual enrolment, Assessed for eligibility" in words


def test_items_that_are_silent_throughout_are_named_with_their_numbers(seen):
    place = Place("a.txt")
    silent = [Value("outcomes.measure", item, None, State.NOT_REPORTED, None, place, "m") for item in (1, 2)]
    said = Value("outcomes.unit", 1, "points", State.REPORTED, "points", place, "m")
    record = Record("a.txt", 1, "", "consumer-page", "", "mirror", [*silent, said])
    assert (
        "not reported: Outcome of no. 1, 2" in seen(study_card(Study("a", [record]), "a", [], link=page_href)).words()
    )


JALALI = {"kind": "UNKNOWN", "calendar": "JALALI", "as_written": "1399/05/10"}


@pytest.mark.parametrize(
    "field, value, quote, detail, words",
    [
        ("eligibility.age_max", None, "No limit", {"no_limit": True}, "no limit"),
        ("eligibility.age_min", 18, "18y", {"unit": "YEAR"}, "18 years 18y"),
        ("enrolment.target", 60, "60 eyes", {"unit": "eyes"}, "60 eyes"),
        ("enrolment.target", 12000, "12000", {}, "12,000 12000"),
        ("enrolment.target", 0, "0", {}, "0"),
        ("results.posted", False, "no", {}, "no"),
        ("funders.share_pct", 100.0, "100", {}, "100"),
        ("masking.roles", [], "none", {}, "nobody none"),
        ("design.phase", ["PHASE2", "PHASE3"], "2-3", {}, "PHASE2; PHASE3 2-3"),
        (
            "date.completion",
            "2020-07-31",
            "x",
            JALALI,
            "2020-07-31 (actual or anticipated: not said; Solar Hijri, 1399/05/10) x",
        ),
    ],
)
def test_a_value_is_worded_with_what_its_kind_says_beside_it(field, value, quote, detail, words, seen):
    said = Value(field, None, value, State.REPORTED, quote, Place("a"), "m", detail)
    page = seen(study_card(Study("a", [Record("a", 1, "", "table", "", "registry", [said])]), "a", [], link=page_href))
    assert [row[1] for row in page.table("values")] == [words]


def test_a_value_that_could_not_be_read_is_shown_as_unclear_with_its_words(seen):
    said = Value("enrolment.target", None, None, State.UNCLEAR, "eight", Place("a"), "m")
    page = seen(study_card(Study("a", [Record("a", 1, "", "table", "", "registry", [said])]), "a", [], link=page_href))
    assert page.table("values") == [["Target sample size", "? unclear eight", "document"]]


def test_a_long_text_opens_on_demand_and_is_there_whole(seen):
    long = "word " * 200 + "end"
    record = Record(
        "a", 1, "", "text", "", "registry", [Value("summary.brief", None, long, State.REPORTED, long, Place("a"), "m")]
    )
    page = seen(study_card(Study("a", [record]), "a", [], link=page_href))
    assert long in page.text and "all 1,003 characters" in page.text and long in page.marks


def test_two_thousand_centres_do_not_flood_the_card_and_the_rest_is_named_with_its_place(seen):
    sites = [
        Value(
            "sites.name", n, f"Centre {n}", State.REPORTED, f"Centre {n}", Place("a", line=n, start=n, end=n + 1), "m"
        )
        for n in range(1, 2001)
    ]
    page = seen(study_card(Study("a", [Record("a", 1, "", "irct", "", "registry", sites)]), "a", [], link=page_href))
    assert "1,800 more items are not repeated here; they begin at line 201 of the document." in page.words()
    assert "Centre 200 " in page.words() and "Centre 201" not in page.words()


@pytest.mark.parametrize("field", list(catalogue()))
def test_every_field_of_the_catalogue_has_a_section_of_its_own_kind(field):
    assert section_of(field) in sections()[:-1]


def test_a_study_without_number_or_title_says_so(seen):
    study = Study("a.txt", [Record("a.txt", 1, "", "text", "", "publication", [])])
    page = seen(study_card(study, "S0009", [], link=page_href))
    assert page.words().startswith(
        "S0009 no registration number no title reported publication a.txt Findings No check had its input"
    )


def test_a_place_that_cannot_be_linked_is_named_all_the_same(study, seen):
    page = seen(study_card(study, "S0001", [], link=lambda place: None))
    assert page.values("href") == [] and "line 5" in page.words()


def test_the_style_sheet_is_in_the_card_only_when_it_is_given_and_cannot_end_its_element(study, seen):
    assert "<style>" not in study_card(study, "S0001", [], link=page_href)
    page = seen(study_card(study, "S0001", [], link=page_href, css=".rk { } </style><script>alert(1)</script>"))
    assert "script" not in page.tags


def test_an_overview_counts_what_the_first_table_of_the_report_shows(study, findings):
    line = overview(study, "S0001", findings)
    assert (line.numbers, line.kinds, line.timing) == (
        ("IRCT20990101000001N1",),
        ("registry", "publication"),
        ("PROSPECTIVE",),
    )
    assert (line.waiting, line.quotes, line.title) == (2, 14, "Fictitious drops for dry eyes")
