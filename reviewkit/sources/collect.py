"""What the sources share: words at a place become values with quote, place and state, each said once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reviewkit.documents import Document, fold, unreadable
from reviewkit.kinds import Reading
from reviewkit.model import Place, Record, Statement, Value
from reviewkit.words import State

Reader = Callable[[str], Reading]


class Gathering:
    """Gathers the values of one record, in document order; each source says where its words stand.

    What is said twice gives one value, at its first place, unless the two differ.
    """

    def __init__(self, document: Document, source: str, kind: str, fields: tuple[tuple[str, str], ...]):
        self.document, self.source, self.kind, self.fields = document, source, kind, fields
        self.values: list[Value] = []
        self.statements: list[Statement] = []
        self.seen: set[tuple] = set()

    def take_words(
        self, field: str, read: Reader, words: str, place: Place, *, item: int | None = None, method: str = "label"
    ) -> Value:
        """Read `words` as `field`; what cannot be read stays, UNCLEAR, with its quote and one notice."""
        try:
            value, detail, state = read(words)
        except ValueError as error:
            unreadable(self.document, words, place, str(error))
            value, detail, state = None, {}, State.UNCLEAR
        return self.add(Value(field, item, value, state, words, place, self.method(method), detail))

    def add(self, value: Value) -> Value:
        """Add a value unless the same one was read before."""
        said = value.value if isinstance(value.value, str) else repr(value.value)
        key: tuple = (value.field, value.item, said, value.value is None and value.state, _side(value))
        if value.state is State.UNCLEAR:
            key += (value.quote,)
        if key not in self.seen:
            self.seen.add(key)
            self.values.append(value)
        return value

    def method(self, name: str) -> str:
        """The method of a value: `irct:label`; a name with its own prefix (`rule:…`) stays."""
        return name if ":" in name else f"{self.source}:{name}"

    def known(self, field: str) -> Value | None:
        """The first value of a field that is not null."""
        return next((value for value in self.values if value.field == field and value.value is not None), None)

    def record(self, recognised_by: str, number: int = 1) -> Record:
        """The record, with blank labels dropped where the same field has a value elsewhere."""
        filled = {(v.field, v.item, _side(v)) for v in self.values if v.value is not None}
        kept = [
            value
            for value in self.values
            if value.state is not State.EMPTY_IN_SOURCE or (value.field, value.item, _side(value)) not in filled
        ]
        return Record(
            document=self.document.name,
            record=number,
            sha256=self.document.sha256,
            source=self.source,
            recognised_by=recognised_by,
            kind=self.kind,
            reported=kept,
            statements=self.statements,
            fields=self.fields,
        )


class Collector(Gathering):
    """Gathers from a text document, where words stand at a span of offsets."""

    def take(
        self, field: str, read: Reader, span: tuple[int, int], *, item: int | None = None, method: str = "label"
    ) -> Value:
        """Read `text[start:end]` as `field`."""
        place = self.document.place(*span)
        return self.take_words(field, read, self.quote(span), place, item=item, method=method)

    def derive(
        self,
        field: str,
        value: Any,
        rule: str,
        span: tuple[int, int],
        *,
        item: int | None = None,
        detail: dict[str, Any] | None = None,
    ) -> Value:
        """Add a value worked out by a named rule from the words at `span`."""
        place = self.document.place(*span)
        return self.add(Value(field, item, value, State.DERIVED, self.quote(span), place, f"rule:{rule}", detail or {}))

    def unclear(self, field: str, span: tuple[int, int], *, item: int | None = None, method: str = "label") -> Value:
        """Add words that are open to more than one reading: no value, the quote kept."""
        place = self.document.place(*span)
        return self.add(Value(field, item, None, State.UNCLEAR, self.quote(span), place, self.method(method), {}))

    def empty(
        self,
        field: str,
        span: tuple[int, int],
        *,
        item: int | None = None,
        detail: dict[str, Any] | None = None,
        method: str = "label",
    ) -> Value:
        """Add a label whose value is blank; `span` is the label, or the word `empty`."""
        place = self.document.place(*span)
        return self.add(
            Value(field, item, None, State.EMPTY_IN_SOURCE, self.quote(span), place, self.method(method), detail or {})
        )

    def quote(self, span: tuple[int, int]) -> str:
        """The words at a span, on one line and without `**`."""
        return fold(self.document.text[slice(*span)])


def _side(value: Value) -> str | None:
    """What tells apart two values of one field that are both true: planned and actual dates, a dose and its total."""
    return value.detail.get("kind") or value.detail.get("basis")


def derive_registry(collector: Gathering) -> None:
    """The registry that issued the registration number, from the number's own form."""
    from reviewkit.identifiers import find_ids

    number = collector.known("ids.primary")
    if number is not None:
        registry = find_ids(number.value)[0].registry
        collector.add(
            Value(
                "ids.registry", None, registry, State.DERIVED, number.quote, number.place, "rule:registry-of-number", {}
            )
        )


def derive_nobody_masked(collector: Gathering) -> None:
    """An open trial masks nobody: an empty set of roles, where the source names none."""
    label = collector.known("masking.label")
    if label is not None and label.value == "NONE" and collector.known("masking.roles") is None:
        collector.values = [value for value in collector.values if value.field != "masking.roles"]
        collector.add(
            Value(
                "masking.roles", None, [], State.DERIVED, label.quote, label.place, "rule:open-label-masks-nobody", {}
            )
        )


def whole_document(document: Document) -> Place:
    """The place of a document as such, for silence."""
    return Place(document.name)
