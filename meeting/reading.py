"""What one device sends, read packet by packet past engine.io's loop.

What is in a packet is `packets`' business, what a connection may send `strangers`'.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

import engineio
from engineio.packet import Packet

_MESSAGE: Final = "4"
"""How engine.io's packets begin that carry one of Socket.IO."""


class Takes(Protocol):
    """Has a packet of Socket.IO handled, whatever comes of it."""

    async def take(self, eio_sid: str, packet: str) -> None: ...


class Reader:
    """Reads what one device sends. engine.io has a task and a timer for each packet, and asks
    each time what kind of handler there is.

    Args:
        receive: the connection's, as ASGI has it.
    """

    def __init__(
        self, server: Takes, connection: Any, receive: Callable[[], Awaitable[dict[str, Any]]]
    ) -> None:
        self._server = server
        self._connection = connection
        self._receive = receive
        self._ordinary = connection.receive
        self._most_bytes: int = connection.server.max_http_buffer_size

    async def read(self, packet: Packet) -> None:
        """Take this packet, which engine.io read, and all that follow, until the connection ends.

        Raises:
            SocketIsClosedError: it has ended, or sent what is no packet.
        """
        try:
            await self._ordinary(packet)
            await self._read_on()
        except asyncio.CancelledError:  # engine.io, too, ends a connection then; here it would not
            raise engineio.exceptions.SocketIsClosedError from None

    async def _read_on(self) -> None:
        while True:
            event = await self._receive()
            text = event.get("text") or ""
            if text.startswith(_MESSAGE):
                if len(text) > self._most_bytes:
                    raise engineio.exceptions.SocketIsClosedError
                await self._server.take(self._connection.sid, text[1:])
            elif event["type"] == "websocket.receive":
                await self._ordinary(_packet(text or event.get("bytes")))
            else:
                raise engineio.exceptions.SocketIsClosedError


def _packet(encoded: Any) -> Packet:
    try:
        return Packet(encoded_packet=encoded)
    except Exception:
        raise engineio.exceptions.SocketIsClosedError from None
