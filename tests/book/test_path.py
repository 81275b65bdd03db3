"""Previous and next: one path from the start page through the lessons to the end, and back the same way."""
import unittest

from browser import pages, shared
from selenium.webdriver.common.by import By
from tour import tour

PATH = ["index", "before_you_start", *(f"lesson_0{i}" for i in range(1, 8)), "library", "concepts", "pitfalls", "reliability",
        "performance", "python_to_cpp", "glossary"]


class Path(unittest.TestCase):
    def walk(self, page, way):
        """Clicks from page to page to the end of the path; returns the pages on the way."""
        browser = shared()
        browser.open(page)
        passed = [browser.page()]
        while links := browser.driver.find_elements(By.CSS_SELECTOR, f'a[rel="{way}"]'):
            links[-1].click()
            self.assertNotIn(browser.page(), passed, "the path runs in a circle")
            passed.append(browser.page())
        return passed

    def test_next_leads_from_the_start_to_the_end_and_previous_leads_back(self):
        there = self.walk("index.html", "next")
        wanted = [f"{name}.html" for name in PATH if f"{name}.html" in pages()]
        self.assertEqual([page for page in there if page in wanted], wanted)
        self.assertEqual(self.walk(there[-1], "prev"), there[::-1])

    def ways(self, way):
        """page -> where its links in that direction lead, from the notes of the tour."""
        return {page: {link["url"].rpartition("/")[2] for link in notes["links"] if link.get("rel") == way}
                for page, notes in tour().items() if notes["written"]}

    def test_every_written_page_has_a_previous_and_a_next_link(self):
        following, previous = self.ways("next"), self.ways("prev")
        self.assertGreaterEqual(len(following), 40)
        self.assertEqual([page for page, to in following.items() if len(to) > 1], [])
        self.assertEqual([page for page, to in previous.items() if not to], ["index.html"])
        self.assertEqual(len([page for page, to in following.items() if not to]), 1)

    def test_next_leads_from_every_page_to_the_end(self):
        following = {page: next(iter(to), None) for page, to in self.ways("next").items()}
        for page in following:
            at, steps = page, 0
            while following.get(at):
                at, steps = following[at], steps + 1
                self.assertLess(steps, len(following), f"from {page} one goes in a circle")
            self.assertIn(at, following, f"from {page} one leaves the path")

    def test_every_lesson_says_what_it_needs_and_links_to_the_start(self):
        for page, notes in tour().items():
            if page.startswith("lesson_"):
                self.assertIn("index.html", {link["url"].rpartition("/")[2] for link in notes["links"]}, page)
                self.assertIn("Needs:", notes["words"], page)
