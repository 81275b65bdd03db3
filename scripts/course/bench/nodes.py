"""Measures a chat on 1, 2, 4 and 8 nodes of 100 members each, beside lesson 07's server, in one run."""

import contextlib
import json
import os
import resource
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from course.private_redis import PATIENCE, Redis
from course.servers import Server

MEMBERS = 100
NODES = (1, 2, 4, 8)
LENGTH = 3000  # milliseconds
SETTLED = 0.05  # seconds for the kernel's counts of processor time to be what they are


def cpu_seconds(pid: int) -> float:
    """The processor time of all threads of a process."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


@dataclass
class Figures:
    """What was measured of one chat."""

    name: str
    members: int
    seconds: float
    messages: int
    deliveries: int
    median_us: float
    p99_us: float
    nodes_cpu: float
    redis_cpu: float

    @property
    def rate(self) -> float:
        """Deliveries in a second."""
        return self.deliveries / self.seconds

    def row(self, first: "Figures") -> str:
        """A line of the table."""
        per_delivery = self.nodes_cpu / self.deliveries * 1e6
        per_message = f"{self.redis_cpu / self.messages * 1e6:.0f} µs" if self.redis_cpu else "–"
        return (f"| {self.name} | {self.members} | {self.messages / self.seconds:,.0f} | {self.rate:,.0f} | "
                f"{self.rate / first.rate:.2f} | {self.median_us / 1000:.2f} ms | {self.p99_us / 1000:.2f} ms | "
                f"{per_delivery:.2f} µs | {per_message} |")


HEADER = """| chat | members | messages/s | deliveries/s | beside lesson 07 | latency, median | 99 % | a node's CPU per delivery | Redis' CPU per message |
|---|--:|--:|--:|--:|--:|--:|--:|--:|"""


def expect(load: "subprocess.Popen[str]", word: str) -> None:
    """The load comes so far."""
    assert load.stdout
    line = load.stdout.readline()
    if line != word + "\n":
        raise RuntimeError(f"'{word}' was expected of the load, and it printed '{line}'")


def go(load: "subprocess.Popen[str]") -> None:
    """The load may go on."""
    assert load.stdin
    load.stdin.write("go\n")
    load.stdin.flush()


def measure(name: str, build: Path, servers: list[list[str]], redis: Optional[Redis], members: int = MEMBERS) -> Figures:
    """One chat: its servers' command lines, the Redis that joins them, and how many members each of them has."""
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(Server(shlex.join([*command, "--quiet", "localhost", "0"]))) for command in servers]
        if redis:
            redis.wait_for_readers(len(servers))
        load = stack.enter_context(subprocess.Popen(
            [build / "bench/nodes/chat-load", str(members), str(LENGTH), *(str(server.port) for server in running)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        stack.callback(load.kill)
        assert load.stdout
        pids = [server.pid for server in running]
        expect(load, "connected")
        for server in running:
            server.wait_for_connections(members)
        go(load)
        expect(load, "ready")
        pid = redis.process.pid if redis and redis.process else 0
        time.sleep(SETTLED)
        before, redis_before = sum(map(cpu_seconds, pids)), cpu_seconds(pid) if pid else 0
        go(load)
        line = load.stdout.readline()
        if not line:
            raise RuntimeError(f"{name}: the load has failed")
        found = json.loads(line)
        nodes_cpu, redis_cpu = sum(map(cpu_seconds, pids)) - before, (cpu_seconds(pid) if pid else 0) - redis_before
        load.wait(PATIENCE)
    return Figures(name, members * len(servers), found["seconds"], found["messages"], found["deliveries"],
                   found["median_us"], found["p99_us"], nodes_cpu, redis_cpu)


def bench(build: Path, fsync: str) -> list[Figures]:
    """All of them."""
    lesson = build / "07-chat/chat-server"
    figures = [measure("lesson 07", build, [[str(lesson)]], None)]
    for count, members in (*((count, MEMBERS) for count in NODES), (1, 2)):  # the last shows what a message costs by itself
        redis = Redis(fsync)
        try:
            node = [str(build / "beyond/machines/chat-node"), "--redis", redis.path]
            name = f"{count} node" + "s" * (count > 1)
            figures.append(measure(name, build, [node] * count, redis, members))
        finally:
            redis.close()
        print(figures[-1].row(figures[0]), file=sys.stderr)
    return figures


def main(build: Path) -> None:
    """Prints two tables: with every message on the disk before it is heard, and with a disk that is written each second."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} processors, which the load shares with the nodes and Redis; "
          f"messages of 64 bytes, {LENGTH / 1000:.0f} s each.")
    for fsync in ("always", "everysec"):
        figures = bench(build, fsync)
        print(f"\nappendfsync {fsync}:\n\n{HEADER}")
        for each in figures:
            print(each.row(figures[0]))
