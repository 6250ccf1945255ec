"""The two clocks, handed to whoever needs the time. Rules receive times as arguments."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import Annotated, Protocol

from msgspec import Meta, Struct
from msgspec.structs import astuple

Seconds = Annotated[float, Meta(gt=0)]


class Times(Struct, frozen=True, forbid_unknown_fields=True):
    """How long things take in a running meeting, in seconds. Each is a setting.

    `beacon`: between two signs of life to every device. `tick`: the room goes to chair and desk
    at most this often. `gather`: changes nobody waits for are sent at most this often. `ping`,
    `ping_timeout`: how often a connection is probed, and how long the answer may take.
    `perish`: a page turn older than this would surprise the room. `early`: how far ahead of the
    server's clock a device's reckoning may run. `offline`: a device without a sign of the server
    for this long says so. `report`: a device reports what it painted within this, at random.
    `deaf`: a device that takes nothing for this long is let go. `nameless`: a connection that
    does not say who it is within this is ended. `lost`, `behind`: how long a seat is without
    connection, or shows another page, before the desk is told. `waiting`: a device that waits for
    the desk and is not heard for this long went away. `come_back`: when a server that stops on
    purpose asks its devices to return.
    """

    beacon: Seconds = 2.0
    tick: Seconds = 0.5
    gather: Seconds = 0.2
    ping: Seconds = 4.0
    ping_timeout: Seconds = 6.0
    perish: Seconds = 3.0
    early: Seconds = 1.0
    offline: Seconds = 6.0
    report: Seconds = 0.5
    deaf: Seconds = 10.0
    nameless: Seconds = 5.0
    lost: Seconds = 3.0
    behind: Seconds = 6.0
    waiting: Seconds = 120.0
    come_back: Seconds = 3.0

    def scaled(self, factor: float) -> Times:
        """All of them longer or shorter by one factor."""
        return Times(*(seconds * factor for seconds in astuple(self)))


class Clock(Protocol):
    """What tells the time. Tests hand over one they move themselves."""

    def now(self) -> datetime:
        """The time of day, UTC. Nothing is ordered by it."""

    def seconds(self) -> float:
        """Seconds that never go back and never jump; the zero is arbitrary."""

    def astray(self) -> float:
        """Seconds by which the machine's wall clock has been set away from `now`."""


class SystemClock:
    """The machine's own clocks. The wall clock is looked at once, when this is made: somebody who
    sets it by an hour during a meeting makes nobody late.
    """

    def __init__(self) -> None:
        self._wall = time.time() - _since_boot()

    def now(self) -> datetime:
        return datetime.fromtimestamp(self._wall + _since_boot(), UTC)

    def seconds(self) -> float:
        return time.monotonic()

    def astray(self) -> float:
        return time.time() - _since_boot() - self._wall


def _since_boot() -> float:
    """Seconds that never jump, those the machine slept included where the system counts them."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
