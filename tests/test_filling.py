"""What the records of a study propose for a cell."""

from __future__ import annotations

import pytest

from reviewkit.codebook import HEADINGS, Column, read_codebook
from reviewkit.filling import Scope, fill, spoken
from reviewkit.model import Place, Record, Value
from reviewkit.words import State


def column(filled_from, **cells) -> Column:
    """One column of a codebook, filled from this source."""
    row = dict.fromkeys(HEADINGS, "")
    row |= {"sheet": "studies", "field": "asked", "label": "Asked", "filled_from": filled_from, **cells}
    line = ",".join(f'"{cell}"' for cell in row.values())
    codebook, problems = read_codebook((",".join(HEADINGS) + "\n" + line).encode())
    of_the_row = [problem for problem in problems if not problem.expected.startswith(("a row ", "a column with"))]
    assert of_the_row == []  # the sheets around it are left out here
    return codebook.columns[0]


def said(field, value, *, item=None, quote=None, state=State.REPORTED, **detail):
    return Value(
        field, item, value, state, str(value) if quote is None else quote, Place("doc.txt", line=1), "t", detail
    )


def record(kind, *values, document=None):
    return Record(document or f"{kind}.txt", 1, "0" * 64, "text", "content", kind, list(values))


def filled(filled_from, *records, scope=None, **cells):
    """(value, as written, disagreement) of one cell."""
    found = fill(column(filled_from, **cells), spoken(records), scope=scope)
    return found.value, found.as_written, found.disagreement


TARGET = "enrolment.target@publication,registry"


def test_a_value_comes_with_the_words_and_the_record_it_was_read_from():
    entry = record("registry", said("enrolment.target", 8, quote="eight"))
    found = fill(column(TARGET), spoken([entry]))
    assert (found.value, found.as_written, found.disagreement) == (8, "eight", None)
    (source,) = found.sources
    assert (source.record, source.value, source.proposed, source.item) == (entry, entry.reported[0], 8, None)


def test_the_first_kind_named_gives_the_words_where_all_agree():
    entry, paper = (
        record("registry", said("enrolment.target", 8)),
        record("publication", said("enrolment.target", 8, quote="eight")),
    )
    found = fill(column(TARGET), spoken([entry, paper]))
    assert found.as_written == "eight"
    assert [source.record.kind for source in found.sources] == ["publication", "registry"]


def test_records_that_differ_leave_the_cell_blank_and_keep_every_value():
    entry, paper = record("registry", said("enrolment.target", 24)), record("publication", said("enrolment.target", 30))
    found = fill(column(TARGET), spoken([entry, paper]))
    assert found.value is None
    assert found.disagreement == "publication publication.txt says 30; registry registry.txt says 24"
    assert [source.proposed for source in found.sources] == [30, 24]


def test_a_record_that_contradicts_itself_leaves_the_cell_blank_and_numbers_its_values():
    found = fill(column(TARGET), spoken([record("registry", said("enrolment.target", 8), said("enrolment.target", 9))]))
    assert (found.value, found.disagreement) == (None, "registry registry.txt says 8 and 9")
    assert [source.item for source in found.sources] == [1, 2]


def test_a_kind_that_is_not_named_is_not_asked():
    assert filled("enrolment.target@registry", record("publication", said("enrolment.target", 30))) == (
        None,
        None,
        None,
    )


def test_a_mirror_is_asked_only_where_nothing_better_speaks():
    mirror, entry = record("mirror", said("enrolment.target", 20)), record("registry", said("enrolment.target", 24))
    assert filled("enrolment.target@any", mirror, entry) == (24, "24", None)
    assert filled("enrolment.target@any", mirror) == (20, "20", None)


@pytest.mark.parametrize("state", [State.NOT_REPORTED, State.EMPTY_IN_SOURCE, State.UNCLEAR, State.NOT_APPLICABLE])
def test_silence_and_doubt_propose_nothing_and_never_a_missing_code(state):
    number = 8 if state is State.UNCLEAR else None
    assert filled(TARGET, record("registry", said("enrolment.target", number, state=state))) == (None, None, None)


def test_zero_is_a_value():
    assert filled("enrolment.actual@registry", record("registry", said("enrolment.actual", 0))) == (0, "0", None)


ARMS = [
    said("arms.label", "Exosomes", item=1),
    said("arms.label", "Saline", item=2),
    said("arms.role", "PLACEBO_COMPARATOR", item=2, quote="Placebo"),
    said("interventions.name", "BM-Exos", item=1),
    said("interventions.arms", [1, 2], item=1),
    said("interventions.name", "Salt water", item=2),
    said("interventions.arms", [2], item=2),
]


@pytest.mark.parametrize(
    "source, value",
    [
        ("count(arms)@registry", 2),
        ("count(arms[role=PLACEBO_COMPARATOR])@registry", 1),
        ("join(arms.label)@registry", "Exosomes; Saline"),
        ("join(arms.label[role=PLACEBO_COMPARATOR])@registry", "Saline"),
        ("first(arms.label)@registry", "Exosomes"),
        ("last(arms.label)@registry", "Saline"),
        ("join(interventions.name)@registry", "BM-Exos; Salt water"),
    ],
)
def test_functions_work_over_the_members_of_a_group(source, value):
    assert filled(source, record("registry", *ARMS))[0] == value


def test_several_members_without_a_function_leave_the_cell_blank():
    assert filled("arms.label@registry", record("registry", *ARMS)) == (
        None,
        None,
        "registry registry.txt says Exosomes and Saline",
    )


def test_on_the_row_of_an_arm_only_its_own_members_and_what_is_given_to_it_are_read():
    entry = record("registry", *ARMS)
    second = Scope("arms", {("registry.txt", 1): 2})
    assert filled("arms.label@registry", entry, scope=second)[0] == "Saline"
    assert filled("join(interventions.name)@registry", entry, scope=second)[0] == "BM-Exos; Salt water"
    assert (
        filled("join(interventions.name)@registry", entry, scope=Scope("arms", {("registry.txt", 1): 1}))[0]
        == "BM-Exos"
    )


def test_outside_groups_join_gathers_over_the_records():
    one, two = (
        record("registry", said("ids.primary", "NCT09900413")),
        record("publication", said("ids.primary", "ISRCTN99004131")),
    )
    assert filled("join(ids.primary)@any", one, two)[0] == "ISRCTN99004131; NCT09900413"
    assert filled("first(ids.primary)@registry,publication", one, two)[0] == "NCT09900413"


DATE = "date.first_enrolment@publication,registry"


def test_an_actual_date_stands_before_a_planned_one_of_the_same_record():
    entry = record(
        "registry",
        said("date.first_enrolment", "2023-04-01", kind="ANTICIPATED"),
        said("date.first_enrolment", "2023-05-09", kind="ACTUAL"),
    )
    assert filled(DATE, entry)[0] == "2023-05-09"


def test_a_finer_date_that_fits_a_coarser_one_is_no_difference():
    entry, paper = (
        record("registry", said("date.first_enrolment", "2023-04-02")),
        record("publication", said("date.first_enrolment", "2023-04")),
    )
    assert filled(DATE, entry, paper)[0] == "2023-04-02"
    other = record("publication", said("date.first_enrolment", "2023-05"))
    assert (
        filled(DATE, entry, other)[2]
        == "publication publication.txt says 2023-05; registry registry.txt says 2023-04-02"
    )


def test_words_in_another_case_are_the_same_words():
    entry, paper = (
        record("registry", said("recruitment.setting", "Intensive  care")),
        record("publication", said("recruitment.setting", "intensive care")),
    )
    assert filled("recruitment.setting@registry,publication", entry, paper)[0] == "Intensive  care"


def test_codes_are_renamed_as_the_rule_says():
    cells = {
        "type": "choice",
        "codes": "rand=Randomised|other=Other",
        "rule": "RANDOMIZED=rand; NON_RANDOMIZED=other; NA=other.",
    }
    entry = record("registry", said("design.allocation", "RANDOMIZED", quote="Randomized"))
    assert filled("design.allocation@registry", entry, **cells) == ("rand", "Randomized", None)


@pytest.mark.parametrize(
    "source, value, detail, cell",
    [
        ("results.posted@registry", False, {}, "no"),
        ("design.phase@registry", ["PHASE2", "PHASE3"], {}, "PHASE2; PHASE3"),
        ("eligibility.age_min@registry", 18, {"unit": "YEAR", "no_limit": False}, "18 years"),
        ("eligibility.age_max@registry", None, {"unit": None, "no_limit": True}, "no limit"),
        ("report.authors@registry", ["Example A", "Invented BB"], {}, "Example A; Invented BB"),
        ("participants.age_mean@registry", 54.25, {}, 54.25),
    ],
)
def test_a_value_of_every_shape_becomes_a_cell(source, value, detail, cell):
    field = source.split("@")[0]
    assert filled(source, record("registry", said(field, value, **detail)))[0] == cell


# Versions of a registry entry

FIRST = [said("registration.date", "2023-03-15"), said("registration.update_count", 0), said("enrolment.target", 8)]
UPDATED = [said("registration.date", "2023-03-15"), said("registration.update_count", 2), said("enrolment.target", 9)]
START = said("date.first_enrolment", "2023-04")


@pytest.mark.parametrize(
    "values, first, at_start, latest",
    [
        ([*FIRST, START], 8, 8, 8),
        ([*UPDATED, START], None, None, 9),
        (FIRST, 8, None, 8),
        ([*FIRST, said("date.first_enrolment", "2023-03")], 8, None, 8),
        ([FIRST[0], said("registration.last_update", "2023-03-15"), FIRST[2]], 8, None, 8),
    ],
    ids=["never updated", "updated", "no start", "a start that may be earlier", "last updated on the first day"],
)  # fmt: skip
def test_an_early_version_is_filled_only_if_the_entry_read_is_certainly_that_version(values, first, at_start, latest):
    entry = record("registry", *values)
    versions = [filled(f"enrolment.target@registry#{version}", entry)[0] for version in ("first", "at_start", "latest")]
    assert versions == [first, at_start, latest]


@pytest.mark.parametrize(
    "source, cell",
    [
        ("enrolment.target@registry#first", 40),
        ("enrolment.target@registry#at_start", 50),
        ("enrolment.target@registry#latest", 60),
        ("enrolment.target@registry", 60),  # what is history contradicts nothing
        ("date.first_enrolment@registry#latest", "2020-07-01"),
        ("registration.date@registry#first", "2020-01-05"),
    ],
)
def test_with_its_history_loaded_each_version_of_an_entry_can_be_asked_for(source, cell):
    def version(number, day, size, *facts):
        told = [said("ids.primary", "NCT09900413"), said("source.version", number), said("source.version_date", day)]
        return record("registry", *told, said("enrolment.target", size), *facts, document=f"{day}.xml")

    entry = [
        version("2", "2020-09-01", 60, said("date.first_enrolment", "2020-07-01", kind="ACTUAL")),
        version("0", "2020-01-05", 40, said("registration.date", "2020-01-05")),
        version("1", "2020-05-01", 50, said("date.first_enrolment", "2020-06", kind="ANTICIPATED")),
    ]
    assert filled(source, *entry)[0] == cell


def test_the_latest_of_two_copies_of_one_entry_speaks():
    def copy(day, size):
        values = (
            said("ids.primary", "NCT09900413"),
            said("registration.last_update", day),
            said("enrolment.target", size),
        )
        return record("registry", *values, document=f"{day}.txt")

    assert filled("enrolment.target@registry#latest", copy("2024-01-02", 8), copy("2025-01-02", 9))[0] == 9
    assert filled("enrolment.target@registry", copy("2024-01-02", 8), copy("2025-01-02", 9))[0] is None
