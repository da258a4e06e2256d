"""The workbook that goes out, read back with openpyxl: every sheet, cell, rule, lock and link."""

from __future__ import annotations

import json
import zipfile

import pytest

from reviewkit.errors import ReviewError
from reviewkit.workbook import workbook_name
from reviewkit.workbook.look import FILLS, role_of


def table(sheet) -> list[dict[str, object]]:
    """The data rows of a sheet: non-blank cells by field."""
    fields = [cell.value for cell in sheet[2]]
    rows = ((cell.value for cell in row) for row in sheet.iter_rows(min_row=3))
    return [{field: cell for field, cell in zip(fields, row, strict=True) if cell is not None} for row in rows]


def column(sheet, field) -> str:
    return next(cell.column_letter for cell in sheet[2] if cell.value == field)


# Sheets and rows


def test_the_sheets_stand_in_the_order_of_the_codebook_between_the_workbooks_own(issued, codebook):
    _, book, _ = issued()
    assert book.sheetnames == ["README", "codebook", *codebook.sheets, "_lists", "_meta"]
    states = {sheet.title: sheet.sheet_state for sheet in book.worksheets if sheet.sheet_state != "visible"}
    assert states == {"_lists": "hidden", "_meta": "veryHidden"}


def test_rows_1_and_2_of_every_sheet_are_label_and_field(issued, codebook):
    _, book, _ = issued()
    for name, columns in codebook.sheets.items():
        assert [cell.value for cell in book[name][1]] == [column.label for column in columns]
        assert [cell.value for cell in book[name][2]] == [column.field for column in columns]


def test_an_assisted_workbook_holds_what_the_records_propose(issued):
    _, book, _ = issued()
    assert table(book["studies"]) == [
        {
            "study_id": "S0001",
            "design": "randomised",
            "n_randomised": 60,
            "n_randomised_src": "paper.txt, line 4",
            "country": "IR; TR",
            "recruit_start": "2023-04-02",
            "registry_ids": "NCT09900413",
        },
        {"study_id": "S0002", "registry_ids": "NCT09900627"},
    ]
    assert table(book["reports"]) == [
        {"report_id": "R0001", "study_id": "S0001", "registry_id": "NCT09900413"},
        {"report_id": "R0002", "study_id": "S0001", "registry_id": "NCT09900413"},
        {"report_id": "R0003", "study_id": "S0002", "registry_id": "NCT09900627"},
    ]
    assert table(book["registration"]) == [
        {
            "study_id": "S0001",
            "registry_id": "NCT09900413",
            "registry": "CTGOV",
            "registration_date": "2023-03-15",
            "start_date": "2023-04",
            "target_first": 8,
            "target_before_start": 8,
            "target_current": 8,
            "target_current_src": "entry.txt, line 8",
            "published_start": "2023-04-02",
            "published_randomised_n": 60,
        }
    ]


def test_arms_come_from_the_record_of_first_precedence_then_spare_rows_whose_keys_go_on(issued):
    _, book, _ = issued()
    spare = [{"arm_id": f"S0001-A{n}", "study_id": "S0001"} for n in range(2, 7)]
    none = [{"arm_id": f"S0002-A{n}", "study_id": "S0002"} for n in range(1, 6)]
    first = {"arm_id": "S0001-A1", "study_id": "S0001", "arm_label": "exosomes", "intervention": "BM-Exos"}
    assert table(book["arms"]) == [first, *spare, *none]


def test_cells_that_records_disagree_on_are_blank_with_a_row_each_on_evidence_and_a_question(issued):
    made, book, _ = issued()
    message = "publication paper.txt says 1; registry entry.txt says 2"
    assert [tuple(difference) for difference in made.differences] == [("studies", "S0001", "n_arms", message)]
    rows = [row for row in table(book["evidence"]) if row["field"] == "n_arms"]
    assert [(row["record"], row["value"], row["method"]) for row in rows] == [
        ("paper.txt#1", "1", "rule:count"),
        ("entry.txt#1", "2", "rule:count"),
    ]
    assert table(book["queries"]) == [
        {
            "query_id": "Q001",
            "sheet": "studies",
            "row_key": "S0001",
            "field": "n_arms",
            "question": f"The records differ: {message}. Which is right?",
            "asked_by": "reviewkit",
            "asked_at": "2026-11-01",
            "state": "open",
        }
    ]


def test_every_prefilled_value_has_its_row_of_evidence_under_a_key_of_its_own(issued):
    _, book, _ = issued()
    rows = table(book["evidence"])
    keys = [tuple(row.get(field) for field in ("sheet", "row_key", "field", "record", "item")) for row in rows]
    assert len(set(keys)) == len(keys)
    assert {
        "sheet": "studies",
        "row_key": "S0001",
        "field": "n_randomised",
        "record": "paper.txt#1",
        "value": "60",
        "as_written": "sixty",
        "quote": "sixty",
        "page": "line 4",
        "report_id": "R0002",
        "method": "irct:label",
    } in rows
    prefilled = {
        (sheet.title, field)
        for sheet in book.worksheets
        if sheet.title in ("studies", "reports", "arms", "outcomes", "registration")
        for row in table(sheet)
        for field in row
        if not field.endswith(("_src", "_id")) or (sheet.title, field) == ("reports", "registry_id")
    }
    assert prefilled == {(row["sheet"], row["field"]) for row in rows} - {("studies", "n_arms")}


def test_an_independent_workbook_has_the_same_rows_and_not_one_answer(issued, codebook):
    made, book, _ = issued("independent")
    for name in codebook.sheets:
        keys = {key.field for key in codebook.keys(name)}
        assert all(set(row) <= keys for row in table(book[name])), name
    assert [row["arm_id"] for row in table(book["arms"])][:2] == ["S0001-A1", "S0001-A2"]
    assert (table(book["evidence"]), table(book["queries"]), made.differences) == ([], [], [])


def test_software_never_writes_a_missing_code(issued):
    made, *_ = issued()
    assert not {cell.value for cell in made.cells} & {"NR", "NAP", "UNCLEAR", "AWAIT"}


def test_what_is_kept_of_the_issue_is_what_stands_in_the_file(issued, codebook):
    made, book, _ = issued()
    kept = [(cell.sheet, cell.field, cell.value) for cell in made.cells]
    assert kept == [(name, *pair) for name in codebook.sheets for row in table(book[name]) for pair in row.items()]


def test_the_meta_sheet_says_which_workbook_it_is(issued, codebook):
    made, book, _ = issued()
    meta = {row["key"]: row.get("value") for row in table(book["_meta"])}
    rows = {key for key in meta if key.startswith("row:")}
    assert {key: value for key, value in meta.items() if key not in rows} == {
        "workbook_uuid": made.workbook_uuid,
        "parent_uuid": None,
        "review_id": "exosomes",
        "form_version": "1",
        "schema_hash": codebook.schema_hash,
        "extractor": "AB",
        "issued_at": "2026-11-01",
        "number_of_issue": "1",
        "software_version": "0.1.0",
        "mode": "assisted",
        **{f"columns:{name}": ",".join(c.field for c in columns) for name, columns in codebook.sheets.items()},
    }
    assert rows == {f"row:{cell.sheet}:{cell.row}" for cell in made.cells}


def test_the_codebook_sheet_has_a_row_a_question(issued, codebook):
    _, book, _ = issued()
    rows = table(book["codebook"])
    assert [(row["sheet"], row["field"]) for row in rows] == [(c.sheet, c.field) for c in codebook.columns]
    assert rows[2] == {
        "sheet": "studies",
        "field": "eligible",
        "label": "Eligible",
        "definition": "Whether the study meets the review's criteria.",
        "type": "choice",
        "codes": "yes = Yes, included; no = No, excluded; ongoing = Not finished yet; "
        "awaiting = Awaiting classification",
        "required": "yes",
        "missing_allowed": "UNCLEAR, AWAIT",
        "example": "yes",
        "version_added": "1",
    }


# Locks and rules


def test_keys_and_headings_are_locked_answers_and_source_columns_are_not(issued, codebook):
    _, book, _ = issued()
    for name, columns in codebook.sheets.items():
        sheet = book[name]
        assert {cell.protection.locked for row in sheet.iter_rows(max_row=2) for cell in row} == {True}
        for asked, cells in zip(columns, sheet.iter_cols(min_row=3), strict=True):
            if sheet.max_row > 2:
                assert {cell.protection.locked for cell in cells} == {asked.is_locked}, (name, asked.field)


def test_on_sheets_that_people_add_rows_to_the_empty_cells_are_unlocked(issued):
    _, book, _ = issued()
    open_sheets = [s.title for s in book.worksheets if not s.column_dimensions["A"].protection.locked]
    assert open_sheets == [
        *("baseline", "results_dich", "results_cont", "results_effect"),
        *("rob_results", "rob_answers", "rob_judgements", "queries"),
    ]
    assert book["rob_answers"].column_dimensions["C"].protection.locked  # the software's proposal


def test_every_sheet_is_protected_without_password_and_allows_rows_filters_and_widths(issued):
    _, book, _ = issued()
    for sheet in book.worksheets:
        protection = sheet.protection
        assert (protection.sheet, protection.password) == (True, None)
        assert (protection.insertRows, protection.autoFilter, protection.formatColumns) == (False, False, False)
        assert (protection.sort, protection.deleteRows, protection.formatCells) == (True, True, True)


def test_every_sheet_of_rows_is_frozen_and_filtered(issued, codebook):
    _, book, _ = issued()
    for name in ["codebook", *codebook.sheets, "_lists", "_meta"]:
        assert book[name].freeze_panes == "C3"
        assert book[name].auto_filter.ref.startswith("A2:")


def rules_of(sheet) -> dict[str, tuple]:
    fields = {cell.column_letter: cell.value for cell in sheet[2]}
    return {
        fields["".join(c for c in str(rule.sqref).split(":")[0] if c.isalpha())]: (
            rule.type,
            rule.errorStyle,
            rule.formula1,
        )
        for rule in sheet.data_validations.dataValidation
    }


def test_every_rule_of_the_studies_sheet(issued):
    _, book, _ = issued()
    rules = rules_of(book["studies"])
    coded = ("eligible", "exclusion_reason", "design", "funding_type", "coi", "protocol_available", "status")
    lists = {field: ("list", "stop", f"codes_studies_{field}") for field in coded}
    counts = {"n_randomised": ("F", True), "n_arms": ("H", True), "n_sites": ("J", True), "time_minutes": ("W", False)}
    dates = {"recruit_start": "L", "recruit_end": "M"}
    assert rules == {
        **lists,
        **{
            field: (
                "custom",
                "warning",
                f"IF(ISNUMBER({x}3),AND({x}3>=0,{x}3=INT({x}3)),"
                + (f"COUNTIF(missing_codes,{x}3)>0)" if missing else "0)"),
            )
            for field, (x, missing) in counts.items()
        },
        **{
            field: (
                "custom",
                "warning",
                f"OR(COUNTIF(missing_codes,{x}3)>0,AND(LEN({x}3)=4,ISNUMBER(--{x}3)),"
                f'AND(LEN({x}3)=7,ISNUMBER(DATEVALUE({x}3&"-01"))),'
                f'AND(LEN({x}3)=10,MID({x}3,5,1)="-",ISNUMBER(DATEVALUE({x}3))))',
            )
            for field, x in dates.items()
        },
    }
    assert all(rule.allow_blank and rule.showErrorMessage for rule in book["studies"].data_validations.dataValidation)


@pytest.mark.parametrize(
    "sheet, field, tests",
    [
        ("baseline", "sd", ["{sd}>0"]),
        ("baseline", "n", ["{n}>=0", "IF(ISNUMBER({total}),{n}<={total},1)", "{n}=INT({n})"]),
        ("results_dich", "events", ["{events}>=0", "IF(ISNUMBER({n}),{events}<={n},1)", "{events}=INT({events})"]),
        ("results_dich", "n", ["{n}>=0", "IF(ISNUMBER({events}),{n}>={events},1)", "{n}=INT({n})"]),
        ("results_effect", "estimate", ["IF(ISNUMBER({ci_low}),{estimate}>={ci_low},1)",
                                        "IF(ISNUMBER({ci_high}),{estimate}<={ci_high},1)"]),
        ("results_effect", "ci_level", ["{ci_level}>=0", "{ci_level}<=100"]),
        ("arms", "n_analysed", ["{n_analysed}>=0", "IF(ISNUMBER({n_allocated}),{n_analysed}<={n_allocated},1)",
                                "{n_analysed}=INT({n_analysed})"]),
    ],
)  # fmt: skip
def test_numbers_are_compared_with_their_limits_and_with_their_neighbours(issued, sheet, field, tests):
    _, book, _ = issued()
    at = {cell.value: f"{cell.column_letter}3" for cell in book[sheet][2]}
    wanted = [test.format(**at) for test in tests]
    number = f"AND({','.join(wanted)})" if len(wanted) > 1 else wanted[0]
    formula = f"IF(ISNUMBER({at[field]}),{number},COUNTIF(missing_codes,{at[field]})>0)"
    assert rules_of(book[sheet])[field] == ("custom", "warning", formula)


def test_every_drop_down_is_a_defined_name_over_its_codes_and_missing_codes(issued, codebook):
    _, book, _ = issued()
    lists = book["_lists"]
    found = {}
    for name, defined in book.defined_names.items():
        ((sheet, cells),) = defined.destinations
        assert sheet == "_lists"
        found[name] = [cell.value for (cell,) in lists[cells]]
    coded = [column for column in codebook.columns if column.type in ("choice", "choices")]
    assert found == {
        "missing_codes": ["NR", "NAP", "UNCLEAR", "AWAIT"],
        **{f"codes_{c.sheet}_{c.field}": [code for code, _ in c.codes] + list(c.missing) for c in coded},
    }


def test_text_and_dates_are_cells_of_text_and_numbers_are_not(issued, codebook):
    _, book, _ = issued()
    for asked, cells in zip(codebook.sheets["studies"], book["studies"].iter_cols(min_row=3), strict=True):
        assert {cell.number_format for cell in cells} == {"General" if asked.type in ("count", "decimal") else "@"}


# Look


@pytest.mark.parametrize("mode", ["independent", "assisted"])
def test_headings_are_coloured_by_what_the_column_is(issued, codebook, mode):
    _, book, _ = issued(mode)
    for name, columns in codebook.sheets.items():
        for asked, label, field in zip(columns, book[name][1], book[name][2], strict=True):
            colour = "FF" + FILLS[role_of(asked, assisted=mode == "assisted")]
            assert (label.fill.start_color.rgb, field.fill.start_color.rgb) == (colour, colour)
            assert (label.font.name, label.font.sz, label.font.b) == ("Arial", 10, True)
            assert (field.font.sz, field.font.color.rgb) == (8, "FF808080")


def test_every_label_has_a_comment_of_at_most_300_characters(issued, codebook):
    _, book, _ = issued()
    for name, columns in codebook.sheets.items():
        comments = [cell.comment.text for cell in book[name][1]]
        assert all(0 < len(comment) <= 300 for comment in comments)
        assert all(c.startswith(asked.definition[:200]) for c, asked in zip(comments, columns, strict=True))
    assert book["studies"]["C1"].comment.text == (
        "Whether the study meets the review's criteria.\n"
        "Codes: yes = Yes, included; no = No, excluded; ongoing = Not finished yet; "
        "awaiting = Awaiting classification; UNCLEAR; AWAIT"
    )
    assert not any(cell.comment for sheet in book.worksheets for row in sheet.iter_rows(min_row=2) for cell in row)


def test_widths_are_10_to_40_and_only_running_text_is_wrapped(issued, codebook):
    _, book, _ = issued()
    for name, columns in codebook.sheets.items():
        sheet = book[name]
        for asked, cells in zip(columns, sheet.iter_cols(), strict=True):
            assert 10 <= sheet.column_dimensions[cells[0].column_letter].width <= 40
            wraps = {bool(cell.alignment.wrap_text) for cell in cells[2:]}
            assert wraps <= {asked.field in ("definition", "support", "quote", "notes")}


def test_the_only_conditional_colour_is_a_required_cell_left_blank(issued, codebook):
    _, book, _ = issued()
    for name, columns in codebook.sheets.items():
        rules = [rule for cells in book[name].conditional_formatting for rule in cells.rules]
        assert len(rules) == sum(column.required == "yes" for column in columns)
        assert {rule.dxf.fill.bgColor.rgb for rule in rules} <= {"FFFCE4D6"}
    (first, *_) = [rule for cells in book["studies"].conditional_formatting for rule in cells.rules]
    assert first.formula == ["AND(LEN(TRIM(B3))=0,LEN($A3)>0)"]
    (first, *_) = [rule for cells in book["arms"].conditional_formatting for rule in cells.rules]
    assert first.formula == ["AND(LEN(TRIM(C3))=0,COUNTA($C3:$R3)>0)"]


# Links


def test_keys_sources_and_evidence_link_to_the_page_of_the_document(issued):
    _, book, _ = issued()
    source = f"{column(book['studies'], 'n_randomised_src')}3"
    assert book["studies"]["A3"].hyperlink.target == "../../reports/pages/entry.txt.html"
    assert book["studies"][source].hyperlink.target == "../../reports/pages/paper.txt.html#L4"
    assert book["studies"][source].hyperlink.tooltip == "paper.txt, line 4"
    assert book["arms"]["A3"].hyperlink.target == "../../reports/pages/paper.txt.html#L6"
    pages = book["evidence"][column(book["evidence"], "page")][2:]
    assert all(cell.hyperlink.target.endswith(f"#L{cell.value.removeprefix('line ')}") for cell in pages)


# Hostile text

HOSTILE = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://example.invalid","x")'),
    *("a\x07b\x0bc", "lone \ud800", "x" * 40_000),
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_reaches_no_cell_as_a_formula(issued, set_in, text):
    _, book, path = issued(these=[set_in(text)])
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    cell = book["studies"][f"{column(book['studies'], 'setting')}3"]
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t", "\r"))
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


@pytest.mark.parametrize(
    "text, cell",
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\x07b", "a␇b"),
        ("lone \ud800", "lone �"),
        (" kept ", " kept "),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("متن فارسی", "متن فارسی"),
    ],
)
def test_text_is_read_back_as_it_was_put_in(issued, set_in, text, cell):
    _, book, _ = issued(these=[set_in(text)])
    assert table(book["studies"])[0]["setting"] == cell


def test_text_that_no_cell_can_hold_is_cut_and_says_so(issued, set_in):
    _, book, _ = issued(these=[set_in("😀" * 20_000)])
    kept = table(book["studies"])[0]["setting"]
    assert len(kept.encode("utf-16-le")) // 2 <= 32_767
    assert kept.endswith("😀 … (cut here: a cell holds no more; the whole text stands at the source)")


# The same inputs give the same file


def test_the_same_inputs_give_the_same_bytes(issued):
    (*_, one), (*_, two) = issued(name="one.xlsx"), issued(name="two.xlsx")
    assert one.read_bytes() == two.read_bytes()


def test_another_extractor_or_number_of_issue_is_another_workbook(issued):
    uuids = {issued(extractor=who, number=number)[0].workbook_uuid for who in ("AB", "CD") for number in (1, 2)}
    assert len(uuids) == 4


def test_the_dates_of_the_file_are_the_snapshot_date(issued):
    _, book, _ = issued()
    assert str(book.properties.created) == str(book.properties.modified) == "2026-11-01 00:00:00"


# The README


def test_the_readme_speaks_to_a_person_who_never_saw_reviewkit(issued):
    _, book, _ = issued()
    lines = [str(cell.value) for row in book["README"].iter_rows() for cell in row if cell.value]
    asked = ("How to fill it in", "When there is no answer", "Colours of the headings", "How to add rows")
    assert {*asked, "How to return it", "Contact"} <= set(lines)
    assert {"NR", "NAP", "UNCLEAR", "AWAIT"} <= set(lines)
    assert max(map(len, lines)) <= 100
    assert "prefilled" not in [str(row[0].value) for row in issued("independent")[1]["README"].iter_rows()]


# Refusals


@pytest.mark.parametrize("extractor", ["A", "A1", "consensus", "Consensus", "ABCDEFGHI", "A B", ""])
def test_an_extractor_is_2_to_8_letters_and_not_the_reserved_name(issued, extractor):
    with pytest.raises(ReviewError) as raised:
        issued(extractor=extractor)
    assert str(raised.value) == (
        f"extractor\n  found     {extractor!r}\n  expected  2 to 8 letters that stand for one person, not consensus\n"
        "  fix       use initials, e.g. AB"
    )


def test_an_unknown_mode_names_the_nearest(issued):
    with pytest.raises(ReviewError, match="did you mean 'assisted'"):
        issued(mode="assist")


@pytest.mark.parametrize(
    "review, name",
    [("exosomes", "exosomes__1__AB.xlsx"), ("a/b: c__d", "a-b-c-d__1__AB.xlsx"), ("مرور", "review__1__AB.xlsx")],
)
def test_the_file_is_named_after_review_form_and_extractor(review, name):
    assert workbook_name(review, "1", "AB") == name


def test_the_issue_can_be_kept_as_plain_data(issued):
    made, *_ = issued()
    assert json.loads(json.dumps(made._asdict()))["columns"]["queries"][0] == "query_id"
