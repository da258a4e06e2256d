"""T7a and T7b: the verdict under every rule, the rates with their denominators, and the files they are written to."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter

import openpyxl
import pandas
import pytest

from reviewkit import dates, stats, tables
from reviewkit.model import Finding, Place, Record, Study, Value
from reviewkit.tables import timing, timing_rates
from reviewkit.words import State

NOTE = {"review_id": "demo", "snapshot_date": "2024-05-31", "version": "0.1.0"}


def said(field, value, *, document="a.json", kind=None, item=None):
    """One value, reported; a date with its kind."""
    pointer = f"/{field.replace('.', '/')}"
    detail = {"kind": kind} if kind else {}
    state = State.REPORTED if value is not None else State.NOT_REPORTED
    return Value(field, item, value, state, value, Place(document, pointer=pointer), "test:label", detail)


def a_record(*values, document="a.json", kind="registry"):
    return Record(document, 1, "0" * 64, "test", "test", kind, list(values))


def a_finding(registered, start, number=None):
    """What the check says of two date values, either of them possibly silent."""
    known = registered.value is not None and start.value is not None
    if not known:
        return Finding("registration-timing", "NOT_ASSESSABLE", "", [registered, start], registration=number)
    verdict = timing.judge_within(registered.value, start.value).upper()
    least, most = dates.days_apart(registered.value, start.value)
    days = {"days": least} if least == most else {"days_min": least, "days_max": most}
    basis = f"{start.detail['kind'].lower()}_start"
    because = [registered, start]
    return Finding("registration-timing", verdict, "", because, rule="strict", basis=basis, registration=number, **days)


def a_study(study_id, registered, start, *others, kind="ACTUAL", number="NCT04276987", documents=()):
    """A study told by one registry record, with its finding."""
    document = f"{study_id}.json"
    when = said("registration.date", registered, document=document)
    begun = said("date.first_enrolment", start, document=document, kind=kind)
    stated = [said("ids.primary", number, document=document)] if number else []
    shown = [value for value in (when, begun) if value.value is not None]
    study = Study(study_id, [a_record(*stated, *shown, *others, document=document), *documents])
    return study_id, study, [a_finding(when, begun)]


def one_row(*args, grace_days=timing.GRACE_DAYS, **more):
    (row,) = timing.rows([a_study("S0001", *args, **more)], grace_days)
    return row


RULES = ["strict", "same_month", "day1", "year", "grace_21", "grace_30", "grace_60"]
P, R, I = "prospective", "retrospective", "indeterminate"  # noqa: E741


@pytest.mark.parametrize(
    "registered, start, verdicts",
    [
        # registered   start        strict same day1 year g21 g30 g60
        ("2020-06-30", "2020-07-01", (P, P, P, P, P, P, P)),
        ("2020-07-01", "2020-07-01", (P, P, P, P, P, P, P)),
        ("2020-07-02", "2020-07-01", (R, R, R, P, P, P, P)),
        ("2020-07-22", "2020-07-01", (R, R, R, P, P, P, P)),
        ("2020-07-23", "2020-07-01", (R, R, R, P, R, P, P)),
        ("2020-08-30", "2020-07-01", (R, R, R, P, R, R, P)),
        ("2021-01-01", "2020-07-01", (R, R, R, R, R, R, R)),
        ("2020-07-10", "2020-07", (I, P, R, P, P, P, P)),
        ("2020-07-01", "2020-07", (P, P, P, P, P, P, P)),
        ("2020-07-31", "2020-07", (I, P, R, P, I, P, P)),
        ("2020-08-01", "2020-07", (R, R, R, P, I, I, P)),
        ("2020-08-30", "2020-07", (R, R, R, P, R, I, P)),
        ("2020-07", "2020-07", (I, P, P, P, I, P, P)),
        ("2020-07", "2020-07-15", (I, I, P, P, P, P, P)),
        ("2020-06", "2020-07", (P, P, P, P, P, P, P)),
        ("2020-03-01", "2020", (I, I, I, P, I, I, P)),
        ("2021-01-05", "2020", (R, R, R, R, I, I, I)),
        ("2019", "2020-01-01", (P, P, P, P, P, P, P)),
    ],
)
def test_each_rule_judges_the_days_that_both_dates_can_mean(registered, start, verdicts):
    row = one_row(registered, start)
    assert tuple(row[rule] for rule in RULES) == verdicts


@pytest.mark.parametrize("registered", ["2020", "2020-06", "2020-07", "2020-07-01", "2020-07-02", "2021-01-01"])
@pytest.mark.parametrize("start", ["2020", "2020-06", "2020-07", "2020-07-01", "2020-06-30"])
def test_more_grace_never_makes_a_study_later(registered, start):
    order = [P, I, R]
    row = one_row(registered, start, grace_days=(1, 10, 40, 400))
    ranks = [order.index(row[rule]) for rule in ("strict", "grace_1", "grace_10", "grace_40", "grace_400")]
    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize("days", [0, -1, 1.5, "21", True])
def test_a_grace_that_is_no_number_of_days_is_refused(days):
    with pytest.raises(ValueError) as error:
        timing.rules([days])
    assert str(error.value) == f"grace_days holds {days!r}; a grace is a whole number of days from 1"


@pytest.mark.parametrize(
    "registered, start, number, verdict",
    [
        ("2020-07-01", None, "NCT04276987", "no_start"),
        (None, "2020-07-01", "NCT04276987", "no_registration_date"),
        (None, None, "NCT04276987", "no_registration_date"),
    ],
)
def test_a_missing_date_is_named_under_every_rule(registered, start, number, verdict):
    row = one_row(registered, start, number=number)
    assert [row[rule] for rule in RULES] == [verdict] * len(RULES)
    assert (row["days"], row["days_min"], row["days_max"], row["basis"]) == (
        None,
        None,
        None,
        "actual_start" if start else None,
    )


def test_a_page_without_any_number_is_not_registered():
    start = said("date.first_enrolment", "2020-07-01", kind="UNKNOWN")
    study = Study("S0001", [a_record(start, kind="mirror")])
    (row,) = timing.rows([("S0001", study, [a_finding(said("registration.date", None), start)])])
    assert (row["strict"], row["resolved"], row["start_place"]) == (
        "not_registered",
        "no",
        "a.json, /date/first_enrolment",
    )


def test_a_row_holds_both_dates_with_their_places_and_all_a_rate_is_split_by():
    others = [
        said("sponsor.class", "INDUSTRY"),
        said("design.allocation", "RANDOMIZED"),
        said("countries", "IR", item=1),
        said("countries", "DE", item=2),
        said("registration.timing_declared", "PROSPECTIVE"),
        said("date.completion", "2021-03", kind="ANTICIPATED"),
        said("date.completion", "2021-04-02", kind="ACTUAL"),
    ]
    assert one_row("2020-10-26", "2020-07-01", *others, kind="ANTICIPATED") == {
        "study_id": "S0001",
        "ids.primary": "NCT04276987",
        "ids.registry": "CTGOV",
        "registration.date": "2020-10-26",
        "date.first_enrolment": "2020-07-01",
        "start_kind": "ANTICIPATED",
        "basis": "anticipated_start",
        "days": 117,
        "days_min": None,
        "days_max": None,
        "strict": R,
        "same_month": R,
        "day1": R,
        "year": P,
        "grace_21": R,
        "grace_30": R,
        "grace_60": R,
        "one_day": None,
        "registration.timing_declared": "PROSPECTIVE",
        "resolved": "yes",
        "date.completion": "2021-04-02",
        "completion_kind": "ACTUAL",
        "published_start": None,
        "published_days_min": None,
        "published_days_max": None,
        "report.date": None,
        "statement_in_paper": None,
        "sponsor.class": "INDUSTRY",
        "design.allocation": "RANDOMIZED",
        "countries": "DE; IR",
        "n_countries": 2,
        "start_year": "2020",
        "registration_place": "S0001.json, /registration/date",
        "start_place": "S0001.json, /date/first_enrolment",
    }


def test_the_columns_are_those_of_the_rows_and_fields_have_the_titles_of_the_catalogue():
    columns = timing.columns([14])
    assert list(columns) == list(one_row("2020-07-01", "2020-07-01", grace_days=[14]))
    assert (columns["registration.date"], columns["grace_14"]) == ("Registration date", "Rule grace_14")


@pytest.mark.parametrize(
    "registered, start, note",
    [
        ("2020-07-02", "2020-07-01", "one day after the start"),
        ("2020-06-30", "2020-07-01", "one day before the start"),
        ("2020-07-01", "2020-07-01", None),
        ("2020-07-02", "2020-07", None),
    ],
)
def test_a_lag_of_one_day_is_noted(registered, start, note):
    assert one_row(registered, start)["one_day"] == note


@pytest.mark.parametrize(
    "registered, strict, days",
    [
        ("2020-06-20", P, (-41, -11)),
        ("2020-07-01", P, (-30, 0)),
        ("2020-07-10", I, (-21, 9)),
        ("2020-08-01", R, (1, 31)),
    ],
)
def test_two_starts_of_one_entry_must_both_agree_to_the_verdict(registered, strict, days):
    when, *starts = (
        said("registration.date", registered),
        said("date.first_enrolment", "2020-07-01", kind="ACTUAL"),
        said("date.first_enrolment", "2020-07-31", kind="ACTUAL"),
    )
    finding = Finding("registration-timing", strict.upper(), "", [when, *starts], basis="actual_start")
    study = Study("S0001", [a_record(said("ids.primary", "NCT04276987"), when, *starts)])
    (row,) = timing.rows([("S0001", study, [finding])])
    assert (row["strict"], (row["days_min"], row["days_max"])) == (strict, days)
    assert (row["date.first_enrolment"], row["start_year"]) == ("2020-07-01; 2020-07-31", "2020")


def two_numbers(first_start, second_start, second_kind):
    """One study under two numbers; the second was registered earlier."""
    values = {
        "first": [said("registration.date", "2020-09-01"), said("date.first_enrolment", first_start, kind="ACTUAL")],
        "second": [
            said("registration.date", "2020-03-01", document="b.txt"),
            said("date.first_enrolment", second_start, document="b.txt", kind=second_kind),
        ],
    }
    first = a_record(said("ids.primary", "NCT04276987"), *values["first"])
    second = a_record(
        said("ids.primary", "ISRCTN12345678", document="b.txt"),
        *(value for value in values["second"] if value.value),
        document="b.txt",
    )
    findings = [a_finding(*values["first"], "NCT04276987"), a_finding(*values["second"], "ISRCTN12345678")]
    (row,) = timing.rows([("S0001", Study("S0001", [first, second]), findings)])
    return row


@pytest.mark.parametrize(
    "first_start, second_start, second_kind, start, basis, days",
    [
        ("2020-05-01", "2020-04-01", "ACTUAL", "2020-04-01", "actual_start", -31),  # that of the earlier number
        ("2020-05-01", "2020-04-01", "ANTICIPATED", "2020-05-01", "actual_start", -61),  # an actual one anywhere
        ("2020-05-01", None, "UNKNOWN", "2020-05-01", "actual_start", -61),  # the only one
    ],
)
def test_a_study_with_two_numbers_counts_from_the_earliest_registration(
    first_start, second_start, second_kind, start, basis, days
):
    row = two_numbers(first_start, second_start, second_kind)
    assert (row["registration.date"], row["ids.registry"], row["ids.primary"]) == (
        "2020-03-01",
        "ISRCTN",
        "NCT04276987; ISRCTN12345678",
    )
    assert (row["date.first_enrolment"], row["basis"], row["days"]) == (start, basis, days)


@pytest.mark.parametrize(
    "values, code",
    [
        ([said("registration.timing_declared", "RETROSPECTIVE", document="p.txt")], "RETROSPECTIVE"),
        ([said("ids.primary", "NCT04276987", document="p.txt")], "NUMBER_ONLY"),
        ([said("statement.registration", "Registered.", document="p.txt")], "NUMBER_ONLY"),
        ([], "NOT_REPORTED"),
    ],
)
def test_what_a_paper_says_of_registration_stands_beside_the_registry(values, code):
    start = said("date.first_enrolment", "2020-07", document="p.txt", kind="UNKNOWN")
    paper = a_record(
        *values, start, said("report.date", "2022-01", document="p.txt"), document="p.txt", kind="publication"
    )
    row = one_row("2020-06-01", "2020-07-05", documents=[paper])
    assert [
        row[name] for name in ("statement_in_paper", "published_start", "published_days_min", "published_days_max")
    ] == [
        code,
        "2020-07",
        -4,
        26,
    ]
    assert (row["report.date"], row["registration.timing_declared"], row["basis"]) == ("2022-01", None, "actual_start")


def test_rows_are_sorted_and_studies_are_taken_from_a_stream():
    stream = (a_study(name, "2020-07-01", "2020-07-01") for name in ("S0003", "S0001", "S0002"))
    assert [row["study_id"] for row in timing.rows(stream)] == ["S0001", "S0002", "S0003"]


def test_a_finding_that_says_otherwise_stops_the_table():
    study_id, study, [finding] = a_study("S0001", "2020-08-01", "2020-07-01")
    other = Finding(finding.check, "PROSPECTIVE", "", finding.because, basis=finding.basis)
    with pytest.raises(stats.LintError) as error:
        timing.rows([(study_id, study, [other])])
    assert str(error.value) == (
        "T7a, row 'S0001'\n  found     strict is retrospective\n  expected  the finding's prospective"
    )


def test_a_verdict_the_check_withholds_is_not_made_up():
    study_id, study, [finding] = a_study("S0001", "2020-08-01", "2020-07-01")
    withheld = Finding(finding.check, "NOT_ASSESSABLE", "", finding.because)
    (row,) = timing.rows([(study_id, study, [withheld])])
    assert row["strict"] == row["year"] == "not_assessable"


# T7b


@pytest.fixture(scope="module")
def mixed():
    """Sixteen studies: ten with an actual start, two with a planned one, four that cannot be classified."""
    given = [
        a_study(f"S{i:04}", f"2020-07-{i:02}", "2020-07-05", said("sponsor.class", "INDUSTRY")) for i in range(1, 9)
    ]
    given += [
        a_study("S0009", "2021-08-05", "2020-07-05", said("date.completion", "2021-01-01", kind="ACTUAL")),
        a_study("S0010", "2020-07-09", "2020-07"),
        a_study("S0011", "2020-10-26", "2020-07-01", kind="ANTICIPATED"),
        a_study("S0012", "2020-06-01", "2020-07-02", kind="ANTICIPATED"),
        a_study("S0013", "2020-07-09", None),
        a_study("S0014", None, "2020-07-09"),
    ]
    silent = [said("registration.date", None), said("date.first_enrolment", None)]
    given.append(("S0015", Study("S0015", [a_record(kind="mirror")]), [a_finding(*silent)]))
    known = [said("registration.date", "2020-07-01"), said("date.first_enrolment", "2020-08-01", kind="UNKNOWN")]
    paper = a_record(said("ids.primary", "NCT04276987"), *known, kind="publication")
    given.append(("S0016", Study("S0016", [paper]), [a_finding(*known)]))
    return timing.rows(given)


def printed(table, section):
    return [(row["row"], row["text"]) for row in timing_rates.rates(table) if row["section"] == section]


def test_the_chain_of_denominators_comes_first_and_accounts_for_every_study(mixed):
    assert printed(mixed, "Denominators") == [
        ("Studies included", "16/16 (100%)"),
        ("With a registration number or a registry record", "15/16 (94%)"),
        ("With a registry record loaded", "14/16 (88%)"),
        ("With registration date and start date", "12/16 (75%)"),
        ("Classifiable under the rule strict", "11/16 (69%)"),
        ("Of those with both dates: actual start", "10/12 (83%)"),
        ("Of those with both dates: anticipated start", "2/12 (17%)"),
        ("Of those with both dates: start of unknown kind", "0/12 (0%)"),
        ("Not classifiable: the dates are too coarse", "1/16 (6%)"),
        ("Not classifiable: no start date", "1/16 (6%)"),
        ("Not classifiable: no registration date", "1/16 (6%)"),
        ("Not classifiable: no registration number", "1/16 (6%)"),
        ("Not classifiable: the check gives no verdict on the dates", "0/16 (0%)"),
        ("Set aside: dates known, but not from a registry record", "1/16 (6%)"),
    ]


def test_the_headline_stands_between_both_bounds(mixed):
    assert printed(mixed, "Headline, actual start") == [
        ("Retrospective, indeterminate left out", "4/9 (44%; 95% CI 19 to 73)"),
        ("Lower bound: indeterminate all prospective", "4/10 (40%; 95% CI 17 to 69)"),
        ("Upper bound: indeterminate all retrospective", "5/10 (50%; 95% CI 24 to 76)"),
    ]


def test_each_rule_has_its_own_rate_with_the_indeterminate_beside(mixed):
    rows = [row for row in timing_rates.rates(mixed) if row["section"] == "Retrospective under each rule, actual start"]
    assert [(row["rule"], row["row"], row["text"]) for row in rows] == [
        ("strict", "Registered after every possible start day", "4/9 (44%; 95% CI 19 to 73)"),
        ("strict", "Indeterminate under this rule", "1/10 (10%; 95% CI 2 to 40)"),
        ("same_month", "As strict, a start without a day met within its month", "4/10 (40%; 95% CI 17 to 69)"),
        ("day1", "As strict, a missing day read as the first of the month", "5/10 (50%; 95% CI 24 to 76)"),
        ("year", "Registered in a later year than the start", "1/10 (10%; 95% CI 2 to 40)"),
        ("grace_21", "Registered more than 21 days after the start", "1/10 (10%; 95% CI 2 to 40)"),
        ("grace_30", "Registered more than 30 days after the start", "1/10 (10%; 95% CI 2 to 40)"),
        ("grace_60", "Registered more than 60 days after the start", "1/10 (10%; 95% CI 2 to 40)"),
    ]


def test_the_rate_of_one_rule_can_be_had_for_each_basis(mixed):
    chosen = timing_rates.rule_rates(timing_rates.rates(mixed), "strict")
    assert [(row["basis"], row["text"]) for row in chosen] == [
        ("actual_start", "4/9 (44%; 95% CI 19 to 73)"),
        ("anticipated_start", "1/2 (50%; 95% CI 9 to 91)"),
    ]


def test_planned_starts_are_counted_in_rows_of_their_own(mixed):
    assert printed(mixed, "Headline, anticipated start")[0] == (
        "Retrospective, indeterminate left out",
        "1/2 (50%; 95% CI 9 to 91)",
    )
    assert printed(mixed, "Headline, start of unknown kind") == []


def test_lateness_is_told_among_the_retrospective(mixed):
    assert printed(mixed, "Among the retrospective, actual start") == [
        ("Days late, median", "2.5 (IQR 1.8 to 101.3), n = 4"),
        ("More than 30 days late", "1/4 (25%; 95% CI 5 to 70)"),
        ("More than 90 days late", "1/4 (25%; 95% CI 5 to 70)"),
        ("More than 365 days late", "1/4 (25%; 95% CI 5 to 70)"),
        ("Registered after actual completion", "1/1 (100%; 95% CI 21 to 100)"),
        ("Registered after publication", "not assessable: no dated publication loaded"),
    ]


def test_a_coarse_start_gives_two_numbers_of_days_late():
    table = timing.rows([a_study("S0001", "2020-09-10", "2020-07")])
    assert printed(table, "Among the retrospective, actual start")[:4] == [
        ("Days late, median, at least", "41 (IQR 41 to 41), n = 1"),
        ("Days late, median, at most", "71 (IQR 71 to 71), n = 1"),
        ("More than 30 days late", "1/1 (100%; 95% CI 21 to 100)"),
        ("More than 90 days late", "0/1 (0%; 95% CI 0 to 79)"),
    ]


def test_small_groups_are_put_together_so_that_the_parts_make_the_whole(mixed):
    assert printed(mixed, "By class of sponsor, actual start") == [
        ("company", "3/8 (38%; 95% CI 14 to 69)"),
        ("Groups of fewer than 5 studies (1), together", "1/1 (100%; 95% CI 21 to 100)"),
    ]
    assert printed(mixed, "By registry, actual start") == [("ClinicalTrials.gov", "4/9 (44%; 95% CI 19 to 73)")]
    assert printed(mixed, "By group, anticipated start") == [("No group", "not shown: no group of at least 5 studies")]


def test_groups_of_years_stand_in_order_and_the_missing_last():
    given = [a_study(f"S{i:04}", f"{2000 + i % 3}-02-01", f"{2000 + i % 3}-01-01") for i in range(18)]
    given += [a_study(f"S{i:04}", "2009-01-01", "2010-01-01", said("design.allocation", "NA")) for i in range(18, 23)]
    table = timing.rows(given)
    assert [row for row, _ in printed(table, "By year of start, actual start")] == ["2000", "2001", "2002", "2010"]
    assert [row for row, _ in printed(table, "By allocation, actual start")] == [
        "single-arm study, nothing to allocate",
        "not stated",
    ]


def test_papers_are_counted_by_what_they_say_of_registration(mixed):
    assert printed(mixed, "Statement in the publication") == [
        ("Calls its registration prospective", "0/1 (0%; 95% CI 0 to 79)"),
        ("Calls its registration retrospective", "0/1 (0%; 95% CI 0 to 79)"),
        ("Says it was registered while recruiting", "0/1 (0%; 95% CI 0 to 79)"),
        ("Gives the number or a statement without timing", "1/1 (100%; 95% CI 21 to 100)"),
        ("Says nothing of registration", "0/1 (0%; 95% CI 0 to 79)"),
    ]


def test_no_studies_give_rates_of_nothing():
    rows = timing_rates.rates([])
    assert rows[0]["text"] == "0/0 (-)"
    assert {row["share"] for row in rows} == {None}


def test_every_rate_has_the_columns_of_the_table(mixed):
    assert {tuple(row) for row in timing_rates.rates(mixed)} == {tuple(timing_rates.COLUMNS)}


# The files

HOSTILE = [
    "=1+1",
    "+49",
    "-x",
    "@sum",
    "\tx",
    "\rx",
    "<script>alert(1)</script>",
    "a\x00b",
    "\ud800",
    'say "no", or\nnot',
    "#N/A",
]
SHOWN = [text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd") for text in HOSTILE]
COLUMNS = {"study_id": "Study", "days": "Days", "note": "Note"}


def hostile_rows():
    return [{"study_id": text, "days": i - 3, "note": None} for i, text in enumerate(HOSTILE)]


def test_a_csv_has_a_bom_plain_numbers_and_no_text_that_acts(tmp_path):
    path, *_ = tables.write(hostile_rows(), COLUMNS, tmp_path, "t", note=NOTE)
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfstudy_id,days,note\r\n")
    read = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [row["study_id"] for row in read] == [f"'{text}" if i < 6 else text for i, text in enumerate(SHOWN)]
    assert [row["days"] for row in read] == [str(i - 3) for i in range(len(HOSTILE))]
    assert pandas.read_csv(path)["days"].tolist() == [i - 3 for i in range(len(HOSTILE))]


def test_a_workbook_keeps_text_as_text_and_says_where_it_comes_from(tmp_path):
    tables.write(hostile_rows(), COLUMNS, tmp_path, "t", note=NOTE, title="A table", footnotes=["A footnote."])
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet = book["table"]
    assert [cell.value for cell in sheet[1]] == ["Study", "Days", "Note"]
    read = [cell.value.replace("\r", "\n") for cell in sheet["A"][1:]]
    assert read == [text.replace("\r", "\n") for text in SHOWN]
    assert {cell.data_type for cell in sheet["A"][1:]} == {"s"}
    assert [cell.quotePrefix for cell in sheet["A"][1:]] == [True] * 6 + [False] * 5
    assert [cell.value for cell in sheet["B"][1:]] == [i - 3 for i in range(len(HOSTILE))]
    assert sheet.freeze_panes == "B2"
    assert [[cell.value for cell in row] for row in book["note"].iter_rows(max_row=5)] == [
        ["Table", "A table"],
        ["Review", "demo"],
        ["Snapshot date", "2024-05-31"],
        ["Software version", "0.1.0"],
        ["Footnote", "A footnote."],
    ]
    assert book.properties.created.isoformat() == book.properties.modified.isoformat() == "2024-05-31T00:00:00"


def test_a_page_escapes_what_documents_say_and_has_no_script(tmp_path):
    tables.write(hostile_rows(), COLUMNS, tmp_path, "t", note={**NOTE, "review_id": "<b>"}, title="<i>")
    page = (tmp_path / "t.html").read_text(encoding="utf-8")
    assert "<script" not in page and "<b>" not in page and "<i>" not in page
    assert (
        '<th scope="row" class="rk-short">&lt;script&gt;alert(1)&lt;/script&gt;</th><td class="rk-number">3</td>'
        in page
    )
    assert '<p class="rk-note">Review: &lt;b&gt; · Snapshot date: 2024-05-31 · Software version: 0.1.0</p>' in page


def test_the_metadata_of_a_csv_tell_headings_and_origin(tmp_path):
    tables.write([], COLUMNS, tmp_path, "t", note=NOTE, title="A table")
    assert json.loads((tmp_path / "t.csv-metadata.json").read_text(encoding="utf-8")) == {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "t.csv",
        "dc:title": "A table",
        "reviewkit:review_id": "demo",
        "reviewkit:snapshot_date": "2024-05-31",
        "reviewkit:version": "0.1.0",
        "tableSchema": {
            "columns": [
                {"name": "study_id", "titles": "Study"},
                {"name": "days", "titles": "Days"},
                {"name": "note", "titles": "Note"},
            ]
        },
    }


def test_a_section_is_named_where_it_opens():
    rows = [{"section": "A", "row": "1"}, {"section": "A", "row": "2"}, {"section": "B", "row": "3"}]
    assert tables.html_table(rows, {"section": "Part", "row": "Row"}, title="T") == (
        '<table class="rk-table">\n<caption>T</caption>\n'
        '<thead><tr><th scope="col">Part</th><th scope="col">Row</th></tr></thead>\n<tbody>\n'
        '<tr class="rk-part"><th scope="row" class="rk-short">A</th><td class="rk-short">1</td></tr>\n'
        '<tr><th scope="row"></th><td class="rk-short">2</td></tr>\n'
        '<tr class="rk-part"><th scope="row" class="rk-short">B</th><td class="rk-short">3</td></tr>\n'
        "</tbody>\n</table>"
    )


def test_equal_rows_give_equal_bytes_in_every_file(tmp_path, mixed):
    once, twice = (
        tables.write(
            timing_rates.rates(mixed), timing_rates.COLUMNS, tmp_path / name, "t7b", note=NOTE, title=timing_rates.TITLE
        )
        for name in ("once", "twice")
    )
    assert [path.name for path in once] == ["t7b.csv", "t7b.csv-metadata.json", "t7b.xlsx", "t7b.html", "t7b.docx"]
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in twice]


# Real records


def real_studies(shared):
    for path in sorted((shared / "records" / "ctgov-v2").glob("NCT*.json")):
        status = json.loads(path.read_text(encoding="utf-8"))["protocolSection"]["statusModule"]
        start = status.get("startDateStruct", {})
        kind = {"ACTUAL": "ACTUAL", "ESTIMATED": "ANTICIPATED"}.get(start.get("type"), "UNKNOWN")
        yield a_study(path.stem, status.get("studyFirstSubmitDate"), start.get("date"), kind=kind, number=path.stem)


@pytest.mark.real
def test_real_records_add_up_to_what_their_dates_say(shared):
    table = timing.rows(real_studies(shared))
    counted = Counter()
    for _, study, _ in real_studies(shared):
        registered, start = study.known("registration.date"), study.known("date.first_enrolment", "registry")
        if registered and start and start[0].detail["kind"] == "ACTUAL" and len(start[0].value) == 10:
            counted[registered[0].value > start[0].value] += 1
    assert counted.total() > 100
    exact = [row for row in table if row["basis"] == "actual_start" and len(row["date.first_enrolment"]) == 10]
    exact = [row for row in exact if row["registration.date"]]
    assert Counter(row["strict"] == "retrospective" for row in exact) == counted
    rates = timing_rates.rates(table)
    assert rates[0]["text"] == f"{len(table)}/{len(table)} (100.0%)"
