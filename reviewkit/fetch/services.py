"""The services: a new one is one file and its name here."""

from __future__ import annotations

from reviewkit.fetch import biostudies, crossref, ctgov, ctis, euctr, europepmc, isrctn, pubmed
from reviewkit.fetch.service import Service

SERVICES: dict[str, Service] = {
    module.SERVICE.name: module.SERVICE
    for module in (ctgov, isrctn, euctr, ctis, pubmed, europepmc, biostudies, crossref)
}
# The service that is asked for each form of number, unless another that knows this form is named.
BY_FORM = {
    "CTGOV": "ctgov",
    "ISRCTN": "isrctn",
    "EUCTR": "euctr",
    "CTIS": "ctis",
    "PMID": "pubmed",
    "PMCID": "europepmc",
}
BY_FORM |= {"ACCESSION": "biostudies", "DOI": "crossref"}
