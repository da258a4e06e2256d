"""Numbers of participants, doses and changes of size inside one record."""

from __future__ import annotations

import pytest

from reviewkit.checks.dose import dose_total
from reviewkit.checks.size import parts_and_whole, size_change, target_and_arms


def planned(value, record, target, *arms, model=None, stated=None):
    values = [value("enrolment.target", target), *(value("arms.n_target", n, item=i) for i, n in enumerate(arms, 1))]
    values += [value("design.model", model)] if model else []
    return record(*values, *([value("design.n_arms", stated)] if stated else []))


@pytest.mark.parametrize(
    "target, arms, model, stated, told_as",
    [
        (30, (15, 15), None, None, ("CONSISTENT", "The planned arms (15 + 15 = 30) make the target of 30.")),
        (30, (15, 20), None, None, ("INCONSISTENT", "The planned arms (15 + 20 = 35) do not make the target of 30.")),
        (30, (30, 30), "CROSSOVER", None, ("CONSISTENT", "The planned arms (30 + 30 = 60) make the target of 30.")),
        (30, (15,), None, 2, None),
        (30, (40,), None, 2, ("INCONSISTENT", "The planned arms (40) do not make the target of 30.")),
    ],
)
def test_the_arms_make_the_target(value, record, told, target, arms, model, stated, told_as):
    assert told(target_and_arms(planned(value, record, target, *arms, model=model, stated=stated))) == told_as


def numbers(value, record, **sizes):
    return record(*(value(name.replace("__", "."), n) for name, n in sizes.items()))


@pytest.mark.parametrize(
    "sizes, told_as",
    [
        ({"participants__male_n": 4, "participants__female_n": 3, "enrolment__actual": 7},
         ("CONSISTENT", "4 men and boys and 3 women and girls make 7, which agrees with 7 enrolled.")),
        ({"participants__male_n": 4, "participants__female_n": 4, "enrolment__treated": 7},
         ("INCONSISTENT", "4 men and boys and 4 women and girls make 8, which does not agree with 7 treated.")),
        ({"participants__female_n": 9, "enrolment__actual": 7},
         ("INCONSISTENT", "9 women and girls cannot be part of 7 enrolled.")),
        ({"participants__female_n": 3, "enrolment__actual": 7}, None),
        ({"enrolment__randomised": 40, "enrolment__analysed": 42},
         ("INCONSISTENT", "42 analysed cannot be part of 40 randomised.")),
        ({"enrolment__randomised": 40, "enrolment__analysed": 38},
         ("CONSISTENT", "38 analysed can be part of 40 randomised.")),
        ({"enrolment__randomised": 40}, None),
    ],
)  # fmt: skip
def test_parts_add_up_to_the_whole(value, record, told, sizes, told_as):
    assert told(parts_and_whole(numbers(value, record, **sizes))) == told_as


def test_arms_add_up_to_the_number_randomised(value, record, told):
    arms = [value("arms.n_randomised", n, item=i) for i, n in enumerate((20, 19), 1)]
    finding = parts_and_whole(record(value("enrolment.randomised", 40), *arms))
    assert told(finding) == (
        "INCONSISTENT",
        "The arms (randomised to the arm: 20 + 19 = 39) do not agree with 40 randomised.",
    )


def test_an_announced_change_without_numbers_names_what_is_missing(value, record, told, because):
    reason = value("registration.update_reason", "All this led to a reduced final sample size.")
    finding = size_change(record(reason, value("enrolment.target", 30)))
    assert told(finding) == (
        "ATTENTION",
        "The text announces a reduced sample size. "
        "Neither the earlier number nor the new one is in the document, which gives 30 planned.",
    )
    assert because(finding) == ["registration.update_reason", "enrolment.target"]


@pytest.mark.parametrize(
    "reason, told_as",
    [
        ("Sample size reduced from 60 to 40.",
         ("ATTENTION", "The text announces a reduced sample size from 60 to 40.")),
        ("Sample size increased to 60.",
         ("ATTENTION",
          "The text announces an increased sample size to 60. The earlier number is not in the document.")),
        ("The sample size was not changed.",
         ("CONSISTENT", "The reasons given for changes announce no other sample size.")),
    ],
)  # fmt: skip
def test_a_reason_for_update_is_read(value, record, told, reason, told_as):
    assert told(size_change(record(value("registration.update_reason", reason)))) == told_as


def test_without_a_reason_there_is_nothing_to_say(value, record):
    assert size_change(record(value("registration.update_reason", None), value("enrolment.target", 30))) is None


def test_the_registrys_own_list_of_changes_gives_both_numbers(value, record, told):
    entry = {"label": "Target sample size", "old": "60", "new": "40"}
    finding = size_change(record(*(value(f"registration.changes.{k}", v, item=1) for k, v in entry.items())))
    assert told(finding) == (
        "ATTENTION",
        "The registry's list of changes gives another sample size: from 60 to 40.",
    )


def dosed(value, record, dose, basis, total, *, quote=None, total_quote=None, **schedule):
    values = [value("interventions.dose", dose, item=1, quote=quote, basis=basis)]
    values += [value(f"interventions.{name}", words, item=1) for name, words in schedule.items()]
    return record(*values, value("interventions.dose", total, item=1, quote=total_quote, basis="total"))


@pytest.mark.parametrize(
    "dose, basis, total, schedule, verdict",
    [
        (100, "day", 500, {"duration": "5 days"}, "CONSISTENT"),
        (100, "day", 600, {"duration": "five consecutive days"}, "INCONSISTENT"),
        (100, "day", 500, {"duration": "5 days", "frequency": "twice daily"}, "CONSISTENT"),
        (100, "dose", 1000, {"duration": "5 days", "frequency": "twice daily"}, "CONSISTENT"),
        (100, "dose", 500, {"duration": "5 days", "frequency": "BID"}, "INCONSISTENT"),
        (100, "dose", 2100, {"duration": "1 week", "frequency": "every 8 hours"}, "CONSISTENT"),
        (100, "dose", 300, {"duration": "5 days", "frequency": "every other day"}, "CONSISTENT"),
        (100, "dose", 400, {"n_doses": 4}, "CONSISTENT"),
        (100, "dose", 500, {"n_doses": 4}, "INCONSISTENT"),
        (5, "day", 55, {"duration": "10 days"}, "INCONSISTENT"),
        (100, "day", 500, {}, None),
        (100, "dose", 500, {"duration": "several days"}, None),
    ],
)
def test_a_dose_times_its_number_makes_the_total(value, record, dose, basis, total, schedule, verdict):
    finding = dose_total(dosed(value, record, dose, basis, total, **schedule))
    assert (finding and finding.verdict) == verdict


def test_the_product_and_the_claim_are_told(value, record, told, because):
    finding = dose_total(
        dosed(value, record, 2.0e8, "day", 2.0e9, quote="2.0 × 108", total_quote="2.0 × 109", duration="5 days")
    )
    assert told(finding) == (
        "INCONSISTENT",
        "5 days of 2.0 × 10⁸ a day make 1.0 × 10⁹, but the text gives a total of 2.0 × 10⁹.",
    )
    assert because(finding) == ["interventions.dose", "interventions.duration", "interventions.dose"]


def test_what_rounding_allows_is_no_contradiction(value, record):
    rounded = {"quote": "3.3 × 10⁸", "total_quote": "1.0 × 10⁹", "n_doses": 3}
    assert dose_total(dosed(value, record, 3.3e8, "dose", 1.0e9, **rounded)).verdict == "CONSISTENT"
