"""Registry beside paper: the same field of every record in one row, what differs first.

Planned and achieved are two facts: an anticipated date never disagrees with an actual one. Dates are intervals:
2020-07 agrees with 2020-07-15. Texts are compared by their words; a difference of wording is called that.
"""

from __future__ import annotations

from enum import IntEnum
from itertools import combinations

from reviewkit import dates
from reviewkit.documents import fold
from reviewkit.fields import catalogue, first_of_group
from reviewkit.model import Record, Value
from reviewkit.report.markup import counted, escaped
from reviewkit.report.quotes import Trail, place_link
from reviewkit.report.wording import as_html, plain, state_badge, title
from reviewkit.versions import current
from reviewkit.words import SILENT, Actuality, Kind, State

OF_THE_DOCUMENT = ("source.", "report.")  # facts of a document, not of the trial
MOST_ITEMS = 12


class Standing(IntEnum):
    """How the records stand to each other in one field, in the order of the table."""

    DIFFERS = 1
    DIFFERS_IN_WORDING = 2
    PLANNED_BESIDE_ACTUAL = 3
    AGREES = 4
    ONLY_ONE = 5


SIGNS = {Standing.DIFFERS: "≠", Standing.DIFFERS_IN_WORDING: "≠", Standing.AGREES: "="}


def beside_html(records: list[Record], names: list[str], trail: Trail) -> str:
    """The table of all records as they stand; "" unless the study has a registry record and one of another kind."""
    today = {id(record) for record in current(records)}
    names = [name for record, name in zip(records, names, strict=True) if id(record) in today]
    records = [record for record in records if id(record) in today]
    kinds = {record.kind for record in records}
    if Kind.REGISTRY not in kinds or len(kinds) < 2:
        return ""
    rows = sorted((standing_of(field, records), order, field) for order, field in enumerate(_compared(records)))
    first = [row for row in rows if row[0] < Standing.AGREES]
    heading = "".join(f'<th scope="col">{escaped(name)}</th>' for name in names)
    heading = f'<thead><tr><th scope="col">Field</th>{heading}<th scope="col">Standing</th></tr></thead>'

    def table(standings: list[tuple[Standing, int, str]]) -> str:
        body = "".join(_row(field, standing, records, trail) for standing, _, field in standings)
        return f'<div class="wide"><table class="beside">{heading}<tbody>{body}</tbody></table></div>'

    shown = table(first) if first else '<p class="none">No field that both report differs.</p>'
    for standing, words in ((Standing.AGREES, "where they agree"), (Standing.ONLY_ONE, "that only one reports")):
        chosen = [row for row in rows if row[0] is standing]
        if chosen:
            number = counted(len(chosen), "field", "fields")
            shown += f'<details class="section"><summary>{number} {words}</summary>{table(chosen)}</details>\n'
    return f"<h4>Registry beside paper</h4>\n{shown}"


def _compared(records: list[Record]) -> list[str]:
    """Fields that some record has a value for, in the order of the catalogue; of a group, its first field."""
    known = {value.field for record in records for value in record.reported if value.value is not None}
    return [
        name
        for name, field in catalogue().items()
        if name in known
        and (not field.group or name == first_of_group(field.group))
        and not name.startswith(OF_THE_DOCUMENT)
    ]


def standing_of(field: str, records: list[Record]) -> Standing:
    """How the known values of one field in several records stand to each other; the worst pair counts."""
    known = [values for record in records if (values := record.known(field))]
    if len(known) < 2:
        return Standing.ONLY_ONE
    return min(_standing(one, other) for one, other in combinations(known, 2))


def _standing(one: list[Value], other: list[Value]) -> Standing:
    kind = catalogue()[one[0].field].kind
    if kind == "date":
        return _dates(one, other)
    if sorted(map(_comparable, one)) == sorted(map(_comparable, other)):
        return Standing.AGREES
    return Standing.DIFFERS_IN_WORDING if kind in ("text", "list") else Standing.DIFFERS


def _comparable(value: Value) -> str:
    if isinstance(value.value, list):
        return repr(sorted(fold(str(member)).casefold() for member in value.value))
    return f"{fold(str(value.value)).casefold()} {value.detail.get('unit') or ''}"


def _dates(one: list[Value], other: list[Value]) -> Standing:
    pairs = [(a.value, b.value) for a in one for b in other if _same_fact(a, b)]
    if not pairs:
        return Standing.PLANNED_BESIDE_ACTUAL
    return Standing.AGREES if all(_overlap(*pair) for pair in pairs) else Standing.DIFFERS


def _same_fact(a: Value, b: Value) -> bool:
    kinds = {value.detail.get("kind") for value in (a, b)} - {None, Actuality.UNKNOWN}
    return len(kinds) < 2


def _overlap(one: str, other: str) -> bool:
    least, greatest = dates.days_apart(one, other)
    return least <= 0 <= greatest


def _row(field: str, standing: Standing, records: list[Record], trail: Trail) -> str:
    cells = "".join(f"<td>{_cell(record, field, trail)}</td>" for record in records)
    css = standing.name.lower().replace("_", "-")
    heading = f'<th scope="row">{escaped(title(field))}</th>'
    return f'<tr class="{css}">{heading}{cells}<td class="standing">{_words(standing)}</td></tr>\n'


def _words(standing: Standing) -> str:
    symbol = SIGNS.get(standing)
    return (f'<span class="sign" aria-hidden="true">{symbol}</span> ' if symbol else "") + plain(standing.name)


def _cell(record: Record, field: str, trail: Trail) -> str:
    said = [value for value in record.all(field) if value.state not in SILENT]
    if not said:
        return f'<small class="silent">{_silence(record, field)}</small>'
    shown = [f"{as_html(v)}{state_badge(v)} {place_link(v.place, trail, words='↗')}" for v in said[:MOST_ITEMS]]
    if len(said) > MOST_ITEMS:
        shown.append(f"<small>and {len(said) - MOST_ITEMS:,} more</small>")
    return "".join(f"<div>{one}</div>" for one in shown)


def _silence(record: Record, field: str) -> str:
    if any(value.state is State.EMPTY_IN_SOURCE for value in record.all(field)):
        return "left empty in the source"
    asked = any(name == field for name, _ in record.fields)
    return "not reported" if asked else "this kind of source has no such entry"
