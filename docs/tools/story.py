"""Makes a story of the trace of a scene: what the lesson's program did, in its order, and what the others did to it.

What another process does is told in the wait of the program in which it began, or the next one. So two runs of a scene
tell the same story, although their clocks differ."""

import re

from strace_log import WAITS, Names, calls_that_matter, parse


class Step:
    """`kind` is note (a call that the program makes for itself), sleep and wake (around what comes while it waits), or
    arrow (to the program if `out` is false). `lane` is the other side of an arrow, a connection."""

    def __init__(self, kind, text, lane=None, out=False):
        self.kind, self.text, self.lane, self.out = kind, text, lane, out


class Connection:
    """The other side of a connection of the program: its name, and what it did."""

    def __init__(self, program, calls):
        self.program, self.calls, self.name = program, calls, None
        self.ports = next((frozenset(call.ports) for call in calls if call.ports), None)


def connections_of(process):
    """All that a process did on each of its connections."""
    open_ones, done = {}, []
    for call in process.calls:
        if call.kind not in ("TCP", "TCPv6"):
            continue
        if call.name == "connect":
            open_ones[call.fd] = [call]
        elif call.name == "accept4" and call.value() >= 0:
            open_ones[call.descriptor()] = []
        elif call.fd in open_ones:
            open_ones[call.fd].append(call)
            if call.name == "close":
                done.append(open_ones.pop(call.fd))
    return [Connection(process.program, calls) for calls in [*done, *open_ones.values()]]


class Story:
    def __init__(self, lesson, trace):
        processes = [each for each in parse(trace) if each.program not in (None, "sh")]
        self.program = next(each for each in processes if each.program != "record")
        self.others = [found for each in processes if each is not self.program for found in connections_of(each)]
        self.calls = calls_that_matter(self.program)
        self.names = Names(lesson, self.calls, {})
        self.lanes, self.steps = [], []
        self.closed = {}  # when the program closed a connection, by its ports
        for call in self.program.calls:
            if call.name == "close" and call.ports:
                self.closed[frozenset(call.ports)] = call.start
        self.pending = sorted(((call, lane) for lane in self.others for call in self.told_of(lane)),
                              key=lambda each: each[0].start)
        self.tell()
        self.name_the_lanes()

    def told_of(self, lane):
        """What the other side does that the program can notice."""
        ended = False
        for call in lane.calls:
            if call.name in ("connect", "sendto"):
                yield call
            if call.name in ("shutdown", "close") and not ended:
                ended = True
                if call.start < self.closed.get(lane.ports, float("inf")):
                    yield call

    def lane_of(self, call):
        ports = frozenset(call.ports)
        if call.name == "connect":  # not connected yet: its ports are in what follows
            ports = next(frozenset(each.ports) for each in self.program.calls
                         if each.fd == call.fd and each.start > call.start and each.ports)
        lane = next(each for each in self.others if each.ports == ports)
        if lane not in self.lanes:
            self.lanes.append(lane)
        return lane

    def say(self, *step, **more):
        self.steps.append(Step(*step, **more))

    def tell(self):
        nonblocking, setting_up = set(), []
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
            elif call.name != "connect" or self.arrow(call, "connect"):
                self.one(call)

    def wait(self, call):
        """A wait, and what came meanwhile."""
        come = [each for each in self.pending if each[0].start < call.end]
        self.pending = [each for each in self.pending if each not in come]
        name = call.name.removesuffix("4")
        after = self.after_wait(call)
        if not come and call.value() >= 0:
            self.say("note", f"{name}, {after}")
            return
        self.say("sleep", name)
        for each, lane in come:
            self.lanes += [lane] if lane not in self.lanes else []
            text = f'send "{each.text()}"' if each.name == "sendto" else each.name
            self.say("arrow", text, lane)
        if call.value() >= 0:
            self.say("wake", after)

    def after_wait(self, call):
        if call.name == "accept4":
            return f"accept = {self.names.of(call.descriptor())}"

        ready = re.findall(r"events=([A-Z|]+), data=\{u32=(\d+)", call.args)
        ways = {"EPOLLIN": "readable", "EPOLLOUT": "writable", "EPOLLIN|EPOLLOUT": "readable, writable"}
        return ", ".join(f"{self.names.of(fd)}: {ways.get(events, events)}" for events, fd in ready)

    def arrow(self, call, text):
        self.say("arrow", text, self.lane_of(call), out=True)

    def one(self, call):
        """Any other call."""
        name = self.names.of(call.fd)
        if call.name == "epoll_ctl":
            action, watched = call.args.split(", ")[1:3]
            watched = self.names.of(watched.split("<")[0])
            if watched not in ("signals", "stdin"):
                self.say("note", f"epoll_ctl {action.removeprefix('EPOLL_CTL_')} {watched}")
        elif call.name == "accept4":
            self.say("note", f"accept = {self.names.of(call.descriptor())}")
        elif call.name == "recvfrom":
            self.say("note", f'recv "{call.text()}"' + (" (the end)" if call.value() == 0 else ""))
        elif call.name == "sendto":
            self.arrow(call, f'send "{call.text()}"')
        elif call.name == "shutdown":
            self.arrow(call, "shutdown")
        elif call.name == "signal":
            self.say("wake", call.args)
        elif call.name == "close" and call.ports:
            lane = self.lane_of(call)
            gone = any(each.name == "close" and each.start < call.start for each in lane.calls)
            if gone:
                self.say("note", f"close {name}")
            else:
                self.arrow(call, "close")

    def name_the_lanes(self):
        """By the program on the other side; the recorder plays what `nc` would be."""
        for lane in self.lanes:
            accepted = not any(call.name == "connect" for call in lane.calls)
            lane.name = lane.program if lane.program != "record" else "server" if accepted else "client"
        for name in {lane.name for lane in self.lanes}:
            same = [lane for lane in self.lanes if lane.name == name]
            for number, lane in enumerate(same if len(same) > 1 else [], 1):
                lane.name = f"{name} {number}"
