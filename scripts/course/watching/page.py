"""The page that shows a recording."""

import html
import json
from typing import Any


def page(recording: dict[str, Any], title: str) -> str:
    """A plain page."""
    data = json.dumps(recording).replace("<", "\\u003c")
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title></head><body><h1>{html.escape(title)}</h1>
<ol id="steps"></ol><script type="application/json" id="recording">{data}</script></body></html>
"""
