"""The path on the start page: each row of a table (page, sentence, time) as a card that leads to its page."""

import html
import re
from collections.abc import Callable

from course.book import markdown


def card(row: str, address: Callable[[str], str]) -> str:
    """A row of the table, whose first cell is a link, as a card. address(file) is where that page stands in the book."""
    title, sentence, time = (cell.strip() for cell in row.strip().strip("|").split("|"))
    link = re.fullmatch(r"\[(.*)\]\((.*)\)", title)
    if not link:
        raise ValueError(f"a card begins with a link, not with '{title}'")
    return (f'<li><a href="{html.escape(address(link[2]))}"><strong>{html.escape(link[1])}</strong>'
            f'<span>{markdown.inline(sentence)}</span><small>{html.escape(time)}</small></a></li>')


def make(rows: list[str], address: Callable[[str], str]) -> str:
    """All cards, as HTML."""
    return '<ol class="book-cards">\n' + "\n".join(card(row, address) for row in rows) + "\n</ol>"
