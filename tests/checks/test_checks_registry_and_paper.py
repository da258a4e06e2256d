"""Registry records beside publications; and all checks together."""

from __future__ import annotations

import msgspec
import pytest

from reviewkit import checks, sources
from reviewkit.checks import registry_and_paper as beside
from reviewkit.documents import open_document
from reviewkit.model import Study

NAMES = [
    "registration-timing",
    "declared-timing",
    "calendar-agreement",
    "status-and-dates",
    "date-order",
    "ethics-timing",
    "masking-and-roles",
    "model-arms-allocation",
    "target-and-arms",
    "allocation-rule",
    "late-update",
    "size-change",
    "dose-total",
    "parts-and-whole",
    "sharing-plan",
    "missing-registry-record",
    "between-registries",
    "registry-and-paper-size",
    "registry-and-paper-phase",
    "registry-and-paper-masking",
    "registry-and-paper-model",
    "registry-and-paper-dates",
    "history-size",
    "history-dates",
    "history-outcomes",
    "history-masking",
    "history-eligibility",
]


@pytest.fixture
def both(value, record, study):
    """A study of one registry record and one paper; each side is a list of (field, value, detail)."""

    def make(registry, paper):
        def side(facts, kind):
            return record(*(value(field, fact, **detail) for field, fact, detail in facts), kind=kind)

        return study(side(registry, "registry"), side(paper, "publication"))

    return make


def sizes(**numbers):
    return [(f"enrolment.{role}", n, {}) for role, n in numbers.items()]


@pytest.mark.parametrize(
    "registry, paper, told_as",
    [
        ({"target": 30}, {"target": 30},
         ("CONSISTENT", "The sizes agree: 30 planned against 30 planned (registry: 30 planned; paper: 30 planned).")),
        ({"target": 30, "actual": 28}, {"target": 30, "randomised": 24, "treated": 28},
         ("INCONSISTENT", "The sizes differ: 28 enrolled against 24 randomised "
          "(registry: 30 planned, 28 enrolled; paper: 30 planned, 24 randomised, 28 treated).")),
        ({"actual": 24}, {"target": 30, "treated": 7},
         ("INCONSISTENT", "The sizes differ: 24 enrolled against 7 treated "
          "(registry: 24 enrolled; paper: 30 planned, 7 treated). "
          "Treated does not stand in for randomised, nor for enrolled.")),
        ({"target": 30}, {"actual": 7},
         ("NOT_ASSESSABLE", "No two sizes of one role stand side by side (registry: 30 planned; paper: 7 enrolled); "
          "a plan is not compared with what was achieved.")),
        ({"actual": 7}, {"actual": 7, "treated": 6},
         ("CONSISTENT", "The sizes agree: 7 enrolled against 7 enrolled "
          "(registry: 7 enrolled; paper: 7 enrolled, 6 treated).")),
    ],
)  # fmt: skip
def test_sizes_are_compared_role_by_role(both, told, registry, paper, told_as):
    (finding,) = beside.registry_and_paper_size(both(sizes(**registry), sizes(**paper)))
    assert told(finding) == told_as
    assert len(finding.because) == len(registry) + len(paper)


def test_the_phase_differs_with_the_words_of_the_paper(both, told):
    paper = [("design.phase", ["PHASE2"], {"as_written": "2a"})]
    (finding,) = beside.registry_and_paper_phase(both([("design.phase", ["PHASE1"], {"as_written": "1"})], paper))
    assert told(finding) == (
        "INCONSISTENT",
        "Registry and paper differ on phase: phase 1 in the registry, phase 2 (written 2a) in the paper.",
    )


def test_masking_is_compared_by_label_and_by_roles(both, told):
    registry = [("masking.label", "DOUBLE", {}), ("masking.roles", ["PARTICIPANT", "INVESTIGATOR"], {})]
    paper = [("masking.label", "DOUBLE", {}), ("masking.roles", ["PARTICIPANT", "OUTCOMES_ASSESSOR"], {})]
    (finding,) = beside.registry_and_paper_masking(both(registry, paper))
    assert told(finding) == (
        "INCONSISTENT",
        "Registry and paper differ on masked roles: participant and investigator in the registry, "
        "participant and outcomes assessor in the paper.",
    )
    (finding,) = beside.registry_and_paper_masking(both(registry, paper[:1]))
    assert told(finding) == ("CONSISTENT", "Registry and paper agree on masking label: double.")


def test_model_and_allocation_are_one_finding(both, told):
    registry = [("design.model", "PARALLEL", {}), ("design.allocation", "RANDOMIZED", {})]
    paper = [("design.model", "SINGLE_GROUP", {}), ("design.allocation", "RANDOMIZED", {})]
    (finding,) = beside.registry_and_paper_model(both(registry, paper))
    assert told(finding) == (
        "INCONSISTENT",
        "Registry and paper differ on intervention model: parallel in the registry, single group in the paper.",
    )


@pytest.mark.parametrize(
    "registry, kind, paper, told_as",
    [
        ("2020-03-01", "ACTUAL", "2020-03",
         ("CONSISTENT",
          "Registry and paper agree on first enrolment (2020-03-01 in the registry, 2020-03 in the paper).")),
        ("2020-02-15", "ACTUAL", "2020-03",
         ("INCONSISTENT", "Registry and paper differ on first enrolment "
          "(2020-02-15 in the registry, 2020-03 in the paper, at least 15 days apart).")),
        ("2020-02-15", "ANTICIPATED", "2020-03",
         ("NOT_ASSESSABLE", "Only plans stand beside what happened: "
          "planned first enrolment 2020-02-15 and first enrolment 2020-03.")),
    ],
)  # fmt: skip
def test_dates_differ_only_if_they_cannot_be_one_day(both, told, registry, kind, paper, told_as):
    start = "date.first_enrolment"
    (finding,) = beside.registry_and_paper_dates(
        both([(start, registry, {"kind": kind})], [(start, paper, {"kind": "UNKNOWN"})])
    )
    assert told(finding) == told_as


def test_one_kind_of_record_alone_is_compared_with_nothing(value, record, study):
    alone = study(record(value("enrolment.target", 30)), record(value("enrolment.target", 20), kind="mirror"))
    assert [finding for run in beside.CHECKS for finding in run(alone)] == []


def test_every_check_has_its_name_and_its_source():
    assert [run.__name__.replace("_", "-") for run in checks.CHECKS] == NAMES
    assert [run.__name__ for run in checks.CHECKS if "Source: " not in (run.__doc__ or "")] == []


def test_a_study_that_says_nothing_has_one_finding(study):
    assert [(f.check, f.verdict) for f in checks.check(study())] == [("registration-timing", "NOT_ASSESSABLE")]


@pytest.mark.real
@pytest.mark.parametrize(
    "document, name, verdict, lines",
    [
        ("000", "registration-timing", "RETROSPECTIVE", {49, 91}),
        ("000", "allocation-rule", "ATTENTION", {129}),
        ("000", "status-and-dates", "ATTENTION", {85, 91, 95, 97, 99}),
        ("000", "sharing-plan", "ATTENTION", {471, 511}),
        ("001", "registration-timing", "PROSPECTIVE", {53, 93}),
        ("001", "masking-and-roles", "ATTENTION", {166, 147}),
        ("001", "size-change", "ATTENTION", {45, 154}),
        ("001", "late-update", "ATTENTION", {57, 59, 97}),
        ("001", "sharing-plan", "ATTENTION", {662, 698, 702}),
        ("002", "missing-registry-record", "ATTENTION", None),
        ("003", "dose-total", "INCONSISTENT", {18, 26}),
        ("003", "parts-and-whole", "CONSISTENT", {22}),
        ("004", "model-arms-allocation", "INCONSISTENT", None),
    ],
)
def test_the_contradictions_of_the_real_documents_are_found(shared, document, name, verdict, lines):
    (path,) = (shared / "seeds").glob(f"{document}_*")
    problems = []
    records = list(sources.read(open_document(path, path.name, problems.append)))
    (finding,) = [f for f in checks.check(Study(path.name, records)) if f.check == name]
    assert finding.verdict == verdict
    assert lines is None or {value.place.line for value in finding.because} == lines


@pytest.mark.real
def test_every_finding_on_real_documents_rests_on_values_and_can_be_written(shared):
    for path in sorted((shared / "seeds").iterdir()):
        records = list(sources.read(open_document(path, path.name, [].append)))
        for finding in checks.check(Study(path.name, records)):
            assert finding.because or finding.verdict == "NOT_ASSESSABLE", finding
            assert msgspec.json.decode(msgspec.json.encode(finding))["verdict"] == finding.verdict
