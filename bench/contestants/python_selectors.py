"""Python's selectors, with callbacks in the keys' data, as its documentation shows it."""

import os
import platform
import resource
import selectors
import socket
import sys
import time

from python_servers import ChatServer, EchoServer

WARM_UP_TURNS = 10


class Tally:
    """Counts events up to a goal."""

    def __init__(self):
        self.count = 0
        self.goal = 0


def idle_sockets(count):
    """Sockets on which nothing ever happens (there is not even room to write), one descriptor each."""
    sockets = []
    for number in range(count):
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.setblocking(False)
        sock.bind(f"\0selectors-bench-{os.getpid()}-{number}")
        sock.listen(1)
        sockets.append(sock)
    return sockets


def replace_by_pairs(watched, count):
    """Replaces idle sockets, spread evenly up to the last, by one end of each pair. Returns their places and the other ends."""
    places = [(number + 1) * len(watched) // count - 1 for number in range(count)]
    partners = []
    for place in places:
        watched[place].close()
        watched[place], partner = socket.socketpair()
        watched[place].setblocking(False)
        partners.append(partner)
    return places, partners


def loop(selector, tally, goal):
    tally.count = 0
    tally.goal = goal
    while tally.count < tally.goal:
        for key, mask in selector.select():
            key.data(key.fileobj, mask)


def measure(selector, tally, active, turns):
    loop(selector, tally, active * WARM_UP_TURNS)
    start = time.monotonic_ns()
    loop(selector, tally, active * turns)
    print("ns", time.monotonic_ns() - start)
    print("events", tally.count)


def hot(descriptors, active, turns):
    watched = idle_sockets(descriptors)
    partners = replace_by_pairs(watched, active)[1]
    for partner in partners:
        partner.send(b"x")
    tally = Tally()

    def count(_sock, _mask):
        tally.count += 1

    with selectors.DefaultSelector() as selector:
        for sock in watched:
            selector.register(sock, selectors.EVENT_READ, count)
        measure(selector, tally, active, turns)


def dispatch(descriptors, active, turns):
    watched = idle_sockets(descriptors)
    places, partners = replace_by_pairs(watched, min(2 * active, descriptors))
    tally = Tally()

    def passing_on_to(partner):
        def pass_on(sock, _mask):
            sock.recv(1)
            partner.send(b"x")
            tally.count += 1

        return pass_on

    callbacks = dict(zip(places, map(passing_on_to, partners[1:] + partners[:1])))
    for number in range(active):
        partners[number * len(partners) // active].send(b"x")
    with selectors.DefaultSelector() as selector:
        for place, sock in enumerate(watched):
            selector.register(sock, selectors.EVENT_READ, callbacks.get(place))
        measure(selector, tally, active, turns)


def ctl(descriptors, turns):
    sockets = idle_sockets(descriptors)

    def callback(_sock, _mask):
        pass

    phases = [0, 0, 0]
    with selectors.DefaultSelector() as selector:
        for turn in range(1 + turns):
            start = time.monotonic_ns()
            for sock in sockets:
                selector.register(sock, selectors.EVENT_READ, callback)
            registered = time.monotonic_ns()
            for sock in sockets:
                selector.modify(sock, selectors.EVENT_READ | selectors.EVENT_WRITE, callback)
            modified = time.monotonic_ns()
            for sock in sockets:
                selector.unregister(sock)
            unregistered = time.monotonic_ns()
            if turn > 0:  # the first one warms up
                phases[0] += registered - start
                phases[1] += modified - registered
                phases[2] += unregistered - modified
    print("register", phases[0])
    print("modify", phases[1])
    print("unregister", phases[2])


def about():
    print(platform.python_implementation(), platform.python_version(), "selectors")


WORKLOADS = {
    "about": (about, ()),
    "hot": (hot, ("DESCRIPTORS", "ACTIVE", "TURNS")),
    "dispatch": (dispatch, ("DESCRIPTORS", "ACTIVE", "TURNS")),
    "ctl": (ctl, ("DESCRIPTORS", "TURNS")),
    "echo": (lambda: EchoServer().serve(), ()),
    "chat": (lambda: ChatServer().serve(), ()),
}


def main(arguments):
    if not arguments:
        sys.stderr.write("python: usage: python WORKLOAD ...\n")
        return 2
    name = arguments[0]
    if name not in WORKLOADS:
        sys.stderr.write(f"python does not offer '{name}'\n")
        return 3
    workload, names = WORKLOADS[name]
    values = arguments[1:]
    if len(values) != len(names) or not all(text.isascii() and text.isdigit() and int(text) > 0 for text in values):
        sys.stderr.write(f"python: usage: python {' '.join((name, *names))}, each a number from 1 on\n")
        return 2
    numbers = dict(zip(names, map(int, values)))
    if numbers.get("ACTIVE", 0) > numbers.get("DESCRIPTORS", 0):
        sys.stderr.write("python: ACTIVE is more than DESCRIPTORS\n")
        return 2
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        workload(*numbers.values())
    except OSError as error:
        sys.stderr.write(f"python: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
