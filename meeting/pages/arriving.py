"""A file on its way in: written as it comes, its size and digest known the moment it ends."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

SYNC_BYTES: Final = 8_000_000
"""After so many more bytes they are laid down for good: at the end only the last are waited for."""

KNOWN_MOST: Final = 16


@dataclass(frozen=True, slots=True)
class Copy:
    """A file of our own below `originals/`. `synced`: whether it would outlast a power cut."""

    path: Path
    sha256: str
    size: int
    synced: bool


class Arrival:
    """Written to by one thread after the other."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._unsynced = 0
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Blocks. Raises OSError."""
        self._file.write(chunk)
        self._digest.update(chunk)
        self.size += len(chunk)
        self._unsynced += len(chunk)
        if self._unsynced >= SYNC_BYTES:
            os.fsync(self._file.fileno())
            self._unsynced = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Arrivals:
    """The files that came lately, until they are taken in."""

    def __init__(self) -> None:
        self._known: OrderedDict[Path, Copy] = OrderedDict()

    @contextlib.contextmanager
    def writing(self, path: Path) -> Iterator[Arrival]:
        """A file that is written now; known from the end of the block on, if that is reached."""
        self._known.pop(path, None)
        with path.open("wb", buffering=0) as file:
            arrival = Arrival(file)
            yield arrival
        self._known[path] = Copy(path, arrival.sha256, arrival.size, synced=False)
        if len(self._known) > KNOWN_MOST:
            self._known.popitem(last=False)

    def pop(self, path: Path) -> Copy | None:
        """What is known of it, once."""
        return self._known.pop(path, None)


def sync(path: Path) -> None:
    """Its bytes would outlast a power cut. Blocks."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
