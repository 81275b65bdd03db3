"""What one run has measured, in a file. The samples of another run may come from another machine, load or kernel."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas

from course.bench.plan import Step
from course.call import fail

COLUMNS = ["run", "machine", "workload", "configuration", "contestant", "round", "measure", "value", "unit"]
NOT_COMPARABLE = ("figures of different runs are not comparable (machine, load and kernel differ); measure both in one run")


@dataclass
class Results:
    """All samples of one run."""

    run: str  # tells it from every other
    machine: str  # in one line
    about: list[str]  # where, when and with which versions
    samples: pandas.DataFrame = field(default_factory=pandas.DataFrame)  # the columns from workload on

    def as_csv(self) -> str:
        """The samples as comma-separated values, the lines of `about` above them as comments."""
        table = self.samples.assign(run=self.run, machine=self.machine)[COLUMNS]
        return "".join(f"# {line}\n" for line in self.about) + table.to_csv(index=False, float_format="%.10g")


def from_csv(text: str, name: str) -> Results:
    """Reads such a text; `name` is what messages call it."""
    lines = text.splitlines()
    about = []
    while lines and lines[0].startswith("# "):
        about.append(lines.pop(0)[2:])
    if not lines:
        fail(f"{name}: this is not a results file: it is empty")
    if lines[0] != ",".join(COLUMNS):
        fail(f"{name}, line {len(about) + 1}: this is not a results file: '{','.join(COLUMNS)}' was expected")
    for number, fields in enumerate(csv.reader(lines), len(about) + 1):
        if len(fields) != len(COLUMNS):
            fail(f"{name}, line {number}: {len(COLUMNS)} fields were expected, {len(fields)} found")
    samples = pandas.read_csv(io.StringIO("\n".join(lines)), dtype=str, keep_default_na=False)
    for column in ("round", "value"):
        numbers = pandas.to_numeric(samples[column], errors="coerce")
        if numbers.isna().any():
            row = int(numbers.isna().to_numpy().argmax())
            fail(f"{name}, line {len(about) + 2 + row}: '{samples[column][row]}' is not a number")
        samples[column] = numbers
    runs = samples["run"].unique()
    if len(runs) > 1:
        fail(f"{name} holds the runs {runs[0]} and {runs[1]}: {NOT_COMPARABLE}")
    machine = samples["machine"][0] if len(samples) else ""
    return Results(runs[0] if len(runs) else "", machine, about, samples[COLUMNS[2:]])


def read(file: Path) -> Results:
    """The samples in a file."""
    try:
        return from_csv(file.read_text(encoding="utf-8"), str(file))
    except OSError as error:
        fail(f"read the results {file}: {error.strerror}")


def only_one_run(files: Sequence[str]) -> Path:
    """The one file that may be shown."""
    if len(files) != 1:
        fail(f"--show {files[0]} and {files[1]}: {NOT_COMPARABLE}")
    return Path(files[0])


def refuse_to_mix(before: Results, steps: Sequence[Step], file: Path) -> None:
    """Fails if a run of these steps would leave samples of an earlier one beside its own."""
    workloads = {step.workload for step in steps}
    names = {name for step in steps for name in step.entrants}
    for workload, contestant in before.samples[["workload", "contestant"]].itertuples(index=False):
        if workload not in workloads or contestant not in names:
            fail(f"{file} holds {workload} of {contestant} from the run {before.run}, which is not measured now: "
                 f"{NOT_COMPARABLE}, or name another --output")
