"""Numbers: intervals and quantiles as the reference programs have them, one way of printing, and the lint."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from reviewkit import stats

PUBLISHED = [  # n, N, percent, lower and upper limit in percent
    (956, 1927, 49.6, 47.4, 51.8),
    (3013, 7218, 41.7, 40.6, 42.9),
    (72, 108, 66.7, 57.3, 74.9),
    (12, 113, 10.6, 6.2, 17.7),
    (0, 20, 0.0, 0.0, 16.1),
    (10, 10, 100.0, 72.2, 100.0),
]


@pytest.mark.parametrize("n, N, percent, low, high", PUBLISHED)
def test_the_wilson_interval_gives_the_published_limits(n, N, percent, low, high):
    limits = [100 * limit for limit in stats.wilson(n, N)]
    # Two of the printed limits (74.9 for 74.8495, 17.7 for 17.6486) were rounded twice, to hundredths and then tenths.
    assert [100 * n / N, *limits] == pytest.approx([percent, low, high], abs=0.055)


@given(
    st.integers(1, 5000).flatmap(lambda N: st.tuples(st.integers(0, N), st.just(N))), st.sampled_from([0.8, 0.95, 0.99])
)
def test_the_wilson_interval_equals_that_of_statsmodels(counts, level):
    n, N = counts
    assert stats.wilson(n, N, level) == pytest.approx(
        proportion_confint(n, N, alpha=1 - level, method="wilson"), abs=1e-9
    )


@given(st.integers(1, 5000).flatmap(lambda N: st.tuples(st.integers(0, N), st.just(N))))
def test_the_wilson_interval_holds_the_share_and_stays_between_nought_and_one(counts):
    n, N = counts
    low, high = stats.wilson(n, N)
    assert 0 <= low <= n / N <= high <= 1


@pytest.mark.parametrize("n, N", [(0, 0), (-1, 5), (6, 5)])
def test_counts_that_are_no_share_have_no_interval(n, N):
    with pytest.raises(ValueError) as error:
        stats.wilson(n, N)
    assert str(error.value) == f"an interval needs 0 <= n <= N and N > 0, not n = {n} and N = {N}"


@given(st.lists(st.integers(-8000, 8000), min_size=1, max_size=60), st.floats(0, 1))
def test_a_quantile_equals_the_linear_one_of_numpy(values, p):
    assert stats.quantile(values, p) == pytest.approx(float(np.quantile(values, p, method="linear")), abs=1e-6)


def test_median_and_quartiles_are_of_type_7():
    assert stats.median_iqr([7, 1, 3, 10]) == (5.0, 2.5, 7.75)


def test_no_values_have_no_quantile():
    with pytest.raises(ValueError, match="at least one value"):
        stats.quantile([], 0.5)


@pytest.mark.parametrize(
    "n, N, text",
    [
        (12, 113, "12/113 (10.6%)"),
        (0, 0, "0/0 (-)"),
        (1, 3, "1/3 (33%)"),
        (24, 49, "24/49 (49%)"),
        (25, 50, "25/50 (50.0%)"),
        (1, 8, "1/8 (13%)"),  # half up, as by hand, not to the even neighbour
        (1, 160, "1/160 (0.6%)"),
        (113, 113, "113/113 (100.0%)"),
    ],
)
def test_a_share_has_one_decimal_and_none_below_fifty(n, N, text):
    assert stats.share_text(n, N) == text


@pytest.mark.parametrize(
    "n, N, text",
    [
        (12, 113, "12/113 (10.6%; 95% CI 6.2 to 17.6)"),
        (0, 20, "0/20 (0%; 95% CI 0 to 16)"),
        (10, 10, "10/10 (100%; 95% CI 72 to 100)"),
        (956, 1927, "956/1927 (49.6%; 95% CI 47.4 to 51.8)"),
        (0, 0, "0/0 (-)"),
    ],
)
def test_an_interval_is_rounded_like_the_share_it_stands_beside(n, N, text):
    assert stats.share_with_interval(n, N) == text


@pytest.mark.parametrize(
    "values, text",
    [
        ([117], "117 (IQR 117 to 117), n = 1"),
        ([1, 2], "1.5 (IQR 1.3 to 1.8), n = 2"),
        ([10, 20, 40], "20 (IQR 15 to 30), n = 3"),
        ([], "-, n = 0"),
    ],
)
def test_a_median_is_printed_with_quartiles_and_n(values, text):
    assert stats.median_text(values) == text


@given(st.integers(0, 900).flatmap(lambda N: st.tuples(st.integers(0, N), st.just(N))))
def test_every_share_we_print_passes_the_lint(counts):
    n, N = counts
    for text in (stats.share_text(n, N), stats.share_with_interval(n, N)):
        stats.lint_share(text, n, N, table="T7b", row="strict")


@pytest.mark.parametrize(
    "text, n, N, message",
    [
        ("9/8 (113%)", 9, 8, "T7b, row 'strict'\n  found     n = 9 and N = 8\n  expected  n from 0 to N"),
        (
            "12/113 (10.7%)",
            12,
            113,
            "T7b, row 'strict'\n  found     10.7% in '12/113 (10.7%)'\n  expected  10.6%, which is 12/113 rounded",
        ),
        (
            "11/113 (10.6%)",
            12,
            113,
            "T7b, row 'strict'\n  found     the text '11/113 (10.6%)'\n  expected  a text that begins with 12/113",
        ),
        (
            "1/3 (33.3%)",
            1,
            3,
            "T7b, row 'strict'\n  found     33.3% in '1/3 (33.3%)'\n  expected  33%, which is 1/3 rounded",
        ),
    ],
)
def test_a_share_that_contradicts_its_counts_is_named_with_both_sides(text, n, N, message):
    with pytest.raises(stats.LintError) as error:
        stats.lint_share(text, n, N, table="T7b", row="strict")
    assert str(error.value) == message


def test_parts_that_miss_the_whole_are_named_with_both_sides():
    with pytest.raises(stats.LintError) as error:
        stats.lint_parts({"prospective": 3, "retrospective": 4}, 8, table="T7b", row="both dates")
    assert str(error.value) == (
        "T7b, row 'both dates'\n  found     3 (prospective) + 4 (retrospective) = 7\n"
        "  expected  parts of 0 or more that sum to 8"
    )


def test_parts_that_make_the_whole_pass():
    stats.lint_parts({"prospective": 3, "retrospective": 5}, 8, table="T7b", row="both dates")
    stats.lint_parts({}, 0, table="T7b", row="both dates")


def test_a_step_of_a_chain_that_grows_is_named():
    with pytest.raises(stats.LintError) as error:
        stats.lint_chain({"included": 5, "resolved": 4, "dated": 6}, table="T7b")
    assert str(error.value) == "T7b, row 'dated'\n  found     6 (dated)\n  expected  at most 4 (resolved)"
