"""The gate for images fetched ahead: few at a time, so many bytes a second, first come, first in.

An image that somebody waits for on screen never stands here; it only holds back those that do.
Which image and who may have it is decided elsewhere.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from meeting.clock import Clock
from meeting.errors import AskedTooMuch

PLACES: Final = 8
"""So many images are on their way ahead at the same time."""

HELD_SECONDS: Final = 2.0
"""A device that takes its image slower than this lets the next one begin beside it."""

PUSHED_SECONDS: Final = 1.0
"""What is on screen holds the first in line back by this at most, however much there is."""

SLACK_SECONDS: Final = 0.1
"""A timer that fires late costs the line nothing up to this."""

IN_LINE_MOST: Final = 6
"""Of one seat: up to three devices, and what they had asked for before a reload."""


@dataclass(eq=False, slots=True)
class _Ticket:
    """One image in line; `turn` is given a value when it may go."""

    seat: str
    size: int
    turn: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    @property
    def left(self) -> bool:
        """Whether it was cancelled: a moment before its own task notices and leaves the line."""
        return self.turn.cancelled()


class Gate:
    """Used from one event loop.

    Args:
        rate: bytes a second for all images fetched ahead together.
    """

    def __init__(self, clock: Clock, rate: int, *, places: int = PLACES) -> None:
        self._clock = clock
        self._rate = rate
        self._places = places
        self._line: deque[_Ticket] = deque()
        self._inside: dict[_Ticket, float] = {}
        self._free_at = clock.seconds()
        self._pushed = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many wait in line."""
        return len(self._line)

    @contextlib.asynccontextmanager
    async def passing(self, seat: str, size: int) -> AsyncIterator[None]:
        """Wait for one's turn to send `size` bytes; leaving the block, or the wait, ends it.

        Raises:
            AskedTooMuch: this seat has too many in line already.
        """
        waiting = [ticket for ticket in self._line if not ticket.left]
        if sum(ticket.seat == seat for ticket in waiting) >= IN_LINE_MOST:
            raise AskedTooMuch
        ticket = _Ticket(seat, size)
        self._line.append(ticket)
        self.look()
        try:
            await ticket.turn
            yield
        finally:
            if ticket in self._inside:
                del self._inside[ticket]
            elif ticket in self._line:
                self._line.remove(ticket)
            self.look()

    def on_screen(self, size: int) -> None:
        """So many bytes go to a screen now, past the line."""
        push = min(size / self._rate, PUSHED_SECONDS - self._pushed)
        self._pushed += push
        self._free_at = max(self._free_at, self._clock.seconds()) + push

    def look(self) -> None:
        """Let in whose turn it is; called when something changed, and by the gate's own timer."""
        now = self._clock.seconds()
        for ticket, since in list(self._inside.items()):
            if now - since >= HELD_SECONDS:
                del self._inside[ticket]
        while self._line and len(self._inside) < self._places and now >= self._free_at:
            ticket = self._line.popleft()
            if ticket.left:
                continue
            self._inside[ticket] = now
            self._free_at = max(self._free_at, now - SLACK_SECONDS) + ticket.size / self._rate
            self._pushed = 0.0
            ticket.turn.set_result(None)
        self._look_again(now)

    def _look_again(self, now: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._line:
            return
        at = self._free_at
        if len(self._inside) >= self._places:
            at = max(at, min(self._inside.values()) + HELD_SECONDS)
        self._timer = asyncio.get_running_loop().call_later(max(0.0, at - now), self.look)
