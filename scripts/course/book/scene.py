"""The players of the book: what was recorded of a scene, with the questions that stand beside the scene."""

import json
import re
import sys
from pathlib import Path
from typing import Any, Optional

from course.trace import recording
from course.trace.event import Event, port
from course.trace.repeats import side_by_side

FIRST_CLIENT_PORT = 50001  # as in tests/support/transcript.hpp


def stable_ports(events: list[Event], main: int, default: int) -> dict[int, int]:
    """The ports of a run, and those that the book shows in their place."""
    ports: dict[int, int] = {}
    clients = FIRST_CLIENT_PORT
    for event in events:
        if event.process != main or event.error not in ("", "EINPROGRESS"):
            continue
        if event.does in ("connect", "listen") or event.call == "getsockname" and not event.ports:
            number = port(event.address or (event.file.local if event.file else ""))
            if number:
                ports.setdefault(number, default)
        elif event.does == "accept" and event.address and port(event.address) not in ports:
            ports[port(event.address)], clients = clients, clients + 1
    ports[0] = default
    return ports


def one(events: list[Event], label: str, default: int) -> dict[str, Any]:
    """A run with stable ports."""
    main = recording.main_process(events)
    return recording.with_ports(recording.run(events, label, main), stable_ports(events, main, default))


def moment(runs: list[dict[str, Any]], moments: list[tuple[int, int]], anchor: dict[str, Any], where: str) -> Optional[int]:
    """The first moment at which a step is shown whose sentence matches. {"run": 1, "says": "recv returns", "nth": 2}"""
    steps = runs[anchor.get("run", 0)]["steps"]
    found = [number for number, step in enumerate(steps) if re.search(anchor["says"], step["says"])]
    nth = anchor.get("nth", 1)
    if len(found) < nth:
        print(f"{where}: no step {nth} says '{anchor['says']}'. The steps of that run say:\n  "
              + "\n  ".join(step["says"] for step in steps), file=sys.stderr)
        return None
    return next(number for number, pair in enumerate(moments) if pair[anchor.get("run", 0)] == found[nth - 1])


def named(beside: Path) -> str:
    """The scene that the player shows, if it is another than the one that the page's transcript is of."""
    return str(json.loads(beside.read_text(encoding="utf-8")).get("scene", "")) if beside.exists() else ""


def make(title: str, runs: list[dict[str, Any]], beside: Path) -> dict[str, Any]:
    """The recording with its questions. Says so and leaves a question out if it is about a step that is not there: how a
    machine shared its time may have changed what happened."""
    made: dict[str, Any] = {"title": title, "runs": runs}
    moments = [(number, number) for number in range(len(runs[0]["steps"]))]
    if len(runs) == 2:
        moments = side_by_side(runs[0]["steps"], runs[1]["steps"])
        made["moments"] = [list(pair) for pair in moments]
    if not beside.exists():
        return made
    scene = json.loads(beside.read_text(encoding="utf-8"))
    where = beside.name
    if "part" in scene and (part := moment(runs, moments, scene["part"], where)) is not None:
        made["part"] = part
    questions = []
    for question in scene.get("questions", []):
        if len(question["answers"]) != 3 or sum(answer["right"] for answer in question["answers"]) != 1:
            raise ValueError(f"{where}: '{question['ask']}' needs three answers, of which one is right")
        if (before := moment(runs, moments, question["before"], where)) is not None:
            questions.append({**question, "before": before})
    made["questions"] = sorted(questions, key=lambda each: int(each["before"]))
    return made

