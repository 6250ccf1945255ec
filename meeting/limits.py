"""How much anybody may ask for in a stretch of time, and what was reached lately.

Signed-in devices are limited one by one, never by network address: a whole room may share one.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from typing import Final

from meeting.counts import Counts, Limit
from meeting.errors import AskedTooMuch
from meeting.logs import Log
from meeting.protocol.words import WarningCode

COMMANDS_MOST: Final = 100
COMMANDS_EACH_SECOND: Final = 50
"""What one device may ask for; the quickest finger at the desk asks for a few a second."""

PACES_MOST: Final = 20_000

AGAIN_MS: Final = 500
"""When a device that asked too often may ask again."""

TOLD_SECONDS: Final = 60.0
"""How long the desk is told that a limit was reached."""

_WARNINGS: Final[dict[Limit, WarningCode]] = {
    "cards": "limit_cards",
    "sockets": "limit_sockets",
    "waiting": "limit_waiting",
}

log = Log("limits")


class Bucket:
    """So many at once, and so many each second after that."""

    def __init__(self, most: float, each_second: float) -> None:
        self._most = most
        self._each_second = each_second
        self._left = most
        self._at: float | None = None

    def take(self, seconds: float, cost: float = 1.0) -> bool:
        """Whether one more is allowed at this monotonic time; if so it is counted, as `cost`."""
        if self._at is None:
            self._at = seconds
        elif seconds > self._at:
            self._left = min(self._most, self._left + (seconds - self._at) * self._each_second)
            self._at = seconds
        if self._left < cost:
            return False
        self._left -= cost
        return True


class Paces:
    """How fast each device of each seat may do something: give commands, unless said otherwise."""

    def __init__(
        self, most: float = COMMANDS_MOST, each_second: float = COMMANDS_EACH_SECOND
    ) -> None:
        self._most = most
        self._each_second = each_second
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def allows(self, seat: str, device: str, seconds: float) -> bool:
        """Whether this device may do it once more at this monotonic time."""
        bucket = self._buckets.get((seat, device))
        if bucket is None:
            if len(self._buckets) >= PACES_MOST:
                self._buckets.clear()  # they all begin anew: nobody is stopped by a full table
            bucket = self._buckets[seat, device] = Bucket(self._most, self._each_second)
        return bucket.take(seconds)


class Asking:
    """How much each device of each seat waits for at the same time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: Counter[tuple[str, str]] = Counter()

    @contextlib.contextmanager
    def waiting(self, seat: str, device: str) -> Iterator[None]:
        """This device waits for one thing more while the block lasts. Raises AskedTooMuch."""
        whose = seat, device
        if self._waiting[whose] >= self._most:
            raise AskedTooMuch
        self._waiting[whose] += 1
        try:
            yield
        finally:
            self._waiting[whose] -= 1
            if not self._waiting[whose]:
                del self._waiting[whose]


class Reached:
    """The limits for strangers that were reached lately, for the desk."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._until: dict[WarningCode, float] = {}

    def note(self, limit: Limit, seconds: float) -> None:
        """Somebody ran into this limit at this monotonic time."""
        self._counts.limited(limit)
        code = _WARNINGS[limit]
        if self._until.get(code, seconds) <= seconds:
            log.warning("limit_reached", code=limit)
        self._until[code] = seconds + TOLD_SECONDS

    def lately(self, seconds: float) -> set[WarningCode]:
        return {code for code, until in self._until.items() if seconds < until}
