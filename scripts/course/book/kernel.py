"""Makes a page of the book that shows what the kernel saw of a lesson's scene, from its trace."""

import html
import re
from collections import Counter
from pathlib import Path
from typing import Optional

from course.book.calls import SENTENCES, kind, manual
from course.book.run import Names, Process, calls_that_matter, counted, left_out, processes
from course.trace.arguments import DESCRIPTOR, SOCKADDR
from course.trace.event import Event


def rounded(found: "re.Match[str]") -> str:
    """A time in seconds."""
    return f"{round(int(found[1]) + int(found[2]) / 1e9, 1):g} s"


def shown(event: Event, names: Names) -> str:
    """The arguments as strace wrote them, made stable and shorter."""
    args = event.arguments.strip()
    if event.call == "signal":
        return args
    if event.call == "rt_sigaction":
        return args.split(",")[0] + ", {handler}"
    if event.call == "openat":
        return re.sub(r"AT_FDCWD<[^>]*>", "AT_FDCWD", args)
    args = DESCRIPTOR.sub(lambda found: f"{found[1]}<{names.of(int(found[1]))}>", args)
    args = SOCKADDR.sub(lambda found: f"{{{found[2]}, port {names.port(int(found[1]))}}}", args)
    args = re.sub(r"\{tv_sec=(\d+), tv_nsec=(\d+)\}, NULL, 8", rounded, args)
    args = re.sub(r"\{events=([A-Z|]+), data=\{u32=(\d+), u64=\d+\}\}", r"{\1, fd \2}", args)
    if event.call == "epoll_ctl":
        args = re.sub(r"(\{[A-Z|]+), fd \d+\}", r"\1}", args)
    args = re.sub(r"(\}), (\d+|\[\d+ => \d+\])(?=, |$)", r"\1", args) if event.call in (
        "bind", "connect", "accept4", "getsockname", "getpeername") else args
    args = re.sub(r", (NULL, NULL|NULL, 0)$|, 0x[0-9a-f]+$", "", args)
    args = re.sub(r"0x[0-9a-f]+", "…", args)
    if event.call == "ioctl":
        args = re.sub(r"\[\d+\]", "[…]", args)
    if event.call == "write":
        args = names.in_text(re.sub(r", \d+$", "", args))
    return re.sub(r",\s+", ", ", args)


def result(event: Event, names: Names) -> str:
    """What came back."""
    if event.call in ("signal", "exit_group"):
        return ""
    text = DESCRIPTOR.sub(lambda found: f"{found[1]}<{names.of(int(found[1]))}>", event.result)
    return " = " + re.sub(r" \(flags.*\)$", "", text)


def table(kinds: list[str]) -> str:
    """Why each kind of call is there."""
    lines = ["| call | in the program | why it is there |", "|---|---|---|"]
    for each in kinds:
        _, where, why = SENTENCES[each]
        lines.append(f"| [{each}]({manual(each)}) | {where} | {why} |")
    return "\n".join(lines)


def of_process(process: Process, lesson: str, ports: dict[int, int], kinds: list[str]) -> str:
    """The calls of a process, a line each. Adds their kinds to those that were met before."""
    calls = calls_that_matter(process)
    names = Names(lesson, calls, ports)
    nonblocking: set[Optional[int]] = set()
    lines: list[str] = []
    for event in calls:
        names.learn(event)
        if event.call == "fcntl":
            nonblocking.add(event.descriptor)
        its = kind(event, names, event.descriptor not in nonblocking)
        if its not in SENTENCES:
            raise ValueError(f"{lesson}: the kernel saw a call that has no sentence in scripts/course/book/calls.py: {its}")
        if its not in kinds:
            kinds.append(its)
        arguments = html.escape(shown(event, names), quote=False)
        arguments = f" {arguments} ---" if event.call == "signal" else f"({arguments})"
        name = "--- signal" if event.call == "signal" else event.call
        lines.append(f'<a href="{manual(its)}">{name}</a>{arguments}{html.escape(result(event, names), quote=False)}')
    return "\n".join(lines)


def omitted(process: Process) -> str:
    """The paragraph that says what the trace above it lacks."""
    names = counted(left_out(process, calls_that_matter(process)))
    return f"Left out of this list, after its first call: {names or 'nothing'}.\n"


NONE = """This page would show the trace of a real run, but `strace` could not watch the programs when this book was
built. On Debian, `sudo apt-get install strace` installs it; then build the book again. (In some containers, no program
may trace another one: start them with `--cap-add=SYS_PTRACE`.) strace exists only on Linux."""


INTRODUCTION = """A program cannot use the network by itself. It has to ask the kernel, one system call at a time. `strace`
writes down each of these calls: its name, its arguments, and after `=` what it returned. This is the same run whose lines
the lesson shows. It was recorded on Linux with epoll; on other systems, a selector uses other calls.
"""

YOURSELF = """The lists above leave out the start of each program, up to the first call that has to do with the network.
Below each list you see which calls it leaves out after that, and how often each of them was made. Most of them look up
names, get memory or give it back; a wait among them ended without an event. Ports and the addresses of clients are
replaced, so that they are the same in every run. The number before `<` is the descriptor, and `<…>` says what it stands
for. To see all the calls, in a run of your own:
"""


def make(lesson: str, trace: Path) -> str:
    """The page; or where nothing could be traced, a word about that."""
    number = lesson[:2]
    lines = [f"# What the kernel saw of lesson {number}\n"]
    recorded = processes(trace) if trace.exists() else []
    recorded = [each for each in recorded if each.program not in ("", "sh", "record")]
    if not recorded:
        return "\n".join([*lines, NONE, ""])
    lines.append(INTRODUCTION)
    ports: dict[int, int] = {}
    kinds: list[str] = []
    seen = set()
    runs = Counter(process.program for process in recorded)
    for process in recorded:
        if process.program in seen:
            continue  # the second client does much as the first; how many there were is said
        seen.add(process.program)
        lines.append(f"## {process.program} {{#kernel_{number}_{str(process.program).replace('-', '_')}}}\n")
        calls = of_process(process, lesson, ports, kinds)
        lines.append(f'@htmlonly\n<pre class="fragment kernel-trace">{calls}</pre>\n@endhtmlonly\n')
        if runs[process.program] > 1:
            lines.append(f"This program ran {runs[process.program]} times in the scene. The list shows the first run.\n")
        lines.append(omitted(process))
    lines += [f"## Why each call is there {{#kernel_{number}_why}}\n",
              "Each name is a link to the call's page in the manual, on the web.\n", table(kinds),
              f"\n## See it yourself {{#kernel_{number}_yourself}}\n", YOURSELF,
              f"    strace -f build/student/{lesson}/{recorded[0].program}\n\n"]
    return "\n".join(lines)
