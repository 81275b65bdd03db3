"""What the book makes of a line of prose."""

import pytest

from course.book import words


def plain(text: str, to: str) -> str:
    """Leaves a link as it is."""
    return f"[{text}]({to})"


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("accept(2) waits", "[accept(2)](https://man7.org/linux/man-pages/man2/accept.2.html) waits"),
        ("kqueue(2)", "[kqueue(2)](https://man.freebsd.org/cgi/man.cgi?query=kqueue&sektion=2)"),
        ("RFC 9293", "[RFC 9293](https://www.rfc-editor.org/rfc/rfc9293)"),
        ("RFC 9293,\nsection 3.6", "[RFC 9293,\nsection 3.6](https://www.rfc-editor.org/rfc/rfc9293#section-3.6)"),
        ("`accept(2)` is code", "`accept(2)` is code"),
        ("[accept(2)](there) is a link", "[accept(2)](there) is a link"),
        ('<a title="accept(2)">', '<a title="accept(2)">'),
        ("a.accept(2) and x/accept(2)", "a.accept(2) and x/accept(2)"),
    ],
)
def test_manual_pages_and_rfcs_are_linked_outside_code_and_links(text: str, becomes: str) -> None:
    assert words.prose(text, plain) == becomes


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("`b'\\n'`", "``b'\\n'``"),
        ("`plain`", "`plain`"),
        ("``it's`` kept", "``it's`` kept"),
        ("`printf\n'x'`", "``printf\n'x'``"),
        ("[`it's`](there)", "[``it's``](there)"),
        ("a ` alone, and it's prose", "a ` alone, and it's prose"),
    ],
)
def test_code_with_an_apostrophe_stays_whole(text: str, becomes: str) -> None:
    assert words.prose(text, plain) == becomes


def test_in_a_header_only_its_comments_are_prose() -> None:
    header = "int accept(2);\n/// See accept(2), `b'x'`.\nchar c = '`';\n"
    made = words.header(header)
    assert made.startswith("int accept(2);\n/// See [accept(2)](https://")
    assert "``b'x'``" in made
    assert made.endswith("char c = '`';\n")
