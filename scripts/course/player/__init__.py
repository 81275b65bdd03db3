"""The player of recorded runs, as HTML: a part of a page of the book, or a page by itself."""

import html
import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SCRIPTS = ("machine.js", "view.js", "player.js", "live.js")
STYLES = ("stage.css", "machine.css", "controls.css", "screens.css")

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; padding: 0.5em 1em; font-family: system-ui, sans-serif; background: #ffffff; color: #20242c; }}
h1 {{ margin: 0.2em 0; font-size: 1.1em; }}
.player-page .player {{ margin: 0.5em 0; }}
.player-page .player-panes {{ grid-template-rows: calc(100vh - 13.5em); }}
@media (prefers-color-scheme: dark) {{
  :root {{ --page-background-color: #1b1f26; --page-foreground-color: #dfe4ec; --page-secondary-foreground-color: #a5aebb;
    --separator-color: #414957; --code-background: #232933; }}
  body {{ background: #1b1f26; color: #dfe4ec; }}
}}
{css}</style>
</head>
<body class="player-page">
<h1>{title}</h1>
{element}
<script>
if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.classList.add("dark-mode");
{js}</script>
</body>
</html>
"""


def joined(files: tuple[str, ...]) -> str:
    """The text of several of the player's files."""
    return "\n".join((FOLDER / file).read_text(encoding="utf-8") for file in files)


def script() -> str:
    """What makes players work, as one script that leaves no names behind."""
    return f'(() => {{\n"use strict";\n\n{joined(SCRIPTS)}}})();\n'


def write_files(folder: Path) -> list[Path]:
    """Writes the two files that stand beside the pages of the book."""
    files = {folder / "player.js": script(), folder / "player.css": joined(STYLES)}
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    return list(files)


def embedded(recording: dict[str, Any]) -> str:
    """A recording inside of a page: nothing in it can end the element that it stands in."""
    return json.dumps(recording, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def player(recording: dict[str, Any], fallback: str) -> str:
    """The element, without what makes it work."""
    steps = len(recording.get("moments") or recording["runs"][0]["steps"])
    return (f'<div class="player" data-steps="{steps}" data-step="0" aria-label="{html.escape(recording["title"])}">\n'
            f'<script type="application/json">{embedded(recording)}</script>\n'
            f'<div class="player-fallback">\n{fallback}</div>\n</div>\n')


def element(recording: dict[str, Any], fallback: str) -> str:
    """For a page of the book, beside which the two files lie. Without JavaScript, and on paper, the fallback is shown."""
    return ('<link rel="stylesheet" href="player.css">\n' + player(recording, fallback)
            + '<script defer src="player.js"></script>\n')


def page(recording: dict[str, Any], title: str) -> str:
    """A page by itself, which asks for no other file."""
    words = "<p>To show this recording, the page needs JavaScript, which is switched off.</p>\n"
    return PAGE.format(title=html.escape(title), css=joined(STYLES), js=script().replace("</script", "<\\/script"),
                       element=player(recording, words))
