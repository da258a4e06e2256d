"""BioStudies: a data set's entry as JSON, by its accession; S-EPMC7654321 is what was laid down with PMC7654321."""

from __future__ import annotations

from urllib.parse import quote

from reviewkit.fetch.service import JSON, Records, Service, Unexpected, json_of, same


def _path(number: str) -> str:
    return f"/biostudies/api/v1/studies/{quote(number, safe='')}"


def _check(body: bytes, number: str) -> str | None:
    expected = f"the entry {number} as JSON"
    own = json_of(body, expected).get("accno")
    if not isinstance(own, str):
        raise Unexpected("JSON without an accession", expected)
    return same(own, number, expected)


SERVICE = Service(
    name="biostudies",
    title="BioStudies",
    base="https://www.ebi.ac.uk",
    gap=0.5,
    records={"ACCESSION": Records(_path, _check, JSON, "json")},
)
