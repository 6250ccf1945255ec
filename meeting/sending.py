"""What goes down to the devices of the running meetings: who gets which frame, and when again.

Nothing here waits. A device that cannot take a frame at once is marked stale instead of being
queued for; when its line is free it gets one patch or view that brings it up to date. Who takes
nothing for long is let go.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final, Literal

from msgspec import Struct

from meeting.clock import Clock, Times
from meeting.counts import Closed, Counts
from meeting.errors import Code
from meeting.fanout import Frame, Line, frame
from meeting.logs import Log
from meeting.protocol.schema import VERSION
from meeting.protocol.signals import Bye, CodeSignal, Leave, RoomSignal
from meeting.protocol.views import BeaconMessage, TimesView
from meeting.publishing import Publication, Shown, between
from meeting.rules.state import Actor
from meeting.rules.visibility import WITH_ROLL, Audience, audience_of
from meeting.running import RunningMeeting

DRAIN_SECONDS: Final = 0.02
"""How often stale devices are looked at, while there are any."""

BEAT_SECONDS: Final = 0.05
"""Beacons do not go to all at once, which would keep a page turn waiting: each device has its
moment, and so often some of them have theirs."""

ENDED_MOST: Final = 10
"""Connections that are let go in one stretch: many at once would keep a page turn waiting. Each of
them is looked at again soon."""

UNSENT_MOST: Final = 1_000_000
"""Bytes held back for one device; whoever lets so much pile up does not read."""

Missed = Literal["patch", "view", "room", "code"]

NOTHING: Final[frozenset[Missed]] = frozenset()

log = Log("sending")


class Connection(Struct, eq=False):
    """One open socket of a device of a seat.

    `shown` is what its audience was shown when it was last written to, None before it joined;
    `missed` what could not be written since, `stale_since` from when by the loop's clock.
    """

    sid: str
    running: RunningMeeting
    actor: Actor
    saw: str | None
    line: Line
    audience: Audience | None = None
    shown: Shown | None = None
    missed: frozenset[Missed] = NOTHING
    stale_since: float = 0.0


class Sending:
    """The lines of all connections, by meeting and audience.

    Args:
        on_show: what a meeting's room screen is to show now.
        counts: told how long a publication took, and why a device was let go.
    """

    def __init__(
        self,
        clock: Clock,
        times: Times,
        on_show: Callable[[RunningMeeting], CodeSignal],
        counts: Counts,
    ) -> None:
        self._clock = clock
        self._times = times
        self._on_show = on_show
        self._counts = counts
        self._joined: dict[str, dict[Audience, dict[str, Connection]]] = {}
        self._stale: dict[str, Connection] = {}
        self._drain: asyncio.TimerHandle | None = None
        self._rounds: list[dict[str, Connection]] = [
            {} for _ in range(max(1, round(times.beacon / BEAT_SECONDS)))
        ]
        self._device_times = TimesView(
            offline_ms=round(times.offline * 1000),
            perish_ms=round(times.perish * 1000),
            report_ms=round(times.report * 1000),
        )

    @property
    def stale(self) -> Collection[Connection]:
        """The devices that have not been able to take what was sent."""
        return self._stale.values()

    @property
    def beat_seconds(self) -> float:
        """How often to `beat`."""
        return self._times.beacon / len(self._rounds)

    def audiences(self, running: RunningMeeting) -> Iterable[Audience]:
        return self._joined.get(running.id, {})

    def close(self) -> None:
        if self._drain is not None:
            self._drain.cancel()

    def came(self, link: Connection) -> None:
        """This connection has begun: it gets a moment of its own for signs of life."""
        min(self._rounds, key=len)[link.sid] = link

    def forget(self, link: Connection) -> None:
        """This connection has ended."""
        self._leave(link)
        for links in self._rounds:
            links.pop(link.sid, None)
        self._stale.pop(link.sid, None)

    def show(self, link: Connection) -> int:
        """Put a device into its audience and give it the view, in one stretch; its revision."""
        running = link.running
        seat = running.state.seats[link.actor.seat]
        audience = audience_of(running.state, seat)
        shown = running.publishing.shown_to(audience)
        n, own = running.publishing.own_of(seat.id)
        if link.audience != audience:
            self._leave(link)
            link.audience = audience
            self._joined.setdefault(running.id, {}).setdefault(audience, {})[link.sid] = link
        link.shown = shown
        link.missed = NOTHING
        view = {
            "rev": shown.rev,
            "view": shown.view,
            "n": n,
            "own": own,
            "protocol": VERSION,
            "times": self._device_times,
        }
        link.line.send(frame("view", view))
        # At once, as whoever presents reckons the time of a tap from the last beacon.
        link.line.send(self._beacon(running, n))
        if audience.kind in WITH_ROLL and running.room.last:
            link.line.send(frame("signal", running.room.last))
        if audience.kind == "screen":
            link.line.send(frame("signal", self._on_show(running)))
        return shown.rev

    def publish(self, running: RunningMeeting, publication: Publication) -> None:
        """Send what was published to everybody who can take it now."""
        started = time.perf_counter()
        joined = self._joined.get(running.id, {})
        for audience, patched in publication.patches:
            if links := joined.get(audience):
                shown = running.publishing.shown_to(audience)
                self._spread(frame("patch", patched), links, shown)
        for seat, own in publication.own:
            message = frame("own", own)
            for link in self._of_seat(running, seat):
                if "view" in link.missed or not link.line.offer(message):
                    self._miss(link, "view")
        if publication.regrouped:
            for link in [link for links in joined.values() for link in links.values()]:
                seat_now = running.state.seats.get(link.actor.seat)
                if not seat_now or link.audience == audience_of(running.state, seat_now):
                    continue  # whose seat is gone is sent away with the device
                if link.line.idle and not link.missed:
                    self.show(link)
                else:
                    self._miss(link, "view")
        self._counts.sent(time.perf_counter() - started)

    def _spread(self, message: Frame, links: dict[str, Connection], shown: Shown) -> None:
        for link in links.values():
            if not link.missed and link.line.offer(message):
                link.shown = shown
            else:
                self._miss(link, "patch")

    def tell_room(self, running: RunningMeeting, signal: RoomSignal) -> None:
        """Who is connected right now, to chair and desk."""
        self._tell(running, WITH_ROLL, frame("signal", signal), "room")

    def tell_code(self, running: RunningMeeting) -> None:
        """The code on show, to the room's screens."""
        if any(audience.kind == "screen" for audience in self.audiences(running)):
            self._tell(running, ("screen",), frame("signal", self._on_show(running)), "code")

    def _tell(
        self, running: RunningMeeting, kinds: Iterable[str], message: Frame, what: Missed
    ) -> None:
        for audience, links in self._joined.get(running.id, {}).items():
            if audience.kind in kinds:
                for link in links.values():
                    if not link.line.offer(message):
                        self._miss(link, what)

    def beat(self, turn: int) -> None:
        """A sign of life to those whose moment this is, and who can take it; for the others the
        next one does. Who has given none is let go.
        """
        links = list(self._rounds[turn % len(self._rounds)].values())
        beacons: dict[tuple[str, int], Frame] = {}
        now = asyncio.get_running_loop().time()
        for link in links:
            beacon = None
            if link.audience is not None:
                n, _ = link.running.publishing.own_of(link.actor.seat)
                beacon = beacons.get((link.running.id, n))
                if beacon is None:
                    beacon = beacons[link.running.id, n] = self._beacon(link.running, n)
            link.line.beat(beacon, now)
        self.let_go(links)

    def send_away(self, link: Connection, code: Code) -> None:
        """The last thing a device hears: it serves the seat no longer."""
        link.line.send(frame("signal", Leave(code)))
        self.forget(link)

    def say_goodbye(self, links: Iterable[Connection]) -> None:
        """The server stops on purpose: everybody is told when to come back."""
        message = frame("signal", Bye(round(self._times.come_back * 1000)))
        for link in links:
            link.line.send(message)

    def let_go(self, links: Iterable[Connection]) -> None:
        """End the connections of those who take nothing or answer nothing, of a few at a time."""
        now = asyncio.get_running_loop().time()
        for link, reason in itertools.islice(self._unheard(links, now), ENDED_MOST):
            self.end(link, reason)

    def _unheard(
        self, links: Iterable[Connection], now: float
    ) -> Iterator[tuple[Connection, Closed]]:
        for link in links:
            stuck = link.sid in self._stale and now - link.stale_since >= self._times.deaf
            if stuck or link.line.unsent > UNSENT_MOST:
                yield link, "deaf"
            elif link.line.silent(now) > self._times.ping_timeout - self.beat_seconds / 2:
                yield link, "silent"

    def end(self, link: Connection, reason: Closed) -> None:
        """End a connection now; what it was not sent is dropped."""
        self._counts.closed(reason)
        actor = link.actor
        log.info(
            "device_closed",
            meeting=link.running.id,
            seat=actor.seat,
            device=actor.device,
            code=reason,
        )
        link.line.abort()

    def _beacon(self, running: RunningMeeting, n: int) -> Frame:
        return frame("beacon", BeaconMessage(running.publishing.rev, self._clock.seconds(), n))

    def _of_seat(self, running: RunningMeeting, seat: str) -> list[Connection]:
        return [
            link
            for links in self._joined.get(running.id, {}).values()
            for link in links.values()
            if link.actor.seat == seat
        ]

    def _leave(self, link: Connection) -> None:
        if link.audience is None:
            return
        joined = self._joined[link.running.id]
        joined[link.audience].pop(link.sid, None)
        if not joined[link.audience]:
            del joined[link.audience]
        link.audience = None

    def _miss(self, link: Connection, what: Missed) -> None:
        link.missed |= {what}
        if link.sid not in self._stale:
            link.stale_since = asyncio.get_running_loop().time()
            self._stale[link.sid] = link
        self._drain_later()

    def _drain_later(self) -> None:
        if self._drain is None:
            loop = asyncio.get_running_loop()
            self._drain = loop.call_later(DRAIN_SECONDS, self._catch_up)

    def _catch_up(self) -> None:
        """Whoever can be written to again gets one message that brings it up to date."""
        self._drain = None
        for link in list(self._stale.values()):
            try:
                if not link.line.idle:
                    continue
                del self._stale[link.sid]
                self._refresh(link)
            except Exception as error:
                log.error("sending_failed", meeting=link.running.id, fault=error)
        if self._stale:
            self._drain_later()

    def _refresh(self, link: Connection) -> None:
        missed, link.missed = link.missed, NOTHING
        running, old = link.running, link.shown
        if link.audience is None or old is None:
            return
        seat = running.state.seats.get(link.actor.seat)
        if seat is None:
            return
        if "view" in missed or link.audience != audience_of(running.state, seat):
            self.show(link)
            return
        if "patch" in missed:
            new = running.publishing.shown_to(link.audience)
            link.line.send(frame("patch", between(old, new)))
            link.shown = new
        if "room" in missed and running.room.last:
            link.line.send(frame("signal", running.room.last))
        if "code" in missed:
            link.line.send(frame("signal", self._on_show(running)))
