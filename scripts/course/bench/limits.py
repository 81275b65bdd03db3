"""What ours may cost at most, of the counts that are the same in each run."""

import os
from dataclasses import dataclass

from course.bench import counts
from course.bench.contestants import contestants
from course.bench.names import (
    CALLS,
    CHAT_DELIVERY,
    CTL,
    DISPATCH_100,
    HOT_1,
    HOT_100,
    INSTRUCTIONS,
    LARGE_ECHO,
    OURS_LINES,
    OURS_TYPED,
    echo_request,
)
from course.bench.plan import Scale, Step
from course.servers import Failed, NotOffered


@dataclass
class Limit:
    """One count of one of ours."""

    contestant: str
    workload: str  # instructions or calls
    configuration: str
    most: float

    @property
    def decimals(self) -> int:
        """How many decimals are shown and compared."""
        return 2 if self.workload == "calls" else 1

    def holds(self, value: float) -> bool:
        """True if the figure, as it is shown, is within the limit."""
        return round(value, self.decimals) <= self.most

    def told(self, value: float) -> str:
        """`system calls, echo request, 50 connections: ours: 2.02, at most 2.02`"""
        what = CALLS if self.workload == "calls" else INSTRUCTIONS
        return (f"{what}, {self.configuration}: {self.contestant}: {value:.{self.decimals}f}, at most "
                f"{self.most:.{self.decimals}f}" + ("" if self.holds(value) else ": does not hold"))


LIMITS = [
    Limit(OURS_TYPED, "instructions", HOT_100, 35),
    Limit("ours", "instructions", HOT_100, 42),  # std::function costs its call, and the key its size
    Limit("ours", "instructions", HOT_1, 170),
    Limit("ours", "instructions", DISPATCH_100, 140),
    Limit("ours", "instructions", CTL, 800),
    Limit("ours", "instructions", echo_request(50), 260),
    Limit(OURS_LINES, "instructions", echo_request(50), 1750),
    Limit("ours", "instructions", CHAT_DELIVERY, 42),
    Limit("ours", "calls", HOT_100, 0.01),
    Limit("ours", "calls", DISPATCH_100, 2.01),
    Limit("ours", "calls", CTL, 3),
    Limit("ours", "calls", echo_request(1), 3),
    Limit("ours", "calls", LARGE_ECHO, 3),  # in one piece: a wait, a recv, a send
    Limit("ours", "calls", echo_request(50), 2.02),
    Limit(OURS_LINES, "calls", echo_request(50), 2.06),
    # A wait, four that speak, and one send to each of a hundred members: for 4 * 4 * 99 deliveries.
    Limit("ours", "calls", CHAT_DELIVERY, 0.07),
]


def holds(limit: Limit, steps: list[Step]) -> bool:
    """Counts what one limit is about, prints the result, and returns whether the limit holds."""
    step = next(step for step in steps if (step.workload, step.configuration) == (limit.workload, limit.configuration))
    try:
        value = next(iter(step.entrants[limit.contestant]())).value
    except (Failed, NotOffered, OSError) as error:
        print(f"{limit.workload}, {limit.configuration}: {limit.contestant}: {error}: does not hold", flush=True)
        return False
    print(limit.told(value), flush=True)
    return limit.holds(value)


def check() -> int:
    """Counts what ours costs and compares it with the limits.

    The status is 1 above a limit, 77 where it cannot be counted (1 with SELECTORS_NO_SKIP=1)."""
    for why in filter(None, (counts.no_callgrind(), counts.no_strace())):
        if os.environ.get("SELECTORS_NO_SKIP") == "1":
            print(f"{why}, and nothing may be skipped here")
            return 1
        print(f"skipped: {why}")
        return 77
    everyone = contestants(["ours"])
    steps = [*counts.instructions(everyone, Scale()), *counts.calls(everyone, Scale())]
    return 0 if all([holds(limit, steps) for limit in LIMITS]) else 1
