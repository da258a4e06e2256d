"""Registration numbers: the forms people write, their one normal form, and what only looks like one."""

from __future__ import annotations

import csv
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit.identifiers import PATTERNS, find_ids, read_trial_id

ACCEPTED = [
    ("CTGOV", "NCT 0427 6987", "NCT04276987"),
    ("CTGOV", "NCT#00379470", "NCT00379470"),
    ("CTGOV", "nCt01208194", "NCT01208194"),
    ("CTGOV", "NCT-04276987", "NCT04276987"),
    ("CTGOV", "NCT: 04276987", "NCT04276987"),
    ("CTGOV", "NCT\u00a004276987", "NCT04276987"),
    ("CTGOV", "NCT_04276987", "NCT04276987"),
    ("ISRCTN", "ISRCTN 02452400", "ISRCTN02452400"),
    ("ISRCTN", "10.1186/ISRCTN96912679", "ISRCTN96912679"),
    ("EUCTR", "EUCTR2020-001234-12-GB", "2020-001234-12"),
    ("EUCTR", "2020-001934-37-ES", "2020-001934-37"),
    ("EUCTR", "2020-001934-37", "2020-001934-37"),
    ("EUCTR", "EUCTR2021-001279-18-Outside/EEA", "2021-001279-18"),
    ("EUCTR", "EudraCT number: 2020-001234-12", "2020-001234-12"),
    ("EUCTR", "EudraCT 2020\u2013001234\u201312", "2020-001234-12"),
    ("CTIS", "CTIS2022-500244-37-00", "2022-500244-37-00"),
    ("CTIS", "EU CT number 2023-503684-42-00", "2023-503684-42-00"),
    ("CTIS", "2023-503684-42-00", "2023-503684-42-00"),
    ("IRCT", "IRCT20130812014333N164", "IRCT20130812014333N164"),
    ("IRCT", "IRCT138707201323N1", "IRCT138707201323N1"),
    ("IRCT", "irct20130812014333n164", "IRCT20130812014333N164"),
    ("CHICTR", "ChiCTR2000030261", "ChiCTR2000030261"),
    ("CHICTR", "ChiCTR-TRC-08000033", "ChiCTR-TRC-08000033"),
    ("CHICTR", "CHICTR 2000029953", "ChiCTR2000029953"),
    ("CHICTR", "ChiMCTR1900002450", "ChiMCTR1900002450"),
    ("ITMCTR", "ITMCTR2022000012", "ITMCTR2022000012"),
    ("ANZCTR", "ACTRN12619000123456", "ACTRN12619000123456"),
    ("ANZCTR", "ANZCTR 12619000123456", "ACTRN12619000123456"),
    ("CTRI", "CTRI/2020/04/024773", "CTRI/2020/04/024773"),
    ("CTRI", "CTRI/2009/091/000123", "CTRI/2009/091/000123"),
    ("CTRI", "CTRI-2020-01-023456", "CTRI/2020/01/023456"),
    ("DRKS", "DRKS-ID: DRKS00013279", "DRKS00013279"),
    ("DRKS", "DRKS00013279", "DRKS00013279"),
    ("JRCT", "JPRN-jRCTs041190009", "jRCTs041190009"),
    ("JRCT", "jRCT2031200123", "jRCT2031200123"),
    ("UMIN", "JPRN-UMIN000012345", "UMIN000012345"),
    ("UMIN", "UMIN-CTR 000021177", "UMIN000021177"),
    ("UMIN", "UMIN ID: 000021177", "UMIN000021177"),
    ("JAPIC", "JapicCTI-101234", "JapicCTI-101234"),
    ("JMA", "JMA-IIA00123", "JMA-IIA00123"),
    ("NLOMON", "NL-OMON55178", "NL-OMON55178"),
    ("NTR", "NL8633", "NL8633"),
    ("NTR", "NTR7890", "NTR7890"),
    ("NTR", "NTR 1234", "NTR1234"),
    ("PACTR", "PACTR 2010020001429343", "PACTR2010020001429343"),
    ("PACTR", "PACTR202406532417953", "PACTR202406532417953"),
    ("REBEC", "RBR-5p8nzk6", "RBR-5p8nzk6"),
    ("REBEC", "RBR-2xg9ry", "RBR-2xg9ry"),
    ("REBEC", "rbr-2XG9RY", "RBR-2xg9ry"),
    ("REPEC", "PER-106-20", "PER-106-20"),
    ("REPEC", "PER-002-99-A", "PER-002-99-A"),
    ("RPCEC", "RPCEC00000307", "RPCEC00000307"),
    ("SLCTR", "SLCTR/2020/011", "SLCTR/2020/011"),
    ("SLCTR", "SLCTR-2020-011", "SLCTR/2020/011"),
    ("TCTR", "TCTR20170511001", "TCTR20170511001"),
    ("LBCTR", "LBCTR2020033447", "LBCTR2020033447"),
    ("CRIS", "KCT0004963", "KCT0004963"),
    ("CRIS", "CRISKCT0004963", "KCT0004963"),
    ("CTGOV", "NCT number: 04276987", "NCT04276987"),
    ("CTGOV", "NCT ID: 04276987", "NCT04276987"),
    ("ISRCTN", "ISRCTN no. 02452400", "ISRCTN02452400"),
    ("ISRCTN", "ISRCTN registry 02452400", "ISRCTN02452400"),
    ("NTR", "NTR) 1234", "NTR1234"),
    ("NTR", "NTR: 1234", "NTR1234"),
    ("IRCT", "IRCT20130812 014333N164", "IRCT20130812014333N164"),
    ("IRCT", "IRCT20130812014333 N 164", "IRCT20130812014333N164"),
    ("CTGOV", "\uff2e\uff23\uff34\uff10\uff14\uff12\uff17\uff16\uff19\uff18\uff17", "NCT04276987"),
    ("CTGOV", "NCT۰۴۲۷۶۹۸۷", "NCT04276987"),
    ("CTGOV", "N\u00adCT0427\u00ad6987", "NCT04276987"),
    ("ISRCTN", "ISRCTN0245\u200b2400", "ISRCTN02452400"),
    ("CTGOV", "NCT0427\n6987", "NCT04276987"),
    ("CTGOV", "NCT0427-\r\n  6987", "NCT04276987"),
    ("CTGOV", "NCT\r04276987", "NCT04276987"),
    ("ISRCTN", "ISRCTN0245-\n2400", "ISRCTN02452400"),
    ("ANZCTR", "ACTRN12619000\n123456", "ACTRN12619000123456"),
    ("EUCTR", "EudraCT 2020-\n001234-12", "2020-001234-12"),
    ("CTRI", "CTRI/2020/\n04/024773", "CTRI/2020/04/024773"),
    ("CHICTR", "ChiCTR-TRC-\n08000033", "ChiCTR-TRC-08000033"),
    ("IRCT", "IRCT2013081201\n4333N164", "IRCT20130812014333N164"),
    ("UTN", "U1111-1250-7890", "U1111-1250-7890"),
]


@pytest.mark.parametrize("registry, written, normal", ACCEPTED)
def test_a_number_is_found_in_any_spelling_and_brought_to_its_normal_form(registry, written, normal):
    for sentence in (
        written,
        f"Registered as {written}.",
        f"({written})",
        f"{written}, on 3 May 2020",
        f"\n{written}\r\n",
    ):
        found = find_ids(sentence)
        assert [(one.value, one.registry) for one in found] == [(normal, registry)]
        assert sentence[found[0].start : found[0].end] in written
    assert read_trial_id(written).value == normal


@pytest.mark.parametrize("registry, written, normal", ACCEPTED)
def test_a_normal_form_is_read_as_itself(registry, written, normal):
    assert (read_trial_id(normal).value, read_trial_id(normal).registry) == (normal, registry)


@pytest.mark.parametrize(
    "text",
    [
        "200400600800",
        "20200012341",
        "2020 001234 12",
        "a dose of 2004-06-08",
        "+98 83 3427 6306",
        "+98 21 8877 0031",
        "doi:10.1186/s13063-020-04618-2",
        "10.1016/S0140-6736(20)30183-5",
        "NL26560.042.09",
        "nl-2012-302759",
        "5 per 100 000",
        "as per 106-20 rules",
        "per-106-20",
        "ZINC000052955",
        "ISCRTN12345678",
        "NCT0427698",
        "NCT042769871",
        "NCT00000000",
        "NCT12345678",
        "NCT87654321",
        "NCT11111111",
        "NCT99999999",
        "IRCT20181201041815N",
        "S-EPMC9135389",
        "PMC9135389",
        "IR.kums.rec.1399.807",
        "IR.AJUMS.REC.1399.954",
        "XNCT04276987",
        "KNCT04276987",
        "NCTO4276987",
        "ISRCTN1234567",
        "ISRCTN123456789",
        "IRCT20131312014333N1",
        "IRCT20130842014333N1",
        "RBR-abcdef",
        "DRKS0001327",
        "TCTR2017051100",
        "U1111-125-7890",
        "UTN",
        "NL",
        "registered at ClinicalTrials.gov",
    ],
)
def test_what_only_looks_like_a_number_is_none(text):
    assert find_ids(text) == []
    assert find_ids(f"We read {text} there.") == []


def test_several_numbers_come_in_the_order_of_the_text_each_with_its_span():
    text = "Trial NCT 0427 6987 (EudraCT 2020-001234-12; CTIS2022-500244-37-00); UTN U1111-1250-7890."
    found = find_ids(text)
    assert [one.value for one in found] == ["NCT04276987", "2020-001234-12", "2022-500244-37-00", "U1111-1250-7890"]
    assert [text[one.start : one.end] for one in found] == [
        "NCT 0427 6987",
        "2020-001234-12",
        "2022-500244-37-00",
        "U1111-1250-7890",
    ]


@pytest.mark.parametrize("text", ["", "none", "NCT04276987 and NCT04276988", "see NCT04276987", "NCT0427698"])
def test_a_field_that_is_not_one_number_is_refused(text):
    with pytest.raises(
        ValueError, match=re.escape("one trial registration number, e.g. NCT04276987 or IRCT20130812014333N164")
    ):
        read_trial_id(text)


def test_every_registry_has_an_example_here():
    assert {registry for registry, _, _ in PATTERNS} == {registry for registry, _, _ in ACCEPTED}


@pytest.mark.parametrize(
    "text, numbers",
    [
        ("NCT04276987\n2020 began", ["NCT04276987"]),
        ("NCT04276987,\n12 patients", ["NCT04276987"]),
        ("NCT04276987-\n2020", ["NCT04276987"]),
        ("NCT0427698\n7 patients", []),
        ("NCT0427698\n12 patients", []),
        ("NCT042769871\n123", []),
        ("ISRCTN1234567\n123 people", []),
        ("12345678\nNCT04276987", ["NCT04276987"]),
        ("NCT04276987\nNCT04276988", ["NCT04276987", "NCT04276988"]),
        ("NCT0427\n6987\nNCT0427\n6988", ["NCT04276987", "NCT04276988"]),
        ("NL\n8633", []),
        ("in 2020-\n001 persons", []),
    ],
)
def test_the_end_of_a_line_breaks_a_number_only_where_neither_half_is_one(text, numbers):
    assert [found.value for found in find_ids(text)] == numbers


@pytest.mark.parametrize(
    "text", ["ClinicalTrials.govNCT04276987", "identifierNCT04276987", "(clinicaltrials.govNCT04276987)"]
)
def test_a_number_glued_to_the_word_before_it_is_found(text):
    assert [(one.value, text[one.start : one.end]) for one in find_ids(text)] == [("NCT04276987", "NCT04276987")]


@given(st.text(alphabet=st.sampled_from("NCTIRSPEU0123456789-/ .:abxé۱\n\r\u00ad\uff2e"), max_size=80))
def test_spans_are_ordered_disjoint_and_inside_any_text(text):
    found = find_ids(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.real
def test_all_numbers_of_the_ictrp_exports_are_found_and_none_is_wrong(shared):
    """The exports name each trial by its number; WHO puts EUCTR, CTIS and JPRN- before some of them."""
    numbers = set()
    for path in sorted((shared / "records" / "ictrp").glob("*")):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        if path.suffix == ".csv":
            rows = csv.DictReader(text.splitlines())
            numbers |= {
                row[name].strip() for row in rows for name in row if name and name.casefold() == "trialid" and row[name]
            }
        else:
            numbers |= set(re.findall(r"(?i)<TrialID>\s*([^<]+?)\s*</TrialID>", text))
    assert len(numbers) > 100
    for number in numbers:
        (found,) = find_ids(number)
        assert find_ids(f"as {number}.")[0].value == found.value
        bare = re.sub(r"^(?:EUCTR|CTIS|JPRN-)|-(?:[A-Z]{2}|3rd|Outside/EEA)$", "", number)
        assert (
            found.value.casefold() == bare.casefold()
            or found.value.replace("-", "").casefold() == bare.replace("-", "").casefold()
        )
