"""The book opens from a folder, needs neither server nor network, and logs no error."""
import unittest
from urllib.parse import urlsplit

from browser import inside
from tour import tour


class Offline(unittest.TestCase):
    def test_no_page_logs_an_error_to_the_console(self):
        said = [f"{page}: {line}" for page, notes in tour().items() for line in notes["console"]
                if line.startswith(("SEVERE", "WARNING"))]
        self.assertEqual(said, [], "\n".join(said[:20]))

    def test_no_request_leaves_the_folder(self):
        asked = {(page, url) for page, notes in tour().items() for url in notes["requests"]}
        self.assertGreater(len(asked), len(tour()), "the requests were not recorded")
        left = sorted(f"{page} asks for {url}" for page, url in asked
                      if inside(url) is None and urlsplit(url).scheme not in ("data", "javascript", "about", "blob"))
        self.assertEqual(left, [], "\n".join(left[:20]))
