"""Programs from outside the course: in other languages, behind a shell, with several processes, and some that fail."""

import sys
import tempfile
from pathlib import Path

from watched import Case, Watched

SERVER = """
import selectors, socket
bag = selectors.DefaultSelector()
listener = socket.create_server(("127.0.0.1", 0))
listener.setblocking(False)
bag.register(listener, selectors.EVENT_READ)
print("listening on port", listener.getsockname()[1], flush=True)
while True:
    for key, _ in bag.select():
        if key.fileobj is listener:
            client, _ = listener.accept()
            bag.register(client, selectors.EVENT_READ)
        elif data := key.fileobj.recv(1000):
            print("received", data.decode().strip(), flush=True)
            key.fileobj.sendall(data)
        else:
            bag.unregister(key.fileobj)
            key.fileobj.close()
"""
BUSY = """
import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
here = socket.create_connection(listener.getsockname())
there, _ = listener.accept()
for _ in range(12000):
    here.sendall(b"x")
    there.recv(10)
print("it went on", flush=True)
"""
BLOCKING = """
import socket, time
listener = socket.create_server(("127.0.0.1", 0))
print("listening on port", listener.getsockname()[1], flush=True)
first, _ = listener.accept()
while first.recv(100):
    pass
"""


class Others(Case):
    """Any program can be watched."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name, text in (("server.py", SERVER), ("busy.py", BUSY), ("blocking.py", BLOCKING)):
            (self.folder / name).write_text(text)
        (self.folder / "start.sh").write_text(f"#!/bin/sh\necho it starts\n'{sys.executable}' server.py\necho it is over\n")
        (self.folder / "start.sh").chmod(0o755)

    def typed(self, *command: str) -> Watched:
        """A command line, as it is typed in the folder."""
        return self.watch("--no-browser", "--", *command, folder=self.folder)

    def talk(self, watched: Watched) -> None:
        """One client, one line."""
        with watched.client() as client:
            client.sendall(b"hello\n")
            self.assertEqual(client.recv(100), b"hello\n")
            watched.says("^accept .*client 1")
            watched.shows("bag", kind="epoll")
            watched.prints("received hello")
        watched.says("^close .*client 1")
        watched.interrupt()
        watched.wait()
        self.explained(watched)

    def test_python(self) -> None:
        watched = self.typed(sys.executable, "server.py")
        self.talk(watched)
        self.assertEqual(watched.status, -2, watched.story())
        self.assertEqual(watched.ended, "killed by SIGINT")

    def test_behind_a_shell(self) -> None:
        watched = self.typed("./start.sh")
        watched.prints("it starts")
        self.talk(watched)

    def test_poll_and_select(self) -> None:
        for facility, kind in (("PollSelector", "poll"), ("SelectSelector", "select")):
            with self.subTest(facility=facility):
                (self.folder / "server.py").write_text(SERVER.replace("DefaultSelector", facility))
                watched = self.typed(sys.executable, "server.py")
                with watched.client() as client:
                    client.sendall(b"hello\n")
                    watched.shows("bag", kind=kind)
                    watched.prints("received hello")

    def test_a_client_in_the_backlog_is_shown(self) -> None:
        watched = self.typed(sys.executable, "blocking.py")
        with watched.client(), watched.client():
            watched.until("a client in the backlog", lambda: any(
                value and len(value.get("backlog", {}).get("waiting", ())) == 1 for step in watched.steps[-3:]
                for key, value in step["set"].items() if key.startswith("socket/")))

    def test_a_crash(self) -> None:
        watched = self.typed(sys.executable, "-c", "import os; os.kill(os.getpid(), 11)")
        watched.printed("was killed by SIGSEGV$")
        watched.until("the page shows the end", lambda: watched.ended == "killed by SIGSEGV")
        watched.printed("^The recording stays at that address until you press Ctrl-C.$")
        watched.interrupt()
        self.assertEqual(watched.wait(), 128 + 11, watched.story())

    def test_a_script_that_fails(self) -> None:
        (self.folder / "fails.sh").write_text("#!/bin/sh\necho oh >&2\nexit 7\n")
        (self.folder / "fails.sh").chmod(0o755)
        watched = self.typed("./fails.sh")
        watched.printed("^fails.sh has ended with status 7$")
        watched.interrupt()
        self.assertEqual(watched.wait(), 7, watched.story())

    def test_a_busy_program_fills_the_recording_and_goes_on(self) -> None:
        watched = self.typed(sys.executable, "busy.py")
        watched.says("The recording is full")
        watched.printed("^it went on$")
        watched.until("the page shows the end", lambda: watched.ended == "status 0")
        self.assertLessEqual(len(watched.steps), 20_002)
        self.assertEqual(watched.steps[-1]["set"]["program"]["state"], "ended")

    def test_the_descriptors_of_the_program_begin_at_3(self) -> None:
        watched = self.typed(sys.executable, "-c", "import os; print(sorted(map(int, os.listdir('/proc/self/fd'))))")
        watched.printed(r"^\[0, 1, 2, 3\]$")

    def test_the_program_runs_in_the_current_folder(self) -> None:
        watched = self.typed("sh", "-c", "echo in $PWD, $(pwd -P)")
        watched.printed(f"^in {self.folder}, {self.folder.resolve()}$")
