"""Pictures that Graphviz draws: the path on the start page, whose boxes are links to the pages, and others from files.

They have no colours of their own: they take those of the page."""

import re
import subprocess
import textwrap
from pathlib import Path

from lxml import etree

from course.book.path import Page

HEAD = """digraph path {
  bgcolor=transparent; nodesep=0.3; ranksep=0.32;
  node [shape=box, style=rounded, fontname=Helvetica, fontsize=14, height=0.42, margin="0.12,0.06"];
  edge [fontname=Helvetica, fontsize=12, arrowsize=0.7];"""
LOOKS = ("fill", "stroke", "font-family", "id")
NO_PLACES = ("index", "contributing", "changelog")
LINK = "{http://www.w3.org/1999/xlink}"
SVG = "{http://www.w3.org/2000/svg}"


def quoted(text: str) -> str:
    """A string of Graphviz's language."""
    return '"' + text.replace('"', '\\"').replace("\n", "\\n") + '"'


def box(page: Page, kind: str, label: str, letters: int) -> str:
    """A page's box. Its label is broken into lines of about so many letters, so that the picture fits a telephone."""
    lines = textwrap.fill(label, letters, break_long_words=False, break_on_hyphens=False)
    return f'  {page.name} [class={kind}, URL="{page.name}.html", tooltip={quoted(page.title)}, label={quoted(lines)}];'


def graph(pages: list[Page]) -> str:
    """The lessons in a column, one below the other, and beside them the places that one can come to from anywhere."""
    steps = [page for page in pages if not page.hangs]
    lessons = [page for page in steps if page.is_lesson]
    places = [page for page in steps if not page.is_lesson and page.name not in NO_PLACES]
    lines = [HEAD]
    for page in lessons:
        title = re.sub("^Lesson [0-9]+: *", "", page.title)
        lines.append(box(page, "lesson", f"{page.name[7:]} {title}", 20))
    for before, page in zip(lessons, lessons[1:]):
        lines.append(f"  {before.name} -> {page.name} [weight=9, label={quoted('  ' + page.adds)}];")
    lines += [box(page, "place", page.title, 15) for page in places]
    for lesson, place in zip(lessons, places):
        lines.append(f"  {{ rank=same; {lesson.name} -> {place.name} [style=invis]; }}")
    for before, place in zip(places, places[1:]):
        lines.append(f"  {before.name} -> {place.name} [style=invis];")
    return "\n".join([*lines, "}"])


def svg(description: str, label: str) -> "etree._Element":
    """What Graphviz draws of a graph, without its colours and fonts. label says what it shows, to who cannot see it."""
    drawn = subprocess.run(["dot", "-Tsvg"], input=description.encode(), stdout=subprocess.PIPE, check=True).stdout
    root = etree.fromstring(drawn)
    etree.strip_tags(root, etree.Comment)
    etree.strip_elements(root, f"{SVG}title", with_tail=False)
    for element in root.iter():
        for name in LOOKS:
            element.attrib.pop(name, None)
        for name, plain in ((f"{LINK}href", "href"), (f"{LINK}title", "aria-label")):
            if name in element.attrib:
                element.set(plain, element.attrib.pop(name))
    root.attrib.pop("height")
    root.set("width", root.get("width").removesuffix("pt"))
    root.set("role", "img")
    root.set("aria-label", label)
    etree.cleanup_namespaces(root)
    return root


def draw(pages: list[Page]) -> str:
    """The picture of the path, as HTML."""
    drawn = etree.tostring(svg(graph(pages), "The path through the course"), encoding="unicode")
    return f'<div class="book-picture">\n{drawn}\n</div>\n'


def draw_file(graph_file: Path, label: str) -> None:
    """Draws a graph into a file beside it, in the colour of the text around it."""
    root = svg(graph_file.read_text(encoding="utf-8"), label)
    name = graph_file.stem
    root.set("class", name)
    style = etree.SubElement(root, f"{SVG}style")
    style.text = (f".{name} text {{fill: currentColor; font-family: sans-serif}} .{name} path {{fill: none; stroke: currentColor}} "
                  f".{name} polygon {{fill: currentColor}}")
    root.insert(0, style)
    graph_file.with_suffix(".svg").write_text(etree.tostring(root, encoding="unicode") + "\n", encoding="utf-8")
