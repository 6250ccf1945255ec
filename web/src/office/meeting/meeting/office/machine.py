"""The machine the server runs on: what is measured when somebody looks, what is known of it.

What it means for a person is the screen's business. No title or name is here.
"""

from __future__ import annotations

import asyncio
import os
import platform
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Literal

from meeting import network
from meeting.awake import Awake
from meeting.clock import Clock
from meeting.logs import Lately
from meeting.protocol.machine import ErrorRow
from meeting.store.space import Space

FLUSH_BYTES: Final = 4096
FLUSH_FILE: Final = "flush.partial"
ERRORS_MOST: Final = 20

Database = Literal["sqlite", "postgresql"]
Plain = str | int | float | bool | None


class Machine:
    """What a running server knows of its machine.

    Args:
        folder: the data folder.
        urls: what people open, the first for everybody; asked again each time.
        settings: what was set and is no secret, for whoever is asked for help.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        space: Space,
        awake: Awake,
        lately: Lately,
        *,
        database: Database,
        urls: Callable[[], tuple[str, ...]],
        settings: Mapping[str, Plain],
    ) -> None:
        self.folder = folder
        self.space = space
        self.awake = awake
        self.database: Database = database
        self.settings = settings
        self._clock = clock
        self.lately = lately
        self._urls = urls
        self._since = clock.seconds()

    @property
    def urls(self) -> tuple[str, ...]:
        """What people open, the first for everybody."""
        return self._urls()

    @property
    def running_seconds(self) -> float:
        return self._clock.seconds() - self._since

    @property
    def astray_seconds(self) -> float:
        """By how much the machine's clock was set since the server started."""
        return self._clock.astray()

    @property
    def system(self) -> str:
        """Which operating system and Python this is; not which machine."""
        return f"{platform.system()} {platform.release()}, Python {platform.python_version()}"

    def errors(self) -> tuple[ErrorRow, ...]:
        """What went wrong lately, the newest first."""
        return tuple(
            ErrorRow(late.at, late.level, late.event, late.part, late.code)
            for late in self.lately.events[:ERRORS_MOST]
        )

    async def addresses(self) -> tuple[str, ...]:
        """The addresses other machines may find this one by; none without a network."""
        try:
            found = await asyncio.to_thread(network.addresses)
        except OSError:
            return ()
        return tuple(address for address in found if address != network.LOOPBACK)

    async def flush_ms(self) -> float | None:
        """How long a little takes to be safely on the disk; None where it cannot be written."""
        try:
            return await asyncio.to_thread(_flushed, self.folder / FLUSH_FILE)
        except OSError:
            return None


def _flushed(path: Path) -> float:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    try:
        os.write(number, os.urandom(FLUSH_BYTES))
        began = time.perf_counter()
        os.fsync(number)
        return round((time.perf_counter() - began) * 1000, 2)
    finally:
        os.close(number)
        path.unlink(missing_ok=True)
