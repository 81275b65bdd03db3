"""The blocks of a Markdown file, as a Markdown parser finds them."""

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token


@dataclass
class Block:
    """Lines of a file that belong together."""

    kind: str  # heading, prose, code (fenced or indented), html, or other: blank lines, rules, a table's second line
    lines: list[str]
    first: int  # the number of its first line, from 1
    links: int = 0  # how many links the parser sees in it
    image: str = ""  # where the image is, if it is nothing but an image

    @property
    def text(self) -> str:
        """Its lines as one text."""
        return "\n".join(self.lines)


KINDS = {"fence": "code", "code_block": "code", "html_block": "html", "inline": "prose"}


def inline(text: str) -> str:
    """A piece of a line as HTML, without a paragraph around it."""
    return str(MarkdownIt("commonmark").renderInline(text))


def image_of(token: Token) -> str:
    """Where the image is, if that is all that a paragraph has."""
    children = token.children or []
    return str(children[0].attrGet("src")) if [child.type for child in children] == ["image"] else ""


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text in their order; each line is in one of them."""
    lines = text.splitlines()
    found: dict[int, Block] = {}
    before = ""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.map and token.type in KINDS:
            first, end = token.map
            if token.type == "code_block":  # the parser counts the blank lines below it to it
                while not lines[end - 1].strip():
                    end -= 1
            kind = "heading" if before == "heading_open" else KINDS[token.type]
            # The cells of a table's row are one block.
            block = found.setdefault(first, Block(kind, lines[first:end], first + 1, image=image_of(token)))
            block.links += sum(child.type == "link_open" for child in token.children or [])
        before = token.type
    at = 0
    while at < len(lines):
        block = found.get(at) or Block("other", [lines[at]], at + 1)
        yield block
        at += len(block.lines)
