"""The front door: reads what ./learn is called with, runs the command, and ends as a well-behaved program does."""

import importlib.util
import io
import os
import re
import signal
import sys
from pathlib import Path
from typing import NoReturn

from course import COURSE, commands, systems, walk
from course.call import Mistake, read, show_help
from course.words import command_named

if importlib.util.find_spec("course.teacher"):  # a class's copy has none
    importlib.import_module("course.teacher")


def learn(arguments: list[str]) -> None:
    """Runs one command, in the course's folder."""
    try:
        typed_in = Path.cwd()
    except FileNotFoundError:  # deleted meanwhile; whoever needs it says so
        typed_in = Path(os.environ.get("PWD", "."))
    os.chdir(COURSE)
    os.environ["PWD"] = str(COURSE)
    if not arguments:
        commands.prepare_walk()
        walk.walk()
        return
    name, *rest = arguments
    if name in ("-h", "--help"):
        name = "help"
    command = command_named(name)
    before = rest[: rest.index("--")] if "--" in rest else rest
    if "-h" in before or "--help" in before:
        show_help(command)
        command.more_help(rest)
    else:
        call = read(command, rest, typed_in)  # whatever is wrong is said before anything is installed or built
        systems.only_on(name, *command.only, elsewhere=command.elsewhere)
        command.action(call)


def end(number: int) -> NoReturn:
    """Ends as if the signal had not been caught, so that the shell sees what happened."""
    sys.stdout.flush()
    systems.end_by(number)


def stop(number: int, _frame: object) -> NoReturn:
    """Lets everything that is open be ended first."""
    sys.exit(128 + number)


def main() -> None:
    """Runs ./learn: its status is that of the first command that failed, or 2 if it was called wrongly."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape", line_buffering=True)
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, stop)
    systems.prepare_terminal()
    try:
        if signal.getsignal(signal.SIGINT) == signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        learn(sys.argv[1:])
    except Mistake as mistake:
        # Control characters would break the one line, or steer the terminal.
        print("learn: " + re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", "?", str(mistake)), file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        end(signal.SIGINT)
    except BrokenPipeError:  # nobody reads what is printed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        end(getattr(signal, "SIGPIPE", signal.SIGTERM))
