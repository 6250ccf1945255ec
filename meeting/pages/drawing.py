"""One image from a worker process: drawn, counted, and kept on disk. Decides nothing of order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace

from meeting.counts import Counts
from meeting.logs import Log
from meeting.pages.cache import Folder, Image
from meeting.pages.jobs import PLAN_WIDTHS, Queue, Work
from meeting.pages.originals import Originals
from meeting.pages.pool import PageCode, PageFailed, Pool
from meeting.pages.workers import WorkerLost

log = Log("pages")


class Drawing:
    """Used from one event loop.

    Args:
        queue: told of documents that hurt a worker.
        originals: the documents that are kept, and those of which nothing may be any more.
        low: whether the disk has no room for images.
    """

    def __init__(
        self,
        pool: Pool,
        queue: Queue,
        folder: Folder,
        originals: Originals,
        counts: Counts,
        low: Callable[[], bool],
    ) -> None:
        self.rendered = 0
        self.closing = False
        self.keeping: dict[Work, Image] = {}
        """What is on its way to the disk."""
        self._pool = pool
        self._queue = queue
        self._folder = folder
        self._originals = originals
        self._counts = counts
        self._low = low

    async def draw(self, work: Work) -> Image | PageCode:
        began = time.perf_counter()
        drawn = await self._drawn(work)
        failed = "" if isinstance(drawn, Image) else drawn
        self._counts.drawn(time.perf_counter() - began, failed)
        if failed and not self.closing:
            log.warning("page_failed", document=name_of(work), page=work.page, code=failed)
        return drawn

    async def _drawn(self, work: Work) -> Image | PageCode:
        try:
            image = await self._pool.draw(work, self._folder.original(work.sha256))
        except PageFailed as failed:
            return "page_failed" if self._is_lost(work, failed.code) else failed.code
        except TimeoutError:
            self._queue.doubt(work.sha256)
            return "page_timeout"
        except WorkerLost:
            self._queue.doubt(work.sha256)
            return "page_failed"
        except FileNotFoundError:
            return "page_unknown"
        except OSError as fault:
            log.error("worker_not_started", document=name_of(work), page=work.page, fault=fault)
            return "page_failed"
        self.rendered += 1
        if work.sha256 in self._originals.erased:
            return "page_unknown"
        if image.plan and not self._low():  # tablets will ask for these, and they take long
            for width in PLAN_WIDTHS:
                self._queue.prepare(replace(work, width=width))
        return image

    def _is_lost(self, work: Work, code: PageCode) -> bool:
        """Whether the paper was taken in with this page, and its process does not find it."""
        known = self._originals.pages.get(work.sha256, 0)
        return code == "page_unknown" and not work.tile and work.page <= known

    async def keep(self, work: Work, image: Image) -> bool:
        """On disk, after whoever waits for it has it. False where there was no room for it."""
        if work.passing:
            return True
        if self._low():
            return False
        kept = False
        self.keeping[work] = image
        try:
            await asyncio.to_thread(self._folder.write, work, image)
            kept = True
        except OSError as fault:
            # A full disk does not stop the reading; the image lives in memory while it can.
            if work.sha256 not in self._originals.erased:
                log.error("image_not_kept", document=name_of(work), page=work.page, fault=fault)
        finally:
            del self.keeping[work]
        if work.sha256 in self._originals.erased:  # meanwhile
            await asyncio.to_thread(self._folder.erase, work.sha256)
        return kept


def name_of(work: Work) -> str:
    """What a document is called in the log."""
    return work.sha256[:8]
