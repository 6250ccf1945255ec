"""A bad Wi-Fi: a proxy that drops, delays and repeats frames, silences and cuts connections.

Every connection has its own seeded chance. After a WebSocket's handshake whole frames are the
unit, so that both sides always speak valid WebSocket; plain HTTP is delayed, silenced and cut.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass
from random import Random
from typing import Final, cast

from tests.lossy import frames

HEAD_END: Final = b"\r\n\r\n"


@dataclass(frozen=True)
class Weather:
    """What happens to one frame, as shares of 1. `longest` is the longest delay in seconds;
    `events_lost`: the share of the server's events, and of nothing else, that is dropped.
    """

    drop: float = 0.0
    events_lost: float = 0.0
    twice: float = 0.0
    delay: float = 0.0
    longest: float = 0.0
    silence: float = 0.0
    cut: float = 0.0


CLEAR: Final = Weather()


def storm(scale: float) -> Weather:
    """The worst room anybody would hold a meeting in."""
    return Weather(drop=0.03, twice=0.04, delay=0.2, longest=scale, silence=0.002, cut=0.004)


SQUALL: Final = Weather(events_lost=0.3)
"""Much is lost and no connection breaks: only the beacon can tell a device what it missed."""


class Network:
    """All connections between the tablets and one server, on a port of its own.

    `happened` counts what was done to whom.
    """

    def __init__(self, server_port: int, chance: Random) -> None:
        self.weather = CLEAR
        self.out = False
        self.port = 0
        self.happened: Counter[str] = Counter()
        self._server_port = server_port
        self._chance = chance
        self._links: set[Link] = set()
        self._listener: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._came, "127.0.0.1", 0)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        for link in list(self._links):
            link.cut()
        if self._listener is not None:
            self._listener.close()
            await self._listener.wait_closed()

    def go_out(self) -> None:
        """Nothing passes any more. What each connection will be afterwards is decided now."""
        self.out = True
        for link in list(self._links):
            link.lose()

    def come_back(self) -> None:
        self.out = False
        for link in list(self._links):
            link.find_again()

    async def reach(self, link: Link) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, far = await loop.create_connection(
                lambda: Side(link), "127.0.0.1", self._server_port
            )
        except OSError:
            link.cut()
            return
        link.reached(far)

    def end(self, link: Link) -> None:
        self._links.discard(link)

    def _came(self) -> Side:
        link = Link(self, Random(self._chance.getrandbits(64)))
        self._links.add(link)
        return link.near


class Side(asyncio.Protocol):
    """One end of a connection through the proxy."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        if self is self.link.near:
            self.link.opened()

    def data_received(self, data: bytes) -> None:
        self.link.lane_from(self).feed(data)

    def connection_lost(self, _: Exception | None) -> None:
        self.link.lane_from(self).feed_end()


class Link:
    """One connection of a tablet to the server."""

    def __init__(self, network: Network, chance: Random) -> None:
        self.network = network
        self.chance = chance
        self.near = Side(self)
        self.far: Side | None = None
        self.up = Lane(self, to_server=True)
        self.down = Lane(self, to_server=False)
        self.frames = False
        """Whether this is a WebSocket by now."""
        self._task: asyncio.Task[None] | None = None
        self._ended = False

    def opened(self) -> None:
        if not self.network.out:
            self._reach()

    def reached(self, far: Side) -> None:
        self.far = far
        if self._ended:
            self.cut()
        else:
            self.up.go_on()

    def lane_from(self, side: Side) -> Lane:
        return self.up if side is self.near else self.down

    def transport_of(self, lane: Lane) -> asyncio.Transport | None:
        side = self.far if lane is self.up else self.near
        return side.transport if side is not None else None

    def happens(self, what: str, share: float) -> bool:
        if share and self.chance.random() < share:
            self.network.happened[what] += 1
            return True
        return False

    def lose(self) -> None:
        """The outage begins: torn off, silent for ever, or held and delivered when it is over."""
        fate = self.chance.choice(("cut", "silent", "held", "held"))
        self.network.happened[f"outage: {fate}"] += 1
        if fate == "cut":
            self.cut()
        elif fate == "silent":
            self.up.silent = self.down.silent = True

    def find_again(self) -> None:
        if self.far is None and self._task is None:
            self._reach()
        self.up.go_on()
        self.down.go_on()

    def cut(self) -> None:
        """Torn off on both sides."""
        self._ended = True
        self.network.end(self)
        for side in (self.near, self.far):
            if side is not None and side.transport is not None:
                side.transport.abort()

    def _reach(self) -> None:
        self._task = asyncio.create_task(self.network.reach(self), name="lossy: reach")


class Lane:
    """One direction of a connection: what came waits here until it may go on."""

    def __init__(self, link: Link, *, to_server: bool) -> None:
        self.silent = False
        self._link = link
        self._to_server = to_server
        self._buffer = bytearray()
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._shook = self._ending = False

    def feed(self, data: bytes) -> None:
        if not self._link.frames or not self._shook:
            self._feed_http(data)
            return
        self._buffer += data
        while (frame := frames.take(self._buffer)) is not None:
            self._feed_frame(frame)

    def feed_end(self) -> None:
        """The sender closed: what it had said before still arrives, even after an outage."""
        self._ending = True
        self.go_on()

    def go_on(self) -> None:
        """Deliver what is due."""
        link, loop = self._link, asyncio.get_running_loop()
        transport = link.transport_of(self)
        if link.network.out or transport is None:
            return
        while self._waiting and self._waiting[0][0] <= loop.time():
            _, data = self._waiting.popleft()
            if not self.silent and not transport.is_closing():
                transport.write(data)
        if self._waiting and self._timer is None:
            self._timer = loop.call_at(self._waiting[0][0], self._due)
        if self._ending and not self._waiting and not self.silent:
            link.cut()

    def _due(self) -> None:
        self._timer = None
        self.go_on()

    def _feed_http(self, data: bytes) -> None:
        """The handshake of a WebSocket passes whole; other HTTP in the pieces it came in."""
        link = self._link
        if self._to_server and b"upgrade: websocket" in data.lower():
            link.frames = True
        if link.frames:
            self._buffer += data
            end = self._buffer.find(HEAD_END)
            if end < 0:
                return
            head = bytes(self._buffer[: end + len(HEAD_END)])
            del self._buffer[: len(head)]
            self._shook = True
            self._put(head)
            self.feed(b"")
            return
        weather = link.network.weather
        if link.happens("http cut", weather.cut * 10):
            link.cut()
        elif link.happens("http silenced", weather.drop):
            self.silent = True
        else:
            self._put(data)

    def _feed_frame(self, frame: bytes) -> None:
        link, weather = self._link, self._link.network.weather
        if link.happens("cut", weather.cut):
            link.cut()
        elif link.happens("silenced", weather.silence):
            self.silent = True
        elif frame[0] != frames.TEXT:
            self._put(frame)
        elif not self._to_server and frames.is_event(frame) and self._lost():
            return
        elif not link.happens("dropped", weather.drop):
            self._put(frame)
            if link.happens("twice", weather.twice):
                self._put(frame)

    def _lost(self) -> bool:
        return self._link.happens("event lost", self._link.network.weather.events_lost)

    def _put(self, data: bytes) -> None:
        link, weather = self._link, self._link.network.weather
        now = asyncio.get_running_loop().time()
        due = self._waiting[-1][0] if self._waiting else now
        if link.happens("delayed", weather.delay):
            due = max(due, now + link.chance.uniform(0, weather.longest))
        self._waiting.append((due, data))
        if self._timer is None:
            self.go_on()
