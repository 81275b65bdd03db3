"""A run made up for the tests."""

from collections.abc import Sequence

import pandas

from course.bench.names import PER_EVENT, active_of
from course.bench.results import COLUMNS, Results

HOT = ("hot", active_of(100, 100), PER_EVENT, "ns")


def samples(figures: dict[str, Sequence[float]], workload: str = HOT[0], configuration: str = HOT[1], measure: str = HOT[2],
            unit: str = HOT[3]) -> pandas.DataFrame:
    """The rounds of some contestants."""
    rows = [[workload, configuration, name, round_, measure, value, unit]
            for name, rounds in figures.items() for round_, value in enumerate(rounds)]
    return pandas.DataFrame(rows, columns=COLUMNS[2:])


def failure(name: str, why: str, workload: str = HOT[0], configuration: str = HOT[1]) -> pandas.DataFrame:
    """A contestant that has failed."""
    return samples({name: [0]}, workload, configuration, "failed", why)


def run_of(name: str, *more: pandas.DataFrame) -> Results:
    """A whole run."""
    hot = samples({"raw": [100, 200, 100], "ours": [102, 300, 101], "libuv": [110, 210, 109]})
    return Results(name, 'a machine, "fast"', ["a machine", "libuv: not installed"], pandas.concat([hot, *more], ignore_index=True))
