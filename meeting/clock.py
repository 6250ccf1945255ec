"""The two clocks, handed to whoever needs the time. Rules receive times as arguments."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time. Tests hand over one they move themselves."""

    def now(self) -> datetime:
        """The wall clock, UTC. It may jump; nothing is ordered by it."""

    def seconds(self) -> float:
        """Seconds that never go back and never jump; the zero is arbitrary."""


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds(self) -> float:
        return time.monotonic()
