"""Workloads of servers: `echo`, `chat`, their messages of many sizes, a member that never reads, and idle connections.

The clients of a timed workload are a separate program, bench/load."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy

from course.bench import lockstep
from course.bench.contestants import LOAD, Contestant, ServerUnderTest, chat_servers, echo_servers
from course.bench.names import (
    CONTESTANTS,
    CPU_PER_DELIVERY,
    CPU_PER_REQUEST,
    DELIVERIES,
    MEDIAN_LATENCY,
    MESSAGE_SIZES,
    NEVER_USED,
    ONE_DEAF,
    P99_LATENCY,
    PEAK_GROWTH,
    REQUESTS,
    THROUGHPUT,
    connections,
    echo_of,
)
from course.bench.plan import Measure, Measured, Scale, Step
from course.servers import Failed, Server, output_of

MEBIBYTE = 1 << 20
Figures = Callable[[Server], list[Measured]]


def put_under_load(kind: str, server: Server, **asked: int) -> dict[str, Any]:
    """Loads a server, and returns what bench/load has measured."""
    words = " ".join(f"{name}={value}" for name, value in {"port": server.port, "pid": server.pid, **asked}.items())
    try:
        figures: dict[str, Any] = json.loads(output_of(f"'{LOAD}' {kind} {words}", patience=60))
    except Failed as failed:
        raise (failed if server.process.poll() is None else server.complaint()) from None
    if not figures["latencies_us"] and kind == "echo":
        raise Failed("no request was answered while it was measured")
    return figures


def latency(figures: dict[str, Any]) -> list[Measured]:
    """The median, and the least latency that 99 of 100 do not exceed."""
    found = figures["latencies_us"]
    return [Measured(MEDIAN_LATENCY, float(numpy.median(found)), "µs"),
            Measured(P99_LATENCY, float(numpy.percentile(found, 99, method="inverted_cdf")), "µs")]


def served(server: ServerUnderTest, figures: Figures) -> list[Measured]:
    """Starts a server, measures it, and ends it in order."""
    with server.start() as running:
        found = figures(running)
        running.end()
        return found


def measured_by(servers: list[ServerUnderTest], figures: Figures) -> dict[str, Measure]:
    """The same of each server."""
    return {server.name: partial(served, server, figures) for server in servers}


def echo_figures(load: dict[str, int], server: Server) -> list[Measured]:
    """The figures of connections that send again what has come back."""
    figures = put_under_load("echo", server, **load)
    count = len(figures["latencies_us"])
    return [Measured(REQUESTS, count / figures["seconds"]), Measured(CPU_PER_REQUEST, figures["cpu_ns"] / count, "ns"),
            *latency(figures)]


def echo(everyone: list[Contestant], scale: Scale) -> Iterator[Step]:
    """Connections that send again what has come back."""
    for size in (64, 4096):
        for count in (1, 50, 1000):
            if scale.quick and (count == 1000 or (size == 4096 and count != 50)):
                continue
            load = {"connections": count, "bytes": size, "warm_up": int(scale.pick(30, 15)), "length": int(scale.pick(150, 80))}
            yield Step("echo", echo_of(count, size), scale.rounds, 0.35,
                       measured_by(echo_servers(everyone), partial(echo_figures, load)))


def chat_load(server: Server, members: int, **more: int) -> dict[str, Any]:
    """Four members of a chat speak 64 bytes at a time, or what is said differently."""
    usual = {"bytes": 64, "speaking": 4, "on_the_way": 4, "deaf": 0, "warm_up": 0, "length": 0, "messages": 0}
    return put_under_load("chat", server, members=members, **{**usual, **more})


def chat_figures(members: int, times: dict[str, int], server: Server) -> list[Measured]:
    """The figures of a chat whose members all listen."""
    figures = chat_load(server, members, **times)
    return [Measured(DELIVERIES, figures["deliveries"] / figures["seconds"]),
            Measured(CPU_PER_DELIVERY, figures["cpu_ns"] / figures["deliveries"], "ns")]


def chat(everyone: list[Contestant], scale: Scale) -> Iterator[Step]:
    """Four members speak, all listen."""
    times = {"warm_up": int(scale.pick(30, 20)), "length": int(scale.pick(150, 80))}
    for count in (100, 1000) if scale.quick else (10, 100, 1000):
        yield Step("chat", f"{count} members", scale.rounds, 0.4,
                   measured_by(chat_servers(everyone), partial(chat_figures, count, times)))


def slow_figures(messages: int, server: Server) -> list[Measured]:
    """The figures of a chat with one member that never reads."""
    figures = chat_load(server, 20, deaf=1, bytes=4096, messages=messages)
    return [Measured(DELIVERIES, figures["deliveries"] / figures["seconds"]),
            Measured(PEAK_GROWTH, figures["peak_growth_bytes"] / MEBIBYTE, "MiB"),
            Measured("resident memory, growth at the end per byte said", figures["growth_bytes"] / figures["said_bytes"]),
            Measured("longest pause", figures["pause_ms"], "ms")]


def slow(everyone: list[Contestant], scale: Scale) -> Iterator[Step]:
    """A member that never reads, among 20 that do."""
    messages = int(scale.pick(4096, 2048))
    yield Step("slow", ONE_DEAF, scale.few(), 0.6, measured_by(chat_servers(everyone), partial(slow_figures, messages)))


def echo_of_size(size: int, length: int, server: Server) -> list[Measured]:
    """One connection for the latency, ten for the throughput."""
    load = {"bytes": size, "warm_up": 15, "length": length}
    alone = put_under_load("echo", server, connections=1, **load)
    together = put_under_load("echo", server, connections=10, **load)
    return [*latency(alone), Measured(THROUGHPUT, len(together["latencies_us"]) / together["seconds"] * size / 1e6, "MB/s")]


def chat_of_size(size: int, length: int, server: Server) -> list[Measured]:
    """One that speaks for the latency, and four for the throughput, as far as not more is on the way to a member than lesson
    07 keeps for one that does not read, a mebibyte."""
    load = {"bytes": size, "warm_up": 15, "length": length}
    alone = chat_load(server, 10, speaking=1, on_the_way=1, **load)
    together = chat_load(server, 10, speaking=1 if size > 65536 else 4, on_the_way=min(max(65536 // size, 1), 4), **load)
    return [*latency(alone), Measured(THROUGHPUT, together["deliveries"] / together["seconds"] * size / 1e6, "MB/s")]


def sizes(workload: str, servers: list[ServerUnderTest], figures: Callable[[int, int, Server], list[Measured]],
          scale: Scale) -> Iterator[Step]:
    """Latency and throughput for messages from 64 bytes to a million."""
    quiet = [server for server in servers if server.name in CONTESTANTS]
    for size in (64, 65536) if scale.quick else MESSAGE_SIZES:
        yield Step(workload, f"{size} bytes", scale.rounds, 0.35,
                   measured_by(quiet, partial(figures, size, int(scale.pick(100, 60)))))


def echo_sizes(everyone: list[Contestant], scale: Scale) -> Iterator[Step]:
    """The same for the echo."""
    return sizes("echo-sizes", echo_servers(everyone), echo_of_size, scale)


def chat_sizes(everyone: list[Contestant], scale: Scale) -> Iterator[Step]:
    """The same for the chat."""
    return sizes("chat-sizes", chat_servers(everyone), chat_of_size, scale)


def memory_figures(count: int, server: Server) -> list[Measured]:
    """How much the server's memory grows with each connection."""
    empty = server.resident_bytes()
    clients = lockstep.connect(server, count, at_once=100)  # fits every server's backlog
    idle = server.resident_bytes()
    # Not all at once: the server's buffers are to be those of connections that are idle, not of a thousand that wait.
    for first in range(0, count, 10):
        lockstep.ask(clients[first : first + 10], b"e" * 64)
    used = server.resident_bytes()
    lockstep.close_orderly(clients)
    return [Measured(NEVER_USED, (idle - empty) / count, "bytes"),
            Measured("after one echo each", (used - empty) / count, "bytes"), Measured("empty server", empty / 1024, "KiB")]


def memory(everyone: list[Contestant], scale: Scale) -> Iterator[Step]:
    """Connections that nobody uses."""
    count = int(scale.pick(5000, 1000))
    yield Step("memory", connections(count), scale.few(), 1.2, measured_by(echo_servers(everyone), partial(memory_figures, count)))
