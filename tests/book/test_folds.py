"""Folds are closed on the page, and open for a link, for the search box, and on paper."""
import unittest

from browser import BOOK, WORK, pages, pdf_text, shared
from selenium.webdriver.support.ui import WebDriverWait

OPEN = "return [...document.querySelectorAll('details')].filter((fold) => fold.open).map((fold) => fold.querySelector('summary').id)"


class Folds(unittest.TestCase):
    def setUp(self):
        self.browser = shared()

    def opened(self, page):
        self.browser.open(page, unfold=False)
        return self.browser.driver.execute_script(OPEN)

    def folds(self, page):
        self.browser.open(page, unfold=False)
        return self.browser.driver.execute_script("return [...document.querySelectorAll('summary')].map((line) => line.id)")

    def test_each_lesson_has_folds_with_names_and_all_are_closed_at_first(self):
        lessons = [page for page in pages() if page.startswith("lesson_")]
        self.assertGreaterEqual(len(lessons), 7)
        for page in lessons:
            with self.subTest(page):
                names = self.folds(page)
                self.assertGreaterEqual(len(names), 5)
                self.assertEqual(len(set(names)), len(names))
                self.assertNotIn("", names)
                self.assertEqual(self.opened(page), [])

    def test_a_link_opens_the_fold_that_it_leads_to_and_no_other(self):
        last = self.folds("lesson_04.html")[-1]
        self.assertEqual(self.opened(f"lesson_04.html#{last}"), [last])
        first = self.folds("lesson_04.html")[0]
        self.browser.driver.execute_script("location.hash = arguments[0]", first)
        WebDriverWait(self.browser.driver, 10).until(lambda driver: driver.execute_script(OPEN))
        self.assertEqual(self.browser.driver.execute_script(OPEN), [first])

    def test_the_search_box_knows_the_folds(self):
        lists = "".join(path.read_text(encoding="utf-8") for path in (BOOK / "search").glob("all_*.js"))
        first = self.folds("lesson_04.html")[0]
        self.assertIn(f"lesson_04.html#{first}", lists)

    def test_printing_opens_the_folds_and_closes_them_again(self):
        pdf = WORK / "printed" / "folds.pdf"
        self.browser.open("lesson_04.html", unfold=False)
        inside = self.browser.driver.execute_script("return document.querySelector('details > p').textContent").split()
        self.browser.print(pdf)
        self.assertIn(" ".join(inside[:4]), " ".join("".join(pdf_text(pdf)).split()))
        self.assertEqual(self.browser.driver.execute_script(OPEN), [])
