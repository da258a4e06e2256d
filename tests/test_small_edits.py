"""A small edit of a document moves that value and what rests on it, and nothing else.

The documents are the constructed ones of data/exosomes and, where they are at hand, the real ones. Each edit is
compared on the complete list of values and statements; only places may shift.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from reviewkit.documents import Document, fold
from reviewkit.reading import records_of
from reviewkit.sources import irct
from reviewkit.sources.labelled import key

DATA = Path(__file__).parents[1] / "data" / "exosomes" / "documents"
IRCT = ["irct-foot-ulcer.txt", "irct-knee-osteoarthritis.txt", "000", "001"]
PAGES = ["dataset-lung-fibrosis.txt", "listing-dry-eye.txt", "002", "003"]
DOCUMENTS = IRCT + PAGES


def real(name: str):
    return pytest.param(name, marks=pytest.mark.real) if name.isdecimal() else name


@pytest.fixture
def text(request) -> str:
    name = request.param
    path = next((request.getfixturevalue("shared") / "seeds").glob(f"{name}_*")) if name.isdecimal() else DATA / name
    return path.read_bytes().decode("utf-8")


each = pytest.mark.parametrize("text", [real(name) for name in DOCUMENTS], indirect=True)
each_irct = pytest.mark.parametrize("text", [real(name) for name in IRCT], indirect=True)


def reading(text: str | bytes) -> tuple[Counter, list]:
    """What a document says, without places; and the problems it raised. Every quote is held to its place on the way."""
    raw = text if isinstance(text, bytes) else text.encode("utf-8")
    problems: list = []
    document = Document("document.txt", raw, problems.append)
    said: list[tuple] = []
    for record in records_of(document):
        for value in record.reported:
            if value.place.start is not None:
                assert fold(document.text[value.place.start : value.place.end]) == value.quote
                before = document.text[: value.place.start]
                assert value.place.line == len(re.findall(r"\r\n|\r|\n", before)) + 1
            # A heading or label as a quote changes with its spelling; the value read from it does not.
            is_label = value.state == "EMPTY_IN_SOURCE" or value.method.endswith(":section")
            detail = {k: v for k, v in value.detail.items() if not is_label or k == "kind"}
            said.append(
                (
                    value.field,
                    value.item,
                    repr(value.value),
                    str(value.state),
                    "" if is_label else value.quote,
                    repr(detail),
                )
            )
        said += [("statement", s.concept, s.label, s.quote) for s in record.statements]
    return Counter(said), problems


def said(text: str | bytes) -> Counter:
    return reading(text)[0]


def moved(before: Counter, after: Counter) -> tuple[list[str], list[str]]:
    """The fields whose values went, and the fields whose values came."""
    return sorted(row[0] for row in (before - after)), sorted(row[0] for row in (after - before))


# Edits that change no value -------------------------------------------------------------------------------------

LAYOUTS = {
    "Windows line ends": lambda t: t.replace("\n", "\r\n"),
    "carriage returns alone": lambda t: t.replace("\n", "\r"),
    "a byte order mark": lambda t: "\ufeff" + t,
    "a byte order mark and Windows line ends": lambda t: "\ufeff" + t.replace("\n", "\r\n"),
    "a line feed at the end": lambda t: t + "\n",
    "blanks at the ends of lines": lambda t: "\n".join(line + "  \t" for line in t.split("\n")),
    "lines that are indented": lambda t: "\n".join("   " + line for line in t.split("\n")),
    "blank lines doubled": lambda t: "\n\n".join(t.split("\n")),
    "non-breaking spaces everywhere": lambda t: t.replace(" ", "\u00a0"),
    "narrow non-breaking spaces everywhere": lambda t: t.replace(" ", "\u202f"),
    "blanks doubled": lambda t: t.replace(" ", "  "),
}


@each
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_the_layout_of_a_file_changes_no_value(text, layout):
    assert said(layout(text)) == said(text)


@each
def test_a_file_in_utf_16_says_the_same_with_one_notice(text):
    after, problems = reading(text.encode("utf-16"))
    assert after == said(text)
    assert [(p.severity, p.found) for p in problems] == [("notice", "UTF-16 text")]


LABELS = {key(label) for part in irct.PARTS.values() for label in part.labels} | {key(name) for name in irct.PARTS}
CHOICES_THAT_ARE_LABELS = {"placebo"}  # the category of an arm reads like the label "Placebo"


def relabelled(text: str, spell) -> str:
    """Every label that stands alone on its line, spelled otherwise."""
    lines = text.split("\n")
    before = [""] + [key(line) for line in lines if line.strip()]
    spelled, seen = [], 0
    for line in lines:
        seen += bool(line.strip())
        is_value = key(line) in CHOICES_THAT_ARE_LABELS and before[seen - 1] == "category"
        spelled.append(spell(line) if key(line) in LABELS and not is_value else line)
    return "\n".join(spelled)


SPELLINGS = {
    "non-breaking spaces": lambda label: label.replace(" ", "\u00a0"),
    "narrow non-breaking spaces": lambda label: label.replace(" ", "\u202f"),
    "two blanks": lambda label: label.replace(" ", "  "),
    "a zero-width space inside": lambda label: label[:2] + "\u200b" + label[2:],
    "a mark of direction before": lambda label: "\u200f" + label,
    "a soft hyphen inside": lambda label: label[:3] + "\u00ad" + label[3:],
    "capitals": str.upper,
    "small letters": str.lower,
    "title case": str.title,
    "bold": lambda label: f"**{label}**",
    "bold with a colon": lambda label: f"**{label}:**",
    "a colon": lambda label: f"{label.rstrip(':')}:",
    "a curly apostrophe": lambda label: label.replace("'", "\u2019"),
}


@each_irct
@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_a_label_is_known_however_it_is_spelled(text, spell):
    assert said(relabelled(text, spell)) == said(text)


@each_irct
def test_blank_lines_between_the_lines_of_an_export_say_nothing(text):
    assert said("\n".join(line for line in text.split("\n") if line.strip())) == said(text)


@each_irct
def test_bold_marks_around_values_change_no_value(text):
    bare = re.sub(r"(?m)^([^*\n]+: )\*\*([^*\n]+)\*\*$", r"\1\2", text)
    assert said(bare) == said(text)
    bold = re.sub(r"(?m)^([A-Z][\w ]+: )(\d[^*\n]*)$", r"\1**\2**", bare)
    assert said(bold) == said(text)


def one_line_each(text: str) -> str:
    """`Label: value` for every label of the general information that has one value of one line below it."""
    lines = [line for line in text.split("\n") if line.strip()]
    start, end = (
        next(i for i, line in enumerate(lines) if key(line) == name)
        for name in ("general information", "secondary ids")
    )
    general = {key(label) for label in irct.GENERAL}
    out, index = lines[:start], start
    while index < end:
        here, after, then = (key(line) for line in (lines[index], lines[index + 1], lines[index + 2]))
        if here in general and after not in general and then in general and ":" not in lines[index + 1]:
            out.append(f"{lines[index].rstrip(':')}: {lines[index + 1]}")
            index += 2
        else:
            out.append(lines[index])
            index += 1
    return "\n".join(out + lines[end:])


@each_irct
def test_a_label_and_its_value_may_stand_on_one_line(text):
    assert said(one_line_each(text)) == said(text)


def sections_of(text: str) -> list[list[str]]:
    """The text cut before each section heading that follows the general information, the head being the first piece."""
    headings = {key(name) for name in irct.PARTS} - {"summary", "protocol summary"}
    pieces, in_summary = [[]], False
    for line in text.split("\n"):
        word = key(line.split("**")[0])
        in_summary = word == "protocol summary" or (in_summary and word != "general information")
        if word in headings and not in_summary:
            pieces.append([])
        pieces[-1].append(line)
    return pieces


def without_items(counted: Counter) -> Counter:
    """The rows without their item numbers; statements have none."""
    return Counter((row[0], *row[2:]) if row[0] != "statement" else row for row in counted.elements())


@each_irct
def test_sections_may_stand_in_any_order(text):
    """Only the numbers of items follow the order of the document."""
    pieces = sections_of(text)
    assert len(pieces) >= 12
    before = without_items(said(text))
    for one, two in combinations(range(1, len(pieces)), 2):
        swapped = pieces.copy()
        swapped[one], swapped[two] = pieces[two], pieces[one]
        after = without_items(said("\n".join("\n".join(piece) for piece in swapped)))
        changed = {row[0] for row in (before - after) | (after - before)}
        # References are item numbers; what two texts say alike is quoted from the one that stands first.
        assert changed <= {"interventions.arms", "condition_codes.condition", "random.type"}


# Edits of one value -----------------------------------------------------------------------------------------------

PERSIAN, ARABIC, FULL_WIDTH = "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９"


def in_script(number: str, digits: str) -> str:
    return "".join(digits[int(c)] if c.isdecimal() else c for c in number)


WRITTEN = {
    "another number": ("45", 45),
    "zero": ("0", 0),
    "thousands": ("1,200", 1200),
    "a thin space": ("1\u2009200", 1200),
    "a narrow no-break space": ("1\u202f200", 1200),
    "an apostrophe": ("1’200", 1200),
    "millions": ("1,200,000", 1200000),
    "Persian": (in_script("36", PERSIAN), 36),
    "Arabic-Indic": (in_script("36", ARABIC), 36),
    "full width": (in_script("36", FULL_WIDTH), 36),
    "Persian thousands": (in_script("1٬200", PERSIAN), 1200),
    "Persian comma": (in_script("1،200", PERSIAN), 1200),
    "full-width thousands": (in_script("1，200", FULL_WIDTH), 1200),
    "with a mark of direction": ("\u200f36\u200f", 36),
    "with its unit": ("36 participants", 36),
}
UNREADABLE = [
    "eight",
    "about 30",
    "30-40",
    "1,20",
    "1.200",
    "30 per group",
    "30 (15 in each group)",
    "?",
    "۳۰ نفر؟",
    "-5",
    "3e2",
]


@each_irct
@pytest.mark.parametrize("written, meant", WRITTEN.values(), ids=WRITTEN)
def test_another_target_moves_the_target_alone(text, written, meant):
    edited = re.sub(r"(?m)^(Target sample size: )(?:\*\*)?\d+(?:\*\*)?$", rf"\g<1>{written}", text)
    after, problems = reading(edited)
    assert moved(said(text), after) == (["enrolment.target"], ["enrolment.target"])
    (row,) = [row for row in after if row[0] == "enrolment.target"]
    assert (row[2], row[3], row[4]) == (str(meant), "REPORTED", fold(written))
    assert problems == []


@each_irct
@pytest.mark.parametrize("written", UNREADABLE)
def test_a_target_that_cannot_be_read_is_unclear_with_its_quote_and_one_notice(text, written):
    edited = re.sub(r"(?m)^(Target sample size: )(?:\*\*)?\d+(?:\*\*)?$", rf"\g<1>{written}", text)
    after, problems = reading(edited)
    assert moved(said(text), after) == (["enrolment.target"], ["enrolment.target"])
    (row,) = [row for row in after if row[0] == "enrolment.target"]
    assert (row[2], row[3], row[4]) == ("None", "UNCLEAR", written)
    assert [(p.severity, p.found) for p in problems] == [("notice", repr(written))]


DATES = {  # what is typed -> value and state
    "2021-03-04, 1399/12/14": ("'2021-03-04'", "REPORTED"),
    "2021-03-04": ("'2021-03-04'", "REPORTED"),
    "2021-03": ("'2021-03'", "REPORTED"),
    "2021": ("'2021'", "REPORTED"),
    "1399/12/14": ("'2021-03-04'", "REPORTED"),
    in_script("1399/12/14", PERSIAN): ("'2021-03-04'", "REPORTED"),
    "4 March 2021": ("'2021-03-04'", "REPORTED"),
    "2641-06-14": ("None", "UNCLEAR"),
    "2021-02-31": ("None", "UNCLEAR"),
    "2021-13-01": ("None", "UNCLEAR"),
    "03/04/2021": ("None", "UNCLEAR"),
    "soon": ("None", "UNCLEAR"),
    "1399/12/31": ("None", "UNCLEAR"),
}


@each_irct
@pytest.mark.parametrize("written, expected", DATES.items(), ids=DATES)
@pytest.mark.parametrize(
    "label", ["Actual recruitment start date", "Trial completion date", "Expected recruitment end date"]
)
def test_a_date_that_is_filled_in_moves_that_date_alone(text, label, written, expected):
    field = {"A": "date.first_enrolment", "T": "date.completion", "E": "date.recruitment_end"}[label[0]]
    edited = re.sub(rf"(?m)^({label}\n\n?)[^\n]*$", rf"\g<1>{written}", text)
    assert edited != text
    after, problems = reading(edited)
    went, came = moved(said(text), after)
    assert (went, came) == ([field], [field])
    (row,) = after - said(text)
    assert (row[2], row[3], row[4]) == (*expected, written)
    assert len(problems) == (expected[1] == "UNCLEAR")


GROUPS = {
    "Participant": "PARTICIPANT",
    "Care provider": "CARE_PROVIDER",
    "Investigator": "INVESTIGATOR",
    "Outcome assessor": "OUTCOMES_ASSESSOR",
    "Data analyser": "DATA_ANALYST",
    "Data and Safety Monitoring Board": "DATA_MONITORING",
}


@each_irct
@pytest.mark.parametrize("number", range(1, len(GROUPS) + 1))
@pytest.mark.parametrize("bullet, gap", [("- ", "\n"), ("- ", "\n\n"), ("• ", "\n"), ("", "\n"), ("-", "\n \n")])
def test_masked_groups_are_those_of_the_list(text, number, bullet, gap):
    groups = list(GROUPS)[:number]
    listed = gap.join(bullet + group for group in groups)
    edited = re.sub(r"(?s)(Groups that have been masked\n+).*?(\n+Sample size\n)", rf"\g<1>{listed}\g<2>", text)
    after = said(edited)
    (row,) = [row for row in after if row[0] == "masking.roles"]
    assert row[2:4] == (repr([GROUPS[group] for group in groups]), "REPORTED")
    assert {field for side in moved(said(text), after) for field in side} <= {"masking.roles"}


@each_irct
def test_a_masked_group_that_nobody_knows_makes_the_roles_unclear(text):
    edited = re.sub(
        r"(?s)(Groups that have been masked\n+).*?(\n+Sample size\n)", r"\g<1>- Participant\n- Janitor\g<2>", text
    )
    after, problems = reading(edited)
    (row,) = [row for row in after if row[0] == "masking.roles"]
    assert row[2:5] == ("None", "UNCLEAR", "Participant - Janitor")
    assert len(problems) == 1


@each_irct
def test_the_old_form_of_the_registration_number_is_read(text):
    edited = re.sub(r"IRCT20\d{6}\d+N\d+", "IRCT138707201323N1", text)
    after = said(edited)
    assert moved(said(text), after) == (["ids.primary", "ids.registry"], ["ids.primary", "ids.registry"])
    assert "'IRCT138707201323N1'" in {row[2] for row in after if row[0] == "ids.primary"}


def choice_labels() -> list[tuple[str, str, str, object]]:
    """Label, the field it fills, a word that the registry uses, and the member it stands for."""
    tables = {
        "Recruitment status": (
            "status.recruitment",
            {
                "Recruiting": "RECRUITING",
                "Pending": "NOT_YET_RECRUITING",
                "Suspended": "SUSPENDED",
                "Recruitment complete": "RECRUITMENT_COMPLETE",
            },
        ),
        "Purpose": (
            "design.purpose",
            {
                "Treatment": "TREATMENT",
                "Prevention": "PREVENTION",
                "Diagnostic": "DIAGNOSTIC",
                "Supportive": "SUPPORTIVE_CARE",
                "Screening": "SCREENING",
                "Health service research": "HEALTH_SERVICES_RESEARCH",
                "Basic science": "BASIC_SCIENCE",
                "Other": "OTHER",
            },
        ),
        "Gender": ("eligibility.sex", {"Both": "ALL", "Male": "MALE", "Female": "FEMALE"}),
        "Phase": (
            "design.phase",
            {
                "0": ["EARLY_PHASE1"],
                "1": ["PHASE1"],
                "1-2": ["PHASE1", "PHASE2"],
                "2": ["PHASE2"],
                "2-3": ["PHASE2", "PHASE3"],
                "3": ["PHASE3"],
                "4": ["PHASE4"],
                "N/A": ["NA"],
                "۳": ["PHASE3"],
                "Phase III": ["PHASE3"],
            },
        ),
        "Randomization (investigator's opinion)": (
            "design.allocation",
            {"Randomized": "RANDOMIZED", "Not randomized": "NON_RANDOMIZED", "N/A": "NA", "RANDOMIZED": "RANDOMIZED"},
        ),
        "Blinding (investigator's opinion)": (
            "masking.label",
            {"Not blinded": "NONE", "Single blinded": "SINGLE", "Double blinded": "DOUBLE", "Triple blinded": "TRIPLE"},
        ),
        "Assignment": (
            "design.model",
            {
                "Parallel": "PARALLEL",
                "Factorial": "FACTORIAL",
                "Single": "SINGLE_GROUP",
                "Crossover": "CROSSOVER",
                "Other": "OTHER",
            },
        ),
        "Deidentified Individual Participant Data Set (IPD)": (
            "ipd.plan",
            {
                "Yes - There is a plan to make this available": "YES",
                "No - There is not a plan to make this available": "NO",
                "Undecided - It is not yet known if there will be a plan to make this available": "UNDECIDED",
                "Not applicable": "NOT_APPLICABLE",
            },
        ),
    }
    return [(label, field, word, member) for label, (field, words) in tables.items() for word, member in words.items()]


@each_irct
@pytest.mark.parametrize("label, field, word, member", choice_labels(), ids=lambda value: str(value)[:24])
def test_each_word_of_a_vocabulary_is_read_as_its_member(text, label, field, word, member):
    after, problems = reading(with_value(text, label, word))
    assert [row[2:5] for row in after if row[0] == field] == [(repr(member), "REPORTED", word)]
    assert {f for side in moved(said(text), after) for f in side} <= {field}
    assert problems == []


@each_irct
@pytest.mark.parametrize("label, field", sorted({(label, field) for label, field, _, _ in choice_labels()}))
@pytest.mark.parametrize("word", ["Sometimes", "2-5"])
def test_a_word_of_no_vocabulary_is_unclear_with_its_quote_and_one_notice(text, label, field, word):
    after, problems = reading(with_value(text, label, word))
    assert [row[2:5] for row in after if row[0] == field] == [("None", "UNCLEAR", word)]
    assert {f for side in moved(said(text), after) for f in side} <= {field}
    assert [problem.found for problem in problems] == [repr(word)]


@each_irct
@pytest.mark.parametrize("label, field", sorted({(label, field) for label, field, _, _ in choice_labels()}))
@pytest.mark.parametrize("blank", ["", "empty", "Empty", "  "])
def test_a_label_without_a_value_is_empty_in_the_source(text, label, field, blank):
    after, problems = reading(with_value(text, label, blank))
    assert [(row[2], row[3]) for row in after if row[0] == field] == [("None", "EMPTY_IN_SOURCE")]
    assert {f for side in moved(said(text), after) for f in side} <= {field}
    assert problems == []


def with_value(text: str, label: str, value: str) -> str:
    """The text with another value below a label (the last time the label stands alone on a line)."""
    found = list(re.finditer(rf"(?m)^{re.escape(label)}\n(?:\s*\n)?([^\n]*)$", text))
    assert found, label
    start, end = found[-1].span(1)
    return text[:start] + value + text[end:]


@each_irct
def test_an_open_trial_masks_nobody_where_the_list_is_blank(text):
    edited = with_value(text, "Blinding (investigator's opinion)", "Not blinded")
    edited = re.sub(r"(?s)(Groups that have been masked\n+).*?(\n+Sample size\n)", r"\g<1>\g<2>", edited)
    assert [row[2:4] for row in said(edited) if row[0] == "masking.roles"] == [("[]", "DERIVED")]


@each_irct
@pytest.mark.parametrize(
    "written, ages",
    [
        ("From **20 years** old to **70 years** old", {"age_min": ("20", "20 years"), "age_max": ("70", "70 years")}),
        ("From 20 years old to 70 years old", {"age_min": ("20", "20 years"), "age_max": ("70", "70 years")}),
        ("From **6 months** old", {"age_min": ("6", "6 months")}),
        ("To **70 years** old", {"age_max": ("70", "70 years")}),
        ("From ۲۰ years old to ۷۰ years old", {"age_min": ("20", "۲۰ years"), "age_max": ("70", "۷۰ years")}),
        ("No age limit", {"age_min": ("None", "No age limit"), "age_max": ("None", "No age limit")}),
    ],
)
def test_ages_are_read_with_their_limits(text, written, ages):
    after = said(with_value(text, "Age", written))
    read = {
        row[0].split(".")[1]: (row[2], row[4])
        for row in after
        if row[0].startswith("eligibility.age") and row[3] == "REPORTED"
    }
    assert read == ages
    assert {f.split("_")[0] for side in moved(said(text), after) for f in side} <= {"eligibility.age"}


# Cut files ----------------------------------------------------------------------------------------------------------


@each
def test_a_file_that_ends_in_the_middle_says_no_more_than_the_whole_file(text):
    """Except the words it was cut in: their value may be shorter, and a blank is seen where the value is missing."""
    whole = Counter((row[0], row[1], row[2], row[3]) for row in said(text).elements() if row[0] != "statement")
    for end in range(97, len(text), 97):
        rows = [row for row in said(text[:end]).elements() if row[0] != "statement"]
        extra = Counter((row[0], row[1], row[2], row[3]) for row in rows) - whole
        tail = fold(text[max(0, end - 6000) : end])
        for field, item, value, state in extra:
            quote = next(row[4] for row in rows if row[:4] == (field, item, value, state))
            last = tail.endswith((quote, quote.rstrip()))
            assert state == "EMPTY_IN_SOURCE" or last or field == "ids.primary", (end, field, value, quote)


# Pages: numbers of prose ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["dataset-lung-fibrosis.txt"], indirect=True)
@pytest.mark.parametrize(
    "written, meant",
    [
        ("Nine", 9),
        ("Twenty-four", 24),
        ("31", 31),
        ("**31**", 31),
        ("۳۱", 31),
        ("1,200", 1200),
        ("One hundred and twelve", 112),
    ],
)
def test_another_number_in_a_sentence_moves_that_number_alone(text, written, meant):
    edited = text.replace("Thirty patients were planned", f"{written} patients were planned")
    after = said(edited)
    both = ["enrolment.target", "report.abstract"]  # the abstract is a value too
    assert moved(said(text), after) == (both, both)
    assert [row[2:5] for row in after if row[0] == "enrolment.target"] == [
        (str(meant), "REPORTED", written.replace("**", ""))
    ]


@pytest.mark.parametrize("text", ["listing-dry-eye.txt", real("002")], indirect=True)
@pytest.mark.parametrize(
    "label, field, written, value",
    [
        ("Clinical Study Identifier", "ids.primary", "NCT04276987", "'NCT04276987'"),
        ("Last Modified on", "registration.last_update", "3 May 2024", "'2024-05-03'"),
        ("Sponsor", "sponsor.primary", "Another Hospital", "'Another Hospital'"),
        ("Condition", "conditions", "Asthma", "'Asthma'"),
    ],
)
def test_a_row_of_the_table_moves_its_value_alone(text, label, field, written, value):
    edited = re.sub(rf"(?m)^({label}\s*\|)[^|\n]*\|", rf"\g<1> {written} |", text)
    after = said(edited)
    rests = ["ids.registry"] if field == "ids.primary" else []
    assert moved(said(text), after) == ([field, *rests], [field, *rests])
    assert [row[2] for row in after if row[0] == field] == [value]
