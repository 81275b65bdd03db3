"""Which words and values a command accepts. The names come from the files of the course."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Optional

from course.call import COMMANDS, Call, Check, Command, fail
from course.lessons import FOLDERS, exercise_folders, lesson_of, program_of
from course.suggest import did_you_mean


def must_be_one(kind: str, word: str, where: str, names: list[str]) -> None:
    """Fails unless the word is one of the names; `where` tells the reader where to see them all."""
    if word not in names:
        fail(f"there is no {kind} '{word}'{did_you_mean(word, names)} ({where})")


def one_of(kind: str, where: str, names: Callable[[], list[str]]) -> Check:
    """One of the names."""
    return lambda what, value, call: must_be_one(kind, value, where, names())


def each_of(kind: str, names: Callable[[], list[str]]) -> Check:
    """Each word between the commas is one of the names."""

    def check(what: str, value: str, call: Call) -> None:
        for word in value.split(","):
            must_be_one(kind, word, "choose from " + ", ".join(names()), names())

    return check


def choice(kind: str, *names: str) -> Check:
    """One of a few names."""
    return one_of(kind, "choose from " + ", ".join(names), lambda: list(names))


def number(least: int, most: int) -> Check:
    """A whole number."""

    def check(what: str, value: str, call: Call) -> None:
        if not re.fullmatch("0*[0-9]{1,9}", value) or not least <= int(value) <= most:
            fail(f"{what} must be a number from {least} to {most}, not '{value}'")

    return check


def file_there(what: str, value: str, call: Call) -> None:
    """A file."""
    if not (call.folder / value).is_file():
        fail(f"{what}: there is no file '{value}'")


def folder_there(what: str, value: str, call: Call) -> None:
    """A folder."""
    if not (call.folder / value).is_dir():
        fail(f"{what}: there is no folder '{value}'")


def book(what: str, value: str, call: Call) -> None:
    """A folder with the pages of the book."""
    file_there(what, f"{value}/performance.md", call)


def file_may_be_made(what: str, value: str, call: Call) -> None:
    """A file, or nothing yet, in a folder that is there."""
    path = call.folder / value
    if not value or path.is_dir() or not path.parent.is_dir():
        fail(f"{what}: '{value}' cannot be a file")


def may_be_made(what: str, value: str, call: Call) -> None:
    """A folder, or nothing yet."""
    path = call.folder / value
    if not value or (path.exists() and not path.is_dir()):
        fail(f"{what}: '{value}' cannot be a folder")


def exercises() -> list[str]:
    """The exercises' names, in the order of the lessons."""
    return [path.name for path in exercise_folders()]


def found_in(file: Path, pattern: str) -> list[str]:
    """The first group of the pattern wherever the file has it."""
    return re.findall(pattern, file.read_text(encoding="utf-8"), re.MULTILINE)


GALLERY = Path("tests/pitfalls/gallery.cpp")


def pitfalls() -> list[str]:
    """The pitfalls' names."""
    return found_in(GALLERY, r'Pitfall\{[0-9]+, "([^"]+)"')


def reliability_rows() -> list[str]:
    """The rows of the scoreboard."""
    files = sorted(Path("tests/reliability").glob("*.cpp"))
    return [name for file in files for name in found_in(file, r'^  return \{\.name = "([a-z]+)"')]


def command_named(word: str) -> Command:
    """The command of that name; if there is none, the command that takes such a word is suggested."""
    if word in COMMANDS:
        return COMMANDS[word]
    hint = did_you_mean(word, [*COMMANDS, "--help"])
    for command, names in (("pitfall", pitfalls()), ("exercise", exercises()), ("run", [word] if lesson_of(word) else [])):
        if word in names:
            hint = f": did you mean '{command} {word}'?"
    fail(f"there is no command '{word}'{hint} (./learn --help lists them)")


def command(what: str, value: str, call: Call) -> None:
    """A command."""
    command_named(value)


def lesson(what: str, value: str, call: Call) -> None:
    """A lesson, or a program of one."""
    if not lesson_of(value):
        names = [name for lesson, programs in FOLDERS.items() for name in (*programs, lesson)]
        must_be_one("lesson or program", value, "./learn list shows them", names)


def host(what: str, value: str, call: Call) -> None:
    """Some host."""
    if not value:
        fail("HOST is empty (./learn run --help)")


def source_of(program: str) -> str:
    """What the source file of a program says."""
    return Path(lesson_of(program), f"{program}.cpp").read_text(encoding="utf-8")


def program_option(declared: str, then: Optional[Check] = None) -> Check:
    """An option that a program has if its source says so."""

    def check(what: str, value: str, call: Call) -> None:
        if not call.words:
            fail(f"'{what}' is for a program of the lessons, and you named none")
        program = program_of(call.words[0])
        if declared not in source_of(program):
            fail(f"{program} has no option '{what}' (./learn run {program} --help)")
        if then:
            then(what, value, call)

    return check


def program_help(arguments: list[str]) -> None:
    """For ./learn run echo-server --help: what that program is called with."""
    if not arguments or not lesson_of(arguments[0]):
        return
    program = program_of(arguments[0])
    source = source_of(program)
    print()
    for pattern, line in (
        (r'\.about = "([^"]*)"', program + ": {}"),
        (r'\.host = "([^"]*)"', "  HOST             (default {})"),
        (r"\.port = ([0-9]+)", "  PORT             (default {})"),
        (r"\.connections = ([0-9]+)", "  --connections N  (default {})"),
        (r"(\.quiet = true)", "  --quiet"),
    ):
        found = re.search(pattern, source)
        if found:
            print(line.format(found[1]))
    for option, value, about in re.findall(r'\{"(--[a-z]+)",\s*"([^"]+)",\s*"([^"]+)"', source):
        print(f"  {option + ' ' + value:<16} {about}")
