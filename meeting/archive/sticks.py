"""Where a file can be saved to be taken away: USB sticks and other removable places.

Each system has its own way to say; what it is asked through is an argument, for who tries it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

MOUNTS: Final = Path("/proc/self/mounts")
BLOCKS: Final = Path("/sys/class/block")
BELOW: Final = (Path("/media"), Path("/run/media"))
"""Where the desktops of Linux put what somebody plugs in."""

VOLUMES: Final = Path("/Volumes")
SYSTEM: Final = Path("/")
DRIVE_REMOVABLE: Final = 2
SHOWN_MOST: Final = 20


class Stick(Struct, frozen=True):
    """A removable place. `id` names it while it stays plugged in, `name` is what people read."""

    id: str
    name: str
    path: Path
    free_bytes: int
    writable: bool


def removable() -> list[Stick]:
    """What is plugged into this machine now. Blocks."""
    if sys.platform == "win32":
        return on_windows(_windows_drives())
    if sys.platform == "darwin":
        return on_macos()
    return on_linux()


def on_linux(
    mounts: Path = MOUNTS, blocks: Path = BLOCKS, below: Sequence[Path] = BELOW
) -> list[Stick]:
    """Args:
    mounts: the system's table of what is mounted where.
    blocks: a folder with a link for each block device.
    below: whatever is mounted under these was plugged in.
    """
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        source, _, rest = line.partition(" ")
        path = Path(_plain(rest.partition(" ")[0]))
        there = any(one in path.parents for one in below)
        if there or (source.startswith("/dev/") and _comes_off(blocks / Path(source).name)):
            found.append(path)
    return _sticks(found)


def _plain(escaped: str) -> str:
    """A path of the table, where spaces and the like are written as `\\040`."""
    for code in ("\\040", "\\011", "\\012", "\\134"):
        escaped = escaped.replace(code, chr(int(code[1:], 8)))
    return escaped


def _comes_off(block: Path) -> bool:
    """Whether a disk, or the disk a part belongs to, can be taken out while the machine runs."""
    with suppress(OSError):
        disk = block.resolve(strict=True)
        for one in (disk, disk.parent):
            if (one / "removable").is_file():
                return (one / "removable").read_text("ascii").strip() == "1"
    return False


def on_macos(volumes: Path = VOLUMES, system: Path = SYSTEM) -> list[Stick]:
    """Every volume but the one that holds `system`."""
    try:
        started = system.stat().st_dev
        return _sticks(
            path
            for path in volumes.iterdir()
            if path.is_dir() and not path.is_symlink() and path.stat().st_dev != started
        )
    except OSError:
        return []


def on_windows(drives: Iterable[str], kind: Callable[[str], int] | None = None) -> list[Stick]:
    """Args:
    drives: such as `E:\\`.
    kind: what Windows says of a drive (GetDriveTypeW).
    """
    asked = kind or _windows_kind
    return _sticks(Path(drive) for drive in drives if asked(drive) == DRIVE_REMOVABLE)


def _windows_drives() -> list[str]:
    mask = int(_windows().GetLogicalDrives())
    return [f"{chr(ord('A') + bit)}:\\" for bit in range(26) if mask >> bit & 1]


def _windows_kind(drive: str) -> int:
    return int(_windows().GetDriveTypeW(drive))


def _windows() -> Any:
    import ctypes  # whose `windll` is only there on Windows

    windows: Any = ctypes
    return windows.windll.kernel32


def _sticks(paths: Iterable[Path]) -> list[Stick]:
    """Those that answer; a drive without a stick in it does not."""
    found = {}
    for path in paths:
        with suppress(OSError):
            device, free = path.stat().st_dev, shutil.disk_usage(path).free
            id_ = hashlib.sha256(f"{path}\n{device}".encode("utf-8", "replace")).hexdigest()[:16]
            name = (path.name or str(path)).encode("utf-8", "replace").decode()
            found[id_] = Stick(id_, name, path, free, _writable(path))
    return sorted(found.values(), key=lambda stick: stick.name)[:SHOWN_MOST]


def _writable(path: Path) -> bool:
    flags = os.statvfs(path).f_flag & os.ST_RDONLY if hasattr(os, "statvfs") else 0
    return not flags and os.access(path, os.W_OK)
