"""Which line of which file a call came from: the frames of its stack, by the debug information of the program (addr2line)."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

from course import COURSE
from course.trace.event import Event, Place

SYSTEM = ("/usr/", "/lib", "/bin/", "/sbin/")


def is_students_own(file: str) -> bool:
    """True for a file that a reader of the course, or the writer of a program, would call their own: not the system's, and not
    the library's."""
    return (not file.startswith((*SYSTEM, f"{COURSE}/common/", f"{COURSE}/tests/support/")) and not file.endswith("_shim.cpp")
            and Path(file).is_file())


class Places:
    """Finds the innermost frame of a call that lies in an interesting file."""

    def __init__(self, interesting: Callable[[str], bool] = is_students_own) -> None:
        self.interesting = interesting
        self.tool = shutil.which("addr2line")
        self.asked: dict[str, Optional[subprocess.Popen[str]]] = {}
        self.known: dict[tuple[str, int], Optional[Place]] = {}

    def close(self) -> None:
        """Ends what it has started."""
        for process in filter(None, self.asked.values()):
            process.kill()
            process.communicate()
        self.asked.clear()

    def __enter__(self) -> "Places":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def find(self, event: Event) -> Optional[Place]:
        """The place of a call, from its stack; None if none of its frames is known."""
        for depth, (code, offset) in enumerate(event.stack):
            if code.startswith(SYSTEM):
                continue
            frame = (code, offset - 1 if depth else offset)  # a frame above returns to the place behind its call
            if frame not in self.known:
                self.known[frame] = self.ask(*frame)
            if place := self.known[frame]:
                return place
        return None

    def ask(self, code: str, offset: int) -> Optional[Place]:
        """What addr2line says; with -a and a second question one sees where its answer ends."""
        process = self.process(code)
        if not process or not process.stdin or not process.stdout:
            return None
        try:
            process.stdin.write(f"{offset:#x}\n0x0\n")
            process.stdin.flush()
            process.stdout.readline()  # the address again
            found: Optional[Place] = None
            while not (function := process.stdout.readline()).startswith("0x0000"):
                line = process.stdout.readline()
                if not line:
                    raise BrokenPipeError
                file, _, number = line.split(" (")[0].strip().rpartition(":")
                if not found and number.isdigit() and int(number) and self.interesting(file):
                    found = Place(file, int(number), function.strip())
            process.stdout.readline()
            process.stdout.readline()
            return found
        except OSError:
            process.kill()
            self.asked[code] = None
            return None

    def process(self, code: str) -> "Optional[subprocess.Popen[str]]":
        """An addr2line that reads this file of code."""
        if code not in self.asked:
            self.asked[code] = None
            if self.tool and Path(code).is_file():
                self.asked[code] = subprocess.Popen(
                    [self.tool, "-a", "-f", "-i", "-C", "-e", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL, encoding="utf-8", errors="replace")
        return self.asked[code]
