"""The order of the measurements: each configuration is measured in rounds, and each round measures every contestant once."""

import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas
from tqdm import tqdm

from course.bench.names import FAILED
from course.servers import Failed, NotOffered


class Measured(NamedTuple):
    """A figure that one measurement has brought."""

    measure: str
    value: float
    unit: str = ""


Measure = Callable[[], Iterable[Measured]]


@dataclass
class Step:
    """A configuration of a workload."""

    workload: str
    configuration: str
    rounds: int
    seconds: float  # what one measurement takes, roughly: for telling how much is left
    entrants: dict[str, Measure] = field(default_factory=dict)  # who takes part, by name


@dataclass
class Scale:
    """How long and how much is measured."""

    quick: bool = False
    rounds: int = 5

    def pick(self, full: float, short: float) -> float:
        """The one or the other."""
        return short if self.quick else full

    def few(self) -> int:
        """The number of rounds for workloads that take long."""
        return 1 if self.quick else min(self.rounds, 3)


class Progress:
    """Shows what is being measured: a bar on a terminal, elsewhere one line for each workload."""

    def __init__(self, steps: list[Step]) -> None:
        total = sum(step.seconds * step.rounds * len(step.entrants) for step in steps)
        self.begin = time.monotonic()
        self.workload = ""
        self.terminal = sys.stderr.isatty()
        self.bar = tqdm(total=total, disable=not self.terminal, leave=False, bar_format="{percentage:3.0f} %, {remaining} left: {desc}")

    def tell(self, step: Step, round_: int, contestant: str) -> None:
        """Shows what is measured next."""
        self.bar.set_description_str(f"{step.workload}, {step.configuration}: round {round_ + 1} of {step.rounds}, {contestant}")
        if step.workload != self.workload and not self.terminal:
            print(f"{time.monotonic() - self.begin:.0f} s, {step.workload}", file=sys.stderr, flush=True)
        self.workload = step.workload


def measure(steps: list[Step]) -> pandas.DataFrame:
    """Measures them all. A failed measurement becomes a sample, too, and is not repeated."""
    samples = []
    progress = Progress(steps)
    with progress.bar:
        for step in steps:
            out = set()  # does not offer it, or has failed
            names = list(step.entrants)
            for round_ in range(step.rounds):
                # Another one begins each time: who comes first has the caches of somebody else.
                for name in (names[(i + round_) % len(names)] for i in range(len(names))):
                    place = [step.workload, step.configuration, name, round_]
                    progress.tell(step, round_, name)
                    try:
                        samples += [[*place, *figure] for figure in ([] if name in out else step.entrants[name]())]
                    except NotOffered:
                        out.add(name)
                    except (Failed, OSError) as error:
                        out.add(name)
                        samples.append([*place, FAILED, 0, " ".join(str(error).split())])
                    progress.bar.update(step.seconds)
    return pandas.DataFrame(samples, columns=["workload", "configuration", "contestant", "round", "measure", "value", "unit"])
