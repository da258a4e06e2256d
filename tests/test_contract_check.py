"""The contract of `reviewkit check` and `rk.check`: one study a line, with its findings and what they rest on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import reviewkit as rk
from reviewkit.cli import main

EXAMPLES = Path(__file__).parents[1] / "data/exosomes/documents"
STUDY_KEYS = ["study", "records", "findings"]
FINDING_KEYS = ["check", "verdict", "message", "because"]
ONLY_WHERE_USED = {"rule", "basis", "days", "days_min", "days_max", "registration"}
VALUE_KEYS = ["field", "item", "value", "state", "quote", "place", "method", "detail"]
VERDICTS = {"CONSISTENT", "INCONSISTENT", "ATTENTION", "NOT_ASSESSABLE"}
TIMING = {"PROSPECTIVE", "RETROSPECTIVE", "INDETERMINATE", "NOT_ASSESSABLE"}
INCONSISTENT = {"model-arms-allocation", "dose-total", "parts-and-whole", "calendar-agreement", "date-order"}
INCONSISTENT |= {"declared-timing", "target-and-arms"}
INCONSISTENT |= {f"registry-and-paper-{what}" for what in ("size", "phase", "masking", "model", "dates")}
ATTENTION = {"allocation-rule", "size-change", "status-and-dates", "late-update", "sharing-plan", "masking-and-roles"}
ATTENTION |= {"missing-registry-record"}
EITHER = {"ethics-timing"}
TABLE = "ids.primary,registration.date,date.first_enrolment,date.first_enrolment.kind\n"


def check(*paths: Path | str) -> list[dict[str, Any]]:
    """`reviewkit check --json PATH…` of documents without a problem."""
    result = run(*paths)
    assert (result.exit_code, result.stderr) == (0, "")
    return [json.loads(line) for line in result.stdout.splitlines()]


def run(*paths: Path | str) -> Result:
    result = CliRunner().invoke(main, ["check", "--json", "--", *map(str, paths)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def timing(row: str, tmp_path: Path) -> dict[str, Any]:
    """The finding of registration timing for one row of a table, without its message and values."""
    (tmp_path / "t.csv").write_text(f"{TABLE}{row}\n")
    (study,) = check(tmp_path / "t.csv")
    (finding,) = [finding for finding in study["findings"] if finding["check"] == "registration-timing"]
    return {key: value for key, value in finding.items() if key not in ("message", "because")}


@pytest.fixture(scope="module")
def studies() -> list[dict[str, Any]]:
    return check(EXAMPLES)


def test_a_study_and_a_finding_have_the_keys_of_the_contract(studies):
    assert [list(study) for study in studies] == [STUDY_KEYS] * len(studies)
    for study in studies:
        assert all(list(record) == ["document", "record"] for record in study["records"])
        for finding in study["findings"]:
            assert list(finding)[:4] == FINDING_KEYS
            assert set(finding) - set(FINDING_KEYS) <= ONLY_WHERE_USED
            assert finding["message"].endswith(".")
            assert all(list(value) == VALUE_KEYS for value in finding["because"])
            assert finding["because"] or finding["verdict"] == "NOT_ASSESSABLE"


def test_each_check_has_the_verdicts_of_the_contract(studies):
    for finding in (finding for study in studies for finding in study["findings"]):
        name, verdict = finding["check"], finding["verdict"]
        assert name == "registration-timing" or name in INCONSISTENT | ATTENTION | EITHER
        assert verdict in (TIMING if name == "registration-timing" else VERDICTS)
        assert name not in INCONSISTENT or verdict != "ATTENTION"
        assert name not in ATTENTION or verdict != "INCONSISTENT"


def test_registration_timing_is_always_there(studies):
    for study in studies:
        assert [finding["check"] for finding in study["findings"]].count("registration-timing") >= 1


def test_records_of_one_number_are_one_study_named_by_it(studies):
    assert {study["study"]: [record["document"] for record in study["records"]] for study in studies} == {
        "NCT09900413": ["NCT09900413.json", "dataset-lung-fibrosis.txt"],
        "IRCT20990114071003N12": ["irct-foot-ulcer.txt"],
        "IRCT20990530088417N3": ["irct-knee-osteoarthritis.txt"],
        "NCT09900627": ["listing-dry-eye.txt"],
        "consumer-tennis-elbow.txt": ["consumer-tennis-elbow.txt"],
        "NCT09900538": ["registry-smell-loss.json", "report-smell-loss.txt"],
    }


def test_registry_and_paper_are_compared_only_where_both_are_loaded(studies):
    compared = {s["study"] for s in studies for f in s["findings"] if f["check"].startswith("registry-and-paper-")}
    assert compared == {"NCT09900413", "NCT09900538"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("NCT09900413,2021-04-01,2020-12-05,ACTUAL", ("RETROSPECTIVE", "actual_start", {"days": 117})),
        ("NCT09900413,2021-04-19,2021-05-20,ANTICIPATED", ("PROSPECTIVE", "anticipated_start", {"days": -31})),
        ("NCT09900413,2021-05-20,2021-05-20,", ("PROSPECTIVE", "unknown_start", {"days": 0})),
        ("NCT09900413,2021-05-20,2021-05,ACTUAL", ("INDETERMINATE", "actual_start", {"days_min": -11, "days_max": 19})),
        ("NCT09900413,2021-07-01,2021-05,ACTUAL", ("RETROSPECTIVE", "actual_start", {"days_min": 31, "days_max": 61})),
        ("NCT09900413,2021,2023,ACTUAL", ("PROSPECTIVE", "actual_start", {"days_min": -1094, "days_max": -366})),
    ],
)
def test_days_are_registration_minus_start(row: str, said: tuple, tmp_path: Path):
    verdict, basis, days = said
    expected = {"check": "registration-timing", "verdict": verdict, "rule": "strict", "basis": basis, **days}
    assert timing(row, tmp_path) == expected


@pytest.mark.parametrize("row", ["NCT09900413,,2021-05-20,ACTUAL", "NCT09900413,2021-05-20,,", "NCT09900413,,,"])
def test_without_a_date_timing_is_not_assessable_and_has_no_days(row: str, tmp_path: Path):
    finding = timing(row, tmp_path)
    assert finding["verdict"] == "NOT_ASSESSABLE"
    assert not {"days", "days_min", "days_max"} & set(finding)


def test_problems_are_told_beside_and_the_other_studies_come_out(tmp_path: Path):
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "t.csv").write_text(f"{TABLE}NCT09900413,2021-04-01,2020-12-05,ACTUAL\n")
    result = run(tmp_path)
    assert result.exit_code == 1
    assert [json.loads(line)["study"] for line in result.stdout.splitlines()] == ["NCT09900413"]
    assert [json.loads(line)["document"] for line in result.stderr.splitlines()] == ["bad.pdf"]


def test_documents_of_one_name_in_two_folders_are_two_studies(tmp_path: Path):
    for name, arms in (("x", "two"), ("y", "three")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"This randomised trial enrolled adults in {arms} parallel arms.\n")
    assert [study["study"] for study in check(tmp_path / "x", tmp_path / "y")] == ["a.txt", "a.txt"]


def test_in_a_review_a_study_is_named_by_its_id(tmp_path: Path):
    review = rk.new_review(tmp_path / "review", today="2026-11-01")
    (review / "documents/t.csv").write_text(
        f"{TABLE}NCT09900413,2021-04-01,2020-12-05,ACTUAL\nNCT09900414,2021-04-01,2020-12-05,ACTUAL\n"
    )
    assert [study["study"] for study in check(review)] == ["S0001", "S0002"]
    assert [view.study_id for view in rk.open_review(review).studies] == ["S0001", "S0002"]


def test_python_checks_a_study_and_a_view_of_a_review_alike(tmp_path: Path):
    review = rk.new_review(tmp_path / "review", today="2026-11-01")
    (review / "documents/t.csv").write_text(f"{TABLE}NCT09900413,2021-04-01,2020-12-05,ACTUAL\n")
    (study,) = rk.studies(review / "documents")
    (view,) = rk.open_review(review).studies
    assert study.study == "NCT09900413"
    assert rk.check(study) == rk.check(view) == view.findings
    assert [record.document for record in view.records] == ["t.csv"]


@pytest.mark.real
def test_the_timing_of_the_five_real_documents_is_that_of_the_issue(shared: Path):
    said = {}
    for study in check(shared / "seeds"):
        (finding,) = [finding for finding in study["findings"] if finding["check"] == "registration-timing"]
        said[study["records"][0]["document"][:3]] = (finding["verdict"], finding.get("basis"), finding.get("days"))
    assert said == {
        "000": ("RETROSPECTIVE", "anticipated_start", 117),
        "001": ("PROSPECTIVE", "anticipated_start", -31),
        "002": ("NOT_ASSESSABLE", None, None),
        "003": ("NOT_ASSESSABLE", None, None),
        "004": ("NOT_ASSESSABLE", None, None),
    }
