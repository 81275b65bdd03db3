"""Calls ./learn in a copy of the course that has no build folder. In place of apt-get, cmake and everything else that installs
or builds, PATH has programs that only record that they were called.

usage: check.py CLASS[.TEST]; in the environment, PROGRAMS is the build folder whose programs Names compares with ./learn"""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

COURSE = Path(__file__).resolve().parents[2]
TOOLS = ("cmake ctest make c++ g++ clang clang++ nc doxygen dot strace valgrind chromium chromedriver pdftotext").split()
BARE = "sh dirname id git".split()  # the first of what a bare Debian has, and git; Python is the launcher's own need

sys.dont_write_bytecode = True


class Place(unittest.TestCase):
    """A copy of the course in which ./learn is called, and the result of the last call."""

    def setUp(self) -> None:
        self.place = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.place)
        self.copy = self.place / "course"
        self.called = self.place / "called"
        for folder in ("course", "stubs", "bare", "python", "class/ann", "empty"):
            (self.place / folder).mkdir(parents=True)
        (self.place / "err").write_text("a file\n")
        for entry in COURSE.iterdir():
            if entry.name not in ("build", "work", ".git"):
                (self.copy / entry.name).symlink_to(entry)
        for tool in TOOLS:
            self.stub(tool, 3)
        for tool in ("apt-get", "sudo"):
            self.stub(tool, 0)
        for tool in BARE:
            (self.place / "bare" / tool).symlink_to(shutil.which(tool) or tool)
        self.python = self.place / "python/python3"
        self.python.symlink_to(sys.executable)
        self.stubs, self.bare = f"{self.place}/stubs", f"{self.place}/bare"
        self.alone = f"{self.stubs}:{self.bare}:{self.python.parent}"

    def stub(self, tool: str, status: int) -> None:
        """A program that only writes down that it was called."""
        file = self.place / "stubs" / tool
        file.write_text(f'#!/bin/sh\necho "{tool} $*" >>"{self.called}"\nexit {status}\n')
        file.chmod(0o755)

    def learn(self, *words: str, path: str = "", **environment: str) -> None:
        """Calls ./learn where nothing is built."""
        self.called.unlink(missing_ok=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = subprocess.run([self.copy / "learn", *words], cwd=self.place, stdin=subprocess.DEVNULL, capture_output=True,
                               text=True, errors="replace", env={**os.environ, "PATH": path or self.alone, **environment},
                               check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime  # whatever else runs
        self.status, self.out, self.err = ended.returncode, ended.stdout, ended.stderr
        self.story = f"./learn {words}: status {self.status}\n{self.out}{self.err}"

    def calls(self) -> str:
        """What was called to install or to build."""
        return self.called.read_text() if self.called.exists() else ""

    def wrong(self, word: str, *words: str) -> None:
        """The error is one line that names the word, at once."""
        with self.subTest(words=words):
            self.learn(*words)
            self.assertEqual(self.status, 2, self.story)
            self.assertEqual(self.err.count("\n"), 1, self.story)
            self.assertTrue(self.err.startswith("learn: "), self.story)
            self.assertIn(word, self.err)
            self.assertEqual(self.calls(), "", self.story)
            self.assertFalse((self.copy / "build").exists() or (self.copy / "work").exists(), self.story)
            self.assertLess(self.spent, 1, self.story)

    def meant(self, name: str, *words: str) -> None:
        """The line suggests the name."""
        with self.subTest(words=words):
            self.learn(*words)
            self.assertIn(f"did you mean '{name}'?", self.err, self.story)

    def good(self, *words: str) -> None:
        """It is not refused, and goes on to install or build."""
        with self.subTest(words=words):
            self.learn(*words, path=f"{self.stubs}:{os.environ['PATH']}")
            self.assertTrue(self.calls() or self.out.startswith("missing on this machine"), self.story)
            self.assertNotRegex(self.err, "(?m)^learn: [^i]", self.story)
            shutil.rmtree(self.copy / "work", ignore_errors=True)

    def instant(self, *words: str) -> None:
        """It succeeds, says something, and neither installs nor builds."""
        with self.subTest(words=words):
            self.learn(*words)
            self.assertEqual((self.status, self.err, self.calls()), (0, "", ""), self.story)
            self.assertNotEqual(self.out, "", self.story)


class Wrong(Place):
    """A wrong argument is reported in one line before anything is installed or built."""

    def test_wrong(self) -> None:
        wrong = self.wrong
        wrong("rnu", "rnu")
        wrong("''", "")
        wrong("'@'", "@")
        wrong("'a?b'", "a\nb")
        wrong("--hlep", "--hlep")
        wrong("extra", "test", "extra")
        wrong("extra", "list", "extra")
        wrong("extra", "progress", "extra")
        wrong("no-such", "help", "no-such")
        wrong("PROGRAM", "run")
        wrong("99", "run", "99")
        wrong("no-such", "run", "no-such")
        wrong("--qiet", "run", "--qiet", "04")
        for port in ("99999", "65536", "-1", "80x", "", "4294967297", "99999999999999999999"):
            wrong(f"'{port}'", "run", "04", "localhost", port)
        wrong("HOST", "run", "04", "")
        wrong("extra", "run", "04", "localhost", "0", "extra")
        wrong("--qiet", "run", "06", "--qiet")
        wrong("--quiet", "run", "04", "--quiet")
        wrong("--connections", "run", "multiconn-server", "--connections", "3")
        wrong("'0'", "run", "multiconn-client", "--connections", "0")
        wrong("--connections", "run", "multiconn-client", "--connections")
        wrong("PROGRAM", "watch")
        wrong("PROGRAM", "watch", "--")
        wrong("99", "watch", "99")
        wrong("04", "watch", "04", "--", "python3", "mine.py")
        wrong("'65536'", "watch", "04", "localhost", "65536")
        wrong("--port", "watch", "04", "--port", "x")
        wrong("--quiet", "watch", "--quiet", "--", "python3", "mine.py")
        wrong("--quiet", "watch", "--quiet", "04")
        wrong("no/such", "watch", "04", "--save", "no/such/file.html")
        wrong("PORT", "talk")
        wrong("PORT", "talk", "localhost")
        wrong("'65536'", "talk", "localhost", "65536")
        wrong("HOST", "talk", "", "7342")
        wrong("-d", "talk", "-d", "localhost", "7342")
        wrong("extra", "talk", "localhost", "7342", "extra")
        wrong("'0'", "nodes", "0")
        wrong("'9'", "nodes", "9")
        wrong("extra", "nodes", "3", "extra")
        wrong("LESSON", "check")
        wrong("99", "check", "99")
        wrong("extra", "check", "04", "extra")
        wrong("no-such", "exercise", "no-such")
        wrong("extra", "exercise", "07-names", "extra")
        wrong("--wacth", "exercise", "07-names", "--wacth")
        wrong("'9'", "exercise", "07-names", "--hint", "9")
        wrong("--hint", "exercise", "07-names", "--hint")
        wrong("--watch", "exercise", "--watch")
        wrong("--hint", "exercise", "07-names", "--watch", "--hint", "1")
        wrong("--watch=1", "exercise", "07-names", "--watch=1")
        wrong("half-cloze", "pitfall", "half-cloze")
        wrong("--no-such", "pitfall", "half-close", "--no-such")
        wrong("extra", "pitfall", "half-close", "extra")
        wrong("--lesson", "pitfall", "--lesson")
        wrong("--list", "pitfall", "half-close", "--list")
        wrong("--no-such", "reliability", "--no-such")
        wrong("no-such", "reliability", "--only", "no-such")
        wrong("epol", "reliability", "--facility", "epol")
        wrong("nameless", "reliability", "--peer", "nameless")
        wrong("=server", "reliability", "--chat-peer", "=server")
        wrong("no/such", "reliability", "--table", "no/such")
        wrong("no/such", "reliability", "--short", "--fuzzers", "no/such")
        wrong("extra", "reliability", "--short", "extra")
        wrong("--only", "reliability", "--only")
        wrong("--no-such", "bench", "--no-such")
        wrong("nonsense", "bench", "--only", "nonsense")
        wrong("ecko", "bench", "--only=hot,ecko")
        wrong("''", "bench", "--only", "hot,")
        wrong("nonsense", "bench", "--with", "nonsense")
        for rounds in ("x", "0", "1001", "3x", ""):
            wrong(f"'{rounds}'", "bench", "--rounds", rounds)
        wrong("near", "bench", "--pin", "near")
        wrong("learn", "bench", "--output", "learn")
        wrong("no/such", "bench", "--book", "no/such")
        wrong("no/such", "bench", "--show", "no/such")
        wrong("--rounds", "bench", "--rounds")
        wrong("extra", "bench", "--quick", "extra")
        wrong("--no-such", "docs", "--no-such")
        wrong("extra", "docs", "--check", "extra")
        wrong("check", "docs", "check")
        # the teacher's part begins
        wrong("extra", "docs-teacher", "extra")
        wrong("WHAT", "grade")
        wrong("FOLDER", "grade", "04")
        wrong("no-such", "grade", "no-such", "class")
        wrong("multiconn-server", "grade", "06", "class")
        wrong("no-such", "grade", "04", "no-such")
        wrong("empty", "grade", "04", "empty")
        wrong("extra", "grade", "04", "class", "extra")
        wrong("'0'", "grade", "04", "class", "--seconds", "0")
        wrong("'x'", "grade", "04", "class", "--jobs", "x")
        wrong("no-such", "grade", "04", "class", "--points", "no-such")
        wrong("bob", "grade", "04", "class", "--student", "bob")
        wrong("class", "grade", "04", "class", "--build", "class")
        wrong("--no-such", "grade", "04", "class", "--no-such")
        wrong("DIR", "strip")
        wrong("--no-such", "strip", "--no-such")
        wrong("class", "strip", "class")
        wrong("err", "strip", "err")
        wrong("extra", "strip", f"{self.place}/new", "extra")
        # end of the teacher's part


class Meant(Place):
    """A misspelled word is answered with the right one."""

    def test_meant(self) -> None:
        meant = self.meant
        meant("run", "rnu")
        meant("pitfall", "pitfal")
        meant("--help", "--hlep")
        meant("run 04", "04")
        meant("exercise 07-names", "07-names")
        meant("pitfall half-close", "half-close")
        meant("chat-server", "run", "chat-sever")
        meant("04-echo-server", "check", "04-echo-sever")
        meant("--quiet", "run", "06", "--qiet")
        meant("chat-server", "watch", "chat-sever")
        meant("--no-browser", "watch", "04", "--no-browsre")
        meant("07-names", "exercise", "names")
        meant("--watch", "exercise", "07-names", "--wacth")
        meant("half-close", "pitfall", "half-cloze")
        meant("half-close", "pitfall", "half")
        meant("--check", "docs", "check")
        meant("--short", "reliability", "--shrot")
        meant("flood", "reliability", "--only", "flod")
        meant("epoll", "reliability", "--facility", "epol")
        meant("--quick", "bench", "--quik")
        meant("echo", "bench", "--only", "ecko")
        meant("libuv", "bench", "--with", "libvu")
        # the teacher's part begins
        meant("docs-teacher", "docs-techer")
        meant("echo-server", "grade", "echo-sever", "class")
        meant("ann", "grade", "04", "class", "--student", "an")
        # end of the teacher's part


class Good(Place):
    """A correct command goes on to install and build."""

    def test_good(self) -> None:
        good = self.good
        good()
        good("test")
        for word in ("4", "04", "04-echo-server", "echo-server", "callback-server"):
            good("run", word)
            good("check", word)
        good("run", "04", "localhost", "0")
        good("run", "--quiet", "06", "127.0.0.1", "065")
        good("run", "multiconn-client", "--connections", "3", "--quiet")
        good("run", "multiconn-client", "localhost", "--connections=10000")
        good("run", "04", "--", "localhost", "12345")
        good("watch", "04")
        good("watch", "--no-browser", "multiconn-client", "127.0.0.1", "65432", "--connections", "3", "--save", "run.html")
        good("nodes")
        good("nodes", "8")
        good("nodes", "--bench")
        good("talk", "7342")
        good("talk", "--listen", "localhost", "0")
        good("exercise", "07-names")
        good("exercise", "--watch", "own-selector")
        good("pitfall", "half-close")
        good("pitfall", "--lesson", "half-close")
        good("reliability")
        good("reliability", "--short", "--only", "flood", "--only", "idle", "--facility", "poll", "--peer", "mine=python3 mine.py", "--table", "README.md")
        good("reliability", "--fuzzers", "build/fuzz/tests/fuzz")
        good("bench")
        good("bench", "--quick", "--only", "hot,echo", "--with=libuv", "--rounds", "7", "--output", "there", "--pin", "apart", "--book", "docs", "--show", "README.md")
        good("docs")
        good("docs", "--check")
        # the teacher's part begins
        good("docs-teacher")
        good("grade", "04", "class")
        good("grade", "07-names", f"{self.place}/class", "--seconds", "10", "--jobs", "1", "--out", "there", "--points", "err", "--student", "ann")
        # end of the teacher's part


class Help(Place):
    """The help and the lists are shown without a build."""

    def test_help(self) -> None:
        self.instant("--help")
        names = re.findall(r"^  ([a-z-]+)(?: .*)?$", self.out, re.MULTILINE)
        self.assertGreaterEqual(len(names), 11)
        for name in names:
            self.instant(name, "--help")
            self.instant(name, "-h")
            self.instant("help", name)
        for words in ("help", "run chat-server --help", "exercise 07-names --help", "list", "progress", "exercise", "pitfall",
                      "pitfall --list"):
            self.instant(*words.split())


class Python(Place):
    """Python is installed if it is missing, and nothing else is."""

    def bare_learn(self, release: str, *tools: str) -> None:
        """Calls ./learn without Python, on a system that pretends to be this release."""
        launcher = (COURSE / "learn").read_text().replace("/etc/os-release", f"{self.place}/os-release")
        (self.copy / "learn").unlink()
        (self.copy / "learn").write_text(launcher)
        (self.copy / "learn").chmod(0o755)
        (self.place / "os-release").write_text(release)
        for tool in ("apt-get", "sudo"):
            if tool not in tools:
                (self.place / "stubs" / tool).unlink()
        self.python.unlink()
        self.learn("rnu", path=f"{self.stubs}:{self.bare}:{self.python.parent}")

    def pretend(self, user: int) -> None:
        """Pretends that this user runs it."""
        (self.place / "bare/id").unlink()
        (self.place / "bare/id").write_text(f"#!/bin/sh\necho {user}\n")
        (self.place / "bare/id").chmod(0o755)

    def test_it_is_installed_on_debian_and_a_wrong_word_is_still_refused(self) -> None:
        self.pretend(0)
        (self.place / "bare/env").symlink_to("/usr/bin/env")
        stub = self.place / "stubs/apt-get"  # which installs it
        install = f'[ "$1" = update ] || /bin/ln -s {sys.executable} {self.python}'
        stub.write_text(stub.read_text().replace("exit 0", install))
        self.bare_learn("ID=debian\n", "apt-get")
        self.assertEqual(self.status, 2, self.story)
        self.assertIn("python3 ", self.out)
        self.assertIn("$ apt-get update -qq\n$ env DEBIAN_FRONTEND=noninteractive apt-get install", self.out)
        self.assertIn("there is no command 'rnu': did you mean 'run'?", self.err)
        self.assertEqual(self.calls(), "apt-get update -qq\napt-get install -y -qq --no-install-recommends python3\n")

    def test_sudo_is_used_by_a_user_who_is_not_root(self) -> None:
        self.pretend(1000)
        self.bare_learn('ID=mint\nID_LIKE="ubuntu debian"\n', "sudo")
        self.assertIn("sudo may ask for your password", self.out)
        self.assertTrue(self.calls().startswith("sudo apt-get update -qq\nsudo env DEBIAN_FRONTEND"), self.calls())

    def test_without_sudo_it_says_what_root_must_run(self) -> None:
        self.pretend(1000)
        self.bare_learn("ID=debian\n")
        self.assertEqual((self.status, self.calls()), (2, ""), self.story)
        self.assertIn("run as root: apt-get install -y python3", self.err)

    def test_on_other_systems_it_says_what_to_install(self) -> None:
        self.bare_learn("ID=fedora\n", "sudo")
        self.assertEqual((self.status, self.err, self.calls()), (2, "learn: install it with: sudo dnf install python3\n", ""))

    def test_an_old_version_is_refused(self) -> None:
        main = self.place / "old.py"  # as it would see it
        text = (COURSE / "scripts/course/__main__.py").read_text()
        main.write_text("import sys\nsys.version_info = (3, 8, 1)\n" + text.partition('"""\n')[2])
        ended = subprocess.run([sys.executable, main, "list"], capture_output=True, text=True, check=False)
        self.assertEqual((ended.returncode, ended.stdout), (2, ""))
        self.assertEqual(ended.stderr, "learn: Python 3.9 or later is needed, and this is Python 3.8.1\n")

    def test_modules_in_the_current_folder_are_not_imported(self) -> None:
        for name in ("socket", "types", "course", "argparse"):
            (self.place / f"{name}.py").write_text("raise SystemExit(9)\n")
        self.instant("list")
        self.assertEqual(list(COURSE.glob("scripts/**/__pycache__")), [])


class Names(Place):
    """The help lists the names and options that the programs accept."""

    programs = Path(os.environ.get("PROGRAMS", COURSE / "build/tests"))

    def said(self, program: Path, *words: str) -> str:
        """What a program prints."""
        return subprocess.run([program, *words], cwd=COURSE, capture_output=True, text=True, check=False).stdout

    def learn_says(self, *words: str) -> str:
        """What ./learn prints."""
        self.learn(*words, path=os.environ["PATH"])
        return self.out

    @staticmethod
    def options_in(text: str) -> list[str]:
        """The options of a help text with the names of their values."""
        return sorted(re.findall(r"^ +(?:-h, )?(--[a-z-]+(?: [A-Z'][A-Z=',.]*)?)", text, re.MULTILINE))

    def same(self, ours: object, theirs: object) -> None:
        """Both must be equal, and not empty."""
        self.assertTrue(ours)
        self.assertEqual(ours, theirs)

    def test_programs(self) -> None:
        pattern = re.compile(r"^  [-A-Z][-A-Za-z]*|default [^)]*", re.MULTILINE)
        files = [path for path in self.programs.glob("0?-*/*") if path.is_file() and os.access(path, os.X_OK)]
        self.assertTrue(files)
        for program in files:
            with self.subTest(program=program.name):
                ours = self.learn_says("run", program.name, "--help").partition(f"\n{program.name}: ")[2].partition("\n")[2]
                theirs = "\n".join(line for line in self.said(program, "--help").splitlines() if "--help" not in line)
                self.same(pattern.findall(ours), pattern.findall(theirs))

    def test_pitfalls(self) -> None:
        self.same(self.learn_says("pitfall"), self.said(self.programs / "tests/pitfalls/pitfall", "--list"))

    def test_reliability(self) -> None:
        sys.path.insert(0, str(COURSE / "scripts"))
        from course import words
        os.chdir(COURSE)
        rows = [json.loads(row)["name"] for row in self.said(self.programs / "tests/reliability/reliability", "rows").splitlines()]
        self.same(sorted(words.reliability_rows()), sorted(rows))

    # the teacher's part begins
    def test_grade(self) -> None:
        ours = self.options_in(self.learn_says("grade", "--help"))
        ended = subprocess.run([sys.executable, "-B", COURSE / "scripts/course/grading", "--help"], capture_output=True,
                               text=True, check=False)
        self.same(ours, [option for option in self.options_in(ended.stdout) if option != "--help"])
    # end of the teacher's part


if __name__ == "__main__":
    unittest.main()
