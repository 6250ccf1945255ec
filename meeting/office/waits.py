"""Wrong passwords make the next try wait: longer each time, never for good."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Final

from msgspec import Struct

FREE: Final = 3
"""So many wrong tries in a row cost nothing: fingers slip."""

FIRST_SECONDS: Final = 2.0
MOST_SECONDS: Final = 60.0
FORGOTTEN_SECONDS: Final = 3600.0
LANES_MOST: Final = 10_000


class Lane(Struct):
    """Tries in a row that were not right, and when the next may come (monotonic seconds)."""

    tries: int = 0
    until: float = 0.0
    last: float = 0.0


class Waits:
    """One lane for each login, be there such an account or not; and one of their own for whoever
    cannot be a stranger, so that a stranger's wrong tries do not keep them out.
    """

    def __init__(self) -> None:
        self._lanes: OrderedDict[tuple[str, str], Lane] = OrderedDict()

    def begin(self, login: str, who: str, seconds: float) -> int:
        """A try begins, and counts as wrong until it was `right`: many at once count as many.

        Args:
            who: "" for a stranger.

        Returns: how many seconds it has to wait instead; 0 if it may go on.
        """
        lane = self._lanes.setdefault((login, who), Lane())
        self._lanes.move_to_end((login, who))
        while len(self._lanes) > LANES_MOST:
            self._lanes.popitem(last=False)
        if seconds < lane.until:
            return math.ceil(lane.until - seconds)
        if seconds - lane.last > FORGOTTEN_SECONDS:
            lane.tries = 0
        lane.tries += 1
        lane.last = seconds
        if lane.tries >= FREE:
            doublings = min(lane.tries - FREE, 10)
            lane.until = seconds + min(MOST_SECONDS, FIRST_SECONDS * 2.0**doublings)
        return 0

    def not_judged(self, login: str, who: str) -> None:
        """The try that just began was asked to come back: it does not count."""
        lane = self._lanes.get((login, who))
        if lane is None:
            return
        lane.tries, lane.until = lane.tries - 1, 0.0  # it began, so the wait before it is over
        if lane.tries <= 0:
            del self._lanes[(login, who)]

    def right(self, login: str, who: str) -> None:
        """It was right: what went before is forgotten."""
        self._lanes.pop((login, who), None)
