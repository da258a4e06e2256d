"""screening.csv: what is counted, what is reported, and the identities that catch a wrong count."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.documents import Document
from reviewkit.errors import ReviewError
from reviewkit.screening import (
    Beside,
    Citation,
    Flow,
    check_flow,
    count,
    exchange_csv,
    identity_report,
    read_exchange,
    read_screening,
)
from reviewkit.screening.flow import FATES
from reviewkit.screening.identities import ORDER
from reviewkit.screening.log import COLUMNS, SETTLED_BY

EXAMPLE = Path(__file__).parents[1] / "data" / "exosomes" / "screening.csv"
HEADINGS = ",".join(COLUMNS)
INCLUDED = "C1,PubMed,database,A title,,yes,,yes,yes,yes,,S0001,R0001,AB"


def a_log(*rows, headings=HEADINGS):
    """The citations of a log with these rows, and the problems met as (row, column, message without its place)."""
    return read_log("\n".join([headings, *rows]).encode())


def read_log(raw, **options):
    problems = []
    found = read_screening(Document("screening.csv", raw, problems.append), **options)
    return found, [(p.place.row, p.place.column, p.severity, str(p).split("\n", 1)[1]) for p in problems]


def boxes(*rows):
    """The boxes of a log that are not blank and not 0."""
    return {name: value for name, value in count(a_log(*rows)[0]).boxes().items() if value}


# ---- what is counted


@pytest.mark.parametrize(
    "row, ends_in",
    [
        ("C1,PubMed,database,T,,,,,,,,,,", "wait_scr"),
        ("C1,PubMed,database,T,,no,retracted,,,,,,,AB", "oth"),
        ("C1,PubMed,database,T,,no,by index terms,,,,,,,automation", "auto"),
        ("C1,PubMed,database,T,,no,automation,,,,,,,AB", "auto"),
        ("C1,PubMed,database,T,,yes,,,,,,,,AB", "wait_sought"),
        ("C1,PubMed,database,T,,yes,animals,,,,,,,AB", "scr_ex"),
        ("C1,PubMed,database,T,,yes,,no,,,,,,AB", "scr_ex"),
        ("C1,PubMed,database,T,,yes,,yes,,,,,,AB", "wait_retrieved"),
        ("C1,PubMed,database,T,,yes,,yes,no,,,,,AB", "not_ret"),
        ("C1,PubMed,database,T,,Yes,,YES,yes,,,,,AB", "wait_assessed"),
        ("C1,PubMed,database,T,,yes,,yes,yes,yes,Wrong design,,,AB", "ex"),
        ("C1,PubMed,database,T,,yes,,yes,yes,yes,Wrong design,S0001,R0001,AB", "ex"),
        ("C1,PubMed,database,T,,yes,,yes,yes,yes,Ongoing,,,AB", "ongoing"),
        ("C1,PubMed,database,T,,yes,,yes,yes,yes,awaiting classification,,,AB", "awaiting"),
        ("C1,PubMed,database,T,,yes,,yes,yes,yes,,,,AB", "wait_included"),
        (INCLUDED, "included"),
        ("C1,Websites,other,T,,,,,,,,,,", "wait_sought"),
        ("C1,Websites,other,T,,,,yes,yes,yes,,S0001,R0001,AB", "included"),
    ],
)
def test_a_citation_ends_in_the_one_box_its_cells_lead_to(row, ends_in):
    (citation,), problems = a_log(row)
    assert (citation.fate, problems) == (ends_in, [])


def test_every_end_of_a_citation_is_a_box_of_the_flow():
    assert set(SETTLED_BY) == set(FATES)


def test_a_flow_counts_both_columns_and_each_source_by_name():
    assert boxes(
        INCLUDED,
        "C2,embase,database,T,C1,,,,,,,,,",
        "C3,PubMed,database,T,,yes,animals,no,,,,,,AB",
        "C4,IRCT,register,T,,yes,,yes,yes,yes,Wrong design,,,AB",
        "C5,Website,other,T,,,,yes,no,,,,,AB",
        "C6,Citation searching,other,T,,,no trial,,,,,,,AB",
        "C7,Letters to authors,other,T,,,,yes,yes,yes,,S0001,R0002,AB",
    ) == {
        "db": (("PubMed", 2), ("embase", 1)),
        "reg": (("IRCT", 1),),
        "dup": 1,
        "scr": 3,
        "scr_ex": 1,
        "sought": 2,
        "assessed": 2,
        "ex": (("Wrong design", 1),),
        "ex_total": 1,
        "web": 1,
        "cit": 1,
        "other_src": (("Letters to authors", 1),),
        "o_not_sought": 1,
        "o_sought": 2,
        "o_not_ret": 1,
        "o_assessed": 1,
        "new_studies": 1,
        "new_reports": 2,
    }


def test_a_column_without_citations_is_not_applicable_while_a_box_without_is_zero():
    flow = count(a_log(INCLUDED)[0])
    assert (flow.reg, flow.web, flow.o_sought, flow.scr_ex_auto) == (None, None, None, None)
    assert (flow.dup, flow.not_ret, flow.ex) == (0, 0, ())


def test_what_waits_is_counted_and_makes_the_flow_a_draft():
    flow = count(a_log("C1,PubMed,database,T,,,,,,,,,,", "C2,PubMed,database,T,,yes,,yes,,,,,,AB", INCLUDED)[0])
    assert (flow.wait_scr, flow.wait_retrieved, flow.pending) == (1, 1, 2)
    assert check_flow(flow) == []


def test_records_excluded_by_a_tool_split_the_box():
    found = boxes("C1,PubMed,database,T,,yes,,no,,,,,,automation", "C2,PubMed,database,T,,yes,,no,,,,,,AB")
    assert (found["scr_ex"], found["scr_ex_human"], found["scr_ex_auto"]) == (2, 1, 1)


def test_a_report_found_twice_is_one_report_and_the_other_row_is_overlap():
    second = "C2,Websites,other,T,,,,yes,yes,yes,,S0001,R0001,AB"
    found, problems = a_log(INCLUDED, second)
    assert (count(found).new_reports, count(found).overlap, check_flow(count(found))) == (1, 1, [])
    assert problems == [
        (
            3,
            "report_id",
            "notice",
            "  found     'R0001', which row 2 has too\n"
            "  expected  one row a report that is included\n"
            "  fix       if both are one record, write duplicate_of = C1; counted as overlap",
        )
    ]


def test_one_report_may_tell_of_several_studies_and_then_a_note_is_asked_for():
    flow = count(a_log(INCLUDED.replace("S0001", "S0001; S0002"))[0])
    assert (flow.new_studies, flow.new_reports) == (2, 1)
    assert [(r.identity, r.level) for r in check_flow(flow)] == [("P10", "W")]
    assert check_flow(flow, {"P10": "one paper tells of two trials"}) == []


# ---- what is reported


@pytest.mark.parametrize(
    "row, place, message",
    [
        (
            "C1,PubMed,databse,T,,yes,,,,,,,,AB",
            (2, "source_kind", "error"),
            "  found     'databse'\n  expected  database, register or other\n  fix       did you mean database?",
        ),
        (
            "C1,PubMed,database,T,,include,,,,,,,,AB",
            (2, "screened", "error"),
            "  found     'include'\n"
            "  expected  yes, no, or blank while nobody has decided\n"
            "  fix       write yes, no, or blank while nobody has decided",
        ),
        (
            "C1,PubMed,database,T,C9,,,,,,,,,",
            (2, "duplicate_of", "error"),
            "  found     'C9', which is the citation_id of no row\n"
            "  expected  the citation_id of the row that is kept\n"
            "  fix       did you mean C1?",
        ),
        (
            "C1,PubMed,database,T,C1,,,,,,,,,",
            (2, "duplicate_of", "error"),
            "  found     'C1', which leads back to this row, so that none would be kept\n"
            "  expected  the citation_id of the row that is kept\n"
            "  fix       name the row that is kept, and leave its own duplicate_of blank",
        ),
        (
            "C1,PubMed,database,T,,no,,yes,,,,,,AB",
            (2, "sought", "error"),
            "  found     'yes', though screened is 'no'\n"
            "  expected  a blank cell, or screened = yes\n"
            "  fix       mend one of the two; the citation was counted by screened",
        ),
        (
            "C1,PubMed,database,T,,yes,,yes,,,Wrong design,,,AB",
            (2, "excluded_reason", "error"),
            "  found     'Wrong design', though retrieved is blank\n"
            "  expected  a blank cell, or retrieved = yes\n"
            "  fix       mend one of the two; the citation was counted by retrieved",
        ),
        (
            "C1,PubMed,database,T,,yes,animals,yes,,,,,,AB",
            (2, "screened_reason", "error"),
            "  found     'animals', though sought is 'yes'\n"
            "  expected  a reason only where the citation goes no further\n"
            "  fix       mend one of the two; the citation was counted as sought",
        ),
        (
            "C1,PubMed,database,T,,yes,,yes,yes,no,,,,AB",
            (2, "assessed", "error"),
            "  found     'no', though the report was retrieved\n"
            "  expected  yes, or blank while the report waits\n"
            "  fix       leave it blank",
        ),
        (
            "C1,PubMed,database,T,,yes,,yes,yes,yes,,S0001,,AB",
            (2, "report_id", "error"),
            "  found     a blank cell\n"
            "  expected  the report_id of an included report, e.g. R0001\n"
            "  fix       fill it in; the row was counted as a report of its own",
        ),
        (
            ",PubMed,database,T,,,,,,,,,,",
            (2, "citation_id", "error"),
            "  found     a blank cell\n  expected  a citation_id\n  fix       fill it in; it is shown as 'row 2'",
        ),
        (
            "C1,PubMed,database,T,,yes,,,,,,,,A. Smith",
            (2, "decided_by", "error"),
            "  found     'A. Smith'\n"
            "  expected  a person's 2 to 8 letters, several joined by ';', or automation\n"
            "  fix       write a person's 2 to 8 letters, several joined by ';', or automation",
        ),
        (
            "C1,PubMed,database,A title, with a comma,,yes,,,,,,,,AB",
            (2, None, "error"),
            "  found     15 cells\n"
            "  expected  14 cells, one for each heading\n"
            "  fix       put a cell that holds the delimiter between quotation marks, or add what is missing; "
            "the citation was counted as waiting",
        ),
    ],
)
def test_a_cell_that_cannot_be_taken_is_reported_and_its_citation_still_counted(row, place, message):
    found, problems = a_log(row)
    assert problems == [(*place, message)]
    assert sum(n for _, n in count(found).db) == 1


@pytest.mark.parametrize("cell", ["databse", "Y", "C9"])
def test_a_cell_that_cannot_be_taken_leaves_the_flow_a_draft(cell):
    columns = {"databse": "source_kind", "C9": "duplicate_of", "Y": "screened"}
    row = {"citation_id": "C1", "source": "PubMed", "source_kind": "database", columns[cell]: cell}
    found, problems = a_log(",".join(row.get(name, "") for name in COLUMNS))
    assert (len(problems), count(found).pending) == (1, 1)


def test_two_rows_that_call_each_other_a_duplicate_are_both_kept():
    found, problems = a_log("C1,PubMed,database,T,C2,,,,,,,,,", "C2,PubMed,database,T,C1,,,,,,,,,")
    assert ([row for row, *_ in problems], [c.fate for c in found]) == ([2, 3], ["wait_scr", "wait_scr"])


def test_a_citation_id_that_stands_twice_is_reported_and_both_rows_counted():
    found, problems = a_log(INCLUDED, INCLUDED.replace("R0001", "R0002"))
    assert [(row, column) for row, column, *_ in problems] == [(3, "citation_id")]
    assert count(found).new_reports == 2


def test_a_study_that_the_review_does_not_have_is_reported_with_the_nearest():
    found, problems = read_log(f"{HEADINGS}\n{INCLUDED}".encode(), studies=["S0011", "T0500"])
    assert problems == [
        (
            2,
            "study_id",
            "error",
            "  found     'S0001'\n  expected  the study_id of a study of this review\n  fix       did you mean S0011?",
        )
    ]
    assert found[0].fate == "wait_included"


def test_spellings_that_differ_in_case_alone_are_one_source_with_a_notice():
    found, problems = a_log(INCLUDED, "C2,PUBMED,database,T,,,,,,,,,,")
    assert count(found).db == (("PubMed", 2),)
    assert [(row, column, severity) for row, column, severity, _ in problems] == [(3, "source", "notice")]


@pytest.mark.parametrize(
    "raw",
    [
        f"{HEADINGS}\r\n{INCLUDED}\r\n".encode("utf-8-sig"),
        f"{HEADINGS}\n{INCLUDED}\n".replace(",", ";").encode(),
        f"{HEADINGS}\n{INCLUDED}\n".replace(",", "\t").encode(),
        ('"' + HEADINGS.replace(",", '","') + '"\n"' + INCLUDED.replace(",", '","') + '"\n\n,,,\n').encode(),
    ],
)
def test_the_log_is_read_as_spreadsheets_save_it(raw):
    found, problems = read_log(raw)
    assert (problems, [c.fate for c in found]) == ([], ["included"])


def test_a_column_of_the_teams_own_is_a_notice():
    _, problems = a_log(INCLUDED + ",x", headings=HEADINGS + ",year")
    assert [(row, column, severity) for row, column, severity, _ in problems] == [(1, "year", "notice")]


@pytest.mark.parametrize(
    "text, message",
    [
        (
            HEADINGS.replace("sought", "saught").replace(",title", ""),
            "screening.csv, row 1\n"
            "  found     no column title, sought\n"
            f"  expected  the columns {HEADINGS.replace(',', ', ')}, each once\n"
            "  fix       rename 'saught' to sought; add title",
        ),
        (
            HEADINGS + ",title",
            "screening.csv, row 1\n"
            "  found     two columns title\n"
            f"  expected  the columns {HEADINGS.replace(',', ', ')}, each once\n"
            "  fix       keep one column title",
        ),
        (
            HEADINGS + '\nC1,PubMed,database,"A title',
            "screening.csv, row 2\n"
            "  found     a row whose quotation marks are broken (unexpected end of data)\n"
            "  expected  cells between quotation marks, with each mark inside a cell doubled\n"
            "  fix       close or double the quotation mark",
        ),
    ],
)
def test_a_table_that_is_no_log_is_refused(text, message):
    with pytest.raises(ReviewError) as error:
        read_log(text.encode())
    assert str(error.value) == message


def test_a_log_without_a_row_is_reported_and_gives_an_empty_flow():
    found, problems = a_log()
    assert (count(found), [row for row, *_ in problems]) == (Flow(), [1])


# ---- the identities

PASSES = Flow(
    db=(("A", 162),),
    reg=(("B", 0),),
    dup=23,
    scr=139,
    scr_ex=25,
    sought=114,
    not_ret=4,
    assessed=110,
    ex=(("All", 88),),
    new_reports=22,
)
PASSES_TOO = Flow(
    db=(("A", 678),),
    reg=(("B", 22),),
    dup=167,
    scr=533,
    scr_ex=398,
    sought=135,
    not_ret=0,
    assessed=135,
    ex=(("All", 93),),
    new_reports=42,
)


@pytest.mark.parametrize("flow", [PASSES, PASSES_TOO])
def test_a_published_flow_that_adds_up_passes(flow):
    assert check_flow(flow) == []


def test_a_published_flow_that_does_not_add_up_fails_with_both_sides():
    (failure,) = check_flow(Flow(db=(("A", 2),), reg=(("B", 3888),), dup=400, auto=50, oth=673, scr=2765))
    assert (failure.identity, failure.level, failure.left, failure.right, failure.difference) == (
        "P2",
        "E",
        3890,
        3888,
        2,
    )
    assert failure.boxes == ("db", "reg", "dup", "auto", "oth", "scr")
    assert failure.message == (
        "P2. Every record identified is removed before screening or screened. "
        "Here db 2 + reg 3888 = 3890 should equal dup 400 + auto 50 + oth 673 + scr 2765 = 3888; the difference is 2. "
        "Look at db, reg, dup, auto, oth, scr."
    )


FULL = Flow(
    db=(("A", 100), ("B", 20)),
    reg=(("C", 30),),
    dup=10,
    auto=5,
    oth=5,
    scr=130,
    scr_ex=100,
    scr_ex_human=90,
    scr_ex_auto=10,
    sought=30,
    not_ret=2,
    assessed=28,
    ex=(("Wrong design", 10), ("Wrong population", 5), ("other", 1)),
    ex_total=16,
    d_ongoing=1,
    d_awaiting=1,
    web=3,
    org=1,
    cit=4,
    other_src=(("Letters", 2),),
    o_not_sought=1,
    o_sought=9,
    o_not_ret=1,
    o_assessed=8,
    o_ex=(("Wrong design", 5),),
    o_ex_total=5,
    o_ongoing=1,
    o_awaiting=0,
    ongoing=2,
    awaiting=1,
    overlap=1,
    new_studies=9,
    new_reports=11,
    prev_studies=4,
    prev_reports=6,
    prev_removed=1,
    prev_reports_removed=2,
    total_studies=12,
    total_reports=15,
    ma_studies=12,
    ma_reports=10,
)


def test_a_full_flow_passes():
    assert check_flow(FULL) == []


@pytest.mark.parametrize(
    "change, broken",
    [
        ({"dup": -1}, {("P1", "E"), ("P2", "E")}),
        ({"dup": "ten"}, {("P1", "E"), ("P2", "E")}),
        ({"scr_ex": True}, {("P1", "E"), ("P4", "E")}),
        ({"ex": (("Wrong design", 15.5),)}, {("P1", "E"), ("P8", "E")}),
        ({"scr_ex_auto": 11}, {("P3", "E")}),
        ({"extra_reports": 1}, {("P4", "E")}),
        ({"not_ret": 3}, {("P5", "E")}),
        ({"o_not_ret": 0}, {("P5", "E")}),
        ({"ex_total": 17}, {("P6", "E")}),
        ({"ex": (("A", 27),), "ex_total": 27, "new_reports": 0, "new_studies": 0}, {("P7", "E"), ("P11", "E")}),
        ({"ongoing": 3}, {("P7", "E")}),
        ({"overlap": 0}, {("P8", "E")}),
        ({"o_not_sought": None}, {("P9", "W")}),
        ({"web": 2}, {("P9", "E")}),
        ({"web": 0, "o_not_sought": None}, {("P9", "E")}),
        ({"new_studies": 12, "total_studies": 15}, {("P10", "W")}),
        ({"new_studies": 0, "total_studies": 3, "ma_studies": 0}, {("P10", "E")}),
        ({"total_studies": 13}, {("P11", "E")}),
        ({"ma_studies": 13}, {("P12", "E")}),
        ({"ma_reports": 16}, {("P12", "E")}),
        ({"db": (("A", 0),), "reg": (), "dup": 0, "auto": 1}, {("P2", "E"), ("P13", "W")}),
        ({"dup": 150, "auto": 0, "oth": 0, "scr": 0, "scr_ex_human": None}, {("P3", "E"), ("P4", "E"), ("P13", "W")}),
        ({"ex": (("Other, see notes", 4), ("Wrong design", 12))}, {("P13", "W")}),
    ],
)  # fmt: skip
def test_a_broken_identity_is_named(change, broken):
    failures = check_flow(msgspec.structs.replace(FULL, **change))
    assert {(failure.identity, failure.level) for failure in failures} == broken


def test_every_identity_is_broken_by_some_case_above():
    (mark,) = [mark for mark in test_a_broken_identity_is_named.pytestmark if mark.name == "parametrize"]
    broken = {identity for _, expected in mark.args[1] for identity, _ in expected}
    assert broken == {name for name in ORDER if name.startswith("P")}


def test_a_note_lets_a_warning_pass_and_never_an_error():
    flow = msgspec.structs.replace(FULL, o_not_sought=None, not_ret=3)
    notes = {"P9": "one record was known already", "P5": "we know"}
    assert [failure.identity for failure in check_flow(flow, notes)] == ["P5"]
    (noted,) = [result for result in identity_report(flow, notes) if result.state == "noted"]
    assert (noted.identity, noted.difference, noted.note) == ("P9", 1, "one record was known already")


def test_a_note_on_nothing_is_refused_with_the_nearest_identity():
    with pytest.raises(ReviewError) as error:
        check_flow(FULL, {"P-10": "a slip"})
    assert str(error.value) == (
        "notes\n  found     'P-10'\n  expected  one of P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, P12, P13, "
        "X1, X2, X3, X4, X5\n  fix       did you mean P10?"
    )


def test_what_cannot_be_checked_is_listed_as_not_checked():
    states = {result.identity: result.state for result in identity_report(PASSES)}
    assert list(states) == list(ORDER)
    assert {name for name, state in states.items() if state == "not checked"} >= {"X1", "X2", "X3", "X4", "X5", "P11"}
    assert [r.message for r in identity_report(PASSES) if r.identity == "P3"] == [
        "P3. A record excluded was excluded by a person or by a tool. "
        "Not checked, for there is no scr_ex_human or scr_ex_auto."
    ]


BESIDE = Beside(
    studies=12,
    reports=15,
    t1_rows=12,
    t4a={"wrong design": 15, "Wrong population": 5, "other": 1},
    imported={"A": 100, "B": 20, "C": 30},
    rated_studies=12,
    outcome_studies={"pain": 12},
    outcome_participants={"pain": 80},
    randomised=80,
)


@pytest.mark.parametrize(
    "change, broken",
    [
        ({}, []),
        ({"studies": 11}, ["X1"]),
        ({"t1_rows": 13}, ["X1"]),
        ({"reports": 14}, ["X1"]),
        ({"t4a": {"Wrong design": 14, "Wrong population": 6, "other": 1}}, ["X2", "X2"]),
        ({"imported": {"A": 100, "B": 20}}, ["X3"]),
        ({"rated_studies": 11}, ["X4"]),
        ({"outcome_studies": {"pain": 12, "function": 13}}, ["X5"]),
        ({"outcome_participants": {"pain": 81}}, ["X5"]),
    ],
)
def test_the_flow_is_laid_beside_what_the_review_holds(change, broken):
    failures = check_flow(FULL, beside=msgspec.structs.replace(BESIDE, **change))
    assert [failure.identity for failure in failures] == broken


def corruptions(flow):
    """Every flow that differs from `flow` by one in one count, with the box of that count."""
    for name, value in flow.boxes().items():
        for step in (1, -1):
            if isinstance(value, int):
                yield name, msgspec.structs.replace(flow, **{name: value + step})
            for place in range(len(value) if isinstance(value, tuple) else 0):
                pairs = [(n, number + step * (i == place)) for i, (n, number) in enumerate(value)]
                yield name, msgspec.structs.replace(flow, **{name: tuple(pairs)})


ROWS = st.lists(
    st.builds(
        Citation,
        row=st.integers(2, 10**6),
        citation_id=st.text("abc", min_size=1),
        source=st.sampled_from(["PubMed", "Embase", "Websites", "Citation searching", "Letters"]),
        source_kind=st.sampled_from(["database", "register", "other"]),
        duplicate_of=st.sampled_from(["", "", "", "C1"]),
        screened=st.sampled_from(["yes", "yes", "yes", "", "no"]),
        screened_reason=st.sampled_from(["", "", "animals"]),
        sought=st.sampled_from(["yes", "yes", "", "no"]),
        retrieved=st.sampled_from(["yes", "yes", "", "no"]),
        assessed=st.sampled_from(["yes", "yes", "", "no"]),
        excluded_reason=st.sampled_from(["", "", "Wrong design", "other", "ongoing", "awaiting classification"]),
        study_id=st.sampled_from(["", "S0001", "S0002", "S0001; S0003"]),
        report_id=st.sampled_from(["", "R0001", "R0002", "R0003"]),
        decided_by=st.sampled_from(["AB", "automation"]),
    ),
    max_size=40,
)


@given(ROWS)
def test_the_flow_of_any_log_breaks_no_identity_that_is_an_error(rows):
    assert [result.message for result in check_flow(count(rows)) if result.level == "E"] == []


@given(ROWS)
def test_every_citation_is_counted_once(rows):
    flow = count(rows)
    found = sum(n for box in (flow.db, flow.reg, flow.other_src) for _, n in box or ())
    assert found + sum(n or 0 for n in (flow.web, flow.org, flow.cit)) == len(rows)


@given(ROWS)
def test_a_single_wrong_count_of_a_log_is_caught_and_its_box_named(rows):
    flow = count(rows)
    beside = Beside(studies=flow.new_studies, reports=flow.new_reports)
    for box, wrong in corruptions(flow):
        named = {name for result in check_flow(wrong, beside=beside) if result.level == "E" for name in result.boxes}
        assert box in named, (box, wrong)


def test_a_single_wrong_count_of_a_typed_flow_is_caught_where_an_equality_binds_it():
    free = {"ma_studies", "ma_reports"}  # at most so many: below, any count is possible
    for box, wrong in corruptions(FULL):
        named = {name for result in check_flow(wrong) if result.level == "E" for name in result.boxes}
        assert box in named or box in free, (box, wrong)


# ---- the exchange CSV


def read_back(text):
    problems = []
    return read_exchange(Document("flow.csv", text.encode("utf-8-sig"), problems.append)), [
        (p.place.row, str(p).split("\n", 1)[1]) for p in problems
    ]


@given(ROWS)
def test_a_flow_written_for_exchange_is_read_back_equal(rows):
    assert read_back(exchange_csv(count(rows))) == (count(rows), [])


@pytest.mark.parametrize("flow", [PASSES, FULL, Flow(), Flow(db=(("Databases", 7),), scr=7)])
def test_a_typed_flow_written_for_exchange_is_read_back_equal(flow):
    assert read_back(exchange_csv(flow)) == (flow, [])


def test_the_exchange_csv_has_the_common_columns_and_names():
    rows = list(csv.DictReader(exchange_csv(PASSES).splitlines()))
    assert list(rows[0]) == ["data", "node", "box", "description", "boxtext", "tooltips", "url", "n"]
    told = {row["data"]: row["n"] for row in rows}
    assert (told["database_results"], told["database_specific_results"], told["records_excluded"]) == (
        "162",
        "A, 162",
        "25",
    )
    assert (told["dbr_excluded"], told["website_results"]) == ("All, 88", "NA")


@pytest.mark.parametrize(
    "row, message",
    [
        (
            "records_screened,about 20",
            "  found     'about 20'\n"
            "  expected  a whole number in digits, e.g. 8 or 1,200\n"
            "  fix       type digits, or NA if it is not applicable",
        ),
        (
            'dbr_excluded,"Wrong design, 3; Reason 2, xxx"',
            "  found     'Reason 2, xxx'\n"
            "  expected  a whole number in digits, e.g. 8 or 1,200\n"
            "  fix       type digits, or NA if it is not applicable",
        ),
        (
            'dbr_excluded,"Wrong design, 1,200"',
            "  found     'Wrong design, 1,200'\n"
            "  expected  a name, a comma and a count without thousands mark, e.g. Wrong design, 12\n"
            "  fix       write it so; parts are joined by ';'",
        ),
        (
            "records_screend,20",
            "  found     'records_screend'\n  expected  the name of a box\n  fix       did you mean records_screened?",
        ),
    ],
)
def test_a_count_of_the_exchange_csv_that_cannot_be_read_is_reported_and_blank(row, message):
    assert read_back(f"data,n\n{row}\n") == (Flow(), [(2, message)])


def test_counts_of_the_exchange_csv_may_have_thousands_marks_and_persian_digits():
    flow, problems = read_back('data,n\nrecords_screened,"1,200"\nduplicates,۱۲\nnew_studies,NA\n')
    assert (flow, problems) == (Flow(scr=1200, dup=12), [])


def test_parts_that_do_not_sum_to_their_total_are_a_notice_and_the_total_stands():
    text = 'data,n\ndatabase_results,10\ndatabase_specific_results,"A, 4; B, 5"\n'
    flow, problems = read_back(text)
    assert flow == Flow(db=(("Databases", 10),))
    assert [message.split("\n")[0] for _, message in problems] == [
        "  found     databases of 9 records by name, 10 in all"
    ]


@pytest.mark.real
def test_the_template_of_the_common_format_is_read_as_zeros_with_its_placeholders_reported(shared):
    (path,) = (shared / "records" / "prisma").glob("PRISMA*.csv")
    flow, problems = read_back(path.read_text(encoding="utf-8"))
    assert (flow.db, flow.reg, flow.scr, flow.o_assessed, flow.ex) == (
        (("Databases", 0),),
        (("Registers", 0),),
        0,
        0,
        None,
    )
    assert [row for row, _ in problems] == [7, 7, 7, 9, 9, 9, 24, 24, 24, 26, 26, 26]
    assert check_flow(flow) == []
    ours = [row["data"] for row in csv.DictReader(exchange_csv(flow).splitlines())]
    assert ours == [row["data"] for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())]


# ---- the example


def test_the_example_log_is_whole_finished_and_consistent():
    found, problems = read_log(EXAMPLE.read_bytes(), studies=[f"S{n:04}" for n in range(1, 7)])
    flow = count(found)
    assert (problems, flow.pending, check_flow(flow, beside=Beside(studies=6, reports=8))) == ([], 0, [])
    assert (len(found), flow.dup, flow.new_studies, flow.new_reports) == (40, 6, 6, 8)
    assert all(citation.title.startswith("CONSTRUCTED EXAMPLE: ") for citation in found)
