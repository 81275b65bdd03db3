"""The starters and solutions of the exercises, which are kept as differences: a starter's from a lesson's program, and a
solution's from its starter. So a line of a lesson is written once, and an exercise holds what is its own.

A starter that resembles no program is kept whole, as starter.cpp. What is made of all that is written into a folder:

    PYTHONPATH=scripts python3 -m course.patches edit build/edit 07-names     # to change it, or to mend a conflict
    PYTHONPATH=scripts python3 -m course.patches record build/edit 07-names   # what was changed there is the exercise now"""

import argparse
import difflib
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from course import COURSE
from course.lessons import exercise_folders

HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@")
MARK = re.compile(r"^\s*//! \[\w+\]$")  # which the book needs in a lesson's program, and a student does not


@dataclass
class Hunk:
    """A place that a patch changes."""

    start: int  # the line of the source at which it stood when it was recorded, from 1
    counts: tuple[int, int]  # how many lines there must be before and after, as its line '@@' says
    lines: list[str] = field(default_factory=list)  # each with " ", "-" or "+" before it

    @property
    def old(self) -> list[str]:
        """What must be there."""
        return [line[1:] for line in self.lines if line[0] != "+"]

    @property
    def new(self) -> list[str]:
        """What is there afterwards."""
        return [line[1:] for line in self.lines if line[0] != "-"]

    def likeness(self, lines: list[str], at: int) -> int:
        """How many lines of the source are as they must be, if it belongs there."""
        return sum(one == other for one, other in zip(self.old, lines[at:]))

    def place(self, lines: list[str], first: int, expected: int) -> int:
        """Where it fits best, from a line on; of several places, the one nearest to where it is expected."""
        last = max(first, len(lines) - len(self.old))
        return max(range(first, last + 1), key=lambda at: (self.likeness(lines, at), -abs(at - expected)))


class Conflict(ValueError):
    """A patch does not fit what it is to change."""


@dataclass
class Patch:
    """A file with a unified difference, as diff -u writes it."""

    file: Path
    source: str  # what it changes: a program of the course, or starter.cpp
    hunks: list[Hunk]

    @classmethod
    def read(cls, file: Path) -> "Patch":
        """Reads it."""
        source = ""
        hunks: list[Hunk] = []
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("--- ") and not hunks:
                source = line[4:].split("\t")[0]
            elif at := HUNK.match(line):
                hunks.append(Hunk(int(at[1]), (int(at[2] or 1), int(at[3] or 1))))
            elif hunks and line[:1] in (" ", "-", "+"):
                hunks[-1].lines.append(line)
            elif hunks and not line:  # an editor has taken the blank off the end of the line
                hunks[-1].lines.append(" ")
            elif not line.startswith(("+++ ", "\\ ")):  # "\ No newline at end of file": what is written always has one
                raise damaged(file, f"line {number} is no line of a unified difference: {line}")
        if not source or not hunks:
            raise damaged(file, "it holds no difference; a line '--- FILE' and a line '@@ … @@' are missing")
        for number, hunk in enumerate(hunks, 1):
            change, found = f"change {number} of {len(hunks)}", (len(hunk.old), len(hunk.new))
            if found != hunk.counts:
                before, after = hunk.counts
                raise damaged(file, f"{change} has {found[0]} lines before and {found[1]} after, and its line '@@' says "
                                    f"{before} and {after}")
            if not hunk.old:
                raise damaged(file, f"{change} does not say beside which lines it belongs; diff -u does")
        return cls(file, source, hunks)

    def applied(self, lines: list[str], conflicts: bool = False) -> list[str]:
        """The lines after the change. A hunk may have moved, but what it changes must be there, line by line. With
        conflicts, one that does not fit is written beside what is there, between <<<<<<< and >>>>>>>."""
        made: list[str] = []
        done = moved = 0
        for number, hunk in enumerate(self.hunks, 1):
            expected = hunk.start - 1 + moved
            at = hunk.place(lines, done, expected)
            there = lines[at : at + len(hunk.old)]
            made += lines[done:at]
            if there == hunk.old:
                made += hunk.new
                moved = at - hunk.start + 1
            elif conflicts:
                made += [f"<<<<<<< {self.source}", *there, "=======", *hunk.new, f">>>>>>> {self.file.name}"]
            else:
                raise Conflict(self.misfit(number, hunk, lines, at))
            done = at + len(hunk.old)
        return made + lines[done:]

    def misfit(self, number: int, hunk: Hunk, lines: list[str], at: int) -> str:
        """What is wrong, for the person who has changed the source."""
        place = next(i for i, line in enumerate(hunk.old) if at + i >= len(lines) or lines[at + i] != line)
        there = lines[at + place] if at + place < len(lines) else "(the end)"
        name = self.file.parent.name
        return (
            f"exercise {name}: {shown(self.file)}, change {number} of {len(self.hunks)}, no longer fits {self.source}:{at + place + 1}\n"
            f"  expected there: {hunk.old[place]}\n"
            f"  but it is:      {there}\n"
            f"If you have changed that file to try something, put it back. If it is to stay changed, mend the exercise:\n"
            f"  PYTHONPATH=scripts python3 -m course.patches edit build/edit {name}\n"
            f"then edit the files in build/edit/{name}, and\n"
            f"  PYTHONPATH=scripts python3 -m course.patches record build/edit {name}"
        )


def damaged(file: Path, why: str) -> Conflict:
    """A patch that cannot be read."""
    return Conflict(f"exercise {file.parent.name}: {shown(file)}: {why}\nTo undo your changes to it: git checkout {shown(file)}")


def shown(file: Path) -> str:
    """A file's name from the course's folder."""
    return file.relative_to(COURSE).as_posix() if COURSE in file.parents else str(file)


def without_marks(lines: list[str]) -> list[str]:
    """A lesson's program without the marks that the book needs. One that keeps two pieces apart becomes a blank line."""
    kept: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""]):
        if not MARK.match(line):
            kept.append(line)
        elif kept and kept[-1].strip() == "}" and following.strip() and not following.strip().startswith("}"):
            kept.append("")
    return kept


def lines_of(file: Path, exercise: str, why: str) -> list[str]:
    """The lines of a program, which an exercise needs for a reason."""
    if not file.is_file():
        raise Conflict(f"exercise {exercise}: {shown(file)} is missing; {why}")
    return without_marks(file.read_text(encoding="utf-8").splitlines())


class Exercise:
    """The files of an exercise."""

    def __init__(self, name: str) -> None:
        self.name = name
        folders = [folder for folder in exercise_folders() if folder.name == name]
        if not folders:
            raise Conflict(f"there is no exercise '{name}'")
        self.folder = folders[0]

    @property
    def base(self) -> str:
        """The program that the starter is made from, "" if it is kept whole."""
        patch = self.folder / "starter.patch"
        return Patch.read(patch).source if patch.exists() else ""

    def starter(self, conflicts: bool = False) -> list[str]:
        """The lines of the starter."""
        if not self.base:
            return lines_of(self.folder / "starter.cpp", self.name, "the starter is kept in it, as there is no starter.patch")
        patch = Patch.read(self.folder / "starter.patch")
        return patch.applied(lines_of(COURSE / patch.source, self.name, "starter.patch changes it"), conflicts)

    @property
    def has_solution(self) -> bool:
        """False in a copy for a class."""
        return (self.folder / "solution.patch").exists()

    def solution(self, conflicts: bool = False) -> list[str]:
        """The lines of the solution."""
        return Patch.read(self.folder / "solution.patch").applied(self.starter(conflicts), conflicts)

    def write(self, folder: Path, conflicts: bool = False) -> None:
        """Writes both, the solution if there is one, into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        write(folder / "starter.cpp", self.starter(conflicts))
        if self.has_solution:
            write(folder / "solution.cpp", self.solution(conflicts))

    def record(self, folder: Path, base: str) -> None:
        """Keeps what is in a folder. base is the program that the starter is made from, or "" to keep it whole."""
        edited = ("starter.cpp", "solution.cpp")
        starter, solution = (lines_of(folder / file, self.name, "edit writes it, record keeps it") for file in edited)
        for file, lines in (("starter.cpp", starter), ("solution.cpp", solution)):
            for number, line in enumerate(lines, 1):
                if line.startswith(("<<<<<<< ", ">>>>>>> ")) or line == "=======":
                    raise Conflict(f"{folder / file}:{number}: a conflict is left here: {line}")
        if base:
            record(self.folder / "starter.patch", base, lines_of(COURSE / base, self.name, "the starter is made from it"), starter)
        else:
            write(self.folder / "starter.cpp", starter)
        record(self.folder / "solution.patch", "starter.cpp", starter, solution)


def write(file: Path, lines: list[str]) -> None:
    """Writes a program."""
    file.write_bytes("".join(line + "\n" for line in lines).encode())


def record(file: Path, source: str, old: list[str], new: list[str]) -> None:
    """Writes a patch."""
    difference = list(difflib.unified_diff(old, new, source, file.stem + ".cpp", lineterm=""))
    if not difference:
        raise Conflict(f"{shown(file)}: there is no difference to {source}")
    write(file, difference)


def names() -> list[str]:
    """All exercises, in the order of the lessons."""
    return [folder.name for folder in exercise_folders()]


def main(arguments: list[str]) -> None:
    """The commands for people who work on the exercises or on the programs that they are made from."""
    parser = argparse.ArgumentParser(prog="python3 -m course.patches", description="Starters and solutions of the exercises.")
    commands = parser.add_subparsers(dest="command", required=True)
    for command, about in (("write", "write them into FOLDER/EXERCISE"), ("edit", "the same, with conflicts in the files"),
                           ("record", "keep what is in FOLDER/EXERCISE")):
        words = commands.add_parser(command, help=about)
        words.add_argument("folder", type=Path)
        words.add_argument("exercises", nargs="*", metavar="EXERCISE")
        if command == "record":
            words.add_argument("--base", help="the program that a new starter is made from; '' to keep it whole")
    call = parser.parse_args(arguments)
    wrong = []
    for name in call.exercises or names():
        try:
            exercise = Exercise(name)
            if call.command == "record":
                exercise.record(call.folder / name, exercise.base if call.base is None else call.base)
            else:
                exercise.write(call.folder / name, conflicts=call.command == "edit")
        except (Conflict, OSError) as error:
            wrong.append(str(error))
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main(sys.argv[1:])
