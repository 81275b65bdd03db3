"""What a student handed in: found, copied, and built if it has to be."""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

from . import trial

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


def copy(folder, to):
    """Copies what was handed in, so that nothing that runs here touches it. Links stay links: they may lead anywhere."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to, symlinks=True, ignore_dangling_symlinks=True)


def find(folder, names):
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


def command_line(program, folder, build, out):
    """How to start the student's program: NAME.cpp is compiled, NAME.py is Python's, NAME alone is run as it is."""
    file = find(folder, [program + ".cpp", program + ".py", program])
    if file.suffix == ".cpp":
        file = compiled(program, file, build, out)
    words = ["python3", str(file)] if file.suffix == ".py" else [str(file)]
    return shlex.join(words)


def compiled(program, source, build, out):
    """Compiles one file as the lesson's own program is compiled, and links it with the libraries that are built."""
    lesson = VARIABLES[program][0]
    words = compile_command(build, f"{lesson}-", f"{program}.cpp")
    binary = out / program
    libraries = [build / "lesson-support/liblesson-support.a", build / "common/libselectors.a"]
    words += ["-o", str(binary), str(source), *map(str, libraries), "-pthread"]
    log = out / "build.txt"
    with log.open("w") as file:
        ended = trial.bounded(words, BUILD_SECONDS, cwd=source.parent, stdout=file, stderr=subprocess.STDOUT)
    text = log.read_text(errors="replace")
    if ended is None:
        raise Refused(f"the compiler is not done after {BUILD_SECONDS} s")
    if ended != 0:
        errors = [line for line in text.splitlines() if "error" in line or "undefined reference" in line]
        first = errors[0] if errors else "see build.txt"
        raise Refused("does not build: " + first.replace(str(source.parent) + "/", ""))
    return binary


def compile_command(build, folder, name):
    """The compiler and the flags of the lesson's own program, without its files, and without -Werror."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        file = Path(entry["file"])
        if file.name == name and file.parent.name.startswith(folder):
            words = shlex.split(entry["command"])
            at = words.index("-o")
            return [word for word in words[:at] if word not in ("-c", "-Werror")]
    raise SystemExit(f"grade: {build} does not build {name}")
