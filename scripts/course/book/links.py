"""Each link inside the book must lead to a file of it, and to a name in that file; and each link in the Markdown files,
which are read by themselves too, to a file of the course."""

import re
import urllib.parse
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import html
from markdown_it import MarkdownIt

from course import COURSE


def dead_in_file(name: str) -> Iterator[str]:
    """The relative links of a file that lead nowhere. In the book the build replaces some of them."""
    path = COURSE / name
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8")):
        for child in token.children or []:
            to = str(child.attrGet("href") or child.attrGet("src") or "")
            link = urllib.parse.unquote(to.partition("#")[0])
            if link and not re.match("@|[a-z]+:", link) and not (path.parent / link).exists():
                yield f"{name}: {link}: there is no such file in the course"


def dead_in_book(top: Path) -> Iterator[str]:
    """The links between the pages of a book that lead nowhere."""
    names: dict[Path, set[str]] = {}
    links: dict[Path, list[str]] = {}
    for path in sorted(top.glob("**/*.html")):
        page = html.parse(str(path), html.HTMLParser(encoding="utf-8"))
        names[path] = set(page.xpath("//@id | //a/@name"))
        links[path] = page.xpath("//@href | //@src")
    for path, targets in links.items():
        for link in filter(None, targets):
            parts = urllib.parse.urlsplit(link)
            if parts.scheme or parts.netloc:
                continue  # the network; nobody can promise what is there
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            if top not in target.parents or not target.exists():
                yield f"{path.relative_to(top)}: {link}: there is no such file in the book"
            elif parts.fragment and target in names and urllib.parse.unquote(parts.fragment) not in names[target]:
                yield f"{path.relative_to(top)}: {link}: there is no such place in the page"


def dead(folder: Path, files: Iterable[str]) -> list[str]:
    """All of them, of a book and of Markdown files of the course."""
    found = {each for name in files for each in dead_in_file(name)}
    return sorted(found.union(dead_in_book(folder.resolve())))
