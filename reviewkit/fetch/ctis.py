"""EU Clinical Trials Information System: JSON of one trial by its EU CT number.

The address serves the system's own public pages; it is not documented for others and may change. For a number it does
not have, the system gives an empty object. The last two digits count resubmissions: the three groups before name the
trial.
"""

from __future__ import annotations

from urllib.parse import quote

from reviewkit.fetch.service import JSON, NoSuchRecord, Records, Service, Unexpected, json_of, same

TRIAL = 14  # characters of 2022-500244-37, without the resubmission


def _path(number: str) -> str:
    return f"/ctis-public-api/retrieve/{quote(number, safe='')}"


def _check(body: bytes, number: str) -> str | None:
    expected = f"the trial {number} as JSON"
    content = json_of(body, expected)
    if not content:
        raise NoSuchRecord
    own = content.get("ctNumber")
    if not isinstance(own, str):
        raise Unexpected("JSON without the number of a trial", expected)
    return own if own[:TRIAL] == number[:TRIAL] else same(own, number, expected)


SERVICE = Service(
    name="ctis",
    title="EU Clinical Trials Information System",
    base="https://euclinicaltrials.eu",
    gap=2.0,
    records={"CTIS": Records(_path, _check, JSON, "json")},
)
