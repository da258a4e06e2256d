"""Extraction sheets that co-reviewers fill in with Excel or LibreOffice: how they go out.

`layout` lays out the rows of every sheet, `rules` and `look` say what a cell accepts and how it looks, `readme` what
the co-reviewer reads first; `write` makes the file with openpyxl, `issue` gives it its identity.
"""

from reviewkit.workbook.issue import Facts, Issue, IssuedCell, check_extractor, workbook_name, write_workbook

__all__ = ["Facts", "Issue", "IssuedCell", "check_extractor", "workbook_name", "write_workbook"]
