"""On a phone, 390 pixels wide, the book can be read without scrolling sideways, and boxes with too little room say so."""
import unittest

from browser import DESKTOP, PHONE, shared
from tour import tour


class Width(unittest.TestCase):
    def test_no_page_scrolls_sideways_on_a_phone(self):
        wide = [f"{page}: {line}" for page, notes in tour().items() for line in notes["sideways"]]
        pages = len({line.split(":")[0] for line in wide})
        self.assertEqual(wide, [], f"{pages} of {len(tour())} pages:\n" + "\n".join(wide[:30]))

    def test_the_text_uses_most_of_a_phone_s_width(self):
        lessons = {page: notes["prose width"] for page, notes in tour().items() if page.startswith("lesson_")}
        self.assertGreaterEqual(len(lessons), 7)
        narrow = {page: width for page, width in lessons.items() if width < 0.8 * PHONE[0]}
        self.assertEqual(narrow, {})

    def test_a_box_that_hides_part_of_its_code_has_a_sign_of_it(self):
        unhinted = [f"{page}: {line}" for page, notes in tour().items() for line in notes["unhinted"]]
        self.assertEqual(unhinted, [], f"{len(unhinted)} boxes:\n" + "\n".join(unhinted[:20]))

    def test_a_phone_shows_every_lane_of_a_sequence_chart(self):
        charts = {page: notes["cut charts"] for page, notes in tour().items() if page.startswith("lesson_")}
        self.assertGreaterEqual(len(charts), 7)
        self.assertEqual({page: cut for page, cut in charts.items() if cut}, {})

    def test_the_letters_of_a_sequence_chart_can_be_read_on_a_phone(self):
        small = {page: notes["chart letters"] for page, notes in tour().items() if notes["chart letters"] < 10}
        self.assertEqual(small, {})

    def test_the_title_of_the_book_is_shown_whole(self):
        browser = shared()
        for size in (DESKTOP, (800, 600), PHONE):
            with self.subTest(size):
                browser.size(size)
                browser.open("lesson_07.html")
                self.assertEqual(browser.measure("cut_title"), [])
