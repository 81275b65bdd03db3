"""Plays the scene of each lesson and makes of it what the book shows: the transcripts, a player with a chart, and what the kernel
saw; from the lessons' folders what changed from one to the next; and for pitfalls a player with the mistake beside the lesson."""

import html
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Optional

from course import COURSE, player
from course.book import changed, chart, kernel, scene
from course.book.run import DEFAULT_PORTS
from course.lessons import LESSONS, PROGRAMS, lesson_of
from course.trace.strace import CALLS, STRACE, parse

QUESTIONS = COURSE / "tests/record/scenes"  # for each lesson the questions of its player, and perhaps a scene of its own
PITFALLS = COURSE / "tests/pitfalls/scenes"  # a file for each that has a player, with its questions
ROWS = 14  # of a table of two runs


def why_not_traced() -> str:
    """Why strace cannot watch a program here; "" if it can."""
    try:
        tried = subprocess.run([STRACE[0], "-f", "-o", os.devnull, "true"], stderr=subprocess.PIPE, encoding="utf-8",
                               errors="replace", check=False)
    except FileNotFoundError:
        return "it is not installed"
    return tried.stderr.strip().rpartition("\n")[2] if tried.returncode else ""


def environment() -> dict[str, str]:
    """The lessons' own programs are recorded, on the facility that they choose, whatever the tests were last pointed at."""
    others = {program.replace("-", "_").upper() for program in PROGRAMS} | {"SELECTORS_FACILITY"}
    return {name: value for name, value in os.environ.items() if name not in others}


def title_of(page: str) -> str:
    """The title of a page of the course."""
    return (COURSE / page).read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")


def lesson_recording(lesson: str, trace: Path) -> dict[str, Any]:
    """The recording of a lesson."""
    run = scene.one(parse(trace.read_text(encoding="utf-8", errors="replace")), "", DEFAULT_PORTS[lesson[:2]])
    return scene.make(title_of(f"{lesson}/README.md"), [run], QUESTIONS / f"{lesson}.json")


def write_lesson(lesson: str, trace: Path, shown: Path, folder: Path) -> None:
    """The pages that come of a lesson's trace, which may be missing; `shown` is the trace for the player."""
    number = lesson[:2]
    drawn = chart.make(lesson, trace)
    (folder / f"kernel-{number}.md").write_text(kernel.make(lesson, trace), encoding="utf-8")
    (folder / f"chart-{number}.html").write_text(drawn, encoding="utf-8")
    if trace.exists():
        drawn = player.element(lesson_recording(lesson, shown), drawn)
    (folder / f"player-{number}.html").write_text(drawn, encoding="utf-8")
    if lesson != next(iter(LESSONS)):
        (folder / f"changed-{number}.md").write_text(changed.make(lesson), encoding="utf-8")


def in_words(made: dict[str, Any]) -> str:
    """Two runs as a table, for readers without the player: the moments around the one at which they part."""
    rows = []
    part = made.get("part", 0)
    before: tuple[int, int] = (-1, -1)
    for first, second in made["moments"][max(0, part - 4):]:
        cells = [made["runs"][number]["steps"][at]["says"] if at != before[number] else ""
                 for number, at in enumerate((first, second))]
        before = (first, second)
        rows.append("<tr>" + "".join(f"<td>{html.escape(cell, quote=False)}</td>" for cell in cells) + "</tr>")
        if len(rows) == ROWS:
            break
    heads = "".join(f"<th>{html.escape(run['label'])}</th>" for run in made["runs"])
    return f'<table class="player-words"><tr>{heads}</tr>\n' + "\n".join(rows) + "\n</table>\n"


def trace_of(recorder: Path, name: str, which: str, trace: Path) -> str:
    """The log of a scene of the gallery with one of its two programs. strace may lose its footing when a program is killed."""
    command = [*STRACE, "--seccomp-bpf", "-e", f"trace={CALLS}", "-o", str(trace), str(recorder), name, "--play", which]
    said = ""
    for _ in range(3):
        played = subprocess.run(command, cwd=COURSE, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                encoding="utf-8", errors="replace", check=False)
        said = played.stdout
        if played.returncode == 0 or "libunwind" in said:
            return trace.read_text(encoding="utf-8", errors="replace")
    raise ValueError(f"the scene of {name} cannot be played with {which}:\n{said}")


def pitfall(recorder: Path, name: str) -> dict[str, Any]:
    """The recording of a pitfall: the program that makes the mistake, and the lesson's."""
    with tempfile.TemporaryDirectory() as work:
        mistake, lesson = (parse(trace_of(recorder, name, which, Path(work, which))) for which in ("mistake", "lesson"))
    runs_as = next(event.program for event in lesson if lesson_of(event.program))
    port = DEFAULT_PORTS[lesson_of(runs_as)[:2]]
    runs = [scene.one(mistake, "The program with the mistake", port), scene.one(lesson, "The lesson's program", port)]
    return scene.make(title_of(f"docs/pitfalls/{name}.md"), runs, PITFALLS / f"{name}.json")


def write_pitfall(recorder: Path, name: str, folder: Path) -> None:
    """A player with the program that makes the mistake, and the lesson's, side by side."""
    made = pitfall(recorder, name)
    (folder / f"player-{name}.html").write_text(player.element(made, in_words(made)), encoding="utf-8")


def record(recorder: Path, folder: Path, pitfalls: Optional[Path] = None) -> None:
    """Writes all of it into a folder; without `pitfalls`, only what is about lessons. Ends with a message if a page shows a
    transcript that is no longer so."""
    folder.mkdir(parents=True, exist_ok=True)
    untraced = why_not_traced()
    if untraced:
        print(f"strace cannot be used here, so the book gets no players, charts and traces: {untraced}", file=sys.stderr)
    names = sorted(file.stem for file in PITFALLS.glob("*.json")) if pitfalls else []
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(2) as others:
        writing = [others.submit(write_pitfall, pitfalls, name, folder) for name in names if pitfalls and not untraced]
        try:
            for lesson in LESSONS:
                trace = Path(work, lesson)
                command = [str(recorder), lesson, str(folder), f"{lesson}/README.md"]
                if not untraced:
                    command = [*STRACE, "-o", str(trace), *command]
                # The programs' descriptors begin at 3, whatever this was started with: Popen closes all others.
                status = subprocess.run(command, cwd=COURSE, env=environment(), check=False).returncode
                if status:
                    sys.exit(status)
                shown = trace
                if not untraced and (scene_name := scene.named(QUESTIONS / f"{lesson}.json")):
                    shown = Path(work, scene_name)
                    command = [*STRACE, "-o", str(shown), str(recorder), scene_name]
                    subprocess.run(command, cwd=COURSE, env=environment(), check=True)
                write_lesson(lesson, trace, shown, folder)
            for each in writing:
                each.result()
        except ValueError as error:
            sys.exit(f"book: {error}")
    if untraced:
        for name in names:
            (folder / f"player-{name}.html").write_text(chart.NONE + "\n", encoding="utf-8")
