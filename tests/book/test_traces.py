"""Pages that are made from a trace say what they leave out."""
import re
import unittest

from browser import BOOK


def between(text, first, last):
    """The text from the last `first` before the first `last` up to that `last`."""
    before = text[:text.index(last)]
    return before[before.rindex(first):]


class Traces(unittest.TestCase):
    def setUp(self):
        made = BOOK.parent.parent / "pages"
        self.kernel = {path.stem[-2:]: path.read_text() for path in sorted(made.glob("kernel-*.md"))}
        self.charts = {path.stem[-2:]: path.read_text() for path in sorted(made.glob("chart-*.html"))}
        if any("could not watch" in text for text in (*self.kernel.values(), *self.charts.values())):
            self.skipTest("this book was built without strace")
        self.assertEqual(sorted(self.kernel), [f"0{number}" for number in range(1, 8)])

    def test_every_trace_says_what_it_leaves_out(self):
        for lesson, text in self.kernel.items():
            traces = text.split('<pre class="fragment kernel-trace">')[1:]
            self.assertTrue(traces, lesson)
            for trace in traces:
                self.assertRegex(trace.split("</pre>")[1], r"Left out of this list, after its first call: \w", lesson)

    def test_every_chart_says_what_it_leaves_out(self):
        for lesson, text in self.charts.items():
            self.assertRegex(re.sub(r"\s+", " ", text), r"These calls of [\w-]+ are not drawn: \w", lesson)

    def test_the_chat_yields_and_polls_between_receiving_and_sending(self):
        page = re.sub(r"<[^>]*>", "", between(self.kernel["07"], ">recvfrom<", ">sendto<"))
        self.assertRegex(page, r"(?s)sched_yield\(\).*epoll_pwait2\([^\n]*, 0 s\) = ")
        chart = between(self.charts["07"], "chat-server: recv ", "chat-server to ")
        self.assertRegex(chart, "sched_yield; chat-server: epoll_pwait2, 0 s")
