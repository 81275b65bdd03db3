#!/usr/bin/env python3
"""Counts what the library costs, from outside: instructions with callgrind, or kernel calls with strace.

Two runs of the probe that differ in their number of turns are subtracted, so that only the turns are counted. Status 77: they
cannot be counted here. With SELECTORS_NO_SKIP=1, as in CI, a tool that is missing is a failure instead.

usage: check.py instructions|kernel-calls PROBE WORK"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

FEW, MANY = 100, 1100
TURNS = MANY - FEW
EVENTS = 100  # in a turn
MOST_INSTRUCTIONS, MOST_TYPED = 30, 35

what, probe, work = sys.argv[1], sys.argv[2], Path(sys.argv[3])
failed = False


def skip(why: str) -> None:
    """Ends without a verdict."""
    print(f"skipped: {why}")
    sys.exit(77)


def need(tool: str) -> None:
    """Ends if a tool is not there."""
    if not shutil.which(tool):
        if os.environ.get("SELECTORS_NO_SKIP") == "1":
            sys.exit(f"{tool} is not installed, and nothing may be skipped here")
        skip(f"{tool} is not installed")


def hold(holds: bool, text: str) -> None:
    """Prints the text, and remembers if it is not true."""
    global failed
    print(text if holds else f"{text}: NOT SO")
    failed |= not holds


def two_runs(mode: str, *tracer: str) -> list[Path]:
    """The files that a tracer writes about few and about many turns; the last word of the command names the file."""
    files = []
    for count in (FEW, MANY):
        files.append(work / f"{mode}-{count}")
        ran = subprocess.run([*tracer[:-1], tracer[-1] + str(files[-1]), probe, mode, str(count)], stderr=subprocess.PIPE,
                             encoding="utf-8", errors="replace", check=False)
        if ran.returncode:
            sys.exit(f"{tracer[0]} {probe} {mode} {count} ended with status {ran.returncode}:\n{ran.stderr}")
    return files


def instructions(mode: str, events: int = EVENTS) -> float:
    """The instructions for an event, in user space."""
    few, many = (re.search(r"^totals: (\d+)", path.read_text(), re.M) for path in
                 two_runs(mode, "valgrind", "--tool=callgrind", "--callgrind-out-file="))
    if not few or not many:
        sys.exit(f"callgrind has counted nothing of {probe} {mode}")
    return (int(many[1]) - int(few[1])) / (events * TURNS)


def count_instructions() -> None:
    """Counts the instructions of an event."""
    hot, empty, typed = instructions("hot"), instructions("empty"), instructions("hot-typed")
    print("instructions for each event, its callback and its share of the wait counted in:")
    print(f"  {hot:.1f} in the loop of the library, {EVENTS} events in a turn")
    print(f"  {instructions('lone', 1):.1f} in the loop of the library, one event in a turn")
    print(f"  {instructions('raw'):.1f} in a bare loop around epoll_wait that is handed pointers")
    print(f"  {empty:.1f} for the empty callback alone")
    hold(hot - empty <= MOST_INSTRUCTIONS,
         f"the library's part of an event is {hot - empty:.1f} instructions, at most {MOST_INSTRUCTIONS}")
    hold(typed <= MOST_TYPED, f"an event with typed data, counted where it is delivered, is {typed:.1f} instructions in all, "
                              f"at most {MOST_TYPED}")


def kernel_calls(mode: str, expected: int, text: str) -> None:
    """Checks that a turn makes this many kernel calls."""
    few, many = (path.read_text(errors="replace").splitlines() for path in two_runs(mode, "strace", "-f", "-qq", "-o", ""))
    calls = len(many) - len(few)
    hold(calls == expected * TURNS, f"{expected} for {text}: {calls} in {TURNS} turns")
    if calls != expected * TURNS:
        names = Counter(found[1] for line in many if (found := re.match(r"\d* *(\w+)\(", line)))
        print(*(f"    {count} {name}" for name, count in names.most_common(5)), sep="\n")


def count_kernel_calls() -> None:
    """Counts the calls that change the bag, and the wait."""
    print("kernel calls:")
    kernel_calls("life", 3, "register_, modify and unregister of a socket")
    kernel_calls("life-of-a-number", 3, "register_, modify and unregister of a number")
    kernel_calls("modify-events", 1, "modify to other events")
    kernel_calls("modify-both", 1, "modify to other events and other data")
    kernel_calls("modify-data", 0, "modify to other data")
    kernel_calls("modify-nothing", 0, "modify to what it is")
    kernel_calls("hot", 1, "select and the walk of 100 events")


def main() -> None:
    """Counts what is asked for."""
    work.mkdir(parents=True, exist_ok=True)
    build = subprocess.run([probe, "build"], stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout.strip()
    if build == "sanitized":
        skip("a sanitizer's own instructions and kernel calls cannot be separated from the library's")
    if what == "instructions":
        if build != "optimised":
            skip(f"this build is {build}; the preset tests is")
        need("valgrind")
        count_instructions()
    else:
        need("strace")
        # Some containers forbid it, and nothing that is installed there would help.
        tried = subprocess.run(["strace", "-qq", "-o", work / "trial", "true"], stderr=subprocess.PIPE, encoding="utf-8",
                               check=False)
        if tried.returncode:
            print(tried.stderr)
            if "Operation not permitted" in tried.stderr:
                skip("ptrace is not permitted here")
            sys.exit(1)
        count_kernel_calls()
    sys.exit(failed)


main()
