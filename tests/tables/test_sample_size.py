"""T8a and T8b: sizes by role, which of them are compared, and the lint that lets no wrong number out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit import stats
from reviewkit.model import Place, Record, Study, Value
from reviewkit.tables import sample_size, sample_size_rates, timing, timing_rates
from reviewkit.words import State

START = ("date.first_enrolment", "2020-07-01")


def said(field, value, document, *, item=None, **detail):
    if field == "date.first_enrolment":
        detail = {"kind": "ACTUAL", **detail}
    if field.startswith(("enrolment.", "arms.n_")):
        detail = {"unit": "persons", **detail}
    place = Place(document, line=len(field))
    return Value(field, item, value, State.REPORTED, str(value), place, "test:label", detail)


def a_record(kind, document, *facts):
    values = [fact if isinstance(fact, Value) else said(*fact, document) for fact in facts]
    return Record(document, 1, "0" * 64, "test", "test", kind, values)


def registry(*facts, document="entry.txt"):
    return a_record("registry", document, *facts)


def paper(*facts, document="paper.txt"):
    return a_record("publication", document, *facts)


def target(number, *facts):
    return registry(("enrolment.target", number), *facts)


def first_version(number, *facts):
    """An entry that was never updated: its target is the one it was registered with."""
    return target(number, ("registration.update_count", 0), ("registration.date", "2020-01-01"), *facts)


def row_of(*records):
    (row,) = sample_size.rows([("S0001", Study("S0001", list(records)), [])])
    return row


def chosen(row, *names):
    return tuple(row[name] for name in names)


MAIN = ("basis", "registered", "randomised", "main_difference_pct", "main_why_not")


def test_every_role_has_its_own_column_and_none_stands_in_for_another():
    row = row_of(
        first_version(60, ("enrolment.actual", 58)),
        paper(
            ("enrolment.target", 64),
            ("enrolment.randomised", 54),
            ("enrolment.treated", 52),
            ("enrolment.analysed", 50),
        ),
    )
    assert chosen(row, *sample_size.ROLES) == (60, None, 60, 58, 64, 54, 52, 50)
    assert chosen(row, *MAIN) == ("first", 60, 54, -10.0, None)
    assert chosen(row, "planned_difference_pct", "actual_difference_pct") == (6.7, -6.9)
    assert (row["standing"], row["unit"], row["from_mirror"]) == ("first", "persons", None)
    assert (row["randomised_shown"], row["main_shown"]) == ("54 [c]", "60 → 54 (−10%)")
    assert row["places"] == ("entry.txt: [a] line 16; paper.txt: [b] line 16, [c] line 20, [d] line 17, [e] line 18")


def test_a_current_target_without_history_is_shown_and_never_compared():
    row = row_of(target(60, START), paper(("enrolment.randomised", 54), ("enrolment.target", 60)))
    assert chosen(row, "target_first", "target_before_start", "target_current") == (None, None, 60)
    assert row["standing"] == "current, history unknown"
    assert chosen(row, *MAIN) == (None, None, 54, None, sample_size.CURRENT_ONLY)
    assert row["planned_why_not"] == sample_size.CURRENT_ONLY


def version(number, date, size, *facts):
    return registry(
        ("ids.primary", "NCT04276987"),
        ("source.version", str(number)),
        ("source.version_date", date),
        ("enrolment.target", size),
        ("registration.date", "2020-01-01"),
        *facts,
        document=f"v{number}.txt",
    )


VERSIONS = [
    version(0, "2020-01-01", 40),
    version(1, "2020-05-01", 50),
    version(2, "2020-09-01", 60, START),
]


def test_with_its_versions_an_entry_tells_the_first_size_and_the_last_before_the_start():
    row = row_of(*reversed(VERSIONS), paper(("enrolment.randomised", 55)))
    assert chosen(row, "target_first", "target_before_start", "target_current") == (40, 50, 60)
    assert chosen(row, *MAIN) == ("before_start", 50, 55, 10.0, None)


def test_a_version_that_may_be_missing_leaves_the_size_before_the_start_open():
    row = row_of(VERSIONS[0], VERSIONS[2], paper(("enrolment.randomised", 55)))
    assert chosen(row, "target_first", "target_before_start", "target_current") == (40, None, 60)
    assert chosen(row, *MAIN) == ("first", 40, 55, 37.5, None)


def test_an_entry_last_updated_before_the_start_says_what_was_planned_then():
    entry = target(60, ("registration.date", "2020-01-01"), ("registration.last_update", "2020-06-30"), START)
    row = row_of(entry, paper(("enrolment.randomised", 60)))
    assert chosen(row, "target_first", "target_before_start", "main_difference_pct") == (None, 60, 0.0)


@pytest.mark.parametrize("count, first", [(0, 60), (2, None)])
def test_the_entrys_own_count_of_updates_says_whether_it_is_the_first_version(count, first):
    same_day = [("registration.date", "2020-01-01"), ("registration.last_update", "2020-01-01")]
    assert row_of(target(60, ("registration.update_count", count), *same_day))["target_first"] == first
    assert row_of(target(60, *same_day))["target_first"] == 60


@pytest.mark.parametrize("updated, known", [("2020-07-02", False), ("2020-07", False), ("2020-06", True)])
def test_an_update_counts_as_before_the_start_only_if_every_day_it_can_mean_is(updated, known):
    entry = target(60, ("registration.date", "2020-01-01"), ("registration.last_update", updated), START)
    assert row_of(entry)["target_before_start"] == (60 if known else None)


def test_a_planned_start_is_no_start():
    start = said("date.first_enrolment", "2020-07-01", "entry.txt", kind="ANTICIPATED")
    entry = target(60, ("registration.date", "2020-01-01"), ("registration.last_update", "2020-06-30"), start)
    assert row_of(entry)["target_before_start"] is None


def test_the_value_before_the_earliest_logged_change_is_the_first_size():
    changes = [
        said(f"registration.changes.{part}", value, "entry.txt", item=item)
        for item, change in {
            1: {"label": "Target sample size", "date": "2021-02-01", "old": "80", "new": "60"},
            2: {"label": "Target sample size", "date": "2020-03-01", "old": "1,200", "new": "80"},
            3: {"label": "Public title", "date": "2020-02-01", "old": "7", "new": "8"},
        }.items()
        for part, value in change.items()
    ]
    row = row_of(target(60, *changes), paper(("enrolment.randomised", 60)))
    assert chosen(row, *MAIN) == ("first", 1200, 60, -95.0, None)


@pytest.mark.parametrize(
    "records, reason",
    [
        ([paper(("enrolment.randomised", 54))], sample_size.NO_REGISTRY),
        ([a_record("mirror", "page.txt", ("enrolment.target", 60))], sample_size.NO_REGISTRY),
        ([registry(("enrolment.actual", 60)), paper(("enrolment.randomised", 54))], sample_size.NO_TARGET),
        ([first_version(60)], sample_size.NO_RANDOMISED),
        ([first_version(60), paper(("enrolment.treated", 54), ("enrolment.analysed", 50))], sample_size.NO_RANDOMISED),
        (
            [first_version(60, ("design.allocation", "NA")), paper(("enrolment.treated", 54))],
            sample_size.NOT_RANDOMISED,
        ),
        ([first_version(60), paper(said("arms.n_randomised", 30, "paper.txt", item=1))], sample_size.PER_ARM),
        (
            [first_version(60), paper(("enrolment.randomised", 54)), paper(("enrolment.randomised", 55))],
            sample_size.SEVERAL,
        ),
        ([first_version(60), paper(said("enrolment.randomised", 54, "paper.txt", unit="eyes"))], sample_size.UNITS),
        ([first_version(0), paper(("enrolment.randomised", 54))], sample_size.ZERO),
    ],
)
def test_sizes_that_are_not_alike_are_not_compared_and_the_reason_is_told(records, reason):
    assert chosen(row_of(*records), "main_difference_pct", "main_why_not") == (None, reason)


def test_a_count_of_zero_randomised_is_a_number():
    row = row_of(first_version(60), paper(("enrolment.randomised", 0)))
    assert chosen(row, *MAIN) == ("first", 60, 0, -100.0, None)


def test_a_mirror_page_speaks_only_where_nothing_better_is_loaded_and_is_marked():
    page = a_record("mirror", "page.txt", ("enrolment.target", 32))
    row = row_of(page)
    assert chosen(row, "target_current", "from_mirror", "standing") == (32, "Registered now", "a mirror page only")
    assert row["target_current_shown"] == "32 (mirror page) [a]"
    assert chosen(row_of(page, target(60)), "target_current", "from_mirror") == (60, None)


def test_two_numbers_in_one_role_both_stand_in_the_cell():
    row = row_of(first_version(60), paper(("enrolment.randomised", 54)), paper(("enrolment.randomised", 55)))
    assert chosen(row, "randomised", "main_shown") == ("54; 55", "not compared: several numbers in one role")


def test_the_columns_are_those_of_the_rows_and_the_roles_have_their_order():
    row = row_of(first_version(60))
    assert set(sample_size.columns()) <= set(row) and set(sample_size.page_columns()) <= set(row)
    assert list(sample_size.columns())[2:10] == list(sample_size.ROLES)


# T8b


def a_pair(study_id, first, second):
    records = [first_version(first), paper(("enrolment.randomised", second))]
    return study_id, Study(study_id, records), []


@pytest.fixture(scope="module")
def table():
    """Ten comparable studies (three exact, within 10%, and beyond on both sides), three that cannot be compared."""
    sizes = [(100, 100), (60, 60), (8, 8), (100, 90), (100, 110), (100, 89), (60, 24), (50, 60), (40, 61), (10, 30)]
    given = [a_pair(f"S{i:04}", *pair) for i, pair in enumerate(sizes, 1)]
    given.append(("S0011", Study("S0011", [target(60), paper(("enrolment.randomised", 54))]), []))
    given.append(("S0012", Study("S0012", [first_version(30)]), []))
    given.append(("S0013", Study("S0013", [a_record("mirror", "page.txt", ("enrolment.target", 9))]), []))
    return sample_size.rows(given)


def printed(table, section):
    return [(row["row"], row["text"]) for row in sample_size_rates.rates(table) if row["section"] == section]


def test_classes_and_reasons_account_for_every_study(table):
    assert printed(table, sample_size.PAIRS["main"]) == [
        ("Compared", "10/13 (77%)"),
        ("Not comparable", "3/13 (23%)"),
        ("Not comparable: no registry record loaded", "1/13 (8%)"),
        ("Not comparable: only the current target is known, not its history", "1/13 (8%)"),
        ("Not comparable: no number randomised", "1/13 (8%)"),
        ("Of those compared: registered before the start", "0/10 (0%)"),
        ("Of those compared: registered first", "10/10 (100%)"),
        ("Exactly equal", "3/10 (30%; 95% CI 11 to 60)"),
        ("Within 10%, equal ones included", "5/10 (50%; 95% CI 24 to 76)"),
        ("Lower by more than 10%", "2/10 (20%; 95% CI 6 to 51)"),
        ("Higher by more than 10%", "3/10 (30%; 95% CI 11 to 60)"),
        ("Within 20%, equal ones included", "7/10 (70%; 95% CI 40 to 89)"),
        ("Lower by more than 20%", "1/10 (10%; 95% CI 2 to 40)"),
        ("Higher by more than 20%", "2/10 (20%; 95% CI 6 to 51)"),
        ("Within 50%, equal ones included", "7/10 (70%; 95% CI 40 to 89)"),
        ("Lower by more than 50%", "1/10 (10%; 95% CI 2 to 40)"),
        ("Higher by more than 50%", "2/10 (20%; 95% CI 6 to 51)"),
        ("Second size divided by the first, median", "1.00 (IQR 0.93 to 1.18), n = 10"),
    ]


def test_a_current_target_is_listed_and_counts_in_no_class(table):
    assert ("Listed, not compared: current target, history unknown", "1/13 (8%)") in printed(table, "Denominators")


def test_the_largest_differences_are_named_with_their_words(table):
    assert printed(table, f"{sample_size.PAIRS['main']}: largest differences")[:3] == [
        ("S0010", "10 → 30 (+200%): “10” → “30”"),
        ("S0007", "60 → 24 (−60%): “60” → “24”"),
        ("S0009", "40 → 61 (+52.5%): “40” → “61”"),
    ]


def test_without_any_pair_the_table_says_so():
    rates = sample_size_rates.rates([])
    assert [row["text"] for row in rates if row["row"] == "Comparison"] == [
        "not assessable: no two sizes can be compared"
    ] * 3


@pytest.mark.parametrize("percent", [0, 101, -5, 1.5, "10", True])
def test_a_tolerance_that_is_no_percent_is_refused(percent):
    with pytest.raises(ValueError) as error:
        sample_size_rates.rates([], [percent])
    assert str(error.value) == f"tolerance_pct holds {percent!r}; a tolerance is a whole percent from 1 to 100"


def test_a_row_of_t8a_with_a_wrong_difference_stops_the_rates(table):
    wrong = [{**row, "main_difference_pct": 1.0} if row["study_id"] == "S0007" else row for row in table]
    with pytest.raises(stats.LintError) as error:
        sample_size_rates.rates(wrong)
    assert str(error.value) == "T8a, row 'S0007'\n  found     1.0% from 60 to 24\n  expected  -60.0%"


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(1, 100))
def test_each_pair_is_in_one_class_and_more_tolerance_never_leaves_within(first, second, tolerance):
    found = sample_size_rates.size_class(first, second, tolerance)
    assert found in ("within", "lower", "higher")
    if found == "within":
        assert sample_size_rates.size_class(first, second, min(tolerance + 1, 100)) == "within"


# The lint: no single wrong number gets out.


NUMBER = re.compile(r"\d+(?:\.\d+)?")


def corrupted(rows, data):
    """The rows with one number of one cell replaced by another one."""
    cells = [
        (i, key)
        for i, row in enumerate(rows)
        for key in ("n", "N", "share", "ci_low", "ci_high", "text")
        if row[key] is not None and NUMBER.search(str(row[key]))
    ]
    i, key = data.draw(st.sampled_from(cells))
    old = rows[i][key]
    if isinstance(old, str):
        number = data.draw(st.sampled_from(list(NUMBER.finditer(old))))
        other = data.draw(st.integers(0, 10**4).map(str).filter(lambda text: text != number[0]))
        new = old[: number.start()] + other + old[number.end() :]
    else:
        new = data.draw(st.one_of(st.integers(-5, 10**4), st.floats(0, 100)).filter(lambda number: number != old))
    return [*rows[:i], {**rows[i], key: new}, *rows[i + 1 :]]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_single_wrong_number_of_t8b_gets_out(table, data):
    made = sample_size_rates.rates(table)
    sample_size_rates.check(made, table)
    with pytest.raises(stats.LintError):
        sample_size_rates.check(corrupted(made, data), table)


def timing_row(i, days, basis):
    """A row of T7a as far as its rates read it."""
    verdict = "prospective" if days <= 0 else "retrospective"
    filled = dict.fromkeys(timing.columns(), None)
    rules = dict.fromkeys(timing.rules(), verdict)
    return {
        **filled,
        **rules,
        "study_id": f"S{i:04}",
        "ids.primary": "NCT04276987",
        "ids.registry": "CTGOV",
        "registration.date": "2020-07-01",
        "basis": basis,
        "days": days,
        "resolved": "yes",
        "date.completion": "2020-06-01",
        "completion_kind": "ACTUAL",
        "statement_in_paper": "NUMBER_ONLY",
        "start_year": "2020",
    }


TIMING = [timing_row(i, (i % 5) * 40 - 60, "anticipated_start" if i % 4 == 0 else "actual_start") for i in range(1, 70)]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_single_wrong_number_of_t7b_gets_out(data):
    made = timing_rates.rates(TIMING)
    timing_rates.check(made, TIMING)
    with pytest.raises(stats.LintError):
        timing_rates.check(corrupted(made, data), TIMING)


def test_a_row_that_is_missing_does_not_get_out(table):
    with pytest.raises(stats.LintError) as error:
        sample_size_rates.check(sample_size_rates.rates(table)[:-1], table)
    assert str(error.value).startswith("T8b, row 'all'\n  found     ")


def test_the_lint_names_table_row_and_both_sides(table):
    made = sample_size_rates.rates(table)
    made[1] = {**made[1], "n": 11}
    with pytest.raises(stats.LintError) as error:
        sample_size_rates.check(made, table)
    assert str(error.value) == (
        "T8b, row 'Denominators: With a registry record loaded'\n"
        "  found     the text '12/13 (92%)'\n  expected  a text that begins with 11/13"
    )
