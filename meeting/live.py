"""Socket.IO: decode, ask the running meeting, always answer; send what it publishes.

Five names up and down: `join`, `command`, `signal`; `view`, `patch`, `own`, `beacon`, `signal`.
A bare acknowledgement means nothing to our devices: every answer is a body.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

import msgspec
import socketio
from msgspec import Struct
from starlette.requests import cookie_parser

from meeting.access import SAW_COOKIE, Access, cookie_name
from meeting.checkin import SCAN_SECONDS
from meeting.clock import Clock
from meeting.errors import Code, Refused
from meeting.packets import Json, TextPacket
from meeting.protocol import commands as c
from meeting.protocol.answers import Answer, Committed, Rejected
from meeting.protocol.schema import VERSION
from meeting.protocol.signals import CodeSignal, Idle, Leave, RoomSignal, Shows, UpSignal
from meeting.protocol.views import BeaconMessage
from meeting.publishing import Publication
from meeting.rules import visibility
from meeting.rules.roles import standing_of
from meeting.rules.state import Actor
from meeting.rules.visibility import WITH_ROLL, Audience, audience_of
from meeting.running import Meetings, RunningMeeting

BEACON_SECONDS: Final = 2.0
TICK_SECONDS: Final = 0.5
"""The room goes to chair and desk at most this often."""

UNREAD_MOST: Final = 500
"""Messages waiting for one device; at two beacons and a few patches a second, minutes."""

MESSAGE_MOST_BYTES: Final = 64 * 1024
PING_SECONDS: Final = 4
PING_TIMEOUT_SECONDS: Final = 6

log = logging.getLogger("phien.live")


class Connection(Struct):
    """One open socket of a device of a seat."""

    running: RunningMeeting
    actor: Actor
    saw: str | None
    audience: Audience | None = None


class Live:
    """The sockets of all meetings.

    Args:
        on_show: what a meeting's room screen shows for these digits and this scan code.
        ready: images made so far of the papers that are still being made, by document.
    """

    def __init__(
        self,
        access: Access,
        clock: Clock,
        on_show: Callable[[RunningMeeting, str, str], CodeSignal],
        ready: Callable[[RunningMeeting], dict[str, int]],
    ) -> None:
        self.server = socketio.AsyncServer(
            async_mode="asgi",
            transports=["websocket"],
            async_handlers=False,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_TIMEOUT_SECONDS,
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
        self._ready = ready
        self._connections: dict[str, Connection] = {}
        self._outgoing: asyncio.Queue[tuple[RunningMeeting, Publication] | None] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._windows: dict[str, int] = {}
        self.server.register_namespace(_Door(self))

    def start(self, meetings: Meetings) -> None:
        self.meetings = meetings
        self._tasks = [
            asyncio.create_task(self._send_published(), name="live: published"),
            asyncio.create_task(self._tick(), name="live: beacon, room and codes"),
        ]

    async def close(self) -> None:
        """Send what was published, then let go of every socket. Twice is once."""
        if not self._tasks:
            return
        sending, ticking = self._tasks
        self._tasks = []
        self._outgoing.put_nowait(None)
        await sending
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)
        for sid in list(self._connections):
            await self.server.disconnect(sid)
        if self.server.eio.service_task_handle is not None:
            await self.server.shutdown()

    def publish(self, running: RunningMeeting, publication: Publication) -> None:
        """Take a publication; it is sent in order by one task."""
        self._outgoing.put_nowait((running, publication))

    # Coming and going

    def connect(self, sid: str, environ: dict[str, Any], auth: Any) -> None:
        """Let a device of a seat in.

        Raises:
            Refused: `not_signed_in`, `device_revoked`, `server_busy` or `malformed`.
        """
        if self.meetings is None:
            raise Refused("server_busy")
        if not isinstance(auth, dict) or not isinstance(auth.get("seat"), str):
            raise Refused("malformed")
        seat = auth["seat"]
        running = self.meetings.of_seat(seat)
        cookies = cookie_parser(environ.get("HTTP_COOKIE", ""))
        device = running and self._access.device_of(
            cookies.get(cookie_name(seat)), running.id, seat
        )
        if not running or not device:
            raise Refused("not_signed_in")
        actor = Actor("device", seat, device)
        role = standing_of(running.state, actor)
        self._connections[sid] = Connection(running, actor, cookies.get(SAW_COOKIE))
        running.room.came(sid, seat, device, reader=role in ("member", "guest"))

    def disconnect(self, sid: str) -> None:
        link = self._connections.pop(sid, None)
        if link is not None:
            link.running.room.went(sid, self._clock.seconds())

    # What devices ask

    async def join(self, sid: str, _: Any) -> Answer:
        """Take the view, enter the audience and queue the view in one stretch."""
        link = self._link(sid)
        standing_of(link.running.state, link.actor)
        if self._overrun(sid):
            raise Refused("server_busy")
        rev = await self._show(sid, link)
        if link.audience and link.audience.kind == "screen":
            await self._send_code(link.running, sid)
        if link.audience and link.audience.kind in WITH_ROLL and link.running.room.last:
            await self._signal(link.running.room.last, sid)
        return Committed(rev)

    async def command(self, sid: str, data: Any) -> Answer:
        link = self._link(sid)
        sent = msgspec.convert(data, c.Sent)
        sighting = self._access.sighting(link.saw, link.running.id, self._clock.seconds())
        return await link.running.submit(link.actor, sent, sighting=sighting)

    async def signal(self, sid: str, data: Any) -> Answer:
        link = self._link(sid)
        match msgspec.convert(data, UpSignal):
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

    def _overrun(self, sid: str) -> bool:
        """Whether a device has more waiting for it than one that reads ever has."""
        socket = self._socket_of(sid)
        return socket is not None and socket.queue.qsize() > UNREAD_MOST

    def _socket_of(self, sid: str) -> Any:
        """The library's own socket of a connection, or None if it is gone."""
        return self.server.eio.sockets.get(self.server.manager.eio_sid_from_sid(sid, "/"))

    # What goes down

    async def _show(self, sid: str, link: Connection) -> int:
        running = link.running
        seat = running.state.seats[link.actor.seat]
        audience = audience_of(running.state, seat)
        shown = running.publishing.shown_to(audience)
        n, own = running.publishing.own_of(seat.id)
        manager = self.server.manager
        if link.audience is not None and link.audience != audience:
            manager.basic_leave_room(sid, "/", _room_of(running, link.audience))
        link.audience = audience
        for room in (running.id, _room_of(running, audience), _seat_room(running, seat.id)):
            manager.basic_enter_room(sid, "/", room)
        view = {"rev": shown.rev, "view": shown.view, "n": n, "own": own, "protocol": VERSION}
        await self.server.emit("view", view, to=sid)
        # At once, as whoever presents reckons the time of a tap from the last beacon.
        await self._send_beacon(running, sid)
        return shown.rev

    async def _send_published(self) -> None:
        while (work := await self._outgoing.get()) is not None:
            running, publication = work
            try:
                await self._send(running, publication)
            except Exception:
                log.exception("meeting %s: publication not sent", running.id)

    async def _send(self, running: RunningMeeting, publication: Publication) -> None:
        for audience, message in publication.patches:
            body = msgspec.to_builtins(message)
            await self.server.emit("patch", body, room=_room_of(running, audience))
        for seat, own in publication.own:
            body = msgspec.to_builtins(own)
            await self.server.emit("own", body, room=_seat_room(running, seat))
        for device in publication.revoked:
            await self._send_away(running, device, "device_revoked")
        if publication.regrouped:
            for sid, link in list(self._connections.items()):
                if link.running is not running or link.audience is None:
                    continue
                own_seat = running.state.seats[link.actor.seat]
                if link.audience != audience_of(running.state, own_seat):
                    await self._show(sid, link)

    async def _send_away(self, running: RunningMeeting, device: str, code: Code) -> None:
        for sid in running.room.sockets_of(device):
            seat = self._connections[sid].actor.seat if sid in self._connections else ""
            await self._signal(Leave(code), sid)
            await self.server.disconnect(sid)
            running.room.forget_seat(seat)

    async def _tick(self) -> None:
        ticks = 0
        while True:
            try:
                for running in self.meetings.all() if self.meetings else []:
                    if ticks % int(BEACON_SECONDS / TICK_SECONDS) == 0:
                        await self._send_beacon(running)
                    await self._send_room(running)
                    window = int(self._clock.seconds() // SCAN_SECONDS)
                    if self._windows.get(running.id) != window:
                        self._windows[running.id] = window
                        await self._send_code(running)
                for sid in [sid for sid in self._connections if self._overrun(sid)]:
                    log.warning("a device does not read; its connection is closed")
                    await self._abort(sid)
            except Exception:
                log.exception("tick failed")
            ticks += 1
            await asyncio.sleep(TICK_SECONDS)

    async def _abort(self, sid: str) -> None:
        """End a connection without saying goodbye: who does not read would not hear it."""
        socket = self._socket_of(sid)
        if socket is not None:
            await socket.close(wait=False, abort=True)

    async def _send_beacon(self, running: RunningMeeting, to: str | None = None) -> None:
        beacon = BeaconMessage(running.publishing.rev, self._clock.seconds())
        await self.server.emit("beacon", msgspec.to_builtins(beacon), room=to or running.id)

    async def _send_room(self, running: RunningMeeting) -> None:
        state, shown = running.state, running.state.presented
        signal = running.room.signal(
            (shown.document, shown.page) if shown else None,
            self._ready(running),
            invited=visibility.invited(state),
            missed=visibility.expected(state),
            taken={d.seat for d in state.devices.values() if not d.revoked},
            seconds=self._clock.seconds(),
        )
        if signal is None:
            return
        for audience in {link.audience for link in self._connections.values()}:
            if audience and audience.kind in WITH_ROLL:
                await self._signal(signal, _room_of(running, audience))

    async def _send_code(self, running: RunningMeeting, to: str | None = None) -> None:
        if to is None:
            screens = [
                sid
                for sid, link in self._connections.items()
                if link.running is running and link.audience and link.audience.kind == "screen"
            ]
        else:
            screens = [to]
        if not screens:
            return
        seconds = self._clock.seconds()
        codes = running.codes
        signal = self._on_show(running, codes.digits(seconds), codes.scan_code(seconds))
        for sid in screens:
            await self._signal(signal, sid)

    async def _signal(self, signal: RoomSignal | CodeSignal | Leave, to: str) -> None:
        await self.server.emit("signal", msgspec.to_builtins(signal), room=to)


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
                raise socketio.exceptions.ConnectionRefusedError(refusal.code) from None
            return None
        if event == "disconnect":
            if self._live.server.manager.is_connected(sid, "/"):
                return msgspec.to_builtins(Rejected("malformed"))
            self._live.disconnect(sid)
            return None
        return msgspec.to_builtins(await self._answer(event, sid, args[1] if args[1:] else None))

    async def _answer(self, event: str, sid: str, data: Any) -> Answer:
        try:
            match event:
                case "join":
                    return await self._live.join(sid, data)
                case "command":
                    return await self._live.command(sid, data)
                case "signal":
                    return await self._live.signal(sid, data)
            return Rejected("unknown_type")
        except Refused as refusal:
            return Rejected(refusal.code, refusal.data)
        except msgspec.ValidationError:
            return Rejected("malformed")
        except Exception:
            log.exception("event %.40s failed", event)
            return Rejected("server_fault")


def _room_of(running: RunningMeeting, audience: Audience) -> str:
    return f"{running.id}/{audience.kind}/{','.join(sorted(audience.items))}"


def _seat_room(running: RunningMeeting, seat: str) -> str:
    return f"{running.id}//{seat}"
