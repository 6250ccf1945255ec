"""A clock that is moved by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class HandClock:
    """Both clocks of `meeting.clock`, standing still until told otherwise."""

    def __init__(self) -> None:
        self._now = datetime(2026, 12, 10, 0, 30, tzinfo=UTC)
        self._seconds = 1_000_000.0

    def now(self) -> datetime:
        return self._now

    def seconds(self) -> float:
        return self._seconds

    def astray(self) -> float:
        return 0.0

    def pass_by(self, seconds: float) -> None:
        """Time passes, for both clocks."""
        self._now += timedelta(seconds=seconds)
        self._seconds += seconds

    def jump(self, seconds: float) -> None:
        """Somebody sets the wall clock; no time passes."""
        self._now += timedelta(seconds=seconds)
