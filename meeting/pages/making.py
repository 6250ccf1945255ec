"""Works under way, each on a place of its own. What somebody waits for is not held up for long: a
work that has been at it for a while and is needed less gives its place back, and is done later.

What is made, and how, is decided elsewhere; which work is next, by the queue.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass

from meeting.pages.jobs import CLOSER, Level, Queue, Work

After = Coroutine[None, None, None] | None
"""What is left to do when the place is free again."""


@dataclass(slots=True)
class _Place:
    """`since`: by the loop's clock."""

    since: float
    task: asyncio.Task[None] | None = None
    gives_way: bool = False


class Making:
    """Used from one event loop.

    Args:
        size: places there are. Documents that hurt a process have one of them together.
        make: does one work. Cancelled, it must leave nothing of it behind.
        own: has a coroutine run as a task of this name.
        seconds: how long a work is left in its place while somebody waits for another one.
    """

    def __init__(
        self,
        queue: Queue,
        size: int,
        make: Callable[[Work], Awaitable[After]],
        own: Callable[[Coroutine[None, None, None], str, Work], asyncio.Task[None]],
        seconds: float,
    ) -> None:
        self._queue = queue
        self._size = size
        self._do = make
        self._own = own
        self._seconds = seconds
        self._places: dict[Work, _Place] = {}
        self._gave_way: set[str] = set()
        """Documents of which nothing worse is known."""
        self._timer: asyncio.TimerHandle | None = None
        self._closing = False

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, work: Work) -> bool:
        return work in self._places

    def pump(self) -> None:
        """Start what is needed soonest on every free place; see who has to give way."""
        while not self._closing and len(self._places) < self._size:
            work = self._queue.take(
                doubtful=self._room_for_doubtful, elsewhere=self._room_elsewhere
            )
            if work is None:
                break
            place = self._places[work] = _Place(asyncio.get_running_loop().time())
            place.task = self._own(self._make(work, place), "make", work)
        self._press()

    def close(self) -> None:
        """Nothing is started any more."""
        self._closing = True
        self._rest()

    @property
    def _room_for_doubtful(self) -> bool:
        """One document that hurts processes could be two under other names."""
        return not any(self._queue.doubtful(work.sha256) for work in self._places)

    @property
    def _room_elsewhere(self) -> bool:
        """The last place is not for what few look at closely while all look at something else."""
        pieces = sum(self._queue.elsewhere(work) for work in self._places)
        return pieces < max(1, self._size - 1)

    async def _make(self, work: Work, place: _Place) -> None:
        after: After = None
        try:
            after = await self._do(work)
            self._done(work, place)
        except asyncio.CancelledError:
            if not place.gives_way or self._closing:
                raise
            if work.width != CLOSER:  # which was slow to nobody's harm, and is not missed
                if not self._queue.doubtful(work.sha256):
                    self._gave_way.add(work.sha256)
                self._queue.doubt(work.sha256, for_good=False)
                self._queue.put_back(work)
        finally:
            del self._places[work]
            self._queue.done(work)
            self.pump()
        if after is not None:
            await after

    def _done(self, work: Work, place: _Place) -> None:
        """What is done soon this time was only slow because the machine was."""
        if work.sha256 in self._gave_way:
            self._gave_way.remove(work.sha256)
            if asyncio.get_running_loop().time() - place.since <= self._seconds:
                self._queue.trust(work.sha256)

    def _press(self) -> None:
        """Have one work give way, or look again when one has been at it for long enough."""
        self._rest()
        if self._closing or any(place.gives_way for place in self._places.values()):
            return
        doubtful, elsewhere = self._room_for_doubtful, self._room_elsewhere
        level = self._level(self._queue.first(doubtful=doubtful, elsewhere=elsewhere))
        # Of the documents that hurt processes one can only have the place of another.
        theirs = min(level, self._level(self._queue.first(elsewhere=elsewhere)))
        less = [
            (place.since + self._seconds, work)
            for work, place in self._places.items()
            if self._queue.level(work) > (theirs if self._queue.doubtful(work.sha256) else level)
        ]
        now = asyncio.get_running_loop().time()
        if over := [work for until, work in less if until <= now]:
            # What is known to be slow has but this place: the other one is to be known as well.
            work = min(over, key=lambda one: self._queue.doubtful(one.sha256))
            place = self._places[work]
            if place.task is not None:
                place.gives_way = True
                place.task.cancel()
        elif less:
            wait = min(until for until, _ in less) - now
            self._timer = asyncio.get_running_loop().call_later(wait, self._press)

    def _level(self, work: Work | None) -> Level:
        return Level.AHEAD if work is None else self._queue.level(work)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
