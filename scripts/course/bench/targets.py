"""The list of targets, and how a run compares with them."""

from dataclasses import dataclass
from typing import Optional

import numpy

from course.bench.figures import Figures
from course.bench.names import (
    CALLS,
    CPU_PER_REQUEST,
    DELIVERIES,
    FLOORS,
    HOT_100,
    INSTRUCTIONS,
    MEDIAN_LATENCY,
    MESSAGE_SIZES,
    NEVER_USED,
    ONE_DEAF,
    OURS_LINES,
    OURS_TYPED,
    PEAK_GROWTH,
    PER_EVENT,
    RAW_LINES,
    TOTAL,
    active_of,
    connections,
    echo_of,
    echo_request,
    is_ours,
)
from course.tables import readable, table


@dataclass
class Target:
    """A row of the table of targets."""

    row: str
    workload: str
    configurations: list[str]  # each that was measured has to be within the limit
    measure: str
    limit: float
    contestant: str = "ours"
    ratio: bool = True  # the limit is one of the ratio to raw epoll, not of the figure
    at_most: bool = True  # else at least
    beside_best: bool = False  # the ratio is not to raw epoll, but to the best of all others in that configuration

    def within(self, value: float) -> bool:
        """As it is shown: 2.02 is 2.02, whatever comes in the next digits."""
        shown = round(value, 2)
        return shown <= self.limit if self.at_most else shown >= self.limit


def echo_with(size: int) -> list[str]:
    """With every number of connections."""
    return [echo_of(count, size) for count in (1, 50, 1000)]


SIZES = [f"{size} bytes" for size in MESSAGE_SIZES]
LATENCY = "latency, median, {}, 64 to 1,000,000 bytes: ratio to the best"

TARGETS = [
    Target("hot, 100 active of 100 and of 9,000: ratio to raw", "hot", [active_of(100, 100), active_of(100, 9000)], PER_EVENT, 1.03),
    Target("hot, 1 active: ratio to raw", "hot", [active_of(1, 100), active_of(1, 9000)], PER_EVENT, 1.05),
    Target("instructions per hot event, 100 active", "instructions", [HOT_100], INSTRUCTIONS, 35, ratio=False),
    Target("the same, with typed data instead of a function", "instructions", [HOT_100], INSTRUCTIONS, 35, OURS_TYPED,
           ratio=False),
    Target("ctl, total: ratio to raw", "ctl", ["1000 descriptors", "9000 descriptors"], TOTAL, 1.08),
    Target("dispatch: ratio to raw", "dispatch", [active_of(active, count) for active in (100, 1) for count in (100, 9000)],
           PER_EVENT, 1.02),
    Target("echo server CPU per request of 64 bytes, 06 --quiet: ratio to raw", "echo", echo_with(64), CPU_PER_REQUEST, 1.02),
    Target("the same, with its lines written to a file", "echo", echo_with(64), CPU_PER_REQUEST, 1.25, OURS_LINES),
    Target("echo server CPU per request of 4,096 bytes, 06 --quiet: ratio to raw", "echo", echo_with(4096), CPU_PER_REQUEST, 1.02),
    Target("the same, with its lines of 4,096 bytes written to a file", "echo", echo_with(4096), CPU_PER_REQUEST, 1.25, OURS_LINES),
    Target("system calls per echo request, 50 connections, 06 --quiet", "calls", [echo_request(50)], CALLS, 2.02, ratio=False),
    Target("the same, with its lines written to a file", "calls", [echo_request(50)], CALLS, 2.06, OURS_LINES, ratio=False),
    Target("chat deliveries per second, 07, 100 members: ratio to raw", "chat", ["100 members"], DELIVERIES, 2.3, at_most=False),
    Target("chat deliveries per second, 07, 1,000 members: ratio to raw", "chat", ["1000 members"], DELIVERIES, 2.4,
           at_most=False),
    Target("echo " + LATENCY.format("06 --quiet"), "echo-sizes", SIZES, MEDIAN_LATENCY, 1.1, beside_best=True),
    Target("chat " + LATENCY.format("07"), "chat-sizes", SIZES, MEDIAN_LATENCY, 1.1, beside_best=True),
    Target("resident bytes per idle connection, 06", "memory", [connections(1000), connections(5000)], NEVER_USED, 128,
           ratio=False),
    # The cap is 1 MiB; a string that grows to it is twice as large at the most, and is copied while it grows.
    Target("a member that never reads: memory growth in MiB (the limit is 1)", "slow", [ONE_DEAF], PEAK_GROWTH, 4, ratio=False),
]


def best(target: Target, configuration: str, figures: Figures) -> tuple[str, float]:
    """The contestant, not ours, with the least ratio to raw, and that ratio."""
    least = ("raw", 1.0)
    for contestant in figures.different(target.workload, "contestant"):
        figure = figures.find(target.workload, configuration, contestant, target.measure)
        if figure and figure.ratio and figure.ratio < least[1] and not is_ours(contestant):
            least = (contestant, figure.ratio)
    return least


def value_of(target: Target, configuration: str, contestant: str, figures: Figures) -> Optional[float]:
    """What a target is about, of one contestant in one configuration."""
    figure = figures.find(target.workload, configuration, contestant, target.measure)
    if not figure or (target.ratio and figure.ratio is None):
        return None
    if target.ratio and figure.ratio is not None:
        return figure.ratio / best(target, configuration, figures)[1] if target.beside_best else figure.ratio
    return figure.median


def values(target: Target, contestant: str, figures: Figures) -> list[float]:
    """The same in all of them, as far as they are there."""
    found = (value_of(target, configuration, contestant, figures) for configuration in target.configurations)
    return [value for value in found if value is not None]


def span(found: list[float]) -> str:
    """`1.03 to 1.08`"""
    return " to ".join(dict.fromkeys((readable(min(found)), readable(max(found)))))


def rivals(target: Target, figures: Figures) -> list[str]:
    """The peers with which ours is compared."""
    names = [name for name in figures.different(target.workload, "contestant") if name not in FLOORS and not is_ours(name)]
    names = [name for name in names if (name == RAW_LINES) == (target.contestant == OURS_LINES)]
    return [name for name in names if target.workload != "ctl" or name != "libev"]  # it unregisters nothing: see its contestant


def best_peer(target: Target, figures: Figures) -> str:
    """Its name and figures; a dash if no peer was measured."""
    if target.beside_best:
        return ", ".join(dict.fromkeys(best(target, configuration, figures)[0] for configuration in target.configurations))
    found = {name: values(target, name, figures) for name in rivals(target, figures)}
    # Less is better, for every target: the mean of the logarithms, turned round where more is better.
    badness = {name: numpy.log(numpy.maximum(each, 1e-9)).mean() * (1 if target.at_most else -1)
               for name, each in found.items() if each}
    if not badness:
        return "–"
    name = min(badness, key=lambda one: float(badness[one]))
    return f"{name} {span(found[name])}"


def row(target: Target, figures: Figures) -> list[str]:
    """How a run compares with a target: the target, the best peer, ours, the limit, and whether it is met."""
    ours = values(target, target.contestant, figures)
    became = "not measured" if not ours else "met" if all(map(target.within, ours)) else "**missed**"
    limit = f"{'≤' if target.at_most else '≥'} {readable(target.limit)}"
    return [target.row, best_peer(target, figures), span(ours) if ours else "–", limit, became]


def in_short(figures: Figures) -> str:
    """All targets whose workload was part of the run."""
    measured = figures.workloads()
    return table(["", "best peer of this run", "ours", "target", ""],
                 [row(target, figures) for target in TARGETS if target.workload in measured])
