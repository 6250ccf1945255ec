"""Looking through the texts of several documents, a little at a time: who turns a page meanwhile
notices nothing. What a hit is, finding.py says; which documents may be looked through, the caller.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from meeting.errors import AskedTooMuch, Refused
from meeting.pages.finding import Hit, Query, exact_at, hit_at, places
from meeting.pages.texts import DocumentText, Texts

SLICE_SECONDS: Final = 0.002
"""So long it looks without a pause."""
SEARCH_SECONDS: Final = 2.0
"""After this what was found is told; there may be more."""
HITS_MOST: Final = 300
"""Told of one document; more are counted only."""
IN_LINE_MOST: Final = 300
"""Devices that wait for one another. A search mostly takes some thousandths of a second."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A document and its hits, the exact ones first, each kind in the order of the pages."""

    sha256: str
    hits: tuple[Hit, ...]
    count: int
    whole: bool
    wordless: bool


class Searching:
    """One search at a time, and one in line of each device. Used from one event loop."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._busy = False
        self._line: dict[str, asyncio.Future[bool]] = {}
        """By device; what is waited for says whether the search is still wanted."""

    async def look(
        self, query: Query, documents: Sequence[tuple[str, int]], device: str
    ) -> tuple[list[Searched], bool]:
        """What each of the documents has, as far as there was time; and whether there was.

        Args:
            documents: SHA-256 and number of pages of each.
            device: who asks. What it had in line gives its place to this.

        Raises:
            Refused: `server_busy`; AskedTooMuch: the same device has asked for something else.
        """
        await self._turn(device)
        try:
            # A free turn is taken without a pause: else all who ask in one round look in it.
            await asyncio.sleep(0)
            return await self._look(query, documents)
        finally:
            self._leave()

    async def _turn(self, device: str) -> None:
        before = self._line.get(device)
        if before is None and len(self._line) >= IN_LINE_MOST:
            raise Refused("server_busy")
        if before is not None and not before.done():
            before.set_result(False)
        turn = self._line[device] = asyncio.get_running_loop().create_future()  # in its place
        self._next()
        try:
            wanted = await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.result():
                self._leave()
            raise
        finally:
            if self._line.get(device) is turn:
                del self._line[device]
        if not wanted:
            raise AskedTooMuch

    def _leave(self) -> None:
        self._busy = False
        self._next()

    def _next(self) -> None:
        while self._line and not self._busy:
            turn = self._line.pop(next(iter(self._line)))
            if not turn.done():
                self._busy = True
                turn.set_result(True)

    async def _look(
        self, query: Query, documents: Sequence[tuple[str, int]]
    ) -> tuple[list[Searched], bool]:
        found: list[Searched] = []
        going = _Going()
        for sha256, pages in documents:
            if going.over:  # most of it may go by while texts are read from disk
                return found, False
            text = await self._texts.document(sha256, pages)
            hits, count, finished = await _through(query, text, going)
            found.append(Searched(sha256, tuple(hits), count, text.whole, text.wordless))
            if not finished:
                return found, False
        return found, True


class _Going:
    """The time of one search, however many documents it goes through."""

    def __init__(self) -> None:
        now = time.perf_counter()
        self._until = now + SEARCH_SECONDS
        self._pause = now + SLICE_SECONDS

    @property
    def over(self) -> bool:
        return time.perf_counter() > self._until

    async def pause(self) -> None:
        """Where it is time to."""
        if time.perf_counter() > self._pause:
            await asyncio.sleep(0)
            self._pause = time.perf_counter() + SLICE_SECONDS


async def _through(query: Query, text: DocumentText, going: _Going) -> tuple[list[Hit], int, bool]:
    """The hits that are told, how many there are, and whether all pages were looked at."""
    exact: list[Hit] = []
    others: list[Hit] = []
    count = 0
    for number, page in enumerate(text.pages, 1):
        if page is None:
            continue
        for at in places(query, page):
            count += 1
            kind = exact if exact_at(query, page, at) else others
            if len(kind) < HITS_MOST:
                kind.append(hit_at(query, number, page, at))
            await going.pause()
        await going.pause()
        if going.over:
            return (exact + others)[:HITS_MOST], count, False
    return (exact + others)[:HITS_MOST], count, True
