"""The examples and the documentation: what they promise is there, and nothing real is in what is called constructed."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import shutil
import sys
import tomllib
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

import reviewkit as rk
from reviewkit import checks, judgements, sources
from reviewkit.cli import main
from reviewkit.dates import read_date
from reviewkit.documents import Document, open_document
from reviewkit.errors import Problem
from reviewkit.fields import catalogue
from reviewkit.identifiers import find_ids
from reviewkit.linking import claims_of
from reviewkit.model import Finding, Record, Study
from reviewkit.words import members

ROOT = Path(__file__).parents[1]
EXOSOMES, AUDIT = ROOT / "data/exosomes", ROOT / "data/timing-audit"
DOCUMENTS = sorted((EXOSOMES / "documents").iterdir())
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# Long labels and answers that every export of a registry carries word by word.
FIXED_LINES = re.compile(r"(?:Yes|No|Undecided) - |\D+document|.*Is the source|When the|Person responsible")
FOOT, KNEE = "irct-foot-ulcer.txt", "irct-knee-osteoarthritis.txt"
REGISTRY, PAPER = "NCT09900413.json", "dataset-lung-fibrosis.txt"
LISTING, CONSUMER = "listing-dry-eye.txt", "consumer-tennis-elbow.txt"
TRIAL, RESULTS = "registry-smell-loss.json", "report-smell-loss.txt"


def read(path: Path) -> list[Record]:
    """The records of one document; it must be read without any problem."""
    problems: list[Problem] = []
    records = list(sources.read(open_document(path, path.name, problems.append)))
    assert problems == []
    return records


@pytest.fixture(scope="module")
def records() -> dict[str, Record]:
    """The record of each constructed document, by the document's name."""
    found = {path.name: read(path) for path in DOCUMENTS}
    assert all(len(record) == 1 for record in found.values())
    return {name: record[0] for name, record in found.items()}


@pytest.fixture(scope="module")
def findings(records: dict[str, Record]) -> dict[str, list[Finding]]:
    """The findings of each constructed study, by the name of its first document."""
    studies: dict[str, Study] = {}
    for record in records.values():
        studies.setdefault(claims_of(record).own[0], Study(claims_of(record).own[0], [])).records.append(record)
    return {study.records[0].document: checks.check(study) for study in studies.values()}


def load(path: Path, name: str) -> ModuleType:
    """The module in a file outside the package."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- the constructed documents -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_constructed_document_says_so(path: Path):
    assert "CONSTRUCTED EXAMPLE" in path.read_text(encoding="utf-8")


def test_the_review_itself_says_that_it_is_constructed():
    review = tomllib.loads((EXOSOMES / "review.toml").read_text(encoding="utf-8"))
    assert review["review"]["constructed"] is True
    assert "constructed example" in review["review"]["title"]


def test_the_example_asks_the_questions_that_a_new_review_asks():
    assert (EXOSOMES / "codebook.csv").read_bytes() == (ROOT / "templates/codebook.csv").read_bytes()


def test_constructed_registration_numbers_are_of_ranges_no_registry_has_reached():
    found = {number.value for path in DOCUMENTS for number in find_ids(path.read_text(encoding="utf-8"))}
    of_trials = {"NCT09900413", "NCT09900538", "NCT09900627", "IRCT20990114071003N12", "IRCT20990530088417N3"}
    assert found == of_trials | {"NCT09900299"}  # the background of a report names another trial


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_constructed_mail_address_or_phone_can_reach_anybody(path: Path):
    text = path.read_text(encoding="utf-8")
    assert all(host == "example.org" for host in re.findall(r"@([\w.\-]+)", text))
    assert all(re.fullmatch(r"\+98 00 0000 \d{4}", phone) for phone in re.findall(r"\+\d[\d ]+\d", text))


@pytest.mark.parametrize(
    ("document", "source", "kind"),
    [
        (FOOT, "irct", "registry"),
        (KNEE, "irct", "registry"),
        (REGISTRY, "ctgov", "registry"),
        (PAPER, "dataset-page", "publication"),
        (LISTING, "listing-page", "mirror"),
        (CONSUMER, "consumer-page", "mirror"),
        (TRIAL, "ctgov", "registry"),
        (RESULTS, "text", "publication"),
    ],
)
def test_each_document_is_recognised_as_the_form_it_was_made_in(records, document, source, kind):
    assert (records[document].source, records[document].kind) == (source, kind)


@pytest.mark.parametrize(
    ("document", "field", "value", "quote", "line"),
    [
        (FOOT, "ids.primary", "IRCT20990114071003N12", "IRCT20990114071003N12", 47),
        (FOOT, "enrolment.target", 12, "12", 125),
        (FOOT, "masking.roles", ["PARTICIPANT", "OUTCOMES_ASSESSOR"], "- Participant - Outcome assessor", 121),
        (FOOT, "design.phase", ["PHASE1", "PHASE2"], "1-2", 118),
        (KNEE, "enrolment.target", 48, "48", 154),
        (KNEE, "masking.label", "DOUBLE", "Double blinded", 166),
        (KNEE, "registration.update_count", 2, "2", 59),
        (PAPER, "ids.primary", "NCT09900413", "NCT09900413", 30),
        (PAPER, "enrolment.target", 30, "Thirty", 18),
        (PAPER, "enrolment.treated", 7, "Seven", 22),
        (PAPER, "design.phase", ["PHASE2"], "phase 2a", 18),
        (LISTING, "ids.primary", "NCT09900627", "NCT09900627", 13),
        (LISTING, "masking.label", "SINGLE", "single-blind", 9),
        (CONSUMER, "enrolment.target", 32, "32", 45),
        (CONSUMER, "design.model", "SINGLE_GROUP", "In this study, all participants receive the same treatment.", 60),
        (RESULTS, "ids.primary", "NCT09900538", "NCT09900538", 35),
        (RESULTS, "acronym", "SCENTEXO", "SCENTEXO", 11),
        (RESULTS, "masking.label", "DOUBLE", "double-blind", 3),
        (
            RESULTS,
            "masking.roles",
            ["PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"],
            "Participants, physicians, investigators and outcome assessors were unaware of the group until the "
            "database had been locked",
            17,
        ),
        (RESULTS, "random.type", ["BLOCK", "STRATIFIED"], "randomly permuted blocks of four and six, stratified", 15),
    ],
)
def test_the_values_are_read_with_their_words_and_lines(records, document, field, value, quote, line):
    read_value = records[document].first(field)
    assert (read_value.value, read_value.quote.lstrip("- "), read_value.place.line) == (value, quote.lstrip("- "), line)


def test_the_registry_record_of_the_paper_says_actual_enrolment_and_phase_one(records):
    said = {field: records[REGISTRY].first(field).value for field in ("enrolment.actual", "design.phase", "acronym")}
    assert said == {"enrolment.actual": 24, "design.phase": ["PHASE1"], "acronym": "FIBREXO"}


def test_the_registry_record_of_the_randomised_trial_says_what_the_report_is_laid_beside(records):
    expected = {
        "ids.primary": "NCT09900538",
        "registration.date": "2023-05-09",
        "enrolment.actual": 96,
        "design.allocation": "RANDOMIZED",
        "design.model": "PARALLEL",
        "masking.label": "QUADRUPLE",
        "masking.roles": ["PARTICIPANT", "CARE_PROVIDER", "INVESTIGATOR", "OUTCOMES_ASSESSOR"],
    }
    assert {field: records[TRIAL].first(field).value for field in expected} == expected


def test_every_size_of_the_results_report_has_its_role_and_none_is_of_the_trials_it_cites(records):
    sizes = [value for value in records[RESULTS].reported if value.field.startswith("enrolment.")]
    assert [(value.field, value.value, value.quote, value.place.line) for value in sizes] == [
        ("enrolment.target", 94, "94", 13),
        ("enrolment.screened", 131, "131", 23),
        ("enrolment.randomised", 96, "96", 23),
        ("enrolment.lost", 5, "five", 25),
        ("enrolment.analysed", 91, "91", 25),
    ]


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (FOOT, "enrolment.actual"),
        (KNEE, "enrolment.actual"),
        (REGISTRY, "enrolment.target"),
        (PAPER, "enrolment.actual"),
        (LISTING, "enrolment.target"),
        (LISTING, "enrolment.actual"),
        (LISTING, "design.phase"),
        (LISTING, "masking.roles"),
        (CONSUMER, "ids.primary"),
        (CONSUMER, "enrolment.actual"),
        (TRIAL, "enrolment.target"),
        (RESULTS, "enrolment.actual"),
        (RESULTS, "enrolment.treated"),
    ],
)
def test_what_a_document_does_not_say_of_its_trial_has_no_value(records, document, field):
    assert records[document].known(field) == []


@pytest.mark.parametrize(
    ("document", "check", "verdict"),
    [
        (FOOT, "registration-timing", "RETROSPECTIVE"),
        (FOOT, "declared-timing", "CONSISTENT"),
        (FOOT, "calendar-agreement", "CONSISTENT"),
        (FOOT, "status-and-dates", "ATTENTION"),
        (FOOT, "masking-and-roles", "CONSISTENT"),
        (FOOT, "allocation-rule", "ATTENTION"),
        (FOOT, "sharing-plan", "ATTENTION"),
        (KNEE, "registration-timing", "PROSPECTIVE"),
        (KNEE, "masking-and-roles", "ATTENTION"),
        (KNEE, "size-change", "ATTENTION"),
        (KNEE, "late-update", "ATTENTION"),
        (KNEE, "target-and-arms", "CONSISTENT"),
        (REGISTRY, "registration-timing", "RETROSPECTIVE"),
        (REGISTRY, "dose-total", "INCONSISTENT"),
        (REGISTRY, "parts-and-whole", "CONSISTENT"),
        (REGISTRY, "registry-and-paper-size", "INCONSISTENT"),
        (REGISTRY, "registry-and-paper-phase", "INCONSISTENT"),
        (REGISTRY, "registry-and-paper-model", "CONSISTENT"),
        (LISTING, "registration-timing", "NOT_ASSESSABLE"),
        (LISTING, "missing-registry-record", "ATTENTION"),
        (CONSUMER, "registration-timing", "NOT_ASSESSABLE"),
        (CONSUMER, "model-arms-allocation", "INCONSISTENT"),
        (CONSUMER, "missing-registry-record", "ATTENTION"),
        (TRIAL, "registration-timing", "PROSPECTIVE"),
        (TRIAL, "late-update", "ATTENTION"),
        (TRIAL, "masking-and-roles", "CONSISTENT"),
        (TRIAL, "masking-and-roles", "ATTENTION"),
        (TRIAL, "dose-total", "CONSISTENT"),
        (TRIAL, "parts-and-whole", "CONSISTENT"),
        (TRIAL, "registry-and-paper-size", "CONSISTENT"),
        (TRIAL, "registry-and-paper-phase", "CONSISTENT"),
        (TRIAL, "registry-and-paper-model", "CONSISTENT"),
        (TRIAL, "registry-and-paper-masking", "INCONSISTENT"),
    ],
)
def test_the_findings_are_those_the_documents_were_made_for(findings, document, check, verdict):
    assert [finding.verdict for finding in findings[document] if finding.check == check].count(verdict) >= 1


@pytest.mark.parametrize(
    ("document", "basis", "days"),
    [
        (FOOT, "anticipated_start", 49),
        (KNEE, "anticipated_start", -24),
        (REGISTRY, "actual_start", 1),
        (TRIAL, "actual_start", -27),
    ],
)
def test_registration_is_as_many_days_late_as_the_dates_say(findings, document, basis, days):
    (timing,) = [finding for finding in findings[document] if finding.check == "registration-timing"]
    assert (timing.basis, timing.days) == (basis, days)


def test_registry_record_and_paper_are_one_study(findings):
    assert set(findings) == {FOOT, KNEE, REGISTRY, LISTING, CONSUMER, TRIAL}


# --- the randomised trial, its proposals and its judgements ---------------------------------------------------------

# What a reader of report-smell-loss.txt may plausibly answer; the judgements of the example follow from these answers.
ANSWERS = {
    "S0006-O01-T1-C1": {
        "D1": {"1.1": "Y", "1.2": "Y", "1.3": "N"},
        "D2": {"2.1": "N", "2.2": "N", "2.6": "Y"},
        "D3": {"3.1": "PN", "3.2": "PY"},  # 91 of 96; imputation changed little
        "D4": {"4.1": "N", "4.2": "N", "4.3": "N"},
        "D5": {"5.1": "Y", "5.2": "N", "5.3": "N"},
    },
    "S0006-O02-T1-C1": {
        "D1": {"1.1": "Y", "1.2": "Y", "1.3": "N"},
        "D2": {"2.1": "N", "2.2": "N", "2.6": "N", "2.7": "PN"},  # analysed per protocol
        "D3": {"3.1": "N", "3.2": "N", "3.3": "PY", "3.4": "PN"},  # 82 of 96 diaries, as many in each group
        "D4": {"4.1": "N", "4.2": "N", "4.3": "N"},
        "D5": {"5.1": "Y", "5.2": "N", "5.3": "PN"},
    },
}


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the example review: opening it writes."""
    return Path(shutil.copytree(EXOSOMES, tmp_path / "exosomes"))


def test_studies_get_their_ids_in_the_order_of_the_documents(example: Path):
    numbered = {view.study_id: [record.document for record in view.records] for view in rk.open_review(example).studies}
    assert numbered == {
        "S0001": [REGISTRY, PAPER],
        "S0002": [CONSUMER],
        "S0003": [FOOT],
        "S0004": [KNEE],
        "S0005": [LISTING],
        "S0006": [TRIAL, RESULTS],
    }


def test_the_results_report_is_searched_so_that_its_words_propose_answers_about_what_was_done():
    (study,) = rk.studies(EXOSOMES / "documents" / TRIAL, EXOSOMES / "documents" / RESULTS)
    made = rk.propose(study, "rob2")
    assert (made.study, made.effect, made.refused) == ("NCT09900538", "assignment", None)
    assert {(p.planned, p.conflict) for p in made.proposals} == {(False, False)}
    unaware = "investigators and outcome assessors were unaware of the group until the database had been locked"
    assert [(p.question, p.answer, p.strength, p.because[0].quote) for p in made.proposals] == [
        ("1.1", "Y", "strong", "generated by computer"),
        ("1.2", "Y", "strong", "Allocation was concealed by a central web-based randomisation system"),
        ("2.1", "N", "strong", f"Participants, physicians, {unaware}"),
        ("2.2", "N", "strong", f"physicians, {unaware}"),
        ("2.6", "PY", "medium", "intention to treat"),
        ("4.3", "N", "strong", unaware.removeprefix("investigators and ")),
    ]


def test_where_the_results_report_does_not_say_how_groups_were_made_the_proposal_is_no_information(tmp_path: Path):
    """The same report without its paragraph on the sequence and its concealment; the registry entry is left out too."""
    lines = (EXOSOMES / "documents" / RESULTS).read_text(encoding="utf-8").splitlines(keepends=True)
    assert lines[14].startswith("The allocation sequence")
    (tmp_path / "report.txt").write_text("".join([*lines[:14], *lines[15:]]), encoding="utf-8")
    (study,) = rk.studies(tmp_path)
    made = {p.question: (p.answer, p.strength, p.planned, p.rule) for p in rk.propose(study, "rob2").proposals}
    assert {question: made[question] for question in ("1.1", "1.2")} == {
        "1.1": ("NI", "medium", False, "randomised-without-method"),
        "1.2": ("NI", "weak", False, "searched-and-silent"),
    }


def test_every_judgement_of_the_example_is_what_the_algorithm_gives_for_plausible_answers():
    found = judgements.read_judgements(EXOSOMES / "judgements.csv", study_ids=["S0006"])
    assert found.problems == []
    given: dict[str, dict[str, str | None]] = {}
    for row in found.judgements:
        given.setdefault(row.result_id, {})[row.domain] = row.algorithm
    judged = {
        result: {domain: rk.judge("rob2", domain, told) for domain, told in domains.items()}
        for result, domains in ANSWERS.items()
    }
    assert given == {result: {**domains, "overall": rk.overall("rob2", domains)} for result, domains in judged.items()}


def test_only_the_overall_judgement_that_departs_from_the_algorithm_has_a_reason():
    found = judgements.read_judgements(EXOSOMES / "judgements.csv").judgements
    assert [
        (row.result_id, row.domain, row.algorithm, row.final, row.override_reason)
        for row in found
        if row.override_reason or row.final != row.algorithm
    ] == [
        (
            "S0006-O02-T1-C1",
            "overall",
            "some_concerns",
            "high",
            "Illustration only: many diaries missing and an analysis per protocol, taken together",
        )
    ]


def test_judgements_of_the_example_are_said_to_be_an_illustration():
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## The examples\n", 1)[1]
    first = " ".join(section.strip().split("\n\n")[0].split())
    told = "the risk-of-bias judgements in `data/exosomes/judgements.csv` are an illustration by a fictitious person"
    assert told in first
    comment = [line for line in (EXOSOMES / "review.toml").read_text(encoding="utf-8").splitlines() if line[:1] == "#"]
    assert "judgements.csv is an illustration by a fictitious person" in " ".join(comment)


# --- the audit of real trials --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trials() -> list[dict[str, str]]:
    """The rows of the audit's table."""
    with (AUDIT / "documents/trials.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_audit_has_many_trials_of_many_registries_each_once_and_in_order(trials):
    numbers = [row["ids.primary"] for row in trials]
    assert len(numbers) == 120
    assert all(one < two for one, two in pairwise(numbers))
    assert len({row["ids.registry"] for row in trials}) >= 12
    assert "IRCT20200310046736N1" not in numbers  # its export gives the year 2641


def test_the_audit_holds_facts_only_in_the_words_of_the_catalogues(trials):
    for row in trials:
        for column, cell in row.items():
            field = catalogue()[column.removesuffix(".kind")]
            if column.endswith(".kind"):
                assert cell in {"", *members("Actuality")}
            elif cell and field.vocabulary:
                assert set(cell.split("; ")) <= set(members(field.vocabulary))
            elif cell and field.kind == "date":
                assert read_date(cell).value == cell
            elif cell and field.kind == "count":
                assert cell.isdecimal()
            assert len(cell) < 70


def test_a_date_of_the_audit_has_a_kind_and_a_kind_has_a_date(trials):
    for field in ("date.first_enrolment", "date.completion"):
        assert all(bool(row[field]) is bool(row[f"{field}.kind"]) for row in trials)


def test_every_row_of_the_audit_is_one_record_without_a_problem(trials):
    found = read(AUDIT / "documents/trials.csv")
    assert [record.first("ids.primary").value for record in found] == [row["ids.primary"] for row in trials]
    assert [[value.value for value in record.known("date.first_enrolment")] for record in found] == [
        [row["date.first_enrolment"]] if row["date.first_enrolment"] else [] for row in trials
    ]


@pytest.mark.real
def test_the_script_makes_the_table_of_the_audit_again(shared: Path, tmp_path: Path):
    make = load(AUDIT / "make.py", "make_timing_audit")
    make.write_table(make.make_table(shared / "records"), tmp_path / "trials.csv")
    assert (tmp_path / "trials.csv").read_bytes() == (AUDIT / "documents/trials.csv").read_bytes()


@pytest.mark.real
def test_no_sentence_of_a_real_document_is_in_a_constructed_one(shared: Path):
    constructed = {path.name: " ".join(path.read_text(encoding="utf-8").split()) for path in DOCUMENTS}
    for path in sorted((shared / "seeds").iterdir()):
        prose = path.read_text(encoding="utf-8").split("You have contacted")[0]  # what follows is page furniture
        if "Other Ways to Assign" in prose:
            continue  # a page of fixed explanations, which are its format
        for sentence in re.split(r"(?<=[.;])\s+|\n+", prose):
            if len(sentence.split()) > 8 and not FIXED_LINES.match(sentence):
                assert [name for name, text in constructed.items() if sentence in text] == []


# --- templates and documentation -----------------------------------------------------------------------------------


def test_the_review_template_is_a_review_once_its_three_blanks_are_filled():
    text = (ROOT / "templates/review.toml").read_text(encoding="utf-8")
    filled = text.format(id="my-review", title="My review", snapshot_date="2026-11-01")
    assert tomllib.loads(filled) == {
        "review": {"id": "my-review", "title": "My review", "snapshot_date": "2026-11-01"},
        "notebooks": {"3_registration": {"grace_days": [21, 30]}},
    }


def code_blocks(page: str, language: str) -> list[str]:
    """The blocks of one language on a page of the documentation."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL)


def written_module(page: str, tmp_path: Path) -> ModuleType:
    """The module that a page of the documentation shows."""
    (code,) = code_blocks(page, "python")
    path = tmp_path / "shown.py"
    path.write_text(code, encoding="utf-8")
    module = load(path, "shown")
    sys.modules.pop("shown", None)
    return module


def test_the_source_shown_in_the_documentation_reads_the_sheet_shown_there(tmp_path: Path):
    (sheet,) = code_blocks("add-a-source.md", "text")
    source = written_module("add-a-source.md", tmp_path)
    document = Document("sheet.txt", sheet.encode(), lambda problem: pytest.fail(str(problem)))
    (record,) = source.read(document, source.recognise(document))
    assert [(v.field, v.value, str(v.state), v.quote, v.place.line, v.detail.get("kind")) for v in record.reported] == [
        ("ids.primary", "ISRCTN99999999", "REPORTED", "ISRCTN99999999", 2, None),
        ("registration.date", "2024-03-12", "REPORTED", "12 March 2024", 3, "ACTUAL"),
        ("date.first_enrolment", "2024-05", "REPORTED", "2024-05 (planned)", 4, "ANTICIPATED"),
        ("enrolment.target", 1200, "REPORTED", "1,200", 5, None),
        ("masking.roles", ["PARTICIPANT", "OUTCOMES_ASSESSOR"], "REPORTED", "participant; assessor", 6, None),
        ("enrolment.actual", None, "EMPTY_IN_SOURCE", "People so far", 7, None),
        ("ids.registry", "ISRCTN", "DERIVED", "ISRCTN99999999", 2, None),
    ]


def test_the_check_shown_in_the_documentation_works_on_the_examples(records, tmp_path: Path):
    check = written_module("add-a-check.md", tmp_path)
    finding = check.age_limits(records[FOOT])
    assert (finding.check, finding.verdict) == ("age-limits", "CONSISTENT")
    assert finding.message == "The youngest age is 30, the oldest 75."


def test_the_value_shown_in_the_contracts_is_the_one_that_is_read(records):
    import msgspec

    shown = json.loads(code_blocks("contracts.md", "json")[0])
    assert msgspec.to_builtins(records[FOOT].first("enrolment.target")) == shown


def test_a_first_time_user_needs_five_commands_at_most_and_each_is_in_the_contracts():
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## Your own review", 1)[1]
    typed = ["make demo", *section.split("```\n")[1].splitlines()]
    assert len(typed) <= 5
    contracts = (ROOT / "docs/contracts.md").read_text(encoding="utf-8")
    asked = [re.match(r"\S*reviewkit (workbook issue|\w+)", line) for line in typed]
    assert [found[1] for found in asked if found and f"| `reviewkit {found[1]} " not in contracts] == []


def test_every_command_is_in_the_contracts():
    contracts = (ROOT / "docs/contracts.md").read_text(encoding="utf-8")
    assert [name for name in main.commands if f"| `reviewkit {name} " not in contracts] == []


def test_the_contracts_name_every_check_and_the_sources_page_every_source(findings):
    contracts = (ROOT / "docs/contracts.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", contracts)) | {
        f"registry-and-paper-{part}" for part in ("phase", "masking", "model", "dates") if f"`-{part}`" in contracts
    }
    assert {finding.check for found in findings.values() for finding in found} <= named
    page = (ROOT / "docs/sources.md").read_text(encoding="utf-8")
    assert [source.NAME for source in sources.SOURCES if f"| `{source.NAME}` |" not in page] == []


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda page: page.name
)
def test_links_between_pages_lead_somewhere(page: Path):
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", prose)
    made_later = {"docs/report.png"}
    assert [target for target in targets if target not in made_later and not (page.parent / target).exists()] == []


def test_nobody_is_told_to_install_the_unrelated_project_of_the_short_name():
    for page in PAGES:
        assert not re.search(r"pip3? install (?:-\S+ )*reviewkit\b", page.read_text(encoding="utf-8"))
