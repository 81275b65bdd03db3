"""What a student handed in: found, copied, and built if it has to be."""

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from course.grading import trial

# What the tests call a program in the environment, and its lesson.
VARIABLES = {
    "blocking-accept": ("01", "BLOCKING_ACCEPT"),
    "selector-accept": ("02", "SELECTOR_ACCEPT"),
    "callbacks": ("03", "CALLBACKS"),
    "echo-server": ("04", "ECHO_SERVER"),
    "echo-client": ("05", "ECHO_CLIENT"),
    "multiconn-server": ("06", "MULTICONN_SERVER"),
    "multiconn-client": ("06", "MULTICONN_CLIENT"),
    "callback-server": ("06", "CALLBACK_SERVER"),
    "chat-server": ("07", "CHAT_SERVER"),
    "chat-client": ("07", "CHAT_CLIENT"),
}
BUILD_SECONDS = 120


class Refused(Exception):
    """What was handed in cannot be tested; the text says why, for the student's row."""


def copy(folder: Path, to: Path) -> None:
    """Copies what was handed in, so that nothing that runs here touches it. Links stay links: they may lead anywhere."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to, symlinks=True, ignore_dangling_symlinks=True)


def find(folder: Path, names: list[str]) -> Path:
    """The file with the first of the names that is there; if several are, the one nearest to the top."""
    for name in names:
        found = [p for p in sorted(folder.rglob(name)) if p.is_file() and not p.is_symlink()]
        if name == names[-1] and "." not in name:
            found = [p for p in found if os.access(p, os.X_OK)]
        if found:
            found.sort(key=lambda path: len(path.parts))
            if len(found) > 1 and len(found[0].parts) == len(found[1].parts):
                raise Refused(f"there are two files {name}")
            return found[0]
    raise Refused("there is no " + ", ".join(names[:-1]) + (" or " if names[1:] else "") + names[-1])


def command_line(program: str, folder: Path, build: Path, out: Path) -> str:
    """How to start the student's program: NAME.cpp is compiled, NAME.py is Python's, NAME alone is run as it is."""
    file = find(folder, [program + ".cpp", program + ".py", program])
    if file.suffix == ".cpp":
        file = compiled(program, file, build, out)
    words = ["python3", str(file)] if file.suffix == ".py" else [str(file)]
    return shlex.join(words)


def compiled(program: str, source: Path, build: Path, out: Path) -> Path:
    """Compiles and links one file as the lesson's own program is."""
    lesson = VARIABLES[program][0]
    return linked(program, [source], build, lambda file: file.name == f"{program}.cpp" and file.parent.name[:2] == lesson, out)


def linked(name: str, sources: list[Path], build: Path, is_model: Callable[[Path], bool], out: Path) -> Path:
    """Compiles the files with the flags of a file of the course, and links them as its program is linked."""
    entries = json.loads((build / "compile_commands.json").read_text())
    model = next((entry for entry in entries if is_model(Path(entry["file"]))), None)
    if model is None:
        raise SystemExit(f"grade: {build} builds nothing like {name}")
    words = [word for word in shlex.split(model["command"]) if word != "-Werror"]
    at = words.index("-o")  # the compiler and its flags come before, "OBJECT -c SOURCE" after
    folder = Path(model["directory"])
    target = Path(*Path(words[at + 1]).parts[:2])  # CMakeFiles/NAME.dir
    how = folder / target / "link.txt"
    if not how.exists():
        raise SystemExit(f"grade: {how} is not there; the tests must be built with make (-G 'Unix Makefiles')")
    log = out / "build.txt"
    log.write_text("")
    objects = []
    for source in sources:
        objects.append(str(out / source.with_suffix(".o").name))
        build_step(words[:at] + ["-o", objects[-1], "-c", str(source)], source.parent, source.parent, log)
    link = [word for word in shlex.split(how.read_text()) if not (word.endswith(".o") and Path(*Path(word).parts[:2]) == target)]
    at = link.index("-o")
    build_step(link[:at] + objects + ["-o", str(out / name)] + link[at + 2:], folder, sources[0].parent, log)
    return out / name


def build_step(command: list[str], folder: Path, own: Path, log: Path) -> None:
    """One call of the compiler, in bounded time; what it says goes to the log."""
    with log.open("a") as file:
        ended = trial.bounded(command, BUILD_SECONDS, cwd=folder, stdout=file, stderr=subprocess.STDOUT)
    if ended is None:
        raise Refused(f"the compiler is not done after {BUILD_SECONDS} s")
    if ended != 0:
        lines = log.read_text(errors="replace").splitlines()
        errors = [line for line in lines if "error" in line or "undefined reference" in line]
        raise Refused("does not build: " + (errors[0] if errors else "see build.txt").replace(f"{own}/", ""))
