"""What comes by itself while meetings run: signs of life, the room for chair and desk, codes.

Who gets what frame is `sending`'s business; who comes and goes is `live`'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Set
from typing import Final

from meeting.checkin import SCAN_SECONDS
from meeting.clock import Clock, Times
from meeting.kept import Kept
from meeting.limits import Reached
from meeting.logs import Log
from meeting.protocol.signals import CopiesRow
from meeting.protocol.words import WarningCode
from meeting.rules import visibility
from meeting.rules.state import MeetingState
from meeting.running import RunningMeeting
from meeting.sending import Sending
from meeting.strangers import Strangers

DESERTED_SECONDS: Final = 60.0

log = Log("ticking")


class Ticking:
    """Two tasks, from `start` to `close`.

    Args:
        meetings: those that run now.
        named: engine.io's ids of the connections of devices.
        ready: images made so far of the papers that are still being made, by document.
        reached: where limits that strangers reached are noted.
        warnings: what the machine wants chair and desk of a meeting to know.
        copies: for how many devices the presented page's own copy is made.
    """

    def __init__(
        self,
        sending: Sending,
        strangers: Strangers,
        clock: Clock,
        times: Times,
        *,
        meetings: Callable[[], Iterable[RunningMeeting]],
        named: Callable[[], Set[str]],
        ready: Callable[[RunningMeeting], dict[str, int]],
        reached: Reached,
        warnings: Callable[[RunningMeeting], set[WarningCode]],
        copies: Callable[[RunningMeeting], CopiesRow | None],
    ) -> None:
        self._sending = sending
        self._strangers = strangers
        self._clock = clock
        self._times = times
        self._meetings = meetings
        self._named = named
        self._ready = ready
        self._reached = reached
        self._warnings = warnings
        self._copies = copies
        self._windows: dict[str, int] = {}
        self._people: dict[str, _People] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin. To be called on the loop."""
        self._tasks = [
            asyncio.create_task(self._beat(), name="ticking: beacons"),
            asyncio.create_task(self._tick(), name="ticking: room and codes"),
        ]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _beat(self) -> None:
        loop, turn = asyncio.get_running_loop(), 0
        due = loop.time()
        while True:
            try:
                self._sending.beat(turn)
            except Exception as error:
                log.error("tick_failed", fault=error)
            turn += 1
            # Late once is not late for ever; after a long stop nothing is made up for.
            due = max(due + self._sending.beat_seconds, loop.time() - self._sending.beat_seconds)
            await asyncio.sleep(due - loop.time())

    async def _tick(self) -> None:
        while True:
            try:
                meetings = list(self._meetings())
                self._forget_all_but({running.id for running in meetings})
                for running in meetings:
                    self._tell(running)
                    await asyncio.sleep(0)  # a page turn need not wait for all of this
                self._sending.let_go(list(self._sending.stale))
                self._strangers.end_nameless(self._named(), asyncio.get_running_loop().time())
            except Exception as error:
                log.error("tick_failed", fault=error)
            await asyncio.sleep(self._times.tick)

    def _forget_all_but(self, running: Set[str]) -> None:
        for meeting in [meeting for meeting in self._windows if meeting not in running]:
            del self._windows[meeting]
            self._people.pop(meeting, None)

    def _tell(self, running: RunningMeeting) -> None:
        """What is wrong in one meeting holds nothing back in the others."""
        try:
            self._tell_room(running)
            window = int(self._clock.seconds() // SCAN_SECONDS)
            if self._windows.get(running.id) != window:
                self._windows[running.id] = window
                self._sending.tell_code(running)
        except Exception as error:
            log.error("tick_failed", meeting=running.id, fault=error)

    def _tell_room(self, running: RunningMeeting) -> None:
        state, shown, now = running.state, running.state.presented, self._clock.seconds()
        # Also while neither chair nor desk is here: they may be among those who were lost.
        if running.room.deserted(now - DESERTED_SECONDS):
            return
        people = self._people.setdefault(running.id, _People())
        signal = running.room.signal(
            (shown.document, shown.page) if shown else None,
            self._ready(running),
            invited=people.invited.of(state),
            missed=people.expected.of(state),
            taken=people.taken.of(state),
            warnings=self._reached.lately(now) | self._warnings(running),
            seconds=now,
            copies=self._copies(running),
        )
        if signal is not None:
            self._sending.tell_room(running, signal)


class _People:
    """The seats of one meeting that the room is told of."""

    def __init__(self) -> None:
        self.invited: Kept[MeetingState, Set[str]] = Kept(
            visibility.invited,
            lambda s: (
                s.seats,
                s.items,
                s.documents,
                s.items.get(s.item),
                s.documents[s.presented.document] if s.presented else None,
            ),
        )
        self.expected: Kept[MeetingState, Set[str]] = Kept(
            visibility.expected, lambda s: (s.seats, s.phase)
        )
        self.taken: Kept[MeetingState, Set[str]] = Kept(
            lambda s: {d.seat for d in s.devices.values() if not d.revoked},
            lambda s: (s.devices,),
        )
