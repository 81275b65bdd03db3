"""Makes steps of events: what the program that is watched does, one thing after the other, and what the others do to it."""

from typing import Any, Optional

from course.trace import sentences
from course.trace.calls import Calls
from course.trace.event import Event, Watched
from course.trace.machine import Connection, Socket, sample

BORING = frozenset("""access arch_prctl brk chdir clock_nanosleep execve faccessat2 fadvise64 fchmod flock fstat fstatfs ftruncate futex
getcwd getdents64 getegid geteuid getgid getpgrp getpid getppid getpriority getrandom getrlimit gettid getuid kill lseek lstat madvise
membarrier mkdir mmap mprotect mremap munmap nanosleep newfstatat open openat poll_unused prctl pread64 prlimit64 readlink readlinkat
restart_syscall rseq rt_sigaction rt_sigprocmask rt_sigreturn sched_getaffinity sched_setaffinity sched_yield seccomp set_robust_list
set_tid_address setpgid setpriority setrlimit setsid sigaltstack stat stopped statfs statx sysinfo tgkill umask uname unlink wait4 waitid ?
""".split())
READY_FOR = {"receive": "read", "accept": "read", "send": "write"}


class Machine(Calls):
    """Takes events in their order. It describes one program; other programs appear in it as far as they talk to that one."""

    def __init__(self, main: Optional[int] = None, course: bool = True) -> None:
        """
        :param main: the process to describe; by default the first one
        :param course: say it in the library's words
        """
        super().__init__(main, course)

    def take(self, event: Event) -> list[dict[str, Any]]:
        """The steps that an event leads to; none if it is of no interest."""
        if event.does == "buffers":
            return self.buffers(event)
        if self.main is None:
            self.main, self.threads = event.process, {event.process}
        if event.does == "fork" and event.process in self.threads and event.value and "CLONE_THREAD" in event.arguments:
            self.threads.add(event.value)
        if event.process not in self.threads:
            return self.other(event)
        if event.does == "start" and event.value == 0:
            self.terminal(event.program, event.process)
        action = getattr(self, f"on_{event.does}", None)
        steps = [] if event.does == "send" and event.descriptor in (1, 2) else self.rest_of_line()
        if event.end is None:
            return steps + self.sleep(event)
        steps += action(event) if action else self.unknown(event)
        if self.asleep and self.asleep.process == event.process and event.does != "signal" and event.error != "EINTR":
            self.asleep = None
        return steps

    def idle(self) -> list[dict[str, Any]]:
        """Nothing has happened for a while: returns what was kept back."""
        return self.rest_of_line()

    def buffers(self, event: Event) -> list[dict[str, Any]]:
        """The kernel has said how much waits where."""
        before = {fd: socket.value() for fd, socket in self.sockets.items() if socket.connection or socket.kind == "listening"}
        if not sample([self.sockets[fd] for fd in before], event.queues, self.local):
            return []
        changed = [fd for fd, value in before.items() if self.sockets[fd].value() != value]
        self.dirty.update(changed)
        for fd in changed:
            value, old = self.sockets[fd].value(), before[fd]
            new = value.get("receive", {}).get("bytes", 0)
            if new > old.get("receive", {}).get("bytes", 0):
                return [self.step(event, f"{sentences.size(new)} from {self.name(fd)} {'waits' if new == 1 else 'wait'} in the receive "
                                         "buffer.", "arrival", self.name(fd))]
            waiting = len(value.get("backlog", {}).get("waiting", []))
            if waiting > len(old.get("backlog", {}).get("waiting", [])):
                return [self.step(event, f"A client has connected. {sentences.clients(waiting)} in the backlog now.", "connect", "kernel")]
        return []

    def sleep(self, event: Event) -> list[dict[str, Any]]:
        """A call has begun, and not returned at once."""
        blocks = event.does in ("accept", "receive", "send", "connect")
        if event.does != "wait" and not (blocks and (event.descriptor == 0 or self.is_blocking(event.descriptor))):
            return []
        if event.does == "wait":
            if event.watched:
                self.look(event)
            if self.only_output(event) or event.timeout == 0:
                return []
            self.bag.batch, self.bag.fresh = [], {}
            if self.any_ready():
                self.dirty.update(self.bag.watched)
                return []
        elif event.descriptor and READY_FOR.get(event.does, "") in self.sockets[event.descriptor].ready():
            return []
        self.asleep = event
        call = self.words.get(event.call, event.call)
        self.program = {"state": "asleep", "call": call}
        self.dirty.update(self.bag.watched)
        if event.does == "wait":
            says = sentences.waits(call, event.timeout, not self.bag.watched)
        elif event.descriptor == 0:
            says = f"{call}: nothing has been typed yet, so the program sleeps until somebody types a line."
        else:
            what = {"accept": "no client is waiting in the backlog", "receive": f"nothing has arrived from {self.name(event.descriptor)}",
                    "send": f"the send buffer of {self.name(event.descriptor)} is full",
                    "connect": "the other side has not answered yet"}[event.does]
            says = f"{call}: {what}, and the socket blocks. So the program sleeps inside this call, whatever else happens."
        return [self.step(event, says, call)]

    def any_ready(self) -> bool:
        """True if something in the bag is ready, as far as we know, so that a wait will not sleep."""
        return any(set(ways) & self.sockets[fd].ready() for fd, ways in self.bag.watched.items() if fd in self.sockets)

    def is_blocking(self, fd: Optional[int]) -> bool:
        """True for a socket that was not made non-blocking."""
        socket = self.sockets.get(-1 if fd is None else fd)
        return bool(socket and socket.blocks and socket.key.startswith("socket"))

    @staticmethod
    def only_output(event: Event) -> bool:
        """True for a wait that only looks whether there is room to print."""
        return any(one.descriptor in (1, 2) and "write" in one.ways for one in event.watched) and not any(
            one.descriptor == 0 or one.file is not None and one.file.kind in ("tcp", "unix") for one in event.watched)

    def look(self, event: Event) -> None:
        """poll and select say each time what they watch; beside an epoll they are about something else."""
        if self.only_output(event) or self.bag.kind == "epoll":
            return
        self.dirty.update(self.bag.watched)
        self.bag.kind = "poll" if "poll" in event.call else "select"
        self.bag.look(event.watched)
        for one in event.watched:
            self.meet(one)
        self.dirty.update(self.bag.watched)

    def meet(self, one: Watched) -> None:
        """Something that is watched, and was not made while we looked."""
        if one.descriptor not in self.sockets:
            kind = one.file.kind if one.file else "file"
            if kind in ("tcp", "unix", "udp"):
                self.sockets[one.descriptor] = Socket(one.descriptor, f"socket {one.descriptor}", "connected",
                                                      connection=Connection(f"socket {one.descriptor}"))
            else:
                name = {"pipe": "a pipe", "terminal": "the terminal"}.get(kind, f"descriptor {one.descriptor}")
                self.sockets[one.descriptor] = Socket(one.descriptor, name, "pipe" if kind == "pipe" else "file")

    def on_wait(self, event: Event) -> list[dict[str, Any]]:
        """A wait has returned."""
        if event.watched:
            self.look(event)
        if self.only_output(event):
            return []
        steps = []
        call = self.words.get(event.call, event.call)
        took = (event.end or event.start) - event.start
        if not self.asleep and took > 0.02 and event.timeout != 0:
            steps += self.sleep(event)
        if event.error == "EINTR":
            return steps  # the signal that follows says why
        self.asleep = None
        self.program = {"state": "running"}
        self.bag.batch, self.bag.at = [(one.descriptor, [way for way in one.ways if way in ("read", "write")] or one.ways,
                                        self.name(one.descriptor)) for one in event.ready], 0
        self.bag.fresh = {one.descriptor: list(one.ways) for one in event.ready}
        for one in event.ready:
            socket = self.sockets.get(one.descriptor)
            if socket and socket.connection and "write" in one.ways:
                socket.connection.full = False
        self.dirty.update(self.bag.watched)
        if event.error:
            return [*steps, self.step(event, sentences.failed(call, "", event.error), call)]
        if not event.ready:
            if event.timeout == 0:
                return [*steps, self.step(event, f"{call} with a time limit of 0 only asks what is ready now: nothing is.", call)]
            return [*steps, self.step(event, f"{call} returns nothing: its time limit has passed.", call)]
        return [*steps, self.step(event, sentences.woke(call, [(self.called(one.descriptor), self.why(one)) for one in event.ready]),
                                  call)]

    def why(self, one: Watched) -> str:
        """Why something is ready."""
        socket = self.sockets.get(one.descriptor)
        if not socket or not socket.key.startswith("socket"):
            return "something was typed" if socket and socket.fd == 0 else "there is something to read in it"
        if socket.kind == "listening":
            return "a client waits in its backlog"
        reading = "read" in one.ways or "hang-up" in one.ways or "error" in one.ways
        if socket.kind == "connecting":
            return "its attempt to connect has ended, successfully or not"
        if reading and socket.connection:
            came = socket.connection.ours
            if socket.connection.reset:
                return "the other side has reset the connection"
            if came.bytes or came.sampled:
                also = ", and its send buffer has room" if "write" in one.ways else ""
                count = came.bytes or came.sampled or 0
                return f"{sentences.size(count)} {'waits' if count == 1 else 'wait'} in the receive buffer{also}"
            if came.ended:
                return "the other side has finished sending, and recv can report it"
            return "something has arrived"
        return "its send buffer has room"

    def unknown(self, event: Event) -> list[dict[str, Any]]:
        """A call without an explanation."""
        if event.call in BORING or self.steps == 0 or event.does in ("start", "copy", "pipe", "option"):
            return []
        failed = f", which fails with {event.error}" if event.error else ""
        return [self.step(event, f"The program makes another system call, {event.call}{failed}.", event.call)]
