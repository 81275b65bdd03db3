"""Visits every page of the book once and notes what the tests need to know, so that the book is walked only once.

The notes lie beside the book (book-tour.json) and are used again until the book or these tests change.
"""
import concurrent.futures
import contextlib
import json
import pathlib
import time

from browser import BOOK, DESKTOP, PHONE, WORK, Browser, pages

NOTES = WORK / "book-tour.json"
MOVING = "svg[class$='-moving']"  # a moving picture, whose words depend on the moment
# Pages whose pictures are taken on the way, to be looked at.
SHOWN = ("index.html", "lesson_04.html", "pitfalls.html", "glossary.html", "classselectors_1_1BaseSelector.html")


def show(browser, page, how):
    if page in SHOWN:
        browser.screenshot(f"{page.removesuffix('.html')}-{how}")


def visit(browser, page):
    started = time.monotonic()
    browser.requests(), browser.console()
    browser.open(page)
    notes = {"url": browser.driver.current_url, **browser.measure("links"), "words": browser.measure("words", "body"),
             "contents": browser.measure("plainly", "words", ".contents", MOVING), "written": browser.measure("plainly", "is_written")}
    browser.measure("still")
    notes["faint"] = {"light": browser.measure("faint")}
    show(browser, page, "light")
    browser.theme("dark")
    notes["faint"]["dark"] = browser.measure("faint")
    show(browser, page, "dark")
    browser.theme("light")
    browser.size(PHONE)
    notes["sideways"] = browser.measure("sideways", PHONE[0])
    notes["unhinted"] = browser.measure("unhinted")
    notes["cut charts"] = browser.measure("plainly", "cut_charts", PHONE[0])
    notes["chart letters"] = browser.measure("plainly", "chart_letters")
    show(browser, page, "phone")
    notes["prose width"] = browser.measure("prose_width")
    browser.size(DESKTOP)
    notes["console"] = browser.console()
    notes["requests"] = browser.requests()
    notes["seconds"] = time.monotonic() - started
    return notes


def walk(some):
    """A browser of its own for some of the pages."""
    with contextlib.closing(Browser()) as browser:
        return {page: visit(browser, page) for page in some}


def newest():
    here = pathlib.Path(__file__).parent
    files = [path for folder in (BOOK, here) for path in folder.rglob("*") if "__pycache__" not in path.parts]
    return max(path.stat().st_mtime for path in files)


def tour():
    """page -> the notes about it."""
    everything = pages()
    if NOTES.exists() and NOTES.stat().st_mtime > newest():
        notes = json.loads(NOTES.read_text())
        if notes["book"] == str(BOOK) and sorted(notes["pages"]) == everything:
            return notes["pages"]
    with concurrent.futures.ThreadPoolExecutor() as halves:
        walked = halves.map(walk, (everything[::2], everything[1::2]))
    notes = {"book": str(BOOK), "pages": {page: seen for half in walked for page, seen in half.items()}}
    NOTES.write_text(json.dumps(notes))
    return notes["pages"]
