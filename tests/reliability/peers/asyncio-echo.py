"""An echo server as people write it with asyncio: the lessons' servers are compared with it.

Called HOST PORT; the first line ends in `port N`.
"""

import asyncio
import sys


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


async def main(host, port):
    server = await asyncio.get_running_loop().create_server(Echo, host, port)
    print("listening on", host, "port", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
