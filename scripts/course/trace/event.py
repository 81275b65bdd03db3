"""What happened in a trace, as one documented type. Everything that shows a trace reads only events.

The same in JSON: event.schema.json."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Optional

SCHEMA = Path(__file__).with_name("event.schema.json")

# What a call does, by its name. Any call that is not here is an "other" one.
DOES = {
    "socket": "make", "bind": "bind", "listen": "listen", "connect": "connect",
    "accept": "accept", "accept4": "accept",
    "recvfrom": "receive", "recv": "receive", "recvmsg": "receive", "read": "receive", "readv": "receive",
    "sendto": "send", "send": "send", "sendmsg": "send", "write": "send", "writev": "send", "sendfile": "send",
    "shutdown": "shutdown", "close": "close", "dup": "copy", "dup2": "copy", "dup3": "copy",
    "epoll_create": "bag", "epoll_create1": "bag", "epoll_ctl": "watch",
    "epoll_wait": "wait", "epoll_pwait": "wait", "epoll_pwait2": "wait",
    "poll": "wait", "ppoll": "wait", "select": "wait", "pselect6": "wait",
    "fcntl": "option", "setsockopt": "option", "getsockopt": "option", "ioctl": "option",
    "getsockname": "option", "getpeername": "option",
    "pipe": "pipe", "pipe2": "pipe", "eventfd2": "pipe", "socketpair": "pipe",
    "execve": "start", "clone": "fork", "clone3": "fork", "fork": "fork", "vfork": "fork",
    "exit_group": "exit", "signal": "signal", "end": "end", "buffers": "buffers",
}


@dataclass
class File:
    """What a descriptor stands for, as `strace -yy` describes it."""

    kind: str  # tcp, udp, unix, pipe, epoll, terminal, file, or other
    local: str = ""  # "127.0.0.1:7342" or "[::1]:7342"; of a file its path
    peer: str = ""  # the same of the other side, once it is connected


@dataclass
class Watched:
    """A descriptor that is watched, or that is ready."""

    descriptor: int
    ways: list[str]  # read, write, error, hang-up, as far as they apply
    file: Optional[File] = None


@dataclass
class Place:
    """A line of a program."""

    file: str
    line: int
    function: str = ""


@dataclass
class Queue:
    """How many bytes wait in a socket. Of a listening one, `receive` is how many clients wait to be accepted."""

    local: str
    peer: str
    receive: int
    send: int


@dataclass
class Event:
    """A system call of a process; or a signal, its end, or what the kernel said about its sockets."""

    process: int
    start: float  # seconds since 1970
    end: Optional[float]  # None: it has begun. If it returns, an event with the same process and start says how
    call: str  # its name
    does: str  # what it does, one of the values of DOES, or "other"
    arguments: str = ""  # as strace wrote them
    result: str = ""
    program: str = ""  # the program that the process runs
    value: Optional[int] = None  # what it returned
    error: str = ""  # EAGAIN, …, if it failed
    descriptor: Optional[int] = None  # the one that it is about
    file: Optional[File] = None
    made: list[int] = field(default_factory=list)  # the descriptors that it has made
    bytes: str = ""  # what was sent or received, with \ before what is not printable; perhaps only the beginning
    change: str = ""  # of a watch: add, modify, or remove
    watched: list[Watched] = field(default_factory=list)  # what is watched from now on, or what a poll or select watches
    ready: list[Watched] = field(default_factory=list)  # what a wait has brought
    timeout: Optional[float] = None  # of a wait, in seconds; None: without a limit
    address: str = ""  # that is bound, connected to, accepted from or asked for
    place: Optional[Place] = None  # the line of the program that led to it
    stack: list[tuple[str, int]] = field(default_factory=list)  # files of code and offsets in them, the innermost first
    queues: list[Queue] = field(default_factory=list)  # of "buffers"

    @classmethod
    def buffers(cls, time: float, queues: list[Queue]) -> "Event":
        """How much waits in sockets at one moment, as the kernel reports it."""
        return cls(0, time, time, "buffers", "buffers", queues=queues)

    @property
    def ports(self) -> tuple[int, ...]:
        """Of a connected socket, its port and the other side's; else nothing."""
        return (port(self.file.local), port(self.file.peer)) if self.file and self.file.peer else ()

    def json(self) -> dict[str, Any]:
        """The event as JSON, without what is empty and without the stack, of which the place is what matters."""
        return {name: value for name, value in asdict(self).items()
                if name != "stack" and (value not in ("", [], None) or name == "end")}


def port(address: str) -> int:
    """The port of an address; 0 if it has none."""
    digits = address.rpartition(":")[2]
    return int(digits) if digits.isdigit() else 0


def schema() -> dict[str, Any]:
    """The JSON schema of an event."""
    read: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return read
