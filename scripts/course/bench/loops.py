"""Workloads that a contestant measures in itself: `hot`, `dispatch`, `ctl`, and how they grow with the descriptors."""

from collections.abc import Iterator
from functools import partial
from typing import Optional

from course.bench import counts
from course.bench.contestants import Contestant, present
from course.bench.names import CALLS, GROWS_CTL, GROWS_HOT_1, GROWS_HOT_100, OURS_TYPED, PER_EVENT, TOTAL, active_of, ours_on
from course.bench.plan import Measure, Measured, Scale, Step
from course.servers import Failed, NotOffered, output_of


def figures_of(one: Contestant, words: str, facility: str = "") -> dict[str, float]:
    """Calls a contestant and reads its lines `NAME NUMBER`."""
    text = output_of(one.call(words), facility=facility, patience=30)
    try:
        return {name: float(value) for name, value in (line.split() for line in text.splitlines())}
    except ValueError:
        raise Failed(f"'{words}' prints other lines than 'NAME NUMBER': {text[:100]}") from None


class Loop:
    """A workload of a contestant, called with as many turns as take a while."""

    def __init__(self, one: Contestant, words: str, units: int, aim: float, facility: str = "") -> None:
        self.one, self.words, self.units, self.aim, self.facility = one, words, units, aim, facility
        self.turns = 0  # until it was tried how long a turn takes

    def run(self, turns: int) -> dict[str, float]:
        """Nanoseconds for each event or descriptor, by the names that the contestant prints, the sum last."""
        figures = figures_of(self.one, f"{self.words} {turns}", self.facility)
        if list(figures) == ["ns", "events"]:
            return {PER_EVENT: figures["ns"] / figures["events"]}
        each = {name: value / (self.units * turns) for name, value in figures.items()}
        return {**each, TOTAL: sum(each.values())}

    def measure(self) -> dict[str, float]:
        """One measurement that takes as long as it is to take."""
        if not self.turns:
            # Few turns tell little, but roughly how long a turn takes; one of poll(2) may take milliseconds.
            few = max(1, (10 if self.facility in ("poll", "select") else 1000) // self.units)
            self.turns = max(few, int(self.aim * 1e9 / (list(self.run(few).values())[-1] * self.units)))
        return self.run(self.turns)

    def __call__(self) -> list[Measured]:
        return [Measured(name, value, "ns") for name, value in self.measure().items()]


def entrants(everyone: list[Contestant], words: str, units: int, aim: float) -> dict[str, Measure]:
    """Every contestant, with the one of ours that has a type of its own as data behind it."""
    found: dict[str, Measure] = {}
    for one in present(everyone):
        found[one.name] = Loop(one, words, units, aim)
        if one.name == "ours" and words.startswith("hot"):
            found[OURS_TYPED] = Loop(one, words.replace("hot", "hot-typed"), units, aim)
    return found


def hot_and_dispatch(workload: str, everyone: list[Contestant], scale: Scale) -> Iterator[Step]:
    """A loop in which some of many descriptors are ready."""
    for active in (100, 1):
        for descriptors in (100, 9000):
            # Nine thousand descriptors take longer to open and to close than what is measured with them.
            if scale.quick and descriptors == 9000 and (active == 1 or workload == "dispatch"):
                continue
            # Where a program comes to lie in memory is luck, and as much as is looked for. So, many short rounds rather than
            # few long ones, where it takes no time to open the descriptors.
            parts = 1 if scale.quick or descriptors > 1000 else 3
            aim = scale.pick(0.1, 0.04) / parts
            yield Step(workload, active_of(active, descriptors), parts * scale.rounds, aim * 1.5,
                       entrants(everyone, f"{workload} {descriptors} {active}", active, aim))


def ctl(everyone: list[Contestant], scale: Scale) -> Iterator[Step]:
    """Descriptors are registered, modified and unregistered."""
    for count in (1000,) if scale.quick else (1000, 9000):
        aim = scale.pick(0.1, 0.04)
        yield Step("ctl", f"{count} descriptors", scale.rounds, aim * 1.5, entrants(everyone, f"ctl {count}", count, aim))


def subjects(everyone: list[Contestant], count: int) -> Iterator[tuple[str, Contestant, str]]:
    """Those whose growth is measured: name, contestant, facility."""
    for one in present(everyone):
        if one.name == "raw":
            yield one.name, one, ""
        for facility in ("epoll", "poll", "select") if one.name == "ours" else ():
            # select(2) has no room for more than 1,024, some of which the other ends have.
            if facility != "select" or count <= 900:
                yield ours_on(facility), one, facility


def timed(one: Contestant, count: int, aim: float, facility: str) -> Measure:
    """What the growth is measured by."""
    loops = {GROWS_HOT_1: Loop(one, f"hot {count} 1", 1, aim, facility),
             GROWS_HOT_100: Loop(one, f"hot {count} 100", 100, aim, facility),
             GROWS_CTL: Loop(one, f"ctl {count}", count, aim, facility)}
    return lambda: [Measured(name, list(loop.measure().values())[-1], "ns") for name, loop in loops.items()]


def memory_of(one: Contestant, count: int, facility: str) -> Optional[float]:
    """Nothing where malloc does not tell."""
    try:
        return figures_of(one, f"memory {count}", facility)["bytes"] / count
    except NotOffered:
        return None


def count_all(one: Contestant, count: int, facility: str) -> Iterator[Measured]:
    """What is no matter of time, as far as this machine has the tools."""
    one_active = counts.Counted("", f"hot {count} 1", 1, 20, 120)
    if not counts.no_callgrind():
        for measure, what in ((GROWS_HOT_1, one_active), (GROWS_HOT_100, counts.Counted("", f"hot {count} 100", 100, 20, 40)),
                              (GROWS_CTL, counts.Counted("", f"ctl {count}", count, 1, 2))):
            yield Measured(f"{measure}, instructions", counts.instructions_of(one, what, facility))
    if not counts.no_strace() and count <= 900:  # strace would trace how 19,000 are opened, for the same one or two calls
        yield Measured(f"{GROWS_HOT_1}, system calls", counts.calls_of(one, one_active, facility)[CALLS])
    memory = memory_of(one, count, facility) if one.name == "ours" else None
    if memory is not None:
        yield Measured("each descriptor that is registered, allocated", memory, "bytes")


def growth(everyone: list[Contestant], scale: Scale) -> Iterator[Step]:
    """How what a descriptor costs grows with the number of them, on each facility."""
    aim = scale.pick(0.03, 0.01)
    for count in (100, 900, 5000) if scale.quick else (100, 900, 5000, 19000):
        yield Step("growth", str(count), int(scale.pick(3, 1)), 0.3,
                   {name: timed(one, count, aim, facility) for name, one, facility in subjects(everyone, count)})
    for count in (900,) if scale.quick else (100, 900, 19000):
        yield Step("growth", str(count), 1, 2,
                   {name: partial(count_all, one, count, facility) for name, one, facility in subjects(everyone, count)})
