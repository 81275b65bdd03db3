"""The search box finds what a reader types into it, with no server behind it."""
import unittest

from browser import shared
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

START = "lesson_04.html"


class Search(unittest.TestCase):
    def setUp(self):
        self.browser = shared()
        self.driver = self.browser.driver

    def wait(self, condition, why):
        return WebDriverWait(self.driver, 10).until(lambda _: condition(), why)

    def type(self, text):
        """Types into the box; the results are then visible, in a frame of their own with Doxygen 1.9.4."""
        self.browser.open(START)
        box = self.driver.find_element(By.ID, "MSearchField")
        self.wait(box.is_displayed, "there is no search box")
        box.click()
        box.send_keys(text)
        window = self.driver.find_element(By.ID, "MSearchResultsWindow")
        self.wait(window.is_displayed, "no list of results opens")
        for frame in window.find_elements(By.TAG_NAME, "iframe"):
            self.driver.switch_to.frame(frame)

    def shown(self, selector):
        """The visible elements; a list that is being rebuilt has none yet."""
        return [link for link in self.driver.find_elements(By.CSS_SELECTOR, selector) if link.is_displayed()]

    def finds(self, text, where):
        """The first result with this text leads to a page about it; `where` is part of that page's name."""
        self.type(text)
        results = self.wait(lambda: self.shown("a.SRSymbol"), f"nothing is found for '{text}'")
        self.browser.screenshot(f"search-{text.strip('_')}")
        named = [link for link in results if text in link.text.lower()]
        self.assertTrue(named, f"only {[link.text for link in results]}")
        named[0].click()
        self.driver.switch_to.default_content()
        if self.browser.page() == START:  # there are several of this name: which?
            for frame in self.driver.find_elements(By.CSS_SELECTOR, "#MSearchResultsWindow iframe"):
                self.driver.switch_to.frame(frame)
            self.wait(lambda: self.shown(".SRChildren a"), "the result does not open")[0].click()
            self.driver.switch_to.default_content()
        self.wait(lambda: self.browser.page() != START, "the result leads nowhere")
        self.assertIn(where, self.browser.page())
        self.assertIn(text, " ".join(self.browser.measure("words", ".header, .contents")).lower())

    def test_search_finds_register_(self):
        self.finds("register_", "Selector")

    def test_search_finds_half_close(self):
        self.finds("half-close", "half")

    def test_a_word_that_is_nowhere_is_reported_as_not_found(self):
        self.type("xyzzy")
        self.wait(lambda: self.shown("#NoMatches"), "nothing is said")
        self.assertEqual(self.shown("a.SRSymbol"), [])

    def test_the_results_keep_the_contrast(self):
        for theme in ("light", "dark"):
            self.driver.switch_to.default_content()
            self.browser.theme(theme)
            self.type("re")
            self.wait(lambda: self.shown("a.SRSymbol"), "nothing is found")
            faint = self.browser.measure("faint")
            self.assertGreater(faint["counted"], 3)
            self.assertEqual(faint["found"], [], theme)

    def tearDown(self):
        self.driver.switch_to.default_content()
