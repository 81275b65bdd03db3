"""Commands: shown as one would type them, and run to their end."""

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from course import systems

QUIET = (b"Built target", b"Consolidate compiler")  # what a build with nothing to do would say


def wait(process: "subprocess.Popen[Any]") -> int:
    """Waits for the end of a command, and returns its status as a shell would give it.

    Ctrl-C reaches the command too, which may take its time; if it does not end, it is interrupted from here."""
    timers: list[threading.Timer] = []

    def interrupted(*_: object) -> None:  # raises nothing: an exception within wait() could lose the status
        timers.append(threading.Timer(1, systems.interrupt, [process]))
        timers[-1].start()

    before = signal.getsignal(signal.SIGINT)
    if before != signal.SIG_IGN:
        signal.signal(signal.SIGINT, interrupted)
    try:
        status = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        signal.signal(signal.SIGINT, before)
        for timer in timers:
            timer.cancel()
    if systems.was_interrupted(status):
        raise KeyboardInterrupt
    return status if status >= 0 else 128 - status


def call(command: Sequence[str], **how: Any) -> int:
    """Prints a command, runs it, and returns its status."""
    print("$ " + systems.as_typed(command), flush=True)
    return wait(subprocess.Popen(command, **how))


def run(*command: str, **how: Any) -> None:
    """Prints a command and runs it; if it fails, so does ./learn."""
    status = call(command, **how)
    if status:
        sys.exit(status)


def run_into(log: Path, *command: str) -> int:
    """Prints a command, runs it, keeps what it says in a file, and returns its status."""
    with log.open("wb") as file:
        return call(command, stdout=file, stderr=subprocess.STDOUT)


def pass_on(lines: IO[bytes]) -> None:
    """Prints the lines of a build that say something."""
    for line in lines:
        if any(words in line for words in QUIET):
            continue
        try:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # the build goes on; what is printed next will notice
            pass


def build(preset: str, *options: str, configured: bool = False) -> None:
    """Builds with a preset, which is configured only once, or not at all if the caller has done it."""
    if not configured and not Path("build", preset, "CMakeCache.txt").exists():
        run("cmake", "--preset", preset, *systems.generator())
    command = ["cmake", "--build", "--preset", preset, *options]
    print("$ " + systems.as_typed(command), flush=True)
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    reader = threading.Thread(target=pass_on, args=(process.stdout,), daemon=True)  # not waited for if this is ended
    reader.start()
    status = wait(process)
    reader.join()
    if status:
        sys.exit(status)
