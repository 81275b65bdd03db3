"""Tests a chat on three nodes while Redis and two of the nodes are killed, 200 times in all, at random moments: no message that
Redis had is lost, none is delivered twice, and all members receive them in the same order.

usage: PYTHONPATH=scripts python3 tests/beyond/kills.py CHAT-NODE [KILLS [SEED]]

On each node one member speaks all the time and another one listens. The first node is never killed: what its members say
must all be in the stream in the end, and they must hear all of it. A member of the other nodes is disconnected when its
node is killed; up to then it must have heard a stretch of the stream without a gap."""

import random
import re
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from typing import Optional

from course.private_redis import PATIENCE, Redis

AHEAD = 20  # messages of one speaker that nobody has heard yet


class Member:
    """A connection to a node, and everything received from it."""

    def __init__(self, name: str, port: int) -> None:
        self.name = name
        self.said: list[str] = []
        self.heard: list[str] = []
        self.rest = b""
        self.is_there = True
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.socket.setblocking(False)

    def say(self, text: str) -> None:
        """Sends a line that is sent only once."""
        try:
            self.socket.sendall(f"{text}\n".encode())
            self.said.append(text)
        except (BlockingIOError, ConnectionError):
            pass  # its node has been killed

    def hear(self) -> None:
        """Receives what has arrived."""
        try:
            data = self.socket.recv(65536)
        except ConnectionError:
            data = b""
        self.is_there = bool(data)
        *lines, self.rest = (self.rest + data).split(b"\n")
        self.heard += [line.decode() for line in lines]


class Node:
    """A node, its speaker and its listener."""

    def __init__(self, program: str, redis: Redis, number: int) -> None:
        self.program, self.redis, self.number, self.lives = program, redis, number, 0
        self.process: Optional[subprocess.Popen[str]] = None

    def start(self) -> list[Member]:
        """Starts the node, and lets two members join."""
        self.process = subprocess.Popen([self.program, "--quiet", "--redis", self.redis.path, "localhost", "0"],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout
        line = self.process.stdout.readline()
        found = re.search("port ([0-9]+)$", line)
        assert found, f"the node says '{line}'"
        self.lives += 1
        name = f"{self.number}.{self.lives}"
        self.speaker, self.listener = (Member(f"{what}{name}", int(found[1])) for what in ("speaker", "listener"))
        return [self.speaker, self.listener]

    def kill(self) -> None:
        """Kills the node."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()


class Chat:
    """Redis, the nodes and their members."""

    def __init__(self, program: str, seed: int) -> None:
        self.random = random.Random(seed)
        self.redis = Redis()
        self.selector = selectors.DefaultSelector()
        self.members: list[Member] = []
        self.counted: Counter[str] = Counter()  # what the first node's listener has heard, by speaker
        self.nodes = [Node(program, self.redis, number) for number in range(3)]
        self.speaking = True
        for node in self.nodes:
            self.join(node)

    def join(self, node: Node) -> None:
        """Starts a node."""
        for member in node.start():
            self.members.append(member)
            self.selector.register(member.socket, selectors.EVENT_READ, member)

    def turn(self) -> None:
        """Lets the speakers speak, and receives what has arrived."""
        for node in self.nodes if self.speaking else []:
            name = node.speaker.name
            if node.speaker.is_there and len(node.speaker.said) - self.counted[name] < AHEAD:
                node.speaker.say(f"{name} {len(node.speaker.said)}")
        for key, _ in self.selector.select(0.002):
            member = key.data
            before = len(member.heard)
            member.hear()
            if member is self.nodes[0].listener:
                self.counted.update(line.split()[0] for line in member.heard[before:])
            if not member.is_there:
                self.selector.unregister(member.socket)
                member.socket.close()

    def until(self, what: str, condition: "object") -> None:
        """Goes on until the condition holds."""
        end = time.monotonic() + PATIENCE
        while not condition():  # type: ignore[operator]
            assert time.monotonic() < end, f"expected: {what}"
            self.turn()

    def kill_one(self) -> str:
        """Kills Redis or a node, starts it again, and waits until the chat goes on."""
        until = time.monotonic() + self.random.uniform(0, 0.01)
        while time.monotonic() < until:
            self.turn()
        victim = self.random.choice(["Redis", "Redis", "node 1", "node 2"])
        if victim == "Redis":
            self.redis.kill()
            self.turn()
            self.redis.start()
        else:
            node = self.nodes[int(victim[-1])]
            node.kill()
            self.until("its members are disconnected", lambda: not (node.speaker.is_there or node.listener.is_there))
            self.join(node)
        heard = {node.number: len(node.listener.heard) for node in self.nodes}
        self.until(f"after the kill of {victim} each node hears the others again",
                   lambda: all(len(node.listener.heard) > heard[node.number] + 5 for node in self.nodes))
        return victim

    def finish(self) -> list[str]:
        """Waits until every message is delivered, and returns what the stream holds."""
        self.speaking = False
        for node in self.nodes:
            node.speaker.say(f"{node.speaker.name} ends")
        listeners = [node.listener for node in self.nodes]
        self.until("the last words are heard on every node",
                   lambda: all(f"{node.speaker.name} ends" in listener.heard[-200:] for node in self.nodes
                               for listener in listeners))
        assert all(member.is_there for node in self.nodes for member in (node.speaker, node.listener))
        return self.stream()

    def stream(self) -> list[str]:
        """The lines in the stream, asked with Redis' own client."""
        answer = subprocess.run(["redis-cli", "-s", self.redis.path, "XRANGE", "{chat}", "-", "+"], capture_output=True,
                                text=True, check=True).stdout.split("\n")
        return [line for line in answer if re.fullmatch("speaker[0-9.]+ ([0-9]+|ends)", line)]

    def close(self) -> None:
        """Ends everything."""
        for node in self.nodes:
            node.kill()
        for member in self.members:
            member.socket.close()
        self.redis.close()


def check(chat: Chat, stream: list[str]) -> None:
    """Checks that no message is lost or doubled, and that there is one order."""
    doubled = [line for line, count in Counter(stream).items() if count > 1]
    assert not doubled, f"in the stream twice: {doubled[:5]}"
    assert chat.nodes[0].listener.heard == stream, "the first node's listener has not heard exactly what the stream holds"
    for member in chat.members:
        others = [line for line in stream if not line.startswith(member.name + " ")]
        own = [line for line in stream if line.startswith(member.name + " ")]
        assert own == member.said[:len(own)], f"{member.name}: what it said is not in the stream in its order"
        if member.is_there:
            assert own == member.said, f"{member.name}: {member.said[len(own)]} is lost"
        if member.heard:
            first = others.index(member.heard[0])
            stretch = others[first:] if member.is_there else others[first:first + len(member.heard)]
            assert member.heard == stretch, f"{member.name} has heard something else than the stream holds"


def main(program: str, kills: int = 200, seed: int = 0) -> None:
    """Kills, and checks."""
    seed = seed or random.SystemRandom().randrange(1, 1_000_000)
    print(f"seed {seed}", flush=True)
    start = time.monotonic()
    chat = Chat(program, seed)
    try:
        killed = Counter(chat.kill_one() for _ in range(kills))
        stream = chat.finish()
        check(chat, stream)
    finally:
        chat.close()
    assert sum(killed.values()) == kills
    print(f"{kills} kills ({', '.join(f'{name}: {count}' for name, count in sorted(killed.items()))}), {len(stream)} messages, "
          f"{len(chat.members)} members, {sum(len(member.heard) for member in chat.members)} deliveries, none lost, none doubled, "
          f"one order, {time.monotonic() - start:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
