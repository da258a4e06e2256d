"""Records and studies as tables for the terminal."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from reviewkit.errors import printable
from reviewkit.words import State

if TYPE_CHECKING:
    from reviewkit.instruments import Proposals
    from reviewkit.model import Finding, Record, Study, Value

NARROWEST, WIDEST = 72, 160
STATE_SIGNS = {State.DERIVED: "derived", State.UNCLEAR: "UNCLEAR", State.EMPTY_IN_SOURCE: "left empty"}
VERDICT_ORDER = (
    "INCONSISTENT",
    "RETROSPECTIVE",
    "ATTENTION",
    "INDETERMINATE",
    "NOT_ASSESSABLE",
    "PROSPECTIVE",
    "CONSISTENT",
)


def record(record: Record) -> str:
    """A record: what it is, a line a value (field, value, words of the source, place), then its silence."""
    silent = [value.field for value in record.values if value.state is State.NOT_REPORTED]
    rows = [_value_row(value) for value in record.reported]
    name = printable(record.document)
    head = f"{name}, record {record.record}: {record.source} ({record.kind}), recognised by {record.recognised_by}"
    lines = [head, *_aligned(rows, (40, 48, 22))]
    if silent:
        lines += _wrapped("not reported: ", ", ".join(silent))
    return "\n".join(lines) + "\n"


def study(study: Study, findings: list[Finding]) -> str:
    """A study: its records, then its findings, the contradictions first, each with the values it rests on."""
    names = ", ".join(f"{printable(r.document)} ({r.kind})" for r in study.records)
    lines = [printable(study.study), f"  {names}"]
    for finding in sorted(findings, key=lambda finding: VERDICT_ORDER.index(finding.verdict)):
        lines += _wrapped(f"  {finding.verdict:<15}{finding.check}: ", finding.message)
        if finding.verdict not in ("CONSISTENT", "PROSPECTIVE"):
            lines += [_short(f"{'':17}{_words(value)}  [{value.place}]", _width()) for value in finding.because]
    return "\n".join(lines) + "\n"


def proposals(proposals: Proposals) -> str:
    """The proposals for one study: the refusal if there is one, then one line a question with what it rests on."""
    lines = [
        f"{proposals.study}: {proposals.instrument}" + (f", effect of {proposals.effect}" if proposals.effect else "")
    ]
    if refused := proposals.refused:
        lines += _wrapped(
            "  refused: ", refused.reason + (f" (fits: {', '.join(refused.fits)})" if refused.fits else "")
        )
        lines += [_short(f"{'':17}{_words(value)}  [{value.place}]", _width()) for value in refused.because]
    if proposals.override:
        lines += _wrapped("  overridden by ", proposals.override)
    for proposal in proposals.proposals:
        marks = [proposal.strength]
        marks += ["planned"] if proposal.planned else []
        marks += ["written after the planned end"] if proposal.post_hoc_text else []
        told = "conflict, no answer" if proposal.conflict else proposal.answer
        lines.append(f"  {proposal.question}  {told}  ({', '.join(marks)}; {proposal.rule})")
        for finding in proposal.findings:
            lines += _wrapped(f"{'':17}", finding.message)
        lines += [_short(f"{'':17}{_words(value)}  [{value.place}]", _width()) for value in proposal.because]
    if not refused and not proposals.proposals:
        lines.append("  nothing to propose: the records are silent")
    return "\n".join(lines) + "\n"


def _value_row(value: Value) -> tuple[str, ...]:
    field = value.field + (f" {value.item}" if value.item is not None else "")
    shown = STATE_SIGNS.get(value.state, "") if value.value is None else _plain(value.value)
    if value.value is not None and value.state in STATE_SIGNS:
        shown += f" ({STATE_SIGNS[value.state]})"
    kind = value.detail.get("kind", "")
    if value.value is None and value.detail.get("no_limit"):
        shown = "no limit"
    quote = f"“{value.quote}”" if value.quote and value.quote != shown else ""
    place = str(value.place).removeprefix(f"{value.place.document}, ")
    return field, f"{shown} {kind.lower()}".strip(), quote, place


def _words(value: Value) -> str:
    return f"{value.field}: " + (f"“{value.quote}”" if value.quote else str(value.state))


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nobody"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _aligned(rows: list[tuple[str, ...]], shares: tuple[int, ...]) -> list[str]:
    """Rows as columns: the first, a field's name, is never cut; the others share the room that is left, and what does
    not fit in them ends in an ellipsis."""
    first = max((len(row[0]) for row in rows), default=0)
    room = _width() - first - 2 * len(rows[0] if rows else ())
    widths = [first, *(max(10, room * share // sum(shares)) for share in shares)]
    return [
        ("  " + "  ".join(f"{_short(cell, width):<{width}}" for cell, width in zip(row, widths, strict=True))).rstrip()
        for row in rows
    ]


def _wrapped(head: str, text: str) -> list[str]:
    import textwrap

    indent = " " * min(len(head), 17)
    return textwrap.wrap(head + text, _width(), subsequent_indent=indent, break_on_hyphens=False)


def _short(text: str, width: int) -> str:
    line = " ".join(text.split()) if not text.startswith(" ") else text.rstrip()
    return line if len(line) <= width else line[: width - 1] + "…"


def _width() -> int:
    return max(NARROWEST, min(WIDEST, shutil.get_terminal_size((110, 24)).columns))
