"""The office's way to the files of meetings: made, and checked, in threads beside the meetings."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from meeting.archive.checking import Checked, check
from meeting.archive.shelf import Filed, Shelf
from meeting.errors import Refused
from meeting.protocol.log import Entry


class Archives:
    """Used from one event loop. One file is made at a time, and one checked.

    Args:
        folder: holds what is kept; made at `start`.
        original: where a paper's PDF lies, by its SHA-256.
        low: whether the disk has no room for anything large.
    """

    def __init__(
        self,
        folder: Path,
        original: Callable[[str], Path],
        low: Callable[[], bool] = lambda: False,
    ) -> None:
        self._shelf = Shelf(folder, original)
        self._low = low
        self._making = asyncio.Lock()
        self._checking = asyncio.Lock()

    async def start(self) -> None:
        """Make the folder, remove what an interrupted run left."""
        await asyncio.to_thread(self._shelf.start)

    async def file(
        self, meeting: str, entries: Sequence[tuple[Entry, bytes]], accounts: Mapping[str, str]
    ) -> Filed:
        """The file of a meeting; one that is not `kept` is for the caller to remove.

        Args:
            entries: the whole log with its hashes.

        Raises:
            Refused: `disk_low`, where there is no room to make it.
            OSError: it cannot be written.
        """
        async with self._making:
            if self._low():
                raise Refused("disk_low")
            work = asyncio.to_thread(self._shelf.file, meeting, list(entries), dict(accounts))
            return await asyncio.shield(asyncio.ensure_future(work))

    async def room(self) -> Path:
        """An empty file to lay something down in that is to be checked.

        Raises:
            Refused: `disk_low`.
        """
        if self._low():
            raise Refused("disk_low")
        return await asyncio.to_thread(self._shelf.room)

    async def check(self, path: Path, head: str) -> Checked:
        """As `checking.check`."""
        async with self._checking:
            return await asyncio.to_thread(check, path, head)


async def discard(path: Path) -> None:
    """Remove what was made for one download, or laid down to be checked."""
    with contextlib.suppress(OSError):  # where somebody still reads it; the next start removes it
        await asyncio.to_thread(path.unlink, missing_ok=True)
