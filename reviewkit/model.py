"""The nouns: place, value, statement, record, study, finding. All are plain data, frozen once made.

Shapes and JSON names are those of the contract in docs/contracts.md; the attributes carry the same names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import msgspec

from reviewkit.words import State

NO_DETAIL: dict[str, Any] = {}
LOCAL_NAME = re.compile(r"\*\[local-name\(\)='([^']*)'\]")


class Place(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Where something was read: exactly one of the forms below is filled.

    `document` alone · with `pointer` (JSON) · `xpath` · `line, start, end` (text; with `page` for a PDF) ·
    `row, column` (CSV) · `sheet, cell` (workbook). Lines and rows count from 1; `start` and `end` (exclusive)
    count code points of the decoded text.
    """

    document: str
    pointer: str | None = None
    line: int | None = None
    start: int | None = None
    end: int | None = None
    row: int | None = None
    column: str | None = None
    xpath: str | None = None
    page: int | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        parts = [self.document]
        for word in ("page", "line", "row", "column", "sheet", "cell"):
            if (value := getattr(self, word)) is not None:
                parts.append(f"{word} {value}")
        return ", ".join(parts + [path for path in (self.pointer, self.xpath) if path])


class Passage(msgspec.Struct, frozen=True, gc=False):
    """Some words of a document as its page shows them, with their place.

    `label` says what they are (an element's name, a cell's address), `depth` how deep they stand in it, and `inside`
    holds the XPaths of parts that have no passage of their own.
    """

    place: Place
    text: str
    label: str = ""
    depth: int = 0
    inside: tuple[str, ...] = ()


def plain_xpath(xpath: str) -> str:
    """An XPath in the one form that tells whether two lead to the same element of one document: without `[1]`, and
    with names as they are.

    >>> plain_xpath("/*[local-name()='a']/b[1]/c[2]/@d")
    '/a/b/c[2]/@d'
    """
    return LOCAL_NAME.sub(r"\1", xpath).replace("[1]", "")


class Value(msgspec.Struct, frozen=True, gc=False):
    """One fact of one record, the words it was read from, and where.

    `field` is a name of fields.csv; `item` numbers the members of a group from 1, in document order, and is None
    outside groups; `method` names the label, path or rule; `detail` depends on the field's kind.
    """

    field: str
    item: int | None
    value: Any
    state: State
    quote: str | None
    place: Place
    method: str
    detail: dict[str, Any] = NO_DETAIL


class Statement(msgspec.Struct, frozen=True, gc=False):
    """What a sentence says of this trial's own design: `concept` and `label` in the words of phrases.csv."""

    concept: str
    label: str
    quote: str
    place: Place
    rule: str


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one check says of one study, and the values it rests on.

    `rule`, `basis` and the days belong to registration timing; `registration` is given where a study has
    more than one registration number.
    """

    check: str
    verdict: str
    message: str
    because: list[Value]
    rule: str | None = None
    basis: str | None = None
    days: int | None = None
    days_min: int | None = None
    days_max: int | None = None
    registration: str | None = None


class Record(msgspec.Struct, dict=True):
    """What one document says of one trial.

    `reported` are the values that stand in the document; `values` adds the silence about every other
    field that the source could have spoken of (`fields`).
    """

    document: str
    record: int
    sha256: str
    source: str
    recognised_by: str
    kind: str
    reported: list[Value]
    statements: list[Statement] = []
    fields: tuple[tuple[str, str], ...] = ()

    @cached_property
    def values(self) -> list[Value]:
        """Every value, silent fields last: list of `Value`."""
        return [*self.reported, *silences(self)]

    def all(self, field: str) -> list[Value]:
        """The values of one field that the document holds, in its order."""
        return [value for value in self.reported if value.field == field]

    def known(self, field: str) -> list[Value]:
        """Those of `all` that have a value."""
        return [value for value in self.reported if value.field == field and value.value is not None]

    def first(self, field: str) -> Value | None:
        """The first value of one field that is not null, or None."""
        return next((v for v in self.reported if v.field == field and v.value is not None), None)

    def as_json(self) -> dict[str, Any]:
        """The record as the one JSON object that `reviewkit read --json` writes."""
        head = {key: getattr(self, key) for key in ("document", "record", "sha256", "source", "recognised_by", "kind")}
        return {**head, "values": msgspec.to_builtins(self.values)}


def silences(record: Record) -> Iterator[Value]:
    """NOT_REPORTED for each field the source could have filled; one a group that has no member at all."""
    spoken = {value.field for value in record.reported}
    groups = {group for field, group in record.fields if group and field in spoken}
    nowhere, method = Place(record.document), f"{record.source}:silent"
    for field, group in record.fields:
        if field not in spoken and group not in groups:
            yield Value(field, None, None, State.NOT_REPORTED, None, nowhere, method)
            if group:
                groups.add(group)


class Link(msgspec.Struct, frozen=True):
    """Why records are one study: the key (registration number, `doi:…`, `pmid:…`) that all of `records` name.

    `records` are (document, number of the record).
    """

    key: str
    records: tuple[tuple[str, int], ...]


class Study(msgspec.Struct):
    """One trial: all records of it, and why they are one. It owns no merged values; values belong to records."""

    study: str
    records: list[Record]
    links: list[Link] = []

    def of_kind(self, *kinds: str) -> list[Record]:
        """The records of the given kinds, in order."""
        return [record for record in self.records if record.kind in kinds]

    def known(self, field: str, *kinds: str) -> list[Value]:
        """The non-null values of one field over the records of these kinds (all kinds if none is named)."""
        chosen: Iterable[Record] = self.of_kind(*kinds) if kinds else self.records
        return [value for record in chosen for value in record.known(field)]

    def numbers(self) -> list[str]:
        """The registration numbers of the study, each once, in order of appearance."""
        return list(dict.fromkeys(value.value for value in self.known("ids.primary")))
