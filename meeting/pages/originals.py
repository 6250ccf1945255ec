"""The PDFs that were taken in: kept once by their content, with what was found in each.

Nothing of theirs is opened here: whoever looks into them is handed over.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Final

from meeting.pages.arriving import Arrival, Arrivals, Copy, sync
from meeting.pages.cache import Folder, TooLarge
from meeting.pages.limits import PagesLimits
from meeting.pages.pool import FileRefused, Inspected
from meeting.pages.printed import Printed
from meeting.pages.unlocking import unlock
from meeting.pages.waiting import Original

SHA256: Final = re.compile(r"[0-9a-f]{64}")


class Originals:
    """Used from one event loop.

    Args:
        look: finds out what is in a PDF; raises FileRefused, OSError.
        let_go: ends the processes that hold this content.
    """

    def __init__(
        self,
        folder: Folder,
        limits: PagesLimits,
        look: Callable[[str, Path], Awaitable[Inspected]],
        let_go: Callable[[str], Awaitable[None]],
    ) -> None:
        self.pages: dict[str, int] = {}
        """How many pages each content has, as far as known."""
        self.inspected: dict[str, Inspected] = {}
        self.erased: set[str] = set()
        self._folder = folder
        self._limits = limits
        self._look = look
        self._let_go = let_go
        self._arrivals = Arrivals()
        self._unlocking = asyncio.Lock()

    def forget(self, sha256: str) -> None:
        """What is known of this content."""
        self.inspected.pop(sha256, None)
        self.pages.pop(sha256, None)

    def arriving(self, path: Path) -> AbstractContextManager[Arrival]:
        """To write a file as it comes, in `incoming`; then it is taken in without another copy."""
        return self._arrivals.writing(path)

    async def take_in(
        self, path: Path, allow: Callable[[Sequence[Printed]], None] = lambda _: None
    ) -> Original:
        """Keep a durable copy of the PDF, named by its content, and count its pages.

        Raises FileRefused, or what `allow` raises at what is printed on the first pages, in a
        thread of its own, and then keeps nothing; OSError when the file cannot be read or the disk
        is full. A copy that a cancelled call leaves half written goes at the next start.
        """
        copy = await self._copied(path)
        try:
            known = await self._looked_at(copy)
            try:
                await asyncio.to_thread(allow, known.printed)
            except BaseException:
                await self._forget(copy.sha256)
                raise
            self.erased.discard(copy.sha256)
            await asyncio.to_thread(self._folder.admit, copy.path, copy.sha256)
        finally:
            await asyncio.to_thread(copy.path.unlink, missing_ok=True)
        return Original(copy.sha256, known.pages, copy.size, known.printed)

    async def _copied(self, path: Path) -> Copy:
        """What arrived with us is not copied again."""
        most = self._limits.max_file_bytes
        try:
            arrived = self._arrivals.pop(path)
            if arrived is None:
                return await asyncio.to_thread(self._folder.copy_in, path, most)
            if arrived.size > most:
                raise TooLarge
            return arrived
        except TooLarge:
            named = self._limits.named("file_too_large")
            raise FileRefused("file_too_large", named) from None

    async def _looked_at(self, copy: Copy) -> Inspected:
        """What is in it; when that is known, it would outlast a power cut."""
        if known := self.inspected.get(copy.sha256):
            if not (copy.synced or await self._is_here(copy.sha256)):
                await asyncio.to_thread(sync, copy.path)
            return known
        if copy.synced:
            return await self._look(copy.sha256, copy.path)
        syncing = asyncio.create_task(asyncio.to_thread(sync, copy.path), name="pages: sync")
        try:
            known = await self._look(copy.sha256, copy.path)
        finally:
            await asyncio.gather(syncing, return_exceptions=True)
        syncing.result()
        return known

    async def unlock(self, path: Path, password: str, copy: Path) -> None:
        """Write to `copy`, an empty file, a locked PDF without its lock. Raises FileRefused."""
        async with self._unlocking:
            await unlock(path, password, copy, self._limits)

    async def _forget(self, sha256: str) -> None:
        """Nothing of what was read of a file stays in memory that was not taken in."""
        if not await asyncio.to_thread(self._folder.original(sha256).exists):
            self.forget(sha256)
            await self._let_go(sha256)

    async def pages_of(self, sha256: str) -> int | None:
        """How many pages the original has that was taken in with this content; None if none was."""
        if not await self._is_here(sha256):
            return None
        return self.pages.get(sha256) or (await self._known(sha256)).pages

    async def printed(self, sha256: str) -> tuple[Printed, ...]:
        """What is printed on the first pages of an original; () where there is none."""
        return (await self._known(sha256)).printed if await self._is_here(sha256) else ()

    async def sent_before(self, time: datetime) -> set[str]:
        """The contents of all originals that were last sent before this time."""
        found = await asyncio.to_thread(self._folder.sent_before, time.timestamp())
        return {sha256 for sha256 in found if SHA256.fullmatch(sha256)}

    async def _is_here(self, sha256: str) -> bool:
        original = self._folder.original(sha256)
        return SHA256.fullmatch(sha256) is not None and await asyncio.to_thread(original.is_file)

    async def _known(self, sha256: str) -> Inspected:
        known = self.inspected.get(sha256)
        return known or await self._look(sha256, self._folder.original(sha256))
