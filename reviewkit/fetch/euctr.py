"""EU Clinical Trials Register: the text of a trial by its EudraCT number, of all member states or of one.

`2020-001234-12` is the trial in every state that has it; `2020-001234-12-DE` is Germany's record alone. The register is
closed to new trials, and it is slow: one question in two seconds.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from reviewkit.fetch.service import TEXT, NoSuchRecord, Records, Service, Unexpected, same, text_of

NUMBER = re.compile(r"^EudraCT Number:[ \t]*(\S+)", re.MULTILINE)
STATE = re.compile(r"(?P<number>\d{4}-\d{6}-\d{2})-(?P<state>[A-Z]{2})")


def _path(number: str) -> str:
    if match := STATE.fullmatch(number):
        return f"/ctr-search/rest/download/trial/{match['number']}/{match['state']}"
    return f"/ctr-search/rest/download/full?query={quote(f'eudract_number:{number}', safe='')}&mode=current_page"


def _check(body: bytes, number: str) -> str | None:
    if not body.strip():
        raise NoSuchRecord
    match = STATE.fullmatch(number)
    wanted = match["number"] if match else number
    expected = f"the register's text of the trial {wanted}"
    found = list(dict.fromkeys(NUMBER.findall(text_of(body, expected))))
    if not found:
        raise Unexpected("text without the line 'EudraCT Number: …'", expected)
    same(", ".join(found), wanted, expected)
    return number


SERVICE = Service(
    name="euctr",
    title="EU Clinical Trials Register",
    base="https://www.clinicaltrialsregister.eu",
    gap=2.0,
    records={"EUCTR": Records(_path, _check, TEXT, "txt")},
)
