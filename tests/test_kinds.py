"""Readers of one kind: words in, value out; a number with two readings is refused, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewkit import kinds
from reviewkit.kinds import COUNT_EXPECTED

SCRIPTS = ["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "०१२३४५६७८९"]


@pytest.mark.parametrize(
    "written, number, unit",
    [
        ("8", 8, "persons"),
        ("0", 0, "persons"),
        (" 30 ", 30, "persons"),
        ("1,200", 1200, "persons"),
        ("12,345,678", 12345678, "persons"),
        ("1 200", 1200, "persons"),
        ("1\u00a0200", 1200, "persons"),
        ("1'200", 1200, "persons"),
        ("۸", 8, "persons"),
        ("۱٬۲۰۰", 1200, "persons"),
        ("１２００", 1200, "persons"),
        ("60 eyes", 60, "eyes"),
        ("1,200 patients", 1200, "persons"),
        ("1 200 Volunteers", 1200, "persons"),
        ("40 dental implants", 40, "dental implants"),
        ("\u200f30", 30, "persons"),
    ],
)
def test_a_count_is_read_with_its_unit(written, number, unit):
    assert kinds.count(written) == kinds.Reading(number, {"unit": unit})


@pytest.mark.parametrize(
    "written",
    [
        "",
        "eight",
        "1.200",
        "1,20",
        "1,2000",
        "12,34",
        "1,200 300",
        "8.5",
        "-8",
        "+8",
        "8-10",
        "about 8",
        "8?",
        "8 (4 each)",
        "30 per group",
        "30 or more",
        "½",
        "²",
        "VIII",
        "1 2",
        "8%",
        "1,200.5",
    ],
)
def test_what_is_no_single_whole_number_is_refused(written):
    with pytest.raises(ValueError) as error:
        kinds.count(written)
    assert str(error.value) == COUNT_EXPECTED


@given(
    st.integers(0, 10**9),
    st.sampled_from(SCRIPTS),
    st.sampled_from(["", ",", "\u066c", "\u2009", "\u202f", "'", "\u00a0"]),
)
def test_a_whole_number_survives_every_script_and_thousands_mark(number, script, mark):
    written = f"{number:,}".replace(",", mark)
    assert kinds.whole_number("".join(script[int(c)] if c.isdecimal() else c for c in written)) == number


def in_words(number: int) -> str:
    names = {value: word for word, value in {**kinds.NUMBER_WORDS, **kinds.TENS}.items()}
    hundreds, rest = divmod(number, 100)
    below = names.get(rest) or f"{names[rest // 10 * 10]}-{names[rest % 10]}"
    if not hundreds:
        return below
    return f"{names[hundreds]} hundred" + (f" and {below}" if rest else "")


@pytest.mark.parametrize("number", range(1000))
def test_every_number_below_a_thousand_is_read_from_its_words(number):
    assert kinds.number_in_words(in_words(number)) == number
    assert kinds.number_in_words(in_words(number).upper().replace("-", " ")) == number


@pytest.mark.parametrize(
    "words",
    [
        "",
        "many",
        "seven eight",
        "twenty thirty",
        "ten five",
        "hundred",
        "two hundred hundred",
        "seven point five",
        "7",
        "and",
        "and two",
        "two and",
        "twenty and",
    ],
)
def test_other_words_are_no_number(words):
    with pytest.raises(ValueError, match=r"a whole number in words, e\.g\. seven"):
        kinds.number_in_words(words)


@pytest.mark.parametrize(
    "written, number",
    [
        ("57", 57.0),
        ("0.5", 0.5),
        ("0,5", 0.5),
        ("57.25", 57.25),
        ("0.125", 0.125),
        ("-3.5", -3.5),
        ("\u22123.5", -3.5),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567.0),
        ("۵۷٫۵", 57.5),
        ("1234.5", 1234.5),
    ],
)
def test_a_decimal_is_read(written, number):
    assert kinds.decimal(written) == number


@pytest.mark.parametrize("written", ["1.234", "1,234", "12.345", "-1,234", "۱٫۲۳۴"])
def test_a_decimal_with_two_readings_is_a_question(written):
    with pytest.raises(ValueError) as error:
        kinds.decimal(written)
    assert str(error.value) == "a number with one reading: is the mark one of thousands or of decimals?"


@pytest.mark.parametrize(
    "written, members, as_written",
    [
        ("1", ["PHASE1"], "1"),
        ("2-3", ["PHASE2", "PHASE3"], "2-3"),
        ("Phase 2/Phase 3", ["PHASE2", "PHASE3"], "2/3"),
        ("Phase I/II", ["PHASE1", "PHASE2"], "I/II"),
        ("phase 2a", ["PHASE2"], "2a"),
        ("Phase IIb", ["PHASE2"], "IIb"),
        ("Phase 2b/3", ["PHASE2", "PHASE3"], "2b/3"),
        ("Early Phase 1", ["EARLY_PHASE1"], "Early 1"),
        ("0", ["EARLY_PHASE1"], "0"),
        ("N/A", ["NA"], "N/A"),
        ("Not Applicable", ["NA"], "Not Applicable"),
        ("۳", ["PHASE3"], "۳"),
        ("Phase III", ["PHASE3"], "III"),
        ("phases 1 and 2", ["PHASE1", "PHASE2"], "1 and 2"),
        ("Phase 4", ["PHASE4"], "4"),
        ("PHASE\u00a02", ["PHASE2"], "2"),
        ("2–3", ["PHASE2", "PHASE3"], "2–3"),
    ],
)
def test_a_phase_is_a_list_of_members(written, members, as_written):
    assert kinds.phase(written) == kinds.Reading(members, {"as_written": as_written})


@pytest.mark.parametrize(
    "written",
    ["", "5", "2-5", "early summer", "early phase 2", "Phase", "pilot", "Retrospective study", "2 3", "1-", "iiii"],
)
def test_an_unknown_phase_is_refused(written):
    with pytest.raises(ValueError, match="a trial phase: 1 to 4, combined as 2-3, or N/A"):
        kinds.phase(written)


@pytest.mark.parametrize(
    "written, value, unit, no_limit",
    [
        ("18 Years", 18, "YEAR", False),
        ("18 years old", 18, "YEAR", False),
        ("6 Months", 6, "MONTH", False),
        ("2 weeks", 2, "WEEK", False),
        ("28 Days", 28, "DAY", False),
        ("12 hours", 12, "HOUR", False),
        ("30 Minutes", 30, "MINUTE", False),
        ("1 Year", 1, "YEAR", False),
        ("18y", 18, "YEAR", False),
        ("0.5 years", 0.5, "YEAR", False),
        ("18-year", 18, "YEAR", False),
        ("۱۸ years", 18, "YEAR", False),
        ("18\u00a0Years", 18, "YEAR", False),
        ("No limit", None, None, True),
        ("No age limit", None, None, True),
        ("N/A", None, None, True),
    ],
)
def test_an_age_has_a_unit_or_no_limit(written, value, unit, no_limit):
    assert kinds.age(written) == kinds.Reading(value, {"unit": unit, "no_limit": no_limit})


@pytest.mark.parametrize("written", ["", "18", "adult", "18 to 65 years", "18 parsecs", ">18 years", "years"])
def test_an_age_without_a_unit_is_refused(written):
    with pytest.raises(ValueError, match=r"an age with its unit, e\.g\. 18 years"):
        kinds.age(written)


@pytest.mark.parametrize(
    "written, number, flattened",
    [
        ("2.0 × 10^8", 2e8, False),
        ("2.0×10⁸", 2e8, False),
        ("5×10^{10}", 5e10, False),
        ("5×10¹⁰", 5e10, False),
        ("2.0 × 108", 2e8, True),
        ("1.61 x 109", 1.61e9, True),
        ("2.0\u2009×\u2009108", 2e8, True),
        ("10^6", 1e6, False),
        ("10⁻³", 1e-3, False),
        ("500", 500.0, False),
        ("0,5", 0.5, False),
        ("108", 108.0, False),
    ],
)
def test_a_power_of_ten_is_read_and_a_lost_superscript_is_said(written, number, flattened):
    assert kinds.scientific(written) == (number, flattened)


def test_a_code_is_read_whatever_its_case_and_blanks():
    read = kinds.coded({"not blinded": "NONE"})
    for written in ("Not blinded", "NOT_BLINDED", " not \u00a0blinded ", "not\u200b blinded"):
        assert read(written) == kinds.Reading("NONE", {"as_written": written})
    with pytest.raises(ValueError, match="one of 'not blinded'"):
        read("no")


@pytest.mark.parametrize("written, value", [("Yes", True), ("no", False), (" TRUE ", True), ("False", False)])
def test_a_flag_is_yes_or_no(written, value):
    assert kinds.flag(written).value is value


READERS = [
    kinds.count,
    kinds.date,
    kinds.phase,
    kinds.age,
    kinds.trial_id,
    kinds.flag,
    kinds.text,
    kinds.decimal,
    kinds.scientific,
    kinds.number_in_words,
    kinds.whole_number,
    kinds.choice("Masking"),
]
letters = st.text(max_size=30) | st.text(
    alphabet="0123456789.,/- ×x^{}⁰¹²³⁴⁵⁶⁷⁸⁹⁻۰۱۲IVXPhaseyearsdmontNA\u00a0", max_size=20
)


@given(letters)
def test_a_reader_raises_nothing_but_a_value_error(text):
    for read in READERS:
        try:
            read(text)
        except ValueError as error:
            assert str(error)
