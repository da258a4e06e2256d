"""One question over HTTP: bounded in time, size and redirects, and whole or not at all.

Only `https` is asked, with the certificate checked; plain `http` stands for a server on this machine alone (tests, a
mirror). Made of the standard library, so that every bound is ours and there is nothing to keep up with.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from typing import Any, NamedTuple
from urllib import request
from urllib.parse import quote, urljoin, urlsplit

from reviewkit.documents import MAX_BYTES

REDIRECTS = {301, 302, 303, 307, 308}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
RESERVED = "%/:=&?~#+!$,;'@()*[]"
PACKED = {"Accept-Encoding": "gzip"}
CHUNK = 65_536
ANY_GZIP = 47  # zlib's number for: a gzip or zlib head, whichever is there


class Limits(NamedTuple):
    """How long (seconds) and how large (bytes, after unpacking) one answer may be."""

    connect: float = 15
    read: float = 60
    total: float = 300
    size: int = MAX_BYTES  # what is larger could not be read as a document
    redirects: int = 5


class Answer(NamedTuple):
    """What a server said: `headers` are found by name in any case, `body` is unpacked."""

    status: int
    headers: Any
    body: bytes


class Broken(Exception):
    """No whole answer came; asking again may help."""


class Refused(Exception):
    """An answer we do not take, or a question we do not ask; asking again will not help."""

    def __init__(self, found: str, expected: str, fix: str):
        super().__init__(found)
        self.found, self.expected, self.fix = found, expected, fix


class Line:
    """The connection of one worker, which another thread may cut."""

    def __init__(self) -> None:
        self.socket: socket.socket | None = None
        self.cut_off = False

    def cut(self) -> None:
        """End whatever is being read or written. A socket that is closed already is no error."""
        self.cut_off = True
        if self.socket is not None:
            with suppress(OSError):  # the plain method: that of TLS would first take the connection from its reader
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


def ask(url: str, headers: dict[str, str], limits: Limits, line: Line, *, form: bytes | None = None) -> Answer:
    """Ask for `url`, following redirects; with `form`, by sending it. Raises Broken or Refused."""
    here = url
    for _ in range(limits.redirects + 1):
        check_address(here, first=url)
        answer = _ask_once(request.Request(here, form, {**headers, **PACKED}), limits, line)
        target = answer.headers.get("Location")
        if answer.status not in REDIRECTS or not target:
            return answer
        here = _next_address(here, target)
    raise Refused(
        f"more than {limits.redirects} redirects from one address to the next",
        "the answer, or a few redirects that lead to it",
        "try again later; if it stays, the service has moved: tell the authors of reviewkit",
    )


def _next_address(here: str, target: str) -> str:
    """Where a redirect leads, with what no address may hold (blanks, letters beyond ASCII) escaped."""
    try:
        address = quote(urljoin(here, target), safe=RESERVED)
        urlsplit(address)
    except ValueError as error:
        raise Refused(
            "a redirect to something that is no address", "a redirect to an address", "try again later"
        ) from error
    return address


def check_address(url: str, *, first: str) -> None:
    """Refuse to ask over a line that others can read: `https` only, or a server on this machine if `first` is one."""
    here = urlsplit(url)
    local = is_local(url) and is_local(first)
    if here.username is not None or here.scheme not in ({"https", "http"} if local else {"https"}):
        raise Refused(
            f"the address {here.scheme}://{here.hostname or ''}" + (" with a user name" if here.username else ""),
            "an address that begins with https://",
            "nothing was asked there; if it stays, the service has moved: tell the authors of reviewkit",
        )


def is_local(url: str) -> bool:
    """Whether an address means a server on this machine."""
    return urlsplit(url).hostname in LOOPBACK


def _ask_once(asked: request.Request, limits: Limits, line: Line) -> Answer:
    with (
        _told_as_broken(limits, line),
        _time_limit(limits.total, line),
        _opener(asked.full_url, limits, line).open(asked, timeout=limits.connect) as response,
    ):
        return Answer(response.status, response.headers, _body(response, limits.size))


@contextmanager
def _time_limit(seconds: float, line: Line) -> Iterator[None]:
    """Cut the line after some time, for a server may send one byte a minute for ever."""
    line.cut_off = False
    timer = threading.Timer(seconds, line.cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        line.socket = None


@contextmanager
def _told_as_broken(limits: Limits, line: Line) -> Iterator[None]:
    """Turn what the standard library raises when a line breaks into one sentence."""
    late = f"no whole answer within {limits.total:g} seconds"
    try:
        yield
        if line.cut_off:  # what looks like the end of an answer without a length was our own cut
            raise Broken(late)
    except (OSError, http.client.HTTPException, OverflowError) as error:
        reason = getattr(error, "reason", error)  # of urllib's own wrapping
        if line.cut_off:
            raise Broken(late) from error
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise Refused(
                f"a certificate that cannot be trusted ({reason.verify_message})",
                "the certificate of the service itself",
                "if a proxy of your institution reads along, name its certificate in the variable SSL_CERT_FILE",
            ) from error
        raise Broken(_in_words(reason)) from error


def _in_words(reason: Any) -> str:
    """Why a line broke. Messages of the system are in its language; ours name what happened."""
    for kind, words in (
        (TimeoutError, "the server did not answer in time"),
        (socket.gaierror, "the name of the server cannot be found; is there a network?"),
        (ConnectionRefusedError, "the server refuses the connection"),
        (http.client.RemoteDisconnected, "the server closed the connection without an answer"),
        (ConnectionError, "the connection broke"),
        (http.client.IncompleteRead, "the answer broke off"),
        (zlib.error, "the answer is packed and damaged"),
        (ssl.SSLError, "no safe connection could be made"),
        (http.client.HTTPException, "what came is no answer in HTTP"),
    ):
        if isinstance(reason, kind):
            return words
    return f"the connection failed ({reason})"


def _opener(url: str, limits: Limits, line: Line) -> request.OpenerDirector:
    """What opens a connection: through the proxy of the system if it names one, without redirects, files or FTP."""
    opener = request.OpenerDirector()
    opener.add_handler(_Http(limits, line))
    opener.add_handler(_Https(limits, line))
    if not is_local(url):
        opener.add_handler(request.ProxyHandler())
    return opener


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates this machine trusts, checked against the name of the host; loading them takes a while."""
    return ssl.create_default_context()


def _watched(kind: type[http.client.HTTPConnection], limits: Limits, line: Line) -> Any:
    """A connection of `kind` whose socket can be cut, and which waits longer for an answer than for a connection."""

    class Watched(kind):  # type: ignore[valid-type, misc]
        def connect(self) -> None:
            super().connect()
            self.sock.settimeout(limits.read)
            line.socket = self.sock

    return Watched


class _Http(request.HTTPHandler):
    def __init__(self, limits: Limits, line: Line):
        super().__init__()
        self.connection = _watched(http.client.HTTPConnection, limits, line)

    def http_open(self, req: request.Request) -> http.client.HTTPResponse:
        return self.do_open(self.connection, req)


class _Https(request.HTTPSHandler):
    def __init__(self, limits: Limits, line: Line):
        self.trusted = _trusted()
        super().__init__(context=self.trusted)
        self.connection = _watched(http.client.HTTPSConnection, limits, line)

    def https_open(self, req: request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(self.connection, context=self.trusted), req)


def _body(response: http.client.HTTPResponse, limit: int) -> bytes:
    """The whole body, unpacked; Broken if it is shorter than was said, Refused beyond `limit` bytes."""
    packing = (response.headers.get("Content-Encoding") or "identity").strip().casefold()
    if packing not in {"identity", "gzip", "x-gzip"}:
        raise Refused(f"an answer packed as {packing!r}", "an answer as it is, or packed by gzip", "try again later")
    raw = bytearray()
    while part := response.read(CHUNK):
        raw += part
        if len(raw) > limit:
            raise _too_large(limit)
    if response.length:  # which the standard library passes over when it reads in parts
        raise Broken(f"the answer broke off after {len(raw):,} of {len(raw) + response.length:,} bytes")
    return bytes(raw) if packing == "identity" or not raw else _unpacked(bytes(raw), limit)


def _unpacked(raw: bytes, limit: int) -> bytes:
    """Unpack what is gzip, member by member, never beyond `limit`: a few bytes can stand for gigabytes."""
    whole = bytearray()
    while raw:
        member = zlib.decompressobj(ANY_GZIP)
        try:
            whole += member.decompress(raw, limit + 1 - len(whole))
        except zlib.error as error:
            raise Broken("the answer is packed and damaged") from error
        if len(whole) > limit:
            raise _too_large(limit)
        if not member.eof:
            raise Broken(f"the packed answer broke off after {len(raw):,} bytes")
        raw = member.unused_data.lstrip(b"\0")  # some servers fill up the last block
    return bytes(whole)


def _too_large(limit: int) -> Refused:
    return Refused(
        f"an answer of more than {limit / 1024 / 1024:g} MiB",
        f"at most {limit / 1024 / 1024:g} MiB, for larger documents are not read",
        "ask for less at a time: a narrower query, or single numbers",
    )
