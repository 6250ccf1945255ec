"""`websockets` without Socket.IO: its own `broadcast` to all connections.

python -m tests.bench.peers.broadcast PORT
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import Any

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

from tests.bench.peers.words import OPENED, Frames


async def run(port: int) -> None:
    frames = Frames()
    everybody: set[ServerConnection] = set()

    async def serve_one(connection: ServerConnection) -> None:
        await connection.send(OPENED)
        everybody.add(connection)
        try:
            async for text in connection:
                back, everywhere = frames.heard(str(text))
                if everywhere:
                    broadcast(everybody, everywhere)
                for one in back:
                    await connection.send(one)
        except ConnectionClosed:
            pass
        finally:
            everybody.discard(connection)

    async with serve(
        serve_one, "127.0.0.1", port, compression=None, ping_interval=None
    ) as listening:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await listening.wait_closed()


def main() -> None:
    work: Any = run(int(sys.argv[1]))
    try:
        import uvloop
    except ImportError:  # not to be had on Windows
        runner = asyncio.run
    else:
        runner = uvloop.run
    with contextlib.suppress(KeyboardInterrupt):
        runner(work)


if __name__ == "__main__":
    main()
