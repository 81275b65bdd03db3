"""A recorded run of a scene (tests/record): its processes with their events, which of these matter, and names that are the same
each time: descriptors get those of what they stand for, ports those of the page, and what depends on time alone is left out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Optional

from course.trace.event import Event, port
from course.trace.strace import parse

# The ports that the programs have if nobody says otherwise; the scenes ran on free ones.
DEFAULT_PORTS = {"01": 7342, "02": 7342, "03": 7342, "04": 10000, "05": 10000, "06": 65432, "07": 12345}
FIRST_CLIENT_PORT = 50001  # as in tests/support/transcript.hpp


class Process:
    """A process from its last execve on."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.program = ""
        self.calls: list[Event] = []


def processes(trace: Path) -> list[Process]:
    """The processes of a trace in the order in which they began, with the calls that returned and the signals."""
    found: dict[int, Process] = {}
    for event in parse(trace.read_text(encoding="utf-8", errors="replace")):
        process = found.setdefault(event.process, Process(event.process))
        if event.end is None or event.does in ("end", "buffers") or event.call == "?":
            continue
        process.calls.append(event)
        if event.does == "start" and event.value == 0:
            process.program, process.calls = event.program, []
    return list(found.values())


def is_wait(event: Event) -> bool:
    """True for a wait of the lessons' programs, which are recorded with epoll."""
    return event.call in ("epoll_wait", "epoll_pwait2", "epoll_pwait")


def only_looks(event: Event) -> bool:
    """True for a wait that takes no time: it asks what is ready now, and does not sleep."""
    return is_wait(event) and event.timeout == 0


def is_network(event: Event) -> bool:
    """True if it is about a TCP socket."""
    return event.file is not None and event.file.kind == "tcp"


def matters(event: Event, before: Optional[Event]) -> bool:
    """True for the calls that are about the network and about waiting, and for what the program prints and reads."""
    if event.call in ("newfstatat", "fstat") or event.call == "fcntl" and "F_SETFL" not in event.arguments:
        return False
    if event.call == "rt_sigaction":
        return event.arguments.startswith(("SIGINT", "SIGTERM")) and "SIG_DFL" not in event.arguments.split("}")[0]
    if event.call == "openat":  # the descriptor in reserve
        return event.file is not None and event.file.local == "/dev/null" and before is not None and before.call == "listen"
    if event.call == "write":
        return event.file is not None and event.file.kind == "pipe"
    if event.call == "read":
        return event.descriptor == 0
    if event.call in ("pipe2", "sched_yield", "exit_group", "signal") or event.call.startswith("epoll_"):
        return event.arguments not in ("SIGSTOP", "SIGCONT", "SIGCHLD")
    return is_network(event) or event.call == "close" and event.file is not None and event.file.kind == "epoll"


def without_chance(calls: list[Event]) -> list[Event]:
    """Leaves out the sleeps that ended without an event, with what was printed or asked once more because of it.
    What only looks stays, whatever it found."""
    kept: list[Event] = []
    printed, timed_out = "", False
    for number, event in enumerate(calls):
        following = calls[number + 1] if number + 1 < len(calls) else None
        if is_wait(event) and not only_looks(event):
            if event.value == 0:
                timed_out = True
                continue
            if (event.value or 0) < 0 and not (following and following.call == "signal"):
                continue
            timed_out = False
        if event.call == "ioctl" and timed_out:
            continue
        if event.call == "write" and event.descriptor == 1:
            if timed_out and event.bytes == printed:
                timed_out = False
                continue
            printed, timed_out = event.bytes, False
        kept.append(event)
    return kept


def calls_that_matter(process: Process) -> list[Event]:
    """Its calls without those that are irrelevant or a matter of chance."""
    kept: list[Event] = []
    for event in process.calls:
        if matters(event, kept[-1] if kept else None):
            kept.append(event)
    return without_chance(kept)


def counted(calls: Iterable[str]) -> str:
    """Events by their names, each with how often: "fcntl (2), read"."""
    counts = Counter(calls)
    return ", ".join(name if count == 1 else f"{name} ({count})" for name, count in sorted(counts.items()))


def left_out(process: Process, kept: list[Event]) -> Iterator[str]:
    """The names of the calls that are left out, counted from the first one that is kept."""
    shown = {id(event) for event in kept}
    first = next(number for number, event in enumerate(process.calls) if id(event) in shown)
    for event in process.calls[first:]:
        if id(event) not in shown:
            yield event.arguments if event.call == "signal" else event.call


class Names:
    """The stable names of one process: what each descriptor is, and ports."""

    def __init__(self, lesson: str, calls: list[Event], client_ports: dict[int, int]) -> None:
        self.ports, self.descriptors = client_ports, {0: "stdin", 1: "stdout"}
        self.role: dict[Optional[int], str] = {}
        default = DEFAULT_PORTS[lesson[:2]]
        for event in calls:
            asks_itself = event.call == "getsockname" and self.role.get(event.descriptor) != "connection"
            if (asks_itself or event.call == "connect") and event.address:
                self.ports.setdefault(port(event.address), default)
            if event.call in ("listen", "connect"):
                self.role[event.descriptor] = "listener" if event.call == "listen" else "connection"
        self.ports[0] = default

    def port(self, number: int) -> int:
        """A port as the book shows it."""
        if number not in self.ports:
            taken = [known for known in self.ports.values() if FIRST_CLIENT_PORT <= known < 60000]
            self.ports[number] = max(taken, default=FIRST_CLIENT_PORT - 1) + 1
        return self.ports[number]

    def learn(self, event: Event) -> None:
        """To be called for each call in its order: the same number may stand for something else later."""
        if event.call == "pipe2":
            self.descriptors.update(zip(event.made, ("signals", "wake-up")))
        elif event.does == "accept" and event.address and event.made:
            self.descriptors[event.made[0]] = f"client {self.port(port(event.address)) - FIRST_CLIENT_PORT + 1}"
        elif event.descriptor is not None and event.call in ("epoll_create1", "openat", "socket"):
            names = {"epoll_create1": "epoll", "openat": "reserve", "socket": self.role.get(event.descriptor, "socket")}
            self.descriptors[event.descriptor] = names[event.call]

    def of(self, number: Optional[int]) -> str:
        """What a descriptor is."""
        return "?" if number is None else self.descriptors.get(number, "?")

    def in_text(self, text: str) -> str:
        """What a program printed, with stable ports."""
        return re.sub(r"(port |', )(\d+)", lambda found: found[1] + str(self.port(int(found[2]))), text)
