"""The commands of ./learn for teachers. A class's copy of the course does not have this file."""

import sys
from pathlib import Path

from course import COURSE, strip, words
from course.call import Call, fail, offer
from course.commands import TESTED, build_book
from course.install import need
from course.lessons import LESSONS, PROGRAMS, lesson_of
from course.processes import build, run


@offer("docs-teacher", "", "build the teacher's book: build/docs/teacher-book/html/index.html",
       only=TESTED, heading="For teachers (docs/teacher/index.md):")
def docs_teacher(call: Call) -> None:
    """Builds the book with the teacher's pages and the solutions: build/docs/teacher-book/html/index.html."""
    build_book("docs-teacher")
    print("the teacher's book: build/docs/teacher-book/html/index.html")


def what_to_grade(what: str, value: str, call: Call) -> None:
    """A program, a lesson with one program, or an exercise."""
    programs = LESSONS.get(lesson_of(value), [])
    if programs and value not in programs:
        if len(programs) > 1:
            fail(f"lesson '{value}' has several programs; choose one of: {', '.join(programs)}")
        return
    names = [*PROGRAMS, *words.exercises()]
    words.must_be_one("program or exercise", value, "./learn list and ./learn exercise show them", names)


def students_in(call: Call) -> list[str]:
    """The folders of the students, by their names."""
    folder = call.folder / call.words[1]
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def class_folder(what: str, value: str, call: Call) -> None:
    """A folder with a folder for each student."""
    if not (call.folder / value).is_dir():
        fail(f"there is no folder '{value}'")
    if not students_in(call):
        fail(f"'{value}' has no folder of a student")


def student(what: str, value: str, call: Call) -> None:
    """One of the class."""
    words.must_be_one("student", value, f"each student has a folder in '{call.words[1]}'", students_in(call))


def built_tests(what: str, value: str, call: Call) -> None:
    """A build folder with tests."""
    if not (call.folder / value / "CTestTestfile.cmake").is_file():
        fail(f"{what}: '{value}' has no tests")


def must_be_there(folder: Path) -> None:
    """The folder where the command was typed, for the sake of the paths that it was given."""
    if not folder.is_dir():
        fail(f"the folder '{folder}' no longer exists")


@offer("grade", "WHAT FOLDER", "run the tests of a program or an exercise on each student's folder",
       checks={"WHAT": what_to_grade, "FOLDER": class_folder, "--student": student, "--points": words.file_there,
               "--out": words.may_be_made, "--build": built_tests, "--seconds": words.number(1, 86400),
               "--jobs": words.number(1, 1000)},
       only=TESTED, typed=True)
def grade(call: Call) -> None:
    """
    Grades a class: runs the tests on each student's work, and makes a table. WHAT is a program (echo-server), a lesson with
    one program (04), or an exercise (07-names). FOLDER holds one folder for each student. The students' programs run with
    your rights: see docs/teacher/grading.md.

      --out FOLDER    write the tables there (default: build/grades/WHAT)
      --seconds N     stop the tests of one student after N seconds (default: 120)
      --jobs N        run N tests at once (default: 4)
      --points FILE   lines 'POINTS PART OF A TEST'S NAME'; without it, each test is worth 1
      --student NAME  grade only this student; may be given several times
      --build FOLDER  where the tests are built (default: build/tests)
    """
    need("compiler", "cmake", "make", "catch2")
    build("tests")
    must_be_there(call.folder)
    run(sys.executable, "-B", f"{COURSE}/scripts/course/grading", *call.words, *call.options, cwd=call.folder)


@offer("strip", "DIR", "make a copy of the course for a class, without the solutions", typed=True)
def strip_solutions(call: Call) -> None:
    """
    Copies the course into DIR for a class, without the solutions, the teacher's pages, the tools for grading and the
    history. DIR must be empty or not exist yet.
    """
    must_be_there(call.folder)
    if not call.words[0]:
        fail("DIR is empty")
    strip.make_copy(call.folder / call.words[0])
