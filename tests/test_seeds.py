"""The five documents of ../shared/seeds, read by a person line by line: every value and where it stands.

A row is `line field item value`. `=` stands for the folded words of the line, `=31-33` for those of several lines,
so that no sentence of the documents is repeated here; `-` is no item; `~` marks a value that a rule derived; EMPTY is
a label whose value is blank.
"""

from __future__ import annotations

import json
import re

import pytest

from reviewkit.documents import fold, open_document
from reviewkit.reading import records_of

pytestmark = pytest.mark.real

SEEDS = {
    "000": """
5 source.name - =
7 source.export_date - 2026-05-31
15 objective - =
19 summary.design - =
23 summary.setting - =
27 summary.participants - =
31 summary.interventions - =31-33
37 summary.outcomes - =
41 registration.update_reason - EMPTY
43 acronym - EMPTY
47 ids.primary - IRCT20130812014333N164
47 ids.registry - ~IRCT
49 registration.date - 2021-04-01
51 registration.timing_declared - RETROSPECTIVE
53 registration.last_update - 2021-04-01
55 registration.update_count - 0
85 status.recruitment - RECRUITMENT_COMPLETE
91 date.first_enrolment - 2020-12-05
95 date.recruitment_end - 2021-03-05
97 date.first_enrolment - EMPTY
99 date.recruitment_end - EMPTY
101 date.completion - EMPTY
103 title.scientific - =
105 title.public - =
107 design.purpose - TREATMENT
110 eligibility.inclusion - =
112 eligibility.exclusion - =
114 eligibility.age_min - null
114 eligibility.age_max - null
116 eligibility.sex - ALL
118 design.phase - ["PHASE2","PHASE3"]
121 masking.roles - ["PARTICIPANT","INVESTIGATOR"]
125 enrolment.target - 8
127 design.allocation - RANDOMIZED
129 random.method - =
131 masking.label - DOUBLE
133 masking.description - =133-135
138 design.control - ["PLACEBO"]
140 design.model - PARALLEL
141 design.other - EMPTY
145 ids.secondary.id - EMPTY
155 ethics.committee 1 =
163 ethics.city 1 =
175 ethics.date 1 2020-11-10
179 ethics.reference 1 =
187 conditions 1 =
191 condition_codes.code 1 U07.1
191 condition_codes.system 1 ~ICD-10
191 condition_codes.condition 1 ~[1]
195 condition_codes.term 1 =
197 outcomes.type 1 PRIMARY
203 outcomes.measure 1 =
207 outcomes.timepoint 1 =
211 outcomes.method 1 =
197 outcomes.type 2 PRIMARY
217 outcomes.measure 2 =
221 outcomes.timepoint 2 =
225 outcomes.method 2 =
197 outcomes.type 3 PRIMARY
231 outcomes.measure 3 =
235 outcomes.timepoint 3 =
239 outcomes.method 3 =
251 arms.description 1 =
255 interventions.type 1 DRUG
255 interventions.arms 1 ~[1]
261 arms.description 2 =
265 interventions.type 2 DRUG
265 interventions.arms 2 ~[2]
275 sites.name 1 =
287 sites.city 1 =
291 sites.region 1 =
313 sponsor.primary - =
343 funders.grant_name 1 EMPTY
345 funders.grant 1 EMPTY
349 funders.is_sponsor 1 true
353 funders.name 1 =
357 funders.share_pct 1 100
361 funders.sector 1 PUBLIC
365 funders.origin 1 DOMESTIC
369 funders.foreign_category 1 EMPTY
371 funders.country 1 EMPTY
375 funders.type 1 =
377 contacts.role 1 PUBLIC
383 contacts.org 1 =
391 contacts.position 1 =391-393
411 contacts.role 2 SCIENTIFIC
416 contacts.org 2 =
420 contacts.position 2 =
438 contacts.role 3 UPDATER
443 contacts.org 3 =
447 contacts.position 3 =447-449
471 ipd.plan - YES
475 ipd.protocol - YES
479 ipd.sap - UNDECIDED
483 ipd.icf - YES
487 ipd.csr - UNDECIDED
491 ipd.code - UNDECIDED
495 ipd.dictionary - NOT_APPLICABLE
499 ipd.description - =
503 ipd.timeframe - =
507 ipd.audience - =
511 ipd.criteria - =
515 ipd.access - =
519 ipd.process - =
521 ipd.comments - EMPTY
""",
    "001": """
5 source.name - =
7 source.export_date - 2026-05-31
15 objective - =
19 summary.design - =
23 summary.setting - =
27 summary.participants - =27-29
33 summary.interventions - =33-35
39 summary.outcomes - =
45 registration.update_reason - =
47 acronym - EMPTY
51 ids.primary - IRCT20190101042197N2
51 ids.registry - ~IRCT
53 registration.date - 2021-04-19
55 registration.timing_declared - PROSPECTIVE
57 registration.last_update - 2025-08-30
59 registration.update_count - 1
87 status.recruitment - RECRUITMENT_COMPLETE
93 date.first_enrolment - 2021-05-20
97 date.recruitment_end - 2021-09-22
101 date.first_enrolment - EMPTY
105 date.recruitment_end - EMPTY
109 date.completion - EMPTY
113 title.scientific - =
117 title.public - =
121 design.purpose - TREATMENT
127 eligibility.inclusion - =
131 eligibility.exclusion - =
135 eligibility.age_min - 18
135 eligibility.age_max - 65
139 eligibility.sex - ALL
143 design.phase - ["PHASE1"]
147 masking.roles - ["PARTICIPANT","INVESTIGATOR","OUTCOMES_ASSESSOR"]
154 enrolment.target - 30
158 design.allocation - RANDOMIZED
162 random.method - =
162 random.type - ["BLOCK","STRATIFIED"]
162 random.concealment - opaque sealed envelopes
166 masking.label - DOUBLE
170 masking.description - =
174 design.control - ["PLACEBO"]
178 design.model - PARALLEL
182 design.other - =
186 ids.secondary.id - EMPTY
196 ethics.committee 1 =
204 ethics.city 1 =
216 ethics.date 1 2021-03-17
220 ethics.reference 1 =
228 conditions 1 =
232 condition_codes.code 1 J80
232 condition_codes.system 1 ~ICD-10
232 condition_codes.condition 1 ~[1]
236 condition_codes.term 1 =
238 outcomes.type 1 PRIMARY
244 outcomes.measure 1 =
248 outcomes.timepoint 1 =
252 outcomes.method 1 =
238 outcomes.type 2 PRIMARY
258 outcomes.measure 2 =
262 outcomes.timepoint 2 =
266 outcomes.method 2 =
238 outcomes.type 3 PRIMARY
272 outcomes.measure 3 =
276 outcomes.timepoint 3 =
280 outcomes.method 3 =
238 outcomes.type 4 PRIMARY
286 outcomes.measure 4 =
290 outcomes.timepoint 4 =
294 outcomes.method 4 =
238 outcomes.type 5 PRIMARY
300 outcomes.measure 5 =
304 outcomes.timepoint 5 =
308 outcomes.method 5 =
238 outcomes.type 6 PRIMARY
314 outcomes.measure 6 =
318 outcomes.timepoint 6 =
322 outcomes.method 6 =
238 outcomes.type 7 PRIMARY
328 outcomes.measure 7 =
332 outcomes.timepoint 7 =
336 outcomes.method 7 =
238 outcomes.type 8 PRIMARY
342 outcomes.measure 8 =
346 outcomes.timepoint 8 =
350 outcomes.method 8 =
238 outcomes.type 9 PRIMARY
356 outcomes.measure 9 =
360 outcomes.timepoint 9 =
364 outcomes.method 9 =
376 arms.description 1 =
376 arms.n_target 1 15
376 arms.n_target 2 15
376 design.ratio - 1:1
380 interventions.type 1 OTHER
380 interventions.arms 1 ~[1]
386 arms.description 2 =
390 arms.role 2 PLACEBO_COMPARATOR
390 interventions.arms 2 ~[2]
400 sites.name 1 =
412 sites.city 1 =
416 sites.region 1 =
432 sites.name 2 =
444 sites.city 2 =
448 sites.region 2 =
464 sponsor.primary - =
494 funders.grant_name 1 EMPTY
494 funders.grant 1 EMPTY
496 funders.is_sponsor 1 true
500 funders.name 1 =
504 funders.share_pct 1 100
508 funders.sector 1 PRIVATE
512 funders.origin 1 DOMESTIC
516 funders.foreign_category 1 EMPTY
518 funders.country 1 EMPTY
520 funders.type 1 =
522 contacts.role 1 PUBLIC
524 contacts.org 1 =
532 contacts.position 1 =
566 contacts.role 2 SCIENTIFIC
568 contacts.org 2 =
576 contacts.position 2 =
610 contacts.role 3 UPDATER
616 contacts.org 3 =
624 contacts.position 3 =
662 ipd.plan - YES
666 ipd.protocol - NO
670 ipd.sap - NO
674 ipd.icf - NO
678 ipd.csr - YES
682 ipd.code - NO
686 ipd.dictionary - NO
690 ipd.description - =
694 ipd.timeframe - =
698 ipd.audience - =
702 ipd.criteria - =
706 ipd.access - =
710 ipd.process - =
712 ipd.comments - EMPTY
""",
    "002": """
8 design.centres.multicentre - true
8 design.allocation - RANDOMIZED
8 masking.label - SINGLE
10 conditions 1 COVID-19 Pneumonia
12 interventions.name 1 Extracellular Vesicles from Mesenchymal Stem Cells
13 ids.primary - NCT05787288
13 ids.registry - ~CTGOV
14 sponsor.primary - First Affiliated Hospital of Wenzhou Medical University
15 registration.last_update - 2023-04-06
""",
    "003": """
7 report.title - =
7 design.other - pilot study
12 report.abstract - =12-30
18 acronym - MEXCOVID
18 design.phase - ["PHASE2"]
18 design.model - SINGLE_GROUP
18 design.allocation - ~NA
18 masking.label - NONE
18 masking.roles - ~[]
18 study_type - INTERVENTIONAL
18 interventions.frequency 1 daily
18 interventions.dose 1 ~200000000
18 interventions.dose_text 1 2.0 × 108 nano vesicles
18 interventions.unit 1 nano vesicles
18 interventions.duration 1 5 days
22 enrolment.actual - 7
22 enrolment.treated - 7
22 participants.male_n - 4
22 participants.female_n - 3
22 participants.age_median - 57
22 participants.age_q1 - 43
22 participants.age_q3 - 70
26 interventions.dose 1 ~2000000000
30 statement.registration - =
30 ids.primary - NCT04276987
30 ids.registry - ~CTGOV
34 report.accession - S-EPMC9135389
34 report.repository - biostudies-literature
34 report.date - 2022-05
34 report.pmcid - ~PMC9135389
44 report.authors - AUTHORS
46 report.journal - Stem cell research & therapy
46 report.date - 2022-05-26
46 report.issue - 1
""",
}  # fmt: skip
# Concept and label of what the lines say of the trial's own design: `line concept label`.
STATEMENTS = {
    "000": """
19 sequence_generation unclear
19 blinding_participants unclear
19 blinding_personnel unclear
19 blinding_assessors unclear
19 blinding_personnel blinded
19 blinding_participants blinded
19 sequence_generation adequate
23 blinding_participants unclear
23 blinding_personnel unclear
23 blinding_assessors unclear
23 sequence_generation unclear
23 allocation_concealment unclear
129 sequence_generation adequate
133 blinding_personnel blinded
133 blinding_participants blinded
133 blinding_assessors unclear
135 allocation_concealment unclear
""",
    "001": """
19 sequence_generation unclear
19 blinding_participants unclear
19 blinding_personnel unclear
19 blinding_assessors unclear
23 sequence_generation unclear
23 blinding_participants unclear
23 blinding_personnel unclear
23 blinding_assessors unclear
113 sequence_generation unclear
113 blinding_participants unclear
113 blinding_personnel unclear
113 blinding_assessors unclear
162 sequence_generation adequate
162 allocation_concealment adequate
170 blinding_participants blinded
170 blinding_personnel blinded
170 blinding_assessors blinded
376 sequence_generation unclear
376 blinding_participants blinded
376 blinding_personnel blinded
376 blinding_assessors blinded
""",
    "002": """
8 sequence_generation unclear
8 blinding_participants unclear
9 sequence_generation unclear
9 blinding_participants unclear
""",
    "003": """
18 blinding_participants not_blinded
18 design single_arm
""",
    "004": "",
}  # fmt: skip


def read_seed(shared, number):
    (path,) = (shared / "seeds").glob(f"{number}_*.txt")
    problems = []
    document = open_document(path, path.name, problems.append)
    (record,) = records_of(document)
    return record, re.split(r"\r\n|\r|\n", document.text), document.text, problems


def expected(table: str, lines: list[str]) -> list[tuple]:
    return [_row(*line.split(" ", 3), lines) for line in table.strip().splitlines()]


def _row(line: str, field: str, item: str, words: str, lines: list[str]) -> tuple:
    derived = words.startswith("~")
    state = "EMPTY_IN_SOURCE" if words == "EMPTY" else "DERIVED" if derived else "REPORTED"
    return (
        int(line),
        field,
        None if item == "-" else int(item),
        _meant(words.removeprefix("~"), int(line), lines),
        state,
    )


def _meant(words: str, line: int, lines: list[str]):
    if words == "EMPTY":
        return None
    if words == "AUTHORS":
        names = [name.split() for name in re.split(r"\s{2,}", lines[line - 1].strip())]
        return [f"{surname} {rest[-1]}" for surname, *rest in names]
    if words.startswith("="):
        first, _, last = (words[1:] or str(line)).partition("-")
        return fold("\n".join(lines[int(first) - 1 : int(last or first)]))
    try:
        return json.loads(words)
    except json.JSONDecodeError:
        return words


@pytest.mark.parametrize("number", SEEDS)
def test_every_label_with_a_field_and_every_fact_of_the_trial_is_read_at_its_line_and_nothing_else(shared, number):
    record, lines, _, problems = read_seed(shared, number)
    read = [(v.place.line, v.field, v.item, v.value, str(v.state)) for v in record.reported]
    wanted = expected(SEEDS[number], lines)
    assert sorted(read, key=repr) == sorted(_as_read(wanted, read), key=repr)
    assert problems == []


def _as_read(wanted, read):
    """An issue number and a centre's own words look like numbers in the table; the catalogue says text."""
    texts = {(line, field) for line, field, _, value, _ in read if isinstance(value, str)}
    return [
        (line, field, item, str(value) if (line, field) in texts and isinstance(value, int) else value, state)
        for line, field, item, value, state in wanted
    ]


@pytest.mark.parametrize("number", STATEMENTS)
def test_every_design_statement_about_the_trial_itself_is_read_at_its_line(shared, number):
    record, _, text, _ = read_seed(shared, number)
    said = {(s.place.line, s.concept, s.label) for s in record.statements}
    wanted = {(int(a), b, c) for a, b, c in (row.split() for row in STATEMENTS[number].strip().splitlines())}
    assert said == wanted
    for statement in record.statements:
        assert fold(text[statement.place.start : statement.place.end]) == statement.quote


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_every_quote_stands_at_its_place(shared, number):
    record, _, text, _ = read_seed(shared, number)
    placed = [value for value in record.reported if value.place.start is not None]
    assert len(placed) >= len([v for v in record.reported if v.value is not None])
    for value in placed:
        assert fold(text[value.place.start : value.place.end]) == value.quote
        before = text[: value.place.start]
        assert value.place.line == len(re.findall(r"\r\n|\r|\n", before)) + 1
        assert value.quote


@pytest.mark.parametrize(
    "number, target, achieved",
    [("000", [8], []), ("001", [30], []), ("002", [], []), ("003", [], [7]), ("004", [20], [])],
)
def test_planned_and_achieved_size_are_two_facts_and_other_trials_sizes_are_none(shared, number, target, achieved):
    record, *_ = read_seed(shared, number)
    assert [value.value for value in record.known("enrolment.target")] == target
    assert [value.value for value in record.known("enrolment.actual")] == achieved


@pytest.mark.parametrize("number, roles", [
    ("000", [["PARTICIPANT", "INVESTIGATOR"]]),
    ("001", [["PARTICIPANT", "INVESTIGATOR", "OUTCOMES_ASSESSOR"]]),
    ("002", []),
    ("003", [[]]),
    ("004", [["PARTICIPANT", "INVESTIGATOR", "OUTCOMES_ASSESSOR"]]),
])  # fmt: skip
def test_masked_roles_are_those_the_document_names(shared, number, roles):
    record, *_ = read_seed(shared, number)
    assert [value.value for value in record.known("masking.roles")] == roles


def test_the_page_without_a_registration_number_gets_none(shared):
    record, *_ = read_seed(shared, "004")
    (silent,) = [value for value in record.values if value.field == "ids.primary"]
    assert (silent.value, silent.quote, str(silent.state)) == (None, None, "NOT_REPORTED")


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_where_the_document_is_silent_no_value_is_said(shared, number):
    record, *_ = read_seed(shared, number)
    for value in record.values[len(record.reported) :]:
        assert (value.value, value.quote, str(value.state)) == (None, None, "NOT_REPORTED")
        assert value.place.line is None and value.place.document == record.document
    spoken = {value.field for value in record.reported}
    assert not spoken & {value.field for value in record.values[len(record.reported) :]}
