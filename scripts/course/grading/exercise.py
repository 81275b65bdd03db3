"""The check of an exercise, run on a student's file."""

import shlex
import subprocess
from pathlib import Path

from course.grading import submission


def variables() -> set[str]:
    """The variables in the environment that say which program is checked, and how long it is waited for."""
    return {"EXERCISE_PROGRAM", "EXERCISE_PATIENCE"}


def named(name: str, build: Path, course: Path) -> "Exercise":
    """The exercise of that name."""
    if not list(course.glob(f"*/exercises/{name}")):
        raise SystemExit(f"grade: there is no program and no exercise {name}")
    return (OwnSelector if name == "own-selector" else Exercise)(name, build)


def sources(name: str, folder: Path) -> list[Path]:
    """What a student made of it: NAME.cpp, or all of a folder NAME."""
    try:
        return [submission.find(folder, [f"{name}.cpp"])]
    except submission.Refused:
        inside = [path for path in sorted(folder.rglob(f"{name}/*.cpp")) if path.is_file() and not path.is_symlink()]
        if not inside:
            raise
        return inside


class Exercise:
    """An exercise whose tests start the student's program."""

    def __init__(self, name: str, build: Path) -> None:
        self.name, self.build, self.pattern = name, build, f"^{name}/"
        cases = self.cases(build / "tests/exercises/test-exercises", f"[{name}]")
        self.tests = {f"{name}/{case}": case for case in cases}

    @staticmethod
    def cases(program: Path, which: str) -> list[str]:
        """The names of the tests that fit, as the program lists them (Catch2 2, else 3)."""
        if not program.exists():
            raise SystemExit(f"grade: {program} is not built: cmake --build --preset tests")
        for options in (["--list-test-names-only"], ["--list-tests", "--verbosity", "quiet"]):
            listed = subprocess.run([program, which, *options], capture_output=True, text=True, check=False)
            names = [line.strip() for line in listed.stdout.splitlines() if line.strip()]
            if names:
                return names
        return []

    def build_of(self, folder: Path, out: Path) -> Path:
        """The student's program, built as the starter is."""
        model = f"exercises/{self.name}/starter.cpp"
        return submission.linked(self.name, sources(self.name, folder), self.build,
                                 lambda file: file.as_posix().endswith(model), out)

    def ctest_file(self, program: Path) -> str:
        """One test for each case; ctest's long brackets let a name be anything."""
        lines = []
        for test, case in self.tests.items():
            wanted = case.replace("\\", "\\\\").replace(",", "\\,").replace("[", "\\[")
            lines.append(f"add_test([==[{test}]==] [==[{program}]==] [==[{wanted}]==])")
            lines.append(f"set_tests_properties([==[{test}]==] PROPERTIES TIMEOUT 60)")
        return "\n".join(lines) + "\n"

    def prepare(self, folder: Path, out: Path) -> tuple[str, dict[str, str]]:
        """What ctest is told to run, and what the environment says besides."""
        program = self.build_of(folder, out)
        tests = self.ctest_file(self.build / "tests/exercises/test-exercises")
        return tests, {"EXERCISE_PROGRAM": shlex.quote(str(program)), "EXERCISE_PATIENCE": "5000"}


class OwnSelector(Exercise):
    """The exercise whose tests are linked with the student's file: the library's contract."""

    def __init__(self, name: str, build: Path) -> None:
        self.name, self.build, self.pattern = name, build, f"^{name}/"
        cases = self.cases(build / "exercises/own-selector-starter", "~DefaultSelector*")
        self.tests = {f"{name}/{case}": case for case in cases}

    def prepare(self, folder: Path, out: Path) -> tuple[str, dict[str, str]]:
        return self.ctest_file(self.build_of(folder, out)), {}
