"""What a line of prose becomes: its links lead to pages of the book, manual pages and RFCs are linked, code stays whole.

The text is read once. What is code or a link already is found first, so that nothing within it is taken for prose."""

import re
from typing import Callable

# For Doxygen, a ' ends what a single ` began, and what follows is no code any more. After `` it leaves ' alone.
SPAN = r"(?P<ticks>`+)(?!`)(?P<code>(?:[^\n]|\n(?!\s*\n))+?)(?<!`)(?P=ticks)(?!`)"
LINK = r"\[(?P<text>(?:`[^`]*`|[^\]`])*)\]\((?P<to>[^)]*)\)"
HTML = r"<[^>\n]*>"
MANUAL = r"(?<![\w/.\"-])(?P<name>[a-z][a-z0-9_-]*)\((?P<of>[1-8])\)"
RFC = r"\b(?P<rfc>RFC (?P<number>\d+)(?:,\s+(?:///<?\s*)?section (?P<section>\d+(?:\.\d+)*))?)"

PROSE = re.compile(f"(?<![`\\\\]){SPAN}|{LINK}|{HTML}|{MANUAL}|{RFC}")
HEADING = re.compile(f"(?<![`\\\\]){SPAN}|{LINK}")
COMMENT = re.compile(PROSE.pattern.replace(r"|\n(?!\s*\n)", ""))  # code in it ends with its line


def code(ticks: str, inside: str) -> str:
    """A piece of code as Doxygen must be given it."""
    return f"``{inside}``" if ticks == "`" and "'" in inside else ticks + inside + ticks


def whole_code(text: str) -> str:
    """The text of a link, with its code whole."""
    return re.sub(f"(?<![`\\\\]){SPAN}", lambda found: code(found["ticks"], found["code"]), text)


def manual_page(name: str, section: str) -> str:
    """A link to a page of the manual."""
    page = f"https://man7.org/linux/man-pages/man{section}/{name}.{section}.html"
    if name in ("kqueue", "kevent"):
        page = f"https://man.freebsd.org/cgi/man.cgi?query={name}&sektion={section}"
    return f"[{name}({section})]({page})"


def prose(text: str, link: Callable[[str, str], str], pattern: "re.Pattern[str]" = PROSE) -> str:
    """The text with its code whole and its links as link(text, target) gives them; of PROSE, manual pages and RFCs too."""

    def replaced(found: "re.Match[str]") -> str:
        part = found.groupdict()
        if part["code"]:
            return code(part["ticks"], part["code"])
        if part["to"] is not None:
            return link(whole_code(part["text"]), part["to"])
        if part.get("name"):
            return manual_page(part["name"], part["of"])
        if part.get("rfc"):
            place = f"#section-{part['section']}" if part["section"] else ""
            return f"[{part['rfc']}](https://www.rfc-editor.org/rfc/rfc{part['number']}{place})"
        return found[0]

    return pattern.sub(replaced, text)


def header(text: str) -> str:
    """A header as Doxygen is given it: the same in the comments that it reads."""
    return re.sub(r"///.*(?:\n[ \t]*///.*)*", lambda found: prose(found[0], "[{}]({})".format, COMMENT), text)
