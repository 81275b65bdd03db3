"""The front door on other systems: what it would start and print on Windows and on a Mac.

usage: systems.py [CLASS[.TEST]]"""

import contextlib
import io
import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any, Optional
from unittest import mock

COURSE = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(COURSE / "scripts"))
NOT_ON_WINDOWS = ("fcntl", "grp", "pwd", "resource", "termios")  # modules


class Elsewhere(unittest.TestCase):
    """Pretends to be another system, with these programs in PATH, and records what is run."""

    system = "Linux"
    programs: tuple[str, ...] = ()

    def setUp(self) -> None:
        os.chdir(COURSE)
        self.ran: list[list[str]] = []
        self.status: dict[str, int] = {}  # of a program that is run
        self.files: set[str] = set()  # that end so, and are there
        patches: list[Any] = [
            mock.patch("platform.system", lambda: self.system),
            mock.patch("shutil.which", self.which),
            mock.patch("subprocess.run", self.run_program),
            mock.patch("subprocess.Popen", self.popen),
            mock.patch("glob.glob", lambda pattern: []),
        ]
        for patch in patches:
            patch.start()
            self.addCleanup(patch.stop)

    def which(self, name: str) -> Optional[str]:
        """Where a program is, if it is installed."""
        return f"/there/{name}" if name in self.programs else None

    def run_program(self, command: Any, **_: Any) -> Any:
        """A program whose output is read."""
        name = Path(str(command[0]).replace("\\", "/")).name
        return subprocess.CompletedProcess(command, self.status.get(name, 0), "C:\\VS\n", "")

    def popen(self, command: Any, **_: Any) -> Any:
        """A program that is started."""
        self.ran.append([str(word) for word in command])
        return mock.Mock(wait=lambda: 0, stdout=io.BytesIO())

    def learn(self, *words: str) -> str:
        """Calls ./learn, and returns what it printed, with its last message."""
        from course.call import Mistake
        from course.main import learn
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            try:
                learn(list(words))
            except Mistake as mistake:
                print(f"learn: {mistake}")
        return printed.getvalue()


class Windows(Elsewhere):
    """With Visual Studio or with MinGW."""

    system = "Windows"
    programs: tuple[str, ...] = ("cmake",)

    def setUp(self) -> None:
        super().setUp()
        from course import systems
        self.visual_studio = True
        patch = mock.patch.object(systems, "has_visual_studio", lambda: self.visual_studio)
        patch.start()
        self.addCleanup(patch.stop)

    def test_a_program_is_started_by_its_windows_path(self) -> None:
        said = self.learn("run", "04", "localhost", "0")
        self.assertEqual(self.ran[-1], ["build\\student\\04-echo-server\\echo-server.exe", "localhost", "0"], said)
        self.assertIn("$ build\\student\\04-echo-server\\echo-server.exe localhost 0\n", said)

    def test_talk(self) -> None:
        self.learn("talk", "7342")
        self.assertEqual(self.ran[-1], ["build\\student\\talk.exe", "7342"])
        self.learn("talk", "--listen", "127.0.0.1", "0")
        self.assertEqual(self.ran[-1], ["build\\student\\talk.exe", "--listen", "127.0.0.1", "0"])
        self.assertIn("'talk' needs PORT", self.learn("talk"))
        self.assertIn("PORT must be a number", self.learn("talk", "localhost"))

    def test_cmake_finds_visual_studio_by_itself(self) -> None:
        from course import systems
        self.assertEqual(systems.generator(), [])

    def test_mingw_uses_the_build_tool_that_is_installed(self) -> None:
        from course import systems
        self.visual_studio = False
        self.programs = ("cmake", "g++", "mingw32-make")
        self.assertEqual(systems.generator(), ["-G", "MinGW Makefiles"])
        self.programs = ("cmake", "g++", "ninja", "mingw32-make")
        self.assertEqual(systems.generator(), ["-G", "Ninja"])

    def test_missing_tools_are_named_as_winget_knows_them(self) -> None:
        self.programs = ()
        self.visual_studio = False
        said = self.learn("run", "04")
        self.assertIn("winget install Kitware.CMake", said)
        self.assertIn("winget install Microsoft.VisualStudio.2022.BuildTools --override", said)
        self.assertIn("BrechtSanders.WinLibs.POSIX.UCRT", said)
        self.assertEqual(self.ran, [])

    def test_a_command_that_cannot_run_there_says_so_in_one_line(self) -> None:
        for words in ("test", "check 04", "pitfall half-close", "exercise 07-names", "reliability --short", "bench", "docs",
                      "docs-teacher", "grade 04 tests"):
            with self.subTest(words=words):
                said = self.learn(*words.split())
                self.assertRegex(said, r"\Alearn: '[^\n]* does not run on Windows: [^\n]*WSL 2[^\n]*\n\Z")
                self.assertEqual(self.ran, [])
        for words in ("list", "pitfall", "exercise", "progress", "exercise 07-names --hint 1", "help", "run 04 --help"):
            with self.subTest(words=words):
                self.assertNotIn("learn: ", self.learn(*words.split()))

    def test_students_commands_need_no_module_that_windows_lacks(self) -> None:
        missing = "; ".join(f"sys.modules['{name}'] = None" for name in NOT_ON_WINDOWS)
        mock.patch.stopall()  # this one is really run
        ended = subprocess.run([sys.executable, "-B", "-c", f"import sys; {missing}; import course.main"], cwd=COURSE / "scripts",
                               capture_output=True, text=True, check=False)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))

    def test_an_interrupted_program_is_terminated(self) -> None:
        from course import systems
        process = mock.Mock()
        systems.interrupt(process)
        process.terminate.assert_called_once()
        process.send_signal.assert_not_called()
        self.assertTrue(systems.was_interrupted(0xC000013A))
        self.assertFalse(systems.was_interrupted(0))

    def test_a_command_is_shown_as_it_would_be_typed(self) -> None:
        from course import systems
        self.assertEqual(systems.as_typed(["a b.exe", "c", "it's"]), "\"a b.exe\" c it's")


class Mac(Elsewhere):
    """With the command line tools and Homebrew."""

    system = "Darwin"
    programs: tuple[str, ...] = ("c++", "cmake", "make", "nc")

    def test_a_program_is_started_by_its_path(self) -> None:
        self.learn("run", "04")
        self.assertEqual(self.ran[-1], ["build/student/04-echo-server/echo-server"])

    def test_missing_tools_are_named_with_the_command_that_installs_them(self) -> None:
        self.programs = ()
        self.status["xcode-select"] = 2
        said = self.learn("run", "04")
        self.assertIn("learn: install it with: xcode-select --install; brew install cmake\n", said)
        self.assertEqual(self.ran, [])

    def test_tools_that_a_mac_cannot_have_are_not_asked_for(self) -> None:
        said = self.learn("test")
        self.assertIn("brew install catch2\n", said)
        self.assertNotIn("strace", said)

    def test_talk_is_the_client_by_hand(self) -> None:
        from course import systems
        self.assertEqual(systems.client_by_hand("127.0.0.1", "1"), ["build/student/talk", "127.0.0.1", "1"])

    def test_a_command_that_cannot_run_there_says_so_in_one_line(self) -> None:
        for words in ("reliability --short", "bench"):
            with self.subTest(words=words):
                self.assertRegex(self.learn(*words.split()), r"\Alearn: '[^\n]* does not run on macOS: [^\n]*\n\Z")


class Linux(Elsewhere):
    """Uses what every Debian has."""

    programs: tuple[str, ...] = ("g++", "cmake", "make", "nc")

    def test_linux_uses_its_usual_tools(self) -> None:
        from course import systems
        self.assertEqual(systems.executable("build/student/talk"), "build/student/talk")
        self.assertEqual(systems.client_by_hand("127.0.0.1", "1"), ["nc", "-N", "127.0.0.1", "1"])
        self.assertEqual(systems.generator(), [])
        self.assertEqual(systems.as_typed(["a b", "it's"]), "'a b' 'it'\"'\"'s'")
        self.assertTrue(systems.was_interrupted(-signal.SIGINT))


class AnyPython(unittest.TestCase):
    """`python learn` works as well, where there is no shell."""

    def test_python_learn(self) -> None:
        ended = subprocess.run([sys.executable, "-W", "error", COURSE / "learn", "list"], cwd="/", capture_output=True, text=True,
                               check=False)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertIn("04-echo-server", ended.stdout)


if __name__ == "__main__":
    unittest.main()
