"""Plays the scene of each lesson and makes of it what the book shows: the transcripts, a chart, and what the kernel saw; and
from the lessons' folders what changed from one to the next."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from course import COURSE
from course.book import changed, chart, kernel
from course.lessons import LESSONS, PROGRAMS
from course.trace.strace import STRACE


def why_not_traced() -> str:
    """Why strace cannot watch a program here; "" if it can."""
    try:
        tried = subprocess.run([STRACE[0], "-f", "-o", os.devnull, "true"], stderr=subprocess.PIPE, encoding="utf-8",
                               errors="replace", check=False)
    except FileNotFoundError:
        return "it is not installed"
    return tried.stderr.strip().rpartition("\n")[2] if tried.returncode else ""


def record(recorder: Path, folder: Path) -> None:
    """Writes all of it into a folder. Ends with a message if a page shows a transcript that is no longer so."""
    folder.mkdir(parents=True, exist_ok=True)
    # The lessons' own programs are recorded, on the facility that they choose, whatever the tests were last pointed at.
    others = {program.replace("-", "_").upper() for program in PROGRAMS} | {"SELECTORS_FACILITY"}
    environment = {name: value for name, value in os.environ.items() if name not in others}
    untraced = why_not_traced()
    if untraced:
        print(f"no strace, so no charts and no pages of what the kernel saw: {untraced}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as work:
        first = next(iter(LESSONS))
        for lesson in LESSONS:
            trace = Path(work, lesson)
            command = [str(recorder), lesson, str(folder), f"{lesson}/README.md"]
            if not untraced:
                command = [*STRACE, "-o", str(trace), *command]
            # The programs' descriptors begin at 3, whatever this was started with: Popen closes all others.
            status = subprocess.run(command, cwd=COURSE, env=environment, check=False).returncode
            if status:
                sys.exit(status)
            number = lesson[:2]
            try:
                (folder / f"chart-{number}.html").write_text(chart.make(lesson, trace), encoding="utf-8")
                (folder / f"kernel-{number}.md").write_text(kernel.make(lesson, trace), encoding="utf-8")
                if lesson != first:
                    (folder / f"changed-{number}.md").write_text(changed.make(lesson), encoding="utf-8")
            except ValueError as error:
                sys.exit(f"book: {error}")
