"""Lets the search box find the pages by each word of their titles and headings: Doxygen's own index knows a title by its
first word only, and no headings. The new entries appear under "All"."""

import html as entities
import re
import string
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import html

from course.book.path import Page

COMMON = frozenset("""and are but for from has how its not one that the then there this was what when where which who why
with you your""".split())


@dataclass(frozen=True, order=True)
class Entry:
    """What the search box finds."""

    key: str  # the text from a word on, as Doxygen writes it in its index
    text: str  # what is shown
    to: str  # where it leads
    page: str  # the title of the page with that place, "" for the page itself


def key_of(text: str) -> str:
    """Each character but letters and digits as _ and its number in hexadecimal."""
    kept = string.ascii_letters + string.digits
    return "".join(c if c in kept or ord(c) > 126 else f"_{ord(c):02x}" for c in text.lower())


def entries_of(text: str, to: str, page: str, first: int) -> Iterator[Entry]:
    """An entry for each word of a text, from the first that counts on."""
    words = text.split(" ")
    for number, word in enumerate(words):
        rest = re.sub("^[^A-Za-z0-9]+", "", " ".join(words[number:]))
        if number >= first and len(word) > 2 and word.lower() not in COMMON:
            yield Entry(key_of(rest), text, to, page)


def headings(folder: Path, page: Page) -> Iterator[tuple[str, str]]:
    """The headings of a page, and the lines that stay when a text folds: the text and where it leads."""
    tree = html.parse(str(folder / f"{page.name}.html"), html.HTMLParser(encoding="utf-8"))
    anchors = tree.xpath("//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]/a[@class='anchor'][1]")
    for place, name in [*((anchor.getparent(), anchor) for anchor in anchors), *((each, each) for each in tree.xpath("//summary[@id]"))]:
        yield " ".join(place.text_content().replace("\u00a0", " ").split()), f"{page.name}.html#{name.get('id')}"


def entries(folder: Path, pages: list[Page]) -> list[Entry]:
    """All entries, in their order."""
    found: set[Entry] = set()
    below: list[tuple[str, str, str]] = []
    for page in pages:
        found.update(entries_of(page.title, f"{page.name}.html", "", 1))
        below += [(text, to, page.title) for text, to in headings(folder, page)]
    times = Counter(text for text, _, _ in below)
    for text, to, title in below:
        if times[text] <= 2:  # a heading that many pages have helps nobody
            found.update(entries_of(text, to, title, 0))
    return sorted(found)


def line_of(entry: Entry, number: int) -> str:
    """An entry as it stands in Doxygen's lists."""
    text, page = (entities.escape(each, quote=False).replace("'", "&apos;") for each in (entry.text, entry.page))
    return f"  ['{entry.key}_w{number}',['{text}',['../{entry.to}',1,'{page}']]]"


def add(folder: Path, pages: list[Page]) -> None:
    """Adds the entries to the lists of a book."""
    search = folder / "search"
    data = search / "searchdata.js"
    index = data.read_text(encoding="utf-8")
    known = re.search('^  0: "(.*)"', index, re.M)
    initials = known[1] if known else ""
    found = entries(folder, pages)
    for initial in string.digits + string.ascii_lowercase:
        lines = [line_of(entry, number) for number, entry in enumerate(found, 1) if entry.key.startswith(initial)]
        if not lines:
            continue
        place = initials.find(initial)
        name = f"all_{len(initials) if place < 0 else place:x}"
        list_file = search / f"{name}.js"
        if place < 0:  # no list for this letter so far
            initials += initial
            frame = search / "all_0.html"
            if frame.exists():
                (search / f"{name}.html").write_text(frame.read_text(encoding="utf-8").replace("all_0.js", list_file.name),
                                                     encoding="utf-8")
            text = "var searchData=\n[\n" + ",\n".join(lines)
        else:
            text = ",\n".join([re.sub(r"\n\];?\s*$", "", list_file.read_text(encoding="utf-8")), *lines])
        list_file.write_text(text + "\n];\n", encoding="utf-8")
    data.write_text(re.sub('^  0: ".*"', lambda _: f'  0: "{initials}"', index, count=1, flags=re.M), encoding="utf-8")
