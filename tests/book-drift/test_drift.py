"""Breaks one thing in a copy of the course, and checks that the build of the book fails, and why.

In the environment: BUILD, where the book was built once, whose recorded pages are the copy's; DOXYGEN and RECORDER."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ["BUILD"])


class Course:
    """A copy of the course that tests break."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "course"
        shutil.copytree(SOURCE, self.folder, symlinks=True, ignore=shutil.ignore_patterns("build", ".git", "work"))
        self.book = self.folder / "build/book"
        self.book.mkdir(parents=True)
        shutil.copytree(BUILD / "pages", self.folder / "build/pages")
        doxyfile = (BUILD / "book/Doxyfile").read_text(encoding="utf-8")
        doxyfile = doxyfile.replace(str(BUILD), str(self.folder / "build")).replace(str(SOURCE), str(self.folder))
        # The same book without what takes long and cannot drift.
        doxyfile += "".join(f"{option} = NO\n" for option in ("HAVE_DOT", "CLASS_GRAPH", "SOURCE_BROWSER"))
        (self.book / "Doxyfile").write_text(doxyfile, encoding="utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        """Replaces the first occurrence, which must be there."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no '{old}' any more: this test has drifted"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def run(self, *arguments: object) -> "subprocess.CompletedProcess[str]":
        """Calls the copy's own course.book."""
        return subprocess.run([sys.executable, "-B", "-m", "course.book", *map(str, arguments)], cwd=self.folder,
                              env={**os.environ, "PYTHONPATH": str(self.folder / "scripts")}, encoding="utf-8",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=200, check=False)

    def make(self) -> "subprocess.CompletedProcess[str]":
        """Makes the student's book."""
        return self.run("make", self.book, self.folder / "build", "student", "--doxygen", os.environ["DOXYGEN"])

    def record(self, folder: Path) -> "subprocess.CompletedProcess[str]":
        """Records the pages."""
        return self.run("record", os.environ["RECORDER"], folder)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A copy that is still intact."""
    if not (BUILD / "pages/kernel-07.md").exists():
        pytest.skip("the book is not built (cmake --build --preset docs)")
    return Course(tmp_path)


def fails(ran: "subprocess.CompletedProcess[str]", why: str) -> None:
    """The build must have failed for this reason."""
    assert ran.returncode != 0, f"nothing was noticed:\n{ran.stdout}"
    assert re.search(why, ran.stdout, re.M), f"it failed, but not for '{why}':\n{ran.stdout}"


def test_a_copy_of_the_course_builds_the_book(course: Course) -> None:
    ran = course.make()
    assert ran.returncode == 0, ran.stdout


def test_a_missing_snippet_marker_fails_the_build(course: Course) -> None:
    course.replace("04-echo-server/echo-server.cpp", "//! [write]", "//! [wrote]")
    fails(course.make(), r"write.*echo-server\.cpp|echo-server\.cpp.*write")


def test_an_outdated_transcript_fails_the_build(course: Course) -> None:
    course.replace("01-blocking-accept/README.md", "\nAbout to accept:\n", "\nAbout to wait:\n")
    fails(course.record(course.folder / "build/pages"), "expected: what 01-blocking-accept/README.md shows")


def test_a_question_without_a_matching_step_is_left_out_and_reported(course: Course) -> None:
    scene = course.folder / "tests/record/scenes/01-blocking-accept.json"
    answers = [{"text": str(number), "right": number == 1, "why": "it is"} for number in range(3)]
    question = {"before": {"says": "the program flies"}, "ask": "What now?", "answers": answers}
    scene.write_text(json.dumps({"questions": [question]}), encoding="utf-8")
    ran = course.record(course.folder / "build/pages")
    assert ran.returncode == 0, ran.stdout
    assert "01-blocking-accept.json: no step 1 says 'the program flies'" in ran.stdout
    assert "What now?" not in (course.folder / "build/pages/player-01.html").read_text(encoding="utf-8")


def test_a_transcript_without_a_recording_fails_the_build(course: Course) -> None:
    course.replace("01-blocking-accept/README.md", "transcript: blocking-accept", "transcript: blocking")
    fails(course.make(), r"blocking\.txt")


def test_a_link_to_a_missing_page_fails_the_build(course: Course) -> None:
    file = course.folder / "01-blocking-accept/README.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("(../02-selector-accept/README.md)", "(../02-nowhere/README.md)"), encoding="utf-8")
    fails(course.make(), "there_is_no_page_02_nowhere")


def test_a_link_to_a_missing_file_fails_the_build(course: Course) -> None:
    # In the navigation for people who read the file by itself; the book has its own.
    course.replace("01-blocking-accept/README.md", "(../02-selector-accept/README.md)", "(../02-nowhere/README.md)")
    fails(course.make(), "^01-blocking-accept/README.md: ../02-nowhere/README.md: there is no such file")


def test_a_link_to_a_missing_anchor_fails_the_build(course: Course) -> None:
    with (course.folder / "docs/seven-loops.md").open("a", encoding="utf-8") as page:
        page.write('\n<a href="lesson_02.html#nowhere">there</a>\n')
    fails(course.make(), "lesson_02.html#nowhere: there is no such place")


def test_a_link_that_the_book_cannot_parse_fails_the_build(course: Course) -> None:
    with (course.folder / "docs/seven-loops.md").open("a", encoding="utf-8") as page:
        page.write("\n[there][one]\n\n[one]: glossary.md\n")
    fails(course.make(), r"^book: docs/seven-loops.md:\d+: the parser sees 1 links here and the book 0")


def test_a_new_file_of_a_lesson_is_listed_as_a_change(course: Course) -> None:
    (course.folder / "02-selector-accept/helper.cpp").write_text("int quite_new = 1;\n", encoding="utf-8")
    pages = course.folder / "build/pages"
    ran = course.record(pages)
    assert ran.returncode == 0, ran.stdout
    page = (pages / "changed-02.md").read_text(encoding="utf-8")
    assert re.search(r"\[helper.cpp\].*a new file \| 0 \| 1 \|", page)
    assert "<ins>+int quite_new = 1;</ins>" in page


def test_two_recordings_give_the_same_pages(course: Course) -> None:
    recorded = []
    for folder in (course.folder / "one", course.folder / "two"):
        ran = course.record(folder)
        assert ran.returncode == 0, ran.stdout
        # The players show what happened in the order in which it happened. Of the rest, how often a wait ended
        # without an event is a matter of chance, and the only thing that may differ.
        recorded.append({path.name: re.sub("^Left out of this list.*$", "", path.read_text(encoding="utf-8"), flags=re.M)
                         for path in folder.iterdir() if not path.name.startswith("player-")})
    assert recorded[0] == recorded[1]
