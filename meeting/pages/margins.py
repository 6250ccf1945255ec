"""Where there is anything on the pages of each document, as found while thumbnails were drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from meeting.pages.cache import Box, Folder, Image
from meeting.pages.jobs import Work


class Margins:
    """In memory for documents somebody asked about and for what was drawn since the start, on disk
    for all; whoever waits for an image has it before the disk does.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._known: dict[str, dict[tuple[int, int], Box]] = {}
        self._drawn: dict[str, dict[tuple[int, int], Box]] = {}

    async def of(self, sha256: str, pages: int, turned: Mapping[int, int]) -> list[Box | None]:
        """Each page of a document as it stands; None where its thumbnail was not made yet."""
        known = self._known.get(sha256)
        if known is None:
            found = await asyncio.to_thread(self._folder.margins, sha256)
            known = self._known.setdefault(sha256, found)
        drawn = self._drawn.get(sha256, {})
        places = [(page, turned.get(page, 0)) for page in range(1, pages + 1)]
        return [drawn.get(place) or known.get(place) for place in places]

    def add(self, work: Work, image: Image) -> None:
        """An image came; thumbnails that were just drawn tell their margins."""
        if image.box is not None:
            self._drawn.setdefault(work.sha256, {})[work.page, work.turn] = image.box

    def drop(self, sha256: str) -> None:
        self._known.pop(sha256, None)
        self._drawn.pop(sha256, None)
