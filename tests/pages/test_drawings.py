"""The drawings of docs/drawings: several may stand in one page, and each is shown as a file too."""

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
    """Each of them."""
    assert isinstance(request.param, Path)
    return ElementTree.parse(request.param).getroot()


def test_there_are_drawings() -> None:
    assert FILES


def test_it_says_in_words_what_it_shows(drawing: ElementTree.Element) -> None:
    assert drawing.get("role") == "img"
    assert len(drawing.get("aria-label", "").split()) > 20


def test_it_brings_nothing_along_and_has_no_names_that_another_could_have(drawing: ElementTree.Element) -> None:
    elements = list(drawing.iter())
    assert {element.tag for element in elements} <= ELEMENTS
    assert not [element.tag for element in elements for name in element.attrib if name in ("id", "href") or name.startswith("on")]
    assert "url(" not in ElementTree.tostring(drawing, encoding="unicode")


def test_all_have_one_style_so_that_they_do_not_change_each_other() -> None:
    assert len({re.findall("<style>.*</style>", file.read_text(encoding="utf-8"), re.DOTALL)[0] for file in FILES}) == 1


def test_its_style_has_every_class_that_it_uses(drawing: ElementTree.Element) -> None:
    style = drawing.findtext(f"{SVG}style", "")
    used = {name for element in drawing.iter() for name in element.get("class", "").split()}
    assert used <= set(re.findall(r"\.(drawing[a-z-]*)", style))


def test_a_telephone_has_room_for_it(drawing: ElementTree.Element) -> None:
    assert drawing.get("viewBox", "").split()[:3] == ["0", "0", "380"]
    assert min(map(int, re.findall(r"([0-9]+)px", drawing.findtext(f"{SVG}style", "")))) >= 15
