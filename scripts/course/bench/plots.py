"""A run as pictures."""

from collections.abc import Sequence
from typing import Optional

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from course.bench.figures import Figures
from course.bench.names import (
    CPU_PER_REQUEST,
    DELIVERIES,
    GROWS_CTL,
    GROWS_HOT_1,
    GROWS_HOT_100,
    OURS_LINES,
    PER_EVENT,
    TOTAL,
    active_of,
    echo_of,
    ours_on,
)
from course.bench.svg import INK, SETTINGS, TIP, as_svg
from course.tables import readable

# Seen by the colour-blind, too, and on white as well as on black.
LOOKS = list(zip(["#808080", "#e8590c", "#1c7ed6", "#2f9e44", "#ae3ec9", "#b08800", "#0c8599", "#e64980", "#66a80f"], "osD^osD^v"))
SHOWN = ["raw", "ours", "libevent", "libev", "libuv", "asio", "python", OURS_LINES, "raw-uring"]
GROWING = ["raw", ours_on("epoll"), ours_on("poll"), ours_on("select")]
ROWS = [("hot, 100 active of 100", "hot", active_of(100, 100), PER_EVENT),
        ("hot, 100 active of 9,000", "hot", active_of(100, 9000), PER_EVENT),
        ("hot, 1 active of 9,000", "hot", active_of(1, 9000), PER_EVENT),
        ("dispatch, 100 active of 9,000", "dispatch", active_of(100, 9000), PER_EVENT),
        ("ctl, 1,000 descriptors", "ctl", "1000 descriptors", TOTAL),
        ("ctl, 9,000 descriptors", "ctl", "9000 descriptors", TOTAL),
        ("echo, 1 × 64 bytes, server CPU", "echo", echo_of(1, 64), CPU_PER_REQUEST),
        ("echo, 50 × 64 bytes, server CPU", "echo", echo_of(50, 64), CPU_PER_REQUEST),
        ("echo, 50 × 4,096 bytes, server CPU", "echo", echo_of(50, 4096), CPU_PER_REQUEST),
        ("chat, 100 members, time", "chat", "100 members", DELIVERIES),
        ("chat, 1,000 members, time", "chat", "1000 members", DELIVERIES)]
PANELS = [("an event, 1 active", GROWS_HOT_1), ("an event, 100 active", GROWS_HOT_100), ("a descriptor of ctl", GROWS_CTL)]
LEAST, MOST = 0.3, 5.0
RULED = [0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0]
TIMES = {1e2: "100 ns", 1e3: "1 µs", 1e4: "10 µs", 1e5: "100 µs", 1e6: "1 ms", 1e7: "10 ms"}


def picture(width: float, height: float, heading: str, names: Sequence[str], machine: str, salt: str) -> Picture:
    """An empty one with its heading, a legend without those whose name is empty, and below it the machine; sizes in points."""
    matplotlib.rcParams.update(SETTINGS)
    matplotlib.rcParams["svg.hashsalt"] = salt
    drawn = Picture(figsize=(width / 72, height / 72))
    drawn.text(10 / width, 1 - 18 / height, heading, weight="bold", fontsize=13)
    marks = [Line2D([], [], color=colour, marker=marker, linestyle="none", label=name)
             for (colour, marker), name in zip(LOOKS, names) if name]
    drawn.legend(handles=marks, loc="upper left", bbox_to_anchor=(0, 1 - 22 / height), ncol=len(LOOKS), handletextpad=0.1,
                 columnspacing=1.2)
    drawn.text(10 / width, 10 / height, machine)
    return drawn


def rule(axes: Axes, x: list[float], y: list[float], x_texts: dict[float, str], y_texts: dict[float, str]) -> None:
    """Thin lines at these values, with these texts beside them, and no frame."""
    axes.grid(True, color=INK, alpha=0.18, linewidth=0.8)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for axis, values, texts in ((axes.xaxis, x, x_texts), (axes.yaxis, y, y_texts)):
        axis.set_major_locator(FixedLocator(values))
        axis.set_major_formatter(FuncFormatter(lambda value, _, texts=texts: texts.get(value, f"{value:g}")))
        axis.set_minor_locator(NullLocator())


def mark(axes: Axes, x: float, y: float, which: int, tip: str) -> None:
    """The mark of the contestant that stands at this place of all: its colour and its shape."""
    colour, marker = LOOKS[which]
    axes.plot([x], [y], color=colour, marker=marker, markersize=6, gid=TIP + tip, clip_on=False)


def ratio(figures: Figures, workload: str, configuration: str, name: str, measure: str) -> Optional[float]:
    """The ratio to raw epoll. Rates are inverted, so that smaller is better in every row."""
    figure = figures.find(workload, configuration, name, measure)
    if not figure or not figure.ratio:
        return None
    return 1 / figure.ratio if measure == DELIVERIES else figure.ratio


def ratio_plot(figures: Figures, machine: str) -> str:
    """What each contestant takes in each of the main workloads, as a multiple of raw epoll: to the left is better."""
    found = {label: {name: ratio(figures, workload, configuration, name, measure) for name in SHOWN}
             for label, workload, configuration, measure in ROWS}
    rows = {label: values for label, values in found.items() if any(values.values())}
    names = [name if any(values[name] for values in rows.values()) else "" for name in SHOWN]
    lines = max(len(rows), 1)
    width, height, top = 820, 120 + 50 * lines, 62
    heading = "What each takes, as a multiple of raw epoll"
    drawn = picture(width, height, f"{heading} (to the left is better)", names, machine, "results")
    axes = drawn.add_axes((245 / width, 58 / height, (width - 285) / width, (height - 58 - top) / height))
    axes.set(xscale="log", xlim=(LEAST, MOST), ylim=(lines, 0))
    rule(axes, RULED, [i + 0.5 for i in range(len(rows))], {value: f"{value:.1f}" for value in RULED},
         {i + 0.5: label for i, label in enumerate(rows)})
    axes.yaxis.grid(False)
    axes.axvline(1, color=INK, linewidth=1.2)
    for i, (label, values) in enumerate(rows.items()):
        axes.axhline(i, xmin=-0.44, color=INK, alpha=0.25, linewidth=0.8, clip_on=False)
        for which, (name, value) in enumerate(values.items()):
            if value is None:
                continue
            # Each a little lower than the one before: most of them stand around 1, and are to be told apart there.
            y, x = i + (which + 0.9) / (len(SHOWN) + 0.8), min(max(value, LEAST), MOST)
            mark(axes, x, y, which, f"{name}, {label}: {value:.2f}")
            if x != value:
                axes.annotate(f"{value:.1f}", (x, y), (6 if value > x else -6, 0), textcoords="offset points", va="center",
                              ha="left" if value > x else "right", annotation_clip=False)
    return as_svg(drawn, heading, "One line for each workload, one mark for each contestant, on a logarithmic axis; to the left is "
                  "better. Medians of the ratios of each round. The figures stand in the tables of the same run.")


def growth_plot(figures: Figures, machine: str) -> str:
    """What an event takes, over the number of descriptors, on each facility."""
    width, height = 870, 436
    drawn = picture(width, height, "Nanoseconds, over the number of descriptors", GROWING, machine, "growth")
    counts = sorted(figures.different("growth", "configuration"), key=int)
    for i, (title, measure) in enumerate(PANELS):
        axes = drawn.add_axes(((66 + 280 * i) / width, 66 / height, 224 / width, 270 / height))
        axes.set_title(title, weight="bold", fontsize=12)
        axes.set(xscale="log", yscale="log", xlim=(80, 24000), ylim=(80, 1.2e7))
        rule(axes, [100, 1000, 10000], list(TIMES), {count: readable(count) for count in (100, 1000, 10000)}, TIMES)
        for which, name in enumerate(GROWING):
            points = [(int(count), figure.median) for count in counts
                      for figure in [figures.find("growth", count, name, measure)] if figure]
            axes.plot(*zip(*points), color=LOOKS[which][0], linewidth=1.6) if points else None
            for x, y in points:
                mark(axes, x, y, which, f"{name}, {x} descriptors: {readable(y)} ns")
        if i == 1:
            axes.set_xlabel("descriptors")
    return as_svg(drawn, "What an event takes, over the number of descriptors",
                  "Three panels, one for events with one descriptor active, with a hundred, and for registering, modifying and "
                  "unregistering; in each a line for raw epoll and for our library on epoll, poll and select, both axes "
                  "logarithmic. The figures stand in the tables of the same run.")
