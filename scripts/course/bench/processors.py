"""Decides on which processors the servers and their loads run."""

import contextlib
import os
from collections.abc import Iterator

from course.servers import go_before_others

GIVEN = os.sched_getaffinity(0)  # the processors that we may use
PINNING = {"same": "server and load pinned to the same CPU", "apart": "server and load pinned to a CPU each",
           "none": "server and load pinned to no CPU"}
chosen = "none"


def processor(from_the_end: int) -> set[int]:
    """The last of those that we may use, or the one before it: the first takes most of the machine's interrupts."""
    return {sorted(GIVEN, reverse=True)[min(from_the_end, len(GIVEN) - 1)]}


def prepare(pin: str) -> None:
    """Puts the load, and what it starts, on its processor and ahead of other programs."""
    go_before_others()
    global chosen  # one benchmark is one process
    chosen = pin
    if pin != "none":
        os.sched_setaffinity(0, processor(0))


def place(server: int) -> None:
    """Moves a server, which was started beside the load, to where the option says."""
    if chosen == "apart":
        os.sched_setaffinity(server, processor(1))


@contextlib.contextmanager
def unpinned() -> Iterator[None]:
    """While this lasts, programs that are started may run on every processor that the benchmark was given."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, GIVEN)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
