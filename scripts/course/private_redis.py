"""A Redis of one's own, on a Unix socket in a temporary folder. By default, every write is on the disk before it is acknowledged.

As a program, it runs a chat-node with one that does not wait for the disk:

usage: python3 -m course.private_redis PROGRAM [ARGUMENT...]

It becomes PROGRAM, with `--redis SOCKET` before its arguments. A process beside it, which holds the other end of a pipe,
ends the Redis and removes the folder when PROGRAM has ended, however it did."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

PATIENCE = 20  # seconds that nothing may take


class Redis:
    """The server. It can be killed, and started again with what it has on the disk."""

    def __init__(self, fsync: str = "always") -> None:
        self.fsync = fsync
        self.folder = Path(tempfile.mkdtemp(prefix="machines-"))
        self.path = str(self.folder / "redis.sock")
        self.process: Optional[subprocess.Popen[bytes]] = None
        self.start()

    def command(self) -> list[str]:
        """What starts it."""
        return ["redis-server", "--port", "0", "--unixsocket", self.path, "--dir", str(self.folder), "--save", "",
                   "--appendonly", "yes", "--appendfsync", self.fsync, "--logfile", str(self.folder / "log")]

    def start(self) -> None:
        """Starts it, and returns when it answers. Ctrl-C does not reach it: its owner has to end it."""
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True)
        end = time.monotonic() + PATIENCE
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("redis-server does not start: " + (self.folder / "log").read_text(errors="replace")[-500:])
            time.sleep(0.002)

    def answers(self) -> bool:
        """True if it has loaded what it had."""
        try:
            return self.ask("PING") == b"+PONG\r\n"
        except OSError:
            return False

    def wait_for_readers(self, count: int) -> None:
        """Returns when this many nodes wait for the next message."""
        end = time.monotonic() + PATIENCE
        while f"blocked_clients:{count}\r\n".encode() not in self.ask("INFO", "clients"):
            if time.monotonic() > end:
                raise RuntimeError(f"no {count} nodes wait for what is said next")
            time.sleep(0.002)

    def ask(self, *words: str) -> bytes:
        """Sends a command, and returns what comes until a line has ended."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(PATIENCE)
            connection.connect(self.path)
            connection.sendall(f"*{len(words)}\r\n".encode() + b"".join(b"$%d\r\n%s\r\n" % (len(word.encode()), word.encode())
                                                                      for word in words))
            answer = b""
            while not answer.endswith(b"\r\n"):
                more = connection.recv(65536)
                if not more:
                    break
                answer += more
            return answer

    def kill(self) -> None:
        """Ends it as abruptly as a power cut."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def close(self) -> None:
        """Nothing of it is left."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def run_on_one(command: Sequence[str]) -> None:
    """Becomes the program, and leaves a process that tidies up after it."""
    alive, held = os.pipe()  # the program holds `held` as long as it lives
    ready, say_ready = os.pipe()
    if os.fork() == 0:
        os.setsid()
        os.close(held)
        os.close(ready)
        for number in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        redis = Redis("no")  # it is never started again, so it need not wait for the disk
        try:
            os.write(say_ready, os.fsencode(redis.path))
            os.close(say_ready)
            os.read(alive, 1)
        finally:
            redis.close()
        os._exit(0)
    os.close(alive)
    os.close(say_ready)
    path = os.fsdecode(os.read(ready, 4096))
    if not path:
        sys.exit("private_redis.py: redis-server did not start")
    os.close(ready)
    os.set_inheritable(held, True)
    os.execv(command[0], [command[0], "--redis", path, *command[1:]])


if __name__ == "__main__":
    run_on_one(sys.argv[1:])
