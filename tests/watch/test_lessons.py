"""The programs of the seven lessons are watched."""

import signal
import socket
from typing import Any

from watched import PATIENCE, Case, Watched, lesson


class Lessons(Case):
    """Each program is started, talked to, and ended."""

    def server(self, path: str, *more: str) -> Watched:
        """A server at a free port."""
        return self.watch("--no-browser", "--", lesson(path), *more, "localhost", "0")

    def client(self, path: str, listener: socket.socket) -> Watched:
        """A client of a server of ours."""
        return self.watch("--no-browser", "--", lesson(path), "localhost", str(listener.getsockname()[1]))

    def ended(self, watched: Watched, detail: str) -> None:
        """The page must show the end."""
        watched.until("the page shows that the program has ended", lambda: watched.ended)
        self.assertEqual(watched.ended, detail, watched.story())
        self.explained(watched)
        self.assertEqual(sum(step["set"].get("program", {}).get("state") == "ended" for step in watched.steps), 1)

    def interrupted(self, watched: Watched, status: int) -> None:
        """Ctrl-C ends it, and ./learn ends as the program has."""
        watched.says("sleeps")
        watched.interrupt()
        self.assertEqual(watched.wait(), status, watched.story())
        self.ended(watched, f"status {status}" if status >= 0 else f"killed by {signal.Signals(-status).name}")

    def line(self, watched: Watched, step: dict[str, Any], file: str, text: str) -> None:
        """A step points at a line of the program's source."""
        self.assertEqual(step["place"]["file"], file, watched.story())
        self.assertIn(text, watched.sources[file].splitlines()[step["place"]["line"] - 1])

    def test_01(self) -> None:
        watched = self.server("01-blocking-accept/blocking-accept")
        watched.shows("socket/3", kind="listening")
        watched.shows("program", state="asleep", call="accept")
        with watched.client():
            step = watched.says("^accept .*client 1")
            self.line(watched, step, "01-blocking-accept/blocking-accept.cpp", "accept")
            watched.shows("socket/5", kind="connected", name="client 1")

    def test_02_and_03(self) -> None:
        for path in ("02-selector-accept/selector-accept", "03-callbacks/callbacks"):
            with self.subTest(path=path):
                watched = self.server(path)
                watched.shows("bag", kind="epoll")
                watched.until("the listener in the bag", lambda watched=watched: any(
                    step["set"].get(f"bag/{fd}") for step in watched.steps for fd in range(3, 9)))
                watched.prints("port")
                with watched.client():
                    watched.says("^accept .*client 1")

    def test_04(self) -> None:
        watched = self.server("04-echo-server/echo-server")
        watched.shows("bag", kind="epoll")
        with watched.client() as client:
            client.sendall(b"hello\n")
            self.assertEqual(client.recv(100), b"hello\n")
            step = watched.says("^recv .*6 bytes")
            self.line(watched, step, "04-echo-server/echo-server.cpp", "recv")
            watched.says("^send .*6 bytes")
            watched.prints("hello")
        watched.says("^close .*client 1")

    def test_05(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            watched = self.client("05-echo-client/echo-client", listener)
            listener.settimeout(PATIENCE)
            server, _ = listener.accept()
            with server:
                server.settimeout(PATIENCE)
                watched.shows("bag", kind="epoll")
                received = server.recv(1000)
                self.assertNotEqual(received, b"")
                server.sendall(received)
                watched.says("^recv ")
            self.assertTrue(watched.until("the client ends", lambda: watched.ended), watched.story())

    def test_06(self) -> None:
        watched = self.server("06-multiconn/multiconn-server")
        with watched.client() as first, watched.client() as second:
            for client in (first, second):
                client.sendall(b"hello\n")
                self.assertEqual(client.recv(100), b"hello\n")
            watched.says("^accept .*client 2")
            watched.prints("echoing")
            watched.shows("socket/9", name="client 2", kind="connected")
            watched.shows("bag/9", name="client 2")
        self.interrupted(watched, 0)

    def test_06_bytes_wait(self) -> None:
        watched = self.server("06-multiconn/multiconn-server")
        with watched.client() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.settimeout(1)
            sent = 0
            try:
                while sent < 64_000_000:  # it never reads, so that in the end its bytes wait on both sides
                    sent += client.send(bytes(65536))
            except socket.timeout:
                pass
            watched.until("bytes that wait to be received", lambda: any(
                value and value.get("receive", {}).get("bytes", 0) for step in watched.steps
                for key, value in step["set"].items() if key.startswith("socket/")))
            watched.until("bytes that wait to be sent", lambda: any(
                value and value.get("send", {}).get("bytes", 0) for step in watched.steps for key, value in step["set"].items()
                if key.startswith("socket/")))

    def test_07(self) -> None:
        watched = self.server("07-chat/chat-server")
        with watched.client() as ann, watched.client() as bob:
            watched.says("^accept .*client 2")
            ann.sendall(b"hello bob\n")
            self.assertEqual(bob.recv(100), b"hello bob\n")
            watched.says("^send .*10 bytes.*client 2")
        self.interrupted(watched, 0)

    def test_07_client_with_typed_input(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            watched = self.client("07-chat/chat-client", listener)
            listener.settimeout(PATIENCE)
            server, _ = listener.accept()
            with server:
                server.settimeout(PATIENCE)
                assert watched.process.stdin
                watched.process.stdin.write(b"typed\n")
                watched.process.stdin.flush()
                self.assertEqual(server.recv(100), b"typed\n")
                step = watched.prints("typed")
                self.assertTrue(step["prints"][0].get("typed"), watched.story())
                watched.process.stdin.close()
                self.assertEqual(server.recv(100), b"")
            self.assertTrue(watched.until("the client ends", lambda: watched.ended), watched.story())
            self.ended(watched, "status 0")
