"""The data banks whose accession numbers are registration numbers of trials; others (GENBANK, PDB, figshare) hold none.

Source: the list of data banks that MEDLINE indexes, https://www.nlm.nih.gov/bsd/medline_databank_source.html
"""

from __future__ import annotations

import re

NAMES = (
    "ClinicalTrials.gov", "ISRCTN", "ANZCTR", "ChiCTR", "CRiS", "CTRI", "DRKS", "EudraCT", "IRCT", "JPRN", "NTR",
    "PACTR", "ReBec", "RPCEC", "SLCTR", "TCTR", "JapicCTI", "JMACCT", "UMIN-CTR", "UMIN CTR", "REPEC", "jRCT", "LBCTR",
    "KCT", "LTR", "EUCTR", "CTIS", "EU-CTR", "ITMCTR",
)  # fmt: skip
# "ClinicalTrials.gov/NCT00000161", or the bank's name alone.
TRIAL_BANK = re.compile(rf"(?:{'|'.join(map(re.escape, NAMES))})(?:/|$)", re.IGNORECASE)


def is_trial_bank(name: str) -> bool:
    """Does a bank of this name hold trials?

    >>> is_trial_bank("ClinicalTrials.gov"), is_trial_bank("GENBANK")
    (True, False)
    """
    return TRIAL_BANK.fullmatch(name.strip()) is not None
