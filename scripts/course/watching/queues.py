"""How much waits in the buffers of sockets, as Linux says in /proc/net/tcp and /proc/net/tcp6.

A line of these files has, after its number: the socket's own address, the other side's, its state, and the sizes of its queues.
The send queue is what the other side has not acknowledged, the receive queue what the program has not read; of a listening
socket the latter is how many clients wait to be accepted."""

import os
import socket
import struct
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

from course.trace.event import Queue

FIN_WAIT1, TIME_WAIT, CLOSE, CLOSE_WAIT, LAST_ACK, CLOSING = 4, 6, 7, 8, 9, 11
SYN_SENT = 2
# The end of the input takes a place in the queue, as if it were a byte, until it was read; so does our own until it is
# acknowledged, and so does the wish to connect.
ONE_RECEIVED = (CLOSE_WAIT, LAST_ACK, CLOSING)
ONE_SENT = (SYN_SENT, FIN_WAIT1, LAST_ACK, CLOSING)


@lru_cache(maxsize=4096)
def address(text: str) -> str:
    """An address as strace writes it, of 0100007F:1CAE or the longer form for IPv6."""
    number, _, port = text.partition(":")
    words = struct.pack(f"={len(number) // 8}I", *(int(number[at:at + 8], 16) for at in range(0, len(number), 8)))
    if len(words) == 4:
        return f"{socket.inet_ntop(socket.AF_INET, words)}:{int(port, 16)}"
    return f"[{socket.inet_ntop(socket.AF_INET6, words)}]:{int(port, 16)}"


def queue(line: str) -> Queue:
    """What a line says of a socket."""
    fields = line.split()
    state = int(fields[3], 16)
    send, receive = (int(number, 16) for number in fields[4].split(":"))
    return Queue(address(fields[1]), address(fields[2]),
                 max(0, receive - (state in ONE_RECEIVED)), max(0, send - (state in ONE_SENT)))


def waiting(ports: Collection[int], folder: Path = Path("/proc/self/net")) -> list[Queue]:
    """The queues of all sockets that have one of these ports on either side."""
    wanted = {f"{port:04X}" for port in ports}
    found = []
    for name in ("tcp", "tcp6"):
        try:
            lines = (folder / name).read_text(encoding="ascii", errors="replace").splitlines()[1:]
        except OSError:  # no IPv6, or the process has gone
            continue
        for line in lines:
            own, _, rest = line.partition(": ")[2].partition(" ")
            if own[-4:] in wanted or rest.partition(" ")[0][-4:] in wanted:
                try:
                    if int(rest.split(None, 2)[1], 16) not in (TIME_WAIT, CLOSE):
                        found.append(queue(line))
                except (ValueError, IndexError, struct.error):  # not a line of this kind
                    continue
    return found


def network_of(process: int) -> Path:
    """Where the sockets of a process are listed: in a container of its own they are not among ours."""
    folder = Path(f"/proc/{process}/net")
    return folder if process and os.access(folder / "tcp", os.R_OK) else Path("/proc/self/net")
