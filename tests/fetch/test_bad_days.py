"""What goes wrong on the way: it is waited for as the service asks, tried again, and told in one message; nothing half
is ever kept."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests_of_fetch import QUICK

from reviewkit.fetch.host import LONGEST_PAUSE, World, back_off
from reviewkit.fetch.transport import Broken, Line, Refused, ask, check_address

PATH = "/api/v2/studies/NCT09900501"
FIX = "check the network and try again later; what is in the folder is not fetched again"


def no_answer(trouble: str) -> list[str]:
    return [
        f"error: NCT09900501\n  found     no answer from 127.0.0.1: {trouble}\n  expected  an answer\n  fix       {FIX}"
    ]


def pauses(path: str, gap: float = 1.5) -> list[float]:
    """The waits of five attempts: our own pause, and the rest of the gap where the pause was shorter."""
    own = [round(back_off(path, attempt), 3) for attempt in range(4)]
    return [wait for pause in own for wait in ([pause, round(gap - pause, 3)] if pause < gap else [pause])]


def test_a_service_in_trouble_is_asked_again_after_growing_pauses(fetch, server, study, reply):
    server.says(PATH, reply(status=503), reply(status=502), reply(b"", 500), study())
    assert fetch("NCT09900501") == [("fetched", "NCT09900501.json")]
    assert (fetch.messages(), len(server.asked)) == ([], 4)
    assert fetch.world.waits == pauses(PATH)[: len(fetch.world.waits)]


def test_pauses_double_and_their_spread_follows_from_what_was_asked():
    for path in ("/a", "/b", "/api/v2/studies/NCT09900501"):
        for attempt in range(12):
            pause = back_off(path, attempt)
            assert pause == back_off(path, attempt)
            assert min(0.75 * 2**attempt, LONGEST_PAUSE) <= pause <= min(1.25 * 2**attempt, LONGEST_PAUSE)
    assert len({back_off(f"/{number}", 3) for number in range(100)}) > 50


def test_a_service_that_stays_in_trouble_is_given_up_after_five_attempts(fetch, server, reply):
    server.says(PATH, reply(b"<html>Down</html>", 503))
    assert fetch("NCT09900501") == []
    assert fetch.messages() == no_answer("status 503, after 5 attempts")
    assert (len(server.asked), fetch.world.waits) == (5, pauses(PATH))
    assert list(fetch.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "wait"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("Sun, 04 May 2031 03:02:21 GMT", 20.0),
        ("Sun, 04 May 2031 03:00:00 GMT", 0.0),
        ("300", 300.0),
    ],
)
def test_a_service_that_says_how_long_to_wait_is_waited_for(fetch, server, study, reply, words, wait):
    server.says(PATH, reply(status=429, headers={"Retry-After": words}), study())
    assert fetch("NCT09900501") == [("fetched", "NCT09900501.json")]
    assert fetch.world.waits == [wait, *([1.5 - wait] if wait < 1.5 else [])]
    told = [
        "notice: NCT09900501\n  found     status 429; 127.0.0.1 is asked again in 300 seconds\n"
        "  expected  an answer at once\n  fix       none needed; wait, or stop it and run the same command later"
    ]
    assert fetch.messages() == (told if wait >= 30 else [])


@pytest.mark.parametrize("words", ["soon", "-5", "1e3", "Sun, 99 May 2031", "٣", ""])
def test_words_that_say_no_time_leave_the_pause_to_us(fetch, server, study, reply, words):
    header = {"Retry-After": words} if words.isascii() else {}
    server.says(PATH, reply(status=429, headers=header), study())
    assert fetch("NCT09900501") == [("fetched", "NCT09900501.json")]
    assert fetch.world.waits[0] == round(back_off(PATH, 0), 3)


def test_a_service_that_asks_for_an_hour_is_left_alone_with_all_its_numbers(fetch, server, study, reply):
    server.says(PATH, reply(status=429, headers={"Retry-After": "3600"}))
    server.says("/api/v2/studies/NCT09900502", study("NCT09900502"))
    assert fetch("NCT09900501", "NCT09900502") == []
    (first, second) = fetch.messages()
    assert [first] == no_answer("status 429; the service asks to come back after 3,600 seconds")
    assert second == (
        "error: NCT09900502\n  found     not asked for, because 127.0.0.1 gave no answer before\n"
        f"  expected  an answer\n  fix       {FIX}"
    )
    assert (server.asked, fetch.world.waits) == ([PATH], [])


def test_one_number_without_an_answer_does_not_stop_the_next_but_two_do(fetch, server, study, reply):
    numbers = [f"NCT0990050{digit}" for digit in range(1, 7)]
    for number in numbers:
        server.says(f"/api/v2/studies/{number}", study(number))
    for bad in (numbers[0], numbers[2], numbers[3]):
        server.says(f"/api/v2/studies/{bad}", reply(status=500))
    assert fetch(*numbers) == [("fetched", f"{numbers[1]}.json")]
    told = [(problem.document[-1], problem.found.split(",")[0].split(":")[0]) for problem in fetch.problems]
    silent, passed = "no answer from 127.0.0.1", "not asked for"
    assert told == [("1", silent), ("3", silent), ("4", silent), ("5", passed), ("6", passed)]


@pytest.mark.parametrize(
    ("behave", "trouble"),
    [
        ("close", "the server closed the connection without an answer"),
        ("rubbish", "what came is no answer in HTTP"),
        ("stall", "the server did not answer in time"),
        ("drip", "no whole answer within 1 seconds"),
    ],
)
def test_a_broken_line_is_told_in_words(fetch, server, reply, behave, trouble, monkeypatch):
    monkeypatch.setattr("reviewkit.fetch.host.ATTEMPTS", 1)  # each attempt takes real time here
    server.says(PATH, reply(behave=behave))
    assert fetch("NCT09900501") == []
    assert fetch.messages() == no_answer(f"{trouble}, after 1 attempts")


def test_an_answer_that_breaks_off_is_asked_for_again_and_never_kept(fetch, server, study, reply):
    whole = reply(b'{"protocolSection": {}}')
    server.says(PATH, reply(whole.body, behave="cut"), study())
    assert fetch("NCT09900501") == [("fetched", "NCT09900501.json")]
    assert len(server.asked) == 2
    server.says("/api/v2/studies/NCT09900502", reply(whole.body, behave="cut"))
    assert fetch("NCT09900502") == []
    found = "the answer broke off after 23 of 1,023 bytes, after 5 attempts"
    assert f"  found     no answer from 127.0.0.1: {found}" in fetch.messages()[0]
    assert sorted(path.name for path in fetch.folder.iterdir()) == ["NCT09900501.json", "_fetched.jsonl"]


def test_a_server_that_is_not_there_is_told(fetch, server):
    server.server_close()
    fetch("NCT09900501")
    assert fetch.messages() == no_answer("the server refuses the connection, after 5 attempts")


def test_a_packed_answer_is_unpacked_before_it_is_kept(fetch, server, study, reply):
    from tests_of_fetch import as_bytes

    body = as_bytes(study())
    server.says(PATH, reply(body, behave="gzip"))
    assert fetch("NCT09900501") == [("fetched", "NCT09900501.json")]
    assert (fetch.folder / "NCT09900501.json").read_bytes() == body


PACKED = {"Content-Encoding": "gzip"}


def test_a_packed_answer_in_several_members_is_whole(fetch, server, reply):
    halves = b'{"protocolSection": {"identificationModule": ', b'{"nctId": "NCT09900501"}}}'
    body = b"".join(map(gzip.compress, halves)) + b"\0" * 512
    server.says(PATH, reply(body, headers=dict(PACKED)))
    assert fetch("NCT09900501") == [("fetched", "NCT09900501.json")]
    assert (fetch.folder / "NCT09900501.json").read_bytes() == b"".join(halves)


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        (gzip.compress(b"a" * 1000, mtime=0)[:20], "the packed answer broke off after 20 bytes"),
        (b"no gzip", "the answer is packed and damaged"),
        (gzip.compress(b"a", mtime=0) + b"rest", "the answer is packed and damaged"),
    ],
    ids=["cut", "no gzip", "more than gzip"],
)
def test_a_packed_answer_that_is_damaged_is_no_answer(fetch, server, reply, body, trouble):
    server.says(PATH, reply(body, headers=dict(PACKED)))
    fetch("NCT09900501")
    assert fetch.messages() == no_answer(f"{trouble}, after 5 attempts")


def refused(found: str, expected: str, fix: str) -> list[str]:
    return [
        f"error: NCT09900501\n  found     {found}, from 127.0.0.1\n  expected  {expected}\n  fix       {fix}",
    ]


def test_an_answer_that_is_too_large_is_refused_packed_or_not_and_asked_for_once(fetch, server, reply):
    too_large = refused(
        "an answer of more than 0.190735 MiB",
        "at most 0.190735 MiB, for larger documents are not read",
        "ask for less at a time: a narrower query, or single numbers",
    )
    server.says(PATH, reply(b" " * 200_001))
    fetch("NCT09900501")
    assert (fetch.messages(), len(server.asked)) == (too_large, 1)
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    server.says(PATH, reply(bomb.compress(bytes(50_000_000)) + bomb.flush(), headers=dict(PACKED)))
    fetch("NCT09900501")
    assert (fetch.messages(), len(server.asked)) == (too_large, 2)


def test_an_answer_packed_in_another_way_is_refused(fetch, server, reply):
    server.says(PATH, reply(b"x", headers={"Content-Encoding": "br"}))
    fetch("NCT09900501")
    assert fetch.messages() == refused(
        "an answer packed as 'br'", "an answer as it is, or packed by gzip", "try again later"
    )


STARTS = [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: ", b"HTTP/1.1 200 OK\r\nContent-Length: "]
STARTS += [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 "]
STARTS += [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", b"HTTP/1.1 429 Wait\r\nRetry-After: "]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(STARTS), rest=st.binary(max_size=40), end=st.sampled_from([b"", b"\r\n\r\n", b"\r\n\r\nx"])
)
def test_whatever_bytes_come_over_the_line_are_an_answer_or_told_in_words(server, reply, start, rest, end):
    server.says("/any", reply(start + rest + end, behave="raw"))
    with suppress(Broken, Refused):
        ask(f"{server.base}/any", {}, QUICK, Line())


@pytest.mark.parametrize(
    "location", ["", "/", "x" * 60_000, "http://127.0.0.1:notaport/", "http://127.0.0.1:99999999/", "é ü", "\t", "?"]
)
def test_no_redirect_is_more_than_the_machinery_can_bear(server, reply, location):
    raw = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    server.says("/any", reply(raw, behave="raw"))
    with suppress(Broken, Refused):
        ask(f"{server.base}/any", {}, QUICK, Line())


def test_a_redirect_is_followed_and_the_asked_address_is_logged(fetch, server, study, reply):
    server.says(PATH, reply(status=301, headers={"Location": "/moved?to=here"}))
    server.says("/moved?to=here", study())
    assert fetch("NCT09900501") == [("fetched", "NCT09900501.json")]
    assert fetch.log()[0]["url"] == f"SERVER{PATH}"


def test_redirects_in_a_circle_end(fetch, server, reply):
    server.says(PATH, reply(status=302, headers={"Location": "/round"}))
    server.says("/round", reply(status=302, headers={"Location": PATH}))
    fetch("NCT09900501")
    assert fetch.messages() == refused(
        "more than 3 redirects from one address to the next",
        "the answer, or a few redirects that lead to it",
        "try again later; if it stays, the service has moved: tell the authors of reviewkit",
    )
    assert len(server.asked) == 4


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ("http://trials.invalid/a", "the address http://trials.invalid"),
        ("file:///etc/hostname", "the address file://"),
        ("ftp://127.0.0.1/a", "the address ftp://127.0.0.1"),
        ("data:text/plain,a", "the address data://"),
        ("https://me:secret@trials.invalid/", "the address https://trials.invalid with a user name"),
        ("//trials.invalid/a", "the address http://trials.invalid"),
    ],
)
def test_a_redirect_leads_only_over_safe_lines(fetch, server, reply, location, found):
    server.says(PATH, reply(status=302, headers={"Location": location}))
    fetch("NCT09900501")
    assert fetch.messages() == refused(
        found,
        "an address that begins with https://",
        "nothing was asked there; if it stays, the service has moved: tell the authors of reviewkit",
    )


def test_a_redirect_to_no_address_is_refused(fetch, server, reply):
    server.says(PATH, reply(status=302, headers={"Location": "https://[trials"}))
    fetch("NCT09900501")
    assert fetch.messages() == refused(
        "a redirect to something that is no address", "a redirect to an address", "try again later"
    )


def test_a_redirect_without_a_target_is_a_status_like_others(fetch, server, reply):
    server.says(PATH, reply(b"Moved.", 301))
    fetch("NCT09900501")
    assert "  found     status 301 with the words 'Moved.', at SERVER" in fetch.messages()[0]


@pytest.mark.parametrize(
    ("url", "first", "may"),
    [
        ("https://trials.invalid/a", "https://trials.invalid/a", True),
        ("http://trials.invalid/a", "http://trials.invalid/a", False),
        ("http://127.0.0.1:80/a", "http://127.0.0.1:80/a", True),
        ("http://localhost/a", "http://[::1]:1/a", True),
        ("http://127.0.0.1/a", "https://trials.invalid/a", False),
        ("http://127.0.0.1.trials.invalid/a", "http://127.0.0.1/a", False),
        ("HTTPS://trials.invalid", "https://trials.invalid/a", True),
    ],
)
def test_only_https_is_asked_and_http_on_this_machine_alone(url, first, may):
    if may:
        check_address(url, first=first)
    else:
        with pytest.raises(Refused):
            check_address(url, first=first)


def test_certificates_are_checked():
    from reviewkit.fetch.transport import Limits, _Https

    trusted = _Https(Limits(), Line()).trusted
    assert (trusted.verify_mode, trusted.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert len(trusted.get_ca_certs()) > 0 or ssl.get_default_verify_paths().capath


def test_a_line_that_is_not_safe_is_no_line(fetch, server):
    """The server speaks plain HTTP where TLS is asked for."""
    assert fetch("NCT09900501", bases={"ctgov": server.base.replace("http:", "https:")}) == []
    assert fetch.messages() == no_answer("no safe connection could be made, after 5 attempts")
    assert server.asked == []


def test_an_address_on_another_machine_must_be_safe(fetch):
    assert fetch("NCT09900501", bases={"ctgov": "http://trials.invalid"}) == []
    assert fetch.messages() == [
        "error: NCT09900501\n  found     the address http://trials.invalid, from trials.invalid\n"
        "  expected  an address that begins with https://\n"
        "  fix       nothing was asked there; if it stays, the service has moved: tell the authors of reviewkit"
    ]


def test_a_proxy_is_not_asked_for_what_is_on_this_machine(fetch, server, study, monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://proxy.invalid:1")
    server.says(PATH, study())
    assert fetch("NCT09900501") == [("fetched", "NCT09900501.json")]


def test_a_proxy_of_the_system_is_used_for_all_else(fetch, server, monkeypatch):
    monkeypatch.setenv("https_proxy", server.base)
    monkeypatch.setattr("reviewkit.fetch.host.ATTEMPTS", 1)
    assert fetch("NCT09900501", bases={"ctgov": "https://trials.invalid"}) == []
    assert fetch.messages()[0].startswith("error: NCT09900501\n  found     no answer from trials.invalid: ")


def test_a_host_is_asked_one_thing_at_a_time_and_never_faster_than_its_gap(fetch, server, study):
    numbers = [f"NCT0990050{digit}" for digit in range(1, 6)]
    for number in numbers:
        server.says(f"/api/v2/studies/{number}", study(number))
    assert fetch(*numbers) == [("fetched", f"{number}.json") for number in numbers]
    assert (server.most_at_once, fetch.world.waits) == (1, [1.5] * 4)


@pytest.mark.parametrize(("key", "gap"), [(None, 0.35), ("k", 0.11)])
def test_ncbi_is_asked_three_times_a_second_and_nine_times_with_a_key(fetch, key, gap):
    fetch("PMID:1", "PMID:2", "PMID:3", ncbi_key=key)
    assert fetch.world.waits == [gap, gap]


@pytest.mark.parametrize(
    ("limit", "interval", "gap"),
    [
        ("50", "1s", 1.0),  # faster than we ask anyway
        ("2", "10s", 5.0),
        ("1", "3600s", 60.0),
        ("0", "1s", 1.0),
        ("many", "1s", 1.0),
        ("5", "a while", 1.0),
        ("1", "2", 2.0),
    ],
)
def test_a_service_that_says_its_limit_is_never_asked_faster(fetch, server, reply, limit, interval, gap):
    headers = {"X-Rate-Limit-Limit": limit, "X-Rate-Limit-Interval": interval}
    server.says("/works/10.9999%2Fa?mailto=ab%40example.org", reply(b"", 404, headers))
    fetch("10.9999/a", "10.9999/b")
    assert fetch.world.waits == [gap]


def test_several_hosts_are_asked_side_by_side(fetch, server, study, tmp_path):
    """Each server answers only when the other has been asked too."""
    from tests_of_fetch import Server

    other = Server()
    threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    both = threading.Barrier(2, timeout=5)
    for one in (server, other):
        plain = one.next_reply
        one.next_reply = lambda path, plain=plain: (both.wait(), plain(path))[1]
    server.says(PATH, study())
    other.says("/biostudies/api/v1/studies/S-EPMC1", {"accno": "S-EPMC1"})
    bases = {"ctgov": server.base, "biostudies": other.base}
    try:
        assert len(fetch("NCT09900501", "S-EPMC1", bases=bases)) == 2
    finally:
        other.over.set()
        other.shutdown()
        other.server_close()
    assert fetch.messages() == []


def test_who_wants_to_stop_is_not_kept_waiting_and_what_came_is_there(fetch, server, study, reply):
    class Leaving(World):
        def wait(self, seconds: float) -> None:
            self.called_off.set()

    server.says(PATH, study())
    server.says("/api/v2/studies/NCT09900502", study("NCT09900502"))
    world = Leaving()
    started = time.monotonic()
    assert fetch("NCT09900501", "NCT09900502", world=world) == [("fetched", "NCT09900501.json")]
    assert time.monotonic() - started < 5
    assert server.asked == [PATH]
    assert fetch("NCT09900501", "NCT09900502") == [("kept", "NCT09900501.json"), ("fetched", "NCT09900502.json")]


def test_a_waiting_worker_is_called_off_at_once():
    world = World()
    threading.Timer(0.05, world.called_off.set).start()
    started = time.monotonic()
    world.wait(60)
    assert time.monotonic() - started < 10


def test_a_line_that_is_cut_twice_or_never_opened_is_no_error():
    line = Line()
    line.cut()
    line.cut()


def test_a_break_between_writing_and_renaming_leaves_nothing_that_looks_whole(fetch, server, study, monkeypatch):
    server.says(PATH, study())

    def broken(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(KeyboardInterrupt):
        fetch("NCT09900501")
    names = sorted(path.name for path in fetch.folder.iterdir())
    assert names == ["_fetched.jsonl", "_fetched.part-NCT09900501.json"]
    monkeypatch.undo()
    assert fetch("NCT09900501") == [("fetched", "NCT09900501.json")]
    assert sorted(path.name for path in fetch.folder.iterdir()) == ["NCT09900501.json", "_fetched.jsonl"]


def test_a_log_that_was_cut_short_is_gone_on_with(fetch, server, study):
    server.says(PATH, study())
    server.says("/api/v2/studies/NCT09900502", study("NCT09900502"))
    fetch("NCT09900501")
    log = fetch.folder / "_fetched.jsonl"
    log.write_bytes(log.read_bytes() + b'{"file": "NCT0990')
    assert fetch("NCT09900501", "NCT09900502") == [("kept", "NCT09900501.json"), ("fetched", "NCT09900502.json")]
    assert fetch.messages() == [
        f"notice: {log}\n  found     1 lines that cannot be read\n  expected  one JSON object a line\n"
        "  fix       none needed; files that no line tells of have to be moved before they can be fetched again"
    ]
    assert fetch("NCT09900501", "NCT09900502") == [("kept", "NCT09900501.json"), ("kept", "NCT09900502.json")]


def test_a_log_that_was_edited_does_not_lead_out_of_the_folder(fetch, server, study):
    server.says(PATH, study())
    fetch("NCT09900501")
    log = fetch.folder / "_fetched.jsonl"
    log.write_text(log.read_text("utf-8").replace('"NCT09900501.json"', '"../NCT09900501.json"'), encoding="utf-8")
    assert fetch("NCT09900501") == []
    assert f"  found     another file of that name, in {fetch.folder}\n" in fetch.messages()[0]


def test_a_folder_that_cannot_be_written_to_is_told_once_a_number(fetch, server, study, monkeypatch):
    server.says(PATH, study())

    def full(self, *arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert fetch("NCT09900501") == []
    path = fetch.folder / "NCT09900501.json"
    assert fetch.messages() == [
        f"error: {path}\n  found     No space left on device\n  expected  a folder that can be written to\n"
        "  fix       check the folder's rights and the free space, or fetch into another folder"
    ]
    assert not path.exists()
