"""How documents/trials.csv was made: facts of real trials, picked evenly out of published registry records.

    python data/timing-audit/make.py FOLDER

FOLDER holds ClinicalTrials.gov API v2 records (ctgov-v2/), two WHO ICTRP exports of 7 July 2020 (irct/ and ictrp/) and
the IntoValue table of German trials (labelled/intovalue/). Only interventional trials are taken, and of them every
n-th in the order of their numbers: nothing is chosen by what the dates say. Left out, and why:

- a row whose enrolment date cannot be (the export has IRCT20200310046736N1 begin in the year 2641);
- ClinicalTrials.gov rows of the ICTRP export, where a month became its first day;
- the enrolment date of EU Clinical Trials Register rows: that register asks for no start, so the day is another one.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from reviewkit.dates import read_date
from reviewkit.identifiers import read_trial_id
from reviewkit.kinds import phase, whole_number

COLUMNS = [
    "ids.primary", "ids.registry", "study_type", "registration.date", "registration.date_basis",
    "date.first_enrolment", "date.first_enrolment.kind", "date.completion", "date.completion.kind",
    "enrolment.target", "enrolment.actual", "design.allocation", "design.model", "design.phase",
    "masking.label", "masking.roles", "status.recruitment", "sponsor.class", "source.name",
]  # fmt: skip
Row = dict[str, str]

CTGOV_TRIALS, IRCT_TRIALS, DRKS_TRIALS = 48, 16, 4
ICTRP_TRIALS = {
    "ChiCTR": 8,
    "CTRI": 8,
    "ISRCTN": 7,
    "EU Clinical Trials Register": 5,
    "ANZCTR": 5,
    "JPRN": 5,
    "REBEC": 4,
    "RPCEC": 3,
    "PACTR": 2,
    "Netherlands Trial Register": 2,
    "CRIS": 2,
    "TCTR": 1,
}

ACTUALITY = {"ACTUAL": "ACTUAL", "ESTIMATED": "ANTICIPATED", "": "UNKNOWN"}
CTGOV_SPONSOR = {
    "INDUSTRY": "INDUSTRY",
    "NIH": "GOVERNMENT",
    "FED": "GOVERNMENT",
    "OTHER_GOV": "GOVERNMENT",
    "INDIV": "INDIVIDUAL",
    "NETWORK": "NETWORK",
    "OTHER": "OTHER",
    "AMBIG": "UNKNOWN",
    "UNKNOWN": "UNKNOWN",
}
# A spreadsheet read the phases "1-2" and "2-3" as days of the year 2020 before the ICTRP rows were published.
PHASES_READ_AS_DATES = {"2020-02-01": "1-2", "2020-03-02": "2-3"}
NO_PHASE = {"", "not selected", "not given"}

# Words of a registry's design line -> member; where words of two members stand, the field stays blank.
ALLOCATION = {
    "NON_RANDOMIZED": r"\bnon[- ]?randomi[sz]ed|\bnot randomi[sz]ed|\brandomised: no\b",
    "RANDOMIZED": r"(?<!non)(?<!non[- ])(?<!not )\brandomi[sz]ed\b(?!: no)|\ballocation : rct\b",
    "NA": r"\ballocation: n/a",
}
MODEL = {
    "SINGLE_GROUP": r"\bsingle[- ](?:arm|group)\b|\bassignment: single\b",
    "PARALLEL": r"\bparallel\b(?! group: no)",
    "CROSSOVER": r"\bcross[- ]?over\b(?!: no)",
    "FACTORIAL": r"\bfactorial\b",
    "SEQUENTIAL": r"\bassignment: sequential\b|^sequential$",
}
MASKING = {
    "NONE": r"\bopen\b(?!: no)|\bnot blinded\b",
    "SINGLE": r"\bsingle[- ](?:blind(?:ed)?|masked)\b(?!: no)",
    "DOUBLE": r"\bdouble[- ](?:blind(?:ed)?|masked)\b(?!: no)",
    "TRIPLE": r"\btriple[- ](?:blind(?:ed)?|masked)\b(?!: no)",
}
DRKS_STATUS = {
    "recruiting complete, follow-up complete": "COMPLETED",
    "recruiting stopped after recruiting started": "TERMINATED",
    "recruiting suspended on temporary hold": "SUSPENDED",
}


def read_ctgov(folder: Path) -> Iterator[Row]:
    """The interventional studies of ClinicalTrials.gov, a JSON file each."""
    for path in sorted(folder.glob("NCT*.json")):
        protocol = json.loads(path.read_text(encoding="utf-8"))["protocolSection"]
        if protocol["designModule"]["studyType"] == "INTERVENTIONAL":
            yield _ctgov_row(protocol)


def _ctgov_row(protocol: dict) -> Row:
    status, design = protocol["statusModule"], protocol["designModule"]
    info, size = design.get("designInfo", {}), design.get("enrollmentInfo", {})
    start, end = status.get("startDateStruct", {}), status.get("completionDateStruct", {})
    masking, sponsor = info.get("maskingInfo", {}), protocol["sponsorCollaboratorsModule"]["leadSponsor"]
    size_field = {"ESTIMATED": "enrolment.target", "ACTUAL": "enrolment.actual"}.get(size.get("type", ""))
    return {
        **_number(protocol["identificationModule"]["nctId"]),
        **_registered(status.get("studyFirstSubmitDate", ""), "SUBMITTED"),
        **_dated("date.first_enrolment", start.get("date", ""), ACTUALITY[start.get("type", "")]),
        **_dated("date.completion", end.get("date", ""), ACTUALITY[end.get("type", "")]),
        **({size_field: str(size["count"])} if size_field else {}),
        "design.allocation": info.get("allocation", ""),
        "design.model": info.get("interventionModel", ""),
        "design.phase": "; ".join(design.get("phases", [])),
        "masking.label": masking.get("masking", ""),
        "masking.roles": "; ".join(masking.get("whoMasked", [])),
        "status.recruitment": status["overallStatus"],
        "sponsor.class": CTGOV_SPONSOR.get(sponsor.get("class", ""), ""),
        "source.name": "ClinicalTrials.gov API v2",
    }


def read_ictrp(path: Path, register: str) -> Iterator[Row]:
    """The interventional rows of one source register in a WHO ICTRP export."""
    for row in _rows(path):
        if row["Source Register"] == register and row["Study type"].lower().startswith("intervention"):
            start = "" if register.startswith("EU ") else row["Date enrollement"][:10]
            if _is_date(start):
                yield _ictrp_row(row, start)


def _ictrp_row(row: Row, start: str) -> Row:
    design = " ".join(re.sub(r"<[^>]*>", " ", row["Study design"]).split()).split(", Randomization description")[0]
    if row["Source Register"] == "Netherlands Trial Register":
        design = ""  # its two entries on randomisation contradict each other in every row
    registered = row["Date registration3"]
    return {
        **_number(row["TrialID"]),
        **_registered(f"{registered[:4]}-{registered[4:6]}-{registered[6:]}", "UNSPECIFIED"),
        **_dated("date.first_enrolment", start),
        **_dated("date.completion", row["results date completed"][:10]),
        "enrolment.target": _size(row["Target size"]),
        "design.allocation": _one_of(ALLOCATION, design),
        "design.model": _one_of(MODEL, design),
        "design.phase": _phase(row["Phase"]),
        "masking.label": _one_of(MASKING, design),
        # The portal's "Not Recruiting" holds both those that wait and those that are over.
        "status.recruitment": "RECRUITING" if row["Recruitment Status"] == "Recruiting" else "UNKNOWN",
        "source.name": "WHO ICTRP export of 2020-07-07",
    }


def read_drks(path: Path) -> Iterator[Row]:
    """The interventional trials of the German register in the IntoValue table; its one size has no stated role."""
    for row in _rows(path):
        if row["registry"] == "DRKS" and _is_date(row["start_date"]) and row["is_dupe"] == "FALSE":
            row = {column: "" if cell == "NA" else cell for column, cell in row.items()}
            yield {
                **_number(row["id"]),
                **_registered(row["registration_date"], "UNSPECIFIED"),
                **_dated("date.first_enrolment", row["start_date"]),
                **_dated("date.completion", row["completion_date"]),
                "design.allocation": _one_of(ALLOCATION, row["allocation"]),
                "design.model": _one_of(MODEL, row["allocation"]),
                "design.phase": _phase(row["phase"]),
                "masking.label": _one_of(MASKING, row["masking"]),
                "status.recruitment": DRKS_STATUS.get(row["recruitment_status"].lower(), ""),
                "sponsor.class": {"Industry": "INDUSTRY", "Other": "OTHER"}.get(row["main_sponsor"], ""),
                "source.name": "IntoValue table of DRKS entries",
            }


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _number(written: str) -> Row:
    found = read_trial_id(written)
    return {"ids.primary": found.value, "ids.registry": found.registry, "study_type": "INTERVENTIONAL"}


def _registered(date: str, basis: str) -> Row:
    return {"registration.date": date, "registration.date_basis": basis} if date else {}


def _dated(field: str, date: str, kind: str = "UNKNOWN") -> Row:
    return {field: date, f"{field}.kind": kind} if date else {}


def _is_date(text: str) -> bool:
    """Is this blank, or a date as coarse as it likes? 2641-06-14 is neither."""
    try:
        return not text or bool(read_date(text))
    except ValueError:
        return False


def _size(text: str) -> str:
    """A plain number, or the sum of `group:number;` parts; 0 stands for a blank in these exports."""
    parts = [part for part in re.split(r"[;；]", text) if part.strip()]
    try:
        total = sum(whole_number(re.split(r"[:：]", part)[-1]) for part in parts)
    except ValueError:
        return ""
    return str(total) if total else ""


def _phase(text: str) -> str:
    """The phases as members; "Phase III: yes" lines of the European register are read one by one."""
    plain = PHASES_READ_AS_DATES.get(text[:10], text.split(" (exploratory")[0])
    european = re.findall(r"\(Phase (I{1,3}|IV)\): yes", plain)
    if plain.lower() in NO_PHASE or ("): no" in plain and not european):
        return ""
    return "; ".join(phase("/".join(european) if european else plain).value)


def _one_of(words: dict[str, str], text: str) -> str:
    found = [member for member, pattern in words.items() if re.search(pattern, text, re.IGNORECASE)]
    return found[0] if len(found) == 1 else ""


def every_nth(rows: Iterable[Row], wanted: int) -> list[Row]:
    """`wanted` rows, evenly spread over the order of registration numbers; a number that stands twice is read once."""
    ordered = sorted({row["ids.primary"]: row for row in rows}.items())
    return [ordered[position * len(ordered) // wanted][1] for position in range(wanted)]


def make_table(folder: Path) -> list[Row]:
    """All rows of the audit, in the order of their registration numbers."""
    ictrp, irct = folder / "ictrp/ictrp-covid-2020-07-07.csv", folder / "irct/irct-rows-of-ictrp-2020-07-07.csv"
    rows = [
        *every_nth(read_ctgov(folder / "ctgov-v2"), CTGOV_TRIALS),
        *every_nth(read_ictrp(irct, "IRCT"), IRCT_TRIALS),
        *every_nth(read_drks(folder / "labelled/intovalue/intovalue.csv"), DRKS_TRIALS),
    ]
    for register, wanted in ICTRP_TRIALS.items():
        rows += every_nth(read_ictrp(ictrp, register), wanted)
    return sorted(rows, key=lambda row: row["ids.primary"])


def write_table(rows: list[Row], path: Path) -> None:
    """Write the rows with all columns; a fact that is not there is a blank cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    write_table(make_table(Path(sys.argv[1])), Path(__file__).with_name("documents") / "trials.csv")
