"""The moving pictures of the README and of lesson 02: terminals, as they were recorded, with their real timing.

`PYTHONPATH=scripts python3 -m course.moving` plays the scenes with the programs of build/student and writes, for each terminal,
a recording (asciicast v2, for asciinema and its relatives) and one SVG of all of them. `--check FOLDER` plays them with the
programs of another build folder and fails if a terminal shows other lines than the recording, or the SVG is not made of it."""

import argparse
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Optional

from course import COURSE
from course.moving_svg import Cast, draw

FOLDER = COURSE / "docs/moving"
COMMAND = "PYTHONPATH=scripts python3 -m course.moving"
PATIENCE = 20.0  # seconds, for anything that a program does
KEY = 0.07  # seconds from one key to the next


class Terminal:
    """A program and what its terminal shows."""

    def __init__(self, stage: "Stage", title: str, typed: str, command: list[str]) -> None:
        self.stage, self.title = stage, title
        self.shown: list[tuple[float, str]] = []
        self.changed = threading.Condition()
        self.show("$ ")
        self.keys(typed + "\n")
        self.process = subprocess.Popen([str(stage.build / command[0]), *command[1:]], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def show(self, text: str) -> None:
        """Something appears."""
        with self.changed:
            self.shown.append((time.monotonic() - self.stage.began, text))
            self.changed.notify_all()

    def read(self) -> None:
        """Shows what the program prints."""
        assert self.process.stdout
        while text := self.process.stdout.readline():
            self.show(text.decode())

    def text(self) -> str:
        """All that it shows."""
        return "".join(text for _, text in self.shown)

    def wait_for(self, pattern: str) -> "re.Match[str]":
        """Returns when it shows this."""
        found: Optional[re.Match[str]] = None

        def there() -> bool:
            nonlocal found
            found = re.search(pattern, self.text())
            return found is not None

        with self.changed:
            self.changed.wait_for(there, PATIENCE)
        if not found:
            raise ValueError(f"the terminal of {self.title} has not shown '{pattern}' within {PATIENCE:g} s:\n{self.text()}")
        return found

    def keys(self, text: str) -> None:
        """Types keys, and the terminal shows them."""
        for key in text:
            self.show(key)
            self.stage.beat(KEY)

    def types(self, line: str) -> None:
        """A line for the program."""
        assert self.process.stdin
        self.keys(line)
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        self.show("\n")

    def ends(self) -> None:
        """Ctrl-D, and the program's own end."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)

    def stop(self) -> None:
        """Whatever happens, nothing is left running."""
        self.process.kill()
        self.process.wait()
        self.reader.join()


class Stage:
    """All terminals of a scene."""

    def __init__(self, build: Path, pace: float) -> None:
        self.build, self.pace = build, pace
        self.began = time.monotonic()
        self.terminals: dict[str, Terminal] = {}

    def beat(self, seconds: float) -> None:
        """Time passes, so that a reader can follow."""
        time.sleep(seconds * self.pace)

    def start(self, name: str, title: str, typed: str, *command: str) -> Terminal:
        """Opens a terminal and starts a program in it."""
        terminal = Terminal(self, title, typed, list(command))
        self.terminals[name] = terminal
        return terminal


def accept(stage: Stage) -> int:
    """Lesson 02: the server sleeps in select(), so that accept() never has to."""
    server = stage.start("server", "selector-accept", "./learn run 02", "02-selector-accept/selector-accept", "localhost", "0")
    port = server.wait_for(r"port (\d+)\n")[1]
    for number in (1, 2):
        stage.beat(1.5)
        stage.start(f"client-{number}", f"client {number}", "./learn talk 7342", "talk", "localhost", port)
        server.wait_for("(?s)" + "Accepted.*" * number)
    stage.beat(1.5)
    return int(port)


def chat(stage: Stage) -> int:
    """Lesson 07: two people and the server between them."""
    server = stage.start("server", "chat-server", "./learn run chat-server", "07-chat/chat-server", "localhost", "0")
    port = server.wait_for(r"port (\d+)\n")[1]
    people = []
    for number, name in enumerate(("ann", "bob"), 1):
        stage.beat(0.8)
        people.append(stage.start(name, name, "./learn run chat-client", "07-chat/chat-client", "localhost", port))
        server.wait_for("(?s)" + "Accepted connection.*" * number)
    ann, bob = people
    for speaker, hearer, line in ((ann, bob, "is anybody here?"), (bob, ann, "hello ann"), (ann, bob, "good night")):
        stage.beat(1.0)
        speaker.types(line)
        server.wait_for(f"Received data .*{re.escape(line)}")
        hearer.wait_for(re.escape(line))
    stage.beat(0.8)
    ann.ends()
    server.wait_for("Closing connection")
    stage.beat(1.0)
    return int(port)


# name: what is played, the default port, what it shows (for who cannot see it), and where each terminal stands
SCENES: dict[str, tuple[Callable[[Stage], int], int, str, list[list[str]]]] = {
    "accept": (accept, 7342, "Three terminals. Each time a client connects, the server prints About to accept. and Accepted. back to back.",
               [["server"], ["client-1", "client-2"]]),
    "chat": (chat, 12345, "Three terminals: a chat server, and two people who chat through it. What one types, the other one reads.",
             [["server"], ["ann", "bob"]]),
}


def play(name: str, build: Path, pace: float) -> dict[str, Cast]:
    """Plays a scene; what each terminal showed, with ports that are the same each time."""
    scene, default, _, _ = SCENES[name]
    stage = Stage(build, pace)
    try:
        port = scene(stage)
        shown = {key: (terminal.title, list(terminal.shown)) for key, terminal in stage.terminals.items()}
    finally:
        for terminal in stage.terminals.values():
            terminal.stop()
    clients: dict[str, int] = {}

    def stable(text: str) -> str:
        text = re.sub(rf"\b{port}\b", str(default), text)
        return re.sub(r"(?<=', )(\d+)(?=\))", lambda found: str(clients.setdefault(found[1], 50001 + len(clients))), text)

    return {key: Cast(title, [(round(at, 3), stable(text)) for at, text in texts]) for key, (title, texts) in shown.items()}


def write(name: str, casts: dict[str, Cast]) -> None:
    """Writes the recordings, and the picture that is made of them."""
    (FOLDER / name).mkdir(parents=True, exist_ok=True)
    for key, cast in casts.items():
        head = {"version": 2, "width": cast.width, "height": cast.height, "title": cast.title}
        events = [json.dumps([at, "o", text.replace("\n", "\r\n")], ensure_ascii=False) for at, text in cast.shown]
        (FOLDER / name / f"{key}.cast").write_text("\n".join([json.dumps(head), *events]) + "\n", encoding="utf-8")
    (FOLDER / f"{name}.svg").write_text(picture(name, casts), encoding="utf-8")


def read(name: str) -> dict[str, Cast]:
    """The recordings that are there."""
    casts = {}
    for file in sorted((FOLDER / name).glob("*.cast")):
        head, *events = map(json.loads, file.read_text(encoding="utf-8").splitlines())
        casts[file.stem] = Cast(head["title"], [(at, text.replace("\r\n", "\n")) for at, _, text in events])
    return casts


def picture(name: str, casts: dict[str, Cast]) -> str:
    """The picture of a scene."""
    _, _, label, columns = SCENES[name]
    return draw(name, label, [[casts[key] for key in column] for column in columns])


def check(build: Path) -> list[str]:
    """Returns what no longer fits."""
    wrong = []
    for name in SCENES:
        recorded, played = read(name), play(name, build, 0)
        for key in sorted(recorded.keys() | played.keys()):
            texts = ["".join(text for _, text in casts[key].shown) if key in casts else "" for casts in (recorded, played)]
            if texts[0] != texts[1]:
                wrong.append(f"docs/moving/{name}/{key}.cast shows\n{texts[0]}\nand the programs show now\n{texts[1]}")
        file = FOLDER / f"{name}.svg"
        if recorded.keys() == played.keys() and (not file.exists() or file.read_text(encoding="utf-8") != picture(name, recorded)):
            wrong.append(f"docs/moving/{name}.svg is not what its recordings make")
    return wrong


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Records the moving pictures.")
    parser.add_argument("--check", metavar="FOLDER", type=Path, help="see whether they fit the programs of this build folder")
    call = parser.parse_args()
    if not call.check:
        for name in SCENES:
            write(name, play(name, COURSE / "build/student", 1))
        return
    wrong = check(call.check)
    if wrong:
        sys.exit("\n".join([*wrong, f"To record the moving pictures again: cmake --build --preset student && {COMMAND}"]))


if __name__ == "__main__":
    main()
