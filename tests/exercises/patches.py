"""The starters and solutions that are kept as patches: a patch that fits is applied, and one that does not is reported.

usage: patches.py"""

import contextlib
import io
import shutil
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from course import COURSE, exercise, patches
from course.call import Mistake
from course.patches import Conflict, Exercise, Patch

PROGRAM = [f"line {number}" for number in range(1, 21)]
PATCH = """--- 07-chat/chat-server.cpp
+++ starter.cpp
@@ -4,3 +4,4 @@
 line 4
-line 5
+line five
+and more
 line 6
@@ -15,2 +16,1 @@
 line 15
-line 16
"""
CHANGED = [*PROGRAM[:4], "line five", "and more", *PROGRAM[5:15], *PROGRAM[16:]]


class Patches(unittest.TestCase):
    """A patch, and a program that it changes."""

    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp()) / "07-names"
        self.addCleanup(shutil.rmtree, self.folder.parent)
        self.folder.mkdir()

    def patch(self, text: str = PATCH) -> Patch:
        """A patch in a file."""
        file = self.folder / "starter.patch"
        file.write_text(text, encoding="utf-8")
        return Patch.read(file)

    def exercise(self) -> Exercise:
        """An exercise with a folder of its own, so that nothing that a test records reaches the course."""
        own = Exercise("07-names")
        own.folder = self.folder
        return own

    def test_fits(self) -> None:
        self.assertEqual(self.patch().source, "07-chat/chat-server.cpp")
        self.assertEqual(self.patch().applied(PROGRAM), CHANGED)

    def test_moved(self) -> None:
        """Lines above it may be added or removed, and lines that look alike do not mislead it."""
        for new in (["new"] * 7, ["line 15", "line 17"], ["line 4", "line 6"]):
            self.assertEqual(self.patch().applied([*new, *PROGRAM]), [*new, *CHANGED])
        self.assertEqual(self.patch().applied(PROGRAM[2:]), CHANGED[2:])

    def test_nearest(self) -> None:
        """Of two places that fit, it takes the one where it was."""
        twice = ["a", "b", "c"] * 4
        patch = self.patch("--- x\n+++ y\n@@ -7,3 +7,3 @@\n a\n-b\n+B\n c\n")
        self.assertEqual(patch.applied(twice), [*twice[:7], "B", *twice[8:]])

    def test_nearest_after_another(self) -> None:
        """Of two places that fit, it takes the one that has moved as far as the change before it."""
        patch = self.patch("--- x\n+++ y\n@@ -1 +1 @@\n-top\n+TOP\n@@ -5,3 +5,3 @@\n a\n-b\n+B\n c\n")
        unmoved: list[str] = []
        for above in (unmoved, ["a", "b", "c"]):
            made = patch.applied([*above, "top", *["a", "b", "c"] * 4])
            self.assertEqual(made, [*above, "TOP", "a", "b", "c", "a", "B", "c", *["a", "b", "c"] * 2])

    def test_blank_lines(self) -> None:
        """An editor that removes blanks at the ends of lines does not harm a patch."""
        patch = self.patch("--- x\n+++ y\n@@ -1,3 +1,3 @@\n a\n\n-b\n+B\n")
        self.assertEqual(patch.applied(["a", "", "b"]), ["a", "", "B"])

    def test_misfit(self) -> None:
        """The message about a patch that no longer fits names the exercise, the place, what was expected and what is there."""
        program = [*PROGRAM[:15], "another", *PROGRAM[16:]]
        with self.assertRaises(Conflict) as caught:
            self.patch().applied(program)
        said = str(caught.exception)
        self.assertIn("exercise 07-names: ", said)
        self.assertIn("change 2 of 2, no longer fits 07-chat/chat-server.cpp:16\n", said)
        self.assertIn("expected there: line 16\n", said)
        self.assertIn("but it is:      another\n", said)
        self.assertIn("patches edit build/edit 07-names", said)

    def test_end(self) -> None:
        """A program that is too short is reported and does not crash."""
        short: tuple[list[str], ...] = (PROGRAM[:5], [])
        for lines in short:
            with self.assertRaisesRegex(Conflict, r"but it is: +\(the end\)|expected there"):
                self.patch().applied(lines)

    def test_conflict(self) -> None:
        """With conflicts, both versions are written, to be mended by hand."""
        program = [*PROGRAM[:4], "another", *PROGRAM[5:]]
        made = self.patch().applied(program, conflicts=True)
        self.assertEqual(made[3], "<<<<<<< 07-chat/chat-server.cpp")
        self.assertEqual(made[4:7], program[3:6])
        self.assertEqual(made[7:12], ["=======", "line 4", "line five", "and more", "line 6"])
        self.assertEqual(made[12], ">>>>>>> starter.patch")
        self.assertNotIn("line 16", made)

    def test_no_patch(self) -> None:
        for text, why in (("", "holds no difference"), ("--- a\n+++ b\n", "holds no difference"),
                          ("--- a\n+++ b\n@@ -1 +1 @@\nnonsense\n", "starter.patch: line 4 is no line")):
            with self.assertRaisesRegex(Conflict, why):
                self.patch(text)

    def test_cut(self) -> None:
        """A patch that was cut off, or whose end was edited by hand, is not applied in part."""
        for text in (PATCH[: PATCH.index(" line 6")], PATCH[: PATCH.index(" line 15")], PATCH + "\n"):
            with self.assertRaisesRegex(Conflict, r"exercise 07-names: .*starter.patch: change [12] of [12] has .* '@@' says"):
                self.patch(text)

    def test_between_nothing(self) -> None:
        """Lines that are added without any line beside them could be anywhere, so the patch is refused."""
        with self.assertRaisesRegex(Conflict, "change 1 of 1 does not say beside which lines"):
            self.patch("--- x\n+++ y\n@@ -10,0 +11 @@\n+new\n")

    def test_no_newline(self) -> None:
        """A missing newline at the end of a file, and the line with which diff and git mention it, make no difference."""
        self.assertEqual(self.patch(PATCH + "\\ No newline at end of file\n").applied(PROGRAM), CHANGED)
        self.assertEqual(self.patch(PATCH[:-1]).applied(PROGRAM), CHANGED)

    def test_missing(self) -> None:
        """A missing file is named, with what it is needed for."""
        own = self.exercise()
        needed = r"exercise 07-names: .*starter.cpp is missing; "
        with self.assertRaisesRegex(Conflict, needed + "the starter is kept"):
            own.starter()
        with self.assertRaisesRegex(Conflict, needed + "edit writes it"):
            own.record(self.folder, "07-chat/chat-server.cpp")
        self.patch(PATCH.replace("chat-server", "nobody"))
        with self.assertRaisesRegex(Conflict, "exercise 07-names: 07-chat/nobody.cpp is missing; starter.patch changes it"):
            own.starter()

    def test_line_ends(self) -> None:
        """A checkout with Windows line ends gives the same result."""
        self.folder.joinpath("starter.patch").write_bytes(PATCH.replace("\n", "\r\n").encode())
        self.assertEqual(Patch.read(self.folder / "starter.patch").applied(PROGRAM), CHANGED)

    def test_marks(self) -> None:
        """The book's marks in a lesson's program are not in a student's copy."""
        program = ["{", "}", "//! [a]", "int f() {", "//! [b]", "}", "//! [a]", "}"]
        self.assertEqual(patches.without_marks(program), ["{", "}", "", "int f() {", "}", "}"])

    def test_record(self) -> None:
        """Recording unchanged files gives the same patches again."""
        for name in patches.names():
            kept = Exercise(name)
            if not kept.has_solution:
                continue
            kept.write(self.folder / name)
            before = {path: path.read_bytes() for path in kept.folder.iterdir()}
            copy = Exercise(name)
            copy.folder = self.folder / "recorded" / name
            copy.folder.mkdir(parents=True)
            copy.record(self.folder / name, kept.base)
            for path in copy.folder.iterdir():
                self.assertEqual(path.read_bytes(), before[kept.folder / path.name], f"{path.name} of {name}")

    def test_no_difference(self) -> None:
        """A solution that equals its starter is not recorded."""
        for file in ("starter.cpp", "solution.cpp"):
            (self.folder / file).write_text("int a;\n", encoding="utf-8")
        with self.assertRaisesRegex(Conflict, "solution.patch: there is no difference to starter.cpp"):
            self.exercise().record(self.folder, "")
        self.assertFalse((self.folder / "solution.patch").exists())

    def test_left_conflict(self) -> None:
        """A conflict that was left in a file is not recorded."""
        for file in ("starter.cpp", "solution.cpp"):
            (self.folder / file).write_text("int a;\n>>>>>>> starter.patch\n", encoding="utf-8")
        with self.assertRaisesRegex(Conflict, r"starter.cpp:2: a conflict is left here"):
            self.exercise().record(self.folder, "07-chat/chat-server.cpp")

    def test_learn(self) -> None:
        """./learn exercise prints the whole message for a copy and for a solution, and ends with one line of its own."""
        self.patch()
        (self.folder / "solution.patch").write_text(PATCH, encoding="utf-8")
        for command, what in ((exercise.make_copy, "starter"), (exercise.solution, "solution")):
            said = io.StringIO()
            with mock.patch.object(exercise, "Exercise", lambda name: self.exercise()), contextlib.redirect_stderr(said), \
                 self.assertRaises(Mistake) as caught:
                command("07-names")
            self.assertEqual(str(caught.exception), f"cannot make the {what} of 07-names, as said above")
            self.assertIn("no longer fits 07-chat/chat-server.cpp:", said.getvalue())
            self.assertIn("\n  expected there: line ", said.getvalue())

    def test_wrong_name(self) -> None:
        with self.assertRaises(SystemExit) as ended, contextlib.redirect_stderr(io.StringIO()):
            patches.main(["write", str(self.folder), "07-nobody"])
        self.assertEqual(ended.exception.code, "there is no exercise '07-nobody'")

    def test_solutions_are_differences(self) -> None:
        """No part of a lesson is written twice: a starter that is kept whole resembles no program of its lesson."""
        for file in COURSE.glob("0?-*/exercises/*/*.cpp"):
            self.assertEqual(file.name, "starter.cpp", file)
            own = set(file.read_text(encoding="utf-8").split("\n"))
            for program in file.parents[2].glob("*.cpp"):
                same = sum(len(line) > 20 for line in own & set(program.read_text(encoding="utf-8").split("\n")))
                self.assertLess(same, 0.5 * len(own), f"{file} should be a patch to {program.name}")


if __name__ == "__main__":
    unittest.main()
