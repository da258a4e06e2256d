"""One text as a file of each kind: plain text, PDF, Word document, web page. All content is fictitious."""

from __future__ import annotations

import html
import io
import zipfile

Part = tuple[str, str]  # "h" for a heading, "p" for a paragraph; its words

ARTICLE: list[Part] = [
    ("h", "Fictitious drops for dry eyes: a randomised, double-blind, placebo-controlled trial"),
    ("h", "Abstract"),
    ("p", "Background: Dry eyes are common. We tested whether fictitious drops bring comfort to adults with dry eyes."),
    (
        "p",
        "Methods: In this phase 2 parallel-group trial we randomly assigned 84 patients in a 1:1 ratio to drops or "
        "placebo. Patients and outcome assessors were blinded. We planned to enrol 90 patients aged 18 to 70 years. "
        "Each patient received 2.0 x 10^8 particles daily for 5 days.",
    ),
    (
        "p",
        "Results: A total of 84 patients were randomised; 80 patients completed the study and 84 were analysed by "
        "intention to treat.",
    ),
    ("p", "Trial registration: ClinicalTrials.gov NCT02999999, registered on 12 January 2015."),
    ("h", "References"),
    ("p", "1. Somebody A. Another trial, NCT01111111. J Eyes 2010;1:2."),
]
EXPORT = """Clinical Trial Protocol
Iranian Registry of Clinical Trials
31 May 2026
Fictitious drops for dry eyes
General information
Acronym
DROPS
IRCT registration information
IRCT registration number: IRCT20990101000001N1
Registration date: 2015-01-12, 1393/10/22
Registration timing: prospective
Recruitment status
Recruiting
Expected recruitment start date
2015-03-03, 1393/12/12
Phase
2
Groups that have been masked
Participant
Outcome assessor
Sample size
Target sample size: 90
Randomization (investigator's opinion)
Randomized
Blinding (investigator's opinion)
Double blinded
Placebo
Used
Assignment
Parallel
Secondary Ids
empty
Primary outcomes
1
Description
Comfort
Timepoint
Day 28
Method of measurement
A scale
Sharing plan
Deidentified Individual Participant Data Set (IPD)
No - There is not a plan to make this available
"""


def export_parts() -> list[Part]:
    """The export's lines, each a paragraph."""
    return [("p", line) for line in EXPORT.splitlines()]


def text_of(parts: list[Part]) -> bytes:
    """Paragraphs with blank lines between."""
    return "\n\n".join(words for _, words in parts).encode()


def pdf_of(parts: list[Part]) -> bytes:
    """One column, as many pages as it needs."""
    pdf = new_pdf()
    for kind, words in parts:
        pdf.set_font("Helvetica", style="B" if kind == "h" else "", size=10)
        pdf.multi_cell(0, 5, words, new_x="LMARGIN", new_y="NEXT", align="J")
        pdf.ln(1)
    return bytes(pdf.output())


def two_columns(parts: list[Part], *, mixed: bool) -> bytes:
    """A page in two columns, written column by column, or line by line across both (`mixed`)."""
    pdf = new_pdf()
    lines = [line for _, words in parts for line in pdf.multi_cell(85, 5, words, dry_run=True, output="LINES")]
    half = (len(lines) + 1) // 2
    left = [(15, 30 + 5 * number, line) for number, line in enumerate(lines[:half])]
    right = [(110, 30 + 5 * number, line) for number, line in enumerate(lines[half:])]
    rows = [cell for number in range(half) for cell in (left[number : number + 1] + right[number : number + 1])]
    for x, y, words in rows if mixed else left + right:
        pdf.text(x, y, words)
    return bytes(pdf.output())


def new_pdf():
    """An empty page in a common type."""
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_auto_page_break(True, margin=20)
    pdf.add_page()
    pdf.set_font("Helvetica", size=10)
    return pdf


def docx_of(parts: list[Part]) -> bytes:
    """A Word document as python-docx writes it."""
    import docx

    document = docx.Document()
    for kind, words in parts:
        document.add_paragraph(words, style="Heading 1" if kind == "h" else None)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def raw_docx(body: str, **parts: str) -> bytes:
    """A Word document with this body as XML, and other parts by their names (`footnotes`)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
        for name, inner in parts.items():
            archive.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{WORD}">{inner}</w:{name}>')
    return file.getvalue()


def html_of(parts: list[Part]) -> bytes:
    """A web page with the furniture that pages have."""
    tags = {"h": "h2", "p": "p"}
    body = "".join(f"<{tags[kind]}>{html.escape(words)}</{tags[kind]}>\n" for kind, words in parts)
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>x</title>"
        "<script>var a = 'NCT05555555';</script></head>"
        f"<body><nav>Home</nav><div class='article'>{body}</div><footer>NCT06666666</footer></body></html>"
    ).encode()


CARRIERS = {"a.txt": text_of, "a.pdf": pdf_of, "a.docx": docx_of, "a.html": html_of}
