"""What is known while events are made into steps, and the steps themselves."""

from pathlib import Path
from typing import Any, Optional

from course import COURSE
from course.trace import sentences
from course.trace.event import Event
from course.trace.machine import Bag, Socket

BATCH = 40  # so many of a batch are shown
LONGEST = 200_000  # characters of a source


class State:
    """What a program has, is watched by, and sleeps in; and what of it the last step has shown."""

    def __init__(self, main: Optional[int], course: bool) -> None:
        self.main = main
        self.threads = {main} if main else set()
        self.words = sentences.LIBRARY if course else sentences.SYSTEM
        self.bag = Bag()
        self.sockets: dict[int, Socket] = {0: Socket(0, "standard input", "terminal")}
        self.local: dict[int, str] = {}  # the sockets' own addresses
        self.shown: dict[str, Any] = {}
        self.dirty: set[int] = set()
        self.program: dict[str, str] = {"state": "running"}
        self.began: Optional[float] = None
        self.asleep: Optional[Event] = None  # the call that it sleeps in
        self.steps = 0
        self.places: dict[tuple[str, Optional[int]], Any] = {}  # where each call was made the last time
        self.terminals: list[str] = []
        self.terminal_of: dict[int, str] = {}
        self.sources: dict[str, str] = {}  # the texts of the files that steps point to, by the names that they are given there
        self.used: set[str] = set()  # the terminals on which something was printed

    def step(self, event: Event, says: str, call: str, who: str = "program",
             prints: Optional[list[dict[str, Any]]] = None) -> dict[str, Any]:
        """A step, with what has changed in the machine since the one before."""
        self.began = event.start if self.began is None else self.began
        when = event.end or event.start
        step: dict[str, Any] = {"says": says, "who": who, "call": call, "time": round(max(0.0, when - self.began), 4)}
        if who == "program":
            key = (event.call, event.descriptor)
            place = event.place or self.places.get(key)
            if event.place:
                self.places[key] = event.place
            if place:
                step["place"] = {"file": self.source(place.file), "line": place.line}
        step["set"] = self.changes()
        if prints:
            step["prints"] = prints
        self.steps += 1
        return step

    def source(self, file: str) -> str:
        """What a file of source is called; its text is kept."""
        path = Path(file).resolve()
        name = str(path.relative_to(COURSE) if COURSE in path.parents else path)
        if name not in self.sources:
            try:
                text = path.read_text(encoding="utf-8", errors="replace")
            except OSError:
                text = ""
            self.sources[name] = text if len(text) < LONGEST else ""
        return name

    def changes(self) -> dict[str, Any]:
        """What has changed in the map since it was asked last."""
        now: dict[str, Any] = {"program": dict(self.program), "batch": self.bag.batch_value(BATCH)}
        if self.bag.kind:
            now["bag"] = {"kind": self.bag.kind}
        for fd in self.dirty:
            socket = self.sockets.get(fd)
            keys = [f"socket/{fd}", f"other/{fd}"]
            for key in keys:
                now[key] = socket.value() if socket and socket.key == key and self.worth(socket) else None
            ways = self.bag.watched.get(fd)
            if ways is None:
                now[f"bag/{fd}"] = None
            else:
                ready = (socket.ready() if socket else set()) | set(self.bag.fresh.get(fd, ()))
                now[f"bag/{fd}"] = {"name": self.name(fd), "for": ways, "ready": [way for way in ways if way in ready]}
        self.dirty.clear()
        changed = {key: value for key, value in now.items() if self.shown.get(key) != value}
        for key, value in changed.items():
            if value is None:
                self.shown.pop(key, None)
            else:
                self.shown[key] = value
        return changed

    def worth(self, socket: Socket) -> bool:
        """Other descriptors are shown only if they are watched."""
        return socket.key.startswith("socket") or socket.fd in self.bag.watched

    def name(self, fd: Optional[int]) -> str:
        """What a descriptor is called."""
        socket = self.sockets.get(-1 if fd is None else fd)
        return socket.name if socket and socket.name else "" if fd is None else f"descriptor {fd}"

    def called(self, fd: Optional[int]) -> str:
        """The same in a sentence."""
        name = self.name(fd)
        return {"listener": "the listener", "signals": "the pipe for signals"}.get(name, name)

    def touch(self, fd: Optional[int]) -> None:
        """It may have changed."""
        if fd is not None:
            self.dirty.add(fd)

    def terminal(self, program: str, process: int) -> str:
        """The terminal of a process, by its program; a second one of the same program has a number."""
        if process in self.terminal_of and self.terminal_of[process] not in self.used and self.terminal_of[process] != program:
            self.terminals.remove(self.terminal_of.pop(process))  # a shell that has become the program
        if process not in self.terminal_of:
            same = sum(each == program or each.startswith(program + " ") for each in self.terminals)
            name = program if not same else f"{program} {same + 1}"
            self.terminal_of[process] = name
            self.terminals.append(name)
        return self.terminal_of[process]

    def prints(self, terminal: str, text: str, typed: bool = False) -> list[dict[str, Any]]:
        """Something appears on a terminal."""
        self.used.add(terminal)
        if terminal not in self.terminals:
            self.terminals.append(terminal)
        return [{"terminal": terminal, "text": text, **({"typed": True} if typed else {})}]
