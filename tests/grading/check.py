"""Grades invented classes and checks the tables; makes a copy without solutions and checks it.

usage: check.py Class.test_WHAT, with CLASS, the folder to do it in, and GRADING_BUILD, the build folder whose tests are run,
in the environment"""

import csv
import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

COURSE = Path(__file__).resolve().parents[2]
BUILD = os.environ["GRADING_BUILD"]
CLASS = Path(os.environ["CLASS"])
LESSON = COURSE / "01-blocking-accept/blocking-accept.cpp"
HERE = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
STUDENTS = ["Ann Right", "bob-wrong", "cem-hanging", "dee-unbuilt", "eve|crashing"]


def hand_in(folder: Path, name: str, text: str) -> None:
    """Writes a student's file; a file without an extension is a program."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    if "." not in name:
        (folder / name).chmod(0o755)


def fresh(name: str) -> Path:
    """An empty folder beside the class."""
    folder = Path(f"{CLASS}{name}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def grade(what: str, folder: Path, *options: str) -> None:
    """Grades the students in the folder `in` of this folder."""
    command = [sys.executable, str(COURSE / "scripts/course/grading"), what, str(folder / "in"), "--out", str(folder / "out")]
    subprocess.run([*command, "--build", BUILD, *options], check=True, env=HERE)


class Class(unittest.TestCase):
    """The class, and the copy for it."""

    def has(self, file: Path, line: str) -> None:
        """The file must have a line like this."""
        self.assertRegex(file.read_text(encoding="utf-8"), re.compile(line, re.MULTILINE))

    def has_ended(self, words: str) -> None:
        """No process with these words may still be running."""
        said = subprocess.run(["pgrep", "-f", words], capture_output=True, text=True, check=False)
        self.assertEqual(said.stdout, "", "what the hanging student started runs on")

    def test_grade(self) -> None:
        folder = fresh("") / "in"
        right = LESSON.read_text(encoding="utf-8")
        wrong = "".join(line for line in right.splitlines(keepends=True) if "set_reuse_address" not in line)
        hand_in(folder / "Ann Right", "blocking-accept.cpp", right)
        hand_in(folder / "bob-wrong", "blocking-accept.cpp", wrong)
        hand_in(folder / "cem-hanging", "blocking-accept", "#!/bin/sh\nexec sleep 987654\n")
        hand_in(folder / "dee-unbuilt", "blocking-accept.cpp", "int main() { return no_such_name; }\n")
        hand_in(folder / "eve|crashing/deep", "blocking-accept.py", "import os\nos.abort()\n")
        grade("01", CLASS, "--jobs", "7")
        self.has_ended("sleep 987654")

    def test_right(self) -> None:
        self.has(CLASS / "out/grades.md", r"^\| Ann Right \| 7 of 7 \|( ✓ \|){7}  \|$")

    def test_wrong(self) -> None:
        self.has(CLASS / "out/grades.md", r"^\| bob-wrong \| 6 of 7 \|")
        again = "can be restarted at once on the same port"
        self.has(CLASS / "out/grades.md", f"^- 01/blocking-accept {again}: expected .*Address already in use")
        self.has(CLASS / "out/bob-wrong/report.md", f"^- ✗ 01/blocking-accept {again}$")

    def test_hanging(self) -> None:
        expected = "expected a first line that ends in 'port N'.*none came"
        self.has(CLASS / "out/grades.md", rf"^\| cem-hanging \| 0 of 7 \|.*{expected}")

    def test_stopped(self) -> None:  # by the clock, and not by the tests' own patience, which is ten seconds
        folder = fresh("-stopped")
        hand_in(folder / "in/cem", "blocking-accept", "#!/bin/sh\nsetsid sleep 987655 &\nsleep 987655\n")
        grade("01", folder, "--seconds", "3")
        self.has(folder / "out/grades.md", r"^\| cem \| 0 of 7 \|.*its time was up: 7 of 7")
        self.has_ended("sleep 987655")

    def test_unbuilt(self) -> None:
        self.has(CLASS / "out/grades.md", r"^\| dee-unbuilt \| 0 of 7 \|.*does not build: blocking-accept.cpp:1:.*no_such_name")

    def test_crashing(self) -> None:
        self.has(CLASS / "out/grades.md", r"^\| eve\\\|crashing \| 0 of 7 \|.*killed by signal 6")

    def test_spreadsheet(self) -> None:
        with (CLASS / "out/grades.csv").open(encoding="utf-8", newline="") as file:
            head, *rows = list(csv.reader(file))
        self.assertEqual((head[:4], len(head)), (["student", "points", "of", "note"], 4 + 7))
        self.assertEqual([row[0] for row in rows], STUDENTS)
        self.assertEqual([row[1] for row in rows], ["7", "6", "0", "0", "0"])
        for row in rows:
            self.assertEqual((len(row), float(row[1])), (len(head), sum(map(float, row[4:]))))

    def test_points(self) -> None:
        folder = fresh("-points")
        hand_in(folder / "in/ann", LESSON.name, LESSON.read_text(encoding="utf-8"))
        (folder / "points").write_text("# what it is about\n3 waits in accept\n0.5 command line\n")
        grade("blocking-accept", folder, "--points", str(folder / "points"))
        self.has(folder / "out/grades.csv", r"^ann,8\.5,8\.5,,3,1,1,1,0\.5,1,1")

    def test_exercise(self) -> None:
        folder = fresh("-exercise")
        made = Path(BUILD) / "tests/exercises/07-lines"
        hand_in(folder / "in/ann/homework", "07-lines.cpp", (made / "solution.cpp").read_text(encoding="utf-8"))
        hand_in(folder / "in/bob/07-lines", "chat.cpp", (made / "starter.cpp").read_text(encoding="utf-8"))
        grade("07-lines", folder)
        table = folder / "out/grades.md"
        self.has(table, r"^\| ann \| ([0-9]+) of \1 \|( ✓ \|)+  \|$")
        self.has(table, r"^\| bob \| [0-9]+ of [0-9]+ \|.*✗")
        self.has(table, "half a line is not sent until it is complete: expected bob hears nothing of 'hel'")

    def test_names(self) -> None:
        """The second column of the tables of mistakes, in italics."""
        tests = subprocess.run(["ctest", "--test-dir", BUILD, "-N"], capture_output=True, text=True, check=True).stdout
        named = 0
        for page in sorted((COURSE / "docs/teacher").glob("lesson-0?.md")):
            mistakes = page.read_text(encoding="utf-8").split("## Common mistakes")[1].split("## Exercises")[0]
            for row in re.findall(r"^\|[^|]*\|([^|]*)\|", mistakes, re.MULTILINE):
                for quoted in re.findall(r"\*([^*]+)\*", row):
                    named += 1
                    words = quoted[:-2] if quoted.endswith(" …") else quoted
                    self.assertRegex(tests, rf" {page.stem[-2:]}/.*{re.escape(words)}", f"{page}: no test is called so")
        self.assertGreater(named, 50)

    def copy_for_class(self, name: str) -> Path:
        """Makes a copy for a class."""
        copy = fresh(name)
        self.addCleanup(shutil.rmtree, copy)
        subprocess.run([COURSE / "learn", "strip", copy], check=True)
        return copy

    def test_strip(self) -> None:
        copy = self.copy_for_class("-copy-strip")
        for file in ("README.md", "learn", "01-blocking-accept/blocking-accept.cpp", "tests/lesson-04.cpp", "common/src/posix/epoll.cpp"):
            self.assertTrue((copy / file).stat().st_size, file)
        found = [path for path in copy.rglob("*") if re.match(r"solution|.*teacher|grad|\.git$|strip", path.name)]
        self.assertEqual(found, [])
        for readme in [copy / "README.md", *copy.glob("0?-*/exercises/*/README.md")]:
            self.assertNotRegex(readme.read_text(encoding="utf-8").lower(), r"\]\([^)]*solution|learn (grade|strip)|scripts/")
        check = copy / "tests/front-door/check.py"
        compile(check.read_text(encoding="utf-8"), check, "exec")
        helped = subprocess.run([copy / "learn", "--help"], capture_output=True, text=True, check=True).stdout
        self.assertIn("exercise", helped)
        self.assertNotIn("teacher", helped)

    def test_configure(self) -> None:
        copy = self.copy_for_class("-copy-configure")
        command = ["cmake", "-S", str(copy), "-B", str(copy / "build/tests"), "-DBUILD_TESTING=ON"]
        ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(ended.returncode, 0, ended.stdout)


if __name__ == "__main__":
    unittest.main()
