"""A recording: the steps of a whole log, in the form in which a player shows them (recording.schema.json)."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Optional

from course.trace.event import Event
from course.trace.others import PLAYED
from course.trace.places import Places
from course.trace.repeats import shorter
from course.trace.steps import Machine

SCHEMA = Path(__file__).with_name("recording.schema.json")


def in_order(events: Iterable[Event], main: int) -> list[Event]:
    """The events in the order in which they took effect, with the lines of the program that they came from.

    What others do takes effect when it begins. Of the main program, a call that has begun gets what is known of it once it has
    returned; one that asked for no time has not slept."""
    events = list(events)
    ended = {(event.process, event.start): event for event in events if event.end is not None}
    kept: list[Event] = []
    moved: set[tuple[int, float]] = set()
    with Places() as places:
        for event in events:
            call = (event.process, event.start)
            if event.process == main:
                whole = ended.get(call) if event.end is None else None
                if whole and whole.timeout == 0 and whole.does == "wait":
                    continue
                event.place = places.find(whole or event)
                if whole:
                    event.timeout, event.watched = whole.timeout, whole.watched
            elif event.does in ("send", "close", "shutdown"):
                if call in moved:
                    continue
                if event.end is None and call in ended:
                    moved.add(call)
                    kept.append(ended[call])
                    continue
            elif event.call == "kill" and "SIGKILL" in event.arguments and f"{main}," in event.arguments:
                break  # whoever played the scene has seen enough
            kept.append(event)
    return kept


def main_process(events: Iterable[Event]) -> int:
    """The first program that is neither a shell nor what plays the others."""
    return next(event.process for event in events
                if event.does == "start" and event.value == 0 and event.program not in (*PLAYED, "sh"))


def run(events: list[Event], label: str = "", main: Optional[int] = None) -> dict[str, Any]:
    """What the main program did, for a player."""
    main = main or main_process(events)
    machine = Machine(main)
    steps = [step for event in in_order(events, main) for step in machine.take(event)]
    terminals = {name: f"{machine.sitting[name]} ({re.sub(' [0-9]+$', '', name)})" if name in machine.sitting else name
                 for name in machine.terminals}
    terminals = {name: shown.removeprefix("pitfall-") for name, shown in terminals.items()}
    for step in steps:
        for each in step.get("prints", []):
            each["terminal"] = terminals[each["terminal"]]
        sitting = machine.sitting.get(step["who"])
        if sitting:
            step["says"], step["who"] = step["says"].replace(step["who"], sitting, 1), sitting
    if steps and machine.program["state"] != "ended":
        last = steps[-1]
        steps.append({"says": "The recording ends here. The program keeps running.", "who": "kernel", "call": "end", "time": last["time"],
                      "set": {}})
    steps = shorter(steps)
    program = next(event.program for event in reversed(events) if event.process == main and event.program)
    return {"program": program.removeprefix("pitfall-"), "label": label, "sources": machine.sources, "terminals": list(terminals.values()), "steps": steps}


def with_ports(recording: dict[str, Any], ports: dict[int, int]) -> dict[str, Any]:
    """The recording with other ports, which are the same each time."""
    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            return re.sub(r"(?<=:)0\b|(?<=[ :])[1-9]\d{3,4}\b", lambda found: str(ports.get(int(found[0]), found[0])), value)
        if isinstance(value, list):
            return [renamed(each) for each in value]
        if isinstance(value, dict):
            return {name: each if name == "sources" else renamed(each) for name, each in value.items()}
        return value

    changed: dict[str, Any] = renamed(recording)
    return changed


def schema() -> dict[str, Any]:
    """The JSON schema of a recording."""
    read: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return read
