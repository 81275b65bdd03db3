"""Every exercise has all it needs, and its page has the parts that ./learn reads. (A copy for a class has no solutions.)

usage: pages.py"""

import re
import unittest
from pathlib import Path

from course.lessons import exercise_folders
from course.patches import Exercise

FOLDERS = exercise_folders()


class Pages(unittest.TestCase):
    """The pages of all exercises."""

    def test_pages(self) -> None:
        self.assertGreater(len(FOLDERS), 10)
        for folder in FOLDERS:
            with self.subTest(exercise=folder.name):
                self.check(folder)

    def check(self, folder: Path) -> None:
        """Checks one exercise."""
        name, exercise = folder.name, Exercise(folder.name)
        page = (folder / "README.md").read_text(encoding="utf-8")
        self.assertTrue(exercise.starter())
        self.assertRegex(page, rf"\A# Exercise {name}: .")
        for line in ("## What to make", "## How to check", "## Hints", f"    ./learn exercise {name}"):
            self.assertIn(line, page.splitlines())
        hints = [part.partition("</details>")[0] for part in page.split("<details>")[1:]]
        self.assertEqual(len(hints), 3)
        for number, hint in enumerate(hints, 1):
            self.assertRegex(hint, rf"(?m)^<summary>Hint {number}: ")
            self.assertGreaterEqual(len(re.sub("<summary>.*</summary>", "", hint).strip()), 40)
        if exercise.has_solution:
            self.assertNotEqual(exercise.starter(), exercise.solution(), "the starter is the solution")


if __name__ == "__main__":
    unittest.main()
