"""What the search box finds."""

from pathlib import Path

from course.book import search
from course.book.path import Page

DATA = 'var indexSectionsWithContent =\n{\n  0: "ab",\n  1: "b"\n};\n'


def book(folder: Path) -> list[Page]:
    """A book of one page, with Doxygen's lists for a and b."""
    (folder / "search").mkdir()
    (folder / "search/searchdata.js").write_text(DATA, encoding="utf-8")
    for number in (0, 1):
        (folder / f"search/all_{number}.js").write_text("var searchData=\n[\n  ['x',['x',['../x.html',1,'']]]\n];\n", encoding="utf-8")
    (folder / "search/all_0.html").write_text('<script src="all_0.js"></script>', encoding="utf-8")
    heading = '<h2><a class="anchor" id="child_why"></a>\nBuffers &amp; "it\'s"</h2>'
    (folder / "child.html").write_text(f"<html><body>{heading}</body></html>", encoding="utf-8")
    return [Page("child", "docs/child.md", folder / "child.md", "The bag of sockets", False)]


def test_a_title_is_found_by_each_of_its_meaningful_words(tmp_path: Path) -> None:
    keys = [entry.key for entry in search.entries(tmp_path, book(tmp_path))]
    assert "bag_20of_20sockets" in keys
    assert "sockets" in keys
    assert not any(key.startswith(("the", "of")) for key in keys)


def test_a_heading_links_to_its_anchor_and_is_added_to_the_list_of_its_letter(tmp_path: Path) -> None:
    search.add(tmp_path, book(tmp_path))
    listed = (tmp_path / "search/all_1.js").read_text(encoding="utf-8")
    assert "['x',['x',['../x.html',1,'']]],\n" in listed
    assert "['Buffers &amp; \"it&apos;s\"',['../child.html#child_why',1,'The bag of sockets']]" in listed
    assert listed.endswith("\n];\n")


def test_a_letter_without_a_list_gets_one(tmp_path: Path) -> None:
    search.add(tmp_path, book(tmp_path))
    assert '  0: "abis"' in (tmp_path / "search/searchdata.js").read_text(encoding="utf-8")
    assert "all_3.js" in (tmp_path / "search/all_3.html").read_text(encoding="utf-8")
    assert (tmp_path / "search/all_3.js").read_text(encoding="utf-8").startswith("var searchData=\n[\n  ['sockets_w")
