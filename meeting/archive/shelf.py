"""The shelf: finished files of meetings in the data folder. Either a file lies there whole, or none
does: it is written under another name, synced, then renamed. Everything here blocks.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from meeting.archive.bag import Bag, pack, root_of
from meeting.archive.digests import Digest, digest, pieces
from meeting.archive.record import read
from meeting.protocol import facts as f
from meeting.protocol.log import Entry
from meeting.rules import replay

PARTIAL: Final = ".partial"
"""What is being written, or lies here for one download; swept away at the next start."""

ENDING: Final = ".zip"

Log = Sequence[tuple[Entry, bytes]]


class Filed(Struct, frozen=True):
    """A finished file. `name` is what people's machines will call it; `kept`: it stays, while any
    other is to be removed by whoever asked for it.
    """

    path: Path
    name: str
    size: int
    kept: bool


class Stopping(Exception):
    """What was being made was left: nothing of it stays."""


class Shelf:
    """Files below one folder.

    Args:
        original: where the file with this SHA-256 lies, if there is one.
        room_for: raises where so many bytes more must not be written; asked before a file of that
            length is, and with 0 again and again while it is.
    """

    def __init__(
        self,
        folder: Path,
        original: Callable[[str], Path],
        room_for: Callable[[int], None] = lambda size: None,
    ) -> None:
        self.folder = folder
        self._original = original
        self._room_for = room_for
        self._stopped = threading.Event()

    def start(self) -> None:
        """Make the folder; remove what an interrupted run left."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for partial in self.folder.glob(f"*{PARTIAL}"):
            with contextlib.suppress(OSError):
                partial.unlink()

    def stop(self) -> None:
        """Whatever is being made, in other threads, raises Stopping from now on."""
        self._stopped.set()

    def room(self) -> Path:
        """A new empty file for something that does not stay."""
        number, name = tempfile.mkstemp(suffix=PARTIAL, dir=self.folder)
        os.close(number)
        return Path(name)

    def file(self, meeting: str, entries: Log, accounts: Mapping[str, str]) -> Filed:
        """The file of a meeting. Once its record is locked it is the same one for ever.

        Args:
            entries: the whole log with its hashes; what follows the locking is left out.

        Raises:
            OSError: it cannot be written. Nothing of it stays.
            ValueError, KeyError: the entries are no meeting's log.
            Stopping, or what `room_for` raises: as after an OSError.
        """
        entries = until_locked(entries)
        official = isinstance(entries[-1][0].fact, f.FileLocked)
        stem = f"{meeting}-{entries[-1][1].hex()[:16]}"
        if official and (kept := self._kept(stem)):
            name = f"{root_of(read(entries, {}))}{ENDING}"
            return Filed(kept, name, kept.stat().st_size, kept=True)
        bag = pack(entries, accounts, self.digests(entries))
        path, sha256 = self._written(bag)
        stays = official and not any(paper.lost for paper in bag.laid)
        if stays:
            final = self.folder / f"{stem}-{sha256}{ENDING}"
            os.replace(path, final)  # noqa: PTH105 - the atomic one on every system
            sync_folder(self.folder)
            path = final
        return Filed(path, f"{bag.root}{ENDING}", path.stat().st_size, kept=stays)

    def _kept(self, stem: str) -> Path | None:
        """The file that was made before, if it has the bytes its name says."""
        for path in sorted(self.folder.glob(f"{stem}-*{ENDING}")):
            named = path.stem.rpartition("-")[2]
            try:
                with path.open("rb") as file:
                    found = hashlib.sha256()
                    for piece in self._unless_stopped(pieces(file.read)):
                        found.update(piece)
            except OSError:
                continue
            if found.hexdigest() == named:
                return path
        return None

    def digests(self, entries: Log) -> dict[str, Digest]:
        """What is known of each paper there is; one with other bytes than the log says is none."""
        found = {}
        for sha256 in wanted(entries):
            try:
                with self._original(sha256).open("rb") as file:
                    known = digest(self._unless_stopped(pieces(file.read)))
            except OSError:
                continue
            if known.sha256 == sha256:
                found[sha256] = known
        return found

    def _written(self, bag: Bag) -> tuple[Path, str]:
        """The zip file, synced, under a name that does not last, and its SHA-256."""
        zipped, whole = bag.zipped(), hashlib.sha256()
        self._room_for(zipped.length)
        path = self.room()
        try:
            with path.open("wb") as out:

                def write(piece: bytes) -> None:
                    self._room_for(0)
                    whole.update(piece)
                    out.write(piece)

                for head, file in zip(zipped.heads, bag.files, strict=True):
                    write(head)
                    if file.body is not None:
                        write(file.body)
                    else:
                        self._copy(file.digest, write)
                write(zipped.tail)
                out.flush()
                os.fsync(out.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path, whole.hexdigest()

    def _copy(self, known: Digest, write: Callable[[bytes], None]) -> None:
        again = hashlib.sha256()
        with self._original(known.sha256).open("rb") as file:
            for piece in self._unless_stopped(pieces(file.read)):
                again.update(piece)
                write(piece)
        if again.hexdigest() != known.sha256:
            raise OSError(f"paper {known.sha256[:8]} is another one now")

    def _unless_stopped(self, read: Iterable[bytes]) -> Iterable[bytes]:
        for piece in read:
            if self._stopped.is_set():
                raise Stopping
            yield piece


def until_locked(entries: Log) -> Log:
    """The log up to the locking of its record: what is handed in does not change with a card that
    is revoked a year later.
    """
    for place, (entry, _) in enumerate(entries, start=1):
        if isinstance(entry.fact, f.FileLocked):
            return entries[:place]
    return entries


def wanted(entries: Log) -> list[str]:
    """The SHA-256 of every file that belongs into the bag of this log."""
    state = replay(entry for entry, _ in entries)
    versions = [one.sha256 for paper in state.documents.values() for one in paper.versions()]
    return sorted({*versions, *(copy.sha256 for copy in state.signed_copies)})


def sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
