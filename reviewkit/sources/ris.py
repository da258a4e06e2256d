"""RIS in its dialects (`TY  - JOUR` to `ER  - `), EndNote's tagged export (`%0 …`), Web of Science's (`PT J`).

Databases differ in which tag holds what (`TI` or `T1`, `JO`, `JF` or `T2`, `PY`, `Y1` or `DA`); the first that is
filled counts. `Y2` is the day somebody looked, and never the date of publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.model import Record
from reviewkit.sources import article, tagged
from reviewkit.sources.tagged import Found

NAME = "ris"
KIND = article.KIND
FIELDS = sayable([name for name, _ in article.CITATION_FIELDS] + ["report.pmid"])
HEAD = 6000  # characters in which a file shows its dialect
BEFORE = r"\A(?:[^\r\n]{0,300}(?>\r\n?|\n)){0,60}?\ufeff?"  # exports may begin with lines of their own
RIS_START = re.compile(BEFORE + r"(?P<tag>TY|ty)(?P<gap>[ \t]{0,4})-[ \t]?[A-Za-z]{3,8}[ \t]*(?=[\r\n]|\Z)")
ENDNOTE_START = re.compile(BEFORE + r"%0 [A-Z]")
WEB_OF_SCIENCE_START = re.compile(BEFORE + r"PT [JBSPC][ \t]*[\r\n]+(?:[A-Z][A-Z0-9] [^\r\n]*[\r\n]+)")

DOI_ALONE = re.compile(r"^(?:doi:? ?)?(?P<it>10\.\d{4,9}/\S+)$", re.IGNORECASE)
DOI_ADDRESS = re.compile(r"doi\.org/(?P<it>10\.\d{4,9}/[^\s;]+)", re.IGNORECASE)
DOI_LABELLED = re.compile(r"\bdoi: ?(?P<it>10\.\d{4,9}/[^\s;]+)", re.IGNORECASE)
PUBMED_ADDRESS = re.compile(r"(?:ncbi\.nlm\.nih\.gov/(?:m/)?pubmed|pubmed\.ncbi\.nlm\.nih\.gov)/(?P<it>\d{1,8})(?!\d)")
PUBMED_LABELLED = re.compile(r"\b(?:PMID:? ?|PUBMED )(?P<it>\d{1,8})(?!\d)")
PMC_NUMBER = re.compile(r"(?<![A-Za-z0-9])PMC\d{3,9}(?!\d)")
DOIS = (Found(("DO", "DI"), article.DOI), Found(("M3", "L3", "N1"), DOI_ALONE), Found(("L3", "UR", "L2"), DOI_ADDRESS))
RIS = tagged.Form(
    line=re.compile(""),  # made for each file, by how it writes its tags
    opens="TY",
    ends=frozenset({"ER"}),
    titles=("TI", "T1", "CT", "BT"),
    abstracts=("AB", "N2"),
    authors=frozenset({"AU", "A1"}),
    beside_authors=frozenset({"AI"}),
    keywords=("KW", "DE"),
    listed=frozenset({"KW", "DE"}),
    facts=(
        ("report.volume", kinds.text, ("VL",)),
        ("report.issue", kinds.text, ("IS",)),
        ("report.language", article.language, ("LA",)),
        ("statement.funding", kinds.text, ("FX",)),
    ),
    journals=("JF", "T2", "JO", "JA", "J2", "SO"),
    pages=("SP", "EP"),
    dates=("DA", "PY", "Y1", "YR"),
    types=("M3", "PT", "DT", "TY"),
    dois=(*DOIS, Found(("N1",), DOI_LABELLED)),
    pmids=(
        Found(("UR", "L2", "LK"), PUBMED_ADDRESS),
        Found(("AN", "C3", "XR", "N1", "PM"), PUBMED_LABELLED),
        Found(("PM",), re.compile(r"^\d{1,8}$")),
    ),
    pmcids=(Found(("C2", "UR", "L2", "N1"), PMC_NUMBER),),
    numbers=Found(("CN", "C8"), re.compile("")),
    entry_numbers=("AN", "ID", "UR", "JO", "T2", "SO", "TI", "T1"),
    held_by=("DB", "DP"),
    accessions=("AN",),
)
EMBASE_PMID = Found(("C5",), re.compile(r"^\d{5,8}$"))
ENDNOTE = tagged.Form(
    line=re.compile(r"(?P<tag>%[A-Za-z0-9@+~!#$&<>*?=^]) ?(?P<words>.*)"),
    opens="%0",
    titles=("%T",),
    abstracts=("%X",),
    authors=frozenset({"%A"}),
    keywords=("%K",),
    listed=frozenset({"%K", "%A"}),
    facts=(
        ("report.volume", kinds.text, ("%V",)),
        ("report.issue", kinds.text, ("%N",)),
        ("report.language", article.language, ("%G",)),
    ),
    journals=("%J", "%B"),
    pages=("%P",),
    dates=("%8", "%D"),
    types=("%9", "%0"),
    dois=(Found(("%R",), article.DOI), Found(("%U", "%3"), DOI_ADDRESS)),
    pmids=(Found(("%U",), PUBMED_ADDRESS), Found(("%M", "%Z"), PUBMED_LABELLED)),
    pmcids=(Found(("%2", "%U"), PMC_NUMBER),),
    held_by=("%~", "%W"),
    accessions=("%M",),
)
WEB_OF_SCIENCE = tagged.Form(
    line=re.compile(r"(?P<tag>[A-Z][A-Z0-9])(?: |$)(?P<words>.*)"),
    opens="PT",
    ends=frozenset({"ER", "EF", "FN", "VR"}),
    titles=("TI",),
    abstracts=("AB",),
    authors=frozenset({"AU"}),
    keywords=("DE", "ID"),
    listed=frozenset({"AU"}),
    facts=(
        ("report.volume", kinds.text, ("VL",)),
        ("report.issue", kinds.text, ("IS",)),
        ("report.language", article.language, ("LA",)),
        ("statement.funding", kinds.text, ("FX",)),
    ),
    journals=("SO", "JI"),
    pages=("BP", "EP"),
    dates=("PD", "PY"),
    types=("DT",),
    dois=(Found(("DI",), article.DOI),),
    pmids=(Found(("PM",), re.compile(r"^\d{1,8}$")),),
)

# Tables of citations that databases save as CSV: some of their headings, in this order, and what they are.
CSV_FORMS = (
    (("Author Names", "Source", "Emtree Drug Index Terms"), "a table of citations from Embase (CSV)"),
    (("Authors", "Title", "Year", "Source title"), "a table of citations from Scopus (CSV)"),
    (("PMID", "Title", "Authors", "Citation", "First Author"), "a table of citations from PubMed (CSV)"),
)


def recognise(document: Document) -> str | None:
    """By the tag that opens a citation. ReviewError for a database's table of citations, which loses too much."""
    head = document.text[:HEAD]
    if RIS_START.match(head):
        return "lines tagged TY to ER"
    if ENDNOTE_START.match(head):
        return "lines tagged %0 of EndNote"
    if WEB_OF_SCIENCE_START.match(head):
        return "lines tagged PT to ER of Web of Science"
    _refuse_tables(document, head)
    return None


def _refuse_tables(document: Document, head: str) -> None:
    headings = re.split(r"[\r\n]", head, maxsplit=1)[0]
    cells = [cell.strip('" ') for cell in headings.split(",")]
    for names, what in CSV_FORMS:
        if all(name in cells for name in names):
            raise document.refuse(
                found=what,
                expected="citations in RIS, MEDLINE or PubMed XML",
                fix="export the citations from the database once more, as RIS",
            )


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """One record a citation."""
    form = _form(document)
    for number, tags in enumerate(tagged.citations(document, form), 1):
        yield tagged.record(document, NAME, _of_database(document, form, tags), tags, recognised_by, number)


def _form(document: Document) -> tagged.Form:
    """The dialect of a file; RIS with tags as this file writes them (`TY  - `, `TY - `, `ty  - `)."""
    head = document.text[:HEAD]
    start = RIS_START.match(head)
    if start is None:
        return ENDNOTE if ENDNOTE_START.match(head) else WEB_OF_SCIENCE
    letters = "A-Za-z" if start["tag"].islower() else "A-Z"
    # Where tags have two blanks, a line "T1 - weighted" of an abstract is none.
    gap = r"[ \t]{2,4}-[ \t]?" if len(start["gap"]) > 1 else r"[ \t]{0,4}-(?:[ \t]|$)"
    line = rf"(?P<tag>[{letters}][{letters}0-9](?={gap})|TY(?=[ \t]{{0,4}}-[ \t]?[A-Z]{{3,8}}$)|ER(?=[ \t]{{0,4}}-$))"
    return RIS._replace(line=re.compile(line + r"[ \t]{0,4}-[ \t]?(?P<words>.*)"))


def _of_database(document: Document, form: tagged.Form, tags: list[tagged.Tagged]) -> tagged.Form:
    """Embase keeps the PMID in a tag of its own."""
    citing = tagged.Citing(document, tags)
    if form.opens == "TY" and any("Embase" in citing.raw(one) for one in citing.of(["DB"])):
        return form._replace(pmids=(*form.pmids, EMBASE_PMID))
    return form
