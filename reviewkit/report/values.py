"""The values of one record, section by section: what is said, item by item, and what is not said, as silence."""

from __future__ import annotations

from functools import cache

from reviewkit.fields import catalogue
from reviewkit.model import Record, Statement, Value
from reviewkit.report.markup import anchored, counted, escaped, shortened
from reviewkit.report.places import short_place
from reviewkit.report.quotes import Trail, place_link, value_html
from reviewkit.report.sections import section_of, sections
from reviewkit.report.wording import plain, title
from reviewkit.words import SILENT, Actuality, State

AT_FIRST = 12  # items of a group that are shown at once
AT_MOST = 200  # items a card holds; a trial may list two thousand centres, and the document's page has them all
SILENCES = (
    (State.NOT_REPORTED, "not reported"),
    (State.EMPTY_IN_SOURCE, "left empty in the source"),
    (State.NOT_APPLICABLE, "not applicable"),
)


def sections_html(records: list[Record], names: list[str], trail: Trail) -> str:
    """Every section as a folded block, record by record; `names` are the records' names, in the same order."""
    sorted_values = [_by_section(record) for record in records]
    blocks = []
    for section in sections():
        parts = [
            (name, values[section]) for name, values in zip(names, sorted_values, strict=True) if section in values
        ]
        if parts:
            blocks.append(_section(section, parts, trail))
    return "".join(blocks) + _statements(records, trail)


def _by_section(record: Record) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for value in record.values:
        found.setdefault(section_of(value.field), []).append(value)
    return found


def _section(section: str, parts: list[tuple[str, list[Value]]], trail: Trail) -> str:
    said = sum(value.state not in SILENT for _, values in parts for value in values)
    silent = sum(value.state in SILENT for _, values in parts for value in values)
    counts = ([counted(said, "value", "values")] if said else []) + ([f"{silent:,} silent"] if silent else [])
    body = "".join(_part(name, values, trail, named=len(parts) > 1) for name, values in parts)
    heading = f"<summary>{escaped(section)} <small>{' · '.join(counts)}</small></summary>"
    return f'<details class="section">{heading}{body}</details>\n'


def _part(name: str, values: list[Value], trail: Trail, *, named: bool) -> str:
    """What one record says in one section; `named` where several records share the section."""
    heading = f"<h5>{escaped(name)}</h5>" if named else ""
    return heading + _single(values, trail) + _groups(values, trail) + _silence(values, trail)


def _order(value: Value) -> int:
    return _positions().get(value.field, len(_positions()))


@cache
def _positions() -> dict[str, int]:
    return {field: position for position, field in enumerate(catalogue())}


def _single(values: list[Value], trail: Trail) -> str:
    """Values outside groups: a row each, in the order of the catalogue."""
    alone = sorted((value for value in values if value.item is None and value.state not in SILENT), key=_order)
    rows = "".join(
        f'<tr><th scope="row">{escaped(title(value.field))}</th><td>{value_html(value, trail)}</td>'
        f'<td class="where">{place_link(value.place, trail)}</td></tr>\n'
        for value in alone
    )
    return f'<table class="values"><tbody>{rows}</tbody></table>' if rows else ""


def _groups(values: list[Value], trail: Trail) -> str:
    """Nested facts: a table a group, a row an item."""
    groups: dict[str, list[Value]] = {}
    for value in sorted((value for value in values if value.item is not None), key=_order):
        groups.setdefault(_group(value.field), []).append(value)
    return "".join(_items(members, trail) for members in groups.values())


def _group(field: str) -> str:
    known = catalogue().get(field)
    return known.group if known else field


def _items(values: list[Value], trail: Trail) -> str:
    columns = list(dict.fromkeys(value.field for value in values if value.state not in SILENT))
    if not columns:
        return ""
    items: dict[int, dict[str, list[Value]]] = {}
    for value in sorted(values, key=lambda value: value.item or 0):
        items.setdefault(value.item or 0, {}).setdefault(value.field, []).append(value)
    heading = "".join(f'<th scope="col">{escaped(title(field))}</th>' for field in columns)
    heading = f'<thead><tr><th scope="col">no.</th>{heading}</tr></thead>'
    rows = [_item(number, said, columns, trail) for number, said in list(items.items())[:AT_MOST]]
    tables = _table(heading, rows[:AT_FIRST])
    if len(rows) > AT_FIRST:
        more = counted(len(items) - AT_FIRST, "more item", "more items")
        tables += f'<details class="more"><summary>{more}</summary>{_table(heading, rows[AT_FIRST:])}</details>'
    return tables + _rest(items, trail)


def _table(heading: str, rows: list[str]) -> str:
    return f'<div class="wide"><table class="items">{heading}<tbody>{"".join(rows)}</tbody></table></div>'


def _item(number: int, said: dict[str, list[Value]], columns: list[str], trail: Trail) -> str:
    cells = "".join(f"<td>{_cell(said.get(field, []), trail)}</td>" for field in columns)
    return f'<tr><th scope="row">{number}</th>{cells}</tr>\n'


def _cell(values: list[Value], trail: Trail) -> str:
    return "".join(f"<div>{_said(value, trail)}</div>" for value in values)


def _said(value: Value, trail: Trail) -> str:
    link = " " + place_link(value.place, trail, words="↗")
    if value.state in SILENT:
        return f'<small class="silent">{plain(value.state)}</small>{link}'
    return value_html(value, trail, link=link)


def _rest(items: dict[int, dict[str, list[Value]]], trail: Trail) -> str:
    """Where the items go on that a card no longer holds."""
    if len(items) <= AT_MOST:
        return ""
    first = next(iter(list(items.values())[AT_MOST].values()))[0]
    more = counted(len(items) - AT_MOST, "more item is", "more items are")
    return (
        f'<p class="rest">{more} not repeated here; they begin at {place_link(first.place, trail)} of the document.</p>'
    )


def _silence(values: list[Value], trail: Trail) -> str:
    """What the record does not say: a list a kind of silence, each blank label with its place."""
    shown_in_tables = {value.field for value in values if value.item is not None and value.state not in SILENT}
    silent = [value for value in values if value.item is None or value.field not in shown_in_tables]
    lines = "".join(
        _silent_line(words, [value for value in silent if value.state is state], trail) for state, words in SILENCES
    )
    return f'<ul class="silence">{lines}</ul>' if lines else ""


def _silent_line(words: str, values: list[Value], trail: Trail) -> str:
    """One kind of silence: the titles of its fields, those of items with their numbers, each once."""
    members: dict[str, list[Value]] = {}
    for value in values:
        kind = value.detail.get("kind")
        name = title(value.field) + (f" ({plain(kind)})" if kind in (Actuality.ACTUAL, Actuality.ANTICIPATED) else "")
        members.setdefault(name, []).append(value)
    said = ", ".join(_silent_name(name, same, trail) for name, same in members.items())
    return f"<li><b>{words}:</b> {said}</li>" if said else ""


def _silent_name(name: str, values: list[Value], trail: Trail) -> str:
    items = ", ".join(str(value.item) for value in values if value.item is not None)
    place = values[0].place
    link = f" {place_link(place, trail)}" if values[0].state is State.EMPTY_IN_SOURCE else ""
    return escaped(name) + (f" of no. {items}" if items else "") + link


def _statements(records: list[Record], trail: Trail) -> str:
    """What the sentences of the records say of the trial's own design."""
    rows = "".join(_statement(statement, trail) for record in records for statement in record.statements)
    if not rows:
        return ""
    number = counted(sum(len(record.statements) for record in records), "statement", "statements")
    return (
        f'<details class="section"><summary>What sentences say of the design <small>{number}</small></summary>'
        f'<table class="values"><tbody>{rows}</tbody></table></details>\n'
    )


def _statement(statement: Statement, trail: Trail) -> str:
    place = anchored(
        trail.link(statement.place),
        escaped(short_place(statement.place)),
        css="place",
        title=f"{statement.place}; {statement.rule}",
    )
    return (
        f'<tr><th scope="row">{escaped(plain(statement.concept))}: {escaped(plain(statement.label))}</th>'
        f'<td>{shortened(statement.quote, mark="quote")}</td><td class="where">{place}</td></tr>\n'
    )
