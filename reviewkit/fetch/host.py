"""How a service is asked: one question at a time, never faster than it allows, again where that may help.

Time is handed in as a `World`, so that a test waits for nothing.
"""

from __future__ import annotations

import email.utils
import hashlib
import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlsplit

from reviewkit.fetch.transport import Answer, Broken, Limits, Line, ask

if TYPE_CHECKING:
    from reviewkit.fetch.service import Service

ATTEMPTS = 5
LONGEST_PAUSE = 60.0  # seconds between two attempts of our own choice
PATIENCE = 300.0  # seconds that we wait because a service asks for it; beyond, a person should come back later
LONG_WAIT = 30.0  # seconds of silence that a person should be told of
LONGEST_QUERY = 2_000  # characters in an address that every server takes
TROUBLES_IN_A_ROW = 2  # questions without an answer after which a service is left alone
TOO_MANY, SERVER_ERRORS = 429, range(500, 600)
INTERVAL = re.compile(r"\s*(\d{1,6})\s*s?\s*")  # "1s"


class World:
    """The clock, and a way to be called off while waiting."""

    def __init__(self) -> None:
        self.called_off = threading.Event()

    def now(self) -> float:
        """Seconds on a clock that never goes back."""
        return time.monotonic()

    def utc(self) -> datetime:
        """What time it is."""
        return datetime.now(UTC)

    def wait(self, seconds: float) -> None:
        """Wait, or until called off."""
        self.called_off.wait(seconds)


class CalledOff(Exception):
    """The person who started this wants it to end."""


class NoAnswer(Exception):
    """A service gave no answer after all attempts; `over` says whether it should be left alone from now on."""

    def __init__(self, words: str, *, over: bool):
        super().__init__(words)
        self.over = over


class Contact(NamedTuple):
    """Who asks. Neither part is ever written to a file or a message: `repr` hides both."""

    email: str | None = None
    key: str | None = None

    def __repr__(self) -> str:
        return "Contact(…)"


class Host:
    """One service as we ask it, at `base`. `gap` is the number of seconds from one question to the next."""

    def __init__(self, service: Service, base: str, contact: Contact, world: World, limits: Limits):
        self.base, self.world, self.limits = base.rstrip("/"), world, limits
        self.gap = service.gap_with_key if service.gap_with_key and contact.key else service.gap
        self.name = urlsplit(base).hostname or base
        self.headers = {"User-Agent": agent(contact)}
        identity = service.identity(contact)
        self.identity = "&".join(f"{name}={quote(value, safe='')}" for name, value in identity.items())
        self.takes_forms = service.takes_forms
        self.line = Line()
        self.say: Callable[[str], None] = lambda words: None  # who wants to know why nothing happens
        self.troubles = 0
        self._last_at: float | None = None

    def url(self, path: str) -> str:
        """The address of a path as messages and the log show it: without who asks."""
        return self.base + path

    def ask(self, path: str, accept: str) -> Answer:
        """The answer to one question, whatever its status but 429 and 5xx. Raises NoAnswer, Refused or CalledOff."""
        trouble = ""
        for attempt in range(ATTEMPTS):
            self._wait_for_turn()
            try:
                answer = self._ask_once(path, accept)
            except Broken as broken:
                trouble, pause = str(broken), None
            else:
                self._heed(answer.headers)
                if answer.status != TOO_MANY and answer.status not in SERVER_ERRORS:
                    self.troubles = 0
                    return answer
                trouble = f"status {answer.status}"
                pause = self._asked_pause(answer.headers.get("Retry-After"))
            if pause is not None and pause > PATIENCE:
                raise NoAnswer(f"{trouble}; the service asks to come back after {pause:,.0f} seconds", over=True)
            if attempt + 1 < ATTEMPTS:
                pause = back_off(path, attempt) if pause is None else pause
                if pause >= LONG_WAIT:
                    self.say(f"{trouble}; {self.name} is asked again in {pause:,.0f} seconds")
                self._wait(pause)
        self.troubles += 1
        over = self.troubles >= TROUBLES_IN_A_ROW or trouble == f"status {TOO_MANY}"
        raise NoAnswer(f"{trouble}, after {ATTEMPTS} attempts", over=over)

    def _ask_once(self, path: str, accept: str) -> Answer:
        """Put one question, with who asks; what is too long for an address goes as a form where forms are taken."""
        address, _, query = path.partition("?")
        query = "&".join(filter(None, (query, self.identity)))
        headers = {**self.headers, "Accept": accept}
        if self.takes_forms and len(query) > LONGEST_QUERY:
            return ask(self.url(address), headers, self.limits, self.line, form=query.encode())
        return ask(self.url(address) + (f"?{query}" if query else ""), headers, self.limits, self.line)

    def _wait_for_turn(self) -> None:
        rest = 0.0 if self._last_at is None else self._last_at + self.gap - self.world.now()
        if rest > 0:
            self._wait(rest)
        elif self.world.called_off.is_set():
            raise CalledOff
        self._last_at = self.world.now()

    def _wait(self, seconds: float) -> None:
        self.world.wait(seconds)
        if self.world.called_off.is_set():
            raise CalledOff

    def _heed(self, headers: Any) -> None:
        """Go slower where a service says how many questions it takes in how many seconds; never faster."""
        limit = headers.get("X-Rate-Limit-Limit") or ""
        interval = INTERVAL.fullmatch(headers.get("X-Rate-Limit-Interval") or "")
        if interval and limit.strip().isascii() and limit.strip().isdigit() and int(limit) > 0:
            self.gap = max(self.gap, min(int(interval[1]) / int(limit), LONGEST_PAUSE))

    def _asked_pause(self, words: str | None) -> float | None:
        """The seconds that `Retry-After` asks for, as a number or a date; None if it says nothing readable."""
        words = (words or "").strip()
        if words.isascii() and words.isdigit():
            return float(words[:9])
        try:
            then = email.utils.parsedate_to_datetime(words)
        except (ValueError, TypeError, OverflowError):
            return None
        return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - self.world.utc()).total_seconds())


def agent(contact: Contact) -> str:
    """How we introduce ourselves."""
    return "systematic-reviewkit" + (f" (mailto:{contact.email})" if contact.email else "")


def back_off(path: str, attempt: int) -> float:
    """The pause after a failed attempt: doubled each time, and spread so that many who fail together do not return
    together. The spread follows from what was asked, so that a run can be repeated.

    >>> [round(back_off("/a", attempt)) for attempt in range(3)] == [round(back_off("/a", n)) for n in range(3)]
    True
    """
    spread = hashlib.sha256(f"{path} {attempt}".encode()).digest()[0] / 255
    return min(2.0**attempt * (0.75 + 0.5 * spread), LONGEST_PAUSE)
