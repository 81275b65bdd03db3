"""Clients in which every turn of the server is the same, however fast the machine: it is stopped while all of them speak,
and goes on when all that they said waits for it. Nothing here is timed."""

import selectors
import socket
from collections.abc import Sequence

from course.servers import Failed, Server

SPEAKERS = 4
MESSAGE = 64
MESSAGES_AT_ONCE = 4


def connect(server: Server, count: int, at_once: int = 1) -> list[socket.socket]:
    """Makes this many connections, one at a time so that each costs the same. The server holds all of them when this returns."""
    clients: list[socket.socket] = []
    while len(clients) < count:
        for _ in range(min(at_once, count - len(clients))):
            clients.append(socket.create_connection(("127.0.0.1", server.port), timeout=5))
            clients[-1].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what is said goes out when it is said
        server.wait_for_connections(len(clients))
    server.wait_until_asleep()  # some hold a connection before they know whose it is
    return clients


def close_orderly(clients: Sequence[socket.socket]) -> None:
    """Half-closes each connection, waits until the server closes it too, and closes it, so that none is reset."""
    for client in clients:
        client.shutdown(socket.SHUT_WR)
    for client in clients:
        try:
            more = client.recv(4096)
        except socket.timeout:
            raise Failed("it does not close after a client's end") from None
        if more:
            raise Failed(f"it has sent {len(more)} bytes more than it was to")
        client.close()


def hear(clients: Sequence[socket.socket], count: int) -> list[bytes]:
    """What each has received once all of them together have received this many bytes."""
    heard = [b""] * len(clients)
    with selectors.DefaultSelector() as selector:
        for place, client in enumerate(clients):
            selector.register(client, selectors.EVENT_READ, place)
        while count > 0:
            ready = selector.select(2)
            if not ready:
                raise Failed("it does not answer: nothing came for two seconds")
            for key, _ in ready:
                part = clients[key.data].recv(65536)
                if not part:
                    raise Failed("it has closed a connection")
                heard[key.data] += part
                count -= len(part)
    return heard


def ask(clients: Sequence[socket.socket], message: bytes) -> None:
    """Each connection asks once, and all are answered."""
    for client in clients:
        client.sendall(message)
    if any(answer != message for answer in hear(clients, len(clients) * len(message))):
        raise Failed("other bytes came back than were sent")


def echo(server: Server, count: int, turns: int, size: int = MESSAGE) -> None:
    """So many turns: each connection asks once, and all are answered. A message fits into the window of a new connection."""
    clients = connect(server, count)
    message = b"m" * size
    stop = count > 1 or size > 4096  # one client alone finds it waiting anyway
    for _ in range(turns):
        if stop:
            server.freeze()
        for client in clients:
            client.sendall(message)
        if stop:
            server.thaw()
        if any(answer != message for answer in hear(clients, count * size)):
            raise Failed("other bytes came back than were sent")
    close_orderly(clients)


def deliveries(members: int) -> int:
    """Messages that a member hears, all members together, of one turn of the chat."""
    return SPEAKERS * MESSAGES_AT_ONCE * (members - 1)


def speech(speaker: int, turn: int) -> bytes:
    """What a speaker says in a turn. Each byte tells in its two highest bits whose it is, and in the others, together with
    its neighbours, where it stands."""
    return bytes(speaker << 6 | (turn * 7 + i * i) % 61 for i in range(MESSAGES_AT_ONCE * MESSAGE))


def chat(server: Server, members: int, turns: int) -> None:
    """So many turns: four members say four messages each at once, and all the others hear them."""
    clients = connect(server, members)
    not_of = [bytes(byte for byte in range(256) if byte >> 6 != speaker) for speaker in range(SPEAKERS)]
    for turn in range(turns):
        said = [speech(speaker, turn) for speaker in range(SPEAKERS)]
        server.freeze()
        for speaker, words in enumerate(said):
            clients[speaker].sendall(words)  # in one piece: the kernel would keep the second until the first is acknowledged
        server.thaw()
        for member, heard in enumerate(hear(clients, deliveries(members) * MESSAGE)):
            for speaker, words in enumerate(said):
                if heard.translate(None, not_of[speaker]) != (b"" if speaker == member else words):
                    raise Failed(f"member {member} hears speaker {speaker} wrongly in turn {turn + 1}")
    close_orderly(clients)
