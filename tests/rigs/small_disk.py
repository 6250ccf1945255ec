"""A disk of a given size, for one process: SQLite's files and the reserve have to fit on it."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from meeting.store.space import RESERVE
from tests.rigs.held_back import Disk


class SmallDisk:
    """What is taken is what SQLite holds, and the reserve beside it.

    Args:
        free: a file with the bytes that would be free if nothing of ours were there; it may be
            changed at any time.
    """

    def __init__(self, free: Path) -> None:
        self._free = free
        self._disk: Disk | None = None

    def room(self) -> int:
        """Bytes that may still be written."""
        disk = self._disk
        if disk is None:
            return int(self._free.read_text())
        reserves = [folder / RESERVE for folder in disk.folders()]
        kept = sum(reserve.stat().st_size for reserve in reserves if reserve.exists())
        return max(0, int(self._free.read_text()) - disk.bytes_held() - kept)

    def stand_in(self, disk: Disk) -> None:
        """Be the disk that this process asks about and allocates on, beside SQLite's `disk`."""
        self._disk = disk
        allocate = os.posix_fallocate

        def limited(descriptor: int, offset: int, length: int) -> None:
            if length > self.room():
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            allocate(descriptor, offset, length)

        def usage(_: Any) -> Any:
            return SimpleNamespace(free=self.room())

        os.posix_fallocate = limited
        shutil.disk_usage = usage  # type: ignore[assignment]
