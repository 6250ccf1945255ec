"""PDF to page images, safely: ask for page n of a document at a width.

PDFs are opened only in worker processes (sandbox/, started by pool.py); jobs.py decides what is
drawn next, cache.py keeps what was drawn. Who may see a page is decided elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Final

from meeting.counts import Counts, Uncounted
from meeting.logs import Log
from meeting.pages.cache import Folder, Image, Memory
from meeting.pages.closely import Closely
from meeting.pages.confinement import on_trial
from meeting.pages.drawing import Drawing, name_of
from meeting.pages.jobs import CLOSER, TEXT, WIDTHS, Need, Queue, Work
from meeting.pages.limits import PagesLimits
from meeting.pages.making import After, Making
from meeting.pages.margins import Margins
from meeting.pages.originals import SHA256, Originals
from meeting.pages.pool import FileRefused, Inspected, PageCode, PageFailed, Pool
from meeting.pages.texts import Texts
from meeting.pages.waiting import Failures, Inspection, Original, Waiting
from meeting.sandbox import CONFINED

__all__ = ["WIDTHS", "FileRefused", "Image", "Original", "PageFailed", "Pages", "PagesLimits"]

UPRIGHT: Final[Mapping[int, int]] = {}
"""No page is turned."""

Run = Coroutine[None, None, None]

log = Log("pages")


class Pages:
    """Originals and page images below one folder. Used from one event loop.

    Args:
        folder: holds `originals/` and `pages/`; made if absent.
        workers: processes at most, each holding one document.
        limits: what an untrusted document may cost.
        cache_bytes: memory for finished images.
        low: whether the disk has no room for images; they are drawn again when asked for.
        spare: whether one more process is kept ready for the next document.
        also: one more width in which whole pages may be asked for.
    """

    def __init__(
        self,
        folder: Path,
        *,
        workers: int = 2,
        limits: PagesLimits | None = None,
        cache_bytes: int = 64_000_000,
        counts: Counts | None = None,
        low: Callable[[], bool] = lambda: False,
        spare: bool = False,
        also: int = 0,
    ) -> None:
        self.on_progress: Callable[[str, int], None] | None = None
        """Called with the document and its finished pages each time there is one more."""
        self._also = also
        limits = self.limits = limits or PagesLimits()
        self._folder = Folder(folder)
        self.incoming = self._folder.originals
        """Where files on their way in may lie; what is left there goes at the next start."""
        self.most_bytes = self.limits.max_file_bytes
        self._memory = Memory(cache_bytes)
        self.margins = Margins(self._folder)
        self._pool = Pool(workers, limits, spare=spare)
        self._queue = Queue()
        kept = self._kept = Originals(self._folder, self.limits, self._inspect, self._pool.let_go)
        self.arriving, self.take_in, self.unlock = kept.arriving, kept.take_in, kept.unlock
        self.pages_of, self.printed = kept.pages_of, kept.printed
        self.sent_before, self.original = kept.sent_before, self._folder.original
        self._drawing = Drawing(
            self._pool, self._queue, self._folder, kept, counts or Uncounted(), low
        )
        self._making = Making(self._queue, workers, self._make, self._own, limits.yield_seconds)
        self._ready: dict[str, set[Work]] = {}
        self._closely = Closely(self._pool, self._queue, self.original, self._making, self._ready)
        self._unkept: set[Work] = set()
        self._waiting: dict[Work, Waiting] = {}
        self._inspections: dict[Work, Inspection] = {}
        self._failures = Failures(self.limits.failure_seconds)
        self._tasks: set[asyncio.Task[None]] = set()
        self._prepared: set[tuple[str, frozenset[tuple[int, int]]]] = set()
        self._closing = False
        self.texts = Texts(
            folder / "pages",
            self._pool,
            self._queue,
            original=self._folder.original,
            pump=self._making.pump,
            gone=self._kept.erased.__contains__,
            low=low,
        )

    async def start(self) -> None:
        """Make the folders. Processes are started when there is something to draw."""
        await asyncio.to_thread(self._folder.start)

    async def close(self) -> None:
        """End every process and task; whoever still waits gets PageFailed."""
        self._closing = self._drawing.closing = True
        self._making.close()
        while self._tasks:
            await self._pool.close()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._pool.close()
        for work in tuple(self._waiting):
            self._settle(work, "page_failed")
        self.texts.close()
        for inspection in self._inspections.values():
            if not inspection.outcome.done():
                inspection.outcome.set_result(OSError("closed"))

    @property
    def rendered(self) -> int:
        """Images drawn since the start, not counting those found on disk."""
        return self._drawing.rendered

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The worker processes alive now."""
        return self._pool.process_ids

    @property
    def started(self) -> int:
        """Processes that were started for a document so far."""
        return self._pool.started

    async def confinement(self) -> tuple[str, ...]:
        """What the processes that open papers have given up, as they say (sandbox.CONFINED)."""
        if self._pool.confined is None:
            self._pool.confined = await on_trial(self.limits)
        return self._pool.confined

    @property
    def confined(self) -> dict[str, float]:
        """As `confinement`, 1 for each; nothing before anybody asked."""
        said = self._pool.confined
        return {} if said is None else {code: float(code in said) for code in CONFINED}

    @property
    def memory_bytes(self) -> int:
        """What the finished images in memory take."""
        return self._memory.bytes

    def figures(self) -> dict[str, float]:
        """Images by where they are now: waiting, being made, in memory."""
        waiting, making = len(self._queue), len(self._making)
        return {"waiting": waiting, "making": making, "in_memory": len(self._memory)}

    def expect(self, documents: int = 1) -> None:
        """So many documents are on their way: have processes ready when they come."""
        self._pool.expect(documents)

    async def erase(self, sha256: str) -> None:
        """Destroy the original and every image of it, for good. Raises OSError where the disk will
        not; to be asked again then.
        """
        self._kept.erased.add(sha256)
        self._kept.forget(sha256)
        self._ready.pop(sha256, None)
        self._prepared = {one for one in self._prepared if one[0] != sha256}
        self._queue.drop(sha256)
        self._unkept = {work for work in self._unkept if work.sha256 != sha256}
        self.texts.drop(sha256)
        self._memory.drop(sha256)
        self.margins.drop(sha256)
        await asyncio.to_thread(self._folder.erase, sha256)
        await self._pool.let_go(sha256)
        for work in [work for work in self._waiting if work.sha256 == sha256]:
            self._settle(work, "page_unknown")

    def cached(
        self, sha256: str, page: int, width: int, turn: int = 0, tile: int = 0
    ) -> Image | None:
        """The image if it is in memory. Never waits, never starts anything."""
        return self._memory.get(Work(sha256, page, width, turn, tile))

    async def image(
        self,
        sha256: str,
        page: int,
        width: int,
        turn: int = 0,
        tile: int = 0,
        *,
        priority: int = Need.ASKED,
    ) -> Image:
        """The image: from memory, from disk, or drawn; `width`, `turn` and `tile` as jobs.py has
        them.

        However many wait for an image, it is made once, and made even if they stop waiting; a
        piece of a page is not. Raises PageFailed.
        """
        work = Work(sha256, page, width, turn, tile)
        if (image := self._memory.get(work) or self._drawing.keeping.get(work)) is not None:
            return image
        if not self._exists(work):
            raise PageFailed("page_unknown")
        if self._closing:
            raise PageFailed("page_failed")
        if (failed := self._failures.lately(work, asyncio.get_running_loop().time())) is not None:
            raise PageFailed(failed)
        self._closely.asked(work, priority)
        waiting = self._waiting.get(work)
        if waiting is None:
            waiting = self._waiting[work] = Waiting(priority)
            self._own(self._find(work, waiting), "find", work)
        elif priority < waiting.priority:
            waiting.priority = priority
            if work in self._queue:
                self._queue.ask(work, priority)
        waiting.people += 1
        try:
            outcome = await asyncio.shield(waiting.outcome)
        finally:
            waiting.people -= 1
            if work.passing and not waiting.people:
                self._give_up(work, waiting)
        if isinstance(outcome, Image):
            return outcome
        raise PageFailed(outcome)

    def _give_up(self, work: Work, waiting: Waiting) -> None:
        """Nobody waits for it any more: it is not made, unless it is being made already."""
        if not waiting.outcome.done() and work not in self._making:
            self._queue.leave(work)
            self._settle(work, "page_unknown")

    def prepare(self, sha256: str, pages: int, turned: Mapping[int, int] = UPRIGHT) -> None:
        """Make all images of a document, page by page, when nothing more urgent waits. `turned`:
        pages that are stood upright, with quarters of a turn, clockwise.
        """
        self._kept.pages[sha256] = pages
        self._prepared.add((sha256, frozenset(turned.items())))
        if not self._closing:
            self._own(self._prepare(sha256, pages, turned), "prepare", Work(sha256, 0, 0))

    def focus(
        self, sha256: str, page: int, pages: int, turned: Mapping[int, int] = UPRIGHT
    ) -> None:
        """This page is on screen now: it first, then its neighbours, then its document."""
        self._queue.focus(sha256, page)
        self._closely.on_screen(Work(sha256, page, 0, turned.get(page, 0)))
        if (sha256, frozenset(turned.items())) not in self._prepared:
            self.prepare(sha256, pages, turned)

    def progress(self, sha256: str) -> int:
        """Finished pages of a document that was prepared, thumbnails not counted."""
        return len(self._finished(sha256))

    def failed(self, sha256: str) -> int:
        """Pages of a document that could not be drawn when last tried, thumbnails not counted."""
        return len(self._failures.pages(sha256) - self._finished(sha256))

    def _finished(self, sha256: str) -> set[int]:
        """A page is finished however it is turned: turning it anew takes a moment."""
        ready = self._ready.get(sha256, ())
        return {work.page for work in ready if work.width == WIDTHS[0]}

    def _exists(self, work: Work) -> bool:
        """Whether there may be such a page. Also keeps strange names away from the disk."""
        return (
            SHA256.fullmatch(work.sha256) is not None
            and (work.possible or (work.width == self._also and not work.passing))
            and work.sha256 not in self._kept.erased
            and 1 <= work.page <= self._kept.pages.get(work.sha256, self.limits.max_pages)
        )

    async def _find(self, work: Work, waiting: Waiting) -> None:
        image = None if work.passing else await asyncio.to_thread(self._folder.read, work)
        if waiting.outcome.done():
            return
        if work.sha256 in self._kept.erased:  # meanwhile
            self._settle(work, "page_unknown")
        elif image is not None:
            self._settle(work, image)
            self._add_ready(work)
        else:
            self._queue.ask(work, waiting.priority)
            self._making.pump()

    async def _prepare(self, sha256: str, pages: int, turned: Mapping[int, int]) -> None:
        wanted = [
            Work(sha256, page, width, turned.get(page, 0))
            for page in range(1, pages + 1)
            for width in WIDTHS
        ]
        finished = await asyncio.to_thread(self._folder.finished, sha256)
        before = self.progress(sha256)
        ready = self._ready.setdefault(sha256, set())
        ready |= finished.intersection(wanted)
        if self.progress(sha256) > before:
            self._tell(sha256)
        now = asyncio.get_running_loop().time()
        for work in wanted:
            under_way = work in self._making or work in self._drawing.keeping
            if not (work in ready or under_way or self._failures.lately(work, now)):
                self._queue.prepare(work)
        await self.texts.prepare(sha256, pages)
        self._making.pump()

    async def _inspect(self, sha256: str, path: Path) -> Inspected:
        if self._closing:
            raise OSError("closed")
        # The number in place of a width keeps two inspections of one content apart.
        number = next(n for n in range(10**6) if Work(sha256, 0, n) not in self._inspections)
        work = Work(sha256, 0, number)
        inspection = self._inspections[work] = Inspection(path)
        self._queue.ask(work, Need.NOW)
        self._making.pump()
        outcome = await inspection.outcome
        if isinstance(outcome, Inspected):
            self._kept.inspected[sha256], self._kept.pages[sha256] = outcome, outcome.pages
            return outcome
        raise outcome

    async def _make(self, work: Work) -> After:
        if work.page == 0:
            await self._count(work)
        elif work.width == TEXT:
            await self.texts.make(work)
        elif work.width == CLOSER:
            await self._closely.make(work)
        else:
            drawn = await self._drawing.draw(work)
            self._settle(work, drawn)
            if isinstance(drawn, Image):
                return self._keep(work, drawn)
        return None

    async def _keep(self, work: Work, image: Image) -> None:
        if await self._drawing.keep(work, image):
            self._add_ready(work)
        else:
            self._unkept.add(work)

    def room_again(self) -> None:
        """What there was no room for on the disk is made once more, to be kept."""
        for work in self._unkept:
            self._queue.prepare(work)
        self._unkept.clear()
        self._making.pump()

    async def _count(self, work: Work) -> None:
        inspection = self._inspections[work]
        outcome: Inspected | FileRefused | OSError
        try:
            outcome = await self._pool.inspect(work.sha256, inspection.path)
        except (FileRefused, OSError) as refused:
            outcome = refused
        del self._inspections[work]
        if not inspection.outcome.done():  # done when its call was cancelled
            inspection.outcome.set_result(outcome)

    def _settle(self, work: Work, outcome: Image | PageCode) -> None:
        """Keep what came out and tell everyone who waits for it."""
        waiting = self._waiting.pop(work, None)
        if isinstance(outcome, Image):
            self.margins.add(work, outcome)
            if waiting is not None or self._queue.focused(work.sha256):
                self._memory.put(work, outcome)
        elif outcome != "page_unknown":
            self._failures.put(work, outcome, asyncio.get_running_loop().time())
        if waiting is not None and not waiting.outcome.done():
            waiting.outcome.set_result(outcome)

    def _add_ready(self, work: Work) -> None:
        ready = self._ready.setdefault(work.sha256, set())
        if work not in ready and not work.passing:
            ready.add(work)
            if work.width == WIDTHS[0]:
                self._tell(work.sha256)

    def _tell(self, sha256: str) -> None:
        if self.on_progress is not None:
            self.on_progress(sha256, self.progress(sha256))

    def _own(self, run: Run, verb: str, work: Work) -> asyncio.Task[None]:
        name = f"pages: {verb} {name_of(work)} {work.page}"
        task = asyncio.get_running_loop().create_task(run, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("pages_failed", fault=fault)
