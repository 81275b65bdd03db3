"""A run as tables in Markdown."""

from collections.abc import Callable

from course.bench.figures import Figures
from course.bench.names import DELIVERIES, FAILED
from course.bench.results import Results
from course.bench.targets import in_short
from course.tables import cell, readable, table

EXPLAINED = {
    "hot": "The callbacks only count.",
    "dispatch": "Each callback reads one byte and writes one, which makes another descriptor ready.",
    "ctl": "All descriptors are registered for reading, modified to reading and writing, and unregistered.",
    "echo": "Each connection sends its message again once all of it has come back. Ours is the server of lesson 06 with "
            "`--quiet`, and also with its lines written to a file; *raw, with lines* writes the same number of bytes to one.",
    "chat": "Four members speak, 64 bytes at a time, with four messages of each on their way; every byte is accounted for. "
            "Ours is the server of lesson 07 with `--quiet`.",
    "echo-sizes": "Messages of each size: how long one connection waits for its answer, and how many bytes a second ten "
            "connections get through together. Ours is the server of lesson 06 with `--quiet`.",
    "chat-sizes": "Messages of each size, ten members: how long it takes until all the others have received what one member "
            "says, and how many bytes a second four members get through to the others (one member, if the message has "
            "1,000,000 bytes). Ours is the server of lesson 07 with `--quiet`.",
    "slow": "20 members, four of which speak 4,096 bytes at a time, and one more that never reads.",
    "memory": "How much the server's resident memory grows for each connection that is not used.",
    "instructions": "Instructions in user space, counted by callgrind: a run with more turns, minus a run with fewer.",
    "calls": "System calls, counted by strace: a run with more turns, minus a run with fewer. The servers are paused while "
            "every client sends, so all requests are waiting when they continue.",
    "growth": "The cost of more descriptors, on each facility.",
}
BETWEEN = ("\nThe figures are medians of the rounds. In brackets is the median of the ratios to raw epoll, each of one round. "
           "Do not compare these figures with those of another run.\n\n## In short\n\n")
Cell = Callable[[str, str], str]  # of a configuration and a contestant


def has_ratio(workload: str, measure: str) -> bool:
    """True where the ratio to raw epoll says something."""
    return measure == DELIVERIES if workload == "slow" else workload not in ("memory", "calls", "growth")


def table_of(figures: Figures, workload: str, corner: str, text: Cell) -> str:
    """A line for each contestant, a cell for each configuration."""
    columns = figures.different(workload, "configuration")
    rows = [[name, *(text(column, name) for column in columns)] for name in figures.different(workload, "contestant")]
    return table([corner, *columns], rows, numbers=True)


def as_table(figures: Figures, workload: str, measure: str) -> str:
    """One measure of one workload: the median, and in brackets the median of the ratios to raw epoll."""

    def text(configuration: str, contestant: str) -> str:
        figure = figures.find(workload, configuration, contestant, measure)
        if figure:
            ratio = figure.ratio is not None and has_ratio(workload, measure)
            return readable(figure.median) + (f" ({figure.ratio:.2f})" if ratio else "")
        why = figures.failure(workload, configuration, contestant)
        return "–" if why is None else f"failed: {cell(why)}"

    unit = "" if measure == FAILED else figures.unit(workload, measure)
    return table_of(figures, workload, f"{measure}, {unit}" if unit else measure, text)


def parts_table(figures: Figures, workload: str, measure: str, parts: list[str]) -> str:
    """What a measure consists of: `recvfrom 1.00, sendto 1.00, epoll_wait 0.02`."""

    def text(configuration: str, contestant: str) -> str:
        found = [(figures.find(workload, configuration, contestant, part), part.partition(": ")[2]) for part in parts]
        shown = [(figure.median, name) for figure, name in found if figure and figure.median >= 0.005]
        return ", ".join(f"{name} {value:.2f}" for value, name in sorted(shown, key=lambda each: -each[0])) or "–"

    return table_of(figures, workload, f"{measure}, which", text)


def tables_of(figures: Figures, workload: str) -> str:
    """All of a workload, under its heading."""
    measures = figures.different(workload, "measure")
    found = [f"{EXPLAINED[workload]}\n"]
    for measure in [name for name in measures if ": " not in name] or [FAILED]:
        found.append(as_table(figures, workload, measure))
        parts = [name for name in measures if name.startswith(f"{measure}: ")]
        if parts:
            found.append(parts_table(figures, workload, measure, parts))
    return f"\n## {workload}\n" + "".join(f"\n{each}" for each in found)


def as_section(results: Results) -> str:
    """Where and when, what came out in short, and the tables of each workload, under headings of the second level."""
    figures = Figures(results.samples)
    about = "".join(f"- {line}\n" for line in results.about)
    return about + BETWEEN + in_short(figures) + "".join(tables_of(figures, workload) for workload in figures.workloads())


def as_page(results: Results) -> str:
    """The same as a page."""
    return "# The benchmark\n\n" + as_section(results)
