"""One chat on many nodes, live: a private Redis, some nodes, and a member on each of them."""

import re
import subprocess
import threading
from collections.abc import Callable
from typing import IO

from course import systems
from course.call import fail
from course.lessons import program_path
from course.private_redis import Redis
from course.processes import wait
from course.walk import BOB, CLIENT, SERVER, Walk, say

REDIS = 31
NAMES = "ann bob cid dora emil fay gus hana".split()
PATIENCE = 10  # seconds


class Terminal:
    """A program that runs beside others, and the lines that it has printed."""

    def __init__(self, walk: Walk, name: str, colour: int, command: list[str], typed: bool = False) -> None:
        self.walk, self.name, self.colour = walk, name, colour
        self.lines: list[str] = []
        self.more = threading.Condition()
        walk.show(name, colour, "$ " + systems.as_typed(command))
        self.process = walk.popen(command, subprocess.PIPE if typed else None)
        walk.thread(self.read, self.process.stdout)

    def read(self, lines: IO[str]) -> None:
        """Shows what it prints."""
        for line in lines:
            self.walk.show(self.name, self.colour, line.rstrip("\n"))
            with self.more:
                self.lines.append(line.rstrip("\n"))
                self.more.notify_all()

    def until(self, condition: Callable[[str], bool], what: str) -> str:
        """The first of its lines for which it holds."""

        def found() -> list[str]:
            return [line for line in self.lines if condition(line)]

        with self.more:
            if not self.more.wait_for(found, PATIENCE):
                fail(f"{self.name}: expected {what}, but it printed {self.lines}")
            return found()[0]

    def types(self, line: str) -> None:
        """Somebody types a line there."""
        self.walk.show(self.name, self.colour, f"(types)  {line}")
        assert self.process.stdin
        self.process.stdin.write(line + "\n")


def everyone_hears(members: list[Terminal], speaker: Terminal, line: str) -> None:
    """One types, and all the others see it."""
    speaker.types(line)
    for member in members:
        if member is not speaker:
            member.until(lambda heard: heard == line, f"'{line}'")
    speaker.walk.beat()


def talk(walk: Walk, redis: Redis, members: list[Terminal]) -> None:
    """What is said, before, during and after an outage."""
    first, last = members[0], members[-1]
    everyone_hears(members, first, "hello, who is on another node?")
    if len(members) > 1:
        everyone_hears(members, members[1], "I am, and I read you")
    say("Now we kill Redis. The members stay connected, and their nodes keep what they say.")
    walk.show("redis", REDIS, "(killed)")
    redis.kill()
    walk.beat()
    last.types("can you hear me?")
    walk.beat(2)
    say("Redis starts again, and the nodes reconnect.")
    walk.show("redis", REDIS, "$ " + systems.as_typed(redis.command()))
    redis.start()
    for member in members[:-1]:
        member.until(lambda heard: heard == "can you hear me?", "what was said meanwhile")
    redis.wait_for_readers(len(members))
    walk.beat()
    everyone_hears(members, first, "now I can")


def show(count: int, beat: float) -> None:
    """The whole of it, which ends by itself."""
    redis = Redis()
    try:
        with Walk(beat) as walk:
            say(f"One chat on {count} nodes. Each node is a process, and could run on a machine of its own. Redis connects them.")
            walk.show("redis", REDIS, "$ " + systems.as_typed(redis.command()))
            nodes = [Terminal(walk, f"node {number + 1}", SERVER,
                              [f"build/student/{program_path('chat-node')}", "--redis", redis.path, "localhost", "0"])
                     for number in range(count)]
            ports = []
            for node in nodes:
                found = re.search("port ([0-9]+)$", node.until(lambda line: "port" in line, "its port"))
                ports.append(found[1] if found else "")
            redis.wait_for_readers(count)
            walk.beat()
            say("One member joins each node.")
            members = []
            for number, port in enumerate(ports):
                members.append(Terminal(walk, NAMES[number], BOB if number % 2 else CLIENT,
                                        [f"build/student/{program_path('chat-client')}", "localhost", port], typed=True))
                nodes[number].until(lambda line: line.startswith("Accepted"), "a member")
            walk.beat()
            talk(walk, redis, members)
            say("Everybody leaves, and the nodes stop.")
            for terminal in (*members, *nodes):
                terminal.process.terminate()
            for node in nodes:
                if wait(node.process):
                    fail(f"{node.name} did not end cleanly")
    finally:
        redis.close()
    say("To learn how a node does it, read beyond/machines/README.md")
