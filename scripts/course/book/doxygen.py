"""Doxygen's options, and repairs to its pages."""

import re
import subprocess
from pathlib import Path

TITLE = re.compile(r'(<div id="projectname">)(\$projectname)')
SWITCH = """<script type="text/javascript" src="$relpath^doxygen-awesome-darkmode-toggle.js"></script>
<script type="text/javascript">DoxygenAwesomeDarkModeToggle.init()</script>
</head>"""
MEMBER = re.compile(r"([A-Za-z0-9_]*_8hpp\.html)#(a[0-9a-f]*)")


def options(book: Path, doxygen: str, theme: str) -> list[str]:
    """Lines of a Doxyfile about the looks of the pages. The head of each page is Doxygen's own, with the title as a link to
    the start, so that one finds there from every page without JavaScript too; and, with doxygen-awesome-css, its switch
    between light and dark."""
    head = book / "head.html"
    subprocess.run([doxygen, "-w", "html", head, book / "foot.html", book / "style.css"], stdout=subprocess.DEVNULL,
                   check=True)
    known = subprocess.run([doxygen, "-s", "-g", "-"], stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
    text = TITLE.sub(r'\1<a href="$relpath^index.html">\2</a>', head.read_text(encoding="utf-8"))
    lines = [f"HTML_HEADER = {head}"]
    # Newer versions make every ground transparent, and warn about the option.
    if "DOT_TRANSPARENT" in known:
        lines.append("DOT_TRANSPARENT = YES")
    # Their bar for folding code stands in the line numbers.
    if "HTML_CODE_FOLDING" in known:
        lines.append("HTML_CODE_FOLDING = NO")
    if theme:
        # Newer versions have a dark mode of their own, which would darken only some of what the theme shows light.
        if "HTML_COLORSTYLE " in known:
            lines.append("HTML_COLORSTYLE = LIGHT")
        text = re.sub("^</head>", lambda _: SWITCH, text, flags=re.M)
        sheets = ("doxygen-awesome", "doxygen-awesome-sidebar-only", "doxygen-awesome-sidebar-only-darkmode-toggle")
        lines += [f"HTML_EXTRA_FILES = {theme}/doxygen-awesome-darkmode-toggle.js",
                  "HTML_EXTRA_STYLESHEET = " + " ".join([f"{theme}/{sheet}.css" for sheet in sheets] +
                                                        ["docs/theme.css", "docs/book.css"])]
    head.write_text(text, encoding="utf-8")
    return lines


def mend_links(folder: Path) -> None:
    """Doxygen 1.9.4 lists the members of a documented namespace below their files in the navigation too, with links to the
    files' pages, where they are not. Leads those links to the namespace's page."""
    namespaces = {path: path.read_text(encoding="utf-8") for path in sorted(folder.glob("namespace*.html"))}

    def mended(found: "re.Match[str]") -> str:
        place = f'id="{found[2]}"'
        if place not in (folder / found[1]).read_text(encoding="utf-8"):
            for path, text in namespaces.items():
                if place in text:
                    return f"{path.name}#{found[2]}"
        return found[0]

    for path in folder.glob("*_8hpp.js"):
        text = path.read_text(encoding="utf-8")
        path.write_text(MEMBER.sub(mended, text), encoding="utf-8")
