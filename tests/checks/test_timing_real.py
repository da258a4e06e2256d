"""Registration timing over real trials, beside what others said of it.

Three sets with labels: ICTRP's own flag for the Iranian register (its name is inverted: Yes is prospective),
IntoValue's rule by months, and DIRECCT's column. None of the labels is read by a source; only the dates are.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from reviewkit.checks.timing import registration_timing
from reviewkit.documents import Document, open_document
from reviewkit.model import Study
from reviewkit.reading import records_of
from reviewkit.tables.timing import rules

pytestmark = pytest.mark.real


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def finding_of(record):
    (finding,) = registration_timing(Study("one", [record]))
    return finding


def test_the_iranian_rows_agree_with_their_inverted_flag_but_for_the_year_2641(shared):
    path = shared / "records/irct/irct-rows-of-ictrp-2020-07-07.csv"
    records = list(records_of(open_document(path, path.name, [].append)))
    found = [finding_of(record) for record in records]
    flags = [row["Retrospective flag"].strip() for row in rows_of(path)]
    assert Counter(zip(flags, [str(finding.verdict) for finding in found], strict=True)) == {
        ("Yes", "PROSPECTIVE"): 61,
        ("No", "RETROSPECTIVE"): 61,
        ("Yes", "NOT_ASSESSABLE"): 1,
    }
    ((record, odd),) = [pair for pair in zip(records, found, strict=True) if pair[1].verdict == "NOT_ASSESSABLE"]
    assert odd.message == (
        "The registry record of IRCT20200310046736N1 gives no start of recruitment that can be read "
        "('2641-06-14 00:00:00')."
    )
    (start,) = record.all("date.first_enrolment")
    assert (start.value, str(start.state), start.quote) == (None, "UNCLEAR", "2641-06-14 00:00:00")
    assert start in odd.because


@pytest.mark.parametrize(
    "name, dated",
    [("intovalue.csv", 1787), ("prospective-reg-ctgov-2018-trials.csv", 1199)],
)
def test_all_of_intovalue_agree_by_the_month_of_their_start(shared, name, dated):
    # IntoValue's codebook: prospective is "the same or previous months"; its days of start are often filled in.
    same_month = rules()["same_month"].judge
    judged = [
        (row["is_prospective"] == "TRUE", same_month(row["registration_date"][:10], row["start_date"][:7]))
        for row in rows_of(shared / "records/labelled/intovalue" / name)
        if "NA" not in (row["registration_date"], row["start_date"])
    ]
    assert len(judged) == dated
    assert [pair for pair in judged if pair not in {(True, "prospective"), (False, "retrospective")}] == []


def test_of_direcct_by_day_at_least_96_in_100_agree(shared):
    # Where they do not, the column does not follow from the two dates beside it: it was filled from another day.
    rows = rows_of(shared / "records/labelled/direcct/trials.csv")
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["TrialID", "Source Register", "Date registration", "Date enrollement", "Phase", "Study type",
                     "Countries", "Recruitment Status"])  # fmt: skip
    for row in rows:
        writer.writerow([row["trialid"], "", row["date_registration"], row["date_enrollement"], "", "", "", ""])
    records = list(records_of(Document("direcct.csv", out.getvalue().encode(), [].append)))
    assert len(records) == len(rows) == 900
    verdicts = [str(finding_of(record).verdict) for record in records]
    agree = {("TRUE", "RETROSPECTIVE"), ("FALSE", "PROSPECTIVE")}
    said = Counter(zip([row["retrospective_registration"] for row in rows], verdicts, strict=True))
    assert said == {
        ("FALSE", "PROSPECTIVE"): 485,
        ("TRUE", "RETROSPECTIVE"): 384,
        ("TRUE", "PROSPECTIVE"): 27,
        ("FALSE", "RETROSPECTIVE"): 4,
    }
    assert sum(said[pair] for pair in agree) / len(rows) >= 0.96
