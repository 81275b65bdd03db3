"""All code in a page's Markdown is code in the book too, whole and unchanged."""
import unittest

from browser import BOOK
from code_of_pages import torn, written

from course.book import path


class Code(unittest.TestCase):
    def test_every_page_shows_its_code_whole_and_unchanged(self):
        looked_at, wrong = 0, []
        edition = "teacher" if (BOOK / "teacher_index.html").exists() else "student"
        for page in path.read(BOOK.parent.parent, edition):
            markdown = page.place.read_text()
            looked_at += sum(sum(counts.values()) for counts in written(markdown))
            wrong += [f"{page.file}: {code}" for code in torn(markdown, (BOOK / f"{page.name}.html").read_text())]
        self.assertEqual(wrong, [], f"{len(wrong)} of {looked_at}:\n" + "\n".join(wrong[:60]))
        self.assertGreater(looked_at, 1000)
