"""The table of a class: as Markdown to read, as CSV for a spreadsheet, and a page for each student."""

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from course.grading.trial import CUT, FAILED, PASSED, SKIPPED, Result

SIGNS = {PASSED: "✓", FAILED: "✗", CUT: "…", SKIPPED: "–"}


@dataclass
class Row:
    """A student."""

    name: str
    results: dict[str, Result] = field(default_factory=dict)  # by the test's name
    note: str = ""  # why nothing was tested


def number(points: float) -> str:
    """Points, without a fraction that is none."""
    return f"{points:g}"


def cell(text: str) -> str:
    """Text that cannot leave its cell."""
    return re.sub(r"\s+", " ", text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def earned(row: Row, worth: dict[str, float]) -> float:
    """The points of the tests that passed."""
    return sum(points for test, points in worth.items() if row.results.get(test, Result(CUT)).state == PASSED)


def possible(row: Row, worth: dict[str, float]) -> float:
    """All points, but for the tests that could not be run on this machine."""
    return sum(points for test, points in worth.items() if row.results.get(test, Result(CUT)).state != SKIPPED)


def note(row: Row) -> str:
    """The problem in a few words."""
    if row.note:
        return row.note
    failed = [result for result in row.results.values() if result.state == FAILED]
    cut = sum(result.state == CUT for result in row.results.values())
    notes = []
    killed = {signal for result in failed for signal in re.findall(r"killed by signal (\d+)", result.reason)}
    if killed:
        notes.append("killed by signal " + ", ".join(sorted(killed)))
    for reason, times in Counter(result.reason for result in failed).most_common(1):
        if not killed and times > 1 and times * 2 >= len(failed):
            notes.append(f"{times} times: {reason}")
    if cut:
        notes.append(f"stopped when its time was up: {cut} of {len(row.results)} tests not done")
    return "; ".join(notes)


def write_csv(path: Path, rows: list[Row], worth: dict[str, float]) -> None:
    """The table for a spreadsheet."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["student", "points", "of", "note", *worth])
        for row in rows:
            points = [number(worth[test]) if row.results.get(test, Result(CUT)).state == PASSED else "0" for test in worth]
            table.writerow([row.name, number(earned(row, worth)), number(possible(row, worth)), note(row), *points])


def markdown(title: str, rows: list[Row], worth: dict[str, float]) -> str:
    """The whole page: the table, what its columns are, and what failed."""
    columns = range(1, len(worth) + 1)
    lines = [f"# {title}", "", "| student | points | " + " | ".join(map(str, columns)) + " | note |",
             "|---|---:|" + ":-:|" * len(worth) + "---|"]
    for row in rows:
        signs = [SIGNS[row.results.get(test, Result(CUT)).state] if row.results else " " for test in worth]
        points = f"{number(earned(row, worth))} of {number(possible(row, worth))}"
        lines.append(f"| {cell(row.name)} | {points} | " + " | ".join(signs) + f" | {cell(note(row))} |")
    lines += ["", "✓ passed · ✗ failed · … its time was up · – cannot be run on this machine", "", "| | test | points |",
              "|---:|---|---:|"]
    lines += [f"| {i} | {cell(test)} | {number(points)} |" for i, (test, points) in enumerate(worth.items(), 1)]
    lines += ["", "## What was missed most", ""]
    missed = {test: sum(row.results.get(test, Result(PASSED)).state == FAILED for row in rows) for test in worth}
    most = [test for test in sorted(worth, key=lambda test: -missed[test]) if missed[test]]
    tested = sum(bool(row.results) for row in rows)
    lines += [f"- {missed[test]} of {tested}: {cell(test)}" for test in most[:10]] or ["Nothing."]
    for row in rows:
        failed = {test: result for test, result in row.results.items() if result.state == FAILED}
        if failed:
            lines += ["", f"## {cell(row.name)}", ""]
            lines += [f"- {cell(test)}: {cell(result.reason)}" for test, result in failed.items()]
    return "\n".join(lines) + "\n"


def page(row: Row, title: str, worth: dict[str, float]) -> str:
    """The page for one student: every test, and the story of each that failed."""
    lines = [f"# {title}: {row.name}", "", f"{number(earned(row, worth))} of {number(possible(row, worth))} points."]
    if note(row):
        lines += ["", note(row)]
    lines += [""] + [f"- {SIGNS[result.state]} {test}" for test, result in row.results.items()]
    for test, result in row.results.items():
        if result.state == FAILED:
            lines += ["", f"## {test}", "", "```text", result.story.replace("```", "'''"), "```"]
    return "\n".join(lines) + "\n"
