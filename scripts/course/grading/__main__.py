"""Grades a class: runs the tests of a lesson's program, or the check of an exercise, on what each student handed in.

FOLDER has one folder for each student, by the student's name. In it lies PROGRAM.cpp (one file, compiled as the
lesson's own), PROGRAM.py, or an executable file PROGRAM; for an exercise, NAME.cpp, or a folder NAME
with .cpp files.
The tables grades.md and grades.csv, and a page for each student, are written into the folder that --out names.
A program that hangs, crashes or does not build costs only its own row.

What students wrote is run with your rights. Use a machine, a container or an account that has nothing to lose."""

import argparse
import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn, Optional, Protocol

if not __package__:  # started as a folder: the package is found above it
    sys.path[0] = str(Path(sys.path[0]).parents[1])

from course import COURSE
from course.grading import exercise, submission, table, trial


class How(Protocol):
    """What is tested: a program or an exercise."""

    pattern: str  # of the tests' names in ctest

    @property
    def tests(self) -> Iterable[str]:
        """The tests' names."""

    def prepare(self, folder: Path, out: Path) -> tuple[str, dict[str, str]]:
        """What ctest is told to run, and what the environment says besides."""


class Parser(argparse.ArgumentParser):
    """One that reports a mistake in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"grade: {message} (./learn grade --help)\n")


def number(text: str) -> int:
    """A number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a number from 1, not '{text}'")
    return int(text)


def arguments() -> tuple[Parser, argparse.Namespace]:
    """Reads what it is called with."""
    parser = Parser(prog="grade", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", metavar="WHAT", help="a program (echo-server), a lesson with one program (04), or an exercise (07-names)")
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="a folder for each student is in it")
    parser.add_argument("--out", metavar="FOLDER", type=Path, help="where the tables go (build/grades/WHAT)")
    parser.add_argument("--seconds", metavar="N", type=number, default=120, help="for the tests of one student, at most (120)")
    parser.add_argument("--jobs", metavar="N", type=number, default=4, help="run N tests at once (default: 4)")
    parser.add_argument("--points", metavar="FILE", type=Path, help="a file of lines 'POINTS PART OF A TEST'S NAME'; else each test is worth 1")
    parser.add_argument("--student", metavar="NAME", action="append", help="only this one; may be given several times")
    parser.add_argument("--build", metavar="FOLDER", type=Path, default=COURSE / "build/tests",
                        help="where the tests are built (build/tests)")
    parsed = parser.parse_args()
    parsed.build = parsed.build.resolve()
    if not (parsed.build / "CTestTestfile.cmake").exists():
        parser.error(f"{parsed.build} has no tests: cmake --preset tests && cmake --build --preset tests")
    if not parsed.folder.is_dir():
        parser.error(f"there is no folder {parsed.folder}")
    return parser, parsed


def program_named(what: str, parser: Parser) -> Optional[str]:
    """A program by its name or its lesson's number; None if this is an exercise."""
    if what in submission.VARIABLES:
        return what
    own = [name for name, (lesson, _) in submission.VARIABLES.items() if what.zfill(2) == lesson or what.startswith(lesson + "-") and
           (COURSE / what).is_dir()]
    if len(own) > 1:
        parser.error(f"lesson {what} has several programs: " + ", ".join(own))
    return own[0] if own else None


def worth_of(tests: Iterable[str], file: Optional[Path]) -> dict[str, float]:
    """The points of each test: the first line of the file whose words are in the test's name says it."""
    rules = []
    for line in file.read_text().splitlines() if file else []:
        points, _, words = line.partition(" ")
        if line.strip() and not line.startswith("#"):
            rules.append((float(points), words.strip()))
    unused = [words for _, words in rules if not any(words in test for test in tests)]
    if unused:
        sys.exit(f"grade: no test's name has these words of {file}: " + "; ".join(unused))
    return {test: next((points for points, words in rules if words in test), 1.0) for test in tests}


def clean_environment() -> dict[str, str]:
    """Without what may point the tests at some other program."""
    names = {variable for _, variable in submission.VARIABLES.values()} | exercise.variables()
    return {name: value for name, value in os.environ.items() if name not in names}


def grade(student: Path, how: How, options: argparse.Namespace, out: Path) -> table.Row:
    """The row of one student."""
    row = table.Row(student.name)
    own = out / student.name
    own.mkdir(parents=True, exist_ok=True)
    try:
        handed_in = own / "handed-in"
        submission.copy(student, handed_in)
        tests, variables = how.prepare(handed_in, own)
        environment = {**clean_environment(), **variables, "PWD": str(handed_in)}
        row.results = trial.run(options.build, how.tests, how.pattern, tests, environment, own, options.seconds, options.jobs)
    except submission.Refused as why:
        row.note = str(why)
    except OSError as error:
        row.note = f"could not be read: {error}"
    return row


class OfProgram:
    """The tests of one of the lessons' programs."""

    def __init__(self, program: str, build: Path) -> None:
        self.program, self.build = program, build
        lesson, self.variable = submission.VARIABLES[program]
        self.pattern = f"^{lesson}/{program}s? "
        self.tests = trial.tests_of(build, self.pattern)

    def prepare(self, folder: Path, out: Path) -> tuple[str, dict[str, str]]:
        """What ctest is told to run, and what the environment says besides."""
        return f'subdirs("{self.build}")\n', {self.variable: submission.command_line(self.program, folder, self.build, out)}


def main() -> None:
    """Grades the class, student by student."""
    parser, options = arguments()
    program = program_named(options.what, parser)
    how: How
    if program:  # noqa: SIM108 - mypy sees an object in the short form
        how = OfProgram(program, options.build)
    else:
        how = exercise.named(options.what, options.build, COURSE)
    if not how.tests:
        parser.error(f"there are no tests of {options.what} in {options.build}: build them, or correct the name")
    worth = worth_of(how.tests, options.points)
    students = sorted(entry for entry in options.folder.resolve().iterdir() if entry.is_dir() and not entry.name.startswith("."))
    if options.student:
        students = [student for student in students if student.name in options.student]
    if not students:
        parser.error(f"{options.folder} has no folder of a student")
    out = (options.out or COURSE / "build/grades" / re.sub(r"\W+", "-", options.what)).resolve()
    trial.adopt_orphans()
    title = f"Grades: {program or options.what}"
    rows = []
    for student in students:
        row = grade(student, how, options, out)
        rows.append(row)
        (out / student.name / "report.md").write_text(table.page(row, title, worth), encoding="utf-8")
        print(f"{student.name}: {table.number(table.earned(row, worth))} of {table.number(table.possible(row, worth))}"
              f"  {table.note(row)}".rstrip(), flush=True)
    (out / "grades.md").write_text(table.markdown(title, rows, worth), encoding="utf-8")
    table.write_csv(out / "grades.csv", rows, worth)
    print(f"the tables: {out}/grades.md and grades.csv; for each student: report.md in a folder of that name there")


if __name__ == "__main__":
    main()
