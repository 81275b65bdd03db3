"""Runs the tests of a program, or the check of an exercise, on what one student handed in, in bounded time."""

import contextlib
import ctypes
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

MEMORY = 1 << 30  # bytes of data for each process of a student, and for each test that listens to it
OUTPUT = 1 << 28  # bytes of a file
PASSED, FAILED, CUT, SKIPPED = "passed", "failed", "out of time", "skipped"


@dataclass
class Result:
    """The result of one test."""

    state: str
    reason: str = ""  # what was expected, and what came instead
    story: str = ""  # all that the test said


def adopt_orphans() -> None:
    """Makes processes that a student's program leaves running our children, so that we can find them (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def descendants() -> list[int]:
    """The processes below this one."""
    children: dict[int, list[int]] = {}
    for entry in filter(str.isdigit, os.listdir("/proc") if sys.platform == "linux" else []):
        try:
            with open(f"/proc/{entry}/stat", encoding="latin-1") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(entry))
    found: list[int] = []
    todo = [os.getpid()]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def end_all() -> None:
    """Ends all that runs below this process, and what it starts meanwhile; a few rounds of that are enough."""
    for _ in range(50):
        below = descendants()
        for pid in below:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.02)


def bounded(command: list[str], seconds: float, limits: bool = True, **more: Any) -> Optional[int]:
    """Runs the command for at most this long; returns its status, or None if it had to be ended."""

    def prepare() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
        if limits:
            resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))

    # Nothing here has threads that could hold a lock while the child prepares itself.
    process = subprocess.Popen(command, preexec_fn=prepare, start_new_session=True, stdin=subprocess.DEVNULL,  # noqa: PLW1509
                               **more)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        process.kill()
        process.wait()
        end_all()


def tests_of(build: Path, pattern: str) -> list[str]:
    """The names of the tests that fit, as ctest lists them."""
    listed = subprocess.run(["ctest", "--test-dir", build, "-R", pattern, "--show-only=json-v1"], check=True,
                            capture_output=True, text=True)
    return [test["name"] for test in json.loads(listed.stdout)["tests"]]


def run(build: Path, names: Iterable[str], pattern: str, tests: str, environment: dict[str, str], out: Path, seconds: int,
        jobs: int) -> dict[str, Result]:
    """Runs the tests that fit the pattern, of those that `tests` names in CTest's language: a Result for each name."""
    # A folder of its own for what ctest writes: the build folder may be in use, perhaps by the ctest that runs us.
    (out / "CTestTestfile.cmake").write_text(tests, encoding="utf-8")
    report = out / "junit.xml"
    report.unlink(missing_ok=True)
    stop = time.strftime("%H:%M:%S", time.localtime(time.time() + seconds))
    command = ["ctest", "--test-dir", str(out), "-R", pattern, "--output-junit", str(report), "--stop-time", stop,
               "--parallel", str(jobs)]
    sanitized = "-fsanitize" in (build / "compile_commands.json").read_text()
    with (out / "ctest.txt").open("w") as log:
        bounded(command, seconds + 10, not sanitized, cwd=out, env=environment, stdout=log, stderr=log)
    try:
        cases = {case.get("name"): case for case in xml.parse(report).iter("testcase")}
    except (OSError, xml.ParseError):
        cases = {}
    return {name: result(cases.get(name)) for name in names}


def result(case: Optional[xml.Element]) -> Result:
    """A Result from a JUnit testcase, None if the time was up before it began."""
    if case is None:
        return Result(CUT)
    story = (case.findtext("system-out") or "").strip()
    if case.get("status") == "run":
        return Result(PASSED)
    if case.find("skipped") is not None:
        return Result(SKIPPED)
    return Result(FAILED, reason(story), story) if story else Result(CUT)


def reason(story: str) -> str:
    """The two lines of a failed test that matter."""
    said = re.search(r"expected: (.*?)\n\s*but:\s+(.*?)(\n\s*\n|\Z)", story, re.DOTALL)
    if said:
        return "expected " + " ".join(said[1].split()) + ", but " + " ".join(said[2].split())
    if "bad_alloc" in story:
        return "the test ran out of memory: the program prints without end"
    said = re.search(r"FAILED:\n(.*?)(\n\s*\n|\Z)", story, re.DOTALL)
    return " ".join(said[1].split()) if said else story.splitlines()[-1]
