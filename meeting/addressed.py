"""What people open to come here: kept true while the server runs and networks come and go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from meeting import network
from meeting.logs import Log

LOOK_SECONDS: Final = 10.0

log = Log("app")


class Addressed:
    """`url` is written on cards and codes; `others` where this machine has several network cards.

    Args:
        look: finds both anew, the likely one first, where they may change; asked in a thread.
    """

    def __init__(
        self, url: str, others: Sequence[str], look: Callable[[], Sequence[str]] | None
    ) -> None:
        self.url = url
        self.others = tuple(others)
        self._look = look

    @property
    def all(self) -> tuple[str, ...]:
        """Every address, the one for everybody first."""
        return (self.url, *self.others)

    async def look_out(self) -> None:
        """Keep what the room screen and new cards say true, until it is cancelled."""
        while self._look is not None:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                found = await asyncio.to_thread(self._look)
            except OSError as fault:
                log.warning("addresses_unknown", fault=fault)
                continue
            url, *others = network.shown(self.all, found)
            if url != self.url:
                log.warning("address_changed", count=len(found))
            self.url, self.others = url, tuple(others)
