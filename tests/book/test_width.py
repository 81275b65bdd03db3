"""On a phone, 390 pixels wide, the book is read without moving it sideways."""
import unittest

from browser import PHONE
from tour import tour


class Width(unittest.TestCase):
    def test_no_page_scrolls_sideways_on_a_phone(self):
        wide = [f"{page}: {line}" for page, notes in tour().items() for line in notes["sideways"]]
        pages = len({line.split(":")[0] for line in wide})
        self.assertEqual(wide, [], f"{pages} of {len(tour())} pages:\n" + "\n".join(wide[:30]))

    def test_the_prose_has_most_of_a_phone_s_width(self):
        lessons = {page: notes["prose width"] for page, notes in tour().items() if page.startswith("lesson_")}
        self.assertGreaterEqual(len(lessons), 7)
        narrow = {page: width for page, width in lessons.items() if width < 0.8 * PHONE[0]}
        self.assertEqual(narrow, {})
