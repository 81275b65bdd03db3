"""How the commands of ./learn are declared, described and called.

A command is a function with @offer; its docstring is what --help prints. A line of it such as

    --hint N    print hint 1, 2 or 3

declares an option, and N says that it takes a value. What is a good value is up to the checks (course.words)."""

import argparse
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from course import COURSE
from course.suggest import did_you_mean

WALK = "install what is missing, build, and walk through the seven lessons live"
BELOW = """
./learn COMMAND --help describes a command and its options. A command that has something to build installs what is
missing first, and prints each plain command that it runs after a $. Run only one ./learn at a time, because all of them
use the same build folder."""


class Mistake(Exception):
    """Something that ends ./learn, in one line."""


def fail(message: str) -> NoReturn:
    """Ends ./learn with one line."""
    raise Mistake(message)


@dataclass
class Call(argparse.Namespace):
    """What a command was called with."""

    folder: Path  # where its paths start
    words: list[str] = field(default_factory=list)  # without the options
    options: list[str] = field(default_factory=list)  # with their values, as they were typed
    given: dict[str, str] = field(default_factory=dict)  # the same by name
    command_line: list[str] = field(default_factory=list)  # after --, where a command takes one


Check = Callable[[str, str, Call], None]  # what is checked, its value, and what stands beside it


def nothing_more(_: Any) -> None:
    """Most commands have no more to check or to say."""


@dataclass
class Command:
    """A command as it is declared."""

    name: str
    takes: str  # the words that must be given, or [may] be given, the last one [often...]
    summary: str
    action: Callable[[Call], None]
    checks: Mapping[str, Check] = field(default_factory=dict)  # of a word or an option, by what the help calls it
    check: Callable[[Call], None] = nothing_more  # what may not be missing, or not stand beside something else
    more_help: Callable[[list[str]], None] = nothing_more
    names: Mapping[str, Callable[[], list[str]]] = field(default_factory=dict)  # what stands in its help for {these}
    only: tuple[str, ...] = ()  # the systems on which it runs, if it does not on all
    elsewhere: str = ""  # what there is on the others in its place
    takes_command: bool = False  # in the place of its words, after --, any command line
    typed: bool = False  # its paths start where it was typed, and not in the course
    heading: str = ""  # above it in the list of commands

    def help(self) -> str:
        """What it does, and its options."""
        text = inspect.cleandoc(self.action.__doc__ or "")
        for place, names in self.names.items():
            text = text.replace("{" + place + "}", ", ".join(names()))
        return text

    def usage(self) -> str:
        """How it is called."""
        return f"./learn {self.title()}" + (" [OPTION]..." if "\n  --" in self.help() else "")

    def title(self) -> str:
        """Its name and its words."""
        return f"{self.name} {self.takes}".rstrip()


COMMANDS: dict[str, Command] = {}


def offer(name: str, takes: str, summary: str, **more: Any) -> Callable[[Callable[[Call], None]], Callable[[Call], None]]:
    """Declares a command; the rest are fields of Command."""

    def declared(action: Callable[[Call], None]) -> Callable[[Call], None]:
        COMMANDS[name] = Command(name, takes, summary, action, **more)
        return action

    return declared


def show_help(command: Command) -> None:
    """Prints what was declared."""
    print(f"usage: {command.usage()}\n\n{command.help()}")


def show_commands() -> None:
    """Prints the list of all commands."""
    print(f"usage: ./learn [COMMAND]\n\nWithout a COMMAND: {WALK}.\n")
    for command in COMMANDS.values():
        if command.heading:
            print(f"\n{command.heading}\n")
        print(f"  {command.title():<26} {command.summary}")
    print(BELOW)


class Given(argparse.Action):
    """Keeps an option, and its place among the others."""

    def __call__(self, parser: argparse.ArgumentParser, call: Any, value: Any, option: Any = None) -> None:
        call.options.append(option)
        if self.nargs != 0:
            call.options.append(value)
        call.given[option] = "" if self.nargs == 0 else value


class Reader(argparse.ArgumentParser):
    """Reads the options of a command, and says in one line what is wrong with them."""

    def __init__(self, command: Command) -> None:
        super().__init__(add_help=False, allow_abbrev=False)
        self.command = command
        self.values = {"--help": ""}  # what each option takes
        self.arguments: list[str] = []
        for option, value in re.findall(r"^  (--[a-z-]+)(?: ([^ \n]+))?(?=  |$)", command.help(), re.MULTILINE):
            self.values[option] = value
            if option != "--help":
                more: dict[str, Any] = {} if value else {"nargs": 0}
                self.add_argument(option, action=Given, dest=argparse.SUPPRESS, **more)

    def error(self, message: str) -> NoReturn:
        found = re.search(r"--[a-z-]+", message)
        option = found[0] if found else ""
        if self.values.get(option):
            message = f"'{option}' needs a value: {option} {self.values[option]}"
        elif option:
            typed = [argument for argument in self.arguments if argument.startswith(option + "=")]
            message = f"'{option}' takes no value: '{typed[0]}'"
        fail(f"{message} (./learn {self.command.name} --help)")

    def read(self, arguments: list[str], call: Call) -> None:
        """Sorts the arguments into words and options."""
        self.arguments = arguments
        end = arguments.index("--") if "--" in arguments else len(arguments)
        for word in self.parse_known_args(arguments[:end], call)[1]:
            if re.match(r"-(?!\d+$).", word, re.DOTALL):
                option = word.partition("=")[0]
                hint = did_you_mean(option, self.values)
                fail(f"'{self.command.name}' has no option '{option}'{hint} (./learn {self.command.name} --help)")
            call.words.append(word)
        if self.command.takes_command:
            call.command_line = arguments[end + 1 :]
        else:
            call.words += arguments[end + 1 :]


def read(command: Command, arguments: list[str], typed_in: Path) -> Call:
    """What a command is called with, checked."""
    call = Call(typed_in if command.typed else COURSE)
    reader = Reader(command)
    reader.read(arguments, call)
    places = command.takes.split()
    if places and places[-1].isupper() and places[0].startswith("[") and not places[-1].startswith("["):
        places = places[-max(1, len(call.words)) :]  # [HOST] PORT: a single word is the port
    if places and places[-1].endswith("...]"):
        places += places[-1:] * len(call.words)  # as many of these as you like
    for i, word in enumerate(call.words):
        if i >= len(places):
            hint = did_you_mean("--" + word, list(reader.values)[1:])
            fail(f"unexpected argument '{word}'{hint} (usage: {command.usage()})")
        checked(command, places[i].strip("[.]"), word, call)
    missing = [] if call.command_line else places[len(call.words) :]
    if missing and not missing[0].startswith("["):
        fail(f"'{command.name}' needs {missing[0]} (usage: {command.usage()})")
    options = iter(call.options)
    for option in options:
        checked(command, option, next(options) if reader.values[option] else "", call)
    command.check(call)
    return call


def checked(command: Command, what: str, value: str, call: Call) -> None:
    """Checks a word or an option."""
    check = command.checks.get(what)
    if check:
        check(what, value, call)
