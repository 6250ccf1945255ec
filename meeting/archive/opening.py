"""A bag somebody brings: a zip file or an unpacked folder, read by pieces, trusted in nothing."""

from __future__ import annotations

import unicodedata
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from meeting.archive.digests import CHUNK_BYTES, Digest, digest, pieces
from meeting.archive.zipping import Part, layout

TEXT_MOST_BYTES: Final = 16 * 1024 * 1024
LOG_MOST_BYTES: Final = 64 * 1024 * 1024
LINES_MOST: Final = 500_000
"""A file of the bag that is read whole has no more, as its parts take many times its room in
memory. The log of a day with a thousand devices has a tenth.
"""

DIRECTORY_MOST_BYTES: Final = 16 * 1024 * 1024
UNPACKED_MOST_BYTES: Final = 8 * 1024**3
"""A zip file that unpacks to more than this is none of ours."""

_END: Final = b"PK\5\6"
UNREADABLE: Final = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,  # encrypted
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
)


class NotABag(Exception):
    """Nothing that could be a meeting's file."""


class Opened(ABC):
    """A bag that is open. Paths are below its top, NFC, with slashes."""

    def __init__(self) -> None:
        self.paths: dict[str, str] = {}
        """Each file's path here, and what it is called where it lies."""

    @abstractmethod
    def _pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file. Raises one of UNREADABLE."""

    @abstractmethod
    def wrapped_as_written(self) -> bool:
        """Whether what holds the files together is as we write it."""

    def digest(self, path: str) -> Digest:
        """Raises one of UNREADABLE."""
        return digest(self._pieces(self.paths[path]))

    def read(self, path: str, most: int = TEXT_MOST_BYTES) -> bytes:
        """A file whole. Raises one of UNREADABLE, or KeyError: there is none."""
        body, lines = bytearray(), 0
        for piece in self._pieces(self.paths[path]):
            body += piece
            lines += piece.count(b"\n")
            if len(body) > most or lines > LINES_MOST:
                raise ValueError(f"too large: {path}")
        return bytes(body)


class Folder(Opened):
    """An unpacked bag."""

    def __init__(self, top: Path) -> None:
        super().__init__()
        self._top = top
        for path in sorted(top.rglob("*")):
            if path.is_symlink() or not path.is_dir():
                name = path.relative_to(top).as_posix()
                self.paths[unicodedata.normalize("NFC", name)] = name

    def _pieces(self, name: str) -> Iterator[bytes]:
        path = self._top / name
        if path.is_symlink():
            raise ValueError("a link")
        with path.open("rb") as file:
            yield from pieces(file.read)

    def wrapped_as_written(self) -> bool:
        return True


class Zipped(Opened):
    """A zip file with one folder in it."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        super().__init__()
        self._path, self._file = path, file
        self._infos = file.infolist()
        files = [info for info in self._infos if not info.is_dir()]
        tops = {info.filename.partition("/")[0] for info in files}
        if len(tops) != 1 or sum(info.file_size for info in files) > UNPACKED_MOST_BYTES:
            raise NotABag
        for info in files:
            path_below = unicodedata.normalize("NFC", info.filename.partition("/")[2])
            if path_below in self.paths:
                raise NotABag
            self.paths[path_below] = info.filename

    def _pieces(self, name: str) -> Iterator[bytes]:
        info = self._file.getinfo(name)
        left = info.file_size
        with self._file.open(info) as member:
            while piece := member.read(CHUNK_BYTES):
                left -= len(piece)
                if left < 0:
                    raise ValueError("longer than it says")
                yield piece

    def wrapped_as_written(self) -> bool:
        """Every byte between and after the members, compared with what we would write."""
        try:
            parts = [Part(one.orig_filename, one.file_size, one.CRC) for one in self._infos]
            whole = layout(parts, datetime(*self._infos[0].date_time, tzinfo=UTC))
        except (ValueError, OverflowError):
            return False
        if self._path.stat().st_size != whole.length:
            return False
        with self._path.open("rb") as file:
            for head, part in zip(whole.heads, parts, strict=True):
                if file.read(len(head)) != head:
                    return False
                file.seek(part.size, 1)
            return file.read() == whole.tail


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open what lies there.

    Raises:
        NotABag: it is neither a zip file nor a folder with a bag in it.
        OSError: it cannot be read.
    """
    if path.is_dir():
        found: Opened = Folder(path)
        if "bagit.txt" not in found.paths:
            raise NotABag
        yield found
        return
    _refuse_what_is_no_zip(path)
    try:
        file = zipfile.ZipFile(path)
    except UNREADABLE as fault:
        if isinstance(fault, OSError) and fault.errno is not None:
            raise
        raise NotABag from fault
    with file:
        yield Zipped(path, file)


def _refuse_what_is_no_zip(path: Path) -> None:
    """Before a list of a hundred million names is read into memory."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 66_000))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or int.from_bytes(tail[at + 12 : at + 16], "little") > DIRECTORY_MOST_BYTES:
        raise NotABag
