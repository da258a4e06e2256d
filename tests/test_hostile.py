"""Hostile text in documents, names and settings executes nowhere: not in report, pages, tables, or a study's page."""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

import reviewkit as rk
from reviewkit.cli import main

HOSTILE = [
    "<script>alert(1)</script>",
    "</td></tr></table><img src=x onerror=alert(1)>",
    "</script><svg onload=alert(1)>",
    "</title></style><iframe src=javascript:alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "JaVaScRiPt&colon;alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "//evil.example/x.js",
    "https://evil.example/\"onclick='alert(1)'",
    "<a href=javascript:alert(1)>here</a>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-->]]><!--",
    "{{7*7}} ${7*7} `x`",
    "\u202etxt.exe\u2028<b>",
]
TITLE = " ".join(HOSTILE[:4])
MAY_LINK = re.compile(r"(?:https?://|#|(?![a-zA-Z][a-zA-Z0-9+.\-]*:)(?!//))", re.IGNORECASE)
PICTURE = "data:image/svg+xml;base64,"
BANNED = {"script", "iframe", "object", "embed", "form", "input", "base", "link", "frame", "applet", "audio", "video"}
ADDRESSES = {"href", "src", "action", "formaction", "xlink:href", "data", "poster", "background", "srcset"}


class Dangers(HTMLParser):
    """What could act in a page: elements, handlers and addresses that do more than show."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[str] = []
        self.elements = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements += 1
        if tag in BANNED:
            self.found.append(f"<{tag}>")
        if tag == "meta" and dict(attrs).get("http-equiv", "").lower() == "refresh":
            self.found.append("a refresh")
        for name, value in attrs:
            address = (value or "").strip()
            if name.startswith("on"):
                self.found.append(f"{tag} {name}")
            if name in ADDRESSES and not (MAY_LINK.match(address) or (tag == "img" and address.startswith(PICTURE))):
                self.found.append(f"{tag} {name}={address}")
            if name == "style" and re.search(r"url\((?!#)|expression|@import", address, re.IGNORECASE):
                self.found.append(f"{tag} style={address}")

    handle_startendtag = handle_starttag


def registry_record(number: int, text: str) -> str:
    """A ClinicalTrials.gov study with hostile words wherever words may stand."""
    found = {
        "identificationModule": {
            "nctId": f"NCT0990{number:04}",
            "briefTitle": text,
            "officialTitle": f"{text} {text}",
            "acronym": text,
            "organization": {"fullName": text},
        },
        "statusModule": {
            "overallStatus": text,
            "startDateStruct": {"date": "2020-05-04", "type": "ACTUAL"},
            "studyFirstSubmitDate": "2020-06-01",
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": text, "class": "OTHER"}},
        "descriptionModule": {"briefSummary": text},
        "conditionsModule": {"conditions": [text], "keywords": [text]},
        "armsInterventionsModule": {
            "armGroups": [{"label": text, "type": "EXPERIMENTAL", "description": text}],
            "interventions": [{"name": text, "type": "DRUG", "armGroupLabels": [text], "otherNames": [text]}],
        },
        "outcomesModule": {"primaryOutcomes": [{"measure": text, "timeFrame": text, "description": text}]},
        "referencesModule": {
            "references": [{"pmid": text, "citation": text}],
            "seeAlsoLinks": [{"label": text, "url": text}],
        },
        "ipdSharingStatementModule": {"ipdSharing": "YES", "url": text, "description": text},
        text: {text: text},
    }
    return json.dumps({"protocolSection": found})


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A review of hostile documents under hostile names, run to the end."""
    folder = rk.new_review(tmp_path_factory.mktemp("hostile") / "review", today="2026-11-01")
    settings = {"id": "=cmd|x", "title": TITLE}
    written = "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items())
    (folder / "review.toml").write_text(f'[review]\n{written}\nsnapshot_date = "2026-11-01"\n', encoding="utf-8")
    documents = folder / "documents"
    for number, text in enumerate(HOSTILE):
        name = text.replace("/", "⁄")[:60]
        (documents / f"{number}.json").write_text(registry_record(number, text), encoding="utf-8")
        (documents / f"{name}.txt").write_text(
            f"Title: {text}\n\nThis randomised, double-blind trial of {text} enrolled {30 + number} adults in two "
            "arms.\n"
            f"Trial registration: {text} NCT0990{number:04}.\n",
            encoding="utf-8",
        )
        (documents / f"{name}.pdf").write_bytes(b"%PDF-1.7 " + text.encode())
    with (documents / "t.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ids.primary", "title.public", "sponsor.primary", "enrolment.target"])
        writer.writerows([f"NCT0991{number:04}", text, text, text] for number, text in enumerate(HOSTILE))
    only = [word for name in ("1_extract", "3_registration") for word in ("--only", name)]
    result = CliRunner().invoke(main, ["run", str(folder), *only])
    assert (result.exit_code, "FAILED" in result.stdout) == (1, False), result.output
    return folder


def test_every_page_of_a_run_is_harmless(review: Path):
    pages = sorted((review / "reports").rglob("*.html"))
    assert len(pages) >= 2 * len(HOSTILE)
    for page in pages:
        checked = Dangers(page.read_text(encoding="utf-8"))
        assert checked.elements > 10
        assert checked.found == [], page.name


def test_a_study_in_a_notebook_is_harmless(review: Path):
    views = rk.open_review(review).studies
    assert len(views) == 2 * len(HOSTILE)
    for view in views:
        assert Dangers(view._repr_html_()).found == []


def test_what_executed_notebooks_show_is_harmless(review: Path):
    shown = 0
    for path in (review / "reports/notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                html = "".join(output.get("data", {}).get("text/html", []))
                shown += bool(html)
                assert Dangers(html).found == []
                assert "application/javascript" not in output.get("data", {})
    assert shown >= 4


def test_the_hostile_words_are_shown_as_words(review: Path):
    report = (review / "reports/report.html").read_text(encoding="utf-8")
    assert "<title>&lt;script&gt;alert(1)&lt;/script&gt;" in report
    for text in ("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;a href=javascript:alert(1)&gt;here&lt;/a&gt;"):
        assert text in report


def test_no_drawing_holds_a_script_or_an_address(review: Path):
    for drawing in (review / "reports").rglob("*.svg"):
        text = drawing.read_text(encoding="utf-8")
        assert not re.search(r"<script|\son\w+=|javascript:|<foreignObject", text, re.IGNORECASE)


def test_no_cell_of_a_table_is_a_formula(review: Path):
    import openpyxl

    for path in (review / "reports").rglob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert [cell for cell in cells if cell[:1] in "=@\t\r" and cell] == [], path.name
        assert [cell for cell in cells if cell[:1] in "+-" and not re.fullmatch(r"[+-]?[\d.]+", cell) and cell] == []
    for path in (review / "reports").rglob("*.xlsx"):
        workbook = openpyxl.load_workbook(path)
        typed = [cell.data_type for sheet in workbook for row in sheet for cell in row]
        assert "f" not in typed, path.name


def test_a_name_of_a_document_leads_to_no_file_outside_the_output(review: Path):
    out = (review / "reports").resolve()
    assert all(path.resolve().is_relative_to(out) for path in out.rglob("*"))
    assert not (review.parent / "evil.example").exists()
