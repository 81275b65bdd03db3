"""Makes one edition of the book."""

import shutil
import subprocess
import sys
from pathlib import Path

from course import COURSE, patches, player
from course.book import doxygen, handouts, links, page, path, search, words


def write_input(folder: Path, pages: list[path.Page], teacher: bool, with_handouts: bool) -> list[Path]:
    """Writes what Doxygen reads, pages and headers, with the names that they have in the course. Returns the pages."""
    shutil.rmtree(folder, ignore_errors=True)
    edition = page.Edition(pages, teacher, with_handouts)
    written = []
    for each in pages:
        written.append(folder / each.file)
        written[-1].parent.mkdir(parents=True, exist_ok=True)
        written[-1].write_text(page.Maker(edition, each).make(), encoding="utf-8")
        if "/exercises/" in each.file:
            patches.Exercise(each.place.parent.name).write(written[-1].parent)
    for header in sorted((COURSE / "common/include").glob("**/*.hpp")):
        if header.parent.name == "detail":  # what the library keeps to itself
            continue
        copy = folder / header.relative_to(COURSE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(words.header(header.read_text(encoding="utf-8")), encoding="utf-8")
    return written


def make(book: Path, build: Path, edition: str, tool: str, theme: str, browser: str) -> None:
    """Makes the book in a folder, and ends with a message if something in it is wrong.

    build is the folder with the generated pages/; theme and browser may be ""."""
    pages = path.read(build, edition)
    told = doxygen.options(book, tool, theme)
    try:
        written = write_input(book / "input", pages, edition == "teacher", bool(browser))
    except ValueError as error:
        sys.exit(f"book: {error}")
    told += [f"INPUT += {file}" for file in written]
    told += [f"HTML_EXTRA_FILES += {file}" for file in (*player.write_files(book), COURSE / "docs/folds.js")]
    if edition == "teacher":
        told.append('PROJECT_BRIEF = "The teacher\'s edition"')
    (book / "more.dox").write_text("\n".join(told) + "\n", encoding="utf-8")

    shutil.rmtree(book / "html", ignore_errors=True)
    status = subprocess.run([tool, book / "Doxyfile"], cwd=COURSE, check=False).returncode
    if status:
        sys.exit(status)
    for each in pages:
        if not (book / "html" / f"{each.name}.html").exists():
            sys.exit(f"book: {each.file} has become no page of the book")
    doxygen.mend_links(book / "html")
    search.add(book / "html", pages)
    if browser:
        handouts.make(browser, book / "html")
    # A student's copy may lack what an exercise links to, its solution.
    files = [each.file for each in pages if not each.file.startswith("pages/") and "/exercises/" not in each.file]
    dead = links.dead(book / "html", files)
    if dead:
        sys.exit("\n".join(["book: links lead nowhere:", *dead]))
