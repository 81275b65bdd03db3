"""What is the same in each run: instructions and system calls, counted from outside by callgrind and strace."""

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from course.bench import lockstep
from course.bench.contestants import Contestant, ServerUnderTest, chat_servers, echo_servers, present
from course.bench.names import (
    CALLS,
    CHAT_DELIVERY,
    CTL,
    DISPATCH_100,
    HOT_1,
    HOT_100,
    INSTRUCTIONS,
    LARGE_ECHO,
    OURS_TYPED,
    echo_request,
)
from course.bench.plan import Measure, Measured, Scale, Step
from course.bench.processors import unpinned
from course.servers import Failed, Server, eventually, output_of

CALLGRIND = "valgrind -q --tool=callgrind --callgrind-out-file='{}'"
STRACE = "strace -D -f -qq -c -o '{}'"  # -D: strace is the grandchild; what is started, stopped and ended is the program
# A server that was stopped while it waited begins to wait again: that is our doing, and the only way how waiting fails.
WAITS = re.compile("epoll_p?wait2?|poll|pselect.*|io_uring_enter")
Told = TypeVar("Told")
Calls = dict[str, float]  # by their names, and all of them under CALLS, for each unit


@dataclass
class Counted:
    """A workload of a contestant with a fixed number of units in each turn."""

    configuration: str
    words: str  # without the turns
    units: int  # events, or descriptors, in a turn
    few: int
    many: int


LOOPS = [Counted(HOT_100, "hot 200 100", 100, 20, 220), Counted(HOT_1, "hot 200 1", 1, 20, 1020),
         Counted(DISPATCH_100, "dispatch 200 100", 100, 20, 120), Counted(CTL, "ctl 200", 200, 2, 12)]


@dataclass
class Talk:
    """What is counted of a server: two talks with it that differ in their turns."""

    configuration: str
    hold: Callable[[Server, int], None]
    turns: int  # by so many they differ
    units: int  # requests, or deliveries, in a turn


def echo_talk(count: int) -> Talk:
    """A talk in which this many connections ask at once."""
    return Talk(echo_request(count), lambda server, turns: lockstep.echo(server, count, turns), 100 if count == 1 else 10, count)


# How many pieces the server makes of 48 KiB.
LARGE_TALK = Talk(LARGE_ECHO, lambda server, turns: lockstep.echo(server, 1, turns, 49152), 20, 1)
CHAT_TALK = Talk(CHAT_DELIVERY, lambda server, turns: lockstep.chat(server, 100, turns), 10, lockstep.deliveries(100))
FIRST_TURNS = 2  # that both talks have, in which buffers grow


@cache
def works(*command: str) -> bool:
    """True if this program can be run here."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def no_callgrind() -> str:
    """Why instructions cannot be counted here; empty if they can."""
    return "" if works("valgrind", "--version") else "valgrind is not installed (the package valgrind brings it)"


def no_strace() -> str:
    """Why calls cannot be counted here; empty if they can."""
    there = works("strace", "-qq", "-o", "/dev/null", "true")
    return "" if there else "strace is not installed (the package strace brings it), or may not trace here"


def total_in(file: Path) -> float:
    """What callgrind has counted."""
    found = re.search("^totals: ([0-9]+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        raise Failed("callgrind has written no total")
    return float(found[1])


def table_in(file: Path) -> Calls:
    """The table of `strace -c`: calls and errors stand before the name, the errors only where there are any."""
    if not eventually(lambda: " total\n" in file.read_text(encoding="utf-8"), 5):
        raise Failed("strace has written no table")
    counted: Calls = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(r" *[0-9.]+ +[0-9.]+ +[0-9]+ +([0-9]+) +([0-9]*) +([a-z]\w*)", line)
        if found and found[3] != "total":
            failed = int(found[2] or 0) if WAITS.fullmatch(found[3]) else 0
            counted[found[3]] = counted.get(found[3], 0) + int(found[1]) - failed
    return counted


def told_by(tool: str, read: Callable[[Path], Told], run: Callable[[str], object]) -> Told:
    """What a tool has written when a program has run under it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "told")
        file.touch()
        run(tool.format(file))
        return read(file)


def loop(one: Contestant, what: Counted, facility: str, turns: int, under: str) -> None:
    """A contestant with a number of turns."""
    output_of(f"{one.call(what.words)} {turns}", under, facility, patience=60)


def talk_with(server: ServerUnderTest, talk: Talk, turns: int, under: str) -> None:
    """A server with a number of turns of a talk."""
    with server.start(under) as running:
        talk.hold(running, turns)
        running.end()


def few_and_many(tool: str, read: Callable[[Path], Told], one: Contestant, what: Counted, facility: str) -> tuple[Told, Told]:
    """Both runs at the same time: nothing depends on how long they take."""
    with unpinned(), ThreadPoolExecutor() as pool:
        few, many = pool.map(lambda turns: told_by(tool, read, partial(loop, one, what, facility, turns)), (what.few, what.many))
        return few, many


def short_and_long(tool: str, read: Callable[[Path], Told], server: ServerUnderTest, talk: Talk) -> tuple[Told, Told]:
    """One talk after the other."""
    with unpinned():
        short, long = (told_by(tool, read, partial(talk_with, server, talk, turns))
                       for turns in (FIRST_TURNS, FIRST_TURNS + talk.turns))
        return short, long


def difference(few: Calls, many: Calls, units: int) -> Calls:
    """What the many cost more than the few, for each unit; the sum comes first."""
    more = {name: many.get(name, 0) - few.get(name, 0) for name in sorted({*few, *many})}
    parts = {f"{CALLS}: {name}": count / units for name, count in more.items() if count}
    return {CALLS: sum(more.values()) / units, **parts}


def instructions_of(one: Contestant, what: Counted, facility: str = "") -> float:
    """Instructions in user space for each unit of a loop."""
    few, many = few_and_many(CALLGRIND, total_in, one, what, facility)
    return (many - few) / (what.units * (what.many - what.few))


def calls_of(one: Contestant, what: Counted, facility: str = "") -> Calls:
    """System calls for each unit of a loop."""
    few, many = few_and_many(STRACE, table_in, one, what, facility)
    return difference(few, many, what.units * (what.many - what.few))


def instructions_of_loop(one: Contestant, what: Counted) -> list[Measured]:
    """As the figures of a step."""
    return [Measured(INSTRUCTIONS, instructions_of(one, what))]


def calls_of_loop(one: Contestant, what: Counted) -> list[Measured]:
    """The same."""
    return [Measured(name, count) for name, count in calls_of(one, what).items()]


def instructions_of_talk(server: ServerUnderTest, talk: Talk) -> list[Measured]:
    """The same for each unit of a talk."""
    few, many = short_and_long(CALLGRIND, total_in, server, talk)
    return [Measured(INSTRUCTIONS, (many - few) / (talk.turns * talk.units))]


def calls_of_talk(server: ServerUnderTest, talk: Talk) -> list[Measured]:
    """The same for each unit of a talk."""
    few, many = short_and_long(STRACE, table_in, server, talk)
    return [Measured(name, count) for name, count in difference(few, many, talk.turns * talk.units).items()]


def talk_step(workload: str, talk: Talk, seconds: float, servers: list[ServerUnderTest],
              count: Callable[[ServerUnderTest, Talk], list[Measured]]) -> Step:
    """A talk with each of the servers."""
    return Step(workload, talk.configuration, 1, seconds, {server.name: partial(count, server, talk) for server in servers})


def instructions(everyone: list[Contestant], scale: Scale) -> Iterator[Step]:
    """Instructions, as far as valgrind is there. Within it, Python does not come to handle SIGTERM."""
    if no_callgrind():
        return
    for what in LOOPS[:1] if scale.quick else LOOPS:
        entrants: dict[str, Measure] = {}
        for one in present(everyone):
            if scale.quick and one.name == "python":
                continue
            entrants[one.name] = partial(instructions_of_loop, one, what)
            if one.name == "ours" and what.configuration == HOT_100:
                typed = Counted("", "hot-typed 200 100", what.units, what.few, what.many)
                entrants[OURS_TYPED] = partial(instructions_of_loop, one, typed)
        yield Step("instructions", what.configuration, 1, 1.5, entrants)
    if not scale.quick:
        compiled = [one for one in everyone if one.name not in ("python", "asyncio")]
        yield talk_step("instructions", echo_talk(50), 1.5, echo_servers(compiled), instructions_of_talk)
        yield talk_step("instructions", CHAT_TALK, 2, chat_servers(compiled), instructions_of_talk)


def calls(everyone: list[Contestant], scale: Scale) -> Iterator[Step]:
    """System calls, as far as strace is there."""
    if no_strace():
        return
    for what in LOOPS[2:3] if scale.quick else LOOPS:
        yield Step("calls", what.configuration, 1, 0.2,
                   {one.name: partial(calls_of_loop, one, what) for one in present(everyone)})
    for talk in [LARGE_TALK, echo_talk(50)] if scale.quick else [echo_talk(1), LARGE_TALK, echo_talk(50)]:
        yield talk_step("calls", talk, 0.4, echo_servers(everyone), calls_of_talk)
    yield talk_step("calls", CHAT_TALK, 0.6, chat_servers(everyone), calls_of_talk)
