"""What a rehearsal does when: how long people arrive, when the network goes, when the server."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

ARRIVE_SECONDS: Final = 10.0
PACE_SECONDS: Final = 2.0
"""Between two page turns: brisk for a meeting, so that few minutes give figures."""

LATE: Final = 0.1
"""The share of members who check in late, at the moment of the restart."""

ALONE: Final = 0.1
"""The share of members who read by themselves at any moment."""


class Plan(Struct, frozen=True):
    """What the office asked for; `cut` is in seconds. A short rehearsal shortens everything."""

    tablets: int
    minutes: float
    cut: float = 30.0
    restart: bool = False

    @property
    def seconds(self) -> float:
        return self.minutes * 60

    @property
    def arrive(self) -> float:
        """Within so many seconds everybody comes in; and again within so many checks in."""
        return min(ARRIVE_SECONDS, self.seconds * 0.15)

    @property
    def pace(self) -> float:
        """Seconds from one page turn to the next."""
        return min(PACE_SECONDS, self.seconds / 20)

    @property
    def cut_at(self) -> float:
        """From the start, in seconds, as all moments here."""
        return self.seconds * 0.4

    @property
    def cut_for(self) -> float:
        return min(self.cut, self.seconds * 0.2)

    @property
    def late_at(self) -> float:
        """When those who come late check in, and when the server is killed if it is."""
        return self.seconds * 0.75
