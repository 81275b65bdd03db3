"""How a Markdown file becomes a page of the book."""

from pathlib import Path

import pytest

from course.book.page import Edition, Maker
from course.book.path import Page, connect


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """A little book: a start page, a lesson, a page with a subpage, and a page without one."""
    pages = [
        Page("index", "README.md", tmp_path / "README.md", "The start", False),
        Page("lesson_03", "03-callbacks/README.md", tmp_path / "lesson.md", "Lesson 03", False, "a step"),
        Page("parent", "docs/parent.md", tmp_path / "parent.md", "The parent", False),
        Page("child", "docs/child.md", tmp_path / "child.md", "The child", True),
        Page("alone", "docs/alone.md", tmp_path / "alone.md", "Alone", False),
    ]
    pages[2].place.write_text("# The parent\n\n[Start](../README.md) · Needs: lesson 03.\n\nText.\n", encoding="utf-8")
    connect(pages)
    return Edition(pages, teacher=False, handouts=False)


def made(edition: Edition, name: str, text: str) -> str:
    """What the book makes of a page with this text."""
    page = next(page for page in edition.pages if page.name == name)
    page.place.write_text(text, encoding="utf-8")
    return Maker(edition, page).make()


def test_a_link_between_files_becomes_a_link_between_pages_even_over_two_lines(edition: Edition) -> None:
    page = made(edition, "child", "# Child\n\nSee [lesson\n03](../03-callbacks/README.md#run-it), [here](#below).\n\n## Below\n")
    assert "[lesson 03](@ref lesson_03_run_it)" in page
    assert "[here](@ref child_below)" in page
    assert "## Below {#child_below}" in page


def test_links_in_lists_tables_and_quotations_are_links_too(edition: Edition) -> None:
    text = "# Child\n\n- one\n\n      code\n\n  [two](alone.md)\n\n| a | b |\n|---|---|\n| [x](alone.md) | [y](alone.md) |\n\n> [z](alone.md)\n"
    page = made(edition, "child", text)
    for name in ("two", "x", "y", "z"):
        assert f"[{name}](@ref alone)" in page


def test_an_emphasised_link_is_a_link_in_the_book_too(edition: Edition) -> None:
    assert "call *[blocks](@ref alone)*." in made(edition, "child", "# Child\n\nThe call [*blocks*](alone.md).\n")


def test_a_link_that_the_book_cannot_parse_is_reported_with_its_line(edition: Edition) -> None:
    with pytest.raises(ValueError, match=r"^docs/child.md:3: the parser sees 1 links here and the book 0"):
        made(edition, "child", "# Child\n\nSee [it][there].\n\n[there]: alone.md\n")


def test_a_link_to_a_file_outside_the_book_makes_doxygen_warn(edition: Edition) -> None:
    assert "@ref there_is_no_page_docsgonemd" in made(edition, "child", "# Child\n\nSee [it](gone.md).\n")


def test_previous_and_next_come_from_the_list_and_replace_those_written_by_hand(edition: Edition) -> None:
    text = "# Parent\n\n[Start](../README.md) · before: [wrong](../README.md)\n\nNeeds: lesson 03.\n\nText.\n"
    page = made(edition, "parent", text)
    assert '<a rel="prev" href="lesson_03.html">Lesson 03</a>' in page
    assert '<a rel="next" href="alone.html">Alone</a>' in page
    assert "wrong" not in page
    assert "Needs: lesson [03](@ref lesson_03)." in page


def test_a_subpage_links_to_its_parent_and_is_a_subpage_there_once(edition: Edition) -> None:
    assert '<a href="parent.html">The parent</a>' in made(edition, "child", "# Child\n\nText.\n")
    assert '- @subpage child "The child"' in made(edition, "parent", "# Parent\n\nNeeds: nothing.\n\nText.\n")
    page = made(edition, "parent", "# Parent\n\nNeeds: nothing.\n\n[One](child.md) and [again](child.md).\n")
    assert '@subpage child "One" and [again](@ref child)' in page
    assert "- @subpage" not in page


def test_a_page_without_its_needs_takes_them_from_its_parent_or_doxygen_warns(edition: Edition) -> None:
    assert "Needs: lesson [03](@ref lesson_03)." in made(edition, "child", "# Child\n\nText.\n")
    assert "@ref this_page_does_not_say_what_it_needs" in made(edition, "alone", "# Alone\n\nText.\n")


def test_code_is_left_unchanged(edition: Edition) -> None:
    text = "# Child\n\n```sh\n## [no](heading.md)\naccept(2)\n```\n\n    [nor](link.md)\n\nText.\n"
    page = made(edition, "child", text)
    assert "## [no](heading.md)\naccept(2)\n```" in page
    assert "    [nor](link.md)" in page
    assert "@ref there" not in page


def test_a_recorded_transcript_replaces_the_one_in_the_file(edition: Edition) -> None:
    page = made(edition, "child", "# Child\n\nIt prints\n\n<!-- transcript: echo-server -->\n```text\nold\n```\n\nand ends.\n")
    assert "@verbinclude echo-server.txt" in page
    assert "old" not in page
    assert "and ends." in page


def test_folds_and_drawings_become_html(edition: Edition) -> None:
    text = "# Child\n\n<details>\n<summary>Why?</summary>\n\nSo.\n\n</details>\n\n![it](plot.svg)\n"
    page = made(edition, "child", text)
    assert "@htmlonly[block]<details>@endhtmlonly" in page
    assert "@htmlonly[block]</details>@endhtmlonly" in page
    assert "@htmlinclude docs/plot.svg" in page


def test_a_fold_has_an_anchor_and_opens_for_links_to_it(edition: Edition) -> None:
    page = made(edition, "child", "# Child\n\n<details>\n<summary>Why `send` & not write?</summary>\n\nSo.\n\n</details>\n")
    assert '<summary id="child_why_send__not_write">Why <code>send</code> &amp; not write?</summary>' in page
    assert '<script defer src="folds.js"></script>' in page
    assert "folds.js" not in made(edition, "child", "# Child\n\nNothing folds.\n")


def test_the_rows_of_a_table_become_cards_that_lead_to_their_pages(edition: Edition) -> None:
    page = made(edition, "index", "# Start\n\n<!-- cards -->\n| page | idea | time |\n|---|---|---|\n"
                "| [03 Callbacks](03-callbacks/README.md) | A key & its `data`. | 20 minutes |\n\nText.\n")
    assert ('<li><a href="lesson_03.html"><strong>03 Callbacks</strong><span>A key &amp; its <code>data</code>.</span>'
            '<small>20 minutes</small></a></li>') in page
    assert "|" not in page.partition("</nav>")[2].partition("<nav")[0]
    with pytest.raises(ValueError, match="a card begins with a link, not with 'Callbacks'"):
        made(edition, "index", "# Start\n\n<!-- cards -->\n| a | b | c |\n|---|---|---|\n| Callbacks | b | c |\n")


def test_the_links_below_a_mark_become_buttons(edition: Edition) -> None:
    page = made(edition, "child", "# Child\n\n<!-- buttons -->\n[Start](03-callbacks/README.md) [Run](#run)\n\n## Run\n")
    inside = page.partition('<div class="book-buttons">')[2].partition("</div>")[0]
    assert "[Run](@ref child_run)" in inside
    assert "## Run" not in inside
@pytest.mark.parametrize(("file", "kind"), [("plot.svg", "book-plot"), ("drawings/it.svg", "book-drawing")])
def test_a_plot_scrolls_sideways_on_a_phone_and_a_drawing_fits(edition: Edition, file: str, kind: str) -> None:
    page = made(edition, "child", f"# Child\n\n![it]({file})\n")
    assert f'<div class="{kind}">@endhtmlonly\n\n@htmlinclude docs/{file}\n' in page


def test_two_headings_with_the_same_text_have_different_anchors(edition: Edition) -> None:
    page = made(edition, "child", "# Child\n\n## Try it\n\nA.\n\n## Try it\n\nB.\n")
    assert "## Try it {#child_try_it}" in page
    assert "## Try it {#child_try_it_1}" in page
