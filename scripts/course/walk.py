"""The walk through the seven lessons and a look beyond them: it starts each program, lets a real client talk to it over a real socket,
and shows what both print as it happens."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Optional

from course import systems
from course.call import fail
from course.certificates import make_certificates
from course.lessons import ABOUT, LESSONS, program_path
from course.processes import wait

SERVER, CLIENT, BOB = 36, 33, 35  # colours


class Walk:
    """What runs, and the terminals that are shown."""

    def __init__(self, beat: float) -> None:
        self.seconds = beat
        self.over = threading.Event()  # set when everybody should stop typing
        self.processes: list[subprocess.Popen[str]] = []
        self.threads: list[threading.Thread] = []
        self.port = ""

    def __enter__(self) -> "Walk":
        return self

    def __exit__(self, *_: object) -> None:
        """Ends everything that still runs."""
        self.over.set()
        for process in self.processes:
            process.kill()
            process.wait()
        for thread in self.threads:
            thread.join()

    def beat(self, times: int = 1) -> None:
        """Time for the reader to see what has happened before the next thing does."""
        self.over.wait(times * self.seconds)

    def show(self, name: str, colour: int, line: str) -> None:
        """A line in the terminal of that name."""
        on, off = (f"\033[{colour}m", "\033[0m") if sys.stdout.isatty() else ("", "")
        try:
            sys.stdout.write(f"{on}{name:>8} |{off} {line}\n")
        except BrokenPipeError:  # what is printed next will notice, where it ends the walk
            self.over.set()

    def thread(self, work: Callable[..., None], *arguments: object) -> threading.Thread:
        """Something that goes on beside the walk."""
        thread = threading.Thread(target=work, args=arguments)
        thread.start()
        self.threads.append(thread)
        return thread

    def popen(self, command: Sequence[str], typed: Optional[int]) -> "subprocess.Popen[str]":
        """Starts a program whose output is read here."""
        process = subprocess.Popen(command, stdin=typed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   encoding="utf-8", errors="surrogateescape", bufsize=1)
        self.processes.append(process)
        if self.over.is_set():  # started while all the others were ended
            process.kill()
        return process

    def title(self, lesson: str) -> None:
        """Begins a lesson."""
        name = f"Lesson {lesson[:2]}" if lesson in LESSONS else lesson.replace("beyond/", "Beyond: ")
        print(f"\n=== {name}: {ABOUT[lesson]} ===")
        self.beat()

    def start(self, path: str, *options: str) -> None:
        """A server on a free port; its number is then in `port`."""
        program = systems.executable(f"build/student/{path}")
        self.show("server", SERVER, " ".join(["$", program, *options, "localhost 0"]))
        self.server = self.popen([program, *options, "localhost", "0"], None)
        self.port = ""
        started = threading.Event()

        def read(lines: IO[str]) -> None:
            for line in lines:
                self.show("server", SERVER, line.rstrip("\n"))
                found = re.search(r"port ([0-9]+)$", line)
                if found and not started.is_set():
                    self.port = found[1]
                    started.set()

        self.reader = self.thread(read, self.server.stdout)
        started.wait(5)
        if not self.port:
            fail(f"{program} did not start")
        self.beat()

    def client(self, command: Sequence[str], lines: Sequence[str] = (), name: str = "client", colour: int = CLIENT,
               beats: int = 1, stays: int = 1, seconds: int = 10) -> None:
        """A client from its start to its end, in bounded time; the lines are what somebody types, so many beats apart."""
        self.show(name, colour, "$ " + " ".join(command))
        process = self.popen(command, subprocess.PIPE)
        clock = threading.Timer(seconds, process.terminate)
        clock.start()
        typist = self.thread(self.type_lines, process.stdin, lines, name, colour, beats, stays)
        assert process.stdout
        try:
            for line in process.stdout:
                self.show(name, colour, line.rstrip("\n"))
            process.wait()
        finally:
            clock.cancel()
        self.beat()
        typist.join()

    def type_lines(self, keyboard: IO[str], lines: Sequence[str], name: str, colour: int, beats: int, stays: int) -> None:
        """What somebody types; shown, and sent on."""
        try:
            with keyboard:
                for line in lines:
                    self.beat(beats)
                    self.show(name, colour, f"(types)  {line}")
                    keyboard.write(line + "\n")
                self.beat(stays)
        except OSError:
            pass  # the client has left

    def by_hand(self, *lines: str) -> None:
        """A client typed by hand. How nc ends means nothing: some servers close first. By number, because nc asks the
        resolver for names, and a bare system has no /etc/hosts."""
        self.client(systems.client_by_hand("127.0.0.1", self.port), lines)

    def ends(self) -> None:
        """The server ends by itself."""
        status = wait(self.server)
        self.reader.join()
        if status:
            fail(f"the server ended with status {status}")

    def stop(self) -> None:
        """Ends the server."""
        say("Only a signal ends this server: Ctrl-C in its terminal, or one from outside, as here.")
        self.server.terminate()
        wait(self.server)
        self.reader.join()


def say(text: str) -> None:
    """A remark between the terminals."""
    print("\n" + text)


def first_half(walk: Walk) -> None:
    """Lessons 01 to 04, whose clients are typed by hand."""
    walk.title("01-blocking-accept")
    walk.start("01-blocking-accept/blocking-accept")
    say("The server is blocked in accept(), and would stay there forever. Now a client connects:")
    walk.by_hand()
    walk.ends()

    walk.title("02-selector-accept")
    walk.start("02-selector-accept/selector-accept")
    say("This server waits in select() instead. When a client connects, both lines appear together: accept() did not block.")
    for _ in range(2):  # the first client stays until the server lets it go, when the second one comes
        walk.thread(walk.by_hand)
        walk.beat(3)
    walk.stop()

    walk.title("03-callbacks")
    walk.start("03-callbacks/callbacks")
    say("It looks the same, but the loop no longer knows which function it calls: the key holds the function.")
    walk.by_hand()
    walk.stop()

    walk.title("04-echo-server")
    walk.start("04-echo-server/echo-server")
    say("The server sends back what you type. It ends when its client leaves, as in the Python program that the lesson follows.")
    walk.by_hand("hello", "are you there?")
    walk.ends()


def second_half(walk: Walk) -> None:
    """Lessons 05 to 07, which bring clients of their own."""
    walk.title("05-echo-client")
    walk.start("04-echo-server/echo-server")
    say("The client has one loop: it writes while it has something to write, and reads what comes back.")
    walk.client([systems.executable("build/student/05-echo-client/echo-client"), "localhost", walk.port])
    walk.ends()

    walk.title("06-multiconn")
    multiconn_client = systems.executable("build/student/06-multiconn/multiconn-client")
    walk.start("06-multiconn/multiconn-server")
    say("Three connections at once, from one client program:")
    walk.client([multiconn_client, "localhost", walk.port])
    walk.stop()
    say("The same work with a callback in each key:")
    walk.start("06-multiconn/callback-server")
    walk.client([multiconn_client, "--connections", "2", "localhost", walk.port])
    walk.stop()

    walk.title("07-chat")
    walk.start("07-chat/chat-server")
    say("Two people chat. Each sees what the other types.")
    chat(walk, lambda name: [systems.executable("build/student/07-chat/chat-client")])


def chat(walk: Walk, client: Callable[[str], list[str]]) -> None:
    """Ann and Bob talk, each with a client of their own, until the server is stopped."""
    members = []
    for name, colour, lines in (("ann", CLIENT, ["is anybody here?", "how are you?"]),
                                ("bob", BOB, ["hello ann", "fine, thank you"])):
        command = [*client(name), "localhost", walk.port]
        members.append(walk.thread(walk.client, command, lines, name, colour, 4, 5, 20))
        walk.beat(2)
    for member in members:
        member.join()
    walk.stop()


def beyond(walk: Walk) -> None:
    """The doors after lesson 07, as far as what they need is installed."""
    walk.title("beyond/coroutines")
    walk.start("beyond/coroutines/echo-coroutines")
    say("Lesson 06's callback server once more, written as straight-line code with coroutines:")
    walk.client([systems.executable("build/student/06-multiconn/multiconn-client"), "--connections", "2", "localhost", walk.port])
    walk.stop()

    walk.title("beyond/tls")
    if Path(systems.executable(f"build/student/{program_path('tls-chat-server')}")).exists() and shutil.which("openssl"):
        with tempfile.TemporaryDirectory() as folder:
            make_certificates(Path(folder), ["ann", "bob"], [])
            walk.start("beyond/tls/tls-chat-server", *papers(folder, "server"))
            say("The chat again, encrypted. The server knows who speaks, from the certificates:")
            program = systems.executable("build/student/beyond/tls/tls-chat-client")
            chat(walk, lambda name: [program, *papers(folder, name)])
    else:
        say("It needs OpenSSL, which is not installed. ./learn check tls installs it.")

    walk.title("beyond/machines")
    say("./learn nodes 3 installs what it needs, and shows one chat on three nodes.")


def papers(folder: str, name: str) -> list[str]:
    """The options with which a program shows a certificate."""
    return ["--cert", f"{folder}/{name}.crt", "--key", f"{folder}/{name}.key", "--ca", f"{folder}/ca.crt"]


def beat() -> float:
    """How many seconds a reader has to see what has happened."""
    try:
        return float(os.environ.get("LEARN_BEAT", "0.7"))
    except ValueError:
        fail(f"LEARN_BEAT must be a number of seconds, not '{os.environ['LEARN_BEAT']}'")


def walk() -> None:
    """Walks through all lessons."""
    with Walk(beat()) as shown:
        say("Seven lessons, live. The name to the left of each bar says whose terminal you are looking at.")
        print("Each lesson has a folder, with its programs and a README.md that explains what you see here.")
        first_half(shown)
        second_half(shown)
        beyond(shown)
        say("That was the whole path. Now read the programs and break them, one lesson at a time:")
        print("  read   01-blocking-accept/README.md, and blocking-accept.cpp beside it")
        print(f"  run    ./learn run 01           then, in another terminal: {systems.listening_client(7342)}")
        print("  test   ./learn check 01")
