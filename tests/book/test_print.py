"""A printed lesson has all of its text, none of the book's controls, and nothing cut off at the edge."""
import pathlib
import re
import subprocess
import unittest

from browser import BOOK, WORK, pages, pdf_text, program, shared

# Controls that are useful only on a screen: they must not be printed.
MACHINERY = "#side-nav, #nav-path, #top, #MSearchBox, .book-path, .player-stage"


def squeezed(text):
    """Text without its spaces, and without what a printer breaks lines with."""
    return re.sub(r"[\s\u00ad\u200b]", "", text)


class Printing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        browser, cls.printed = shared(), {}
        program("pdftotext")
        for page in pages():
            if page.startswith("lesson_"):
                browser.open(page)
                machinery = browser.measure("words", MACHINERY)
                words = browser.measure("plainly", "words", ".header .title, .contents", ".book-path, .lineno")
                pdf = WORK / "printed" / page.replace(".html", ".pdf")
                browser.open(page, unfold=False)
                browser.print(pdf)
                cls.printed[page] = (pdf, words, machinery)

    def whole(self, pdf, words):
        text = squeezed("".join(pdf_text(pdf)))
        missing = [word for word in words if squeezed(word) not in text]
        self.assertEqual(missing, [], f"{pdf} lacks")
        self.assertGreater(len(words), 300)

    def test_every_word_of_a_lesson_is_printed(self):
        self.assertGreaterEqual(len(self.printed), 7)
        for page, (pdf, words, _) in self.printed.items():
            with self.subTest(page):
                self.whole(pdf, words)

    def test_the_last_page_ends_with_the_end_of_the_lesson(self):
        for page, (pdf, words, _) in self.printed.items():
            with self.subTest(page):
                sheets = pdf_text(pdf)
                self.assertIn(len(sheets), range(2, 20))
                self.assertEqual([word for word in words[-8:] if word not in "".join(sheets[-2:])], [])
                self.assertGreater(min(len(squeezed(sheet)) for sheet in sheets[:-1]), 200, "a sheet is nearly empty")

    def test_controls_that_work_only_on_a_screen_are_not_printed(self):
        browser = shared()
        for page in self.printed:
            with self.subTest(page):
                browser.open(page)
                browser.cdp("Emulation.setEmulatedMedia", media="print")
                self.assertEqual(browser.measure("words", MACHINERY)[:10], [])

    def test_nothing_is_cut_at_the_edge_of_the_paper(self):
        """Each word is on the paper, and at the width of the paper no box hides its content."""
        browser = shared()
        for page, (pdf, _, _) in self.printed.items():
            with self.subTest(page):
                self.on_the_paper(pdf)
                browser.open(page)
                browser.size((718, 1000))  # A4 less Chromium's margins, in pixels
                browser.cdp("Emulation.setEmulatedMedia", media="print")
                self.assertEqual(browser.measure("hidden_in_boxes"), [])

    def on_the_paper(self, pdf):
        listed = subprocess.run([program("pdftotext"), "-bbox", pdf, "-"], check=True, capture_output=True, text=True,
                                timeout=20).stdout
        width = float(re.search(r'<page width="([\d.]+)"', listed)[1])
        rights = [float(right) for right in re.findall(r'<word .*?xMax="([\d.]+)"', listed)]
        self.assertGreater(len(rights), 300)
        self.assertLess(max(rights), width - 15)

    def test_the_handouts_of_the_build_are_complete(self):
        handouts = sorted(pathlib.Path(BOOK / "handouts").glob("*.pdf"))
        if not handouts:
            self.skipTest("this book was built without handouts")
        self.assertEqual([pdf.stem for pdf in handouts], [page.removesuffix(".html") for page in self.printed])
        for pdf in handouts:
            with self.subTest(pdf.name):
                self.whole(pdf, self.printed[f"{pdf.stem}.html"][1])
                self.on_the_paper(pdf)
