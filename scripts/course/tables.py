"""Tables in Markdown, and figures in them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from course.call import fail


def readable(value: float) -> str:
    """A figure in so many digits as it deserves: 12,345; 123; 12.3; 1.23."""
    size = abs(value)
    return f"{value:,.{2 if size < 9.995 else 1 if size < 99.95 else 0}f}"


def line_of(cells: Iterable[str]) -> str:
    """A line of a table."""
    return "".join(f"| {text} " for text in cells) + "|\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: bool = False) -> str:
    """A table; `numbers` aligns all but the first column to the right."""
    rule = "|---|" + ("---:|" if numbers else "---|") * (len(head) - 1) + "\n"
    return line_of(head).replace("|  ", "| ") + rule + "".join(line_of(row) for row in rows)


def cell(text: str) -> str:
    """A message as it may stand in a cell."""
    return text.replace("|", "/").replace("\n", " ")


def write_between(page: Path, name: str, text: str) -> None:
    """Replaces what stands between the lines `<!-- NAME: begin -->` and `<!-- NAME: end -->` of a page."""
    begin, end = (f"<!-- {name}: {word} -->\n" for word in ("begin", "end"))
    before, found_begin, rest = page.read_text(encoding="utf-8").partition(begin)
    _, found_end, after = rest.partition(end)
    if not found_begin or not found_end:
        fail(f"write the table into {page}: it has no two lines '{begin.strip()}' and '{end.strip()}'")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
