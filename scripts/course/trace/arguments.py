"""What the arguments and the result of a call say, taken from the text in which strace writes them."""

import re
from typing import Optional

from course.trace.event import Event, File, Watched

# 5<TCP:[127.0.0.1:7342->127.0.0.1:50001]>: a descriptor, and what it stands for.
DESCRIPTOR = re.compile(r"(\d+)<((?:->|<(?:char|block)[^>]*>|[^<>])*)>")
SOCKADDR = re.compile(r'\{sa_family=AF_INET6?, sin6?_port=htons\((\d+)\)[^}]*?"([0-9.:a-f]+)"[^}]*\}')
TIMESPEC = re.compile(r"\{tv_sec=(-?\d+), tv_(nsec|usec)=(\d+)\}")
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"', re.S)
PIECES = re.compile(r'iov_base="((?:[^"\\]|\\.)*)"', re.S)
EPOLL_EVENT = re.compile(r"\{events=([A-Z|0-9a-fx]+), data=\{u32=(\d+), u64=(\d+)\}\}")
POLLED = re.compile(r"\{fd=(\d+)(?:<((?:->|<[^>]*>|[^<>])*)>)?, events=([A-Z|0-9a-fx]+)\}")
REVENTS = re.compile(r"\{fd=(\d+)(?:<(?:->|<[^>]*>|[^<>])*>)?, revents=([A-Z|0-9a-fx]+)\}")
NUMBERS = r"\[((?:\d+(?:<(?:->|<[^>]*>|[^<>])*>)? ?)*)\]"
SET = re.compile(NUMBERS + "|NULL")

WAYS = (("IN", "read"), ("OUT", "write"), ("RDHUP", "hang-up"), ("HUP", "hang-up"), ("ERR", "error"))
KINDS = (("TCP", "tcp"), ("UDP", "udp"), ("UNIX", "unix"), ("pipe:", "pipe"), ("anon_inode:[eventpoll]", "epoll"),
         ("/dev/pts/", "terminal"), ("/dev/tty", "terminal"), ("/", "file"))


def file_of(text: str) -> File:
    """What a descriptor stands for."""
    kind = next((kind for start, kind in KINDS if text.startswith(start)), "other")
    if kind in ("tcp", "udp"):
        local, arrow, peer = text.partition(":[")[2][:-1].partition("->")
        return File(kind, local, peer) if ":" in local else File(kind)
    if kind == "file":
        return File(kind, text.partition("<")[0])
    return File(kind)


def ways_of(flags: str) -> list[str]:
    """What POLLIN, EPOLLOUT, … ask for or say."""
    names = {re.sub("^E?POLL", "", flag) for flag in flags.split("|")}
    return list(dict.fromkeys(way for name, way in WAYS if name in names))


def seconds(text: str) -> Optional[float]:
    """A time to wait: milliseconds, a structure, or NULL; None is without end."""
    if spec := TIMESPEC.search(text):
        return int(spec[1]) + int(spec[3]) / (1e9 if spec[2] == "nsec" else 1e6)
    digits = re.fullmatch(r"-?\d{1,15}", text.strip())
    return int(digits[0]) / 1000 if digits and int(digits[0]) >= 0 else None


def last_seconds(arguments: str, structure: bool) -> Optional[float]:
    """The time that stands at the end of the arguments, or before a mask of signals and its size."""
    mask = r"(?:NULL|~?\[[^]]*\]|\{[^}]*\})"
    found = re.search(rf"(\{{tv_sec=[^}}]*\}}|NULL)(?:, {mask})?(?:, \d+)?$" if structure else
                      rf", (-?\d{{1,15}})(?:, {mask}, \d+)?$", arguments)
    return seconds(found[1]) if found else None


class Decoder:
    """Fills in what an event is about. It remembers which descriptor is meant by the data that a bag gives back."""

    def __init__(self) -> None:
        self.meant: dict[int, int] = {}

    def decode(self, event: Event) -> None:
        """Whatever it does not find stays empty."""
        if event.does in ("signal", "end"):
            return
        if number := re.match(r"-?\d{1,18}(?!x)", event.result):
            event.value = int(number[0])
        if event.value is not None and event.value < 0 and (error := re.match(r"-\d+ (E[A-Z0-9]+)", event.result)):
            event.error = error[1]
        if described := DESCRIPTOR.match(event.arguments):
            event.descriptor, event.file = int(described[1]), file_of(described[2])
        elif event.does not in ("other", "fork", "exit", "bag", "wait") and (
                number := re.match(r"(\d{1,9})(?:[,<]|$)", event.arguments)):
            event.descriptor = int(number[1])
        self.made(event)
        if address := SOCKADDR.search(event.arguments):
            event.address = f"[{address[2]}]:{address[1]}" if ":" in address[2] else f"{address[2]}:{address[1]}"
        if event.does in ("receive", "send"):
            texts = PIECES.findall(event.arguments) or TEXT.findall(event.arguments)[:1]
            event.bytes = "".join(texts)
        elif event.does == "watch":
            self.watch(event)
        elif event.does == "wait":
            self.wait(event)

    @staticmethod
    def made(event: Event) -> None:
        """The descriptors that there are because of it."""
        if event.does == "pipe":
            event.made = [int(number) for number, _ in DESCRIPTOR.findall(event.arguments + event.result)]
            event.descriptor = event.file = None
        elif event.value is not None and event.value >= 0 and (described := DESCRIPTOR.match(event.result)):
            event.made = [int(described[1])]
            if event.descriptor is None or event.call == "openat":
                event.descriptor, event.file = event.made[0], file_of(described[2])
        elif event.does in ("make", "accept", "bag", "copy") and event.value is not None and event.value >= 0:
            event.made = [event.value]

    def watch(self, event: Event) -> None:
        """A change of a bag."""
        action = re.search(r"EPOLL_CTL_(ADD|MOD|DEL), (?:(\d+)(?:<((?:->|<[^>]*>|[^<>])*)>)?)", event.arguments)
        if not action:
            return
        event.change = {"ADD": "add", "MOD": "modify", "DEL": "remove"}[action[1]]
        asked = EPOLL_EVENT.search(event.arguments)
        event.watched = [Watched(int(action[2]), ways_of(asked[1]) if asked else [], file_of(action[3] or ""))]
        if asked:
            self.meant[int(asked[3])] = int(action[2])

    def wait(self, event: Event) -> None:
        """What is waited for, and what has come."""
        if event.call.startswith("epoll"):
            event.timeout = last_seconds(event.arguments, event.call == "epoll_pwait2")
            event.ready = [Watched(self.meant.get(int(data), int(number)), ways_of(flags))
                           for flags, number, data in EPOLL_EVENT.findall(event.arguments)]
        elif "poll" in event.call:
            event.descriptor = event.file = None
            event.watched = [Watched(int(number), ways_of(flags), file_of(what))
                             for number, what, flags in POLLED.findall(event.arguments)]
            event.ready = [Watched(int(number), ways_of(flags)) for number, flags in REVENTS.findall(event.result)]
            event.timeout = last_seconds(event.arguments, event.call == "ppoll")
        else:
            event.descriptor = event.file = None
            event.watched = sets(SET.findall(event.arguments)[:3])
            came = re.match(r"\d+ \((.*)\)$", event.result)
            found = [re.search(rf"\b{word} {NUMBERS}", came[1]) if came else None for word in ("in", "out", "except")]
            event.ready = sets([each[1] if each else "" for each in found])
            event.timeout = last_seconds(event.arguments, True)


def sets(texts: list[str]) -> list[Watched]:
    """What select(2) was given or gave back: the sets for reading, writing and errors."""
    found: dict[int, Watched] = {}
    for text, way in zip(texts, ("read", "write", "error")):
        for number, what in re.findall(r"(\d+)(?:<((?:->|<[^>]*>|[^<>])*)>)?(?= |$)", text):
            found.setdefault(int(number), Watched(int(number), [], file_of(what))).ways.append(way)
    return list(found.values())
