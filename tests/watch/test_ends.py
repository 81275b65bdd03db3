"""However ./learn watch ends, the program ends too, and its status is passed on."""

import contextlib
import fcntl
import os
import pty
import signal
import socket
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from watched import COURSE, PLAIN, Case, Watched, gone, wait_until

# One write for the line: two processes may say theirs at the same time.
SLEEPS = r"import os, time; os.write(1, b'process %d\n' % os.getpid()); time.sleep(600)"
DEAF = "import signal; [signal.signal(n, signal.SIG_IGN) for n in (signal.SIGINT, signal.SIGTERM)]; " + SLEEPS
# Takes a second to end, and would be interrupted meanwhile.
PATIENT = """
import signal, sys, time
signals = []
signal.signal(signal.SIGINT, lambda *_: signals.append(print("interrup" + "ted", flush=True)))
print("it", "runs", flush=True)
while not signals:
    time.sleep(0.01)
time.sleep(1)
sys.exit(5)
"""
FAMILY = "import os; os.fork(); " + DEAF


class Ends(Case):
    """Nothing keeps running."""

    def started(self, program: str) -> tuple[Watched, list[int]]:
        """A program that has printed its process number, and all processes that must end."""
        watched = self.watch("--no-browser", "--", sys.executable, "-c", program, TMPDIR=self.place.name)
        process = int(watched.printed(r"^process (\d+)$")[1])
        said = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
        tracer = int(said.split("TracerPid:\t")[1].split()[0])
        return watched, [process, tracer, watched.process.pid]

    def all_gone(self, watched: Watched, processes: list[int]) -> None:
        """All of them must be gone."""
        for process in processes:
            wait_until(f"the end of process {process} of {processes}", lambda process=process: gone(process))
        wait_until("the end of what was written", lambda: not list(Path(self.place.name).iterdir()))

    def setUp(self) -> None:
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)

    def test_an_interrupt_is_passed_on(self) -> None:
        watched, processes = self.started(SLEEPS)
        watched.interrupt()
        self.assertEqual(watched.wait(), -signal.SIGINT, watched.story())
        self.assertEqual(watched.ended, "killed by SIGINT")
        self.all_gone(watched, processes)

    def test_a_second_interrupt_kills_the_program(self) -> None:
        watched, processes = self.started(DEAF)
        watched.interrupt()
        watched.says("SIGINT")
        self.assertFalse(gone(processes[0]))
        watched.interrupt()
        self.assertEqual(watched.wait(), 128 + signal.SIGKILL, watched.story())
        self.assertEqual(watched.ended, "killed by SIGKILL")
        self.all_gone(watched, processes)

    def test_termination(self) -> None:
        for program in (SLEEPS, DEAF):
            watched, processes = self.started(program)
            watched.process.terminate()
            self.assertEqual(watched.wait(), 128 + signal.SIGTERM, watched.story())
            self.assertTrue(watched.ended.startswith("killed by"), watched.story())
            self.all_gone(watched, processes)

    def test_the_terminal_is_closed(self) -> None:
        watched, processes = self.started(SLEEPS)
        watched.process.send_signal(signal.SIGHUP)
        self.assertEqual(watched.wait(), 128 + signal.SIGHUP, watched.story())
        self.all_gone(watched, processes)

    def test_learn_is_killed(self) -> None:
        for program in (DEAF, FAMILY):
            watched, processes = self.started(program)
            if program is FAMILY:
                watched.printed(r"^process \d+\nprocess \d+$")
            family = [int(line.split()[1]) for line in watched.out.splitlines() if line.startswith("process")]
            watched.process.kill()
            watched.process.wait()
            self.all_gone(watched, processes + family)

    def test_strace_is_killed(self) -> None:
        watched, processes = self.started(DEAF)
        os.kill(processes[1], signal.SIGKILL)
        watched.until("the page shows the end", lambda: watched.ended)
        wait_until("the end of the program", lambda: gone(processes[0]))
        watched.interrupt()
        watched.wait()
        self.all_gone(watched, processes)

    def test_a_page_that_does_not_read_delays_nothing(self) -> None:
        watched, processes = self.started(SLEEPS)
        port, token = watched.address()
        with socket.create_connection(("127.0.0.1", port)) as page:
            page.sendall(f"GET /steps?token={token} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
            watched.interrupt()
            self.assertEqual(watched.wait(), -signal.SIGINT, watched.story())
        self.all_gone(watched, processes)

    def test_ctrl_c_in_a_terminal_interrupts_once(self) -> None:
        ours, terminal = pty.openpty()
        self.addCleanup(os.close, ours)
        with open(terminal, "r+b", buffering=0) as inside:
            process = subprocess.Popen([str(COURSE / "learn"), "watch", "--no-browser", "--", sys.executable, "-c", PATIENT],
                                       stdin=inside, stdout=inside, stderr=inside, start_new_session=True, env=PLAIN,
                                       preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))  # noqa: PLW1509 - it is ours
        self.addCleanup(process.kill)
        os.set_blocking(ours, False)
        shown = b""
        typed = False

        def ended() -> bool:
            nonlocal shown, typed
            with contextlib.suppress(OSError):  # nothing now; or the other end has gone
                shown += os.read(ours, 10000)
            if not typed and b"it runs" in shown:
                os.write(ours, b"\x03")
                typed = True
            return process.poll() is not None and b"has ended" in shown

        wait_until("the end of ./learn", ended)
        self.assertEqual(process.returncode, 5, shown)
        self.assertEqual(shown.count(b"interrupted"), 1, shown)

    def test_save(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            watched = self.watch("--no-browser", "--save", "it.html", "--", "sh", "-c", "echo '</script>'; exit 3",
                                 folder=Path(folder))
            self.assertEqual(watched.wait(), 3, watched.story())
            watched.printed("^The recording is in .*it.html$")
            page = Path(folder, "it.html").read_text(encoding="utf-8")
            self.assertIn("ended", page)
            self.assertIn('"status 3"', page)
            self.assertNotIn('"live"', page.split('type="application/json">')[1].split("</script>")[0])
