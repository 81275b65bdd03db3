"""Text has the contrast with its background that WCAG 2.1 AA (1.4.3) requires, in the light and in the dark theme."""
import collections
import unittest

from tour import tour


class Contrast(unittest.TestCase):
    def holds(self, scheme):
        count = sum(notes["faint"][scheme]["counted"] for notes in tour().values())
        self.assertGreater(count, 50 * len(tour()), "hardly any text was looked at")
        kinds = collections.defaultdict(list)
        for page, notes in tour().items():
            for line in notes["faint"][scheme]["found"]:
                kind, text = line.split(": ", 1)
                kinds[f"{kind}: {text.split(':')[0]}"].append(page)
        faint = [f"{kind} ({len(where)} times, first on {where[0]})" for kind, where in sorted(kinds.items())]
        self.assertEqual(faint, [], "too faint:\n" + "\n".join(faint[:40]))

    def test_light_pages_keep_the_contrast(self):
        self.holds("light")

    def test_dark_pages_keep_the_contrast(self):
        self.holds("dark")
