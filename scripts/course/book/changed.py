"""Makes a page of the book with what a lesson's folder changed since the lessons before it: each of its files, new ones
too, beside the file before it that is most like it. Without git: the folders are compared."""

import difflib
import html
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Optional

from course import COURSE

ENOUGH = 12  # lines in both, and one is called a change of the other
MARKER = re.compile(r"^\s*//[!/] \[\w+\]$")


def lines_of(path: Path) -> list[str]:
    """The text without the marks that the book's own snippets need."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if not MARKER.match(line)]


def files_of(folder: Path) -> list[Path]:
    """What a student builds there. The README is the lesson's page; exercises have pages of their own."""
    return sorted(each for each in folder.iterdir() if each.is_file() and each.name != "README.md")


def in_both(one: Path, other: Path) -> int:
    """How many lines both have in the same order; lines of a brace or so do not count."""
    first, second = ([line.strip() for line in lines_of(path) if len(line.strip()) > 3] for path in (one, other))
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def before(path: Path, folders: list[Path]) -> Optional[Path]:
    """The file of the lessons before that is most like this one, the later of two; None for a new file."""
    if path.name == "CMakeLists.txt":
        return folders[-1] / path.name
    candidates = [each for folder in reversed(folders) for each in files_of(folder) if each.suffix == path.suffix]
    best = max(candidates, key=lambda each: in_both(path, each), default=None)
    return best if best and in_both(path, best) >= ENOUGH else None


def difference(old: Optional[Path], new: Path) -> tuple[list[str], int, int]:
    """The lines of diff(1) below its head, and how many were taken out and put in."""
    with tempfile.TemporaryDirectory() as folder:
        sides = []
        for name, path in (("old", old), ("new", new)):
            side = Path(folder, name)
            side.write_text("".join(line + "\n" for line in lines_of(path)) if path else "", encoding="utf-8")
            sides.append(str(side))
        # The other way round, for what is the same is shown as the first file has it, and that shall be the new one.
        ran = subprocess.run(["diff", "-b", "-U", "4", *reversed(sides)], capture_output=True, text=True, check=False)
    if ran.returncode > 1:
        raise ValueError(f"{new}: diff: {ran.stderr}")
    lines: list[str] = []
    taken_out: list[str] = []
    put_in: list[str] = []
    for line in [*ran.stdout.splitlines()[2:], "@@"]:
        if line[0] == "+":
            taken_out.append("-" + line[1:])
        elif line[0] == "-":
            put_in.append("+" + line[1:])
        else:
            lines += [*taken_out, *put_in, line]
            taken_out, put_in = [], []
    return lines[:-1], sum(line[0] == "-" for line in lines), sum(line[0] == "+" for line in lines)


def coloured(line: str) -> str:
    """A line of the difference, in HTML."""
    text = html.escape(line, quote=False)
    if line.startswith("@@"):
        return '<span class="diff-gap">⋯</span>'
    return {"+": f"<ins>{text}</ins>", "-": f"<del>{text}</del>"}.get(line[0], text)


def where(path: Path) -> str:
    """A file, for the reader."""
    return f"`{path.name}` of lesson {path.parent.name[:2]}"


INTRODUCTION = """This page compares each file of lesson {number} with the file of the earlier lessons that is most
similar to it. A line with `-` was removed, and a line with `+` was added. `⋯` stands for lines that are the same in both. A
line that was only indented more or less does not count as changed.
"""


def make(lesson: str) -> str:
    """The page."""
    number = lesson[:2]
    folders = [each for each in sorted(COURSE.glob("0[0-9]-*")) if each.is_dir() and each.name < lesson]
    head = [f"# What changed since lesson {folders[-1].name[:2]}\n", INTRODUCTION.format(number=number)]
    rows, parts = ["| file | developed from | lines removed | lines added |", "|---|---|---|---|"], []
    for path in files_of(COURSE / lesson):
        old = before(path, folders)
        lines, gone, new = difference(old, path)
        label = f"changed_{number}_{re.sub('[^a-z]', '_', path.stem.lower())}"
        rows.append(f"| [{path.name}](@ref {label}) | {where(old) if old else 'nothing: a new file'} | {gone} | {new} |")
        parts.append(f"## {path.name} {{#{label}}}\n")
        parts.append(f"Compared with {where(old)}:\n" if old else "A new file; no earlier file is similar to it:\n")
        body = "\n".join(coloured(line) for line in lines[1:])
        parts.append(f'@htmlonly\n<pre class="fragment diff">{body}</pre>\n@endhtmlonly\n' if lines else "No line has changed.\n")
    return "\n".join([*head, *rows, "", *parts, ""])
