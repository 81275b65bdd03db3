"""Reads what strace writes, in whatever pieces it comes, and makes events of it. Nothing in a log is an error: a line or a call
that is not known becomes an event that does "other"."""

import re
from typing import Optional

from course.trace import arguments
from course.trace.event import DOES, Event

# -k: the stack of each call, from which its line in the program follows. The rest is what strace can tell of descriptors.
STRACE = ("strace", "-f", "-ttt", "-T", "-yy", "-s", "200", "-k")
# What to leave alone where a program runs for long: each call that is traced takes a hundred times as long. %net is older
# than %network.
CALLS = ("%net,read,write,readv,writev,sendfile,close,dup,dup2,dup3,fcntl,poll,ppoll,select,pselect6,epoll_create,"
         "epoll_create1,epoll_ctl,epoll_wait,epoll_pwait,epoll_pwait2,pipe,pipe2,eventfd2,execve,clone,clone3,fork,vfork,"
         "exit_group,kill")

LINE = re.compile(r"^(?:\[pid +)?(\d+)\]? +(\d+\.\d+) (.*)$", re.S)
CALL = re.compile(r"^(\w+)\((.*)\)\s+= (-?\w+.*|\?.*)$", re.S)
BEGUN = re.compile(r"^(\w+)\((.*)$", re.S)
RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$", re.S)
TOOK = re.compile(r" <(\d+\.\d+)>$")
FRAME = re.compile(r"^ > (.+?)\((.*)\) \[0x([0-9a-f]+)\]$")
UNFINISHED = "<unfinished ...>"


class Parser:
    """Makes events of a log, in the order in which it was written."""

    def __init__(self) -> None:
        self.rest = ""  # the beginning of a line
        self.announced = False  # true once the call of that beginning was given out
        self.pending: Optional[Event] = None  # whose stack may follow
        self.begun: dict[int, tuple[float, str]] = {}
        self.programs: dict[int, str] = {}
        self.decoder = arguments.Decoder()

    def feed(self, text: str) -> list[Event]:
        """Takes more of the log; returns what has happened in it."""
        *lines, self.rest = (self.rest + text).split("\n")
        events: list[Event] = []
        for line in lines:
            events += self.line(line)
            self.announced = False
        return events

    def idle(self) -> list[Event]:
        """Nothing has come for a while: gives out what waited for a stack, and the call that a process sleeps in."""
        events = self.given_out()
        matched = None if self.announced else LINE.match(self.rest)
        if matched and BEGUN.match(matched[3]):
            self.announced = True
            events.append(self.beginning(int(matched[1]), float(matched[2]), matched[3]))
        return events

    def close(self) -> list[Event]:
        """The log ends here, perhaps in the middle of a line."""
        events = self.given_out()
        if self.rest and not self.announced:
            matched = LINE.match(self.rest)
            if matched and BEGUN.match(matched[3]):
                events.append(self.beginning(int(matched[1]), float(matched[2]), matched[3]))
            elif not FRAME.match(self.rest):
                events.append(self.unknown(self.rest))
        self.rest = ""
        return events

    def given_out(self) -> list[Event]:
        """The event whose stack is complete."""
        events = [self.pending] if self.pending else []
        self.pending = None
        return events

    def line(self, line: str) -> list[Event]:
        """Takes one whole line."""
        if frame := FRAME.match(line):
            if self.pending:
                self.pending.stack.append((frame[1], int(frame[3][:15], 16)))
            return []
        events = self.given_out()
        if not line.strip() or line.startswith(" > "):
            return events
        matched = LINE.match(line)
        if not matched:
            return [*events, self.unknown(line)]
        process, time, text = int(matched[1]), float(matched[2]), matched[3]
        if text.endswith(UNFINISHED):
            text = text[: -len(UNFINISHED)]
            self.begun[process] = (time, text)
            return events if self.announced else [*events, self.beginning(process, time, text)]
        self.pending = self.finished(process, time, text)
        return events

    def finished(self, process: int, time: float, text: str) -> Event:
        """What a line says that has no more to come."""
        start, end = time, time
        if resumed := RESUMED.match(text):
            begun = self.begun.pop(process, None)
            if begun and begun[1].startswith(resumed[1]):
                start, first = begun
                text = (first.rstrip() if resumed[2].startswith(",") else first) + resumed[2]
        took = TOOK.search(text)
        if took:
            text = text[: took.start()]
            end = start + float(took[1])
        if signal := re.match(r"--- (SIG\w+) ", text):
            return self.event(process, start, end, "signal", signal[1])
        if text.startswith("--- stopped by "):
            return self.event(process, start, end, "stopped", text)
        if ended := re.match(r"\+\+\+ (.*) \+\+\+$", text):
            return self.event(process, start, end, "end", ended[1])
        if call := CALL.match(text):
            return self.event(process, start, end, *call.groups())
        return self.unknown(text, process, start)

    def beginning(self, process: int, time: float, text: str) -> Event:
        """A call that has begun."""
        begun = BEGUN.match(text)
        if not begun:
            return self.unknown(text, process, time)
        event = self.event(process, time, time, begun[1], begun[2].rstrip())
        event.end = None
        return event

    def event(self, process: int, start: float, end: float, call: str, args: str, result: str = "") -> Event:
        """An event with all that its arguments say."""
        event = Event(process, start, end, call, DOES.get(call, "other"), args, result)
        self.decoder.decode(event)
        if event.does == "start" and event.value == 0:
            file = re.search(r'"([^"]*)"', args)
            self.programs[process] = file[1].rsplit("/", 1)[-1] if file else args
        event.program = self.programs.get(process, "")
        if event.does == "fork" and event.value and event.value > 0:
            self.programs.setdefault(event.value, event.program)
        return event

    def unknown(self, line: str, process: int = 0, time: float = 0.0) -> Event:
        """A line of which nothing is known."""
        return Event(process, time, time, "?", "other", line.strip(), program=self.programs.get(process, ""))


def parse(text: str) -> list[Event]:
    """The events of a whole log."""
    parser = Parser()
    return [*parser.feed(text), *parser.close()]
