"""Only a browser on this machine that has the address with its token may see the page."""

import contextlib
import http.client
import socket
import sys
import tempfile
from pathlib import Path
from typing import Optional

from watched import PATIENCE, Case

SLEEPS = "import time; print('it runs', flush=True); time.sleep(600)"


class Page(Case):
    """One program, and many requests."""

    def setUp(self) -> None:
        self.watched = self.watch("--no-browser", "--", sys.executable, "-c", SLEEPS)
        self.port, self.token = self.watched.address()
        self.watched.printed("^it runs$")  # from now on a guard ends it, even if ./learn is killed

    def ask(self, path: str, host: Optional[str] = None, method: str = "GET") -> tuple[int, http.client.HTTPMessage, bytes]:
        """Makes a request and returns the answer."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.putrequest(method, path, skip_host=True)
            if host != "":
                connection.putheader("Host", host or f"127.0.0.1:{self.port}")
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, answer.headers, b"" if answer.status == 200 and path.startswith("/steps") else answer.read()

    def test_the_page(self) -> None:
        for host in ("127.0.0.1", "localhost"):
            status, headers, body = self.ask(f"/?token={self.token}", f"{host}:{self.port}")
            self.assertEqual(status, 200)
            self.assertIn(b"<html", body)
            self.assertIn(b'"live": true', body)
            self.assertEqual(headers["Cache-Control"], "no-store")
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
            self.assertIn("connect-src 'self'", headers["Content-Security-Policy"])
            self.assertNotIn("Access-Control-Allow-Origin", headers)

    def test_a_wrong_token(self) -> None:
        for path in ("/", "/?token=", "/?token=wrong", f"/?token={self.token}x", f"/?token={self.token[:-1]}", "/?token=%FF%C3%A4",
                     "/steps", "/steps?from=0", "/steps?token=wrong&from=0", f"/?Token={self.token}",
                     f"/?token=wrong&token={self.token}"):
            with self.subTest(path=path):
                status, headers, body = self.ask(path)
                self.assertEqual(status, 403)
                self.assertNotIn(self.token.encode(), body)
                self.assertIn("default-src 'none'", headers["Content-Security-Policy"])

    def test_a_wrong_host(self) -> None:
        for host in ("", "127.0.0.1", "example.org", f"example.org:{self.port}", f"localhost.example.org:{self.port}",
                     f"localhost:{self.port + 1}", f"[::1]:{self.port}", f"0.0.0.0:{self.port}"):
            with self.subTest(host=host):
                self.assertEqual(self.ask(f"/?token={self.token}", host)[0], 403)

    def test_other_methods(self) -> None:
        for method in ("POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "NONSENSE"):
            with self.subTest(method=method):
                status, headers, _ = self.ask(f"/?token={self.token}", method=method)
                self.assertEqual((status, headers["Allow"]), (405, "GET"))
                self.assertEqual(self.ask("/?token=wrong", method=method)[0], 403)

    def test_other_addresses_and_numbers(self) -> None:
        self.assertEqual(self.ask(f"/etc/passwd?token={self.token}")[0], 404)
        for start in ("-1", "x", "1e3", "99999999999999999999", "%D9%A1"):
            self.assertEqual(self.ask(f"/steps?token={self.token}&from={start}")[0], 400)
        for line in (b"", b"GET", b"GET / HTTP/9.9", b"\0" * 100, b"GET /" + b"x" * 70000 + b" HTTP/1.1"):
            with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
                connection.sendall(line + b"\r\n\r\n")
                connection.shutdown(socket.SHUT_WR)
                with contextlib.suppress(ConnectionResetError):
                    self.assertNotIn(b"Traceback", connection.recv(100))
        self.assertEqual(self.ask(f"/?token={self.token}")[0], 200)
        self.watched.interrupt()
        self.watched.wait()
        self.assertNotIn("watching", self.watched.out.split("Ctrl-C", 1)[1])

    def test_only_the_loopback_listens(self) -> None:
        with open("/proc/net/tcp", encoding="ascii") as file:
            mine = [line.split()[1] for line in file if line.split()[3] == "0A" and line.split()[1].endswith(f":{self.port:04X}")]
        self.assertEqual(mine, [f"0100007F:{self.port:04X}"])

    def test_an_interrupted_page_resumes_where_it_stopped(self) -> None:
        self.watched.prints("it runs")
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request("GET", f"/steps?token={self.token}&from=0", headers={"Last-Event-ID": "1"})
            answer = connection.getresponse()
            self.watched.interrupt()
            self.assertIn(b'data: {"from":1,', answer.read())
        self.watched.wait()

    def test_a_port_that_is_taken(self) -> None:
        second = self.watch("--no-browser", "--port", str(self.port), "--", "true", follow=False)
        self.assertEqual(second.wait(), 2)
        self.assertRegex(second.out, r"\Alearn: --port: \d+ cannot be used: [^\n]*\n\Z")

    def test_no_such_program(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, mode in (("words", 0o644), ("nonsense", 0o755)):
                Path(folder, name).write_bytes(b"\1\2\3\n")
                Path(folder, name).chmod(mode)
            for command in ("no-such-program", "./no-such", "./words", "./nonsense", "/"):
                second = self.watch("--no-browser", "--", command, folder=Path(folder), follow=False)
                self.assertEqual(second.wait(), 2, second.story())
                self.assertRegex(second.out, rf"(?m)^learn: [^\n]*'{command}'[^\n]*\n\Z")
