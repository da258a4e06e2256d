"""A page that retells a registry is no registry record: is the record itself there?"""

from __future__ import annotations

from reviewkit.checks.wording import listed
from reviewkit.model import Finding, Record, Study, Value
from reviewkit.words import Verdict

TITLES = ("title.scientific", "title.public", "report.title")


def missing_registry_record(study: Study) -> list[Finding]:
    """Is a registry record loaded beside a mirror page? One finding a study that has such a page.

    Source: Cochrane Handbook, chapter 4 (search trial registers themselves); PRISMA-S item 3. Title and sponsor are
    given as search terms.
    """
    mirrors = study.of_kind("mirror")
    if not mirrors:
        return []
    terms = [term for mirror in mirrors for term in _search_terms(mirror)]
    registry = study.of_kind("registry")
    if registry:
        numbers = [value for record in registry for value in record.known("ids.primary")[:1]]
        message = f"The page that retells a registry stands beside the registry record{_of(numbers)}."
        found = [*terms, *numbers] or registry[0].reported[:1]
        return [Finding("missing-registry-record", Verdict.CONSISTENT, message, found)]
    message = "This is known from a page that retells a registry, and no registry record is loaded."
    if terms:
        message += f" Search the registries for {listed(_term(value) for value in terms)}."
    because = terms or [value for mirror in mirrors for value in mirror.reported if value.value is not None][:1]
    return [
        Finding("missing-registry-record", Verdict.ATTENTION if because else Verdict.NOT_ASSESSABLE, message, because)
    ]


def _search_terms(mirror: Record) -> list[Value]:
    """The title, the sponsor and the registration number a page gives, as far as it gives them."""
    title = next((found for field in TITLES if (found := mirror.first(field))), None)
    terms = (mirror.first("ids.primary"), title, mirror.first("sponsor.primary"))
    return [value for value in terms if value is not None]


def _term(value: Value) -> str:
    if value.field == "ids.primary":
        return f"the number {value.value}"
    return f"the {'sponsor' if value.field == 'sponsor.primary' else 'title'} “{value.value}”"


def _of(numbers: list[Value]) -> str:
    return f" of {listed(dict.fromkeys(value.value for value in numbers))}" if numbers else ""
