"""One tablet's connection: kept up, looked after, torn down. As `web/src/live/connection.ts`.

It hands over what comes and says whether this tablet is live; views are the tablet's.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, Final, Literal, Protocol

from meeting.clock import Times
from meeting.protocol.schema import VERSION
from meeting.rehearsal.delivery import as_answer
from meeting.rehearsal.history import History
from meeting.rehearsal.wire import Lost, TurnedAway, Wire, open_wire

State = Literal["connecting", "live", "offline", "restarting", "refused"]
"""Restarting: the server said that it stops, and when to come back."""

# Shares of `times.offline`, as in `web/src/live/times.ts`.
TICK: Final = 1 / 24
WAKE_PATIENCE: Final = 1 / 6
CONNECT_PATIENCE: Final = 2 / 3
BACK_OFF: Final = (1 / 24, 1 / 12, 1 / 6, 1 / 3, 1 / 2)

PATIENCE_LEAST: Final = 1.0
"""For a connection, however short the scale: a machine's slowness does not shrink with it."""

RETRY_AFTER: Final = 1.0
"""Seconds at true scale, where the server asks for a retry without saying when."""

FINAL: Final = frozenset({"not_signed_in", "device_revoked", "card_revoked", "seat_unknown"})
"""Refusals that no waiting mends."""


class Heard(Protocol):
    """Who is told what comes, and that `state` or `refusal` changed."""

    def heard(self, name: str, body: Any) -> None: ...

    def became(self) -> None: ...


class Connection:
    """`state` is what the screen says; `refusal` the code for which this device was sent away.

    Args:
        times: the server's; silence and pauses go by `offline`.
        scale: what does not go by it is shorter or longer by this.
    """

    def __init__(
        self,
        url: str,
        seat: str,
        cookie: str,
        heard: Heard,
        *,
        times: Times,
        scale: float,
        chance: Random,
        history: History,
    ) -> None:
        self.state: State = "connecting"
        self.refusal = ""
        self.cut = self.asleep = False
        self.viewed = False
        """Whether a view came over this very connection."""
        self._url, self._seat, self._cookie = url, seat, cookie
        self._heard = heard
        self.times, self.scale = times, scale
        self._chance = chance
        self._history = history
        self._wire: Wire | None = None
        self._attempt: asyncio.Task[None] | None = None
        self._opened_at = self._connected_at = self._lost_at = 0.0
        self._vouched = self._lit = self._tick_due = 0.0
        self._back_by = 0.0
        """Until then the server is expected back."""
        self._tries = 0
        self._stopped = False
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def wire(self) -> Wire | None:
        """The open connection, if there is one."""
        return self._wire if self._wire is not None and self._wire.open else None

    def start(self) -> None:
        self._vouched = time.perf_counter()
        self._tick_in(TICK * self.times.offline)
        self._open()

    async def stop(self) -> None:
        """End for good; every task is over."""
        self._note_vouched()
        self._stopped = True
        for name in list(self._timers):
            self.no_timer(name)
        self._close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def retry(self) -> None:
        """Connect again at once."""
        self._tries = 0
        self._open()

    def join(self) -> None:
        """Ask for the whole view, now or after a gap or a doubt."""
        if (wire := self.wire) is not None:
            self.task(self._join(wire))

    def vouch(self) -> None:
        """The server just said that what stands on the screen is right."""
        self._note_vouched()
        self._vouched = time.perf_counter()
        if self.viewed and self.state != "live":
            self.state = "live"
            self._heard.became()

    def arrived(self) -> None:
        """A view came: live from now on."""
        now = time.perf_counter()
        self.vouch()
        self.state, self._back_by = "live", 0.0
        if self.viewed:
            return
        self.viewed = True
        self._history.joins.append(now - self._opened_at)
        if self._lost_at:
            self._history.reconnects.append(now - self._lost_at)
            self._lost_at = 0.0

    def refused(self, code: str) -> None:
        """This device serves the seat no longer."""
        self._note_vouched()
        self.state, self.refusal = "refused", code
        for name in list(self._timers):
            self.no_timer(name)
        self._close()
        self._heard.became()

    def leave(self, seconds: float) -> None:
        """The server stops on purpose; come back after about so long."""
        self._note_vouched()
        self._history.byes += 1
        now = time.perf_counter()
        self._lost_at = self._lost_at or now
        self.state, self._back_by = "restarting", now + seconds + self.times.offline
        self._close()
        self.timer("retry", seconds * self._chance.uniform(1.0, 1.5), self._open)
        self._heard.became()

    def lose(self) -> None:
        """The network is gone, until `mend`."""
        self.cut = True
        if self._wire is not None:
            self._wire.drop()

    def mend(self) -> None:
        """The network is back, and the browser says so."""
        self.cut = False
        self._lost_at = time.perf_counter()
        self.woke()

    def sleep(self) -> None:
        self._note_vouched()
        self.asleep = True
        self.no_timer("tick")
        if (wire := self.wire) is not None:
            wire.pause()

    def wake(self) -> None:
        self.asleep = False
        self._lit = time.perf_counter()
        if (wire := self.wire) is not None:
            wire.resume()
        self._tick_in(TICK * self.times.offline)
        self.woke()

    def woke(self) -> None:
        """Several events say one awakening: an attempt under way is let be for a moment."""
        since, patience = time.perf_counter(), WAKE_PATIENCE * self.times.offline
        if self._stopped or self.refusal or self.asleep:
            return
        if self.wire is not None:
            self.join()
        elif self._attempt is None or since - self._opened_at > patience:
            self.retry()

        def look() -> None:
            if self._vouched >= since or self.asleep:
                return
            self._say_offline()
            self.retry()

        self.timer("wake", patience, look)

    def _open(self) -> None:
        """A new connection now, whatever there was before."""
        self._close()
        if self._stopped or self.refusal:
            return
        self._opened_at, self.viewed = time.perf_counter(), False
        self._attempt = self.task(self._connect())

    def _close(self) -> None:
        self.no_timer("retry")
        attempt, self._attempt = self._attempt, None
        if attempt is not None:
            attempt.cancel()
        wire, self._wire = self._wire, None
        if wire is not None:
            self._count(wire)
            self.task(wire.close())

    async def _connect(self) -> None:
        me = asyncio.current_task()
        try:
            if self.cut:
                raise Lost
            wire = await open_wire(
                self._url,
                cookie=self._cookie,
                auth={"seat": self._seat, "protocol": VERSION},
                patience=max(CONNECT_PATIENCE * self.times.offline, PATIENCE_LEAST),
            )
        except (Lost, TurnedAway) as end:
            if self._attempt is not me:
                return
            self._attempt = None
            if isinstance(end, TurnedAway) and end.code in FINAL:
                self.refused(end.code)
            else:
                self._open_later()
            return
        self._wire, self._attempt, self._tries = wire, None, 0
        self._connected_at = time.perf_counter()
        if self.asleep:
            wire.pause()
        self.join()
        await wire.listen(lambda name, body: self._take(wire, name, body))
        if wire is self._wire:
            self._wire = None
            self._count(wire)
            self._history.drops += 1
            self._lost_at = self._lost_at or time.perf_counter()
            self._open_later()

    def _take(self, wire: Wire, name: str, body: Any) -> None:
        if wire is self._wire:
            self._heard.heard(name, body)

    def _open_later(self) -> None:
        pause = BACK_OFF[min(self._tries, len(BACK_OFF) - 1)] * self.times.offline
        self._tries += 1
        self.timer("retry", pause * self._chance.uniform(0.75, 1.25), self._open)

    async def _join(self, wire: Wire) -> None:
        answer = None
        with contextlib.suppress(Lost, TimeoutError):
            answer = as_answer(await wire.ask("join", {}, self.times.perish))
        if wire is not self._wire or (answer and answer["status"] == "committed"):
            return
        if answer and answer["status"] == "rejected" and answer["code"] in FINAL:
            self.refused(answer["code"])
            return
        pause = RETRY_AFTER * self.scale
        if answer and answer["status"] == "retry":
            pause = answer["after_ms"] / 1000
        self.timer("join", pause, self.join)

    def _tick(self) -> None:
        late, now = self._late(), time.perf_counter()
        offline, tick = self.times.offline, TICK * self.times.offline
        # One tick early: the next one would be too late.
        silent = now - self._vouched > offline - tick
        if silent:
            self._say_offline()
            patience = max(offline, PATIENCE_LEAST)
            expected = now <= self._back_by
            if self.wire is not None and now - self._connected_at >= patience and not expected:
                self._open()
        self._tick_in(max(0.0, tick - late))

    def _tick_in(self, pause: float) -> None:
        if self.refusal:
            return
        self._tick_due = time.perf_counter() + pause
        self.timer("tick", pause, self._tick)

    def _say_offline(self) -> None:
        """Put the banner up, unless the server said that it would be away so long."""
        if self.state == "offline" or time.perf_counter() <= self._back_by:
            return
        self._note_vouched()
        self.state = "offline"
        self._heard.became()

    def _late(self) -> float:
        """Seconds for which this machine, not the tablet, holds back the tick."""
        return max(0.0, time.perf_counter() - self._tick_due)

    def _note_vouched(self) -> None:
        if self.state == "live" and not self.asleep:
            seen = max(self._vouched, self._lit)
            silence = time.perf_counter() - seen - self._late()
            self._history.unvouched = max(self._history.unvouched, silence)

    def _count(self, wire: Wire) -> None:
        self._history.bytes_down += wire.bytes_down
        self._history.frames_down += wire.frames_down

    # Tasks and timers, each with an end

    def task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Have this done; it ends with the connection's `stop` at the latest."""
        task = asyncio.create_task(work, name=f"tablet {self._seat}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def timer(self, name: str, seconds: float, then: Callable[[], None]) -> None:
        """Have this done later; a timer of the same name is replaced."""
        self.no_timer(name)
        if not self._stopped:
            self._timers[name] = asyncio.get_running_loop().call_later(seconds, then)

    def no_timer(self, name: str) -> None:
        if timer := self._timers.pop(name, None):
            timer.cancel()
