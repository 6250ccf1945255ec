"""One frame, built once, written at once to every device that has nothing else on its way.

The only file that reaches into python-engineio's queue and uvicorn's protocol. What is to be
sent to whom, and what becomes of a device that cannot take it, is `sending`'s business.
"""

from __future__ import annotations

import asyncio
import socket as sockets
from typing import Any, Final, Protocol

import engineio
import msgspec
import socketio
from engineio.packet import MESSAGE, Packet
from msgspec import Struct
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame as WireFrame
from websockets.frames import Opcode

from meeting.logs import Log
from meeting.reading import Reader

PROBE: Final = WireFrame(Opcode.TEXT, b"2").serialize(mask=False)
"""engine.io's ping: whoever lives answers it, and whoever gets none for long comes back anew."""

SEND_BUFFER_BYTES: Final = 64 * 1024
"""What the system may hold back for one device; a device that does not read is noticed sooner."""

log = Log("fanout")

# The trick. python-socketio makes a task for each recipient of each emit, and reads each queue
# with a timed task for each packet: at 1,000 devices that is most of the time of a page turn. Here
# the bytes of one WebSocket frame go straight to every transport. A device is written to directly
# only while its queue is empty and its writer waits for something to do (`Outbox`, the queue that
# engine.io asks `create_queue` for), while its handshake is open (`Watched`, uvicorn's protocol, of
# which `asgi.send` is a method), and while its transport holds nothing back; so no frame overtakes
# another. The line is told of the first two when they change: to look for them in five objects
# of each device, none of them in the processor's cache, took a fifth of the time of all writing.
# Where either library is not as expected, a device gets ordinary emits, the log says so, and a
# test fails.


class Frame(Struct, frozen=True):
    """One message: `event` and `body` for an ordinary emit, `packet` as Socket.IO's text,
    `wire` as the bytes of one unmasked WebSocket text frame (RFC 6455).
    """

    event: str
    body: Any
    packet: str
    wire: bytes


def frame(event: str, body: Any) -> Frame:
    """Build a message once, for however many devices."""
    packet = b"2" + msgspec.json.encode([event, body])
    wire = WireFrame(Opcode.TEXT, b"4" + packet).serialize(mask=False)
    return Frame(event, body, packet.decode(), wire)


class Line(Protocol):
    """The way to one device."""

    @property
    def idle(self) -> bool:
        """Whether nothing waits or is on its way."""

    @property
    def unsent(self) -> int:
        """Bytes and packets held back for this device, roughly."""

    def offer(self, message: Frame) -> bool:
        """Write it if the line is idle; say whether it was written."""

    def send(self, message: Frame) -> None:
        """Write it, behind whatever waits."""

    def beat(self, message: Frame | None, seconds: float) -> None:
        """Write this if the line is idle, and a probe with it where one is due.

        Args:
            seconds: the monotonic time now.
        """

    def silent(self, seconds: float) -> float:
        """For how long (s) a probe has been without answer, by this monotonic time."""

    def end(self) -> None:
        """End the connection once what was written has gone out."""

    def abort(self) -> None:
        """End the connection now; what was not sent is dropped."""


class Outbox(asyncio.Queue[Any]):
    """engine.io's queue of one connection. `rests`: its writer has written all it was given;
    `line` is told so.
    """

    rests = False
    line: Direct | None = None

    async def get(self) -> Any:
        self._note(rests=self.empty())
        return await super().get()

    def put_nowait(self, item: Any) -> None:
        self._note(rests=False)
        super().put_nowait(item)

    def _note(self, *, rests: bool) -> None:
        self.rests = rests
        if self.line is not None:
            self.line.look()


class Watched(WebSocketsSansIOProtocol):
    """uvicorn's protocol; `line` is told when nothing may be written any more."""

    line: Direct | None = None
    _close_sent = False

    @property
    def close_sent(self) -> bool:
        return self._close_sent

    @close_sent.setter
    def close_sent(self, sent: bool) -> None:
        self._close_sent = sent
        self._look()

    # These two answer or send a close frame, and close the transport behind it; uvloop's goes on
    # taking bytes for a moment when it held some back.

    def handle_close(self, event: WireFrame) -> None:
        super().handle_close(event)
        self._look()

    def shutdown(self) -> None:
        super().shutdown()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._look()

    def _look(self) -> None:
        if self.line is not None:
            self.line.look()


class _Engine(engineio.AsyncServer):  # type: ignore[misc]
    def create_queue(self, *_: Any, **__: Any) -> Outbox:
        return Outbox()


class Sockets(socketio.AsyncServer):  # type: ignore[misc]
    """python-socketio's server on queues that know when their writer rests."""

    def _engineio_server_class(self) -> type[engineio.AsyncServer]:
        return _Engine

    async def take(self, eio_sid: str, packet: str) -> None:
        """Have a Socket.IO packet handled; what a handler raises is logged, as engine.io does."""
        try:
            await self._handle_eio_message(eio_sid, packet)
        except Exception as error:
            log.error("event_failed", fault=error)

    def line(self, sid: str, environ: dict[str, Any], probe: float) -> Line:
        """The way to a device that has just connected, probed this often (s)."""
        connection = self.eio.sockets.get(self.manager.eio_sid_from_sid(sid, "/"))
        protocol, receive = protocol_of(environ), environ.get("asgi.receive")
        if protocol is None or receive is None or not _as_expected(connection, protocol):
            log.warning("libraries_unexpected")
            return Ordinary(self, sid)
        return Direct(connection, protocol, probe, Reader(self, connection, receive))


def protocol_of(environ: dict[str, Any]) -> Watched | None:
    """uvicorn's side of the connection a Socket.IO environ came from."""
    owner = getattr(environ.get("asgi.send"), "__self__", None)
    return owner if isinstance(owner, Watched) else None


def _as_expected(connection: Any, protocol: Any) -> bool:
    try:
        return (
            isinstance(connection.queue, Outbox)
            and isinstance(connection.closed, bool)
            and callable(connection.schedule_ping)
            and callable(connection.check_ping_timeout)
            and callable(connection.poll)
            and callable(connection.receive)
            and protocol.handshake_complete is True
            and protocol.close_sent is False
            and protocol.disconnected is False
            and isinstance(protocol.writable, asyncio.Event)
            and not protocol.conn.extensions
            and protocol.transport.get_write_buffer_size() >= 0
        )
    except AttributeError:
        return False


class Direct:
    """Straight to the transport where nothing else is on its way."""

    __slots__ = (
        "_connection",
        "_outbox",
        "_probe",
        "_probed",
        "_protocol",
        "_ready",
        "_transport",
        "_unanswered",
    )

    def __init__(self, connection: Any, protocol: Watched, probe: float, reader: Reader) -> None:
        self._connection = connection
        self._protocol = protocol
        self._transport = protocol.transport
        self._outbox: Outbox = connection.queue
        self._probe = probe
        self._probed = float("-inf")
        self._unanswered: float | None = None
        # engine.io has a task sleep for each probe of each device, and judges by the wall clock.
        # Here a probe travels with a beacon, and its answer is awaited by the other clock. Nor is
        # an empty queue a reason to end a connection, as it is where probes go through it.
        connection.schedule_ping = self._answered
        connection.check_ping_timeout = self._is_open
        connection.poll = self._next
        connection.receive = reader.read
        raw = self._transport.get_extra_info("socket")
        if raw is not None and not self._transport.is_closing():
            raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, SEND_BUFFER_BYTES)
        self._outbox.line = protocol.line = self
        self.look()

    def look(self) -> None:
        """The queue's writer or the handshake may be in another state."""
        protocol = self._protocol
        self._ready = (
            self._outbox.rests
            and not protocol.close_sent
            and not protocol.disconnected
            and not self._transport.is_closing()
        )

    def _answered(self) -> None:
        self._unanswered = None

    async def _next(self) -> list[Packet]:
        """What the writer is to write next, waited for as long as it takes; nothing at the end."""
        packet = await self._outbox.get()
        self._outbox.task_done()
        return [] if packet is None else [packet]

    async def _is_open(self) -> bool:
        if self._connection.closed:
            raise engineio.exceptions.SocketIsClosedError
        return True

    @property
    def idle(self) -> bool:
        # A transport that holds nothing back is not paused, so no writer waits for it either.
        return self._ready and not self._transport.get_write_buffer_size()

    @property
    def unsent(self) -> int:
        return int(self._transport.get_write_buffer_size()) + 1000 * self._outbox.qsize()

    def offer(self, message: Frame) -> bool:
        transport = self._transport
        if not self._ready or transport.get_write_buffer_size():
            return False  # not `idle`, written out: asked for each device of each page turn
        transport.write(message.wire)
        return True

    def send(self, message: Frame) -> None:
        if not self.offer(message) and not self._connection.closed:
            self._outbox.put_nowait(Packet(MESSAGE, data=message.packet))

    def beat(self, message: Frame | None, seconds: float) -> None:
        if not self.idle:
            return
        due = seconds - self._probed >= self._probe
        if due:
            self._probed = seconds
            if self._unanswered is None:
                self._unanswered = seconds
        if due or message is not None:
            wire = message.wire if message is not None else b""
            self._transport.write(wire + PROBE if due else wire)

    def silent(self, seconds: float) -> float:
        return 0.0 if self._unanswered is None else seconds - self._unanswered

    def end(self) -> None:
        self._transport.close()
        self.look()

    def abort(self) -> None:
        self._transport.abort()
        self.look()


class Ordinary:
    """Emits in order, one after the other, by a task of this line's own."""

    def __init__(self, server: socketio.AsyncServer, sid: str) -> None:
        self._server = server
        self._sid = sid
        self._waiting: asyncio.Queue[Frame] = asyncio.Queue()
        self._busy = False
        self._task = asyncio.create_task(self._run(), name=f"fanout: {sid}")

    async def _run(self) -> None:
        while True:
            message = await self._waiting.get()
            body = msgspec.to_builtins(message.body)
            await self._server.emit(message.event, body, to=self._sid)
            self._busy = not self._waiting.empty()

    @property
    def idle(self) -> bool:
        return not self._busy

    @property
    def unsent(self) -> int:
        return 1000 * self._waiting.qsize()

    def offer(self, message: Frame) -> bool:
        if self._busy:
            return False
        self.send(message)
        return True

    def send(self, message: Frame) -> None:
        self._busy = True
        self._waiting.put_nowait(message)

    def beat(self, message: Frame | None, seconds: float) -> None:
        if message is not None:
            self.offer(message)

    def silent(self, seconds: float) -> float:
        return 0.0  # engine.io probes and judges such a line by itself

    def end(self) -> None:
        self._task.cancel()
        self._server.start_background_task(self._server.disconnect, self._sid)

    def abort(self) -> None:
        self.end()
