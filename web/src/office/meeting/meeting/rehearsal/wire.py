"""Socket.IO over one WebSocket, as our pages speak it: events, acknowledgements, heartbeat.

As thin as can be, so that many hundreds fit into one process. It never connects again by itself
and knows no meaning: that is the tablet's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

# The first character of a frame is Engine.IO's, the second Socket.IO's.
_OPEN, _PING, _PONG, _CLOSE = "0", "2", "3", "1"
_CONNECT, _DISCONNECT, _EVENT, _ACK, _CONNECT_ERROR = "40", "41", "42", "43", "44"

FAREWELL_SECONDS: Final = 1.0
"""How long a polite goodbye may take before the connection is torn off."""

_encode = msgspec.json.encode
_decode = msgspec.json.decode


class Lost(Exception):
    """There is no connection, or it ended before the answer."""


class TurnedAway(Exception):
    """The server did not let this device in. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Wire:
    """One open connection; made by `open_wire`. `bytes_down` and `frames_down` count arrivals."""

    def __init__(self, socket: ClientConnection, heart: float) -> None:
        self._socket = socket
        self._heart = heart
        self._pulse: asyncio.TimerHandle | None = None
        self._asked: dict[int, tuple[asyncio.Future[Any], Callable[[Any], None] | None]] = {}
        self.open = True
        self.bytes_down = 0
        self.frames_down = 0

    async def listen(self, heard: Callable[[str, Any], None]) -> None:
        """Hand over (event, body) in order until the connection ends, for whatever reason."""
        self._beat()
        try:
            async for frame in self._socket:
                if isinstance(frame, str):
                    self.bytes_down += len(frame)
                    self.frames_down += 1
                    if not await self._take(frame, heard):
                        break
        except (WebSocketException, OSError):
            pass
        finally:
            self.drop()

    async def ask(
        self,
        event: str,
        body: Any,
        patience: float,
        noted: Callable[[Any], None] | None = None,
    ) -> Any:
        """The acknowledgement, as it came.

        Args:
            patience: seconds to wait for it.
            noted: told every acknowledgement of this event, also late ones and repeats.

        Raises:
            Lost: the connection ended.
            TimeoutError: no acknowledgement in time.
        """
        number = len(self._asked)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer, noted
        async with asyncio.timeout(patience):
            await self._send(f"{_EVENT}{number}{_encode([event, body]).decode()}")
            return await answer

    async def tell(self, event: str, body: Any) -> None:
        """An event nobody answers. Raises `Lost`."""
        await self._send(f"{_EVENT}{_encode([event, body]).decode()}")

    async def close(self) -> None:
        """Say goodbye, as a page does that is left; torn off if nobody listens."""
        if self.open:
            try:
                async with asyncio.timeout(FAREWELL_SECONDS):
                    await self._send(_DISCONNECT)
                    await self._socket.close()
            except (Lost, TimeoutError):
                pass
        self.drop()

    def drop(self) -> None:
        """Tear the connection off, without a word."""
        self.open = False
        if self._pulse is not None:
            self._pulse.cancel()
            self._pulse = None
        self._socket.transport.abort()
        for answer, _ in self._asked.values():
            if not answer.done():
                answer.set_exception(Lost())
                answer.exception()  # seen: nobody may be waiting any more

    def pause(self) -> None:
        """Read nothing until `resume`, as a device that sleeps."""
        self._socket.transport.pause_reading()

    def resume(self) -> None:
        self._socket.transport.resume_reading()

    async def _take(self, frame: str, heard: Callable[[str, Any], None]) -> bool:
        """Whether the connection goes on after this frame."""
        if frame.startswith(_EVENT):
            name, *rest = _decode(frame[2:])
            heard(name, rest[0] if rest else None)
        elif frame.startswith(_ACK):
            self._answered(frame)
        elif frame.startswith(_PING):
            self._beat()
            try:
                await self._send(_PONG)
            except Lost:
                return False
        elif frame.startswith(_CONNECT):
            pass  # said twice
        elif frame.startswith((_DISCONNECT, _CLOSE)):
            return False
        return True

    def _answered(self, frame: str) -> None:
        start = frame.index("[")
        known = self._asked.get(int(frame[2:start]))
        if known is None:
            return
        answer, noted = known
        values = _decode(frame[start:])
        value = values[0] if values else None
        if noted is not None:
            noted(value)
        if not answer.done():
            answer.set_result(value)

    async def _send(self, frame: str) -> None:
        if not self.open:
            raise Lost
        try:
            await self._socket.send(frame)
        except (WebSocketException, OSError):
            raise Lost from None

    def _beat(self) -> None:
        """The server was heard to ping; without the next one in time the connection is dead."""
        if self._pulse is not None:
            self._pulse.cancel()
        self._pulse = asyncio.get_running_loop().call_later(self._heart, self.drop)


async def open_wire(url: str, *, cookie: str, auth: dict[str, Any], patience: float) -> Wire:
    """Connect, and be let in.

    Args:
        url: the server, `http://host:port`.
        cookie: the whole `Cookie` header.
        patience: seconds for all of it.

    Raises:
        Lost: nobody there, or not in time.
        TurnedAway: the server does not want this device.
    """
    address = url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    socket: ClientConnection | None = None
    try:
        async with asyncio.timeout(patience):
            socket = await connect(
                address,
                additional_headers={"Cookie": cookie},
                user_agent_header=None,
                compression=None,
                proxy=None,
                open_timeout=None,
                ping_interval=None,
                close_timeout=FAREWELL_SECONDS,
            )
            heart = await _heart(socket)
            await socket.send(_CONNECT + _encode(auth).decode())
            await _let_in(socket)
    except (WebSocketException, OSError, TimeoutError, ValueError):
        _tear(socket)
        raise Lost from None
    except BaseException:
        _tear(socket)
        raise
    return Wire(socket, heart)


async def _heart(socket: ClientConnection) -> float:
    """Seconds without a ping after which the server's own page calls the connection dead."""
    while True:
        frame = await socket.recv()
        if isinstance(frame, str) and frame.startswith(_OPEN):
            hello = _decode(frame[1:])
            return float(hello["pingInterval"] + hello["pingTimeout"]) / 1000


async def _let_in(socket: ClientConnection) -> None:
    while True:
        frame = await socket.recv()
        if not isinstance(frame, str):
            continue
        if frame.startswith(_PING):
            await socket.send(_PONG)
        elif frame.startswith(_CONNECT_ERROR):
            why = _decode(frame[2:])
            # The library's own refusals are a bare text.
            raise TurnedAway(why.get("message", "") if isinstance(why, dict) else "")
        elif frame.startswith(_CONNECT):
            return


def _tear(socket: ClientConnection | None) -> None:
    if socket is not None:
        socket.transport.abort()
