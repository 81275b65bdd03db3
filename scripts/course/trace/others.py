"""What other programs of the same trace do to the main program: they are the clients, or the server, at the other
end of its connections."""

from typing import Any, Optional

from course.trace import sentences
from course.trace.event import Event, port
from course.trace.machine import Connection, Socket, plain
from course.trace.state import State

RECORDER = "record"  # of tests/record; what it does by its own hand is what somebody does with nc
PLAYED = (RECORDER, "pitfall")


def first_line(text: str) -> str:
    """The first line of what was printed, and how many more there are."""
    first, *more = plain(text).strip("\n").split("\n")
    return first + (f" (and {len(more)} more line{'s' if len(more) > 1 else ''})" if more else "")


class Others(State):
    """Keeps the other ends of the program's connections."""

    def __init__(self, main: Optional[int], course: bool) -> None:
        super().__init__(main, course)
        self.clients = 0
        self.ends: dict[tuple[int, int], Connection] = {}  # by process and descriptor of the other side
        self.by_port: dict[int, Connection] = {}  # by the port of the other side
        self.sitting: dict[str, str] = {}  # at which terminal a client sits
        self.queued: list[Connection] = []  # connected, and not accepted
        self.held: list[dict[str, Any]] = []  # printed by others, and not shown yet

    def listener(self, address: str) -> Optional[Socket]:
        """The socket of the program that listens at an address."""
        return next((each for each in self.sockets.values()
                     if each.kind == "listening" and port(self.local.get(each.fd, "")) == port(address)), None)

    def new_client(self) -> Connection:
        """The next client; they are counted as they come."""
        self.clients += 1
        return Connection(f"client {self.clients}")

    def end_of(self, event: Event) -> Optional[Connection]:
        """The connection at whose other end an event happens."""
        key = (event.process, -1 if event.descriptor is None else event.descriptor)
        found = self.ends.get(key)
        if event.ports:
            # The other side is a client, or the server to which the program has connected.
            client, server = (self.by_port.get(number) for number in event.ports)
            ours = client if client and client.accepted else server if server and not server.accepted else None
            if not found and ours and self.owner(ours):
                found = self.ends[key] = ours
                ours.traced = True
            if found and not found.port and found.name.startswith("client"):
                found.port = event.ports[0]
                self.by_port[found.port] = found
        return found

    def owner(self, connection: Connection) -> Optional[Socket]:
        """The program's socket of a connection."""
        return next((each for each in self.sockets.values() if each.connection is connection), None)

    def other(self, event: Event) -> list[dict[str, Any]]:
        """An event of another program."""
        if event.does == "start" and event.value == 0 and event.program not in (*PLAYED, "sh"):
            self.terminal(event.program, event.process)
        if event.does == "fork" and event.value and event.process in self.terminal_of and "CLONE_THREAD" in event.arguments:
            self.terminal_of[event.value] = self.terminal_of[event.process]
        if event.does == "connect":
            return self.other_connects(event)
        if event.does == "accept":
            return self.other_accepts(event)
        if event.end is None or event.error:
            return []
        if event.does == "send" and event.descriptor in (1, 2) and event.process in self.terminal_of:
            return self.other_prints(event)
        if event.does == "receive" and event.descriptor == 0 and event.process in self.terminal_of and event.value:
            name = self.terminal_of[event.process]
            text = plain(event.bytes)
            return [self.step(event, f"Somebody types at the terminal of {name}.", "typing", name, self.prints(name, text, True))]
        end = self.end_of(event)
        if not end:
            return []
        socket = self.owner(end)
        self.touch(socket.fd if socket else None)
        actions = {"send": self.other_sends, "receive": self.other_receives, "shutdown": self.other_ends, "close": self.other_ends}
        if event.call == "setsockopt" and "SO_LINGER" in event.arguments and "l_onoff=1" in event.arguments:
            end.lingers = False
        return actions[event.does](event, end) if event.does in actions else []

    def other_terminal(self, event: Event, end: Connection) -> str:
        """Where what is received at the other end is read."""
        return self.terminal_of.get(event.process, end.name)

    def other_connects(self, event: Event) -> list[dict[str, Any]]:
        """A client comes: the kernel completes the connection, whether or not the program accepts it."""
        listener = self.listener(event.address)
        key = (event.process, -1 if event.descriptor is None else event.descriptor)
        if not listener or key in self.ends and self.ends[key] in self.queued or event.error not in ("", "EINPROGRESS"):
            return []
        if event.end is not None and key in self.ends and not self.ends[key].accepted and not event.result:
            return []
        connection = self.new_client()
        connection.traced = True
        self.ends[key] = connection
        if event.process in self.terminal_of:
            self.sitting.setdefault(self.terminal_of[event.process], connection.name)
        else:
            self.terminals.append(connection.name)
        self.queued.append(connection)
        listener.waiting.append(connection)
        self.touch(listener.fd)
        sleeps = self.notices(listener.fd)
        return [self.step(event, f"{connection.name} connects. The kernel completes the connection on its own and puts it into the "
                                 f"backlog. {sleeps}", "connect", connection.name)]

    def notices(self, fd: int) -> str:
        """Whether the program gets to know that something has come for a descriptor."""
        if self.program.get("call") == "stopped":
            return "The program is stopped and does not notice."
        if not self.asleep:
            return "The program is busy and has not noticed yet."
        if self.asleep.does == "wait" and "read" in self.bag.watched.get(fd, ()) or self.asleep.descriptor == fd:
            return "That wakes the program."
        return "The program goes on sleeping, because it waits for something else."

    def other_accepts(self, event: Event) -> list[dict[str, Any]]:
        """A server outside the recording accepts a connection of the program."""
        connection = self.by_port.get(port(event.address))
        if not event.made or not connection:
            return []
        connection.traced = True
        self.ends[(event.process, event.made[0])] = connection
        owner = self.owner(connection)
        self.touch(owner.fd if owner else None)
        return [self.step(event, f"The server accepts {connection.name}.", "accept", "server")]

    def other_sends(self, event: Event, end: Connection) -> list[dict[str, Any]]:
        """Bytes come."""
        count = event.value or 0
        end.ours.put(count, event.bytes)
        name = self.speaker(end)
        owner = self.owner(end)
        where = ("They wait" if count != 1 else "It waits") + " in the receive buffer" + (
            f". {self.notices(owner.fd)}" if owner else ": the kernel takes bytes even for a connection that is not accepted yet.")
        if not owner and end not in self.queued:
            where = "Nobody will read that, because the program has closed its socket."
        prints = [] if event.process in self.terminal_of else self.prints(name, plain(event.bytes), True)
        return [self.step(event, f"{name} sends {sentences.size(count)}. {where}", "send", name, prints)]

    def speaker(self, end: Connection) -> str:
        """What the other end is called."""
        return "the server" if end.name.startswith("connection") else end.name

    def other_receives(self, event: Event, end: Connection) -> list[dict[str, Any]]:
        """What the program has sent is read."""
        count = event.value or 0
        end.theirs.take(count)
        end.full = False
        if event.process in self.terminal_of:
            return []  # that program prints what it makes of it
        name = self.speaker(end)
        if not count:
            return [self.step(event, f"{name} reads 0 bytes: the program has finished sending.", "recv", name)]
        return [self.step(event, f"{name} reads {sentences.size(count)}.", "recv", name, self.prints(name, plain(event.bytes)))]

    def other_ends(self, event: Event, end: Connection) -> list[dict[str, Any]]:
        """No more bytes will come, or the other end is gone altogether."""
        name = self.speaker(end)
        if event.does == "close":
            self.ends.pop((event.process, -1 if event.descriptor is None else event.descriptor), None)
            if end.reset or not self.owner(end) and end not in self.queued:
                return []
            if not end.lingers:
                end.reset = True
                return [self.step(event, f"{name} resets the connection: it is cut off at once, in both directions.", "reset", name)]
            first, end.ours.ended = not end.ours.ended, True
            if not first:
                return [self.step(event, f"{name} closes its socket. From now on it does not read either.", "close", name)]
            return [self.step(event, f"{name} closes its socket. Once the program has read everything, recv returns 0 bytes.", "close", name)]
        if end.ours.ended or "SHUT_RD" in event.arguments and "SHUT_RDWR" not in event.arguments:
            return []
        end.ours.ended = True
        return [self.step(event, f"{name} half-closes: it has finished sending, but it can still read.", "shutdown", name)]

    def other_prints(self, event: Event) -> list[dict[str, Any]]:
        """A line on another terminal."""
        name = self.terminal_of[event.process]
        return [self.step(event, f"{name} prints: {first_line(event.bytes)}", "print", name, self.prints(name, plain(event.bytes)))]
