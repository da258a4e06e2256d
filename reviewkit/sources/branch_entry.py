"""Parts of a record (branch.py) become values: a table says which path gives which field, and how its words are read.

A blank part, and words a registry writes where it has nothing to say, are EMPTY_IN_SOURCE; an absent part says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from reviewkit import kinds
from reviewkit.documents import Document, unreadable
from reviewkit.identifiers import UTN, read_trial_id
from reviewkit.kinds import Reading
from reviewkit.language.statements import statements
from reviewkit.model import NO_DETAIL, Value
from reviewkit.sources.branch import Branch
from reviewkit.sources.collect import Gathering, Reader
from reviewkit.words import State

Table = Mapping[str, "str | tuple[str, Reader]"]  # path below a branch -> the field, and its reader if not words
DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})(?:[ T]\d{1,2}:\d\d(?::\d\d)?(?: ?[AP]M)?)?"
)


def day_first(words: str, kind: str = "UNKNOWN") -> Reading:
    """A date of a registry that writes days before months: `03/04/2020` is 3 April. Other forms are read as ever.

    >>> day_first("3/4/2020").value
    '2020-04-03'
    """
    match = DAY_FIRST.fullmatch(" ".join(words.split()))
    told = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}" if match else words
    reading = kinds.date(told, kind)
    return reading._replace(detail={**reading.detail, "as_written": words})


class BranchEntry(Gathering):
    """Gathers from branches. Method: `<source>:path`. `blank` knows the registry's words for nothing."""

    def __init__(
        self, document: Document, source: str, kind: str, fields: tuple[tuple[str, str], ...], blank: frozenset[str]
    ):
        super().__init__(document, source, kind, fields)
        self.blank = blank
        self.counted: dict[str, int] = {}  # field that opens a group -> members so far

    def is_blank(self, branch: Branch) -> bool:
        """Does the part say nothing, or only that there is nothing?"""
        return not branch.nested and branch.words.casefold().strip(" .") in self.blank

    def take(self, field: str, read: Reader, branch: Branch | None, *, item: int | None = None) -> Value | None:
        """Read a part's words; parts where words should stand are UNCLEAR, with one notice."""
        if branch is None:
            return None
        if branch.nested:
            unreadable(self.document, branch.quote, branch.place, "words")
            return self.unclear(field, branch, item=item)
        if self.is_blank(branch):
            return self.empty(field, branch, item=item)
        told: Reader = (lambda words: Reading(branch.lines, NO_DETAIL)) if read is kinds.text else read
        return self.take_words(field, told, branch.quote, branch.place, item=item, method="path")

    def fill(self, branch: Branch, table: Table, item: int | None = None) -> None:
        """Take the first part at each path of a table that has words, else the first."""
        for path, rule in table.items():
            field, read = (rule, kinds.text) if isinstance(rule, str) else rule
            self.take(field, read, branch.first(path), item=item)

    def each(self, branches: Iterable[Branch], first: str, table: Table) -> Iterator[tuple[Branch, int]]:
        """Take each branch as a member of the group that the field `first` opens, and give it with its number.

        A branch without words is no member. Blank parts of a member say nothing.
        """
        blank: Branch | None = None
        for branch in branches:
            parts = [(rule, branch.first(path)) for path, rule in table.items()]
            if not any(part is not None and part.says and not self.is_blank(part) for _, part in parts):
                blank = blank or branch
                continue
            number = self.counted[first] = self.counted.get(first, 0) + 1
            for rule, part in parts:
                field, read = (rule, kinds.text) if isinstance(rule, str) else rule
                if part is not None and not self.is_blank(part):
                    self.take(field, read, part, item=number)
            yield branch, number
        if blank is not None and not self.counted.get(first):
            self.empty(first, blank)

    def every(self, branches: Iterable[Branch], first: str, table: Table) -> None:
        """`each` without looking at the branches again."""
        for _ in self.each(branches, first, table):
            pass

    def distinct(self, branches: Iterable[Branch], field: str, read: Callable[[str], Reading]) -> None:
        """Take bare parts as members of a group, each meaning once: two names of one country are one country."""
        said: set[Any] = set()
        for branch in branches:
            try:
                meaning = read(branch.words).value
            except ValueError:
                meaning = branch.words
            if not branch.nested and meaning in said:
                continue
            said.add(meaning)
            self.every([branch], field, {".": (field, read)})

    def empty(self, field: str, branch: Branch, *, item: int | None = None) -> Value:
        """Add a part that says nothing; the quote is its words for it, else its name."""
        quote = branch.quote if branch.words and not branch.nested else branch.name
        return self.add(
            Value(field, item, None, State.EMPTY_IN_SOURCE, quote, branch.place, self.method("path"), NO_DETAIL)
        )

    def unclear(self, field: str, branch: Branch, *, item: int | None = None, quote: str | None = None) -> Value:
        """Add words that are open to more than one reading: no value, the quote kept."""
        words = quote or branch.quote
        return self.add(Value(field, item, None, State.UNCLEAR, words, branch.place, self.method("path"), NO_DETAIL))

    def not_applicable(self, field: str, branch: Branch) -> Value:
        """Add words that say the field cannot apply."""
        state, method = State.NOT_APPLICABLE, self.method("path")
        return self.add(Value(field, None, None, state, branch.quote, branch.place, method, NO_DETAIL))

    def tell(
        self,
        field: str,
        value: Any,
        branch: Branch,
        *,
        item: int | None = None,
        quote: str | None = None,
        detail: dict[str, Any] | None = None,
    ) -> Value:
        """Add a value that was read from a part of the words (`quote`), or from several parts."""
        words = quote or branch.quote
        method = self.method("path")
        return self.add(Value(field, item, value, State.REPORTED, words, branch.place, method, detail or NO_DETAIL))

    def derive(
        self,
        field: str,
        value: Any,
        rule: str,
        branch: Branch,
        *,
        item: int | None = None,
        quote: str | None = None,
        detail: dict[str, Any] | None = None,
    ) -> Value:
        """Add a value worked out by a named rule from a part's words (`quote`: the words it rests on)."""
        words = quote or branch.quote or branch.name
        return self.add(
            Value(field, item, value, State.DERIVED, words, branch.place, f"rule:{rule}", detail or NO_DETAIL)
        )

    def listen(self, branch: Branch | None, words: str | None = None) -> None:
        """Keep what a part's prose (or the `words` of it) states of the trial's design; its place is the part."""
        if branch is None or branch.nested or self.is_blank(branch):
            return
        for statement in statements(words or branch.lines):
            self.statements.append(msgspec.structs.replace(statement, place=branch.place))

    def set_of(self, field: str, read: Reader, branches: list[Branch]) -> None:
        """Several parts as one list of codes, each once; one that cannot be read spoils all."""
        told = [branch for branch in branches if not self.is_blank(branch)]
        quote = ", ".join(branch.quote for branch in told)
        if told:

            def both(words: str) -> Reading:
                return kinds.choices(read, [branch.words for branch in told], words)

            self.take_words(field, both, quote, told[0].place, method="path")
        elif branches:
            self.empty(field, branches[0])

    def number(self, branch: Branch, kind: str | None = None, *, quote: str | None = None) -> int:
        """One number of the trial elsewhere, in its normal form if it is one of a registry; its type, if known.

        A number's own form tells its type better than the label it stands under.
        """
        words = quote or branch.quote
        item = self.counted["ids.secondary.id"] = self.counted.get("ids.secondary.id", 0) + 1
        try:
            found = read_trial_id(" ".join(words.split()))
        except ValueError:
            self.tell("ids.secondary.id", " ".join(words.split()), branch, item=item, quote=words)
        else:
            self.tell("ids.secondary.id", found.value, branch, item=item, quote=words)
            kind = {"EUCTR": "EUDRACT", UTN: "UTN"}.get(found.registry, "REGISTRY")
        if kind:
            self.derive("ids.secondary.type", kind, "type-of-number", branch, item=item, quote=words)
        return item
