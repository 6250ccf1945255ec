"""The room's router: a forwarder that can be unplugged, so that nothing gets through any more."""

from __future__ import annotations

import asyncio
import contextlib

CHUNK_BYTES = 64 * 1024


class Router:
    """Forwards TCP from a port of its own to the server's. Unplugged it is silent: nothing is
    refused, ended or answered; plugged in again it knows nothing of the connections before.
    """

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener: asyncio.Server | None = None
        self._plugged = asyncio.Event()
        self._plugged.set()
        self._streams: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        assert self._listener is not None
        return f"http://127.0.0.1:{self._listener.sockets[0].getsockname()[1]}"

    async def start(self) -> None:
        self._listener = await asyncio.start_server(self._carry, "127.0.0.1", 0)

    def unplug(self) -> None:
        self._plugged.clear()

    def plug_in(self) -> None:
        for stream in self._streams:
            stream.transport.abort()
        self._plugged.set()

    async def close(self) -> None:
        assert self._listener is not None
        self._listener.close()
        self.plug_in()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, device: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        self._streams.add(back)
        try:
            await self._plugged.wait()
            server, forth = await asyncio.open_connection("127.0.0.1", self._server_port)
        except OSError:
            self._drop(back)
            return
        self._streams.add(forth)
        for reader, writer in ((device, forth), (server, back)):
            task = asyncio.create_task(self._copy(reader, writer), name="router")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK_BYTES):
                await self._plugged.wait()
                writer.write(data)
                await writer.drain()
        self._drop(writer)

    def _drop(self, writer: asyncio.StreamWriter) -> None:
        self._streams.discard(writer)
        writer.close()
