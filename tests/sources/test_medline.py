"""MEDLINE text: every fact of a citation with its line, whatever the file went through."""

from __future__ import annotations

import re
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_of_publications import facts, is_read_or_refused, misplaced, read, value_of

KITES = """\

PMID- 99000001
OWN - NLM
STAT- MEDLINE
IS  - 0000-0001 (Electronic)
VI  - 12
IP  - 3 Suppl 1
DP  - 2020 Nov-Dec
TI  - Kites for sore knees: a randomised, double-blind trial in the
      windy season.
PG  - 323-7
LID - S0000(20)30001-7 [pii]
LID - 10.9999/Kites.2020.1 [doi]
AB  - BACKGROUND: Knees are sore. METHODS: We randomly assigned 60 adults to a kite
      or to no kite. RESULTS: They flew. TRIAL REGISTRATION: ClinicalTrials.gov
      NCT09990001. FUNDING: Windy Hill Hospital.
CI  - (c) 2020 The Authors.
FAU - Windham, Ana Maria
AU  - Windham AM
AD  - Windy Hill Hospital, Tabriz. Electronic address: ana@example.org.
FAU - Stringer, Bo Jr
AU  - Stringer B Jr
CN  - Kite Study Group
LA  - eng
SI  - ClinicalTrials.gov/NCT09990001
SI  - GENBANK/KCT0004963
SI  - ISRCTN/ISRCTN10000009
GR  - R01 XX000001/XX/Made-up Institute
PT  - Journal Article
PT  - Randomized Controlled Trial
PT  - Retracted Publication
PL  - England
TA  - J Kites
JT  - Journal of kites
JID - 1000001
MH  - Adult
MH  - *Knee/physiology
OTO - NOTNLM
OT  - wind
OT  - string
COIS- Ana Windham owns kites.
PHST- 2020/03/02 00:00 [received]
PHST- 2020/09/01 06:00 [accepted]
PMC - PMC9900001
SO  - J Kites. 2020 Nov-Dec;12(3 Suppl 1):323-7.

PMID- 99000002
TI  - Second thoughts on kites.
DP  - 2021 Mar 5
"""
FIRST = [
    ("report.title", None, "Kites for sore knees: a randomised, double-blind trial in the windy season."),
    ("report.authors", None, ["Windham AM", "Stringer B Jr", "Kite Study Group"]),
    ("report.keywords", None, ["Adult", "Knee/physiology"]),
    ("report.keywords", None, ["wind", "string"]),
    ("report.pmid", None, "99000001"),
    ("report.volume", None, "12"),
    ("report.issue", None, "3 Suppl 1"),
    ("report.language", None, "en"),
    ("report.citation", None, "J Kites. 2020 Nov-Dec;12(3 Suppl 1):323-7."),
    ("report.journal", None, "Journal of kites"),
    ("report.pages", None, "323-7"),
    ("report.date", None, "2020"),
    ("report.kind", None, "JOURNAL_ARTICLE"),
    ("report.retracted", None, True),
    ("report.doi", None, "10.9999/kites.2020.1"),
    ("report.pmcid", None, "PMC9900001"),
    ("report.received", None, "2020-03-02"),
    ("report.accepted", None, "2020-09-01"),
]


@pytest.fixture(scope="module")
def kites():
    records, problems = read(KITES)
    assert problems == []
    return records


def test_each_fact_of_a_citation_is_read(kites):
    told = [(field, item, value) for field, item, value, _, _ in facts(kites[0], "report.*")]
    assert [one for one in told if one[0] != "report.abstract"] == FIRST


def test_the_abstract_stands_whole_and_its_parts_are_read_as_prose(kites):
    abstract = value_of(kites[0], "report.abstract")
    assert abstract.startswith("BACKGROUND: Knees are sore. METHODS:")
    assert abstract.endswith("FUNDING: Windy Hill Hospital.")
    assert value_of(kites[0], "enrolment.randomised") == 60
    assert value_of(kites[0], "masking.label") == "DOUBLE"


def test_statements_are_those_of_the_abstract_and_of_the_authors(kites):
    assert facts(kites[0], "statement.*") == [
        ("statement.coi", None, "Ana Windham owns kites.", "REPORTED", "Ana Windham owns kites."),
        (
            "statement.registration", None, "ClinicalTrials.gov NCT09990001.", "REPORTED",
            "ClinicalTrials.gov NCT09990001.",
        ),
        ("statement.funding", None, "Windy Hill Hospital.", "REPORTED", "Windy Hill Hospital."),
    ]  # fmt: skip


def test_numbers_of_trial_banks_are_the_articles_own_and_those_of_other_banks_are_none(kites):
    assert facts(kites[0], "ids.*") == [
        ("ids.primary", None, "NCT09990001", "REPORTED", "NCT09990001"),
        ("ids.secondary.id", 1, "ISRCTN10000009", "REPORTED", "ISRCTN10000009"),
        ("ids.secondary.type", 1, "REGISTRY", "DERIVED", "ISRCTN10000009"),
        ("ids.registry", None, "CTGOV", "DERIVED", "NCT09990001"),
    ]


def test_no_address_of_a_person_is_read(kites):
    assert "@" not in str(kites[0].as_json())


def test_a_citation_of_three_lines_is_a_record_and_says_what_it_is_silent_about(kites):
    second = kites[1]
    assert [(value.field, value.value) for value in second.reported] == [
        ("report.title", "Second thoughts on kites."),
        ("report.pmid", "99000002"),
        ("report.date", "2021-03-05"),
    ]
    silent = {value.field for value in second.values if str(value.state) == "NOT_REPORTED"}
    assert {"report.authors", "report.journal", "report.abstract", "report.doi", "ids.primary"} <= silent


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text.lstrip(),
        lambda text: text.replace("\n      ", "\n"),
        lambda text: text.replace("windy season", "\n\n      windy season"),
        lambda text: text.replace("\n\nPMID", "\nPMID"),
        lambda text: text.replace("VI  - 12", "ZZ  - who knows\nVI  - 12"),
    ],
    ids=["CRLF", "CR alone", "BOM", "no indent", "blank lines in a title", "no blank line between", "unknown tag"],
)
def test_what_a_file_went_through_changes_nothing(change, kites):
    text = change(KITES)
    records, _ = read(text)
    told = [[(one.field, one.item, one.value) for one in record.reported] for record in records]
    assert told == [[(one.field, one.item, one.value) for one in record.reported] for record in kites]
    assert misplaced(text.encode(), records) == []


def test_tags_that_lost_their_padding_are_read():
    records, _ = read("PMID- 99000003\nTI - A kite.\nDP - 2019\n\nPMID- 99000004\nTI - Another.\n")
    assert [value_of(record, "report.title") for record in records] == ["A kite.", "Another."]


@pytest.mark.parametrize(
    "written, value, state",
    [
        ("2019", "2019", "REPORTED"),
        ("2019 Nov", "2019-11", "REPORTED"),
        ("2019 Nov 3", "2019-11-03", "REPORTED"),
        ("2019 Spring", "2019", "REPORTED"),
        ("2019 Nov 30-Dec 6", "2019", "REPORTED"),
        ("2019 Dec-2020 Jan", None, "UNCLEAR"),
        ("sometime", None, "UNCLEAR"),
    ],
)
def test_a_date_is_as_precise_as_it_is_printed(written, value, state):
    records, problems = read(f"PMID- 99000005\nDP  - {written}\nTI  - A kite.\n")
    assert facts(records[0], "report.date") == [("report.date", None, value, state, written)]
    assert len(problems) == (value is None)


def test_an_unreadable_pmid_is_kept_and_told():
    records, problems = read("PMID- 1 or 2\nTI  - A kite.\n", "odd.nbib")
    assert facts(records[0], "report.pmid") == [("report.pmid", None, None, "UNCLEAR", "1 or 2")]
    assert str(problems[0]) == (
        "odd.nbib, line 1\n"
        "  found     '1 or 2'\n"
        "  expected  a PubMed number, e.g. 12345678\n"
        "  fix       look at the source; the value is kept as UNCLEAR with its quote"
    )


def test_an_article_with_a_notice_of_retraction_is_marked():
    ((record,), _) = read("PMID- 99000006\nTI  - Kites.\nRIN - J Kites. 2021;13(1):1. PMID: 99000009\n")
    assert value_of(record, "report.retracted") is True


def test_citations_are_given_one_at_a_time():
    from reviewkit import sources
    from reviewkit.documents import Document

    text = "".join(f"PMID- {number}\nTI  - Kite {number}.\n\n" for number in range(1, 50_001))
    records = sources.read(Document("many.nbib", text.encode(), lambda problem: None))
    assert [value_of(record, "report.title") for record in islice(records, 2)] == ["Kite 1.", "Kite 2."]


@settings(max_examples=30)
@given(st.data())
def test_a_damaged_file_gives_records_or_an_error(data):
    text = KITES
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text)))
        upto = data.draw(st.integers(at, min(len(text), at + 40)))
        text = text[:at] + data.draw(st.text(max_size=5)) + text[upto:]
    assert is_read_or_refused(text.encode("utf-8", "replace"))


# Real files, against a reading of their lines.

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def citations(text: str) -> list[list[tuple[str, str]]]:
    """Tags and words of each citation, straight from the lines."""
    found = []
    for block in re.split(r"(?m)^(?=PMID- )", text)[1:]:
        joined = re.sub(r"\r?\n {6}", " ", block)
        found.append(
            [(line[:4].strip(), " ".join(line[6:].split())) for line in joined.splitlines() if line[4:5] == "-"]
        )
    return found


def printed(words: str) -> str:
    year, *rest = words.split()
    if rest and rest[0] in MONTHS and (len(rest) == 1 or rest[1].isdecimal()):
        return "-".join([year, f"{MONTHS.index(rest[0]) + 1:02}", *(f"{int(day):02}" for day in rest[1:])])
    return year


@pytest.mark.real
@pytest.mark.parametrize("name", ["rct-pubmed-test.medline.txt", "restoration_pubmed.subset.nbib"])
def test_every_citation_of_the_real_files_is_read_as_it_stands(shared, name):
    path = shared / "records" / "medline" / name
    records, _ = read(path.read_bytes(), name)
    found = citations(path.read_text(encoding="utf-8"))
    assert len(records) == len(found) > 20
    for record, tags in zip(records, found, strict=True):

        def of(*names, tags=tags):
            return [words for tag, words in tags if tag in names]

        doi = next((words.split()[0].lower() for words in of("LID", "AID") if words.endswith("[doi]")), None)
        expected = {
            "report.pmid": of("PMID")[0],
            "report.title": of("TI")[0],
            "report.abstract": next(iter(of("AB")), None),
            "report.journal": of("JT")[0],
            "report.volume": next(iter(of("VI")), None),
            "report.issue": next(iter(of("IP")), None),
            "report.pages": next((words for words in of("PG") if any(c.isdecimal() for c in words)), None),
            "report.date": printed(of("DP")[0]),
            "report.authors": of("AU", "CN") or None,
            "report.language": {"eng": "en"}[of("LA")[0]],
            "report.doi": doi,
            "report.pmcid": next(iter(of("PMC")), None),
            "report.citation": of("SO")[0],
        }
        assert {field: value_of(record, field) for field in expected} == expected
        headings = [words.replace("*", "") for words in of("MH")]
        named = [value.value for value in record.known("report.keywords")]
        assert (headings in named) == bool(headings)
    assert misplaced(path.read_bytes(), records) == []
