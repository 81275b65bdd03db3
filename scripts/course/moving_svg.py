"""Draws terminals that fill up line by line, as an SVG that moves by itself: without a script, so that it does in a README too."""

import html
from dataclasses import dataclass

CHAR, LINE, PAD, BAR, GAP = 7.83, 18.0, 10.0, 24.0, 10.0  # of a terminal, in pixels, for letters of 13 pixels
PAUSE = 3.5  # seconds for which the end is shown

STYLE = """text {{font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e3e8ef; white-space: pre}}
.{name}-title {{fill: #9aa5b4; font-size: 12px}} .{name}-typed {{fill: #8fd0ff}}
.{name}-new {{animation: {total:g}s step-end infinite}}
@media print, (prefers-reduced-motion: reduce) {{.{name}-new {{animation: none}}}}
"""


@dataclass
class Cast:
    """What a terminal showed, and when: seconds, and text."""

    title: str
    shown: list[tuple[float, str]]

    @property
    def lines(self) -> list[str]:
        """Its text."""
        return "".join(text for _, text in self.shown).rstrip("\n").split("\n")

    @property
    def width(self) -> int:
        """The longest line, in characters."""
        return max(34, *(len(line) for line in self.lines))

    @property
    def height(self) -> int:
        """How many lines there are."""
        return len(self.lines) + 1


@dataclass
class Piece:
    """A part of a line that was printed at once, or typed key by key from a time on until another."""

    row: int
    column: int
    text: str
    begin: float
    end: float


def pieces(cast: Cast) -> list[Piece]:
    """The parts of a terminal's text, in the order in which they came."""
    found: list[Piece] = []
    row, column = 0, 0
    for at, text in cast.shown:
        for number, line in enumerate(text.split("\n")):
            if number:
                row, column = row + 1, 0
            if not line:
                continue
            last = found[-1] if found else None
            keys = last is not None and len(line) == 1 and last.row == row and last.column + len(last.text) == column
            if keys and last and (last.end > last.begin or len(last.text) == 1):
                last.text, last.end = last.text + line, at
            else:
                found.append(Piece(row, column, line, at, at))
            column += len(line)
    return found


def keyframes(name: str, piece: Piece, total: float) -> str:
    """How it comes to be seen: at once, or letter by letter."""
    first, last = 100 * piece.begin / total, 100 * piece.end / total
    if piece.end == piece.begin:
        return f"@keyframes {name} {{0% {{opacity: 0}} {first:.2f}% {{opacity: 1}}}}"
    steps = f"animation-timing-function: steps({len(piece.text)})"
    hidden, seen = "clip-path: inset(0 100% 0 0)", "clip-path: inset(0 0 0 0)"
    return f"@keyframes {name} {{0% {{{hidden}}} {first:.2f}% {{{hidden}; {steps}}} {last:.2f}% {{{seen}}}}}"


def terminal(name: str, cast: Cast, box: tuple[float, float, float, float], total: float) -> tuple[list[str], list[str]]:
    """A terminal's elements, and the keyframes that they need."""
    x, y, width, height = box
    parts = [f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="7" fill="#1d2129" stroke="#465062"/>',
             f'<path d="M{x:g} {y + BAR:g}h{width:g}" stroke="#343c49"/>',
             *(f'<circle cx="{x + 14 + 14 * dot:g}" cy="{y + BAR / 2:g}" r="4" fill="{colour}"/>'
               for dot, colour in enumerate(("#e0675c", "#d9b04c", "#67b05e"))),
             f'<text class="{name}-title" x="{x + width / 2:g}" y="{y + 16.5:g}" text-anchor="middle">'
             f'{html.escape(cast.title, quote=False)}</text>']
    moves = []
    for number, piece in enumerate(pieces(cast)):
        label = f"{name}-{number}"
        typed = f" {name.partition('-')[0]}-typed" if piece.end > piece.begin else ""
        parts.append(f'<text class="{name.partition("-")[0]}-new{typed}" style="animation-name: {label}" '
                     f'x="{x + PAD + piece.column * CHAR:.5g}" y="{y + BAR + 17 + piece.row * LINE:g}">'
                     f"{html.escape(piece.text, quote=False)}</text>")
        moves.append(keyframes(label, piece, total))
    return parts, moves


def draw(name: str, label: str, columns: list[list[Cast]]) -> str:
    """Terminals in columns."""
    total = max(cast.shown[-1][0] for column in columns for cast in column) + PAUSE
    heights = [sum(BAR + PAD + cast.height * LINE for cast in column) + GAP * (len(column) - 1) for column in columns]
    tall = max(heights)
    parts, moves = [], []
    x = 1.0
    for number, column in enumerate(columns):
        width = max(cast.width for cast in column) * CHAR + 2 * PAD
        y, spare = 1.0, (tall - heights[number]) / len(column)
        for row, cast in enumerate(column):
            height = BAR + PAD + cast.height * LINE + spare
            drawn, moved = terminal(f"{name}-{number}-{row}", cast, (x, y, width, height), total)
            parts += drawn
            moves += moved
            y += height + GAP
        x += width + GAP
    width = x - GAP + 1
    style = STYLE.format(name=name, total=total)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {tall + 2:g}" width="{width:g}" role="img" '
            f'class="{name}-moving" aria-labelledby="{name}-moving-title">\n'
            f'<title id="{name}-moving-title">{html.escape(label, quote=False)}</title>\n'
            f"<style>\n{scoped(style, name)}" + "\n".join(moves) + "\n</style>\n" + "\n".join(parts) + "\n</svg>\n")


def scoped(style: str, name: str) -> str:
    """The letters of this picture only: in the book it stands inside of a page."""
    return f".{name}-moving " + style
