"""Findings as a reader needs them: what asks for a person first, each with the values it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reviewkit.model import Finding, Value
from reviewkit.report.markup import counted, escaped
from reviewkit.report.quotes import Trail, place_link, quote_html, value_html
from reviewkit.report.wording import URGENCY, WAITING, badge, plain, state_badge, title
from reviewkit.words import SILENT

AGREEING = URGENCY[-1]
RANK = {verdict: rank for rank, verdicts in enumerate(URGENCY) for verdict in verdicts}


def waiting(findings: Iterable[Finding]) -> int:
    """How many findings wait for a person: all that are neither fine nor beyond assessment."""
    return sum(finding.verdict in WAITING for finding in findings)


def findings_html(findings: list[Finding], trail: Trail, kinds: Mapping[str, str]) -> str:
    """All findings of a study, the urgent first, those that agree folded away; `kinds`: document -> kind of record."""
    if not findings:
        return '<p class="none">No check had its input in this study.</p>'
    ranked = sorted(findings, key=lambda finding: RANK[finding.verdict])
    shown = [_finding(finding, trail, kinds) for finding in ranked if finding.verdict not in AGREEING]
    agreeing = [_finding(finding, trail, kinds) for finding in ranked if finding.verdict in AGREEING]
    return _listed(shown) + _folded(agreeing)


def _listed(items: list[str]) -> str:
    return f'<ul class="findings">{"".join(items)}</ul>' if items else ""


def _folded(items: list[str]) -> str:
    if not items:
        return ""
    heading = counted(len(items), "check found nothing to ask about", "checks found nothing to ask about")
    return f'<details class="agreeing"><summary>{heading}</summary>{_listed(items)}</details>'


def _finding(finding: Finding, trail: Trail, kinds: Mapping[str, str]) -> str:
    css = finding.verdict.lower().replace("_", "-")
    return (
        f'<li class="finding {css}"><p class="verdict">{badge(finding.verdict)} '
        f'<code class="check">{escaped(finding.check)}</code>{_about(finding)}</p>'
        f'<p class="message" dir="auto">{escaped(finding.message)}</p>{_because(finding.because, trail, kinds)}</li>\n'
    )


def _about(finding: Finding) -> str:
    """What the check of registration timing says beside its verdict."""
    notes = [
        finding.registration,
        finding.rule and f"rule {finding.rule}",
        finding.basis and f"against an {plain(finding.basis)}",
        finding.days is not None and _days(finding.days),
        finding.days_min is not None
        and f"{finding.days_min:,} to {finding.days_max:,} days from start to registration",
    ]
    words = " · ".join(note for note in notes if note)
    return f' <span class="about">{escaped(words)}</span>' if words else ""


def _days(days: int) -> str:
    """Days from start to registration, in words.

    >>> _days(117), _days(-31), _days(0)
    ('117 days after the start', '31 days before the start', 'on the day of the start')
    """
    if days == 0:
        return "on the day of the start"
    return f"{counted(abs(days), 'day', 'days')} {'after' if days > 0 else 'before'} the start"


def _because(values: list[Value], trail: Trail, kinds: Mapping[str, str]) -> str:
    rows = "".join(_reason(value, trail, kinds) for value in values)
    return f'<table class="because"><tbody>{rows}</tbody></table>' if rows else ""


def _reason(value: Value, trail: Trail, kinds: Mapping[str, str]) -> str:
    number = f" {value.item}" if value.item is not None else ""
    silent = value.state in SILENT
    said = state_badge(value).strip() + quote_html(value, trail) if silent else value_html(value, trail)
    kind = kinds.get(value.place.document, "")
    kind = f'<small class="kind">{escaped(kind)}</small> ' if len(set(kinds)) > 1 and kind else ""
    return (
        f'<tr><th scope="row">{escaped(title(value.field))}{number}</th><td>{said}</td>'
        f'<td class="where">{kind}{place_link(value.place, trail)}</td></tr>'
    )
