"""Makes a story from the trace of a scene: what the lesson's program did, in its order, and what the others did to it.

What another process does is placed in the wait of the program in which it began, or in the next one. So two runs of a scene
give the same story, although their clocks differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from course.book.run import Names, Process, calls_that_matter, is_network, is_wait, only_looks, processes
from course.trace.event import Event


class Connection:
    """The other side of a connection of the program: its name, and what it did."""

    def __init__(self, program: Optional[str], calls: list[Event]) -> None:
        self.program, self.calls, self.name = program, calls, ""
        self.ports = next((frozenset(event.ports) for event in calls if event.ports), None)


@dataclass
class Step:
    """One thing that happened."""

    kind: str  # note (a call that the program makes for itself), sleep and wake (around what comes while it waits), arrow
    text: str
    lane: Optional[Connection] = None  # the other side of an arrow
    out: bool = False  # an arrow from the program; else to it


def connections_of(process: Process) -> list[Connection]:
    """All that a process did on each of its connections."""
    open_ones: dict[Optional[int], list[Event]] = {}
    done: list[list[Event]] = []
    for event in process.calls:
        if not is_network(event):
            continue
        if event.call == "connect":
            open_ones[event.descriptor] = [event]
        elif event.call in ("accept", "accept4") and (event.value or 0) >= 0:
            open_ones[event.made[0]] = []
        elif event.descriptor in open_ones:
            open_ones[event.descriptor].append(event)
            if event.call == "close":
                done.append(open_ones.pop(event.descriptor))
    return [Connection(process.program, calls) for calls in [*done, *open_ones.values()]]


class Story:
    """What the lesson's program did in a scene, step by step, and who the others were."""

    def __init__(self, lesson: str, trace: Path) -> None:
        recorded = [each for each in processes(trace) if each.program not in ("", "sh")]
        self.program = next(each for each in recorded if each.program != "record")
        self.others = [found for each in recorded if each is not self.program for found in connections_of(each)]
        self.calls = calls_that_matter(self.program)
        self.names = Names(lesson, self.calls, {})
        self.lanes: list[Connection] = []
        self.steps: list[Step] = []
        self.left_out: list[str] = []
        self.closed: dict[Optional[frozenset[int]], float] = {}  # when the program closed a connection, by its ports
        for event in self.program.calls:
            if event.call == "close" and event.ports:
                self.closed[frozenset(event.ports)] = event.start
        self.pending = sorted(((event, lane) for lane in self.others for event in self.told_of(lane)),
                              key=lambda each: each[0].start)
        self.tell()
        self.name_the_lanes()

    def told_of(self, lane: Connection) -> Iterator[Event]:
        """What the other side does that the program can notice."""
        ended = False
        for event in lane.calls:
            if event.call in ("connect", "sendto"):
                yield event
            if event.call in ("shutdown", "close") and not ended:
                ended = True
                if event.start < self.closed.get(lane.ports, float("inf")):
                    yield event

    def lane_of(self, event: Event) -> Connection:
        """The connection that a call is about."""
        ports = frozenset(event.ports)
        if event.call == "connect":  # not connected yet: its ports are in what follows
            ports = next(frozenset(each.ports) for each in self.program.calls
                         if each.descriptor == event.descriptor and each.start > event.start and each.ports)
        lane = next(each for each in self.others if each.ports == ports)
        if lane not in self.lanes:
            self.lanes.append(lane)
        return lane

    def tell(self) -> None:
        """Takes the calls in their order."""
        nonblocking: set[Optional[int]] = set()
        setting_up: list[str] = []
        for event in self.calls:
            self.names.learn(event)
            if event.call == "fcntl":
                nonblocking.add(event.descriptor)
            if event.call in ("socket", "bind", "listen"):
                setting_up.append(event.call)
                continue
            if setting_up and (is_wait(event) or event.call in ("accept4", "connect", "epoll_ctl")):
                self.say("note", ", ".join(setting_up))
                setting_up = []
            if is_wait(event) or event.call == "accept4" and event.descriptor not in nonblocking:
                self.wait(event)
            else:
                drawn = len(self.steps)
                self.one(event)
                if len(self.steps) == drawn:
                    self.left_out.append(event.call)

    def wait(self, event: Event) -> None:
        """A wait, and what came meanwhile."""
        looks = only_looks(event)
        come = [each for each in self.pending if each[0].start < (event.end or event.start) and (not looks or (event.value or 0) > 0)]
        self.pending = [each for each in self.pending if each not in come]
        name = event.call.removesuffix("4") + (", 0 s" if looks else "")
        after = self.after_wait(event) or "nothing"
        if not come and (event.value or 0) >= 0:
            self.say("note", f"{name}{':' if looks else ','} {after}")
            return
        self.say("note" if looks else "sleep", name)
        for each, lane in come:
            self.lanes += [lane] if lane not in self.lanes else []
            text = f'send "{each.bytes}"' if each.call == "sendto" else each.call
            self.say("arrow", text, lane)
        if (event.value or 0) >= 0:
            self.say("note" if looks else "wake", after)

    def after_wait(self, event: Event) -> str:
        """What a wait has brought."""
        if event.call == "accept4":
            return f"accept = {self.names.of(event.made[0])}"
        ways = {"read": "readable", "write": "writable"}
        return ", ".join(f"{self.names.of(one.descriptor)}: {', '.join(ways.get(way, way) for way in one.ways)}"
                         for one in event.ready)

    def arrow(self, event: Event, text: str) -> None:
        """Something goes to the other side."""
        self.say("arrow", text, self.lane_of(event), True)

    def say(self, kind: str, text: str, lane: Optional[Connection] = None, out: bool = False) -> None:
        """Adds a step."""
        self.steps.append(Step(kind, text, lane, out))

    def one(self, event: Event) -> None:
        """Any other call."""
        name = self.names.of(event.descriptor)
        if event.call == "epoll_ctl":
            watched = self.names.of(event.watched[0].descriptor) if event.watched else "?"
            if watched not in ("signals", "stdin"):
                action = {"add": "ADD", "modify": "MOD", "remove": "DEL"}.get(event.change, "?")
                self.say("note", f"epoll_ctl {action} {watched}")
        elif event.call == "accept4":
            self.say("note", f"accept = {self.names.of(event.made[0])}")
        elif event.call == "recvfrom":
            self.say("note", f'recv "{event.bytes}"' + (" (end of input)" if event.value == 0 else ""))
        elif event.call == "sendto":
            self.arrow(event, f'send "{event.bytes}"')
        elif event.call in ("connect", "shutdown"):
            self.arrow(event, event.call)
        elif event.call == "sched_yield":
            self.say("note", event.call)
        elif event.call == "signal":
            self.say("wake", event.arguments)
        elif event.call == "close" and event.ports:
            lane = self.lane_of(event)
            gone = any(each.call == "close" and each.start < event.start for each in lane.calls)
            if gone:
                self.say("note", f"close {name}")
            else:
                self.arrow(event, "close")

    def name_the_lanes(self) -> None:
        """By the program on the other side; the recorder plays what `nc` would be."""
        for lane in self.lanes:
            accepted = not any(event.call == "connect" for event in lane.calls)
            lane.name = str(lane.program) if lane.program != "record" else "server" if accepted else "client"
        for name in {lane.name for lane in self.lanes}:
            same = [lane for lane in self.lanes if lane.name == name]
            for number, lane in enumerate(same if len(same) > 1 else [], 1):
                lane.name = f"{name} {number}"
