"""A disk of a given size, for one process: SQLite's files and the reserve have to fit on it."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.rigs.held_back import Disk


class SmallDisk:
    """What is taken is what SQLite holds and what the process allocated itself.

    Args:
        size: a file with the disk's size in bytes, which may be changed at any time.
    """

    def __init__(self, size: Path) -> None:
        self._size = size
        self._disk: Disk | None = None
        self._allocated: Path | None = None

    def room(self) -> int:
        """Bytes that are still free."""
        size = int(self._size.read_text())
        held = self._disk.bytes_held() if self._disk else 0
        kept = self._allocated
        return size - held - (kept.stat().st_size if kept and kept.exists() else 0)

    def stand_in(self, disk: Disk) -> None:
        """Be the disk that this process asks about and allocates on, beside SQLite's `disk`."""
        self._disk = disk
        allocate = os.posix_fallocate

        def limited(descriptor: int, offset: int, length: int) -> None:
            path = Path(f"/proc/self/fd/{descriptor}").resolve()
            if length > self.room():
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            allocate(descriptor, offset, length)
            self._allocated = path

        def usage(_: Any) -> Any:
            size, free = int(self._size.read_text()), max(self.room(), 0)
            return SimpleNamespace(total=size, used=size - free, free=free)

        os.posix_fallocate = limited
        shutil.disk_usage = usage
