"""Each check detects its fault: in a small book, each page has one fault, and one page has none."""
import pathlib
import tempfile
import unittest

import browser
from browser import PHONE, shared
from code_of_pages import torn

PAGES = {
    "right": "<p>All is well. <a href='#end'>To the end</a></p><p id='end'>The end.</p>",
    "dead-link": "<a href='gone.html'>gone</a>",
    "dead-anchor": "<a href='right.html#nowhere'>nowhere</a>",
    "outside": "<a href='../elsewhere.html'>outside</a>",
    "bad-address": "<a href='https://exam ple'>form</a>",
    "faint": "<p style='color: #999'>grey on white</p>",
    "faint-at-night": "<style>@media (prefers-color-scheme: dark) { p { color: #222; background: #111 } }</style><p>dark</p>",
    "faint-glass": "<div style='opacity: 0.4'><p>seen through</p></div>",
    "faint-field": "<input placeholder='grey' style='color: #333'><style>::placeholder { color: #bbb }</style>",
    "frame": "<svg><rect width='90' height='40' fill='none' stroke='black'/><text x='9' y='20'>in a frame</text></svg>",
    "wide": "<p style='width: 600px'>" + "word " * 60 + "</p>",
    "wide-box": "<div class='contents' style='overflow: auto'><p style='width: 600px'>" + "word " * 60 + "</p></div>",
    "cut": "<div style='overflow: hidden'><p style='white-space: nowrap'>" + "word " * 60 + "</p></div>",
    "scrolling-code": "<pre style='overflow: auto'>" + "code " * 60 + "</pre>",
    "hinted-code": "<div class='contents'><pre style='overflow: auto; background: linear-gradient(red, blue) local'>"
                   + "code " * 60 + "</pre></div>",
    "unhinted-code": "<div class='contents'><pre style='overflow: auto'>" + "code " * 60 + "</pre></div>",
    "chart": "<div class='chart'><svg width='300' height='50'><text x='20' y='20' font-size='12'>client</text></svg></div>",
    "cut-chart": "<div class='chart' style='overflow: auto'><svg width='700' height='50'><text x='20' y='20'>client</text>"
                 "<text x='500' y='20'>server</text></svg></div>",
    "small-chart": "<div class='chart'><svg viewBox='0 0 700 50' width='340'><text x='20' y='20' font-size='12'>client</text>"
                   "</svg></div>",
    "title": "<div id='projectname' style='width: 300px'>One thread</div>",
    "cut-title": "<div id='projectname' style='width: 60px; overflow: hidden; white-space: nowrap'>One thread, many</div>",
    "low": "<div style='height: 40px; overflow: hidden'><p style='margin-top: 60px'>below</p></div>",
    "error": "<script>undefinedFunction()</script><p>text</p>",
    "request": "<img src='http://example.org/picture.png' alt='from afar'>",
    "by-script": "<script>document.write('<p>written by a script</p>')</script><p>plain</p>",
}
HEAD = "<!DOCTYPE html><meta name='viewport' content='width=device-width'><title>t</title><link rel='icon' href='data:,'>"


class Checks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.book = pathlib.Path(cls.folder.name).resolve() / "book"
        cls.book.mkdir()
        for name, body in PAGES.items():
            (cls.book / f"{name}.html").write_text(f"{HEAD}<body>{body}</body>")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        import test_links
        import tour
        self.browser = shared()
        self.modules = [browser, tour, test_links]
        for module in self.modules:
            self.addCleanup(setattr, module, "BOOK", module.BOOK)
            module.BOOK = self.book
        self.visit = lambda name: tour.visit(self.browser, f"{name}.html")
        self.links = test_links.Links

    def dead(self, name):
        checks = self.links()
        checks.dead, checks.notes = [], {f"{page}.html": self.visit(page) for page in {name, "right"}}
        for link in checks.notes[f"{name}.html"]["links"]:
            if link["value"] != "data:,":
                checks.follow(name, link["url"])
        return checks.dead

    def test_links(self):
        self.assertEqual(self.dead("right"), [])
        for name, why in (("dead-link", "no such file"), ("dead-anchor", "no such anchor"),
                          ("outside", "leaves the book"), ("bad-address", "no host")):
            with self.subTest(name):
                dead = self.dead(name)
                self.assertEqual(len(dead), 1)
                self.assertIn(why, dead[0])

    def test_contrast(self):
        right = self.visit("right")["faint"]
        self.assertEqual([right[theme]["found"] for theme in ("light", "dark")], [[], []])
        for name, light, dark in (("faint", 1, 1), ("faint-at-night", 0, 1), ("faint-glass", 1, 1), ("faint-field", 1, 1),
                                  ("frame", 0, 0)):
            with self.subTest(name):
                faint = self.visit(name)["faint"]
                self.assertEqual([len(faint["light"]["found"]), len(faint["dark"]["found"])], [light, dark])

    def test_the_contrast_ratio_is_that_of_wcag(self):
        """Pairs whose ratios are well known."""
        for one, other, ratio in (("#000", "#fff", 21), ("#767676", "#fff", 4.54), ("#777", "#fff", 4.48)):
            self.assertAlmostEqual(self.browser.measure(
                "((one, other) => ratio(rgba(one), rgba(other)))", one, other), ratio, 2)

    def test_width(self):
        for name, faulty in (("right", False), ("scrolling-code", False), ("wide", True), ("wide-box", True), ("cut", True)):
            with self.subTest(name):
                self.assertEqual(bool(self.visit(name)["sideways"]), faulty)

    def test_a_missing_sign_of_hidden_code(self):
        for name, faulty in (("right", 0), ("hinted-code", 0), ("unhinted-code", 1)):
            self.assertEqual(len(self.visit(name)["unhinted"]), faulty, name)

    def test_charts(self):
        for name, cut, small in (("right", [], False), ("chart", [], False), ("cut-chart", ["server"], False),
                                 ("small-chart", [], True)):
            notes = self.visit(name)
            self.assertEqual((notes["cut charts"], notes["chart letters"] < 10), (cut, small), name)

    def test_title(self):
        for name, faulty in (("title", False), ("cut-title", True)):
            self.browser.open(f"{name}.html")
            self.assertEqual(bool(self.browser.measure("cut_title")), faulty, name)

    def test_code(self):
        """Code that Doxygen changed because of a ' in it, or that changed in another way."""
        markdown = "Say `b'x\\n'`, `b'x\\n'` and ``a `b``.\n\n```text\none\n  two\n```\n"
        right = ("<p>Say <code>b&#39;x\\n&#39;</code>, <tt>b'x\\n'</tt> and <code>a `b</code>.</p>"
                 "<div class='fragment'><div class='line'><span class='lineno'> 1</span>one</div>\n"
                 "<div class='line'>  <span>two</span></div>\n</div>")
        self.assertEqual(torn(markdown, right), [])
        for old, new, lost in (("<tt>b'x\\n'</tt>", "&lsquo;b'x<br/>'</code>", "b'x\\n'"), ("a `b", "a b", "a `b"),
                               ("</div>\n<div", "<div", "one\n  two"), ("  <span>", "<span>", "one\n  two")):
            self.assertEqual(torn(markdown, right.replace(old, new)), [lost], new)

    def test_reach(self):
        for name, faulty in (("right", False), ("low", True)):
            self.browser.open(f"{name}.html")
            self.assertEqual(bool(self.browser.measure("reach")), faulty, name)

    def test_paper(self):
        self.browser.size((718, 1000))
        for name, faulty in (("right", False), ("cut", True), ("scrolling-code", True)):
            self.browser.open(f"{name}.html")
            self.assertEqual(bool(self.browser.measure("hidden_in_boxes")), faulty, name)

    def test_console_and_requests(self):
        right = self.visit("right")
        self.assertEqual([right["console"], len(right["requests"])], [[], 1])
        self.assertIn("undefinedFunction is not defined", " ".join(self.visit("error")["console"]))
        self.assertIn("http://example.org/picture.png", self.visit("request")["requests"])

    def test_without_scripts(self):
        with_scripts = self.visit("by-script")["words"]
        self.browser.scripts(False)
        self.browser.open("by-script.html")
        self.assertEqual(with_scripts[-1:] + self.browser.measure("words", "body"), ["plain", "plain"])
        self.assertIn("written", with_scripts)

    def test_the_phone_has_the_width_of_a_phone(self):
        self.browser.size(PHONE)
        self.browser.open("right.html")
        self.assertEqual(self.browser.driver.execute_script("return innerWidth"), PHONE[0])
