"""Makes of a figure of matplotlib a picture for a page: small, the same each time, readable on light and on dark."""

import io
import re
from xml.etree import ElementTree

from matplotlib.figure import Figure

INK = "#010203"  # becomes the colour of the text around the picture
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
# A picture that stands in a page takes the page's colour; one that is opened alone asks what the reader prefers.
STYLE = "svg:root { color: #222 } @media (prefers-color-scheme: dark) { svg:root { color: #ddd } }"
SETTINGS = {"svg.fonttype": "none", "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": 12,
            "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK, "ytick.color": INK,
            "axes.facecolor": "none", "figure.facecolor": "none", "savefig.facecolor": "none", "legend.frameon": False}
TIP = "tip: "  # begins the gid of what has a tip: what a reader sees who points at it


def child(parent: ElementTree.Element, tag: str, text: str, place: int) -> None:
    """Puts an element with a text into another."""
    element = ElementTree.Element(f"{{{SVG}}}{tag}")
    element.text = text
    parent.insert(place, element)


def as_svg(figure: Figure, title: str, description: str) -> str:
    """The picture as text; the description is for somebody who does not see it."""
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    text = re.sub(r"<!DOCTYPE.*?>", "", drawn.getvalue(), flags=re.DOTALL)
    root = ElementTree.fromstring(text)
    for element in root.iter():
        name = element.get("id", "")
        if name.startswith(TIP):
            child(element, "title", name[len(TIP):], 0)
        if f"#{name}" not in text:  # two pictures may stand in one page, and matplotlib calls things the same in both
            element.attrib.pop("id", None)
        element.attrib.pop("version", None)
        style = element.get("style", "")
        if style:
            element.set("style", style.replace("'DejaVu Sans', ", "").replace("'DejaVu Sans'", "sans-serif").replace(INK, "currentColor"))
    defs = root.find(f"{{{SVG}}}defs")  # of matplotlib's style, which would hold for all of the page
    if defs is not None:
        root.remove(defs)
    for size in ("width", "height"):
        root.set(size, root.attrib[size].replace("pt", ""))
    root.set("stroke-linejoin", "round")
    root.set("role", "img")
    child(root, "title", title, 0)
    child(root, "desc", description, 1)
    child(root, "style", STYLE, 2)
    for element in root.iter():
        element.tail = "\n"
        element.text = (element.text or "").strip()
        if "d" in element.attrib:
            element.set("d", " ".join(element.attrib["d"].split()))
    return ElementTree.tostring(root, encoding="unicode")
