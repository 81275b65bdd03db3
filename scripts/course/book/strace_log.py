"""Reads what `strace -f -ttt -yy` wrote about one scene (tests/record), and makes it the same each time: descriptors get
the names of what they stand for, ports those of the page, and what depends on time alone is left out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Optional

# The ports that the programs have if nobody says otherwise; the scenes ran on free ones.
DEFAULT_PORTS = {"01": 7342, "02": 7342, "03": 7342, "04": 10000, "05": 10000, "06": 65432, "07": 12345}
FIRST_CLIENT_PORT = 50001  # as in tests/support/transcript.hpp

LINE = re.compile(r"^(\d+) +(\d+\.\d+) (.*)$")
CALL = re.compile(r"^(\w+)\((.*)\)\s+= (-?\w+.*|\?)$", re.S)
DESCRIPTOR = re.compile(r"(\d+)<((?:TCP|TCPv6|UNIX|NETLINK|pipe|anon_inode|/)(?:->|<char[^>]*>|[^<>])*)>")
SOCKADDR = re.compile(r'\{sa_family=AF_INET6?, sin6?_port=htons\((\d+)\)[^}]*?"([0-9.:a-f]+)"[^}]*\}')
WAITS = ("epoll_wait", "epoll_pwait2", "epoll_pwait")
NO_TIME = re.compile(r", 0$|\{tv_sec=0, tv_nsec=0\}, NULL, \d+$")


class Call:
    """One system call from its beginning to its end; a signal is one too, with the name `signal`."""

    def __init__(self, start: float, end: float, name: str, args: str, result: str) -> None:
        self.start, self.end, self.name, self.args, self.result = start, end, name, args, result
        self.fd: Optional[int] = None
        self.kind: Optional[str] = None
        self.ports: tuple[int, ...] = ()  # of a connected socket: ours and the other side's
        described = DESCRIPTOR.match(args) or (
            name in ("socket", "accept4", "epoll_create1", "openat") and DESCRIPTOR.match(result))
        if described:
            self.fd, self.kind = int(described[1]), described[2].split(":")[0]
            ports = re.findall(r":(\d+)(?=->|\])", described[2])
            self.ports = tuple(int(port) for port in ports) if len(ports) == 2 else ()

    def value(self) -> int:
        """What it returned, as a number; -1 for an error."""
        number = re.match(r"-?\d+", self.result)
        return int(number[0]) if number else 0

    def only_looks(self) -> bool:
        """True for a wait that takes no time: it asks what is ready now, and does not sleep."""
        return self.name in WAITS and NO_TIME.search(self.args) is not None

    def descriptor(self) -> int:
        """The descriptor that it made."""
        made = DESCRIPTOR.match(self.result)
        if not made:
            raise ValueError(f"{self.name}({self.args}) = {self.result}: it has made no descriptor")
        return int(made[1])

    def text(self) -> str:
        """The bytes that were read or written, as strace writes them."""
        bytes_ = re.search(r'"((?:[^"\\]|\\.)*)"', self.args)
        return bytes_[1] if bytes_ else ""


class Process:
    """A process from its last execve on."""

    def __init__(self, pid: str) -> None:
        self.pid = pid
        self.program: Optional[str] = None
        self.calls: list[Call] = []


def parse(path: Path) -> list[Process]:
    """The processes of a trace in the order in which they began."""
    processes: dict[str, Process] = {}
    begun: dict[str, tuple[float, str]] = {}
    with path.open(encoding="utf-8", errors="replace") as log:
        for line in log:
            matched = LINE.match(line.rstrip("\n"))
            if not matched:
                continue
            pid, time, text = matched[1], float(matched[2]), matched[3]
            process = processes.setdefault(pid, Process(pid))
            start = time
            if text.endswith("<unfinished ...>"):
                begun[pid] = (time, text[: -len("<unfinished ...>")])
                continue
            if resumed := re.match(r"<\.\.\. \w+ resumed>(.*)$", text):
                if pid not in begun:
                    continue
                start, first = begun.pop(pid)
                text = (first.rstrip() if resumed[1].startswith(",") else first) + resumed[1]
            if signal := re.match(r"--- (SIG\w+) ", text):
                process.calls.append(Call(start, time, "signal", signal[1], ""))
            elif call := CALL.match(text):
                process.calls.append(Call(start, time, *call.groups()))
                if call[1] == "execve" and call[3] == "0":
                    file = re.search(r'"([^"]*)"', call[2])
                    process.program = file[1].rsplit("/", 1)[-1] if file else call[2]
                    process.calls = []
    return list(processes.values())


def matters(call: Call, before: Optional[Call]) -> bool:
    """True for the calls that are about the network and about waiting, and for what the program prints and reads."""
    if call.name in ("newfstatat", "fstat") or call.name == "fcntl" and "F_SETFL" not in call.args:
        return False
    if call.name == "rt_sigaction":
        return call.args.startswith(("SIGINT", "SIGTERM")) and "SIG_DFL" not in call.args.split("}")[0]
    if call.name == "openat":  # the descriptor in reserve
        return call.kind == "/dev/null<char 1" and before is not None and before.name == "listen"
    if call.name == "write":
        return call.kind == "pipe"
    if call.name == "read":
        return call.fd == 0
    if call.name in ("pipe2", "sched_yield", "exit_group", "signal") or call.name.startswith("epoll_"):
        return call.args not in ("SIGSTOP", "SIGCONT", "SIGCHLD")
    return call.kind in ("TCP", "TCPv6") or (call.kind, call.name) == ("anon_inode", "close")


def without_chance(calls: list[Call]) -> list[Call]:
    """Leaves out the sleeps that ended without an event, with what was printed or asked once more because of it.
    What only looks stays, whatever it found."""
    kept: list[Call] = []
    printed, timed_out = "", False
    for number, call in enumerate(calls):
        following = calls[number + 1] if number + 1 < len(calls) else None
        if call.name in WAITS and not call.only_looks():
            if call.value() == 0:
                timed_out = True
                continue
            if call.value() < 0 and not (following and following.name == "signal"):
                continue
            timed_out = False
        if call.name == "ioctl" and timed_out:
            continue
        if call.name == "write" and call.fd == 1:
            if timed_out and call.text() == printed:
                timed_out = False
                continue
            printed, timed_out = call.text(), False
        kept.append(call)
    return kept


def calls_that_matter(process: Process) -> list[Call]:
    """Its calls without what is beside the point, or a matter of chance."""
    kept: list[Call] = []
    for call in process.calls:
        if matters(call, kept[-1] if kept else None):
            kept.append(call)
    return without_chance(kept)


def counted(calls: Iterable[str]) -> str:
    """Calls by their names, each with how often: "fcntl (2), read"."""
    counts = Counter(calls)
    return ", ".join(name if count == 1 else f"{name} ({count})" for name, count in sorted(counts.items()))


def left_out(process: Process, kept: list[Call]) -> Iterator[str]:
    """The names of the calls from the first of those that are kept on that are not among them."""
    shown = {id(call) for call in kept}
    first = next(number for number, call in enumerate(process.calls) if id(call) in shown)
    for call in process.calls[first:]:
        if id(call) not in shown:
            yield call.args if call.name == "signal" else call.name


class Names:
    """The stable names of one process: what each descriptor is, and ports."""

    def __init__(self, lesson: str, calls: list[Call], client_ports: dict[int, int]) -> None:
        self.ports, self.descriptors = client_ports, {0: "stdin", 1: "stdout"}
        self.role: dict[Optional[int], str] = {}
        default = DEFAULT_PORTS[lesson[:2]]
        for call in calls:
            asks_itself = call.name == "getsockname" and self.role.get(call.fd) != "connection"
            if (asks_itself or call.name == "connect") and (address := SOCKADDR.search(call.args)):
                self.ports.setdefault(int(address[1]), default)
            if call.name in ("listen", "connect"):
                self.role[call.fd] = "listener" if call.name == "listen" else "connection"
        self.ports[0] = default

    def port(self, number: int) -> int:
        """A port as the book shows it."""
        if number not in self.ports:
            taken = [port for port in self.ports.values() if port >= FIRST_CLIENT_PORT and port < 60000]
            self.ports[number] = max(taken, default=FIRST_CLIENT_PORT - 1) + 1
        return self.ports[number]

    def learn(self, call: Call) -> None:
        """To be called for each call in its order: the same number may stand for something else later."""
        if call.name == "pipe2":
            for number, end in zip(re.findall(r"(\d+)<", call.args), ("signals", "wake-up")):
                self.descriptors[int(number)] = end
        elif call.name == "accept4" and (peer := SOCKADDR.search(call.args)) and call.value() >= 0:
            self.descriptors[call.descriptor()] = f"client {self.port(int(peer[1])) - FIRST_CLIENT_PORT + 1}"
        elif call.fd is not None and call.name in ("epoll_create1", "openat", "socket"):
            names = {"epoll_create1": "epoll", "openat": "reserve", "socket": self.role.get(call.fd, "socket")}
            self.descriptors[call.fd] = names[call.name]

    def of(self, number: Optional[int]) -> str:
        """What a descriptor is."""
        return "?" if number is None else self.descriptors.get(number, "?")

    def in_text(self, text: str) -> str:
        """What a program printed, with stable ports."""
        return re.sub(r"(port |', )(\d+)", lambda found: found[1] + str(self.port(int(found[2]))), text)
