"""The office's way to the files of meetings: made in threads beside the meetings, checked in
processes of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from meeting.archive.apart import check_apart
from meeting.archive.checking import Checked
from meeting.archive.shelf import Filed, Shelf, Stopping
from meeting.errors import Refused
from meeting.protocol.log import Entry

CHECKS_MOST: Final = 4
"""One file is checked at a time; so many, with that one, may be here to be checked."""


class Archives:
    """Used from one event loop. One file is made at a time, and one checked.

    Args:
        folder: holds what is kept; made at `start`.
        original: where a paper's PDF lies, by its SHA-256.
        low: whether the disk has no room for anything large.
        free: bytes that may still be written; asked before something that large is taken in.
    """

    def __init__(
        self,
        folder: Path,
        original: Callable[[str], Path],
        low: Callable[[], bool] = lambda: False,
        free: Callable[[], int] | None = None,
    ) -> None:
        self._shelf = Shelf(folder, original, self.refuse_without_room)
        self._low = low
        self._free = free
        self._making = asyncio.Lock()
        self._checking = asyncio.Lock()
        self._checks = 0
        self._at_work: set[asyncio.Task[Checked]] = set()
        self._closing = False

    @property
    def checks(self) -> int:
        """How many files are here to be checked now, the one at work included."""
        return self._checks

    async def start(self) -> None:
        """Make the folder, remove what an interrupted run left."""
        await asyncio.to_thread(self._shelf.start)

    async def close(self) -> None:
        """Leave everything that is at work: nothing half done is kept. Twice is once."""
        self._closing = True
        self._shelf.stop()
        for work in self._at_work:
            work.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)

    async def file(
        self, meeting: str, entries: Sequence[tuple[Entry, bytes]], accounts: Mapping[str, str]
    ) -> Filed:
        """The file of a meeting; one that is not `kept` is for the caller to remove.

        Args:
            entries: the whole log with its hashes.

        Raises:
            Refused: `disk_low`, where there is no room to make it; `server_busy`, where the server
                stops.
            OSError: it cannot be written.
        """
        async with self._making:
            self.refuse_without_room()
            work = asyncio.to_thread(self._shelf.file, meeting, list(entries), dict(accounts))
            try:
                return await asyncio.shield(asyncio.ensure_future(work))
            except Stopping:
                raise Refused("server_busy") from None

    def refuse_without_room(self, size: int = 0) -> None:
        """Where the disk is low, or would be with so many bytes more. From any thread.

        Raises:
            Refused: `disk_low`.
        """
        if self._low() or (size and self._free is not None and self._free() < size):
            raise Refused("disk_low")

    @contextlib.asynccontextmanager
    async def room(self) -> AsyncIterator[Path]:
        """An empty file to lay something down in that is to be checked; afterwards it is gone.

        Raises:
            Refused: `disk_low`; `check_full`, where too many wait already.
        """
        self.refuse_without_room()
        if self._checks >= CHECKS_MOST:
            raise Refused("check_full")
        self._checks += 1
        try:
            path = await asyncio.to_thread(self._shelf.room)
            try:
                yield path
            finally:
                await asyncio.shield(discard(path))
        finally:
            self._checks -= 1

    async def check(self, path: Path, head: str) -> Checked:
        """As `apart.check_apart`, one after the other. Whoever is cancelled ends it.

        Raises:
            Refused: as there; `server_busy`, where the server stops.
            OSError: it cannot be read.
        """
        async with self._checking:
            if self._closing:
                raise Refused("server_busy")
            work = asyncio.create_task(check_apart(path, head), name="archives: check")
            self._at_work.add(work)
            try:
                await asyncio.wait({work})
            finally:
                self._at_work.discard(work)
                if not work.done():
                    work.cancel()
                    await asyncio.wait({work})
            if work.cancelled():
                raise Refused("server_busy")
            return work.result()


async def discard(path: Path) -> None:
    """Remove what was made for one download, or laid down to be checked."""
    with contextlib.suppress(OSError):  # where somebody still reads it; the next start removes it
        await asyncio.to_thread(path.unlink, missing_ok=True)
