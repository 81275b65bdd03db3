"""Makes a page of the book from a Markdown file that reads well by itself.

It gives the page and its headings names, puts the path's navigation where the file has one written by hand, says what the
page needs, turns links between files into links between pages, and adds the programs, whole, from the files that are built."""

import html
import posixpath
import re

from course import COURSE, patches
from course.book import cards, markdown, words
from course.book.changed import coloured
from course.book.markdown import Block
from course.book.path import Page

NAVIGATION = re.compile(r"\[[^\]]*\]\([^)]*\.md\)( ·|$)|Needs: ", re.M)
REFERENCE = re.compile(r"include/(selectors/[a-z_/]*\.hpp)$")
SHOWN_ELSEWHERE = re.compile(
    r"^((\.\./)+(common/src(/posix|/windows)?|common/lesson|tests/pitfalls|tests/pitfalls/programs)/[a-z_-]*\.[ch]pp)$"
)
MISTAKE = re.compile(r"tests/pitfalls/programs/[a-z-]*\.cpp")
SUMMARY = re.compile(r"<summary>(.*)</summary>$")
EMBEDDED = re.compile(r"<!-- (transcript|snippet): (.*) -->$")


def slug(text: str) -> str:
    """What the name of a heading's place is made of."""
    return re.sub("[ -]", "_", re.sub("[^a-z0-9 _-]", "", text.lower()))


class Edition:
    """What a page needs to know about the other pages and about its edition."""

    def __init__(self, pages: list[Page], teacher: bool, handouts: bool) -> None:
        self.pages, self.teacher, self.handouts = pages, teacher, handouts
        self.by_file = {page.file: page for page in pages}


class Maker:
    """Makes one page."""

    def __init__(self, edition: Edition, page: Page) -> None:
        self.edition, self.page = edition, page
        self.folder = page.folder  # of the file whose links are read
        self.hung: set[str] = set()  # the pages below this one that its text leads to
        self.headings: dict[str, int] = {}
        self.links = 0
        self.source = page.place.read_text(encoding="utf-8")

    # Links.

    def link(self, text: str, to: str) -> str:
        """A link of the file as one of the book."""
        if emphasised := re.fullmatch(r"(\*+)([^*]+)\1", text):  # Doxygen would show the asterisks
            return emphasised[1] + self.link(emphasised[2], to) + emphasised[1]
        if not to.startswith("@"):  # Doxygen's own, which is none for a Markdown parser
            self.links += 1
        path, _, anchor = to.partition("#")
        if " " in to or ":" in to:
            return f"[{text}]({to})"
        if path.endswith(".md") or not path and anchor:
            return self.link_to_page(text, path, anchor)
        name, extension = posixpath.splitext(posixpath.basename(path))
        beside = self.beside(path)
        if beside:
            return f"[{text}](@ref {beside})"
        if path == "LICENSE":
            return "licence"
        # `Socket::recv` leads to the member; one that is gone ends the build.
        member = re.fullmatch("`([A-Za-z_:()]+)`", text)
        if header := REFERENCE.search(path):
            return f'@ref selectors::{member[1]} "{member[1]}"' if member else header[1]
        if SHOWN_ELSEWHERE.match(path):  # no page of the book, so the name stays without a link
            return text
        if extension == ".cpp":
            return f"[{text}](@ref program_{name.replace('-', '')})"
        return f"[{text}]({to})"

    def beside(self, path: str) -> str:
        """The name of what lies beside the file and is shown on its page, or ""."""
        mistake = self.mistake()
        if mistake and path.endswith(mistake):
            return f"mistake_{posixpath.basename(self.page.file)[:-3]}"
        return ""

    def mistake(self) -> str:
        """The program that a pitfall's page is about."""
        found = MISTAKE.search(self.source) if self.page.file.startswith("docs/pitfalls/") else None
        return found[0] if found else ""

    def link_to_page(self, text: str, path: str, anchor: str) -> str:
        """A link to a page, or to a place in one. The first link to a page that hangs below this one hangs it there. One
        to a file that is no page of the book leads nowhere, so that Doxygen warns of it."""
        text = text.replace("\n", " ")
        file = posixpath.normpath(posixpath.join(self.folder, path)) if path else self.page.file
        target = self.edition.by_file.get(file)
        if not target:
            return f"[{text}](@ref there_is_no_page_{slug(file)})"
        if anchor:
            return f"[{text}](@ref {target.name}_{slug(anchor)})"
        if target.up is self.page and target.name not in self.hung:
            self.hung.add(target.name)
            return f'@subpage {target.name} "{re.sub("[`*]", "", text).replace(chr(34), "")}"'
        return f"[{text}](@ref {target.name})"

    def prose(self, block: Block) -> str:
        """A block's text with its links for the book."""
        before = self.links
        text = words.prose(block.text, self.link, words.HEADING if block.kind == "heading" else words.PROSE)
        if self.links - before != block.links:
            raise ValueError(
                f"{self.page.file}:{block.first}: the parser sees {block.links} links here and the book "
                f"{self.links - before}; write them as [text](target)"
            )
        return text

    # What stands above and below the text.

    def navigation(self, where: str) -> str:
        """Left, where one comes from; in the middle, where this is; right, where to go on."""
        page = self.page
        back = "←&#160;" + anchor(page.previous, 'rel="prev" ') if page.previous else ""
        on = anchor(page.following, 'rel="next" ') + "&#160;→" if page.following else ""
        up = "" if page.name == "index" else '<a href="index.html">Start</a>'
        if page.up:
            up += " › " + anchor(page.up)
        if self.edition.handouts and page.is_lesson:
            up += f' · <a href="handouts/{page.name}.pdf">Handout (PDF)</a>'
        return f"""
@htmlonly[block]
<nav class="book-path book-path-{where}" aria-label="The path, {where}">
<span class="book-previous">{back}</span>
<span class="book-up">{up}</span>
<span class="book-next">{on}</span>
</nav>
@endhtmlonly
"""

    def box_of_needs(self, text: str, of: Page) -> list[str]:
        """What a page needs, in a box. The text is of a page above it, perhaps, whose links begin in another folder."""
        end = re.search(r"\.( |\n|$)", text)
        sentence = text[: end.start() + 1] if end else ""
        numbers = sentence if "[" in sentence else re.sub("0[1-7]", r"[\g<0>](@ref lesson_\g<0>)", sentence)
        self.folder = of.folder
        text = words.prose(numbers + text[len(sentence) :], self.link)
        self.folder = self.page.folder
        return ['@htmlonly[block]<aside class="book-needs">@endhtmlonly\n', text,
                "\n@htmlonly[block]</aside>@endhtmlonly\n"]

    def needs(self, opening: str) -> list[str]:
        """The box with what the page needs: as it says itself, as docs/path says, or as it follows from where it hangs.
        What hangs below a lesson needs the lesson; below another page, what that one needs."""
        page = self.page
        if "needs:" in opening.lower():
            return self.box_of_needs("N" + opening[opening.lower().index("needs:") + 1 :], page)
        if page.name in ("index", "contributing", "changelog"):
            return []
        if page.needs:
            return self.box_of_needs(page.needs, page)
        if not page.up:
            return ["@ref this_page_does_not_say_what_it_needs\n"]
        above = "" if page.up.is_lesson else needs_in(page.up.place.read_text(encoding="utf-8"))
        return self.box_of_needs(above or f"Needs: [{page.up.title}](@ref {page.up.name}).", page.up)

    def shown_whole(self) -> list[str]:
        """The files that are shown below the text, with the numbers of their lines."""
        file, folder = self.page.file, self.page.folder
        name = posixpath.basename(folder)
        if "/exercises/" in file:
            starter = f"\n## The starter {{#starter_{name}}}\n\n@include{{lineno}} {folder}/starter.cpp"
            return [starter, self.solution(name)] if self.edition.teacher else [starter]
        if self.page.is_lesson or (folder.startswith("beyond/") and file.endswith("/README.md")):
            programs = sorted((COURSE / folder).glob("*.cpp"))
            files = [(path.name, f"program_{path.stem.replace('-', '')}", f"{folder}/{path.name}") for path in programs]
            headers = sorted((COURSE / folder).glob("*.hpp"))
            files += [(path.name, f"header_{path.stem.replace('-', '')}", f"{folder}/{path.name}") for path in headers]
        elif mistake := self.mistake():
            label = f"mistake_{posixpath.basename(file)[:-3]}"
            files = [(f"The mistake: {posixpath.basename(mistake)}", label, mistake)]
        else:
            files = []
        return [f"\n## {heading} {{#{label}}}\n\n@include{{lineno}} {path}" for heading, label, path in files
                if (COURSE / path).exists()]

    def solution(self, name: str) -> str:
        """How a solution differs from the starter."""
        exercise = patches.Exercise(name)
        if not exercise.has_solution:
            return ""
        lines = patches.Patch.read(exercise.folder / "solution.patch").hunks
        text = "\n".join(coloured(line) for hunk in lines for line in ["@@", *hunk.lines])
        return f"""
## A solution {{#solution_{name}}}

The lines below are the changes to the starter. To get the whole program, run `./learn exercise {name} --solution`.

@htmlonly
<pre class="fragment diff">{text}</pre>
@endhtmlonly"""

    def below(self) -> list[str]:
        """Links to the pages below this one that the text does not lead to."""
        pages = [page for page in self.edition.pages if page.up is self.page and page.name not in self.hung]
        lines = [f'- @subpage {page.name} "{page.title}"' for page in pages]
        return [f"\n## More on this {{#{self.page.name}_more}}\n", *lines] if lines else []

    # The text.

    def heading(self, block: Block) -> str:
        """A heading with a name that links lead to."""
        text = self.prose(block)
        if block.text.startswith("# ") or "{#" in text:
            return text
        label = self.label(block.text.partition(" ")[2])
        # The start page's headings would stand beside the lessons in the tree of all pages.
        return f"@anchor {label}\n\n{text}" if self.page.name == "index" else f"{text} {{#{label}}}"

    def picture(self, path: str) -> str:
        """A drawing in the page itself, so that it takes the colours of the page. Only those of docs/drawings fit a telephone."""
        file = posixpath.normpath(self.folder + "/" + path)
        kind = "book-drawing" if file.startswith("docs/drawings/") else "book-plot"
        return f'@htmlonly[block]<div class="{kind}">@endhtmlonly\n\n@htmlinclude {file}\n\n@htmlonly[block]</div>@endhtmlonly'

    def html(self, block: Block) -> str:
        """What folds; or a comment that says what stands there in the book: a recording, a part of a program, a chart
        (course.book.record). The block after a transcript's comment repeats it for people who read the file itself."""
        if block.text == "<!-- chart -->":
            return f"@htmlinclude player-{self.folder[:2]}.html"
        if block.text == "<!-- player -->":
            return f"@htmlinclude player-{posixpath.basename(self.page.file)[:-3]}.html"
        if block.text == "<!-- buttons -->":
            return '\n@htmlonly[block]<div class="book-buttons">@endhtmlonly\n'
        embedded = EMBEDDED.match(block.text)
        if embedded:
            return f"@verbinclude {embedded[2]}.txt" if embedded[1] == "transcript" else f"@snippet {self.folder}/{embedded[2]}"
        # Doxygen would end what folds with the first paragraph in it.
        return "\n".join(f"\n@htmlonly[block]{self.summary(line)}@endhtmlonly\n" if re.match("</?(details|summary)[ >]", line)
                         else line for line in block.lines)

    def summary(self, line: str) -> str:
        """The line that stays when a text folds, with a name that links and the search lead to."""
        found = SUMMARY.match(line)
        if not found:
            return line
        inside = markdown.inline(found[1])
        return f'<summary id="{self.label(html.unescape(re.sub("<[^>]*>", "", inside)))}">{inside}</summary>'

    def label(self, text: str) -> str:
        """The name of a place on this page; a text that comes again has another name each time."""
        label = f"{self.page.name}_{slug(text)}"
        times = self.headings.setdefault(label, 0)
        self.headings[label] += 1
        return f"{label}_{times}" if times else label

    def cards(self, blocks: list[Block]) -> str:
        """The table that comes next, as cards."""
        rows = []
        while blocks and blocks[0].text.startswith("|"):
            rows.append(blocks.pop(0).text)

        def address(file: str) -> str:
            page = self.edition.by_file.get(file)
            return f"{page.name}.html" if page else file

        return f"@htmlonly[block]{cards.make(rows[2:], address)}@endhtmlonly\n"

    def text(self, blocks: list[Block]) -> list[str]:
        """The text below the opening."""
        lines, recorded, buttons = [], False, False
        while blocks:
            block = blocks.pop(0)
            if recorded and block.kind == "code":
                recorded = False
            elif block.text == "<!-- cards -->":
                lines.append(self.cards(blocks))
            elif buttons and block.kind == "prose":
                lines += [self.prose(block), "\n@htmlonly[block]</div>@endhtmlonly\n"]
                buttons = False
            elif block.kind == "heading":
                lines.append(self.heading(block))
            elif block.kind == "html":
                lines.append(self.html(block))
                recorded = block.text.startswith("<!-- transcript:")
                buttons = block.text == "<!-- buttons -->"
            elif block.image.endswith(".svg"):
                lines.append(self.picture(block.image))
            else:
                lines.append(self.prose(block) if block.kind == "prose" else block.text)
        return lines

    def make(self) -> str:
        """The whole page."""
        blocks = list(markdown.blocks(self.source))
        title = blocks.pop(0).text
        # "6. A title" would be a list for Doxygen; with a space that does not break it is none.
        title = re.sub(r"^(# [0-9]+)\. ", "\\1.\u00a0", title)
        lines = [title + ("" if self.page.name == "index" else f" {{#{self.page.name}}}"), self.navigation("top"), ""]
        opening = ""
        # Two paragraphs at most stand between the title and the text.
        while blocks and (not blocks[0].text.strip() or NAVIGATION.match(blocks[0].text)):
            block = blocks.pop(0)
            opening += block.text + "\n" if block.kind == "prose" else ""
        lines += self.needs(opening.rstrip("\n"))
        lines += self.text(blocks)
        folds = ['@htmlonly[block]<script defer src="folds.js"></script>@endhtmlonly\n'] if "<details>" in self.source else []
        return "\n".join([*lines, *self.below(), *self.shown_whole(), self.navigation("bottom"), *folds, ""])


def anchor(page: Page, attributes: str = "") -> str:
    """A link to a page, in HTML."""
    return f'<a {attributes}href="{page.name}.html">{html.escape(page.title, quote=False)}</a>'


def needs_in(text: str) -> str:
    """What a file says that it needs."""
    found = re.search(r"Needs:.*(?:\n.+)*", text)
    return found[0] if found else ""
