"""Makes a copy of the course for a class: without the solutions of the exercises, without the teacher's pages and tools,
and without the history, where all of that would be found again."""

import os
import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

from course import COURSE
from course.call import fail

FOR_THE_TEACHER = (
    "*/exercises/*/solution.*", "*/exercises/*/solution/*",
    "docs/teacher/*", "tests/grading/*",
    ".ci/*", ".github/*", "tests/exercises/front_door.py",  # these try the solutions
    "scripts/course/strip.py", "scripts/course/grading/*", "scripts/course/teacher.py",
)  # fmt: skip
WRITTEN = ("build", "work", ".git", "__pycache__")  # by a build, a student or a tool
BEGINS, ENDS = (re.compile(rf" *(#|<!--) {words}") for words in ("the teacher's part begins", "end of the teacher's part"))
LINK = re.compile(r"\]\([^)]*(docs/teacher|teacher/|solution\.|scripts/course/(grad|strip|teacher))")


def files() -> list[str]:
    """All files of the course, as git knows them; in a copy without git, all but what is written into it later."""
    try:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=COURSE, capture_output=True, check=True)
        return [os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = []
        for folder, below, names in os.walk(COURSE):
            below[:] = [name for name in below if name not in WRITTEN]
            found += [os.path.relpath(os.path.join(folder, name), COURSE) for name in names]
        return sorted(found)


def is_for_the_teacher(file: str) -> bool:
    """True for files that a class does not get."""
    return any(fnmatch(file, pattern) for pattern in FOR_THE_TEACHER)


def without_teachers_part(text: str) -> str:
    """The text of a file that is shared, without the parts between two such lines."""
    kept, inside = [], False
    for line in text.splitlines(keepends=True):
        inside = inside or bool(BEGINS.match(line))
        if not inside:
            kept.append(line)
        inside = inside and not ENDS.match(line)
    return "".join(kept)


def copy(file: str, to: Path) -> None:
    """Copies one file, or a link as it is."""
    target = to / file
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(COURSE / file, target, follow_symlinks=False)
    if target.is_symlink() or b"the teacher's part" not in target.read_bytes():
        return
    text = target.read_text(encoding="utf-8")
    target.write_text(without_teachers_part(text), encoding="utf-8")


def left_in(to: Path) -> None:
    """Looks once more, and in another way, for what must not be there."""
    for path in sorted(to.rglob("*")):
        file = path.relative_to(to).as_posix()
        if path.name.startswith("solution") or re.search("docs/teacher|scripts/course/(grad|strip|teacher)", file):
            fail(f"this should have been left out: {path}")
        if path.suffix == ".md" and path.is_file():
            link = LINK.search(path.read_text(encoding="utf-8"))
            if link:
                fail(f"this page leads to what is left out: {path}: {link[0]}")


def make_copy(where: Path) -> None:
    """Copies the course for a class into a folder that is empty or not there yet."""
    to, course = Path(os.path.realpath(where)), Path(os.path.realpath(COURSE))
    if to == course or (course in to.parents and course / "build" not in to.parents):
        fail(f"{to} is inside the course; choose a folder below build/ or outside")
    try:
        to.mkdir(parents=True, exist_ok=True)
    except OSError:
        fail(f"cannot make the folder {to}")
    if any(to.iterdir()):
        fail(f"{to} is not empty")
    names = [name for name in files() if os.path.lexists(COURSE / name)]  # else it is deleted, and git has not been told
    kept = [name for name in names if not is_for_the_teacher(name)]
    for name in kept:
        copy(name, to)
    left_in(to)
    print(f"the course without solutions: {to} ({len(names) - len(kept)} files left out)")
