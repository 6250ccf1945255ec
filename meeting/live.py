"""Socket.IO: decode, ask the running meeting, always answer.

Five names up and down: `join`, `command`, `signal`; `view`, `patch`, `own`, `beacon`, `signal`.
A bare acknowledgement means nothing to our devices: every answer is a body. What goes down is
`sending`'s business.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import msgspec
import socketio
from starlette.requests import cookie_parser
from starlette.types import Scope, Send

from meeting.access import SAW_COOKIE, Access, cookie_name
from meeting.clock import Clock, Times
from meeting.counts import Counts
from meeting.errors import Refused
from meeting.fanout import Sockets, protocol_of
from meeting.limits import AGAIN_MS, Bucket, Paces, Reached
from meeting.logs import Log
from meeting.meetings import Meetings
from meeting.packets import Hello, Json, TextPacket
from meeting.protocol import commands as c
from meeting.protocol.answers import Answer, Committed, Rejected, Retry
from meeting.protocol.signals import CodeSignal, CopiesRow, Idle, Shows, UpSignal
from meeting.protocol.words import WarningCode
from meeting.publishing import Publication
from meeting.rules.roles import standing_of
from meeting.rules.state import Actor
from meeting.running import RunningMeeting
from meeting.sending import Connection, Sending
from meeting.strangers import Strangers
from meeting.ticking import Ticking

MESSAGE_MOST_BYTES: Final = 64 * 1024

SOCKETS_MOST: Final = 4
"""Open sockets of one device; a further one ends the oldest."""

JOINS_MOST: Final = 10
JOINS_EACH_SECOND: Final = 5
FLOODED_SECONDS: Final = 5.0
"""How long a device that flooded is not let in again."""

GOODBYE_SECONDS: Final = 1.0
GOODBYE_LOOKS: Final = 50
"""How long what is on its way may take to go out when a connection ends, and how often to look."""

SID: Final = "phien.sid"
"""Where the scope of a connection that was let in names it."""

NOTHING: Final = msgspec.Raw(b"null")
"""The body of an event that has none."""

log = Log("live")

_sent: msgspec.json.Decoder[c.Sent] = msgspec.json.Decoder(c.Sent)
_signal: msgspec.json.Decoder[UpSignal] = msgspec.json.Decoder(UpSignal)


class Live:
    """The sockets of all meetings.

    Args:
        on_show: what a meeting's room screen shows for these digits and this scan code.
        ready: images made so far of the papers that are still being made, by document.
        paces: how fast each device may give commands.
        reached: where limits that strangers reached are noted.
        warnings: what the machine wants chair and desk of a meeting to know.
        counts: told of what happens to connections.
        copies: for how many devices the presented page's own copy is made.
    """

    def __init__(
        self,
        access: Access,
        clock: Clock,
        times: Times,
        on_show: Callable[[RunningMeeting, str, str], CodeSignal],
        ready: Callable[[RunningMeeting], dict[str, int]],
        paces: Paces,
        reached: Reached,
        warnings: Callable[[RunningMeeting], set[WarningCode]],
        counts: Counts,
        copies: Callable[[RunningMeeting], CopiesRow | None],
    ) -> None:
        self.server = Sockets(
            async_mode="asgi",
            transports=["websocket"],
            async_handlers=False,
            monitor_clients=False,  # by the wall clock; the tick does it by the other one
            ping_interval=times.ping,
            ping_timeout=times.ping_timeout,
            max_http_buffer_size=MESSAGE_MOST_BYTES,
            http_compression=False,
            serializer=TextPacket,
            json=Json,
            logger=logging.getLogger("sockets"),
            engineio_logger=logging.getLogger("sockets"),
        )
        self.meetings: Meetings | None = None
        self._access = access
        self._clock = clock
        self._on_show = on_show
        self._paces = paces
        self._counts = counts
        self._connections: dict[str, Connection] = {}
        self._joins: dict[str, Bucket] = {}
        self._flooded: dict[tuple[str, str], float] = {}
        self._probe_seconds = times.ping - times.beacon / 2  # a probe travels with a beacon
        self._answering = 0
        self.sending = Sending(clock, times, self._code, counts)
        self._strangers = Strangers(
            self.server,
            known=self._known,
            flooded=self._flood,
            times=times,
            clock=clock,
            reached=reached,
            counts=counts,
        )
        self.guarded = self._strangers.guarded
        self._ticking = Ticking(
            self.sending,
            self._strangers,
            clock,
            times,
            meetings=lambda: self.meetings.all() if self.meetings else (),
            named=self._named,
            ready=ready,
            reached=reached,
            warnings=warnings,
            copies=copies,
        )
        self.server.register_namespace(_Door(self))

    def start(self, meetings: Meetings) -> None:
        self.meetings = meetings
        self._ticking.start()

    async def close(self) -> None:
        """Answer what was asked, tell every device when to come back, let go of it; once."""
        if self.meetings is None:
            return
        self.meetings = None
        await self._ticking.close()
        await _until(lambda: not self._answering)
        links = list(self._connections.values())
        self.sending.say_goodbye(links)
        await _until(lambda: all(link.line.idle for link in self.connections))
        for link in links:
            if link.line.idle:
                link.line.end()
            else:
                link.line.abort()
        self.sending.close()

    @property
    def connections(self) -> list[Connection]:
        return list(self._connections.values())

    def publish(self, running: RunningMeeting, publication: Publication) -> None:
        """Send a publication, at once and without waiting."""
        try:
            self.sending.publish(running, publication)
            for device in publication.revoked:
                for sid in running.room.sockets_of(device):
                    if link := self._connections.get(sid):
                        self._counts.closed("revoked")
                        self.sending.send_away(link, "device_revoked")
                        self._end_soon(link)
        except Exception as error:
            log.error("sending_failed", meeting=running.id, fault=error)

    def dismiss(self, running: RunningMeeting) -> None:
        """Send everybody of a meeting away."""
        for link in [link for link in self.connections if link.running is running]:
            self.sending.send_away(link, "device_revoked")
            self._end_soon(link)

    # Coming and going

    def connect(self, sid: str, environ: dict[str, Any], hello: Hello | None) -> None:
        """Let a device of a seat in.

        Raises:
            Refused: `not_signed_in`, `device_revoked`, `server_busy` or `malformed`.
        """
        if self.meetings is None:
            raise Refused("server_busy")
        if hello is None:
            raise Refused("malformed")
        seat = hello.seat
        running = self.meetings.of_seat(seat)
        cookies = cookie_parser(environ.get("HTTP_COOKIE", ""))
        device = running and self._access.device_of(
            cookies.get(cookie_name(seat)), running.id, seat
        )
        if not running or not device:
            raise Refused("not_signed_in")
        actor = Actor("device", seat, device)
        role = standing_of(running.state, actor)
        if self._flooded.get((seat, device), 0.0) > _now():
            raise Refused("server_busy")
        mine = [link for link in self._connections.values() if link.actor.device == device]
        for link in mine[: max(0, len(mine) - SOCKETS_MOST + 1)]:
            self.sending.end(link, "replaced")
        line = self.server.line(sid, environ, self._probe_seconds)
        link = Connection(sid, running, actor, cookies.get(SAW_COOKIE), line)
        self._connections[sid] = link
        environ["asgi.scope"][SID] = sid
        self.sending.came(link)
        self._joins[sid] = Bucket(JOINS_MOST, JOINS_EACH_SECOND)
        running.room.came(sid, seat, device, reader=role in ("member", "guest"))

    def disconnect(self, sid: str) -> None:
        link = self._connections.pop(sid, None)
        self._joins.pop(sid, None)
        if link is not None:
            self.sending.forget(link)
            link.running.room.went(sid, self._clock.seconds())
            device = link.running.state.devices.get(link.actor.device)
            if device is None or device.revoked:
                link.running.room.forget_seat(link.actor.seat)
            self._end_soon(link)

    def _end_soon(self, link: Connection) -> None:
        """What was written goes out; who does not take it is not waited for."""
        loop = asyncio.get_running_loop()
        loop.call_later(GOODBYE_SECONDS / 4, link.line.end)
        loop.call_later(GOODBYE_SECONDS, link.line.abort)

    def _known(self, scope: Scope) -> tuple[str, str] | None:
        """The seat and device whose cookie a handshake carries; the first, where it has more."""
        for name, value in scope["headers"]:
            if name != b"cookie":
                continue
            for key, token in cookie_parser(value.decode("latin-1")).items():
                seat = key.removeprefix("seat_")
                running = self.meetings.of_seat(seat) if self.meetings and seat != key else None
                device = running and self._access.device_of(token, running.id, seat)
                if device:
                    return seat, device
        return None

    def _flood(self, scope: Scope, send: Send) -> None:
        """End the connection that said too much, and keep its device out for a moment."""
        now = _now()
        self._flooded = {who: until for who, until in self._flooded.items() if until > now}
        if link := self._connections.get(scope.get(SID, "")):
            self._flooded[link.actor.seat, link.actor.device] = now + FLOODED_SECONDS
            self.sending.end(link, "flood")
            return
        self._counts.closed("flood")
        if protocol := protocol_of({"asgi.send": send}):
            protocol.transport.abort()

    # What devices ask

    async def join(self, sid: str) -> Answer:
        """Take the view, enter the audience and write the view in one stretch."""
        link = self._link(sid)
        standing_of(link.running.state, link.actor)
        if not self._joins[sid].take(_now()):
            return Retry(AGAIN_MS)
        return Committed(self.sending.show(link))

    async def command(self, sid: str, body: msgspec.Raw) -> Answer:
        link = self._link(sid)
        if not self._paces.allows(link.actor.seat, link.actor.device, _now()):
            return Retry(AGAIN_MS)
        sent = _sent.decode(body)
        sighting = self._access.sighting(link.saw, link.running.id, self._clock.seconds())
        self._answering += 1
        try:
            return await link.running.submit(link.actor, sent, sighting=sighting)
        finally:
            self._answering -= 1

    async def signal(self, sid: str, body: msgspec.Raw) -> Answer:
        link = self._link(sid)
        match _signal.decode(body):
            case Shows(document=document, page=page, follows=follows):
                link.running.room.shows(sid, (document, page), follows=follows)
            case Idle(follows=follows):
                link.running.room.shows(sid, None, follows=follows)
        return Committed(link.running.publishing.rev)

    def _link(self, sid: str) -> Connection:
        link = self._connections.get(sid)
        if link is None:
            raise Refused("not_signed_in")
        return link

    def _named(self) -> set[str]:
        manager = self.server.manager
        return {manager.eio_sid_from_sid(sid, "/") for sid in self._connections}

    def _code(self, running: RunningMeeting) -> CodeSignal:
        seconds, codes = self._clock.seconds(), running.codes
        return self._on_show(running, codes.digits(seconds), codes.scan_code(seconds))


async def _until(done: Callable[[], bool]) -> None:
    """Wait for this, as long as a goodbye may take."""
    for _ in range(GOODBYE_LOOKS):
        if done():
            return
        await asyncio.sleep(GOODBYE_SECONDS / GOODBYE_LOOKS)


def _now() -> float:
    """The loop's clock, for what is about connections and not about the meeting."""
    return asyncio.get_running_loop().time()


class _Door(socketio.AsyncNamespace):  # type: ignore[misc]
    """The one place where events come in: every path answers, no handler can be forged.

    A client may send an event named `connect` or `disconnect`. A real connect carries the very
    object the server keeps for this socket; at a real disconnect the socket is gone already.
    """

    def __init__(self, live: Live) -> None:
        super().__init__("/")
        self._live = live

    async def trigger_event(self, event: str, *args: Any) -> Any:
        sid = args[0] if args else ""
        if event == "connect":
            if len(args) < 2 or args[1] is not self._live.server.get_environ(sid):
                return msgspec.to_builtins(Rejected("malformed"))
            try:
                self._live.connect(sid, args[1], args[2] if len(args) > 2 else None)
            except Refused as refusal:
                log.info("device_refused", code=refusal.code)
                raise socketio.exceptions.ConnectionRefusedError(refusal.code) from None
            return None
        if event == "disconnect":
            if self._live.server.manager.is_connected(sid, "/"):
                return msgspec.to_builtins(Rejected("malformed"))
            self._live.disconnect(sid)
            return None
        return msgspec.to_builtins(await self._answer(event, sid, args[1] if args[1:] else NOTHING))

    async def _answer(self, event: str, sid: str, body: msgspec.Raw) -> Answer:
        try:
            match event:
                case "join":
                    return await self._live.join(sid)
                case "command":
                    return await self._live.command(sid, body)
                case "signal":
                    return await self._live.signal(sid, body)
            return Rejected("unknown_type")
        except Refused as refusal:
            return Rejected(refusal.code, refusal.data)
        except msgspec.DecodeError:
            return Rejected("malformed")
        except Exception as error:
            log.error("event_failed", fault=error)
            return Rejected("server_fault")
