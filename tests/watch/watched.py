"""A program under ./learn watch, and a page that follows it. Every wait is bounded."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

COURSE = Path(__file__).resolve().parents[2]
PROGRAMS = Path(os.environ.get("PROGRAMS", COURSE / "build/student"))
PATIENCE = 60.0
# A session without a desktop: no browser is opened.
PLAIN = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "SELECTORS_FACILITY")}


def lesson(path: str) -> str:
    """A program of the lessons."""
    return str(PROGRAMS / path)


class Watched:
    """./learn watch, what it prints, and what its page is sent."""

    def __init__(self, *words: str, folder: Path = COURSE, follow: bool = True, **environment: str) -> None:
        self.process = subprocess.Popen(
            [str(COURSE / "learn"), "watch", *words], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True, env={**PLAIN, **environment})
        self.news = threading.Condition()
        self.out = ""
        self.steps: list[dict[str, Any]] = []
        self.sources: dict[str, str] = {}
        self.terminals: list[str] = []
        self.ended = ""
        self.over = False  # true once no more steps will come
        self.status = 0
        self.follows = follow
        self.threads = [threading.Thread(target=self.read, daemon=True)]
        self.threads[0].start()

    def read(self) -> None:
        """What is printed."""
        assert self.process.stdout
        for line in self.process.stdout:
            with self.news:
                self.out += line.decode("utf-8", "replace")
                self.news.notify_all()
            address = re.match(rb"Watch it at http://127\.0\.0\.1:(\d+)/\?token=(\S+)", line)
            if address and self.follows:
                self.threads.append(threading.Thread(target=self.follow, args=(int(address[1]), address[2].decode()), daemon=True))
                self.threads[-1].start()

    def follow(self, port: int, token: str) -> None:
        """What a page is sent, until there is no more, or no ./learn."""
        with contextlib.suppress(OSError):
            self.take(port, token)
        with self.news:
            self.over = True
            self.news.notify_all()

    def take(self, port: int, token: str) -> None:
        """Takes in what the page was sent."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", f"/steps?token={token}&from=0")
        answer = connection.getresponse()
        kind = ""
        for raw in answer:
            name, _, value = raw.decode().rstrip("\n").partition(": ")
            kind = value if name == "event" else kind
            if name != "data":
                continue
            data = json.loads(value)
            with self.news:
                if kind == "steps":
                    assert data["from"] == len(self.steps), "steps come in their order, each once"
                    self.steps += data["steps"]
                    self.sources.update(data["sources"])
                    self.terminals = data["terminals"]
                else:
                    self.ended = data["detail"]
                self.news.notify_all()
        connection.close()

    def until(self, what: str, true: Callable[[], Any], more: bool = False) -> Any:
        """Waits until something is true. `more`: it may become so after the last step."""
        with self.news:
            self.news.wait_for(lambda: true() or self.over and not more, PATIENCE)
            found = true()
            if not found:
                raise AssertionError(f"not seen within {PATIENCE:g} s, or to the end: {what}\n{self.story()}")
            return found

    def says(self, pattern: str) -> Any:
        """A step that says this."""
        return self.until(f"a step that says '{pattern}'",
                          lambda: next((step for step in self.steps if re.search(pattern, step["says"])), None))

    def shows(self, key: str, **wanted: Any) -> Any:
        """A step after which something is there, with these properties."""
        return self.until(f"{key} with {wanted}", lambda: next((
            step for step in self.steps if step["set"].get(key) and all(step["set"][key].get(name) == value
                                                                        for name, value in wanted.items())), None))

    def prints(self, text: str) -> Any:
        """A step that prints this."""
        return self.until(f"a step that prints '{text}'", lambda: next((
            step for step in self.steps if any(text in each["text"] for each in step.get("prints", []))), None))

    def printed(self, pattern: str) -> "re.Match[str]":
        """Something on the terminal."""
        found: re.Match[str] = self.until(f"'{pattern}' on the terminal", lambda: re.search(pattern, self.out, re.MULTILINE), more=True)
        return found

    def address(self) -> tuple[int, str]:
        """The port and the token of the page."""
        found = self.printed(r"^Watch it at http://127\.0\.0\.1:(\d+)/\?token=(\S+)$")
        return int(found[1]), found[2]

    def client(self) -> socket.socket:
        """A client of the server that is watched."""
        port = int(self.printed(r"^(?!Watch).*port (\d+)$")[1])
        return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)

    def interrupt(self) -> None:
        """Ctrl-C, for ./learn alone."""
        self.process.send_signal(signal.SIGINT)

    def wait(self) -> int:
        """Until ./learn has ended."""
        self.status = self.process.wait(PATIENCE)
        for thread in self.threads:
            thread.join(PATIENCE)
        return self.status

    def close(self) -> None:
        """Leaves nothing behind."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        for thread in self.threads:
            thread.join(PATIENCE)
        for stream in (self.process.stdin, self.process.stdout):
            assert stream
            stream.close()

    def story(self) -> str:
        """What happened, for a test that fails."""
        steps = "\n".join(f"{step['time']:8.3f} {step['who']}: {step['says']} {step['set']}" for step in self.steps[-60:])
        return f"{self.out}\nsteps:\n{steps}\nended: {self.ended}"


class Case(unittest.TestCase):
    """A test that watches."""

    def watch(self, *words: str, **more: Any) -> Watched:
        """Starts to watch."""
        watched = Watched(*words, **more)
        self.addCleanup(watched.close)
        return watched

    def explained(self, watched: Watched) -> None:
        """Every step must have had an explanation."""
        strange = [step["says"] for step in watched.steps if "cannot explain" in step["says"]]
        self.assertEqual(strange, [], watched.story())


def gone(process: int) -> bool:
    """True once a process has ended."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return True


def wait_until(what: str, true: Callable[[], bool]) -> None:
    """Waits for something that nobody announces."""
    until = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > until:
            raise AssertionError(f"not seen within {PATIENCE:g} s: {what}")
        time.sleep(0.02)
