"""Looking through the texts of several documents, a little at a time: who turns a page meanwhile
notices nothing. What a hit is, finding.py says; which documents may be looked through, the caller.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from meeting.errors import Refused
from meeting.pages.finding import Hit, Query, find
from meeting.pages.texts import DocumentText, Texts

SLICE_SECONDS: Final = 0.004
"""So long it looks without a pause."""
SEARCH_SECONDS: Final = 2.0
"""After this what was found is told; there may be more."""
HITS_MOST: Final = 300
"""Told of one document; more are counted only."""
IN_LINE_MOST: Final = 100
"""Searches that wait for one another. A search takes some hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A document and its hits, the exact ones first, each kind in the order of the pages."""

    sha256: str
    hits: tuple[Hit, ...]
    count: int
    whole: bool
    wordless: bool


class Searching:
    """One search at a time. Used from one event loop."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._turn = asyncio.Lock()
        self._in_line = 0

    async def look(
        self, query: Query, documents: Sequence[tuple[str, int]]
    ) -> tuple[list[Searched], bool]:
        """What each of the documents has, as far as there was time; and whether there was.

        Args:
            documents: SHA-256 and number of pages of each.

        Raises:
            Refused: `server_busy`.
        """
        if self._in_line >= IN_LINE_MOST:
            raise Refused("server_busy")
        self._in_line += 1
        try:
            async with self._turn:
                return await self._look(query, documents)
        finally:
            self._in_line -= 1

    async def _look(
        self, query: Query, documents: Sequence[tuple[str, int]]
    ) -> tuple[list[Searched], bool]:
        found = []
        until = time.perf_counter() + SEARCH_SECONDS
        for sha256, pages in documents:
            text = await self._texts.document(sha256, pages)
            hits, finished = await _through(query, text, until)
            kept = sorted(hits, key=lambda hit: not hit.exact)[:HITS_MOST]
            found.append(Searched(sha256, tuple(kept), len(hits), text.whole, text.wordless))
            if not finished:
                return found, False
        return found, True


async def _through(query: Query, text: DocumentText, until: float) -> tuple[list[Hit], bool]:
    hits: list[Hit] = []
    pause = time.perf_counter() + SLICE_SECONDS
    for number, page in enumerate(text.pages, 1):
        if page is not None:
            hits += find(query, number, page)
        if (now := time.perf_counter()) > pause:
            if now > until:
                return hits, False
            await asyncio.sleep(0)
            pause = time.perf_counter() + SLICE_SECONDS
    return hits, True
