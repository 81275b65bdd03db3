"""The contestants that are measured: the programs that the build has made, and the lessons' servers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.bench.names import OURS_CALLBACKS, OURS_COROUTINES, OURS_LINES, RAW_LINES
from course.bench.processors import place
from course.servers import Failed, NotOffered, Server, lesson_server, output_of

BUILD = Path("build/bench")
LOAD = BUILD / "bench/load/load"


@dataclass
class Contestant:
    """A program that measures itself, called with a workload."""

    name: str
    command: str  # empty if the peer is not installed
    package: str  # what would bring it

    def call(self, words: str) -> str:
        """Its command line for these words."""
        return f"{self.command} {words}"

    def about(self) -> str:
        """Its version, or what is needed to have it."""
        if not self.command:
            return f"{self.name}: not installed (the package {self.package} brings it)"
        try:
            return f"{self.name}: {output_of(self.call('about')).strip()}"
        except (Failed, NotOffered) as why:
            return f"{self.name}: {why}"


def built() -> dict[str, Any]:
    """What CMake has written down about the build."""
    found: dict[str, Any] = json.loads((BUILD / "bench/build.json").read_text(encoding="utf-8"))
    return found


def contestants(chosen: Sequence[str] = ()) -> list[Contestant]:
    """All contestants, or the chosen ones and raw."""
    everyone = (Contestant(**one) for one in built()["contestants"])
    return [one for one in everyone if not chosen or one.name in ("raw", *chosen)]


def present(everyone: list[Contestant]) -> list[Contestant]:
    """Those that are installed."""
    return [one for one in everyone if one.command]


@dataclass
class ServerUnderTest:
    """A server that takes part."""

    name: str
    command: str

    def start(self, under: str = "") -> Server:
        """Starts it; `under` is what runs it, such as strace."""
        server = Server(self.command, under)
        place(server.pid)
        return server


def lesson(variable: str, program: str, option: str = "") -> str:
    """How a server of the lessons is called."""
    return f"{lesson_server(variable, program, BUILD)} 127.0.0.1 0 {option}"


def echo_servers(everyone: list[Contestant]) -> list[ServerUnderTest]:
    """Raw and lesson 06's with --quiet, both with lines too, and the peers; of those that are there."""
    servers = []
    for one in present(everyone):
        if one.name == "ours":
            multiconn = ("MULTICONN_SERVER", "06-multiconn/multiconn-server")
            servers.append(ServerUnderTest("ours", lesson(*multiconn, "--quiet")))
            servers.append(ServerUnderTest(OURS_LINES, lesson(*multiconn)))
            for name, variable, program in ((OURS_CALLBACKS, "CALLBACK_SERVER", "06-multiconn/callback-server"),
                                            (OURS_COROUTINES, "ECHO_COROUTINES", "beyond/coroutines/echo-coroutines")):
                servers.append(ServerUnderTest(name, lesson(variable, program, "--quiet")))
        else:
            servers.append(ServerUnderTest(one.name, one.call("echo")))
        if one.name == "raw":
            servers.append(ServerUnderTest(RAW_LINES, one.call("echo-with-lines")))
    return servers


def chat_servers(everyone: list[Contestant]) -> list[ServerUnderTest]:
    """Raw, lesson 07's with --quiet, and the peers."""
    ours = lesson("CHAT_SERVER", "07-chat/chat-server", "--quiet")
    return [ServerUnderTest(one.name, ours if one.name == "ours" else one.call("chat")) for one in present(everyone)]
