"""Where the benchmark begins: what was asked for, in one run, and its page."""

import shutil
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from course.bench import counts, limits, loads, loops, processors, report, results
from course.bench.contestants import BUILD, Contestant, contestants
from course.bench.figures import Figures
from course.bench.machine import machine, new_run, surroundings
from course.bench.names import FAILED, WORKLOADS
from course.bench.plan import Scale, Step, measure
from course.bench.plots import growth_plot, ratio_plot
from course.bench.targets import in_short
from course.tables import write_between

MAKERS: dict[str, Callable[[list[Contestant], Scale], Iterable[Step]]] = {
    "hot": partial(loops.hot_and_dispatch, "hot"), "dispatch": partial(loops.hot_and_dispatch, "dispatch"), "ctl": loops.ctl,
    "echo": loads.echo, "echo-sizes": loads.echo_sizes, "chat": loads.chat, "chat-sizes": loads.chat_sizes, "slow": loads.slow,
    "memory": loads.memory, "instructions": counts.instructions, "calls": counts.calls, "growth": loops.growth}


def names_in(given: Mapping[str, str], option: str) -> list[str]:
    """The words between the commas of an option."""
    return given[option].split(",") if option in given else []


def write(folder: Path, run: results.Results) -> None:
    """What a run writes: its samples, its tables and its pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.csv").write_text(run.as_csv(), encoding="utf-8")  # before anything that is made of it can fail
    figures = Figures(run.samples)
    for name, text in (("results.md", report.as_page(run)),
                       ("results.svg", ratio_plot(figures, run.machine)), ("growth.svg", growth_plot(figures, run.machine))):
        (folder / name).write_text(text, encoding="utf-8")


def write_book(book: Path, written: Path, run: results.Results) -> None:
    """What the book shows of a run: the tables in its page, the pictures beside it."""
    write_between(book / "performance.md", "bench", report.as_section(run))
    (book / "benchmark").mkdir(exist_ok=True)
    for name in ("results.svg", "growth.svg"):
        shutil.copy(written / name, book / "benchmark" / name)


def run_all(given: Mapping[str, str]) -> int:
    """Measures what was asked for. The status is 1 if something could not be measured."""
    pin = given.get("--pin", "same")
    scale = Scale("--quick" in given, int(given.get("--rounds", 3 if "--quick" in given else 5)))
    folder = Path(given.get("--output", BUILD / "bench/results"))
    everyone = contestants(names_in(given, "--with"))
    workloads = [name for name in WORKLOADS if name in (names_in(given, "--only") or WORKLOADS)]
    steps = [step for name in workloads for step in MAKERS[name](everyone, scale)]
    if (folder / "results.csv").exists():
        results.refuse_to_mix(results.read(folder / "results.csv"), steps, folder / "results.csv")

    run = results.Results(new_run(), machine(), surroundings(pin, everyone))
    for workload, why in (("instructions", counts.no_callgrind()), ("calls", counts.no_strace())):
        if why and {workload, "growth"} & set(workloads):
            run.about.append(f"no {workload}: {why}")
    print("\n".join(run.about) + "\n", flush=True)
    run.samples = measure(steps)
    write(folder, run)
    if "--book" in given:
        write_book(Path(given["--book"]), folder, run)
    print(in_short(Figures(run.samples)))
    failed = run.samples[run.samples["measure"] == FAILED]
    for sample in failed.itertuples(index=False):
        print(f"not measured: {sample.workload}, {sample.configuration}: {sample.contestant}: {sample.unit}")
    print(f"All tables, plots and samples: {folder}")
    return 1 if len(failed) else 0


def bench(given: Mapping[str, str], shown: list[str]) -> int:
    """Does what the options say; `shown` are the files of --show."""
    if shown:
        print(report.as_page(results.read(results.only_one_run(shown))), end="")
        return 0
    processors.prepare(given.get("--pin", "same"))
    return limits.check() if "--check" in given else run_all(given)
