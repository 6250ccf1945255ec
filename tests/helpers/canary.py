"""A file nobody may touch and a door nobody may knock at; what came of it is counted."""

from __future__ import annotations

import ctypes
import os
import select
import socket
import struct
import sys
from pathlib import Path
from types import TracebackType
from typing import Final, Self

READ, CHANGED, OPENED, GONE = 0x1, 0x2, 0x20, 0x400
WATCHED: Final = READ | CHANGED | OPENED | GONE
NOT_WAITING: Final = 0o4000
"""From <sys/inotify.h>."""


class Canary:
    """Inside the block, `path` is watched where the system can (Linux) and `port` listened at."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "canary.txt"
        self.touched = 0
        self.called = 0
        self._notes = -1
        self._door = socket.socket()

    @property
    def port(self) -> int:
        return int(self._door.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/canary"

    def __enter__(self) -> Self:
        self.path.write_text("chim hoàng yến", "utf-8")
        self._door.bind(("127.0.0.1", 0))
        self._door.listen()
        self._door.setblocking(False)
        if sys.platform == "linux":
            libc = ctypes.CDLL(None)
            self._notes = libc.inotify_init1(NOT_WAITING)
            libc.inotify_add_watch(self._notes, os.fsencode(self.path), WATCHED)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.look()
        self._door.close()
        if self._notes >= 0:
            os.close(self._notes)

    def look(self) -> None:
        """Count what happened since; it has happened by now, or never will."""
        while select.select([self._door], [], [], 0)[0]:
            self._door.accept()[0].close()
            self.called += 1
        if self._notes < 0:
            return
        while select.select([self._notes], [], [], 0)[0]:
            notes = os.read(self._notes, 4096)
            while notes:
                (length,) = struct.unpack_from("=I", notes, 12)
                notes = notes[16 + length :]
                self.touched += 1
