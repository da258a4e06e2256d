"""The checks: each looks at one study and says what it found, with the values it rests on.

A check is a small pure function: a study to findings, or a record to one finding (`each_record` makes the former of
the latter). A new one is one file and one line here. The order is that of a report.
"""

from __future__ import annotations

from collections.abc import Callable

from reviewkit.checks.between_registries import between_registries
from reviewkit.checks.dates import calendar_agreement, date_order, ethics_timing, late_update, status_and_dates
from reviewkit.checks.design import allocation_rule, model_arms_allocation
from reviewkit.checks.dose import dose_total
from reviewkit.checks.history import CHECKS as HISTORY
from reviewkit.checks.masking import masking_and_roles
from reviewkit.checks.mirror import missing_registry_record
from reviewkit.checks.registry_and_paper import CHECKS as REGISTRY_AND_PAPER
from reviewkit.checks.sharing import sharing_plan
from reviewkit.checks.size import parts_and_whole, size_change, target_and_arms
from reviewkit.checks.timing import declared_timing, registration_timing
from reviewkit.model import Finding, Record, Study
from reviewkit.versions import current

Check = Callable[[Study], list[Finding]]


def each_record(check: Callable[[Record], Finding | None]) -> Check:
    """A check of one record as a check of a study: a finding for each record that has its input.

    Superseded versions of a registry entry are history.py's.
    """

    def of_study(study: Study) -> list[Finding]:
        return [finding for record in current(study.records) if (finding := check(record))]

    of_study.__name__, of_study.__doc__ = check.__name__, check.__doc__
    return of_study


CHECKS: tuple[Check, ...] = (
    registration_timing,
    declared_timing,
    *map(
        each_record,
        (
            calendar_agreement,
            status_and_dates,
            date_order,
            ethics_timing,
            masking_and_roles,
            model_arms_allocation,
            target_and_arms,
            allocation_rule,
            late_update,
            size_change,
            dose_total,
            parts_and_whole,
            sharing_plan,
        ),
    ),
    missing_registry_record,
    between_registries,
    *REGISTRY_AND_PAPER,
    *HISTORY,
)


def check(study: Study) -> list[Finding]:
    """Every finding on one study, in the order of `CHECKS`."""
    return [finding for run in CHECKS for finding in run(study)]
