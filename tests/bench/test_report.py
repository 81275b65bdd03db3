"""The tables and the plots of a run, and the limits."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pandas
import pytest
from made_up import failure, run_of, samples

from course.bench.figures import Figures
from course.bench.limits import LIMITS, Limit
from course.bench.names import CALLS, DELIVERIES, GROWS_HOT_1, PER_EVENT, active_of, echo_request, ours_on
from course.bench.plots import LOOKS, SHOWN, growth_plot, ratio_plot
from course.bench.report import as_page, as_table
from course.bench.targets import in_short
from course.tables import readable


@pytest.mark.parametrize(("value", "text"), [(0, "0.00"), (2.017, "2.02"), (9.994, "9.99"), (9.996, "10.0"), (99.96, "100"),
                                             (999, "999"), (999.6, "1,000"), (1234567, "1,234,567"), (-123456, "-123,456")])
def test_a_figure_is_shown_with_three_digits_or_as_a_whole_number(value: float, text: str) -> None:
    assert readable(value) == text


def test_a_table_shows_the_median_with_its_ratio_in_brackets_and_what_failed() -> None:
    many = active_of(1, 9000)
    run = run_of("1", samples({"raw": [1000], "ours": [12345]}, configuration=many),
                 failure("libuv", "killed by signal 11 | at once", configuration=many))
    assert as_table(Figures(run.samples), "hot", PER_EVENT) == (
        "| time per event, ns | 100 active of 100 | 1 active of 9000 |\n"
        "|---|---:|---:|\n"
        "| raw | 100 (1.00) | 1,000 (1.00) |\n"
        "| ours | 102 (1.02) | 12,345 (12.35) |\n"
        "| libuv | 110 (1.09) | failed: killed by signal 11 / at once |\n")


def test_the_parts_of_a_count_have_a_table_of_their_own() -> None:
    parts = {CALLS: 2.02, f"{CALLS}: epoll_wait": 0.02, f"{CALLS}: recvfrom": 1, f"{CALLS}: brk": 0.001}
    counted = [samples({"ours": [count]}, "calls", echo_request(50), name, "") for name, count in parts.items()]
    page = as_page(run_of("1", *counted))
    assert "| ours | 2.02 |\n" in page
    assert "| ours | recvfrom 1.00, epoll_wait 0.02 |\n" in page
    assert "brk" not in page


def test_the_page_begins_with_the_machine_and_a_summary() -> None:
    page = as_page(run_of("1"))
    assert page.index("- a machine\n- libuv: not installed\n") < page.index("## In short") < page.index("## hot")
    assert "| hot, 100 active of 100 and of 9,000: ratio to raw | libuv 1.09 | 1.02 | ≤ 1.03 | met |\n" in page
    assert "| ctl" not in page  # was not part of the run
    assert "100 members: ratio to raw | – | – | ≥ 2.30 | not measured |" in in_short(
        Figures(failure("ours", "lost a byte", "chat", "100 members")))


def test_a_limit_applies_to_the_figure_as_it_is_shown() -> None:
    limit = Limit("ours", "calls", echo_request(50), 2.02)
    assert limit.holds(2.0249) and not limit.holds(2.03)
    assert limit.told(2.02) == "system calls, echo request, 50 connections: ours: 2.02, at most 2.02"
    assert limit.told(4.02).endswith(": ours: 4.02, at most 2.02: does not hold")


def test_the_page_lists_every_limit_in_order() -> None:
    page = Path("docs/performance.md").read_text(encoding="utf-8").partition("## What CI checks")[2].partition("|---|---:|\n")[2]
    told = re.findall(r"\| ([0-9.,]+) \|$", page.partition("\n\n")[0], re.MULTILINE)
    assert [float(number.replace(",", "")) for number in told] == [limit.most for limit in LIMITS]


def plots() -> dict[str, str]:
    """The two plots of a run by their kind of mark."""
    chat = samples({"raw": [100], "ours": [200]}, "chat", "100 members", DELIVERIES, "")
    growth = [samples({name: [value]}, "growth", size, GROWS_HOT_1)
              for size in ("100", "900", "19000") for name, value in (("raw", 120), (ours_on("select"), 1000))
              if (size, name) != ("19000", ours_on("select"))]
    return {"ratios": ratio_plot(Figures(run_of("1", chat).samples), "a machine <fast> & cheap"),
            "growth": growth_plot(Figures(pandas.concat(growth, ignore_index=True)), "a machine")}


def test_the_plots_have_a_title_and_a_description_and_the_colour_of_the_page_and_need_no_other_file() -> None:
    for name, svg in {**plots(), "empty": ratio_plot(Figures(samples({})), "")}.items():
        root = ElementTree.fromstring(svg)
        assert [child.tag.rpartition("}")[2] for child in list(root)[:2]] == ["title", "desc"], name
        assert root[0].text and root[1].text and root.get("role") == "img"
        assert "currentColor" in svg and "#010203" not in svg and "nan" not in svg
        assert set(re.findall("http[^\"']*", svg)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert plots() == plots()  # not a byte differs


def test_every_figure_has_its_mark_and_further_left_is_always_better() -> None:
    found = plots()
    for tip in ("ours, hot, 100 active of 100: 1.02", "libuv, hot, 100 active of 100: 1.09", "ours, chat, 100 members, time: 0.50"):
        assert found["ratios"].count(f"<title>{tip}</title>") == 1
    assert found["growth"].count("<title>raw, 19000 descriptors: 120 ns</title>") == 1
    assert "asio, hot" not in found["ratios"] and "ours on select, 19000" not in found["growth"]


def test_each_contestant_in_the_plot_looks_different() -> None:
    assert len(set(LOOKS)) >= len(SHOWN)
