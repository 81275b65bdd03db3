"""What the program itself does, call by call; for each kind of call, how the machine changes, and the sentence."""

from typing import Any, Optional

from course.trace import sentences
from course.trace.event import Event, Watched, port
from course.trace.machine import Connection, Socket, plain
from course.trace.others import Others, first_line

LONG_LINE = 200
EMPTY_BAG = "The program creates its bag of sockets, which lives in the kernel (epoll). It is still empty."


class Calls(Others):
    """A method for each thing that an event can do; each returns the steps that it leads to."""

    def __init__(self, main: Optional[int], course: bool) -> None:
        super().__init__(main, course)
        self.connections = 0
        self.half_made: list[int] = []  # the ends of pipes that nobody watches yet
        self.half_line: Optional[Event] = None  # printed without the end of the line
        self.new_bag: Optional[Event] = None  # made, and not used yet

    def socket_of(self, event: Event) -> Optional[Socket]:
        """The socket that an event is about; one that was there before we looked is met now."""
        fd = event.descriptor
        if fd is None or event.file is None or event.file.kind not in ("tcp", "unix", "udp"):
            return self.sockets.get(-1 if fd is None else fd)
        if event.file.local:
            self.local[fd] = event.file.local
        socket = self.sockets.get(fd)
        if not socket or not socket.key.startswith("socket"):
            connection = Connection(f"socket {fd}") if event.file.peer else None
            socket = self.sockets[fd] = Socket(fd, f"socket {fd}", "connected" if connection else "new", connection=connection)
        if event.file.peer:
            socket.address = event.file.peer
            self.know_port(socket, port(event.file.local) if socket.name.startswith("connection") else port(event.file.peer))
        self.touch(fd)
        return socket

    def know_port(self, socket: Socket, number: int) -> None:
        """By that port other programs of the trace find the connection."""
        if socket.connection and number and not socket.connection.port:
            socket.connection.port = number
            self.by_port[number] = socket.connection

    def on_make(self, event: Event) -> list[dict[str, Any]]:
        """socket"""
        if not event.made or event.file is None or event.file.kind not in ("tcp", "unix"):
            return []
        fd = event.made[0]
        self.sockets[fd] = Socket(fd, f"socket {fd}", blocks="SOCK_NONBLOCK" not in event.arguments)
        self.touch(fd)
        return [self.step(event, f"socket creates a new socket, descriptor {fd}. It is not connected to anything yet.", "socket")]

    def on_bind(self, event: Event) -> list[dict[str, Any]]:
        """bind"""
        socket = self.socket_of(event)
        if event.error:
            return [self.step(event, sentences.failed("bind", event.address, event.error), "bind")]
        if not socket:
            return []
        socket.address = event.address
        return [self.step(event, f"bind gives the socket an address, {event.address}. Clients will connect to it.", "bind")]

    def on_listen(self, event: Event) -> list[dict[str, Any]]:
        """listen"""
        socket = self.socket_of(event)
        if not socket or event.error:
            return []
        limit = event.arguments.rpartition(", ")[2]
        socket.kind, socket.name, socket.limit = "listening", "listener", int(limit) if limit.isdigit() else 0
        socket.address = self.local.get(socket.fd, socket.address)
        return [self.step(event, f"listen makes it a listening socket: clients can connect now, and up to {limit} of them can wait in the backlog.",
                          "listen")]

    def on_option(self, event: Event) -> list[dict[str, Any]]:
        """fcntl, setsockopt, getsockopt"""
        socket = self.socket_of(event)
        if not socket or not socket.key.startswith("socket"):
            return []
        if event.call == "fcntl" and "F_SETFL" in event.arguments or event.call == "ioctl" and "FIONBIO" in event.arguments:
            blocks = "O_NONBLOCK" not in event.arguments and "FIONBIO, [1]" not in event.arguments
            if blocks != socket.blocks:
                socket.blocks = blocks
                how = "blocks: the program sleeps until the call can finish" if blocks else "returns at once instead of sleeping"
                return [self.step(event, f"From now on, a call on {self.called(socket.fd)} that would have to wait {how}.",
                                  "setblocking")]
        if "SO_ERROR" in event.arguments and socket.kind == "connecting":
            ok = "[0]" in event.arguments
            socket.kind = "connected" if ok else "new"
            return [self.step(event, f"getsockopt asks how the attempt to connect has ended: {socket.name} "
                                     + ("is established." if ok else "has failed."), "take_error")]
        return []

    def on_connect(self, event: Event) -> list[dict[str, Any]]:
        """connect"""
        socket = self.socket_of(event)
        if not socket or event.file is None or event.file.kind != "tcp" or socket.connection and socket.kind == "connected":
            return []
        if not socket.connection:
            self.connections += 1
            socket.name = f"connection {self.connections}"
            socket.connection = Connection(socket.name)
        socket.address = event.address
        if event.error == "EINPROGRESS":
            socket.kind = "connecting"
            return [self.step(event, f"connect starts {socket.name} to {event.address} and does not wait for the answer.", "connect")]
        if event.error:
            return [self.step(event, sentences.failed("connect", event.address, event.error), "connect")]
        socket.kind = "connected"
        return [self.step(event, f"connect succeeds: {socket.name} to {event.address} is established.", "connect")]

    def on_accept(self, event: Event) -> list[dict[str, Any]]:
        """accept"""
        call = "accept"
        self.bag.serve(-1 if event.descriptor is None else event.descriptor)
        listener = self.socket_of(event)
        self.program = {"state": "running"}
        if not listener:
            return []
        if event.error == "EAGAIN":
            return [self.step(event, sentences.would_block(call, listener.name), call)]
        if event.error or not event.made:
            return [self.step(event, sentences.failed(call, listener.name, event.error), call)]
        number, fd = port(event.address), event.made[0]
        connection = self.by_port.get(number) if number else None
        if connection is None or connection.accepted:
            connection = next((one for one in self.queued if not one.port), None) or self.new_client()
        if connection in self.queued:
            self.queued.remove(connection)
        if connection in listener.waiting:
            listener.waiting.remove(connection)
        listener.sampled = max(0, listener.sampled - 1)
        connection.accepted, connection.port = True, number
        self.by_port[number] = connection
        self.sockets[fd] = Socket(fd, connection.name, "connected", event.address, blocks="SOCK_NONBLOCK" not in event.arguments,
                                  connection=connection)
        self.local[fd] = self.local.get(listener.fd, "")
        self.touch(fd)
        left = max(len(listener.waiting), listener.sampled)
        return [self.step(event, sentences.accepted(call, connection.name, fd, left), call)]

    def on_receive(self, event: Event) -> list[dict[str, Any]]:
        """recv, read"""
        self.bag.serve(-1 if event.descriptor is None else event.descriptor)
        socket = self.socket_of(event)
        if not socket or not socket.key.startswith("socket"):
            return self.read(event)
        self.program = {"state": "running"}
        count, name = event.value or 0, socket.name
        if event.error == "EAGAIN":
            return [self.step(event, sentences.would_block("recv", name), "recv")]
        if event.error:
            if socket.connection and event.error == "ECONNRESET":
                socket.connection.reset = True
            return [self.step(event, sentences.failed("recv", name, event.error), "recv")]
        came = socket.connection.ours if socket.connection else None
        if not count:
            if came:
                came.ended = True
            return [self.step(event, sentences.the_end("recv", self.speaker(socket.connection) if socket.connection else name), "recv")]
        left = 0
        if came:
            came.take(count)
            if came.sampled is not None:
                came.sampled = max(0, came.sampled - count)
            left = came.bytes or came.sampled or 0
        return [self.step(event, sentences.received("recv", name, count, left), "recv")]

    def read(self, event: Event) -> list[dict[str, Any]]:
        """What is no socket: the keyboard, or a pipe."""
        terminal = self.terminal_of.get(self.main or 0, "")
        if event.descriptor == 0 and not event.error:
            self.program = {"state": "running"}
            if not event.value:
                return [self.step(event, "read returns 0 bytes: there is no more input (Ctrl-D).", "read")]
            return [self.step(event, f"read returns what was typed: {sentences.size(event.value)}.", "read",
                              prints=self.prints(terminal, plain(event.bytes), True))]
        if event.descriptor in self.bag.watched and event.value and event.value > 0:
            return [self.step(event, f"read empties {self.called(event.descriptor)}: {sentences.size(event.value)}.", "read")]
        return []

    def on_send(self, event: Event) -> list[dict[str, Any]]:
        """send, write"""
        if event.descriptor in (1, 2):
            return self.printed(event)
        socket = self.socket_of(event)
        if not socket or not socket.key.startswith("socket"):
            if event.descriptor in self.half_made and not event.error:
                return [self.step(event, f"The program writes {sentences.size(event.value or 0)} into a pipe whose other end is in the bag. "
                                         "That makes the signal an event like any other.", "write")]
            return []
        self.bag.serve(socket.fd)
        self.program = {"state": "running"}
        if event.error == "EAGAIN":
            if socket.connection:
                socket.connection.full = True
            return [self.step(event, sentences.would_block("send", socket.name), "send")]
        if event.error:
            return [self.step(event, sentences.failed("send", socket.name, event.error), "send")]
        count = event.value or 0
        if socket.connection:
            socket.connection.theirs.put(count, event.bytes)
            socket.connection.full = count < self.asked(event)
        return [self.step(event, sentences.sent("send", self.speaker(socket.connection) if socket.connection else socket.name, count, self.asked(event)), "send")]

    def printed(self, event: Event) -> list[dict[str, Any]]:
        """Something for the terminal. What is no whole line yet is kept until the rest of it comes, or something else."""
        if event.error or not event.value:
            return []
        if self.half_line and self.half_line.descriptor == event.descriptor:
            event.bytes, event.place = self.half_line.bytes + event.bytes, event.place or self.half_line.place
        self.half_line = None
        if not event.bytes.endswith("\\n") and len(event.bytes) < LONG_LINE:
            self.half_line = event
            return []
        return [self.print_step(event)]

    def print_step(self, event: Event) -> dict[str, Any]:
        """What is printed now."""
        terminal = self.terminal_of.get(self.main or 0, event.program or "the program")
        what = "The program prints" if event.descriptor == 1 else "The program reports on standard error"
        return self.step(event, f"{what}: {first_line(event.bytes)}", "print", prints=self.prints(terminal, plain(event.bytes)))

    def rest_of_line(self) -> list[dict[str, Any]]:
        """The beginning of a line that has no end yet."""
        event, self.half_line = self.half_line, None
        return [self.print_step(event)] if event else []

    @staticmethod
    def asked(event: Event) -> int:
        """How many bytes it was to send."""
        parts = event.arguments.rpartition('"')[2].lstrip(".").split(", ")
        return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else event.value or 0

    def on_shutdown(self, event: Event) -> list[dict[str, Any]]:
        """shutdown"""
        socket = self.socket_of(event)
        if not socket or event.error:
            return []
        if socket.connection and "SHUT_RD" not in event.arguments.replace("SHUT_RDWR", ""):
            socket.connection.theirs.ended = True
        return [self.step(event, f"shutdown half-closes {socket.name}: the program has finished sending, but it can still read.", "shutdown")]

    def on_close(self, event: Event) -> list[dict[str, Any]]:
        """close"""
        fd = -1 if event.descriptor is None else event.descriptor
        self.bag.serve(fd)
        socket = self.socket_of(event) if fd in self.sockets else None
        self.sockets.pop(fd, None)
        if self.bag.kind == "epoll":
            self.bag.watched.pop(fd, None)
        if event.file is not None and event.file.kind == "epoll" and self.new_bag:
            self.new_bag = None
            return []
        if event.file is not None and event.file.kind == "epoll" and self.bag.kind == "epoll":
            self.dirty.update(self.bag.watched)
            self.bag.watched.clear()
            self.bag.batch = []
            return [self.step(event, "close closes the bag.", "close")]
        if not socket or not socket.key.startswith("socket"):
            self.touch(fd)
            return []
        self.touch(fd)
        one = socket.connection
        if not one:
            if socket.kind == "listening":
                return [self.step(event, "close closes the listener: no client can connect any more.", "close")]
            return [self.step(event, f"close closes {socket.name}, which was never connected.", "close")]
        unread = one.ours.bytes if one.ours.sampled is None else one.ours.sampled
        one.theirs.ended = True
        if one.reset:
            return [self.step(event, f"close closes the socket of {socket.name}. The connection had already been cut off.",
                              "close")]
        return [self.step(event, sentences.closed(self.speaker(one), unread, one.theirs.bytes > 0, one.ours.ended), "close")]

    def on_bag(self, event: Event) -> list[dict[str, Any]]:
        """epoll_create"""
        if self.words is sentences.LIBRARY:
            self.bag.kind = "epoll"
            return [self.step(event, EMPTY_BAG, "epoll_create")]
        self.new_bag = event  # Python, for example, tries at its start whether it can be made
        return []

    def on_watch(self, event: Event) -> list[dict[str, Any]]:
        """epoll_ctl"""
        if not event.watched:
            return []
        steps, made = [], self.new_bag
        if made:
            self.bag.kind, self.new_bag = "epoll", None
            steps = [self.step(made, EMPTY_BAG, "epoll_create")]
        return steps + self.change(event, event.watched[0])

    def change(self, event: Event, one: Watched) -> list[dict[str, Any]]:
        """A change of the bag."""
        fd, call = one.descriptor, self.words[event.change]
        if event.error:
            return [self.step(event, sentences.failed(call, self.name(fd), event.error), call)]
        self.bag.serve(fd)
        self.touch(fd)
        if event.change == "remove":
            self.bag.watched.pop(fd, None)
            return [self.step(event, f"{call} takes {self.called(fd)} out of the bag.", call)]
        before = self.bag.watched.get(fd)
        self.bag.watched[fd] = [way for way in one.ways if way in ("read", "write")]
        if fd not in self.sockets and one.file is not None:
            self.add(fd, one.file.kind)
        ways = sentences.ways(self.bag.watched[fd])
        if before is None:
            return [self.step(event, f"{call} puts {self.called(fd)} into the bag: the kernel watches it for {ways}.", call)]
        if before == self.bag.watched[fd]:
            return []
        return [self.step(event, f"{call}: from now on {self.called(fd)} is watched for {ways} only." if len(one.ways) == 1 else
                          f"{call}: from now on {self.called(fd)} is watched for {ways}.", call)]

    def add(self, fd: int, kind: str) -> None:
        """Something that is watched and is no socket."""
        name = "signals" if kind == "pipe" and fd in self.half_made else {"pipe": "a pipe", "terminal": "the terminal"}.get(
            kind, f"descriptor {fd}")
        self.sockets[fd] = Socket(fd, "standard input" if fd == 0 else name, "pipe" if kind == "pipe" else "file")

    def on_pipe(self, event: Event) -> list[dict[str, Any]]:
        """pipe"""
        self.half_made += event.made
        return []

    def on_signal(self, event: Event) -> list[dict[str, Any]]:
        """A signal has come."""
        name = event.arguments
        if name == "SIGCHLD":
            return []
        if name in ("SIGSTOP", "SIGTSTP"):
            self.program = {"state": "asleep", "call": "stopped"}
            return [self.step(event, f"Somebody stops the program for a moment, as Ctrl-Z does ({name}). Whatever arrives now has to wait.",
                              name, "kernel")]
        if name == "SIGCONT":
            self.program = {"state": "running"}
            return [self.step(event, "The program continues (SIGCONT).", name, "kernel")]
        self.program = {"state": "running"}
        return [self.step(event, f"Somebody sends the program a signal: {name}.", name, "kernel")]

    def on_end(self, event: Event) -> list[dict[str, Any]]:
        """The process has ended."""
        if event.process != self.main:
            return []
        how = event.arguments
        ending = "status " + how.rpartition(" ")[2] if how.startswith("exited with") else how.partition(" (")[0]
        self.program = {"state": "ended", "detail": ending}
        self.dirty.update(self.sockets)
        self.dirty.update(self.bag.watched)
        self.sockets.clear()
        self.bag.watched.clear()
        self.bag.batch = []
        says = f"The program ends with {ending}." if ending.startswith("status") else f"The program was {ending}."
        return [self.step(event, says, "end")]

    def on_exit(self, event: Event) -> list[dict[str, Any]]:
        """exit_group: the end follows"""
        return []
