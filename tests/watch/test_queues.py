"""How many bytes wait in sockets, as the kernel lists them."""

import socket
import tempfile
import unittest
from pathlib import Path

from watched import wait_until

from course.trace.event import Queue
from course.watching.queues import address, waiting


def between(first: socket.socket, second: socket.socket) -> list[Queue]:
    """What the kernel lists about the first of two ends."""
    name, other = (f"127.0.0.1:{each.getsockname()[1]}" for each in (first, second))
    return [queue for queue in waiting({first.getsockname()[1]}) if (queue.local, queue.peer) == (name, other)]


class Queues(unittest.TestCase):
    """Against this machine's own kernel."""

    def setUp(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.port = self.listener.getsockname()[1]

    def backlog(self) -> int:
        """How many clients wait."""
        return next(queue.receive for queue in waiting({self.port}) if queue.peer == "0.0.0.0:0")

    def test_backlog(self) -> None:
        self.assertEqual(self.backlog(), 0)
        with socket.create_connection(("127.0.0.1", self.port)), socket.create_connection(("127.0.0.1", self.port)):
            wait_until("two clients in the backlog", lambda: self.backlog() == 2)
            self.listener.accept()[0].close()
            self.assertEqual(self.backlog(), 1)

    def test_the_end_of_input_does_not_count_as_a_byte(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            server, _ = self.listener.accept()
            with server:
                client.sendall(b"hello")
                wait_until("5 bytes", lambda: [queue.receive for queue in between(server, client)] == [5])
                client.shutdown(socket.SHUT_WR)
                wait_until("an end that was acknowledged", lambda: [queue.send for queue in between(client, server)] == [0])
                self.assertEqual([queue.receive for queue in between(server, client)], [5])
                server.recv(2)
                self.assertEqual([queue.receive for queue in between(server, client)], [3])
                server.recv(10)
                server.recv(10)
                self.assertEqual([queue.receive for queue in between(server, client)], [0])

    def test_addresses(self) -> None:
        if socket.htons(1) != 1:  # as a little-endian machine writes them
            self.assertEqual(address("0100007F:1CAE"), "127.0.0.1:7342")
            self.assertEqual(address("00000000000000000000000001000000:1CAE"), "[::1]:7342")
            self.assertEqual(address("0000000000000000FFFF00000100007F:1CAE"), "[::ffff:127.0.0.1]:7342")

    def test_malformed_lines_are_ignored(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            good = "   0: 0100007F:1CAE 00000000:0000 0A 00000000:00000003 00:00000000 00000000 0 0 1"
            bad = "1: 0100007F:1CAE\n2: x:1CAE y:1 z\n\nnothing: \n: :1CAE :1CAE 01 q:q\n"
            Path(folder, "tcp").write_text(f"the first line\n{good}\n{bad}")
            self.assertEqual([queue.receive for queue in waiting({7342}, Path(folder))], [3])
        self.assertEqual(waiting({7342}, Path("/no/such/folder")), [])
