"""docs/path: the book's pages, in the order in which they are read."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from course import COURSE


@dataclass
class Page:
    """A page of the book, with its neighbours on the path."""

    name: str  # what links call it: lesson_04
    file: str  # from the course's folder; pages/... is written by the build
    place: Path
    title: str
    hangs: bool  # below the page above it; else it is a step of the path itself
    needs: str = ""  # what a reader needs first, where the page does not say so itself
    previous: Optional["Page"] = None
    following: Optional["Page"] = None
    up: Optional["Page"] = None

    @property
    def folder(self) -> str:
        """The folder of its file, "" for the course's."""
        return self.file.rpartition("/")[0]

    @property
    def is_lesson(self) -> bool:
        """True for the page of a lesson."""
        return self.name.startswith("lesson_")


def name_of(file: str) -> str:
    """The name of a page in the book's links: 02-selector-accept/README.md is lesson_02."""
    folder, _, base = file.removesuffix(".md").rpartition("/")
    above = folder.rpartition("/")[2]
    if base == "README":
        if "/exercises/" in file:
            return f"exercise_{above}"
        if re.match(r"\d\d-", folder):
            return f"lesson_{folder[:2]}"
        return {"": "index", "common": "library", "bench": "benchmark"}.get(folder, above)
    kind = {"docs/pitfalls": "pitfall_", "docs/concepts": "concept_", "docs/teacher": "teacher_"}.get(folder)
    return kind + base if kind else base.lower().replace("-", "_")


def title_of(file: Path) -> str:
    """The text of its first heading."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            title = re.sub(r" *\{#[^}]*\} *$", "", line[1:].lstrip(" "))
            return re.sub("[`*]", "", title).replace('"', "'")
    return ""


def by_numbers(text: str) -> list[tuple[int, str]]:
    """A key to sort by: numbers within the text count as numbers."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text)]


def entries(edition: str) -> list[tuple[bool, str, str]]:
    """The lines of docs/path for an edition: is it indented, the file or pattern, what it needs."""
    found = []
    for line in (COURSE / "docs/path").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        file, _, needs = line.partition("|")
        if file.startswith("teacher "):
            if edition != "teacher":
                continue
            file = file[len("teacher ") :]
        found.append((file.startswith(" "), file.strip(), needs.strip()))
    return found


def read(build: Path, edition: str) -> list[Page]:
    """The pages of an edition in their order. build is the folder with the generated pages/."""
    named = {file for _, file, _ in entries("teacher")}
    pages: list[Page] = []
    above = False  # a page that others may hang below

    def add(hangs: bool, file: str, place: Path, needs: str) -> None:
        pages.append(Page(name_of(file), file, place, title_of(place), hangs, needs))

    for indented, file, needs in entries(edition):
        hangs = indented and above
        if "*" in file:
            matching = {path.relative_to(COURSE).as_posix(): path for path in COURSE.glob(file)}
            titled = [(by_numbers(title_of(path)), name) for name, path in matching.items() if name not in named]
            for _, name in sorted(titled):
                add(hangs, name, matching[name], "")
            continue
        place = (build if file.startswith("pages/") else COURSE) / file
        if place.exists():
            add(hangs, file, place, needs)
        if not indented:
            above = place.exists()
    connect(pages)
    return pages


def connect(pages: list[Page]) -> None:
    """Sets each page's neighbours. The main path goes from step to step. The pages below a step form a side path: it starts
    at the step, and its last page leads on to the next step."""
    step: Optional[Page] = None
    for before, page in zip([None, *pages], pages):
        page.previous = before if page.hangs else step
        if before and before.hangs:
            before.following = page
        if page.hangs:
            page.up = step
            continue
        if step:
            step.following = page
        step = page
