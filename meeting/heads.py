"""Bounds on what a connection may send before anything of ours sees it.

On the head of a request, which httptools itself does not limit, neither in bytes nor in time; on
how many requests are begun in one round of the loop; and on the frames of a WebSocket that never
become a message: pings, pongs and pieces.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from websockets.frames import Frame

from meeting.fanout import Watched
from meeting.joined import Joined
from meeting.limits import Bucket
from meeting.rounds import Rounds

HEAD_MOST_BYTES: Final = 64 * 1024
HEAD_SECONDS: Final = 20.0
"""How long a connection may take to say what it wants."""

BEGUN_MOST: Final = 16
"""Requests begun in one round of the loop, of all connections: some milliseconds. A flood of them
waits in line, and page turns go past it.
"""

IN_LINE_MOST: Final = 8
"""Requests that may wait behind one another on a connection; browsers send one at a time."""

PIECES_MOST: Final = 50
PIECES_EACH_SECOND: Final = 10
"""Frames that are no message; our devices send none at all."""


class BoundedHeads(HttpToolsProtocol):
    """uvicorn's protocol; a connection whose request line and headers grow too large, or take too
    long, or that asks far ahead, is closed.

    Args:
        rounds: of all connections of a server.
    """

    def __init__(self, rounds: Rounds, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._rounds = rounds

    _held: bytearray | None = None
    """The beginning of a request that waits for its round."""

    _between = True
    """Whether what comes next is the head of a request."""

    head_bytes: int | None = 0
    """Bytes of the head that is being read, or None between its end and the next request."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.transport = cast(asyncio.Transport, Joined(transport))
        self._await_head()

    def handle_websocket_upgrade(self) -> None:
        self.transport = cast(Joined, self.transport).bare
        super().handle_websocket_upgrade()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._held is not None:
            self._held += data
            if len(self._held) > HEAD_MOST_BYTES:
                self.flow.pause_reading()
        elif not self._between or self._rounds.take():
            self._take(data)
        else:
            self._held = bytearray(data)
            self._rounds.later(self._go_on)

    def _go_on(self) -> None:
        held, self._held = self._held, None
        if held and not self.transport.is_closing():
            if len(held) > HEAD_MOST_BYTES:
                self.flow.resume_reading()
            self._take(bytes(held))

    def _take(self, data: bytes) -> None:
        if self.head_bytes is not None:
            self.head_bytes += len(data)
            if self.head_bytes > HEAD_MOST_BYTES and len(data) < self.head_bytes:
                self.transport.close()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= IN_LINE_MOST:
            raise ValueError("asks too far ahead")
        self.head_bytes = 0
        self._await_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self.head_bytes = None
        self._between = False
        self._head_came()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._between = True
        super().on_message_complete()

    def _await_head(self) -> None:
        self._head_came()
        self._late = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _head_came(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


class BoundedPieces(Watched):
    """uvicorn's protocol; a connection that sends too many pings, pongs or pieces is ended."""

    _pieces: Bucket | None = None

    def handle_ping(self) -> None:
        if self._allowed():
            super().handle_ping()

    def handle_pong(self, event: Frame) -> None:
        if self._allowed():
            super().handle_pong(event)

    def handle_cont(self, event: Frame) -> None:
        if self._allowed():
            super().handle_cont(event)

    def _allowed(self) -> bool:
        if self._pieces is None:
            self._pieces = Bucket(PIECES_MOST, PIECES_EACH_SECOND)
        allowed = self._pieces.take(self.loop.time()) and not self.transport.is_closing()
        if not allowed:
            self.transport.abort()
        return allowed
