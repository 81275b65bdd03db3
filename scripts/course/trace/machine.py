"""What a reader is shown of a program: its sockets and what waits in them, the bag, the batch, and how the program is doing.

It is kept as a flat map from keys to values (course/trace/recording.schema.json), of which each step holds what has changed."""

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Optional

from course.trace.event import Queue, Watched

SHOWN = 60  # of the bytes that wait, so many are shown
ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9a-f]{2}|.)", re.S)
SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f"}


def plain(text: str) -> str:
    """What strace writes with escapes, as a terminal shows it; bytes that are no text stay escaped."""
    def one(found: "re.Match[str]") -> str:
        code = found[1]
        if code in SIMPLE:
            return SIMPLE[code]
        if code[0] in "01234567x":
            number = int(code[1:], 16) if code[0] == "x" else int(code, 8)
            return bytes([number & 255]).decode("latin-1")
        return code

    raw = ESCAPE.sub(one, text)
    with contextlib.suppress(UnicodeEncodeError, UnicodeDecodeError):
        raw = raw.encode("latin-1").decode("utf-8")
    return "".join(letter if letter.isprintable() or letter in "\n\t" else f"\\x{ord(letter):02x}" for letter in raw)


@dataclass
class Pipe:
    """One direction of a connection: what was sent and not yet received."""

    bytes: int = 0
    text: str = ""
    ended: bool = False
    sampled: Optional[int] = None  # what the kernel has said of it, for what was sent by somebody who is not traced

    def put(self, count: int, text: str) -> None:
        """So much was sent."""
        self.bytes += count
        self.text = (self.text + text)[: SHOWN * 4]

    def take(self, count: int) -> None:
        """So much was received."""
        self.bytes = max(0, self.bytes - count)
        self.text = self.text[len(self.text[:count]):] if self.bytes else ""


@dataclass
class Connection:
    """A connection with both of its ends, of which one is the program's."""

    name: str
    ours: Pipe = field(default_factory=Pipe)  # what comes to the program
    theirs: Pipe = field(default_factory=Pipe)  # what the program has sent
    port: int = 0  # of the other side, once it is known
    accepted: bool = False
    lingers: bool = True  # False: the other side leaves with a reset
    reset: bool = False
    traced: bool = False  # true if the other side is traced, so that all it sends is known
    sending: int = 0  # what waits in our send buffer, as far as the kernel has said
    full: bool = False  # true if the kernel has taken less than it was given


@dataclass
class Socket:
    """A descriptor of the program that is a socket, or else worth showing."""

    fd: int
    name: str = ""
    kind: str = "new"  # new, listening, connecting, connected; or pipe, terminal, file
    address: str = ""
    limit: int = 0  # of the backlog
    blocks: bool = True
    connection: Optional[Connection] = None
    waiting: list["Connection"] = field(default_factory=list)  # in the backlog
    sampled: int = 0  # how many wait there, as the kernel says

    @property
    def key(self) -> str:
        """Where it is in the map."""
        return f"{'other' if self.kind in ('pipe', 'terminal', 'file') else 'socket'}/{self.fd}"

    def value(self) -> dict[str, Any]:
        """What the map holds of it."""
        if self.key.startswith("other"):
            return {"name": self.name, "kind": self.kind}
        value: dict[str, Any] = {"name": self.name or "socket", "kind": self.kind}
        if self.address:
            value["address"] = self.address
        if self.kind == "listening":
            more = max(0, self.sampled - len(self.waiting))
            names = [f"{one.name} ({one.ours.bytes} bytes)" if one.ours.bytes else one.name for one in self.waiting]
            value["backlog"] = {"waiting": names + ["a client"] * more, "limit": self.limit}
        if self.connection:
            one = self.connection
            waits = one.ours.bytes if one.ours.sampled is None else one.ours.sampled
            value["receive"] = {"bytes": waits, "text": one.ours.text[:SHOWN] if waits else ""}
            value["send"] = {"bytes": one.sending, **({"full": True} if one.full else {})}
            there = one.theirs.bytes if one.theirs.sampled is None else one.theirs.sampled
            if one.traced or one.theirs.sampled is not None:
                value["there"] = {"bytes": max(0, there - one.sending) if one.traced else there}
            value["ended"] = {(True, True): "both", (True, False): "here", (False, True): "there"}.get(
                (one.theirs.ended, one.ours.ended), "")
            if one.reset:
                value["reset"] = True
        return value

    def ready(self) -> set[str]:
        """What it is ready for."""
        if self.kind == "listening":
            return {"read"} if self.waiting or self.sampled else set()
        ways = set()
        if self.connection and (self.connection.ours.bytes or self.connection.ours.sampled or self.connection.ours.ended
                                or self.connection.reset):
            ways.add("read")
        if self.kind == "connected" and self.connection and not self.connection.full or self.connection and self.connection.reset:
            ways.add("write")
        return ways


class Bag:
    """What is watched, and the batch that the last wait has brought."""

    def __init__(self) -> None:
        self.kind = ""
        self.watched: dict[int, list[str]] = {}
        self.batch: list[tuple[int, list[str], str]] = []  # descriptor, what it is ready for, and its name
        self.at = 0  # which of the batch is being served
        self.fresh: dict[int, list[str]] = {}  # what the last wait said of those that were not served since

    def look(self, watched: Iterable[Watched]) -> None:
        """poll and select are given all of it each time."""
        self.watched = {one.descriptor: list(one.ways) for one in watched}

    def serve(self, descriptor: int) -> None:
        """The program does something with a descriptor: if it is in the batch, its turn has come."""
        self.fresh.pop(descriptor, None)
        for number, (each, _, _) in enumerate(self.batch):
            if each == descriptor and number >= self.at:
                self.at = number
                return

    def batch_value(self, most: int) -> Optional[list[dict[str, Any]]]:
        """The batch for the map, or the part of a large one that is served now."""
        if not self.batch:
            return None
        first = max(0, min(self.at - most // 2, len(self.batch) - most))
        return [{"name": name, "for": ways, "state": "done" if number < self.at else "to come" if number > self.at else "now"}
                for number, (_, ways, name) in enumerate(self.batch[first:first + most], first)]


def sample(sockets: Iterable[Socket], queues: Iterable[Queue], local: dict[int, str]) -> bool:
    """Takes over what the kernel says about the sockets; true if something has changed. `local`: their own addresses."""
    known = {(queue.local, queue.peer): queue for queue in queues}
    changed = False
    for socket in sockets:
        own = local.get(socket.fd, "")
        if socket.kind == "listening":
            found = next((queue for (address, peer), queue in known.items() if address == own and peer.endswith(":0")), None)
            if found and found.receive != max(socket.sampled, len(socket.waiting)):
                socket.sampled, changed = found.receive, True
        elif socket.connection and (here := known.get((own, socket.address))):
            one = socket.connection
            there = known.get((socket.address, own))
            before = (one.ours.sampled, one.sending, one.theirs.sampled)
            one.sending = here.send
            if not one.traced:
                one.ours.sampled, one.theirs.sampled = here.receive, there.receive if there else None
            changed = changed or before != (one.ours.sampled, one.sending, one.theirs.sampled)
    return changed
