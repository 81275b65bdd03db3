"""What the book makes of a trace."""

from pathlib import Path

import pytest

from course.book import changed, chart, kernel

BEGIN = '1 1.0 execve("x/blocking-accept", ["x"], 0x1 /* 1 var */) = 0\n1 2.0 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<TCP:[1]>\n'


def test_a_call_without_an_explanation_is_named(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    trace.write_text(BEGIN + "1 3.0 sendmmsg(3<TCP:[1]>, [], 0, 0) = 0\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"no sentence in scripts/course/book/calls.py: sendmmsg"):
        kernel.make("01-blocking-accept", trace)


def test_a_truncated_line_is_left_out(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    trace.write_text(BEGIN + "1 3.0 recvfrom(3<TCP", encoding="utf-8")
    page = kernel.make("01-blocking-accept", trace)
    assert "socket</a>(AF_INET" in page
    assert "recvfrom" not in page


def test_without_a_trace_the_pages_say_so(tmp_path: Path) -> None:
    assert "strace" in chart.make("04-echo-server", tmp_path / "none")
    assert "`strace` could not watch" in kernel.make("04-echo-server", tmp_path / "none")


def test_the_page_of_changes_distinguishes_a_new_file_from_one_that_grew() -> None:
    page = changed.make("02-selector-accept")
    assert "| [selector-accept.cpp](@ref changed_02_selector_accept) | `blocking-accept.cpp` of lesson 01 |" in page
    assert "| [multiconn-client.cpp](@ref changed_06_multiconn_client) |" in changed.make("06-multiconn")
