"""docs/path: the list of the book's pages."""

import re
from pathlib import Path

import pytest
from lxml import etree

from course import COURSE
from course.book import path


@pytest.mark.parametrize("edition", ["student", "teacher"])
def test_next_leads_through_every_step_of_the_path_to_its_end(edition: str, tmp_path: Path) -> None:
    pages = path.read(tmp_path, edition)
    assert len({page.name for page in pages}) == len(pages), "two pages of one name"
    walked = [pages[0]]
    while following := walked[-1].following:
        assert following.previous is walked[-1], f"{walked[-1].name} is not before {following.name}"
        walked.append(following)
    steps = [page for page in pages if not page.hangs]
    assert walked == steps
    assert len(steps) > 10


def test_the_subpages_of_a_step_are_a_side_path_that_leads_back(tmp_path: Path) -> None:
    pages = path.read(tmp_path, "student")
    for before, page in zip(pages, pages[1:]):
        if page.hangs:
            assert page.previous is before
            assert page.up is not None and not page.up.hangs
        elif before.hangs:
            assert before.following is page


def test_the_exercises_of_a_lesson_stand_in_the_order_that_its_page_gives(tmp_path: Path) -> None:
    pages = path.read(tmp_path, "student")
    lessons = [page for page in pages if page.is_lesson]
    assert len(lessons) == 7
    for lesson in lessons:
        text = (COURSE / lesson.file).read_text(encoding="utf-8")
        listed = [f"{lesson.folder}/{file}" for file in re.findall(r"\]\((exercises/[^/]+/README\.md)\)", text.split("## What next")[1])]
        assert [page.file for page in pages if page.file.startswith(f"{lesson.folder}/exercises/")] == listed


def test_the_teachers_pages_are_in_their_edition_only(tmp_path: Path) -> None:
    student = {page.file for page in path.read(tmp_path, "student")}
    teacher = {page.file for page in path.read(tmp_path, "teacher")}
    assert student < teacher
    assert all(file.startswith("docs/teacher/") for file in teacher - student)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("README.md", "index"),
        ("02-selector-accept/README.md", "lesson_02"),
        ("07-chat/exercises/07-names/README.md", "exercise_07-names"),
        ("common/README.md", "library"),
        ("bench/README.md", "benchmark"),
        ("docs/pitfalls/half-close.md", "pitfall_half-close"),
        ("docs/concepts/half-close.md", "concept_half-close"),
        ("docs/python-to-cpp.md", "python_to_cpp"),
        ("docs/before-you-start.md", "before_you_start"),
        ("pages/kernel-04.md", "kernel_04"),
    ],
)
def test_a_page_is_named_after_its_file(file: str, name: str) -> None:
    assert path.name_of(file) == name


def test_titles_are_sorted_by_the_numbers_in_them() -> None:
    assert sorted(["10. b", "9. a", "x"], key=path.by_numbers) == ["9. a", "10. b", "x"]


def test_a_picture_drawn_from_a_graph_shows_the_labels_of_the_graph() -> None:
    for graph in (COURSE / "docs").glob("*.dot"):
        labels = {line for label in re.findall(r'label="([^"]*)"', graph.read_text(encoding="utf-8"))
                  for line in label.strip().split("\\n")}
        drawn = etree.parse(str(graph.with_suffix(".svg"))).xpath("//*[local-name()='text']/text()")
        assert {text.strip() for text in drawn} == labels, f"{graph.name} has changed: python3 -m course.book draw {graph}"
