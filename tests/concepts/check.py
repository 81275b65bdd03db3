#!/usr/bin/env python3
"""Runs the experiments of the concept pages, and compares what the pages show with what they print.

Numbers may differ (ports, processes, how much a buffer holds); everything else has to be there, line by line. Status 77: a
tool is missing, or ptrace is not permitted. With SELECTORS_NO_SKIP=1 that is a failure.

usage: check.py PAGES PROGRAMS"""

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Optional

PAGES, PROGRAMS = Path(sys.argv[1]), Path(sys.argv[2])
PATIENCE = 20  # seconds
TOOLS = ("nc", "ps", "ss", "strace")
SELECTOR_ACCEPT = "02-selector-accept/selector-accept"
MULTICONN_SERVER = "06-multiconn/multiconn-server"

cleaning = ExitStack()
work = Path(cleaning.enter_context(tempfile.TemporaryDirectory()))
wrong = 0


def skip(why: str) -> None:
    """Ends without a verdict, where that is permitted."""
    print(f"skipped: {why}")
    sys.exit(1 if os.environ.get("SELECTORS_NO_SKIP") == "1" else 77)


def start(command: list[str], **how: object) -> "subprocess.Popen[bytes]":
    """Starts something that ends with this test."""
    process = subprocess.Popen(command, start_new_session=True, **how)  # type: ignore[call-overload]

    def end() -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # strace alone would leave the program that it traces
        process.wait()

    cleaning.callback(end)
    return process  # type: ignore[no-any-return]


def output(*command: str) -> str:
    """What a command prints."""
    return subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", errors="replace", timeout=60, check=False).stdout


class Server:
    """A program of the lessons on a free port."""

    def __init__(self, program: str, *options: str, trace: Optional[list[str]] = None, facility: str = "") -> None:
        self.log = Path(tempfile.mkstemp(dir=work)[1])
        environment = {**os.environ, **({"SELECTORS_FACILITY": facility} if facility else {})}
        command = [*(trace or []), str(PROGRAMS / program), *options, "localhost", "0"]
        with self.log.open("wb") as log:
            self.process = start(command, stdout=log, stderr=subprocess.STDOUT, env=environment)
        self.port = until(r"port (\d+)$", self.said)[1]

    def said(self) -> str:
        """What it has printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def client(self, *options: str, given: Optional[bytes] = b"", reads: bool = True) -> "subprocess.Popen[bytes]":
        """nc: sends what it is given, nothing with None. `reads`: whether it also reads what comes back."""
        process = start(["nc", *options, "127.0.0.1", self.port], stdin=subprocess.PIPE,
                        stdout=subprocess.DEVNULL if reads else subprocess.PIPE)
        if given is not None and process.stdin:
            process.stdin.write(given)
            process.stdin.flush()
        return process

    def half_closed(self, given: bytes) -> None:
        """A client that sends something and then half-closes."""
        client = self.client("-N", given=given)
        if client.stdin:
            client.stdin.close()

    def queues(self) -> str:
        """The bytes that wait in the kernel on its connections."""
        return output("ss", "-tan", f"( sport = :{self.port} or dport = :{self.port} )")

    def ps(self, columns: str) -> str:
        """What ps prints about it."""
        return output("ps", "-o", columns, "-p", str(self.process.pid))


def until(pattern: str, look: Callable[[], str]) -> "re.Match[str]":
    """Looks again and again until the pattern appears."""
    end = time.monotonic() + PATIENCE
    while True:
        seen = look()
        found = re.search(pattern, seen, re.M)
        if found:
            return found
        if time.monotonic() > end:
            sys.exit(f"never seen: {pattern}; but:\n{seen}")
        time.sleep(0.05)


def plain(text: str) -> list[str]:
    """The lines without what may differ: numbers, blanks, and how a process sleeps."""
    text = re.sub(r"0x[0-9a-f]+|[0-9]+", "N", text).replace("PortProcess", "Port Process")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [re.sub(r"(^| )S[+<Nls]+(?= |$)", r"\1S", line) for line in lines]


def shown(page: str, number: int, seen: str) -> None:
    """Checks that every line of the page's transcript with this number appears; "…" stands for anything."""
    global wrong
    transcripts = re.findall(r"^```text\n(.*?)^```", (PAGES / f"{page}.md").read_text(encoding="utf-8"), re.M | re.S)
    come = plain(seen)
    missing = []
    for line in plain(transcripts[number - 1]):
        pattern = ".*".join(re.escape(part) for part in line.split("…"))
        if not any(re.fullmatch(pattern, each) for each in come):
            missing.append(line)
            print(f"{page}.md shows a line that does not come: {line}")
    if missing:
        wrong += 1
        print("what comes:", *come, sep="\n")
    else:
        print(f"as shown: {page}, {number}")


def few_descriptors_left() -> None:
    """In the child: takes all descriptors that select(2) can watch."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (2000, 2000))
    null = os.open(os.devnull, os.O_RDONLY)
    for number in range(3, 1031):
        os.dup2(null, number)


def experiments() -> None:
    """Runs one experiment after another."""
    server = Server(SELECTOR_ACCEPT)
    server.client(given=b"hello\n")
    until("ESTAB +6", server.queues)
    shown("readiness-and-completion", 1, server.queues())

    server = Server(SELECTOR_ACCEPT)
    server.half_closed(b"hi\n")
    until("CLOSE-WAIT 4", server.queues)
    shown("half-close", 1, server.queues())

    trace = work / "trace"
    server = Server(MULTICONN_SERVER, "--quiet", trace=["strace", "-o", str(trace), "-e", "trace=epoll_wait,recvfrom,sendto"])
    server.half_closed(b"hello\n")
    until('"", 65536', trace.read_text)
    shown("readiness-and-completion", 2, trace.read_text())

    server = Server(MULTICONN_SERVER, "--quiet")
    fdinfo = Path(f"/proc/{server.process.pid}/fdinfo")

    def bag() -> str:
        lines = ((path, line) for path in sorted(fdinfo.iterdir()) for line in path.read_text().splitlines())
        return "\n".join(f"{path}:{line}" for path, line in lines if "tfd" in line)

    for _ in range(2):
        server.client(given=None)
    until("tfd: +9 ", bag)
    shown("the-bag-of-sockets", 1, bag())

    server = Server(MULTICONN_SERVER, "--quiet")
    with tempfile.TemporaryFile(dir=work) as zeros:
        zeros.truncate(50_000_000)
        start(["nc", "127.0.0.1", server.port], stdin=zeros, stdout=subprocess.PIPE)  # which nobody reads
    until(r"ESTAB +([0-9]+ +)?[1-9][0-9]{4,} ", server.queues)
    shown("partial-reads-and-writes", 1, server.queues())
    until("[0-9] +S", lambda: server.ps("rss,time,stat"))
    shown("backpressure", 1, server.queues() + server.ps("rss,time,stat"))

    server = Server("07-chat/chat-server")
    client = server.client("-N", given=b"hel")
    until("hel", server.said)
    if client.stdin:
        client.stdin.write(b"lo\n")
        client.stdin.close()
    until("Closing", server.said)
    shown("framing", 1, server.said())

    # Some kernels do not show in which call a program sleeps; then there is nothing to compare.
    server = Server("01-blocking-accept/blocking-accept")
    if re.match("[a-z]", Path(f"/proc/{server.process.pid}/wchan").read_text()):
        until("accept", lambda: server.ps("pid,stat,time,wchan:20"))
        shown("blocking", 1, server.ps("pid,stat,time,wchan:20"))

    seen = ""
    for facility in ("epoll", "poll", "select"):
        trace = work / facility
        server = Server(SELECTOR_ACCEPT, trace=["strace", "-o", str(trace)], facility=facility)
        server.half_closed(b"")
        until("^accept4", trace.read_text)
        seen += trace.read_text()
    shown("which-facility", 1, seen)

    shown("level-and-edge", 1, output(sys.executable, str(PAGES / "level-and-edge.py")))

    full = subprocess.run([PROGRAMS / MULTICONN_SERVER, "localhost", "0"], preexec_fn=few_descriptors_left, close_fds=False,
                          env={**os.environ, "SELECTORS_FACILITY": "select"}, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", timeout=10, check=False)
    shown("which-facility", 2, full.stdout)


def main() -> None:
    """Runs all experiments, if the tools are there."""
    for tool in TOOLS:
        if not shutil.which(tool):
            skip(f"{tool} is not installed")
    if subprocess.run(["strace", "-qq", "-o", work / "trial", "true"], stderr=subprocess.DEVNULL, check=False).returncode:
        skip("ptrace is not permitted here")
    with cleaning:
        experiments()
    sys.exit(1 if wrong else 0)


main()
