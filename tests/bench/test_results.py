"""What a results file holds, and which files are refused."""

from pathlib import Path

import pandas
import pytest
from made_up import failure, run_of

from course.bench.plan import Step
from course.bench.results import from_csv, only_one_run, read, refuse_to_mix
from course.call import Mistake


def test_samples_are_the_same_after_writing_and_reading_them() -> None:
    before = run_of("20260101T000000-abcdef", failure("asio", 'said "no", twice', "echo"))
    after = from_csv(before.as_csv(), "results.csv")
    assert (after.run, after.machine, after.about) == (before.run, before.machine, before.about)
    pandas.testing.assert_frame_equal(after.samples, before.samples, check_dtype=False)


@pytest.mark.parametrize(("text", "said"), [
    ("", "x.csv: this is not a results file: it is empty"),
    ("a,b\n", "x.csv, line 1: this is not a results file"),
    (run_of("1").as_csv() + "a,b\n", "x.csv, line 13: 9 fields were expected, 2 found"),
    (run_of("1").as_csv() + "1,m,hot,c,raw,0,time,fast,ns\n", "x.csv, line 13: 'fast' is not a number"),
    (run_of("1").as_csv() + run_of("2").as_csv().partition("unit\n")[2], "x.csv holds the runs 1 and 2: figures of different runs"),
])
def test_a_file_that_is_not_a_results_file_is_refused_with_the_line_at_fault(text: str, said: str) -> None:
    with pytest.raises(Mistake) as refused:
        from_csv(text, "x.csv")
    assert said in str(refused.value)


def test_two_files_or_a_missing_one_are_refused() -> None:
    assert only_one_run(["a.csv"]) == Path("a.csv")
    with pytest.raises(Mistake, match="--show a.csv and b.csv: .* not comparable"):
        only_one_run(["a.csv", "b.csv"])
    with pytest.raises(Mistake, match="read the results /no/such/file.csv: No such file"):
        read(Path("/no/such/file.csv"))


def test_a_run_that_would_mix_its_samples_with_those_of_another_run_is_refused() -> None:
    def mix(workload: str, *names: str) -> None:
        refuse_to_mix(run_of("first"), [Step(workload, "", 1, 1, {name: list for name in names})], Path("out/results.csv"))

    mix("hot", "raw", "ours", "libuv", "asio")
    with pytest.raises(Mistake, match="out/results.csv holds hot of raw from the run first"):
        mix("echo", "raw", "ours", "libuv")
    with pytest.raises(Mistake, match="holds hot of libuv"):
        mix("hot", "raw", "ours")
