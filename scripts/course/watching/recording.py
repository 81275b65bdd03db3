"""What has been seen of a program so far, for any number of pages that follow it."""

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Optional

MOST_STEPS = 20_000
MOST_BYTES = 32_000_000
AT_ONCE = 500  # steps in one message to a page
AT_ONCE_BYTES = 1_000_000


@dataclass
class Message:
    """What a page is sent."""

    text: str
    start: int  # where the next one starts
    known: int  # how many of the sources were sent by then


class Recording:
    """Keeps the steps as JSON, which is what is sent, and takes a fraction of the memory."""

    def __init__(self, title: str, program: str) -> None:
        self.title = title
        self.program = program
        self.changed = threading.Condition()
        self.steps: list[str] = []
        self.bytes = 0
        self.sources: dict[str, str] = {}
        self.terminals: list[str] = []
        self.full = False
        self.last = 0.0  # the time of the last step
        self.shows_end = False
        self.ended: Optional[str] = None  # how
        self.following = 0  # so many pages

    def add(self, steps: Iterable[dict[str, Any]], sources: dict[str, str], terminals: list[str]) -> None:
        """More has happened. From the step on with which the recording is full, nothing is kept."""
        with self.changed:
            for step in steps:
                if self.full:
                    return
                self.keep(step)
                if len(self.steps) >= MOST_STEPS or self.bytes >= MOST_BYTES:
                    self.full = True
                    self.keep({"says": f"The recording is full: it keeps {len(self.steps):,} steps. The program goes on.",
                               "who": "the recording", "call": "full", "time": self.last, "set": {}})
            self.sources.update(sources)
            self.terminals[:] = terminals
            self.changed.notify_all()

    def keep(self, step: dict[str, Any]) -> None:
        """One step more."""
        self.last = step["time"]
        self.steps.append(json.dumps(step, separators=(",", ":")))
        self.bytes += len(self.steps[-1])
        self.shows_end = self.shows_end or step["set"].get("program", {}).get("state") == "ended"

    def end(self, detail: str) -> None:
        """The program has ended. If no step says so, because the recording was full or strace was ended, one does now."""
        with self.changed:
            if not self.shows_end:
                says = f"The program has ended with {detail}." if detail.startswith("status") else f"The program was {detail}."
                self.keep({"says": says, "who": "program", "call": "end", "time": self.last,
                           "set": {"program": {"state": "ended", "detail": detail}}})
            self.ended = detail
            self.changed.notify_all()

    def message(self, start: int, known: int, patience: float) -> Optional[Message]:
        """The steps from `start` on, not all at once, as soon as there are some; None if none came, or if there will be no
        more. `known`: how many of the sources were sent before."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.steps) > start or self.ended is not None, patience)
            if len(self.steps) <= start:
                return None
            end, size = start, 0
            while end < min(len(self.steps), start + AT_ONCE) and size < AT_ONCE_BYTES:
                size += len(self.steps[end])
                end += 1
            rest = {"sources": dict(list(self.sources.items())[known:]), "terminals": self.terminals}
            text = f'{{"from":{start},"steps":[{",".join(self.steps[start:end])}],{json.dumps(rest)[1:]}'
            return Message(text, end, len(self.sources))

    def follows(self, change: int) -> None:
        """A page begins (1) or ends (-1) to follow."""
        with self.changed:
            self.following += change
            self.changed.notify_all()

    def wait_for_followers(self, patience: float) -> None:
        """Returns when each page that follows has got everything, or after a while."""
        with self.changed:
            self.changed.wait_for(lambda: not self.following, patience)

    def whole(self, live: bool) -> dict[str, Any]:
        """All of it, in the form that a player shows."""
        with self.changed:
            steps, sources, terminals = list(self.steps), dict(self.sources), list(self.terminals)
        run = {"program": self.program, "label": "", "sources": sources, "terminals": terminals,
               "steps": json.loads(f"[{','.join(steps)}]")}
        return {"title": self.title, "runs": [run], **({"live": True} if live else {})}
