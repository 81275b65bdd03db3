"""The exercises: a copy of the starter to work on, its check explained in plain words, hints, and the student's progress.

Underneath is plain CTest:
cmake --build --preset tests --target mine-NAME test-exercises && ctest --preset work -R mine/NAME"""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from course import COURSE, systems
from course.call import fail
from course.install import need
from course.lessons import FOLDERS, LIBRARIES, exercise_folders
from course.patches import Conflict, Exercise, write
from course.processes import build, run_into
from course.words import exercises

WORK = Path("work")
SOLUTIONS = WORK / "solutions"
PROGRESS = WORK / "progress"  # lines of NAME STATE, the last one counts


def folder_of(name: str) -> Path:
    """The folder of the exercise."""
    return next(folder for folder in exercise_folders() if folder.name == name)


def page_of(name: str) -> list[str]:
    """The lines of its page."""
    return (folder_of(name) / "README.md").read_text(encoding="utf-8").splitlines()


def copy_of(name: str) -> Path:
    """The student's copy."""
    return WORK / name / f"{name}.cpp"


def made(what: str, make: Callable[[], list[str]]) -> list[str]:
    """The lines of a program. The message about a patch that does not fit is longer than the one line with which ./learn ends."""
    try:
        return make()
    except Conflict as conflict:
        print(conflict, file=sys.stderr)
        fail(f"cannot make {what}, as said above")


def make_copy(name: str) -> None:
    """Makes the student's copy of an exercise."""
    lines = made(f"the starter of {name}", Exercise(name).starter)
    copy_of(name).parent.mkdir(parents=True, exist_ok=True)
    write(copy_of(name), lines)


def state_of(name: str) -> str:
    """passed, tried or not yet."""
    if PROGRESS.exists() and f"{name} passed" in PROGRESS.read_text(encoding="utf-8").splitlines():
        return "passed"
    return "tried" if (WORK / name).is_dir() else "not yet"


def remember(name: str, state: str) -> None:
    """Writes down the result of a check."""
    with PROGRESS.open("a", encoding="utf-8") as file:
        file.write(f"{name} {state}\n")


def list_all() -> None:
    """Prints the exercises: their state, and what they are about."""
    for name in exercises():
        about = page_of(name)[0].partition(": ")[2]
        print(f"{name:<20} {state_of(name):<8} {about}")
    print("To check one of them: ./learn exercise NAME. With --watch, it is checked again each time you save.")


def show_progress() -> None:
    """Prints the state of the exercises, lesson by lesson."""
    states = {name: state_of(name) for name in exercises()}
    for lesson in FOLDERS:
        left = lesson
        for name in states:
            if folder_of(name).parents[1] == COURSE / lesson:
                print(f"{left:<20} {name:<20} {states[name]}")
                left = ""
    print(f"{list(states.values()).count('passed')} of {len(states)} passed")


def hint(name: str, number: int) -> None:
    """Prints the inside of a <details> of its page."""
    inside = "\n".join(page_of(name)).split("<details>")[number].partition("</details>")[0]
    title = re.search("<summary>(.*)</summary>", inside)
    text = re.sub("<summary>.*</summary>", "", inside).lstrip("\n")
    print((re.sub("<[^>]*>", "", title[0]) + "\n" if title else "") + text, end="")


def solution(name: str) -> None:
    """Writes a solution, and prints where it is."""
    if not Exercise(name).has_solution:
        fail("a class's copy of the course has no solutions; ask your teacher")
    lines = made(f"the solution of {name}", Exercise(name).solution)
    SOLUTIONS.mkdir(parents=True, exist_ok=True)
    write(SOLUTIONS / f"{name}.cpp", lines)
    print(SOLUTIONS / f"{name}.cpp")


def first_errors(log: str) -> list[str]:
    """The compiler's errors, with four lines after each."""
    shown: list[str] = []
    left = 0
    gap = False
    for line in log.splitlines():
        left = 5 if re.search("error|undefined reference", line) else left - 1
        if left > 0:
            shown += ["--", line] if gap and shown else [line]
        gap = left <= 0
    return shown[:40]


def failure(log: str) -> list[str]:
    """The essence of a failed check: the story, what was expected, and what came instead."""
    check = ""
    story: list[str] = []
    for line in log.splitlines():
        if line.startswith("checking: "):
            check = line[len("checking: ") :]
        if story and line.startswith("but:"):
            return [*story, line[:-1]]  # without the reporter's quotation mark
        if story:
            story.append(line)
        elif line.endswith("the story so far:"):
            story = [f"  not yet so:  {check}", "what happened:"]
    # The long form, of an own selector: the name of the test, the place, the check.
    block, long = False, []
    for line in log.splitlines():
        if line.startswith("-----"):
            block = True
        elif line.startswith("====="):
            block = False
        elif block and line.strip() and not line.startswith("....."):
            long.append("  " + line)
    if long:
        return [*story, "not yet so:", *long]
    if "Timeout" in log:
        return [*story, "the check did not finish within a minute: something waits forever"]
    return story or log.splitlines()


def check(name: str) -> bool:
    """One round: builds the copy, checks it, and prints the result. True if it passed."""
    folder, log = folder_of(name), WORK / name / "check.log"
    if run_into(log, "cmake", "--build", "--preset", "tests", "--target", f"mine-{name}"):
        print("it does not build yet:")
        print("\n".join(first_errors(log.read_text(encoding="utf-8", errors="surrogateescape"))))
        return False
    if run_into(log, "ctest", "--preset", "work", "-R", f"^mine/{name}$") == 0:
        remember(name, "passed")
        another = f" Another way to do it: ./learn exercise {name} --solution"
        print(f"{name}: passed." + (another if Exercise(name).has_solution else ""))
        return True
    remember(name, "tried")
    print("\n".join(failure(log.read_text(encoding="utf-8", errors="surrogateescape"))))
    print(f"hints: ./learn exercise {name} --hint 1 (then 2 and 3), or {folder}/README.md")
    return False


def stamp(name: str) -> list[tuple[str, int]]:
    """When a student's files were last changed. An editor may replace a file, so that it is missing for a moment."""
    try:
        return [(path.name, path.stat().st_mtime_ns) for path in sorted((WORK / name).glob("*.cpp"))]
    except FileNotFoundError:
        return []


def watch(name: str) -> None:
    """Checks the copy again each time it is saved."""
    while True:
        before = stamp(name)
        check(name)
        print(f"waiting for you to save {copy_of(name)} (Ctrl-C ends it)")
        while stamp(name) in (before, []):  # looked at, because some file systems tell nothing (those of Windows under WSL)
            time.sleep(0.2)
        print(time.strftime("\n%H:%M:%S saved"))


def work_on(name: str, watching: bool) -> None:
    """Makes a copy if there is none, and checks it: once, or each time it is saved."""
    systems.only_on(f"exercise {name}", "Linux", "macOS")
    libraries = LIBRARIES.get(folder_of(name).parents[1].relative_to(COURSE).as_posix(), [])
    need("compiler", "cmake", "make", "catch2", *libraries)
    if not copy_of(name).exists():
        make_copy(name)
        page = "\n".join(page_of(name))
        print(page.partition("\n## What to make\n")[2].partition("\n## ")[0])
        print(f"your copy: {copy_of(name)}; the whole page: {folder_of(name)}/README.md")
        run_into(WORK / name / "check.log", "cmake", "--preset", "tests")  # so that the build knows the new file
    build("tests", "--target", "own-contract" if name == "own-selector" else "test-exercises")
    if watching:
        watch(name)
    elif not check(name):
        sys.exit(1)
