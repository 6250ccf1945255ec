"""A finished file laid on a USB stick, and read again from it. Under its own name it lies there
whole or not at all; whoever is told it is there may pull the stick out. Everything here blocks.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from meeting.archive.digests import CHUNK_BYTES, pieces
from meeting.archive.shelf import PARTIAL, Stopping, sync_folder
from meeting.archive.sticks import Stick
from meeting.errors import Code, Refused

SPARE_BYTES: Final = 1 << 20
"""What a stick's own lists may take beside a file."""

NAMES_MOST: Final = 50

Tell = Callable[[bool, int], None]
"""Told, with how many bytes, whether they are being read again."""

_CODES: Final[dict[int, Code]] = {
    errno.ENOSPC: "stick_full",
    errno.EROFS: "stick_read_only",
    errno.EACCES: "stick_read_only",
    errno.EPERM: "stick_read_only",
    errno.EFBIG: "stick_format_old",
}


def save(source: Path, name: str, stick: Stick, tell: Tell, stopped: Callable[[], bool]) -> str:
    """Lay this file onto a stick. One with the same name and other bytes stays; this one gets a
    number then.

    Args:
        name: what it is called there.
        stopped: asked between pieces.

    Returns:
        What it is called there now.

    Raises:
        Refused: `stick_full`, `stick_read_only`, `stick_format_old`, `stick_gone`, or
            `stick_differs`, it does not read as it was written. Nothing of it stays.
        Stopping: it was stopped. Nothing of it stays.
        OSError: the file itself cannot be read.
    """
    if not stick.writable:
        raise Refused("stick_read_only")
    with source.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size + SPARE_BYTES > stick.free_bytes:
            raise Refused("stick_full", mb=_megabytes(size + SPARE_BYTES - stick.free_bytes))
        try:
            return _laid(file, name, stick.path, tell, stopped)
        except OSError as fault:
            raise Refused(_CODES.get(fault.errno or 0, "stick_gone")) from fault


def _laid(file: BinaryIO, name: str, folder: Path, tell: Tell, stopped: Callable[[], bool]) -> str:
    partial = folder / f"{name}{PARTIAL}"
    partial.unlink(missing_ok=True)  # of a stick that was pulled out
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(partial, flags, 0o644), "r+b") as out:
            written = hashlib.sha256()
            for piece in _told(file, tell, stopped, again=False):
                written.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        sound = _sum(partial, tell, stopped)
        if sound != written.hexdigest():
            raise Refused("stick_differs")
        final = _free_name(folder, name, sound)
        os.replace(partial, final)  # noqa: PTH105 - the atomic one on every system
        with suppress(OSError):  # some systems of files have no such thing for a folder
            sync_folder(folder)
        if hasattr(os, "sync"):
            os.sync()
    except BaseException:
        with suppress(OSError):  # the stick may be gone
            partial.unlink(missing_ok=True)
        raise
    return final.name


def _told(
    file: BinaryIO, tell: Tell, stopped: Callable[[], bool], *, again: bool
) -> Iterator[bytes]:
    done = 0
    for piece in pieces(file.read):
        if stopped():
            raise Stopping
        yield piece
        done += len(piece)
        tell(again, done)


def _sum(path: Path, tell: Tell, stopped: Callable[[], bool]) -> str:
    """The SHA-256 of what the stick itself holds, not of what the machine still remembers of it."""
    found = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        for piece in _told(file, tell, stopped, again=True):
            found.update(piece)
    return found.hexdigest()


def _free_name(folder: Path, name: str, sha256: str) -> Path:
    """The name, or with a number where another file has it; one with the same bytes is replaced."""
    stem, dot, ending = name.rpartition(".")
    for number in range(1, NAMES_MOST + 1):
        path = folder / (name if number == 1 else f"{stem} ({number}){dot}{ending}")
        if not os.path.lexists(path) or (path.is_file() and _same(path, sha256)):
            return path
    raise Refused("stick_full", mb=0)


def _same(path: Path, sha256: str) -> bool:
    with path.open("rb") as file:
        found = hashlib.sha256()
        while piece := file.read(CHUNK_BYTES):
            found.update(piece)
    return found.hexdigest() == sha256


def _megabytes(size: int) -> int:
    return -(-size // 1_000_000)
