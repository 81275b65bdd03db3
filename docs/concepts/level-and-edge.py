"""One message is sent, and nobody reads it: how many events are there in three looks? Linux only."""

import select
import socket

for name, flags in ("level", select.EPOLLIN), ("edge", select.EPOLLIN | select.EPOLLET):
    a, b = socket.socketpair()
    bag = select.epoll()
    bag.register(b, flags)
    a.send(b"hello")
    print(name, [len(bag.poll(0)) for _ in range(3)])
