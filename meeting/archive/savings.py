"""Lưu hồ sơ ra USB: one saving at a time, beside the meetings, and how far it is."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from meeting.archive.archives import discard
from meeting.archive.saving import save
from meeting.archive.shelf import Filed, Stopping
from meeting.archive.sticks import Stick, removable
from meeting.errors import Refused
from meeting.logs import Log
from meeting.protocol.sticks import SavingView, StickRow, SticksView

log = Log("archive")


class Savings:
    """Used from one event loop. `close` last.

    Args:
        sticks: what is plugged in now; asked in a thread.
    """

    def __init__(self, sticks: Callable[[], list[Stick]] = removable) -> None:
        self._sticks = sticks
        self._saving: SavingView | None = None
        self._work: asyncio.Task[None] | None = None
        self._stopped = threading.Event()

    async def view(self) -> SticksView:
        """What is plugged in, and the newest saving."""
        found = await asyncio.to_thread(self._sticks)
        rows = [StickRow(one.id, one.name, one.free_bytes, one.writable) for one in found]
        return SticksView(rows, self._saving)

    async def begin(self, meeting: str, stick: str, make: Callable[[], Awaitable[Filed]]) -> None:
        """Save a meeting's file onto a stick of those in `view`; it goes on by itself.

        Args:
            make: makes the file; it is removed afterwards where it is not `kept`.

        Raises:
            Refused: `saving_on`, `stick_gone`.
        """
        found = await asyncio.to_thread(self._sticks)
        onto = next((one for one in found if one.id == stick), None)
        if onto is None:
            raise Refused("stick_gone")
        if self._work is not None and not self._work.done():
            raise Refused("saving_on")
        self._saving = SavingView(meeting, onto.name, "", "making", 0.0)
        work = self._save(self._saving, onto, make)
        self._work = asyncio.create_task(work, name="archive: saving")

    async def close(self) -> None:
        """Leave the one that is at work; nothing of it stays on the stick."""
        self._stopped.set()
        if self._work is not None:
            await asyncio.gather(self._work, return_exceptions=True)

    async def _save(
        self, saving: SavingView, onto: Stick, make: Callable[[], Awaitable[Filed]]
    ) -> None:
        try:
            filed = await make()
            try:
                name = await asyncio.to_thread(self._laid, saving, filed, onto)
            finally:
                if not filed.kept:
                    await discard(filed.path)
            self._saving = replace(saving, name=name, state="done", part=1.0)
        except Stopping:
            self._saving = replace(saving, state="failed", code="server_busy")
        except Refused as refused:
            mb = int(refused.data.get("mb", 0))
            self._saving = replace(saving, state="failed", code=refused.code, mb=mb)
        except Exception as fault:
            log.error("request_failed", fault=fault)
            self._saving = replace(saving, state="failed", code="server_fault")

    def _laid(self, saving: SavingView, filed: Filed, onto: Stick) -> str:
        """In a thread; what it tells replaces the whole view at once."""

        def tell(again: bool, done: int) -> None:
            part = done / filed.size if filed.size else 1.0
            state = "reading" if again else "writing"
            self._saving = replace(saving, name=filed.name, state=state, part=round(part, 3))

        return save(filed.path, filed.name, onto, tell, self._stopped.is_set)
