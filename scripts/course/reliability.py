"""The scoreboard of what servers survive: every row, on every server, one after the other or side by side.

The program `reliability` in tests/reliability measures the rows: `reliability rows` describes them, and called with the name
of one, it measures it on a server and prints the figure. This module decides what is measured on which server, and makes the
table."""

import json
import os
import shlex
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from course.call import fail
from course.servers import Failed, go_before_others, lesson_server, output_of
from course.tables import cell, table, write_between

FACILITIES = ["epoll", "poll", "select"]
MARKS = {"met": "met", "missed": "MISSED", "not applicable": "n/a", "not measured": "?"}
LESSONS = [("04 echo-server", "ECHO_SERVER", "04-echo-server/echo-server", "echo", "", True),
           ("06 multiconn-server", "MULTICONN_SERVER", "06-multiconn/multiconn-server", "echo", "--quiet", False),
           ("06 callback-server", "CALLBACK_SERVER", "06-multiconn/callback-server", "echo", "--quiet", False),
           ("07 chat-server", "CHAT_SERVER", "07-chat/chat-server", "chat", "--quiet", False)]
LONGEST = 3600  # of a row, in seconds


class Row(NamedTuple):
    """What is measured."""

    name: str
    what: str
    target: str
    at_once: int  # how many subjects do not disturb each other's figures
    costly: bool  # the short form measures it on one facility only, and no peers


@dataclass(frozen=True)
class Subject:
    """A server that is measured: one of the lessons' on one facility, or somebody else's beside it."""

    name: str
    kind: str  # echo or chat
    command: str
    facility: str = ""  # empty for a peer
    option: str = ""
    ends: bool = False  # lesson 04's contract: with its first client, and status 0


class Figure(NamedTuple):
    """The result of a measurement."""

    verdict: str
    text: str


Figures = dict[tuple[Row, Subject], Figure]


def rows_of(program: Path) -> list[Row]:
    """Every row, in its order."""
    return [Row(**json.loads(line)) for line in output_of(f"'{program}' rows").splitlines()]


def lessons(facilities: Sequence[str], build: Path) -> Iterator[Subject]:
    """The lessons' servers, each on these facilities."""
    for name, variable, program, kind, option, ends in LESSONS:
        for facility in facilities:
            yield Subject(name, kind, lesson_server(variable, program, build), facility, option, ends)


def peers(options: Sequence[str]) -> Iterator[Subject]:
    """An asyncio echo server, and those that were named."""
    # What is called python3 may be a script that only finds it, and would be measured with it.
    asked = subprocess.run(["python3", "-c", "import asyncio, sys; print(sys.executable)"], capture_output=True, text=True, check=False)
    if asked.returncode:
        print("python3 is missing, so asyncio is not measured")
    else:
        yield Subject("asyncio (CPython)", "echo", f"'{asked.stdout.strip()}' '{Path('tests/reliability/peers/asyncio-echo.py').absolute()}'")
    for option, value in zip(options, options[1:]):
        if option in ("--peer", "--chat-peer"):
            name, _, command = value.partition("=")
            yield Subject(name, "echo" if option == "--peer" else "chat", command)


def measured(program: Path, row: Row, subject: Subject, length: str) -> Figure:
    """Whatever goes wrong in measuring is a figure too, and the run goes on."""
    words = [str(program), row.name, length, subject.kind, subject.name, subject.command, subject.facility,
             "ends" if subject.ends else "stays", *filter(None, [subject.option])]
    try:
        return Figure(**json.loads(output_of(shlex.join(words), patience=LONGEST)))
    except Failed as failed:
        return Figure("missed", str(failed))


def measure(program: Path, rows: Sequence[Row], subjects: Sequence[Subject], short: bool) -> Figures:
    """Measures all rows on all subjects, and prints each result as it comes."""
    figures: Figures = {}

    def one(row: Row, subject: Subject) -> None:
        figure = measured(program, row, subject, "short" if short else "full")
        name = ", ".join(filter(None, (subject.name, subject.facility)))
        print(f"{MARKS[figure.verdict]:<6}  {row.name:<12}{name:<27}  {figure.text}\n", end="", flush=True)
        figures[row, subject] = figure

    for row in rows:
        begin = time.monotonic()
        # Ours and the peers after one another: a peer that spins is not to be felt in our figures.
        for ours in (True, False):
            chosen = [subject for subject in subjects if bool(subject.facility) == ours
                      and (not short or not row.costly or subject.facility == "epoll")]
            pool = ThreadPoolExecutor(row.at_once)
            try:
                list(pool.map(one, [row] * len(chosen), chosen))
            finally:
                pool.shutdown(cancel_futures=True)  # whoever interrupts it does not wait for the rest
        print(f"        {row.name} took {time.monotonic() - begin:.1f} s", flush=True)
    return figures


def as_table(figures: Figures, rows: Sequence[Row], subjects: Sequence[Subject]) -> str:
    """The subjects of one name in a line, those of different facilities beside each other."""
    lines = []
    for row in rows:
        what = (row.what, row.target)
        for name in dict.fromkeys(subject.name for subject in subjects if (row, subject) in figures):
            # Python's servers wait as DefaultSelector does: on epoll, here.
            cells = {subject.facility or "epoll": figures[row, subject] for subject in subjects
                     if subject.name == name and (row, subject) in figures}
            lines.append([*what, name, *(in_cell(cells[facility]) if facility in cells else "" for facility in FACILITIES)])
            what = ("", "")
    return table(["what", "target", "server", *FACILITIES], lines)


def in_cell(figure: Figure) -> str:
    """A figure as it stands in the table."""
    return ("✗ " if figure.verdict == "missed" else "") + cell(figure.text).replace("<", "&lt;")


def withstands(fuzzer: Path, inputs: int) -> bool:
    """True if it has gone through all of them in half an hour, and every one was right."""
    with fuzzer.with_name(fuzzer.name + ".log").open("wb") as log:
        return subprocess.run(["timeout", "1800", fuzzer, f"-runs={inputs}", "-seed=1", "-max_len=128", "-verbosity=0",
                               "-close_fd_mask=3", f"-artifact_prefix={fuzzer.parent}/"], stdout=log, stderr=log,
                              check=False).returncode == 0


def fuzz(folder: Path, inputs: int) -> tuple[str, bool]:
    """The half of the row "random bytes" that needs no server: what parses, under libFuzzer; what came of it, and if it is good."""
    fuzzers = sorted(path for path in folder.glob("fuzz-*") if not path.suffix)
    if not fuzzers:
        fail(f"--fuzzers '{folder}': there are none (cmake --build --preset fuzz)")
    with ThreadPoolExecutor(len(fuzzers)) as pool:
        good = list(pool.map(withstands, fuzzers, [inputs] * len(fuzzers)))
    found = ", ".join(path.name[5:] for path, right in zip(fuzzers, good) if not right)
    names = ", ".join(f"`{path.name[5:]}`" for path in fuzzers)
    return (f"The code that parses, under libFuzzer ({names}): {inputs:,} inputs each, "
            + (f"✗ findings in {found}." if found else "0 findings.")), not found


def summary(figures: Figures, seconds: float) -> tuple[str, int]:
    """A summary of our figures, and how many of them miss their target."""
    ours = Counter(figure.verdict for (_, subject), figure in figures.items() if subject.facility)
    system = os.uname()
    return (f"Measured {time.strftime('%Y-%m-%d')}, {system.sysname} {system.release} {system.machine}, {os.cpu_count()} processors, "
            f"in {seconds:.0f} s. Of our figures, {ours['met']} meet their target and {ours['missed']} miss it; "
            f"{ours['not applicable']} do not apply and {ours['not measured']} could not be measured."), ours["missed"]


def reliability(program: Path, given: Mapping[str, str], options: Sequence[str]) -> int:
    """Does what the options say. The status is 1 if one of the lessons' servers misses a target."""
    rows = rows_of(program)
    if "--list" in given:
        for row in rows:
            print(f"{row.name}: {row.what}; target: {row.target}")
        return 0
    go_before_others()  # a p99 is then less of a lottery
    chosen = {name: [value for option, value in zip(options, options[1:]) if option == name] for name in ("--only", "--facility")}
    rows = [row for row in rows if not chosen["--only"] or row.name in chosen["--only"]]
    subjects = [*lessons(chosen["--facility"] or FACILITIES, program.absolute().parents[2]), *peers(options)]
    begin = time.monotonic()
    figures = measure(program, rows, subjects, "--short" in given)
    told, missed = summary(figures, time.monotonic() - begin)
    print(f"\n{told}", flush=True)
    fuzzed, good = "", True
    if "--fuzzers" in given:
        fuzzed, good = fuzz(Path(given["--fuzzers"]), 100_000 if "--short" in given else 10_000_000)
        print(fuzzed, flush=True)
    if "--table" in given:
        write_between(Path(given["--table"]), "reliability", f"{told}\n\n{as_table(figures, rows, subjects)}\n{fuzzed}")
    return 0 if not missed and good else 1
