"""Makes a story of the trace of a scene: what the lesson's program did, in its order, and what the others did to it.

What another process does is told in the wait of the program in which it began, or the next one. So two runs of a scene
tell the same story, although their clocks differ."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from course.book.strace_log import WAITS, Call, Names, Process, calls_that_matter, parse


class Connection:
    """The other side of a connection of the program: its name, and what it did."""

    def __init__(self, program: Optional[str], calls: list[Call]) -> None:
        self.program, self.calls, self.name = program, calls, ""
        self.ports = next((frozenset(call.ports) for call in calls if call.ports), None)


@dataclass
class Step:
    """One thing that happened."""

    kind: str  # note (a call that the program makes for itself), sleep and wake (around what comes while it waits), arrow
    text: str
    lane: Optional[Connection] = None  # the other side of an arrow
    out: bool = False  # an arrow from the program; else to it


def connections_of(process: Process) -> list[Connection]:
    """All that a process did on each of its connections."""
    open_ones: dict[Optional[int], list[Call]] = {}
    done: list[list[Call]] = []
    for call in process.calls:
        if call.kind not in ("TCP", "TCPv6"):
            continue
        if call.name == "connect":
            open_ones[call.fd] = [call]
        elif call.name in ("accept", "accept4") and call.value() >= 0:
            open_ones[call.descriptor()] = []
        elif call.fd in open_ones:
            open_ones[call.fd].append(call)
            if call.name == "close":
                done.append(open_ones.pop(call.fd))
    return [Connection(process.program, calls) for calls in [*done, *open_ones.values()]]


class Story:
    """What the lesson's program did in a scene, step by step, and who the others were."""

    def __init__(self, lesson: str, trace: Path) -> None:
        processes = [each for each in parse(trace) if each.program not in (None, "sh")]
        self.program = next(each for each in processes if each.program != "record")
        self.others = [found for each in processes if each is not self.program for found in connections_of(each)]
        self.calls = calls_that_matter(self.program)
        self.names = Names(lesson, self.calls, {})
        self.lanes: list[Connection] = []
        self.steps: list[Step] = []
        self.left_out: list[str] = []
        self.closed: dict[Optional[frozenset[int]], float] = {}  # when the program closed a connection, by its ports
        for call in self.program.calls:
            if call.name == "close" and call.ports:
                self.closed[frozenset(call.ports)] = call.start
        self.pending = sorted(((call, lane) for lane in self.others for call in self.told_of(lane)),
                              key=lambda each: each[0].start)
        self.tell()
        self.name_the_lanes()

    def told_of(self, lane: Connection) -> Iterator[Call]:
        """What the other side does that the program can notice."""
        ended = False
        for call in lane.calls:
            if call.name in ("connect", "sendto"):
                yield call
            if call.name in ("shutdown", "close") and not ended:
                ended = True
                if call.start < self.closed.get(lane.ports, float("inf")):
                    yield call

    def lane_of(self, call: Call) -> Connection:
        """The connection that a call is about."""
        ports = frozenset(call.ports)
        if call.name == "connect":  # not connected yet: its ports are in what follows
            ports = next(frozenset(each.ports) for each in self.program.calls
                         if each.fd == call.fd and each.start > call.start and each.ports)
        lane = next(each for each in self.others if each.ports == ports)
        if lane not in self.lanes:
            self.lanes.append(lane)
        return lane

    def tell(self) -> None:
        """Takes the calls in their order."""
        nonblocking: set[Optional[int]] = set()
        setting_up: list[str] = []
        for call in self.calls:
            self.names.learn(call)
            if call.name == "fcntl":
                nonblocking.add(call.fd)
            if call.name in ("socket", "bind", "listen"):
                setting_up.append(call.name)
                continue
            if setting_up and (call.name in WAITS or call.name in ("accept4", "connect", "epoll_ctl")):
                self.say("note", ", ".join(setting_up))
                setting_up = []
            if call.name in WAITS or call.name == "accept4" and call.fd not in nonblocking:
                self.wait(call)
            else:
                drawn = len(self.steps)
                self.one(call)
                if len(self.steps) == drawn:
                    self.left_out.append(call.name)

    def wait(self, call: Call) -> None:
        """A wait, and what came meanwhile."""
        looks = call.only_looks()
        come = [each for each in self.pending if each[0].start < call.end and (not looks or call.value() > 0)]
        self.pending = [each for each in self.pending if each not in come]
        name = call.name.removesuffix("4") + (", 0 s" if looks else "")
        after = self.after_wait(call) or "nothing"
        if not come and call.value() >= 0:
            self.say("note", f"{name}{':' if looks else ','} {after}")
            return
        self.say("note" if looks else "sleep", name)
        for each, lane in come:
            self.lanes += [lane] if lane not in self.lanes else []
            text = f'send "{each.text()}"' if each.name == "sendto" else each.name
            self.say("arrow", text, lane)
        if call.value() >= 0:
            self.say("note" if looks else "wake", after)

    def after_wait(self, call: Call) -> str:
        """What a wait has brought."""
        if call.name == "accept4":
            return f"accept = {self.names.of(call.descriptor())}"
        ready = re.findall(r"events=([A-Z|]+), data=\{u32=(\d+)", call.args)
        ways = {"EPOLLIN": "readable", "EPOLLOUT": "writable", "EPOLLIN|EPOLLOUT": "readable, writable"}
        return ", ".join(f"{self.names.of(int(fd))}: {ways.get(events, events)}" for events, fd in ready)

    def arrow(self, call: Call, text: str) -> None:
        """Something goes to the other side."""
        self.say("arrow", text, self.lane_of(call), True)

    def say(self, kind: str, text: str, lane: Optional[Connection] = None, out: bool = False) -> None:
        """Adds a step."""
        self.steps.append(Step(kind, text, lane, out))

    def one(self, call: Call) -> None:
        """Any other call."""
        name = self.names.of(call.fd)
        if call.name == "epoll_ctl":
            action, watched = call.args.split(", ")[1:3]
            watched = self.names.of(int(watched.split("<")[0]))
            if watched not in ("signals", "stdin"):
                self.say("note", f"epoll_ctl {action.removeprefix('EPOLL_CTL_')} {watched}")
        elif call.name == "accept4":
            self.say("note", f"accept = {self.names.of(call.descriptor())}")
        elif call.name == "recvfrom":
            self.say("note", f'recv "{call.text()}"' + (" (the end)" if call.value() == 0 else ""))
        elif call.name == "sendto":
            self.arrow(call, f'send "{call.text()}"')
        elif call.name in ("connect", "shutdown"):
            self.arrow(call, call.name)
        elif call.name == "sched_yield":
            self.say("note", call.name)
        elif call.name == "signal":
            self.say("wake", call.args)
        elif call.name == "close" and call.ports:
            lane = self.lane_of(call)
            gone = any(each.name == "close" and each.start < call.start for each in lane.calls)
            if gone:
                self.say("note", f"close {name}")
            else:
                self.arrow(call, "close")

    def name_the_lanes(self) -> None:
        """By the program on the other side; the recorder plays what `nc` would be."""
        for lane in self.lanes:
            accepted = not any(call.name == "connect" for call in lane.calls)
            lane.name = str(lane.program) if lane.program != "record" else "server" if accepted else "client"
        for name in {lane.name for lane in self.lanes}:
            same = [lane for lane in self.lanes if lane.name == name]
            for number, lane in enumerate(same if len(same) > 1 else [], 1):
                lane.name = f"{name} {number}"
