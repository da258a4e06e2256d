"""Messages a reviewer can act on: file, place, what was found, what was expected, and the fix."""

from __future__ import annotations

import re
from typing import Any

import msgspec

# Control characters (a terminal obeys them), line and paragraph separators, halves of a surrogate pair.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong with one input.

    `place` is a `Place` of the model or None; `severity` is "error" (something was not read)
    or "notice" (all was read, but a person should know).
    """

    document: str
    place: Any
    found: str
    expected: str
    fix: str
    severity: str = "error"

    def __str__(self) -> str:
        where = str(self.place) if self.place is not None else self.document
        return f"{printable(where)}\n  found     {self.found}\n  expected  {self.expected}\n  fix       {self.fix}"

    def as_json(self) -> dict[str, Any]:
        """The problem as the one JSON object that `--json` writes to standard error."""
        return msgspec.to_builtins(self)


class ReviewError(ValueError):
    """A problem a reviewer can mend without reading our code; `.problem` holds its parts."""

    def __init__(self, problem: Problem):
        self.problem = problem
        super().__init__(str(problem))


class ReviewWarning(UserWarning):
    """A problem met in Python while the other documents went through."""


def printable(text: str) -> str:
    """`text` on one line that a terminal shows and does not obey: what is unprintable stands as its escape.

    >>> printable("a\\nb")
    'a\\\\nb'
    """
    return UNPRINTABLE.sub(lambda match: repr(match[0])[1:-1], text)


def shown(text: str, limit: int = 80) -> str:
    """`text` as a message shows it: quoted, one line, at most `limit` characters.

    >>> shown("eight")
    "'eight'"
    """
    line = " ".join(text.split())
    return repr(line if len(line) <= limit else line[: limit - 1] + "…")
