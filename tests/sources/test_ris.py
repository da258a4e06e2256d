"""RIS, EndNote's and Web of Science's tags: the dialects of databases, damaged files, and the real exports."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_of_publications import facts, is_read_or_refused, misplaced, read, value_of

from reviewkit.errors import ReviewError

KITES = """\
TY  - JOUR
T1  - Kites for sore knees: a randomised trial
AU  - Windham, Ana Maria
AU  - Stringer, Bo, Jr.
AU  - The Kite Study Group
PY  - 2021
DA  - 2021/04/21/
JF  - Journal of kites
JO  - J Kites
VL  - 12
IS  - 3
SP  - 323
EP  - 330
DO  - https://doi.org/10.9999/Kites.2021.1
UR  - https://pubmed.ncbi.nlm.nih.gov/99000001/
KW  - *Knee
KW  - wind; string
LA  - eng
AB  - We randomly assigned 60 adults to a kite or to no kite (NCT09990001).
N1  - Cited by 10.9999/another.article
XY  - who knows
ER  -

"""
TOLD = [
    ("report.title", "Kites for sore knees: a randomised trial"),
    ("report.abstract", "We randomly assigned 60 adults to a kite or to no kite (NCT09990001)."),
    ("report.authors", ["Windham AM", "Stringer B Jr", "The Kite Study Group"]),
    ("report.keywords", ["Knee", "wind", "string"]),
    ("report.volume", "12"),
    ("report.issue", "3"),
    ("report.language", "en"),
    ("report.journal", "Journal of kites"),
    ("report.pages", "323-330"),
    ("report.date", "2021-04-21"),
    ("report.kind", "JOURNAL_ARTICLE"),
    ("report.doi", "10.9999/kites.2021.1"),
    ("report.pmid", "99000001"),
]


def told(record) -> list[tuple]:
    return [(field, value) for field, _, value, _, _ in facts(record, "report.*")]


def one(text: str):
    """The only record of a text."""
    ((record,), _) = read(text)
    return record


def test_each_fact_of_a_citation_is_read():
    record = one(KITES)
    assert told(record) == TOLD
    assert (value_of(record, "ids.primary"), value_of(record, "enrolment.randomised")) == ("NCT09990001", 60)


def test_quotes_are_the_files_own_words_also_over_several_lines():
    quotes = {field: quote for field, _, _, _, quote in facts(one(KITES), "report.*")}
    assert quotes["report.pages"] == "323 EP - 330"
    assert quotes["report.authors"] == "Windham, Ana Maria AU - Stringer, Bo, Jr. AU - The Kite Study Group"
    assert quotes["report.doi"] == "10.9999/Kites.2021.1"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: "Search of 3 May\n\n1.\n" + text,
        lambda text: text.replace("ER  -\n", ""),
        lambda text: text.replace("ER  -", "ER  - "),
        lambda text: text.replace("TY  - JOUR\n", "TY  - JOUR\nTY  - JOUR\n"),
        lambda text: text.replace("to a kite or", "to a kite\n\nor"),
        lambda text: text.replace("to a kite or", "to a kite\n      or"),
        lambda text: re.sub(r"(?m)^([A-Z][A-Z0-9])  - ", lambda match: match[1].lower() + "  - ", text),
        lambda text: text.replace("  - ", " - "),
        lambda text: text + "NL  - a line behind the end\n\nLink to something: https://example.org\n",
        lambda text: text.replace("\nPY", "\n\n\nPY"),
    ],
    ids=[
        "CRLF", "CR alone", "BOM", "text before", "no ER", "ER and a blank", "TY twice", "blank line in the abstract",
        "indented line", "small letters", "one blank", "text behind", "blank lines between tags",
    ],
)  # fmt: skip
def test_what_a_file_went_through_changes_nothing(change):
    text = change(KITES)
    record = one(text)
    assert told(record) == TOLD
    assert misplaced(text.encode(), [record]) == []


def test_a_citation_begins_where_the_one_before_it_did_not_end():
    text = (
        "TY  - JOUR\nTI  - First kite\nTY  - BOOK\nTI  - Second kite\nER  - \n"
        "TI  - Third kite\nER  - \nTY  - JOUR\nER  - \n"
    )
    records, _ = read(text)
    assert [(record.record, value_of(record, "report.title")) for record in records] == [
        (1, "First kite"),
        (2, "Second kite"),
        (3, "Third kite"),
        (4, None),
    ]


def test_a_line_of_an_abstract_that_begins_like_a_tag_is_none():
    record = one("TY  - JOUR\nAB  - We saw\nT1 - weighted pictures of kites.\nTI  - Kites\nER  - \n")
    assert value_of(record, "report.abstract") == "We saw T1 - weighted pictures of kites."
    assert value_of(record, "report.title") == "Kites"


@pytest.mark.parametrize(
    "lines, date, quote",
    [
        ("DA  - SEP\nPY  - 2018\n", "2018-09", "SEP PY - 2018"),
        ("DA  - JUN 19\nPY  - 2018\n", "2018-06-19", "JUN 19 PY - 2018"),
        ("PY  - 2018\nDA  - SEP\n", "2018-09", "2018 DA - SEP"),
        ("DA  - SEP\nVL  - 1\nPY  - 2018\n", "2018", "2018"),
        ("DA  - NOV-DEC\nPY  - 2018\n", "2018", "2018"),
        ("Y1  - 2019//\n", "2019", "2019//"),
        ("Y1  - 2019/08//\n", "2019-08", "2019/08//"),
        ("PY  - 2019///\n", "2019", "2019///"),
        ("Y2  - 2022/01/05\nPY  - 2020\n", "2020", "2020"),
        ("Y2  - 2022/01/05\n", None, None),
        ("DA  - 20190304\n", "2019-03-04", "20190304"),
    ],
)
def test_a_date_is_as_precise_as_it_is_given_and_never_the_day_of_a_visit(lines, date, quote):
    record = one(f"TY  - JOUR\nTI  - Kites\n{lines}ER  - \n")
    found = record.first("report.date")
    assert (found and found.value, found and found.quote) == (date, quote)


@pytest.mark.parametrize(
    "lines, pages",
    [
        ("SP  - 1-5\n", "1-5"),
        ("SP  - e123\n", "e123"),
        ("SP  - 14\nEP  - 14\n", "14"),
        ("SP  - No\nEP  - Specified\n", None),
        ("SP  - 3\nVL  - 1\nEP  - 9\n", "3-9"),
    ],
)
def test_pages_are_joined_unless_they_stand_together(lines, pages):
    assert value_of(one(f"TY  - JOUR\nTI  - Kites\n{lines}ER  - \n"), "report.pages") == pages


@pytest.mark.parametrize(
    "lines, doi, pmid, pmcid",
    [
        ("L3  - http://dx.doi.org/10.9999/kite.7\n", "10.9999/kite.7", None, None),
        ("M3  - 10.9999/kite.7\n", "10.9999/kite.7", None, None),
        ("M3  - Health, see 10.9999/kite.7\n", None, None, None),
        ("N1  - PMID: 99000007\nC2  - PMC9900007\n", None, "99000007", "PMC9900007"),
        ("AN  - 99000007\nDB  - PubMed\n", None, "99000007", None),
        ("AN  - 99000007\nDB  - Kite Index\n", None, None, None),
        ("AN  - 2214991469; 51887\nDB  - PubMed\n", None, None, None),
        ("C5  - 99000007\nDB  - Embase\n", None, "99000007", None),
        ("C5  - 99000007\n", None, None, None),
        ("AN  - PUBMED 99000007\n", None, "99000007", None),
        ("UR  - http://www.ncbi.nlm.nih.gov/pubmed/99000007\n", None, "99000007", None),
        ("M1  - Reference: 10.9999/other\nUR  - https://example.org/10.9999/x\n", None, None, None),
    ],
)
def test_numbers_of_the_article_are_read_where_a_dialect_has_them_and_nowhere_else(lines, doi, pmid, pmcid):
    record = one(f"TY  - JOUR\nTI  - Kites\n{lines}ER  - \n")
    assert tuple(value_of(record, f"report.{name}") for name in ("doi", "pmid", "pmcid")) == (doi, pmid, pmcid)


@pytest.mark.parametrize(
    "lines, kind, quote",
    [
        ("TY  - JOUR\nM3  - Conference Abstract\n", "CONFERENCE_ABSTRACT", "Conference Abstract"),
        ("TY  - JOUR\nM3  - Journal article; Clinical trial protocol\n", "PROTOCOL", "Clinical trial protocol"),
        ("TY  - JOUR\nM3  - Erratum\n", "CORRECTION", "Erratum"),
        ("TY  - JOUR\nM3  - Kite Flying [3300]\n", "JOURNAL_ARTICLE", "JOUR"),
        ("TY  - CHAP\n", "OTHER", "CHAP"),
        ("TY  - DATA\n", "DATASET", "DATA"),
        ("TY  - GEN\n", None, None),
    ],
)
def test_the_kind_of_report_is_the_most_particular_of_its_types(lines, kind, quote):
    record = one(f"{lines}TI  - Kites\nER  - \n")
    found = record.first("report.kind")
    assert (found and found.value, found and found.quote) == (kind, quote)


def test_a_registry_entry_among_citations_gives_its_number():
    record = one(
        "TY  - JOUR\nAN  - CN-09990001\nTI  - Kites for knees\nM3  - Trial registry record; Clinical trial protocol\n"
        "SO  - https://example.org/show/NCT09990001\nPY  - 2020\nER  - \n"
    )
    assert value_of(record, "report.kind") == "REGISTRY_ENTRY"
    assert facts(record, "ids.primary") == [("ids.primary", None, "NCT09990001", "REPORTED", "NCT09990001")]


def test_a_retracted_article_is_marked_by_its_title():
    record = one("TY  - JOUR\nTI  - RETRACTED ARTICLE: Kites for knees\nER  - \n")
    assert facts(record, "report.retracted") == [("report.retracted", None, True, "REPORTED", "RETRACTED ARTICLE")]


def test_a_book_has_no_journal():
    record = one("TY  - CHAP\nTI  - Kites\nT2  - The book of wind\nER  - \n")
    assert value_of(record, "report.journal") is None


def test_lines_below_a_keyword_are_keywords():
    record = one("TY  - JOUR\nTI  - Kites\nKW  - Wind\nString\n\nTail\nER  - \n")
    assert value_of(record, "report.keywords") == ["Wind", "String", "Tail"]


ENDNOTE = """\
%0 Journal Article
%T Kites for sore knees
%A Windham, Ana
%A Stringer, Bo
%J Journal of kites
%V 12
%N 3
%P 323-330
%D 2021
%8 Apr 21
%R 10.9999/kites.2021.1
%X We flew.

And we landed.
%K wind
string
%G English
%M 99000001
%W NLM

%0 Conference Paper
%T More kites
"""


def test_endnotes_tags_are_read():
    records, _ = read(ENDNOTE)
    assert told(records[0]) == [
        ("report.title", "Kites for sore knees"),
        ("report.abstract", "We flew. And we landed."),
        ("report.authors", ["Windham A", "Stringer B"]),
        ("report.keywords", ["wind", "string"]),
        ("report.volume", "12"),
        ("report.issue", "3"),
        ("report.language", "en"),
        ("report.journal", "Journal of kites"),
        ("report.pages", "323-330"),
        ("report.date", "2021-04-21"),
        ("report.kind", "JOURNAL_ARTICLE"),
        ("report.doi", "10.9999/kites.2021.1"),
        ("report.pmid", "99000001"),
    ]
    assert told(records[1]) == [("report.title", "More kites")]
    assert misplaced(ENDNOTE.encode(), records) == []


WEB_OF_SCIENCE = """\
FN Made-up Analytics Web of Kites
VR 1.0
PT J
AU Windham, AM
   Stringer, B
AF Windham, Ana Maria
   Stringer, Bo
TI Kites for sore knees: a randomised
   trial
SO JOURNAL OF KITES
LA English
DT Article; Early Access
DE wind; string; sore
   knees
ID AERODYNAMICS
AB We randomly assigned 60 adults
   to a kite or to no kite.
EM ana@example.org
FU Windy Hill Hospital [WH-1]
FX This work was paid for by Windy Hill Hospital.
CR Other A, 2001, KITES, V1, P1, DOI 10.9999/other
PD SEP
PY 2018
VL 12
IS 3
BP 323
EP 330
DI 10.9999/kites.2018.1
PM 99000001
UT WOS:000000000000001
ER

PT J
TI More kites
ER

EF
"""


def test_web_of_sciences_tags_are_read():
    records, _ = read(WEB_OF_SCIENCE)
    assert told(records[0]) == [
        ("report.title", "Kites for sore knees: a randomised trial"),
        ("report.abstract", "We randomly assigned 60 adults to a kite or to no kite."),
        ("report.authors", ["Windham AM", "Stringer B"]),
        ("report.keywords", ["wind", "string", "sore knees"]),
        ("report.keywords", ["AERODYNAMICS"]),
        ("report.volume", "12"),
        ("report.issue", "3"),
        ("report.language", "en"),
        ("report.journal", "JOURNAL OF KITES"),
        ("report.pages", "323-330"),
        ("report.date", "2018-09"),
        ("report.kind", "JOURNAL_ARTICLE"),
        ("report.doi", "10.9999/kites.2018.1"),
        ("report.pmid", "99000001"),
    ]
    assert value_of(records[0], "statement.funding") == "This work was paid for by Windy Hill Hospital."
    assert told(records[1]) == [("report.title", "More kites")]
    assert misplaced(WEB_OF_SCIENCE.encode(), records) == []
    assert "@" not in str([record.as_json() for record in records])


def test_a_databases_table_of_citations_is_refused_by_its_name():
    with pytest.raises(ReviewError) as caught:
        read(
            'Title,Author Names,Source,Abstract,Emtree Drug Index Terms\n"Kites","Windham A.",J Kites,We flew.,air\n',
            "kites.csv",
        )
    assert str(caught.value) == (
        "kites.csv\n"
        "  found     a table of citations from Embase (CSV)\n"
        "  expected  citations in RIS, MEDLINE or PubMed XML\n"
        "  fix       export the citations from the database once more, as RIS"
    )


@settings(max_examples=40)
@given(st.data())
def test_a_damaged_file_gives_records_or_an_error(data):
    text = data.draw(st.sampled_from([KITES, ENDNOTE, WEB_OF_SCIENCE]))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(text)))
        upto = data.draw(st.integers(at, min(len(text), at + 40)))
        text = text[:at] + data.draw(st.text(max_size=5)) + text[upto:]
    assert is_read_or_refused(text.encode("utf-8", "replace"))


@settings(max_examples=25)
@given(st.lists(st.sampled_from(KITES.splitlines()), max_size=40))
def test_every_line_with_words_of_a_title_is_in_a_record_however_lines_are_mixed(lines):
    text = "TY  - JOUR\nTI  - Kite zero\n" + "\n".join(lines)
    records, _ = read(text)
    assert value_of(records[0], "report.title") == "Kite zero"
    assert misplaced(text.encode(), records) == []


# Real files, against a reading of their lines.

NAMES = [
    "embase.ris", "gambling-harms_pubmed.subset.ris", "ovid_psycinfo.ris", "ovid_zotero.ris", "proquest.ris",
    "ris_issue_1099.txt", "ris_issue_992.txt", "web_of_science.txt",
]  # fmt: skip
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]


def citations(text: str) -> list[list[tuple[str, str]]]:
    """Tags and words of each citation, straight from the lines; a line without a tag belongs to the one before."""
    found: list[list[tuple[str, str]]] = []
    for block in re.findall(r"(?ms)^TY  - .*?^ER  -", text):
        tags: list[tuple[str, str]] = []
        for line in block.splitlines():
            match = re.match(r"([A-Z][A-Z0-9])  - ?(.*)", line)
            if match:
                tags.append((match[1], match[2]))
            elif line.strip():
                tags[-1] = (tags[-1][0], tags[-1][1] + "\n" + line)
        found.append(tags)
    return found


def dated(own: dict, names: str) -> str | None:
    """The date by the rules of this reader's documentation, told another way; `names` are all tags in order."""
    beside = "DA PY" in names or "PY DA" in names
    day, year = own.get("DA", ""), (own.get("PY") or own.get("Y1") or "").strip(" /")
    if re.match(r"\d{4}", day):
        return "-".join(part.zfill(2) for part in day.partition("//")[0].strip("/").split("/"))
    first = day.split()[0].upper() if day.split() else ""
    if first in MONTHS and beside:
        rest = [f"{int(part):02}" for part in day.split()[1:]]
        return "-".join([year, f"{MONTHS.index(first) + 1:02}", *rest])
    return year.replace("/", "-") or None


def short(name: str) -> str:
    """`Trindade, Ines A` as `Trindade IA`, for the names of the real files."""
    name = " ".join(name.split())
    if "," not in name:
        match = re.fullmatch(r"(.+) ((?:\w\.-?)+)", name)
        return f"{match[1]} {match[2].replace('.', '').replace('-', '')}" if match else name
    surname, given = (part.strip() for part in name.split(",", 1))
    if re.fullmatch(r"[A-Z]+", given):
        return f"{surname} {given}"
    return f"{surname} {''.join(part[0].upper() for part in re.split(r'[ .-]+', given) if part)}".strip()


@pytest.mark.real
@pytest.mark.parametrize("name", NAMES)
def test_every_citation_of_the_real_files_is_read_as_it_stands(shared, name):
    raw = (shared / "records" / "ris" / name).read_bytes()
    records, _ = read(raw, name)
    found = citations(raw.decode("utf-8-sig"))
    assert len(records) == len(found) > 5
    for record, tags in zip(records, found, strict=True):
        own = {tag: " ".join(words.split()) for tag, words in reversed(tags) if words.strip()}

        def first(*names, own=own):
            return next((own[name] for name in names if name in own), None)

        start, end = first("SP"), first("EP")
        joined = f"{start}-{end}" if end and end != start and "-" not in (start or "") else start
        doi = re.search(r"10\.\d+/\S+", first("DO") or "") or re.search(r"doi\.org/(10\.\S+)", first("UR") or "")
        book = own["TY"] in {"BOOK", "CHAP", "THES", "RPRT"}
        expected = {
            "report.title": first("TI", "T1"),
            "report.abstract": first("AB", "N2"),
            "report.authors": [short(words) for tag, words in tags if tag in {"AU", "A1"}] or None,
            "report.journal": None if book else first("JF", "T2", "JO", "JA", "J2"),
            "report.volume": first("VL"),
            "report.issue": first("IS"),
            "report.pages": joined if joined and re.search(r"\d", joined) else None,
            "report.date": dated(own, " ".join(tag for tag, _ in tags)),
            "report.language": {"English": "en", "eng": "en", "Spanish": "es", None: None}.get(
                first("LA"), first("LA")
            ),
            "report.doi": doi[0].removeprefix("doi.org/").lower() if doi else None,
        }
        assert {field: value_of(record, field) for field in expected} == expected, own
    assert misplaced(raw, records) == []
