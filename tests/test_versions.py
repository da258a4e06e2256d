"""Versions of registry entries: which belong together, in what order, and which of them stood when."""

from __future__ import annotations

import pytest

from reviewkit import versions
from reviewkit.model import Place, Record, Study, Value
from reviewkit.words import State


def said(field, value, **detail):
    return Value(field, None, value, State.REPORTED, str(value), Place("a.xml"), "hand:made", detail)


def version(day=None, *facts, number="NCT09990001", source="ctgov-history", kind="registry", n=None, updated=None):
    """A record of one entry: a version of a day, or (`updated`) an entry as it stands."""
    told = [("ids.primary", number), ("source.version_date", day), ("source.version", n)]
    told.append(("registration.last_update", updated))
    values = [said(field, value) for field, value in told if value is not None]
    return Record(f"{day or updated}.xml", 1, "0" * 64, source, "by hand", kind, [*values, *facts])


def names(records):
    return [record.document.removesuffix(".xml") for record in records]


OLD, MIDDLE, NEW = version("2020-01-05"), version("2020-06-01"), version("2021-02-03")


def test_versions_of_one_number_are_one_entry_from_the_oldest_to_the_newest():
    other = version("2019-01-01", number="NCT09990002")
    assert list(map(names, versions.entries([NEW, other, OLD, MIDDLE]))) == [
        ["2020-01-05", "2020-06-01", "2021-02-03"],
        ["2019-01-01"],
    ]


def test_versions_of_one_day_are_ordered_by_their_number():
    nought, two, ten = (version("2020-01-05", n=number) for number in ("0", "2", "10"))
    assert versions.entries([ten, nought, two]) == [[nought, two, ten]]
    assert versions.current([ten, nought, two]) == [ten]


def test_all_forms_of_a_registrys_own_exports_are_one_entry_and_a_copy_elsewhere_is_another():
    own = version(None, updated="2021-05-01", source="ctgov")
    copy = version(None, updated="2022-01-01", source="ictrp")
    assert versions.entries([OLD, own, copy]) == [[OLD, own], [copy]]
    assert versions.current([OLD, own, copy]) == [own, copy]


def test_a_first_version_without_a_number_belongs_to_the_one_entry_there_is():
    unnumbered = version("2019-12-01", number=None)
    assert versions.entries([OLD, unnumbered]) == [[unnumbered, OLD]]
    other = version("2020-03-01", number="NCT09990002")
    assert len(versions.entries([OLD, other, unnumbered])) == 3


def test_superseded_versions_are_left_out_and_other_kinds_stay_in_their_order():
    paper = version("2018-01-01", kind="publication")
    assert versions.current([NEW, paper, OLD]) == [NEW, paper]
    study = Study("S1", [OLD, paper, NEW])
    assert versions.of_today(study).records == [paper, NEW]


def test_of_two_records_of_one_state_the_one_that_tells_more_speaks():
    richer = version("2021-02-03", said("title.public", "Kites"))
    assert versions.current([richer, OLD, NEW]) == [richer]
    assert versions.current([NEW, OLD, richer]) == [richer]


def test_of_a_month_and_a_day_in_it_neither_is_certainly_older():
    coarse = version("2021-02")
    assert versions.current([coarse, NEW]) == [coarse, NEW]


def test_without_any_day_nothing_is_superseded_and_beside_a_dated_version_the_undated_one_is():
    one, other = version(), version()
    assert versions.current([one, other]) == [one, other]
    assert versions.current([one, OLD]) == [OLD]


def test_a_table_that_counts_from_one_says_which_version_is_the_first():
    record = version("2020-01-06", said("source.version", "1", first=True))
    assert versions.first([record]) is record


@pytest.mark.parametrize(
    ("record", "is_first"),
    [
        (version("2020-01-05", said("registration.date", "2020-01-05")), True),
        (version("2020-01-06", said("registration.date", "2020-01-05")), False),
        (version("2020-01-06", n="0"), True),
        (version("2020-01-06", n="1"), False),
        (version(None, said("registration.update_count", 0)), True),
        (version(None, said("registration.update_count", 3)), False),
    ],
)
def test_the_first_version_is_known_by_its_number_its_day_or_a_count_of_no_updates(record, is_first):
    assert (versions.first([record]) is record) is is_first


@pytest.mark.parametrize(
    ("start", "stood"),
    [
        ("2020-06-15", "2020-06-01"),
        ("2020-06-01", "2020-06-01"),
        ("2020-05-31", "2020-01-05"),
        ("2020-06", "2020-06-01"),  # the first day of that month is no later than any of its days
        ("2021-02", None),  # the version of that month may be of before or after the start
        ("2019-12-31", None),
        ("2021-03-01", None),  # whether the last version loaded is the last there is, nobody knows
        (None, None),
    ],
)
def test_the_version_at_the_start_is_the_last_one_dated_on_or_before_it(start, stood):
    entry = [version("2020-01-05", n="0"), version("2020-06-01", n="1"), version("2021-02-03", n="2")]
    found = versions.at_start(entry, start)
    assert (None if found is None else names([found])[0]) == stood


def test_where_a_version_may_be_missing_none_is_known_to_have_stood_at_the_start():
    gap = [version("2020-01-05", n="0"), version("2021-02-03", n="2")]
    assert versions.at_start(gap, "2020-06-15") is None
    assert versions.at_start([OLD, NEW], "2020-06-15") is None  # not numbered
    listed = [said("registration.versions.date", day) for day in ("2020-01-05", "2021-02-03")]
    assert versions.at_start([OLD, version("2021-02-03", *listed)], "2020-06-15") is OLD


def test_an_entry_last_updated_before_the_start_stood_at_it():
    entry = version(None, updated="2020-01-05")
    assert versions.at_start([entry], "2020-06-15") is entry


def test_the_start_is_that_of_the_latest_version_an_actual_one_first():
    early = version("2020-01-05", said("date.first_enrolment", "2020-02-01", kind="ACTUAL"))
    dates = [said("date.first_enrolment", "2020-03", kind="ANTICIPATED"), said("date.first_enrolment", "2020-04-02")]
    late = version("2020-06-01", *dates)
    assert [v.value for v in versions.starts_of([early, late])] == ["2020-03"]
    assert [v.value for v in versions.starts_of([early, version("2020-07-01")])] == ["2020-02-01"]


def test_a_day_that_may_be_its_month_is_certain_as_far_as_the_month():
    assert versions.certain(said("date.first_enrolment", "2020-07-01", day="UNCERTAIN")) == "2020-07"
    assert versions.certain(said("date.first_enrolment", "2020-07-01")) == "2020-07-01"


def test_entries_of_two_member_states_of_the_eu_register_are_two():
    def state(country):
        facts = [said("ids.registry", "EUCTR"), said("source.url", f"https://register.example/{country}")]
        return version(None, *facts, number="2020-001234-12", source="euctr", updated=f"20{10 + len(country)}-01-01")

    spain, outside = state("ES"), state("3rd")
    assert versions.current([spain, outside]) == [spain, outside]


def test_copies_without_a_day_are_told_apart_by_the_days_of_their_export():
    old, new = (version(None, said("source.export_date", day), source="ictrp") for day in ("2020-03-18", "2020-06-07"))
    undated = version(None, source="ictrp")
    assert versions.current([new, old, undated]) == [new, undated]
    dated = version(None, said("source.export_date", "2020-03-18"), source="ictrp", updated="2020-01-01")
    assert versions.current([new, dated]) == [new]
