"""Sockets before they have a name, and whoever says too much: what nobody in a room does.

Limits here are for a connection, or for all without a device's cookie together; never for a
network address. What a device may ask for once it is in is `limits` and `live`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Set
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meeting.clock import Clock, Times
from meeting.counts import Counts
from meeting.fanout import Sockets, protocol_of
from meeting.limits import Bucket, Paces, Reached

NEW_EACH_SECOND: Final = 20
"""New sockets without a device's cookie; all together, for they have no name."""

AGAIN_MOST: Final = 40
AGAIN_EACH_OUTAGE: Final = 30
"""New sockets of one device: a few pages of one browser may be loaded again and again."""

KNOWN_PACKETS: Final = re.compile(r"4[0-9]|[1235][a-z]{0,9}\Z")
"""What packets of engine.io a device may send: messages of Socket.IO, and short ones of its own.
All others are left out: its parser would not survive some, and reads some as JSON of any size.
"""

GOODBYE: Final = "1"
"""How engine.io's packet begins that ends a connection; its server reads on, and trips over what
follows.
"""

FRAMES_MOST: Final = 200
FRAMES_EACH_SECOND: Final = 100
"""What one connection may send; a tablet sends a few."""

FRAME_BYTES: Final = 1024
"""A message counts once for each stretch of so many bytes: a large one is work for everybody."""


class Strangers:
    """The door of the sockets.

    Args:
        known: the seat and device whose cookie a handshake carries, if they are of some meeting.
        flooded: told of the connection that said too much; it ends it.
        times: how long a connection may be without a name, and after what a device tries again.
    """

    def __init__(
        self,
        sockets: Sockets,
        *,
        known: Callable[[Scope], tuple[str, str] | None],
        flooded: Callable[[Scope, Send], None],
        times: Times,
        clock: Clock,
        reached: Reached,
        counts: Counts,
    ) -> None:
        self._sockets = sockets
        self._known = known
        self._flooded = flooded
        self._nameless = times.nameless
        self._clock = clock
        self._reached = reached
        self._counts = counts
        self._new = Bucket(NEW_EACH_SECOND, NEW_EACH_SECOND)
        self._again = Paces(AGAIN_MOST, AGAIN_EACH_OUTAGE / times.offline)
        self._since: dict[str, float] = {}

    def guarded(self, app: ASGIApp) -> ASGIApp:
        """The application, with a limit on new sockets and on what each may send."""

        async def guard(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "websocket":
                await app(scope, receive, send)
                return
            loop = asyncio.get_running_loop()
            if not self._comes_in(scope, loop.time()):
                await receive()
                await send({"type": "websocket.close", "code": 1013})
                return
            frames = Bucket(FRAMES_MOST, FRAMES_EACH_SECOND)
            left = False

            async def counted() -> Message:
                nonlocal left
                while not left:
                    message = await receive()
                    if message["type"] != "websocket.receive":
                        return message
                    if not frames.take(loop.time(), _weight(message)):
                        self._flooded(scope, send)
                        return {"type": "websocket.disconnect", "code": 1008}
                    text = message.get("text") or ""
                    if KNOWN_PACKETS.match(text):
                        left = text.startswith(GOODBYE)
                        return message
                return {"type": "websocket.disconnect", "code": 1000}

            try:
                await app(scope, counted, send)
            finally:
                await self._ended(scope)

        return guard

    def _comes_in(self, scope: Scope, seconds: float) -> bool:
        if who := self._known(scope):
            return self._again.allows(*who, seconds)
        if self._new.take(seconds):
            return True
        self._reached.note("sockets", self._clock.seconds())
        return False

    async def _ended(self, scope: Scope) -> None:
        """Whatever ended the library's work on a connection, nothing of it stays in memory."""
        for sid, environ in list(self._sockets.environ.items()):
            connection = self._sockets.eio.sockets.get(sid)
            if environ.get("asgi.scope") is scope and connection is not None:
                await connection.close(wait=False, abort=True)
                self._sockets.eio.sockets.pop(sid, None)

    def end_nameless(self, named: Set[str], seconds: float) -> None:
        """End connections that never said who they are, or were refused and stayed.

        Args:
            named: engine.io's ids of the connections of devices.
            seconds: the loop's time now.
        """
        nameless = [sid for sid in self._sockets.eio.sockets if sid not in named]
        self._since = {sid: self._since.get(sid, seconds) for sid in nameless}
        for sid, since in self._since.items():
            protocol = protocol_of(self._sockets.environ.get(sid) or {})
            if protocol is not None and seconds - since >= self._nameless:
                self._counts.closed("nameless")
                protocol.transport.abort()


def _weight(message: Message) -> float:
    said = message.get("text") or message.get("bytes") or ""
    return 1.0 + len(said) // FRAME_BYTES
