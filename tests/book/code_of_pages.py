"""Compares the code of a Markdown file with the code of its page in the book."""
import collections
import html.parser
import re

FENCE = re.compile(r"^( *)(`{3,}|~{3,})[^`\n]*\n(.*?)^ *\2`*~* *$\n?", re.M | re.S)
SPAN = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
# Shown by the book in its own way, or not at all: the navigation for people who read the file by itself, and comments.
NAVIGATION = re.compile(r"^\[[^\]]*\]\([^)]*\.md\)( ·|$).*?(?=^\s*$|\bneeds:)", re.M | re.S | re.I)
# Doxygen knows headings and links without code in them; their text is looked for as it is.
ONE_ELEMENT = ("code", "tt", "pre", "a", "title")


def one_line(text):
    return " ".join(text.split())


def block(text):
    """A block without its indentation and without blanks at the ends of its lines, which do not count."""
    lines = [line.rstrip() for line in text.expandtabs().replace("\u00a0", " ").strip("\n").split("\n")]
    inner = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return "\n".join(line[inner:] for line in lines).strip("\n")


def written(markdown):
    """(blocks, spans) of a Markdown file: how often it holds each."""
    blocks, spans = collections.Counter(), collections.Counter()

    def take(found):
        blocks[block(found[3])] += 1
        return "\n\n"

    prose = re.sub(r"^<!--.*?-->|^@htmlonly.*?@endhtmlonly", "", FENCE.sub(take, markdown), flags=re.M | re.S)
    prose = NAVIGATION.sub("", prose, count=1)
    for paragraph in re.split(r"\n\s*\n|\n(?=#+ |\s*[-*] |\s*\d+\. |\|)", prose):
        if not paragraph.startswith("    "):
            spans.update(one_line(found[2]) for found in SPAN.finditer(paragraph))
    return blocks, spans


class Shown(html.parser.HTMLParser):
    """The text of each code element of a page."""

    def __init__(self, page):
        super().__init__()
        self.blocks, self.spans = collections.Counter(), collections.Counter()
        self.open, self.skipped = [], 0  # [tag, is it of code?, text]
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        classes = (dict(attributes).get("class") or "").split()
        if tag in ("br", "img", "hr", "meta", "link", "input", "area", "col"):
            return
        kind = "block" if "fragment" in classes or tag == "pre" else "span" if tag in ONE_ELEMENT or "tt" in classes else ""
        if "lineno" in classes or "ttc" in classes:  # a number, or what appears over a name
            kind = "number"
        self.open.append([tag, kind, ""])

    def handle_endtag(self, tag):
        if all(each[0] != tag for each in self.open):
            return
        while self.open:
            name, kind, text = self.open.pop()
            if kind == "block":
                self.blocks[block(text)] += 1
            elif kind == "span":
                self.spans[one_line(text)] += 1
            if self.open and kind != "number":
                self.open[-1][2] += text
            if name == tag:
                return

    def handle_data(self, data):
        if self.open:
            self.open[-1][2] += data


def torn(markdown, page):
    """The code of a Markdown file that the page does not show as one element, as often as the file does."""
    blocks, spans = written(markdown)
    shown = Shown(page)
    return [*(blocks - shown.blocks), *(spans - shown.spans)]
