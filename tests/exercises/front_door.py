"""./learn exercise and ./learn progress from the outside: a starter fails with a message that says what is missing, a solution
passes, and the watch notices that a file was saved. It needs a work/ without 07-names, and leaves none behind."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

signal.signal(signal.SIGINT, signal.default_int_handler)  # what is started inherits it, even if this runs in the background
COURSE = Path(__file__).resolve().parents[2]
COPY = COURSE / "work/07-names/07-names.cpp"
PROGRESS = COURSE / "work/progress"


def clean() -> None:
    """Leaves nothing behind."""
    shutil.rmtree(COPY.parent, ignore_errors=True)
    (COURSE / "work/solutions/07-names.cpp").unlink(missing_ok=True)
    if PROGRESS.exists():
        lines = PROGRESS.read_text().splitlines(keepends=True)
        PROGRESS.write_text("".join(line for line in lines if not line.startswith("07-names ")))


class Exercise(unittest.TestCase):
    """A student's way through one exercise."""

    def learn(self, *words: str) -> int:
        """Calls ./learn; its output is then in `said`."""
        ended = subprocess.run(["./learn", *words], cwd=COURSE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               check=False)
        self.said = ended.stdout
        return ended.returncode

    def must(self, line: str) -> None:
        """The output must have a line like this."""
        self.assertRegex(self.said, re.compile(line, re.MULTILINE))

    def wait_for(self, file: Path, line: str) -> None:
        """A file must have a line like this within a minute."""
        end = time.monotonic() + 60
        while not re.search(line, file.read_text(), re.MULTILINE) and time.monotonic() < end:
            time.sleep(0.1)
        self.said = file.read_text()
        self.must(line)

    def test_exercise(self) -> None:
        self.addCleanup(clean)
        self.learn("progress")
        self.must("07-names *not yet$")

        self.assertEqual(self.learn("exercise", "07-names"), 1, self.said)
        self.must("^expected: bob receives b'ann: hello")
        self.must("^but: ")
        self.must("--hint 1")
        self.assertIn("// Here: the first line is the client's name", COPY.read_text())
        self.learn("progress")
        self.must("07-names *tried$")

        COPY.write_text('int main() { return "no number"; }\n')
        self.assertEqual(self.learn("exercise", "07-names"), 1, self.said)
        self.must("does not build yet")
        self.must("error: invalid conversion")

        for number in "123":
            self.assertEqual(self.learn("exercise", "07-names", "--hint", number), 0)
            self.must(f"^Hint {number}: ")

        self.watch()
        self.learn("progress")
        self.must("07-names *passed$")

    def watch(self) -> None:
        """The watch reports on the file, and again when it is saved; Ctrl-C ends it without another word."""
        with tempfile.TemporaryDirectory() as folder:
            said = Path(folder, "said")
            with said.open("w") as file:
                watcher = subprocess.Popen(["./learn", "exercise", "07-names", "--watch"], cwd=COURSE, stdout=file, stderr=file,
                                           start_new_session=True)
            try:
                self.wait_for(said, "waiting for you to save")
                self.assertEqual(self.learn("exercise", "07-names", "--solution"), 0)
                shutil.copyfile(COURSE / self.said.strip(), COPY)
                self.wait_for(said, "^07-names: passed[^$]*waiting for you to save")
                os.killpg(watcher.pid, signal.SIGINT)
                self.assertEqual(watcher.wait(10), -signal.SIGINT)
                self.assertNotIn("Traceback", said.read_text())
            finally:
                watcher.kill()
                watcher.wait()


if __name__ == "__main__":
    if COPY.parent.exists():
        sys.exit("work/07-names is there already")
    unittest.main()
