#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""An echo in asyncio, which knows no MYNET.

asyncecho.py PORT serves; asyncecho.py ADDR PORT CLIENTS has that many clients at once, each of which
sends a hundred lines of growing length and wants them back.
"""
import asyncio
import sys

LINES = 100


async def serve(port):
    async def echo(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()
    server = await asyncio.start_server(echo, "0.0.0.0", port)
    await server.serve_forever()


async def client(addr, port, number):
    reader, writer = await asyncio.open_connection(addr, port)
    for i in range(LINES):
        line = (f"{number} {i} " + "x" * i * 20).encode() + b"\n"
        writer.write(line)
        back = await reader.readexactly(len(line))
        assert back == line, (number, i)
    writer.write_eof()
    assert not await reader.read()
    writer.close()


async def clients(addr, port, count):
    await asyncio.gather(*(client(addr, port, i) for i in range(count)))

if len(sys.argv) == 2:
    asyncio.run(serve(int(sys.argv[1])))
else:
    asyncio.run(clients(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
