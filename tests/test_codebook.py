"""The codebook: what a team may write in it, and what it is told when something is wrong."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.codebook import HEADINGS, load_codebook, read_codebook
from reviewkit.errors import ReviewError
from reviewkit.fields import catalogue
from reviewkit.filled_from import FUNCTIONS, KINDS_BY_WEIGHT, VERSIONS, Filling, read_filling
from reviewkit.words import members

TEMPLATE = Path(__file__).parents[1] / "templates" / "codebook.csv"
NEEDED = [
    {"sheet": "studies", "field": "study_id", "label": "Study", "type": "id", "required": "key"},
    *(
        {"sheet": "evidence", "field": name, "label": name.title(), "type": "text", "required": "key"}
        for name in ("sheet", "row_key", "field", "record", "item", "value")
    ),
]
QUESTION = {"sheet": "studies", "field": "blinded", "label": "Blinded", "type": "text", "required": "no"}


def written(*rows: dict[str, str], headings=HEADINGS) -> bytes:
    """A codebook file of the rows every codebook needs, then `rows`: the first of them is row 9."""
    file = io.StringIO()
    writer = csv.DictWriter(file, headings, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows([*NEEDED, *rows])
    return file.getvalue().encode()


def told(*rows: dict[str, str]) -> list[str]:
    return [str(problem) for problem in read_codebook(written(*rows))[1]]


# Every codebook that is right loads


def test_every_row_of_the_shipped_codebook_loads():
    rows = list(csv.DictReader(TEMPLATE.open(encoding="utf-8", newline="")))
    codebook, problems = read_codebook(TEMPLATE.read_bytes())
    assert problems == []
    assert [(column.sheet, column.field) for column in codebook.columns] == [(r["sheet"], r["field"]) for r in rows]
    assert [str(c.filling or "") for c in codebook.columns] == [r["filled_from"] for r in rows]


@pytest.mark.real
def test_the_shipped_codebook_has_every_row_of_the_shared_one(shared):
    theirs = read_codebook((shared / "codebook.csv").read_bytes())[0].cells
    ours = load_codebook(TEMPLATE).cells
    assert [row for row in ours if row[:2] != ["registration", "target_current_src"]] == theirs


def test_a_team_adds_its_own_column_and_its_own_sheet():
    codebook, problems = read_codebook(
        written(
            QUESTION,
            {"sheet": "devices", "field": "study_id", "label": "Study", "type": "id", "required": "key"},
            {"sheet": "devices", "field": "maker", "label": "Maker", "type": "text", "table": "T1:12;T4a:2"},
        )
    )
    assert problems == []
    assert list(codebook.sheets) == ["studies", "evidence", "devices"]
    assert [column.field for column in codebook.in_table("T1")] == ["maker"]


def test_a_filled_column_takes_type_and_codes_from_its_field():
    blank = {"sheet": "studies", "field": "model", "label": "Model", "filled_from": "design.model@registry"}
    codebook, problems = read_codebook(written(blank))
    assert problems == []
    column = codebook.columns[-1]
    assert column.type == "choice"
    assert [code for code, _ in column.codes] == list(members("InterventionModel"))
    assert column.renamed == {member: member for member in members("InterventionModel")}


def test_a_yes_or_no_field_brings_yes_and_no():
    blank = {"sheet": "studies", "field": "posted", "label": "Posted", "filled_from": "results.posted@registry"}
    column = read_codebook(written(blank))[0].columns[-1]
    assert (column.type, column.codes) == ("choice", (("yes", "Yes"), ("no", "No")))
    assert column.renamed == {"TRUE": "yes", "FALSE": "no"}


@pytest.mark.parametrize("kind", sorted({field.kind for field in catalogue().values()}))
def test_a_column_can_be_filled_from_a_field_of_every_kind(kind):
    field = next(field for field in catalogue().values() if field.kind == kind)
    row = {"sheet": "studies", "field": "asked", "label": "Asked", "filled_from": f"{field.name}@any"}
    assert told(row) == []


def test_the_form_version_is_the_newest_row_and_the_hash_follows_every_cell():
    old, _ = read_codebook(written(QUESTION))
    new, _ = read_codebook(written({**QUESTION, "version_added": "2"}))
    assert (old.form_version, new.form_version) == ("1", "2")
    assert old.schema_hash != new.schema_hash
    assert old.schema_hash == read_codebook(b"\xef\xbb\xbf" + written(QUESTION).replace(b"\n", b"\r\n"))[0].schema_hash


def test_a_row_is_named_by_its_own_id_and_a_study_behind_it_is_no_part_of_the_name():
    codebook = load_codebook(TEMPLATE)
    assert {sheet: "/".join(codebook.row_key(sheet)) for sheet in codebook.sheets} == {
        "studies": "study_id",
        "reports": "report_id",
        "arms": "arm_id",
        "outcomes": "outcome_row_id",
        "baseline": "study_id/arm_id/variable",
        "results_dich": "result_id",
        "results_cont": "result_id",
        "results_effect": "result_id",
        "rob_results": "result_id",
        "rob_answers": "result_id/question",
        "rob_judgements": "result_id/domain",
        "registration": "study_id/registry_id",
        "evidence": "sheet/row_key/field/record/item",
        "queries": "query_id",
    }


# What is wrong is said with row, column, found, expected and a fix

WRONG = [
    (
        {"type": "conut"},
        "codebook.csv, row 9, column type\n  found     'conut'\n"
        "  expected  one of id, text, count, decimal, date, choice, choices\n  fix       did you mean 'count'?",
    ),
    (
        {"field": "Blinded?"},
        "codebook.csv, row 9, column field\n  found     'Blinded?'\n"
        "  expected  at most 30 lower-case letters, digits and _, beginning with a letter\n  fix       write 'blinded'",
    ),
    (
        {"sheet": "_meta"},
        "codebook.csv, row 9, column sheet\n  found     '_meta'\n"
        "  expected  at most 30 lower-case letters, digits and _, beginning with a letter\n  fix       write 'meta'",
    ),
    (
        {"field": "study_id"},
        "codebook.csv, row 9, column field\n  found     'study_id'\n"
        "  expected  each field once on the sheet 'studies'\n  fix       give one of the two another name",
    ),
    (
        {"required": "yess"},
        "codebook.csv, row 9, column required\n  found     'yess'\n"
        "  expected  one of yes, no, key, locked\n  fix       did you mean 'yes'?",
    ),
    (
        {"type": "choice"},
        "codebook.csv, row 9, column codes\n  found     nothing\n"
        "  expected  codes such as yes=Yes|no=No, or a vocabulary such as @Phase\n  fix       write them",
    ),
    (
        {"type": "choice", "codes": "@Fase"},
        "codebook.csv, row 9, column codes\n  found     '@Fase'\n"
        "  expected  @ and a vocabulary of vocabularies.csv\n  fix       did you mean '@Phase'?",
    ),
    (
        {"type": "choice", "codes": "yes=Yes|no"},
        "codebook.csv, row 9, column codes\n  found     'no'\n"
        "  expected  code=Label, parted by |, e.g. yes=Yes|no=No\n  fix       mend this one",
    ),
    (
        {"type": "choice", "codes": "NR=Not rated|ok=Fine"},
        "codebook.csv, row 9, column codes\n  found     'NR'\n"
        "  expected  each code once, and none of the missing codes\n  fix       rename or remove it",
    ),
    (
        {"missing_allowed": "NR|NA"},
        "codebook.csv, row 9, column missing_allowed\n  found     'NA'\n"
        "  expected  missing codes parted by |: NR, NAP, UNCLEAR, AWAIT\n  fix       did you mean 'NAP'?",
    ),
    (
        {"min": "0"},
        "codebook.csv, row 9, column min\n  found     '0'\n"
        "  expected  nothing, for a column of type 'text'\n  fix       empty the cell",
    ),
    (
        {"type": "count", "min": "5", "max": "2"},
        "codebook.csv, row 9, column max\n  found     '2'\n"
        "  expected  at least the min, 5\n  fix       exchange the two, or correct one",
    ),
    (
        {"type": "count", "max": "n_total"},
        "codebook.csv, row 9, column max\n  found     'n_total'\n"
        "  expected  a number, or another column of numbers on the sheet 'studies'\n  fix       write a number",
    ),
    (
        {"table": "T1-7"},
        "codebook.csv, row 9, column table\n  found     'T1-7'\n"
        "  expected  a table and a position in it, e.g. T1:7, several parted by ;\n"
        "  fix       correct it, or leave the cell empty",
    ),
    (
        {"version_added": "1.2"},
        "codebook.csv, row 9, column version_added\n  found     '1.2'\n"
        "  expected  the number of the form in which the row was added, e.g. 2\n"
        "  fix       correct it, or leave the cell empty",
    ),
    (
        {"filled_from": "enrolment.tagret@registry"},
        "codebook.csv, row 9, column filled_from\n  found     'enrolment.tagret@registry'\n"
        "  expected  a field of fields.csv (did you mean 'enrolment.target'?)\n"
        "  fix       correct it, or leave the cell empty",
    ),
    (
        {"type": "count", "filled_from": "date.completion@registry"},
        "codebook.csv, row 9, column type\n  found     'count'\n"
        "  expected  date or text, to hold date.completion (date)\n"
        "  fix       write 'date', or fill it from another field",
    ),
    (
        {"type": "choice", "codes": "rand=Randomised|not=Not", "filled_from": "design.allocation@registry",
         "rule": "RANDOMISED=rand; NON_RANDOMIZED=not; NA=not"},
        "codebook.csv, row 9, column rule\n  found     'RANDOMISED=rand'\n"
        "  expected  a member the field can have before =\n  fix       did you mean 'RANDOMIZED'?",
    ),
    (
        {"field": "blind_src"},
        "codebook.csv, row 9, column field\n  found     'blind_src'\n"
        "  expected  a column 'blind' on the sheet 'studies', whose place this column gives\n"
        "  fix       add that column",
    ),
]  # fmt: skip


@pytest.mark.parametrize("change, message", WRONG, ids=[next(iter(change)) for change, _ in WRONG])
def test_a_wrong_cell_is_named_with_what_it_should_be(change, message):
    assert told({**QUESTION, **change})[0] == message


def test_a_member_of_the_vocabulary_without_a_code_is_asked_for():
    row = {**QUESTION, "type": "choice", "codes": "rand=Randomised", "filled_from": "design.allocation@registry"}
    assert told({**row, "rule": "RANDOMIZED=rand"}) == [
        "codebook.csv, row 9, column rule\n  found     none for NON_RANDOMIZED, NA\n"
        "  expected  a code for every member of design.allocation\n  fix       write NON_RANDOMIZED=…; NA=…"
    ]


def test_everything_wrong_is_found_in_one_reading():
    codebook, problems = read_codebook(
        written(
            {**QUESTION, "type": "conut", "required": "yess"},
            {**QUESTION, "field": "fine"},
            {**QUESTION, "field": "asked", "missing_allowed": "NA"},
        )
    )
    assert [(p.place.row, p.place.column) for p in problems] == [(9, "type"), (9, "required"), (11, "missing_allowed")]
    assert codebook.columns[-1].field == "fine"


def test_a_sheet_without_a_key_cannot_be_read_back():
    assert told({"sheet": "devices", "field": "maker", "label": "Maker", "type": "text"}) == [
        "codebook.csv, row 9, column required\n  found     no key on the sheet 'devices'\n"
        "  expected  a column with required = key\n  fix       mark the column that names the row, e.g. study_id"
    ]


def test_a_codebook_without_the_evidence_sheet_is_refused():
    content = b"sheet,field,label,type,required\nstudies,study_id,Study,id,key\n"
    assert [problem.expected for problem in read_codebook(content)[1]] == [
        f"a row evidence, {field}, which workbooks cannot do without"
        for field in ("sheet", "row_key", "field", "record", "item", "value")
    ]


@pytest.mark.parametrize(
    "content, expected",
    [
        (b"", "a row of headings"),
        (b"sheet;field;label;type\n", "cells parted by commas"),
        ("sheet,field,label,type\nstudies,größe,G,text".encode("latin-1"), "text in UTF-8"),
        (b"sheet,field,label\n", "the headings sheet, field, label, type"),
        (b"sheet,field,label,type,colour\n", "a heading of a codebook: " + ", ".join(HEADINGS)),
        (b"sheet,field,label,type\nstudies,a,A,text,one, two\n", "4 cells, one a heading"),
    ],
)
def test_a_file_that_is_no_codebook_says_what_one_is(content, expected):
    codebook, problems = read_codebook(content)
    assert (codebook.columns, problems[0].expected) == ([], expected)


def test_loading_raises_the_first_problem(tmp_path):
    path = tmp_path / "codebook.csv"
    path.write_bytes(written({**QUESTION, "type": "conut"}))
    with pytest.raises(ReviewError) as raised:
        load_codebook(path)
    assert raised.value.problem.found == "'conut'"


# The grammar of filled_from

FIELDS = list(catalogue().values())
GROUPS = sorted({field.group for field in FIELDS if field.group})


@st.composite
def fillings(draw) -> Filling:
    """Every source the grammar allows."""
    function = draw(st.sampled_from(["", *FUNCTIONS]))
    if function == "count":
        name = group = draw(st.sampled_from(GROUPS))
    else:
        field = draw(st.sampled_from(FIELDS))
        name, group = field.name, field.group
    siblings = [f for f in FIELDS if group and f.group == group and f.name != group]
    member = value = ""
    if siblings and draw(st.booleans()):
        picked = draw(st.sampled_from(siblings))
        member = picked.name.removeprefix(f"{group}.")
        words = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12)
        value = draw(st.sampled_from(members(picked.vocabulary)) if picked.vocabulary else words)
    kinds = tuple(draw(st.lists(st.sampled_from(KINDS_BY_WEIGHT), unique=True)))
    versions = ["", *VERSIONS] if not kinds or "registry" in kinds else [""]
    return Filling(function, name, member, value, kinds, draw(st.sampled_from(versions)))


@given(fillings())
def test_every_source_reads_back_as_written(filling):
    assert read_filling(str(filling)) == filling


@given(st.text(alphabet="abcdeilmnoprstuy.()[]=@#, ", max_size=60) | fillings().map(str), st.data())
def test_any_text_is_a_source_or_a_plain_refusal(text, data):
    if text:
        cut = data.draw(st.integers(0, len(text) - 1))
        text = text[:cut] + text[cut + 1 :]
    try:
        assert str(read_filling(text)).replace(" ", "") == text.replace(" ", "")
    except ValueError as refusal:
        assert str(refusal)


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("enrolment.target", "a source ends in @ and kinds of record, e.g. enrolment.target@registry"),
        ("sum(arms)@any", "a function (count, join, first, last)"),
        ("join(countries@any", "a function with its name in brackets, e.g. join(countries)"),
        ("count(arms.label)@any", "a group to count, e.g. count(arms)"),
        ("count(arm)@any", "a group (did you mean 'arms'?)"),
        ("arms@any", "a field of fields.csv (did you mean 'arms.role'?); to count the group write count(arms)"),
        ("outcomes.measure[typ=PRIMARY]@any", "a member of outcomes (did you mean 'type'?)"),
        ("outcomes.measure[type=PRIMRY]@any", "a member of OutcomeType (did you mean 'PRIMARY'?)"),
        ("outcomes.measure[type=]@any", "a value after type="),
        ("enrolment.target[type=PRIMARY]@any", "no [ ] here: only the items of a group can be picked"),
        ("enrolment.target@registy", "a kind of record (did you mean 'registry'?)"),
        ("enrolment.target@any,registry", "any alone, or kinds joined by commas"),
        ("enrolment.target@registry,registry", "each kind of record once"),
        ("enrolment.target@registry#newest", "a registry version (did you mean 'latest'?)"),
        ("enrolment.target@publication#first", "registry among the kinds, for #first is a version of a registry entry"),
    ],
)
def test_a_wrong_source_says_what_was_wanted(text, wanted):
    with pytest.raises(ValueError) as raised:
        read_filling(text)
    assert str(raised.value) == wanted
