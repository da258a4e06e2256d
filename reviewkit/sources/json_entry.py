"""What every JSON source shares: a table of key -> field is walked, and what stands there becomes values.

In a table a bare field name takes the words as they are; the takers below (`coded`, `dated`, `items_of` …) do what
their names say. A blank is EMPTY_IN_SOURCE with its key as the quote; what cannot be read is UNCLEAR with one notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from reviewkit import kinds
from reviewkit.documents import Document, unreadable
from reviewkit.model import NO_DETAIL, Place, Value
from reviewkit.words import State, members

REPORTED, DERIVED = State.REPORTED, State.DERIVED
LONGEST = 80  # characters of a list or object that is quoted only to show what could not be read

Read = Callable[[Any], tuple[Any, dict[str, Any]]]  # JSON scalar -> value and detail; ValueError says what was wanted
Take = Callable[["Entry", Any, str, str, int | None], None]  # entry, what stands there, its key, its pointer, item
After = Callable[["Entry", int], None]  # what only whole members can say; where their values begin
Known = dict[str, tuple[Any, dict[str, Any]]]  # words -> what they mean
# One key of a table made ready: the field, the words known so far (None: they stand for themselves), and the taker for
# all else. A bare taker has no field.
Step = tuple[str, Known | None, Take]
Table = dict[str, str | Take | Step]  # as written


class Steps(NamedTuple):
    """A table as it is walked. Strings that need but a look, plain or known, come first: that makes reading fast."""

    plain: tuple[tuple[str, str, Take], ...]  # key, field, taker of what is no plain string
    known: tuple[tuple[str, str, Known, Take], ...]
    other: tuple[tuple[str, Take], ...]


MEMORY = 4096  # words a reader keeps with what they mean


class Entry:
    """One registry entry as it is read: its values so far, and how many members each group has."""

    __slots__ = ("blank_groups", "content", "counted", "document", "method", "name", "remembered", "values")

    def __init__(self, document: Document, content: dict[str, Any], method: str):
        self.document, self.name, self.content, self.method = document, document.name, content, method
        self.values: list[Value] = []
        self.counted: dict[str, int] = {}  # field that opens a group -> members so far
        self.blank_groups: list[tuple[str, str, str]] = []  # (that field, key, pointer) of each blank list
        self.remembered: dict[str, Any] = {}  # what a source needs of one module to read another

    def walk(self, steps: Steps, members: Iterable[dict[str, Any]], ats: Iterable[str], first: int | None) -> None:
        """Take every key of some JSON objects that has a step; `ats` are their pointers, `first` the first's item."""
        plain, known, other = steps
        name, method, add = self.name, self.method, self.values.append
        item = first
        for found, at in zip(members, ats, strict=False):
            get, under = found.get, at + "/"
            for key, field, take in plain:
                value = get(key)
                if type(value) is str and value >= "!":  # it opens with a visible character
                    add(Value(field, item, value, REPORTED, value, Place(name, under + key), method, NO_DETAIL))
                elif value is not None or key in found:
                    take(self, value, key, under + key, item)
            for key, field, meanings, take in known:
                value = get(key)
                if type(value) is str and value in meanings:
                    meaning, detail = meanings[value]
                    add(Value(field, item, meaning, REPORTED, value, Place(name, under + key), method, detail))
                elif value is not None or key in found:
                    take(self, value, key, under + key, item)
            for key, take in other:
                value = get(key)
                if value is not None or key in found:
                    take(self, value, key, under + key, item)
            if item is not None:
                item += 1

    def take(self, field: str, read: Read, found: Any, key: str, at: str, item: int | None = None) -> bool:
        """Add one scalar as `read` understands it; True if it could be read."""
        try:
            value, detail = read(found)
        except ValueError as error:
            self.gap(field, found, key, at, item, expected=str(error))
            return False
        self.add(field, item, value, quote_of(found), at, detail)
        return True

    def add(
        self,
        field: str,
        item: int | None,
        value: Any,
        quote: str,
        at: str,
        detail: dict[str, Any] = NO_DETAIL,
        *,
        state: State = REPORTED,
    ) -> None:
        """Add one value that stands at the pointer `at`."""
        self.values.append(Value(field, item, value, state, quote, Place(self.name, at), self.method, detail))

    def derive(self, field: str, item: int | None, value: Any, rule: str, quote: str, at: str) -> None:
        """Add what a rule (`rule:<its id>`) makes of the words at `at`."""
        self.values.append(Value(field, item, value, DERIVED, quote, Place(self.name, at), rule, NO_DETAIL))

    def gap(
        self, field: str, found: Any, key: str, at: str, item: int | None, *, expected: str, quote: str | None = None
    ) -> None:
        """Add what is no value: EMPTY_IN_SOURCE with its key for a blank, else UNCLEAR with words and one notice."""
        if is_blank(found):
            self.add(field, item, None, key, at, state=State.EMPTY_IN_SOURCE)
            return
        words = quote or quote_of(found)
        self.add(field, item, None, words, at, state=State.UNCLEAR)
        unreadable(self.document, words, Place(self.name, at), expected)

    def note(self, found: Any, at: str, *, expected: str) -> None:
        """Say that something beside a value could not be read; the value itself stands."""
        unreadable(self.document, quote_of(found), Place(self.name, at), expected)

    def close_groups(self) -> None:
        """One blank for each group whose lists are all blank: its first field, no item."""
        said: set[str] = set()
        for field, key, at in self.blank_groups:
            if not self.counted.get(field) and field not in said:
                said.add(field)
                self.add(field, None, None, key, at, state=State.EMPTY_IN_SOURCE)


def is_blank(found: Any) -> bool:
    """Null, a string of white space, an empty list or an empty object: the key is there, its value is not."""
    return found is None or found == [] or found == {} or (type(found) is str and not found.strip())


def quote_of(found: Any) -> str:
    """A JSON value as a quote: a string's words, another scalar as JSON writes it, anything larger cut short."""
    if type(found) is str:
        return found
    if type(found) is int:
        return str(found)
    try:
        text = msgspec.json.encode(found).decode()
    except RecursionError:  # it could just be decoded, but not encoded from a few calls deeper
        return "a list or object nested too deeply to show"
    return text if not isinstance(found, (list, dict)) or len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def is_words(found: Any) -> bool:
    """Is it a list of at least one string, and of nothing else?"""
    return type(found) is list and {*map(type, found)} == {str}


# Readers of one scalar.


def of_words(read: Callable[[str], kinds.Reading]) -> Read:
    """A reader for JSON strings only, which remembers what they mean."""

    @lru_cache(maxsize=MEMORY)
    def remembered(words: str) -> tuple[Any, dict[str, Any]]:
        value, detail, _ = read(words)
        return value, detail

    def read_words(found: Any) -> tuple[Any, dict[str, Any]]:
        if type(found) is not str:
            raise ValueError("words in quotation marks")
        return remembered(found)

    return read_words


def read_persons(found: Any) -> tuple[int, dict[str, Any]]:
    """A number of participants: a JSON number, or one in quotation marks."""
    if type(found) is int and found >= 0:
        return found, PERSONS
    if type(found) is str:
        value, detail, _ = kinds.count(found)
        return value, detail
    raise ValueError(kinds.COUNT_EXPECTED)


def gregorian(kind: str) -> Read:
    """A reader of dates of one kind (a member of Actuality) in a registry that writes one calendar only."""

    def read(words: str) -> kinds.Reading:
        reading = kinds.date(words, kind)
        if reading.detail["calendar"] != "GREGORIAN":
            raise ValueError("a date of the Gregorian calendar, e.g. 2020-07-31 or 2020-07")
        return reading

    return of_words(read)


PERSONS = {"unit": "persons"}
READ_DATE = {kind: gregorian(kind) for kind in members("Actuality")}
READ_AGE = of_words(kinds.age)


# Takers: how one key of a table becomes values.


def steps_of(table: Table) -> Steps:
    """A table as it is walked: a bare field name takes words as they are, a bare taker takes anything."""
    plain = tuple((key, entry, words(entry)) for key, entry in table.items() if isinstance(entry, str))
    steps = [(key, *entry) for key, entry in table.items() if isinstance(entry, tuple)]
    known = tuple((key, field, meanings, take) for key, field, meanings, take in steps if meanings is not None)
    other = tuple((key, entry) for key, entry in table.items() if not isinstance(entry, (str, tuple)))
    return Steps(plain, known, other)


def words(field: str) -> Take:
    """Words as they are, white space before them included."""

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        if type(found) is str and not found.isspace() and found:
            entry.add(field, item, found, found, at)
        else:
            entry.gap(field, found, key, at, item, expected="words")

    return take


def scalar(field: str, read: Read) -> Step:
    """One scalar through one reader, which remembers what words mean."""
    known: dict[str, tuple[Any, dict[str, Any]]] = {}

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        if entry.take(field, read, found, key, at, item) and type(found) is str and len(known) < MEMORY:
            known[found] = entry.values[-1].value, entry.values[-1].detail

    return field, known, take


def dated(field: str) -> Step:
    """A day in the registry's own books: it has happened."""
    return scalar(field, READ_DATE["ACTUAL"])


def flag(field: str, meanings: tuple[Any, Any] = (False, True)) -> Take:
    """false or true, or what they mean, in this order."""
    no, yes = meanings

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        if type(found) is bool:
            meaning, quote = (yes, "true") if found else (no, "false")
            place = Place(entry.name, at)
            entry.values.append(Value(field, item, meaning, REPORTED, quote, place, entry.method, NO_DETAIL))
        else:
            entry.gap(field, found, key, at, item, expected="true or false")

    return take


def members_of(codes: str | dict[str, Any]) -> dict[str, Any]:
    """Code -> member: as given, or a vocabulary (by name) whose members stand for themselves."""
    return {member: member for member in members(codes)} if isinstance(codes, str) else codes


def coded(field: str, codes: str | dict[str, Any]) -> Step:
    """One code. A code whose member is None is known and says nothing that the field could hold."""
    mapping = members_of(codes)
    known = {code: (member, {"as_written": code}) for code, member in mapping.items() if member is not None}

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        if type(found) is not str or found not in mapping:
            entry.gap(field, found, key, at, item, expected="one of " + ", ".join(known))

    return field, known, take


def coded_list(field: str, codes: str | dict[str, str]) -> Take:
    """A list of codes as one value, each member once; a code that cannot be read spoils all."""
    mapping = members_of(codes)
    expected = "a list of " + ", ".join(mapping)
    known: dict[tuple[str, ...], tuple[list[str], str, dict[str, Any]]] = {}

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        if not is_words(found):
            entry.gap(field, found, key, at, item, expected=expected)
            return
        written = tuple(found)
        if written not in known:
            quote = ", ".join(found)
            if not mapping.keys() >= set(found):
                entry.gap(field, found, key, at, item, expected=expected, quote=quote)
                return
            known[written] = list(dict.fromkeys([mapping[code] for code in found])), quote, {"as_written": quote}
        value, quote, detail = known[written]
        entry.add(field, item, [*value], quote, at, detail)

    return take


def list_of_words(field: str) -> Take:
    """A list of strings as one value."""

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        if is_words(found):
            entry.add(field, item, found, ", ".join(found), at)
        else:
            entry.gap(field, found, key, at, item, expected="a list of words")

    return take


def inside(table: Table, main: str = "") -> Take:
    """An object inside an object; `main` is the field that an unreadable or blank one leaves without a value."""
    steps = steps_of(table)

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        if type(found) is dict and found:
            entry.walk(steps, (found,), (at,), item)
        elif main:
            entry.gap(main, found, key, at, item, expected="a JSON object")
        elif not is_blank(found):
            entry.note(found, at, expected="a JSON object")

    return take


def begin(entry: Entry, first: str, found: Any, key: str, at: str, personal: bool = False) -> int | None:
    """How many members the group that the field `first` opens has before this list; its own are counted with them.

    None for what is no list or has no members, of which only the gap is kept.
    """
    if type(found) is list and found:
        start = entry.counted.get(first, 0)
        entry.counted[first] = start + len(found)
        return start
    if is_blank(found):
        entry.blank_groups.append((first, key, at))
    else:
        entry.gap(first, found, key, at, None, expected="a JSON list", quote=key if personal else None)
    return None


def words_of(field: str) -> Take:
    """A list of strings, each an item."""

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        start = begin(entry, field, found, key, at)
        if start is None:
            return
        name, method, add = entry.name, entry.method, entry.values.append
        for number, member in enumerate(found, 1):
            pointer = f"{at}/{number - 1}"
            if type(member) is str and member >= "!":
                add(Value(field, start + number, member, REPORTED, member, Place(name, pointer), method, NO_DETAIL))
            else:
                blank_or_words(entry, member, key, pointer, start + number)

    blank_or_words = words(field)
    return take


def each_of(field: str, read: Read) -> Take:
    """A list of scalars, each an item through one reader."""

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        start = begin(entry, field, found, key, at)
        for number, member in enumerate(found if start is not None else [], 1):
            entry.take(field, read, member, key, f"{at}/{number - 1}", (start or 0) + number)

    return take


def items_of(first: str, table: Table, *, personal: bool = False, after: After | None = None) -> Take:
    """A list of objects, each a member of the group that the field `first` opens.

    Of a `personal` list, what is no object is not quoted but by its key, for it could name a person.
    `after(entry, start)` adds what only whole members can say; their values begin at `start`.
    """
    steps = steps_of(table)

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        before = begin(entry, first, found, key, at, personal)
        if before is None:
            return
        start = len(entry.values)
        if {*map(type, found)} == {dict} and all(found):
            entry.walk(steps, found, [f"{at}/{index}" for index in range(len(found))], before + 1)
        else:
            walk_what_is_there(entry, found, key, at, before)
        if after:
            after(entry, start)

    def walk_what_is_there(entry: Entry, found: list[Any], key: str, at: str, before: int) -> None:
        for number, member in enumerate(found, before + 1):
            pointer = f"{at}/{number - before - 1}"
            if type(member) is dict and member:
                entry.walk(steps, (member,), (pointer,), number)
            else:
                quote = key if personal else None
                entry.gap(first, member, key, pointer, number, expected="a JSON object", quote=quote)

    return take


def item_of(first: str, table: Table, *, personal: bool = False) -> Take:
    """One object that is a member of a group, if it says anything at all."""
    steps = steps_of(table)

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        before, number = len(entry.values), entry.counted.get(first, 0) + 1
        if is_blank(found):
            entry.blank_groups.append((first, key, at))
        elif type(found) is dict:
            entry.walk(steps, (found,), (at,), number)
        else:
            entry.gap(first, found, key, at, number, expected="a JSON object", quote=key if personal else None)
        if len(entry.values) > before:
            entry.counted[first] = number

    return take
