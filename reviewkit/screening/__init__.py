"""screening.csv -> the counts of the PRISMA 2020 flow, and the identities that hold them together.

`read_screening` reads the log, a row a citation; `count` puts every citation into exactly one box, so nothing is
dropped: what waits for a decision is counted as waiting. Counts typed by hand, or read by `read_exchange` from the CSV
that PRISMA flow tools exchange, go through the same `check_flow`.
"""

from __future__ import annotations

from reviewkit.screening.exchange import exchange_csv, read_exchange
from reviewkit.screening.flow import Flow, count
from reviewkit.screening.identities import Beside, Result, check_flow, identity_report
from reviewkit.screening.log import Citation, read_screening

__all__ = [
    "Beside",
    "Citation",
    "Flow",
    "Result",
    "check_flow",
    "count",
    "exchange_csv",
    "identity_report",
    "read_exchange",
    "read_screening",
]
