"""Programs that are measured: started from a command line, watched from outside, and ended whatever happens."""

import contextlib
import os
import re
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional


class Failed(Exception):
    """What a program said when it failed, or that it did not do what it was asked for."""


class NotOffered(Exception):
    """The program ended with status 3: this is something that it does not do."""


def go_before_others() -> None:
    """As many descriptors as we may have, and a place ahead of other programs where that is allowed: for us and what we start."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, -10)


def lesson_server(variable: str, program: str, build: Path) -> str:
    """The command line of a lesson's server, or of the one that this variable of the environment names in its place."""
    return os.environ.get(variable) or f"'{build / program}'"


def start(command: str, under: str, facility: str, **how: Any) -> "subprocess.Popen[bytes]":
    """Starts a command line; the shell becomes the program, so that it is the program that is signalled and measured.

    `under` is what runs it, such as strace. `facility` is what the library is made to wait with."""
    environment = {**os.environ, "SELECTORS_FACILITY": facility} if facility else None
    return subprocess.Popen(["sh", "-c", f"exec {under} {command}"], stdin=subprocess.DEVNULL, env=environment, **how)


def complaint(status: Optional[int], errors: bytes) -> Exception:
    """How a program ended unexpectedly, and the last line that it wrote."""
    said = errors.decode(errors="replace").strip().rpartition("\n")[2]
    if status == 3:
        return NotOffered(said)
    ending = ("does not answer" if status is None else f"killed by signal {-status}" if status < 0
              else f"ended with status {status}")
    return Failed(f"{ending}: {said}" if said else ending)


def output_of(command: str, under: str = "", facility: str = "", patience: float = 20) -> str:
    """Runs a program to its end and returns what it has printed."""
    process = start(command, under, facility, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, errors = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        raise Failed(f"it has not ended after {patience:g} s") from None
    finally:
        process.kill()
        process.wait()
    if process.returncode:
        raise complaint(process.returncode, errors)
    return out.decode(errors="replace")


def eventually(holds: Callable[[], bool], patience: float) -> bool:
    """Waits until it holds; false if it does not come to that."""
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.001)
    return True


class Server:
    """A server that runs, and whose first line has said on which port. Its output goes to a file."""

    def __init__(self, command: str, under: str = "", facility: str = "", patience: float = 10) -> None:
        self.out, self.errors = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - closed with the server
        self.process = start(command, under, facility, stdout=self.out, stderr=self.errors)
        self.pid = self.process.pid
        try:
            eventually(lambda: b"\n" in self.said(self.out) or self.process.poll() is not None, patience)
            line = self.said(self.out).decode(errors="replace").partition("\n")[0]
            if not line:
                raise self.complaint()
            found = re.search(r"port ([0-9]+)$", line)
            if not found:
                raise Failed(f"its first line does not end in 'port N': {line}")
            self.port = int(found[1])
            self.descriptors_before = self.open_descriptors()
        except BaseException:
            self.kill()
            raise

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @staticmethod
    def said(file: Any) -> bytes:
        """What stands at the beginning of a file of output."""
        return os.pread(file.fileno(), 65536, 0)

    def complaint(self) -> Exception:
        """How it ended, or that it does not answer."""
        return complaint(self.process.poll(), self.said(self.errors))

    def kill(self) -> None:
        """Whatever happens, nothing is left running."""
        self.process.kill()
        self.process.wait()
        self.out.close()
        self.errors.close()

    def end(self, patience: float = 10) -> None:
        """Ends it by SIGTERM; its status must be 0."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            raise Failed("SIGTERM does not end it") from None
        if self.process.returncode:
            raise self.complaint()

    def freeze(self) -> None:
        """Stops it where it is."""
        self.process.send_signal(signal.SIGSTOP)
        _, status = os.waitpid(self.pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            self.process.returncode = os.waitstatus_to_exitcode(status)
            raise self.complaint()

    def thaw(self) -> None:
        """Lets it go on."""
        self.process.send_signal(signal.SIGCONT)

    def open_descriptors(self) -> int:
        """How many descriptors it has open."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def resident_bytes(self) -> float:
        """What it has in memory of its own. VmRSS is counted in batches on some kernels; the sum of the mappings is exact."""
        text = Path(f"/proc/{self.pid}/smaps_rollup").read_text(encoding="utf-8")
        found = re.search(r"^Rss: *([0-9]+) kB$", text, re.MULTILINE)
        if not found:
            raise Failed(f"read Rss in /proc/{self.pid}/smaps_rollup: it is not there")
        return 1024 * int(found[1])

    def wait_for_connections(self, count: int) -> None:
        """Returns when it holds so many connections more than at its start."""

        def held() -> bool:
            if self.process.poll() is not None:
                raise self.complaint()
            return self.open_descriptors() >= self.descriptors_before + count

        if not eventually(held, 10):
            raise Failed(f"it has not accepted {count} connections within 10 s")

    def wait_until_asleep(self) -> None:
        """Returns when it has done all that there was to do, and waits for more."""
        fields = re.compile(r"^(?:State|\w*voluntary_ctxt_switches):.*", re.MULTILINE)

        def state() -> list[str]:
            return fields.findall(Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8"))

        def asleep() -> bool:
            before = state()
            time.sleep(0.002)
            return before == state() and "sleeping" in before[0]

        if not eventually(asleep, 10):
            raise Failed("it is still busy 10 s after the last client has come")
