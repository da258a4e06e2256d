"""What every JSON source shares: a table of key -> field is walked, and what stands there becomes values.

In a table a bare field name takes the words as they are; the takers below (`coded`, `dated`, `items_of` …) do what
their names say. A blank is EMPTY_IN_SOURCE with its key as the quote; what cannot be read is UNCLEAR with one notice.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
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
Known = dict[str, tuple[Any, dict[str, Any]]]  # words -> what they mean


class Form(IntEnum):
    """How what stands under a key can be taken without its taker; what does not fit goes to the taker."""

    OTHER = 0  # not at all
    WORDS = 1  # a string that stands for itself
    KNOWN = 2  # a string whose meaning is known; `of`: Known
    FLAG = 3  # true or false; `of`: what each means, false first
    INSIDE = 4  # an object; `of`: its Steps
    ITEMS = 5  # a list of objects, members of the group that `field` opens; `of`: their Steps and Told
    WORD_ITEMS = 6  # a list of strings, members of the group `field`
    CODES = 7  # a list of strings; `of`: what each list met so far means, as (members, quote, detail)
    TOGETHER = 8  # an object of two strings; `of`: their keys, and what each pair met so far means, as (value, detail)


class Step(NamedTuple):
    """One key of a table made ready. Bare takers have no field."""

    form: int
    key: str
    field: str
    of: Any
    take: Take


class Told(NamedTuple):
    """What its list says of a member: `field` is `value` by `rule`; it rests on the first words of the member."""

    field: str
    value: Any
    rule: str


Steps = tuple[Step, ...]
Table = dict[str, "str | Take | Step"]  # as written; the keys of its steps are filled in by steps_of


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


# The walk over a table.


def walk(entry: Entry, steps: Steps, found: dict[str, Any], at: str, item: int | None) -> None:
    """Take every key of the object `found`, which stands at the pointer `at`, that has a step.

    `_walk.c` is the same, compiled, and several times as fast; it is built where a C compiler is at hand when the
    package is installed.
    """
    name, method, add, get, under = entry.name, entry.method, entry.values.append, found.get, at + "/"
    for form, key, field, of, take in steps:
        value = get(key)
        if form == 1 and type(value) is str and value >= "!":  # it opens with a visible character
            add(Value(field, item, value, REPORTED, value, Place(name, under + key), method, NO_DETAIL))
        elif form == 2 and type(value) is str and value in of:
            meaning, detail = of[value]
            add(Value(field, item, meaning, REPORTED, value, Place(name, under + key), method, detail))
        elif value is not None or key in found:
            take(entry, value, key, under + key, item)


walk_in_python = walk
try:
    from reviewkit.sources._walk import walk  # type: ignore[no-redef]
except ImportError:
    COMPILED = False
else:
    COMPILED = True


# Takers: how one key of a table becomes values.


def steps_of(table: Table) -> Steps:
    """A table as it is walked: a bare field name takes words as they are, a bare taker takes anything."""
    return tuple(_step(key, entry) for key, entry in table.items())


def _step(key: str, entry: str | Take | Step) -> Step:
    if isinstance(entry, str):
        return Step(Form.WORDS, key, entry, None, words(entry))
    if isinstance(entry, Step):
        return entry._replace(key=key)
    return Step(Form.OTHER, key, "", None, entry)


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

    return Step(Form.KNOWN, "", field, known, take)


def dated(field: str) -> Step:
    """A day in the registry's own books: it has happened."""
    return scalar(field, READ_DATE["ACTUAL"])


def flag(field: str, meanings: tuple[Any, Any] = (False, True)) -> Step:
    """false or true, or what they mean, in this order."""
    no, yes = meanings

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        if type(found) is bool:
            meaning, quote = (yes, "true") if found else (no, "false")
            place = Place(entry.name, at)
            entry.values.append(Value(field, item, meaning, REPORTED, quote, place, entry.method, NO_DETAIL))
        else:
            entry.gap(field, found, key, at, item, expected="true or false")

    return Step(Form.FLAG, "", field, meanings, take)


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

    return Step(Form.KNOWN, "", field, known, take)


def coded_list(field: str, codes: str | dict[str, str]) -> Step:
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
            if len(known) >= MEMORY:
                known.clear()
            known[written] = list(dict.fromkeys([mapping[code] for code in found])), quote, {"as_written": quote}
        value, quote, detail = known[written]
        entry.add(field, item, [*value], quote, at, detail)

    return Step(Form.CODES, "", field, known, take)


def list_of_words(field: str) -> Take:
    """A list of strings as one value."""

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        if is_words(found):
            entry.add(field, item, found, ", ".join(found), at)
        else:
            entry.gap(field, found, key, at, item, expected="a list of words")

    return take


def inside(table: Table, main: str = "") -> Step:
    """An object inside an object; `main` is the field that an unreadable or blank one leaves without a value."""
    steps = steps_of(table)

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        if type(found) is dict and found:
            walk(entry, steps, found, at, item)
        elif main:
            entry.gap(main, found, key, at, item, expected="a JSON object")
        elif not is_blank(found):
            entry.note(found, at, expected="a JSON object")

    return Step(Form.INSIDE, "", main, steps, take)


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


def words_of(field: str) -> Step:
    """A list of strings, each an item."""

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        start = begin(entry, field, found, key, at)
        for number, member in enumerate(found if start is not None else [], 1):
            blank_or_words(entry, member, key, f"{at}/{number - 1}", (start or 0) + number)

    blank_or_words = words(field)
    return Step(Form.WORD_ITEMS, "", field, blank_or_words, take)


def each_of(field: str, read: Read) -> Take:
    """A list of scalars, each an item through one reader."""

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        start = begin(entry, field, found, key, at)
        for number, member in enumerate(found if start is not None else [], 1):
            entry.take(field, read, member, key, f"{at}/{number - 1}", (start or 0) + number)

    return take


def items_of(first: str, table: Table, *, personal: bool = False, told: Told | None = None) -> Step:
    """A list of objects, each a member of the group that the field `first` opens.

    Of a `personal` list, what is no object is not quoted but by its key, for it could name a person.
    `told` is what the list says of every member that says anything.
    """
    steps = steps_of(table)

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        before = begin(entry, first, found, key, at, personal)
        for index, member in enumerate(found if before is not None else []):
            number = (before or 0) + index + 1
            if type(member) is dict and member:
                start = len(entry.values)
                walk(entry, steps, member, f"{at}/{index}", number)
                if told:
                    tell(entry, told, start, number)
            else:
                quote = key if personal else None
                entry.gap(first, member, key, f"{at}/{index}", number, expected="a JSON object", quote=quote)

    return Step(Form.ITEMS, "", first, (steps, told), take)


def tell(entry: Entry, told: Told, start: int, number: int) -> None:
    """Add what is told of the member whose values begin at `start`, if one of them is not null."""
    value = next((value for value in entry.values[start:] if value.value is not None), None)
    if value is not None:
        field, meaning, rule = told
        entry.values.append(Value(field, number, meaning, DERIVED, value.quote, value.place, rule, NO_DETAIL))


def item_of(first: str, table: Table, *, personal: bool = False) -> Take:
    """One object that is a member of a group, if it says anything at all."""
    steps = steps_of(table)

    def take(entry: Entry, found: Any, key: str, at: str, item: int | None) -> None:
        before, number = len(entry.values), entry.counted.get(first, 0) + 1
        if is_blank(found):
            entry.blank_groups.append((first, key, at))
        elif type(found) is dict:
            walk(entry, steps, found, at, number)
        else:
            entry.gap(first, found, key, at, number, expected="a JSON object", quote=key if personal else None)
        if len(entry.values) > before:
            entry.counted[first] = number

    return take
