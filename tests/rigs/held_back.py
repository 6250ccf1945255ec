"""A disk that keeps nothing it was not told to sync: to end the process is to pull the plug.

`Disk.register` puts it, as a SQLite VFS, between this process's SQLite and its files. Writes
stay in memory until `xSync`; a seeded share of their sectors reaches the file earlier, in any
order, as with a real cache. The same disk can have a size: what does not fit is refused as full.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import os
import random
import sqlite3
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import closing
from ctypes import c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any, Final

SECTOR: Final = 512
LEAK_SHARE: Final = 0.2
"""How often a write is followed by one sector that reaches the file before it was asked to."""

SYNC_SECONDS: Final = 0.002
"""A sync takes as long as on a real disk, so that a plug can be pulled in the middle of it."""

OK, IOERR, FULL, SHORT_READ = 0, 10, 13, 522
MAIN_DB, MAIN_JOURNAL, WAL = 0x100, 0x800, 0x80000
ACCESS_EXISTS: Final = 0

Code = Callable[..., int]
_OPEN = ctypes.CFUNCTYPE(
    c_int, c_void_p, c_void_p, c_void_p, c_int, ctypes.POINTER(c_int), use_errno=True
)
_DELETE = ctypes.CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_ACCESS = ctypes.CFUNCTYPE(c_int, c_void_p, c_char_p, c_int, ctypes.POINTER(c_int))
_CLOSE = ctypes.CFUNCTYPE(c_int, c_void_p)
_MOVE = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = ctypes.CFUNCTYPE(c_int, c_void_p, c_int)
_SIZE = ctypes.CFUNCTYPE(c_int, c_void_p, ctypes.POINTER(c_int64))


class _Vfs(ctypes.Structure):
    """sqlite3_vfs, version 3."""

    _fields_ = (
        ("version", c_int),
        ("file_bytes", c_int),
        ("path_most", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _OPEN),
        ("delete", _DELETE),
        ("access", _ACCESS),
        ("others", c_void_p * 13),
    )


class _Methods(ctypes.Structure):
    """sqlite3_io_methods, version 3. The native ones that we keep take the same file."""

    _fields_ = (
        ("version", c_int),
        ("close", _CLOSE),
        ("read", _MOVE),
        ("write", _MOVE),
        ("truncate", _TRUNCATE),
        ("sync", _SYNC),
        ("size", _SIZE),
        ("others", c_void_p * 12),
    )


class _File(ctypes.Structure):
    _fields_ = (("methods", c_void_p),)


class Cached:
    """One path: what the process believes is in the file, and which sectors are not there yet."""

    def __init__(self, path: str, chance: random.Random) -> None:
        self._descriptor = os.open(path, os.O_RDWR)
        self._chance = chance
        self.image = bytearray(Path(path).read_bytes())
        self.dirty: set[int] = set()
        self.late: list[int] = []

    def read(self, size: int, offset: int) -> bytes:
        return bytes(self.image[offset : offset + size])

    def write(self, data: bytes, offset: int) -> None:
        end = offset + len(data)
        if end > len(self.image):
            self.image.extend(bytes(end - len(self.image)))
        self.image[offset:end] = data
        for sector in range(offset // SECTOR, -(-end // SECTOR)):
            if sector not in self.dirty:
                self.dirty.add(sector)
                self.late.append(sector)
        if self._chance.random() < LEAK_SHARE:
            self._put(self._chance.choice(self.late))

    def truncate(self, size: int) -> None:
        del self.image[size:]

    def sync(self) -> None:
        """Everything to the file, in any order."""
        self._chance.shuffle(self.late)
        half = len(self.late) // 2
        for sector in self.late[:half]:
            self._put(sector)
        time.sleep(SYNC_SECONDS)
        for sector in self.late[half:]:
            self._put(sector)
        if os.fstat(self._descriptor).st_size > len(self.image):
            os.ftruncate(self._descriptor, len(self.image))
        self.dirty.clear()
        self.late.clear()

    def close(self) -> None:
        os.close(self._descriptor)

    def _put(self, sector: int) -> None:
        offset = sector * SECTOR
        os.pwrite(self._descriptor, self.image[offset : offset + SECTOR], offset)


_REGISTERED: Final[list[Disk]] = []
"""SQLite keeps addresses of what they hold, for as long as the process lives."""


class Disk:
    """All files that SQLite keeps in this process.

    Args:
        seed: what the order in which sectors leak follows from.
        room: bytes that files may still grow by, asked at each write that needs more; None for
            a disk without end.
    """

    def __init__(self, seed: int, room: Callable[[], int] | None = None) -> None:
        self._seed = seed
        self._room = room
        self._files: dict[str, Cached] = {}
        self._open: dict[int, tuple[Cached, int]] = {}
        self._methods: dict[int, _Methods] = {}
        self._turn = threading.RLock()
        self._kept: list[Any] = []

    def register(self) -> None:
        """Make this the disk of every SQLite connection that this process opens from now on.

        Raises:
            RuntimeError: the SQLite that Python uses cannot be reached.
        """
        _REGISTERED.append(self)
        for library in _libraries():
            try:
                self._register_in(ctypes.CDLL(library))
            except (OSError, AttributeError):
                continue
            if self._is_used():
                return
        raise RuntimeError(
            f"the SQLite inside {_sqlite3.__file__} cannot be reached through ctypes: "
            "run the power-loss rig with a Python whose sqlite3 links libsqlite3.so"
        )

    def bytes_held(self) -> int:
        """The size of all files, as the process believes them to be."""
        with self._turn:
            return sum(len(cached.image) for cached in self._files.values())

    def folders(self) -> set[Path]:
        """Where these files lie."""
        with self._turn:
            return {Path(path).parent for path in self._files}

    def _register_in(self, library: ctypes.CDLL) -> None:
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        library.sqlite3_vfs_find.argtypes = [c_char_p]
        library.sqlite3_vfs_register.argtypes = [c_void_p, c_int]
        library.sqlite3_initialize()
        native = library.sqlite3_vfs_find(None).contents
        ours = _Vfs.from_buffer_copy(native)
        ours.next, ours.name = None, b"held-back"
        ours.open = _OPEN(_guarded(lambda *given: self._on_open(native, *given)))
        ours.delete = _DELETE(_guarded(lambda *given: self._on_delete(native, *given)))
        ours.access = _ACCESS(_guarded(lambda *given: self._on_access(native, *given)))
        self._kept += [library, native, ours]
        library.sqlite3_vfs_register(ctypes.byref(ours), 1)

    def _is_used(self) -> bool:
        """Whether a connection of Python's own comes by here."""
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder).resolve() / "probe")
            with closing(sqlite3.connect(path)) as probe:
                probe.execute("CREATE TABLE probe (n)")
            found = self._files.pop(path, None)
            if found is not None:
                found.close()
            return found is not None

    def _on_open(
        self, native: _Vfs, vfs: int, name: int | None, file: int, flags: int, out: Any
    ) -> int:
        code = int(native.open(vfs, name, file, flags, out))
        if code != OK or not name or not flags & (MAIN_DB | MAIN_JOURNAL | WAL):
            return code
        path = os.fsdecode(ctypes.string_at(name))
        with self._turn:
            if path not in self._files:
                chance = random.Random(f"{self._seed} {Path(path).name}")
                self._files[path] = Cached(path, chance)
            handle = _File.from_address(file)
            self._open[file] = (self._files[path], handle.methods)
            handle.methods = ctypes.addressof(self._methods_over(handle.methods))
        return code

    def _methods_over(self, theirs: int) -> _Methods:
        """Ours, with what we do not care for from these native ones."""
        if theirs not in self._methods:
            ours = _Methods.from_buffer_copy(_Methods.from_address(theirs))
            ours.version = min(ours.version, 2)  # no reading around us by memory mapping
            ours.close = _CLOSE(_guarded(self._on_close))
            ours.read = _MOVE(_guarded(self._on_read))
            ours.write = _MOVE(_guarded(self._on_write))
            ours.truncate = _TRUNCATE(_guarded(self._on_truncate))
            ours.sync = _SYNC(_guarded(self._on_sync))
            ours.size = _SIZE(_guarded(self._on_size))
            self._methods[theirs] = ours
        return self._methods[theirs]

    def _on_delete(self, native: _Vfs, vfs: int, name: bytes, sync: int) -> int:
        with self._turn:
            gone = self._files.pop(os.fsdecode(name), None)
            if gone is not None:
                gone.close()
        return int(native.delete(vfs, name, sync))

    def _on_access(self, native: _Vfs, vfs: int, name: bytes, flags: int, out: Any) -> int:
        with self._turn:
            cached = self._files.get(os.fsdecode(name))
        if cached is None or flags != ACCESS_EXISTS:
            return int(native.access(vfs, name, flags, out))
        out[0] = int(bool(cached.image))
        return OK

    def _on_close(self, file: int) -> int:
        with self._turn:
            _, theirs = self._open.pop(file)
        _File.from_address(file).methods = theirs
        return int(_Methods.from_address(theirs).close(file))

    def _on_read(self, file: int, into: int, size: int, offset: int) -> int:
        with self._turn:
            data = self._open[file][0].read(size, offset)
        ctypes.memmove(into, data.ljust(size, b"\0"), size)
        return OK if len(data) == size else SHORT_READ

    def _on_write(self, file: int, source: int, size: int, offset: int) -> int:
        with self._turn:
            cached = self._open[file][0]
            more = offset + size - len(cached.image)
            if more > 0 and self._room is not None and more > self._room():
                return FULL
            cached.write(ctypes.string_at(source, size), offset)
        return OK

    def _on_truncate(self, file: int, size: int) -> int:
        with self._turn:
            self._open[file][0].truncate(size)
        return OK

    def _on_sync(self, file: int, _flags: int) -> int:
        with self._turn:
            self._open[file][0].sync()
        return OK

    def _on_size(self, file: int, out: Any) -> int:
        with self._turn:
            out[0] = len(self._open[file][0].image)
        return OK


def _guarded(act: Code) -> Code:
    """ctypes would answer "done" for a callback that raised."""

    def answer(*given: Any) -> int:
        try:
            return act(*given)
        except BaseException:
            traceback.print_exc(file=sys.stderr)
            return IOERR

    return answer


def _libraries() -> list[str | None]:
    """Where this process may have its SQLite: a shared library, Python's module, or Python."""
    maps = Path("/proc/self/maps")
    lines = maps.read_text().splitlines() if maps.exists() else []
    shared = {line.split()[-1] for line in lines if "libsqlite3" in line}
    return [*sorted(shared), _sqlite3.__file__, None]
