"""Draws a sequence chart of a lesson's scene from its trace, as SVG inside a page: for a screen and for a telephone."""

import html
import textwrap
from pathlib import Path
from typing import Optional

from course.book.run import counted
from course.book.story import Connection, Step, Story

ROW, BOX, MARGIN, LINE, CHAR = 30, 22, 40, 14, 7.3  # heights, and the width of a character, in pixels
NONE = """<p class="chart-missing">A sequence chart of a real run belongs here. It is drawn from a trace, but
<code>strace</code> could not watch the programs when this book was built.</p>"""


def text(x: float, y: float, content: str, anchor: str = "middle", weight: str = "normal") -> str:
    """Words."""
    return (f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-weight="{weight}" fill="currentColor">'
            f"{html.escape(content, quote=False)}</text>")


def line(x1: float, y1: float, x2: float, y2: float, dash: str = "") -> str:
    """A line. `dash` is the pattern of its dashes, or "" for a solid line."""
    dash = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="currentColor"{dash}/>'


def shorter(content: str, most: int) -> str:
    """A text of at most so many characters. Where something was left out, one sees it."""
    return content if len(content) <= most else content[: most - 2] + "…" + content[-1]


def arrow(x1: float, x2: float, y: float) -> str:
    """From x1 to x2."""
    back = -8 if x2 > x1 else 8
    tip = f'<path d="M{x2} {y} l{back} -4 v8 z" fill="currentColor"/>'
    return line(x1, y, x2, y) + tip


class Layout:
    """Where the lanes stand: the program between two others, or to the right of one."""

    def __init__(self, kind: str, story: Story, left: int, middle: int, right: int, width: int, label: int) -> None:
        self.kind, self.middle, self.width, self.label = kind, middle, width, label
        self.at: dict[Optional[Connection], int] = {story.lanes[0]: left, None: middle}
        if len(story.lanes) > 1:
            self.at[story.lanes[1]] = right

    def reach(self, lane: Optional[Connection]) -> int:
        """How many characters an arrow has room for."""
        return int((abs(self.at[lane] - self.middle) - 20) / CHAR)


def layouts(story: Story) -> tuple[Layout, Layout]:
    """For a screen, and for a telephone; the style sheet shows one of them."""
    if len(story.lanes) > 1:
        return Layout("wide", story, 90, 360, 630, 720, 32), Layout("narrow", story, 50, 175, 300, 350, 30)
    return Layout("wide", story, 90, 430, 0, 600, 32), Layout("narrow", story, 62, 224, 0, 350, 30)


def pieces(content: str, reach: int, most: int) -> list[str]:
    """A label in as many lines as it needs, `most` at most; what does not fit then is cut, and one sees that it is."""
    lines = textwrap.wrap(content, reach)
    return lines[:most - 1] + [shorter(" ".join(lines[most - 1:]), reach)] if len(lines) >= most else lines


def boxed(step: Step, layout: Layout, y: int) -> list[str]:
    """A call that the program makes for itself."""
    label = shorter(step.text, layout.label)
    wide = len(label) * CHAR + 16
    dash = ' stroke-dasharray="2 3"' if step.kind == "sleep" else ""
    return [f'<rect x="{layout.middle - wide / 2:g}" y="{y - 7}" width="{wide:g}" height="{BOX}" rx="4" '
            f'fill="none" stroke="currentColor"{dash}/>', text(layout.middle, y + 8, label)]


def draw(story: Story, layout: Layout) -> tuple[str, int]:
    """The inside of the SVG, and its height."""
    at, middle, most = layout.at, layout.middle, 1 if layout.kind == "wide" else 3
    y, asleep = MARGIN + 10, False
    parts: list[str] = []
    for lane, x in at.items():
        parts.append(text(x, 18, lane.name if lane else str(story.program.program), weight="bold"))
        parts.append(line(x, 26, x, MARGIN))
    for step in story.steps:
        dash, height = "2 5" if asleep or step.kind == "wake" else "", ROW
        if step.kind == "arrow":
            x, lines = at[step.lane], pieces(step.text, layout.reach(step.lane), most)
            height += (len(lines) - 1) * LINE
            for number, each in enumerate(lines):
                parts.append(text((x + middle) / 2, y + 2 + number * LINE, each))
            tip = y + height - ROW + 9
            parts.append(arrow(middle, x, tip) if step.out else arrow(x, middle, tip))
            parts.append(line(middle, y - 10, middle, y + height - 10, dash))
        else:
            parts += boxed(step, layout, y)
            parts.append(line(middle, y - 10, middle, y - 7, dash))
            asleep = step.kind == "sleep"
            parts.append(line(middle, y - 7 + BOX, middle, y + ROW - 10, "2 5" if asleep else ""))
        for lane, x in at.items():
            if lane:
                parts.append(line(x, y - 10, x, y + height - 10))
        y += height
    return "\n".join(parts), y + 4


def told(step: Step, program: Optional[str]) -> str:
    """A step in words."""
    if step.lane:
        return f"{program} to {step.lane.name}: {step.text}" if step.out else f"{step.lane.name} to {program}: {step.text}"
    return f"{program}: {step.text}"


def make(lesson: str, trace: Path) -> str:
    """The chart; or where nothing could be traced, a word about that."""
    if not trace.exists():
        return NONE + "\n"
    story = Story(lesson, trace)
    number, program = lesson[:2], story.program.program
    description = html.escape("; ".join(told(step, program) for step in story.steps), quote=False)
    parts = [f'<div class="chart" role="region" tabindex="0" aria-label="Sequence chart of lesson {number}">']
    for layout in layouts(story):
        drawing, height = draw(story, layout)
        name = f"chart-{number}-{layout.kind}"
        parts.append(f"""<svg xmlns="http://www.w3.org/2000/svg" class="chart-{layout.kind}" viewBox="0 0 {layout.width} {height}"
 width="{layout.width}" height="{height}" role="img" aria-labelledby="{name}-title {name}-text" font-family="monospace"
 font-size="12">
<title id="{name}-title">What {program} and the others did, from top to bottom</title>
<desc id="{name}-text">{description}</desc>
{drawing}
</svg>""")
    parts.append(f"""</div>
<p class="chart-caption">Drawn from a trace of a real run. Time runs downwards; where the line is dotted, the program waits
in the kernel. Of what the other programs do, the chart shows only what {program} can notice. These calls of {program} are
not drawn: {counted(story.left_out) or 'none'}.
<a href="kernel_{number}.html">What the kernel saw</a> lists or counts every call.</p>
""")
    return "\n".join(parts)
