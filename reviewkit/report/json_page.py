"""A JSON document member by member, indented: every member has an id made of its pointer (RFC 6901).

Numbers are shown as they stand (1.10 stays 1.10); texts are decoded, so that people can read them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from reviewkit.report.markup import escaped
from reviewkit.report.places import pointer_id

TOKEN = re.compile(
    r'"(?:[^"\\]++|\\.)*+"'  # a text, with its escapes
    r"|[{}\[\],:]"  # what holds the document together
    r'|[^\s{}\[\],:"]+',  # a number, true, false, null
    re.DOTALL,
)
DECODER = json.JSONDecoder(strict=False)
DEEPEST = 40  # levels that are indented; deeper ones stay at that margin


class Member(NamedTuple):
    """One line of the page: an object, an array or a scalar with its pointer, or a closing bracket (pointer None).

    `array` is the pointer of the array it is directly in, if it is in one; `repeated` says that its object, or one
    above it, holds the same key before.
    """

    pointer: str | None
    depth: int
    key: str | None
    token: str
    array: str | None
    repeated: bool


@dataclass
class Open:
    """An object or array whose end has not come yet."""

    pointer: str
    is_object: bool
    repeated: bool
    index: int = 0
    key: str | None = None
    keys: set[str] = field(default_factory=set)

    def member(self, depth: int, token: str) -> Member:
        """The member that begins with `token`."""
        name = (self.key or "") if self.is_object else str(self.index)
        repeated = self.repeated or name in self.keys
        if self.is_object:
            self.keys.add(name)
        pointer = f"{self.pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        return Member(pointer, depth, self.key, token, None if self.is_object else self.pointer, repeated)

    def go_on(self) -> None:
        """A comma: the next member follows."""
        self.index, self.key = self.index + 1, None


def json_rows(text: str, pointers: set[str]) -> Iterator[str]:
    """The members of a JSON document as HTML; those at `pointers` are marked, and so are the scalars of an array there.

    A key that stands twice in an object is read at its last place by every reader; there its id stands if it is
    one of `pointers`.
    """
    last = {member.pointer: number for number, member in enumerate(members(text)) if member.pointer in pointers}
    yield '<div class="json">\n'
    for number, member in enumerate(members(text)):
        has_id = last[member.pointer] == number if member.pointer in last else not member.repeated
        yield _row(member, has_id=has_id, mark=member.pointer in pointers or member.array in pointers)
    yield "</div>\n"


def members(text: str) -> Iterator[Member]:
    """Every line of the page, in document order; of any depth."""
    stack: list[Open] = []
    for match in TOKEN.finditer(text):
        token = match[0]
        if token in ("}", "]"):
            del stack[-1:]
            yield Member(None, len(stack), None, token, None, False)
        elif token == ",":
            for container in stack[-1:]:
                container.go_on()
        elif stack and stack[-1].is_object and stack[-1].key is None:
            stack[-1].key = _text(token)
        elif token != ":":
            member = stack[-1].member(len(stack), token) if stack else Member("", 0, None, token, None, False)
            yield member
            if token in ("{", "["):
                stack.append(Open(member.pointer or "", token == "{", member.repeated))


def _text(token: str) -> str:
    return DECODER.decode(token) if token.startswith('"') else token


def _row(member: Member, *, has_id: bool, mark: bool) -> str:
    address = f' id="{pointer_id(member.pointer)}"' if has_id and member.pointer is not None else ""
    key = f'<b dir="auto">{escaped(member.key)}</b>: ' if member.key is not None else ""
    indent = f' style="--depth:{min(member.depth, DEEPEST)}"' if member.depth else ""
    return f'<div class="line"{address}{indent}>{key}{_token(member.token, mark=mark)}</div>\n'


def _token(token: str, *, mark: bool) -> str:
    if token in ("{", "}", "[", "]"):
        return f"<i>{token}</i>"
    words = escaped(_text(token))
    words = f"<mark>{words}</mark>" if mark else words
    return f'<i>"</i><span dir="auto">{words}</span><i>"</i>' if token.startswith('"') else f"<code>{words}</code>"
