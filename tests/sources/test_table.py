"""Tables of facts: what a cell says is read or named, and nothing is dropped."""

from __future__ import annotations

import csv
import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewkit.documents import Document
from reviewkit.errors import Problem, ReviewError
from reviewkit.fields import catalogue
from reviewkit.identifiers import find_ids
from reviewkit.model import Place, Record
from reviewkit.sources import table, table_row
from reviewkit.words import State, members


def document(text: str | bytes, problems: list[Problem] | None = None) -> Document:
    raw = text.encode() if isinstance(text, str) else text
    return Document("trials.csv", raw, (problems if problems is not None else []).append)


def read(text: str | bytes, problems: list[Problem] | None = None) -> list[Record]:
    source = document(text, problems)
    recognised_by = table.recognise(source)
    assert recognised_by, "the table was not recognised"
    return list(table.read(source, recognised_by))


def one(text: str, problems: list[Problem] | None = None) -> Record:
    (record,) = read(text, problems)
    return record


def facts(record: Record) -> list[tuple]:
    return [(v.field, v.item, v.value, str(v.state), v.quote, v.place.row, v.place.column) for v in record.reported]


TRIALS = """ids.primary,registration.date,date.first_enrolment,date.first_enrolment.kind,enrolment.target,masking.roles
nct 0427 6987,2020-03-19,2020-02,ACTUAL,"1,200",PARTICIPANT; INVESTIGATOR
IRCT20130812014333N164,"2021-04-01, 1400/01/12",5 May 2021,ANTICIPATED,30,[]
"""


def test_a_table_gives_one_record_a_row():
    first, second = read(TRIALS)
    assert (first.record, second.record) == (1, 2)
    assert (first.source, first.kind) == ("table", "registry")
    assert first.recognised_by == (
        "field names in row 1, separated by a comma: ids.primary, registration.date, date.first_enrolment"
    )
    assert facts(first) == [
        ("ids.primary", None, "NCT04276987", "REPORTED", "nct 0427 6987", 2, "ids.primary"),
        ("registration.date", None, "2020-03-19", "REPORTED", "2020-03-19", 2, "registration.date"),
        ("date.first_enrolment", None, "2020-02", "REPORTED", "2020-02", 2, "date.first_enrolment"),
        ("enrolment.target", None, 1200, "REPORTED", "1,200", 2, "enrolment.target"),
        (
            "masking.roles",
            None,
            ["PARTICIPANT", "INVESTIGATOR"],
            "REPORTED",
            "PARTICIPANT; INVESTIGATOR",
            2,
            "masking.roles",
        ),
        ("ids.registry", None, "CTGOV", "DERIVED", "nct 0427 6987", 2, "ids.primary"),
    ]
    assert [v.detail["kind"] for v in [*first.all("date.first_enrolment"), *second.all("date.first_enrolment")]] == [
        "ACTUAL",
        "ANTICIPATED",
    ]
    assert second.first("registration.date").value == "2021-04-01"
    assert second.first("masking.roles").value == []


@pytest.mark.parametrize(("delimiter", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiter_line_breaks_and_encoding_change_no_value(delimiter, name, line_break, encoding):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_break).writerows(csv.reader(io.StringIO(TRIALS)))
    source = document(out.getvalue().encode(encoding))
    assert f"separated by a {name}:" in table.recognise(source)
    assert [facts(r) for r in table.read(source, "it")] == [facts(r) for r in read(TRIALS)]


@pytest.mark.parametrize(
    "text",
    [
        "We enrolled ten adults, five women, and saw them twice.\nNone, some, or all came back.\n",
        "Objective\nTo see whether vesicles help.\n",
        "objective\nTo see whether vesicles help.\n",
        "Background, methods\nand results, all in one.\n",
        "1,200 patients were seen\n1,100 patients were treated\n",
        '"Vesicles," said the nurse, "help.\nThey do."\n',
        "Title:\tA trial\nPhase:\t2\n",
        "One line only, without a second",
        "a" * 5_000_000,
    ],
    ids=lambda text: repr(text[:20]),
)
def test_what_is_no_table_is_left_to_other_sources(text):
    assert table.recognise(document(text)) is None


# ---- headings


@pytest.mark.parametrize(
    ("header", "column", "found", "fix"),
    [
        (
            "ids.primary,enrollment.target",
            "enrollment.target",
            "the heading 'enrollment.target'",
            "'enrollment.target' (column 2): write enrolment.target, or remove the column",
        ),
        (
            "ids.primary,ids.primary",
            "ids.primary",
            "the heading 'ids.primary'",
            "'ids.primary' (column 2): keep one of the two columns",
        ),
        (
            "ids.primary,contacts.email",
            "contacts.email",
            "the heading 'contacts.email'",
            "'contacts.email' (column 2): remove the column: it holds private data, which are read only if the "
            "codebook asks for them",
        ),
        (
            "ids.primary,date.completion.kind",
            "date.completion.kind",
            "the heading 'date.completion.kind'",
            "'date.completion.kind' (column 2): add the column date.completion, whose kind it is",
        ),
        (
            "ids.primary,enrolment.target.kind",
            "enrolment.target.kind",
            "the heading 'enrolment.target.kind'",
            "'enrolment.target.kind' (column 2): write enrolment.target, or remove the column",
        ),
        ("ids.primary,", "2", "the heading ''", "'' (column 2): write the field's name, or remove the column"),
        (
            "Ids.Primary,Zzyzx",
            "Ids.Primary",
            "the headings 'Ids.Primary', 'Zzyzx'",
            "'Ids.Primary' (column 1): write ids.primary, or remove the column; 'Zzyzx' (column 2): "
            "write the field's name, or remove the column",
        ),
    ],
)
def test_a_heading_that_is_no_field_name_refuses_the_whole_file(header, column, found, fix):
    source = document(f"{header}\nNCT04276987,30\n")
    with pytest.raises(ReviewError) as caught:
        table.read(source, table.recognise(source) or "")
    assert caught.value.problem == Problem(
        "trials.csv",
        Place("trials.csv", row=1, column=column),
        found,
        "field names of fields.csv, each once, such as ids.primary; <field>.kind for the kind of a date",
        fix,
        "error",
    )


def test_the_message_names_file_row_and_column():
    source = document("ids.primary,enrollment.target\nNCT04276987,30\n")
    with pytest.raises(ReviewError) as caught:
        table.read(source, "it")
    assert str(caught.value) == (
        "trials.csv, row 1, column enrollment.target\n"
        "  found     the heading 'enrollment.target'\n"
        "  expected  field names of fields.csv, each once, such as ids.primary; <field>.kind for the kind of a date\n"
        "  fix       'enrollment.target' (column 2): write enrolment.target, or remove the column"
    )


def test_a_foreign_table_is_refused_as_a_table():
    source = document('NCT Number,Study Title,Sites\nNCT04276987,"One, two",3\n')
    assert table.recognise(source) == "rows of 3 cells each, separated by a comma"
    with pytest.raises(ReviewError, match="'NCT Number', 'Study Title', 'Sites'"):
        table.read(source, "it")


# ---- cells


@pytest.mark.parametrize(
    ("field", "cell", "value", "detail"),
    [
        ("enrolment.target", "۱٬۲۰۰", 1200, {"unit": "persons"}),
        ("enrolment.actual", "60 eyes", 60, {"unit": "eyes"}),
        ("design.centres.n", "3", 3, {"unit": None}),
        ("enrolment.actual", "0", 0, {"unit": "persons"}),
        ("eligibility.age_min", "18 years", 18, {"unit": "YEAR", "no_limit": False}),
        ("eligibility.age_max", "No limit", None, {"unit": None, "no_limit": True}),
        ("eligibility.healthy_volunteers", "no", False, {}),
        ("design.allocation", "randomized", "RANDOMIZED", {"as_written": "randomized"}),
        ("design.phase", "PHASE2; PHASE3", ["PHASE2", "PHASE3"], {"as_written": "PHASE2; PHASE3"}),
        ("report.keywords", "lung; vesicle, small", ["lung", "vesicle, small"], {}),
        ("title.public", "Vesicles; a trial", "Vesicles; a trial", {}),
        ("report.doi", "10.1000/x", "10.1000/x", {}),
        ("results.posted", "yes", True, {}),
        ("registration.date", "2020", "2020", {"kind": "UNKNOWN", "calendar": "GREGORIAN", "as_written": "2020"}),
    ],
)
def test_a_cell_is_read_by_the_kind_of_its_field(field, cell, value, detail):
    record = one(f'ids.primary,{field}\nNCT04276987,"{cell}"\n')
    (found,) = record.all(field)
    assert (found.value, found.quote, found.detail, found.item) == (value, cell, detail, None)
    assert found.state is State.REPORTED
    assert found.method == "table:column"


def test_an_empty_cell_is_empty_in_source_and_names_its_heading():
    record = one("ids.primary,enrolment.target,date.completion,date.completion.kind\nNCT04276987,  ,,ACTUAL\n")
    assert facts(record)[1:3] == [
        ("enrolment.target", None, None, "EMPTY_IN_SOURCE", "enrolment.target", 2, "enrolment.target"),
        ("date.completion", None, None, "EMPTY_IN_SOURCE", "date.completion", 2, "date.completion"),
    ]
    assert record.all("date.completion")[0].detail == {"kind": "ACTUAL"}


@pytest.mark.parametrize(
    ("field", "cell", "expected", "fix"),
    [
        (
            "enrolment.target",
            "eight",
            "a whole number in digits, e.g. 8 or 1,200",
            "look at the source; the value is kept as UNCLEAR with its quote",
        ),
        (
            "registration.date",
            "03/04/2020",
            "a date with one reading: write 2020-04-03, not 03/04/2020",
            "look at the source; the value is kept as UNCLEAR with its quote",
        ),
        (
            "design.allocation",
            "RANDOMISED",
            "one of RANDOMIZED, NON_RANDOMIZED, NA",
            "write RANDOMIZED for 'RANDOMISED'; the value is kept as UNCLEAR with its quote",
        ),
        (
            "design.phase",
            "PHASE2; PHASE5",
            "one of EARLY_PHASE1, PHASE1, PHASE2, PHASE3, PHASE4, NA",
            "write PHASE4 for 'PHASE5'; the value is kept as UNCLEAR with its quote",
        ),
        (
            "design.allocation",
            "by the moon",
            "one of RANDOMIZED, NON_RANDOMIZED, NA",
            "look at the source; the value is kept as UNCLEAR with its quote",
        ),
    ],
)
def test_a_cell_that_cannot_be_read_is_unclear_and_said_once(field, cell, expected, fix):
    problems: list[Problem] = []
    record = one(f"ids.primary,{field}\nNCT04276987,{cell}\n", problems)
    assert facts(record)[1][:5] == (field, None, None, "UNCLEAR", cell)
    place = Place("trials.csv", row=2, column=field)
    assert problems == [Problem("trials.csv", place, repr(cell), expected, fix, "notice")]


@pytest.mark.parametrize(
    "cell", ["NCT12345678", "NCT0427698", "trial 7", "U1111-1250-7890", "NCT04276987; NCT01208194"]
)
def test_what_is_no_registration_number_is_never_one(cell):
    problems: list[Problem] = []
    record = one(f"ids.primary,enrolment.target\n{cell},8\n", problems)
    assert [(v.value, v.state) for v in record.all("ids.primary")] == [(None, State.UNCLEAR)]
    assert record.all("ids.registry") == []
    assert len(problems) == 1


def test_a_registry_that_stands_in_the_table_is_not_derived_again():
    record = one("ids.primary,ids.registry\nNCT04276987,CTGOV\n")
    assert [(v.value, v.state) for v in record.all("ids.registry")] == [("CTGOV", State.REPORTED)]


def test_an_open_trial_masks_nobody():
    record = one("ids.primary,masking.label,masking.roles\nNCT04276987,NONE,\n")
    assert [(v.value, v.state) for v in record.all("masking.roles")] == [([], State.DERIVED)]


def test_two_dates_of_one_field_have_a_kind_each():
    record = one(
        "ids.primary,date.first_enrolment,date.first_enrolment.kind\n"
        "NCT04276987,2020-01; 2020-02-03,ANTICIPATED; ACTUAL\n"
    )
    assert [(v.value, v.detail["kind"], v.quote) for v in record.all("date.first_enrolment")] == [
        ("2020-01", "ANTICIPATED", "2020-01"),
        ("2020-02-03", "ACTUAL", "2020-02-03"),
    ]


def test_an_unknown_kind_of_date_is_said_and_taken_as_unknown():
    problems: list[Problem] = []
    record = one("ids.primary,date.completion,date.completion.kind\nNCT04276987,2020,maybe\n", problems)
    assert record.first("date.completion").detail["kind"] == "UNKNOWN"
    assert problems == [
        Problem(
            "trials.csv",
            Place("trials.csv", row=2, column="date.completion.kind"),
            "'maybe'",
            "one of ACTUAL, ANTICIPATED, UNKNOWN",
            "write the kind of the date; it was taken as UNKNOWN",
            "notice",
        )
    ]


# ---- groups


def test_items_of_a_group_are_numbered_in_order():
    record = one(
        "ids.primary,arms.label,arms.role,arms.n_target,interventions.name,interventions.arms,conditions\n"
        'NCT04276987,Ves; Saline,EXPERIMENTAL; PLACEBO_COMPARATOR,"15; ",Mist; Care,"1; 1, 2",Cough\n'
    )
    assert [fact[:5] for fact in facts(record)[1:]] == [
        ("arms.label", 1, "Ves", "REPORTED", "Ves"),
        ("arms.label", 2, "Saline", "REPORTED", "Saline"),
        ("arms.role", 1, "EXPERIMENTAL", "REPORTED", "EXPERIMENTAL"),
        ("arms.role", 2, "PLACEBO_COMPARATOR", "REPORTED", "PLACEBO_COMPARATOR"),
        ("arms.n_target", 1, 15, "REPORTED", "15"),
        ("arms.n_target", 2, None, "EMPTY_IN_SOURCE", "arms.n_target"),
        ("interventions.name", 1, "Mist", "REPORTED", "Mist"),
        ("interventions.name", 2, "Care", "REPORTED", "Care"),
        ("interventions.arms", 1, [1], "REPORTED", "1"),
        ("interventions.arms", 2, [1, 2], "REPORTED", "1, 2"),
        ("conditions", 1, "Cough", "REPORTED", "Cough"),
        ("ids.registry", None, "CTGOV", "DERIVED", "NCT04276987"),
    ]


def test_with_one_item_a_list_is_joined_as_everywhere():
    record = one(
        "interventions.name,interventions.arms,interventions.other_names,interventions.description\n"
        "Mist,1; 2,Fog; Haze,Warm; twice a day\n"
    )
    assert [(v.field, v.item, v.value) for v in record.reported] == [
        ("interventions.name", 1, "Mist"),
        ("interventions.arms", 1, [1, 2]),
        ("interventions.other_names", 1, ["Fog", "Haze"]),
        ("interventions.description", 1, "Warm; twice a day"),
    ]


def test_a_column_with_another_number_of_parts_is_unclear_as_a_whole():
    problems: list[Problem] = []
    record = one("arms.label,arms.n_target\nVes; Saline,15\n", problems)
    assert [(v.item, v.value, v.state, v.quote) for v in record.all("arms.n_target")] == [
        (None, None, State.UNCLEAR, "15")
    ]
    assert [(p.found, p.expected, p.fix) for p in problems] == [
        (
            "'15'",
            "2 parts joined by '; ', one for each item of arms.label",
            "write 2 parts, blank ones included; the value is kept as UNCLEAR with its quote",
        )
    ]


def test_a_group_without_any_item_is_one_empty_value():
    record = one("ids.primary,arms.role,arms.n_target\nNCT04276987,,\n")
    assert [fact[:5] for fact in facts(record)[1:2]] == [("arms.label", None, None, "EMPTY_IN_SOURCE", "arms.role")]
    assert not record.all("arms.role") + record.all("arms.n_target")


# ---- rows


@pytest.mark.parametrize(
    ("row", "found"), [("NCT01208194", "1 cell"), ("NCT01208194,8,9", "3 cells")], ids=["fewer", "more"]
)
def test_a_row_of_another_width_is_an_error_and_the_others_are_read(row, found):
    problems: list[Problem] = []
    records = read(f"ids.primary,enrolment.target\nNCT04276987,30\n{row}\n\nISRCTN02452400,5\n", problems)
    assert [(r.record, r.first("ids.primary").value) for r in records] == [(1, "NCT04276987"), (4, "ISRCTN02452400")]
    assert problems == [
        Problem(
            "trials.csv",
            Place("trials.csv", row=3),
            found,
            "2 cells, one for each heading",
            "put a cell that holds the delimiter between quotation marks, or add what is missing; the row was left out",
            "error",
        )
    ]


def test_quoted_cells_may_hold_line_breaks_delimiters_and_marks():
    text = (
        'title.public,summary.brief,enrolment.target\n"A ""big"" trial, at last","First line\nsecond line",8\nB,C,9\n'
    )
    first, second = read(text)
    assert [v.value for v in first.reported] == ['A "big" trial, at last', "First line\nsecond line", 8]
    assert second.reported[2].place == Place("trials.csv", row=3, column="enrolment.target")


@pytest.mark.parametrize(
    ("text", "row", "found"),
    [
        ('ids.primary,acronym\n"NCT04276987"x,A\nISRCTN02452400,B\n', 2, "text outside the quotation marks of a cell"),
        ('ids.primary,acronym\nISRCTN02452400,B\nNCT04276987,"A\n', 3, "a quotation mark that is never closed"),
    ],
)
def test_a_broken_quotation_costs_its_row_only(text, row, found):
    problems: list[Problem] = []
    assert [r.first("ids.primary").value for r in read(text, problems)] == ["ISRCTN02452400"]
    assert [(p.place, p.found, p.severity) for p in problems] == [(Place("trials.csv", row=row), found, "error")]


def test_rows_of_blank_cells_are_passed_over():
    problems: list[Problem] = []
    assert len(read("ids.primary,acronym\nNCT04276987,A\n,\n , \n", problems)) == 1
    assert problems == []


def test_headings_alone_are_an_error():
    problems: list[Problem] = []
    assert read("ids.primary,acronym\n", problems) == []
    assert [(p.found, p.severity) for p in problems] == [("headings without a row below", "error")]


def test_nul_characters_are_refused():
    with pytest.raises(ReviewError, match="NUL characters"):
        table.recognise(document("ids.primary,acronym\nNCT04276987,\x00\n"))


def test_a_cell_of_five_megabytes_is_read_and_the_limit_of_csv_stays():
    before = csv.field_size_limit()
    record = one(f"ids.primary,summary.detailed\nNCT04276987,{'words ' * 850_000}\n")
    assert len(record.first("summary.detailed").value) == 850_000 * 6 - 1
    assert csv.field_size_limit() == before


def test_rows_are_streamed():
    text = "ids.primary,enrolment.target,title.public\n" + "NCT04276987,30,A trial of mist\n" * 20_000
    source = document(text)
    records = table.read(source, table.recognise(source))
    tracemalloc.start()
    count = sum(1 for _ in records)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, peak < 1_000_000) == (20_000, True)


# ---- every field: what is written is read back

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join).filter(lambda words: words != "[]")
PARTS = TEXTS.filter(lambda words: ";" not in words and "," not in words)
DATES = st.dates().filter(lambda day: 1950 <= day.year <= 2099).map(lambda day: day.isoformat())
COARSE = st.builds(lambda day, length: day[:length], DATES, st.sampled_from([4, 7, 10]))


def cells(name: str) -> st.SearchStrategy[tuple[object, str]]:
    """A legal value of a field, and how it is written."""
    field = catalogue()[name]
    if name == "ids.primary":
        return (
            st.integers(0, 9_999_999).map(lambda n: (f"NCT0{n:07}",) * 2).filter(lambda pair: pair[0] != "NCT00000000")
        )
    if field.kind in ("text", "url", "id"):
        return PARTS.filter(lambda words: not find_ids(words)).map(lambda words: (words, words))
    if field.kind == "date":
        return COARSE.map(lambda date: (date, date))
    if field.kind == "choice":
        return st.sampled_from(members(field.vocabulary)).map(lambda member: (member, member))
    if field.kind == "choices":
        some = st.lists(st.sampled_from(members(field.vocabulary)), unique=True, min_size=1)
        return some.map(lambda chosen: (chosen, "; ".join(chosen)))
    if field.kind == "list":
        return st.lists(PARTS, min_size=1, max_size=3).map(lambda parts: (parts, "; ".join(parts)))
    if field.kind == "ref":
        number = st.integers(1, 40)
        return number.map(lambda n: ([n] if name in table_row.MANY_REFS else n, str(n)))
    if field.kind == "count":
        return st.integers(0, 10**7).flatmap(lambda n: st.sampled_from([(n, str(n)), (n, f"{n:,}")]))
    if field.kind == "decimal":
        return st.integers(-(10**6), 10**6).map(lambda n: (n / 100, f"{n / 100:.2f}"))
    if field.kind == "flag":
        return st.sampled_from([(True, "yes"), (False, "no"), (True, "TRUE")])
    assert field.kind == "age"
    return st.integers(0, 120).map(lambda n: (n, f"{n} years"))


PUBLIC = sorted(name for name, field in catalogue().items() if not field.private)


@st.composite
def tables(draw):
    names = draw(st.lists(st.sampled_from(PUBLIC), unique=True, min_size=1, max_size=8).filter(_tells_a_table))
    rows = draw(st.lists(st.tuples(*map(cells, names)), min_size=1, max_size=5))
    return names, rows


def _tells_a_table(names):
    return len(names) > 1 or "." in names[0]


@settings(max_examples=150, deadline=None)
@given(tables(), st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_what_a_csv_writer_wrote_is_read_back(written, delimiter, line_break):
    names, rows = written
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_break)
    writer.writerow(names)
    writer.writerows([[cell for _, cell in row] for row in rows])
    problems: list[Problem] = []
    records = read(out.getvalue(), problems)
    assert problems == []
    assert [record.record for record in records] == list(range(1, len(rows) + 1))
    for number, (record, row) in enumerate(zip(records, rows, strict=True), 2):
        got = {
            v.field: (v.value, v.quote, v.place.row, v.place.column) for v in record.reported if v.state == "REPORTED"
        }
        assert got == {name: (value, cell, number, name) for name, (value, cell) in zip(names, row, strict=True)}


def test_every_public_field_can_stand_in_a_table():
    row = ["NCT04276987" if name == "ids.primary" else "" for name in PUBLIC]
    record = one(",".join(PUBLIC) + "\n" + ",".join(row) + "\n")
    without_group = {name for name in PUBLIC if not catalogue()[name].group} - {"ids.registry"}
    assert without_group <= {v.field for v in record.reported}
