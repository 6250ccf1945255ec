"""Personal copies of page images: words of one's own burned into the pixels. In memory only.

No copy is ever written to a disk. Whose copy it is, what is written on it and who may have it is
decided elsewhere; the marking itself is done by markers.py.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import Counter, OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from meeting.clock import Clock
from meeting.errors import AskedTooMuch
from meeting.logs import Log
from meeting.pages import Pages
from meeting.pages.cache import Image
from meeting.pages.jobs import Need, Work
from meeting.pages.markers import Markers
from meeting.pages.pool import PageCode, PageFailed

MOST_BYTES: Final = 300_000_000
"""Of all copies: of 500 devices, the page on show and two more, and some to spare."""
AHEAD_SHARE: Final = 0.9
"""When the copies take so much of it, none is made ahead any more."""
FRESH_SECONDS: Final = 300.0
"""A copy says the minute it was made. One asked for again within five minutes is the same: what the
minute is for is to tell who held the page when, and a copy stands on a table longer than that. Made
at each look anew, it would cost a person who leafs back and forth a copy every time.
"""
WAITING_MOST: Final = 6
"""Copies one device may wait for at the same time."""

Lines = Callable[[], Sequence[str]]
"""What is written on a copy that is made now."""

log = Log("pages")


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy: of which page, under which address it is served, whose it is."""

    address: str
    work: Work
    holder: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """A page of which these holders will want copies."""

    address: str
    work: Work
    holders: Sequence[tuple[str, Lines]]


@dataclass(slots=True)
class _Job:
    """A copy to be made. The future is given a value even for a failure."""

    copy: Copy
    page: Image
    lines: Lines
    rank: int
    outcome: asyncio.Future[Image | PageCode] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Personal:
    """Used from one event loop.

    Args:
        font: the typeface's file.
        size: processes at most. Copies that nobody waits for are made by one of them.
    """

    def __init__(
        self,
        pages: Pages,
        font: Path,
        clock: Clock,
        *,
        size: int = 2,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.on_made: Callable[[Copy], None] | None = None
        """Called for each copy when it is there."""
        self._pages = pages
        self._clock = clock
        self._most_bytes = most_bytes
        self._markers = Markers(font, size)
        self._made: OrderedDict[Copy, tuple[Image, float]] = OrderedDict()
        self._had: Counter[tuple[str, int, str]] = Counter()
        self._jobs: dict[Copy, _Job] = {}
        self._line: list[tuple[int, int, _Job]] = []
        self._numbers = 0
        self._making = 0
        self._asking: Counter[str] = Counter()
        self._ahead: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self.bytes = 0
        """What all copies take."""

    def __len__(self) -> int:
        return len(self._made)

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The processes alive now."""
        return self._markers.process_ids

    async def close(self) -> None:
        """End every process and task, forget every copy; who still waits gets PageFailed."""
        self._closing = True
        for task in self._ahead.values():
            task.cancel()
        await self._markers.close()
        await asyncio.gather(*self._ahead.values(), *self._tasks, return_exceptions=True)
        for job in list(self._jobs.values()):
            self._settle(job, "page_failed")
        self.drop(lambda _: True)

    async def image(self, copy: Copy, lines: Lines, *, rank: int = Need.ASKED) -> Image:
        """The copy: the one there is, while it is fresh, or a new one.

        Args:
            rank: one of `Need`; who waits with a smaller one is served first.

        Raises:
            AskedTooMuch: this holder waits for too many.
            PageFailed: the page, or its copy, cannot be made.
        """
        if (made := self.fresh(copy)) is not None:
            return made
        if self._asking[copy.holder] >= WAITING_MOST:
            raise AskedTooMuch
        self._asking[copy.holder] += 1
        try:
            work = copy.work
            page = await self._page(work, rank)
            if self._closing:
                raise PageFailed("page_failed")
            outcome = await asyncio.shield(self._ask(copy, page, lines, rank))
        finally:
            self._asking[copy.holder] -= 1
            if not self._asking[copy.holder]:
                del self._asking[copy.holder]
        if isinstance(outcome, Image):
            return outcome
        raise PageFailed(outcome)

    def fresh(self, copy: Copy) -> Image | None:
        """The copy there is, while it is fresh. Never waits, never starts anything."""
        made = self._made.get(copy)
        if made is None or self._clock.seconds() - made[1] > FRESH_SECONDS:
            return None
        self._made.move_to_end(copy)
        return made[0]

    def has(self, address: str, page: int, holder: str) -> bool:
        """Whether this holder has a copy of this page, in any width."""
        return (address, page, holder) in self._had

    def make_ahead(self, of: str, wanted: Sequence[Ahead]) -> None:
        """Make these copies, one page after the other, while nobody waits for anything. What was to
        be made ahead before is not any more.

        Args:
            of: what this is for, such as a meeting.
        """
        before = self._ahead.pop(of, None)
        if before is not None:
            before.cancel()
        if wanted and not self._closing:
            making = self._make_ahead(wanted)
            self._ahead[of] = asyncio.create_task(making, name=f"pages: copies ahead of {of}")

    def drop(self, ended: Callable[[Copy], bool]) -> None:
        """Forget the copies for which this holds, and make none of them that nobody waits for."""
        for copy in [copy for copy in self._made if ended(copy)]:
            self._forget(copy)

    def drop_stale(self) -> None:
        """Forget the copies that would be made anew anyway."""
        oldest = self._clock.seconds() - FRESH_SECONDS
        for copy in [copy for copy, (_, at) in self._made.items() if at < oldest]:
            self._forget(copy)

    async def _make_ahead(self, wanted: Sequence[Ahead]) -> None:
        for one in wanted:
            try:
                page = await self._page(one.work, Need.FOCUS)
            except PageFailed:
                continue
            for holder, lines in one.holders:
                copy = Copy(one.address, one.work, holder)
                if self.fresh(copy) is None and self.bytes < AHEAD_SHARE * self._most_bytes:
                    # One after the other, whoever waits goes before: nobody needs these yet.
                    await asyncio.shield(self._ask(copy, page, lines, Need.LATER))

    async def _page(self, work: Work, rank: int) -> Image:
        """The page without a mark, for the markers alone."""
        known = self._pages.cached(work.sha256, work.page, work.width, work.turn, work.tile)
        return known or await self._pages.image(
            work.sha256, work.page, work.width, work.turn, work.tile, priority=rank
        )

    def _ask(
        self, copy: Copy, page: Image, lines: Lines, rank: int
    ) -> asyncio.Future[Image | PageCode]:
        """However many wait for a copy, it is made once."""
        job = self._jobs.get(copy)
        if job is None:
            job = self._jobs[copy] = _Job(copy, page, lines, rank)
        elif rank >= job.rank:
            return job.outcome
        job.rank = rank
        self._numbers += 1
        heapq.heappush(self._line, (rank, self._numbers, job))
        self._pump()
        return job.outcome

    def _pump(self) -> None:
        """Start what is needed soonest on every free place."""
        while self._line and self._making < self._markers.size and not self._closing:
            rank, _, job = heapq.heappop(self._line)
            if job.rank != rank or job.outcome.done():
                continue  # ranked anew since, or made
            job.rank = Need.NOW  # no longer in line
            self._making += 1
            self._own(self._make(job))

    async def _make(self, job: _Job) -> None:
        outcome: Image | PageCode = "page_failed"
        at = self._clock.seconds()
        try:
            outcome = await self._markers.mark(job.copy.work, job.page, job.lines())
        except PageFailed as failed:
            outcome = failed.code
            log.warning("page_failed", document=job.copy.work.sha256[:8], code=failed.code)
        finally:
            self._making -= 1
            if isinstance(outcome, Image):
                self._keep(job.copy, outcome, at)
            self._settle(job, outcome)
            self._pump()

    def _keep(self, copy: Copy, image: Image, at: float) -> None:
        if copy in self._made:
            self._forget(copy)
        self._made[copy] = (image, at)
        self._had[_where(copy)] += 1
        self.bytes += len(image.body)
        while self.bytes > self._most_bytes:
            self._forget(next(iter(self._made)))
        if self.on_made is not None and copy in self._made:
            self.on_made(copy)

    def _forget(self, copy: Copy) -> None:
        self.bytes -= len(self._made.pop(copy)[0].body)
        self._had[_where(copy)] -= 1
        if not self._had[_where(copy)]:
            del self._had[_where(copy)]

    def _settle(self, job: _Job, outcome: Image | PageCode) -> None:
        self._jobs.pop(job.copy, None)
        if not job.outcome.done():
            job.outcome.set_result(outcome)

    def _own(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine, name="pages: copy")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("pages_failed", fault=fault)


def _where(copy: Copy) -> tuple[str, int, str]:
    return copy.address, copy.work.page, copy.holder
