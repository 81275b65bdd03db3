"""Follows the log of strace while it is written, and makes steps of it."""

import os
import select
import threading
import time
from typing import Any

from course.trace.event import Event, port
from course.trace.places import Places
from course.trace.steps import Machine
from course.trace.strace import Parser
from course.watching.queues import network_of, waiting
from course.watching.recording import Recording

PIECE = 1 << 16
QUIET = 0.025  # seconds without news after which a call that has begun is one in which the program sleeps
BEFORE = ("bag", "watch", "pipe")  # what a program may make before its first socket, and uses later
KEPT = 50  # of that
SAMPLED = 0.05  # seconds between two looks at the buffers; more where looking takes long


class Follower(threading.Thread):
    """Reads the log to its end. Nothing that happens here may stop the program, which waits when nobody reads the log."""

    def __init__(self, log: int, recording: Recording, course: bool) -> None:
        super().__init__(daemon=True)
        self.log = log
        self.recording = recording
        self.parser = Parser()
        self.machine = Machine(None, course)
        self.alive: set[int] = set()  # the processes of the program
        self.first = 0  # the process that was started
        self.ends: dict[int, str] = {}  # how each has ended
        self.sockets = False  # true once the program has had one
        self.earlier: dict[int, list[Event]] = {}  # what others have made before that may be the program to tell about
        self.started = False  # true once there was a program
        self.sampled = 0.0
        self.interval = SAMPLED

    def run(self) -> None:
        """Until strace has closed the log."""
        with Places() as places:
            self.places = places
            news = select.poll()
            news.register(self.log, select.POLLIN)
            quiet = False
            while True:
                if not news.poll((SAMPLED if quiet else QUIET) * 1000):
                    if not quiet:
                        self.take(self.parser.idle())
                    quiet = True
                    self.sample()
                    continue
                quiet = False
                piece = os.read(self.log, PIECE)
                if not piece:
                    break
                self.take(self.parser.feed(piece.decode("utf-8", "replace")))
            self.take(self.parser.close())

    def take(self, events: list[Event]) -> None:
        """Adds what these events lead to. A step says so if something cannot be explained, and the recording goes on."""
        steps = []
        for event in events:
            self.live(event)
            if self.recording.full:
                continue
            try:
                steps += self.choose(event)
                if event.process in self.machine.threads and event.stack:
                    event.place = self.places.find(event)
                steps += self.machine.take(event)
            except Exception:  # noqa: BLE001 - whatever it is, the program must go on
                steps.append({"says": f"The program makes a call that ./learn watch cannot explain: {event.call}.",
                              "who": "program", "call": event.call, "time": self.recording.last, "set": {}})
        if steps:
            self.recording.add(steps, dict(self.machine.sources), list(self.machine.terminals))

    def live(self, event: Event) -> None:
        """Keeps count of the processes."""
        if event.does == "end":
            self.alive.discard(event.process)
            how = event.arguments
            status = how.rpartition(" ")[2] if how.startswith("exited with") else ""
            self.ends[event.process] = f"status {status}" if status else how.partition(" (")[0]
        elif event.process:
            self.started = self.started or event.does == "start" and event.value == 0
            self.first = self.first or event.process
            self.alive.add(event.process)

    def choose(self, event: Event) -> list[dict[str, Any]]:
        """The program to show is the first one that makes a socket: what was started may only be a shell that starts it.
        Returns what that one has done before."""
        if self.sockets:
            return []
        if event.does in BEFORE and event.process not in self.machine.threads:
            kept = self.earlier.setdefault(event.process, [])
            del kept[:-KEPT]
            kept.append(event)
        if event.does != "make" or not event.made or event.file is None or event.file.kind != "tcp":
            return []
        self.sockets = True
        earlier = self.earlier.get(event.process, [])
        self.earlier.clear()
        if event.process in self.machine.threads:
            return []
        self.machine.main, self.machine.threads = event.process, {event.process}
        return [step for each in earlier for step in self.machine.take(each)]

    def sample(self) -> None:
        """Looks at the buffers. The log has been read so far, so what they hold now belongs behind its last call."""
        now = time.monotonic()
        if self.recording.full or not self.sockets or now < self.sampled + self.interval:
            return
        addresses = [*self.machine.local.values(), *(one.address for one in self.machine.sockets.values())]
        if ports := {port(each) for each in addresses} - {0}:
            event = Event.buffers(time.time(), waiting(ports, network_of(self.machine.main or 0)))
            self.take([event])
        self.sampled = time.monotonic()
        self.interval = max(SAMPLED, 10 * (self.sampled - now))
