"""The servers on Python's selectors."""

import selectors
import signal
import socket
import sys


class Connection:
    """Sends at once, and keeps what the kernel does not accept."""

    __slots__ = ("sock", "server", "rest", "ended", "events")

    def __init__(self, sock, server):
        self.sock = sock
        self.server = server
        self.rest = b""
        self.ended = False
        self.events = selectors.EVENT_READ

    def handle(self, sock, mask):
        if mask & selectors.EVENT_WRITE:
            rest, self.rest = self.rest, b""
            self.send(rest)
        if mask & selectors.EVENT_READ:
            try:
                data = sock.recv(65536)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if data:
                self.server.received(self, data)
            else:
                self.ended = True
        self.settle()

    def send(self, data):
        if not self.rest:
            try:
                sent = self.sock.send(data)
            except BlockingIOError:
                sent = 0
            except OSError:
                return  # gone: its own event will say so
            if sent == len(data):
                return
            data = data[sent:]
        self.rest += data

    def settle(self):
        """Asks for the events that are wanted now; they seldom change."""
        if self.ended and not self.rest:
            self.server.remove(self)
            return
        events = selectors.EVENT_READ if self.server.reads_from(self) else 0
        if self.rest:
            events |= selectors.EVENT_WRITE
        if events != self.events:
            self.events = events
            self.server.selector.modify(self.sock, events, self.handle)


class Server:
    def __init__(self):
        self.selector = selectors.DefaultSelector()
        self.connections = set()

    def serve(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        listener = socket.create_server(("127.0.0.1", 0), backlog=socket.SOMAXCONN)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited by what it accepts
        listener.setblocking(False)
        self.selector.register(listener, selectors.EVENT_READ, self.accept_all)
        print("python listening on 127.0.0.1 port", listener.getsockname()[1], flush=True)
        while True:
            for key, mask in self.selector.select():
                key.data(key.fileobj, mask)

    def accept_all(self, listener, _mask):
        while True:
            try:
                sock = listener.accept()[0]
            except OSError:
                return
            sock.setblocking(False)
            connection = Connection(sock, self)
            self.connections.add(connection)
            self.selector.register(sock, selectors.EVENT_READ, connection.handle)

    def remove(self, connection):
        self.connections.remove(connection)
        self.selector.unregister(connection.sock)
        connection.sock.close()


class EchoServer(Server):
    def received(self, connection, data):
        connection.send(data)

    def reads_from(self, connection):
        """Reads no more from a client that does not read its answers."""
        return not connection.ended and not connection.rest


class ChatServer(Server):
    def received(self, sender, data):
        for connection in self.connections:
            if connection is not sender and not connection.ended:
                connection.send(data)
                if connection.rest:
                    connection.settle()

    def reads_from(self, connection):
        return not connection.ended
