"""A server on this machine that answers as the services do, good days and bad, and a clock that never waits."""

from __future__ import annotations

import gzip
import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import reviewkit as rk
from reviewkit.fetch.host import World
from reviewkit.fetch.transport import Limits

SERVICES = ("ctgov", "isrctn", "euctr", "ctis", "pubmed", "europepmc", "biostudies", "crossref")
QUICK = Limits(connect=2, read=0.3, total=1.0, size=200_000, redirects=3)


@dataclass
class Reply:
    """What the server says once: `behave` is plain, gzip, stall, drip, cut, close, rubbish or raw."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    behave: str = "plain"


class Server(ThreadingHTTPServer):
    """Scripted answers by path; the last one of a path is repeated. Everything asked is kept in `asked`."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: dict[str, list[Reply]] = {}
        self.asked: list[str] = []
        self.headers: list[Any] = []
        self.forms: list[str] = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.over = threading.Event()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def says(self, path: str, *replies: Reply | bytes | dict | str, **headers: str) -> None:
        """Answer `path` with these, one after another: bytes, text or an object as JSON."""
        self.script[path] = [reply if isinstance(reply, Reply) else Reply(as_bytes(reply)) for reply in replies]

    def next_reply(self, path: str) -> Reply:
        replies = self.script.get(path, [Reply(b'{"error": "not found"}', 404)])
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the test."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server = self.server
        with server.lock:
            server.asked.append(self.path)
            server.headers.append(self.headers)
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
            reply = server.next_reply(self.path)
        try:
            getattr(self, f"{reply.behave}_answer")(reply)
        finally:
            with server.lock:
                server.at_once -= 1

    def do_POST(self) -> None:
        self.server.forms.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.do_GET()

    def plain_answer(self, reply: Reply, length: int | None = None) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(reply.body) if length is None else length))
        self.end_headers()
        self.wfile.write(reply.body)

    def gzip_answer(self, reply: Reply) -> None:
        assert self.headers["Accept-Encoding"] == "gzip"
        reply.headers["Content-Encoding"] = "gzip"
        self.plain_answer(Reply(gzip.compress(reply.body), reply.status, reply.headers))

    def stall_answer(self, reply: Reply) -> None:
        self.server.over.wait(5)

    def drip_answer(self, reply: Reply) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b" ")
            self.wfile.flush()
            if self.server.over.wait(0.1):
                return

    def cut_answer(self, reply: Reply) -> None:
        self.plain_answer(reply, length=len(reply.body) + 1000)

    def close_answer(self, reply: Reply) -> None:
        """Nothing is said at all."""

    def rubbish_answer(self, reply: Reply) -> None:
        self.wfile.write(b"\x00\xff no HTTP at all \r\n\r\n")

    def raw_answer(self, reply: Reply) -> None:
        self.wfile.write(reply.body)
        self.close_connection = True

    def log_message(self, format: str, *arguments: Any) -> None:
        """Tests print nothing."""


class StillWorld(World):
    """A clock that stands still but for the waits it is told, which it keeps in `waits`."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0
        self.waits: list[float] = []

    def now(self) -> float:
        return self.seconds

    def utc(self) -> datetime:
        return datetime(2031, 5, 4, 3, 2, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def wait(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.seconds += seconds


@dataclass
class Asking:
    """One call of the door on the test's server; what it told is in `problems`, how it waited in `world.waits`."""

    server: Server
    folder: Path
    problems: list[Any] = field(default_factory=list)
    world: StillWorld = field(default_factory=StillWorld)

    def __call__(self, *ids: str, **options: Any) -> list[tuple[str, str]]:
        self.problems, self.world = [], StillWorld()
        settings = {"into": self.folder, "bases": dict.fromkeys(SERVICES, self.server.base), "limits": QUICK}
        settings |= {"problems": self.problems, "world": self.world, "email": "ab@example.org"}
        return [(file.state, file.file) for file in rk.fetch(*ids, **{**settings, **options})]

    def messages(self) -> list[str]:
        """Every problem whole, with the server's address shortened."""
        return [f"{problem.severity}: {problem}".replace(self.server.base, "SERVER") for problem in self.problems]

    def log(self) -> list[dict[str, Any]]:
        lines = (self.folder / "_fetched.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line.replace(self.server.base, "SERVER")) for line in lines]


def as_bytes(content: bytes | dict | str) -> bytes:
    if isinstance(content, dict):
        return json.dumps(content).encode()
    return content.encode() if isinstance(content, str) else content
