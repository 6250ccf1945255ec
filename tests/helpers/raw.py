"""A bare WebSocket on a bare socket: a device that reads, or stops reading, byte by byte.

For what no library's client lets one do. It takes in little by itself: the system's buffers are
made small, and nothing is read unless a test reads it.
"""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any, Final
from urllib.parse import urlsplit

HANDSHAKE: Final = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)
RECEIVE_BUFFER: Final = 4096


def masked(text: str) -> bytes:
    """A text frame as a client sends it, masked with zeros."""
    body = text.encode()
    if len(body) < 126:
        head = bytes([0x81, 0x80 | len(body)])
    elif len(body) < 1 << 16:
        head = bytes([0x81, 0xFE]) + len(body).to_bytes(2, "big")
    else:
        head = bytes([0x81, 0xFF]) + len(body).to_bytes(8, "big")
    return head + bytes(4) + body


class Raw:
    """One connection. `opened` makes it; `packet` reads the next text frame."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    @classmethod
    async def opened(cls, url: str, cookie: str = "") -> Raw:
        """Connected and upgraded. Raises ConnectionError if the server does not upgrade."""
        address = urlsplit(url)
        made = socket.socket()
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        made.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(made, (address.hostname, address.port))
        reader, writer = await asyncio.open_connection(sock=made, limit=1024)
        sent = f"Cookie: {cookie}\r\n" if cookie else ""
        writer.write((HANDSHAKE + sent + "\r\n").encode())
        status = await reader.readline()
        while status and (await reader.readline()).strip():
            pass
        if b" 101 " not in status:
            writer.transport.abort()
            raise ConnectionError(status.decode("latin-1").strip())
        return cls(reader, writer)

    def says(self, *packets: str) -> None:
        """Sent without waiting whether anybody takes it."""
        for packet in packets:
            self.writer.write(masked(packet))

    async def packet(self) -> str:
        """The next text frame. Raises EOFError or ConnectionError when the connection ended."""
        first, second = await self._exactly(2)
        length = second & 0x7F
        if length >= 126:
            length = int.from_bytes(await self._exactly(2 if length == 126 else 8), "big")
        body = await self._exactly(length)
        if first & 0x0F == 8:
            raise EOFError
        return body.decode()

    async def hears(self, start: str) -> str:
        """The rest of the next packet that begins so; probes on the way are answered."""
        while True:
            packet = await self.packet()
            if packet == "2":
                self.says("3")
            if packet.startswith(start):
                return packet.removeprefix(start)

    async def event(self) -> tuple[str, Any]:
        """The next event and its body."""
        name, body = json.loads(await self.hears("42"))
        return name, body

    async def joins(self, seat: str) -> dict[str, Any]:
        """Sign in and join; the view that comes."""
        self.says("40" + json.dumps({"seat": seat, "protocol": 1}))
        await self.hears("40")
        self.says('420["join",{}]')
        while True:
            name, body = await self.event()
            if name == "view":
                return dict(body)

    async def ended(self) -> None:
        """Read on until the server ends the connection."""
        try:
            while True:
                await self.packet()
        except (EOFError, ConnectionError):
            self.leave()

    def leave(self) -> None:
        self.writer.transport.abort()

    async def _exactly(self, count: int) -> bytes:
        try:
            return await self._reader.readexactly(count)
        except asyncio.IncompleteReadError as ended:
            raise EOFError from ended
