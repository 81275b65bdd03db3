"""The servers on Python's asyncio, as its documentation shows them: a protocol for each connection."""

import asyncio
import platform
import signal
import socket
import sys


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)

    def pause_writing(self):
        """Stops reading from a client that does not read its answers."""
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()


class Chat(asyncio.Protocol):
    members = set()

    def connection_made(self, transport):
        self.transport = transport
        self.members.add(self)

    def data_received(self, data):
        for member in self.members:
            if member is not self:
                member.transport.write(data)

    def eof_received(self):
        self.members.discard(self)

    def connection_lost(self, _error):
        self.members.discard(self)


async def serve(protocol):
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    server = await loop.create_server(protocol, "127.0.0.1", 0, backlog=socket.SOMAXCONN)
    print("asyncio listening on 127.0.0.1 port", server.sockets[0].getsockname()[1], flush=True)
    await stopped.wait()


def main(arguments):
    if arguments == ["about"]:
        print(platform.python_implementation(), platform.python_version(), "asyncio")
    elif arguments in (["echo"], ["chat"]):
        asyncio.run(serve(Echo if arguments == ["echo"] else Chat))
    else:
        sys.stderr.write(f"asyncio does not offer '{' '.join(arguments)}'\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
