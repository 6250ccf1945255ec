"""One simulated tablet: it follows, asks, turns pages, loses the network and comes back.

It does what `web/src/live/meeting.svelte.ts` does, with the same times. It knows only what came
over the wire; what it saw and did is in `history`.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, Final

import msgspec

from meeting.clock import Times
from meeting.protocol import commands as c
from meeting.protocol import patch
from meeting.rehearsal.connection import Connection
from meeting.rehearsal.delivery import PERISHABLE, deliver, refused
from meeting.rehearsal.follow import Follow, Place
from meeting.rehearsal.history import Act, History, Sight
from meeting.rehearsal.ways import Http, OwnWays
from meeting.rehearsal.wire import Lost

Answered = dict[str, Any]
"""An answer as it came: `status`, and `rev`, or `code` and `data`."""

BEHIND_FOR: Final = 1.0
"""A revision ahead of ours for longer than this is a lost patch."""


class Tablet:
    """One device of a seat.

    `view`, `own`, `rev`, `n` are what it has before it, `room` and `code` the last signals of
    that kind.

    Args:
        url: the server, `http://host:port`.
        token: the value of the cookie `seat_<seat>`.
        http: shared by all tablets of a process.
        times: the server's times; all of the tablet's own pauses are scaled alike.
        chance: its own source of randomness.
        saw: the value of the cookie `saw`, if it scanned the room screen.
    """

    def __init__(
        self,
        url: str,
        seat: str,
        token: str,
        *,
        http: Http,
        times: Times,
        chance: Random,
        saw: str = "",
    ) -> None:
        self.url, self.seat = url, seat
        self.cookie = f"seat_{seat}={token}" + (f"; saw={saw}" if saw else "")
        self.times = times
        self.scale = times.offline / Times().offline
        self.view: dict[str, Any] = {}
        self.own: dict[str, Any] = {}
        self.rev = self.n = 0
        self.room: dict[str, Any] = {}
        self.code: dict[str, Any] = {}
        self.follow = Follow()
        self.history = History()
        self.connection = Connection(
            url,
            seat,
            self.cookie,
            self,
            times=times,
            scale=self.scale,
            chance=chance,
            history=self.history,
        )
        self.http = http
        self._chance = chance
        self._beacon: tuple[float, float] | None = None
        self._doubting = False
        self._said: dict[str, Any] | None = None
        self._wanted: tuple[c.ShowPage, float | None, float] | None = None
        self._flying = False
        self._turned = 0
        self._changed = asyncio.Event()

    # Coming and going

    def start(self) -> None:
        """Connect, and keep at it. To be called once, on the loop."""
        self.connection.start()

    async def stop(self) -> None:
        """End for good; nothing is sent or heard any more. Commands under way are the caller's."""
        await self.connection.stop()

    def cut(self) -> None:
        """The network is gone, until `mend`."""
        self.connection.lose()

    def mend(self) -> None:
        """The network is back, and the browser says so."""
        self.connection.mend()

    def sleep(self) -> None:
        """The screen goes dark: no timer runs, nothing is read, until `wake`."""
        self.connection.sleep()
        self._paint()

    def wake(self) -> None:
        self.connection.wake()
        self._paint()

    def retry(self) -> None:
        """Connect again at once."""
        self.connection.retry()

    @property
    def state(self) -> str:
        """`connecting`, `live`, `offline` (the banner is up) or `refused`."""
        return self.connection.state

    @property
    def refusal(self) -> str:
        """The code for which this device was sent away, or empty."""
        return self.connection.refusal

    async def until(self, true: Callable[[], bool], seconds: float) -> None:
        """Wait for something to be so, looking after each message. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    # What the person does

    async def send(self, command: c.Command) -> Answered:
        """Ask the server for something. Never raises; durable commands wait until answered."""
        if_rev = None
        if isinstance(command, c.CallFollowers):
            if_rev = max(self.view.get("turn", 0), self._turned)
        return await self._send(command, self.now(), if_rev, time.perf_counter())

    async def turn(self, document: str, version: int, page: int) -> Answered | None:
        """Present a page. None when a turn already in flight takes this one along."""
        self._wanted = (c.ShowPage(document, version, page), self.now(), time.perf_counter())
        self.follow.back()
        if self._flying:
            return None
        self._flying = True
        try:
            answer = refused("not_known")
            rev = max(self.view.get("turn", 0), self._turned)
            while self._wanted is not None:
                asked = self._wanted
                command, at, tapped = asked
                answer = await self._send(command, at, rev, tapped)
                if answer["status"] != "committed":
                    break
                rev = self._turned = answer["rev"]
                if self._wanted is asked:
                    break
            return answer
        finally:
            self._wanted, self._flying = None, False

    def read(self, document: str, page: int) -> None:
        """Read another page alone."""
        if self.view:
            self.follow.navigate(self.view, (document, page))
            self._followed()

    def back(self) -> None:
        """Return to the presented page."""
        self.follow.back()
        self._followed()

    @property
    def shown(self) -> Place | None:
        """The page on the screen: (document, page)."""
        return self.follow.shown(self.view) if self.view else None

    @property
    def presents(self) -> bool:
        """Whether this seat turns pages, as far as this tablet knows."""
        return bool(self.view) and self.view["presenter"]["seat"] == self.seat

    def now(self) -> float | None:
        """The server's seconds by the last beacon; None before the first."""
        if self._beacon is None:
            return None
        said, heard = self._beacon
        return said + time.perf_counter() - heard

    async def _send(
        self, command: c.Command, at: float | None, if_rev: int | None, tapped: float
    ) -> Answered:
        asked = msgspec.to_builtins(command)
        sent = {"id": f"{self._chance.getrandbits(96):024x}", "command": asked}
        durable = asked["type"] not in PERISHABLE
        if at is not None:
            sent["at"] = at
        elif not durable:
            return refused("too_late")
        if if_rev is not None:
            sent["if_rev"] = if_rev
        act = Act(sent["id"], command, tapped, at, durable)
        self.history.acts[act.id] = act
        ways = OwnWays(self.connection, self.http, self.url, self.seat, self.cookie, act)
        answer = await deliver(sent, ways, perish=self.times.perish, scale=self.scale)
        act.settled, act.settled_at = answer, time.perf_counter()
        return answer

    # What comes down

    def heard(self, name: str, body: Any) -> None:
        match name:
            case "view":
                self._on_view(body)
            case "patch":
                self._on_patch(body)
            case "own":
                self._on_own(body)
            case "beacon":
                self._on_beacon(body)
            case "signal":
                self._on_signal(body)
        self._changed.set()

    def became(self) -> None:
        """The connection is in another state. Who is sent away keeps nothing."""
        if self.refusal:
            self.view, self.own, self.room, self.code = {}, {}, {}, {}
            self.rev, self._said = 0, None
        self._paint()
        self._changed.set()

    def _on_view(self, message: dict[str, Any]) -> None:
        self.connection.arrived()
        self.rev, self.n, self.own = message["rev"], message["n"], message["own"]
        self._show(message["view"])
        # The server forgot what this device shows when the old connection ended.
        if self._said is not None:
            self._say(self._said, again=True)

    def _on_patch(self, message: dict[str, Any]) -> None:
        if not self.view or message["to"] <= self.rev:
            return
        if message["from"] != self.rev:
            self.history.gaps += 1
            self.connection.join()
            return
        self.connection.vouch()
        if "turn" in message["patch"]:
            self.history.arrived[message["to"]] = time.perf_counter()
        self.rev = message["to"]
        self._show(patch.apply(self.view, message["patch"]))

    def _on_own(self, message: dict[str, Any]) -> None:
        if not self.own or message["n"] <= self.n:
            return
        if message["n"] != self.n + 1:
            self.history.gaps += 1
            self.connection.join()
            return
        self.n, self.own = message["n"], patch.apply(self.own, message["patch"])

    def _on_beacon(self, message: dict[str, Any]) -> None:
        self._beacon = (message["t"], time.perf_counter())
        rev, n = message["rev"], message.get("n", 0)

        def behind() -> bool:
            return not self.connection.viewed or rev > self.rev or n > self.n

        def look() -> None:
            self._doubting = False
            if behind():
                self.history.doubts += 1
                self.connection.join()

        if not behind():
            self.connection.vouch()
        elif not self._doubting:
            self._doubting = True
            self.connection.timer("doubt", BEHIND_FOR * self.scale, look)

    def _on_signal(self, signal: dict[str, Any]) -> None:
        match signal["type"]:
            case "room":
                self.room = signal
            case "code":
                self.code = signal
            case "leave":
                self.connection.refused(signal["code"])
            case "bye":
                self.connection.leave(signal["after_ms"] / 1000)

    # What stands on the screen

    def _show(self, view: dict[str, Any]) -> None:
        self.view = view
        self.follow.seen(view)
        self._followed()

    def _followed(self) -> None:
        shown, follows = self.shown, self.follow.follows
        if shown is None:
            self._say({"type": "idle", "follows": follows})
        else:
            document, page = shown
            self._say({"type": "shows", "document": document, "page": page, "follows": follows})
        self._paint()

    def _paint(self) -> None:
        banner, dark = self.state != "live", self.connection.asleep
        sight = Sight(time.perf_counter(), self.rev, self.shown, banner, dark)
        sights = self.history.sights
        if not sights or not sights[-1].looks_like(sight):
            sights.append(sight)

    def _say(self, signal: dict[str, Any], *, again: bool = False) -> None:
        """Tell the room what this tablet shows, unless it was the last thing told."""
        if not again and signal == self._said:
            return
        self._said = signal

        def tell() -> None:
            if (wire := self.connection.wire) is not None:
                self.connection.task(_quietly(wire.tell("signal", signal)))

        self.connection.timer("report", self._chance.uniform(0, self.times.report), tell)


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(Lost):
        await work
