"""A message whose acknowledgement is lost with the connection is sent again, but is in the stream only once. A message is refused
if the one before it is missing. And a Redis that was killed and started again appends nothing twice, even if it was killed
while it was writing.

usage: PYTHONPATH=scripts python3 tests/beyond/lost_reply.py CHAT-NODE

Between the node and Redis there is a TCP proxy. It forwards the append, waits until Redis has answered, drops the answer
and cuts the connection."""

import contextlib
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable

from course.private_redis import PATIENCE, Redis


class Proxy:
    """Forwards bytes between the node and Redis, except the first answer to an append."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.appends = 0
        self.script = ""  # by which the node appends
        self.dropped = threading.Event()  # the first answer to an append
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        """Gives every connection a connection of its own to Redis."""
        while True:
            near, _ = self.listener.accept()
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.redis.path)
            cut = threading.Event()

            def asked(data: bytes, cut: threading.Event = cut) -> bool:
                loaded = re.search(rb"LOAD\r\n\$[0-9]+\r\n(.*)\r\n", data, re.DOTALL)
                if loaded:
                    self.script = loaded[1].decode()
                if b"EVALSHA" in data and not self.appends:
                    cut.set()
                self.appends += data.count(b"EVALSHA")
                return True

            def answered(_: bytes, cut: threading.Event = cut) -> bool:
                if cut.is_set():
                    self.dropped.set()
                return not cut.is_set()

            for one, other, passes in ((near, far, asked), (far, near, answered)):
                threading.Thread(target=self.carry, args=(one, other, passes), daemon=True).start()

    def carry(self, one: socket.socket, other: socket.socket, passes: Callable[[bytes], bool]) -> None:
        """Forwards one direction until it ends or something must not be forwarded."""
        try:
            while data := one.recv(65536):
                if not passes(data):
                    break
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def main(program: str) -> None:
    """Sends three messages between two members."""
    redis = Redis()
    proxy = Proxy(redis)
    node = subprocess.Popen([program, "--quiet", "--redis", f"127.0.0.1:{proxy.port}", "localhost", "0"], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True)
    try:
        assert node.stdout
        found = re.search("port ([0-9]+)$", node.stdout.readline())
        assert found
        ann, bob = (socket.create_connection(("127.0.0.1", int(found[1])), PATIENCE) for _ in range(2))
        heard = b""
        for word in (b"one,", b"two,", b"three"):
            ann.sendall(word)
            expected = heard + word
            while len(heard) < len(expected):
                more = bob.recv(100)
                assert more, "the node has closed"
                heard += more
            assert heard == expected, f"heard: {heard!r}"
            assert proxy.dropped.wait(PATIENCE), "no answer to an append was dropped"  # before the next word is said
        length = redis.ask("XLEN", "{chat}")
        assert proxy.appends > 3, f"{proxy.appends} appends: the first one must be sent twice"
        assert length == b":3\r\n", f"the stream holds {length!r} messages"

        def append(number: int) -> bytes:
            return redis.ask("EVAL", proxy.script, "2", "{chat}", "{chat}:other", "other", str(number), "0", "1", "a word", "0-0")

        answer = append(2)
        assert answer.startswith(b"-ERR a message is missing"), f"message 2 without message 1: {answer!r}"
        assert redis.ask("XLEN", "{chat}") == length
        append(1)
        redis.kill()
        redis.start()
        append(1)  # Redis has forgotten the number, and finds it in the stream
        assert redis.ask("XLEN", "{chat}") == b":4\r\n", "a message is appended again after a restart of Redis"
        appended = b"".join(file.read_bytes() for file in redis.folder.glob("appendonlydir/*.aof"))
        assert b"XADD" in appended and b"MULTI" not in appended, "an append is more than one command in Redis' file"
        print("sent again, and appended once")
    finally:
        node.kill()
        node.communicate()
        redis.close()


if __name__ == "__main__":
    main(sys.argv[1])
