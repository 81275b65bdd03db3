"""Whole recorded logs: of a lesson's program, a Python server, and a server with 1,000 connections; also cut off."""

import gzip
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from course.trace import event, recording
from course.trace.strace import Parser, parse

LOGS = Path(__file__).parent / "logs"


def log(name: str) -> str:
    """A recorded log."""
    return gzip.decompress((LOGS / f"{name}.log.gz").read_bytes()).decode()


def says(name: str) -> list[str]:
    """The sentences of a recording."""
    return [step["says"] for step in recording.run(parse(log(name)))["steps"]]


@pytest.mark.parametrize("name", ["lesson-06", "python", "busy"])
def test_every_event_and_the_recording_fit_their_schemas(name: str) -> None:
    events = parse(log(name))
    check = jsonschema.Draft202012Validator(event.schema())
    for each in events:
        check.validate(json.loads(json.dumps(each.json())))
    made: dict[str, Any] = {"title": name, "runs": [recording.run(events)]}
    jsonschema.Draft202012Validator(recording.schema()).validate(json.loads(json.dumps(made)))


def test_no_line_of_a_recorded_log_is_unknown() -> None:
    for name in ("lesson-06", "python", "busy"):
        assert [each.arguments for each in parse(log(name)) if each.call == "?"] == []


def test_two_messages_that_came_together_are_received_as_one() -> None:
    told = says("lesson-06")
    [received] = [each for each in told if "recv takes" in each]
    assert "48 bytes" in received
    assert told[-1] == "The program ends with status 0."


def test_a_python_server_is_described_by_its_system_calls() -> None:
    told = says("python")
    assert "epoll_ctl (add) puts" in "".join(told) or "register_ puts" in "".join(told)
    assert sum("accept takes client" in each for each in told) == 2
    assert sum("returns 0 bytes" in each for each in told) == 2


def test_a_thousand_connections_give_a_short_recording() -> None:
    run = recording.run(parse(log("busy")))
    assert len(run["steps"]) < 400
    assert max(len(step["set"].get("batch") or []) for step in run["steps"]) <= 40


def test_ports_are_renamed_and_other_numbers_are_not() -> None:
    made = recording.with_ports({"says": "127.0.0.1:0 and port 43210 and 0000048 0000 and 4321"}, {0: 7342, 43210: 7342})
    assert made["says"] == "127.0.0.1:7342 and port 7342 and 0000048 0000 and 4321"


def test_the_events_before_a_cut_are_the_same_wherever_a_log_is_cut_off() -> None:
    text = log("python")
    whole = parse(text)
    for end in range(0, len(text), 997):
        parser = Parser()
        events = parser.feed(text[:end])
        assert events == whole[:len(events)]
        parser.close()


def test_a_log_gives_the_same_events_whatever_pieces_it_arrives_in() -> None:
    text = log("python")
    for size in (1, 7, 4096):
        parser = Parser()
        events = [each for at in range(0, len(text), size) for each in parser.feed(text[at:at + size])]
        assert [*events, *parser.close()] == parse(text)
