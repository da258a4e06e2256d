"""judgements.csv: what is read, and that no word is guessed and no row goes missing unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewkit import judgements
from reviewkit.errors import ReviewError
from reviewkit.judgements import COLUMNS, Judgement, read_judgements
from reviewkit.model import Place

ROW = {
    "result_id": "S0001-O01-T1-C1",
    "study_id": "S0001",
    "outcome": "Pain at 12 weeks",
    "tool": "rob2",
    "domain": "D1",
    "algorithm": "low",
    "final": "low",
    "override_reason": "",
    "assessor": "AB",
}


def written(tmp_path, *rows, header=COLUMNS, delimiter=","):
    """A judgements.csv with the given rows, each ROW with some cells changed."""
    lines = [delimiter.join(header), *(delimiter.join({**ROW, **row}[name] for name in COLUMNS) for row in rows)]
    path = tmp_path / "judgements.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def told(path, **more):
    return [str(problem) for problem in read_judgements(path, **more).problems]


def test_no_file_holds_no_judgements(tmp_path):
    assert read_judgements(tmp_path / "judgements.csv") == ([], [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_row_is_one_judgement_with_its_place(tmp_path, delimiter):
    assert read_judgements(written(tmp_path, {}, delimiter=delimiter)).judgements == [
        Judgement(
            "S0001-O01-T1-C1",
            "S0001",
            "Pain at 12 weeks",
            "rob2",
            "D1",
            "low",
            "low",
            None,
            "AB",
            Place("judgements.csv", row=2),
        )
    ]


@pytest.mark.parametrize(
    "word, level",
    [("some_concerns", "some_concerns"), ("Some concerns", "some_concerns"), ("LOW", "low"), ("NAP", "NAP")],
)
def test_a_level_is_its_code_or_its_title_in_any_case(tmp_path, word, level):
    (row,) = read_judgements(written(tmp_path, {"algorithm": word, "final": word})).judgements
    assert (row.algorithm, row.final) == (level, level)


def test_a_row_without_a_final_judgement_is_kept_and_is_not_final(tmp_path):
    found = read_judgements(written(tmp_path, {"final": "", "assessor": ""}))
    assert (found.judgements[0].final, found.problems) == (None, [])
    assert judgements.final_of(found.judgements, "rob2") == []


@pytest.mark.parametrize(
    "row, message",
    [
        (
            {"final": "hgih", "override_reason": "x"},
            "judgements.csv, row 2, column final\n  found     'hgih'\n"
            "  expected  one of low, some_concerns, high, NAP\n  fix       did you mean 'high'?",
        ),
        (
            {"final": "L", "algorithm": "L"},
            "judgements.csv, row 2, column algorithm\n  found     'L'\n"
            "  expected  one of low, some_concerns, high, NAP\n  fix       did you mean 'low'?",
        ),
        (
            {"final": "serious", "algorithm": ""},
            "judgements.csv, row 2, column final\n  found     'serious'\n"
            "  expected  one of low, some_concerns, high, NAP\n  fix       write one of the words expected",
        ),
        (
            {"tool": "rob 2"},
            "judgements.csv, row 2, column tool\n  found     'rob 2'\n"
            "  expected  one of rob2, rob2_cluster, robins_i, rob1\n  fix       did you mean 'rob2'?",
        ),
        (
            {"domain": "D6"},
            "judgements.csv, row 2, column domain\n  found     'D6'\n"
            "  expected  one of D1, D2, D3, D4, D5, overall\n  fix       did you mean 'D5'?",
        ),
        (
            {"assessor": ""},
            "judgements.csv, row 2, column assessor\n  found     a blank cell\n"
            "  expected  the person who made the judgement final\n  fix       write the name or letters",
        ),
        (
            {"final": "high"},
            "judgements.csv, row 2, column override_reason\n  found     a blank cell\n"
            "  expected  why 'high' and not the algorithm's 'low'\n"
            "  fix       write the reason, or take the algorithm's judgement",
        ),
        (
            {"result_id": ""},
            "judgements.csv, row 2, column result_id\n  found     a blank cell\n"
            "  expected  what was assessed: RoB 2 judges a result\n  fix       fill it in",
        ),
        (
            {"study_id": "S0011"},
            "judgements.csv, row 2, column study_id\n  found     'S0011'\n"
            "  expected  the id of a study of this review\n  fix       did you mean 'S0001'?",
        ),
    ],
)
def test_a_faulty_cell_is_named_with_what_was_meant(tmp_path, row, message):
    assert told(written(tmp_path, row), study_ids=["S0001", "S0002"])[0] == message


def test_every_fault_of_every_row_is_told_at_once_and_the_sound_rows_stand(tmp_path):
    rows = [{"final": "medium"}, {"domain": "D2"}, {"domain": "D9", "assessor": ""}, {"study_id": ""}]
    found = read_judgements(written(tmp_path, *rows))
    assert [(problem.place.row, problem.place.column) for problem in found.problems] == [
        (2, "final"),
        (2, "override_reason"),
        (4, "domain"),
        (4, "assessor"),
        (5, "study_id"),
    ]
    assert [judgement.domain for judgement in found.judgements] == ["D2"]


def test_a_domain_judged_twice_is_told_and_the_first_stands(tmp_path):
    path = written(tmp_path, {}, {"final": "high", "override_reason": "seen"})
    assert told(path) == [
        "judgements.csv, row 3, column domain\n"
        "  found     S0001-O01-T1-C1, D1, a second time (first in row 2)\n"
        "  expected  each domain of a result once\n"
        "  fix       keep the row that was agreed on, delete the other"
    ]


def test_one_result_is_of_one_study_and_one_outcome(tmp_path):
    assert told(written(tmp_path, {}, {"domain": "D2", "outcome": "Pain"})) == [
        "judgements.csv, row 3, column outcome\n  found     'Pain'\n"
        "  expected  'Pain at 12 weeks', as in row 2 of the same result\n  fix       give each result its own result_id"
    ]


def test_an_overall_judgement_milder_than_its_worst_domain_needs_a_reason(tmp_path):
    high = {"algorithm": "high", "final": "high"}
    assert told(written(tmp_path, high, {"domain": "overall"})) == [
        "judgements.csv, row 3, column final\n  found     'low' overall\n"
        "  expected  at least 'high', as D1 in row 2\n"
        "  fix       correct the judgement, or write the reason in override_reason"
    ]
    assert told(written(tmp_path, high, {"domain": "overall", "override_reason": "seen in the protocol"})) == []
    assert told(written(tmp_path, {}, {**high, "domain": "overall"})) == []  # people may raise it


def test_the_judgements_of_the_example_are_sound_and_say_that_they_are_made_up():
    found = read_judgements(Path(__file__).parents[1] / "data" / "exosomes" / "judgements.csv")
    assert found.problems == []
    final = judgements.final_of(found.judgements, "rob2")
    assert {judgement.assessor for judgement in final} == {"Example Assessor (fictitious)"}
    assert all(judgement.outcome.endswith("(illustration)") for judgement in found.judgements)


@pytest.mark.parametrize(
    "header, message",
    [
        (
            [*COLUMNS[:-1], "assesor"],
            "judgements.csv, row 1, column assesor\n  found     the column 'assesor'\n"
            f"  expected  the columns {', '.join(COLUMNS)}\n  fix       did you mean 'assessor'?",
        ),
        (
            COLUMNS[:-1],
            "judgements.csv, row 1\n  found     no column assessor\n"
            f"  expected  the columns {', '.join(COLUMNS)}\n"
            "  fix       add the column; its cells may be blank where there is nothing to say",
        ),
    ],
)
def test_an_unknown_or_missing_column_refuses_the_file(tmp_path, header, message):
    with pytest.raises(ReviewError) as error:
        read_judgements(written(tmp_path, header=header))
    assert str(error.value) == message


def test_an_apostrophe_before_what_looks_like_a_formula_is_taken_off(tmp_path):
    path = written(tmp_path, {"final": "high", "override_reason": "'=looks like a formula"})
    assert read_judgements(path).judgements[0].override_reason == "=looks like a formula"


@pytest.mark.parametrize("tool", judgements.tools().values(), ids=lambda tool: tool.id)
def test_every_tool_names_its_domains_and_every_level_has_a_title(tool):
    assert tool.per in ("result", "study") and tool.name and tool.source
    assert all(tool.domains.values()) and "overall" not in tool.domains
    assert set(tool.levels) <= set(judgements.level_titles())


@pytest.mark.parametrize("tool", judgements.tools().values(), ids=lambda tool: tool.id)
def test_every_domain_and_level_of_every_tool_is_read(tmp_path, tool):
    rows = [
        {"tool": tool.id, "domain": domain, "result_id": f"R-{level}", "algorithm": "", "final": level}
        for domain in (*tool.domains, "overall")
        for level in tool.levels
    ]
    found = read_judgements(written(tmp_path, *rows))
    assert (found.problems, len(found.judgements)) == ([], len(rows))
