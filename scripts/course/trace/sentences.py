"""The sentence that a reader reads at each step: what happens, and why."""

from collections.abc import Iterable
from typing import Optional

# What the library calls what the kernel calls otherwise. A program in another language is told in the kernel's words.
LIBRARY = {"epoll_wait": "select()", "epoll_pwait": "select()", "epoll_pwait2": "select()", "accept4": "accept", "recvfrom": "recv",
           "sendto": "send", "add": "register_", "modify": "modify", "remove": "unregister"}
SYSTEM = {"recvfrom": "recv", "sendto": "send", "accept4": "accept", "pselect6": "select", "add": "epoll_ctl (add)",
          "modify": "epoll_ctl (modify)", "remove": "epoll_ctl (remove)"}

WHY = {
    "EAGAIN": "The call would have to wait, and the socket is non-blocking",
    "ECONNRESET": "The other side has reset the connection: it was cut off, not closed in order",
    "EPIPE": "The other side has closed the connection, so nobody will ever read this",
    "ECONNREFUSED": "No program listens at that address",
    "EINPROGRESS": "The connection is not established yet, and the program does not wait for it",
    "EMFILE": "The program has no free descriptor left",
    "EADDRINUSE": "Another socket already uses this address",
    "ECONNABORTED": "The client disconnected before it was accepted",
    "ENOTCONN": "The socket is not connected any more",
    "EBADF": "There is no such descriptor: it has already been closed",
    "ETIMEDOUT": "The other side has not answered for too long",
    "EINTR": "A signal interrupted the call",
}


def listed(words: Iterable[str]) -> str:
    """One, two and three."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def size(count: int) -> str:
    """So many bytes."""
    return "1 byte" if count == 1 else f"{count:,} bytes"


def clients(count: int) -> str:
    """How many clients wait."""
    return "1 client waits" if count == 1 else f"{count:,} clients wait"


def ways(of: Iterable[str]) -> str:
    """What is watched for."""
    return listed({"read": "reading", "write": "writing"}.get(way, way) for way in of) or "nothing"


def failed(call: str, name: str, error: str) -> str:
    """A call that did not do what it was asked for."""
    why = WHY.get(error)
    on = f" on {name}" if name else ""
    return f"{call}{on} fails with {error}." + (f" {why}." if why else "")


def accepted(call: str, client: str, fd: int, left: int) -> str:
    """A new connection."""
    more = f" {left} more {'waits' if left == 1 else 'wait'} there." if left else ""
    return f"{call} takes {client} out of the backlog and returns a new socket for it, descriptor {fd}.{more}"


def would_block(call: str, name: str) -> str:
    """A socket that does not block, and a call that would have to wait."""
    empty = {"accept": "No client is waiting in the backlog", "recv": f"Nothing has arrived from {name}",
             "send": f"The send buffer of {name} is full"}.get(call, "There is nothing to do now")
    return f"{empty}. The socket is non-blocking, so {call} fails with EAGAIN at once instead of sleeping."


def received(call: str, name: str, count: int, left: int) -> str:
    """Bytes."""
    rest = f", where {size(left)} {'stays' if left == 1 else 'stay'} for the next call." if left else ", which is empty now."
    return f"{call} takes {size(count)} from {name} out of the receive buffer{rest}"


def the_end(call: str, name: str) -> str:
    """No bytes."""
    return (f"{call} returns 0 bytes: {name} has finished sending, and everything that it sent has been read. "
            f"{call} does not say whether {name} still reads what we send.")


def sent(call: str, name: str, count: int, asked: int) -> str:
    """Bytes that the kernel has taken."""
    if count < asked:
        return (f"{call} takes only {count:,} of {size(asked)}: {name} reads too slowly, and the send buffer is full. "
                "The program has to keep the rest.")
    return f"{call} hands {size(count)} for {name} to the kernel, which delivers them while the program goes on."


def waits(call: str, timeout: Optional[float], nobody: bool) -> str:
    """A wait in which the program sleeps."""
    long = "until something is" if timeout is None else f"until something is, or {timeout:g} s has passed"
    return (f"{call}: nothing in the bag is ready, so the program sleeps inside this call {long}. Sleeping uses no CPU time."
            if not nobody else f"{call}: the program sleeps for {timeout or 0:g} s.")


def woke(call: str, ready: list[tuple[str, str]]) -> str:
    """A wait that brought something. `ready` names each, and says why."""
    if len(ready) == 1:
        return f"{call} returns: {ready[0][0]} is ready, because {ready[0][1]}."
    names = listed(name for name, _ in ready[:5]) + (f" and {len(ready) - 5} more" if len(ready) > 5 else "")
    return f"{call} returns a batch of {len(ready)}: {names}."


def closed(name: str, unread: int, unsent: bool, there_ended: bool) -> str:
    """The end of a connection, from our side. `name` is who is at the other end."""
    if unread:
        were = "was" if unread == 1 else "were"
        return (f"close: {size(unread)} from {name} {were} never read, so the kernel resets the connection, and {name} may lose "
                "bytes that were sent to it before.")
    how = (", which had already finished sending: now both directions have ended." if there_ended else
           f". Once {name} has read everything, its recv returns 0 bytes.")
    return f"close ends the connection to {name}{how}" + (" What was sent before still arrives." if unsent else "")
