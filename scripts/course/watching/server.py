"""The page, for a browser on this machine: it listens on the loopback only, and shows what the program sends to nobody who does
not know the token in its address."""

import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Optional
from urllib.parse import parse_qs, urlsplit

from course.watching.recording import Recording

HOST = "127.0.0.1"
SILENCE = 10.0  # seconds after which a page that follows is sent something, so that one that has gone is noticed
PAUSE = 0.03  # seconds between two messages: a busy program does not send thousands
MOST_FOLLOWERS = 50
# The page has everything in itself, and may ask nobody but us.
POLICY = ("default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; "
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff",
           "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin"}
Page = Callable[[dict[str, Any], str], str]  # makes a whole HTML page of a recording and its title


class Refused(Exception):
    """A request that is answered with a status and a line."""


class Server(ThreadingHTTPServer):
    """Serves one recording. Each request has a thread of its own, so that a slow browser delays nothing else."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, recording: Recording, page: Page) -> None:
        super().__init__((HOST, port), Handler)
        self.recording = recording
        self.page = page
        self.token = secrets.token_urlsafe(24)
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}

    def start(self) -> None:
        """Serves from now on."""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def server_bind(self) -> None:
        """Binds the port, without asking the network for our name, as http.server does."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = HOST, self.socket.getsockname()[1]

    def address(self) -> str:
        """What to give a browser."""
        return f"http://{HOST}:{self.server_port}/?token={self.token}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Mostly a browser that has gone; nothing that the terminal of a program should show."""


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    timeout = 30  # seconds for a browser to send its request, or to take what it is sent

    def do_GET(self) -> None:
        """The page, or its steps."""
        try:
            query = self.checked()
            path = urlsplit(self.path).path
            if path == "/":
                recording = self.server.recording
                page = self.server.page(recording.whole(live=True), recording.title).encode("utf-8", "replace")
                self.answer(200, page, "text/html")
            elif path == "/steps":
                self.follow(query)
            else:
                self.send_error(404, "there is nothing at this address")
        except Refused as refused:
            self.send_error(*refused.args)

    def do_other(self) -> None:
        """Nothing can be changed from outside."""
        try:
            self.checked()
            self.send_error(405, "only GET requests are answered here")
        except Refused as refused:
            self.send_error(*refused.args)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # whatever the method is called
            return self.do_other
        raise AttributeError(name)

    def checked(self) -> dict[str, list[str]]:
        """What was asked, by somebody who may ask."""
        if (self.headers.get("Host") or "").lower() not in self.server.hosts:
            raise Refused(403, "this server does not answer requests for that host")
        try:
            query = parse_qs(urlsplit(self.path).query, max_num_fields=10, errors="replace")
        except ValueError:
            query = {}
        token = query.get("token", [""])[0]
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self.server.token.encode()):
            raise Refused(403, "the token is missing or wrong: use the whole address that ./learn watch has printed")
        return query

    def follow(self, query: dict[str, list[str]]) -> None:
        """Sends the steps as they come. A browser that was disconnected says which it has got."""
        start = self.headers.get("Last-Event-ID") or query.get("from", ["0"])[0]
        if not start.isascii() or not start.isdigit() or len(start) > 9:
            raise Refused(400, "'from' is not a number")
        recording = self.server.recording
        if recording.following >= MOST_FOLLOWERS:
            raise Refused(503, "too many pages are following already")
        recording.follows(1)
        try:
            self.start_answer(200, "text/event-stream", {})
            self.send_steps(recording, int(start))
        except OSError:  # the browser has gone, or takes nothing any more
            pass
        finally:
            recording.follows(-1)

    def send_steps(self, recording: Recording, start: int) -> None:
        """To the end of the program."""
        self.wfile.write(b"retry: 1000\n\n")
        known = 0
        while True:
            message = recording.message(start, known, SILENCE)
            if message:
                start, known = message.start, message.known
                self.wfile.write(f"event: steps\nid: {start}\ndata: {message.text}\n\n".encode("utf-8", "replace"))
                time.sleep(PAUSE)
            elif recording.ended is not None:
                break
            else:
                self.wfile.write(b": the program is still running\n\n")
        self.wfile.write(f"event: ended\ndata: {json.dumps({'detail': recording.ended})}\n\n".encode())

    def answer(self, status: int, body: bytes, kind: str = "text/plain") -> None:
        """A whole answer."""
        self.start_answer(status, kind, {"Content-Length": str(len(body))} | ({"Allow": "GET"} if status == 405 else {}))
        if self.command != "HEAD":
            self.wfile.write(body)

    def start_answer(self, status: int, kind: str, more: dict[str, str]) -> None:
        """What stands before the body."""
        self.send_response(status)
        for name, value in {"Content-Type": f"{kind}; charset=utf-8", **HEADERS, **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def send_error(self, code: int, message: Optional[str] = None, explain: Optional[str] = None) -> None:
        """An answer of one line."""
        self.close_connection = True
        self.answer(code, f"{message or HTTPStatus(code).phrase}\n".encode("utf-8", "replace"))

    def version_string(self) -> str:
        """Who answers."""
        return "learn watch"

    def log_message(self, *_: Any) -> None:
        """The terminal is the program's."""
