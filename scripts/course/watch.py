"""./learn watch: runs a program, and shows live in a browser what it does."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Optional

from course import COURSE, systems
from course.call import fail
from course.install import need
from course.player import page
from course.watching.follow import Follower
from course.watching.recording import Recording
from course.watching.server import Server
from course.watching.stacks import worth_it
from course.watching.tracee import Tracee, arguments, kill, let_signals_come

WANTED = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD}
FROM_TERMINAL = 0x80  # SI_KERNEL: a Ctrl-C, which the program has got too
PASS_ON = 0.2  # seconds for a program to end by a signal that it may have got too
PATIENCE = 2.0  # seconds for a program to end by SIGTERM, and for pages to be told
LONGEST = 60  # characters of a title


class Watch:
    """A program that is watched, from its start to its end."""

    def __init__(self, command: Sequence[str], folder: Path, port: int) -> None:
        """Fails in one line if it cannot be watched."""
        need("strace")
        program = resolved(command[0], folder)
        course = COURSE in program.parents
        self.strace, why = arguments(worth_it(program))
        if why:
            fail(f"strace cannot watch a program here: {why}")
        self.command = command
        self.folder = folder
        self.course = course
        self.name = Path(command[0]).name
        title = self.name if course else systems.as_typed(command)
        self.recording = Recording(title if len(title) <= LONGEST else title[:LONGEST] + "…", self.name)
        try:
            self.server = Server(port, self.recording, page)
        except OSError as error:
            fail(f"--port: {port} cannot be used: {error.strerror}")
        self.interrupts = 0
        self.ended_by = 0  # the signal that has told ./learn to end

    def run(self, browser: bool) -> int:
        """Runs the program to its end; returns its status as Popen gives it."""
        print("$ " + systems.as_typed(self.command))
        print(f"Watch it at {self.server.address()}")
        print("Press Ctrl-C to end the program.", flush=True)
        if browser and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            # A process of its own: some browsers would wait, or write on the terminal.
            subprocess.Popen([sys.executable, "-m", "webbrowser", self.server.address()], stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                             preexec_fn=let_signals_come)  # noqa: PLW1509 - there are no threads yet
        with tempfile.TemporaryDirectory(prefix="learn-watch-") as place:
            log = Path(place, "log")
            os.mkfifo(log, 0o600)
            reading = os.open(log, os.O_RDONLY | os.O_NONBLOCK)
            tracee = Tracee(self.strace, self.command, log, self.folder)
            try:
                self.follower = Follower(reading, self.recording, self.course)
                self.follower.start()
                self.server.start()
                self.wait(tracee)
            finally:
                tracee.end()
            self.follower.join(PATIENCE)
            if tracee.strace.returncode == -signal.SIGKILL and self.follower.first not in self.follower.ends:
                kill(self.follower.alive)  # strace was killed, and has left them
            return tracee.strace.returncode

    def wait(self, tracee: Tracee) -> None:
        """Until the program has ended."""
        deadline: Optional[float] = None  # for the next thing to do, if it has not ended by then
        while tracee.strace.poll() is None:
            info = signal.sigtimedwait(WANTED, 1.0 if deadline is None else max(0.0, deadline - time.monotonic()))
            if info is None and deadline is not None:
                if self.ended_by:
                    tracee.kill()
                else:
                    tracee.send(signal.SIGINT)
                deadline = None
            elif info is None or info.si_signo == signal.SIGCHLD:
                continue
            elif info.si_signo != signal.SIGINT:
                self.ended_by = info.si_signo
                tracee.send(signal.SIGTERM)
                deadline = time.monotonic() + PATIENCE
            else:
                self.interrupts += 1
                if self.interrupts > 1:
                    tracee.kill()
                elif info.si_code != FROM_TERMINAL:
                    deadline = time.monotonic() + PASS_ON

    def finish(self, status: int, save: Optional[Path]) -> None:
        """Sends every page the end, and stays as long as it is needed."""
        if not self.follower.started and status > 0:
            fail(f"'{self.command[0]}' could not be started")  # strace has said why
        ends = self.follower.ends
        from_strace = f"status {status}" if status >= 0 else f"killed by {signal.Signals(-status).name}"
        detail = ends.get(self.follower.first, from_strace)
        self.recording.end(ends.get(self.follower.machine.main or 0, detail))  # of what was shown
        print(f"{self.name} " + (f"has ended with {detail}" if detail.startswith("status") else f"was {detail}"), flush=True)
        if save:
            save.write_text(page(self.recording.whole(live=False), self.recording.title), encoding="utf-8", errors="replace")
            print(f"The recording is in {save}")
        elif not self.interrupts and not self.ended_by:
            print("The recording stays at that address until you press Ctrl-C.", flush=True)
            signal.sigwait(WANTED - {signal.SIGCHLD})
        self.recording.wait_for_followers(PATIENCE)


@contextlib.contextmanager
def signals_held() -> Iterator[None]:
    """Signals wait until they are asked for, in this thread and in those that are started meanwhile."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, WANTED)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def resolved(program: str, folder: Path) -> Path:
    """The file of a program that is called in a folder; fails in one line if there is none."""
    found = shutil.which(program) if "/" not in program else shutil.which(str(folder / program))
    if not found:
        there = "/" in program and (folder / program).is_file()
        fail(f"'{program}' is not executable (chmod +x {program})" if there else f"there is no program '{program}'")
    return Path(os.path.abspath(found))


def watch(command: Sequence[str], folder: Path, port: int, browser: bool, save: Optional[Path]) -> int:
    """Runs a command in a folder, and shows what it does. Returns its status as Popen gives it, or the signal that has ended
    ./learn meanwhile, as a negative number."""
    watched = Watch(command, folder, port)
    with signals_held():
        status = watched.run(browser)
        watched.finish(status, save)
    return -watched.ended_by if watched.ended_by else status
