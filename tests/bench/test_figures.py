"""Figures are computed from samples and compared with targets."""

from typing import Any

import pandas
import pytest
from made_up import HOT, failure, run_of, samples

from course.bench.figures import Figures
from course.bench.names import CPU_PER_REQUEST, DELIVERIES, OURS_LINES, PER_EVENT, RAW_LINES, active_of, echo_of
from course.bench.targets import Target, row


def ours(data: pandas.DataFrame, name: str = "ours") -> Any:
    """Our figure in the workload `hot`."""
    return Figures(data).find(HOT[0], HOT[1], name, PER_EVENT)


def test_a_figure_shows_the_median_of_the_ratios_of_all_rounds() -> None:
    assert ours(run_of("1").samples).median == 102
    assert ours(run_of("1").samples).ratio == pytest.approx(1.02)
    # Here the ratio of the medians would be another.
    assert ours(samples({"raw": [100, 200, 300], "ours": [300, 220, 315]})).ratio == pytest.approx(1.10)


def test_a_round_without_a_figure_of_raw_counts_only_for_the_median() -> None:
    figure = ours(samples({"raw": [100], "ours": [110, 500, 600]}))
    assert (figure.median, figure.ratio) == (500, pytest.approx(1.1))
    assert ours(samples({"ours": [110]})).ratio is None
    assert ours(samples({"raw": [0], "ours": [110]})).ratio is None


def test_a_contestant_that_failed_has_a_message_instead_of_a_figure() -> None:
    figures = Figures(run_of("1", failure("asio", "ended with status 1: no memory")).samples)
    assert ours(figures.samples, "asio") is None
    assert figures.failure(HOT[0], HOT[1], "asio") == "ended with status 1: no memory"
    assert figures.different("hot", "contestant") == ["raw", "ours", "libuv", "asio"]
    assert figures.different("hot", "measure") == [PER_EVENT]


@pytest.mark.parametrize(("limit", "at_most", "became"), [(1.03, True, "**missed**"), (1.04, True, "met"), (1.04, False, "**missed**")])
def test_a_target_is_judged_by_the_worst_of_its_configurations(limit: float, at_most: bool, became: str) -> None:
    more = samples({"raw": [100], "ours": [104.4], "libuv": [130]}, configuration=active_of(100, 9000))
    target = Target("hot", "hot", [active_of(100, 100), active_of(100, 9000)], PER_EVENT, limit, at_most=at_most)
    sign = "≤" if at_most else "≥"
    assert row(target, Figures(run_of("1", more).samples)) == ["hot", "libuv 1.09 to 1.30", "1.02 to 1.04", f"{sign} {limit}", became]


def test_the_best_peer_has_the_highest_figure_where_more_is_better_and_is_never_ours() -> None:
    chat = samples({"raw": [100], "ours": [240], OURS_LINES: [900], "libevent": [190], "libuv": [98]}, "chat", "100 members",
                   DELIVERIES, "")
    target = Target("chat", "chat", ["100 members"], DELIVERIES, 2.3, at_most=False)
    assert row(target, Figures(chat))[1:] == ["libevent 1.90", "2.40", "≥ 2.30", "met"]


def test_only_a_server_that_prints_lines_is_compared_with_raw_epoll_that_prints_lines() -> None:
    echo = Figures(samples({"raw": [100], RAW_LINES: [140], "ours": [101], OURS_LINES: [150], "libuv": [104]}, "echo",
                           echo_of(50, 64), CPU_PER_REQUEST))
    assert row(Target("", "echo", [echo_of(50, 64)], CPU_PER_REQUEST, 1.25, OURS_LINES), echo)[1] == "raw, with lines 1.40"
    assert row(Target("", "echo", [echo_of(50, 64)], CPU_PER_REQUEST, 1.25), echo)[1] == "libuv 1.04"
