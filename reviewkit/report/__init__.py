"""What people read: a study as a card, a document as a page, a review as one HTML file. No page holds a script.

Everything here takes the nouns of the model and plain strings, and gives HTML as text; nothing is opened or written.
The style sheet (templates/page.css) is handed in, so that a review team may edit it.
"""

from reviewkit.report.pages import document_page, passage_page
from reviewkit.report.passage_page import wanted_parts
from reviewkit.report.places import page_href, page_name
from reviewkit.report.review_page import Figure, Report, Table, report_html
from reviewkit.report.study_card import Overview, overview, study_card

__all__ = [
    "Figure",
    "Overview",
    "Report",
    "Table",
    "document_page",
    "overview",
    "page_href",
    "page_name",
    "passage_page",
    "report_html",
    "study_card",
    "wanted_parts",
]
