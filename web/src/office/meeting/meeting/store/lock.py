"""One process per data folder.

The operating system lets go when a process dies, however it dies.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from meeting.store.faults import StoreBusy


class FolderLock:
    """Held from the moment it is made until `release`.

    Raises:
        StoreBusy: somebody else holds it, be it in this process.
        OSError: the lock file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        # The file stays when the lock goes: removing it would let two processes lock two files.
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise StoreBusy(f"{path} is held by another process") from error

    def release(self) -> None:
        os.close(self._descriptor)


def _lock(descriptor: int) -> None:
    """Take the lock at once or raise OSError. Closing the descriptor gives it back."""
    if sys.platform == "win32":
        import msvcrt  # only there on Windows

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # only there on POSIX

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
