"""The order of a run, the counts, and a load that detects a server that does its work wrongly."""

import json
import multiprocessing
import os
import select
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Optional

import pytest

from course.bench.counts import difference, table_in
from course.bench.names import CALLS, FAILED
from course.bench.plan import Measure, Measured, Step, measure
from course.servers import Failed, NotOffered, Server, output_of

Mend = Callable[[bytes], bytes]
STRACE = """% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60.00    0.000010           1       102         2 epoll_wait
 40.00    0.000010           1       100        50 sendto
------ ----------- ----------- --------- --------- ----------------
100.00    0.000020           1       202        52 total
"""


def test_each_round_begins_with_another_contestant_and_a_failed_one_is_not_tried_again() -> None:
    order: list[str] = []

    def entrant(name: str, error: Optional[Exception] = None) -> Measure:
        def one() -> list[Measured]:
            order.append(name)
            if error:
                raise error
            return [Measured("time", len(order), "ns")]
        return one

    step = Step("hot", "c", 3, 1, {"raw": entrant("raw"), "bad": entrant("bad", Failed("it\nhas ended")),
                                   "ours": entrant("ours"), "none": entrant("none", NotOffered())})
    samples = measure([step])
    assert order == ["raw", "bad", "ours", "none", "ours", "raw", "ours", "raw"]
    assert list(samples[samples["contestant"] == "ours"]["round"]) == [0, 1, 2]
    assert samples[samples["measure"] == FAILED][["contestant", "unit"]].to_numpy().tolist() == [["bad", "it has ended"]]
    assert "none" not in set(samples["contestant"])


def test_waits_that_were_restarted_are_not_counted_as_calls(tmp_path: Path) -> None:
    (tmp_path / "told").write_text(STRACE)
    assert table_in(tmp_path / "told") == {"epoll_wait": 100, "sendto": 100}
    assert difference({"sendto": 20, "brk": 1}, {"sendto": 120, "epoll_wait": 2, "brk": 1}, 50) == {
        CALLS: 2.04, f"{CALLS}: sendto": 2, f"{CALLS}: epoll_wait": 0.04}


def test_a_program_that_fails_says_why_and_one_that_does_not_offer_a_workload_has_not_failed() -> None:
    with pytest.raises(Failed, match="^ended with status 1: no room$"):
        output_of("sh -c 'echo first >&2; echo no room >&2; exit 1'")
    with pytest.raises(NotOffered):
        output_of("sh -c 'exit 3'")
    with pytest.raises(Failed, match="^it has not ended after 0.1 s$"):
        output_of("sleep 9", patience=0.1)
    with pytest.raises(Failed, match="does not end in 'port N': hello$"):
        Server("echo hello")


def serve(listener: socket.socket, kind: str, mend: Mend) -> None:
    """A chat or echo server that changes the bytes for its last client as the test wants."""
    clients: list[socket.socket] = []
    while True:
        for ready in select.select([listener, *clients], [], [])[0]:
            if ready is listener:
                clients.append(listener.accept()[0])
                continue
            data = ready.recv(65536)
            if not data:
                clients.remove(ready)
                ready.close()
            for other in clients if data else []:
                if (other is ready) == (kind == "echo"):
                    other.sendall(mend(data) if other is clients[-1] else data)


def loaded(kind: str, asked: dict[str, int], mend: Mend = lambda data: data) -> "subprocess.CompletedProcess[str]":
    """What the load reports about such a server."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=200)
    server = multiprocessing.get_context("fork").Process(target=serve, args=(listener, kind, mend))
    server.start()
    with socket.create_connection(listener.getsockname()) as first:  # from its end on, the server has no more to open or to close
        first.shutdown(socket.SHUT_WR)
        assert first.recv(1) == b""
    words = [f"{name}={value}" for name, value in {"port": listener.getsockname()[1], "pid": server.pid, **asked}.items()]
    ended = subprocess.run([os.environ["LOAD"], kind, *words], capture_output=True, text=True, check=False)
    server.kill()
    server.join()
    return ended


ECHO = {"connections": 3, "bytes": 64, "warm_up": 1, "length": 20}
CHAT = {"members": 5, "bytes": 64, "speaking": 4, "on_the_way": 2, "deaf": 0, "warm_up": 0, "length": 0, "messages": 40}


def test_a_correct_server_is_measured() -> None:
    echo = json.loads(loaded("echo", ECHO).stdout)
    assert len(echo["latencies_us"]) > 0 and echo["seconds"] >= 0.02
    chat = json.loads(loaded("chat", CHAT).stdout)
    assert (chat["deliveries"], chat["said_bytes"]) == (40 * 4, 40 * 64)


@pytest.mark.parametrize(("kind", "asked", "mend", "said"), [
    ("echo", ECHO, lambda data: data[:10] + b"?" + data[11:], "other bytes came back than were sent"),
    ("chat", CHAT, lambda data: data[:10] + data[11:], "hears speaker"),  # a byte lost
    ("chat", CHAT, lambda data: data + data, "hears speaker"),  # everything twice
    ("chat", CHAT, lambda data: data[32:] + data[:32], "hears speaker"),  # out of order
    ("chat", CHAT, lambda data: data[:5] + bytes([data[5] ^ 1]) + data[6:], "hears speaker"),  # one bit changed
])
def test_a_server_that_loses_or_changes_a_byte_is_detected(kind: str, asked: dict[str, int], mend: Mend, said: str) -> None:
    ended = loaded(kind, asked, mend)
    assert ended.returncode == 1 and said in ended.stderr, ended


def test_the_load_names_an_argument_that_is_missing() -> None:
    ended = loaded("echo", {"connections": 1})
    assert (ended.returncode, ended.stderr) == (2, "load: bytes=NUMBER is missing\n")
