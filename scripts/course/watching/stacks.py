"""Decides whether the stack of each call of a program can show its line of source. Taking the stack makes a call twenty times as
slow."""

import re
from pathlib import Path

# Their own source says nothing about the program that they run.
INTERPRETERS = re.compile(r"(python|pypy|node|nodejs|deno|bun|ruby|perl|php|lua|java|guile|erl|beam\.smp|tclsh)[-\d.]*$")
SYSTEM = ("/usr/", "/bin/", "/sbin/", "/opt/", "/snap/")
DEBUG = b"\0.debug_info\0"  # the name of a section
PIECE = 1 << 20


def interpreter(program: Path) -> Path:
    """What a script is run by, or the program itself."""
    try:
        with program.open("rb") as file:
            first = file.readline(256)
    except OSError:
        return program
    if not first.startswith(b"#!"):
        return program
    words = first[2:].decode("utf-8", "replace").split()
    if words and words[0].endswith("/env"):
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return Path(words[0]) if words else program


def has_debug_information(program: Path) -> bool:
    """True for a program that was compiled with -g, and not stripped."""
    before = b""
    try:
        with program.open("rb") as file:
            while piece := file.read(PIECE):
                if DEBUG in before[-len(DEBUG):] + piece:
                    return True
                before = piece
    except OSError:
        pass
    return False


def worth_it(program: Path) -> bool:
    """False if no line of source can be found. A program of the system may be a shell that starts another one, so it counts."""
    program = interpreter(program)
    if INTERPRETERS.match(program.name) or INTERPRETERS.match(program.resolve().name):
        return False
    return str(program.resolve()).startswith(SYSTEM) or "/" not in str(program) or has_debug_information(program)
