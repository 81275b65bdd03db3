"""The drawings of docs/drawings: one page may show several of them, and each can be opened as a file."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from course import COURSE

SVG = "{http://www.w3.org/2000/svg}"
FILES = sorted((COURSE / "docs/drawings").glob("*.svg"))
ELEMENTS = {SVG + name for name in ("svg", "style", "rect", "path", "text", "tspan")}


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def drawing(request: pytest.FixtureRequest) -> ElementTree.Element:
    """Each drawing."""
    assert isinstance(request.param, Path)
    return ElementTree.parse(request.param).getroot()


def test_there_are_drawings() -> None:
    assert FILES


def test_a_drawing_says_in_words_what_it_shows(drawing: ElementTree.Element) -> None:
    assert drawing.get("role") == "img"
    assert len(drawing.get("aria-label", "").split()) > 20


def test_a_drawing_needs_no_other_file_and_has_no_ids(drawing: ElementTree.Element) -> None:
    elements = list(drawing.iter())
    assert {element.tag for element in elements} <= ELEMENTS
    assert not [element.tag for element in elements for name in element.attrib if name in ("id", "href") or name.startswith("on")]
    assert "url(" not in ElementTree.tostring(drawing, encoding="unicode")


def test_all_drawings_have_one_style_so_that_they_do_not_change_each_other() -> None:
    assert len({re.findall("<style>.*</style>", file.read_text(encoding="utf-8"), re.DOTALL)[0] for file in FILES}) == 1


def test_the_style_has_every_class_that_a_drawing_uses(drawing: ElementTree.Element) -> None:
    style = drawing.findtext(f"{SVG}style", "")
    used = {name for element in drawing.iter() for name in element.get("class", "").split()}
    assert used <= set(re.findall(r"\.(drawing[a-z-]*)", style))


def test_a_drawing_fits_on_a_phone(drawing: ElementTree.Element) -> None:
    assert drawing.get("viewBox", "").split()[:3] == ["0", "0", "380"]
    assert min(map(int, re.findall(r"([0-9]+)px", drawing.findtext(f"{SVG}style", "")))) >= 15
