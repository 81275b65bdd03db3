"""The rounds of a run brought together: a figure for each contestant in each configuration."""

from dataclasses import dataclass
from typing import Optional

import numpy
import pandas

from course.bench.names import FAILED

PLACE = ["workload", "configuration", "contestant", "measure"]


@dataclass
class Figure:
    """What was measured in some rounds."""

    median: float
    ratio: Optional[float]  # to raw epoll: the median of the ratios of each round


class Figures:
    """All figures of a run, and what failed."""

    def __init__(self, samples: pandas.DataFrame) -> None:
        self.samples = samples
        good = samples[samples["measure"] != FAILED]
        # A contestant's figure is only held against that of raw epoll in the same round, a moment before or after.
        key = ["workload", "configuration", "measure", "round"]
        raw = good[good["contestant"] == "raw"].groupby(key)["value"].last().replace(0, numpy.nan).rename("floor")
        beside = good.join(raw, on=key)
        beside["ratio"] = beside["value"] / beside["floor"]
        medians = beside.groupby(PLACE)[["value", "ratio"]].median(numeric_only=True)
        self.figures = {place: Figure(row.value, None if numpy.isnan(row.ratio) else row.ratio)
                        for place, row in zip(medians.index, medians.itertuples(index=False))}
        bad = samples[samples["measure"] == FAILED]
        self.failures = {tuple(row[:3]): row[3] for row in bad[[*PLACE[:3], "unit"]].itertuples(index=False)}

    def find(self, workload: str, configuration: str, contestant: str, measure: str) -> Optional[Figure]:
        """The figure; None if it was not measured."""
        return self.figures.get((workload, configuration, contestant, measure))

    def failure(self, workload: str, configuration: str, contestant: str) -> Optional[str]:
        """Why there is no figure; None if it did not fail."""
        return self.failures.get((workload, configuration, contestant))

    def workloads(self) -> list[str]:
        """In the order in which they were measured, failures among them."""
        return list(self.samples["workload"].unique())

    def different(self, workload: str, field: str) -> list[str]:
        """The different values in a column of this workload, in the order in which they were first measured."""
        names = self.samples.loc[self.samples["workload"] == workload, field].unique()
        return [name for name in names if name != FAILED]

    def unit(self, workload: str, measure: str) -> str:
        """The unit of a measure."""
        found = self.samples[(self.samples["workload"] == workload) & (self.samples["measure"] == measure)]["unit"]
        return found.iloc[0] if len(found) else ""
