"""A data folder as one file, and back: the database of one moment, originals, key, settings.

What can be made again (page images, logs, the reserve) is left out. There is either no backup or
a whole one; and either nothing or everything of it is laid into an empty folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Final

import msgspec
from msgspec import Struct

from meeting import __version__, logs
from meeting.errors import Stopped
from meeting.settings import written
from meeting.store.copies import check_database, copy_database
from meeting.store.faults import StoreFault
from meeting.store.space import RESERVE
from meeting.store.sqlite import DATABASE, LOCK

FORMAT: Final = "phien-backup-1"
MANIFEST: Final = "manifest.json"
PARTIAL: Final = ".partial"
CHUNK_BYTES: Final = 1 << 20
MANIFEST_MOST_BYTES: Final = 64 << 20

ORIGINALS: Final = "pages/originals/"
BESIDE: Final = ("demo", "phien.ico", "phien.png")
"""What may lie in a folder that is otherwise empty: a sample meeting's own, the icon's picture."""

MADE_AGAIN: Final = ("pages/pages/", "printing/packs/", "static/", *BESIDE)

_LEFT_OUT: Final = (*MADE_AGAIN, logs.FILE)

LEFT_OUT: Final = (LOCK, RESERVE, "address.json", "metrics.token")
"""Files that belong to a running server, or to this very machine."""

NAME_MOST_LETTERS: Final = 240
SHOWN_LETTERS: Final = 80

_REFUSED: Final = frozenset('<>:"\\|?*')
_OF_WINDOWS: Final = frozenset(
    {
        *("con", "prn", "aux", "nul", "conin$", "conout$", "clock$"),
        *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"),
    }
)
"""Names of devices there, whatever follows a dot."""

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""Every file's date in the zip: the same data make the same bytes."""


class Kept(Struct, frozen=True, forbid_unknown_fields=True):
    """A file in a backup."""

    sha256: str
    bytes: int


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup holds: files by their path in the data folder."""

    format: str
    version: str
    made_at: datetime
    files: dict[str, Kept]


class Backed(Struct, frozen=True):
    """What became of a backup. `damaged`: originals that are no longer what their name says."""

    files: int
    bytes: int
    damaged: tuple[str, ...] = ()

    @property
    def megabytes(self) -> str:
        return f"{self.bytes / 1e6:.1f}"


class NotWhole(Exception):
    """A backup that cannot be trusted; `name` is the file in it that is wrong, "" for all of it."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.name = name


class NameRefused(NotWhole):
    """A backup with a file that would not lie in the folder, or not on every system, or twice."""


class NoRoom(Exception):
    """What is in a backup is more than the disk takes."""


class NotEmpty(Exception):
    """There is something already where a backup should be laid down."""


def to_file(folder: Path, file: Path, database: str) -> Backed:
    """As `back_up`, now, for the command line.

    Args:
        database: the URL of a PostgreSQL, where the record is there.

    Raises:
        Stopped: there is nothing to back up here, or it could not be.
    """
    if database or written(folder).database:
        raise Stopped("backup_postgres")
    try:
        return back_up(folder, file, datetime.now(UTC))
    except StoreFault:
        raise Stopped("backup_no_data", folder=str(folder)) from None
    except OSError as error:
        raise Stopped("backup_failed", path=str(file), why=str(error.strerror)) from None


def from_file(file: Path, folder: Path) -> Manifest:
    """As `restore`, for the command line.

    Raises:
        Stopped: nothing was laid down, and why.
    """
    try:
        return restore(file, folder)
    except NotEmpty:
        raise Stopped("restore_not_empty", folder=str(folder)) from None
    except NameRefused as wrong:
        raise Stopped("restore_name", path=str(file), name=_shown(wrong.name)) from None
    except NotWhole as wrong:
        name = _shown(wrong.name) or file.name
        raise Stopped("restore_not_whole", path=str(file), name=name) from None
    except NoRoom:
        raise Stopped("restore_no_room", path=str(file), folder=str(folder)) from None
    except OSError as error:
        raise Stopped("restore_failed", path=str(file), why=str(error.strerror)) from None


def back_up(folder: Path, file: Path, now: datetime) -> Backed:
    """Write a backup of this data folder; a server may be running on it.

    The database comes first: every paper it speaks of was on disk before.

    Raises:
        StoreFault: there is no database, or it cannot be copied.
        OSError: something cannot be read, or the file not be written. What stood there stays.
    """
    folder, target = folder.resolve(), file.resolve()
    number, name = tempfile.mkstemp(suffix=PARTIAL, dir=target.parent)
    partial = Path(name)
    try:
        with os.fdopen(number, "wb") as packed:
            backed = _pack(folder, packed, {partial, target}, target.parent, now)
            packed.flush()
            os.fsync(packed.fileno())
        _replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return backed


def _pack(folder: Path, file: IO[bytes], besides: set[Path], room: Path, now: datetime) -> Backed:
    files: dict[str, Kept] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        with tempfile.TemporaryDirectory(dir=room, suffix=PARTIAL) as beside:
            copy = Path(beside) / DATABASE
            copy_database(folder, copy)
            files[DATABASE] = _put(packed, DATABASE, copy)
        names = sorted(_names(folder))
        for name in sorted({*names} - {*_unfit(names)}):
            if folder / name not in besides:
                with contextlib.suppress(FileNotFoundError):  # erased a moment ago
                    files[name] = _put(packed, name, folder / name)
        manifest = Manifest(FORMAT, __version__, now, files)
        packed.writestr(_entry(MANIFEST), msgspec.json.format(msgspec.json.encode(manifest)))
    damaged = [
        name
        for name, kept in files.items()
        if name.startswith(ORIGINALS) and PurePosixPath(name).stem != kept.sha256
    ]
    return Backed(len(files), sum(kept.bytes for kept in files.values()), tuple(damaged))


def _names(folder: Path) -> Iterator[str]:
    """All files of a data folder but the database, by paths with slashes."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path != folder / DATABASE:
            yield path.relative_to(folder).as_posix()


def _put(packed: zipfile.ZipFile, name: str, path: Path) -> Kept:
    """Add a file while reading it once: the checksum is of the very bytes that were added."""
    digest, size = hashlib.sha256(), 0
    entry = _entry(name)
    if name.startswith(ORIGINALS):
        entry.compress_type = zipfile.ZIP_STORED  # a PDF is compressed already
    with path.open("rb") as source, packed.open(entry, "w", force_zip64=True) as target:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return Kept(digest.hexdigest(), size)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def restore(file: Path, folder: Path) -> Manifest:
    """Lay a backup into a folder that is empty or not there.

    Everything is unpacked beside it and checked; then it takes the folder's place at once.

    Raises:
        NotEmpty: there is something in the folder.
        NotWhole, NameRefused: the backup is damaged, or is none. Nothing was laid down.
        NoRoom: it is too much for the disk. Nothing was laid down.
        OSError: the file cannot be read, or the folder not be written.
    """
    target = folder.resolve()
    if target.exists() and (
        not target.is_dir() or {one.name for one in target.iterdir()} - set(BESIDE)
    ):
        raise NotEmpty(str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    unpacked = Path(tempfile.mkdtemp(suffix=PARTIAL, dir=target.parent))
    try:
        try:
            manifest = _unpack(file, unpacked)
            check_database(unpacked / DATABASE)
        except StoreFault:
            raise NotWhole(DATABASE) from None
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError):
            raise NotWhole from None
        _take_the_place(unpacked, target)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return manifest


def _take_the_place(unpacked: Path, target: Path) -> None:
    """What lay there comes along; where it cannot be done, all is as it was."""
    if not target.exists():
        _replace(unpacked, target)
        return
    before = unpacked.with_name(f"{unpacked.name}.before")
    target.rename(before)
    try:
        _replace(unpacked, target)
    except OSError:
        before.rename(target)
        raise
    for beside in before.iterdir():
        beside.rename(target / beside.name)
    before.rmdir()


def _unpack(file: Path, folder: Path) -> Manifest:
    with zipfile.ZipFile(file) as packed:
        manifest = _manifest(packed)
        for name in _unfit([*manifest.files, MANIFEST]):
            raise NameRefused(name)
        for entry in packed.infolist():
            if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
                raise NameRefused(entry.filename)  # a link to somewhere else
        if sorted(packed.namelist()) != sorted([MANIFEST, *manifest.files]):
            raise NotWhole
        if sum(kept.bytes for kept in manifest.files.values()) > shutil.disk_usage(folder).free:
            raise NoRoom
        for name, kept in manifest.files.items():
            _take_out(packed, name, kept, folder / name)
    return manifest


def _manifest(packed: zipfile.ZipFile) -> Manifest:
    try:
        if packed.getinfo(MANIFEST).file_size > MANIFEST_MOST_BYTES:
            raise NotWhole(MANIFEST)
        manifest = msgspec.json.decode(packed.read(MANIFEST), type=Manifest)
    except (KeyError, ValueError, zlib.error):
        raise NotWhole(MANIFEST) from None
    if manifest.format != FORMAT or DATABASE not in manifest.files:
        raise NotWhole(MANIFEST)
    return manifest


def _unfit(names: Sequence[str]) -> Iterator[str]:
    """Those that are in no backup of ours: what is made again, a running server's own, and what is
    no name on some system, leads out of the folder, or is another's twin where capitals do not
    count.
    """
    twins: dict[str, str] = {}
    folders = {name.rpartition("/")[0] for name in names}
    for name in names:
        parts = name.split("/")
        paths = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
        folded = [unicodedata.normalize("NFC", path).casefold() for path in paths]
        if (
            not all(map(_is_plain, parts))
            or len(name) > NAME_MOST_LETTERS
            or folded[0] in LEFT_OUT
            or folded[-1].startswith(_LEFT_OUT)
            or (folded[-1].startswith(DATABASE) and name != DATABASE)
            or any(part.endswith(PARTIAL) for part in parts)
            or name in folders
            or any(twins.get(key, path) != path for key, path in zip(folded, paths, strict=True))
        ):
            yield name
        else:
            twins |= zip(folded, paths, strict=True)


def _is_plain(part: str) -> bool:
    """Whether this is the name of a file or folder on every system, and of that one only."""
    return (
        part.isprintable()
        and not _REFUSED & set(part)
        and part == part.rstrip(" .") != ""  # neither `..` nor what Windows cuts off
        and part.partition(".")[0].rstrip().casefold() not in _OF_WINDOWS
    )


def _shown(name: str) -> str:
    """A name out of somebody's file, as it can be said in a line."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in name)
    return plain if len(plain) <= SHOWN_LETTERS else f"{plain[:SHOWN_LETTERS]}…"


def _take_out(packed: zipfile.ZipFile, name: str, kept: Kept, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), kept.bytes
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(number, "wb") as target:
        for chunk in _chunks(packed, name):
            digest.update(chunk)
            left -= len(chunk)
            if left < 0:
                raise NotWhole(name)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    if left or digest.hexdigest() != kept.sha256:
        raise NotWhole(name)


def _chunks(packed: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    try:
        with packed.open(name) as source:
            while chunk := source.read(CHUNK_BYTES):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError):
        raise NotWhole(name) from None


def _replace(path: Path, target: Path) -> None:
    """Rename, for good even if the power fails now."""
    os.replace(path, target)  # noqa: PTH105 - the atomic one on every system
    if os.name == "posix":
        above = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(above)
        finally:
            os.close(above)
