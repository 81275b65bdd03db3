"""The machine on which the benchmark runs."""

import os
import re
import secrets
import time
from pathlib import Path

from course.bench.contestants import Contestant, built, contestants
from course.bench.processors import PINNING


def cpuinfo(field: str) -> str:
    """The text after the colon in the first line of /proc/cpuinfo with this name."""
    found = re.search(rf"^{field}\s*: (.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else ""


def machine() -> str:
    """The machine in one line."""
    system = os.uname()
    return (f"{system.sysname} {system.release} {system.machine}, {os.cpu_count()} CPUs "
            f"{cpuinfo('model name') or 'of a model not told'}"
            + (", under a hypervisor" if " hypervisor" in cpuinfo("flags") else ""))


def surroundings(pin: str, everyone: list[Contestant]) -> list[str]:
    """The machine, the date, the build, the load, a warning if it is high, and the versions; a line each."""
    ours = next(one for one in contestants(["ours"]) if one.name == "ours")
    facility = ours.about().rpartition(" on ")[2]
    load = os.getloadavg()[0]
    lines = [machine(), time.strftime("%Y-%m-%d %H:%M"),
             "{compiler}, build type {build_type}".format(**built()) + f", selectors on {facility}", PINNING[pin],
             f"load average {load:.2f} before the run"]
    if load > 0.5 * (os.cpu_count() or 1):
        lines.append("warning: the machine has other things to do, so times say less than they could")
    return lines + [one.about() for one in everyone]


def new_run() -> str:
    """A name that no other run has."""
    return f"{time.strftime('%Y%m%dT%H%M%S')}-{secrets.token_hex(3)}"
