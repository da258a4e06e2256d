"""Registries' own pages saved or printed (ChiCTR, CTRI, DRKS, jRCT, PACTR, SLCTR, UMIN …): labels and values.

Read by label are the own number, its day of registration, the declared timing, the planned start and the target size,
and only where the label is certain; the page's sentences are read as prose. Everything else stays open, for the
registries' exports say it better. Numbers in lists of other trials are never taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date as calendar_date
from functools import partial
from typing import NamedTuple

from reviewkit import kinds
from reviewkit.documents import Document
from reviewkit.fields import sayable
from reviewkit.identifiers import find_ids
from reviewkit.kinds import Reading
from reviewkit.model import Record
from reviewkit.sources import prose
from reviewkit.sources.collect import Collector, derive_nobody_masked, derive_registry

NAME = "registry-page"
KIND = "registry"
FIELDS = sayable([*prose.SILENCE, "ids.registry", "registration.date", "registration.date_basis"])

# Labels under which a page tells its own number.
OWN_NUMBER = re.compile(
    r"(?:CTRI Number|Registration [Nn]umber|Trial (?:ID|[Nn]o\.?|[Nn]umber)|DRKS-ID(?: of the study)?"
    r"|Unique (?:trial )?(?:ID|number) issued by UMIN|UMIN ID|jRCT ?(?:ID|[Nn]umber)|SLCTR Registration Number"
    r"|TCTR ID|LBCTR (?:Number|Trial ID)|RPCEC|Unique ID [Nn]umber|(?:Trial|Main) registration number"
    r"|(?:PACTR|ReBEC|RBR) (?:number|ID))"
)
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})")
TIMING = {
    "prospective registration": "PROSPECTIVE",
    "prospectively registered": "PROSPECTIVE",
    "trial registered prospectively": "PROSPECTIVE",
    "prospective": "PROSPECTIVE",
    "retrospective registration": "RETROSPECTIVE",
    "retrospectively registered": "RETROSPECTIVE",
    "trial registered retrospectively": "RETROSPECTIVE",
    "retrospective": "RETROSPECTIVE",
}
# What only registries' pages have as labels; some of these beside the own number make a page one.
TELLING = {
    "public title", "public title of study", "scientific title", "scientific title of study", "study type",
    "type of study", "type of trial", "primary sponsor", "recruitment status", "recruiting status",
    "date of registration", "study phase", "target sample size", "date of first enrollment",
    "date of first enrolment", "ethics committee", "study design", "source of monetary or material support",
    "details of secondary sponsor", "official scientific title", "condition", "date of last refreshed on",
    "registration status", "last modified on", "basic design", "funding organization",
    "anticipated trial start date", "date of disclosure of the study information", "brief title",
    "countries of recruitment", "health condition(s) or problem(s) studied", "target size",
    "target number/sample size", "interventions", "acronym", "brief summary in lay language",
    "date of registration in drks", "contact person for public queries", "trial registered",
}  # fmt: skip
ENOUGH = 4
LONGEST = 90  # characters of a line that is a label
AFTER = re.compile(r"[^\r\n]{0,200}(?:[ \t]{0,9}[\r\n]{1,6}[^\r\n]{0,200})?")
HEAD = 200_000  # characters in which a page shows what it is
LABELLED = re.compile(r"[ \t]*(?P<label>[^:|\t\r\n]{3,90}?)[ \t]*[:|\t][ \t]*(?P<value>[^\r\n]*?)[ \t|]*$")
REGISTERED_ON = re.compile(
    r"\[Registered on:\s*(?P<date>[\d/]+)\]\s*(?P<timing>Trial Registered (?:Pro|Retro)spectively)?"
)
TOTAL_SIZE = re.compile(r"Total Sample Size\s*=\s*\"?(?P<number>\d[\d,]*)")


def day_first(words: str, kind: str = "ACTUAL") -> Reading:
    """A date as CTRI and PACTR print it, the day before the month.

    >>> day_first("02/05/2019").value
    '2019-05-02'
    """
    match = DAY_FIRST.fullmatch(words)
    if not match:
        return kinds.date(words, kind)
    try:
        day = calendar_date(int(match["year"]), int(match["month"]), int(match["day"])).isoformat()
    except ValueError:
        raise ValueError("a date as day/month/year") from None
    return kinds.date(day, kind)._replace(detail={"kind": kind, "calendar": "GREGORIAN", "as_written": words})


class Label(NamedTuple):
    """A label of certain meaning: the field, its reader, and what the registration date is (a member of DateBasis)."""

    field: str
    read: Callable[[str], Reading]
    basis: str = "UNSPECIFIED"


REGISTERED = Label("registration.date", partial(kinds.date, kind="ACTUAL"))
POSTED = Label("registration.date", partial(kinds.date, kind="ACTUAL"), "POSTED")
TARGET = Label("enrolment.target", kinds.count)
LABELS = {
    "date of registration": REGISTERED,
    "date of registration in drks": REGISTERED,
    "date of disclosure of the study information": POSTED,
    "registration status": Label("registration.timing_declared", kinds.coded(TIMING)),
    "anticipated trial start date": Label("date.first_enrolment", partial(kinds.date, kind="ANTICIPATED")),
    "target sample size": TARGET,
    "target size": TARGET,
    "target number/sample size": TARGET,
}
DAYS_FIRST = {"CTRI", "PACTR"}  # registries that print the day before the month


def recognise(document: Document) -> str | None:
    """By the label of an own number at the top, and labels that only registries' pages have."""
    text = document.text[:HEAD]
    if own_number(text) is None:
        return None
    found = telling(text, TELLING)
    if len(found) < ENOUGH:
        return None
    return f"the own number and the labels {', '.join(found[:3])} of a registry's page"


def own_number(text: str, label: re.Pattern = OWN_NUMBER) -> tuple[int, int] | None:
    """The span of the number after the first label for it, on its line or the next."""
    for match in label.finditer(text):
        line_start = max(text.rfind("\n", 0, match.start()), text.rfind("\r", 0, match.start())) + 1
        if text[line_start : match.start()].strip(" \t|*#-"):
            continue  # a label begins its line
        after = AFTER.match(text, match.end())
        numbers = find_ids(after[0]) if after else []
        if numbers and not text[match.end() : match.end() + numbers[0].start].strip(" \t\r\n:|*"):
            return match.end() + numbers[0].start, match.end() + numbers[0].end
    return None


def telling(text: str, labels: set[str]) -> list[str]:
    """Those of the labels that stand before a value or alone on a line, in small letters."""
    lines = text.splitlines()
    before = {match["label"].casefold() for line in lines if (match := LABELLED.match(line))}
    alone = {line.strip().rstrip(":").rstrip().casefold() for line in lines if len(line) <= LONGEST}
    return sorted(labels & (before | alone))


def read(document: Document, recognised_by: str) -> Iterator[Record]:
    """The one record of a page: labels first, then what its sentences say."""
    page = Collector(document, NAME, KIND, FIELDS)
    own = own_number(document.text[:HEAD])
    if own is not None:
        page.take("ids.primary", kinds.trial_id, own)
        derive_registry(page)
    registry = page.known("ids.registry")
    _labels(page, day_goes_first=registry is not None and registry.value in DAYS_FIRST)
    add_prose(page)
    yield page.record(recognised_by)


def add_prose(page: Collector) -> None:
    """What the page's sentences say of its trial beside what labels said; numbers are never taken from prose."""
    from reviewkit.sources.text import read_article

    told = list(page.values)
    known = {value.field for value in told}
    read_article(page)
    beside = (value for value in page.values[len(told) :] if not value.field.startswith(("report.", "ids.")))
    page.values = [*told, *(value for value in beside if value.field not in known)]
    derive_nobody_masked(page)


def _labels(page: Collector, *, day_goes_first: bool) -> None:
    """The values of labels, on their line or alone on the next; each label once."""
    for label, span in labelled(page.document, LABELS):
        rule = LABELS.get(label)
        if rule is None or page.known(rule.field) is not None:
            continue
        words = page.document.text[slice(*span)]
        if match := (TOTAL_SIZE.search(words) if rule.field == "enrolment.target" else None):
            span = (span[0] + match.start("number"), span[0] + match.end("number"))
        read = rule.read
        if day_goes_first and rule.field == "registration.date":
            read = day_first
        page.take(rule.field, read, span)
        if rule.field == "registration.date" and page.known("registration.date") is not None:
            page.derive("registration.date_basis", rule.basis, "registry-page-label", span)
    if match := REGISTERED_ON.search(page.document.text):
        page.take("registration.date", day_first, match.span("date"))
        page.derive("registration.date_basis", "UNSPECIFIED", "registry-page-label", match.span("date"))
        if match["timing"]:
            page.take("registration.timing_declared", kinds.coded(TIMING), match.span("timing"))


def labelled(document: Document, labels: Collection[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each known label in small letters with the span of its value, on its line or alone on the next; no blank ones."""
    waiting: str | None = None
    for line in document.lines():
        bare = line.text.strip()
        match = LABELLED.match(line.text)
        alone = bare.rstrip(":").rstrip().casefold()
        if match and match["label"].casefold() in labels and match["value"]:
            yield match["label"].casefold(), (line.start + match.start("value"), line.start + match.end("value"))
            waiting = None
        elif alone in labels:
            waiting = alone
        elif waiting is not None and bare:
            start = line.start + len(line.text) - len(line.text.lstrip())
            yield waiting, (start, start + len(bare))
            waiting = None
