"""Processes that make personal copies (sandbox/marker.py): started, fed, killed and replaced.

Which copy is made when, and how long it is kept, is personal.py's.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from meeting.logs import Log
from meeting.pages.cache import EXTENSIONS, Image
from meeting.pages.children import ended, start_child
from meeting.pages.jobs import Work
from meeting.pages.pool import PageFailed
from meeting.pages.workers import WorkerLost, exchange
from meeting.sandbox import command

PLACES: Final = 6
"""Pages a marker holds ready: the presented one, the next two, and what else is read."""
MAX_PIXELS: Final = 6_000_000
MEMORY_BYTES: Final = 1_500_000_000
CPU_SECONDS: Final = 600
COPIES_MOST: Final = 5_000
"""A marker is replaced after so many, well before its processor time is used up."""
COPY_SECONDS: Final = 10.0
TRIES: Final = 2

log = Log("pages")


class Marker:
    """One process and the pages it holds."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._held: OrderedDict[Work, int] = OrderedDict()
        self._free = list(range(PLACES))
        self._killed = False
        self.copies = 0

    @property
    def process_id(self) -> int:
        return self._process.pid

    def holds(self, work: Work) -> bool:
        return work in self._held

    async def mark(self, work: Work, page: Image, lines: Sequence[str], font: bytes) -> Image:
        """The page with these lines all over it. Raises PageFailed, when the marker lives on; and
        WorkerLost or TimeoutError: then kill it.
        """
        async with asyncio.timeout(COPY_SECONDS):
            if not self.copies:
                await self._ask({"job": "font"}, font)
            place = self._held.get(work)
            if place is None:
                place = await self._hold(work, page)
            self._held.move_to_end(work)
            request = {"job": "copy", "place": place, "lines": list(lines)}
            header, body = await self._ask(request, b"")
        self.copies += 1
        if header.get("type") not in EXTENSIONS:
            raise WorkerLost
        return Image(body, header["type"])

    async def _hold(self, work: Work, page: Image) -> int:
        """The page is held from now on, in place of the one used longest ago."""
        if not self._free:
            self._free.append(self._held.popitem(last=False)[1])
        await self._ask({"job": "base", "place": self._free[-1]}, page.body)
        self._held[work] = self._free[-1]
        return self._free.pop()

    async def _ask(self, request: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        asked = request | {"body_bytes": len(body)}
        header, answer = await exchange(self._process, asked, body)
        if header.get("code"):
            raise PageFailed("page_failed")
        return header, answer

    async def kill(self) -> None:
        """End the process and wait until the system has forgotten it."""
        killed, self._killed = self._killed, True
        await ended(self._process, killed=killed)


async def start_marker() -> Marker:
    """One that holds nothing yet. Raises OSError."""
    settings = {
        "memory_bytes": MEMORY_BYTES,
        "cpu_seconds": CPU_SECONDS,
        "max_pixels": MAX_PIXELS,
    }
    return Marker(await start_child(command("marker", json.dumps(settings))))


class Markers:
    """At most `size` processes. Its caller makes at most `size` copies at a time."""

    def __init__(self, font: Path, size: int) -> None:
        self.size = size
        self.started = 0
        self._starting = 0
        self._path = font
        self._font = b""
        self._idle: list[Marker] = []
        self._busy: set[Marker] = set()
        self._closing = False

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The processes alive now."""
        return tuple(marker.process_id for marker in (*self._idle, *self._busy))

    async def mark(self, work: Work, page: Image, lines: Sequence[str]) -> Image:
        """The copy. Raises PageFailed."""
        for tried in range(TRIES):
            try:
                self._font = self._font or await asyncio.to_thread(self._path.read_bytes)
                marker = await self._take(work, anew=tried > 0)
            except OSError as fault:
                log.error("worker_not_started", document=work.sha256[:8], fault=fault)
                break
            keep = False
            try:
                copy = await marker.mark(work, page, lines, self._font)
                keep = marker.copies < COPIES_MOST
                return copy
            except PageFailed:
                keep = True
                raise
            except (WorkerLost, TimeoutError):
                if self._closing:
                    break
            finally:
                self._busy.discard(marker)
                if keep and not self._closing:
                    self._idle.append(marker)
                else:
                    await marker.kill()
        raise PageFailed("page_failed")

    async def close(self) -> None:
        """End all processes, at work or not."""
        self._closing = True
        idle, self._idle = self._idle, []
        await asyncio.gather(*(marker.kill() for marker in (*idle, *self._busy)))

    async def _take(self, work: Work, *, anew: bool) -> Marker:
        """One that holds the page, or the one idle longest; a new one where there is none.

        Args:
            anew: none that is idle. A system short of memory may have ended all of those.
        """
        while anew and self._idle:
            await self._idle.pop().kill()
        holding = next((one for one in self._idle if one.holds(work)), None)
        if holding is not None:
            self._idle.remove(holding)
        elif self._idle and len(self._idle) + len(self._busy) + self._starting >= self.size:
            holding = self._idle.pop(0)
        else:
            self._starting += 1
            try:
                holding = await start_marker()
            finally:
                self._starting -= 1
            self.started += 1
        self._busy.add(holding)
        return holding
