"""Fixtures for tests of fetching: the server, the door that asks it, and a fictitious study."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests_of_fetch import Asking, Reply, Server


@pytest.fixture(autouse=True)
def nothing_leaves_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that would ask anybody else fails."""
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: Any) -> None:
        assert address[0] == "127.0.0.1", f"a test asked {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.01), daemon=True)
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def fetch(server: Server, tmp_path: Path) -> Asking:
    """The door, asking the test's server, into a folder of its own."""
    return Asking(server, tmp_path / "documents")


@pytest.fixture
def reply() -> type[Reply]:
    return Reply


@pytest.fixture
def study():
    """A study as ClinicalTrials.gov gives it: fictitious."""

    def made(number: str = "NCT09900501", **identification: Any) -> dict[str, Any]:
        return {
            "protocolSection": {
                "identificationModule": {"nctId": number, "briefTitle": "Oats against hiccups", **identification},
                "statusModule": {
                    "overallStatus": "COMPLETED",
                    "startDateStruct": {"date": "2031-03", "type": "ACTUAL"},
                    "studyFirstSubmitDate": "2031-02-17",
                },
                "designModule": {
                    "studyType": "INTERVENTIONAL",
                    "enrollmentInfo": {"count": 42, "type": "ACTUAL"},
                },
            }
        }

    return made
