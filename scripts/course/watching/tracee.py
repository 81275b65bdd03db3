"""A program that runs under strace: how it is started, and how it ends, whatever happens to those around it."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from course.trace.strace import CALLS, STRACE

# Longer texts than the charts of the book need: the page shows what the program prints.
ARGUMENTS = [*STRACE, "-s", "512", "-e", f"trace={CALLS}"]
# Not every strace has them: the first makes it leave alone what is not asked for, the second ends the program with it.
BETTER = ("--seccomp-bpf", "--kill-on-exit")
PATIENCE = 2.0  # seconds for what was killed to be gone


def output_of(*command: str) -> tuple[int, str, str]:
    """The status of a command, and what it prints."""
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
                           check=False)
    return ended.returncode, ended.stdout, ended.stderr


def arguments(stacks: bool) -> tuple[list[str], str]:
    """How strace is to be called here, with the stack of each call or without; or why it cannot watch a program."""
    if not shutil.which(STRACE[0]):
        return [], "it is not installed"
    known = output_of(STRACE[0], "--help")[1]
    better = [option for option in BETTER if option in known]
    full = [*ARGUMENTS, *better]
    plain = [word for word in full if word != "-k"]  # some are built without stacks
    why = ""
    for words in (full, plain) if stacks else (plain,):
        status, _, why = output_of(*words, "-o", os.devnull, "true")
        if not status:
            return words, ""
    return [], (why.strip().rpartition("\n")[2] or "it fails").replace("strace: ", "")


def traced_by(tracer: int) -> list[int]:
    """The processes that a strace watches."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            lines = (folder / "status").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:  # it has ended
            continue
        said = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        if said.get("TracerPid") == str(tracer) and not said.get("State", "Z").startswith("Z"):
            found.append(int(folder.name))
    return found


def kill(processes: Iterable[int]) -> None:
    """Kills them, as far as they are there."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def is_there(process: int) -> bool:
    """True until it has ended."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def end_all(tracer: int) -> None:
    """Kills whatever a strace watches, which ends strace too. If strace were killed first, it would leave them running."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and is_there(tracer):
        kill(traced_by(tracer))
        time.sleep(0.01)
    kill([tracer])


def let_signals_come() -> None:
    """For a process that was just forked."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


class Tracee:
    """The program and the strace that watches it."""

    def __init__(self, strace: Sequence[str], command: Sequence[str], log: Path, folder: Path) -> None:
        """Signals that are held here are not held there."""
        self.strace = subprocess.Popen([*strace, "-o", str(log), "--", *command], cwd=folder,
                                       env={**os.environ, "PWD": str(folder)},
                                       preexec_fn=let_signals_come)  # noqa: PLW1509 - there are no threads yet
        self.guard, self.watchdog = self.start_watchdog(log.parent)

    def start_watchdog(self, place: Path) -> tuple[int, int]:
        """Starts a process that ends the program if ./learn is killed before it can do so. It notices that by a pipe, which the
        kernel closes."""
        ours_to_read, ours = os.pipe()
        process = os.fork()
        if process:
            os.close(ours_to_read)
            return ours, process
        try:
            os.setsid()  # no signals from the terminal
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(nothing, descriptor)
            os.closerange(3, ours_to_read)
            os.closerange(ours_to_read + 1, 256)
            if not os.read(ours_to_read, 1):
                end_all(self.strace.pid)
                shutil.rmtree(place, ignore_errors=True)
        finally:
            os._exit(0)

    def send(self, number: int) -> None:
        """Sends the program a signal as a terminal would: all processes of the group get it. strace ignores it while there is
        one."""
        for process in traced_by(self.strace.pid):
            with contextlib.suppress(ProcessLookupError):
                if os.getpgid(process) == os.getpgrp():
                    os.kill(process, number)

    def kill(self) -> None:
        """Ends the program, and whatever it has started."""
        if self.strace.poll() is None:
            end_all(self.strace.pid)
            self.strace.wait()

    def end(self) -> None:
        """Leaves nothing running."""
        self.kill()
        with contextlib.suppress(OSError):
            os.write(self.guard, b"x")
        os.close(self.guard)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.watchdog, 0)
