"""The first sheet: what the workbook is and how to fill it in, for a person who never saw reviewkit."""

from __future__ import annotations

from typing import NamedTuple

from reviewkit.codebook import Codebook
from reviewkit.words import vocabularies

LINE_LENGTH = 100  # characters that three columns of the widest width hold
SHEETS = {
    "studies": "one row a study: design, size, dates, funding; set the status to done when you have finished it",
    "reports": "one row a report or registry entry of a study",
    "arms": "one row a group of participants, and spare rows below each study",
    "outcomes": "one row an outcome at one time point, and spare rows below each study",
    "baseline": "one row a characteristic of one group before treatment; you add the rows",
    "results_dich": "one row a group: participants with an event; you add the rows",
    "results_cont": "one row a group: means and spreads; you add the rows",
    "results_effect": "one row a comparison of two groups; you add the rows",
    "rob_results": "one row a result whose risk of bias is assessed; you add the rows",
    "rob_answers": "one row a signalling question; you add the rows",
    "rob_judgements": "one row a domain of a result; you add the rows",
    "registration": "one row a registration number: dates and planned sizes",
    "evidence": "where every prefilled value was read: its words, its place, and your decision",
    "queries": "questions to the team; add yours in the next empty row",
}


class Line(NamedTuple):
    """One row of the sheet: words in the first column and, in a list, what they mean in the second.

    `fill` is a key of the fills, for the legend of colours; `heading` is set in bold.
    """

    first: str
    second: str = ""
    fill: str = ""
    heading: bool = False


def readme_lines(
    codebook: Codebook, *, title: str, review_id: str, extractor: str, assisted: bool, issued: str, contact: str
) -> list[Line]:
    """The lines of the README sheet, in order."""
    return [
        Line(f"Extraction workbook of {extractor}", heading=True),
        *_wrapped(title),
        *_facts(codebook, review_id, extractor, assisted, issued),
        Line(""),
        *_how_to_fill(assisted),
        *_codes(),
        *_colours(assisted),
        Line(""),
        *_rows(),
        *_return(contact),
        Line(""),
        *_sheets(codebook),
    ]


def _facts(codebook: Codebook, review_id: str, extractor: str, assisted: bool, issued: str) -> list[Line]:
    mode = "assisted: some cells hold proposals, for you to check" if assisted else "independent: every answer is yours"
    return [
        Line("Purpose", "to write down what each study did and found, in the same way for all studies"),
        Line("Review", review_id),
        Line("Form version", codebook.form_version),
        Line("For", extractor),
        Line("Documents as of", issued),
        Line("Mode", mode),
    ]


def _how_to_fill(assisted: bool) -> list[Line]:
    lines = [
        Line("How to fill it in", heading=True),
        *_wrapped(
            "Go study by study. The grey key in the first column is a link: it opens the document that the "
            "row is about, and shows its name when the pointer rests on it. Row 1 says what is asked; rest "
            "the pointer on a heading to read more. The sheet codebook has all questions with their rules, "
            "codes and an example."
        ),
        *_wrapped(
            "Where a cell has a list, choose from it. Dates are written as exactly as the report gives them: "
            "2020, 2020-07 or 2020-07-31; never make up a day. Numbers are written in digits. A warning is a "
            "question: look again, and keep what you typed if it is right."
        ),
        *_wrapped("A column called “… : place” is for the page or table you read the value from."),
    ]
    if assisted:
        lines += _wrapped(
            "Columns with a blue heading were filled in by the software from the documents. Check every one "
            "against its source: the link beside it, or its row on the sheet evidence. Type over what is "
            "wrong. A blank cell in such a column means that no document says it, or that documents differ; "
            "differing values stand on the sheet evidence, with a question on the sheet queries."
        )
        lines += _wrapped(
            "On the sheet evidence write in the column Decision: accept, edit, reject or not_reported. A "
            "proposal that you did not decide on counts as not reviewed, never as accepted."
        )
    return lines


def _codes() -> list[Line]:
    return [
        Line("When there is no answer", heading=True),
        *(Line(code, meaning) for code, meaning in vocabularies()["MissingCode"].items()),
        Line("blank", "nobody has looked yet"),
        *_wrapped(
            "Type these codes in capitals. Please do not write NA, a dash or a question mark: they can be "
            "read in two ways. 0, no and none are answers, not missing ones."
        ),
    ]


def _colours(assisted: bool) -> list[Line]:
    lines = [
        Line("Colours of the headings", heading=True),
        Line("key", "names the row; locked", "key"),
        Line("required", "please always answer, if need be with a code from the list above", "required"),
        Line("optional", "answer it if the report says it", "optional"),
        Line("derived", "written by the software; locked", "derived"),
    ]
    if assisted:
        lines.insert(2, Line("prefilled", "proposed by the software; check it", "prefilled"))
    return [*lines, Line("still blank", "a required answer that is missing", "blank")]


def _rows() -> list[Line]:
    return [
        Line("How to add rows", heading=True),
        *_wrapped(
            "On the sheets arms and outcomes each study has spare rows whose keys are already there: use the "
            "next one. On sheets without rows begin in row 3 and write the keys too, copied from the sheets "
            "studies, arms and outcomes. You may also insert a row: leave its grey cells blank and name the "
            "study in the notes."
        ),
        *_wrapped(
            "Sheets are protected without a password, so that keys and headings stay as they are. You can "
            "filter (the arrows in row 2) and change widths. Sorting does not work on a protected sheet: the "
            "programs refuse to move locked cells."
        ),
        *_wrapped("If a question does not fit a study, ask on the sheet queries."),
    ]


def _return(contact: str) -> list[Line]:
    return [
        Line("How to return it", heading=True),
        *_wrapped(
            "Save it as .xlsx (LibreOffice: .xlsx or .ods) under any name and send it back. Nothing you typed"
            " is lost: what cannot be read is shown to you again, with the cell. Please leave the sheets and "
            "the two heading rows in place."
        ),
        Line("Contact", contact or "the person who sent you this workbook"),
    ]


def _sheets(codebook: Codebook) -> list[Line]:
    known = [Line(name, SHEETS.get(name, "a sheet of this review; see the codebook")) for name in codebook.sheets]
    return [
        Line("Sheets", heading=True),
        Line("codebook", "every question, with its rule, its codes and an example"),
        *known,
    ]


def _wrapped(text: str) -> list[Line]:
    """A paragraph as lines that fit the sheet: its columns are not merged, and text runs on over empty neighbours."""
    import textwrap

    return [*(Line(line) for line in textwrap.wrap(text, LINE_LENGTH)), Line("")]
