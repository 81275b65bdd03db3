"""Without JavaScript, the pages still show all their text and the links to the next and the previous page."""
import unittest

from browser import shared
from tour import MOVING, tour


class WithoutScripts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        browser, cls.read = shared(), {}
        browser.scripts(False)
        for page, notes in tour().items():
            if notes["written"]:
                browser.open(page)
                cls.read[page] = {"words": browser.measure("words", ".contents", MOVING), "reach": browser.measure("reach"),
                                  "links": browser.measure("links")["links"]}
                if page in ("index.html", "lesson_04.html"):
                    browser.screenshot(f"without-scripts-{page.removesuffix('.html')}")
        browser.scripts(True)

    def test_all_text_is_there(self):
        self.assertGreaterEqual(len(self.read), 40)
        for page, read in self.read.items():
            with self.subTest(page):
                self.assertEqual(read["words"], tour()[page]["contents"])
                self.assertGreater(len(read["words"]), 50)

    def test_no_text_is_out_of_reach(self):
        self.assertEqual({page: read["reach"] for page, read in self.read.items() if read["reach"]}, {})

    def test_the_links_to_other_pages_are_there(self):
        for page, read in self.read.items():
            with self.subTest(page):
                self.assertTrue([link for link in read["links"] if link.get("rel") in ("next", "prev")])
