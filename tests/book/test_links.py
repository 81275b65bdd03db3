"""Every link of the book leads somewhere, and every anchor that it names is there. Links to the web are checked
for their form only, because the tests use no network."""
import re
import unittest
from urllib.parse import unquote, urldefrag, urlsplit

from browser import BOOK, inside
from tour import tour


def wrong_abroad(url):
    """What is wrong with the form of a web address; None if nothing is."""
    parts = urlsplit(url)
    if parts.scheme == "mailto":
        return None if "@" in parts.path else "no address to write to"
    if parts.scheme not in ("http", "https"):
        return f"nobody opens '{parts.scheme}:'"
    if not re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", parts.hostname or ""):
        return "no host"
    return "a space or a bracket in it" if re.search(r"[\s<>{}|\\^`]|%20$", url) else None


class Links(unittest.TestCase):
    def setUp(self):
        self.notes = tour()
        self.dead = []

    def follow(self, source, url, text=""):
        """Notes a link that leads nowhere."""
        address, anchor = urldefrag(url)
        if urlsplit(url).scheme == "javascript":
            return
        if urlsplit(url).scheme != "file":
            wrong = wrong_abroad(url)
        elif (path := inside(address)) is None:
            wrong = "leaves the book"
        elif not (BOOK / path).is_file():
            wrong = "no such file"
        elif anchor and path in self.notes and unquote(anchor) not in self.anchors(path):
            wrong = "no such anchor"
        else:
            wrong = None
        if wrong:
            self.dead.append(f"{source}: {text!r} -> {url}: {wrong}")

    def anchors(self, path):
        notes = self.notes[path]
        if isinstance(notes["anchors"], list):
            notes["anchors"] = set(notes["anchors"])
        return notes["anchors"]

    def none_is_dead(self, followed, least):
        self.assertEqual(self.dead, [], f"{len(self.dead)} of {followed} lead nowhere:\n" + "\n".join(self.dead[:40]))
        self.assertGreaterEqual(followed, least)

    def test_every_link_and_anchor_of_the_pages_works(self):
        followed = 0
        for page, notes in self.notes.items():
            for link in notes["links"]:
                followed += 1
                if not link["value"]:
                    self.dead.append(f"{page}: {link['text']!r} leads to nothing at all")
                self.follow(page, link["url"], link["text"])
        self.none_is_dead(followed, 500)

    def test_every_link_of_the_navigation_and_of_the_search_works(self):
        """These are not in the pages but in the files from which scripts make them, all but Doxygen's own script."""
        followed = 0
        lists = [(script, r'\[ "[^"]*", "([^"]+)"') for script in BOOK.glob("*.js") if script.name != "dynsections.js"]
        lists += [(script, r"'\.\./([^']+\.html(?:#[^']*)?)'") for script in BOOK.glob("search/*_*.js")]
        for script, link in lists:
            for target in re.findall(link, script.read_text()):
                followed += 1
                self.follow(script.name, f"{BOOK.as_uri()}/{target}", target)
        self.none_is_dead(followed, 500)

    def test_every_link_of_a_picture_works(self):
        followed = 0
        for picture in BOOK.glob("*.svg"):
            for target in re.findall(r'<a\b[^>]*?href="([^"]+)"', picture.read_text()):
                followed += 1
                outside = "://" in target
                self.follow(picture.name, target if outside else f"{BOOK.as_uri()}/{target.replace('&amp;', '&')}")
        self.none_is_dead(followed, 0)
