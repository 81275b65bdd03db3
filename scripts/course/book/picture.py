"""Pictures that Graphviz draws.

They have no colours of their own: they take those of the page."""

import subprocess
from pathlib import Path

from lxml import etree

LOOKS = ("fill", "stroke", "font-family", "id")
SVG = "{http://www.w3.org/2000/svg}"


def draw(graph_file: Path, label: str) -> None:
    """Draws a graph into an SVG file beside it. label describes the picture for readers who cannot see it."""
    drawn = subprocess.run(["dot", "-Tsvg", graph_file], stdout=subprocess.PIPE, check=True).stdout
    root = etree.fromstring(drawn)
    etree.strip_tags(root, etree.Comment)
    etree.strip_elements(root, f"{SVG}title", with_tail=False)
    for element in root.iter():
        for name in LOOKS:
            element.attrib.pop(name, None)
    root.attrib.pop("height")
    root.set("width", root.get("width").removesuffix("pt"))
    root.set("role", "img")
    root.set("aria-label", label)
    etree.cleanup_namespaces(root)
    name = graph_file.stem
    root.set("class", name)
    style = etree.SubElement(root, f"{SVG}style")
    style.text = (f".{name} text {{fill: currentColor; font-family: sans-serif}} .{name} path {{fill: none; stroke: currentColor}} "
                  f".{name} polygon {{fill: currentColor}}")
    root.insert(0, style)
    graph_file.with_suffix(".svg").write_text(etree.tostring(root, encoding="unicode") + "\n", encoding="utf-8")
