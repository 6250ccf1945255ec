"""The room that is left on the disk, and a reserve that is given up when there is none.

What is refused then, and what goes on, is decided in `batch`; nothing here knows of meetings.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from meeting.logs import Log
from meeting.store.faults import DiskFull, StoreFault

RESERVE: Final = "reserve.bin"
RESERVE_BYTES: Final = 64 * 1024 * 1024
LOW_BYTES: Final = 200_000_000
"""Below this much free space nothing large is taken in any more."""

SPENT_BYTES: Final = 1_000_000
"""With less than this free, a fault of input and output is a full disk."""

LOOK_SECONDS: Final = 2.0
CHUNK_BYTES: Final = 1 << 20

log = Log("space")


class Disk(Protocol):
    """What may still be written.

    `low`: nothing large should be taken in. `full`: writing has failed, and what is left is for
    the course of the meeting alone.
    """

    @property
    def low(self) -> bool: ...

    @property
    def full(self) -> bool: ...

    def ran_out(self, fault: StoreFault) -> bool:
        """Whether this write failed for want of room, and a reserve was given up for it now.

        False also when it had been given up before: then there is nothing more to give.
        """


class Endless:
    """A disk that never fills."""

    low = full = False

    def ran_out(self, _: StoreFault) -> bool:
        return False


class Space:
    """The disk under a data folder. Once full it is so until the reserve can be made again, also
    over a restart.

    Args:
        reserve_bytes: the size of the reserve; it is made while at least twice as much is free.
    """

    def __init__(self, folder: Path, reserve_bytes: int = RESERVE_BYTES) -> None:
        self._folder = folder
        self._path = folder / RESERVE
        self._bytes = reserve_bytes
        self.low = False
        self.full = False
        self.on_room: Callable[[], None] | None = None
        """Called from the loop that watches when there is room again."""

    def look(self) -> None:
        """Find out how much is free; make the reserve where there is none. Blocks a little."""
        kept = self._path.stat().st_size if self._path.exists() else None
        if kept != self._bytes and self.free() >= 2 * self._bytes and self._make(kept):
            kept = self._bytes
        given_up = kept is not None and kept < self._bytes
        self._now(low=self.free() < LOW_BYTES, full=given_up or (self.full and kept is None))

    def ran_out(self, fault: StoreFault) -> bool:
        """As `Disk` says; the file stays, without a size, so that the next start knows."""
        if self.full or not (isinstance(fault, DiskFull) or self._spent()):
            return False
        self._now(low=True, full=True)
        try:
            self._resize(0)
        except OSError as why:
            log.error("reserve_failed", code="not_given_up", fault=why)
        return True

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look_again()

    async def look_again(self) -> None:
        """As `look`, but never fails; and whoever waits for room is told of it."""
        was_low = self.low
        try:
            await asyncio.to_thread(self.look)
        except OSError as why:
            log.error("disk", code="unknown", fault=why)
        if was_low and not self.low and self.on_room is not None:
            self.on_room()

    def free(self) -> int:
        """Bytes this process may still write."""
        return shutil.disk_usage(self._folder).free

    def _spent(self) -> bool:
        try:
            return self.free() < SPENT_BYTES
        except OSError:
            return False

    def _now(self, *, low: bool, full: bool) -> None:
        if (low, full) != (self.low, self.full):
            megabytes = self.free() // 1_000_000
            log.warning("disk", code="full" if full else "low" if low else "free", count=megabytes)
        self.low, self.full = low, full

    def _make(self, kept: int | None) -> bool:
        try:
            self._resize(self._bytes)
        except OSError as why:
            log.error("reserve_failed", code="not_made", fault=why)
            if kept is None:
                self._path.unlink(missing_ok=True)
            else:
                self._resize(0)
            return False
        return True

    def _resize(self, size: int) -> None:
        """Make the file this large, of blocks that are really its own, for good."""
        number = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(number, "r+b") as file:
            if size and hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
                file.truncate(size)
            else:
                # Bytes of no pattern, as some file systems store no zeros.
                for start in range(0, size, CHUNK_BYTES):
                    file.write(os.urandom(min(CHUNK_BYTES, size - start)))
                file.truncate()
            file.flush()
            os.fsync(file.fileno())
